//! Slots and other objects: staged under an announcement, checked and opened with it, read by run or by tag.

use rusqlite::{Connection, OptionalExtension, params};
use watchfire_protocol::frame::ObjectClass;
use watchfire_protocol::id::{AnnouncementHash, Epoch, Tag, sha256};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::run::{OBJECT_LEN, Object, RunEntry, run_list as list_runs, slots_root};
use watchfire_protocol::wire;

use super::usage::{Class, charge};
use super::{ensure_place, find_place, int, uint};
use crate::store::{Answer, Denied, NewEpoch, RunList, StagedCount, Staging, StoreError};

/// The list of runs of an epoch is kept encoded; it is made here, so its limit is only a bound on a damaged file.
const LIST_LIMIT: usize = 1 << 20;

struct Upload {
    id: i64,
    count: StagedCount,
    opened: bool,
}

const fn class_number(class: ObjectClass) -> i64 {
    match class {
        ObjectClass::Slot => 0,
        ObjectClass::Other => 1,
    }
}

fn find_upload(connection: &Connection, place_id: i64, hash: AnnouncementHash) -> rusqlite::Result<Option<Upload>> {
    connection
        .prepare_cached(
            "SELECT id, slots, others, list IS NOT NULL FROM uploads WHERE place = ?1 AND announcement = ?2",
        )?
        .query_row(params![place_id, hash.0], |row| {
            let count = StagedCount { slots: row.get(1)?, others: row.get(2)? };
            Ok(Upload { id: row.get(0)?, count, opened: row.get(3)? })
        })
        .optional()
}

