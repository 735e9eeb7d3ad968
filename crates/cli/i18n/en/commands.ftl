### What several commands say.

commands-relay-answers-vault = no relay answers: this is what the vault held before
