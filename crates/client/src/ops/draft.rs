//! The file that admins carry to each other: the charters that there are, a draft of the next one, and the names.
//! `docs/protocol.md`, "Drafts".
//!
//! ```text
//! "watchfire charter file 1\n" | content: bincode | SHA-256 of all before it
//! content = charters list<bytes>, oldest first | names list<(neighborhood 16, names body bytes)> | draft option
//! ```
//!
//! The checksum finds what was cut off or edited by hand, and nothing more: it is the signatures that hold, and the
//! commitment in the charter that makes names names. The file is not secret, but it tells what the neighborhoods and
//! their coordinators are called. Nothing in it is taken before all of it was judged.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};
use sha2::{Digest, Sha256};
use watchfire_protocol::charter::{SignedCharter, SignedRestriction};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::wire::{self, WireError};

const FAMILY: &[u8] = b"watchfire charter file ";
const MAGIC: &[u8] = b"watchfire charter file 1\n";
const SUM: usize = 32;
/// Bytes of the longest file: what [`wire::decode_exact`] lets a message claim in memory, with room for its lists.
pub const FILE_LIMIT: usize = 3 << 20;
/// What is left for the parts of the content, beside what frames them.
const ROOM: usize = FILE_LIMIT - (64 << 10);

/// The names of neighborhoods.
pub type Names = BTreeMap<NeighborhoodId, NamesBlock>;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CharterFile {
    /// Versions in a row, oldest first: from the genesis on, if there is room.
    pub charters: Vec<SignedCharter>,
    /// The names to which the draft commits, or the newest version.
    pub names: Names,
    /// What is proposed.
    pub draft: Option<Proposal>,
}

/// What admins are asked to sign. Variants are only added at the end.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Proposal {
    /// The next version, with the signatures collected so far.
    Charter(SignedCharter),
    /// A restriction, with the signatures collected so far.
    Restriction(SignedRestriction),
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CharterFileError {
    /// It is longer than any such file.
    #[error("the file is too large: at most {limit} bytes")]
    TooLarge {
        /// How many bytes there may be.
        limit: usize,
    },
    /// It does not begin like one.
    #[error("this is no charter file")]
    NotOne,
    /// A later version of this program made it.
    #[error("this charter file was made by a newer version of watchfire")]
    Newer,
    /// It was edited by hand, or is incomplete.
    #[error("the charter file is damaged: it was edited, or is not whole")]
    Damaged,
}

#[derive(Encode, Decode)]
struct Content {
    charters: Vec<Vec<u8>>,
    names: Vec<(NeighborhoodId, Vec<u8>)>,
    draft: Option<Proposal>,
}

