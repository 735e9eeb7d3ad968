//! Which languages there are: what somebody types must be one of them. What others sent is text, whatever its tag.

use isolang::Language as Listed;
use watchfire_protocol::vocabulary::Language;

/// The collections of ISO 639-5, and those that ISO 639-2 has beside it: a tag may name a family where nobody knows which
/// language of it somebody speaks. (The Library of Congress keeps the list.)
const COLLECTIONS: &[&str] = &[
    "aav", "afa", "alg", "alv", "apa", "aqa", "aql", "art", "ath", "auf", "aus", "awd", "azc", "bad", "bai", "bat",
    "ber", "bih", "bnt", "btk", "cai", "cau", "cba", "ccn", "ccs", "cdc", "cdd", "cel", "cmc", "cpe", "cpf", "cpp",
    "crp", "csu", "cus", "day", "dmn", "dra", "egx", "esx", "euq", "fiu", "fox", "gem", "gme", "gmq", "gmw", "grk",
    "hmx", "hok", "hyx", "iir", "ijo", "inc", "ine", "ira", "iro", "itc", "jpx", "kar", "kdo", "khi", "kro", "map",
    "mkh", "mno", "mun", "myn", "nah", "nai", "ngf", "nic", "nub", "omq", "omv", "oto", "paa", "phi", "plf", "poz",
    "pqe", "pqw", "pra", "qwe", "roa", "sai", "sal", "sdv", "sem", "sgn", "sio", "sit", "sla", "smi", "son", "sqj",
    "ssa", "syd", "tai", "tbq", "trk", "tup", "tut", "tuw", "urj", "wak", "wen", "xgn", "xnd", "ypk", "zhx", "zle",
    "zls", "zlw", "znd",
];

/// What ISO 639 has for what is no language of anybody: several, none, or an unknown one.
const NOBODYS: &[&str] = &["mis", "mul", "und", "zxx"];

/// Reads the tag of a language that exists, in its shortest form: `es` and not `spa`, as BCP 47 asks.
#[must_use]
pub fn spoken(text: &str) -> Option<Language> {
    let tag = Language::new(text).ok()?;
    exists(tag.primary()).then_some(tag)
}

/// The tag that is meant by another code of a language, or by its name in English or in itself.
#[must_use]
pub fn meant(text: &str) -> Option<String> {
    let (primary, rest) = text.split_at(text.find('-').unwrap_or(text.len()));
    if let Some(listed) = Listed::from_639_3(&primary.to_ascii_lowercase()).filter(|listed| listed.to_639_1().is_some())
    {
        return spoken(&format!("{}{rest}", tag_of(listed))).map(|tag| tag.to_string());
    }
    let name = text.trim().to_lowercase();
    let is_called = |name: String| move |known: &str| known.to_lowercase() == name;
    let named = Listed::match_names(is_called(name.clone())).chain(Listed::match_autonyms(is_called(name)));
    // Where one of several is in use everywhere, it has two letters.
    named.min_by_key(|listed| listed.to_639_1().is_none()).map(|listed| tag_of(listed).to_owned())
}

fn exists(primary: &str) -> bool {
    match primary.len() {
        2 => Listed::from_639_1(primary).is_some(),
        3 if NOBODYS.contains(&primary) => false,
        3 if COLLECTIONS.contains(&primary) => true,
        3 => Listed::from_639_3(primary).is_some_and(|listed| listed.to_639_1().is_none()),
        _ => false,
    }
}

fn tag_of(listed: Listed) -> &'static str {
    listed.to_639_1().unwrap_or_else(|| listed.to_639_3())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_one_that_exists_by_its_shortest_tag() {
        for tag in ["es", "es-MX", "mam", "kek", "quc", "nah", "oto", "zh-Hant", "sgn", "ES", "qu", "ht"] {
            assert!(spoken(tag).is_some(), "{tag}");
        }
        for tag in ["zz", "Spanish", "english", "spa", "xxx", "und", "mul", "", "e", "es_MX", "klingonish", "123"] {
            assert_eq!(spoken(tag), None, "{tag}");
        }
    }

    #[test]
    fn who_names_a_language_is_told_its_tag() {
        let tags = [
            ("Spanish", "es"),
            ("español", "es"),
            ("spa", "es"),
            ("SPA-MX", "es-MX"),
            ("Swahili", "sw"),
            ("Mam", "mam"),
            ("english", "en"),
        ];
        for (typed, tag) in tags {
            assert_eq!(meant(typed).as_deref(), Some(tag), "{typed}");
            assert!(spoken(tag).is_some());
        }
        for typed in ["zz", "klingonish", "", "-", "é-", "xxx"] {
            assert_eq!(meant(typed), None, "{typed}");
        }
    }
}
