//! New epochs: opened here by a coordinator's device, or brought by whoever holds their announcement.
//!
//! An opening is judged by the newest charter, the restrictions in force and the relay's clock. What is brought was opened before, perhaps by
//! somebody who has left since, so it is judged as members judge it: by the charter that it names, at the time that it
//! names. An author chooses both. So by what is brought nobody whose right has ended gets past an epoch that was opened
//! after that.

use watchfire_protocol::announcement::{Announcement, Keys, MAX_EPOCH_LEAP, SignedAnnouncement};
use watchfire_protocol::charter::{Charter, CharterBody, Right};
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::Epoch;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::time::{HOUR, Timestamp};
use watchfire_protocol::wire;

use crate::core::{Core, Governed, is_storable, read_announcement};
use crate::store::{Coming, EpochRow, NewEpoch, PageLimit, Store};

/// By how many seconds two honest clocks may differ: an epoch may be opened so far ahead of the relay's clock, and so
/// far before the epoch that it follows.
const CLOCK_SLACK: u64 = HOUR;

/// An epoch that is not taken for what its announcement says.
fn bad<T>(reason: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::BadAnnouncement(reason.into()))
}

impl<S: Store> Core<S> {
    /// Takes an announcement from whoever brings it. Its slots and objects are still to come.
    pub(crate) async fn put_announcement(&self, bytes: Vec<u8>) -> Result<(), Refusal> {
        let place = SignedAnnouncement::from_bytes(&bytes)
            .and_then(|signed| wire::decode_body::<Keys>(&signed.keys))
            .map(|keys| Place { network: keys.network, neighborhood: keys.neighborhood })
            .map_err(|error| Refusal::BadAnnouncement(error.to_string()))?;
        let _governing = self.governing.lock().await;
        let governed = self.governed_place(place).await?;
        let announcement = read_announcement(&bytes, place).map_err(Refusal::BadAnnouncement)?;
        let held = self.store.held(place).await?.current;
        if self.is_held(place, &announcement, held.as_ref()).await? {
            return Ok(());
        }
        self.check_numbers(&announcement, held.as_ref())?;
        self.check_brought(&governed, place, &announcement, held.as_ref()).await?;
        self.take_epoch(&governed.charter, place, &announcement, bytes, Coming::Alone).await
    }

    /// Opens an epoch with what was staged for it.
    pub(crate) async fn open_epoch(&self, place: Place, bytes: Vec<u8>, holds: Epoch) -> Result<(), Refusal> {
        let _governing = self.governing.lock().await;
        let governed = self.governed_place(place).await?;
        let announcement = read_announcement(&bytes, place).map_err(Refusal::BadAnnouncement)?;
        let now = self.clock.now();
        governed
            .rights()
            .granted(&announcement.signer(), place.neighborhood, Right::Enroll, now)
            .ok_or(Refusal::NotGranted)?;
        let held = self.store.held(place).await?.current;
        if held.as_ref().is_none_or(|row| row.hash != announcement.hash()) {
            let current = epoch_of(held.as_ref());
            if holds != current {
                return Err(Refusal::Stale { current });
            }
            self.check_numbers(&announcement, held.as_ref())?;
            self.check_opened(&governed.charter, &announcement, held.as_ref()).await?;
        }
        self.take_epoch(&governed.charter, place, &announcement, bytes, Coming::Opened { holds }).await
    }

    /// What governs the network, if its charter knows the neighborhood.
    async fn governed_place(&self, place: Place) -> Result<std::sync::Arc<Governed>, Refusal> {
        let (governed, _) = self.served(place.network).await?;
        governed.charter.neighborhood(place.neighborhood).ok_or(Refusal::NotFound)?;
        Ok(governed)
    }

    /// Whether this very announcement is held, as the current epoch or as an older one.
    async fn is_held(
        &self,
        place: Place,
        announcement: &Announcement,
        held: Option<&EpochRow>,
    ) -> Result<bool, Refusal> {
        if announcement.epoch() > epoch_of(held) {
            return Ok(false);
        }
        let one = PageLimit { items: 1, bytes: 0 };
        let page = self.store.announcements(place, announcement.epoch(), one).await?;
        let found = page.items.first().and_then(|bytes| SignedAnnouncement::from_bytes(bytes).ok());
        Ok(found.is_some_and(|found| found.hash() == announcement.hash()))
    }

    /// What must be so of each new epoch.
    fn check_numbers(&self, announcement: &Announcement, held: Option<&EpochRow>) -> Result<(), Refusal> {
        let (keys, current, now) = (announcement.keys(), epoch_of(held), self.clock.now());
        if keys.epoch <= current {
            return Err(Refusal::Stale { current });
        }
        if !is_storable(keys.epoch) || held.is_some() && keys.epoch.0 - current.0 > MAX_EPOCH_LEAP {
            return bad("its epoch is too far ahead");
        }
        if keys.opened_at > now.plus(CLOCK_SLACK) {
            let (opened, now) = (keys.opened_at.0, now.0);
            return bad(format!("it says that it was opened at {opened}, and the relay's clock shows {now}"));
        }
        Ok(())
    }

