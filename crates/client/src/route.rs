//! How connections leave this device: straight, or through a SOCKS5 proxy; in the clear, or over TLS. Nothing else in this
//! crate opens a socket, and it does so through [`Dial`], for which a simulation has another.
//!
//! Where there is a proxy, everything goes through it, and names of hosts are resolved behind it. Each kind of connection
//! comes to it with a password of its own, so that Tor takes another circuit for each: whoever sees where circuits come out
//! cannot tell that the one who reads here is the one who answers there. The passwords are drawn anew by each command.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use rand_core::Rng as _;
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_socks::tcp::Socks5Stream;
use tokio_tungstenite::tungstenite::http::Uri;
use watchfire_protocol::id::{NeighborhoodId, sha256_16};

use crate::client::Client;
use crate::error::ClientError;
use crate::unreached::{Stopped, Unreached};
use crate::vault::{Bucket, Tx};

/// How long a connection may take to be made and greeted.
const STRAIGHT: Duration = Duration::from_secs(10);
/// The same through a proxy: Tor looks for an onion service for that long.
const THROUGH_PROXY: Duration = Duration::from_secs(60);
/// All that is spoken over TLS.
const ALPN: &[u8] = b"http/1.1";
/// The name with which all come to the proxy; the password is what differs.
const USER: &str = "watchfire";
/// Bytes of certificates that a vault trusts beside those of the web.
pub const MAX_ANCHORS: usize = 64 << 10;

const PROXY: &[u8] = b"proxy";
const ANCHORS: &[u8] = b"anchors";

/// What a connection is for. Kinds never share a way through a proxy, and neither do neighborhoods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Reading alerts, and what is public.
    Alerts,
    /// Appending to the inbox: answers, reports, requests to join.
    Inbox,
    /// Keeping a desk with the coordinators' key.
    Desk,
    /// What is done with a charter key: charters, epochs, approvals, invites.
    Keys,
}

/// A SOCKS5 proxy that resolves names: `socks5h://HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    host: String,
    port: u16,
}

/// This is no proxy's address: wanted `socks5h://HOST:PORT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no proxy's address: wanted socks5h://HOST:PORT")]
pub struct NoProxy;

impl FromStr for Proxy {
    type Err = NoProxy;

    fn from_str(text: &str) -> Result<Self, NoProxy> {
        let uri: Uri = text.parse().map_err(|_| NoProxy)?;
        let (host, port) = (uri.host().unwrap_or_default(), uri.port_u16().ok_or(NoProxy)?);
        let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        let alone = uri.path().trim_matches('/').is_empty() && uri.query().is_none();
        match uri.scheme_str() == Some("socks5h") && plain && alone && !host.is_empty() && port > 0 {
            true => Ok(Self { host: host.to_owned(), port }),
            false => Err(NoProxy),
        }
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "socks5h://{}:{}", self.host, self.port)
    }
}

/// Both halves of a connection, whatever is below.
pub trait Wire: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Wire for T {}

/// A connection that is being made.
pub type Dialing<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Wire>>> + Send + 'a>>;

/// What connections are made of, below proxy and TLS: sockets of this machine, or what a test puts in their place.
pub trait Dial: Send + Sync {
    /// Connects to a host by its name or address.
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Dialing<'a>;
}

/// Sockets of this machine.
struct Tcp;

impl Dial for Tcp {
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Dialing<'a> {
        Box::pin(async move {
            let socket = TcpStream::connect((host, port)).await?;
            let _ = socket.set_nodelay(true);
            Ok(Box::new(socket) as Box<dyn Wire>)
        })
    }
}

/// The way out of this device.
#[derive(Clone)]
pub struct Route {
    proxy: Option<Proxy>,
    tls: Arc<ClientConfig>,
    /// What the passwords are made of.
    isolation: [u8; 16],
    dial: Arc<dyn Dial>,
}

