### Integrantes: aprobar y mostrar.

member-speak-each-them = Hable con cada persona. Primero oiga sus tres palabras:  watchfire member approve SOLICITUD, y después lea las suyas.
member-nobody-waits-approval = Nadie espera aprobación.
member-responder = para responder
member-coordinator = PARA COORDINAR
member-asked-read-them =
    { $id }  { $handle }  { $hood }  { $role }  pidió entrar { $when }
    {"  "}léale:  { $words }
member-approved-already = { $handle } ya es miembro de { $name }: no quedaba nada por hacer.
member-approved-somebody-revoked = { $handle }  { $hood }  aprobación del { $since } por alguien a quien se revocó. Si conoce a esa persona:  watchfire member approve "{ $handle }"
member-words-those-one = --words son las de una persona, y se dieron varias solicitudes
member-approve-one-after = apruebe una después de otra
member-member-can-read =
    { $handle } ya es integrante de `{ $name }` y puede leer sus alertas desde ahora, y ninguna anterior.
    Léale:  { $words }
member-they-came-coordinators = Llegó con una invitación para coordinar. Administración le da permisos:  watchfire charter grant "{ $handle }" --right dispatch --right enroll
member-know-vouch-them = ¿Conoce a { $handle } y responde por esa persona en `{ $shown }`?
member-approved-again-gets = { $handle } tiene otra vez aprobación en `{ $shown }` y recibe sus claves en la próxima conexión.
member-three-words-read = ¿Qué tres palabras le lee { $handle }?
member-nobody-approved-newcomers = no se aprobó a nadie: hacen falta las tres palabras de quien llega
member-give-those-heard = dé las que oyó: --words "…"
member-coordinator-2 = coordina
member-responder-2 = responde
member-since = { $handle }  { $hood }  { $role }  desde el { $since }
