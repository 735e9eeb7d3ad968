### Preguntas, un dato tras otro.

form-too-long = { $found } caracteres; caben { $most }.
form-looks-like = `{ $piece }` parece { $what }. Aquí no se nombra ni se numera a nadie: diga cuántas personas son y qué necesitan, nunca quiénes.
form-again-without = Escríbalo otra vez, o Intro para dejarlo así:
form-which = ¿Cuál?
form-count = un número, como 4; o 4+ si son al menos cuatro; o 4-6
form-number = un número entero, como 2
form-yes-or-no = s o n
form-not-yet = eso todavía no llega: ¿cuándo se vio?
form-time = ahora, o 20 min si fue hace veinte minutos, o 14:02, o 2026-11-21T14:02:00-06:00
form-language = `{ $text }` no es un idioma; pruebe una etiqueta, como es o fr
form-no-such = un número de la lista, por favor, o Intro para saltarla
form-a-number = el número de expediente de una persona
form-phone = un número de teléfono
form-email = una dirección de correo
form-family-enforcement = agentes o policía
form-family-support = alguien necesita apoyo
form-family-community = algo que concierne a todo el mundo: fuego, inundación, luz
form-family-network = la red misma
form-family-rumor = un rumor que no es cierto
form-editor-or-file = (. para su editor, < ARCHIVO para un archivo)
form-kind-needed = Es lo único que hace falta: un número, o una palabra como enforcement.raid.
form-coordinates = ¿Coordenadas? (norte, este, como 41.85, -87.65; Intro para omitir)
form-precision = ¿Qué tan exactas son, en metros? (Intro para { $usual })
form-point = dos números en grados, como 41.85, -87.65: de -90 a 90 norte, luego de -180 a 180 este
form-metres = un número entero de metros, como mucho { $most }
