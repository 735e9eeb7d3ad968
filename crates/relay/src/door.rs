//! Where connections come in: without TLS, for what stands in front of the relay on the same machine, and with it.
//!
//! What is below a connection without TLS may be anything that carries bytes: [`Listen`].

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock;
use crate::line::{Line, Shared};
use crate::server::{ServeError, bind};
use crate::tls::{Certificates, Tls};

/// Where connections come in without TLS: a socket of this machine, or what a test puts in its place.
pub trait Listen: Send + Sync + 'static {
    /// A connection.
    type Socket: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// The next connection, and from where it comes. Nothing is lost if this is dropped while it waits.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Socket, SocketAddr)>> + Send;

    /// Where frames can be written past the connection's task, if a connection of this kind has that.
    fn line(_socket: &Self::Socket) -> Option<Arc<Line>> {
        None
    }
}

impl Listen for TcpListener {
    type Socket = Shared;

    async fn accept(&self) -> io::Result<(Shared, SocketAddr)> {
        let (socket, from) = accept(self).await?;
        Ok((Shared::new(socket), from))
    }

    fn line(socket: &Shared) -> Option<Arc<Line>> {
        Some(socket.line())
    }
}

async fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let (socket, from) = listener.accept().await?;
    // Frames are written whole.
    let _ = socket.set_nodelay(true);
    Ok((socket, from))
}

/// The listeners of a relay.
pub(crate) struct Doors<L> {
    plain: L,
    tls: Option<TlsDoor>,
}

/// The listener with TLS.
pub(crate) struct TlsDoor {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    certificates: Arc<Certificates>,
    /// Looks at the certificate's files for as long as the door is there.
    _looking: JoinSet<()>,
}

/// A connection that came in.
pub(crate) struct Guest<T> {
    pub(crate) socket: Socket<T>,
    pub(crate) from: SocketAddr,
}

/// What came in, with what speaks TLS with it if it came where that is spoken.
pub(crate) enum Socket<T> {
    Plain(T),
    Tls(TcpStream, TlsAcceptor),
}

impl TlsDoor {
    /// Opens the door.
    pub(crate) fn open(tls: Tls, look_every: Duration, clock: &Clock) -> Result<Self, ServeError> {
        let address = tls.listen;
        let certificates = Arc::new(Certificates::open(tls)?);
        if certificates.expires() < clock.now() {
            tracing::warn!("the certificate has expired: clients refuse it");
        }
        let acceptor = Arc::clone(&certificates).acceptor().map_err(io::Error::other)?;
        let listener = bind(address).map_err(|source| ServeError::Listen { address, source })?;
        let mut looking = JoinSet::new();
        looking.spawn(look(Arc::clone(&certificates), look_every));
        Ok(Self { listener, acceptor, certificates, _looking: looking })
    }

    /// The certificate that is shown.
    pub(crate) fn certificates(&self) -> Arc<Certificates> {
        Arc::clone(&self.certificates)
    }

    /// Where TLS is spoken.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl<L: Listen> Doors<L> {
    pub(crate) const fn new(plain: L, tls: Option<TlsDoor>) -> Self {
        Self { plain, tls }
    }

    /// The next connection. Nothing is lost if this is dropped while it waits.
    pub(crate) async fn accept(&self) -> io::Result<Guest<L::Socket>> {
        let with_tls = async {
            let Some(door) = &self.tls else { return std::future::pending().await };
            let (socket, from) = accept(&door.listener).await?;
            Ok(Guest { socket: Socket::Tls(socket, door.acceptor.clone()), from })
        };
        tokio::select! {
            plain = self.plain.accept() => plain.map(|(socket, from)| Guest { socket: Socket::Plain(socket), from }),
            with_tls = with_tls => with_tls,
        }
    }
}

/// Takes a new certificate when it is there.
async fn look(certificates: Arc<Certificates>, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let certificates = Arc::clone(&certificates);
        match tokio::task::spawn_blocking(move || certificates.look()).await {
            Ok(Ok(false)) | Err(_) => {}
            Ok(Ok(true)) => tracing::info!("a new certificate is in use"),
            Ok(Err(error)) => {
                let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
                let reason = format!("{error}{cause}");
                tracing::warn!(%reason, "the new certificate cannot be used; the one before it stays in use");
            }
        }
    }
}
