//! Alerts as they travel: signed bodies, co-signatures, beacons, and what an alerts record may contain.
//! `docs/protocol.md`, "Alerts".
//!
//! Nothing here is to be shown: [`crate::verdict`] turns a [`SignedAlert`] into something that is.

use std::fmt;

use bincode::{Decode, Encode};

use crate::id::{AlertId, AnnouncementHash, CharterHash, Epoch, RestrictionsHash, sha256, sha256_16};
use crate::kdf::Place;
use crate::labels::{Domain, Purpose};
use crate::sign::{PublicKey, SecretKey, Signature};
use crate::time::{Hour, Timestamp};
use crate::vocabulary::AlertContent;
use crate::wire::{self, Body, Extensions, Kind, Length, Signed, SignedError, WireError};

/// At most so many signatures an alert.
pub const MAX_SIGNATURES: usize = 8;
/// At most so many heads an alert, a beacon or an answer.
pub const MAX_HEADS: usize = 8;

/// The newest alerts that an author had seen: whoever lacks one of them knows that it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Head {
    /// The alert.
    pub alert: AlertId,
    /// The epoch of the record in which the author saw it.
    pub epoch: Epoch,
    /// Its hour.
    pub hour: Hour,
    /// When the alert expires.
    pub expires: Timestamp,
}

/// What is signed of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AlertBody {
    /// 16 random bytes: two alerts are never the same.
    pub random: [u8; 16],
    /// The epoch in which it was written.
    pub epoch: Epoch,
    /// That epoch's announcement.
    pub announcement: AnnouncementHash,
    /// The newest charter version that its author held.
    pub charter_version: u64,
    /// Its hash.
    pub charter: CharterHash,
    /// The restrictions that its author held.
    pub restrictions: RestrictionsHash,
    /// The newest alerts that its author had seen.
    pub heads: Vec<Head>,
    /// When it was sent.
    pub sent: Timestamp,
    /// When it expires; read as at most `sent` + retention.
    pub expires: Timestamp,
    /// What it says.
    pub content: AlertContent,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for AlertBody {
    const KIND: Kind = Kind::Alert;
    /// What the vocabulary allows, and its envelope; with eight signatures it still fits the largest record.
    const LIMIT: usize = 63 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// One coordinator's signature under an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct AlertSignature {
    /// The device key.
    pub signer: PublicKey,
    /// What kind of signature: 1 is Ed25519. Others are kept and not counted.
    pub kind: u8,
    /// Over `network || neighborhood || SHA-256(body)`.
    pub signature: Signature,
}

/// The one kind of signature that this version makes and counts.
pub const SIGNATURE_KIND: u8 = 1;

/// An alert as it travels: what its senders claim. `{:?}` tells the body's length only.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedAlert {
    /// The bytes that were signed.
    pub body: Vec<u8>,
    /// At most [`MAX_SIGNATURES`], sorted by signer, one a key.
    pub signatures: Vec<AlertSignature>,
}

/// The id of an alert body in a neighborhood.
#[must_use]
pub fn alert_id(place: &Place, body: &[u8]) -> AlertId {
    AlertId(sha256_16(&[&Domain::AlertId.prefix(), &place.bytes(), body]))
}

impl SignedAlert {
    /// Signs a body as its first coordinator.
    #[must_use]
    pub fn sign(body: &AlertBody, place: &Place, key: &SecretKey) -> Self {
        let body = wire::encode_body(body);
        let signature = sign_body(&body, place, key);
        Self { body, signatures: vec![signature] }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self, place: &Place) -> AlertId {
        alert_id(place, &self.body)
    }

