//! Founding a network and its neighborhoods.

use watchfire_protocol::branch::Branches;
use watchfire_protocol::charter::{
    self, BelowQuorum, CharterBody, DEFAULT_GRACE_DAYS, DEFAULT_RESTRICT_THRESHOLD, Neighborhood, Relay, SignedCharter,
    genesis_network,
};
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::id::{
    AnnouncementHash, CharterHash, CoordinatorId, Epoch, MemberId, NeighborhoodId, NetworkId, RequestHash,
};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::names::{NAME_LEN, NamesBlock};
use watchfire_protocol::roster::{Event, Roster, RosterMember, RosterSecrets};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::slot::SlotSecret;
use watchfire_protocol::time::{DAY, HOUR, Hour, Timestamp};
use watchfire_protocol::wire::Extensions;

use super::amend::{Amendment, Outcome};
use super::charter::{Namebook, sign_charter};
use super::drawing::granted_places;
use super::edit::{EditError, NewTerms};
use super::naming::coordinator_named;
use crate::charters::publish;
use crate::client::Client;
use crate::epochs::random16;
use crate::error::ClientError;
use crate::net::Connection;
use crate::open::Why;
use crate::route::Errand;
use crate::state::{self, Hood, Profile};
use crate::vault::Bucket;
use watchfire_protocol::text::is_invisible;

/// How long a charter is good for, unless an admin says otherwise.
pub const CHARTER_DAYS: u64 = 365;
/// A window begins so much before the charter that grants it: clocks differ.
pub const WINDOW_SLACK: u64 = HOUR;

/// What `network create` and `network show` tell.
#[derive(Clone, Debug)]
pub struct NetworkView {
    /// Its id.
    pub id: NetworkId,
    /// Its name.
    pub name: String,
    /// Its relays, in order.
    pub relays: Vec<Relay>,
    /// The newest charter's version.
    pub charter_version: u64,
}

/// What `neighborhood list` tells.
#[derive(Clone, Debug)]
pub struct NeighborhoodView {
    /// Its id.
    pub id: NeighborhoodId,
    /// Its name, or its id where the name is not known here.
    pub name: String,
    /// How many coordinators must sign.
    pub quorum: u8,
    /// What becomes of alerts below that.
    pub below_quorum: BelowQuorum,
    /// How long records are kept, in hours.
    pub retention_hours: u32,
    /// The newest epoch with keys here; 0 for none.
    pub epoch: Epoch,
    /// Whether it is closed.
    pub closed: bool,
}

/// How a neighborhood is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeighborhoodTerms {
    /// How many coordinators must sign.
    pub quorum: u8,
    /// What becomes of alerts below that.
    pub below_quorum: BelowQuorum,
    /// How long records are kept, in hours.
    pub retention_hours: u32,
}

impl Default for NeighborhoodTerms {
    fn default() -> Self {
        Self { quorum: 1, below_quorum: BelowQuorum::Show, retention_hours: 72 }
    }
}

impl NeighborhoodTerms {
    /// The same, with what is said otherwise.
    #[must_use]
    pub fn with(self, new: NewTerms) -> Self {
        Self {
            quorum: new.quorum.unwrap_or(self.quorum),
            below_quorum: new.below_quorum.unwrap_or(self.below_quorum),
            retention_hours: new.retention_hours.unwrap_or(self.retention_hours),
        }
    }
}

pub(crate) fn check_name(what: &str, name: &str) -> Result<String, ClientError> {
    let name = name.trim();
    if name.is_empty() || name.len() > NAME_LEN || name.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(ClientError::Invalid(format!(
            "{what} has 1 to {NAME_LEN} bytes and no control or invisible characters"
        )));
    }
    Ok(name.to_owned())
}

