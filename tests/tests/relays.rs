//! Two relays in one charter: one of them is killed, and comes back as it was or with nothing, and nobody loses anything.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::process::Command;

use serde_json::Value;
use watchfire_tests::process::{HOOD, Home, Network, Relay, example, join_in_person, program};

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
    two.ben.run(&["report", "--kind", "enforcement.raid", "--source", "relayed"]).ok();
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
}
