//! More than one coordinator stands for an alert: by the commands that people type, in processes of their own.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout};

use serde_json::Value;
use watchfire_tests::process::{HOOD, Home, Relay, example, join};

/// Two coordinators, of whom both must sign, and a responder.
struct Two {
    relay: Relay,
    marisol: Home,
    kai: Home,
    ana: Home,
}

impl Two {
    fn found(below: &str) -> Self {
        let relay = Relay::start();
        let marisol = Home::new();
        let token = relay.path().join("admission.token");
        let (url, key, token) = (relay.url.as_str(), relay.key.as_str(), token.to_str().unwrap());
        let create = ["network", "create", "Night Watch", "--relay", url, "--relay-key", key];
        marisol.json(&[&create[..], &["--admission-token-file", token, "--handle", "Marisol"]].concat());
        let added = marisol.json(&["neighborhood", "add", HOOD, "--quorum", "2", "--below-quorum", below]);
        assert_eq!((added[0]["quorum"].as_u64(), added[0]["below-quorum"].as_str()), (Some(2), Some(below)));
        let kai = Home::new();
        join(&marisol, &kai, "Kai", "coordinator");
        marisol
            .run(&["charter", "grant", "Kai", "--neighborhood", HOOD, "--right", "dispatch", "--right", "enroll"])
            .ok();
        let ana = Home::new();
        join(&marisol, &ana, "Ana", "responder");
        Self { relay, marisol, kai, ana }
    }

    /// Marisol sends the example, and nobody else has signed.
    fn sends(&self) -> String {
        let checkpoint = example("checkpoint.json");
        let send = ["--json", "alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"];
        let sent = self.marisol.run(&send).fails(9).json().remove(0);
        assert_eq!(sent["schema"], "watchfire.sent/1");
        assert_eq!(sent["state"], "accepted");
        assert_eq!(sent["signatures"], serde_json::json!({"have": 1, "need": 2}));
        sent["id"].as_str().unwrap().to_owned()
    }
}

fn sign(home: &Home, id: &str) -> watchfire_tests::process::Ran {
    home.run(&["--json", "alert", "sign", id, "--yes"])
}

fn alert(home: &Home, id: &str) -> Value {
    home.json(&["sync"]);
    home.json(&["show", id]).remove(0)
}

