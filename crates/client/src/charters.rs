//! The charters that this vault holds: judged, kept before they are used, and brought level with a relay or a file.
//!
//! A relay may be behind, ahead, on another branch, or lie. What follows is taken, what is missing there is published,
//! what is refused changes nothing, and a fork is kept as evidence until a person chooses (`docs/protocol.md`, "Forks").

use std::collections::BTreeMap;
use std::sync::PoisonError;

use watchfire_protocol::charter::{Relay, SignedCharter};
use watchfire_protocol::fork::{CharterChain, Fork, Offered};
use watchfire_protocol::frame::{Refusal, Reply, Request};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{CharterHash, NeighborhoodId, NetworkId};
use watchfire_protocol::time::Timestamp;

use crate::client::{Client, hood_name};
use crate::error::ClientError;
use crate::net::Connection;
use crate::ops::by_prefix;
use crate::ops::charter::{VersionView, version_views};
use crate::restrictions::apply_stored;
use crate::route::Errand;
use crate::state;
use crate::vault::{Bucket, Tx, VaultError};

/// More versions than this, and nobody reads them: a version a day for eleven years.
pub(crate) const MAX_VERSIONS: usize = 4096;
/// Bytes of a chain that a relay or a file shows: sixteen thousand ordinary versions, or five hundred of the largest.
pub(crate) const MAX_CHAIN: usize = 32 << 20;

/// `Meta`: a charter that a newer program made was seen, and when.
const NEWER: &[u8] = b"newer charter";

/// A charter version that exists twice, as `status` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkView {
    /// The version.
    pub version: u64,
    /// The one that is held.
    pub held: CharterHash,
    /// The other one.
    pub other: CharterHash,
    /// Whether the other one was seen itself, so that it can be chosen.
    pub whole: bool,
    /// When it was first seen.
    pub seen: Timestamp,
    /// When the one that is held was chosen; until then no version is added.
    pub decided: Option<Timestamp>,
}

/// What came of bringing a relay level with this vault.
#[derive(Debug, Default)]
pub(crate) struct Levelled {
    /// Whether it held less than this vault.
    pub(crate) lacked: bool,
    /// Why it does not have a restriction that is held here.
    pub(crate) refused: Option<ClientError>,
}

impl Client {
    /// The charters, judged from genesis.
    ///
    /// # Errors
    /// There are none.
    pub fn charters(&self) -> Result<CharterHistory, ClientError> {
        self.read(|tx| self.charters_in(tx))
    }

