//! A relay, coordinators and responders in one simulated network, with simulated time, driven by a seed.
//!
//! What is real: the relay (connections, sessions, hub, SQLite on the disk), the clients (vaults on the disk, duties,
//! following) and the protocol between them, keys and WebSocket included. What is not: sockets and time, which are
//! turmoil's, and TLS, which is left out.
//!
//! - [`ground`]: what connections are made of.
//! - [`store`]: the relay's store, whose threads are waited for while simulated time stands still.
//! - [`person`]: somebody at a device, with `watch` or `desk` running and commands beside it.
//! - [`script`]: what happens, as the seed says, and what must be true in the end.
//! - [`entropy`]: the same randomness again, so that a run can be repeated to the byte.

pub mod entropy;
pub mod ground;
pub mod person;
pub mod script;
pub mod store;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;

use self::ground::Seen;

/// SplitMix64: choices that a seed brings back.
pub struct Choices(u64);

impl Choices {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in a range, its end left out.
    pub fn within(&mut self, range: std::ops::Range<u64>) -> u64 {
        range.start + self.draw() % (range.end - range.start)
    }

    /// So often of a hundred times.
    pub fn percent(&mut self, of_hundred: u64) -> bool {
        self.within(0..100) < of_hundred
    }

    pub fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.within(0..all.len() as u64)).unwrap()].clone()
    }
}

/// The time of day, apart from what single clocks show.
#[derive(Clone)]
pub struct Day {
    /// Milliseconds of the simulation.
    elapsed: Arc<AtomicU64>,
    /// Seconds in which everybody's machine slept.
    slept: Arc<AtomicU64>,
}

impl Day {
    const BEGIN: u64 = 1_795_000_000;

    fn new() -> Self {
        Self { elapsed: Arc::default(), slept: Arc::default() }
    }

    pub fn now(&self) -> Timestamp {
        let elapsed = self.elapsed.load(Ordering::SeqCst) / 1000;
        Timestamp(Self::BEGIN + elapsed + self.slept.load(Ordering::SeqCst))
    }

    fn millis(&self) -> u64 {
        self.elapsed.load(Ordering::SeqCst)
    }

    /// Seconds since the beginning, as a trace shows them.
    fn since(&self) -> String {
        let elapsed = self.millis();
        format!("{:>6}.{:02}", elapsed / 1000, elapsed % 1000 / 10)
    }
}

/// A clock that is off by so many seconds.
#[derive(Clone)]
pub struct Skewed {
    day: Day,
    off: Arc<AtomicI64>,
}

impl Skewed {
    fn new(day: &Day) -> Self {
        Self { day: day.clone(), off: Arc::default() }
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.day.now().0.saturating_add_signed(self.off.load(Ordering::SeqCst)))
    }

    fn set(&self, seconds: i64) {
        self.off.store(seconds, Ordering::SeqCst);
    }
}

/// What all hosts of a run share with the script.
pub struct Shared {
    day: Day,
    /// The relay's disk and lines draw from it.
    choices: Arc<std::sync::Mutex<Choices>>,
    hood: Cell<Option<NeighborhoodId>>,
    /// What happened, by names and not by ids.
    trace: RefCell<Vec<String>>,
    bytes: Seen,
    counts: RefCell<BTreeMap<&'static str, u64>>,
    /// Somebody was just told that something is sent, or will be.
    told: Cell<bool>,
    loud: bool,
}

impl Shared {
    fn new(seed: u64, loud: bool) -> Self {
        Self {
            day: Day::new(),
            choices: Arc::new(std::sync::Mutex::new(Choices::new(seed ^ 0x5eed))),
            hood: Cell::new(None),
            trace: RefCell::default(),
            bytes: Seen::default(),
            counts: RefCell::default(),
            told: Cell::new(false),
            loud,
        }
    }

    pub fn hood(&self) -> NeighborhoodId {
        self.hood.get().unwrap()
    }

    pub fn tell(&self, who: &str, what: impl std::fmt::Display) {
        let line = format!("{} {who:<8} {what}", self.day.since());
        if self.loud {
            println!("{line}");
        }
        self.trace.borrow_mut().push(line);
    }

    pub fn count(&self, what: &'static str) {
        *self.counts.borrow_mut().entry(what).or_default() += 1;
    }
}
