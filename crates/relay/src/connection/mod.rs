//! One connection: one task, no queue. It waits for whatever comes first and does one thing at a time.

mod deliver;

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use watchfire_protocol::frame::{Cursor, Refusal, Reply, ServerFrame, Standing};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;

use crate::core::{Core, Epochs};
use crate::handshake::linger;
use crate::hub::{Follower, LOGS, Neighborhood, event};
use crate::identity;
use crate::limit::rounded;
use crate::line::Line;
use crate::meter::Metered;
use crate::session::{Access, Claim, Known, Refused, Session, Step};
use crate::store::Store;
use crate::unproved::{Seat, pushed_out};

/// Why the relay ends all connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Its store failed. Else it was told to.
    pub(crate) failed: bool,
    /// Clients come back after a random time of up to so many seconds.
    pub(crate) within: u16,
}

impl Stop {
    /// So that they do not all come at once: a second for each thousand, and nobody is away for longer than half a minute.
    pub(crate) fn new(failed: bool, connected: usize) -> Self {
        const A_SECOND: usize = 1000;
        const LONGEST: u16 = 30;
        let within = connected.div_ceil(A_SECOND).max(1);
        Self { failed, within: u16::try_from(within).unwrap_or(LONGEST).min(LONGEST) }
    }
}

/// How a connection ends.
#[derive(Debug)]
enum Ending {
    /// The peer is not there any more.
    Gone,
    /// With a close frame.
    Close(u16, &'static str),
}

enum Event {
    Stop(Stop),
    Message(Option<Result<Message, WsError>>),
    Standing(Standing),
    Deadline,
    PushedOut,
    Deliver,
}

pub(crate) struct Connection<T, S> {
    core: Arc<Core<S>>,
    socket: WebSocketStream<Metered<T>>,
    /// Where what is new may be written past this.
    line: Option<Arc<Line>>,
    session: Session,
    neighborhood: Option<Arc<Neighborhood>>,
    standing: Option<watch::Receiver<Option<Standing>>>,
    followers: [Option<Follower>; 4],
    /// Bytes of the next page.
    page: usize,
    /// The place among the connections without a proof.
    unproved: Option<Seat>,
    failed_proofs: u32,
    started: Instant,
    last_seen: Option<Instant>,
    /// When a connection that proved a closed epoch ends.
    ends: Option<Instant>,
}

impl<T, S> Connection<T, S>
where
    T: AsyncRead + AsyncWrite + Unpin,
    S: Store,
{
    pub(crate) fn new(
        core: Arc<Core<S>>,
        socket: WebSocketStream<Metered<T>>,
        unproved: Seat,
        line: Option<Arc<Line>>,
    ) -> Box<Self> {
        let (session, page) = (Session::new(&core.limits), core.limits.page_bytes);
        Box::new(Self {
            core,
            socket,
            line,
            session,
            neighborhood: None,
            standing: None,
            followers: [const { None }; 4],
            page,
            unproved: Some(unproved),
            failed_proofs: 0,
            started: Instant::now(),
            last_seen: None,
            ends: None,
        })
    }

    /// Serves until one side ends it.
    pub(crate) async fn run(mut self: Box<Self>, stopping: watch::Receiver<Option<Stop>>) {
        if let Err(Ending::Close(code, reason)) = self.serve(stopping).await {
            Box::pin(self.close(code, reason)).await;
        }
    }

    async fn serve(&mut self, mut stopping: watch::Receiver<Option<Stop>>) -> Result<(), Ending> {
        let mut deadline = std::pin::pin!(sleep_until(self.deadline()));
        let mut stopped = std::pin::pin!(stopped(&mut stopping));
        loop {
            let behind = self.followers.iter().flatten().any(Follower::is_behind);
            let [alerts, inbox, desk, roster] = &mut self.followers;
            let event = tokio::select! {
                biased;
                stop = stopped.as_mut() => Event::Stop(stop),
                message = self.socket.next() => Event::Message(message),
                standing = changed(&mut self.standing) => Event::Standing(standing),
                () = deadline.as_mut() => Event::Deadline,
                () = pushed_out(self.unproved.as_ref()) => Event::PushedOut,
                () = std::future::ready(()), if behind => Event::Deliver,
                () = woken(alerts) => Event::Deliver,
                () = woken(inbox) => Event::Deliver,
                () = woken(desk) => Event::Deliver,
                () = woken(roster) => Event::Deliver,
            };
            match event {
                Event::Stop(stop) => return Err(Box::pin(self.stop(stop)).await?),
                Event::Message(message) => Box::pin(self.message(message)).await?,
                Event::Standing(standing) => Box::pin(self.tell(standing)).await?,
                Event::Deliver => Box::pin(self.deliver()).await?,
                Event::PushedOut => return Err(Ending::Close(1013, "others wait for a place, and nothing was proved")),
                Event::Deadline => {
                    let at = self.deadline();
                    if at <= Instant::now() {
                        return Err(Ending::Close(1008, "silent, without a proof, or of a closed epoch for too long"));
                    }
                    deadline.as_mut().reset(at);
                }
            }
            // Everything else moves the deadline away, and is looked at when it fires.
            if let Some(ends) = self.ends.filter(|ends| *ends < deadline.deadline()) {
                deadline.as_mut().reset(ends);
            }
        }
    }

    fn deadline(&self) -> Instant {
        let limits = &self.core.limits;
        let Some(seen) = self.last_seen else {
            return self.started + Duration::from_secs(limits.first_frame_seconds);
        };
        let idle = seen + Duration::from_secs(limits.idle_seconds);
        let proof = self.unproved.as_ref().map(|_| self.started + Duration::from_secs(limits.unproved_seconds));
        [Some(idle), proof, self.ends].into_iter().flatten().min().unwrap_or(idle)
    }

    async fn stop(&mut self, stop: Stop) -> Result<Ending, Ending> {
        self.send(&event(Reply::Closing { within: stop.within })).await?;
        Ok(match stop.failed {
            false => Ending::Close(1012, "the relay restarts"),
            true => Ending::Close(1013, "the relay failed; nothing was lost that it acknowledged"),
        })
    }

    async fn message(&mut self, message: Option<Result<Message, WsError>>) -> Result<(), Ending> {
        match message {
            Some(Ok(Message::Binary(bytes))) => {
                self.last_seen = Some(Instant::now());
                self.frame(&bytes).await
            }
            Some(Ok(Message::Text(_))) => Err(Ending::Close(1003, "frames are binary")),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                // Before the first request a ping is no sign of a client.
                self.last_seen = self.last_seen.map(|_| Instant::now());
                Ok(())
            }
            // tungstenite answers a close by itself; the next read says that it is done.
            Some(Ok(Message::Close(_) | Message::Frame(_))) => Ok(()),
            Some(Err(WsError::Capacity(_))) => Err(Ending::Close(1009, "a frame is too large")),
            Some(Err(WsError::Protocol(_) | WsError::Utf8(_))) => Err(Ending::Close(1002, "this is not WebSocket")),
            Some(Err(WsError::Io(error))) if error.kind() == std::io::ErrorKind::InvalidData => {
                Err(Ending::Close(1008, "too many fragments"))
            }
            Some(Err(_)) | None => Err(Ending::Gone),
        }
    }

