//! For how long this vault keeps alerts that are over.

use watchfire_protocol::time::{DAY, HOUR};

use crate::client::Client;
use crate::error::ClientError;
use crate::vault::{Bucket, Tx};

/// Unless somebody wants it otherwise, in seconds.
pub const DEFAULT_HISTORY: u64 = DAY;
/// At most, in seconds: a year. What a vault holds can be found in it.
pub const MAX_HISTORY: u64 = 365 * DAY;

const KEEP: &[u8] = b"keep";

/// For how many seconds alerts stay after they expired, or came if that was later.
pub(crate) fn kept_for(tx: &Tx<'_>) -> Result<u64, ClientError> {
    Ok(tx.get(Bucket::History, KEEP)?.unwrap_or(DEFAULT_HISTORY))
}

impl Client {
    /// For how many seconds alerts stay in this vault after they expired.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn history(&self) -> Result<u64, ClientError> {
        self.read(kept_for)
    }

    /// Keeps alerts for so long after they expired, from here on; with them who answered. What is older goes at the next
    /// connection.
    ///
    /// # Errors
    /// Less than an hour or more than a year, or the disk refuses.
    pub fn keep_history(&self, seconds: u64) -> Result<(), ClientError> {
        if !(HOUR..=MAX_HISTORY).contains(&seconds) {
            return Err(ClientError::HistoryOutOfRange { found: seconds });
        }
        self.read(|tx| Ok(tx.put(Bucket::History, KEEP, &seconds)?))
    }
}
