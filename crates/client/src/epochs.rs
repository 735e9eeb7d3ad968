//! Following epochs: announcements, slots, names, roster.

use rand_core::Rng as _;
use watchfire_protocol::announcement::{Announcement, Keys, SignedAnnouncement};
use watchfire_protocol::charter::Right;
use watchfire_protocol::frame::{Refusal, Reply, Request, Standing};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AnnouncementHash, Epoch, NeighborhoodId, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::names;
use watchfire_protocol::object;
use watchfire_protocol::roster::Roster;
use watchfire_protocol::time::{HOUR, Timestamp};
use watchfire_protocol::verdict::Confirmation;
use watchfire_protocol::wire;

use crate::client::Client;
use crate::error::ClientError;
use crate::fetch::{Found, fetch_announcements, fetch_objects, fetch_roster, find_slot};
use crate::fold::{fold, note_due};
use crate::former::keep_names;
use crate::net::Connection;
use crate::records::keep_event;
use crate::renewals::known_renewals;
use crate::state::{self, EpochState, Hood, Missing};
use crate::vault::{Bucket, Tx};

/// Rosters of so many epochs are kept: the newest, and those before it.
const ROSTERS_KEPT: u64 = 3;

impl Client {
    /// What the relay holds of a neighborhood; epoch 0 if it knows nothing of it.
    pub(crate) async fn standing(&self, connection: &mut Connection, place: Place) -> Result<Standing, ClientError> {
        let Place { network, neighborhood } = place;
        match connection.call(Request::Standing { network, neighborhood }).await {
            Ok(Reply::Standing(standing)) => Ok(standing),
            Ok(_) => Err(connection.unexpected()),
            Err(error) => Err(error),
        }
    }

    /// Takes the announcements that the relay holds and this vault does not, opens the slots, and brings the names and
    /// the roster up to date. Returns what the relay held before, and whether this vault had to bring its own.
    pub(crate) async fn sync_epochs(
        &self,
        connection: &mut Connection,
        hood: NeighborhoodId,
    ) -> Result<(Standing, bool), ClientError> {
        let (state, known) = self.read(|tx| Ok((Hood::load(tx, hood)?, newest_announcement(tx, hood)?)))?;
        let place = state.place();
        let mut standing = self.standing(connection, place).await?;
        let newest = known.as_ref().map_or(Epoch::NONE, Announcement::epoch);
        let mut brought = false;
        if standing.epoch < newest {
            // All that it lacks, oldest first: whoever is behind must find the way to the newest.
            for announcement in self.announcements_after(hood, standing.epoch)? {
                match connection.done(Request::PutAnnouncement { announcement }).await {
                    // Its signer is distrusted by now, or somebody else brought another: that bars nothing after it.
                    Err(ClientError::Refused(
                        Refusal::NotGranted | Refusal::BadAnnouncement(_) | Refusal::Stale { .. },
                    )) => {}
                    done => done?,
                }
            }
            standing = self.standing(connection, place).await?;
            brought = true;
        }
        if standing.epoch > newest || known.is_none() {
            let mut refused = None;
            for signed in fetch_announcements(connection, place, newest.next()).await? {
                // One that is void, its signer distrusted by now, must not bar the way to those after it.
                match self.take_announcement(hood, &signed) {
                    Err(error @ ClientError::Untrusted(_)) => refused = Some(error),
                    taken => taken?,
                }
            }
            let reached = self.read(|tx| newest_announcement(tx, hood))?.map(|newest| newest.epoch());
            if let (None, Some(error)) = (reached, refused) {
                return Err(error);
            }
        }
        self.open_all_pending(connection, hood).await?;
        self.sync_names(connection, hood).await?;
        self.sync_missed_rosters(connection, hood).await?;
        self.sync_roster(connection, hood).await?;
        self.note_twin(connection, hood, &standing).await?;
        Ok((standing, brought))
    }

