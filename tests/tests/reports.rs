//! A night's reports by the commands that people type, in processes of their own: from what somebody saw to an alert, or
//! to a rumor that is told to be one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use watchfire_tests::process::{Home, Network, Ran, finish};

/// Every field of the questionnaires: kind, day and time, place, agencies, their part, comments; and of a sighting:
/// number of agents, uniforms, vehicles, badges.
const WHOLE: &str = r#"{"kind":"enforcement.checkpoint",
    "place":{"type":"street","text":"5th & Main","lat":41.85,"lon":-87.65,"precision-m":100},
    "seen":{"size":{"people":{"min":4},"vehicles":{"min":2,"max":2}},"activity":["stopping-vehicles"],
            "unit":"vests reading POLICE ICE, badge 4021","agencies":["ice-ero","local-police"],"police-role":"escort",
            "equipment":"a ram","conduct":["no-document-shown"],"seen-at":"2026-01-17T20:00:00Z","still-there":true},
    "people":{"detained":1,"children":false,"medical":false,"languages":["es"]},
    "source":"own-eyes","comments":"my cousin called me first"}"#;

const CALLED_IN: &str = r#"{"kind":"enforcement.checkpoint","place":{"text":"Main Street"},
    "seen":{"unit":"ICE"},"caller":"Rosa, 312-555-0123"}"#;

fn report(home: &Home, text: &str, more: &[&str]) -> String {
    let args = [&["--json", "report", "--file", "-"], more].concat();
    let sent = home.run_with(&args, text).ok().json();
    assert_eq!(
        (sent[0]["schema"].as_str(), sent[0]["state"].as_str()),
        (Some("watchfire.report-sent/1"), Some("accepted"))
    );
    sent[0]["id"].as_str().unwrap().to_owned()
}

/// What a coordinator sees of a report.
fn show(home: &Home, id: &str) -> Value {
    let shown = home.json(&["inbox", "show", id]);
    assert_eq!(shown[0]["schema"], "watchfire.report/1");
    shown[0].clone()
}

fn error(home: &Home, args: &[&str], code: i32) -> Value {
    let ran = home.run(&[&["--json"], args].concat()).fails(code);
    assert_eq!(ran.stdout, "");
    serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap()
}

fn labels(home: &Home) -> Vec<Value> {
    home.run(&["sync"]).ok();
    home.json(&["alerts"])
}

