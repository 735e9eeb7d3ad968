### El estatuto: quién puede hacer qué, y qué cambió.

charter-since = {"  "}desde el { $since }, por { $signers }
charter-version-issued =
    Estatuto, versión { $version }, emitido el { $issued }, { $expires }
    Suma  { $hash }
    Administración  { $threshold } de { $admins } deben firmar un cambio, { $restrict } una restricción
charter-you = {"  "}usted
charter-relays = Retransmisores
charter-coordinators = Coordinación
charter-may-until = {"  "}{ $handle }  { $hood }  puede { $rights }, hasta el { $until }
charter-device = {"  "}{ $handle }  equipo { $key }
charter-revoked-keys = Claves revocadas
charter-distrusted-epoch = {"  "}{ $key }  { $hood }  sin confianza desde la época { $from }
charter-restrictions-until-version = Restricciones, hasta que una versión las incorpore:  watchfire charter renew
charter-careful = Cuidado: { $advice }
charter-expires = vence el { $date }
charter-expires-renew = vence el { $date }, en { $left }: hay que renovarlo
charter-expired-ago-renew = VENCIÓ hace { $past }: hay que renovarlo
charter-signed = { $version }  { $issued }  firmado por { $signers }
charter-stand-version-good = ¿Quedarse con { $chosen } como versión { $version }, para siempre? Solo si varias personas de administración se lo dijeron por otro medio.
charter-counts-version-newest =
    { $chosen } vale como versión { $version }; el estatuto más nuevo aquí es la versión { $now }. Lo firmado para el otro se guarda como prueba.
    Traiga lo nuevo:  watchfire sync
charter-date-wanted-one = `{ $text }` no es una fecha, se espera una como 2027-01-31
charter-may-now-charter = { $handle } puede { $rights } desde ahora: estatuto versión { $version }, época { $epoch }.
charter-may-now-charter-version = { $handle } puede { $rights } desde ahora: estatuto versión { $version }.
charter-they-hold-coordinators = Tendrá las claves de coordinación cuando su equipo se conecte:  watchfire sync
charter-new-keys-epoch =
    `{ $name }` tiene claves nuevas: época { $epoch }. Quien no está en la lista ya no lee nada.
    Palabras de la época  { $words }

charter-admin-you = { $short } (usted)
charter-send-alerts = enviar alertas
charter-approve-people = aprobar personas
charter-network-founded = red fundada
charter-admin-added = administración: se agregó { $key }
charter-admin-removed = administración: se quitó { $key }
charter-admins-must-sign =
    { $to ->
        [one] { $to } de { $of } en administración debe
       *[other] { $to } de { $of } en administración deben
    } firmar un cambio, ya no { $from }
charter-admins-must-sign-restriction =
    { $to ->
        [one] { $to } persona de administración debe
       *[other] { $to } personas de administración deben
    } firmar una restricción, ya no { $from }
charter-renewed-expires-longer = renovado: vence el { $to }, ya no el { $from }
charter-days-grace-after =
    { $to ->
        [one] { $to } día
       *[other] { $to } días
    } de gracia después de vencer, ya no { $from }
charter-relay-added = retransmisor { $url } agregado
charter-relay-removed = retransmisor { $url } quitado
charter-relay-now = el retransmisor { $from } está ahora en { $to }
charter-relay-tried-first = primero se prueba el retransmisor { $first }
charter-neighborhood-added-quorum = vecindario `{ $name }` agregado: quórum { $quorum }, las alertas que no lo alcanzan { $below }, registros por { $hours } h
charter-neighborhood-closed = vecindario `{ $name }` cerrado
charter-neighborhood-dropped-opened = vecindario `{ $name }` borrado o reabierto, lo que ningún programa nuestro hace
charter-must-sign-alert =
    { $to ->
        [one] { $to } persona debe
       *[other] { $to } personas deben
    } firmar una alerta en `{ $name }`, ya no { $from }
charter-alerts-below-quorum = las alertas que no alcanzan el quórum de `{ $name }` { $below }
charter-records-kept-h = los registros de `{ $name }` se guardan { $to } h, ya no { $from } h
charter-counts-fresh-h = `{ $name }` se tiene por al día durante { $to } h, ya no { $from } h
charter-names-changed = cambiaron los nombres de `{ $name }`
charter-retired-sent-before = { $who } deja `{ $name }` el { $at }: lo que envió antes sigue valiendo
charter-may-nothing-more = { $who } ya no puede nada en `{ $name }`
charter-device-acts = el equipo { $key } actúa por { $who }
charter-device-longer-acts = el equipo { $key } ya no actúa por { $who }
charter-device-revoked-distrusted = equipo { $key }{ $whose } revocado en `{ $name }`, sin confianza desde la época { $distrust_from }
charter-device-longer-revoked = el equipo { $key } ya no está revocado en `{ $name }`
charter-taken =
    incorporadas: { $count ->
        [one] { $count } restricción
       *[other] { $count } restricciones
    }
