//! A client that does nothing by itself.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};
use watchfire_protocol::frame::{
    ClientFrame, Cursor, ObjectClass, Proof, Prover, Refusal, Reply, Request, SUBPROTOCOL, ServerFrame, Welcome,
};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::sign::SecretKey;

use crate::organization::{EpochKeys, Organization, coordinator};

/// Nothing on loopback takes so long, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A record as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) position: u64,
    pub(crate) record: Vec<u8>,
}

pub(crate) struct Client<T = TcpStream> {
    pub(crate) socket: WebSocketStream<T>,
    pub(crate) nonce: [u8; 32],
    pub(crate) welcome: Option<Welcome>,
    events: VecDeque<Reply>,
    next: u32,
}

impl Client {
    /// Connects and says nothing.
    pub(crate) async fn silent(url: &str) -> Self {
        let address = url.strip_prefix("ws://").and_then(|rest| rest.strip_suffix("/v1")).unwrap();
        Self::over(url, TcpStream::connect(address).await.unwrap()).await
    }

    /// Connects and is greeted.
    pub(crate) async fn connect(url: &str) -> Self {
        let mut client = Self::silent(url).await;
        client.hello().await;
        client
    }

    /// Connects with the members' key of an epoch.
    pub(crate) async fn member(url: &str, of: &Organization, epoch: &EpochKeys) -> Self {
        Self::proved(url, of.place(), epoch.number, Prover::Member, &epoch.member).await
    }

    /// Connects with the coordinators' key of an epoch.
    pub(crate) async fn coordinator(url: &str, of: &Organization, epoch: &EpochKeys) -> Self {
        Self::proved(url, of.place(), epoch.number, Prover::Coordinator, &epoch.coordinator).await
    }

    /// Connects with a device key.
    pub(crate) async fn device(url: &str, of: &Organization, key: &SecretKey) -> Self {
        Self::proved(url, of.place(), Epoch::NONE, Prover::Device(key.public()), key).await
    }

    pub(crate) async fn proved(url: &str, place: Place, epoch: Epoch, prover: Prover, key: &SecretKey) -> Self {
        let mut client = Self::connect(url).await;
        let reply = client.prove(place, epoch, prover, key).await;
        assert!(matches!(reply, Reply::Proved { .. }), "{reply:?}");
        client
    }

    /// Connects and proves a key; none if the relay goes away meanwhile.
    pub(crate) async fn try_proved(
        url: &str,
        place: Place,
        epoch: Epoch,
        prover: Prover,
        key: &SecretKey,
    ) -> Option<Result<Self, Refusal>> {
        let address = url.strip_prefix("ws://").and_then(|rest| rest.strip_suffix("/v1")).unwrap();
        let mut client = Self::try_over(url, TcpStream::connect(address).await.ok()?).await?;
        client.try_hello().await?;
        let signature = client.proof(place, epoch, prover).sign(key);
        let Place { network, neighborhood } = place;
        match client.try_ask(Request::Prove { network, neighborhood, epoch, prover, signature }).await? {
            Reply::Proved { .. } => Some(Ok(client)),
            Reply::Refused(refusal) => Some(Err(refusal)),
            other => panic!("{other:?}"),
        }
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Client<T> {
    /// Upgrades a socket and says nothing.
    pub(crate) async fn over(url: &str, socket: T) -> Self {
        Self::try_over(url, socket).await.expect("an upgrade")
    }

    pub(crate) async fn try_over(url: &str, socket: T) -> Option<Self> {
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static(SUBPROTOCOL));
        let (socket, response) = client_async(request, socket).await.ok()?;
        assert_eq!(response.headers()["Sec-WebSocket-Protocol"], SUBPROTOCOL);
        Some(Self { socket, nonce: [0x77; 32], welcome: None, events: VecDeque::new(), next: 0 })
    }

    pub(crate) async fn hello(&mut self) {
        self.try_hello().await.expect("a welcome");
    }

    /// The same; none if the relay goes away meanwhile.
    pub(crate) async fn try_hello(&mut self) -> Option<()> {
        let Reply::Welcome(welcome) = self.try_ask(Request::Hello { nonce: self.nonce }).await? else {
            panic!("no welcome");
        };
        welcome.verify(&self.nonce).unwrap();
        self.welcome = Some(welcome);
        Some(())
    }

    pub(crate) async fn prove(&mut self, place: Place, epoch: Epoch, prover: Prover, key: &SecretKey) -> Reply {
        let signature = self.proof(place, epoch, prover).sign(key);
        let Place { network, neighborhood } = place;
        self.ask(Request::Prove { network, neighborhood, epoch, prover, signature }).await
    }

    pub(crate) fn proof(&self, place: Place, epoch: Epoch, prover: Prover) -> Proof {
        let Welcome { challenge, relay, .. } = self.welcome.unwrap();
        Proof { relay, nonce: self.nonce, challenge, place, epoch, prover }
    }

    /// Asks and waits for the answer; events that come meanwhile are kept.
    pub(crate) async fn ask(&mut self, request: Request) -> Reply {
        self.try_ask(request).await.expect("an answer")
    }

    /// The same; none if the relay goes away before it has answered.
    pub(crate) async fn try_ask(&mut self, request: Request) -> Option<Reply> {
        self.next += 1;
        let frame = ClientFrame { id: self.next, request };
        self.try_send(Message::Binary(frame.to_bytes().into())).await?;
        loop {
            let answer = self.try_receive().await?;
            if answer.id == frame.id {
                return Some(answer.reply);
            }
            assert_eq!(answer.id, 0, "an answer to nothing: {answer:?}");
            self.events.push_back(answer.reply);
        }
    }

    pub(crate) async fn refusal(&mut self, request: Request) -> Refusal {
        match self.ask(request).await {
            Reply::Refused(refusal) => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    pub(crate) async fn done(&mut self, request: Request) {
        assert_eq!(self.ask(request).await, Reply::Done);
    }

    pub(crate) async fn try_send(&mut self, message: Message) -> Option<()> {
        timeout(PATIENCE, self.socket.send(message)).await.expect("nothing is read").ok()
    }

    pub(crate) async fn send_raw(&mut self, message: Message) {
        self.try_send(message).await.expect("a connection");
    }

    pub(crate) async fn receive(&mut self) -> ServerFrame {
        self.try_receive().await.expect("a frame")
    }

    async fn try_receive(&mut self) -> Option<ServerFrame> {
        match self.message().await {
            Some(Message::Binary(bytes)) => Some(ServerFrame::from_bytes(&bytes).unwrap()),
            Some(Message::Close(_)) | None => None,
            other => panic!("no frame: {other:?}"),
        }
    }

    async fn message(&mut self) -> Option<Message> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("nothing came") {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(message)) => return Some(message),
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The next event.
    pub(crate) async fn event(&mut self) -> Reply {
        self.try_event().await.expect("an event")
    }

    /// The same; none if the relay goes away.
    pub(crate) async fn try_event(&mut self) -> Option<Reply> {
        if let Some(event) = self.events.pop_front() {
            return Some(event);
        }
        let frame = self.try_receive().await?;
        assert_eq!(frame.id, 0, "{frame:?}");
        Some(frame.reply)
    }

    /// The code with which the relay closes. Frames before it are skipped.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.message().await {
                Some(Message::Close(frame)) => return frame.unwrap().code.into(),
                Some(_) => {}
                None => panic!("closed without a code"),
            }
        }
    }

