//! The in-memory tail: what was just committed, as finished frames that all followers share.
//!
//! A follower has a cursor and no queue. `watch` wakes it up and carries no data, so it cannot lag; then it takes frames
//! from here or, when it is behind what is kept, pages from the store. A slow reader costs a cursor, not memory.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;
use watchfire_protocol::frame::{Reply, ServerFrame, Standing};
use watchfire_protocol::id::{Epoch, NetworkId, RecordId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire;

use crate::limit::Limits;
use crate::store::{CommitSink, Committed, Seek, StoredRecord};

/// The logs, in the order in which they stand in arrays.
pub(crate) const LOGS: [Channel; 4] = [Channel::Alerts, Channel::Inbox, Channel::Desk, Channel::Roster];

/// A record as it stands on the wire, WebSocket header included.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) position: u64,
    /// The epoch in its header: a connection of a closed epoch is sent nothing later.
    pub(crate) epoch: Epoch,
    pub(crate) expires: Timestamp,
    pub(crate) bytes: Arc<[u8]>,
}

impl Finished {
    pub(crate) fn new(log: Channel, record: &StoredRecord) -> Self {
        let StoredRecord { position, epoch, expires, bytes } = record;
        Self { position: *position, epoch: *epoch, expires: *expires, bytes: finish_record(log, *position, bytes) }
    }
}

/// An event is a frame with number 0.
pub(crate) fn event(reply: Reply) -> ServerFrame {
    ServerFrame { id: 0, reply }
}

/// A frame as it stands on the wire.
pub(crate) fn finish(frame: &ServerFrame) -> Arc<[u8]> {
    let payload = frame.to_bytes();
    [websocket_header(payload.len()).as_slice(), &payload].concat().into()
}

/// The event for a record as it stands on the wire: its bytes are copied once. They are the event's last field, so the
/// event of an empty record ends with their length.
fn finish_record(log: Channel, position: u64, record: &[u8]) -> Arc<[u8]> {
    let mut head = event(Reply::Record { channel: log, position, record: Vec::new() }).to_bytes();
    head.pop();
    head.extend_from_slice(&wire::encode(&u64::try_from(record.len()).unwrap_or(u64::MAX)));
    let header = websocket_header(head.len() + record.len());
    [header.as_slice(), &head, record].concat().into()
}