    /// The charters, from within a transaction: a second one must not be begun.
    pub(crate) fn charters_in(&self, tx: &Tx<'_>) -> Result<CharterHistory, ClientError> {
        let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Charter, b"")?;
        let newest = stored.last().and_then(|(_, bytes)| SignedCharter::from_bytes(bytes).ok()).map(|c| c.hash());
        let mut cached = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let mut history = match cached.as_ref().filter(|history| Some(history.newest().hash()) == newest) {
            Some(history) => history.clone(),
            None => judge_stored(&stored)?.ok_or(ClientError::NoNetwork)?,
        };
        apply_stored(tx, &mut history)?;
        *cached = Some(history.clone());
        Ok(history)
    }

    fn chain_in(&self, tx: &Tx<'_>) -> Result<CharterChain, ClientError> {
        let forks: Vec<(Vec<u8>, Fork)> = tx.list(Bucket::Fork, b"")?;
        Ok(CharterChain::new(self.charters_in(tx)?, forks.into_iter().map(|(_, fork)| fork).collect()))
    }

    /// Judges versions that somebody shows, oldest first, and keeps what follows and what is evidence.
    pub(crate) fn take_charters(&self, shown: &[SignedCharter]) -> Result<Offered, ClientError> {
        let now = self.now();
        let (chain, offered) = self.vault.transact(|tx| {
            let mut chain = self.chain_in(tx)?;
            let offered = chain.offer(shown, now);
            for signed in &offered.taken {
                put_charter(tx, &chain, signed)?;
                tx.delete(Bucket::Meta, NEWER)?;
            }
            if !offered.taken.is_empty() {
                state::adopt_draft_names(tx, chain.history().newest())?;
            }
            if offered.learned {
                put_forks(tx, chain.forks())?;
            }
            if offered.newer.is_some() && tx.get::<Timestamp>(Bucket::Meta, NEWER)?.is_none() {
                tx.put(Bucket::Meta, NEWER, &now)?;
            }
            Ok::<_, ClientError>((chain, offered))
        })?;
        // On the disk: it need not be judged again.
        *self.judged.lock().unwrap_or_else(PoisonError::into_inner) = Some(chain.history().clone());
        Ok(offered)
    }

    /// The same for what a relay shows: a refusal is its fault.
    pub(crate) fn take_shown(&self, shown: &[SignedCharter]) -> Result<Offered, ClientError> {
        let mut offered = self.take_charters(shown)?;
        offered.refused.take().map_or(Ok(offered), |error| Err(ClientError::ShownCharter(error)))
    }

    /// The stored bytes of charter versions from `from` upwards.
    pub(crate) fn charter_bytes(&self, from: u64) -> Result<Vec<Vec<u8>>, ClientError> {
        let stored: Vec<(Vec<u8>, Vec<u8>)> = self.read(|tx| Ok(tx.list(Bucket::Charter, b"")?))?;
        let skip = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX);
        Ok(stored.into_iter().skip(skip).map(|(_, bytes)| bytes).collect())
    }

    /// Brings both sides to the newest charter and what restricts it. A relay on another branch, or with a version that
    /// only a newer program reads, is left as it is: what is held goes on to be used.
    pub(crate) async fn sync_charters(&self, connection: &mut Connection) -> Result<Levelled, ClientError> {
        let before = self.charters()?;
        let shown = fetch_from_common(connection, &before).await?;
        let offered = self.take_shown(&shown)?;
        if offered.forked || offered.waiting || offered.newer.is_some() {
            return Ok(Levelled::default());
        }
        let charters = self.charters()?;
        let there = shown.last().and_then(|last| charters.by_hash(&last.hash())).map_or(0, |last| last.version());
        let missing = self.charter_bytes(there + 1)?;
        for charter in &missing {
            publish(connection, charters.network(), charter.clone(), None).await?;
        }
        let Levelled { lacked, refused } = self.sync_restrictions(connection).await?;
        Ok(Levelled { lacked: lacked || !missing.is_empty(), refused })
    }

    /// Brings this vault and a relay to the newest charter. Returns its version.
    ///
    /// # Errors
    /// No relay answers, or what it shows is refused.
    pub async fn refresh_charters(&self) -> Result<u64, ClientError> {
        let mut connection = self.connect(Errand::Alerts, None).await?;
        self.sync_charters(&mut connection).await?;
        let told = connection.relay();
        connection.close().await;
        self.level_charters(&told).await?;
        Ok(self.charters()?.newest().version())
    }

    /// Fails if a neighborhood was closed: nothing is begun there any more.
    pub(crate) fn refuse_if_closed(&self, hood: NeighborhoodId) -> Result<(), ClientError> {
        match self.charters()?.newest().neighborhood(hood).is_some_and(|terms| terms.closed) {
            true => Err(ClientError::Closed { name: self.read(|tx| hood_name(tx, hood))? }),
            false => Ok(()),
        }
    }

    /// The charter versions that exist twice, for ever.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn forks(&self) -> Result<Vec<ForkView>, ClientError> {
        let chain = self.read(|tx| match tx.list::<Fork>(Bucket::Fork, b"")? {
            none if none.is_empty() => Ok(None),
            _ => self.chain_in(tx).map(Some),
        })?;
        Ok(chain.map(|chain| views(&chain)).unwrap_or_default())
    }

    /// What the two branches of a fork are, from the version that exists twice on: the one that is held, and the other
    /// one, as far as it was seen.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn fork_branches(&self, fork: &ForkView) -> Result<[Vec<VersionView>; 2], ClientError> {
        let (chain, held) = self.read(|tx| Ok((self.chain_in(tx)?, stored(tx)?)))?;
        let ours = version_views(chain.history(), fork.version);
        let evidence = chain.forks().iter().find(|seen| (seen.version, seen.other) == (fork.version, fork.other));
        let Some(evidence) = evidence.filter(|seen| seen.is_whole()) else { return Ok([ours, vec![]]) };
        let common = held.iter().take(usize::try_from(fork.version.saturating_sub(1)).unwrap_or(usize::MAX));
        let mut history: Option<CharterHistory> = None;
        for signed in common.chain(&evidence.branch) {
            match &mut history {
                Some(history) => history.push(signed)?,
                None => history = Some(CharterHistory::found(signed)?),
            }
        }
        let theirs = history.map(|history| version_views(&history, fork.version)).unwrap_or_default();
        Ok([ours, theirs])
    }

    /// Since when a charter is known that only a newer version of this program reads.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn newer_charter(&self) -> Result<Option<Timestamp>, ClientError> {
        self.read(|tx| Ok(tx.get(Bucket::Meta, NEWER)?))
    }

    /// Fails while a person must choose between two charters of one version: nothing may be added to either.
    pub(crate) fn refuse_if_forked(&self) -> Result<(), ClientError> {
        match self.forks()?.iter().find(|fork| fork.decided.is_none()) {
            Some(fork) => Err(ClientError::Forked { version: fork.version }),
            None => Ok(()),
        }
    }

    /// What is chosen by the hash of a charter that exists twice, or by the first symbols of it: the version and the
    /// whole hash.
    ///
    /// # Errors
    /// No fork has such a charter.
    pub fn fork_of(&self, wanted: &str) -> Result<(u64, CharterHash), ClientError> {
        named(&self.forks()?, wanted)
    }

    /// Chooses a branch by the hash of the charter that exists twice, or by the first symbols of it. All in one
    /// transaction; what is dropped is kept as evidence.
    ///
    /// # Errors
    /// No fork has such a charter, or it was never seen itself.
    pub fn accept_fork(&self, wanted: &str) -> Result<Vec<ForkView>, ClientError> {
        let now = self.now();
        self.vault.transact(|tx| {
            let mut chain = self.chain_in(tx)?;
            let (_, hash) = named(&views(&chain), wanted)?;
            let held = stored(tx)?;
            let others = chain.forks().iter().flat_map(|fork| &fork.branch);
            let known: Vec<SignedCharter> = held.iter().chain(others).cloned().collect();
            chain.choose(hash, &held, now)?;
            for (version, _) in (1_u64..).zip(&held) {
                tx.delete(Bucket::Charter, &version.to_be_bytes())?;
            }
            for signed in known.iter().filter(|signed| chain.history().by_hash(&signed.hash()).is_some()) {
                put_charter(tx, &chain, signed)?;
            }
            put_forks(tx, chain.forks())?;
            Ok(views(&chain))
        })
    }
}

