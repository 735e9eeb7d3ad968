### Removing members.

removal-out-others-get = Out of `{ $name }`: { $handles }. The others get new keys. This cannot be undone: to come back takes a new invite.
removal-remove = Remove?
removal-nobody-named = nobody is named
removal-see = see who is there: watchfire member list
removal-member-several-neighborhoods = `{ $handle }` is a member of several neighborhoods, and nobody was removed
removal-say-one-neighborhood = say which one: --neighborhood NAME
removal-out-epoch = { $handle } is out of `{ $shown }`, from epoch { $from } on
removal-still-another-coordinator = { $handle } is still in `{ $shown }`: another coordinator must remove them too
removal-out-reads-nothing = Who is out reads nothing new and cannot answer. They keep what their device has: the alerts and the names until now.
removal-count-now-wait =
    { $out } count now. { $count } { $count ->
        [one] waits
       *[other] wait
    }: one coordinator alone removes at most five people or a tenth in a day, so that a stolen key cannot empty a neighborhood. Another one runs:  watchfire member remove { $handles }
removal-charter-still-grants = the charter still grants rights to { $handles }. An admin ends that:  watchfire charter revoke HANDLE
removal-removal-waits-another = { $handle }  { $hood }  your removal waits for another coordinator
removal-removed-waits = { $handle }  { $hood }  removed by { $by }, waits for you:  watchfire member remove "{ $handle }"
