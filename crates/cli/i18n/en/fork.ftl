### Two charters of one version.

fork-alarm-admins-signed = ALARM: the admins signed two charters of version { $version }. This device stays with { $held } against { $other }, and no new charter counts until you choose between them:  watchfire charter accept-fork HASH
fork-alarm-decided = ALARM: the admins signed two charters of version { $version }. It is decided: { $held } was chosen on { $at }, not { $other }
fork-held = {"  "}held   { $held }
fork-other-seen = {"  "}other  { $other }, seen on { $seen }
fork-ask-several-admins = {"  "}Ask several admins, by another way, which one they stand by. Then:  watchfire charter accept-fork HASH
fork-other-one-itself = {"  "}The other one itself was not seen yet: to choose it, import a file with it first
fork-admins-published-charter = The admins published a charter that only a newer watchfire can read: update watchfire. Until then the one before it counts here
fork-two = Charter version { $version } exists twice
fork-chosen = Charter version { $version } exists twice; the held one was chosen on { $at }
fork-version = {"    "}version { $version }, signed by { $signers }