fn named(forks: &[ForkView], wanted: &str) -> Result<(u64, CharterHash), ClientError> {
    let bodies = forks.iter().flat_map(|fork| [fork.held, fork.other].map(|hash| (hash, fork.version)));
    let bodies: BTreeMap<CharterHash, u64> = bodies.collect();
    let named = bodies.into_iter().map(|(hash, version)| (hash.to_string(), (version, hash)));
    by_prefix("charter in a fork", wanted, named)
}

fn stored(tx: &Tx<'_>) -> Result<Vec<SignedCharter>, ClientError> {
    let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Charter, b"")?;
    let read = |bytes: &[u8]| SignedCharter::from_bytes(bytes).map_err(|_| VaultError::Damaged.into());
    stored.iter().map(|(_, bytes)| read(bytes)).collect()
}

/// Writes a version of the branch that is held.
fn put_charter(tx: &Tx<'_>, chain: &CharterChain, signed: &SignedCharter) -> Result<(), ClientError> {
    let judged = chain.history().by_hash(&signed.hash());
    let version = judged.ok_or_else(|| ClientError::Unexpected("a charter that was not judged".to_owned()))?.version();
    Ok(tx.put(Bucket::Charter, &version.to_be_bytes(), &signed.to_bytes())?)
}

/// Forks are only ever added, so each has its number.
fn put_forks(tx: &Tx<'_>, forks: &[Fork]) -> Result<(), ClientError> {
    for (number, fork) in (0_u32..).zip(forks) {
        tx.put(Bucket::Fork, &number.to_be_bytes(), fork)?;
    }
    Ok(())
}

