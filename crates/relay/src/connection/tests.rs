//! What only a connection without a real socket shows.

use futures_util::{SinkExt, StreamExt};
use tokio::io::{BufWriter, duplex};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::{WebSocketStream, client_async};
use watchfire_protocol::frame::{ClientFrame, PATH, Request, SUBPROTOCOL, ServerFrame};
use watchfire_protocol::id::{NeighborhoodId, NetworkId};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;

use super::*;
use crate::admission::{Admission, Quota};
use crate::clock::Clock;
use crate::handshake::config;
use crate::hub::Hub;
use crate::limit::Limits;
use crate::store::sqlite::SqliteStore;

fn core(dir: &tempfile::TempDir) -> Arc<Core<SqliteStore>> {
    let limits = Limits { frames_per_second: 10_000, ..Limits::default() };
    let hub = Arc::new(Hub::new(&limits, Clock::system()));
    let sink: Arc<dyn crate::store::CommitSink> = Arc::<Hub>::clone(&hub);
    let store = SqliteStore::open(&dir.path().join("relay.db"), &limits, sink).unwrap();
    let admission = Admission::new(dir.path().join("networks.toml"), dir.path().join("token"), Quota(0));
    let key = SecretKey::from_seed(&Secret32::new([9; 32]));
    Arc::new(Core::new(key, store, hub, admission, limits, Clock::system()))
}

#[test]
fn a_connection_that_waits_is_small() {
    type Waiting = Connection<tokio::net::TcpStream, SqliteStore>;
    fn size_of_future<F: Future>(_: impl FnOnce(Box<Waiting>) -> F) -> usize {
        size_of::<F>()
    }
    let (_, stopping) = watch::channel(None);
    let size = size_of_future(|connection| connection.run(stopping)) + size_of::<Waiting>();
    assert!(size < 2560, "{size} bytes");
}

#[tokio::test]
async fn a_pong_that_was_written_in_part_is_finished_before_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    let core = core(&dir);
    // So narrow that no frame passes whole, and what the relay writes stops in the middle until the client reads.
    let (near, far) = duplex(37);
    let metered = Metered::new(far, &core.limits);
    let socket = WebSocketStream::from_raw_socket(metered, Role::Server, Some(config(&Limits::default()))).await;
    let (unproved, _) = crate::unproved::Unproved::new(&core.limits).take().await.unwrap();
    let (stop, stopping) = watch::channel(None);
    let serving = tokio::spawn(Connection::new(core, socket, unproved, None).run(stopping));
    let mut client = WebSocketStream::from_raw_socket(near, Role::Client, None).await;

    let hello = Request::Hello { nonce: [1; 32] };
    let standing = Request::Standing { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([1; 16]) };
    for (id, request) in (1..20).zip(std::iter::once(hello).chain(std::iter::repeat(standing))) {
        let payload = vec![u8::try_from(id).unwrap(); 100];
        client.send(Message::Ping(payload.clone().into())).await.unwrap();
        client.send(Message::Binary(ClientFrame { id, request }.to_bytes().into())).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::Pong(payload.into()));
        let Message::Binary(bytes) = client.next().await.unwrap().unwrap() else { panic!("no answer") };
        assert_eq!(ServerFrame::from_bytes(&bytes).unwrap().id, id);
    }
    stop.send_replace(Some(Stop::new(false, 1)));
    let Message::Binary(bytes) = client.next().await.unwrap().unwrap() else { panic!("no farewell") };
    assert!(matches!(ServerFrame::from_bytes(&bytes).unwrap().reply, Reply::Closing { .. }));
    let Message::Close(Some(close)) = client.next().await.unwrap().unwrap() else { panic!("no close") };
    assert_eq!(u16::from(close.code), 1012);
    drop(client);
    serving.await.unwrap();
}

#[tokio::test]
async fn what_the_socket_took_and_did_not_send_is_sent_before_anything_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let core = core(&dir);
    let (near, far) = duplex(64 << 10);
    // As TLS does where the line is full, it keeps what is written.
    let keeps = BufWriter::with_capacity(64 << 10, far);
    let mut request = format!("ws://relay{PATH}").into_client_request().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
    let upgrading = crate::handshake::accept(Metered::new(keeps, &core.limits), &core.limits);
    let (socket, client) = tokio::join!(upgrading, client_async(request, near));
    let (unproved, _) = crate::unproved::Unproved::new(&core.limits).take().await.unwrap();
    let (_stop, stopping) = watch::channel(None);
    let serving = tokio::spawn(Connection::new(core, socket.unwrap(), unproved, None).run(stopping));
    let (mut client, _) = client.unwrap();
    let hello = ClientFrame { id: 1, request: Request::Hello { nonce: [1; 32] } };
    client.send(Message::Binary(hello.to_bytes().into())).await.unwrap();
    let Message::Binary(bytes) = client.next().await.unwrap().unwrap() else { panic!("no answer") };
    assert_eq!(ServerFrame::from_bytes(&bytes).unwrap().id, 1);
    client.send(Message::Ping(vec![7; 9].into())).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::Pong(vec![7; 9].into()));
    drop(client);
    serving.await.unwrap();
}

#[test]
fn the_more_are_connected_the_longer_they_take_to_come_back_and_never_more_than_half_a_minute() {
    for (connected, within) in [(0, 1), (1_000, 1), (1_001, 2), (20_000, 20), (1 << 30, 30)] {
        assert_eq!(Stop::new(true, connected).within, within, "{connected}");
    }
}
