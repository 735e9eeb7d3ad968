//! What a member follows between a renewal and the slots that tell what became of it. `docs/protocol.md`, "Renewal".
//!
//! A renewal may be folded by whoever closes its epoch, or come too late, or be lost. So a member goes on with and
//! without it, and looks for a slot of either. The one that opens shows what the opener folded. A coordinator who could
//! not read that opener's roster goes on from the one before, with or without the renewal; so what can follow from that
//! one is kept until one more slot opens, and erased then.

use bincode::{Decode, Encode};

use crate::announcement::Announcement;
use crate::epoch::EpochKeys;
use crate::id::{Epoch, Tag};
use crate::kdf::Place;
use crate::run::OBJECT_LEN;
use crate::seal::{KemPublicKey, KemSecretKey, Unopenable};
use crate::secret::Secret32;
use crate::slot::{SlotError, SlotSecret, open_slot};

/// A slot to look for: a member's keys of one epoch on one branch.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Candidate {
    /// The epoch.
    pub epoch: Epoch,
    /// The branch.
    pub branch: u64,
    /// `tag_e`.
    pub tag: Tag,
    /// `psk_e`: erased when a slot of the epoch opens.
    pub psk: Secret32,
    /// `auth_e`.
    pub auth: Secret32,
    /// The X-Wing key's seed.
    pub kem: Secret32,
}

impl Candidate {
    /// Opens a slot that was found by the tag.
    ///
    /// # Errors
    /// Not openable, or its keys do not recompute.
    pub fn open(&self, announcement: &Announcement, body: &[u8; OBJECT_LEN]) -> Result<EpochKeys, SlotError> {
        open_slot(announcement, self.tag, &self.psk, &KemSecretKey::from_seed(self.kem.clone()), body)
    }
}

#[derive(Clone, PartialEq, Eq, Encode, Decode)]
struct Branch {
    id: u64,
    /// Whether it follows from the roster by which the last slot that opened was sealed.
    main: bool,
    kem: Secret32,
    next: Secret32,
}

/// The branches that a member follows: one; two, or three at the most, after a slot opened that told what became of a
/// renewal; and twice as many while one is unresolved.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Branches {
    /// The epoch of which every branch holds the slot secret.
    next_epoch: Epoch,
    /// The newest epoch whose slot opened.
    opened: Epoch,
    /// The epoch that the unresolved renewal names; 0 for none.
    renewed: Epoch,
    made: u64,
    /// In the order in which their slots are looked for.
    branches: Vec<Branch>,
}

impl Branches {
    /// A member with one X-Wing key and the slot secret of `epoch`.
    #[must_use]
    pub fn new(epoch: Epoch, secret: Secret32, kem: Secret32) -> Self {
        let only = Branch { id: 0, main: true, kem, next: secret };
        Self { next_epoch: epoch, opened: Epoch::NONE, renewed: Epoch::NONE, made: 1, branches: vec![only] }
    }

    /// The first epoch that was not taken yet.
    #[must_use]
    pub const fn next_epoch(&self) -> Epoch {
        self.next_epoch
    }

    /// The slot secret of the next epoch, and the X-Wing key's seed, on the branch of the last slot that opened.
    #[must_use]
    pub fn main(&self, place: Place) -> Option<(SlotSecret, Secret32)> {
        let branch = self.branches.iter().find(|branch| branch.main)?;
        Some((SlotSecret::new(place.at(self.next_epoch), branch.next.clone()), branch.kem.clone()))
    }

    /// Whether a renewal waits for the slot that tells what became of it.
    #[must_use]
    pub fn is_unresolved(&self) -> bool {
        self.renewed != Epoch::NONE
    }

    /// Derives what an epoch's slot is found and opened with, on every branch, and steps to the epoch after. What the
    /// slot secrets were is erased.
    ///
    /// # Errors
    /// An epoch that was taken, or too far ahead. Nothing changed.
    pub fn take(&mut self, place: Place, epoch: Epoch) -> Result<Vec<Candidate>, Unopenable> {
        let context = place.at(self.next_epoch);
        let secrets: Vec<SlotSecret> = self
            .branches
            .iter()
            .map(|branch| SlotSecret::new(context, branch.next.clone()).step_to(epoch))
            .collect::<Result<_, _>>()?;
        let mut candidates = Vec::new();
        for (branch, secret) in self.branches.iter_mut().zip(secrets) {
            branch.next = secret.step().key().clone();
            candidates.push(Candidate {
                epoch,
                branch: branch.id,
                tag: secret.tag(),
                psk: secret.psk(),
                auth: secret.auth().key().clone(),
                kem: branch.kem.clone(),
            });
        }
        self.next_epoch = epoch.next();
        Ok(candidates)
    }

    /// Follows every branch with a renewal, too, from the epoch after the one that was taken last: the renewal names
    /// that one. Returns it, and the public key to be sent; nothing while another renewal is unresolved, or before the
    /// slot of that epoch opened.
    pub fn renew(&mut self, place: Place, kem: Secret32, fresh: &Secret32) -> Option<(Epoch, KemPublicKey)> {
        if self.is_unresolved() || self.opened == Epoch::NONE || self.opened.next() != self.next_epoch {
            return None;
        }
        let mut both = Vec::new();
        for branch in std::mem::take(&mut self.branches) {
            let next = SlotSecret::new(place.at(self.next_epoch), branch.next.clone()).mix(fresh);
            let renewed = Branch { id: self.made, main: branch.main, kem: kem.clone(), next: next.key().clone() };
            self.made += 1;
            both.extend([renewed, branch]);
        }
        self.branches = both;
        self.renewed = self.opened;
        Some((self.renewed, KemSecretKey::from_seed(kem).public()))
    }

    /// A slot opened: its branch is the true one. Until the next one opens, those are followed as well that follow from
    /// what the slot before it was sealed by. A slot of an epoch before one that opened decides nothing.
    pub fn opened(&mut self, epoch: Epoch, branch: u64) {
        if epoch <= self.opened || !self.branches.iter().any(|other| other.id == branch) {
            return;
        }
        self.branches.retain(|other| other.main || other.id == branch);
        for other in &mut self.branches {
            other.main = other.id == branch;
        }
        self.branches.sort_by_key(|other| !other.main);
        (self.opened, self.renewed) = (epoch, Epoch::NONE);
    }
}