    /// Keeps the other announcement of the epoch that this vault is in, if the relay has another one: whoever opens the
    /// next epoch names both.
    async fn note_twin(
        &self,
        connection: &mut Connection,
        hood: NeighborhoodId,
        standing: &Standing,
    ) -> Result<(), ClientError> {
        let (state, known) = self.read(|tx| Ok((Hood::load(tx, hood)?, newest_announcement(tx, hood)?)))?;
        let Some(known) = known.filter(|known| is_twin(known, standing)) else { return Ok(()) };
        let charters = self.charters()?;
        for signed in fetch_announcements(connection, state.place(), known.epoch()).await? {
            let judged = judge_announcement(&charters, state.place(), &signed);
            if judged.is_ok_and(|twin| twin.epoch() == known.epoch() && twin.hash() == standing.announcement) {
                let name = state::epoch_name(hood, known.epoch());
                self.read(|tx| Ok(tx.put(Bucket::OtherAnnouncement, &name, &signed.to_bytes())?))?;
            }
        }
        Ok(())
    }

    fn announcements_after(&self, hood: NeighborhoodId, epoch: Epoch) -> Result<Vec<Vec<u8>>, ClientError> {
        let stored: Vec<(Vec<u8>, Vec<u8>)> = self.read(|tx| Ok(tx.list(Bucket::Announcement, &hood.0)?))?;
        let after = state::epoch_name(hood, epoch);
        Ok(stored.into_iter().filter(|(name, _)| *name > after).map(|(_, bytes)| bytes).collect())
    }

