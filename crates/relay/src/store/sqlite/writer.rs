//! The one thread that writes, with group commit: writes that come together share one fsync.
//!
//! The order is commit, then the hub, then the answers. What a job says is true only once the COMMIT has returned, so no
//! answer leaves before. After the first failure nothing is acknowledged any more: a disk that failed once may say yes
//! to the next commit as if nothing had happened. So it is with checkpoints: the WAL may go only when what it holds was
//! synced elsewhere.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::{oneshot, watch};

use super::schema::checkpoint_on_close;
use crate::store::{Answer, CommitSink, Committed, StoreError};

/// What a write leaves to be done when it is known whether it was committed.
pub(super) struct Done {
    outcome: Outcome,
    reply: Replying,
}

/// Answers, with the reason if there was no commit.
type Replying = Box<dyn FnOnce(Result<(), String>) + Send>;

enum Outcome {
    Kept(Vec<Committed>),
    Denied,
    Failed(String),
}

pub(super) type Job = Box<dyn FnOnce(&Connection) -> Done + Send>;

pub(super) enum Command {
    Write(Job),
    /// Frees pages and truncates the WAL. Answers whether nothing was in the way.
    Scrub(oneshot::Sender<Answer<bool>>),
    /// Truncates the WAL and ends.
    Close(oneshot::Sender<()>),
}

/// Wraps a write and the place where its answer goes.
pub(super) fn job<T: Send + 'static>(
    work: impl FnOnce(&Connection, &mut Vec<Committed>) -> Answer<T> + Send + 'static,
    answer: oneshot::Sender<Answer<T>>,
) -> Job {
    Box::new(move |connection| {
        let mut committed = Vec::new();
        let result = work(connection, &mut committed);
        let outcome = match &result {
            Ok(_) => Outcome::Kept(committed),
            Err(StoreError::Denied(_)) => Outcome::Denied,
            Err(StoreError::Failed(reason)) => Outcome::Failed(reason.clone()),
        };
        let reply = move |commit: Result<(), String>| {
            let _ = answer.send(commit.map_err(StoreError::Failed).and(result));
        };
        Done { outcome, reply: Box::new(reply) }
    })
}

pub(super) struct Writer {
    pub(super) connection: Connection,
    /// The WAL's file.
    pub(super) wal: PathBuf,
    pub(super) commands: Receiver<Command>,
    pub(super) sink: Arc<dyn CommitSink>,
    pub(super) failed: watch::Sender<Option<String>>,
    pub(super) group: usize,
    pub(super) wait: Duration,
}

/// From so many bytes on the WAL is copied into the database. More would only make the next start slower.
const CHECKPOINT_BYTES: u64 = 4 << 20;

impl Writer {
    pub(super) fn run(self) {
        match self.serve() {
            Ok(closed) => {
                drop(self.connection);
                let _ = closed.map(|answer| answer.send(()));
            }
            Err(reason) => {
                tracing::error!(%reason, "the store failed; nothing is acknowledged from here on");
                self.failed.send_replace(Some(reason));
            }
        }
    }

    /// Until it is closed, and whoever wants to know of that is returned; or until it fails.
    fn serve(&self) -> Result<Option<oneshot::Sender<()>>, String> {
        while let Ok(command) = self.commands.recv() {
            let (batch, next) = match command {
                Command::Write(job) => self.gather(job),
                other => (Vec::new(), Some(other)),
            };
            if !batch.is_empty() {
                self.commit(batch)?;
                self.checkpoint().map_err(|error| error.to_string())?;
            }
            match next {
                // `gather` keeps writes in the batch.
                None | Some(Command::Write(_)) => {}
                Some(Command::Scrub(answer)) => {
                    let scrubbed = self.scrub();
                    let failed = scrubbed.as_ref().err().map(ToString::to_string);
                    let _ = answer.send(scrubbed.map_err(StoreError::from));
                    failed.map_or(Ok(()), Err)?;
                }
                Some(Command::Close(answer)) => {
                    let scrubbed = self.scrub().and_then(|_| checkpoint_on_close(&self.connection, true));
                    return scrubbed.map(|()| Some(answer)).map_err(|error| error.to_string());
                }
            }
        }
        Ok(None)
    }

    fn gather(&self, first: Job) -> (Vec<Job>, Option<Command>) {
        let until = Instant::now() + self.wait;
        let mut batch = vec![first];
        while batch.len() < self.group {
            match self.commands.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Command::Write(job)) => batch.push(job),
                Ok(other) => return (batch, Some(other)),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        (batch, None)
    }

    /// Runs a batch in one transaction, each write in a savepoint of its own, and answers.
    fn commit(&self, batch: Vec<Job>) -> Result<(), String> {
        let mut replies = Vec::with_capacity(batch.len());
        let mut committed = Vec::new();
        let result = self.transact(batch, &mut replies, &mut committed);
        if result.is_ok() {
            self.sink.committed(&committed);
        }
        for reply in replies {
            reply(result.clone());
        }
        result
    }

    fn transact(
        &self,
        batch: Vec<Job>,
        replies: &mut Vec<Replying>,
        committed: &mut Vec<Committed>,
    ) -> Result<(), String> {
        let run = |sql: &str| self.connection.execute_batch(sql).map_err(|error| error.to_string());
        run("BEGIN IMMEDIATE")?;
        for job in batch {
            run("SAVEPOINT job")?;
            let Done { outcome, reply } = job(&self.connection);
            replies.push(reply);
            match outcome {
                Outcome::Kept(records) => committed.extend(records),
                Outcome::Denied => run("ROLLBACK TO job")?,
                Outcome::Failed(reason) => return Err(reason),
            }
            run("RELEASE job")?;
        }
        run("COMMIT")
    }

    /// Copies a long WAL into the database, as far as readers allow.
    fn checkpoint(&self) -> rusqlite::Result<()> {
        if std::fs::metadata(&self.wal).map_or(0, |wal| wal.len()) < CHECKPOINT_BYTES {
            return Ok(());
        }
        self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
    }

    /// Deleted bytes stay in the WAL until it is truncated, and freed pages in the file until it is vacuumed. A reader
    /// in the middle of a page is in the way: it is not waited for, so that writers are not held up.
    fn scrub(&self) -> rusqlite::Result<bool> {
        self.connection.busy_timeout(Duration::from_millis(20))?;
        let scrubbed = self.vacuum().and_then(|()| {
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))
        });
        self.connection.busy_timeout(Duration::from_secs(5))?;
        match scrubbed {
            Ok(busy) => Ok(busy == 0),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn vacuum(&self) -> rusqlite::Result<()> {
        let mut vacuum = self.connection.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    }
}
