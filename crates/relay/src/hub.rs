//! The in-memory tail: what was just committed, as finished frames that all followers share.
//!
//! A follower has a cursor and no queue. To one that waits, what is new is written past its task, if it has a line; any
//! other is woken up, and takes frames from here or, when it is behind what is kept, pages from the store. A slow reader
//! costs a cursor, not memory.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::yield_now;
use watchfire_protocol::frame::{Reply, ServerFrame, Standing};
use watchfire_protocol::id::{Epoch, NetworkId, RecordId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire;

use crate::clock::Clock;
use crate::limit::Limits;
use crate::line::{Line, Sent};
use crate::stand::{At, Shard, Shards, Stand};
use crate::store::{CommitSink, Committed, Seek, StoredRecord};

/// Frames of one write past a task.
const MOST: usize = 64;

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
    clock: Clock,
    /// Where fanning out is done. Without one, whoever follows is woken up.
    runtime: Option<Handle>,
}

#[derive(Clone)]
struct Bounds {
    records: usize,
    bytes: usize,
    all_bytes: usize,
    /// Bytes of all tails together.
    used: Arc<AtomicUsize>,
}

impl Bounds {
    fn are_exceeded(&self) -> bool {
        self.used.load(Ordering::Relaxed) > self.all_bytes
    }
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
    shards: Shards,
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
    pub(crate) fn new(limits: &Limits, clock: Clock) -> Self {
        let bounds = Bounds {
            records: limits.tail_records,
            bytes: limits.tail_bytes,
            all_bytes: limits.tails_bytes,
            used: Arc::default(),
        };
        Self { places: Mutex::default(), bounds, clock, runtime: Handle::try_current().ok() }
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
            shards: Shards::default(),
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

    /// Has everybody who follows a log be sent what is new, or be woken up.
    fn fan_out(&self, neighborhood: &Arc<Neighborhood>, tail: &Tail) {
        for shard in tail.shards.all() {
            match &self.runtime {
                Some(runtime) if shard.direct => {
                    if shard.is_newly_due() {
                        runtime.spawn(serve(Arc::clone(neighborhood), tail.log, shard, self.clock.clone()));
                    }
                }
                _ => shard.stands().iter().for_each(|stand| stand.wake()),
            }
        }
    }

    /// Where all tails together are too long, each forgets its older half, so that none is kept short by what others hold.
    /// If that is not enough, because there are so many, all do but those of whoever had something new.
    fn make_room(&self, newest: &Arc<Neighborhood>) {
        if !self.bounds.are_exceeded() {
            return;
        }
        let live: Vec<_> = lock(&self.places).values().filter_map(Weak::upgrade).collect();
        live.iter().flat_map(|each| &each.tails).for_each(|tail| tail.shorten(false));
        if self.bounds.are_exceeded() {
            let others = live.iter().filter(|each| !Arc::ptr_eq(each, newest));
            others.flat_map(|each| &each.tails).for_each(|tail| tail.shorten(true));
        }
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
            let Some(neighborhood) = neighborhood else { continue };
            if let Some(tail) = neighborhood.tail(*log) {
                tail.push(*id, record);
                self.fan_out(&neighborhood, tail);
            }
            self.make_room(&neighborhood);
        }
    }
}

