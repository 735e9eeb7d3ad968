//! What can be wrong with what somebody wrote, in words that name the field, what was found and what was wanted.
//!
//! These checks are for senders. A receiver shows what a granted coordinator signed, even where a newer version
//! allows more.

use super::limit as max;
use super::{
    AlertContent, AnswerContent, Check, Code, Count, List, People, Place, ReportContent, Seen, TextBlock, Verification,
    is_known, list,
};
use crate::time::Timestamp;
use crate::verdict::CLOCK_DOUBT;

/// Why something that was written cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The text must be cut by its author; nothing is cut in silence.
    #[error("`{field}` has {found} characters, wanted at most {most}")]
    TooLong {
        /// Where.
        field: String,
        /// Characters found.
        found: usize,
        /// Characters allowed.
        most: usize,
    },
    /// The list has more entries than fit.
    #[error("`{field}` has {found} entries, wanted at most {most}")]
    TooMany {
        /// Where.
        field: String,
        /// Entries found.
        found: usize,
        /// Entries allowed.
        most: usize,
    },
    /// The code is well-formed, and no list of this version has it.
    #[error("`{field}`: `{code}` is not a known {}, {}", .list.name(), .list.wanted(.code.as_str()))]
    UnknownCode {
        /// Where.
        field: String,
        /// Which list was asked.
        list: List,
        /// What was found.
        code: Code,
    },
    /// A number is impossible.
    #[error("`{field}` is {found}, wanted {least} to {most}")]
    OutOfRange {
        /// Where.
        field: String,
        /// The number found.
        found: String,
        /// The least allowed.
        least: i64,
        /// The most allowed.
        most: i64,
    },
    /// A minimum exceeds its maximum.
    #[error("`{field}` has min {min} and max {max}, wanted min to be the smaller")]
    MinAboveMax {
        /// Where.
        field: String,
        /// The minimum found.
        min: u16,
        /// The maximum found.
        max: u16,
    },
    /// Nobody could tell where it is or what it is about.
    #[error("both `place` and `text` are missing, wanted at least one")]
    NeitherPlaceNorText,
    /// The field is there and says nothing.
    #[error("`{field}` is empty, wanted {wanted}")]
    Empty {
        /// Where.
        field: String,
        /// What it should say.
        wanted: &'static str,
    },
    /// Two entries that must differ are the same.
    #[error("`{field}` has `{entry}` twice, wanted it once")]
    Twice {
        /// Where.
        field: String,
        /// What stands there twice.
        entry: String,
    },
    /// An update, cancel or correction that does not say of what.
    #[error("`references` is empty, and `msg-type` is `{msg_type}`: wanted the alert that it is about")]
    NothingReferenced {
        /// The type found.
        msg_type: Code,
    },
    /// A stand-down that does not say how it ended.
    #[error("`outcome` is missing, and `msg-type` is `cancel`: wanted one of {}", list::quoted(List::Outcome.codes()))]
    OutcomeMissing,
    /// Something ended that this alert says goes on.
    #[error("`outcome` is given, and `msg-type` is `{msg_type}`: wanted it with `cancel` only")]
    OutcomeUnexpected {
        /// The type found.
        msg_type: Code,
    },
    /// One check, or one source, corroborates nothing.
    #[error("`verification.state` is `corroborated`, wanted two checks of different people or sources")]
    OneCheck,
    /// Something that has happened is dated later than clocks differ.
    #[error("`{field}` is still to come: {} seconds ahead", .at.since(*.now))]
    StillToCome {
        /// Where.
        field: &'static str,
        /// The time found.
        at: Timestamp,
        /// The time by this device's clock.
        now: Timestamp,
    },
}

impl AlertContent {
    /// Checks every field by itself: the bounds of [`max`], and that each code is known here.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, in the order of the fields.
    pub fn validate(&self) -> Result<(), Invalid> {
        known("kind", List::Kind, &self.kind)?;
        known("status", List::Status, &self.status)?;
        known("msg-type", List::MsgType, &self.msg_type)?;
        known("urgency", List::Urgency, &self.urgency)?;
        known("severity", List::Severity, &self.severity)?;
        known("certainty", List::Certainty, &self.certainty)?;
        verification(&self.verification)?;
        known_if_given("ask", List::Ask, self.ask.as_ref())?;
        known_if_given("outcome", List::Outcome, self.outcome.as_ref())?;
        few("references", self.references.len(), max::REFERENCES)?;
        sighting(self.place.as_ref(), self.seen.as_ref(), self.people.as_ref())?;
        few("needs", self.needs.len(), max::NEEDS)?;
        for need in &self.needs {
            known("needs", List::Role, &need.role)?;
            if need.count == 0 {
                return Err(Invalid::OutOfRange {
                    field: format!("needs {}", need.role),
                    found: "0".into(),
                    least: 1,
                    most: u16::MAX.into(),
                });
            }
        }
        few("text", self.text.len(), max::TEXTS)?;
        once("text", self.text.iter().map(|block| &block.language))?;
        self.text.iter().try_for_each(text_block)?;
        if self.place.is_none() && self.text.is_empty() {
            return Err(Invalid::NeitherPlaceNorText);
        }
        Ok(())
    }

