### Ayuda: `help-ORDEN` por cada orden; lo que va después es `.more`. Cada argumento es un atributo de su orden, o de una superior
### si varias lo comparten.

help = Alertas que solo su vecindario puede leer, de personas a quienes su red respalda
    .more =
        Códigos de salida: 0 hecho, 1 inesperado, 2 uso, 3 red o retransmisor, 4 no es de fiar o sin permiso, 5 cerrado,
        6 no existe o venció, 7 por enviar, 8 no se logró a tiempo, 9 faltan firmas, 130 interrumpido
    .home = Dónde está la bóveda: una persona, un equipo, una red; o la variable WATCHFIRE_HOME
    .json = Escribe un objeto JSON por línea en la salida estándar
    .plain = Sin colores ni control de pantalla
    .no-input = No espera nunca a una persona
    .passphrase-file = Lee de un archivo la contraseña de la bóveda
    .proxy = Conecta por un proxy SOCKS5, como lo es Tor, desde ahora: socks5h://EQUIPO:PUERTO; none lo termina; o la variable WATCHFIRE_PROXY
    .ca-file = Confía también, desde ahora, en las autoridades de un archivo de certificados; none lo termina
    .yes = Responde que sí a lo que se preguntaría
    .quiet = Solo resultados y errores
    .verbose = Dice más
    .help = Muestra esta ayuda
    .version = Muestra la versión
help-for-demo = Representar una noche de una red inventada en este equipo, en un minuto, y mostrar qué vio el retransmisor
help-for-join = Entrar a una red con un enlace de invitación
    .handle = Cómo quiere que le llamen
    .role = Qué ofrece hacer, como observer, driver o medic; una vez por cada cosa
    .speaks = Qué idioma habla y lee, como es; una vez por cada idioma
    .link-file = Lee el enlace de un archivo; - es la entrada estándar
    .wait = Espera hasta que le aprueben
    .timeout = Espera a lo sumo este tiempo
help-for-confirm = Confirmar la red con las tres palabras que le leyó quien coordina
    .words = Las tres palabras que oyó
help-for-watch = Mostrar las alertas según llegan
    .more =
        Primero las que valen todavía y nunca se mostraron aquí, después las que lleguen. Quienes coordinan ven que este
        equipo las recibió.
    .neighborhood = Solo este vecindario
    .count = Termina después de tantas alertas
    .timeout = Termina después de este tiempo
    .exec = Ejecuta este programa con cada alerta, en JSON, por su entrada estándar
    .wake = Ejecuta este programa con cada alerta, y le da solo la urgencia y cuántas van
    .notify = Hace que el escritorio diga que hay una alerta, y nada de lo que dice
    .hook-timeout = Detiene lo que ejecutan --exec y --wake pasado este tiempo, con lo que inició y no se separó; si no, 30s
help-for-alerts = Listar las alertas
    .all = También las que ya vencieron
    .keep = Guarda desde ahora las alertas tanto tiempo después de terminar, como 7d; si no se dice, un día
help-for-show = Mostrar una alerta completa, y en breve lo que se dijo antes de ella
    .id = La alerta: sus primeros cuatro símbolos o más
help-for-held = Listar lo que se apartó, y por qué
help-for-answer = Responder a una alerta
    .id = La alerta: sus primeros cuatro símbolos o más
    .code = going (voy), on-scene (llegué), standby (espero), cannot (no puedo), leaving (me voy), safe (a salvo) o help (ayuda)
    .eta = Cuánto falta para que llegue, como 10m; un número solo son minutos
    .reason = Por qué no puede: no hace falta decirlo
    .role = Con qué tarea viene, como observer o medic
    .file = Lee de un archivo un texto para quienes coordinan; - es la entrada estándar
help-for-profile = Decir lo que usted ofrece y qué idiomas habla, o verlo
    .more = Lo que no diga queda como estaba. Solo lo saben quienes coordinan.
    .role = Lo que ofrece hacer, como observer, driver o medic; una vez por cada tarea
    .speaks = Qué idioma habla y lee, como es; una vez por cada idioma
    .neighborhood = Solo en este vecindario
help-for-duty = Decir cuándo callan los avisos y programas, o verlo
    .more = Queda en este equipo. Las alertas se guardan y se muestran igual.
help-for-duty-on = Avisarme de cada alerta
help-for-duty-off = No avisarme nunca
help-for-duty-quiet = No avisarme a estas horas
    .hours = Desde y hasta, según el reloj de este equipo, como 22:00-07:00
