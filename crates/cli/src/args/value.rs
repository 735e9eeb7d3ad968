//! Values of arguments: what is read, and what is said about what cannot be.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use watchfire_client::file::{BadDuration, parse_duration};
use watchfire_client::route::Proxy;
use watchfire_protocol::charter::MAX_LIFETIME;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::MAX_CARDS;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::DAY;
use watchfire_protocol::vocabulary::limit;

use crate::words::{Lang, or, span_of_time, tell};

/// The longest that a command may be told to wait: a year.
const LONGEST: u64 = 365 * 24 * 3600;

/// Why a value will not do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BadValue {
    /// No language of the interface.
    Lang,
    /// No whole key.
    Key,
    /// No relay's URL that a link could carry.
    Relay,
    /// No span of time.
    Span(BadDuration),
    /// Not as long as a charter lives.
    Lifetime,
    /// Not whole hours.
    Hours,
    /// Not as many cards as a batch has.
    Cards,
    /// No time until somebody arrives.
    Arrival,
    /// No proxy that resolves names itself.
    Proxy,
}

impl BadValue {
    /// What is wanted, in the reader's language.
    pub(super) fn words(&self, lang: Lang) -> String {
        match self {
            Self::Lang => {
                let known: Vec<&str> = Lang::all().map(Lang::tag).collect();
                tell!(lang, "usage-wanted", wanted = or(lang, &known))
            }
            Self::Key => tell!(lang, "usage-key").to_owned(),
            Self::Relay => tell!(lang, "usage-url").to_owned(),
            Self::Span(error) => span_of_time(lang, error),
            Self::Lifetime => tell!(lang, "usage-lifetime", most = MAX_LIFETIME / DAY),
            Self::Hours => tell!(lang, "usage-hours").to_owned(),
            Self::Proxy => tell!(lang, "usage-proxy").to_owned(),
            Self::Arrival => tell!(lang, "usage-arrival").to_owned(),
            Self::Cards => tell!(lang, "usage-cards", most = MAX_CARDS),
        }
    }
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::EN))
    }
}

impl Error for BadValue {}

pub(super) fn lang(text: &str) -> Result<Lang, BadValue> {
    Lang::of(text).ok_or(BadValue::Lang)
}

pub(super) fn key(text: &str) -> Result<PublicKey, BadValue> {
    text.parse().map_err(|_| BadValue::Key)
}

/// A relay's URL, as an invite link can carry it.
pub(super) fn relay(text: &str) -> Result<String, BadValue> {
    let fits = InviteLink::host_of(text).is_some_and(|host| !host.is_empty());
    if fits { Ok(text.to_owned()) } else { Err(BadValue::Relay) }
}

/// A way out of this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Without a proxy.
    Straight,
    /// Through one.
    Through(Proxy),
}

/// `none`, or a proxy that resolves names itself.
pub(super) fn proxy(text: &str) -> Result<Way, BadValue> {
    match text {
        "none" => Ok(Way::Straight),
        text => text.parse().map(Way::Through).map_err(|_| BadValue::Proxy),
    }
}

/// A span of time; a bare number counts seconds.
pub(super) fn span(text: &str) -> Result<Duration, BadValue> {
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = if bare { format!("{text}s") } else { text.to_owned() };
    parse_duration(&text, LONGEST).map(Duration::from_secs).map_err(BadValue::Span)
}

/// So many minutes until somebody arrives, as a person writes them: `10`, `10m`, `10 min`, `1 hora`. A part of one counts as a
/// whole.
pub(super) fn minutes(text: &str) -> Result<u16, BadValue> {
    let typed = text.trim().to_lowercase();
    if typed.starts_with(['-', '−', '–']) {
        return Err(BadValue::Arrival);
    }
    let (number, unit) = typed.split_at(typed.find(|c: char| !c.is_ascii_digit()).unwrap_or(typed.len()));
    // As it is written in most languages: minutes, hours, seconds.
    let unit = match unit.trim().chars().next() {
        None | Some('m') => 'm',
        Some(letter @ ('h' | 's')) => letter,
        Some(_) => 'x',
    };
    let spelled = format!("{number}{unit}");
    let spelled = if unit == 'x' { text } else { spelled.as_str() };
    let seconds = parse_duration(spelled, u64::from(limit::ETA_MINUTES) * 60).map_err(BadValue::Span)?;
    u16::try_from(seconds.div_ceil(60)).map_err(|_| BadValue::Arrival)
}

