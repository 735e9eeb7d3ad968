//! What a coordinator types when writing an alert: at a terminal, and in files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use watchfire_client::net::Connection;
use watchfire_client::ops::view::Filter;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::Profile;
use watchfire_protocol::alert::{AlertBody, AlertsItem, SignedAlert};
use watchfire_protocol::frame::{Prover, Request};
use watchfire_protocol::vocabulary::Code;
use watchfire_protocol::wire;
use watchfire_tests::local::{keys, now, wrap};
use watchfire_tests::process::{HOOD, Home, Pair, example};
use watchfire_tests::terminal::Terminal;

const KIND: [&str; 6] = ["alert", "send", "--neighborhood", HOOD, "--kind", "enforcement.checkpoint"];

/// A file of somebody's with this text in it.
fn file(home: &Home, text: &str) -> String {
    let path = home.path("file.json");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What somebody types at a terminal, who sends an alert.
fn sends(pair: &Pair, args: &[&str], typed: &[&str]) -> String {
    pair.marisol.at_a_terminal(args, &format!("{}\n", typed.join("\n")))
}

/// The newest alert of a responder who has just looked.
fn newest(pair: &Pair) -> Value {
    pair.ana.run(&["sync"]).ok();
    let mut alerts = pair.ana.json(&["alerts"]);
    alerts.sort_by_key(|alert| alert["sent"].to_string());
    alerts.pop().unwrap()
}

fn count(pair: &Pair) -> usize {
    pair.ana.run(&["sync"]).ok();
    pair.ana.json(&["alerts"]).len()
}

#[test]
fn with_a_kind_and_needs_a_person_says_where_and_what_and_sees_it_before_it_goes() {
    let pair = Pair::found();
    let args = [&KIND[..], &["--need", "observer:4"]].concat();
    let screen = sends(&pair, &args, &["5th & Main", "4 or more people, 2 vehicles, stopping cars", "1", "y"]);
    for line in [
        "Where? (street, corner, place) ",
        "What is seen? (Enter to skip)",
        "How was it checked?",
        "VERIFIED  checkpoint  5th & Main, Elm Park",
        "Observe and record from a distance. Do not interfere. You decide your own risk.",
        "Needed: 4 observers.",
        " (in person, ",
        "Type e to add or change something.",
        "Goes to everybody in Elm Park. The relay cannot read it. Send? [y/N]",
        "Accepted by the relay as",
    ] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    assert_eq!(newest(&pair)["body"]["place"]["text"], "5th & Main");
    let kept = pair.marisol.types(&args, "5th & Main\nAgents\n1\nn\n").fails(2);
    assert!(kept.stdout.contains("not sent") && kept.stdout.contains("for 24 hours"), "{kept:?}");
    assert_eq!(count(&pair), 1, "nothing goes without a yes");
}

#[test]
fn whoever_is_in_several_neighborhoods_is_asked_for_which() {
    let pair = Pair::found();
    pair.marisol.run(&["neighborhood", "add", "Old Mill"]).ok();
    let args = ["alert", "send", "--kind", "enforcement.checkpoint", "--need", "observer:4"];
    let mut terminal = pair.marisol.terminal(&args);
    terminal.answers("Old Mil");
    assert!(terminal.asks());
    let screen = terminal.screen();
    assert!(screen.contains("In which neighborhood?") && screen.contains("This cannot be skipped"), "{screen}");
    let number = screen.lines().find_map(|line| line.trim_end().strip_suffix("  Old Mill")).unwrap();
    for line in [number, "5th & Main", "Agents", "1", "y"] {
        terminal.answers(line);
    }
    let sent = terminal.ends().ok().stdout;
    assert!(sent.contains("Goes to everybody in Old Mill"), "{sent}");

    let mut terminal = pair.marisol.terminal(&["report", "--kind", "community.fire", "--neighborhood", "Elm Prk"]);
    assert!(terminal.asks());
    let screen = terminal.screen();
    assert!(screen.contains("Elm Prk") && screen.contains("In which neighborhood?"), "{screen}");
    terminal.kill();
    pair.marisol.run(&["report", "--kind", "community.fire"]).fails(2);
}

#[test]
fn whatever_else_an_alert_can_say_is_added_at_the_preview_by_number() {
    let pair = Pair::found();
    let args = ["alert", "send", "--neighborhood", HOOD];
    let typed = [
        // Agents or police; a checkpoint; where; what; two observers.
        "1",
        "2",
        "5th & Main",
        "Agents stop cars",
        "1",
        "2",
        "",
        "2",
        // Coordinates, out of range at first; the exact place; people; urgency; severity; certainty; who checked it.
        "e",
        "7, 8, 13, 16, 17, 18, 19",
        "91, 200",
        "41.85, -87.65",
        "",
        "1204 Elm Street",
        "",
        "2",
        "y",
        "n",
        "Spanish",
        "1",
        "2",
        "1",
        "1",
        "",
        "1",
        "",
        // Longer than anything may last here: said, and put right.
        "e",
        "20",
        "90d",
        "20",
        "3h",
        "y",
    ];
    let screen = sends(&pair, &args, &typed);
    for line in ["-90 to 90 north", "expires after at most 72 hours", "only those who answer that they come are told"] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    let alert = newest(&pair);
    let body = &alert["body"];
    assert_eq!(
        (&body["urgency"], &body["severity"], &body["certainty"]),
        (&json!("immediate"), &json!("severe"), &json!("observed"))
    );
    let people = json!({"detained": 2, "children": true, "medical": false, "languages": ["es"]});
    assert_eq!((&body["people"], &body["needs"]), (&people, &json!(["observer:2"])));
    let place = json!({"type": "unknown", "text": "5th & Main", "lat": 41.85, "lon": -87.65, "precision-m": 100});
    assert_eq!(body["place"], place);
    assert_eq!(body["verification"]["by"][0]["method"], "on-site");
    assert!(!alert.to_string().contains("1204"), "the exact place is for those who come");
}

#[test]
fn a_mistake_at_the_preview_is_put_right_and_not_lost_in_either_language() {
    let pair = Pair::found();
    let args = [&["--lang", "es"][..], &KIND, &["--need", "observer:4"]].concat();
    // A phone number, left at first; then typed anew; then the place; then a text in English besides.
    let typed = [
        "5a y Main",
        "Llame al 312-555-0123",
        "",
        "1",
        "e",
        "Hay agentes parando coches",
        "5, 4",
        "6a y Main",
        "en",
        "",
        "Agents stop cars",
        "",
        "s",
    ];
    let screen = sends(&pair, &args, &typed);
    for line in [
        "parece un número de teléfono",
        "Escriba e para añadir o cambiar algo.",
        "qué tan urgente",
        "VERIFICADO  retén  6a y Main, Elm Park",
        "¿Enviar? [s/N]",
    ] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    let alert = newest(&pair);
    assert_eq!(alert["body"]["text"]["es"]["description"], "Hay agentes parando coches");
    assert_eq!(alert["body"]["text"]["en"]["description"], "Agents stop cars");
    assert!(!alert.to_string().contains("312-555"), "{alert}");
}

#[test]
fn nothing_that_is_still_to_come_is_signed_and_a_checker_whom_nobody_knows_takes_a_yes() {
    let pair = Pair::found();
    let marisol = &pair.marisol;
    let members = marisol.json(&["member", "list"]);
    let me = members.iter().find(|member| member["role"] == "coordinator").unwrap()["handle"].as_str().unwrap();
    let alert = |seen: &str, checked: &str| {
        let by = |handle: &str| format!(r#"{{"handle":"{handle}","method":"on-site","at":"{checked}"}}"#);
        let by = ["Rosa", "Ana", me].map(by).join(",");
        let text = format!(
            r#"{{"kind":"enforcement.checkpoint","place":{{"text":"5th & Main"}},"seen":{{"seen-at":"{seen}"}},
                "verification":{{"state":"verified","by":[{by}]}}}}"#
        );
        file(marisol, &text)
    };
    const PAST: &str = "2026-01-17T03:00:00Z";
    const TO_COME: &str = "2999-01-01T00:00:00Z";
    for (seen, checked, said) in [(TO_COME, PAST, "when it was seen"), (PAST, TO_COME, "when it was checked")] {
        let alert = alert(seen, checked);
        let refused = marisol.run(&["--yes", "alert", "send", "--neighborhood", HOOD, "--file", &alert]).fails(2);
        assert!(refused.stderr.contains("is still to come") && refused.stderr.contains(said), "{refused:?}");
    }
    let alert = alert(PAST, PAST);
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &alert];
    let preview = &marisol.json(&[&send[..], &["--dry-run"]].concat())[0];
    assert_eq!(preview["unknown-checkers"], json!(["Rosa"]), "Ana is no coordinator, and on the roster");
    assert_eq!(preview["unheard-checkers"], json!(["Ana"]), "who says so oneself is believed");
    let asked = marisol.run(&send).fails(2);
    for line in ["`Rosa` is said to have", "`Ana` is said to have checked it, and the desk knows of no such check"] {
        assert!(asked.stderr.contains(line), "{line}: {asked:?}");
    }
    assert_eq!(count(&pair), 0);
    marisol.run(&[&send[..], &["--yes"]].concat()).ok();
    let report = file(&pair.ana, r#"{"kind":"enforcement.raid","seen":{"seen-at":"2999-01-01T00:00:00Z"}}"#);
    let refused = pair.ana.run(&["--yes", "report", "--file", &report]).fails(2);
    assert!(refused.stderr.contains("is still to come") && refused.stderr.contains("when it was seen"), "{refused:?}");
    assert!(marisol.json(&["inbox", "list"]).is_empty(), "nothing was sent");
    // Neither is an end in the past, and it is said what an end is.
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &alert, "--expires", "-1h"];
    let refused = marisol.run(&send).fails(2);
    assert!(refused.stderr.contains("`-1h`") && refused.stderr.contains("counts from when it is sent"), "{refused:?}");
}