/// A watch that runs, read line by line.
struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn begin(home: &Home, args: &[&str]) -> Self {
        let mut child = home.spawn(&[&["--json", "watch"][..], args].concat());
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the watch ended: {line}"))
    }

    fn ends(mut self) -> Vec<Value> {
        let rest: Vec<String> = self.lines.by_ref().lines().map(Result::unwrap).collect();
        assert!(self.child.wait().unwrap().success());
        rest.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A command for `--exec` that appends what it is given to a file.
fn notebook(home: &Home) -> (String, std::path::PathBuf) {
    let book = home.path("notebook");
    let script = home.path("note.sh");
    std::fs::write(&script, format!("cat >> {}\n", book.display())).unwrap();
    (format!("sh {}", script.display()), book)
}

fn noted(book: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(book).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn where_it_is_shown_a_second_signature_changes_the_label_and_notifies_nobody_again() {
    let two = Two::found("show");
    let (exec, book) = notebook(&two.ana);
    let mut watch = Watching::begin(&two.ana, &["--count", "2", "--timeout", "120s", "--exec", &exec]);
    let id = two.sends();
    let first = watch.next();
    assert_eq!((first["id"].as_str(), first["label"].as_str()), (Some(&*id), Some("signed")));
    assert_eq!(first["reason"], "below-quorum");
    assert_eq!(first["signatures"], serde_json::json!({"have": 1, "need": 2}));
    assert_eq!(first["signed-by"], serde_json::json!(["Marisol"]));

    let pending = two.kai.json(&["alert", "pending"]);
    assert_eq!((pending.len(), pending[0]["id"].as_str()), (1, Some(&*id)));
    assert_eq!(pending[0]["signatures"], serde_json::json!({"have": 1, "need": 2}));
    assert_eq!(two.marisol.json(&["alert", "pending"]).len(), 1, "the own one waits too");

    // Nothing is signed without a yes, by whoever may not, or for oneself.
    two.kai.run(&["alert", "sign", &id]).fails(2);
    assert_eq!(alert(&two.kai, &id)["label"], "signed");
    let asked = two.kai.run(&["alert", "sign", &id]);
    assert!(asked.stderr.contains("SIGNED (1 of 2 signatures)") && asked.stderr.contains("Marisol"), "{asked:?}");
    assert!(two.marisol.run(&["alert", "sign", &id, "--yes"]).fails(4).stderr.contains("you sent this alert"));
    two.ana.run(&["alert", "sign", &id, "--yes"]).fails(4);
    two.kai.run(&["alert", "sign", "ZZZZZZ", "--yes"]).fails(6);

    let signed = sign(&two.kai, &id).ok().json().remove(0);
    assert_eq!(signed["schema"], "watchfire.signed/1");
    assert_eq!(signed["state"], "accepted");
    assert_eq!(signed["signatures"], serde_json::json!({"have": 2, "need": 2}));
    assert!(sign(&two.kai, &id).fails(4).stderr.contains("signed-already"));

    let upgraded = watch.next();
    assert_eq!(upgraded["schema"], "watchfire.label/1");
    assert_eq!((upgraded["id"].as_str(), upgraded["label"].as_str()), (Some(&*id), Some("verified")));
    assert!(two.kai.json(&["alert", "pending"]).is_empty());
    assert!(two.marisol.json(&["alert", "pending"]).is_empty());

    // Only another alert counts as the second, and starts the command a second time.
    let other = two.sends();
    assert_eq!(watch.next()["id"], other);
    assert!(watch.ends().is_empty());
    assert_eq!(noted(&book), [id.clone(), other]);
    assert_eq!(alert(&two.ana, &id)["label"], "verified");
}

#[test]
fn where_it_is_held_a_second_signature_makes_it_an_alert_that_is_new() {
    let two = Two::found("hold");
    let (exec, book) = notebook(&two.ana);
    let id = two.sends();
    two.ana.run(&["--json", "watch", "--count", "1", "--timeout", "2s", "--exec", &exec]).fails(8);
    two.ana.run(&["show", &id]).fails(4);
    let held = two.ana.json(&["held"]);
    assert_eq!((held[0]["id"].as_str(), held[0]["reason"].as_str()), (Some(&*id), Some("below-quorum")));
    assert_eq!(held[0]["body"], Value::Null);
    assert!(two.ana.json(&["alerts"]).is_empty());

    let mut watch = Watching::begin(&two.ana, &["--count", "1", "--timeout", "120s", "--exec", &exec]);
    let pending = two.kai.json(&["alert", "pending"]);
    assert_eq!((pending[0]["id"].as_str(), pending[0]["label"].as_str()), (Some(&*id), Some("held")));
    assert_eq!(pending[0]["signatures"], serde_json::json!({"have": 1, "need": 2}));
    // Who is to sign it reads what it says, and by whom.
    let asked = two.kai.run(&["alert", "sign", &id]).fails(2);
    assert!(asked.stderr.contains("HELD  checkpoint") && asked.stderr.contains("Marisol"), "{asked:?}");

    sign(&two.kai, &id[..6]).ok();
    let shown = watch.next();
    assert_eq!((shown["id"].as_str(), shown["label"].as_str()), (Some(&*id), Some("verified")));
    assert!(watch.ends().is_empty());
    assert_eq!(noted(&book), [id]);
    assert!(two.ana.json(&["held"]).is_empty());
}

#[test]
fn a_label_that_changed_while_nobody_watched_is_told_in_one_line() {
    let two = Two::found("show");
    let id = two.sends();
    assert_eq!(two.ana.json(&["watch", "--count", "1", "--timeout", "60s"])[0]["label"], "signed");
    sign(&two.kai, &id).ok();
    let later = two.ana.run(&["--json", "watch", "--count", "1", "--timeout", "5s"]).fails(8).json();
    assert_eq!(later.len(), 1);
    assert_eq!(
        (later[0]["schema"].as_str(), later[0]["label"].as_str()),
        (Some("watchfire.label/1"), Some("verified"))
    );
    assert!(two.ana.run(&["--json", "watch", "--count", "1", "--timeout", "2s"]).fails(8).json().is_empty());
}

#[test]
fn a_signature_without_a_relay_waits_in_the_vault_and_counts_once_it_is_sent() {
    let mut two = Two::found("show");
    let id = two.sends();
    two.kai.json(&["sync"]);
    two.relay.kill();
    let queued = sign(&two.kai, &id).fails(7).json().remove(0);
    assert_eq!(queued["state"], "queued");
    two.relay.serve();
    assert_eq!(alert(&two.ana, &id)["label"], "signed");
    // The same command, run again, goes on where it was.
    sign(&two.kai, &id).ok();
    assert_eq!(alert(&two.ana, &id)["label"], "verified");
}

#[test]
fn a_relay_that_lost_everything_gets_the_signatures_back() {
    for below in ["show", "hold"] {
        let mut two = Two::found(below);
        let id = two.sends();
        sign(&two.kai, &id).ok();
        two.marisol.json(&["sync"]);
        let waiting = two.sends();
        two.kai.json(&["sync"]);
        two.relay.kill();
        two.relay.lose_the_database();
        two.relay.serve();
        // Only Kai, who wrote neither, brings them back.
        two.kai.json(&["sync"]);
        assert_eq!(alert(&two.ana, &id)["label"], "verified");
        let label = if below == "show" { "signed" } else { "held" };
        assert_eq!(two.kai.json(&["alert", "pending"])[0]["label"], label);
        two.ana.json(&["sync"]);
        let known = if below == "show" { two.ana.json(&["show", &waiting]) } else { two.ana.json(&["held"]) };
        assert_eq!((known[0]["id"].as_str(), known[0]["label"].as_str()), (Some(&*waiting), Some(label)));
    }
}

#[test]
fn a_lone_cancel_stands_beside_the_alert_and_a_second_signature_closes_it() {
    lone_cancel(&Two::found("show"));
}

#[test]
fn where_lone_alerts_are_held_a_lone_cancel_stands_beside_the_alert_all_the_same() {
    lone_cancel(&Two::found("hold"));
}

fn lone_cancel(two: &Two) {
    let id = two.sends();
    sign(&two.kai, &id).ok();
    assert_eq!(alert(&two.ana, &id)["closed-by"], Value::Null);
    two.kai.run(&["alert", "cancel", &id, "--yes"]).fails(2);
    let cancel = ["--json", "alert", "cancel", &id, "--outcome", "agents-left", "--yes"];
    let sent = two.kai.run(&cancel).fails(9).json().remove(0);
    let cancel = sent["id"].as_str().unwrap();
    two.marisol.json(&["sync"]);
    let pending = two.marisol.run(&["alert", "pending"]).ok().stdout;
    let line = pending.lines().find(|line| line.contains(&cancel[..4])).unwrap();
    assert!(
        line.contains("stand-down: checkpoint") && line.contains("Kai") || line.contains("STAND-DOWN, SIGNED"),
        "{line}"
    );

    let open = alert(&two.ana, &id);
    assert_eq!((open["label"].as_str(), &open["closed-by"]), (Some("verified"), &Value::Null));
    assert_eq!(open["notes"], serde_json::json!(["cancel-below-quorum"]));
    assert_eq!(open["follow-ups"][0]["id"], cancel);
    assert_eq!(open["follow-ups"][0]["counts"], false);
    let words = two.ana.run(&["show", &id]).ok().stdout;
    assert!(words.contains("Kai wants to stand it down") && words.contains("it goes on"), "{words}");

    let listed = two.ana.run(&["alerts"]).ok().stdout;
    assert!(listed.starts_with("VERIFIED") && listed.lines().count() == 2, "the claim stands beside it: {listed}");
    assert!(listed.contains("\n  Kai wants to stand it down"), "{listed}");
    let watched = two.ana.run(&["watch", "--count", "2", "--timeout", "2s"]).fails(8).stdout;
    assert_eq!(watched.matches("VERIFIED").count(), 1, "one entry with the claim: {watched}");

    sign(&two.marisol, cancel).ok();
    let told = two.ana.json(&["watch", "--count", "1", "--timeout", "60s"]);
    assert_eq!((told[0]["id"].as_str(), told[0]["msg-type"].as_str()), (Some(&*id), Some("cancel")), "now it is news");
    let closed = alert(&two.ana, &id);
    assert_eq!((closed["label"].as_str(), closed["closed-by"].as_str()), (Some("verified"), Some(cancel)));
    assert_eq!(closed["notes"], serde_json::json!([]));
    let words = two.ana.run(&["alerts"]).ok().stdout;
    assert!(
        words.starts_with(&format!("STAND-DOWN, VERIFIED  {}  checkpoint", &id[..4]))
            && words.contains("STOOD DOWN: the agents left, "),
        "{words}"
    );
    assert_eq!(two.ana.json(&["alerts"]).len(), 1, "one alert, one entry");
    let words = two.ana.run(&["show", &id]).ok().stdout;
    // Those who signed stand in the order of their ids.
    let both = ["Stood down by Kai and Marisol", "Stood down by Marisol and Kai"];
    assert!(both.iter().any(|both| words.contains(both)), "{words}");
    two.kai.run(&["alert", "cancel", &id, "--outcome", "resolved", "--yes"]).fails(2);
}

#[test]
fn an_update_and_a_correction_need_the_quorum_as_well() {
    let two = Two::found("show");
    let id = two.sends();
    sign(&two.kai, &id).ok();
    two.kai.run(&["alert", "update", &id, "--yes"]).fails(2);
    let update = ["--json", "alert", "update", &id, "--need", "medic:2", "--yes"];
    let update = two.kai.run(&update).fails(9).json().remove(0)["id"].as_str().unwrap().to_owned();
    let shown = alert(&two.ana, &update);
    assert_eq!((shown["label"].as_str(), shown["msg-type"].as_str()), (Some("signed"), Some("update")));
    assert_eq!(shown["body"]["references"], serde_json::json!([id]));
    // What was not said stays: the place, the texts, who checked it.
    let before = alert(&two.ana, &id);
    let mut needs = before["body"]["needs"].as_array().unwrap().clone();
    needs.push("medic:2".into());
    assert_eq!(shown["body"]["needs"], Value::from(needs), "and so does who else is needed");
    for field in ["kind", "place", "text", "verification", "seen"] {
        assert_eq!(shown["body"][field], before["body"][field], "{field}");
    }
    sign(&two.marisol, &update).ok();
    assert_eq!(alert(&two.ana, &update)["label"], "verified");
    // From here on it stands in the place of the alert, under the first id.
    let now = alert(&two.ana, &id);
    assert_eq!((now["id"].as_str(), now["message"].as_str()), (Some(&*id), Some(&*update)));
    assert_eq!(now["thread"]["updates"], 1);

    // A stand-down of the first one ends its update too.
    let cancel = ["--json", "alert", "cancel", &id, "--outcome", "resolved", "--yes"];
    let cancel = two.marisol.run(&cancel).fails(9).json().remove(0)["id"].as_str().unwrap().to_owned();
    sign(&two.kai, &cancel).ok();
    for one in [&id, &update] {
        assert_eq!(alert(&two.ana, one)["closed-by"].as_str(), Some(&*cancel));
    }

    let truth = two.kai.path("truth.json");
    std::fs::write(&truth, r#"{"text":{"en":{"headline":"It was road works"}}}"#).unwrap();
    two.kai.run(&["alert", "correct", &id, "--yes"]).fails(2);
    let correct = ["--json", "alert", "correct", &id, "--file", truth.to_str().unwrap(), "--yes"];
    let correction = two.kai.run(&correct).fails(9).json().remove(0)["id"].as_str().unwrap().to_owned();
    let shown = alert(&two.ana, &correction);
    assert_eq!((shown["label"].as_str(), shown["msg-type"].as_str()), (Some("signed"), Some("correction")));
    assert_eq!(shown["body"]["text"]["en"]["headline"], "It was road works");
    sign(&two.marisol, &correction).ok();
    assert_eq!(alert(&two.ana, &correction)["label"], "verified");
}

#[test]
fn what_was_shown_as_verified_stays_when_the_quorum_is_raised() {
    let two = Two::found("hold");
    two.marisol.run(&["neighborhood", "set", HOOD, "--quorum", "1"]).ok();
    let checkpoint = example("checkpoint.json");
    let sent = two.marisol.json(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]);
    let id = sent[0]["id"].as_str().unwrap();
    assert_ne!(alert(&two.ana, id)["label"], "held");
    // Another one was wrong, and a third is over.
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"];
    let [wrong, over] = [(); 2].map(|()| two.marisol.json(&send)[0]["id"].as_str().unwrap().to_owned());
    let correct = ["alert", "correct", &wrong, "--file", "-", "--yes"];
    two.marisol.run_with(&correct, r#"{"text":{"en":{"headline":"Road works"}}}"#).ok();
    two.marisol.run(&["alert", "cancel", &over, "--outcome", "agents-left", "--yes"]).ok();
    let ended = |home: &Home| [alert(home, &wrong)["corrected-by"].clone(), alert(home, &over)["closed-by"].clone()];
    let before = [ended(&two.ana), ended(&two.kai)];
    assert!(before.iter().flatten().all(Value::is_string), "{before:?}");

    two.marisol.run(&["neighborhood", "set", HOOD, "--quorum", "2"]).ok();
    let after = alert(&two.ana, id);
    assert_eq!((after["label"].as_str(), after["signatures"]["need"].as_u64()), (Some("signed"), Some(2)));
    assert_eq!([ended(&two.ana), ended(&two.kai)], before, "what was ended does not come to life");
    // Nobody is asked to stand for what is not so any more, and nobody can.
    let pending = two.kai.json(&["alert", "pending"]);
    let states: Vec<_> = pending.iter().filter(|view| view["msg-type"] == "alert").map(|view| &view["id"]).collect();
    assert_eq!(states, [id], "{pending:?}");
    for gone in [&wrong, &over] {
        assert!(sign(&two.kai, gone).fails(4).stderr.contains("already-over"));
    }
}
