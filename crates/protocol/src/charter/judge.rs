//! The one function that judges a chain of charters, for relay and client alike.
//!
//! Nothing here reads a clock: an expired charter is as valid a link as any, and whether it may still be relied on is
//! for [`Charter::expiry`] and whoever asks it.

use super::{
    Authority, Charter, CharterBody, CharterSignature, Flaw, MAX_SIGNATURES, SignedCharter, check_body, genesis_network,
};
use crate::id::{CharterHash, NetworkId, sha256};
use crate::labels::Purpose;
use crate::sign::PublicKey;
use crate::time::Timestamp;
use crate::wire::{WireError, decode_body};

/// Why a charter is not taken as the next one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CharterError {
    /// It is the one that is held. Nothing to do.
    #[error("charter version {version} is already held")]
    AlreadyHeld {
        /// The version.
        version: u64,
    },
    /// It claims to be an earlier version than the one held. Nothing to do; told without looking at its signatures. To
    /// learn whether it is a fork of what was held then, compare its hash with that version's.
    #[error("charter version {got} is older than version {have}, which is held")]
    Older {
        /// The version that is held.
        have: u64,
        /// The version that came.
        got: u64,
    },
    /// It claims to be a later version than the next. Fetch those between and judge them in order. Told without looking
    /// at its signatures, so it is no proof that they exist.
    #[error("charter version {got} does not follow version {have}: those between are missing")]
    Gap {
        /// The version that is held, 0 if none is.
        have: u64,
        /// The version that came.
        got: u64,
    },
    /// The admins signed two bodies for one version. Keep the one that is held, take no successor of either until a
    /// person has decided, and never stop saying so. Told only where the thresholds signed: of a second body for the
    /// version held, or of a next version that names another body for it.
    #[error("charter version {version} is forked: held {held}, the admins also signed {other}")]
    Fork {
        /// The version that exists twice.
        version: u64,
        /// The hash of the one that is held.
        held: CharterHash,
        /// The hash of the other.
        other: CharterHash,
    },
    /// Its format, or a critical extension, is of a later version of this program, and the threshold of the held
    /// charter's admins signed it. Keep the one that is held, and ask the person to update.
    #[error("charter was made by a newer version of watchfire")]
    Newer,
    /// A first charter in a format of a later version of this program: who its admins are cannot be read, so nothing
    /// about it was checked. Its network id can still be compared.
    #[error("first charter was made by a newer version of watchfire, and cannot be checked by this one")]
    NewerGenesis,
    /// A charter of another organization, or a genesis with other bytes.
    #[error("charter of another network: found {found}, wanted {wanted}")]
    OtherNetwork {
        /// Its network.
        found: NetworkId,
        /// Ours.
        wanted: NetworkId,
    },
    /// A draft that follows another body for the version held than the one that is held. Told of drafts alone: too few
    /// signed it for an alarm.
    #[error("the draft follows another charter of version {version} than the one held: found {found}, wanted {held}")]
    OtherPredecessor {
        /// The version that it follows.
        version: u64,
        /// The hash of the one that is held.
        held: CharterHash,
        /// The hash that the draft names.
        found: CharterHash,
    },
    /// It was drawn up before the version that it follows.
    #[error("issued {}, before the previous version's {}", issued.0, previous.0)]
    IssuedBeforePrevious {
        /// When it says it was drawn up.
        issued: Timestamp,
        /// When the version before was.
        previous: Timestamp,
    },
    /// It carries more signatures than any two versions can need.
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
    /// A signature by somebody who is no admin of this version or of the one before.
    #[error("signed by {signer}, who is no admin of this version or of the one before")]
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
    /// Too few admins signed. A draft that is still being passed around looks like this.
    #[error("signed by {found} admins of version {version}, wanted {wanted}")]
    TooFewSignatures {
        /// Whose admins: this version, or the one before.
        version: u64,
        /// How many of them signed.
        found: usize,
        /// How many it takes.
        wanted: usize,
    },
    /// There was no charter to judge.
    #[error("empty chain of charters")]
    EmptyChain,
    /// Its contents break a rule.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// Its bytes are no charter body.
    #[error(transparent)]
    Wire(WireError),
}