#[test]
fn what_a_responder_saw_is_checked_by_two_coordinators_and_becomes_an_alert() {
    // Marisol, who is called `admin`, and Kai keep the desk.
    let network = Network::found();
    let (marisol, kai, [ana, ben, _]) = (&network.marisol, &network.kai, &network.responders);

    let id = report(ana, WHOLE, &[]);
    for coordinator in [marisol, kai] {
        let listed = coordinator.json(&["inbox", "list"]);
        assert_eq!(listed.len(), 1);
        let seen = &listed[0];
        assert_eq!((seen["status"].as_str(), seen["state"].as_str()), (Some("open"), Some("unverified")), "{seen}");
        assert_eq!((seen["by"].as_str(), seen["strength"].as_str()), (Some("Ana"), Some("strong")));
        // Every field comes out as it went in.
        assert_eq!(seen["body"], serde_json::from_str::<Value>(WHOLE).unwrap());
    }
    // Responders have no desk.
    assert_eq!(error(ben, &["inbox", "list"], 4)["code"], "not-granted");

    // One has it, with who and since when, and another takes it over when they say so.
    let claimed = marisol.json(&["inbox", "claim", &id[..4]]);
    assert_eq!(
        (claimed[0]["claimed"]["by"].as_str(), claimed[0]["delivery"].as_str()),
        (Some("admin"), Some("accepted"))
    );
    let refused = error(kai, &["inbox", "claim", &id], 2);
    assert_eq!(refused["code"], "claimed");
    assert!(refused["message"].as_str().unwrap().contains("admin"));
    assert!(kai.run(&["inbox", "list"]).ok().stdout.contains("claimed by admin"));
    assert_eq!(error(kai, &["inbox", "debunk", &id], 2)["code"], "claimed", "nothing was done");
    let typo = error(kai, &["inbox", "verify", &id, "--outcome", "verfied", "--by", "on-site"], 2);
    assert!(
        typo["message"].as_str().unwrap().contains("did you mean `verified`") && typo["hint"].is_string(),
        "{typo}"
    );
    kai.run(&["--yes", "inbox", "claim", &id]).ok();
    assert_eq!(show(marisol, &id)["claimed"]["by"], "Kai");
    assert_eq!(error(marisol, &["inbox", "release", &id], 4)["code"], "desk");

    // Somebody called as well. Two sources are one more than one.
    let called = report(marisol, CALLED_IN, &["--source", "hotline-call"]);
    let two = ["inbox", "verify", &id, "--outcome", "corroborated", "--by", "two-reports", "--certainty", "likely"];
    error(kai, &two, 4);
    kai.run(&["inbox", "merge", &called, &id]).ok();

    // What a later check overturned stays in sight at the desk, and in no alert.
    let checked = ["inbox", "verify", &id, "--outcome", "Verificado", "--by", "en persona", "--certainty", "observado"];
    // Of what was seen months ago it is pointed out that it may not be so any more.
    let done = kai.run(&[&["--lang", "es"], &checked[..]].concat()).ok();
    assert!(done.stderr.contains("puede haber terminado"), "{done:?}");
    let found = marisol.run(&["inbox", "verify", &id, "--outcome", "false-alarm", "--by", "call-back"]).ok();
    assert!(found.stderr.contains(&format!("Next: watchfire inbox debunk {}", &id[..4])), "{found:?}");

    let checked = kai.json(&two);
    assert_eq!(
        (checked[0]["state"].as_str(), checked[0]["merged"].as_array().unwrap().len()),
        (Some("corroborated"), 1)
    );
    kai.run_with(&["inbox", "note", &id, "--file", "-"], "call Rosa again at nine").ok();
    let both = marisol.run(&["inbox", "show", &id]).ok().stdout;
    for wanted in
        ["corroborated", "Rosa, 312-555-0123", "my cousin called me first", "call Rosa again at nine", "a ram"]
    {
        assert!(both.contains(wanted), "{wanted}: {both}");
    }

    assert_eq!(both.matches("OVERTURNED").count(), 2, "{both}");
    let doubted = marisol.run(&["alert", "send", "--from", &id, "--need", "observer:4", "--dry-run"]).ok();
    assert!(
        doubted.stderr.contains("warning: admin found at ") && doubted.stderr.contains(": false alarm."),
        "{doubted:?}"
    );

    // The alert says what was seen and who checked it, and nothing of caller, comments and notes.
    let sent = marisol.json(&["--lang", "es", "alert", "send", "--from", &id, "--need", "observadoras:4", "--yes"]);
    assert_eq!(sent[0]["state"], "accepted");
    let alert = &labels(ben)[0];
    assert_eq!((&alert["id"], alert["label"].as_str()), (&sent[0]["id"], Some("verified")), "{alert}");
    let body = &alert["body"];
    assert_eq!((body["place"]["text"].as_str(), body["certainty"].as_str()), (Some("5th & Main"), Some("likely")));
    assert_eq!(body["needs"], json!(["observer:4"]), "typed in the words of its author");
    let by = &body["verification"]["by"];
    assert_eq!((by[0]["handle"].as_str(), by[0]["method"].as_str()), (Some("Kai"), Some("two-reports")), "{by}");
    assert_eq!(by.as_array().unwrap().len(), 1, "{by}");
    for secret in ["Rosa", "312-555-0123", "cousin", "at nine", "comments", "caller"] {
        assert!(!alert.to_string().contains(secret), "{secret}: {alert}");
    }
    let seen = show(kai, &id);
    assert_eq!((&seen["alerts"], &seen["made"][0]["fate"]), (&json!([sent[0]["id"]]), &json!("open")));

    // A second one of the same report goes out by nobody's `--yes`, and neither does the desk propose it.
    let short = &sent[0]["id"].as_str().unwrap()[..4];
    let again = error(kai, &["alert", "send", "--from", &id, "--yes"], 2);
    let (message, hint) = (again["message"].as_str().unwrap(), again["hint"].as_str().unwrap());
    assert!(message.contains(&format!("admin made alert {short} of report")), "{again}");
    assert!(hint.contains(&format!("watchfire alert update {short}")), "{again}");
    let preview = kai.run(&["alert", "send", "--from", &id, "--dry-run"]).ok();
    assert!(preview.stderr.contains(message), "{preview:?}");
    // Whoever sits there is asked of its own, also with `--yes`.
    let declined = kai.types(&["--yes", "alert", "send", "--from", &id], "n\n");
    assert_ne!(declined.code, 0, "{declined:?}");
    assert!(declined.stdout.contains(message) && declined.stdout.contains("Send another alert of it all the same?"));
    let next = kai.run(&["inbox", "show", &id]).ok().stderr;
    assert!(next.contains(&format!("alert update {short}")) && !next.contains("alert send"), "{next}");
    assert_eq!(labels(ben).len(), 1);

    // It was not true after all: what to do next is said, and it is the alert that is to be corrected.
    let debunked = kai.run(&["inbox", "debunk", &id]).ok();
    let next = format!("watchfire alert correct {}", &sent[0]["id"].as_str().unwrap()[..4]);
    assert!(debunked.stderr.contains(&next), "{debunked:?}");
    assert!(marisol.json(&["inbox", "list"]).is_empty());
    assert_eq!(marisol.json(&["inbox", "list", "--all"]).len(), 2);
    let listed = marisol.run(&["inbox", "list", "--all"]).ok().stdout;
    let line = listed.lines().find(|line| line.starts_with(&id[..4])).unwrap();
    assert!(line.contains("debunked") && !line.contains("corroborated"), "{line}");
    assert_eq!(show(marisol, &id)["closed"]["how"], "debunked");
    // Every coordinator is told at every command that it is still out; and more of it is neither said nor signed.
    let wanted = format!("NOT TRUE? Kai checked report {} in", &id[..4]);
    for told in [marisol.run(&["alerts"]).ok().stderr, marisol.run(&["status"]).ok().stdout] {
        assert!(told.contains(&wanted) && told.contains(&next), "{told}");
    }
    let alarm = marisol.run(&["--json", "alerts"]).ok().stderr;
    let alarm: Value = serde_json::from_str(alarm.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&alarm["alarm"], &alarm["outcome"], &alarm["alert"]),
        (&json!("untrue"), &json!("false-alarm"), &sent[0]["id"])
    );
    for more in [&["alert", "update", short, "--need", "observer:9", "--yes"][..], &["alert", "enough", short, "--yes"]]
    {
        assert_eq!(error(marisol, more, 4)["code"], "untrue");
    }
    let refused = error(kai, &["alert", "sign", short, "--yes"], 4);
    assert_eq!(refused["code"], "untrue");
    assert!(refused["hint"].as_str().unwrap().contains(&format!("alert cancel {short}")), "{refused}");
    // Opened again it is no truer, until it is checked anew.
    kai.run(&["--yes", "inbox", "claim", &id]).ok();
    assert_eq!(error(kai, &["alert", "sign", short, "--yes"], 4)["code"], "untrue");
    kai.run(&["inbox", "verify", &id, "--outcome", "verified", "--by", "on-site"]).ok();
    assert!(!kai.run(&["status"]).ok().stdout.contains("NOT TRUE?"));
    kai.run(&["inbox", "verify", &id, "--outcome", "not-found", "--by", "photo"]).ok();
    kai.run(&["alert", "cancel", short, "--outcome", "not-enforcement", "--dry-run"]).ok();
    let truth = r#"{"text":{"en":{"headline":"Not ICE: a film crew"}}}"#;
    kai.run_with(&["alert", "correct", short, "--file", "-", "--yes"], truth).ok();
    marisol.run(&["sync"]).ok();
    let corrected = marisol.run(&["inbox", "show", &id]).ok();
    assert!(corrected.stdout.contains("NOT TRUE: taken back by Kai"), "{corrected:?}");
    assert!(!corrected.stderr.contains("alert correct"), "it was corrected: {corrected:?}");
    assert!(!corrected.stderr.contains("NOT TRUE?"), "{corrected:?}");
    let listed = marisol.run(&["inbox", "list"]).ok().stdout;
    let line = listed.lines().find(|line| line.starts_with(&id[..4])).unwrap();
    assert!(line.contains("  NOT TRUE  "), "{line}");

    // What was seen after that does not disappear in what was found false, and a merge can be undone.
    let late = report(ben, WHOLE, &[]);
    let refused = error(marisol, &["--yes", "inbox", "merge", &late, &id], 4);
    assert!(refused["message"].as_str().unwrap().contains("disappears with it"), "{refused}");
    marisol.run(&["--yes", "inbox", "merge", &id, &late]).ok();
    let listed = marisol.run(&["inbox", "list"]).ok().stdout;
    assert!(listed.contains(&late[..4]) && !listed.contains("not found"), "nobody checked it: {listed}");
    assert!(!listed.contains("NOT TRUE"), "{listed}");
    let merged = error(marisol, &["inbox", "claim", &id], 4);
    assert!(merged["hint"].as_str().unwrap().contains(&format!("inbox split {}", &id[..4])), "{merged}");
    marisol.run(&["inbox", "split", &id]).ok();
    let (alone, again) = (show(kai, &late), show(kai, &id));
    assert_eq!((&alone["merged"], &alone["checks"], &alone["status"]), (&json!([]), &json!([]), &json!("open")));
    assert_eq!((&again["merged"], &again["state"]), (&json!([called]), &json!("not-found")));
    assert_eq!(error(kai, &["inbox", "split", &id], 4)["code"], "desk");
    // What lies far away is put together only by somebody who means it.
    let away = WHOLE.replace("41.85", "41.86");
    let away = report(ana, &away, &[]);
    let refused = error(kai, &["inbox", "merge", &away, &late], 2);
    assert!(refused["message"].as_str().unwrap().contains("1112 m apart"), "{refused}");

    // What comes from the report that was merged is named; its coordinates are not those of the other's street.
    let thin = report(marisol, CALLED_IN, &["--source", "hotline-call"]);
    kai.run(&["inbox", "merge", &late, &thin]).ok();
    kai.run(&["inbox", "verify", &thin, "--outcome", "verified", "--by", "on-site"]).ok();
    let preview = &kai.json(&["alert", "send", "--from", &thin, "--dry-run"])[0];
    let (from, place) = (&preview["from-merged"][0], &preview["body"]["place"]);
    assert_eq!((&from["report"], &from["by"]), (&json!(late), &json!("Ben")), "{preview}");
    assert!(from["fields"].to_string().contains("seen.equipment") && !from["fields"].to_string().contains("place"));
    assert_eq!((&place["text"], &place["lat"]), (&json!("Main Street"), &Value::Null), "{preview}");
    let told = kai.run(&["alert", "send", "--from", &thin, "--dry-run"]).ok().stderr;
    assert!(told.contains(&format!("From report {} by Ben: ", &late[..4])), "{told}");
}

