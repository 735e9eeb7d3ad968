//! Points on the map, made as inexact as they are said to be.

use watchfire_protocol::vocabulary::{Code, HOME_METRES, Place, Point};

/// Metres: no point that is given on is more exact.
pub const LEAST_METRES: u32 = 100;

/// Metres of a degree of latitude.
const DEGREE: f64 = 111_320.0;
/// The diagonal of a square by its side, halved: how far a point may be moved.
const HALF_DIAGONAL: f64 = 0.707_2;

/// A point of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coarse {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// The place is somewhere within this many metres.
    pub within_m: u32,
}

/// Moves a point to the nearest one of a grid as wide as its stated precision, and at least [`LEAST_METRES`].
#[must_use]
pub fn coarse(point: Point) -> Coarse {
    let side = f64::from(point.precision_m.max(LEAST_METRES));
    let step = side / DEGREE;
    let lat = snap(f64::from(point.lat) / 1e6, step).clamp(-90.0, 90.0);
    // Meridians meet at the poles: a cell is as many degrees wide there as the globe.
    let across = (step / lat.to_radians().cos().max(1e-9)).min(360.0);
    let lon = snap(f64::from(point.lon) / 1e6, across).clamp(-180.0, 180.0);
    let moved = (side * HALF_DIAGONAL).ceil();
    // At most 50,000 and its diagonal, whatever was stated.
    let within_m = point.precision_m.saturating_add(moved as u32).max(LEAST_METRES);
    Coarse { lat: rounded(lat), lon: rounded(lon), within_m }
}

/// The same for a home: within a kilometre at the finest.
#[must_use]
pub fn of_home(point: Point) -> Coarse {
    coarse(Point { precision_m: point.precision_m.max(HOME_METRES), ..point })
}

/// The point of a place as any file may tell it: that of a home is moved, and others stay as exact as they were said.
#[must_use]
pub fn given_on(place: &Place, kind: &Code) -> Option<Point> {
    let point = place.point?;
    if !place.is_home(kind) {
        return Some(point);
    }
    let moved = of_home(point);
    let millionths = |degrees: f64| (degrees * 1e6).round() as i32;
    Some(Point { lat: millionths(moved.lat), lon: millionths(moved.lon), precision_m: moved.within_m })
}

/// What a place is called in any file: the address of a home in none.
#[must_use]
pub fn called(place: &Place, kind: &Code) -> String {
    if place.home_address(kind).is_some() { String::new() } else { place.text.clone() }
}

fn snap(degrees: f64, step: f64) -> f64 {
    (degrees / step).round() * step
}

/// Five decimals: a metre, so that nothing pretends to be finer.
fn rounded(degrees: f64) -> f64 {
    let rounded = (degrees * 1e5).round() / 1e5;
    if rounded == 0.0 { 0.0 } else { rounded }
}
