//! What a relay keeps, and what a store must promise.
//!
//! A store's acknowledgement means: what was written survives `kill -9` and a power cut, and every reader sees it. A store
//! that cannot say so must not answer. The module `suite`, behind the feature of that name, is the behavior that any
//! store must show.

pub mod sqlite;
#[cfg(any(test, feature = "suite"))]
pub mod suite;
mod types;

use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, InviteId, NetworkId, RestrictionHash, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::run::Object;
use watchfire_protocol::time::Timestamp;

pub use self::types::{
    CharterRow, Coming, CommitSink, Committed, EpochRow, Held, InviteRow, NewEpoch, NewLateSlot, NewRecord, Page,
    PageLimit, RestrictionRow, Room, RunList, Seek, StagedCount, Staging, Stats, StoredRecord, Swept,
};

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
    /// The network's share of the disk, or another bound on what is kept, is reached; or the disk is full.
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

    /// The restrictions of a network after a hash, in order of their hashes.
    fn restrictions(
        &self,
        network: NetworkId,
        after: RestrictionHash,
        limit: PageLimit,
    ) -> impl Future<Output = Answer<Page<Vec<u8>>>> + Send;

    /// Keeps these restrictions of a network, and no others, all at once.
    fn set_restrictions(
        &self,
        network: NetworkId,
        restrictions: Vec<RestrictionRow>,
    ) -> impl Future<Output = Answer<()>> + Send;

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

    /// Commits something that changes nothing: whether what is appended now would be acknowledged.
    fn probe(&self) -> impl Future<Output = Answer<()>> + Send;

    /// How many bytes of its quota a network has taken.
    fn used(&self, network: NetworkId) -> impl Future<Output = Answer<u64>> + Send;

    /// How much room there is now.
    fn room(&self) -> Room;

    /// Counts.
    fn stats(&self) -> impl Future<Output = Answer<Stats>> + Send;

    /// Resolves when the store has failed, with the reason. From then on nothing is acknowledged.
    fn failed(&self) -> impl Future<Output = String> + Send;

    /// Ends all writing and leaves as few bytes as can be.
    fn close(&self) -> impl Future<Output = ()> + Send;
}
