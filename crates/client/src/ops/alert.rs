//! Sending alerts, and following what becomes of them.

use std::collections::BTreeMap;

use watchfire_protocol::alert::{AlertBody, SignedAlert};
use watchfire_protocol::charter::Right;
use watchfire_protocol::desk::DeskEvent;
use watchfire_protocol::enough::to_extension;
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::time::{HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::{CLOCK_DOUBT, Counted, HeldReason, Verdict};
use watchfire_protocol::vocabulary::{AlertContent, Language, Need, Place, UNVERIFIED_EXPIRY, default_expiry};
use watchfire_protocol::wire::{self, Extensions};

use super::begun::{Slot, discard};
use super::thread::{Topic, is_state};
use super::view::{AlertView, Filter, alert_view};
use crate::client::{Client, hood_name};
use crate::duties::heads;
use crate::epochs::random16;
use crate::error::ClientError;
use crate::file::FileError;
use crate::link::Receipt;
use crate::records::{Arrival, judge_claim, read_claim};
use crate::state::{EpochState, Hood, Queued, StoredAlert, name};
use crate::unfinished::{Typed, begun};
use crate::vault::{Bucket, Tx};

/// An alert that is about to be sent, as its receivers will see it.
pub struct Draft {
    hood: NeighborhoodId,
    signed: SignedAlert,
    counted: Vec<Counted>,
    /// Where exactly: never in the alert, for those who come.
    exact: Option<Place>,
    /// Whether a person typed it, who may have typed it before.
    typed: bool,
    /// Where it was begun at prompts.
    begun: Option<Slot>,
    /// What it will look like.
    pub preview: Preview,
    /// When it ends.
    pub expires: Timestamp,
}

impl Draft {
    /// The same as it was begun at prompts: once it is in the vault, nothing is begun any more.
    #[must_use]
    pub const fn begun(mut self, slot: Slot) -> Self {
        self.begun = Some(slot);
        self
    }
}

/// How a draft will be labelled.
pub enum Preview {
    /// It is shown with this label.
    Shown(Box<AlertView>),
    /// It waits for more signatures and is held until then.
    Waits {
        /// How many signed.
        signed: usize,
        /// How many it takes.
        quorum: usize,
    },
}

/// Who can read an alert's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readers {
    /// The languages of those who can read none of them, with how many they are.
    pub unread: BTreeMap<Language, usize>,
    /// How many have not said what they read.
    pub unsaid: usize,
    /// How many other members there are.
    pub members: usize,
}

/// What became of an alert that was sent.
pub struct SentAlert {
    /// Its id.
    pub id: AlertId,
    /// Handles of those who could sign it besides its author.
    pub others: Vec<String>,
    /// What the relay answered; nothing while it is queued.
    pub receipt: Option<Receipt>,
    /// Why it is queued.
    pub why_queued: Option<ClientError>,
}

impl Client {
    /// Fills in what an alert's author did not say, checks it, and signs it. Nothing is kept or sent yet.
    ///
    /// # Errors
    /// This device may not dispatch here, or the content breaks a rule.
    pub fn draft_alert(
        &self,
        hood: NeighborhoodId,
        content: AlertContent,
        expires_in: Option<u64>,
    ) -> Result<Draft, ClientError> {
        self.draft_alert_with(hood, content, expires_in, Extensions::default())
    }

    /// An update that says of whom there is enough. It says so of nobody if `enough` is empty.
    ///
    /// # Errors
    /// Those of [`Self::draft_alert`].
    pub fn draft_enough(
        &self,
        hood: NeighborhoodId,
        content: AlertContent,
        expires_in: Option<u64>,
        enough: &[Need],
    ) -> Result<Draft, ClientError> {
        let extension = (!enough.is_empty()).then(|| to_extension(enough));
        self.draft_alert_with(hood, content, expires_in, Extensions(extension.into_iter().collect()))
    }

