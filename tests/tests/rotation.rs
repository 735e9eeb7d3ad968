//! Epochs that open by themselves, at the same moment, halfway, twice; and nobody who is a member is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use watchfire_client::file::alert;
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_client::state::Missing;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::charter::Revocation;
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::time::{DAY, HOUR};
use watchfire_protocol::vocabulary::{AnswerContent, Code};
use watchfire_tests::local::{Person, World};
use watchfire_tests::process::{HOOD, Home, Network, Relay, example, has_strace};
use watchfire_tests::rogue::Hand;
use watchfire_tests::tap::Cutter;

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

async fn send(client: &Client, hood: NeighborhoodId, lasts: u64) -> String {
    let (content, _) = alert::parse(CHECKPOINT).unwrap();
    let draft = client.draft_alert(hood, content, Some(lasts)).unwrap();
    client.send_alert(draft).await.unwrap().id.to_string()
}

async fn sync(person: &Person, hood: NeighborhoodId) -> Result<(), ClientError> {
    let (mut link, _) = person.client.connected(hood).await?;
    link.trouble.take().map_or(Ok(()), Err)
}

fn epoch(person: &Person) -> Epoch {
    person.client.status().unwrap().hoods[0].epoch
}

fn missing(person: &Person) -> Option<Missing> {
    person.client.status().unwrap().hoods[0].missing
}

fn seen(person: &Person) -> usize {
    person.client.alerts(Filter::default()).unwrap().len()
}

