//! Reports and desk events in the vault: taken, bounded, folded, brought back to relays, forgotten.

mod share;

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};
use watchfire_protocol::charter::Rights;
use watchfire_protocol::desk::{Desk, DeskBody, DeskEvent, Entry, author, desk_id, fold};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{DeskId, MemberId, NeighborhoodId, ReportId};
use watchfire_protocol::inbox::{InboxItem, Report, report_id};
use watchfire_protocol::record::{Channel, Header, open_record, record_id};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::{HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::CLOCK_DOUBT;
use watchfire_protocol::vocabulary::Code;
use watchfire_protocol::wire::{self, Signed};

use crate::client::Client;
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::link::Link;
use crate::notice::keep_view;
use crate::records::{Taken, Taking};
use crate::state::{EpochState, Hood, Queued, SeenAt, SeenRecord, name};
use crate::vault::{Bucket, Tx};
pub(crate) use share::Kept;
use share::{Share, make_room};

/// Of one member in one neighborhood.
const REPORTS_OF_ONE: Share = Share { count: 64, bytes: 512 << 10 };
/// Of one who may work at its desk, and types there what callers tell.
const REPORTS_OF_DESK: Share = Share { count: 1_000, bytes: 8 << 20 };
/// Of all members of one neighborhood.
const REPORTS: Share = Share { count: 2_000, bytes: 16 << 20 };
/// Of one device key in one neighborhood. The charter bounds how many keys there are.
const EVENTS_OF_ONE: Share = Share { count: 4_000, bytes: 4 << 20 };

/// `Report`: what a member reported.
#[derive(Clone, Encode, Decode)]
pub(crate) struct StoredReport {
    /// Who.
    pub(crate) member: MemberId,
    /// `kind || format || fields`.
    pub(crate) body: Vec<u8>,
    /// When it arrived.
    pub(crate) received: Timestamp,
    /// In which relays' logs it was seen.
    pub(crate) seen_at: Vec<PublicKey>,
    /// Whether it was told here.
    pub(crate) told: bool,
}

/// `Dropped`: the reports of one member that had to go because newer ones came.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Dropped {
    /// How many.
    pub(crate) count: u64,
    /// When the last of them went.
    pub(crate) last: Timestamp,
}

/// `DeskEvent`: what a coordinator did at the desk, signed and checked.
#[derive(Clone, Encode, Decode)]
pub(crate) struct StoredDeskEvent {
    /// The event.
    pub(crate) event: Signed,
    /// When it arrived.
    pub(crate) received: Timestamp,
    /// In which relays' logs it was seen.
    pub(crate) seen_at: Vec<PublicKey>,
}

impl SeenAt for StoredReport {
    fn seen_at(&mut self) -> &mut Vec<PublicKey> {
        &mut self.seen_at
    }
}

impl SeenAt for StoredDeskEvent {
    fn seen_at(&mut self) -> &mut Vec<PublicKey> {
        &mut self.seen_at
    }
}

