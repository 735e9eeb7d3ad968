### What `watch` starts for each alert.

hook-names-nothing = { $option } names no command
hook-names-nothing-hint = as in: --exec notify-somebody
hook-will-not-run = the command of { $option } cannot run: `{ $program }`: { $error }
hook-will-not-run-hint = nothing is watched yet; look at its name and its path. Only spaces part it from its arguments

## Said once, until the command has worked again.

hook-hung = the command of { $option } ran for more than { $limit } and was killed, with what it had started, unless that had detached itself. Alerts go on.
hook-flooded = the command of { $option } printed more than { $most } KiB and was killed, with what it had started, unless that had detached itself. Alerts go on.
hook-rest = (at most { $most } lines are shown: the rest is left out)
hook-failed = the command of { $option } failed with exit code { $code }. Alerts go on.
hook-broken = the command of { $option } cannot run: `{ $program }`: { $error }. Alerts go on.
hook-line-full = { $most } alerts wait for the command of { $option }: it is not started for more. Every alert is shown all the same.
hook-left = what still ran for an alert at the end was killed
hook-no-desktop = this program was built without desktop notifications
hook-no-desktop-hint = build it with them: cargo install --locked --path crates/cli --features notify; or let a program say it: --wake COMMAND

## What a desktop shows: nothing of what the alert says.

hook-notice = There is a new alert. Read it where Watchfire runs.
hook-notice-drill = DRILL: there is a practice alert. Read it where Watchfire runs.
