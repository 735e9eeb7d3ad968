//! Who follows a log, as whoever fans out sees them: in shards, so that an alert to ten thousand wakes forty tasks and no
//! more, and so that no neighborhood, however large, holds up another one for long.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use watchfire_protocol::id::Epoch;

use crate::line::Line;

/// Followers of one shard.
const SHARD: usize = 256;

/// Where one follower stands.
pub(crate) struct Stand {
    /// Where frames can be written past the follower's task.
    pub(crate) line: Option<Arc<Line>>,
    at: Mutex<At>,
    /// Wakes the follower's task up.
    more: Notify,
}

/// What a follower has been sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    /// The position of the last record.
    pub(crate) cursor: u64,
    /// Whether that was everything, and its task is sending nothing: what is new may go past it.
    pub(crate) resting: bool,
    /// The last epoch of which it is sent anything.
    pub(crate) newest: Epoch,
}

impl Stand {
    pub(crate) fn new(line: Option<Arc<Line>>) -> Arc<Self> {
        let at = At { cursor: 0, resting: false, newest: Epoch::NONE };
        Arc::new(Self { line, at: Mutex::new(at), more: Notify::new() })
    }

    pub(crate) fn at(&self) -> MutexGuard<'_, At> {
        lock(&self.at)
    }

    pub(crate) fn wake(&self) {
        self.more.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.more.notified().await;
    }
}

/// Some of those who follow a log.
pub(crate) struct Shard {
    stands: Mutex<Vec<Arc<Stand>>>,
    /// Whether they have lines.
    pub(crate) direct: bool,
    due: AtomicBool,
}

impl Shard {
    /// Whether somebody must begin to serve it: it is due, and was not before.
    pub(crate) fn is_newly_due(&self) -> bool {
        !self.due.swap(true, Ordering::AcqRel)
    }

    /// Who is to be served now. What comes from here on makes it due again.
    pub(crate) fn begin(&self) -> Vec<Arc<Stand>> {
        self.due.store(false, Ordering::Release);
        self.stands()
    }

    pub(crate) fn stands(&self) -> Vec<Arc<Stand>> {
        lock(&self.stands).clone()
    }
}

/// All who follow a log.
#[derive(Default)]
pub(crate) struct Shards(Mutex<Vec<Arc<Shard>>>);

impl Shards {
    pub(crate) fn all(&self) -> Vec<Arc<Shard>> {
        lock(&self.0).clone()
    }

    /// A place in the first shard that has any.
    pub(crate) fn add(&self, stand: &Arc<Stand>) -> Arc<Shard> {
        let direct = stand.line.is_some();
        let mut shards = lock(&self.0);
        let fits = |shard: &&Arc<Shard>| shard.direct == direct && lock(&shard.stands).len() < SHARD;
        let shard = match shards.iter().find(fits) {
            Some(shard) => Arc::clone(shard),
            None => {
                let made = Arc::new(Shard { stands: Mutex::default(), direct, due: AtomicBool::new(false) });
                shards.push(Arc::clone(&made));
                made
            }
        };
        lock(&shard.stands).push(Arc::clone(stand));
        shard
    }

    pub(crate) fn remove(&self, shard: &Shard, stand: &Arc<Stand>) {
        // Taken first, so that nobody is added to a shard that goes.
        let mut shards = lock(&self.0);
        let mut stands = lock(&shard.stands);
        if let Some(at) = stands.iter().position(|each| Arc::ptr_eq(each, stand)) {
            stands.swap_remove(at);
        }
        if stands.is_empty() {
            shards.retain(|each| !std::ptr::eq(each.as_ref(), shard));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_hold_so_many_each_fill_up_again_and_go_when_nobody_is_in_them() {
        let shards = Shards::default();
        let mut stands: Vec<_> = (0..SHARD * 2 + 1)
            .map(|_| {
                let stand = Stand::new(None);
                (shards.add(&stand), stand)
            })
            .collect();
        let sizes = || shards.all().iter().map(|shard| shard.stands().len()).collect::<Vec<_>>();
        assert_eq!(sizes(), [SHARD, SHARD, 1]);
        let (shard, stand) = stands.swap_remove(3);
        shards.remove(&shard, &stand);
        assert_eq!(sizes(), [SHARD - 1, SHARD, 1]);
        stands.push((shards.add(&stand), stand));
        assert_eq!(sizes(), [SHARD, SHARD, 1]);
        for (shard, stand) in stands {
            shards.remove(&shard, &stand);
        }
        assert_eq!(sizes(), Vec::<usize>::new());
    }

    #[test]
    fn a_shard_is_due_once_until_somebody_begins() {
        let shards = Shards::default();
        let shard = shards.add(&Stand::new(None));
        assert!(shard.is_newly_due() && !shard.is_newly_due());
        assert_eq!(shard.begin().len(), 1);
        assert!(shard.is_newly_due());
    }
}
