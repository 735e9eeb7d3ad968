//! Ids, hashes and counters: newtypes of fixed length with one text form each.

use std::fmt;
use std::str::FromStr;

use bincode::{Decode, Encode};
use data_encoding::Encoding;
use sha2::{Digest, Sha256};

/// Crockford's base32, upper case, without padding; reading accepts lower case, `O` for `0`, and `I`, `L` for `1`.
pub fn crockford() -> &'static Encoding {
    use std::sync::LazyLock;
    static ENCODING: LazyLock<Encoding> = LazyLock::new(|| {
        let mut spec = data_encoding::Specification::new();
        spec.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
        spec.translate.from.push_str("abcdefghjkmnpqrstvwxyzOoIiLl");
        spec.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
        #[expect(clippy::expect_used, reason = "the specification is a constant and a test reads it")]
        spec.encoding().expect("Crockford's alphabet has 32 distinct symbols")
    });
    &ENCODING
}

/// Why a text is not an id or a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A symbol outside of the alphabet, or a length that no byte string has.
    #[error("not Crockford base32")]
    Symbols,
    /// The right symbols, too many or too few of them.
    #[error("wrong length: found {found} bytes, wanted {wanted}")]
    Length {
        /// How many bytes the text holds.
        found: usize,
        /// How many bytes the id has.
        wanted: usize,
    },
}

/// Reads exactly `N` bytes of Crockford base32; hyphens and spaces are skipped.
///
/// # Errors
/// Any other symbol, or any other length.
pub fn parse_base32<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let plain: String = text.chars().filter(|c| *c != '-' && *c != ' ').collect();
    let bytes = crockford().decode(plain.as_bytes()).map_err(|_| IdError::Symbols)?;
    bytes.as_slice().try_into().map_err(|_| IdError::Length { found: bytes.len(), wanted: N })
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;
            /// All zeros: stands for "none" where the protocol says so.
            pub const ZERO: Self = Self([0; $len]);

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&crockford().encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_base32(text).map(Self)
            }
        }
    };
}

byte_id!(
    /// A network: `SHA-256("watchfire v1 network" 00 || genesis charter body)`.
    NetworkId, 32
);
byte_id!(
    /// A neighborhood: 16 random bytes. Its name is never shown to the relay.
    NeighborhoodId, 16
);
byte_id!(
    /// A record: the first 16 bytes of its SHA-256.
    RecordId, 16
);
byte_id!(
    /// An alert: the first 16 bytes of `SHA-256("watchfire v1 alert id" 00 || network || neighborhood || body)`.
    AlertId, 16
);
byte_id!(
    /// A report: the first 16 bytes of `SHA-256("watchfire v1 report id" 00 || network || neighborhood || body)`.
    ReportId, 16
);
byte_id!(
    /// A desk event: the first 16 bytes of `SHA-256("watchfire v1 desk event" 00 || network || neighborhood || signer ||
    /// body)`.
    DeskId, 16
);
byte_id!(
    /// An invite: the first 16 bytes of `SHA-256("watchfire v1 invite id" 00 || verification key)`.
    InviteId, 16
);
byte_id!(
    /// A member of one neighborhood: 16 random bytes, never used again after a removal.
    MemberId, 16
);
byte_id!(
    /// A coordinator in the charter: 16 random bytes, the same across charter versions and device keys.
    CoordinatorId, 16
);
byte_id!(
    /// What an object, or a slot, is found by within an epoch.
    Tag, 16
);
byte_id!(
    /// `SHA-256` of a charter body.
    CharterHash, 32
);
byte_id!(
    /// `SHA-256` of one restriction's body.
    RestrictionHash, 32
);
byte_id!(
    /// `SHA-256` over the restrictions in force; zeros while there are none.
    RestrictionsHash, 32
);
byte_id!(
    /// `SHA-256` of an announcement's first part.
    KeysHash, 32
);
byte_id!(
    /// `SHA-256` of a whole announcement.
    AnnouncementHash, 32
);
byte_id!(
    /// `SHA-256` of a join request's signed bytes.
    RequestHash, 32
);

/// One generation of a neighborhood's keys. The first is 1; 0 stands for "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Epoch(pub u64);

impl Epoch {
    /// "No epoch yet."
    pub const NONE: Self = Self(0);

    /// The epoch after this one. The last number stays where it is.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// SHA-256 over the parts, one after the other.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// The first 16 bytes of [`sha256`].
#[must_use]
pub fn sha256_16(parts: &[&[u8]]) -> [u8; 16] {
    let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = sha256(parts);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_text_form_and_reads_a_tired_hand() {
        let id = AlertId([0x5a; 16]);
        let text = id.to_string();
        assert_eq!(text.parse::<AlertId>().unwrap(), id);
        assert_eq!(text.to_lowercase().parse::<AlertId>().unwrap(), id);
        assert_eq!(InviteId([0; 16]).to_string().replace('0', "O").parse::<InviteId>().unwrap(), InviteId::ZERO);
    }

    #[test]
    fn a_text_of_another_length_or_alphabet_is_no_id() {
        assert_eq!("".parse::<AlertId>(), Err(IdError::Length { found: 0, wanted: 16 }));
        assert_eq!("U".parse::<AlertId>(), Err(IdError::Symbols));
        assert!(NetworkId([1; 32]).to_string().parse::<AlertId>().is_err());
    }
}
