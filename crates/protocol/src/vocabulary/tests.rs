use super::limit as max;
use super::*;
use crate::id::AlertId;
use crate::time::Timestamp;
use crate::wire::{decode_exact, encode};

const LIMIT: usize = 1 << 16;

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn block(language: &str, headline: &str) -> TextBlock {
    TextBlock {
        language: Language::new(language).unwrap(),
        headline: headline.into(),
        description: String::new(),
        instruction: String::new(),
    }
}

fn checkpoint() -> AlertContent {
    AlertContent { place: Some(Place::named("5th & Main")), ..AlertContent::new(code("enforcement.checkpoint")) }
}

fn assert_wire(bytes: &[u8], wanted: &str) {
    let found: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(found, wanted);
}

fn text(word: &str) -> String {
    let bytes: String = word.bytes().map(|b| format!("{b:02x}")).collect();
    format!("{:02x}{bytes}", word.len())
}

#[test]
fn the_bytes_of_an_alert_are_pinned() {
    let content = AlertContent {
        verification: Verification {
            state: code("verified"),
            by: vec![Check { handle: "Kai".into(), method: code("on-site"), at: Timestamp(258) }],
        },
        ask: Some(code("observe")),
        references: vec![AlertId([7; 16])],
        place: Some(Place {
            place_type: code("street"),
            text: "5th".into(),
            point: Some(Point { lat: 1, lon: -1, precision_m: 100 }),
        }),
        seen: Some(Seen {
            size: Size { people: Some(Count { min: 4, max: None }), vehicles: Some(Count { min: 2, max: Some(3) }) },
            activity: vec![code("waiting")],
            seen_at: Some(Timestamp(9)),
            still_there: Some(true),
            ..Seen::default()
        }),
        people: Some(People { detained: Some(0), languages: vec![Language::new("es").unwrap()], ..People::default() }),
        needs: vec![Need { role: code("medic"), language: None, count: 1 }],
        text: vec![block("en", "Hi")],
        ..AlertContent::new(code("enforcement.raid"))
    };
    let wanted = [
        text("enforcement.raid"), // kind
        text("actual"),           // status
        text("alert"),            // msg-type
        text("unknown"),          // urgency
        text("unknown"),          // severity
        text("unknown"),          // certainty
        text("verified"),         // verification: state
        "01".into(),              // by: one check
        text("Kai"),              //   handle
        text("on-site"),          //   method
        "fb0201".into(),          //   at
        "01".into(),
        text("observe"), // ask: given
        "00".into(),     // outcome: not given
        "01".into(),
        "07".repeat(16), // references: one alert id
        "01".into(),
        text("street"),
        text("5th"), // place: given, type, text
        "01".into(),
        "02".into(),
        "01".into(),
        "64".into(), // point: given, lat and lon zigzag, precision
        "01".into(), // seen: given
        "01".into(),
        "04".into(),
        "00".into(), //   people: given, min, no max
        "01".into(),
        "02".into(),
        "0103".into(), //   vehicles: given, min, max
        "01".into(),
        text("waiting"), //   activity
        "00".into(),
        "00".into(),
        "00".into(), //   unit, agencies, police role
        "0109".into(),
        "0101".into(), //   seen at, still there
        "00".into(),
        "00".into(), //   equipment, conduct
        "01".into(),
        "0100".into(), // people: given, detained
        "00".into(),
        "00".into(), //   children, medical
        "01".into(),
        text("es"), //   languages
        "01".into(),
        text("medic"),
        "00".into(),
        "01".into(), // needs: role, no language, count
        "01".into(),
        text("en"),
        text("Hi"),
        "00".into(),
        "00".into(), // text: language, headline, nothing else
    ];
    assert_wire(&encode(&content), &wanted.concat());
    assert_eq!(decode_exact::<AlertContent>(&encode(&content), LIMIT).unwrap(), content);
}

