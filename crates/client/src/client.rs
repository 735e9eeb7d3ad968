//! The client: an open vault, a clock, and the charters.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;

use crate::error::ClientError;
use crate::fold::coordinator_of;
use crate::open::Progress;
use crate::ops::begun::forget_old;
use crate::route::Route;
use crate::state::{self, Hood, Profile};
use crate::vault::{Passphrase, Tx, Vault};

/// Tells the time. Tests pass one of their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Is told how far an opening is.
pub type Watcher = Box<dyn Fn(Progress) + Send + Sync>;

/// After about so long a client that lacks a relay looks whether it is back.
const LOOK_AROUND: Duration = Duration::from_secs(30);

/// One person on one device in one network.
pub struct Client {
    pub(crate) vault: Vault,
    clock: Clock,
    /// The charters as they were last judged: none is judged twice.
    pub(crate) judged: Mutex<Option<CharterHistory>>,
    watcher: Option<Watcher>,
    patience: Duration,
    pub(crate) route: Route,
    /// Relays that did not answer, and when.
    pub(crate) away: Mutex<BTreeMap<[u8; 32], Instant>>,
    pub(crate) look_around: Duration,
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
        Self::new(Vault::open(home, passphrase)?, clock)
    }

    /// Opens the vault of a home folder, or makes it.
    ///
    /// # Errors
    /// It does not open, or cannot be made.
    pub fn open_or_create(home: &Path, passphrase: &Passphrase, clock: Clock) -> Result<Self, ClientError> {
        let vault = if Vault::exists(home) { Vault::open(home, passphrase)? } else { Vault::create(home, passphrase)? };
        Self::new(vault, clock)
    }

    /// A client on an open vault.
    ///
    /// # Errors
    /// The vault does not open.
    pub fn new(vault: Vault, clock: Clock) -> Result<Self, ClientError> {
        let now = clock();
        let route = vault.transact(|tx| {
            forget_old(tx, now)?;
            Route::load(tx)
        })?;
        Ok(Self {
            vault,
            clock,
            judged: Mutex::new(None),
            watcher: None,
            patience: Duration::ZERO,
            route,
            away: Mutex::default(),
            look_around: LOOK_AROUND,
        })
    }

    /// Has somebody told how far openings are.
    pub fn watch_progress(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
    }

    pub(crate) fn progress(&self, progress: Progress) {
        if let Some(watcher) = &self.watcher {
            watcher(progress);
        }
    }

    /// Has this client wait for a random time of up to `patience` before it opens an epoch that every coordinator's
    /// client sees to be due: many of them stay connected, and one is enough.
    pub const fn be_patient(&mut self, patience: Duration) {
        self.patience = patience;
    }

    pub(crate) const fn patience(&self) -> Duration {
        self.patience
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
/// What a coordinator is called by whose device key something was signed: their handle, or the key.
pub(crate) fn opener_name(
    tx: &Tx<'_>,
    charters: &CharterHistory,
    hood: NeighborhoodId,
    key: &PublicKey,
) -> Result<String, ClientError> {
    let who = coordinator_of(charters, key);
    let names = state::names(tx, hood)?;
    let handle = who.and_then(|who| names.as_ref()?.handle(&who).map(str::to_owned));
    Ok(handle.unwrap_or_else(|| key.to_string()))
}

/// What a neighborhood is called; its id until that is known.
pub(crate) fn hood_name(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<String, ClientError> {
    Ok(state::names(tx, hood)?.map_or_else(|| hood.to_string(), |names| names.neighborhood))
}
