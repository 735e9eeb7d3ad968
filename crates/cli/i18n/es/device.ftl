### Este equipo: su bóveda, y salir.

device-vault-opens-new = La bóveda se abre solo con la contraseña nueva. Las copias del archivo anterior se abren todavía con la anterior.
device-device-forgets-keys =
    Este equipo olvida { $names }: sus claves, alertas, respuestas y nombres. Nadie puede recuperarlas.
    No se avisa a nadie. Quienes coordinan le siguen teniendo en su lista hasta que le quiten: dígaselo por otro medio.
device-still-waiting-sent =
    { $queued ->
        [one] { $queued } por enviar a `{ $name }` no se enviará
       *[other] { $queued } por enviar a `{ $name }` no se enviarán
    } nunca:  watchfire sync
device-only-coordinator-without = USTED ES LA ÚNICA PERSONA QUE COORDINA `{ $name }`: sin usted nadie puede enviar alertas allí, ni dejar entrar a nadie. Antes dé permisos a otra persona:  watchfire charter grant
device-admin-key-stays = La clave de administración sigue en esta bóveda, con los nombres que necesita. Para destruirlos también:  watchfire wipe
device-leave = ¿Salir?
device-device-left-come = Este equipo salió de { $names }. Para volver, pida una invitación nueva a quien coordina:  watchfire join
device-destroys-vault-keys =
    Esto destruye la bóveda de { $home }: sus claves, alertas y respuestas. Nadie puede recuperarla.
    La red sigue: pida a quien coordina que quite este equipo.
device-destroy = ¿Destruirla?
device-vault-destroyed-copies = La bóveda está destruida. Las copias que se hayan hecho en otro lugar, no.
device-command = no existe la orden `{ $name }`
device-see-them-all = véalas todas: watchfire help
