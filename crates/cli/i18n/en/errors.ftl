### What went wrong, and what to do next.

## What failed.

error-unreachable = no relay answers at { $url }
error-first-relay-away = the first relay of the charter, { $url }, does not answer, and it alone takes new keys
error-broken = the connection to the relay broke: { $why }
error-wrong-relay = the relay at { $url } is not the one that the charter names
error-refused = the relay refused: { $why }
error-relay-newer = the relay at { $url } answers with what this program does not know: the relay is newer
error-relay-older = the relay at { $url } is older than this program, and { $lacks }
lacks-greeting = cannot let it in
lacks-charters = cannot keep charters
lacks-restrictions = cannot tell others that rights were taken away
lacks-keys = cannot keep such keys
lacks-invites = cannot keep such invites
lacks-records = cannot keep such alerts, answers and reports
error-not-allowed = the relay does not serve this network yet
error-charter = the charter was refused: { $why }
error-restriction = the restriction was refused: { $why }
error-forked = two charters of version { $version } exist, both signed by the admins: nothing is added until you choose one
error-choice-unknown = no fork has a charter with that hash
error-choice-unseen = charter version { $version } with that hash was never seen itself
error-untrusted = what the relay shows cannot be trusted: { $why }
error-shown-charter = what the relay shows cannot be trusted: a charter of it is refused: { $why }
error-no-network = this vault is in no network yet
error-has-network = this vault is in a network already
error-in-no-neighborhood = this vault is in no neighborhood yet
error-no-neighborhood = no neighborhood named `{ $name }` in this vault
error-not-found = no { $what } `{ $name }` here
error-ambiguous = `{ $name }` means more than one { $what }: { $candidates }
error-expired = { $what } `{ $name }` has expired
error-not-granted = this vault may not { $what }
error-not-verified = nobody has verified this sighting: nothing unverified goes to responders but a call to verify it
error-no-keys = this vault has no keys of `{ $name }` yet
error-no-admin-key = this vault holds no admin key
error-has-admin-key = this vault holds another admin key already
error-paper = these are not the words of an admin key: { $why }
error-charter-unsigned =
    version { $version } of the charter is not in force: it lacks { $missing ->
        [one] { $missing } more signature
       *[other] { $missing } more signatures
    }
error-restriction-unsigned =
    the restriction is not in force: it lacks { $missing ->
        [one] { $missing } more signature
       *[other] { $missing } more signatures
    }
error-closed = neighborhood `{ $name }` is closed
error-wrong-words = these are not the words of this request
error-queued = queued in the vault: no relay answers
error-raced = another coordinator opened an epoch at the same time, several times over
error-no-anchors = this file is no list of certificates in PEM, or a very long one
error-unexpected = unexpected: { $why }

## The vault.

error-vault-missing = there is no vault in this folder
error-vault-exists = there is a vault in this folder already
error-vault-passphrase = the passphrase does not open this vault
error-passphrase-length = a passphrase has 1 to 1,024 bytes
error-vault-newer = this vault was made by a newer version of watchfire
error-vault-damaged = the vault is damaged: a value in it does not open
error-vault-unusable = the vault's file cannot be used

## Signatures on an alert.

error-sign-own = you sent this alert: the other signatures are for others to give
error-sign-already = you have signed this alert already
error-sign-other-device = you have signed this alert already, from another device: a coordinator counts once
error-sign-full = this alert has eight signatures, as many as an alert can have
error-sign-settled = this alert is over: it was stood down or corrected, or an update took its place

## Invite links.

error-link-not-one = an invite link begins with WATCHFIRE:1/
error-link-newer = this link was made by a newer version of watchfire
error-link-typo = the link has a typo or is not complete: its checksum does not match
error-link-host = the link names no relay that can be reached

## Why a relay refused. What it says itself ($why) stays in its words.

refusal-unsupported = it does not know this request
refusal-malformed = it cannot read the request ({ $why })
refusal-out-of-order = the request came out of order
refusal-not-proved = this needs a proof of another key
refusal-bad-proof = the proof does not verify
refusal-not-allowed = its operator has not allowed this network
refusal-not-granted = the charter does not grant this to the key
refusal-not-found = it is not there
refusal-unknown-epoch = it does not know epoch { $found }, the current one is { $current }
refusal-closed-epoch = epoch { $found } is closed, the current one is { $current }
refusal-stale = it holds epoch { $current } now
refusal-bad-record = it takes this for no record ({ $why })
refusal-wrong-channel = the key that was proved has no access to this channel
refusal-bad-charter = it does not take the charter ({ $why })
refusal-bad-announcement = it does not take the announcement ({ $why })
refusal-slots-mismatch = the slots do not match the announcement
refusal-invite-ended = the invite has ended
refusal-slow-down = too many requests, wait { $seconds } s
refusal-quota-full = it has no room left for this, of the network's share or on its disk
refusal-internal = it failed and acknowledged nothing

