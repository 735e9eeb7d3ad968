//! What is no Watchfire, or comes out of order.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use watchfire_protocol::frame::{ClientFrame, Refusal, Reply, Request};
use watchfire_protocol::id::{NeighborhoodId, NetworkId};
use watchfire_protocol::record::Channel;
use watchfire_relay::limit::Limits;

use crate::client::Client;
use crate::running::Running;

/// Sends bytes and reads until the relay closes.
async fn http(url: &str, request: &str) -> String {
    let address = url.strip_prefix("ws://").unwrap().strip_suffix("/v1").unwrap();
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

fn upgrade(path: &str, protocol: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{protocol}\r\n"
    )
}

#[tokio::test]
async fn whatever_is_no_upgrade_reads_why() {
    let relay = Running::new().await;
    let ours = "Sec-WebSocket-Protocol: chat, watchfire.v1\r\n";
    for (request, status, words) in [
        ("GET /v1 HTTP/1.1\r\nHost: relay\r\n\r\n".to_owned(), "426", "Watchfire client"),
        (upgrade("/", ours), "404", "/v1"),
        (upgrade("/v1", ""), "400", "watchfire.v1"),
        (upgrade("/v1", "Sec-WebSocket-Protocol: chat\r\n"), "400", "watchfire.v1"),
        ("POST /v1 HTTP/1.1\r\n\r\n".to_owned(), "400", "not a WebSocket request"),
        ("\u{1}\u{2}\u{3}\r\n\r\n".to_owned(), "400", "not a WebSocket request"),
        (upgrade("/v1", ours) + "junk", "400", "nothing may follow"),
        (format!("GET /v1 HTTP/1.1\r\nX: {}", "x".repeat(9000)), "431", "too large"),
    ] {
        let answer = http(&relay.url, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {answer}");
        assert!(answer.contains(words), "{answer}");
    }
}

#[tokio::test]
async fn whoever_connects_and_says_nothing_is_let_go() {
    let relay = Running::with(Limits { handshake_seconds: 0, ..Limits::default() }).await;
    assert_eq!(http(&relay.url, "GET /v1 HTTP/1.1\r\n").await, "");
    let relay = Running::with(Limits { first_frame_seconds: 0, ..Limits::default() }).await;
    assert_eq!(Client::silent(&relay.url).await.closed().await, 1008);
    let relay = Running::with(Limits { unproved_seconds: 0, ..Limits::default() }).await;
    assert_eq!(Client::connect(&relay.url).await.closed().await, 1008);
    let relay = Running::with(Limits { idle_seconds: 0, ..Limits::default() }).await;
    assert_eq!(Client::connect(&relay.url).await.closed().await, 1008);
}

fn standing() -> Request {
    Request::Standing { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([1; 16]) }
}

#[tokio::test]
async fn anything_before_hello_or_a_second_hello_is_out_of_order() {
    let relay = Running::new().await;
    for request in [
        standing(),
        Request::Append { record: vec![1; 1024] },
        Request::Subscribe { channel: Channel::Alerts, cursor: None },
    ] {
        let mut client = Client::silent(&relay.url).await;
        assert_eq!(client.refusal(request).await, Refusal::OutOfOrder);
        assert_eq!(client.closed().await, 1002);
    }
    let mut client = Client::connect(&relay.url).await;
    assert_eq!(client.refusal(Request::Hello { nonce: [1; 32] }).await, Refusal::OutOfOrder);
    assert_eq!(client.closed().await, 1002);
}

#[tokio::test]
async fn a_frame_that_is_no_message_is_refused_and_ends_the_connection() {
    let relay = Running::new().await;
    let whole = ClientFrame { id: 7, request: standing() }.to_bytes();
    let mut left_over = whole.clone();
    left_over.push(0);
    let mut overlong = whole.clone();
    overlong.splice(0..1, [251, 7, 0]);
    for (bytes, id) in [
        (whole[..whole.len() - 1].to_vec(), 7),
        (left_over, 7),
        (overlong, 7),
        (Vec::new(), 0),
        (vec![0, 3], 0),
        (vec![255; 40], 0),
    ] {
        let mut client = Client::connect(&relay.url).await;
        client.send_raw(Message::Binary(bytes.clone().into())).await;
        let frame = client.receive().await;
        assert!(matches!(frame.reply, Reply::Refused(Refusal::Malformed(_))), "{bytes:?}: {frame:?}");
        assert_eq!(frame.id, id, "{bytes:?}");
        assert_eq!(client.closed().await, 1002);
    }
}

#[tokio::test]
async fn a_request_of_a_newer_client_is_unsupported_and_ends_nothing() {
    let relay = Running::new().await;
    let mut client = Client::connect(&relay.url).await;
    client.send_raw(Message::Binary(vec![9, 200, 1, 2, 3].into())).await;
    let frame = client.receive().await;
    assert_eq!((frame.id, frame.reply), (9, Reply::Refused(Refusal::Unsupported)));
    assert_eq!(client.refusal(standing()).await, Refusal::NotFound);
}

#[tokio::test]
async fn text_and_oversize_are_closed_with_their_codes() {
    let relay = Running::new().await;
    let mut client = Client::connect(&relay.url).await;
    client.send_raw(Message::Text("hello".into())).await;
    assert_eq!(client.closed().await, 1003);

    let mut client = Client::connect(&relay.url).await;
    client.send_raw(Message::Binary(vec![0; (96 << 10) + 1].into())).await;
    assert_eq!(client.closed().await, 1009);
}

#[tokio::test]
async fn what_is_not_public_needs_a_proof_of_the_right_key() {
    let (relay, organization, epoch) = Running::founded().await;
    let device_only = || {
        vec![
            Request::Staged { announcement: epoch.hash },
            Request::Open { announcement: epoch.bytes.clone(), holds: epoch.number },
            Request::AddLateSlot(epoch.late_slot(1, &crate::organization::coordinator())),
            Request::WithdrawInvite { id: watchfire_protocol::id::InviteId([1; 16]) },
        ]
    };
    let role_only = || {
        let record = crate::organization::record(Channel::Inbox, epoch.number, 1);
        vec![Request::Append { record }, Request::Subscribe { channel: Channel::Alerts, cursor: None }]
    };
    let mut nobody = Client::connect(&relay.url).await;
    for request in device_only().into_iter().chain(role_only()) {
        assert_eq!(nobody.refusal(request).await, Refusal::NotProved);
    }
    let mut member = Client::member(&relay.url, &organization, &epoch).await;
    for request in device_only() {
        assert_eq!(member.refusal(request).await, Refusal::NotProved);
    }
    let mut device = Client::device(&relay.url, &organization, &crate::organization::coordinator()).await;
    for request in role_only() {
        assert_eq!(device.refusal(request).await, Refusal::NotProved);
    }
}
