### Incidentes para otros programas.

export-nothing = ningún incidente de esta bóveda ha terminado
export-nothing-hint = cuando termine se podrá exportar: si alguien de coordinación la da por terminada (watchfire alert cancel { $short } --outcome …) o dice que no era cierta (watchfire alert correct { $short }), o cuando venza. Lo que acabó hace mucho se olvida: vea  watchfire alerts --keep
export-forgotten-hint = Lo que acabó hace mucho se olvida: vea  watchfire alerts --keep
export-done =
    { $count ->
        [one] { $count } incidente está en { $out }, que solo usted puede leer.
       *[other] { $count } incidentes están en { $out }, que solo usted puede leer.
    }
export-csv-holds = Contiene lugares, apodos y los comentarios de los reportes, y a nadie que llamó. Guárdelo para usted, y bórrelo cuando ya no sirva.
export-geojson-holds = Contiene lugares aproximados y códigos, y nada que alguien haya escrito. Quien lo reciba puede leerlo.
export-cap-holds = Cada alerta es un documento aparte, con su lugar y su texto y sin apodos. Quien reciba uno puede leerlo.
export-looks-like = aviso: `{ $text }` parece { $what } ({ $field }; { $id }).
export-ask =
    Lo que se escribe puede identificar a personas, en { $count ->
        [one] un lugar
       *[other] { $count } lugares
    }. Quien reciba el archivo lo lee. ¿Escribirlo?
export-names =
    lo que se escribiría puede identificar a personas, en { $count ->
        [one] un lugar
       *[other] { $count } lugares
    }: no se escribió nada
