//! What is for one member alone: received, and sent to those who said that they come.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};
use watchfire_protocol::alert::AlertsItem;
use watchfire_protocol::desk::{Desk, DeskBody, DeskEvent, Located, MAX_TOLD};
use watchfire_protocol::direct::{AttendedBy, Direct, Envelope, open_direct, seal_direct};
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::{AlertId, CoordinatorId, DeskId, MemberId, NeighborhoodId};
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::RosterMember;
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::thread::threads;
use watchfire_protocol::time::{Hour, Timestamp};
use watchfire_protocol::vocabulary::{AnswerContent, Place};
use watchfire_protocol::wire::{self, Extensions};

use crate::answers::{answers_to, ids, own_answer};
use crate::client::Client;
use crate::desk::{desk, forget_lost_log};
use crate::epochs::{load_roster, random16};
use crate::error::ClientError;
use crate::fold::suspended;
use crate::link::Link;
use crate::ops::thread::{InThread, here};
use crate::ops::view::{AlertView, Filter, handles};
use crate::records::{Taken, Taking};
use crate::state::{EpochState, Hood, Moments, StoredAlert, name, names};
use crate::vault::{Bucket, Tx};

/// `Direct`: what this member alone was told of an alert.
#[derive(Clone, Encode, Decode)]
pub(crate) struct StoredDirect {
    /// What.
    pub(crate) direct: Direct,
    /// When it arrived.
    pub(crate) received: Timestamp,
}

/// Something to be sent to one member, and how that is noted.
struct Due {
    note: Vec<u8>,
    member: RosterMember,
    direct: Direct,
    /// Which event of the desk it tells of, where the other coordinators need not tell it too.
    place: Option<DeskId>,
}

/// After so many seconds the next coordinator tells somebody where it is, unless another has.
const TURN: u64 = 20;
/// Whoever comes after so many others tells it with them: somebody is on the way and waits for it.
const TURNS: usize = 2;

impl Taking<'_> {
    /// Tries something that is for one member alone.
    pub(crate) fn take_direct(
        &self,
        hood: &Hood,
        epoch: &EpochState,
        hour: Hour,
        sealed: &[u8],
    ) -> Result<Taken, ClientError> {
        let context = hood.place().at(epoch.epoch);
        let envelope = Envelope { context, announcement: epoch.announcement, hour };
        let at = |alert: &AlertId| name(self.hood, &alert.0);
        let known =
            |alert: &AlertId| self.tx.get::<StoredAlert>(Bucket::Alert, &at(alert)).is_ok_and(|found| found.is_some());
        let kem = KemSecretKey::from_seed(epoch.kem.clone());
        let Ok(direct) = open_direct(&envelope, &kem, &epoch.auth(hood.place()), sealed, known) else {
            return Ok(Taken::Nothing);
        };
        let alert = direct.alert;
        let key = if direct.attended_by().is_some() { help_name(self.hood, &alert) } else { at(&alert) };
        self.tx.put(Bucket::Direct, &key, &StoredDirect { direct, received: self.now })?;
        Ok(Taken::Direct(alert))
    }
}

/// Under which name it is kept that somebody takes care of this member.
fn help_name(hood: NeighborhoodId, alert: &AlertId) -> Vec<u8> {
    name(hood, &[&alert.0[..], b"help"].concat())
}

/// Who takes care of this member, if they asked for help in an answer to a thread and have not said since that they are
/// safe or have left. A call that was over by then is another one.
pub(crate) fn attended_by(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    thread: &[AlertId],
    said: Moments,
) -> Result<Option<AttendedBy>, ClientError> {
    let mut newest: Option<(Timestamp, AttendedBy)> = None;
    for alert in thread.iter().filter(|_| said.unless_home(said.help).is_some()) {
        let found: Option<StoredDirect> = tx.get(Bucket::Direct, &help_name(hood, alert))?;
        let found = found.and_then(|found| Some((found.received, found.direct.attended_by()?)));
        let found = found.filter(|(_, by)| said.home.is_none_or(|(home, _)| by.since > home));
        if found.as_ref().is_some_and(|(at, _)| newest.as_ref().is_none_or(|(newest, _)| at >= newest)) {
            newest = found;
        }
    }
    Ok(newest.map(|(_, by)| by))
}

/// Where exactly a thread's alert is, as far as this member is to know: coordinators from the desk, and others who said
/// that they come from what they were told.
pub(crate) fn exact_place(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    desk: &Desk,
    thread: &InThread,
) -> Result<Option<Place>, ClientError> {
    if let Some((_, located)) = located(desk, &thread.here) {
        return Ok(Some(located.place.clone()));
    }
    let comes = own_answer(tx, hood, &thread.ids)?.is_some_and(|answer| answer.content.is_coming());
    let mut newest: Option<StoredDirect> = None;
    for alert in thread.here.iter().filter(|_| comes) {
        let found: Option<StoredDirect> = tx.get(Bucket::Direct, &name(hood, &alert.0))?;
        if found.as_ref().is_some_and(|found| newest.as_ref().is_none_or(|newest| found.received >= newest.received)) {
            newest = found;
        }
    }
    Ok(newest.and_then(|newest| newest.direct.place))
}

