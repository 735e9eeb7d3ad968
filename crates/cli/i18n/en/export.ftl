### Incidents for other programs.

export-nothing = no incident that this vault holds is over
export-nothing-hint = once it is over it can be exported: when a coordinator stands it down (watchfire alert cancel { $short } --outcome …) or says that it was not true (watchfire alert correct { $short }), or when it expires. What ended long ago is forgotten: see  watchfire alerts --keep
export-forgotten-hint = What ended long ago is forgotten: see  watchfire alerts --keep
export-done =
    { $count ->
        [one] { $count } incident is in { $out }, which only you can read.
       *[other] { $count } incidents are in { $out }, which only you can read.
    }
export-csv-holds = It holds places, handles and the comments of reports, and no callers. Keep it for yourself, and delete it when it is of no use any more.
export-geojson-holds = It holds rough places and codes, and nothing that people wrote. Whoever gets it can read it.
export-cap-holds = Each alert is a document of its own, with its place and its text and without handles. Whoever gets one can read it.
export-looks-like = warning: `{ $text }` looks like { $what } ({ $field }; { $id }).
export-ask =
    What is written may name people, in { $count ->
        [one] one place
       *[other] { $count } places
    }. Whoever gets the file reads that. Write it?
export-names =
    what would be written may name people, in { $count ->
        [one] one place
       *[other] { $count } places
    }: nothing was written
