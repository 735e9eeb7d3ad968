### Admin keys and their paper copies.

admin-admin-key-public =
    Admin key  { $key }
    Public half  { $file }
admin-key-signs-charters =
    The key signs charters, and is in this vault alone. The file is no secret: give it to an admin, and read the key to each other.
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
