//! Times of day, as the reader's clock shows them.

use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};
use watchfire_protocol::time::Timestamp;

/// `14:02` for today, else with its date: `2026-11-21 14:02`.
pub(crate) fn time(at: Timestamp, now: Timestamp) -> String {
    let (at, now) = (zoned(at), zoned(now));
    if at.date() == now.date() { at.strftime("%H:%M").to_string() } else { at.strftime("%Y-%m-%d %H:%M").to_string() }
}

/// The minute of the day, as the reader's clock shows it.
pub(crate) fn minute_of_day(at: Timestamp) -> u16 {
    let at = zoned(at);
    u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs())
}

/// A date with its time.
pub(crate) fn moment(at: Timestamp) -> String {
    zoned(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A date.
pub(crate) fn date(at: Timestamp) -> String {
    zoned(at).strftime("%Y-%m-%d").to_string()
}

/// The last day of what ends at a time: what ends at midnight has ended on the day before.
pub(crate) fn last_day(end: Timestamp) -> String {
    date(end.minus(1))
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

/// A time of today, as in 14:02; of yesterday if it has not come today.
pub(crate) fn today(text: &str, now: Timestamp) -> Option<Timestamp> {
    let time = jiff::civil::Time::strptime("%H:%M", text.trim()).ok()?;
    let here = zoned(now);
    let seconds = |date: jiff::civil::Date| {
        let at = date.to_datetime(time).to_zoned(TimeZone::system()).ok()?.timestamp().as_second();
        u64::try_from(at).ok().map(Timestamp)
    };
    let today = seconds(here.date())?;
    if today <= now { Some(today) } else { seconds(here.date().yesterday().ok()?) }
}

/// What lies beyond what a calendar knows is shown as its end.
fn zoned(at: Timestamp) -> Zoned {
    let seconds = i64::try_from(at.0).unwrap_or(i64::MAX);
    Instant::from_second(seconds).unwrap_or(Instant::MAX).to_zoned(TimeZone::system())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_has_no_date_and_no_clock_is_too_far_off() {
        let now = Timestamp(1_795_291_331);
        assert_eq!(time(now, now).len(), 5);
        assert_eq!(time(now.minus(3 * 86_400), now).len(), 16);
        assert!(!moment(Timestamp(u64::MAX)).is_empty());
    }

    #[test]
    fn a_time_of_day_is_the_last_one_that_was() {
        let now = Timestamp(1_795_291_331);
        for text in ["00:00", "11:59", "23:59"] {
            let at = today(text, now).unwrap();
            assert!(at <= now && now.since(at) < 25 * 3600);
            assert!(moment(at).ends_with(text));
        }
        assert_eq!((today("25:00", now), today("noon", now)), (None, None));
    }

    #[test]
    fn a_date_lasts_until_its_end() {
        let date = until("2026-11-21").unwrap();
        assert_eq!(until("2026-11-22").unwrap().since(date) / 3600, 24);
        assert_eq!(last_day(date), "2026-11-21", "as it was typed");
        assert_eq!(until("2026-11-21T20:02:11Z"), Some(Timestamp(1_795_291_331)));
        assert_eq!(until("tomorrow"), None);
    }
}
