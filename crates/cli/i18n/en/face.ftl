### An alert as people see it.

face-stood-down = {"   "}STOOD DOWN
face-stood-down-as = {"   "}STOOD DOWN: { $outcome }, { $at }
face-now-signed = { $first }  { $what }   now signed by { $signers }
face-nobody-sees-until = {"  "}Nobody sees it until enough coordinators have signed: { $have } of { $need } so far.
face-coordinators-signed = { $have } of { $need } coordinators have signed.
face-nobody-else-may = Nobody else may sign here: an admin must grant somebody `dispatch`.
face-can-sign = { $counted } { $who } can sign:  watchfire alert sign { $short }
face-drill-test = DRILL (TEST){"  "}
face-drill = DRILL{"  "}
face-asked = Asked of you: { $ask }.
face-needed = Needed: { $needs }.
face-about = About { $id }: { $outcome }.
face-about-only = About { $id }.
face-people =
    { $count ->
        [one] person
       *[other] people
    }
face-vehicles =
    { $count ->
        [one] vehicle
       *[other] vehicles
    }
face-police = police: { $role }
face-still = still there
face-longer = no longer there
face-seen = Seen: { $parts }.
face-most = at most { $max } { $what }
face-to = { $min } to { $max } { $what }
face-more = { $min } or more { $what }
face-nobody-detained = nobody detained
face-detained = { $count } detained
face-children = children are there
face-somebody-needs-medical = somebody needs medical help
face-they-speak = they speak { $spoken }
face-people-line = People: { $parts }.
face-signed = Signed by { $who }.
face-signed-expires = Signed by { $signers }.{ $checked } Expires { $at } ({ $ends }).
face-checked = {" "}Checked by { $by }.
face-vouched =
    {" "}{ $count ->
        [one] Sent by { $by }, who does not say how it was checked.
       *[other] Sent by { $by }, who do not say how it was checked.
    }
face-state-check = {" "}State of the check: { $state }.
face-stood-down-by = Stood down by { $who } { $at }: { $outcome }.
face-wants-stand-down = { $who } wants to stand it down ({ $id }: { $outcome }), with { $have } of { $need } signatures that count: it goes on.
face-updated-see = Updated by { $who } { $at }: see { $id }.
face-says-something-newer = { $who } says something newer ({ $id }), with { $have } of { $need } signatures that count.
face-corrected-by = Corrected by { $who } { $at }.
face-corrected-see = Corrected by { $who } { $at }: see { $id }.
face-says-wrong-signatures = { $who } says that it is wrong ({ $id }), with { $have } of { $need } signatures that count.
face-updated-times = { $updates ->
        [one] { $kind }, updated
       *[other] { $kind }, updated { $updates } times
    }
face-enough = Enough: { $roles }.
face-exact-place = Exactly: { $place }
face-predecessor-missing = An earlier part of this has not come.
face-place = Place: { $parts }.
face-label-stand-down = STAND-DOWN, { $label }
face-label-correction = CORRECTION, { $label }
face-was-not-so = This was not so. Nobody needs to come.
face-put-right = What was said before was wrong, and is put right here. Nobody needs to come.
face-corrected = {"   "}CORRECTED
face-not-true = {"   "}NOT TRUE
face-expired = {"   "}EXPIRED
face-urgency = urgency: { $urgency }
face-severity = severity: { $severity }
face-certainty = certainty: { $certainty }
face-in-language = (in { $spoken }) { $text }
face-answered = You answered: { $word } ({ $at }).
face-answered-eta = You answered: { $word } ({ $at }), arriving about { $arrival }.
face-answer-waits = It waits on this device until a relay takes it.
face-attended = { $by } has seen that you asked for help ({ $at }) and takes care of it.
face-over-going = You said that you would come. It is over: tell them that you are safe:  watchfire answer { $short } safe
face-over-on-scene = You said that you were there. It is over: tell them that you are safe:  watchfire answer { $short } safe
face-over-help = You asked for help. That does not end with the alert: your coordinators see it until you say that you are safe:  watchfire answer { $short } safe
face-stand-down = { $what } ({ $outcome }), by { $who }
face-before = Before:
face-line-before = { $at }: { $what } (signed by { $who })
