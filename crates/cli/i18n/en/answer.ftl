### Answers to an alert.

answer-looks-like-names = `{ $text }` looks like it names one person. The coordinators will read it.
answer-answered-coordinators-can = Answered { $short }: { $word }. Its coordinators can read that, other responders and the relay cannot.
answer-answer-relay-takes = Answer to { $short }: { $word }. No relay takes it now: it waits in the vault and goes with the next command that connects.
answer-try-now = To try now:  watchfire sync
answer-eta-goes-going = --eta goes with `going` only
answer-known-reason = `{ $found }` is not a known reason
answer-answer-can-given = `{ $found }` is not an answer that can be given
answer-nothing-sent-wanted = nothing was sent; wanted { $wanted }
