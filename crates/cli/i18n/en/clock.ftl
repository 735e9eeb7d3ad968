### Times and dates. $hour is the hour of $time, for languages whose articles follow it.

clock-today = { $hour ->
       *[other] { $time }
    }
clock-at-today = { $hour ->
       *[other] at { $time }
    }
clock-yesterday = { $hour ->
       *[other] yesterday at { $time }
    }
clock-tomorrow = { $hour ->
       *[other] tomorrow at { $time }
    }
clock-day = { $hour ->
       *[other] { $date } at { $time }
    }
clock-on-day = { $hour ->
       *[other] on { $date } at { $time }
    }
clock-moment = { $hour ->
       *[other] { $date } at { $time }
    }
clock-day-of-month = { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[other] December
    } { $day }
clock-date = { $day }, { $year }
