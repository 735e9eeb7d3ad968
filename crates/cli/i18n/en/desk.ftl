### The desk.

desk-keeping-desk-ctrl = Keeping the desk of { $names }. Ctrl-C ends it.
desk-desk-kept-any = The desk of `{ $name }` is not kept any more; the others are.
desk-keeping-desk-too = Keeping the desk of `{ $shown }` too.
desk-epoch-open = { $hood }: epoch { $epoch } is open
desk-member = { $hood }: { $handle } is a member
desk-waits-approval = { $hood }: { $handle } waits for approval:  watchfire member pending
desk-removal-waits-another = { $hood }: the removal of { $handle } by { $by } waits for another coordinator:  watchfire member pending
desk-order-members =
    { $hood }: in order, { $members ->
        [one] { $members } member.
       *[other] { $members } members.
    }
desk-gone = { $hood }: { $handle } is no member any more
desk-suspended = { $hood }: { $handle } gets no new keys, because whoever approved them was revoked. If you know them, approve them again: watchfire member approve { $handle }
desk-needs-you =
    { $hood }: { $members ->
        [one] { $members } member
       *[other] { $members } members
    }; { $open ->
        [one] one thing needs you
       *[other] { $open } things need you
    }: see above.
desk-call-for-help = HELP: { $who } asked for help in { $hood } ({ $at }) and has not said since that they are safe:  watchfire alert follow { $short }
desk-call-in-drill = HELP (in answer to a DRILL): { $who } asked for help in { $hood } ({ $at }) and has not said since that they are safe:  watchfire alert follow { $short }
desk-untrue = NOT TRUE? { $by } checked report { $report } in { $hood } ({ $at }) and found: { $found }. Alert { $short }, made of it, is still out:  watchfire alert correct { $short }
desk-removed = { $who } (removed { $at })
desk-call-more =
    {"  "}They asked in answer to { $count ->
        [one] another alert too.
       *[other] { $count } other alerts too.
    }
desk-call-of-removed = {"  "}They were removed, and cannot say that they are safe. Once you know how they are, this ends the line for every coordinator:  watchfire alert attend { $short } { $who }
desk-attended = {"  "}{ $by } takes care of them since { $at }.
desk-attended-here = {"  "}You take care of them since { $at }.
desk-unattended = {"  "}Nobody has said that they take care of them. If you do:  watchfire alert attend { $short } { $who }
desk-attend-told = The other coordinators of { $hood } see it, and { $who } is told. It stays in sight until { $who } answers safe or leaving.
desk-attend-ended = The calls for help of { $who } are closed for every coordinator of { $hood }. Nobody else is told.
desk-attend-ended-waits = That the calls for help of { $who } are closed waits on this device until a relay takes it. Until then the other coordinators of { $hood } go on seeing them.
desk-attend-waits = That you take care of { $who } waits on this device until a relay takes it. Until then nobody in { $hood } sees it.
desk-attend-take-over = { $by } takes care of { $who }, since { $span }. Go on, and take it from them?
desk-attended-already = { $by } takes care of { $who } already, since { $span }
desk-attended-hint = nothing was changed; talk to them, or take it over: watchfire alert attend { $alert } { $who } --yes
desk-find-call = see who asks for help: watchfire status; fetch what is new: watchfire sync
