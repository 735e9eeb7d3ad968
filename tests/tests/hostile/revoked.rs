//! A relay on the side of a coordinator who was revoked and goes on with every key that they had.

use watchfire_client::ClientError;
use watchfire_client::net::Connection;
use watchfire_client::ops::view::is_verified;
use watchfire_client::route::{Errand, Route};
use watchfire_protocol::alert::{AlertBody, AlertsItem};
use watchfire_protocol::charter::Revocation;
use watchfire_protocol::frame::{Prover, Refusal};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::record::{Channel, Header};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::verdict::{HeldReason, Label, Note, SignedReason};
use watchfire_protocol::wire;
use watchfire_tests::hostile::Hostile;
use watchfire_tests::rogue::Hand;

use super::*;

/// A version without Kai's grant, and the rotation that follows from it.
async fn revoke_kai(world: &World, kai: &Hand, before: Epoch) {
    let key = kai.device.public();
    world
        .next_charter(|body| {
            body.grants.retain(|grant| !grant.devices.contains(&key));
            body.revocations.push(Revocation { key, neighborhood: world.hood, distrust_from: before.next() });
        })
        .await;
    sync(&world.admin, world).await;
    assert_eq!(epoch(&world.admin), before.next());
}

fn epoch(person: &Person) -> Epoch {
    person.client.status().unwrap().hoods[0].epoch
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_keeps_a_revocation_back_lets_the_revoked_be_believed_for_the_hours_of_freshness_alone() {
    let (hostile, mut world) = Hostile::found().await;
    let kai = with_kai(&world).await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    sync(&kai, &world).await;
    sync(&ben, &world).await;
    // The world before the revocation goes on for Ben and Kai alone.
    let frozen = world.relay.twin().await;
    let hand = Hand::of(&kai, world.hood);
    revoke_kai(&world, &hand, epoch(&kai)).await;
    hostile.show(&frozen);
    for _ in 0..5 {
        world.clock.forward(10 * HOUR);
        sync(&kai, &world).await;
    }
    let alone = send_as(&kai, &world, 5).await;
    sync(&ben, &world).await;
    let view = shown(&ben).pop().unwrap();
    let Label::Signed(reasons) = view.shown.label() else { panic!("VERIFIED by a revoked coordinator and a relay") };
    assert!(reasons.iter().any(|reason| matches!(reason, SignedReason::FreshnessUnknown { .. })), "{reasons:?}");
    // When Ben hears of it, what was shown says so, and what comes after is held.
    hostile.show(&world.relay);
    sync(&ben, &world).await;
    let view = shown(&ben).into_iter().find(|view| view.shown.id() == alone).unwrap();
    assert!(!is_verified(&view) && view.shown.notes().contains(&Note::SenderRevoked), "{:?}", view.shown.notes());
    hostile.show(&frozen);
    world.clock.forward(60);
    let late = send_as(&kai, &world, 5).await;
    sync(&ben, &world).await;
    assert!(!ids(&ben).contains(&late));
    let signer = hand.device.public();
    assert!(ben.client.held(None).unwrap().iter().any(|held| held.why == HeldReason::Revoked { signer }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_revoked_append_after_the_rotation_is_refused_and_where_a_relay_takes_it_held() {
    let (hostile, world) = Hostile::found().await;
    let kai = with_kai(&world).await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let genuine = send_as(&kai, &world, 5).await;
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [genuine]);
    let (hand, (state, keys)) = (Hand::of(&kai, world.hood), kai.keys(world.hood));
    let old = epoch(&kai);
    revoke_kai(&world, &hand, old).await;
    sync(&ben, &world).await;

    let mut body: AlertBody = wire::decode_body(&claim(&kai, genuine).body).unwrap();
    (body.random, body.sent) = ([7; 16], world.clock.now());
    let anew = SignedAlert::sign(&body, &state.place(), &hand.device);
    let record = kai.wrap(world.hood, &AlertsItem::Alert(anew).to_bytes());
    assert_eq!(Header::parse(&record).unwrap().epoch, old);
    // The key of the epoch before reads for a while, and writes no more; the next epoch's was never theirs.
    let role = keys.keys(state.place()).coordinator.unwrap().role_key();
    let open = async || {
        Connection::open(&Route::straight().unwrap(), &world.relay.url, None, Errand::Alerts, None).await.unwrap()
    };
    let mut relay = open().await;
    relay.prove(state.place(), old, Prover::Coordinator, &role).await.unwrap();
    let mut posing = record.clone();
    posing[2..10].copy_from_slice(&old.next().0.to_be_bytes());
    assert_eq!(Header::parse(&posing).unwrap().epoch, old.next());
    for record in [&record, &posing] {
        let refused = relay.call(Request::Append { record: record.clone() }).await;
        assert!(matches!(refused, Err(ClientError::Refused(Refusal::ClosedEpoch { .. }))), "{refused:?}");
    }
    let refused = open().await.prove(state.place(), old.next(), Prover::Coordinator, &role).await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::BadProof))), "{refused:?}");
    let refused =
        open().await.prove(state.place(), Epoch::NONE, Prover::Device(hand.device.public()), &hand.device).await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::NotGranted))), "{refused:?}");

    // A relay that takes it all the same, and reads it to everybody.
    hostile.add(Channel::Alerts, vec![record, posing]);
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [genuine]);
    let held: Vec<HeldReason> = ben.client.held(None).unwrap().into_iter().map(|held| held.why).collect();
    assert!(held.contains(&HeldReason::Revoked { signer: hand.device.public() }), "{held:?}");
}
