//! Taking records: what was sealed is opened, what opens is checked, what is checked is kept.

use std::collections::BTreeSet;

use bincode::{Decode, Encode};
use watchfire_protocol::alert::{AlertBody, AlertSignature, AlertsItem, Beacon, MAX_SIGNATURES, SignedAlert};
use watchfire_protocol::announcement::Announcement;
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, Epoch, NeighborhoodId, RecordId, ReportId, sha256_16};
use watchfire_protocol::inbox::{Answer, InboxItem, Profile, is_authentic};
use watchfire_protocol::invite::{InviteSecret, JoinRequest};
use watchfire_protocol::ratchet::check_leap;
use watchfire_protocol::record::{Channel, Header, join_invite, open_inbox, open_join, open_record, record_id};
use watchfire_protocol::roster::{EVIDENCE_EPOCHS, EventBody};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::{HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::{Circumstances, Confirmation, Counted, HeldReason, Verdict, judge};
use watchfire_protocol::wire::{self, Signed, WireError};

use crate::desk::{self, StoredDeskEvent, StoredReport};
use crate::epochs::{keep_confirmation, known_announcements, load_roster, newest_announcement, roster_of};
use crate::error::ClientError;
use crate::fold::{fold, fold_later, refold};
use crate::notice::{self, Teller, keep_view, missing, tell_heads};
use crate::ops::export::{forget_going, note_going};
use crate::ops::history::kept_for;
use crate::renewals::{forget_renewals, take_renewal};
use crate::state::{
    self, DeferredRecord, EpochState, Hood, SeenAt, SeenRecord, StoredAlert, StoredCoSign, StoredEvent, StoredHeld,
    StoredRequest, co_sign_name,
};
use crate::vault::{Bucket, Tx};
use crate::{answers, directs};

/// At most so many records are kept aside for one neighborhood; the oldest go first.
const MAX_HELD: usize = 1000;

/// What taking one record did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nothing new.
    Nothing,
    /// An alert is new, or has more signatures.
    Alert(AlertId),
    /// Something was kept aside.
    Held,
    /// This member was told something of an alert that others are not.
    Direct(AlertId),
    /// An answer, a profile, a request, a roster event or a desk event is new.
    Desk,
    /// A report is new.
    Report(ReportId),
    /// It waits for its epoch's keys, or for the charter that it names.
    Deferred,
}

/// What taking a record needs to know.
pub(crate) struct Taking<'a> {
    pub(crate) tx: &'a Tx<'a>,
    pub(crate) hood: NeighborhoodId,
    pub(crate) charters: &'a CharterHistory,
    pub(crate) relay: PublicKey,
    pub(crate) now: Timestamp,
    /// Whether the epochs were followed just before: a record of a later one waits by itself then, and not the log.
    pub(crate) followed: bool,
}

/// At most so many signatures are kept for one neighborhood; the oldest go first.
const MAX_CO_SIGNS: usize = 1000;
/// At most so many records wait for the keys of their epochs.
const MAX_DEFERRED: usize = 1000;

