### Sending an alert.

send-changed = What has changed?
send-moved-from = Has it moved? Where is it now? (Enter: still { $place })
send-moved = Where is it now? (Enter: not said, as before)
send-nothing-changed = nothing has changed
send-say-new-file = say what is new: --file, --need, --ask …
send-true = What is true?
send-correction-says-true = a correction says what is true
send-write-into-file = write it into a file: --file F
send-correction-text = nothing was sent; write what is true as `text` into the file, as in {"{"}"text":{"{"}"en":{"{"}"headline":"Not ICE: a film crew"{"}"}{"}"}{"}"}
send-stood-down-already = it was stood down already, by { $by }
send-corrected-already = it was corrected, by { $by }: nobody needs to come
send-corrected-already-hint = nothing was sent; if something is seen there now, send it as a new alert: watchfire alert send
send-corrected-before-end = it was corrected already, by { $by }: nobody needs to come, and people are told so. It stays shown as corrected.
send-another-replaced = { $by } said something else at { $at }: { $said } Yours took its place. To have both: watchfire alert update { $short } …
send-another-holds = { $by } said something else at { $at }: { $said } It took the place of yours. To have both: watchfire alert update { $short } …
send-status-stays = whether it is the real thing or a drill is not changed by an update
send-status-stays-hint = nothing was sent; end this one and send another: watchfire alert cancel … and watchfire alert send --status …
send-exact-goes = The place is another: an exact place that was said before is shown to nobody any more. Give the new one, if there is one.
send-nothing-sent-see = nothing was sent; see it: watchfire show { $short }
send-stand-down-waits = a stand-down of it waits for a signature already:  watchfire alert sign { $id }
send-who-is-out = Out for it by now: { $going } going, { $on_scene } on the scene. They are told how it ended, and asked to say that they are safe.
send-help-open = asking for help, and not safe yet: { $who }. That does not end with the alert:  watchfire alert attend { $short } HANDLE
send-how-end = How did it end?
send-what-end = In a few words, for everybody: what happened? (Enter to leave it out)

send-relay-answers-goes = no relay answers: this goes by what the vault held before
send-goes-everybody-relay = Goes to everybody in { $hood_name }. The relay cannot read it.
send-may-name-person = It may name a person or say where somebody lives. Send it as it is?
send-send = Send?
send-where-street-corner = Where? (street, corner, place)
send-seen-enter-skip = What is seen? (Enter to skip)
send-nothing-sent = Nothing was sent.
send-not-sent = not sent
send-no-outcome = how it ended was not said: nothing was sent
send-check-nobody = nobody has checked it yet
send-check-needed = That cannot be skipped: people come because somebody says that it is true. A number from the list, please.
send-check-call = What nobody has checked goes out as a call to verify it and as nothing else: it asks people to find out whether it is true, and lasts 30 minutes.
send-check-as-call = Make it a call to verify? (y/n)
send-check-unsaid = it does not say how this was checked, and everybody who reads it is told so. To say it: `verification` in the file, as in {"{"}"state":"verified","by":[{"{"}"handle":"Kai","method":"on-site","at":"2026-11-21T20:02:11Z"{"}"}]{"}"}
send-check-gone = Place or sighting is another: who checked the one before is taken out.
send-warning-looks-like = warning: `{ $text }` looks like { $what } ({ $field }). Callers and people detained are never named in an alert.
send-alert-signed-vault = the alert is signed and in the vault, and no relay takes it now{ $why }
send-write-again-try = do not write it again; to try now: watchfire sync
send-few-devices-connected = Few devices are connected at this moment; the others get it when they connect.
send-devices-more-connected =
    { $followers ->
        [one] { $followers } device or more is
       *[other] { $followers } devices or more are
    } connected; the others get it when they connect.
send-signed-accepted-relay = Signed as { $handle }. Accepted by the relay as { $short }. { $devices }
send-signed-sent-yet = Signed as { $handle }. NOT SENT YET. { $short } waits in the vault and goes with the next command that connects.
send-follow = Follow:  watchfire alert follow { $short }
send-nobody-asked = nobody is asked for
send-enough-already = there is enough of { $roles } already
send-role-not-asked = no { $roles } are asked for
send-others-needed = { $first }; others are still needed: { $needs }
send-kind-moved = What happens is another thing: { $is }, before { $was }.
send-end-moved = It expires { $is }, no longer { $was }.
send-headline-of = The first line was written for { $kind }: “{ $headline }”. Another one? (Enter to leave it)
send-headline-kept = the texts were written for { $kind }: look whether they still fit
send-where-exactly = Where exactly, for those who come? It is never in the alert. (Enter to skip)
send-who-needed = Who is needed? (a number, or as in observer:4, interpreter:es:1; Enter for nobody)
send-not-a-need = `{ $need }` cannot be read: a role and how many, as in observer:4 or interpreter:es:1
send-how-long = For how long does it count? (as in 90m or 2h; Enter for { $usual })
send-not-a-span = a time to come, as in 30m, 2h or 1d
send-texts-none = No text besides: everybody reads it in their own language, and names, places and what you typed as you typed it.
send-texts-in = Texts are in { $written }.
send-texts-all = Everybody here reads one of them.
send-texts-missing = Missing for people here: { $missing }. Coded parts everybody reads in their language.
send-texts-unsaid =
    { $unsaid ->
        [one] { $unsaid } of { $members } members has
       *[other] { $unsaid } of { $members } members have
    } not said what they read.
send-exact-kept = The exact place is not in it: only those who answer that they come are told.
send-template-where = say where: no template knows it
send-template-where-hint = nothing was sent; write `place` into a file, and give it with --file
send-texts-kept = The place is another. What the alert says is kept as it was.
send-mend = It stands here ({ $field }): { $before }
    `{ $piece }` looks like { $what }.
send-mend-anew = Without it (Enter to leave it):
send-pass-on = The same in one line, for people to pass on (Enter to skip)
send-untranslated = Missing: { $fields }. Who reads that language is shown it in another one.
send-who-else = Who else? (Enter for nobody)
send-need-language = In which language?
send-need-count = How many? (Enter for 1)
send-where-about = Where, for everybody? (a crossing or a street near the home, never its address)
send-exact-only = Only those who come learn where it is: for everybody else there is no more than the neighborhood. Better name a street or a crossing near it.
