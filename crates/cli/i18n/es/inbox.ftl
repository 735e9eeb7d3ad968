### La mesa: los reportes, y lo que se hace con ellos.

# Lo que allí se niega, y qué hacer en su lugar.
inbox-claimed-already = el reporte { $report } lo tomó { $by }, hace { $span }
inbox-claimed-hint = no se cambió nada; hable con esa persona, o tómelo usted: watchfire inbox claim { $report } --yes
inbox-not-yours = usted no ha tomado el reporte { $report }
inbox-not-yours-hint = no se cambió nada; vea quién lo tiene: watchfire inbox show { $report }
inbox-merged-already = el reporte { $report } se unió al { $into }
inbox-merged-hint = no se cambió nada; siga con el otro: watchfire inbox show { $into }. Si no son de lo mismo: watchfire inbox split { $report }
inbox-not-merged = el reporte { $report } no está unido a ningún otro
inbox-into-closed = el reporte { $into } está cerrado: lo que se le une desaparece con él
inbox-into-closed-hint = no se cambió nada; únalos al revés: watchfire inbox merge { $into } { $report }. O, si continúa, abra primero ese: watchfire inbox claim { $into } --yes
inbox-into-false = se encontró que el reporte { $into } no es cierto: lo que se le une desaparece con él
inbox-into-false-hint = no se cambió nada; atienda este por separado: watchfire inbox claim { $report }. Si ahora se ve allí, compruebe antes el otro de nuevo: watchfire inbox verify { $into } --outcome verified --by MÉTODO
inbox-same = los dos son el reporte { $report }, o ya se muestran con él
inbox-elsewhere = los dos reportes son de vecindarios distintos
inbox-list-hint = no se cambió nada; véalos todos: watchfire inbox list --all
inbox-closed-already = el reporte { $report } está cerrado
inbox-closed-hint = no se cambió nada; para abrirlo otra vez: watchfire inbox claim { $report }
inbox-one-source = el reporte { $report } tiene una sola fuente, y two-reports pide dos
inbox-one-source-hint = no se cambió nada; primero una a él el otro reporte: watchfire inbox merge OTRO { $report }
inbox-not-verified = nadie ha verificado el reporte { $report }: nada sin verificar llega a quienes responden
inbox-not-verified-hint = no se envió nada; pida que lo verifiquen: --ask verify. O verifíquelo: watchfire inbox verify { $report } --outcome verified --by MÉTODO
inbox-found-false = { $by } comprobó el reporte { $report } y encontró: { $outcome }
inbox-made-of-untrue = la alerta { $short } se hizo con el reporte { $report }, que { $by } comprobó después ({ $at }), y encontró: { $found }
inbox-made-of-untrue-hint = no se envió ni se firmó nada; diga que no es cierto: watchfire alert correct { $short }, o termínela: watchfire alert cancel { $short }. Si ahora se ve allí, compruébelo de nuevo: watchfire inbox verify { $report } --outcome verified --by MÉTODO
inbox-taken-back = la alerta { $alert }, hecha con el reporte { $report }, la retiró { $by } { $span }: no era cierto
inbox-check-anew-hint = no se envió nada; si ahora se ve allí, compruébelo de nuevo: watchfire inbox verify { $report } --outcome verified --by MÉTODO
inbox-find-hint = véalos todos: watchfire inbox list --all; traiga lo nuevo: watchfire sync

