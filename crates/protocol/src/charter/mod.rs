//! The charter: an organization's signed constitution, a hash-linked chain of versions.
//!
//! Each version says who the admins, the coordinators and the relays are and which neighborhoods exist. Version 1, the
//! genesis, is signed by a threshold of its own admins and its bytes are the network's id; version n + 1 names the hash
//! of version n and is signed by the threshold of n's admins **and** of its own. [`judge`] is the only function that
//! makes a [`Charter`], for relay and client alike, so both refuse the same things.
//!
//! It is assumed that whoever starts from a genesis has its network id, or the hash of a later version, from a person
//! they trust. Fewer admins than the threshold can do nothing here. A threshold of them can sign anything, two different
//! bodies for one version included; that is noticed by whoever sees both ([`CharterError::Fork`]), and not prevented.
//! A relay can withhold the newest version: nothing in a chain says that it is complete, and nothing here reads a clock.
//!
//! `docs/protocol.md`, "Charter", draws the bytes.

mod flaw;
mod judge;
mod restriction;
mod rights;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use bincode::{Decode, Encode};

pub use self::flaw::{Flaw, check_body};
pub use self::judge::{CharterError, Draft, judge, judge_chain, judge_draft};
pub(crate) use self::restriction::set_taken_in;
pub use self::restriction::{
    MAX_IN_FORCE, MAX_RESTRICTED, MAX_RESTRICTION, Restricted, Restriction, RestrictionBody, RestrictionDraft,
    RestrictionError, RestrictionSet, SignedRestriction, Subject, judge_restriction, judge_restriction_draft,
    restrictions_hash, sign_restriction, take_in,
};
pub use self::rights::{Expiry, Right, Rights, Standing};
use crate::id::{CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId, RestrictionHash, sha256};
use crate::labels::{Domain, Purpose};
use crate::sign::{PublicKey, SecretKey, Signature};
use crate::time::{DAY, Timestamp};
use crate::wire::{Body, Extensions, Kind, WireError, decode_exact, encode, encode_body};

/// Bytes of a charter body. A client downloads every version there ever was, over Tor and on a phone.
pub const MAX_BODY: usize = 60 << 10;
/// Bytes of a body with its signatures (16 of 96 bytes each), in a frame of 64 KiB.
pub const MAX_SIGNED: usize = 64 << 10;
/// Admins of a network: more keys than an organization can look after.
pub const MAX_ADMINS: usize = 16;
/// Signatures on one version. Where admins change, those of both versions share this room: sixteen admins cannot all
/// be replaced in one step, only in two.
pub const MAX_SIGNATURES: usize = 16;
/// Neighborhoods of a network. With [`MAX_COORDINATORS`], what fits into [`MAX_BODY`] at a dozen scopes a coordinator.
pub const MAX_NEIGHBORHOODS: usize = 64;
/// Coordinators of a network.
pub const MAX_COORDINATORS: usize = 64;
/// Device keys of one coordinator: a phone, a laptop, a spare, and one on its way out.
pub const MAX_DEVICES: usize = 4;
/// Revocations: each of the 64 × 4 device keys in two neighborhoods, or two coordinators' in all; 25 KB of the body.
pub const MAX_REVOCATIONS: usize = 512;
/// Restrictions taken in: 16 admins with at most 16 each.
pub const MAX_RESTRICTIONS: usize = 256;
/// Relays in order: members try one after the other, coordinators write to all.
pub const MAX_RELAYS: usize = 8;
/// Bytes of a relay's URL. An onion host has 62, and an invite link has room for less than seventy.
pub const MAX_URL: usize = 128;
/// How many coordinators a neighborhood may ask to sign each alert.
pub const MAX_QUORUM: u8 = 8;
/// Hours that a neighborhood may keep its records. Chains are stepped once per hour of it, and a sender may be as far
/// ahead.
pub const MAX_RETENTION_HOURS: u32 = 60 * 24;
/// How long after its issue a charter may expire: a year, and a month in which to be late.
pub const MAX_LIFETIME: u64 = 400 * DAY;
/// From how long before the end admins and coordinators are warned.
pub const WARNING: u64 = 60 * DAY;
/// The grace after the end that a draft starts with.
pub const DEFAULT_GRACE_DAYS: u16 = 30;
/// The freshness bound that a draft starts with: two nights, several times the interval of beacons.
pub const DEFAULT_FRESHNESS_HOURS: u16 = 48;
/// How many admins a draft lets restrict: one, so that nobody has to be woken for it.
pub const DEFAULT_RESTRICT_THRESHOLD: u8 = 1;

