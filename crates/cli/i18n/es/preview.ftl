### Lo que ve quien escribe una alerta antes de enviarla.

preview-strangers =
    según la alerta, { $count ->
        [one] la comprobó
       *[other] la comprobaron
    } { $handles }, y nadie a quien este equipo conozca aquí se llama así.
preview-unheard =
    según la alerta, { $count ->
        [one] la comprobó
       *[other] la comprobaron
    } { $handles }, y la mesa no sabe de esa comprobación: pregunte antes de enviarla.
