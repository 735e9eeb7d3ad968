//! How the vault's key is kept: wrapped under Argon2id over a passphrase, with its parameters beside it.

use argon2::{Algorithm, Argon2, Params, Version};
use bincode::{Decode, Encode};
use rand_core::Rng as _;
use rusqlite::{Connection, OptionalExtension};
use watchfire_protocol::record::{open_symmetric, seal_symmetric};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::wire;
use zeroize::{Zeroize, Zeroizing};

/// What one guess at a passphrase costs, by Argon2id (RFC 9106) with one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// That of every vault that a command makes: 64 MiB, three passes.
    pub const DEFAULT: Self = Self { memory_kib: 64 << 10, passes: 3 };
}

/// What a file may ask for: a hostile one must not take the machine down.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_PASSES: u32 = 16;
const AAD: &[u8] = b"watchfire vault key 1";

/// Why the vault does not open, or does not do as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No vault in this home folder.
    #[error("there is no vault in this folder")]
    Missing,
    /// There is one already.
    #[error("there is a vault in this folder already")]
    Exists,
    /// The passphrase does not open it.
    #[error("the passphrase does not open this vault")]
    WrongPassphrase,
    /// An empty passphrase, or one of more than 1,024 bytes.
    #[error("a passphrase has 1 to 1,024 bytes")]
    Passphrase,
    /// A later version made it.
    #[error("this vault was made by a newer version of watchfire")]
    Newer,
    /// A row that does not open, or is not what it should be.
    #[error("the vault is damaged: a value in it does not open")]
    Damaged,
    /// SQLite, or the disk under it.
    #[error("the vault's file cannot be used")]
    Sqlite(#[from] rusqlite::Error),
    /// The disk.
    #[error("the vault's file cannot be used")]
    Io(#[from] std::io::Error),
}

/// A passphrase, wiped when it is dropped.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes a passphrase.
    ///
    /// # Errors
    /// Empty, or longer than 1,024 bytes.
    pub fn new(text: String) -> Result<Self, VaultError> {
        let text = Zeroizing::new(text);
        if text.is_empty() || text.len() > 1024 { Err(VaultError::Passphrase) } else { Ok(Self(text)) }
    }

    /// Whether two passphrases are the same, as typed twice.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

#[derive(Encode, Decode)]
struct Wrapped {
    memory_kib: u32,
    passes: u32,
    salt: [u8; 16],
    sealed: Vec<u8>,
}

fn stretch(passphrase: &Passphrase, salt: &[u8; 16], cost: Cost) -> Result<Secret32, VaultError> {
    let Cost { memory_kib, passes } = cost;
    if memory_kib > MAX_MEMORY_KIB || passes > MAX_PASSES {
        return Err(VaultError::Damaged);
    }
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| VaultError::Damaged)?;
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.0.as_bytes(), salt, &mut out)
        .map_err(|_| VaultError::Damaged)?;
    let key = Secret32::new(out);
    out.zeroize();
    Ok(key)
}

pub(super) fn store(
    connection: &Connection,
    key: &Secret32,
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<(), VaultError> {
    let mut rng = rand::rng();
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    let wrapping = stretch(passphrase, &salt, cost)?;
    let sealed = seal_symmetric(&wrapping, AAD, key.expose(), &mut rng);
    let Cost { memory_kib, passes } = cost;
    let bytes = wire::encode(&Wrapped { memory_kib, passes, salt, sealed });
    connection.execute(
        "INSERT INTO lock (id, wrapped) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET wrapped = ?1",
        [bytes],
    )?;
    Ok(())
}

pub(super) fn load(connection: &Connection, passphrase: &Passphrase) -> Result<Secret32, VaultError> {
    let bytes: Option<Vec<u8>> =
        connection.query_row("SELECT wrapped FROM lock WHERE id = 1", [], |row| row.get(0)).optional()?;
    let bytes = bytes.ok_or(VaultError::Damaged)?;
    let wrapped: Wrapped = wire::decode_exact(&bytes, 1024).map_err(|_| VaultError::Damaged)?;
    let cost = Cost { memory_kib: wrapped.memory_kib, passes: wrapped.passes };
    let wrapping = stretch(passphrase, &wrapped.salt, cost)?;
    let key = open_symmetric(&wrapping, AAD, &wrapped.sealed).map_err(|_| VaultError::WrongPassphrase)?;
    Ok(Secret32::new(key.as_slice().try_into().map_err(|_| VaultError::Damaged)?))
}

pub(super) fn destroy(connection: &Connection) -> Result<(), VaultError> {
    connection.execute("UPDATE lock SET wrapped = zeroblob(length(wrapped))", [])?;
    connection.execute("DELETE FROM lock", [])?;
    Ok(())
}
