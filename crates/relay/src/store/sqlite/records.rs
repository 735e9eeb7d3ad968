//! The logs.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use watchfire_protocol::id::{Epoch, RecordId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::Timestamp;

use super::usage::{Class, charge};
use super::{find_place, int, invites, uint};
use crate::store::{Answer, Committed, Denied, NewRecord, PageLimit, Seek, StoredRecord};

/// Appends in the writer's transaction, so whether its epoch is the current one cannot change before it is on disk.
pub(super) fn append(connection: &Connection, new: NewRecord, committed: &mut Vec<Committed>) -> Answer<u64> {
    let place_id = find_place(connection, new.place)?.ok_or(Denied::NotFound)?;
    let log = new.channel.log();
    let same = connection
        .prepare_cached("SELECT position FROM records WHERE place = ?1 AND log = ?2 AND id = ?3")?
        .query_row(params![place_id, log as i64, new.id.0], |row| row.get(0))
        .optional()?;
    if let Some(position) = same {
        // Its sender did not hear the first answer. That its epoch has closed meanwhile does not matter: it is here.
        return Ok(uint(position));
    }
    check_epoch(connection, place_id, &new)?;
    if let Some(invite) = new.invite {
        invites::spend(connection, place_id, invite, new.now)?;
    }
    charge(connection, new.place, place_id, Class::Record(new.channel), new.bytes.len(), new.quota)?;
    let position: i64 = connection
        .prepare_cached(
            "INSERT INTO logs (place, log, last) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
        )?
        .query_row(params![place_id, log as i64], |row| row.get(0))?;
    let expires = if log == Channel::Roster { i64::MAX } else { int(new.expires.0) };
    connection
        .prepare_cached(
            "INSERT INTO records (place, log, position, id, class, epoch, expires, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            place_id,
            log as i64,
            position,
            new.id.0,
            Class::Record(new.channel).number(),
            int(new.epoch.0),
            expires,
            &*new.bytes,
        ])?;
    let position = uint(position);
    let record = StoredRecord { position, epoch: new.epoch, expires: Timestamp(uint(expires)), bytes: new.bytes };
    committed.push(Committed { place: new.place, log, id: new.id, record });
    Ok(position)
}

fn check_epoch(connection: &Connection, place_id: i64, new: &NewRecord) -> Answer<()> {
    let current = connection
        .prepare_cached("SELECT current FROM places WHERE id = ?1")?
        .query_row([place_id], |row| row.get(0))
        .map(|current| Epoch(uint(current)))?;
    for found in [Some(new.epoch), new.proved].into_iter().flatten() {
        if found < current {
            return Err(Denied::ClosedEpoch { found, current }.into());
        }
        if found > current {
            return Err(Denied::UnknownEpoch { found, current }.into());
        }
    }
    Ok(())
}

pub(super) fn seek(connection: &Connection, place: Place, log: Channel, position: u64) -> Answer<Seek> {
    let Some(place_id) = find_place(connection, place)? else {
        return Ok(Seek { at: None, last: 0 });
    };
    let at = connection
        .prepare_cached("SELECT id FROM records WHERE place = ?1 AND log = ?2 AND position = ?3")?
        .query_row(params![place_id, log as i64, int(position)], |row| row.get(0))
        .optional()?
        .map(RecordId);
    let last = connection
        .prepare_cached("SELECT last FROM logs WHERE place = ?1 AND log = ?2")?
        .query_row(params![place_id, log as i64], |row| row.get(0))
        .optional()?
        .map_or(0, uint);
    Ok(Seek { at, last })
}

pub(super) fn page(
    connection: &Connection,
    place: Place,
    log: Channel,
    after: u64,
    now: Timestamp,
    limit: PageLimit,
) -> Answer<Vec<StoredRecord>> {
    let Some(place_id) = find_place(connection, place)? else {
        return Ok(Vec::new());
    };
    let mut statement = connection.prepare_cached(
        "SELECT position, epoch, expires, bytes FROM records
         WHERE place = ?1 AND log = ?2 AND position > ?3 AND expires > ?4 ORDER BY position LIMIT ?5",
    )?;
    let mut rows = statement.query(params![place_id, log as i64, int(after), int(now.0), limit.items.max(1)])?;
    let (mut page, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let record: Arc<[u8]> = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?.into();
        bytes += record.len();
        if !page.is_empty() && bytes > limit.bytes {
            break;
        }
        page.push(StoredRecord {
            position: uint(row.get(0)?),
            epoch: Epoch(uint(row.get(1)?)),
            expires: Timestamp(uint(row.get(2)?)),
            bytes: record,
        });
    }
    Ok(page)
}
