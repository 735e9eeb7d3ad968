### Por qué se rechazan estatutos, borradores, restricciones y sus archivos.

## Rules that a charter would break.

flaw-origin = la versión { $version } dice tener un comienzo que no puede tener: solo la versión 1 funda una red
flaw-neighborhood-twice = el vecindario { $neighborhood } está dos veces
flaw-coordinator-twice = la persona de coordinación { $coordinator } está dos veces
flaw-scope-twice = la persona de coordinación { $coordinator } tiene dos permisos en el vecindario { $neighborhood }
flaw-unknown-neighborhood = se nombra el vecindario { $neighborhood }, que no está en la lista
flaw-revocation-twice = el equipo { $key }… está revocado dos veces en el vecindario { $neighborhood }
flaw-restriction-twice = una restricción se incorpora dos veces

## What is counted in a charter.

list-admins = claves de administración
list-neighborhoods = vecindarios
list-coordinators = personas de coordinación
list-revocations = revocaciones
list-restrictions = restricciones
list-relays = retransmisores
list-devices = equipos de una persona
list-scopes = permisos de una persona

## Why a charter is not changed so.

edit-unchanged = no hay nada que cambiar: el estatuto ya lo dice así
edit-no-admin = nadie de administración tiene la clave { $key }
edit-last-admin = es la única clave de administración: sin ella nadie podría cambiar más el estatuto
edit-no-relay = ningún retransmisor de esta red tiene la clave { $key }
edit-last-relay = es el único retransmisor: nadie encontraría más la red
edit-no-neighborhood = el estatuto no tiene el vecindario { $neighborhood }
edit-closed = este vecindario está cerrado, y así se queda: agregue otro
edit-closed-hint = no se cambió nada; vea cuáles están abiertos: watchfire neighborhood list
edit-other-terms = `{ $name }` ya está, con otras condiciones o con otras personas que lo coordinan
edit-other-terms-hint = no se cambió nada; para cambiarlo: watchfire neighborhood set NOMBRE, y para quién lo coordina: watchfire charter grant
edit-nothing-granted = el estatuto no le permite nada allí
edit-no-device = ningún equipo suyo tiene la clave { $key }
edit-last-device = es su único equipo: sin él ya no podría hacer nada aquí
edit-distrust-from = se le puede retirar la confianza desde la época 1 hasta la { $next }, no { $found }: la { $next } es la próxima
edit-distrust-hint = no se cambió nada; sin --distrust-from vale la próxima época, y si perdió el equipo antes, diga una anterior. Si los vecindarios difieren, diga cuál: --neighborhood NOMBRE
edit-lifetime = un estatuto vale de 1 a { $max } días, no { $found }
edit-quorum-out-of-reach = entonces { $left } podrían enviar alertas allí, y { $quorum } deben firmar cada una: el quórum no se alcanzaría

## Why a charter is not taken.

refused-held = la versión { $version } ya está aquí
refused-newer = lo hizo una versión más nueva de watchfire
refused-newer-genesis = el primer estatuto lo hizo una versión más nueva de watchfire, y esta no puede comprobarlo
refused-other-network = es de otra red: { $found }, y se espera { $wanted }
refused-older = la versión { $got } es anterior a la { $have }, que es la de aquí
refused-gap = la versión { $got } no sigue a la { $have }: faltan las de en medio
refused-fork = administración firmó dos estatutos distintos con la versión { $version }: aquí está { $held }, y también firmó { $other }
refused-other-predecessor = el borrador sigue a otro estatuto de la versión { $version } que el de aquí: { $found }, y se espera { $held }
refused-issued-before = se hizo el { $issued }, antes que la versión anterior (el { $previous })
refused-too-many-signatures = trae { $found } firmas, y son a lo sumo { $max }
refused-signature-order = sus firmas no están en orden, o alguna se repite
refused-unknown-signer = lo firmó { $signer }, que no es de administración
refused-bad-signature = la firma de { $signer } no vale
refused-too-few-signatures =
    lo { $found ->
        [one] firmó { $found } clave
       *[other] firmaron { $found } claves
    } de administración de la versión { $version }, y hacen falta { $wanted }
