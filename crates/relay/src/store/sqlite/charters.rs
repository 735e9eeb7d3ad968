//! Chains of charters, and restrictions. They were judged before they come here.

use rusqlite::{Connection, OptionalExtension, params};
use watchfire_protocol::id::{CharterHash, NetworkId, RestrictionHash};

use super::{int, uint};
use crate::store::{Answer, CharterRow, Denied, Page, PageLimit, RestrictionRow};

pub(super) fn page(connection: &Connection, network: NetworkId, from: u64, limit: PageLimit) -> Answer<Page<Vec<u8>>> {
    let mut statement = connection
        .prepare_cached("SELECT bytes FROM charters WHERE network = ?1 AND version >= ?2 ORDER BY version LIMIT ?3")?;
    let rows = statement.query_map(params![network.0, int(from), i64::from(limit.items) + 1], |row| row.get(0))?;
    Ok(fill(rows, limit)?)
}

/// Takes items until the page is full; the first one always fits.
pub(super) fn fill(
    rows: impl Iterator<Item = rusqlite::Result<Vec<u8>>>,
    limit: PageLimit,
) -> rusqlite::Result<Page<Vec<u8>>> {
    let (mut items, mut bytes) = (Vec::new(), 0);
    let most = usize::try_from(limit.items).unwrap_or(usize::MAX);
    for row in rows {
        let item = row?;
        bytes += item.len();
        if !items.is_empty() && (bytes > limit.bytes || items.len() >= most) {
            return Ok(Page { items, more: true });
        }
        items.push(item);
    }
    Ok(Page { items, more: false })
}

pub(super) fn hash(connection: &Connection, network: NetworkId, version: u64) -> Answer<Option<CharterHash>> {
    let mut statement = connection.prepare_cached("SELECT hash FROM charters WHERE network = ?1 AND version = ?2")?;
    let found = statement.query_row(params![network.0, int(version)], |row| row.get(0)).optional()?;
    Ok(found.map(CharterHash))
}

pub(super) fn find(connection: &Connection, prefix: [u8; 16]) -> Answer<Option<NetworkId>> {
    let mut statement =
        connection.prepare_cached("SELECT network FROM charters WHERE substr(hash, 1, 16) = ?1 LIMIT 1")?;
    let found = statement.query_row(params![prefix], |row| row.get(0)).optional()?;
    Ok(found.map(NetworkId))
}

pub(super) fn put(connection: &Connection, charter: &CharterRow) -> Answer<()> {
    let newest = connection
        .prepare_cached("SELECT coalesce(max(version), 0) FROM charters WHERE network = ?1")?
        .query_row(params![charter.network.0], |row| row.get(0))
        .map(uint)?;
    if charter.version <= newest {
        return match hash(connection, charter.network, charter.version)? {
            Some(held) if held == charter.hash => Ok(()),
            _ => Err(Denied::CharterOrder { newest }.into()),
        };
    }
    if charter.version != newest + 1 {
        return Err(Denied::CharterOrder { newest }.into());
    }
    connection
        .prepare_cached("INSERT INTO charters (network, version, hash, bytes) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![charter.network.0, int(charter.version), charter.hash.0, charter.bytes])?;
    Ok(())
}

pub(super) fn restrictions(
    connection: &Connection,
    network: NetworkId,
    after: RestrictionHash,
    limit: PageLimit,
) -> Answer<Page<Vec<u8>>> {
    let mut statement = connection
        .prepare_cached("SELECT bytes FROM restrictions WHERE network = ?1 AND hash > ?2 ORDER BY hash LIMIT ?3")?;
    let rows = statement.query_map(params![network.0, after.0, i64::from(limit.items) + 1], |row| row.get(0))?;
    Ok(fill(rows, limit)?)
}

pub(super) fn set_restrictions(
    connection: &Connection,
    network: NetworkId,
    restrictions: &[RestrictionRow],
) -> Answer<()> {
    connection.prepare_cached("DELETE FROM restrictions WHERE network = ?1")?.execute(params![network.0])?;
    let mut insert =
        connection.prepare_cached("INSERT INTO restrictions (network, hash, bytes) VALUES (?1, ?2, ?3)")?;
    for restriction in restrictions {
        insert.execute(params![network.0, restriction.hash.0, restriction.bytes])?;
    }
    Ok(())
}
