//! Connections without a proof: there are so many places, and whoever has waited longest makes room for the next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The places.
#[derive(Clone)]
pub(crate) struct Unproved {
    places: Arc<Semaphore>,
    all: usize,
    /// Who has one, in the order in which they came; and some who are gone.
    waiting: Arc<Mutex<VecDeque<Weak<Notify>>>>,
}

/// A seat. It is given back when it is dropped.
pub(crate) struct Seat {
    _permit: OwnedSemaphorePermit,
    pushed_out: Arc<Notify>,
}

impl Unproved {
    pub(crate) fn new(all: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(all)), all, waiting: Arc::default() }
    }

    /// How many places are taken.
    pub(crate) fn taken(&self) -> usize {
        self.all.saturating_sub(self.places.available_permits())
    }

    /// A place, and whether somebody had to go for it. None only if there are no places at all.
    pub(crate) async fn take(&self) -> Option<(Seat, bool)> {
        let at_once = Arc::clone(&self.places).try_acquire_owned().ok();
        let full = at_once.is_none();
        let permit = match at_once {
            Some(permit) => permit,
            None if self.all == 0 => return None,
            None => {
                self.push_out();
                Arc::clone(&self.places).acquire_owned().await.ok()?
            }
        };
        let pushed_out = Arc::new(Notify::new());
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= self.all.saturating_mul(2) {
            waiting.retain(|each| each.strong_count() > 0);
        }
        waiting.push_back(Arc::downgrade(&pushed_out));
        Some((Seat { _permit: permit, pushed_out }, full))
    }

    fn push_out(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = std::iter::from_fn(|| waiting.pop_front()).find_map(|each| each.upgrade());
        if let Some(oldest) = oldest {
            oldest.notify_one();
        }
    }
}

impl Seat {
    /// Waits until somebody else needs it.
    pub(crate) async fn pushed_out(&self) {
        self.pushed_out.notified().await;
    }
}
