### Lo que `watch` inicia con cada alerta.

hook-names-nothing = { $option } no nombra ningún programa
hook-names-nothing-hint = por ejemplo: --exec avisar-a-alguien
hook-will-not-run = el programa de { $option } no funcionaría: `{ $program }`: { $error }
hook-will-not-run-hint = todavía no se mira nada; revise su nombre y su ruta. Solo los espacios lo separan de lo que recibe

## Se dice una vez, hasta que el programa vuelva a funcionar.

hook-hung = el programa de { $option } pasó de { $limit } y se detuvo con lo que había iniciado, salvo lo que se separó de él. Las alertas siguen.
hook-flooded = el programa de { $option } escribió más de { $most } KiB y se detuvo con lo que había iniciado, salvo lo que se separó de él. Las alertas siguen.
hook-rest = (se muestran como máximo { $most } líneas: lo demás se omite)
hook-failed = el programa de { $option } falló con el código de salida { $code }. Las alertas siguen.
hook-broken = el programa de { $option } no funciona: `{ $program }`: { $error }. Las alertas siguen.
hook-line-full = { $most } alertas esperan al programa de { $option }: no se inicia para más. Aun así se muestran todas las alertas.
hook-left = se detuvo lo que aún corría por alguna alerta al terminar
hook-no-desktop = este programa se construyó sin avisos de escritorio
hook-no-desktop-hint = constrúyalo con ellos: cargo install --locked --path crates/cli --features notify; o que lo diga un programa: --wake PROGRAMA

## Lo que muestra un escritorio: nada de lo que dice la alerta.

hook-notice = Hay una alerta nueva. Léala donde corre Watchfire.
hook-notice-drill = SIMULACRO: hay una alerta de práctica. Léala donde corre Watchfire.
