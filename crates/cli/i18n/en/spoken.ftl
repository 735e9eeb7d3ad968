### Words in counts and times that people type, with commas between. Numbers from 0 to 10; those of one number have blanks between.

spoken-numbers = zero none nobody, one a an, two, three, four, five, six, seven, eight, nine, ten
spoken-about = about, around, roughly, approximately, some, ~
spoken-at-least = at least, minimum
spoken-or-more = or more, and more, at least, plus, +
spoken-from = from, between
spoken-to = to, or, and
spoken-and = and, &, +
spoken-counted-people = people, persons, person, agents, agent, officers, officer, men, women
spoken-counted-vehicles = vehicles, vehicle, cars, car, vans, van, trucks, truck
spoken-now = now, right now, just now
spoken-ago = ago
spoken-half-hour = half an hour
spoken-seconds = s, sec, secs, second, seconds
spoken-minutes = m, min, min., mins, minute, minutes
spoken-hours = h, hr, hrs, hour, hours
spoken-days = d, day, days
spoken-yesterday = yesterday
spoken-today = today
spoken-at = at, about, around
spoken-am = am, a.m.
spoken-pm = pm, p.m.
spoken-in-the-morning = in the morning
spoken-in-the-evening = in the afternoon, in the evening, at night
