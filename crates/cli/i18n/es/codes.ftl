### Palabras para los códigos de alertas, respuestas y reportes: `lista-código`, con `_` por un punto.

code-unknown = no se sabe

## status

status-actual = real
status-exercise = simulacro
status-test = prueba

## msg-type

msg-type-alert = alerta
msg-type-update = actualización
msg-type-cancel = fin de la alerta
msg-type-correction = corrección

## urgency

urgency-immediate = inmediata
urgency-expected = se espera pronto
urgency-future = más adelante
urgency-past = ya pasó

## severity

severity-extreme = extrema
severity-severe = grave
severity-moderate = moderada
severity-minor = leve

## certainty

certainty-observed = observado
certainty-likely = probable
certainty-possible = posible
certainty-unlikely = poco probable

## verification-state

verification-state-verified = verificado
verification-state-corroborated = corroborado
verification-state-unverified = sin verificar
verification-state-not-found = se buscó y no se encontró
verification-state-false-alarm = falsa alarma
verification-state-withdrawn = retirado

## method

method-on-site = en persona
method-photo = por foto
method-two-reports = por dos reportes independientes
method-call-back = por llamada de regreso
method-trusted-reporter = por alguien de confianza
method-official = por fuente oficial

## ask

ask-observe = observar
ask-verify = ir a ver si es cierto
ask-standby = estar en espera
ask-support = venir a apoyar
ask-stay-in = quedarse adentro
ask-leave = salir de la zona
ask-avoid = evitar la zona
ask-monitor = mantenerse al tanto
ask-all-clear = ya pasó el peligro
ask-none = nada

## outcome

outcome-resolved = resuelto
outcome-agents-left = los agentes se fueron
outcome-person-detained = detuvieron a alguien
outcome-person-released = soltaron a alguien
outcome-not-enforcement = no era un operativo
outcome-never-found = nunca se encontró
outcome-handed-off = lo atiende alguien más
outcome-other = otro desenlace

## kind

kind-enforcement_raid = redada
kind-enforcement_checkpoint = retén
kind-enforcement_public-place = agentes en un lugar público
kind-enforcement_targeted = agentes buscan a una persona
kind-enforcement_traffic-stop = parada de tránsito
kind-enforcement_workplace = redada en un lugar de trabajo
kind-enforcement_home = agentes en una casa
kind-enforcement_courthouse = agentes en un juzgado
kind-enforcement_probation = agentes en una oficina de libertad condicional
kind-enforcement_jail-transfer = traslado desde una cárcel
kind-enforcement_custody-request = solicitud de retener a alguien
kind-enforcement_transit = agentes en el transporte público
kind-enforcement_joint-operation = operativo conjunto de agencias
kind-enforcement_other = otro operativo
kind-support_release = salida de detención
kind-support_family = apoyo a una familia
kind-support_ride = se necesita transporte
kind-support_supplies = se necesitan víveres
kind-support_housing = se necesita alojamiento
kind-support_court-accompaniment = acompañamiento al juzgado
kind-support_interpretation = se necesita intérprete
kind-support_medical = se necesita apoyo médico
kind-support_other = otro apoyo
kind-community_fire = incendio
kind-community_flood = inundación
kind-community_storm = tormenta
kind-community_heat = calor extremo
kind-community_power = apagón
kind-community_missing-person = persona desaparecida
kind-community_hate-incident = incidente de odio
kind-community_medical = emergencia médica
kind-community_other = otra emergencia
kind-network_notice = aviso
kind-network_training = capacitación
kind-network_drill = simulacro
kind-network_call-to-action = llamado a la acción
kind-network_other = otra noticia de la red
kind-rumor_debunk = rumor que no es cierto

## activity

activity-waiting = esperando
activity-knocking = tocando puertas
activity-questioning = interrogando a personas
activity-detaining = deteniendo a personas
activity-loading = subiendo a personas a vehículos
activity-stopping-vehicles = parando autos
activity-searching = registrando
activity-leaving = yéndose
activity-other = otra cosa

## place-type

