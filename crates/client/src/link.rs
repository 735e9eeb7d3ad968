//! A live connection to one neighborhood: proved, subscribed, read to its tail.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::future::{FutureExt, join_all};
use tokio::task::JoinSet;
use tokio::time::Instant;
use watchfire_protocol::charter::{Relay, Right};
use watchfire_protocol::direct::Envelope;
use watchfire_protocol::frame::{Cursor, Prover, Refusal, Reply, Request, Standing};
use watchfire_protocol::id::{Epoch, NeighborhoodId, RestrictionsHash};
use watchfire_protocol::record::{Channel, Header, record_id, seal_inbox, seal_record};
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::CLOCK_DOUBT;

use crate::client::{Client, hood_name, opener_name};
use crate::epochs::{is_twin, load_roster, newest_announcement};
use crate::error::ClientError;
use crate::fold::fold_what_waits;
use crate::net::{ANSWER, Connection};
use crate::notice;
use crate::open::Why;
use crate::records::{Taken, Taking, forget, retry_deferred, unsee};
use crate::relays::{Arrival, telling};
use crate::route::Errand;
use crate::state::{self, EpochState, Hood, Missing};
use crate::vault::{Bucket, Tx};

/// More events of one log than this are not read at once.
const MAX_BACKLOG: usize = 50_000;
/// Everybody in a neighborhood is told of another epoch or charter at once, and makes another link within this.
const CHANGED: Duration = Duration::from_secs(1);
/// Nobody stays away for longer because a relay says so.
const LONGEST_AWAY: Duration = Duration::from_secs(30);
/// So many records of a backlog are written to the disk together at most, and about so many bytes.
const BATCH: usize = 512;
const BATCH_BYTES: usize = 1 << 20;
/// A log of which more than this must be kept aside is no log: nobody sealed it.
const MAX_REFUSED: usize = 200;

/// A connection that follows one neighborhood.
pub struct Link {
    pub(crate) connection: Connection,
    /// The relay at its other end.
    pub(crate) relay: Relay,
    /// A coordinator's links to the other relays.
    pub(crate) others: Vec<Link>,
    /// The relays that were tried and failed.
    pub(crate) unreached: Vec<(Relay, ClientError)>,
    /// Looks whether they are back.
    pub(crate) scout: JoinSet<()>,
    /// When what came to one relay alone is to be brought to the others.
    pub(crate) carry_due: Option<Instant>,
    pub(crate) hood: NeighborhoodId,
    pub(crate) epoch: Epoch,
    pub(crate) coordinator: bool,
    /// What the relay held before this client brought what it holds.
    pub(crate) relay_lost: bool,
    /// Whether the epoch's slots and objects are at the relay.
    pub(crate) complete: bool,
    /// Alerts and roster events that the relay acknowledged on this link, after its log was read.
    pub(crate) acked: Vec<[u8; 16]>,
    /// What was taken since the last look.
    pub(crate) taken: VecDeque<Taken>,
    /// How many records were kept aside.
    held: usize,
    /// What a coordinator's duty failed with, on this link, or why the relay lacks a restriction: everything else is done.
    pub trouble: Option<ClientError>,
    /// Why something still waits that the relay did not take: it has no room for it, or is of another version.
    pub kept_back: Option<ClientError>,
    /// When this member's renewal will be due.
    pub(crate) renewal: Option<Timestamp>,
    /// When it will be this coordinator's turn to tell somebody where an alert is.
    pub(crate) directs_due: Option<Timestamp>,
    /// Whether the epoch or the charter changed, or something became due: make another link.
    pub(crate) stale: bool,
    /// Within which time somebody who stays makes another link, at random: others are told the same in this moment.
    pub(crate) leave_within: Duration,
    /// A record of an unknown epoch came: nothing after it is taken on this link, so that the cursor stays before it.
    blocked: bool,
}

impl Link {
    /// The neighborhood that it follows.
    #[must_use]
    pub const fn hood(&self) -> NeighborhoodId {
        self.hood
    }

