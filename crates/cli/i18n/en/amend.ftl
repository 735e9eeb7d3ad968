### Changes of the charter, and drafts of them.

amend-draft =
    Draft of { $draft }, in { $file }:
    { $changes }
amend-sign = Sign this?
amend-rival = Careful: this device signed another draft of charter version { $version } already. If both are published, the network has two charters, and everybody sees an alarm for ever. Make sure that only one of them is, and delete the other.
amend-signed-draft = Signed: the draft of { $draft }, in { $file }.
amend-names-keys-still =
    The names and keys of { $hoods } still have to be handed over. Give the file to a coordinator there, who runs:  watchfire charter publish { $file }
    Should it get lost, this device has the names as well:  watchfire charter export FILE. The coordinator runs  watchfire charter import FILE, and then  watchfire rotate
amend-restriction-holds-once =
    By a restriction, which holds at once:
    { $changes }
amend-relay-yet-kept = no relay has it yet: it is kept here, and is brought with the next:  watchfire sync
amend-coordinators-next-sync =
    A coordinator's next sync gives the neighborhood new keys, without them. To make it permanent, with the other admins:  watchfire charter renew
    Any next version of the charter takes it in.
amend-reaches-members-their = It reaches the members of { $hoods } with their next keys. A coordinator there runs:  watchfire rotate
amend-nothing-change-charter = Nothing to change: charter version { $version } says so already.
amend-charter-version-force =
    Charter version { $version } is in force:
    { $changes }
amend-new-keys-epoch =
    {""}
    `{ $name }` has new keys for it: epoch { $epoch }
amend-restriction-charter-version = a restriction of charter version { $version }
amend-charter-version = charter version { $version }
amend-draft-changes =
    This draft of { $draft } changes:
    { $changes }
amend-nobody = nobody
amend-signed-far =
    {""}
    Signed so far by { $signers }
amend-vault-network-yet =
    {""}
    This vault is in no network yet, and enters `{ $name }` by it. Compare its id with the other admins:
    {"  "}{ $network }
amend-enough-admins-signed =
    Enough admins have signed.
    Next:  watchfire charter publish { $file }
amend-nothing-force-yet =
    Nothing is in force yet: { $missing ->
        [one] { $missing } more signature
       *[other] { $missing } more signatures
    } of the admins { $whose }.
    The file holds no key, but names of neighborhoods and coordinators: carry it by a way that you trust.
    Next, on their device:  watchfire charter sign { $file }

amend-ask-remove-admin = Remove the admin with the key { $key }? What they signed until now stays valid.
amend-ask-close = Close `{ $name }` for good? Nothing is sent there any more, and it is never opened again.
amend-ask-retention = The relay then deletes what is older than { $to } h in `{ $name }`, for good. Keep { $to } h instead of { $from } h?
amend-ask-revoke = Revoke { $who }? Their keys count no longer, and are never granted anything there again.
amend-revoke-oneself = Careful: these are your own rights. Nobody but the admins can give you others, with a new key.
amend-revoke-nobody = Careful: nobody would be left to coordinate { $hoods }. No alert is VERIFIED there, and nobody is approved or gets new keys, until the admins grant somebody.
amend-first-silent = This relay does not answer: { $why }. People try the first relay before all others, and new keys are given at the first one alone.
amend-ask-first = Make { $url } the first one all the same?
amend-quorum-fell = {"  "}The quorum of `{ $name }` falls with it, from { $from } to { $to }, and stays there. Once somebody else may sign:  watchfire neighborhood set "{ $name }" --quorum { $from }
amend-quorum-raise = The quorum of `{ $name }` fell to { $held } when somebody was revoked; { $to } may sign there again. To raise it:  watchfire neighborhood set "{ $name }" --quorum { $to }
amend-vault-unnamed-network =
    {""}
    This vault is in no network yet, and enters one by it. Compare its id with the other admins:
    {"  "}{ $network }
amend-device-joined-as = this device joined `{ $hood }` as { $joined }, and would act for { $who }: make sure that it is theirs. To take it back:  watchfire charter device remove
amend-suspended = approved by whoever is revoked: { $handles }. They get no new keys until another coordinator who knows them approves them again:  watchfire member approve HANDLE
amend-gone = not among the members any more: { $handles }. Whom you know comes back by a new invite
