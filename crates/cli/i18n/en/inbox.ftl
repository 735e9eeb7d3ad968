### The desk: reports, and what coordinators do with them.

# What is refused there, and what to do instead.
inbox-claimed-already = report { $report } was claimed by { $by }, { $span } ago
inbox-claimed-hint = nothing was changed; talk to them, or take it over: watchfire inbox claim { $report } --yes
inbox-not-yours = you did not claim report { $report }
inbox-not-yours-hint = nothing was changed; see who has it: watchfire inbox show { $report }
inbox-merged-already = report { $report } was merged into { $into }
inbox-merged-hint = nothing was changed; go on with the other one: watchfire inbox show { $into }. If they are not of one sighting: watchfire inbox split { $report }
inbox-not-merged = report { $report } is merged into no other
inbox-into-closed = report { $into } is closed: what is merged into it disappears with it
inbox-into-closed-hint = nothing was changed; merge the other way: watchfire inbox merge { $into } { $report }. Or, if it goes on, open that one first: watchfire inbox claim { $into } --yes
inbox-into-false = report { $into } was found not to be so: what is merged into it disappears with it
inbox-into-false-hint = nothing was changed; look into this one by itself: watchfire inbox claim { $report }. If it is seen there now, check that one anew first: watchfire inbox verify { $into } --outcome verified --by METHOD
inbox-same = both are report { $report }, or are shown with it already
inbox-elsewhere = the two reports are of different neighborhoods
inbox-list-hint = nothing was changed; see all of them: watchfire inbox list --all
inbox-closed-already = report { $report } is closed
inbox-closed-hint = nothing was changed; to open it again: watchfire inbox claim { $report }
inbox-one-source = report { $report } has one source, and two-reports takes two
inbox-one-source-hint = nothing was changed; merge the other report into it first: watchfire inbox merge OTHER { $report }
inbox-not-verified = nobody has verified report { $report }: nothing unverified goes to responders
inbox-not-verified-hint = nothing was sent; ask them to verify it: --ask verify. Or verify it: watchfire inbox verify { $report } --outcome verified --by METHOD
inbox-found-false = { $by } checked report { $report } and found: { $outcome }
inbox-made-of-untrue = alert { $short } was made of report { $report }, and { $by } checked that since ({ $at }) and found: { $found }
inbox-made-of-untrue-hint = nothing was sent or signed; say that it is not so: watchfire alert correct { $short }, or end it: watchfire alert cancel { $short }. If it is seen there now, check it anew: watchfire inbox verify { $report } --outcome verified --by METHOD
inbox-taken-back = alert { $alert }, made of report { $report }, was taken back { $span } by { $by }: it was not so
inbox-check-anew-hint = nothing was sent; if it is seen there now, check it anew: watchfire inbox verify { $report } --outcome verified --by METHOD
inbox-find-hint = see all of them: watchfire inbox list --all; fetch what is new: watchfire sync

# Lists.
inbox-dropped = { $author } sent more reports in { $hood } than this device keeps of one person: { $count ->
    [one] the oldest is gone
   *[other] the oldest { $count } are gone
}
inbox-empty = No report is open.
inbox-list-next = In full: watchfire inbox show { $short }. To look into it: watchfire inbox claim { $short }
inbox-not-sent-yet = (not sent yet)
inbox-is-open = open
inbox-is-claimed = claimed by { $by }, { $span }
inbox-is-yours = yours, { $span }
inbox-is-merged = merged into { $into }
inbox-is-dismissed = dismissed
inbox-is-not-true = NOT TRUE
inbox-is-over = its alert was stood down
inbox-is-debunked = debunked
inbox-beside = Beside it: { $first }
inbox-beside-unchecked = Beside it, merged after the check and not checked: { $first }
inbox-where = Place: { $parts }.
inbox-source = Source: { $source }.
inbox-caller = Caller: { $caller } (never leaves the desk)
inbox-check = Checked: { $outcome }, by { $by } ({ $method }{ $sure }, { $at }).
inbox-check-overturned = Checked: { $outcome }, by { $by } ({ $method }{ $sure }, { $at }). OVERTURNED since.
inbox-note = Note by { $by }, { $at }: { $text }
inbox-was-dismissed = Dismissed by { $by }, { $at }: { $reason }
inbox-was-debunked = Debunked by { $by }, { $at }.
inbox-alert = Alert made of it: { $alert }, by { $by }, { $at }.
inbox-alert-over = Alert made of it: { $alert }, by { $by }, { $at }. It is over.
inbox-alert-taken-back = Alert made of it: { $alert }, by { $by }, { $at }. NOT TRUE: taken back by { $who }, { $since }.

