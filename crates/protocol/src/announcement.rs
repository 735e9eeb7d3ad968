//! Announcements: the signed public face of an epoch. `docs/protocol.md`, "Announcement".
//!
//! An announcement is two bodies, `A || B`. A names the keys, B the slots; slots are sealed to A's hash before B can be
//! known. Both are signed at once by a coordinator's device key that the charter grants `enroll`.

use bincode::{Decode, Encode};

use crate::id::{
    AnnouncementHash, CharterHash, Epoch, KeysHash, NeighborhoodId, NetworkId, RestrictionsHash, Tag, sha256,
};
use crate::kdf::{Context, Place};
use crate::labels::Purpose;
use crate::run::OBJECT_LEN;
use crate::seal::KemPublicKey;
use crate::sign::{PublicKey, SecretKey, Signature};
use crate::time::Timestamp;
use crate::wire::{self, Body, Extensions, Kind, SignedError, WireError};

/// Size limit of a whole signed announcement in bytes.
pub const LIMIT: usize = 8 << 10;
/// An announcement may be at most so many epochs ahead of the one that the relay holds.
pub const MAX_EPOCH_LEAP: u64 = 4096;

/// A: what the epoch's keys are.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Keys {
    /// The network.
    pub network: NetworkId,
    /// The neighborhood.
    pub neighborhood: NeighborhoodId,
    /// The epoch.
    pub epoch: Epoch,
    /// Hashes of the predecessor's announcement: none for the first, two after a fork.
    pub predecessors: Vec<AnnouncementHash>,
    /// Version of the charter by which this is judged.
    pub charter_version: u64,
    /// Hash of that charter.
    pub charter: CharterHash,
    /// Hash of the restrictions in force.
    pub restrictions: RestrictionsHash,
    /// When the epoch opened: hour 0 of its chains begins here.
    pub opened_at: Timestamp,
    /// The members' role key.
    pub member_key: PublicKey,
    /// The coordinators' role key.
    pub coordinator_key: PublicKey,
    /// Where inbox records are sealed to.
    pub inbox: KemPublicKey,
    /// Commitment to the members' first chain key.
    pub chain_commit: [u8; 32],
    /// Commitment to the coordinators' first chain key.
    pub coordinator_chain_commit: [u8; 32],
    /// Digest of the roster that was given slots.
    pub roster_digest: [u8; 32],
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for Keys {
    const KIND: Kind = Kind::AnnouncementKeys;
    const LIMIT: usize = LIMIT;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// B: which slots there are.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Slots {
    /// How many, dummies included.
    pub count: u32,
    /// The root over the list of runs.
    pub root: [u8; 32],
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for Slots {
    const KIND: Kind = Kind::AnnouncementSlots;
    const LIMIT: usize = LIMIT;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// An announcement as it travels: the bytes that were signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedAnnouncement {
    /// A.
    pub keys: Vec<u8>,
    /// B.
    pub slots: Vec<u8>,
    /// The opener's device key.
    pub signer: PublicKey,
    /// Over `network || neighborhood || SHA-256(A || B)`.
    pub signature: Signature,
}

/// An announcement whose signature was checked. Whether its signer may open epochs is the charter's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    keys: Keys,
    slots: Slots,
    keys_hash: KeysHash,
    hash: AnnouncementHash,
    signer: PublicKey,
}

impl SignedAnnouncement {
    /// Signs A and B.
    #[must_use]
    pub fn sign(keys: &Keys, slots: &Slots, signer: &SecretKey) -> Self {
        let (a, b) = (wire::encode_body(keys), wire::encode_body(slots));
        let hash = sha256(&[&a, &b]);
        let signature = signer.sign(Purpose::Announcement, &[&keys.network.0, &keys.neighborhood.0, &hash]);
        Self { keys: a, slots: b, signer: signer.public(), signature }
    }

    /// The bytes that travel.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads the bytes that travel.
    ///
    /// # Errors
    /// Not such bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode_exact(bytes, LIMIT)
    }

    /// `SHA-256(A || B)`, of what is claimed: for an announcement that was verified when it was kept.
    #[must_use]
    pub fn hash(&self) -> AnnouncementHash {
        AnnouncementHash(sha256(&[&self.keys, &self.slots]))
    }

    /// Checks the signature and reads both bodies.
    ///
    /// # Errors
    /// The signature does not verify for this place, or a body is not what it should be.
    pub fn verify(&self, place: &Place) -> Result<Announcement, SignedError> {
        let hash = self.hash();
        let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, &hash.0];
        self.signer.verify(Purpose::Announcement, &fields, &self.signature).map_err(|_| SignedError::Signature)?;
        let keys: Keys = wire::decode_body(&self.keys)?;
        let slots: Slots = wire::decode_body(&self.slots)?;
        let elsewhere = keys.network != place.network || keys.neighborhood != place.neighborhood;
        if elsewhere || keys.epoch == Epoch::NONE || keys.predecessors.len() > 2 {
            return Err(WireError::Malformed("announcement contradicts its signature or its epoch".to_owned()).into());
        }
        let keys_hash = KeysHash(sha256(&[&self.keys]));
        Ok(Announcement { keys, slots, keys_hash, hash, signer: self.signer })
    }
}

impl Announcement {
    /// A.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// B.
    #[must_use]
    pub const fn slots(&self) -> &Slots {
        &self.slots
    }

    /// `SHA-256(A)`.
    #[must_use]
    pub const fn keys_hash(&self) -> KeysHash {
        self.keys_hash
    }

    /// `SHA-256(A || B)`.
    #[must_use]
    pub const fn hash(&self) -> AnnouncementHash {
        self.hash
    }

    /// Who opened the epoch.
    #[must_use]
    pub const fn signer(&self) -> PublicKey {
        self.signer
    }

    /// The epoch.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.keys.epoch
    }

    /// Network and neighborhood.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place { network: self.keys.network, neighborhood: self.keys.neighborhood }
    }

    /// Network, neighborhood and epoch.
    #[must_use]
    pub const fn context(&self) -> Context {
        self.place().at(self.keys.epoch)
    }
}

/// A slot that was added after the epoch opened: for somebody who joined, or to repair.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LateSlot {
    /// The announcement that it belongs to.
    pub announcement: AnnouncementHash,
    /// What it is found by.
    pub tag: Tag,
    /// 2,048 sealed bytes.
    pub body: Box<[u8; OBJECT_LEN]>,
    /// The adder's device key.
    pub signer: PublicKey,
    /// Over `announcement_hash || tag || SHA-256(body)`.
    pub signature: Signature,
}

impl LateSlot {
    /// Signs a slot.
    #[must_use]
    pub fn sign(announcement: AnnouncementHash, tag: Tag, body: Box<[u8; OBJECT_LEN]>, signer: &SecretKey) -> Self {
        let hash = sha256(&[body.as_slice()]);
        let signature = signer.sign(Purpose::LateSlot, &[&announcement.0, &tag.0, &hash]);
        Self { announcement, tag, body, signer: signer.public(), signature }
    }

    /// Checks the signature. Whether its signer may add slots is the charter's to say.
    ///
    /// # Errors
    /// It does not verify.
    pub fn verify(&self) -> Result<(), SignedError> {
        let hash = sha256(&[self.body.as_slice()]);
        let fields: [&[u8]; 3] = [&self.announcement.0, &self.tag.0, &hash];
        self.signer.verify(Purpose::LateSlot, &fields, &self.signature).map_err(|_| SignedError::Signature)
    }
}
