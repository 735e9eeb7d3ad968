//! The tail: what followers find in it, and what it does not keep.

use futures_util::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, NeighborhoodId, RestrictionsHash};

use super::*;
use crate::line::Shared;

const NOW: Timestamp = Timestamp(10);
const PLACE: Place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) };

fn hub(records: usize, bytes: usize, all: usize) -> Hub {
    Hub::new(
        &Limits { tail_records: records, tail_bytes: bytes, tails_bytes: all, ..Limits::default() },
        Clock::from_fn(|| NOW),
    )
}

fn commit(hub: &Hub, position: u64, expires: u64) {
    commit_to(hub, PLACE, position, expires);
}

fn commit_to(hub: &Hub, place: Place, position: u64, expires: u64) {
    let expires = Timestamp(expires);
    hub.committed(&[Committed {
        place,
        log: Channel::Alerts,
        id: id(position),
        record: StoredRecord { expires, ..record(position) },
    }]);
}

fn record(position: u64) -> StoredRecord {
    let bytes = vec![u8::try_from(position % 251).unwrap(); 1024].into();
    StoredRecord { position, epoch: Epoch(1), expires: Timestamp(100), bytes }
}

fn id(position: u64) -> RecordId {
    RecordId([u8::try_from(position % 251).unwrap(); 16])
}

fn follower(hub: &Hub, place: Place) -> Follower {
    Follower::new(hub.neighborhood(place), Channel::Alerts, None).unwrap()
}

/// Positions in the tail, or none if they are in the store.
fn found(follower: &mut Follower) -> Option<Vec<u64>> {
    match follower.next(usize::MAX) {
        Next::Frames(frames, _) => Some(frames.iter().map(|frame| frame.position).collect()),
        Next::Stored => None,
    }
}

#[test]
fn a_finished_frame_is_one_whole_binary_message() {
    for size in [0_usize, 1, 100, 110, 120, 130, 1 << 10, 65_520, 65_530, 64 << 10, 200_000] {
        let frame = event(Reply::Record { channel: Channel::Desk, position: 7, record: vec![9; size] });
        let payload = frame.to_bytes();
        let finished = finish(&frame);
        assert_eq!(finished[0], 0x82);
        let (length, header) = match finished[1] {
            126 => (usize::from(u16::from_be_bytes([finished[2], finished[3]])), 4),
            127 => (usize::try_from(u64::from_be_bytes(finished[2..10].try_into().unwrap())).unwrap(), 10),
            short => (usize::from(short), 2),
        };
        assert_eq!((length, &finished[header..]), (payload.len(), &payload[..]), "{size}");
        let mut theirs = Vec::new();
        Frame::message(payload, OpCode::Data(Data::Binary), true).format(&mut theirs).unwrap();
        assert!(*finished == *theirs, "{size}");
        assert_eq!(finish_record(Channel::Desk, 7, &vec![9; size]), finished, "{size}");
    }
}

/// A follower that waits, with a line, and its peer.
async fn waiting(hub: &Hub) -> (Follower, Shared, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (near, far) = tokio::join!(listener.accept(), TcpStream::connect(listener.local_addr().unwrap()));
    let socket = Shared::new(near.unwrap().0);
    socket.line().open();
    let line = Some(socket.line());
    let mut follower = Follower::new(hub.neighborhood(PLACE), Channel::Alerts, line).unwrap();
    follower.learn(0, Seek { at: None, last: 0 });
    assert_eq!(found(&mut follower), Some(Vec::new()));
    follower.rest(Epoch(1));
    (follower, socket, far.unwrap())
}

async fn is_read(far: &mut TcpStream, positions: &[u64]) {
    for position in positions {
        let expected = finish_record(Channel::Alerts, *position, &record(*position).bytes);
        let mut read = vec![0; expected.len()];
        far.read_exact(&mut read).await.unwrap();
        assert!(*read == *expected, "{position}");
    }
}

#[tokio::test]
async fn what_is_new_is_written_past_whoever_waits_in_order_and_wakes_nobody() {
    let hub = hub(128, 1 << 20, 1 << 20);
    let mut waiting: Vec<_> = [waiting(&hub).await, waiting(&hub).await].into();
    for first in [1, 4, 7] {
        (first..first + 3).for_each(|position| commit(&hub, position, 100));
        for (follower, _, far) in &mut waiting {
            is_read(far, &[first, first + 1, first + 2]).await;
            assert_eq!((follower.cursor(), follower.changed().now_or_never()), (first + 2, None));
        }
    }
}

