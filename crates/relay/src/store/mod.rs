//! What a relay keeps, and what a store must promise.
//!
//! A store's acknowledgement means: what was written survives `kill -9` and a power cut, and every reader sees it. A store
//! that cannot say so must not answer. [`suite`] is the behavior that any store must show.

pub mod sqlite;
#[cfg(any(test, feature = "suite"))]
pub mod suite;

use std::sync::Arc;

use watchfire_protocol::frame::{ObjectClass, Refusal};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, InviteId, NetworkId, RecordId, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::run::{Object, RunEntry};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;

/// Why a store did not do what it was asked. Nothing of it remains.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// What the store holds does not allow it. Whoever asked is told why.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed, and acknowledges nothing from here on.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// What the store holds does not allow it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// It does not know the network, the neighborhood, the epoch or the invite.
    #[error("not found")]
    NotFound,
    /// The epoch named is closed.
    #[error("epoch {found} is closed, the current one is {current}")]
    ClosedEpoch {
        /// The epoch named.
        found: Epoch,
        /// The one held.
        current: Epoch,
    },
    /// The epoch named was never opened.
    #[error("epoch {found} is unknown, the current one is {current}")]
    UnknownEpoch {
        /// The epoch named.
        found: Epoch,
        /// The one held.
        current: Epoch,
    },
    /// The epoch held is another one than the caller knew.
    #[error("epoch {current} is held")]
    Stale {
        /// The one held.
        current: Epoch,
    },
    /// Another version than the next one was brought, or another charter than the one held.
    #[error("the newest charter held has version {newest}")]
    CharterOrder {
        /// The newest version held, 0 for none.
        newest: u64,
    },
    /// The staged slots are not those that were signed.
    #[error("the staged slots do not match")]
    SlotsMismatch,
    /// The invite has expired, or its uses are spent.
    #[error("the invite has ended")]
    InviteEnded,
    /// The network's share of the disk, or another bound on what is kept, is reached.
    #[error("no room left")]
    Full,
    /// Too many epochs in a day: wait so many seconds.
    #[error("too many, wait {seconds} s")]
    TooMany {
        /// Seconds.
        seconds: u64,
    },
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::ClosedEpoch { found, current } => Self::ClosedEpoch { found, current },
            Denied::UnknownEpoch { found, current } => Self::UnknownEpoch { found, current },
            Denied::Stale { current } => Self::Stale { current },
            Denied::CharterOrder { .. } => Self::BadCharter(denied.to_string()),
            Denied::SlotsMismatch => Self::SlotsMismatch,
            Denied::InviteEnded => Self::InviteEnded,
            Denied::Full => Self::QuotaFull,
            Denied::TooMany { seconds } => Self::SlowDown { seconds: u16::try_from(seconds).unwrap_or(u16::MAX) },
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Denied(denied) => denied.into(),
            StoreError::Failed(_) => Self::Internal,
        }
    }
}

/// What a store answers.
pub type Answer<T> = Result<T, StoreError>;

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
    /// At most so many a day.
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

