### Horas y fechas. $hour es la hora de $time: a la 1:02, a las 2:02.

clock-today = { $hour ->
        [1] la { $time }
       *[other] las { $time }
    }
clock-at-today = { $hour ->
        [1] a la { $time }
       *[other] a las { $time }
    }
clock-yesterday = { $hour ->
        [1] ayer a la { $time }
       *[other] ayer a las { $time }
    }
clock-tomorrow = { $hour ->
        [1] mañana a la { $time }
       *[other] mañana a las { $time }
    }
clock-day = { $hour ->
        [1] el { $date } a la { $time }
       *[other] el { $date } a las { $time }
    }
clock-on-day = { $hour ->
        [1] el { $date } a la { $time }
       *[other] el { $date } a las { $time }
    }
clock-moment = { $hour ->
        [1] { $date } a la { $time }
       *[other] { $date } a las { $time }
    }
clock-day-of-month = { $day } de { $month ->
        [1] enero
        [2] febrero
        [3] marzo
        [4] abril
        [5] mayo
        [6] junio
        [7] julio
        [8] agosto
        [9] septiembre
        [10] octubre
        [11] noviembre
       *[other] diciembre
    }
clock-date = { $day } de { $year }