/// Judges `next` as the successor of `held`, or as a genesis where nothing is held.
///
/// What it returns holds as a link of the chain; persist it before using it. Whether a genesis founds the *right* network
/// only a person or an invite can tell: compare [`Charter::network`], or the hash of a later version, with theirs.
///
/// # Errors
/// See [`CharterError`]. Cheap reasons come first: a signature is verified only if all that is left to doubt is the
/// signatures.
pub fn judge(held: Option<&Charter>, next: &SignedCharter) -> Result<Charter, CharterError> {
    let hash = next.hash();
    if let Some(held) = held.filter(|held| held.hash == hash) {
        return Err(CharterError::AlreadyHeld { version: held.version() });
    }
    check_order(&next.signatures)?;
    let body = match decode_body::<CharterBody>(&next.body) {
        Ok(body) => body,
        Err(WireError::Newer) => return Err(judge_newer(held, next)),
        Err(error) => return Err(CharterError::Wire(error)),
    };
    check_body(&body)?;
    let (network, predecessor) = match held {
        None => (judge_genesis(&body, next)?, None),
        Some(held) => (judge_successor(held, &body, next)?, Some(Authority::of(&held.body))),
    };
    let signers = next.signatures.iter().map(|signature| signature.signer).collect();
    Ok(Charter { body, hash, network, signers, predecessor })
}

/// Judges a whole chain, each link as the successor of the one before and the first as that of `from`, and returns the
/// last. Of a chain without links that is `from`.
///
/// # Errors
/// What [`judge`] says of the first link that it refuses, one that is already held or older included: links before it
/// hold nevertheless, and are to be had by calling [`judge`] for each. [`CharterError::EmptyChain`] where there is
/// neither a link nor `from`.
pub fn judge_chain(from: Option<&Charter>, links: &[SignedCharter]) -> Result<Charter, CharterError> {
    let mut last = from.cloned();
    for link in links {
        last = Some(judge(last.as_ref(), link)?);
    }
    last.ok_or(CharterError::EmptyChain)
}

/// Judges a draft of the version after `held`: all but whether enough have signed it.
///
/// # Errors
/// What [`judge`] says, of a body or of a signature; never [`CharterError::TooFewSignatures`]. A draft that does not
/// follow `held` is [`CharterError::Older`], [`CharterError::Gap`] or [`CharterError::OtherPredecessor`].
pub fn judge_draft(held: &Charter, draft: &SignedCharter) -> Result<Draft, CharterError> {
    if held.hash == draft.hash() {
        return Err(CharterError::AlreadyHeld { version: held.version() });
    }
    check_order(&draft.signatures)?;
    let body = decode_body::<CharterBody>(&draft.body).map_err(|error| match error {
        WireError::Newer => CharterError::Newer,
        error => CharterError::Wire(error),
    })?;
    let (wanted, have, got) = (held.network, held.version(), body.version);
    if body.network != wanted {
        return Err(CharterError::OtherNetwork { found: body.network, wanted });
    }
    if got <= have {
        return Err(CharterError::Older { have, got });
    }
    if got - have > 1 {
        return Err(CharterError::Gap { have, got });
    }
    if body.previous != held.hash {
        return Err(CharterError::OtherPredecessor { version: have, held: held.hash, found: body.previous });
    }
    check_body(&body)?;
    if body.issued < held.body.issued {
        return Err(CharterError::IssuedBeforePrevious { issued: body.issued, previous: held.body.issued });
    }
    let (before, own) = (Authority::of(&held.body), Authority::of(&body));
    check_signers(draft, &[&before, &own])?;
    verify_all(draft, wanted)?;
    let lacking = |authority: &Authority| {
        let unsigned = |key: &&PublicKey| !draft.signatures.iter().any(|signature| signature.signer == **key);
        let unsigned: Vec<PublicKey> = authority.admins.iter().filter(unsigned).copied().collect();
        let signed = authority.admins.len() - unsigned.len();
        Lacking { count: usize::from(authority.threshold).saturating_sub(signed), unsigned }
    };
    Ok(Draft { before: lacking(&before), own: lacking(&own), body })
}

/// A draft that can become the next version, as far as its signatures go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it says.
    pub body: CharterBody,
    /// What it lacks of the admins of the version before.
    before: Lacking,
    /// What it lacks of its own.
    own: Lacking,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Lacking {
    count: usize,
    unsigned: Vec<PublicKey>,
}

impl Draft {
    /// How many more admins must sign at the least. One who is an admin of both versions counts for both.
    #[must_use]
    pub fn missing(&self) -> usize {
        let both = self.before.unsigned.iter().filter(|key| self.own.unsigned.contains(key)).count();
        let (before, own) = (self.before.count, self.own.count);
        before + own - both.min(before).min(own)
    }

    /// Whose signatures would bring it nearer, ascending.
    #[must_use]
    pub fn awaited(&self) -> Vec<PublicKey> {
        let sides = [&self.before, &self.own].into_iter().filter(|side| side.count > 0);
        let awaited: std::collections::BTreeSet<PublicKey> =
            sides.flat_map(|side| side.unsigned.iter().copied()).collect();
        awaited.into_iter().collect()
    }

