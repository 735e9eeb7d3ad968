//! Invites, as the relay knows them: an id, a key, a count and an end.

use rusqlite::{Connection, OptionalExtension, params};
use watchfire_protocol::id::InviteId;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;

use super::{ensure_place, find_place, int, uint};
use crate::store::{Answer, Denied, InviteRow, StoreError};

pub(super) fn put(connection: &Connection, place: Place, invite: &InviteRow, limit: u32) -> Answer<()> {
    let place_id = ensure_place(connection, place)?;
    connection
        .prepare_cached(
            "INSERT INTO invites (place, id, key, uses, expires) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET uses = excluded.uses, expires = excluded.expires",
        )?
        .execute(params![place_id, invite.id.0, invite.key.as_bytes(), invite.uses, int(invite.expires.0)])?;
    let count: u32 = connection
        .prepare_cached("SELECT count(*) FROM invites WHERE place = ?1")?
        .query_row([place_id], |row| row.get(0))?;
    if count > limit { Err(Denied::Full.into()) } else { Ok(()) }
}

/// It stays, without uses, until it would have expired: its holder is told that it has ended.
pub(super) fn end(connection: &Connection, place: Place, id: InviteId) -> Answer<()> {
    let place_id = find_place(connection, place)?.ok_or(Denied::NotFound)?;
    let ended = connection
        .prepare_cached("UPDATE invites SET uses = 0 WHERE place = ?1 AND id = ?2")?
        .execute(params![place_id, id.0])?;
    if ended == 0 { Err(Denied::NotFound.into()) } else { Ok(()) }
}

pub(super) fn find(connection: &Connection, place: Place, id: InviteId) -> Answer<Option<InviteRow>> {
    let Some(place_id) = find_place(connection, place)? else {
        return Ok(None);
    };
    let found = connection
        .prepare_cached("SELECT key, uses, expires FROM invites WHERE place = ?1 AND id = ?2")?
        .query_row(params![place_id, id.0], |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, u32>(1)?, row.get::<_, i64>(2)?))
        })
        .optional()?;
    let Some((key, uses, expires)) = found else {
        return Ok(None);
    };
    let key = PublicKey::from_bytes(key).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(Some(InviteRow { id, key, uses, expires: Timestamp(uint(expires)) }))
}

/// Counts one join request.
pub(super) fn spend(connection: &Connection, place_id: i64, id: InviteId, now: Timestamp) -> Answer<()> {
    let spent = connection
        .prepare_cached(
            "UPDATE invites SET used = used + 1 WHERE place = ?1 AND id = ?2 AND used < uses AND expires > ?3",
        )?
        .execute(params![place_id, id.0, int(now.0)])?;
    if spent == 0 { Err(Denied::InviteEnded.into()) } else { Ok(()) }
}