help-for-report = Reportar lo que se vio a quienes coordinan
    .more =
        Pregunta lo que falta: cuántos, qué hacen, dónde, quiénes son, cuándo, qué llevan. Solo quienes coordinan pueden
        leerlo. Sin retransmisor espera en la bóveda, código de salida 7. Lo que escribió y no envió queda en la bóveda
        durante 24 horas.
    .neighborhood = A quienes coordinan qué vecindario
    .file = Lee el reporte de un archivo JSON; - es la entrada estándar
    .kind = Qué pasa, como enforcement.checkpoint
    .source = De dónde viene: own-eyes, relayed, hotline-call, sms, web-form o partner-network
help-for-inbox = Ver lo que se reportó, verificarlo y decir en qué quedó
    .more =
        Todas las personas que coordinan un vecindario ven lo que cada una hace aquí. Notas, comentarios y quién llamó no
        salen nunca de la mesa. Nada sin verificar llega a quienes responden, salvo pedir que lo verifiquen.
    .id = El reporte: sus primeros cuatro símbolos o más
help-for-inbox-list = Listar los reportes abiertos
    .neighborhood = Solo de este vecindario
    .all = También los cerrados, y los que se muestran con otro
help-for-inbox-show = Mostrar un reporte completo, y lo que se hizo con él
help-for-inbox-claim = Decir a las demás personas que coordinan que usted atiende un reporte
help-for-inbox-release = Dejar libre un reporte que usted tomó
help-for-inbox-merge = Mostrar como uno solo dos reportes de lo mismo
    .into = El reporte con el que se muestra desde ahora
help-for-inbox-split = Deshacer una unión: el reporte queda otra vez por separado
help-for-inbox-verify = Agregar cómo se verificó, y qué se encontró
    .outcome = Qué se encontró: verified, corroborated, unverified, not-found, false-alarm o withdrawn
    .by = Cómo: on-site, photo, two-reports, call-back, trusted-reporter u official
    .certainty = Qué tan seguro: observed, likely, possible o unlikely
help-for-inbox-dismiss = Cerrar un reporte con el que no hay nada que hacer
    .reason = Por qué, en una palabra, como duplicate; si es más, se pregunta o viene de un archivo
    .file = Lee el motivo de un archivo; - es la entrada estándar
help-for-inbox-debunk = Cerrar un reporte que no es cierto
help-for-inbox-note = Agregar a un reporte una nota para las demás personas que coordinan
    .file = Lee la nota de un archivo; - es la entrada estándar
help-for-rights = Mostrar cuáles son sus derechos: una tarjeta de su red, o una muestra
    .neighborhood = Las tarjetas de este vecindario
help-for-rights-publish = Dar tarjetas propias a todo un vecindario, en vez de lo que ve ahora
    .neighborhood = A quién
    .file = Lee las tarjetas de un archivo JSON, como `cards` en rights --json; - es la entrada estándar
help-for-status = Mostrar cómo está este equipo
    .relay-sees = Dice qué puede observar el retransmisor
help-for-sync = Conectarse, enviar lo pendiente y traer lo nuevo
help-for-alert = Enviar alertas, firmar las de otras personas y ver quién responde
    .ask = Qué se pide, como observe
    .certainty = Qué tan seguro: observed, likely, possible o unlikely
    .dry-run = La muestra como se vería, y no envía nada
    .expires = Por cuánto tiempo vale, como 2h
    .id = La alerta: sus primeros cuatro símbolos o más
    .kind = Qué pasa, como enforcement.checkpoint
    .need = Quién hace falta, como observer:4 o interpreter:es:1; una vez por cada necesidad
    .severity = Qué tan grave: extreme, severe, moderate o minor
    .status = Si va en serio: actual (real), exercise (simulacro) o test (prueba)
    .urgency = Con qué urgencia: immediate, expected, future o past
help-for-alert-send = Enviar una alerta a un vecindario
    .more =
        Pregunta lo que falta, la muestra como la verán quienes la lean, y pregunta antes de enviarla. Textos y lugares se
        preguntan o vienen de un archivo: los argumentos quedan en el historial de la terminal. Lo que escribió y no envió
        queda en la bóveda durante 24 horas.
    .neighborhood = A quién
    .file = Lee la alerta de un archivo JSON; - es la entrada estándar
    .from = El reporte del que sale: sus primeros cuatro símbolos o más
    .template = Empieza con esta plantilla
help-for-alert-sign = Agregar su firma a una alerta que envió otra persona de coordinación
    .more =
        Trae lo nuevo, muestra la alerta como la ven quienes la leen, y pregunta. Cada persona de coordinación cuenta una
        vez, firme con el equipo que firme. Código de salida 9 mientras falten firmas.
