//! Staying connected to a neighborhood: a link, and another one whenever it breaks or its epoch ends.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::NeighborhoodId;

use crate::client::Client;
use crate::error::ClientError;
use crate::link::Link;
use crate::records::Taken;

/// The first pause before another attempt.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest one: whoever waits for an alert must not wait long after a relay is back.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How long nothing may happen before the caller looks again by itself.
const QUIET: Duration = Duration::from_secs(30);

/// What happened.
#[derive(Debug)]
pub enum News {
    /// A link was made, and everything was read to its tail.
    Linked,
    /// A record was taken.
    Taken(Taken),
    /// For a while nothing came.
    Quiet,
    /// The link broke, or none could be made: another attempt follows by itself.
    Lost(ClientError),
}

/// Follows one neighborhood.
pub struct Follower<'a> {
    client: &'a Client,
    hood: NeighborhoodId,
    link: Option<Link>,
    linked_at: Instant,
    failures: u32,
}

impl<'a> Follower<'a> {
    /// Nothing is connected before the first [`Self::next`].
    #[must_use]
    pub fn new(client: &'a Client, hood: NeighborhoodId) -> Self {
        Self { client, hood, link: None, linked_at: Instant::now(), failures: 0 }
    }

    /// Waits for what happens next.
    ///
    /// # Errors
    /// Waiting for a relay cannot help: see [`passes`].
    pub async fn next(&mut self) -> Result<News, ClientError> {
        match self.link.take() {
            None => self.connect().await,
            Some(link) if link.is_stale() => self.connect_after(link).await,
            Some(mut link) => match self.client.next(&mut link, QUIET).await {
                Ok(Some(taken)) => {
                    self.link = Some(link);
                    Ok(News::Taken(taken))
                }
                Ok(None) if link.is_stale() => self.connect_after(link).await,
                Ok(None) => {
                    self.link = Some(link);
                    Ok(News::Quiet)
                }
                Err(error) => self.lost(error),
            },
        }
    }

    /// Makes another link at the next call: whatever is due is done then.
    pub async fn renew(&mut self) {
        if let Some(link) = self.link.take() {
            link.goodbye().await;
        }
    }

    /// How long this link has been there.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.linked_at.elapsed()
    }

    /// The URL of the relay in use, if there is a link.
    #[must_use]
    pub fn relay(&self) -> Option<&str> {
        self.link.as_ref().map(|link| link.relay.url.as_str())
    }

    /// What a coordinator's link lacks, if there is one: what is due and failed, and the other relays that fail, which are
    /// marked as that.
    #[must_use]
    pub fn troubles(&self) -> Option<Vec<(&ClientError, bool)>> {
        let link = self.link.as_ref().filter(|link| link.coordinator)?;
        let elsewhere = link.unreached().iter().map(|(_, error)| (error, true));
        Some(link.trouble.iter().map(|error| (error, false)).chain(elsewhere).collect())
    }

    /// Sends what waits for this neighborhood, if there is a link. What is not sent stays in the vault; why, is told.
    pub async fn flush(&mut self) -> Option<ClientError> {
        let mut link = self.link.take()?;
        match self.client.flush(&mut link).await {
            Ok(_) => {
                self.link = Some(link);
                None
            }
            // What there is no room for, or what only another version knows, waits, and alerts come over this link all the same.
            Err(error) if error.keeps_one_back() => {
                self.link = Some(link);
                Some(error)
            }
            Err(error) => Some(error),
        }
    }

    /// Makes another link than one that has to be left, as all others do who were told the same in this moment.
    async fn connect_after(&mut self, link: Link) -> Result<News, ClientError> {
        let within = link.leave_within;
        link.goodbye().await;
        sleep(within.mul_f64(at_random())).await;
        self.connect().await
    }

    async fn connect(&mut self) -> Result<News, ClientError> {
        if self.failures > 0 {
            sleep(pause(self.failures)).await;
        }
        match self.client.connected(self.hood).await {
            Ok((link, _)) => {
                self.link = Some(link);
                self.linked_at = Instant::now();
                self.failures = 0;
                Ok(News::Linked)
            }
            Err(error) => self.lost(error),
        }
    }

    fn lost(&mut self, error: ClientError) -> Result<News, ClientError> {
        if !passes(&error) {
            return Err(error);
        }
        self.failures = self.failures.saturating_add(1);
        Ok(News::Lost(error))
    }
}

