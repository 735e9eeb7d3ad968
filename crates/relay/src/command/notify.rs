//! Tells a supervisor how things stand, as `sd_notify(3)` describes it: datagrams to the socket that it names.

use std::ffi::OsString;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use watchfire_relay::server::Pulse;

/// Who started this program, and wants to know.
#[derive(Debug)]
pub(super) struct Supervisor {
    socket: UnixDatagram,
    address: SocketAddr,
}

impl Supervisor {
    /// The one that the environment names, if it can be told anything.
    pub(super) fn of_environment() -> Option<Self> {
        let name: OsString = std::env::var_os("NOTIFY_SOCKET")?;
        let address = match name.as_bytes().split_first() {
            Some((b'@', rest)) => SocketAddr::from_abstract_name(rest).ok()?,
            Some((b'/', _)) => SocketAddr::from_pathname(&name).ok()?,
            _ => return None,
        };
        let socket = UnixDatagram::unbound().ok()?;
        // A supervisor that does not listen must not hold up the relay.
        socket.set_nonblocking(true).ok()?;
        Some(Self { socket, address })
    }

    /// Tells it; that it cannot be told stops nothing.
    pub(super) fn tell(&self, state: &str) {
        let _ = self.socket.send_to_addr(state.as_bytes(), &self.address);
    }

    /// Says that all is well, for as long as the relay commits. Whoever does not hear it restarts the relay.
    pub(super) async fn watch(&self, pulse: Pulse) {
        let Some(limit) = watchdog() else { return std::future::pending().await };
        let mut ticks = tokio::time::interval(limit / 3);
        loop {
            ticks.tick().await;
            if pulse.beats().await {
                self.tell("WATCHDOG=1");
            }
        }
    }
}

/// After how long a silence the supervisor acts, if it watches this process.
fn watchdog() -> Option<Duration> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let limit = number("WATCHDOG_USEC").filter(|limit| *limit > 0)?;
    let watched = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
    watched.then(|| Duration::from_micros(limit.max(3)))
}
