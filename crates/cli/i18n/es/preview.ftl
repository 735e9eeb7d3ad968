### Lo que ve quien escribe una alerta antes de enviarla.

preview-ahead = Esta hora todavía no llega ({ $field }): el { $at }. Según este equipo, ahora es el { $now }. Revise la hora, o el reloj.
preview-strangers =
    según la alerta, { $count ->
        [one] la comprobó
       *[other] la comprobaron
    } { $handles }, y nadie a quien este equipo conozca aquí se llama así.
