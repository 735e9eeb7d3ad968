//! The one way by which a charter changes: drawn up, signed with this vault's admin key if it has one, judged, and then
//! published if that suffices, or handed out as a draft for others to sign.
//!
//! Nothing is kept of a version before a relay took it, so that two who change the charter at once do not each hold
//! another one: whoever is later is told, and draws again. Names are kept by their commitment before that, and become
//! names when the version comes back, from whichever home it was published.

use watchfire_protocol::charter::{
    Charter, CharterError, CharterSignature, Draft, Neighborhood, Right, SignedCharter, SignedRestriction, judge_draft,
    sign,
};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::Timestamp;

use super::changes::{Change, changes};
use super::charter::Namebook;
use super::draft::{CharterFile, Names, Proposal};
pub use super::drawing::{Amendment, GrantTerms};
use super::edit::EditError;
use super::naming::{check_changed_names, check_names, with_names};
use super::revoke::Silenced;
use crate::charters::publish;
use crate::client::Client;
use crate::error::ClientError;
use crate::net::Connection;
use crate::route::Errand;
use crate::state::{self, Hood};
use crate::vault::Bucket;

/// What became of a change.
pub enum Outcome {
    /// It is in force.
    Published(Published),
    /// It waits for others.
    Drafted(Drafted),
    /// It was so already.
    Unchanged(Published),
}

/// A version that is in force.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its number.
    pub version: u64,
    /// What it changed.
    pub changes: Vec<Change>,
    /// What things are called.
    pub names: Namebook,
    /// Neighborhoods to which this device gave new keys for it.
    pub epochs: Vec<(NeighborhoodId, Epoch)>,
    /// Neighborhoods in which a coordinator has yet to hand it over.
    pub waiting: Vec<NeighborhoodId>,
}

/// A draft, as a person looks at it.
#[derive(Clone, Debug)]
pub struct DraftView {
    /// Of which network.
    pub network: NetworkId,
    /// Which version it is to be; of a restriction, which one it restricts.
    pub version: u64,
    /// Whether it is a restriction, and no version.
    pub restricts: bool,
    /// Its hash.
    pub hash: String,
    /// What it changes.
    pub changes: Vec<Change>,
    /// What things are called.
    pub names: Namebook,
    /// Who has signed.
    pub signers: Vec<PublicKey>,
    /// How many more must, at the least.
    pub missing: usize,
    /// Whose signatures would help.
    pub awaited: Vec<PublicKey>,
    /// Whether this vault's admin key signed another draft of the same version: only one of them may be published.
    pub rival: bool,
}

impl DraftView {
    pub(crate) fn more_signatures(&self) -> ClientError {
        let version = (!self.restricts).then_some(self.version);
        ClientError::MoreSignatures { version, missing: self.missing, awaited: self.awaited.clone() }
    }
}

/// A draft with its file.
pub struct Drafted {
    /// What it says.
    pub view: DraftView,
    /// The file's bytes.
    pub file: Vec<u8>,
}

/// Why a draft is not signed or published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The file carries none.
    #[error("this file carries charters, and no draft")]
    NoDraft,
    /// It was drawn for another network.
    #[error("this is a draft of another network")]
    OtherNetwork,
    /// Another version was published meanwhile.
    #[error("this draft of version {draft} no longer fits: version {newest} is the newest")]
    Overtaken {
        /// Which version it was to be.
        draft: u64,
        /// Which one there is.
        newest: u64,
    },
    /// This vault lacks what it follows, and the file does too.
    #[error("this draft of version {draft} follows charters that are not here: version {newest} is the newest here")]
    Ahead {
        /// Which version it is to be.
        draft: u64,
        /// Which one there is.
        newest: u64,
    },
    /// The file's charters are not those of this vault.
    #[error("this file follows another chain of charters than this vault")]
    OtherBranch,
    /// The names in the file are not those that the draft commits to.
    #[error("the names in this file are not those of the draft")]
    Names,
    /// This vault is in no network, and the file does not begin with the first charter.
    #[error("this vault is in no network yet, and the file does not carry the first charter")]
    NoGenesis,
    /// This vault's admin key is no admin's, neither before nor after.
    #[error("this vault's key is no admin's of this network, neither before this draft nor by it")]
    NotAdmin,
    /// This vault has signed it.
    #[error("this vault has signed this draft already")]
    AlreadySigned,
    /// It is in force.
    #[error("this draft was published already, as version {version}")]
    Published {
        /// Which version it is.
        version: u64,
    },
    /// It changes names that nobody would have any more.
    #[error("this draft changes the names of `{neighborhood}`, and they were taken out of the file")]
    NamesLacking {
        /// Which neighborhood.
        neighborhood: NeighborhoodId,
    },
    /// Its names are not here.
    #[error("this vault does not know the names of `{neighborhood}`, so it cannot change them")]
    NamesUnknown {
        /// Which neighborhood.
        neighborhood: NeighborhoodId,
    },
    /// Nobody says in which epoch a neighborhood is.
    #[error("no relay answers, and this vault does not know in which epoch the neighborhood is")]
    EpochUnknown,
}

