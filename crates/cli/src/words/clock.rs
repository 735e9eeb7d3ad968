//! Times of day and dates, as the reader's clock shows them and as their language says them.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};
use watchfire_protocol::time::Timestamp;

use super::{Lang, tell};

/// A time by itself, as beside `since`: `14:02`, `yesterday at 14:02`, `November 21 at 14:02`.
pub(crate) fn time(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    said(lang, at, now, ["clock-today", "clock-yesterday", "clock-tomorrow", "clock-day"])
}

/// When something was or is: `at 14:02`, `yesterday at 14:02`, `on November 21 at 14:02`.
pub(crate) fn when(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    said(lang, at, now, ["clock-at-today", "clock-yesterday", "clock-tomorrow", "clock-on-day"])
}

/// The same in brackets and lists, where today has no word: `14:02`.
pub(crate) fn stamp(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    let here = zoned(at);
    if here.date() == zoned(now).date() { of_day(&here) } else { when(lang, at, now) }
}

/// A time with the words for today, yesterday, tomorrow and any other day.
fn said(lang: Lang, at: Timestamp, now: Timestamp, ids: [&'static str; 4]) -> String {
    let (at, now) = (zoned(at), zoned(now));
    let [today, yesterday, tomorrow, day] = ids;
    let (time, hour) = (of_day(&at), at.hour().unsigned_abs());
    if at.date() == now.date() {
        return tell!(lang, today, time, hour);
    }
    match at.date() {
        date if now.date().yesterday().is_ok_and(|before| before == date) => tell!(lang, yesterday, time, hour),
        date if now.date().tomorrow().is_ok_and(|after| after == date) => tell!(lang, tomorrow, time, hour),
        date if date.year() == now.year() => tell!(lang, day, date = day_of(lang, &at), time, hour),
        _ => tell!(lang, day, date = date_of(lang, &at), time, hour),
    }
}

/// The minute of the day, as the reader's clock shows it.
pub(crate) fn minute_of_day(at: Timestamp) -> u16 {
    let at = zoned(at);
    u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs())
}

/// A date with its time, whatever day it is now: `November 21, 2026 at 14:02`.
pub(crate) fn moment(lang: Lang, at: Timestamp) -> String {
    let at = zoned(at);
    let (time, hour) = (of_day(&at), at.hour().unsigned_abs());
    tell!(lang, "clock-moment", date = date_of(lang, &at), time, hour)
}

/// A date: `November 21, 2026`.
pub(crate) fn date(lang: Lang, at: Timestamp) -> String {
    date_of(lang, &zoned(at))
}

/// The last day of what ends at a time: what ends at midnight has ended on the day before.
pub(crate) fn last_day(lang: Lang, end: Timestamp) -> String {
    date(lang, end.minus(1))
}

fn of_day(at: &Zoned) -> String {
    at.strftime("%H:%M").to_string()
}

/// A day of this year: `November 21`.
fn day_of(lang: Lang, at: &Zoned) -> String {
    tell!(lang, "clock-day-of-month", day = at.day().unsigned_abs(), month = at.month().unsigned_abs())
}

fn date_of(lang: Lang, at: &Zoned) -> String {
    // As text: a year is no amount, and has no separators.
    tell!(lang, "clock-date", day = day_of(lang, at), year = at.year().to_string())
}

/// The end of a day here, or a whole time with its offset.
pub(crate) fn until(text: &str) -> Option<Timestamp> {
    if let Ok(time) = watchfire_client::file::parse_rfc3339(text) {
        return Some(time);
    }
    let next = text.trim().parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?;
    let end = next.to_zoned(TimeZone::system()).ok()?;
    u64::try_from(end.timestamp().as_second()).ok().map(Timestamp)
}

/// A time of day, so many days ago.
pub(super) fn of_day_ago(time: Time, days: u8, now: Timestamp) -> Option<Timestamp> {
    let date = zoned(now).date().checked_sub(jiff::Span::new().days(days)).ok()?;
    let at = date.to_datetime(time).to_zoned(TimeZone::system()).ok()?.timestamp().as_second();
    u64::try_from(at).ok().map(Timestamp)
}

/// What lies beyond what a calendar knows is shown as its end.
fn zoned(at: Timestamp) -> Zoned {
    let seconds = i64::try_from(at.0).unwrap_or(i64::MAX);
    Instant::from_second(seconds).unwrap_or(Instant::MAX).to_zoned(TimeZone::system())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_291_331);

    #[test]
    fn a_time_is_said_as_people_say_it() {
        let clock = of_day(&zoned(NOW));
        let at = |days: u64| (Timestamp(NOW.0 + 5 * 86_400).minus(days * 86_400), Timestamp(NOW.0 + 5 * 86_400));
        let said = |lang, days, say: fn(Lang, Timestamp, Timestamp) -> String| {
            let (at, now) = at(days);
            say(lang, at, now)
        };
        let es = Lang::es();
        assert_eq!(said(Lang::EN, 0, time), clock);
        assert_eq!(said(Lang::EN, 0, stamp), clock);
        assert_eq!(said(Lang::EN, 0, when), format!("at {clock}"));
        assert_eq!(said(Lang::EN, 1, when), format!("yesterday at {clock}"));
        assert!(said(Lang::EN, 5, when).starts_with("on November 2") && said(Lang::EN, 5, when).ends_with(&clock));
        assert!(said(es, 0, time).starts_with("la") && said(es, 0, when).starts_with("a la"));
        assert!(said(es, 1, stamp).starts_with("ayer a la"));
        assert!(said(es, 5, time).starts_with("el 2") && said(es, 5, time).contains(" de noviembre a la"));
        assert!(said(es, 400, time).contains(" de 2025 a la"), "{}", said(es, 400, time));
        assert!(time(es, Timestamp(NOW.0 + 86_400), NOW).starts_with("mañana a la"));
        for lang in [Lang::EN, es] {
            for text in [date(lang, NOW), moment(lang, NOW), said(lang, 5, time), said(lang, 400, when)] {
                assert!(!text.contains("-11-"), "{text}");
            }
            assert!(!moment(lang, Timestamp(u64::MAX)).is_empty(), "no clock is too far off");
        }
    }

    #[test]
    fn one_o_clock_is_one_in_spanish() {
        let [one, two] = [1, 2].map(|hour| of_day_ago(Time::constant(hour, 2, 0, 0), 0, NOW).unwrap());
        assert_eq!((when(Lang::es(), one, one), time(Lang::es(), one, one)), ("a la 01:02".into(), "la 01:02".into()));
        assert_eq!(when(Lang::es(), two, two), "a las 02:02");
    }

    #[test]
    fn a_date_lasts_until_its_end() {
        let date = until("2026-11-21").unwrap();
        assert_eq!(until("2026-11-22").unwrap().since(date) / 3600, 24);
        assert_eq!(last_day(Lang::EN, date), "November 21, 2026", "as it was typed");
        assert_eq!(until("2026-11-21T20:02:11Z"), Some(NOW));
        assert_eq!(until("tomorrow"), None);
    }
}