/// A second coordinator, with both rights.
async fn kai(world: &World) -> Person {
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    sync(&kai, world.hood).await.unwrap();
    kai
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_ends_after_a_week_by_whoever_connects_and_not_while_an_alert_is_active() {
    let world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let ana = world.join_in_person("Ana").await;
    let begun = epoch(&world.admin);
    world.clock.forward(7 * DAY - 2 * HOUR);
    sync(&kai, hood).await.unwrap();
    assert_eq!(epoch(&kai), begun, "not yet");
    send(&world.admin.client, hood, 5 * HOUR).await;
    sync(&kai, hood).await.unwrap();
    world.clock.forward(3 * HOUR);
    for person in [&kai, &world.admin] {
        sync(person, hood).await.unwrap();
        assert_eq!(epoch(person), begun, "an alert is active");
    }
    world.clock.forward(3 * HOUR);
    sync(&ana, hood).await.unwrap();
    assert_eq!(epoch(&ana), begun, "a responder opens nothing");
    sync(&kai, hood).await.unwrap();
    assert_eq!(epoch(&kai), begun.next());
    sync(&ana, hood).await.unwrap();
    assert_eq!(epoch(&ana), begun.next());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_slots_shrinks_on_schedule_only() {
    let world = World::found().await;
    let hood = world.hood;
    let ana = world.join_in_person("Ana").await;
    // There were once more members.
    let hand = Hand::of(&world.admin, hood);
    let roster = hand.roster.step_to(Epoch(2), world.clock.now()).unwrap();
    hand.open(&world.admin, &roster, 96).await;
    let slots = |person: &Person| Hand::of(person, hood).announcement.slots().count;
    sync(&world.admin, hood).await.unwrap();
    assert_eq!(slots(&world.admin), 96);
    world.admin.client.rotate(hood).await.unwrap();
    assert_eq!(slots(&world.admin), 96, "on demand");
    let ana_id = world.admin.client.member_named(hood, "Ana").unwrap();
    world.admin.client.remove_members(hood, &[ana_id], "").await.unwrap();
    assert_eq!(slots(&world.admin), 96, "after a removal");
    world.clock.forward(7 * DAY);
    sync(&world.admin, hood).await.unwrap();
    assert_eq!(slots(&world.admin), 32, "on schedule");
    drop(ana);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_revocation_any_coordinator_rotates_and_whom_the_revoked_one_enrolled_waits_for_another() {
    let world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let mia = world.join(InviteRole::Coordinator, "Mia").await;
    world.admin.client.grant("Mia", hood, true, true, None).await.unwrap();
    sync(&mia, hood).await.unwrap();
    let old = world.join_in_person_by(&kai, "Old").await;
    world.clock.forward(31 * DAY);
    sync(&world.admin, hood).await.unwrap();
    for person in [&kai, &mia, &old] {
        sync(person, hood).await.unwrap();
    }
    let new = world.join_in_person_by(&kai, "New").await;
    let ana = world.join_in_person("Ana").await;
    let open_invite = world.invite_by(&kai, "Elm").await;
    sync(&mia, hood).await.unwrap();
    let before = epoch(&mia);

    let device = Hand::of(&kai, hood).device.public();
    world
        .next_charter(|body| {
            body.grants.retain(|grant| !grant.devices.contains(&device));
            body.revocations.push(Revocation { key: device, neighborhood: hood, distrust_from: before.next() });
        })
        .await;
    // The first coordinator who connects opens the next epoch: not the one who revoked.
    sync(&mia, hood).await.unwrap();
    assert_eq!(epoch(&mia), before.next());
    sync(&mia, hood).await.unwrap();
    assert_eq!(epoch(&mia), before.next(), "once");
    for (person, has_keys) in [(&old, true), (&ana, true), (&new, false), (&kai, false)] {
        let _ = sync(person, hood).await;
        assert_eq!(missing(person).is_none(), has_keys);
    }
    let members = mia.client.members(hood).unwrap();
    assert!(!members.iter().any(|member| member.handle == "Kai"), "off the roster");
    let invites = mia.client.invites(hood).unwrap();
    assert_eq!(invites.iter().map(|invite| invite.handle.as_str()).collect::<Vec<_>>(), ["Ana"], "Kai's have ended");
    let refused = Person::new(&world.clock).client.join(&open_invite, &watchfire_tests::local::terms("Sly")).await;
    assert!(refused.is_err(), "at the relay, too");

    let doubtful = mia.client.doubtful(hood).unwrap();
    assert_eq!(doubtful.iter().map(|member| member.handle.as_str()).collect::<Vec<_>>(), ["New"]);
    let id = doubtful[0].id;
    assert!(kai.client.approve_again(hood, id).await.is_err());
    assert!(mia.client.approve_again(hood, mia.client.member_named(hood, "Ana").unwrap().0).await.is_err());
    mia.client.approve_again(hood, id).await.unwrap();
    sync(&new, hood).await.unwrap();
    assert_eq!((missing(&new), epoch(&new)), (None, before.next()));
    send(&mia.client, hood, HOUR).await;
    sync(&new, hood).await.unwrap();
    assert_eq!(seen(&new), 1);
    // It holds in the next epoch, and with another opener.
    world.admin.client.rotate(hood).await.unwrap();
    sync(&new, hood).await.unwrap();
    assert_eq!(epoch(&new), before.next().next());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_rotate_at_once_one_follows_the_other_and_nobody_is_lost() {
    let world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let (ana, ben) = (world.join_in_person("Ana").await, world.join_in_person("Ben").await);
    sync(&kai, hood).await.unwrap();
    let before = epoch(&kai);
    let (one, other) = tokio::join!(world.admin.client.rotate(hood), kai.client.rotate(hood));
    let newest = one.unwrap().max(other.unwrap());
    assert!(newest > before && newest.0 <= before.0 + 2);

    // One removes somebody and the other approves somebody, while both rotate.
    let goes = kai.client.member_named(hood, "Ben").unwrap();
    let (removed, joined, rotated) = tokio::join!(
        kai.client.remove_members(hood, std::slice::from_ref(&goes), ""),
        world.join_in_person("Lou"),
        world.admin.client.rotate(hood)
    );
    removed.unwrap();
    rotated.unwrap();
    for person in [&world.admin, &kai] {
        sync(person, hood).await.unwrap();
    }
    let newest = epoch(&world.admin).max(epoch(&kai));
    for person in [&world.admin, &kai, &ana, &joined] {
        sync(person, hood).await.unwrap();
        assert_eq!((missing(person), epoch(person)), (None, newest));
    }
    let _ = sync(&ben, hood).await;
    assert!(matches!(missing(&ben), Some(Missing::Removed { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_its_author_did_not_follow_up_is_followed_up_by_another_coordinator() {
    let world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let ana = world.join_in_person("Ana").await;
    sync(&kai, hood).await.unwrap();
    let before = epoch(&kai);
    watchfire_tests::rogue::sign_removals(&kai, hood, &["Ana".to_owned()]).await;
    sync(&world.admin, hood).await.unwrap();
    assert_eq!(epoch(&world.admin), before, "its author may be at it");
    world.clock.forward(180);
    sync(&world.admin, hood).await.unwrap();
    assert_eq!(epoch(&world.admin), before.next());
    let _ = sync(&ana, hood).await;
    assert!(matches!(missing(&ana), Some(Missing::Removed { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_in_an_old_epoch_is_sealed_again_by_itself() {
    let mut world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let ana = world.join_in_person("Ana").await;
    let id = send(&world.admin.client, hood, 20 * HOUR).await;
    sync(&ana, hood).await.unwrap();
    world.relay.stop().await;
    let going = AnswerContent::new(Code::new("going").unwrap());
    assert!(ana.client.answer(&id, going).await.unwrap().1.is_none(), "queued");
    world.relay.serve().await;
    // Ana's link is made, and the epoch turns before what waits is sent.
    let mut link = ana.client.link(hood).await.unwrap();
    kai.client.rotate(hood).await.unwrap();
    assert!(ana.client.flush(&mut link).await.is_err());
    assert_eq!(ana.client.queued().unwrap(), 1, "nothing is lost");
    sync(&ana, hood).await.unwrap();
    assert_eq!(ana.client.queued().unwrap(), 0);
    sync(&world.admin, hood).await.unwrap();
    let tally = world.admin.client.tally(&world.admin.client.alert(&id).unwrap()).unwrap();
    assert_eq!(tally.going, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_was_away_for_months_and_many_epochs_comes_back() {
    let world = World::found().await;
    let hood = world.hood;
    let ana = world.join_in_person("Ana").await;
    for _ in 0..12 {
        world.clock.forward(8 * DAY);
        sync(&world.admin, hood).await.unwrap();
    }
    assert_eq!(epoch(&world.admin), Epoch(13));
    send(&world.admin.client, hood, HOUR).await;
    sync(&ana, hood).await.unwrap();
    assert_eq!((epoch(&ana), missing(&ana), seen(&ana)), (Epoch(13), None, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_that_a_relay_lost_are_withheld_and_no_removal_and_nothing_is_erased() {
    let mut world = World::found().await;
    let hood = world.hood;
    let ana = world.join_in_person("Ana").await;
    send(&world.admin.client, hood, 20 * HOUR).await;
    sync(&ana, hood).await.unwrap();
    world.admin.client.rotate(hood).await.unwrap();
    world.relay.stop().await;
    let database = rusqlite::Connection::open(world.relay.dir.path().join("relay.db")).unwrap();
    database.execute("UPDATE objects SET body = zeroblob(2048) WHERE class = 0", []).unwrap();
    drop(database);
    world.relay.serve().await;
    let _ = sync(&ana, hood).await;
    assert_eq!(missing(&ana), Some(Missing::Withheld));
    assert_eq!((epoch(&ana), seen(&ana)), (Epoch(1), 1), "keys and alerts stay");
    // The next epoch has slots again.
    world.admin.client.rotate(hood).await.unwrap();
    sync(&ana, hood).await.unwrap();
    assert_eq!((missing(&ana), epoch(&ana)), (None, Epoch(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_announcements_of_one_epoch_the_next_one_follows_both_and_nobody_is_lost() {
    let mut world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let (ana, ben) = (world.join_in_person("Ana").await, world.join_in_person("Ben").await);
    sync(&kai, hood).await.unwrap();
    let before = epoch(&kai);
    // The relay is restored from a copy that is older than Marisol's rotation, and Kai, who did not see it, rotates.
    world.relay.stop().await;
    let copy = tempfile::tempdir().unwrap();
    copy_database(world.relay.dir.path(), copy.path());
    world.relay.serve().await;
    world.admin.client.rotate(hood).await.unwrap();
    sync(&ana, hood).await.unwrap();
    world.relay.stop().await;
    copy_database(copy.path(), world.relay.dir.path());
    world.relay.serve().await;
    kai.client.rotate(hood).await.unwrap();
    let lou = world.join_in_person_by(&kai, "Lou").await;
    sync(&ben, hood).await.unwrap();
    assert_eq!((epoch(&ana), epoch(&ben)), (before.next(), before.next()));
    let (one, other) = (Hand::of(&world.admin, hood).announcement, Hand::of(&kai, hood).announcement);
    assert_ne!(one.hash(), other.hash());

    let stuck = sync(&ana, hood).await.unwrap_err();
    assert!(matches!(&stuck, ClientError::Untrusted(why) if why.contains("coordinator")), "{stuck:?}");
    sync(&world.admin, hood).await.unwrap();
    let both = Hand::of(&world.admin, hood).announcement;
    assert_eq!(both.epoch(), before.next().next());
    assert_eq!(both.keys().predecessors, [one.hash(), other.hash()]);
    // Lou was approved in the epoch that Marisol cannot read: Kai, who can, puts Lou back.
    sync(&kai, hood).await.unwrap();
    for person in [&world.admin, &kai, &ana, &ben, &lou] {
        sync(person, hood).await.unwrap();
        assert_eq!((missing(person), epoch(person)), (None, before.next().next()));
    }
    send(&world.admin.client, hood, HOUR).await;
    sync(&lou, hood).await.unwrap();
    assert_eq!(seen(&lou), 1);
    assert!(
        is_verified(&lou.client.alerts(Filter::default()).unwrap()[0])
            || !lou.client.status().unwrap().hoods[0].confirmed
    );
}

fn copy_database(from: &Path, to: &Path) {
    let database = |folder: &Path| -> Vec<PathBuf> {
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("relay.db")).collect()
    };
    for file in database(to) {
        std::fs::remove_file(file).unwrap();
    }
    for file in database(from) {
        std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

fn epoch_of(home: &Home) -> u64 {
    home.run(&["sync"]).ok();
    home.json(&["status"])[0]["neighborhoods"][0]["epoch"].as_u64().unwrap()
}

#[test]
fn a_rotation_killed_at_any_fsync_goes_on_when_it_is_run_again_and_nobody_is_lost() {
    if !has_strace() {
        return;
    }
    let network = Network::found();
    let mut killed = 0;
    for nth in 1.. {
        if !network.marisol.killed_at_fsync(nth, &["rotate"]) {
            break;
        }
        killed += 1;
        // Whatever was done of it, everybody can go on.
        network.responders[0].run(&["sync"]).ok();
    }
    network.marisol.run(&["rotate"]).ok();
    assert!(killed >= 3, "{killed} places to be killed at");
    let newest = epoch_of(&network.marisol);
    for home in network.responders.iter().chain([&network.kai]) {
        assert_eq!(epoch_of(home), newest);
    }
}

#[test]
fn a_removal_killed_at_any_fsync_goes_on_when_it_is_run_again() {
    if !has_strace() {
        return;
    }
    let network = Network::found();
    let ben = &network.responders[1];
    let remove = ["--yes", "member", "remove", "Ben"];
    let mut killed = 0;
    for nth in 1.. {
        if !network.marisol.killed_at_fsync(nth, &remove) {
            break;
        }
        killed += 1;
    }
    assert!(killed >= 6, "{killed} places to be killed at");
    network.marisol.run(&remove).ok();
    assert_eq!(network.marisol.json(&["member", "list"]).len(), 4);
    ben.run(&["sync"]);
    assert_eq!(ben.json(&["status"])[0]["neighborhoods"][0]["missing-keys"], "removed");
    let newest = epoch_of(&network.marisol);
    for home in [&network.kai, &network.responders[0], &network.responders[2]] {
        assert_eq!(epoch_of(home), newest);
    }
}

#[test]
fn an_upload_that_is_cut_at_any_batch_goes_on_and_the_command_does_not_notice() {
    let relay = Relay::start();
    let cutter = Cutter::on(relay.address());
    let url = format!("ws://{}/v1", cutter.address);
    let network = Network::found_at(relay, &url);
    let mut newest = epoch_of(&network.marisol);
    // Two batches of slots and roster, of 64 KiB each: before the first, within each, between them, after them.
    for bytes in [3_000, 30_000, 66_000, 75_000, 100_000, 133_000, 140_000] {
        cutter.cut_after(bytes);
        newest += 1;
        assert_eq!(network.marisol.json(&["rotate"])[0]["epoch"], newest, "cut after {bytes}");
    }
    assert!(cutter.cuts() >= 4, "{} cuts", cutter.cuts());
    for home in network.responders.iter().chain([&network.kai]) {
        assert_eq!(epoch_of(home), newest);
    }
    let checkpoint = example("checkpoint.json");
    network.marisol.run(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]).ok();
    assert_eq!(network.responders[0].json(&["watch", "--count", "1", "--timeout", "30s"])[0]["label"], "verified");
}