impl Taking<'_> {
    /// Takes one record of a channel.
    pub(crate) fn take(&self, channel: Channel, record: &[u8]) -> Result<Taken, ClientError> {
        let id = record_id(record);
        let seen_name = state::name(self.hood, &[&[channel as u8][..], &id.0].concat());
        if let Some(seen) = self.tx.get::<SeenRecord>(Bucket::Seen, &seen_name)? {
            self.seen_again(channel, &seen)?;
            return Ok(Taken::Nothing);
        }
        let hood = Hood::load(self.tx, self.hood)?;
        let Ok(header) = Header::parse(record) else {
            // A relay that sends what is no record: kept aside where people look.
            return self.hold(channel, id, None, Epoch::NONE, &HeldReason::Malformed("not a record".to_owned()));
        };
        let awaited = hood.pending.iter().any(|pending| pending.epoch == header.epoch);
        if awaited {
            // Its epoch was announced, and its slot has not come yet.
            return self.defer(channel, header.epoch, id, record);
        }
        if header.epoch > hood.epoch {
            if !self.followed {
                // Not yet: the cursor must not pass it before the epochs were followed.
                return Err(ClientError::NoKeys { name: hood.id.to_string() });
            }
            return self.defer(channel, header.epoch, id, record);
        }
        let mut seen = SeenRecord { at: self.now, of: vec![] };
        let taken = self.take_opened(channel, &hood, header, id, record, &mut seen)?;
        // No mark is left by what comes to nothing: a relay can make any number of such records.
        let news = matches!(taken, Taken::Alert(_) | Taken::Direct(_) | Taken::Desk | Taken::Report(_));
        let marked = news || (taken == Taken::Nothing && !seen.of.is_empty());
        if marked {
            self.tx.put(Bucket::Seen, &seen_name, &seen)?;
        }
        Ok(taken)
    }

    /// The relay has it, again or still.
    fn seen_again(&self, channel: Channel, seen: &SeenRecord) -> Result<(), ClientError> {
        for of in &seen.of {
            match channel {
                Channel::Alerts if of.len() == AlertId::ZERO.0.len() => self.mark::<StoredAlert>(Bucket::Alert, of)?,
                Channel::Alerts => self.mark::<StoredCoSign>(Bucket::CoSign, of)?,
                Channel::Roster => self.mark::<StoredEvent>(Bucket::RosterEvent, of)?,
                Channel::Inbox => self.mark::<StoredReport>(Bucket::Report, of)?,
                Channel::Desk => self.mark::<StoredDeskEvent>(Bucket::DeskEvent, of)?,
                Channel::Join => {}
            }
        }
        Ok(())
    }

    /// Notes that this relay has it.
    pub(crate) fn mark<T: SeenAt + Encode + Decode<()>>(&self, bucket: Bucket, of: &[u8]) -> Result<(), ClientError> {
        let name = state::name(self.hood, of);
        let Some(mut stored) = self.tx.get::<T>(bucket, &name)? else { return Ok(()) };
        if !stored.seen_at().contains(&self.relay) {
            stored.seen_at().push(self.relay);
            self.tx.put(bucket, &name, &stored)?;
        }
        Ok(())
    }

    pub(crate) fn defer(
        &self,
        channel: Channel,
        epoch: Epoch,
        id: RecordId,
        record: &[u8],
    ) -> Result<Taken, ClientError> {
        let waiting: Vec<(Vec<u8>, DeferredRecord)> = self.tx.list(Bucket::Deferred, &self.hood.0)?;
        if waiting.len() >= MAX_DEFERRED
            && let Some((oldest, _)) = waiting.iter().min_by_key(|(_, waiting)| waiting.received)
        {
            self.tx.delete(Bucket::Deferred, oldest)?;
        }
        let name = [&state::epoch_name(self.hood, epoch)[..], &id.0].concat();
        let stored = DeferredRecord { channel, record: record.to_vec(), received: self.now };
        self.tx.put(Bucket::Deferred, &name, &stored)?;
        Ok(Taken::Deferred)
    }

    fn take_opened(
        &self,
        channel: Channel,
        hood: &Hood,
        header: Header,
        id: RecordId,
        record: &[u8],
        seen: &mut SeenRecord,
    ) -> Result<Taken, ClientError> {
        let Some(epoch) = EpochState::load(self.tx, self.hood, header.epoch)? else { return Ok(Taken::Nothing) };
        if header.channel.log() != channel {
            return self.hold(channel, id, None, header.epoch, &HeldReason::Malformed("of another channel".to_owned()));
        }
        match channel {
            Channel::Alerts => self.take_alerts(hood, &epoch, header, id, record, seen),
            Channel::Inbox if header.channel == Channel::Join => self.take_join(hood, &epoch, record),
            Channel::Inbox => self.take_inbox(hood, &epoch, header, record, seen),
            Channel::Roster => self.take_roster(hood, &epoch, record, seen),
            Channel::Desk => self.take_desk(hood, &epoch, header, record, seen),
            Channel::Join => Ok(Taken::Nothing),
        }
    }

    fn hold(
        &self,
        channel: Channel,
        id: RecordId,
        claim: Option<&SignedAlert>,
        record_epoch: Epoch,
        reason: &HeldReason,
    ) -> Result<Taken, ClientError> {
        if channel != Channel::Alerts {
            return Ok(Taken::Nothing);
        }
        let name = state::name(self.hood, &id.0);
        if self.tx.get::<StoredHeld>(Bucket::Held, &name)?.is_some() {
            return Ok(Taken::Nothing);
        }
        let held: Vec<(Vec<u8>, StoredHeld)> = self.tx.list(Bucket::Held, &self.hood.0)?;
        if held.len() >= MAX_HELD
            && let Some((oldest, _)) = held.iter().min_by_key(|(_, held)| held.received)
        {
            self.tx.delete(Bucket::Held, oldest)?;
        }
        let stored = StoredHeld {
            signed: claim.map(wire::encode),
            record_epoch,
            reason: reason.to_string(),
            received: self.now,
        };
        self.tx.put(Bucket::Held, &name, &stored)?;
        Ok(Taken::Held)
    }

    fn take_alerts(
        &self,
        hood: &Hood,
        epoch: &EpochState,
        header: Header,
        id: RecordId,
        record: &[u8],
        seen: &mut SeenRecord,
    ) -> Result<Taken, ClientError> {
        let keys = epoch.keys(hood.place());
        if header.hour < keys.member.chain().hour() {
            // Before this member's time, or erased: nothing that concerns them is lost.
            return Ok(Taken::Nothing);
        }
        let highest = Hour::at(epoch.opened_at, hood.highest.max(self.now));
        if check_leap(highest, header.hour).is_err() {
            return self.hold(Channel::Alerts, id, None, header.epoch, &HeldReason::AbsurdHour);
        }
        let content = keys
            .member
            .chain()
            .at(header.hour)
            .ok()
            .and_then(|chain| open_record(&hood.place(), &epoch.announcement, &chain.alerts_key(), record).ok());
        let Some(content) = content else {
            return self.hold(Channel::Alerts, id, None, header.epoch, &HeldReason::Unopenable);
        };
        match AlertsItem::from_bytes(&content) {
            Ok(AlertsItem::Alert(claim)) => {
                let alert = claim.id(&hood.place());
                let signatures = claim.signatures.iter().take(MAX_SIGNATURES);
                seen.of = signatures.map(|signature| co_sign_name(&alert, signature).to_vec()).collect();
                seen.of.push(alert.0.to_vec());
                self.take_alert(hood, header, id, claim)
            }
            Ok(AlertsItem::CoSign { alert, signature }) => {
                seen.of = vec![co_sign_name(&alert, &signature).to_vec()];
                self.take_co_sign(hood, alert, signature)
            }
            Ok(AlertsItem::Beacon(signed)) => self.take_beacon(hood, &signed),
            Ok(AlertsItem::Direct(sealed)) => self.take_direct(hood, epoch, header.hour, &sealed),
            Err(WireError::Newer) => self.hold(Channel::Alerts, id, None, header.epoch, &HeldReason::Newer),
            Err(error) => self.hold(Channel::Alerts, id, None, header.epoch, &HeldReason::Malformed(error.to_string())),
        }
    }

    fn take_alert(&self, hood: &Hood, header: Header, id: RecordId, claim: SignedAlert) -> Result<Taken, ClientError> {
        let alert = claim.id(&hood.place());
        let name = state::name(self.hood, &alert.0);
        if let Some(mut stored) = self.tx.get::<StoredAlert>(Bucket::Alert, &name)? {
            self.note_signatures(hood, alert, &claim)?;
            let mut added = false;
            if let Some(mut signed) = read_claim(&stored.signed) {
                for signature in claim.signatures.iter().take(MAX_SIGNATURES) {
                    added |= signed.add(&hood.place(), *signature);
                }
                if added {
                    self.keep_signatures(hood, &mut stored, signed)?;
                }
            }
            let sealed_again = stored.record_epoch == hood.lost && header.epoch > hood.lost;
            if stored.seen_at.is_empty() || sealed_again {
                (stored.record_epoch, stored.record_hour) = (header.epoch, header.hour);
            }
            if !stored.seen_at.contains(&self.relay) {
                stored.seen_at.push(self.relay);
            }
            self.tx.put(Bucket::Alert, &name, &stored)?;
            return Ok(if added { Taken::Alert(alert) } else { Taken::Nothing });
        }
        let arrival = Arrival { record_epoch: header.epoch, received: self.now, accepted: &[] };
        let verdict = self.judge(hood, &arrival, claim.clone())?;
        let (expires, signer, counted, taken) = match &verdict {
            Verdict::Shown(shown) => {
                let signer = shown.signers().first().copied();
                (Some(shown.expires()), signer, shown.counted().to_vec(), Taken::Alert(alert))
            }
            Verdict::Held(held) => (None, held.signers().first().copied(), vec![], Taken::Held),
        };
        let (reason, signed) = match verdict {
            Verdict::Shown(shown) => (None, shown.signed().clone()),
            Verdict::Held(held) => (Some(held.reason().clone()), held.into_claim()),
        };
        // What waits for signatures is kept like what has them: they make it an alert.
        let body = match (wire::decode_body::<AlertBody>(&signed.body), reason) {
            (Ok(body), None | Some(HeldReason::BelowQuorum { .. })) => body,
            (Err(error), None) => return Err(ClientError::Unexpected(error.to_string())),
            (_, Some(reason)) => return self.hold(Channel::Alerts, id, Some(&signed), header.epoch, &reason),
        };
        let stored = StoredAlert {
            signed: wire::encode(&signed),
            record_epoch: header.epoch,
            record_hour: header.hour,
            received: self.now,
            printed: false,
            told: 0,
            own: false,
            seen_at: vec![self.relay],
            expires: expires.unwrap_or_else(|| self.expiry(&body)),
            counted,
        };
        self.tx.put(Bucket::Alert, &name, &stored)?;
        self.note_signatures(hood, alert, &claim)?;
        self.confirm_by_alert(&body, &signed, hood)?;
        if let Some(signer) = signer {
            tell_heads(self.tx, hood, Teller::Coordinator(signer), &body.heads, self.now)?;
        }
        self.move_highest(body.sent)?;
        Ok(taken)
    }

    /// When an alert ends here.
    fn expiry(&self, body: &AlertBody) -> Timestamp {
        let hours = self.charters.newest().neighborhood(self.hood).map_or(0, |terms| terms.retention_hours);
        body.expires.min(body.sent.plus(u64::from(hours) * HOUR))
    }

    /// One more signature: kept, whether its alert is here, held, or still to come.
    fn take_co_sign(&self, hood: &Hood, alert: AlertId, signature: AlertSignature) -> Result<Taken, ClientError> {
        let name = state::name(self.hood, &alert.0);
        let stored = self.tx.get::<StoredAlert>(Bucket::Alert, &name)?;
        let Some((mut stored, mut signed)) = stored.and_then(|stored| read_claim(&stored.signed).map(|c| (stored, c)))
        else {
            self.keep_signature(alert, signature)?;
            return Ok(Taken::Nothing);
        };
        let added = signed.add(&hood.place(), signature);
        if added || signed.signatures.contains(&signature) {
            self.keep_signature(alert, signature)?;
        }
        if !added {
            return Ok(Taken::Nothing);
        }
        self.keep_signatures(hood, &mut stored, signed)?;
        self.tx.put(Bucket::Alert, &name, &stored)?;
        Ok(Taken::Alert(alert))
    }

    /// Notes which signatures this relay has.
    fn note_signatures(&self, hood: &Hood, alert: AlertId, claim: &SignedAlert) -> Result<(), ClientError> {
        claim.valid_signatures(&hood.place()).try_for_each(|signature| self.keep_signature(alert, *signature))
    }

    fn keep_signature(&self, alert: AlertId, signature: AlertSignature) -> Result<(), ClientError> {
        let name = state::name(self.hood, &co_sign_name(&alert, &signature));
        if self.tx.get::<StoredCoSign>(Bucket::CoSign, &name)?.is_some() {
            return self.mark::<StoredCoSign>(Bucket::CoSign, &co_sign_name(&alert, &signature));
        }
        let all: Vec<(Vec<u8>, StoredCoSign)> = self.tx.list(Bucket::CoSign, &self.hood.0)?;
        if all.len() >= MAX_CO_SIGNS
            && let Some((oldest, _)) = all.iter().min_by_key(|(_, kept)| kept.received)
        {
            self.tx.delete(Bucket::CoSign, oldest)?;
        }
        let kept = StoredCoSign { signature, received: self.now, seen_at: vec![self.relay] };
        Ok(self.tx.put(Bucket::CoSign, &name, &kept)?)
    }

    fn confirm_by_alert(&self, body: &AlertBody, signed: &SignedAlert, hood: &Hood) -> Result<(), ClientError> {
        for signature in signed.valid_signatures(&hood.place()) {
            let (signer, at) = (signature.signer, body.sent);
            if self.charters.rights().any_right(&signer, self.hood, at).is_some() {
                let (charter, restrictions, announcement) = (body.charter, body.restrictions, body.announcement);
                let confirmation = Confirmation { signer, at, charter, restrictions, announcement };
                keep_confirmation(self.tx, self.hood, confirmation, self.now)?;
            }
        }
        Ok(())
    }

    fn take_beacon(&self, hood: &Hood, signed: &Signed) -> Result<Taken, ClientError> {
        let Ok(beacon) = Beacon::open(signed, &hood.place()) else { return Ok(Taken::Nothing) };
        let (rights, signer, at) = (self.charters.rights(), signed.signer, beacon.time);
        let Some(coordinator) = rights.any_right(&signer, self.hood, at) else { return Ok(Taken::Nothing) };
        // A time in the future would keep a view fresh for longer than it is.
        if at > self.now.plus(HOUR) || rights.is_distrusted(&signer, self.hood, hood.epoch) {
            return Ok(Taken::Nothing);
        }
        tell_heads(self.tx, hood, Teller::Coordinator(coordinator), &beacon.heads, self.now)?;
        let Beacon { charter, restrictions, announcement, .. } = beacon;
        let confirmation = Confirmation { signer, at, charter, restrictions, announcement };
        keep_confirmation(self.tx, self.hood, confirmation, self.now)?;
        self.move_highest(beacon.time)?;
        Ok(Taken::Nothing)
    }

    /// Only times inside verified signatures move the clock by which hours are judged, and never past the next hour.
    fn move_highest(&self, time: Timestamp) -> Result<(), ClientError> {
        let mut hood = Hood::load(self.tx, self.hood)?;
        let time = time.min(self.now.plus(HOUR));
        if time > hood.highest {
            hood.highest = time;
            hood.save(self.tx)?;
        }
        Ok(())
    }

    fn judge(&self, hood: &Hood, arrival: &Arrival<'_>, claim: SignedAlert) -> Result<Verdict, ClientError> {
        judge_claim(self.tx, hood, self.charters, self.now, arrival, claim)
    }

    /// Keeps an alert's further signatures, and which of them count from here on.
    fn keep_signatures(&self, hood: &Hood, stored: &mut StoredAlert, signed: SignedAlert) -> Result<(), ClientError> {
        stored.signed = wire::encode(&signed);
        if let Verdict::Shown(shown) = self.judge(hood, &stored.arrival(), signed)? {
            stored.counted = shown.counted().to_vec();
        }
        Ok(())
    }

    fn take_inbox(
        &self,
        hood: &Hood,
        epoch: &EpochState,
        header: Header,
        record: &[u8],
        seen: &mut SeenRecord,
    ) -> Result<Taken, ClientError> {
        let keys = epoch.keys(hood.place());
        let Some(coordinator) = &keys.coordinator else { return Ok(Taken::Nothing) };
        let opened = keys.member.chain().at(header.hour).ok().and_then(|chain| {
            let psk = chain.inbox_psk().ok()?;
            open_inbox(&keys.context(), &epoch.announcement, &coordinator.inbox_key(), &psk, record).ok()
        });
        let Some(opened) = opened else { return Ok(Taken::Nothing) };
        let (member, body, mac) = match InboxItem::from_bytes(&opened) {
            Ok(InboxItem::Authenticated { member, body, mac }) => (member, body, mac),
            Ok(InboxItem::Renew(signed)) => return take_renewal(self.tx, hood, header.epoch, &signed, self.now),
            Err(_) => return Ok(Taken::Nothing),
        };
        let mut roster = roster_of(self.tx, self.hood, hood.place(), header.epoch)?;
        if let Some(roster) = roster.as_mut().filter(|roster| !roster.members().contains_key(&member)) {
            // Approved in an epoch that is over, and that this coordinator was away for.
            fold(self.tx, self.hood, self.charters, roster, self.now)?;
        }
        let auth =
            roster.as_ref().and_then(|roster| roster.members().get(&member)).map(|member| member.auth(hood.place()));
        if !auth.is_some_and(|auth| is_authentic(&auth, &body, &mac)) {
            return Ok(Taken::Nothing);
        }
        if let Ok(profile) = wire::decode_body::<Profile>(&body) {
            return self.take_profile(member, profile);
        }
        let Ok(answer) = wire::decode_body::<Answer>(&body) else {
            return self.take_report(hood, member, &body, (epoch, header.hour), seen);
        };
        keep_view(self.tx, hood, member, answer.sees, (epoch, header.hour), self.now)?;
        note_going(self.tx, self.hood, &answer, self.now)?;
        self.take_answer(member, answer)
    }

    fn take_join(&self, hood: &Hood, epoch: &EpochState, record: &[u8]) -> Result<Taken, ClientError> {
        let keys = epoch.keys(hood.place());
        let (Some(coordinator), Some(invite)) = (&keys.coordinator, join_invite(record)) else {
            return Ok(Taken::Nothing);
        };
        let Some(roster) = load_roster(self.tx, self.hood, hood.place(), hood.epoch)? else {
            return Ok(Taken::Nothing);
        };
        let Some(known) = roster.invite(&invite) else { return Ok(Taken::Nothing) };
        let opened = InviteSecret::new(known.secret).psk(&hood.place()).ok().and_then(|psk| {
            open_join(&keys.context(), &epoch.announcement, &coordinator.inbox_key(), &psk, record).ok()
        });
        let Some(opened) = opened else { return Ok(Taken::Nothing) };
        let Ok(signed) = wire::decode_exact::<Signed>(&opened, 64 << 10) else { return Ok(Taken::Nothing) };
        let Ok((hash, request)) = JoinRequest::open(&signed, &hood.place()) else { return Ok(Taken::Nothing) };
        if request.invite != invite {
            return Ok(Taken::Nothing);
        }
        let name = state::name(self.hood, &hash.0);
        if self.tx.get::<StoredRequest>(Bucket::Request, &name)?.is_none() {
            let stored = StoredRequest { request: signed, hash, invite, received: self.now };
            self.tx.put(Bucket::Request, &name, &stored)?;
        }
        Ok(Taken::Desk)
    }

    fn take_roster(
        &self,
        hood: &Hood,
        epoch: &EpochState,
        record: &[u8],
        seen: &mut SeenRecord,
    ) -> Result<Taken, ClientError> {
        let keys = epoch.keys(hood.place());
        let Some(coordinator) = &keys.coordinator else { return Ok(Taken::Nothing) };
        let Ok(opened) = open_record(&hood.place(), &epoch.announcement, &coordinator.roster_key(), record) else {
            return Ok(Taken::Nothing);
        };
        let Ok(signed) = wire::decode_exact::<Signed>(&opened, 64 << 10) else { return Ok(Taken::Nothing) };
        seen.of = vec![event_id(&signed).0.to_vec()];
        let unknown = EventBody::open(&signed, &hood.place())
            .is_ok_and(|body| body.charter_version > self.charters.newest().version());
        if unknown {
            // Its charter has not come: neither has its time.
            return self.defer(Channel::Roster, epoch.epoch, record_id(record), record);
        }
        let taken = keep_event(self.tx, hood, self.charters, &signed, Some(self.relay), epoch.epoch, self.now)?;
        if taken == Taken::Desk {
            // A log is read to its end before it is folded.
            if self.followed {
                fold_later(self.tx, hood.id)?;
            } else {
                refold(self.tx, hood, self.charters, false, self.now)?;
            }
        }
        Ok(taken)
    }
}

