### Qué falló, y qué hacer después.

## What failed.

error-unreachable = ningún retransmisor responde en { $url }
error-first-relay-away = el primer retransmisor del estatuto, { $url }, no responde, y solo él recibe claves nuevas
error-broken = se cortó la conexión con el retransmisor: { $why }
error-wrong-relay = el retransmisor de { $url } no es el que nombra el estatuto
error-refused = el retransmisor se negó: { $why }
error-relay-newer = el retransmisor de { $url } responde con algo que este programa no conoce: el retransmisor es más nuevo
error-relay-older = el retransmisor de { $url } es más antiguo que este programa, y { $lacks }
lacks-greeting = no puede dejarlo entrar
lacks-charters = no puede guardar estatutos
lacks-restrictions = no puede decir a otras personas que se quitaron derechos
lacks-keys = no puede guardar tales claves
lacks-invites = no puede guardar tales invitaciones
lacks-records = no puede guardar tales alertas, respuestas e informes
error-not-allowed = el retransmisor todavía no atiende a esta red
error-charter = se rechazó el estatuto: { $why }
error-restriction = se rechazó la restricción: { $why }
error-forked = hay dos estatutos de la versión { $version }, ambos firmados por administración: no se agrega nada hasta que usted elija uno
error-choice-unknown = ninguna bifurcación tiene un estatuto con esa suma
error-choice-unseen = el estatuto de la versión { $version } con esa suma no se ha visto todavía
error-untrusted = lo que muestra el retransmisor no es de fiar: { $why }
error-shown-charter = lo que muestra el retransmisor no es de fiar: se rechaza un estatuto suyo: { $why }
error-no-network = esta bóveda todavía no está en ninguna red
error-has-network = esta bóveda ya está en una red
error-in-no-neighborhood = esta bóveda no está todavía en ningún vecindario
error-no-neighborhood = no hay ningún vecindario `{ $name }` en esta bóveda
error-not-found = aquí no hay { $what } `{ $name }`
error-ambiguous = `{ $name }` coincide con más de una cosa ({ $what }): { $candidates }
error-expired = ya venció: { $what } `{ $name }`
error-not-granted = esta bóveda no tiene permiso para { $what }
error-not-verified = nadie ha verificado este avistamiento: nada sin verificar llega a quienes responden, salvo el pedido de verificarlo
error-no-keys = esta bóveda todavía no tiene claves de `{ $name }`
error-no-admin-key = esta bóveda no tiene ninguna clave de administración
error-has-admin-key = esta bóveda ya tiene otra clave de administración
error-paper = estas no son las palabras de una clave de administración: { $why }
error-charter-unsigned =
    la versión { $version } del estatuto no rige: { $missing ->
        [one] falta { $missing } firma más
       *[other] faltan { $missing } firmas más
    }
error-restriction-unsigned =
    la restricción no rige: { $missing ->
        [one] falta { $missing } firma más
       *[other] faltan { $missing } firmas más
    }
error-closed = el vecindario `{ $name }` está cerrado
error-wrong-words = estas no son las palabras de esta solicitud
error-queued = queda en la bóveda por enviar: ningún retransmisor responde
error-raced = otra persona de coordinación abrió una época al mismo tiempo, varias veces
error-no-anchors = este archivo no es una lista de certificados en PEM, o es muy larga
error-unexpected = algo inesperado: { $why }

## The vault.

error-vault-missing = no hay ninguna bóveda en esta carpeta
error-vault-exists = ya hay una bóveda en esta carpeta
error-vault-passphrase = la contraseña no abre esta bóveda
error-passphrase-length = una contraseña tiene de 1 a 1024 bytes
error-vault-newer = esta bóveda la hizo una versión más nueva de watchfire
error-vault-damaged = la bóveda está dañada: un valor no se abre
error-vault-unusable = no se puede usar el archivo de la bóveda

## Signatures on an alert.

