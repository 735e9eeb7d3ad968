//! Charters in a file: taken out of a vault, brought into one, and judged without any. A relay that keeps a charter back
//! is gone around so.

use watchfire_protocol::charter::{Charter, CharterBody, CharterError, SignedCharter, SignedRestriction, judge_draft};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::NetworkId;

use super::amend::{DraftView, NOBODY_YET, draft_view};
use super::charter::Namebook;
use super::draft::{CharterFile, CharterFileError, Names, Proposal};
use super::naming::{check_changed_names, committed};
use super::revoke::restriction_view;
use crate::client::Client;
use crate::error::ClientError;
use crate::vault::VaultError;

/// Why a file is not brought in.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] CharterFileError),
    /// What it brings does not hold.
    #[error("a charter in this file is refused: {0}")]
    Charter(#[from] CharterError),
    /// It begins later than with the first version, and nothing is held that it could follow.
    #[error("this file does not begin with the first charter, so it cannot be judged by itself")]
    NoGenesis,
    /// It brings no charter at all.
    #[error("this file carries no charter")]
    Empty,
    /// Names to which nothing in it commits.
    #[error("the names in this file are not those that its charters commit to")]
    Names,
    /// The vault.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl From<VaultError> for ChainError {
    fn from(error: VaultError) -> Self {
        Self::Client(error.into())
    }
}

/// A file whose charters hold. Nothing of it is kept yet.
pub struct JudgedFile {
    file: CharterFile,
    history: CharterHistory,
    draft: Option<DraftView>,
    /// Whether a version in it can only be read by a newer program.
    pub newer: bool,
}

impl JudgedFile {
    /// Reads and judges a file by itself: the first version is in it.
    ///
    /// # Errors
    /// It is damaged, or what it brings does not hold.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ChainError> {
        let file = CharterFile::from_bytes(bytes)?;
        let (first, rest) = file.charters.split_first().ok_or(ChainError::Empty)?;
        let mut history = CharterHistory::found(first).map_err(|error| match error {
            CharterError::Gap { .. } => ChainError::NoGenesis,
            error => error.into(),
        })?;
        let mut newer = false;
        for signed in rest {
            match history.push(signed) {
                Err(CharterError::Newer) => {
                    newer = true;
                    break;
                }
                pushed => pushed?,
            }
        }
        let draft = match &file.draft {
            Some(Proposal::Charter(signed)) if !newer => Some(judged_version(&history, &file.names, signed)?),
            Some(Proposal::Restriction(signed)) if !newer => Some(judged_restriction(&history, &file.names, signed)?),
            _ => {
                check_names(&file.names, [history.newest().body()].into_iter())?;
                None
            }
        };
        Ok(Self { file, history, draft, newer })
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.history.network()
    }

    /// The newest charter in it that can be read.
    #[must_use]
    pub const fn newest(&self) -> &Charter {
        self.history.newest()
    }

    /// All versions, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = &Charter> {
        self.history.iter()
    }

    /// What it proposes: the next version, or a restriction.
    #[must_use]
    pub const fn draft(&self) -> Option<&DraftView> {
        self.draft.as_ref()
    }

    /// The name of the network, as far as the file says it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.file.names.values().next().map(|block| block.network.as_str())
    }
}

fn judged_version(history: &CharterHistory, names: &Names, signed: &SignedCharter) -> Result<DraftView, ChainError> {
    let (draft, newest) = (judge_draft(history.newest(), signed)?, history.newest().body());
    check_names(names, [newest, &draft.body].into_iter())?;
    let (before, after) = (committed(newest, names), committed(&draft.body, names));
    check_changed_names(newest, &draft.body, &after).map_err(ClientError::from)?;
    Ok(draft_view(history, signed, &draft, &before, &after))
}

fn judged_restriction(
    history: &CharterHistory,
    names: &Names,
    signed: &SignedRestriction,
) -> Result<DraftView, ChainError> {
    let named = signed.claim().ok().and_then(|claim| history.by_hash(&claim.charter));
    let named = named.unwrap_or_else(|| history.newest());
    check_names(names, [named.body()].into_iter())?;
    Ok(restriction_view(history, signed, Namebook::of(names))?)
}

