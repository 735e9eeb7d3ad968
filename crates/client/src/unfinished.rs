//! What a command wrote whose person was not told of it yet: typed again, it goes on with that and writes nothing twice.

use std::path::Path;

use bincode::{Decode, Encode};
use watchfire_protocol::alert::AlertBody;
use watchfire_protocol::id::{NeighborhoodId, sha256};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{Place, ReportContent};
use watchfire_protocol::wire;

use crate::client::Client;
use crate::error::ClientError;
use crate::state::name;
use crate::vault::{Bucket, Tx};

/// So many seconds later the same words are meant as something new.
const AGAIN: u64 = 600;

/// `Unfinished`: what came of it so far.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Unfinished {
    at: Timestamp,
    /// What it became: the id of an alert, a report, or a batch of cards.
    pub(crate) id: [u8; 16],
    /// Under which it waits to be sent.
    pub(crate) ticket: Vec<u8>,
}

/// What was typed, by its hash.
pub(crate) struct Typed(Vec<u8>);

impl Typed {
    /// An alert. When somebody vouched for it, and when it was written, is nothing that was typed.
    pub(crate) fn alert(hood: NeighborhoodId, body: &AlertBody, exact: Option<&Place>) -> Self {
        let mut content = body.content.clone();
        content.verification.by.iter_mut().for_each(|check| check.at = Timestamp(0));
        // What is about another alert lasts as long as that one does, unless it was said otherwise.
        let lifetime = body.content.references.is_empty().then(|| body.expires.since(body.sent));
        Self::of(hood, b"alert", &wire::encode(&(content, lifetime, &body.extensions, exact)))
    }

    /// A report.
    pub(crate) fn report(hood: NeighborhoodId, content: &ReportContent) -> Self {
        Self::of(hood, b"report", &wire::encode(content))
    }

    /// Cards for a file.
    pub(crate) fn cards(hood: NeighborhoodId, cards: u16, expires_in: u64, file: &Path) -> Self {
        let file = file.as_os_str().as_encoded_bytes().to_vec();
        Self::of(hood, b"cards", &wire::encode(&(cards, expires_in, file)))
    }

    fn of(hood: NeighborhoodId, what: &[u8], words: &[u8]) -> Self {
        Self(name(hood, &sha256(&[what, b"\0", words])))
    }

    /// What came of it when it was typed before, if that is not long ago and nobody was told.
    pub(crate) fn begun(&self, tx: &Tx<'_>, now: Timestamp) -> Result<Option<Unfinished>, ClientError> {
        Ok(tx.get::<Unfinished>(Bucket::Unfinished, &self.0)?.filter(|begun| begun.is_recent(now)))
    }

    /// Keeps what comes of it now.
    pub(crate) fn begin(&self, tx: &Tx<'_>, id: [u8; 16], ticket: &[u8], now: Timestamp) -> Result<(), ClientError> {
        Ok(tx.put(Bucket::Unfinished, &self.0, &Unfinished { at: now, id, ticket: ticket.to_vec() })?)
    }
}

impl Unfinished {
    const fn is_recent(&self, now: Timestamp) -> bool {
        now.since(self.at) < AGAIN && self.at.since(now) < AGAIN
    }
}

/// What was begun of an id and nobody was told of.
pub(crate) fn begun(tx: &Tx<'_>, id: [u8; 16], now: Timestamp) -> Result<Option<Unfinished>, ClientError> {
    let all = tx.list::<Unfinished>(Bucket::Unfinished, b"")?.into_iter().map(|(_, begun)| begun);
    Ok(all.filter(|begun| begun.is_recent(now)).find(|begun| begun.id == id))
}

impl Client {
    /// Somebody was told what became of it: the same words typed again are another alert, report, or batch.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn told(&self, id: [u8; 16]) -> Result<(), ClientError> {
        let now = self.now();
        self.vault.transact(|tx| {
            for (name, begun) in tx.list::<Unfinished>(Bucket::Unfinished, b"")? {
                if begun.id == id || !begun.is_recent(now) {
                    tx.delete(Bucket::Unfinished, &name)?;
                }
            }
            Ok(())
        })
    }
}
