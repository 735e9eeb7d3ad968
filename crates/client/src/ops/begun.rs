//! What a person began to write at prompts and has not sent: kept after each answer, sealed like the rest of the vault, so that
//! nothing is lost with a terminal, until it is sent, discarded, or a day old. Each command keeps what it writes in a slot of
//! its own, so that two at once overwrite nothing of each other.

use bincode::{Decode, Encode};
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::time::{DAY, Timestamp};

use crate::client::Client;
use crate::error::ClientError;
use crate::vault::{Bucket, Tx};

/// For how many seconds it is kept after the last answer.
pub const KEPT: u64 = DAY;

/// What somebody writes. What is about an alert is about that one state of it: once there is another, it is another text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// An alert.
    Alert,
    /// A report.
    Report,
    /// What is so by now.
    Update(AlertId),
    /// How it ended.
    Cancel(AlertId),
    /// What is true.
    Correction(AlertId),
}

impl Writing {
    fn name(self) -> Vec<u8> {
        let (what, about): (&[u8], Option<AlertId>) = match self {
            Self::Alert => (b"alert", None),
            Self::Report => (b"report", None),
            Self::Update(about) => (b"update", Some(about)),
            Self::Cancel(about) => (b"cancel", Some(about)),
            Self::Correction(about) => (b"correction", Some(about)),
        };
        [what, about.as_ref().map_or(&[], |about| &about.0[..])].concat()
    }
}

/// Where one command keeps what it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What.
    pub what: Writing,
    /// The number of its process. None has the number 0: it stands for what was kept before slots had numbers.
    pub writer: u32,
}

impl Slot {
    fn name(self) -> Vec<u8> {
        let mut name = self.what.name();
        if self.writer != 0 {
            name.extend(self.writer.to_be_bytes());
        }
        name
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
    /// What commands began to write, the newest first.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn begun(&self, what: Writing) -> Result<Vec<(Slot, Begun)>, ClientError> {
        let prefix = what.name();
        let slot = |name: &[u8]| {
            let writer = match name.strip_prefix(prefix.as_slice())? {
                [] => 0,
                writer => u32::from_be_bytes(writer.try_into().ok()?),
            };
            Some(Slot { what, writer })
        };
        let mut begun: Vec<(Slot, Begun)> = self.read(|tx| {
            forget_old(tx, self.now())?;
            let all = tx.list(Bucket::Begun, &prefix)?;
            Ok(all.into_iter().filter_map(|(name, begun)| Some((slot(&name)?, begun))).collect())
        })?;
        begun.sort_by_key(|(_, begun): &(Slot, Begun)| std::cmp::Reverse(begun.at));
        Ok(begun)
    }

    /// Keeps what is written by now, in place of what was in its slot.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep_begun(&self, slot: Slot, begun: &Begun) -> Result<(), ClientError> {
        self.read(|tx| Ok(tx.put(Bucket::Begun, &slot.name(), begun)?))
    }

    /// Goes on with it in another slot.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn move_begun(&self, from: Slot, to: Slot, begun: &Begun) -> Result<(), ClientError> {
        self.vault.transact(|tx| {
            discard(tx, from)?;
            Ok(tx.put(Bucket::Begun, &to.name(), begun)?)
        })
    }

    /// Forgets it: nobody wants it any more.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn discard_begun(&self, slot: Slot) -> Result<(), ClientError> {
        self.read(|tx| discard(tx, slot))
    }
}

/// Forgets it, as soon as what became of it is in the vault.
pub(crate) fn discard(tx: &Tx<'_>, slot: Slot) -> Result<(), ClientError> {
    Ok(tx.delete(Bucket::Begun, &slot.name())?)
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
    fn what_was_begun_is_kept_for_a_day_apart_for_each_command_and_goes_with_its_neighborhood() {
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
        let slot = |what, writer| Slot { what, writer };
        let alert = slot(Writing::Alert, 7);
        client.keep_begun(alert, &begun(1, "an alert")).unwrap();
        time.fetch_add(1, Ordering::Relaxed);
        client.keep_begun(slot(Writing::Alert, 8), &begun(3, "another")).unwrap();
        client.keep_begun(slot(Writing::Report, 7), &begun(2, "a report")).unwrap();
        let about = |id: u8| Writing::Update(AlertId([id; 16]));
        client.keep_begun(slot(about(1), 7), &begun(2, "an update")).unwrap();
        let texts = |client: &Client, what| -> Vec<String> {
            client.begun(what).unwrap().into_iter().map(|(_, begun)| begun.text).collect()
        };
        assert_eq!(texts(&client, Writing::Alert), ["another", "an alert"]);
        assert_eq!(texts(&client, about(1)), ["an update"]);
        assert!(texts(&client, about(2)).is_empty() && texts(&client, Writing::Cancel(AlertId([1; 16]))).is_empty());
        client.move_begun(alert, slot(Writing::Alert, 9), &begun(1, "an alert")).unwrap();
        client.discard_begun(alert).unwrap();
        assert_eq!(texts(&client, Writing::Alert).len(), 2, "it is in another slot");
        client.read(|tx| forget_of(tx, NeighborhoodId([1; 16]))).unwrap();
        assert_eq!(texts(&client, Writing::Alert), ["another"]);
        time.fetch_add(KEPT, Ordering::Relaxed);
        assert_eq!(texts(&client, Writing::Report), ["a report"]);
        time.fetch_add(1, Ordering::Relaxed);
        let later = Client::open(home.path(), &passphrase, clock).unwrap();
        let left = later.read(|tx| Ok(tx.list::<Begun>(Bucket::Begun, b"")?)).unwrap();
        assert!(left.is_empty(), "whatever opens the vault forgets it");
    }
}
