//! Why an alert is kept aside: each reason that the judge gives. `Unopenable` and `AbsurdHour` are given where records
//! are opened.

use watchfire_protocol::alert::{AlertSignature, SignedAlert};
use watchfire_protocol::charter::Revocation;
use watchfire_protocol::id::{Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::Signature;
use watchfire_protocol::time::HOUR;
use watchfire_protocol::verdict::{HeldReason, Note, Verdict};
use watchfire_protocol::wire::{Extension, Extensions};

use crate::scene::{ELSEWHERE, EPOCH, NOW, Scene, key};

fn not_granted(signer: u8) -> HeldReason {
    HeldReason::NotGranted { signer: key(signer).public() }
}

#[test]
fn an_alert_moved_to_another_neighborhood_or_network_is_held() {
    let scene = Scene::new();
    let body = scene.body();
    for place in [
        Place { neighborhood: ELSEWHERE, ..scene.place() },
        Place { neighborhood: NeighborhoodId([9; 16]), ..scene.place() },
        Place { network: NetworkId([9; 32]), ..scene.place() },
    ] {
        let alert = SignedAlert::sign(&body, &place, &key(11));
        assert_ne!(alert.id(&place), alert.id(&scene.place()), "its id is another one there");
        scene.assert_held(alert, &HeldReason::BadSignature);
    }
}

#[test]
fn an_alert_that_was_altered_after_it_was_signed_is_held() {
    let scene = Scene::new();
    let honest = scene.alert(&[11]);
    let redated = scene.altered(&[11], |body| body.sent = NOW.plus(HOUR));
    scene.assert_held(SignedAlert { body: redated.body, ..honest.clone() }, &HeldReason::BadSignature);
    let longer = scene.altered(&[11], |body| body.expires = NOW.plus(9 * HOUR));
    scene.assert_held(SignedAlert { body: longer.body, ..honest.clone() }, &HeldReason::BadSignature);
    for at in 0..honest.body.len() {
        let mut alert = honest.clone();
        alert.body[at] ^= 1;
        scene.assert_held(alert, &HeldReason::BadSignature);
    }
}

#[test]
fn an_alert_stripped_of_its_signatures_is_held() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[11]);
    alert.signatures.clear();
    assert!(matches!(verdict(&scene, alert), HeldReason::Malformed(_)));
}

#[test]
fn repeated_unsorted_or_more_than_eight_signatures_are_held() {
    let scene = Scene::new();
    let mut repeated = scene.alert(&[11]);
    repeated.signatures.push(repeated.signatures[0]);
    let mut unsorted = scene.alert(&[11, 21]);
    unsorted.signatures.reverse();
    let mut nine = scene.alert(&[11, 12, 21, 31, 41, 51, 61, 71]);
    assert!(matches!(scene.judge(nine.clone()), Verdict::Shown(_)), "eight are allowed");
    let ninth = scene.alert(&[81]).signatures[0];
    assert!(!nine.add(&scene.place(), ninth), "there is no room");
    nine.signatures.push(ninth);
    nine.signatures.sort_unstable();
    for alert in [repeated, unsorted, nine] {
        assert!(!alert.is_well_formed());
        assert!(matches!(verdict(&scene, alert), HeldReason::Malformed(_)));
    }
}

fn verdict(scene: &Scene, alert: SignedAlert) -> HeldReason {
    match scene.judge(alert) {
        Verdict::Held(held) => held.reason().clone(),
        Verdict::Shown(shown) => panic!("shown as {:?}", shown.label()),
    }
}

#[test]
fn a_signature_of_another_kind_counts_for_nothing() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[11]);
    alert.signatures[0].kind = 2;
    scene.assert_held(alert, &HeldReason::BadSignature);

    let mut alert = scene.alert(&[11, 21]);
    alert.signatures.iter_mut().find(|held| held.signer == key(21).public()).unwrap().kind = 0;
    let shown = scene.shown(alert);
    assert_eq!(shown.signers().len(), 1);
    assert_eq!(shown.notes(), [Note::UncountedSignature]);
}

#[test]
fn a_signature_under_somebody_elses_name_counts_for_nothing() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[99]);
    alert.signatures[0].signer = key(11).public();
    scene.assert_held(alert, &HeldReason::BadSignature);
}

