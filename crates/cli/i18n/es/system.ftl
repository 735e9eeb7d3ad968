### Lo que dice el sistema operativo.

system-not-there = no existe
system-there = ya existe
system-not-allowed = usted no tiene permiso
system-read-only = ahí no se puede escribir
system-full = el disco está lleno
system-folder = es una carpeta
system-no-folder = una parte de su ruta no es una carpeta
system-name = no puede llamarse así
system-not-text = no es lo que se espera: un texto
system-busy = está en uso
system-too-large = es demasiado grande
system-memory = a este equipo no le queda memoria
system-ends = termina antes de tiempo
system-too-long = tarda demasiado
system-address = ahí ya escucha otro programa
system-unsupported = este sistema no puede hacer eso
system-no-program = no es un programa que este sistema pueda ejecutar
system-number = el sistema da el error { $number }
system-unknown = algo que nadie previó

## Lo que no está en ningún catálogo.

system-in-english = (en inglés) { $text }
