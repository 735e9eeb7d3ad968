//! Opening epochs. Nothing of an opening is kept in the vault: its keys reach the opener as they reach everybody, by a
//! slot. An opening that was interrupted is begun anew with fresh keys, and the relay forgets what was staged.

use std::collections::BTreeSet;

use watchfire_protocol::announcement::{Announcement, LateSlot};
use watchfire_protocol::charter::{Relay, Right};
use watchfire_protocol::epoch::{Opened, Opening, open_epoch};
use watchfire_protocol::frame::{MAX_OBJECTS, ObjectClass, Prover, Refusal, Reply, Request};
use watchfire_protocol::id::{AnnouncementHash, Epoch, NeighborhoodId, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::roster::{Event, Roster, RosterMember};
use watchfire_protocol::run::Object;
use watchfire_protocol::seal::Unopenable;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::{Recipient, seal_slot};
use watchfire_protocol::time::{HOUR, Hour};

use crate::client::Client;
use crate::epochs::{load_roster, newest_announcement, save_roster, twin};
use crate::error::ClientError;
use crate::fetch::fetch_late_slots;
use crate::fold::{is_revoked, suspended};
use crate::link::Link;
use crate::net::Connection;
use crate::records::unsee_signatures;
use crate::renewals::known_renewals;
use crate::route::Errand;
use crate::state::{self, EpochState, Hood};

/// So often is a broken upload taken up again.
const UPLOAD_ATTEMPTS: u32 = 5;

/// Why an epoch is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// On schedule: only then may the number of slots shrink.
    Scheduled,
    /// For a removal, a revocation, lost slots, or because somebody wants it.
    Wanted,
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many objects the relay has.
    pub done: usize,
    /// How many there are: slots, roster and names.
    pub all: usize,
}

impl Client {
    /// A connection of its own to a relay that proves this device's charter key.
    pub(crate) async fn device_connection(&self, relay: &Relay, place: Place) -> Result<Connection, ClientError> {
        let key = self.device_key(place.neighborhood, "act as a coordinator")?;
        let mut connection = self.connect_to(relay, Errand::Keys, Some(place.neighborhood)).await?;
        self.sync_charters(&mut connection).await?;
        connection.prove(place, Epoch::NONE, Prover::Device(key.public()), &key).await?;
        Ok(connection)
    }

    /// This device's charter key in a neighborhood.
    pub(crate) fn device_key(&self, hood: NeighborhoodId, what: &'static str) -> Result<SecretKey, ClientError> {
        self.profile()?.device_key(&self.charters()?.rights(), hood, what)
    }

    /// Whether the newest charter lets this device enroll in a neighborhood now.
    pub(crate) fn may(&self, hood: NeighborhoodId, right: Right) -> Result<bool, ClientError> {
        let charters = self.charters()?;
        let Ok(key) = self.device_key(hood, "") else { return Ok(false) };
        // In a closed neighborhood nothing is begun: nobody is let in, and no keys are made.
        if charters.newest().neighborhood(hood).is_none_or(|terms| terms.closed) {
            return Ok(false);
        }
        Ok(charters.rights().granted(&key.public(), hood, right, self.now()).is_some())
    }

    /// Opens the next epoch of a neighborhood, from a link that was read to its tail.
    ///
    /// # Errors
    /// This device may not, the relay refuses, or somebody else was faster (`Refusal::Stale`).
    pub async fn open_next(&self, link: &mut Link) -> Result<(), ClientError> {
        self.open_for(link, Why::Wanted).await
    }

    /// The same for a reason.
    pub(crate) async fn open_for(&self, link: &mut Link, why: Why) -> Result<(), ClientError> {
        self.reach_others(link).await?;
        self.require_opening(link)?;
        self.remove_revoked(link).await?;
        self.open_after(link.hood, link.epoch, why).await?;
        if !link.complete {
            self.leave_lost(link)?;
        }
        link.stale = true;
        Ok(())
    }

