//! Counts and times as people say them, in any language of the interface: `4 or more people`, `unos 5`, `yesterday 9pm`,
//! `hace 10 min`. The words for it are in the catalogs.

use jiff::civil::Time;
use watchfire_client::file::sighting::CountFile;
use watchfire_client::file::{parse_duration, parse_rfc3339};
use watchfire_protocol::time::Timestamp;

use super::{Lang, clock, folded, tell};

/// A sighting is of the last days: a longer span ago is a slip.
const LONG_AGO: u64 = 30 * 24 * 3600;
/// Of about so many, one in so many may be more or fewer; one at least.
const ABOUT: u16 = 5;
/// Half an hour, in seconds.
const HALF_HOUR: u64 = 1800;
/// The units of spans, as they are said and as they are written.
const UNITS: &[(&str, char)] =
    &[("spoken-seconds", 's'), ("spoken-minutes", 'm'), ("spoken-hours", 'h'), ("spoken-days", 'd')];

/// A time that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    /// Whether its day was said, too. That of a time of day is taken to be the last on which it has been.
    pub(crate) day_is_said: bool,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    People,
    Vehicles,
}

impl Counted {
    /// The words for it.
    const fn words(self) -> &'static str {
        match self {
            Self::People => "spoken-counted-people",
            Self::Vehicles => "spoken-counted-vehicles",
        }
    }
}

/// How many: `4`, `4+`, `at least 4`, `4-6`, `4 to 6`, `4 people`, `about five`. A word for something else is no answer.
pub(crate) fn count(typed: &str, of: Counted) -> Option<CountFile> {
    let text = folded(typed);
    let text = before(&text, of.words()).unwrap_or(&text);
    let least = before(text, "spoken-or-more").or_else(|| after(text, "spoken-at-least"));
    let text = least.unwrap_or(text);
    let text = before(text, of.words()).unwrap_or(text);
    let about = after(text, "spoken-about");
    let text = about.unwrap_or(text);
    let text = after(text, "spoken-from").unwrap_or(text);
    let between = spoken("spoken-to").find_map(|word| text.split_once(&format!(" {word} ")));
    let range = between.or_else(|| text.split_once(['-', '–']));
    let (min, max) = match range {
        Some((min, max)) => (number(min)?, number(max)?),
        None => (number(text)?, number(text)?),
    };
    let (min, max) = match (least, about) {
        (Some(_), _) if range.is_some() => return None,
        (Some(_), _) => (min, None),
        (None, Some(_)) if range.is_none() => around(min),
        (None, _) => (min, Some(max)),
    };
    max.is_none_or(|max| min <= max).then_some(CountFile { min: Some(min), max })
}

/// About so many; of what is there, one at least.
fn around(count: u16) -> (u16, Option<u16>) {
    let spread = (count / ABOUT).max(1);
    (count.saturating_sub(spread).max(count.min(1)), Some(count.saturating_add(spread)))
}

/// What was understood: `4 or more`, `4 to 6`.
pub(crate) fn so_many(lang: Lang, count: &CountFile) -> String {
    match (count.min.unwrap_or_default(), count.max) {
        (min, None) => tell!(lang, "form-or-more", min),
        (min, Some(max)) if min == max => min.to_string(),
        (min, Some(max)) => tell!(lang, "form-from-to", min, max),
    }
}

/// A whole number, in digits or as a word up to ten.
pub(crate) fn number(typed: &str) -> Option<u16> {
    let text = folded(typed);
    let named = |lang| {
        let mut numbers = tell!(lang, "spoken-numbers").split(',');
        numbers.position(|same| same.split_whitespace().any(|word| folded(word) == text))
    };
    let word = || Lang::all().find_map(named).and_then(|at| u16::try_from(at).ok());
    text.parse().ok().or_else(word)
}

/// When: now, a span ago, a time of today or yesterday, or a whole one.
pub(crate) fn moment(typed: &str, now: Timestamp) -> Option<Moment> {
    let text = folded(typed);
    let said = |at| Some(Moment { at, day_is_said: true });
    if is(&text, "spoken-now") {
        return said(now);
    }
    let span = after(&text, "spoken-ago").or_else(|| before(&text, "spoken-ago")).unwrap_or(&text);
    if let Some(seconds) = seconds(span) {
        return said(now.minus(seconds));
    }
    let on = |day| after(&text, day).or_else(|| before(&text, day));
    let (rest, days) = match (on("spoken-yesterday"), on("spoken-today")) {
        (Some(rest), _) => (rest, Some(1)),
        (_, Some(rest)) => (rest, Some(0)),
        _ => (text.as_str(), None),
    };
    let Some(time) = time_of_day(after(rest, "spoken-at").unwrap_or(rest)) else {
        return parse_rfc3339(typed).ok().and_then(said);
    };
    let of = |days| clock::of_day_ago(time, days, now);
    let last = || of(0).filter(|at| *at <= now).or_else(|| of(1));
    Some(Moment { at: days.map_or_else(last, of)?, day_is_said: days.is_some() })
}

