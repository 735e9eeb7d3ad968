//! Who was restricted or revoked: what their alerts become, before and after, and what they still confirm.
//! Invariant `nothing-false-is-verified`.

use watchfire_protocol::charter::{BelowQuorum, Restricted, Revocation, Right, Subject};
use watchfire_protocol::id::{Epoch, RestrictionsHash};
use watchfire_protocol::time::HOUR;
use watchfire_protocol::verdict::{Counted, HeldReason, Note, SignedReason};

use crate::scene::{EPOCH, HERE, NOW, Scene, coordinator, key};

fn silence(number: u8) -> Restricted {
    Restricted {
        subject: Subject::Coordinator(coordinator(number)),
        neighborhood: HERE,
        right: Right::Dispatch,
        distrust_from: None,
    }
}

/// From the epoch after the one in which alerts are written here.
fn distrust(number: u8) -> Restricted {
    Restricted { distrust_from: Some(EPOCH.next()), ..silence(number) }
}

/// The scene and an alert by coordinator 1 that was shown in it before anything happened.
fn shown_before(policy: BelowQuorum, quorum: u8, signers: &[u8]) -> (Scene, watchfire_protocol::alert::SignedAlert) {
    let mut scene = Scene::with(|charter| {
        charter.neighborhoods[0].quorum = quorum;
        charter.neighborhoods[0].below_quorum = policy;
    });
    let alert = scene.alert(signers);
    scene.accepted = scene.shown(alert.clone()).counted().to_vec();
    (scene, alert)
}

#[test]
fn what_a_restricted_coordinator_signs_is_held_when_it_comes_after() {
    for taken in [silence(1), distrust(1)] {
        let mut scene = Scene::new();
        let before = scene.alert(&[11]);
        scene.restrict(vec![taken]);
        for alert in [before, scene.alert(&[11]), scene.alert(&[11, 12])] {
            let signer = alert.signatures.last().unwrap().signer;
            scene.assert_held(alert, &HeldReason::Revoked { signer });
        }
        // Another coordinator's alerts stay what they are.
        scene.assert_verified(scene.alert(&[21]));
    }
}

#[test]
fn a_restricted_device_is_held_and_its_coordinators_other_is_not() {
    let mut scene = Scene::new();
    scene.restrict(vec![Restricted { subject: Subject::Device(key(12).public()), ..silence(1) }]);
    scene.assert_held(scene.alert(&[12]), &HeldReason::Revoked { signer: key(12).public() });
    scene.assert_verified(scene.alert(&[11]));
}

#[test]
fn who_may_only_not_enroll_any_more_still_dispatches() {
    let mut scene = Scene::new();
    scene.restrict(vec![Restricted { right: Right::Enroll, ..silence(1) }]);
    scene.assert_verified(scene.alert(&[11]));
}

#[test]
fn what_was_shown_before_its_signer_was_restricted_keeps_its_label_with_a_note() {
    for taken in [silence(1), distrust(1)] {
        let (mut scene, alert) = shown_before(BelowQuorum::Show, 1, &[11]);
        scene.restrict(vec![taken]);
        scene.assert_verified(alert.clone());
        let shown = scene.shown(alert);
        assert_eq!(shown.notes(), [Note::SenderRevoked]);
        assert_eq!(shown.signers(), [coordinator(1)]);
        assert_eq!(shown.counted(), [Counted { signer: key(11).public(), coordinator: coordinator(1) }]);
    }
}

#[test]
fn what_was_shown_before_its_signer_was_revoked_by_a_new_version_keeps_its_label_with_a_note() {
    let (mut scene, alert) = shown_before(BelowQuorum::Show, 1, &[11]);
    scene.restrict(vec![distrust(1)]);
    scene.take_in();
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    scene.assert_verified(alert.clone());
    assert_eq!(scene.shown(alert).notes(), [Note::SenderRevoked]);
    scene.accepted.clear();
    scene.assert_held(scene.alert(&[11]), &HeldReason::Revoked { signer: key(11).public() });
}