    /// The same, with extension fields.
    pub(crate) fn draft_alert_with(
        &self,
        hood: NeighborhoodId,
        content: AlertContent,
        expires_in: Option<u64>,
        extensions: Extensions,
    ) -> Result<Draft, ClientError> {
        self.refuse_if_closed(hood)?;
        let (charters, now) = (self.charters()?, self.now());
        if !self.may(hood, Right::Dispatch)? {
            return Err(ClientError::NotGranted("send alerts to this neighborhood"));
        }
        let key = self.device_key(hood, "send alerts")?;
        let terms = charters.newest().neighborhood(hood).cloned().ok_or(ClientError::NotGranted("send alerts here"))?;
        content.validate_to_sign()?;
        content.validate_times(now)?;
        let before = self.state_before(hood, &content)?;
        refuse_unverified(&content, before.as_ref(), expires_in)?;
        let stands =
            before.as_ref().filter(|_| expires_in.is_none()).and_then(|before| end_that_stands(before, &content));
        let lifetime = expires_in.unwrap_or_else(|| default_expiry(&content));
        let limit = u64::from(terms.retention_hours) * HOUR;
        if expires_in == Some(0) {
            return Err(ClientError::Invalid("an alert that has expired before it is sent reaches nobody".to_owned()));
        }
        if expires_in.is_some_and(|wanted| wanted > limit) {
            return Err(ClientError::Invalid(format!(
                "an alert here expires after at most {} hours, the neighborhood's retention",
                terms.retention_hours
            )));
        }
        self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let epoch = EpochState::load(tx, hood, state.epoch)?;
            let Some(epoch) = epoch else { return Err(ClientError::NoKeys { name: hood_name(tx, hood)? }) };
            let sent = after_them(tx, hood, &content.references, now)?;
            let body = AlertBody {
                random: random16(),
                epoch: epoch.epoch,
                announcement: epoch.announcement,
                charter_version: charters.newest().version(),
                charter: charters.newest().hash(),
                restrictions: charters.restrictions_hash(),
                heads: heads(tx, &state, now)?,
                sent,
                expires: stands.filter(|end| *end > sent).unwrap_or_else(|| sent.plus(lifetime)).min(sent.plus(limit)),
                content,
                extensions,
            };
            let signed = SignedAlert::sign(&body, &state.place(), &key);
            let arrival = Arrival { record_epoch: epoch.epoch, received: now, accepted: &[] };
            let verdict = judge_claim(tx, &state, &charters, now, &arrival, signed.clone())?;
            let (counted, preview) = match verdict {
                Verdict::Shown(shown) => {
                    let counted = shown.counted().to_vec();
                    let stored = stored_alert(&signed, &counted, &state, body.expires, now);
                    let mut view = alert_view(tx, &state, &stored, *shown)?;
                    let content = &view.shown.body().content;
                    view.thread.topic = before.as_ref().and_then(|before| Topic::of(content, before));
                    (counted, Preview::Shown(Box::new(view)))
                }
                Verdict::Held(held) => match held.reason() {
                    HeldReason::BelowQuorum { signed, quorum } => {
                        (Vec::new(), Preview::Waits { signed: *signed, quorum: *quorum })
                    }
                    other => return Err(ClientError::Invalid(other.to_string())),
                },
            };
            Ok(Draft { hood, signed, counted, exact: None, typed: false, begun: None, preview, expires: body.expires })
        })
    }

    /// The state of what something is about, if it is about anything.
    fn state_before(&self, hood: NeighborhoodId, content: &AlertContent) -> Result<Option<AlertView>, ClientError> {
        if content.references.is_empty() {
            return Ok(None);
        }
        let all = self.alerts(Filter { hood: Some(hood), expired: true, unprinted: false })?;
        let named = |view: &AlertView| content.references.iter().any(|id| view.thread.ids.contains(id));
        Ok(all.into_iter().filter(AlertView::is_state).find(named))
    }

    /// The same with the exact place, which is kept at the desk and sent to those who say that they come.
    ///
    /// # Errors
    /// The place breaks a bound.
    pub fn with_exact_place(&self, draft: Draft, place: Place) -> Result<Draft, ClientError> {
        place.validate().map_err(FileError::from)?;
        Ok(Draft { exact: Some(place), ..draft })
    }

    /// The same as it was typed: where the same was typed before and interrupted, sending it goes on with that one. It counts
    /// as interrupted until [`Self::told`].
    #[must_use]
    pub fn typed(&self, draft: Draft) -> Draft {
        Draft { typed: true, ..draft }
    }

    /// Sends a draft: it is in the vault first, then at the relay.
    ///
    /// # Errors
    /// The disk refuses. What no relay took stays queued, and that is no error.
    pub async fn send_alert(&self, draft: Draft) -> Result<SentAlert, ClientError> {
        let Draft { hood, signed, counted, exact, typed, begun, .. } = draft;
        let now = self.now();
        let others = self.others_who_may_sign(hood, &signed)?;
        let (id, ticket) = self.vault.transact(|tx| {
            let state = Hood::load(tx, hood)?;
            let id = signed.id(&state.place());
            if let Some(slot) = begun {
                discard(tx, slot)?;
            }
            let body: AlertBody =
                wire::decode_body(&signed.body).map_err(|error| ClientError::Unexpected(error.to_string()))?;
            let typed = typed.then(|| Typed::alert(hood, &body, exact.as_ref()));
            if let Some(begun) = typed.as_ref().map(|typed| typed.begun(tx, now)).transpose()?.flatten() {
                return Ok((AlertId(begun.id), begun.ticket));
            }
            let stored = stored_alert(&signed, &counted, &state, body.expires, now);
            tx.put(Bucket::Alert, &name(hood, &id.0), &stored)?;
            if let Some(place) = exact {
                self.sign_at_desk(tx, hood, |_| Ok(DeskEvent::Place { alert: id, place }))?;
            }
            let ticket = self.enqueue(tx, &Queued::Alert { hood, id })?;
            typed.map(|typed| typed.begin(tx, id.0, &ticket, now)).transpose()?;
            Ok::<_, ClientError>((id, ticket))
        })?;
        Ok(self.sent_alert(hood, id, &ticket, others).await)
    }

    /// Goes on with an alert that was typed, if that was interrupted.
    ///
    /// # Errors
    /// The disk refuses.
    pub async fn go_on_sending(&self, view: &AlertView, id: AlertId) -> Result<Option<SentAlert>, ClientError> {
        let (hood, now) = (view.hood, self.now());
        let found = self.read(|tx| {
            let stored: Option<StoredAlert> = tx.get(Bucket::Alert, &name(hood, &id.0))?;
            let signed = stored.and_then(|stored| read_claim(&stored.signed));
            Ok(begun(tx, id.0, now)?.zip(signed))
        })?;
        let Some((begun, signed)) = found else { return Ok(None) };
        let others = self.others_who_may_sign(hood, &signed)?;
        Ok(Some(self.sent_alert(hood, id, &begun.ticket, others).await))
    }

    async fn sent_alert(&self, hood: NeighborhoodId, id: AlertId, ticket: &[u8], others: Vec<String>) -> SentAlert {
        match self.deliver(hood, ticket).await {
            Ok(receipt) => SentAlert { id, others, receipt: Some(receipt), why_queued: None },
            Err(error) => SentAlert { id, others, receipt: None, why_queued: Some(error) },
        }
    }

    /// Connects and sends what waits. Whether it was sent is told by the outbox, whatever happened on the way.
    ///
    /// # Errors
    /// Why it is still in the outbox.
    pub(crate) async fn deliver(&self, hood: NeighborhoodId, ticket: &[u8]) -> Result<Receipt, ClientError> {
        let connecting = tokio::time::timeout(DELIVERY, Box::pin(self.connected(hood)));
        let (receipt, error) = match connecting.await {
            Ok(Ok((mut link, sent))) => {
                let kept_back = link.kept_back.take();
                link.connection.close().await;
                (sent.into_iter().find(|sent| sent.ticket == ticket).map(|sent| sent.receipt), kept_back)
            }
            Ok(Err(error)) => (None, Some(error)),
            Err(_) => (None, Some(ClientError::Broken("the relay takes too long".to_owned()))),
        };
        if let Some(receipt) = receipt {
            return Ok(receipt);
        }
        let waits = self.read(|tx| Ok(tx.get::<Queued>(Bucket::Outbox, ticket)?.is_some()))?;
        match error {
            Some(error) if waits => Err(error),
            None if waits => Err(ClientError::Broken("it was not sent".to_owned())),
            // It is at the relay: another command of this vault sent it, or the connection broke after its answer.
            _ => Ok(Receipt { position: 0, followers: 0 }),
        }
    }

    /// Who else can read an alert's texts, as far as the members have said what they read. Coded fields everybody reads.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn readers(&self, hood: NeighborhoodId, content: &AlertContent) -> Result<Readers, ClientError> {
        let mut members = self.members(hood)?;
        // Whoever writes it reads it.
        let own = self.read(|tx| Ok(Hood::load(tx, hood)?.member))?;
        members.retain(|member| member.id != own);
        let mut readers = Readers { members: members.len(), ..Readers::default() };
        for member in members {
            let spoken: Vec<Language> = member.languages.iter().filter_map(|tag| Language::new(tag).ok()).collect();
            let reads = |spoken: &Language| content.text.iter().any(|text| text.language.primary() == spoken.primary());
            match spoken.is_empty() {
                true => readers.unsaid += 1,
                false if content.text.is_empty() || spoken.iter().any(reads) => {}
                false => spoken.into_iter().for_each(|language| *readers.unread.entry(language).or_default() += 1),
            }
        }
        Ok(readers)
    }
}