# Listas.
inbox-dropped = { $author } envió en { $hood } más reportes de los que este equipo guarda de una persona: { $count ->
    [one] el más antiguo ya no está
   *[other] los { $count } más antiguos ya no están
}
inbox-empty = No hay ningún reporte abierto.
inbox-list-next = Completo: watchfire inbox show { $short }. Para atenderlo: watchfire inbox claim { $short }
inbox-not-sent-yet = (todavía sin enviar)
inbox-is-open = abierto
inbox-is-claimed = lo tiene { $by }, { $span }
inbox-is-yours = suyo, { $span }
inbox-is-merged = unido al { $into }
inbox-is-dismissed = descartado
inbox-is-not-true = NO ES CIERTO
inbox-is-over = su alerta se dio por terminada
inbox-is-debunked = desmentido
inbox-beside = Junto a él: { $first }
inbox-beside-unchecked = Junto a él, unido después de la comprobación y sin comprobar: { $first }
inbox-where = Lugar: { $parts }.
inbox-source = Fuente: { $source }.
inbox-caller = Llamó: { $caller } (no sale nunca de la mesa)
inbox-check = Verificación: { $outcome }, por { $by } ({ $method }{ $sure }, { $at }).
inbox-check-overturned = Comprobado: { $outcome }, por { $by } ({ $method }{ $sure }, { $at }). DESMENTIDO después.
inbox-note = Nota de { $by }, { $at }: { $text }
inbox-was-dismissed = Descartado por { $by }, { $at }: { $reason }
inbox-was-debunked = Desmentido por { $by }, { $at }.
inbox-alert = Alerta hecha con él: { $alert }, por { $by }, { $at }.
inbox-alert-over = Alerta hecha con él: { $alert }, por { $by }, { $at }. Ya terminó.
inbox-alert-taken-back = Alerta hecha con él: { $alert }, por { $by }, { $at }. NO ES CIERTO: la retiró { $who }, { $since }.

# Lo que se pregunta.
inbox-open-again = El reporte { $short } está cerrado. ¿Abrirlo otra vez y tomarlo?
inbox-take-over = El reporte { $short } lo tomó { $by }, hace { $span }. ¿Seguir, y quitárselo?
inbox-verify-old = { $old } ¿Decir de todos modos que es cierto?
inbox-debunk-verified = { $by } verificó { $short }. ¿Decir de todos modos que no es cierto?
inbox-somebody-has = { $by } tiene { $short }: dígale lo que encontró
inbox-which-outcome = ¿Qué se encontró?
inbox-which-method = ¿Cómo se verificó?
inbox-why = ¿Por qué? (Intro para no decirlo)
inbox-which-note = Nota, para el resto de quienes coordinan:
inbox-no-note = una nota dice algo
inbox-write-into-file = escríbala en un archivo: --file F
inbox-no-answer = no se contestó `{ $question }`: no se cambió nada
inbox-say-which = diga { $flag }: uno de { $codes }
inbox-no-such-code = `{ $typed }` no es ninguno de { $codes }
inbox-code-meant = aquí no hay `{ $typed }`: ¿quiso decir { $codes }?
inbox-reason-in-history = el motivo quedó en el historial de la terminal; sin --reason se le pregunta, o use --file

# Lo que se hizo.
inbox-claimed = { $short } es suyo.
inbox-released = { $short } quedó libre.
inbox-merged = El otro reporte se muestra desde ahora con { $short }; se conservan los dos.
inbox-split = { $short } queda otra vez por separado.
inbox-checked = { $short }: { $state }.
inbox-dismissed = { $short } quedó descartado.
inbox-debunked = { $short } quedó desmentido.
inbox-noted = La nota está junto a { $short }.
inbox-readers = Lo ven quienes coordinan { $hood }, y nadie más.
inbox-waits = { $short }: eso espera en este equipo hasta que un retransmisor lo acepte. Mientras tanto no lo ve nadie más de quienes coordinan { $hood }.
inbox-queued = está en la bóveda, y ningún retransmisor lo acepta ahora: { $why }
inbox-queued-hint = no lo haga otra vez; para probar ahora: watchfire sync

