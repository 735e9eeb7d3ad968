### Help: `help-COMMAND` for each command; what stands after it is `.more`. Each argument is an attribute of its command, or of
### one above it where several commands share it.

help = Alerts that only your neighborhood can read, from people your network vouches for
    .more =
        Exit codes: 0 done, 1 unexpected, 2 usage, 3 network or relay, 4 not trusted or not allowed, 5 locked,
        6 not found or expired, 7 queued, 8 goal not met in time, 9 more signatures needed, 130 interrupted
    .home = Where the vault is: one person on one device in one network
    .json = Print one JSON object a line on standard output
    .plain = Print no color and no screen control
    .no-input = Never wait for a person
    .passphrase-file = Read the vault's passphrase from a file
    .proxy = Connect through a SOCKS5 proxy, as Tor is one, from here on: socks5h://HOST:PORT; none ends it
    .ca-file = Trust the authorities in a file of certificates, too, from here on; none ends it
    .yes = Answer yes to what would be asked
    .quiet = Say nothing but results and errors
    .verbose = Say more
    .help = Print this help
    .version = Print the version
help-for-demo = Play one night of a made-up network on this machine, in a minute, and show what the relay saw
help-for-join = Join a network by an invite link
    .handle = What people shall call you
    .role = What you offer to do, as in observer, driver or medic; give it once for each
    .speaks = Which language you speak and read, as in es; give it once for each
    .link-file = Read the link from a file; - is standard input
    .wait = Wait until you are approved
    .timeout = Wait at most this long
help-for-confirm = Confirm the network by the three words that the coordinator read to you
    .words = The three words that you heard
help-for-watch = Show alerts as they come
    .more =
        First come the unexpired alerts that were never shown here, then those that arrive. The coordinators see that
        this device received them.
    .neighborhood = Only this neighborhood
    .count = End after so many alerts
    .timeout = End after this time
    .exec = Run this for each alert, with the alert as JSON on its standard input
    .wake = Run this for each alert, with nothing but its urgency and how many there are
    .notify = Have the desktop say that there is an alert, and nothing of what it says
    .hook-timeout = Kill what --exec and --wake run after this time, with what it started and did not detach
help-for-alerts = List alerts
    .all = Also those that have expired
    .keep = Keep alerts on this device for so long after they end, from now on, as in 7d; a day unless you say
help-for-show = Show one alert in full, and in short what was said of it before
    .id = The alert: its first four symbols or more
help-for-held = List what was kept aside, and why
help-for-answer = Answer an alert
    .id = The alert: its first four symbols or more
    .code = going, on-scene, standby, cannot, leaving, safe or help
    .eta = How long until you are there, as in 10m; a number alone counts minutes
    .reason = Why you cannot: nobody has to say
    .role = In which role you come, as in observer or medic
    .file = Read a text for the coordinators from a file; - is standard input
help-for-profile = Say what you offer and which languages you speak, or see it
    .more = What you leave out stays as it was. Only your coordinators learn it.
    .role = What you offer to do, as in observer, driver or medic; give it once for each
    .speaks = Which language you speak and read, as in es; give it once for each
    .neighborhood = Only in this neighborhood
help-for-duty = Say when hooks and notifications keep still, or see it
    .more = It stays on this device. Alerts are kept and shown all the same.
help-for-duty-on = Wake me for every alert
help-for-duty-off = Never wake me
help-for-duty-quiet = Do not wake me at these hours
    .hours = From and to, by the clock of this device, as in 22:00-07:00
help-for-report = Report a sighting to the coordinators
    .more =
        Asks for what is missing: how many, what they do, where, who they are, when, what they carry. Only the
        coordinators can read it. Without a relay it waits in the vault, exit code 7. What you typed and did not send is kept
        in the vault for 24 hours.
    .neighborhood = To whose coordinators
    .file = Read the report from a JSON file; - is standard input
    .kind = What happens, as in enforcement.checkpoint
    .source = Where it comes from: own-eyes, relayed, hotline-call, sms, web-form or partner-network
help-for-inbox = See what was reported, check it, and say what became of it
    .more =
        All coordinators of a neighborhood see what each of them does here. Notes, comments and callers never leave
        the desk. Nothing that nobody verified goes to responders, but a call to verify.
    .id = The report: its first four symbols or more
help-for-inbox-list = List the reports that are open
    .neighborhood = Only of this neighborhood
    .all = Also those that are closed, or shown with another
