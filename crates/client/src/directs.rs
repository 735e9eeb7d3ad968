//! What is for one member alone: received, and sent to those who said that they come.

use bincode::{Decode, Encode};
use watchfire_protocol::alert::AlertsItem;
use watchfire_protocol::desk::{Desk, Located};
use watchfire_protocol::direct::{Direct, Envelope, open_direct, seal_direct};
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::RosterMember;
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::thread::threads;
use watchfire_protocol::time::{Hour, Timestamp};
use watchfire_protocol::vocabulary::{AnswerContent, Place};
use watchfire_protocol::wire::Extensions;

use crate::answers::{answers_to, ids, own_answer};
use crate::client::Client;
use crate::desk::desk;
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::fold::suspended;
use crate::link::Link;
use crate::ops::view::{AlertView, Filter};
use crate::records::{Taken, Taking};
use crate::state::{EpochState, Hood, StoredAlert, name};
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
}

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
        self.tx.put(Bucket::Direct, &at(&alert), &StoredDirect { direct, received: self.now })?;
        Ok(Taken::Direct(alert))
    }
}

/// Where exactly a thread's alert is, as far as this member is to know: coordinators from the desk, and others who said
/// that they come from what they were told.
pub(crate) fn exact_place(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    desk: &Desk,
    thread: &[AlertId],
) -> Result<Option<Place>, ClientError> {
    if let Some(located) = located(desk, thread) {
        return Ok(Some(located.place.clone()));
    }
    let comes = own_answer(tx, hood, thread)?.is_some_and(|answer| answer.is_coming());
    let mut newest: Option<StoredDirect> = None;
    for alert in thread.iter().filter(|_| comes) {
        let found: Option<StoredDirect> = tx.get(Bucket::Direct, &name(hood, &alert.0))?;
        if found.as_ref().is_some_and(|found| newest.as_ref().is_none_or(|newest| found.received >= newest.received)) {
            newest = found;
        }
    }
    Ok(newest.and_then(|newest| newest.direct.place))
}

/// What the desk says of it: the newest place of any alert of the thread.
fn located<'a>(desk: &'a Desk, thread: &[AlertId]) -> Option<&'a Located> {
    let places = thread.iter().filter_map(|alert| desk.place(alert));
    places.max_by_key(|located| (located.at, located.id))
}

/// Forgets what was sent to whom: a relay that lost it is given it again.
pub(crate) fn unsend(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<(), ClientError> {
    for (note, _) in tx.list::<Timestamp>(Bucket::DirectSent, &hood.0)? {
        tx.delete(Bucket::DirectSent, &note)?;
    }
    Ok(())
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

impl Client {
    /// Tells the exact place of an alert to those who said that they come, each once.
    pub(crate) async fn send_directs(&self, link: &mut Link) -> Result<(), ClientError> {
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
                }
                // The others are told at the next look.
                Err(ClientError::Refused(Refusal::SlowDown { .. })) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn due_directs(&self, link: &Link) -> Result<Vec<Due>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        // Most alerts have no place of their own, and judging them takes time.
        let any = self.read(|tx| {
            let desk = desk(tx, &Hood::load(tx, link.hood)?, &charters, now)?;
            let stored = tx.list::<StoredAlert>(Bucket::Alert, &link.hood.0)?;
            let id = |key: &[u8]| key.get(16..).and_then(|id| id.try_into().ok()).map(AlertId);
            Ok(stored.iter().any(|(key, _)| id(key).is_some_and(|id| desk.place(&id).is_some())))
        })?;
        if !any {
            return Ok(vec![]);
        }
        let views = self.alerts(Filter { hood: Some(link.hood), expired: true, unprinted: false })?;
        let shown: Vec<_> = views.iter().map(|view: &AlertView| &view.shown).collect();
        let going_on = threads(shown).into_iter().filter(|thread| thread.state().expires() > now);
        let threads: Vec<Vec<AlertId>> =
            going_on.filter(|thread| thread.closed_by().is_none()).map(|thread| ids(&thread)).collect();
        self.read(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            let Some(roster) = load_roster(tx, link.hood, hood.place(), link.epoch)? else { return Ok(vec![]) };
            let desk = desk(tx, &hood, &charters, now)?;
            let suspended = suspended(&charters, &roster);
            let mut out = Vec::new();
            for thread in &threads {
                let Some(located) = located(&desk, thread) else { continue };
                for answer in answers_to(tx, link.hood, thread)? {
                    let comes = answer.content.as_ref().is_some_and(AnswerContent::is_coming);
                    let note = name(link.hood, &[&located.id.0[..], &answer.member.0].concat());
                    let member = roster
                        .members()
                        .get(&answer.member)
                        .filter(|member| comes && member.id != hood.member && !suspended.contains(&member.id));
                    let Some(member) = member.cloned() else { continue };
                    if tx.get::<Timestamp>(Bucket::DirectSent, &note)?.is_none() {
                        // Of the alert that they answered it is certain that they have it.
                        let (alert, place) = (answer.alert, Some(located.place.clone()));
                        let direct = Direct { alert, place, text: String::new(), extensions: Extensions::default() };
                        out.push(Due { note, member, direct });
                    }
                }
            }
            Ok(out)
        })
    }
}