/// When an update ends whose author did not say: as what it updates, while it is about the same thing. What a call to verify
/// found out lasts as long as if nobody had called.
fn end_that_stands(before: &AlertView, content: &AlertContent) -> Option<Timestamp> {
    let said = &before.shown.body().content;
    let same = content.msg_type == "update" && said.kind == content.kind;
    let found_out = said.is_call_to_verify() && !content.is_call_to_verify();
    (same && !found_out && !content.is_unverified_sighting()).then(|| before.shown.expires())
}

/// What nobody bore out goes out as a call to find out if it is true and nothing else, and not for long. What takes its place
/// is no more than that either while nobody bears it out, whatever its kind says.
fn refuse_unverified(
    content: &AlertContent,
    before: Option<&AlertView>,
    expires_in: Option<u64>,
) -> Result<(), ClientError> {
    let open = |before: &AlertContent| before.is_unverified_sighting() || before.is_call_to_verify();
    let takes_its_place = is_state(content) && before.is_some_and(|before| open(&before.shown.body().content));
    let still_open = takes_its_place && !content.claims_verified() && !content.is_drill();
    if !(still_open || content.is_unverified_sighting()) {
        return Ok(());
    }
    if !content.is_call_to_verify() {
        return Err(ClientError::NotVerified);
    }
    if expires_in.is_some_and(|wanted| wanted > UNVERIFIED_EXPIRY) {
        return Err(ClientError::Invalid(
            "a call to verify expires after at most 30 minutes: leave the expiry out, or say 30m".to_owned(),
        ));
    }
    Ok(())
}

