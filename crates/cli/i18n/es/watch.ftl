### Las alertas según llegan.

watch-vault-neighborhood-yet = esta bóveda no está todavía en ningún vecindario
watch-join-one = entre a uno: watchfire join
watch-watching-ctrl-c = Vigilando { $names }. Ctrl-C termina.
watch-coordinator-approved-yet = Todavía no le han aprobado: las alertas se muestran desde entonces. Sus tres palabras:  watchfire join
watch-time-over-alerts =
    Se acabó el tiempo: { $count ->
        [one] llegó
       *[other] llegaron
    } { $count } de { $wanted ->
        [one] { $wanted } alerta
       *[other] { $wanted } alertas
    }
watch-time-over-alerts-came =
    Se acabó el tiempo: { $count ->
        [one] llegó { $count } alerta
       *[other] llegaron { $count } alertas
    }
watch-nothing-missed-comes = no se pierde nada: lo que llegue lo muestra la próxima vez
watch-watched-any-more = `{ $name }` ya no se vigila; sus otros vecindarios sí.
watch-neighborhood-asked-join = Ya no se espera el vecindario al que pidió entrar; los demás se vigilan.
watch-member-now = Ya es integrante de `{ $name }`.
watch-member-now-2 = Ya es integrante.
watch-answer-10m-scene = {"  "}Responda:  watchfire answer { $short } voy --eta 10   (o llegue, espero, no-puedo, a-salvo, ayuda)
watch-trying-again-itself = { $message }. Se sigue intentando: lo que llegue mientras tanto se mostrará después.
watch-connected-again = Conexión restablecida.
watch-duty-fails = { $message }. Parte de lo que este equipo hace por el vecindario al coordinar espera, y se vuelve a intentar solo.
watch-relay-away = { $message }. Los otros retransmisores siguen; lo que le falte a este se le lleva cuando vuelva.
watch-duty-over = Ya pasó: { $message }.
watch-shut-out = { $message }. { $hint }. Este equipo vuelve a mirar por su cuenta
watch-missed = este equipo no recibió nada mientras tanto, por lo dicho arriba: no es señal de que no haya pasado nada
watch-over = {"  "}Ya terminó: no hace falta que vaya nadie. Si está afuera:  watchfire answer { $short } a-salvo   (o me-voy)