## What to do next.

hint-unreachable = nothing was lost; is this device online? ({ $reason })
hint-no-anchors = nothing was changed. It begins with -----BEGIN CERTIFICATE-----, and holds the certificate of the authority, not that of the relay
hint-wrong-relay = nothing was told to it; it showed the key { $found }. Ask an admin whether the relay has moved
hint-not-allowed =
    ask its operator to run: watchfire-relay networks allow { $network } --dir DIR
    then run the same command again
hint-slow-down = nothing was lost; try again in { $seconds } s
hint-quota-full = what was written waits on this device and goes out when there is room; tell whoever runs the relay
hint-known-neighborhoods = this vault knows { $known }
hint-more-signatures = nothing was published; pass the draft on to the admin with the key { $keys }: watchfire charter sign FILE
hint-begin = begin with: watchfire join, or: watchfire network create NAME
hint-passphrase = nothing was changed; try the passphrase again
hint-vault-damaged = nothing was sent; if this device was not tampered with, ask a coordinator for a new invite
hint-vault-unusable = nothing was sent; look whether the disk is full and the folder is yours
hint-again = nothing was lost; run the command again
hint-first-relay-away = nothing was changed; alerts and answers go on over the other relays, with the keys there are. Run the command again when it is back. If it stays away, an admin puts another relay first: watchfire charter relay add --first URL KEY (watchfire network show lists both), and the command works there
hint-invite-ended = it was used, withdrawn, or has expired. Ask the person who invited you for a new link; if you did not use it, tell them that somebody else may have
hint-relay-newer = nothing was lost, and what was written waits on this device; update watchfire, then run: watchfire sync
hint-relay-older = nothing was lost, and everything else goes on; ask whoever runs the relay to update it, then run: watchfire sync
hint-refused = nothing was lost; run the command again, and ask an admin if it goes on
hint-link-typo = copy or scan the whole link again
hint-link = ask the person who invited you for the link again
hint-untrusted = nothing was told to it; tell your coordinator by another way
hint-has-network = one vault is one network: use another --home for a second one
hint-no-neighborhood = join one: watchfire join
hint-forked = nothing was changed; ask the admins by another way which one holds: watchfire charter show, then: watchfire charter accept-fork HASH
hint-choice = nothing was changed; import a file with the whole chain first: watchfire charter import FILE
hint-ambiguous = give more of its symbols
hint-not-granted = see what is granted to whom: watchfire charter show
hint-no-keys = wait for the next epoch, or ask a coordinator: watchfire status
hint-wrong-words = nobody was approved; ask them to read their three words again, and if they still differ, do not approve
hint-unsignable = nothing was changed; see what waits for a signature: watchfire alert pending
hint-not-verified = nothing was sent; ask them to verify it: --ask verify. If somebody checked it, note that first: watchfire inbox verify REPORT --outcome verified --by METHOD, and then: watchfire alert send --from REPORT. Or say in `verification` who checked it
hint-queued = it is sent by the next command that connects; to try now: watchfire sync
hint-expired = nothing was sent; see what counts now: watchfire alerts
hint-file = nothing was sent; mend it and run the command again
hint-invalid = nothing was done; mend it and run the command again
hint-restriction = nothing was restricted; mend it, or have the other admins sign it
hint-charter = this vault keeps the charter that it had; ask an admin
hint-no-admin-key = make one, or bring it back from paper: watchfire charter admin key
hint-has-admin-key = nothing was changed; use another --home for another key
hint-paper = nothing was changed; compare each word with the paper, and their order
hint-key-file-device = nothing was changed; ask for the file that `watchfire charter device key` wrote on the coordinator's new device
hint-key-file = nothing was changed; ask for the file that `watchfire charter admin key` wrote
hint-charter-file = nothing was done; ask whoever gave you the file for it again
hint-closed = nothing was sent; see which are open: watchfire neighborhood list
hint-timeout = nothing was lost
hint-unexpected = what was written before is in the vault; run the command again, and report this if it goes on
hint-find-alert = see all of them: watchfire alerts --all; fetch what is new: watchfire sync
hint-find-request = see who waits: watchfire member pending
hint-find-member = see who is there: watchfire member list
hint-find-coordinator = nothing was changed; see who is there: watchfire charter show. An id that it shows will do instead of a name, or its first symbols. To learn the names: watchfire charter export FILE on a coordinator's device, then here: watchfire charter import FILE
hint-find-in-charter = nothing was changed; see who is there: watchfire charter show
hint-find-fork = nothing was decided; the hashes of both: watchfire charter show
hint-find-invite = see the open ones: watchfire invite list

