//! How much room the disk has, and what is kept back so that forgetting works on a full one.
//!
//! A file of a fixed size lies beside the database. On a disk that others have filled it is given up before a sweep,
//! because deleting needs room for the write-ahead log, and made again when there is room.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use rustix::fs::{FallocateFlags, fallocate};

use crate::disk::space;
use crate::limit::Limits;
use crate::store::{Denied, Room};

/// What a write is for, as far as a disk that fills up is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Alerts, epochs and charters.
    Vital,
    /// Everything else that is kept.
    Other,
}

/// The disk under a database.
pub(super) struct Disk {
    dir: PathBuf,
    reserve: PathBuf,
    warning: u64,
    low: u64,
    kept: u64,
    room: AtomicU8,
    /// Whether it was said that there is no reserve.
    failed: AtomicBool,
}

impl Disk {
    /// Looks at the disk, and sees to it that there is a reserve or, on a full disk, room to begin with.
    pub(super) fn open(database: &Path, limits: &Limits) -> Self {
        let dir = database.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        let disk = Self {
            reserve: database.with_extension("reserve"),
            dir,
            warning: limits.disk_warning_bytes,
            low: limits.disk_low_bytes,
            kept: limits.disk_reserve_bytes,
            room: AtomicU8::new(Room::Enough as u8),
            failed: AtomicBool::new(false),
        };
        disk.make_room();
        disk
    }

    /// How much room there is now. Whoever operates the relay is told when that changes.
    pub(super) fn look(&self) -> Room {
        let Ok(space) = space(&self.dir) else { return Room::Enough };
        let room = match space.free {
            free if free < self.kept => Room::Full,
            free if free < self.low => Room::Low,
            free if free < self.warning => Room::Scarce,
            _ => Room::Enough,
        };
        if self.room.swap(room as u8, Ordering::Relaxed) != room as u8 {
            tell(room);
        }
        room
    }

    /// Whether there is room for a write.
    ///
    /// # Errors
    /// [`Denied::Full`].
    pub(super) fn check(&self, purpose: Purpose) -> Result<(), Denied> {
        match (self.look(), purpose) {
            (Room::Full, _) | (Room::Low, Purpose::Other) => Err(Denied::Full),
            _ => Ok(()),
        }
    }

    /// Gives the reserve up on a full disk, or makes it again where there is room: to be called before forgetting.
    pub(super) fn make_room(&self) {
        let there = self.reserve.exists();
        let done = match self.look() {
            Room::Full if there => std::fs::remove_file(&self.reserve),
            Room::Enough | Room::Scarce if !there && self.kept > 0 => self.reserve(),
            _ => Ok(()),
        };
        if let Err(error) = done
            && !self.failed.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%error, "the disk reserve cannot be kept: on a full disk forgetting may fail");
        }
    }

    /// Takes blocks of the disk that nobody else gets then.
    fn reserve(&self) -> io::Result<()> {
        crate::file::ensure_private(&self.reserve)?;
        let file = File::options().write(true).open(&self.reserve)?;
        fallocate(&file, FallocateFlags::empty(), 0, self.kept).map_err(|error| {
            let _ = std::fs::remove_file(&self.reserve);
            error.into()
        })
    }
}

fn tell(room: Room) {
    match room {
        Room::Enough => tracing::info!("the disk has room again"),
        Room::Scarce => tracing::warn!("the disk is filling up; make room before reports and answers are refused"),
        Room::Low => tracing::error!("the disk is nearly full: only alerts, epochs and charters are taken"),
        Room::Full => tracing::error!("the disk is full: nothing is taken until what expires has made room"),
    }
}