error-sign-own = usted envió esta alerta: las otras firmas les tocan a otras personas
error-sign-already = usted ya firmó esta alerta
error-sign-other-device = usted ya firmó esta alerta, desde otro equipo: cada persona de coordinación cuenta una vez
error-sign-full = esta alerta ya tiene ocho firmas, las que caben en una alerta
error-sign-settled = esta alerta ya no vale: se dio por terminada, se corrigió, o una actualización tomó su lugar

## Invite links.

error-link-not-one = un enlace de invitación empieza con WATCHFIRE:1/
error-link-newer = este enlace lo hizo una versión más nueva de watchfire
error-link-typo = el enlace tiene un error o está incompleto: su suma de control no coincide
error-link-host = el enlace no nombra ningún retransmisor al que se pueda llegar

## Why a relay refused. What it says itself ($why) stays in its words.

refusal-unsupported = no conoce esta petición
refusal-malformed = no puede leer la petición ({ $why })
refusal-out-of-order = la petición llegó fuera de orden
refusal-not-proved = esto necesita la prueba de otra clave
refusal-bad-proof = la prueba no vale
refusal-not-allowed = no atiende a esta red
refusal-not-granted = el estatuto no da ese permiso a esta clave
refusal-not-found = no lo tiene
refusal-unknown-epoch = no conoce la época { $found }, la actual es la { $current }
refusal-closed-epoch = la época { $found } está cerrada, la actual es la { $current }
refusal-stale = ahora tiene la época { $current }
refusal-bad-record = no lo toma por un registro ({ $why })
refusal-wrong-channel = la clave probada no tiene acceso a este canal
refusal-bad-charter = no acepta el estatuto ({ $why })
refusal-bad-announcement = no acepta el anuncio ({ $why })
refusal-slots-mismatch = las ranuras no corresponden al anuncio
refusal-invite-ended = la invitación ya terminó
refusal-slow-down = demasiadas peticiones, espere { $seconds } s
refusal-quota-full = ya no tiene sitio para esto, en la parte de la red o en su disco
refusal-internal = falló y no aceptó nada

## What to do next.

hint-unreachable = no se perdió nada; ¿tiene conexión este equipo? ({ $reason })
hint-no-anchors = no se cambió nada. Empieza con -----BEGIN CERTIFICATE-----, y contiene el certificado de la autoridad, no el del retransmisor
hint-wrong-relay = no se le dijo nada; mostró la clave { $found }. Pregunte en administración si el retransmisor se mudó
hint-not-allowed =
    pida a quien lo opera: watchfire-relay networks allow { $network } --dir DIR
    y después repita la misma orden
