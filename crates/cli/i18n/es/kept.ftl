### Lo que alguien escribió y no envió.

kept-began-alert = Empezó una alerta { $ago } ({ $said }).
kept-began-report = Empezó un reporte { $ago } ({ $said }).
kept-began-update = Empezó una actualización { $ago } ({ $said }).
kept-began-cancel = Empezó a darla por terminada { $ago } ({ $said }).
kept-began-correction = Empezó una corrección { $ago } ({ $said }).
kept-elsewhere = Lo mismo se escribe en otra terminal ({ $said }), y allí se guarda. Esto se guarda aparte.
kept-beside = Queda, y esto empieza a su lado. Para seguir con ello:  { $command }
kept-go-on-with-it = ¿Seguir con lo que empezó? [S/n]
kept-nothing-yet = todavía no dice nada
kept-which-neighborhood = ¿En qué vecindario? (un número o su nombre)
kept-still =
    Lo que escribió queda en la bóveda durante 24 horas. Para seguir:  { $command }
    Para tirarlo: la misma orden, y luego n.
