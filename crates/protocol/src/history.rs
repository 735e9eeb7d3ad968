//! The charter versions that somebody holds, in order, and the restrictions beside the newest. `docs/protocol.md`,
//! "Charter".

use std::collections::BTreeSet;

use crate::charter::{
    Charter, CharterBody, CharterError, Restriction, RestrictionError, RestrictionSet, Rights, SignedCharter,
    SignedRestriction, judge, set_taken_in, take_in,
};
use crate::id::{CharterHash, NetworkId, RestrictionsHash};
use crate::wire::decode_body;

/// A chain of charters, from genesis to the newest, and what narrows the newest. Each of them was judged.
#[derive(Clone, Debug)]
pub struct CharterHistory {
    older: Vec<Charter>,
    newest: Charter,
    restrictions: RestrictionSet,
    /// The hash of every set of restrictions that was ever in force here.
    sets: BTreeSet<RestrictionsHash>,
}

impl CharterHistory {
    /// Judges a network's first version.
    ///
    /// # Errors
    /// It breaks a rule, or is not a first version.
    pub fn found(genesis: &SignedCharter) -> Result<Self, CharterError> {
        let newest = judge(None, genesis)?;
        let (mut restrictions, sets) = (RestrictionSet::default(), BTreeSet::from([RestrictionsHash::ZERO]));
        restrictions.follow(&newest);
        Ok(Self { older: Vec::new(), newest, restrictions, sets })
    }

    /// Judges the next version and adds it. Restrictions that it takes in have ended.
    ///
    /// # Errors
    /// It breaks a rule; the history stays as it was.
    pub fn push(&mut self, next: &SignedCharter) -> Result<(), CharterError> {
        let judged = judge(Some(&self.newest), next)?;
        self.add(judged);
        Ok(())
    }

    pub(crate) fn add(&mut self, next: Charter) {
        self.sets.insert(set_taken_in(&next));
        self.restrictions.follow(&next);
        self.older.push(std::mem::replace(&mut self.newest, next));
        self.sets.insert(self.restrictions.hash());
    }

    /// Judges a version, whichever it is, without adding it. One that is not newer is judged as another body for its own
    /// version, so that a fork of long ago is told as well as one of the newest.
    ///
    /// # Errors
    /// It is held, is a fork, or breaks a rule.
    pub fn judge(&self, shown: &SignedCharter) -> Result<Charter, CharterError> {
        if let Some(held) = self.by_hash(&shown.hash()) {
            return Err(CharterError::AlreadyHeld { version: held.version() });
        }
        match judge(Some(&self.newest), shown) {
            Err(CharterError::Older { have, got }) => {
                judge(Some(self.at(got).ok_or(CharterError::Older { have, got })?), shown)
            }
            other => other,
        }
    }

    /// The history that another branch makes: the versions held before it, and its own as far as they hold, with their
    /// number. None if its first one does not follow a version that is held.
    #[must_use]
    pub fn branch(&self, branch: &[SignedCharter]) -> Option<(Self, usize)> {
        let first = decode_body::<CharterBody>(&branch.first()?.body).ok()?.version;
        let mut older: Vec<Charter> = self.iter().take_while(|charter| charter.version() < first).cloned().collect();
        let newest = older.pop()?;
        let mut restrictions = RestrictionSet::default();
        older.iter().chain([&newest]).for_each(|charter| restrictions.follow(charter));
        let mut history = Self { older, newest, restrictions, sets: self.sets.clone() };
        let holds = branch.iter().take_while(|signed| history.push(signed).is_ok()).count();
        for restriction in self.restrictions() {
            // One that names a version of the other branch only, or was taken in by this one, has no force on it.
            let _ = history.restrict(restriction.signed());
        }
        (holds > 0).then_some((history, holds))
    }

    /// Judges a restriction and adds it to those in force.
    ///
    /// # Errors
    /// It breaks a rule, has ended, or there is no room for it; the history stays as it was.
    pub fn restrict(&mut self, signed: &SignedRestriction) -> Result<(), RestrictionError> {
        let named = signed.claim().ok().and_then(|claim| self.by_hash(&claim.charter)).map(Charter::body);
        let mut restrictions = self.restrictions.clone();
        restrictions.add(&self.newest, named, signed)?;
        self.restrictions = restrictions;
        self.sets.insert(self.restrictions.hash());
        Ok(())
    }

    /// Who may do what: the newest version, narrowed by the restrictions in force. Everything that asks what holds now
    /// asks here.
    #[must_use]
    pub fn rights(&self) -> Rights<'_> {
        self.restrictions.rights(&self.newest)
    }

    /// The restrictions in force, the earliest first.
    #[must_use]
    pub fn restrictions(&self) -> &[Restriction] {
        self.restrictions.in_force()
    }

    /// The hash of the set in force; zeros for none.
    #[must_use]
    pub fn restrictions_hash(&self) -> RestrictionsHash {
        self.restrictions.hash()
    }

    /// Every set hash that was ever in force here, zeros among them, and those that a version of the chain took in.
    pub fn sets(&self) -> impl Iterator<Item = &RestrictionsHash> {
        self.sets.iter()
    }

    /// Whether a set of restrictions was ever in force here.
    #[must_use]
    pub fn held_set(&self, set: &RestrictionsHash) -> bool {
        self.sets.contains(set)
    }

    /// Remembers a set that was in force here before: a history that is made again from what was stored has lost those
    /// between.
    pub fn remember_set(&mut self, set: RestrictionsHash) {
        self.sets.insert(set);
    }

    /// Takes the restrictions in force into a draft of the next version, as [`take_in`] says.
    pub fn take_in(&self, draft: &mut CharterBody) {
        take_in(draft, self.restrictions());
    }

    /// The newest version. What it grants is narrowed by restrictions: ask [`Self::rights`].
    #[must_use]
    pub const fn newest(&self) -> &Charter {
        &self.newest
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.newest.network()
    }

    /// All versions, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Charter> {
        self.older.iter().chain(std::iter::once(&self.newest))
    }

    /// The version with this number.
    #[must_use]
    pub fn at(&self, version: u64) -> Option<&Charter> {
        self.iter().find(|charter| charter.version() == version)
    }

    /// The version with this hash.
    #[must_use]
    pub fn by_hash(&self, hash: &CharterHash) -> Option<&Charter> {
        self.iter().find(|charter| charter.hash() == *hash)
    }

    /// The version whose hash begins so.
    #[must_use]
    pub fn by_prefix(&self, prefix: &[u8; 16]) -> Option<&Charter> {
        self.iter().find(|charter| charter.hash().0.starts_with(prefix))
    }
}
