### Signatures on an alert.

sign-say-name-true = You say with your name that this is true. Sign it?
sign-signature-waited-vault = The signature that waited in the vault was accepted by the relay.
sign-signed = {"  "}Signed by { $who }.
sign-signed-accepted-relay = Signed as { $handle }. Accepted by the relay for { $short }: everybody who has it sees the signature.
sign-signed-sent-yet = Signed as { $handle }. NOT SENT YET. The signature waits in the vault and goes with the next command that connects.
sign-signature-vault-relay = the signature is in the vault, and no relay takes it now{ $why }
sign-try-now = to try now: watchfire sync
sign-alert-waits-signature = No alert waits for a signature.
sign-look-sign-if = Look at it and sign it, if it is another coordinator's:  watchfire alert sign { $short }
