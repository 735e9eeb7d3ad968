//! The limit: one thread that writes a finished frame to one socket after the other. It checks nothing and keeps nothing.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use socket2::{Domain, Socket, Type};
use watchfire_protocol::frame::{ClientFrame, Reply, Request, ServerFrame};
use watchfire_protocol::record::Channel;

use crate::Outcome;
use crate::frame::{first, head_end, unmasked};

/// As the relay has them.
const BACKLOG: i32 = 4096;
const SEND_BUFFER: usize = 64 << 10;

/// Who follows which group. Whoever writes holds it: there is one loop.
type Groups = Arc<Mutex<HashMap<String, Vec<TcpStream>>>>;

/// Serves until it is killed. Its address is the first line that it prints.
pub(crate) fn serve() -> Outcome<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
    socket.listen(BACKLOG)?;
    let listener: std::net::TcpListener = socket.into();
    println!("{}", listener.local_addr()?);
    let groups = Groups::default();
    for socket in listener.incoming() {
        // Whoever goes away in the middle is no reason to end.
        let Ok((socket, path)) = socket.map_err(Into::into).and_then(upgraded) else { continue };
        match path.split_once('/') {
            Some(("follow", group)) => {
                let mut groups = groups.lock().unwrap_or_else(PoisonError::into_inner);
                groups.entry(group.to_owned()).or_default().push(socket);
            }
            Some(("publish", group)) => {
                let (groups, group) = (Arc::clone(&groups), group.to_owned());
                thread::spawn(move || {
                    publish(socket, &group, &groups).map_err(|error| eprintln!("plain loop: {error}"))
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn upgraded(mut socket: TcpStream) -> Outcome<(TcpStream, String)> {
    socket.set_nodelay(true)?;
    let (mut head, mut some) = (Vec::new(), [0; 1024]);
    while head_end(&head).is_none() {
        let count = socket.read(&mut some)?;
        head.extend_from_slice(some.get(..count).filter(|some| !some.is_empty()).ok_or("went away")?);
    }
    socket.write_all(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")?;
    let head = String::from_utf8_lossy(&head);
    let path = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
    Ok((socket, path))
}

fn publish(mut socket: TcpStream, group: &str, groups: &Groups) -> Outcome<()> {
    let (mut read, mut some, mut position) = (Vec::new(), [0; 4096], 0);
    loop {
        let Some((_, payload, end)) = first(&read) else {
            let count = socket.read(&mut some)?;
            if count == 0 {
                return Ok(());
            }
            read.extend_from_slice(some.get(..count).unwrap_or_default());
            continue;
        };
        let frame = ClientFrame::from_bytes(payload).map_err(|(_, refusal)| format!("{refusal:?}"))?;
        read.drain(..end);
        let Request::Append { record } = frame.request else { continue };
        position += 1;
        let event = ServerFrame { id: 0, reply: Reply::Record { channel: Channel::Alerts, position, record } };
        let bytes = unmasked(&event.to_bytes());
        let mut groups = groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(followers) = groups.get_mut(group) {
            // Whoever is gone is forgotten.
            followers.retain_mut(|follower| follower.write_all(&bytes).is_ok());
        }
        drop(groups);
        let reply = Reply::Appended { position, followers: 0 };
        socket.write_all(&unmasked(&ServerFrame { id: frame.id, reply }.to_bytes()))?;
    }
}
