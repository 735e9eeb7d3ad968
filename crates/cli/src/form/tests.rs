use std::cell::RefCell;
use std::collections::VecDeque;

use watchfire_client::file::ReportFile;

use super::*;

/// Somebody whose answers are known beforehand.
pub(crate) struct Scripted {
    answers: RefCell<VecDeque<String>>,
    read: RefCell<Vec<String>>,
}

impl Scripted {
    pub(crate) fn new(answers: &[&str]) -> Self {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        Self { answers: RefCell::new(answers), read: RefCell::new(Vec::new()) }
    }

    pub(crate) fn read(&self) -> String {
        self.read.borrow().join("\n")
    }
}

impl Scripted {
    /// Everything that was prepared was asked for.
    pub(crate) fn is_done(&self) {
        assert!(self.answers.borrow().is_empty(), "not asked: {:?}", self.answers.borrow());
    }
}

impl Person for Scripted {
    fn ask(&self, question: &str) -> Result<Option<String>, Problem> {
        self.read.borrow_mut().push(question.to_owned());
        let answer = self.answers.borrow_mut().pop_front();
        Ok(Some(answer.expect("one question more than there are answers")).filter(|answer| !answer.is_empty()))
    }

    fn tell(&self, text: &str) {
        self.read.borrow_mut().push(text.to_owned());
    }
}

pub(crate) const NOW: Timestamp = Timestamp(1_795_291_331);

