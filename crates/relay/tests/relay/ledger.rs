//! What the relay has said, to be held against what it says later.

use std::collections::{BTreeMap, HashMap, HashSet};

use watchfire_protocol::id::RecordId;
use watchfire_protocol::record::{Channel, record_id};

use crate::client::Received;

/// One log, as everybody together saw it.
#[derive(Default)]
pub(crate) struct Ledger {
    /// What was acknowledged or delivered, by its position; for ever.
    at: BTreeMap<u64, RecordId>,
    positions: HashMap<RecordId, u64>,
    /// Sent at least once.
    sent: HashSet<RecordId>,
    /// Refused for good: must never be seen.
    refused: HashSet<RecordId>,
    acknowledged: HashSet<RecordId>,
    /// Acknowledged, and found after a restart.
    pub(crate) found: HashSet<RecordId>,
    /// Up to here everything was made to expire.
    pub(crate) expired: u64,
    /// Up to here everything was seen after a restart.
    pub(crate) verified: u64,
    pub(crate) delivered: u64,
}

impl Ledger {
    /// Notes that a record is sent, and returns what its position must be greater than, if it is a new one.
    pub(crate) fn send(&mut self, record: &[u8]) -> u64 {
        self.sent.insert(record_id(record));
        self.last()
    }

    pub(crate) fn refuse(&mut self, record: &[u8]) {
        let id = record_id(record);
        assert!(!self.positions.contains_key(&id), "refused, though it had been delivered");
        self.refused.insert(id);
    }

    /// `fresh` is what [`Ledger::send`] returned if the record had never been sent before.
    pub(crate) fn acknowledge(&mut self, record: &[u8], position: u64, fresh: Option<u64>) {
        let id = record_id(record);
        assert!(fresh.is_none_or(|last| position > last), "position {position} after {fresh:?}");
        self.note(id, position);
        self.acknowledged.insert(id);
    }

    /// A record that a follower was sent while the relay ran.
    pub(crate) fn deliver(&mut self, received: &Received) {
        self.note(record_id(&received.record), received.position);
        self.delivered += 1;
    }

    fn note(&mut self, id: RecordId, position: u64) {
        assert!(self.sent.contains(&id), "nobody sent what stands at {position}");
        assert!(!self.refused.contains(&id), "what was refused stands at {position}");
        assert_eq!(*self.at.entry(position).or_insert(id), id, "position {position} was given twice");
        assert_eq!(*self.positions.entry(id).or_insert(position), position, "a double");
    }

    /// Holds everything that there is after a restart against what was said before.
    pub(crate) fn verify(&mut self, log: Channel, backlog: &[Received]) {
        let mut last = self.expired;
        for received in backlog {
            assert!(received.position > last, "{log:?}: {} after {last}", received.position);
            last = received.position;
            self.note(record_id(&received.record), received.position);
        }
        let here: HashSet<u64> = backlog.iter().map(|received| received.position).collect();
        for (position, id) in self.at.range(self.expired + 1..) {
            assert!(here.contains(position), "{log:?}: what stood at {position} is lost");
            if self.acknowledged.contains(id) {
                self.found.insert(*id);
            }
        }
        self.verified = self.last();
    }

    fn last(&self) -> u64 {
        self.at.last_key_value().map_or(0, |(position, _)| *position)
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }
}
