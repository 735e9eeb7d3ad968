//! What is said beside the label, which it never changes.

use watchfire_protocol::time::{DAY, HOUR};
use watchfire_protocol::verdict::{CLOCK_DOUBT, LATE, Note};

use crate::scene::{ISSUED, NOW, Scene};

#[track_caller]
fn assert_notes(scene: &Scene, notes: &[Note]) {
    assert_eq!(scene.shown(scene.alert(&[11])).notes(), notes);
    scene.assert_verified(scene.alert(&[11]));
}

#[test]
fn an_alert_that_arrives_long_after_it_was_sent_is_noted_as_late() {
    let mut scene = Scene::new();
    (scene.received, scene.now) = (NOW.plus(LATE), NOW.plus(LATE));
    assert_notes(&scene, &[]);
    (scene.received, scene.now) = (NOW.plus(LATE + 1), NOW.plus(LATE + 1));
    assert_notes(&scene, &[Note::Late { seconds: LATE + 1 }]);
}

#[test]
fn an_expired_alert_is_shown_and_noted() {
    let mut scene = Scene::new();
    scene.now = NOW.plus(2 * HOUR - 1);
    assert_notes(&scene, &[]);
    scene.now = NOW.plus(2 * HOUR);
    assert_notes(&scene, &[Note::Expired]);
}

#[test]
fn no_alert_outlives_its_neighborhoods_retention() {
    let mut scene = Scene::new();
    let alert = scene.altered(&[11], |body| body.expires = NOW.plus(1000 * DAY));
    assert_eq!(scene.shown(alert.clone()).expires(), NOW.plus(72 * HOUR));
    scene.now = NOW.plus(72 * HOUR);
    assert_eq!(scene.shown(alert).notes(), [Note::Expired]);
}

#[test]
fn an_alert_from_the_future_puts_the_clock_in_doubt() {
    let mut scene = Scene::new();
    (scene.received, scene.now) = (NOW.minus(CLOCK_DOUBT), NOW.minus(CLOCK_DOUBT));
    assert_notes(&scene, &[]);
    (scene.received, scene.now) = (NOW.minus(CLOCK_DOUBT + 1), NOW.minus(CLOCK_DOUBT + 1));
    assert_notes(&scene, &[Note::ClockInDoubt]);
}

#[test]
fn a_clock_that_is_in_doubt_is_noted_and_hides_nothing() {
    let mut scene = Scene::new();
    scene.clock_in_doubt = true;
    assert_notes(&scene, &[Note::ClockInDoubt]);
}

#[test]
fn a_charter_in_its_grace_is_noted_with_the_days() {
    let mut scene = Scene::with(|charter| charter.expires = ISSUED.plus(7 * DAY));
    assert_notes(&scene, &[Note::CharterInGrace { days: 3 }]);
    scene.now = ISSUED.plus(7 * DAY);
    scene.received = scene.now;
    scene.confirmations = vec![scene.confirmation(3, scene.now)];
    let alert = scene.altered(&[11], |body| body.sent = scene.now);
    assert_eq!(scene.shown(alert).notes(), [Note::CharterInGrace { days: 0 }]);
}

#[test]
fn only_the_newest_charters_expiry_counts() {
    let mut scene = Scene::with(|charter| charter.expires = ISSUED.plus(DAY));
    let alert = scene.alert(&[11]);
    scene.push(|charter| charter.expires = ISSUED.plus(300 * DAY));
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    assert_eq!(scene.shown(alert.clone()).notes(), []);
    scene.assert_verified(alert);
}

#[test]
fn a_signature_that_nobody_here_can_count_is_noted() {
    let scene = Scene::new();
    let shown = scene.shown(scene.alert(&[11, 99]));
    assert_eq!(shown.notes(), [Note::UncountedSignature]);
    scene.assert_verified(scene.alert(&[11, 99]));
}

#[test]
fn the_same_claim_under_the_same_circumstances_gets_the_same_verdict() {
    let mut scene = Scene::new();
    scene.network_confirmed = false;
    (scene.received, scene.now) = (NOW.plus(DAY), NOW.plus(DAY));
    let (one, other) = (scene.shown(scene.alert(&[11, 99])), scene.shown(scene.alert(&[99, 11])));
    assert_eq!((one.label(), one.notes()), (other.label(), other.notes()));
    assert_eq!(one.signed(), other.signed());
}
