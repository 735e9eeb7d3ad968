### Lo que el cliente dice con sus propias palabras.

## What the client says in words of its own: found by the English text, which is that of the client.

phrase-approve = aprobar integrantes
phrase-approve-here = aprobar integrantes aquí
phrase-coordinate = coordinar
phrase-change-roster = cambiar la lista de integrantes
phrase-withdraw-here = retirar invitaciones de este vecindario
phrase-invite = invitar
phrase-invite-here = invitar a este vecindario
phrase-desk = atender una mesa de coordinación
phrase-open-epoch = abrir una época
phrase-open-epoch-here = abrir una época aquí
phrase-open-without-roster = abrir una época: no tiene la lista de integrantes
phrase-approve-own-again = aprobar otra vez a quien aprobó ella misma
phrase-add-slots = agregar ranuras
phrase-remove = quitar integrantes
phrase-remove-here = quitar integrantes aquí
phrase-remove-self = nadie se quita a sí mismo: puede hacerlo otra persona de coordinación, o salga usted
phrase-nobody-left = no quedaría nadie que pueda aprobar personas: primero dé ese permiso a alguien
phrase-other-epoch = su época es otra con el mismo número: la próxima orden de quien coordina abre una después de ambas
phrase-see-answers = ver las respuestas de este vecindario
phrase-see-invites = ver las invitaciones
phrase-see-invites-here = ver las invitaciones de este vecindario
phrase-see-members = ver a sus integrantes
phrase-see-members-here = ver a integrantes de este vecindario
phrase-see-waiting = ver quién espera aprobación
phrase-see-waiting-here = ver quién espera aprobación en este vecindario
phrase-send = enviar alertas
phrase-send-here = enviar alertas aquí
phrase-send-hood = enviar alertas a este vecindario
phrase-sign-here = firmar alertas de este vecindario
phrase-work-at-desk = atender la mesa de este vecindario
phrase-about-another = esa termina o corrige otra alerta: nombre la alerta de la que trata
phrase-withdraw = retirar invitaciones
phrase-write-channel = escribir en este canal
phrase-which-right = diga qué permiso: --right dispatch, --right enroll
phrase-name-taken = ya hay otro vecindario que se llama así
phrase-who-coordinates = diga quién lo coordina, porque este equipo no: --coordinator NOMBRE
phrase-auto-approve-one = --auto-approve es para una sola persona que responde: un uso
phrase-member-already = esta bóveda ya es integrante de ese vecindario
phrase-several-neighborhoods = esta bóveda conoce varios vecindarios: diga cuál con --neighborhood
phrase-not-approved-yet = todavía sin aprobar: repita la misma orden más tarde
phrase-unknown-network = no conoce la red de este enlace
phrase-no-announcement = no muestra ningún anuncio de época
phrase-no-charter = no muestra ningún estatuto
phrase-announcements-elsewhere = sus anuncios no llevan al actual
phrase-announcements-order = sus anuncios no están en orden
phrase-announcements-many = muestra más anuncios de los que un vecindario puede tener
phrase-charters-many = muestra más estatutos de los que una red puede tener
phrase-restrictions-many = muestra más restricciones de las que puede haber
phrase-no-such-neighborhood = su estatuto no tiene el vecindario que nombra el enlace
phrase-other-charter-link = su estatuto no es el que nombra el enlace
phrase-epoch-before-request = su época es anterior a la de la solicitud
phrase-epoch-ahead = su época está demasiado adelante
phrase-no-epoch-yet = el vecindario no tiene época todavía; pruebe más tarde
phrase-request-epoch = la solicitud nombra una época que aún no está aquí
phrase-other-answers = el retransmisor de { $url } responde a otras preguntas
phrase-other-protocol = el retransmisor de { $url } habla otro protocolo
phrase-announcement-refused = se rechazó su anuncio: { $error }
phrase-announcement-charter = su anuncio nombra un estatuto que no muestra
phrase-announcement-signer = su anuncio lo firmó alguien a quien el estatuto no deja abrir épocas
phrase-announcement-malformed = un anuncio suyo no se puede leer ({ $error })
phrase-charter-malformed = un estatuto suyo no se puede leer ({ $error })
phrase-restriction-malformed = una restricción suya no se puede leer ({ $error })
phrase-nothing-listens = allí nadie escucha
phrase-no-way = no hay camino hasta él
phrase-hung-up = colgó
phrase-no-answer = no contesta
phrase-sends-too-much = el retransmisor envía más de lo que se puede leer
phrase-invite-terms = una invitación tiene de 1 a { $uses } usos y vale de un minuto a 30 días
phrase-card-terms = son de 1 a { $cards } tarjetas, y valen de un minuto a 30 días
phrase-joined-as-responder = `{ $handle }` entró para responder: invite a esa persona con `watchfire invite new --role coordinator`
phrase-alert-lifetime = una alerta aquí vence a lo sumo a las { $hours } horas, lo que el vecindario guarda sus registros
phrase-call-lifetime = un pedido de verificar vence a más tardar a los 30 minutos
phrase-reason-length = un motivo tiene a lo sumo { $most } bytes
phrase-name-length = { $what }: de 1 a { $most } bytes, sin caracteres de control ni invisibles
phrase-more-symbols = escriba al menos { $least } símbolos del identificador, no `{ $found }`
phrase-too-long-a-time = el retransmisor tarda demasiado
phrase-not-sent = no se envió
phrase-gone-silent = el retransmisor dejó de contestar
phrase-relay-closed = el retransmisor la cerró
phrase-log-endless = su registro no termina
phrase-approval-late = la aprobación no llegó
phrase-alert-late = la alerta no llegó

## Things that are not found, or not told apart.

phrase-alert = alerta
phrase-card = tarjeta
phrase-invite-thing = invitación
phrase-member = integrante
phrase-request = solicitud
phrase-report = reporte
phrase-fork-charter = estatuto en una bifurcación
phrase-coordinator = persona de coordinación
phrase-admin = clave de administración
phrase-device = clave de equipo
phrase-relay = retransmisor
phrase-network-to-confirm = red por confirmar
phrase-join-request-for = solicitud de ingreso para
phrase-invite-of = la invitación de
phrase-invite-of-request = la invitación de

## Lists of codes.

phrase-list-status = estado
phrase-list-msg-type = tipo de mensaje
phrase-list-urgency = urgencia
phrase-list-severity = gravedad
phrase-list-certainty = certeza
phrase-list-verification-state = estado de la comprobación
phrase-list-method = método
phrase-list-ask = petición
phrase-list-outcome = desenlace
phrase-list-kind = clase de suceso
phrase-list-activity = actividad
phrase-list-place-type = tipo de lugar
phrase-list-agency = agencia
phrase-list-police-role = papel de la policía
phrase-list-conduct = conducta
phrase-list-source = fuente
phrase-list-strength = solidez
phrase-list-answer = respuesta
phrase-list-reason = motivo
phrase-list-role = tarea

## What a field should say.

phrase-who-checked = quién comprobó
phrase-type-text-point = un tipo, un texto o un punto
phrase-headline = un titular
phrase-template = plantilla
phrase-expired-before = una alerta que vence antes de enviarse no llega a nadie
