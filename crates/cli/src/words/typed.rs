//! Codes as people type them: in English as they are written, or in the words of their own language, with or without
//! accents, capitals and hyphens.

use std::borrow::Cow;

use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{List, is_known};

use super::{Lang, code, code_id, known, language_named, or};

/// What the ids of what else people say for a code begin with.
const SAID: &str = "said-";

/// The code that a word means: the code itself, or what it is called in the reader's language. Nothing where two codes
/// are called so.
pub(crate) fn meant(lang: Lang, list: List, typed: &str) -> Option<&'static str> {
    let typed = plain(typed);
    let codes = || list.codes().iter().copied().filter(|code| *code != UNKNOWN);
    if let Some(code) = codes().find(|code| plain(code) == typed) {
        return Some(code);
    }
    let mut called = codes().filter(|code| words(lang, list, code).any(|word| plain(word) == typed));
    called.next().filter(|_| called.next().is_none())
}

/// What was typed as the code that it means. What means none stays as it is: whatever it is for refuses it.
pub(crate) fn as_code(lang: Lang, list: List, typed: String) -> String {
    match meant(lang, list, &typed) {
        Some(code) => code.to_owned(),
        None if is_known(list, plain(&typed)) => plain(&typed),
        None => typed,
    }
}

/// The same of `role:count` and `role:language:count`.
pub(crate) fn need_as_code(lang: Lang, typed: &str) -> String {
    let parts: Vec<&str> = typed.split(':').map(str::trim).collect();
    let role = |role: &str| as_code(lang, List::Role, role.to_owned());
    match *parts.as_slice() {
        [who, count] => format!("{}:{count}", role(who)),
        [who, spoken, count] => {
            let spoken = language_named(spoken).map_or_else(|| spoken.to_owned(), |tag| tag.to_string());
            format!("{}:{spoken}:{count}", role(who))
        }
        _ => typed.to_owned(),
    }
}

/// At most three codes that may be meant by what means none.
pub(crate) fn near(lang: Lang, list: List, typed: &str) -> Vec<&'static str> {
    let called = |code| words(lang, list, code).map(plain).collect();
    list.nearest_called(&plain(typed), called).into_iter().filter(|code| *code != UNKNOWN).collect()
}

/// Codes to choose from as they can be typed, each with a word for it: `medic` (paramédico) or `driver` (conductor).
pub(crate) fn offered(lang: Lang, list: List, codes: &[&'static str]) -> String {
    let codes = codes.iter().filter(|code| **code != UNKNOWN);
    or(lang, &codes.map(|code| to_type(lang, list, code)).collect::<Vec<_>>())
}

fn to_type(lang: Lang, list: List, typed: &'static str) -> String {
    let word = said(lang, list, typed).next().unwrap_or_default();
    let word = if word.is_empty() { code(lang, list, typed) } else { word.into() };
    if plain(&word) == plain(typed) { format!("`{typed}`") } else { format!("`{typed}` ({word})") }
}

/// Everything that a code is called.
fn words(lang: Lang, list: List, code: &str) -> impl Iterator<Item = String> {
    let shown = [1, 2].into_iter().filter_map(move |count| known(lang, list, code, count)).map(Cow::into_owned);
    shown.chain(said(lang, list, code).map(str::to_owned))
}

/// What else people say for a code.
fn said(lang: Lang, list: List, code: &str) -> impl Iterator<Item = &'static str> {
    let said = lang.lookup(&format!("{SAID}{}", code_id(list, code))).unwrap_or_default();
    said.split(',').map(str::trim).filter(|word| !word.is_empty())
}

/// A word without what is left out when somebody types in a hurry: capitals, accents, hyphens.
pub(super) fn plain(word: impl AsRef<str>) -> String {
    folded(word.as_ref()).replace(['-', '_'], " ")
}

