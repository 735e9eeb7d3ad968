### Entrar a una red y confirmarla.

join-request-waits-made = la solicitud pendiente se hizo antes: no lleva --role ni --speaks
join-going-request-waits = Se sigue con la solicitud pendiente. Para entrar a otro vecindario:  watchfire join --link-file ARCHIVO
join-once-approved-simply = Cuando le aprueben:  watchfire join --wait, o simplemente  watchfire watch
join-link-needs-words = Este enlace no necesita palabras, porque se entrega en mano. ¿Se lo dio alguien en persona? [s/N]
join-invite-link = El enlace de invitación:
join-invite-link-needed = para entrar hace falta un enlace de invitación
join-give-file-link = póngalo en un archivo: --link-file ARCHIVO
join-member = Ya es integrante de { $names }.
join-languages-tag = `{ $found }` no es la etiqueta de un idioma
join-nothing-done-wanted = no se hizo nada; se espera una etiqueta como `es`, `en` o `es-MX`
join-nothing-done-give = no se hizo nada; dé lo que más importe
join-known-role = `{ $found }` no es una tarea conocida
join-wanted-role = no se hizo nada; se espera { $wanted }
join-shall-people-call = ¿Cómo quiere que le llamen? Su nombre completo no: (Intro: responder)
join-asked-join-words = Solicitud enviada. No hacen falta palabras: el enlace se entregó en persona.
join-read-these-three =
    Lea estas tres palabras en voz alta a quien coordina:

    {"    "}{ $words }
    {""}
join-they-read-three =
    Le leerán tres palabras de vuelta. Después:  watchfire confirm
    Solo ahí pueden leer su solicitud; el retransmisor ve que alguien usó una invitación.
join-member-coordinators-know = Ya es integrante de `{ $name }`. Quienes coordinan conocen su apodo; los demás no.
join-next = Siguiente:  watchfire watch
join-next-three-words = Siguiente:  watchfire watch y, con las tres palabras que oiga:  watchfire confirm
join-three-words-coordinator = Las tres palabras que le leyó quien coordina:
join-three-words-needed = para confirmar hacen falta tres palabras
join-give-those-heard = dé las que oyó: --words "…"
join-network-waits-confirmed = ninguna red espera confirmación
join-confirmed-before = ya se confirmó antes, o bien:  watchfire join
join-these-words-belong = estas no son las palabras de su solicitud
join-hear-them-again = óigalas otra vez. Si siguen sin coincidir, puede ser la red de otra gente: avise a quien le invitó
join-confirmed-network-person = Confirmado: esta es la red de la persona con quien habló. Sus alertas pueden ser VERIFICADAS.
join-next-wait = Siguiente:  watchfire join --wait
join-say-languages = Todavía nadie sabe qué idiomas lee usted. Cuando sea miembro, dígalo:  watchfire profile --speaks es
join-too-much-offered = se pueden ofrecer a lo sumo { $roles } tareas y { $languages } idiomas
