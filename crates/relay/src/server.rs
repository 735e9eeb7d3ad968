//! The shell: listens, gives each connection its task, sweeps, and ends it all in order.

use std::fs::{File, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout, timeout_at};
use watchfire_protocol::frame::PATH;
use watchfire_protocol::sign::{PublicKey, SecretKey};

use crate::admission::Admission;
use crate::config::Config;
use crate::connection::{Connection, Stop};
use crate::core::Core;
use crate::descriptors;
use crate::door::{Doors, Guest, Listen, Socket, TlsDoor};
use crate::handshake::accept;
use crate::health::{Health, Places};
use crate::hub::Hub;
use crate::identity::{self, IdentityError};
use crate::line::Line;
use crate::meter::Metered;
use crate::source::Sources;
use crate::store::sqlite::{OpenError, SqliteStore};
use crate::store::{CommitSink, Store};
use crate::sweep::sweep;
use crate::tls::{TlsError, UNSENT};
use crate::unproved::Seat;

/// Connections that the kernel keeps until they are accepted.
const BACKLOG: u32 = 4096;
/// Bytes that the kernel keeps for a slow reader.
const SEND_BUFFER: u32 = 64 << 10;

/// Why a relay does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Another relay runs in this directory.
    #[error("another relay runs in `{}`", dir.display())]
    Running {
        /// Where.
        dir: PathBuf,
    },
    /// The address where it tells how it is cannot be used.
    #[error("cannot tell how it is at {address}")]
    Health {
        /// Which.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address for TLS is taken or not this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// A file or the socket cannot be used.
    #[error("cannot start: {source}")]
    Io {
        /// Why.
        #[from]
        source: io::Error,
    },
    /// The disk failed while it ran. What was acknowledged is there; start again when the disk is well.
    #[error("the store failed: {reason}; nothing was acknowledged that is not on disk")]
    Store {
        /// Why.
        reason: String,
    },
}

/// A relay that runs.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    tls_address: Option<SocketAddr>,
    url: String,
    key: PublicKey,
    health_address: Option<SocketAddr>,
    health: Arc<Health<SqliteStore>>,
    task: JoinHandle<Result<(), ServeError>>,
}

/// Whether a relay that runs commits what it is given.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Health<SqliteStore>>);

impl Pulse {
    /// Tries a commit; a trial that was made a few seconds ago counts. On a full disk none is tried.
    pub async fn beats(&self) -> bool {
        self.0.lives().await
    }
}

impl Serving {
    /// The URL by which clients reach it: the configured one, or that of its socket.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens without TLS.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it tells how it is, if anywhere.
    #[must_use]
    pub const fn health_address(&self) -> Option<SocketAddr> {
        self.health_address
    }

    /// For a supervisor that restarts what hangs.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        Pulse(Arc::clone(&self.health))
    }

    /// Where it listens with TLS, if it does.
    #[must_use]
    pub const fn tls_address(&self) -> Option<SocketAddr> {
        self.tls_address
    }

    /// Its identity key, as charters name it.
    #[must_use]
    pub const fn relay_key(&self) -> PublicKey {
        self.key
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// Its store failed.
    pub async fn finished(self) -> Result<(), ServeError> {
        match self.task.await {
            Ok(result) => result,
            Err(error) => Err(ServeError::Store { reason: error.to_string() }),
        }
    }
}

/// Binds a socket with the relay's settings. Any other listener will do, too.
///
/// # Errors
/// The address is taken or not this machine's.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    // Accepted sockets inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves on a listener until `shutdown` resolves, and returns as soon as clients may connect. The directory must have
/// been made by [`crate::config::init`].
///
/// # Errors
/// The identity, the database or the socket cannot be used, or another relay runs in the directory.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Serving, ServeError> {
    let address = listener.local_addr()?;
    descriptors::raise();
    let lock = lock(&config)?;
    let key = identity::open(&config.identity_path())?;
    let health_listener = config.health.map(bind_health).transpose()?;
    let health_address = health_listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let hub = Arc::new(Hub::new(&config.limits, config.clock.clone()));
    let (path, limits, sink) = (config.database_path(), config.limits.clone(), Arc::clone(&hub));
    let opening = tokio::task::spawn_blocking(move || SqliteStore::open(&path, &limits, sink));
    let store = opening.await.map_err(io::Error::other)??;
    let public = key.public();
    let look_every = Duration::from_secs(config.limits.certificate_seconds.max(1));
    let tls = config.tls.clone().map(|tls| TlsDoor::open(tls, look_every, &config.clock)).transpose()?;
    let tls_address = tls.as_ref().map(TlsDoor::address).transpose()?;
    let url = config.url.clone().unwrap_or_else(|| url_of(address, tls_address));
    let dir = config.dir.clone();
    let core = Arc::new(core(key, store, hub, config));
    let places = Places::new(&core.limits);
    let certificates = tls.as_ref().map(TlsDoor::certificates);
    let health = Arc::new(Health::new(Arc::clone(&core), dir, &places, certificates));
    let asked = health_listener.map(|listener| tokio::spawn(Arc::clone(&health).listen(listener)));
    let stopping = Arc::clone(&health);
    let shutdown = async move {
        shutdown.await;
        stopping.stop();
    };
    let task = tokio::spawn(async move {
        let result = run(Doors::new(listener, tls), core, places, shutdown).await;
        if let Some(asked) = asked {
            asked.abort();
        }
        drop(lock);
        result
    });
    Ok(Serving { address, tls_address, url, key: public, health_address, health, task })
}

