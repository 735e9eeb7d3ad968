//! The files that people write: `alert.json` and `report.json`, and the same shapes on the way out.
//!
//! What was typed is read strictly, because its author is there to mend it: an unknown field, an unknown code or an
//! impossible number is refused with its name and what is allowed. What was received is written leniently: an unknown
//! code is text.

pub mod alert;
pub mod language;
pub mod report;
pub mod short;
pub mod sighting;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use watchfire_protocol::vocabulary::{Code, Invalid, Language, List};

pub use alert::AlertFile;
pub use report::ReportFile;
pub use short::{BadDuration, BadNeed, BadTime, parse_duration, parse_need, parse_rfc3339, rfc3339};

/// Bytes of the longest file that is read: no valid alert or report is longer, whatever its language.
pub const FILE_BYTES: usize = 64 * 1024;

/// Seconds of the longest time that an alert may ask for: a year, beyond any neighborhood's retention.
pub const EXPIRES_IN: u64 = 365 * 24 * 3600;

/// Why a file cannot be sent as it is.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It was not read at all.
    #[error("the file has {found} bytes, wanted at most {most}")]
    TooLarge {
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        most: usize,
    },
    /// It is no JSON; the text says where it stops being so.
    #[error("the file is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON of another shape: an unknown field, or a text where a number belongs.
    #[error("{0}")]
    Shape(serde_json::Error),
    /// A field that every file needs is not there.
    #[error("`{field}` is missing")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// A code that no version of any list could have.
    #[error("`{field}`: `{found}` is not a known {}, {}", .list.name(), .list.wanted(.found))]
    NotACode {
        /// Where.
        field: String,
        /// The list that the field takes its codes from.
        list: List,
        /// What was found.
        found: String,
    },
    /// No language of people.
    #[error("`{field}`: `{found}` is not the tag of a language, wanted one like `en`, `es-MX` or `zh-Hant`")]
    NotALanguage {
        /// Where.
        field: String,
        /// What was found.
        found: String,
    },
    /// Only part of a point was given.
    #[error("`place` has no `{missing}`, wanted `lat`, `lon` and `precision-m` together or none of them")]
    PointIncomplete {
        /// The part that is not there.
        missing: &'static str,
    },
    /// No alert of this id can exist.
    #[error("`references`: `{found}` is not the id of an alert, wanted all of its 26 symbols")]
    NotAnAlert {
        /// What was found.
        found: String,
    },
    /// A need that cannot be read.
    #[error("`needs`: {0}")]
    Need(#[from] BadNeed),
    /// A span of time that cannot be read.
    #[error("`{field}`: {error}")]
    Duration {
        /// Where.
        field: &'static str,
        /// What is wrong with it.
        error: BadDuration,
    },
    /// A time that cannot be read.
    #[error("`{field}`: {error}")]
    Time {
        /// Where.
        field: &'static str,
        /// What is wrong with it.
        error: BadTime,
    },
    /// A report of which nobody could check anything.
    #[error("nothing in the report can be checked, wanted at least `place`, `seen` or `comments`")]
    NothingToCheck,
    /// The file can be read, and what it says cannot be sent.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

/// Reads one JSON value of a known shape.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, FileError> {
    if text.len() > FILE_BYTES {
        return Err(FileError::TooLarge { found: text.len(), most: FILE_BYTES });
    }
    // Some editors put a byte order mark in front, which JSON does not allow and nobody can see.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text)
        .map_err(|error| if error.is_data() { FileError::Shape(error) } else { FileError::NotJson(error) })
}

fn code(field: &str, list: List, text: &str) -> Result<Code, FileError> {
    Code::new(text).map_err(|error| FileError::NotACode { field: field.into(), list, found: error.found })
}

fn codes(field: &str, list: List, texts: &[String]) -> Result<Vec<Code>, FileError> {
    texts.iter().map(|text| code(field, list, text)).collect()
}

fn maybe_code(field: &str, list: List, text: Option<&String>) -> Result<Option<Code>, FileError> {
    text.map(|text| code(field, list, text)).transpose()
}

fn language(field: &str, text: &str) -> Result<Language, FileError> {
    language::spoken(text).ok_or_else(|| FileError::NotALanguage { field: field.into(), found: short::shown(text) })
}

fn texts(codes: &[Code]) -> Vec<String> {
    codes.iter().map(Code::to_string).collect()
}
