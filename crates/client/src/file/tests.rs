use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use watchfire_protocol::id::AlertId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Caller, Code, Count, Need, Place, Point, ReportContent, limit};

use super::short::duration;
use super::*;

/// Every field that an alert may have.
const WHOLE: &str = r#"
{"kind":"enforcement.checkpoint","ask":"observe","urgency":"immediate","severity":"severe","certainty":"observed",
 "status":"actual","msg-type":"cancel","outcome":"agents-left","references":["0E1R70W3GF1R70W3GF1R70W3GC"],
 "verification":{"state":"verified","by":[{"handle":"Kai","method":"on-site","at":"2026-11-21T20:02:11Z"}]},
 "place":{"type":"street","text":"5th & Main","lat":41.85,"lon":-87.65,"precision-m":100},
 "seen":{"size":{"people":{"min":4},"vehicles":{"min":2,"max":2}},"activity":["stopping-vehicles"],
         "unit":"vests reading POLICE ICE","agencies":["ice-ero","local-police"],"police-role":"escort","equipment":"radios",
         "conduct":["no-document-shown"],"seen-at":"2026-11-21T20:00:00Z","still-there":true},
 "people":{"detained":0,"children":false,"medical":false,"languages":["es"]},
 "needs":["observer:4","interpreter:es:1"],"expires-in":"2h",
 "text":{"en":{"headline":"Checkpoint at 5th & Main","description":"Cars are stopped.","instruction":"Record."},
         "es":{"headline":"Retén en 5th y Main"}}}
"#;

fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut value: Value = serde_json::from_str(WHOLE).unwrap();
    change(&mut value);
    value.to_string()
}

fn refused(text: &str) -> String {
    alert::parse(text).unwrap_err().to_string()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn examples() -> Vec<(String, String)> {
    examples_in("alerts")
}

fn examples_in(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(folder);
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    found
}

#[test]
fn every_field_is_read_and_written_again() {
    let (content, expires_in) = alert::parse(WHOLE).unwrap();
    assert_eq!(expires_in, Some(7_200));
    assert_eq!(content.verification.by[0].at, Timestamp(1_795_291_331));
    assert_eq!(content.references, ["0E1R70W3GF1R70W3GF1R70W3GC".parse::<AlertId>().unwrap()]);
    let point = content.place.as_ref().unwrap().point.unwrap();
    assert_eq!((point.lat, point.lon, point.precision_m), (41_850_000, -87_650_000, 100));
    let seen = content.seen.as_ref().unwrap();
    assert_eq!(seen.size.people, Some(Count { min: 4, max: None }));
    assert_eq!(content.needs[1], Need { role: code("interpreter"), language: Some("es".parse().unwrap()), count: 1 });
    assert_eq!(content.text[1].headline, "Retén en 5th y Main");

    let mut wanted: Value = serde_json::from_str(WHOLE).unwrap();
    wanted.as_object_mut().unwrap().remove("expires-in");
    assert_eq!(alert::to_json(&content), wanted);
}

#[test]
fn every_example_is_read_and_written_again_and_could_be_sent() {
    let examples = examples();
    let names: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["checkpoint.json", "drill.json", "flood.json", "release-bus-station.json", "workplace-raid.json"] {
        assert!(names.contains(&name), "{name} is gone");
    }
    for (name, text) in examples {
        let (content, expires_in) = alert::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(content.validate_to_sign(), Ok(()), "{name}");
        assert!(expires_in.is_some(), "{name}");
        assert_eq!(content.identifying_text(), [], "{name}");
        let spoken: Vec<&str> = content.text.iter().map(|block| block.language.as_str()).collect();
        assert_eq!(spoken, ["en", "es"], "{name}");
        let again = alert::parse(&alert::to_json(&content).to_string()).unwrap();
        assert_eq!(again, (content, None), "{name}");
    }
}

#[test]
fn every_example_of_a_report_is_read_and_written_again_and_names_nobody() {
    let examples = examples_in("reports");
    let names: Vec<&str> = examples.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["hotline-call.json", "sighting.json"]);
    for (name, text) in examples {
        let content = report::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(content.identifying_text(), [], "{name}");
        assert_eq!(report::to_json(&content), serde_json::from_str::<Value>(&text).unwrap(), "{name}");
    }
}

