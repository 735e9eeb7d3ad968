//! Everyday losses: a laptop that is gone or replaced, somebody who leaves. Each ends with everybody working again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::Duration;

use watchfire_client::error::Unsignable;
use watchfire_client::file::alert;
use watchfire_client::net::Connection;
use watchfire_client::ops::admin::NewAdminKey;
use watchfire_client::ops::amend::{Amendment, GrantTerms, Outcome};
use watchfire_client::ops::chain::JudgedFile;
use watchfire_client::ops::edit::NewTerms;
use watchfire_client::ops::invite::InviteTerms;
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::{Hood, Profile};
use watchfire_client::vault::Bucket;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::alert::{AlertsItem, sign_body};
use watchfire_protocol::frame::{Prover, Request};
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::verdict::Label;
use watchfire_tests::local::{Person, World, add_neighborhood, terms};

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

/// Somebody joins by a link of a coordinator, with the words read both ways.
async fn join_by(world: &World, coordinator: &Person, person: &Person, role: InviteRole, handle: &str) {
    let wanted = InviteTerms { role, handle: String::new(), uses: 1, expires_in: 3600, auto_approve: false };
    let link = coordinator.client.invite(world.hood, &wanted).await.unwrap().link;
    let view = person.client.join(&InviteLink::parse(&link).unwrap(), &terms(handle)).await.unwrap();
    sync(&coordinator.client, world.hood).await;
    let heard = coordinator.client.pending(world.hood).unwrap().remove(0).say[0].join(" ");
    coordinator.client.approve(world.hood, &view.request.to_string(), &view.say[0].join(" ")).await.unwrap();
    person.client.wait_for_approval(world.hood, Duration::from_secs(20)).await.unwrap();
    person.client.confirm(&heard).unwrap();
}

/// A coordinator with both rights.
async fn coordinator(world: &World, handle: &str) -> Person {
    let person = world.join(InviteRole::Coordinator, handle).await;
    world.admin.client.grant(handle, world.hood, true, true, None).await.unwrap();
    sync(&person.client, world.hood).await;
    person
}

/// A change that one signature suffices for.
async fn publish(client: &Client, amendment: &Amendment) {
    assert!(matches!(client.amend(amendment, false).await.unwrap(), Outcome::Published(_)));
}

/// A change that one admin draws, another signs and publishes.
async fn publish_together(draws: &Client, signs: &Client, amendment: &Amendment) {
    let Outcome::Drafted(drafted) = draws.amend(amendment, false).await.unwrap() else { panic!("one sufficed") };
    let signed = signs.sign_draft(signs.review(&drafted.file).unwrap()).unwrap();
    signs.publish_draft(&signed.file).await.unwrap();
}

fn revoke(handle: &str) -> Amendment {
    Amendment::Revoke { handle: handle.to_owned(), hood: None, distrust_from: None }
}

fn granted(handle: &str, hood: NeighborhoodId) -> Amendment {
    Amendment::Grant(GrantTerms { handle: handle.to_owned(), hood, dispatch: true, enroll: true, until: None })
}