    /// Judges one announcement and takes it: in one transaction its slot's tag and keys are derived, the slot secret
    /// is stepped, and the old one erased.
    fn take_announcement(&self, hood: NeighborhoodId, signed: &SignedAnnouncement) -> Result<(), ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.vault.transact(|tx| {
            let known = newest_announcement(tx, hood)?;
            let place = Hood::load(tx, hood)?.place();
            let announcement = judge_announcement(&charters, place, signed)?;
            if known.is_some_and(|known| announcement.epoch() <= known.epoch()) {
                return Err(ClientError::Untrusted("its announcements are not in order".to_owned()));
            }
            keep_announcement(tx, hood, signed, &announcement, now)
        })
    }

    /// Looks for the slots of all epochs without keys, oldest first.
    pub(crate) async fn open_all_pending(
        &self,
        connection: &mut Connection,
        hood: NeighborhoodId,
    ) -> Result<(), ClientError> {
        let mut epochs: Vec<Epoch> = self.read(|tx| Hood::load(tx, hood))?.pending.iter().map(|p| p.epoch).collect();
        epochs.dedup();
        for epoch in epochs {
            self.open_pending(connection, hood, epoch).await?;
        }
        Ok(())
    }

    async fn open_pending(
        &self,
        connection: &mut Connection,
        hood: NeighborhoodId,
        epoch: Epoch,
    ) -> Result<(), ClientError> {
        let (state, bytes): (Hood, Option<Vec<u8>>) = self
            .read(|tx| Ok((Hood::load(tx, hood)?, tx.get(Bucket::Announcement, &state::epoch_name(hood, epoch))?)))?;
        let Some(announcement) = bytes.and_then(|bytes| reopen(&bytes, state.place())) else { return Ok(()) };
        let charters = self.charters()?;
        let candidates: Vec<_> = state.pending.into_iter().filter(|pending| pending.epoch == epoch).collect();
        if candidates.is_empty() {
            // Another command opened it meanwhile.
            return Ok(());
        }
        let found = find_slot(connection, &charters, &announcement, &candidates).await?;
        self.vault.transact(|tx| {
            let mut state = Hood::load(tx, hood)?;
            match found {
                Found::Keys(keys, opened) => {
                    state.pending.retain(|other| other.epoch != epoch);
                    state.branches.opened(epoch, opened.branch);
                    let opened_at = announcement.keys().opened_at;
                    let own = (opened.auth, opened.kem);
                    EpochState::new(&keys, announcement.hash(), opened_at, own).save(tx, hood)?;
                    if epoch > state.epoch {
                        state.epoch = epoch;
                        state.announcement = announcement.hash();
                        state.missing = None;
                        state.incomplete_since = None;
                    }
                    if state.first_epoch == Epoch::NONE {
                        state.first_epoch = epoch;
                        state.first_hour = keys.member.chain().hour();
                    }
                }
                Found::Absent if epoch > state.epoch => {
                    state.missing = Some(Missing::Removed { by: announcement.signer() });
                }
                Found::Withheld if epoch > state.epoch => state.missing = Some(Missing::Withheld),
                Found::Absent | Found::Withheld => {}
            }
            // Before a newcomer's first epoch there was no slot for them, and there never will be.
            state.pending.retain(|pending| pending.epoch >= state.first_epoch);
            state.save(tx)
        })
    }

    /// Reads the names of the current epoch, unless those that are held are the ones that the charter commits to.
    async fn sync_names(&self, connection: &mut Connection, hood: NeighborhoodId) -> Result<(), ClientError> {
        let charters = self.charters()?;
        let terms = charters.newest().neighborhood(hood).map(|terms| terms.names);
        let (state, held, epoch) = self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let epoch = EpochState::load(tx, hood, state.epoch)?;
            Ok((state, state::names(tx, hood)?, epoch))
        })?;
        let Some(epoch) = epoch else { return Ok(()) };
        if held.is_some_and(|names| Some(names.commitment()) == terms) {
            return Ok(());
        }
        let keys = epoch.keys(state.place());
        let (context, key) = (keys.context(), keys.member.names_key());
        let mut parts: Vec<Vec<u8>> = Vec::new();
        loop {
            let first = u32::try_from(parts.len()).unwrap_or(u32::MAX);
            let tags: Vec<Tag> = (first..first.saturating_add(4)).map(|j| keys.member.names_tag(j)).collect();
            let objects = fetch_objects(connection, state.place(), epoch.epoch, tags.clone()).await?;
            let before = parts.len();
            for tag in &tags {
                let Some(object) = objects.iter().find(|object| object.tag == *tag) else { break };
                let Ok(part) = object::open(&context, &key, object) else { break };
                parts.push(part.to_vec());
            }
            let wanted = parts.first().and_then(|part| names::part_count(part)).map_or(0, usize::from);
            if parts.len() >= wanted || parts.len() == before {
                break;
            }
        }
        // Names that no charter commits to are not names; without any, ids are shown.
        let Ok(block) = names::join_parts(parts.iter().map(Vec::as_slice)) else { return Ok(()) };
        let committed = charters
            .iter()
            .any(|charter| charter.neighborhood(hood).is_some_and(|terms| terms.names == block.commitment()));
        if committed {
            self.read(|tx| Ok(tx.put(Bucket::Names, &hood.0, &block)?))?;
        }
        Ok(())
    }

    /// Reads the rosters of the epochs that a coordinator was away for, as far back as rosters are kept: what members wrote in
    /// those is known to be theirs by them.
    async fn sync_missed_rosters(&self, connection: &mut Connection, hood: NeighborhoodId) -> Result<(), ClientError> {
        let state = self.read(|tx| Hood::load(tx, hood))?;
        for back in (1..ROSTERS_KEPT).rev() {
            let Some(missed) = state.epoch.0.checked_sub(back).map(Epoch) else { continue };
            let (epoch, bytes) = self.read(|tx| {
                let at = state::epoch_name(hood, missed);
                let known = roster_of(tx, hood, state.place(), missed)?;
                let epoch = EpochState::load(tx, hood, missed)?.filter(|_| known.is_none());
                Ok((epoch, tx.get::<Vec<u8>>(Bucket::Announcement, &at)?))
            })?;
            let announcement = bytes.and_then(|bytes| reopen(&bytes, state.place()));
            let (Some(epoch), Some(announcement)) = (epoch, announcement) else { continue };
            let keys = epoch.keys(state.place());
            let Some(coordinator) = &keys.coordinator else { continue };
            let items = fetch_roster(connection, &announcement, coordinator, &keys).await?;
            // Withheld, or forgotten by the relay by now: then so are the records of it.
            if let Ok(roster) = Roster::from_snapshot(keys.context(), &items, &announcement.keys().roster_digest) {
                let name = state::epoch_name(hood, missed);
                self.read(|tx| Ok(tx.put(Bucket::MissedRoster, &name, &*roster.to_vault_bytes())?))?;
            }
        }
        Ok(())
    }

    /// Reads the roster snapshot of the current epoch, for a coordinator who has not read it yet, and folds in every
    /// event that is known.
    async fn sync_roster(&self, connection: &mut Connection, hood: NeighborhoodId) -> Result<(), ClientError> {
        let (state, epoch, bytes, read) = self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let at = state::epoch_name(hood, state.epoch);
            let epoch = EpochState::load(tx, hood, state.epoch)?;
            let read =
                tx.get::<Vec<u8>>(Bucket::Roster, &at)?.is_some() && stepped_since(tx, hood, state.epoch)?.is_none();
            let bytes: Option<Vec<u8>> = tx.get(Bucket::Announcement, &at)?;
            Ok((state, epoch, bytes, read))
        })?;
        let place = state.place();
        let (Some(epoch), false) = (epoch, read) else { return Ok(()) };
        let keys = epoch.keys(place);
        let (Some(coordinator), Some(announcement)) = (&keys.coordinator, bytes.and_then(|b| reopen(&b, place))) else {
            return Ok(());
        };
        let (charters, now) = (self.charters()?, self.now());
        let items = fetch_roster(connection, &announcement, coordinator, &keys).await?;
        let digest = &announcement.keys().roster_digest;
        let Ok(mut roster) = Roster::from_snapshot(keys.context(), &items, digest) else {
            // Withheld or lost: the one before is stepped, so that nobody is forgotten.
            return self.vault.transact(|tx| step_roster(tx, hood, &charters, epoch.epoch, now));
        };
        self.vault.transact(|tx| {
            tx.delete(Bucket::Stepped, &state::epoch_name(hood, epoch.epoch))?;
            // Whoever was removed before the roster that is held is not on it. So what the snapshot shows came later.
            let held = newest_roster(tx, hood)?.map_or(Epoch::NONE, |held| held.context().epoch);
            for (came, event) in roster.evidence() {
                keep_event(tx, &state, &charters, event, None, held.max(*came), now)?;
            }
            let snapshot = roster.clone();
            fold(tx, hood, &charters, &mut roster, now)?;
            note_due(tx, hood, &snapshot, &roster, false, now)?;
            save_roster(tx, hood, &roster)
        })
    }

    /// Where the roster of the current epoch could not be read: steps the one before again, with the renewals and events
    /// that came since.
    pub(crate) fn restep_roster(&self, hood: NeighborhoodId) -> Result<(), ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.vault.transact(|tx| {
            let epoch = Hood::load(tx, hood)?.epoch;
            if stepped_since(tx, hood, epoch)?.is_some() {
                step_roster(tx, hood, &charters, epoch, now)
            } else {
                Ok(())
            }
        })
    }
}

