### How the nights went.

stats-reports =
    { $reports ->
        [one] { $reports } report
       *[other] { $reports } reports
    } of { $sightings ->
        [one] { $sightings } sighting
       *[other] { $sightings } sightings
    }
stats-found = { $verified } verified, { $false_alarms } false, { $dismissed } dismissed, { $open } open
stats-false-share = false among those decided: { $percent }
stats-to-verify = from a report to its verification, in the middle: { $span }
stats-incidents =
    { $incidents ->
        [one] { $incidents } incident is over
       *[other] { $incidents } incidents are over
    }, and { $drills ->
        [one] { $drills } drill
       *[other] { $drills } drills
    }
stats-to-going = from an alert to the first who goes, in the middle: { $span }
stats-unknown = not known
stats-of-what-is-kept = This counts what this vault still holds: alerts for { $history } after they end, and reports as long as the neighborhood keeps them.