/// A file with a draft that was judged, and of which nothing is kept yet.
pub struct Review {
    file: CharterFile,
    proposed: Proposed,
    history: CharterHistory,
    /// What it says.
    pub view: DraftView,
    /// Whether this vault enters the network by it.
    pub enters: bool,
}

/// What a file proposes, judged.
pub(super) enum Proposed {
    Version(SignedCharter, Box<Draft>),
    Restriction(SignedRestriction),
}

/// What became of a draft that was published.
pub enum Enacted {
    /// A version is in force.
    Version(Published),
    /// A restriction is in force.
    Restriction(Silenced),
}

impl Client {
    /// Changes the charter: publishes the change if this vault's admin key suffices, else gives a draft for a file, as
    /// it does if `only_draft`.
    ///
    /// # Errors
    /// The change breaks a rule, or no relay answers where one is needed. Nothing was changed then.
    pub async fn amend(&self, amendment: &Amendment, only_draft: bool) -> Result<Outcome, ClientError> {
        let profile = self.profile()?;
        if let Amendment::Grant(GrantTerms { hood, .. }) = amendment {
            self.catch_up(*hood).await?;
        }
        let mut online = self.freshened().await?;
        let (body, names) = match self.draw(amendment, &profile, online.as_mut().ok()).await {
            Err(ClientError::Edit(EditError::Unchanged)) if !only_draft => return self.unchanged(amendment).await,
            drawn => drawn?,
        };
        let charters = self.charters()?;
        let mut signed = SignedCharter::unsigned(&body);
        let draft = judge_draft(charters.newest(), &signed)?;
        let admin = self.admin_key()?.filter(|key| draft.may_sign(&key.public()));
        if let Some(key) = &admin {
            add_signature(&mut signed, charters.network(), key);
        }
        let draft = judge_draft(charters.newest(), &signed)?;
        if draft.missing() == 0 && !only_draft {
            let published = self.put_in_force(online?, &signed, &names, false).await?;
            return Ok(Outcome::Published(published));
        }
        let before = self.known_names(charters.newest().body())?;
        let mut view = draft_view(&charters, &signed, &draft, &before, &names);
        view.rival = self.vault.transact(|tx| {
            state::keep_draft_names(tx, body.version, names.values())?;
            if admin.is_some() {
                state::note_signed(tx, body.version, &signed.hash(), self.now())?;
            }
            state::signed_another(tx, body.version, &signed.hash())
        })?;
        let file = CharterFile { charters: self.signed_charters()?, names, draft: Some(Proposal::Charter(signed)) };
        Ok(Outcome::Drafted(Drafted { view, file: file.to_bytes() }))
    }

    /// Reads a draft's file and judges all of it. Nothing is kept.
    ///
    /// # Errors
    /// It is damaged, of another network, or no longer fits; the error says which.
    pub fn review(&self, bytes: &[u8]) -> Result<Review, ClientError> {
        let file = CharterFile::from_bytes(bytes)?;
        let proposal = file.draft.clone().ok_or(DraftError::NoDraft)?;
        let held = match self.charters() {
            Ok(held) => Some(held),
            Err(ClientError::NoNetwork) => None,
            Err(error) => return Err(error),
        };
        let enters = held.is_none();
        let history = match with_charters(held, &file.charters) {
            Err(ClientError::Charter(CharterError::Fork { .. })) => {
                self.take_signed(&file.charters)?;
                return Err(DraftError::OtherBranch.into());
            }
            history => history?,
        };
        if !enters {
            self.refuse_if_forked()?;
        }
        let (proposed, view) = match proposal {
            Proposal::Charter(signed) => self.review_version(&history, &file.names, signed)?,
            Proposal::Restriction(signed) => self.review_restriction(&history, &file.names, signed)?,
        };
        Ok(Review { file, proposed, history, view, enters })
    }