help-for-alert-update = Decir qué cambió: el estado completo, con lo que usted dice de nuevo
    .more = Lo que no se dice queda como está. Necesita tantas firmas como una alerta en ese vecindario.
    .file = Lee de un archivo JSON lo que se dice de nuevo; - es la entrada estándar
help-for-alert-cancel = Dar por terminada una alerta: decir cómo acabó
    .more = Necesita tantas firmas como pide el vecindario. Hasta entonces se muestra junto a la alerta, que sigue vigente.
    .outcome = Cómo acabó, como agents-left o resolved
    .file = Lee más datos de un archivo JSON, como el de una alerta; - es la entrada estándar
help-for-alert-correct = Corregir una alerta equivocada
    .more = Diga qué es cierto: en un archivo, o cuando se le pregunte. El texto de la alerta no se repite.
    .file = Lee de un archivo JSON lo que se dice de nuevo; - es la entrada estándar
help-for-alert-enough = Decir que ya viene gente suficiente, para una tarea o para todas
    .more = Es una actualización: ya no se pide a nadie más. Necesita tantas firmas como la alerta.
    .id = La alerta: sus primeros cuatro símbolos o más
    .role = Solo para esta tarea, como observer; si no, para todas
    .dry-run = La muestra como se vería, y no envía nada
help-for-alert-follow = Ver quién tiene una alerta, quién viene y qué falta todavía
    .wait-for = Termina cuando tantas personas vayan o hayan llegado
    .timeout = Termina después de este tiempo
help-for-alert-attend = Decir que usted se ocupa de alguien que pidió ayuda
    .more =
        Las demás personas de coordinación lo ven, y a quien pidió ayuda se le avisa que usted lo vio. El pedido sigue a la
        vista hasta que responda safe o leaving. De alguien a quien se dio de baja, que no puede, cierra el pedido para todas.
    .handle = Cómo se llama, o los primeros símbolos de su identificador
help-for-alert-export = Escribir los incidentes terminados en un archivo que solo usted puede leer
    .more =
        csv: todos los campos, una fila por alerta y una por reporte, para usted; también los reportes que terminaron sin
        alerta. geojson: lugares aproximados y códigos, para mapas. cap: CAP 1.2, una carpeta con un documento por alerta.
        Sin id, todos los incidentes terminados.
    .id = Las alertas: sus primeros cuatro símbolos o más
    .format = csv, geojson o cap
    .out = A dónde: nunca se sobrescribe lo que haya
help-for-alert-pending = Listar las alertas que esperan más firmas
help-for-alert-list = Listar las alertas
    .all = También las que ya vencieron
help-for-template = Guardar alertas a medio escribir, para enviarlas de noche
    .name = Cuál
help-for-template-list = Listar sus plantillas, las de quienes coordinan y las muestras que trae el programa
help-for-template-show = Mostrar una plantilla como archivo que se puede cambiar
help-for-template-save = Guardar un archivo de alerta como plantilla, en lugar de la que tenga ese nombre
    .name = Cómo llamarla
    .more =
        Las demás personas que coordinan sus vecindarios también la tienen, y cualquiera de ellas puede cambiarla o quitarla.
        Sin un vecindario que coordinar queda en esta bóveda.
    .file = La lee de un archivo JSON, como el de una alerta; - es la entrada estándar
    .neighborhood = Solo para quienes coordinan este vecindario
    .private = Guardarla solo en esta bóveda
help-for-template-remove = Quitar una plantilla, suya o de quienes coordinan
help-for-stats = Contar cómo fueron las noches: reportes, cuánto tardó comprobarlos, falsas alarmas
help-for-invite = Hacer invitaciones, listarlas y retirarlas
help-for-invite-new = Hacer un enlace de invitación
    .neighborhood = A qué vecindario
    .role = Para qué: responder o coordinator (coordinar); si no se dice, responder
    .for = Para quién: una nota para quienes coordinan
    .uses = Cuántas personas pueden usarla; si no se dice, una
    .expires = Por cuánto tiempo vale; si no se dice, 24h
    .qr = Dibuja también el enlace como código QR
    .qr-file = Dibuja el código QR en un archivo: SVG si se llama así, si no, texto
    .out = Escribe el enlace en un archivo que solo usted puede leer
    .auto-approve = Para alguien que tiene delante: la mesa la aprueba sola dentro de diez minutos
    .cards = Escribe tarjetas numeradas para imprimir y entregar en mano: un solo uso cada una, y la mesa aprueba sola
