//! All clients of one server, in one thread over one epoll.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::{Events, Interest, Poll, Token};
use socket2::SockRef;
use watchfire_protocol::frame::Cursor;
use watchfire_protocol::record::{Channel, Header, record_id};
use watchfire_protocol::time::Hour;

use crate::Outcome;
use crate::client::{Client, Peer, Role, Tally};
use crate::world::EPOCH;

/// Handshakes under way at once when there is no hurry.
const CALM: usize = 64;
/// Nothing takes so long, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(120);
/// An alert's size on the wire.
const RECORD: usize = 1024;

pub(crate) struct Swarm {
    poll: Poll,
    clients: Vec<Client>,
    tally: Tally,
    scratch: Vec<u8>,
    /// The last record of each group.
    cursors: Vec<Option<Cursor>>,
    written: u64,
}

/// What a publication took.
pub(crate) struct Published {
    /// From the first record's sending to the last delivery.
    pub(crate) delivered: Duration,
    /// To the last acknowledgement.
    pub(crate) acknowledged: Duration,
    pub(crate) deliveries: u64,
}

impl Swarm {
    pub(crate) fn new() -> Outcome<Self> {
        let (clients, cursors) = (Vec::new(), Vec::new());
        Ok(Self {
            poll: Poll::new()?,
            clients,
            tally: Tally::default(),
            scratch: vec![0; 256 << 10],
            cursors,
            written: 0,
        })
    }

    /// Connects clients, and waits until all are through with their handshake and what they missed. A follower begins after
    /// the last record that was published here, unless it is told to want all.
    pub(crate) fn connect(
        &mut self,
        to: SocketAddr,
        wanted: &[(Peer, usize, Role)],
        at_once: bool,
        all: bool,
    ) -> Outcome<(Duration, u64)> {
        self.tally = Tally::default();
        let groups = wanted.iter().map(|(_, group, _)| group + 1).max().unwrap_or(0);
        self.cursors.resize(groups.max(self.cursors.len()), None);
        let mut left: VecDeque<_> = wanted.iter().copied().collect();
        let (begun, mut open) = (Instant::now(), 0);
        let flight = if at_once { usize::MAX } else { CALM };
        while self.tally.ready < wanted.len() {
            let batch = open + CALM;
            while open < self.tally.ready.saturating_add(flight).min(batch) {
                let Some((peer, group, role)) = left.pop_front() else { break };
                let cursor = self.cursors.get(group).copied().flatten().filter(|_| !all);
                self.add(Client::connect(to, peer, group, role, cursor)?)?;
                open += 1;
            }
            // The kernel keeps so many in front of a door, and whoever is one too many waits for a second.
            if left.is_empty() {
                self.turn()?
            } else {
                self.look(Duration::ZERO).map(drop)?
            }
            // Whoever found no place comes again, as a client does, and without its wait.
            for number in std::mem::take(&mut self.tally.ended) {
                self.again(number, to)?;
            }
        }
        Ok((begun.elapsed(), self.tally.bytes))
    }

    fn add(&mut self, mut client: Client) -> Outcome<()> {
        let token = Token(self.clients.len());
        self.poll.registry().register(&mut client.socket, token, Interest::READABLE | Interest::WRITABLE)?;
        self.clients.push(client);
        Ok(())
    }

    fn again(&mut self, number: usize, to: SocketAddr) -> Outcome<()> {
        let Some(slot) = self.clients.get_mut(number) else { return Ok(()) };
        self.poll.registry().deregister(&mut slot.socket)?;
        let mut client = slot.anew(to)?;
        self.poll.registry().register(&mut client.socket, Token(number), Interest::READABLE | Interest::WRITABLE)?;
        *slot = client;
        Ok(())
    }

    /// Ends all connections at once, as a power cut does.
    pub(crate) fn leave(&mut self) -> Outcome<()> {
        for client in self.clients.drain(..) {
            SockRef::from(&client.socket).set_linger(Some(Duration::ZERO))?;
        }
        Ok(())
    }

    /// Waits for something, and handles all of it.
    fn turn(&mut self) -> Outcome<()> {
        if self.look(PATIENCE)? { Ok(()) } else { Err("nothing happens any more".into()) }
    }

    /// Handles what happens within a time, and says whether anything did.
    fn look(&mut self, patience: Duration) -> Outcome<bool> {
        let mut events = Events::with_capacity(1024);
        self.poll.poll(&mut events, Some(patience))?;
        for event in &events {
            let Token(number) = event.token();
            let Some(client) = self.clients.get_mut(number) else { continue };
            if event.is_writable() && client.flush().is_err() {
                self.tally.ended.push(number);
                continue;
            }
            if event.is_readable() {
                client.read(number, &mut self.scratch, &mut self.tally)?;
            }
        }
        Ok(!events.is_empty())
    }

    /// Publishes so many records in each group, each publisher one at a time, and waits until all are acknowledged and
    /// all are delivered.
    pub(crate) fn publish(&mut self, each: usize) -> Outcome<Published> {
        let groups = self.cursors.len();
        let mut left = vec![each; groups];
        let mut followers = vec![0_u64; groups];
        for client in self.clients.iter().filter(|client| client.role == Role::Follower) {
            if let Some(count) = followers.get_mut(client.group) {
                *count += 1;
            }
        }
        let deliveries = followers.iter().sum::<u64>() * u64::try_from(each)?;
        let all = each * groups;
        self.tally = Tally::default();
        let (begun, mut acknowledged) = (Instant::now(), 0);
        let mut acknowledged_at = Duration::ZERO;
        let publishers: Vec<usize> = (0..self.clients.len()).filter(|number| self.is_publisher(*number)).collect();
        for number in publishers {
            self.append(number, &mut left)?;
        }
        while acknowledged < all || self.tally.delivered < deliveries {
            self.turn()?;
            for (number, position) in std::mem::take(&mut self.tally.acknowledged) {
                acknowledged += 1;
                acknowledged_at = begun.elapsed();
                self.reached(number, position);
                self.append(number, &mut left)?;
            }
        }
        if self.tally.delivered > deliveries {
            return Err(format!("{} deliveries instead of {deliveries}", self.tally.delivered).into());
        }
        Ok(Published { delivered: begun.elapsed(), acknowledged: acknowledged_at, deliveries })
    }

    fn is_publisher(&self, number: usize) -> bool {
        self.clients.get(number).is_some_and(|client| client.role == Role::Publisher)
    }

    fn append(&mut self, number: usize, left: &mut [usize]) -> Outcome<()> {
        let Some(client) = self.clients.get_mut(number) else { return Ok(()) };
        let Some(more) = left.get_mut(client.group).filter(|left| **left > 0) else { return Ok(()) };
        *more -= 1;
        self.written += 1;
        let mut record = Header { channel: Channel::Alerts, epoch: EPOCH, hour: Hour(0) }.bytes().to_vec();
        record.extend_from_slice(&self.written.to_be_bytes());
        record.extend_from_slice(&std::process::id().to_be_bytes());
        record.resize(RECORD, 0x5a);
        client.sent = Some(record_id(&record));
        Ok(client.append(record)?)
    }

    /// What reconnects goes on after the last record.
    fn reached(&mut self, number: usize, position: u64) {
        let Some(client) = self.clients.get(number) else { return };
        let Some((id, cursor)) = client.sent.zip(self.cursors.get_mut(client.group)) else { return };
        if cursor.is_none_or(|cursor| cursor.position < position) {
            *cursor = Some(Cursor { position, id });
        }
    }
}
