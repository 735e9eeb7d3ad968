//! A conversation with a relay, as a client begins it: who answers there?

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::TLS13;
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Uri};
use watchfire_protocol::frame::{ClientFrame, PATH, Reply, Request, SUBPROTOCOL, ServerFrame, Welcome};
use watchfire_relay::identity;

/// How long a relay may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a relay may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    url: String,
    pub(super) host: String,
    port: u16,
    tls: bool,
}

impl Target {
    /// At an address, without TLS.
    pub(super) fn at(address: SocketAddr) -> Self {
        let (host, port) = (address.ip().to_string(), address.port());
        Self { url: format!("ws://{address}{PATH}"), host, port, tls: false }
    }

    /// Where a URL leads.
    pub(super) fn of_url(url: &str) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|_| "this is no URL".to_owned())?;
        let tls = uri.scheme_str() == Some("wss");
        let host = uri.host().ok_or("there is no host in it")?.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Self { url: url.to_owned(), host, port, tls })
    }

    pub(super) fn is_onion(&self) -> bool {
        self.host.ends_with(".onion")
    }
}

/// Asks who is there. What is returned was signed for this very question.
pub(super) fn greet(target: &Target, authorities: &[CertificateDer<'static>]) -> Result<Welcome, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let asked =
        async { timeout(PATIENCE, ask(target, authorities)).await.map_err(|_| "no answer in time".to_owned())? };
    runtime.block_on(asked)
}

async fn ask(target: &Target, authorities: &[CertificateDer<'static>]) -> Result<Welcome, String> {
    let socket = TcpStream::connect((target.host.as_str(), target.port)).await.map_err(|error| error.to_string())?;
    if target.tls {
        return hello(&target.url, secured(&target.host, socket, authorities).await?).await;
    }
    hello(&target.url, socket).await
}

/// TLS as a client speaks it that trusts the authorities of the web, and those that it was told of.
async fn secured(
    host: &str,
    socket: TcpStream,
    authorities: &[CertificateDer<'static>],
) -> Result<TlsStream<TcpStream>, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(authorities.iter().cloned());
    let name = ServerName::try_from(host.to_owned()).map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connecting = Box::pin(TlsConnector::from(Arc::new(config)).connect(name, socket));
    connecting.await.map_err(|error| match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            "clients do not know who issued its certificate, unless they are told by --ca-file".to_owned()
        }
        _ => error.to_string(),
    })
}

async fn hello(url: &str, socket: impl AsyncRead + AsyncWrite + Unpin) -> Result<Welcome, String> {
    let mut request = url.into_client_request().map_err(|error| error.to_string())?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
    let (mut socket, _) = client_async(request, socket).await.map_err(|error| error.to_string())?;
    let nonce = identity::nonce().map_err(|error| error.to_string())?;
    let frame = ClientFrame { id: 1, request: Request::Hello { nonce } };
    socket.send(Message::Binary(frame.to_bytes().into())).await.map_err(|error| error.to_string())?;
    while let Some(message) = socket.next().await {
        let Message::Binary(bytes) = message.map_err(|error| error.to_string())? else { continue };
        let frame = ServerFrame::from_bytes(&bytes).map_err(|error| error.to_string())?;
        if let ServerFrame { id: 1, reply: Reply::Welcome(welcome) } = frame {
            welcome.verify(&nonce).map_err(|_| "the answer is not signed by who gives it".to_owned())?;
            return Ok(welcome);
        }
    }
    Err("it closed the connection".to_owned())
}
