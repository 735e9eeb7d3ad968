//! Files that only the relay's own user may read.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Makes a directory that nobody else may enter. One that exists is left as it is.
pub(crate) fn make_dir(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes a new file that nobody else may read, and has it on disk. One that exists is left as it is, and is an error.
pub(crate) fn create_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_dir(path)
}

/// Replaces a file whole: whoever reads it at any time, a power cut included, finds the old one or the new one.
pub(crate) fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    sync_dir(path)
}

/// Has the directory's entry for a file on disk.
pub(crate) fn sync_dir(path: &Path) -> io::Result<()> {
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

/// Makes an empty private file unless there is one.
pub(crate) fn ensure_private(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map(drop)
}

/// The mode of a file with a secret in it, if others than its owner may read or write it. The group may read what belongs
/// to the system: certificates' keys are often handed to a service that way.
pub(crate) fn exposed(metadata: &Metadata) -> Option<u32> {
    const SYSTEM: u32 = 0;
    let mode = metadata.mode() & 0o777;
    let others = if metadata.uid() == SYSTEM { 0o037 } else { 0o077 };
    (mode & others != 0).then_some(mode)
}
