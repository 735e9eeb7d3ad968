### Cómo se cuenta un problema.

problem-nothing-done-look = no se hizo nada; revise si la ruta es correcta
problem-vault-stays-locked = la bóveda sigue cerrada; revise si la ruta es correcta
problem-is-not-there = `{ $what }` no existe
problem-already-nothing-overwritten = `{ $what }` ya existe, y no se sobrescribe nada
problem-may-used = usted no tiene permiso para usar `{ $what }`
problem-text = `{ $what }` no es un texto
problem-cannot-use = no se puede usar `{ $what }`: { $error }
problem-error = error:{" "}
problem-hint = {"  "}consejo:{" "}
problem-too-large = `{ $what }` tiene más de { $most } bytes, que es todo lo que cabe
problem-shorten = no se hizo nada; acórtelo, o vea si es el archivo correcto
