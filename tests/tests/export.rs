//! Closed incidents as files for other programs, made by the commands that people type.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use watchfire_tests::process::{HOOD, Pair, example};

/// Everything that the questionnaires ask.
fn sighting() -> Value {
    json!({
        "kind": "enforcement.checkpoint", "status": "actual", "msg-type": "alert", "ask": "observe",
        "urgency": "immediate", "severity": "severe", "certainty": "observed",
        "verification": {"state": "verified", "by": [
            {"handle": "Kai", "method": "on-site", "at": "2026-01-17T20:02:11Z"}]},
        "place": {"type": "street", "text": "5th & Main, \"north\" side", "lat": 41.850417, "lon": -87.650042, "precision-m": 25},
        "seen": {
            "size": {"people": {"min": 4}, "vehicles": {"min": 2, "max": 3}},
            "activity": ["stopping-vehicles", "questioning"],
            "unit": "-vests reading POLICE ICE; badges on chains",
            "agencies": ["ice-ero", "local-police"],
            "police-role": "escort",
            "equipment": "long guns, one ram",
            "conduct": ["no-document-shown", "no-identification-given"],
            "seen-at": "2026-01-17T20:00:00Z",
            "still-there": true
        },
        "people": {"detained": 1, "children": false, "medical": true, "languages": ["es", "mam"]},
        "needs": ["observer:4", "interpreter:es:1"],
        "text": {"en": {"headline": "Checkpoint", "description": "=Two lanes\nclosed", "instruction": "Keep away"},
                 "es": {"headline": "Retén"}}
    })
}

/// Sends an alert. Returns its id.
fn sends(two: &Pair, content: &Value) -> String {
    let file = two.marisol.path("alert.json");
    std::fs::write(&file, content.to_string()).unwrap();
    two.sends(file.to_str().unwrap())
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A cell as a spreadsheet shows it that hides the apostrophe before a text: what would be calculated has one.
fn as_shown(cell: &str) -> &str {
    let calculated = |text: &str| ["=", "+", "-", "@"].iter().any(|sign| text.starts_with(sign));
    let number = cell.parse::<f64>().is_ok();
    assert!(number || !calculated(cell), "a spreadsheet would calculate this: {cell}");
    cell.strip_prefix('\'').filter(|text| calculated(text)).unwrap_or(cell)
}

/// The rows of a file, by the names of its columns, each cell as it was before it was made harmless.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        names.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), as_shown(cell).to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn every_field_of_the_questionnaires_goes_in_and_comes_out_of_show_and_csv_unchanged() {
    let two = Pair::found();
    let content = sighting();
    let id = sends(&two, &content);
    two.ana.run(&["watch", "--count", "1", "--timeout", "60s"]).ok();
    assert_eq!(two.ana.json(&["show", &id])[0]["body"], content);

    let out = two.marisol.path("night.csv");
    let export = ["alert", "export", &id, "--format", "csv", "--out", out.to_str().unwrap()];
    // Nothing is exported while it goes on.
    assert!(two.marisol.run(&export).fails(2).stderr.contains("is not over"));
    assert!(!out.exists());
    two.ana.run(&["answer", &id, "on-scene"]).ok();
    two.marisol.run(&["alert", "cancel", &id, "--outcome", "agents-left", "--yes"]).ok();
    // Whoever checked out went there all the same.
    two.ana.run(&["answer", &id, "safe"]).ok();
    two.marisol.run(&["sync"]).ok();
    let exported = two.marisol.json(&export);
    assert_eq!(exported[0]["schema"], "watchfire.export/1");
    assert_eq!((exported[0]["incidents"].as_u64(), exported[0]["alerts"].as_u64()), (Some(1), Some(2)));
    assert_eq!(mode(&out), 0o600);
    // Nothing is overwritten.
    two.marisol.run(&export).fails(2);

    let rows = rows(&out);
    assert_eq!(rows.len(), 2);
    let of = |name: &str| rows[0][name].as_str();
    let wanted = [
        ("kind", "enforcement.checkpoint"),
        ("seen-at", "2026-01-17T20:00:00Z"),
        ("still-there", "yes"),
        ("place-type", "street"),
        ("place", "5th & Main, \"north\" side"),
        ("lat", "41.850417"),
        ("lon", "-87.650042"),
        ("precision-m", "25"),
        ("people-min", "4"),
        ("people-max", ""),
        ("vehicles-min", "2"),
        ("vehicles-max", "3"),
        ("activity", "stopping-vehicles questioning"),
        ("unit", "-vests reading POLICE ICE; badges on chains"),
        ("agencies", "ice-ero local-police"),
        ("police-role", "escort"),
        ("equipment", "long guns, one ram"),
        ("conduct", "no-document-shown no-identification-given"),
        ("detained", "1"),
        ("children", "no"),
        ("medical", "yes"),
        ("languages", "es mam"),
        ("verification", "verified"),
        ("verified-by", "Kai on-site 2026-01-17T20:02:11Z"),
        ("needs", "observer:4 interpreter:es:1"),
        ("headline-en", "Checkpoint"),
        ("description-en", "=Two lanes\nclosed"),
        ("instruction-en", "Keep away"),
        ("headline-es", "Retén"),
        ("outcome", "agents-left"),
        ("neighborhood", HOOD),
        ("label", "verified"),
        ("drill", "no"),
        ("id", &*id),
        ("received", "1"),
        ("going", "0"),
        ("on-scene", "1"),
        ("were-out", "1"),
    ];
    for (name, value) in wanted {
        assert_eq!(of(name), value, "{name}");
    }
    assert_eq!((rows[1]["msg-type"].as_str(), rows[1]["incident"].as_str()), ("cancel", &*id));
}

