//! The vault: one SQLite file of sealed values. One vault is one person on one device in one network.
//!
//! Every value is sealed with XChaCha20-Poly1305 under a random key; that key is wrapped by Argon2id over a
//! passphrase. Rows are found by a keyed hash of their name, so a locked vault shows how many rows there are and how
//! long they are, and nothing else. Any number of processes may use it at once: a lock lasts one transaction.
//!
//! What is erased is gone from the file: SQLite overwrites deleted bytes (`secure_delete`), values never move, and the rollback
//! journal is truncated when a transaction ends. Blocks that the file system or the drive kept elsewhere are not in our hands.

mod lock;
#[cfg(test)]
mod released_tests;
mod table;

pub use lock::{Cost, Passphrase, VaultError};
pub use table::{Bucket, Tx};

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use watchfire_protocol::secret::Secret32;

/// The file's name in the home folder.
pub const FILE: &str = "vault.db";
/// The version of the tables and of what is in them. `docs/architecture.md`, "Upgrades", says how it is raised. A newer one
/// is refused.
const SCHEMA: i64 = 2;

/// Bytes of a page, [`ENTRY`] says why so few.
const PAGE: i64 = 512;

/// Sealed values: `name` is a keyed hash, `value` holds the name and the value.
///
/// SQLite moves rows from page to page, and `secure_delete` knows nothing of the copies that stay behind where they were.
/// What it moves is the beginning of a row, 477 bytes at most of a page of 512: that is `pad`. The rest, and so all of the
/// value, lies on pages that are never copied and are overwritten when the row goes.
const ENTRY: &str = "
    CREATE TABLE entry (id INTEGER PRIMARY KEY, bucket INTEGER NOT NULL, name BLOB NOT NULL,
                        pad BLOB NOT NULL DEFAULT (zeroblob(477)), value BLOB NOT NULL, UNIQUE (bucket, name)) STRICT;";

/// An open vault.
pub struct Vault {
    path: PathBuf,
    connection: Mutex<Connection>,
    key: Secret32,
}

impl Vault {
    /// Whether a home folder has a vault.
    #[must_use]
    pub fn exists(home: &Path) -> bool {
        home.join(FILE).exists()
    }

    /// Makes a vault in a home folder. The folder becomes 0700, the file is born 0600.
    ///
    /// # Errors
    /// There is one already, or the disk refuses.
    pub fn create(home: &Path, passphrase: &Passphrase) -> Result<Self, VaultError> {
        Self::create_at(home, passphrase, Cost::DEFAULT)
    }

