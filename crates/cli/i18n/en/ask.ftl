### Questions, and what is typed in reply.

ask-nothing-done-asks = nothing was done: this asks for a yes
ask-look-run-again = look at it, then run it again with --yes
ask-y-n = [y/N]
ask-confirmed-nothing-done = not confirmed: nothing was done
ask-passphrase = Passphrase:{" "}
ask-choose-passphrase-vault = Choose a passphrase for the vault on this device. Nobody can recover it: write it down somewhere safe.
ask-new-passphrase = New passphrase:{" "}
ask-same-again = The same again:{" "}
ask-two-passphrases-differ = the two passphrases differ: nothing was changed
ask-vaults-passphrase-needed = the vault's passphrase is needed, and nobody can be asked for it
ask-give-file-only = give it in a file that only you can read: --passphrase-file FILE
ask-other-people-machine = other people on this machine can read `{ $file }`. Next:  chmod 600 { $file }
ask-yes = y yes
ask-no-editor = the editor cannot run: `{ $program }`: { $error }. VISUAL or EDITOR names another one.
ask-editor-failed = The editor `{ $program }` failed with exit code { $code }.
ask-use-draft = This is what it left. Use it?
ask-draft-left = what was written in an editor is still there, unencrypted (draft.*.txt in { $home }): { $error }. Delete it yourself.
