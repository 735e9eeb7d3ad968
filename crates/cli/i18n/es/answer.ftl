### Respuestas a una alerta.

answer-looks-like-names = `{ $text }` parece identificar a una persona. Quienes coordinan lo leerán.
answer-sent = Respuesta a { $short }: { $word }. La leen quienes coordinan; los demás y el retransmisor, no.
answer-queued = Respuesta a { $short }: { $word }. Ningún retransmisor la recibe ahora: espera en la bóveda y sale con la próxima orden que se conecte.
answer-help-sent =
    TODAVÍA NADIE HA LEÍDO que usted necesita ayuda. El retransmisor la tiene ({ $short }), y quienes coordinan la ven cuando miran. Llame ya a alguien: a una de esas personas, a quien le acompaña, a quien esté cerca.
    {"  "}Si alguien se ocupa de usted:  watchfire show { $short }
    {"  "}Cuando esté a salvo:  watchfire answer { $short } a-salvo
answer-help-again =
    { $seen } Que lo dijo otra vez quedó enviado ({ $short }).
    {"  "}Cuando esté a salvo:  watchfire answer { $short } a-salvo
answer-help-queued =
    SIN ENVIAR TODAVÍA: nadie sabe que usted necesita ayuda. Llame ya a alguien: a quien coordina, a quien le acompaña, a quien esté cerca.
    {"  "}Ningún retransmisor recibe ahora su respuesta a { $short }. Espera en la bóveda y sale con la próxima orden que se conecte.
answer-try-now = Para probar ahora:  watchfire sync
answer-eta-goes-going = --eta va solo con `going`
answer-known-reason = `{ $found }` no es un motivo conocido
answer-not-one = `{ $found }` no es una respuesta posible
answer-nothing-sent-wanted = no se envió nada; se espera { $wanted }
answer-over = { $ended } No hace falta que venga nadie. ¿Responder así de todos modos?
answer-over-unsent = { $ended } Su respuesta no se envió.
answer-over-by-now = { $ended } Ya terminó, y no hace falta que vaya nadie. Si está afuera:  watchfire answer { $short } a-salvo   (o me-voy)
answer-help-stays = usted pidió ayuda y esto no lo retira: quienes coordinan le seguirán buscando hasta que diga que está a salvo:  watchfire answer { $short } a-salvo