help-for-invite-list = Listar las invitaciones abiertas
help-for-invite-withdraw = Terminar una invitación
    .id = La invitación: sus primeros cuatro símbolos o más; seguida de /7, la séptima de sus tarjetas
help-for-member = Aprobar y quitar personas, y ver quién es integrante
help-for-member-pending = Listar quién espera aprobación, con las tres palabras que hay que leerle
help-for-member-approve = Aprobar a personas cuyas tres palabras oyó
    .request = Sus solicitudes: los primeros cuatro símbolos o más de cada una; o el nombre de alguien a quien hay que aprobar otra vez
    .words = Las tres palabras que oyó de esa persona
help-for-member-remove = Quitar integrantes y dar claves nuevas a las demás personas
    .more =
        Quien queda fuera no lee nada desde la época siguiente, y conserva lo que tiene su equipo. Una sola persona de
        coordinación quita a lo sumo a cinco o a la décima parte en un día; lo demás espera a que otra quite a las mismas
        personas.
    .handle = A quién; - lee los nombres de la entrada estándar, uno por línea
    .file = Lee los nombres de un archivo, uno por línea
    .neighborhood = De qué vecindario
    .reason = Por qué: lo pueden leer quienes coordinan
help-for-member-list = Listar a sus integrantes
help-for-member-show = Mostrar a una persona
    .handle = A quién
help-for-rotate = Dar claves nuevas a un vecindario
    .neighborhood = A qué vecindario
help-for-desk = Atender la mesa de coordinación mientras esté abierta
    .once = Hace una vez lo que toca, y termina
help-for-network = Fundar una red
help-for-network-create = Fundar una red: clave de administración, primer estatuto y la clave de coordinación de este equipo
    .name = Cómo se llama la red
    .relay = La dirección del retransmisor, como wss://relay.example.org/v1
    .relay-key = La clave del retransmisor, como se la lee quien lo opera
    .admission-token-file = Un archivo con la ficha de admisión del retransmisor
    .handle = Cómo le llaman
help-for-network-show = Mostrar la red
help-for-neighborhood = Agregar, cambiar, cerrar y listar vecindarios
    .name = Qué vecindario
    .out = No publica nada: escribe un borrador en este archivo
help-for-neighborhood-add = Agregar vecindarios; este equipo es el primero en coordinarlos
    .name = Cómo se llaman
    .quorum = Cuántas personas de coordinación deben firmar una alerta; si no se dice, una
    .below-quorum = Qué pasa con una alerta con menos firmas: show (se muestra) o hold (se aparta); si no se dice, show
    .retention = Cuánto tiempo guarda los registros el retransmisor; si no se dice, 72h
    .coordinator = Alguien que coordina en otro lado, y también aquí; una vez por cada persona
    .no-open = Que lo abra otra persona de coordinación
help-for-neighborhood-list = Listar los vecindarios de la red
help-for-neighborhood-set = Cambiar cómo funciona un vecindario
    .quorum = Cuántas personas de coordinación deben firmar una alerta
    .below-quorum = Qué pasa con una alerta con menos firmas: show (se muestra) o hold (se aparta)
    .retention = Cuánto tiempo guarda los registros el retransmisor
help-for-neighborhood-rename = Cambiarle el nombre a un vecindario
    .new = Cómo se va a llamar
help-for-neighborhood-close = Cerrar un vecindario para siempre: ya no se envía nada allí
help-for-charter = Ver quién puede hacer qué, dar permisos, y cambiarlo junto con otras personas de administración
    .out = No publica nada: escribe un borrador en este archivo
help-for-charter-show = Mostrar el estatuto vigente
help-for-charter-history = Listar todas las versiones y qué cambió cada una
help-for-charter-grant = Dar permisos a alguien en un vecindario
    .handle = A quién
    .neighborhood = Dónde
    .right = Qué permiso: dispatch (firmar alertas) o enroll (invitar, aprobar, quitar y renovar claves); una vez por cada uno
    .until = Hasta cuándo, como 2027-01-31; si no se dice, hasta que venza el estatuto
help-for-charter-admin = Hacer una clave de administración, y agregar o quitar a quienes administran
help-for-charter-admin-key = Hacer en esta bóveda una clave de administración, sin ninguna red, y escribir su mitad pública en un archivo
    .out = Adónde va la clave pública; si no se dice, a admin.key aquí
    .from-paper = Recupera una clave con sus 24 palabras, escritas o por la entrada estándar
    .paper = Muestra las 24 palabras de la clave que esta bóveda ya tiene
    .paper-file = Escribe las 24 palabras en un archivo que solo usted puede leer, y no las muestra
