//! Every limit of the relay, with its unit and its reason. Each can be set in `relay.toml`, under `[limits]`.
//!
//! Limits are per connection, per neighborhood or for the whole relay, and never per key: all members of a neighborhood
//! share one key, so a limit per key would let one of them silence the others.

use serde::Deserialize;
use watchfire_protocol::frame::FRAME_LIMIT;

const WANTED_NUMBER: &str = "a limit is a whole number";

/// Writes the struct, its defaults and the list from which `relay.toml` is written, so that the three cannot differ.
macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr;)+) => {
        /// The relay's limits.
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: $type,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        impl Limits {
            /// The names, as they stand in `relay.toml`.
            pub(crate) fn names() -> impl Iterator<Item = String> {
                [$(stringify!($name)),+].into_iter().map(|name| name.replace('_', "-"))
            }

            /// Sets a limit by its field's name; none if there is none of that name.
            pub(crate) fn set(&mut self, name: &str, text: &str) -> Option<Result<(), String>> {
                match name {
                    $(stringify!($name) => {
                        Some(text.parse().map(|value| self.$name = value).map_err(|_| WANTED_NUMBER.to_owned()))
                    })+
                    _ => None,
                }
            }
        }

        /// Name, default and reason of each limit, as `relay.toml` explains them.
        pub(crate) fn described() -> Vec<(String, String, Vec<&'static str>)> {
            let defaults = Limits::default();
            vec![$((stringify!($name).replace('_', "-"), defaults.$name.to_string(), vec![$($doc),+])),+]
        }
    };
}

