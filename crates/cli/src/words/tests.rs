use watchfire_client::ClientError;
use watchfire_protocol::id::CoordinatorId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::Code;

use super::*;

/// The words for each code of a list, as the catalog of this very language has them.
fn words(lang: Lang, list: List) -> Vec<String> {
    let known = list.codes().iter().filter(|known| **known != UNKNOWN);
    known.map(|known| super::known(lang, list, known, 1).unwrap().into_owned()).collect()
}

#[test]
fn every_known_code_has_words_of_its_own_and_no_words_are_left_over() {
    for lang in Lang::all() {
        let mut wanted = vec!["code-unknown".to_owned()];
        for list in List::ALL {
            let mut said = words(lang, *list);
            assert!(said.iter().all(|word| !word.is_empty() && sanitize(word) == *word), "{} {list:?}", lang.tag());
            said.sort_unstable();
            let all = said.len();
            said.dedup();
            assert_eq!(said.len(), all, "{} {list:?} says two codes alike", lang.tag());
            wanted.extend(list.codes().iter().filter(|code| **code != UNKNOWN).map(|code| code_id(*list, code)));
        }
        wanted.sort_unstable();
        assert_eq!(catalog::tests::ids(lang, "codes.ftl"), wanted, "{}", lang.tag());
        for role in List::Role.codes() {
            let need = need(lang, &Need { role: Code::new(*role).unwrap(), language: None, count: 2 });
            assert_ne!(need, format!("2 {}", code(lang, List::Role, role)), "{} has no plural of `{role}`", lang.tag());
        }
    }
}

#[test]
fn no_word_asks_anybody_to_get_in_the_way() {
    for word in Lang::all().flat_map(|lang| List::ALL.iter().flat_map(move |list| words(lang, *list))) {
        for bad in ["block", "chase", "follow", "bloque", "persig", "persegu", "seguir"] {
            assert!(!word.contains(bad), "{word}");
        }
    }
}

#[test]
fn a_code_that_nobody_knows_is_its_text() {
    assert_eq!(code(Lang::es(), List::Kind, "enforcement.drone"), "enforcement.drone");
    assert_eq!(code(Lang::es(), List::Kind, "enforcement.checkpoint"), "retén");
    assert_eq!(code(Lang::EN, List::Ask, "unknown"), "not known");
    assert_eq!(codes(Lang::EN, List::Agency, &["hsi", "sheriff", "space-force"]), "HSI, sheriff and space-force");
}

