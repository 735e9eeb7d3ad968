### Lo que dicen varias órdenes.

commands-relay-answers-vault = ningún retransmisor responde: esto es lo que ya tenía la bóveda
