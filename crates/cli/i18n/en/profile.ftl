### What this person offers, and when they want to be woken.

profile-offer = { $name }: you offer: { $roles }. Languages that you speak: { $spoken }.
profile-unknown = { $name }: this device does not know what you said when you joined. Say it anew:  watchfire profile --role ROLE --speaks LANG
profile-nothing = not said yet
profile-sent = The coordinators get it with their next connection; other responders and the relay never do.
profile-queued = It waits in the vault and goes with the next command that connects.
profile-duty-on = On duty: hooks and notifications run for every alert.
profile-duty-off = Off duty: hooks and notifications keep still. Alerts are kept and shown all the same.
profile-duty-quiet = Quiet from { $from } to { $to }, by the clock of this device: hooks and notifications keep still then. Alerts are kept and shown all the same.
profile-no-hours = `{ $found }` are no hours of the day
profile-no-hours-hint = nothing was changed; wanted two different times, as in 22:00-07:00
