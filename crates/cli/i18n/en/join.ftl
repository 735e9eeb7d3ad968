### Joining and confirming a network.

join-request-waits-made = the request that waits was made before: --role and --speaks are not in it
join-going-request-waits = Going on with the request that waits. To join another neighborhood:  watchfire join --link-file FILE
join-once-approved-simply = Once you are approved:  watchfire join --wait, or simply  watchfire watch
join-link-needs-words = This link needs no words, because it is for handing over. Did somebody give it to you in person? [y/N]
join-invite-link = The invite link:
join-invite-link-needed = an invite link is needed to join
join-give-file-link = give it in a file: --link-file FILE
join-member = You are a member of { $names }.
join-languages-tag = `{ $found }` is not a language's tag
join-nothing-done-wanted = nothing was done; wanted a tag like `es`, `en` or `es-MX`
join-nothing-done-give = nothing was done; give those that matter most
join-known-role = `{ $found }` is not a known role
join-wanted-role = nothing was done; wanted { $wanted }
join-shall-people-call = What shall people call you? Not your full name: (Enter: responder)
join-asked-join-words = Asked to join. No words are needed: the link was handed over in person.
join-read-these-three =
    Read these three words aloud to your coordinator:

    {"    "}{ $words }
    {""}
join-they-read-three =
    They read three words back to you. Then:  watchfire confirm
    Only they can read your request; the relay sees that somebody used an invite.
join-member-coordinators-know = You are a member of `{ $name }`. Its coordinators know your handle, other responders do not.
join-next = Next:  watchfire watch
join-next-three-words = Next:  watchfire watch, and, with the three words that you hear:  watchfire confirm
join-three-words-coordinator = The three words that your coordinator read to you:
join-three-words-needed = three words are needed to confirm
join-give-those-heard = give those that you heard: --words "…"
join-network-waits-confirmed = no network waits to be confirmed
join-confirmed-before = it was confirmed before, or:  watchfire join
join-these-words-belong = these are not the words that belong to your request
join-hear-them-again = hear them again. If they still differ, this may be somebody else's network: tell the person who invited you
join-confirmed-network-person = Confirmed: this is the network of the person you spoke with. Its alerts can be VERIFIED.
join-next-wait = Next:  watchfire join --wait
join-say-languages = Nobody knows yet which languages you read. Once you are a member, say it:  watchfire profile --speaks es
join-too-much-offered = at most { $roles } roles and { $languages } languages can be offered