/// Takes the records that waited for the keys of epochs that are open now.
pub(crate) fn retry_deferred(taking: &Taking<'_>) -> Result<(), ClientError> {
    let hood = Hood::load(taking.tx, taking.hood)?;
    for (name, waiting) in taking.tx.list::<DeferredRecord>(Bucket::Deferred, &taking.hood.0)? {
        let open = Header::parse(&waiting.record).is_ok_and(|header| {
            header.epoch <= hood.epoch && !hood.pending.iter().any(|pending| pending.epoch == header.epoch)
        });
        if open {
            taking.tx.delete(Bucket::Deferred, &name)?;
            taking.take(waiting.channel, &waiting.record)?;
        }
    }
    Ok(())
}

/// The relay began again: what it was known to have, it may not have.
pub(crate) fn unsee(tx: &Tx<'_>, hood: NeighborhoodId, channel: Channel, relay: &PublicKey) -> Result<(), ClientError> {
    match channel {
        Channel::Alerts => {
            unmark::<StoredAlert>(tx, hood, Bucket::Alert, relay)?;
            unsee_signatures(tx, hood, relay)
        }
        Channel::Roster => unmark::<StoredEvent>(tx, hood, Bucket::RosterEvent, relay),
        Channel::Inbox => unmark::<StoredReport>(tx, hood, Bucket::Report, relay),
        Channel::Desk => unmark::<StoredDeskEvent>(tx, hood, Bucket::DeskEvent, relay),
        Channel::Join => Ok(()),
    }
}

