//! Two relays in one charter: one of them is killed, and comes back as it was or with nothing, and nobody loses anything.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::process::Command;
use std::slice::from_ref;
use std::time::Duration;

use serde_json::Value;
use watchfire_client::follow::{Follower, News};
use watchfire_client::net::Connection;
use watchfire_client::ops::amend::Amendment;
use watchfire_client::route::{Errand, Route};
use watchfire_protocol::charter;
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::roster::InviteRole;
use watchfire_relay::admission::{self, Quota};
use watchfire_tests::local::{LocalRelay, Person, World};
use watchfire_tests::process::{HOOD, Home, Network, Relay, example, join_in_person, program};
use watchfire_tests::rogue::Hand;

/// A network whose charter lists two relays, with one who coordinates and two who respond.
struct Two {
    first: Relay,
    second: Relay,
    marisol: Home,
    ana: Home,
    ben: Home,
}

impl Two {
    fn found() -> Self {
        let first = Relay::start();
        let marisol = Network::admin_at(&first, &first.url);
        let [ana, ben] = ["Ana", "Ben"].map(|handle| join_in_person(&marisol, handle));
        let second = Relay::start();
        allow(&second, &marisol);
        marisol.run(&["charter", "relay", "add", &second.url, &second.key]).ok();
        let two = Self { first, second, marisol, ana, ben };
        two.sync();
        two
    }

    fn sync(&self) {
        for home in [&self.marisol, &self.ana, &self.ben] {
            home.run(&["sync"]).ok();
        }
    }

    fn sends(&self) -> String {
        let checkpoint = example("checkpoint.json");
        let sent = self.marisol.json(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]);
        assert_eq!(sent[0]["state"], "accepted", "{sent:?}");
        sent[0]["id"].as_str().unwrap().to_owned()
    }
}

/// What the operator of a relay does whom an admin asks to serve a network.
fn allow(relay: &Relay, admin: &Home) {
    let id = admin.json(&["network", "show"])[0]["id"].as_str().unwrap().to_owned();
    let mut allow = Command::new(program("watchfire-relay"));
    assert!(allow.args(["networks", "allow", &id, "--dir"]).arg(relay.path()).status().unwrap().success());
}

/// The ids of the alerts that a watch shows.
fn shown(home: &Home, count: usize) -> Vec<String> {
    let count = count.to_string();
    let alerts = home.json(&["watch", "--count", &count, "--timeout", "30s"]);
    alerts.iter().map(|alert| alert["id"].as_str().unwrap().to_owned()).collect()
}

fn relays(home: &Home) -> Vec<Value> {
    home.json(&["status"])[0]["relays"].as_array().unwrap().clone()
}

