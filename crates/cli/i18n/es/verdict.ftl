### Etiquetas, motivos y notas.

verdict-unconfirmed-network = red sin confirmar
verdict-signatures = { $signed } de { $quorum } firmas
verdict-signatures-too-few = { $signed } de { $quorum } firmas, y muy pocas personas pueden firmar
verdict-true-please-check = ¿es cierto? por favor compruebe
verdict-checked = sin comprobar
verdict-nobody-else-confirmed = nadie más confirmó hace poco
verdict-charter-expired = el estatuto venció
verdict-came-after-signers = llegó después del plazo de quien firma
verdict-names-newer-charter = nombra un estatuto más nuevo
verdict-sender-sees-another = quien la envía ve otro estatuto u otra época
verdict-confirmed-network-compare = Usted no ha confirmado esta red: compare las tres palabras con quien coordina. Siguiente:  watchfire confirm
verdict-coordinators-neighborhood-asks =
    { $signed ->
        [one] La firmó
       *[other] La firmaron
    } { $signed } de las { $quorum } personas de coordinación que pide este vecindario.
verdict-coordinators-signed-admin =
    { $signed ->
        [one] La firmó
       *[other] La firmaron
    } { $signed } de { $quorum } personas de coordinación. Alguien de administración restringió a otras: { $left ->
        [one] { $left } aún puede
       *[other] { $left } aún pueden
    } firmar, muy pocas para este vecindario.
verdict-nobody-checked-asks = Nadie lo ha verificado. Pide que alguien averigüe si es cierto.
verdict-say-anybody-checked = No dice que alguien lo haya comprobado.
verdict-coordinator-but-signers = Nadie de coordinación, aparte de quien firma, ha confirmado el estatuto y las claves desde el { $since }.
verdict-coordinator-but-signers-confirmed = Nadie de coordinación, aparte de quien firma, ha confirmado todavía el estatuto y las claves.
verdict-networks-charter-expired = El estatuto de la red venció hace { $span }: alguien de administración debe renovarlo.
verdict-signers-term-had = El plazo de quien firma había terminado más de una hora antes de que llegara.
verdict-sender-charter-version = Quien la envía tiene la versión { $named } del estatuto; este equipo, la { $held }. Siguiente:  watchfire sync
verdict-sender-sees-another-charter = Quien la envía ve otro estatuto, otras restricciones u otras claves que este equipo: avise a quien coordina, por otro medio.
verdict-arrived-after-sent = Llegó { $span } después de ser enviada.
verdict-expired = Ya venció.
verdict-time-clock-device = Su hora y el reloj de este equipo no coinciden: revise el reloj.
verdict-networks-charter-expired-ago = El estatuto de la red venció hace { $span } y aún vale por un tiempo: alguien de administración debería renovarlo.
verdict-also-bears-signature = También lleva una firma que este equipo no cuenta.
verdict-earlier-alert-missing = Falta aquí una alerta anterior: quien envía esta la tenía, y el retransmisor no se la ha dado. Pregunte a quien coordina, por otro medio.
verdict-coordinator-signed-retired = Alguien de coordinación que la firmó se ha retirado desde que se mostró.
verdict-coordinator-signed-revoked = A alguien de coordinación que la firmó se le revocó el permiso desde que se mostró: pregunte a otra persona de coordinación.
verdict-open-altered-made = No se abre: fue alterado, o lo hizo alguien sin las claves.
verdict-claims-hour-far = Dice ser de una hora muy lejana en el futuro.
verdict-opens-but-alert = Se abre, pero no es una alerta: { $why }.
verdict-newer-version-update = Lo hizo una versión más nueva de watchfire: actualice esta.
verdict-signature-good-here = Ninguna de sus firmas vale aquí: fue alterado, o es de otro vecindario.
verdict-signed-coordinator-charter = No está firmado por nadie de coordinación que el estatuto autorice. Lleva la clave { $signer }…
verdict-signed-key-revoked = Está firmado con una clave revocada: { $signer }…
verdict-coordinators-signed-neighborhood =
    { $signed ->
        [one] La firmó
       *[other] La firmaron
    } { $signed } de { $quorum } personas de coordinación, y este vecindario la muestra solo cuando estén todas.
verdict-says-newer-keys = Dice ser más nuevo que las claves con que fue sellado.
verdict-label-verified = VERIFICADO
verdict-label-signed = FIRMADO
verdict-label-held = APARTADO
