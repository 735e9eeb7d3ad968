//! A copied device is shut out by renewals, and no renewal costs a member their keys.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use watchfire_client::state::{Hood, Missing, epoch_name};
use watchfire_client::vault::{Bucket, Vault};
use watchfire_client::{Client, Clock};
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::{InviteRole, Roster};
use watchfire_protocol::seal::KemPublicKey;
use watchfire_protocol::time::HOUR;
use watchfire_tests::hostile::Hostile;
use watchfire_tests::local::{Person, World, passphrase};
use watchfire_tests::thief::{self, Recorded};

/// By then every renewal of an epoch is due.
const DUE: u64 = 72 * HOUR;

async fn connect(world: &World, person: &Person) -> u64 {
    person.client.connected(world.hood).await.unwrap().0.goodbye().await;
    epoch(world, &person.client)
}

fn epoch(world: &World, client: &Client) -> u64 {
    client.status().unwrap().hoods.iter().find(|hood| hood.id == world.hood).unwrap().epoch.0
}

fn copy(home: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(home).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
    }
    to
}

fn hood_of(vault: &Vault, world: &World) -> Hood {
    vault.transact(|tx| Hood::load(tx, world.hood)).unwrap()
}

async fn recorded(world: &World, epoch: u64) -> Recorded {
    let network = world.admin.client.charters().unwrap().network();
    thief::recorded(&world.relay.url, Place { network, neighborhood: world.hood }, epoch).await
}