refused-empty = no trae ningún estatuto
refused-damaged = sus bytes no son un estatuto

## Why a draft is not signed or published.

draft-none = este archivo trae estatutos, y ningún borrador
draft-other-network = este es un borrador de otra red
draft-overtaken = este borrador de la versión { $draft } ya no encaja: la más nueva es la { $newest }
draft-ahead = este borrador de la versión { $draft } sigue a estatutos que no están aquí: la más nueva aquí es la { $newest }
draft-other-branch = este archivo sigue a otros estatutos que los de esta bóveda
draft-names = los nombres de este archivo no son los del borrador
draft-no-genesis = esta bóveda todavía no está en ninguna red, y el archivo no trae el primer estatuto
draft-not-admin = la clave de esta bóveda no es de administración en esta red, ni antes del borrador ni con él
draft-signed = esta bóveda ya firmó este borrador
draft-published = este borrador ya se publicó, como versión { $version }
draft-names-lacking = este borrador cambia cómo se llaman `{ $neighborhood }` o quienes lo coordinan, y del archivo quitaron los nombres nuevos: nadie podría entregarlos a sus integrantes
draft-names-unknown = esta bóveda no conoce los nombres de `{ $neighborhood }`, y no puede cambiarlos
draft-epoch-unknown = ningún retransmisor responde, y esta bóveda no sabe en qué época está el vecindario

## Files of charters and of keys, and paper copies.

charter-file-too-large = el archivo es demasiado grande: a lo sumo { $limit } bytes
charter-file-not-one = este no es un archivo de estatutos
charter-file-newer = este archivo de estatutos lo hizo una versión más nueva de watchfire
charter-file-damaged = el archivo de estatutos está dañado: alguien lo cambió, o está incompleto
chain-refused = se rechaza un estatuto de este archivo: { $why }
chain-no-genesis = este archivo no empieza con el primer estatuto, y por sí solo no se puede juzgar
chain-empty = este archivo no tiene ningún estatuto
chain-names = los nombres de este archivo no son los de sus estatutos
key-file-not-one = este no es un archivo con una clave
key-file-want-admin = este archivo trae otra clave, y no una de administración
key-file-want-device = este archivo trae otra clave, y no la de un equipo
key-file-damaged = la clave de este archivo está dañada
paper-count =
    { $found ->
        [one] hay { $found } palabra
       *[other] hay { $found } palabras
    }, y son 24
paper-unknown = la palabra { $place } no está en la lista
paper-checksum = las palabras no van juntas: quizá dos están cambiadas de lugar

## Why a restriction is not taken.

restriction-held = ya rige
restriction-taken-in = ya terminó: una versión del estatuto la incorporó
restriction-other-network = es de otra red: { $found }, y se espera { $wanted }
restriction-unknown-charter = nombra el estatuto de la versión { $version }, { $hash }, que no está aquí
restriction-issued-before = se hizo el { $issued }, antes que el estatuto que nombra (el { $charter })
restriction-newer = la hizo una versión más nueva de watchfire
restriction-entries = quita { $found } permisos, y son de 1 a { $max }
restriction-entry-twice = quita dos veces el mismo permiso de { $subject } en el vecindario { $neighborhood }
restriction-unknown-neighborhood = nombra el vecindario { $neighborhood }, que no está en su estatuto
restriction-unknown-subject = quita un permiso de { $subject }, a quien su estatuto no da ninguno en el vecindario { $neighborhood }
restriction-unknown-signer = la firmó { $signer }, que no es de administración
restriction-too-few-signatures =
    la { $found ->
        [one] firmó { $found } clave
       *[other] firmaron { $found } claves
    } de administración, y hacen falta { $wanted }
restriction-too-many = sus claves de administración ya tienen { $max } restricciones que rigen: publique un estatuto que las incorpore
restriction-damaged = sus bytes no son una restricción