    /// Whether its signatures are sorted, one a key, and not too many.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let sorted = self.signatures.is_sorted_by(|a, b| a.signer < b.signer);
        sorted && !self.signatures.is_empty() && self.signatures.len() <= MAX_SIGNATURES
    }

    /// The signatures that verify for this place.
    pub fn valid_signatures(&self, place: &Place) -> impl Iterator<Item = &AlertSignature> {
        let hash = sha256(&[&self.body]);
        let place = *place;
        self.signatures.iter().take(MAX_SIGNATURES).filter(move |signature| is_valid(signature, &place, &hash))
    }

    /// Adds a signature if it verifies, there is room, and its key has no valid one here. Returns whether it was added.
    ///
    /// One that does not verify gives way: whoever seals a copy with a made-up signature must not keep the true one out.
    pub fn add(&mut self, place: &Place, signature: AlertSignature) -> bool {
        let hash = sha256(&[&self.body]);
        let counts = |held: &AlertSignature| is_valid(held, place, &hash);
        if !counts(&signature) || self.signatures.iter().any(|held| held.signer == signature.signer && counts(held)) {
            return false;
        }
        self.signatures.retain(|held| held.signer != signature.signer);
        if self.signatures.len() >= MAX_SIGNATURES {
            let Some(at) = self.signatures.iter().position(|held| !counts(held)) else { return false };
            self.signatures.remove(at);
        }
        self.signatures.push(signature);
        self.signatures.sort_unstable();
        true
    }
}

impl fmt::Debug for SignedAlert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { body, signatures } = self;
        f.debug_struct("SignedAlert").field("body", &Length(body.len())).field("signatures", signatures).finish()
    }
}

fn is_valid(signature: &AlertSignature, place: &Place, hash: &[u8; 32]) -> bool {
    let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, hash];
    signature.kind == SIGNATURE_KIND && signature.signer.verify(Purpose::Alert, &fields, &signature.signature).is_ok()
}

/// A further coordinator's signature over an alert's body.
#[must_use]
pub fn sign_body(body: &[u8], place: &Place, key: &SecretKey) -> AlertSignature {
    let signature = key.sign(Purpose::Alert, &[&place.network.0, &place.neighborhood.0, &sha256(&[body])]);
    AlertSignature { signer: key.public(), kind: SIGNATURE_KIND, signature }
}

/// "I was here and this is what I see": a coordinator's sign of life, padded like a short alert.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Beacon {
    /// When.
    pub time: Timestamp,
    /// The newest charter version that its author holds.
    pub charter_version: u64,
    /// Its hash.
    pub charter: CharterHash,
    /// The restrictions that its author holds.
    pub restrictions: RestrictionsHash,
    /// The current announcement.
    pub announcement: AnnouncementHash,
    /// The newest alerts that its author has seen.
    pub heads: Vec<Head>,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for Beacon {
    const KIND: Kind = Kind::Beacon;
    const LIMIT: usize = 4 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

impl Beacon {
    /// Signs a beacon.
    #[must_use]
    pub fn sign(&self, place: &Place, key: &SecretKey) -> Signed {
        let body = wire::encode_body(self);
        let signature = key.sign(Purpose::Beacon, &[&place.network.0, &place.neighborhood.0, &sha256(&[&body])]);
        Signed { body, signer: key.public(), signature }
    }

    /// Checks a beacon's signature and reads it. Whether its signer has a right is the charter's to say.
    ///
    /// # Errors
    /// It does not verify here, or is not a beacon.
    pub fn open(signed: &Signed, place: &Place) -> Result<Self, SignedError> {
        let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, &sha256(&[&signed.body])];
        let beacon: Self = signed.open(Purpose::Beacon, &fields)?;
        if beacon.heads.len() > MAX_HEADS {
            return Err(WireError::Malformed(format!("{} heads, at most {MAX_HEADS}", beacon.heads.len())).into());
        }
        Ok(beacon)
    }
}

/// What a record of the alerts channel contains. Variants are only added at the end.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum AlertsItem {
    /// An alert with the signatures that it has.
    Alert(SignedAlert),
    /// One more signature.
    CoSign {
        /// Under which alert.
        alert: AlertId,
        /// The signature.
        signature: AlertSignature,
    },
    /// A sign of life.
    Beacon(Signed),
    /// Something for one member: `encapsulation || ciphertext`. Every member tries it.
    Direct(Vec<u8>),
}

/// How many variants [`AlertsItem`] has.
const ITEMS: u64 = 4;

impl AlertsItem {
    /// The content of a record.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads the content of a record.
    ///
    /// # Errors
    /// [`wire::WireError::Newer`] for a variant that this program does not know; anything else is malformed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, wire::WireError> {
        if wire::peek_varint(bytes).is_some_and(|(variant, _)| variant >= ITEMS) {
            return Err(wire::WireError::Newer);
        }
        wire::decode_exact(bytes, 64 << 10)
    }
}
