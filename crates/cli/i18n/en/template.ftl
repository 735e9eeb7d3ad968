### Alerts that are half written.

template-built-in = { $name }  { $kind }  { $headline }  (sample)
template-own = { $name }  { $kind }  { $headline }  (this vault only)
template-use = Send one:  watchfire alert send --template NAME
template-saved = `{ $name }` is in this vault.
template-removed = `{ $name }` is removed.
template-error-name = `{ $name }` is no name for a template: wanted up to 48 of a-z, 0-9, `-` and `.`
template-error-night = { $field } belongs to one alert, and not into a template
template-error-many = there are 64 templates already
template-error-built-in = `{ $name }` comes with the program and cannot be removed
template-error-hint = nothing was changed. What there is:  watchfire template list
template-by = { $name }  { $kind }  { $headline }  (by { $by })
template-shared = `{ $name }` is kept for all coordinators of { $hoods }.
template-remove-shared = All coordinators of { $hoods } have `{ $name }`. Remove it for all of them?
template-error-long = the template has { $found } bytes; one that all coordinators have takes at most { $most }. With --private it stays in this vault