#[test]
fn what_a_caller_said_comes_out_of_the_desk_and_the_csv_unchanged_but_who_they_are_stays_at_the_desk() {
    let two = Pair::found();
    let seen = sighting();
    let content = json!({
        "kind": "enforcement.checkpoint", "place": seen["place"], "seen": seen["seen"], "people": seen["people"],
        "source": "hotline-call", "comments": "@the corner:\n\"two lanes\", they said", "caller": "Rosa, 555 0100"
    });
    let file = two.marisol.path("report.json");
    std::fs::write(&file, content.to_string()).unwrap();
    two.marisol.run(&["report", "--neighborhood", HOOD, "--file", file.to_str().unwrap(), "--yes"]).ok();
    let listed = two.marisol.json(&["inbox", "list"]);
    let report = listed[0]["id"].as_str().unwrap().to_owned();
    let shown = two.marisol.json(&["inbox", "show", &report]);
    assert_eq!(shown[0]["body"], content);

    two.marisol.run(&["inbox", "verify", &report, "--outcome", "verified", "--by", "call-back", "--yes"]).ok();
    let send = ["alert", "send", "--neighborhood", HOOD, "--from", &report, "--ask", "observe", "--yes"];
    let nowhere = ["alert", "send", "--neighborhood", HOOD, "--template", "checkpoint", "--yes"];
    two.marisol.run(&nowhere).fails(2);
    let id = two.marisol.json(&send)[0]["id"].as_str().unwrap().to_owned();
    two.ana.run(&["sync"]).ok();
    let alert = two.ana.json(&["show", &id]).remove(0)["body"].clone();
    assert_eq!((&alert["seen"], &alert["people"]), (&seen["seen"], &seen["people"]));
    two.marisol.run(&["alert", "cancel", &id, "--outcome", "resolved", "--yes"]).ok();

    let out = two.marisol.path("night.csv");
    let exported = two.marisol.json(&["alert", "export", &id, "--format", "csv", "--out", out.to_str().unwrap()]);
    assert_eq!(exported[0]["reports"], 1);
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(!text.contains("Rosa") && !text.contains("555"));
    let rows = rows(&out);
    let row = rows.iter().find(|row| row["record"] == "report").unwrap();
    let wanted = [
        ("id", &*report),
        ("incident", &*id),
        ("kind", "enforcement.checkpoint"),
        ("seen-at", "2026-01-17T20:00:00Z"),
        ("place", "5th & Main, \"north\" side"),
        ("people-min", "4"),
        ("vehicles-max", "3"),
        ("unit", "-vests reading POLICE ICE; badges on chains"),
        ("agencies", "ice-ero local-police"),
        ("police-role", "escort"),
        ("equipment", "long guns, one ram"),
        ("source", "hotline-call"),
        ("comments", "@the corner:\n\"two lanes\", they said"),
        ("verification", "verified"),
    ];
    for (name, value) in wanted {
        assert_eq!(row[name], value, "{name}");
    }
    assert!(!row["verified-at"].is_empty());
}

