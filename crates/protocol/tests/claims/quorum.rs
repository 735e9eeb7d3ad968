//! How many coordinators signed.

use watchfire_protocol::charter::BelowQuorum;
use watchfire_protocol::verdict::{HeldReason, Note, SignedReason, Verdict};

use crate::scene::{NOW, Scene, coordinator, key};

fn two(policy: BelowQuorum) -> Scene {
    Scene::with(|charter| {
        charter.neighborhoods[0].quorum = 2;
        charter.neighborhoods[0].below_quorum = policy;
    })
}

#[test]
fn one_signature_makes_a_quorum_of_one() {
    let scene = Scene::new();
    let shown = scene.shown(scene.alert(&[11]));
    assert_eq!(shown.signers(), [coordinator(1)]);
    assert_eq!(shown.notes(), []);
    assert_eq!(shown.id(), scene.alert(&[11]).id(&scene.place()));
    scene.assert_verified(scene.alert(&[11]));
}

#[test]
fn two_coordinators_make_a_quorum_of_two_under_either_policy() {
    for policy in [BelowQuorum::Show, BelowQuorum::Hold] {
        let scene = two(policy);
        scene.assert_verified(scene.alert(&[11, 21]));
        assert_eq!(scene.shown(scene.alert(&[11, 21])).signers(), [coordinator(1), coordinator(2)]);
    }
}

#[test]
fn below_the_quorum_an_alert_is_shown_with_the_count_where_the_charter_says_show() {
    let scene = two(BelowQuorum::Show);
    scene.assert_signed(scene.alert(&[11]), &[SignedReason::BelowQuorum { signed: 1, quorum: 2 }]);
}

#[test]
fn below_the_quorum_an_alert_is_held_where_the_charter_says_hold() {
    let scene = two(BelowQuorum::Hold);
    scene.assert_held(scene.alert(&[11]), &HeldReason::BelowQuorum { signed: 1, quorum: 2 });
}

#[test]
fn a_coordinator_with_two_device_keys_counts_once() {
    let scene = two(BelowQuorum::Show);
    scene.assert_signed(scene.alert(&[11, 12]), &[SignedReason::BelowQuorum { signed: 1, quorum: 2 }]);
    assert_eq!(scene.shown(scene.alert(&[11, 12])).signers(), [coordinator(1)]);
    let scene = two(BelowQuorum::Hold);
    scene.assert_held(scene.alert(&[11, 12]), &HeldReason::BelowQuorum { signed: 1, quorum: 2 });
}

#[test]
fn a_coordinator_with_four_device_keys_counts_once_whichever_of_them_sign() {
    let scene = Scene::with(|charter| {
        charter.neighborhoods[0].quorum = 2;
        charter.grants[0].devices = (11..=14).map(|device| key(device).public()).collect();
    });
    for device in 11..=14 {
        scene.assert_verified(scene.alert(&[device, 21]));
    }
    let alert = scene.alert(&[11, 12, 13, 14]);
    assert_eq!(scene.shown(alert.clone()).signers(), [coordinator(1)]);
    scene.assert_signed(alert, &[SignedReason::BelowQuorum { signed: 1, quorum: 2 }]);
    let alert = scene.shown(scene.alert(&[11, 12, 13, 14, 21]));
    assert_eq!((alert.signers(), alert.quorum()), (&[coordinator(1), coordinator(2)][..], 2));
}

#[test]
fn who_may_only_enroll_fills_no_quorum() {
    let scene = Scene::with(|charter| {
        charter.neighborhoods[0].quorum = 2;
        charter.grants[1].scopes[0].dispatch = false;
    });
    scene.assert_signed(scene.alert(&[11, 21]), &[SignedReason::BelowQuorum { signed: 1, quorum: 2 }]);
    scene.assert_held(scene.alert(&[21]), &HeldReason::NotGranted { signer: key(21).public() });
}

#[test]
fn where_nobody_could_fill_the_quorum_nothing_is_held_for_it() {
    let scene = Scene::with(|charter| {
        charter.neighborhoods[0].quorum = 2;
        charter.neighborhoods[0].below_quorum = BelowQuorum::Hold;
        charter.grants.drain(1..3);
    });
    scene.assert_signed(scene.alert(&[11]), &[SignedReason::BelowQuorum { signed: 1, quorum: 2 }]);
}

#[test]
fn an_alert_dated_before_the_others_came_is_held_all_the_same() {
    let scene = Scene::with(|charter| {
        charter.neighborhoods[0].quorum = 2;
        charter.neighborhoods[0].below_quorum = BelowQuorum::Hold;
        charter.grants[1].scopes[0].not_before = NOW;
        charter.grants[2].scopes[0].not_before = NOW;
    });
    let back = scene.altered(&[11], |body| body.sent = NOW.minus(60));
    scene.assert_held(back, &HeldReason::BelowQuorum { signed: 1, quorum: 2 });
}

#[test]
fn an_alert_held_below_the_quorum_tells_who_signed() {
    let scene = two(BelowQuorum::Hold);
    let Verdict::Held(held) = scene.judge(scene.alert(&[12])) else { panic!("shown") };
    assert_eq!(held.signers(), [coordinator(1)]);
}

#[test]
fn a_signature_that_counts_for_nobody_does_not_fill_a_quorum() {
    let scene = two(BelowQuorum::Show);
    for stranger in [99, 41] {
        let alert = scene.alert(&[11, stranger]);
        assert_eq!(scene.shown(alert.clone()).notes(), [Note::UncountedSignature]);
        scene.assert_signed(alert, &[SignedReason::BelowQuorum { signed: 1, quorum: 2 }]);
    }
}

#[test]
fn a_co_signature_makes_what_was_held_verified() {
    let scene = two(BelowQuorum::Hold);
    let mut alert = scene.alert(&[11]);
    scene.assert_held(alert.clone(), &HeldReason::BelowQuorum { signed: 1, quorum: 2 });
    let id = alert.id(&scene.place());
    assert!(alert.add(&scene.place(), scene.alert(&[21]).signatures[0]));
    assert_eq!(alert.id(&scene.place()), id);
    scene.assert_verified(alert);
}

#[test]
fn one_signer_who_retired_too_long_ago_leaves_a_full_quorum_signed() {
    let mut scene = two(BelowQuorum::Hold);
    scene.push(|charter| charter.grants[1].scopes[0].not_after = NOW.plus(1));
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    scene.assert_verified(scene.alert(&[11, 21]));
    (scene.received, scene.now) = (NOW.plus(2 * 3600), NOW.plus(2 * 3600));
    scene.assert_signed(scene.alert(&[11, 21]), &[SignedReason::RetiredKey]);
    // A third who is still in office fills it again; a fourth would have to confirm, and there is none.
    scene.assert_verified(scene.alert(&[11, 21, 31]));
}

#[test]
fn what_was_shown_stays_when_the_quorum_is_raised_or_lone_alerts_are_held_from_then_on() {
    let mut scene = Scene::with(|charter| charter.neighborhoods[0].below_quorum = BelowQuorum::Hold);
    let alert = scene.alert(&[11]);
    scene.assert_verified(alert.clone());
    let counted = scene.shown(alert.clone()).counted().to_vec();
    scene.push(|charter| charter.neighborhoods[0].quorum = 2);
    scene.confirmations = vec![scene.confirmation(2, NOW)];
    scene.assert_held(alert.clone(), &HeldReason::BelowQuorum { signed: 1, quorum: 2 });
    scene.accepted = counted;
    scene.assert_signed(alert, &[SignedReason::BelowQuorum { signed: 1, quorum: 2 }]);
}
