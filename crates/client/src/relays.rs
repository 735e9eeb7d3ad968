//! Several relays in one charter. Everybody uses the first one that answers; coordinators' clients read and write at all
//! that answer, and bring to each what only another one has. New keys are taken by the first relay alone.

use std::sync::PoisonError;
use std::time::Duration;

use bincode::{Decode, Encode};
use futures_util::future::{join_all, select_all};
use rand_core::Rng as _;
use tokio::time::{Instant, sleep, timeout};
use watchfire_protocol::charter::Relay;
use watchfire_protocol::frame::Reply;
use watchfire_protocol::id::{AnnouncementHash, InviteId, NeighborhoodId};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;

use crate::client::Client;
use crate::error::ClientError;
use crate::link::{Link, Receipt, append_over};
use crate::net::Connection;
use crate::route::{Errand, Route};
use crate::state::name;
use crate::unreached::Unreached;
use crate::vault::{Bucket, Tx};

/// For so long a relay that did not answer is tried after the others.
const AWAY: Duration = Duration::from_secs(60);
/// So long may another relay take for a record that the one in use has taken.
const BESIDE: Duration = Duration::from_secs(5);
/// That a relay answers is noted again after so many seconds.
const NOTED: u64 = 600;
/// One that answers and refuses is tried again after so many times the pause.
const REFUSED: u32 = 20;
/// So long, in milliseconds, does a client leave it to whoever wrote something to bring it to every relay.
const CARRY: std::ops::Range<u64> = 2_000..20_000;

/// `Reach`: when a relay answered last, and since when it has not.
#[derive(Clone, Copy, Debug, Default, Encode, Decode)]
pub(crate) struct Reach {
    answered: Option<Timestamp>,
    silent: Option<Timestamp>,
}

/// `AtRelay`: what this vault knows to be at a relay, besides records.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub(crate) struct AtRelay {
    /// Invites that it registered there.
    pub(crate) invites: Vec<InviteId>,
    /// An epoch whose slots are not there, and since when that is known.
    pub(crate) incomplete: Option<(AnnouncementHash, Timestamp)>,
    /// How many late slots of an epoch are at the relay in use and at this one, where each has all.
    pub(crate) late: Option<(AnnouncementHash, [u32; 2])>,
}

impl AtRelay {
    pub(crate) fn load(tx: &Tx<'_>, hood: NeighborhoodId, relay: &PublicKey) -> Result<Self, ClientError> {
        Ok(tx.get(Bucket::AtRelay, &name(hood, relay.as_bytes()))?.unwrap_or_default())
    }

    pub(crate) fn save(&self, tx: &Tx<'_>, hood: NeighborhoodId, relay: &PublicKey) -> Result<(), ClientError> {
        Ok(tx.put(Bucket::AtRelay, &name(hood, relay.as_bytes()), self)?)
    }
}

/// A relay of the newest charter, as `status` tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayView {
    /// Where it is.
    pub url: String,
    /// Its key.
    pub key: PublicKey,
    /// When it answered this vault last, as far as that was noted.
    pub answered: Option<Timestamp>,
    /// Since when it has not.
    pub silent: Option<Timestamp>,
    /// Whether it is the first one that answers.
    pub used: bool,
}

/// What a link waited for.
pub(crate) enum Arrival {
    /// An event of the relay in use.
    Here(Result<Reply, ClientError>),
    /// One of the others.
    Beside(usize, Result<Reply, ClientError>),
    /// A relay that it lacks is back.
    Back,
}

/// Of two relays' failures, the one to tell: that one of them is not there says less than what the other one did.
pub(crate) fn telling(before: Option<ClientError>, next: ClientError) -> ClientError {
    match before {
        Some(before) if !before.is_silence() || next.is_silence() => before,
        _ => next,
    }
}

impl Client {
    /// The relays of the newest charter, in order.
    pub(crate) fn listed_relays(&self) -> Result<Vec<Relay>, ClientError> {
        Ok(self.charters()?.newest().body().relays.clone())
    }

