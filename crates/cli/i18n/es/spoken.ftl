### Palabras de cantidades y horas que la gente escribe, separadas por comas. Números del 0 al 10; las de un mismo número, separadas por espacios.

spoken-numbers = cero ninguno ninguna nadie, uno una un, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez
spoken-about = unos, unas, como, cerca de, alrededor de, aproximadamente, más o menos, ~
spoken-at-least = al menos, por lo menos, como mínimo, mínimo
spoken-or-more = o más, y más, por lo menos, +
spoken-from = de, entre
spoken-to = a, o, y
spoken-and = y, e, &, +
spoken-counted-people = personas, persona, agentes, agente, oficiales, oficial, policías, hombres, mujeres
spoken-counted-vehicles = vehículos, vehículo, carros, carro, coches, coche, autos, auto, camionetas, camioneta
spoken-now = ahora, ahorita, ahora mismo
spoken-ago = hace, atrás
spoken-half-hour = media hora
spoken-seconds = s, seg, segundo, segundos
spoken-minutes = m, min, min., minuto, minutos
spoken-hours = h, hora, horas
spoken-days = d, día, días
spoken-yesterday = ayer
spoken-today = hoy
spoken-at = a las, a la, como a las, como a la
spoken-am = am, a.m., a. m.
spoken-pm = pm, p.m., p. m.
spoken-in-the-morning = de la mañana
spoken-in-the-evening = de la tarde, de la noche