/// The URL of where it listens. Clients speak TLS with no loopback address, and come to the plain one there.
fn url_of(plain: SocketAddr, tls: Option<SocketAddr>) -> String {
    match tls.filter(|address| !address.ip().is_loopback()) {
        Some(address) => format!("wss://{address}{PATH}"),
        None => format!("ws://{plain}{PATH}"),
    }
}

/// Serves connections of any kind, out of any store, until `shutdown` resolves: what [`serve`] does without sockets of its
/// own, so without TLS, and tells nobody how it is. Simulations run relays by it.
///
/// # Errors
/// Those of [`serve`].
pub async fn serve_on<S: Store>(
    listener: impl Listen,
    store: impl FnOnce(Arc<dyn CommitSink>) -> Result<S, OpenError>,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let _lock = lock(&config)?;
    let key = identity::open(&config.identity_path())?;
    let hub = Arc::new(Hub::new(&config.limits, config.clock.clone()));
    let store = store(Arc::clone(&hub) as Arc<dyn CommitSink>)?;
    let core = Arc::new(core(key, store, hub, config));
    let places = Places::new(&core.limits);
    run(Doors::new(listener, None), core, places, shutdown).await
}

fn core<S: Store>(key: SecretKey, store: S, hub: Arc<Hub>, config: Config) -> Core<S> {
    let admission = Admission::new(config.networks_path(), config.token_path(), config.quota);
    // Said at the start, and not only to whoever comes with it.
    admission.is_token_private();
    Core::new(key, store, hub, admission, config.limits, config.clock)
}

fn bind_health(address: SocketAddr) -> Result<TcpListener, ServeError> {
    bind(address).map_err(|source| ServeError::Health { address, source })
}

/// Whether a relay runs in a directory.
#[must_use]
pub fn is_running(config: &Config) -> bool {
    let lock = File::open(config.dir.join("relay.lock"));
    lock.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Two relays on one database would each know only half of the commits.
fn lock(config: &Config) -> Result<File, ServeError> {
    let path = config.dir.join("relay.lock");
    crate::file::ensure_private(&path)?;
    let file = File::open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ServeError::Running { dir: config.dir.clone() }),
        Err(TryLockError::Error(source)) => Err(source.into()),
    }
}

async fn run<S: Store>(
    doors: Doors<impl Listen>,
    core: Arc<Core<S>>,
    places: Places,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (stop, stopping) = watch::channel(None);
    let mut tasks = JoinSet::new();
    let sweeper = tokio::spawn(sweep_forever(Arc::clone(&core)));
    let mut shutdown = std::pin::pin!(shutdown);
    let failure = tokio::select! {
        biased;
        reason = core.store.failed() => Some(reason),
        () = &mut shutdown => None,
        () = accept_forever(&doors, &core, &places, &mut tasks, &stopping) => None,
    };
    drop(doors);
    sweeper.abort();
    let connected = core.limits.connections.saturating_sub(places.seats.available_permits());
    stop.send_replace(Some(Stop::new(failure.is_some(), connected)));
    let _ =
        timeout(Duration::from_secs(core.limits.closing_seconds), async { while tasks.join_next().await.is_some() {} })
            .await;
    tasks.shutdown().await;
    match failure {
        Some(reason) => Err(ServeError::Store { reason }),
        None => {
            core.store.close().await;
            Ok(())
        }
    }
}

