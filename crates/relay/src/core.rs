//! What all connections share: the identity, the store, the tails, and the newest charter of each network.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use watchfire_protocol::announcement::{Announcement, SignedAnnouncement};
use watchfire_protocol::charter::{Charter, SignedCharter, judge};
use watchfire_protocol::frame::{Refusal, Standing};
use watchfire_protocol::id::{AnnouncementHash, Epoch, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::SecretKey;

use crate::admission::{Admission, Quota};
use crate::clock::Clock;
use crate::hub::Hub;
use crate::limit::Limits;
use crate::session::RoleKeys;
use crate::store::{EpochRow, Held, PageLimit, Store, StoreError};

/// The relay behind its connections.
pub(crate) struct Core<S> {
    pub(crate) key: SecretKey,
    pub(crate) store: S,
    pub(crate) hub: Arc<Hub>,
    pub(crate) admission: Admission,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    /// Permits to have a page in memory, from reading it until the socket has it or is full. Fair: whoever reads a long
    /// backlog waits for its turn after every page.
    pub(crate) pages: tokio::sync::Semaphore,
    charters: Mutex<HashMap<NetworkId, Arc<Charter>>>,
    /// Held from looking at the newest charter until what it allows is on disk: charters and epochs come one at a time.
    pub(crate) governing: tokio::sync::Mutex<()>,
}

impl<S: Store> Core<S> {
    pub(crate) fn new(
        key: SecretKey,
        store: S,
        hub: Arc<Hub>,
        admission: Admission,
        limits: Limits,
        clock: Clock,
    ) -> Self {
        let pages = tokio::sync::Semaphore::new(limits.page_readers.max(1));
        Self {
            key,
            store,
            hub,
            admission,
            limits,
            clock,
            pages,
            charters: Mutex::default(),
            governing: tokio::sync::Mutex::default(),
        }
    }

    /// The newest charter of a network that is served, with the network's quota.
    pub(crate) async fn served(&self, network: NetworkId) -> Result<(Arc<Charter>, Quota), Refusal> {
        let charter = self.charter(network).await?.ok_or(Refusal::NotFound)?;
        let quota = self.admission.quota(network).ok_or(Refusal::NotAllowed)?;
        Ok((charter, quota))
    }

    /// The newest charter of a network. The first time, its chain is read and judged again: what lies on the disk is
    /// believed no more than what comes from a stranger.
    pub(crate) async fn charter(&self, network: NetworkId) -> Result<Option<Arc<Charter>>, StoreError> {
        if let Some(held) = self.charters().get(&network) {
            return Ok(Some(Arc::clone(held)));
        }
        let mut newest: Option<Charter> = None;
        loop {
            let from = newest.as_ref().map_or(1, |charter| charter.version() + 1);
            let limit = PageLimit { items: 64, bytes: self.limits.page_bytes };
            let page = self.store.charters(network, from, limit).await?;
            for bytes in &page.items {
                let judged = SignedCharter::from_bytes(bytes)
                    .map_err(|error| error.to_string())
                    .and_then(|signed| judge(newest.as_ref(), &signed).map_err(|error| error.to_string()));
                newest = Some(judged.map_err(|reason| StoreError::Failed(format!("a stored charter: {reason}")))?);
            }
            if !page.more {
                break;
            }
        }
        Ok(newest.map(|charter| self.remember(charter)))
    }

    /// Makes a charter that is on disk the newest of its network, unless a newer one came meanwhile.
    pub(crate) fn remember(&self, charter: Charter) -> Arc<Charter> {
        let mut charters = self.charters();
        match charters.get(&charter.network()) {
            Some(held) if held.version() >= charter.version() => Arc::clone(held),
            _ => {
                let charter = Arc::new(charter);
                charters.insert(charter.network(), Arc::clone(&charter));
                charter
            }
        }
    }

    fn charters(&self) -> std::sync::MutexGuard<'_, HashMap<NetworkId, Arc<Charter>>> {
        self.charters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is held of a neighborhood.
    pub(crate) async fn standing(&self, place: Place) -> Result<Standing, Refusal> {
        let (charter, _) = self.served(place.network).await?;
        if charter.neighborhood(place.neighborhood).is_none() {
            return Err(Refusal::NotFound);
        }
        Ok(standing(&charter, &self.store.held(place).await?))
    }

    /// Tells everybody connected to a neighborhood what is held of it now.
    pub(crate) async fn tell(&self, place: Place) {
        if let Ok(standing) = self.standing(place).await {
            self.hub.tell(place, standing);
        }
    }
}

fn standing(charter: &Charter, held: &Held) -> Standing {
    let current = held.current.as_ref();
    Standing {
        charter_version: charter.version(),
        charter: charter.hash(),
        epoch: held.epoch(),
        announcement: current.map_or(AnnouncementHash::ZERO, |row| row.hash),
        complete: current.is_some_and(|row| row.complete),
    }
}

/// The role keys of an epoch that is held.
pub(crate) fn role_keys(place: Place, row: &EpochRow) -> Result<RoleKeys, Refusal> {
    let announcement = read_announcement(&row.bytes, place).map_err(|_| Refusal::Internal)?;
    let keys = announcement.keys();
    Ok(RoleKeys { epoch: row.epoch, member: keys.member_key, coordinator: keys.coordinator_key, since: row.since })
}

/// Reads an announcement for a place and checks its signature.
pub(crate) fn read_announcement(bytes: &[u8], place: Place) -> Result<Announcement, String> {
    let signed = SignedAnnouncement::from_bytes(bytes).map_err(|error| error.to_string())?;
    signed.verify(&place).map_err(|error| error.to_string())
}

/// Whether a number fits where epochs are kept.
pub(crate) fn is_storable(epoch: Epoch) -> bool {
    i64::try_from(epoch.0).is_ok_and(|epoch| epoch < i64::MAX)
}
