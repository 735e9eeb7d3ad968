//! How many files may be open at once: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The most that may be open, with what the program may raise by itself; none if there is no limit.
#[must_use]
pub fn most() -> Option<u64> {
    getrlimit(Resource::Nofile).maximum
}

/// Raises what is open to what may be: the lower limit is a default from a time of programs with few files.
pub(crate) fn raise() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where it cannot be raised, `check` has said how many are wanted.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}