help-for-inbox-show = Show a report in full, and what was done with it
help-for-inbox-claim = Tell the other coordinators that you look at a report
help-for-inbox-release = Give a report back that you claimed
help-for-inbox-merge = Have two reports of one sighting shown as one
    .into = The report with which it is shown from here on
help-for-inbox-split = Undo a merge: the report stands by itself again
help-for-inbox-verify = Add how a sighting was checked, and what was found
    .outcome = What was found: verified, corroborated, unverified, not-found, false-alarm or withdrawn
    .by = How: on-site, photo, two-reports, call-back, trusted-reporter or official
    .certainty = How sure: observed, likely, possible or unlikely
help-for-inbox-dismiss = Close a report about which nothing is to be done
    .reason = Why, in a word, as in duplicate; more of it is asked for, or comes from a file
    .file = Read the reason from a file; - is standard input
help-for-inbox-debunk = Close a report that is not true
help-for-inbox-note = Add a note to a report, for the other coordinators
    .file = Read the note from a file; - is standard input
help-for-rights = Show what your rights are: a card of your network, or a sample
    .neighborhood = The cards of this neighborhood
help-for-rights-publish = Say cards of your own to everybody in a neighborhood, in place of what they see now
    .neighborhood = To whom
    .file = Read the cards from a JSON file, as in `cards` of rights --json; - is standard input
help-for-status = Show where this device stands
    .relay-sees = Say what the relay can observe
help-for-sync = Connect, send what waits, and fetch what is new
help-for-alert = Send alerts, sign those of others, and see who answers
    .ask = What people are asked to do, as in observe
    .certainty = How sure: observed, likely, possible or unlikely
    .dry-run = Show it as its readers would see it, and send nothing
    .expires = For how long it counts, as in 2h
    .id = The alert: its first four symbols or more
    .kind = What happens, as in enforcement.checkpoint
    .need = Who is needed, as in observer:4 or interpreter:es:1; give it once for each
    .severity = How grave: extreme, severe, moderate or minor
    .status = Whether it is meant in earnest: actual, exercise or test
    .urgency = How soon: immediate, expected, future or past
help-for-alert-send = Send an alert to a neighborhood
    .more =
        Asks for what is missing, shows the alert as its readers will see it, and asks before it goes. Texts and places
        are asked for, or come from a file: arguments end up in the shell's history. What you typed and did not send is
        kept in the vault for 24 hours.
    .neighborhood = To whom
    .file = Read the alert from a JSON file; - is standard input
    .from = Fill it in from a report that was verified: its first four symbols or more
    .template = Begin with this template
help-for-alert-sign = Add your signature to an alert that another coordinator sent
    .more =
        Fetches what is new, shows the alert as its readers see it, and asks. A coordinator counts once, whichever of
        their devices signs. Exit code 9 while more signatures are needed.
help-for-alert-update = Tell what has changed: the whole present state, with what you say anew
    .more = What you do not say stays as it is. Like the alert itself it needs as many signatures as the neighborhood asks for.
    .file = Read the alert from a JSON file; - is standard input
help-for-alert-cancel = Stand an alert down: say how it ended
    .more = It needs as many signatures as the neighborhood asks for. Until then it is shown beside the alert, which goes on.
    .outcome = How it ended, as in agents-left or resolved
    .file = Read more about it from a JSON file, as for an alert; - is standard input
help-for-alert-correct = Correct an alert that was wrong
    .more = Say what is true: in a file, or when asked. The text of the alert is not taken over.
    .file = Read the alert from a JSON file; - is standard input
help-for-alert-enough = Say that enough people come, in one role or in all
    .more = It is an update that asks for nobody more. It needs as many signatures as the alert.
    .id = The alert: its first four symbols or more
    .role = Only in this role, as in observer; else in all
    .dry-run = Show it as its readers would see it, and send nothing
help-for-alert-follow = See who has an alert, who comes, and what is still needed
    .wait-for = End once so many people are going or on scene
    .timeout = End after this time
help-for-alert-attend = Say that you take care of somebody who asked for help
    .more =
        The other coordinators see that you do, and whoever asked is told that you have seen it. The call stays in sight
        until they answer safe or leaving. Of somebody who was removed, and cannot, it ends the call for every coordinator.
    .handle = What they are called, or the first symbols of their id
