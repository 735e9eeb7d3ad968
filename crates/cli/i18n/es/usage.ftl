### Lo que se escribió mal.

usage-unknown-argument = no se conoce `{ $argument }`
usage-unknown-command = no existe la orden `{ $command }`
usage-missing-argument = falta { $argument }
usage-missing-command = falta decir qué orden
usage-missing-value = a `{ $argument }` le falta un valor
usage-bad-value = `{ $value }` no sirve para `{ $argument }`
usage-conflict = `{ $argument }` no puede repetirse, ni ir con { $others }
usage-nearest = se espera { $near }; vea también: watchfire help
usage-wanted = se espera { $wanted }
usage-see-help = vea: watchfire help
usage-time = un tiempo como 90s, 30m, 2h o 7d
usage-number = un número
usage-url = una dirección como wss://relay.example.org/v1; ws:// vale solo para este equipo y para nombres .onion
usage-key = la clave completa, como la lee quien opera el retransmisor
usage-epoch = el número de una época
