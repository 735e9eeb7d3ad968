//! What is not a coordinator's alert is kept aside with its reason, and never among the alerts.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file::alert;
use watchfire_client::net::Connection;
use watchfire_client::ops::view::Filter;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::StoredAlert;
use watchfire_client::vault::Bucket;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::alert::{AlertBody, AlertsItem, SignedAlert};
use watchfire_protocol::frame::{Prover, Refusal, Reply, Request};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::Hour;
use watchfire_protocol::wire;
use watchfire_tests::local::{Person, World, add_neighborhood};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

async fn send(client: &Client, hood: NeighborhoodId) -> SignedAlert {
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let draft = client.draft_alert(hood, content, expires).unwrap();
    client.send_alert(draft).await.unwrap();
    let view = client.alerts(Filter { hood: Some(hood), ..Filter::default() }).unwrap().pop().unwrap();
    view.shown.signed().clone()
}

async fn append(world: &World, person: &Person, prover: Prover, record: Vec<u8>) -> Result<Reply, ClientError> {
    let (state, epoch) = person.keys(world.hood);
    let keys = epoch.keys(state.place());
    let key = match prover {
        Prover::Coordinator => keys.coordinator.unwrap().role_key(),
        _ => keys.member.role_key(),
    };
    let mut connection =
        Connection::open(&Route::straight().unwrap(), &world.relay.url, Some(&world.relay.key), Errand::Alerts, None)
            .await
            .unwrap();
    connection.prove(state.place(), epoch.epoch, prover, &key).await.unwrap();
    connection.call(Request::Append { record }).await
}

fn reseal(body: &AlertBody, signer: &SecretKey, place: &watchfire_protocol::kdf::Place) -> Vec<u8> {
    AlertsItem::Alert(SignedAlert::sign(body, place, signer)).to_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_an_altered_and_a_foreign_alert_are_held_with_their_reasons_and_never_shown() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let elsewhere = add_neighborhood(&world.admin.client, "Old Mill").await;
    let foreign = send(&world.admin.client, elsewhere).await;
    let genuine = send(&world.admin.client, world.hood).await;
    let (state, _) = ana.keys(world.hood);
    let mut body: AlertBody = wire::decode_body(&genuine.body).unwrap();
    body.random = [7; 16];

    // Signed by a key that the charter does not grant: a responder's own.
    let forged = ana.wrap(world.hood, &reseal(&body, &state.identity_key(), &state.place()));
    // Signed by a coordinator, for another neighborhood.
    let moved = ana.wrap(world.hood, &AlertsItem::Alert(foreign).to_bytes());
    // One byte of the signed body is another one.
    let mut altered = genuine.clone();
    altered.body[40] ^= 1;
    let altered = ana.wrap(world.hood, &AlertsItem::Alert(altered).to_bytes());
    // One byte of a sealed record is another one.
    let mut flipped = ana.wrap(world.hood, &AlertsItem::Alert(genuine).to_bytes());
    flipped[500] ^= 1;

    // The relay takes none of it from a member.
    let refused = append(&world, &ana, Prover::Member, forged.clone()).await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::WrongChannel))), "{refused:?}");
    // A relay that is hostile, or a coordinator's role key in the wrong hands, would.
    for record in [forged, moved, altered, flipped] {
        let taken = append(&world, &world.admin, Prover::Coordinator, record).await;
        assert!(matches!(taken, Ok(Reply::Appended { .. })), "{taken:?}");
    }

    ana.client.connected(world.hood).await.unwrap();
    let alerts = ana.client.alerts(Filter { expired: true, ..Filter::default() }).unwrap();
    assert_eq!(alerts.len(), 1, "only the genuine one");
    let held = ana.client.held(None).unwrap();
    let reasons: Vec<&str> = held.iter().map(|held| held.reason.as_str()).collect();
    let count = |words: &str| reasons.iter().filter(|reason| reason.contains(words)).count();
    assert_eq!(held.len(), 4, "{reasons:?}");
    assert_eq!(count("not signed by a coordinator that the charter grants"), 1, "{reasons:?}");
    assert_eq!(count("no signature on it is valid in this neighborhood"), 2, "{reasons:?}");
    assert_eq!(count("record cannot be opened"), 1, "{reasons:?}");
    assert_eq!(ana.client.status().unwrap().hoods[0].held, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_with_an_absurd_hour_costs_nothing_and_is_held() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let mut record = ana.wrap(world.hood, b"anything");
    record[10..14].copy_from_slice(&Hour(u32::MAX).0.to_be_bytes());
    append(&world, &world.admin, Prover::Coordinator, record).await.unwrap();
    ana.client.connected(world.hood).await.unwrap();
    let held = ana.client.held(None).unwrap();
    assert_eq!(held.len(), 1);
    assert!(held[0].reason.contains("hour too far in the future"), "{}", held[0].reason);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_comes_twice_is_there_once() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let genuine = send(&world.admin.client, world.hood).await;
    let again = ana.wrap(world.hood, &AlertsItem::Alert(genuine).to_bytes());
    append(&world, &world.admin, Prover::Coordinator, again).await.unwrap();
    ana.client.connected(world.hood).await.unwrap();
    assert_eq!(ana.client.alerts(Filter::default()).unwrap().len(), 1);
    let stored =
        ana.vault().transact(|tx| Ok::<_, ClientError>(tx.list::<StoredAlert>(Bucket::Alert, b"")?.len())).unwrap();
    assert_eq!(stored, 1);
}