#[test]
fn the_bytes_of_a_report_and_of_an_answer_are_pinned() {
    let report = ReportContent {
        source: code("sms"),
        comments: "Hm".into(),
        caller: Some(Caller::new("Ana")),
        ..ReportContent::new(code("community.fire"))
    };
    let wanted = [text("community.fire"), "000000".into(), text("sms"), text("Hm"), "01".into(), text("Ana")];
    assert_wire(&encode(&report), &wanted.concat());
    let answer =
        AnswerContent { eta_minutes: Some(300), role: Some(code("medic")), ..AnswerContent::new(code("going")) };
    let wanted = [text("going"), "01fb2c01".into(), "00".into(), "01".into(), text("medic"), "00".into()];
    assert_wire(&encode(&answer), &wanted.concat());
}

#[test]
fn a_code_of_a_newer_client_survives_and_only_a_sender_is_held_to_the_lists() {
    let newer = AlertContent { place: Some(Place::named("x")), ..AlertContent::new(code("enforcement.drone")) };
    let read: AlertContent = decode_exact(&encode(&newer), LIMIT).unwrap();
    assert_eq!(read.kind.to_string(), "enforcement.drone");
    assert!(read.needs_verification());
    assert!(matches!(read.validate(), Err(Invalid::UnknownCode { list: List::Kind, .. })));
}

#[test]
fn bytes_that_are_no_code_and_no_language_are_refused() {
    for text in ["", "Raid", "a b", "raid\n", "ra\u{301}id", "a_b", &"a".repeat(49)] {
        assert!(Code::new(text).is_err(), "{text:?}");
        assert!(decode_exact::<Code>(&encode(&text), LIMIT).is_err(), "{text:?}");
    }
    for text in ["", "e", "en-", "-en", "en_US", "EN", "en-us", "es-mx", "12", "en-abcdefghi", &"en-abcdefgh".repeat(4)]
    {
        assert!(decode_exact::<Language>(&encode(&text), LIMIT).is_err(), "{text:?}");
    }
    assert_eq!(code(&"a".repeat(48)).as_str().len(), 48);
}

#[test]
fn a_language_has_one_spelling() {
    for (typed, spelled) in
        [("EN", "en"), ("es-mx", "es-MX"), ("zh-HANT-tw", "zh-Hant-TW"), ("nah", "nah"), ("es-419", "es-419")]
    {
        assert_eq!(Language::new(typed).unwrap().as_str(), spelled);
    }
    assert_eq!(Language::new("es-MX").unwrap().primary(), "es");
    for typed in ["", "x", "en--us", "inglés", "en us"] {
        assert!(Language::new(typed).is_err(), "{typed}");
    }
}

#[test]
fn every_known_code_is_well_formed_and_listed_once() {
    for list in List::ALL {
        let mut codes = list.codes().to_vec();
        codes.iter().for_each(|text| assert!(is_known(*list, code(text)), "{text}"));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), list.codes().len(), "{list:?}");
        assert!(is_known(*list, list::UNKNOWN));
        assert!(!is_known(*list, "enforcement"));
    }
}

#[test]
fn a_mistyped_code_finds_what_was_meant() {
    assert_eq!(List::Kind.nearest("enforcement.checkpont"), ["enforcement.checkpoint"]);
    assert_eq!(List::Kind.nearest("checkpoint"), ["enforcement.checkpoint"]);
    assert_eq!(List::Kind.nearest("medical"), ["support.medical", "community.medical"]);
    assert_eq!(List::PlaceType.nearest("Bus Station"), ["bus-station"]);
    assert_eq!(List::Role.nearest("interpretor"), ["interpreter"]);
    assert!(List::Role.nearest("xyzzy").is_empty());
    let error = AlertContent { ask: Some(code("obsrve")), ..checkpoint() }.validate().unwrap_err();
    assert_eq!(error.to_string(), "`ask`: `obsrve` is not a known ask, nearest: `observe`");
    let error = AlertContent { status: code("xyzzy"), ..checkpoint() }.validate().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`status`: `xyzzy` is not a known status, wanted one of `actual`, `exercise`, `test`"
    );
}

