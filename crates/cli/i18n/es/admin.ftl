### Claves de administración y sus copias en papel.

admin-admin-key-public =
    Clave de administración  { $key }
    Mitad pública  { $file }
admin-key-signs-charters =
    La clave firma estatutos, y no está más que en esta bóveda y en el papel que usted escribió. El archivo no es secreto: délo a alguien de administración, y léanse la clave.
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
admin-words-later = Sus 24 palabras no se mostraron: son para una terminal. Anótelas pronto en papel:  watchfire charter admin key --paper
admin-key-is-admins =
    Esta clave es de administración en la red de esta bóveda, y firma sus estatutos.
    Siga, para un borrador:  watchfire charter sign ARCHIVO
admin-key-came-back =
    La clave está otra vez en esta bóveda, y sigue en su papel. Una clave que ya es de administración no se agrega otra vez: traiga esta bóveda a la red con un archivo de otra persona de administración.
    Siga:  watchfire charter import ARCHIVO  (lo escribe con watchfire charter export ARCHIVO), o firme su borrador:  watchfire charter sign ARCHIVO
    Solo si todavía no era de administración, en el equipo de quien administra:  watchfire charter admin add { $file }