    /// The same in the order in which they are tried: those that did not answer lately come last.
    pub(crate) fn relays(&self) -> Result<Vec<Relay>, ClientError> {
        let mut relays = self.listed_relays()?;
        let away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        relays.sort_by_key(|relay| away.get(relay.key.as_bytes()).is_some_and(|at| at.elapsed() < AWAY));
        Ok(relays)
    }

    /// Connects to the first relay of the charter that answers.
    pub(crate) async fn connect(
        &self,
        errand: Errand,
        hood: Option<NeighborhoodId>,
    ) -> Result<Connection, ClientError> {
        let mut why = None;
        for relay in self.relays()? {
            match self.connect_to(&relay, errand, hood).await {
                Ok(connection) => return Ok(connection),
                Err(error) => why = Some(telling(why, error)),
            }
        }
        Err(why.unwrap_or(ClientError::NoNetwork))
    }

    /// Connects to one relay. Where there are others, it is not waited for as long.
    pub(crate) async fn connect_to(
        &self,
        relay: &Relay,
        errand: Errand,
        hood: Option<NeighborhoodId>,
    ) -> Result<Connection, ClientError> {
        let patience = self.route.patience_among(self.listed_relays()?.len());
        let connected = greeted(&self.route, relay, errand, hood, patience).await;
        self.note_reach(&relay.key, connected.as_ref().err().is_some_and(ClientError::is_silence))?;
        connected
    }

    fn note_reach(&self, relay: &PublicKey, silent: bool) -> Result<(), ClientError> {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        match silent {
            true => away.insert(*relay.as_bytes(), Instant::now()),
            false => away.remove(relay.as_bytes()),
        };
        drop(away);
        let (now, name) = (self.now(), relay.as_bytes());
        self.vault.transact(|tx| {
            let mut reach: Reach = tx.get(Bucket::Reach, name)?.unwrap_or_default();
            let fresh = reach.answered.is_some_and(|at| now.since(at) < NOTED && at <= now);
            match (silent, reach.silent) {
                (true, Some(_)) => return Ok(()),
                (false, None) if fresh => return Ok(()),
                (true, None) => reach.silent = Some(now),
                (false, _) => reach = Reach { answered: Some(now), silent: None },
            }
            Ok(tx.put(Bucket::Reach, name, &reach)?)
        })
    }

    /// The relays of the newest charter, and which of them answered last time.
    pub(crate) fn relay_views(&self, tx: &Tx<'_>) -> Result<Vec<RelayView>, ClientError> {
        let mut views = Vec::new();
        for Relay { url, key } in self.charters_in(tx)?.newest().body().relays.clone() {
            let Reach { answered, silent } = tx.get(Bucket::Reach, key.as_bytes())?.unwrap_or_default();
            let used = silent.is_none() && !views.iter().any(|view: &RelayView| view.used);
            views.push(RelayView { url, key, answered, silent, used });
        }
        Ok(views)
    }

    /// Brings charters and restrictions to the other relays that answer; the rest get them with the next link.
    pub(crate) async fn level_charters(&self, told: &PublicKey) -> Result<(), ClientError> {
        let mut relays = self.listed_relays()?;
        relays.retain(|relay| relay.key != *told);
        let levelling = relays.iter().map(|relay| {
            Box::pin(async {
                let mut connection = self.connect_to(relay, Errand::Keys, None).await?;
                self.sync_charters(&mut connection).await?;
                connection.close().await;
                Ok(())
            })
        });
        let done: Vec<Result<(), ClientError>> = join_all(levelling).await;
        let own_fault = |done: Result<(), ClientError>| done.err().filter(|error| !error.is_of_one_relay());
        done.into_iter().find_map(own_fault).map_or(Ok(()), Err)
    }

    /// Has a link that lacks relays look for them after about so long.
    pub const fn look_around_every(&mut self, pause: Duration) {
        self.look_around = pause;
    }

