### Questions, one field after the other.

form-too-long = { $found } characters; there is room for { $most }.
form-looks-like = `{ $piece }` looks like { $what }. Nobody is named or numbered here: say how many and what they need, never who.
form-again-without = Type it again, or Enter to leave it as it is:
form-which = Which of them?
form-count = a number, as in 4; or 4+ for at least four; or 4-6
form-number = a whole number, as in 2
form-yes-or-no = y or n
form-not-yet = that is still to come: when was it seen?
form-time = now, or 20 min for twenty minutes ago, or 14:02, or 2026-11-21T14:02:00-06:00
form-language = `{ $text }` is no language; try a tag, as in es or fr
form-no-such = a number from the list, please, or Enter to skip
form-a-number = the number of a person's file
form-phone = a phone number
form-email = an e-mail address
form-family-enforcement = agents or police
form-family-support = somebody needs support
form-family-community = something that concerns everybody: fire, flood, power
form-family-network = the network itself
form-family-rumor = a rumor that is not true
form-editor-or-file = (. for your editor, < FILE for a file)
form-kind-needed = That is the one thing that is needed: a number, or a word as in enforcement.raid.
form-coordinates = Coordinates? (north, east, as in 41.85, -87.65; Enter to skip)
form-precision = How exact are they, in meters? (Enter for { $usual })
form-point = two numbers in degrees, as in 41.85, -87.65: -90 to 90 north, then -180 to 180 east
form-metres = a whole number of meters, at most { $most }