/// Where a relay keeps what it must not lose.
pub trait Store: Send + Sync + 'static {
    /// Charters of a network from a version upwards.
    fn charters(
        &self,
        network: NetworkId,
        from: u64,
        limit: PageLimit,
    ) -> impl Future<Output = Answer<Page<Vec<u8>>>> + Send;

    /// The hash of one charter version.
    fn charter_hash(
        &self,
        network: NetworkId,
        version: u64,
    ) -> impl Future<Output = Answer<Option<CharterHash>>> + Send;

    /// Which network has a charter whose hash begins so.
    fn find_network(&self, prefix: [u8; 16]) -> impl Future<Output = Answer<Option<NetworkId>>> + Send;

    /// Keeps the next version of a chain. The same one again is done.
    fn put_charter(&self, charter: CharterRow) -> impl Future<Output = Answer<()>> + Send;

    /// The current epoch and the one before.
    fn held(&self, place: Place) -> impl Future<Output = Answer<Held>> + Send;

    /// Announcements from an epoch upwards.
    fn announcements(
        &self,
        place: Place,
        from: Epoch,
        limit: PageLimit,
    ) -> impl Future<Output = Answer<Page<Vec<u8>>>> + Send;

    /// Keeps objects for an announcement to come. One that is there is skipped. [`Denied::Full`] keeps none.
    fn stage(&self, staging: Staging) -> impl Future<Output = Answer<StagedCount>> + Send;

    /// How much is there for an announcement.
    fn staged(&self, place: Place, announcement: AnnouncementHash) -> impl Future<Output = Answer<StagedCount>> + Send;

    /// Moves the pointer to a new epoch and closes the one before, all at once. The same one again is done; with
    /// [`Coming::Opened`] it completes one that came alone.
    fn put_epoch(&self, epoch: NewEpoch) -> impl Future<Output = Answer<()>> + Send;

    /// The runs of an epoch, if its slots are here.
    fn run_list(&self, place: Place, epoch: Epoch) -> impl Future<Output = Answer<Option<RunList>>> + Send;

    /// Slots of an epoch in order of tag.
    fn slots(
        &self,
        place: Place,
        epoch: Epoch,
        from: u32,
        count: u32,
    ) -> impl Future<Output = Answer<Vec<Object>>> + Send;

    /// Keeps a late slot of the current epoch. The same one again is done.
    fn put_late_slot(&self, slot: NewLateSlot) -> impl Future<Output = Answer<()>> + Send;

    /// How many late slots an epoch has, and some of them as they travel.
    fn late_slots(
        &self,
        place: Place,
        epoch: Epoch,
        from: u32,
        count: u32,
    ) -> impl Future<Output = Answer<(u32, Vec<Vec<u8>>)>> + Send;

    /// Objects of an epoch other than slots.
    fn objects(&self, place: Place, epoch: Epoch, tags: Vec<Tag>) -> impl Future<Output = Answer<Vec<Object>>> + Send;

    /// Registers an invite, or changes its uses and expiry. At most `limit` in a neighborhood.
    fn put_invite(&self, place: Place, invite: InviteRow, limit: u32) -> impl Future<Output = Answer<()>> + Send;

    /// Ends an invite. [`Denied::NotFound`] if there is none.
    fn end_invite(&self, place: Place, id: InviteId) -> impl Future<Output = Answer<()>> + Send;

    /// An invite, ended or not.
    fn invite(&self, place: Place, id: InviteId) -> impl Future<Output = Answer<Option<InviteRow>>> + Send;

    /// Appends a record to its log and returns its position; the same bytes again return the same one.
    fn append(&self, record: NewRecord) -> impl Future<Output = Answer<u64>> + Send;

    /// What stands at a position.
    fn seek(&self, place: Place, log: Channel, position: u64) -> impl Future<Output = Answer<Seek>> + Send;

    /// Unexpired records after a position.
    fn records(
        &self,
        place: Place,
        log: Channel,
        after: u64,
        now: Timestamp,
        limit: PageLimit,
    ) -> impl Future<Output = Answer<Vec<StoredRecord>>> + Send;

    /// Deletes some of what has expired; at most about `rows` rows. Call again until it deletes nothing.
    fn sweep(&self, now: Timestamp, staged_before: Timestamp, rows: u32) -> impl Future<Output = Answer<Swept>> + Send;

    /// Sees to it that no byte of what was deleted stays. False: readers were in the way, try again.
    fn scrub(&self) -> impl Future<Output = Answer<bool>> + Send;

    /// Counts.
    fn stats(&self) -> impl Future<Output = Answer<Stats>> + Send;

    /// Resolves when the store has failed, with the reason. From then on nothing is acknowledged.
    fn failed(&self) -> impl Future<Output = String> + Send;

    /// Ends all writing and leaves as few bytes as can be.
    fn close(&self) -> impl Future<Output = ()> + Send;
}
