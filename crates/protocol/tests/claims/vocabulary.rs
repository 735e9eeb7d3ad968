//! What may be said in alerts, reports and answers, and how much.

use watchfire_protocol::id::AlertId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::identifying::identifiers;
use watchfire_protocol::vocabulary::limit as max;
use watchfire_protocol::vocabulary::{
    AlertContent, AnswerContent, Caller, Check, Code, Count, Identifier, Invalid, Language, List, Need, People, Place,
    Point, ReportContent, Seen, Strength, TextBlock,
};

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn letters(count: usize) -> String {
    "é".repeat(count)
}

fn languages(count: usize) -> Vec<Language> {
    (0..count).map(|at| Language::new(&format!("aa-q{at:03}")).unwrap()).collect()
}

fn place() -> Place {
    Place::named("5th & Main")
}

fn alert() -> AlertContent {
    AlertContent { place: Some(place()), ..AlertContent::new(code("enforcement.raid")) }
}

/// The error of a change, if there is one.
fn of_alert(change: impl FnOnce(&mut AlertContent)) -> Result<(), Invalid> {
    let mut content = alert();
    change(&mut content);
    content.validate()
}

fn of_report(change: impl FnOnce(&mut ReportContent)) -> Result<(), Invalid> {
    let mut content = ReportContent::new(code("enforcement.raid"));
    change(&mut content);
    content.validate()
}

fn of_answer(change: impl FnOnce(&mut AnswerContent)) -> Result<(), Invalid> {
    let mut content = AnswerContent::new(code("going"));
    change(&mut content);
    content.validate()
}

/// So much is taken, and one more is not.
#[track_caller]
fn assert_most(most: usize, said: impl Fn(usize) -> Result<(), Invalid>) {
    assert_eq!(said(most), Ok(()));
    let refused = said(most + 1);
    assert!(
        matches!(refused, Err(Invalid::TooLong { .. } | Invalid::TooMany { .. } | Invalid::OutOfRange { .. })),
        "{refused:?}"
    );
}

#[track_caller]
fn assert_unknown(list: List, said: Result<(), Invalid>) {
    assert!(matches!(&said, Err(Invalid::UnknownCode { list: found, .. }) if *found == list), "{said:?}");
}

fn seen(change: impl FnOnce(&mut Seen)) -> Option<Seen> {
    let mut seen = Seen::default();
    change(&mut seen);
    Some(seen)
}

fn check(handle: String) -> Check {
    Check { handle, method: code("on-site"), at: Timestamp(1) }
}

fn written(change: impl FnOnce(&mut TextBlock)) -> Vec<TextBlock> {
    let (headline, description, instruction) = ("Now".to_owned(), String::new(), String::new());
    let mut block = TextBlock { language: Language::new("en").unwrap(), headline, description, instruction };
    change(&mut block);
    vec![block]
}

#[test]
fn an_alert_says_as_much_as_its_bounds_allow_and_no_letter_more() {
    assert_most(max::HEADLINE_CHARS, |most| of_alert(|c| c.text = written(|t| t.headline = letters(most))));
    assert_most(max::DESCRIPTION_CHARS, |most| of_alert(|c| c.text = written(|t| t.description = letters(most))));
    assert_most(max::INSTRUCTION_CHARS, |most| of_alert(|c| c.text = written(|t| t.instruction = letters(most))));
    assert_most(max::REFERENCES, |most| of_alert(|c| c.references = vec![AlertId([1; 16]); most]));
    assert_most(max::CHECKS, |most| of_alert(|c| c.verification.by = vec![check("Kai".to_owned()); most]));
    assert_most(max::HANDLE_CHARS, |most| of_alert(|c| c.verification.by = vec![check(letters(most))]));
    let need = || Need { role: code("medic"), language: None, count: 1 };
    assert_most(max::NEEDS, |most| of_alert(|c| c.needs = vec![need(); most]));
    let text = |language| TextBlock { language, ..written(|_| ()).remove(0) };
    assert_most(max::TEXTS, |most| of_alert(|c| c.text = languages(most).into_iter().map(text).collect()));
    assert!(matches!(
        of_alert(|c| c.verification.by = vec![check(" ".to_owned())]),
        Err(Invalid::Empty { field, .. }) if field == "verification.by.handle"
    ));
}

