//! The one strict encoder. `docs/protocol.md`, "Encoding", defines its bytes without reference to a crate.
//!
//! bincode 2 takes over-long integers, ignores bytes that are left over, and counts its limit in memory instead of on
//! the wire. So [`decode_exact`] bounds the input, requires all of it to be used, encodes the value again, and
//! requires the same bytes: one value has one encoding.

use std::fmt;

use bincode::{Decode, Encode, config};

use crate::labels::Purpose;
use crate::sign::{PublicKey, Signature};

/// What containers may claim in memory while one message is decoded. Larger than any frame, because a list's elements
/// take more room in memory than on the wire.
const MEMORY_LIMIT: usize = 4 << 20;

const ENCODE: config::Configuration = config::standard();
const DECODE: config::Configuration<config::LittleEndian, config::Varint, config::Limit<MEMORY_LIMIT>> =
    config::standard().with_limit::<MEMORY_LIMIT>();
/// The same for [`decode_large`]: a roster of tens of thousands of members. A damaged length is an error, no abort.
const LARGE_MEMORY_LIMIT: usize = 256 << 20;
const DECODE_LARGE: config::Configuration<config::LittleEndian, config::Varint, config::Limit<LARGE_MEMORY_LIMIT>> =
    config::standard().with_limit::<LARGE_MEMORY_LIMIT>();

/// Why bytes are not a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// More bytes than this kind of message may have.
    #[error("message too large: found {found} bytes, at most {limit}")]
    TooLarge {
        /// How many bytes came.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// Truncated, an unknown variant, or a field that its type refuses.
    #[error("malformed message: {0}")]
    Malformed(String),
    /// A whole message with something after it.
    #[error("{0} bytes left over after the message")]
    LeftOver(usize),
    /// The value has another, shorter encoding.
    #[error("message is not in its one canonical encoding")]
    NotCanonical,
    /// A body of another kind.
    #[error("found a body of kind {found}, wanted {wanted}")]
    Kind {
        /// The kind byte that came.
        found: u8,
        /// The kind byte that was expected.
        wanted: u8,
    },
    /// A format, or a critical extension, that this program does not know. Check the signature, then say so.
    #[error("made by a newer version of watchfire")]
    Newer,
}

/// Encodes a value.
#[must_use]
pub fn encode<T: Encode>(value: &T) -> Vec<u8> {
    #[expect(clippy::expect_used, reason = "encoding to memory fails only for types that this crate does not have")]
    bincode::encode_to_vec(value, ENCODE).expect("wire types hold no locks, cells or unsized sequences")
}

/// Decodes a value from exactly these bytes, at most `limit` of them.
///
/// # Errors
/// Too many bytes, malformed, left over, or not canonical.
pub fn decode_exact<T: Encode + Decode<()>>(bytes: &[u8], limit: usize) -> Result<T, WireError> {
    if bytes.len() > limit {
        return Err(WireError::TooLarge { found: bytes.len(), limit });
    }
    let (value, used) =
        bincode::decode_from_slice::<T, _>(bytes, DECODE).map_err(|e| WireError::Malformed(e.to_string()))?;
    if used != bytes.len() {
        return Err(WireError::LeftOver(bytes.len() - used));
    }
    if encode(&value) != bytes {
        return Err(WireError::NotCanonical);
    }
    Ok(value)
}

/// Decodes a value that this program stored itself, sealed, and that may be larger than any message.
///
/// # Errors
/// Malformed, larger than memory should be, left over, or not canonical.
pub fn decode_large<T: Encode + Decode<()>>(bytes: &[u8]) -> Result<T, WireError> {
    let (value, used) =
        bincode::decode_from_slice::<T, _>(bytes, DECODE_LARGE).map_err(|e| WireError::Malformed(e.to_string()))?;
    if used != bytes.len() {
        return Err(WireError::LeftOver(bytes.len() - used));
    }
    if encode(&value) != bytes {
        return Err(WireError::NotCanonical);
    }
    Ok(value)
}

/// Reads one varint, the encoding of every integer and of every variant number. Used to name an unknown request.
#[must_use]
pub fn peek_varint(bytes: &[u8]) -> Option<(u64, usize)> {
    bincode::decode_from_slice::<u64, _>(bytes, DECODE).ok()
}

/// What a signed body is: its first byte. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "each variant is its name, and docs/protocol.md has the table")]
pub enum Kind {
    Charter = 1,
    Restriction = 2,
    AnnouncementKeys = 3,
    AnnouncementSlots = 4,
    Alert = 5,
    Beacon = 6,
    RosterEvent = 7,
    JoinRequest = 8,
    Renew = 9,
    Invite = 10,
    Answer = 11,
    Report = 12,
    Slot = 13,
    RosterItem = 14,
    Names = 15,
    DeskEvent = 16,
    Direct = 17,
    Profile = 18,
}

/// A body that begins with kind and format and ends with extension fields.
pub trait Body: Encode + Decode<()> {
    /// Its first byte.
    const KIND: Kind;
    /// Its second byte: the format that this program writes and reads.
    const FORMAT: u8 = 1;
    /// Its size limit in bytes.
    const LIMIT: usize;

    /// Its extension fields.
    fn extensions(&self) -> &Extensions;
}

