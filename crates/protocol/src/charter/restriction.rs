//! Restrictions: what fewer admins than the threshold may say between two versions. So one admin can silence a
//! coordinator tonight, and nobody can be made to speak by it.
//!
//! A restriction names a charter version and takes rights that it grants. It can add nothing. It holds until a version
//! of the chain takes its hash in, and counts only while enough admins of the **newest** version signed it.
//!
//! A single admin can so silence everybody: their alerts are then held or SIGNED, which all see at once, and the other
//! admins take that admin's key out with the next version. The number in force is bounded for each admin.
//!
//! `docs/protocol.md`, "Restrictions", draws the bytes.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};

use super::{Charter, CharterBody, CharterSignature, MAX_RESTRICTIONS, MAX_SIGNATURES, Revocation, Right, Rights};
use crate::id::{
    CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId, RestrictionHash, RestrictionsHash, sha256,
};
use crate::labels::{Domain, Purpose};
use crate::sign::{PublicKey, SecretKey, Signature};
use crate::time::Timestamp;
use crate::wire::{Body, Extensions, Kind, WireError, decode_body, decode_exact, encode, encode_body};

/// Bytes of a restriction with its signatures: 64 entries of at most 59 bytes, 16 signatures of 96, and what is around
/// them.
pub const MAX_RESTRICTION: usize = 8 << 10;
/// Entries of one restriction.
pub const MAX_RESTRICTED: usize = 64;
/// Restrictions in force that one admin signed. With sixteen admins, as many as a version can take in.
pub const MAX_IN_FORCE: usize = MAX_RESTRICTIONS / super::MAX_ADMINS;

/// What admins sign to narrow a charter.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RestrictionBody {
    /// The network.
    pub network: NetworkId,
    /// The charter version by which its subjects are known.
    pub charter_version: u64,
    /// Its hash.
    pub charter: CharterHash,
    /// When it was drawn up.
    pub issued: Timestamp,
    /// What it takes, 1 to [`MAX_RESTRICTED`].
    pub entries: Vec<Restricted>,
    /// Fields of later versions.
    pub extensions: Extensions,
}

/// One right that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Restricted {
    /// From whom.
    pub subject: Subject,
    /// Where.
    pub neighborhood: NeighborhoodId,
    /// Which.
    pub right: Right,
    /// The first epoch in which what the subject's keys make there is void. Whoever is distrusted anywhen has no right
    /// left there at all: an epoch is named by the author of a body, who could date back.
    pub distrust_from: Option<Epoch>,
}

/// Whose right is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Subject {
    /// A coordinator's, with all devices.
    Coordinator(CoordinatorId),
    /// One device's: the coordinator's others keep theirs.
    Device(PublicKey),
}

impl Subject {
    pub(super) fn is(&self, coordinator: CoordinatorId, device: &PublicKey) -> bool {
        match self {
            Self::Coordinator(meant) => *meant == coordinator,
            Self::Device(meant) => meant == device,
        }
    }
}

impl Restricted {
    pub(super) fn takes(&self, right: Right) -> bool {
        self.right == right || self.distrust_from.is_some()
    }
}

impl Body for RestrictionBody {
    const KIND: Kind = Kind::Restriction;
    const LIMIT: usize = MAX_RESTRICTION;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// A restriction as the bytes that were signed, with the signatures collected so far. What travels, unjudged.
///
/// ```text
/// varint length | body: kind 02 | format 01 | fields
/// varint count  | (signer 32 | signature 64)*, sorted by signer
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SignedRestriction {
    /// `kind || format || fields` of a [`RestrictionBody`].
    pub body: Vec<u8>,
    /// Strictly ascending by signer, over `"watchfire v1 restrict" 00 || network || SHA-256(body)`.
    pub signatures: Vec<CharterSignature>,
}

impl SignedRestriction {
    /// A draft that nobody has signed yet.
    #[must_use]
    pub fn unsigned(body: &RestrictionBody) -> Self {
        Self { body: encode_body(body), signatures: Vec::new() }
    }

    /// Reads one from the wire or from a file.
    ///
    /// # Errors
    /// More than [`MAX_RESTRICTION`] bytes, or not the one encoding of anything. That it holds is for
    /// [`judge_restriction`] to say.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        decode_exact(bytes, MAX_RESTRICTION)
    }

