//! Where connections come in: without TLS, for what stands in front of the relay on the same machine, and with it.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock;
use crate::server::{ServeError, bind};
use crate::tls::{Certificates, Tls};

/// The listeners of a relay.
pub(crate) struct Doors {
    plain: TcpListener,
    tls: Option<TlsDoor>,
}

struct TlsDoor {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    /// Looks at the certificate's files for as long as the door is there.
    _looking: JoinSet<()>,
}

/// A connection that came in. What speaks TLS with it, if it came where that is spoken.
pub(crate) struct Guest {
    pub(crate) socket: TcpStream,
    pub(crate) from: SocketAddr,
    pub(crate) tls: Option<TlsAcceptor>,
}

impl Doors {
    /// Opens the door with TLS beside the plain one, if there is to be one.
    pub(crate) fn open(
        plain: TcpListener,
        tls: Option<Tls>,
        look_every: Duration,
        clock: &Clock,
    ) -> Result<Self, ServeError> {
        let Some(tls) = tls else { return Ok(Self { plain, tls: None }) };
        let address = tls.listen;
        let certificates = Arc::new(Certificates::open(tls)?);
        if certificates.expires() < clock.now() {
            tracing::warn!("the certificate has expired: clients refuse it");
        }
        let acceptor = Arc::clone(&certificates).acceptor().map_err(io::Error::other)?;
        let listener = bind(address).map_err(|source| ServeError::Listen { address, source })?;
        let mut looking = JoinSet::new();
        looking.spawn(look(certificates, look_every));
        Ok(Self { plain, tls: Some(TlsDoor { listener, acceptor, _looking: looking }) })
    }

    /// Where TLS is spoken.
    pub(crate) fn tls_address(&self) -> io::Result<Option<SocketAddr>> {
        self.tls.as_ref().map(|door| door.listener.local_addr()).transpose()
    }

    /// The next connection. Nothing is lost if this is dropped while it waits.
    pub(crate) async fn accept(&self) -> io::Result<Guest> {
        let with_tls = async {
            let Some(door) = &self.tls else { return std::future::pending().await };
            let (socket, from) = door.listener.accept().await?;
            Ok(Guest { socket, from, tls: Some(door.acceptor.clone()) })
        };
        tokio::select! {
            plain = self.plain.accept() => plain.map(|(socket, from)| Guest { socket, from, tls: None }),
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
