//! What was seen and where, in the order of SALUTE: alerts and reports say it alike.

use bincode::{Decode, Encode};

use super::{Code, Language};
use crate::time::Timestamp;

/// Where it is, as exactly as everybody in the neighborhood may know. A home's door never stands here: it is sent to
/// those alone who said that they are going.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// A code of [`super::List::PlaceType`].
    pub place_type: Code,
    /// A corner, a street, a building. May be empty.
    pub text: String,
    /// A point on the map, where somebody gave one.
    pub point: Option<Point>,
}

/// A point on the map, which means little without knowing how exact it is.
#[derive(Encode, Decode, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Degrees north, in millionths.
    pub lat: i32,
    /// Degrees east, in millionths.
    pub lon: i32,
    /// The place is somewhere within this many metres.
    pub precision_m: u32,
}

/// What was seen.
#[derive(Encode, Decode, Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many.
    pub size: Size,
    /// Codes of [`super::List::Activity`].
    pub activity: Vec<Code>,
    /// What vests, badges and vehicles say, word for word; never a plate.
    pub unit: String,
    /// Codes of [`super::List::Agency`].
    pub agencies: Vec<Code>,
    /// A code of [`super::List::PoliceRole`].
    pub police_role: Option<Code>,
    /// When it was seen.
    pub seen_at: Option<Timestamp>,
    /// Whether it was still going on when this was written.
    pub still_there: Option<bool>,
    /// What they carried.
    pub equipment: String,
    /// Codes of [`super::List::Conduct`].
    pub conduct: Vec<Code>,
}

/// How many people and vehicles.
#[derive(Encode, Decode, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Agents or officers.
    pub people: Option<Count>,
    /// Vehicles.
    pub vehicles: Option<Count>,
}

/// A number that somebody estimated in passing.
#[derive(Encode, Decode, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// At least so many.
    pub min: u16,
    /// At most so many; without it the count reads "at least".
    pub max: Option<u16>,
}

/// Who is affected: how many and what they need, never who.
#[derive(Encode, Decode, Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// How many were detained.
    pub detained: Option<u16>,
    /// Whether children are there.
    pub children: Option<bool>,
    /// Whether somebody needs medical help.
    pub medical: Option<bool>,
    /// Languages that they need.
    pub languages: Vec<Language>,
}

impl Place {
    /// A place that somebody named in words.
    #[must_use]
    pub fn named(text: impl Into<String>) -> Self {
        Self { place_type: Code::constant("unknown"), text: text.into(), point: None }
    }

    /// Whether it says nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.point.is_none() && self.place_type == super::list::UNKNOWN
    }
}
