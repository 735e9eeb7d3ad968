### What concerns every command.

app-home-folder-known = no home folder is known here
app-say-where-vault = say where the vault is: --home DIR
app-warning = warning:{" "}
app-cannot-print = cannot print: { $error }