    /// Checks what [`Self::validate`] does, and that the fields go together: the last check before signing.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn validate_to_sign(&self) -> Result<(), Invalid> {
        self.validate()?;
        if self.msg_type != "alert" && self.references.is_empty() {
            return Err(Invalid::NothingReferenced { msg_type: self.msg_type.clone() });
        }
        if self.verification.lacks_a_second_source() {
            return Err(Invalid::OneCheck);
        }
        match (&self.outcome, self.is_cancel()) {
            (None, true) => Err(Invalid::OutcomeMissing),
            (Some(_), false) => Err(Invalid::OutcomeUnexpected { msg_type: self.msg_type.clone() }),
            _ => Ok(()),
        }
    }

    /// Checks that what it says to have happened is not still to come.
    ///
    /// # Errors
    ///
    /// The first time that lies further ahead than clocks differ.
    pub fn validate_times(&self, now: Timestamp) -> Result<(), Invalid> {
        seen_by_now(self.seen.as_ref(), now)?;
        self.verification.by.iter().try_for_each(|check| come_by_now("verification.by.at", check.at, now))
    }

    /// Makes what others wrote fit to be said again: what is still to come by this clock is not said to have happened, and
    /// what one source bore out is no more than verified.
    pub fn settle(&mut self, now: Timestamp) {
        if self.verification.lacks_a_second_source() {
            self.verification.state = Code::constant("verified");
        }
        for check in self.verification.by.iter_mut().filter(|check| is_ahead(check.at, now)) {
            check.at = now;
        }
        if let Some(seen) = &mut self.seen {
            seen.seen_at = seen.seen_at.filter(|at| !is_ahead(*at, now));
        }
    }
}

impl Verification {
    /// Whether it claims to be corroborated, and nothing but one check of one source bears that out.
    fn lacks_a_second_source(&self) -> bool {
        let first = self.by.first();
        let second = |check: &Check| {
            check.method == "two-reports"
                || first.is_some_and(|first| check.handle != first.handle || check.method != first.method)
        };
        self.state == "corroborated" && !self.by.iter().any(second)
    }
}

impl Place {
    /// Checks a place by itself: the bounds of [`max`], and that its type is known here.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        place(self)
    }
}

impl ReportContent {
    /// Checks every field: the bounds of [`max`], and that each code is known here.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, in the order of the fields.
    pub fn validate(&self) -> Result<(), Invalid> {
        known("kind", List::Kind, &self.kind)?;
        sighting(self.place.as_ref(), self.seen.as_ref(), self.people.as_ref())?;
        known("source", List::Source, &self.source)?;
        short("comments", &self.comments, max::COMMENTS_CHARS)?;
        short("caller", self.caller.as_ref().map_or("", |caller| caller.reveal()), max::CALLER_CHARS)
    }

    /// Checks that what it says to have been seen is not still to come.
    ///
    /// # Errors
    ///
    /// It lies further ahead than clocks differ.
    pub fn validate_times(&self, now: Timestamp) -> Result<(), Invalid> {
        seen_by_now(self.seen.as_ref(), now)
    }
}

impl AnswerContent {
    /// Checks every field: the bounds of [`max`], and that each code is known here.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, in the order of the fields.
    pub fn validate(&self) -> Result<(), Invalid> {
        known("answer", List::Answer, &self.answer)?;
        if let Some(eta) = self.eta_minutes {
            range("eta-minutes", eta, max::ETA_MINUTES)?;
        }
        known_if_given("reason", List::Reason, self.reason.as_ref())?;
        known_if_given("role", List::Role, self.role.as_ref())?;
        short("text", &self.text, max::ANSWER_CHARS)
    }
}

fn verification(verification: &Verification) -> Result<(), Invalid> {
    known("verification.state", List::VerificationState, &verification.state)?;
    few("verification.by", verification.by.len(), max::CHECKS)?;
    for check in &verification.by {
        if check.handle.trim().is_empty() {
            return Err(Invalid::Empty { field: "verification.by.handle".into(), wanted: "who checked" });
        }
        short("verification.by.handle", &check.handle, max::HANDLE_CHARS)?;
        known("verification.by.method", List::Method, &check.method)?;
    }
    Ok(())
}

fn seen_by_now(seen: Option<&Seen>, now: Timestamp) -> Result<(), Invalid> {
    seen.and_then(|seen| seen.seen_at).map_or(Ok(()), |at| come_by_now("seen.seen-at", at, now))
}

fn come_by_now(field: &'static str, at: Timestamp, now: Timestamp) -> Result<(), Invalid> {
    if is_ahead(at, now) { Err(Invalid::StillToCome { field, at, now }) } else { Ok(()) }
}

