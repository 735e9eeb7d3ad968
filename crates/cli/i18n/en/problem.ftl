### How a problem is told.

problem-nothing-done-look = nothing was done; look whether the path is right
problem-vault-stays-locked = the vault stays locked; look whether the path is right
problem-is-not-there = `{ $what }` is not there
problem-already-nothing-overwritten = `{ $what }` is there already, and nothing is overwritten
problem-may-used = `{ $what }` may not be used by you
problem-text = `{ $what }` is not a text
problem-cannot-use = cannot use `{ $what }`: { $error }
problem-error = error:{" "}
problem-hint = {"  "}hint:{" "}
problem-too-large = `{ $what }` has more than { $most } bytes, which is all that fits
problem-shorten = nothing was done; shorten it, or look whether it is the right file