    pub(crate) async fn append(&mut self, record: &[u8]) -> u64 {
        match self.ask(Request::Append { record: record.to_vec() }).await {
            Reply::Appended { position, .. } => position,
            other => panic!("not appended: {other:?}"),
        }
    }

    /// Follows a log, and returns whether it was a reset.
    pub(crate) async fn follow(&mut self, channel: Channel, cursor: Option<Cursor>) -> bool {
        match self.ask(Request::Subscribe { channel, cursor }).await {
            Reply::Subscribed { reset } => reset,
            other => panic!("not subscribed: {other:?}"),
        }
    }

    /// The records until `CaughtUp`.
    pub(crate) async fn backlog(&mut self) -> Vec<Received> {
        let mut records = Vec::new();
        loop {
            match self.event().await {
                Reply::Record { position, record, .. } => records.push(Received { position, record }),
                Reply::CaughtUp { .. } => return records,
                Reply::Standing(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) async fn record(&mut self) -> Received {
        match self.event().await {
            Reply::Record { position, record, .. } => Received { position, record },
            other => panic!("no record: {other:?}"),
        }
    }

    /// Stages an epoch's slots.
    pub(crate) async fn stage(&mut self, epoch: &EpochKeys) {
        for batch in epoch.slots.chunks(40) {
            let objects = batch.to_vec();
            let class = ObjectClass::Slot;
            let reply = self.ask(Request::Stage { announcement: epoch.hash, class, objects }).await;
            assert!(matches!(reply, Reply::Staged { .. }), "{reply:?}");
        }
    }

    /// Asks to open an epoch.
    pub(crate) async fn open(&mut self, epoch: &EpochKeys, holds: u64) -> Reply {
        self.ask(Request::Open { announcement: epoch.bytes.clone(), holds: Epoch(holds) }).await
    }
}

/// Publishes an organization's charter.
pub(crate) async fn publish(url: &str, of: &Organization) -> Reply {
    let charter = of.signed.to_bytes();
    Client::connect(url).await.ask(Request::PublishCharter { charter, admission: None }).await
}

/// Opens an epoch after the one that is held.
pub(crate) async fn open(url: &str, of: &Organization, epoch: &EpochKeys, holds: u64) {
    let mut device = Client::device(url, of, &coordinator()).await;
    device.stage(epoch).await;
    assert_eq!(device.open(epoch, holds).await, Reply::Done);
}