#[test]
fn what_was_written_in_an_epoch_from_which_its_signer_is_distrusted_is_held_though_it_was_shown() {
    let (mut scene, alert) = shown_before(BelowQuorum::Show, 1, &[11]);
    scene.restrict(vec![Restricted { distrust_from: Some(EPOCH), ..silence(1) }]);
    scene.assert_held(alert.clone(), &HeldReason::Revoked { signer: key(11).public() });
    scene.take_in();
    scene.assert_held(alert, &HeldReason::Revoked { signer: key(11).public() });
}

#[test]
fn only_the_signatures_that_counted_when_it_was_shown_go_on_to_count() {
    let (mut scene, alert) = shown_before(BelowQuorum::Show, 2, &[11]);
    scene.restrict(vec![silence(1), silence(2)]);
    // The second signature arrives after its signer was restricted: it does not make a quorum of an old one.
    let both = scene.altered(&[11, 21], |body| body.restrictions = RestrictionsHash::ZERO);
    assert_eq!(both.id(&scene.place()), alert.id(&scene.place()));
    let shown = scene.shown(both);
    assert_eq!(shown.signers(), [coordinator(1)]);
    assert_eq!(shown.counted().len(), 1);
    let verified = matches!(shown.label(), watchfire_protocol::verdict::Label::Verified);
    assert!(!verified && shown.notes().contains(&Note::UncountedSignature));
}

#[test]
fn who_was_accepted_under_another_alert_is_not_accepted_under_this_one() {
    let (mut scene, _) = shown_before(BelowQuorum::Show, 1, &[21]);
    scene.restrict(vec![silence(1)]);
    scene.assert_held(scene.alert(&[11]), &HeldReason::Revoked { signer: key(11).public() });
}

#[test]
fn who_has_retired_since_it_was_shown_is_noted() {
    let (mut scene, alert) = shown_before(BelowQuorum::Show, 1, &[11]);
    assert_eq!(scene.shown(alert.clone()).notes(), []);
    scene.push(|charter| charter.grants[0].scopes[0].not_after = NOW.plus(30));
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    let counted = std::mem::take(&mut scene.accepted);
    assert_eq!(scene.shown(alert.clone()).notes(), [], "to whom it comes only now, it was not shown before");
    scene.accepted = counted;
    assert_eq!(scene.shown(alert.clone()).notes(), [Note::SenderRetired]);
    // A version that ends the window before it was sent says the same of what was shown.
    scene.push(|charter| charter.grants[0].scopes[0].not_after = NOW.minus(30));
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    assert_eq!(scene.shown(alert.clone()).notes(), [Note::SenderRetired]);
    scene.assert_verified(alert);
    scene.accepted.clear();
    scene.assert_held(scene.alert(&[11]), &HeldReason::NotGranted { signer: key(11).public() });
}

#[test]
fn too_few_dispatchers_by_restrictions_make_alerts_signed_under_either_policy() {
    for policy in [BelowQuorum::Show, BelowQuorum::Hold] {
        let (mut scene, _) = shown_before(policy, 2, &[11, 21]);
        scene.accepted.clear();
        scene.restrict(vec![silence(2)]);
        // Coordinator 3 is left beside coordinator 1: a quorum can still be had.
        if policy == BelowQuorum::Hold {
            scene.assert_held(scene.alert(&[11]), &HeldReason::BelowQuorum { signed: 1, quorum: 2 });
        }
        scene.restrict(vec![silence(3)]);
        let few = SignedReason::DispatchersRestricted { signed: 1, quorum: 2, left: 1 };
        scene.assert_signed(scene.alert(&[11]), &[few]);
        scene.assert_held(scene.alert(&[21]), &HeldReason::Revoked { signer: key(21).public() });
    }
}

