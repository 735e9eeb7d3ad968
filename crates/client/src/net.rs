//! One connection to a relay: greeting, proof, requests with their answers, events.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rand_core::Rng as _;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Bytes, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use watchfire_protocol::frame::{
    ClientFrame, FRAME_LIMIT, Proof, Prover, Refusal, Reply, Request, SUBPROTOCOL, ServerFrame, Standing, Welcome,
};
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire::WireError;

use crate::error::{ClientError, Lacks};
use crate::route::{Errand, Route, Wire};
use crate::unreached::{Unreached, said};

/// What may wait to be looked at, in bytes: a relay that sends more before it answers is not worth listening to.
const WAITING: usize = 32 << 20;
/// How long an answer may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(30);

/// A greeted connection.
pub struct Connection {
    line: Line,
    welcome: Welcome,
    nonce: [u8; 32],
}

/// The socket, with the numbers of requests and the events that wait.
struct Line {
    socket: WebSocketStream<Box<dyn Wire>>,
    url: String,
    last_id: u32,
    events: VecDeque<Reply>,
    /// How many bytes the events were.
    waiting: usize,
    /// When anything was last heard of the relay, and when it was last asked whether it is there.
    heard: Instant,
    pinged: Instant,
}

/// What a relay said.
enum Heard {
    /// A frame, with its length.
    Frame(ServerFrame, usize),
    /// Something that only a newer program knows, to the request of this number; an event if it is 0.
    Newer(u64),
}

/// After so long without a word the relay is asked whether it is there.
const PING: Duration = Duration::from_secs(25);
/// After so long without a word in spite of that it is not.
const DEAD: Duration = Duration::from_secs(50);

impl Connection {
    /// Connects and checks the greeting. `pinned` is the key that the charter names for this relay; without one, the
    /// caller asks for charters only.
    ///
    /// # Errors
    /// Nobody answers, or somebody else does.
    pub async fn open(
        route: &Route,
        url: &str,
        pinned: Option<&PublicKey>,
        errand: Errand,
        hood: Option<NeighborhoodId>,
    ) -> Result<Self, ClientError> {
        let unreachable = |reason| ClientError::Unreachable { url: url.to_owned(), reason };
        let opening = timeout(route.patience(), upgraded(route, url, errand, hood));
        let socket =
            opening.await.unwrap_or(Err(Unreached::Other("it does not answer".to_owned()))).map_err(unreachable)?;
        let mut nonce = [0; 32];
        rand::rng().fill_bytes(&mut nonce);
        let mut line = Line {
            socket,
            url: url.to_owned(),
            last_id: 0,
            events: VecDeque::new(),
            waiting: 0,
            heard: Instant::now(),
            pinged: Instant::now(),
        };
        let Reply::Welcome(welcome) = line.call(Request::Hello { nonce }).await? else {
            return Err(line.unexpected());
        };
        let wrong = || ClientError::WrongRelay { url: url.to_owned(), found: Box::new(welcome.relay) };
        welcome.verify(&nonce).map_err(|_| wrong())?;
        if pinned.is_some_and(|pinned| *pinned != welcome.relay) {
            return Err(wrong());
        }
        Ok(Self { line, welcome, nonce })
    }

    /// The relay's identity key.
    #[must_use]
    pub const fn relay(&self) -> PublicKey {
        self.welcome.relay
    }

    /// The relay's clock when it greeted.
    #[must_use]
    pub const fn relay_time(&self) -> Timestamp {
        self.welcome.time
    }

    /// Proves a key, once a connection.
    ///
    /// # Errors
    /// The relay refuses, or the connection broke.
    pub async fn prove(
        &mut self,
        place: Place,
        epoch: Epoch,
        prover: Prover,
        key: &SecretKey,
    ) -> Result<Standing, ClientError> {
        let proof = Proof {
            relay: self.welcome.relay,
            nonce: self.nonce,
            challenge: self.welcome.challenge,
            place,
            epoch,
            prover,
        };
        let Place { network, neighborhood } = place;
        let signature = proof.sign(key);
        match self.call(Request::Prove { network, neighborhood, epoch, prover, signature }).await? {
            Reply::Proved { standing } => Ok(standing),
            _ => Err(self.unexpected()),
        }
    }