impl Route {
    /// A way without a proxy, trusting the web's authorities.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn straight() -> Result<Self, ClientError> {
        Self::new(None, Vec::new())
    }

    /// A way with a proxy or without, trusting the web's authorities and some more.
    fn new(proxy: Option<Proxy>, anchors: Vec<CertificateDer<'static>>) -> Result<Self, ClientError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let (_, refused) = roots.add_parsable_certificates(anchors);
        if refused > 0 {
            return Err(ClientError::NoAnchors);
        }
        let unexpected = |error: rustls::Error| ClientError::Unexpected(error.to_string());
        let mut tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .map_err(unexpected)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![ALPN.to_vec()];
        // A ticket that is shown again tells that two connections are one device's.
        tls.resumption = Resumption::disabled();
        let mut isolation = [0; 16];
        rand::rng().fill_bytes(&mut isolation);
        Ok(Self { proxy, tls: Arc::new(tls), isolation, dial: Arc::new(Tcp) })
    }

    /// The way that a vault remembers.
    pub(crate) fn load(tx: &Tx<'_>) -> Result<Self, ClientError> {
        let proxy: Option<String> = tx.get(Bucket::Route, PROXY)?;
        let anchors: Option<Vec<Vec<u8>>> = tx.get(Bucket::Route, ANCHORS)?;
        let damaged = |_| ClientError::Vault(crate::vault::VaultError::Damaged);
        let proxy = proxy.map(|text| text.parse()).transpose().map_err(damaged)?;
        Self::new(proxy, anchors.unwrap_or_default().into_iter().map(CertificateDer::from).collect())
    }

    /// How long a connection may take to be made and greeted.
    pub(crate) const fn patience(&self) -> Duration {
        if self.proxy.is_some() { THROUGH_PROXY } else { STRAIGHT }
    }

    /// The same where it is one of some: the next one is not to wait for it as long.
    pub(crate) fn patience_among(&self, relays: usize) -> Duration {
        if relays > 1 { self.patience() / 2 } else { self.patience() }
    }

    /// Connects to where a URL points, with TLS if it says so.
    pub(crate) async fn dial(
        &self,
        uri: &Uri,
        errand: Errand,
        hood: Option<NeighborhoodId>,
    ) -> Result<Box<dyn Wire>, Unreached> {
        let over_tls = uri.scheme_str() == Some("wss");
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = uri.port_u16().unwrap_or(if over_tls { 443 } else { 80 });
        let socket = match &self.proxy {
            Some(proxy) => self.through(proxy, (host, port), errand, hood).await?,
            None if is_onion(host) => return Err(Unreached::Onion),
            None => self.dial.dial(host, port).await.map_err(|error| Unreached::from(&error))?,
        };
        if !over_tls {
            return Ok(socket);
        }
        let name = ServerName::try_from(host.to_owned()).map_err(|error| Unreached::Other(error.to_string()))?;
        let connecting = TlsConnector::from(Arc::clone(&self.tls)).connect(name, socket);
        let socket = Box::pin(connecting).await.map_err(|error| Unreached::from(&error))?;
        Ok(Box::new(socket))
    }

    async fn through(
        &self,
        proxy: &Proxy,
        relay: (&str, u16),
        errand: Errand,
        hood: Option<NeighborhoodId>,
    ) -> Result<Box<dyn Wire>, Unreached> {
        let stopped = |why| Unreached::Proxy { proxy: proxy.to_string(), why };
        let host = proxy.host.trim_matches(['[', ']']);
        let socket = self.dial.dial(host, proxy.port).await.map_err(|_| stopped(Stopped::Absent))?;
        let password = self.password(errand, hood);
        let led = Socks5Stream::connect_with_password_and_socket(socket, relay, USER, &password).await;
        led.map(Socks5Stream::into_inner).map_err(|error| stopped(Stopped::from(&error)))
    }

    fn password(&self, errand: Errand, hood: Option<NeighborhoodId>) -> String {
        let hood = hood.map_or([0; 16], |hood| hood.0);
        let hash = sha256_16(&[b"watchfire proxy password", &self.isolation, &[errand as u8], &hood]);
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn is_onion(host: &str) -> bool {
    host.trim_end_matches('.').rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("onion"))
}