/// Since when the roster of an epoch is not its opener's, but the one before, stepped here.
pub(crate) fn stepped_since(tx: &Tx<'_>, hood: NeighborhoodId, epoch: Epoch) -> Result<Option<Timestamp>, ClientError> {
    Ok(tx.get(Bucket::Stepped, &state::epoch_name(hood, epoch))?)
}

/// Steps the roster of an earlier epoch to this one, as its opener did, as far as is known here.
fn step_roster(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    charters: &CharterHistory,
    epoch: Epoch,
    now: Timestamp,
) -> Result<(), ClientError> {
    let place = Hood::load(tx, hood)?.place();
    let name = state::epoch_name(hood, epoch);
    let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Roster, &hood.0)?;
    let Some((_, bytes)) = stored.iter().rev().find(|(other, _)| *other < name) else { return Ok(()) };
    let mut older = Roster::from_vault_bytes(place, bytes).map_err(|_| crate::vault::VaultError::Damaged)?;
    fold(tx, hood, charters, &mut older, now)?;
    let Ok(mut roster) = older.step_with(epoch, now, &known_renewals(tx, hood, place)?) else { return Ok(()) };
    fold(tx, hood, charters, &mut roster, now)?;
    if let Some(before) = load_roster(tx, hood, place, epoch)? {
        roster.slots_seen_as_in(&before);
    }
    let since = stepped_since(tx, hood, epoch)?.unwrap_or(now);
    tx.put(Bucket::Stepped, &name, &since)?;
    save_roster(tx, hood, &roster)
}

/// Keeps a roster, and those of the two epochs before: `auth_e` of what was sealed then.
pub(crate) fn save_roster(tx: &Tx<'_>, hood: NeighborhoodId, roster: &Roster) -> Result<(), ClientError> {
    let epoch = roster.context().epoch;
    tx.put(Bucket::Roster, &state::epoch_name(hood, epoch), &*roster.to_vault_bytes())?;
    let is_old = |name: &[u8]| {
        let of = name.get(16..24).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
        of + ROSTERS_KEPT <= epoch.0
    };
    for (name, bytes) in tx.list::<Vec<u8>>(Bucket::Roster, &hood.0)? {
        if is_old(&name) {
            if let Ok(older) = Roster::from_vault_bytes(roster.context().place, &bytes) {
                keep_names(tx, hood, &older, roster)?;
            }
            tx.delete(Bucket::Roster, &name)?;
            tx.delete(Bucket::Stepped, &name)?;
        }
    }
    for (name, _) in tx.list::<Vec<u8>>(Bucket::MissedRoster, &hood.0)? {
        if is_old(&name) {
            tx.delete(Bucket::MissedRoster, &name)?;
        }
    }
    Ok(())
}