fn a_thief_opens(vault: &Vault, world: &World, recorded: &Recorded) -> bool {
    thief::opens(vault, world.hood, recorded)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_was_copied_opens_nothing_after_the_second_rotation() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    world.clock.forward(DUE);
    connect(&world, &ana).await;
    // The worst moment: with this epoch's renewal in it.
    let stolen = copy(&ana.home);
    let thief = Vault::open(stolen.path(), &passphrase()).unwrap();

    assert_eq!(world.admin.client.rotate(world.hood).await.unwrap(), Epoch(2));
    connect(&world, &ana).await;
    assert!(a_thief_opens(&thief, &world, &recorded(&world, 2).await), "the attack is a real one");

    world.clock.forward(DUE);
    connect(&world, &ana).await;
    assert_eq!(world.admin.client.rotate(world.hood).await.unwrap(), Epoch(3));
    assert!(!a_thief_opens(&thief, &world, &recorded(&world, 3).await));
    assert_eq!(connect(&world, &ana).await, 3, "and its owner loses nothing");
    world.admin.client.rotate(world.hood).await.unwrap();
    assert!(!a_thief_opens(&thief, &world, &recorded(&world, 4).await));
    assert_eq!(connect(&world, &ana).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_was_opened_stays_closed_with_a_renewal_under_way() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    world.clock.forward(DUE);
    connect(&world, &ana).await;
    let before = copy(&ana.home);
    world.admin.client.rotate(world.hood).await.unwrap();
    let second = recorded(&world, 2).await;
    connect(&world, &ana).await;
    let after = copy(&ana.home);
    let open = |home: &Path| Vault::open(home, &passphrase()).unwrap();
    assert!(a_thief_opens(&open(before.path()), &world, &second), "the attack is a real one");
    assert!(!a_thief_opens(&open(after.path()), &world, &second));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_renews_once_an_epoch_at_a_time_that_is_drawn_once() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    connect(&world, &ana).await;
    let plan = || hood_of(&ana.vault(), &world).renewal.unwrap();
    let first = plan();
    assert!(first.epoch == Epoch(1) && first.at <= world.clock.now().plus(DUE));
    connect(&world, &ana).await;
    assert_eq!(plan().at, first.at);
    world.clock.forward(DUE);
    connect(&world, &ana).await;
    assert!(plan().made);
    let renewed = hood_of(&ana.vault(), &world).branches;
    connect(&world, &ana).await;
    assert!(hood_of(&ana.vault(), &world).branches == renewed, "and no second time");
    assert_eq!(ana.client.queued().unwrap(), 0);

    world.admin.client.rotate(world.hood).await.unwrap();
    connect(&world, &ana).await;
    let second = plan();
    assert!(
        second.epoch == Epoch(2) && second.at >= first.at && !hood_of(&ana.vault(), &world).branches.is_unresolved()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_when_a_renewal_becomes_due_so_that_who_only_watches_renews_too() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let (mut link, _) = ana.client.connected(world.hood).await.unwrap();
    assert!(!link.is_stale());
    world.clock.forward(DUE);
    assert!(ana.client.next(&mut link, std::time::Duration::from_secs(20)).await.unwrap().is_none());
    assert!(link.is_stale());
    link.goodbye().await;
    let link = ana.client.connected(world.hood).await.unwrap().0;
    assert!(!link.is_stale() && hood_of(&ana.vault(), &world).renewal.unwrap().made);
    link.goodbye().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_the_relay_acknowledged_and_dropped_costs_nobody_their_keys() {
    let (hostile, world) = Hostile::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    hostile.drop_appended(Channel::Inbox);
    world.clock.forward(DUE);
    connect(&world, &ana).await;
    assert!(hood_of(&ana.vault(), &world).branches.is_unresolved());
    assert_eq!(world.admin.client.rotate(world.hood).await.unwrap(), Epoch(2));
    assert_eq!(connect(&world, &ana).await, 2);
    assert!(!hood_of(&ana.vault(), &world).branches.is_unresolved());

    // And the next one heals.
    hostile.be_honest();
    let stolen = copy(&ana.home);
    world.clock.forward(DUE);
    connect(&world, &ana).await;
    world.admin.client.rotate(world.hood).await.unwrap();
    assert_eq!(connect(&world, &ana).await, 3);
    let thief = Vault::open(stolen.path(), &passphrase()).unwrap();
    assert!(!a_thief_opens(&thief, &world, &recorded(&world, 3).await));
}

/// Ana's X-Wing key in the roster that a coordinator's vault holds of an epoch.
fn key_in_roster(coordinator: &Person, world: &World, of: &Person, epoch: u64) -> KemPublicKey {
    let (id, vault) = (hood_of(&of.vault(), world).member, coordinator.vault());
    let place = hood_of(&vault, world).place();
    let bytes = vault.transact(|tx| tx.get::<Vec<u8>>(Bucket::Roster, &epoch_name(world.hood, Epoch(epoch))));
    Roster::from_vault_bytes(place, &bytes.unwrap().unwrap()).unwrap().members()[&id].kem.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_who_is_kept_from_a_roster_goes_on_from_the_one_before_and_loses_nobody() {
    let (hostile, world) = Hostile::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    let before = connect(&world, &kai).await;
    world.clock.forward(DUE);
    connect(&world, &ben).await;

    // The opener has not read Ana's renewal. Kai reads it, and cannot read the opener's roster.
    let (mut link, _) = world.admin.client.connected(world.hood).await.unwrap();
    connect(&world, &ana).await;
    world.admin.client.open_next(&mut link).await.unwrap();
    link.goodbye().await;
    hostile.pretend(|request| matches!(request, Request::Objects { .. }).then(|| Reply::Objects { objects: vec![] }));
    assert_eq!(connect(&world, &kai).await, before + 1);
    let old = key_in_roster(&kai, &world, &ana, before);
    assert_ne!(key_in_roster(&kai, &world, &ana, before + 1), old, "stepped with what came to the inbox");
    assert_eq!(connect(&world, &ana).await, before + 1, "by the slot of the opener, who did not fold it");

    // Kai opens the next epoch from that.
    assert_eq!(kai.client.rotate(world.hood).await.unwrap(), Epoch(before + 2));
    hostile.be_honest();
    for person in [&ana, &ben, &kai, &world.admin] {
        assert_eq!(connect(&world, person).await, before + 2);
    }
    assert_eq!(world.admin.client.rotate(world.hood).await.unwrap(), Epoch(before + 3));
    for person in [&ana, &ben, &kai] {
        assert_eq!(connect(&world, person).await, before + 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_was_kept_back_takes_the_place_of_the_guess_when_it_comes() {
    let (hostile, world) = Hostile::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    let before = connect(&world, &kai).await;
    world.clock.forward(DUE);
    let (mut link, _) = world.admin.client.connected(world.hood).await.unwrap();
    connect(&world, &ana).await;
    world.admin.client.open_next(&mut link).await.unwrap();
    link.goodbye().await;
    hostile.pretend(|request| matches!(request, Request::Objects { .. }).then(|| Reply::Objects { objects: vec![] }));
    connect(&world, &kai).await;
    connect(&world, &world.admin).await;
    let key = |person: &Person| key_in_roster(person, &world, &ana, before + 1);
    let guess = key(&kai);
    hostile.be_honest();
    connect(&world, &kai).await;
    connect(&world, &world.admin).await;
    assert!(key(&kai) != guess && key(&kai) == key(&world.admin));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_came_while_the_next_epoch_was_opened_costs_nobody_their_keys() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    world.clock.forward(DUE);
    // Both orders: the opener has read the tail before the renewal comes, or after.
    for (epoch, raced) in [(2, true), (3, false), (4, true), (5, true), (6, false)] {
        if raced {
            // Read to the tail, and not again before it opens.
            let (mut link, _) = world.admin.client.connected(world.hood).await.unwrap();
            connect(&world, &ana).await;
            world.admin.client.open_next(&mut link).await.unwrap();
            link.goodbye().await;
        } else {
            connect(&world, &ana).await;
            world.admin.client.rotate(world.hood).await.unwrap();
        }
        assert_eq!(connect(&world, &ana).await, epoch);
        assert_eq!(connect(&world, &world.admin).await, epoch);
        assert!(!hood_of(&ana.vault(), &world).branches.is_unresolved());
        world.clock.forward(DUE);
    }
}

/// The copy in use: another client on the files of a vault.
fn client_on(home: &Path, world: &World) -> Client {
    let clock = world.clock.clone();
    let clock: Clock = std::sync::Arc::new(move || clock.now());
    Client::open(home, &passphrase(), clock).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cloned_device_is_noticed_by_coordinators_and_the_one_that_lost_is_told() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let stolen = copy(&ana.home);
    let thief = client_on(stolen.path(), &world);
    world.clock.forward(DUE);
    for person in [&ana, &ben] {
        connect(&world, person).await;
    }
    connect(&world, &world.admin).await;
    assert!(world.admin.client.status().unwrap().hoods[0].clones.is_empty(), "one renewal each is none");
    thief.connected(world.hood).await.unwrap().0.goodbye().await;
    world.admin.client.rotate(world.hood).await.unwrap();

    let noticed = |person: &Person| person.client.status().unwrap().hoods[0].clones.clone();
    let [clone] = noticed(&world.admin).try_into().unwrap_or_else(|_| panic!("one clone"));
    assert_eq!((clone.handle.as_str(), clone.epoch), ("Ana", Epoch(1)));
    assert_eq!(clone.member, hood_of(&ana.vault(), &world).member);
    assert!(noticed(&ben).is_empty());
    // It stays in sight in later epochs.
    world.admin.client.rotate(world.hood).await.unwrap();
    assert_eq!(noticed(&world.admin).len(), 1);

    // One of the two finds no slot, is told so, and loses nothing that it has.
    let mut left_out = 0;
    for client in [&ana.client, &thief] {
        let _ = client.connected(world.hood).await;
        let hood = client.status().unwrap().hoods[0].clone();
        if matches!(hood.missing, Some(Missing::Removed { .. })) {
            assert_eq!(hood.epoch, Epoch(1));
            left_out += 1;
        } else {
            assert_eq!(hood.epoch, Epoch(3));
        }
    }
    assert_eq!(left_out, 1);
    assert_eq!(connect(&world, &ben).await, 3);
}