#[test]
fn the_flag_decides_then_the_locale_then_english() {
    let pick = |wanted: Option<&str>, set: &[(&str, &str)]| {
        Lang::pick(wanted, |name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    };
    assert_eq!(pick(Some("es"), &[("LANG", "en_US.UTF-8")]), Lang::es());
    assert_eq!(pick(Some("en"), &[("LANG", "es_MX.UTF-8")]), Lang::EN);
    assert_eq!(pick(None, &[("LANG", "es_MX.UTF-8")]), Lang::es());
    assert_eq!(pick(None, &[("LANG", "es_MX.UTF-8"), ("LC_ALL", "en_US.UTF-8")]), Lang::EN);
    assert_eq!(pick(None, &[("LANG", "es_MX.UTF-8"), ("LC_ALL", "")]), Lang::es());
    assert_eq!(pick(None, &[("LANG", "xx_XX.UTF-8")]), Lang::EN);
    assert_eq!(pick(None, &[("LANG", "xx_XX.UTF-8"), ("LANGUAGE", "xx:es:en")]), Lang::es());
    assert_eq!(pick(None, &[("LC_ALL", "C.UTF-8"), ("LANGUAGE", "es")]), Lang::EN);
    assert_eq!(pick(None, &[]), Lang::EN);
    assert_eq!((Lang::of("ES-mx"), Lang::of("est"), Lang::of("")), (Some(Lang::es()), None, None));
}

#[test]
fn ages_and_spans_read_as_people_say_them() {
    let cases = [
        (0, "just now", "ahora mismo"),
        (59, "just now", "ahora mismo"),
        (60, "1 min ago", "hace 1 min"),
        (3_599, "59 min ago", "hace 59 min"),
        (7_300, "2 h ago", "hace 2 h"),
        (86_400, "1 day ago", "hace 1 día"),
        (259_200, "3 days ago", "hace 3 días"),
    ];
    for (seconds, en, es) in cases {
        assert_eq!((ago(Lang::EN, seconds).as_str(), ago(Lang::es(), seconds).as_str()), (en, es));
    }
    assert_eq!((ahead(Lang::EN, 600), ahead(Lang::es(), 600)), ("in 10 min".into(), "en 10 min".into()));
    assert_eq!(ahead(Lang::EN, 30), "in less than 1 min");
    assert_eq!(ahead(Lang::EN, 2 * 3600 - 31), "in 1 h 59 min", "nearly two hours are not one");
    let spans = [
        (0, "0 s"),
        (90, "1 min 30 s"),
        (1_800, "30 min"),
        (7_260, "2 h 1 min"),
        (604_800, "7 days"),
        (90_000, "1 day 1 h"),
    ];
    for (seconds, wanted) in spans {
        assert_eq!(duration(Lang::EN, seconds), wanted);
    }
    assert_eq!(duration(Lang::es(), 172_800), "2 días");
}

#[test]
fn no_count_of_minutes_hours_or_days_reads_wrong() {
    let minutes = [(0, "0 s", "0 s"), (1, "1 min", "1 min"), (2, "2 min", "2 min"), (21, "21 min", "21 min")];
    for (count, en, es) in minutes {
        assert_eq!((duration(Lang::EN, count * 60).as_str(), duration(Lang::es(), count * 60).as_str()), (en, es));
    }
    let counts = [
        (0, "0 days", "0 días"),
        (1, "1 day", "1 día"),
        (2, "2 days", "2 días"),
        (21, "21 days", "21 días"),
        (1000, "1000 days", "1000 días"),
    ];
    for (count, en, es) in counts {
        assert_eq!((days(Lang::EN, count).as_str(), days(Lang::es(), count).as_str()), (en, es));
    }
    assert_eq!((ahead(Lang::EN, 60), ahead(Lang::es(), 60)), ("in 1 min".into(), "en 1 min".into()));
    assert_eq!((ago(Lang::EN, 21 * 3600), ago(Lang::es(), 21 * 3600)), ("21 h ago".into(), "hace 21 h".into()));
    assert_eq!(ago(Lang::es(), 1000 * 86_400), "hace 1000 días");
}

#[test]
fn what_a_language_lacks_is_told_in_english() {
    let nowhere = Lang(usize::MAX);
    assert_eq!((nowhere.text("span-now"), nowhere.tag()), ("just now", "en"));
    assert_eq!(tell!(nowhere, "span-ago", span = "1 min"), "1 min ago");
}

#[test]
fn counts_and_lists_read_right() {
    assert_eq!(and::<&str>(Lang::EN, &[]), "");
    assert_eq!(and(Lang::EN, &["a"]), "a");
    assert_eq!(and(Lang::EN, &["a", "b", "c"]), "a, b and c");
    assert_eq!(and(Lang::es(), &["español", "inglés"]), "español e inglés");
    assert_eq!(and(Lang::es(), &["agua", "hielo"]), "agua y hielo");
    assert_eq!(or(Lang::es(), &["siete", "ocho"]), "siete u ocho");
    assert_eq!(or(Lang::EN, &["a", "b"]), "a or b");
    let need_of = |language: &str, count| Need {
        role: Code::new("interpreter").unwrap(),
        language: Some(Language::new(language).unwrap()),
        count,
    };
    assert_eq!(need(Lang::EN, &need_of("es", 1)), "1 interpreter (Spanish)");
    assert_eq!(need(Lang::es(), &need_of("quc", 2)), "2 intérpretes (kʼicheʼ)");
    assert_eq!(need(Lang::EN, &need_of("xx-YY", 2)), "2 interpreters (xx-YY)");
    assert_eq!(language(Lang::EN, &Language::new("es-MX").unwrap()), "Spanish (es-MX)");
}

#[test]
fn what_others_wrote_cannot_move_color_turn_or_hide_anything() {
    assert_eq!(sanitize("a\u{1b}[2J\u{1b}[32mVERIFIED\u{7}"), "a[2J[32mVERIFIED");
    assert_eq!(sanitize("one\nVERIFIED  A7K2\r\ttwo\u{9b}31m"), "one VERIFIED  A7K2 two31m");
    assert_eq!(sanitize("\u{202e}dlrow\u{202c} \u{2066}x\u{2069}\u{200f}\u{61c}"), "dlrow x");
    assert_eq!(sanitize("a\u{200b}b\u{feff}c\u{ad}d\u{e0041}"), "abcd");
    assert_eq!(sanitize(&format!("e{}!", "\u{301}".repeat(50))), "e\u{301}\u{301}\u{301}!");
    for kept in ["Retén en 5th y Main", "می‌خواهم", "👩‍👧 ñ 中文", "Kʼicheʼ", "\u{e01}\u{e49}\u{e33}"]
    {
        assert_eq!(sanitize(kept), kept);
    }
    assert_eq!(sanitize_lines("one\r\n\n \u{1b}two\nthree"), ["one", "two", "three"]);
    assert_eq!(sanitize(" \u{0} "), "");
}

#[test]
fn times_and_hints_about_charters_say_what_was_typed_and_what_to_do() {
    use watchfire_client::ops::admin::{KeyFileError, KeyKind};
    use watchfire_client::ops::changes::Change;
    use watchfire_client::ops::charter::Namebook;
    use watchfire_protocol::charter::Flaw;

    let expires = |to| Change::Expires { from: Timestamp(1_795_291_331), to: Timestamp(to) };
    let told = charter::change(Lang::EN, &Namebook::default(), &expires(1_795_291_391));
    let (before, after) = told.split_once(", no longer ").unwrap();
    assert!(!before.ends_with(after), "{told}");
    let not_after = clock::until("2020-01-01").unwrap();
    let window = Flaw::Window { coordinator: CoordinatorId([1; 16]), not_before: not_after, not_after };
    assert!(charter::flaw(Lang::EN, &window).contains("January 1, 2020 has passed"));
    let key = ClientError::KeyFile(KeyFileError::Other { found: KeyKind::Admin, wanted: KeyKind::Device });
    for lang in Lang::all() {
        assert!(error::hint(lang, &key).unwrap().contains("charter device key"));
    }
}
