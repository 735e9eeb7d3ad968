//! The writing side of a TCP connection, which its task shares with whoever fans out: a finished frame goes to a
//! connection that waits without waking its task.
//!
//! Frames of both never lie within each other: what the task writes is followed from header to header, and nothing goes
//! past it in the middle of a frame. What the socket did not take whole is finished before anything else is written.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use rustix::net::Shutdown;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::meter::Frames;

/// A connection's socket.
#[derive(Debug)]
pub struct Line {
    socket: TcpStream,
    written: Mutex<Written>,
}

#[derive(Debug, Default)]
struct Written {
    /// Whether frames are written: not before the upgrade, and not after the close frame.
    open: bool,
    frames: Frames,
    /// What is left of a frame that went past the task, and how much of it is written.
    rest: Option<(Arc<[u8]>, usize)>,
}

/// How many frames a socket took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// All of them.
    All,
    /// So many, the last one perhaps in part: the connection's task must write the rest.
    Some(usize),
}

/// A socket whose writing side is shared.
#[derive(Debug)]
pub struct Shared(Arc<Line>);

impl Shared {
    pub(crate) fn new(socket: TcpStream) -> Self {
        Self(Arc::new(Line { socket, written: Mutex::default() }))
    }

    pub(crate) fn line(&self) -> Arc<Line> {
        Arc::clone(&self.0)
    }
}

impl Line {
    /// From here on frames are written.
    pub(crate) fn open(&self) {
        self.written().open = true;
    }

    /// From here on nothing goes past the task any more.
    pub(crate) fn close(&self) {
        self.written().open = false;
    }

    /// Writes frames as far as the socket takes them at once, unless its task is in the middle of a frame.
    pub(crate) fn send(&self, frames: &[Arc<[u8]>]) -> Sent {
        let mut written = self.written();
        if !written.open || written.rest.is_some() || !written.frames.at_boundary() {
            return Sent::Some(0);
        }
        let done = match frames {
            [frame] => self.socket.try_write(frame),
            _ => {
                let slices: Vec<IoSlice<'_>> = frames.iter().map(|frame| IoSlice::new(frame)).collect();
                self.socket.try_write_vectored(&slices)
            }
        };
        // What is wrong with the socket its task is told as well.
        let Ok(mut left) = done else { return Sent::Some(0) };
        for (at, frame) in frames.iter().enumerate() {
            if left >= frame.len() {
                left -= frame.len();
            } else if left == 0 {
                return Sent::Some(at);
            } else {
                written.rest = Some((Arc::clone(frame), left));
                return Sent::Some(at + 1);
            }
        }
        Sent::All
    }

    /// Writes what is left of a frame that went past the task.
    fn finish(&self, written: &mut Written, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some((frame, done)) = &mut written.rest {
            match self.socket.try_write(frame.get(*done..).unwrap_or_default()) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(count) => *done += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready!(self.socket.poll_write_ready(cx))?,
                Err(error) => return Poll::Ready(Err(error)),
            }
            if written.rest.as_ref().is_some_and(|(frame, done)| *done >= frame.len()) {
                written.rest = None;
            }
        }
        Poll::Ready(Ok(()))
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsyncRead for Shared {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.socket.poll_read_ready(cx))?;
            match self.0.socket.try_read(buf.initialize_unfilled()) {
                Ok(count) => {
                    buf.advance(count);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Shared {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut written = self.0.written();
        loop {
            ready!(self.0.finish(&mut written, cx))?;
            let done = match bufs {
                [one] => self.0.socket.try_write(one),
                _ => self.0.socket.try_write_vectored(bufs),
            };
            match done {
                Ok(count) => {
                    written.follow(bufs, count);
                    return Poll::Ready(Ok(count));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready!(self.0.socket.poll_write_ready(cx))?,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut written = self.0.written();
        self.0.finish(&mut written, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_flush(cx))?;
        Poll::Ready(rustix::net::shutdown(&self.0.socket, Shutdown::Write).map_err(Into::into))
    }
}

impl Written {
    /// Follows what the task has written.
    fn follow(&mut self, bufs: &[IoSlice<'_>], mut count: usize) {
        if !self.open {
            return;
        }
        for buf in bufs {
            let bytes = buf.get(..count.min(buf.len())).unwrap_or_default();
            self.frames.read(bytes);
            count -= bytes.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    async fn pair() -> (Shared, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (near, far) = tokio::join!(listener.accept(), TcpStream::connect(listener.local_addr().unwrap()));
        (Shared::new(near.unwrap().0), far.unwrap())
    }

    fn frame(payload: usize, with: u8) -> Arc<[u8]> {
        let length = u16::try_from(payload).unwrap().to_be_bytes();
        [vec![0x82, 126], length.to_vec(), vec![with; payload]].concat().into()
    }

    #[tokio::test]
    async fn nothing_goes_past_the_task_before_the_upgrade_in_the_middle_of_a_frame_or_after_the_end() {
        let (mut socket, mut far) = pair().await;
        let line = socket.line();
        let (own, other) = (frame(300, 1), frame(200, 2));
        assert_eq!(line.send(&[Arc::clone(&other)]), Sent::Some(0));
        line.open();
        for cut in [1, 3, 4, 100] {
            socket.write_all(&own[..cut]).await.unwrap();
            assert_eq!(line.send(&[Arc::clone(&other)]), Sent::Some(0), "{cut}");
            socket.write_all(&own[cut..]).await.unwrap();
            assert_eq!(line.send(&[Arc::clone(&other), Arc::clone(&other)]), Sent::All, "{cut}");
            let mut read = vec![0; own.len() + 2 * other.len()];
            far.read_exact(&mut read).await.unwrap();
            assert_eq!(read, [&own[..], &other, &other].concat());
        }
        line.close();
        assert_eq!(line.send(&[other]), Sent::Some(0));
    }

    #[tokio::test]
    async fn what_a_full_socket_took_in_part_is_finished_before_anything_else() {
        let (mut socket, mut far) = pair().await;
        let line = socket.line();
        line.open();
        let mut sent = Vec::new();
        loop {
            let frames: Vec<_> = (0..7).map(|with| frame(60_000, with)).collect();
            match line.send(&frames) {
                Sent::All => sent.extend(frames.concat()),
                Sent::Some(taken) => break sent.extend(frames[..taken].concat()),
            }
        }
        assert_eq!(line.send(&[frame(1, 9)]), Sent::Some(0));
        let own = frame(5, 8);
        sent.extend_from_slice(&own);
        let mut read = vec![0; sent.len()];
        let (written, _) = tokio::join!(socket.write_all(&own), far.read_exact(&mut read));
        written.unwrap();
        assert!(read == sent);
        assert_eq!(line.send(&[own]), Sent::All);
    }
}
