//! Who comes back, or arrives in between, misses nothing that has not expired.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file::{alert, report};
use watchfire_client::ops::join::JoinState;
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_protocol::roster::InviteRole;
use watchfire_tests::local::{Person, World, terms};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

const SEEN: &str = r#"{"kind":"enforcement.checkpoint","place":{"text":"5th & Main"},"source":"own-eyes"}"#;

async fn send(world: &World) {
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let draft = world.admin.client.draft_alert(world.hood, content, expires).unwrap();
    assert!(world.admin.client.send_alert(draft).await.unwrap().receipt.is_some());
}

/// The relay's database is deleted, and it starts again where it was.
async fn lose_everything(world: &mut World) {
    world.relay.stop().await;
    for file in std::fs::read_dir(world.relay.dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("relay.db") {
            std::fs::remove_file(path).unwrap();
        }
    }
    world.relay.serve().await;
}

fn verified(person: &Person) -> usize {
    person.client.alerts(Filter::default()).unwrap().iter().filter(|view| is_verified(view)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_slept_through_rotations_is_not_locked_out_when_the_relay_lost_everything() {
    let mut world = World::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    for _ in 0..3 {
        world.clock.forward(60);
        world.admin.client.rotate(world.hood).await.unwrap();
    }
    send(&world).await;
    lose_everything(&mut world).await;
    world.admin.client.connected(world.hood).await.unwrap();
    ben.client.connected(world.hood).await.unwrap();
    assert_eq!(verified(&ben), 1);
    let (mine, theirs) = (world.admin.client.status().unwrap(), ben.client.status().unwrap());
    assert_eq!(mine.hoods[0].epoch_words, theirs.hoods[0].epoch_words);
    assert_eq!(theirs.hoods[0].missing, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_open_an_epoch_opens_the_next_for_a_lost_relay_only_after_ten_minutes() {
    let mut world = World::found().await;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    kai.client.connected(world.hood).await.unwrap();
    lose_everything(&mut world).await;
    let epoch = || kai.client.status().unwrap().hoods[0].epoch.0;
    for (wait, expected) in [(0, 2), (500, 2), (200, 3)] {
        world.clock.forward(wait);
        kai.client.connected(world.hood).await.unwrap();
        assert_eq!(epoch(), expected, "after {wait} more seconds");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_who_was_away_for_a_whole_epoch_has_the_reports_of_it() {
    let world = World::found().await;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    let eva = world.join(InviteRole::Responder, "Eva").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    kai.client.connected(world.hood).await.unwrap();
    for (turn, opener) in [&world.admin, &kai].into_iter().enumerate() {
        world.clock.forward(60);
        opener.client.rotate(world.hood).await.unwrap();
        // A newcomer of that epoch is on no roster that anybody opened it with.
        let lou = world.join(InviteRole::Responder, &format!("Lou{turn}")).await;
        let mut reports = Vec::new();
        for author in [&eva, &lou] {
            let report = author.client.send_report(world.hood, report::parse(SEEN).unwrap()).await.unwrap();
            assert!(report.delivery.is_accepted());
            reports.push(report.id);
        }
        world.admin.client.connected(world.hood).await.unwrap();
        world.clock.forward(60);
        world.admin.client.rotate(world.hood).await.unwrap();
        kai.client.connected(world.hood).await.unwrap();
        for (author, report) in reports.iter().enumerate() {
            assert!(kai.client.report(&report.to_string()).is_ok(), "{turn} {author}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_sent_between_the_approval_and_a_rotation_reaches_the_newcomer() {
    let world = World::found().await;
    let ana = Person::new(&world.clock);
    let view = ana.client.join(&world.invite(InviteRole::Responder).await, &terms("Ana")).await.unwrap();
    world.admin.client.connected(world.hood).await.unwrap();
    let admin = &world.admin.client;
    let words = admin.pending(world.hood).unwrap()[0].say[0].join(" ");
    admin.approve(world.hood, &view.request.to_string(), &view.say[0].join(" ")).await.unwrap();
    send(&world).await;
    admin.rotate(world.hood).await.unwrap();
    let joined = ana.client.continue_join(world.hood).await.unwrap();
    assert_eq!(joined.state, JoinState::Member);
    ana.client.confirm(&words).unwrap();
    ana.client.connected(world.hood).await.unwrap();
    assert_eq!(verified(&ana), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_founding_is_founded_anew_and_a_built_one_is_not() {
    let world = World::found().await;
    let person = Person::new(&world.clock);
    let other = watchfire_tests::local::LocalRelay::start(&world.clock).await;
    let client = &person.client;
    // Another relay's key: nothing is made.
    let wrong = client.create_network("Mill", "Rosa", &other.url, world.relay.key, Some(other.token())).await;
    assert_eq!(wrong.err().unwrap().exit_code(), 4);
    assert!(client.network().is_err());
    let first = client.create_network("Mil", "Rosa", &other.url, other.key, Some(other.token())).await.unwrap();
    let second = client.create_network("Mill", "Rosa", &other.url, other.key, Some(other.token())).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(second.name, "Mill");
    let again = client.create_network("Mill", "Rosa", &other.url, other.key, None).await.unwrap();
    assert_eq!(again.id, second.id);
    watchfire_tests::local::add_neighborhood(client, "Old Mill").await;
    let built = client.create_network("Other", "Rosa", &other.url, other.key, None).await;
    assert_eq!(built.err().unwrap().exit_code(), 2);
}
