### Quitar integrantes.

removal-out-others-get = Fuera de `{ $name }`: { $handles }. Las demás personas reciben claves nuevas. No se puede deshacer: para volver hace falta otra invitación.
removal-remove = ¿Quitar?
removal-nobody-named = no se nombra a nadie
removal-see = vea quién está: watchfire member list
removal-member-several-neighborhoods = `{ $handle }` es integrante de varios vecindarios, y no se quitó a nadie
removal-say-one-neighborhood = diga cuál: --neighborhood NOMBRE
removal-out-epoch = { $handle } está fuera de `{ $shown }`, desde la época { $from }
removal-still-another-coordinator = { $handle } sigue en `{ $shown }`: otra persona de coordinación también debe quitarle
removal-out-reads-nothing = Quien está fuera no lee nada nuevo ni puede responder. Conserva lo que ya tiene su equipo: las alertas y los nombres hasta ahora.
removal-count-now-wait =
    { $out ->
        [one] { $out } vale ya.
       *[other] { $out } valen ya.
    } { $count ->
        [one] { $count } espera
       *[other] { $count } esperan
    }: una sola persona de coordinación quita a lo sumo a cinco o a la décima parte en un día, para que una clave robada no vacíe un vecindario. Otra persona ejecuta:  watchfire member remove { $handles }
removal-charter-still-grants = el estatuto todavía da permisos a { $handles }. Administración los termina:  watchfire charter revoke NOMBRE
removal-removal-waits-another = { $handle }  { $hood }  la baja que usted firmó espera a otra persona de coordinación
removal-removed-waits = { $handle }  { $hood }  baja firmada por { $by }, espera la suya:  watchfire member remove "{ $handle }"
