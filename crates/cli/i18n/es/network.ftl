### Fundar una red, y sus vecindarios.

network-admission-token-one = la ficha de admisión no lo es, o está incompleta
network-copy-relays-admission = copie otra vez el archivo admission.token del retransmisor
network-people-call-enter = ¿Cómo le dicen? Aparece junto a cada alerta que firme. (Intro: admin)
network-unnamed = La gente verá sus alertas firmadas por `{ $handle }`. Si quiere otro nombre, repita la orden con --handle NOMBRE antes de añadir un vecindario.
network-network-founded-admin =
    La red está fundada. Su clave de administración está solo en esta bóveda: cuide { $home } y su contraseña.
    El retransmisor conoce el identificador de la red y sus claves, y ningún nombre.
    Siguiente:  watchfire neighborhood add "NOMBRE"
network-name-known-here = (nombre desconocido aquí)
network-network-id-charter =
    Red  { $name }
    Identificador  { $id }
    Versión del estatuto  { $version }
    Retransmisores
    { $relays }
network-coordinate-relay-sees =
    Usted coordina { $names }. El retransmisor ve las claves, y ningún nombre.
    Siguiente:  watchfire invite new --neighborhood "{ $first }"
network-charter-names-now = El estatuto ya nombra { $names }. Lo abre alguien de coordinación con permiso allí.
network-shows = muestra
network-holds = aparta
network-closed = {"   "}cerrado
network-epoch-quorum-alerts = { $name }   época { $epoch }   quórum { $quorum }, { $below } las alertas que no lo alcanzan   guarda los registros { $hours } h{ $closed }
network-network-neighborhood-yet = Esta red no tiene todavía ningún vecindario. Siguiente:  watchfire neighborhood add "NOMBRE"
network-there-already = El estatuto ya lo tenía, con estas condiciones.