help-for-alert-export = Write incidents that are over to a file that only you can read
    .more =
        csv: every field, a row an alert and a row a report, for yourself; reports that ended without an alert, too.
        geojson: rough places and codes, for maps. cap: CAP 1.2, a folder with a document for each alert. Without an id all
        incidents that are over.
    .id = The alerts: their first four symbols or more
    .format = csv, geojson or cap
    .out = Where to: what is there is never overwritten
help-for-alert-pending = List the alerts that wait for more signatures
help-for-alert-list = List alerts
    .all = Also those that have expired
help-for-template = Keep alerts that are half written, to be sent at night
    .name = Which
help-for-template-list = List your templates, those of the coordinators, and the samples that come with the program
help-for-template-show = Show a template as a file that can be changed
help-for-template-save = Keep an alert file as a template, in place of one of that name
    .name = What to call it
    .more =
        The other coordinators of your neighborhoods have it too, and anybody of them may change or remove it. Without a
        neighborhood to coordinate it stays in this vault.
    .file = Read it from a JSON file, as for an alert; - is standard input
    .neighborhood = Only for the coordinators of this neighborhood
    .private = Keep it in this vault only
help-for-template-remove = Remove a template, of yours or of the coordinators
help-for-stats = Count how the nights went: reports, how long checks took, false alarms
help-for-invite = Make invites, list and withdraw them
help-for-invite-new = Make an invite link
    .neighborhood = Into which neighborhood
    .role = As what: a coordinator may be granted rights by an admin
    .for = For whom: a note to the other coordinators
    .uses = How many people may use it
    .expires = For how long it is good
    .qr = Also draw the link as a QR code
    .qr-file = Draw the QR code into a file: SVG if it is named so, else text
    .out = Write the link into a file that only you can read
    .auto-approve = For somebody in front of you: the desk approves them itself within ten minutes
    .cards = Write so many numbered cards to print and hand over in person: one use each, approved by the desk itself
help-for-invite-list = List the invites that have not ended
help-for-invite-withdraw = End an invite
    .id = The invite: its first four symbols or more; with /7 after it, the seventh of its cards
help-for-member = Approve people, remove them, and see who is a member
help-for-member-pending = List who waits for approval, with the three words to read to them
help-for-member-approve = Approve people whose three words you heard
    .request = Their requests: the first four symbols or more of each; or the handle of somebody who is to be approved again
    .words = The three words that you heard from them
help-for-member-remove = Remove members, and give the others new keys
    .more =
        Who is removed reads nothing from the next epoch on, and keeps what their device has. One coordinator alone removes at
        most five people or a tenth in a day; what is beyond waits until another one removes the same people.
    .handle = Whom; - reads handles from standard input, one a line
    .file = Read handles from a file, one a line
    .neighborhood = From which neighborhood
    .reason = Why: coordinators can read it
help-for-member-list = List the members
help-for-member-show = Show one member
    .handle = Whom
help-for-rotate = Give a neighborhood new keys
    .neighborhood = Which neighborhood
help-for-desk = Keep the desk in order while it runs
    .once = Do what is due once, and end
help-for-network = Found a network
help-for-network-create = Found a network: admin key, first charter, and this device's own coordinator key
    .name = What the network is called
    .relay = The relay's URL, as in wss://relay.example.org/v1
    .relay-key = The relay's key, as its operator reads it to you
    .admission-token-file = A file with the relay's admission token
    .handle = What people call you
help-for-network-show = Show the network
help-for-neighborhood = Add neighborhoods, change, close and list them
    .name = Which neighborhood
    .out = Publish nothing: write a draft to this file
help-for-neighborhood-add = Add neighborhoods, with this device as their first coordinator
    .name = What they are called
    .quorum = How many coordinators must sign an alert; else one
    .below-quorum = What becomes of an alert with fewer: show it as signed, or hold it back; else it is shown
    .retention = How long the relay keeps records; else 72h
    .coordinator = Somebody who coordinates elsewhere, and these too; give it once for each
    .no-open = Leave it to another coordinator to open them
help-for-neighborhood-list = List the neighborhoods of the network
help-for-neighborhood-set = Change how a neighborhood works
    .quorum = How many coordinators must sign an alert
    .below-quorum = What becomes of an alert with fewer: show it as signed, or hold it back
    .retention = How long the relay keeps records
help-for-neighborhood-rename = Call a neighborhood otherwise
    .new = What it is to be called
