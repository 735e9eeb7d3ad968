//! Which networks the operator serves: `networks.toml`, and the token that adds to it.
//!
//! The token is a secret of 32 random bytes. Whoever holds it may have any network served, so it is compared in constant
//! time and lies in a file of its own, which the operator gives away, replaces or deletes while the relay runs.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use watchfire_protocol::id::{NetworkId, crockford, parse_base32};
use watchfire_protocol::secret::Secret32;
use zeroize::{Zeroize, Zeroizing};

use crate::config::ConfigError;
use crate::file::{create_private, exposed, replace_private};
use crate::identity;

/// How much of the disk a network may fill, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quota(pub u64);

/// A text that is no size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no size: wanted a number and B, KiB, MiB, GiB or TiB, as in `1GiB`")]
pub struct QuotaError {
    /// The text.
    pub text: String,
}

const UNITS: [(&str, u64); 5] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl Default for Quota {
    /// 1 GiB: 10,000 members' slots of a month of weekly epochs, and the records of a busy week.
    fn default() -> Self {
        Self(1 << 30)
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) = UNITS.into_iter().find(|(_, size)| self.0.is_multiple_of(*size)).unwrap_or(("B", 1));
        if self.0 == 0 { f.write_str("0B") } else { write!(f, "{}{unit}", self.0 / size) }
    }
}

impl FromStr for Quota {
    type Err = QuotaError;

    fn from_str(text: &str) -> Result<Self, QuotaError> {
        let error = || QuotaError { text: text.to_owned() };
        let (unit, size) = UNITS.into_iter().find(|(unit, _)| text.ends_with(unit)).ok_or_else(error)?;
        let number: u64 = text.trim_end_matches(unit).trim().parse().map_err(|_| error())?;
        number.checked_mul(size).map(Self).ok_or_else(error)
    }
}

impl<'de> Deserialize<'de> for Quota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A network that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Which.
    pub network: NetworkId,
    /// Its share of the disk.
    pub quota: Quota,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFile {
    #[serde(default)]
    network: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    quota: Quota,
}

/// Why the list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file cannot be read or written.
    #[error("`{}`", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no list.
    #[error("`{}` cannot be read", path.display())]
    Toml {
        /// Where.
        path: PathBuf,
        /// What is wrong, with the line.
        source: Box<toml::de::Error>,
    },
    /// An entry's id is none. It may be one with a letter mistyped, so it is not repeated: this is logged, too.
    #[error("the id of entry {number} in `{}` is no network's", path.display())]
    Id {
        /// Where.
        path: PathBuf,
        /// Which entry, from 1.
        number: usize,
    },
}

/// Reads the list of networks. No file is an empty list.
///
/// # Errors
/// The file cannot be read, or is no list.
pub fn read_list(path: &Path) -> Result<Vec<Allowed>, ListError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(ListError::File { path: path.to_owned(), source }),
    };
    let file: ListFile =
        toml::from_str(&text).map_err(|source| ListError::Toml { path: path.to_owned(), source: Box::new(source) })?;
    let entries = (1..).zip(file.network).map(|(number, Entry { id, quota })| match id.parse() {
        Ok(network) => Ok(Allowed { network, quota }),
        Err(_) => Err(ListError::Id { path: path.to_owned(), number }),
    });
    entries.collect()
}

/// Writes the list of networks.
///
/// # Errors
/// The file cannot be written; the old one is still there.
pub fn write_list(path: &Path, list: &[Allowed]) -> Result<(), ListError> {
    use fmt::Write as _;
    let mut text = String::from(
        "# The networks that this relay serves. A running relay notices changes.\n\
         # Edit with `watchfire-relay networks allow|list|remove`, or by hand. Keep a copy of this file.\n",
    );
    for Allowed { network, quota } in list {
        let _ = write!(text, "\n[[network]]\nid = \"{network}\"\nquota = \"{quota}\"\n");
    }
    replace_private(path, text.as_bytes()).map_err(|source| ListError::File { path: path.to_owned(), source })
}

/// Adds a network to the list, or changes its quota.
///
/// # Errors
/// The list cannot be read or written.
pub fn allow(path: &Path, network: NetworkId, quota: Quota) -> Result<(), ListError> {
    let mut list = read_list(path)?;
    match list.iter_mut().find(|allowed| allowed.network == network) {
        Some(allowed) => allowed.quota = quota,
        None => list.push(Allowed { network, quota }),
    }
    write_list(path, &list)
}

/// Takes a network off the list, and says whether it was there.
///
/// # Errors
/// The list cannot be read or written.
pub fn remove(path: &Path, network: NetworkId) -> Result<bool, ListError> {
    let mut list = read_list(path)?;
    let before = list.len();
    list.retain(|allowed| allowed.network != network);
    if list.len() == before {
        return Ok(false);
    }
    write_list(path, &list).map(|()| true)
}

/// Draws a token and writes it, as Crockford base32.
pub(crate) fn create_token(path: &Path) -> Result<(), ConfigError> {
    let token = Zeroizing::new(identity::random()?);
    let mut text = crockford().encode(token.as_slice());
    text.push('\n');
    let written = create_private(path, text.as_bytes());
    text.zeroize();
    written.map_err(|source| ConfigError::File { path: path.to_owned(), source })
}