impl Taking<'_> {
    /// Takes a report whose author is authentic.
    pub(crate) fn take_report(
        &self,
        hood: &Hood,
        member: MemberId,
        body: &[u8],
        (epoch, hour): (&EpochState, Hour),
        seen: &mut SeenRecord,
    ) -> Result<Taken, ClientError> {
        let Ok(report) = wire::decode_body::<Report>(body) else { return Ok(Taken::Nothing) };
        let id = report_id(&hood.place(), body);
        seen.of = vec![id.0.to_vec()];
        // One that was brought back, or waited for long, says what its author saw then.
        if epoch.opened_at.plus(u64::from(hour.0) * HOUR) <= report.sent.plus(CLOCK_DOUBT) {
            keep_view(self.tx, hood, member, report.sees, (epoch, hour), self.now)?;
        }
        let body = body.to_vec();
        let stored = StoredReport { member, body, received: self.now, seen_at: vec![self.relay], told: false };
        if keep_report(self.tx, hood, id, &stored, &self.charters.rights())? {
            return Ok(Taken::Report(id));
        }
        self.mark::<StoredReport>(Bucket::Report, &id.0)?;
        Ok(Taken::Nothing)
    }

    /// Takes a record of the desk.
    pub(crate) fn take_desk(
        &self,
        hood: &Hood,
        epoch: &EpochState,
        header: Header,
        record: &[u8],
        seen: &mut SeenRecord,
    ) -> Result<Taken, ClientError> {
        let keys = epoch.keys(hood.place());
        let opened = keys
            .coordinator
            .as_ref()
            .and_then(|keys| keys.chain().at(header.hour).ok())
            .and_then(|chain| open_record(&hood.place(), &epoch.announcement, &chain.desk_key(), record).ok());
        let signed = opened.and_then(|opened| wire::decode_exact::<Signed>(&opened, 64 << 10).ok());
        let Some(signed) = signed else { return Ok(Taken::Nothing) };
        let Ok(body) = DeskBody::open(&signed, &hood.place()) else { return Ok(Taken::Nothing) };
        let id = desk_id(&hood.place(), &signed);
        seen.of = vec![id.0.to_vec()];
        if body.charter_version > self.charters.newest().version() {
            // Who its author is, and what they may do, is not known here yet.
            return self.defer(Channel::Desk, epoch.epoch, record_id(record), record);
        }
        // One from ahead of the clock is kept, and counts when its time has come.
        if author(&self.charters.rights(), hood.id, &signed.signer, body.at, body.at).is_none() {
            return Ok(Taken::Nothing);
        }
        let stored = StoredDeskEvent { event: signed, received: self.now, seen_at: vec![self.relay] };
        if keep_event(self.tx, hood.id, id, &stored)? {
            return Ok(Taken::Desk);
        }
        self.mark::<StoredDeskEvent>(Bucket::DeskEvent, &id.0)?;
        if template_of(&body).is_some() {
            renew(self.tx, hood.id, id, self.now)?;
        }
        Ok(Taken::Nothing)
    }
}

/// Keeps a report, within bounds. Returns whether it is new. Of what had to go for it it is kept whose it was.
pub(crate) fn keep_report(
    tx: &Tx<'_>,
    hood: &Hood,
    id: ReportId,
    stored: &StoredReport,
    rights: &Rights<'_>,
) -> Result<bool, ClientError> {
    let key = name(hood.id, &id.0);
    if tx.get::<StoredReport>(Bucket::Report, &key)?.is_some() {
        return Ok(false);
    }
    let index = name(hood.id, b"");
    let mut kept: Vec<Kept> = tx.get(Bucket::DeskIndex, &index)?.unwrap_or_default();
    kept.push(Kept::new(stored.member.0, id.0, stored.body.len()));
    let roster = load_roster(tx, hood.id, hood.place(), hood.epoch)?;
    let at_desk = |owner: &[u8; 16]| {
        let member = roster.as_ref().and_then(|roster| roster.members().get(&MemberId(*owner)));
        let key = member.and_then(|member| member.charter_key.as_ref());
        key.is_some_and(|key| rights.any_right(key, hood.id, stored.received).is_some())
    };
    let share = |owner: &[u8; 16]| if at_desk(owner) { REPORTS_OF_DESK } else { REPORTS_OF_ONE };
    for gone in make_room(&mut kept, share, REPORTS) {
        tx.delete(Bucket::Report, &name(hood.id, &gone.id))?;
        let of = name(hood.id, &gone.owner);
        let before: Option<Dropped> = tx.get(Bucket::Dropped, &of)?;
        let count = before.map_or(0, |before| before.count).saturating_add(1);
        tx.put(Bucket::Dropped, &of, &Dropped { count, last: stored.received })?;
    }
    tx.put(Bucket::DeskIndex, &index, &kept)?;
    tx.put(Bucket::Report, &key, stored)?;
    Ok(true)
}

/// Keeps a desk event, within bounds. Returns whether it is new.
pub(crate) fn keep_event(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    id: DeskId,
    stored: &StoredDeskEvent,
) -> Result<bool, ClientError> {
    let key = name(hood, &id.0);
    if tx.get::<StoredDeskEvent>(Bucket::DeskEvent, &key)?.is_some() {
        return Ok(false);
    }
    let index = name(hood, stored.event.signer.as_bytes());
    let mut kept: Vec<Kept> = tx.get(Bucket::DeskIndex, &index)?.unwrap_or_default();
    kept.push(Kept::new([0; 16], id.0, stored.event.body.len()));
    for gone in make_room(&mut kept, |_| EVENTS_OF_ONE, EVENTS_OF_ONE) {
        tx.delete(Bucket::DeskEvent, &name(hood, &gone.id))?;
    }
    tx.put(Bucket::DeskIndex, &index, &kept)?;
    tx.put(Bucket::DeskEvent, &key, stored)?;
    Ok(true)
}