/// The roster of an epoch, be it one that this coordinator was away for. That one is only good for telling who wrote in that
/// epoch: whom an opener left out shows against a roster that this vault held before.
pub(crate) fn roster_of(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    place: Place,
    epoch: Epoch,
) -> Result<Option<Roster>, ClientError> {
    match load_roster(tx, hood, place, epoch)? {
        None => roster_in(tx, Bucket::MissedRoster, hood, place, epoch),
        held => Ok(held),
    }
}

fn roster_in(
    tx: &Tx<'_>,
    bucket: Bucket,
    hood: NeighborhoodId,
    place: Place,
    epoch: Epoch,
) -> Result<Option<Roster>, ClientError> {
    let bytes: Option<Vec<u8>> = tx.get(bucket, &state::epoch_name(hood, epoch))?;
    bytes
        .map(|bytes| Roster::from_vault_bytes(place, &bytes).map_err(|_| crate::vault::VaultError::Damaged.into()))
        .transpose()
}

/// The roster of an epoch, as a coordinator holds it.
pub(crate) fn load_roster(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    place: Place,
    epoch: Epoch,
) -> Result<Option<Roster>, ClientError> {
    roster_in(tx, Bucket::Roster, hood, place, epoch)
}

pub(crate) fn newest_roster(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<Option<Roster>, ClientError> {
    let place = Hood::load(tx, hood)?.place();
    let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Roster, &hood.0)?;
    let Some((_, bytes)) = stored.last() else { return Ok(None) };
    Ok(Some(Roster::from_vault_bytes(place, bytes).map_err(|_| crate::vault::VaultError::Damaged)?))
}

/// The newest roster before that of an epoch, as a coordinator holds it.
pub(crate) fn roster_before(tx: &Tx<'_>, hood: &Hood, epoch: Epoch) -> Result<Option<Roster>, ClientError> {
    Ok(rosters(tx, hood)?.into_iter().rfind(|roster| roster.context().epoch < epoch))
}

/// The rosters that a coordinator holds, oldest first.
pub(crate) fn rosters(tx: &Tx<'_>, hood: &Hood) -> Result<Vec<Roster>, ClientError> {
    let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Roster, &hood.id.0)?;
    let read = |(_, bytes): (_, Vec<u8>)| Roster::from_vault_bytes(hood.place(), &bytes);
    Ok(stored.into_iter().map(read).collect::<Result<_, _>>().map_err(|_| crate::vault::VaultError::Damaged)?)
}

/// Whether a relay holds another announcement of the epoch that this vault is in.
pub(crate) fn is_twin(known: &Announcement, standing: &Standing) -> bool {
    standing.epoch == known.epoch() && standing.announcement != known.hash()
}

/// The other announcement of an epoch of which two were made.
pub(crate) fn twin(tx: &Tx<'_>, hood: &Hood, epoch: Epoch) -> Result<Option<Announcement>, ClientError> {
    let bytes: Option<Vec<u8>> = tx.get(Bucket::OtherAnnouncement, &state::epoch_name(hood.id, epoch))?;
    Ok(bytes.and_then(|bytes| reopen(&bytes, hood.place())))
}

/// When an epoch opened, as far as its announcement is held.
pub(crate) fn opened_at(tx: &Tx<'_>, hood: NeighborhoodId, epoch: Epoch) -> Result<Timestamp, ClientError> {
    let bytes: Option<Vec<u8>> = tx.get(Bucket::Announcement, &state::epoch_name(hood, epoch))?;
    let keys =
        bytes.and_then(|bytes| wire::decode_body::<Keys>(&SignedAnnouncement::from_bytes(&bytes).ok()?.keys).ok());
    Ok(keys.map_or(Timestamp(0), |keys| keys.opened_at))
}

/// The newest announcement that was taken.
pub(crate) fn newest_announcement(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<Option<Announcement>, ClientError> {
    let place = Hood::load(tx, hood)?.place();
    let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Announcement, &hood.0)?;
    Ok(stored.last().and_then(|(_, bytes)| reopen(bytes, place)))
}

