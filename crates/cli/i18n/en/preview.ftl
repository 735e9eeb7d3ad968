### What an author is shown before an alert goes.

preview-ahead = This time is still to come ({ $field }): { $at }. This device says that it is { $now } now. Look at the time, or at the clock.
preview-strangers =
    { $handles } { $count ->
        [one] is
       *[other] are
    } said to have checked it, and nobody whom this device knows here is called so.