    /// Whether the epoch or the charter changed since, or something became due, so that another link must be made.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        self.stale
    }

    fn keep_taken(&mut self, taken: Vec<Taken>) {
        self.held += taken.iter().filter(|taken| **taken == Taken::Held).count();
        self.taken.extend(taken);
    }

    fn block(&mut self) {
        (self.stale, self.blocked) = (true, true);
    }

    /// Ends it politely.
    pub async fn goodbye(self) {
        let others = self.others.into_iter().map(|other| other.connection);
        join_all(others.chain([self.connection]).map(Connection::close)).await;
    }
}

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// To the relay in use.
    InUse,
    /// A coordinator's, to one more.
    Beside,
}

/// What an append was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The record's position.
    pub position: u64,
    /// How many connections follow, rounded down.
    pub followers: u32,
}

impl Client {
    /// Connects to a neighborhood and reads everything to its tail.
    ///
    /// # Errors
    /// No relay answers, or this vault has no keys there.
    pub async fn link(&self, hood: NeighborhoodId) -> Result<Link, ClientError> {
        let mut unreached: Vec<(Relay, ClientError)> = Vec::new();
        for relay in self.relays()? {
            match Box::pin(self.link_to(hood, &relay, Role::InUse)).await {
                Ok(link) => return Ok(Link { unreached, ..link }),
                Err(error) if error.is_of_one_relay() => unreached.push((relay, error)),
                Err(error) => return Err(error),
            }
        }
        let why = unreached.into_iter().map(|(_, error)| error).fold(None, |why, error| Some(telling(why, error)));
        Err(why.unwrap_or(ClientError::NoNetwork))
    }

    /// The same with one more relay, beside the one in use.
    pub(crate) async fn link_beside(&self, hood: NeighborhoodId, relay: &Relay) -> Result<Link, ClientError> {
        self.link_to(hood, relay, Role::Beside).await
    }

    async fn link_to(&self, hood: NeighborhoodId, relay: &Relay, role: Role) -> Result<Link, ClientError> {
        // A switch between following the epochs and proving a key loses a race; it cannot go on for ever.
        let mut last = ClientError::Raced;
        for _ in 0..4 {
            match Box::pin(self.try_link(hood, relay, role)).await {
                Err(ClientError::Refused(refusal @ (Refusal::UnknownEpoch { .. } | Refusal::ClosedEpoch { .. }))) => {
                    // Who has no slot of the newest epoch is at an older one for good.
                    if let Some(shut_out) = self.shut_out(hood)? {
                        return Err(shut_out);
                    }
                    last = refusal.into();
                }
                Err(ClientError::NoKeys { name }) if self.has_keys(hood)? => last = ClientError::NoKeys { name },
                other => return other,
            }
        }
        Err(last)
    }

    fn shut_out(&self, hood: NeighborhoodId) -> Result<Option<ClientError>, ClientError> {
        let charters = self.charters()?;
        self.read(|tx| {
            let (state, name) = (Hood::load(tx, hood)?, hood_name(tx, hood)?);
            Ok(match state.missing {
                Some(Missing::Removed { by }) => {
                    Some(ClientError::ShutOut { name, by: opener_name(tx, &charters, hood, &by)? })
                }
                Some(Missing::Withheld) => Some(ClientError::KeysWithheld { name }),
                None => None,
            })
        })
    }

    fn has_keys(&self, hood: NeighborhoodId) -> Result<bool, ClientError> {
        self.read(|tx| Ok(Hood::load(tx, hood)?.epoch != Epoch::NONE))
    }