#[tokio::test]
async fn what_is_not_for_whoever_waits_or_comes_while_its_task_sends_is_its_tasks_part() {
    let hub = hub(128, 1 << 20, 1 << 20);
    let (mut follower, _socket, mut far) = waiting(&hub).await;
    commit(&hub, 1, 100);
    is_read(&mut far, &[1]).await;
    // Of a later epoch than it proved.
    let later = StoredRecord { epoch: Epoch(2), ..record(2) };
    hub.committed(&[Committed { place: PLACE, log: Channel::Alerts, id: id(2), record: later }]);
    follower.changed().await;
    assert_eq!((follower.cursor(), found(&mut follower)), (1, Some(vec![2])));
    // Its task has not said that it rests.
    commit(&hub, 3, 100);
    follower.changed().await;
    assert_eq!((follower.cursor(), found(&mut follower)), (1, Some(vec![2, 3])));
    follower.reach(3);
    follower.rest(Epoch(2));
    commit(&hub, 4, NOW.0);
    follower.changed().await;
    assert_eq!((follower.cursor(), found(&mut follower)), (3, Some(vec![4])));
    follower.reach(4);
    follower.rest(Epoch(2));
    commit(&hub, 5, 100);
    is_read(&mut far, &[5]).await;
}

#[tokio::test]
async fn whoever_waits_and_reads_nothing_is_woken_when_the_socket_is_full_and_misses_nothing() {
    let hub = hub(1 << 20, 1 << 30, 1 << 30);
    let (mut follower, mut socket, mut far) = waiting(&hub).await;
    let mut last = 0;
    while follower.changed().now_or_never().is_none() {
        last += 1;
        commit(&hub, last, 100);
        yield_now().await;
    }
    let taken = follower.cursor();
    assert!(taken <= last);
    let Next::Frames(frames, true) = follower.next(usize::MAX) else { panic!("all is in the tail") };
    let rest: Vec<u8> = frames.iter().flat_map(|frame| frame.bytes.to_vec()).collect();
    let reading = async {
        for position in 1..=last {
            is_read(&mut far, &[position]).await;
        }
    };
    let writing = async {
        socket.write_all(&rest).await.unwrap();
        // Where nothing is left to write, this finishes what was taken in part.
        socket.flush().await.unwrap();
    };
    tokio::join!(reading, writing);
}

#[test]
fn what_was_committed_before_anybody_followed_is_in_the_store() {
    let hub = hub(128, 1 << 20, 1 << 20);
    commit(&hub, 1, 100);
    let mut early = follower(&hub, PLACE);
    assert_eq!(found(&mut early), None);
    commit(&hub, 2, 100);
    assert_eq!(found(&mut early), None, "position 1 is not in the tail");
    early.reach(1);
    assert_eq!(found(&mut early), Some(vec![2]));
    early.reach(2);
    assert_eq!(found(&mut early), Some(Vec::new()));
    early.rest(Epoch(1));
    assert!(!early.is_behind() && early.changed().now_or_never().is_none());
    commit(&hub, 9, 100);
    assert_eq!(early.changed().now_or_never(), Some(()));
    assert!(early.is_behind());
    assert_eq!(found(&mut early), Some(vec![9]));
}

#[test]
fn what_one_has_looked_up_others_need_not_look_up_until_more_comes_or_a_sweep() {
    let hub = hub(128, 1 << 20, 1 << 20);
    let (mut first, mut second) = (follower(&hub, PLACE), follower(&hub, PLACE));
    assert_eq!(first.known(7), None);
    let seek = Seek { at: Some(id(7)), last: 7 };
    // An old position says nothing of what comes after it.
    first.learn(3, Seek { at: Some(id(3)), last: 7 });
    assert_eq!((first.known(3), found(&mut first)), (None, None));
    first.learn(7, seek);
    assert_eq!((second.known(7), second.known(6)), (Some(seek), None));
    second.reach(7);
    assert_eq!(found(&mut second), Some(Vec::new()), "the store need not be asked for more");
    commit(&hub, 8, 100);
    assert_eq!((second.known(7), second.known(8)), (None, Some(Seek { at: Some(id(8)), last: 8 })));
    assert_eq!(found(&mut second), Some(vec![8]));
    // Whoever looked before the last record came has nothing to tell.
    first.learn(7, seek);
    assert_eq!(second.known(7), None);
    hub.sweep(Timestamp(100));
    assert_eq!(second.known(8), None, "it may be forgotten");
    first.learn(8, Seek { at: None, last: 8 });
    assert_eq!(second.known(8), Some(Seek { at: None, last: 8 }));
    hub.sweep(Timestamp(101));
    assert_eq!(second.known(8), None);
}

#[test]
fn a_tail_is_bounded_by_records_by_bytes_and_by_all_tails_together() {
    for (hub, kept) in [(hub(3, 1 << 20, 1 << 20), 3), (hub(99, 4300, 1 << 20), 4), (hub(99, 1 << 20, 2100), 2)] {
        let mut reader = follower(&hub, PLACE);
        for position in 1..=10 {
            commit(&hub, position, 100);
        }
        assert_eq!(found(&mut reader), None);
        reader.reach(10 - kept);
        assert_eq!(found(&mut reader).map(|found| found.len()), Some(usize::try_from(kept).unwrap()));
        reader.reach(10 - kept - 1);
        assert_eq!(found(&mut reader), None);
        drop(reader);
        hub.sweep(Timestamp(0));
        assert_eq!(hub.bounds.used.load(Ordering::Relaxed), 0);
    }
}

