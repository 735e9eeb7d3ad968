### Lo que se escribió mal.

usage-unknown-argument = no se conoce `{ $argument }`
usage-unknown-command = no existe la orden `{ $command }`
usage-missing-argument = falta: { $argument }
usage-missing-command = falta decir qué orden
usage-missing-value = a `{ $argument }` le falta un valor
usage-bad-value = `{ $value }` no sirve para `{ $argument }`
usage-conflict = `{ $argument }` no va con { $others }
usage-nearest = se espera { $near }; vea también: watchfire help{ $command }
usage-wanted = se espera { $wanted }
usage-see-help = vea: watchfire help{ $command }
usage-no-value = `{ $argument }` no lleva valor, y se escribió `{ $value }`
usage-repeated = `{ $argument }` se escribe una sola vez
usage-alone = `{ $argument }` no va con lo demás que se escribió
usage-not-text = algo de lo que se escribió no es texto
usage-unreadable = no se entiende lo que se escribió
usage-number = se espera un número, dentro de lo que se permite
usage-url = se espera una dirección como wss://relay.example.org/v1; ws:// vale solo para este equipo y para nombres .onion
usage-key = se espera la clave completa, como la lee quien opera el retransmisor
usage-lifetime = se espera de 1d a { $most }d
usage-hours = se esperan horas enteras, como 72h
usage-proxy = se espera socks5h://EQUIPO:PUERTO, como socks5h://127.0.0.1:9050 para Tor, o none; la h evita que este equipo busque los nombres
usage-arrival = se llega más tarde que ahora: se espera hasta 24h, como 10m
usage-cards = se esperan de 1 a { $most } tarjetas
