//! What counts against a network's quota, by class, and how much of it each class may fill.
//!
//! Strangers with an invite must not crowd out members, members not coordinators, and nobody the alerts and epochs.

use rusqlite::{Connection, params};
use watchfire_protocol::id::NetworkId;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;

use super::{int, uint};
use crate::store::{Answer, Denied, Stats};

/// What takes room. The numbers stand in the database: those of records are their channel's byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Record(Channel),
    /// Slots and other objects, late and staged ones included.
    Objects,
}

const OBJECTS: i64 = 16;

impl Class {
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Record(channel) => channel as i64,
            Self::Objects => OBJECTS,
        }
    }

    /// How many percent of the quota may be full, everything included, for this class to take more.
    const fn share(self) -> u64 {
        match self {
            Self::Record(Channel::Inbox | Channel::Join) => 80,
            Self::Record(Channel::Desk | Channel::Roster) => 90,
            Self::Record(Channel::Alerts) | Self::Objects => 100,
        }
    }
}

/// Join requests may fill so many percent of the quota by themselves: any holder of an invite sends them.
const JOIN_SHARE: u64 = 10;

/// Takes room for `bytes`.
///
/// # Errors
/// [`Denied::Full`]: the class has no more of the quota.
pub(super) fn charge(
    connection: &Connection,
    place: Place,
    place_id: i64,
    class: Class,
    bytes: usize,
    quota: u64,
) -> Answer<()> {
    let sum = |only: Option<i64>| held(connection, place.network, only);
    let more = u64::try_from(bytes).unwrap_or(u64::MAX);
    let fits =
        |held: u64, percent: u64| held.saturating_add(more) <= quota / 100 * percent + quota % 100 * percent / 100;
    let join = class == Class::Record(Channel::Join);
    if !fits(sum(None)?, class.share()) || join && !fits(sum(Some(class.number()))?, JOIN_SHARE) {
        return Err(Denied::Full.into());
    }
    add(connection, place_id, class.number(), int(more))?;
    Ok(())
}

/// What a network has taken, of one class or of all.
pub(super) fn held(connection: &Connection, network: NetworkId, only: Option<i64>) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(bytes), 0) FROM usage JOIN places ON places.id = usage.place
         WHERE network = ?1 AND (?2 IS NULL OR class = ?2)",
    )?;
    statement.query_row(params![network.0, only], |row| row.get(0)).map(uint)
}

/// Gives room back.
pub(super) fn release(connection: &Connection, place_id: i64, class: i64, bytes: u64) -> rusqlite::Result<()> {
    add(connection, place_id, class, -int(bytes))
}

fn add(connection: &Connection, place_id: i64, class: i64, bytes: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO usage (place, class, bytes) VALUES (?1, ?2, max(?3, 0))
             ON CONFLICT DO UPDATE SET bytes = max(bytes + ?3, 0)",
        )?
        .execute(params![place_id, class, bytes])
        .map(drop)
}

/// Counts for the operator.
pub(super) fn count(connection: &Connection) -> rusqlite::Result<Stats> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get(0)).map(uint);
    Ok(Stats {
        networks: count("SELECT count(DISTINCT network) FROM charters")?,
        neighborhoods: count("SELECT count(*) FROM places WHERE current > 0")?,
        records: count("SELECT count(*) FROM records")?,
        objects: count("SELECT (SELECT count(*) FROM objects) + (SELECT count(*) FROM late_slots)")?,
        invites: count("SELECT count(*) FROM invites")?,
        bytes: count("SELECT coalesce(sum(bytes), 0) FROM usage")?,
    })
}
