### Lo que toca a todas las órdenes.

app-home-folder-known = no se conoce aquí ninguna carpeta personal
app-say-where-vault = diga dónde está la bóveda: --home DIR
app-warning = aviso:{" "}
app-cannot-print = no se puede escribir: { $error }
