### What was typed wrong. In English much of it is said by the library that reads what is typed.

usage-unknown-argument = `{ $argument }` is not known
usage-unknown-command = there is no command `{ $command }`
usage-missing-argument = { $argument } is missing
usage-missing-command = say which command
usage-missing-value = `{ $argument }` lacks a value
usage-bad-value = `{ $value }` will not do for `{ $argument }`
usage-conflict = `{ $argument }` can neither be repeated nor go with { $others }
usage-nearest = wanted { $near }; see also: watchfire help
usage-wanted = wanted { $wanted }
usage-see-help = see: watchfire help
usage-time = a span of time like 90s, 30m, 2h or 7d
usage-number = a number
usage-url = a URL like wss://relay.example.org/v1; ws:// is for this machine and for .onion names only
usage-key = the whole key, as the relay's operator reads it to you
usage-epoch = the number of an epoch
