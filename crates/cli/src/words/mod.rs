//! The words of the interface: codes, times and counts in the reader's language, and what others wrote made safe to
//! print.

pub(crate) mod charter;
pub(crate) mod clock;
mod en;
pub(crate) mod error;
mod es;
mod file;
pub(crate) mod fork;
mod safe;
mod say;
mod span;
#[cfg(test)]
mod tests;
pub(crate) mod verdict;
pub(crate) mod withheld;

use std::borrow::Cow;

use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{Language, List, Need};

pub(crate) use safe::{json_safe, sanitize, sanitize_lines};
pub(crate) use say::say;
pub(crate) use span::{ago, ahead, duration};

/// A language that the interface speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lang {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Lang {
    /// The language of a tag or a locale: `es`, `es-MX`, `es_MX.UTF-8`.
    pub(crate) fn of(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "es" => Some(Self::Es),
            _ => None,
        }
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

    /// The one of two texts that is in this language.
    pub(crate) fn say<'a>(self, en: &'a str, es: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Es => es,
        }
    }

    /// The tag, to choose among the texts of an alert.
    pub(crate) fn tag(self) -> &'static str {
        self.say("en", "es")
    }

    fn words(self) -> &'static [(List, &'static [(&'static str, &'static str)])] {
        match self {
            Self::En => en::WORDS,
            Self::Es => es::WORDS,
        }
    }
}

/// A code in words. One that this version does not know is its own text, made safe to print.
pub(crate) fn code(lang: Lang, list: List, code: impl AsRef<str>) -> Cow<'static, str> {
    let code = code.as_ref();
    let list = lang.words().iter().find(|(named, _)| *named == list).map_or(&[][..], |(_, words)| words);
    match find(list, code) {
        Some(word) => Cow::Borrowed(word),
        None if code == UNKNOWN => Cow::Borrowed(lang.say(en::UNKNOWN, es::UNKNOWN)),
        None => Cow::Owned(sanitize(code)),
    }
}

/// Several codes of one list, in a sentence.
pub(crate) fn codes<C: AsRef<str>>(lang: Lang, list: List, several: &[C]) -> String {
    let words: Vec<_> = several.iter().map(|one| code(lang, list, one)).collect();
    and(lang, &words)
}

/// A language by its name, or by its tag where nobody wrote its name down here.
pub(crate) fn language(lang: Lang, language: &Language) -> Cow<'static, str> {
    let names = match lang {
        Lang::En => en::LANGUAGES,
        Lang::Es => es::LANGUAGES,
    };
    match find(names, language.primary()) {
        Some(name) if language.primary() == language.as_str() => Cow::Borrowed(name),
        Some(name) => Cow::Owned(format!("{name} ({language})")),
        None => Cow::Owned(language.to_string()),
    }
}

/// The tag of a language that is called by its name, in either language of the interface.
pub(crate) fn language_tag(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let mut names = en::LANGUAGES.iter().chain(es::LANGUAGES);
    names.find(|(_, known)| known.to_lowercase() == name).map(|(tag, _)| *tag)
}

/// Who is needed: `2 interpreters (Spanish)`.
pub(crate) fn need(lang: Lang, need: &Need) -> String {
    let Need { role, language: spoken, count } = need;
    let several = match lang {
        Lang::En => en::ROLES,
        Lang::Es => es::ROLES,
    };
    let role = match find(several, role.as_str()) {
        Some(word) if *count != 1 => Cow::Borrowed(word),
        _ => code(lang, List::Role, role),
    };
    match spoken {
        Some(spoken) => format!("{count} {role} ({})", language(lang, spoken)),
        None => format!("{count} {role}"),
    }
}

/// The conduct line of a network that has none of its own.
pub(crate) fn conduct_line(lang: Lang) -> &'static str {
    lang.say(en::CONDUCT_LINE, es::CONDUCT_LINE)
}

/// A count and what is counted: `1 reply`, `2 replies`.
pub(crate) fn plural(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and<T: AsRef<str>>(lang: Lang, items: &[T]) -> String {
    joined(items, |last| match lang {
        Lang::En => "and",
        Lang::Es if sounds_like(last, &["i", "í", "hi", "hí"]) && !sounds_like(last, &["hie", "ia", "ie", "io"]) => {
            "e"
        }
        Lang::Es => "y",
    })
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn or<T: AsRef<str>>(lang: Lang, items: &[T]) -> String {
    joined(items, |last| match lang {
        Lang::En => "or",
        Lang::Es if sounds_like(last, &["o", "ó", "ho", "hó"]) => "u",
        Lang::Es => "o",
    })
}

fn sounds_like(word: &str, beginnings: &[&str]) -> bool {
    let word = word.to_lowercase();
    beginnings.iter().any(|beginning| word.starts_with(beginning))
}

fn joined<T: AsRef<str>>(items: &[T], conjunction: impl Fn(&str) -> &'static str) -> String {
    let Some((last, before)) = items.split_last() else { return String::new() };
    let last = last.as_ref();
    if before.is_empty() {
        return last.to_owned();
    }
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    format!("{} {} {last}", before.join(", "), conjunction(last))
}

fn find(words: &'static [(&str, &'static str)], code: &str) -> Option<&'static str> {
    words.iter().find(|(known, _)| *known == code).map(|(_, word)| *word)
}
