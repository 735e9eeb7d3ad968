//! Bytes that claim more than they are.

use bincode::{Decode, Encode};
use watchfire_protocol::alert::{AlertBody, AlertsItem};
use watchfire_protocol::announcement::{Keys, SignedAnnouncement};
use watchfire_protocol::charter::{CharterBody, SignedCharter};
use watchfire_protocol::frame::{ClientFrame, FRAME_LIMIT, MAX_OBJECTS, Refusal, Request, ServerFrame};
use watchfire_protocol::id::{AnnouncementHash, Tag};
use watchfire_protocol::inbox::InboxItem;
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::roster::EventBody;
use watchfire_protocol::run::Object;
use watchfire_protocol::wire::{WireError, decode_exact, encode};

/// A length as the encoder writes it.
fn length(of: u64) -> Vec<u8> {
    encode(&of)
}

/// Lengths that no message has, up to the largest that can be written.
const CLAIMS: [u64; 6] = [200_000, 1 << 24, 1 << 31, 1 << 40, 1 << 63, u64::MAX];

#[track_caller]
fn assert_refused<T: Encode + Decode<()>>(bytes: &[u8]) {
    // Often: a claim that were believed would take longer than anybody waits, or all memory.
    for _ in 0..200 {
        assert!(matches!(decode_exact::<T>(bytes, FRAME_LIMIT), Err(WireError::Malformed(_))));
    }
}

#[test]
fn a_huge_claim_is_refused_wherever_there_is_a_list() {
    for claim in CLAIMS {
        let claim = length(claim);
        let after = |before: &[u8]| [before, &claim, &[0; 64]].concat();
        assert_refused::<SignedCharter>(&after(&[]));
        assert_refused::<SignedAnnouncement>(&after(&[]));
        assert_refused::<AlertsItem>(&after(&[0]));
        assert_refused::<AlertsItem>(&after(&[0, 0]));
        assert_refused::<AlertsItem>(&after(&[3]));
        assert_refused::<InboxItem>(&after(&[[0; 17].as_slice()].concat()));
        assert_refused::<ClientFrame>(&after(&[1, 5]));
        assert_refused::<ClientFrame>(&after(&[&[1, 11][..], &[0; 49]].concat()));
        assert_refused::<ClientFrame>(&after(&[&[1, 12][..], &[0; 33]].concat()));
        assert_refused::<ServerFrame>(&after(&[1, 4]));
        assert_refused::<ServerFrame>(&after(&[1, 4, 1]));
        assert_refused::<ServerFrame>(&after(&[1, 7, 1]));
        assert_refused::<ServerFrame>(&after(&[1, 16, 1]));
        assert_refused::<AlertBody>(&after(&[0; 16 + 1 + 32 + 1 + 32 + 32]));
        assert_refused::<NamesBlock>(&after(&[0; 34]));
        assert_refused::<CharterBody>(&after(&[0; 32 + 1 + 32 + 3]));
        assert_refused::<EventBody>(&after(&[&[0; 1 + 1 + 32 + 1][..], &[1], &[0; 16]].concat()));
        assert_refused::<Keys>(&after(&[0; 49]));
    }
}

#[test]
fn nested_claims_are_refused_together() {
    // A list of lists, each of which claims as much as may be claimed at all.
    for (outer, inner) in [(100_000, 1 << 20), (1 << 16, 1 << 16), (170_000, 24), (2, u64::MAX)] {
        let lists = length(inner).repeat(100);
        assert_refused::<ServerFrame>(&[&[1, 4][..], &length(outer), &lists].concat());
        assert_refused::<Vec<Vec<Vec<u64>>>>(&[length(outer), lists].concat());
    }
}

#[test]
fn a_list_of_empty_lists_is_bounded_by_the_frame() {
    let many = [&[1, 4][..], &length(90_000), &vec![0; 90_000], &[0]].concat();
    assert!(ServerFrame::from_bytes(&many).is_ok());
    let more = vec![0; FRAME_LIMIT + 1];
    assert_eq!(ServerFrame::from_bytes(&more), Err(WireError::TooLarge { found: FRAME_LIMIT + 1, limit: FRAME_LIMIT }));
    assert!(matches!(ClientFrame::from_bytes(&[&[1, 18][..], &more].concat()), Err((1, Refusal::Malformed(_)))));
}

#[test]
fn as_many_objects_as_may_be_staged_at_once_fit_a_frame() {
    let objects = vec![Object { tag: Tag([1; 16]), body: Box::new([2; 2048]) }; MAX_OBJECTS];
    let request = Request::Stage {
        announcement: AnnouncementHash([3; 32]),
        class: watchfire_protocol::frame::ObjectClass::Slot,
        objects,
    };
    let frame = ClientFrame { id: u32::MAX, request };
    assert_eq!(ClientFrame::from_bytes(&frame.to_bytes()), Ok(frame));
}