/// How long a charter lives: one day or more, up to what the protocol lets it.
pub(super) fn lifetime(text: &str) -> Result<Duration, BadValue> {
    match parse_duration(text, MAX_LIFETIME) {
        Ok(seconds) if seconds >= DAY => Ok(Duration::from_secs(seconds)),
        _ => Err(BadValue::Lifetime),
    }
}

/// A span of time in whole hours.
pub(super) fn hours(text: &str) -> Result<u32, BadValue> {
    let seconds = parse_duration(text, LONGEST).map_err(BadValue::Span)?;
    match (seconds % 3600, u32::try_from(seconds / 3600)) {
        (0, Ok(hours)) => Ok(hours),
        _ => Err(BadValue::Hours),
    }
}

/// How many cards a batch has.
pub(super) fn cards(text: &str) -> Result<u16, BadValue> {
    text.parse().ok().filter(|cards| (1..=MAX_CARDS).contains(cards)).ok_or(BadValue::Cards)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_with_and_without_its_unit() {
        assert_eq!(span("10"), Ok(Duration::from_secs(10)));
        assert_eq!(span("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(span("2h"), Ok(Duration::from_secs(7200)));
        assert!(span("").is_err() && span("0").is_err() && span("ten").is_err() && span("-1").is_err());
    }

    #[test]
    fn a_relay_is_a_url_that_a_link_can_carry() {
        for good in ["wss://relay.example.org/v1", "ws://127.0.0.1:7443/v1", "ws://abcdef.onion/v1"] {
            assert_eq!(relay(good).as_deref(), Ok(good));
        }
        for bad in ["", "relay.example.org", "https://relay.example.org/v1", "wss://relay.example.org", "wss:///v1"] {
            assert!(relay(bad).is_err(), "{bad}");
        }
        assert!(relay("ws://relay.example.org/v1").is_err(), "in the clear, over the open network");
    }

    #[test]
    fn an_arrival_lies_ahead_and_within_a_day() {
        for (typed, wanted) in [("10", 10), ("10 min", 10), ("90s", 2), ("1 hora", 60), ("24h", 1440), ("1440", 1440)] {
            assert_eq!(minutes(typed), Ok(wanted), "{typed}");
        }
        for typed in ["-5", "-5m", " -1h"] {
            assert_eq!(minutes(typed), Err(BadValue::Arrival), "{typed}");
        }
        for typed in ["25h", "1441", "5000h", "99999999999999999999h"] {
            assert!(matches!(minutes(typed), Err(BadValue::Span(BadDuration::TooLong { .. }))), "{typed}");
        }
        assert!(minutes("soon").is_err() && minutes("0").is_err() && minutes("").is_err());
    }

    #[test]
    fn a_charter_lives_for_a_day_to_four_hundred() {
        assert_eq!(lifetime("400d"), Ok(Duration::from_secs(400 * 86_400)));
        assert_eq!(lifetime("24h"), Ok(Duration::from_secs(86_400)));
        for bad in ["401d", "23h", "1h", "90", "", "ever"] {
            assert_eq!(lifetime(bad), Err(BadValue::Lifetime), "{bad}");
        }
    }

    #[test]
    fn a_retention_is_whole_hours() {
        assert_eq!(hours("72h"), Ok(72));
        assert_eq!(hours("3d"), Ok(72));
        assert!(hours("90m").is_err() && hours("72").is_err());
    }
}
