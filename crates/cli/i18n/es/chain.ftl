### Archivos de estatutos.

chain-charters-up-version =
    Los estatutos hasta la versión { $version } están en { $file }. No es secreto para la red, pero nombra vecindarios y a quienes coordinan.
    Quien lo reciba:  watchfire charter import ARCHIVO
chain-oldest-versions-fit = las versiones más antiguas no cupieron: solo puede importarlo un equipo que ya está en la red
chain-network = ¿Es esta su red?
chain-device-enters-network =
    Este equipo entra a una red con este archivo:
    { $name }  red       { $network }
    {"  "}estatuto  versión { $version }, { $hash }
    Compárelos con alguien de confianza, por otro medio:  watchfire network show
chain-file-follows-another = Este archivo sigue otro estatuto que este equipo. Se guarda como prueba; aquí sigue valiendo la versión { $version }.
chain-nothing-new-version = Nada nuevo: aquí vale la versión { $version }.
chain-new-charter-version = { $taken } de nuevo: desde ahora vale aquí la versión { $version } del estatuto.
chain-network-heading = Red  { $network }{ $name }
chain-version-holds-signed =
    Versión { $version }  { $issued }  vale: firmas { $signers }, hacían falta { $threshold }
    {"  "}{ $hash }
chain-draft-version-enough =
    Borrador de la versión { $version }: firmaron suficientes. Se puede publicar
    {"  "}{ $hash }
chain-draft-version-more =
    Borrador de la versión { $version }: { $missing ->
        [one] falta { $missing } firma
       *[other] faltan { $missing } firmas
    }
    {"  "}{ $hash }
chain-follows-made-newer = Lo que sigue lo hizo un watchfire más nuevo: actualice watchfire para leerlo
chain-file-cannot-tell = Un archivo no puede decir si hay una versión más nueva, ni si es su red: compare la red con alguien de administración
chain-device-keeps-charters = este equipo conserva los estatutos que tenía; pida otro archivo a quien se lo dio
chain-new-names = De nuevo: los nombres de { $names ->
        [one] un vecindario
       *[other] { $names } vecindarios
    }. Aquí vale la versión { $version }, como antes.
chain-publishable = Su borrador ya tiene todas las firmas que necesita, y todavía no vale. Siga:  watchfire charter publish { $file }
chain-restriction-enough =
    Restricción de la versión { $version }: firmaron suficientes. Se puede publicar
    {"  "}{ $hash }
chain-restriction-more =
    Restricción de la versión { $version }: faltan { $missing } firmas
    {"  "}{ $hash }
chain-draft-signers = {"  "}Firmado hasta ahora por
chain-other-network = este archivo es de otra red que la de esta bóveda
