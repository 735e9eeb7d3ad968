### Respuestas a una alerta.

answer-looks-like-names = `{ $text }` parece identificar a una persona. Quienes coordinan lo leerán.
answer-sent = Respuesta a { $short }: { $word }. La leen quienes coordinan; los demás y el retransmisor, no.
answer-queued = Respuesta a { $short }: { $word }. Ningún retransmisor la recibe ahora: espera en la bóveda y sale con la próxima orden que se conecte.
answer-try-now = Para probar ahora:  watchfire sync
answer-eta-goes-going = --eta va solo con `going`
answer-known-reason = `{ $found }` no es un motivo conocido
answer-not-one = `{ $found }` no es una respuesta posible
answer-nothing-sent-wanted = no se envió nada; se espera { $wanted }
answer-over = { $ended } No hace falta que venga nadie. ¿Responder así de todos modos?
answer-over-unsent = { $ended } Su respuesta no se envió.
answer-over-by-now = { $ended } Ya terminó, y no hace falta que vaya nadie. Si está afuera:  watchfire answer { $short } a-salvo   (o me-voy)
answer-help-stays = usted pidió ayuda y esto no lo retira: quienes coordinan le seguirán buscando hasta que diga que está a salvo:  watchfire answer { $short } a-salvo
