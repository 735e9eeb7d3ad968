//! The outbox: what was written is in the vault before it is sent, and leaves it when the relay has it on disk.

use watchfire_protocol::alert::AlertsItem;
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::inbox::{Answer, InboxItem, Sees};
use watchfire_protocol::record::Channel;
use watchfire_protocol::wire;

use crate::client::Client;
use crate::desk::StoredDeskEvent;
use crate::epochs::random16;
use crate::error::ClientError;
use crate::link::{Link, Receipt};
use crate::ops::answer::sees;
use crate::records::read_claim;
use crate::state::{EpochState, Hood, Queued, StoredAlert, StoredCoSign, StoredEvent, name};
use crate::vault::{Bucket, Tx};

/// With which number the last ticket began: seconds, or more where several were given within one.
const TICKET: &[u8] = b"ticket";

/// Something that was sent.
#[derive(Clone)]
pub struct Sent {
    /// Its name in the outbox.
    pub ticket: Vec<u8>,
    /// What the relay answered.
    pub receipt: Receipt,
}

/// By what a signature is found among what was acknowledged.
pub(crate) fn acked_name(name: &[u8; 32]) -> [u8; 16] {
    let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, own @ ..] = *name;
    own
}

impl Client {
    /// Puts something into the outbox, behind all that was put there before. The ticket tells later whether it was sent.
    pub(crate) fn enqueue(&self, tx: &Tx<'_>, queued: &Queued) -> Result<Vec<u8>, ClientError> {
        let last: Option<u64> = tx.get(Bucket::Meta, TICKET)?;
        let next = last.map_or(self.now().0, |last| self.now().0.max(last.saturating_add(1)));
        tx.put(Bucket::Meta, TICKET, &next)?;
        let ticket = [&next.to_be_bytes()[..], &random16()].concat();
        tx.put(Bucket::Outbox, &ticket, queued)?;
        Ok(ticket)
    }

