//! Whether this person wants to be woken, and when not. It stays on this device; alerts are kept and shown all the same.

use std::fmt;
use std::str::FromStr;

use bincode::{Decode, Encode};

use crate::client::Client;
use crate::error::ClientError;
use crate::vault::Bucket;

const DUTY: &[u8] = b"duty";
/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// When hooks and notifications keep still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Duty {
    /// Always.
    pub off: bool,
    /// At these hours of the day.
    pub quiet: Option<Quiet>,
}

/// Hours of the local day, over midnight where the end is before the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Quiet {
    from: u16,
    to: u16,
}

/// Not hours of a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` are no quiet hours: wanted two times of the day, as in 22:00-07:00")]
pub struct NotQuiet {
    /// The beginning of what was found.
    pub found: String,
}

impl Duty {
    /// Whether hooks and notifications keep still at a minute of the local day.
    #[must_use]
    pub fn keeps_still(&self, minute: u16) -> bool {
        self.off || self.quiet.is_some_and(|quiet| quiet.contains(minute))
    }
}

impl Quiet {
    /// Whether a minute of the day is in it. The last one is not.
    #[must_use]
    pub const fn contains(&self, minute: u16) -> bool {
        if self.from < self.to {
            self.from <= minute && minute < self.to
        } else {
            self.from <= minute || minute < self.to
        }
    }
}

impl FromStr for Quiet {
    type Err = NotQuiet;

    fn from_str(text: &str) -> Result<Self, NotQuiet> {
        let refused = || NotQuiet { found: text.chars().take(20).flat_map(char::escape_debug).collect() };
        let (from, to) = text.trim().split_once(['-', '–']).ok_or_else(refused)?;
        let (from, to) = (minute(from).ok_or_else(refused)?, minute(to).ok_or_else(refused)?);
        if from == to { Err(refused()) } else { Ok(Self { from, to }) }
    }
}

impl fmt::Display for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

/// `7:30` or `07:30`; `24:00` is midnight.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits =
        |text: &str, least: usize| (least..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours, 1) || !digits(minutes, 2) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let of_day = hours * 60 + minutes;
    (minutes < 60 && of_day <= DAY).then_some(of_day % DAY)
}

impl Client {
    /// When hooks and notifications keep still on this device.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn duty(&self) -> Result<Duty, ClientError> {
        self.read(|tx| Ok(tx.get(Bucket::Meta, DUTY)?.unwrap_or_default()))
    }

    /// Sets that.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn set_duty(&self, duty: Duty) -> Result<(), ClientError> {
        self.read(|tx| Ok(tx.put(Bucket::Meta, DUTY, &duty)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(text: &str) -> Quiet {
        text.parse().unwrap()
    }

    #[test]
    fn quiet_hours_go_over_midnight_where_the_end_is_before_the_beginning() {
        let night = quiet("22:00-07:00");
        for (hour, minute, still) in
            [(21, 59, false), (22, 0, true), (23, 59, true), (0, 0, true), (6, 59, true), (7, 0, false)]
        {
            assert_eq!(night.contains(hour * 60 + minute), still, "{hour}:{minute}");
        }
        let noon = quiet("12:00-13:30");
        assert!(noon.contains(12 * 60) && !noon.contains(13 * 60 + 30) && !noon.contains(0));
        assert!(quiet("20:00-24:00").contains(23 * 60 + 59) && !quiet("20:00-24:00").contains(0));
    }

    #[test]
    fn who_is_off_duty_is_never_woken() {
        assert!(Duty { off: true, quiet: None }.keeps_still(600));
        let hours = Duty { off: false, quiet: Some(quiet("22:00-07:00")) };
        assert!(hours.keeps_still(0) && !hours.keeps_still(600));
        assert!(!Duty::default().keeps_still(0));
    }

    #[test]
    fn what_are_no_hours_of_a_day_is_refused() {
        for wrong in
            ["", "22-07", "22:00", "25:00-07:00", "22:60-07:00", "22:00-22:00", "-", "22:0-07:00", "+2:00-07:00"]
        {
            assert!(wrong.parse::<Quiet>().is_err(), "{wrong}");
        }
        assert_eq!(quiet(" 22:00 - 7:05 ").to_string(), "22:00-07:05");
    }
}
