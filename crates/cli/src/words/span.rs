//! Spans of time, as people say them.

use super::{Lang, tell};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long ago: `1 min ago`, `hace 1 min`. Whole units that have passed, never rounded up: news is not made older or
/// fresher.
pub(crate) fn ago(lang: Lang, seconds: u64) -> String {
    if seconds < MINUTE {
        return tell!(lang, "span-now").to_owned();
    }
    tell!(lang, "span-ago", span = coarse(lang, seconds))
}

/// How long until: `in 10 min`, `en 10 min`.
pub(crate) fn ahead(lang: Lang, seconds: u64) -> String {
    if seconds < MINUTE {
        return tell!(lang, "span-soon").to_owned();
    }
    tell!(lang, "span-ahead", span = duration(lang, seconds - seconds % MINUTE))
}

/// A span in full: `90 s` is `1 min 30 s`, and what is less than a minute counts only where there are no hours.
pub(crate) fn duration(lang: Lang, seconds: u64) -> String {
    let (minutes, rest) = (seconds / MINUTE, seconds % MINUTE);
    let (hours, minutes_left) = (seconds / HOUR, minutes % 60);
    let (days, hours_left) = (seconds / DAY, hours % 24);
    let parts = match (days, hours, minutes) {
        (1.., ..) => [(days, Unit::Day), (hours_left, Unit::Hour)],
        (_, 1.., _) => [(hours, Unit::Hour), (minutes_left, Unit::Minute)],
        (_, _, 1..) => [(minutes, Unit::Minute), (rest, Unit::Second)],
        _ => return Unit::Second.count(lang, rest),
    };
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts.map(|(count, unit)| unit.count(lang, count)).collect::<Vec<_>>().join(" ")
}

/// So many days.
pub(crate) fn days(lang: Lang, count: u64) -> String {
    Unit::Day.count(lang, count)
}

/// The largest unit alone.
fn coarse(lang: Lang, seconds: u64) -> String {
    match seconds {
        DAY.. => Unit::Day.count(lang, seconds / DAY),
        HOUR.. => Unit::Hour.count(lang, seconds / HOUR),
        _ => Unit::Minute.count(lang, seconds / MINUTE),
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Day,
    Hour,
    Minute,
    Second,
}

impl Unit {
    fn count(self, lang: Lang, count: u64) -> String {
        let id = match self {
            Self::Day => "span-days",
            Self::Hour => "span-hours",
            Self::Minute => "span-minutes",
            Self::Second => "span-seconds",
        };
        tell!(lang, id, count)
    }
}
