### Where somebody lives.

home-keep = This says exactly where somebody lives. Keep that for those who come, and tell everybody no more than roughly where? (Enter for yes)
home-kept = Kept for those who come: everybody is told no address, and no point finer than 1 km.
home-not-sent = the texts say where somebody lives, and nobody is here who could say that everybody may know: `--yes` does not
home-not-sent-hint = nothing was sent; take the address out of the texts, and give it as `place.exact` in the file, for those who come
home-warning = warning: `{ $text }` looks like { $what } ({ $field }). Everybody here would be told: what only those who come need belongs into the exact place.