impl Client {
    /// Founds a network: admin key, genesis charter, this device's own coordinator key. Run again, it publishes what
    /// the vault holds.
    ///
    /// # Errors
    /// The vault is in another network, no relay answers, or its operator has not allowed the network.
    pub async fn create_network(
        &self,
        name: &str,
        handle: &str,
        url: &str,
        relay_key: PublicKey,
        admission: Option<[u8; 32]>,
    ) -> Result<NetworkView, ClientError> {
        let (name, handle) = (check_name("a network's name", name)?, check_name("a handle", handle)?);
        // Who answers is known before anything is made: a typo in a founded charter could not be mended.
        let mut connection = Box::pin(Connection::open(&self.route, url, Some(&relay_key), Errand::Keys, None)).await?;
        let wanted = Relay { url: url.to_owned(), key: relay_key };
        match self.profile() {
            Ok(profile) if profile.admin.is_none() => return Err(ClientError::HasNetwork),
            Ok(profile) => {
                let charters = self.charters()?;
                let body = charters.newest().body();
                let same = profile.network_name == name && profile.handle == handle && body.relays.contains(&wanted);
                if !same && charters.newest().version() > 1 {
                    return Err(ClientError::HasNetwork);
                }
                if !same {
                    // Founded, and nothing built on it yet: what was mistyped is founded anew.
                    self.found(name, handle, wanted)?;
                }
            }
            Err(ClientError::NoNetwork) => self.found(name, handle, wanted)?,
            Err(error) => return Err(error),
        }
        let charters = self.charters()?;
        for charter in self.charter_bytes(1)? {
            publish(&mut connection, charters.network(), charter, admission).await?;
        }
        connection.close().await;
        self.network()
    }

    /// Founds a network in this vault: charter and keys in one transaction, in place of one that nobody has seen.
    fn found(&self, name: String, handle: String, relay: Relay) -> Result<(), ClientError> {
        let mut rng = rand::rng();
        // An admin key that was made before the network is the one of its admin.
        let made = match self.profile() {
            Err(ClientError::NoNetwork) => self.admin_key()?,
            _ => None,
        };
        let (admin, device) = (made.unwrap_or_else(|| SecretKey::generate(&mut rng)), SecretKey::generate(&mut rng));
        let now = self.now();
        let body = CharterBody {
            network: NetworkId::ZERO,
            version: 1,
            previous: CharterHash::ZERO,
            issued: now,
            expires: now.plus(CHARTER_DAYS * DAY),
            grace_days: DEFAULT_GRACE_DAYS,
            admins: vec![admin.public()],
            threshold: 1,
            restrict_threshold: DEFAULT_RESTRICT_THRESHOLD,
            neighborhoods: vec![],
            grants: vec![],
            revocations: vec![],
            restrictions: vec![],
            relays: vec![relay],
            extensions: Extensions::default(),
        };
        let unsigned = SignedCharter::unsigned(&body);
        let network = genesis_network(&unsigned.body);
        let signed = sign_charter(&body, network, &admin);
        charter::judge(None, &signed)?;
        let profile = Profile {
            network,
            network_name: name,
            admin: Some(admin.seed()),
            device: Some(device.seed()),
            candidates: vec![],
            coordinator: CoordinatorId(random16()),
            handle,
        };
        self.vault.transact(|tx| {
            tx.put(Bucket::Charter, &1_u64.to_be_bytes(), &signed.to_bytes())?;
            profile.save(tx)
        })
    }

    /// What this vault knows of its network.
    ///
    /// # Errors
    /// It is in none.
    pub fn network(&self) -> Result<NetworkView, ClientError> {
        let (profile, charters) = (self.profile()?, self.charters()?);
        let newest = charters.newest();
        Ok(NetworkView {
            id: charters.network(),
            name: profile.network_name,
            relays: newest.body().relays.clone(),
            charter_version: newest.version(),
        })
    }

