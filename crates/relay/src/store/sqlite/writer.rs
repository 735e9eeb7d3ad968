//! The one thread that writes, with group commit: writes that come together share one fsync.
//!
//! The order is commit, then the hub, then the answers. What a job says is true only once the COMMIT has returned, so no
//! answer leaves before. After the first failure nothing is acknowledged any more: a disk that failed once may say yes
//! to the next commit as if nothing had happened.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

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
    pub(super) commands: Receiver<Command>,
    pub(super) sink: Arc<dyn CommitSink>,
    pub(super) failed: watch::Sender<Option<String>>,
    pub(super) group: usize,
    pub(super) wait: Duration,
}

impl Writer {
    pub(super) fn run(self) {
        while let Ok(command) = self.commands.recv() {
            let (batch, next) = match command {
                Command::Write(job) => self.gather(job),
                other => (Vec::new(), Some(other)),
            };
            if !batch.is_empty()
                && let Err(reason) = self.commit(batch)
            {
                tracing::error!(%reason, "the store failed; nothing is acknowledged from here on");
                self.failed.send_replace(Some(reason));
                return;
            }
            match next {
                // `gather` keeps writes in the batch.
                None | Some(Command::Write(_)) => {}
                Some(Command::Scrub(answer)) => {
                    let _ = answer.send(self.scrub().map_err(StoreError::from));
                }
                Some(Command::Close(answer)) => {
                    let _ = self.scrub();
                    drop(self.connection);
                    let _ = answer.send(());
                    return;
                }
            }
        }
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

    /// Deleted bytes stay in the WAL until it is truncated, and freed pages in the file until it is vacuumed. A reader
    /// in the middle of a page is in the way: it is not waited for, so that writers are not held up.
    fn scrub(&self) -> rusqlite::Result<bool> {
        let mut vacuum = self.connection.prepare("PRAGMA incremental_vacuum")?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        drop(rows);
        drop(vacuum);
        self.connection.busy_timeout(Duration::from_millis(20))?;
        let busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        self.connection.busy_timeout(Duration::from_secs(5))?;
        Ok(busy? == 0)
    }
}
