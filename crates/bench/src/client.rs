//! One client: as little as completes the handshake, and then counts.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use mio::net::TcpStream;
use watchfire_protocol::frame::{ClientFrame, Cursor, PATH, Proof, Prover, Reply, Request, SUBPROTOCOL, ServerFrame};
use watchfire_protocol::id::{NetworkId, RecordId};
use watchfire_protocol::record::Channel;
use watchfire_protocol::sign::PublicKey;

use crate::Outcome;
use crate::frame::{first, head_end, masked, upgrade};
use crate::world::{EPOCH, NONCE, Who, key, place};

/// What it is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Follower,
    Publisher,
}

/// Whom it talks to about which group.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peer {
    Relay(NetworkId),
    Plain(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Upgrading,
    Greeting,
    Proving,
    Subscribing,
    Ready,
}

/// What happened to all clients of a swarm.
#[derive(Default)]
pub(crate) struct Tally {
    /// How many are through with their handshake.
    pub(crate) ready: usize,
    /// Records that were delivered.
    pub(crate) delivered: u64,
    /// Their bytes, frames and all.
    pub(crate) bytes: u64,
    /// Publishers whose record was acknowledged, with its position.
    pub(crate) acknowledged: Vec<(usize, u64)>,
    /// How many the other side ended before they were through.
    pub(crate) ended: Vec<usize>,
    /// The relay's key, once one was greeted with it.
    relay: Option<PublicKey>,
}

pub(crate) struct Client {
    pub(crate) socket: TcpStream,
    pub(crate) group: usize,
    pub(crate) role: Role,
    /// The record that it sent last.
    pub(crate) sent: Option<RecordId>,
    peer: Peer,
    cursor: Option<Cursor>,
    state: State,
    /// The beginning of a frame whose rest has not come.
    read: Vec<u8>,
    unsent: Vec<u8>,
    /// The position of the last record.
    last: u64,
}

impl Client {
    pub(crate) fn connect(
        to: SocketAddr,
        peer: Peer,
        group: usize,
        role: Role,
        cursor: Option<Cursor>,
    ) -> io::Result<Self> {
        let unsent = match (peer, role) {
            (Peer::Relay(_), _) => upgrade(PATH, SUBPROTOCOL),
            (Peer::Plain(group), Role::Follower) => upgrade(&format!("/follow/{group}"), SUBPROTOCOL),
            (Peer::Plain(group), Role::Publisher) => upgrade(&format!("/publish/{group}"), SUBPROTOCOL),
        };
        let socket = TcpStream::connect(to)?;
        let (state, last) = (State::Upgrading, cursor.map_or(0, |cursor| cursor.position));
        Ok(Self { socket, group, role, sent: None, peer, cursor, state, read: Vec::new(), unsent, last })
    }

    /// The same once more, not yet connected.
    pub(crate) fn anew(&self, to: SocketAddr) -> io::Result<Self> {
        Self::connect(to, self.peer, self.group, self.role, self.cursor)
    }