    /// The same at a cost of the caller's choice; the file says which.
    ///
    /// # Errors
    /// Those of [`Self::create`], or a cost that no vault may ask for.
    pub fn create_at(home: &Path, passphrase: &Passphrase, cost: Cost) -> Result<Self, VaultError> {
        private_folder(home)?;
        let path = home.join(FILE);
        // A half-made vault never carries the final name.
        let draft = home.join(format!("{FILE}.{}", std::process::id()));
        private_file(&draft)?;
        let key = Secret32::generate(&mut rand::rng());
        {
            let connection = connect(&draft)?;
            connection.pragma_update(None, "page_size", PAGE)?;
            connection.execute_batch(
                "BEGIN IMMEDIATE;
                 -- How the vault key is wrapped: one row.
                 CREATE TABLE lock (id INTEGER PRIMARY KEY CHECK (id = 1), wrapped BLOB NOT NULL) STRICT;
                 COMMIT;",
            )?;
            connection.execute_batch(ENTRY)?;
            connection.pragma_update(None, "user_version", SCHEMA)?;
            lock::store(&connection, &key, passphrase, cost)?;
        }
        let linked = std::fs::hard_link(&draft, &path);
        std::fs::remove_file(&draft)?;
        remove_journal(&draft)?;
        match linked {
            Ok(()) => Ok(Self { connection: Mutex::new(connect(&path)?), path, key }),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(VaultError::Exists),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the vault of a home folder: a quarter of a second for Argon2id.
    ///
    /// # Errors
    /// There is none, the passphrase is wrong, or it was made by a newer version.
    pub fn open(home: &Path, passphrase: &Passphrase) -> Result<Self, VaultError> {
        let path = home.join(FILE);
        if !path.exists() {
            return Err(VaultError::Missing);
        }
        let connection = connect(&path)?;
        let schema = schema(&connection)?;
        if schema > SCHEMA {
            return Err(VaultError::Newer);
        }
        // Whoever does not know the passphrase changes nothing.
        let key = lock::load(&connection, passphrase)?;
        let mut vault = Self { path, connection: Mutex::new(connection), key };
        if schema < SCHEMA {
            vault.climb()?;
        }
        Ok(vault)
    }

    /// Brings the tables of an older version to this one, in one transaction: another process may do so at the same time.
    fn climb(&mut self) -> Result<(), VaultError> {
        let connection = self.connection.get_mut().unwrap_or_else(PoisonError::into_inner);
        // It takes effect by rewriting the file, which changes nothing in it.
        connection.pragma_update(None, "page_size", PAGE)?;
        connection.execute_batch("VACUUM")?;
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        match schema(&transaction)? {
            // Values moved from page to page, and left copies of themselves behind.
            1 => {
                transaction.execute_batch("ALTER TABLE entry RENAME TO entry_1")?;
                transaction.execute_batch(ENTRY)?;
                transaction.execute_batch(
                    "INSERT INTO entry (bucket, name, value) SELECT bucket, name, value FROM entry_1;
                     DROP TABLE entry_1;",
                )?;
                transaction.pragma_update(None, "user_version", SCHEMA)?;
            }
            SCHEMA => {}
            // No release wrote it.
            _ => return Err(VaultError::Damaged),
        }
        Ok(transaction.commit()?)
    }

    /// Runs one transaction: all of it happens, or nothing. Nothing that `work` read is true before it ends.
    ///
    /// # Errors
    /// Those of `work`, and the disk's.
    pub fn transact<T, E: From<VaultError>>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(VaultError::from)?;
        let tx = Tx::new(&transaction, &self.key);
        let out = work(&tx)?;
        transaction.commit().map_err(VaultError::from)?;
        Ok(out)
    }

    /// Wraps the key under another passphrase.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn change_passphrase(&self, passphrase: &Passphrase) -> Result<(), VaultError> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        lock::store(&connection, &self.key, passphrase, Cost::DEFAULT)
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn schema(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Destroys a vault without its passphrase: the wrapped key is overwritten first, then the file goes.
///
/// # Errors
/// There is none, or the disk refuses. What can still be destroyed was.
pub fn wipe(home: &Path) -> Result<(), VaultError> {
    let path = home.join(FILE);
    if !path.exists() {
        return Err(VaultError::Missing);
    }
    let destroyed = connect(&path).map_err(VaultError::from).and_then(|connection| lock::destroy(&connection));
    std::fs::remove_file(&path)?;
    remove_journal(&path)?;
    destroyed
}

/// SQLite's rollback journal stays behind, empty.
fn remove_journal(database: &Path) -> Result<(), VaultError> {
    let mut name = database.as_os_str().to_owned();
    name.push("-journal");
    match std::fs::remove_file(PathBuf::from(name)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(15))?;
    // A rollback journal holds what was overwritten, for as long as a transaction lasts; then it is truncated. A
    // write-ahead log would keep it for longer.
    connection.pragma_update(None, "journal_mode", "TRUNCATE")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    Ok(connection)
}

fn private_folder(home: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(home)?;
    std::fs::set_permissions(home, std::fs::Permissions::from_mode(0o700))?;
    Ok(())
}

fn private_file(path: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::*;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    #[test]
    fn what_was_put_is_there_for_the_right_passphrase_only() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(home.path(), &passphrase("one")).unwrap();
        vault.transact(|tx| tx.put(Bucket::Meta, b"a", &7_u64)).unwrap();
        drop(vault);
        assert!(matches!(Vault::open(home.path(), &passphrase("other")), Err(VaultError::WrongPassphrase)));
        let vault = Vault::open(home.path(), &passphrase("one")).unwrap();
        assert_eq!(vault.transact(|tx| tx.get::<u64>(Bucket::Meta, b"a")).unwrap(), Some(7));
        vault.change_passphrase(&passphrase("two")).unwrap();
        assert!(matches!(Vault::open(home.path(), &passphrase("one")), Err(VaultError::WrongPassphrase)));
        assert!(Vault::open(home.path(), &passphrase("two")).is_ok());
    }

    #[test]
    fn a_version_that_no_release_wrote_is_damage_and_a_later_one_is_newer() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(home.path(), &passphrase("one")).unwrap();
        let set = |version| vault.connection.lock().unwrap().pragma_update(None, "user_version", version).unwrap();
        set(SCHEMA + 1);
        assert!(matches!(Vault::open(home.path(), &passphrase("one")), Err(VaultError::Newer)));
        // Nobody without the passphrase makes it climb.
        set(1);
        assert!(matches!(Vault::open(home.path(), &passphrase("other")), Err(VaultError::WrongPassphrase)));
        set(0);
        assert!(matches!(Vault::open(home.path(), &passphrase("one")), Err(VaultError::Damaged)));
        set(SCHEMA);
        assert!(Vault::open(home.path(), &passphrase("one")).is_ok());
    }

    #[test]
    fn a_transaction_that_fails_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(home.path(), &passphrase("one")).unwrap();
        let failed: Result<(), VaultError> = vault.transact(|tx| {
            tx.put(Bucket::Meta, b"a", &7_u64)?;
            Err(VaultError::Damaged)
        });
        assert!(failed.is_err());
        assert_eq!(vault.transact(|tx| tx.get::<u64>(Bucket::Meta, b"a")).unwrap(), None);
    }

