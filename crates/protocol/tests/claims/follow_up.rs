//! What a cancel, an update or a correction does to the alert that it is about.

use watchfire_protocol::alert::AlertBody;
use watchfire_protocol::charter::BelowQuorum;
use watchfire_protocol::follow_up::{FollowUp, What, follow_up, waiting_follow_up};
use watchfire_protocol::id::AlertId;
use watchfire_protocol::verdict::ShownAlert;
use watchfire_protocol::vocabulary::Code;

use crate::scene::{ELSEWHERE, NOW, Scene};

fn two() -> Scene {
    Scene::with(|charter| charter.neighborhoods[0].quorum = 2)
}

fn about(msg_type: &'static str, alert: AlertId) -> impl FnOnce(&mut AlertBody) {
    move |body| {
        body.random = [2; 16];
        body.sent = NOW.plus(30);
        body.content.msg_type = Code::constant(msg_type);
        body.content.references = vec![alert];
    }
}

fn first(scene: &Scene) -> ShownAlert {
    scene.shown(scene.alert(&[11, 21]))
}

fn later(scene: &Scene, signers: &[u8], msg_type: &'static str, alert: AlertId) -> ShownAlert {
    scene.shown(scene.altered(signers, about(msg_type, alert)))
}

#[test]
fn a_cancel_that_a_quorum_signed_closes_the_alert() {
    let scene = two();
    let alert = first(&scene);
    let cancel = later(&scene, &[11, 21], "cancel", alert.id());
    let found = follow_up(&alert, &cancel).unwrap();
    assert_eq!(found, FollowUp { what: What::Cancel, counts: true });
    assert!(found.closes());
}

#[test]
fn a_lone_cancel_is_told_and_closes_nothing() {
    let scene = two();
    let alert = first(&scene);
    for lone in [&[11][..], &[11, 12], &[11, 99]] {
        let found = follow_up(&alert, &later(&scene, lone, "cancel", alert.id())).unwrap();
        assert_eq!(found, FollowUp { what: What::Cancel, counts: false });
        assert!(!found.closes());
    }
}

#[test]
fn one_signature_more_and_a_lone_cancel_closes() {
    let scene = two();
    let alert = first(&scene);
    let mut cancel = scene.altered(&[11], about("cancel", alert.id()));
    let second = scene.altered(&[21], about("cancel", alert.id())).signatures[0];
    assert!(!follow_up(&alert, &scene.shown(cancel.clone())).unwrap().closes());
    assert!(cancel.add(&scene.place(), second));
    assert!(follow_up(&alert, &scene.shown(cancel)).unwrap().closes());
}

#[test]
fn a_cancel_by_who_has_left_office_closes_nothing() {
    let mut scene = Scene::new();
    let alert = scene.shown(scene.alert(&[21]));
    scene.push(|charter| charter.grants[0].scopes[0].not_after = NOW.plus(60));
    scene.confirmations = vec![scene.confirmation(3, NOW)];
    (scene.received, scene.now) = (NOW.plus(3 * 3600), NOW.plus(3 * 3600));
    let cancel = later(&scene, &[11], "cancel", alert.id());
    assert!(!follow_up(&alert, &cancel).unwrap().closes());
}

#[test]
fn what_ended_or_corrected_an_alert_stays_when_the_quorum_is_raised_after_it_came_and_not_before() {
    for (what, policy) in
        [("cancel", BelowQuorum::Show), ("correction", BelowQuorum::Hold), ("update", BelowQuorum::Hold)]
    {
        let mut scene = Scene::new();
        let id = scene.shown(scene.alert(&[21])).id();
        let ended = scene.altered(&[11], about(what, id));
        scene.accepted = scene.shown(ended.clone()).counted().to_vec();
        let raised = scene.received.plus(60);
        scene.push(|charter| {
            charter.issued = raised;
            charter.neighborhoods[0].quorum = 2;
            charter.neighborhoods[0].below_quorum = policy;
        });
        scene.now = raised.plus(60);
        assert!(scene.shown(ended.clone()).quorum_stands(), "{what}");
        // A lone signer who names the old version when the new one is out already fills no quorum.
        scene.received = raised.plus(1);
        assert!(!scene.shown(ended.clone()).quorum_stands(), "{what}");
        // Nor does who names the new one, whenever it came.
        scene.received = NOW.plus(60);
        assert!(!scene.shown(scene.altered(&[11], about(what, id))).quorum_stands(), "{what}");
        assert!(scene.shown(scene.altered(&[11, 21], about(what, id))).quorum_stands(), "{what}");
    }
}

#[test]
fn a_cancel_of_another_alert_says_nothing_about_this_one() {
    let scene = two();
    let alert = first(&scene);
    assert_eq!(follow_up(&alert, &later(&scene, &[11, 21], "cancel", AlertId([9; 16]))), None);
    let cancel = later(&scene, &[11, 21], "cancel", alert.id());
    assert_eq!(follow_up(&cancel, &cancel), None);
    assert_eq!(follow_up(&cancel, &alert), None);
}

#[test]
fn a_cancel_from_before_the_alert_says_nothing_about_it() {
    let scene = two();
    let alert = first(&scene);
    let at = |sent| {
        scene.shown(scene.altered(&[11, 21], |body| {
            about("cancel", alert.id())(body);
            body.sent = sent;
        }))
    };
    assert_eq!(follow_up(&alert, &at(NOW.minus(1))), None);
    assert!(follow_up(&alert, &at(NOW)).unwrap().closes());
}

#[test]
fn a_cancel_in_another_neighborhood_says_nothing_about_it() {
    let scene = two();
    let alert = first(&scene);
    let mut elsewhere = two();
    elsewhere.neighborhood = ELSEWHERE;
    let cancel = elsewhere.shown(elsewhere.altered(&[41], about("cancel", alert.id())));
    assert_eq!(follow_up(&alert, &cancel), None);
}

#[test]
fn updates_and_corrections_are_told_and_close_nothing() {
    let scene = two();
    let alert = first(&scene);
    for (msg_type, what) in [("update", What::Update), ("correction", What::Correction)] {
        for (signers, counts) in [(&[11, 21][..], true), (&[11], false)] {
            let found = follow_up(&alert, &later(&scene, signers, msg_type, alert.id())).unwrap();
            assert_eq!(found, FollowUp { what, counts });
            assert!(!found.closes());
        }
    }
    assert_eq!(follow_up(&alert, &later(&scene, &[11, 21], "alert", alert.id())), None);
}

#[test]
fn under_hold_a_lone_cancel_is_held_like_an_alert_and_told_beside_it() {
    let scene = Scene::with(|charter| {
        charter.neighborhoods[0].quorum = 2;
        charter.neighborhoods[0].below_quorum = BelowQuorum::Hold;
    });
    let alert = first(&scene);
    let lone = scene.altered(&[11], about("cancel", alert.id()));
    let wanted = watchfire_protocol::verdict::HeldReason::BelowQuorum { signed: 1, quorum: 2 };
    scene.assert_held(lone.clone(), &wanted);
    let held = scene.held(lone);
    let (beside, body) = waiting_follow_up(&alert, &held).unwrap();
    assert_eq!(beside, FollowUp { what: What::Cancel, counts: false });
    assert_eq!(body.content.msg_type, "cancel");
    let other = scene.held(scene.altered(&[11], about("cancel", AlertId([9; 16]))));
    assert!(waiting_follow_up(&alert, &other).is_none(), "it is about something else");
    let forged = scene.held(scene.altered(&[91], about("cancel", alert.id())));
    assert!(waiting_follow_up(&alert, &forged).is_none(), "nobody who counts signed it");
}