charter-may-nothing-any = { $who } ya no puede hacer nada en `{ $hood }`, y está sin confianza desde la época { $epoch }
charter-may-longer = { $who } ya no puede { $what } en `{ $hood }`
charter-granted-until = { $who } puede { $rights } en `{ $name }`, hasta el { $until }
charter-may-only-now = { $who } solo puede { $rights } en `{ $name }` desde ahora, hasta el { $until }
charter-one-admin-key = una sola clave de administración firma los cambios, y perderla acaba con esta red: tenga una copia en papel (watchfire charter admin key --paper), o agregue a más personas
charter-all-admin-keys = deben firmar las { $admins } claves de administración, y perder una acaba con esta red: tenga una copia en papel de cada una (watchfire charter admin key --paper), o agregue a alguien
charter-expires-soon = el estatuto vence en { $left }. Alguien de administración ejecuta:  watchfire charter renew
charter-expired-grace = el estatuto VENCIÓ hace { $past }, y las alertas lo dicen. Administración debe renovarlo:  watchfire charter renew
charter-expired-for-good = el estatuto VENCIÓ hace { $past }, y ya ninguna alerta queda VERIFICADA. Administración debe renovarlo:  watchfire charter renew
charter-nothing-changed-grant = no se cambió nada; dé antes permiso a otra persona, o baje el quórum: watchfire neighborhood set NOMBRE --quorum N
charter-nothing-changed-renew = no se cambió nada; renuévelo antes: watchfire charter renew
charter-nothing-changed-add = no se cambió nada; agregue antes a otra persona: watchfire charter admin add ARCHIVO
charter-nothing-changed-add-their = no se cambió nada; agregue antes su equipo nuevo: watchfire charter device add NOMBRE ARCHIVO; o quítele los permisos: watchfire charter revoke NOMBRE
charter-nothing-changed-add-another = no se cambió nada; agregue antes otro retransmisor: watchfire charter relay add URL CLAVE
charter-nothing-changed-see = no se cambió nada; vea lo que hay: watchfire charter show
charter-nothing-changed = no se cambió nada
charter-admins-cannot-threshold = { $threshold } de { $admins } no puede ser: deben firmar de { $least } a { $admins }, más de la mitad, para que no decidan dos grupos uno contra otro
charter-admins-cannot-asked = no se pueden pedir { $found } firmas para una restricción: son de 1 a { $threshold }
charter-cannot-expire = un estatuto del { $issued } no puede vencer el { $expires }: termina después de empezar, y vale a lo sumo { $max_days } días
charter-key-stands-charter = la clave { $key }… ya está en el estatuto: cada persona de administración, equipo y retransmisor tiene la suya
charter-must-sign-each =
    { $quorum ->
        [one] { $quorum } persona debe
       *[other] { $quorum } personas deben
    } firmar cada alerta allí, y solo { $dispatching ->
        [one] puede { $dispatching }
       *[other] pueden { $dispatching }
    }
charter-number-range = { $field }: de { $min } a { $max }, no { $found }
charter-rights-would-end = los permisos terminarían antes de empezar: el { $end } ya pasó
charter-device-revoked-stays = el equipo { $key }… está revocado allí, y así se queda: que entre otra vez con una clave nueva
charter-list-length = demasiados o muy pocos { $list }: { $found }, a lo sumo { $max }
charter-grant-without-right = un permiso que no permite nada
charter-relay-acceptable-address = la dirección del retransmisor { $place } no es aceptable
charter-quorum = un quórum
charter-time-records-kept = el tiempo que se guardan los registros, en horas
charter-time-counts-fresh = el tiempo que se tiene por al día, en horas
charter-nothing-signed-see = no se firmó nada; vea qué cambió: watchfire charter history. Después prepárelo otra vez, con la misma orden de antes
charter-nothing-signed-fetch = no se firmó nada; traiga antes los estatutos: watchfire sync, o pida un archivo que los tenga
charter-nothing-signed-admins = no se firmó nada; administración agrega su clave: watchfire charter admin add ARCHIVO
charter-pass-another-admin = páselo a otra persona de administración o, con bastantes firmas: watchfire charter publish ARCHIVO
charter-nothing-left-sign = no queda nada por firmar; véalo: watchfire charter history
charter-nothing-changed-try = no se cambió nada; pruebe otra vez con un retransmisor, o retire la confianza a todo lo que hizo: --distrust-from 1
charter-nothing-changed-where = no se cambió nada; hágalo donde se conozcan, como con alguien que coordine allí
charter-nothing-signed-ask = no se firmó nada; pida otro a quien le dio el archivo
charter-below-shown = se muestran
charter-below-held = se apartan