#[test]
fn what_may_name_a_person_leaves_the_desk_by_no_file_without_a_yes() {
    let two = Pair::found();
    let path = |name: &str| two.marisol.path(name).to_str().unwrap().to_owned();
    let report = path("report.json");
    let written =
        json!({"kind": "enforcement.raid", "place": {"text": "5th"}, "comments": "call 312-555-0123, A012345678"});
    std::fs::write(&report, written.to_string()).unwrap();
    let report = two.marisol.json(&["report", "--file", &report])[0]["id"].as_str().unwrap().to_owned();
    two.marisol.run(&["inbox", "verify", &report, "--outcome", "verified", "--by", "on-site"]).ok();
    let id = two.marisol.json(&["--yes", "alert", "send", "--from", &report])[0]["id"].as_str().unwrap().to_owned();
    two.marisol.run(&["--yes", "alert", "cancel", &id, "--outcome", "resolved"]).ok();

    let out = path("night.csv");
    let export = ["alert", "export", "--format", "csv", "--out", &out];
    let asked = two.marisol.run(&export).fails(2);
    for line in [
        "`312-555-0123` looks like a phone",
        "`A012345678` looks like",
        "(the comments; ",
        "2 places: nothing was written",
    ] {
        assert!(asked.stderr.contains(line), "{line}: {asked:?}");
    }
    assert!(asked.stderr.contains(&report[..4]) && !std::fs::exists(&out).unwrap());
    let spanish = two.marisol.run(&[&["--lang", "es"][..], &export].concat()).fails(2);
    assert!(spanish.stderr.contains("parece un número de teléfono"), "{spanish:?}");
    // A map and documents for others hold no comments.
    for (format, out) in [("geojson", path("map.json")), ("cap", path("cap"))] {
        let exported = two.marisol.json(&["alert", "export", "--format", format, "--out", &out]);
        assert_eq!(exported[0]["identifying"], json!([]));
    }
    let exported = two.marisol.json(&[&["--yes"][..], &export].concat());
    assert_eq!(exported[0]["identifying"][0], json!({"field": "comments", "looks-like": "phone"}));
    assert!(std::fs::read_to_string(&out).unwrap().contains("312-555-0123"));
}

#[test]
fn maps_get_rough_points_and_others_get_documents_of_cap() {
    let two = Pair::found();
    let path = |name: &str| two.marisol.path(name).to_str().unwrap().to_owned();
    let nothing = ["alert", "export", "--format", "csv", "--out", &path("none.csv")];
    assert!(two.marisol.run(&nothing).fails(6).stderr.contains("is over"));
    let id = sends(&two, &sighting());
    let drill = two.sends(&example("drill.json"));
    for id in [&id, &drill] {
        two.marisol.run(&["alert", "cancel", id, "--outcome", "resolved", "--yes"]).ok();
    }

    let map = path("night.geojson");
    let exported = two.marisol.json(&["alert", "export", "--format", "geojson", "--out", &map]);
    assert_eq!((exported[0]["incidents"].as_u64(), exported[0]["drills"].as_u64()), (Some(2), Some(1)));
    assert_eq!(mode(Path::new(&map)), 0o600);
    let text = std::fs::read_to_string(&map).unwrap();
    assert!(!text.contains("Main") && !text.contains("41.850417"));
    let map: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    let feature = |id: &str| map["features"].as_array().unwrap().iter().find(|feature| feature["id"] == id).unwrap();
    let point = &feature(&id)["geometry"]["coordinates"];
    assert!((point[0].as_f64().unwrap() + 87.65).abs() < 0.01 && (point[1].as_f64().unwrap() - 41.85).abs() < 0.01);
    assert!(feature(&id)["properties"]["within-m"].as_u64().unwrap() >= 100);
    assert_eq!(feature(&drill)["properties"]["drill"], true);
    assert!(feature(&drill)["properties"]["title"].as_str().unwrap().starts_with("DRILL"));

    let folder = path("cap");
    two.marisol.json(&["alert", "export", "--format", "cap", "--out", &folder]);
    assert_eq!(mode(Path::new(&folder)), 0o700);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "an alert and a cancel of each");
    for file in &files {
        assert_eq!(mode(file), 0o600);
        let xml = std::fs::read_to_string(file).unwrap();
        let document = roxmltree::Document::parse(&xml).unwrap();
        assert!(document.root_element().has_tag_name(("urn:oasis:names:tc:emergency:cap:1.2", "alert")));
        assert!(!xml.contains("Marisol") && !xml.contains("Kai"));
    }
    let of = |id: &str| std::fs::read_to_string(Path::new(&folder).join(format!("{id}.xml"))).unwrap();
    assert!(
        of(&id).contains("<status>Actual</status>") && of(&id).contains("<circle>41.850417,-87.650042 0.025</circle>")
    );
    assert!(of(&drill).contains("<status>Exercise</status>") && of(&drill).contains("DRILL"));
    two.marisol.run(&["alert", "export", "--format", "cap", "--out", &folder]).fails(2);
}

