//! What SQLite passes over in silence when it opens a database: a write-ahead log that it cannot read is empty to it, and
//! an empty database has none. Both lose what was acknowledged, so both are refused.
//!
//! A log that ends early, or in the middle of a commit, is what a killed process leaves. One that was cut off later
//! cannot be told from it: clients notice, by their cursors, that the relay holds less than it did.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::schema::OpenError;

const HEADER: usize = 32;
/// The last bit says in which order bytes were summed up.
const MAGIC: u32 = 0x377f_0682;

/// The write-ahead log of a database.
pub(super) fn path_of(database: &Path) -> PathBuf {
    let mut path = OsString::from(database);
    path.push("-wal");
    path.into()
}

/// Looks at the two files before SQLite does.
///
/// # Errors
/// [`OpenError::Log`], or they cannot be read.
pub(super) fn check(database: &Path) -> Result<(), OpenError> {
    let path = path_of(database);
    let failed = |source| OpenError::File { path: path.clone(), source };
    let Some((header, more)) = begin(&path).map_err(failed)? else { return Ok(()) };
    let empty = std::fs::metadata(database).map_or(0, |file| file.len()) == 0;
    if more && (empty || !is_header(&header)) {
        return Err(OpenError::Log { path });
    }
    Ok(())
}

/// The header, and whether anything follows; none if there is not even a header.
fn begin(path: &Path) -> io::Result<Option<([u8; HEADER], bool)>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let length = file.metadata()?.len();
    let mut header = [0; HEADER];
    match file.read_exact(&mut header) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        read => read.map(|()| Some((header, usize::try_from(length).is_ok_and(|length| length > HEADER)))),
    }
}

/// Whether the sums in a header are those of what stands before them (sqlite.org/fileformat.html, section 4.1).
fn is_header(header: &[u8; HEADER]) -> bool {
    let (words, _) = header.as_chunks::<4>();
    let [magic, .., first, second] = words else { return false };
    let big_end_first = u32::from_be_bytes(*magic) & 1 == 1;
    let word = |bytes: &[u8; 4]| if big_end_first { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) };
    let (pairs, _) = words.as_chunks::<2>();
    let sums = pairs.iter().take(3).fold((0_u32, 0_u32), |(one, two), [a, b]| {
        let one = one.wrapping_add(word(a)).wrapping_add(two);
        (one, two.wrapping_add(word(b)).wrapping_add(one))
    });
    u32::from_be_bytes(*magic) & !1 == MAGIC && sums == (u32::from_be_bytes(*first), u32::from_be_bytes(*second))
}