#[test]
fn nothing_unverified_reaches_responders_but_a_call_to_verify() {
    let network = Network::found();
    let (marisol, kai, [ana, ben, _]) = (&network.marisol, &network.kai, &network.responders);
    // Of what says nothing but its kind, nobody could check anything: it is not sent.
    for nothing in ["{}", r#"{"seen":{},"comments":" "}"#] {
        let ran =
            ana.run_with(&["report", "--kind", "enforcement.raid", "--source", "relayed", "--file", "-"], nothing);
        let ran = ran.fails(2);
        assert!(ran.stderr.contains("say at least where it is (`place`)"), "{ran:?}");
    }
    assert_eq!(error(ana, &["report", "--kind", "enforcement.raid"], 2)["code"], "file");
    assert_eq!(ana.json(&["status"])[0]["queued"], 0);
    let told = r#"{"comments":"a neighbor says so","seen":{"seen-at":"2026-01-17T12:00:00Z"}}"#;
    let weak =
        ["--json", "--lang", "es", "report", "--kind", "redada", "--source", "lo contó alguien más", "--file", "-"];
    let weak = ana.run_with(&weak, told).ok().json();
    assert_eq!(
        (weak[0]["strength"].as_str(), &weak[0]["missing"]),
        (Some("weak"), &json!(["count", "place", "markings"]))
    );
    let (weak, id) = (weak[0]["id"].as_str().unwrap(), report(ana, WHOLE, &[]));
    assert_eq!(show(marisol, weak)["body"]["source"], "relayed");
    // A raid at noon and a checkpoint at eight are put together only by somebody who means it.
    let refused = error(marisol, &["inbox", "merge", weak, &id], 2);
    assert_eq!(refused["code"], "needs-input");
    let why = refused["message"].as_str().unwrap();
    assert!(why.contains("one says raid, the other checkpoint; they are 8 h apart"), "{why}");
    assert_eq!(show(marisol, weak)["status"], "open", "nothing was done");
    marisol.run(&["--yes", "inbox", "merge", weak, &id]).ok();

    let refused = error(marisol, &["alert", "send", "--from", &id, "--yes"], 4);
    assert_eq!(refused["code"], "not-verified");
    assert!(refused["hint"].as_str().unwrap().contains("--ask verify"));
    error(marisol, &["alert", "send", "--from", &id, "--ask", "observe", "--yes"], 4);
    assert!(labels(ben).is_empty());

    error(marisol, &["alert", "send", "--from", &id, "--ask", "verify", "--expires", "48h", "--yes"], 2);
    let call = marisol.json(&["alert", "send", "--from", &id, "--ask", "verify", "--need", "verifier:2", "--yes"]);
    let alert = &labels(ben)[0];
    assert_eq!((&alert["id"], alert["label"].as_str()), (&call[0]["id"], Some("signed")));
    assert!(alert["reasons"].as_array().unwrap().contains(&json!("call-to-verify")), "{alert}");
    assert_eq!(
        (alert["body"]["verification"]["state"].as_str(), alert["body"]["ask"].as_str()),
        (Some("unverified"), Some("verify"))
    );
    let times =
        ["sent", "expires"].map(|field| watchfire_client::file::parse_rfc3339(alert[field].as_str().unwrap()).unwrap());
    assert_eq!(times[1].since(times[0]), 30 * 60);

    // Whoever looked found nothing: that is no reason to send it either.
    kai.run(&["inbox", "verify", &id, "--outcome", "not-found", "--by", "on-site"]).ok();
    error(marisol, &["alert", "send", "--from", &id, "--yes"], 4);
    let refused = error(marisol, &["alert", "send", "--from", &id, "--ask", "verify", "--yes"], 4);
    assert!(refused["message"].as_str().unwrap().contains("Kai checked report"), "{refused}");
    assert!(!kai.run(&["inbox", "show", &id]).ok().stderr.contains("alert send"));
    error(marisol, &["inbox", "verify", &id, "--outcome", "seen", "--by", "on-site"], 2);
    error(marisol, &["inbox", "verify", &id, "--outcome", "verified"], 2);
    let dismissed = kai.json(&["inbox", "dismiss", &id, "--reason", "gone"]);
    assert_eq!(
        (dismissed[0]["closed"]["how"].as_str(), dismissed[0]["closed"]["reason"].as_str()),
        (Some("dismissed"), Some("gone"))
    );
    error(marisol, &["alert", "send", "--from", &id, "--ask", "verify", "--yes"], 4);
    error(marisol, &["inbox", "claim", &id], 2);
    assert_eq!(marisol.json(&["--yes", "inbox", "claim", &id])[0]["status"], "claimed");

    // It is there after all: what is known by now takes the place of the call, and lasts as long as if nobody had called.
    let verified = |id: &str| drop(kai.run(&["inbox", "verify", id, "--outcome", "verified", "--by", "on-site"]).ok());
    verified(&id);
    let preview = marisol.run(&["alert", "send", "--from", &id, "--dry-run"]).ok();
    assert!(preview.stderr.contains("takes the place of the call to verify"), "{preview:?}");
    marisol.run(&["alert", "send", "--from", &id, "--yes"]).ok();
    let lasts = |alert: &Value| {
        let time = |field: &str| watchfire_client::file::parse_rfc3339(alert[field].as_str().unwrap()).unwrap();
        time("expires").since(time("sent"))
    };
    let shown = labels(ben);
    assert_eq!(
        (shown.len(), shown[0]["label"].as_str(), lasts(&shown[0])),
        (1, Some("verified"), 2 * 3600),
        "{shown:?}"
    );
    // So does an update of the call, by what the desk says of the check, and of nothing else.
    let other = report(ana, WHOLE, &[]);
    let call = marisol.json(&["alert", "send", "--from", &other, "--ask", "verify", "--yes"]);
    let update = ["alert", "update", call[0]["id"].as_str().unwrap(), "--ask", "observe", "--yes"];
    error(marisol, &update, 4);
    verified(&other);
    marisol.run(&["sync"]).ok();
    marisol.run(&update).ok();
    let shown = labels(ben);
    let update = shown.iter().find(|alert| alert["body"]["ask"] == "observe").unwrap();
    assert_eq!((shown.len(), update["label"].as_str(), lasts(update)), (2, Some("verified"), 2 * 3600), "{update}");
    assert_eq!(update["body"]["verification"]["by"][0]["handle"], "Kai");
    error(marisol, &["alert", "send", "--from", &other, "--yes"], 2);
}

