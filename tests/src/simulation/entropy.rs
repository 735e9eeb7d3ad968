//! The same randomness again: keys, ids and random waits come from the system, so a run is repeated to the byte only where
//! the system's randomness is. A few lines of C in front of the C library answer `getrandom` as a seed says.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the lines of C look at.
pub const VARIABLE: &str = "WATCHFIRE_ENTROPY";

/// Builds what is to be preloaded; nothing where that cannot be done.
pub fn library(folder: &Path) -> Option<PathBuf> {
    let (source, library) = (folder.join("seeded.c"), folder.join("seeded.so"));
    std::fs::write(&source, include_str!("seeded.c")).unwrap();
    let built = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status();
    (cfg!(all(target_os = "linux", target_env = "gnu")) && built.is_ok_and(|status| status.success()))
        .then_some(library)
}
