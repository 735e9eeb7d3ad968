### Lo que alguien escribió y no envió.

kept-began-alert = Empezó una alerta { $ago } ({ $said }).
kept-began-report = Empezó un reporte { $ago } ({ $said }).
kept-go-on-with-it = ¿Seguir con lo que empezó? [S/n]
kept-nothing-yet = todavía no dice nada
kept-in-its-place = ¿Tirarlo y empezar otra cosa?
kept-left = lo que empezó antes quedó como estaba
kept-go-on = siga con ello: { $command }
kept-still =
    Lo que escribió queda en la bóveda durante 24 horas. Para seguir:  { $command }
    Para tirarlo: la misma orden, y luego n.
