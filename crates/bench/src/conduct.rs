//! What a swarm is told to do, and what it says of it: JSON lines.

use std::io::{BufRead, Write, stdin, stdout};
use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::client::{Peer, Role};
use crate::swarm::Swarm;

/// An order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Connect clients of each group.
    Connect(Connect),
    /// Publish so many records in each group.
    Publish { each: usize },
    /// End all connections without a word.
    Leave,
}

/// Whom to connect.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Connect {
    pub(crate) to: SocketAddr,
    /// The network of each group; none at a plain loop.
    pub(crate) groups: Vec<Option<String>>,
    /// Followers of each group.
    pub(crate) followers: usize,
    /// Publishers of each group.
    pub(crate) publishers: usize,
    /// All at the same time.
    pub(crate) at_once: bool,
    /// From the first record on.
    pub(crate) all: bool,
}

/// What came of an order.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Done {
    /// Until everybody was connected, or the last record delivered.
    pub(crate) took: Duration,
    /// Until the last record was acknowledged.
    pub(crate) acknowledged: Duration,
    pub(crate) deliveries: u64,
    /// Bytes that were delivered.
    pub(crate) bytes: u64,
}

/// Does what standard input says until it ends.
pub(crate) fn obey() -> Outcome<()> {
    let mut swarm = Swarm::new()?;
    for line in stdin().lock().lines() {
        let done = match serde_json::from_str(&line?)? {
            Order::Connect(connect) => {
                let wanted = wanted(&connect)?;
                let (took, bytes) = swarm.connect(connect.to, &wanted, connect.at_once, connect.all)?;
                Done { took, bytes, ..Done::default() }
            }
            Order::Publish { each } => {
                let published = swarm.publish(each)?;
                let (took, acknowledged) = (published.delivered, published.acknowledged);
                Done { took, acknowledged, deliveries: published.deliveries, bytes: 0 }
            }
            Order::Leave => {
                swarm.leave()?;
                Done::default()
            }
        };
        let mut out = stdout().lock();
        writeln!(out, "{}", serde_json::to_string(&done)?)?;
        out.flush()?;
    }
    Ok(())
}

fn wanted(connect: &Connect) -> Outcome<Vec<(Peer, usize, Role)>> {
    let mut wanted = Vec::new();
    for (group, network) in connect.groups.iter().enumerate() {
        let peer = match network {
            Some(network) => Peer::Relay(network.parse()?),
            None => Peer::Plain(group),
        };
        wanted.extend((0..connect.followers).map(|_| (peer, group, Role::Follower)));
        wanted.extend((0..connect.publishers).map(|_| (peer, group, Role::Publisher)));
    }
    Ok(wanted)
}
