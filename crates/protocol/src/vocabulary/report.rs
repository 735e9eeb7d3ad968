//! What a responder or a hotline tells the coordinators.

use std::fmt;

use bincode::{Decode, Encode};

use super::{AlertContent, Code, People, Place, Seen};

/// What a report says.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct ReportContent {
    /// A code of [`super::List::Kind`].
    pub kind: Code,
    /// Where.
    pub place: Option<Place>,
    /// What was seen.
    pub seen: Option<Seen>,
    /// Who is affected.
    pub people: Option<People>,
    /// A code of [`super::List::Source`].
    pub source: Code,
    /// Anything else. May be empty.
    pub comments: String,
    /// Who called, for calling back. Coordinators alone see it.
    pub caller: Option<Caller>,
}

/// Who called a hotline and how to reach them. It is shown at the desk and nowhere else: `{:?}` keeps it out of every
/// log, and [`ReportContent::to_alert`] leaves it behind.
#[derive(Encode, Decode, Clone, PartialEq, Eq)]
pub struct Caller(String);

/// How complete a report is, shown to its author while typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Something like it.
    Weak,
    /// Suspicious, and details are missing.
    Some,
    /// Time, place, count and markings.
    Strong,
}

impl ReportContent {
    /// A report of a kind that says nothing else yet.
    #[must_use]
    pub fn new(kind: Code) -> Self {
        Self {
            kind,
            place: None,
            seen: None,
            people: None,
            source: Code::constant(super::list::UNKNOWN),
            comments: String::new(),
            caller: None,
        }
    }

    /// What of the report may go into an alert: all that was seen, and neither the caller nor the comments, which may
    /// name people.
    #[must_use]
    pub fn to_alert(&self) -> AlertContent {
        AlertContent {
            place: self.place.clone(),
            seen: self.seen.clone(),
            people: self.people.clone(),
            ..AlertContent::new(self.kind.clone())
        }
    }

    /// How complete it is.
    #[must_use]
    pub fn strength(&self) -> Strength {
        let place = self.place.as_ref().is_some_and(|place| !place.text.trim().is_empty() || place.point.is_some());
        let Some(seen) = &self.seen else { return Strength::Weak };
        let known = |codes: &[Code]| codes.iter().any(|code| *code != super::list::UNKNOWN);
        let time = seen.seen_at.is_some();
        let count = seen.size.people.is_some() || seen.size.vehicles.is_some();
        let markings = !seen.unit.trim().is_empty() || known(&seen.agencies);
        match (place, time && count && markings) {
            (true, true) => Strength::Strong,
            (true, false) if count || markings || known(&seen.activity) => Strength::Some,
            _ => Strength::Weak,
        }
    }
}

impl Caller {
    /// Takes down who called.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What was written, for the desk's eyes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Caller(..)")
    }
}

impl Strength {
    /// The code of [`super::List::Strength`].
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::Weak => Code::constant("weak"),
            Self::Some => Code::constant("some"),
            Self::Strong => Code::constant("strong"),
        }
    }
}