    /// Asks, and waits for the answer. Events that come before it are kept.
    ///
    /// # Errors
    /// The relay refuses, takes too long, or the connection broke.
    pub async fn call(&mut self, request: Request) -> Result<Reply, ClientError> {
        self.line.call(request).await
    }

    /// Asks for what is answered with [`Reply::Done`].
    ///
    /// # Errors
    /// Those of [`Connection::call`].
    pub async fn done(&mut self, request: Request) -> Result<(), ClientError> {
        match self.call(request).await? {
            Reply::Done => Ok(()),
            _ => Err(self.unexpected()),
        }
    }

    /// The next event. Nothing is lost if this is dropped while it waits.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn event(&mut self) -> Result<Reply, ClientError> {
        loop {
            if let Some(event) = self.line.events.pop_front() {
                if self.line.events.is_empty() {
                    self.line.waiting = 0;
                }
                return Ok(event);
            }
            // What only a newer program knows is not for this one.
            if let Heard::Frame(frame, length) = self.line.read().await? {
                self.line.keep(frame, length)?;
            }
        }
    }

    /// An event that has arrived already.
    pub fn event_at_hand(&mut self) -> Option<Reply> {
        self.line.events.pop_front()
    }

    /// Asks a relay that has been silent for a while whether it is there. To be called at least every few seconds
    /// while nothing comes.
    ///
    /// # Errors
    /// It has not answered for too long, or the connection broke.
    pub async fn keep_alive(&mut self) -> Result<(), ClientError> {
        if self.line.heard.elapsed() >= DEAD {
            return Err(ClientError::Broken("the relay has gone silent".to_owned()));
        }
        if self.line.heard.elapsed() >= PING && self.line.pinged.elapsed() >= PING {
            self.line.pinged = Instant::now();
            self.line.socket.send(Message::Ping(Bytes::new())).await.map_err(|error| broken(&error))?;
        }
        Ok(())
    }

    /// Says goodbye. Errors do not matter any more.
    pub async fn close(mut self) {
        let _ = timeout(Duration::from_secs(1), self.line.socket.close(None)).await;
    }

    /// The answer was not one to this request.
    #[must_use]
    pub fn unexpected(&self) -> ClientError {
        self.line.unexpected()
    }
}

impl Line {
    async fn call(&mut self, request: Request) -> Result<Reply, ClientError> {
        self.last_id = self.last_id.checked_add(1).unwrap_or(1);
        let (id, lacks) = (self.last_id, Lacks::whoever_does_not_know(&request));
        let frame = ClientFrame { id, request }.to_bytes();
        let answer = async {
            self.socket.send(Message::Binary(Bytes::from(frame))).await.map_err(|error| broken(&error))?;
            loop {
                match self.read().await? {
                    Heard::Frame(frame, _) if frame.id == id => return Ok(frame.reply),
                    Heard::Frame(frame, length) => self.keep(frame, length)?,
                    Heard::Newer(to) if to == u64::from(id) => {
                        return Err(ClientError::RelayNewer { url: self.url.clone() });
                    }
                    Heard::Newer(_) => {}
                }
            }
        };
        match timeout(ANSWER, answer).await {
            Ok(Ok(Reply::Refused(Refusal::Unsupported))) => {
                Err(ClientError::RelayOlder { url: self.url.clone(), lacks })
            }
            Ok(Ok(Reply::Refused(refusal))) => Err(refusal.into()),
            Ok(reply) => reply,
            Err(_) => Err(ClientError::Broken("it does not answer".to_owned())),
        }
    }

    fn unexpected(&self) -> ClientError {
        ClientError::Untrusted(format!("the relay at {} gives answers to other questions", self.url))
    }

    fn speaks_otherwise(&self) -> ClientError {
        ClientError::Untrusted(format!("the relay at {} speaks another protocol", self.url))
    }

    fn keep(&mut self, frame: ServerFrame, length: usize) -> Result<(), ClientError> {
        if frame.id != 0 {
            // An answer that nobody waits for any more.
            return Ok(());
        }
        if let Reply::Refused(refusal) = frame.reply {
            return Err(refusal.into());
        }
        self.waiting += length;
        if self.waiting > WAITING {
            return Err(ClientError::Broken("the relay sends more than anybody can read".to_owned()));
        }
        self.events.push_back(frame.reply);
        Ok(())
    }

