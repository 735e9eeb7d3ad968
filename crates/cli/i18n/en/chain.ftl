### Files of charters.

chain-charters-up-version =
    Charters up to version { $version } are in { $file }. It is no secret to the network, but it names neighborhoods and coordinators.
    Whoever gets it:  watchfire charter import FILE
chain-oldest-versions-fit = the oldest versions did not fit: only a device that is in the network already can import this file
chain-network = Is this your network?
chain-device-enters-network =
    This device enters a network by this file:
    { $name }  network  { $network }
    {"  "}charter  version { $version }, { $hash }
    Compare them with somebody whom you trust, by another way:  watchfire network show
chain-file-follows-another = This file follows another charter than this device does. It is kept as evidence; version { $version } still counts here.
chain-nothing-new-version = Nothing new: version { $version } counts here.
chain-new-charter-version = { $taken } new: charter version { $version } counts here from now on.
chain-network-heading = Network  { $network }{ $name }
chain-version-holds-signed =
    Version { $version }  { $issued }  holds: signed by { $signers }, { $threshold } were needed
    {"  "}{ $hash }
chain-draft-version-enough =
    Draft of version { $version }: enough have signed. It can be published
    {"  "}{ $hash }
chain-draft-version-more =
    Draft of version { $version }: { $missing } more must sign
    {"  "}{ $hash }
chain-follows-made-newer = What follows was made by a newer watchfire: update watchfire to read it
chain-file-cannot-tell = A file cannot tell whether there is a newer version, or whether it is your network: compare the network with an admin
chain-device-keeps-charters = this device keeps the charters that it had; ask whoever gave you the file for a new one
chain-new-names = New: the names of { $names ->
        [one] one neighborhood
       *[other] { $names } neighborhoods
    }. Version { $version } counts here, as before.
chain-publishable = Its draft has all signatures that it needs, and is not in force yet. Next:  watchfire charter publish { $file }
chain-restriction-enough =
    Restriction of version { $version }: enough have signed. It can be published
    {"  "}{ $hash }
chain-restriction-more =
    Restriction of version { $version }: { $missing } more must sign
    {"  "}{ $hash }
chain-draft-signers = {"  "}Signed so far by
chain-other-network = this is a file of another network than this vault's
