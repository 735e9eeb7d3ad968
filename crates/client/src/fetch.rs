//! Asking a relay for what belongs to an epoch: announcements, runs, late slots, objects. Nothing here is trusted that is
//! not under a signed root; everything is bounded.

use watchfire_protocol::announcement::{Announcement, LateSlot, SignedAnnouncement};
use watchfire_protocol::branch::Candidate;
use watchfire_protocol::charter::Right;
use watchfire_protocol::epoch::{CoordinatorKeys, EpochKeys};
use watchfire_protocol::frame::{MAX_OBJECTS, Refusal, Reply, Request};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{Epoch, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::object;
use watchfire_protocol::run::{Object, Presence, RunEntry, look_up, run_count, run_of, slots_root};

use crate::error::ClientError;
use crate::net::Connection;

/// More announcements, or late slots of one epoch, than this are not looked at.
const MAX_FETCHED: usize = 8192;
/// A roster has at most so many objects besides one a slot: invites, marks, removals.
const MAX_BESIDES: usize = 8192;
/// And at most so many at all: how many slots there are is signed by whoever opened the epoch, and by nobody else.
const MAX_ROSTER: usize = 65_536;

/// What looking for a slot showed.
pub(crate) enum Found {
    /// The slot of this candidate opened.
    Keys(Box<EpochKeys>, Candidate),
    /// There is none, and the runs prove it.
    Absent,
    /// The relay has no slots of this epoch, or gives an incomplete run.
    Withheld,
}

/// Looks for one's own slot of one epoch: in the runs in which its tags would be, and only then among the late ones. The
/// runs tell which branch the opener went on with.
pub(crate) async fn find_slot(
    connection: &mut Connection,
    charters: &CharterHistory,
    announcement: &Announcement,
    candidates: &[Candidate],
) -> Result<Found, ClientError> {
    let list = fetch_run_list(connection, announcement).await?;
    let mut whole = list.is_some();
    for candidate in candidates {
        let Some(list) = &list else { break };
        let in_run = find_in_run(connection, announcement, list, candidate.tag).await?;
        if let Some(Some(object)) = &in_run
            && let Ok(keys) = candidate.open(announcement, &object.body)
        {
            return Ok(Found::Keys(Box::new(keys), candidate.clone()));
        }
        whole &= in_run == Some(None);
    }
    for late in &fetch_late_slots(connection, announcement).await? {
        let Some(candidate) = candidates.iter().find(|candidate| candidate.tag == late.tag) else { continue };
        let place = announcement.place();
        // When it was added is not signed: whoever may enroll by any charter held, and is not distrusted, may add.
        let (signer, here) = (&late.signer, place.neighborhood);
        let granted =
            charters.iter().any(|charter| charter.as_written().ever_granted(signer, here, Right::Enroll).is_some());
        let distrusted = charters.rights().is_distrusted(&late.signer, place.neighborhood, announcement.epoch());
        if granted
            && !distrusted
            && late.announcement == announcement.hash()
            && late.verify().is_ok()
            && let Ok(keys) = candidate.open(announcement, &late.body)
        {
            return Ok(Found::Keys(Box::new(keys), candidate.clone()));
        }
    }
    Ok(if whole { Found::Absent } else { Found::Withheld })
}

/// `None`: the relay has no slots of this epoch, or they are not those that were signed.
async fn fetch_run_list(
    connection: &mut Connection,
    announcement: &Announcement,
) -> Result<Option<Vec<RunEntry>>, ClientError> {
    let Place { network, neighborhood } = announcement.place();
    let epoch = announcement.epoch();
    let mut list: Vec<RunEntry> = Vec::new();
    loop {
        let from = u32::try_from(list.len()).unwrap_or(u32::MAX);
        let (total, entries) = match connection.call(Request::SlotList { network, neighborhood, epoch, from }).await {
            Ok(Reply::SlotList { total, entries }) => (total, entries),
            Ok(_) => return Err(connection.unexpected()),
            Err(ClientError::Refused(Refusal::NotFound)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let none = entries.is_empty();
        list.extend(entries);
        if list.len() > run_count(usize::try_from(announcement.slots().count).unwrap_or(usize::MAX)) {
            return Ok(None);
        }
        if none || list.len() >= usize::try_from(total).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok((slots_root(&list) == announcement.slots().root).then_some(list))
}

/// `None`: the relay does not give the run, or not the one that was signed.
async fn find_in_run(
    connection: &mut Connection,
    announcement: &Announcement,
    list: &[RunEntry],
    tag: Tag,
) -> Result<Option<Option<Object>>, ClientError> {
    let run = run_of(list, &tag);
    let Some(slots) = fetch_run(connection, announcement, run).await? else { return Ok(None) };
    Ok(match look_up(list, run, &slots, &tag) {
        Presence::Present(object) => Some(Some(object.clone())),
        Presence::Absent => Some(None),
        Presence::Incomplete => None,
    })
}

/// `None`: the relay does not give the run.
async fn fetch_run(
    connection: &mut Connection,
    announcement: &Announcement,
    run: usize,
) -> Result<Option<Vec<Object>>, ClientError> {
    let Place { network, neighborhood } = announcement.place();
    let epoch = announcement.epoch();
    let number = u32::try_from(run).unwrap_or(u32::MAX);
    let mut slots: Vec<Object> = Vec::new();
    loop {
        let from = u32::try_from(slots.len()).unwrap_or(u32::MAX);
        let request = Request::SlotRun { network, neighborhood, epoch, run: number, from };
        let (total, more) = match connection.call(request).await {
            Ok(Reply::SlotRun { total, slots }) => (total, slots),
            Ok(_) => return Err(connection.unexpected()),
            Err(ClientError::Refused(Refusal::NotFound)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let none = more.is_empty();
        slots.extend(more);
        if none || slots.len() >= usize::try_from(total).unwrap_or(usize::MAX) || slots.len() > 64 {
            return Ok(Some(slots));
        }
    }
}

/// All slots with which an epoch was opened, by tag. `None`: the relay does not have them all.
pub(crate) async fn fetch_slots(
    connection: &mut Connection,
    announcement: &Announcement,
) -> Result<Option<Vec<Object>>, ClientError> {
    let Some(list) = fetch_run_list(connection, announcement).await? else { return Ok(None) };
    let mut all = Vec::new();
    for run in 0..list.len() {
        match fetch_run(connection, announcement, run).await? {
            Some(slots) => all.extend(slots),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}

/// The objects of an epoch whose tags are drawn by number, until one is missing, and at most so many.
pub(crate) async fn fetch_numbered(
    connection: &mut Connection,
    announcement: &Announcement,
    tag: impl Fn(u32) -> Tag,
) -> Result<Vec<Object>, ClientError> {
    let mut out: Vec<Object> = Vec::new();
    let batch = u32::try_from(MAX_OBJECTS).unwrap_or(1);
    loop {
        let first = u32::try_from(out.len()).unwrap_or(u32::MAX);
        let tags: Vec<Tag> = (first..first.saturating_add(batch)).map(&tag).collect();
        let objects = fetch_objects(connection, announcement.place(), announcement.epoch(), tags.clone()).await?;
        let in_order = tags.iter().map_while(|tag| objects.iter().find(|object| object.tag == *tag));
        let before = out.len();
        out.extend(in_order.cloned());
        if out.len() - before < tags.len() || out.len() > MAX_ROSTER {
            return Ok(out);
        }
    }
}

/// How many slots were added late.
pub(crate) async fn count_late_slots(
    connection: &mut Connection,
    announcement: &Announcement,
) -> Result<u32, ClientError> {
    let Place { network, neighborhood } = announcement.place();
    let request = Request::LateSlots { network, neighborhood, epoch: announcement.epoch(), from: u32::MAX };
    match connection.call(request).await {
        Ok(Reply::LateSlots { total, .. }) => Ok(total),
        Ok(_) => Err(connection.unexpected()),
        Err(ClientError::Refused(Refusal::NotFound)) => Ok(0),
        Err(error) => Err(error),
    }
}

/// All slots that were added late, whoever asks: the relay does not learn whose is wanted.
pub(crate) async fn fetch_late_slots(
    connection: &mut Connection,
    announcement: &Announcement,
) -> Result<Vec<LateSlot>, ClientError> {
    let Place { network, neighborhood } = announcement.place();
    let epoch = announcement.epoch();
    let mut out = Vec::new();
    loop {
        let from = u32::try_from(out.len()).unwrap_or(u32::MAX);
        match connection.call(Request::LateSlots { network, neighborhood, epoch, from }).await {
            Ok(Reply::LateSlots { total, slots }) => {
                let none = slots.is_empty();
                out.extend(slots);
                if none || out.len() > MAX_FETCHED || out.len() >= usize::try_from(total).unwrap_or(usize::MAX) {
                    return Ok(out);
                }
            }
            Ok(_) => return Err(connection.unexpected()),
            Err(ClientError::Refused(Refusal::NotFound)) => return Ok(out),
            Err(error) => return Err(error),
        }
    }
}

/// Announcements from an epoch upwards, oldest first, as they are: judging is the caller's.
pub(crate) async fn fetch_announcements(
    connection: &mut Connection,
    place: Place,
    from: Epoch,
) -> Result<Vec<SignedAnnouncement>, ClientError> {
    let Place { network, neighborhood } = place;
    let (mut out, mut from) = (Vec::new(), from);
    loop {
        let request = Request::Announcements { network, neighborhood, from };
        let Reply::Announcements { announcements, more } = connection.call(request).await? else {
            return Err(connection.unexpected());
        };
        let none = announcements.is_empty();
        for bytes in announcements {
            let signed = SignedAnnouncement::from_bytes(&bytes)
                .map_err(|error| ClientError::Untrusted(format!("an announcement of it is malformed ({error})")))?;
            if let Ok(announcement) = signed.verify(&place) {
                from = from.max(announcement.epoch().next());
            }
            out.push(signed);
        }
        if out.len() > MAX_FETCHED {
            return Err(ClientError::Untrusted("it shows more announcements than a neighborhood can have".to_owned()));
        }
        if !more || none {
            return Ok(out);
        }
    }
}

pub(crate) async fn fetch_objects(
    connection: &mut Connection,
    place: Place,
    epoch: Epoch,
    tags: Vec<Tag>,
) -> Result<Vec<Object>, ClientError> {
    let Place { network, neighborhood } = place;
    match connection.call(Request::Objects { network, neighborhood, epoch, tags }).await {
        Ok(Reply::Objects { objects }) => Ok(objects),
        Ok(_) => Err(connection.unexpected()),
        Err(ClientError::Refused(Refusal::NotFound)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// The roster of an epoch, as far as it is there, and not much more than it can have.
pub(crate) async fn fetch_roster(
    connection: &mut Connection,
    announcement: &Announcement,
    coordinator: &CoordinatorKeys,
    keys: &EpochKeys,
) -> Result<Vec<Vec<u8>>, ClientError> {
    let (context, key) = (keys.context(), coordinator.roster_key());
    let slots = usize::try_from(announcement.slots().count).unwrap_or(usize::MAX);
    let most = slots.saturating_add(MAX_BESIDES).min(MAX_ROSTER);
    let mut items: Vec<Vec<u8>> = Vec::new();
    loop {
        let first = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let batch = u32::try_from(MAX_OBJECTS).unwrap_or(1);
        let tags: Vec<Tag> = (first..first.saturating_add(batch)).map(|j| coordinator.roster_tag(j)).collect();
        let objects = fetch_objects(connection, announcement.place(), announcement.epoch(), tags.clone()).await?;
        let before = items.len();
        for tag in &tags {
            let Some(object) = objects.iter().find(|object| object.tag == *tag) else { break };
            let Ok(item) = object::open(&context, &key, object) else { break };
            items.push(item.to_vec());
        }
        if items.len() - before < tags.len() || items.len() > most {
            return Ok(items);
        }
    }
}
