### Listas de alertas.

read-alert-counts-moment = Ninguna alerta vale en este momento. Para traer lo nuevo:  watchfire sync
read-full-id = Completa:  watchfire show { $short }
read-1-thing-kept = 1 cosa se apartó y no está entre las alertas:  watchfire held
read-things-kept-aside = { $aside } cosas se apartaron y no están entre las alertas:  watchfire held
read-kept-aside-among = se apartó y no está entre sus alertas. Si la esperaba, pregunte a quien coordina, por otro medio
read-nothing-kept-aside = No se apartó nada.
read-none-among-alerts = Nada de esto está entre sus alertas, y no hay nada que hacer. Si esperaba alguna, pregunte a quien coordina.
read-keep = Las alertas quedan en esta bóveda durante { $span } después de terminar, y con ellas quién respondió. Quien abra la bóveda puede leerlas.
