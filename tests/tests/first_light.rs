//! One night by the commands that people type, in processes of their own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_tests::process::{HOOD, Network, example, finish};

#[test]
fn an_alert_goes_from_a_coordinators_keyboard_to_every_responders_screen_and_the_answers_come_back() {
    let network = Network::found();
    let [ana, ben, lou] = &network.responders;

    // Two watch while it is sent; Lou is away.
    let watching = [ana, ben].map(|home| home.spawn(&["--json", "watch", "--count", "1", "--timeout", "60s"]));
    let checkpoint = example("checkpoint.json");
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"];
    let sent = network.marisol.json(&send);
    assert_eq!(sent[0]["schema"], "watchfire.sent/1");
    assert_eq!(sent[0]["state"], "accepted");
    let id = sent[0]["id"].as_str().unwrap().to_owned();
    for child in watching {
        let seen = finish(child).ok().json();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0]["schema"], "watchfire.alert/1");
        assert_eq!(seen[0]["label"], "verified", "{seen:?}");
        assert_eq!(seen[0]["id"], id);
        assert_eq!(seen[0]["neighborhood"], HOOD);
        assert_eq!(seen[0]["kind"], "enforcement.checkpoint");
        assert_eq!(seen[0]["body"]["text"]["es"]["headline"].as_str().map(str::is_empty), Some(false));
    }

    // Who was away receives it once, and not again.
    let watch = ["watch", "--count", "1", "--timeout", "30s"];
    assert_eq!(lou.json(&watch)[0]["label"], "verified");
    lou.run(&["--json", "watch", "--count", "1", "--timeout", "2s"]).fails(8);
    assert_eq!(lou.json(&["alerts"]).len(), 1);

    // Answers, of which one beside a `watch` that uses the same vault.
    let beside = ana.spawn(&["--json", "watch", "--count", "1", "--timeout", "15s"]);
    let answered = ana.json(&["answer", &id[..5], "going", "--eta", "10m"]);
    assert_eq!(answered[0]["schema"], "watchfire.answer/1");
    assert_eq!(answered[0]["state"], "accepted");
    ben.run(&["answer", &id[..5], "cannot", "--reason", "too-far"]).ok();
    let second =
        network.kai.json(&["alert", "send", "--neighborhood", HOOD, "--file", &example("flood.json"), "--yes"]);
    assert_eq!(finish(beside).ok().json()[0]["id"], second[0]["id"]);

    for coordinator in [&network.marisol, &network.kai] {
        let tally = coordinator.json(&["alert", "follow", &id, "--wait-for", "1", "--timeout", "30s"]);
        let last = tally.last().unwrap();
        assert_eq!(last["schema"], "watchfire.tally/1");
        assert_eq!((last["going"].as_u64(), last["cannot"].as_u64()), (Some(1), Some(1)), "{last}");
        assert!(last["received"].as_u64().unwrap() >= 2);
        let going = last["answers"].as_array().unwrap().iter().find(|answer| answer["answer"] == "going").unwrap();
        assert_eq!((going["handle"].as_str(), going["eta-minutes"].as_u64()), (Some("Ana"), Some(10)));
    }
    let waited = network.marisol.run(&["alert", "follow", &id, "--wait-for", "5", "--timeout", "1s"]).fails(8);
    assert!(waited.stderr.contains("The time is over: 1 of 5 people are going") && !waited.stderr.contains("error"));

    // Everybody is in one epoch, and sees so by the same four words.
    let status = |home: &watchfire_tests::process::Home| home.json(&["status"])[0].clone();
    let mine = status(&network.marisol);
    assert_eq!(mine["neighborhoods"][0]["role"], "coordinator");
    for home in [ana, ben, lou] {
        let theirs = status(home);
        assert_eq!(theirs["neighborhoods"][0]["epoch-words"], mine["neighborhoods"][0]["epoch-words"]);
        assert_eq!(theirs["neighborhoods"][0]["role"], "responder");
        assert_eq!(theirs["neighborhoods"][0]["fresh"], true);
        assert_eq!(theirs["queued"], 0);
    }
    assert_eq!(network.kai.json(&["member", "list"]).len(), 5);

    // A rotation later everything goes on.
    let epoch = network.kai.json(&["rotate"]);
    assert_eq!(epoch[0]["schema"], "watchfire.epoch/1");
    assert_eq!(epoch[0]["epoch"].as_u64().unwrap(), mine["neighborhoods"][0]["epoch"].as_u64().unwrap() + 1);
    network.kai.json(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]);
    assert_eq!(ben.json(&["watch", "--count", "2", "--timeout", "30s"])[1]["label"], "verified");

    // Destroyed, the vault is gone.
    lou.run(&["wipe", "--yes"]).ok();
    lou.run(&["status"]).fails(5);
}
