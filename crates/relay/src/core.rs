//! What all connections share: the identity, the store, the tails, and the newest charter of each network with what
//! restricts it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use watchfire_protocol::announcement::{Announcement, SignedAnnouncement};
use watchfire_protocol::charter::{
    Charter, CharterBody, RestrictionSet, Rights, SignedCharter, SignedRestriction, judge,
};
use watchfire_protocol::frame::{Refusal, Standing};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, NetworkId, RestrictionHash};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::wire;

use crate::admission::{Admission, Quota};
use crate::clock::Clock;
use crate::hub::Hub;
use crate::limit::Limits;
use crate::metrics::Metrics;
use crate::session::RoleKeys;
use crate::store::{EpochRow, Held, PageLimit, Store, StoreError};

/// What governs a network: the newest charter, narrowed by restrictions.
#[derive(Clone)]
pub(crate) struct Governed {
    pub(crate) charter: Charter,
    pub(crate) restrictions: RestrictionSet,
}

impl Governed {
    /// Who may do what now.
    pub(crate) fn rights(&self) -> Rights<'_> {
        self.restrictions.rights(&self.charter)
    }
}

/// What is held of a neighborhood's epochs, read and checked once for all who prove a key.
#[derive(Clone, Copy)]
pub(crate) struct Epochs {
    pub(crate) current: Option<RoleKeys>,
    pub(crate) previous: Option<RoleKeys>,
    announcement: AnnouncementHash,
    complete: bool,
}

impl Epochs {
    fn read(place: Place, held: &Held) -> Result<Self, Refusal> {
        let keys = |row: &Option<_>| row.as_ref().map(|row| role_keys(place, row)).transpose();
        let row = held.current.as_ref();
        Ok(Self {
            current: keys(&held.current)?,
            previous: keys(&held.previous)?,
            announcement: row.map_or(AnnouncementHash::ZERO, |row| row.hash),
            complete: row.is_some_and(|row| row.complete),
        })
    }
}

/// Those that were read since they last changed.
#[derive(Default)]
struct HeldEpochs {
    read: HashMap<Place, Arc<Epochs>>,
    /// How often some changed: what was read before a change and comes after it is not kept.
    changes: u64,
}

