### Avance.

progress-sending-new-keys = enviando claves nuevas