#[test]
fn what_was_seen_has_the_same_bounds_in_an_alert_and_in_a_report() {
    let both = |place: Option<Place>, seen: Option<Seen>, people: Option<People>| {
        let alert = of_alert(|c| {
            (c.place, c.seen, c.people) = (place.clone().or_else(|| c.place.take()), seen.clone(), people.clone());
        });
        let report = of_report(|c| (c.place, c.seen, c.people) = (place, seen, people));
        assert_eq!(alert, report);
        report
    };
    assert_most(max::PLACE_CHARS, |most| both(Some(Place::named(letters(most))), None, None));
    assert_most(max::SEEN_CHARS, |most| both(None, seen(|seen| seen.unit = letters(most)), None));
    assert_most(max::SEEN_CHARS, |most| both(None, seen(|seen| seen.equipment = letters(most)), None));
    assert_most(max::LANGUAGES, |most| {
        both(None, None, Some(People { languages: languages(most), ..People::default() }))
    });
    let twice = vec![Language::new("es").unwrap(); 2];
    let twice = both(None, None, Some(People { languages: twice, ..People::default() }));
    assert!(matches!(twice, Err(Invalid::Twice { .. })));
    for change in [
        |seen: &mut Seen, codes: Vec<Code>| seen.activity = codes,
        |seen: &mut Seen, codes: Vec<Code>| seen.agencies = codes,
        |seen: &mut Seen, codes: Vec<Code>| seen.conduct = codes,
    ] {
        let said =
            |codes: &[&str]| both(None, seen(|seen| change(seen, codes.iter().map(|text| code(text)).collect())), None);
        assert_eq!(said(&["unknown"]), Ok(()));
        assert!(matches!(said(&["unknown", "unknown"]), Err(Invalid::Twice { .. })));
        assert!(matches!(said(&["xyzzy"]), Err(Invalid::UnknownCode { .. })));
        assert!(matches!(said(&["unknown"; max::CODES + 1]), Err(Invalid::TooMany { .. })));
    }
    let count = |min, max| both(None, seen(|seen| seen.size.vehicles = Some(Count { min, max })), None);
    assert_eq!((count(4, None), count(4, Some(4)), count(4, Some(5))), (Ok(()), Ok(()), Ok(())));
    assert!(matches!(count(4, Some(3)), Err(Invalid::MinAboveMax { min: 4, max: 3, .. })));
}

#[test]
fn a_point_lies_on_the_map_and_says_how_exact_it_is() {
    let at = |lat, lon, precision_m| {
        let said = Place { point: Some(Point { lat, lon, precision_m }), ..Place::named("") };
        assert_eq!(said.validate(), of_alert(|c| c.place = Some(said.clone())));
        said.validate()
    };
    for (lat, lon) in [(90_000_000, 180_000_000), (-90_000_000, -180_000_000), (0, 0)] {
        assert_eq!((at(lat, lon, 1), at(lat, lon, max::PRECISION_M)), (Ok(()), Ok(())));
    }
    for (lat, lon, precision_m) in [
        (90_000_001, 0, 1),
        (-90_000_001, 0, 1),
        (0, 180_000_001, 1),
        (0, -180_000_001, 1),
        (0, 0, 0),
        (0, 0, max::PRECISION_M + 1),
    ] {
        assert!(matches!(at(lat, lon, precision_m), Err(Invalid::OutOfRange { .. })), "{lat} {lon} {precision_m}");
    }
    assert!(matches!(Place::named(" ").validate(), Err(Invalid::Empty { .. })));
    assert_unknown(List::PlaceType, Place { place_type: code("xyzzy"), ..place() }.validate());
}

