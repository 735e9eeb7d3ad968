### Quién tiene una alerta, y quién viene.

follow-people-going-scene = Se acabó el tiempo: van o llegaron { $coming } de { $wanted } personas
follow-alert-goes-look = la alerta sigue; repita la orden para ver más
follow-not-read = {"  "}Todavía no se ha leído ningún relé: pueden faltar respuestas más nuevas.
follow-nothing-known = Todavía no se ha leído ningún relé: aún no se sabe quién la tiene ni quién viene.
follow-received-going-scene = recibida { $received }   van { $going }   llegaron { $on_scene }   no pueden { $cannot }
follow-of = {"  "}{ $wanted }: { $met } de { $count }
follow-who-comes = {"  "}Vienen: { $coming }
follow-either = { $count ->
        [one] {"  "}{ $who } puede hacer más de una de estas cosas, y cuenta para una sola necesidad.
       *[other] {"  "}{ $who } pueden hacer más de una de estas cosas, y cada una cuenta para una sola necesidad.
    }
follow-who-speaks = {"  "}Hablan: { $spoken }
follow-arrives = { $minutes } min, { $at }
follow-closed-queued = Terminó solo en este dispositivo: el aviso espera a ser enviado, y nadie lo sabe.  watchfire sync
follow-closed-unconnected = Ya terminó. Todavía no hay conexión con un relé: pueden faltar respuestas más nuevas.
follow-closed-nobody-out = Ya terminó. Nadie dijo que había salido.
follow-closed-all-safe = Ya terminó. Todas las personas que salieron dijeron que están a salvo o que se fueron.
follow-closed-check-out = { $count ->
        [one] Ya terminó. Todavía sin noticias de { $who }. Pregunte por esa persona.
       *[other] Ya terminó. Todavía sin noticias de { $who }. Pregunte por cada una.
    }
follow-asks-for-help = {"  "}PIDE AYUDA desde { $at }: { $who }
follow-help-attended = {"  "}PIDE AYUDA desde { $at }: { $who } ({ $by } se ocupa desde { $seen })
