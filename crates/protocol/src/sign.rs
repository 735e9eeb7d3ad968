//! Ed25519 keys and signatures (RFC 8032): strict verification, weak keys refused, one purpose a signature.

use std::fmt;
use std::str::FromStr;

use bincode::de::{BorrowDecode, BorrowDecoder, Decoder};
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode};
use ed25519_dalek::Signer;
use rand_core::CryptoRng;

use crate::id::{crockford, parse_base32};
use crate::labels::{Purpose, prefixed};
use crate::secret::Secret32;

/// A verification key that is a point of large order. Only [`PublicKey::from_bytes`] and decoding make one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; 32], ed25519_dalek::VerifyingKey);

/// Why 32 bytes are not a verification key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an acceptable Ed25519 verification key")]
pub struct KeyError;

/// A signature that does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("signature does not verify")]
pub struct BadSignature;

impl PublicKey {
    /// Reads a key.
    ///
    /// # Errors
    /// Bytes that are no point of the curve, a point with another encoding, or a weak (small-order) point.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError)?;
        if key.is_weak() || key.to_edwards().compress().to_bytes() != bytes {
            return Err(KeyError);
        }
        Ok(Self(bytes, key))
    }

    /// The key's 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Checks a signature over `"watchfire v1 <purpose>" 00 || fields`.
    ///
    /// # Errors
    /// It does not verify.
    pub fn verify(&self, purpose: Purpose, fields: &[&[u8]], signature: &Signature) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.1.verify_strict(&message(purpose, fields), &signature).map_err(|_| BadSignature)
    }
}

fn message(purpose: Purpose, fields: &[&[u8]]) -> Vec<u8> {
    let mut out = prefixed(purpose.as_str());
    for field in fields {
        out.extend_from_slice(field);
    }
    out
}

impl fmt::Display for PublicKey {
    /// Crockford base32 in groups of four, for reading aloud.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, symbol) in crockford().encode(&self.0).chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{symbol}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(parse_base32(text).map_err(|_| KeyError)?)
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl Encode for PublicKey {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.encode(encoder)
    }
}

impl<C> Decode<C> for PublicKey {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let bytes = <[u8; 32]>::decode(decoder)?;
        Self::from_bytes(bytes).map_err(|e| DecodeError::OtherString(e.to_string()))
    }
}

impl<'de, C> BorrowDecode<'de, C> for PublicKey {
    fn borrow_decode<D: BorrowDecoder<'de, Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Self::decode(decoder)
    }
}

/// 64 bytes that claim to be a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Signature(pub [u8; 64]);

/// A signing key. Wiped on drop by its crate; no `Debug`.
#[derive(Clone)]
pub struct SecretKey(ed25519_dalek::SigningKey);

impl SecretKey {
    /// Draws a fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::from_seed(&Secret32::generate(rng))
    }

    /// The key of a 32-byte seed (RFC 8032, section 5.1.5).
    #[must_use]
    pub fn from_seed(seed: &Secret32) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed.expose()))
    }

    /// The seed, to be sealed and kept.
    #[must_use]
    pub fn seed(&self) -> Secret32 {
        Secret32::new(*self.0.as_bytes())
    }

    /// The verification key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let key = self.0.verifying_key();
        PublicKey(key.to_bytes(), key)
    }

    /// Signs `"watchfire v1 <purpose>" 00 || fields`.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, fields: &[&[u8]]) -> Signature {
        Signature(self.0.sign(&message(purpose, fields)).to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SecretKey {
        SecretKey::from_seed(&Secret32::new([7; 32]))
    }

    #[test]
    fn a_signature_for_one_purpose_is_none_for_another() {
        let signature = key().sign(Purpose::Alert, &[b"body"]);
        assert_eq!(key().public().verify(Purpose::Alert, &[b"body"], &signature), Ok(()));
        assert_eq!(key().public().verify(Purpose::Beacon, &[b"body"], &signature), Err(BadSignature));
        assert_eq!(key().public().verify(Purpose::Alert, &[b"Body"], &signature), Err(BadSignature));
    }

    #[test]
    fn weak_and_non_canonical_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::from_bytes(identity), Err(KeyError));
        assert_eq!(PublicKey::from_bytes([0; 32]), Err(KeyError));
        // y = p + 1: another encoding of the identity.
        let mut overlong = [0xff; 32];
        overlong[0] = 0xee;
        overlong[31] = 0x7f;
        assert_eq!(PublicKey::from_bytes(overlong), Err(KeyError));
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let public = key().public();
        assert_eq!(public.to_string().parse::<PublicKey>().unwrap(), public);
        assert_eq!(public.to_string().to_lowercase().parse::<PublicKey>().unwrap(), public);
    }
}