/// The reports of a neighborhood that are kept here.
pub(crate) fn reports(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
) -> Result<BTreeMap<ReportId, (StoredReport, Report)>, ClientError> {
    let mut out = BTreeMap::new();
    for (key, stored) in tx.list::<StoredReport>(Bucket::Report, &hood.0)? {
        let id = key.get(16..).and_then(|id| id.try_into().ok()).map(ReportId);
        if let (Some(id), Ok(report)) = (id, wire::decode_body::<Report>(&stored.body)) {
            out.insert(id, (stored, report));
        }
    }
    Ok(out)
}

/// The desk events of a neighborhood that count.
pub(crate) fn entries(
    tx: &Tx<'_>,
    hood: &Hood,
    charters: &CharterHistory,
    now: Timestamp,
) -> Result<Vec<Entry>, ClientError> {
    let rights = charters.rights();
    let stored = tx.list::<StoredDeskEvent>(Bucket::DeskEvent, &hood.id.0)?;
    Ok(stored
        .into_iter()
        .filter_map(|(_, stored)| {
            // Its signature was checked when it was taken, and the vault is sealed.
            let body = wire::decode_body::<DeskBody>(&stored.event.body).ok()?;
            let by = author(&rights, hood.id, &stored.event.signer, body.at, now)?;
            Some(Entry { id: desk_id(&hood.place(), &stored.event), by, at: body.at, event: body.event })
        })
        .collect())
}

/// Which template an event is about.
const fn template_of(body: &DeskBody) -> Option<&Code> {
    match &body.event {
        DeskEvent::Template { name, .. } => Some(name),
        _ => None,
    }
}

/// Notes that an event lies at a relay anew.
fn renew(tx: &Tx<'_>, hood: NeighborhoodId, id: DeskId, now: Timestamp) -> Result<(), ClientError> {
    let key = name(hood, &id.0);
    if let Some(stored) = tx.get::<StoredDeskEvent>(Bucket::DeskEvent, &key)? {
        tx.put(Bucket::DeskEvent, &key, &StoredDeskEvent { received: now, ..stored })?;
    }
    Ok(())
}

/// When an event was signed, and under which name it is kept.
type Word<'a> = (Timestamp, &'a Vec<u8>);

/// The newest event of each key about each template: they outlive the retention.
fn newest_templates(events: &[(Vec<u8>, StoredDeskEvent)]) -> BTreeSet<Vec<u8>> {
    let mut newest: BTreeMap<([u8; 32], Code), Word<'_>> = BTreeMap::new();
    for (key, stored) in events {
        let Ok(body) = wire::decode_body::<DeskBody>(&stored.event.body) else { continue };
        if let Some(name) = template_of(&body) {
            let held = newest.entry((*stored.event.signer.as_bytes(), name.clone())).or_insert((body.at, key));
            *held = (*held).max((body.at, key));
        }
    }
    newest.into_values().map(|(_, key)| key.clone()).collect()
}

/// Whether an event tells of one log: where that is lost, it is not so any more.
pub(crate) const fn is_of_one_log(event: &DeskEvent) -> bool {
    matches!(event, DeskEvent::Told { .. })
}

/// Forgets what told of a log that a relay has lost.
pub(crate) fn forget_lost_log(tx: &Tx<'_>, hood: NeighborhoodId, relay: &PublicKey) -> Result<(), ClientError> {
    for (key, stored) in tx.list::<StoredDeskEvent>(Bucket::DeskEvent, &hood.0)? {
        let of_it = wire::decode_body::<DeskBody>(&stored.event.body).is_ok_and(|body| is_of_one_log(&body.event));
        if of_it && !stored.seen_at.contains(relay) {
            tx.delete(Bucket::DeskEvent, &key)?;
        }
    }
    Ok(())
}

/// What all desk events that count amount to.
pub(crate) fn desk(tx: &Tx<'_>, hood: &Hood, charters: &CharterHistory, now: Timestamp) -> Result<Desk, ClientError> {
    let known: BTreeSet<ReportId> = reports(tx, hood.id)?.into_keys().collect();
    Ok(fold(&known, entries(tx, hood, charters, now)?))
}

