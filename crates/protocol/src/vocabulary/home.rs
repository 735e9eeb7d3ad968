//! Where somebody lives: what of it is nothing for everybody.
//!
//! An address is recognized by its house number. It is help for a tired author and no more: some of what it points out is
//! harmless, and a house that is described in words is not found.

use super::identifying::{Finding, Identifier, seen_by_readers};
use super::{AlertContent, Code, Place};

/// Metres: the point of a home is told to nobody more exactly, except to those who come.
pub const HOME_METRES: u32 = 1000;

/// So many words may stand between a house number and the word for its street.
const STREET_WORDS: usize = 4;

/// What stands behind the name of a street, in English.
const STREETS_BEHIND: &[&str] = &[
    "street",
    "st",
    "avenue",
    "ave",
    "av",
    "boulevard",
    "blvd",
    "road",
    "rd",
    "lane",
    "ln",
    "drive",
    "dr",
    "court",
    "ct",
    "place",
    "pl",
    "way",
    "terrace",
    "ter",
    "parkway",
    "pkwy",
    "circle",
    "cir",
    "trail",
    "alley",
    "apt",
    "apartment",
];

/// What stands before the name of a street, in Spanish.
const STREETS_BEFORE: &[&str] = &[
    "calle",
    "c/",
    "avenida",
    "avda",
    "av",
    "ave",
    "calzada",
    "calz",
    "callejón",
    "callejon",
    "privada",
    "cerrada",
    "paseo",
    "camino",
    "bulevar",
    "boulevard",
    "blvd",
];

/// What a number counts, where it stands before: no house.
const COUNTED: &[&str] = &[
    "block",
    "blocks",
    "cuadra",
    "cuadras",
    "people",
    "personas",
    "agents",
    "agentes",
    "officers",
    "oficiales",
    "vehicles",
    "vehículos",
    "vehiculos",
    "vans",
    "cars",
    "carros",
    "coches",
    "autos",
    "camionetas",
    "patrullas",
    "m",
    "meters",
    "metres",
    "metros",
    "km",
    "miles",
    "millas",
    "ft",
    "feet",
    "min",
    "minutes",
    "minutos",
    "hours",
    "horas",
    "h",
    "hrs",
    "am",
    "pm",
    "children",
    "niños",
    "adults",
    "adultos",
    "doors",
    "puertas",
    "houses",
    "casas",
];

/// What a number names, where it stands behind: no house.
const NUMBERED: &[&str] = &[
    "route",
    "ruta",
    "highway",
    "hwy",
    "interstate",
    "exit",
    "salida",
    "carretera",
    "autopista",
    "calle",
    "avenida",
    "avenue",
    "carrera",
    "colonia",
    "zone",
    "zona",
    "sector",
    "district",
    "distrito",
    "ward",
    "line",
    "línea",
    "linea",
    "bus",
];

/// What joins other things to a street: a number beyond it is not of that street.
const JOINING: &[&str] = &[
    "at", "on", "in", "near", "and", "by", "to", "from", "with", "y", "e", "en", "a", "con", "hay", "entre", "esquina",
];

impl Place {
    /// Whether it is somebody's home, or what is told of it is about one.
    #[must_use]
    pub fn is_home(&self, kind: &Code) -> bool {
        self.place_type == "home" || *kind == "enforcement.home"
    }

    /// The address in its text, where it is a home and the text looks like one.
    #[must_use]
    pub fn home_address(&self, kind: &Code) -> Option<String> {
        let text = seen_by_readers(&self.text);
        (self.is_home(kind) && has_house_number(&text)).then(|| text.trim().to_owned())
    }

    /// Whether it is a home, and its point finer than everybody may know.
    #[must_use]
    pub fn is_exact_home(&self, kind: &Code) -> bool {
        self.is_home(kind) && self.point.is_some_and(|point| point.precision_m < HOME_METRES)
    }
}

/// Where exactly an alert says that somebody lives, or may live: whatever it is about, an address may be somebody's.
pub(super) fn in_alert(content: &AlertContent) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(place) = content.place.as_ref().filter(|place| place.is_home(&content.kind)) else {
        let is_home = content.kind == "enforcement.home";
        let what = if is_home { Identifier::HomeAddress } else { Identifier::Address };
        if let Some(place) = &content.place {
            look(&mut found, "place.text", what, &place.text);
        }
        in_texts(&mut found, what, content);
        return found;
    };
    if let Some(text) = place.home_address(&content.kind) {
        found.push(Finding { field: "place.text".to_owned(), what: Identifier::HomeAddress, text });
    }
    if let Some(point) = place.point.filter(|_| place.is_exact_home(&content.kind)) {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        let text = format!("{}, {} (±{} m)", degrees(point.lat), degrees(point.lon), point.precision_m);
        found.push(Finding { field: "place.lat".to_owned(), what: Identifier::HomePoint, text });
    }
    in_texts(&mut found, Identifier::HomeAddress, content);
    found
}

