//! What connections are made of: turmoil's sockets, for the relay's [`Listen`] and the clients' [`Dial`].

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use turmoil::net::{TcpListener, TcpStream};
use watchfire_client::route::{Dial, Dialing, Wire};
use watchfire_protocol::id::sha256;
use watchfire_relay::Listen;

/// The relay's name in the simulated network, and its port.
pub const RELAY: &str = "relay";
pub const PORT: u16 = 4000;
/// The same of the second one, where there are two.
pub const SECOND: &str = "second";
pub const SECOND_PORT: u16 = 4001;

/// The relay's listener.
pub struct Listener(pub TcpListener);

impl Listen for Listener {
    type Socket = TcpStream;

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        self.0.accept().await
    }
}

/// A hash of all bytes that clients wrote and read, in the order in which they did.
pub type Seen = Arc<Mutex<[u8; 32]>>;

/// Connects within the simulation. A URL without TLS can only be of the same machine, as of a tunnel that begins there, so
/// that is where the relays are for everybody: these tunnels lead to them.
pub struct Dialer(pub Seen);

impl Dial for Dialer {
    fn dial<'a>(&'a self, _host: &'a str, port: u16) -> Dialing<'a> {
        Box::pin(async move {
            let relay = if port == SECOND_PORT { SECOND } else { RELAY };
            let socket = TcpStream::connect((relay, port)).await?;
            Ok(Box::new(Watched { socket, seen: Arc::clone(&self.0) }) as Box<dyn Wire>)
        })
    }
}

struct Watched {
    socket: TcpStream,
    seen: Seen,
}

impl Watched {
    fn saw(&self, direction: u8, bytes: &[u8]) {
        let mut seen = self.seen.lock().unwrap();
        *seen = sha256(&[&*seen, &[direction], bytes]);
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.socket).poll_read(cx, buf));
        self.saw(0, &buf.filled()[before..]);
        Poll::Ready(read)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.socket).poll_write(cx, buf));
        if let Ok(length) = &written {
            self.saw(1, &buf[..*length]);
        }
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
