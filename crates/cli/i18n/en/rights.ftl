### Know-your-rights cards.

rights-sample = This is a sample, not legal advice: have a lawyer review it. A coordinator replaces it:  watchfire rights publish --file cards.json
rights-by = As { $who } said to the network { $at }.
rights-publish = Everybody in { $hood } will see these cards instead of what they see now. Did a lawyer review them? Publish?
rights-language = `{ $found }` is not a language tag: wanted one like `en`, `es-MX` or `zh-Hant`
rights-count = { $found } cards: wanted 1 to 8, one for each language
rights-twice = `{ $language }` has two cards: wanted one
rights-lines = the card in `{ $language }` has { $found } lines: wanted 1 to 24
rights-text = a text of the card in `{ $language }` has { $found } characters: wanted 1 to { $most }
rights-large = the cards have { $found } bytes: wanted at most 32768
rights-file-hint = nothing was published. What a file looks like:  watchfire rights --json, under `cards`
