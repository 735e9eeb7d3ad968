### What an author is shown before an alert goes.

preview-strangers =
    { $handles } { $count ->
        [one] is
       *[other] are
    } said to have checked it, and nobody whom this device knows here is called so.
