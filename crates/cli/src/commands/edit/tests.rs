use watchfire_client::file::AlertFile;
use watchfire_protocol::vocabulary::Language;

use super::Editor;
use super::field::Field;
use crate::form::Form;
use crate::form::tests::{NOW, Scripted};
use crate::words::Lang;

const ALERT: &str = r#"{"kind":"enforcement.checkpoint","place":{"text":"5th & Main"},"needs":["observer:4"],
                        "text":{"en":{"description":"4 people, 2 vehicles"}}}"#;

/// What an alert says after somebody gave these answers, in the shape of a file.
fn edited(before: &str, answers: &[&str]) -> (serde_json::Value, String) {
    let mut file = AlertFile::read(before).unwrap();
    let person = Scripted::new(answers);
    let form = Form { lang: Lang::EN, person: &person, now: NOW };
    let editor = Editor { form, me: "Marisol".to_owned(), unread: vec![Language::new("es").unwrap()] };
    editor.edit(&mut file).unwrap();
    person.is_done();
    (serde_json::to_value(&file).unwrap(), person.read())
}

/// Where a field stands in the list.
fn number(field: Field) -> String {
    let all = Field::of(&AlertFile { msg_type: Some("cancel".into()), ..AlertFile::default() });
    (all.iter().position(|one| *one == field).unwrap() + 1).to_string()
}

#[test]
fn every_field_of_an_alert_can_be_said_at_a_prompt_and_comes_out_as_it_was_typed() {
    let all = Field::of(&AlertFile { msg_type: Some("cancel".into()), ..AlertFile::default() });
    let picked = all.iter().map(|field| number(*field)).collect::<Vec<_>>().join(", ");
    let answers = [
        picked.as_str(),
        "Checkpoint at 5th & Main",
        "4 people stop cars",
        "Keep your distance",
        "",
        "Reten en 5th y Main",
        "4 personas paran coches",
        "",
        "Main & 5th",
        "street",
        "41.85, -87.65",
        "50",
        "behind 1204 Main Street",
        "41.8501, -87.6501",
        "10",
        "4+",
        "2",
        "6, 3",
        "vests reading POLICE ICE",
        "1, 6",
        "escort",
        "20 min",
        "y",
        "a ram",
        "4",
        "2",
        "y",
        "n",
        "Spanish, fr",
        "observe",
        "3",
        "2",
        "",
        "1",
        "2",
        "1",
        "1",
        "Kai",
        "on-site",
        "5 min",
        "90m",
        "exercise",
        "enforcement.raid",
        "agents-left",
    ];
    let cancel = ALERT.replacen('{', r#"{"msg-type":"cancel","#, 1);
    let (said, _) = edited(&cancel, &answers);
    let wanted = serde_json::json!({
        "kind": "enforcement.raid",
        "status": "exercise",
        "msg-type": "cancel",
        "outcome": "agents-left",
        "ask": "observe",
        "urgency": "immediate",
        "severity": "severe",
        "certainty": "observed",
        "verification": {"state": "verified", "by": [{"handle": "Kai", "method": "on-site", "at": "2026-11-21T19:57:11Z"}]},
        "place": {
            "type": "street", "text": "Main & 5th", "lat": 41.85, "lon": -87.65, "precision-m": 50,
            "exact": {"text": "behind 1204 Main Street", "lat": 41.8501, "lon": -87.6501, "precision-m": 10},
        },
        "seen": {
            "size": {"people": {"min": 4}, "vehicles": {"min": 2, "max": 2}},
            "activity": ["stopping-vehicles", "questioning"],
            "unit": "vests reading POLICE ICE",
            "agencies": ["ice-ero", "local-police"],
            "police-role": "escort",
            "equipment": "a ram",
            "conduct": ["no-document-shown"],
            "seen-at": "2026-11-21T19:42:11Z",
            "still-there": true,
        },
        "people": {"detained": 2, "children": true, "medical": false, "languages": ["es", "fr"]},
        "needs": ["note-taker:2"],
        "expires-in": "90m",
        "text": {
            "en": {
                "headline": "Checkpoint at 5th & Main",
                "description": "4 people stop cars",
                "instruction": "Keep your distance",
            },
            "es": {"headline": "Reten en 5th y Main", "description": "4 personas paran coches"},
        },
    });
    assert_eq!(said, wanted);
}

#[test]
fn enter_leaves_what_was_said_and_a_minus_takes_it_away() {
    let before = serde_json::to_value(AlertFile::read(ALERT).unwrap()).unwrap();
    assert_eq!(edited(ALERT, &[""]).0, before);
    let needs = number(Field::Needs);
    assert_eq!(edited(ALERT, &[&needs, ""]).0, before);
    assert!(edited(ALERT, &[&format!("-{needs}")]).0.get("needs").is_none());
    let all = Field::of(&AlertFile::default());
    let every: Vec<String> = all.iter().map(|field| format!("-{}", number(*field))).collect();
    assert_eq!(edited(ALERT, &[&every.join(" ")]).0, serde_json::json!({}));
    let (_, read) = edited(ALERT, &["0", "99", "four", ""]);
    assert!(read.contains("numbers from the list"), "{read}");
}

#[test]
fn a_second_check_joins_the_first_and_another_outcome_replaces_it() {
    let checked = ALERT.replacen(
        '{',
        r#"{"verification":{"state":"verified","by":[{"handle":"Kai","method":"photo","at":"2026-11-21T19:00:00Z"}]},"#,
        1,
    );
    let check = number(Field::Verification);
    let (said, _) = edited(&checked, &[&check, "1", "", "5", ""]);
    let by = said["verification"]["by"].as_array().unwrap();
    assert_eq!((by.len(), &by[1]["handle"], &by[1]["at"]), (2, &"Marisol".into(), &"2026-11-21T20:02:11Z".into()));
    let (said, _) = edited(&checked, &[&check, "unverified"]);
    assert_eq!(said["verification"], serde_json::json!({"state": "unverified", "by": []}));
}

#[test]
fn an_outcome_is_offered_of_a_stand_down_only() {
    assert!(!Field::of(&AlertFile::default()).contains(&Field::Outcome));
}