    async fn frame(&mut self, bytes: &[u8]) -> Result<(), Ending> {
        match self.session.frame(bytes, self.core.clock.now()) {
            Ok((id, step)) => {
                let followed = if let Step::Follow { log, .. } = &step { Some(*log) } else { None };
                let reply = self.step(step).await?.unwrap_or_else(Reply::Refused);
                self.core.metrics.answered(&reply);
                let reply = ServerFrame { id, reply };
                match followed.filter(|log| self.has_all(*log)) {
                    // In one write, since thousands who come back in one moment have missed nothing.
                    Some(log) => self.send_all(&[reply, event(Reply::CaughtUp { channel: log })]).await,
                    None => self.send(&reply).await,
                }
            }
            Err(Refused { id, refusal, close }) => {
                let reply = Reply::Refused(refusal);
                self.core.metrics.answered(&reply);
                self.send(&ServerFrame { id, reply }).await?;
                if close { Err(Ending::Close(1002, "malformed or out of order")) } else { Ok(()) }
            }
        }
    }

    async fn step(&mut self, step: Step) -> Result<Result<Reply, Refusal>, Ending> {
        // Members and coordinators do not wait behind strangers.
        let core = Arc::clone(&self.core);
        let _turn = if self.unproved.is_some() { core.strangers.acquire().await.ok() } else { None };
        Ok(match step {
            Step::Greet { nonce } => match identity::random() {
                Ok(challenge) => {
                    let now = self.core.clock.now();
                    Ok(Reply::Welcome(self.session.greet(&self.core.key, nonce, challenge, now)))
                }
                Err(error) => {
                    tracing::error!(%error, "a connection could not be greeted");
                    return Err(Ending::Close(1011, "the relay has no randomness"));
                }
            },
            Step::Prove(claim) => {
                let proved = Box::pin(self.prove(&claim)).await.map(|standing| Reply::Proved { standing });
                self.failed_proofs += u32::from(proved.is_err());
                if self.failed_proofs > self.core.limits.failed_proofs {
                    return Err(Ending::Close(1008, "too many proofs failed"));
                }
                proved
            }
            Step::Public(request) => Box::pin(self.core.answer(request)).await,
            Step::Govern { place, device, request } => Box::pin(self.core.govern(place, device, request)).await,
            Step::Append { access, header, record } => {
                let log = header.channel.log();
                Box::pin(self.core.append(access, header, record)).await.map(|position| {
                    let all = self.neighborhood.as_ref().map_or(0, |neighborhood| neighborhood.followers(log));
                    let others = all.saturating_sub(u32::from(self.session.follows(log)));
                    Reply::Appended { position, followers: rounded(others) }
                })
            }
            Step::Follow { access, log, cursor } => {
                let followed = Box::pin(self.follow(access.place, log, cursor)).await;
                if followed.is_err() {
                    self.session.unfollow(log);
                }
                followed
            }
        })
    }