    fn review_version(
        &self,
        history: &CharterHistory,
        names: &Names,
        signed: SignedCharter,
    ) -> Result<(Proposed, DraftView), ClientError> {
        let draft = match judge_draft(history.newest(), &signed) {
            Err(_) if history.by_hash(&signed.hash()).is_some() => {
                let version = history.by_hash(&signed.hash()).map_or(0, Charter::version);
                return Err(DraftError::Published { version }.into());
            }
            Err(CharterError::OtherNetwork { .. }) => return Err(DraftError::OtherNetwork.into()),
            Err(CharterError::Older { have, got }) => {
                return Err(DraftError::Overtaken { draft: got, newest: have }.into());
            }
            Err(CharterError::Gap { have, got }) => return Err(DraftError::Ahead { draft: got, newest: have }.into()),
            judged => judged?,
        };
        check_names(&draft.body, names)?;
        let mut all = self.known_names(&draft.body)?;
        all.extend(names.clone());
        check_changed_names(history.newest().body(), &draft.body, &all)?;
        let before = self.known_names(history.newest().body())?;
        let rival = self.read(|tx| state::signed_another(tx, draft.body.version, &signed.hash()))?;
        let view = DraftView { rival, ..draft_view(history, &signed, &draft, &before, &all) };
        Ok((Proposed::Version(signed, Box::new(draft)), view))
    }

    /// Whether this vault's admin key may sign a draft; asked before a person is.
    ///
    /// # Errors
    /// It has none, is no admin's, or has signed.
    pub fn may_sign(&self, review: &Review) -> Result<(), ClientError> {
        let key = self.admin_key()?.ok_or(ClientError::NoAdminKey)?.public();
        if review.view.signers.contains(&key) {
            return Err(DraftError::AlreadySigned.into());
        }
        let may = match &review.proposed {
            Proposed::Version(_, draft) => draft.may_sign(&key),
            Proposed::Restriction(_) => review.history.newest().body().admins.contains(&key),
        };
        if may { Ok(()) } else { Err(DraftError::NotAdmin.into()) }
    }

    /// Signs a draft. The vault enters the network, or takes the charters that the file brings, and keeps the names.
    ///
    /// # Errors
    /// As [`Self::may_sign`].
    pub fn sign_draft(&self, review: Review) -> Result<Drafted, ClientError> {
        self.may_sign(&review)?;
        let key = self.admin_key()?.ok_or(ClientError::NoAdminKey)?;
        let Review { mut file, proposed, history, .. } = review;
        let mut signed = match proposed {
            Proposed::Version(signed, _) => signed,
            Proposed::Restriction(signed) => return self.sign_restriction(file, &history, signed, &key),
        };
        add_signature(&mut signed, history.network(), &key);
        let draft = judge_draft(history.newest(), &signed)?;
        self.take_file(&file.charters)?;
        let (version, hash, before) = (draft.body.version, signed.hash(), self.known_names(history.newest().body())?);
        let rival = self.vault.transact(|tx| {
            state::keep_draft_names(tx, version, file.names.values())?;
            state::note_signed(tx, version, &hash, self.now())?;
            state::signed_another(tx, version, &hash)
        })?;
        let names = self.known_names(&draft.body)?;
        let view = DraftView { rival, ..draft_view(&history, &signed, &draft, &before, &names) };
        file.draft = Some(Proposal::Charter(signed));
        Ok(Drafted { view, file: file.to_bytes() })
    }

    /// Publishes a draft that enough admins have signed. Run again, it hands over what is still to be handed over.
    ///
    /// # Errors
    /// Signatures are missing, it no longer fits, or no relay answers.
    pub async fn publish_draft(&self, bytes: &[u8]) -> Result<Enacted, ClientError> {
        let file = CharterFile::from_bytes(bytes)?;
        // A vault in no network has nobody to ask before it has read the file.
        let online = match self.charters() {
            Ok(_) => Some(self.freshened().await?),
            Err(ClientError::NoNetwork) => None,
            Err(error) => return Err(error),
        };
        let review = match self.review(bytes) {
            Err(ClientError::Draft(DraftError::Published { .. })) => None,
            review => Some(review?),
        };
        if let Some(lacking) = review.as_ref().filter(|review| review.view.missing > 0) {
            return Err(lacking.view.more_signatures());
        }
        self.take_file(&file.charters)?;
        if let Some(Review { proposed: Proposed::Restriction(signed), view, .. }) = review {
            self.take_names(&file.names)?;
            return Ok(Enacted::Restriction(self.silence(&signed, view).await?));
        }
        let online = match online {
            Some(online) => online?,
            None => self.freshened().await??,
        };
        let published = match review {
            Some(Review { proposed: Proposed::Version(signed, _), .. }) => {
                self.put_in_force(online, &signed, &file.names, true).await?
            }
            _ => {
                self.take_names(&file.names)?;
                self.hand_over_newest(online, true).await?
            }
        };
        Ok(Enacted::Version(published))
    }

