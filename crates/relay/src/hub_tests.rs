//! The tail: what followers find in it, and what it does not keep.

use futures_util::FutureExt;
use watchfire_protocol::id::{AnnouncementHash, CharterHash, NeighborhoodId, RestrictionsHash};

use super::*;

const PLACE: Place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) };

fn hub(records: usize, bytes: usize, all: usize) -> Hub {
    Hub::new(&Limits { tail_records: records, tail_bytes: bytes, tails_bytes: all, ..Limits::default() })
}

fn commit(hub: &Hub, position: u64, expires: u64) {
    commit_to(hub, PLACE, position, expires);
}

fn commit_to(hub: &Hub, place: Place, position: u64, expires: u64) {
    let bytes = vec![u8::try_from(position % 251).unwrap(); 1024].into();
    let record = StoredRecord { position, epoch: Epoch(1), expires: Timestamp(expires), bytes };
    hub.committed(&[Committed { place, log: Channel::Alerts, id: id(position), record }]);
}

fn id(position: u64) -> RecordId {
    RecordId([u8::try_from(position % 251).unwrap(); 16])
}

fn follower(hub: &Hub, place: Place) -> Follower {
    Follower::new(hub.neighborhood(place), Channel::Alerts).unwrap()
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
    for size in [1_usize, 100, 130, 1 << 10, 64 << 10] {
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
        assert_eq!(finish_record(Channel::Desk, 7, &vec![9; size]), finished, "{size}");
    }
}

#[test]
fn what_was_committed_before_anybody_followed_is_in_the_store() {
    let hub = hub(128, 1 << 20, 1 << 20);
    commit(&hub, 1, 100);
    let mut early = follower(&hub, PLACE);
    assert_eq!(found(&mut early), None);
    commit(&hub, 2, 100);
    assert_eq!(found(&mut early), None, "position 1 is not in the tail");
    early.cursor = 1;
    assert_eq!(found(&mut early), Some(vec![2]));
    early.cursor = 2;
    assert_eq!(found(&mut early), Some(Vec::new()));
    early.rest();
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
    second.cursor = 7;
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
        reader.cursor = 10 - kept;
        assert_eq!(found(&mut reader).map(|found| found.len()), Some(usize::try_from(kept).unwrap()));
        reader.cursor = 10 - kept - 1;
        assert_eq!(found(&mut reader), None);
        drop(reader);
        hub.sweep(Timestamp(0));
        assert_eq!(hub.bounds.used.load(Ordering::Relaxed), 0);
    }
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
    reader.cursor = 1;
    assert_eq!(found(&mut reader), Some(vec![2, 3]));
    hub.sweep(Timestamp(50));
    assert_eq!(found(&mut reader), Some(vec![3]));
    drop(reader);
    assert_eq!(held.followers(Channel::Alerts), 0);
    // Whoever comes next must not find a tail with a hole in it.
    commit(&hub, 4, 100);
    assert_eq!(used(), 0);
    let mut reader = follower(&hub, PLACE);
    reader.cursor = 3;
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