hint-slow-down = no se perdió nada; pruebe otra vez en { $seconds } s
hint-quota-full = lo escrito espera en este dispositivo y sale cuando haya sitio; avise a quien opera el retransmisor
hint-known-neighborhoods = esta bóveda conoce { $known }
hint-more-signatures = no se publicó nada; pase el borrador a quien administra con la clave { $keys }: watchfire charter sign ARCHIVO
hint-begin = empiece con: watchfire join, o con: watchfire network create NOMBRE
hint-passphrase = no se cambió nada; escriba la contraseña otra vez
hint-vault-damaged = no se envió nada; si nadie tocó este equipo, pida otra invitación a quien coordina
hint-vault-unusable = no se envió nada; vea si el disco está lleno y si la carpeta es suya
hint-again = no se perdió nada; repita la orden
hint-first-relay-away = no se cambió nada; las alertas y respuestas siguen por los otros retransmisores, con las claves que hay. Repita la orden cuando vuelva. Si no vuelve, administración pone otro primero: watchfire charter relay add --first URL CLAVE (watchfire network show muestra ambos), y la orden funciona allí
hint-invite-ended = se usó, se retiró o venció. Pida un enlace nuevo a quien le invitó; si usted no lo usó, dígale que otra persona pudo hacerlo
hint-relay-newer = no se perdió nada, y lo escrito espera en este dispositivo; actualice watchfire y luego ejecute: watchfire sync
hint-relay-older = no se perdió nada, y todo lo demás sigue; pida a quien opera el retransmisor que lo actualice y luego ejecute: watchfire sync
hint-refused = no se perdió nada; repita la orden, y si sigue, pregunte en administración
hint-link-typo = copie o escanee otra vez el enlace completo
hint-link = pida otra vez el enlace a quien le invitó
hint-untrusted = no se le dijo nada; avise a quien coordina, por otro medio
hint-has-network = una bóveda es una red: use otro --home para la segunda
hint-no-neighborhood = entre a uno: watchfire join
hint-forked = no se cambió nada; pregunte en administración, por otro medio, cuál vale: watchfire charter show, y después: watchfire charter accept-fork SUMA
hint-choice = no se cambió nada; importe antes un archivo con todas las versiones: watchfire charter import ARCHIVO
hint-ambiguous = escriba más símbolos
hint-not-granted = vea quién tiene qué permisos: watchfire charter show
hint-no-keys = espere a la próxima época, o pregunte a quien coordina: watchfire status
hint-wrong-words = no se aprobó a nadie; pida que lean otra vez sus tres palabras, y si no coinciden, no apruebe
hint-unsignable = no se cambió nada; vea qué espera firmas: watchfire alert pending
hint-not-verified = no se envió nada; pida que lo verifiquen: --ask verify. Si alguien lo comprobó, anótelo primero: watchfire inbox verify REPORTE --outcome verified --by MÉTODO, y después: watchfire alert send --from REPORTE. O diga en `verification` quién lo comprobó
hint-queued = lo envía la próxima orden que se conecte; para probar ahora: watchfire sync
hint-expired = no se envió nada; vea lo vigente: watchfire alerts
hint-file = no se envió nada; corríjalo y repita la orden
hint-invalid = no se hizo nada; corríjalo y repita la orden
hint-restriction = no se restringió nada; corríjala, o que la firme el resto de administración
hint-charter = esta bóveda conserva el estatuto que tenía; pregunte en administración
hint-no-admin-key = haga una, o recupérela del papel: watchfire charter admin key
hint-has-admin-key = no se cambió nada; use otro --home para otra clave
hint-paper = no se cambió nada; compare cada palabra con el papel, y el orden
hint-key-file-device = no se cambió nada; pida el archivo que escribió `watchfire charter device key` en el equipo nuevo de quien coordina
hint-key-file = no se cambió nada; pida el archivo que escribió `watchfire charter admin key`
hint-charter-file = no se hizo nada; pida otra vez el archivo a quien se lo dio
hint-closed = no se envió nada; vea cuáles están abiertos: watchfire neighborhood list
hint-timeout = no se perdió nada
hint-unexpected = lo escrito antes está en la bóveda; repita la orden, y si sigue, avise
hint-find-alert = véalas todas: watchfire alerts --all; traiga lo nuevo: watchfire sync
hint-find-request = vea quién espera: watchfire member pending
hint-find-member = vea quién está: watchfire member list
hint-find-coordinator = no se cambió nada; vea quién está: watchfire charter show. En vez del nombre sirve el id que muestra, o sus primeros símbolos. Para saber los nombres: watchfire charter export ARCHIVO en el equipo de quien coordina, y después aquí: watchfire charter import ARCHIVO
hint-find-in-charter = no se cambió nada; vea quién está: watchfire charter show
hint-find-fork = no se decidió nada; las sumas de ambos: watchfire charter show
hint-find-invite = vea las abiertas: watchfire invite list

## What is wrong with a file, or with what it says.

