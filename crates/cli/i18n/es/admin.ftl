### Claves de administración y sus copias en papel.

admin-admin-key-public =
    Clave de administración  { $key }
    Mitad pública  { $file }
admin-key-signs-charters =
    La clave firma estatutos, y está solo en esta bóveda. El archivo no es secreto: délo a alguien de administración, y léanse la clave.
    Siguiente, en el equipo de esa persona:  watchfire charter admin add { $file }
admin-device-key-public =
    Clave del equipo  { $key }
    Mitad pública  { $file }
admin-file-secret-give =
    El archivo no es secreto: délo a alguien de administración, y léanse la clave.
    Siguiente, en el equipo de esa persona:  watchfire charter device add NOMBRE { $file }
admin-written-down-all = ¿Anotó las 24 palabras?
admin-type-24-words = Escriba las 24 palabras:
admin-show-words-vaults = ¿Mostrar las palabras de la clave de esta bóveda?
admin-these-24-words =
    Estas 24 palabras son la clave de administración. Anótelas en papel, en este orden, y guarde el papel lejos de este equipo.
    Quien las lea puede firmar como usted.