#[test]
fn no_word_that_is_not_known_here_is_signed() {
    let word = || code("xyzzy");
    assert_unknown(List::Kind, of_alert(|c| c.kind = word()));
    assert_unknown(List::Status, of_alert(|c| c.status = word()));
    assert_unknown(List::MsgType, of_alert(|c| c.msg_type = word()));
    assert_unknown(List::Urgency, of_alert(|c| c.urgency = word()));
    assert_unknown(List::Severity, of_alert(|c| c.severity = word()));
    assert_unknown(List::Certainty, of_alert(|c| c.certainty = word()));
    assert_unknown(List::VerificationState, of_alert(|c| c.verification.state = word()));
    let by = Check { method: word(), ..check("Kai".to_owned()) };
    assert_unknown(List::Method, of_alert(|c| c.verification.by = vec![by]));
    assert_unknown(List::Ask, of_alert(|c| c.ask = Some(word())));
    assert_unknown(List::Outcome, of_alert(|c| c.outcome = Some(word())));
    assert_unknown(List::Role, of_alert(|c| c.needs = vec![Need { role: word(), language: None, count: 1 }]));
    assert_unknown(List::PoliceRole, of_alert(|c| c.seen = seen(|seen| seen.police_role = Some(word()))));
    assert_unknown(List::Kind, of_report(|c| c.kind = word()));
    assert_unknown(List::Source, of_report(|c| c.source = word()));
    assert_unknown(List::PlaceType, of_report(|c| c.place = Some(Place { place_type: word(), ..place() })));
    assert_unknown(List::Answer, of_answer(|c| c.answer = word()));
    assert_unknown(List::Reason, of_answer(|c| c.reason = Some(word())));
    assert_unknown(List::Role, of_answer(|c| c.role = Some(word())));
}

#[test]
fn a_report_and_an_answer_have_their_bounds() {
    assert_most(max::COMMENTS_CHARS, |most| of_report(|c| c.comments = letters(most)));
    assert_most(max::CALLER_CHARS, |most| of_report(|c| c.caller = Some(Caller::new(letters(most)))));
    assert_most(max::ANSWER_CHARS, |most| of_answer(|c| c.text = letters(most)));
    assert_most(max::ETA_MINUTES.into(), |most| of_answer(|c| c.eta_minutes = Some(most.try_into().unwrap())));
    assert!(matches!(of_answer(|c| c.eta_minutes = Some(0)), Err(Invalid::OutOfRange { .. })));
    assert_eq!(of_answer(|c| (c.eta_minutes, c.reason, c.role) = (Some(1), None, Some(code("medic")))), Ok(()));
}

#[test]
fn a_sighting_that_nobody_bore_out_is_told_from_one_that_says_no_check() {
    let of = |kind: &str, state: &str, by: Vec<Check>| {
        let mut content = AlertContent { kind: code(kind), ..alert() };
        (content.verification.state, content.verification.by) = (code(state), by);
        (content.is_unverified_sighting(), content.says_no_check())
    };
    let kai = || vec![check("Kai".to_owned())];
    assert_eq!(of("enforcement.raid", "unverified", vec![]), (true, false));
    assert_eq!(of("enforcement.raid", "unverified", kai()), (true, false));
    assert_eq!(of("enforcement.raid", "verified", vec![]), (false, true));
    assert_eq!(of("enforcement.raid", "verified", kai()), (false, false));
    assert_eq!(of("network.notice", "unverified", vec![]), (false, false));
    assert_eq!(of("network.notice", "verified", vec![]), (false, false));
}

#[test]
fn who_comes_and_what_no_person_typed_are_told_by_the_answer() {
    let of = |text| {
        let answer = AnswerContent::new(code(text));
        (answer.is_coming(), answer.is_automatic())
    };
    for text in List::Answer.codes() {
        assert_eq!(of(text), (["going", "on-scene"].contains(text), ["received", "seen"].contains(text)), "{text}");
    }
}

