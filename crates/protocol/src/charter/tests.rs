//! What the judge takes and refuses, chain by chain.

mod drafts;
mod flaws;
mod restriction;
mod rights;
mod wire;

use super::testing::{admin, admins, coordinator, founded, genesis, resign, signed, successor};
use super::{
    Charter, CharterBody, CharterError, CharterSignature, Flaw, SignedCharter, genesis_network, judge, judge_chain,
    sign,
};
use crate::id::{CharterHash, NetworkId};
use crate::sign::Signature;
use crate::time::{DAY, Timestamp};
use crate::wire::{Extension, Extensions, WireError};

/// The genesis of three admins, two of whom sign.
fn two_of_three() -> Charter {
    founded(3, 2)
}

fn too_few(version: u64, found: usize, wanted: usize) -> CharterError {
    CharterError::TooFewSignatures { version, found, wanted }
}

/// The body as a later version of the program may write it: its own format, or an extension nobody here knows.
fn newer_bodies(body: &CharterBody) -> [SignedCharter; 2] {
    let mut format = SignedCharter::unsigned(body);
    format.body[1] = 2;
    let extensions = Extensions(vec![Extension { tag: 1, bytes: vec![7] }]);
    [format, SignedCharter::unsigned(&CharterBody { extensions, ..body.clone() })]
}

#[test]
fn a_genesis_signed_by_its_own_threshold_founds_the_network_of_its_bytes() {
    let first = signed(&genesis(3, 2), [0, 2]);
    let charter = judge(None, &first).unwrap();
    assert_eq!(charter.network(), genesis_network(&first.body));
    assert_eq!(charter.hash(), first.hash());
    assert_eq!(charter.body(), &genesis(3, 2));
    let mut signers = admins([0, 2]);
    signers.sort_unstable();
    assert_eq!(charter.signers(), signers);
}

#[test]
fn two_of_three_sign_and_one_does_not_suffice() {
    assert!(judge(None, &signed(&genesis(3, 2), [1, 2])).is_ok());
    assert_eq!(judge(None, &signed(&genesis(3, 2), [1])), Err(too_few(1, 1, 2)));
    let held = two_of_three();
    assert!(judge(Some(&held), &signed(&successor(&held), [0, 1])).is_ok());
    assert!(judge(Some(&held), &signed(&successor(&held), [0, 1, 2])).is_ok());
    assert_eq!(judge(Some(&held), &signed(&successor(&held), [2])), Err(too_few(1, 1, 2)));
    assert_eq!(judge(Some(&held), &signed(&successor(&held), [])), Err(too_few(1, 0, 2)));
}

#[test]
fn three_of_five_sign_and_two_do_not_suffice() {
    let held = founded(5, 3);
    assert!(judge(None, &signed(&genesis(5, 3), [0, 3, 4])).is_ok());
    assert_eq!(judge(None, &signed(&genesis(5, 3), [0, 4])), Err(too_few(1, 2, 3)));
    assert!(judge(Some(&held), &signed(&successor(&held), [1, 2, 3])).is_ok());
    assert_eq!(judge(Some(&held), &signed(&successor(&held), [1, 2])), Err(too_few(1, 2, 3)));
}

#[test]
fn an_admin_change_is_signed_by_the_old_threshold_and_by_the_new_one() {
    let held = two_of_three();
    let next = CharterBody { admins: admins([2, 3, 4]), ..successor(&held) };
    assert_eq!(judge(Some(&held), &signed(&next, [2, 3, 4])), Err(too_few(1, 1, 2)));
    assert_eq!(judge(Some(&held), &signed(&next, [0, 1, 2])), Err(too_few(2, 1, 2)));
    assert_eq!(judge(Some(&held), &signed(&next, [3, 4])), Err(too_few(1, 0, 2)));
    let changed = judge(Some(&held), &signed(&next, [1, 2, 3])).unwrap();

    // From here on the new admins alone decide.
    assert!(judge(Some(&changed), &signed(&successor(&changed), [3, 4])).is_ok());
    let former = judge(Some(&changed), &signed(&successor(&changed), [0, 1]));
    assert!(matches!(former, Err(CharterError::UnknownSigner { .. })), "{former:?}");
}

