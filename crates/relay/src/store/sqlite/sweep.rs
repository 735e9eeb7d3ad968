//! Forgetting on time, in chunks, so that no append waits for long.

use rusqlite::{Connection, OptionalExtension, params};
use watchfire_protocol::run::OBJECT_LEN;
use watchfire_protocol::time::Timestamp;

use super::usage::{Class, release};
use super::{int, uint};
use crate::store::{Answer, Swept};

/// Deletes about `rows` rows of each kind.
pub(super) fn sweep(connection: &Connection, now: Timestamp, staged_before: Timestamp, rows: u32) -> Answer<Swept> {
    let now = int(now.0);
    let records = sweep_records(connection, now, rows)?;
    let objects = sweep_objects(connection, now, int(staged_before.0), rows)? + sweep_late(connection, now, rows)?;
    let invites = connection
        .prepare_cached(
            "DELETE FROM invites WHERE (place, id) IN (SELECT place, id FROM invites WHERE expires <= ?1 LIMIT ?2)",
        )?
        .execute(params![now, rows])?;
    Ok(Swept { records, objects, invites: u64::try_from(invites).unwrap_or(u64::MAX) })
}

fn sweep_records(connection: &Connection, now: i64, rows: u32) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM records WHERE rowid IN (SELECT rowid FROM records WHERE expires <= ?1 LIMIT ?2)
         RETURNING place, class, length(bytes)",
    )?;
    let deleted = statement
        .query_map(params![now, rows], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(i64, i64, i64)>>>()?;
    for (place_id, class, bytes) in &deleted {
        release(connection, *place_id, *class, uint(*bytes))?;
    }
    Ok(u64::try_from(deleted.len()).unwrap_or(u64::MAX))
}

/// Objects of epochs that closed long enough ago, and those that were staged and never opened.
fn sweep_objects(connection: &Connection, now: i64, staged_before: i64, rows: u32) -> rusqlite::Result<u64> {
    let doomed = connection
        .prepare_cached(
            "SELECT uploads.id, uploads.place FROM uploads
             LEFT JOIN epochs ON epochs.place = uploads.place AND epochs.hash = uploads.announcement
             WHERE uploads.list IS NULL AND uploads.started <= ?2 OR epochs.forget <= ?1 LIMIT 1",
        )?
        .query_row(params![now, staged_before], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    let Some((upload, place_id)) = doomed else {
        return Ok(0);
    };
    let deleted = connection
        .prepare_cached("DELETE FROM objects WHERE rowid IN (SELECT rowid FROM objects WHERE upload = ?1 LIMIT ?2)")?
        .execute(params![upload, rows])?;
    release(connection, place_id, Class::Objects.number(), int_len(deleted * OBJECT_LEN))?;
    let more = connection
        .prepare_cached("SELECT 1 FROM objects WHERE upload = ?1 LIMIT 1")?
        .query_row([upload], |_| Ok(()))
        .optional()?;
    let ended = match more {
        Some(()) => 0,
        None => connection.prepare_cached("DELETE FROM uploads WHERE id = ?1")?.execute([upload])?,
    };
    // The upload's own row counts too, so that whoever sweeps comes back for the next one.
    Ok(int_len(deleted + ended))
}

fn sweep_late(connection: &Connection, now: i64, rows: u32) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM late_slots WHERE rowid IN (
             SELECT late_slots.rowid FROM late_slots
             JOIN epochs ON epochs.place = late_slots.place AND epochs.hash = late_slots.announcement
             WHERE epochs.forget <= ?1 LIMIT ?2)
         RETURNING place, length(bytes)",
    )?;
    let deleted = statement
        .query_map(params![now, rows], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
    for (place_id, bytes) in &deleted {
        release(connection, *place_id, Class::Objects.number(), uint(*bytes))?;
    }
    Ok(int_len(deleted.len()))
}

fn int_len(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