#[test]
fn a_report_can_be_checked_if_it_says_where_or_what_or_anything_at_all() {
    let checked = |change: fn(&mut ReportContent)| {
        let mut report = ReportContent::new(code("enforcement.raid"));
        change(&mut report);
        report.can_be_checked()
    };
    let no: [fn(&mut ReportContent); 4] = [
        |_| (),
        |c| c.place = Some(Place::named(" ")),
        |c| c.seen = Some(Seen::default()),
        |c| (c.comments, c.caller) = (" ".to_owned(), Some(Caller::new("Ana"))),
    ];
    assert_eq!(no.map(checked), [false; 4]);
    let yes: [fn(&mut ReportContent); 5] = [
        |c| c.place = Some(place()),
        |c| c.place = Some(Place { place_type: code("street"), ..Place::named("") }),
        |c| c.place = Some(Place { point: Some(Point { lat: 1, lon: 1, precision_m: 1 }), ..Place::named("") }),
        |c| c.seen = seen(|seen| seen.still_there = Some(false)),
        |c| c.comments = "Two vans".to_owned(),
    ];
    assert_eq!(yes.map(checked), [true; 5]);
}

#[test]
fn a_report_is_some_with_a_place_and_one_thing_more_and_weak_without_a_place() {
    let strength = |place: Option<Place>, said: fn(&mut Seen)| {
        let seen = seen(said);
        ReportContent { place, seen, ..ReportContent::new(code("enforcement.raid")) }.strength()
    };
    let said: [fn(&mut Seen); 3] = [
        |seen| seen.size.people = Some(Count { min: 2, max: None }),
        |seen| seen.unit = "POLICE".to_owned(),
        |seen| seen.activity = vec![Code::constant("waiting")],
    ];
    for said in said {
        assert_eq!((strength(Some(place()), said), strength(None, said)), (Strength::Some, Strength::Weak));
    }
    assert_eq!(strength(Some(place()), |seen| seen.seen_at = Some(Timestamp(1))), Strength::Weak);
    assert_eq!(strength(Some(place()), |seen| seen.activity = vec![Code::constant("unknown")]), Strength::Weak);
}

#[test]
fn what_a_report_saw_becomes_what_an_alert_says() {
    let (seen, people) =
        (seen(|seen| seen.still_there = Some(true)), People { detained: Some(2), ..People::default() });
    let mut report = ReportContent::new(code("enforcement.raid"));
    (report.place, report.seen, report.people) = (Some(place()), seen.clone(), Some(people.clone()));
    report.caller = Some(Caller::new("Ana"));
    assert_eq!(report.to_alert(), AlertContent { seen, people: Some(people), ..alert() });
    assert_eq!(format!("{:?}", report.caller), "Some(Caller(..))", "that there is one, and not who");
}

#[test]
fn a_code_is_of_a_family_if_more_stands_behind_its_dot() {
    assert!(code("enforcement.raid").is_in("enforcement") && code("network.x").is_in("network"));
    for other in ["enforcement", "enforcement.", "enforcements.raid", "raid"] {
        assert!(!code(other).is_in("enforcement"), "{other}");
    }
    assert!(code("raid") == *"raid" && code("raid") != *"rain");
    assert_eq!(format!("{:?} {:?}", code("raid"), Language::new("es-mx").unwrap()), "`raid` `es-MX`");
}

#[test]
fn only_what_is_all_letters_in_a_language_tag_is_a_region_or_a_script() {
    for (typed, spelled) in [("en-1A", "en-1a"), ("sl-A1BC", "sl-a1bc"), ("zh-hANT-tW", "zh-Hant-TW")] {
        assert_eq!(Language::new(typed).unwrap().as_str(), spelled);
    }
}

#[test]
fn the_longer_a_word_is_the_more_may_be_mistyped_of_it() {
    assert_eq!(List::Role.nearest("hst"), ["host"]);
    assert!(List::Role.nearest("hs").is_empty());
    assert_eq!(List::Role.nearest("obzarver"), ["observer"]);
    assert!(List::Role.nearest_called("zq", |_| vec![String::new()]).is_empty(), "what is called nothing is not near");
}