#[test]
fn a_lower_threshold_takes_the_old_one_and_a_higher_one_the_new() {
    let held = founded(5, 4);
    let lower = CharterBody { threshold: 3, ..successor(&held) };
    assert_eq!(judge(Some(&held), &signed(&lower, [0, 1, 2])), Err(too_few(1, 3, 4)));
    assert!(judge(Some(&held), &signed(&lower, [0, 1, 2, 3])).is_ok());
    let higher = CharterBody { threshold: 5, ..successor(&held) };
    assert_eq!(judge(Some(&held), &signed(&higher, [0, 1, 2, 3])), Err(too_few(2, 4, 5)));
    assert!(judge(Some(&held), &signed(&higher, 0..5)).is_ok());
}

#[test]
fn a_signature_by_somebody_who_is_no_admin_is_refused() {
    let held = two_of_three();
    let refused = judge(Some(&held), &signed(&successor(&held), [0, 1, 9]));
    assert_eq!(refused, Err(CharterError::UnknownSigner { signer: Box::new(admin(9).public()) }));
}

#[test]
fn one_signature_that_does_not_verify_refuses_them_all() {
    let held = two_of_three();
    let mut next = signed(&successor(&held), [0, 1, 2]);
    next.signatures[1].signature = Signature([3; 64]);
    let signer = Box::new(next.signatures[1].signer);
    assert_eq!(judge(Some(&held), &next), Err(CharterError::BadSignature { signer }));
}

#[test]
fn a_signature_for_another_network_or_another_body_is_none() {
    let body = genesis(1, 1);
    let mut moved = SignedCharter::unsigned(&body);
    resign(&mut moved, NetworkId([9; 32]), [0]);
    assert!(matches!(judge(None, &moved), Err(CharterError::BadSignature { .. })));

    let mut altered = signed(&body, [0]);
    altered.body = SignedCharter::unsigned(&CharterBody { grace_days: 31, ..body }).body;
    assert!(matches!(judge(None, &altered), Err(CharterError::BadSignature { .. })));
}

#[test]
fn signatures_out_of_order_are_refused() {
    let mut next = signed(&genesis(3, 2), [0, 1, 2]);
    next.signatures.swap(0, 1);
    assert_eq!(judge(None, &next), Err(CharterError::SignatureOrder));
}

#[test]
fn one_admin_who_signs_twice_does_not_count_twice() {
    let mut next = signed(&genesis(3, 2), [0]);
    next.signatures.push(next.signatures[0].clone());
    assert_eq!(judge(None, &next), Err(CharterError::SignatureOrder));
    assert_eq!(judge(None, &signed(&genesis(3, 2), [0, 0])), Err(too_few(1, 1, 2)));
}

#[test]
fn more_than_sixteen_signatures_are_refused_unread() {
    let mut next = signed(&genesis(16, 9), 0..17);
    assert_eq!(judge(None, &next), Err(CharterError::TooManySignatures { found: 17, max: 16 }));
    resign(&mut next, NetworkId::ZERO, 0..16);
    assert!(matches!(judge(None, &next), Err(CharterError::BadSignature { .. })));
    assert!(judge(None, &signed(&genesis(16, 9), 0..16)).is_ok());
}

#[test]
fn a_genesis_that_names_a_network_or_a_predecessor_is_refused() {
    for body in [
        CharterBody { network: NetworkId([1; 32]), ..genesis(1, 1) },
        CharterBody { previous: CharterHash([1; 32]), ..genesis(1, 1) },
    ] {
        assert_eq!(judge(None, &signed(&body, [0])), Err(Flaw::Origin { version: 1 }.into()));
    }
}

#[test]
fn a_later_version_that_names_no_network_or_no_predecessor_is_refused() {
    let held = two_of_three();
    for body in [
        CharterBody { network: NetworkId::ZERO, ..successor(&held) },
        CharterBody { previous: CharterHash::ZERO, ..successor(&held) },
    ] {
        assert_eq!(judge(Some(&held), &signed(&body, [0, 1])), Err(Flaw::Origin { version: 2 }.into()));
    }
    let nothing = CharterBody { version: 0, ..genesis(1, 1) };
    assert_eq!(judge(None, &signed(&nothing, [0])), Err(Flaw::Origin { version: 0 }.into()));
}

#[test]
fn a_later_version_is_no_beginning() {
    let next = signed(&successor(&two_of_three()), [0, 1]);
    assert_eq!(judge(None, &next), Err(CharterError::Gap { have: 0, got: 2 }));
}

#[test]
fn the_version_held_is_known_by_its_body_whoever_signed_it() {
    let held = two_of_three();
    assert_eq!(judge(Some(&held), &signed(&genesis(3, 2), [0])), Err(CharterError::AlreadyHeld { version: 1 }));
}

