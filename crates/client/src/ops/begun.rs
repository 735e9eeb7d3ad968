//! What a person began to write at prompts and has not sent: kept after each answer, sealed like the rest of the vault, so that
//! nothing is lost with a terminal. One alert and one report, until it is sent, discarded, or a day old.

use bincode::{Decode, Encode};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::{DAY, Timestamp};

use crate::client::Client;
use crate::error::ClientError;
use crate::vault::{Bucket, Tx};

/// For how many seconds it is kept after the last answer.
pub const KEPT: u64 = DAY;

/// What somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// An alert.
    Alert,
    /// A report.
    Report,
}

impl Writing {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Alert => b"alert",
            Self::Report => b"report",
        }
    }
}

/// Of what it is made, where the command named something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Origin {
    /// A report.
    pub from: Option<String>,
    /// A template.
    pub template: Option<String>,
    /// A file.
    pub file: Option<String>,
}

/// `Begun`: as far as it is written. Its text names places and callers, so that it is not `Debug`.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Begun {
    /// When the last answer was given.
    pub at: Timestamp,
    /// Where it goes.
    pub hood: NeighborhoodId,
    /// Of what it is made.
    pub origin: Origin,
    /// What it says, in the shape of its file.
    pub text: String,
}

impl Client {
    /// What somebody began to write.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn begun(&self, what: Writing) -> Result<Option<Begun>, ClientError> {
        self.read(|tx| {
            forget_old(tx, self.now())?;
            Ok(tx.get(Bucket::Begun, what.name())?)
        })
    }

    /// Keeps what is written by now, in place of what was.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep_begun(&self, what: Writing, begun: &Begun) -> Result<(), ClientError> {
        self.read(|tx| Ok(tx.put(Bucket::Begun, what.name(), begun)?))
    }

    /// Forgets it: nobody wants it any more.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn discard_begun(&self, what: Writing) -> Result<(), ClientError> {
        self.read(|tx| discard(tx, what))
    }
}

/// Forgets it, as soon as what became of it is in the vault.
pub(crate) fn discard(tx: &Tx<'_>, what: Writing) -> Result<(), ClientError> {
    Ok(tx.delete(Bucket::Begun, what.name())?)
}

/// Forgets what nobody has gone on with.
pub(crate) fn forget_old(tx: &Tx<'_>, now: Timestamp) -> Result<(), ClientError> {
    forget(tx, |begun| now.since(begun.at) > KEPT)
}

/// Forgets what would have gone to a neighborhood.
pub(crate) fn forget_of(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<(), ClientError> {
    forget(tx, |begun| begun.hood == hood)
}

fn forget(tx: &Tx<'_>, which: impl Fn(&Begun) -> bool) -> Result<(), ClientError> {
    for (name, begun) in tx.list::<Begun>(Bucket::Begun, b"")? {
        if which(&begun) {
            tx.delete(Bucket::Begun, &name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::vault::Passphrase;

    #[test]
    fn what_was_begun_is_kept_for_a_day_apart_for_alerts_and_reports_and_goes_with_its_neighborhood() {
        let home = tempfile::tempdir().unwrap();
        let time = Arc::new(AtomicU64::new(1_795_291_331));
        let clock = {
            let time = time.clone();
            Arc::new(move || Timestamp(time.load(Ordering::Relaxed)))
        };
        let passphrase = Passphrase::new("one".to_owned()).unwrap();
        let client = Client::open_or_create(home.path(), &passphrase, clock.clone()).unwrap();
        let begun = |hood: u8, text: &str| Begun {
            at: client.now(),
            hood: NeighborhoodId([hood; 16]),
            origin: Origin::default(),
            text: text.to_owned(),
        };
        client.keep_begun(Writing::Alert, &begun(1, "an alert")).unwrap();
        client.keep_begun(Writing::Report, &begun(2, "a report")).unwrap();
        let text = |client: &Client, what| client.begun(what).unwrap().map(|begun| begun.text);
        assert_eq!(text(&client, Writing::Alert).as_deref(), Some("an alert"));
        client.read(|tx| forget_of(tx, NeighborhoodId([1; 16]))).unwrap();
        assert_eq!(text(&client, Writing::Alert), None);
        time.fetch_add(KEPT, Ordering::Relaxed);
        assert_eq!(text(&client, Writing::Report).as_deref(), Some("a report"));
        time.fetch_add(1, Ordering::Relaxed);
        let later = Client::open(home.path(), &passphrase, clock).unwrap();
        let left = later.read(|tx| Ok(tx.list::<Begun>(Bucket::Begun, b"")?)).unwrap();
        assert!(left.is_empty(), "whatever opens the vault forgets it");
    }
}
