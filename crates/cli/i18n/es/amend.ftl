### Cambios del estatuto, y sus borradores.

amend-draft =
    Borrador de { $draft }, en { $file }:
    { $changes }
amend-sign = ¿Firmar esto?
amend-rival = Cuidado: este equipo ya firmó otro borrador de la versión { $version } del estatuto. Si se publican los dos, la red tendrá dos estatutos y todas las personas verán una alarma para siempre. Que solo se publique uno, y borre el otro.
amend-signed-draft = Firmado: el borrador de { $draft }, en { $file }.
amend-names-keys-still =
    Falta entregar los nombres y las claves de { $hoods }. Dé el archivo a quien coordine allí, que ejecuta:  watchfire charter publish { $file }
    Si se pierde, este equipo también tiene los nombres:  watchfire charter export ARCHIVO. Quien coordina ejecuta  watchfire charter import ARCHIVO, y después  watchfire rotate
amend-restriction-holds-once =
    Por una restricción, que rige desde ya:
    { $changes }
amend-relay-yet-kept = ningún retransmisor la tiene todavía: queda aquí, y se lleva con el próximo:  watchfire sync
amend-coordinators-next-sync =
    El próximo sync de alguien que coordine da claves nuevas al vecindario, sin esa persona. Para que sea permanente, con el resto de administración:  watchfire charter renew
    Cualquier versión siguiente del estatuto la incorpora.
amend-reaches-members-their = Llega a quienes integran { $hoods } con sus próximas claves. Alguien que coordine allí ejecuta:  watchfire rotate
amend-nothing-change-charter = No hay nada que cambiar: la versión { $version } del estatuto ya lo dice así.
amend-charter-version-force =
    Rige la versión { $version } del estatuto:
    { $changes }
amend-new-keys-epoch =
    {""}
    `{ $name }` tiene por eso claves nuevas: época { $epoch }
amend-restriction-charter-version = una restricción de la versión { $version } del estatuto
amend-charter-version = la versión { $version } del estatuto
amend-draft-changes =
    Este borrador de { $draft } cambia:
    { $changes }
amend-nobody = nadie
amend-signed-far =
    {""}
    Hasta ahora lo firmó { $signers }
amend-vault-network-yet =
    {""}
    Esta bóveda todavía no está en ninguna red, y entra así en `{ $name }`. Compare su identificador con el resto de administración:
    {"  "}{ $network }
amend-enough-admins-signed =
    Ya firmaron bastantes.
    Siguiente:  watchfire charter publish { $file }
amend-nothing-force-yet =
    Todavía no rige nada: { $missing ->
        [one] { $missing } firma más
       *[other] { $missing } firmas más
    } de administración, de { $whose }.
    El archivo no trae ninguna clave secreta, pero sí nombres de vecindarios y de coordinación: llévelo por un medio de confianza.
    Siguiente, en el equipo de esa persona:  watchfire charter sign { $file }

amend-ask-remove-admin = ¿Quitar a quien administra con la clave { $key }? Lo que firmó hasta ahora sigue valiendo.
amend-ask-close = ¿Cerrar `{ $name }` para siempre? Allí ya no se envía nada, y nunca vuelve a abrirse.
amend-ask-retention = El retransmisor borra entonces, para siempre, lo que tenga más de { $to } h en `{ $name }`. ¿Guardar { $to } h en vez de { $from } h?
amend-ask-revoke = ¿Revocar a { $who }? Sus claves dejan de contar, y nunca más se les da ningún permiso allí.
amend-revoke-oneself = Cuidado: son sus propios permisos. Solo administración puede darle otros, con una clave nueva.
amend-revoke-nobody = Cuidado: nadie quedaría para coordinar { $hoods }. Allí ninguna alerta queda VERIFICADA, y no se aprueba a nadie ni hay claves nuevas, hasta que administración dé permiso a alguien.
amend-first-silent = Este retransmisor no responde: { $why }. La gente prueba el primer retransmisor antes que los demás, y solo en el primero se dan las claves nuevas.
amend-ask-first = ¿Poner { $url } de primero de todos modos?
amend-quorum-fell = {"  "}El quórum de `{ $name }` baja con esto, de { $from } a { $to }, y así se queda. Cuando alguien más pueda firmar:  watchfire neighborhood set "{ $name }" --quorum { $from }
amend-quorum-raise = El quórum de `{ $name }` bajó a { $held } cuando se revocó a alguien; allí ya pueden firmar { $to }. Para subirlo:  watchfire neighborhood set "{ $name }" --quorum { $to }
amend-vault-unnamed-network =
    {""}
    Esta bóveda todavía no está en ninguna red, y entra a una con él. Compare su id con las demás personas de administración:
    {"  "}{ $network }
amend-device-joined-as = este equipo entró a `{ $hood }` como { $joined }, y actuaría por { $who }: asegúrese de que sea suyo. Para quitarlo:  watchfire charter device remove
amend-suspended = a quienes aprobó la persona revocada: { $handles }. No reciben claves nuevas hasta que les apruebe otra persona de coordinación que les conozca:  watchfire member approve NOMBRE
amend-gone = ya no son integrantes: { $handles }. A quien conozca, mándele una invitación nueva
