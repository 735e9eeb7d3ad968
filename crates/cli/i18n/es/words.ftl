### Cuentas, listas y tiempos.

conduct-line = Observe y grabe a distancia. No interfiera. Usted decide su propio riesgo.

## $sound es la vocal con que empieza $last al oído: i, o u otra (other).

list-and = { $sound ->
        [i] { $items } e { $last }
       *[other] { $items } y { $last }
    }
list-or = { $sound ->
        [o] { $items } u { $last }
       *[other] { $items } o { $last }
    }

people-of = { $sort } ({ $count ->
        [one] { $count } persona
       *[other] { $count } personas
    })

## Tiempos, en unidades enteras ya pasadas.

span-days =
    { $count ->
        [one] { $count } día
       *[other] { $count } días
    }
span-hours = { $count } h
span-minutes = { $count } min
span-seconds = { $count } s
span-now = ahora mismo
span-ago = hace { $span }
span-soon = en menos de 1 min
span-ahead = en { $span }