fn next_id(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Value {
    let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    line["id"].clone()
}

#[test]
fn whichever_relay_is_killed_and_comes_back_everything_goes_on_and_nobody_loses_anything() {
    let mut two = Two::found();
    // The first one is killed while Ana watches: what is written then is at the second one.
    two.first.kill();
    let mut watching = two.ana.spawn(&["--json", "watch", "--count", "2", "--timeout", "60s"]);
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    let one = two.sends();
    assert_eq!(next_id(&mut lines), one.as_str());
    two.ana.run(&["answer", &one, "going"]).ok();
    let report = ["report", "--kind", "enforcement.raid", "--source", "relayed", "--file", "-"];
    two.ben.run_with(&report, r#"{"comments":"a neighbor says so"}"#).ok();
    let tally = two.marisol.json(&["alert", "follow", &one, "--wait-for", "1", "--timeout", "30s"]);
    assert_eq!(tally.last().unwrap()["going"], 1);
    two.marisol.run(&["sync"]).ok();
    assert_eq!(two.marisol.json(&["inbox", "list"]).len(), 1);
    let seen = relays(&two.marisol);
    assert!(seen[0]["silent-since"].is_string() && seen[0]["used"] == false, "{seen:?}");
    assert!(seen[1]["silent-since"].is_null() && seen[1]["used"] == true, "{seen:?}");

    // New keys wait for it, and nothing is begun.
    for args in [&["rotate", "--neighborhood", HOOD][..], &["member", "remove", "Ben", "--reason", "left", "--yes"]] {
        let refused = two.marisol.run(args).fails(3);
        assert!(refused.stderr.contains(&two.first.url), "{refused:?}");
        assert!(refused.stderr.contains("watchfire charter relay add --first"), "{refused:?}");
    }
    assert_eq!(two.marisol.json(&["member", "list"]).len(), 3);

    // It comes back as it was, and Ana is still at the second one: an alert is at both.
    two.first.serve();
    let other = two.sends();
    assert_eq!(next_id(&mut lines), other.as_str());
    assert!(watching.wait().unwrap().success());
    assert!(relays(&two.marisol)[0]["silent-since"].is_null());

    // All that was written while it was away is at the first one, for whoever uses that; nothing is shown twice.
    two.second.kill();
    let mut at_first = shown(&two.ben, 2);
    at_first.sort();
    let mut both = [one, other];
    both.sort();
    assert_eq!(at_first, both);
    for home in [&two.ana, &two.ben] {
        home.run(&["--json", "watch", "--count", "1", "--timeout", "2s"]).fails(8);
        assert_eq!(home.json(&["alerts"]).len(), 2);
    }

    // The second one comes back with nothing, and is filled again: whoever was away finds the new keys there as well.
    two.second.lose_the_database();
    two.second.serve();
    two.marisol.run(&["rotate", "--neighborhood", HOOD]).ok();
    two.first.kill();
    let told = two.marisol.run(&["sync"]).ok().stderr;
    assert!(told.contains(&two.first.url) && told.contains("The other relays go on"), "{told}");
    assert!(!two.ben.run(&["sync"]).ok().stderr.contains(&two.first.url), "it is no matter of theirs");
    let epoch = |home: &Home| home.json(&["status"])[0]["neighborhoods"][0]["epoch"].clone();
    assert_eq!(epoch(&two.ben), epoch(&two.marisol));
    // A newcomer is let in without the first one.
    let lou = join_in_person(&two.marisol, "Lou");

    // It stays away: the second one takes its place, and what waited for it is done there.
    two.marisol.run(&["charter", "relay", "add", "--first", &two.second.url, &two.second.key]).ok();
    two.marisol.run(&["member", "remove", "Ben", "--reason", "left", "--yes"]).ok();
    let id = two.sends();
    let has = |home: &Home, id: &str| home.json(&["alerts"]).iter().any(|alert| alert["id"] == id);
    assert_eq!(shown(&two.ana, 1), from_ref(&id));
    lou.run(&["sync"]).ok();
    two.ben.run(&["sync"]).ok();
    assert!(has(&lou, &id) && !has(&two.ben, &id));

    // In the end the old one is back with nothing but its key, and is all that there is.
    two.first.lose_the_database();
    two.first.serve();
    two.marisol.run(&["sync"]).ok();
    two.second.kill();
    let id = two.sends();
    assert_eq!(shown(&two.ana, 1), from_ref(&id));
    lou.run(&["sync"]).ok();
    assert!(has(&lou, &id));
    assert_eq!(two.ana.json(&["alerts"]).len(), 4);
}

/// A network of two relays in this process.
async fn founded() -> (World, LocalRelay) {
    let world = World::found().await;
    let second = LocalRelay::start(&world.clock).await;
    let network = world.admin.client.charters().unwrap().network();
    admission::allow(&second.dir.path().join("networks.toml"), network, Quota::default()).unwrap();
    (world, second)
}

async fn list(world: &World, relay: &LocalRelay, first: bool) {
    let relay = charter::Relay { url: relay.url.clone(), key: relay.key };
    let add = Amendment::AddRelay { relay, first };
    world.admin.client.amend(&add, false).await.unwrap();
}

async fn sync(person: &Person, hood: NeighborhoodId) {
    person.client.connected(hood).await.unwrap().0.goodbye().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_away_is_told_of_looked_for_and_used_again_when_it_is_back() {
    let (mut world, mut second) = founded().await;
    let (hood, mut ana) = (world.hood, world.join_in_person("Ana").await);
    list(&world, &second, false).await;
    sync(&ana, hood).await;
    world.admin.client.look_around_every(Duration::from_millis(100));
    ana.client.look_around_every(Duration::from_millis(100));
    world.relay.stop().await;
    let mut desk = Follower::new(&world.admin.client, hood);
    let mut watch = Follower::new(&ana.client, hood);
    assert!(matches!(desk.next().await.unwrap(), News::Linked));
    assert!(matches!(watch.next().await.unwrap(), News::Linked));
    let away = |follower: &Follower<'_>| {
        follower.troubles().is_some_and(|troubles| troubles.iter().any(|(_, elsewhere)| *elsewhere))
    };
    assert!(away(&desk));
    assert!(watch.troubles().is_none(), "it is no matter of theirs");

    world.relay.serve().await;
    for follower in [&mut desk, &mut watch] {
        while !matches!(follower.next().await.unwrap(), News::Linked) {}
        assert_eq!(follower.relay(), Some(&world.relay.url[..]));
    }
    assert!(!away(&desk));
    // And the other way round: what is written while the second one is away comes to it later.
    second.stop().await;
    while !away(&desk) {
        desk.next().await.unwrap();
    }
    second.serve().await;
    while away(&desk) {
        desk.next().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_epochs_of_one_number_at_two_relays_the_next_one_follows_both_and_nobody_is_lost() {
    let (mut world, mut second) = founded().await;
    let hood = world.hood;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", hood, true, true, None).await.unwrap();
    let ana = world.join_in_person("Ana").await;
    list(&world, &second, false).await;
    for person in [&kai, &ana] {
        sync(person, hood).await;
    }
    let epoch = |person: &Person| person.client.status().unwrap().hoods[0].epoch;
    let before = epoch(&kai);
    // Marisol puts the second one first, and gives new keys there; Kai, who has not heard of it, does so at the other one.
    world.relay.stop().await;
    list(&world, &second, true).await;
    assert_eq!(world.admin.client.rotate(hood).await.unwrap(), before.next());
    second.stop().await;
    world.relay.serve().await;
    assert_eq!(kai.client.rotate(hood).await.unwrap(), before.next());
    sync(&ana, hood).await;
    second.serve().await;
    for person in [&kai, &world.admin, &ana, &kai] {
        sync(person, hood).await;
        assert_eq!(epoch(person), before.next().next());
    }
    assert_eq!(Hand::of(&kai, hood).announcement.keys().predecessors.len(), 2);
    // Both relays have come to it.
    for relay in [&world.relay, &second] {
        let place = Hand::of(&kai, hood).announcement.place();
        let mut connection =
            Connection::open(&Route::straight().unwrap(), &relay.url, None, Errand::Alerts, None).await.unwrap();
        let standing = Request::Standing { network: place.network, neighborhood: place.neighborhood };
        let Reply::Standing(standing) = connection.call(standing).await.unwrap() else { panic!("no standing") };
        assert_eq!((standing.epoch, standing.complete), (before.next().next(), true));
    }
}