/// The relay behind its connections.
pub(crate) struct Core<S> {
    pub(crate) key: SecretKey,
    pub(crate) store: S,
    pub(crate) hub: Arc<Hub>,
    pub(crate) admission: Admission,
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) metrics: Metrics,
    /// Permits to have a page in memory, from reading it until the socket has it or is full. Fair: whoever reads a long
    /// backlog waits for its turn after every page.
    pub(crate) pages: tokio::sync::Semaphore,
    /// Permits to have a stranger's request worked on. Fair.
    pub(crate) strangers: tokio::sync::Semaphore,
    governed: Mutex<HashMap<NetworkId, Arc<Governed>>>,
    epochs: Mutex<HeldEpochs>,
    /// Held from looking at the newest charter until what it allows is on disk: charters, restrictions and epochs come one
    /// at a time.
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
        let strangers = tokio::sync::Semaphore::new(limits.unproved_requests.max(1));
        Self {
            key,
            store,
            hub,
            admission,
            limits,
            clock,
            metrics: Metrics::default(),
            pages,
            strangers,
            governed: Mutex::default(),
            epochs: Mutex::default(),
            governing: tokio::sync::Mutex::default(),
        }
    }

    /// What governs a network that is served, with the network's quota.
    pub(crate) async fn served(&self, network: NetworkId) -> Result<(Arc<Governed>, Quota), Refusal> {
        let governed = self.governed_network(network).await?.ok_or(Refusal::NotFound)?;
        let quota = self.admission.quota(network).ok_or(Refusal::NotAllowed)?;
        Ok((governed, quota))
    }

    /// What governs a network. The first time, its chain and its restrictions are read and judged again: what lies on the
    /// disk is believed no more than what comes from a stranger.
    pub(crate) async fn governed_network(&self, network: NetworkId) -> Result<Option<Arc<Governed>>, StoreError> {
        if let Some(held) = self.governed().get(&network) {
            return Ok(Some(Arc::clone(held)));
        }
        let Some(mut governed) = self.read_chain(network).await? else { return Ok(None) };
        self.read_restrictions(&mut governed).await?;
        let mut all = self.governed();
        // Whoever read it meanwhile may have changed it since.
        Ok(Some(Arc::clone(all.entry(network).or_insert_with(|| Arc::new(governed)))))
    }

    async fn read_chain(&self, network: NetworkId) -> Result<Option<Governed>, StoreError> {
        let (mut newest, mut restrictions) = (None::<Charter>, RestrictionSet::default());
        loop {
            let from = newest.as_ref().map_or(1, |charter| charter.version() + 1);
            let limit = PageLimit { items: 64, bytes: self.limits.page_bytes };
            let page = self.store.charters(network, from, limit).await?;
            for bytes in &page.items {
                let judged = SignedCharter::from_bytes(bytes)
                    .map_err(|error| error.to_string())
                    .and_then(|signed| judge(newest.as_ref(), &signed).map_err(|error| error.to_string()));
                let judged = judged.map_err(|reason| StoreError::Failed(format!("a stored charter: {reason}")))?;
                restrictions.follow(&judged);
                newest = Some(judged);
            }
            if !page.more {
                break;
            }
        }
        Ok(newest.map(|charter| Governed { charter, restrictions }))
    }

    /// Those that do not hold any more, because a charter came after them, are left where they are: the next change writes
    /// the set anew.
    async fn read_restrictions(&self, governed: &mut Governed) -> Result<(), StoreError> {
        let (network, mut after) = (governed.charter.network(), RestrictionHash::ZERO);
        loop {
            let limit = PageLimit { items: 64, bytes: self.limits.page_bytes };
            let page = self.store.restrictions(network, after, limit).await?;
            for bytes in &page.items {
                let signed = SignedRestriction::from_bytes(bytes)
                    .map_err(|error| StoreError::Failed(format!("a stored restriction: {error}")))?;
                after = signed.hash();
                let named = self.named_by(governed, &signed).await?;
                if let Err(error) = governed.restrictions.add(&governed.charter, named.as_ref(), &signed) {
                    tracing::debug!(%error, "a stored restriction has ended");
                }
            }
            if !page.more {
                return Ok(());
            }
        }
    }

    /// The body of the charter version that a restriction names, if it is held.
    pub(crate) async fn named_by(
        &self,
        governed: &Governed,
        signed: &SignedRestriction,
    ) -> Result<Option<CharterBody>, StoreError> {
        let Ok(claim) = signed.claim() else { return Ok(None) };
        self.charter_body(governed.charter.network(), claim.charter_version, claim.charter).await
    }

    /// A version's body. It was judged before it was stored, or when the chain was read; here it only must have the hash
    /// that was signed.
    pub(crate) async fn charter_body(
        &self,
        network: NetworkId,
        version: u64,
        hash: CharterHash,
    ) -> Result<Option<CharterBody>, StoreError> {
        let one = PageLimit { items: 1, bytes: 0 };
        let page = self.store.charters(network, version, one).await?;
        let named = page.items.first().and_then(|bytes| SignedCharter::from_bytes(bytes).ok());
        let body = named.filter(|signed| signed.hash() == hash).and_then(|signed| wire::decode_body(&signed.body).ok());
        Ok(body.filter(|body: &CharterBody| body.version == version))
    }

    /// Has a network governed by what is on disk from here on, and tells whoever is connected. To be called while
    /// `governing` is held.
    pub(crate) async fn govern_by(&self, governed: Governed) {
        let network = governed.charter.network();
        self.governed().insert(network, Arc::new(governed));
        for place in self.hub.connected(network) {
            self.tell(place).await;
        }
    }

    fn governed(&self) -> std::sync::MutexGuard<'_, HashMap<NetworkId, Arc<Governed>>> {
        self.governed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is held of a neighborhood of a network that is served.
    pub(crate) async fn standing(&self, place: Place) -> Result<Standing, Refusal> {
        self.served(place.network).await?;
        self.held_standing(place).await
    }

    /// What is held of a neighborhood, for whoever knows already that its network is served.
    pub(crate) async fn held_standing(&self, place: Place) -> Result<Standing, Refusal> {
        let governed = self.governed_network(place.network).await?.ok_or(Refusal::NotFound)?;
        let epochs = self.epochs(&governed, place).await?;
        Ok(Standing {
            charter_version: governed.charter.version(),
            charter: governed.charter.hash(),
            epoch: epochs.current.map_or(Epoch::NONE, |keys| keys.epoch),
            announcement: epochs.announcement,
            complete: epochs.complete,
            restrictions: governed.restrictions.hash(),
        })
    }

    /// A neighborhood's epochs, if the charter knows it.
    pub(crate) async fn epochs(&self, governed: &Governed, place: Place) -> Result<Arc<Epochs>, Refusal> {
        governed.charter.neighborhood(place.neighborhood).ok_or(Refusal::NotFound)?;
        let changes = {
            let held = self.held_epochs();
            if let Some(epochs) = held.read.get(&place) {
                return Ok(Arc::clone(epochs));
            }
            held.changes
        };
        let epochs = Arc::new(Epochs::read(place, &self.store.held(place).await?)?);
        let mut held = self.held_epochs();
        if held.changes == changes {
            held.read.insert(place, Arc::clone(&epochs));
        }
        Ok(epochs)
    }

    /// Has a neighborhood's epochs read anew. To be called when the store has another one, before anybody is told.
    pub(crate) fn forget_epochs(&self, place: Place) {
        let mut held = self.held_epochs();
        held.changes += 1;
        held.read.remove(&place);
    }

    fn held_epochs(&self) -> std::sync::MutexGuard<'_, HeldEpochs> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody connected to a neighborhood what is held of it now.
    pub(crate) async fn tell(&self, place: Place) {
        if let Ok(standing) = self.standing(place).await {
            self.hub.tell(place, standing);
        }
    }
}

/// The role keys of an epoch that is held.
fn role_keys(place: Place, row: &EpochRow) -> Result<RoleKeys, Refusal> {
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