#[test]
fn what_is_a_sighting_needs_verification_and_nothing_else_does() {
    let needs = |kind: &str, status: &str, msg_type: &str| {
        let content = AlertContent { status: code(status), msg_type: code(msg_type), ..AlertContent::new(code(kind)) };
        content.needs_verification()
    };
    for kind in list::KINDS {
        let sighting = ["enforcement.", "support.", "community."].iter().any(|family| kind.starts_with(family));
        assert_eq!(needs(kind, "actual", "alert"), sighting, "{kind}");
        assert_eq!(needs(kind, "actual", "update"), sighting, "{kind}");
        for (status, msg_type) in
            [("actual", "cancel"), ("actual", "correction"), ("exercise", "alert"), ("test", "alert")]
        {
            assert!(!needs(kind, status, msg_type), "{kind} {status} {msg_type}");
        }
    }
    // New words are no way around verification.
    assert!(needs("enforcement.drone", "actual", "alert"));
    assert!(needs("rumor.spread", "actual", "alert"));
    assert!(needs("networking", "actual", "alert"));
    assert!(needs("enforcement.raid", "real", "repeat"));
}

#[test]
fn a_sighting_is_claimed_verified_by_two_states_only() {
    for state in list::VERIFICATION_STATES {
        let mut content = checkpoint();
        content.verification.state = code(state);
        assert_eq!(content.claims_verified(), ["verified", "corroborated"].contains(state), "{state}");
    }
}

#[test]
fn drills_and_calls_to_verify_say_so() {
    assert!(AlertContent::new(code("network.drill")).is_drill());
    assert!(AlertContent { status: code("exercise"), ..checkpoint() }.is_drill());
    assert!(!checkpoint().is_drill());
    let call = AlertContent { ask: Some(code("verify")), ..checkpoint() };
    assert!(call.is_call_to_verify() && call.asks_people_to_come());
    assert!(!checkpoint().is_call_to_verify() && checkpoint().asks_people_to_come());
    for ask in ["stay-in", "leave", "avoid", "monitor", "all-clear", "none"] {
        assert!(!AlertContent { ask: Some(code(ask)), ..checkpoint() }.asks_people_to_come(), "{ask}");
    }
    assert!(!AlertContent { msg_type: code("cancel"), ..checkpoint() }.asks_people_to_come());
    assert!(!AlertContent::new(code("network.notice")).asks_people_to_come());
    let need = Need { role: code("medic"), language: None, count: 1 };
    assert!(AlertContent { needs: vec![need], ..checkpoint() }.asks_people_to_come());
}

#[test]
fn an_alert_expires_by_what_it_is_about() {
    let after = |kind: &str| default_expiry(&AlertContent::new(code(kind)));
    assert_eq!(after("enforcement.raid"), 7_200);
    assert_eq!(after("network.notice"), 604_800);
    assert_eq!(after("community.flood"), 14_400);
    assert_eq!(default_expiry(&AlertContent { ask: Some(code("verify")), ..checkpoint() }), 1_800);
}

#[test]
fn a_reader_gets_their_language_or_the_first() {
    let content = AlertContent { text: vec![block("en", "a"), block("es-MX", "b"), block("es", "c")], ..checkpoint() };
    let read = |language: &str| {
        let reader = Language::new(language).unwrap();
        content.text_in(&reader, |block| &block.headline).unwrap().1
    };
    assert_eq!((read("es"), read("es-GT"), read("es-MX"), read("fr")), ("c", "b", "b", "a"));
}

#[test]
fn a_field_that_is_missing_in_a_readers_language_comes_in_another_and_the_sender_is_told_which() {
    let mut content = AlertContent { text: vec![block("en", "a"), block("es", "b")], ..checkpoint() };
    content.text[0].instruction = "Stay away".into();
    content.text[1].instruction = " ".into();
    content.text.iter_mut().for_each(|text| text.description.clear());
    let spanish = Language::new("es").unwrap();
    let read = |field: TextField| content.text_in(&spanish, field).map(|(written, text)| (written.to_string(), text));
    assert_eq!(read(|block| &block.headline), Some(("es".into(), "b")));
    assert_eq!(read(|block| &block.instruction), Some(("en".into(), "Stay away")));
    assert_eq!(read(|block| &block.description), None);
    assert_eq!(content.untranslated(), ["text.es.instruction"]);
}