/// Erases reports and desk events that have outlived the retention.
pub(crate) fn forget(tx: &Tx<'_>, hood: NeighborhoodId, gone: impl Fn(Timestamp) -> bool) -> Result<(), ClientError> {
    let mut left: BTreeSet<Vec<u8>> = BTreeSet::new();
    for (key, report) in tx.list::<StoredReport>(Bucket::Report, &hood.0)? {
        if gone(report.received) {
            tx.delete(Bucket::Report, &key)?;
        } else {
            left.insert(key);
        }
    }
    for (key, dropped) in tx.list::<Dropped>(Bucket::Dropped, &hood.0)? {
        if gone(dropped.last) {
            tx.delete(Bucket::Dropped, &key)?;
        }
    }
    let events = tx.list::<StoredDeskEvent>(Bucket::DeskEvent, &hood.0)?;
    let templates = newest_templates(&events);
    for (key, event) in events {
        if gone(event.received) && !templates.contains(&key) {
            tx.delete(Bucket::DeskEvent, &key)?;
        } else {
            left.insert(key);
        }
    }
    for (index, mut kept) in tx.list::<Vec<Kept>>(Bucket::DeskIndex, &hood.0)? {
        let before = kept.len();
        kept.retain(|kept| left.contains(&name(hood, &kept.id)));
        if kept.is_empty() {
            tx.delete(Bucket::DeskIndex, &index)?;
        } else if kept.len() < before {
            tx.put(Bucket::DeskIndex, &index, &kept)?;
        }
    }
    Ok(())
}

impl Client {
    /// What of the desk this relay does not have, and is not older than the retention: desk events as they were signed,
    /// and reports in the name of their authors.
    pub(crate) fn absent_from_desk(&self, link: &Link) -> Result<Vec<(Channel, Vec<u8>)>, ClientError> {
        let (charters, now, relay) = (self.charters()?, self.now(), link.connection.relay());
        let hours = charters.newest().neighborhood(link.hood).map_or(0, |terms| terms.retention_hours);
        let current = |at: Timestamp| at.plus(u64::from(hours) * HOUR) > now;
        self.read(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            let queued = queued(tx, &hood)?;
            let absent = |id: &[u8; 16], seen_at: &[PublicKey]| {
                !queued.contains(id) && !link.acked.contains(id) && !seen_at.contains(&relay)
            };
            let all = entries(tx, &hood, &charters, now)?.into_iter();
            let counts = all.filter(|entry| current(entry.at) && !is_of_one_log(&entry.event));
            let counts: BTreeSet<DeskId> = counts.map(|entry| entry.id).collect();
            let desk = desk(tx, &hood, &charters, now)?;
            let templates: BTreeSet<DeskId> = desk.templates().values().map(|shared| shared.id).collect();
            // What a relay was given so long ago it will soon have forgotten.
            let fades = |at: Timestamp| at.plus(u64::from(hours) * HOUR / 2) <= now;
            let mut out = Vec::new();
            for (_, stored) in tx.list::<StoredDeskEvent>(Bucket::DeskEvent, &link.hood.0)? {
                let id = desk_id(&hood.place(), &stored.event);
                let template = templates.contains(&id);
                let again = template && fades(stored.received) && !queued.contains(&id.0);
                if again || ((template || counts.contains(&id)) && absent(&id.0, &stored.seen_at)) {
                    out.push((Channel::Desk, wire::encode(&stored.event)));
                }
            }
            let roster = load_roster(tx, link.hood, hood.place(), link.epoch)?;
            for (id, (stored, report)) in reports(tx, link.hood)? {
                let member = roster.as_ref().and_then(|roster| roster.members().get(&stored.member));
                if let Some(member) = member.filter(|_| current(report.sent) && absent(&id.0, &stored.seen_at)) {
                    let auth = member.auth(hood.place());
                    let mac = *auth.inbox_mac(&stored.body).expose();
                    let item = InboxItem::Authenticated { member: member.id, body: stored.body, mac };
                    out.push((Channel::Inbox, item.to_bytes()));
                }
            }
            Ok(out)
        })
    }
}

/// The ids of reports and desk events that wait to be sent.
pub(crate) fn queued(tx: &Tx<'_>, hood: &Hood) -> Result<BTreeSet<[u8; 16]>, ClientError> {
    let queued: Vec<(Vec<u8>, Queued)> = tx.list(Bucket::Outbox, b"")?;
    let id = |queued: Queued| match queued {
        Queued::Inbox { hood: at, body } if at == hood.id => Some(report_id(&hood.place(), &body).0),
        Queued::Desk { hood: at, event } if at == hood.id => Some(event.0),
        _ => None,
    };
    Ok(queued.into_iter().filter_map(|(_, queued)| id(queued)).collect())
}