    async fn try_link(&self, hood: NeighborhoodId, relay: &Relay, role: Role) -> Result<Link, ClientError> {
        let errand = self.read(|tx| errand(&Hood::load(tx, hood)?, tx))?;
        let mut connection = self.connect_to(relay, errand, Some(hood)).await?;
        if role == Role::InUse {
            self.note_clock(hood, connection.relay_time())?;
        }
        let charters = self.sync_charters(&mut connection).await?;
        let (standing, brought) = self.sync_epochs(&mut connection, hood).await?;
        self.follow_both(hood, &standing).await?;
        let (state, epoch, name) = self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            Ok((state.clone(), EpochState::load(tx, hood, state.epoch)?, hood_name(tx, hood)?))
        })?;
        let epoch = epoch.ok_or(ClientError::NoKeys { name })?;
        let keys = epoch.keys(state.place());
        if errand_of(keys.coordinator.is_some()) != errand && self.keeps_errands_apart() {
            // What was a responder's connection until here does not become a coordinator's.
            connection.close().await;
            connection = self.connect_to(relay, errand_of(keys.coordinator.is_some()), Some(hood)).await?;
        }
        let (prover, key): (Prover, SecretKey) = match &keys.coordinator {
            Some(coordinator) => (Prover::Coordinator, coordinator.role_key()),
            None => (Prover::Member, keys.member.role_key()),
        };
        let proved = connection.prove(state.place(), epoch.epoch, prover, &key).await?;
        let mut link = Link {
            connection,
            relay: relay.clone(),
            others: Vec::new(),
            unreached: Vec::new(),
            scout: JoinSet::new(),
            carry_due: None,
            hood,
            epoch: epoch.epoch,
            coordinator: keys.coordinator.is_some(),
            relay_lost: charters.lacked || brought,
            complete: standing.complete && proved.complete,
            acked: Vec::new(),
            taken: VecDeque::new(),
            held: 0,
            trouble: charters.refused,
            kept_back: None,
            renewal: None,
            directs_due: None,
            stale: false,
            leave_within: Duration::ZERO,
            blocked: false,
        };
        let (charters, relay, now) = (self.charters()?, link.connection.relay(), self.now());
        self.vault
            .transact(|tx| retry_deferred(&Taking { tx, hood, charters: &charters, relay, now, followed: true }))?;
        // The roster first: answers and requests are judged by it.
        let channels: &[Channel] = if link.coordinator {
            &[Channel::Roster, Channel::Inbox, Channel::Desk, Channel::Alerts]
        } else {
            &[Channel::Alerts]
        };
        for channel in channels {
            self.subscribe(&mut link, *channel).await?;
        }
        self.restep_roster(hood)?;
        // Before the notice that brought them is forgotten.
        self.adopt_cards(hood)?;
        // When the tail was reached, not when it was asked for: what was told of on the way is decided by it.
        let now = self.now();
        self.vault.transact(|tx| {
            let mut state = Hood::load(tx, hood)?;
            state.synced = now;
            // What one relay tells of may be on its way at the one in use.
            if role == Role::InUse {
                notice::note_tail(tx, &mut state, link.relay_lost, now)?;
            }
            state.save(tx)?;
            state::charter_since(tx, &charters, now)?;
            forget(tx, hood, &charters, now)
        })?;
        self.review_held(hood)?;
        Ok(link)
    }

    /// Where a relay holds another announcement of the epoch that this vault is in, nobody can prove a key to it: whoever
    /// may opens the next epoch, which follows both.
    async fn follow_both(&self, hood: NeighborhoodId, standing: &Standing) -> Result<(), ClientError> {
        let known = self.read(|tx| newest_announcement(tx, hood))?;
        let Some(known) = known.filter(|known| is_twin(known, standing)) else { return Ok(()) };
        let holds = self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            Ok(state.epoch == known.epoch() && load_roster(tx, hood, state.place(), known.epoch())?.is_some())
        })?;
        if !holds || !self.may(hood, Right::Enroll)? || self.leaves_it_to_others(hood, known.epoch())? {
            return Err(ClientError::Untrusted(
                "its epoch is another one of the same number: a coordinator's next command opens one after both"
                    .to_owned(),
            ));
        }
        Box::pin(self.open_after(hood, known.epoch(), Why::Wanted)).await?;
        Err(Refusal::ClosedEpoch { found: known.epoch(), current: known.epoch().next() }.into())
    }

    /// The clock is in doubt if it is far from the relay's signed time, or behind a time that a coordinator signed.
    fn note_clock(&self, hood: NeighborhoodId, relay: Timestamp) -> Result<(), ClientError> {
        let now = self.now();
        self.vault.transact(|tx| {
            let mut state = Hood::load(tx, hood)?;
            let off = now.since(relay).max(relay.since(now)) > CLOCK_DOUBT;
            state.clock_in_doubt = off || state.highest > now.plus(CLOCK_DOUBT);
            state.save(tx)
        })
    }

    /// Follows a channel and takes its backlog.
    async fn subscribe(&self, link: &mut Link, channel: Channel) -> Result<(), ClientError> {
        let name = cursor_name(link, channel);
        let (charters, now) = (self.charters()?, self.now());
        let cursor: Option<(u64, [u8; 16])> = self.read(|tx| {
            // What was kept back may lie before the cursor: everything is read again until it has come.
            let whole = channel == Channel::Alerts
                && !notice::missing(tx, &Hood::load(tx, link.hood)?, &charters, now)?.is_empty();
            Ok(if whole { None } else { tx.get(Bucket::Cursor, &name)? })
        })?;
        let cursor = cursor.map(|(position, id)| Cursor { position, id: id.into() });
        match link.connection.call(Request::Subscribe { channel, cursor }).await? {
            Reply::Subscribed { reset } => {
                link.relay_lost |= reset;
                if reset {
                    let relay = link.connection.relay();
                    self.vault.transact(|tx| unsee(tx, link.hood, channel, &relay))?;
                }
            }
            _ => return Err(link.connection.unexpected()),
        }
        let without_end = || ClientError::Broken("its log does not end".to_owned());
        let (mut events, before) = (0, link.held);
        loop {
            let batch = tokio::time::timeout(ANSWER, batch(&mut link.connection, channel));
            let Batch { records, others, is_last } = batch.await.map_err(|_| without_end())??;
            events += records.len() + others.len();
            self.take_batch(link, &records, true)?;
            others.into_iter().try_for_each(|event| self.handle(link, event, true))?;
            if is_last {
                break;
            }
            // What was read is kept, and the next link goes on after it.
            if events > MAX_BACKLOG || link.held - before > MAX_REFUSED {
                return Err(without_end());
            }
        }
        if channel == Channel::Roster {
            let (charters, now) = (self.charters()?, self.now());
            self.vault.transact(|tx| fold_what_waits(tx, link.hood, &charters, now))?;
        }
        Ok(())
    }

    /// Takes records of a backlog, in one write to the disk. Where one cannot be taken, each is taken by itself.
    fn take_batch(&self, link: &mut Link, records: &[Arrived], followed: bool) -> Result<(), ClientError> {
        if records.is_empty() || link.blocked {
            return Ok(());
        }
        match self.take_arrived(link, records, followed) {
            Ok(taken) => link.keep_taken(taken),
            Err(_) if records.len() > 1 => {
                for one in records.chunks(1) {
                    self.take_batch(link, one, followed)?;
                }
            }
            // A record of an epoch that this vault has not followed yet.
            Err(ClientError::NoKeys { .. }) => link.block(),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// All of them, or none.
    fn take_arrived(&self, link: &Link, records: &[Arrived], followed: bool) -> Result<Vec<Taken>, ClientError> {
        let charters = self.charters()?;
        let (relay, now, hood) = (link.connection.relay(), self.now(), link.hood);
        self.vault.transact(|tx| {
            let taking = Taking { tx, hood, charters: &charters, relay, now, followed };
            let take = |Arrived { channel, position, record }: &Arrived| {
                let taken = taking.take(*channel, record)?;
                tx.put(Bucket::Cursor, &cursor_name(link, *channel), &(*position, record_id(record).0))?;
                Ok(taken)
            };
            records.iter().map(take).collect()
        })
    }

    /// Takes one event.
    fn handle(&self, link: &mut Link, event: Reply, followed: bool) -> Result<(), ClientError> {
        match event {
            Reply::Record { channel, position, record } => {
                self.take_batch(link, &[Arrived { channel, position, record }], followed)?;
            }
            other => {
                let charters = self.charters()?;
                let held = (link.epoch, charters.newest().version(), charters.restrictions_hash());
                if let Some(within) = leaves_within(&other, held) {
                    link.stale = true;
                    link.leave_within = link.leave_within.max(within);
                }
            }
        }
        Ok(())
    }

    /// Waits until something was taken, or the link went stale, at most for `wait`. Notices a relay that went silent.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn next(&self, link: &mut Link, wait: Duration) -> Result<Option<Taken>, ClientError> {
        let deadline = Instant::now() + wait;
        self.look_for_others(link)?;
        loop {
            self.carry(link).await?;
            if let Some(taken) = link.taken.pop_front() {
                if !matches!(taken, Taken::Nothing | Taken::Held | Taken::Deferred) {
                    link.carry_soon();
                }
                // Who says that they come is told where at once; of many answers the last one looks for all.
                if taken == Taken::Desk && link.taken.is_empty() && link.coordinator && !link.stale {
                    self.send_directs(link).await?;
                }
                return Ok(Some(taken));
            }
            link.stale |= link.renewal.is_some_and(|at| at <= self.now());
            let now = Instant::now();
            if link.stale || now >= deadline {
                return Ok(None);
            }
            let silence = Duration::from_secs(5).min(deadline - now);
            match tokio::time::timeout(silence, link.arrival()).await {
                Ok(Arrival::Here(event)) => self.handle(link, event?, false)?,
                Ok(Arrival::Beside(other, event)) => self.handle_beside(link, other, event)?,
                Ok(Arrival::Back) => {
                    self.forget_away();
                    link.stale = true;
                }
                Err(_) => {
                    self.settle_heads(link)?;
                    if link.directs_due.is_some_and(|at| at <= self.now()) {
                        self.send_directs(link).await?;
                    }
                    link.connection.keep_alive().await?;
                    link.keep_others_alive().await;
                }
            }
        }
    }

    /// Takes an event of one of the other relays. One that broke is looked for.
    fn handle_beside(&self, link: &mut Link, at: usize, event: Result<Reply, ClientError>) -> Result<(), ClientError> {
        let Some(other) = link.others.get_mut(at) else { return Ok(()) };
        match event {
            Ok(event) => {
                self.handle(other, event, false)?;
                // At once: nobody else is told by that one to leave this one.
                link.stale |= other.stale;
                link.taken.append(&mut other.taken);
                Ok(())
            }
            Err(error) => {
                let broken = link.others.swap_remove(at);
                link.failed(broken, error);
                self.look_for_others(link)
            }
        }
    }

    /// Nothing comes any more: what somebody told of meanwhile, and did not come before, is missing.
    fn settle_heads(&self, link: &Link) -> Result<(), ClientError> {
        let now = self.now();
        self.vault.transact(|tx| {
            let mut hood = Hood::load(tx, link.hood)?;
            if notice::is_undecided(tx, &hood)? {
                notice::note_tail(tx, &mut hood, link.relay_lost, now)?;
            }
            Ok(())
        })
    }

    /// Seals content in the current epoch and hour, and appends it.
    ///
    /// # Errors
    /// The relay refuses: `ClosedEpoch` means that another link must be made.
    pub(crate) async fn append(
        &self,
        link: &mut Link,
        channel: Channel,
        content: &[u8],
    ) -> Result<Receipt, ClientError> {
        self.append_with(link, channel, |_| Ok(content.to_vec())).await
    }

    /// The same for content that is bound to the record around it.
    pub(crate) async fn append_with(
        &self,
        link: &mut Link,
        channel: Channel,
        content: impl FnOnce(&Envelope) -> Result<Vec<u8>, ClientError>,
    ) -> Result<Receipt, ClientError> {
        let record = self.seal(link, channel, content)?;
        if channel == Channel::Inbox && self.keeps_errands_apart() {
            let mut connection = self.inbox_connection(link).await?;
            let receipt = append_over(&mut connection, record).await;
            connection.close().await;
            return receipt;
        }
        let receipt = append_over(&mut link.connection, record.clone()).await?;
        // Whoever reads the inbox reads it everywhere.
        if channel != Channel::Inbox {
            link.append_beside(&record).await;
        }
        Ok(receipt)
    }

    /// A connection for the inbox alone, with the members' key, whoever writes.
    async fn inbox_connection(&self, link: &Link) -> Result<Connection, ClientError> {
        let (place, epoch) =
            self.read(|tx| Ok((Hood::load(tx, link.hood)?.place(), EpochState::load(tx, link.hood, link.epoch)?)))?;
        let epoch = epoch.ok_or_else(|| ClientError::NoKeys { name: link.hood.to_string() })?;
        let key = epoch.keys(place).member.role_key();
        let mut connection = self.connect_to(&link.relay, Errand::Inbox, Some(link.hood)).await?;
        connection.prove(place, link.epoch, Prover::Member, &key).await?;
        Ok(connection)
    }

    fn seal(
        &self,
        link: &Link,
        channel: Channel,
        content: impl FnOnce(&Envelope) -> Result<Vec<u8>, ClientError>,
    ) -> Result<Vec<u8>, ClientError> {
        let (hood, epoch) = self.read(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            Ok((hood, EpochState::load(tx, link.hood, link.epoch)?))
        })?;
        let epoch = epoch.ok_or_else(|| ClientError::NoKeys { name: link.hood.to_string() })?;
        let keys = epoch.keys(hood.place());
        let hour = self.sender_hour(&hood, &epoch, link.connection.relay_time());
        let chain = |chain: &watchfire_protocol::ratchet::Chain| {
            chain.at(hour.max(chain.hour())).map_err(|error| ClientError::Unexpected(error.to_string()))
        };
        let members = chain(keys.member.chain())?;
        let hour = members.hour();
        let content = content(&Envelope { context: keys.context(), announcement: epoch.announcement, hour })?;
        let content = content.as_slice();
        let coordinator = || keys.coordinator.as_ref().ok_or(ClientError::NotGranted("write to this channel"));
        let mut rng = rand::rng();
        let (place, header) = (hood.place(), Header { channel, epoch: link.epoch, hour });
        let sealed = match channel {
            Channel::Alerts => {
                seal_record(&place, &epoch.announcement, header, &members.alerts_key(), content, &mut rng)
            }
            Channel::Desk => {
                let key = chain(coordinator()?.chain())?.desk_key();
                seal_record(&place, &epoch.announcement, header, &key, content, &mut rng)
            }
            Channel::Roster => {
                let key = coordinator()?.roster_key();
                seal_record(&place, &epoch.announcement, header, &key, content, &mut rng)
            }
            Channel::Inbox => {
                let bytes: Option<Vec<u8>> =
                    self.read(|tx| Ok(tx.get(Bucket::Announcement, &state::epoch_name(link.hood, link.epoch))?))?;
                let announcement = bytes.and_then(|bytes| crate::epochs::reopen(&bytes, place)).ok_or_else(|| {
                    ClientError::Unexpected("the current announcement is not in the vault".to_owned())
                })?;
                let psk = members.inbox_psk().map_err(|error| ClientError::Unexpected(error.to_string()))?;
                let inbox = &announcement.keys().inbox;
                seal_inbox(&keys.context(), &epoch.announcement, hour, inbox, &psk, content, &mut rng)
            }
            Channel::Join => return Err(ClientError::Unexpected("join requests have a way of their own".to_owned())),
        };
        sealed.map_err(|error| ClientError::Invalid(error.to_string()))
    }

    /// A sender's hour: the own clock, moved forward by verified times, at most an hour past both clocks.
    fn sender_hour(&self, hood: &Hood, epoch: &EpochState, relay: Timestamp) -> Hour {
        let own = self.now();
        let limit = own.max(relay).plus(HOUR);
        Hour::at(epoch.opened_at, own.max(hood.highest.min(limit)))
    }
}