fn in_texts(found: &mut Vec<Finding>, what: Identifier, content: &AlertContent) {
    for block in &content.text {
        let language = &block.language;
        look(found, &format!("text.{language}.headline"), what, &block.headline);
        look(found, &format!("text.{language}.description"), what, &block.description);
        look(found, &format!("text.{language}.instruction"), what, &block.instruction);
    }
}

fn look(found: &mut Vec<Finding>, field: &str, what: Identifier, text: &str) {
    let pieces = addresses(&seen_by_readers(text)).into_iter();
    found.extend(pieces.map(|text| Finding { field: field.to_owned(), what, text }));
}

/// One word of a text, and where it stands.
struct Word<'a> {
    plain: String,
    written: &'a str,
    start: usize,
}

impl Word<'_> {
    /// `1204`, `#1204`, `1204-B`, `1204b`; no `5th`, `14:02` and `11/21`.
    fn is_number(&self) -> bool {
        let digits = self.plain.chars().take_while(|c| c.is_numeric()).count();
        let rest: Vec<char> = self.plain.chars().skip(digits).collect();
        let ending = match rest.as_slice() {
            [] => true,
            [letter] => letter.is_alphabetic(),
            ['-', rest @ ..] => rest.len() <= 4,
            _ => false,
        };
        (1..=6).contains(&digits) && ending
    }

    fn is_one_of(&self, words: &[&str]) -> bool {
        words.contains(&self.plain.as_str())
    }

    /// Whether a clause ends with it; the point of an abbreviation ends none.
    fn ends_clause(&self) -> bool {
        let abbreviated = self.written.ends_with('.') && self.plain.chars().count() <= 4;
        self.written.ends_with([',', ';', ':', '!', '?', '.', ')']) && !abbreviated
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        let (_, from) = rest.split_at(start);
        let (written, after) = from.split_at(from.find(char::is_whitespace).unwrap_or(from.len()));
        let plain = written.trim_matches(|c: char| !c.is_alphanumeric() && c != '/').to_lowercase();
        words.push(Word { plain, written, start: text.len() - from.len() });
        rest = after;
    }
    words
}

/// Whether the word at `at` numbers a house: and not people, a block or a road.
fn is_house_number(words: &[Word<'_>], at: usize) -> bool {
    let beside = |at: Option<usize>, list| at.and_then(|at| words.get(at)).is_some_and(|word| word.is_one_of(list));
    words.get(at).is_some_and(Word::is_number)
        && !beside(at.checked_add(1), COUNTED)
        && !beside(at.checked_sub(1), NUMBERED)
}

/// Whether a text that says where something is has a house number beside its words.
fn has_house_number(text: &str) -> bool {
    let words = words(text);
    let named =
        words.iter().any(|word| !word.is_number() && word.plain.chars().filter(|c| c.is_alphabetic()).count() > 1);
    named && (0..words.len()).any(|at| is_house_number(&words, at))
}

/// The addresses in running text, where a number alone says nothing: a house number with a word for a street.
fn addresses(text: &str) -> Vec<String> {
    let words = words(text);
    let mut found: Vec<String> = Vec::new();
    let mut next = 0;
    for at in 0..words.len() {
        if at < next {
            continue;
        }
        if let Some(last) = english(&words, at).or_else(|| spanish(&words, at)) {
            let piece = words
                .get(at)
                .zip(words.get(last))
                .and_then(|(from, to)| text.get(from.start..to.start + to.written.len()));
            found.extend(piece.map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()));
            next = last + 1;
        }
    }
    found
}

