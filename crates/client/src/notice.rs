//! What a relay keeps back, as far as others told of it: alerts that did not come, silence, members who see another
//! view. Told beside what people read; it changes no label.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};
use watchfire_protocol::alert::{Head, MAX_HEADS};
use watchfire_protocol::charter::Rights;
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, CoordinatorId, MemberId, NeighborhoodId};
use watchfire_protocol::inbox::Sees;
use watchfire_protocol::time::{HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::Confirmation;
use watchfire_protocol::withholding::{OtherView, Own, Tenure, compare, silent_since, withheld_since};

use crate::client::Client;
use crate::epochs::{known_announcements, load_roster, newest_announcement, reopen};
use crate::error::ClientError;
use crate::records::read_claim;
use crate::restrictions::restrictions_since;
use crate::state::{self, EpochState, Hood, StoredAlert, StoredHeld};
use crate::vault::{Bucket, Tx};

/// At most so many missing alerts are kept of one teller; the oldest go first. Who makes some up crowds out nobody
/// else's.
const MAX_TOLD: usize = 32;
/// So long a relay that lost something is filled again before what it lacks counts as withheld, in seconds.
const REFILL: u64 = 600;

/// Who told of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Teller {
    /// A coordinator, by an alert or a beacon.
    Coordinator(CoordinatorId),
    /// A member, by an answer: coordinators read it.
    Member(MemberId),
}

impl Teller {
    const fn bytes(&self) -> [u8; 16] {
        match self {
            Self::Coordinator(CoordinatorId(id)) | Self::Member(MemberId(id)) => *id,
        }
    }
}

/// `Head`: an alert that somebody had seen, and that was not here when they told of it.
#[derive(Clone, Copy, Encode, Decode)]
pub struct StoredHead {
    /// The alert.
    pub head: Head,
    /// Who told.
    pub by: Teller,
    /// When that was read.
    pub at: Timestamp,
}

/// `View`: what a member saw when they last answered.
#[derive(Clone, Copy, Encode, Decode)]
pub struct StoredView {
    /// Who.
    pub member: MemberId,
    /// What.
    pub sees: Sees,
    /// When the record was sealed, to the hour.
    pub sealed: Timestamp,
}

/// An alert that others saw, and that has not come here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The alert.
    pub id: AlertId,
    /// When it was sealed, to the hour.
    pub since: Timestamp,
    /// Handles of those who told of it.
    pub told_by: Vec<String>,
}

/// A member who sees something else than this vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherViewOf {
    /// What they are called.
    pub handle: String,
    /// What they see.
    pub sees: OtherView,
}

/// All that is noticed of one neighborhood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Alerts that others saw, and that have not come here.
    pub withheld: Vec<Withheld>,
    /// Since when nothing was heard of any other coordinator, if that is more than a day.
    pub silent_since: Option<Timestamp>,
    /// Members who see another charter or epoch: for a coordinator.
    pub other_views: Vec<OtherViewOf>,
}

impl Client {
    /// What a relay keeps back, as far as it is noticed here.
    ///
    /// # Errors
    /// The vault is not a member there, or the disk refuses.
    pub fn notices(&self, hood: NeighborhoodId) -> Result<Notices, ClientError> {
        let (profile, charters, now) = (self.profile()?, self.charters()?, self.now());
        let rights = charters.rights();
        let device = profile.device_key(&rights, hood, "").ok();
        let own = device.and_then(|key| rights.coordinator_of(&key.public()));
        let others = rights.others_granted(hood, &own.into_iter().collect(), now);
        self.read(|tx| {
            let hood = Hood::load(tx, hood)?;
            Ok(Notices {
                withheld: withheld(tx, &hood, &charters, now)?,
                silent_since: if others { silence(tx, &hood, &rights, own, now)? } else { None },
                other_views: other_views(tx, &hood, &charters, now)?,
            })
        })
    }
}

/// Keeps of which alerts somebody told, as far as they are not here.
pub(crate) fn tell_heads(
    tx: &Tx<'_>,
    hood: &Hood,
    by: Teller,
    heads: &[Head],
    now: Timestamp,
) -> Result<(), ClientError> {
    for head in heads.iter().take(MAX_HEADS) {
        if head.expires <= now || is_here(tx, hood, &head.alert)? {
            continue;
        }
        let name = state::name(hood.id, &[head.alert.0, by.bytes()].concat());
        if tx.get::<StoredHead>(Bucket::Head, &name)?.is_none() {
            make_room(tx, hood, by)?;
            tx.put(Bucket::Head, &name, &StoredHead { head: *head, by, at: now })?;
        }
    }
    Ok(())
}

