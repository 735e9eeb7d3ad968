### Where this device stands.

status-in = { $handle } in { $network }
status-coordinator-approved-yet = A coordinator has not approved you yet. Your three words:  watchfire join
status-charter-version-until = Charter version { $version }, until { $expires }
status-charter-version-expires = Charter version { $version } expires in { $left }: an admin must renew it
status-charter-version-expired = Charter version { $version } EXPIRED { $past } ago: an admin must renew it
status-proxy = Every connection goes through { $proxy }
status-relay-used = Relay { $number }: { $url }, in use
status-relay-next = Relay { $number }: { $url }, used when those before it do not answer
status-relay-silent = Relay { $number }: { $url } DOES NOT ANSWER since { $at }
status-nothing-waits-sent = Nothing waits to be sent
status-waiting-sent = { $queued } waiting to be sent:  watchfire sync
status-coordinator = coordinator
status-responder = responder
status-epoch = { $name }  { $role }  epoch { $epoch }: { $words }
status-fresh-device-holds = {"  "}fresh: what this device holds was confirmed lately
status-fresh-other-coordinator = {"  "}NOT FRESH: no other coordinator has confirmed the charter and the keys since { $at }
status-fresh-other-coordinator-confirmed = {"  "}NOT FRESH: no other coordinator has confirmed the charter and the keys yet
status-never-connected = {"  "}never connected
status-read-end = {"  "}read to the end { $ago }
status-confirmed-compare-three = {"  "}not confirmed: compare the three words with your coordinator, then:  watchfire confirm
status-clock-device-off = {"  "}the clock of this device is off: set it right
status-kept-aside = {"  "}{ $held } kept aside:  watchfire held
status-duty-fails = {"  "}NOT DONE since { $at }, of what this device does as a coordinator: { $message }. It is tried again by itself
status-cloned-two-devices = CLONED: two devices use the identity of { $handle } (noticed on { $at }). Remove them and let them join again on a device that is theirs alone
status-not-approved-yet = A coordinator has not approved you yet.
status-approved = You were approved.
status-vault-neighborhood-charter = This vault is in no neighborhood. Its charter is the relay's newest: version { $version }.
status-still-waiting-vault = { $why }. { $queued } still waiting in the vault: nothing is lost.
status-up-date-sent =
    `{ $name }` is up to date: { $sent } sent, { $new ->
        [one] { $new } new alert.
       *[other] { $new } new alerts.
    }
status-see-them = See them:  watchfire watch
status-keys-withheld = {"  "}NO NEW KEYS: the relay does not hand them out. They are fetched again by themselves; ask a coordinator if it lasts
status-relay-sees =
    {""}
    What the relay can observe
      your network address, unless you connect over Tor or a VPN; when you connect, and for how long
      which network and which neighborhood, as numbers without names
      whether you prove the responders' key or the coordinators': the same for all of them, so not who you are
      how large each sealed record is, in steps, and when it came
      the same at each relay, where there are several: whoever coordinates connects to all of them
    What it cannot read
      alerts, answers, requests, names, places, who is a member, and who signed or answered
status-shut-out = {"  "}NO NEW KEYS since the epoch that { $by } opened: you were removed, or whoever approved you was revoked, or another device uses your identity. What is here is kept. Ask a coordinator, by another way
