//! What goes into a store and comes out of it.

use std::sync::Arc;

use watchfire_protocol::frame::ObjectClass;
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, InviteId, NetworkId, RecordId, RestrictionHash};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::run::{Object, RunEntry};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;

/// A charter version that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharterRow {
    /// Its network.
    pub network: NetworkId,
    /// Its version.
    pub version: u64,
    /// Its hash.
    pub hash: CharterHash,
    /// The signed charter.
    pub bytes: Vec<u8>,
}

/// A restriction that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestrictionRow {
    /// Its hash.
    pub hash: RestrictionHash,
    /// The signed restriction.
    pub bytes: Vec<u8>,
}

/// An epoch as the relay holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRow {
    /// Which.
    pub epoch: Epoch,
    /// Its announcement's hash.
    pub hash: AnnouncementHash,
    /// The signed announcement.
    pub bytes: Vec<u8>,
    /// Since when the relay holds it, by the relay's clock.
    pub since: Timestamp,
    /// Whether its slots and objects are here.
    pub complete: bool,
}

/// The current epoch of a neighborhood and the one before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The one that takes records.
    pub current: Option<EpochRow>,
    /// The one before it.
    pub previous: Option<EpochRow>,
}

impl Held {
    /// The current epoch's number, or none.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.current.as_ref().map_or(Epoch::NONE, |row| row.epoch)
    }
}

/// How a new epoch comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// With the slots and objects that were staged for it, while this epoch is held.
    Opened {
        /// The epoch that its opener knows as held.
        holds: Epoch,
    },
    /// Alone: brought from another relay.
    Alone,
}

/// A new epoch, checked against the charter.
#[derive(Clone, Debug)]
pub struct NewEpoch {
    /// Where.
    pub place: Place,
    /// Its number.
    pub epoch: Epoch,
    /// Its announcement's hash.
    pub hash: AnnouncementHash,
    /// The signed announcement.
    pub bytes: Vec<u8>,
    /// How many slots were signed.
    pub slots: u32,
    /// The root that was signed.
    pub root: [u8; 32],
    /// How it comes.
    pub coming: Coming,
    /// The relay's clock.
    pub now: Timestamp,
    /// Until when the epoch that it closes keeps its slots, objects and roster records.
    pub keep_closed_until: Timestamp,
    /// At most so many a day of those that come so, with their slots or alone.
    pub a_day: u32,
}

/// Objects to stage.
#[derive(Clone, Debug)]
pub struct Staging {
    /// Where.
    pub place: Place,
    /// For which announcement.
    pub announcement: AnnouncementHash,
    /// Slots, or others.
    pub class: ObjectClass,
    /// What.
    pub objects: Vec<Object>,
    /// The relay's clock.
    pub now: Timestamp,
    /// At most so many objects are staged in this neighborhood.
    pub limit: u32,
    /// The network's quota in bytes.
    pub quota: u64,
}

/// How much is staged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StagedCount {
    /// Slots.
    pub slots: u32,
    /// Other objects.
    pub others: u32,
}

/// A late slot whose signature was checked.
#[derive(Clone, Debug)]
pub struct NewLateSlot {
    /// Where.
    pub place: Place,
    /// The announcement that it names.
    pub announcement: AnnouncementHash,
    /// The signed slot, as it travels.
    pub bytes: Vec<u8>,
    /// At most so many an epoch.
    pub limit: u32,
    /// The network's quota in bytes.
    pub quota: u64,
}

/// An invite that a coordinator registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRow {
    /// Its id.
    pub id: InviteId,
    /// Its verification key.
    pub key: PublicKey,
    /// How many join requests it is good for in one epoch. A newcomer who waits sends the request again in each.
    pub uses: u32,
    /// Until when.
    pub expires: Timestamp,
}

/// A record to append, its header checked.
#[derive(Clone, Debug)]
pub struct NewRecord {
    /// Where.
    pub place: Place,
    /// Its channel: what it is, not where it lies.
    pub channel: Channel,
    /// The epoch in its header.
    pub epoch: Epoch,
    /// The epoch of the role key that was proved; none for an invite's holder.
    pub proved: Option<Epoch>,
    /// The invite by which a join request comes.
    pub invite: Option<InviteId>,
    /// Its id.
    pub id: RecordId,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The relay's clock.
    pub now: Timestamp,
    /// When it is forgotten. Roster records stay until their epoch has closed.
    pub expires: Timestamp,
    /// The network's quota in bytes.
    pub quota: u64,
}

/// A record that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its position.
    pub position: u64,
    /// The epoch in its header.
    pub epoch: Epoch,
    /// When it is forgotten.
    pub expires: Timestamp,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// A record that was just committed.
#[derive(Clone, Debug)]
pub struct Committed {
    /// Where.
    pub place: Place,
    /// In which log.
    pub log: Channel,
    /// Its id.
    pub id: RecordId,
    /// The record.
    pub record: StoredRecord,
}

/// Is told of every commit, in order of position, after it is on disk and before it is acknowledged.
pub trait CommitSink: Send + Sync + 'static {
    /// These records are on disk.
    fn committed(&self, records: &[Committed]);
}

/// What the store has at a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seek {
    /// The id of the record at the position asked for, if there is one.
    pub at: Option<RecordId>,
    /// The last position that was handed out, 0 for none.
    pub last: u64,
}

/// How much one page may hold. One item fits always.
#[derive(Clone, Copy, Debug)]
pub struct PageLimit {
    /// Items.
    pub items: u32,
    /// Bytes.
    pub bytes: usize,
}

/// Some of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// In order.
    pub items: Vec<T>,
    /// Whether there are more.
    pub more: bool,
}

/// The list of an epoch's runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunList {
    /// How many slots there are.
    pub slots: u32,
    /// The runs.
    pub entries: Vec<RunEntry>,
}

/// What one sweep deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Records.
    pub records: u64,
    /// Slots and objects, late and staged ones included.
    pub objects: u64,
    /// Invites.
    pub invites: u64,
}

impl Swept {
    /// Rows in all.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.records + self.objects + self.invites
    }
}

/// Counts for the operator: nothing by which anything could be told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Networks with a charter.
    pub networks: u64,
    /// Neighborhoods with an epoch.
    pub neighborhoods: u64,
    /// Records.
    pub records: u64,
    /// Slots and other objects, late and staged ones included.
    pub objects: u64,
    /// Invites.
    pub invites: u64,
    /// Bytes that count against quotas.
    pub bytes: u64,
}

/// How much room a store has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// All that is needed.
    Enough,
    /// Less than the operator wants to hear of.
    Scarce,
    /// Only alerts, epochs and charters are taken.
    Low,
    /// Nothing is taken.
    Full,
}