/// Gives each connection its task. Whoever comes when there is no place for those without a proof is not accepted before
/// there is one: the kernel keeps them in front of the door.
async fn accept_forever<S: Store, L: Listen>(
    doors: &Doors<L>,
    core: &Arc<Core<S>>,
    Places { seats, unproved }: &Places,
    tasks: &mut JoinSet<()>,
    stopping: &watch::Receiver<Option<Stop>>,
) {
    let sources = Arc::new(Sources::new(&core.limits));
    let metrics = &core.metrics;
    loop {
        let Guest { socket, from } = tokio::select! {
            biased;
            Some(_) = tasks.join_next() => continue,
            accepted = doors.accept() => match accepted {
                Ok(guest) => guest,
                Err(error) => {
                    metrics.not_accepted.one();
                    tracing::warn!(kind = %error.kind(), "a connection could not be accepted");
                    sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        // Whoever finds no place is dropped: an answer would cost more than it is worth.
        let Ok(seat) = Arc::clone(seats).try_acquire_owned() else {
            metrics.full.one();
            continue;
        };
        let Some(source) = sources.take(from.ip()) else {
            metrics.source_full.one();
            continue;
        };
        let Some((place, full)) = unproved.take().await else { continue };
        if full {
            metrics.unproved_full.one();
        }
        let line = match &socket {
            Socket::Plain(socket) => L::line(socket),
            Socket::Tls(..) => None,
        };
        let place = Place { seat: place, line };
        let (core, stopping) = (Arc::clone(core), stopping.clone());
        tasks.spawn(async move {
            let _held = (seat, source);
            // Boxed, like all that is not always needed: what is in this future, each of 20,000 connections keeps.
            let entered = Box::pin(enter(core, socket, place, stopping)).await;
            if let Some(served) = entered {
                served.await;
            }
        });
    }
}

/// What a connection has from the beginning.
struct Place {
    /// Among those without a proof.
    seat: Seat,
    line: Option<Arc<Line>>,
}

/// What serves a connection until one side ends it.
type Served = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Everything that comes before the first frame.
async fn enter<S: Store>(
    core: Arc<Core<S>>,
    socket: Socket<impl AsyncRead + AsyncWrite + Send + Unpin + 'static>,
    place: Place,
    stopping: watch::Receiver<Option<Stop>>,
) -> Option<Served> {
    // One time for all that comes before the first frame.
    let deadline = Instant::now() + Duration::from_secs(core.limits.handshake_seconds);
    let (socket, tls) = match socket {
        Socket::Plain(socket) => return upgrade(core, socket, deadline, place, stopping).await,
        Socket::Tls(socket, tls) => (socket, tls),
    };
    let handshake = Box::pin(tls.accept_with(socket, |session| session.set_buffer_limit(Some(UNSENT))));
    let shaken = tokio::select! {
        biased;
        shaken = timeout_at(deadline, handshake) => shaken,
        () = place.seat.pushed_out() => return None,
    };
    match shaken {
        Ok(Ok(socket)) => return upgrade(core, socket, deadline, place, stopping).await,
        Ok(Err(error)) => tracing::debug!(kind = %error.kind(), "no TLS"),
        Err(_) => tracing::debug!("the TLS handshake took too long"),
    }
    core.metrics.not_upgraded.one();
    None
}

async fn upgrade<S: Store>(
    core: Arc<Core<S>>,
    socket: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    deadline: Instant,
    place: Place,
    stopping: watch::Receiver<Option<Stop>>,
) -> Option<Served> {
    let limits = &core.limits;
    let handshake = Box::pin(accept(Metered::new(socket, limits), limits));
    let upgraded = tokio::select! {
        biased;
        upgraded = timeout_at(deadline, handshake) => upgraded,
        () = place.seat.pushed_out() => return None,
    };
    match upgraded {
        Ok(Ok(mut websocket)) => {
            core.metrics.served.one();
            websocket.get_mut().start_counting();
            let Place { seat, line } = place;
            if let Some(line) = &line {
                line.open();
            }
            return Some(Box::pin(Connection::new(core, websocket, seat, line).run(stopping)));
        }
        Ok(Err(reason)) => tracing::debug!(%reason, "no upgrade"),
        Err(_) => tracing::debug!("the upgrade took too long"),
    }
    core.metrics.not_upgraded.one();
    None
}

async fn sweep_forever<S: Store>(core: Arc<Core<S>>) {
    let mut ticks = interval(Duration::from_secs(core.limits.sweep_seconds.max(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        sweep(&core).await;
    }
}
