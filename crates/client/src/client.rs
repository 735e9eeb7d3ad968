//! The client: an open vault, a clock, and the charters.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use watchfire_protocol::charter::SignedCharter;
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;

use crate::error::ClientError;
use crate::net::Connection;
use crate::state::{self, Hood, Profile};
use crate::vault::{Bucket, Passphrase, Tx, Vault};

/// Tells the time. Tests pass one of their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// One person on one device in one network.
pub struct Client {
    pub(crate) vault: Vault,
    clock: Clock,
    charters: Mutex<Option<CharterHistory>>,
}

/// The system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| Timestamp(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())))
}

impl Client {
    /// Opens the vault of a home folder.
    ///
    /// # Errors
    /// There is none, or it does not open.
    pub fn open(home: &Path, passphrase: &Passphrase, clock: Clock) -> Result<Self, ClientError> {
        Ok(Self { vault: Vault::open(home, passphrase)?, clock, charters: Mutex::new(None) })
    }

    /// Opens the vault of a home folder, or makes it.
    ///
    /// # Errors
    /// It does not open, or cannot be made.
    pub fn open_or_create(home: &Path, passphrase: &Passphrase, clock: Clock) -> Result<Self, ClientError> {
        let vault = if Vault::exists(home) { Vault::open(home, passphrase)? } else { Vault::create(home, passphrase)? };
        Ok(Self { vault, clock, charters: Mutex::new(None) })
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Wraps the vault's key under another passphrase.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn change_passphrase(&self, passphrase: &Passphrase) -> Result<(), ClientError> {
        Ok(self.vault.change_passphrase(passphrase)?)
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, ClientError>) -> Result<T, ClientError> {
        self.vault.transact(work)
    }

    /// Who this vault is.
    ///
    /// # Errors
    /// It is in no network.
    pub fn profile(&self) -> Result<Profile, ClientError> {
        self.read(Profile::load)
    }

    /// The charters, judged from genesis.
    ///
    /// # Errors
    /// There are none.
    pub fn charters(&self) -> Result<CharterHistory, ClientError> {
        let mut held = self.charters.lock().unwrap_or_else(PoisonError::into_inner);
        let stored: Vec<(Vec<u8>, Vec<u8>)> = self.read(|tx| Ok(tx.list(Bucket::Charter, b"")?))?;
        let newest = stored.last().and_then(|(_, bytes)| SignedCharter::from_bytes(bytes).ok()).map(|c| c.hash());
        if let Some(history) = held.as_ref().filter(|history| Some(history.newest().hash()) == newest) {
            return Ok(history.clone());
        }
        let history = judge_stored(&stored)?;
        held.clone_from(&history);
        history.ok_or(ClientError::NoNetwork)
    }

    /// Judges further versions and keeps them.
    pub(crate) fn take_charters(&self, next: &[SignedCharter]) -> Result<(), ClientError> {
        let mut history = self.charters().ok();
        for signed in next {
            match &mut history {
                Some(history) if signed.hash() == history.newest().hash() => continue,
                Some(history) => history.push(signed)?,
                None => history = Some(CharterHistory::found(signed)?),
            }
            let version = history.as_ref().map_or(0, |history| history.newest().version());
            self.read(|tx| Ok(tx.put(Bucket::Charter, &version.to_be_bytes(), &signed.to_bytes())?))?;
        }
        Ok(())
    }

    /// The stored bytes of charter versions from `from` upwards.
    pub(crate) fn charter_bytes(&self, from: u64) -> Result<Vec<Vec<u8>>, ClientError> {
        let stored: Vec<(Vec<u8>, Vec<u8>)> = self.read(|tx| Ok(tx.list(Bucket::Charter, b"")?))?;
        let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        Ok(stored.into_iter().skip(skip).map(|(_, bytes)| bytes).collect())
    }

