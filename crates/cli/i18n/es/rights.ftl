### Tarjetas de derechos.

rights-sample = Esto es una muestra, no asesoría legal: que la revise una persona abogada. Quien coordina la cambia:  watchfire rights publish --file tarjetas.json
rights-by = Así lo dijo { $who } a la red { $at }.
rights-publish = En { $hood } todas las personas verán estas tarjetas en vez de las de ahora. ¿Las revisó una persona abogada? ¿Publicar?
rights-language = `{ $found }` no es una etiqueta de idioma: se espera una como `en`, `es-MX` o `zh-Hant`
rights-count = { $found } tarjetas: se esperan de 1 a 8, una por idioma
rights-twice = `{ $language }` tiene dos tarjetas: se espera una
rights-lines = la tarjeta en `{ $language }` tiene { $found } líneas: se esperan de 1 a 24
rights-text = un texto de la tarjeta en `{ $language }` tiene { $found } caracteres: se esperan de 1 a { $most }
rights-large = las tarjetas tienen { $found } bytes: se esperan a lo sumo 32768
rights-file-hint = no se publicó nada. Cómo es un archivo:  watchfire rights --json, bajo `cards`
