### What the operating system says.

system-not-there = it is not there
system-there = it is there already
system-not-allowed = you may not
system-read-only = nothing can be written there
system-full = the disk is full
system-folder = it is a folder
system-no-folder = one part of its path is not a folder
system-name = it cannot be called so
system-not-text = it is not what was wanted: a text
system-busy = it is in use
system-too-large = it is too large
system-memory = this device has no memory left
system-ends = it ends too early
system-too-long = it takes too long
system-address = another program listens there already
system-unsupported = this system cannot do that
system-no-program = it is no program that this system can run
system-number = the system reports error { $number }
system-unknown = something that nobody foresaw

## What no catalog has.

system-in-english = (in English) { $text }