impl Client {
    /// The proxy through which all connections go.
    #[must_use]
    pub const fn proxy(&self) -> Option<&Proxy> {
        self.route.proxy.as_ref()
    }

    /// Whether what one connection does is kept apart from what another does.
    pub(crate) const fn keeps_errands_apart(&self) -> bool {
        self.route.proxy.is_some()
    }

    /// Has all connections go through a proxy, or through none, from here on: the vault remembers it.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn go_through(&mut self, proxy: Option<&Proxy>) -> Result<(), ClientError> {
        self.reroute(|tx| match proxy {
            Some(proxy) => Ok(tx.put(Bucket::Route, PROXY, &proxy.to_string())?),
            None => Ok(tx.delete(Bucket::Route, PROXY)?),
        })
    }

    /// Trusts the authorities of a PEM file beside those of the web, from here on, in place of those that were named
    /// before. Returns how many there are.
    ///
    /// # Errors
    /// These are no certificates, or the disk refuses.
    pub fn trust_also(&mut self, pem: &[u8]) -> Result<usize, ClientError> {
        let anchors = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
        let anchors = anchors.map_err(|_| ClientError::NoAnchors)?;
        if pem.len() > MAX_ANCHORS || anchors.is_empty() {
            return Err(ClientError::NoAnchors);
        }
        let anchors: Vec<Vec<u8>> = anchors.iter().map(|anchor| anchor.as_ref().to_vec()).collect();
        self.reroute(|tx| Ok(tx.put(Bucket::Route, ANCHORS, &anchors)?))?;
        Ok(anchors.len())
    }

    /// Trusts nobody but the web's authorities, from here on.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn trust_no_others(&mut self) -> Result<(), ClientError> {
        self.reroute(|tx| Ok(tx.delete(Bucket::Route, ANCHORS)?))
    }

    /// Nothing is kept that the route cannot be made of again.
    fn reroute(&mut self, change: impl FnOnce(&Tx<'_>) -> Result<(), ClientError>) -> Result<(), ClientError> {
        let route = self.read(|tx| {
            change(tx)?;
            Route::load(tx)
        })?;
        self.route = Route { dial: Arc::clone(&self.route.dial), ..route };
        Ok(())
    }

    /// Has connections made of something else than this machine's sockets, as long as this client is open.
    pub fn dial_by(&mut self, dial: Arc<dyn Dial>) {
        self.route.dial = dial;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_that_resolves_names_itself_is_one() {
        for text in ["socks5h://127.0.0.1:9050", "socks5h://[::1]:9150", "socks5h://localhost:9050/"] {
            let proxy: Proxy = text.parse().unwrap();
            assert_eq!(proxy.to_string(), text.trim_end_matches('/'));
        }
        for text in [
            "",
            "127.0.0.1:9050",
            "socks5://127.0.0.1:9050",
            "http://127.0.0.1:9050",
            "socks5h://127.0.0.1",
            "socks5h://127.0.0.1:0",
            "socks5h://me:secret@127.0.0.1:9050",
            "socks5h://127.0.0.1:9050/way",
            "socks5h://127.0.0.1:9050/?a",
        ] {
            assert_eq!(text.parse::<Proxy>(), Err(NoProxy), "{text}");
        }
    }

    #[test]
    fn each_kind_of_connection_and_each_neighborhood_has_a_password_of_its_own() {
        let route = Route::straight().unwrap();
        let mut passwords: Vec<String> = [Errand::Alerts, Errand::Inbox, Errand::Desk, Errand::Keys]
            .into_iter()
            .flat_map(|errand| {
                [None, Some(NeighborhoodId([1; 16])), Some(NeighborhoodId([2; 16]))]
                    .map(|hood| route.password(errand, hood))
            })
            .collect();
        assert_eq!(route.password(Errand::Alerts, None), passwords[0], "and keeps it while the command runs");
        passwords.push(Route::straight().unwrap().password(Errand::Alerts, None));
        passwords.sort();
        passwords.dedup();
        assert_eq!(passwords.len(), 13, "another command has others");
    }
}