    /// Connects to the first relay of the charter that answers.
    pub(crate) async fn connect(&self) -> Result<Connection, ClientError> {
        let charters = self.charters()?;
        let mut last = ClientError::NoNetwork;
        for relay in &charters.newest().body().relays {
            match Box::pin(Connection::open(&relay.url, Some(&relay.key))).await {
                Ok(connection) => return Ok(connection),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Brings both sides to the newest charter. Returns whether the relay held less than this vault.
    pub(crate) async fn sync_charters(&self, connection: &mut Connection) -> Result<bool, ClientError> {
        let charters = self.charters()?;
        let (network, held) = (charters.network(), charters.newest().version());
        let mut from = held;
        let mut missing = false;
        loop {
            match fetch_charters(connection, network, from).await {
                Ok(found) if !found.is_empty() => {
                    if from == held {
                        let differs = found.first().is_some_and(|first| first.hash() != charters.newest().hash());
                        if differs {
                            return Err(ClientError::Untrusted(
                                "its charter is another one than this vault's, of the same version".to_owned(),
                            ));
                        }
                        self.take_charters(&found)?;
                    }
                    break;
                }
                Ok(_) | Err(ClientError::Refused(watchfire_protocol::frame::Refusal::NotFound)) => {
                    missing = true;
                    if from <= 1 {
                        from = 0;
                        break;
                    }
                    from -= 1;
                }
                Err(error) => return Err(error),
            }
        }
        if missing {
            for charter in self.charter_bytes(from + 1)? {
                publish(connection, charters.network(), charter, None).await?;
            }
        }
        Ok(missing)
    }

    /// The neighborhood that a name means; the only one, if no name is given.
    ///
    /// # Errors
    /// None, or more than one.
    pub fn hood_named(&self, wanted: Option<&str>) -> Result<NeighborhoodId, ClientError> {
        let all = self.read(|tx| {
            let hoods = Hood::all(tx)?;
            hoods
                .into_iter()
                .map(|hood| Ok((hood.id, hood_name(tx, hood.id)?)))
                .collect::<Result<Vec<_>, ClientError>>()
        })?;
        pick_hood(wanted, all)
    }

    /// The ids and names of the neighborhoods in which this vault has a member.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn hoods(&self) -> Result<Vec<(NeighborhoodId, String)>, ClientError> {
        self.read(|tx| Hood::all(tx)?.into_iter().map(|hood| Ok((hood.id, hood_name(tx, hood.id)?))).collect())
    }
}

/// Judges stored versions, oldest first. None of none.
pub(crate) fn judge_stored(stored: &[(Vec<u8>, Vec<u8>)]) -> Result<Option<CharterHistory>, ClientError> {
    let mut history: Option<CharterHistory> = None;
    for (_, bytes) in stored {
        let signed = SignedCharter::from_bytes(bytes).map_err(|_| crate::vault::VaultError::Damaged)?;
        match &mut history {
            Some(history) => history.push(&signed)?,
            None => history = Some(CharterHistory::found(&signed)?),
        }
    }
    Ok(history)
}

pub(crate) fn pick_hood(
    wanted: Option<&str>,
    all: Vec<(NeighborhoodId, String)>,
) -> Result<NeighborhoodId, ClientError> {
    let known = || all.iter().map(|(_, name)| name.clone()).collect();
    let Some(wanted) = wanted else {
        return match all.as_slice() {
            [(only, _)] => Ok(*only),
            [] => Err(ClientError::NoNeighborhood { name: String::new(), known: vec![] }),
            _ => Err(ClientError::Invalid(
                "this vault knows several neighborhoods: say which with --neighborhood".to_owned(),
            )),
        };
    };
    let exact = all.iter().find(|(_, name)| name == wanted);
    let close =
        || all.iter().find(|(id, name)| name.to_lowercase() == wanted.to_lowercase() || id.to_string() == wanted);
    exact
        .or_else(close)
        .map(|(id, _)| *id)
        .ok_or_else(|| ClientError::NoNeighborhood { name: wanted.to_owned(), known: known() })
}

/// What a neighborhood is called here; its id while the names are not known.
pub(crate) fn hood_name(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<String, ClientError> {
    Ok(state::names(tx, hood)?.map_or_else(|| hood.to_string(), |names| names.neighborhood))
}

/// More versions than this, and nobody reads them: a version a day for eleven years.
const MAX_VERSIONS: usize = 4096;

/// Publishes one charter version.
pub(crate) async fn publish(
    connection: &mut Connection,
    network: watchfire_protocol::id::NetworkId,
    charter: Vec<u8>,
    admission: Option<[u8; 32]>,
) -> Result<(), ClientError> {
    match connection.done(Request::PublishCharter { charter, admission }).await {
        Err(ClientError::Refused(watchfire_protocol::frame::Refusal::NotAllowed)) => {
            Err(ClientError::NotAllowed { network })
        }
        other => other,
    }
}

/// Fetches charter versions from `from` upwards, as they are: judging is the caller's.
pub(crate) async fn fetch_charters(
    connection: &mut Connection,
    network: watchfire_protocol::id::NetworkId,
    from: u64,
) -> Result<Vec<SignedCharter>, ClientError> {
    let mut out = Vec::new();
    loop {
        let next = from + u64::try_from(out.len()).unwrap_or(u64::MAX);
        let Reply::Charters { charters, more } = connection.call(Request::Charters { network, from: next }).await?
        else {
            return Err(connection.unexpected());
        };
        let none = charters.is_empty();
        for bytes in charters {
            let signed = SignedCharter::from_bytes(&bytes)
                .map_err(|error| ClientError::Untrusted(format!("a charter of it is malformed ({error})")))?;
            out.push(signed);
        }
        if out.len() > MAX_VERSIONS {
            return Err(ClientError::Untrusted("it shows more charters than a network can have".to_owned()));
        }
        if !more || none {
            return Ok(out);
        }
    }
}
