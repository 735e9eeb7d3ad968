//! What a coordinator's client could not do of what is due, kept until it is done.

use bincode::{Decode, Encode};
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;

use crate::client::Client;
use crate::error::{ClientError, Lacks};
use crate::unreached::Unreached;
use crate::vault::{Bucket, Tx};

/// `DutyTrouble`: since when a coordinator's duty fails, and why.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DutyTrouble {
    /// Since when.
    pub since: Timestamp,
    why: Why,
}

/// An error in a form that lasts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
enum Why {
    Refused(Refusal),
    FirstRelayAway(String),
    Unreachable(String),
    Broken(String),
    Newer(String),
    Older(String, Lacks),
    Other(String),
}

impl From<&ClientError> for Why {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::Refused(refusal) => Self::Refused(refusal.clone()),
            ClientError::FirstRelayAway { url } => Self::FirstRelayAway(url.clone()),
            ClientError::Unreachable { url, .. } => Self::Unreachable(url.clone()),
            ClientError::Broken(why) => Self::Broken(why.clone()),
            ClientError::RelayNewer { url } => Self::Newer(url.clone()),
            ClientError::RelayOlder { url, lacks } => Self::Older(url.clone(), *lacks),
            other => Self::Other(other.to_string()),
        }
    }
}

impl DutyTrouble {
    /// Why.
    #[must_use]
    pub fn error(&self) -> ClientError {
        match self.why.clone() {
            Why::Refused(refusal) => refusal.into(),
            Why::FirstRelayAway(url) => ClientError::FirstRelayAway { url },
            Why::Unreachable(url) => {
                ClientError::Unreachable { url, reason: Unreached::Other("it does not answer".to_owned()) }
            }
            Why::Broken(why) => ClientError::Broken(why),
            Why::Newer(url) => ClientError::RelayNewer { url },
            Why::Older(url, lacks) => ClientError::RelayOlder { url, lacks },
            Why::Other(why) => ClientError::Unexpected(why),
        }
    }
}

/// What fails in a neighborhood.
pub(crate) fn trouble_of(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<Option<DutyTrouble>, ClientError> {
    Ok(tx.get(Bucket::DutyTrouble, &hood.0)?)
}

impl Client {
    /// Keeps why something that is due was not done, or that all of it was.
    pub(crate) fn note_trouble(&self, hood: NeighborhoodId, error: Option<&ClientError>) -> Result<(), ClientError> {
        let (now, why) = (self.now(), error.map(Why::from));
        self.vault.transact(|tx| match (trouble_of(tx, hood)?, why) {
            (None, None) => Ok(()),
            (Some(_), None) => Ok(tx.delete(Bucket::DutyTrouble, &hood.0)?),
            (Some(held), Some(why)) if held.why == why => Ok(()),
            (held, Some(why)) => {
                let since = held.map_or(now, |held| held.since);
                Ok(tx.put(Bucket::DutyTrouble, &hood.0, &DutyTrouble { since, why })?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_was_kept_says_what_it_said() {
        let url = || "wss://relay.example/v1".to_owned();
        for error in [
            ClientError::FirstRelayAway { url: url() },
            ClientError::Refused(Refusal::SlowDown { seconds: 7 }),
            ClientError::RelayOlder { url: url(), lacks: Lacks::Keys },
            ClientError::RelayNewer { url: url() },
            ClientError::Broken("the relay closed it".to_owned()),
        ] {
            let kept = DutyTrouble { since: Timestamp(1), why: Why::from(&error) };
            assert_eq!(kept.error().to_string(), error.to_string());
            assert_eq!(kept.error().code(), error.code());
        }
    }
}