/// What the admins sign: one version of the charter.
///
/// As it is, it is a draft or a claim. [`check_body`] says what is wrong with it alone; only [`judge`] says whether it
/// holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CharterBody {
    /// The network; zeros in the genesis, whose bytes make the id.
    pub network: NetworkId,
    /// 1 for the genesis, then one more each time.
    pub version: u64,
    /// The hash of the version before; zeros in the genesis.
    pub previous: CharterHash,
    /// When it was drawn up. Not before the version before.
    pub issued: Timestamp,
    /// From when on everybody is warned.
    pub expires: Timestamp,
    /// For how many days after `expires` a note is all there is; after them alerts are SIGNED.
    pub grace_days: u16,
    /// The admins' keys.
    pub admins: Vec<PublicKey>,
    /// How many admins sign a version.
    pub threshold: u8,
    /// How many admins sign a restriction.
    pub restrict_threshold: u8,
    /// The neighborhoods.
    pub neighborhoods: Vec<Neighborhood>,
    /// The coordinators and their rights.
    pub grants: Vec<Grant>,
    /// Keys that are distrusted, from an epoch on.
    pub revocations: Vec<Revocation>,
    /// Hashes of the restrictions that this version takes in, and that therefore end with it.
    pub restrictions: Vec<RestrictionHash>,
    /// The relays, the first one first.
    pub relays: Vec<Relay>,
    /// Fields of later versions.
    pub extensions: Extensions,
}

/// A group of responders with its coordinators.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Neighborhood {
    /// Its id.
    pub id: NeighborhoodId,
    /// How many coordinators sign an alert, 1 to [`MAX_QUORUM`]. Counts coordinators, not keys.
    pub quorum: u8,
    /// What happens to an alert with fewer.
    pub below_quorum: BelowQuorum,
    /// For how many hours records are kept, 1 to [`MAX_RETENTION_HOURS`].
    pub retention_hours: u32,
    /// How recently another coordinator must have confirmed what a member holds. At least 1.
    pub freshness_hours: u16,
    /// `SHA-256(salt || names)`: a commitment to names that the relay never sees.
    pub names: [u8; 32],
    /// No longer in use. Its entry, grants and revocations stay so that what was sent there can still be judged; the
    /// quorum need not be reachable any more.
    pub closed: bool,
}

/// What happens to an alert with fewer signatures than the quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum BelowQuorum {
    /// It is shown as SIGNED, with the count.
    Show,
    /// It is kept aside until the quorum is there.
    Hold,
}

/// One coordinator: device keys, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Grant {
    /// The coordinator, the same across versions and devices.
    pub coordinator: CoordinatorId,
    /// The keys of their devices, 1 to [`MAX_DEVICES`]. Each may do all that the coordinator may.
    pub devices: Vec<PublicKey>,
    /// Where and when they may do what; at least one, one a neighborhood.
    pub scopes: Vec<Scope>,
}

/// What a coordinator may do in one neighborhood. To retire somebody is to set `not_after`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Scope {
    /// Where.
    pub neighborhood: NeighborhoodId,
    /// May sign alerts.
    pub dispatch: bool,
    /// May invite, approve, remove, and open epochs.
    pub enroll: bool,
    /// The first second of it.
    pub not_before: Timestamp,
    /// The first second after it.
    pub not_after: Timestamp,
}

/// A key whose announcements, late slots and roster events are void from an epoch on.
///
/// It takes no right away: that is done by leaving the key out of the grants. It says from where on what the key has
/// already done is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Revocation {
    /// The key.
    pub key: PublicKey,
    /// Where.
    pub neighborhood: NeighborhoodId,
    /// The first epoch in which it is distrusted.
    pub distrust_from: Epoch,
}

