### This device: its vault, and leaving.

device-vault-opens-new = The vault opens with the new passphrase only. Copies of the old file still open with the old one.
device-device-forgets-keys =
    This device forgets { $names }: its keys, alerts, answers and names. Nobody can bring them back.
    Nobody is told. Coordinators still list you until one of them removes you: tell them by another way.
device-still-waiting-sent = { $queued } still waiting to be sent to `{ $name }` will never be:  watchfire sync
device-only-coordinator-without = YOU ARE THE ONLY COORDINATOR of `{ $name }`: without you nobody can send alerts there, or let anybody in. Grant somebody else first:  watchfire charter grant
device-admin-key-stays = The admin key stays in this vault, with the names that it needs. To destroy them too:  watchfire wipe
device-leave = Leave?
device-device-left-come = This device has left { $names }. To come back, ask a coordinator for a new invite:  watchfire join
device-destroys-vault-keys =
    This destroys the vault in { $home }: its keys, alerts and answers. Nobody can bring it back.
    The network goes on: ask a coordinator to remove this device.
device-destroy = Destroy it?
device-vault-destroyed-copies = The vault is destroyed. Copies that were made of it elsewhere are not.
device-command = there is no command `{ $name }`
device-see-them-all = see them all: watchfire help