#[test]
fn older_versions_and_gaps_are_told_apart() {
    let first = two_of_three();
    let second = judge(Some(&first), &signed(&successor(&first), [0, 1])).unwrap();
    let third = signed(&successor(&second), [0, 1]);
    assert_eq!(judge(Some(&first), &third), Err(CharterError::Gap { have: 1, got: 3 }));
    let third = judge(Some(&second), &third).unwrap();
    assert_eq!(judge(Some(&third), &signed(&genesis(3, 2), [0, 1])), Err(CharterError::Older { have: 3, got: 1 }));
    let last = CharterBody { version: u64::MAX, ..successor(&third) };
    assert_eq!(judge(Some(&third), &signed(&last, [0, 1])), Err(CharterError::Gap { have: 3, got: u64::MAX }));
}

#[test]
fn a_charter_of_another_network_is_refused() {
    let held = two_of_three();
    let other = CharterBody { network: NetworkId([9; 32]), ..successor(&held) };
    let wanted = held.network();
    let refused = CharterError::OtherNetwork { found: NetworkId([9; 32]), wanted };
    assert_eq!(judge(Some(&held), &signed(&other, [0, 1])), Err(refused));
    let genesis = signed(&CharterBody { grace_days: 31, ..genesis(3, 2) }, [0, 1]);
    let refused = CharterError::OtherNetwork { found: genesis_network(&genesis.body), wanted };
    assert_eq!(judge(Some(&held), &genesis), Err(refused));
}

#[test]
fn a_second_body_for_the_version_held_is_a_fork() {
    let first = two_of_three();
    let held = judge(Some(&first), &signed(&successor(&first), [0, 1])).unwrap();
    let other = signed(&CharterBody { grace_days: 31, ..successor(&first) }, [1, 2]);
    let fork = CharterError::Fork { version: 2, held: held.hash(), other: other.hash() };
    assert_eq!(judge(Some(&held), &other), Err(fork));
}

#[test]
fn nobody_below_both_thresholds_raises_the_alarm_of_a_fork() {
    let first = two_of_three();
    let held = judge(Some(&first), &signed(&successor(&first), [0, 1])).unwrap();
    let mine = CharterBody { admins: admins([8]), threshold: 1, ..successor(&first) };
    assert_eq!(judge(Some(&held), &signed(&mine, [8])), Err(too_few(1, 0, 2)));
    assert_eq!(judge(Some(&held), &signed(&mine, [2, 8])), Err(too_few(1, 1, 2)));
    let same = CharterBody { grace_days: 31, ..successor(&first) };
    assert_eq!(judge(Some(&held), &signed(&same, [2])), Err(too_few(1, 1, 2)));
}

#[test]
fn a_fork_is_told_by_the_admins_who_could_have_signed_the_version_held() {
    let first = two_of_three();
    let changed = CharterBody { admins: admins([2, 3, 4]), ..successor(&first) };
    let held = judge(Some(&first), &signed(&changed, [1, 2, 3])).unwrap();
    // The admins of version 1 signed another version 2, which the admins of ours need not have seen.
    let other = signed(&CharterBody { grace_days: 31, ..successor(&first) }, [0, 1]);
    let fork = CharterError::Fork { version: 2, held: held.hash(), other: other.hash() };
    assert_eq!(judge(Some(&held), &other), Err(fork));
}

#[test]
fn a_next_version_that_names_another_predecessor_is_a_fork() {
    let first = two_of_three();
    let held = judge(Some(&first), &signed(&successor(&first), [0, 1])).unwrap();
    let other = CharterHash([9; 32]);
    let next = CharterBody { previous: other, ..successor(&held) };
    let fork = CharterError::Fork { version: 2, held: held.hash(), other };
    assert_eq!(judge(Some(&held), &signed(&next, [0, 1])), Err(fork));
    assert_eq!(judge(Some(&held), &signed(&next, [0])), Err(too_few(2, 1, 2)));
}

#[test]
fn a_version_issued_before_the_previous_one_is_refused() {
    let held = two_of_three();
    let previous = held.body().issued;
    let issued = Timestamp(previous.0 - 1);
    let body = CharterBody { issued, expires: issued.plus(DAY), ..successor(&held) };
    let refused = CharterError::IssuedBeforePrevious { issued, previous };
    assert_eq!(judge(Some(&held), &signed(&body, [0, 1])), Err(refused));
    let body = CharterBody { issued: previous, expires: previous.plus(DAY), ..successor(&held) };
    assert!(judge(Some(&held), &signed(&body, [0, 1])).is_ok());
}

