//! Why an alert is SIGNED and not VERIFIED: each reason by itself.

use watchfire_protocol::alert::AlertBody;
use watchfire_protocol::id::{AnnouncementHash, CharterHash};
use watchfire_protocol::time::{DAY, HOUR};
use watchfire_protocol::verdict::{Label, RETIRED_GRACE, SignedReason};
use watchfire_protocol::vocabulary::{Code, Seen};

use crate::scene::{ISSUED, NOW, Scene};

#[test]
fn an_unconfirmed_network_is_signed_at_most() {
    let mut scene = Scene::new();
    scene.network_confirmed = false;
    scene.assert_signed(scene.alert(&[11]), &[SignedReason::UnconfirmedNetwork]);
}

#[test]
fn a_call_to_verify_is_signed_even_where_it_says_verified() {
    let scene = Scene::new();
    let ask = |body: &mut AlertBody| body.content.ask = Some(Code::constant("verify"));
    scene.assert_signed(scene.altered(&[11], ask), &[SignedReason::CallToVerify]);
}

#[test]
fn a_sighting_that_nobody_checked_is_signed() {
    let scene = Scene::new();
    for state in ["unverified", "not-found", "false-alarm", "withdrawn", "checked-by-a-newer-word"] {
        let alert = scene.altered(&[11], |body| body.content.verification.state = Code::new(state).unwrap());
        scene.assert_signed(alert, &[SignedReason::NotChecked]);
    }
    let alert = scene.altered(&[11], |body| body.content.verification.state = Code::constant("corroborated"));
    scene.assert_verified(alert);
}

#[test]
fn what_is_no_sighting_needs_no_check() {
    let scene = Scene::new();
    for (kind, msg_type) in [
        ("network.notice", "alert"),
        ("network.drill", "alert"),
        ("rumor.debunk", "alert"),
        ("enforcement.raid", "cancel"),
        ("enforcement.raid", "correction"),
    ] {
        scene.assert_verified(scene.altered(&[11], |body| {
            body.content.kind = Code::new(kind).unwrap();
            body.content.msg_type = Code::new(msg_type).unwrap();
            body.content.verification.state = Code::constant("unverified");
        }));
    }
}

#[test]
fn what_tells_of_a_sighting_needs_a_check_whatever_its_kind_says() {
    let scene = Scene::new();
    let seen = |still_there| Some(Seen { still_there, ..Seen::default() });
    let told = |kind, seen: Option<Seen>, state| {
        scene.altered(&[11], move |body| {
            (body.content.kind, body.content.seen) = (Code::constant(kind), seen.clone());
            body.content.verification.state = Code::constant(state);
        })
    };
    for kind in ["network.notice", "network.call-to-action", "rumor.debunk"] {
        scene.assert_signed(told(kind, seen(Some(true)), "unverified"), &[SignedReason::NotChecked]);
        scene.assert_verified(told(kind, seen(Some(true)), "verified"));
        scene.assert_verified(told(kind, seen(None), "unverified"));
    }
    scene.assert_verified(told("network.drill", seen(Some(true)), "unverified"));
}

#[test]
fn an_expired_charter_leaves_alerts_signed_with_the_days_once_its_grace_is_over() {
    let expired = |grace_days| {
        Scene::with(|charter| {
            charter.expires = ISSUED.plus(DAY);
            charter.grace_days = grace_days;
        })
    };
    expired(10).assert_verified(expired(10).alert(&[11]));
    let scene = expired(9);
    scene.assert_signed(scene.alert(&[11]), &[SignedReason::CharterExpired { days: 9 }]);
}

#[test]
fn a_key_retired_after_it_was_used_is_good_for_an_hour_and_then_signed() {
    let retired = |seconds: u64| {
        let mut scene = Scene::with(|charter| charter.grants[0].scopes[0].not_after = NOW.plus(1));
        (scene.received, scene.now) = (NOW.plus(seconds), NOW.plus(seconds));
        scene
    };
    let scene = retired(RETIRED_GRACE);
    scene.assert_verified(scene.alert(&[11]));
    let scene = retired(RETIRED_GRACE + 1);
    scene.assert_signed(scene.alert(&[11]), &[SignedReason::RetiredKey]);
    // Judged again later, what counts is when it first arrived.
    let mut scene = retired(RETIRED_GRACE);
    scene.now = NOW.plus(30 * HOUR);
    scene.assert_verified(scene.alert(&[11]));
}

#[test]
fn an_author_with_a_newer_charter_is_signed_until_it_is_here() {
    let mut scene = Scene::new();
    let alert = scene.altered(&[11], |body| {
        body.charter_version = 3;
        body.charter = CharterHash([9; 32]);
    });
    scene.assert_signed(alert, &[SignedReason::NewerCharter { named: 3, held: 1 }]);

    let mut ahead = Scene::new();
    ahead.push(|charter| charter.grace_days = 31);
    let alert = ahead.alert(&[11]);
    scene.assert_signed(alert.clone(), &[SignedReason::NewerCharter { named: 2, held: 1 }]);
    scene.push(|charter| charter.grace_days = 31);
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    scene.assert_verified(alert);
}

#[test]
fn an_author_with_an_older_charter_is_in_the_same_view() {
    let mut scene = Scene::new();
    let alert = scene.alert(&[11]);
    scene.push(|charter| charter.grace_days = 31);
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    scene.assert_verified(alert);
}

#[test]
fn an_author_with_another_charter_or_another_epoch_is_in_another_view() {
    let scene = Scene::new();
    let other = &[SignedReason::OtherView];
    scene.assert_signed(scene.altered(&[11], |body| body.charter = CharterHash([9; 32])), other);
    scene.assert_signed(scene.altered(&[11], |body| body.charter_version = 0), other);
    scene.assert_signed(scene.altered(&[11], |body| body.announcement = AnnouncementHash([9; 32])), other);
}

#[test]
fn an_ancestor_of_the_current_announcement_is_in_the_same_view() {
    let mut scene = Scene::new();
    scene.announcements.insert(AnnouncementHash([0xab; 32]));
    scene.assert_verified(scene.altered(&[11], |body| body.announcement = AnnouncementHash([0xab; 32])));
}

#[test]
fn all_that_is_missing_is_told_and_the_unconfirmed_network_first() {
    let mut scene = Scene::with(|charter| {
        charter.neighborhoods[0].quorum = 3;
        charter.expires = ISSUED.plus(DAY);
        charter.grace_days = 0;
    });
    scene.network_confirmed = false;
    scene.confirmations.clear();
    let alert = scene.altered(&[11], |body| {
        body.announcement = AnnouncementHash([9; 32]);
        body.content.verification.state = Code::constant("unverified");
    });
    let wanted = [
        SignedReason::UnconfirmedNetwork,
        SignedReason::BelowQuorum { signed: 1, quorum: 3 },
        SignedReason::OtherView,
        SignedReason::NotChecked,
        SignedReason::FreshnessUnknown { since: None },
        SignedReason::CharterExpired { days: 9 },
    ];
    assert_eq!(scene.shown(alert).label(), &Label::Signed(wanted.to_vec()));
}
