### Alerts as they come.

watch-vault-neighborhood-yet = this vault is in no neighborhood yet
watch-join-one = join one: watchfire join
watch-watching-ctrl-c = Watching { $names }. Ctrl-C ends it.
watch-coordinator-approved-yet = A coordinator has not approved you yet: alerts are shown from then on. Your three words:  watchfire join
watch-time-over-alerts =
    The time is over: { $wanted ->
        [one] { $count } of { $wanted } alert
       *[other] { $count } of { $wanted } alerts
    } came
watch-time-over-alerts-came =
    The time is over: { $count ->
        [one] { $count } alert
       *[other] { $count } alerts
    } came
watch-nothing-missed-comes = nothing is missed: what comes is shown by the next watch
watch-watched-any-more = `{ $name }` is not watched any more; your other neighborhoods are.
watch-neighborhood-asked-join = The neighborhood that you asked to join is not waited for any more; the others are watched.
watch-member-now = You are a member of `{ $name }` now.
watch-member-now-2 = You are a member now.
watch-answer-10m-scene = {"  "}Answer:  watchfire answer { $short } going --eta 10m   (or on-scene, standby, cannot, safe, help)
watch-trying-again-itself = { $message }. Trying again by itself: alerts that come meanwhile are shown then.
watch-connected-again = Connected again.
watch-duty-fails = { $message }. Part of what this device does for the neighborhood as a coordinator waits, and is tried again by itself.
watch-relay-away = { $message }. The other relays go on; what this one lacks is brought to it when it is back.
watch-duty-over = Over: { $message }.
watch-shut-out = { $message }. { $hint }. This device looks again by itself
watch-missed = this device got nothing meanwhile, for the reason above: that is no sign that nothing happened
watch-over = {"  "}It is over: nobody needs to come. If you are out:  watchfire answer { $short } safe   (or leaving)
