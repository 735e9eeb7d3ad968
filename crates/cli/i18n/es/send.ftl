### Enviar una alerta.

send-changed = ¿Qué cambió?
send-moved-from = ¿Se movió? ¿Dónde es ahora? (Intro: sigue en { $place })
send-moved = ¿Dónde es ahora? (Intro: no se dice, como antes)
send-nothing-changed = no cambió nada
send-say-new-file = diga qué hay de nuevo: --file, --need, --ask …
send-true = ¿Qué es lo cierto?
send-correction-says-true = una corrección dice qué es lo cierto
send-write-into-file = escríbalo en un archivo: --file F
send-correction-text = no se envió nada; escriba lo cierto como `text` en el archivo, como en {"{"}"text":{"{"}"es":{"{"}"headline":"No es ICE: es un rodaje"{"}"}{"}"}{"}"}
send-stood-down-already = ya se dio por terminada, con { $by }
send-corrected-already = ya se corrigió, con { $by }: no hace falta que vaya nadie
send-corrected-already-hint = no se envió nada; si ahora se ve algo ahí, envíelo como alerta nueva: watchfire alert send
send-corrected-before-end = ya la corrigió { $by }: no hace falta que nadie vaya, y así se le dice a la gente. Se sigue mostrando como corregida.
send-another-replaced = { $by } dijo otra cosa ({ $at }): { $said } Lo de usted ocupó su lugar. Para que consten las dos: watchfire alert update { $short } …
send-another-holds = { $by } dijo otra cosa ({ $at }): { $said } Eso ocupó el lugar de lo de usted. Para que consten las dos: watchfire alert update { $short } …
send-status-stays = una actualización no cambia si es real o un simulacro
send-status-stays-hint = no se envió nada; dé por terminada esta y envíe otra: watchfire alert cancel … y watchfire alert send --status …
send-exact-goes = El lugar es otro: el lugar exacto que se haya dicho antes ya no se muestra a nadie. Dé el nuevo, si lo hay.
send-nothing-sent-see = no se envió nada; véala: watchfire show { $short }
send-stand-down-waits = ya hay un aviso de fin que espera firma:  watchfire alert sign { $id }
send-who-is-out = Salieron por esto, por ahora: en camino { $going }, en el lugar { $on_scene }. Se les dice cómo acabó y se les pide que avisen que están a salvo.
send-help-open = pide ayuda y todavía no está a salvo: { $who }. Eso no termina con la alerta:  watchfire alert attend { $short } NOMBRE
send-how-end = ¿Cómo acabó?
send-what-end = En pocas palabras, para todos: ¿qué pasó? (Intro para omitirlo)

send-relay-answers-goes = ningún retransmisor responde: esto se basa en lo que ya tenía la bóveda
send-goes-everybody-relay = Llega a todas las personas de { $hood_name }. El retransmisor no puede leerla.
send-may-name-person = Puede identificar a alguien o decir dónde vive. ¿Enviar así?
send-send = ¿Enviar?
send-where-street-corner = ¿Dónde? (calle, esquina, lugar)
send-seen-enter-skip = ¿Qué se ve? (Intro para omitir)
send-nothing-sent = No se envió nada.
send-not-sent = no se envió
send-no-outcome = no se dijo cómo acabó: no se envió nada
send-check-nobody = nadie lo ha comprobado todavía
send-check-needed = Esto no se puede omitir: la gente va porque alguien dice que es cierto. Un número de la lista, por favor.
send-check-call = Lo que nadie ha comprobado sale como petición de comprobarlo y como nada más: pide a la gente que averigüe si es cierto, y dura 30 minutos.
send-check-as-call = ¿Convertirla en petición de comprobar? (s/n)
send-check-unsaid = no dice cómo se comprobó esto, y se le dice así a quien la lea. Para decirlo: `verification` en el archivo, como {"{"}"state":"verified","by":[{"{"}"handle":"Kai","method":"on-site","at":"2026-11-21T20:02:11Z"{"}"}]{"}"}
send-check-gone = El lugar o el avistamiento es otro: se quita a quien comprobó el anterior.
send-warning-looks-like = aviso: `{ $text }` parece { $what } ({ $field }). En una alerta nunca se nombra a quien llama ni a quien está detenido.
send-alert-signed-vault = la alerta está firmada y en la bóveda, y ningún retransmisor la recibe ahora{ $why }
send-write-again-try = no la escriba otra vez; para probar ahora: watchfire sync
send-few-devices-connected = Hay pocos equipos en línea en este momento; los demás la reciben al conectarse.
send-devices-more-connected =
    Hay { $followers ->
        [one] { $followers } equipo
       *[other] { $followers } equipos
    } o más en línea; los demás la reciben al conectarse.
