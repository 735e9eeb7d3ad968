### The demo.

demo-verified = VERIFIED
demo-signed = SIGNED
demo-relay = A relay listens at { $url }. It was told nothing about anybody.
demo-grant = Marisol, the admin, grants Kai the rights of a coordinator: new charter, new keys for everybody.
demo-end = That was all of it, with real keys and a real relay. Everything is deleted now.
demo-own = For a network of your own: watchfire-relay init --dir relay --listen 127.0.0.1:7443
demo-founded = Marisol founds the network “{ $network }” with the neighborhood “{ $neighborhood }”. The names stay with its people.
demo-joins = { $name } joins by a link. They read “{ $say }” to { $coordinator }, and hear “{ $hear }” back.
demo-signs = Marisol signs an alert: “{ $headline }”.
demo-acknowledged =
    acknowledged after { $time } ms, on the relay's disk; at least { $followers ->
        [one] { $followers } connection follows
       *[other] { $followers } connections follow
    }
demo-sees = { $name } sees it after { $after } ms: { $label }, signed by { $signers }.
demo-answers =
    Kai, the other coordinator, opens the sealed answers of { $names }: { $going } going, { $cannot } cannot.
demo-kept = What the relay kept of it: { $size } bytes at byte { $offset } of its file { $name }. They begin:
demo-form = (version, channel, epoch, hour; then nothing but sealed bytes)
demo-searched = Searched all { $files } files of the relay, { $bytes } bytes, for { $secrets } words and names of this night: none is there.