    async fn read(&mut self) -> Result<Heard, ClientError> {
        loop {
            let heard = self.socket.next().await;
            self.heard = Instant::now();
            match heard {
                Some(Ok(Message::Binary(bytes))) => {
                    match (ServerFrame::from_bytes(&bytes), ServerFrame::peek_id(&bytes)) {
                        (Ok(frame), _) => return Ok(Heard::Frame(frame, bytes.len())),
                        (Err(WireError::Newer), Some(id)) => return Ok(Heard::Newer(id)),
                        // An event with something in it that this program does not know is not for it.
                        (Err(_), Some(0)) => {}
                        (Err(_), _) => return Err(self.speaks_otherwise()),
                    }
                }
                Some(Ok(Message::Close(_))) | None => {
                    return Err(ClientError::Broken("the relay closed it".to_owned()));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(broken(&error)),
            }
        }
    }
}

fn broken(error: &tungstenite::Error) -> ClientError {
    ClientError::Broken(match error {
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => "the relay closed it".to_owned(),
        other => unreached(other),
    })
}

/// What broke a connection, in words where it is a common thing.
fn unreached(error: &tungstenite::Error) -> String {
    use tungstenite::Error as E;
    match error {
        E::Io(io) => said(io),
        E::Protocol(ProtocolError::ResetWithoutClosingHandshake) => "it hung up".to_owned(),
        E::Http(_) | E::HttpFormat(_) => "something answers there that is no relay".to_owned(),
        E::Url(_) => "its address is not one".to_owned(),
        E::Capacity(_) | E::Protocol(_) | E::Utf8(_) => "what came was no message".to_owned(),
        other => other.to_string(),
    }
}

/// A connection that speaks WebSocket. TLS hides the talk on its way; who is at the other end is told by the relay's key.
async fn upgraded(
    route: &Route,
    url: &str,
    errand: Errand,
    hood: Option<NeighborhoodId>,
) -> Result<WebSocketStream<Box<dyn Wire>>, Unreached> {
    let mut request = url.into_client_request().map_err(|error| Unreached::Other(unreached(&error)))?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    let config = WebSocketConfig::default()
        .read_buffer_size(16 << 10)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * FRAME_LIMIT)
        .max_message_size(Some(FRAME_LIMIT))
        .max_frame_size(Some(FRAME_LIMIT));
    let wire = route.dial(request.uri(), errand, hood).await?;
    let upgrading = Box::pin(client_async_with_config(request, wire, Some(config)));
    let (socket, _) = upgrading.await.map_err(|error| match &error {
        // TLS 1.3 lets a peer refuse after its half of the handshake.
        tungstenite::Error::Io(io) => io.into(),
        other => Unreached::Other(unreached(other)),
    })?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A port on which nobody listens: bound, then let go.
    fn nobody() -> u16 {
        std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    async fn refused(url: &str) -> Unreached {
        let refused =
            Connection::open(&Route::straight().unwrap(), url, None, Errand::Alerts, None).await.err().unwrap();
        assert_eq!(refused.exit_code(), 3);
        let ClientError::Unreachable { reason, .. } = refused else { panic!("{refused:?}") };
        reason
    }

    #[tokio::test]
    async fn a_relay_that_does_not_answer_is_told_apart_with_and_without_tls() {
        for scheme in ["ws", "wss"] {
            let reason = refused(&format!("{scheme}://127.0.0.1:{}/v1", nobody())).await;
            assert_eq!(
                reason,
                Unreached::Other("nothing listens there".to_owned()),
                "no number of an operating system"
            );
        }
    }

    #[tokio::test]
    async fn somebody_who_speaks_no_tls_is_told_as_that() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("wss://localhost:{}/v1", listener.local_addr().unwrap().port());
        let answering = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut socket, b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        };
        let (reason, ()) = tokio::join!(refused(&url), answering);
        assert_eq!(reason, Unreached::NoTls);
    }

    #[tokio::test]
    async fn an_onion_address_is_never_looked_up_on_this_device() {
        let onion = "a".repeat(56);
        assert_eq!(refused(&format!("ws://{onion}.onion/v1")).await, Unreached::Onion);
        assert_eq!(refused(&format!("wss://{onion}.ONION:443/v1")).await, Unreached::Onion);
    }
}
