//! Short spellings: `2h`, `interpreter:es:1`, `2026-11-21T20:02:11Z`.

use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{Code, List, Need, is_known};

use super::language::spoken;

/// A span of time that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDuration {
    /// No number, no unit, or more than that.
    #[error(
        "`{found}` is not a span of time, wanted a number and `s`, `m`, `h` or `d`, like `90s`, `30m`, `2h` or `7d`"
    )]
    Unreadable {
        /// What was found.
        found: String,
    },
    /// Nothing lasts no time.
    #[error("`{found}` is no time at all, wanted at least `1s`")]
    Zero {
        /// What was found.
        found: String,
    },
    /// Longer than it may be.
    #[error("`{found}` is too long, wanted at most `{most}`")]
    TooLong {
        /// What was found.
        found: String,
        /// What is allowed.
        most: String,
    },
}

/// A need that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNeed {
    /// Too few parts, too many, or no number at the end.
    #[error(
        "`{found}` is not a need, wanted `role:count` or `role:language:count`, like `observer:4` or `interpreter:es:1`"
    )]
    Unreadable {
        /// What was found.
        found: String,
    },
    /// A role that nobody can offer.
    #[error("`{role}` in `{found}` is not a known role, {}", List::Role.wanted(.role))]
    UnknownRole {
        /// The role.
        role: String,
        /// The whole need.
        found: String,
    },
    /// The middle is no language of people.
    #[error("`{language}` in `{found}` is not the tag of a language, wanted one like `en`, `es-MX` or `zh-Hant`")]
    NotALanguage {
        /// The middle.
        language: String,
        /// The whole need.
        found: String,
    },
}

/// A time that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a time since 1970, wanted one like `2026-11-21T20:02:11Z`")]
pub struct BadTime {
    /// What was found.
    pub found: String,
}

/// Reads a number and its unit into seconds, at most `most` of them.
///
/// # Errors
///
/// [`BadDuration`], which quotes what was found.
pub fn parse_duration(text: &str, most: u64) -> Result<u64, BadDuration> {
    let found = || shown(text);
    let unreadable = || BadDuration::Unreadable { found: found() };
    let trimmed = text.trim();
    let unit_at = trimmed.find(|c: char| !c.is_ascii_digit()).ok_or_else(unreadable)?;
    let (number, unit) = trimmed.split_at_checked(unit_at).ok_or_else(unreadable)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(unreadable()),
    };
    if number.is_empty() {
        return Err(unreadable());
    }
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).unwrap_or(u64::MAX);
    match seconds {
        0 => Err(BadDuration::Zero { found: found() }),
        seconds if seconds > most => Err(BadDuration::TooLong { found: found(), most: duration(most) }),
        seconds => Ok(seconds),
    }
}

/// Seconds as [`parse_duration`] reads them, in the largest unit that leaves nothing over.
#[must_use]
pub fn duration(seconds: u64) -> String {
    for (unit, name) in [(86_400, 'd'), (3_600, 'h'), (60, 'm')] {
        if seconds >= unit && seconds.is_multiple_of(unit) {
            return format!("{}{name}", seconds / unit);
        }
    }
    format!("{seconds}s")
}

/// Reads `role:count` or `role:language:count`.
///
/// # Errors
///
/// [`BadNeed`], which quotes what was found. A count of zero is none.
pub fn parse_need(text: &str) -> Result<Need, BadNeed> {
    let unreadable = || BadNeed::Unreadable { found: shown(text) };
    let parts: Vec<&str> = text.trim().split(':').collect();
    let (role, language, count) = match *parts {
        [role, count] => (role, None, count),
        [role, language, count] => (role, Some(language), count),
        _ => return Err(unreadable()),
    };
    let count = count.parse::<u16>().ok().filter(|count| *count > 0).ok_or_else(unreadable)?;
    let unknown = || BadNeed::UnknownRole { role: shown(role), found: shown(text) };
    let role = Code::new(role).ok().filter(|role| is_known(List::Role, role)).ok_or_else(unknown)?;
    let not_one = |language| BadNeed::NotALanguage { language: shown(language), found: shown(text) };
    let language = language.map(|tag| spoken(tag).ok_or_else(|| not_one(tag))).transpose()?;
    Ok(Need { role, language, count })
}

/// A need as [`parse_need`] reads it.
#[must_use]
pub fn need(need: &Need) -> String {
    let Need { role, language, count } = need;
    match language {
        Some(language) => format!("{role}:{language}:{count}"),
        None => format!("{role}:{count}"),
    }
}

/// Reads a time with its offset from UTC.
///
/// # Errors
///
/// [`BadTime`] where it is none, or before 1970.
pub fn parse_rfc3339(text: &str) -> Result<Timestamp, BadTime> {
    let time = text.trim().parse::<jiff::Timestamp>().ok();
    let seconds = time.and_then(|time| u64::try_from(time.as_second()).ok());
    seconds.map(Timestamp).ok_or_else(|| BadTime { found: shown(text) })
}

/// A time in UTC, whole seconds. What lies beyond the year 9999, which only a broken or hostile clock writes, is
/// shown as its end.
#[must_use]
pub fn rfc3339(time: Timestamp) -> String {
    let seconds = i64::try_from(time.0).unwrap_or(i64::MAX);
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX);
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What somebody typed, short and without control characters, for an error.
pub(crate) fn shown(text: &str) -> String {
    const CHARS: usize = 60;
    text.chars().take(CHARS).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
