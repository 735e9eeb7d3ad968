//! Drawing up the next version of a charter: what is to be changed, who and which key is meant, and the body and names
//! that come of it. Nothing is signed, kept or sent here.

use watchfire_protocol::charter::{CharterBody, DEFAULT_FRESHNESS_HOURS, Neighborhood, Relay, Scope};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{CoordinatorId, Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::names::{NamedCoordinator, NamesBlock};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire::Extensions;

use super::amend::DraftError;
use super::charter::Namebook;
use super::draft::Names;
use super::edit::{self, EditError, NewTerms};
use super::naming::{coordinator_named, once_named};
use super::network::{NeighborhoodTerms, WINDOW_SLACK, check_name};
use crate::client::Client;
use crate::epochs::{load_roster, random16};
use crate::error::ClientError;
use crate::net::Connection;
use crate::state::{Hood, Profile};
use crate::vault::Bucket;

/// What is to be changed.
#[derive(Clone, Debug)]
pub enum Amendment {
    /// Add admins.
    AddAdmins(Vec<PublicKey>),
    /// Remove an admin: their key, or its beginning.
    RemoveAdmin(String),
    /// Set how many admins must sign.
    Threshold {
        /// A version.
        threshold: u8,
        /// A restriction; what it was, if that is not said.
        restrict: Option<u8>,
    },
    /// Let the charter live for so many seconds from now.
    Renew {
        /// How long.
        lifetime: u64,
    },
    /// Add a relay, or move it.
    AddRelay {
        /// Which.
        relay: Relay,
        /// Whether it is to be the first one.
        first: bool,
    },
    /// Remove a relay: its key, or the key's beginning.
    RemoveRelay(String),
    /// Grant somebody rights.
    Grant(GrantTerms),
    /// End somebody's windows, in one neighborhood or in all.
    Retire {
        /// Whose.
        handle: String,
        /// Where, if not everywhere.
        hood: Option<NeighborhoodId>,
    },
    /// Take somebody's rights away, in one neighborhood or in all.
    Revoke {
        /// Whose.
        handle: String,
        /// Where, if not everywhere.
        hood: Option<NeighborhoodId>,
        /// From which epoch on what they did counts no longer; the next one, if that is not said.
        distrust_from: Option<Epoch>,
    },
    /// Let one more device act for a coordinator.
    AddDevice {
        /// For whom.
        handle: String,
        /// The device's key.
        key: PublicKey,
    },
    /// Let a device act for a coordinator no longer, and trust nothing that its key does from the next epoch on.
    RemoveDevice {
        /// For whom it acted.
        handle: String,
        /// Its key, or the key's beginning.
        key: String,
    },
    /// Add neighborhoods.
    AddNeighborhoods {
        /// What they are called.
        names: Vec<String>,
        /// How they are.
        terms: NeighborhoodTerms,
        /// Who coordinates them besides this device, by handle.
        coordinators: Vec<String>,
    },
    /// Change a neighborhood's terms.
    SetTerms {
        /// Which.
        hood: NeighborhoodId,
        /// How.
        terms: NewTerms,
    },
    /// Rename a neighborhood.
    Rename {
        /// Which.
        hood: NeighborhoodId,
        /// How it is to be called.
        name: String,
    },
    /// Close a neighborhood.
    Close {
        /// Which.
        hood: NeighborhoodId,
    },
}

/// What somebody is to be granted.
#[derive(Clone, Debug)]
pub struct GrantTerms {
    /// Who.
    pub handle: String,
    /// Where.
    pub hood: NeighborhoodId,
    /// To sign alerts.
    pub dispatch: bool,
    /// To invite, approve, remove, and open epochs.
    pub enroll: bool,
    /// Until when; until the charter expires, if that is not said.
    pub until: Option<Timestamp>,
}

impl Client {
    /// The changed body, and all names to which it commits as far as this vault knows them.
    pub(super) async fn draw(
        &self,
        amendment: &Amendment,
        profile: &Profile,
        online: Option<&mut Connection>,
    ) -> Result<(CharterBody, Names), ClientError> {
        let body = self.next_charter_body(self.now())?;
        let mut names = self.known_names(&body)?;
        let body = match amendment {
            Amendment::AddAdmins(keys) => edit::add_admins(body, keys)?,
            Amendment::RemoveAdmin(wanted) => {
                let key = key_named("admin", wanted, &body.admins)?;
                edit::remove_admin(body, &key)?
            }
            Amendment::Threshold { threshold, restrict } => edit::set_threshold(body, *threshold, *restrict)?,
            Amendment::Renew { lifetime } => edit::renew(body, *lifetime)?,
            Amendment::AddRelay { relay, first } => edit::add_relay(body, relay.clone(), *first)?,
            Amendment::RemoveRelay(wanted) => {
                let keys: Vec<PublicKey> = body.relays.iter().map(|relay| relay.key).collect();
                let key = key_named("relay", wanted, &keys)?;
                edit::remove_relay(body, &key)?
            }
            Amendment::Grant(terms) => self.draw_grant(body, &mut names, terms)?,
            Amendment::Retire { handle, hood } => {
                let who = coordinator_named(&Namebook::of(&names), &body, handle)?;
                edit::retire(body, who, *hood)?
            }
            Amendment::Revoke { handle, hood, distrust_from } => {
                let charters = self.charters()?;
                let who = once_named(&Namebook::of(&names), &charters, handle)?;
                let places = distrusted_places(&charters, &body, who, *hood);
                let next = self.next_epochs(body.network, &places, *distrust_from, online).await?;
                let keys = keys_of(&charters, who);
                match edit::revoke(body.clone(), who, &keys, *hood, |place| from_epoch(&next, place)) {
                    // A restriction that is taken in has done it.
                    Err(EditError::Unchanged) if body.restrictions != charters.newest().body().restrictions => body,
                    revoked => revoked?,
                }
            }
            Amendment::AddDevice { handle, key } => {
                let who = coordinator_named(&Namebook::of(&names), &body, handle)?;
                edit::add_device(body, who, *key)?
            }
            Amendment::RemoveDevice { handle, key } => {
                let who = coordinator_named(&Namebook::of(&names), &body, handle)?;
                let theirs = body.grants.iter().filter(|grant| grant.coordinator == who);
                let devices: Vec<PublicKey> = theirs.flat_map(|grant| grant.devices.iter().copied()).collect();
                let key = key_named("device", key, &devices)?;
                let places = granted_places(&body, who, None);
                let next = self.next_epochs(body.network, &places, None, online).await?;
                edit::remove_device(body, who, key, |place| from_epoch(&next, place))?
            }
            Amendment::AddNeighborhoods { names: wanted, terms, coordinators } => {
                let mut body = body;
                for name in wanted {
                    body = self.draw_neighborhood(body, &mut names, name, *terms, coordinators, profile)?;
                }
                body
            }
            Amendment::SetTerms { hood, terms } => edit::set_terms(body, *hood, *terms)?,
            Amendment::Rename { hood, name } => draw_rename(body, &mut names, *hood, name)?,
            Amendment::Close { hood } => edit::close(body, *hood)?,
        };
        Ok((body, names))
    }

    fn draw_grant(&self, body: CharterBody, names: &mut Names, terms: &GrantTerms) -> Result<CharterBody, ClientError> {
        if !terms.dispatch && !terms.enroll {
            return Err(ClientError::Invalid("say which right to grant: --right dispatch, --right enroll".to_owned()));
        }
        let scope = Scope {
            neighborhood: terms.hood,
            dispatch: terms.dispatch,
            enroll: terms.enroll,
            not_before: body.issued.minus(WINDOW_SLACK),
            not_after: terms.until.unwrap_or(body.expires),
        };
        let (who, device, handle) = self.grantee(&body, names, terms)?;
        // Granted the same again, the window need not begin anew.
        let held = body.grants.iter().find(|grant| grant.coordinator == who).map(|grant| &grant.scopes);
        let same = held.and_then(|scopes| {
            let begun = |held: &&Scope| Scope { not_before: held.not_before, ..scope.clone() } == **held;
            scopes.iter().find(begun)
        });
        let scope = same.cloned().unwrap_or(scope);
        let body = edit::grant(body, who, device, scope)?;
        let unknown = DraftError::NamesUnknown { neighborhood: terms.hood };
        let block = names.get_mut(&terms.hood).ok_or(unknown)?;
        if block.handle(&who) == Some(handle.as_str()) {
            return Ok(body);
        }
        block.salt = *Secret32::generate(&mut rand::rng()).expose();
        name_coordinator(block, who, handle);
        Ok(edit::set_names(body, terms.hood, block)?)
    }

    /// Who is to be granted something: a member who brought a charter key, or somebody whom the charter knows.
    fn grantee(
        &self,
        body: &CharterBody,
        names: &Names,
        terms: &GrantTerms,
    ) -> Result<(CoordinatorId, Option<PublicKey>, String), ClientError> {
        let handle = &terms.handle;
        let member = self.read(|tx| {
            let Some(state) = tx.get::<Hood>(Bucket::Hood, &terms.hood.0)? else { return Ok(None) };
            let Some(roster) = load_roster(tx, terms.hood, state.place(), state.epoch)? else { return Ok(None) };
            let members: Vec<_> = roster.members().values().cloned().collect();
            match super::charter::find_handle(&members, handle) {
                Err(ClientError::NotFound { .. }) => Ok(None),
                found => found.cloned().map(Some),
            }
        })?;
        let Some(member) = member else {
            return match coordinator_named(&Namebook::of(names), body, handle) {
                Err(ClientError::NotFound { .. }) => {
                    Err(ClientError::NotFound { what: "member", name: handle.clone() })
                }
                who => {
                    let who = who?;
                    Ok((who, None, Namebook::of(names).handle(&who)))
                }
            };
        };
        let Some(key) = member.charter_key else {
            return Err(ClientError::Invalid(format!(
                "`{handle}` joined as a responder: invite them with `watchfire invite new --role coordinator`"
            )));
        };
        let held = body.grants.iter().find(|grant| grant.devices.contains(&key));
        Ok((held.map_or_else(|| CoordinatorId(random16()), |grant| grant.coordinator), Some(key), member.handle))
    }

    fn draw_neighborhood(
        &self,
        body: CharterBody,
        names: &mut Names,
        name: &str,
        terms: NeighborhoodTerms,
        others: &[String],
        profile: &Profile,
    ) -> Result<CharterBody, ClientError> {
        let (name, book) = (check_name("a neighborhood's name", name)?, Namebook::of(names));
        let own = own_coordinator(profile, &body);
        let mut coordinators: Vec<(CoordinatorId, Option<PublicKey>)> = own.into_iter().collect();
        for handle in others {
            let who = coordinator_named(&book, &body, handle)?;
            if !coordinators.iter().any(|(other, _)| *other == who) {
                coordinators.push((who, None));
            }
        }
        if coordinators.is_empty() {
            return Err(ClientError::Invalid(
                "say who coordinates it, as this device does not: --coordinator HANDLE".to_owned(),
            ));
        }
        let network = match names.values().next() {
            Some(block) if profile.network_name.is_empty() => block.network.clone(),
            _ => profile.network_name.clone(),
        };
        let mut block = NamesBlock {
            salt: *Secret32::generate(&mut rand::rng()).expose(),
            network,
            neighborhood: name,
            handles: vec![],
            conduct: names.values().next().map(|block| block.conduct.clone()).unwrap_or_default(),
            extensions: Extensions::default(),
        };
        for (who, _) in &coordinators {
            let own = own.is_some_and(|(own, _)| own == *who);
            name_coordinator(&mut block, *who, if own { profile.handle.clone() } else { book.handle(who) });
        }
        let neighborhood = Neighborhood {
            id: NeighborhoodId(random16()),
            quorum: terms.quorum,
            below_quorum: terms.below_quorum,
            retention_hours: terms.retention_hours,
            freshness_hours: DEFAULT_FRESHNESS_HOURS,
            names: block.commitment(),
            closed: false,
        };
        names.insert(neighborhood.id, block);
        let not_before = body.issued.minus(WINDOW_SLACK);
        Ok(edit::add_neighborhood(body, neighborhood, &coordinators, not_before)?)
    }

    /// From which epoch on somebody is distrusted: the one that was said, or the next one of each neighborhood. None later
    /// than that: until then they would go on to be given every new key.
    pub(super) async fn next_epochs(
        &self,
        network: NetworkId,
        places: &[NeighborhoodId],
        said: Option<Epoch>,
        mut online: Option<&mut Connection>,
    ) -> Result<Vec<(NeighborhoodId, Epoch)>, ClientError> {
        let mut out = Vec::new();
        for &neighborhood in places {
            let held: Option<Hood> = self.read(|tx| Ok(tx.get(Bucket::Hood, &neighborhood.0)?))?;
            let here = held.map(|held| held.epoch.next());
            let next = match &mut online {
                Some(online) => {
                    let place = Place { network, neighborhood };
                    Some(self.standing(online, place).await?.epoch.next()).max(here)
                }
                None => here,
            };
            let from = match (said, next) {
                // Whatever epoch it is, that is none after it.
                (Some(Epoch(1)), _) => Epoch(1),
                (Some(said), Some(next)) if said == Epoch::NONE || said > next => {
                    return Err(EditError::DistrustFrom { found: said, next }.into());
                }
                (said, Some(next)) => said.unwrap_or(next),
                (_, None) => return Err(DraftError::EpochUnknown.into()),
            };
            out.push((neighborhood, from));
        }
        Ok(out)
    }
}

fn draw_rename(
    body: CharterBody,
    names: &mut Names,
    hood: NeighborhoodId,
    wanted: &str,
) -> Result<CharterBody, ClientError> {
    let wanted = check_name("a neighborhood's name", wanted)?;
    if names.iter().any(|(other, block)| *other != hood && block.neighborhood == wanted) {
        return Err(ClientError::Invalid("another neighborhood is called so already".to_owned()));
    }
    let block = names.get_mut(&hood).ok_or(DraftError::NamesUnknown { neighborhood: hood })?;
    if block.neighborhood == wanted {
        return Err(EditError::Unchanged.into());
    }
    block.neighborhood = wanted;
    block.salt = *Secret32::generate(&mut rand::rng()).expose();
    Ok(edit::set_names(body, hood, block)?)
}

fn name_coordinator(block: &mut NamesBlock, coordinator: CoordinatorId, handle: String) {
    block.handles.retain(|named| named.coordinator != coordinator);
    block.handles.push(NamedCoordinator { coordinator, handle });
    block.handles.sort_by_key(|named| named.coordinator);
}

/// This person as a coordinator: in the charter, or about to be.
fn own_coordinator(profile: &Profile, body: &CharterBody) -> Option<(CoordinatorId, Option<PublicKey>)> {
    let keys = profile.device.iter().chain(&profile.candidates).map(|seed| SecretKey::from_seed(seed).public());
    let known = |key| body.grants.iter().find(|grant| grant.devices.contains(&key)).map(|grant| grant.coordinator);
    if let Some(who) = keys.into_iter().find_map(known) {
        return Some((who, None));
    }
    let device = profile.device.as_ref().map(|seed| SecretKey::from_seed(seed).public())?;
    Some((profile.coordinator, Some(device)))
}

/// Where the body grants somebody something, everywhere or in one neighborhood.
pub(super) fn granted_places(
    body: &CharterBody,
    who: CoordinatorId,
    only: Option<NeighborhoodId>,
) -> Vec<NeighborhoodId> {
    let scopes = body.grants.iter().filter(|grant| grant.coordinator == who).flat_map(|grant| &grant.scopes);
    scopes.map(|scope| scope.neighborhood).filter(|place| only.is_none_or(|only| only == *place)).collect()
}

/// The same, and where a key of theirs is revoked already.
fn distrusted_places(
    charters: &CharterHistory,
    body: &CharterBody,
    who: CoordinatorId,
    only: Option<NeighborhoodId>,
) -> Vec<NeighborhoodId> {
    let keys = keys_of(charters, who);
    let mut places = granted_places(body, who, only);
    let revoked = body.revocations.iter().filter(|revocation| keys.contains(&revocation.key));
    for place in revoked.map(|revocation| revocation.neighborhood) {
        if !places.contains(&place) && only.is_none_or(|only| only == place) {
            places.push(place);
        }
    }
    places
}

/// Every key that ever acted for a coordinator.
fn keys_of(charters: &CharterHistory, who: CoordinatorId) -> Vec<PublicKey> {
    let grants = charters.iter().flat_map(|charter| &charter.body().grants);
    let mut keys: Vec<PublicKey> =
        grants.filter(|grant| grant.coordinator == who).flat_map(|grant| grant.devices.iter().copied()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn from_epoch(next: &[(NeighborhoodId, Epoch)], place: NeighborhoodId) -> Epoch {
    next.iter().find(|(id, _)| *id == place).map_or(Epoch(1), |(_, epoch)| *epoch)
}

/// The one key that begins so.
fn key_named(what: &'static str, wanted: &str, keys: &[PublicKey]) -> Result<PublicKey, ClientError> {
    super::by_prefix(what, wanted, keys.iter().map(|key| (key.to_string().replace('-', ""), *key)))
}
