### Cómo se llama cada cosa, y qué cambia de eso un borrador.

naming-before = aquí no se sabe cómo se llamaban antes `{ $name }` y quienes lo coordinan; desde ahora:
naming-network = la red se llama `{ $to }`
naming-network-no-longer = la red se llama `{ $to }`, ya no `{ $from }`
naming-neighborhood = el vecindario { $id }… se llama `{ $to }`
naming-neighborhood-no-longer = el vecindario `{ $from }` se llama desde ahora `{ $to }`
naming-conduct = a integrantes de `{ $name }` se les dice: { $to }
naming-conduct-usual = a integrantes de `{ $name }` se les dice la frase de conducta de siempre
naming-handle = quien coordina con el id { $id }… se llama `{ $to }` en `{ $name }`
naming-handle-gone = quien coordina con el id { $id }…, `{ $from }`, ya no tiene nombre en `{ $name }`
naming-handle-no-longer = quien coordina con el id { $id }… se llama `{ $to }` en `{ $name }`, ya no `{ $from }`
naming-unknown-here = Hay ids donde este equipo no conoce los nombres. El equipo de quien coordina los escribe:  watchfire charter export ARCHIVO, y este los lee:  watchfire charter import ARCHIVO