    /// Notes that what was sealed in this epoch must be sealed again in the one after it.
    fn leave_lost(&self, link: &Link) -> Result<(), ClientError> {
        let relay = link.connection.relay();
        self.vault.transact(|tx| {
            let mut hood = Hood::load(tx, link.hood)?;
            hood.lost = link.epoch;
            hood.save(tx)?;
            unsee_signatures(tx, link.hood, &relay)
        })
    }

    /// Takes members off the roster whose own charter key is distrusted by now.
    async fn remove_revoked(&self, link: &mut Link) -> Result<(), ClientError> {
        let (charters, hood) = (self.charters()?, link.hood);
        let own = self.read(|tx| Ok(Hood::load(tx, hood)?.member))?;
        let roster = self.read(|tx| load_roster(tx, hood, Hood::load(tx, hood)?.place(), link.epoch))?;
        let Some(roster) = roster.filter(|_| !link.stale) else { return Ok(()) };
        let next = link.epoch.next();
        let revoked =
            roster.members().values().filter(|m| m.id != own && is_revoked(m, &charters.rights(), hood, next));
        let events: Vec<Event> =
            revoked.map(|member| Event::Remove { member: member.id, reason: "revoked".to_owned() }).collect();
        if events.is_empty() { Ok(()) } else { self.roster_events(link, events, |_| Ok(())).await }
    }

    /// Opens the epoch after one whose roster this vault holds.
    pub(crate) async fn open_after(&self, hood: NeighborhoodId, epoch: Epoch, why: Why) -> Result<(), ClientError> {
        let now = self.now();
        let (announcement, roster, renewals) = self.read(|tx| {
            let place = Hood::load(tx, hood)?.place();
            let roster = load_roster(tx, hood, place, epoch)?;
            Ok((newest_announcement(tx, hood)?, roster, known_renewals(tx, hood, place)?))
        })?;
        let (Some(announcement), Some(roster)) = (announcement, roster) else {
            return Err(ClientError::NotGranted("open an epoch: it does not hold the roster"));
        };
        let next = announcement.epoch().next();
        let roster =
            roster.step_with(next, now, &renewals).map_err(|error| ClientError::Unexpected(error.to_string()))?;
        self.open_with(hood, Some(&announcement), &roster, why).await
    }

    /// Seals a roster into an epoch, stages it, and has the relay switch to it.
    pub(crate) async fn open_with(
        &self,
        hood: NeighborhoodId,
        before: Option<&Announcement>,
        roster: &Roster,
        why: Why,
    ) -> Result<(), ClientError> {
        let charters = self.charters()?;
        let place = roster.context().place;
        self.refuse_if_closed(hood)?;
        if !self.may(hood, Right::Enroll)? {
            return Err(ClientError::NotGranted("open an epoch here"));
        }
        let names = self.read(|tx| state::names(tx, hood))?;
        let names = names.ok_or_else(|| ClientError::Unexpected("the names are not in the vault".to_owned()))?;
        let key = self.device_key(hood, "open an epoch")?;
        let other = match before {
            Some(before) => self.read(|tx| twin(tx, &Hood::load(tx, hood)?, before.epoch()))?,
            None => None,
        };
        let shown = before.map_or(0, |before| usize::try_from(before.slots().count).unwrap_or(0));
        let opening = Opening {
            place,
            epoch: roster.context().epoch,
            predecessors: before.into_iter().chain(&other).map(Announcement::hash).collect(),
            rights: charters.rights(),
            // Not before the one that it follows, unless that one was opened by a clock far ahead.
            opened_at: before
                .map(|before| before.keys().opened_at)
                .filter(|opened| *opened <= self.now().plus(HOUR))
                .map_or(self.now(), |opened| self.now().max(opened)),
            at_least: if why == Why::Scheduled { 0 } else { shown },
            suspended: suspended(&charters, roster),
        };
        let opened = open_epoch(&opening, roster, &names, &key, &rand::rng)
            .map_err(|error| ClientError::Unexpected(error.to_string()))?;
        let verified = opened.announcement.verify(&place).map_err(|e| ClientError::Unexpected(e.to_string()))?;
        let holds = before.map_or(Epoch::NONE, Announcement::epoch);
        let mut attempts = 0;
        loop {
            // What the relay has is not sent twice, and an opening that it took is taken again.
            match Box::pin(self.upload(&verified, &opened, holds)).await {
                Err(ClientError::Broken(_)) if attempts < UPLOAD_ATTEMPTS => attempts += 1,
                done => return done,
            }
        }
    }