    async fn prove(&mut self, claim: &Claim) -> Result<Standing, Refusal> {
        let core = Arc::clone(&self.core);
        let place = claim.place;
        let (governed, _) = core.served(place.network).await?;
        let epochs = core.epochs(&governed, place).await?;
        let invite = match claim.prover {
            watchfire_protocol::frame::Prover::Invite(id) => core.store.invite(place, id).await?,
            _ => None,
        };
        let Epochs { current, previous, .. } = *epochs;
        let relay = core.key.public();
        let known = Known { relay: &relay, rights: governed.rights(), current, previous, invite: invite.as_ref() };
        let now = core.clock.now();
        self.session.prove(claim, &known, now)?;
        let neighborhood = core.hub.neighborhood(place);
        self.standing = Some(neighborhood.standing());
        self.neighborhood = Some(neighborhood);
        self.unproved = None;
        // Looked at after subscribing to changes, so that none is missed.
        let standing = core.held_standing(place).await?;
        if let Some(current) = current {
            let left = self.session.ends(current.epoch, current.since).map(|ends| ends.since(now));
            self.ends = left.map(|left| Instant::now() + Duration::from_secs(left));
        }
        self.note_epoch(standing.epoch);
        Ok(standing)
    }

    /// A connection whose epoch has closed reads for a while and ends.
    fn note_epoch(&mut self, current: Epoch) {
        let proved = self.session.access().and_then(Access::epoch);
        if self.ends.is_none() && proved.is_some_and(|proved| proved < current) {
            self.ends = Some(Instant::now() + Duration::from_secs(self.core.limits.old_epoch_seconds));
        }
    }

    async fn tell(&mut self, standing: Standing) -> Result<(), Ending> {
        self.note_epoch(standing.epoch);
        self.send(&event(Reply::Standing(standing))).await
    }

    async fn follow(&mut self, place: Place, log: Channel, cursor: Option<Cursor>) -> Result<Reply, Refusal> {
        let neighborhood = self.neighborhood.as_ref().ok_or(Refusal::NotProved)?;
        // Followed before the store is looked at: what is committed from here on is in the tail or in the store.
        let line = self.line.clone();
        let mut follower = Follower::new(Arc::clone(neighborhood), log, line).ok_or(Refusal::WrongChannel)?;
        let position = cursor.map_or(0, |cursor| cursor.position);
        let seek = match follower.known(position) {
            Some(seek) => seek,
            None => {
                let seek = self.core.store.seek(place, log, position).await?;
                follower.learn(position, seek);
                seek
            }
        };
        let same = cursor.is_some_and(|cursor| seek.at == Some(cursor.id));
        follower.start(if same { position } else { 0 }, seek.last);
        let slot = LOGS.iter().position(|each| *each == log).and_then(|at| self.followers.get_mut(at));
        *slot.ok_or(Refusal::WrongChannel)? = Some(follower);
        Ok(Reply::Subscribed { reset: cursor.is_some() && !same })
    }

    /// Sends a close frame by hand, because tungstenite says nothing after an error, and ends gently. Nothing but the
    /// socket is kept for that, and no place that others wait for.
    async fn close(self: Box<Self>, code: u16, reason: &'static str) {
        const FINAL_CLOSE: u8 = 0x88;
        let length = u8::try_from(reason.len() + 2).unwrap_or(2);
        let mut frame = vec![FINAL_CLOSE, length];
        frame.extend_from_slice(&code.to_be_bytes());
        frame.extend_from_slice(reason.as_bytes());
        let stall = Duration::from_secs(self.core.limits.closing_seconds.min(self.core.limits.write_stall_seconds));
        let Self { mut socket, line, .. } = *self;
        if let Some(line) = line {
            line.close();
        }
        let _ = timeout(stall, async {
            let _ = socket.flush().await;
            let mut socket = socket.into_inner();
            if socket.write_all(&frame).await.is_ok() {
                linger(&mut socket).await;
            }
        })
        .await;
    }
}

async fn stopped(stopping: &mut watch::Receiver<Option<Stop>>) -> Stop {
    match stopping.wait_for(Option::is_some).await.map(|stop| *stop) {
        Ok(Some(stop)) => stop,
        // Whoever could stop this is gone.
        Ok(None) | Err(_) => Stop::new(false, 0),
    }
}

async fn changed(standing: &mut Option<watch::Receiver<Option<Standing>>>) -> Standing {
    if let Some(receiver) = standing {
        while receiver.changed().await.is_ok() {
            if let Some(standing) = *receiver.borrow_and_update() {
                return standing;
            }
        }
    }
    std::future::pending().await
}

async fn woken(follower: &mut Option<Follower>) {
    match follower {
        Some(follower) => follower.changed().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
