//! Slots: one member's sealed copy of an epoch's keys, and the secret by which each finds and opens their own.
//! `docs/protocol.md`, "Slot secret".
//!
//! `ss` is stepped every epoch and the old one erased, so that a slot which the relay recorded cannot be opened again
//! from a device that is seized later.

use bincode::{Decode, Encode};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::announcement::{Announcement, MAX_EPOCH_LEAP};
use crate::epoch::{CoordinatorKeys, EpochKeys, MemberKeys};
use crate::id::{CharterHash, Epoch, KeysHash, Tag};
use crate::kdf::Context;
use crate::labels::{Derive, SealPurpose};
use crate::ratchet::{Chain, ChainOf};
use crate::run::OBJECT_LEN;
use crate::seal::{self, KemPublicKey, KemSecretKey, OVERHEAD, Psk, SUITE, Unopenable};
use crate::secret::{Secret, Secret32};
use crate::time::Hour;
use crate::wire::{self, Body, Extensions, Kind};

/// Length of a slot's plaintext in bytes, for everybody: 2,048 − suite byte − encapsulation − AEAD tag.
pub const PLAINTEXT_LEN: usize = OBJECT_LEN - 1 - OVERHEAD;
const _: () = assert!(PLAINTEXT_LEN == 911);

/// What a member shares with the coordinators, in one epoch: `ss_e`.
#[derive(Clone, PartialEq, Eq)]
pub struct SlotSecret {
    context: Context,
    key: Secret32,
}

impl SlotSecret {
    /// `ss` of an epoch.
    #[must_use]
    pub const fn new(context: Context, key: Secret32) -> Self {
        Self { context, key }
    }

    /// Draws a fresh one for the epoch in which a member joins.
    pub fn generate(context: Context, rng: &mut impl CryptoRng) -> Self {
        Self { context, key: Secret32::generate(rng) }
    }

    /// The secret's bytes, to be sealed into a roster entry, a request or a vault.
    #[must_use]
    pub const fn key(&self) -> &Secret32 {
        &self.key
    }

    /// The epoch.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.context.epoch
    }

    /// `tag_e`: what the slot is found by.
    #[must_use]
    pub fn tag(&self) -> Tag {
        Tag(*self.context.derive::<16>(&self.key, Derive::SlotTag, b"").expose())
    }

    /// `psk_e`: under what the slot is sealed.
    #[must_use]
    pub fn psk(&self) -> Secret32 {
        self.context.derive(&self.key, Derive::SlotPsk, b"")
    }

    /// `auth_e`: by what coordinators know the member's inbox records.
    #[must_use]
    pub fn auth(&self) -> MemberAuth {
        MemberAuth::new(self.context, self.context.derive(&self.key, Derive::MemberAuth, b""))
    }

    /// `ss_{e+1}`. The caller erases this one.
    #[must_use]
    pub fn step(&self) -> Self {
        let context = self.context.place.at(self.context.epoch.next());
        Self { context, key: self.context.derive(&self.key, Derive::SlotStep, b"") }
    }

    /// This secret with a renewal's fresh bytes mixed in: `KDF(ss, "slot mix", fresh)`, of the epoch after the one that
    /// the renewal names.
    #[must_use]
    pub fn mix(&self, fresh: &Secret32) -> Self {
        Self { context: self.context, key: self.context.derive(&self.key, Derive::SlotMix, fresh.expose()) }
    }

    /// Steps to a later epoch, through every number in between.
    ///
    /// # Errors
    /// An epoch that is past, or more than [`MAX_EPOCH_LEAP`] ahead.
    pub fn step_to(&self, epoch: Epoch) -> Result<Self, Unopenable> {
        let leap = epoch.0.checked_sub(self.context.epoch.0).ok_or(Unopenable)?;
        if leap > MAX_EPOCH_LEAP {
            return Err(Unopenable);
        }
        let mut secret = self.clone();
        for _ in 0..leap {
            secret = secret.step();
        }
        Ok(secret)
    }
}

/// `auth_e`: authenticates a member's inbox records to coordinators, and to nobody else.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberAuth {
    context: Context,
    key: Secret32,
}

impl MemberAuth {
    /// `auth` of an epoch.
    #[must_use]
    pub const fn new(context: Context, key: Secret32) -> Self {
        Self { context, key }
    }

    /// The bytes, to be sealed into a roster entry or a vault.
    #[must_use]
    pub const fn key(&self) -> &Secret32 {
        &self.key
    }

    /// `KDF(auth_e, "inbox mac", SHA-256(body))`.
    #[must_use]
    pub fn inbox_mac(&self, body: &[u8]) -> Secret<32> {
        self.context.derive(&self.key, Derive::InboxMac, &crate::id::sha256(&[body]))
    }

    /// `KDF(auth_e, "direct psk")`: under what something for this member alone is sealed.
    ///
    /// # Errors
    /// Only for an `auth` of zeros, which no honest member has.
    pub fn direct_psk(&self) -> Result<Psk, Unopenable> {
        Psk::new(self.context.derive(&self.key, Derive::DirectPsk, b""))
    }
}

#[derive(Encode, Decode)]
struct Contents {
    keys_hash: KeysHash,
    charter: CharterHash,
    member: Secret32,
    chain: Secret32,
    hour: Hour,
    coordinator: Option<CoordinatorContents>,
    extensions: Extensions,
}

