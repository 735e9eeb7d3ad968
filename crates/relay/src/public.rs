//! What anybody may ask: what is public of networks and neighborhoods that they can name, and to be judged.

use watchfire_protocol::announcement::LateSlot;
use watchfire_protocol::charter::{
    CharterBody, CharterError, Restriction, RestrictionError, RestrictionSet, SignedCharter, SignedRestriction,
    genesis_network, judge,
};
use watchfire_protocol::frame::{FRAME_LIMIT, MAX_OBJECTS, Refusal, Reply, Request};
use watchfire_protocol::id::{Epoch, NetworkId, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::run::{run_count, run_range};
use watchfire_protocol::wire;

use crate::core::{Core, Governed};
use crate::store::{CharterRow, PageLimit, RestrictionRow, Store};

/// Charters and announcements in one frame: room is left for the frame around them.
const LISTED: PageLimit = PageLimit { items: 1024, bytes: FRAME_LIMIT - (4 << 10) };
/// Entries of a list of runs in one frame, 40 bytes each.
const LISTED_RUNS: usize = 2000;

impl<S: Store> Core<S> {
    /// Answers a public request.
    pub(crate) async fn answer(&self, request: Request) -> Result<Reply, Refusal> {
        match request {
            Request::FindNetwork { charter } => {
                let found = self.store.find_network(charter).await?.ok_or(Refusal::NotFound)?;
                self.served(found).await?;
                Ok(Reply::Network { network: found })
            }
            Request::Standing { network, neighborhood } => {
                self.standing(Place { network, neighborhood }).await.map(Reply::Standing)
            }
            Request::Charters { network, from } => {
                self.served(network).await?;
                let page = self.store.charters(network, from, LISTED).await?;
                Ok(Reply::Charters { charters: page.items, more: page.more })
            }
            Request::PublishCharter { charter, admission } => {
                self.publish(&charter, admission.as_ref()).await.map(|()| Reply::Done)
            }
            Request::PublishRestriction { restriction } => self.restrict(&restriction).await.map(|()| Reply::Done),
            Request::Restrictions { network, after } => {
                self.served(network).await?;
                let page = self.store.restrictions(network, after, LISTED).await?;
                Ok(Reply::Restrictions { restrictions: page.items, more: page.more })
            }
            Request::Announcements { network, neighborhood, from } => {
                let place = self.public_place(network, neighborhood).await?;
                let page = self.store.announcements(place, from, LISTED).await?;
                Ok(Reply::Announcements { announcements: page.items, more: page.more })
            }
            Request::PutAnnouncement { announcement } => {
                self.put_announcement(announcement).await.map(|()| Reply::Done)
            }
            Request::SlotList { network, neighborhood, epoch, from } => {
                let place = self.public_place(network, neighborhood).await?;
                self.slot_list(place, epoch, from).await
            }
            Request::SlotRun { network, neighborhood, epoch, run, from } => {
                let place = self.public_place(network, neighborhood).await?;
                self.slot_run(place, epoch, run, from).await
            }
            Request::LateSlots { network, neighborhood, epoch, from } => {
                let place = self.public_place(network, neighborhood).await?;
                self.late_slots(place, epoch, from).await
            }
            Request::Objects { network, neighborhood, epoch, tags } => {
                let place = self.public_place(network, neighborhood).await?;
                self.objects(place, epoch, tags).await
            }
            // The session sends only public requests here.
            _ => Err(Refusal::Unsupported),
        }
    }

    async fn public_place(
        &self,
        network: NetworkId,
        neighborhood: watchfire_protocol::id::NeighborhoodId,
    ) -> Result<Place, Refusal> {
        let (governed, _) = self.served(network).await?;
        governed.charter.neighborhood(neighborhood).ok_or(Refusal::NotFound)?;
        Ok(Place { network, neighborhood })
    }

    async fn slot_list(&self, place: Place, epoch: Epoch, from: u32) -> Result<Reply, Refusal> {
        let list = self.store.run_list(place, epoch).await?.ok_or(Refusal::NotFound)?;
        let total = u32::try_from(list.entries.len()).unwrap_or(u32::MAX);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(Reply::SlotList { total, entries: list.entries.into_iter().skip(from).take(LISTED_RUNS).collect() })
    }

    async fn slot_run(&self, place: Place, epoch: Epoch, run: u32, from: u32) -> Result<Reply, Refusal> {
        let list = self.store.run_list(place, epoch).await?.ok_or(Refusal::NotFound)?;
        let (slots, run) = (to_usize(list.slots), to_usize(run));
        if run >= run_count(slots) {
            return Err(Refusal::NotFound);
        }
        let range = run_range(slots, run);
        let start = range.start.saturating_add(to_usize(from)).min(range.end);
        let count = (range.end - start).min(MAX_OBJECTS);
        let slots = self.store.slots(place, epoch, to_u32(start), to_u32(count)).await?;
        Ok(Reply::SlotRun { total: to_u32(range.len()), slots })
    }

    async fn late_slots(&self, place: Place, epoch: Epoch, from: u32) -> Result<Reply, Refusal> {
        let (total, stored) = self.store.late_slots(place, epoch, from, to_u32(MAX_OBJECTS)).await?;
        let slots = stored.iter().map(|bytes| wire::decode_exact::<LateSlot>(bytes, FRAME_LIMIT));
        let slots = slots.collect::<Result<_, _>>().map_err(|_| Refusal::Internal)?;
        Ok(Reply::LateSlots { total, slots })
    }

    async fn objects(&self, place: Place, epoch: Epoch, tags: Vec<Tag>) -> Result<Reply, Refusal> {
        if tags.len() > MAX_OBJECTS {
            return Err(Refusal::Malformed(format!("{} tags, at most {MAX_OBJECTS}", tags.len())));
        }
        Ok(Reply::Objects { objects: self.store.objects(place, epoch, tags).await? })
    }

    /// Judges a charter and keeps it. The first of a network needs the operator's word, by the list or by the token.
    async fn publish(&self, bytes: &[u8], token: Option<&[u8; 32]>) -> Result<(), Refusal> {
        let bad = |reason: String| Refusal::BadCharter(reason);
        let signed = SignedCharter::from_bytes(bytes).map_err(|error| bad(error.to_string()))?;
        let network = match wire::decode_body::<CharterBody>(&signed.body) {
            Ok(body) if body.version == 1 => genesis_network(&signed.body),
            Ok(body) => body.network,
            Err(error) => return Err(bad(error.to_string())),
        };
        let listed = self.admission.quota(network).is_some();
        if !listed && !token.is_some_and(|token| self.admission.is_token(token)) {
            return Err(Refusal::NotAllowed);
        }
        let _governing = self.governing.lock().await;
        let held = self.governed_network(network).await?;
        let charter = match judge(held.as_deref().map(|held| &held.charter), &signed) {
            Ok(charter) => charter,
            Err(CharterError::AlreadyHeld { .. }) => return self.admit(network, listed),
            Err(CharterError::Older { got, .. })
                if self.store.charter_hash(network, got).await? == Some(signed.hash()) =>
            {
                return self.admit(network, listed);
            }
            Err(error) => return Err(bad(error.to_string())),
        };
        if charter.version() > self.limits.charters {
            return Err(Refusal::QuotaFull);
        }
        let row = CharterRow { network, version: charter.version(), hash: charter.hash(), bytes: bytes.to_vec() };
        self.store.put_charter(row).await?;
        let mut restrictions = held.map(|held| held.restrictions.clone()).unwrap_or_default();
        let before = restrictions.hash();
        restrictions.follow(&charter);
        let ended = restrictions.hash() != before;
        if ended {
            self.store.set_restrictions(network, rows(&restrictions)).await?;
        }
        self.govern_by(Governed { charter, restrictions }).await;
        self.admit(network, listed)
    }

    /// Judges a restriction and keeps it, beside those that are in force with it.
    async fn restrict(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let bad = |reason: String| Refusal::BadCharter(reason);
        let signed = SignedRestriction::from_bytes(bytes).map_err(|error| bad(error.to_string()))?;
        let network = signed.claim().map_err(|error| bad(error.to_string()))?.network;
        let _governing = self.governing.lock().await;
        let (held, _) = self.served(network).await?;
        let named = self.named_by(&held, &signed).await?;
        let mut governed = Governed::clone(&held);
        match governed.restrictions.add(&governed.charter, named.as_ref(), &signed) {
            Ok(()) => {}
            Err(RestrictionError::AlreadyHeld) => return Ok(()),
            Err(error) => return Err(bad(error.to_string())),
        }
        self.store.set_restrictions(network, rows(&governed.restrictions)).await?;
        self.govern_by(governed).await;
        Ok(())
    }

    fn admit(&self, network: NetworkId, listed: bool) -> Result<(), Refusal> {
        if listed {
            return Ok(());
        }
        self.admission.admit(network).map_err(|error| {
            tracing::error!(%error, "the list of networks cannot be written");
            Refusal::Internal
        })
    }
}

fn rows(restrictions: &RestrictionSet) -> Vec<RestrictionRow> {
    let row = |held: &Restriction| RestrictionRow { hash: held.hash(), bytes: held.signed().to_bytes() };
    restrictions.in_force().iter().map(row).collect()
}

fn to_usize(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