/// Whether a time lies further ahead than clocks differ.
fn is_ahead(at: Timestamp, now: Timestamp) -> bool {
    at > now.plus(CLOCK_DOUBT)
}

fn sighting(where_: Option<&Place>, seen: Option<&Seen>, people: Option<&People>) -> Result<(), Invalid> {
    if let Some(where_) = where_ {
        place(where_)?;
    }
    if let Some(seen) = seen {
        count("seen.size.people", seen.size.people)?;
        count("seen.size.vehicles", seen.size.vehicles)?;
        all_known("seen.activity", List::Activity, &seen.activity)?;
        short("seen.unit", &seen.unit, max::SEEN_CHARS)?;
        all_known("seen.agencies", List::Agency, &seen.agencies)?;
        known_if_given("seen.police-role", List::PoliceRole, seen.police_role.as_ref())?;
        short("seen.equipment", &seen.equipment, max::SEEN_CHARS)?;
        all_known("seen.conduct", List::Conduct, &seen.conduct)?;
    }
    let languages = people.map_or(&[][..], |people| &people.languages);
    few("people.languages", languages.len(), max::LANGUAGES)?;
    once("people.languages", languages.iter())
}

pub(crate) fn place(place: &Place) -> Result<(), Invalid> {
    known("place.type", List::PlaceType, &place.place_type)?;
    short("place.text", &place.text, max::PLACE_CHARS)?;
    if place.is_empty() {
        return Err(Invalid::Empty { field: "place".into(), wanted: "a type, a text or a point" });
    }
    let Some(point) = place.point else { return Ok(()) };
    degrees("place.lat", point.lat, 90)?;
    degrees("place.lon", point.lon, 180)?;
    range("place.precision-m", point.precision_m, max::PRECISION_M)
}

fn text_block(block: &TextBlock) -> Result<(), Invalid> {
    let TextBlock { language, headline, description, instruction } = block;
    if [headline, description, instruction].iter().all(|text| text.trim().is_empty()) {
        return Err(Invalid::Empty { field: format!("text.{language}"), wanted: "a headline" });
    }
    short(&format!("text.{language}.headline"), headline, max::HEADLINE_CHARS)?;
    short(&format!("text.{language}.description"), description, max::DESCRIPTION_CHARS)?;
    short(&format!("text.{language}.instruction"), instruction, max::INSTRUCTION_CHARS)
}

pub(crate) fn known(field: &str, list: List, code: &Code) -> Result<(), Invalid> {
    if is_known(list, code) {
        return Ok(());
    }
    Err(Invalid::UnknownCode { field: field.into(), list, code: code.clone() })
}

pub(crate) fn known_if_given(field: &str, list: List, code: Option<&Code>) -> Result<(), Invalid> {
    code.map_or(Ok(()), |code| known(field, list, code))
}

fn all_known(field: &str, list: List, codes: &[Code]) -> Result<(), Invalid> {
    few(field, codes.len(), max::CODES)?;
    codes.iter().try_for_each(|code| known(field, list, code))?;
    once(field, codes.iter())
}

pub(crate) fn short(field: &str, text: &str, most: usize) -> Result<(), Invalid> {
    match text.chars().count() {
        found if found > most => Err(Invalid::TooLong { field: field.into(), found, most }),
        _ => Ok(()),
    }
}

pub(crate) fn few(field: &str, found: usize, most: usize) -> Result<(), Invalid> {
    if found > most { Err(Invalid::TooMany { field: field.into(), found, most }) } else { Ok(()) }
}

fn once<T: Ord + ToString>(field: &str, entries: impl Iterator<Item = T>) -> Result<(), Invalid> {
    let mut met = std::collections::BTreeSet::new();
    for entry in entries {
        if met.contains(&entry) {
            return Err(Invalid::Twice { field: field.into(), entry: entry.to_string() });
        }
        met.insert(entry);
    }
    Ok(())
}

fn count(field: &str, count: Option<Count>) -> Result<(), Invalid> {
    match count {
        Some(Count { min, max: Some(max) }) if min > max => Err(Invalid::MinAboveMax { field: field.into(), min, max }),
        _ => Ok(()),
    }
}

fn range(field: &str, found: impl Into<i64>, most: impl Into<i64>) -> Result<(), Invalid> {
    let (found, most) = (found.into(), most.into());
    if (1..=most).contains(&found) {
        return Ok(());
    }
    Err(Invalid::OutOfRange { field: field.into(), found: found.to_string(), least: 1, most })
}

fn degrees(field: &str, micro: i32, most: i32) -> Result<(), Invalid> {
    if micro.unsigned_abs() <= most.unsigned_abs() * 1_000_000 {
        return Ok(());
    }
    let found = format!("{}", f64::from(micro) / 1e6);
    Err(Invalid::OutOfRange { field: field.into(), found, least: (-most).into(), most: most.into() })
}
