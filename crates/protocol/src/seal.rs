//! The one seal for everything that is sealed to a key: HPKE (RFC 9180), PSK mode, X-Wing, HKDF-SHA256,
//! ChaCha20-Poly1305. Never base mode, never an auth mode. `docs/protocol.md`, "The seal".
//!
//! Who holds the pre-shared key is who may have sealed; who holds the X-Wing key is who may open. An attacker with a
//! quantum computer who recorded everything still lacks the pre-shared key and the ML-KEM half.

use bincode::{Decode, Encode};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem as _, XWing};
use hpke::{Deserializable, OpModeR, OpModeS, PskBundle, Serializable};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::id::sha256;
use crate::labels::{SealPurpose, prefixed};
use crate::secret::Secret32;

/// The suite byte in front of everything that is sealed: HPKE PSK mode with 0x647a, 0x0001, 0x0003.
pub const SUITE: u8 = 1;
/// Length of an encapsulated key in bytes.
pub const ENCAPSULATION_LEN: usize = 1120;
/// Length of an AEAD tag in bytes.
pub const AEAD_TAG_LEN: usize = 16;
/// How much longer sealed bytes are than their plaintext, without the suite byte.
pub const OVERHEAD: usize = ENCAPSULATION_LEN + AEAD_TAG_LEN;

/// Wrong key, wrong pre-shared key, altered bytes, another place or purpose: one answer, so that nobody can probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot be opened")]
pub struct Unopenable;

/// A pre-shared key. Zeros are refused: the HPKE crate would take an empty or a constant one.
#[derive(Clone)]
pub struct Psk(Secret32);

impl Psk {
    /// Takes a key of 32 bytes.
    ///
    /// # Errors
    /// All bytes are zero.
    pub fn new(key: Secret32) -> Result<Self, Unopenable> {
        if key.is_zero() { Err(Unopenable) } else { Ok(Self(key)) }
    }
}

/// An X-Wing public key: 1,216 bytes.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct KemPublicKey(pub Box<[u8; 1216]>);

impl KemPublicKey {
    /// Whether anything can be sealed to it: its ML-KEM half is in its one encoding (FIPS 203, section 7.2).
    ///
    /// To be asked before a stranger's key goes where one key that cannot be sealed to would stop everybody.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        <XWing as hpke::kem::Kem>::PublicKey::from_bytes(self.0.as_slice()).is_ok()
    }
}

impl std::fmt::Debug for KemPublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KemPublicKey({})", crate::id::crockford().encode(&sha256(&[self.0.as_slice()])))
    }
}

/// An X-Wing private key, as its 32-byte seed.
#[derive(Clone)]
pub struct KemSecretKey(Secret32);

impl KemSecretKey {
    /// Draws a fresh key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret32::generate(rng))
    }

    /// The key of a seed.
    #[must_use]
    pub const fn from_seed(seed: Secret32) -> Self {
        Self(seed)
    }

    /// The seed, to be sealed and kept.
    #[must_use]
    pub const fn seed(&self) -> &Secret32 {
        &self.0
    }

    #[expect(clippy::expect_used, reason = "the one requirement is a length of 32 bytes")]
    fn expand(&self) -> <XWing as hpke::kem::Kem>::PrivateKey {
        <XWing as hpke::kem::Kem>::PrivateKey::from_bytes(self.0.expose()).expect("an X-Wing seed is any 32 bytes")
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> KemPublicKey {
        let mut out = Box::new([0; 1216]);
        XWing::sk_to_pk(&self.expand()).write_exact(out.as_mut_slice());
        KemPublicKey(out)
    }
}

/// `psk_id = "watchfire v1 " purpose`; `info = psk_id 00 || place || extra || SHA-256(pk)`.
fn info(purpose: SealPurpose, place: &[u8], extra: &[u8], public: &KemPublicKey) -> (Vec<u8>, Vec<u8>) {
    let mut info = prefixed(purpose.as_str());
    let psk_id = info.get(..info.len() - 1).unwrap_or_default().to_vec();
    info.extend_from_slice(place);
    info.extend_from_slice(extra);
    info.extend_from_slice(&sha256(&[public.0.as_slice()]));
    (psk_id, info)
}

/// Seals: `encapsulation[1120] || ciphertext`, without the suite byte, which the layout around it carries.
///
/// `place` is the encoded context (56 bytes with an epoch).
///
/// # Errors
/// The public key is not an X-Wing key.
pub fn seal(
    public: &KemPublicKey,
    psk: &Psk,
    purpose: SealPurpose,
    place: &[u8],
    extra: &[u8],
    plaintext: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, Unopenable> {
    let (psk_id, info) = info(purpose, place, extra, public);
    let bundle = PskBundle::new(psk.0.expose(), &psk_id).map_err(|_| Unopenable)?;
    let recipient = <XWing as hpke::kem::Kem>::PublicKey::from_bytes(public.0.as_slice()).map_err(|_| Unopenable)?;
    let (encapsulation, ciphertext) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Psk(bundle),
        &recipient,
        &info,
        plaintext,
        b"",
        rng,
    )
    .map_err(|_| Unopenable)?;
    let mut out = Vec::with_capacity(plaintext.len() + OVERHEAD);
    out.extend_from_slice(&encapsulation.to_bytes());
    out.extend_from_slice(&ciphertext);
    Ok(out)
}

/// Opens what [`seal`] made.
///
/// # Errors
/// [`Unopenable`], whatever the reason.
pub fn open(
    key: &KemSecretKey,
    psk: &Psk,
    purpose: SealPurpose,
    place: &[u8],
    extra: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let (encapsulation, ciphertext) = sealed.split_at_checked(ENCAPSULATION_LEN).ok_or(Unopenable)?;
    let (psk_id, info) = info(purpose, place, extra, &key.public());
    let bundle = PskBundle::new(psk.0.expose(), &psk_id).map_err(|_| Unopenable)?;
    let encapsulation = <XWing as hpke::kem::Kem>::EncappedKey::from_bytes(encapsulation).map_err(|_| Unopenable)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Psk(bundle),
        &key.expand(),
        &encapsulation,
        &info,
        ciphertext,
        b"",
    )
    .map(Zeroizing::new)
    .map_err(|_| Unopenable)
}
