//! Each limit on strangers, gone over.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;
use watchfire_protocol::frame::{Prover, Refusal, Reply, Request};
use watchfire_protocol::record::Channel;
use watchfire_relay::limit::Limits;

use crate::client::Client;
use crate::organization::{key, sized};
use crate::running::Running;

fn address(url: &str) -> SocketAddr {
    url.strip_prefix("ws://").and_then(|rest| rest.strip_suffix("/v1")).unwrap().parse().unwrap()
}

/// Connects from an address of this machine.
async fn from(last: u8, url: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 7, last)), 0)).unwrap();
    socket.connect(address(url)).await.unwrap()
}

/// Whether the relay ends a connection to which nothing is said.
async fn is_dropped(mut socket: TcpStream) -> bool {
    matches!(tokio::time::timeout(Duration::from_millis(300), socket.read(&mut [0])).await, Ok(Ok(0) | Err(_)))
}

/// Sends bytes one by one, for as long as they are taken: over TCP, TLS or whatever else. Returns how many were.
pub(crate) async fn drip(socket: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> usize {
    for (sent, byte) in bytes.iter().enumerate() {
        if socket.write_all(&[*byte]).await.is_err() {
            return sent;
        }
        sleep(Duration::from_millis(20)).await;
    }
    bytes.len()
}

#[tokio::test]
async fn one_source_has_so_many_places_also_on_this_machine_where_that_is_set() {
    let limits = Limits { connections_per_loopback: 2, ..Limits::default() };
    let relay = Running::with(limits).await;
    let first = from(1, &relay.url).await;
    let _second = Client::over(&relay.url, from(1, &relay.url).await).await;
    assert!(is_dropped(from(1, &relay.url).await).await);
    Client::over(&relay.url, from(2, &relay.url).await).await.hello().await;
    drop(first);
    let patience = Instant::now() + Duration::from_secs(10);
    while is_dropped(from(1, &relay.url).await).await {
        assert!(Instant::now() < patience, "a place is not given back");
    }
}

#[tokio::test]
async fn whoever_waited_longest_without_a_proof_makes_room_and_whoever_proved_stays() {
    let limits = Limits { connections_unproved: 2, unproved_kept_milliseconds: 0, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut member = Client::member(&relay.url, &organization, &epoch).await;
    let mut first = Client::connect(&relay.url).await;
    let mut second = Client::connect(&relay.url).await;
    let mut third = Client::connect(&relay.url).await;
    assert_eq!(first.closed().await, 1013);
    // In the middle of an upgrade, too.
    let mut half = TcpStream::connect(address(&relay.url)).await.unwrap();
    assert_eq!(second.closed().await, 1013);
    half.write_all(b"GET /v1 HTTP/1.1\r\n").await.unwrap();
    let _fifth = Client::connect(&relay.url).await;
    assert_eq!(third.closed().await, 1013);
    let _sixth = Client::connect(&relay.url).await;
    assert_eq!(half.read(&mut [0]).await.unwrap_or(0), 0);
    assert!(!member.follow(Channel::Alerts, None).await);
}

#[tokio::test]
async fn a_connection_fails_to_prove_so_often_and_then_ends() {
    let limits = Limits { failed_proofs: 2, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut stranger = Client::connect(&relay.url).await;
    for _ in 0..2 {
        let reply = stranger.prove(organization.place(), epoch.number, Prover::Member, &key(99)).await;
        assert_eq!(reply, Reply::Refused(Refusal::BadProof));
    }
    let signature = stranger.proof(organization.place(), epoch.number, Prover::Member).sign(&key(99));
    let (network, neighborhood) = (organization.network(), organization.place().neighborhood);
    let prove = Request::Prove { network, neighborhood, epoch: epoch.number, prover: Prover::Member, signature };
    let frame = watchfire_protocol::frame::ClientFrame { id: 9, request: prove };
    stranger.send_raw(Message::Binary(frame.to_bytes().into())).await;
    assert_eq!(stranger.closed().await, 1008);
    // Who fails less often than that may still prove.
    let mut member = Client::connect(&relay.url).await;
    member.prove(organization.place(), epoch.number, Prover::Member, &key(99)).await;
    let reply = member.prove(organization.place(), epoch.number, Prover::Member, &epoch.member).await;
    assert!(matches!(reply, Reply::Proved { .. }));
}

#[tokio::test]
async fn above_so_many_bytes_a_second_reading_waits() {
    let limits =
        Limits { bytes_per_second: 256 << 10, bytes_burst: 256 << 10, frames_burst: 1000, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let started = Instant::now();
    for fill in 0..12 {
        writer.append(&sized(Channel::Desk, epoch.number, fill, 64 << 10)).await;
    }
    // 768 KiB, of which 256 at once; and what was read of the last frame need not be waited for.
    assert!(started.elapsed() >= Duration::from_millis(1500), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_smaller_frame_can_be_the_largest_one() {
    let relay = Running::with(Limits { frame_bytes: 1000, ..Limits::default() }).await;
    let mut client = Client::connect(&relay.url).await;
    client.send_raw(Message::Binary(vec![0; 1001].into())).await;
    assert_eq!(client.closed().await, 1009);
}

#[tokio::test]
async fn a_network_has_so_many_versions_of_its_charter() {
    let (relay, organization, _) = Running::founded_with(Limits { charters: 2, ..Limits::default() }, |_| {}).await;
    let second = organization.next(|body| body.grace_days = 20);
    let third = second.next(|body| body.grace_days = 21);
    let mut anybody = Client::connect(&relay.url).await;
    let publish = |of: &crate::organization::Organization| Request::PublishCharter {
        charter: of.signed.to_bytes(),
        admission: None,
    };
    anybody.done(publish(&second)).await;
    assert_eq!(anybody.refusal(publish(&third)).await, Refusal::QuotaFull);
    anybody.done(publish(&second)).await;
}

#[tokio::test]
async fn whoever_sends_byte_by_byte_is_let_go_in_the_upgrade_and_in_a_frame() {
    let relay = Running::with(Limits { handshake_seconds: 1, ..Limits::default() }).await;
    let mut socket = TcpStream::connect(address(&relay.url)).await.unwrap();
    drip(&mut socket, &[b'x'; 100]).await;
    assert!(is_dropped(socket).await);

    let limits = Limits { first_frame_seconds: 1, unproved_seconds: 2, ..Limits::default() };
    let relay = Running::with(limits).await;
    // A frame of 100 bytes, masked, that does not end in time.
    let dripping = [&[0x82, 0x80 | 100, 1, 2, 3, 4][..], &[0; 90]].concat();
    let mut silent = Client::silent(&relay.url).await;
    drip(silent.socket.get_mut(), &dripping).await;
    assert_eq!(silent.closed().await, 1008);
    let mut greeted = Client::connect(&relay.url).await;
    drip(greeted.socket.get_mut(), &dripping).await;
    assert_eq!(greeted.closed().await, 1008);
}

#[tokio::test]
async fn nothing_is_ever_decompressed() {
    let relay = Running::new().await;
    let mut socket = TcpStream::connect(address(&relay.url)).await.unwrap();
    let upgrade = "GET /v1 HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
                   Sec-WebSocket-Protocol: watchfire.v1\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    socket.write_all(upgrade.as_bytes()).await.unwrap();
    let mut answer = vec![0; 1024];
    let read = socket.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).to_lowercase();
    assert!(answer.starts_with("http/1.1 101 "), "{answer}");
    assert!(!answer.contains("sec-websocket-extensions"), "{answer}");
    // A frame that says it is compressed is none.
    socket.write_all(&[0xc2, 0x80, 1, 2, 3, 4]).await.unwrap();
    let mut close = [0; 4];
    socket.read_exact(&mut close).await.unwrap();
    assert_eq!((close[0], u16::from_be_bytes([close[2], close[3]])), (0x88, 1002));
}

#[tokio::test]
async fn a_flood_of_pings_and_empty_frames_only_holds_up_who_sends_it() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut flood = Client::member(&relay.url, &organization, &epoch).await;
    let socket = flood.socket.get_mut();
    let pings = [0x89, 0x80, 1, 2, 3, 4].repeat(20_000);
    let empty = [&[0x02, 0x80, 1, 2, 3, 4][..], &[0x80, 0x80, 1, 2, 3, 4]].concat().repeat(10_000);
    let sent = async {
        let _ = socket.write_all(&pings).await;
        let _ = socket.write_all(&empty).await;
    };
    let _ = tokio::time::timeout(Duration::from_millis(500), sent).await;
    let mut reader = Client::member(&relay.url, &organization, &epoch).await;
    reader.follow(Channel::Alerts, None).await;
    let record = sized(Channel::Alerts, epoch.number, 1, 4096);
    Client::coordinator(&relay.url, &organization, &epoch).await.append(&record).await;
    assert_eq!(reader.backlog().await, []);
    assert_eq!(reader.record().await.record, record);
}
