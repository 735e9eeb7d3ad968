### Firmas de una alerta.

sign-say-name-true = Usted dice con su nombre que esto es cierto. ¿Firmar?
sign-signature-waited-vault = El retransmisor aceptó la firma que esperaba en la bóveda.
sign-signed = {"  "}Firmado por { $who }.
sign-signed-accepted-relay = Firmada como { $handle }. El retransmisor la aceptó para { $short }: quienes la tienen ven la firma.
sign-signed-sent-yet = Firmada como { $handle }. TODAVÍA NO SE ENVIÓ. La firma espera en la bóveda y sale con la próxima orden que se conecte.
sign-signature-vault-relay = la firma está en la bóveda, y ningún retransmisor la recibe ahora{ $why }
sign-try-now = para probar ahora: watchfire sync
sign-alert-waits-signature = Ninguna alerta espera firmas.
sign-look-sign-if = Véala y fírmela, si es de otra persona de coordinación:  watchfire alert sign { $short }
