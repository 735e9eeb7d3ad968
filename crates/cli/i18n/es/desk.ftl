### La mesa de coordinación.

desk-keeping-desk-ctrl = Atendiendo la mesa de { $names }. Ctrl-C termina.
desk-desk-kept-any = La mesa de `{ $name }` ya no se atiende; las demás sí.
desk-keeping-desk-too = Atendiendo también la mesa de `{ $shown }`.
desk-epoch-open = { $hood }: se abrió la época { $epoch }
desk-member = { $hood }: { $handle } ya es integrante
desk-waits-approval = { $hood }: { $handle } espera aprobación:  watchfire member pending
desk-removal-waits-another = { $hood }: la baja de { $handle }, firmada por { $by }, espera a otra persona de coordinación:  watchfire member pending
desk-order-members = { $hood }: en orden, { $members } integrantes.
desk-gone = { $hood }: { $handle } ya no es integrante
desk-suspended = { $hood }: { $handle } no recibe claves nuevas, porque se revocó a quien le aprobó. Si le conoce, apruebe otra vez: watchfire member approve { $handle }
desk-needs-you =
    { $hood }: { $members ->
        [one] { $members } integrante
       *[other] { $members } integrantes
    }; { $open ->
        [one] una cosa espera por usted
       *[other] { $open } cosas esperan por usted
    }: vea arriba.
desk-call-for-help = AYUDA: { $who } pidió ayuda en { $hood } ({ $at }) y después no ha dicho que está a salvo:  watchfire alert follow { $short }
desk-call-in-drill = AYUDA (en respuesta a un SIMULACRO): { $who } pidió ayuda en { $hood } ({ $at }) y después no ha dicho que está a salvo:  watchfire alert follow { $short }
desk-untrue = ¿NO ES CIERTO? { $by } comprobó el reporte { $report } en { $hood } ({ $at }) y encontró: { $found }. La alerta { $short }, hecha con él, sigue en pie:  watchfire alert correct { $short }
desk-removed = { $who } (dada de baja { $at })
desk-call-more =
    {"  "}Pidió ayuda también en respuesta a { $count ->
        [one] otra alerta.
       *[other] otras { $count } alertas.
    }
desk-call-of-removed = {"  "}Se le dio de baja y no puede decir que está a salvo. Cuando sepa cómo está, esto quita la línea para todas las personas de coordinación:  watchfire alert attend { $short } { $who }
desk-attended = {"  "}{ $by } se ocupa de esa persona desde { $at }.
desk-attended-here = {"  "}Usted se ocupa desde { $at }.
desk-unattended = {"  "}Nadie ha dicho que se ocupa de esa persona. Si usted lo hace:  watchfire alert attend { $short } { $who }
desk-attend-told = Las demás personas de coordinación de { $hood } lo ven, y se le avisa a { $who }. Sigue a la vista hasta que { $who } responda safe o leaving.
desk-attend-ended = Las llamadas de ayuda de { $who } quedan cerradas para todas las personas de coordinación de { $hood }. A nadie más se le avisa.
desk-attend-ended-waits = Que las llamadas de ayuda de { $who } quedan cerradas espera en este equipo hasta que un retransmisor lo acepte. Mientras tanto las demás personas de coordinación de { $hood } las siguen viendo.
desk-attend-waits = Que usted atiende a { $who } espera en este equipo hasta que un retransmisor lo acepte. Mientras tanto no lo ve nadie en { $hood }.
desk-attend-take-over = { $by } se ocupa de { $who }, desde hace { $span }. ¿Seguir, y tomar el caso en su lugar?
desk-attended-already = { $by } ya se ocupa de { $who }, desde hace { $span }
desk-attended-hint = no cambió nada; hablen, o tome el caso en su lugar: watchfire alert attend { $alert } { $who } --yes
desk-find-call = vea quién pide ayuda: watchfire status; traiga lo nuevo: watchfire sync