/// The hashes of all announcements that were taken: the current one and its ancestors.
pub(crate) fn known_announcements(
    tx: &Tx<'_>,
    hood: &Hood,
) -> Result<std::collections::BTreeSet<AnnouncementHash>, ClientError> {
    let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Announcement, &hood.id.0)?;
    let signed = stored.iter().filter_map(|(_, bytes)| SignedAnnouncement::from_bytes(bytes).ok());
    Ok(signed.map(|signed| signed.hash()).collect())
}

/// Reads an announcement that was judged when it was taken.
pub(crate) fn reopen(bytes: &[u8], place: Place) -> Option<Announcement> {
    SignedAnnouncement::from_bytes(bytes).ok()?.verify(&place).ok()
}

/// Keeps a judged announcement: derives its slot's tag and keys, steps the slot secret, and erases the old one.
pub(crate) fn keep_announcement(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    signed: &SignedAnnouncement,
    announcement: &Announcement,
    now: Timestamp,
) -> Result<(), ClientError> {
    let mut state = Hood::load(tx, hood)?;
    tx.put(Bucket::Announcement, &state::epoch_name(hood, announcement.epoch()), &signed.to_bytes())?;
    confirm_by_announcement(tx, hood, announcement, now)?;
    if announcement.epoch() >= state.branches.next_epoch() {
        let candidates = state
            .branches
            .take(announcement.place(), announcement.epoch())
            .map_err(|_| ClientError::Untrusted("its epoch is too far ahead".to_owned()))?;
        state.pending.extend(candidates);
    }
    // A time far ahead moves nothing: it is somebody's wrong clock.
    if announcement.keys().opened_at <= now.plus(HOUR) {
        state.highest = state.highest.max(announcement.keys().opened_at);
    }
    state.save(tx)
}

/// Whether an announcement is signed by somebody who may open epochs. It need not name the one that is held as its
/// predecessor: a relay that was filled again may lack those between, and who is behind must not be locked out.
pub(crate) fn judge_announcement(
    charters: &CharterHistory,
    place: Place,
    signed: &SignedAnnouncement,
) -> Result<Announcement, ClientError> {
    let untrusted = |why: &str| ClientError::Untrusted(format!("its announcement {why}"));
    let announcement = signed.verify(&place).map_err(|error| untrusted(&format!("was refused: {error}")))?;
    let keys = announcement.keys();
    let charter = charters.by_hash(&keys.charter).ok_or_else(|| untrusted("names a charter that it does not show"))?;
    let signer = announcement.signer();
    let granted = charter.as_written().granted(&signer, place.neighborhood, Right::Enroll, keys.opened_at);
    let distrusted = charters.rights().is_distrusted(&signer, place.neighborhood, keys.epoch);
    if granted.is_none() || distrusted {
        return Err(untrusted("is signed by somebody whom the charter does not let open epochs"));
    }
    Ok(announcement)
}

fn confirm_by_announcement(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    announcement: &Announcement,
    now: Timestamp,
) -> Result<(), ClientError> {
    let keys = announcement.keys();
    let (at, charter, restrictions) = (keys.opened_at, keys.charter, keys.restrictions);
    let (signer, announcement) = (announcement.signer(), announcement.hash());
    keep_confirmation(tx, hood, Confirmation { signer, at, charter, restrictions, announcement }, now)
}

/// Keeps each device's newest confirmation of each charter. One from the future is none: it would stand before the
/// true ones, and count when its day comes.
pub(crate) fn keep_confirmation(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    confirmation: Confirmation,
    now: Timestamp,
) -> Result<(), ClientError> {
    if confirmation.at > now.plus(HOUR) {
        return Ok(());
    }
    let name = state::name(hood, &[&confirmation.signer.as_bytes()[..], &confirmation.charter.0].concat());
    let held: Option<Confirmation> = tx.get(Bucket::Confirmation, &name)?;
    if held.is_none_or(|held| held.at < confirmation.at) {
        tx.put(Bucket::Confirmation, &name, &confirmation)?;
    }
    Ok(())
}

/// 16 random bytes.
pub(crate) fn random16() -> [u8; 16] {
    let mut out = [0; 16];
    rand::rng().fill_bytes(&mut out);
    out
}