#[test]
fn a_newer_format_is_told_only_of_what_the_held_admins_signed() {
    let held = two_of_three();
    for mut newer in newer_bodies(&successor(&held)) {
        resign(&mut newer, held.network(), [0, 2]);
        assert_eq!(judge(Some(&held), &newer), Err(CharterError::Newer));
        // Who else signed may be an admin of what cannot be read.
        resign(&mut newer, held.network(), [0, 2, 9]);
        assert_eq!(judge(Some(&held), &newer), Err(CharterError::Newer));
        resign(&mut newer, held.network(), [0, 9]);
        assert_eq!(judge(Some(&held), &newer), Err(too_few(1, 1, 2)));
        resign(&mut newer, NetworkId([9; 32]), [0, 2]);
        assert!(matches!(judge(Some(&held), &newer), Err(CharterError::BadSignature { .. })));
    }
    for newer in newer_bodies(&genesis(3, 2)) {
        assert_eq!(judge(None, &newer), Err(CharterError::NewerGenesis));
    }
}

#[test]
fn an_unknown_extension_that_is_not_critical_is_kept_and_signed_over() {
    let extensions = Extensions(vec![Extension { tag: 2, bytes: vec![7] }]);
    let body = CharterBody { extensions, ..genesis(1, 1) };
    assert_eq!(judge(None, &signed(&body, [0])).unwrap().body(), &body);
}

#[test]
fn bytes_that_are_no_charter_body_are_refused() {
    let mut other = signed(&genesis(1, 1), [0]);
    other.body[0] = 5;
    assert_eq!(judge(None, &other), Err(CharterError::Wire(WireError::Kind { found: 5, wanted: 1 })));
    let mut longer = signed(&genesis(1, 1), [0]);
    longer.body.push(0);
    assert_eq!(judge(None, &longer), Err(CharterError::Wire(WireError::LeftOver(1))));
    let empty = SignedCharter { body: Vec::new(), signatures: Vec::new() };
    assert!(matches!(judge(None, &empty), Err(CharterError::Wire(WireError::Malformed(_)))));
}

#[test]
fn an_expired_charter_is_a_link_like_any_other() {
    let body = CharterBody { expires: Timestamp(2), issued: Timestamp(1), ..genesis(1, 1) };
    let held = judge(None, &signed(&body, [0])).unwrap();
    assert!(judge(Some(&held), &signed(&successor(&held), [0])).is_ok());
}

#[test]
fn a_chain_is_judged_link_by_link() {
    let first = signed(&genesis(3, 2), [0, 1]);
    let held = judge(None, &first).unwrap();
    let second = signed(&CharterBody { admins: admins([0, 1, 3]), ..successor(&held) }, [0, 1]);
    let later = judge(Some(&held), &second).unwrap();
    let third = signed(&successor(&later), [1, 3]);

    let chain = [first, second, third];
    let whole = judge_chain(None, &chain).unwrap();
    assert_eq!(whole.version(), 3);
    assert_eq!(judge_chain(Some(&held), &chain[1..]), Ok(whole.clone()));
    assert_eq!(judge_chain(Some(&whole), &[]), Ok(whole));
    assert_eq!(judge_chain(None, &[]), Err(CharterError::EmptyChain));
    assert_eq!(judge_chain(Some(&held), &chain[2..]), Err(CharterError::Gap { have: 1, got: 3 }));
    assert_eq!(judge_chain(Some(&held), &chain), Err(CharterError::AlreadyHeld { version: 1 }));
}

#[test]
fn a_signature_added_again_takes_the_place_of_the_first() {
    let mut draft = signed(&genesis(3, 2), [2, 0]);
    let (key, network) = (admin(2), genesis_network(&draft.body));
    let spoiled = CharterSignature { signer: key.public(), signature: Signature([0; 64]) };
    draft.insert(spoiled);
    assert!(matches!(judge(None, &draft), Err(CharterError::BadSignature { .. })));
    draft.insert(CharterSignature { signer: key.public(), signature: sign(&key, network, &draft.body) });
    assert_eq!(draft.signatures.len(), 2);
    let charter = judge(None, &draft).unwrap();
    assert_eq!(charter.as_written().coordinator_of(&super::testing::device(1).public()), Some(coordinator(1)));
}