#[derive(Encode, Decode)]
struct CoordinatorContents {
    coordinator: Secret32,
    chain: Secret32,
    hour: Hour,
}

impl Body for Contents {
    const KIND: Kind = Kind::Slot;
    const LIMIT: usize = PLAINTEXT_LEN;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// Who a slot is for: where it is found, and how it is sealed.
#[derive(Clone)]
pub struct Recipient<'a> {
    /// `tag_e`.
    pub tag: Tag,
    /// `psk_e`.
    pub psk: &'a Secret32,
    /// The member's X-Wing key.
    pub kem: &'a KemPublicKey,
}

/// Seals an epoch's keys into a slot: `suite byte || encapsulation || ciphertext`, 2,048 bytes for everybody.
///
/// `keys_hash` is that of the announcement's first part; the slots are sealed before the second can be known.
///
/// # Errors
/// A public key that is no X-Wing key, or a zero pre-shared key.
pub fn seal_slot(
    keys: &EpochKeys,
    keys_hash: KeysHash,
    charter: CharterHash,
    recipient: &Recipient<'_>,
    rng: &mut impl CryptoRng,
) -> Result<Box<[u8; OBJECT_LEN]>, Unopenable> {
    let contents = Contents {
        keys_hash,
        charter,
        member: keys.member.secret().clone(),
        chain: keys.member.chain().key().clone(),
        hour: keys.member.chain().hour(),
        coordinator: keys.coordinator.as_ref().map(|coordinator| CoordinatorContents {
            coordinator: coordinator.secret().clone(),
            chain: coordinator.chain().key().clone(),
            hour: coordinator.chain().hour(),
        }),
        extensions: Extensions::default(),
    };
    let content = Zeroizing::new(wire::encode_body(&contents));
    let padded = pad(&content, PLAINTEXT_LEN)?;
    let psk = Psk::new(recipient.psk.clone())?;
    let extra = [&keys_hash.0[..], &recipient.tag.0].concat();
    let place = keys.context().bytes();
    let sealed = seal::seal(recipient.kem, &psk, SealPurpose::Slot, &place, &extra, &padded, rng)?;
    let mut out = Box::new([0; OBJECT_LEN]);
    let (suite, rest) = out.split_at_mut(1);
    suite.copy_from_slice(&[SUITE]);
    if rest.len() != sealed.len() {
        return Err(Unopenable);
    }
    rest.copy_from_slice(&sealed);
    Ok(out)
}

/// `length u16be || content || zeros`.
pub(crate) fn pad(content: &[u8], len: usize) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let length = u16::try_from(content.len()).map_err(|_| Unopenable)?;
    if content.len() + 2 > len {
        return Err(Unopenable);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(len));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
    out.resize(len, 0);
    Ok(out)
}

pub(crate) fn unpad(padded: &[u8]) -> Result<&[u8], Unopenable> {
    let (length, rest) = padded.split_first_chunk::<2>().ok_or(Unopenable)?;
    let (content, zeros) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(Unopenable)?;
    if zeros.iter().any(|byte| *byte != 0) { Err(Unopenable) } else { Ok(content) }
}

/// Why a slot is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// Wrong key, altered, or of another epoch, announcement or tag.
    #[error("slot cannot be opened")]
    Unopenable,
    /// It opens, and what is in it was made by a newer version.
    #[error("slot was made by a newer version of watchfire")]
    Newer,
    /// It opens, and its keys are not those that the announcement shows to everybody else.
    #[error("slot does not match the announcement")]
    Mismatch,
}

impl From<Unopenable> for SlotError {
    fn from(Unopenable: Unopenable) -> Self {
        Self::Unopenable
    }
}

/// Opens a slot and recomputes its keys against the announcement. The caller has checked who signed that.
///
/// # Errors
/// Not openable, or its keys do not recompute.
pub fn open_slot(
    announcement: &Announcement,
    tag: Tag,
    psk: &Secret32,
    kem: &KemSecretKey,
    body: &[u8; OBJECT_LEN],
) -> Result<EpochKeys, SlotError> {
    let (suite, sealed) = body.split_first().ok_or(SlotError::Unopenable)?;
    if *suite != SUITE {
        return Err(SlotError::Newer);
    }
    let context = announcement.context();
    let extra = [&announcement.keys_hash().0[..], &tag.0].concat();
    let psk = Psk::new(psk.clone())?;
    let padded = seal::open(kem, &psk, SealPurpose::Slot, &context.bytes(), &extra, sealed)?;
    let contents: Contents = wire::decode_body(unpad(&padded)?).map_err(|error| match error {
        wire::WireError::Newer => SlotError::Newer,
        _ => SlotError::Unopenable,
    })?;
    if contents.keys_hash != announcement.keys_hash() {
        return Err(SlotError::Mismatch);
    }
    let chain = Chain::new(context, ChainOf::Members, contents.hour, contents.chain);
    let member = MemberKeys::new(context, contents.member, chain);
    let coordinator = contents.coordinator.map(|inner| {
        let chain = Chain::new(context, ChainOf::Coordinators, inner.hour, inner.chain);
        CoordinatorKeys::new(context, inner.coordinator, chain)
    });
    let keys = EpochKeys { member, coordinator };
    if keys.matches(announcement) { Ok(keys) } else { Err(SlotError::Mismatch) }
}
