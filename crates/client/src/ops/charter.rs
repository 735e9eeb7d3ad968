//! The charter: what changed, and granting rights.

use watchfire_protocol::charter::{self, Charter, CharterBody, CharterSignature, Expiry, Grant, Scope, SignedCharter};
use watchfire_protocol::id::{CoordinatorId, Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::names::NamedCoordinator;
use watchfire_protocol::roster::RosterMember;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::Timestamp;

use super::network::WINDOW_SLACK;
use crate::charters::ForkView;
use crate::client::Client;
use crate::epochs::{load_roster, random16};
use crate::error::ClientError;
use crate::state::{Hood, Profile, names};
use crate::vault::Bucket;

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
    /// What it changed, in words.
    pub changes: Vec<Change>,
}

/// What a version changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The network was founded.
    Founded,
    /// A neighborhood was added.
    Neighborhood(String),
    /// A neighborhood's terms changed.
    Terms(String),
    /// A coordinator was granted rights.
    Granted {
        /// Who, as far as is known.
        who: String,
        /// Where.
        neighborhood: String,
        /// Which rights.
        rights: Vec<&'static str>,
    },
    /// A grant ended.
    Dropped {
        /// Who, as far as is known.
        who: String,
    },
    /// Admins or thresholds changed.
    Admins,
    /// Relays changed.
    Relays,
    /// It was renewed.
    Renewed,
}

/// What `charter show` tells.
#[derive(Clone, Debug)]
pub struct CharterView {
    /// The verified charter.
    pub charter: Charter,
    /// Whether it expires soon, or has.
    pub expiry: Expiry,
    /// Handles of coordinators, as far as they are known here.
    pub handles: Vec<(CoordinatorId, String)>,
    /// Names of neighborhoods, as far as they are known here.
    pub neighborhoods: Vec<(NeighborhoodId, String)>,
    /// Versions that exist twice.
    pub forks: Vec<ForkView>,
    /// Since when a charter is known that only a newer program reads.
    pub newer: Option<Timestamp>,
}

impl CharterView {
    /// What a coordinator is called.
    #[must_use]
    pub fn handle(&self, coordinator: &CoordinatorId) -> String {
        self.handles
            .iter()
            .find(|(id, _)| id == coordinator)
            .map_or_else(|| coordinator.to_string(), |(_, h)| h.clone())
    }

    /// What a neighborhood is called.
    #[must_use]
    pub fn neighborhood(&self, id: &NeighborhoodId) -> String {
        self.neighborhoods.iter().find(|(other, _)| other == id).map_or_else(|| id.to_string(), |(_, n)| n.clone())
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
        let (forks, newer, expiry) = (self.forks()?, self.newer_charter()?, newest.expiry(self.now()));
        self.read(|tx| {
            let (mut handles, mut neighborhoods) = (Vec::new(), Vec::new());
            for terms in &newest.body().neighborhoods {
                if let Some(block) = names(tx, terms.id)? {
                    neighborhoods.push((terms.id, block.neighborhood));
                    handles.extend(block.handles.into_iter().map(|named| (named.coordinator, named.handle)));
                }
            }
            Ok(CharterView { charter: newest.clone(), expiry, handles, neighborhoods, forks, newer })
        })
    }

