### What the client says in words of its own.

## What the client says in words of its own: found by the English text, which is that of the client.

phrase-approve = approve members
phrase-approve-here = approve members here
phrase-coordinate = act as a coordinator
phrase-change-roster = change the roster
phrase-withdraw-here = withdraw invites of this neighborhood
phrase-invite = invite people
phrase-invite-here = invite people to this neighborhood
phrase-desk = keep a desk
phrase-open-epoch = open an epoch
phrase-open-epoch-here = open an epoch here
phrase-open-without-roster = open an epoch: it does not hold the roster
phrase-approve-own-again = approve again whom it approved itself
phrase-add-slots = add slots
phrase-remove = remove members
phrase-remove-here = remove members here
phrase-remove-self = nobody removes themselves: another coordinator can, or leave
phrase-nobody-left = nobody who may approve people would be left: grant somebody that right first
phrase-other-epoch = its epoch is another one of the same number: a coordinator's next command opens one after both
phrase-see-answers = see the answers of this neighborhood
phrase-see-invites = see the invites
phrase-see-invites-here = see the invites of this neighborhood
phrase-see-members = see the members
phrase-see-members-here = see the members of this neighborhood
phrase-see-waiting = see who waits
phrase-see-waiting-here = see who waits for this neighborhood
phrase-send = send alerts
phrase-send-here = send alerts here
phrase-send-hood = send alerts to this neighborhood
phrase-sign-here = sign alerts of this neighborhood
phrase-work-at-desk = work at the desk of this neighborhood
phrase-about-another = that one ends or corrects another alert: name the alert that it is about
phrase-withdraw = withdraw invites
phrase-write-channel = write to this channel
phrase-which-right = say which right to grant: --right dispatch, --right enroll
phrase-name-taken = another neighborhood is called so already
phrase-who-coordinates = say who coordinates it, as this device does not: --coordinator HANDLE
phrase-auto-approve-one = --auto-approve is for one responder: one use
phrase-member-already = this vault is a member of that neighborhood already
phrase-several-neighborhoods = this vault knows several neighborhoods: say which with --neighborhood
phrase-not-approved-yet = not approved yet: run the same command again later
phrase-unknown-network = it does not know the network of this link
phrase-no-announcement = it shows no announcement
phrase-no-charter = it shows no charter
phrase-announcements-elsewhere = its announcements do not lead to the current one
phrase-announcements-order = its announcements are not in order
phrase-announcements-many = it shows more announcements than a neighborhood can have
phrase-charters-many = it shows more charters than a network can have
phrase-restrictions-many = it shows more restrictions than there can be
phrase-no-such-neighborhood = its charter has no neighborhood that the link names
phrase-other-charter-link = its charter is not the one that the link names
phrase-epoch-before-request = its epoch is before the one of the request
phrase-epoch-ahead = its epoch is too far ahead
phrase-no-epoch-yet = the neighborhood has no epoch yet; try again later
phrase-request-epoch = the request names an epoch that is not here yet
phrase-other-answers = the relay at { $url } gives answers to other questions
phrase-other-protocol = the relay at { $url } speaks another protocol
phrase-announcement-refused = its announcement was refused: { $error }
phrase-announcement-charter = its announcement names a charter that it does not show
phrase-announcement-signer = its announcement is signed by somebody whom the charter does not let open epochs
phrase-announcement-malformed = an announcement of it is malformed ({ $error })
phrase-charter-malformed = a charter of it is malformed ({ $error })
phrase-restriction-malformed = a restriction of it is malformed ({ $error })
phrase-nothing-listens = nothing listens there
phrase-no-way = there is no way to it
phrase-hung-up = it hung up
phrase-no-answer = it does not answer
phrase-sends-too-much = the relay sends more than anybody can read
phrase-invite-terms = an invite has 1 to { $uses } uses and lasts a minute to 30 days
phrase-card-terms = a batch has 1 to { $cards } cards, and they last a minute to 30 days
phrase-joined-as-responder = `{ $handle }` joined as a responder: invite them with `watchfire invite new --role coordinator`
phrase-alert-lifetime = an alert here expires after at most { $hours } hours, the neighborhood's retention
phrase-call-lifetime = a call to verify expires after at most 30 minutes
phrase-reason-length = a reason has at most { $most } bytes
phrase-name-length = { $what } has 1 to { $most } bytes and no control or invisible characters
phrase-more-symbols = give at least { $least } symbols of the id, not `{ $found }`
phrase-too-long-a-time = the relay takes too long
phrase-not-sent = it was not sent
phrase-gone-silent = the relay has gone silent
phrase-relay-closed = the relay closed it
phrase-log-endless = its log does not end
phrase-approval-late = the approval did not arrive
phrase-alert-late = the alert did not arrive

## Things that are not found, or not told apart.

phrase-alert = alert
phrase-card = card
phrase-invite-thing = invite
phrase-member = member
phrase-request = request
phrase-report = report
phrase-fork-charter = charter in a fork
phrase-coordinator = coordinator
phrase-admin = admin
phrase-device = device
phrase-relay = relay
phrase-network-to-confirm = network to confirm
phrase-join-request-for = join request for
phrase-invite-of = the invite of
phrase-invite-of-request = the invite of request

## Lists of codes.

phrase-list-status = status
phrase-list-msg-type = msg-type
phrase-list-urgency = urgency
phrase-list-severity = severity
phrase-list-certainty = certainty
phrase-list-verification-state = verification state
phrase-list-method = method
phrase-list-ask = ask
phrase-list-outcome = outcome
phrase-list-kind = kind
phrase-list-activity = activity
phrase-list-place-type = place type
phrase-list-agency = agency
phrase-list-police-role = police role
phrase-list-conduct = conduct
phrase-list-source = source
phrase-list-strength = strength
phrase-list-answer = answer
phrase-list-reason = reason
phrase-list-role = role

## What a field should say.

phrase-who-checked = who checked
phrase-type-text-point = a type, a text or a point
phrase-headline = a headline
phrase-template = template
phrase-expired-before = an alert that has expired before it is sent reaches nobody
