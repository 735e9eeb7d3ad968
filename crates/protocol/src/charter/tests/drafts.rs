//! What is said of a draft while it is passed around.

use super::super::testing::{admin, admins, founded, genesis, resign, signed, successor};
use super::super::{CharterBody, CharterError, Draft, Flaw, SignedCharter, genesis_network, judge, judge_draft};
use super::{newer_bodies, two_of_three};
use crate::id::{CharterHash, NetworkId};
use crate::sign::Signature;
use crate::time::DAY;

fn judged(held: &super::super::Charter, body: &CharterBody, by: impl IntoIterator<Item = u8>) -> Draft {
    judge_draft(held, &signed(body, by)).unwrap()
}

#[test]
fn a_draft_tells_how_many_signatures_it_lacks_and_whose_would_help() {
    let held = two_of_three();
    let body = successor(&held);
    let missing = |by: &[u8]| judged(&held, &body, by.iter().copied()).missing();
    assert_eq!([missing(&[]), missing(&[1]), missing(&[1, 2]), missing(&[0, 1, 2])], [2, 1, 0, 0]);
    let one = judged(&held, &body, [1]);
    let mut others = admins([0, 2]);
    others.sort_unstable();
    assert_eq!(one.awaited(), others);
    assert!(one.may_sign(&admin(0).public()) && !one.may_sign(&admin(1).public()));
    assert!(!one.may_sign(&admin(7).public()));
    assert!(judged(&held, &body, [0, 1]).awaited().is_empty());
    assert!(judge(Some(&held), &signed(&body, [0, 1])).is_ok());
}

#[test]
fn who_is_an_admin_of_both_versions_counts_for_both() {
    // One of one becomes two of two: whoever was there, and whoever comes.
    let held = founded(1, 1);
    let mut body = successor(&held);
    body.admins = admins([0, 1]);
    body.threshold = 2;
    assert_eq!(judged(&held, &body, []).missing(), 2);
    assert_eq!(judged(&held, &body, [0]).missing(), 1);
    assert_eq!(judged(&held, &body, [0]).awaited(), admins([1]));
    assert_eq!(judged(&held, &body, [1]).missing(), 1);
    assert_eq!(judged(&held, &body, [1]).awaited(), admins([0]));
    // Two of three become two others and one that stays: three signatures at the least, the middle one in both.
    let held = two_of_three();
    let mut body = successor(&held);
    body.admins = admins([2, 3, 4]);
    assert!([0, 2, 4].iter().all(|number| judged(&held, &body, []).may_sign(&admin(*number).public())));
    assert_eq!(judged(&held, &body, []).missing(), 3);
    assert_eq!(judged(&held, &body, [2]).missing(), 2);
    assert_eq!(judged(&held, &body, [0, 3]).missing(), 1);
    assert_eq!(judged(&held, &body, [0, 3]).awaited(), {
        let mut awaited = admins([1, 2, 4]);
        awaited.sort_unstable();
        awaited
    });
}

#[test]
fn a_draft_that_no_longer_fits_says_why() {
    let first = two_of_three();
    let body = successor(&first);
    let second = judge(Some(&first), &signed(&body, [0, 1])).unwrap();
    assert_eq!(judge_draft(&second, &signed(&body, [0])), Err(CharterError::AlreadyHeld { version: 2 }));
    let mut other = body.clone();
    other.expires = other.expires.plus(DAY);
    assert_eq!(judge_draft(&second, &signed(&other, [0])), Err(CharterError::Older { have: 2, got: 2 }));
    let third = successor(&second);
    assert_eq!(judge_draft(&first, &signed(&third, [0])), Err(CharterError::Gap { have: 1, got: 3 }));
    let mut stranger = third;
    stranger.previous = CharterHash([9; 32]);
    let (held, found) = (second.hash(), CharterHash([9; 32]));
    let wanted = CharterError::OtherPredecessor { version: 2, held, found };
    assert_eq!(judge_draft(&second, &signed(&stranger, [0, 1])), Err(wanted));
}

#[test]
fn a_draft_of_another_network_or_by_hand_is_refused_however_many_signed() {
    let held = two_of_three();
    let mut foreign = successor(&held);
    foreign.network = NetworkId([9; 32]);
    let refused = judge_draft(&held, &signed(&foreign, [0, 1, 2]));
    assert!(matches!(refused, Err(CharterError::OtherNetwork { .. })), "{refused:?}");
    let elsewhere = genesis_network(&SignedCharter::unsigned(&genesis(2, 2)).body);
    let mut moved = signed(&successor(&held), []);
    resign(&mut moved, elsewhere, [0]);
    assert!(matches!(judge_draft(&held, &moved), Err(CharterError::BadSignature { .. })));
    // A byte of the body after it was signed.
    let mut edited = signed(&successor(&held), [0]);
    let mut body = successor(&held);
    body.grace_days += 1;
    edited.body = SignedCharter::unsigned(&body).body;
    assert!(matches!(judge_draft(&held, &edited), Err(CharterError::BadSignature { .. })));
    let mut forged = signed(&successor(&held), [0]);
    forged.signatures[0].signature = Signature([0; 64]);
    assert!(matches!(judge_draft(&held, &forged), Err(CharterError::BadSignature { .. })));
    assert!(matches!(judge_draft(&held, &signed(&successor(&held), [7])), Err(CharterError::UnknownSigner { .. })));
    let mut twice = signed(&successor(&held), [0]);
    twice.signatures.push(twice.signatures[0].clone());
    assert_eq!(judge_draft(&held, &twice), Err(CharterError::SignatureOrder));
    let mut flawed = successor(&held);
    flawed.threshold = 1;
    assert!(matches!(judge_draft(&held, &signed(&flawed, [0])), Err(CharterError::Flaw(Flaw::Threshold { .. }))));
    let mut backwards = successor(&held);
    backwards.issued = held.body().issued.minus(1);
    assert!(matches!(judge_draft(&held, &signed(&backwards, [0])), Err(CharterError::IssuedBeforePrevious { .. })));
    backwards.issued = held.body().issued;
    assert!(judge_draft(&held, &signed(&backwards, [0])).is_ok(), "two versions of one second");
    for newer in newer_bodies(&successor(&held)) {
        assert_eq!(judge_draft(&held, &newer), Err(CharterError::Newer));
    }
}
