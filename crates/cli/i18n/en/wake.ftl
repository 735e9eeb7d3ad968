### Programs that are run with an alert.

wake-exec-notify-somebody = as in: --exec notify-somebody
wake-names-command = { $name } names no command
wake-cannot-start = cannot start `{ $program }`: { $error }
wake-command-alert-failed = the command for an alert failed: { $status }