    /// Publishes a version that holds, takes it, and gives new keys where this device may.
    async fn put_in_force(
        &self,
        mut online: Connection,
        signed: &SignedCharter,
        names: &Names,
        open: bool,
    ) -> Result<Published, ClientError> {
        let charters = self.charters()?;
        let version = charters.newest().version() + 1;
        let before = self.known_names(charters.newest().body())?;
        self.vault.transact(|tx| state::keep_draft_names(tx, version, names.values()))?;
        publish(&mut online, charters.network(), signed.to_bytes(), None).await?;
        self.take_signed(std::slice::from_ref(signed))?;
        let mut published = self.hand_over_newest(online, open).await?;
        let after = self.known_names(self.charters()?.newest().body())?;
        published.changes = with_names(published.changes, &before, &after);
        Ok(published)
    }

    /// What the newest version changed, with new keys where this device may give them and they are called for.
    async fn hand_over_newest(&self, mut online: Connection, open: bool) -> Result<Published, ClientError> {
        let charters = self.charters()?;
        let newest = charters.newest();
        let before = charters.iter().rev().nth(1);
        let mut published = self.published(newest, before)?;
        for hood in before.map(|before| to_hand_over(before, newest, self.now(), open)).unwrap_or_default() {
            match self.hand_over(&mut online, hood).await {
                Ok(Some(epoch)) => published.epochs.push((hood, epoch)),
                // The charter is in force whatever becomes of this.
                Ok(None) | Err(_) => published.waiting.push(hood),
            }
        }
        let told = online.relay();
        online.close().await;
        self.level_charters(&told).await?;
        Ok(published)
    }

    fn published(&self, newest: &Charter, before: Option<&Charter>) -> Result<Published, ClientError> {
        Ok(Published {
            version: newest.version(),
            changes: changes(before.map(Charter::body), newest.body()),
            names: self.namebook()?,
            epochs: vec![],
            waiting: vec![],
        })
    }

    /// Opens the next epoch of a neighborhood, or its first one, if this device may.
    async fn hand_over(&self, online: &mut Connection, hood: NeighborhoodId) -> Result<Option<Epoch>, ClientError> {
        let (known, keys) = self.read(|tx| {
            let keys: Option<Hood> = tx.get(Bucket::Hood, &hood.0)?;
            Ok((state::names(tx, hood)?.is_some(), keys.is_some_and(|hood| hood.epoch != Epoch::NONE)))
        })?;
        if !known || !self.may(hood, Right::Enroll)? {
            return Ok(None);
        }
        if keys {
            return Box::pin(self.rotate(hood)).await.map(Some);
        }
        let place = Place { network: self.charters()?.network(), neighborhood: hood };
        if self.standing(online, place).await?.epoch != Epoch::NONE {
            return Ok(None);
        }
        Box::pin(self.open_first(online, hood)).await?;
        Ok(Some(Epoch(1)))
    }

    /// It is so already: perhaps this was interrupted before it was handed over.
    async fn unchanged(&self, amendment: &Amendment) -> Result<Outcome, ClientError> {
        let charters = self.charters()?;
        let mut published = self.published(charters.newest(), None)?;
        published.changes.clear();
        if let Amendment::Grant(GrantTerms { hood, .. }) = amendment {
            match self.may(*hood, Right::Enroll)? {
                true => published.epochs.push((*hood, self.rotate(*hood).await?)),
                false => published.waiting.push(*hood),
            }
        }
        Ok(Outcome::Unchanged(published))
    }

    /// A relay that was reached, with the newest charters; or why none was, which bars no draft.
    pub(super) async fn freshened(&self) -> Result<Result<Connection, ClientError>, ClientError> {
        let reached = async {
            let mut online = self.connect(Errand::Keys, None).await?;
            self.sync_charters(&mut online).await?;
            Ok(online)
        };
        match Box::pin(reached).await {
            Err(
                error @ (ClientError::Unreachable { .. }
                | ClientError::Broken(_)
                | ClientError::WrongRelay { .. }
                | ClientError::NotAllowed { .. }
                | ClientError::RelayNewer { .. }
                | ClientError::RelayOlder { .. }
                | ClientError::Refused(_)),
            ) => Ok(Err(error)),
            reached => reached.map(Ok),
        }
    }

