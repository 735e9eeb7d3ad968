### Preguntas, y lo que se contesta.

ask-nothing-done-asks = no se hizo nada: hace falta un sí
ask-look-run-again = revíselo y repita la orden con --yes
ask-y-n = [s/N]
ask-confirmed-nothing-done = sin confirmar: no se hizo nada
ask-passphrase = Contraseña:{" "}
ask-choose-passphrase-vault = Elija una contraseña para la bóveda de este equipo. Nadie puede recuperarla: anótela en un lugar seguro.
ask-new-passphrase = Contraseña nueva:{" "}
ask-same-again = Otra vez la misma:{" "}
ask-two-passphrases-differ = las dos contraseñas no son iguales: no se cambió nada
ask-vaults-passphrase-needed = hace falta la contraseña de la bóveda, y no se puede pedir a nadie
ask-give-file-only = póngala en un archivo que solo usted pueda leer: --passphrase-file ARCHIVO
ask-other-people-machine = otras personas de este equipo pueden leer `{ $file }`. Siguiente:  chmod 600 { $file }
ask-yes = s si sí
ask-no-editor = el editor no funciona: `{ $program }`: { $error }. VISUAL o EDITOR indican otro.
ask-editor-failed = El editor `{ $program }` falló con el código de salida { $code }.
ask-use-draft = Esto es lo que dejó. ¿Usarlo?
ask-draft-left = lo que se escribió en un editor sigue ahí, sin cifrar (draft.*.txt en { $home }): { $error }. Bórrelo a mano.
