//! Secrets: wiped on drop, compared in constant time, without `Debug`, `Display` or `Serialize`.

use bincode::de::{BorrowDecode, BorrowDecoder, Decoder};
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// `N` secret bytes on the heap.
///
/// It implements the wire encoding because slots, roster entries and the vault contain secrets; what is encoded is
/// sealed before it leaves the function that encoded it.
///
/// There is no `Debug`, no `Display` and no `Serialize`, so that none is written down by accident:
///
/// ```compile_fail,E0277
/// let secret = watchfire_protocol::secret::Secret32::new([7; 32]);
/// println!("{secret:?}");
/// ```
/// ```compile_fail,E0277
/// let secret = watchfire_protocol::secret::Secret32::new([7; 32]);
/// println!("{secret}");
/// ```
/// ```compile_fail,E0277
/// fn written<T: serde::Serialize>(_: T) {}
/// written(watchfire_protocol::secret::Secret32::new([7; 32]));
/// ```
///
/// What those refuse is the trait, and nothing else in them:
///
/// ```
/// let secret = watchfire_protocol::secret::Secret32::new([7; 32]);
/// println!("{:?}", secret.expose().len());
/// ```
pub struct Secret<const N: usize>(Box<Zeroizing<[u8; N]>>);

/// A secret of 32 bytes: a seed, a chain, a symmetric key, a pre-shared key.
pub type Secret32 = Secret<32>;

impl<const N: usize> Secret<N> {
    /// Takes the bytes. The caller's copy is the caller's to wipe.
    #[must_use]
    pub fn new(bytes: [u8; N]) -> Self {
        Self(Box::new(Zeroizing::new(bytes)))
    }

    /// Draws a fresh secret.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut secret = Self::new([0; N]);
        rng.fill_bytes(secret.0.as_mut_slice());
        secret
    }

    /// The bytes, for the one function that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }

    /// Whether every byte is zero, told in constant time.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.expose().as_slice().ct_eq([0; N].as_slice()).into()
    }
}

impl<const N: usize> Clone for Secret<N> {
    fn clone(&self) -> Self {
        Self::new(*self.expose())
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Self) -> bool {
        self.expose().as_slice().ct_eq(other.expose().as_slice()).into()
    }
}

impl<const N: usize> Eq for Secret<N> {}

impl<const N: usize> Encode for Secret<N> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.expose().encode(encoder)
    }
}

impl<C, const N: usize> Decode<C> for Secret<N> {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let bytes = Zeroizing::new(<[u8; N]>::decode(decoder)?);
        Ok(Self::new(*bytes))
    }
}

impl<'de, C, const N: usize> BorrowDecode<'de, C> for Secret<N> {
    fn borrow_decode<D: BorrowDecoder<'de, Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Self::decode(decoder)
    }
}