    /// The bytes to send or to write.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// The hash of the body.
    #[must_use]
    pub fn hash(&self) -> RestrictionHash {
        RestrictionHash(sha256(&[&self.body]))
    }

    /// What it claims, unjudged: to find the charter that it names.
    ///
    /// # Errors
    /// Its bytes are no restriction's body, or one of a newer version.
    pub fn claim(&self) -> Result<RestrictionBody, WireError> {
        decode_body(&self.body)
    }

    /// Adds a signature in its place. One by the same signer is replaced.
    pub fn insert(&mut self, added: CharterSignature) {
        self.signatures.retain(|held| held.signer != added.signer);
        self.signatures.push(added);
        self.signatures.sort_unstable_by_key(|held| held.signer);
    }
}

/// Signs a restriction's body.
#[must_use]
pub fn sign_restriction(key: &SecretKey, network: NetworkId, body: &[u8]) -> Signature {
    key.sign(Purpose::Restrict, &[&network.0, &sha256(&[body])])
}

/// A restriction that holds. Only [`judge_restriction`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    body: RestrictionBody,
    hash: RestrictionHash,
    /// For each entry the device keys that it meant when it was drawn up.
    keys: Vec<Vec<PublicKey>>,
    signed: SignedRestriction,
}

impl Restriction {
    /// What it says.
    #[must_use]
    pub const fn body(&self) -> &RestrictionBody {
        &self.body
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> RestrictionHash {
        self.hash
    }

    /// As it was signed, to be kept and sent on.
    #[must_use]
    pub const fn signed(&self) -> &SignedRestriction {
        &self.signed
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&Restricted, &[PublicKey])> {
        self.body.entries.iter().zip(self.keys.iter().map(Vec::as_slice))
    }
}

/// Why a restriction is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestrictionError {
    /// It is in force already. Nothing to do.
    #[error("restriction is already held")]
    AlreadyHeld,
    /// A version of the charter took it in: it has ended.
    #[error("restriction has ended: a version of the charter took it in")]
    TakenIn,
    /// A restriction of another organization.
    #[error("restriction of another network: found {found}, wanted {wanted}")]
    OtherNetwork {
        /// Its network.
        found: NetworkId,
        /// Ours.
        wanted: NetworkId,
    },
    /// It names a charter that is not held. Fetch the newer charters, and judge it again.
    #[error("restriction names charter version {version}, {hash}, which is not held")]
    UnknownCharter {
        /// The version that it names.
        version: u64,
        /// The hash that it names.
        hash: CharterHash,
    },
    /// It was drawn up before the charter that it names.
    #[error("restriction issued {}, before the charter that it names, {}", issued.0, charter.0)]
    IssuedBeforeCharter {
        /// When it says it was drawn up.
        issued: Timestamp,
        /// When the charter was.
        charter: Timestamp,
    },
    /// Its format, or a critical extension, is of a later version of this program.
    #[error("restriction was made by a newer version of watchfire")]
    Newer,
    /// It takes nothing, or more than one may.
    #[error("restriction has {found} entries, wanted 1 to {max}")]
    Entries {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// The same right of the same subject is taken twice.
    #[error("restriction takes the same right of {subject} twice in neighborhood {neighborhood}")]
    EntryTwice {
        /// Whose.
        subject: Subject,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// A neighborhood that the named charter does not list.
    #[error("restriction names neighborhood {neighborhood}, which its charter does not list")]
    UnknownNeighborhood {
        /// The id that is named.
        neighborhood: NeighborhoodId,
    },
    /// A coordinator or device to which the named charter grants nothing there.
    #[error("restriction takes a right of {subject}, to whom its charter grants none in neighborhood {neighborhood}")]
    UnknownSubject {
        /// Who.
        subject: Subject,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// It carries more signatures than there can be admins.
    #[error("too many signatures: found {found}, at most {max}")]
    TooManySignatures {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// Its signatures are not sorted by signer, or a signer stands there twice.
    #[error("signatures are not in ascending order of signers, one a signer")]
    SignatureOrder,
    /// A signature by somebody who is an admin neither of the charter that it names nor of the newest one.
    #[error("signed by {signer}, who is no admin")]
    UnknownSigner {
        /// Who.
        signer: Box<PublicKey>,
    },
    /// A signature that does not verify for this body in this network.
    #[error("signature by {signer} does not verify")]
    BadSignature {
        /// Who is said to have signed.
        signer: Box<PublicKey>,
    },
    /// Too few admins of the newest charter signed. A draft that is still being passed around looks like this.
    #[error("signed by {found} admins, wanted {wanted}")]
    TooFewSignatures {
        /// How many of them signed.
        found: usize,
        /// How many it takes.
        wanted: usize,
    },
    /// Its admins have as many in force as one may. The next version of the charter takes them in and makes room.
    #[error("its admins have {max} restrictions in force already: publish a charter version that takes them in")]
    TooManyInForce {
        /// How many one admin may have.
        max: usize,
    },
    /// Its bytes are no restriction.
    #[error(transparent)]
    Wire(WireError),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Coordinator(id) => write!(f, "coordinator {id}"),
            Self::Device(key) => write!(f, "device {key}"),
        }
    }
}

/// Judges a restriction. `named` is the body of the held version that it names, if that is held; whoever passes it
/// vouches for its hash.
///
/// # Errors
/// See [`RestrictionError`]. Signatures are verified last, and never more than [`MAX_SIGNATURES`].
pub fn judge_restriction(
    newest: &Charter,
    named: Option<&CharterBody>,
    signed: &SignedRestriction,
) -> Result<Restriction, RestrictionError> {
    let (body, keys) = judge_body(newest, named, signed)?;
    let (found, wanted) = (signed_by(signed, newest), usize::from(newest.body().restrict_threshold));
    if found < wanted {
        return Err(RestrictionError::TooFewSignatures { found, wanted });
    }
    verify(signed, newest)?;
    Ok(Restriction { body, hash: signed.hash(), keys, signed: signed.clone() })
}

/// A restriction that admins pass around until enough have signed. Its signatures verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestrictionDraft {
    /// What it says.
    pub body: RestrictionBody,
    /// How many more admins must sign.
    pub missing: usize,
    /// Admins of the newest charter who have not signed.
    pub awaited: Vec<PublicKey>,
}

/// Judges a restriction of which signatures may be missing.
///
/// # Errors
/// As [`judge_restriction`], without [`RestrictionError::TooFewSignatures`].
pub fn judge_restriction_draft(
    newest: &Charter,
    named: Option<&CharterBody>,
    signed: &SignedRestriction,
) -> Result<RestrictionDraft, RestrictionError> {
    let (body, _) = judge_body(newest, named, signed)?;
    verify(signed, newest)?;
    let missing = usize::from(newest.body().restrict_threshold).saturating_sub(signed_by(signed, newest));
    let signed = |key: &&PublicKey| signed.signatures.iter().any(|signature| signature.signer == **key);
    let awaited = newest.body().admins.iter().filter(|key| !signed(key)).copied().collect();
    Ok(RestrictionDraft { body, missing, awaited })
}

/// All but how many signed, and whether their signatures verify: the body, and the device keys that each entry means.
fn judge_body(
    newest: &Charter,
    named: Option<&CharterBody>,
    signed: &SignedRestriction,
) -> Result<(RestrictionBody, Vec<Vec<PublicKey>>), RestrictionError> {
    check_order(&signed.signatures)?;
    let body = signed.claim().map_err(|error| match error {
        WireError::Newer => RestrictionError::Newer,
        other => RestrictionError::Wire(other),
    })?;
    if body.network != newest.network() {
        return Err(RestrictionError::OtherNetwork { found: body.network, wanted: newest.network() });
    }
    let (version, hash) = (body.charter_version, body.charter);
    let named = named.filter(|named| named.version == version);
    let named = named.ok_or(RestrictionError::UnknownCharter { version, hash })?;
    if body.issued < named.issued {
        return Err(RestrictionError::IssuedBeforeCharter { issued: body.issued, charter: named.issued });
    }
    let keys = check_entries(&body, named)?;
    check_signers(signed, newest, named)?;
    Ok((body, keys))
}

fn check_order(signatures: &[CharterSignature]) -> Result<(), RestrictionError> {
    if signatures.len() > MAX_SIGNATURES {
        return Err(RestrictionError::TooManySignatures { found: signatures.len(), max: MAX_SIGNATURES });
    }
    if !signatures.is_sorted_by(|a, b| a.signer < b.signer) {
        return Err(RestrictionError::SignatureOrder);
    }
    Ok(())
}

/// The device keys that each entry means.
fn check_entries(body: &RestrictionBody, named: &CharterBody) -> Result<Vec<Vec<PublicKey>>, RestrictionError> {
    let found = body.entries.len();
    if found == 0 || found > MAX_RESTRICTED {
        return Err(RestrictionError::Entries { found, max: MAX_RESTRICTED });
    }
    let mut seen = BTreeSet::new();
    body.entries
        .iter()
        .map(|&Restricted { subject, neighborhood, right, distrust_from: _ }| {
            if !named.neighborhoods.iter().any(|terms| terms.id == neighborhood) {
                return Err(RestrictionError::UnknownNeighborhood { neighborhood });
            }
            if !seen.insert((subject, neighborhood, right)) {
                return Err(RestrictionError::EntryTwice { subject, neighborhood });
            }
            let here = named.grants.iter().filter(|grant| grant.scopes.iter().any(|s| s.neighborhood == neighborhood));
            let devices = here.flat_map(|grant| grant.devices.iter().map(|device| (grant.coordinator, device)));
            let meant = devices.filter(|(coordinator, device)| subject.is(*coordinator, device));
            let keys: Vec<PublicKey> = meant.map(|(_, device)| *device).collect();
            if keys.is_empty() { Err(RestrictionError::UnknownSubject { subject, neighborhood }) } else { Ok(keys) }
        })
        .collect()
}

fn check_signers(signed: &SignedRestriction, newest: &Charter, named: &CharterBody) -> Result<(), RestrictionError> {
    let known = |signer: &PublicKey| newest.body().admins.contains(signer) || named.admins.contains(signer);
    match signed.signatures.iter().find(|signature| !known(&signature.signer)) {
        Some(stranger) => Err(RestrictionError::UnknownSigner { signer: Box::new(stranger.signer) }),
        None => Ok(()),
    }
}

/// How many admins of the newest charter signed.
fn signed_by(signed: &SignedRestriction, newest: &Charter) -> usize {
    signed.signatures.iter().filter(|signature| newest.body().admins.contains(&signature.signer)).count()
}

fn verify(signed: &SignedRestriction, newest: &Charter) -> Result<(), RestrictionError> {
    let digest = sha256(&[&signed.body]);
    for CharterSignature { signer, signature } in &signed.signatures {
        signer
            .verify(Purpose::Restrict, &[&newest.network().0, &digest], signature)
            .map_err(|_| RestrictionError::BadSignature { signer: Box::new(*signer) })?;
    }
    Ok(())
}

/// The hash of a set of restrictions, in whatever order: `SHA-256("watchfire v1 restrictions" 00 || hash*)`, the hashes
/// ascending. Zeros for none.
#[must_use]
pub fn restrictions_hash(restrictions: &[Restriction]) -> RestrictionsHash {
    set_hash(restrictions.iter().map(Restriction::hash))
}

fn set_hash(hashes: impl Iterator<Item = RestrictionHash>) -> RestrictionsHash {
    let hashes: BTreeSet<RestrictionHash> = hashes.collect();
    if hashes.is_empty() {
        return RestrictionsHash::ZERO;
    }
    let mut bytes = Domain::Restrictions.prefix();
    for hash in &hashes {
        bytes.extend_from_slice(&hash.0);
    }
    RestrictionsHash(sha256(&[&bytes]))
}

/// The restrictions in force beside the newest version of a chain. Which they are does not depend on the order in which
/// they came.
#[derive(Clone, Debug, Default)]
pub struct RestrictionSet {
    in_force: Vec<Restriction>,
    taken_in: BTreeSet<RestrictionHash>,
}

impl RestrictionSet {
    /// Judges a restriction and adds it.
    ///
    /// # Errors
    /// It breaks a rule, has ended, or there is no room for it. The set stays as it was.
    pub fn add(
        &mut self,
        newest: &Charter,
        named: Option<&CharterBody>,
        signed: &SignedRestriction,
    ) -> Result<(), RestrictionError> {
        let hash = signed.hash();
        if self.in_force.iter().any(|held| held.hash == hash) {
            return Err(RestrictionError::AlreadyHeld);
        }
        if self.taken_in.contains(&hash) {
            return Err(RestrictionError::TakenIn);
        }
        let judged = judge_restriction(newest, named, signed)?;
        let all: Vec<Restriction> = self.in_force.iter().cloned().chain([judged]).collect();
        let left = in_force(newest, all);
        if !left.iter().any(|held| held.hash == hash) {
            return Err(RestrictionError::TooManyInForce { max: MAX_IN_FORCE });
        }
        self.in_force = left;
        Ok(())
    }

