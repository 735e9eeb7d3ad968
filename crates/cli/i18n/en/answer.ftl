### Answers to an alert.

answer-looks-like-names = `{ $text }` looks like it names one person. The coordinators will read it.
answer-sent = Answered { $short }: { $word }. Its coordinators can read that, other responders and the relay cannot.
answer-queued = Answer to { $short }: { $word }. No relay takes it now: it waits in the vault and goes with the next command that connects.
answer-help-sent =
    NOBODY HAS READ YET that you need help. The relay has it ({ $short }), and your coordinators see it when they look. Call somebody now: one of them, your buddy, whoever is near.
    {"  "}Whether somebody takes care of you:  watchfire show { $short }
    {"  "}Once you are safe:  watchfire answer { $short } safe
answer-help-again =
    { $seen } That you said it again is sent ({ $short }).
    {"  "}Once you are safe:  watchfire answer { $short } safe
answer-help-queued =
    NOT SENT YET: nobody knows that you need help. Call somebody now: a coordinator, your buddy, whoever is near.
    {"  "}No relay takes your answer to { $short } now. It waits in the vault and goes with the next command that connects.
answer-try-now = To try now:  watchfire sync
answer-eta-goes-going = --eta goes with `going` only
answer-known-reason = `{ $found }` is not a known reason
answer-not-one = `{ $found }` is not an answer that can be given
answer-nothing-sent-wanted = nothing was sent; wanted { $wanted }
answer-over = { $ended } Nobody needs to come. Answer so all the same?
answer-over-unsent = { $ended } Your answer was not sent.
answer-over-by-now = { $ended } It is over, and nobody needs to come. If you are out:  watchfire answer { $short } safe   (or leaving)
answer-help-stays = you asked for help, and this does not take it back: your coordinators go on looking for you until you say that you are safe:  watchfire answer { $short } safe
