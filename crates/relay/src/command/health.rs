//! `check`, `healthcheck` and `stats`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use watchfire_protocol::frame::{ClientFrame, PATH, Reply, Request, SUBPROTOCOL, ServerFrame};
use watchfire_relay::identity;
use watchfire_relay::limit::class;
use watchfire_relay::store::sqlite::{SqliteStore, check as check_file};

use super::{Problem, open};

/// How long a relay may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer about readiness.
const LONGEST_ANSWER: u64 = 4 << 10;

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

pub(super) fn stats(dir: &Path, json: bool) -> Result<(), Problem> {
    let stats = SqliteStore::stats_of(&open(dir)?.database_path())?;
    let told = [
        ("networks", stats.networks),
        ("neighborhoods", stats.neighborhoods),
        ("records", stats.records),
        ("objects", stats.objects),
        ("invites", stats.invites),
        ("bytes", stats.bytes),
    ]
    .map(|(name, count)| (name, class(count)));
    if json {
        let schema = ("schema".to_owned(), serde_json::Value::from("watchfire.relay-stats/1"));
        let counts = told.map(|(name, count)| (name.to_owned(), count.into()));
        let line: serde_json::Map<_, _> = std::iter::once(schema).chain(counts).collect();
        println!("{}", serde_json::Value::Object(line));
        return Ok(());
    }
    for (name, count) in told {
        println!("{name:<13}  {count}");
    }
    println!("Rounded down to 1, 2 or 5 times a power of ten.");
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
    if let Some(health) = config.health.map(reachable) {
        let asked = async { timeout(PATIENCE, readiness(health)).await.map_err(|_| "no answer in time".to_owned())? };
        runtime.block_on(asked).map_err(|reason| {
            Problem::new(1, format!("the relay says at {health}: {reason}")).hint("look at its log and at the disk")
        })?;
    }
    println!("The relay answers with its own key.");
    Ok(())
}

/// Asks a relay whether it commits.
async fn readiness(address: SocketAddr) -> Result<(), String> {
    let mut socket = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    let question = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    socket.write_all(question.as_bytes()).await.map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    socket.take(LONGEST_ANSWER).read_to_end(&mut answer).await.map_err(|error| error.to_string())?;
    let answer = String::from_utf8_lossy(&answer);
    if answer.starts_with("HTTP/1.1 200 ") {
        return Ok(());
    }
    Err(answer.split_once("\r\n\r\n").map_or("nothing that can be understood", |(_, body)| body.trim()).to_owned())
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
