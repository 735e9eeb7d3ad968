### Who has an alert, and who comes.

follow-people-going-scene = The time is over: { $coming } of { $wanted } people are going or on scene
follow-alert-goes-look = the alert goes on; look again with the same command
follow-not-read = {"  "}No relay is read yet: newer answers may be missing.
follow-nothing-known = No relay is read yet: who has it, and who comes, is not known yet.
follow-received-going-scene = received { $received }   going { $going }   on scene { $on_scene }   cannot { $cannot }
follow-of = {"  "}{ $wanted }: { $met } of { $count }
follow-who-comes = {"  "}Who comes: { $coming }
follow-either = { $count ->
        [one] {"  "}{ $who } can do more than one of these, and counts for one need only.
       *[other] {"  "}{ $who } can do more than one of these, and each counts for one need only.
    }
follow-who-speaks = {"  "}They speak: { $spoken }
follow-arrives = { $minutes } min, { $at }
follow-closed-queued = It is over on this device only: what says so waits to be sent, and nobody knows of it.  watchfire sync
follow-closed-unconnected = It is over. No relay is reached yet: newer answers may be missing.
follow-closed-nobody-out = It is over. Nobody said that they were out.
follow-closed-all-safe = It is over. Everybody who was out has said that they are safe or have left.
follow-closed-check-out = { $count ->
        [one] It is over. Not heard from yet: { $who }. Ask for them.
       *[other] It is over. Not heard from yet: { $who }. Ask for each of them.
    }
follow-asks-for-help = {"  "}ASKING FOR HELP since { $at }: { $who }
follow-help-attended = {"  "}ASKING FOR HELP since { $at }: { $who } ({ $by } takes care of them since { $seen })
