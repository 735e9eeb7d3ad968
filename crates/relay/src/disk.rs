//! How much room a disk has.

use std::io;
use std::path::Path;

/// Room on a file system, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// What the relay's user may still write.
    pub free: u64,
    /// All of it.
    pub total: u64,
}

impl Space {
    /// How much is free, in percent.
    #[must_use]
    pub fn free_percent(&self) -> u64 {
        u64::try_from(u128::from(self.free) * 100 / u128::from(self.total.max(1))).unwrap_or(100)
    }
}

/// The room on the file system of a directory.
///
/// # Errors
/// There is no such directory, or the system does not say.
pub fn space(dir: &Path) -> io::Result<Space> {
    let found = rustix::fs::statvfs(dir)?;
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Ok(Space { free: bytes(found.f_bavail), total: bytes(found.f_blocks) })
}
