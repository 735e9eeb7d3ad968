### Cómo está este equipo.

status-in = { $handle } en { $network }
status-coordinator-approved-yet = Todavía no le han aprobado. Sus tres palabras:  watchfire join
status-charter-version-until = Estatuto versión { $version }, hasta el { $expires }
status-charter-version-expires = El estatuto versión { $version } vence en { $left }: administración debe renovarlo
status-charter-version-expired = El estatuto versión { $version } VENCIÓ hace { $past }: administración debe renovarlo
status-proxy = Toda conexión pasa por { $proxy }
status-relay-used = Retransmisor { $number }: { $url }, en uso
status-relay-next = Retransmisor { $number }: { $url }, para cuando los anteriores no respondan
status-relay-silent = Retransmisor { $number }: { $url } NO RESPONDE desde el { $at }
status-nothing-waits-sent = Nada espera ser enviado
status-waiting-sent = { $queued } por enviar:  watchfire sync
status-coordinator = coordina
status-responder = responde
status-epoch = { $name }  { $role }  época { $epoch }: { $words }
status-fresh-device-holds = {"  "}al día: se confirmó hace poco lo que tiene este equipo
status-fresh-other-coordinator = {"  "}NO ESTÁ AL DÍA: nadie más de coordinación confirmó el estatuto y las claves desde el { $at }
status-fresh-other-coordinator-confirmed = {"  "}NO ESTÁ AL DÍA: nadie más de coordinación confirmó todavía el estatuto y las claves
status-never-connected = {"  "}nunca se conectó
status-read-end = {"  "}leído hasta el final { $ago }
status-confirmed-compare-three = {"  "}sin confirmar: compare las tres palabras con quien coordina, y después:  watchfire confirm
status-clock-device-off = {"  "}el reloj de este equipo está mal: póngalo en hora
status-kept-aside =
    {"  "}{ $held ->
        [one] { $held } apartada
       *[other] { $held } apartadas
    }:  watchfire held
status-duty-fails = {"  "}SIN HACER desde el { $at }, de lo que este equipo hace al coordinar: { $message }. Se vuelve a intentar solo
status-cloned-two-devices = CLONADO: dos equipos usan la identidad de { $handle } (se notó el { $at }). Elimine a esa persona, y que entre de nuevo con un equipo que sea solo suyo
status-not-approved-yet = Todavía no le han aprobado.
status-approved = Ya le aprobaron.
status-vault-neighborhood-charter = Esta bóveda no está en ningún vecindario. Su estatuto es el más nuevo del retransmisor: versión { $version }.
status-still-waiting-vault =
    { $why }. { $queued } { $queued ->
        [one] sigue
       *[other] siguen
    } en la bóveda: no se pierde nada.
status-up-date-sent =
    `{ $name }` está al día: { $sent ->
        [one] { $sent } enviada
       *[other] { $sent } enviadas
    }, { $new ->
        [one] { $new } alerta nueva
       *[other] { $new } alertas nuevas
    }.
status-see-them = Véalas:  watchfire watch
status-keys-withheld = {"  "}SIN CLAVES NUEVAS: el retransmisor no las entrega. Se piden otra vez solas; si sigue así, pregunte a quien coordina
status-relay-sees =
    {""}
    Qué puede observar el retransmisor
      su dirección de red, salvo que use Tor o una VPN; cuándo se conecta y por cuánto tiempo
      qué red y qué vecindario, como números sin nombre
      si usa la clave de quienes responden o la de quienes coordinan: la misma para todas las personas, así que no quién es usted
      el tamaño de cada registro sellado, por escalones, y cuándo llegó
      lo mismo en cada retransmisor, si hay varios: quien coordina se conecta a todos
    Qué no puede leer
      alertas, respuestas, solicitudes, nombres, lugares, quién es integrante, ni quién firmó o respondió
status-shut-out = {"  "}SIN CLAVES NUEVAS desde la época que abrió { $by }: le dieron de baja, o se revocó a quien le aprobó, u otro equipo usa su identidad. Lo que hay aquí se conserva. Pregunte a quien coordina, por otro medio