#[test]
fn a_report_without_a_relay_waits_in_the_vault_and_arrives_once() {
    let mut network = Network::found();
    network.relay.kill();
    let [ana, ..] = &network.responders;
    let ran = ana.run_with(&["--json", "report", "--file", "-"], WHOLE).fails(7);
    let sent = ran.json()[0].clone();
    assert_eq!(sent["state"], "queued");
    assert_eq!(ana.json(&["status"])[0]["queued"], 1);
    // A coordinator works on what they typed themselves, and it is said that nobody else sees it yet.
    let typed =
        network.marisol.run_with(&["--json", "report", "--file", "-", "--source", "hotline-call"], CALLED_IN).fails(7);
    let typed = typed.json()[0]["id"].as_str().unwrap().to_owned();
    let claimed = network.marisol.run(&["--json", "inbox", "claim", &typed]).fails(7).json();
    assert_eq!((claimed[0]["delivery"].as_str(), claimed[0]["queued"].as_bool()), (Some("queued"), Some(true)));
    let noted = network.marisol.run_with(&["inbox", "note", &typed, "--file", "-"], "call back at nine\n").fails(7);
    assert!(noted.stdout.contains("waits on this device until a relay takes it"), "{noted:?}");
    assert!(!noted.stdout.contains("and nobody else"), "nobody sees it yet: {noted:?}");

    network.relay.serve();
    ana.run(&["sync"]).ok();
    network.marisol.run(&["sync"]).ok();
    let listed = network.kai.json(&["inbox", "list"]);
    let ids: Vec<&str> = listed.iter().map(|view| view["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2, "{listed:?}");
    assert!(ids.contains(&sent["id"].as_str().unwrap()) && ids.contains(&typed.as_str()));
    assert_eq!(show(&network.kai, &typed)["claimed"]["by"], "admin");
    assert_eq!(show(&network.kai, &typed)["body"]["caller"], "Rosa, 312-555-0123");
    ana.run(&["sync"]).ok();
    assert_eq!(network.kai.json(&["inbox", "list"]).len(), 2);
}

#[test]
fn two_coordinators_who_claim_at_once_agree_on_one() {
    let network = Network::found();
    let id = report(&network.responders[0], WHOLE, &[]);
    let desks = [&network.marisol, &network.kai];
    desks.iter().for_each(|desk| assert_eq!(desk.json(&["inbox", "list"]).len(), 1));
    let claiming = desks.map(|desk| desk.spawn(&["--json", "inbox", "claim", &id]));
    let codes = claiming.map(|child| finish(child).code);
    assert!(codes.contains(&0) && codes.iter().all(|code| [0, 2].contains(code)), "{codes:?}");
    let holders = desks.map(|desk| show(desk, &id)["claimed"]["by"].clone());
    assert_eq!(holders[0], holders[1]);
    assert!(holders[0].is_string());

    // Of two who send at once one is refused, or is told of the other's.
    desks[0].run(&["inbox", "verify", &id, "--outcome", "verified", "--by", "on-site"]).ok();
    let sending = desks.map(|desk| desk.spawn(&["--json", "alert", "send", "--from", &id, "--yes"])).map(finish);
    let heard = |ran: &Ran| ran.code == 2 || ran.stdout.contains("another-alert");
    assert!(sending.iter().any(|ran| ran.code == 0) && sending.iter().any(heard), "{sending:?}");
}

#[test]
fn the_desk_tells_of_reports_as_they_come_and_of_each_once() {
    let network = Network::found();
    let told = |ran: Vec<Value>| ran.into_iter().filter(|line| line["event"] == "report").collect::<Vec<_>>();
    assert!(told(network.kai.json(&["desk", "--once"])).is_empty());
    // Nobody reads what is printed: what was done is told to the person, and a list just ends.
    let unheard = |home: &Home, args: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        finish(home.command(args).stdout(writer).spawn().unwrap()).ok().stderr
    };
    let file = network.responders[0].path("report.json");
    std::fs::write(&file, WHOLE).unwrap();
    let said = unheard(&network.responders[0], &["--json", "report", "--file", file.to_str().unwrap()]);
    let sent: Value = said.lines().find_map(|line| serde_json::from_str(line).ok()).unwrap();
    let id = sent["id"].as_str().unwrap().to_owned();
    assert_eq!(unheard(&network.kai, &["inbox", "list"]), "");
    let news = told(network.kai.json(&["desk", "--once"]));
    assert_eq!((news.len(), news[0]["report"]["id"].as_str()), (1, Some(id.as_str())));
    assert!(told(network.kai.json(&["desk", "--once"])).is_empty());
    let words = network.marisol.run(&["--lang", "es", "desk", "--once"]).ok();
    assert!(words.stdout.contains("reporte nuevo") && words.stdout.contains("retén"), "{words:?}");
}

#[test]
fn what_a_revoked_coordinator_checked_does_not_count_any_more() {
    let network = Network::found();
    let (marisol, kai) = (&network.marisol, &network.kai);
    let id = report(&network.responders[0], WHOLE, &[]);
    kai.run(&["inbox", "verify", &id, "--outcome", "verified", "--by", "on-site"]).ok();
    assert_eq!(show(marisol, &id)["state"], "verified");
    marisol.run(&["--yes", "charter", "revoke", "Kai"]).ok();
    let seen = show(marisol, &id);
    assert_eq!((seen["state"].as_str(), &seen["checks"]), (Some("unverified"), &json!([])));
    assert_eq!(error(marisol, &["alert", "send", "--from", &id, "--yes"], 4)["code"], "not-verified");
    // And nothing that they do from here on.
    assert_ne!(kai.run(&["inbox", "verify", &id, "--outcome", "verified", "--by", "photo"]).code, 0);
    assert_eq!(show(marisol, &id)["checks"], json!([]));
}

#[test]
fn what_may_identify_people_is_pointed_out_and_errors_speak_spanish() {
    let network = Network::found();
    let ana = &network.responders[0];
    let text = r#"{"kind":"enforcement.raid","comments":"file A012345678"}"#;
    let ran = ana.run_with(&["report", "--file", "-"], text).ok();
    assert!(ran.stderr.contains("A012345678") && ran.stderr.contains("Strength: weak"), "{ran:?}");
    let ran = ana.run_with(&["--json", "report", "--file", "-"], text).ok();
    assert_eq!(ran.json()[0]["identifying"], json!([{"field": "comments", "looks-like": "a-number"}]));
    let spanish = network.kai.run(&["--lang", "es", "inbox", "show", "ZZZZ"]).fails(6);
    assert!(spanish.stderr.contains("no hay reporte `ZZZZ`"), "{spanish:?}");
}