pub(crate) async fn append_over(connection: &mut Connection, record: Vec<u8>) -> Result<Receipt, ClientError> {
    match connection.call(Request::Append { record }).await? {
        Reply::Appended { position, followers } => Ok(Receipt { position, followers }),
        _ => Err(connection.unexpected()),
    }
}

/// What a link to a neighborhood will be for, by the keys that the vault holds.
fn errand(hood: &Hood, tx: &Tx<'_>) -> Result<Errand, ClientError> {
    let epoch = EpochState::load(tx, hood.id, hood.epoch)?;
    Ok(errand_of(epoch.is_some_and(|epoch| epoch.keys(hood.place()).coordinator.is_some())))
}

const fn errand_of(coordinator: bool) -> Errand {
    if coordinator { Errand::Desk } else { Errand::Alerts }
}

/// Within which time another link is to be made after an event, if at all.
fn leaves_within(event: &Reply, held: (Epoch, u64, RestrictionsHash)) -> Option<Duration> {
    match event {
        Reply::Standing(Standing { epoch, charter_version, restrictions, .. }) => {
            ((*epoch, *charter_version, *restrictions) != held).then_some(CHANGED)
        }
        Reply::Closing { within } => Some(Duration::from_secs((*within).into()).min(LONGEST_AWAY)),
        _ => None,
    }
}

