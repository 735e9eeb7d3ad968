### Members: approving and showing them.

member-speak-each-them = Speak with each of them. Hear their three words first:  watchfire member approve REQUEST, then read them yours.
member-nobody-waits-approval = Nobody waits for approval.
member-responder = responder
member-coordinator = COORDINATOR
member-asked-read-them =
    { $id }  { $handle }  { $hood }  { $role }  asked { $when }
    {"  "}read to them:  { $words }
member-approved-already = { $handle } is a member of { $name } already: nothing was left to do.
member-approved-somebody-revoked = { $handle }  { $hood }  approved on { $since } by somebody who is revoked now. If you know them:  watchfire member approve "{ $handle }"
member-words-those-one = --words are those of one person, and several requests were given
member-approve-one-after = approve one after the other
member-member-can-read =
    { $handle } is a member of `{ $name }` and can read its alerts from now on, and none from before.
    Read to them:  { $words }
member-they-came-coordinators = They came by a coordinator's invite. An admin grants them rights:  watchfire charter grant "{ $handle }" --right dispatch --right enroll
member-know-vouch-them = Do you know { $handle }, and do you vouch for them in `{ $shown }`?
member-approved-again-gets = { $handle } is approved again in `{ $shown }` and gets its keys at the next connection.
member-three-words-read = Which three words does { $handle } read to you?
member-nobody-approved-newcomers = nobody was approved: the newcomer's three words are needed
member-give-those-heard = give those that you heard: --words "…"
member-coordinator-2 = coordinator
member-responder-2 = responder
member-since = { $handle }  { $hood }  { $role }  since { $since }
