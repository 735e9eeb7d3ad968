### La demostración.

demo-verified = VERIFICADA
demo-signed = FIRMADA
demo-relay = Un retransmisor escucha en { $url }. No sabe nada de nadie.
demo-grant = Marisol, la administradora, da a Kai derechos de coordinación: nuevo estatuto, nuevas claves para todos.
demo-end = Eso fue todo, con claves de verdad y un retransmisor de verdad. Ahora se borra todo.
demo-own = Para una red propia: watchfire-relay init --dir relay --listen 127.0.0.1:7443
demo-founded = Marisol funda la red «{ $network }» con el barrio «{ $neighborhood }». Los nombres quedan entre su gente.
demo-joins = { $name } entra con un enlace. Lee «{ $say }» a { $coordinator }, y escucha «{ $hear }».
demo-signs = Marisol firma una alerta: «{ $headline }».
demo-acknowledged =
    confirmada a los { $time } ms, en el disco del retransmisor; al menos { $followers ->
        [one] { $followers } conexión sigue
       *[other] { $followers } conexiones siguen
    }
demo-sees = { $name } la ve a los { $after } ms: { $label }, firmada por { $signers }.
demo-answers =
    Kai, de la coordinación, abre las respuestas selladas de { $names }: { $going ->
        [one] { $going } va
       *[other] { $going } van
    }, { $cannot ->
        [one] { $cannot } no puede
       *[other] { $cannot } no pueden
    }.
demo-kept = Lo que el retransmisor guardó de ella: { $size } bytes en el byte { $offset } de su archivo { $name }. Empiezan así:
demo-form = (versión, canal, época, hora; después solo bytes sellados)
demo-searched = Buscadas en los { $files } archivos del retransmisor, { $bytes } bytes, { $secrets } palabras y nombres de esta noche: no hay ninguna.