    #[test]
    fn names_and_values_are_not_in_the_file_and_erased_values_are_gone_even_sealed() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(home.path(), &passphrase("one")).unwrap();
        vault.transact(|tx| tx.put(Bucket::Meta, b"name-of-it", &"plain words".to_owned())).unwrap();
        let sealed: Vec<u8> = {
            let connection = vault.connection.lock().unwrap();
            connection.query_row("SELECT value FROM entry", [], |row| row.get(0)).unwrap()
        };
        let contains = |needle: &[u8]| {
            std::fs::read_dir(home.path()).unwrap().any(|file| {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                bytes.windows(needle.len()).any(|window| window == needle)
            })
        };
        assert!(contains(&sealed[..48]));
        assert!(!contains(b"plain words") && !contains(b"name-of-it"));
        vault.transact(|tx| tx.delete(Bucket::Meta, b"name-of-it")).unwrap();
        assert!(!contains(&sealed[..48]));
    }

    #[test]
    fn a_row_that_was_moved_or_altered_is_damage() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(home.path(), &passphrase("one")).unwrap();
        vault.transact(|tx| tx.put(Bucket::Meta, b"a", &7_u64)).unwrap();
        vault.connection.lock().unwrap().execute("UPDATE entry SET bucket = 99", []).unwrap();
        vault.connection.lock().unwrap().execute("UPDATE entry SET bucket = ?", [Bucket::Hood as i64]).unwrap();
        let name = vault.transact(|tx| tx.list::<u64>(Bucket::Hood, b""));
        assert!(matches!(name, Err(VaultError::Damaged)));
    }

    #[test]
    fn the_file_is_readable_by_its_owner_only_and_wiping_needs_no_passphrase() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        drop(Vault::create(home.path(), &passphrase("one")).unwrap());
        let mode = std::fs::metadata(home.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(matches!(Vault::create(home.path(), &passphrase("one")), Err(VaultError::Exists)));
        wipe(home.path()).unwrap();
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }

    /// All values, sealed.
    fn values(vault: &Vault) -> BTreeSet<Vec<u8>> {
        let connection = vault.connection.lock().unwrap();
        let mut statement = connection.prepare_cached("SELECT value FROM entry").unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// How many runs of 32 bytes of these values are in the file.
    fn traces(vault: &Vault, values: &BTreeSet<Vec<u8>>) -> usize {
        let file = std::fs::read(&vault.path).unwrap();
        let runs: HashSet<&[u8]> = values.iter().flat_map(|value| value.chunks_exact(32)).collect();
        file.windows(32).filter(|window| runs.contains(window)).count()
    }

    #[test]
    fn of_many_rows_that_came_and_went_nothing_is_left_but_those_that_are_there() {
        use rand::rngs::StdRng;
        use rand::{RngExt as _, SeedableRng as _};

        const ROUNDS: usize = 6;
        let mut choices = StdRng::seed_from_u64(7);
        for _ in 0..ROUNDS {
            let home = tempfile::tempdir().unwrap();
            let vault = Vault::create(home.path(), &passphrase("one")).unwrap();
            vault.connection.lock().unwrap().pragma_update(None, "synchronous", "OFF").unwrap();
            let (mut there, mut gone) = (BTreeSet::new(), BTreeSet::new());
            for _ in 0..600 {
                let name: u8 = choices.random_range(..160);
                let size = *[30, 200, 500, 900, 1800, 3000, 6000].get(choices.random_range(..7_usize)).unwrap();
                let erased = choices.random_range(..5_u8) < 2;
                vault
                    .transact(|tx| match erased {
                        true => tx.delete(Bucket::Meta, &[name]),
                        false => tx.put(Bucket::Meta, &[name], &vec![name; size]),
                    })
                    .unwrap();
                let now = values(&vault);
                gone.extend(there.difference(&now).cloned());
                there = now;
            }
            assert!(traces(&vault, &there) > 1000 && gone.len() > 200);
            assert_eq!(traces(&vault, &gone), 0);
        }
    }
}