    /// Reads a neighborhood's roster to its end, if this vault coordinates there and a relay answers.
    async fn catch_up(&self, hood: NeighborhoodId) -> Result<(), ClientError> {
        if !self.read(|tx| Ok(tx.get::<Hood>(Bucket::Hood, &hood.0)?.is_some()))? {
            return Ok(());
        }
        match Box::pin(self.connected(hood)).await {
            Ok((link, _)) => {
                link.connection.close().await;
                Ok(())
            }
            Err(ClientError::Unreachable { .. } | ClientError::Broken(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The charters of this vault, oldest first, as they were signed.
    pub(crate) fn signed_charters(&self) -> Result<Vec<SignedCharter>, ClientError> {
        let read = |bytes: &Vec<u8>| SignedCharter::from_bytes(bytes).map_err(|_| crate::vault::VaultError::Damaged);
        Ok(self.charter_bytes(1)?.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Takes charters that a file brings, those that are not here yet. A vault that is in no network enters it.
    pub(crate) fn take_file(&self, charters: &[SignedCharter]) -> Result<(), ClientError> {
        match self.charters() {
            Ok(_) => self.take_signed(charters),
            Err(ClientError::NoNetwork) => self.enter(&with_charters(None, charters)?, charters, NOBODY_YET),
            Err(error) => Err(error),
        }
    }

    /// Takes charters that follow. A fork is kept as evidence, and stops what was to be done.
    fn take_signed(&self, charters: &[SignedCharter]) -> Result<(), ClientError> {
        let offered = self.take_charters(charters)?;
        self.refuse_if_forked()?;
        offered.refused.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// What somebody is called who is in a network and in no neighborhood yet.
pub(super) const NOBODY_YET: &str = "admin";

fn add_signature(signed: &mut SignedCharter, network: NetworkId, key: &SecretKey) {
    let signature = sign(key, network, &signed.body);
    signed.insert(CharterSignature { signer: key.public(), signature });
}

/// What a draft says, by the names before it and those to which it commits.
pub(super) fn draft_view(
    history: &CharterHistory,
    signed: &SignedCharter,
    draft: &Draft,
    before: &Names,
    names: &Names,
) -> DraftView {
    DraftView {
        network: history.network(),
        version: draft.body.version,
        restricts: false,
        hash: signed.hash().to_string(),
        changes: with_names(changes(Some(history.newest().body()), &draft.body), before, names),
        names: Namebook::of(before).and(names),
        signers: signed.signatures.iter().map(|signature| signature.signer).collect(),
        missing: draft.missing(),
        awaited: draft.awaited(),
        rival: false,
    }
}

/// The charters that are held and those that a file brings, judged. Of a vault in no network, the file's alone.
fn with_charters(held: Option<CharterHistory>, charters: &[SignedCharter]) -> Result<CharterHistory, ClientError> {
    let mut charters = charters.iter();
    let mut history = match held {
        Some(held) => held,
        None => {
            let first = charters.next().ok_or(DraftError::NoGenesis)?;
            CharterHistory::found(first).map_err(|error| match error {
                CharterError::Gap { .. } => DraftError::NoGenesis.into(),
                error => ClientError::Charter(error),
            })?
        }
    };
    for signed in charters {
        match history.judge(signed) {
            Ok(_) => history.push(signed)?,
            Err(CharterError::AlreadyHeld { .. }) => {}
            Err(CharterError::OtherNetwork { .. }) => return Err(DraftError::OtherNetwork.into()),
            // Those between are not in the file: what follows says what it lacks.
            Err(CharterError::Gap { .. }) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(history)
}

/// Neighborhoods whose members or coordinators get something by a version that only new keys can hand over: other names,
/// or the coordinators' secrets. Those that are new only if this device is to open them.
fn to_hand_over(before: &Charter, after: &Charter, now: Timestamp, open: bool) -> Vec<NeighborhoodId> {
    let devices = |charter: &Charter, hood| -> Vec<PublicKey> {
        let devices = charter.body().grants.iter().flat_map(|grant| grant.devices.iter().copied());
        devices.filter(|key| charter.as_written().any_right(key, hood, now).is_some()).collect()
    };
    let called_for = |terms: &&Neighborhood| match before.neighborhood(terms.id) {
        _ if terms.closed => false,
        None => open,
        Some(held) => held.names != terms.names || devices(before, terms.id) != devices(after, terms.id),
    };
    after.body().neighborhoods.iter().filter(called_for).map(|terms| terms.id).collect()
}
