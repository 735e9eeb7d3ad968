### Dónde vive alguien.

home-keep = Esto dice exactamente dónde vive alguien. ¿Guardarlo para quienes vengan y decir a las demás personas solo más o menos dónde es? (Intro para sí)
home-kept = Se guarda para quienes vengan: a las demás personas no se les dice la dirección ni un punto más fino que 1 km.
home-not-sent = los textos dicen dónde vive alguien, y aquí no hay quien diga que todo el vecindario puede saberlo: `--yes` no lo dice
home-not-sent-hint = no se envió nada; quite la dirección de los textos y póngala en `place.exact` en el archivo, para quienes vengan
home-warning = aviso: `{ $text }` parece { $what } ({ $field }). Se le diría a todo el vecindario: lo que solo necesitan quienes vengan va en el lugar exacto.