/// The seconds of `10 min`, `ten minutes`, `2h`.
fn seconds(span: &str) -> Option<u64> {
    if is(span, "spoken-half-hour") {
        return Some(HALF_HOUR);
    }
    let digits = span.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0);
    let (count, unit) = digits.map_or_else(|| span.split_once(' '), |end| span.split_at_checked(end))?;
    let (_, unit) = UNITS.iter().find(|(words, _)| is(unit.trim(), words))?;
    parse_duration(&format!("{}{unit}", number(count)?), LONG_AGO).ok()
}

/// `21:00`, `9 pm`, `9:30 de la noche`. Twelve at night is of one day or of the next, and is not guessed.
fn time_of_day(text: &str) -> Option<Time> {
    let halves = [
        ("spoken-am", 0, 12),
        ("spoken-pm", 12, 12),
        ("spoken-in-the-morning", 0, 11),
        ("spoken-in-the-evening", 12, 11),
    ];
    let half = halves.into_iter().find_map(|(words, from, most)| Some((before(text, words)?, from, most)));
    let Some((text, from, most)) = half else { return Time::strptime("%H:%M", text).ok() };
    let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
    let hour = hour.trim().parse::<i8>().ok().filter(|hour| (1..=most).contains(hour))?;
    Time::new(hour % 12 + from, minute.trim().parse().ok()?, 0, 0).ok()
}

/// What stands between the words for "and", in any language.
pub(crate) fn between_ands(typed: &str) -> Vec<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let parts = words.split(|word| is(&folded(word), "spoken-and")).filter(|part| !part.is_empty());
    parts.map(|part| part.join(" ")).collect()
}

/// Whether it is one of the words, in any language.
fn is(text: &str, words: &'static str) -> bool {
    spoken(words).any(|word| word == text)
}

/// What follows one of the words, in any language.
fn after<'a>(text: &'a str, words: &'static str) -> Option<&'a str> {
    let rest = |word: String| text.strip_prefix(&word).filter(|rest| is_whole(&word, rest.chars().next()));
    spoken(words).find_map(rest).map(str::trim)
}

/// What stands before one of the words, in any language.
fn before<'a>(text: &'a str, words: &'static str) -> Option<&'a str> {
    let rest = |word: String| text.strip_suffix(&word).filter(|rest| is_whole(&word, rest.chars().last()));
    spoken(words).find_map(rest).map(str::trim)
}

/// Whether a word is none of the letters beside it: `am` is no word in `team`, and `+` is one everywhere.
fn is_whole(word: &str, beside: Option<char>) -> bool {
    beside.is_some_and(|beside| !(beside.is_alphabetic() && word.contains(char::is_alphabetic)))
}