/// The same for signatures alone: none says in which epoch it came.
pub(crate) fn unsee_signatures(tx: &Tx<'_>, hood: NeighborhoodId, relay: &PublicKey) -> Result<(), ClientError> {
    unmark::<StoredCoSign>(tx, hood, Bucket::CoSign, relay)
}

fn unmark<T: SeenAt + Encode + Decode<()>>(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    bucket: Bucket,
    relay: &PublicKey,
) -> Result<(), ClientError> {
    for (name, mut stored) in tx.list::<T>(bucket, &hood.0)? {
        stored.seen_at().retain(|at| at != relay);
        tx.put(bucket, &name, &stored)?;
    }
    Ok(())
}

/// Checks a roster event and keeps it. `came` is the epoch in whose log it came. To fold it is the caller's.
pub(crate) fn keep_event(
    tx: &Tx<'_>,
    hood: &Hood,
    charters: &CharterHistory,
    signed: &Signed,
    relay: Option<PublicKey>,
    came: Epoch,
    now: Timestamp,
) -> Result<Taken, ClientError> {
    let name = state::name(hood.id, &event_id(signed).0);
    if let Some(mut stored) = tx.get::<StoredEvent>(Bucket::RosterEvent, &name)? {
        if let Some(relay) = relay.filter(|relay| !stored.seen_at.contains(relay)) {
            stored.seen_at.push(relay);
            tx.put(Bucket::RosterEvent, &name, &stored)?;
        }
        return Ok(Taken::Nothing);
    }
    let Ok(body) = EventBody::open(signed, &hood.place()) else { return Ok(Taken::Nothing) };
    if !body.counts(&signed.signer, charters, hood.id) {
        return Ok(Taken::Nothing);
    }
    let seen_at = relay.into_iter().collect();
    tx.put(Bucket::RosterEvent, &name, &StoredEvent { event: signed.clone(), seen_at, at: now, came })?;
    Ok(Taken::Desk)
}