    /// Whether a key is that of an admin who may still sign.
    #[must_use]
    pub fn may_sign(&self, key: &PublicKey) -> bool {
        self.before.unsigned.contains(key) || self.own.unsigned.contains(key)
    }
}

fn judge_genesis(body: &CharterBody, next: &SignedCharter) -> Result<NetworkId, CharterError> {
    if body.version != 1 {
        return Err(CharterError::Gap { have: 0, got: body.version });
    }
    let network = genesis_network(&next.body);
    check_signatures(next, network, &[&Authority::of(body)])?;
    Ok(network)
}

fn judge_successor(held: &Charter, body: &CharterBody, next: &SignedCharter) -> Result<NetworkId, CharterError> {
    let found = if body.version == 1 { genesis_network(&next.body) } else { body.network };
    let (wanted, have, got) = (held.network, held.version(), body.version);
    if found != wanted {
        return Err(CharterError::OtherNetwork { found, wanted });
    }
    if got < have {
        return Err(CharterError::Older { have, got });
    }
    let own = Authority::of(body);
    if got == have {
        // Without the signatures of those who could sign this version, anybody could raise the alarm.
        let before = held.predecessor.iter().chain([&own]).collect::<Vec<_>>();
        check_signatures(next, wanted, &before)?;
        return Err(CharterError::Fork { version: have, held: held.hash, other: next.hash() });
    }
    if got - have > 1 {
        return Err(CharterError::Gap { have, got });
    }
    check_signatures(next, wanted, &[&Authority::of(&held.body), &own])?;
    if body.previous != held.hash {
        return Err(CharterError::Fork { version: have, held: held.hash, other: body.previous });
    }
    let (issued, previous) = (body.issued, held.body.issued);
    if issued < previous {
        return Err(CharterError::IssuedBeforePrevious { issued, previous });
    }
    Ok(wanted)
}

/// Why a body that cannot be read is refused. Its own admins are unknown, so only those of the held charter count;
/// whoever else signed is presumably among its own.
fn judge_newer(held: Option<&Charter>, next: &SignedCharter) -> CharterError {
    let Some(held) = held else {
        return CharterError::NewerGenesis;
    };
    let authority = Authority::of(&held.body);
    check_count(&authority, &next.signatures)
        .and_then(|()| verify_all(next, held.network))
        .map_or_else(|refused| refused, |()| CharterError::Newer)
}

fn check_order(signatures: &[CharterSignature]) -> Result<(), CharterError> {
    if signatures.len() > MAX_SIGNATURES {
        return Err(CharterError::TooManySignatures { found: signatures.len(), max: MAX_SIGNATURES });
    }
    if !signatures.is_sorted_by(|a, b| a.signer < b.signer) {
        return Err(CharterError::SignatureOrder);
    }
    Ok(())
}

/// Requires the threshold of each authority, no signature by anybody else, and that all verify.
fn check_signatures(
    signed: &SignedCharter,
    network: NetworkId,
    authorities: &[&Authority],
) -> Result<(), CharterError> {
    check_signers(signed, authorities)?;
    for authority in authorities {
        check_count(authority, &signed.signatures)?;
    }
    verify_all(signed, network)
}

fn check_signers(signed: &SignedCharter, authorities: &[&Authority]) -> Result<(), CharterError> {
    for CharterSignature { signer, .. } in &signed.signatures {
        if !authorities.iter().any(|authority| authority.admins.contains(signer)) {
            return Err(CharterError::UnknownSigner { signer: Box::new(*signer) });
        }
    }
    Ok(())
}

/// Counts before anything is verified, which is right only because one signature that does not verify refuses them all.
fn check_count(authority: &Authority, signatures: &[CharterSignature]) -> Result<(), CharterError> {
    let found = signatures.iter().filter(|signature| authority.admins.contains(&signature.signer)).count();
    let wanted = usize::from(authority.threshold);
    if found < wanted {
        return Err(CharterError::TooFewSignatures { version: authority.version, found, wanted });
    }
    Ok(())
}

fn verify_all(signed: &SignedCharter, network: NetworkId) -> Result<(), CharterError> {
    let digest = sha256(&[&signed.body]);
    for CharterSignature { signer, signature } in &signed.signatures {
        signer
            .verify(Purpose::Charter, &[&network.0, &digest], signature)
            .map_err(|_| CharterError::BadSignature { signer: Box::new(*signer) })?;
    }
    Ok(())
}
