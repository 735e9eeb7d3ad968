### What went wrong, and what to do next.

errors-vault-neighborhood-yet = this vault is in no neighborhood yet
errors-more-signature = more signature
errors-more-signatures = more signatures
errors-version-charter-force = version { $version } of the charter is not in force: it lacks { $more }
errors-restriction-force-lacks = the restriction is not in force: it lacks { $more }
errors-charter-refused = the charter was refused: { $why }
errors-nothing-published-pass = nothing was published; pass the draft on to the admin with the key { $keys }: watchfire charter sign FILE
errors-known = { $known }
