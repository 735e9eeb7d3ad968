//! Slots and objects of an epoch at every relay: opened at the first one, they are brought to the others, so that whoever
//! was away finds their keys there too.

use std::collections::BTreeSet;

use watchfire_protocol::announcement::{Announcement, LateSlot};
use watchfire_protocol::charter::{Relay, Right};
use watchfire_protocol::epoch::{Opened, hide_among_dummies};
use watchfire_protocol::frame::Request;
use watchfire_protocol::id::Tag;

use crate::client::Client;
use crate::duties::OBJECTS_WAIT;
use crate::epochs::newest_announcement;
use crate::error::ClientError;
use crate::fetch::{count_late_slots, fetch_late_slots, fetch_numbered, fetch_slots};
use crate::link::Link;
use crate::relays::AtRelay;
use crate::state::{self, EpochState, Hood};
use crate::vault::Bucket;

impl Client {
    /// Brings another relay level with the one in use in slots and objects.
    pub(crate) async fn level_keys(&self, link: &mut Link, other: &mut Link) -> Result<(), ClientError> {
        let newest = self.read(|tx| newest_announcement(tx, link.hood))?;
        let current = |newest: &Announcement| newest.epoch() == link.epoch && link.epoch == other.epoch;
        let Some(announcement) = newest.filter(current) else { return Ok(()) };
        if !self.may(link.hood, Right::Enroll)? {
            return Ok(());
        }
        if link.complete && !other.complete && self.is_to_copy(&announcement, other)? {
            self.copy_objects(link, other, &announcement).await?;
            other.complete = true;
        }
        self.level_late_slots(link, other, &announcement).await
    }

    /// Whether it is this client's turn: at once for whoever opened the epoch, for others after a while.
    fn is_to_copy(&self, announcement: &Announcement, other: &Link) -> Result<bool, ClientError> {
        let (hood, now) = (other.hood, self.now());
        let own = self.device_key(hood, "").ok().map(|key| key.public());
        if own == Some(announcement.signer()) {
            return Ok(true);
        }
        self.vault.transact(|tx| {
            let at = AtRelay::load(tx, hood, &other.relay.key)?;
            if let Some((_, since)) = at.incomplete.filter(|(of, _)| *of == announcement.hash()) {
                return Ok(since.plus(OBJECTS_WAIT) <= now);
            }
            AtRelay { incomplete: Some((announcement.hash(), now)), ..at }.save(tx, hood, &other.relay.key)?;
            Ok(false)
        })
    }

    /// Reads what an epoch was opened with at the relay in use, and completes it at another one. The slots are those that
    /// were signed: the other relay compares them with their root.
    async fn copy_objects(
        &self,
        link: &mut Link,
        other: &Link,
        announcement: &Announcement,
    ) -> Result<(), ClientError> {
        let (place, epoch, signed) = self.read(|tx| {
            let at = state::epoch_name(link.hood, link.epoch);
            let signed: Option<Vec<u8>> = tx.get(Bucket::Announcement, &at)?;
            Ok((Hood::load(tx, link.hood)?.place(), EpochState::load(tx, link.hood, link.epoch)?, signed))
        })?;
        let (Some(epoch), Some(signed)) = (epoch, signed) else { return Ok(()) };
        let keys = epoch.keys(place);
        let Some(coordinator) = &keys.coordinator else { return Ok(()) };
        let Some(slots) = fetch_slots(&mut link.connection, announcement).await? else { return Ok(()) };
        let mut objects = fetch_numbered(&mut link.connection, announcement, |j| coordinator.roster_tag(j)).await?;
        objects.extend(fetch_numbered(&mut link.connection, announcement, |j| keys.member.names_tag(j)).await?);
        let unexpected = |error: &dyn std::fmt::Display| ClientError::Unexpected(error.to_string());
        let others = hide_among_dummies(&keys.context(), objects, slots.len(), &mut rand::rng());
        let others = others.map_err(|error| unexpected(&error))?;
        let parsed = watchfire_protocol::announcement::SignedAnnouncement::from_bytes(&signed);
        let opened = Opened { announcement: parsed.map_err(|error| unexpected(&error))?, slots, others };
        let mut connection = self.device_connection(&other.relay, place).await?;
        self.stage(&mut connection, announcement, &opened).await?;
        connection.done(Request::Open { announcement: signed, holds: announcement.epoch() }).await?;
        connection.close().await;
        Ok(())
    }

    /// Adds to each of two relays the late slots that only the other one has.
    async fn level_late_slots(
        &self,
        link: &mut Link,
        other: &mut Link,
        announcement: &Announcement,
    ) -> Result<(), ClientError> {
        let counts = [
            count_late_slots(&mut link.connection, announcement).await?,
            count_late_slots(&mut other.connection, announcement).await?,
        ];
        let level = self.read(|tx| Ok(AtRelay::load(tx, link.hood, &other.relay.key)?.late))?;
        if counts == [0, 0] || level == Some((announcement.hash(), counts)) {
            return Ok(());
        }
        let here = fetch_late_slots(&mut link.connection, announcement).await?;
        let there = fetch_late_slots(&mut other.connection, announcement).await?;
        let [to_here, to_there] = [missing(&here, &there), missing(&there, &here)];
        let mut level = counts;
        for ((relay, slots), count) in [(&link.relay, to_here), (&other.relay, to_there)].into_iter().zip(&mut level) {
            *count += self.add_late_slots(relay, announcement, slots).await?;
        }
        self.vault.transact(|tx| {
            let at = AtRelay::load(tx, link.hood, &other.relay.key)?;
            AtRelay { late: Some((announcement.hash(), level)), ..at }.save(tx, link.hood, &other.relay.key)
        })
    }

    /// Returns how many the relay took.
    async fn add_late_slots(
        &self,
        relay: &Relay,
        announcement: &Announcement,
        slots: Vec<LateSlot>,
    ) -> Result<u32, ClientError> {
        if slots.is_empty() {
            return Ok(0);
        }
        let mut taken = 0;
        let mut connection = self.device_connection(relay, announcement.place()).await?;
        for slot in slots {
            match connection.done(Request::AddLateSlot(slot)).await {
                Ok(()) => taken += 1,
                // Whoever added it may no longer.
                Err(ClientError::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        connection.close().await;
        Ok(taken)
    }
}

/// The slots of `from` whose tags are not in `at`.
fn missing(at: &[LateSlot], from: &[LateSlot]) -> Vec<LateSlot> {
    let there: BTreeSet<Tag> = at.iter().map(|slot| slot.tag).collect();
    from.iter().filter(|slot| !there.contains(&slot.tag)).cloned().collect()
}
