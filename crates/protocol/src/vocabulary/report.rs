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

/// What a report lacks that would make it stronger, in the order of SALUTE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// How many people or vehicles.
    Count,
    /// Where.
    Place,
    /// What markings say, or whose people they are.
    Markings,
    /// When it was seen.
    Time,
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
        let gaps = self.gaps();
        let lacks = |gap: Gap| gaps.contains(&gap);
        let active = self.seen.as_ref().is_some_and(|seen| known(&seen.activity));
        if gaps.is_empty() {
            Strength::Strong
        } else if !lacks(Gap::Place) && (!lacks(Gap::Count) || !lacks(Gap::Markings) || active) {
            Strength::Some
        } else {
            Strength::Weak
        }
    }

    /// What would make it stronger. Who came, how many and with what markings is asked of agents, and of nobody else.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let place = self.place.as_ref().is_some_and(|place| !place.text.trim().is_empty() || place.point.is_some());
        let seen = |says: fn(&Seen) -> bool| self.seen.as_ref().is_some_and(says);
        let said = [
            (Gap::Count, seen(|seen| seen.size.people.is_some() || seen.size.vehicles.is_some())),
            (Gap::Place, place),
            (Gap::Markings, seen(|seen| !seen.unit.trim().is_empty() || known(&seen.agencies))),
            (Gap::Time, seen(|seen| seen.seen_at.is_some())),
        ];
        let agents = self.kind.is_in("enforcement");
        let asked = |gap: &Gap| agents || matches!(gap, Gap::Place | Gap::Time);
        said.into_iter().filter(|(gap, said)| !said && asked(gap)).map(|(gap, _)| gap).collect()
    }

    /// Whether there is anything in it that somebody could check: where, what was seen, or a comment.
    #[must_use]
    pub fn can_be_checked(&self) -> bool {
        let place = |place: &Place| {
            !place.text.trim().is_empty() || place.point.is_some() || place.place_type != super::list::UNKNOWN
        };
        self.place.as_ref().is_some_and(place)
            || self.seen.as_ref().is_some_and(|seen| *seen != Seen::default())
            || !self.comments.trim().is_empty()
    }

    /// Takes from another report of the same sighting what this one does not say; never its caller or its comments.
    pub fn complete_with(&mut self, other: &Self) -> Vec<&'static str> {
        let before = self.clone();
        // A place comes whole from one report: the coordinates of one are not those of another's street.
        let says = |place: &Place| !place.text.trim().is_empty() || place.point.is_some();
        if !self.place.as_ref().is_some_and(says) && other.place.is_some() {
            self.place.clone_from(&other.place);
        }
        if let Some(seen) = &other.seen {
            self.seen.get_or_insert_default().complete_with(seen);
        }
        if let Some(people) = &other.people {
            let own = self.people.get_or_insert_default();
            own.detained = own.detained.or(people.detained);
            own.children = own.children.or(people.children);
            own.medical = own.medical.or(people.medical);
            fill_list(&mut own.languages, &people.languages);
        }
        self.changed_since(&before)
    }

    /// The fields that say something else than before.
    fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        let nothing = Seen::default();
        let (seen, was) = (self.seen.as_ref().unwrap_or(&nothing), before.seen.as_ref().unwrap_or(&nothing));
        let all = [
            ("place", self.place != before.place),
            ("seen.size.people", seen.size.people != was.size.people),
            ("seen.size.vehicles", seen.size.vehicles != was.size.vehicles),
            ("seen.activity", seen.activity != was.activity),
            ("seen.unit", seen.unit != was.unit),
            ("seen.agencies", seen.agencies != was.agencies),
            ("seen.police-role", seen.police_role != was.police_role),
            ("seen.seen-at", seen.seen_at != was.seen_at),
            ("seen.still-there", seen.still_there != was.still_there),
            ("seen.equipment", seen.equipment != was.equipment),
            ("seen.conduct", seen.conduct != was.conduct),
            ("people", self.people != before.people),
        ];
        all.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect()
    }
}

impl Seen {
    fn complete_with(&mut self, other: &Self) {
        self.size.people = self.size.people.or(other.size.people);
        self.size.vehicles = self.size.vehicles.or(other.size.vehicles);
        fill_list(&mut self.activity, &other.activity);
        fill(&mut self.unit, &other.unit);
        fill_list(&mut self.agencies, &other.agencies);
        self.police_role = self.police_role.take().or_else(|| other.police_role.clone());
        self.seen_at = self.seen_at.or(other.seen_at);
        self.still_there = self.still_there.or(other.still_there);
        fill(&mut self.equipment, &other.equipment);
        fill_list(&mut self.conduct, &other.conduct);
    }
}

fn known(codes: &[Code]) -> bool {
    codes.iter().any(|code| *code != super::list::UNKNOWN)
}

fn fill(own: &mut String, other: &str) {
    if own.trim().is_empty() {
        other.clone_into(own);
    }
}

fn fill_list<T: Clone>(own: &mut Vec<T>, other: &[T]) {
    if own.is_empty() {
        *own = other.to_vec();
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
