//! One night, by the commands that people type, in processes of their own: two coordinators, twelve responders in two
//! neighborhoods, three reports of which one is false, and everything that follows from them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use watchfire_tests::process::{Home, Network, Relay, join};

const ELM: &str = "Elm Park";
const MILL: &str = "Old Mill";

/// What Ana saw, with every field of the questionnaires.
const SEEN: &str = r#"{"kind":"enforcement.checkpoint",
    "place":{"type":"street","text":"5th & Main","lat":41.85,"lon":-87.65,"precision-m":100},
    "seen":{"size":{"people":{"min":4,"max":6},"vehicles":{"min":2,"max":2}},"activity":["stopping-vehicles"],
            "unit":"vests reading POLICE ICE, badge 4021","agencies":["ice-ero","local-police"],"police-role":"escort",
            "equipment":"a ram","conduct":["no-document-shown"],"seen-at":"2026-01-17T20:00:00Z","still-there":true},
    "people":{"detained":1,"children":false,"medical":false,"languages":["es"]},
    "source":"own-eyes","comments":"the van has no plates in front"}"#;

/// What somebody told Ben.
const TOLD: &str = r#"{"kind":"enforcement.checkpoint","place":{"text":"Main Street"},"seen":{"unit":"police"}}"#;

/// What Gil heard at the mill, which is not so.
const HEARD: &str = r#"{"kind":"enforcement.raid","place":{"type":"workplace","text":"the bakery"},
    "seen":{"agencies":["ice-ero"],"still-there":true},"source":"relayed"}"#;

/// What changed.
const MOVED: &str = r#"{"kind":"enforcement.checkpoint",
    "place":{"type":"street","text":"7th & Main","exact":{"text":"behind the laundry, 702 Main"}},
    "verification":{"state":"verified","by":[]},
    "text":{"en":{"headline":"They moved two blocks west"},"es":{"headline":"Se movieron dos cuadras al oeste"}}}"#;

const NOT_SO: &str = r#"{"kind":"rumor.debunk","place":{"text":"the bakery"},
    "text":{"en":{"headline":"No raid at the bakery: it was a delivery. Please pass this on."},
            "es":{"headline":"No hay redada en la panadería: era una entrega. Por favor, difunda."}}}"#;

/// Marisol and Kai coordinate both neighborhoods.
struct Night {
    _relay: Relay,
    marisol: Home,
    kai: Home,
    elm: Vec<Home>,
    mill: Vec<Home>,
}

/// Lets people in by cards that were handed to them, as the desk of `by` does.
fn by_cards(by: &Home, neighborhood: &str, handles: &[&str]) -> Vec<Home> {
    let (file, count) = (by.path(&format!("{neighborhood}.cards")), handles.len().to_string());
    by.run(&["invite", "new", "--neighborhood", neighborhood, "--cards", &count, "--out", file.to_str().unwrap()]).ok();
    let cards = std::fs::read_to_string(file).unwrap();
    let links: Vec<&str> = cards.split_whitespace().filter(|word| word.starts_with("WATCHFIRE:")).collect();
    assert_eq!(links.len(), handles.len());
    let mut homes = Vec::new();
    for (handle, link) in handles.iter().zip(links) {
        let home = Home::new();
        home.run_with(&["--yes", "join", "--handle", handle, "--link-file", "-"], link).ok();
        homes.push(home);
    }
    by.run(&["desk", "--once"]).ok();
    for home in &homes {
        home.run(&["--yes", "join", "--wait", "--timeout", "60s"]).ok();
    }
    homes
}

impl Night {
    fn begins() -> Self {
        let relay = Relay::start();
        let marisol = Network::admin_at(&relay, &relay.url);
        marisol.run(&["neighborhood", "add", MILL]).ok();
        let kai = Home::new();
        join(&marisol, &kai, "Kai", "coordinator");
        let link = kai.path("mill.link");
        let link = link.to_str().unwrap();
        marisol.run(&["invite", "new", "--neighborhood", MILL, "--role", "coordinator", "--out", link]).ok();
        let asked = kai.json(&["join", "--handle", "Kai", "--link-file", link]);
        let pending = marisol.json(&["member", "pending"]);
        let (request, say) = (pending[0]["request"].as_str().unwrap(), words(&asked[0]["say"]));
        marisol.run(&["member", "approve", request, "--words", &say]).ok();
        kai.run(&["join", "--wait", "--timeout", "60s"]).ok();
        kai.run(&["confirm", "--words", &words(&pending[0]["say"])]).ok();
        for neighborhood in [ELM, MILL] {
            let rights = ["--neighborhood", neighborhood, "--right", "dispatch", "--right", "enroll"];
            marisol.run(&[&["charter", "grant", "Kai"][..], &rights].concat()).ok();
        }
        kai.run(&["sync"]).ok();
        let elm = by_cards(&marisol, ELM, &["Ana", "Ben", "Cleo", "Dora", "Eva", "Fay", "Lou"]);
        let mill = by_cards(&kai, MILL, &["Gil", "Hugo", "Ines", "Jo", "Kim"]);
        Self { _relay: relay, marisol, kai, elm, mill }
    }
}

