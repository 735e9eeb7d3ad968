### Invitaciones y tarjetas.

invite-out-qr-file = --out y --qr-file nombran el mismo archivo
invite-nothing-done-give = no se hizo nada; dé dos nombres
invite-invite-good-until = Invitación { $short }, vale hasta el { $until }. Quien tenga el enlace puede pedir entrar: no se lo dé a nadie más.
invite-they-run-desk = La otra persona escribe:  watchfire join. La mesa la aprueba sola dentro de diez minutos, si está abierta:  watchfire desk
invite-they-run-read = La otra persona escribe:  watchfire join, y le lee tres palabras. Después:  watchfire member pending
invite-cards-good-until =
    { $cards ->
        [one] { $cards } tarjeta
       *[other] { $cards } tarjetas
    }, hasta el { $until }. Entregue cada una a una persona, cara a cara; quien encuentre una puede entrar con ella.
    La mesa aprueba sola a quien llegue con una tarjeta, si está abierta:  watchfire desk
    Si se pierde una, digamos la séptima:  watchfire invite withdraw { $short }/7    Todas:  watchfire invite withdraw { $short }
    { $short } es el nombre de este lote; el número está en cada tarjeta.
invite-responder = para responder
invite-coordinator = para coordinar
invite-cards-used-withdrawn = { $short }  { $name }  { $cards } tarjetas  usadas { $used } de { $uses }, { $withdrawn } retiradas  hasta el { $until }
invite-used-until = { $short }  { $name }  { $role }  { $whom }  usada { $used } de { $uses }  hasta el { $until }
invite-invite-open = No hay ninguna invitación abierta.
invite-card-ended-nobody = La tarjeta { $card } de { $short } terminó: ya nadie puede entrar con ella. Quien entró con ella sigue siendo integrante.
invite-invite-ended-nobody = La invitación { $short } terminó: ya nadie puede entrar con ella. Quien entró con ella sigue siendo integrante.
invite-cards-ended-nobody = Las { $cards } tarjetas de { $short } terminaron: ya nadie puede entrar con ellas. Quien entró con ellas sigue siendo integrante.
invite-card-title = Tarjeta { $number } de { $of }
invite-card-use = Para entrar, antes del { $until }: escriba  watchfire join  y copie o escanee la línea de arriba. Para una persona.