# What is asked.
inbox-open-again = Report { $short } is closed. Open it again and claim it?
inbox-take-over = Report { $short } was claimed by { $by }, { $span } ago. Go on, and take it from them?
inbox-verify-old = { $old } Say all the same that it is true?
inbox-debunk-verified = { $by } verified { $short }. Say all the same that it is not true?
inbox-somebody-has = { $by } has { $short }: tell them what you found
inbox-which-outcome = What was found?
inbox-which-method = How was it checked?
inbox-why = Why? (Enter to say nothing)
inbox-which-note = Note, for the other coordinators:
inbox-no-note = a note says something
inbox-write-into-file = write it into a file: --file F
inbox-no-answer = `{ $question }` was not answered: nothing was changed
inbox-say-which = say { $flag }: one of { $codes }
inbox-no-such-code = `{ $typed }` is none of { $codes }
inbox-code-meant = there is no `{ $typed }` here: did you mean { $codes }?
inbox-reason-in-history = the reason is in the shell's history now; leave --reason out to be asked for it, or use --file

# What was done.
inbox-claimed = { $short } is yours.
inbox-released = { $short } was given back.
inbox-merged = The other report is shown with { $short } from here on; both are kept.
inbox-split = { $short } stands by itself again.
inbox-checked = { $short }: { $state }.
inbox-dismissed = { $short } was dismissed.
inbox-debunked = { $short } was debunked.
inbox-noted = The note stands beside { $short }.
inbox-readers = The coordinators of { $hood } see it, and nobody else.
inbox-waits = { $short }: that waits on this device until a relay takes it. Until then the other coordinators of { $hood } do not see it.
inbox-queued = it is in the vault, and no relay takes it now: { $why }
inbox-queued-hint = do not do it again; to try now: watchfire sync

# What to do next.
inbox-next-open = Next: watchfire inbox claim { $short }
inbox-next-claimed = Next: watchfire inbox verify { $short } --outcome verified --by METHOD; or have others look: watchfire alert send --from { $short } --ask verify
inbox-next-verified = Next: watchfire alert send --from { $short }
inbox-next-untrue = Next: watchfire inbox debunk { $short }
inbox-next-taken-back = { $alert } was made of it and taken back: it was not so. Next: watchfire inbox debunk { $short }; or, if it was seen after that: watchfire inbox verify { $short } --outcome verified --by METHOD
inbox-next-made = To say more of it: watchfire alert update { $alert }
inbox-next-over = { $alert }, which was made of it, is over. What is seen there now is a new report: watchfire report
inbox-next-called = { $alert } asks people to look. Next, when it was checked: watchfire inbox verify { $short } --outcome verified --by METHOD
inbox-next-unchecked = What was merged after the check goes into no alert until it is checked too: watchfire inbox verify { $short } --outcome verified --by METHOD. Without it: watchfire alert send --from { $short }
inbox-next-merged = Go on with the other one: watchfire inbox show { $into }. If they are not of one sighting: watchfire inbox split { $short }
inbox-next-closed = To open it again: watchfire inbox claim { $short }
inbox-next-correct = Responders were told of it. Next: watchfire alert correct { $alert }
inbox-next-debunked = If people have heard of it: watchfire alert send --neighborhood "{ $hood }" --kind rumor.debunk
inbox-new = { $hood }: new report  { $line }
inbox-new-next = In full: watchfire inbox show { $short }

# An alert that is made of a report.
inbox-of-another = report { $short } is of { $hood }: leave --neighborhood out
inbox-alert-not-noted = the alert is out; that it was made of this report is not noted at the desk: { $why }
inbox-stays = Comments and callers stay at the desk: nothing of them is in the alert.
inbox-was-doubted = { $by } found { $at }: { $outcome }. A later check says otherwise, and only checks since then are in the alert.
inbox-left-out =
    { $count ->
        [one] a report was shown with { $short } after it was checked, and nothing of it is in the alert. If it was checked too, say so first
       *[other] { $count } reports were shown with { $short } after it was checked, and nothing of them is in the alert. If they were checked too, say so first
    }:  watchfire inbox verify { $short }
inbox-from-merged = From report { $report } by { $by }: { $fields }.
inbox-from-people = the people who need help
inbox-from-still-there = whether it is still there
inbox-made-already = { $by } made alert { $alert } of report { $short }, { $span }
inbox-made-and-over = { $by } made alert { $alert } of report { $short }, { $span }, and it is over
inbox-takes-place = It takes the place of the call to verify ({ $alert }): people see one alert.
inbox-made-hint = nothing was sent; to say more of it: watchfire alert update { $alert }. A second alert of it is sent by somebody who is asked, whatever --yes says
inbox-made-hint-over = nothing was sent; see it: watchfire show { $alert }. What is seen there now is a new report: watchfire report. A second alert of this one is sent by somebody who is asked, whatever --yes says
inbox-made-another = Send another alert of it all the same?
inbox-made-two = { $already }: two alerts of one sighting are out, and yours is { $own }. Agree which one goes on:  watchfire show { $other }
inbox-merge-different = { $short } and { $into } may not be of one sighting: { $differences }. Put them together all the same?
inbox-merge-kinds = one says { $one }, the other { $other }
inbox-merge-apart = they are { $span } apart
inbox-merge-far = their coordinates are { $metres } m apart
