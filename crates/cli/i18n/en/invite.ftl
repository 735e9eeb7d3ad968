### Invites and cards.

invite-out-qr-file = --out and --qr-file name the same file
invite-nothing-done-give = nothing was done; give two names
invite-invite-good-until = Invite { $short }, good until { $until }. Whoever has the link can ask to join: hand it to nobody else.
invite-they-run-desk = They run:  watchfire join. The desk approves them itself within ten minutes, while one runs:  watchfire desk
invite-they-run-read = They run:  watchfire join, and read three words to you. Then:  watchfire member pending
invite-cards-good-until =
    { $cards ->
        [one] { $cards } card
       *[other] { $cards } cards
    }, good until { $until }. Hand each to one person, face to face; whoever finds one can join by it.
    The desk approves who comes by a card itself, while one runs:  watchfire desk
    One is lost, say the seventh:  watchfire invite withdraw { $short }/7    All of them:  watchfire invite withdraw { $short }
    { $short } is the name of this batch; the number stands on each card.
invite-responder = responder
invite-coordinator = coordinator
invite-cards-used-withdrawn = { $short }  { $name }  { $cards } cards  used { $used } of { $uses }, { $withdrawn } withdrawn  until { $until }
invite-used-until = { $short }  { $name }  { $role }  { $whom }  used { $used } of { $uses }  until { $until }
invite-invite-open = No invite is open.
invite-card-ended-nobody = Card { $card } of { $short } has ended: nobody can join by it any more. Who joined by it stays a member.
invite-invite-ended-nobody = Invite { $short } has ended: nobody can join by it any more. Who joined by it stays a member.
invite-cards-ended-nobody = The { $cards } cards of { $short } have ended: nobody can join by them any more. Who joined by them stays a member.
invite-card-title = Card { $number } of { $of }
invite-card-use = To join, before { $until }: run  watchfire join  and type or scan the line above. For one person.
