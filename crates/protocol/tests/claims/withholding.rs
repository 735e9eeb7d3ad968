//! `withholding-is-noticed`: an alert that a relay keeps back, a day of silence, and somebody who is shown another view.

use std::collections::BTreeSet;

use watchfire_protocol::alert::Head;
use watchfire_protocol::charter::{Restricted, Right, Subject};
use watchfire_protocol::id::{AlertId, AnnouncementHash, CharterHash, Epoch, RestrictionsHash};
use watchfire_protocol::inbox::Sees;
use watchfire_protocol::time::{DAY, HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::{AHEAD, Label, Note};
use watchfire_protocol::withholding::{LAG, OtherView, Own, SILENCE, Tenure, compare, silent_since, withheld_since};

use crate::scene::{ANNOUNCEMENT, HERE, NOW, Scene, coordinator};

const RETENTION: u32 = 72;
const BEFORE: AnnouncementHash = AnnouncementHash([0xab; 32]);

/// A member since hour 5 of epoch 7, which opened ten hours ago.
const MEMBER: Tenure = Tenure { epoch: Epoch(7), opened_at: NOW.minus(10 * HOUR), first_hour: Hour(5) };

fn head(epoch: u64, hour: u32, expires: Timestamp) -> Head {
    Head { alert: AlertId([9; 16]), epoch: Epoch(epoch), hour: Hour(hour), expires }
}

fn withheld(head: &Head) -> bool {
    withheld_since(head, &[MEMBER], RETENTION, NOW).is_some()
}

#[test]
fn withholding_is_noticed_by_whoever_was_a_member_in_the_hour_of_a_missing_alert() {
    let told = head(7, 6, NOW.plus(HOUR));
    assert_eq!(withheld_since(&told, &[MEMBER], RETENTION, NOW), Some(NOW.minus(4 * HOUR)));
    assert!(withheld(&head(7, 5, NOW.plus(1))), "their very first hour");
}

#[test]
fn what_was_before_ones_time_or_in_an_epoch_without_keys_was_not_withheld() {
    assert!(!withheld(&head(7, 4, NOW.plus(HOUR))));
    assert!(!withheld(&head(6, 6, NOW.plus(HOUR))));
    assert!(!withheld(&head(8, 6, NOW.plus(HOUR))));
}

#[test]
fn a_missing_alert_that_has_expired_is_no_alarm() {
    assert!(withheld(&head(7, 6, NOW.plus(1))));
    assert!(!withheld(&head(7, 6, NOW)));
}

#[test]
fn nobody_can_tell_of_an_alert_that_outlives_the_retention_or_of_an_hour_to_come() {
    let forever = head(7, 6, NOW.plus(1000 * DAY));
    // Sealed at most an hour after the hour began, and expired after the retention.
    let sealed = NOW.minus(4 * HOUR);
    let last = sealed.plus(HOUR + u64::from(RETENTION) * HOUR);
    assert!(withheld_since(&forever, &[MEMBER], RETENTION, last.minus(1)).is_some());
    assert!(withheld_since(&forever, &[MEMBER], RETENTION, last).is_none());
    assert!(withheld(&head(7, 11, NOW.plus(DAY))), "a clock an hour ahead");
    assert!(!withheld(&head(7, 12, NOW.plus(DAY))));
    assert!(!withheld(&head(7, u32::MAX, Timestamp(u64::MAX))));
}

#[test]
fn an_alert_whose_author_saw_one_that_is_missing_says_so_and_keeps_its_label() {
    let mut scene = Scene::new();
    let told = head(7, 0, NOW.plus(HOUR));
    let alert = scene.altered(&[11], |body| body.heads = vec![told]);
    assert_eq!(scene.shown(alert.clone()).notes(), []);
    scene.withheld = BTreeSet::from([AlertId([8; 16])]);
    assert_eq!(scene.shown(alert.clone()).notes(), [], "another one is missing");
    scene.withheld.insert(told.alert);
    let shown = scene.shown(alert);
    assert_eq!((shown.label(), shown.notes()), (&Label::Verified, &[Note::EarlierMissing][..]));
}

#[test]
fn a_day_of_silence_is_shown_and_any_signature_ends_it() {
    let joined = NOW.minus(30 * DAY);
    let last = NOW.minus(SILENCE);
    assert_eq!(silent_since([last, NOW.minus(9 * DAY)], joined, NOW), None);
    assert_eq!(silent_since([last.minus(1), NOW.minus(9 * DAY)], joined, NOW), Some(last.minus(1)));
    assert_eq!(silent_since([last.minus(1), NOW.minus(HOUR)], joined, NOW), None);
    assert_eq!(silent_since([], joined, NOW), Some(joined), "nothing was ever heard");
}

#[test]
fn silence_begins_when_somebody_joins_and_no_time_to_come_ends_it() {
    assert_eq!(silent_since([NOW.minus(9 * DAY)], NOW.minus(HOUR), NOW), None);
    let dated = NOW.plus(AHEAD + 1);
    assert_eq!(silent_since([dated], NOW.minus(2 * DAY), NOW), Some(NOW.minus(2 * DAY)));
    assert_eq!(silent_since([NOW.plus(AHEAD)], NOW.minus(2 * DAY), NOW), None);
}

/// A scene with a second charter version and a second announcement, both an hour old or more.
fn seen(change: impl FnOnce(&mut Sees, &Scene), sealed: Timestamp) -> Option<OtherView> {
    let mut scene = Scene::new();
    scene.push(|charter| charter.grace_days = 31);
    scene.announcements.insert(BEFORE);
    let newest = scene.charters.newest();
    let mut sees = Sees {
        charter_version: newest.version(),
        charter: newest.hash(),
        restrictions: scene.charters.restrictions_hash(),
        announcement: ANNOUNCEMENT,
        head: None,
    };
    change(&mut sees, &scene);
    let own = Own {
        charters: &scene.charters,
        charter_since: NOW,
        restrictions_since: NOW.plus(1),
        announcements: &scene.announcements,
        announcement: ANNOUNCEMENT,
        announcement_since: NOW,
    };
    compare(&sees, sealed, &own)
}

fn first_version(sees: &mut Sees, scene: &Scene) {
    let first = scene.charters.iter().next().unwrap();
    (sees.charter_version, sees.charter) = (first.version(), first.hash());
}

#[test]
fn who_sees_what_one_sees_oneself_is_no_alarm() {
    assert_eq!(seen(|_, _| (), NOW.plus(9 * DAY)), None);
}

#[test]
fn a_split_view_shows_at_the_first_answer() {
    let other = |sees: &mut Sees, _: &Scene| sees.charter = CharterHash([7; 32]);
    assert_eq!(seen(other, NOW), Some(OtherView::OtherCharter { version: 2 }));
    let newer = |sees: &mut Sees, _: &Scene| (sees.charter_version, sees.charter) = (3, CharterHash([7; 32]));
    assert_eq!(seen(newer, NOW), Some(OtherView::NewerCharter { seen: 3, held: 2 }));
    let moved = |sees: &mut Sees, _: &Scene| sees.charter_version = 1;
    assert_eq!(seen(moved, NOW), Some(OtherView::OtherCharter { version: 1 }), "the right hash under another version");
    let elsewhere = |sees: &mut Sees, _: &Scene| sees.announcement = AnnouncementHash([7; 32]);
    assert_eq!(seen(elsewhere, NOW), Some(OtherView::OtherEpoch));
}

#[test]
fn who_is_frozen_at_an_old_charter_is_noticed_once_there_was_time_to_hear_of_the_new_one() {
    assert_eq!(seen(first_version, NOW.plus(LAG)), None);
    assert_eq!(seen(first_version, NOW.plus(LAG + 1)), Some(OtherView::OlderCharter { seen: 1, held: 2 }));
}

/// As [`seen`], where a coordinator is restricted.
fn seen_restricted(set: impl FnOnce(&Scene) -> RestrictionsHash, sealed: Timestamp) -> Option<OtherView> {
    let mut scene = Scene::new();
    scene.restrict(vec![Restricted {
        subject: Subject::Coordinator(coordinator(1)),
        neighborhood: HERE,
        right: Right::Dispatch,
        distrust_from: None,
    }]);
    let newest = scene.charters.newest();
    let sees = Sees {
        charter_version: newest.version(),
        charter: newest.hash(),
        restrictions: set(&scene),
        announcement: ANNOUNCEMENT,
        head: None,
    };
    let own = Own {
        charters: &scene.charters,
        charter_since: NOW.minus(DAY),
        restrictions_since: NOW,
        announcements: &scene.announcements,
        announcement: ANNOUNCEMENT,
        announcement_since: NOW,
    };
    compare(&sees, sealed, &own)
}

#[test]
fn who_is_not_told_of_a_restriction_is_noticed_once_there_was_time_to_hear_of_it() {
    let in_force = |scene: &Scene| scene.charters.restrictions_hash();
    assert_eq!(seen_restricted(in_force, NOW.plus(9 * DAY)), None);
    let none = |_: &Scene| RestrictionsHash::ZERO;
    assert_eq!(seen_restricted(none, NOW.plus(LAG)), None);
    assert_eq!(seen_restricted(none, NOW.plus(LAG + 1)), Some(OtherView::OlderRestrictions));
}

#[test]
fn who_sees_a_restriction_that_is_not_here_shows_that_it_is_kept_back() {
    assert_eq!(seen_restricted(|_| RestrictionsHash([7; 32]), NOW), Some(OtherView::OtherRestrictions));
}

#[test]
fn who_is_frozen_at_an_old_epoch_is_noticed_once_there_was_time_to_hear_of_the_new_one() {
    let old = |sees: &mut Sees, _: &Scene| sees.announcement = BEFORE;
    assert_eq!(seen(old, NOW.plus(LAG)), None);
    assert_eq!(seen(old, NOW.plus(LAG + 1)), Some(OtherView::OlderEpoch));
}