place-type-home = casa
place-type-workplace = lugar de trabajo
place-type-school = escuela
place-type-childcare = guardería
place-type-hospital-clinic = hospital o clínica
place-type-place-of-worship = lugar de culto
place-type-courthouse = juzgado
place-type-jail = cárcel
place-type-probation-office = oficina de libertad condicional
place-type-dmv = oficina de licencias (DMV)
place-type-street = calle
place-type-roadside = orilla de la carretera
place-type-transit = transporte público
place-type-bus-station = central de autobuses
place-type-airport = aeropuerto
place-type-store-market = tienda o mercado
place-type-shelter = albergue
place-type-detention-site = centro de detención
place-type-agency-office = oficina de una agencia
place-type-park = parque
place-type-other = otro lugar

## agency

agency-ice-ero = ICE (ERO)
agency-hsi = HSI
agency-cbp = CBP (patrulla fronteriza y aduanas)
agency-fbi-dea = FBI o DEA
agency-other-federal = otra agencia federal
agency-local-police = policía local
agency-sheriff = sheriff
agency-state-police = policía estatal
agency-probation = agentes de libertad condicional
agency-jail-staff = personal de la cárcel
agency-private-security = seguridad privada
agency-not-enforcement = nadie de una agencia

## police-role

police-role-supporting-raid = apoya una redada
police-role-checkpoint = en un retén
police-role-called-agents-to-stop = llamó a agentes a una parada
police-role-holding-for-agents = retiene a personas para agentes
police-role-escort = escolta a agentes
police-role-none-seen = no se vio policía

## conduct

conduct-entry-without-warrant-shown = entraron sin mostrar orden
conduct-judicial-warrant-shown = mostraron orden de un juez
conduct-admin-warrant-shown = mostraron orden de la propia agencia
conduct-no-document-shown = no mostraron ningún documento
conduct-posed-as-police = se hicieron pasar por policía
conduct-force-used = usaron la fuerza
conduct-injury = hubo personas heridas
conduct-threats = amenazaron a personas
conduct-recording-prevented = impidieron grabar
conduct-bystander-arrest = arrestaron a alguien que pasaba
conduct-no-identification-given = no se identificaron
conduct-other = otra conducta

## source

source-own-eyes = visto en persona
source-relayed = lo contó alguien más
source-hotline-call = llamada a la línea de ayuda
source-sms = mensaje de texto
source-web-form = formulario en línea
source-partner-network = red aliada

## strength

strength-weak = débil
strength-some = regular
strength-strong = fuerte

## answer

answer-received = recibida
answer-seen = vista
answer-going = va en camino
answer-on-scene = en el lugar
answer-standby = en espera
answer-cannot = no puede ir
answer-leaving = se retira
answer-safe = a salvo
answer-help = necesita ayuda

## reason

reason-busy = tiene otro compromiso
reason-too-far = está demasiado lejos
reason-unsafe-for-me = no es seguro para esta persona
reason-no-transport = sin transporte
reason-health = salud
reason-off-duty = fuera de turno
reason-rather-not-say = prefiere no decirlo

## role

role-observer =
    { $count ->
        [one] observador
       *[other] observadores
    }
role-verifier =
    { $count ->
        [one] verificador
       *[other] verificadores
    }
role-note-taker =
    { $count ->
        [one] persona que toma notas
       *[other] personas que toman notas
    }
role-interpreter =
    { $count ->
        [one] intérprete
       *[other] intérpretes
    }
role-attorney =
    { $count ->
        [one] abogado
       *[other] abogados
    }
role-legal-support =
    { $count ->
        [one] persona de apoyo legal
       *[other] personas de apoyo legal
    }
role-medic =
    { $count ->
        [one] paramédico
       *[other] paramédicos
    }
role-driver =
    { $count ->
        [one] conductor
       *[other] conductores
    }
role-family-liaison =
    { $count ->
        [one] enlace con familias
       *[other] enlaces con familias
    }
role-childcare =
    { $count ->
        [one] persona que cuida niños
       *[other] personas que cuidan niños
    }
role-accompaniment =
    { $count ->
        [one] acompañante
       *[other] acompañantes
    }
role-supplies =
    { $count ->
        [one] persona con víveres
       *[other] personas con víveres
    }
role-host =
    { $count ->
        [one] anfitrión
       *[other] anfitriones
    }
role-dispatcher =
    { $count ->
        [one] despachador
       *[other] despachadores
    }
role-de-escalation =
    { $count ->
        [one] persona que calma tensiones
       *[other] personas que calman tensiones
    }
role-media =
    { $count ->
        [one] persona de prensa
       *[other] personas de prensa
    }