fn make_room(tx: &Tx<'_>, hood: &Hood, by: Teller) -> Result<(), ClientError> {
    let mut told: Vec<(Vec<u8>, StoredHead)> = tx.list(Bucket::Head, &hood.id.0)?;
    told.retain(|(_, told)| told.by == by);
    if told.len() >= MAX_TOLD
        && let Some((oldest, _)) = told.iter().min_by_key(|(_, told)| told.at)
    {
        tx.delete(Bucket::Head, oldest)?;
    }
    Ok(())
}

fn is_here(tx: &Tx<'_>, hood: &Hood, alert: &AlertId) -> Result<bool, ClientError> {
    Ok(tx.get::<StoredAlert>(Bucket::Alert, &state::name(hood.id, &alert.0))?.is_some())
}

/// Notes that the log was read to its tail: what is missing by then is missing.
pub(crate) fn note_tail(tx: &Tx<'_>, hood: &mut Hood, relay_lost: bool, now: Timestamp) -> Result<(), ClientError> {
    let tail = if relay_lost { now.minus(REFILL) } else { now };
    hood.tail = hood.tail.max(tail);
    hood.save(tx)
}

/// Whether something was told of since the log was last read to its tail.
pub(crate) fn is_undecided(tx: &Tx<'_>, hood: &Hood) -> Result<bool, ClientError> {
    let told: Vec<(Vec<u8>, StoredHead)> = tx.list(Bucket::Head, &hood.id.0)?;
    Ok(told.iter().any(|(_, told)| told.at > hood.tail))
}

/// The alerts that should be here, and are not.
pub(crate) fn missing(
    tx: &Tx<'_>,
    hood: &Hood,
    charters: &CharterHistory,
    now: Timestamp,
) -> Result<BTreeMap<AlertId, (Timestamp, Vec<Teller>)>, ClientError> {
    let mut out: BTreeMap<AlertId, (Timestamp, Vec<Teller>)> = BTreeMap::new();
    let mut told: Vec<(Vec<u8>, StoredHead)> = tx.list(Bucket::Head, &hood.id.0)?;
    told.retain(|(_, told)| told.at <= hood.tail);
    let Some(terms) = charters.newest().neighborhood(hood.id).filter(|_| !told.is_empty()) else { return Ok(out) };
    let (tenures, held) = (tenures(tx, hood)?, held_ids(tx, hood)?);
    for (_, StoredHead { head, by, .. }) in told {
        let since = withheld_since(&head, &tenures, terms.retention_hours, now);
        if let Some(since) = since.filter(|_| !held.contains(&head.alert))
            && !is_here(tx, hood, &head.alert)?
        {
            out.entry(head.alert).or_insert((since, Vec::new())).1.push(by);
        }
    }
    Ok(out)
}

/// The same, for people.
fn withheld(tx: &Tx<'_>, hood: &Hood, charters: &CharterHistory, now: Timestamp) -> Result<Vec<Withheld>, ClientError> {
    let missing = missing(tx, hood, charters, now)?;
    missing
        .into_iter()
        .map(|(id, (since, tellers))| {
            let told_by = tellers.iter().map(|teller| handle(tx, hood, *teller)).collect::<Result<_, _>>()?;
            Ok(Withheld { id, since, told_by })
        })
        .collect()
}

fn tenures(tx: &Tx<'_>, hood: &Hood) -> Result<Vec<Tenure>, ClientError> {
    let epochs = tx.list::<EpochState>(Bucket::Epoch, &hood.id.0)?.into_iter();
    Ok(epochs
        .map(|(_, epoch)| Tenure { epoch: epoch.epoch, opened_at: epoch.opened_at, first_hour: epoch.first_hour() })
        .collect())
}

/// The alerts that are kept aside: they came.
fn held_ids(tx: &Tx<'_>, hood: &Hood) -> Result<BTreeSet<AlertId>, ClientError> {
    let held = tx.list::<StoredHeld>(Bucket::Held, &hood.id.0)?.into_iter();
    let claims = held.filter_map(|(_, held)| held.signed.as_deref().and_then(read_claim));
    Ok(claims.map(|claim| claim.id(&hood.place())).collect())
}

