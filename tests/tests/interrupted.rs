//! Killed at an fsync and typed again, every command ends as if nothing had happened: nothing twice, nothing left over.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use serde_json::Value;
use watchfire_tests::process::{HOOD, Home, Network, Pair, Relay, example, has_strace, words};

fn line(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Nothing waits, and everybody is in the same epoch.
fn all_is_well(homes: &[&Home]) {
    for home in homes {
        home.run(&["sync"]).ok();
    }
    let status = homes.iter().map(|home| home.json(&["status"])[0].clone()).collect::<Vec<_>>();
    assert!(status.iter().all(|status| status["queued"] == 0), "{status:?}");
    let epochs: BTreeSet<u64> =
        status.iter().map(|status| status["neighborhoods"][0]["epoch"].as_u64().unwrap()).collect();
    assert_eq!(epochs.len(), 1, "{status:?}");
}

#[test]
fn what_is_written_is_there_once() {
    if !has_strace() {
        return;
    }
    let pair = Pair::found();
    let (marisol, ana, checkpoint) = (&pair.marisol, &pair.ana, example("checkpoint.json"));
    let mut wanted = 0;
    let sent = marisol.typed_again_after_kills(|| {
        wanted += 1;
        let need = format!("observer:{wanted}");
        line(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--need", &need, "--yes"])
    });
    all_is_well(&[marisol, ana]);
    let alerts = ana.json(&["alerts"]);
    let needs: BTreeSet<String> = alerts.iter().map(|alert| alert["body"]["needs"].to_string()).collect();
    assert_eq!((alerts.len(), needs.len()), (sent, sent), "{needs:?}");

    let id = alerts[0]["id"].as_str().unwrap().to_owned();
    let mut minutes = 0;
    ana.typed_again_after_kills(|| {
        minutes += 1;
        line(&["answer", &id, "going", "--eta", &format!("{minutes}m")])
    });
    all_is_well(&[ana, marisol]);
    let tally = marisol.json(&["alert", "follow", &id, "--wait-for", "1", "--timeout", "30s"]).pop().unwrap();
    assert_eq!((&tally["going"], &tally["received"]), (&1.into(), &1.into()));
    assert_eq!(tally["answers"][0]["eta-minutes"], minutes);

    let report = ana.path("report.json");
    let mut comments = 0;
    let sent = ana.typed_again_after_kills(|| {
        comments += 1;
        let mut content: Value = serde_json::from_str(include_str!("../../examples/reports/sighting.json")).unwrap();
        content["comments"] = format!("the {comments}th one").into();
        std::fs::write(&report, content.to_string()).unwrap();
        line(&["report", "--neighborhood", HOOD, "--file", report.to_str().unwrap()])
    });
    all_is_well(&[ana, marisol]);
    assert_eq!(marisol.json(&["inbox", "list"]).len(), sent);
}

#[test]
fn what_is_said_further_about_an_alert_is_said_once() {
    if !has_strace() {
        return;
    }
    let pair = Pair::found();
    let (marisol, ana, checkpoint) = (&pair.marisol, &pair.ana, example("checkpoint.json"));
    let id = pair.sends(&checkpoint);
    let mut wanted = 1;
    let updates = marisol.typed_again_after_kills(|| {
        wanted += 1;
        line(&["alert", "update", &id, "--need", &format!("driver:{wanted}"), "--yes"])
    });
    let cancels = marisol.typed_again_after_kills(|| {
        let id = pair.sends(&checkpoint);
        line(&["alert", "cancel", &id, "--outcome", "resolved", "--yes"])
    });
    let roles = ["driver", "medic", "observer", "note-taker", "interpreter"];
    let needs = roles.iter().flat_map(|role| ["--need".to_owned(), format!("{role}:1")]);
    let send: Vec<String> = line(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]);
    let send: Vec<String> = send.into_iter().chain(needs).collect();
    let crew = marisol.json(&send.iter().map(String::as_str).collect::<Vec<_>>())[0]["id"].as_str().unwrap().to_owned();
    let mut of = roles.into_iter();
    let enough =
        marisol.typed_again_after_kills(|| line(&["alert", "enough", &crew, "--role", of.next().unwrap(), "--yes"]));
    let (wrong, truth) = (pair.sends(&checkpoint), marisol.path("truth.json"));
    let mut works = 0;
    let corrections = marisol.typed_again_after_kills(|| {
        works += 1;
        let text = format!(r#"{{"text":{{"en":{{"headline":"It was road works, {works} of them"}}}}}}"#);
        std::fs::write(&truth, text).unwrap();
        line(&["alert", "correct", &wrong, "--file", truth.to_str().unwrap(), "--yes"])
    });
    all_is_well(&[marisol, ana]);
    // With all that was ever said; of an update, too, as of what it updates.
    let mut all = ana.json(&["alerts", "--all"]);
    let mut take = |id: &str| {
        let (those, others) = std::mem::take(&mut all).into_iter().partition(|alert| alert["thread"]["id"] == id);
        all = others;
        those
    };
    let (updated, crew, wrong): (Vec<Value>, Vec<Value>, Vec<Value>) = (take(&id), take(&crew), take(&wrong));
    let cancelled = all;
    assert_eq!((crew.len(), &crew[0]["thread"]["updates"]), (1, &enough.into()), "{crew:#?}");
    assert_eq!(crew[0]["thread"]["enough"].as_array().unwrap().len(), enough, "{crew:#?}");
    assert_eq!((wrong.len(), wrong[0]["follow-ups"].as_array().unwrap().len()), (1, corrections), "{wrong:#?}");
    assert_eq!(updated.len(), 1, "{updated:#?}");
    assert_eq!(updated[0]["thread"]["updates"], updates);
    assert_eq!(cancelled.len(), cancels);
    for alert in cancelled {
        assert_eq!(alert["follow-ups"].as_array().unwrap().len(), 1, "{alert}");
    }
}

#[test]
fn a_batch_of_cards_is_made_once_and_its_file_is_whole() {
    if !has_strace() {
        return;
    }
    let relay = Relay::start();
    let marisol = Network::admin_at(&relay, &relay.url);
    let sheet = |number: usize| marisol.path(&format!("cards-{number}.txt"));
    let mut number = 0;
    let batches = marisol.typed_again_after_kills(|| {
        number += 1;
        let file = sheet(number);
        line(&["invite", "new", "--neighborhood", HOOD, "--cards", "3", "--out", file.to_str().unwrap()])
    });
    assert_eq!(marisol.json(&["invite", "list"]).len(), batches);
    let links: Vec<String> = (1..=batches)
        .flat_map(|number| {
            let cards = std::fs::read_to_string(sheet(number)).unwrap();
            cards.lines().filter(|line| line.starts_with("WATCHFIRE:")).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(links.iter().collect::<BTreeSet<_>>().len(), 3 * batches, "no card twice");
}

#[test]
fn each_newcomer_is_a_member_once_and_each_who_leaves_is_gone() {
    if !has_strace() {
        return;
    }
    let relay = Relay::start();
    let marisol = Network::admin_at(&relay, &relay.url);
    let mut newcomers: Vec<(Home, String)> = Vec::new();
    let link = marisol.path("link").to_str().unwrap().to_owned();
    marisol.run(&["invite", "new", "--neighborhood", HOOD, "--uses", "100", "--out", &link]).ok();
    // Each with a home of their own: one who is not disturbed, and one for each place to be killed at.
    let mut places = vec![0];
    for part in 0.. {
        let Some(nth) = places.get(part) else { break };
        let (home, handle) = (Home::new(), format!("Ana{part}"));
        let join = ["--json", "join", "--handle", &handle, "--link-file", &link];
        match nth {
            0 => places.extend(home.places_to_be_killed(&join)),
            nth => assert!(home.killed_at_fsync(*nth, &join) || part > 1),
        }
        home.run(&join).ok();
        newcomers.push((home, handle));
    }
    let pending = marisol.json(&["member", "pending"]);
    assert_eq!(pending.len(), newcomers.len(), "{pending:?}");
    let mut waiting = newcomers.iter();
    marisol.typed_again_after_kills(|| {
        let (home, handle) = waiting.next().unwrap();
        let say = words(&home.json(&["join"])[0]["say"]);
        let request = pending.iter().find(|request| request["handle"] == handle.as_str()).unwrap();
        line(&["member", "approve", request["request"].as_str().unwrap(), "--words", &say])
    });
    assert_eq!(marisol.json(&["member", "list"]).len(), 1 + newcomers.len());
    for (home, handle) in &newcomers {
        home.run(&["join", "--wait", "--timeout", "30s"]).ok();
        let request = pending.iter().find(|request| request["handle"] == handle.as_str()).unwrap();
        home.run(&["confirm", "--words", &words(&request["say"])]).ok();
    }
    let homes: Vec<&Home> = newcomers.iter().map(|(home, _)| home).chain([&marisol]).collect();
    all_is_well(&homes);

    let leave = ["--yes", "leave"];
    let places = newcomers[0].0.places_to_be_killed(&leave);
    for (nth, (home, _)) in places.into_iter().zip(&newcomers[1..]) {
        home.killed_at_fsync(nth, &leave);
        // Killed after the last one it has left already.
        let again = home.run(&leave);
        assert!([0, 2, 6].contains(&again.code), "{again:?}");
        assert_eq!(home.json(&["status"])[0]["neighborhoods"], Value::Array(vec![]));
    }
}

#[test]
fn the_charter_changes_as_it_was_said() {
    if !has_strace() {
        return;
    }
    let network = Network::found();
    let (marisol, kai) = (&network.marisol, &network.kai);
    let mut day = 0;
    marisol.typed_again_after_kills(|| {
        day += 1;
        let until = format!("2027-01-{day:02}");
        line(&["charter", "grant", "Kai", "--neighborhood", HOOD, "--right", "dispatch", "--until", &until])
    });
    let mut days = 100;
    marisol.typed_again_after_kills(|| {
        days += 1;
        line(&["charter", "renew", "--for", &format!("{days}d")])
    });
    marisol.typed_again_after_kills(|| {
        days += 1;
        let draft = marisol.path(&format!("{days}.draft")).to_str().unwrap().to_owned();
        marisol.run(&["charter", "renew", "--for", &format!("{days}d"), "--out", &draft]).ok();
        line(&["charter", "publish", &draft])
    });
    all_is_well(&[marisol, kai, &network.responders[0]]);
    let shown =
        [marisol, kai, &network.responders[0]].map(|home| home.json(&["charter", "show"])[0]["version"].clone());
    assert!(shown.iter().all(|version| *version == shown[0]), "{shown:?}");
}
