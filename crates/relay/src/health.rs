//! How the relay is, told over plain HTTP on an address of its own: `/healthz` (it runs), `/readyz` (it commits) and
//! `/metrics`. One question a connection, bounded in bytes and time. Nobody is asked who they are, so nothing is told that
//! could harm anybody; still it is for the operator's own network.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use watchfire_protocol::time::DAY;

use crate::core::Core;
use crate::handshake::linger;
use crate::limit::Limits;
use crate::metrics::Gauges;
use crate::store::{Room, Stats, Store};
use crate::tls::Certificates;
use crate::unproved::Unproved;

const FULL: &str = "the disk is full: nothing is taken until what expires has made room";
/// How long a commit may take before the relay is not ready.
const PATIENCE: Duration = Duration::from_secs(3);
/// For how long the outcome of a trial, or a count, is told again: whoever asks in a loop costs no disk.
const FRESH: Duration = Duration::from_secs(5);
/// Bytes of a question.
const QUESTION: usize = 4 << 10;

const PLAIN: &str = "text/plain; charset=utf-8";
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Free places for connections.
#[derive(Clone)]
pub(crate) struct Places {
    /// Of all.
    pub(crate) seats: Arc<Semaphore>,
    /// Of those without a proof.
    pub(crate) unproved: Unproved,
}

impl Places {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { seats: Arc::new(Semaphore::new(limits.connections)), unproved: Unproved::new(limits) }
    }
}

/// What is told of a relay.
pub(crate) struct Health<S> {
    core: Arc<Core<S>>,
    dir: PathBuf,
    places: Places,
    certificates: Option<Arc<Certificates>>,
    stopping: AtomicBool,
    tried: Mutex<Option<Seen<Result<Duration, &'static str>>>>,
    counted: Mutex<Option<Seen<Counted>>>,
}

/// What was seen a moment ago.
#[derive(Clone, Copy)]
struct Seen<T> {
    at: Instant,
    what: T,
}

impl<T: Copy> Seen<T> {
    fn now(what: T) -> Self {
        Self { at: Instant::now(), what }
    }

    /// It, as long as it counts.
    fn fresh(&self) -> Option<T> {
        (self.at.elapsed() < FRESH).then_some(self.what)
    }
}

/// What is kept, and how full the fullest network is, in percent.
#[derive(Clone, Copy)]
struct Counted {
    kept: Option<Stats>,
    fullest: Option<u64>,
}

/// What was asked for.
enum Asked {
    Alive,
    Ready,
    Metrics,
    Not(u16, &'static str),
}

impl<S> fmt::Debug for Health<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Health")
    }
}

impl<S: Store> Health<S> {
    pub(crate) fn new(
        core: Arc<Core<S>>,
        dir: PathBuf,
        places: &Places,
        certificates: Option<Arc<Certificates>>,
    ) -> Self {
        Self {
            core,
            dir,
            places: places.clone(),
            certificates,
            stopping: AtomicBool::new(false),
            tried: Mutex::default(),
            counted: Mutex::default(),
        }
    }