    /// The neighborhoods of the newest charter.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn neighborhoods(&self) -> Result<Vec<NeighborhoodView>, ClientError> {
        let charters = self.charters()?;
        self.read(|tx| {
            let hoods = Hood::all(tx)?;
            let view = |terms: &Neighborhood| {
                Ok(NeighborhoodView {
                    id: terms.id,
                    name: crate::client::hood_name(tx, terms.id)?,
                    quorum: terms.quorum,
                    below_quorum: terms.below_quorum,
                    retention_hours: terms.retention_hours,
                    epoch: hoods.iter().find(|hood| hood.id == terms.id).map_or(Epoch::NONE, |hood| hood.epoch),
                    closed: terms.closed,
                })
            };
            charters.newest().body().neighborhoods.iter().map(view).collect()
        })
    }

    /// Adds neighborhoods by a new charter version, and opens the first epoch of each, this device being its first
    /// coordinator. Those that were added before and have no epoch yet are opened too.
    ///
    /// # Errors
    /// A rule is broken, or no relay answers.
    pub async fn add_neighborhoods(
        &self,
        wanted: &[String],
        terms: NeighborhoodTerms,
        open: bool,
    ) -> Result<Vec<NeighborhoodView>, ClientError> {
        let NeighborhoodTerms { quorum, below_quorum, retention_hours } = terms;
        let all =
            NewTerms { quorum: Some(quorum), below_quorum: Some(below_quorum), retention_hours: Some(retention_hours) };
        match self.draw_neighborhoods(wanted, all, &[], open, false).await? {
            (_, Some(Outcome::Drafted(drafted))) => Err(drafted.view.more_signatures()),
            (added, _) => Ok(added),
        }
    }

    /// The same, with other coordinators, and with a draft where others must sign. What is not said is the usual. Without
    /// an outcome, all of them were there already.
    ///
    /// # Errors
    /// As [`Self::add_neighborhoods`]; or one of them is there already, and is closed, or not as it is wanted.
    pub async fn draw_neighborhoods(
        &self,
        wanted: &[String],
        terms: NewTerms,
        coordinators: &[String],
        open: bool,
        only_draft: bool,
    ) -> Result<(Vec<NeighborhoodView>, Option<Outcome>), ClientError> {
        let names =
            wanted.iter().map(|name| check_name("a neighborhood's name", name)).collect::<Result<Vec<_>, _>>()?;
        // What a run before this one published, and could not keep any more, is there already.
        if let Ok(online) = self.freshened().await? {
            online.close().await;
        }
        let known = self.neighborhoods()?;
        for held in known.iter().filter(|hood| names.contains(&hood.name)) {
            self.check_as_wanted(held, terms, coordinators)?;
        }
        let terms = NeighborhoodTerms::default().with(terms);
        let mut new: Vec<String> = Vec::new();
        for name in &names {
            if !new.contains(name) && !known.iter().any(|hood| hood.name == *name) {
                new.push(name.clone());
            }
        }
        let mut outcome = None;
        if !new.is_empty() {
            let amendment = Amendment::AddNeighborhoods { names: new, terms, coordinators: coordinators.to_vec() };
            outcome = Some(self.amend(&amendment, only_draft).await?);
            if matches!(outcome, Some(Outcome::Drafted(_))) {
                return Ok((vec![], outcome));
            }
        }
        let mut connection = self.connect(Errand::Keys, None).await?;
        self.sync_charters(&mut connection).await?;
        if open {
            for hood in self.neighborhoods()?.iter().filter(|hood| names.contains(&hood.name) && !hood.closed) {
                self.open_first(&mut connection, hood.id).await?;
            }
        }
        connection.close().await;
        let added = self.neighborhoods()?.into_iter().filter(|hood| names.contains(&hood.name)).collect();
        Ok((added, outcome))
    }

    /// Checks that a neighborhood that is there already is as it is wanted: adding goes on where it was interrupted, and
    /// changes nothing.
    fn check_as_wanted(
        &self,
        held: &NeighborhoodView,
        terms: NewTerms,
        coordinators: &[String],
    ) -> Result<(), ClientError> {
        if held.closed {
            return Err(EditError::Closed.into());
        }
        let charters = self.charters()?;
        let body = charters.newest().body();
        let book = Namebook::of(&self.known_names(body)?);
        let coordinates = |handle: &String| {
            let who = coordinator_named(&book, body, handle);
            who.is_ok_and(|who| !granted_places(body, who, Some(held.id)).is_empty())
        };
        let as_held = NeighborhoodTerms {
            quorum: held.quorum,
            below_quorum: held.below_quorum,
            retention_hours: held.retention_hours,
        };
        match as_held.with(terms) == as_held && coordinators.iter().all(coordinates) {
            true => Ok(()),
            false => Err(EditError::OtherTerms { name: held.name.clone() }.into()),
        }
    }

    /// Opens epoch 1 for its first coordinator, unless there is an epoch.
    pub(crate) async fn open_first(
        &self,
        connection: &mut Connection,
        hood: NeighborhoodId,
    ) -> Result<(), ClientError> {
        let (profile, now) = (self.profile()?, self.now());
        let place = Place { network: profile.network, neighborhood: hood };
        let opened = self.read(|tx| {
            Ok(tx.get::<Hood>(Bucket::Hood, &hood.0)?.is_some_and(|h| h.branches.next_epoch() > Epoch(1)))
        })?;
        if !opened && self.standing(connection, place).await?.epoch == Epoch::NONE {
            let (identity, kem, secret) = self.first_member(place)?;
            let device = self.device_key(hood, "open an epoch here")?;
            let member = RosterMember {
                id: MemberId(random16()),
                identity: SecretKey::from_seed(&identity).public(),
                kem: watchfire_protocol::seal::KemSecretKey::from_seed(kem.clone()).public(),
                secrets: RosterSecrets::new(&secret),
                handle: profile.handle.clone(),
                languages: vec![],
                roles: vec![],
                charter_key: Some(device.public()),
                since: now,
                added_by: device.public(),
                added_in: Epoch(1),
                invite: None,
                request: RequestHash::ZERO,
                described: Timestamp(0),
            };
            let mut state = self.read(|tx| Hood::load(tx, hood))?;
            state.member = member.id;
            let mut roster = Roster::new(place.at(Epoch(1)));
            let added = Event::Add(Box::new(member));
            roster.apply(&added).map_err(|error| ClientError::Unexpected(error.to_string()))?;
            self.read(|tx| state.save(tx))?;
            self.open_with(hood, None, &roster, Why::Wanted).await?;
        }
        let held = self.read(|tx| Hood::load(tx, hood));
        if held.is_ok() {
            Box::pin(self.connected(hood)).await?.0.connection.close().await;
        }
        Ok(())
    }

    /// The keys of the first member, kept before the epoch opens so that an interruption loses nothing.
    fn first_member(&self, place: Place) -> Result<(Secret32, Secret32, SlotSecret), ClientError> {
        let mut rng = rand::rng();
        self.vault.transact(|tx| {
            let held: Option<Hood> = tx.get(Bucket::Hood, &place.neighborhood.0)?;
            let state = held.unwrap_or_else(|| Hood {
                id: place.neighborhood,
                network: place.network,
                member: MemberId(random16()),
                identity: Secret32::generate(&mut rng),
                branches: Branches::new(Epoch(1), Secret32::generate(&mut rng), Secret32::generate(&mut rng)),
                pending: vec![],
                renewal: None,
                epoch: Epoch::NONE,
                announcement: AnnouncementHash::ZERO,
                first_epoch: Epoch::NONE,
                first_hour: Hour(0),
                confirmed: true,
                highest: Timestamp(0),
                missing: None,
                synced: Timestamp(0),
                tail: Timestamp(0),
                clock_in_doubt: false,
                doubt_since: None,
                incomplete_since: None,
                reopened: None,
                lost: Epoch::NONE,
            });
            state.save(tx)?;
            let (secret, kem) =
                state.branches.main(place).ok_or_else(|| ClientError::Unexpected("it has no keys".to_owned()))?;
            Ok::<_, ClientError>((state.identity.clone(), kem, secret))
        })
    }

    /// The next charter version's body: a copy of the newest that takes in the restrictions in force, but for those that
    /// would leave a neighborhood without anybody who sends alerts.
    pub(crate) fn next_charter_body(&self, now: Timestamp) -> Result<CharterBody, ClientError> {
        self.refuse_if_forked()?;
        let charters = self.charters()?;
        let newest = charters.newest();
        let mut body = newest.body().clone();
        body.network = charters.network();
        body.version = newest.version() + 1;
        body.previous = newest.hash();
        body.issued = now.max(newest.body().issued);
        Ok(super::edit::take_in(body, charters.restrictions()))
    }

    /// Asks the relay for a network's id by what a link carries of a charter's hash.
    pub(crate) async fn find_network(connection: &mut Connection, charter: [u8; 16]) -> Result<NetworkId, ClientError> {
        match connection.call(Request::FindNetwork { charter }).await? {
            Reply::Network { network } => Ok(network),
            _ => Err(connection.unexpected()),
        }
    }
}

impl Client {
    /// The names of a neighborhood, as the charter commits to them.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn names(&self, hood: NeighborhoodId) -> Result<Option<NamesBlock>, ClientError> {
        self.read(|tx| state::names(tx, hood))
    }
}