/// Without capitals and accents.
pub(crate) fn folded(word: &str) -> String {
    let letter = |letter: char| match letter {
        'á' | 'à' | 'â' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'ì' | 'î' => 'i',
        'ó' | 'ò' | 'ô' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        other => other,
    };
    word.trim().to_lowercase().chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::catalog_tests::ids;

    #[test]
    fn a_code_is_typed_in_english_or_in_the_words_of_the_reader_with_or_without_accents() {
        let es = |list, typed| meant(Lang::es(), list, typed);
        for (list, typed, code) in [
            (List::Reason, "ocupado", "busy"),
            (List::Reason, "tiene otro compromiso", "busy"),
            (List::Role, "médico", "medic"),
            (List::Role, "MEDICA", "medic"),
            (List::Role, "Intérpretes", "interpreter"),
            (List::Role, "legal_support", "legal-support"),
            (List::Method, "por foto", "photo"),
            (List::VerificationState, "falsa alarma", "false-alarm"),
            (List::Outcome, "los agentes se fueron", "agents-left"),
            (List::Kind, "reten", "enforcement.checkpoint"),
            (List::Kind, "Enforcement.Checkpoint", "enforcement.checkpoint"),
        ] {
            assert_eq!(es(list, typed), Some(code), "{typed}");
        }
        assert_eq!(meant(Lang::EN, List::Role, "médico"), None, "in the reader's language");
        assert_eq!(es(List::Reason, "unknown"), None);
        assert_eq!(as_code(Lang::es(), List::Certainty, "Unknown".into()), "unknown", "every list has it");
        assert_eq!(as_code(Lang::es(), List::Kind, "Redadas!".into()), "Redadas!");
    }

    #[test]
    fn a_need_is_typed_in_the_words_of_the_reader() {
        assert_eq!(need_as_code(Lang::es(), "observadora:4"), "observer:4");
        assert_eq!(need_as_code(Lang::es(), "intérprete:español:1"), "interpreter:es:1");
        assert_eq!(need_as_code(Lang::es(), "piloto:x"), "piloto:x");
        assert_eq!(need_as_code(Lang::EN, "observer"), "observer");
    }

    #[test]
    fn every_word_that_is_offered_for_a_code_means_that_code() {
        for lang in Lang::all() {
            for list in List::ALL {
                for code in list.codes().iter().copied().filter(|code| *code != UNKNOWN) {
                    for word in words(lang, *list, code) {
                        assert_eq!(meant(lang, *list, &word), Some(code), "{} {word}", lang.tag());
                    }
                }
            }
            let all: Vec<String> =
                List::ALL.iter().flat_map(|list| list.codes().iter().map(|code| code_id(*list, code))).collect();
            for id in ids(lang, "said.ftl") {
                assert!(all.contains(&id.trim_start_matches(SAID).to_owned()), "no list has {id}");
            }
        }
    }

    #[test]
    fn a_language_is_known_without_its_accents_and_capitals() {
        for typed in ["espanol", "ESPAÑOL", "Español", "spanish", "es"] {
            assert_eq!(language_named(typed).unwrap().as_str(), "es", "{typed}");
        }
        assert!(language_named("espa").is_none());
    }

    #[test]
    fn a_slip_is_answered_with_the_codes_that_may_be_meant_in_the_words_of_the_reader() {
        assert_eq!(near(Lang::es(), List::Reason, "ocupdo"), ["busy"]);
        assert_eq!(near(Lang::es(), List::Role, "Paramédcio"), ["medic"]);
        assert_eq!(near(Lang::EN, List::Role, "obsrver"), ["observer"]);
        assert!(near(Lang::es(), List::Role, "jefe de estado").is_empty());
        assert_eq!(
            offered(Lang::es(), List::Role, &["medic", "driver"]),
            "`medic` (paramédico) o `driver` (conductor)"
        );
        assert_eq!(offered(Lang::EN, List::Role, &["medic"]), "`medic`");
    }
}
