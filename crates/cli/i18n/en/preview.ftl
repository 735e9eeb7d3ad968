### What an author is shown before an alert goes.

preview-strangers =
    { $handles } { $count ->
        [one] is
       *[other] are
    } said to have checked it, and nobody whom this device knows here is called so.
preview-unheard =
    { $handles } { $count ->
        [one] is
       *[other] are
    } said to have checked it, and the desk knows of no such check: ask them before it goes.