/// Reads a token. For whoever has the file: the operator, and whoever was given it.
#[must_use]
pub fn read_token(path: &Path) -> Option<Secret32> {
    let text = Zeroizing::new(std::fs::read_to_string(path).ok()?);
    let bytes = Zeroizing::new(parse_base32::<32>(text.trim()).ok()?);
    Some(Secret32::new(*bytes))
}

/// The list as a running relay sees it.
#[derive(Debug)]
pub(crate) struct Admission {
    list_path: PathBuf,
    token_path: PathBuf,
    default_quota: Quota,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Time of change, length and inode: a replaced file differs in at least one.
    stamp: Option<(SystemTime, u64, u64)>,
    list: Vec<Allowed>,
}

impl Admission {
    pub(crate) fn new(list_path: PathBuf, token_path: PathBuf, default_quota: Quota) -> Self {
        Self { list_path, token_path, default_quota, seen: Mutex::default() }
    }

    /// A network's quota, if it is served. A list that cannot be read leaves the one read before in force.
    pub(crate) fn quota(&self, network: NetworkId) -> Option<Quota> {
        self.seen().list.iter().find(|allowed| allowed.network == network).map(|allowed| allowed.quota)
    }

    /// The networks that are served.
    pub(crate) fn allowed(&self) -> Vec<Allowed> {
        self.seen().list.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = stamp(&self.list_path);
        if stamp != seen.stamp {
            match read_list(&self.list_path) {
                Ok(list) => *seen = Seen { stamp, list },
                Err(error) => {
                    tracing::error!(%error, "the list of networks cannot be read; the one read before stays in force");
                    seen.stamp = stamp;
                }
            }
        }
        seen
    }

    /// Whether a token is the operator's.
    pub(crate) fn is_token(&self, token: &[u8; 32]) -> bool {
        // Whether there is a token at all is no secret; what it is, is compared in constant time.
        let is_it =
            read_token(&self.token_path).is_some_and(|held| held.expose().as_slice().ct_eq(token.as_slice()).into());
        // Whoever has another one cannot have the log filled.
        is_it && self.is_token_private()
    }

    /// Whether the token is the relay's alone. One that others may read admits nobody, and that is said.
    pub(crate) fn is_token_private(&self) -> bool {
        let exposed = std::fs::metadata(&self.token_path).is_ok_and(|metadata| exposed(&metadata).is_some());
        if exposed {
            tracing::warn!("others may read the file admission.token: nobody is admitted by it before it has mode 600");
        }
        !exposed
    }

    /// Adds a network that came with the token.
    pub(crate) fn admit(&self, network: NetworkId) -> Result<(), ListError> {
        allow(&self.list_path, network, self.default_quota)
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const NETWORK: NetworkId = NetworkId([7; 32]);

    #[test]
    fn a_quota_is_read_as_it_is_written() {
        for (text, bytes) in [("1GiB", 1 << 30), ("1536MiB", 1536 << 20), ("3B", 3), ("0B", 0)] {
            let quota: Quota = text.parse().unwrap();
            assert_eq!((quota.0, quota.to_string().as_str()), (bytes, text));
        }
        for text in ["", "GiB", "1", "1GB", "-1B", "99999999999TiB"] {
            assert!(text.parse::<Quota>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_running_relay_notices_what_is_allowed_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let (list, token) = (dir.path().join("networks.toml"), dir.path().join("admission.token"));
        let admission = Admission::new(list.clone(), token, Quota(5));
        assert_eq!(admission.quota(NETWORK), None);
        allow(&list, NETWORK, Quota(1 << 20)).unwrap();
        assert_eq!(admission.quota(NETWORK), Some(Quota(1 << 20)));
        assert!(remove(&list, NETWORK).unwrap());
        assert_eq!(admission.quota(NETWORK), None);
        assert!(!remove(&list, NETWORK).unwrap());
        admission.admit(NETWORK).unwrap();
        assert_eq!(admission.quota(NETWORK), Some(Quota(5)));
        assert_eq!(read_list(&list).unwrap(), [Allowed { network: NETWORK, quota: Quota(5) }]);
    }

    #[test]
    fn a_list_that_cannot_be_read_leaves_the_last_one_in_force() {
        let dir = tempfile::tempdir().unwrap();
        let list = dir.path().join("networks.toml");
        let admission = Admission::new(list.clone(), dir.path().join("none"), Quota(5));
        allow(&list, NETWORK, Quota(9)).unwrap();
        assert_eq!(admission.quota(NETWORK), Some(Quota(9)));
        std::fs::write(&list, "[[network]]\nid = \"U\"\n").unwrap();
        assert!(matches!(read_list(&list), Err(ListError::Id { .. })));
        assert_eq!(admission.quota(NETWORK), Some(Quota(9)));
    }

    #[test]
    fn the_token_is_private_and_no_other_will_do() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("admission.token");
        create_token(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let token = *read_token(&path).unwrap().expose();
        let admission = Admission::new(dir.path().join("networks.toml"), path.clone(), Quota(5));
        assert!(admission.is_token(&token));
        let mut other = token;
        other[31] ^= 1;
        assert!(!admission.is_token(&other));
        for (mode, admits) in [(0o604, false), (0o602, false), (0o600, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(admission.is_token(&token), admits, "{mode:o}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(!admission.is_token(&token));
    }
}