help-for-charter-admin-add = Agregar a quienes administran, con los archivos de sus claves públicas
    .key_file = Sus archivos
help-for-charter-admin-remove = Quitar a alguien de administración
    .key = Su clave: los primeros cuatro símbolos o más
help-for-charter-device = Permitir que más equipos de una persona de coordinación actúen por ella, o menos
help-for-charter-device-key = Escribir la clave de este equipo en el estatuto, su mitad pública, en un archivo para administración
    .out = Adónde va; si no se dice, a device.key aquí
help-for-charter-device-add = Permitir que un equipo más actúe por una persona de coordinación, hasta cuatro
    .more =
        El equipo mismo entra con una invitación de coordinación, antes o después. Recibe las claves de coordinación con las
        próximas claves nuevas, y cuenta como la misma persona: las firmas de dos equipos suyos son una para el quórum.
    .handle = Por quién
    .key_file = El archivo con la clave del equipo
help-for-charter-device-remove = Hacer que un equipo perdido o reemplazado ya no actúe por una persona de coordinación
    .more =
        Nada de lo que haga su clave vale desde las próximas claves nuevas, que los equipos de coordinación dan por sí
        mismos; ya no lee lo que siga. A quien aprobó en los últimos 30 días le toca esperar hasta que otro equipo, de la misma
        persona o de otra de coordinación, ejecute member approve. El único equipo de una persona no se quita: para eso está
        watchfire charter revoke.
    .handle = Por quién actuaba
    .key = Su clave: los primeros cuatro símbolos o más
help-for-charter-retire = Terminar desde ahora los permisos de alguien; lo que envió antes sigue valiendo
    .handle = De quién
    .neighborhood = Solo en este vecindario
help-for-charter-revoke = Quitarle los permisos a alguien, y no fiarse más de lo que hagan sus claves
    .handle = A quién
    .neighborhood = Solo en este vecindario
    .distrust-from = Desde qué época ya no vale lo que hizo; si no se dice, desde la próxima
help-for-charter-threshold = Fijar cuántas personas de administración deben firmar un cambio
    .threshold = Cuántas: más de la mitad
    .restrict = Cuántas deben firmar para callar enseguida a alguien de coordinación
help-for-charter-renew = Prolongar el estatuto, y con él los permisos que terminan cuando vence
    .for = Por cuánto tiempo desde ahora; si no se dice, 365d
help-for-charter-relay = Agregar y quitar retransmisores
help-for-charter-relay-add = Agregar un retransmisor, o darle otra dirección
    .url = Su dirección, como wss://relay.example.org/v1
    .key = Su clave, como se la lee quien lo opera
    .first = Que sea el primero al que se conecte la gente
help-for-charter-relay-remove = Quitar un retransmisor
    .key = Su clave: los primeros cuatro símbolos o más
help-for-charter-sign = Firmar el borrador de otra persona de administración, después de leer qué cambia
    .file = El borrador: la firma se agrega a él
help-for-charter-publish = Publicar un borrador con bastantes firmas
    .file = El borrador
help-for-charter-export = Escribir todos los estatutos en un archivo, con los nombres que conoce esta bóveda
    .file = El archivo, que todavía no existe
help-for-charter-import = Tomar estatutos de un archivo, como si los trajera un retransmisor
    .file = El archivo: uno de charter export, o un borrador
help-for-charter-verify = Juzgar los estatutos de un archivo, sin retransmisor y sin guardar nada
    .file = El archivo: uno de charter export, o un borrador
help-for-charter-accept-fork = Elegir uno de dos estatutos que administración firmó para una misma versión
    .hash = Con cuál quedarse: los primeros cuatro símbolos de su suma o más
help-for-leave = Olvidar un vecindario en este equipo, o todos
    .neighborhood = Solo este vecindario
help-for-passphrase = Cambiar la contraseña de la bóveda
    .new-passphrase-file = Lee de un archivo la contraseña nueva
help-for-wipe = Destruir la bóveda de este equipo
help-for-completions = Escribir las sugerencias para una terminal
    .shell = Cuál: bash, elvish, fish, powershell o zsh
help-for-help = Mostrar la ayuda de una orden
    .command = Qué orden, como alert send

help-languages = Idioma: { $languages }

## Cómo se presenta una ayuda.

help-usage = Uso:
help-commands = Órdenes
help-command = ORDEN
help-arguments = Argumentos
help-options = Opciones
help-global-options = Opciones generales
help-some-options = {"["}OPCIONES]