    /// Writes what is not yet sent, as much as goes.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            match self.socket.write(&self.unsent) {
                Ok(count) => drop(self.unsent.drain(..count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                // Not connected yet.
                Err(error) if error.kind() == io::ErrorKind::NotConnected => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub(crate) fn append(&mut self, record: Vec<u8>) -> io::Result<()> {
        self.send(Request::Append { record })
    }

    fn send(&mut self, request: Request) -> io::Result<()> {
        self.unsent.extend_from_slice(&masked(&ClientFrame { id: 1, request }.to_bytes()));
        self.flush()
    }

    /// Reads all that is there. `number` is this client's.
    pub(crate) fn read(&mut self, number: usize, scratch: &mut [u8], tally: &mut Tally) -> Outcome<()> {
        loop {
            let count = match self.socket.read(scratch) {
                Ok(0) => return self.end(number, tally),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return self.end(number, tally),
            };
            let new = scratch.get(..count).unwrap_or_default();
            if self.read.is_empty() {
                let used = self.take(number, new, tally)?;
                self.read.extend_from_slice(new.get(used..).unwrap_or_default());
            } else {
                let mut all = std::mem::take(&mut self.read);
                all.extend_from_slice(new);
                let used = self.take(number, &all, tally)?;
                all.drain(..used);
                self.read = all;
            }
            if count < scratch.len() {
                return Ok(());
            }
        }
    }

    fn end(&self, number: usize, tally: &mut Tally) -> Outcome<()> {
        if self.state == State::Ready {
            return Err("a connection was ended that had done nothing wrong".into());
        }
        tally.ended.push(number);
        Ok(())
    }

    /// Takes all whole frames, and says how many bytes they have.
    fn take(&mut self, number: usize, bytes: &[u8], tally: &mut Tally) -> Outcome<usize> {
        let mut used = 0;
        if self.state == State::Upgrading {
            let Some(end) = head_end(bytes) else { return Ok(0) };
            if !bytes.starts_with(b"HTTP/1.1 101 ") {
                return Err(format!("no upgrade: {}", String::from_utf8_lossy(bytes)).into());
            }
            used = end;
            self.upgraded(tally)?;
        }
        while let Some((binary, payload, end)) = bytes.get(used..).and_then(first) {
            used += end;
            if binary {
                self.frame(number, payload, end, tally)?;
            }
        }
        Ok(used)
    }

    fn upgraded(&mut self, tally: &mut Tally) -> Outcome<()> {
        if let Peer::Relay(_) = self.peer {
            self.state = State::Greeting;
            self.send(Request::Hello { nonce: NONCE })?;
        } else {
            self.ready(tally);
        }
        Ok(())
    }

    fn ready(&mut self, tally: &mut Tally) {
        self.state = State::Ready;
        tally.ready += 1;
    }

    fn frame(&mut self, number: usize, payload: &[u8], bytes: usize, tally: &mut Tally) -> Outcome<()> {
        if let Some(position) = delivered(payload) {
            if position <= self.last {
                return Err(format!("position {position} came after {}", self.last).into());
            }
            self.last = position;
            tally.delivered += 1;
            tally.bytes += u64::try_from(bytes)?;
            return Ok(());
        }
        if let Some((relay, challenge)) = tally.relay.filter(|_| self.state == State::Greeting).zip(greeted(payload)) {
            return self.prove(relay, challenge);
        }
        let ServerFrame { reply, .. } = ServerFrame::from_bytes(payload)?;
        match (self.state, reply) {
            (State::Greeting, Reply::Welcome(welcome)) => {
                tally.relay = Some(welcome.relay);
                self.prove(welcome.relay, welcome.challenge)
            }
            (State::Proving, Reply::Proved { .. }) if self.role == Role::Publisher => {
                self.ready(tally);
                Ok(())
            }
            (State::Proving, Reply::Proved { .. }) => {
                self.state = State::Subscribing;
                Ok(self.send(Request::Subscribe { channel: Channel::Alerts, cursor: self.cursor })?)
            }
            (State::Subscribing, Reply::CaughtUp { .. }) => {
                self.ready(tally);
                Ok(())
            }
            (State::Ready, Reply::Appended { position, .. }) => {
                tally.acknowledged.push((number, position));
                Ok(())
            }
            (_, Reply::Refused(refusal)) => Err(format!("refused: {refusal:?}").into()),
            _ => Ok(()),
        }
    }

    fn prove(&mut self, relay: PublicKey, challenge: [u8; 32]) -> Outcome<()> {
        let Peer::Relay(network) = self.peer else { return Ok(()) };
        let (prover, who) = match self.role {
            Role::Follower => (Prover::Member, Who::Member),
            Role::Publisher => (Prover::Coordinator, Who::Coordinator),
        };
        let place = place(network);
        let signature = Proof { relay, nonce: NONCE, challenge, place, epoch: EPOCH, prover }.sign(key(who));
        self.state = State::Proving;
        let neighborhood = place.neighborhood;
        Ok(self.send(Request::Prove { network, neighborhood, epoch: EPOCH, prover, signature })?)
    }
}

/// The position of a record that is delivered: read from the front of the frame, since ten thousand come at once.
fn delivered(payload: &[u8]) -> Option<u64> {
    let rest = payload.strip_prefix(&DELIVERY)?;
    match *rest.first()? {
        251 => Some(u16::from_le_bytes(rest.get(1..3)?.try_into().ok()?).into()),
        252 => Some(u32::from_le_bytes(rest.get(1..5)?.try_into().ok()?).into()),
        253 => Some(u64::from_le_bytes(rest.get(1..9)?.try_into().ok()?)),
        small => Some(small.into()),
    }
}

/// The challenge of a greeting: read from its end, since a key takes as long to read as a proof to sign, and five thousand
/// come at once from the relay whose key is known.
fn greeted(payload: &[u8]) -> Option<[u8; 32]> {
    payload.strip_prefix(&GREETING)?.last_chunk::<128>()?.first_chunk().copied()
}

/// How an event `Record` of the alerts begins.
const DELIVERY: [u8; 3] = [0, 14, 0];
/// How the answer `Welcome` to the first request begins. It ends with challenge, key and signature.
const GREETING: [u8; 2] = [1, 0];

#[cfg(test)]
mod tests {
    use watchfire_protocol::frame::Welcome;
    use watchfire_protocol::time::Timestamp;

    use super::*;

    #[test]
    fn the_position_is_read_as_the_protocol_writes_it() {
        for position in [1, 250, 251, 65_535, 65_536, 1 << 32, u64::MAX] {
            let reply = Reply::Record { channel: Channel::Alerts, position, record: vec![1; 1024] };
            assert_eq!(delivered(&ServerFrame { id: 0, reply }.to_bytes()), Some(position));
        }
        let other = Reply::Record { channel: Channel::Inbox, position: 1, record: Vec::new() };
        assert_eq!(delivered(&ServerFrame { id: 0, reply: other }.to_bytes()), None);
    }

    #[test]
    fn the_challenge_is_read_as_the_protocol_writes_it() {
        for time in [0, 1_800_000_000] {
            let welcome = Welcome::sign(key(Who::Device), &NONCE, [9; 32], Timestamp(time));
            let reply = Reply::Welcome(welcome);
            assert_eq!(greeted(&ServerFrame { id: 1, reply }.to_bytes()), Some([9; 32]));
        }
        let reply = Reply::Appended { position: 1, followers: 0 };
        assert_eq!(greeted(&ServerFrame { id: 1, reply }.to_bytes()), None);
    }
}