    /// From here on it is not ready.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Answers whoever connects, for ever.
    pub(crate) async fn listen(self: Arc<Self>, listener: TcpListener) {
        let places = Arc::new(Semaphore::new(self.core.limits.health_connections.max(1)));
        let patience = Duration::from_secs(self.core.limits.health_seconds);
        loop {
            let Ok((mut socket, _)) = listener.accept().await else {
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
            let health = Arc::clone(&self);
            tokio::spawn(async move {
                let _ = timeout(patience, health.answer(&mut socket)).await;
                // Before the socket: whoever sees it closed may come again.
                drop(place);
            });
        }
    }

    async fn answer(&self, socket: &mut TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while head.len() < QUESTION && !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut chunk = [0; 512];
            let read = socket.read(&mut chunk).await?;
            let Some(chunk) = chunk.get(..read).filter(|chunk| !chunk.is_empty()) else { return Ok(()) };
            head.extend_from_slice(chunk);
        }
        let (status, kind, body) = match asked(&head) {
            Asked::Alive => (200, PLAIN, "alive\n".to_owned()),
            Asked::Ready => match self.ready().await {
                Ok(words) => (200, PLAIN, format!("{words}\n")),
                Err(reason) => (503, PLAIN, format!("not ready: {reason}\n")),
            },
            Asked::Metrics => (200, OPEN_METRICS, self.core.metrics.text(&self.gauges().await)),
            Asked::Not(status, reason) => (status, PLAIN, format!("{reason}\n")),
        };
        let name = match status {
            200 => "OK",
            404 => "Not Found",
            405 => "Method Not Allowed\r\nAllow: GET",
            503 => "Service Unavailable",
            _ => "Bad Request",
        };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} {name}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\
             Connection: close\r\n\r\n{body}"
        );
        socket.write_all(answer.as_bytes()).await?;
        linger(socket).await;
        Ok(())
    }

    /// Whether everything is taken that should be, in words.
    async fn ready(&self) -> Result<&'static str, &'static str> {
        self.commits().await?;
        match self.core.store.room() {
            Room::Enough => Ok("ready"),
            Room::Scarce => Ok("ready, but the disk is filling up: make room"),
            Room::Low => Err("the disk is nearly full: only alerts, epochs and charters are taken"),
            Room::Full => Err(FULL),
        }
    }

    /// Whether it does what it can: on a full disk that is to refuse, and to forget.
    pub(crate) async fn lives(&self) -> bool {
        self.commits().await.is_ok() || self.core.store.room() == Room::Full
    }

    /// How long a commit takes, by trying one; or why there is none. One trial at a time.
    pub(crate) async fn commits(&self) -> Result<Duration, &'static str> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err("it is stopping");
        }
        let mut tried = self.tried.lock().await;
        if let Some(outcome) = tried.as_ref().and_then(Seen::fresh) {
            return outcome;
        }
        if self.core.store.room() == Room::Full {
            return Err(FULL);
        }
        let begun = Instant::now();
        let outcome = match timeout(PATIENCE, self.core.store.probe()).await {
            Ok(Ok(())) => Ok(begun.elapsed()),
            Ok(Err(_)) => Err("the store failed"),
            Err(_) => Err("a commit takes longer than 3 seconds"),
        };
        *tried = Some(Seen::now(outcome));
        outcome
    }

    async fn gauges(&self) -> Gauges {
        let limits = &self.core.limits;
        let commits = self.commits().await.ok();
        let Counted { kept, fullest } = self.count().await;
        let taken = |all: usize, free: &Semaphore| number(all.saturating_sub(free.available_permits()));
        Gauges {
            ready: commits.is_some(),
            commit_seconds: commits.map(duration_class),
            connections: taken(limits.connections, &self.places.seats),
            unproved: number(self.places.unproved.taken()),
            connections_limit: number(limits.connections),
            unproved_limit: number(limits.connections_unproved),
            kept,
            fullest_percent: fullest,
            free_percent: crate::disk::space(&self.dir).ok().map(|space| space.free_percent()),
            certificate_days: self.certificates.as_ref().map(|used| used.expires().since(self.core.clock.now()) / DAY),
        }
    }

    async fn count(&self) -> Counted {
        let mut counted = self.counted.lock().await;
        if let Some(counted) = counted.as_ref().and_then(Seen::fresh) {
            return counted;
        }
        let kept = self.core.store.stats().await.ok();
        let mut fullest = None;
        for allowed in self.core.admission.allowed() {
            if let Ok(used) = self.core.store.used(allowed.network).await {
                fullest = fullest.max(Some(percent(used, allowed.quota.0)));
            }
        }
        let now = Counted { kept, fullest };
        *counted = Some(Seen::now(now));
        now
    }
}

/// Reads the first line of a question.
fn asked(head: &[u8]) -> Asked {
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let Some(line) =
        std::str::from_utf8(line).ok().filter(|line| line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0"))
    else {
        return Asked::Not(400, "this is not an HTTP request");
    };
    let mut words = line.split(' ');
    match (words.next(), words.next()) {
        (Some("GET"), Some("/healthz")) => Asked::Alive,
        (Some("GET"), Some("/readyz")) => Asked::Ready,
        (Some("GET"), Some("/metrics")) => Asked::Metrics,
        (Some("GET"), _) => Asked::Not(404, "there is nothing here but /healthz, /readyz and /metrics"),
        _ => Asked::Not(405, "only GET is answered here"),
    }
}

fn percent(part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(part) * 100 / u128::from(whole.max(1))).unwrap_or(u64::MAX)
}

fn number(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

const fn duration_class(took: Duration) -> f64 {
    match took.as_millis() {
        0..10 => 0.01,
        10..100 => 0.1,
        100..1000 => 1.0,
        _ => 10.0,
    }
}
