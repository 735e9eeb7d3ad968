### What was typed wrong.

usage-unknown-argument = `{ $argument }` is not known
usage-unknown-command = there is no command `{ $command }`
usage-missing-argument = missing: { $argument }
usage-missing-command = say which command
usage-missing-value = `{ $argument }` lacks a value
usage-bad-value = `{ $value }` will not do for `{ $argument }`
usage-conflict = `{ $argument }` does not go with { $others }
usage-nearest = wanted { $near }; see also: watchfire help{ $command }
usage-wanted = wanted { $wanted }
usage-see-help = see: watchfire help{ $command }
usage-no-value = `{ $argument }` takes no value such as `{ $value }`
usage-repeated = `{ $argument }` can be given once only
usage-alone = `{ $argument }` does not go with the rest of what was typed
usage-not-text = something that was typed is not a text
usage-unreadable = what was typed cannot be understood
usage-number = wanted a number within its bounds
usage-url = wanted a URL like wss://relay.example.org/v1; ws:// is for this machine and for .onion names only
usage-key = wanted the whole key, as the relay's operator reads it to you
usage-lifetime = wanted 1d to { $most }d
usage-hours = wanted whole hours, like 72h
usage-proxy = wanted socks5h://HOST:PORT, like socks5h://127.0.0.1:9050 for Tor, or none; its h keeps names of hosts from being looked up on this device
usage-arrival = an arrival lies ahead: wanted up to 24h from now, like 10m
usage-cards = wanted 1 to { $most } cards