/// A relay and the key that it proves.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Relay {
    /// `ws://` or `wss://`, a host, and perhaps a port and a path; at most [`MAX_URL`] bytes of printable ASCII.
    pub url: String,
    /// Its identity key.
    pub key: PublicKey,
}

impl Body for CharterBody {
    const KIND: Kind = Kind::Charter;
    const LIMIT: usize = MAX_BODY;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// A body as the bytes that were signed, with the signatures collected so far. What travels, unjudged.
///
/// ```text
/// varint length | body: kind 01 | format 01 | fields
/// varint count  | (signer 32 | signature 64)*, sorted by signer
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedCharter {
    /// `kind || format || fields` of a [`CharterBody`].
    pub body: Vec<u8>,
    /// Strictly ascending by signer.
    pub signatures: Vec<CharterSignature>,
}

/// One admin's signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct CharterSignature {
    /// Which admin.
    pub signer: PublicKey,
    /// Over `"watchfire v1 charter" 00 || network || SHA-256(body)`.
    pub signature: Signature,
}

impl SignedCharter {
    /// A draft that nobody has signed yet.
    #[must_use]
    pub fn unsigned(body: &CharterBody) -> Self {
        Self { body: encode_body(body), signatures: Vec::new() }
    }

    /// Reads one from the wire or from a file.
    ///
    /// # Errors
    /// More than [`MAX_SIGNED`] bytes, or not the one encoding of anything. That it holds is for [`judge`] to say.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        decode_exact(bytes, MAX_SIGNED)
    }

    /// Adds a signature in its place. One by the same signer is replaced.
    pub fn insert(&mut self, added: CharterSignature) {
        match self.signatures.binary_search_by(|held| held.signer.cmp(&added.signer)) {
            Ok(at) => {
                if let Some(held) = self.signatures.get_mut(at) {
                    *held = added;
                }
            }
            Err(at) => self.signatures.insert(at, added),
        }
    }

    /// The bytes to send or to write.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// The hash of the body. Two files with different signatures on one body have the same.
    #[must_use]
    pub fn hash(&self) -> CharterHash {
        CharterHash(sha256(&[&self.body]))
    }
}

/// The id of the network that a genesis body founds: `SHA-256("watchfire v1 network" 00 || body)`.
#[must_use]
pub fn genesis_network(body: &[u8]) -> NetworkId {
    NetworkId(sha256(&[&Domain::Network.prefix(), body]))
}

/// Signs a charter body. For the genesis, whose body names no network, `network` is its [`genesis_network`].
#[must_use]
pub fn sign(key: &SecretKey, network: NetworkId, body: &[u8]) -> Signature {
    key.sign(Purpose::Charter, &[&network.0, &sha256(&[body])])
}

/// A charter version that holds. Only [`judge`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charter {
    body: CharterBody,
    hash: CharterHash,
    network: NetworkId,
    signers: Vec<PublicKey>,
    /// Whose signatures the body needed besides its own admins': another body for the same version needs them too.
    predecessor: Option<Authority>,
}

/// The admins of one version and how many of them it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Authority {
    version: u64,
    admins: Vec<PublicKey>,
    threshold: u8,
}

impl Authority {
    fn of(body: &CharterBody) -> Self {
        Self { version: body.version, admins: body.admins.clone(), threshold: body.threshold }
    }
}

impl Charter {
    /// What it says.
    #[must_use]
    pub const fn body(&self) -> &CharterBody {
        &self.body
    }

    /// The hash by which everything else names it.
    #[must_use]
    pub const fn hash(&self) -> CharterHash {
        self.hash
    }

    /// The network, for the genesis too.
    #[must_use]
    pub const fn network(&self) -> NetworkId {
        self.network
    }

    /// Its version.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.body.version
    }

    /// Who signed it: admins of the version before or of this one, ascending.
    #[must_use]
    pub fn signers(&self) -> &[PublicKey] {
        &self.signers
    }
}
