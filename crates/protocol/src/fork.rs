//! Forks: two charters of one version, both signed by those who may sign it. `docs/protocol.md`, "Forks".
//!
//! A threshold of admins can sign two bodies for one version. Nobody can tell which was meant, so nothing is decided
//! here by itself: the branch that is held stays, no version is added to it, and a person chooses. What was seen of the
//! other branch is evidence against whoever signed both, and is kept for ever.
//!
//! An attacker without the admins' keys cannot raise the alarm: a fork is told only of bodies that the thresholds
//! signed. A relay can hide one branch from some people and the other one from others; it shows as soon as anybody meets
//! both, on a relay or in a file.

#[cfg(test)]
mod tests;

use bincode::{Decode, Encode};

use crate::charter::{CharterError, SignedCharter};
use crate::history::CharterHistory;
use crate::id::CharterHash;
use crate::time::Timestamp;

/// Forks that are remembered: one is a scandal. Whatever is seen beyond them is refused all the same.
pub const MAX_FORKS: usize = 64;
/// Versions of another branch that are kept when they are seen: enough to see who signed what. After the branch is
/// chosen, the rest of it is fetched like any charter.
pub const MAX_BRANCH: usize = 64;

/// A version that exists twice.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Fork {
    /// The version.
    pub version: u64,
    /// The hash of the body that is not held.
    pub other: CharterHash,
    /// The evidence: that body and what follows it, as they were signed. Where that body was not seen, the version that
    /// names it.
    pub branch: Vec<SignedCharter>,
    /// When it was first seen.
    pub seen: Timestamp,
    /// When a person chose the branch that is held.
    pub decided: Option<Timestamp>,
}

impl Fork {
    /// Whether the other body itself was seen: only then it can be chosen.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.branch.first().is_some_and(|first| first.hash() == self.other)
    }
}

/// What is held of a network's charters: the versions of one branch, and the forks that were seen.
#[derive(Clone, Debug)]
pub struct CharterChain {
    history: CharterHistory,
    forks: Vec<Fork>,
}

/// What came of versions that were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// Those that follow the newest one that was held, in order.
    pub taken: Vec<SignedCharter>,
    /// What was shown lies on another branch.
    pub forked: bool,
    /// The forks that are remembered changed.
    pub learned: bool,
    /// A version that would follow was left, because a person must choose a branch first.
    pub waiting: bool,
    /// The hash of a version that a newer program made.
    pub newer: Option<CharterHash>,
    /// Why the rest was refused.
    pub refused: Option<CharterError>,
}

/// Why a branch cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// No version that exists twice has a body of that hash.
    #[error("no fork has a charter with that hash")]
    Unknown,
    /// That it exists is known from a later version which names it; the body itself was never seen.
    #[error("charter version {version} with that hash was never seen itself")]
    Unseen {
        /// Its version.
        version: u64,
    },
}

impl CharterChain {
    /// Brings together what was kept.
    #[must_use]
    pub const fn new(history: CharterHistory, forks: Vec<Fork>) -> Self {
        Self { history, forks }
    }

    /// The versions of the branch that is held.
    #[must_use]
    pub const fn history(&self) -> &CharterHistory {
        &self.history
    }

    /// The forks that were seen, decided or not.
    #[must_use]
    pub fn forks(&self) -> &[Fork] {
        &self.forks
    }

    /// Whether a person must choose before any version is added.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.forks.iter().any(|fork| fork.decided.is_none())
    }

    /// Judges versions that somebody shows, in the order of their numbers, those that are held among them or not.
    /// Takes what follows; stops at a fork, and at the first that is refused.
    pub fn offer(&mut self, shown: &[SignedCharter], now: Timestamp) -> Offered {
        let mut out = Offered::default();
        for (at, signed) in shown.iter().enumerate() {
            match self.history.judge(signed) {
                Ok(_) if self.is_frozen() => {
                    out.waiting = true;
                    break;
                }
                Ok(charter) => {
                    self.history.add(charter);
                    out.taken.push(signed.clone());
                }
                Err(CharterError::AlreadyHeld { .. }) => {}
                Err(error @ CharterError::Fork { version, other, .. }) => {
                    out.forked = true;
                    let branch = shown.get(at..).unwrap_or_default();
                    match self.remember(version, other, branch, now) {
                        Some(learned) => out.learned = learned,
                        None => out.refused = Some(error),
                    }
                    break;
                }
                Err(CharterError::Newer) => {
                    out.newer = Some(signed.hash());
                    break;
                }
                Err(error) => {
                    out.refused = Some(error);
                    break;
                }
            }
        }
        out
    }

    /// Keeps the evidence. Whether anything changed; none where there is no room.
    fn remember(&mut self, version: u64, other: CharterHash, shown: &[SignedCharter], now: Timestamp) -> Option<bool> {
        let shown = shown.get(..shown.len().min(MAX_BRANCH)).unwrap_or_default();
        let holds = self.history.branch(shown).map_or(1, |(_, length)| length);
        let branch = shown.get(..holds).unwrap_or_default().to_vec();
        let seen = Fork { version, other, branch, seen: now, decided: None };
        let known = |fork: &Fork| fork.version < version && fork.branch.iter().any(|signed| signed.hash() == other);
        if self.forks.iter().any(known) {
            return Some(false);
        }
        let Some(held) = self.forks.iter_mut().find(|fork| (fork.version, fork.other) == (version, other)) else {
            if self.forks.len() >= MAX_FORKS {
                return None;
            }
            self.forks.push(seen);
            return Some(true);
        };
        let more = (seen.is_whole(), seen.branch.len()) > (held.is_whole(), held.branch.len());
        if more {
            held.branch = seen.branch;
        }
        Some(more)
    }

    /// A person chooses a branch by the hash of its first body. `held` is every version that is held, as it was signed.
    ///
    /// If the branch that is held is chosen, it stays and may grow again. If another one is, it is judged from the last
    /// version that both have in common, and what is dropped becomes the evidence. Forks of later versions hang on what
    /// is dropped, and are decided with it.
    ///
    /// # Errors
    /// No fork has that hash, or the other body was never seen. Nothing changed.
    pub fn choose(&mut self, hash: CharterHash, held: &[SignedCharter], now: Timestamp) -> Result<(), ChoiceError> {
        if let Some(version) = self.history.by_hash(&hash).map(crate::charter::Charter::version) {
            let mut here = self.forks.iter_mut().filter(|fork| fork.version == version).peekable();
            here.peek().ok_or(ChoiceError::Unknown)?;
            here.for_each(|fork| fork.decided = fork.decided.or(Some(now)));
            return Ok(());
        }
        let chosen = self.forks.iter_mut().find(|fork| fork.other == hash).ok_or(ChoiceError::Unknown)?;
        let version = chosen.version;
        let branch = Some(&chosen.branch).filter(|_| chosen.is_whole());
        let (history, _) =
            branch.and_then(|branch| self.history.branch(branch)).ok_or(ChoiceError::Unseen { version })?;
        let dropped: Vec<SignedCharter> =
            held.iter().filter(|signed| history.by_hash(&signed.hash()).is_none()).cloned().collect();
        chosen.other = dropped.first().map(SignedCharter::hash).ok_or(ChoiceError::Unknown)?;
        chosen.branch = dropped;
        self.history = history;
        for fork in self.forks.iter_mut().filter(|fork| fork.version >= version) {
            fork.decided = if fork.version == version { Some(now) } else { fork.decided.or(Some(now)) };
        }
        Ok(())
    }
}
