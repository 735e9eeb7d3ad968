use watchfire_protocol::vocabulary::Code;

use super::*;

const BOTH: [Lang; 2] = [Lang::En, Lang::Es];

#[test]
fn no_known_code_lacks_words_in_either_language() {
    for lang in BOTH {
        for list in List::ALL {
            for known in list.codes().iter().chain([&UNKNOWN]) {
                let word = code(lang, *list, known);
                assert!(matches!(word, Cow::Borrowed(_)), "{lang:?} has no words for `{known}` of {list:?}");
                assert!(!word.is_empty() && sanitize(&word) == word, "{lang:?} {list:?} {known}");
            }
        }
        for role in List::Role.codes() {
            let need = need(lang, &Need { role: Code::new(*role).unwrap(), language: None, count: 2 });
            assert_ne!(need, format!("2 {}", code(lang, List::Role, role)), "{lang:?} has no plural for `{role}`");
        }
    }
}

#[test]
fn no_words_are_left_over_or_twice() {
    for lang in BOTH {
        for (list, words) in lang.words() {
            let named: Vec<&str> = words.iter().map(|(code, _)| *code).collect();
            let known: Vec<&str> = list.codes().iter().copied().filter(|code| *code != UNKNOWN).collect();
            assert_eq!(named, known, "{lang:?} {list:?}");
            let mut said: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
            said.sort_unstable();
            said.dedup();
            assert_eq!(said.len(), words.len(), "{lang:?} {list:?} says two codes alike");
        }
    }
}

#[test]
fn no_word_asks_anybody_to_get_in_the_way() {
    for lang in BOTH {
        for (_, word) in lang.words().iter().flat_map(|(_, words)| *words) {
            for bad in ["block", "chase", "follow", "bloque", "persig", "persegu", "seguir"] {
                assert!(!word.contains(bad), "{word}");
            }
        }
    }
}

#[test]
fn a_code_that_nobody_knows_is_its_text() {
    assert_eq!(code(Lang::Es, List::Kind, "enforcement.drone"), "enforcement.drone");
    assert_eq!(code(Lang::Es, List::Kind, "enforcement.checkpoint"), "retén");
    assert_eq!(code(Lang::En, List::Ask, "unknown"), "not known");
    assert_eq!(codes(Lang::En, List::Agency, &["hsi", "sheriff", "space-force"]), "HSI, sheriff and space-force");
}

#[test]
fn the_flag_decides_then_the_locale_then_english() {
    let pick = |wanted: Option<&str>, set: &[(&str, &str)]| {
        Lang::pick(wanted, |name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    };
    assert_eq!(pick(Some("es"), &[("LANG", "en_US.UTF-8")]), Lang::Es);
    assert_eq!(pick(Some("en"), &[("LANG", "es_MX.UTF-8")]), Lang::En);
    assert_eq!(pick(None, &[("LANG", "es_MX.UTF-8")]), Lang::Es);
    assert_eq!(pick(None, &[("LANG", "es_MX.UTF-8"), ("LC_ALL", "en_US.UTF-8")]), Lang::En);
    assert_eq!(pick(None, &[("LANG", "es_MX.UTF-8"), ("LC_ALL", "")]), Lang::Es);
    assert_eq!(pick(None, &[("LANG", "fr_FR.UTF-8")]), Lang::En);
    assert_eq!(pick(None, &[("LANG", "fr_FR.UTF-8"), ("LANGUAGE", "fr:es:en")]), Lang::Es);
    assert_eq!(pick(None, &[("LC_ALL", "C.UTF-8"), ("LANGUAGE", "es")]), Lang::En);
    assert_eq!(pick(None, &[]), Lang::En);
    assert_eq!((Lang::of("ES-mx"), Lang::of("est"), Lang::of("")), (Some(Lang::Es), None, None));
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
        assert_eq!((ago(Lang::En, seconds).as_str(), ago(Lang::Es, seconds).as_str()), (en, es));
    }
    assert_eq!((ahead(Lang::En, 600), ahead(Lang::Es, 600)), ("in 10 min".into(), "en 10 min".into()));
    assert_eq!(ahead(Lang::En, 30), "in less than 1 min");
    let spans = [
        (0, "0 s"),
        (90, "1 min 30 s"),
        (1_800, "30 min"),
        (7_260, "2 h 1 min"),
        (604_800, "7 days"),
        (90_000, "1 day 1 h"),
    ];
    for (seconds, wanted) in spans {
        assert_eq!(duration(Lang::En, seconds), wanted);
    }
    assert_eq!(duration(Lang::Es, 172_800), "2 días");
}

#[test]
fn counts_and_lists_read_right() {
    assert_eq!(plural(1, "reply", "replies"), "1 reply");
    assert_eq!(plural(0, "reply", "replies"), "0 replies");
    assert_eq!(and::<&str>(Lang::En, &[]), "");
    assert_eq!(and(Lang::En, &["a"]), "a");
    assert_eq!(and(Lang::En, &["a", "b", "c"]), "a, b and c");
    assert_eq!(and(Lang::Es, &["español", "inglés"]), "español e inglés");
    assert_eq!(and(Lang::Es, &["agua", "hielo"]), "agua y hielo");
    assert_eq!(or(Lang::Es, &["siete", "ocho"]), "siete u ocho");
    assert_eq!(or(Lang::En, &["a", "b"]), "a or b");
    let need_of = |language: &str, count| Need {
        role: Code::new("interpreter").unwrap(),
        language: Some(Language::new(language).unwrap()),
        count,
    };
    assert_eq!(need(Lang::En, &need_of("es", 1)), "1 interpreter (Spanish)");
    assert_eq!(need(Lang::Es, &need_of("quc", 2)), "2 intérpretes (kʼicheʼ)");
    assert_eq!(need(Lang::En, &need_of("xx-YY", 2)), "2 interpreters (xx-YY)");
    assert_eq!(language(Lang::En, &Language::new("es-MX").unwrap()), "Spanish (es-MX)");
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