/// The unmasked header of one whole binary message (RFC 6455, section 5.2).
fn websocket_header(payload: usize) -> Vec<u8> {
    const FINAL_BINARY: u8 = 0x82;
    let mut out = vec![FINAL_BINARY];
    match (u8::try_from(payload), u16::try_from(payload)) {
        (Ok(short @ ..126), _) => out.push(short),
        (_, Ok(middle)) => {
            out.push(126);
            out.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            out.push(127);
            out.extend_from_slice(&u64::try_from(payload).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    out
}

/// All neighborhoods that somebody is connected to.
pub(crate) struct Hub {
    places: Mutex<HashMap<Place, Weak<Neighborhood>>>,
    bounds: Bounds,
}

#[derive(Clone)]
struct Bounds {
    records: usize,
    bytes: usize,
    all_bytes: usize,
    /// Bytes of all tails together.
    used: Arc<AtomicUsize>,
}

/// What connections to one neighborhood share.
pub(crate) struct Neighborhood {
    tails: [Tail; 4],
    standing: watch::Sender<Option<Standing>>,
}

/// The end of one log.
struct Tail {
    log: Channel,
    kept: Mutex<Kept>,
    /// The last position; what wakes followers up.
    last: watch::Sender<u64>,
    bounds: Bounds,
}

#[derive(Default)]
struct Kept {
    followers: u32,
    /// Every record after this position is in `frames`; none if nothing is known.
    after: Option<u64>,
    frames: VecDeque<(RecordId, Finished)>,
    bytes: usize,
    /// The position of the last record that came here.
    pushed: u64,
    /// What the store has at its last position, if that was looked at.
    newest: Option<Seek>,
}

impl Hub {
    pub(crate) fn new(limits: &Limits) -> Self {
        let bounds = Bounds {
            records: limits.tail_records,
            bytes: limits.tail_bytes,
            all_bytes: limits.tails_bytes,
            used: Arc::default(),
        };
        Self { places: Mutex::default(), bounds }
    }

    /// The shared part of a neighborhood. It lives as long as somebody holds it.
    pub(crate) fn neighborhood(&self, place: Place) -> Arc<Neighborhood> {
        let mut places = lock(&self.places);
        if let Some(held) = places.get(&place).and_then(Weak::upgrade) {
            return held;
        }
        let tails = LOGS.map(|log| Tail {
            log,
            kept: Mutex::default(),
            last: watch::Sender::new(0),
            bounds: self.bounds.clone(),
        });
        let made = Arc::new(Neighborhood { tails, standing: watch::Sender::new(None) });
        places.insert(place, Arc::downgrade(&made));
        made
    }

    /// Tells everybody connected to a neighborhood what the relay holds of it.
    pub(crate) fn tell(&self, place: Place, standing: Standing) {
        if let Some(neighborhood) = lock(&self.places).get(&place).and_then(Weak::upgrade) {
            neighborhood.standing.send_replace(Some(standing));
        }
    }

    /// Neighborhoods of a network that somebody is connected to.
    pub(crate) fn connected(&self, network: NetworkId) -> Vec<Place> {
        let places = lock(&self.places);
        let here = places.iter().filter(|(place, held)| place.network == network && held.strong_count() > 0);
        here.map(|(place, _)| *place).collect()
    }

    /// Drops what has expired, and what nobody is connected to.
    pub(crate) fn sweep(&self, now: Timestamp) {
        let live: Vec<_> = {
            let mut places = lock(&self.places);
            places.retain(|_, held| held.strong_count() > 0);
            places.values().filter_map(Weak::upgrade).collect()
        };
        for tail in live.iter().flat_map(|neighborhood| &neighborhood.tails) {
            tail.expire(now);
        }
    }
}

impl CommitSink for Hub {
    fn committed(&self, records: &[Committed]) {
        for Committed { place, log, id, record } in records {
            let neighborhood = lock(&self.places).get(place).and_then(Weak::upgrade);
            if let Some(tail) = neighborhood.as_ref().and_then(|neighborhood| neighborhood.tail(*log)) {
                tail.push(*id, record);
            }
        }
    }
}

impl Neighborhood {
    fn tail(&self, log: Channel) -> Option<&Tail> {
        self.tails.iter().find(|tail| tail.log == log)
    }

    /// What the relay holds, whenever that changes.
    pub(crate) fn standing(&self) -> watch::Receiver<Option<Standing>> {
        self.standing.subscribe()
    }

    /// How many follow a log.
    pub(crate) fn followers(&self, log: Channel) -> u32 {
        self.tail(log).map_or(0, |tail| lock(&tail.kept).followers)
    }
}

impl Tail {
    fn push(&self, id: RecordId, record: &StoredRecord) {
        let mut kept = lock(&self.kept);
        if kept.followers == 0 {
            self.forget(&mut kept);
            return;
        }
        let frame = Finished::new(self.log, record);
        let first = record.position.saturating_sub(1);
        kept.after.get_or_insert(first);
        kept.pushed = record.position;
        kept.bytes += frame.bytes.len();
        self.bounds.used.fetch_add(frame.bytes.len(), Ordering::Relaxed);
        kept.frames.push_back((id, frame));
        while kept.frames.len() > self.bounds.records
            || kept.bytes > self.bounds.bytes
            || self.bounds.used.load(Ordering::Relaxed) > self.bounds.all_bytes
        {
            if !self.drop_oldest(&mut kept) {
                break;
            }
        }
        drop(kept);
        self.last.send_replace(record.position);
    }

    fn drop_oldest(&self, kept: &mut Kept) -> bool {
        let Some((_, oldest)) = kept.frames.pop_front() else {
            return false;
        };
        kept.after = Some(oldest.position);
        kept.bytes -= oldest.bytes.len();
        self.bounds.used.fetch_sub(oldest.bytes.len(), Ordering::Relaxed);
        true
    }

    fn forget(&self, kept: &mut Kept) {
        self.bounds.used.fetch_sub(kept.bytes, Ordering::Relaxed);
        *kept = Kept { followers: kept.followers, ..Kept::default() };
    }

    fn expire(&self, now: Timestamp) {
        let mut kept = lock(&self.kept);
        if kept.followers == 0 {
            self.forget(&mut kept);
        }
        // It may be forgotten now.
        kept.newest = None;
        let before = kept.bytes;
        // An expired record in the middle leaves a gap, and gaps mean nothing.
        kept.frames.retain(|(_, frame)| frame.expires > now);
        kept.bytes = kept.frames.iter().map(|(_, frame)| frame.bytes.len()).sum();
        self.bounds.used.fetch_sub(before - kept.bytes, Ordering::Relaxed);
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let bytes = lock(&self.kept).bytes;
        self.bounds.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// One connection's place in one log.
pub(crate) struct Follower {
    neighborhood: Arc<Neighborhood>,
    log: Channel,
    last: watch::Receiver<u64>,
    /// The position of the last record that was sent.
    pub(crate) cursor: u64,
    /// Up to where the log went when it was asked for; none once `CaughtUp` was sent.
    pub(crate) catching_up: Option<u64>,
    behind: bool,
}

/// Where a follower's next records are.
pub(crate) enum Next {
    /// Here they are, and whether there are no more at the moment.
    Frames(Vec<Finished>, bool),
    /// In the store.
    Stored,
}

impl Follower {
    /// Follows a log from a cursor. Between this and reading the store nothing is missed: the tail has it.
    pub(crate) fn new(neighborhood: Arc<Neighborhood>, log: Channel) -> Option<Self> {
        let tail = neighborhood.tail(log)?;
        let last = tail.last.subscribe();
        lock(&tail.kept).followers += 1;
        Some(Self { neighborhood, log, last, cursor: 0, catching_up: None, behind: true })
    }

    /// What the store has at a position, if that is known without a look: thousands who come back in one moment have seen
    /// all but the last few records.
    pub(crate) fn known(&self, position: u64) -> Option<Seek> {
        let kept = lock(&self.neighborhood.tail(self.log)?.kept);
        let here = kept.frames.binary_search_by_key(&position, |(_, frame)| frame.position).ok();
        let here = here.and_then(|at| kept.frames.get(at)).map(|(id, _)| Seek { at: Some(*id), last: kept.pushed });
        here.or(kept.newest.filter(|newest| newest.last == position && kept.pushed <= position))
    }

    /// Keeps for others what the store was found to have at a position, if that is the last one.
    pub(crate) fn learn(&self, position: u64, seek: Seek) {
        let Some(mut kept) = self.neighborhood.tail(self.log).map(|tail| lock(&tail.kept)) else { return };
        if position == seek.last && kept.pushed <= position {
            kept.newest = Some(seek);
            kept.after.get_or_insert(position);
        }
    }

    /// Starts after a position, in a log that reached `last` at that time.
    pub(crate) fn start(&mut self, cursor: u64, last: u64) {
        self.cursor = cursor;
        self.catching_up = Some(last);
    }

    pub(crate) const fn log(&self) -> Channel {
        self.log
    }

    /// Whether there may be records to send.
    pub(crate) const fn is_behind(&self) -> bool {
        self.behind
    }

    /// Waits until there is more.
    pub(crate) async fn changed(&mut self) {
        match self.last.changed().await {
            Ok(()) => self.behind = true,
            // The sender lives in the neighborhood that this holds.
            Err(_) => std::future::pending().await,
        }
    }

    /// The next frames, up to about `bytes`.
    pub(crate) fn next(&mut self, bytes: usize) -> Next {
        self.last.mark_unchanged();
        let Some(tail) = self.neighborhood.tail(self.log) else {
            return Next::Frames(Vec::new(), true);
        };
        let kept = lock(&tail.kept);
        if kept.after.is_none_or(|after| self.cursor < after) {
            return Next::Stored;
        }
        let start = kept.frames.partition_point(|(_, frame)| frame.position <= self.cursor);
        let mut room = bytes;
        let fitting = kept.frames.range(start..).map(|(_, frame)| frame).take_while(|frame| {
            let fits = room > 0;
            room = room.saturating_sub(frame.bytes.len());
            fits
        });
        let fitting: Vec<_> = fitting.cloned().collect();
        let all = start + fitting.len() == kept.frames.len();
        Next::Frames(fitting, all)
    }

    /// Everything that there was has been sent.
    pub(crate) fn rest(&mut self) {
        self.behind = false;
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        if let Some(tail) = self.neighborhood.tail(self.log) {
            let mut kept = lock(&tail.kept);
            kept.followers = kept.followers.saturating_sub(1);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
