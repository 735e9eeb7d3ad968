//! Counts bytes, and WebSocket frames as they come in, before they are put together: tungstenite hands over messages, and
//! would take any number of empty fragments and pings for one.
//!
//! Above the pace, reading waits, so whoever sends too much fills their own socket. Too many fragments of one message
//! are an error.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::limit::{Budget, Limits};

/// A socket whose incoming frames are counted.
pub(crate) struct Metered<T> {
    socket: T,
    frames: Frames,
    /// Set from the upgrade on: before it there are no frames.
    counting: bool,
    /// In microseconds.
    frame_budget: Budget,
    /// In nanoseconds: there are many bytes in a second.
    byte_budget: Budget,
    fragments: u32,
    started: Instant,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<T> Metered<T> {
    pub(crate) fn new(socket: T, limits: &Limits) -> Self {
        let between_frames = 1_000_000 / u64::from(limits.frames_per_second.max(1));
        let between_bytes = 1_000_000_000 / limits.bytes_per_second.max(1);
        Self {
            socket,
            frames: Frames::default(),
            counting: false,
            frame_budget: Budget::new(u64::from(limits.frames_burst), between_frames),
            byte_budget: Budget::new(limits.bytes_burst, between_bytes),
            fragments: limits.fragments,
            started: Instant::now(),
            waiting: None,
        }
    }

    pub(crate) fn start_counting(&mut self) {
        self.counting = true;
    }

    /// Spends what came in, and says how long to wait for more.
    fn spend(&mut self, frames: u64, bytes: usize) -> Duration {
        let elapsed = self.started.elapsed();
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let nanos = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        self.frame_budget.spend(frames, micros);
        self.byte_budget.spend(u64::try_from(bytes).unwrap_or(u64::MAX), nanos);
        let for_frames = Duration::from_micros(self.frame_budget.wait(micros));
        for_frames.max(Duration::from_nanos(self.byte_budget.wait(nanos)))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Metered<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some(waiting) = &mut this.waiting {
            ready!(waiting.as_mut().poll(cx));
            this.waiting = None;
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.socket).poll_read(cx, buf))?;
        if this.counting {
            let bytes = buf.filled().get(before..).unwrap_or_default();
            let (seen, bytes) = (this.frames.read(bytes), bytes.len());
            if this.frames.unfinished > this.fragments {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "too many fragments")));
            }
            let wait = this.spend(seen, bytes);
            if !wait.is_zero() {
                this.waiting = Some(Box::pin(sleep_until(Instant::now() + wait)));
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Metered<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().socket).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().socket).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}

/// Follows frame headers (RFC 6455, section 5.2) through a stream of bytes.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    header: [u8; 14],
    have: usize,
    payload_left: u64,
    /// Frames since the last one that ended a message.
    unfinished: u32,
}

impl Frames {
    /// Reads on, and says how many headers were completed.
    pub(crate) fn read(&mut self, mut bytes: &[u8]) -> u64 {
        let mut seen = 0;
        while !bytes.is_empty() {
            if self.payload_left > 0 {
                let skip = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(bytes.len());
                self.payload_left -= u64::try_from(skip).unwrap_or(self.payload_left);
                bytes = bytes.get(skip..).unwrap_or_default();
                continue;
            }
            let Some((first, rest)) = bytes.split_first() else {
                break;
            };
            bytes = rest;
            if let Some(slot) = self.header.get_mut(self.have) {
                *slot = *first;
                self.have += 1;
            }
            if let Some(payload) = self.complete() {
                let [flags, ..] = self.header;
                let (last, control) = (flags & 0x80 != 0, flags & 0x08 != 0);
                match (last, control) {
                    (_, true) => {}
                    (true, false) => self.unfinished = 0,
                    (false, false) => self.unfinished = self.unfinished.saturating_add(1),
                }
                self.have = 0;
                self.payload_left = payload;
                seen += 1;
            }
        }
        seen
    }

    /// Whether what was read ends with a whole frame.
    pub(crate) const fn at_boundary(&self) -> bool {
        self.have == 0 && self.payload_left == 0
    }

    /// The payload's length, once the header is whole.
    fn complete(&self) -> Option<u64> {
        let [_, second, rest @ ..] = self.header;
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = rest;
        let (length, extended) = match second & 0x7f {
            126 => (u64::from(u16::from_be_bytes([b0, b1])), 2),
            127 => (u64::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7]), 8),
            short => (u64::from(short), 0),
        };
        (self.have >= 2 && self.have == 2 + extended + mask).then_some(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(flags: u8, payload: usize) -> Vec<u8> {
        let mut out = vec![flags];
        match payload {
            0..126 => out.push(0x80 | u8::try_from(payload).unwrap()),
            126..65536 => {
                out.push(0x80 | 126);
                out.extend_from_slice(&u16::try_from(payload).unwrap().to_be_bytes());
            }
            _ => {
                out.push(0x80 | 127);
                out.extend_from_slice(&u64::try_from(payload).unwrap().to_be_bytes());
            }
        }
        out.extend_from_slice(&[0xff; 4]);
        out.resize(out.len() + payload, 0x82);
        out
    }

    #[test]
    fn frames_are_counted_however_their_bytes_arrive() {
        let stream = [frame(0x82, 5), frame(0x89, 0), frame(0x82, 300), frame(0x82, 70_000), frame(0x8a, 125)].concat();
        for chunk in [1, 2, 7, 4096, stream.len()] {
            let mut frames = Frames::default();
            let seen: u64 = stream.chunks(chunk).map(|bytes| frames.read(bytes)).sum();
            assert_eq!((seen, frames.payload_left, frames.have), (5, 0, 0), "{chunk}");
        }
    }

    #[test]
    fn fragments_add_up_until_the_message_ends_and_pings_between_them_do_not_count() {
        let mut frames = Frames::default();
        frames.read(&[frame(0x02, 0), frame(0x00, 0), frame(0x89, 3), frame(0x00, 1)].concat());
        assert_eq!(frames.unfinished, 3);
        frames.read(&frame(0x80, 0));
        assert_eq!(frames.unfinished, 0);
    }
}