#[test]
fn what_cannot_be_sent_is_named() {
    type Change = fn(&mut AlertContent);
    let cases: &[(Change, &str)] = &[
        (|c| c.place = None, "both `place` and `text` are missing, wanted at least one"),
        (|c| c.place = Some(Place::named(" ")), "`place` is empty, wanted a type, a text or a point"),
        (|c| c.place = Some(Place::named("é".repeat(201))), "`place.text` has 201 characters, wanted at most 200"),
        (|c| c.text = vec![block("en", &"x".repeat(161))], "`text.en.headline` has 161 characters, wanted at most 160"),
        (|c| c.text = vec![block("en", "")], "`text.en` is empty, wanted a headline"),
        (|c| c.text = vec![block("en", "a"), block("en", "b")], "`text` has `en` twice, wanted it once"),
        (
            |c| c.place.as_mut().unwrap().point = Some(Point { lat: 90_000_001, lon: 0, precision_m: 1 }),
            "`place.lat` is 90.000001, wanted -90 to 90",
        ),
        (
            |c| c.place.as_mut().unwrap().point = Some(Point { lat: 0, lon: i32::MIN, precision_m: 1 }),
            "`place.lon` is -2147.483648, wanted -180 to 180",
        ),
        (
            |c| c.place.as_mut().unwrap().point = Some(Point { lat: 0, lon: 0, precision_m: 0 }),
            "`place.precision-m` is 0, wanted 1 to 50000",
        ),
        (
            |c| {
                let people = Some(Count { min: 4, max: Some(2) });
                c.seen = Some(Seen { size: Size { people, vehicles: None }, ..Seen::default() });
            },
            "`seen.size.people` has min 4 and max 2, wanted min to be the smaller",
        ),
        (
            |c| c.needs = vec![Need { role: code("medic"), language: None, count: 0 }],
            "`needs medic` is 0, wanted 1 to 65535",
        ),
        (|c| c.references = vec![AlertId([0; 16]); 9], "`references` has 9 entries, wanted at most 8"),
    ];
    for (change, wanted) in cases {
        let mut content = checkpoint();
        change(&mut content);
        assert_eq!(content.validate().unwrap_err().to_string(), *wanted);
    }
    assert_eq!(checkpoint().validate_to_sign(), Ok(()));
}

#[test]
fn a_stand_down_names_what_ended_and_how() {
    let cancel = AlertContent { msg_type: code("cancel"), ..checkpoint() };
    assert!(matches!(cancel.validate_to_sign(), Err(Invalid::NothingReferenced { .. })));
    let cancel = AlertContent { references: vec![AlertId([1; 16])], ..cancel };
    assert!(matches!(cancel.validate_to_sign(), Err(Invalid::OutcomeMissing)));
    let cancel = AlertContent { outcome: Some(code("agents-left")), ..cancel };
    assert_eq!(cancel.validate_to_sign(), Ok(()));
    let update = AlertContent { msg_type: code("update"), ..cancel };
    assert!(matches!(update.validate_to_sign(), Err(Invalid::OutcomeUnexpected { .. })));
}

#[test]
fn what_is_corroborated_has_two_checks_of_different_people_or_sources() {
    let check = |handle: &str, method: &str| Check { handle: handle.into(), method: code(method), at: Timestamp(1) };
    let claims = |state: &str, by: Vec<Check>| AlertContent {
        verification: Verification { state: code(state), by },
        ..checkpoint()
    };
    let kai = || check("Kai", "on-site");
    for one in [vec![], vec![kai()], vec![kai(), kai()]] {
        let mut content = claims("corroborated", one);
        assert_eq!(content.validate_to_sign(), Err(Invalid::OneCheck));
        content.settle(Timestamp(2));
        assert_eq!((content.verification.state.as_str(), content.validate_to_sign()), ("verified", Ok(())));
    }
    for two in
        [vec![kai(), check("Lupe", "on-site")], vec![kai(), check("Kai", "photo")], vec![check("Kai", "two-reports")]]
    {
        let mut content = claims("corroborated", two);
        assert_eq!(content.validate_to_sign(), Ok(()));
        content.settle(Timestamp(2));
        assert_eq!(content.verification.state, "corroborated");
    }
    assert_eq!(claims("verified", vec![]).validate_to_sign(), Ok(()), "who checked it need not be said");
}