/// What the desk says of it: the newest exact place of any of these alerts, and of which.
fn located<'a>(desk: &'a Desk, here: &[AlertId]) -> Option<(AlertId, &'a Located)> {
    let places = here.iter().filter_map(|alert| desk.place(alert).map(|located| (*alert, located)));
    places.max_by_key(|(_, located)| (located.at, located.id))
}

/// Where it is noted when a relay was found to have lost what was sent to members.
fn lost_name(hood: NeighborhoodId) -> Vec<u8> {
    [b"directs lost", &hood.0[..]].concat()
}

/// Forgets what was sent to whom, by this coordinator and by others: a relay that lost it is given it again.
pub(crate) fn unsend(tx: &Tx<'_>, hood: NeighborhoodId, relay: &PublicKey, now: Timestamp) -> Result<(), ClientError> {
    for (note, _) in tx.list::<Timestamp>(Bucket::DirectSent, &hood.0)? {
        tx.delete(Bucket::DirectSent, &note)?;
    }
    forget_lost_log(tx, hood, relay)?;
    Ok(tx.put(Bucket::Meta, &lost_name(hood), &now)?)
}

/// Erases what has outlived the retention.
pub(crate) fn forget(tx: &Tx<'_>, hood: NeighborhoodId, gone: impl Fn(Timestamp) -> bool) -> Result<(), ClientError> {
    for (key, stored) in tx.list::<StoredDirect>(Bucket::Direct, &hood.0)? {
        if gone(stored.received) {
            tx.delete(Bucket::Direct, &key)?;
        }
    }
    for (note, at) in tx.list::<Timestamp>(Bucket::DirectSent, &hood.0)? {
        if gone(at) {
            tx.delete(Bucket::DirectSent, &note)?;
        }
    }
    Ok(())
}

/// Whose turn it is to tell members where an alert is: whoever said it at the desk, then the others.
struct Turns<'a> {
    own: Option<CoordinatorId>,
    coordinators: &'a BTreeSet<CoordinatorId>,
    /// When it was found that what was sent is lost.
    lost: Timestamp,
}

impl Turns<'_> {
    /// From when on this coordinator tells somebody who answered at that time.
    fn at(&self, located: &Located, answered: Timestamp) -> Timestamp {
        let others = || self.coordinators.iter().filter(|other| **other != located.by);
        let before = match self.own {
            Some(own) if own == located.by => 0,
            own => 1 + others().position(|other| Some(*other) == own).unwrap_or_else(|| others().count()),
        };
        answered.max(located.at).max(self.lost).plus(TURN * before.min(TURNS) as u64)
    }
}

impl Client {
    /// Tells the exact place of an alert to those who said that they come, each once, and those who asked for help of whom
    /// this coordinator takes care that they do.
    pub(crate) async fn send_directs(&self, link: &mut Link) -> Result<(), ClientError> {
        let mut told: BTreeMap<DeskId, Vec<MemberId>> = BTreeMap::new();
        for due in self.due_directs(link)? {
            let sent = self.append_with(link, Channel::Alerts, |envelope| {
                let auth = due.member.auth(envelope.context.place);
                let sealed = seal_direct(envelope, &due.member.kem, &auth, &due.direct, &mut rand::rng());
                let sealed = sealed.map_err(|error| ClientError::Unexpected(error.to_string()))?;
                Ok(AlertsItem::Direct(sealed).to_bytes())
            });
            match sent.await {
                Ok(_) => {
                    let now = self.now();
                    self.read(|tx| Ok(tx.put(Bucket::DirectSent, &due.note, &now)?))?;
                    if let Some(place) = due.place {
                        told.entry(place).or_default().push(due.member.id);
                    }
                }
                // The others are told at the next look.
                Err(ClientError::Refused(Refusal::SlowDown { .. })) => break,
                Err(error) => return Err(error),
            }
        }
        self.say_who_is_told(link, told).await
    }