/// By what a roster event is found in the vault.
pub(crate) fn event_id(signed: &Signed) -> RecordId {
    RecordId(sha256_16(&[&signed.body, signed.signer.as_bytes()]))
}

/// Reads a stored claim.
pub(crate) fn read_claim(bytes: &[u8]) -> Option<SignedAlert> {
    wire::decode_exact(bytes, 64 << 10).ok()
}

/// Adds the co-signatures that came apart from an alert. Returns whether one was added.
fn add_co_signatures(tx: &Tx<'_>, hood: &Hood, claim: &mut SignedAlert) -> Result<bool, ClientError> {
    let id = claim.id(&hood.place());
    let mut added = false;
    for (_, kept) in tx.list::<StoredCoSign>(Bucket::CoSign, &state::name(hood.id, &id.0))? {
        added |= claim.add(&hood.place(), kept.signature);
    }
    Ok(added)
}

/// How a claim came.
#[derive(Clone, Copy)]
pub(crate) struct Arrival<'a> {
    /// The epoch of the record.
    pub(crate) record_epoch: Epoch,
    /// When it first arrived.
    pub(crate) received: Timestamp,
    /// What counted when it was shown, if it was.
    pub(crate) accepted: &'a [Counted],
}

/// Judges a claim by all that this vault knows at `now`.
pub(crate) fn judge_claim(
    tx: &Tx<'_>,
    hood: &Hood,
    charters: &CharterHistory,
    now: Timestamp,
    arrival: &Arrival<'_>,
    mut claim: SignedAlert,
) -> Result<Verdict, ClientError> {
    add_co_signatures(tx, hood, &mut claim)?;
    let announcements = known_announcements(tx, hood)?;
    let confirmations: Vec<Confirmation> =
        tx.list(Bucket::Confirmation, &hood.id.0)?.into_iter().map(|(_, confirmation)| confirmation).collect();
    let withheld = missing(tx, hood, charters, now)?.into_keys().collect();
    Ok(judge(
        claim,
        &Circumstances {
            place: hood.place(),
            record_epoch: arrival.record_epoch,
            charters,
            accepted: arrival.accepted,
            announcements: &announcements,
            confirmations: &confirmations,
            network_confirmed: hood.confirmed,
            received: arrival.received,
            now,
            clock_in_doubt: hood.clock_in_doubt,
            withheld: &withheld,
        },
    ))
}

