//! A relay that shows different people different worlds: frozen, forked, at another time.

use watchfire_client::ops::view::is_verified;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::verdict::{Label, Note, SignedReason};
use watchfire_tests::hostile::Hostile;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_member_is_told_so_within_the_hours_of_freshness_and_no_alert_is_verified_after_them() {
    let (hostile, mut world) = Hostile::found().await;
    let kai = with_kai(&world).await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    sync(&kai, &world).await;
    sync(&ben, &world).await;
    assert!(ben.client.status().unwrap().hoods[0].fresh);
    // Ben's world stays as it is. The others go on, and show signs of life.
    let frozen = world.relay.twin().await;
    for _ in 0..3 {
        world.clock.forward(16 * HOUR);
        for coordinator in [&world.admin, &kai] {
            sync(coordinator, &world).await;
        }
    }
    world.clock.forward(HOUR);
    hostile.show(&frozen);
    sync(&ben, &world).await;
    assert!(!ben.client.status().unwrap().hoods[0].fresh);
    // Kai is with the relay, and sends into the frozen world alone.
    let id = send_as(&kai, &world, 5).await;
    sync(&ben, &world).await;
    let view = shown(&ben).pop().unwrap();
    let Label::Signed(reasons) = view.shown.label() else { panic!("VERIFIED in a frozen world") };
    assert!(reasons.iter().any(|reason| matches!(reason, SignedReason::FreshnessUnknown { .. })), "{reasons:?}");
    // In the true world it is fresh again, and what was sent there comes.
    hostile.show(&world.relay);
    send(&world, 2).await;
    sync(&ben, &world).await;
    assert!(ben.client.status().unwrap().hoods[0].fresh);
    assert_eq!(shown(&ben).len(), 2);
    assert!(ids(&ben).contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_forks_of_a_relay_are_one_again_without_a_lost_alert() {
    let (hostile, mut world) = Hostile::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let fork = world.relay.twin().await;
    let first = send(&world, 5).await;
    sync(&ana, &world).await;
    hostile.show(&fork);
    sync(&ben, &world).await;
    assert_eq!((ids(&ana), ids(&ben)), (vec![first], vec![]));
    world.clock.forward(60);
    let second = send(&world, 5).await;
    // Who coordinates meets the fork, and brings it what it lacks.
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [first, second]);
    hostile.show(&world.relay);
    sync(&world.admin, &world).await;
    sync(&ana, &world).await;
    assert_eq!(ids(&ana), [first, second]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charter_rolled_back_takes_nobody_back_to_it() {
    let (hostile, mut world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let old = world.relay.twin().await;
    let _kai = with_kai(&world).await;
    sync(&ben, &world).await;
    let version = || ben.client.status().unwrap().charter_version;
    let reached = version();
    hostile.show(&old);
    sync(&ben, &world).await;
    assert_eq!(version(), reached);
    // And whoever asks there now gets the newer one: it was brought.
    let lou = world.join(InviteRole::Responder, "Lou").await;
    assert_eq!(lou.client.status().unwrap().charter_version, reached);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_time_of_the_relay_hides_no_alert_and_erases_nothing() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let year = 365 * 24 * HOUR;
    for time in [world.clock.now().plus(year), world.clock.now().minus(year)] {
        let before = send(&world, 50).await;
        hostile.tell_time(time);
        sync(&ben, &world).await;
        let during = send(&world, 50).await;
        sync(&ben, &world).await;
        assert!(ids(&ben).contains(&before) && ids(&ben).contains(&during));
        let views = shown(&ben);
        assert!(views.iter().all(is_verified));
        assert!(views.iter().all(|view| view.shown.notes().contains(&Note::ClockInDoubt)));
        assert!(ben.client.status().unwrap().hoods[0].clock_in_doubt);
        hostile.be_honest();
        sync(&ben, &world).await;
        assert!(!ben.client.status().unwrap().hoods[0].clock_in_doubt);
    }
}
