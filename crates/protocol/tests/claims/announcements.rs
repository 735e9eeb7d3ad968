//! Announcements and late slots of another place, or by another hand.

use watchfire_protocol::announcement::{LIMIT, LateSlot, SignedAnnouncement};
use watchfire_protocol::id::{AnnouncementHash, Epoch, NeighborhoodId, NetworkId, Tag, sha256};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::labels::Purpose;
use watchfire_protocol::wire::{Extension, Extensions, SignedError, WireError};

use crate::neighborhood::Town;
use crate::scene::{ELSEWHERE, key};

fn signed() -> (Place, SignedAnnouncement) {
    let mut town = Town::new();
    town.add(1, Some(11));
    (town.place, town.open().opened.announcement)
}

/// Signs whatever bytes stand in it.
fn resign(announcement: &mut SignedAnnouncement, place: &Place) {
    let hash = sha256(&[&announcement.keys, &announcement.slots]);
    let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, &hash];
    announcement.signature = key(11).sign(Purpose::Announcement, &fields);
}

#[test]
fn an_announcement_of_another_place_is_refused() {
    let (place, announcement) = signed();
    assert!(announcement.verify(&place).is_ok());
    for other in [
        Place { neighborhood: ELSEWHERE, ..place },
        Place { neighborhood: NeighborhoodId([9; 16]), ..place },
        Place { network: NetworkId([9; 32]), ..place },
    ] {
        assert_eq!(announcement.verify(&other), Err(SignedError::Signature));
        // Signed again for the other place, it still says where it belongs.
        let mut moved = announcement.clone();
        resign(&mut moved, &other);
        assert!(matches!(moved.verify(&other), Err(SignedError::Wire(WireError::Malformed(_)))));
    }
}

#[test]
fn an_announcement_with_a_bad_signature_or_another_signer_is_refused() {
    let (place, announcement) = signed();
    let mut other = announcement.clone();
    other.signer = key(21).public();
    assert_eq!(other.verify(&place), Err(SignedError::Signature));
    let mut other = announcement.clone();
    other.signature.0[0] ^= 1;
    assert_eq!(other.verify(&place), Err(SignedError::Signature));
    for at in (0..announcement.keys.len()).step_by(7) {
        let mut other = announcement.clone();
        other.keys[at] ^= 1;
        assert_eq!(other.verify(&place), Err(SignedError::Signature));
    }
    for at in 0..announcement.slots.len() {
        let mut other = announcement.clone();
        other.slots[at] ^= 1;
        assert_eq!(other.verify(&place), Err(SignedError::Signature));
    }
}

#[test]
fn the_boundary_between_the_two_bodies_does_not_move() {
    let (place, announcement) = signed();
    for (longer, shorter) in [(1, 0), (0, 1)] {
        let whole = [&announcement.keys[..], &announcement.slots].concat();
        let (a, b) = whole.split_at(announcement.keys.len() + longer - shorter);
        let moved = SignedAnnouncement { keys: a.to_vec(), slots: b.to_vec(), ..announcement.clone() };
        assert!(matches!(moved.verify(&place), Err(SignedError::Wire(_))));
    }
}

#[test]
fn an_epoch_of_zero_and_three_predecessors_are_refused() {
    let (place, announcement) = signed();
    let opened = announcement.verify(&place).unwrap();
    let again = |change: fn(&mut watchfire_protocol::announcement::Keys)| {
        let mut keys = opened.keys().clone();
        change(&mut keys);
        SignedAnnouncement::sign(&keys, opened.slots(), &key(11)).verify(&place)
    };
    assert!(again(|keys| keys.predecessors = vec![AnnouncementHash([1; 32]); 2]).is_ok());
    assert!(again(|keys| keys.predecessors = vec![AnnouncementHash([1; 32]); 3]).is_err());
    assert!(again(|keys| keys.epoch = Epoch::NONE).is_err());
    let critical = again(|keys| keys.extensions = Extensions(vec![Extension { tag: 1, bytes: vec![] }]));
    assert_eq!(critical, Err(SignedError::Wire(WireError::Newer)));
}

#[test]
fn a_newer_announcement_is_told_only_of_what_its_signer_signed() {
    let (place, mut announcement) = signed();
    announcement.keys[1] = 2;
    assert_eq!(announcement.verify(&place), Err(SignedError::Signature));
    resign(&mut announcement, &place);
    assert_eq!(announcement.verify(&place), Err(SignedError::Wire(WireError::Newer)));
}

#[test]
fn an_announcement_beyond_its_limit_is_refused_unread() {
    let found = LIMIT + 1;
    assert_eq!(SignedAnnouncement::from_bytes(&vec![0; found]), Err(WireError::TooLarge { found, limit: LIMIT }));
}

#[test]
fn a_late_slot_is_bound_to_its_announcement_tag_body_and_adder() {
    let late = LateSlot::sign(AnnouncementHash([1; 32]), Tag([2; 16]), Box::new([3; 2048]), &key(11));
    assert_eq!(late.verify(), Ok(()));
    for change in [
        |late: &mut LateSlot| late.announcement.0[0] ^= 1,
        |late: &mut LateSlot| late.tag.0[15] ^= 1,
        |late: &mut LateSlot| late.body[2047] ^= 1,
        |late: &mut LateSlot| late.signer = key(21).public(),
        |late: &mut LateSlot| late.signature.0[63] ^= 1,
    ] {
        let mut other = late.clone();
        change(&mut other);
        assert_eq!(other.verify(), Err(SignedError::Signature));
    }
}
