//! A relay that is hostile. It listens in the place of a real one and passes everything on to it, or to a copy of it,
//! except for what its rules say. It has the relay's identity key, and no other key of anybody.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request as Upgrade, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, connect_async};
use watchfire_protocol::frame::{ClientFrame, PATH, Reply, Request, SUBPROTOCOL, ServerFrame, Welcome};
use watchfire_protocol::record::Channel;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire;

use crate::local::{HandClock, LocalRelay, World};

/// What goes over one connection, in either direction.
pub enum Said<'a> {
    /// A client asks.
    Asked(&'a Request),
    /// The real relay answers this question.
    Answered(&'a Request, &'a Reply),
    /// The real relay tells an event.
    Told(&'a Reply),
}

/// What becomes of it.
pub enum Act {
    /// Other rules decide; without any it goes its way.
    Pass,
    /// The client gets this in its place, as the answer to its question or as events; or nothing. What was asked does
    /// not reach the real relay.
    Say(Vec<Reply>),
    /// The client gets these frames in its place, whatever they are.
    Raw(Vec<Vec<u8>>),
    /// These bytes after the request's number: an answer of another version.
    OfItsTime(Vec<u8>),
    /// The client gets events for as long as it listens.
    Endless(Box<dyn FnMut(u64) -> Reply + Send>),
}

/// A rule, asked about everything that goes over any connection.
pub type Rule = Box<dyn FnMut(Said<'_>) -> Act + Send>;

/// A hostile relay.
pub struct Hostile {
    pub url: String,
    pub key: SecretKey,
    state: Arc<Mutex<State>>,
}

struct State {
    /// Where the real relay of new connections is.
    behind: SocketAddr,
    rules: Vec<Rule>,
    /// Every record that it was ever sent.
    kept: Vec<Vec<u8>>,
    /// The clients that are connected.
    live: Vec<UnboundedSender<Vec<u8>>>,
}

impl Hostile {
    /// A network whose charter names the hostile relay's URL, with the real relay behind it.
    pub async fn found() -> (Self, World) {
        let clock = HandClock::new();
        let relay = LocalRelay::start(&clock).await;
        let hostile = Self::in_front_of(relay.address(), relay.dir.path()).await;
        let world = World::found_at(clock, relay, &hostile.url).await;
        (hostile, world)
    }

    /// Listens in the place of a relay, with the identity in its folder.
    pub async fn in_front_of(behind: SocketAddr, folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}{PATH}", listener.local_addr().unwrap());
        let key = watchfire_relay::identity::open(&folder.join("identity")).unwrap();
        let state = State { behind, rules: vec![], kept: vec![], live: vec![] };
        let state = Arc::new(Mutex::new(state));
        tokio::spawn(listen(listener, Arc::clone(&state)));
        Self { url, key, state }
    }

    /// From now on, connections reach this relay: the real one, or a copy of another time.
    pub fn show(&self, relay: &LocalRelay) {
        lock(&self.state).behind = relay.address();
    }

    /// Every record that it was ever sent: it forgets nothing.
    pub fn kept(&self) -> Vec<Vec<u8>> {
        lock(&self.state).kept.clone()
    }

    /// Adds a rule. The first that does not pass decides.
    pub fn rule(&self, rule: impl FnMut(Said<'_>) -> Act + Send + 'static) {
        lock(&self.state).rules.push(Box::new(rule));
    }

    /// Forgets all rules.
    pub fn be_honest(&self) {
        lock(&self.state).rules.clear();
    }

    /// Replaces answers: the rule gets question and answer, and gives another one or none.
    pub fn lie(&self, mut lie: impl FnMut(&Request, &Reply) -> Option<Reply> + Send + 'static) {
        self.rule(move |said| match said {
            Said::Answered(question, answer) => lie(question, answer).map_or(Act::Pass, |lie| Act::Say(vec![lie])),
            _ => Act::Pass,
        });
    }

    /// Answers such requests, and does nothing of what they ask.
    pub fn pretend(&self, mut pretend: impl FnMut(&Request) -> Option<Reply> + Send + 'static) {
        self.rule(move |said| match said {
            Said::Asked(request) => pretend(request).map_or(Act::Pass, |reply| Act::Say(vec![reply])),
            _ => Act::Pass,
        });
    }

    /// Acknowledges records of a channel, and drops them.
    pub fn drop_appended(&self, channel: Channel) {
        self.pretend(move |request| match request {
            Request::Append { record } if record.get(1) == Some(&(channel as u8)) => {
                Some(Reply::Appended { position: 1 << 40, followers: 50 })
            }
            _ => None,
        });
    }

    /// Withholds the records of a log that the test chooses.
    pub fn withhold(&self, log: Channel, mut withheld: impl FnMut(&[u8]) -> bool + Send + 'static) {
        self.rule(move |said| match said {
            Said::Told(Reply::Record { channel, record, .. }) if *channel == log && withheld(record) => {
                Act::Say(vec![])
            }
            _ => Act::Pass,
        });
    }

    /// Collects what a log held, and gives whatever the test makes of it, before it says that this was all.
    pub fn rearrange(&self, log: Channel, mut rearrange: impl FnMut(Vec<Reply>) -> Vec<Reply> + Send + 'static) {
        let mut waiting = Vec::new();
        self.rule(move |said| match said {
            Said::Asked(Request::Subscribe { channel, .. }) if *channel == log => {
                waiting.clear();
                Act::Pass
            }
            Said::Told(event @ Reply::Record { channel, .. }) if *channel == log => {
                waiting.push(event.clone());
                Act::Say(vec![])
            }
            Said::Told(event @ Reply::CaughtUp { channel }) if *channel == log => {
                let mut events = rearrange(std::mem::take(&mut waiting));
                events.push(event.clone());
                Act::Say(events)
            }
            _ => Act::Pass,
        });
    }

    /// Adds records to what a log held.
    pub fn add(&self, log: Channel, records: Vec<Vec<u8>>) {
        self.rearrange(log, move |mut events| {
            events.extend(records.iter().zip(1 << 30..).map(|(record, position)| Reply::Record {
                channel: log,
                position,
                record: record.clone(),
            }));
            events
        });
    }

    /// Greets with another time, signed by the relay's own key.
    pub fn tell_time(&self, time: Timestamp) {
        let key = self.key.clone();
        self.lie(move |question, answer| match (question, answer) {
            (Request::Hello { nonce }, Reply::Welcome(welcome)) => {
                Some(Reply::Welcome(Welcome::sign(&key, nonce, welcome.challenge, time)))
            }
            _ => None,
        });
    }

    /// Tells an event to everybody who is connected.
    pub fn tell(&self, event: Reply) {
        self.tell_raw(ServerFrame { id: 0, reply: event }.to_bytes());
    }

    /// Tells bytes to everybody who is connected.
    pub fn tell_raw(&self, frame: Vec<u8>) {
        lock(&self.state).live.retain(|client| client.send(frame.clone()).is_ok());
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

async fn listen(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((socket, _)) = listener.accept().await {
        // A client that goes away in the middle ends its own task alone.
        tokio::spawn(talk(socket, Arc::clone(&state)));
    }
}

/// One client's conversation.
struct Talk {
    client: WebSocketStream<TcpStream>,
    questions: BTreeMap<u32, Request>,
    state: Arc<Mutex<State>>,
}

fn greet(
    _: &Upgrade,
    mut response: Response,
) -> Result<Response, tokio_tungstenite::tungstenite::handshake::server::ErrorResponse> {
    response.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    Ok(response)
}

/// Passes frames both ways until one side goes away.
async fn talk(socket: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let client = accept_hdr_async(socket, greet).await.ok()?;
    let mut request = format!("ws://{}{PATH}", lock(&state).behind).into_client_request().ok()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    let (mut relay, _) = connect_async(request).await.ok()?;
    let (inject, mut injected): (_, UnboundedReceiver<Vec<u8>>) = unbounded_channel();
    lock(&state).live.push(inject);
    let mut talk = Talk { client, questions: BTreeMap::new(), state };
    loop {
        tokio::select! {
            asked = talk.client.next() => match asked?.ok()? {
                Message::Binary(bytes) => {
                    let passed = talk.asked(&bytes).await?;
                    if passed {
                        relay.send(Message::Binary(bytes)).await.ok()?;
                    }
                }
                Message::Close(_) => return None,
                _ => {}
            },
            told = relay.next() => match told?.ok()? {
                Message::Binary(bytes) => talk.told(bytes).await?,
                Message::Close(_) => return None,
                _ => {}
            },
            frame = injected.recv() => talk.say(frame?).await?,
        }
    }
}

impl Talk {
    /// Whether the real relay is to hear it.
    async fn asked(&mut self, bytes: &[u8]) -> Option<bool> {
        let ClientFrame { id, request } = ClientFrame::from_bytes(bytes).unwrap();
        if let Request::Append { record } = &request {
            lock(&self.state).kept.push(record.clone());
        }
        let act = self.judge(|| Said::Asked(&request));
        let passed = matches!(act, Act::Pass);
        self.act(id, act).await?;
        self.questions.insert(id, request);
        Some(passed)
    }

    async fn told(&mut self, bytes: Bytes) -> Option<()> {
        let ServerFrame { id, reply } = ServerFrame::from_bytes(&bytes).unwrap();
        let act = self.judge(|| match self.questions.get(&id) {
            Some(question) => Said::Answered(question, &reply),
            None => Said::Told(&reply),
        });
        match act {
            Act::Pass => self.say(bytes.to_vec()).await,
            act => self.act(id, act).await,
        }
    }

    fn judge<'a>(&self, said: impl Fn() -> Said<'a>) -> Act {
        let mut state = lock(&self.state);
        state.rules.iter_mut().map(|rule| rule(said())).find(|act| !matches!(act, Act::Pass)).unwrap_or(Act::Pass)
    }

    async fn act(&mut self, id: u32, act: Act) -> Option<()> {
        match act {
            Act::Pass => {}
            Act::Say(replies) => {
                for reply in replies {
                    self.say(ServerFrame { id, reply }.to_bytes()).await?;
                }
            }
            Act::Raw(frames) => {
                for frame in frames {
                    self.say(frame).await?;
                }
            }
            Act::OfItsTime(rest) => self.say([wire::encode(&id), rest].concat()).await?,
            Act::Endless(mut make) => {
                for number in 0.. {
                    self.say(ServerFrame { id: 0, reply: make(number) }.to_bytes()).await?;
                }
            }
        }
        Some(())
    }

    async fn say(&mut self, frame: Vec<u8>) -> Option<()> {
        self.client.send(Message::Binary(Bytes::from(frame))).await.ok()
    }
}