/// One alert by each who may send, seen as verified by all; and none of them in a vault that is lost.
async fn works_again(world: &World, senders: &[&Person], all: &[&Person], lost: &Person) {
    for sender in senders {
        world.clock.forward(61);
        sync(&sender.client, world.hood).await;
        let id = send(&sender.client, world.hood).await;
        for person in all {
            assert!(sees_verified(person, world.hood, id).await);
        }
        let _ = lost.client.connected(world.hood).await;
        let read = lost.client.alerts(Filter { hood: Some(world.hood), ..Filter::default() }).unwrap();
        assert!(read.iter().all(|view| view.shown.id() != id), "who has the lost one reads nothing new");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responder_who_lost_the_laptop_is_removed_and_joins_anew() {
    let world = World::found().await;
    let (lost, ben) = (world.join(InviteRole::Responder, "Ana").await, world.join(InviteRole::Responder, "Ben").await);
    let first = send(&world.admin.client, world.hood).await;
    assert!(sees_verified(&lost, world.hood, first).await);
    let ana = world.admin.client.member_named(world.hood, "Ana").unwrap();
    world.admin.client.remove_members(world.hood, std::slice::from_ref(&ana), "lost laptop").await.unwrap();

    let again = world.join(InviteRole::Responder, "Ana").await;
    assert_ne!(world.admin.client.member_named(world.hood, "Ana").unwrap().0, ana.0);
    works_again(&world, &[&world.admin], &[&again, &ben], &lost).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_who_lost_the_laptop_is_revoked_and_granted_anew() {
    let world = World::found().await;
    let (lost, ana) = (coordinator(&world, "Bea").await, world.join(InviteRole::Responder, "Ana").await);
    publish(&world.admin.client, &revoke("Bea")).await;
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let _ = lost.client.connected(world.hood).await;
    let refused = lost.client.draft_alert(world.hood, content, expires).err().unwrap();
    assert!(matches!(refused, ClientError::NotGranted(_)), "{refused:?}");

    let again = world.join(InviteRole::Coordinator, "Bea").await;
    assert!(again.client.members(world.hood).is_err(), "the coordinators' secrets come with the grant");
    world.admin.client.grant("Bea", world.hood, true, true, None).await.unwrap();
    works_again(&world, &[&again, &world.admin], &[&again, &ana, &world.admin], &lost).await;
    let members = again.client.members(world.hood).unwrap();
    assert_eq!(members.iter().filter(|member| member.handle == "Bea").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_lost_the_laptop_and_has_the_paper_signs_from_a_fresh_home() {
    let world = World::found().await;
    let (kai, ana) = (coordinator(&world, "Kai").await, world.join(InviteRole::Responder, "Ana").await);
    let (lost, words) = (&world.admin, world.admin.client.admin_paper().unwrap());

    let fresh = Person::new(&world.clock);
    fresh.client.keep_admin_key(&NewAdminKey::from_paper(&words).unwrap()).unwrap();
    let file = kai.client.export_charters().unwrap().bytes;
    fresh.client.enter_by_file(&JudgedFile::from_bytes(&file).unwrap()).unwrap();
    publish(&fresh.client, &revoke("Marisol")).await;
    // Kai's device closes the lost one out by itself, and lets the new one in.
    sync(&kai.client, world.hood).await;
    for member in kai.client.doubtful(world.hood).unwrap() {
        kai.client.approve_again(world.hood, member.id).await.unwrap();
    }
    join_by(&world, &kai, &fresh, InviteRole::Coordinator, "Marisol").await;
    publish_together(&kai.client, &fresh.client, &granted("Marisol", world.hood)).await;
    kai.client.rotate(world.hood).await.unwrap();
    works_again(&world, &[&fresh, &kai], &[&fresh, &kai, &ana], lost).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_lost_the_laptop_and_has_no_paper_is_replaced_by_the_two_others() {
    let world = World::found().await;
    let (kai, mia) = (coordinator(&world, "Kai").await, world.join(InviteRole::Responder, "Mia").await);
    let lost = &world.admin;
    let new_key = |person: &Person| -> PublicKey {
        let key = NewAdminKey::generate();
        person.client.keep_admin_key(&key).unwrap();
        key.public()
    };
    let two = Amendment::AddAdmins(vec![new_key(&kai), new_key(&mia)]);
    publish_together(&lost.client, &kai.client, &two).await;

    // Two of three, without the lost one.
    let fresh = Person::new(&world.clock);
    let key = lost.client.admin_key().unwrap().unwrap().public().to_string();
    for change in [Amendment::RemoveAdmin(key), Amendment::AddAdmins(vec![new_key(&fresh)]), revoke("Marisol")] {
        sync(&mia.client, world.hood).await;
        publish_together(&kai.client, &mia.client, &change).await;
        sync(&kai.client, world.hood).await;
    }
    for member in kai.client.doubtful(world.hood).unwrap() {
        kai.client.approve_again(world.hood, member.id).await.unwrap();
    }
    let renew = Amendment::Renew { lifetime: 300 * 24 * 3600 };
    let Outcome::Drafted(drafted) = lost.client.amend(&renew, false).await.unwrap() else { panic!("it signed") };
    assert!(drafted.view.signers.is_empty(), "the lost key signs nothing any more");
    // The new one enters by the draft that it signs, and joins as everybody does.
    publish_together(&kai.client, &fresh.client, &renew).await;
    join_by(&world, &kai, &fresh, InviteRole::Responder, "Marisol").await;
    works_again(&world, &[&kai], &[&kai, &mia, &fresh], lost).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_alone_replaces_a_laptop_by_a_second_device_and_the_removal_of_the_first() {
    let world = World::found().await;
    let (old, ana) = (&world.admin, world.join(InviteRole::Responder, "Ana").await);
    let new = world.join(InviteRole::Coordinator, "Marisol, new laptop").await;
    let key = new.client.charter_key().unwrap();
    assert_eq!(new.client.charter_key().unwrap(), key);
    publish(&old.client, &Amendment::AddDevice { handle: "Marisol".to_owned(), key }).await;
    sync(&new.client, world.hood).await;
    assert_eq!(new.client.members(world.hood).unwrap().len(), 3, "it coordinates");
    assert_eq!(new.client.charters().unwrap().newest().body().grants.len(), 1, "as the same person");

    new.client.keep_admin_key(&NewAdminKey::from_paper(&old.client.admin_paper().unwrap()).unwrap()).unwrap();
    let first = old.client.charter_key().unwrap().to_string();
    let first = first.replace('-', "").get(..8).unwrap().to_owned();
    publish(&new.client, &Amendment::RemoveDevice { handle: "Marisol".to_owned(), key: first }).await;
    // Who was let in by the old one lately is looked at again, by the new one of the same person.
    let doubtful = new.client.doubtful(world.hood).unwrap();
    assert_eq!(doubtful.iter().map(|member| member.handle.as_str()).collect::<Vec<_>>(), ["Ana"]);
    new.client.approve_again(world.hood, doubtful[0].id).await.unwrap();
    assert_eq!(new.client.members(world.hood).unwrap().len(), 2, "the old one is off the roster");
    works_again(&world, &[&new], &[&new, &ana], old).await;
}

/// Appends to the alerts what a program that keeps no rules could.
async fn append(world: &World, person: &Person, item: &AlertsItem) {
    let (state, epoch) = person.keys(world.hood);
    let mut relay =
        Connection::open(&Route::straight().unwrap(), &world.relay.url, Some(&world.relay.key), Errand::Alerts, None)
            .await
            .unwrap();
    let role = epoch.keys(state.place()).coordinator.unwrap().role_key();
    relay.prove(state.place(), epoch.epoch, Prover::Coordinator, &role).await.unwrap();
    relay.call(Request::Append { record: person.wrap(world.hood, &item.to_bytes()) }).await.unwrap();
}

fn label(person: &Person, id: AlertId) -> Option<Label> {
    let alerts = person.client.alerts(Filter::default()).unwrap();
    alerts.iter().find(|view| view.shown.id() == id).map(|view| view.shown.label().clone())
}

/// A signature by a person's device under an alert of another's vault.
fn co_sign(world: &World, signer: &Person, sender: &Person, id: AlertId) -> AlertsItem {
    let alerts = sender.client.alerts(Filter::default()).unwrap();
    let body = &alerts.iter().find(|view| view.shown.id() == id).unwrap().shown.signed().body;
    let charters = signer.client.charters().unwrap();
    let profile = signer.client.profile().unwrap();
    let key = profile.device_key(&charters.rights(), world.hood, "").unwrap();
    AlertsItem::CoSign { alert: id, signature: sign_body(body, &signer.keys(world.hood).0.place(), &key) }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_of_one_coordinator_count_once_and_a_second_person_makes_the_quorum() {
    let world = World::found().await;
    let (bea, kai) = (coordinator(&world, "Bea").await, coordinator(&world, "Kai").await);
    let ana = world.join(InviteRole::Responder, "Ana").await;
    // The key is handed out, and granted, before the device joins: it joins with that one.
    let second = Person::new(&world.clock);
    let file = kai.client.export_charters().unwrap().bytes;
    second.client.enter_by_file(&JudgedFile::from_bytes(&file).unwrap()).unwrap();
    let key = second.client.charter_key().unwrap();
    publish(&world.admin.client, &Amendment::AddDevice { handle: "Bea".to_owned(), key }).await;
    world.join_as(&second, InviteRole::Coordinator, "Bea, tablet").await;
    world.admin.client.rotate(world.hood).await.unwrap();
    let quorum = NewTerms { quorum: Some(2), ..NewTerms::default() };
    publish(&world.admin.client, &Amendment::SetTerms { hood: world.hood, terms: quorum }).await;
    for person in [&bea, &kai, &second, &ana] {
        sync(&person.client, world.hood).await;
    }

    let id = send(&bea.client, world.hood).await;
    sync(&second.client, world.hood).await;
    let refused = second.client.to_sign(&id.to_string()).err().unwrap();
    assert!(matches!(refused, ClientError::Unsignable(Unsignable::OtherDevice)), "{refused:?}");
    append(&world, &second, &co_sign(&world, &second, &bea, id)).await;
    sync(&ana.client, world.hood).await;
    assert!(matches!(label(&ana, id), Some(Label::Signed { .. })), "{:?}", label(&ana, id));
    sync(&kai.client, world.hood).await;
    let waiting = kai.client.to_sign(&id.to_string()).unwrap();
    kai.client.sign_alert(&waiting).await.unwrap();
    for person in [&bea, &kai, &second, &ana, &world.admin] {
        assert!(sees_verified(person, world.hood, id).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_comes_before_its_alert_is_kept_and_counts_when_the_alert_comes() {
    let mut world = World::found().await;
    let kai = coordinator(&world, "Kai").await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let quorum = NewTerms { quorum: Some(2), ..NewTerms::default() };
    publish(&world.admin.client, &Amendment::SetTerms { hood: world.hood, terms: quorum }).await;
    sync(&kai.client, world.hood).await;

    world.relay.stop().await;
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let draft = world.admin.client.draft_alert(world.hood, content, expires).unwrap();
    assert!(world.admin.client.send_alert(draft).await.unwrap().receipt.is_none());
    let id = world.admin.client.alerts(Filter::default()).unwrap().remove(0).shown.id();
    world.relay.serve().await;
    append(&world, &kai, &co_sign(&world, &kai, &world.admin, id)).await;
    sync(&ana.client, world.hood).await;
    assert_eq!(label(&ana, id), None);
    // Opened again meanwhile: it was kept in the vault, and not in some memory.
    let again = ana.reopen(&world.clock);
    sync(&world.admin.client, world.hood).await;
    assert!(sees_verified(&again, world.hood, id).await);
    assert!(sees_verified(&kai, world.hood, id).await);
}