    /// Uploads an epoch and has the relay switch to it.
    async fn upload(&self, announcement: &Announcement, opened: &Opened, holds: Epoch) -> Result<(), ClientError> {
        let mut connection = self.opening_connection(announcement.place()).await?;
        self.stage(&mut connection, announcement, opened).await?;
        connection.done(Request::Open { announcement: opened.announcement.to_bytes(), holds }).await?;
        connection.close().await;
        Ok(())
    }

    /// A connection to the relay that takes openings.
    async fn opening_connection(&self, place: Place) -> Result<Connection, ClientError> {
        let first = self.opening_relay()?;
        let alone = self.listed_relays()?.len() == 1;
        match self.device_connection(&first, place).await {
            Err(ClientError::Unreachable { .. }) if !alone => Err(ClientError::FirstRelayAway { url: first.url }),
            connected => connected,
        }
    }

    pub(crate) async fn stage(
        &self,
        connection: &mut Connection,
        announcement: &Announcement,
        opened: &Opened,
    ) -> Result<(), ClientError> {
        let announcement = announcement.hash();
        let there = match connection.call(Request::Staged { announcement }).await? {
            Reply::Staged { slots, others } => [slots, others],
            _ => return Err(connection.unexpected()),
        };
        let all = opened.slots.len() + opened.others.len();
        let mut done = 0;
        for ((class, objects), there) in
            [(ObjectClass::Slot, &opened.slots), (ObjectClass::Other, &opened.others)].into_iter().zip(there)
        {
            // Batches are sent in order, and each is there whole or not at all.
            let there = usize::try_from(there).unwrap_or(0).min(objects.len());
            done += there;
            for batch in objects.get(there..).unwrap_or_default().chunks(MAX_OBJECTS) {
                stage_batch(connection, announcement, class, batch).await?;
                done += batch.len();
                self.progress(Progress { done, all });
            }
        }
        Ok(())
    }

    /// Opens the next epoch, now. Returns its number.
    ///
    /// # Errors
    /// This device may not, or no relay answers.
    pub async fn rotate(&self, hood: NeighborhoodId) -> Result<Epoch, ClientError> {
        // Not `connected`: what is due there may open an epoch by itself, and this would be a second one.
        let mut link = Box::pin(self.link(hood)).await?;
        let before = link.epoch;
        for _ in 0..4 {
            self.put_back(&link)?;
            match Box::pin(self.open_next(&mut link)).await {
                // Somebody opened one at the same moment: that is what was wanted.
                Ok(()) | Err(ClientError::Refused(Refusal::Stale { .. } | Refusal::ClosedEpoch { .. })) => {}
                Err(error) => return Err(error),
            }
            link.connection.close().await;
            link = Box::pin(self.connected(hood)).await?.0;
            if link.epoch > before {
                return Ok(link.epoch);
            }
        }
        Err(ClientError::Raced)
    }