#[test]
fn nothing_that_has_happened_is_dated_later_than_clocks_differ() {
    let (now, doubt) = (Timestamp(1_000_000), crate::verdict::CLOCK_DOUBT);
    let seen = |at: Timestamp| Some(Seen { seen_at: Some(at), ..Seen::default() });
    let dated = |checked: Timestamp, seen_at: Timestamp| AlertContent {
        verification: Verification {
            state: code("verified"),
            by: vec![Check { handle: "Kai".into(), method: code("on-site"), at: checked }],
        },
        seen: seen(seen_at),
        ..checkpoint()
    };
    let ahead = now.plus(doubt + 1);
    assert_eq!(dated(now.plus(doubt), now.plus(doubt)).validate_times(now), Ok(()));
    for (content, field) in [(dated(ahead, now), "verification.by.at"), (dated(now, ahead), "seen.seen-at")] {
        assert_eq!(content.validate_times(now), Err(Invalid::StillToCome { field, at: ahead, now }));
        assert_eq!(content.validate(), Ok(()), "what others signed is shown");
    }
    let mut both = dated(ahead, ahead);
    both.settle(now);
    assert_eq!(both.verification.by[0].at, now);
    assert_eq!((both.seen.clone().unwrap().seen_at, both.validate_times(now)), (None, Ok(())));
    let report = |at| ReportContent { seen: seen(at), ..ReportContent::new(code("enforcement.raid")) };
    assert!(report(ahead).validate_times(now).is_err() && report(now).validate_times(now).is_ok());
}

#[test]
fn the_longest_valid_alert_fits_the_largest_record() {
    let wide = |chars: usize| "\u{1f525}".repeat(chars);
    let language = |at: usize| Language::new(&format!("aa-{}", "abcdefgh-".repeat(3) + &format!("q{at:04}"))).unwrap();
    let all = |list: List| list.codes().iter().take(max::CODES).map(|text| code(text)).collect();
    let content = AlertContent {
        verification: Verification {
            state: code("corroborated"),
            by: vec![
                Check {
                    handle: wide(max::HANDLE_CHARS),
                    method: code("trusted-reporter"),
                    at: Timestamp(u64::MAX)
                };
                max::CHECKS
            ],
        },
        references: vec![AlertId([9; 16]); max::REFERENCES],
        place: Some(Place::named(wide(max::PLACE_CHARS))),
        seen: Some(Seen {
            activity: all(List::Activity),
            unit: wide(max::SEEN_CHARS),
            agencies: all(List::Agency),
            equipment: wide(max::SEEN_CHARS),
            conduct: all(List::Conduct),
            ..Seen::default()
        }),
        people: Some(People { languages: (0..max::LANGUAGES).map(language).collect(), ..People::default() }),
        needs: vec![Need { role: code("family-liaison"), language: Some(language(1)), count: u16::MAX }; max::NEEDS],
        text: (0..max::TEXTS)
            .map(|at| TextBlock {
                language: language(at),
                headline: wide(max::HEADLINE_CHARS),
                description: wide(max::DESCRIPTION_CHARS),
                instruction: wide(max::INSTRUCTION_CHARS),
            })
            .collect(),
        ..AlertContent::new(code("enforcement.joint-operation"))
    };
    assert_eq!(content.validate(), Ok(()));
    let bytes = encode(&content).len();
    assert!(bytes <= max::ALERT_BYTES, "{bytes}");
    assert!(bytes > 60_000, "the bounds leave room that people could use: {bytes}");
}

#[test]
fn every_free_text_of_an_alert_is_looked_at() {
    let content = AlertContent {
        place: Some(Place::named("A12345678")),
        seen: Some(Seen { unit: "a@b.org".into(), equipment: "555-0123".into(), ..Seen::default() }),
        text: vec![TextBlock {
            headline: "A12345678".into(),
            description: "A12345678".into(),
            instruction: "A12345678".into(),
            ..block("es", "")
        }],
        ..checkpoint()
    };
    let fields: Vec<String> = content.identifying_text().into_iter().map(|finding| finding.field).collect();
    assert_eq!(
        fields,
        ["place.text", "seen.unit", "seen.equipment", "text.es.headline", "text.es.description", "text.es.instruction"]
    );
}

#[test]
fn a_caller_never_leaves_the_desk() {
    let report = ReportContent {
        place: Some(Place::named("5th & Main")),
        comments: "Ana saw it".into(),
        caller: Some(Caller::new("Ana, 312-555-0123")),
        ..ReportContent::new(code("enforcement.raid"))
    };
    let alert = report.to_alert();
    assert_eq!(alert, AlertContent { place: report.place, ..AlertContent::new(code("enforcement.raid")) });
    assert!(!format!("{alert:?}").contains("Ana"));
    assert!(!format!("{:?}", report.caller).contains("Ana"));
}