    /// Links to the other relays too, as a coordinator: what came there is read before anything is decided.
    pub(crate) async fn reach_others(&self, link: &mut Link) -> Result<(), ClientError> {
        if !link.coordinator || link.stale || !link.others.is_empty() {
            return Ok(());
        }
        let tried: Vec<PublicKey> = link.unreached.iter().map(|(relay, _)| relay.key).collect();
        let mut others = self.listed_relays()?;
        others.retain(|relay| relay.key != link.relay.key && !tried.contains(&relay.key));
        let linking = others.iter().map(|relay| Box::pin(self.link_beside(link.hood, relay)));
        let linked = join_all(linking).await;
        for (relay, linked) in others.into_iter().zip(linked) {
            match linked {
                Ok(other) => {
                    // One of the two is behind, and another link brings it level.
                    link.stale |= other.stale || other.epoch != link.epoch;
                    link.others.push(other);
                }
                Err(error) if error.is_of_one_relay() => link.unreached.push((relay, error)),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The relay that takes new keys: the first one of the charter.
    pub(crate) fn opening_relay(&self) -> Result<Relay, ClientError> {
        self.listed_relays()?.into_iter().next().ok_or(ClientError::NoNetwork)
    }

    /// Fails where the relay that takes new keys was not reached: nothing is begun that only it could end.
    pub(crate) fn require_opening(&self, link: &Link) -> Result<(), ClientError> {
        let first = self.opening_relay()?;
        let reached = link.relay.key == first.key || link.others.iter().any(|other| other.relay.key == first.key);
        if reached { Ok(()) } else { Err(ClientError::FirstRelayAway { url: first.url }) }
    }

    /// Brings what each of the other relays lacks. One that fails is left for the next time.
    pub(crate) async fn level_others(&self, link: &mut Link) -> Result<(), ClientError> {
        for mut other in std::mem::take(&mut link.others) {
            match Box::pin(self.level(link, &mut other)).await {
                Ok(()) => link.others.push(other),
                Err(error) if error.is_of_one_relay() => link.failed(other, error),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn level(&self, link: &mut Link, other: &mut Link) -> Result<(), ClientError> {
        self.bring_back(other).await?;
        self.bring_invites(other).await?;
        self.level_keys(link, other).await
    }

    /// Brings to each relay what meanwhile came to another one only, if it is time.
    pub(crate) async fn carry(&self, link: &mut Link) -> Result<(), ClientError> {
        if link.carry_due.is_none_or(|due| due > Instant::now()) {
            return Ok(());
        }
        link.carry_due = None;
        self.bring_back(link).await?;
        self.level_others(link).await
    }

    /// Looks for relays that this link should have: all for a coordinator, those before it in the charter for anybody else.
    pub(crate) fn look_for_others(&self, link: &mut Link) -> Result<(), ClientError> {
        if !link.scout.is_empty() {
            return Ok(());
        }
        let (own, mut relays) = (link.relay.key, self.listed_relays()?);
        if !link.coordinator {
            let before = relays.iter().position(|relay| relay.key == own).unwrap_or(relays.len());
            relays.truncate(before);
        }
        relays.retain(|relay| relay.key != own && !link.others.iter().any(|other| other.relay.key == relay.key));
        let answers =
            |relay: &Relay| link.unreached.iter().any(|(other, error)| other.key == relay.key && !error.is_silence());
        let mut pause = self.look_around;
        match relays.iter().all(answers) {
            // What it refuses today it may take later.
            true => pause *= REFUSED,
            false => relays.retain(|relay| !answers(relay)),
        }
        if !relays.is_empty() {
            let errand = if link.coordinator { Errand::Desk } else { Errand::Alerts };
            link.scout.spawn(look_for(self.route.clone(), relays, errand, link.hood, pause));
        }
        Ok(())
    }

    /// A relay is back: it is tried in its place.
    pub(crate) fn forget_away(&self) {
        self.away.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Waits until one of some relays answers. Thousands look for it, so nobody does at once.
async fn look_for(route: Route, relays: Vec<Relay>, errand: Errand, hood: NeighborhoodId, pause: Duration) {
    let patience = route.patience_among(2);
    loop {
        let spread = f64::from(rand::rng().next_u32()) / f64::from(u32::MAX);
        sleep(pause.mul_f64(f64::midpoint(1.0, spread))).await;
        for relay in &relays {
            if let Ok(connection) = greeted(&route, relay, errand, Some(hood), patience).await {
                connection.close().await;
                return;
            }
        }
    }
}

/// Connects to a relay and checks its greeting, all of it within a time.
async fn greeted(
    route: &Route,
    relay: &Relay,
    errand: Errand,
    hood: Option<NeighborhoodId>,
    patience: Duration,
) -> Result<Connection, ClientError> {
    let opening = Box::pin(Connection::open(route, &relay.url, Some(&relay.key), errand, hood));
    let silent = || ClientError::Unreachable {
        url: relay.url.clone(),
        reason: Unreached::Other("it does not answer".to_owned()),
    };
    timeout(patience, opening).await.unwrap_or_else(|_| Err(silent()))
}

impl Link {
    /// For a coordinator: the other relays that do not answer, or fail, and why.
    #[must_use]
    pub fn unreached(&self) -> &[(Relay, ClientError)] {
        if self.coordinator { &self.unreached } else { &[] }
    }

    /// Notes why another relay failed. One that only refuses something is read as before.
    pub(crate) fn failed(&mut self, other: Self, error: ClientError) {
        let (relay, gone) = (other.relay.clone(), error.is_silence());
        self.unreached.retain(|(other, _)| other.key != relay.key);
        self.unreached.push((relay, error));
        if !gone {
            self.others.push(other);
        }
    }

    /// Appends what this relay has taken at the others, too. One that does not take it gets it with another link.
    pub(crate) async fn append_beside(&mut self, record: &[u8]) {
        for mut other in std::mem::take(&mut self.others) {
            let appending = timeout(BESIDE, append_over(&mut other.connection, record.to_vec()));
            match appending.await.unwrap_or_else(|_| Err(ClientError::Broken("it does not answer".to_owned()))) {
                Ok(Receipt { .. }) => self.others.push(other),
                Err(error) => self.failed(other, error),
            }
        }
    }

    /// Notes what was acknowledged here and, as far as they are still there, at the others.
    pub(crate) fn acknowledged(&mut self, id: [u8; 16]) {
        self.acked.push(id);
        self.others.iter_mut().for_each(|other| other.acked.push(id));
    }

    /// Something came that another relay may lack.
    pub(crate) fn carry_soon(&mut self) {
        if self.carry_due.is_none() && !self.others.is_empty() {
            let wait = CARRY.start + rand::rng().next_u64() % (CARRY.end - CARRY.start);
            self.carry_due = Some(Instant::now() + Duration::from_millis(wait));
        }
    }

    /// Waits for the next event at any of its relays, or until one that it lacks is back.
    pub(crate) async fn arrival(&mut self) -> Arrival {
        let Self { connection, others, scout, .. } = self;
        let all = std::iter::once(connection).chain(others.iter_mut().map(|other| &mut other.connection));
        tokio::select! {
            (event, at, _) = select_all(all.map(|connection| Box::pin(connection.event()))) => match at.checked_sub(1) {
                None => Arrival::Here(event),
                Some(other) => Arrival::Beside(other, event),
            },
            Some(_) = scout.join_next() => Arrival::Back,
        }
    }

    /// Asks the other relays whether they are there.
    pub(crate) async fn keep_others_alive(&mut self) {
        for mut other in std::mem::take(&mut self.others) {
            match other.connection.keep_alive().await {
                Ok(()) => self.others.push(other),
                Err(error) => self.failed(other, error),
            }
        }
    }
}
