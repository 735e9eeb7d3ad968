//! `check`, `healthcheck` and `stats`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use watchfire_protocol::frame::{ClientFrame, PATH, Reply, Request, SUBPROTOCOL, ServerFrame};
use watchfire_relay::identity;
use watchfire_relay::store::sqlite::{SqliteStore, check as check_file};

use super::{Problem, open};

/// How long a relay may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn check(dir: &Path) -> Result<(), Problem> {
    let health = check_file(&open(dir)?.database_path())?;
    if health.complaints.is_empty() {
        println!("The database is well. Schema version {}.", health.version);
        return Ok(());
    }
    for complaint in &health.complaints {
        eprintln!("{complaint}");
    }
    Err(Problem::new(1, "the database is damaged")
        .hint("stop the relay, move relay.db away and start it: clients bring back whatever has not expired"))
}

pub(super) fn stats(dir: &Path) -> Result<(), Problem> {
    let stats = SqliteStore::stats_of(&open(dir)?.database_path())?;
    println!("networks       {}", stats.networks);
    println!("neighborhoods  {}", stats.neighborhoods);
    println!("records        {}", stats.records);
    println!("objects        {}", stats.objects);
    println!("invites        {}", stats.invites);
    println!("bytes          {}", stats.bytes);
    Ok(())
}

pub(super) fn healthcheck(dir: &Path) -> Result<(), Problem> {
    let config = open(dir)?;
    let key = identity::open(&config.identity_path()).map_err(|error| Problem::unexpected(&error))?.public();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::unexpected(&error))?;
    let address = reachable(config.listen);
    let hello = async { timeout(PATIENCE, hello(address)).await.map_err(|_| "no answer in time".to_owned())? };
    let (nonce, welcome) = runtime.block_on(hello).map_err(|reason| {
        Problem::new(3, format!("the relay does not answer at {address}: {reason}"))
            .hint(format!("is it running? watchfire-relay serve --dir {}", dir.display()))
    })?;
    if welcome.relay != key || welcome.verify(&nonce).is_err() {
        return Err(Problem::new(4, format!("another relay answers at {address}")));
    }
    println!("The relay answers with its own key.");
    Ok(())
}

/// An address on which everything is listened to is reached at this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn hello(address: SocketAddr) -> Result<([u8; 32], watchfire_protocol::frame::Welcome), String> {
    let socket = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    let mut request = format!("ws://{address}{PATH}").into_client_request().map_err(|error| error.to_string())?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
    let (mut socket, _) = client_async(request, socket).await.map_err(|error| error.to_string())?;
    let nonce = identity::nonce().map_err(|error| error.to_string())?;
    let frame = ClientFrame { id: 1, request: Request::Hello { nonce } };
    socket.send(Message::Binary(frame.to_bytes().into())).await.map_err(|error| error.to_string())?;
    while let Some(message) = socket.next().await {
        if let Message::Binary(bytes) = message.map_err(|error| error.to_string())? {
            let frame = ServerFrame::from_bytes(&bytes).map_err(|error| error.to_string())?;
            if let ServerFrame { id: 1, reply: Reply::Welcome(welcome) } = frame {
                return Ok((nonce, welcome));
            }
        }
    }
    Err("it closed the connection".to_owned())
}
