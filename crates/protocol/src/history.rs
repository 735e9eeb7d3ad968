//! The charter versions that somebody holds, in order. `docs/protocol.md`, "Charter".

use crate::charter::{Charter, CharterError, SignedCharter, judge};
use crate::id::{CharterHash, NetworkId};

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
        self.older.push(std::mem::replace(&mut self.newest, judged));
        Ok(())
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