fn check_names<'a>(names: &Names, bodies: impl Iterator<Item = &'a CharterBody> + Clone) -> Result<(), ChainError> {
    let mut committed = bodies.flat_map(|body| &body.neighborhoods).map(|terms| (terms.id, terms.names));
    let committed: std::collections::BTreeSet<_> = committed.by_ref().collect();
    let known = names.iter().all(|(hood, block)| committed.contains(&(*hood, block.commitment())));
    if known { Ok(()) } else { Err(ChainError::Names) }
}

/// What a file was written with.
pub struct Exported {
    /// The file.
    pub bytes: Vec<u8>,
    /// The newest version in it.
    pub version: u64,
    /// How many versions are in it; fewer than there are, where all would be too large.
    pub versions: usize,
}

/// What a file brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many versions are new here.
    pub taken: usize,
    /// Of how many neighborhoods the names were not known here.
    pub names: usize,
    /// It carries a draft that enough have signed: nothing but publishing it is left.
    pub publishable: bool,
    /// The newest version that is held now.
    pub version: u64,
    /// What it shows lies on another branch than what is held.
    pub forked: bool,
    /// It has newer versions, which wait until a person has chosen between two branches.
    pub waiting: bool,
    /// It has a version that only a newer program can read.
    pub newer: bool,
}

impl Client {
    /// The whole chain, with the names that this vault knows.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn export_charters(&self) -> Result<Exported, ClientError> {
        let held = self.charters()?;
        let newest = held.newest();
        let (charters, names) = (self.signed_charters()?, self.known_names(newest.body())?);
        let file = CharterFile { charters, names, draft: None };
        let bytes = file.to_bytes();
        let versions = CharterFile::from_bytes(&bytes).map_or(0, |file| file.charters.len());
        Ok(Exported { bytes, version: newest.version(), versions })
    }

    /// Whether a file would bring this vault into a network: then a person must compare what it shows first.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn has_network(&self) -> Result<bool, ClientError> {
        match self.profile() {
            Ok(_) => Ok(true),
            Err(ClientError::NoNetwork) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Enters the network of a file, whose id a person has compared.
    ///
    /// # Errors
    /// The vault is in a network already.
    pub fn enter_by_file(&self, judged: &JudgedFile) -> Result<Imported, ChainError> {
        if self.has_network()? {
            return Err(ClientError::HasNetwork.into());
        }
        self.enter(&judged.history, &judged.file.charters, NOBODY_YET)?;
        let names = self.take_names(&judged.file.names)?;
        let publishable = judged.draft.as_ref().is_some_and(|draft| draft.missing == 0);
        let (taken, version) = (judged.history.iter().count(), judged.history.newest().version());
        Ok(Imported { taken, names, publishable, version, forked: false, waiting: false, newer: judged.newer })
    }

    /// Takes the newer charters of a file into a vault that is in its network; a fork is kept as evidence.
    ///
    /// # Errors
    /// It is damaged, of another network, or a charter in it does not hold. Those before that one are taken.
    pub fn import_charters(&self, bytes: &[u8]) -> Result<Imported, ChainError> {
        let file = CharterFile::from_bytes(bytes)?;
        if file.charters.is_empty() {
            return Err(ChainError::Empty);
        }
        let mut offered = self.take_charters(&file.charters)?;
        let names = self.take_names(&file.names)?;
        if let Some(refused) = offered.refused.take() {
            return Err(refused.into());
        }
        let version = self.charters()?.newest().version();
        let publishable = file.draft.is_some() && self.review(bytes).is_ok_and(|review| review.view.missing == 0);
        let (forked, waiting, newer) = (offered.forked, offered.waiting, offered.newer.is_some());
        Ok(Imported { taken: offered.taken.len(), names, publishable, version, forked, waiting, newer })
    }
}
