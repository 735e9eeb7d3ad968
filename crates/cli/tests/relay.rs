//! What the real program does where a relay answers.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use std::io::{BufRead, BufReader};
use std::process::Child;

use common::{Home, Relay, stderr, stdout};

const ALERT: &str =
    r#"{"kind":"enforcement.checkpoint","ask":"observe","needs":["driver:1"],"text":{"en":{"headline":"A"}}}"#;
const UNVERIFIED: &str = r#"{"kind":"enforcement.checkpoint","ask":"verify","verification":{"state":"unverified"},"text":{"en":{"headline":"A"}}}"#;

/// A network with one neighborhood.
fn network(relay: &Relay) -> Home {
    let home = Home::new();
    let create = ["network", "create", "Lantern", "--relay", &relay.url, "--relay-key", &relay.key];
    let created = home.run(&[&create[..], &["--admission-token-file", &relay.token]].concat());
    assert_eq!(created.status.code(), Some(0), "{}", stderr(&created));
    let added = home.run(&["neighborhood", "add", "Elm Park"]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    home
}

fn invite(home: &Home, name: &str) -> String {
    let link = home.path(name).to_str().unwrap().to_owned();
    let made = home.run(&["invite", "new", "--neighborhood", "Elm Park", "--out", &link]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    link
}

fn approve(home: &Home, joined: &serde_json::Value) {
    let words: Vec<&str> = joined["say"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(home.run(&["member", "pending"]).status.code(), Some(0));
    let done = home.run(&["member", "approve", joined["request"].as_str().unwrap(), "--words", &words.join(" ")]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
}

#[test]
fn an_invite_whose_file_is_there_is_not_made() {
    let relay = Relay::start();
    let home = network(&relay);
    home.write("there.link", "kept", 0o600);
    let there = home.path("there.link");
    for option in ["--out", "--qr-file"] {
        let arguments = ["invite", "new", "--neighborhood", "Elm Park", option, there.to_str().unwrap()];
        assert_eq!(home.json(&arguments).0, 2);
    }
    assert_eq!(home.json(&["invite", "list"]).1.len(), 0, "nothing was made");
}

#[test]
fn who_joins_says_what_they_can_do_and_a_watch_tells_the_name() {
    let relay = Relay::start();
    let (home, newcomer) = (network(&relay), Home::new());
    let link = invite(&home, "one.link");
    let arguments = ["join", "--link-file", &link, "--handle", "Kai", "--role", "Driver", "--speaks", "spanish"];
    let (code, joined, _) = newcomer.json(&[&arguments[..], &["--speaks", "en"]].concat());
    assert_eq!(code, 0);
    let mut watch = newcomer.start(&["watch", "--timeout", "90"]);
    approve(&home, &joined[0]);
    until_told(&mut watch, "You are a member of `Elm Park` now.");
    watch.kill().unwrap();
    watch.wait().unwrap();
    let (_, members, _) = home.json(&["member", "list"]);
    let kai = members.iter().find(|member| member["handle"] == "Kai").unwrap();
    assert_eq!((&kai["roles"][0], &kai["languages"]), (&"driver".into(), &serde_json::json!(["es", "en"])));
}

#[test]
fn an_ended_invite_leaves_the_watch_of_another_neighborhood_alone() {
    let relay = Relay::start();
    let (home, newcomer) = (network(&relay), Home::new());
    let added = home.run(&["neighborhood", "add", "Oak Hill"]);
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    let (_, joined, _) = newcomer.json(&["join", "--link-file", &invite(&home, "one.link")]);
    approve(&home, &joined[0]);
    assert_eq!(newcomer.run(&["join", "--wait", "--timeout", "60"]).status.code(), Some(0));
    let link = home.path("oak.link").to_str().unwrap().to_owned();
    let (_, made, _) = home.json(&["invite", "new", "--neighborhood", "Oak Hill", "--out", &link]);
    assert_eq!(newcomer.json(&["join", "--link-file", &link]).0, 0);
    assert_eq!(home.run(&["invite", "withdraw", made[0]["id"].as_str().unwrap()]).status.code(), Some(0));
    // The request is to be sealed for a new epoch, and the invite is gone.
    let rotated = home.run(&["rotate", "--neighborhood", "Oak Hill"]);
    assert_eq!(rotated.status.code(), Some(0), "{}", stderr(&rotated));
    let mut watch = newcomer.start(&["--json", "watch", "--count", "1", "--timeout", "90"]);
    until_told(&mut watch, "watchfire.error/1");
    home.write("alert.json", ALERT, 0o600);
    let file = home.path("alert.json");
    let send = ["alert", "send", "--neighborhood", "Elm Park", "--yes", "--file", file.to_str().unwrap()];
    assert_eq!(home.json(&send).0, 0);
    let watched = watch.wait_with_output().unwrap();
    assert_eq!(watched.status.code(), Some(0));
    assert!(stdout(&watched).contains("watchfire.alert/1"));
}

/// Reads what a command tells its person, until it tells this.
fn until_told(child: &mut Child, words: &str) {
    let told = BufReader::new(child.stderr.as_mut().unwrap()).lines().map(Result::unwrap);
    let mut before = Vec::new();
    for line in told {
        if line.contains(words) {
            return;
        }
        before.push(line);
    }
    panic!("`{words}` was not told, but {before:?}");
}

#[test]
fn what_its_author_calls_unverified_is_not_vouched_for_and_an_alert_without_a_relay_has_its_object() {
    let relay = Relay::start();
    let home = network(&relay);
    for (text, state, label) in [(ALERT, "verified", "verified"), (UNVERIFIED, "unverified", "signed")] {
        home.write("alert.json", text, 0o600);
        let file = home.path("alert.json");
        let send = ["alert", "send", "--file", file.to_str().unwrap(), "--yes"];
        let (code, preview, _) = home.json(&[&send[..], &["--dry-run"]].concat());
        assert_eq!((code, preview[0]["body"]["verification"]["state"].as_str()), (0, Some(state)));
        assert_eq!(preview[0]["label"], label);
        let (code, sent, _) = home.json(&send);
        assert_eq!((code, sent[0]["state"].as_str()), (0, Some("accepted")));
        let (_, shown, _) = home.json(&["show", sent[0]["id"].as_str().unwrap()]);
        assert_eq!(shown[0]["body"]["verification"]["state"], state);
    }
    drop(relay);
    let file = home.path("alert.json");
    let (code, sent, error) = home.json(&["alert", "send", "--file", file.to_str().unwrap(), "--yes"]);
    assert_eq!((code, sent[0]["state"].as_str()), (7, Some("queued")));
    assert_eq!(sent[0]["schema"], "watchfire.sent/1");
    assert!(sent[0]["id"].is_string());
    assert_eq!(error.unwrap()["code"], "queued");
}

#[test]
fn a_desk_begins_with_what_was_granted_meanwhile() {
    let relay = Relay::start();
    let (home, kai) = (network(&relay), Home::new());
    let link = home.path("kai.link").to_str().unwrap().to_owned();
    let made = home.run(&["invite", "new", "--role", "coordinator", "--out", &link]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let (_, joined, _) = kai.json(&["join", "--link-file", &link, "--handle", "Kai"]);
    approve(&home, &joined[0]);
    assert_eq!(kai.run(&["join", "--wait", "--timeout", "60"]).status.code(), Some(0));
    assert_eq!(kai.json(&["desk", "--once"]).0, 4, "nothing is granted yet");
    let granted = home.run(&["charter", "grant", "Kai", "--right", "dispatch", "--right", "enroll"]);
    assert_eq!(granted.status.code(), Some(0), "{}", stderr(&granted));
    let desk = kai.run(&["desk", "--once"]);
    assert_eq!(desk.status.code(), Some(0), "{}", stderr(&desk));
}
