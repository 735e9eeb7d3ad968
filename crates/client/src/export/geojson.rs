//! GeoJSON (RFC 7946): a point an incident, `[lon, lat]`, as inexact as it is said to be and at least 100 m,
//! or 1 km for a home.
//!
//! It carries codes and numbers only: a street in words would be more exact than the point.

use serde_json::{Value, json};
use watchfire_protocol::vocabulary::{Code, Place};

use super::coarse::{Coarse, coarse, of_home};
use super::{Incident, Message};
use crate::file::rfc3339;

/// A feature collection of incidents.
#[must_use]
pub fn geojson(incidents: &[Incident]) -> Value {
    json!({"type": "FeatureCollection", "features": incidents.iter().filter_map(feature).collect::<Vec<_>>()})
}

fn feature(incident: &Incident) -> Option<Value> {
    let present = incident.present()?;
    let spot = place(incident).and_then(|place| spot(place, &present.content.kind));
    let geometry = spot.map(|Coarse { lat, lon, .. }| json!({"type": "Point", "coordinates": [lon, lat]}));
    let content = &present.content;
    Some(json!({
        "type": "Feature",
        "id": incident.id.to_string(),
        "geometry": geometry,
        "properties": {
            "drill": incident.is_drill(),
            "title": title(incident, present),
            "status": content.status.as_str(),
            "kind": content.kind.as_str(),
            "label": present.label,
            "verification": incident.verification_of(present),
            "place-type": place(incident).map(|place| place.place_type.as_str()),
            "within-m": spot.map(|spot| spot.within_m),
            "sent": incident.messages.first().map(|message| rfc3339(message.sent)),
            "closed": rfc3339(incident.closed),
            "outcome": incident.ended(),
        },
    }))
}

/// Somebody's home is told less exactly than a street.
fn spot(place: &Place, kind: &Code) -> Option<Coarse> {
    place.point.map(if place.is_home(kind) { of_home } else { coarse })
}

fn title(incident: &Incident, present: &Message) -> String {
    let kind = &present.content.kind;
    if incident.is_drill() { format!("DRILL: {kind}") } else { kind.to_string() }
}

/// Where it was, as it was last said; with a point, if any was given.
fn place(incident: &Incident) -> Option<&Place> {
    let counted = || incident.messages.iter().rev().filter(|message| message.counts);
    let places = || counted().filter_map(|message| message.content.place.as_ref());
    places().find(|place| place.point.is_some()).or_else(|| places().next())
}