#[test]
fn bytes_that_are_no_alert_are_held_even_with_a_signature() {
    let scene = Scene::new();
    let sign = |body: Vec<u8>| {
        let signature = watchfire_protocol::alert::sign_body(&body, &scene.place(), &key(11));
        SignedAlert { body, signatures: vec![signature] }
    };
    let honest = scene.alert(&[11]).body;
    for body in [vec![], vec![5], vec![5, 1], b"nonsense".to_vec(), [&honest[..], &[0]].concat(), honest[1..].to_vec()]
    {
        assert!(matches!(verdict(&scene, sign(body)), HeldReason::Malformed(_)));
    }
    let mut beacon = honest.clone();
    beacon[0] = 6;
    assert!(matches!(verdict(&scene, sign(beacon)), HeldReason::Malformed(_)));
    let mut newer = honest;
    newer[1] = 2;
    scene.assert_held(sign(newer), &HeldReason::Newer);
}

#[test]
fn a_critical_extension_is_newer_and_another_is_skipped() {
    let scene = Scene::new();
    let with = |tag| scene.altered(&[11], |body| body.extensions = Extensions(vec![Extension { tag, bytes: vec![1] }]));
    scene.assert_held(with(3), &HeldReason::Newer);
    scene.assert_verified(with(4));
}

#[test]
fn newer_is_told_only_of_what_somebody_signed() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[11]);
    alert.body[1] = 2;
    scene.assert_held(alert, &HeldReason::BadSignature);
}

#[test]
fn a_stranger_an_elsewhere_and_an_enroller_are_not_granted() {
    let scene = Scene::with(|charter| charter.grants[2].scopes[0].dispatch = false);
    for signer in [99, 41, 31] {
        scene.assert_held(scene.alert(&[signer]), &not_granted(signer));
    }
}

#[test]
fn a_key_counts_from_the_first_second_of_its_window_to_the_last() {
    let scene = Scene::with(|charter| {
        charter.grants[0].scopes[0].not_before = NOW;
        charter.grants[1].scopes[0].not_after = NOW;
    });
    scene.assert_verified(scene.alert(&[11]));
    scene.assert_held(scene.altered(&[11], |body| body.sent = NOW.minus(1)), &not_granted(11));
    scene.assert_held(scene.alert(&[21]), &not_granted(21));
    assert!(matches!(scene.judge(scene.altered(&[21], |body| body.sent = NOW.minus(1))), Verdict::Shown(_)));
}

#[test]
fn a_coordinator_whose_grant_was_dropped_is_held() {
    let mut scene = Scene::new();
    let alert = scene.alert(&[11]);
    scene.assert_verified(alert.clone());
    scene.push(|charter| drop(charter.grants.remove(0)));
    scene.assert_held(alert, &not_granted(11));
    assert!(matches!(verdict(&scene, scene.alert(&[11])), HeldReason::NotGranted { .. }));
}

#[test]
fn a_revoked_key_counts_for_nothing_whatever_epoch_it_names_and_its_signature_beside_others_is_noted() {
    let mut scene = Scene::new();
    scene.push(|charter| {
        charter.grants[0].devices.retain(|device| *device != key(11).public());
        charter.revocations.push(Revocation {
            key: key(11).public(),
            neighborhood: crate::scene::HERE,
            distrust_from: EPOCH,
        });
    });
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    let revoked = HeldReason::Revoked { signer: key(11).public() };
    scene.assert_held(scene.alert(&[11]), &revoked);
    scene.assert_held(scene.altered(&[11], |body| body.epoch = Epoch(6)), &revoked);
    scene.assert_verified(scene.alert(&[12]));
    let shown = scene.shown(scene.alert(&[11, 21]));
    assert_eq!(shown.signers().len(), 1);
    assert_eq!(shown.notes(), [Note::UncountedSignature]);
}

#[test]
fn an_alert_of_a_later_epoch_than_its_record_is_held_and_one_of_an_earlier_is_not() {
    let mut scene = Scene::new();
    scene.record_epoch = Epoch(EPOCH.0 - 1);
    scene.assert_held(scene.alert(&[11]), &HeldReason::EpochMismatch);
    scene.record_epoch = EPOCH.next();
    scene.assert_verified(scene.alert(&[11]));
}

#[test]
fn a_neighborhood_that_the_charter_does_not_list_grants_nothing() {
    let scene = Scene::with(|charter| {
        charter.neighborhoods.remove(0);
        charter.grants.drain(..3);
    });
    scene.assert_held(scene.alert(&[41]), &not_granted(41));
}

#[test]
fn a_made_up_signature_takes_nothing_from_a_true_one() {
    let scene = Scene::new();
    let mut alert = scene.alert(&[11]);
    alert.signatures.push(AlertSignature { signer: key(21).public(), kind: 1, signature: Signature([7; 64]) });
    alert.signatures.sort_unstable();
    assert_eq!(scene.shown(alert.clone()).notes(), [Note::UncountedSignature]);
    scene.assert_verified(alert);
}