/// Whether these words stand in a file of somebody's.
fn is_written(home: &Home, words: &str) -> bool {
    let files = std::fs::read_dir(home.home()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
}

/// Somebody at a terminal who has given these answers, and is asked the next question.
fn answered(home: &Home, args: &[&str], answers: &[&str]) -> Terminal {
    let mut terminal = home.terminal(args);
    answers.iter().for_each(|line| terminal.answers(line));
    assert!(terminal.asks(), "{}", terminal.screen());
    terminal
}

#[test]
fn nothing_that_somebody_types_of_an_alert_is_lost_until_it_is_sent_and_no_key_pressed_before_it_is_shown_sends_it() {
    let pair = Pair::found();
    let marisol = &pair.marisol;
    let args = ["alert", "send", "--neighborhood", HOOD];
    answered(marisol, &args, &["1", "barrier", "checkpoint", "Quetzal Alley"]).kill();
    assert!(!is_written(marisol, "Quetzal"), "sealed like the rest");
    let mut next = marisol.terminal(&args);
    next.ends_with("You began an alert just now (checkpoint, Quetzal Alley). Go on with it? [Y/n] ");
    // Nobody is asked without a terminal, and what was begun is not used.
    let alone = marisol.run(&["alert", "send", "--kind", "enforcement.checkpoint"]).fails(2);
    assert!(!alone.stderr.contains("You began"), "{alone:?}");
    for line in ["", "< /no/such/file", "Agents stop cars"] {
        next.answers(line);
    }
    assert!(next.asks() && next.screen().contains("/no/such/file"), "{}", next.screen());
    next.interrupts();
    answered(marisol, &args, &["", "2", "2", ""]).closes();
    // Something else begins beside it.
    let other = file(marisol, r#"{"kind":"community.fire","place":{"text":"Mill Lane"}}"#);
    let mut beside = marisol.terminal(&[&args[..], &["--file", &other]].concat());
    assert!(
        beside.asks() && beside.screen().contains("It stays, and this one begins beside it"),
        "{}",
        beside.screen()
    );
    beside.kill();
    // A yes that was typed before the alert was on the screen, and an Enter below it.
    let mut early = answered(marisol, &args, &[""]);
    early.presses("1\ny\n");
    early.ends_with("Send? [y/N] ");
    early.answers("");
    let left = early.ends().fails(2);
    assert!(left.stdout.contains("To go on:  watchfire alert send"), "{left:?}");
    assert_eq!(count(&pair), 0);
    marisol.types(&args, "\ny\n").ok();
    let sent = newest(&pair);
    let body = &sent["body"];
    assert_eq!((&body["kind"], &body["place"]["text"]), (&json!("enforcement.checkpoint"), &json!("Quetzal Alley")));
    assert_eq!(
        (&body["text"]["en"]["description"], &body["needs"]),
        (&json!("Agents stop cars"), &json!(["verifier:2"]))
    );
    let fresh = answered(marisol, &args, &[]);
    assert!(!fresh.screen().contains("You began"), "{}", fresh.screen());
    fresh.kill();
}

#[test]
fn an_editor_that_fails_costs_nothing_that_was_typed() {
    let pair = Pair::found();
    let args = [&KIND[..], &["--need", "observer:4"]].concat();
    let script = pair.marisol.path("editor");
    std::fs::write(&script, "#!/bin/sh\necho 'Agents stop cars' > \"$1\"\nexit 3\n").unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    for (editor, before, said, after) in [
        ("/no/such/editor", &["Mill Lane", "."][..], "the editor cannot run: `/no/such/editor`", None),
        ("false", &["", "."], "The editor `false` failed with exit code 1.", None),
        (script.to_str().unwrap(), &["", "."], "This is what it left. Use it?", Some(["y", "1", "y"])),
    ] {
        let mut terminal = pair.marisol.terminal_with(&args, &[("EDITOR", editor)]);
        before.iter().for_each(|line| terminal.answers(line));
        assert!(terminal.asks() && terminal.screen().contains(said), "{said}: {}", terminal.screen());
        match after {
            None => drop(terminal.interrupts()),
            Some(after) => {
                after.iter().for_each(|line| terminal.answers(line));
                terminal.ends().ok();
            }
        }
    }
    let body = &newest(&pair)["body"];
    assert_eq!(body["place"]["text"], "Mill Lane");
    assert_eq!(body["text"]["en"]["description"], "Agents stop cars");
}

#[test]
fn what_nobody_has_checked_is_said_to_be_so_by_whoever_is_asked_and_by_what_is_sent_without_asking() {
    let pair = Pair::found();
    let args = [&KIND[..], &["--need", "observer:4", "--expires", "2h"]].concat();
    let screen = sends(&pair, &args, &["5th & Main", "Agents stop cars", "", "7", "n", "7", "y", "y"]);
    for line in ["nobody has checked it yet", "That cannot be skipped", "lasts 30 minutes", "SIGNED (is it true?"] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    let call = newest(&pair);
    assert_eq!(
        (&call["body"]["verification"]["state"], &call["body"]["ask"]),
        (&json!("unverified"), &json!("verify"))
    );
    // A file that says nothing of it goes out, and its author is told what that means.
    let unsaid = file(&pair.marisol, r#"{"kind":"enforcement.raid","place":{"text":"Mill Lane"}}"#);
    let sent = pair.marisol.run(&["--yes", "alert", "send", "--neighborhood", HOOD, "--file", &unsaid]).ok();
    assert!(sent.stderr.contains("everybody who reads it is told so"), "{sent:?}");
    // A program is told as well: before, and with what became of it.
    let send = ["--yes", "alert", "send", "--neighborhood", HOOD, "--file", &unsaid];
    for args in [&send[..], &[&send[..], &["--dry-run"]].concat()] {
        assert_eq!(pair.marisol.json(args)[0]["warnings"], json!(["check-unsaid"]), "{args:?}");
    }
    // So it is with what tells of a sighting under another kind: at once, and where a notice tells of one later.
    let come = r#"{"kind":"network.call-to-action","ask":"observe","needs":["observer:2"],"place":{"text":"Bay Road"}"#;
    let told = format!(r#"{come},"seen":{{"still-there":true}}}}"#);
    let send = |args: &[&str]| pair.marisol.json(&[&["--yes", "alert"], args].concat()).remove(0);
    let seen = file(&pair.marisol, &told);
    let sent = send(&["send", "--neighborhood", HOOD, "--file", &seen, "--dry-run"]);
    assert_eq!(sent["warnings"], json!(["check-unsaid"]), "{sent}");
    let plain = file(&pair.marisol, &format!("{come}}}"));
    let plain = send(&["send", "--neighborhood", HOOD, "--file", &plain]);
    assert_eq!(plain["warnings"], json!([]), "{plain}");
    let seen = file(&pair.marisol, &told);
    let told = send(&["update", plain["id"].as_str().unwrap(), "--file", &seen, "--dry-run"]);
    assert_eq!(told["warnings"], json!(["check-unsaid"]), "{told}");
    let by = file(
        &pair.marisol,
        r#"{"kind":"enforcement.raid","place":{"text":"Oak Street"},
        "verification":{"state":"verified","by":[{"handle":"Nobody","method":"on-site","at":"2026-01-17T03:00:00Z"}]}}"#,
    );
    let stranger = pair.marisol.json(&["alert", "send", "--neighborhood", HOOD, "--file", &by, "--dry-run"]);
    assert_eq!(stranger[0]["warnings"], json!(["unknown-checkers"]), "{stranger:?}");
    pair.ana.run(&["sync"]).ok();
    // Both may be of one second: it is told apart by its place.
    let alerts = pair.ana.json(&["alerts"]);
    let unsaid = alerts.iter().find(|alert| alert["body"]["place"]["text"] == "Mill Lane").unwrap();
    assert_eq!(unsaid["body"]["verification"], json!({"state": "verified", "by": []}), "no check that nobody stated");
    let id = unsaid["id"].as_str().unwrap().to_owned();
    let (shown, mostrada) = (pair.ana.run(&["show", &id]).ok(), pair.ana.run(&["--lang", "es", "show", &id]).ok());
    assert!(shown.stdout.contains(", who does not say how it was checked."), "{shown:?}");
    assert!(mostrada.stdout.contains("que no dice cómo se comprobó"), "{mostrada:?}");
    // A drill is practice: there is nothing to check.
    let drill =
        pair.marisol.types(&["alert", "send", "--neighborhood", HOOD, "--kind", "network.drill"], "\nA drill\n\ny\n");
    assert!(!drill.ok().stdout.contains("How was it checked?"));
}

#[test]
fn a_report_is_shown_before_it_goes_changed_by_number_and_kept_until_it_is_sent() {
    let pair = Pair::found();
    let args = ["report", "--kind", "enforcement.checkpoint"];
    answered(&pair.ana, &args, &["4", "2", "6", "Quetzal Alley"]).kill();
    assert!(!is_written(&pair.ana, "Quetzal"));
    // Goes on with it: everything else is left out; then the place is put right, and the markings are added.
    let mut typed = vec![""; 16];
    typed.extend(["e", "3, 6", "Mill Lane", "POLICE", "", "", "y"]);
    let screen = pair.ana.at_a_terminal(&args, &format!("{}\n", typed.join("\n")));
    for line in [
        "You began a report just now (checkpoint, Quetzal Alley). Go on with it? [Y/n]",
        "Place: Quetzal Alley.",
        "Type e to add or change something.",
        "Place: Mill Lane.",
        "Strength: ",
        "Goes to the coordinators of Elm Park and to nobody else. Send? [y/N]",
    ] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    let report = &pair.marisol.json(&["inbox", "list"])[0];
    let shown = &pair.marisol.json(&["inbox", "show", report["id"].as_str().unwrap()])[0];
    assert!(shown.to_string().contains("Mill Lane") && shown.to_string().contains("POLICE"), "{shown}");
    // Asked again in words, never by the names of fields.
    let id = report["id"].as_str().unwrap();
    let verified = pair.marisol.types(&["inbox", "verify", id], "\n\n\n").fails(2);
    assert!(
        verified.stdout.contains("This cannot be skipped") && !verified.stdout.contains("--outcome"),
        "{verified:?}"
    );
    // A misspelled kind is said at once.
    for args in [
        ["report", "--kind", "enforcement.chekpoint"].as_slice(),
        &["alert", "send", "--kind", "enforcement.chekpoint"],
    ] {
        let refused = pair.marisol.types(args, "").fails(2);
        assert!(refused.stdout.contains("enforcement.checkpoint") && !refused.stdout.contains('?'), "{refused:?}");
    }
}

/// Signs the newest alert of a vault anew with other words, and appends it as a program of another version does.
async fn says(pair: &Pair, change: impl FnOnce(&mut AlertBody)) {
    let client = pair.marisol.client();
    let before = client.alerts(Filter::default()).unwrap().pop().unwrap();
    let (charters, vault) = (client.charters().unwrap(), pair.marisol.vault());
    let (state, epoch) = keys(&vault, before.hood);
    let key = vault.transact(|tx| Profile::load(tx)?.device_key(&charters.rights(), before.hood, "")).unwrap();
    let mut body: AlertBody = wire::decode_body(&before.shown.signed().body).unwrap();
    (body.random, body.sent) = ([7; 16], now());
    change(&mut body);
    let item = AlertsItem::Alert(SignedAlert::sign(&body, &state.place(), &key)).to_bytes();
    let mut relay = Connection::open(
        &Route::straight().unwrap(),
        &pair.relay.url,
        Some(&pair.relay.key.parse().unwrap()),
        Errand::Alerts,
        None,
    )
    .await
    .unwrap();
    let role = epoch.keys(state.place()).coordinator.unwrap().role_key();
    relay.prove(state.place(), epoch.epoch, Prover::Coordinator, &role).await.unwrap();
    relay.call(Request::Append { record: wrap(&vault, before.hood, now(), &item) }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_of_a_newer_program_are_shown_as_text_and_kept_out_of_what_this_one_signs() {
    let pair = Pair::found();
    let first = pair.sends(&example("checkpoint.json"));
    says(&pair, |body| {
        body.content.kind = Code::constant("enforcement.drone");
        body.content.ask = Some(Code::constant("look-up"));
        body.content.text.truncate(1);
        body.content.text[0].language = "zz".parse().unwrap();
        body.content.text[0].headline = "Drones overhead".to_owned();
    })
    .await;
    let shown = pair.ana.run(&["--lang", "es", "watch", "--count", "2", "--timeout", "20s"]).ok();
    assert!(shown.stdout.contains("enforcement.drone") && shown.stdout.contains("look-up"), "{shown:?}");
    assert!(shown.stdout.contains("Drones overhead"), "no language, and read all the same: {shown:?}");
    let alerts = pair.ana.json(&["alerts"]);
    let newer = alerts.iter().find(|alert| alert["id"] != first.as_str()).unwrap();
    assert_eq!((&newer["kind"], &newer["body"]["ask"]), (&json!("enforcement.drone"), &json!("look-up")));
    let id = newer["id"].as_str().unwrap();
    pair.ana.json(&["answer", id, "going"]);
    pair.marisol.run(&["sync"]).ok();
    let refused = pair.marisol.run(&["--yes", "alert", "update", id, "--need", "driver:1"]).fails(2);
    assert!(refused.stderr.contains("`enforcement.drone` is not a known kind"), "{refused:?}");
    pair.marisol.run(&["--yes", "alert", "update", id, "--kind", "enforcement.raid", "--ask", "observe"]).ok();
}

#[test]
fn where_exactly_is_added_by_an_update_and_leaves_what_everybody_knows() {
    let pair = Pair::found();
    let id = pair.sends(&example("checkpoint.json"));
    pair.ana.run(&["sync"]).ok();
    pair.ana.json(&["answer", &id, "going"]);
    let place = newest(&pair)["body"]["place"].clone();
    let exact = file(&pair.marisol, r#"{"place":{"exact":{"text":"the yard, ring 312-555-0123"}}}"#);
    let asked = pair.marisol.run(&["alert", "update", &id, "--file", &exact]).fails(2);
    assert!(asked.stderr.contains("`312-555-0123` looks like a phone number (the exact place)"), "{asked:?}");
    // The same by a person: nothing has changed but that; what looks like a number is typed anew.
    let typed = ["", "", "8", "the yard, ring 312-555-0123", "", "", "e", "the yard behind number 1204", "", "y"];
    let screen = sends(&pair, &["alert", "update", &id], &typed);
    assert!(screen.contains("only those who answer that they come are told"), "{screen}");
    pair.marisol.run(&["desk", "--once"]).ok();
    let told = newest(&pair);
    assert_eq!(told["body"]["place"]["exact"]["text"], "the yard behind number 1204");
    assert_eq!(told["body"]["place"]["text"], place["text"]);

    // What was written of another kind of thing is asked for anew.
    let update = ["alert", "update", &id, "--kind", "enforcement.raid"];
    let screen = sends(&pair, &update, &["They went into the bakery", "y"]);
    assert!(screen.contains("The first line was written for checkpoint: “"), "{screen}");
    let told = newest(&pair);
    assert_eq!(told["body"]["text"]["en"]["headline"], "They went into the bakery");
    assert_eq!(told["body"]["kind"], "enforcement.raid");
}

#[test]
fn a_whole_questionnaire_that_is_typed_comes_out_of_the_desk_and_the_csv_as_it_was_said() {
    let pair = Pair::found();
    let typed = [
        "checkpoint",
        "4 or more people",
        "two",
        "stopping cars",
        "5th & Main",
        "41.85, -87.65",
        "",
        "street",
        "vests reading POLICE ICE, badge on a chain",
        "1, local police",
        "escort",
        "2026-01-17T03:00:00Z",
        "y",
        "a ram",
        "showed no document",
        "1",
        "n",
        "n",
        "Spanish",
        "they came in two vans",
        "own-eyes",
        "y",
    ];
    let screen = pair.ana.at_a_terminal(&["report"], &format!("{}\n", typed.join("\n")));
    for understood in ["Understood: 4 or more", "Understood: 2", "Strength: strong."] {
        assert!(screen.contains(understood), "{understood}: {screen}");
    }
    let report = pair.marisol.json(&["inbox", "list"])[0]["id"].as_str().unwrap().to_owned();
    let wanted = json!({
        "kind": "enforcement.checkpoint",
        "place": {"type": "street", "text": "5th & Main", "lat": 41.85, "lon": -87.65, "precision-m": 100},
        "seen": {
            "size": {"people": {"min": 4}, "vehicles": {"min": 2, "max": 2}}, "activity": ["stopping-vehicles"],
            "unit": "vests reading POLICE ICE, badge on a chain", "agencies": ["ice-ero", "local-police"],
            "police-role": "escort", "equipment": "a ram", "conduct": ["no-document-shown"],
            "seen-at": "2026-01-17T03:00:00Z", "still-there": true,
        },
        "people": {"detained": 1, "children": false, "medical": false, "languages": ["es"]},
        "source": "own-eyes",
        "comments": "they came in two vans",
    });
    assert_eq!(pair.marisol.json(&["inbox", "show", &report])[0]["body"], wanted);
    pair.marisol.run(&["inbox", "dismiss", &report, "--reason", "over"]).ok();
    let out = pair.marisol.path("night.csv");
    pair.marisol.run(&["alert", "export", "--format", "csv", "--out", out.to_str().unwrap()]).ok();
    let mut reader = csv::Reader::from_path(out).unwrap();
    let names = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    for (name, value) in [
        ("kind", "enforcement.checkpoint"),
        ("seen-at", "2026-01-17T03:00:00Z"),
        ("place-type", "street"),
        ("place", "5th & Main"),
        ("lat", "41.85"),
        ("lon", "-87.65"),
        ("people-min", "4"),
        ("people-max", ""),
        ("vehicles-min", "2"),
        ("vehicles-max", "2"),
        ("activity", "stopping-vehicles"),
        ("unit", "vests reading POLICE ICE, badge on a chain"),
        ("agencies", "ice-ero local-police"),
        ("police-role", "escort"),
        ("equipment", "a ram"),
        ("conduct", "no-document-shown"),
        ("still-there", "yes"),
        ("detained", "1"),
        ("children", "no"),
        ("medical", "no"),
        ("languages", "es"),
        ("source", "own-eyes"),
        ("comments", "they came in two vans"),
    ] {
        let cell = names.iter().position(|column| column == name).and_then(|at| row.get(at));
        assert_eq!(cell.map(|cell| cell.trim_end_matches('0')), Some(value.trim_end_matches('0')), "{name}");
    }
}

#[test]
fn of_a_home_that_was_reported_everybody_is_told_no_more_than_they_may_know() {
    let pair = Pair::found();
    let report = file(
        &pair.ana,
        r#"{"kind":"enforcement.home","place":{"type":"home","text":"1204 Elm Street"},"seen":{"unit":"POLICE"}}"#,
    );
    let report = pair.ana.json(&["report", "--file", &report])[0]["id"].as_str().unwrap().to_owned();
    pair.marisol.run(&["inbox", "verify", &report, "--outcome", "verified", "--by", "call-back"]).ok();
    let send = ["alert", "send", "--from", &report];
    let told = pair.marisol.run(&[&send[..], &["--dry-run"]].concat()).ok();
    assert!(told.stderr.contains("Better name a street or a crossing near it."), "{told:?}");
    let screen = sends(&pair, &send, &["Elm & 12th", "", "", "y"]);
    assert!(screen.contains("Where, for everybody?"), "{screen}");
    let alert = newest(&pair);
    assert_eq!(alert["body"]["place"]["text"], "Elm & 12th");
    assert!(!alert.to_string().contains("1204"), "{alert}");
}

#[test]
fn the_address_of_a_home_is_for_those_who_come_and_no_yes_of_a_script_tells_everybody() {
    let pair = Pair::found();
    let home = file(
        &pair.marisol,
        r#"{"kind":"enforcement.home","place":{"type":"home","text":"1204 Elm Street","lat":41.850417,"lon":-87.650042,
            "precision-m":25},"text":{"en":{"headline":"Agents\nat a door"}}}"#,
    );
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &home];
    let asked = pair.marisol.run(&send).fails(2);
    for line in ["Kept for those who come", "Exactly: 1204 Elm Street", "nothing was done"] {
        assert!(asked.stderr.contains(line), "{line}: {asked:?}");
    }
    let preview = &pair.marisol.json(&[&send[..], &["--dry-run"]].concat())[0];
    assert_eq!((&preview["identifying"], &preview["exact"]["text"]), (&json!([]), &json!("1204 Elm Street")));
    // A person keeps it with Enter, and says roughly where.
    let screen = sends(&pair, &send, &["", "Elm & 12th", "1", "y"]);
    for line in ["no point finer than 1 km", "1204 Elm Street", "only those who answer that they come are told"] {
        assert!(screen.contains(line), "{line}: {screen}");
    }
    let alert = newest(&pair);
    assert_eq!(alert["body"]["place"]["text"], "Elm & 12th");
    assert_eq!(alert["body"]["text"]["en"]["headline"], "Agents at a door", "a headline is one line");
    assert!(alert["body"]["place"]["precision-m"].as_u64().unwrap() >= 1000, "{alert}");
    assert!(!alert.to_string().contains("1204") && !alert.to_string().contains("41.850417"), "{alert}");
    // An update by a file keeps it too, whatever is said yes to; one whose texts tell of it goes nowhere.
    let id = alert["id"].as_str().unwrap().to_owned();
    let update = ["--yes", "alert", "update", &id, "--file", &home];
    let kept = pair.marisol.run(&update).ok();
    assert!(kept.stderr.contains("Kept for those who come"), "{kept:?}");
    file(&pair.marisol, r#"{"text":{"en":{"description":"They are at 1204 Elm Street"}}}"#);
    let refused = pair.marisol.run(&update).fails(2);
    assert!(refused.stderr.contains("1204 Elm Street") && refused.stderr.contains("`--yes` does not"), "{refused:?}");
    let alert = newest(&pair);
    assert_eq!(alert["thread"]["updates"], 1);
    assert!(!alert["body"].to_string().contains("1204"), "{alert}");
}

#[test]
fn an_update_by_prompts_asks_what_has_changed_and_where_it_is_now() {
    let pair = Pair::found();
    let id = pair.sends(&example("checkpoint.json"));
    let screen = sends(&pair, &["alert", "update", &id], &["", "Mill Lane", "2", "y"]);
    assert!(screen.contains("Has it moved? Where is it now?"), "{screen}");
    let place = newest(&pair)["body"]["place"].clone();
    assert_eq!(
        (&place["text"], &place["lat"]),
        (&json!("Mill Lane"), &Value::Null),
        "its point was of the place before"
    );
}

#[test]
fn two_terminals_at_once_keep_what_is_typed_in_each_and_so_do_updates_and_stand_downs() {
    let pair = Pair::found();
    let marisol = &pair.marisol;
    let id = pair.sends(&example("checkpoint.json"));
    let send = ["alert", "send", "--neighborhood", HOOD];
    let one = answered(marisol, &send, &["1", "checkpoint", "Quetzal Alley"]);
    let mut other = marisol.terminal(&send);
    assert!(
        other.asks() && other.screen().contains("in another terminal (checkpoint, Quetzal Alley)"),
        "{}",
        other.screen()
    );
    ["1", "raid", "Mill Lane"].iter().for_each(|line| other.answers(line));
    assert!(other.asks());
    one.kill();
    other.kill();
    // One is offered, and the other one once that is gone: of one second, either first.
    let mut offered: Vec<bool> = Vec::new();
    for _ in 0..2 {
        let mut next = marisol.terminal(&send);
        assert!(next.asks() && next.screen().ends_with("Go on with it? [Y/n] "), "{}", next.screen());
        let mill = next.screen().contains("(raid, Mill Lane)");
        assert!(mill || next.screen().contains("(checkpoint, Quetzal Alley)"), "{}", next.screen());
        offered.push(mill);
        next.answers("n");
        assert!(next.asks());
        next.kill();
    }
    assert_ne!(offered[0], offered[1], "both were there");
    // An update, and how it ended, each by itself.
    let (update, cancel) = (["alert", "update", &id], ["alert", "cancel", &id]);
    answered(marisol, &update, &["They left the corner"]).kill();
    answered(marisol, &cancel, &["2"]).kill();
    let mut again = marisol.terminal(&update);
    assert!(again.asks() && again.screen().contains("You began an update just now"), "{}", again.screen());
    ["", "y"].iter().for_each(|line| again.answers(line));
    again.ends().ok();
    assert_eq!(newest(&pair)["body"]["text"]["en"]["description"], "They left the corner");
    let mut fresh = answered(marisol, &cancel, &[]);
    assert!(!fresh.screen().contains("You began"), "that was about what is not so any more: {}", fresh.screen());
    // What no code says is asked for in words.
    fresh.answers("8");
    assert!(fresh.asks() && fresh.screen().contains("what happened?"), "{}", fresh.screen());
    ["They were from the gas company", "y"].iter().for_each(|line| fresh.answers(line));
    fresh.ends().ok();
    let over = marisol.json(&["show", &id]).remove(0);
    assert_eq!(over["body"]["text"]["en"]["headline"], "They were from the gas company", "{over}");
}