    /// Tells the other coordinators who was told, so that they need not.
    async fn say_who_is_told(&self, link: &mut Link, told: BTreeMap<DeskId, Vec<MemberId>>) -> Result<(), ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let alone = charters.rights().coordinators(link.hood, now).len() < 2;
        // Whoever has no right at the desk any more tells members, and nobody at the desk believes it.
        let Some(key) = self.device_key(link.hood, "").ok().filter(|_| !alone) else { return Ok(()) };
        let place = self.read(|tx| Ok(Hood::load(tx, link.hood)?.place()))?;
        for (of, members) in told {
            for members in members.chunks(MAX_TOLD) {
                let event = DeskEvent::Told { place: of, members: members.to_vec() };
                let (charter_version, extensions) = (charters.newest().version(), Extensions::default());
                let body = DeskBody { random: random16(), charter_version, at: now, event, extensions };
                let content = wire::encode(&body.sign(&place, &key));
                match self.append(link, Channel::Desk, &content).await {
                    // Then somebody is told twice.
                    Ok(_) | Err(ClientError::Refused(Refusal::SlowDown { .. })) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    fn due_directs(&self, link: &mut Link) -> Result<Vec<Due>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        link.directs_due = None;
        // Most alerts have no place of their own, and judging them takes time.
        let any = self.read(|tx| {
            let desk = desk(tx, &Hood::load(tx, link.hood)?, &charters, now)?;
            let stored = tx.list::<StoredAlert>(Bucket::Alert, &link.hood.0)?;
            let id = |key: &[u8]| key.get(16..).and_then(|id| id.try_into().ok()).map(AlertId);
            Ok(stored.iter().any(|(key, _)| id(key).is_some_and(|id| desk.place(&id).is_some())))
        })?;
        let views = match any {
            true => self.alerts(Filter { hood: Some(link.hood), expired: true, unprinted: false })?,
            false => vec![],
        };
        let shown: Vec<_> = views.iter().map(|view: &AlertView| &view.shown).collect();
        let going_on = threads(shown).into_iter().filter(|thread| thread.state().expires() > now);
        let threads: Vec<(Vec<AlertId>, Vec<AlertId>)> = going_on
            .filter(|thread| thread.closed_by().is_none())
            .map(|thread| (ids(&thread), here(&thread)))
            .collect();
        let own = self.device_key(link.hood, "").ok().and_then(|key| charters.rights().coordinator_of(&key.public()));
        self.read(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            let Some(roster) = load_roster(tx, link.hood, hood.place(), link.epoch)? else { return Ok(vec![]) };
            let desk = desk(tx, &hood, &charters, now)?;
            let suspended = suspended(&charters, &roster);
            let there = |member: &MemberId| {
                let member = roster.members().get(member).filter(|member| member.id != hood.member);
                member.filter(|member| !suspended.contains(&member.id)).cloned()
            };
            let mut out = due_to_attended(tx, &hood, &desk, own, there)?;
            let coordinators = charters.rights().coordinators(link.hood, now);
            let lost = tx.get::<Timestamp>(Bucket::Meta, &lost_name(link.hood))?.unwrap_or(Timestamp(0));
            let turns = Turns { own, coordinators: &coordinators, lost };
            for (thread, here) in &threads {
                let Some((of, located)) = located(&desk, here) else { continue };
                let others = |told: &BTreeSet<CoordinatorId>| told.iter().any(|by| Some(*by) != own);
                for answer in answers_to(tx, link.hood, thread)? {
                    let comes = answer.content.as_ref().is_some_and(AnswerContent::is_coming);
                    let Some(member) = there(&answer.member).filter(|_| comes) else { continue };
                    let note = name(link.hood, &[&located.id.0[..], &member.id.0].concat());
                    if tx.get::<Timestamp>(Bucket::DirectSent, &note)?.is_some()
                        || desk.told_by(located.id, member.id).is_some_and(others)
                    {
                        continue;
                    }
                    let at = turns.at(located, answer.sent.0);
                    if at > now {
                        link.directs_due = Some(link.directs_due.map_or(at, |due| due.min(at)));
                        continue;
                    }
                    // Of the alert that they answered it is certain that they have it. Another place came before this one.
                    let alert = if here.contains(&answer.alert) { answer.alert } else { of };
                    let place = Some(located.place.clone());
                    let direct = Direct { alert, place, text: String::new(), extensions: Extensions::default() };
                    out.push(Due { note, member, direct, place: Some(located.id) });
                }
            }
            Ok(out)
        })
    }
}

/// Those of whom this coordinator takes care, and who were not told so.
fn due_to_attended(
    tx: &Tx<'_>,
    hood: &Hood,
    desk: &Desk,
    own: Option<CoordinatorId>,
    there: impl Fn(&MemberId) -> Option<RosterMember>,
) -> Result<Vec<Due>, ClientError> {
    let mut out = Vec::new();
    for (id, attended) in desk.all_attended().filter(|(_, attended)| Some(attended.by) == own) {
        let note = name(hood.id, &[&attended.id.0[..], &id.0].concat());
        let Some(member) = there(id) else { continue };
        if tx.get::<Timestamp>(Bucket::DirectSent, &note)?.is_none() {
            let handle = handles(names(tx, hood.id)?.as_ref(), &[attended.by]).pop().unwrap_or_default();
            let direct = Direct::attended(attended.alert, &AttendedBy { handle, since: attended.since });
            out.push(Due { note, member, direct, place: None });
        }
    }
    Ok(out)
}
