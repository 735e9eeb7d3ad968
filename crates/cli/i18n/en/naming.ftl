### What things are called, and what a draft changes of it.

naming-before = what `{ $name }` and its coordinators were called before is not known here; from now on:
naming-network = the network is called `{ $to }`
naming-network-no-longer = the network is called `{ $to }`, no longer `{ $from }`
naming-neighborhood = neighborhood { $id }… is called `{ $to }`
naming-neighborhood-no-longer = neighborhood `{ $from }` is called `{ $to }` from now on
naming-conduct = members of `{ $name }` are told: { $to }
naming-conduct-usual = members of `{ $name }` are told the usual conduct line
naming-handle = coordinator { $id }… is called `{ $to }` in `{ $name }`
naming-handle-gone = coordinator { $id }…, `{ $from }`, is not named in `{ $name }` any more
naming-handle-no-longer = coordinator { $id }… is called `{ $to }` in `{ $name }`, no longer `{ $from }`
naming-unknown-here = Ids stand where names are not known on this device. A coordinator's device writes them:  watchfire charter export FILE, and this one reads them:  watchfire charter import FILE
