//! Opening epochs. Nothing of an opening is kept in the vault: its keys reach the opener as they reach everybody, by a
//! slot. An opening that was interrupted is begun anew with fresh keys, and the relay forgets what was staged.

use watchfire_protocol::announcement::{Announcement, LateSlot};
use watchfire_protocol::charter::Right;
use watchfire_protocol::epoch::{Opened, Opening, open_epoch};
use watchfire_protocol::frame::{MAX_OBJECTS, ObjectClass, Prover, Refusal, Reply, Request};
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::roster::{Roster, RosterMember};
use watchfire_protocol::run::Object;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::{Recipient, seal_slot};
use watchfire_protocol::time::{HOUR, Hour};

use crate::client::Client;
use crate::epochs::{load_roster, newest_announcement, save_roster};
use crate::error::ClientError;
use crate::fetch::fetch_late_slots;
use crate::link::Link;
use crate::net::Connection;
use crate::renewals::known_renewals;
use crate::state::{self, EpochState, Hood};

impl Client {
    /// A connection of its own that proves this device's charter key.
    pub(crate) async fn device_connection(&self, place: Place) -> Result<Connection, ClientError> {
        let key = self.device_key(place.neighborhood, "act as a coordinator")?;
        let mut connection = self.connect().await?;
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
        let hood = link.hood;
        let now = self.now();
        let (announcement, roster, renewals) = self.read(|tx| {
            let place = Hood::load(tx, hood)?.place();
            let roster = load_roster(tx, hood, place, link.epoch)?;
            Ok((newest_announcement(tx, hood)?, roster, known_renewals(tx, hood, place)?))
        })?;
        let (Some(announcement), Some(roster)) = (announcement, roster) else {
            return Err(ClientError::NotGranted("open an epoch: it does not hold the roster"));
        };
        let next = announcement.epoch().next();
        let roster =
            roster.step_with(next, now, &renewals).map_err(|error| ClientError::Unexpected(error.to_string()))?;
        self.open_with(hood, Some(&announcement), &roster).await?;
        link.stale = true;
        Ok(())
    }

    /// Seals a roster into an epoch, stages it, and has the relay switch to it.
    pub(crate) async fn open_with(
        &self,
        hood: NeighborhoodId,
        before: Option<&Announcement>,
        roster: &Roster,
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
        let opening = Opening {
            place,
            epoch: roster.context().epoch,
            predecessors: before.map(Announcement::hash).into_iter().collect(),
            rights: charters.rights(),
            // Not before the one that it follows, unless that one was opened by a clock far ahead.
            opened_at: before
                .map(|before| before.keys().opened_at)
                .filter(|opened| *opened <= self.now().plus(HOUR))
                .map_or(self.now(), |opened| self.now().max(opened)),
        };
        let opened = open_epoch(&opening, roster, &names, &key, &rand::rng)
            .map_err(|error| ClientError::Unexpected(error.to_string()))?;
        let mut connection = self.device_connection(place).await?;
        let verified = opened.announcement.verify(&place).map_err(|e| ClientError::Unexpected(e.to_string()))?;
        self.stage(&mut connection, &verified, &opened).await?;
        let announcement = opened.announcement.to_bytes();
        let holds = before.map_or(Epoch::NONE, Announcement::epoch);
        connection.done(Request::Open { announcement, holds }).await?;
        connection.close().await;
        Ok(())
    }

    async fn stage(
        &self,
        connection: &mut Connection,
        announcement: &Announcement,
        opened: &Opened,
    ) -> Result<(), ClientError> {
        for (class, objects) in [(ObjectClass::Slot, &opened.slots), (ObjectClass::Other, &opened.others)] {
            for batch in objects.chunks(MAX_OBJECTS) {
                let objects: Vec<Object> = batch.to_vec();
                loop {
                    let request = Request::Stage { announcement: announcement.hash(), class, objects: objects.clone() };
                    match connection.call(request).await {
                        Ok(Reply::Staged { .. }) => break,
                        Ok(_) => return Err(connection.unexpected()),
                        Err(ClientError::Refused(Refusal::SlowDown { seconds })) => {
                            tokio::time::sleep(std::time::Duration::from_secs(u64::from(seconds.clamp(1, 30)))).await;
                        }
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        Ok(())
    }

    /// Opens the next epoch, now. Returns its number.
    ///
    /// # Errors
    /// This device may not, or no relay answers.
    pub async fn rotate(&self, hood: NeighborhoodId) -> Result<Epoch, ClientError> {
        let (mut link, _) = Box::pin(self.connected(hood)).await?;
        let before = link.epoch;
        for _ in 0..4 {
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
        let waiting: Vec<RosterMember> =
            roster.members().values().filter(|member| member.secrets.slot.is_some()).cloned().collect();
        if waiting.is_empty() || announcement.epoch() != link.epoch || !self.may(hood, Right::Enroll)? {
            return Ok(());
        }
        let key = self.device_key(hood, "add slots")?;
        let charters = self.charters()?;
        let all = epoch.keys(state.place());
        let mut connection = self.device_connection(state.place()).await?;
        let there = fetch_late_slots(&mut connection, &announcement).await?;
        for member in &waiting {
            let Some((tag, psk)) = &member.secrets.slot else { continue };
            if !there.iter().any(|late| late.tag == *tag) {
                let hour = if member.added_in == link.epoch {
                    Hour::at(epoch.opened_at, member.since).before()
                } else {
                    Hour(0)
                };
                let right = |key| charters.rights().any_right(key, hood, self.now());
                let coordinator = member.charter_key.as_ref().and_then(right).is_some();
                // Not before what this vault holds itself, and never past the approval's hour.
                let keys = if coordinator { all.clone() } else { all.for_member() };
                let keys = keys.from_hour(hour);
                let recipient = Recipient { tag: *tag, psk, kem: &member.kem };
                let charter = charters.newest().hash();
                let body = seal_slot(&keys, announcement.keys_hash(), charter, &recipient, &mut rand::rng())
                    .map_err(|error| ClientError::Unexpected(error.to_string()))?;
                let late = LateSlot::sign(announcement.hash(), *tag, body, &key);
                connection.done(Request::AddLateSlot(late)).await?;
                // It counts as there once it was read there.
                continue;
            }
            self.vault.transact(|tx| {
                if let Some(mut roster) = load_roster(tx, hood, state.place(), link.epoch)? {
                    roster.slot_seen(&member.id);
                    save_roster(tx, hood, &roster)?;
                }
                Ok::<_, ClientError>(())
            })?;
        }
        connection.close().await;
        Ok(())
    }
}