send-signed-accepted-relay = Firmada como { $handle }. El retransmisor la aceptó como { $short }. { $devices }
send-signed-sent-yet = Firmada como { $handle }. TODAVÍA NO SE ENVIÓ. { $short } espera en la bóveda y sale con la próxima orden que se conecte.
send-follow = Para seguirla:  watchfire alert follow { $short }
send-nobody-asked = no se pide a nadie
send-enough-already = ya hay suficientes { $roles }
send-role-not-asked = no se piden { $roles }
send-others-needed = { $first }; todavía hacen falta: { $needs }
send-kind-moved = Lo que pasa es otra cosa: { $is }, antes { $was }.
send-end-moved = Vence { $is }, ya no { $was }.
send-headline-of = La primera línea se escribió para { $kind }: «{ $headline }». ¿Otra? (Intro para dejarla)
send-headline-kept = los textos se escribieron para { $kind }: mire si todavía valen
send-where-exactly = ¿Dónde exactamente, para quienes vengan? Nunca va en la alerta. (Intro para omitir)
send-who-needed = ¿Quién hace falta? (un número, o como observer:4, interpreter:es:1; Intro si nadie)
send-not-a-need = no se entiende `{ $need }`: una tarea y cuántas personas, como observer:4 o interpreter:es:1
send-how-long = ¿Por cuánto tiempo vale? (como 90m o 2h; Intro para { $usual })
send-not-a-span = un tiempo por venir, como 30m, 2h o 1d
send-texts-none = Sin más texto: cada quien la lee en su idioma, y los nombres, los lugares y lo que usted escribió, tal como lo escribió.
send-texts-in = Hay texto en { $written }.
send-texts-all = Todas las personas de aquí leen alguno.
send-texts-missing = Falta para personas de aquí: { $missing }. Las partes con código se leen en el idioma de cada quien.
send-texts-unsaid =
    { $unsaid ->
        [one] { $unsaid } de { $members } miembros no ha dicho en qué idioma lee.
       *[other] { $unsaid } de { $members } miembros no han dicho en qué idioma leen.
    }
send-exact-kept = El lugar exacto no va en ella: solo lo reciben quienes respondan que van.
send-template-where = diga dónde: ninguna plantilla lo sabe
send-template-where-hint = no se envió nada; escriba `place` en un archivo y páselo con --file
send-texts-kept = El lugar es otro. Lo que dice la alerta queda como estaba.
send-mend = Está aquí ({ $field }): { $before }
    `{ $piece }` parece { $what }.
send-mend-anew = Sin eso (Intro para dejarlo):
send-pass-on = Lo mismo en una línea, para que la gente lo comparta (Intro para omitir)
send-untranslated = Falta: { $fields }. A quien lee ese idioma se le muestra en otro.
send-who-else = ¿Quién más? (Intro si nadie)
send-need-language = ¿En qué idioma?
send-need-count = ¿Cuántas personas? (Intro si 1)
send-where-about = ¿Dónde, para todas las personas? (un cruce o una calle cerca de la casa, nunca su dirección)
send-exact-only = Solo quienes vengan sabrán dónde es: a las demás personas no se les dice más que el vecindario. Es mejor nombrar una calle o un cruce cercano.