fn handle(tx: &Tx<'_>, hood: &Hood, teller: Teller) -> Result<String, ClientError> {
    Ok(match teller {
        Teller::Coordinator(id) => {
            let names = state::names(tx, hood.id)?;
            names.and_then(|names| names.handle(&id).map(str::to_owned)).unwrap_or_else(|| id.to_string())
        }
        Teller::Member(id) => {
            let roster = load_roster(tx, hood.id, hood.place(), hood.epoch)?;
            let member = roster.as_ref().and_then(|roster| roster.members().get(&id));
            member.map_or_else(|| id.to_string(), |member| member.handle.clone())
        }
    })
}

/// Since when no coordinator but `own` was heard, if that is more than a day.
fn silence(
    tx: &Tx<'_>,
    hood: &Hood,
    rights: &Rights<'_>,
    own: Option<CoordinatorId>,
    now: Timestamp,
) -> Result<Option<Timestamp>, ClientError> {
    let heard = tx.list::<Confirmation>(Bucket::Confirmation, &hood.id.0)?.into_iter().map(|(_, heard)| heard);
    let others = heard.filter(|heard| rights.coordinator_of(&heard.signer) != own || own.is_none());
    let signed: Vec<Timestamp> = others.map(|heard| heard.at).collect();
    let bytes: Option<Vec<u8>> = tx.get(Bucket::Announcement, &state::epoch_name(hood.id, hood.first_epoch))?;
    let joined = bytes.and_then(|bytes| reopen(&bytes, hood.place())).map(|first| {
        let opened_at = first.keys().opened_at;
        Tenure { epoch: hood.first_epoch, opened_at, first_hour: hood.first_hour }.since()
    });
    Ok(joined.and_then(|joined| silent_since(signed, joined, now)))
}

/// Keeps what a member saw when they sealed a record of this epoch and hour.
pub(crate) fn keep_view(
    tx: &Tx<'_>,
    hood: &Hood,
    member: MemberId,
    sees: Sees,
    (epoch, hour): (&EpochState, Hour),
    now: Timestamp,
) -> Result<(), ClientError> {
    let sealed = epoch.opened_at.plus(u64::from(hour.0) * HOUR).min(now);
    let name = state::name(hood.id, &member.0);
    let held: Option<StoredView> = tx.get(Bucket::View, &name)?;
    if held.is_none_or(|held| held.sealed <= sealed) {
        tx.put(Bucket::View, &name, &StoredView { member, sees, sealed })?;
    }
    tell_heads(tx, hood, Teller::Member(member), sees.head.as_slice(), now)
}

/// The members who see another charter or epoch than this vault, by their newest answers.
fn other_views(
    tx: &Tx<'_>,
    hood: &Hood,
    charters: &CharterHistory,
    now: Timestamp,
) -> Result<Vec<OtherViewOf>, ClientError> {
    let views: Vec<(Vec<u8>, StoredView)> = tx.list(Bucket::View, &hood.id.0)?;
    let roster = load_roster(tx, hood.id, hood.place(), hood.epoch)?;
    let (Some(roster), Some(newest)) = (roster.filter(|_| !views.is_empty()), newest_announcement(tx, hood.id)?) else {
        return Ok(vec![]);
    };
    let announcements = known_announcements(tx, hood)?;
    let own = Own {
        charters,
        charter_since: state::charter_since(tx, charters, now)?,
        restrictions_since: restrictions_since(tx, charters, now)?,
        announcements: &announcements,
        announcement: newest.hash(),
        announcement_since: newest.keys().opened_at,
    };
    Ok(views
        .into_iter()
        .filter_map(|(_, view)| {
            let member = roster.members().get(&view.member)?;
            let sees = compare(&view.sees, view.sealed, &own)?;
            Some(OtherViewOf { handle: member.handle.clone(), sees })
        })
        .collect())
}

/// Forgets missing alerts that came, or have expired.
pub(crate) fn forget(tx: &Tx<'_>, hood: &Hood, retention: u64, now: Timestamp) -> Result<(), ClientError> {
    for (name, told) in tx.list::<StoredHead>(Bucket::Head, &hood.id.0)? {
        let gone = told.head.expires.min(told.at.plus(retention + 2 * HOUR)) <= now;
        if gone || is_here(tx, hood, &told.head.alert)? {
            tx.delete(Bucket::Head, &name)?;
        }
    }
    Ok(())
}
