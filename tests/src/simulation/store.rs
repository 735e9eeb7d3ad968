//! The relay's store in a simulation: the real one, whose threads are waited for while simulated time stands still. How long
//! its disk takes is drawn instead.

use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::runtime::Runtime;
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, InviteId, NetworkId, RestrictionHash, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::run::Object;
use watchfire_protocol::time::Timestamp;
use watchfire_relay::limit::Limits;
use watchfire_relay::store::sqlite::{OpenError, SqliteStore};
use watchfire_relay::store::{
    Answer, CharterRow, CommitSink, Held, InviteRow, NewEpoch, NewLateSlot, NewRecord, Page, PageLimit, RestrictionRow,
    Room, RunList, Seek, StagedCount, Staging, Stats, Store, StoredRecord, Swept,
};

use super::Choices;

/// A store on a disk that takes its time: before a commit, and between the commit and its answer.
pub struct SlowStore {
    store: SqliteStore,
    /// For the store's readers, which are threads.
    threads: Runtime,
    choices: Arc<Mutex<Choices>>,
}

/// A read, or a write.
#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

impl SlowStore {
    pub fn open(
        path: &Path,
        limits: &Limits,
        sink: Arc<dyn CommitSink>,
        choices: Arc<Mutex<Choices>>,
    ) -> Result<Self, OpenError> {
        // One, for ever: threads that come and go as the machine has time would each draw other randomness.
        let mut threads = tokio::runtime::Builder::new_current_thread();
        let threads = threads.max_blocking_threads(1).thread_keep_alive(Duration::from_secs(1 << 30)).build().unwrap();
        Ok(Self { store: SqliteStore::open(path, limits, sink)?, threads, choices })
    }

    async fn pause(&self, kind: Kind) {
        let millis = {
            let mut choices = self.choices.lock().unwrap();
            match kind {
                Kind::Read => choices.within(0..10),
                // Once in a while a disk is busy with something else.
                Kind::Write if choices.percent(25) => choices.within(500..3000),
                Kind::Write => choices.within(1..60),
            }
        };
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }

    /// Waits in real time.
    fn real<T>(&self, work: impl Future<Output = T>) -> T {
        let _threads = self.threads.enter();
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        let mut work = std::pin::pin!(work);
        loop {
            match work.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(done) => return done,
                Poll::Pending => bell.wait(),
            }
        }
    }

    async fn slow<T>(&self, kind: Kind, work: impl Future<Output = T>) -> T {
        self.pause(kind).await;
        let done = self.real(work);
        self.pause(kind).await;
        done
    }
}

#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    ringing: Condvar,
}

impl Bell {
    fn wait(&self) {
        let mut rung = self.rung.lock().unwrap();
        while !*rung {
            rung = self.ringing.wait(rung).unwrap();
        }
        *rung = false;
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap() = true;
        self.ringing.notify_one();
    }
}

macro_rules! slow {
    ($($kind:ident $name:ident($($arg:ident: $type:ty),*) -> $out:ty;)+) => {
        $(async fn $name(&self, $($arg: $type),*) -> Answer<$out> {
            self.slow(Kind::$kind, self.store.$name($($arg),*)).await
        })+
    };
}

impl Store for SlowStore {
    slow! {
        Read charters(network: NetworkId, from: u64, limit: PageLimit) -> Page<Vec<u8>>;
        Read charter_hash(network: NetworkId, version: u64) -> Option<CharterHash>;
        Read find_network(prefix: [u8; 16]) -> Option<NetworkId>;
        Write put_charter(charter: CharterRow) -> ();
        Read restrictions(network: NetworkId, after: RestrictionHash, limit: PageLimit) -> Page<Vec<u8>>;
        Write set_restrictions(network: NetworkId, restrictions: Vec<RestrictionRow>) -> ();
        Read held(place: Place) -> Held;
        Read announcements(place: Place, from: Epoch, limit: PageLimit) -> Page<Vec<u8>>;
        Write stage(staging: Staging) -> StagedCount;
        Read staged(place: Place, announcement: AnnouncementHash) -> StagedCount;
        Write put_epoch(epoch: NewEpoch) -> ();
        Read run_list(place: Place, epoch: Epoch) -> Option<RunList>;
        Read slots(place: Place, epoch: Epoch, from: u32, count: u32) -> Vec<Object>;
        Write put_late_slot(slot: NewLateSlot) -> ();
        Read late_slots(place: Place, epoch: Epoch, from: u32, count: u32) -> (u32, Vec<Vec<u8>>);
        Read objects(place: Place, epoch: Epoch, tags: Vec<Tag>) -> Vec<Object>;
        Write put_invite(place: Place, invite: InviteRow, limit: u32) -> ();
        Write end_invite(place: Place, id: InviteId) -> ();
        Read invite(place: Place, id: InviteId) -> Option<InviteRow>;
        Write append(record: NewRecord) -> u64;
        Read seek(place: Place, log: Channel, position: u64) -> Seek;
        Read records(place: Place, log: Channel, after: u64, now: Timestamp, limit: PageLimit) -> Vec<StoredRecord>;
        Write sweep(now: Timestamp, staged_before: Timestamp, rows: u32) -> Swept;
        Write scrub() -> bool;
        Write probe() -> ();
        Read used(network: NetworkId) -> u64;
        Read stats() -> Stats;
    }

    fn room(&self) -> Room {
        self.store.room()
    }

    async fn failed(&self) -> String {
        self.store.failed().await
    }

    async fn close(&self) {
        self.real(self.store.close());
    }
}