#[test]
fn who_was_restricted_or_revoked_confirms_nothing_any_more() {
    for (taken, revoked) in [(distrust(3), false), (distrust(3), true)] {
        let mut scene = Scene::new();
        scene.assert_verified(scene.alert(&[11]));
        scene.restrict(vec![taken]);
        if revoked {
            scene.take_in();
            scene.confirmations = vec![scene.confirmation(3, NOW)];
        }
        scene.assert_signed(scene.alert(&[11]), &[SignedReason::FreshnessUnknown { since: None }]);
        scene.confirmations.push(scene.confirmation(2, NOW));
        scene.assert_verified(scene.alert(&[11]));
    }
}

#[test]
fn a_confirmation_by_a_restricted_device_is_none_though_its_coordinator_has_another() {
    let mut scene = Scene::new();
    scene.confirmations = vec![scene.confirmation(1, NOW)];
    scene.assert_verified(scene.alert(&[21]));
    let device = Subject::Device(key(11).public());
    scene.restrict(vec![Restricted { subject: device, ..distrust(1) }]);
    scene.assert_signed(scene.alert(&[21]), &[SignedReason::FreshnessUnknown { since: None }]);
}

#[test]
fn who_sees_restrictions_that_are_not_held_here_confirms_nothing_and_their_alerts_are_of_another_view() {
    let mut informed = Scene::new();
    let mut frozen = Scene::new();
    informed.restrict(vec![silence(2)]);
    frozen.confirmations = vec![informed.confirmation(3, NOW)];
    frozen.assert_signed(frozen.alert(&[11]), &[SignedReason::FreshnessUnknown { since: None }]);
    frozen.confirmations = vec![frozen.confirmation(3, NOW)];
    frozen.assert_signed(informed.alert(&[11]), &[SignedReason::OtherView]);
    // A relay that withholds a restriction lets nobody who knows it verify the other's alerts.
    frozen.restrict(vec![silence(2)]);
    frozen.assert_verified(informed.alert(&[11]));
}

#[test]
fn a_later_restriction_does_not_void_what_was_confirmed_or_written_before_it() {
    let mut scene = Scene::new();
    let before = scene.alert(&[11]);
    assert_eq!(scene.confirmations.len(), 1);
    scene.restrict(vec![silence(2)]);
    scene.assert_verified(before.clone());
    scene.restrict(vec![Restricted { right: Right::Enroll, ..silence(2) }]);
    scene.assert_verified(before);
}

#[test]
fn a_relay_with_a_revoked_coordinator_shows_nothing_verified_after_the_freshness_hours() {
    // The relay keeps the restriction back, and gives this member nothing but the restricted coordinator's alerts.
    let mut frozen = Scene::new();
    frozen.confirmations = vec![frozen.confirmation(3, NOW), frozen.confirmation(1, NOW.plus(49 * HOUR))];
    (frozen.received, frozen.now) = (NOW.plus(49 * HOUR), NOW.plus(49 * HOUR));
    let late = frozen.altered(&[11], |body| {
        (body.sent, body.expires) = (NOW.plus(49 * HOUR), NOW.plus(60 * HOUR));
    });
    frozen.assert_signed(late, &[SignedReason::FreshnessUnknown { since: Some(NOW) }]);
}

#[test]
fn an_opener_and_an_adder_who_are_distrusted_are_so_by_what_holds_now() {
    let mut scene = Scene::new();
    scene.restrict(vec![Restricted { right: Right::Enroll, distrust_from: Some(Epoch(9)), ..silence(1) }]);
    let rights = scene.charters.rights();
    assert!(!rights.is_distrusted(&key(11).public(), HERE, Epoch(8)));
    assert!(rights.is_distrusted(&key(11).public(), HERE, Epoch(9)));
    assert!(scene.charters.newest().as_written().any_right(&key(11).public(), HERE, NOW).is_some());
    assert_eq!(rights.any_right(&key(11).public(), HERE, NOW), None);
    scene.take_in();
    let revoked = |number| Revocation { key: key(number).public(), neighborhood: HERE, distrust_from: Epoch(9) };
    let mut found = scene.charters.newest().body().revocations.clone();
    let mut wanted = vec![revoked(11), revoked(12)];
    found.sort_by_key(|revocation| revocation.key);
    wanted.sort_by_key(|revocation| revocation.key);
    assert_eq!(found, wanted);
}
