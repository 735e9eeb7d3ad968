//! The embedded store: one SQLite file. Its acknowledgement means that `COMMIT` with `synchronous=FULL` has returned.
//!
//! One thread writes, with group commit; readers have connections of their own and are short, because a reader in the
//! middle of a page keeps deleted bytes in the WAL.

mod charters;
mod epochs;
mod invites;
mod late;
mod objects;
mod records;
mod room;
mod schema;
mod sweep;
mod usage;
mod wal;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::{Semaphore, oneshot, watch};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, InviteId, NetworkId, RestrictionHash, Tag};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::run::Object;
use watchfire_protocol::time::Timestamp;

use self::room::{Disk, Purpose};
pub use self::schema::{Health, OpenError, VERSION, check, newest};
use self::writer::{Command, Writer};
use super::{
    Answer, CharterRow, CommitSink, Committed, Held, InviteRow, NewEpoch, NewLateSlot, NewRecord, Page, PageLimit,
    RestrictionRow, Room, RunList, Seek, StagedCount, Staging, Stats, Store, StoreError, StoredRecord, Swept,
};
use crate::limit::Limits;

/// Writes that may wait for the writer. More would only hold their records in memory.
pub(crate) const WAITING_WRITES: usize = 256;

/// A relay's SQLite file.
pub struct SqliteStore {
    commands: mpsc::Sender<Command>,
    waiting: Arc<Semaphore>,
    failed: watch::Receiver<Option<String>>,
    disk: Arc<Disk>,
    readers: Arc<Readers>,
    reading: Arc<Semaphore>,
}

/// Readers' connections that nobody uses at the moment.
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    fn with<T>(&self, work: impl FnOnce(&Connection) -> Answer<T>) -> Answer<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => schema::open_reader(&self.path).map_err(|error| StoreError::Failed(error.to_string()))?,
        };
        // One transaction, so that several statements see one state.
        let transaction = connection.unchecked_transaction()?;
        let result = work(&transaction);
        transaction.rollback()?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }
}

impl SqliteStore {
    /// Opens or makes the file. `sink` is told of every commit of records.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, limits: &Limits, sink: Arc<dyn CommitSink>) -> Result<Self, OpenError> {
        let disk = Arc::new(Disk::open(path, limits));
        let connection = schema::open_writer(path)?;
        let (commands, received) = mpsc::channel();
        let (failed, seen) = watch::channel(None);
        let writer = Writer {
            connection,
            wal: wal::path_of(path),
            commands: received,
            sink,
            failed,
            group: limits.group_writes.max(1),
            wait: Duration::from_millis(limits.group_milliseconds),
        };
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run())
            .map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        Ok(Self {
            commands,
            waiting: Arc::new(Semaphore::new(WAITING_WRITES)),
            failed: seen,
            disk,
            readers: Arc::new(Readers { path: path.to_owned(), idle: Mutex::default() }),
            reading: Arc::new(Semaphore::new(limits.page_readers.max(1))),
        })
    }

    /// Counts what a file holds, while a relay may be running.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn stats_of(path: &Path) -> Result<Stats, OpenError> {
        if !path.exists() {
            return Err(OpenError::File { path: path.to_owned(), source: std::io::ErrorKind::NotFound.into() });
        }
        let connection = schema::open_reader(path)?;
        usage::count(&connection).map_err(|source| OpenError::Sqlite { path: path.to_owned(), source })
    }

    /// Writes what takes room.
    async fn keep<T: Send + 'static>(
        &self,
        purpose: Purpose,
        work: impl FnOnce(&Connection, &mut Vec<Committed>) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        self.disk.check(purpose)?;
        self.write(work).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut Vec<Committed>) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let _permit = self.waiting.acquire().await.map_err(|_| gone())?;
        let (answer, answered) = oneshot::channel();
        self.commands.send(Command::Write(writer::job(work, answer))).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// The semaphore is fair: whoever reads a long backlog waits for its turn after every page.
    async fn read<T: Send + 'static>(&self, work: impl FnOnce(&Connection) -> Answer<T> + Send + 'static) -> Answer<T> {
        let permit = Arc::clone(&self.reading).acquire_owned().await.map_err(|_| gone())?;
        let readers = Arc::clone(&self.readers);
        let task = tokio::task::spawn_blocking(move || {
            let result = readers.with(work);
            drop(permit);
            result
        });
        task.await.map_err(|_| StoreError::Failed("a reader was aborted".to_owned()))?
    }
}