/// `1204 W. Elm Street`: the last word of it.
fn english(words: &[Word<'_>], at: usize) -> Option<usize> {
    let number = words.get(at).filter(|word| !word.ends_clause())?;
    if !(is_house_number(words, at) && number.is_number()) {
        return None;
    }
    for (next, word) in words.iter().enumerate().skip(at + 1).take(STREET_WORDS) {
        if word.is_one_of(JOINING) {
            return None;
        }
        // Not right behind the number: `Avenue` is none by itself.
        if next > at + 1 && word.is_one_of(STREETS_BEHIND) {
            return Some(next);
        }
        if word.ends_clause() {
            return None;
        }
    }
    None
}

/// `calle Juárez, 145`: the last word of it.
fn spanish(words: &[Word<'_>], at: usize) -> Option<usize> {
    words.get(at).filter(|word| word.is_one_of(STREETS_BEFORE))?;
    for (next, word) in words.iter().enumerate().skip(at + 1).take(STREET_WORDS + 1) {
        if word.is_one_of(JOINING)
            || word.written.ends_with(['.', ';', '!', '?'])
                && !word.is_number()
                && !word.is_one_of(&["no", "núm", "num"])
        {
            return None;
        }
        if is_house_number(words, next) {
            return Some(next);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{Language, Point, TextBlock};

    #[test]
    fn a_house_number_beside_words_is_an_address_and_a_crossing_or_a_count_is_none() {
        for text in [
            "1204 Elm Street",
            "1204-B Elm",
            "Elm St #1204",
            "Calle Juárez 145, interior 3",
            "Av. Insurgentes 1602",
            "apto 3b, Elm y 12th",
            "Calle 5 #12",
            "دار 12 شارع",
            "12\u{200b}04 Elm",
        ] {
            assert!(has_house_number(&seen_by_readers(text)), "{text}");
        }
        for text in [
            "Elm & 12th",
            "1200 block of Elm",
            "Elm Street, between 3rd and 4th",
            "Calle 5 y Calle 8",
            "Route 41",
            "Elm",
            "4 people near Elm",
            "Elm a 300 metros",
            "Elm at 14:02",
            "41.85",
            "",
            "12",
            "cuadra 1200 de Elm, 2 cuadras",
        ] {
            let number = text.starts_with("cuadra");
            assert!(!has_house_number(text) || number, "{text}");
        }
    }

    #[test]
    fn in_running_text_a_number_needs_a_street() {
        let cases: &[(&str, &[&str])] = &[
            ("ICE at 1204 Elm Street, 4 agents", &["1204 Elm Street"]),
            ("at 1204 W. 18th Pl. and 7 Oak Ave", &["1204 W. 18th Pl", "7 Oak Ave"]),
            ("en la calle Benito Juárez, 145, hay 4", &["calle Benito Juárez, 145"]),
            ("Av. de la Paz No. 145", &["Av. de la Paz No. 145"]),
            ("4 agents on Elm Street", &[]),
            ("4 agents, 2 vans, Elm Street", &[]),
            ("calle Juárez y 5 de Mayo", &[]),
            ("en la calle Juárez hay 4 agentes", &[]),
            ("calle Juárez 4 agentes", &[]),
            ("since 14:02 Main Street is closed", &[]),
            ("1200 block of Elm Street", &[]),
        ];
        for (text, wanted) in cases {
            assert_eq!(addresses(text), *wanted, "{text}");
        }
    }

    #[test]
    fn where_somebody_lives_is_pointed_out_in_an_alert_about_a_home_and_an_address_as_that_in_every_other() {
        let alert = |kind: &'static str, sort: &'static str| {
            let place = Place {
                place_type: Code::constant(sort),
                point: Some(Point { lat: 41_850_417, lon: -87_650_042, precision_m: 25 }),
                ..Place::named("1204 Elm Street")
            };
            let block = TextBlock {
                language: Language::new("en").unwrap(),
                headline: "Agents at 1204 Elm Street".to_owned(),
                description: String::new(),
                instruction: "Observe".to_owned(),
            };
            AlertContent { place: Some(place), text: vec![block], ..AlertContent::new(Code::constant(kind)) }
        };
        let found = |content: &AlertContent| {
            let found = content.identifying_text().into_iter();
            found.map(|found| (found.field, found.what)).collect::<Vec<_>>()
        };
        use Identifier::{Address, HomeAddress, HomePoint};
        let all = [("place.text", HomeAddress), ("place.lat", HomePoint), ("text.en.headline", HomeAddress)];
        let all = all.map(|(field, what)| (field.to_owned(), what));
        for (kind, sort) in [("enforcement.raid", "home"), ("enforcement.home", "unknown")] {
            assert_eq!(found(&alert(kind, sort)), all, "{kind} {sort}");
        }
        let addresses = ["place.text", "text.en.headline"].map(|field| (field.to_owned(), Address));
        for kind in ["enforcement.raid", "enforcement.targeted", "support.housing", "community.medical"] {
            assert_eq!(found(&alert(kind, "street")), addresses, "{kind}");
        }
        let mut crossing = alert("enforcement.raid", "street");
        crossing.place.as_mut().unwrap().text = "12 Elm Street apt 3".to_owned();
        crossing.text.clear();
        assert_eq!(crossing.identifying_text()[0].text, "12 Elm Street");
        for text in ["Elm & 12th", "1200 block of Elm Street", "Gate 4", "Exit 12, Route 41"] {
            crossing.place.as_mut().unwrap().text = text.to_owned();
            assert_eq!(found(&crossing), [], "{text}");
        }
        let mut coarse = alert("enforcement.home", "home");
        coarse.place.as_mut().unwrap().text = "Elm & 12th".to_owned();
        coarse.place.as_mut().unwrap().point = Some(Point { lat: 1, lon: 1, precision_m: HOME_METRES });
        coarse.text.clear();
        assert_eq!(found(&coarse), []);
        let mut nowhere = alert("enforcement.home", "home");
        nowhere.place = None;
        assert_eq!(found(&nowhere), all[2..]);
    }
}