/// Sends what is new to those of a shard. Every few of them it is somebody else's turn.
async fn serve(neighborhood: Arc<Neighborhood>, log: Channel, shard: Arc<Shard>, clock: Clock) {
    const TURN: usize = 32;
    let Some(tail) = neighborhood.tail(log) else { return };
    for some in shard.begin().chunks(TURN) {
        let now = clock.now();
        some.iter().for_each(|stand| tail.serve(stand, now));
        yield_now().await;
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
        // The newest stays in any case: whoever waits is to be written it.
        while kept.frames.len() > 1 && (kept.frames.len() > self.bounds.records || kept.bytes > self.bounds.bytes) {
            self.drop_oldest(&mut kept);
        }
    }

    /// Forgets the older half of what is kept, or all of it. Whoever has not had it reads it from the store.
    fn shorten(&self, all: bool) {
        let mut kept = lock(&self.kept);
        let (frames, before) = (kept.frames.len(), kept.bytes);
        let gone = if all { frames } else { frames / 2 };
        if let Some((_, newest)) = gone.checked_sub(1).and_then(|last| kept.frames.get(last)) {
            kept.after = Some(newest.position);
        }
        kept.frames.drain(..gone);
        kept.bytes = kept.frames.iter().map(|(_, frame)| frame.bytes.len()).sum();
        self.bounds.used.fetch_sub(before - kept.bytes, Ordering::Relaxed);
    }

    /// Writes what is new past the task of one who waits, and wakes it up if there is more to do than that.
    fn serve(&self, stand: &Stand, now: Timestamp) {
        let mut at = stand.at();
        if let Some(line) = stand.line.as_ref().filter(|_| at.resting) {
            at.resting = self.send(line, &mut at, now);
        }
        if !at.resting {
            stand.wake();
        }
    }

    /// Writes what comes after a cursor, and says whether that was all of it.
    fn send(&self, line: &Line, at: &mut At, now: Timestamp) -> bool {
        let (mut frames, mut positions) = (Vec::new(), Vec::new());
        {
            let kept = lock(&self.kept);
            if kept.after.is_none_or(|after| at.cursor < after) {
                return false;
            }
            let start = kept.frames.partition_point(|(_, frame)| frame.position <= at.cursor);
            for (_, frame) in kept.frames.range(start..) {
                // What is not for everybody is its task's part, and more than one write takes, too.
                if frame.epoch > at.newest || frame.expires <= now || frames.len() == MOST {
                    return false;
                }
                frames.push(Arc::clone(&frame.bytes));
                positions.push(frame.position);
            }
        }
        if frames.is_empty() {
            return true;
        }
        let (taken, all) = match line.send(&frames) {
            Sent::All => (frames.len(), true),
            Sent::Some(taken) => (taken, false),
        };
        if let Some(position) = taken.checked_sub(1).and_then(|last| positions.get(last)) {
            at.cursor = *position;
        }
        all
    }

    fn drop_oldest(&self, kept: &mut Kept) {
        let Some((_, oldest)) = kept.frames.pop_front() else { return };
        kept.after = Some(oldest.position);
        kept.bytes -= oldest.bytes.len();
        self.bounds.used.fetch_sub(oldest.bytes.len(), Ordering::Relaxed);
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
    stand: Arc<Stand>,
    shard: Arc<Shard>,
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
    pub(crate) fn new(neighborhood: Arc<Neighborhood>, log: Channel, line: Option<Arc<Line>>) -> Option<Self> {
        let tail = neighborhood.tail(log)?;
        lock(&tail.kept).followers += 1;
        let stand = Stand::new(line);
        let shard = tail.shards.add(&stand);
        Some(Self { neighborhood, log, stand, shard, catching_up: None, behind: true })
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
        self.reach(cursor);
        self.catching_up = Some(last);
    }

    /// The position of the last record that was sent.
    pub(crate) fn cursor(&self) -> u64 {
        self.stand.at().cursor
    }

    /// Everything up to a position has been sent.
    pub(crate) fn reach(&mut self, position: u64) {
        self.stand.at().cursor = position;
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
        self.stand.woken().await;
        self.behind = true;
    }

    /// The next frames, up to about `bytes`. From here on nothing goes past this one's task until it rests.
    pub(crate) fn next(&mut self, bytes: usize) -> Next {
        let cursor = {
            let mut at = self.stand.at();
            at.resting = false;
            at.cursor
        };
        // Woken up or not: what has come until now is looked at now.
        let _ = self.stand.woken().now_or_never();
        let Some(tail) = self.neighborhood.tail(self.log) else {
            return Next::Frames(Vec::new(), true);
        };
        let kept = lock(&tail.kept);
        if kept.after.is_none_or(|after| cursor < after) {
            return Next::Stored;
        }
        let start = kept.frames.partition_point(|(_, frame)| frame.position <= cursor);
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

    /// Whether nothing comes after its cursor, as far as is known without a look into the store.
    pub(crate) fn has_all(&self) -> bool {
        let cursor = self.cursor();
        let Some(tail) = self.neighborhood.tail(self.log) else { return true };
        let kept = lock(&tail.kept);
        let newest = kept.frames.back().map(|(_, frame)| frame.position);
        kept.after.is_some_and(|after| after <= cursor) && newest.is_none_or(|newest| newest <= cursor)
    }

    /// Everything that there was has been sent. What is new may go past the task, of epochs up to `newest`.
    pub(crate) fn rest(&mut self, newest: Epoch) {
        self.behind = false;
        let mut at = self.stand.at();
        (at.resting, at.newest) = (true, newest);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        if let Some(tail) = self.neighborhood.tail(self.log) {
            let mut kept = lock(&tail.kept);
            kept.followers = kept.followers.saturating_sub(1);
            drop(kept);
            tail.shards.remove(&self.shard, &self.stand);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
