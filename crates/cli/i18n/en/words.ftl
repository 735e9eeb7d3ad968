### Counts, lists and spans of time.

conduct-line = Observe and record from a distance. Do not interfere. You decide your own risk.

## $sound is the vowel that $last begins with to the ear: i, o or other.

list-and = { $sound ->
       *[other] { $items } and { $last }
    }
list-or = { $sound ->
       *[other] { $items } or { $last }
    }

people-of = { $sort } ({ $count ->
        [one] { $count } person
       *[other] { $count } people
    })

## Spans of time, in whole units that have passed.

span-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
span-hours = { $count } h
span-minutes = { $count } min
span-seconds = { $count } s
span-now = just now
span-ago = { $span } ago
span-soon = in less than 1 min
span-ahead = in { $span }