fn views(chain: &CharterChain) -> Vec<ForkView> {
    let view = |fork: &Fork| {
        Some(ForkView {
            version: fork.version,
            held: chain.history().at(fork.version)?.hash(),
            other: fork.other,
            whole: fork.is_whole(),
            seen: fork.seen,
            decided: fork.decided,
        })
    };
    chain.forks().iter().filter_map(view).collect()
}

/// Judges stored versions, oldest first. None of none.
fn judge_stored(stored: &[(Vec<u8>, Vec<u8>)]) -> Result<Option<CharterHistory>, ClientError> {
    let mut history: Option<CharterHistory> = None;
    for (_, bytes) in stored {
        let signed = SignedCharter::from_bytes(bytes).map_err(|_| VaultError::Damaged)?;
        match &mut history {
            Some(history) => history.push(&signed)?,
            None => history = Some(CharterHistory::found(&signed)?),
        }
    }
    Ok(history)
}

impl Client {
    /// Whether a relay answers, with its key.
    ///
    /// # Errors
    /// It does not.
    pub async fn try_relay(&self, relay: &Relay) -> Result<(), ClientError> {
        Box::pin(Connection::open(&self.route, &relay.url, Some(&relay.key), Errand::Keys, None)).await?.close().await;
        Ok(())
    }
}

/// Publishes one charter version.
pub(crate) async fn publish(
    connection: &mut Connection,
    network: NetworkId,
    charter: Vec<u8>,
    admission: Option<[u8; 32]>,
) -> Result<(), ClientError> {
    match connection.done(Request::PublishCharter { charter, admission }).await {
        Err(ClientError::Refused(Refusal::NotAllowed)) => Err(ClientError::NotAllowed { network }),
        other => other,
    }
}

/// Fetches from the newest version that is held; or, from a relay that shows another one or none there, from further and
/// further back, until it shows one that is held, or all that it has.
async fn fetch_from_common(
    connection: &mut Connection,
    charters: &CharterHistory,
) -> Result<Vec<SignedCharter>, ClientError> {
    let (network, mut from, mut step) = (charters.network(), charters.newest().version(), 1);
    loop {
        let shown = match fetch_charters(connection, network, from).await {
            Err(ClientError::Refused(Refusal::NotFound)) => vec![],
            other => other?,
        };
        let common = shown.first().is_some_and(|first| charters.by_hash(&first.hash()).is_some());
        if common || from <= 1 {
            return Ok(shown);
        }
        from = from.saturating_sub(step).max(1);
        step *= 2;
    }
}

/// Fetches charter versions from `from` upwards, as they are: judging is the caller's.
pub(crate) async fn fetch_charters(
    connection: &mut Connection,
    network: NetworkId,
    from: u64,
) -> Result<Vec<SignedCharter>, ClientError> {
    let (mut out, mut size) = (Vec::new(), 0);
    loop {
        let next = from + u64::try_from(out.len()).unwrap_or(u64::MAX);
        let Reply::Charters { charters, more } = connection.call(Request::Charters { network, from: next }).await?
        else {
            return Err(connection.unexpected());
        };
        let none = charters.is_empty();
        for bytes in charters {
            size += bytes.len();
            let signed = SignedCharter::from_bytes(&bytes)
                .map_err(|error| ClientError::Untrusted(format!("a charter of it is malformed ({error})")))?;
            out.push(signed);
        }
        if out.len() > MAX_VERSIONS || size > MAX_CHAIN {
            return Err(ClientError::Untrusted("it shows more charters than a network can have".to_owned()));
        }
        if !more || none {
            return Ok(out);
        }
    }
}