help-for-neighborhood-close = Close a neighborhood for good: nothing is sent there any more
help-for-charter = See who may do what, grant it, and change it together with other admins
    .out = Publish nothing: write a draft to this file
help-for-charter-show = Show the newest charter
help-for-charter-history = List every version and what it changed
help-for-charter-grant = Grant somebody rights in a neighborhood
    .handle = Whom
    .neighborhood = Where
    .right = What: dispatch is to sign alerts, enroll to invite, approve and give new keys; give it once for each
    .until = Until when, as in 2027-01-31; else until the charter expires
help-for-charter-admin = Make an admin key, add admins and remove them
help-for-charter-admin-key = Make an admin key in this vault, without any network, and write its public half to a file
    .out = Where the public key goes; else to admin.key here
    .from-paper = Bring a key back from its 24 words, typed or piped
    .paper = Show the 24 words of a key that this vault has already
    .paper-file = Write the 24 words to a file that only you can read, and show them nowhere
help-for-charter-admin-add = Add admins by the files with their public keys
    .key_file = Their files
help-for-charter-admin-remove = Remove an admin
    .key = Their key: its first four symbols or more
help-for-charter-device = Let more of a coordinator's devices act for them, or fewer
help-for-charter-device-key = Write this device's charter key, its public half, to a file for an admin
    .out = Where it goes; else to device.key here
help-for-charter-device-add = Let one more device act for a coordinator, up to four
    .more =
        The device itself joins by a coordinator's invite, before or after this. It gets the coordinators' keys with the
        next new keys, and counts as the same person: the signatures of two devices of theirs are one for a quorum.
    .handle = For whom
    .key_file = The file with the device's key
help-for-charter-device-remove = Let a lost or replaced device act for a coordinator no longer
    .more =
        Nothing that its key does counts from the next new keys on, which the coordinators' devices give by themselves:
        it reads nothing of what follows. Whom it approved in the last 30 days waits until another device, of theirs or of
        another coordinator, runs member approve. The only device of a coordinator is not removed: that is watchfire charter revoke.
    .handle = For whom it acted
    .key = Its key: the first four symbols or more
help-for-charter-retire = End somebody's rights from now on; what they sent before stays valid
    .handle = Whose
    .neighborhood = Only in this neighborhood
help-for-charter-revoke = Take somebody's rights away, and trust nothing more that their keys do
    .handle = Whose
    .neighborhood = Only in this neighborhood
    .distrust-from = From which epoch on what they did counts no longer; else from the next one
help-for-charter-threshold = Set how many admins must sign a change
    .threshold = How many: more than half of them
    .restrict = How many must sign to silence a coordinator at once
help-for-charter-renew = Let the charter live on, and with it the rights that end when it does
    .for = For how long from now on
help-for-charter-relay = Add relays and remove them
help-for-charter-relay-add = Add a relay, or give one another URL
    .url = Its URL, as in wss://relay.example.org/v1
    .key = Its key, as its operator reads it to you
    .first = Members try it first
help-for-charter-relay-remove = Remove a relay
    .key = Its key: the first four symbols or more
help-for-charter-sign = Sign another admin's draft, after reading what it changes
    .file = The draft: the signature is added to it
help-for-charter-publish = Publish a draft that enough admins have signed
    .file = The draft
help-for-charter-export = Write every charter into a file, with the names that this vault knows
    .file = The file, which is not there yet
help-for-charter-import = Take charters out of a file, as if a relay had brought them
    .file = The file: one of charter export, or a draft
help-for-charter-verify = Judge the charters in a file, without a relay and without keeping anything
    .file = The file: one of charter export, or a draft
help-for-charter-accept-fork = Choose one of two charters that the admins signed for one version
    .hash = The one to stand by: the first four symbols of its hash or more
help-for-leave = Forget a neighborhood on this device, or all of them
    .neighborhood = Only this neighborhood
help-for-passphrase = Change the vault's passphrase
    .new-passphrase-file = Read the new passphrase from a file
help-for-wipe = Destroy the vault on this device
help-for-completions = Print completions for a shell
    .shell = Which shell
help-for-help = Print the help of a command
    .command = Which command, as in alert send

help-languages = Speak this language: { $languages }

## How a help is laid out.

help-usage = Usage:
help-commands = Commands
help-command = COMMAND
help-arguments = Arguments
help-options = Options
help-global-options = Global options
help-some-options = {"["}OPTIONS]
