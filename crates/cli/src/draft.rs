//! What somebody writes in their editor: in a file that only they can read, and that is there only while they write.
//!
//! A program that is killed leaves it behind. Whoever opens the vault next removes it, and so does `wipe`. The copies that
//! editors make beside a file (`.draft.7.txt.swp`, `draft.7.txt~`) count as the file itself.

use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// A file that is overwritten and removed when it is dropped.
pub(crate) struct Draft {
    home: PathBuf,
    writer: u32,
}

impl Draft {
    /// Begins an empty one, in the vault's own folder.
    pub(crate) fn begin(home: &Path) -> io::Result<Self> {
        let draft = Self { home: home.to_owned(), writer: std::process::id() };
        crate::ask::born_private(&draft.file(), b"")?;
        Ok(draft)
    }

    /// Where it is.
    pub(crate) fn file(&self) -> PathBuf {
        self.home.join(format!("draft.{}.txt", self.writer))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // What cannot be removed now is tried again, and told, when the vault is opened next.
        let _ = remove(&self.home, |writer| writer == self.writer);
    }
}

/// Removes what programs that were killed have left.
pub(crate) fn sweep(home: &Path) -> io::Result<()> {
    remove(home, |writer| writer == std::process::id() || !is_running(writer))
}

/// Removes all of them, whoever writes.
pub(crate) fn wipe(home: &Path) -> io::Result<()> {
    remove(home, |_| true)
}

fn remove(home: &Path, which: impl Fn(u32) -> bool) -> io::Result<()> {
    let mut removed = Ok(());
    for entry in std::fs::read_dir(home)? {
        let path = entry?.path();
        if path.file_name().and_then(|name| name.to_str()).and_then(writer).is_some_and(&which) {
            removed = removed.and(destroy(&path));
        }
    }
    removed
}

/// The process whose draft this is, by its name.
fn writer(name: &str) -> Option<u32> {
    let name = name.trim_start_matches(['.', '#']).strip_prefix("draft.")?;
    name.split_once(".txt").and_then(|(writer, _)| writer.parse().ok())
}

/// Whether a process with this number is there.
pub(crate) fn is_running(writer: u32) -> bool {
    let id = i32::try_from(writer).ok().and_then(Pid::from_raw);
    // One that belongs to somebody else runs as well.
    id.is_some_and(|id| test_kill_process(id) != Err(Errno::SRCH))
}

/// Overwrites a file and removes it. Whatever else has the name, such as a link that an editor locks with, is only removed.
fn destroy(path: &Path) -> io::Result<()> {
    let found = path.symlink_metadata()?;
    let overwritten = if found.is_file() { overwrite(path, found.len()) } else { Ok(()) };
    std::fs::remove_file(path).and(overwritten)
}

fn overwrite(path: &Path, length: u64) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    io::copy(&mut io::Read::take(io::repeat(0), length), &mut file)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(home: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_draft_is_gone_with_its_copies_when_its_author_is_done() {
        let home = tempfile::tempdir().unwrap();
        let id = std::process::id();
        let draft = Draft::begin(home.path()).unwrap();
        let link = home.path().join("stays");
        std::fs::hard_link(draft.file(), &link).unwrap();
        std::fs::write(draft.file(), "5th & Main").unwrap();
        std::fs::write(home.path().join(format!(".draft.{id}.txt.swp")), "5th").unwrap();
        std::fs::write(home.path().join(format!("draft.{id}.txt~")), "5th").unwrap();
        drop(draft);
        assert_eq!(names(home.path()), ["stays"]);
        assert_eq!(std::fs::read(link).unwrap(), [0; 10], "it was overwritten first");
    }

    #[test]
    fn what_was_left_is_swept_and_what_somebody_still_writes_stays_until_everything_goes() {
        let home = tempfile::tempdir().unwrap();
        // No process has this number: it is above what a system gives out.
        let (left, written) =
            (format!("draft.{}.txt", i32::MAX), format!("draft.{}.txt", std::os::unix::process::parent_id()));
        let others = ["draft.txt", "drafts.1.txt", "draft.notes.txt", "vault.db"];
        for name in [left.as_str(), &written].into_iter().chain(others) {
            std::fs::write(home.path().join(name), "5th & Main").unwrap();
        }
        sweep(home.path()).unwrap();
        let now = names(home.path());
        assert!(!now.contains(&left) && now.contains(&written), "{now:?}");
        wipe(home.path()).unwrap();
        let mut kept = others;
        kept.sort_unstable();
        assert_eq!(names(home.path()), kept);
    }
}