#[test]
fn a_report_grows_stronger_with_what_it_says() {
    let mut report = ReportContent::new(code("enforcement.raid"));
    assert_eq!(report.strength(), Strength::Weak);
    report.place = Some(Place::named("5th & Main"));
    report.seen = Some(Seen { activity: vec![code("waiting")], ..Seen::default() });
    assert_eq!(report.strength(), Strength::Some);
    let size = Size { people: Some(Count { min: 4, max: None }), vehicles: None };
    report.seen = Some(Seen { size, unit: "POLICE".into(), seen_at: Some(Timestamp(1)), ..Seen::default() });
    assert_eq!(report.strength(), Strength::Strong);
    assert_eq!(report.strength().code(), "strong");
}

#[test]
fn what_a_report_lacks_is_told_in_the_order_of_the_form() {
    let mut report = ReportContent::new(code("enforcement.raid"));
    assert_eq!(report.gaps(), [Gap::Count, Gap::Place, Gap::Markings, Gap::Time]);
    report.place = Some(Place { place_type: code("street"), ..Place::named(" ") });
    report.seen = Some(Seen { agencies: vec![code("unknown")], seen_at: Some(Timestamp(1)), ..Seen::default() });
    assert_eq!(report.gaps(), [Gap::Count, Gap::Place, Gap::Markings], "an unknown agency is no marking");
    let size = Size { people: None, vehicles: Some(Count { min: 2, max: Some(2) }) };
    report.place = Some(Place { point: Some(Point { lat: 1, lon: 1, precision_m: 50 }), ..Place::named("") });
    report.seen = Some(Seen { size, agencies: vec![code("cbp")], ..report.seen.unwrap() });
    assert_eq!((report.gaps(), report.strength()), (vec![], Strength::Strong));
}

#[test]
fn a_report_is_completed_by_another_and_never_overwritten_nor_given_its_caller() {
    let full = ReportContent {
        place: Some(Place { place_type: code("street"), text: "there".into(), point: None }),
        seen: Some(Seen {
            size: Size { people: Some(Count { min: 4, max: None }), vehicles: Some(Count { min: 2, max: None }) },
            activity: vec![code("waiting")],
            unit: "POLICE".into(),
            agencies: vec![code("hsi")],
            police_role: Some(code("escort")),
            seen_at: Some(Timestamp(9)),
            still_there: Some(false),
            equipment: "a ram".into(),
            conduct: vec![code("threats")],
        }),
        people: Some(People {
            detained: Some(2),
            children: Some(true),
            medical: Some(true),
            languages: vec!["es".parse().unwrap()],
        }),
        source: code("hotline-call"),
        comments: "Ana saw it".into(),
        caller: Some(Caller::new("Ana")),
        ..ReportContent::new(code("enforcement.home"))
    };
    let mut empty = ReportContent::new(code("enforcement.raid"));
    empty.complete_with(&full);
    let ReportContent { place, seen, people, .. } = full.clone();
    assert_eq!(empty, ReportContent { place, seen, people, ..ReportContent::new(code("enforcement.raid")) });
    let mut own = ReportContent {
        place: Some(Place::named("5th & Main")),
        seen: Some(Seen { unit: "ICE".into(), still_there: Some(true), ..Seen::default() }),
        people: Some(People { detained: Some(0), ..People::default() }),
        ..ReportContent::new(code("enforcement.raid"))
    };
    let filled = own.complete_with(&full);
    assert!(filled.contains(&"seen.equipment") && filled.contains(&"people") && !filled.contains(&"place"));
    let (place, seen, people) = (own.place.unwrap(), own.seen.unwrap(), own.people.unwrap());
    assert_eq!(place, Place::named("5th & Main"), "a place comes whole from one of them");
    assert_eq!((seen.unit.as_str(), seen.still_there, seen.equipment.as_str()), ("ICE", Some(true), "a ram"));
    assert_eq!((people.detained, people.children), (Some(0), Some(true)));
}
