//! Opening a database: pragmas, then the schema, climbed one version at a time. A newer file is refused.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use watchfire_protocol::time::Timestamp;

use super::{uint, wal};
use crate::file::ensure_private;

/// The schema version that this program writes, in `user_version`.
pub const VERSION: u32 = 2;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be made.
    #[error("`{}`", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A later version of this program wrote it. Update the program; nothing was changed.
    #[error("`{}` has schema version {found}, this program knows up to {known}: update watchfire-relay", path.display())]
    Newer {
        /// Where.
        path: PathBuf,
        /// The version in the file.
        found: u32,
        /// The version that this program writes.
        known: u32,
    },
    /// What was written last lies in a log that cannot be read, or whose database is gone. Nothing was changed.
    #[error("`{}` is damaged, or its database is empty: what was acknowledged last may be lost", path.display())]
    Log {
        /// Where.
        path: PathBuf,
    },
    /// SQLite refuses it.
    #[error("`{}` cannot be used", path.display())]
    Sqlite {
        /// Where.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

/// `auto_vacuum` and `page_size` count only before the first table. `synchronous=FULL` makes each COMMIT wait for the
/// WAL's fsync: with NORMAL an acknowledged record can be lost. `secure_delete` overwrites what is deleted with zeros.
/// SQLite's own checkpoints are off: they swallow their errors, and after a failed fsync the next one may succeed without
/// the bytes being there.
const WRITER: &str = "
    PRAGMA page_size = 4096;
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA busy_timeout = 5000;
    PRAGMA trusted_schema = OFF;
    PRAGMA mmap_size = 0;
    PRAGMA journal_size_limit = 0;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA foreign_keys = OFF;
";

const READER: &str = "
    PRAGMA query_only = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA busy_timeout = 5000;
    PRAGMA trusted_schema = OFF;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -512;
";

/// Each step climbs one version. Never changed once it was released: `tests/fixtures` holds a database of each version.
const STEPS: [&str; VERSION as usize] = [
    // 1: the first.
    "
    -- One row a neighborhood that has ever had an epoch or staged one. `current` is the epoch that takes records.
    CREATE TABLE places (
        id INTEGER PRIMARY KEY,
        network BLOB NOT NULL,
        neighborhood BLOB NOT NULL,
        current INTEGER NOT NULL DEFAULT 0,
        UNIQUE (network, neighborhood)
    ) STRICT;

    CREATE TABLE charters (
        network BLOB NOT NULL,
        version INTEGER NOT NULL,
        hash BLOB NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (network, version)
    ) STRICT;
    -- A newcomer's link has the first half of a charter's hash.
    CREATE INDEX charters_by_hash ON charters (substr(hash, 1, 16));

    -- The last position that was handed out. Outlives every record.
    CREATE TABLE logs (
        place INTEGER NOT NULL,
        log INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (place, log)
    ) STRICT, WITHOUT ROWID;

    -- `class` is the channel byte of the header: join requests lie in the inbox and have their own share of the quota.
    -- The largest integer as `expires` means: not before its epoch has closed.
    CREATE TABLE records (
        place INTEGER NOT NULL,
        log INTEGER NOT NULL,
        position INTEGER NOT NULL,
        id BLOB NOT NULL,
        class INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (place, log, position),
        UNIQUE (place, log, id)
    ) STRICT;
    CREATE INDEX records_by_expiry ON records (expires);

    -- Announcements are kept for ever. `forget` is when a closed epoch's slots and objects go.
    CREATE TABLE epochs (
        place INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        hash BLOB NOT NULL,
        bytes BLOB NOT NULL,
        since INTEGER NOT NULL,
        complete INTEGER NOT NULL,
        forget INTEGER,
        PRIMARY KEY (place, epoch),
        UNIQUE (place, hash)
    ) STRICT;

    -- What was staged for one announcement. `list` is the list of runs, once it was opened.
    CREATE TABLE uploads (
        id INTEGER PRIMARY KEY,
        place INTEGER NOT NULL,
        announcement BLOB NOT NULL,
        started INTEGER NOT NULL,
        slots INTEGER NOT NULL DEFAULT 0,
        others INTEGER NOT NULL DEFAULT 0,
        list BLOB,
        UNIQUE (place, announcement)
    ) STRICT;
    -- `hash` stands before `body` so that the root is computed without reading bodies.
    CREATE TABLE objects (
        upload INTEGER NOT NULL,
        class INTEGER NOT NULL,
        tag BLOB NOT NULL,
        hash BLOB NOT NULL,
        body BLOB NOT NULL,
        UNIQUE (upload, class, tag)
    ) STRICT;
    CREATE TABLE late_slots (
        place INTEGER NOT NULL,
        announcement BLOB NOT NULL,
        hash BLOB NOT NULL,
        bytes BLOB NOT NULL,
        UNIQUE (place, announcement, hash)
    ) STRICT;

    -- `used` counts join requests in the current epoch. No uses: it was withdrawn.
    CREATE TABLE invites (
        place INTEGER NOT NULL,
        id BLOB NOT NULL,
        key BLOB NOT NULL,
        uses INTEGER NOT NULL,
        used INTEGER NOT NULL DEFAULT 0,
        expires INTEGER NOT NULL,
        PRIMARY KEY (place, id)
    ) STRICT, WITHOUT ROWID;

    -- Bytes by class of what counts against quotas.
    CREATE TABLE usage (
        place INTEGER NOT NULL,
        class INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (place, class)
    ) STRICT, WITHOUT ROWID;
    ",
    // 2: what narrows a charter between two versions.
    "
    CREATE TABLE restrictions (
        network BLOB NOT NULL,
        hash BLOB NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (network, hash)
    ) STRICT, WITHOUT ROWID;
    ",
];

/// Opens the writer's connection, and makes or climbs the schema.
pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
    // SQLite gives its WAL the mode of the database, so it must be right before there is one.
    ensure_private(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
    wal::check(path)?;
    let mut connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE)).map_err(failed)?;
    check_version(path, &connection)?;
    connection.execute_batch(WRITER).map_err(failed)?;
    checkpoint_on_close(&connection, false).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    climb(&mut connection).map_err(failed)?;
    Ok(connection)
}

