//! The words of the interface: codes, times and counts in the reader's language, and what others wrote made safe to
//! print.

mod catalog;
pub(crate) mod charter;
pub(crate) mod clock;
pub(crate) mod desk;
pub(crate) mod error;
pub(crate) mod field;
mod file;
pub(crate) mod fork;
mod restriction;
mod safe;
mod span;
pub(crate) mod spoken;
pub(crate) mod system;
#[cfg(test)]
mod tests;
mod typed;
pub(crate) mod unreached;
pub(crate) mod verdict;
pub(crate) mod withheld;

use std::borrow::Cow;

use watchfire_client::file::language as tags;
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{Code, Language, List, Need};

use catalog::Embedded;
#[cfg(test)]
pub(crate) use catalog::tests as catalog_tests;
pub(crate) use catalog::{Value, tell};
pub(crate) use file::duration as span_of_time;
pub(crate) use safe::{isolated, json_safe, sanitize, sanitize_lines};
pub(crate) use span::{ago, ahead, days, duration};
pub(crate) use typed::{as_code, folded, meant, near, need_as_code, offered};

/// What the ids of the names of languages begin with.
const LANGUAGE: &str = "language-";

/// A language that the interface speaks: one of the catalogs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lang(usize);

impl Lang {
    /// English, which the others fall back to.
    pub(crate) const EN: Self = Self(0);
    /// Spanish.
    #[cfg(test)]
    pub(crate) fn es() -> Self {
        Self::of("es").unwrap_or_default()
    }

    /// All of them, English first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..Embedded::all().len()).map(Self)
    }

    /// The language of a tag or a locale: `es`, `es-MX`, `es_MX.UTF-8`.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::all().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// The language that `--lang` names, else the one of the locale, else English.
    ///
    /// `variable` reads the environment. As everywhere, the first of the variables that is set decides, even where it
    /// names a language that the interface does not speak; only `LANGUAGE` may list several.
    pub(crate) fn pick(wanted: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        let listed = || set("LANGUAGE")?.split(':').find_map(Self::of);
        wanted
            .and_then(Self::of)
            .or_else(|| {
                let locale = locale()?;
                // A plain `C` locale asks for no translation, whatever `LANGUAGE` says.
                let plain = ["C", "POSIX"].contains(&locale.split('.').next().unwrap_or_default());
                if plain { None } else { listed().or_else(|| Self::of(&locale)) }
            })
            .unwrap_or_default()
    }

    /// The tag, to choose among the texts of an alert.
    pub(crate) fn tag(self) -> &'static str {
        self.embedded().map_or("en", |language| language.tag)
    }

    fn embedded(self) -> Option<&'static Embedded> {
        Embedded::all().get(self.0)
    }
}

/// A code in words. One that this version does not know is its own text, made safe to print.
pub(crate) fn code(lang: Lang, list: List, code: impl AsRef<str>) -> Cow<'static, str> {
    let code = code.as_ref();
    match known(lang, list, code, 1) {
        Some(word) => word,
        None if code == UNKNOWN => Cow::Borrowed(tell!(lang, "code-unknown")),
        None => Cow::Owned(sanitize(code)),
    }
}

/// The words for so many of a code: only roles are counted.
fn known(lang: Lang, list: List, code: &str, count: u16) -> Option<Cow<'static, str>> {
    if !list.codes().contains(&code) || code == UNKNOWN {
        return None;
    }
    let id = code_id(list, code);
    match list {
        List::Role => lang.find(&id, [("count", Value::value(&count))]).map(Cow::Owned),
        _ => lang.lookup(&id).map(Cow::Borrowed),
    }
}

/// Several of a role, as a word.
pub(crate) fn several(lang: Lang, role: &Code) -> Cow<'static, str> {
    known(lang, List::Role, role.as_str(), 2).unwrap_or_else(|| code(lang, List::Role, role))
}

/// The id of the words for a code: `kind-enforcement_checkpoint`.
fn code_id(list: List, code: &str) -> String {
    format!("{}-{}", list.name().replace(' ', "-"), code.replace('.', "_"))
}

/// Several codes of one list, in a sentence.
pub(crate) fn codes<C: AsRef<str>>(lang: Lang, list: List, several: &[C]) -> String {
    let words: Vec<_> = several.iter().map(|one| code(lang, list, one)).collect();
    and(lang, &words)
}

/// A language by its name, or by its tag where nobody wrote its name down here.
pub(crate) fn language(lang: Lang, language: &Language) -> Cow<'static, str> {
    match lang.lookup(&format!("{LANGUAGE}{}", language.primary())) {
        Some(name) if language.primary() == language.as_str() => Cow::Borrowed(name),
        Some(name) => Cow::Owned(format!("{name} ({language})")),
        None => Cow::Owned(language.to_string()),
    }
}

/// The tag of a language that is called by its name, in any language of the interface.
fn language_tag(name: &str) -> Option<&'static str> {
    let name = folded(name);
    let mut names = Embedded::all().iter().flat_map(|language| language.catalog().family(LANGUAGE));
    names.find(|(_, known)| folded(known) == name).map(|(tag, _)| tag)
}

/// A language by its tag, or by its name in itself, in English or in any language of the interface.
pub(crate) fn language_named(typed: &str) -> Option<Language> {
    let typed = typed.trim();
    tags::spoken(typed).or_else(|| tags::spoken(&language_meant(typed)?))
}

/// The tag that may be meant by what names no language.
fn language_meant(text: &str) -> Option<String> {
    language_tag(text).map(str::to_owned).or_else(|| tags::meant(text))
}

/// So many people of a sort: `Spanish (2 people)`.
pub(crate) fn people_of(lang: Lang, sort: &str, count: usize) -> String {
    tell!(lang, "people-of", sort, count)
}

/// Who is needed: `2 interpreters (Spanish)`.
pub(crate) fn need(lang: Lang, need: &Need) -> String {
    let Need { role, language: spoken, count } = need;
    let role = known(lang, List::Role, role.as_str(), *count).unwrap_or_else(|| code(lang, List::Role, role));
    match spoken {
        Some(spoken) => format!("{count} {role} ({})", language(lang, spoken)),
        None => format!("{count} {role}"),
    }
}

/// The conduct line of a network that has none of its own.
pub(crate) fn conduct_line(lang: Lang) -> &'static str {
    tell!(lang, "conduct-line")
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and<T: AsRef<str>>(lang: Lang, items: &[T]) -> String {
    joined(lang, items, "list-and")
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn or<T: AsRef<str>>(lang: Lang, items: &[T]) -> String {
    joined(lang, items, "list-or")
}

fn joined<T: AsRef<str>>(lang: Lang, items: &[T], id: &'static str) -> String {
    let Some((last, before)) = items.split_last() else { return String::new() };
    let last = last.as_ref();
    if before.is_empty() {
        return last.to_owned();
    }
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    tell!(lang, id, items = before.join(", "), last, sound = sound(last))
}

/// The vowel that a word begins with to the ear, for languages whose conjunctions give way to it: `i`, `o` or `other`.
fn sound(word: &str) -> &'static str {
    let word = word.to_lowercase();
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| word.starts_with(beginning));
    match word.as_str() {
        _ if begins(&["hie", "ia", "ie", "io"]) => "other",
        _ if begins(&["i", "í", "hi", "hí"]) => "i",
        _ if begins(&["o", "ó", "ho", "hó"]) => "o",
        _ => "other",
    }
}
