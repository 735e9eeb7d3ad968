### The desk: reports, and what coordinators do with them.

# What is refused there, and what to do instead.
inbox-claimed-already = report { $report } was claimed by { $by }, { $span } ago
inbox-claimed-hint = nothing was changed; talk to them, or take it over: watchfire inbox claim { $report } --yes
inbox-not-yours = you did not claim report { $report }
inbox-not-yours-hint = nothing was changed; see who has it: watchfire inbox show { $report }
inbox-merged-already = report { $report } was merged into { $into }
inbox-merged-hint = nothing was changed; go on with the other one: watchfire inbox show { $into }
inbox-same = both are report { $report }, or are shown with it already
inbox-elsewhere = the two reports are of different neighborhoods
inbox-list-hint = nothing was changed; see all of them: watchfire inbox list --all
inbox-closed-already = report { $report } is closed
inbox-closed-hint = nothing was changed; to open it again: watchfire inbox claim { $report }
inbox-one-source = report { $report } has one source, and two-reports takes two
inbox-one-source-hint = nothing was changed; merge the other report into it first: watchfire inbox merge OTHER { $report }
inbox-not-verified = nobody has verified report { $report }: nothing unverified goes to responders
inbox-not-verified-hint = nothing was sent; ask them to verify it: --ask verify. Or verify it: watchfire inbox verify { $report } --outcome verified --by METHOD
inbox-find-hint = see all of them: watchfire inbox list --all; fetch what is new: watchfire sync
