//! `healthcheck` and `stats`.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use watchfire_relay::identity;
use watchfire_relay::limit::class;
use watchfire_relay::store::sqlite::SqliteStore;

use super::greet::{Target, greet};
use super::{Problem, open};

/// How long the address of health may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer about readiness.
const LONGEST_ANSWER: u64 = 4 << 10;

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
    let key = identity::open(&config.identity_path())?.public();
    let address = reachable(config.listen);
    let greeting = greet(&Target::at(address), &[]).map_err(|reason| {
        Problem::new(3, format!("the relay does not answer at {address}: {reason}"))
            .hint(format!("is it running? watchfire-relay serve --dir {}", dir.display()))
    })?;
    if greeting.relay != key {
        return Err(Problem::new(4, format!("another relay answers at {address}")));
    }
    if let Some(health) = config.health.map(reachable) {
        readiness(health).map_err(|reason| {
            Problem::new(1, format!("the relay says at {health}: {reason}")).hint("look at its log and at the disk")
        })?;
    }
    println!("The relay answers with its own key.");
    Ok(())
}

/// Asks a relay whether it commits.
fn readiness(address: SocketAddr) -> Result<(), String> {
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE).map_err(|error| error.to_string())?;
    let patient = socket.set_read_timeout(Some(PATIENCE)).and_then(|()| socket.set_write_timeout(Some(PATIENCE)));
    let question = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut answer = Vec::new();
    patient
        .and_then(|()| socket.write_all(question.as_bytes()))
        .and_then(|()| socket.take(LONGEST_ANSWER).read_to_end(&mut answer))
        .map_err(|error| error.to_string())?;
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
