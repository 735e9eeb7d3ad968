//! Everyday losses: a laptop that is gone or replaced, somebody who leaves. Each ends with everybody working again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file::alert;
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_client::state::{Hood, Profile};
use watchfire_client::vault::Bucket;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::roster::InviteRole;
use watchfire_tests::local::{Person, World, add_neighborhood};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

async fn send(client: &Client, hood: NeighborhoodId) -> AlertId {
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let draft = client.draft_alert(hood, content, expires).unwrap();
    client.send_alert(draft).await.unwrap();
    let view = client.alerts(Filter { hood: Some(hood), ..Filter::default() }).unwrap().pop().unwrap();
    view.shown.id()
}

async fn sync(client: &Client, hood: NeighborhoodId) {
    client.connected(hood).await.unwrap().0.goodbye().await;
}

/// Whether somebody sees an alert, as verified.
async fn sees_verified(person: &Person, hood: NeighborhoodId, id: AlertId) -> bool {
    sync(&person.client, hood).await;
    let alerts = person.client.alerts(Filter { hood: Some(hood), ..Filter::default() }).unwrap();
    alerts.iter().any(|view| view.shown.id() == id && is_verified(view))
}

#[tokio::test]
async fn who_leaves_forgets_that_neighborhood_alone_and_comes_back_by_a_new_invite() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Coordinator, "Ana").await;
    let before = ana.client.charters().unwrap().newest().hash();
    let first = send(&world.admin.client, world.hood).await;
    assert!(sees_verified(&ana, world.hood, first).await);
    let rows = |person: &Person| {
        let vault = person.vault();
        vault
            .transact(|tx| {
                let hoods = tx.list::<Hood>(Bucket::Hood, b"")?.len();
                Ok::<_, ClientError>((hoods, Profile::load(tx)?.candidates.len()))
            })
            .unwrap()
    };
    assert_eq!(rows(&ana), (1, 1));
    let member = ana.vault().transact(|tx| Hood::load(tx, world.hood)).unwrap().member;

    assert!(matches!(ana.client.leaving(Some("Old Mill")), Err(ClientError::NoNeighborhood { .. })));
    let [view] = &ana.client.leaving(Some("Elm Park")).unwrap()[..] else { panic!("one neighborhood") };
    assert_eq!((view.hood, view.last_coordinator, view.queued), (world.hood, false, 0));
    ana.client.leave(&[view.hood]).unwrap();

    // Nothing of it is left, the key that was granted nowhere else included; the charters are.
    assert_eq!(rows(&ana), (0, 0));
    assert!(ana.client.alerts(Filter::default()).unwrap().is_empty());
    assert!(ana.client.names(world.hood).unwrap().is_none());
    assert!(matches!(ana.client.connected(world.hood).await, Err(ClientError::NoNeighborhood { .. })));
    assert!(matches!(ana.client.leaving(None), Err(ClientError::NoNeighborhood { .. })));
    assert_eq!(ana.client.charters().unwrap().newest().hash(), before);
    // Coordinators list them until they remove them.
    let listed = world.admin.client.members(world.hood).unwrap();
    assert!(listed.iter().any(|view| view.id == member));

    world.join_as(&ana, InviteRole::Responder, "Ana").await;
    assert_ne!(ana.vault().transact(|tx| Hood::load(tx, world.hood)).unwrap().member, member);
    let second = send(&world.admin.client, world.hood).await;
    assert!(sees_verified(&ana, world.hood, second).await);
}

#[tokio::test]
async fn leaving_one_neighborhood_keeps_the_other_and_an_admin_keeps_the_key_and_the_names() {
    let world = World::found().await;
    let admin = &world.admin;
    let mill = add_neighborhood(&admin.client, "Old Mill").await;
    assert_eq!(admin.client.leaving(None).unwrap().len(), 2);
    let view = admin.client.leaving(Some("Old Mill")).unwrap().remove(0);
    assert!(view.last_coordinator);
    admin.client.leave(&[mill]).unwrap();
    assert_eq!(admin.client.hoods().unwrap().len(), 1);
    assert_eq!(admin.client.names(mill).unwrap().unwrap().neighborhood, "Old Mill");
    assert!(admin.client.profile().unwrap().admin.is_some());
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let sent = send(&admin.client, world.hood).await;
    assert!(sees_verified(&ana, world.hood, sent).await);
}