/// The time of what is written now about other alerts: later than theirs, which may be of this very second or, by their
/// authors' clocks, a little ahead. What was written last is what holds.
fn after_them(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    references: &[AlertId],
    now: Timestamp,
) -> Result<Timestamp, ClientError> {
    let mut sent = now;
    for id in references {
        let stored = tx.get::<StoredAlert>(Bucket::Alert, &name(hood, &id.0))?;
        let body = stored.and_then(|stored| read_claim(&stored.signed));
        let body = body.and_then(|claim| wire::decode_body::<AlertBody>(&claim.body).ok());
        sent = sent.max(body.map_or(now, |body| body.sent.plus(1).min(now.plus(CLOCK_DOUBT))));
    }
    Ok(sent)
}

/// So long a command waits for a relay before what it wrote stays queued.
pub(crate) const DELIVERY: std::time::Duration = std::time::Duration::from_secs(25);

fn stored_alert(
    signed: &SignedAlert,
    counted: &[Counted],
    state: &Hood,
    expires: Timestamp,
    now: Timestamp,
) -> StoredAlert {
    StoredAlert {
        signed: wire::encode(signed),
        record_epoch: state.epoch,
        record_hour: Hour(0),
        received: now,
        printed: true,
        told: 1,
        own: true,
        seen_at: vec![],
        expires,
        counted: counted.to_vec(),
    }
}
