//! Names: what the network, the neighborhood and its coordinators are called. The charter carries only a salted hash;
//! the names reach members sealed, as objects of each epoch. `docs/protocol.md`, "Names".

use bincode::{Decode, Encode};

use crate::id::{CoordinatorId, sha256};
use crate::labels::Domain;
use crate::object;
use crate::wire::{self, Body, Extensions, Kind, WireError};

/// Length limit of a name or a handle in bytes.
pub const NAME_LEN: usize = 64;
/// Length limit of a network's conduct line in bytes.
pub const CONDUCT_LEN: usize = 500;

/// The names of one neighborhood, with the salt of their hash.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct NamesBlock {
    /// 32 random bytes, so that nobody can guess names from the charter.
    pub salt: [u8; 32],
    /// The network's name.
    pub network: String,
    /// The neighborhood's name.
    pub neighborhood: String,
    /// What its coordinators are called, sorted by id.
    pub handles: Vec<NamedCoordinator>,
    /// The network's own conduct line; empty for the default one.
    pub conduct: String,
    /// Later fields.
    pub extensions: Extensions,
}

/// A coordinator's handle.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct NamedCoordinator {
    /// Who.
    pub coordinator: CoordinatorId,
    /// What they are called here.
    pub handle: String,
}

impl Body for NamesBlock {
    const KIND: Kind = Kind::Names;
    const LIMIT: usize = 32 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

impl NamesBlock {
    /// `SHA-256("watchfire v1 names" 00 || kind || format || fields)`: what the charter carries. The salt is the first
    /// field.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        sha256(&[&Domain::Names.prefix(), &wire::encode_body(self)])
    }

    /// What a coordinator is called.
    #[must_use]
    pub fn handle(&self, coordinator: &CoordinatorId) -> Option<&str> {
        self.handles.iter().find(|named| named.coordinator == *coordinator).map(|named| named.handle.as_str())
    }
}

/// Cuts a block into parts that fit an object each: `u16be(parts) || bytes`.
#[must_use]
pub fn parts(block: &NamesBlock) -> Vec<Vec<u8>> {
    let bytes = wire::encode_body(block);
    let chunks: Vec<&[u8]> = bytes.chunks(object::CONTENT_LEN - 2).collect();
    let count = u16::try_from(chunks.len()).unwrap_or(u16::MAX).to_be_bytes();
    chunks.into_iter().map(|chunk| [&count[..], chunk].concat()).collect()
}

/// How many parts there are, by any one of them. None if no block has so many.
#[must_use]
pub fn part_count(part: &[u8]) -> Option<u16> {
    const MOST: usize = NamesBlock::LIMIT.div_ceil(object::CONTENT_LEN - 2);
    part.first_chunk::<2>().map(|count| u16::from_be_bytes(*count)).filter(|count| usize::from(*count) <= MOST)
}

/// Joins the parts of a block, in order.
///
/// # Errors
/// They are not a block.
pub fn join_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Result<NamesBlock, WireError> {
    let bytes: Vec<u8> = parts.into_iter().flat_map(|part| part.get(2..).unwrap_or_default()).copied().collect();
    wire::decode_body(&bytes)
}