impl CharterFile {
    /// The file's bytes. The oldest charters are left out where they do not fit: whoever reads it has those.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let names: Vec<(NeighborhoodId, Vec<u8>)> =
            self.names.iter().map(|(hood, block)| (*hood, wire::encode_body(block))).collect();
        let mut room = ROOM.saturating_sub(names.iter().map(|(_, block)| block.len()).sum());
        let mut charters = Vec::new();
        for charter in self.charters.iter().rev() {
            let bytes = charter.to_bytes();
            let Some(left) = room.checked_sub(bytes.len()) else { break };
            room = left;
            charters.push(bytes);
        }
        charters.reverse();
        let content = Content { charters, names, draft: self.draft.clone() };
        let mut out = [MAGIC, &wire::encode(&content)].concat();
        let sum = Sha256::digest(&out);
        out.extend_from_slice(&sum);
        out
    }

    /// Reads a file. Nothing in it is judged yet.
    ///
    /// # Errors
    /// It is not whole, or not one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CharterFileError> {
        if bytes.len() > FILE_LIMIT {
            return Err(CharterFileError::TooLarge { limit: FILE_LIMIT });
        }
        if !bytes.starts_with(FAMILY) {
            return Err(CharterFileError::NotOne);
        }
        if !bytes.starts_with(MAGIC) {
            return Err(CharterFileError::Newer);
        }
        let (summed, sum) = bytes.split_last_chunk::<SUM>().ok_or(CharterFileError::Damaged)?;
        if Sha256::digest(summed).as_slice() != sum {
            return Err(CharterFileError::Damaged);
        }
        let content = summed.strip_prefix(MAGIC).ok_or(CharterFileError::Damaged)?;
        let content: Content = wire::decode_exact(content, FILE_LIMIT).map_err(|_| CharterFileError::Damaged)?;
        let charters = content.charters.iter().map(|bytes| SignedCharter::from_bytes(bytes));
        let charters = charters.collect::<Result<_, _>>().map_err(|_| CharterFileError::Damaged)?;
        let mut names = Names::new();
        for (hood, block) in &content.names {
            let block = wire::decode_body(block).map_err(|error| match error {
                WireError::Newer => CharterFileError::Newer,
                _ => CharterFileError::Damaged,
            })?;
            if names.insert(*hood, block).is_some() {
                return Err(CharterFileError::Damaged);
            }
        }
        Ok(Self { charters, names, draft: content.draft })
    }
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::charter::CharterSignature;
    use watchfire_protocol::secret::Secret32;
    use watchfire_protocol::sign::{SecretKey, Signature};
    use watchfire_protocol::wire::Extensions;

    use super::*;

    fn charter(bytes: usize) -> SignedCharter {
        let signer = SecretKey::from_seed(&Secret32::new([7; 32])).public();
        SignedCharter {
            body: vec![7; bytes],
            signatures: vec![CharterSignature { signer, signature: Signature([9; 64]) }],
        }
    }

    fn block(neighborhood: &str) -> NamesBlock {
        NamesBlock {
            salt: [1; 32],
            network: "Night Watch".to_owned(),
            neighborhood: neighborhood.to_owned(),
            handles: vec![],
            conduct: String::new(),
            extensions: Extensions::default(),
        }
    }

    fn file() -> CharterFile {
        CharterFile {
            charters: vec![charter(100), charter(200)],
            names: Names::from([(NeighborhoodId([1; 16]), block("Elm Park"))]),
            draft: Some(Proposal::Charter(charter(300))),
        }
    }

    fn resummed(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.truncate(bytes.len() - SUM);
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        assert_eq!(CharterFile::from_bytes(&file().to_bytes()), Ok(file()));
        let empty = CharterFile::default();
        assert_eq!(CharterFile::from_bytes(&empty.to_bytes()), Ok(empty));
    }

    #[test]
    fn any_byte_edited_by_hand_and_any_byte_cut_off_is_noticed() {
        let bytes = file().to_bytes();
        for at in 0..bytes.len() {
            let mut edited = bytes.clone();
            edited[at] ^= 1;
            assert!(CharterFile::from_bytes(&edited).is_err(), "byte {at}");
            assert!(CharterFile::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
        }
        assert_eq!(CharterFile::from_bytes(&[&bytes[..], b"\n"].concat()), Err(CharterFileError::Damaged));
    }

    #[test]
    fn what_is_no_such_file_of_a_later_version_or_too_large_says_so() {
        assert_eq!(CharterFile::from_bytes(b""), Err(CharterFileError::NotOne));
        assert_eq!(CharterFile::from_bytes(b"{\"kind\":\"\"}"), Err(CharterFileError::NotOne));
        assert_eq!(CharterFile::from_bytes(b"watchfire charter file 2\n\x07"), Err(CharterFileError::Newer));
        assert_eq!(CharterFile::from_bytes(MAGIC), Err(CharterFileError::Damaged));
        let large = vec![0; FILE_LIMIT + 1];
        assert_eq!(CharterFile::from_bytes(&large), Err(CharterFileError::TooLarge { limit: FILE_LIMIT }));
    }

    #[test]
    fn a_sum_that_was_made_anew_does_not_make_nonsense_a_file() {
        let bytes = file().to_bytes();
        let left_over = resummed([&bytes[..bytes.len() - SUM], b"x", &[0; SUM]].concat());
        assert_eq!(CharterFile::from_bytes(&left_over), Err(CharterFileError::Damaged));
        let twice = Content {
            charters: vec![],
            names: vec![(NeighborhoodId([1; 16]), wire::encode_body(&block("Elm Park"))); 2],
            draft: None,
        };
        let twice = resummed([MAGIC, &wire::encode(&twice), &[0; SUM]].concat());
        assert_eq!(CharterFile::from_bytes(&twice), Err(CharterFileError::Damaged));
        // A list that claims to be longer than any memory.
        let bomb = resummed([MAGIC, &[253, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], &[0; SUM]].concat());
        assert_eq!(CharterFile::from_bytes(&bomb), Err(CharterFileError::Damaged));
    }

    #[test]
    fn of_a_long_chain_the_oldest_are_left_out_and_never_the_draft() {
        let mut long = file();
        long.charters = (0..70).map(|n| charter((60 << 10) + n)).collect();
        let bytes = long.to_bytes();
        assert!(bytes.len() <= FILE_LIMIT);
        let read = CharterFile::from_bytes(&bytes).unwrap();
        assert!(read.charters.len() < 70 && read.charters.len() > 40, "{}", read.charters.len());
        assert!(long.charters.ends_with(&read.charters));
        assert_eq!((read.draft, read.names), (long.draft, long.names));
    }
}