# Lo que sigue.
inbox-next-open = Sigue: watchfire inbox claim { $short }
inbox-next-claimed = Sigue: watchfire inbox verify { $short } --outcome verified --by MÉTODO; o pida que otros miren: watchfire alert send --from { $short } --ask verify
inbox-next-verified = Sigue: watchfire alert send --from { $short }
inbox-next-untrue = Sigue: watchfire inbox debunk { $short }
inbox-next-taken-back = Con él se hizo { $alert }, que se retiró: no era cierto. Sigue: watchfire inbox debunk { $short }; o, si se vio después de eso: watchfire inbox verify { $short } --outcome verified --by MÉTODO
inbox-next-made = Para decir más de ello: watchfire alert update { $alert }
inbox-next-over = { $alert }, que se hizo con él, ya terminó. Lo que se ve allí ahora es un reporte nuevo: watchfire report
inbox-next-called = { $alert } pide que alguien mire. Sigue, cuando se haya comprobado: watchfire inbox verify { $short } --outcome verified --by MÉTODO
inbox-next-unchecked = Lo que se unió después de la comprobación no va en ninguna alerta hasta que se compruebe también: watchfire inbox verify { $short } --outcome verified --by MÉTODO. Sin ello: watchfire alert send --from { $short }
inbox-next-merged = Siga con el otro: watchfire inbox show { $into }. Si no son de lo mismo: watchfire inbox split { $short }
inbox-next-closed = Para abrirlo otra vez: watchfire inbox claim { $short }
inbox-next-correct = Quienes responden ya lo supieron. Sigue: watchfire alert correct { $alert }
inbox-next-debunked = Si la gente lo ha oído: watchfire alert send --neighborhood "{ $hood }" --kind rumor.debunk
inbox-new = { $hood }: reporte nuevo  { $line }
inbox-new-next = Completo: watchfire inbox show { $short }

# An alert that is made of a report.
inbox-of-another = el reporte { $short } es de { $hood }: no hace falta --neighborhood
inbox-alert-not-noted = la alerta ya salió; en la mesa no quedó anotado que se hizo con este reporte: { $why }
inbox-stays = Los comentarios y quién llamó se quedan en la mesa: nada de eso va en la alerta.
inbox-was-doubted = { $by } comprobó { $at }: { $outcome }. Una comprobación posterior dice otra cosa, y en la alerta están solo las de después.
inbox-left-out =
    { $count ->
        [one] un reporte se unió a { $short } después de comprobarse este, y nada de él va en la alerta. Si también se comprobó, dígalo antes
       *[other] { $count } reportes se unieron a { $short } después de comprobarse este, y nada de ellos va en la alerta. Si también se comprobaron, dígalo antes
    }:  watchfire inbox verify { $short }
inbox-from-merged = Del reporte { $report } de { $by }: { $fields }.
inbox-from-people = las personas que necesitan ayuda
inbox-from-still-there = si sigue allí
inbox-made-already = { $by } hizo la alerta { $alert } con el reporte { $short }, { $span }
inbox-made-and-over = { $by } hizo la alerta { $alert } con el reporte { $short }, { $span }, y ya terminó
inbox-takes-place = Toma el lugar del pedido de verificar ({ $alert }): la gente ve una sola alerta.
inbox-made-hint = no se envió nada; para decir más de ello: watchfire alert update { $alert }. Una segunda alerta solo la envía alguien a quien se le pregunta, diga --yes lo que diga
inbox-made-hint-over = no se envió nada; véala: watchfire show { $alert }. Lo que se ve allí ahora es un reporte nuevo: watchfire report. Una segunda alerta con este solo la envía alguien a quien se le pregunta, diga --yes lo que diga
inbox-made-another = ¿Enviar otra alerta con él de todos modos?
inbox-made-two = { $already }: hay dos alertas de un mismo hecho, y la suya es { $own }. Acuerden cuál sigue:  watchfire show { $other }
inbox-merge-different = { $short } y { $into } quizá no son de un mismo hecho: { $differences }. ¿Juntarlos de todos modos?
inbox-merge-kinds = uno dice { $one }, el otro { $other }
inbox-merge-apart = hay { $span } entre uno y otro
inbox-merge-far = sus coordenadas están a { $metres } m
