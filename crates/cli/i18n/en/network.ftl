### Founding a network, and its neighborhoods.

network-admission-token-one = the admission token is not one, or not whole
network-copy-relays-admission = copy the relay's admission.token again
network-people-call-enter = What do people call you? It stands beside every alert that you sign. (Enter: admin)
network-unnamed = People will see your alerts signed by `{ $handle }`. To be called otherwise, run the same again with --handle NAME before you add a neighborhood.
network-network-founded-admin =
    The network is founded. Its admin key is in this vault alone: keep { $home } and its passphrase safe.
    The relay knows the network's id and its keys, and no name.
    Next:  watchfire neighborhood add "NAME"
network-name-known-here = (name not known here)
network-network-id-charter =
    Network  { $name }
    Id  { $id }
    Charter version  { $version }
    Relays
    { $relays }
network-coordinate-relay-sees =
    You coordinate { $names }. The relay sees the keys, and no name.
    Next:  watchfire invite new --neighborhood "{ $first }"
network-charter-names-now = The charter names { $names } now. A coordinator who is granted there opens it.
network-shows = shows
network-holds = holds
network-closed = {"   "}closed
network-epoch-quorum-alerts = { $name }   epoch { $epoch }   quorum { $quorum }, { $below } alerts below it   keeps records { $hours } h{ $closed }
network-network-neighborhood-yet = This network has no neighborhood yet. Next:  watchfire neighborhood add "NAME"
network-there-already = The charter had that already, with these terms.