/// Whether waiting can help. Only a vault that fails, or what is not there, ends a watch: whoever waits for an alert
/// must not be left alone because of a relay.
#[must_use]
pub const fn passes(error: &ClientError) -> bool {
    match error {
        ClientError::Unreachable { .. }
        | ClientError::FirstRelayAway { .. }
        | ClientError::Broken(_)
        | ClientError::WrongRelay { .. }
        | ClientError::Refused(_)
        | ClientError::RelayNewer { .. }
        | ClientError::RelayOlder { .. }
        | ClientError::NotAllowed { .. }
        | ClientError::Charter(_)
        | ClientError::Restriction(_)
        | ClientError::Untrusted(_)
        | ClientError::ShownCharter(_)
        | ClientError::NoKeys { .. }
        | ClientError::ShutOut { .. }
        | ClientError::KeysWithheld { .. }
        | ClientError::NotGranted(_)
        | ClientError::Invalid(_)
        | ClientError::Content(_)
        | ClientError::Raced
        | ClientError::Unexpected(_) => true,
        ClientError::Vault(_)
        | ClientError::File(_)
        | ClientError::Link(_)
        | ClientError::NoNetwork
        | ClientError::HasNetwork
        | ClientError::NoNeighborhood { .. }
        | ClientError::NotFound { .. }
        | ClientError::Ambiguous { .. }
        | ClientError::Expired { .. }
        | ClientError::NoAdminKey
        | ClientError::HasAdminKey
        | ClientError::NoAnchors
        | ClientError::Paper(_)
        | ClientError::KeyFile(_)
        | ClientError::CharterFile(_)
        | ClientError::Edit(_)
        | ClientError::Draft(_)
        | ClientError::MoreSignatures { .. }
        | ClientError::Closed { .. }
        | ClientError::WrongWords
        | ClientError::Forked { .. }
        | ClientError::Choice(_)
        | ClientError::Unsignable(_)
        | ClientError::Desk(_)
        | ClientError::Queued
        | ClientError::HistoryOutOfRange { .. }
        | ClientError::StillOpen { .. }
        | ClientError::Template(_)
        | ClientError::NotVerified
        | ClientError::Timeout(_) => false,
    }
}

/// Whether it is the everyday loss of a connection, which needs no words the first time.
#[must_use]
pub const fn is_everyday(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::Broken(_) | ClientError::Refused(Refusal::SlowDown { .. } | Refusal::ClosedEpoch { .. })
    )
}

/// Half to the whole of a pause that doubles: thousands of clients must not come back in one moment.
fn pause(failures: u32) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(LONGEST_PAUSE);
    doubled / 2 + doubled.mul_f64(at_random() / 2.0)
}

/// From 0 to 1. It is no secret.
fn at_random() -> f64 {
    let thousandths = RandomState::new().build_hasher().finish() % 1000;
    f64::from(u32::try_from(thousandths).unwrap_or(0)) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_grows_is_spread_and_has_an_end() {
        for failures in 1..40 {
            let pause = pause(failures);
            assert!(pause >= FIRST_PAUSE / 2 && pause <= LONGEST_PAUSE, "{pause:?}");
        }
        assert!(pause(1) <= FIRST_PAUSE);
        let spread: std::collections::BTreeSet<Duration> = (0..50).map(|_| pause(20)).collect();
        assert!(spread.len() > 10);
        assert!((0..50).map(|_| at_random()).all(|share| (0.0..1.0).contains(&share)));
    }

    #[test]
    fn a_relay_that_is_away_ends_nothing_and_a_broken_vault_does() {
        assert!(passes(&ClientError::Broken(String::new())));
        assert!(passes(&ClientError::Refused(Refusal::Internal)));
        assert!(!passes(&ClientError::NoNetwork));
    }
}
