//! Sealed values, found by name within a bucket.

use bincode::{Decode, Encode};
use hkdf::Hkdf;
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::Sha256;
use watchfire_protocol::record::{open_symmetric, seal_symmetric};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::wire;
use zeroize::Zeroizing;

use super::VaultError;

/// What kind of value it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
#[expect(missing_docs, reason = "each is named for the type in `state` that it holds")]
pub enum Bucket {
    Meta = 1,
    Charter = 2,
    Hood = 3,
    Epoch = 4,
    Announcement = 5,
    Roster = 6,
    RosterEvent = 7,
    Cursor = 8,
    Alert = 9,
    Held = 10,
    Seen = 11,
    Confirmation = 12,
    Answer = 13,
    Joining = 14,
    Request = 15,
    Outbox = 16,
    Names = 17,
    Deferred = 18,
    CoSign = 19,
    Renewal = 20,
    Clone = 21,
    Stepped = 22,
    Head = 23,
    View = 24,
    Direct = 70,
    DirectSent = 71,
    OwnAnswer = 72,
    AnswerIndex = 73,
    Offer = 74,
    OwnOffer = 75,
    History = 80,
    Template = 81,
    Cards = 82,
    FirstGoing = 83,
    Route = 84,
    Unfinished = 85,
    Begun = 86,
    MissedRoster = 87,
    Reach = 88,
    AtRelay = 89,
    DutyTrouble = 90,
    OwnSaid = 91,
    AsSaid = 92,
    Dropped = 93,
    Calls = 94,
    DraftNames = 30,
    SignedDraft = 31,
    Report = 60,
    DeskEvent = 61,
    DeskIndex = 62,
    Due = 50,
    Gone = 51,
    OtherAnnouncement = 52,
    Fork = 40,
    Restriction = 41,
    RestrictionSet = 42,
}

/// One transaction.
pub struct Tx<'a> {
    transaction: &'a Transaction<'a>,
    key: &'a Secret32,
}

impl<'a> Tx<'a> {
    pub(super) const fn new(transaction: &'a Transaction<'a>, key: &'a Secret32) -> Self {
        Self { transaction, key }
    }

    /// A keyed hash of the bucket and the name: HKDF-Expand under the vault key.
    fn row(&self, bucket: Bucket, name: &[u8]) -> Result<[u8; 16], VaultError> {
        let mut out = [0; 16];
        Hkdf::<Sha256>::from_prk(self.key.expose())
            .map_err(|_| VaultError::Damaged)?
            .expand_multi_info(&[b"watchfire vault row", &[bucket as u8], name], &mut out)
            .map_err(|_| VaultError::Damaged)?;
        Ok(out)
    }

    fn aad(bucket: i64, row: &[u8]) -> Vec<u8> {
        [b"watchfire vault value", &bucket.to_le_bytes()[..1], row].concat()
    }

    fn open<T: Encode + Decode<()>>(
        &self,
        bucket: Bucket,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<(Vec<u8>, T), VaultError> {
        let plain = self.open_row(bucket as i64, row, sealed)?;
        wire::decode_large(&plain).map_err(|_| VaultError::Damaged)
    }

    fn open_row(&self, bucket: i64, row: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        open_symmetric(self.key, &Self::aad(bucket, row), sealed).map_err(|_| VaultError::Damaged)
    }

    /// Reads a value.
    ///
    /// # Errors
    /// The disk refuses, or the row is damaged.
    pub fn get<T: Encode + Decode<()>>(&self, bucket: Bucket, name: &[u8]) -> Result<Option<T>, VaultError> {
        let row = self.row(bucket, name)?;
        let mut statement =
            self.transaction.prepare_cached("SELECT value FROM entry WHERE bucket = ?1 AND name = ?2")?;
        let sealed: Option<Vec<u8>> =
            statement.query_row(params![bucket as i64, row], |found| found.get(0)).optional()?;
        sealed.map(|sealed| self.open(bucket, &row, &sealed).map(|(_, value)| value)).transpose()
    }

    /// Writes a value, in place of one of the same name.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn put<T: Encode>(&self, bucket: Bucket, name: &[u8], value: &T) -> Result<(), VaultError> {
        let row = self.row(bucket, name)?;
        let plain = Zeroizing::new(wire::encode(&(name.to_vec(), value)));
        let sealed = seal_symmetric(self.key, &Self::aad(bucket as i64, &row), &plain, &mut rand::rng());
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO entry (bucket, name, value) VALUES (?1, ?2, ?3)")?
            .execute(params![bucket as i64, row, sealed])?;
        Ok(())
    }

