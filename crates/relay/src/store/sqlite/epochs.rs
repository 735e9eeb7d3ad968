//! Announcements and the pointer to the current epoch.

use rusqlite::{Connection, params};
use watchfire_protocol::id::{AnnouncementHash, Epoch};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::{DAY, Timestamp};

use super::{charters, ensure_place, find_place, int, objects, uint};
use crate::store::{Answer, Coming, Denied, EpochRow, Held, NewEpoch, Page, PageLimit};

pub(super) fn held(connection: &Connection, place: Place) -> Answer<Held> {
    let Some(place_id) = find_place(connection, place)? else {
        return Ok(Held::default());
    };
    Ok(held_at(connection, place_id)?)
}

pub(super) fn held_at(connection: &Connection, place_id: i64) -> rusqlite::Result<Held> {
    let mut statement = connection.prepare_cached(
        "SELECT epoch, hash, bytes, since, complete FROM epochs WHERE place = ?1 ORDER BY epoch DESC LIMIT 2",
    )?;
    let mut rows = statement.query_map([place_id], |row| {
        Ok(EpochRow {
            epoch: Epoch(uint(row.get(0)?)),
            hash: AnnouncementHash(row.get(1)?),
            bytes: row.get(2)?,
            since: Timestamp(uint(row.get(3)?)),
            complete: row.get(4)?,
        })
    })?;
    Ok(Held { current: rows.next().transpose()?, previous: rows.next().transpose()? })
}

pub(super) fn announcements(
    connection: &Connection,
    place: Place,
    from: Epoch,
    limit: PageLimit,
) -> Answer<Page<Vec<u8>>> {
    let Some(place_id) = find_place(connection, place)? else {
        return Ok(Page { items: Vec::new(), more: false });
    };
    let mut statement = connection
        .prepare_cached("SELECT bytes FROM epochs WHERE place = ?1 AND epoch >= ?2 ORDER BY epoch LIMIT ?3")?;
    let rows = statement.query_map(params![place_id, int(from.0), i64::from(limit.items) + 1], |row| row.get(0))?;
    Ok(charters::fill(rows, limit)?)
}

/// Moves the pointer, and closes the epoch before: the numbers of both stand in one transaction with the slots.
pub(super) fn put(connection: &Connection, new: &NewEpoch) -> Answer<()> {
    let place_id = ensure_place(connection, new.place)?;
    let held = held_at(connection, place_id)?;
    let current = held.epoch();
    if let Some(same) = held.current.filter(|row| row.hash == new.hash) {
        if same.complete || new.coming == Coming::Alone {
            return Ok(());
        }
        objects::open(connection, place_id, new)?;
        connection
            .prepare_cached("UPDATE epochs SET complete = 1 WHERE place = ?1 AND epoch = ?2")?
            .execute(params![place_id, int(new.epoch.0)])?;
        return Ok(());
    }
    let raced = matches!(new.coming, Coming::Opened { holds } if holds != current);
    if raced || new.epoch <= current {
        return Err(Denied::Stale { current }.into());
    }
    check_pace(connection, place_id, new)?;
    if matches!(new.coming, Coming::Opened { .. }) {
        objects::open(connection, place_id, new)?;
    }
    close(connection, place_id, new.keep_closed_until)?;
    connection
        .prepare_cached(
            "INSERT INTO epochs (place, epoch, hash, bytes, since, complete) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            place_id,
            int(new.epoch.0),
            new.hash.0,
            new.bytes,
            int(new.now.0),
            matches!(new.coming, Coming::Opened { .. }),
        ])?;
    connection
        .prepare_cached("UPDATE places SET current = ?2 WHERE id = ?1")?
        .execute(params![place_id, int(new.epoch.0)])?;
    Ok(())
}

/// Epochs cost room and their members' time: a coordinator's broken client must not open them in a loop. Those that came
/// alone were opened elsewhere, and are counted by themselves until their slots come.
fn check_pace(connection: &Connection, place_id: i64, new: &NewEpoch) -> Answer<()> {
    let since = int(new.now.minus(DAY).0);
    let opened = matches!(new.coming, Coming::Opened { .. });
    let (count, oldest) = connection
        .prepare_cached(
            "SELECT count(*), coalesce(min(since), 0) FROM epochs WHERE place = ?1 AND since > ?2 AND complete = ?3",
        )?
        .query_row(params![place_id, since, opened], |row| Ok((uint(row.get(0)?), uint(row.get(1)?))))?;
    if count >= u64::from(new.a_day) {
        return Err(Denied::TooMany { seconds: (oldest + DAY).saturating_sub(new.now.0).max(1) }.into());
    }
    Ok(())
}

/// From here on the epochs before are kept only until `until`, roster records too; invites count their uses anew.
fn close(connection: &Connection, place_id: i64, until: Timestamp) -> rusqlite::Result<()> {
    let until = int(until.0);
    connection
        .prepare_cached("UPDATE epochs SET forget = ?2 WHERE place = ?1 AND forget IS NULL")?
        .execute(params![place_id, until])?;
    connection
        .prepare_cached("UPDATE records SET expires = ?3 WHERE place = ?1 AND log = ?2 AND expires = ?4")?
        .execute(params![place_id, Channel::Roster as i64, until, i64::MAX])?;
    connection.prepare_cached("UPDATE invites SET used = 0 WHERE place = ?1")?.execute([place_id])?;
    Ok(())
}