fn asked<T>(answers: &[&str], ask: impl Fn(Form<'_, Scripted>) -> Result<T, Problem>) -> (T, String) {
    let person = Scripted::new(answers);
    let value = ask(Form { lang: Lang::EN, person: &person, now: NOW }).unwrap();
    assert!(person.answers.borrow().is_empty(), "an answer was not asked for");
    (value, person.read())
}

#[test]
fn a_code_is_chosen_by_number_by_name_or_nearly() {
    let ask = |answers: &[&str]| asked(answers, |form| form.choice(List::PlaceType, "Where?")).0;
    assert_eq!(ask(&["1"]).as_deref(), Some("home"));
    assert_eq!(ask(&["street"]).as_deref(), Some("street"));
    assert_eq!(ask(&["bus station"]).as_deref(), Some("bus-station"));
    assert_eq!(ask(&[""]), None);
    let (chosen, read) = asked(&["0", "99", "zzzzzz", "2"], |form| form.choice(List::PlaceType, "Where?"));
    assert_eq!(chosen.as_deref(), Some("workplace"), "what means nothing is asked again");
    assert!(read.contains(" 1  home") && !read.contains("unknown"), "{read}");
}

#[test]
fn several_codes_are_chosen_once_each() {
    let ask = |answers: &[&str]| asked(answers, |form| form.choices(List::Activity, "What?")).0;
    assert_eq!(ask(&["1, questioning,1"]), ["waiting", "questioning"]);
    assert_eq!(ask(&["1,nonsense-indeed", "2"]), ["knocking"]);
    assert!(ask(&[""]).is_empty());
    let ask = |answers: &[&str]| asked(answers, |form| form.choices(List::Agency, "Who?")).0;
    assert_eq!(ask(&["ICE, policía local"]), ["ice-ero", "local-police"], "in any language");
    assert_eq!(ask(&["ICE y el sheriff", "la migra and local police, y FBI"]), ["ice-ero", "local-police", "fbi-dea"]);
    assert_eq!(ask(&["FBI or DEA & Border Patrol"]), ["fbi-dea", "cbp"]);
}

#[test]
fn a_kind_is_found_by_its_family_or_at_once() {
    let ask = |answers: &[&str]| asked(answers, |form| form.kind("What happens?")).0;
    assert_eq!(ask(&["1", "2"]).as_deref(), Some("enforcement.checkpoint"));
    assert_eq!(ask(&["checkpoint"]).as_deref(), Some("enforcement.checkpoint"));
    assert_eq!(ask(&["5"]).as_deref(), Some("rumor.debunk"), "a family of one");
    assert_eq!(ask(&["3", ""]).as_deref(), Some("community.other"), "the family is worth something");
    assert_eq!(ask(&["", "", "2", "1"]).as_deref(), Some("support.release"), "nobody loses a report by one Enter");
    assert_eq!(ask(&["", "", ""]), None, "there is nobody");
    assert_eq!(ask(&["3", "flood"]).as_deref(), Some("community.flood"));
    assert_eq!(
        ask(&["7", "99", "2", "20", "3"]).as_deref(),
        Some("support.ride"),
        "a number is one of those on the screen"
    );
    assert_eq!(ask(&["agents at a home"]).as_deref(), Some("enforcement.home"));
}

#[test]
fn a_kind_is_called_what_it_is_called_in_the_readers_language_and_its_lists_fit_on_a_screen() {
    for lang in Lang::all() {
        for answers in [["2", "1"], ["1", "1"], ["3", "1"], ["4", "1"]] {
            let person = Scripted::new(&answers);
            Form { lang, person: &person, now: NOW }.kind("?").unwrap();
            let read = person.read();
            assert!(read.lines().count() < 24, "{read}");
            assert!(read.lines().all(|line| line.chars().count() <= SCREEN), "{read}");
        }
    }
    let named = |typed: &str| {
        let person = Scripted::new(&[typed]);
        Form { lang: Lang::es(), person: &person, now: NOW }.kind("¿Qué pasa?").unwrap()
    };
    assert_eq!(named("retén").as_deref(), Some("enforcement.checkpoint"));
    assert_eq!(named("RETEN").as_deref(), Some("enforcement.checkpoint"));
    assert_eq!(named("incendio").as_deref(), Some("community.fire"));
}

#[test]
fn what_cannot_be_skipped_is_asked_again_until_there_is_nobody() {
    let ask = |answers: &[&str]| asked(answers, |form| form.needed(List::Outcome, "How did it end?"));
    let (chosen, read) = ask(&["", "2"]);
    assert_eq!(chosen.as_deref(), Some("agents-left"));
    assert!(read.contains("cannot be skipped"), "{read}");
    assert_eq!(ask(&["", "", ""]).0, None);
}

#[test]
fn a_point_is_on_the_earth_and_says_how_exact_it_is() {
    let ask = |answers: &[&str]| asked(answers, |form| form.point("Where?"));
    assert_eq!(ask(&["41.85, -87.65", ""]).0, Some((41.85, -87.65, 100)));
    assert_eq!(ask(&["-90 180", "50000"]).0, Some((-90.0, 180.0, 50_000)));
    assert_eq!(ask(&[""]).0, None);
    let (point, read) =
        ask(&["91, 0", "0, 180.1", "41.85", "NaN, 0", "inf, 0", "41.85, -87.65", "50001", "near", "30 m"]);
    assert_eq!(point, Some((41.85, -87.65, 30)), "what is out of range is asked again");
    assert!(read.contains("-90 to 90") && read.contains("at most 50000"), "{read}");
}

#[test]
fn a_long_list_stands_in_two_columns_where_the_screen_is_wide_enough() {
    let short: Vec<String> = (1..=12).map(|at| format!("  {at}")).collect();
    let list = in_columns(&short);
    assert_eq!(list.lines().count(), 6);
    assert!(list.starts_with("  1  7\n"), "{list}");
    let wide: Vec<String> = short.iter().map(|line| format!("{line:50}")).collect();
    assert_eq!(in_columns(&wide).lines().count(), 12);
    assert_eq!(in_columns(&short[..3]).lines().count(), 3);
}

#[test]
fn what_was_understood_of_a_count_is_told() {
    let (found, read) = asked(&["some", "3 or more people"], |form| form.count("How many?", Counted::People));
    assert_eq!(found.map(|count| (count.min, count.max)), Some((Some(3), None)));
    assert!(read.ends_with("Understood: 3 or more"), "{read}");
    let (found, read) = asked(&["two"], |form| form.number("Detained?"));
    assert_eq!(found, Some(2));
    assert!(read.ends_with("Understood: 2"), "{read}");
}

#[test]
fn a_time_is_now_a_while_ago_a_time_of_day_or_a_whole_one_and_never_ahead() {
    let ask = |answers: &[&str]| asked(answers, |form| form.time("When?")).0;
    assert_eq!(ask(&["now"]).as_deref(), Some("2026-11-21T20:02:11Z"));
    assert_eq!(ask(&["20 min"]).as_deref(), Some("2026-11-21T19:42:11Z"));
    assert_eq!(ask(&["2h"]).as_deref(), Some("2026-11-21T18:02:11Z"));
    assert_eq!(ask(&["2026-11-21T20:00:00Z"]).as_deref(), Some("2026-11-21T20:00:00Z"));
    assert!(ask(&["00:00"]).is_some());
    assert_eq!(ask(&["2027-01-01T00:00:00Z", "soon", ""]), None);
    let (_, read) = asked(&["ayer 21:00"], |form| form.time("When?"));
    assert!(read.ends_with("Understood: yesterday at 21:00"), "which day it is: {read}");
    let (_, read) = asked(&["hace 20 min"], |form| form.time("When?"));
    assert!(read.contains("Understood: at "), "{read}");
}

#[test]
fn a_time_of_day_that_is_still_to_come_is_one_of_yesterday_only_if_that_is_meant() {
    let later = NOW.plus(3600);
    // Where it is eleven at night, an hour from now is tomorrow, and its time of day has been.
    if clock::date(Lang::EN, later) != clock::date(Lang::EN, NOW) {
        return;
    }
    let ahead = clock::stamp(Lang::EN, later, NOW);
    let (at, read) = asked(&[&ahead, "y"], |form| form.time("When?"));
    assert_eq!(at.as_deref(), Some("2026-11-20T21:02:00Z"));
    assert!(read.contains(&format!("Was it yesterday at {ahead}? (y/n)")), "{read}");
    let (again, _) = asked(&[&ahead, "n", &ahead, "", "now"], |form| form.time("When?"));
    assert_eq!(again.as_deref(), Some("2026-11-21T20:02:11Z"));
}

#[test]
fn what_may_identify_somebody_is_pointed_out_and_can_be_typed_again() {
    let (text, read) = asked(&["her mother, 312-555-0123", "her mother"], |form| form.text("Comments?", 100));
    assert_eq!(text.as_deref(), Some("her mother"));
    assert!(read.contains("312-555-0123"), "{read}");
    let (kept, _) = asked(&["A012345678", ""], |form| form.text("Comments?", 100));
    assert_eq!(kept.as_deref(), Some("A012345678"), "its author decides");
    let (private, read) = asked(&["Rosa, 312-555-0123"], |form| form.private_text("Who called?", 100));
    assert_eq!(private.as_deref(), Some("Rosa, 312-555-0123"));
    assert_eq!(read, "Who called?");
}

#[test]
fn a_text_that_is_too_long_is_never_cut() {
    let (text, read) = asked(&["four", "two"], |form| form.text("What?", 3));
    assert_eq!(text.as_deref(), Some("two"));
    assert!(read.contains('4') && read.contains('3'), "{read}");
    assert_eq!(asked(&["four", ""], |form| form.text("What?", 3)).0, None);
    assert_eq!(asked(&["four", "two"], |form| form.private_text("Who?", 3)).0.as_deref(), Some("two"));
}

#[test]
fn yes_no_numbers_and_languages_are_read_in_either_language() {
    assert_eq!(asked(&["perhaps", "sí"], |form| form.whether("Children?")).0, Some(true));
    assert_eq!(asked(&["no"], |form| form.whether("Children?")).0, Some(false));
    assert_eq!(asked(&["several", "2"], |form| form.number("Detained?")).0, Some(2));
    for (typed, wanted) in [
        ("Spanish, fr", ["es", "fr"]),
        ("español y francés", ["es", "fr"]),
        ("Spanish and French, and fr", ["es", "fr"]),
        ("francés e inglés", ["fr", "en"]),
    ] {
        assert_eq!(asked(&[typed], |form| form.languages("Which?")).0, wanted, "{typed}");
    }
    assert_eq!(asked(&["Spanish and Mixteco"], |form| form.languages("Which?")).0, ["es", "mix"]);
    assert!(asked(&["!! y !!", ""], |form| form.languages("Which?")).0.is_empty());
    assert!(asked(&["!!", ""], |form| form.languages("Which?")).0.is_empty());
}

#[test]
fn a_whole_report_is_asked_for_in_the_order_of_salute_and_no_field_is_left_out() {
    let answers = [
        "checkpoint",
        "4+",
        "2",
        "6",
        "5th & Main",
        "41.85, -87.65",
        "",
        "street",
        "vests reading POLICE",
        "1,6",
        "escort",
        "now",
        "y",
        "a ram",
        "4",
        "1",
        "n",
        "n",
        "Spanish",
        "they came in two vans",
        "hotline-call",
        "Rosa, 312-555-0123",
    ];
    let (file, read) = asked(&answers, |form| {
        let mut file = ReportFile::default();
        crate::commands::report::ask_missing(&form, &mut file, true)?;
        Ok(file)
    });
    let written = watchfire_client::file::report::to_json(&file.to_content().unwrap());
    let wanted = serde_json::json!({
        "kind": "enforcement.checkpoint",
        "place": {"type": "street", "text": "5th & Main", "lat": 41.85, "lon": -87.65, "precision-m": 100},
        "seen": {
            "size": {"people": {"min": 4}, "vehicles": {"min": 2, "max": 2}},
            "activity": ["stopping-vehicles"],
            "unit": "vests reading POLICE",
            "agencies": ["ice-ero", "local-police"],
            "police-role": "escort",
            "equipment": "a ram",
            "conduct": ["no-document-shown"],
            "seen-at": "2026-11-21T20:02:11Z",
            "still-there": true,
        },
        "people": {"detained": 1, "children": false, "medical": false, "languages": ["es"]},
        "source": "hotline-call",
        "comments": "they came in two vans",
        "caller": "Rosa, 312-555-0123",
    });
    assert_eq!(written, wanted);
    // Told as it grows: once it has a place, markings and a time.
    assert!(read.contains("Strength: some. It would be stronger with what markings say and the time."), "{read}");
    assert!(read.contains("Strength: strong."), "{read}");
    let salute = ["people", "doing", "Where", "markings", "When", "carry", "How"];
    let at: Vec<usize> =
        salute.iter().map(|word| read.find(word).unwrap_or_else(|| panic!("{word}: {read}"))).collect();
    assert!(at[..6].is_sorted(), "{at:?}: {read}");
}

#[test]
fn what_a_file_says_is_not_asked_again_and_a_responder_names_no_caller() {
    let text = r#"{"kind":"enforcement.raid","place":{"text":"5th & Main"},"seen":{"size":{"people":{"min":4}},"unit":"ICE"},
                   "people":{"detained":0},"source":"own-eyes","comments":"x"}"#;
    let (file, read) = asked(&[""; 13], |form| {
        let mut file = ReportFile::read(text).unwrap();
        crate::commands::report::ask_missing(&form, &mut file, false)?;
        Ok(file)
    });
    assert_eq!(file, ReportFile::read(text).unwrap());
    assert!(!read.contains("Who called") && !read.contains("Where?"), "{read}");
    assert!(read.contains("What part do the police take?"), "nobody has said that there are none: {read}");
    let (typed, _) = asked(&[""; 4], |form| {
        let full = r#"{"kind":"enforcement.raid","place":{"type":"street","text":"5th","lat":41.85,"lon":-87.65,"precision-m":100},"comments":"x",
            "seen":{"size":{"people":{"min":4},"vehicles":{"min":1}},"unit":"ICE","activity":["waiting"],"agencies":["hsi"],
            "police-role":"escort","seen-at":"2026-11-21T20:02:11Z","still-there":true,"equipment":"x","conduct":["threats"]},
            "source":"hotline-call","caller":"Rosa"}"#;
        let mut file = ReportFile::read(full).unwrap();
        crate::commands::report::ask_missing(&form, &mut file, true)?;
        Ok(file)
    });
    assert_eq!(typed.people, None);
}
