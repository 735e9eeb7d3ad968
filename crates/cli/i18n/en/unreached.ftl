### Why no relay was reached, and through what.

unreached-no-tls = what answers at { $url } does not speak TLS 1.3
unreached-expired = the certificate at { $url } expired on { $since }; by the clock of this device it is { $now }
unreached-too-early = the certificate at { $url } is not valid before { $from }; by the clock of this device it is { $now }
unreached-no-name = the certificate at { $url } names nobody
unreached-other-name = the certificate at { $url } was made for { $names }, not for this address
unreached-issuer = the certificate at { $url } was issued by somebody whom this device does not know
unreached-certificate = the certificate at { $url } cannot be accepted: { $why }
unreached-proxy-absent = the proxy at { $proxy } does not answer
unreached-proxy-language = what answers at { $proxy } is no SOCKS5 proxy
unreached-proxy-password = the proxy at { $proxy } does not take the passwords by which connections are kept apart
unreached-proxy-forbidden = the proxy at { $proxy } lets nobody connect to { $url }
unreached-proxy-refused = the proxy at { $proxy } found that nothing listens at { $url }
unreached-proxy-no-way = the proxy at { $proxy } found no way to { $url }
unreached-onion = { $url } is an onion address: only Tor knows the way

## What to do next.

hint-unreached-no-tls = nothing was sent. A network that asks you to sign in may answer in its place: try another network, then tell whoever runs the relay
hint-unreached-expired = nothing was sent, and nothing was lost. If that is the time, whoever runs the relay must renew the certificate: tell them. If not, set the clock right
hint-unreached-too-early = nothing was sent, and nothing was lost. Most likely the clock of this device is wrong: set it right, then run the same command again
hint-unreached-other-name = nothing was sent, and nothing was lost. Compare the address with what an admin says. A network that asks you to sign in may answer in its place: try another network
hint-unreached-issuer = nothing was sent, and nothing was lost. Somebody may be listening in: try another network. If the relay has an authority of its own, get its certificate from whoever runs it, by a safe way: --ca-file FILE
hint-unreached-certificate = nothing was sent, and nothing was lost. Try another network, then tell whoever runs the relay
hint-unreached-proxy = nothing was sent past it, and nothing was lost. Start it, Tor for example, and run the same command again. --proxy none goes without it, and shows the relay the address of this device
hint-unreached-proxy-password = nothing was sent, and nothing was lost. Use one that takes any password, as Tor does
hint-unreached-behind-proxy = nothing was lost; Tor needs a minute after it starts. If it lasts, ask whoever runs the relay
hint-unreached-onion = start Tor, then run the same command with: --proxy socks5h://127.0.0.1:9050

## The way out of this device.

route-proxy = From here on every connection of this vault goes through { $proxy }. --proxy none ends that
route-straight = From here on this vault connects without a proxy: the relay sees the address of this device.
route-anchors =
    { $count ->
        [one] From here on this vault trusts { $count } more authority for certificates.
       *[other] From here on this vault trusts { $count } more authorities for certificates.
    } --ca-file none ends that
route-no-anchors = From here on this vault trusts the authorities of the web for certificates, and no others.