limits! {
    /// Seconds for the TLS handshake and the HTTP upgrade together. Whoever is slower than Tor at its worst holds a socket for nothing.
    handshake_seconds: u64 = 5;
    /// Bytes of HTTP headers. Browsers and proxies send less than 2 KiB.
    header_bytes: usize = 8 << 10;
    /// Seconds from the upgrade to the first request. A client that connects has something to ask.
    first_frame_seconds: u64 = 5;
    /// Seconds that a connection may live without a proof: long enough for a newcomer to fetch what is public on a slow
    /// line, short enough that strangers cannot hold all the places of `connections-unproved` for nothing.
    unproved_seconds: u64 = 300;
    /// Seconds of silence after which a connection is closed. Clients ping every 25 to 45 seconds.
    idle_seconds: u64 = 150;
    /// Seconds for which a write may wait for a slow reader. It has its cursor and comes back.
    write_stall_seconds: u64 = 20;
    /// Connections in all. One costs about 4 KiB, with TLS about 20 KiB, and a file descriptor.
    connections: usize = 20_000;
    /// Connections without a proof in all. One more, and whoever has waited longest must go: a flood of strangers keeps
    /// nobody out who proves a key within seconds.
    connections_unproved: usize = 1024;
    /// Milliseconds for which a connection without a proof keeps its place in any case; whoever comes meanwhile waits in
    /// front of the door. A greeting and a proof take three ways to the client and back. With much more time, strangers
    /// who say nothing would hold up everybody else.
    unproved_kept_milliseconds: u64 = 1000;
    /// Connections of one source: an address, or a /64 of IPv6.
    connections_per_source: usize = 64;
    /// Connections of one address of this machine, 0 for any number: a proxy or Tor stands for many there.
    connections_per_loopback: usize = 0;
    /// Proofs of one connection that may fail. Each costs a look into the store and a signature's check.
    failed_proofs: u32 = 4;
    /// Requests of connections without a proof that are worked on at once: the rest of the processor is for the others.
    unproved_requests: usize = 1;
    /// WebSocket frames a second of one connection, pings and fragments included. Above it, reading waits.
    frames_per_second: u32 = 20;
    /// Frames that may come at once before that: a client's whole first conversation.
    frames_burst: u32 = 60;
    /// Bytes a second of one connection. Above it, reading waits. The epoch of 10,000 members goes up in 40 seconds.
    bytes_per_second: u64 = 1 << 20;
    /// Bytes that may come at once before that: 40 frames of the largest size.
    bytes_burst: u64 = 4 << 20;
    /// Bytes of one frame, and of one message. The largest that the protocol has: with less, large records are refused.
    frame_bytes: usize = FRAME_LIMIT;
    /// Fragments of one message. Clients send one; a few are for proxies that cut.
    fragments: u32 = 16;
    /// Inbox records that one connection may append at once: what a queue holds after a day without a network.
    inbox_burst: u32 = 60;
    /// Seconds for one more inbox record after that.
    inbox_interval_seconds: u64 = 5;
    /// Records in one page read from the store.
    page_records: u32 = 64;
    /// Bytes in one page read from the store: what one reader costs in memory.
    page_bytes: usize = 256 << 10;
    /// Pages read at once. More would only queue in front of the disk.
    page_readers: usize = 8;
    /// Records of one channel's tail that are kept in memory, finished: whoever is at most so far behind costs no read.
    tail_records: usize = 128;
    /// Bytes of one channel's tail in memory.
    tail_bytes: usize = 4 << 20;
    /// Bytes of all tails in memory. When they are reached, each tail forgets its older half; whoever still needs that reads
    /// the store.
    tails_bytes: usize = 64 << 20;
    /// Seconds for which staged slots wait for their opening: an interrupted opener has a day to come back.
    staging_seconds: u64 = 24 * 3600;
    /// Objects of one neighborhood that are staged at once: slots and roster of 30,000 members, 128 MiB.
    staging_objects: u32 = 65_536;
    /// Slots added to one epoch after it opened. Whoever needs more opens another epoch.
    late_slots: u32 = 4096;
    /// Invites of one neighborhood at once: a hundred sheets of printed cards.
    invites: u32 = 4096;
    /// Versions of one network's charter, which are kept for ever: one a day for ten years.
    charters: u64 = 4096;
    /// Epochs of one neighborhood a day. Each costs the store 2 KiB a slot; a removal must never wait for tomorrow.
    epochs_per_day: u32 = 48;
    /// Announcements of one neighborhood a day that come without slots. A relay that lost its database gets back the
    /// whole chain at once, and that may be years long; each costs at most 8 KiB, and is kept for ever.
    announcements_per_day: u32 = 4096;
    /// Seconds for which the previous epoch's keys still read what was there up to the switch.
    old_epoch_seconds: u64 = 600;
    /// Writes that share one commit at most.
    group_writes: usize = 32;
    /// Milliseconds for which a commit waits for others to share it.
    group_milliseconds: u64 = 2;
    /// Seconds between two sweeps of what has expired.
    sweep_seconds: u64 = 60;
    /// Rows that one sweeping transaction deletes: 200 hold up an append by about 20 ms.
    sweep_rows: u32 = 200;
    /// Bytes free on the disk below which the operator is warned, in the log and by readiness.
    disk_warning_bytes: u64 = 512 << 20;
    /// Bytes free on the disk below which only alerts, epochs and charters are taken.
    disk_low_bytes: u64 = 128 << 20;
    /// Bytes that lie on the disk as a reserve. Nothing at all is taken with less than that free, and the reserve is given
    /// up to forget what has expired, because deleting needs room first: a sweep of the largest records 13 MiB, the log
    /// that is copied into the database 4 MiB.
    disk_reserve_bytes: u64 = 32 << 20;
    /// Connections to `health` at once: a monitor, and whoever looks.
    health_connections: usize = 8;
    /// Seconds for one question at `health` and its answer.
    health_seconds: u64 = 5;
    /// Seconds between two looks at the certificate's files. Whoever renews it does so days before it is needed.
    certificate_seconds: u64 = 60;
    /// Seconds in which connections end when the relay stops: with the last commit it has stopped within five.
    closing_seconds: u64 = 4;
}

