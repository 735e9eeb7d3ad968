### The charter: who may do what, and what changed.

charter-since = {"  "}since { $since }, by { $signers }
charter-version-issued =
    Charter version { $version }, issued on { $issued }, { $expires }
    Hash  { $hash }
    Admins  { $threshold } of { $admins } must sign a change, { $restrict } a restriction
charter-you = {"  "}you
charter-relays = Relays
charter-coordinators = Coordinators
charter-may-until = {"  "}{ $handle }  { $hood }  may { $rights }, until { $until }
charter-device = {"  "}{ $handle }  device { $key }
charter-revoked-keys = Revoked keys
charter-distrusted-epoch = {"  "}{ $key }  { $hood }  distrusted from epoch { $from }
charter-restrictions-until-version = Restrictions, until a version takes them in:  watchfire charter renew
charter-careful = Careful: { $advice }
charter-expires = expires on { $date }
charter-expires-renew = expires on { $date }, in { $left }: renew it
charter-expired-ago-renew = EXPIRED { $past } ago: renew it
charter-signed = { $version }  { $issued }  signed by { $signers }
charter-stand-version-good = Stand by { $chosen } as version { $version }, for good? Only if several admins told you so by another way.
charter-counts-version-newest =
    { $chosen } counts as version { $version }; the newest charter here is version { $now }. What was signed for the other one is kept as evidence.
    Fetch what is new:  watchfire sync
charter-date-wanted-one = `{ $text }` is not a date, wanted one like 2027-01-31
charter-may-now-charter = { $handle } may { $rights } from now on: charter version { $version }, epoch { $epoch }.
charter-may-now-charter-version = { $handle } may { $rights } from now on: charter version { $version }.
charter-they-hold-coordinators = They hold the coordinators' keys once their device connects:  watchfire sync
charter-new-keys-epoch =
    `{ $name }` has new keys: epoch { $epoch }. Whoever is not on the roster reads nothing from now on.
    Epoch words  { $words }

charter-admin-you = { $short } (you)
charter-send-alerts = send alerts
charter-approve-people = approve people
charter-network-founded = network founded
charter-admin-added = admin { $key } added
charter-admin-removed = admin { $key } removed
charter-admins-must-sign =
    { $of ->
        [one] { $to } of { $of } admin
       *[other] { $to } of { $of } admins
    } must sign a change, no longer { $from }
charter-admins-must-sign-restriction =
    { $to ->
        [one] { $to } admin
       *[other] { $to } admins
    } must sign a restriction, no longer { $from }
charter-renewed-expires-longer = renewed: expires on { $to }, no longer on { $from }
charter-days-grace-after =
    { $to ->
        [one] { $to } day
       *[other] { $to } days
    } of grace after it expires, no longer { $from }
charter-relay-added = relay { $url } added
charter-relay-removed = relay { $url } removed
charter-relay-now = relay { $from } is at { $to } now
charter-relay-tried-first = relay { $first } is tried first
charter-neighborhood-added-quorum = neighborhood `{ $name }` added: quorum { $quorum }, alerts below it are { $below }, records kept { $hours } h
charter-neighborhood-closed = neighborhood `{ $name }` closed
charter-neighborhood-dropped-opened = neighborhood `{ $name }` dropped or opened again, which no program of ours does
charter-must-sign-alert = { $to } must sign an alert in `{ $name }`, no longer { $from }
charter-alerts-below-quorum = alerts below the quorum of `{ $name }` are { $below }
charter-records-kept-h = records of `{ $name }` are kept { $to } h, no longer { $from } h
charter-counts-fresh-h = `{ $name }` counts as fresh for { $to } h, no longer { $from } h
charter-names-changed = names of `{ $name }` changed
charter-retired-sent-before = { $who } retired in `{ $name }` on { $at }: what was sent before stays valid
charter-may-nothing-more = { $who } may do nothing more in `{ $name }`
charter-device-acts = device { $key } acts for { $who }
charter-device-longer-acts = device { $key } no longer acts for { $who }
charter-device-revoked-distrusted = device { $key }{ $whose } revoked in `{ $name }`, distrusted from epoch { $distrust_from }
charter-device-longer-revoked = device { $key } no longer revoked in `{ $name }`
charter-taken =
    { $count ->
        [one] { $count } restriction
       *[other] { $count } restrictions
    } taken in
