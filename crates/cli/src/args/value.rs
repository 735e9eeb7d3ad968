//! Values of arguments: what is read, and what is said about what cannot be.

use std::time::Duration;

use watchfire_client::file::parse_duration;
use watchfire_protocol::charter::MAX_LIFETIME;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::DAY;

use crate::words::{Lang, or};

/// The longest that a command may be told to wait: a year.
const LONGEST: u64 = 365 * 24 * 3600;

pub(super) fn lang(text: &str) -> Result<Lang, String> {
    let known = || Lang::all().map(Lang::tag).collect::<Vec<_>>();
    Lang::of(text).ok_or_else(|| format!("wanted {}", or(Lang::EN, &known())))
}

pub(super) fn key(text: &str) -> Result<PublicKey, String> {
    text.parse().map_err(|_| "wanted the whole key, as the relay's operator reads it to you".to_owned())
}

/// A relay's URL, as an invite link can carry it.
pub(super) fn relay(text: &str) -> Result<String, String> {
    match InviteLink::host_of(text).is_some_and(|host| !host.is_empty()) {
        true => Ok(text.to_owned()),
        false => Err("wanted a URL like wss://relay.example.org/v1; ws:// is for this machine and for .onion names \
                      only"
            .to_owned()),
    }
}

/// A span of time; a bare number counts seconds.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = if bare { format!("{text}s") } else { text.to_owned() };
    parse_duration(&text, LONGEST).map(Duration::from_secs).map_err(|error| error.to_string())
}

/// How long a charter lives: one day or more, up to what the protocol lets it.
pub(super) fn lifetime(text: &str) -> Result<Duration, String> {
    match parse_duration(text, MAX_LIFETIME) {
        Ok(seconds) if seconds >= DAY => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("wanted 1d to {}d", MAX_LIFETIME / DAY)),
    }
}

/// A span of time in whole hours.
pub(super) fn hours(text: &str) -> Result<u32, String> {
    let seconds = parse_duration(text, LONGEST).map_err(|error| error.to_string())?;
    match seconds % 3600 {
        0 => u32::try_from(seconds / 3600).map_err(|error| error.to_string()),
        _ => Err("wanted whole hours, like 72h".to_owned()),
    }
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
    fn a_charter_lives_for_a_day_to_four_hundred() {
        assert_eq!(lifetime("400d"), Ok(Duration::from_secs(400 * 86_400)));
        assert_eq!(lifetime("24h"), Ok(Duration::from_secs(86_400)));
        for bad in ["401d", "23h", "1h", "90", "", "ever"] {
            assert_eq!(lifetime(bad), Err("wanted 1d to 400d".to_owned()), "{bad}");
        }
    }

    #[test]
    fn a_retention_is_whole_hours() {
        assert_eq!(hours("72h"), Ok(72));
        assert_eq!(hours("3d"), Ok(72));
        assert!(hours("90m").is_err() && hours("72").is_err());
    }
}