#[test]
fn no_example_asks_anybody_to_get_in_the_way() {
    for (name, text) in examples().into_iter().chain(examples_in("reports")) {
        let text = text.to_lowercase();
        for word in
            ["block", "chase", "follow", "pursue", "bloque", "persig", "persegu", "siga", "seguir", "plate", "placa"]
        {
            assert!(!text.contains(word), "{name} says {word}");
        }
    }
}

#[test]
fn only_a_kind_and_a_place_or_a_text_are_needed() {
    let (content, expires_in) = alert::parse(r#"{"kind":"community.fire","place":{"text":"Old Mill"}}"#).unwrap();
    let wanted = AlertContent { place: Some(Place::named("Old Mill")), ..AlertContent::new(code("community.fire")) };
    assert_eq!((content, expires_in), (wanted, None));
    assert!(alert::parse(r#"{"kind":"network.notice","text":{"en":{"headline":"Meeting"}}}"#).is_ok());
}

#[test]
fn what_cannot_be_sent_is_refused_by_its_name() {
    type Change = fn(&mut Value);
    let cases: &[(Change, &str)] = &[
        (|v| v["plate"] = json!("x"), "unknown field `plate`, expected one of `kind`, `status`"),
        (|v| v["place"]["plate"] = json!("x"), "unknown field `plate`, expected one of `type`, `text`, `lat`"),
        (|v| v["text"]["en"]["title"] = json!("x"), "unknown field `title`, expected one of `headline`, `description`"),
        (|v| v["kind"] = Value::Null, "`kind` is missing"),
        (
            |v| v["kind"] = json!("enforcement.checkpont"),
            "`kind`: `enforcement.checkpont` is not a known kind, nearest: `enforcement.checkpoint`",
        ),
        (
            |v| v["place"]["type"] = json!("Bus Station"),
            "`place.type`: `Bus Station` is not a known place type, nearest: `bus-station`",
        ),
        (
            |v| v["verification"]["by"][0]["method"] = json!("telepathy"),
            "`verification.by.method`: `telepathy` is not a known method, wanted one of `on-site`, `photo`",
        ),
        (
            |v| v["expires-in"] = json!("soon"),
            "`expires-in`: `soon` is not a span of time, wanted a number and `s`, `m`, `h` or `d`, like `90s`",
        ),
        (|v| v["expires-in"] = json!("0h"), "`expires-in`: `0h` is no time at all, wanted at least `1s`"),
        (|v| v["expires-in"] = json!("400d"), "`expires-in`: `400d` is too long, wanted at most `365d`"),
        (
            |v| v["needs"][0] = json!("observer"),
            "`needs`: `observer` is not a need, wanted `role:count` or `role:language:count`, like `observer:4`",
        ),
        (|v| v["needs"][0] = json!("observer:0"), "`needs`: `observer:0` is not a need"),
        (
            |v| v["needs"][0] = json!("obsrver:2"),
            "`needs`: `obsrver` in `obsrver:2` is not a known role, nearest: `observer`",
        ),
        (
            |v| v["needs"][0] = json!("medic:in spanish:2"),
            "`needs`: `in spanish` in `medic:in spanish:2` is not the tag of a language",
        ),
        (|v| v["place"]["lat"] = json!(90.5), "`place.lat` is 90.5, wanted -90 to 90"),
        (|v| v["place"]["lon"] = json!(-1e300), "`place.lon` is -1"),
        (|v| v["place"]["precision-m"] = Value::Null, "`place` has no `precision-m`, wanted `lat`, `lon` and"),
        (|v| v["place"]["lat"] = json!("north"), "invalid type: string \"north\", expected f64"),
        (
            |v| (v["place"], v["text"]) = (Value::Null, json!({})),
            "both `place` and `text` are missing, wanted at least one",
        ),
        (
            |v| v["text"]["en"]["headline"] = json!("x".repeat(limit::HEADLINE_CHARS + 1)),
            "`text.en.headline` has 161 characters, wanted at most 160",
        ),
        (|v| v["text"]["in English"] = json!({"headline":"x"}), "`text`: `in English` is not the tag of a language"),
        (|v| v["seen"]["size"]["people"] = json!({}), "`seen.size.people` is empty, wanted `min`, `max` or both"),
        (
            |v| v["seen"]["size"]["people"] = json!({"min":3,"max":2}),
            "`seen.size.people` has min 3 and max 2, wanted min to be the smaller",
        ),
        (|v| v["people"]["detained"] = json!(-1), "invalid value: integer `-1`, expected u16"),
        (
            |v| v["seen"]["seen-at"] = json!("at noon"),
            "`seen.seen-at`: `at noon` is not a time since 1970, wanted one like `2026-11-21T20:02:11Z`",
        ),
        (|v| v["references"] = json!(["A7K2"]), "`references`: `A7K2` is not the id of an alert"),
    ];
    for (change, wanted) in cases {
        let found = refused(&changed(change));
        assert!(found.starts_with(wanted), "found:  {found}\nwanted: {wanted}");
    }
}

#[test]
fn what_is_no_json_or_too_much_of_it_is_refused() {
    for text in ["", "kind: raid", "{", r#"{"kind":"community.fire"} {}"#] {
        assert!(refused(text).starts_with("the file is not JSON: "), "{text}");
    }
    let long = format!("{}{WHOLE}", " ".repeat(FILE_BYTES));
    assert!(refused(&long).ends_with("bytes, wanted at most 65536"));
    assert_eq!(refused("{}"), "`kind` is missing");
    assert!(alert::parse(&format!("\u{feff}{WHOLE}")).is_ok());
}

#[test]
fn a_text_that_would_be_lost_is_refused() {
    let twice = r#"{"kind":"network.notice","text":{"en":{"headline":"a"},"en":{"headline":"b"}}}"#;
    assert_eq!(refused(twice), "`text` has `en` twice, wanted it once");
    let twice = r#"{"kind":"network.notice","kind":"network.drill","text":{"en":{"headline":"a"}}}"#;
    assert!(refused(twice).starts_with("duplicate field `kind`"));
}

#[test]
fn a_code_of_a_newer_client_is_written_as_it_is() {
    let content = AlertContent { ask: Some(code("sing")), ..AlertContent::new(code("enforcement.drone")) };
    let json = alert::to_json(&content);
    assert_eq!((&json["kind"], &json["ask"]), (&json!("enforcement.drone"), &json!("sing")));
}

#[test]
fn a_report_is_read_and_written_again() {
    let text = r#"{"kind":"enforcement.home","place":{"type":"home","text":"Elm Park"},"source":"hotline-call",
        "seen":{"size":{"vehicles":{"max":3}},"activity":["knocking"]},"people":{"children":true},
        "comments":"Two callers.","caller":"Ana, call after six"}"#;
    let content = report::parse(text).unwrap();
    assert_eq!(content.caller, Some(Caller::new("Ana, call after six")));
    assert_eq!(content.seen.as_ref().unwrap().size.vehicles, Some(Count { min: 0, max: Some(3) }));
    assert_eq!(report::parse(&report::to_json(&content).to_string()).unwrap(), content);
    let file = ReportFile::read(text).unwrap();
    assert!(!format!("{file:?}").contains("Ana"));
}

#[test]
fn a_report_with_less_is_read_and_one_with_more_is_refused() {
    let content = report::parse(r#"{"kind":"community.heat"}"#).unwrap();
    assert_eq!(content, ReportContent::new(code("community.heat")));
    let refused = |text: &str| report::parse(text).unwrap_err().to_string();
    assert!(
        refused(r#"{"kind":"community.heat","status-of-person":"x"}"#).starts_with("unknown field `status-of-person`")
    );
    assert_eq!(refused("{}"), "`kind` is missing");
    assert!(refused(r#"{"kind":"community.heat","source":"dream"}"#).contains("wanted one of `own-eyes`, `relayed`"));
}

#[test]
fn short_spellings_come_back_as_they_went() {
    for (text, seconds) in [("90s", 90), ("30m", 1_800), ("2h", 7_200), ("7d", 604_800)] {
        assert_eq!(parse_duration(text, u64::MAX), Ok(seconds));
        assert_eq!(parse_duration(&duration(seconds), u64::MAX), Ok(seconds));
    }
    for text in ["", "h", "2", "2 h", "-2h", "2H", "1.5h", "2h30m", "²h", "h2", "２h"] {
        assert!(matches!(parse_duration(text, u64::MAX), Err(BadDuration::Unreadable { .. })), "{text}");
    }
    assert!(matches!(parse_duration("99999999999999999999d", 60), Err(BadDuration::TooLong { .. })));
    for text in ["observer:4", "interpreter:zh-Hant:1"] {
        assert_eq!(short::need(&parse_need(text).unwrap()), text);
    }
    for text in ["", ":", "observer:", "observer:-1", "observer:99999", "observer:es:1:2", "observer::1"] {
        assert!(parse_need(text).is_err(), "{text}");
    }
}

#[test]
fn times_are_utc_and_no_clock_breaks_them() {
    assert_eq!(rfc3339(Timestamp(0)), "1970-01-01T00:00:00Z");
    assert_eq!(parse_rfc3339("2026-11-21T14:02:11.9-06:00"), Ok(Timestamp(1_795_291_331)));
    assert_eq!(rfc3339(Timestamp(u64::MAX)), "9999-12-30T22:00:00Z");
    for text in ["", "1969-12-31T23:59:59Z", "2026-11-21T20:02:11", "2026-11-21", "noon\u{1b}[2J"] {
        let error = parse_rfc3339(text).unwrap_err().to_string();
        assert!(!error.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn an_exact_place_is_read_from_an_alerts_file_and_never_becomes_part_of_the_alert() {
    let with = |exact: Value| changed(|alert| alert["place"]["exact"] = exact);
    let file = AlertFile::read(&with(json!({"text": "1204 Elm Street, the green door"}))).unwrap();
    assert_eq!(file.exact_place().unwrap(), Some(Place::named("1204 Elm Street, the green door")));
    let (content, _) = file.to_content().unwrap();
    assert_eq!(content, alert::parse(WHOLE).unwrap().0);
    let only =
        r#"{"kind":"community.fire","place":{"exact":{"text":"the green door"}},"text":{"en":{"headline":"Fire"}}}"#;
    assert_eq!(AlertFile::read(only).unwrap().to_content().unwrap().0.place, None);
}

#[test]
fn an_exact_place_that_is_none_or_stands_elsewhere_is_refused() {
    let refused = |exact: Value| {
        let text = changed(|alert| alert["place"]["exact"] = exact);
        AlertFile::read(&text).unwrap().exact_place().unwrap_err().to_string()
    };
    assert_eq!(refused(json!({})), "`place` is empty, wanted a type, a text or a point");
    assert_eq!(refused(json!({"lat": 91, "lon": 0, "precision-m": 5})), "`place.lat` is 91, wanted -90 to 90");
    assert_eq!(refused(json!({"text": "x".repeat(201)})), "`place.text` has 201 characters, wanted at most 200");
    assert!(refused(json!({"text": "a", "exact": {"text": "b"}})).contains("`exact`"));
    let report = r#"{"kind":"community.fire","place":{"text":"5th & Main","exact":{"text":"the green door"}}}"#;
    assert!(super::report::parse(report).unwrap_err().to_string().contains("`exact`"));
}

fn shown_to_everybody(place_type: &'static str, text: &str, precision_m: Option<u32>) -> (Place, Option<Place>) {
    let point = precision_m.map(|precision_m| Point { lat: 41_850_417, lon: -87_650_042, precision_m });
    let place = Place { place_type: Code::constant(place_type), point, ..Place::named(text) };
    let place = sighting::PlaceFile::for_everybody(&place, &Code::constant("enforcement.raid"));
    let file = AlertFile { kind: Some("enforcement.raid".into()), place: Some(place), ..AlertFile::default() };
    let (content, _) = file.to_content().unwrap();
    content.validate_to_sign().unwrap();
    (content.place.unwrap(), file.exact_place().unwrap())
}

#[test]
fn of_a_home_everybody_is_told_no_address_and_no_point_finer_than_a_kilometre() {
    for precision_m in [1, 5, 100, 50_000] {
        let (zone, exact) = shown_to_everybody("home", "1204 Elm Street", Some(precision_m));
        let point = zone.point.unwrap();
        assert_eq!((zone.place_type.as_str(), zone.text.as_str()), ("home", ""));
        assert!(point.precision_m >= 1000 && (point.lat, point.lon) != (41_850_417, -87_650_042), "{point:?}");
        let exact = exact.unwrap();
        assert_eq!((exact.text.as_str(), exact.point.unwrap().precision_m), ("1204 Elm Street", precision_m));
        assert_eq!(exact.point.unwrap().lat, 41_850_417);
    }
    let (zone, exact) = shown_to_everybody("home", "1204 Elm Street", None);
    assert_eq!((zone.text.as_str(), zone.point), ("", None));
    assert_eq!(exact.unwrap().text, "1204 Elm Street");
    assert_eq!(shown_to_everybody("home", "", None).1, None, "nothing is exact about it");
}

#[test]
fn what_says_where_somebody_lives_is_kept_for_those_who_come_and_the_rest_stays() {
    let kept = |text: &str| {
        let mut file = AlertFile::read(text).unwrap();
        let kept = file.keep_home();
        let (again, exact) = (file.clone(), file.exact_place().unwrap());
        assert!(!file.keep_home() && file == again, "once is enough");
        (kept, file.to_content().unwrap().0.place.unwrap(), exact)
    };
    let (done, zone, exact) = kept(
        r#"{"kind":"enforcement.home","place":{"text":"1204 Elm Street","lat":41.850417,"lon":-87.650042,"precision-m":25}}"#,
    );
    assert!(done && zone.text.is_empty() && zone.point.unwrap().precision_m >= 1000);
    let exact = exact.unwrap();
    assert_eq!((exact.text.as_str(), exact.point.unwrap().lat), ("1204 Elm Street", 41_850_417));
    let (done, zone, exact) = kept(
        r#"{"kind":"enforcement.raid","place":{"type":"home","text":"Elm & 12th","lat":41.850417,"lon":-87.650042,
            "precision-m":25,"exact":{"text":"1204 Elm Street"}}}"#,
    );
    assert!(done && zone.text == "Elm & 12th" && zone.point.unwrap().lat != 41_850_417);
    let exact = exact.unwrap();
    assert_eq!((exact.text.as_str(), exact.point.unwrap().precision_m), ("1204 Elm Street", 25));
    let (done, zone, exact) = kept(r#"{"kind":"enforcement.home","place":{"text":"Elm & 12th"}}"#);
    assert!(!done && zone.text == "Elm & 12th" && exact.is_none());
    let (done, zone, _) = kept(r#"{"kind":"enforcement.raid","place":{"type":"street","text":"1204 Elm Street"}}"#);
    assert!(!done && zone.text == "1204 Elm Street", "no home");
}

#[test]
fn elsewhere_everybody_is_told_the_street_and_no_finer_point() {
    let (zone, exact) = shown_to_everybody("street", "5th & Main", Some(5));
    assert_eq!((zone.text.as_str(), zone.point.unwrap().precision_m), ("5th & Main", 100));
    assert_ne!(zone.point.unwrap().lat, 41_850_417);
    assert_eq!(exact.unwrap().point.unwrap().precision_m, 5);
    let (zone, exact) = shown_to_everybody("street", "5th & Main", Some(100));
    assert_eq!((zone.point.unwrap().lat, zone.point.unwrap().precision_m, exact), (41_850_417, 100, None));
}