    /// Adds slots for members whose slot was not seen at the relay: who was approved since the epoch opened, or whose
    /// approval raced its opening.
    pub(crate) async fn repair_slots(&self, link: &Link) -> Result<(), ClientError> {
        let hood = link.hood;
        let (state, epoch, announcement, roster) = self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let roster = load_roster(tx, hood, state.place(), link.epoch)?;
            Ok((state, EpochState::load(tx, hood, link.epoch)?, newest_announcement(tx, hood)?, roster))
        })?;
        let (Some(epoch), Some(announcement), Some(roster)) = (epoch, announcement, roster) else { return Ok(()) };
        let suspended = suspended(&self.charters()?, &roster);
        // On a roster that is not the signed one somebody may be who was removed. Who was approved since is sure.
        let all = !self.leaves_it_to_others(hood, link.epoch)?;
        let wanting = |member: &&RosterMember| {
            let sure = all || member.added_in == link.epoch;
            sure && member.secrets.slot.is_some() && !suspended.contains(&member.id)
        };
        let waiting: Vec<RosterMember> = roster.members().values().filter(wanting).cloned().collect();
        if waiting.is_empty() || announcement.epoch() != link.epoch || !self.may(hood, Right::Enroll)? {
            return Ok(());
        }
        let mut connection = self.device_connection(&link.relay, state.place()).await?;
        let there = fetch_late_slots(&mut connection, &announcement).await?;
        let there: BTreeSet<Tag> = there.into_iter().map(|late| late.tag).collect();
        let is_there = |member: &RosterMember| member.secrets.slot.as_ref().is_some_and(|(tag, _)| there.contains(tag));
        let (seen, absent): (Vec<RosterMember>, Vec<RosterMember>) = waiting.into_iter().partition(is_there);
        for member in &absent {
            let late = self.late_slot(&announcement, &epoch, member)?;
            // It counts as there once it was read there.
            connection.done(Request::AddLateSlot(late)).await?;
        }
        connection.close().await;
        if seen.is_empty() {
            return Ok(());
        }
        self.vault.transact(|tx| {
            if let Some(mut roster) = load_roster(tx, hood, state.place(), link.epoch)? {
                seen.iter().for_each(|member| roster.slot_seen(&member.id));
                save_roster(tx, hood, &roster)?;
            }
            Ok(())
        })
    }

    /// Seals a slot of an epoch that is open, for somebody who joined since, or was left out.
    fn late_slot(
        &self,
        announcement: &Announcement,
        epoch: &EpochState,
        member: &RosterMember,
    ) -> Result<LateSlot, ClientError> {
        let unexpected = |error: Unopenable| ClientError::Unexpected(error.to_string());
        let (charters, place) = (self.charters()?, announcement.place());
        let (tag, psk) = member.secrets.slot.as_ref().ok_or_else(|| unexpected(Unopenable))?;
        let hour = match member.added_in == announcement.epoch() {
            true => Hour::at(epoch.opened_at, member.since).before(),
            false => Hour(0),
        };
        let right = |key| charters.rights().any_right(key, place.neighborhood, self.now());
        let (all, coordinator) = (epoch.keys(place), member.charter_key.as_ref().and_then(right).is_some());
        // Not before what this vault holds itself, and never past the approval's hour.
        let keys = if coordinator { all } else { all.for_member() }.from_hour(hour);
        let recipient = Recipient { tag: *tag, psk, kem: &member.kem };
        let (keys_hash, charter) = (announcement.keys_hash(), charters.newest().hash());
        let body = seal_slot(&keys, keys_hash, charter, &recipient, &mut rand::rng()).map_err(unexpected)?;
        let key = self.device_key(place.neighborhood, "add slots")?;
        Ok(LateSlot::sign(announcement.hash(), *tag, body, &key))
    }
}

/// Stages one batch, at the relay's pace.
async fn stage_batch(
    connection: &mut Connection,
    announcement: AnnouncementHash,
    class: ObjectClass,
    batch: &[Object],
) -> Result<(), ClientError> {
    loop {
        match connection.call(Request::Stage { announcement, class, objects: batch.to_vec() }).await {
            Ok(Reply::Staged { .. }) => return Ok(()),
            Ok(_) => return Err(connection.unexpected()),
            Err(ClientError::Refused(Refusal::SlowDown { seconds })) => {
                tokio::time::sleep(std::time::Duration::from_secs(u64::from(seconds.clamp(1, 30)))).await;
            }
            Err(error) => return Err(error),
        }
    }
}