/// The words of a list, in all languages, as they are compared.
fn spoken(words: &'static str) -> impl Iterator<Item = String> {
    Lang::all().flat_map(move |lang| lang.text(words).split(',').map(folded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::catalog_tests::ids;

    const NOW: Timestamp = Timestamp(1_795_291_331);

    fn read(text: &str, of: Counted) -> Option<(u16, Option<u16>)> {
        count(text, of).map(|count| (count.min.unwrap(), count.max))
    }

    #[test]
    fn a_number_of_something_else_is_no_answer() {
        let four = Some((4, Some(4)));
        for text in ["4 hombres", "4 people", "four agents", "cuatro personas", "at least 4 men", "4 agentes o más"] {
            assert_eq!(read(text, Counted::Vehicles), None, "{text}");
            assert!(read(text, Counted::People).is_some(), "{text}");
        }
        for text in ["4 camionetas", "4 vans", "four cars", "4 vehículos"] {
            assert_eq!((read(text, Counted::People), read(text, Counted::Vehicles)), (None, four), "{text}");
        }
        for of in [Counted::People, Counted::Vehicles] {
            assert_eq!((read("4", of), read("4 dogs", of), read("4 perros", of)), (four, None, None));
        }
    }

    #[test]
    fn counts_are_read_as_people_say_them() {
        for (text, wanted) in [
            ("4", (4, Some(4))),
            ("4+", (4, None)),
            ("4 - 6", (4, Some(6))),
            ("0", (0, Some(0))),
            ("4 people", (4, Some(4))),
            ("4 or more", (4, None)),
            ("4 or more people", (4, None)),
            ("4 people or more", (4, None)),
            ("At least four", (4, None)),
            ("2-3", (2, Some(3))),
            ("2 to 3 cars", (2, Some(3))),
            ("2 or 3", (2, Some(3))),
            ("about 5", (4, Some(6))),
            ("about 20", (16, Some(24))),
            ("about one", (1, Some(2))),
            ("about 2-3", (2, Some(3))),
            ("~5", (4, Some(6))),
            ("nobody", (0, Some(0))),
            ("cuatro", (4, Some(4))),
            ("unos 5", (4, Some(6))),
            ("unas cinco personas", (4, Some(6))),
            ("cuatro o más", (4, None)),
            ("al menos 4 vehículos", (4, None)),
            ("de 4 a 6", (4, Some(6))),
            ("4 a 6 agentes", (4, Some(6))),
            ("dos o tres", (2, Some(3))),
            ("between 2 and 3", (2, Some(3))),
        ] {
            let read = [Counted::People, Counted::Vehicles].map(|of| read(text, of));
            assert!(read.contains(&Some(wanted)), "{text}");
        }
        for bad in ["", "many", "6-4", "-4", "4++", "70000", "4 people, 2 vehicles", "4 or more-6", "hundred", "about"]
        {
            assert_eq!(read(bad, Counted::People), None, "{bad}");
        }
    }

    #[test]
    fn what_was_understood_is_said_in_words() {
        let said = |lang, text| so_many(lang, &count(text, Counted::People).unwrap());
        assert_eq!(said(Lang::EN, "4+"), "4 or more");
        assert_eq!(said(Lang::es(), "unos 5"), "de 4 a 6");
        assert_eq!(said(Lang::EN, "cuatro"), "4");
    }

    #[test]
    fn numbers_up_to_ten_have_words_in_every_language() {
        for lang in Lang::all() {
            for (at, words) in tell!(lang, "spoken-numbers").split(',').enumerate() {
                for word in words.split_whitespace() {
                    assert_eq!(number(word).map(usize::from), Some(at), "{word}");
                }
            }
            assert_eq!(tell!(lang, "spoken-numbers").split(',').count(), 11, "{}", lang.tag());
            for id in ids(lang, "spoken.ftl") {
                let words = lang.lookup(&id).unwrap();
                assert!(words.split(',').all(|word| !word.trim().is_empty()), "{id}");
            }
        }
    }

    #[test]
    fn times_are_read_as_people_say_them() {
        let ago = |text: &str| moment(text, NOW).map(|moment| NOW.since(moment.at));
        for (text, seconds) in [
            ("now", 0),
            ("Ahora", 0),
            ("10 min", 600),
            ("10 min ago", 600),
            ("ten minutes ago", 600),
            ("hace 10 min", 600),
            ("hace diez minutos", 600),
            ("2h", 7200),
            ("an hour ago", 3600),
            ("hace una hora", 3600),
            ("hace media hora", 1800),
            ("half an hour ago", 1800),
            ("2 days ago", 172_800),
            ("hace 2 días", 172_800),
        ] {
            assert_eq!(ago(text), Some(seconds), "{text}");
        }
        for bad in [
            "",
            "soon",
            "yesterday",
            "ago",
            "2 months ago",
            "40 days ago",
            "9",
            "25:00",
            "13 pm",
            "0 am",
            "noon",
            "12 de la noche",
        ] {
            assert_eq!(moment(bad, NOW), None, "{bad}");
        }
    }

    #[test]
    fn a_time_of_yesterday_or_today_is_read_in_either_language() {
        let of = |hour, days| clock::of_day_ago(Time::constant(hour, 0, 0, 0), days, NOW).unwrap();
        for text in [
            "yesterday 9pm",
            "yesterday at 9 p.m.",
            "9pm yesterday",
            "ayer 21:00",
            "ayer a las 9 de la noche",
            "Ayer a las 21:00",
        ] {
            assert_eq!(moment(text, NOW), Some(Moment { at: of(21, 1), day_is_said: true }), "{text}");
        }
        for text in ["today 00:00", "hoy a las 12 am", "12am today"] {
            assert_eq!(moment(text, NOW), Some(Moment { at: of(0, 0), day_is_said: true }), "{text}");
        }
        assert_eq!(moment("yesterday 12pm", NOW).map(|moment| moment.at), Some(of(12, 1)));
        assert_eq!(moment("ayer a las 9:30 de la mañana", NOW).map(|moment| moment.at), Some(of(9, 1).plus(1800)));
        let open = moment("00:00", NOW).unwrap();
        assert_eq!((open.at, open.day_is_said), (of(0, 0), false));
    }

    #[test]
    fn a_time_of_day_is_the_last_one_that_was() {
        for text in ["00:00", "11:59", "23:59"] {
            let at = moment(text, NOW).unwrap().at;
            assert!(at <= NOW && NOW.since(at) < 25 * 3600);
            assert!(clock::moment(Lang::EN, at).ends_with(text));
        }
    }
}
