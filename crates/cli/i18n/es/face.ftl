### Una alerta como la ve la gente.

face-stood-down = {"   "}TERMINADA
face-stood-down-as = {"   "}TERMINADA: { $outcome }, { $at }
face-now-signed = { $first }  { $what }   ahora firmado por { $signers }
face-nobody-sees-until = {"  "}Nadie la ve hasta que firmen suficientes personas de coordinación: { $have } de { $need } por ahora.
face-coordinators-signed =
    { $have ->
        [one] Firmó
       *[other] Firmaron
    } { $have } de { $need } personas de coordinación.
face-nobody-else-may = Nadie más puede firmar aquí: alguien de administración debe dar el permiso `dispatch`.
face-can-sign = { $counted } Puede firmar { $who }:  watchfire alert sign { $short }
face-drill-test = SIMULACRO (PRUEBA){"  "}
face-drill = SIMULACRO{"  "}
face-asked = Se le pide: { $ask }.
face-needed = Se necesita: { $needs }.
face-about = Sobre { $id }: { $outcome }.
face-about-only = Sobre { $id }.
face-people =
    { $count ->
        [one] persona
       *[other] personas
    }
face-vehicles =
    { $count ->
        [one] vehículo
       *[other] vehículos
    }
face-police = policía: { $role }
face-still = siguen ahí
face-longer = ya no están
face-seen = Se vio: { $parts }.
face-most = a lo sumo { $max } { $what }
face-to = de { $min } a { $max } { $what }
face-more = { $min } o más { $what }
face-nobody-detained = nadie detenido
face-detained =
    { $count ->
        [one] { $count } persona detenida
       *[other] { $count } personas detenidas
    }
face-children = hay niños
face-somebody-needs-medical = alguien necesita ayuda médica
face-they-speak = hablan { $spoken }
face-people-line = Personas: { $parts }.
face-signed = Firmado por { $who }.
face-signed-expires = Firmado por { $signers }.{ $checked } Vence { $at } ({ $ends }).
face-checked = {" "}Comprobado por { $by }.
face-vouched =
    {" "}{ $count ->
        [one] Enviado por { $by }, que no dice cómo se comprobó.
       *[other] Enviado por { $by }, que no dicen cómo se comprobó.
    }
face-state-check = {" "}Comprobación: { $state }.
face-stood-down-by = Terminada por { $who } { $at }: { $outcome }.
face-wants-stand-down = { $who } quiere darla por terminada ({ $id }: { $outcome }), con { $have } de { $need } firmas que cuentan: sigue vigente.
face-updated-see = Actualizada por { $who } { $at }: vea { $id }.
face-says-something-newer = { $who } dice algo más nuevo ({ $id }), con { $have } de { $need } firmas que cuentan.
face-corrected-by = Corregida por { $who } { $at }.
face-corrected-see = Corregida por { $who } { $at }: vea { $id }.
face-says-wrong-signatures = { $who } dice que es errónea ({ $id }), con { $have } de { $need } firmas que cuentan.
face-updated-times = { $updates ->
        [one] { $kind }, actualizada
       *[other] { $kind }, actualizada { $updates } veces
    }
face-enough = Ya es suficiente: { $roles }.
face-exact-place = Lugar exacto: { $place }
face-predecessor-missing = Falta una parte anterior de esto.
face-place = Lugar: { $parts }.
face-label-stand-down = FIN DE LA ALERTA, { $label }
face-label-correction = CORRECCIÓN, { $label }
face-was-not-so = Esto no era cierto. No hace falta que nadie vaya.
face-put-right = Lo dicho antes estaba mal, y aquí se corrige. No hace falta que nadie vaya.
face-corrected = {"   "}CORREGIDA
face-not-true = {"   "}NO ES CIERTO
face-expired = {"   "}VENCIDA
face-urgency = urgencia: { $urgency }
face-severity = gravedad: { $severity }
face-certainty = certeza: { $certainty }
face-in-language = (en { $spoken }) { $text }
face-answered = Usted respondió: { $word } ({ $at }).
face-answered-eta = Usted respondió: { $word } ({ $at }), llegada prevista: { $arrival }.
face-answer-waits = Espera en este equipo hasta que un retransmisor la acepte.
face-attended = { $by } vio que usted pidió ayuda ({ $at }) y se ocupa de ello.
face-over-going = Usted dijo que iría. Ya terminó: avise que está a salvo:  watchfire answer { $short } a-salvo
face-over-on-scene = Usted dijo que estaba ahí. Ya terminó: avise que está a salvo:  watchfire answer { $short } a-salvo
face-over-help = Usted pidió ayuda. Eso no termina con la alerta: quienes coordinan lo ven hasta que diga que está a salvo:  watchfire answer { $short } a-salvo
face-stand-down = { $what } ({ $outcome }), por { $who }
face-before = Antes:
face-line-before = { $at }: { $what } (firmado por { $who })
