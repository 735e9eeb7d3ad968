//! Whether the view of the charter is fresh: a relay that withholds a newer one is noticed.

use watchfire_protocol::id::{AnnouncementHash, CharterHash};
use watchfire_protocol::time::{DAY, HOUR, Timestamp};
use watchfire_protocol::verdict::{AHEAD, Confirmation, SignedReason};

use crate::scene::{NOW, Scene};

fn unknown(since: Option<Timestamp>) -> [SignedReason; 1] {
    [SignedReason::FreshnessUnknown { since }]
}

fn scene(confirm: impl FnOnce(&Scene) -> Vec<Confirmation>) -> Scene {
    let mut scene = Scene::new();
    scene.confirmations = confirm(&scene);
    scene
}

#[test]
fn without_any_confirmation_nothing_is_verified() {
    let scene = scene(|_| vec![]);
    scene.assert_signed(scene.alert(&[11]), &unknown(None));
}

#[test]
fn another_coordinators_confirmation_lasts_for_the_freshness_hours() {
    let last = Timestamp(NOW.plus(60).0 - 48 * HOUR);
    let fresh = scene(|scene| vec![scene.confirmation(2, last)]);
    fresh.assert_verified(fresh.alert(&[11]));
    let stale = scene(|scene| vec![scene.confirmation(2, last.minus(1)), scene.confirmation(3, last.minus(DAY))]);
    stale.assert_signed(stale.alert(&[11]), &unknown(Some(last.minus(1))));
}

#[test]
fn a_signer_does_not_confirm_their_own_alert_by_any_device() {
    let scene = scene(|scene| vec![scene.confirmation(1, NOW)]);
    scene.assert_signed(scene.alert(&[11]), &unknown(None));
    scene.assert_signed(scene.alert(&[12]), &unknown(None));
    scene.assert_verified(scene.alert(&[21]));
    scene.assert_signed(scene.alert(&[11, 21]), &unknown(None));
}

#[test]
fn freshness_is_waived_where_nobody_else_is_granted() {
    let alone = |others: usize| {
        let mut scene = Scene::with(|charter| {
            charter.neighborhoods.truncate(1);
            charter.grants.truncate(1 + others);
        });
        scene.confirmations.clear();
        scene
    };
    alone(0).assert_verified(alone(0).alert(&[11]));
    alone(1).assert_signed(alone(1).alert(&[11]), &unknown(None));
    alone(1).assert_verified(alone(1).alert(&[11, 21]));
}

#[test]
fn who_was_retired_by_this_charter_is_not_waited_for_and_whose_window_ran_out_since_is() {
    let retired = |ended_when_issued: bool| {
        let mut scene = Scene::with(|charter| {
            charter.neighborhoods.truncate(1);
            charter.grants.truncate(2);
            let scope = &mut charter.grants[1].scopes[0];
            scope.not_before = charter.issued.minus(10);
            scope.not_after = if ended_when_issued { charter.issued } else { NOW.minus(10) };
        });
        scene.confirmations.clear();
        scene
    };
    retired(true).assert_verified(retired(true).alert(&[11]));
    // The version that renews the window may be the one that is withheld.
    retired(false).assert_signed(retired(false).alert(&[11]), &unknown(None));
}

#[test]
fn a_right_to_enroll_is_enough_to_confirm() {
    let mut scene = Scene::with(|charter| charter.grants[1].scopes[0].dispatch = false);
    scene.confirmations = vec![scene.confirmation(2, NOW)];
    scene.assert_verified(scene.alert(&[11]));
}

#[test]
fn the_newest_charters_own_issue_counts_for_the_freshness_hours() {
    let mut scene = Scene::new();
    scene.confirmations.clear();
    scene.push(|charter| charter.issued = NOW.minus(HOUR));
    scene.assert_verified(scene.alert(&[11]));
    (scene.received, scene.now) = (NOW.plus(47 * HOUR), NOW.plus(47 * HOUR));
    let sent_then = |scene: &Scene| {
        scene.altered(&[11], |body| (body.sent, body.expires) = (NOW.plus(47 * HOUR), NOW.plus(60 * HOUR)))
    };
    scene.assert_verified(sent_then(&scene));
    (scene.received, scene.now) = (NOW.plus(47 * HOUR + 1), NOW.plus(47 * HOUR + 1));
    scene.assert_signed(sent_then(&scene), &unknown(None));
}

#[test]
fn who_confirmed_another_charter_or_another_epoch_confirmed_nothing() {
    for change in [
        |c: &mut Confirmation| c.charter = CharterHash([9; 32]),
        |c: &mut Confirmation| c.announcement = AnnouncementHash([9; 32]),
    ] {
        let scene = scene(|scene| {
            let mut confirmation = scene.confirmation(3, NOW);
            change(&mut confirmation);
            vec![confirmation]
        });
        scene.assert_signed(scene.alert(&[11]), &unknown(None));
    }
}

#[test]
fn a_confirmation_of_the_charter_before_does_not_confirm_the_newest() {
    let mut scene = Scene::new();
    scene.push(|charter| charter.grace_days = 31);
    assert_eq!(scene.confirmations.len(), 1);
    scene.assert_signed(scene.alert(&[11]), &unknown(None));
}

#[test]
fn who_has_no_right_here_at_that_time_confirms_nothing() {
    let elsewhere = scene(|scene| vec![scene.confirmation(4, NOW), scene.confirmation(9, NOW)]);
    elsewhere.assert_signed(elsewhere.alert(&[11]), &unknown(None));
    let mut retired = Scene::with(|charter| charter.grants[1].scopes[0].not_after = NOW.minus(HOUR));
    retired.confirmations = vec![retired.confirmation(2, NOW.minus(HOUR))];
    retired.assert_signed(retired.alert(&[11]), &unknown(None));
    retired.confirmations = vec![retired.confirmation(2, NOW.minus(HOUR + 1))];
    retired.assert_verified(retired.alert(&[11]));
}

#[test]
fn a_confirmation_from_the_future_confirms_nothing() {
    let possible = scene(|scene| vec![scene.confirmation(3, NOW.plus(60 + AHEAD))]);
    possible.assert_verified(possible.alert(&[11]));
    let dated = scene(|scene| vec![scene.confirmation(3, NOW.plus(61 + AHEAD))]);
    dated.assert_signed(dated.alert(&[11]), &unknown(None));
    let years = scene(|scene| vec![scene.confirmation(3, NOW.plus(200 * DAY)), scene.confirmation(2, NOW)]);
    years.assert_verified(years.alert(&[11]));
}

#[test]
fn what_was_not_fresh_becomes_so_when_another_coordinator_confirms_later() {
    let mut scene = scene(|_| vec![]);
    scene.assert_signed(scene.alert(&[11]), &unknown(None));
    scene.now = NOW.plus(20 * HOUR);
    scene.confirmations = vec![scene.confirmation(2, NOW.plus(19 * HOUR))];
    scene.assert_verified(scene.alert(&[11]));
}