charter-may-nothing-any = { $who } may do nothing in `{ $hood }` any more, and is distrusted from epoch { $epoch }
charter-may-longer = { $who } may no longer { $what } in `{ $hood }`
charter-granted-until = { $who } may { $rights } in `{ $name }`, until { $until }
charter-may-only-now = { $who } may only { $rights } in `{ $name }` from now on, until { $until }
charter-one-admin-key = one admin key signs all changes, so losing it ends this network: keep a paper copy (watchfire charter admin key --paper), or add admins
charter-all-admin-keys = all { $admins } admin keys must sign, so losing one ends this network: keep a paper copy of each (watchfire charter admin key --paper), or add an admin
charter-expires-soon = the charter expires in { $left }. An admin runs:  watchfire charter renew
charter-expired-grace = the charter EXPIRED { $past } ago, and alerts say so. An admin must renew it:  watchfire charter renew
charter-expired-for-good = the charter EXPIRED { $past } ago, and no alert is VERIFIED any more. An admin must renew it:  watchfire charter renew
charter-nothing-changed-grant = nothing was changed; grant somebody else first, or lower the quorum: watchfire neighborhood set NAME --quorum N
charter-nothing-changed-renew = nothing was changed; renew it first: watchfire charter renew
charter-nothing-changed-add = nothing was changed; add another admin first: watchfire charter admin add KEYFILE
charter-nothing-changed-add-their = nothing was changed; add their new device first: watchfire charter device add HANDLE KEYFILE; or take their rights away: watchfire charter revoke HANDLE
charter-nothing-changed-add-another = nothing was changed; add another relay first: watchfire charter relay add URL KEY
charter-nothing-changed-see = nothing was changed; see what there is: watchfire charter show
charter-nothing-changed = nothing was changed
charter-admins-cannot-threshold = { $threshold } of { $admins } admins cannot be the threshold: it is { $least } to { $admins }, more than half, so that no two groups decide against each other
charter-admins-cannot-asked = { $found } admins cannot be asked for a restriction: it is 1 to { $threshold }
charter-cannot-expire = a charter of { $issued } cannot expire on { $expires }: it ends later than it begins, and lives for { $max_days } days at most
charter-key-stands-charter = the key { $key }… stands in the charter already: each admin, device and relay has one of its own
charter-must-sign-each = { $quorum } must sign each alert there, and only { $dispatching } may
charter-number-range = { $field } is { $min } to { $max }, not { $found }
charter-rights-would-end = the rights would end before they begin: { $end } has passed
charter-device-revoked-stays = the device { $key }… is revoked there, and stays so: they join again with a new key
charter-list-length = too many or too few { $list }: { $found }, at most { $max }
charter-grant-without-right = a grant without a right
charter-relay-acceptable-address = relay { $place } has no acceptable address
charter-quorum = a quorum
charter-time-records-kept = the time that records are kept, in hours,
charter-time-counts-fresh = the time that counts as fresh, in hours,
charter-nothing-signed-see = nothing was signed; see what changed: watchfire charter history. Then draw it up again, by the same command as before
charter-nothing-signed-fetch = nothing was signed; fetch the charters first: watchfire sync, or ask for a file that has them
charter-nothing-signed-admins = nothing was signed; the admins add your key: watchfire charter admin add KEYFILE
charter-pass-another-admin = pass it on to another admin, or, once enough have signed: watchfire charter publish FILE
charter-nothing-left-sign = nothing is left to sign; see it: watchfire charter history
charter-nothing-changed-try = nothing was changed; try again with a relay, or distrust all that they ever did: --distrust-from 1
charter-nothing-changed-where = nothing was changed; do it where they are known, as by a coordinator there
charter-nothing-signed-ask = nothing was signed; ask whoever gave you the file for another one
charter-below-shown = shown
charter-below-held = held back
