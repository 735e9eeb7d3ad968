### Progress.

progress-sending-new-keys = sending new keys
