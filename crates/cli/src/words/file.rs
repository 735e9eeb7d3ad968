//! What is wrong with what somebody wrote.

use watchfire_client::file::{BadDuration, BadNeed, BadTime, FileError};
use watchfire_protocol::vocabulary::{Invalid, List};

use super::{Lang, clock, error, field, language_meant, near, system, tell};

/// What is wrong with a file, or with what it says.
pub(super) fn message(lang: Lang, error: &FileError) -> String {
    match error {
        FileError::TooLarge { found, most } => tell!(lang, "file-too-large", found, most),
        FileError::NotJson(error) => tell!(lang, "file-not-json", error = system::json(lang, error)),
        FileError::Shape(error) => system::json(lang, error),
        FileError::Missing { field } => tell!(lang, "file-missing", field = field::written(lang, field)),
        FileError::NotACode { field, list, found } => not_a_code(lang, field, *list, found),
        FileError::NotALanguage { field, found } => {
            let field = field::written(lang, field);
            match language_meant(found) {
                Some(meant) => tell!(lang, "file-language-meant", field, found, meant),
                None => tell!(lang, "file-not-a-language", field, found),
            }
        }
        FileError::PointIncomplete { missing } => tell!(lang, "file-point-incomplete", missing),
        FileError::NotAnAlert { found } => {
            tell!(lang, "file-not-an-alert", field = field::written(lang, "references"), found)
        }
        FileError::Need(error) => {
            tell!(lang, "file-in-field", field = field::written(lang, "needs"), why = need(lang, error))
        }
        FileError::Duration { field: field @ "expires-in", error } => {
            tell!(lang, "file-expiry", field = field::written(lang, field), why = duration(lang, error))
        }
        FileError::Duration { field, error } => {
            tell!(lang, "file-in-field", field = field::written(lang, field), why = duration(lang, error))
        }
        FileError::Time { field, error: BadTime { found } } => {
            tell!(lang, "file-in-field", field = field::written(lang, field), why = tell!(lang, "file-time", found))
        }
        FileError::NothingToCheck => tell!(lang, "file-nothing-to-check").to_owned(),
        FileError::Invalid(error) => invalid(lang, error),
    }
}

/// What an alert or an answer may not say.
pub(super) fn invalid(lang: Lang, error: &Invalid) -> String {
    match error {
        Invalid::TooLong { field, found, most } => {
            tell!(lang, "file-too-long", field = field::written(lang, field), found, most)
        }
        Invalid::TooMany { field, found, most } => {
            tell!(lang, "file-too-many", field = field::written(lang, field), found, most)
        }
        Invalid::UnknownCode { field, list, code } => not_a_code(lang, field, *list, code.as_str()),
        Invalid::OutOfRange { field, found, least, most } => {
            tell!(
                lang,
                "file-out-of-range",
                field = field::written(lang, field),
                found,
                least = least.to_string(),
                most = most.to_string()
            )
        }
        Invalid::MinAboveMax { field, min, max } => {
            tell!(lang, "file-min-above-max", field = field::written(lang, field), min, max)
        }
        Invalid::NeitherPlaceNorText => tell!(lang, "file-neither-place-nor-text").to_owned(),
        Invalid::Empty { field, wanted } => {
            tell!(lang, "file-empty", field = field::written(lang, field), wanted = error::phrase(lang, wanted))
        }
        Invalid::Twice { field, entry } => tell!(lang, "file-twice", field = field::written(lang, field), entry),
        Invalid::NothingReferenced { msg_type } => {
            tell!(lang, "file-nothing-referenced", kind = msg_type.as_str())
        }
        Invalid::OutcomeMissing => tell!(lang, "file-outcome-missing", codes = quoted(List::Outcome.codes())),
        Invalid::OutcomeUnexpected { msg_type } => {
            tell!(lang, "file-outcome-unexpected", kind = msg_type.as_str())
        }
        Invalid::OneCheck => tell!(lang, "file-one-check", field = field::written(lang, "verification.state")),
        Invalid::StillToCome { field, at, now } => {
            let (at, now) = (clock::moment(lang, *at), clock::moment(lang, *now));
            tell!(lang, "file-still-to-come", field = field::written(lang, field), at, now)
        }
    }
}

fn not_a_code(lang: Lang, field: &str, list: List, found: &str) -> String {
    let wanted = wanted(lang, list, found);
    tell!(
        lang,
        "file-not-a-code",
        field = field::written(lang, field),
        found,
        list = error::phrase(lang, list.name()),
        wanted
    )
}

/// The codes that are near to what was found, or all of them.
fn wanted(lang: Lang, list: List, found: &str) -> String {
    let near = near(lang, list, found);
    match near.is_empty() {
        true => tell!(lang, "file-one-of", codes = quoted(list.codes())),
        false => tell!(lang, "file-nearest", codes = quoted(&near)),
    }
}

fn quoted(codes: &[&str]) -> String {
    codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
}

fn need(lang: Lang, error: &BadNeed) -> String {
    match error {
        BadNeed::Unreadable { found } => tell!(lang, "need-unreadable", found),
        BadNeed::UnknownRole { role, found } => {
            tell!(lang, "need-unknown-role", role, found, wanted = wanted(lang, List::Role, role))
        }
        BadNeed::NotALanguage { language, found } => match language_meant(language) {
            Some(meant) => tell!(lang, "need-language-meant", language, found, meant),
            None => tell!(lang, "need-not-a-language", language, found),
        },
    }
}

/// What is wrong with a span of time.
pub(crate) fn duration(lang: Lang, error: &BadDuration) -> String {
    match error {
        BadDuration::Unreadable { found } => tell!(lang, "duration-unreadable", found),
        BadDuration::Zero { found } => tell!(lang, "duration-zero", found),
        BadDuration::TooLong { found, most } => tell!(lang, "duration-too-long", found, most),
    }
}
