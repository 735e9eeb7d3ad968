//! Writing: finished frames go to the socket itself; tungstenite reads, and writes only pongs. What it has written in
//! part must be flushed before, or the peer sees a torn stream.

use std::io::IoSlice;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, SinkExt};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::SemaphorePermit;
use tokio::time::timeout;
use watchfire_protocol::frame::{Reply, ServerFrame};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::record::Channel;

use super::{Connection, Ending};
use crate::hub::{Finished, Follower, Next, event, finish};
use crate::session::Access;
use crate::store::{PageLimit, Store};
use crate::unproved::{Seat, pushed_out};

/// What is read next for a peer that did not take a whole page.
const SMALL_PAGE: usize = 64 << 10;
/// Vectored writes take at most so many frames.
const SLICES: usize = 64;

impl<T, S> Connection<T, S>
where
    T: AsyncRead + AsyncWrite + Unpin,
    S: Store,
{
    /// Sends some of a page to a follower that is behind: as much as the peer takes, and at least one record.
    pub(super) async fn deliver(&mut self) -> Result<(), Ending> {
        let Some(Access { place, .. }) = self.session.access().cloned() else {
            return Ok(());
        };
        // In the order of the logs: alerts come first.
        let Some(at) = self.followers.iter().position(|each| each.as_ref().is_some_and(Follower::is_behind)) else {
            return Ok(());
        };
        let limit = PageLimit { items: self.core.limits.page_records, bytes: self.page };
        let now = self.core.clock.now();
        let core = Arc::clone(&self.core);
        let Some(follower) = self.followers.get_mut(at).and_then(Option::as_mut) else {
            return Ok(());
        };
        let log = follower.log();
        let mut permit = None;
        let (page, last) = match follower.next(limit.bytes) {
            Next::Frames(frames, last) => (frames, last),
            Next::Stored => {
                permit = core.pages.acquire().await.ok();
                let page = self.core.store.records(place, log, follower.cursor(), now, limit).await;
                let page = page.map_err(|_| Ending::Close(1011, "the relay cannot read"))?;
                (page.iter().map(|record| Finished::new(log, record)).collect(), page.is_empty())
            }
        };
        // A closed epoch's key reads what was there up to the switch.
        let newest = self.session.access().and_then(Access::epoch).unwrap_or(Epoch::NONE);
        let mut reached = follower.cursor();
        let (mut frames, mut positions) = (Vec::with_capacity(page.len()), Vec::with_capacity(page.len()));
        for frame in page {
            reached = frame.position;
            if frame.epoch <= newest && frame.expires > now {
                frames.push(frame.bytes);
                positions.push(frame.position);
            }
        }
        let all = frames.len();
        let written = self.write(frames, permit).await?;
        let whole = written == all;
        self.page = if whole { self.core.limits.page_bytes } else { SMALL_PAGE };
        let Some(follower) = self.followers.get_mut(at).and_then(Option::as_mut) else {
            return Ok(());
        };
        let last_written = written.checked_sub(1).and_then(|last| positions.get(last).copied());
        if let Some(reached) = if whole { Some(reached) } else { last_written } {
            follower.reach(reached);
        }
        if whole && last {
            follower.rest(newest);
        }
        let behind = follower.is_behind();
        let everything = follower.catching_up.filter(|last| !follower.is_behind() || follower.cursor() >= *last);
        if everything.is_some() {
            follower.catching_up = None;
            self.send(&event(Reply::CaughtUp { channel: log })).await?;
        }
        if behind {
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Whether a log that is followed from here on has nothing for this one yet. Then its caller says so, once.
    pub(super) fn has_all(&mut self, log: Channel) -> bool {
        let follower = self.followers.iter_mut().flatten().find(|follower| follower.log() == log);
        let begun = follower.filter(|follower| follower.catching_up.is_some() && follower.has_all());
        begun.is_some_and(|follower| follower.catching_up.take().is_some())
    }

    pub(super) async fn send(&mut self, frame: &ServerFrame) -> Result<(), Ending> {
        self.send_all(std::slice::from_ref(frame)).await
    }

    /// Sends a few frames in one write.
    pub(super) async fn send_all(&mut self, frames: &[ServerFrame]) -> Result<(), Ending> {
        let mut frames: Vec<_> = frames.iter().map(finish).collect();
        while !frames.is_empty() {
            let written = self.write(frames.clone(), None).await?;
            frames.drain(..written.min(frames.len()));
        }
        Ok(())
    }

    /// Writes finished frames for as long as the peer takes them, at least one, and says how many were written whole.
    ///
    /// When the socket is full, only the frame that is being written is kept: a slow reader must not keep a page in
    /// memory. The limit is on a stall, not on the whole: a slow line is slow.
    async fn write(
        &mut self,
        mut frames: Vec<Arc<[u8]>>,
        mut page: Option<SemaphorePermit<'_>>,
    ) -> Result<usize, Ending> {
        let stall = Duration::from_secs(self.core.limits.write_stall_seconds);
        let seat = self.unproved.as_ref();
        in_time(stall, seat, self.socket.flush()).await?.map_err(|_| Ending::Gone)?;
        let socket = self.socket.get_mut();
        let (mut whole, mut part) = (0, 0);
        while whole < frames.len() {
            let slices: Vec<IoSlice<'_>> = frames
                .iter()
                .skip(whole)
                .take(SLICES)
                .enumerate()
                .map(|(at, frame)| IoSlice::new(frame.get(if at == 0 { part } else { 0 }..).unwrap_or_default()))
                .collect();
            let at_once = socket.write_vectored(&slices).now_or_never();
            let written = match at_once {
                Some(written) => written,
                None => {
                    frames.truncate(whole + 1);
                    drop(page.take());
                    frames.shrink_to_fit();
                    let rest = frames.last().and_then(|frame| frame.get(part..)).unwrap_or_default();
                    in_time(stall, seat, socket.write(rest)).await?
                }
            };
            match written {
                Ok(0) | Err(_) => return Err(Ending::Gone),
                Ok(written) => part += written,
            }
            while let Some(frame) = frames.get(whole).filter(|frame| frame.len() <= part) {
                part -= frame.len();
                whole += 1;
            }
        }
        // TLS may have taken it and not sent it.
        in_time(stall, seat, socket.flush()).await?.map_err(|_| Ending::Gone)?;
        Ok(whole)
    }
}

/// What a peer that does not read ends: its patience, or another one's need of its place.
async fn in_time<F: Future>(stall: Duration, seat: Option<&Seat>, work: F) -> Result<F::Output, Ending> {
    let mut work = std::pin::pin!(work);
    // Most of the time there is nothing to wait for, so nothing that measures the time.
    if let Some(done) = work.as_mut().now_or_never() {
        return Ok(done);
    }
    tokio::select! {
        biased;
        done = timeout(stall, work) => done.map_err(|_| Ending::Gone),
        () = pushed_out(seat) => Err(Ending::Gone),
    }
}
