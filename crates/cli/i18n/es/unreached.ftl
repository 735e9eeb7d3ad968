### Why no relay was reached, and through what.

unreached-no-tls = lo que responde en { $url } no habla TLS 1.3
unreached-expired = el certificado de { $url } venció el { $since }; según el reloj de este equipo es el { $now }
unreached-too-early = el certificado de { $url } no vale antes del { $from }; según el reloj de este equipo es el { $now }
unreached-no-name = el certificado de { $url } no nombra a nadie
unreached-other-name = el certificado de { $url } se hizo para { $names }, no para esta dirección
unreached-issuer = el certificado de { $url } lo emitió alguien a quien este equipo no conoce
unreached-certificate = el certificado de { $url } no se puede aceptar: { $why }
unreached-proxy-absent = el proxy de { $proxy } no contesta
unreached-proxy-language = lo que responde en { $proxy } no es un proxy SOCKS5
unreached-proxy-password = el proxy de { $proxy } no acepta las contraseñas que mantienen separadas las conexiones
unreached-proxy-forbidden = el proxy de { $proxy } no deja conectar con { $url }
unreached-proxy-refused = el proxy de { $proxy } encontró que en { $url } nadie escucha
unreached-proxy-no-way = el proxy de { $proxy } no encontró camino hasta { $url }
unreached-onion = { $url } es una dirección onion: solo Tor conoce el camino

## What to do next.

hint-unreached-no-tls = no se envió nada. Puede responder en su lugar una red que pide iniciar sesión: pruebe otra red, y después avise a quien opera el retransmisor
hint-unreached-expired = no se envió ni se perdió nada. Si esa es la hora, quien opera el retransmisor debe renovar el certificado: avísele. Si no, ponga el reloj en hora
hint-unreached-too-early = no se envió ni se perdió nada. Lo más probable es que el reloj de este equipo esté mal: póngalo en hora y repita la misma orden
hint-unreached-other-name = no se envió ni se perdió nada. Compare la dirección con la que dice administración. Puede responder en su lugar una red que pide iniciar sesión: pruebe otra red
hint-unreached-issuer = no se envió ni se perdió nada. Puede que alguien esté escuchando: pruebe otra red. Si el retransmisor tiene una autoridad propia, pida su certificado a quien lo opera, por un camino seguro: --ca-file ARCHIVO
hint-unreached-certificate = no se envió ni se perdió nada. Pruebe otra red, y después avise a quien opera el retransmisor
hint-unreached-proxy = no se envió nada sin pasar por él, y no se perdió nada. Arránquelo, Tor por ejemplo, y repita la misma orden. --proxy none va sin él, y muestra al retransmisor la dirección de este equipo
hint-unreached-proxy-password = no se envió ni se perdió nada. Use uno que acepte cualquier contraseña, como Tor
hint-unreached-behind-proxy = no se perdió nada; Tor necesita un minuto después de arrancar. Si dura, pregunte a quien opera el retransmisor
hint-unreached-onion = arranque Tor y repita la misma orden con: --proxy socks5h://127.0.0.1:9050

## The way out of this device.

route-proxy = Desde ahora toda conexión de esta bóveda pasa por { $proxy }. --proxy none lo termina
route-straight = Desde ahora esta bóveda se conecta sin proxy: el retransmisor ve la dirección de este equipo.
route-anchors =
    { $count ->
        [one] Desde ahora esta bóveda confía en { $count } autoridad más para los certificados.
       *[other] Desde ahora esta bóveda confía en { $count } autoridades más para los certificados.
    } --ca-file none lo termina
route-no-anchors = Desde ahora esta bóveda confía para los certificados en las autoridades de la web, y en ninguna otra.