#[test]
fn templates_cards_counts_and_history_by_the_commands_that_people_type() {
    let two = Pair::found();
    let river = two.marisol.path("river.json");
    std::fs::write(&river, r#"{"kind":"community.flood","text":{"en":{"headline":"The river rises"}}}"#).unwrap();
    let saved = two.marisol.json(&["template", "save", "river", "--file", river.to_str().unwrap()]);
    assert_eq!((saved[0]["name"].as_str(), saved[0]["built-in"].as_bool()), (Some("river"), Some(false)));
    let listed = two.marisol.json(&["template", "list"]);
    assert!(listed.iter().any(|template| template["name"] == "checkpoint" && template["built-in"] == true));
    let river_now = listed.iter().find(|template| template["name"] == "river").unwrap();
    assert_eq!(river_now["shared"]["neighborhoods"], serde_json::json!([HOOD]), "all coordinators have it");
    assert!(two.marisol.run(&["template", "list"]).ok().stdout.contains("(by "));
    let own = ["template", "save", "mine", "--private", "--file", river.to_str().unwrap()];
    assert!(two.marisol.json(&own)[0]["shared"].is_null());
    two.marisol.run(&["template", "remove", "mine"]).ok();
    two.marisol.run(&["template", "remove", "river"]).fails(2);
    two.marisol.run(&["template", "remove", "checkpoint"]).fails(2);
    two.marisol.run(&["template", "show", "no-such"]).fails(6);
    let send = ["alert", "send", "--neighborhood", HOOD, "--template", "river", "--urgency", "immediate", "--yes"];
    let id = two.marisol.json(&send)[0]["id"].as_str().unwrap().to_owned();
    let place = two.marisol.path("place.json");
    std::fs::write(&place, r#"{"place":{"text":"River Road"}}"#).unwrap();
    let placed = two.marisol.json(&[&send[..], &["--file", place.to_str().unwrap()]].concat());
    two.ana.run(&["sync"]).ok();
    let shown = two.ana.json(&["show", placed[0]["id"].as_str().unwrap()]);
    assert_eq!(shown[0]["body"]["place"]["text"], "River Road");
    assert_eq!(shown[0]["body"]["text"]["en"]["headline"], "The river rises");
    let shown = two.ana.json(&["show", &id]);
    assert_eq!(shown[0]["body"]["text"]["en"]["headline"], "The river rises");
    assert_eq!(shown[0]["body"]["urgency"], "immediate");

    let sample = two.ana.json(&["rights"]);
    assert_eq!(sample[0]["source"], "sample");
    let spanish = two.ana.run(&["--lang", "es", "rights"]).ok();
    assert!(spanish.stdout.contains("guardar silencio") && spanish.stderr.contains("muestra"), "{spanish:?}");
    let cards = two.marisol.path("cards.json");
    std::fs::write(&cards, r#"{"en":{"title":"Ours","lines":["Read by our lawyer."]}}"#).unwrap();
    let publish = ["rights", "publish", "--neighborhood", HOOD, "--file", cards.to_str().unwrap()];
    // Everybody would read it: somebody is asked.
    two.marisol.run(&publish).fails(2);
    two.marisol.run(&[&publish[..], &["--yes"]].concat()).ok();
    // Who may not send alerts cannot say cards either; and the file is not there for others to try with.
    let stolen =
        [&["rights", "publish", "--neighborhood", HOOD, "--yes", "--file"][..], &[cards.to_str().unwrap()]].concat();
    two.ana.run(&stolen).fails(4);
    two.ana.run(&["sync"]).ok();
    let ours = two.ana.json(&["rights"]);
    assert_eq!((ours[0]["source"].as_str(), ours[0]["cards"]["en"]["title"].as_str()), (Some("network"), Some("Ours")));

    let stats = two.marisol.json(&["stats"]);
    assert_eq!((stats[0]["reports"].as_u64(), stats[0]["incidents"].as_u64()), (Some(0), Some(0)));
    two.ana.run(&["stats"]).fails(4);
    assert_eq!(two.ana.json(&["alerts", "--keep", "7d"])[0]["keep-hours"], 168);
    two.ana.run(&["alerts", "--keep", "1m"]).fails(2);
}
