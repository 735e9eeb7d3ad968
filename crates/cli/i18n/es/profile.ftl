### Lo que esta persona ofrece, y cuándo quiere que se le despierte.

profile-offer = { $name }: usted ofrece: { $roles }. Idiomas que habla: { $spoken }.
profile-unknown = { $name }: este equipo no sabe lo que usted dijo al entrar. Dígalo de nuevo:  watchfire profile --role ROLE --speaks LANG
profile-nothing = todavía sin decir
profile-sent = Quienes coordinan lo reciben en su próxima conexión; las demás personas y el retransmisor, nunca.
profile-queued = Espera en la bóveda y sale con la próxima orden que se conecte.
profile-duty-on = De turno: los avisos y programas se activan con cada alerta.
profile-duty-off = Fuera de turno: los avisos y programas callan. Las alertas se guardan y se muestran igual.
profile-duty-quiet = Silencio de { $from } a { $to }, según el reloj de este equipo: los avisos y programas callan. Las alertas se guardan y se muestran igual.
profile-no-hours = `{ $found }` no son horas del día
profile-no-hours-hint = no se cambió nada; se esperan dos horas distintas, como 22:00-07:00