    async fn check_opened(
        &self,
        charter: &Charter,
        announcement: &Announcement,
        held: Option<&EpochRow>,
    ) -> Result<(), Refusal> {
        let keys = announcement.keys();
        if keys.epoch.0 - epoch_of(held).0 > MAX_EPOCH_LEAP {
            return bad("its epoch is too far ahead");
        }
        if self.store.charter_hash(keys.network, keys.charter_version).await? != Some(keys.charter) {
            return bad("it names a charter that this relay does not hold");
        }
        if held.is_some_and(|row| !keys.predecessors.contains(&row.hash)) {
            return bad("it does not name the epoch before it");
        }
        let relays = &charter.body().relays;
        let own = self.key.public();
        if relays.iter().any(|relay| relay.key == own) && relays.first().is_some_and(|relay| relay.key != own) {
            return bad("only the first relay of the charter takes openings");
        }
        Ok(())
    }

    async fn check_brought(
        &self,
        governed: &Governed,
        place: Place,
        announcement: &Announcement,
        held: Option<&EpochRow>,
    ) -> Result<(), Refusal> {
        let (keys, signer) = (announcement.keys(), announcement.signer());
        let (newest, rights) = (&governed.charter, governed.rights());
        if rights.is_distrusted(&signer, place.neighborhood, keys.epoch) {
            return Err(Refusal::NotGranted);
        }
        let granted = if (keys.charter, keys.charter_version) == (newest.hash(), newest.version()) {
            newest.as_written().granted(&signer, place.neighborhood, Right::Enroll, keys.opened_at).is_some()
        } else {
            grants_enroll(&self.named_charter(keys).await?, announcement, keys.opened_at)
        };
        if !granted {
            return Err(Refusal::NotGranted);
        }
        let Some(row) = held else {
            return Ok(());
        };
        if row.epoch.next() == keys.epoch && !keys.predecessors.contains(&row.hash) {
            return bad("it does not name the epoch before it");
        }
        // Who may still open says nothing new. Who may no longer could date back.
        if rights.granted(&signer, place.neighborhood, Right::Enroll, self.clock.now()).is_some() {
            return Ok(());
        }
        let before = read_announcement(&row.bytes, place).map_err(|_| Refusal::Internal)?;
        let before = before.keys();
        if keys.charter_version < before.charter_version || keys.opened_at.plus(CLOCK_SLACK) < before.opened_at {
            return bad("its signer's right has ended, and it is older than the epoch that is held");
        }
        Ok(())
    }

    /// The charter that an announcement names.
    async fn named_charter(&self, keys: &Keys) -> Result<CharterBody, Refusal> {
        match self.charter_body(keys.network, keys.charter_version, keys.charter).await? {
            Some(body) => Ok(body),
            None => bad("it names a charter that this relay does not hold"),
        }
    }

    /// Moves the pointer to an epoch that was checked.
    async fn take_epoch(
        &self,
        charter: &Charter,
        place: Place,
        announcement: &Announcement,
        bytes: Vec<u8>,
        coming: Coming,
    ) -> Result<(), Refusal> {
        let neighborhood = charter.neighborhood(place.neighborhood).ok_or(Refusal::NotFound)?;
        let retention = u64::from(neighborhood.retention_hours);
        let now = self.clock.now();
        let new = NewEpoch {
            place,
            epoch: announcement.epoch(),
            hash: announcement.hash(),
            bytes,
            slots: announcement.slots().count,
            root: announcement.slots().root,
            coming,
            now,
            keep_closed_until: now.plus((retention + 1) * HOUR),
            a_day: match coming {
                Coming::Opened { .. } => self.limits.epochs_per_day,
                Coming::Alone => self.limits.announcements_per_day,
            },
        };
        let put = self.store.put_epoch(new).await;
        self.forget_epochs(place);
        put?;
        self.tell(place).await;
        Ok(())
    }
}

fn epoch_of(held: Option<&EpochRow>) -> Epoch {
    held.map_or(Epoch::NONE, |row| row.epoch)
}

/// As [`watchfire_protocol::charter::Rights::granted`], of a version that is not the newest: of those only the body is kept.
fn grants_enroll(body: &CharterBody, announcement: &Announcement, at: Timestamp) -> bool {
    let (signer, neighborhood) = (announcement.signer(), announcement.keys().neighborhood);
    let grants = body.grants.iter().filter(|grant| grant.devices.contains(&signer));
    let mut scopes = grants.flat_map(|grant| &grant.scopes);
    scopes.any(|scope| {
        scope.neighborhood == neighborhood && scope.enroll && scope.not_before <= at && at < scope.not_after
    })
}
