//! The charter versions that somebody holds, in order. `docs/protocol.md`, "Charter".

use crate::charter::{Charter, CharterBody, CharterError, SignedCharter, judge};
use crate::id::{CharterHash, NetworkId};
use crate::wire::decode_body;

/// A chain of charters, from genesis to the newest. Every one of them was judged.
#[derive(Clone, Debug)]
pub struct CharterHistory {
    older: Vec<Charter>,
    newest: Charter,
}

impl CharterHistory {
    /// Judges a network's first version.
    ///
    /// # Errors
    /// It breaks a rule, or is not a first version.
    pub fn found(genesis: &SignedCharter) -> Result<Self, CharterError> {
        Ok(Self { older: Vec::new(), newest: judge(None, genesis)? })
    }

    /// Judges the next version and adds it.
    ///
    /// # Errors
    /// It breaks a rule; the history stays as it was.
    pub fn push(&mut self, next: &SignedCharter) -> Result<(), CharterError> {
        let judged = judge(Some(&self.newest), next)?;
        self.add(judged);
        Ok(())
    }

    pub(crate) fn add(&mut self, next: Charter) {
        self.older.push(std::mem::replace(&mut self.newest, next));
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
        let mut history = Self { older, newest };
        let holds = branch.iter().take_while(|signed| history.push(signed).is_ok()).count();
        (holds > 0).then_some((history, holds))
    }

    /// The newest version.
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
