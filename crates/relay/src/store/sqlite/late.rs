//! Slots that were added after their epoch opened.

use rusqlite::{Connection, params};
use watchfire_protocol::id::{Epoch, sha256};
use watchfire_protocol::kdf::Place;

use super::usage::{Class, charge};
use super::{epochs, find_place, int};
use crate::store::{Answer, Denied, NewLateSlot};

pub(super) fn put(connection: &Connection, new: &NewLateSlot) -> Answer<()> {
    let place_id = find_place(connection, new.place)?.ok_or(Denied::NotFound)?;
    let held = epochs::held_at(connection, place_id)?;
    let current = held.current.ok_or(Denied::NotFound)?;
    if current.hash != new.announcement {
        return Err(Denied::Stale { current: current.epoch }.into());
    }
    let added = connection
        .prepare_cached(
            "INSERT INTO late_slots (place, announcement, hash, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?
        .execute(params![place_id, new.announcement.0, sha256(&[&new.bytes]), new.bytes])?;
    if added == 0 {
        return Ok(());
    }
    let count: u32 = connection
        .prepare_cached("SELECT count(*) FROM late_slots WHERE place = ?1 AND announcement = ?2")?
        .query_row(params![place_id, new.announcement.0], |row| row.get(0))?;
    if count > new.limit {
        return Err(Denied::Full.into());
    }
    charge(connection, new.place, place_id, Class::Objects, new.bytes.len(), new.quota)
}

pub(super) fn page(
    connection: &Connection,
    place: Place,
    epoch: Epoch,
    from: u32,
    count: u32,
) -> Answer<(u32, Vec<Vec<u8>>)> {
    let Some(place_id) = find_place(connection, place)? else {
        return Ok((0, Vec::new()));
    };
    let total = connection
        .prepare_cached(
            "SELECT count(*) FROM late_slots
             WHERE place = ?1 AND announcement = (SELECT hash FROM epochs WHERE place = ?1 AND epoch = ?2)",
        )?
        .query_row(params![place_id, int(epoch.0)], |row| row.get(0))?;
    let mut statement = connection.prepare_cached(
        "SELECT bytes FROM late_slots
         WHERE place = ?1 AND announcement = (SELECT hash FROM epochs WHERE place = ?1 AND epoch = ?2)
         ORDER BY rowid LIMIT ?4 OFFSET ?3",
    )?;
    let rows = statement.query_map(params![place_id, int(epoch.0), from, count], |row| row.get(0))?;
    Ok((total, rows.collect::<rusqlite::Result<_>>()?))
}