/// Opens a reader's connection.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE)).map_err(failed)?;
    check_version(path, &connection)?;
    connection.execute_batch(READER).map_err(failed)?;
    checkpoint_on_close(&connection, false).map_err(failed)?;
    Ok(connection)
}

/// Whether the last connection to be closed empties the WAL into the database and deletes it. Never after a failure: the
/// WAL is then what was synced, and all there is of it.
pub(super) fn checkpoint_on_close(connection: &Connection, wanted: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !wanted).map(drop)
}

fn flags(mode: OpenFlags) -> OpenFlags {
    mode | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn check_version(path: &Path, connection: &Connection) -> Result<u32, OpenError> {
    let found = version(connection).map_err(|source| OpenError::Sqlite { path: path.to_owned(), source })?;
    if found > VERSION {
        return Err(OpenError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    Ok(found)
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Each step is a transaction: whatever ends it, the file has one version or the other.
fn climb(connection: &mut Connection) -> rusqlite::Result<()> {
    if version(connection)? == 0 {
        tracing::info!("this relay begins with an empty database");
    }
    for (number, step) in (1_u32..).zip(STEPS) {
        if version(connection)? >= number {
            continue;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

/// What `check` found.
#[derive(Debug, PartialEq, Eq)]
pub struct Health {
    /// The schema's version.
    pub version: u32,
    /// What SQLite's integrity check complains of; empty is well.
    pub complaints: Vec<String>,
}

/// Reads a whole database and has SQLite check it. A relay may be running.
///
/// # Errors
/// It cannot be opened, or is of a later version.
pub fn check(path: &Path) -> Result<Health, OpenError> {
    if !path.exists() {
        let source = io::ErrorKind::NotFound.into();
        return Err(OpenError::File { path: path.to_owned(), source });
    }
    let connection = open_reader(path)?;
    let version = check_version(path, &connection)?;
    let complaints = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare("PRAGMA integrity_check")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.filter(|row| !matches!(row, Ok(text) if text == "ok")).collect()
    };
    let complaints = complaints().map_err(|source| OpenError::Sqlite { path: path.to_owned(), source })?;
    Ok(Health { version, complaints })
}

/// The latest time by the relay's own clock that a database holds; 0 if there is none. A relay may be running.
///
/// # Errors
/// It cannot be opened, or is of a later version.
pub fn newest(path: &Path) -> Result<Timestamp, OpenError> {
    if !path.exists() {
        return Ok(Timestamp(0));
    }
    let latest = "SELECT max((SELECT coalesce(max(since), 0) FROM epochs),
                             (SELECT coalesce(max(started), 0) FROM uploads))";
    let found = open_reader(path)?.query_row(latest, [], |row| row.get(0));
    found.map(|at| Timestamp(uint(at))).map_err(|source| OpenError::Sqlite { path: path.to_owned(), source })
}
