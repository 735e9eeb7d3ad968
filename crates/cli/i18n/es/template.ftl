### Alertas a medio escribir.

template-built-in = { $name }  { $kind }  { $headline }  (muestra)
template-own = { $name }  { $kind }  { $headline }  (solo en esta bóveda)
template-use = Para enviar una:  watchfire alert send --template NOMBRE
template-saved = `{ $name }` está en esta bóveda.
template-removed = `{ $name }` se quitó.
template-error-name = `{ $name }` no sirve de nombre de plantilla: se esperan hasta 48 de a-z, 0-9, `-` y `.`
template-error-night = { $field }: es de una sola alerta, y no de una plantilla
template-error-many = ya hay 64 plantillas
template-error-built-in = `{ $name }` viene con el programa y no se puede quitar
template-error-hint = no se cambió nada. Lo que hay:  watchfire template list
template-by = { $name }  { $kind }  { $headline }  (de { $by })
template-shared = `{ $name }` queda guardada para quienes coordinan { $hoods }.
template-remove-shared = Quienes coordinan { $hoods } tienen `{ $name }`. ¿Quitarla para todas esas personas?
template-error-long = la plantilla tiene { $found } bytes; una que tienen quienes coordinan admite hasta { $most }. Con --private queda en esta bóveda
