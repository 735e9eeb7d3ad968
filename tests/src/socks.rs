//! A small SOCKS5 proxy (RFC 1928 and 1929) that knows one way only, writes down who comes with what and wants to go where,
//! and can be told to stop people.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Somebody who came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub user: String,
    pub password: String,
    /// The name or address that was wanted, as it was sent.
    pub host: String,
    pub port: u16,
}

/// What the proxy does with people.
#[derive(Clone, Copy)]
pub enum Manner {
    /// Leads everybody to one address, wherever they want to go.
    Leads(SocketAddr),
    /// Takes no password.
    RefusesPasswords,
    /// Answers with an error of the protocol.
    Stops(u8),
}

/// It runs until the test ends.
pub struct Socks {
    pub address: SocketAddr,
    visits: Arc<Mutex<Vec<Visit>>>,
}

impl Socks {
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let visits = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&visits);
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || serve(socket, manner, &seen));
            }
        });
        Self { address, visits }
    }

    /// As people name it.
    pub fn url(&self) -> String {
        format!("socks5h://{}", self.address)
    }

    /// Who came since this was last asked.
    pub fn visits(&self) -> Vec<Visit> {
        std::mem::take(&mut self.visits.lock().unwrap())
    }
}

fn serve(mut socket: TcpStream, manner: Manner, seen: &Mutex<Vec<Visit>>) -> io::Result<()> {
    const PASSWORD: u8 = 2;
    let [5, methods] = read(&mut socket)? else { return Ok(()) };
    let mut offered = vec![0; usize::from(methods)];
    socket.read_exact(&mut offered)?;
    if !offered.contains(&PASSWORD) {
        return socket.write_all(&[5, 0xff]);
    }
    socket.write_all(&[5, PASSWORD])?;
    let [1] = read(&mut socket)? else { return Ok(()) };
    let (user, password) = (text(&mut socket)?, text(&mut socket)?);
    if matches!(manner, Manner::RefusesPasswords) {
        return socket.write_all(&[1, 1]);
    }
    socket.write_all(&[1, 0])?;
    let [5, 1, 0, kind] = read(&mut socket)? else { return Ok(()) };
    let host = match kind {
        1 => std::net::Ipv4Addr::from(read::<4>(&mut socket)?).to_string(),
        4 => std::net::Ipv6Addr::from(read::<16>(&mut socket)?).to_string(),
        _ => text(&mut socket)?,
    };
    let port = u16::from_be_bytes(read(&mut socket)?);
    seen.lock().unwrap().push(Visit { user, password, host, port });
    let answer = |code: u8| [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
    let to = match manner {
        Manner::Stops(code) => return socket.write_all(&answer(code)),
        Manner::Leads(to) => TcpStream::connect(to)?,
        Manner::RefusesPasswords => return Ok(()),
    };
    socket.write_all(&answer(0))?;
    let (from_relay, to_client) = (to.try_clone()?, socket.try_clone()?);
    std::thread::spawn(move || pass_on(from_relay, to_client));
    pass_on(socket, to);
    Ok(())
}

fn read<const N: usize>(socket: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    socket.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A length in one byte, and so much text.
fn text(socket: &mut TcpStream) -> io::Result<String> {
    let [length] = read(socket)?;
    let mut bytes = vec![0; usize::from(length)];
    socket.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