impl Limits {
    /// Bytes of memory that the relay takes at most, whatever strangers do: a connection's 8 KiB each, frames in the
    /// middle of arriving, records on their way to the disk, pages, and tails. Members who keep frames half-sent for long are
    /// no strangers.
    #[must_use]
    pub const fn ceiling(&self) -> usize {
        const PROGRAM: usize = 64 << 20;
        const CONNECTION: usize = 8 << 10;
        let frames = self.connections_unproved + crate::store::sqlite::WAITING_WRITES;
        PROGRAM
            .saturating_add(self.connections.saturating_mul(CONNECTION))
            .saturating_add(frames.saturating_mul(self.frame_bytes))
            .saturating_add(self.page_readers.saturating_mul(self.page_bytes))
            .saturating_add(self.tails_bytes)
    }
}

/// A budget that fills up with time: `burst` at once, then one each `interval`. Times are arguments.
#[derive(Clone, Debug)]
pub struct Budget {
    burst: u64,
    interval: u64,
    /// When the budget is full again. Spending moves it on.
    full_at: u64,
}

impl Budget {
    /// A full budget. `interval` and all times are in the caller's unit.
    #[must_use]
    pub fn new(burst: u64, interval: u64) -> Self {
        Self { burst: burst.max(1), interval: interval.max(1), full_at: 0 }
    }

    /// Takes one, or says how long to wait for it.
    ///
    /// # Errors
    /// The time until there is one; nothing was taken.
    pub fn take(&mut self, now: u64) -> Result<(), u64> {
        let wait = self.wait(now);
        if wait > 0 {
            return Err(wait);
        }
        self.spend(1, now);
        Ok(())
    }

    /// Takes `count`, into debt if need be: what has been read cannot be unread.
    pub fn spend(&mut self, count: u64, now: u64) {
        self.full_at = self.full_at.max(now).saturating_add(self.interval.saturating_mul(count));
    }

    /// How long until there is one.
    #[must_use]
    pub fn wait(&self, now: u64) -> u64 {
        let room = self.interval.saturating_mul(self.burst - 1);
        self.full_at.saturating_sub(now).saturating_sub(room)
    }
}

/// How many follow, as it is told: 0, or 1, 2 or 5 times a power of ten, rounded down. It says that somebody is there,
/// and does not count them.
#[must_use]
pub fn rounded(count: u32) -> u32 {
    u32::try_from(class(u64::from(count))).unwrap_or(u32::MAX)
}

/// The same of any count that an operator is told.
#[must_use]
pub fn class(count: u64) -> u64 {
    let mut unit = 1_u64;
    while let Some(next) = unit.checked_mul(10).filter(|next| *next <= count) {
        unit = next;
    }
    match count / unit {
        0 => 0,
        1 => unit,
        2..5 => unit * 2,
        _ => unit * 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_gives_its_burst_and_then_one_an_interval() {
        let mut budget = Budget::new(3, 5);
        assert_eq!([(); 3].map(|()| budget.take(100)), [Ok(()); 3]);
        assert_eq!(budget.take(100), Err(5));
        assert_eq!(budget.take(104), Err(1));
        assert_eq!(budget.take(105), Ok(()));
        assert_eq!(budget.take(105), Err(5));
        assert_eq!([(); 3].map(|()| budget.take(1000)), [Ok(()); 3]);
    }

    #[test]
    fn debt_is_waited_for_in_full() {
        let mut budget = Budget::new(2, 10);
        budget.spend(6, 0);
        assert_eq!(budget.wait(0), 50);
        assert_eq!(budget.wait(50), 0);
    }

    #[test]
    fn counts_are_told_as_one_two_or_five_of_a_power_of_ten() {
        let told = [0, 1, 2, 3, 4, 5, 9, 10, 19, 20, 49, 50, 99, 100, 10_000, 4_000_000_000].map(rounded);
        assert_eq!(told, [0, 1, 2, 2, 2, 5, 5, 10, 10, 20, 20, 50, 50, 100, 10_000, 2_000_000_000]);
    }
}
