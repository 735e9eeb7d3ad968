//! What alerts and reports share: `place`, `seen` and `people`.

use serde::{Deserialize, Serialize};
use watchfire_protocol::vocabulary::{
    Code, Count, Invalid, Language, List, People, Place, Point, Seen, Size, limit, list::UNKNOWN,
};

use super::{FileError, code, codes, language, maybe_code, parse_rfc3339, rfc3339, texts};
use crate::export::coarse::{Coarse, LEAST_METRES, coarse, of_home};

/// `place`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct PlaceFile {
    /// A code of [`List::PlaceType`].
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub place_type: Option<String>,
    /// A corner, a street, a building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// How exact the two are, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision_m: Option<u32>,
    /// Where exactly, in an alert's file only: never in the alert, and sent to those who say that they come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<Box<PlaceFile>>,
}

/// `seen`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SeenFile {
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<SizeFile>,
    /// Codes of [`List::Activity`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<String>,
    /// What markings say.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Codes of [`List::Agency`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<String>,
    /// A code of [`List::PoliceRole`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub police_role: Option<String>,
    /// What they carried.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub equipment: String,
    /// Codes of [`List::Conduct`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conduct: Vec<String>,
    /// When it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<String>,
    /// Whether it was still going on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub still_there: Option<bool>,
}

/// `seen.size`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SizeFile {
    /// Agents or officers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<CountFile>,
    /// Vehicles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicles: Option<CountFile>,
}

/// `{"min":4}` is at least four, `{"min":2,"max":2}` exactly two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CountFile {
    /// At least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u16>,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u16>,
}

/// `people`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct PeopleFile {
    /// How many were detained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detained: Option<u16>,
    /// Whether children are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<bool>,
    /// Whether somebody needs medical help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medical: Option<bool>,
    /// Languages that they need.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
}

impl PlaceFile {
    /// What everybody may know of where something was reported, with the place itself as `exact` where that is more: of
    /// a home no text, and a point no finer than a kilometre; of other places none finer than [`LEAST_METRES`].
    #[must_use]
    pub fn for_everybody(place: &Place, kind: &Code) -> Self {
        let (whole, home) = (Self::from(place), place.is_home(kind));
        let fine = place.point.is_some_and(|point| home || point.precision_m < LEAST_METRES);
        if !(fine || home && !place.text.is_empty()) {
            return whole;
        }
        let mut zone = Self { text: whole.text.clone().filter(|_| !home), ..whole.clone() };
        zone.set_coarse(place.point.map(if home { of_home } else { coarse }));
        zone.say_that_it_is_a_home(home);
        Self { exact: Some(Box::new(whole)), ..zone }
    }

    /// Keeps for those who come what says exactly where somebody lives: an address, and a point finer than a kilometre,
    /// of which everybody is told the rough place. What was said for those who come before stays said. False if nothing
    /// of it is exact.
    pub fn keep_home(&mut self, kind: &Code) -> bool {
        let said = Self { exact: None, ..self.clone() };
        let Ok(place) = said.to_place() else { return false };
        let (address, point) = (place.home_address(kind), place.point.filter(|_| place.is_exact_home(kind)));
        if address.is_none() && point.is_none() {
            return false;
        }
        let exact =
            self.exact.get_or_insert_with(|| Box::new(Self { place_type: said.place_type.clone(), ..Self::default() }));
        if exact.text.is_none() {
            exact.text.clone_from(&said.text);
        }
        if exact.lat.is_none() && exact.lon.is_none() {
            (exact.lat, exact.lon, exact.precision_m) = (said.lat, said.lon, said.precision_m);
        }
        if address.is_some() {
            self.text = None;
        }
        if let Some(point) = point {
            self.set_coarse(Some(of_home(point)));
        }
        self.say_that_it_is_a_home(true);
        true
    }

    /// Where nothing else is left for everybody, what kind of place it is.
    fn say_that_it_is_a_home(&mut self, home: bool) {
        let unsaid = self.place_type.as_deref().is_none_or(|sort| sort == UNKNOWN);
        if home && unsaid && self.text.is_none() && self.lat.is_none() {
            self.place_type = Some("home".to_owned());
        }
    }

    fn set_coarse(&mut self, point: Option<Coarse>) {
        self.set_point(point.map(|point| (point.lat, point.lon, point.within_m.min(limit::PRECISION_M))));
    }

    /// Says where it is on the map: degrees north and east, then how exact they are in metres.
    pub fn set_point(&mut self, point: Option<(f64, f64, u32)>) {
        self.lat = point.map(|(lat, _, _)| lat);
        self.lon = point.map(|(_, lon, _)| lon);
        self.precision_m = point.map(|(_, _, metres)| metres);
    }