    /// Follows the chain by one version: ends what it takes in, and what its admins did not sign.
    pub fn follow(&mut self, newest: &Charter) {
        self.taken_in.extend(&newest.body().restrictions);
        self.in_force.retain(|held| !self.taken_in.contains(&held.hash));
        self.in_force = in_force(newest, std::mem::take(&mut self.in_force));
    }

    /// Those in force, the earliest first.
    #[must_use]
    pub fn in_force(&self) -> &[Restriction] {
        &self.in_force
    }

    /// The hash by which alerts, beacons and announcements name the set.
    #[must_use]
    pub fn hash(&self) -> RestrictionsHash {
        restrictions_hash(&self.in_force)
    }

    /// Who may do what, by the newest version and the restrictions in force.
    #[must_use]
    pub fn rights<'a>(&'a self, newest: &'a Charter) -> Rights<'a> {
        Rights::new(newest, &self.in_force)
    }
}

/// Those that count: signed by enough admins of the newest version, each with room left. The earliest come first, so
/// that a later one never ends an earlier one.
fn in_force(newest: &Charter, mut restrictions: Vec<Restriction>) -> Vec<Restriction> {
    let wanted = usize::from(newest.body().restrict_threshold);
    let mut used: BTreeMap<PublicKey, usize> = BTreeMap::new();
    restrictions.sort_by_key(|restriction| (restriction.body.issued, restriction.hash));
    restrictions.retain(|restriction| {
        let signers = restriction.signed.signatures.iter().map(|signature| signature.signer);
        let room = |signer: &PublicKey| used.get(signer).is_none_or(|used| *used < MAX_IN_FORCE);
        let counted: Vec<_> = signers.filter(|signer| newest.body().admins.contains(signer) && room(signer)).collect();
        let counts = counted.len() >= wanted;
        for signer in counted.into_iter().filter(|_| counts) {
            *used.entry(signer).or_default() += 1;
        }
        counts
    });
    restrictions
}

/// The set hash that a version ends: what its author had in force. Who went past that version without having met the
/// restrictions knows it from the chain.
pub(crate) fn set_taken_in(charter: &Charter) -> RestrictionsHash {
    set_hash(charter.body().restrictions.iter().copied())
}

/// Takes restrictions into a draft of the next version: drops the rights that they take, adds the revocations, and names
/// their hashes, which ends them.
///
/// A device that is restricted alone leaves its coordinator's grant: a grant cannot say less. The rest of the draft stays
/// as it is, and it is for [`super::check_body`] to say whether a neighborhood still has enough dispatchers.
pub fn take_in(draft: &mut CharterBody, restrictions: &[Restriction]) {
    for (entry, keys) in restrictions.iter().flat_map(Restriction::entries) {
        let mut meant = keys.to_vec();
        for grant in &mut draft.grants {
            let coordinator = grant.coordinator;
            if grant.devices.iter().any(|device| entry.subject.is(coordinator, device)) {
                match entry.subject {
                    Subject::Coordinator(_) => {
                        meant.extend(&grant.devices);
                        for scope in grant.scopes.iter_mut().filter(|scope| scope.neighborhood == entry.neighborhood) {
                            scope.dispatch &= !entry.takes(Right::Dispatch);
                            scope.enroll &= !entry.takes(Right::Enroll);
                        }
                    }
                    Subject::Device(key) => grant.devices.retain(|device| *device != key),
                }
                grant.scopes.retain(|scope| scope.dispatch || scope.enroll);
            }
        }
        draft.grants.retain(|grant| !grant.devices.is_empty() && !grant.scopes.is_empty());
        if let Some(distrust_from) = entry.distrust_from {
            for key in meant {
                revoke(draft, Revocation { key, neighborhood: entry.neighborhood, distrust_from });
            }
        }
    }
    draft.restrictions = restrictions.iter().map(Restriction::hash).collect();
}

/// Adds a revocation. Of two for one key and neighborhood the earlier epoch holds.
fn revoke(draft: &mut CharterBody, added: Revocation) {
    let mut held = draft.revocations.iter_mut();
    match held.find(|held| held.key == added.key && held.neighborhood == added.neighborhood) {
        Some(held) => held.distrust_from = held.distrust_from.min(added.distrust_from),
        None => draft.revocations.push(added),
    }
}