## What is wrong with a file, or with what it says.

file-too-large = the file has { $found } bytes, wanted at most { $most }
file-not-json = the file is not JSON: { $error }
file-missing = { $field } is missing
file-not-a-code = { $field }: `{ $found }` is not a known { $list }, { $wanted }
file-nearest = nearest: { $codes }
file-nothing-to-check = nothing in the report could be checked: say at least where it is (`place`), what is seen (`seen`), or something in `comments`
file-one-of = wanted one of { $codes }
file-not-a-language = { $field }: `{ $found }` is not the tag of a language, wanted one like `en`, `es-MX` or `zh-Hant`
file-language-meant = { $field }: `{ $found }` is not the tag of a language: did you mean `{ $meant }`?
file-point-incomplete = the place has no `{ $missing }`, wanted `lat`, `lon` and `precision-m` together or none of them
file-not-an-alert = { $field }: `{ $found }` is not the id of an alert, wanted all of its 26 symbols
file-in-field = { $field }: { $why }
file-time = `{ $found }` is not a time since 1970, wanted one like `2026-11-21T20:02:11Z`
file-too-long = { $field }: { $found } characters, wanted at most { $most }
file-too-many = { $field }: { $found } entries, wanted at most { $most }
file-out-of-range = { $field } is { $found }, wanted { $least } to { $most }
file-min-above-max = { $field }: from { $min } to { $max }, wanted the first to be the smaller
file-neither-place-nor-text = both the place and a text are missing (`place`, `text`), wanted at least one
file-empty = { $field }: it says nothing, wanted { $wanted }
file-twice = { $field }: `{ $entry }` is there twice, wanted it once
file-nothing-referenced = `references` is empty, and `msg-type` is `{ $kind }`: wanted the alert that it is about
file-outcome-missing = `outcome` is missing, and `msg-type` is `cancel`: wanted one of { $codes }
file-outcome-unexpected = `outcome` is given, and `msg-type` is `{ $kind }`: wanted it with `cancel` only
file-one-check = { $field } is `corroborated`: wanted two checks, of different people or by different methods, or one by `two-reports`. One check alone is `verified`
file-still-to-come = { $field } is still to come: { $at }. This device says that it is { $now } now. Look at the time, or at the clock of this device
file-expiry = { $field }: { $why }. It counts from when it is sent, into the future
need-unreadable = `{ $found }` is not a need, wanted `role:count` or `role:language:count`, like `observer:4` or `interpreter:es:1`
need-unknown-role = `{ $role }` in `{ $found }` is not a known role, { $wanted }
need-not-a-language = `{ $language }` in `{ $found }` is not the tag of a language, wanted one like `en`, `es-MX` or `zh-Hant`
need-language-meant = `{ $language }` in `{ $found }` is not the tag of a language: did you mean `{ $meant }`?
duration-unreadable = `{ $found }` is not a span of time, wanted a number and `s`, `m`, `h` or `d`, like `90s`, `30m`, `2h` or `7d`
duration-zero = `{ $found }` is no time at all, wanted at least `1s`
duration-too-long = `{ $found }` is too long, wanted at most `{ $most }`
error-shut-out = you get no new alerts of `{ $name }`: you were removed, or shut out, by the epoch that { $by } opened
hint-shut-out = what is here is kept. Ask a coordinator, by another way. If whoever approved you was revoked, they approve you again (watchfire member pending); otherwise they send a new link: watchfire leave, then watchfire join
error-keys-withheld = the relay does not hand out the new keys of `{ $name }`
hint-keys-withheld = nothing was sent, and what is here is kept; run the command again, and ask a coordinator by another way if it lasts
error-history-range = alerts that are over are kept for an hour to a year
error-still-open = alert `{ $name }` is not over
hint-history-range = as in: watchfire alerts --keep 7d
hint-still-open = once it is over it can be exported: when a coordinator stands it down (watchfire alert cancel { $short } --outcome …) or says that it was not true (watchfire alert correct { $short }), or when it expires
hint-find-template = what there is: watchfire template list