fn gone() -> StoreError {
    StoreError::Failed("the writer has ended".to_owned())
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// A time or a count as SQLite keeps it. What is larger stands for ever.
fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number that SQLite kept.
fn uint(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// The row of a neighborhood, if there is one.
fn find_place(connection: &Connection, place: Place) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT id FROM places WHERE network = ?1 AND neighborhood = ?2")?
        .query_row(params![place.network.0, place.neighborhood.0], |row| row.get(0))
        .optional()
}

/// The row of a neighborhood.
fn ensure_place(connection: &Connection, place: Place) -> rusqlite::Result<i64> {
    if let Some(id) = find_place(connection, place)? {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO places (network, neighborhood) VALUES (?1, ?2) RETURNING id")?
        .query_row(params![place.network.0, place.neighborhood.0], |row| row.get(0))
}

impl Store for SqliteStore {
    async fn charters(&self, network: NetworkId, from: u64, limit: PageLimit) -> Answer<Page<Vec<u8>>> {
        self.read(move |connection| charters::page(connection, network, from, limit)).await
    }

    async fn charter_hash(&self, network: NetworkId, version: u64) -> Answer<Option<CharterHash>> {
        self.read(move |connection| charters::hash(connection, network, version)).await
    }

    async fn find_network(&self, prefix: [u8; 16]) -> Answer<Option<NetworkId>> {
        self.read(move |connection| charters::find(connection, prefix)).await
    }

    async fn put_charter(&self, charter: CharterRow) -> Answer<()> {
        self.keep(Purpose::Vital, move |connection, _| charters::put(connection, &charter)).await
    }

    async fn restrictions(
        &self,
        network: NetworkId,
        after: RestrictionHash,
        limit: PageLimit,
    ) -> Answer<Page<Vec<u8>>> {
        self.read(move |connection| charters::restrictions(connection, network, after, limit)).await
    }

    async fn set_restrictions(&self, network: NetworkId, restrictions: Vec<RestrictionRow>) -> Answer<()> {
        self.keep(Purpose::Vital, move |connection, _| charters::set_restrictions(connection, network, &restrictions))
            .await
    }

    async fn held(&self, place: Place) -> Answer<Held> {
        self.read(move |connection| epochs::held(connection, place)).await
    }

    async fn announcements(&self, place: Place, from: Epoch, limit: PageLimit) -> Answer<Page<Vec<u8>>> {
        self.read(move |connection| epochs::announcements(connection, place, from, limit)).await
    }

    async fn stage(&self, staging: Staging) -> Answer<StagedCount> {
        self.keep(Purpose::Vital, move |connection, _| objects::stage(connection, &staging)).await
    }

    async fn staged(&self, place: Place, announcement: AnnouncementHash) -> Answer<StagedCount> {
        self.read(move |connection| objects::staged(connection, place, announcement)).await
    }

    async fn put_epoch(&self, epoch: NewEpoch) -> Answer<()> {
        self.keep(Purpose::Vital, move |connection, _| epochs::put(connection, &epoch)).await
    }

    async fn run_list(&self, place: Place, epoch: Epoch) -> Answer<Option<RunList>> {
        self.read(move |connection| objects::run_list(connection, place, epoch)).await
    }

    async fn slots(&self, place: Place, epoch: Epoch, from: u32, count: u32) -> Answer<Vec<Object>> {
        self.read(move |connection| objects::slots(connection, place, epoch, from, count)).await
    }

    async fn put_late_slot(&self, slot: NewLateSlot) -> Answer<()> {
        self.keep(Purpose::Vital, move |connection, _| late::put(connection, &slot)).await
    }

    async fn late_slots(&self, place: Place, epoch: Epoch, from: u32, count: u32) -> Answer<(u32, Vec<Vec<u8>>)> {
        self.read(move |connection| late::page(connection, place, epoch, from, count)).await
    }

    async fn objects(&self, place: Place, epoch: Epoch, tags: Vec<Tag>) -> Answer<Vec<Object>> {
        self.read(move |connection| objects::by_tag(connection, place, epoch, &tags)).await
    }

    async fn put_invite(&self, place: Place, invite: InviteRow, limit: u32) -> Answer<()> {
        self.keep(Purpose::Other, move |connection, _| invites::put(connection, place, &invite, limit)).await
    }

    async fn end_invite(&self, place: Place, id: InviteId) -> Answer<()> {
        self.write(move |connection, _| invites::end(connection, place, id)).await
    }

    async fn invite(&self, place: Place, id: InviteId) -> Answer<Option<InviteRow>> {
        self.read(move |connection| invites::find(connection, place, id)).await
    }

    async fn append(&self, record: NewRecord) -> Answer<u64> {
        let purpose = if record.channel == Channel::Alerts { Purpose::Vital } else { Purpose::Other };
        self.keep(purpose, move |connection, committed| records::append(connection, record, committed)).await
    }

    async fn seek(&self, place: Place, log: Channel, position: u64) -> Answer<Seek> {
        self.read(move |connection| records::seek(connection, place, log, position)).await
    }

    async fn records(
        &self,
        place: Place,
        log: Channel,
        after: u64,
        now: Timestamp,
        limit: PageLimit,
    ) -> Answer<Vec<StoredRecord>> {
        self.read(move |connection| records::page(connection, place, log, after, now, limit)).await
    }

    async fn sweep(&self, now: Timestamp, staged_before: Timestamp, rows: u32) -> Answer<Swept> {
        self.disk.make_room();
        self.write(move |connection, _| sweep::sweep(connection, now, staged_before, rows)).await
    }

    async fn scrub(&self) -> Answer<bool> {
        let (answer, answered) = oneshot::channel();
        self.commands.send(Command::Scrub(answer)).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    async fn probe(&self) -> Answer<()> {
        // Writes the page on which the number stands, whatever it was.
        self.write(|connection, _| Ok(connection.pragma_update(None, "user_version", VERSION)?)).await
    }

    async fn used(&self, network: NetworkId) -> Answer<u64> {
        self.read(move |connection| Ok(usage::held(connection, network, None)?)).await
    }

    fn room(&self) -> Room {
        self.disk.look()
    }

    async fn stats(&self) -> Answer<Stats> {
        self.read(|connection| Ok(usage::count(connection)?)).await
    }

    async fn failed(&self) -> String {
        let mut failed = self.failed.clone();
        let seen = failed.wait_for(Option::is_some).await;
        match seen.map(|reason| reason.clone()) {
            Ok(Some(reason)) => reason,
            // The writer has ended without a failure: it was closed.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        if self.commands.send(Command::Close(answer)).is_ok() {
            let _ = answered.await;
        }
    }
}

#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod tests;