pub(super) fn stage(connection: &Connection, staging: &Staging) -> Answer<StagedCount> {
    let place_id = ensure_place(connection, staging.place)?;
    let mut upload = match find_upload(connection, place_id, staging.announcement)? {
        Some(upload) => upload,
        None => {
            let id = connection
                .prepare_cached("INSERT INTO uploads (place, announcement, started) VALUES (?1, ?2, ?3) RETURNING id")?
                .query_row(params![place_id, staging.announcement.0, int(staging.now.0)], |row| row.get(0))?;
            Upload { id, count: StagedCount::default(), opened: false }
        }
    };
    if upload.opened {
        // Sent again after the opening was answered into a broken connection. Nothing is added to an open epoch.
        return Ok(upload.count);
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO objects (upload, class, tag, hash, body) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?;
    let class = class_number(staging.class);
    let mut added = 0_u32;
    for Object { tag, body } in &staging.objects {
        let hash = sha256(&[body.as_slice()]);
        added += u32::from(insert.execute(params![upload.id, class, tag.0, hash, body.as_slice()])? > 0);
    }
    match staging.class {
        ObjectClass::Slot => upload.count.slots += added,
        ObjectClass::Other => upload.count.others += added,
    }
    connection.prepare_cached("UPDATE uploads SET slots = ?2, others = ?3 WHERE id = ?1")?.execute(params![
        upload.id,
        upload.count.slots,
        upload.count.others
    ])?;
    let waiting = connection
        .prepare_cached("SELECT coalesce(sum(slots + others), 0) FROM uploads WHERE place = ?1 AND list IS NULL")?
        .query_row([place_id], |row| row.get(0))
        .map(uint)?;
    if waiting > u64::from(staging.limit) {
        return Err(Denied::Full.into());
    }
    let bytes = OBJECT_LEN * usize::try_from(added).unwrap_or(usize::MAX);
    charge(connection, staging.place, place_id, Class::Objects, bytes, staging.quota)?;
    Ok(upload.count)
}

pub(super) fn staged(connection: &Connection, place: Place, announcement: AnnouncementHash) -> Answer<StagedCount> {
    let Some(place_id) = find_place(connection, place)? else {
        return Ok(StagedCount::default());
    };
    Ok(find_upload(connection, place_id, announcement)?.map(|upload| upload.count).unwrap_or_default())
}

/// Checks that the staged slots are those that were signed, and keeps their list of runs.
pub(super) fn open(connection: &Connection, place_id: i64, new: &NewEpoch) -> Answer<()> {
    let upload = match find_upload(connection, place_id, new.hash)? {
        Some(upload) => upload.id,
        // An epoch without any slots and objects.
        None => connection
            .prepare_cached("INSERT INTO uploads (place, announcement, started) VALUES (?1, ?2, ?3) RETURNING id")?
            .query_row(params![place_id, new.hash.0, int(new.now.0)], |row| row.get(0))?,
    };
    let mut statement =
        connection.prepare_cached("SELECT tag, hash FROM objects WHERE upload = ?1 AND class = ?2 ORDER BY tag")?;
    let slots = statement
        .query_map(params![upload, class_number(ObjectClass::Slot)], |row| Ok((Tag(row.get(0)?), row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(Tag, [u8; 32])>>>()?;
    let list = list_runs(&slots);
    if u32::try_from(slots.len()) != Ok(new.slots) || slots_root(&list) != new.root {
        return Err(Denied::SlotsMismatch.into());
    }
    connection
        .prepare_cached("UPDATE uploads SET list = ?2 WHERE id = ?1")?
        .execute(params![upload, wire::encode(&list)])?;
    Ok(())
}

/// The upload of an epoch, if it was opened with it and is still kept.
fn opened(connection: &Connection, place: Place, epoch: Epoch) -> rusqlite::Result<Option<(i64, u32, Vec<u8>)>> {
    connection
        .prepare_cached(
            "SELECT uploads.id, uploads.slots, uploads.list FROM places
             JOIN epochs ON epochs.place = places.id AND epochs.epoch = ?3 AND epochs.complete
             JOIN uploads ON uploads.place = places.id AND uploads.announcement = epochs.hash
             WHERE places.network = ?1 AND places.neighborhood = ?2 AND uploads.list IS NOT NULL",
        )?
        .query_row(params![place.network.0, place.neighborhood.0, int(epoch.0)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
}

pub(super) fn run_list(connection: &Connection, place: Place, epoch: Epoch) -> Answer<Option<RunList>> {
    let Some((_, slots, list)) = opened(connection, place, epoch)? else {
        return Ok(None);
    };
    let entries: Vec<RunEntry> =
        wire::decode_exact(&list, LIST_LIMIT).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(Some(RunList { slots, entries }))
}

pub(super) fn slots(connection: &Connection, place: Place, epoch: Epoch, from: u32, count: u32) -> Answer<Vec<Object>> {
    let Some((upload, ..)) = opened(connection, place, epoch)? else {
        return Ok(Vec::new());
    };
    let mut statement = connection.prepare_cached(
        "SELECT tag, body FROM objects WHERE upload = ?1 AND class = ?2 ORDER BY tag LIMIT ?4 OFFSET ?3",
    )?;
    let rows = statement.query_map(params![upload, class_number(ObjectClass::Slot), from, count], object)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn by_tag(connection: &Connection, place: Place, epoch: Epoch, tags: &[Tag]) -> Answer<Vec<Object>> {
    let Some((upload, ..)) = opened(connection, place, epoch)? else {
        return Ok(Vec::new());
    };
    let mut statement =
        connection.prepare_cached("SELECT tag, body FROM objects WHERE upload = ?1 AND class = ?2 AND tag = ?3")?;
    let class = class_number(ObjectClass::Other);
    let found = tags.iter().map(|tag| statement.query_row(params![upload, class, tag.0], object).optional());
    Ok(found.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?)
}

fn object(row: &rusqlite::Row<'_>) -> rusqlite::Result<Object> {
    let body: Box<[u8; OBJECT_LEN]> = row
        .get::<_, Vec<u8>>(1)?
        .into_boxed_slice()
        .try_into()
        .map_err(|_| rusqlite::Error::InvalidColumnType(1, "body".to_owned(), rusqlite::types::Type::Blob))?;
    Ok(Object { tag: Tag(row.get(0)?), body })
}