    pub(super) fn to_place(&self) -> Result<Place, FileError> {
        if self.exact.is_some() {
            let misplaced = serde::de::Error::custom("unknown field `exact`: it stands in the place of an alert only");
            return Err(FileError::Shape(misplaced));
        }
        let place_type = code("place.type", List::PlaceType, self.place_type.as_deref().unwrap_or(UNKNOWN))?;
        Ok(Place { place_type, text: self.text.clone().unwrap_or_default(), point: self.point()? })
    }

    fn point(&self) -> Result<Option<Point>, FileError> {
        if (self.lat, self.lon, self.precision_m) == (None, None, None) {
            return Ok(None);
        }
        let incomplete = |missing| FileError::PointIncomplete { missing };
        Ok(Some(Point {
            lat: millionths("place.lat", self.lat.ok_or_else(|| incomplete("lat"))?, 90)?,
            lon: millionths("place.lon", self.lon.ok_or_else(|| incomplete("lon"))?, 180)?,
            precision_m: self.precision_m.ok_or_else(|| incomplete("precision-m"))?,
        }))
    }
}

fn millionths(field: &str, degrees: f64, most: i32) -> Result<i32, FileError> {
    if degrees.abs() > f64::from(most) {
        let found = degrees.to_string();
        return Err(Invalid::OutOfRange { field: field.into(), found, least: (-most).into(), most: most.into() }.into());
    }
    // At most 180 million, so that nothing but the fraction of a millionth is lost.
    Ok((degrees * 1e6).round() as i32)
}

impl SeenFile {
    pub(super) fn to_seen(&self) -> Result<Seen, FileError> {
        let size = self.size.clone().unwrap_or_default();
        let time = |error| FileError::Time { field: "seen.seen-at", error };
        Ok(Seen {
            size: Size {
                people: count("seen.size.people", size.people)?,
                vehicles: count("seen.size.vehicles", size.vehicles)?,
            },
            activity: codes("seen.activity", List::Activity, &self.activity)?,
            unit: self.unit.clone(),
            agencies: codes("seen.agencies", List::Agency, &self.agencies)?,
            police_role: maybe_code("seen.police-role", List::PoliceRole, self.police_role.as_ref())?,
            seen_at: self.seen_at.as_deref().map(parse_rfc3339).transpose().map_err(time)?,
            still_there: self.still_there,
            equipment: self.equipment.clone(),
            conduct: codes("seen.conduct", List::Conduct, &self.conduct)?,
        })
    }
}

fn count(field: &str, count: Option<CountFile>) -> Result<Option<Count>, FileError> {
    match count {
        None => Ok(None),
        Some(CountFile { min: None, max: None }) => {
            Err(Invalid::Empty { field: field.into(), wanted: "`min`, `max` or both" }.into())
        }
        Some(CountFile { min, max }) => Ok(Some(Count { min: min.unwrap_or(0), max })),
    }
}

impl PeopleFile {
    pub(super) fn to_people(&self) -> Result<People, FileError> {
        Ok(People {
            detained: self.detained,
            children: self.children,
            medical: self.medical,
            languages: self.languages.iter().map(|tag| language("people.languages", tag)).collect::<Result<_, _>>()?,
        })
    }
}

impl From<&Place> for PlaceFile {
    fn from(place: &Place) -> Self {
        let Place { place_type, text, point } = place;
        Self {
            place_type: Some(place_type.to_string()),
            text: Some(text.clone()).filter(|text| !text.is_empty()),
            lat: point.map(|point| f64::from(point.lat) / 1e6),
            lon: point.map(|point| f64::from(point.lon) / 1e6),
            precision_m: point.map(|point| point.precision_m),
            exact: None,
        }
    }
}

impl From<&Seen> for SeenFile {
    fn from(seen: &Seen) -> Self {
        let Seen { size, activity, unit, agencies, police_role, seen_at, still_there, equipment, conduct } = seen;
        let count = |count: Count| CountFile { min: Some(count.min), max: count.max };
        let size = SizeFile { people: size.people.map(count), vehicles: size.vehicles.map(count) };
        Self {
            size: Some(size).filter(|size| *size != SizeFile::default()),
            activity: texts(activity),
            unit: unit.clone(),
            agencies: texts(agencies),
            police_role: police_role.as_ref().map(Code::to_string),
            equipment: equipment.clone(),
            conduct: texts(conduct),
            seen_at: seen_at.map(rfc3339),
            still_there: *still_there,
        }
    }
}

impl From<&People> for PeopleFile {
    fn from(people: &People) -> Self {
        let People { detained, children, medical, languages } = people;
        let languages = languages.iter().map(Language::to_string).collect();
        Self { detained: *detained, children: *children, medical: *medical, languages }
    }
}