/// Encodes `kind || format || fields`.
#[must_use]
pub fn encode_body<B: Body>(body: &B) -> Vec<u8> {
    let mut out = vec![B::KIND as u8, B::FORMAT];
    out.extend_from_slice(&encode(body));
    out
}

/// Decodes `kind || format || fields`.
///
/// # Errors
/// Those of [`decode_exact`]; another kind; [`WireError::Newer`] for another format or an unknown critical extension.
pub fn decode_body<B: Body>(bytes: &[u8]) -> Result<B, WireError> {
    if bytes.len() > B::LIMIT {
        return Err(WireError::TooLarge { found: bytes.len(), limit: B::LIMIT });
    }
    let [kind, format, fields @ ..] = bytes else {
        return Err(WireError::Malformed("shorter than its kind and format".to_owned()));
    };
    if *kind != B::KIND as u8 {
        return Err(WireError::Kind { found: *kind, wanted: B::KIND as u8 });
    }
    if *format != B::FORMAT {
        return Err(WireError::Newer);
    }
    let body: B = decode_exact(fields, B::LIMIT)?;
    body.extensions().check()?;
    Ok(body)
}

/// At most so many extension fields a body.
const MAX_EXTENSIONS: usize = 16;

/// Fields that a later version added: sorted by tag, one a tag; odd tags are critical.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Extensions(pub Vec<Extension>);

/// One extension field.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Extension {
    /// Which field. Odd: who does not know it must not act on the body.
    pub tag: u16,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Extensions {
    fn check(&self) -> Result<(), WireError> {
        let sorted = self.0.is_sorted_by(|a, b| a.tag < b.tag);
        if !sorted || self.0.len() > MAX_EXTENSIONS {
            return Err(WireError::Malformed("extension fields out of order, repeated or too many".to_owned()));
        }
        if self.0.iter().any(|e| e.tag % 2 == 1) {
            return Err(WireError::Newer);
        }
        Ok(())
    }
}

/// A body as the bytes that were signed, with one signature by `signer`. Join requests and roster events among them
/// hold slot secrets, so `{:?}` tells a body's length only.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Signed {
    /// `kind || format || fields`.
    pub body: Vec<u8>,
    /// Who claims to have signed.
    pub signer: PublicKey,
    /// The signature.
    pub signature: Signature,
}

impl Signed {
    /// Checks the signature for `purpose` over `fields`, then decodes the body.
    ///
    /// # Errors
    /// A bad signature first; then what [`decode_body`] says. [`WireError::Newer`] is told only of signed bytes.
    pub fn open<B: Body>(&self, purpose: Purpose, fields: &[&[u8]]) -> Result<B, SignedError> {
        self.signer.verify(purpose, fields, &self.signature).map_err(|_| SignedError::Signature)?;
        Ok(decode_body(&self.body)?)
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { body, signer, signature } = self;
        let body = Length(body.len());
        f.debug_struct("Signed").field("body", &body).field("signer", signer).field("signature", signature).finish()
    }
}

/// Stands for bytes in `{:?}`: how many they are, and not which.
pub(crate) struct Length(pub(crate) usize);

impl fmt::Debug for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0)
    }
}

/// Why a signed body is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignedError {
    /// The signature does not verify for this body, this purpose and this place.
    #[error("signature does not verify")]
    Signature,
    /// The body is not what it should be.
    #[error(transparent)]
    Wire(#[from] WireError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlong_integer_is_refused() {
        assert_eq!(decode_exact::<u64>(&[5], 16), Ok(5));
        assert_eq!(decode_exact::<u64>(&[251, 5, 0], 16), Err(WireError::NotCanonical));
    }

    #[test]
    fn left_over_bytes_are_refused() {
        assert_eq!(decode_exact::<u64>(&[5, 0], 16), Err(WireError::LeftOver(1)));
    }

    #[test]
    fn a_large_claim_with_few_bytes_is_refused_without_memory() {
        let mut bytes = vec![253];
        bytes.extend_from_slice(&(1_u64 << 40).to_le_bytes());
        assert!(matches!(decode_exact::<Vec<u8>>(&bytes, 64), Err(WireError::Malformed(_))));
        assert!(matches!(decode_exact::<Vec<u64>>(&bytes, 64), Err(WireError::Malformed(_))));
    }

    #[test]
    fn a_message_over_its_limit_is_refused_before_it_is_read() {
        assert_eq!(decode_exact::<u64>(&[5; 17], 16), Err(WireError::TooLarge { found: 17, limit: 16 }));
    }

    #[test]
    fn extensions_are_sorted_unique_and_critical_when_odd() {
        let field = |tag| Extension { tag, bytes: vec![1] };
        assert_eq!(Extensions(vec![field(2), field(4)]).check(), Ok(()));
        assert!(matches!(Extensions(vec![field(4), field(2)]).check(), Err(WireError::Malformed(_))));
        assert!(matches!(Extensions(vec![field(2), field(2)]).check(), Err(WireError::Malformed(_))));
        assert_eq!(Extensions(vec![field(3)]).check(), Err(WireError::Newer));
        let many = |count| Extensions((0..count).map(|tag| field(2 * tag)).collect());
        assert_eq!(many(16).check(), Ok(()));
        assert!(matches!(many(17).check(), Err(WireError::Malformed(_))));
    }
}