    /// Erases a value, if there is one.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn delete(&self, bucket: Bucket, name: &[u8]) -> Result<(), VaultError> {
        let row = self.row(bucket, name)?;
        self.transaction
            .prepare_cached("DELETE FROM entry WHERE bucket = ?1 AND name = ?2")?
            .execute(params![bucket as i64, row])?;
        Ok(())
    }

    /// Erases every value whose name begins so, of whatever kind but one.
    ///
    /// # Errors
    /// The disk refuses, or a row is damaged.
    pub fn erase(&self, prefix: &[u8], but: Option<Bucket>) -> Result<(), VaultError> {
        let mut statement =
            self.transaction.prepare_cached("SELECT bucket, name, value FROM entry WHERE bucket != ?1")?;
        let mut rows = statement.query(params![but.map_or(0, |bucket| bucket as i64)])?;
        let mut found: Vec<(i64, Vec<u8>)> = Vec::new();
        while let Some(entry) = rows.next()? {
            let (bucket, row, sealed): (i64, Vec<u8>, Vec<u8>) = (entry.get(0)?, entry.get(1)?, entry.get(2)?);
            let plain = self.open_row(bucket, &row, &sealed)?;
            // A row is its name, with its length before it, and its value.
            let (_, begins) = wire::peek_varint(&plain).ok_or(VaultError::Damaged)?;
            if plain.get(begins..).is_some_and(|name| name.starts_with(prefix)) {
                found.push((bucket, row));
            }
        }
        for (bucket, row) in found {
            self.transaction.execute("DELETE FROM entry WHERE bucket = ?1 AND name = ?2", params![bucket, row])?;
        }
        Ok(())
    }

    /// The names of a bucket's values.
    #[cfg(test)]
    pub(super) fn names(&self, bucket: Bucket) -> Result<Vec<Vec<u8>>, VaultError> {
        let mut statement = self.transaction.prepare("SELECT name, value FROM entry WHERE bucket = ?1")?;
        let mut rows = statement.query(params![bucket as i64])?;
        let mut names = Vec::new();
        while let Some(found) = rows.next()? {
            let (row, sealed): (Vec<u8>, Vec<u8>) = (found.get(0)?, found.get(1)?);
            let plain = self.open_row(bucket as i64, &row, &sealed)?;
            let (length, begins) = wire::peek_varint(&plain).ok_or(VaultError::Damaged)?;
            let name = usize::try_from(length).ok().and_then(|length| plain.get(begins..begins.checked_add(length)?));
            names.push(name.ok_or(VaultError::Damaged)?.to_vec());
        }
        Ok(names)
    }

    /// Reads all values whose names begin so, in order of their names.
    ///
    /// # Errors
    /// The disk refuses, or a row is damaged.
    pub fn list<T: Encode + Decode<()>>(&self, bucket: Bucket, prefix: &[u8]) -> Result<Vec<(Vec<u8>, T)>, VaultError> {
        let mut statement = self.transaction.prepare_cached("SELECT name, value FROM entry WHERE bucket = ?1")?;
        let mut rows = statement.query(params![bucket as i64])?;
        let mut out = Vec::new();
        while let Some(found) = rows.next()? {
            let (row, sealed): (Vec<u8>, Vec<u8>) = (found.get(0)?, found.get(1)?);
            let (name, value) = self.open(bucket, &row, &sealed)?;
            if name.starts_with(prefix) {
                out.push((name, value));
            }
        }
        out.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(out)
    }
}