#[track_caller]
fn assert_identified(text: &str, wanted: &[(Identifier, &str)]) {
    let found = identifiers(text);
    let found: Vec<(Identifier, &str)> = found.iter().map(|(what, piece)| (*what, piece.as_str())).collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn what_only_looks_like_a_date_or_a_span_of_hours_hides_no_telephone_number() {
    for text in [
        "2026-0011-21",
        "2026-5550-12",
        "2026-12-5550",
        "3125-12-12 34",
        "12-11-555501",
        "12/11/555501",
        "12-11-21 3125",
        "12/55501234",
        "1200-2500 55",
        "1200-2400 55",
        "1200-1260 55",
        "1200-1275 55",
        "31 2 555 01 23",
    ] {
        assert_identified(text, &[(Identifier::Phone, text)]);
    }
    assert_identified("1200-1359 55 2026-11-21 21-11-2026 11/21/26", &[]);
}

#[test]
fn numbers_of_another_length_are_no_telephone_numbers() {
    for text in ["123 4567 8901", "12-3456", "555-012", "23125550123", "ana@.org", "ana@example.o", "ana@example.o1"] {
        assert_identified(text, &[]);
    }
    assert_identified("2 312 555 0123", &[(Identifier::Phone, "312 555 0123")]);
    assert_identified("ana@example.or", &[(Identifier::Email, "ana@example.or")]);
}

#[test]
fn every_free_text_that_leaves_a_device_is_looked_at() {
    let number = || "312-555-0123".to_owned();
    let field = |found: Vec<watchfire_protocol::vocabulary::Finding>| {
        assert!(found.iter().all(|found| found.what == Identifier::Phone && found.text == number()));
        found.into_iter().map(|found| found.field).collect::<Vec<_>>()
    };
    let mut report = ReportContent::new(code("enforcement.raid"));
    report.place = Some(Place::named(number()));
    report.seen = seen(|seen| (seen.unit, seen.equipment) = (number(), number()));
    (report.comments, report.caller) = (number(), Some(Caller::new(number())));
    assert_eq!(field(report.identifying_text()), ["place.text", "seen.unit", "seen.equipment", "comments"]);
    let answer = AnswerContent { text: number(), ..AnswerContent::new(code("going")) };
    assert_eq!(field(answer.identifying_text()), ["text"]);
    assert_eq!(field(Place::named(number()).identifying_exact_text()), ["place.exact.text"]);
}

/// What is pointed out of an alert about a home with this place and this description.
fn at_home(place: Place, description: &str) -> Vec<(Identifier, String)> {
    let text = written(|text| text.description = description.to_owned());
    let content = AlertContent { place: Some(place), text, ..AlertContent::new(code("enforcement.home")) };
    content.identifying_text().into_iter().map(|found| (found.what, found.text)).collect()
}

#[test]
fn a_point_that_is_too_fine_for_a_home_is_told_in_degrees() {
    let point = Point { lat: 41_850_417, lon: -87_650_042, precision_m: 25 };
    let found = at_home(Place { point: Some(point), ..Place::named("Elm") }, "");
    assert_eq!(found, [(Identifier::HomePoint, "41.850417, -87.650042 (±25 m)".to_owned())]);
    assert!(Identifier::HomePoint.is_of_home() && Identifier::HomeAddress.is_of_home());
    let of_people =
        [Identifier::ANumber, Identifier::Phone, Identifier::SocialSecurity, Identifier::Email, Identifier::Plate];
    assert_eq!(of_people.map(Identifier::is_of_home), [false; 5]);
}

#[test]
fn what_a_clause_parts_from_a_street_is_no_house_of_it() {
    let addresses =
        |text: &str| at_home(Place::named("Elm"), text).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    for text in ["at 1204, Oak Street is closed", "at 1204 Avenue", "en la calle Juárez. 145 llegaron"] {
        assert_eq!(addresses(text), [""; 0], "{text}");
    }
    for (text, address) in [
        ("1204 West Old Mill Street", "1204 West Old Mill Street"),
        ("at 1204 Elm Ave 12", "1204 Elm Ave"),
        ("en calle Juárez 145 Elm Street", "calle Juárez 145"),
    ] {
        assert_eq!(addresses(text), [address], "{text}");
    }
    for text in ["12 & 14", "12 B"] {
        assert_eq!(at_home(Place::named(text), ""), [], "{text}: no street is named");
    }
}
