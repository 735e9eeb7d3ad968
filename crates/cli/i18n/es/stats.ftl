### Cómo fueron las noches.

stats-reports =
    { $reports ->
        [one] { $reports } reporte
       *[other] { $reports } reportes
    } de { $sightings ->
        [one] { $sightings } avistamiento
       *[other] { $sightings } avistamientos
    }
stats-found = comprobados: { $verified }; falsos: { $false_alarms }; descartados: { $dismissed }; abiertos: { $open }
stats-false-share = falsos entre los decididos: { $percent }
stats-to-verify = de un reporte a su comprobación, en la mitad de los casos: { $span }
stats-incidents =
    { $incidents ->
        [one] { $incidents } incidente terminado
       *[other] { $incidents } incidentes terminados
    }, y { $drills ->
        [one] { $drills } simulacro
       *[other] { $drills } simulacros
    }
stats-to-going = de una alerta a quien primero va, en la mitad de los casos: { $span }
stats-unknown = no se sabe
stats-of-what-is-kept = Se cuenta lo que esta bóveda aún guarda: las alertas durante { $history } después de terminar, y los reportes mientras el vecindario los conserve.
