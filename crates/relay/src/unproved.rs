//! Connections without a proof: there are so many places, and whoever has had one for the longest makes room for the next.
//!
//! Not at once: whoever has just come is left time to prove a key, and others wait in front of the door meanwhile. When
//! thousands come back in one moment, they would otherwise push each other out for ever.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::limit::Limits;

/// The places.
#[derive(Clone)]
pub(crate) struct Unproved {
    places: Arc<Semaphore>,
    all: usize,
    /// For how long a place is kept in any case.
    kept: Duration,
    /// Who has one, in the order in which they came; and some who are gone.
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
}

struct Waiting {
    since: Instant,
    pushed_out: Weak<Notify>,
}

/// A seat. It is given back when it is dropped.
pub(crate) struct Seat {
    _permit: OwnedSemaphorePermit,
    pushed_out: Arc<Notify>,
}

impl Unproved {
    pub(crate) fn new(limits: &Limits) -> Self {
        let all = limits.connections_unproved;
        let kept = Duration::from_millis(limits.unproved_kept_milliseconds);
        Self { places: Arc::new(Semaphore::new(all)), all, kept, waiting: Arc::default() }
    }

    /// How many places are taken.
    pub(crate) fn taken(&self) -> usize {
        self.all.saturating_sub(self.places.available_permits())
    }

    /// A place, and whether somebody had to go for it. None only if there are no places at all. For one at a time: whoever
    /// would come next waits for this.
    pub(crate) async fn take(&self) -> Option<(Seat, bool)> {
        if self.all == 0 {
            return None;
        }
        let (permit, full) = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => (permit, false),
            Err(_) => self.room().await?,
        };
        let pushed_out = Arc::new(Notify::new());
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= self.all.saturating_mul(2) {
            waiting.retain(|each| each.pushed_out.strong_count() > 0);
        }
        waiting.push_back(Waiting { since: Instant::now(), pushed_out: Arc::downgrade(&pushed_out) });
        Some((Seat { _permit: permit, pushed_out }, full))
    }

    /// A place that is given back, or else that of whoever has had one for the longest.
    async fn room(&self) -> Option<(OwnedSemaphorePermit, bool)> {
        let mut permit = std::pin::pin!(Arc::clone(&self.places).acquire_owned());
        if let Ok(permit) = timeout_at(self.oldest() + self.kept, permit.as_mut()).await {
            return Some((permit.ok()?, false));
        }
        self.push_out();
        Some((permit.await.ok()?, true))
    }

    /// Since when whoever came first has had a place.
    fn oldest(&self) -> Instant {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while waiting.front().is_some_and(|first| first.pushed_out.strong_count() == 0) {
            waiting.pop_front();
        }
        waiting.front().map_or_else(Instant::now, |first| first.since)
    }

    fn push_out(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = std::iter::from_fn(|| waiting.pop_front()).find_map(|each| each.pushed_out.upgrade());
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

/// The same of a seat that may have been given back.
pub(crate) async fn pushed_out(seat: Option<&Seat>) {
    match seat {
        Some(seat) => seat.pushed_out().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn places(all: usize, kept: u64) -> Unproved {
        Unproved::new(&Limits { connections_unproved: all, unproved_kept_milliseconds: kept, ..Limits::default() })
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_just_come_keeps_the_place_and_then_the_oldest_goes() {
        let places = places(2, 1000);
        let (first, _) = places.take().await.unwrap();
        advance(Duration::from_millis(400)).await;
        let (_second, full) = places.take().await.unwrap();
        assert!(!full);
        let begun = Instant::now();
        let leaving = async {
            first.pushed_out().await;
            let waited = begun.elapsed();
            drop(first);
            waited
        };
        let (third, waited) = tokio::join!(places.take(), leaving);
        assert!(third.is_some_and(|(_, full)| full));
        assert_eq!(waited, Duration::from_millis(600));
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_is_given_back_is_taken_at_once_and_nobody_has_to_go() {
        let places = places(2, 1000);
        let (first, _) = places.take().await.unwrap();
        let (second, _) = places.take().await.unwrap();
        let begun = Instant::now();
        let (third, ()) = tokio::join!(places.take(), async { drop(second) });
        assert!(third.is_some_and(|(_, full)| !full));
        assert!(begun.elapsed().is_zero());
        assert!(timeout_at(Instant::now(), first.pushed_out()).await.is_err());
    }
}
