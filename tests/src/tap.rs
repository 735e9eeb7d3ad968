//! A tap on the wire between clients and a relay: everything is passed on, and kept as the relay reads it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// One direction of one connection.
type Stream = Arc<Mutex<Vec<u8>>>;

/// A listener that passes everything on.
pub struct Tap {
    pub address: SocketAddr,
    to_relay: Arc<Mutex<Vec<Stream>>>,
    to_clients: Arc<Mutex<Vec<Stream>>>,
}

impl Tap {
    /// Listens until the process ends.
    pub fn on(relay: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let tap = Self { address, to_relay: Arc::default(), to_clients: Arc::default() };
        let (to_relay, to_clients) = (Arc::clone(&tap.to_relay), Arc::clone(&tap.to_clients));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { continue };
                let Ok(server) = TcpStream::connect(relay) else { continue };
                pass(client.try_clone().unwrap(), server.try_clone().unwrap(), &to_relay);
                pass(server, client, &to_clients);
            }
        });
        tap
    }

    /// How many bytes went up and down until now, as they were on the wire.
    pub fn counted(&self) -> (usize, usize) {
        let sum = |streams: &Arc<Mutex<Vec<Stream>>>| {
            streams.lock().unwrap().iter().map(|stream| stream.lock().unwrap().len()).sum::<usize>()
        };
        (sum(&self.to_relay), sum(&self.to_clients))
    }

    /// What the relay received, WebSocket masks taken off, and what it sent.
    pub fn heard(&self) -> Vec<Vec<u8>> {
        let copy = |streams: &Arc<Mutex<Vec<Stream>>>| -> Vec<Vec<u8>> {
            streams.lock().unwrap().iter().map(|stream| stream.lock().unwrap().clone()).collect()
        };
        copy(&self.to_relay).iter().map(|raw| unmask(raw)).chain(copy(&self.to_clients)).collect()
    }
}

/// A listener that passes everything on, and cuts a connection in the middle when it is told to.
pub struct Cutter {
    pub address: SocketAddr,
    /// After so many more bytes towards the relay on one connection, that connection is cut. Zero: none is.
    left: Arc<AtomicUsize>,
    cuts: Arc<AtomicUsize>,
}

impl Cutter {
    /// Listens until the process ends.
    pub fn on(relay: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let cutter = Self { address: listener.local_addr().unwrap(), left: Arc::default(), cuts: Arc::default() };
        let (left, cuts) = (Arc::clone(&cutter.left), Arc::clone(&cutter.cuts));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { continue };
                let Ok(server) = TcpStream::connect(relay) else { continue };
                let kept = Arc::default();
                pass(server.try_clone().unwrap(), client.try_clone().unwrap(), &kept);
                let (left, cuts) = (Arc::clone(&left), Arc::clone(&cuts));
                std::thread::spawn(move || pass_until_cut(client, server, &left, &cuts));
            }
        });
        cutter
    }

    /// Cuts the next connection that sends so many bytes.
    pub fn cut_after(&self, bytes: usize) {
        self.left.store(bytes, Ordering::SeqCst);
    }

    /// How often a connection was cut.
    pub fn cuts(&self) -> usize {
        self.cuts.load(Ordering::SeqCst)
    }
}

fn pass_until_cut(mut from: TcpStream, mut to: TcpStream, left: &AtomicUsize, cuts: &AtomicUsize) {
    let (mut buffer, mut sent) = ([0; 4 << 10], 0);
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        sent += length;
        let limit = left.load(Ordering::SeqCst);
        if limit > 0 && sent >= limit && left.compare_exchange(limit, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            cuts.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = (to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both));
}

fn pass(mut from: TcpStream, mut to: TcpStream, kept: &Arc<Mutex<Vec<Stream>>>) {
    let stream = Stream::default();
    kept.lock().unwrap().push(Arc::clone(&stream));
    std::thread::spawn(move || {
        let mut buffer = [0; 16 << 10];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            stream.lock().unwrap().extend_from_slice(&buffer[..length]);
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

/// The HTTP request as it is, and the payloads of the frames after it (RFC 6455, section 5.2).
fn unmask(raw: &[u8]) -> Vec<u8> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
    let mut out = raw[..end].to_vec();
    let mut rest = &raw[end..];
    while rest.len() >= 2 {
        let (length, header) = match rest[1] & 0x7f {
            126 if rest.len() >= 4 => (usize::from(u16::from_be_bytes([rest[2], rest[3]])), 4),
            127 if rest.len() >= 10 => {
                (usize::try_from(u64::from_be_bytes(rest[2..10].try_into().unwrap())).unwrap(), 10)
            }
            short @ 0..126 => (usize::from(short), 2),
            _ => break,
        };
        assert_eq!(rest[1] & 0x80, 0x80, "a client masks every frame");
        let Some(mask) = rest.get(header..header + 4) else { break };
        let Some(payload) = rest.get(header + 4..header + 4 + length) else { break };
        out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        rest = &rest[header + 4 + length..];
    }
    out
}
