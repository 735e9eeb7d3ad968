//! The charter: what changed, and granting rights.

use std::collections::{BTreeMap, BTreeSet};

use watchfire_protocol::charter::{
    self, Charter, CharterBody, CharterSignature, Expiry, Restriction, SignedCharter, Subject,
};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{CoordinatorId, Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::roster::RosterMember;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::Timestamp;

use super::amend::{Amendment, Drafted, GrantTerms, Outcome};
use super::changes::{Change, changes};
use super::draft::Names;
use crate::charters::ForkView;
use crate::client::Client;
use crate::error::ClientError;
use crate::state::{Hood, Profile, names};

pub(crate) fn sign_charter(body: &CharterBody, network: NetworkId, admin: &SecretKey) -> SignedCharter {
    let mut signed = SignedCharter::unsigned(body);
    let signature = charter::sign(admin, network, &signed.body);
    signed.insert(CharterSignature { signer: admin.public(), signature });
    signed
}

/// One version, for `charter history`.
#[derive(Clone, Debug)]
pub struct VersionView {
    /// Its number.
    pub version: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
    /// Who signed it.
    pub signers: Vec<PublicKey>,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// What `charter show` tells.
#[derive(Clone, Debug)]
pub struct CharterView {
    /// The verified charter.
    pub charter: Charter,
    /// Whether it expires soon, or has.
    pub expiry: Expiry,
    /// What things are called, as far as that is known here.
    pub names: Namebook,
    /// Restrictions in force, the earliest first.
    pub restrictions: Vec<Restriction>,
    /// Versions that exist twice.
    pub forks: Vec<ForkView>,
    /// Since when a charter is known that only a newer program reads.
    pub newer: Option<Timestamp>,
}

/// What coordinators, neighborhoods and the network are called, as far as it is known here.
#[derive(Clone, Debug, Default)]
pub struct Namebook {
    network: Option<String>,
    handles: BTreeMap<CoordinatorId, String>,
    neighborhoods: BTreeMap<NeighborhoodId, String>,
    /// This vault's own admin key, and what its person is called.
    own: Option<(PublicKey, String)>,
}

impl Namebook {
    /// What names say.
    #[must_use]
    pub fn of(names: &Names) -> Self {
        Self::default().and(names)
    }

    /// The same, with what further names say.
    #[must_use]
    pub fn and(mut self, names: &Names) -> Self {
        for (hood, block) in names {
            self.network = Some(block.network.clone());
            self.neighborhoods.insert(*hood, block.neighborhood.clone());
            self.handles.extend(block.handles.iter().map(|named| (named.coordinator, named.handle.clone())));
        }
        self
    }

    /// The same for a program, to which it does not matter who asks.
    #[must_use]
    pub fn impersonal(&self) -> Self {
        Self { own: None, ..self.clone() }
    }

    /// Whom a restriction means: a coordinator, or the key of one device.
    #[must_use]
    pub fn subject(&self, subject: &Subject) -> String {
        match subject {
            Subject::Coordinator(who) => self.handle(who),
            Subject::Device(key) => key.to_string(),
        }
    }

    /// Whether all are named to whom a charter grants something, and all neighborhoods.
    #[must_use]
    pub fn know(&self, body: &CharterBody) -> bool {
        body.grants.iter().all(|grant| self.handles.contains_key(&grant.coordinator))
            && body.neighborhoods.iter().all(|terms| self.neighborhoods.contains_key(&terms.id))
    }

    /// What those are called to whom a charter grants something; nothing unless all of them are named.
    #[must_use]
    pub fn coordinators(&self, body: &CharterBody) -> Option<BTreeSet<&str>> {
        body.grants.iter().map(|grant| self.handles.get(&grant.coordinator).map(String::as_str)).collect()
    }

    /// What the network is called.
    #[must_use]
    pub fn network(&self) -> Option<&str> {
        self.network.as_deref()
    }

    /// What a coordinator is called; their id where that is not known.
    #[must_use]
    pub fn handle(&self, coordinator: &CoordinatorId) -> String {
        self.handles.get(coordinator).cloned().unwrap_or_else(|| coordinator.to_string())
    }

    /// What a neighborhood is called; its id where that is not known.
    #[must_use]
    pub fn neighborhood(&self, id: &NeighborhoodId) -> String {
        self.neighborhoods.get(id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// What the person with this admin key is called, if it is this vault's.
    #[must_use]
    pub fn admin(&self, key: &PublicKey) -> Option<&str> {
        self.own.as_ref().filter(|(own, _)| own == key).map(|(_, handle)| handle.as_str())
    }
}

impl Client {
    /// The newest charter, with what names are known.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn charter(&self) -> Result<CharterView, ClientError> {
        let charters = self.charters()?;
        let newest = charters.newest();
        Ok(CharterView {
            charter: newest.clone(),
            expiry: newest.expiry(self.now()),
            names: self.namebook()?,
            restrictions: charters.restrictions().to_vec(),
            forks: self.forks()?,
            newer: self.newer_charter()?,
        })
    }

    /// What things are called, by the newest names that this vault holds.
    pub(crate) fn namebook(&self) -> Result<Namebook, ClientError> {
        let (charters, own) = (self.charters()?, self.admin_key()?);
        self.read(|tx| {
            let mut held = Names::new();
            for terms in &charters.newest().body().neighborhoods {
                held.extend(names(tx, terms.id)?.map(|block| (terms.id, block)));
            }
            let own = own.map(|key| Ok::<_, ClientError>((key.public(), Profile::load(tx)?.handle))).transpose()?;
            Ok(Namebook { own, ..Namebook::of(&held) })
        })
    }

    /// The neighborhood of the charter that a name means; the only open one, if no name is given.
    ///
    /// # Errors
    /// None, or more than one.
    pub fn charter_hood(&self, wanted: Option<&str>) -> Result<NeighborhoodId, ClientError> {
        let all = self.neighborhoods()?.into_iter().filter(|hood| wanted.is_some() || !hood.closed);
        crate::client::pick_hood(wanted, all.map(|hood| (hood.id, hood.name)).collect())
    }

    /// Whether the charter ends soon, for those who can do something about it; or has ended, for everybody.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn expiry_notice(&self) -> Result<Option<Expiry>, ClientError> {
        let (charters, profile) = (self.charters()?, self.profile()?);
        let newest = charters.newest();
        let admin = self.admin_key()?.is_some_and(|key| newest.body().admins.contains(&key.public()));
        let mut devices =
            profile.device.iter().chain(&profile.candidates).map(|seed| SecretKey::from_seed(seed).public());
        let concerned = admin || devices.any(|key| charters.rights().coordinator_of(&key).is_some());
        Ok(match newest.expiry(self.now()) {
            Expiry::Fine => None,
            Expiry::Soon { .. } if !concerned => None,
            expiry => Some(expiry),
        })
    }

    /// Every version, oldest first, with what it changed.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn charter_history(&self) -> Result<Vec<VersionView>, ClientError> {
        Ok(version_views(&self.charters()?, 1))
    }

    /// To how many the quorum of a neighborhood can rise again that fell when somebody was revoked, and that nobody set
    /// since.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn quorum_to_restore(&self, hood: NeighborhoodId) -> Result<Option<u8>, ClientError> {
        let charters = self.charters()?;
        let quorum = |charter: &Charter| charter.neighborhood(hood).map(|terms| terms.quorum);
        let Some(held) = quorum(charters.newest()) else { return Ok(None) };
        let versions: Vec<&Charter> = charters.iter().collect();
        let mut steps = versions.windows(2).rev();
        let last = steps.find_map(|pair| match pair {
            [before, after] if quorum(before) != quorum(after) => Some((*before, *after)),
            _ => None,
        });
        let Some((before, after)) = last else { return Ok(None) };
        let revoked = after.body().revocations.len() > before.body().revocations.len();
        let may = charters.rights().dispatchers(hood, self.now());
        let restored = quorum(before).unwrap_or(held).min(u8::try_from(may).unwrap_or(u8::MAX));
        Ok(Some(restored).filter(|restored| revoked && *restored > held))
    }

    /// Grants a member with a charter key rights in a neighborhood, publishes the charter, and opens the next epoch,
    /// which hands over the coordinator secrets. Run again, it goes on where it was.
    ///
    /// # Errors
    /// More admins must sign, nobody of that handle brought a charter key, or no relay answers.
    pub async fn grant(
        &self,
        handle: &str,
        hood: NeighborhoodId,
        dispatch: bool,
        enroll: bool,
        until: Option<Timestamp>,
    ) -> Result<(u64, Epoch), ClientError> {
        let terms = GrantTerms { handle: handle.to_owned(), hood, dispatch, enroll, until };
        match self.amend(&Amendment::Grant(terms), false).await? {
            Outcome::Published(done) | Outcome::Unchanged(done) => {
                let held = self.read(|tx| Ok(Hood::load(tx, hood)?.epoch))?;
                let opened = done.epochs.iter().find(|(place, _)| *place == hood).map(|(_, epoch)| *epoch);
                Ok((done.version, opened.unwrap_or(held)))
            }
            Outcome::Drafted(Drafted { view, .. }) => Err(view.more_signatures()),
        }
    }
}

/// The versions from one on, each with what it changed.
pub(crate) fn version_views(history: &CharterHistory, from: u64) -> Vec<VersionView> {
    let mut before: Option<&Charter> = None;
    let mut out = Vec::new();
    for charter in history.iter() {
        if charter.version() >= from {
            out.push(VersionView {
                version: charter.version(),
                issued: charter.body().issued,
                expires: charter.body().expires,
                signers: charter.signers().to_vec(),
                changes: changes(before.map(Charter::body), charter.body()),
            });
        }
        before = Some(charter);
    }
    out
}

/// The one member of a handle.
pub(crate) fn find_handle<'a>(members: &'a [RosterMember], handle: &str) -> Result<&'a RosterMember, ClientError> {
    let called = |member: &&RosterMember| member.handle == handle || member.id.to_string() == handle;
    let found: Vec<&RosterMember> = members.iter().filter(called).collect();
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(ClientError::NotFound { what: "member", name: handle.to_owned() }),
        several => {
            // Of a member all of the id is typed.
            let candidates = several.iter().map(|member| member.id.to_string()).collect();
            Err(ClientError::Ambiguous { what: "member", name: handle.to_owned(), candidates })
        }
    }
}