#[test]
fn what_others_hold_does_not_take_what_is_new_out_of_a_quiet_tail() {
    let place = |number| Place { neighborhood: NeighborhoodId([number; 16]), ..PLACE };
    let used = |hub: &Hub| hub.bounds.used.load(Ordering::Relaxed);
    // One that is full of what all have had, and a quiet one.
    let full = hub(99, 1 << 20, 10_500);
    let (mut busy, mut quiet) = (follower(&full, place(3)), follower(&full, PLACE));
    (1..=10).for_each(|position| commit_to(&full, place(3), position, 100));
    commit(&full, 1, 100);
    assert_eq!(found(&mut quiet), Some(vec![1]));
    busy.reach(5);
    assert_eq!(found(&mut busy), Some(vec![6, 7, 8, 9, 10]), "the older half was forgotten");
    busy.reach(4);
    assert_eq!(found(&mut busy), None, "and is in the store");
    // So many that one record each is too much: whoever has something new is the one who keeps it.
    let crowd = hub(99, 1 << 20, 3_500);
    let mut followers: Vec<_> = (1..=9).map(|number| follower(&crowd, place(number))).collect();
    for (number, follower) in (1..=9).zip(&mut followers) {
        commit_to(&crowd, place(number), 1, 100);
        assert_eq!(found(follower), Some(vec![1]));
        assert!(used(&crowd) <= 3_500);
    }
    // Nobody reads as if there had been nothing.
    assert!(followers.iter_mut().any(|follower| found(follower).is_none()));
    drop((followers, busy, quiet));
    full.sweep(Timestamp(0));
    crowd.sweep(Timestamp(0));
    assert_eq!((used(&full), used(&crowd)), (0, 0));
}

#[test]
fn nothing_is_kept_that_nobody_follows_or_that_has_expired() {
    let hub = hub(99, 1 << 20, 1 << 20);
    let used = || hub.bounds.used.load(Ordering::Relaxed);
    let held = hub.neighborhood(PLACE);
    commit(&hub, 1, 100);
    assert_eq!(used(), 0);
    let mut reader = follower(&hub, PLACE);
    assert_eq!(held.followers(Channel::Alerts), 1);
    commit(&hub, 2, 50);
    commit(&hub, 3, 100);
    reader.reach(1);
    assert_eq!(found(&mut reader), Some(vec![2, 3]));
    hub.sweep(Timestamp(50));
    assert_eq!(found(&mut reader), Some(vec![3]));
    drop(reader);
    assert_eq!(held.followers(Channel::Alerts), 0);
    // Whoever comes next must not find a tail with a hole in it.
    commit(&hub, 4, 100);
    assert_eq!(used(), 0);
    let mut reader = follower(&hub, PLACE);
    reader.reach(3);
    assert_eq!(found(&mut reader), None);
}

#[test]
fn a_page_from_the_tail_ends_near_its_limit() {
    let hub = hub(99, 1 << 20, 1 << 20);
    let mut reader = follower(&hub, PLACE);
    for position in 1..=10 {
        commit(&hub, position, 100);
    }
    for (bytes, count, are_all) in [(2500, 3, false), (1, 1, false), (usize::MAX, 10, true)] {
        let Next::Frames(frames, all) = reader.next(bytes) else { panic!("all is in the tail") };
        assert_eq!((frames.len(), all), (count, are_all));
    }
}

#[test]
fn neighborhoods_share_no_tail_and_are_forgotten_when_nobody_is_there() {
    let hub = hub(99, 1 << 20, 1 << 20);
    let elsewhere = Place { neighborhood: NeighborhoodId([3; 16]), ..PLACE };
    let mut here = follower(&hub, PLACE);
    let mut there = follower(&hub, elsewhere);
    commit_to(&hub, elsewhere, 1, 100);
    assert_eq!((found(&mut here), found(&mut there)), (None, Some(vec![1])));
    assert_eq!(hub.connected(PLACE.network).len(), 2);
    drop(here);
    assert_eq!(hub.connected(PLACE.network), [elsewhere]);
    drop(there);
    hub.sweep(Timestamp(0));
    assert!(lock(&hub.places).is_empty());
}

#[test]
fn a_change_of_standing_is_told_to_whoever_is_connected() {
    let hub = hub(1, 1, 1);
    let standing = Standing {
        charter_version: 2,
        charter: CharterHash([1; 32]),
        epoch: Epoch(3),
        announcement: AnnouncementHash([4; 32]),
        complete: true,
        restrictions: RestrictionsHash::ZERO,
    };
    hub.tell(PLACE, standing);
    let neighborhood = hub.neighborhood(PLACE);
    let mut told = neighborhood.standing();
    assert!(told.changed().now_or_never().is_none());
    hub.tell(PLACE, standing);
    assert!(told.changed().now_or_never().is_some());
    assert_eq!(*told.borrow(), Some(standing));
}