file-too-large = el archivo tiene { $found } bytes, y se admiten { $most } a lo sumo
file-not-json = el archivo no es JSON: { $error }
file-missing = falta { $field }
file-not-a-code = { $field }: no se conoce `{ $found }` como { $list }; { $wanted }
file-nearest = se espera { $codes }
file-nothing-to-check = en el reporte no hay nada que se pueda verificar: diga al menos dónde es (`place`), qué se ve (`seen`) o algo en los comentarios (`comments`)
file-one-of = se espera { $codes }
file-not-a-language = { $field }: `{ $found }` no es la etiqueta de un idioma, se espera una como `en`, `es-MX` o `zh-Hant`
file-language-meant = { $field }: `{ $found }` no es la etiqueta de un idioma: ¿quiso decir `{ $meant }`?
file-point-incomplete = al lugar le falta `{ $missing }`: se esperan `lat`, `lon` y `precision-m` juntos, o ninguno
file-not-an-alert = { $field }: `{ $found }` no es el identificador de una alerta; hacen falta sus 26 símbolos
file-in-field = { $field }: { $why }
file-time = `{ $found }` no es una hora desde 1970, se espera una como `2026-11-21T20:02:11Z`
file-too-long = { $field }: son { $found } caracteres, y se admiten { $most } a lo sumo
file-too-many = { $field }: son { $found } elementos, y se admiten { $most } a lo sumo
file-out-of-range = { $field }: es { $found }, y se espera de { $least } a { $most }
file-min-above-max = { $field }: de { $min } a { $max }, y el primero debe ser el menor
file-neither-place-nor-text = faltan el lugar y un texto (`place`, `text`): hace falta al menos uno
file-empty = { $field }: no dice nada, y se espera { $wanted }
file-twice = { $field }: `{ $entry }` está dos veces
file-nothing-referenced = `references` está vacío y `msg-type` es `{ $kind }`: falta decir de qué alerta se trata
file-outcome-missing = falta `outcome`, y `msg-type` es `cancel`: se espera { $codes }
file-outcome-unexpected = hay un `outcome` y `msg-type` es `{ $kind }`: va solo con `cancel`
file-one-check = { $field }: dice `corroborated`, y se esperan dos comprobaciones, de personas o métodos distintos, o una con `two-reports`. Una sola es `verified`
file-still-to-come = { $field }: esa hora todavía no llega: el { $at }. Según este equipo, ahora es el { $now }. Revise la hora, o el reloj de este equipo
file-expiry = { $field }: { $why }. Se cuenta desde el envío, hacia adelante
need-unreadable = `{ $found }` no se entiende, se espera algo como `observer:4` o `interpreter:es:1`
need-unknown-role = no se conoce `{ $role }` en `{ $found }`; { $wanted }
need-not-a-language = `{ $language }` en `{ $found }` no es la etiqueta de un idioma, como `en` o `es-MX`
need-language-meant = `{ $language }` en `{ $found }` no es la etiqueta de un idioma: ¿quiso decir `{ $meant }`?
duration-unreadable = `{ $found }` no es un tiempo, se espera un número con `s`, `m`, `h` o `d`, como `30m` o `2h`
duration-zero = `{ $found }` no es nada de tiempo, se espera al menos `1s`
duration-too-long = `{ $found }` es demasiado, se admite `{ $most }` a lo sumo
error-shut-out = ya no recibe alertas nuevas de `{ $name }`: le dieron de baja o le dejaron fuera en la época que abrió { $by }
hint-shut-out = lo que hay aquí se conserva. Pregunte a quien coordina, por otro medio. Si se revocó a quien le aprobó, pueden aprobarle otra vez (watchfire member pending); si no, le mandan un enlace nuevo: watchfire leave, y después watchfire join
error-keys-withheld = el retransmisor no entrega las claves nuevas de `{ $name }`
hint-keys-withheld = no se envió nada, y lo que hay aquí se conserva; repita la orden y, si sigue así, pregunte a quien coordina por otro medio
error-history-range = las alertas terminadas se guardan de una hora a un año
error-still-open = la alerta `{ $name }` no ha terminado
hint-history-range = por ejemplo: watchfire alerts --keep 7d
hint-still-open = cuando termine se podrá exportar: si alguien de coordinación la da por terminada (watchfire alert cancel { $short } --outcome …) o dice que no era cierta (watchfire alert correct { $short }), o cuando venza
hint-find-template = lo que hay: watchfire template list
