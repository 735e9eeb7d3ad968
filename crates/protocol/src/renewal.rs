//! Renewals: once an epoch each member replaces the keys that their next slot is sealed with. `docs/protocol.md`,
//! "Renewal".
//!
//! Whoever copied a member's device knows the member's X-Wing key and slot secret, and stepping the secret does not shut
//! them out. A renewal does: its fresh bytes go into the next epoch's slot secret, and the next slot is sealed to a new
//! key. It is signed by the identity key, which the copy holds, too. So a copy in use can renew as well; then the
//! coordinators see two renewals of one member in one epoch, and know that the device was cloned.

use bincode::{Decode, Encode};

use crate::id::{Epoch, MemberId, sha256};
use crate::kdf::Place;
use crate::labels::Purpose;
use crate::seal::KemPublicKey;
use crate::secret::Secret32;
use crate::sign::{PublicKey, SecretKey};
use crate::wire::{self, Body, Extensions, Kind, Signed, SignedError, WireError};

/// What a member renews, and in which epoch. Signed by the member's identity key.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct RenewalBody {
    /// Whose.
    pub member: MemberId,
    /// The epoch in which it was written: whoever closes it folds this.
    pub epoch: Epoch,
    /// The key that later slots are sealed to.
    pub kem: KemPublicKey,
    /// What is mixed into the slot secret of the next epoch.
    pub fresh: Secret32,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for RenewalBody {
    const KIND: Kind = Kind::Renew;
    const LIMIT: usize = 2 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

impl RenewalBody {
    /// Signs a renewal.
    #[must_use]
    pub fn sign(&self, place: &Place, identity: &SecretKey) -> Signed {
        let body = wire::encode_body(self);
        let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, &sha256(&[&body])];
        let signature = identity.sign(Purpose::Renew, &fields);
        Signed { body, signer: identity.public(), signature }
    }
}

/// A renewal whose signature was checked. Whether its signer is the member that it names is the roster's to say.
#[derive(Clone, PartialEq, Eq)]
pub struct Renewal {
    body: RenewalBody,
    signer: PublicKey,
    hash: [u8; 32],
}

impl Renewal {
    /// Checks a renewal's signature and reads it.
    ///
    /// # Errors
    /// It does not verify here, is no renewal, or brings a key to which nothing can be sealed.
    pub fn open(signed: &Signed, place: &Place) -> Result<Self, SignedError> {
        let hash = sha256(&[&signed.body]);
        let body: RenewalBody = signed.open(Purpose::Renew, &[&place.network.0, &place.neighborhood.0, &hash])?;
        if !body.kem.is_usable() {
            return Err(WireError::Malformed("not an X-Wing key".to_owned()).into());
        }
        Ok(Self { body, signer: signed.signer, hash })
    }

    /// What it says.
    #[must_use]
    pub const fn body(&self) -> &RenewalBody {
        &self.body
    }

    /// Whose key signed it.
    #[must_use]
    pub const fn signer(&self) -> &PublicKey {
        &self.signer
    }

    /// `SHA-256(body)`. Of two renewals of one member in one epoch the one with the lower hash is folded.
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
}

/// Why a roster does not fold a renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenewalRefused {
    /// Nobody of that id is in the roster: removed, or not approved yet.
    #[error("renewal of somebody who is no member")]
    NotAMember,
    /// Signed by another key than the member's identity key.
    #[error("renewal is not signed by the member it names")]
    WrongSigner,
    /// Whoever closes the epoch that it names folds it, and nobody else.
    #[error("renewal names epoch {named}, the roster is of epoch {roster}")]
    OtherEpoch {
        /// The renewal's.
        named: Epoch,
        /// The roster's.
        roster: Epoch,
    },
    /// A member has that X-Wing key already.
    #[error("renewal brings a key that a member has already")]
    KeyInUse,
}