/// Erases what has outlived its retention: chain keys, seen marks, answers, held records, alerts.
pub(crate) fn forget(
    tx: &Tx<'_>,
    id: NeighborhoodId,
    charters: &CharterHistory,
    now: Timestamp,
) -> Result<(), ClientError> {
    const DOUBT: u64 = 7 * 24 * HOUR;
    let mut hood = Hood::load(tx, id)?;
    let Some(terms) = charters.newest().neighborhood(id) else { return Ok(()) };
    // While the clock is in doubt nothing is erased, for at most seven days.
    if hood.clock_in_doubt {
        let since = *hood.doubt_since.get_or_insert(now);
        hood.save(tx)?;
        if now.since(since) < DOUBT {
            return Ok(());
        }
    } else if hood.doubt_since.take().is_some() {
        hood.save(tx)?;
    }
    let retention = u64::from(terms.retention_hours) * HOUR;
    let oldest = now.minus(retention + HOUR);
    notice::forget(tx, &hood, retention, now)?;
    let newest = newest_announcement(tx, id)?;
    // No roster from before is held that could fold them.
    forget_renewals(tx, id, Epoch(hood.epoch.0.saturating_sub(2)))?;
    for (name, mut epoch) in tx.list::<EpochState>(Bucket::Epoch, &id.0)? {
        let closed = newest
            .as_ref()
            .is_some_and(|newest: &Announcement| newest.epoch() > epoch.epoch && newest.keys().opened_at < oldest);
        if closed && epoch.epoch < hood.epoch {
            tx.delete(Bucket::Epoch, &name)?;
        } else if oldest > epoch.opened_at && epoch.erase_before(hood.place(), Hour::at(epoch.opened_at, oldest)) {
            tx.put(Bucket::Epoch, &name, &epoch)?;
        }
    }
    let gone = |at: Timestamp| at.plus(retention + 2 * HOUR) < now;
    desk::forget(tx, id, gone)?;
    for (name, seen) in tx.list::<SeenRecord>(Bucket::Seen, &id.0)? {
        if gone(seen.at) {
            tx.delete(Bucket::Seen, &name)?;
        }
    }
    for (name, held) in tx.list::<StoredHeld>(Bucket::Held, &id.0)? {
        if gone(held.received) {
            tx.delete(Bucket::Held, &name)?;
        }
    }
    answers::forget(tx, id, gone)?;
    directs::forget(tx, id, gone)?;
    forget_going(tx, id, gone)?;
    for (name, kept) in tx.list::<StoredCoSign>(Bucket::CoSign, &id.0)? {
        if gone(kept.received) {
            tx.delete(Bucket::CoSign, &name)?;
        }
    }
    for (name, waiting) in tx.list::<DeferredRecord>(Bucket::Deferred, &id.0)? {
        if gone(waiting.received) {
            tx.delete(Bucket::Deferred, &name)?;
        }
    }
    for (name, request) in tx.list::<StoredRequest>(Bucket::Request, &id.0)? {
        if gone(request.received) {
            tx.delete(Bucket::Request, &name)?;
        }
    }
    for (name, event) in tx.list::<StoredEvent>(Bucket::RosterEvent, &id.0)? {
        // It is in the snapshots since, and the members that it removed are on no evidence any more.
        if gone(event.at) && event.came.0 + EVIDENCE_EPOCHS < hood.epoch.0 {
            tx.delete(Bucket::RosterEvent, &name)?;
        }
    }
    let alerts = tx.list::<StoredAlert>(Bucket::Alert, &id.0)?;
    let going_on = alerts
        .iter()
        .filter(|(_, alert)| alert.expires >= now)
        .filter_map(|(_, alert)| wire::decode_body::<AlertBody>(&read_claim(&alert.signed)?.body).ok());
    let about: BTreeSet<Vec<u8>> =
        going_on.flat_map(|body| body.content.references).map(|about| state::name(id, &about.0)).collect();
    let history = kept_for(tx)?;
    for (name, alert) in alerts {
        // Local history: always until the alert expires, then for as long as somebody wants it, and what is said about it.
        if alert.expires.max(alert.received).plus(history) < now && !about.contains(&name) {
            tx.delete(Bucket::Alert, &name)?;
        }
    }
    Ok(())
}
