//! Nothing acknowledged is lost, and nothing that was written is lost in silence.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file;
use watchfire_client::ops::view::Filter;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::vocabulary::{AnswerContent, Code};
use watchfire_relay::admission::{Quota, allow};
use watchfire_relay::store::sqlite::SqliteStore;
use watchfire_tests::local::World;
use watchfire_tests::process::{HOOD, Home, Network, Relay, example, has_strace};
use watchfire_tests::tap::Tap;

#[test]
fn a_relay_killed_after_the_acknowledgement_loses_nothing_and_one_that_lost_its_database_is_filled_again() {
    let mut network = Network::found();
    let checkpoint = example("checkpoint.json");
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"];
    network.marisol.run(&send).ok();
    network.relay.kill();
    network.relay.serve();
    let watch = ["watch", "--count", "1", "--timeout", "30s"];
    assert_eq!(network.responders[0].json(&watch)[0]["label"], "verified");

    // Its database is deleted while the others have not seen the alert.
    network.relay.kill();
    network.relay.lose_the_database();
    network.relay.serve();
    network.kai.run(&["sync"]).ok();
    network.marisol.run(&["sync"]).ok();
    assert_eq!(network.responders[1].json(&watch)[0]["label"], "verified");
    // And who had seen it is not told twice.
    network.responders[0].run(&["--json", "watch", "--count", "1", "--timeout", "2s"]).fails(8);
    assert_eq!(network.responders[0].json(&["alerts"]).len(), 1);
}

#[test]
fn a_relay_that_moves_to_another_address_with_an_empty_disk_costs_nobody_an_alert() {
    let relay = Relay::start();
    let before = Tap::on(relay.address());
    let mut network = Network::found_at(relay, &format!("ws://{}/v1", before.address));
    let (ana, ben, kai) = (&network.responders[0], &network.responders[1], &network.kai);
    // The new address is there beside the old one for a while.
    let (url, key) = (network.relay.url.clone(), network.relay.key.clone());
    network.marisol.run(&["charter", "relay", "add", &url, &key]).ok();
    ana.run(&["sync"]).ok();
    let connections = before.counted().0;
    ana.run(&["sync"]).ok();
    assert_eq!(before.counted().0, connections, "nobody who heard of it uses the old one");
    let checkpoint = example("checkpoint.json");
    kai.run(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]).ok();

    network.relay.kill();
    network.relay.lose_the_database();
    network.relay.serve();
    kai.run(&["sync"]).ok();
    let watch = ["watch", "--count", "1", "--timeout", "30s"];
    for home in [ana, ben, &network.marisol] {
        assert_eq!(home.json(&watch)[0]["label"], "verified");
    }
    assert_eq!(ben.json(&["network", "show"])[0]["relays"][0], url.as_str());
}

#[test]
fn what_is_written_without_a_relay_is_queued_and_sent_by_the_next_command() {
    let mut network = Network::found();
    let checkpoint = example("checkpoint.json");
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"];
    let id = network.marisol.json(&send)[0]["id"].as_str().unwrap().to_owned();
    let ana = &network.responders[0];
    ana.json(&["watch", "--count", "1", "--timeout", "30s"]);

    network.kai.run(&["sync"]).ok();
    network.relay.kill();
    let queued = ana.run(&["--json", "answer", &id, "going"]).fails(7);
    assert_eq!(queued.json()[0]["state"], "queued");
    let second = network.kai.run(&["--json", "alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]);
    assert_eq!(second.fails(7).json()[0]["state"], "queued");
    assert_eq!(network.kai.json(&["status"])[0]["queued"], 1);
    ana.run(&["--json", "sync"]).fails(7);
    // What was read before is no answer to how many come.
    let follow = ["--json", "alert", "follow", &id, "--wait-for", "0", "--timeout", "2s"];
    let unread = network.marisol.run(&follow).fails(3);
    assert_eq!(unread.json()[0]["connected"], false);
    let refused = network.responders[2].run(&["--json", "sync"]).fails(3);
    let error: serde_json::Value = serde_json::from_str(refused.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(error["schema"], "watchfire.error/1");

    network.relay.serve();
    network.kai.run(&["sync"]).ok();
    ana.run(&["sync"]).ok();
    assert_eq!(network.kai.json(&["status"])[0]["queued"], 0);
    let tally = network.marisol.json(&["alert", "follow", &id, "--wait-for", "1", "--timeout", "30s"]);
    assert_eq!(tally.last().unwrap()["going"], 1);
    assert_eq!(network.responders[1].json(&["watch", "--count", "2", "--timeout", "30s"]).len(), 2);
}

#[test]
fn a_founding_killed_at_any_fsync_goes_on_when_it_is_run_again() {
    if !has_strace() {
        return;
    }
    let relay = Relay::start();
    let token = relay.path().join("admission.token");
    let create = ["network", "create", "Night Watch", "--relay", &relay.url, "--relay-key", &relay.key];
    let create = [&create[..], &["--admission-token-file", token.to_str().unwrap()]].concat();
    let mut killed = 0;
    let mut last = Home::bare();
    for nth in 1.. {
        let home = Home::bare();
        let was_killed = home.killed_at_fsync(nth, &create);
        home.run(&create).ok();
        home.run(&["neighborhood", "add", HOOD]).ok();
        last = home;
        if !was_killed {
            break;
        }
        killed += 1;
    }
    assert!(killed >= 6, "{killed} places to be killed at");

    for nth in (1..).step_by(3) {
        let name = format!("Mill {nth}");
        let was_killed = last.killed_at_fsync(nth, &["neighborhood", "add", &name]);
        last.run(&["neighborhood", "add", &name]).ok();
        let hoods = last.json(&["neighborhood", "list"]);
        assert!(hoods.iter().all(|hood| hood["name"] == HOOD || hood["name"].as_str().unwrap().starts_with("Mill ")));
        assert_eq!(hoods.iter().filter(|hood| hood["name"] == name.as_str()).count(), 1);
        if !was_killed {
            break;
        }
    }
}

async fn send(world: &World) -> String {
    let (content, _) = file::alert::parse(&std::fs::read_to_string(example("checkpoint.json")).unwrap()).unwrap();
    let draft = world.admin.client.draft_alert(world.hood, content, None).unwrap();
    let sent = world.admin.client.send_alert(draft).await.unwrap();
    assert!(sent.receipt.is_some());
    sent.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_relay_keeps_answers_waiting_and_neither_them_nor_an_alert_is_lost() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let id = send(&world).await;
    ana.client.connected(world.hood).await.unwrap();
    let network = ana.client.charters().unwrap().network();
    let set_quota = |bytes| allow(&world.relay.dir.path().join("networks.toml"), network, Quota(bytes)).unwrap();

    // 92 % are taken: more than the inbox and the desk may fill.
    let taken = SqliteStore::stats_of(&world.relay.dir.path().join("relay.db")).unwrap().bytes;
    set_quota(taken * 100 / 92);
    let going = AnswerContent::new(Code::constant("going"));
    assert!(ana.client.answer(&id, going).await.unwrap().1.is_none());
    assert_eq!(ana.client.queued().unwrap(), 1);
    send(&world).await;
    ana.client.connected(world.hood).await.unwrap();
    assert_eq!(ana.client.alerts(Filter::default()).unwrap().len(), 2, "alerts come while something waits");

    set_quota(1 << 30);
    assert_eq!(ana.client.connected(world.hood).await.unwrap().1.len(), 1);
    assert_eq!(ana.client.queued().unwrap(), 0);
}
