### Admin keys and their paper copies.

admin-admin-key-public =
    Admin key  { $key }
    Public half  { $file }
admin-key-signs-charters =
    The key signs charters, and is nowhere but in this vault and on the paper that you wrote. The file is no secret: give it to an admin, and read the key to each other.
    Next, on their device:  watchfire charter admin add { $file }
admin-device-key-public =
    Device key  { $key }
    Public half  { $file }
admin-file-secret-give =
    The file is no secret: give it to an admin, and read the key to each other.
    Next, on their device:  watchfire charter device add HANDLE { $file }
admin-written-down-all = Have you written down all 24 words?
admin-type-24-words = Type the 24 words:
admin-show-words-vaults = Show the words of this vault's admin key?
admin-these-24-words =
    These 24 words are the admin key. Write them on paper, in this order, and keep the paper away from this device.
    Whoever reads them can sign as you.
admin-words-later = Its 24 words were not shown: they are for a terminal. Write them on paper soon:  watchfire charter admin key --paper
admin-key-is-admins =
    This key is an admin's of this vault's network, and signs its charters.
    Next, for a draft:  watchfire charter sign FILE
admin-key-came-back =
    The key is back in this vault, and stays on its paper. An admin's key need not be added again: bring this vault into the network with a file of another admin.
    Next:  watchfire charter import FILE  (they write it with watchfire charter export FILE), or sign their draft:  watchfire charter sign FILE
    Only if it was no admin's yet, on an admin's device:  watchfire charter admin add { $file }
