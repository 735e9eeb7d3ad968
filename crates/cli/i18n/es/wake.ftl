### Programas que se ejecutan con una alerta.

wake-exec-notify-somebody = por ejemplo: --exec avisar-a-alguien
wake-names-command = { $name } no nombra ningún programa
wake-cannot-start = no se pudo iniciar `{ $program }`: { $error }
wake-command-alert-failed = falló el programa iniciado por una alerta: { $status }
