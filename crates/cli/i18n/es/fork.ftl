### Dos estatutos de una misma versión.

fork-alarm-admins-signed = ALARMA: administración firmó dos estatutos de la versión { $version }. Este equipo sigue con { $held } y no con { $other }, y ningún estatuto nuevo cuenta hasta que usted elija entre ambos:  watchfire charter accept-fork SUMA
fork-alarm-decided = ALARMA: administración firmó dos estatutos de la versión { $version }. Está decidido: el { $at } se eligió { $held }, no { $other }
fork-held = {"  "}vigente  { $held }
fork-other-seen = {"  "}otro     { $other }, visto el { $seen }
fork-ask-several-admins = {"  "}Pregunte a varias personas de administración, por otro medio, cuál respaldan. Después:  watchfire charter accept-fork SUMA
fork-other-one-itself = {"  "}Del otro no se ha visto el texto: para elegirlo, importe antes un archivo que lo tenga
fork-admins-published-charter = Administración publicó un estatuto que solo lee un watchfire más nuevo: actualice watchfire. Hasta entonces aquí vale el anterior
fork-two = La versión { $version } del estatuto existe dos veces
fork-chosen = La versión { $version } del estatuto existe dos veces; la vigente se eligió el { $at }
fork-version = {"    "}versión { $version }, con firma de { $signers }