    /// Every version, oldest first, with what it changed.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn charter_history(&self) -> Result<Vec<VersionView>, ClientError> {
        let (charters, view) = (self.charters()?, self.charter()?);
        let mut before: Option<&Charter> = None;
        let mut out = Vec::new();
        for charter in charters.iter() {
            out.push(VersionView {
                version: charter.version(),
                issued: charter.body().issued,
                expires: charter.body().expires,
                signers: charter.signers().to_vec(),
                changes: changes(before.map(Charter::body), charter.body(), &view),
            });
            before = Some(charter);
        }
        Ok(out)
    }

    /// Grants a member with a charter key rights in a neighborhood, publishes the charter, and opens the next epoch,
    /// which hands over the coordinator secrets. Run again, it goes on where it was.
    ///
    /// # Errors
    /// This vault is no admin's, nobody of that handle brought a charter key, or no relay answers.
    pub async fn grant(
        &self,
        handle: &str,
        hood: NeighborhoodId,
        dispatch: bool,
        enroll: bool,
        until: Option<Timestamp>,
    ) -> Result<(u64, Epoch), ClientError> {
        if !dispatch && !enroll {
            return Err(ClientError::Invalid("say which right to grant: --right dispatch, --right enroll".to_owned()));
        }
        self.profile()?.admin_key("change the charter")?;
        let (link, _) = Box::pin(self.connected(hood)).await?;
        let epoch = link.epoch;
        link.connection.close().await;
        let member = self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let roster = load_roster(tx, hood, state.place(), epoch)?;
            let members: Vec<RosterMember> =
                roster.map(|roster| roster.members().values().cloned().collect()).unwrap_or_default();
            find_handle(&members, handle).cloned()
        })?;
        let Some(key) = member.charter_key else {
            return Err(ClientError::Invalid(format!(
                "`{handle}` joined as a responder: invite them with `watchfire invite new --role coordinator`"
            )));
        };
        let now = self.now();
        let charters = self.charters()?;
        let wanted = Scope {
            neighborhood: hood,
            dispatch,
            enroll,
            not_before: now.minus(WINDOW_SLACK),
            not_after: until.unwrap_or(charters.newest().body().expires),
        };
        let held = charters.newest().body().grants.iter().find(|grant| grant.devices.contains(&key));
        let granted = held.is_some_and(|grant| {
            grant.scopes.iter().any(|scope| {
                let same = scope.neighborhood == hood && scope.dispatch == dispatch && scope.enroll == enroll;
                same && scope.not_after == wanted.not_after
            })
        });
        if !granted {
            self.publish_grant(&member, key, wanted, hood)?;
            let mut connection = self.connect().await?;
            self.sync_charters(&mut connection).await?;
            connection.close().await;
        }
        let epoch = self.rotate(hood).await?;
        Ok((self.charters()?.newest().version(), epoch))
    }

    fn publish_grant(
        &self,
        member: &RosterMember,
        key: PublicKey,
        wanted: Scope,
        hood: NeighborhoodId,
    ) -> Result<(), ClientError> {
        let mut body = self.next_charter_body(self.now())?;
        let coordinator = match body.grants.iter_mut().find(|grant| grant.devices.contains(&key)) {
            Some(grant) => {
                grant.scopes.retain(|scope| scope.neighborhood != hood);
                grant.scopes.push(wanted);
                grant.coordinator
            }
            None => {
                let coordinator = CoordinatorId(random16());
                body.grants.push(Grant { coordinator, devices: vec![key], scopes: vec![wanted] });
                coordinator
            }
        };
        self.vault.transact(|tx| {
            let profile = Profile::load(tx)?;
            let admin = profile.admin_key("change the charter")?;
            let mut block = names(tx, hood)?
                .ok_or_else(|| ClientError::Unexpected("the neighborhood's names are not in this vault".to_owned()))?;
            block.salt = *Secret32::generate(&mut rand::rng()).expose();
            block.handles.retain(|named| named.coordinator != coordinator);
            block.handles.push(NamedCoordinator { coordinator, handle: member.handle.clone() });
            block.handles.sort_by_key(|named| named.coordinator);
            if let Some(terms) = body.neighborhoods.iter_mut().find(|terms| terms.id == hood) {
                terms.names = block.commitment();
            }
            let signed = sign_charter(&body, profile.network, &admin);
            charter::judge(Some(self.charters_in(tx)?.newest()), &signed)?;
            tx.put(Bucket::Charter, &body.version.to_be_bytes(), &signed.to_bytes())?;
            tx.put(Bucket::Names, &hood.0, &block)?;
            Ok(())
        })
    }
}

/// The one member of a handle.
pub(crate) fn find_handle<'a>(members: &'a [RosterMember], handle: &str) -> Result<&'a RosterMember, ClientError> {
    let mut found = members.iter().filter(|member| member.handle == handle || member.id.to_string() == handle);
    let first = found.next().ok_or_else(|| ClientError::NotFound { what: "member", name: handle.to_owned() })?;
    if found.next().is_some() {
        return Err(ClientError::Ambiguous { what: "member", name: handle.to_owned() });
    }
    Ok(first)
}

fn changes(before: Option<&CharterBody>, after: &CharterBody, view: &CharterView) -> Vec<Change> {
    let Some(before) = before else { return vec![Change::Founded] };
    let mut out = Vec::new();
    for terms in &after.neighborhoods {
        match before.neighborhoods.iter().find(|other| other.id == terms.id) {
            None => out.push(Change::Neighborhood(view.neighborhood(&terms.id))),
            Some(other) => {
                let mut same_names = terms.clone();
                same_names.names = other.names;
                if same_names != *other {
                    out.push(Change::Terms(view.neighborhood(&terms.id)));
                }
            }
        }
    }
    for grant in &after.grants {
        let held = before.grants.iter().find(|other| other.coordinator == grant.coordinator);
        for scope in &grant.scopes {
            if !held.is_some_and(|held| held.scopes.contains(scope)) {
                let rights = [("dispatch", scope.dispatch), ("enroll", scope.enroll)];
                out.push(Change::Granted {
                    who: view.handle(&grant.coordinator),
                    neighborhood: view.neighborhood(&scope.neighborhood),
                    rights: rights.iter().filter(|(_, has)| *has).map(|(name, _)| *name).collect(),
                });
            }
        }
    }
    for grant in &before.grants {
        if !after.grants.iter().any(|other| other.coordinator == grant.coordinator) {
            out.push(Change::Dropped { who: view.handle(&grant.coordinator) });
        }
    }
    if (&before.admins, before.threshold, before.restrict_threshold)
        != (&after.admins, after.threshold, after.restrict_threshold)
    {
        out.push(Change::Admins);
    }
    if before.relays != after.relays {
        out.push(Change::Relays);
    }
    if before.expires != after.expires {
        out.push(Change::Renewed);
    }
    out
}