/// A record as it arrived.
struct Arrived {
    channel: Channel,
    position: u64,
    record: Vec<u8>,
}

/// Some of a backlog.
#[derive(Default)]
struct Batch {
    records: Vec<Arrived>,
    others: Vec<Reply>,
    /// Whether that was all of it.
    is_last: bool,
}

/// Waits for an event, and takes with it what has arrived as well, up to the end of a channel's backlog.
async fn batch(connection: &mut Connection, channel: Channel) -> Result<Batch, ClientError> {
    let (mut batch, mut bytes) = (Batch::default(), 0);
    let mut arrived = Some(connection.event().await?);
    while let Some(event) = arrived {
        match event {
            Reply::CaughtUp { channel: caught } if caught == channel => {
                batch.is_last = true;
                break;
            }
            Reply::Record { channel, position, record } => {
                bytes += record.len();
                batch.records.push(Arrived { channel, position, record });
            }
            other => batch.others.push(other),
        }
        let has_room = batch.records.len() + batch.others.len() < BATCH && bytes < BATCH_BYTES;
        arrived = if has_room { connection.event().now_or_never().transpose()? } else { None };
    }
    Ok(batch)
}

fn cursor_name(link: &Link, channel: Channel) -> Vec<u8> {
    state::name(link.hood, &[link.connection.relay().as_bytes(), &[channel as u8][..]].concat())
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::id::{AnnouncementHash, CharterHash};

    use super::*;

    #[test]
    fn a_link_is_left_for_another_epoch_charter_or_restriction_and_for_no_longer_than_half_a_minute() {
        let (none, other) = (RestrictionsHash::ZERO, RestrictionsHash([7; 32]));
        let told = |epoch, charter_version, restrictions| {
            let (charter, announcement) = (CharterHash::ZERO, AnnouncementHash::ZERO);
            let epoch = Epoch(epoch);
            let standing = Standing { charter_version, charter, epoch, announcement, complete: true, restrictions };
            leaves_within(&Reply::Standing(standing), (Epoch(3), 2, none))
        };
        assert_eq!(told(3, 2, none), None);
        assert_eq!([told(4, 2, none), told(3, 1, none), told(3, 2, other)], [Some(CHANGED); 3]);
        let closing = |within| leaves_within(&Reply::Closing { within }, (Epoch(3), 2, none));
        assert_eq!(closing(0), Some(Duration::ZERO));
        assert_eq!(closing(9), Some(Duration::from_secs(9)));
        assert_eq!(closing(u16::MAX), Some(LONGEST_AWAY));
    }
}
