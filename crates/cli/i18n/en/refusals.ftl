### Why charters, drafts, restrictions and files of them are refused.

## Rules that a charter would break.

flaw-origin = version { $version } claims a beginning that it cannot have: only version 1 founds a network
flaw-neighborhood-twice = the neighborhood { $neighborhood } is listed twice
flaw-coordinator-twice = the coordinator { $coordinator } is listed twice
flaw-scope-twice = the coordinator { $coordinator } has two grants in the neighborhood { $neighborhood }
flaw-unknown-neighborhood = the neighborhood { $neighborhood } is named, but not listed
flaw-revocation-twice = the device { $key }… is revoked twice in the neighborhood { $neighborhood }
flaw-restriction-twice = a restriction is taken in twice

## What is counted in a charter.

list-admins = admins
list-neighborhoods = neighborhoods
list-coordinators = coordinators
list-revocations = revocations
list-restrictions = restrictions
list-relays = relays
list-devices = devices of a coordinator
list-scopes = scopes of a coordinator

## Why a charter is not changed so.

edit-unchanged = nothing to change: that is what the charter says already
edit-no-admin = no admin has the key { $key }
edit-last-admin = this is the only admin: without one, nobody could change the charter any more
edit-no-relay = no relay of this network has the key { $key }
edit-last-relay = this is the only relay: nobody would find the network any more
edit-no-neighborhood = the charter has no neighborhood { $neighborhood }
edit-closed = this neighborhood is closed, and stays so: add another one
edit-closed-hint = nothing was changed; see which are open: watchfire neighborhood list
edit-other-terms = `{ $name }` is there already, with other terms or other coordinators than that
edit-other-terms-hint = nothing was changed; to change it: watchfire neighborhood set NAME, and for who coordinates it: watchfire charter grant
edit-nothing-granted = the charter grants them nothing there
edit-no-device = no device of theirs has the key { $key }
edit-last-device = this is their only device: without it they could do nothing here any more
edit-distrust-from = they can be distrusted from epoch 1 to { $next } on, not { $found }: { $next } is the next one
edit-distrust-hint = nothing was changed; leave --distrust-from out for the next epoch, or say an earlier one if their device was lost before. Where neighborhoods differ, say which: --neighborhood NAME
edit-lifetime = a charter lives for 1 to { $max } days, not { $found }
edit-quorum-out-of-reach = { $left } may send alerts there then, and { $quorum } must sign each: the quorum would be out of reach

## Why a charter is not taken.

refused-held = version { $version } is already held
refused-newer = it was made by a newer version of watchfire
refused-newer-genesis = the first charter was made by a newer version of watchfire, and cannot be checked by this one
refused-other-network = it is of another network: found { $found }, wanted { $wanted }
refused-older = version { $got } is older than version { $have }, which is held
refused-gap = version { $got } does not follow version { $have }: those between are missing
refused-fork = version { $version } is forked: held { $held }, the admins also signed { $other }
refused-other-predecessor = the draft follows another charter of version { $version } than the one held: found { $found }, wanted { $held }
refused-issued-before = it was issued on { $issued }, before the previous version ({ $previous })
refused-too-many-signatures = too many signatures: found { $found }, at most { $max }
refused-signature-order = its signatures are not in order, or one stands there twice
refused-unknown-signer = it was signed by { $signer }, who is no admin
refused-bad-signature = the signature by { $signer } does not verify
refused-too-few-signatures =
    signed by { $found } { $found ->
        [one] admin
       *[other] admins
    } of version { $version }, wanted { $wanted }
refused-empty = there is no charter in it
refused-damaged = its bytes are no charter

## Why a draft is not signed or published.

draft-none = this file carries charters, and no draft
draft-other-network = this is a draft of another network
draft-overtaken = this draft of version { $draft } no longer fits: version { $newest } is the newest
draft-ahead = this draft of version { $draft } follows charters that are not here: version { $newest } is the newest here
draft-other-branch = this file follows another chain of charters than this vault
draft-names = the names in this file are not those of the draft
draft-no-genesis = this vault is in no network yet, and the file does not carry the first charter
draft-not-admin = this vault's key is no admin's of this network, neither before this draft nor by it
draft-signed = this vault has signed this draft already
draft-published = this draft was published already, as version { $version }
draft-names-lacking = this draft changes what `{ $neighborhood }` or its coordinators are called, and the new names were taken out of the file: nobody could hand them to the members
draft-names-unknown = this vault does not know the names of `{ $neighborhood }`, so it cannot change them
draft-epoch-unknown = no relay answers, and this vault does not know in which epoch the neighborhood is

## Files of charters and of keys, and paper copies.

charter-file-too-large = the file is too large: at most { $limit } bytes
charter-file-not-one = this is no charter file
charter-file-newer = this charter file was made by a newer version of watchfire
charter-file-damaged = the charter file is damaged: it was edited, or is not whole
chain-refused = a charter in this file is refused: { $why }
chain-no-genesis = this file does not begin with the first charter, so it cannot be judged by itself
chain-empty = this file carries no charter
chain-names = the names in this file are not those that its charters commit to
key-file-not-one = this is no key file
key-file-want-admin = this key file holds a coordinator's device key, not an admin's key
key-file-want-device = this key file holds an admin's key, not a coordinator's device key
key-file-damaged = the key in this file is damaged
paper-count =
    { $found ->
        [one] found { $found } word
       *[other] found { $found } words
    }, wanted 24
paper-unknown = word { $place } is not on the list
paper-checksum = the words do not belong together: their checksum differs

## Why a restriction is not taken.

restriction-held = it is in force already
restriction-taken-in = it has ended: a version of the charter took it in
restriction-other-network = it is of another network: found { $found }, wanted { $wanted }
restriction-unknown-charter = it names charter version { $version }, { $hash }, which is not held
restriction-issued-before = it was issued on { $issued }, before the charter that it names ({ $charter })
restriction-newer = it was made by a newer version of watchfire
restriction-entries = it takes { $found } rights, wanted 1 to { $max }
restriction-entry-twice = it takes the same right of { $subject } twice in the neighborhood { $neighborhood }
restriction-unknown-neighborhood = it names the neighborhood { $neighborhood }, which its charter does not list
restriction-unknown-subject = it takes a right of { $subject }, to whom its charter grants none in the neighborhood { $neighborhood }
restriction-unknown-signer = it was signed by { $signer }, who is no admin
restriction-too-few-signatures =
    signed by { $found } { $found ->
        [one] admin
       *[other] admins
    }, wanted { $wanted }
restriction-too-many = its admins have { $max } restrictions in force already: publish a charter version that takes them in
restriction-damaged = its bytes are no restriction
