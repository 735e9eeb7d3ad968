### Qué falló, y qué hacer después.

errors-vault-neighborhood-yet = esta bóveda no está todavía en ningún vecindario
errors-more-signature = firma más
errors-more-signatures = firmas más
errors-version-charter-force = la versión { $version } del estatuto no rige: falta { $more }
errors-restriction-force-lacks = la restricción no rige: falta { $more }
errors-charter-refused = se rechazó el estatuto: { $why }
errors-nothing-published-pass = no se publicó nada; pase el borrador a quien administra con la clave { $keys }: watchfire charter sign ARCHIVO
errors-known = esta bóveda conoce { $known }