fn words(say: &Value) -> String {
    watchfire_tests::process::words(say)
}

fn report(home: &Home, text: &str) -> String {
    let sent = home.run_with(&["--json", "report", "--file", "-"], text).ok().json();
    assert_eq!(sent[0]["state"], "accepted");
    sent[0]["id"].as_str().unwrap().to_owned()
}

fn id(sent: &[Value]) -> String {
    assert_eq!((sent[0]["schema"].as_str(), sent[0]["state"].as_str()), (Some("watchfire.sent/1"), Some("accepted")));
    sent[0]["id"].as_str().unwrap().to_owned()
}

/// The alerts that a home has not printed yet: as many as it waits for.
fn watch(home: &Home, count: &str) -> Vec<Value> {
    let seen = home.json(&["watch", "--count", count, "--timeout", "60s"]);
    seen.into_iter().filter(|line| line["schema"] == "watchfire.alert/1").collect()
}

fn tally(home: &Home, alert: &str, more: &[&str]) -> Value {
    let lines = home.json(&[&["alert", "follow", alert], more].concat());
    lines.into_iter().rfind(|line| line["schema"] == "watchfire.tally/1").unwrap()
}

#[test]
fn a_night_from_the_first_report_to_the_last_person_who_is_safe() {
    let night = Night::begins();
    let (marisol, kai) = (&night.marisol, &night.kai);
    let [ana, ben, cleo, dora, eva, fay, lou] = &night.elm[..] else { unreachable!() };
    let [gil, hugo, ..] = &night.mill[..] else { unreachable!() };
    cleo.run(&["profile", "--role", "interpreter", "--speaks", "es", "--speaks", "en"]).ok();

    // Three reports; two are of one sighting.
    let (seen, told, heard) = (report(ana, SEEN), report(ben, TOLD), report(gil, HEARD));
    kai.run(&["inbox", "claim", &seen]).ok();
    kai.run(&["inbox", "merge", &told, &seen]).ok();
    kai.run(&["inbox", "verify", &seen, "--outcome", "verified", "--by", "on-site", "--certainty", "observed"]).ok();
    assert_eq!(marisol.json(&["inbox", "show", &seen])[0]["claimed"]["by"], "Kai");
    marisol.run(&["inbox", "claim", &heard]).ok();
    let call = ["alert", "send", "--from", &heard, "--ask", "verify", "--need", "verifier:1", "--yes"];
    let call = id(&marisol.json(&call));

    // The alert goes to one neighborhood, the call to the other.
    let need = ["--need", "observer:2", "--need", "interpreter:es:1"];
    let alert = id(&kai.json(&[&["alert", "send", "--from", &seen, "--yes"][..], &need].concat()));
    for home in [ana, ben, cleo, dora, eva, fay] {
        let shown = watch(home, "1");
        assert_eq!((shown[0]["id"].as_str(), shown[0]["label"].as_str()), (Some(&*alert), Some("verified")));
        assert_eq!(shown[0]["neighborhood"], ELM);
        assert!(!shown[0].to_string().contains("plates in front"), "what was told to the desk stays there");
    }
    let spanish = lou.run(&["--lang", "es", "watch", "--count", "1", "--timeout", "60s"]).ok().stdout;
    for coded in ["VERIFICADO", "retén", "parando autos", "policía local", "2 observadores", "en persona"] {
        assert!(spanish.contains(coded), "{coded}: {spanish}");
    }
    for home in &night.mill {
        let shown = watch(home, "1");
        assert_eq!((shown[0]["id"].as_str(), shown[0]["label"].as_str()), (Some(&*call), Some("signed")));
    }

    // Who comes, who cannot, and what is still needed.
    ana.run(&["answer", &alert, "going", "--eta", "10m", "--role", "observer"]).ok();
    ben.run(&["answer", &alert, "on-scene", "--role", "observer"]).ok();
    cleo.run(&["answer", &alert, "going", "--eta", "5m", "--role", "interpreter"]).ok();
    dora.run(&["answer", &alert, "cannot", "--reason", "busy"]).ok();
    eva.run(&["answer", &alert, "standby"]).ok();
    hugo.run(&["answer", &call, "going", "--role", "verifier"]).ok();
    let coming = tally(kai, &alert, &["--wait-for", "3", "--timeout", "60s"]);
    assert_eq!(
        (&coming["going"], &coming["on-scene"], &coming["cannot"]),
        (&json!(2), &json!(1), &json!(1)),
        "{coming}"
    );
    let met: Vec<(&str, u64)> = coming["needs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|need| (need["need"].as_str().unwrap(), need["met"].as_u64().unwrap()))
        .collect();
    assert_eq!(met, [("observer:2", 2), ("interpreter:es:1", 1)], "{coming}");
    kai.run(&["alert", "follow", &alert, "--wait-for", "4", "--timeout", "1s"]).fails(8);

    // Hugo found nobody at the bakery.
    marisol.run(&["inbox", "verify", &heard, "--outcome", "false-alarm", "--by", "on-site"]).ok();
    marisol.run(&["inbox", "debunk", &heard]).ok();
    let correct = marisol.run_with(&["--json", "alert", "correct", &call, "--file", "-", "--yes"], NOT_SO).ok().json();
    let correction = id(&correct);
    for home in [gil, hugo] {
        let shown = watch(home, "1");
        assert_eq!(shown[0]["id"], call, "under the id that they know");
        assert_eq!(
            (shown[0]["message"].as_str(), shown[0]["msg-type"].as_str()),
            (Some(&*correction), Some("correction"))
        );
    }

    // What was not true is over, and can be told of. Whoever ends it once more takes nothing of that away.
    let told = marisol.path("call.csv");
    marisol.run(&["alert", "export", &call, "--format", "csv", "--out", told.to_str().unwrap()]).ok();
    let told = std::fs::read_to_string(told).unwrap();
    assert!(told.contains(",debunked,") && told.contains(",false-alarm,"), "{told}");
    marisol.run(&["alert", "cancel", &call, "--outcome", "resolved", "--yes"]).ok();
    gil.run(&["sync"]).ok();
    let listed = gil.run(&["alerts"]).ok().stdout;
    assert!(listed.lines().next().unwrap().ends_with("NOT TRUE"), "{listed}");
    let shown = gil.run(&["show", &call]).ok().stdout;
    assert!(shown.contains("Stood down by ") && !shown.contains("Corrected by"), "{shown}");
    assert!(ana.run(&["show", &alert]).ok().stdout.contains("Observe and record from a distance."));

    // Enough observers; then they moved. It stays one alert, and the exact place reaches those who come.
    kai.run(&["alert", "enough", &alert, "--role", "observer", "--yes"]).ok();
    kai.run_with(&["alert", "update", &alert, "--file", "-", "--yes"], MOVED).ok();
    ana.run(&["sync"]).ok();
    let one = ana.json(&["alerts"]);
    assert_eq!(one.len(), 1, "{one:?}");
    assert_eq!(one[0]["body"]["place"]["text"], "7th & Main");
    assert_eq!(one[0]["body"]["place"]["exact"]["text"], "behind the laundry, 702 Main");
    dora.run(&["sync"]).ok();
    assert_eq!(dora.json(&["show", &alert])[0]["body"]["place"]["exact"], Value::Null);
    lou.run(&["sync"]).ok();
    let spanish = lou.run(&["--lang", "es", "alerts"]).ok().stdout;
    assert!(spanish.contains("7th & Main"), "{spanish}");

    // It is over. Those who were out are asked for until they are safe.
    kai.run(&["alert", "cancel", &alert, "--outcome", "agents-left", "--yes"]).ok();
    let out = tally(kai, &alert, &["--timeout", "1s"]);
    assert_eq!(out["check-out"], json!(["Ana", "Ben", "Cleo"]), "{out}");
    for (home, answer) in [(ana, "safe"), (ben, "leaving"), (cleo, "safe")] {
        home.run(&["sync"]).ok();
        home.run(&["answer", &alert, answer]).ok();
    }
    marisol.run(&["sync"]).ok();
    let home = tally(marisol, &alert, &["--timeout", "1s"]);
    assert_eq!(home["check-out"], json!([]), "{home}");

    // What stays: a row an incident for those who write the report, with nothing of where exactly it was.
    let table = kai.path("night.csv");
    kai.run(&["alert", "export", "--format", "csv", "--out", table.to_str().unwrap()]).ok();
    let table = std::fs::read_to_string(table).unwrap();
    for told in ["enforcement.checkpoint", "7th & Main", "badge 4021", "ice-ero", "plates in front", "agents-left"] {
        assert!(table.contains(told), "{told}: {table}");
    }
    assert!(!table.contains("702 Main"), "{table}");
    let (map, folder) = (kai.path("night.geojson"), kai.path("night.cap"));
    for (format, out) in [("geojson", &map), ("cap", &folder)] {
        kai.run(&["alert", "export", "--format", format, "--out", out.to_str().unwrap()]).ok();
    }
    let map: Value = serde_json::from_str(&std::fs::read_to_string(map).unwrap()).unwrap();
    let feature = map["features"].as_array().unwrap().iter().find(|feature| feature["id"] == alert.as_str()).unwrap();
    assert_eq!(feature["properties"]["outcome"], "agents-left", "{feature}");
    let document = std::fs::read_to_string(folder.join(format!("{alert}.xml"))).unwrap();
    assert!(
        document.contains("<status>Actual</status>") && document.contains("<msgType>Alert</msgType>"),
        "{document}"
    );
    assert!(!(map.to_string() + &document).contains("702 Main"), "where exactly is in neither");
    let counted = marisol.json(&["stats"]);
    let figures = ["reports", "sightings", "verified", "false-alarms", "false-alarm-percent", "open"];
    assert_eq!(figures.map(|name| counted[0][name].as_u64().unwrap()), [3, 2, 1, 1, 50, 0], "{counted:?}");
}