    /// How many things wait to be sent.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn queued(&self) -> Result<usize, ClientError> {
        let waiting: Vec<(Vec<u8>, Queued)> = self.read(|tx| Ok(tx.list(Bucket::Outbox, b"")?))?;
        // A renewal was written by nobody, and there is another one in the next epoch.
        Ok(waiting.iter().filter(|(_, queued)| !matches!(queued, Queued::Renewal { .. })).count())
    }

    /// Sends what waits for this neighborhood, oldest first. What the relay refuses for a reason that passes stays.
    ///
    /// # Errors
    /// The relay refuses, or the connection broke. What was not sent stays.
    pub async fn flush(&self, link: &mut Link) -> Result<Vec<Sent>, ClientError> {
        let mut sent = Vec::new();
        self.send_waiting(link, &mut sent).await?;
        Ok(sent)
    }

    /// A relay that is full takes alerts for longest, and one of another version refuses what it does not know: nothing
    /// waits behind that, and why it waits is told in the end.
    async fn send_waiting(&self, link: &mut Link, sent: &mut Vec<Sent>) -> Result<(), ClientError> {
        let waiting: Vec<(Vec<u8>, Queued)> = self.read(|tx| Ok(tx.list(Bucket::Outbox, b"")?))?;
        let (hood, mut kept_back) = (link.hood, None);
        for (ticket, queued) in waiting.into_iter().filter(|(_, queued)| queued.hood() == hood) {
            let Some((channel, content)) = self.content_of(link, &queued)? else {
                self.read(|tx| Ok(tx.delete(Bucket::Outbox, &ticket)?))?;
                continue;
            };
            let receipt = match self.append(link, channel, &content).await {
                Ok(receipt) => receipt,
                Err(error) if error.keeps_one_back() => {
                    kept_back = Some(error);
                    continue;
                }
                Err(ClientError::Refused(Refusal::BadRecord(why))) => {
                    // It will never be taken: said, and not tried for ever.
                    self.read(|tx| Ok(tx.delete(Bucket::Outbox, &ticket)?))?;
                    return Err(ClientError::Invalid(why));
                }
                Err(error) => return Err(error),
            };
            self.read(|tx| Ok(tx.delete(Bucket::Outbox, &ticket)?))?;
            match &queued {
                Queued::Alert { id, .. } => link.acknowledged(id.0),
                Queued::Roster { event, .. } => link.acknowledged(event.0),
                Queued::CoSign { name, .. } => link.acknowledged(acked_name(name)),
                Queued::Desk { event, .. } => link.acknowledged(event.0),
                Queued::Inbox { body, .. } => link.acked.push(self.report_id(hood, body)?.0),
                // Nobody asked for it, and nobody is told.
                Queued::Renewal { .. } => continue,
            }
            sent.push(Sent { ticket, receipt });
        }
        kept_back.map_or(Ok(()), Err)
    }

    /// What is to be sealed; nothing if it no longer makes sense to send it.
    fn content_of(&self, link: &Link, queued: &Queued) -> Result<Option<(Channel, Vec<u8>)>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.read(|tx| {
            Ok(match queued {
                Queued::Alert { hood, id } => tx
                    .get::<StoredAlert>(Bucket::Alert, &name(*hood, &id.0))?
                    .filter(|stored| stored.expires > now)
                    .and_then(|stored| read_claim(&stored.signed))
                    .map(|signed| (Channel::Alerts, AlertsItem::Alert(signed).to_bytes())),
                Queued::Inbox { hood, body } => {
                    let state = Hood::load(tx, *hood)?;
                    let epoch = EpochState::load(tx, *hood, link.epoch)?;
                    let body = as_seen(body, sees(tx, &state, &charters, now)?);
                    epoch.map(|epoch| {
                        let mac = *epoch.auth(state.place()).inbox_mac(&body).expose();
                        let item = InboxItem::Authenticated { member: state.member, body, mac };
                        (Channel::Inbox, item.to_bytes())
                    })
                }
                // Only who closes the epoch that it names would fold it.
                Queued::Renewal { epoch, signed, .. } => {
                    (*epoch == link.epoch).then(|| (Channel::Inbox, InboxItem::Renew(signed.clone()).to_bytes()))
                }
                Queued::CoSign { hood, alert, name: own } => {
                    let current = tx.get::<StoredAlert>(Bucket::Alert, &name(*hood, &alert.0))?;
                    let current = current.is_some_and(|stored| stored.expires > now);
                    tx.get::<StoredCoSign>(Bucket::CoSign, &name(*hood, own))?.filter(|_| current).map(|kept| {
                        let item = AlertsItem::CoSign { alert: *alert, signature: kept.signature };
                        (Channel::Alerts, item.to_bytes())
                    })
                }
                Queued::Desk { hood, event } => tx
                    .get::<StoredDeskEvent>(Bucket::DeskEvent, &name(*hood, &event.0))?
                    .map(|stored| (Channel::Desk, wire::encode(&stored.event))),
                Queued::Roster { hood, event } => tx
                    .get::<StoredEvent>(Bucket::RosterEvent, &name(*hood, &event.0))?
                    .map(|stored| (Channel::Roster, wire::encode(&stored.event))),
            })
        })
    }

    /// Links to a neighborhood, sends what waits, and does what is due for a coordinator.
    ///
    /// # Errors
    /// No relay answers, or it refuses.
    pub async fn connected(
        &self,
        hood: watchfire_protocol::id::NeighborhoodId,
    ) -> Result<(Link, Vec<Sent>), ClientError> {
        let mut sent = Vec::new();
        for _ in 0..5 {
            let mut link = Box::pin(self.link(hood)).await?;
            match Box::pin(self.settle(&mut link, &mut sent)).await {
                Ok(()) if link.stale => {}
                Ok(()) => return Ok((link, sent)),
                // Somebody opened an epoch: follow it, and seal again.
                Err(ClientError::Refused(Refusal::ClosedEpoch { .. } | Refusal::Stale { .. })) => {}
                Err(error) => return Err(error),
            }
            link.connection.close().await;
        }
        Err(ClientError::Raced)
    }

    async fn settle(&self, link: &mut Link, sent: &mut Vec<Sent>) -> Result<(), ClientError> {
        link.renewal = self.renew_if_due(link.hood)?;
        match self.send_waiting(link, sent).await {
            // Whoever has something waiting reads all the same.
            Err(error) if error.keeps_one_back() => link.kept_back = Some(error),
            sent => sent?,
        }
        Box::pin(self.reach_others(link)).await?;
        if link.coordinator && !link.stale {
            match Box::pin(self.duties(link)).await {
                Err(ClientError::Refused(refusal @ (Refusal::ClosedEpoch { .. } | Refusal::Stale { .. }))) => {
                    return Err(refusal.into());
                }
                // What was sent was sent, whatever becomes of what is due besides. That a restriction is lacking comes first.
                duties => link.trouble = link.trouble.take().or(duties.err()),
            }
            self.note_trouble(link.hood, link.trouble.as_ref())?;
        }
        if !link.stale {
            self.level_others(link).await?;
        }
        Ok(())
    }
}

/// An answer says what its author sees when it is sealed, however long it waited: a view that lags is then a relay's.
fn as_seen(body: &[u8], sees: Sees) -> Vec<u8> {
    match wire::decode_body::<Answer>(body) {
        Ok(answer) => wire::encode_body(&Answer { sees, ..answer }),
        Err(_) => body.to_vec(),
    }
}
