//! Reading alerts: what the vault holds, judged at this moment.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use watchfire_protocol::desk::Desk;
use watchfire_protocol::direct::AttendedBy;
use watchfire_protocol::enough::said_by;
use watchfire_protocol::follow_up::{FollowUp, What, follow_up, waiting_follow_up};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, CoordinatorId, NeighborhoodId, RecordId};
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::{HeldAlert, HeldReason, Label, ShownAlert, Verdict};
use watchfire_protocol::vocabulary::{AnswerContent, Code, Place};

use super::by_prefix;
use super::thread::{InThread, Out, into_threads};
use crate::answers::{own_answer, own_moments, own_out, waiting_answers};
use crate::client::{Client, hood_name};
use crate::desk::desk;
use crate::directs::{attended_by, exact_place};
use crate::error::ClientError;
use crate::notice::{Teller, tell_heads};
use crate::records::{Arrival, judge_claim, read_claim};
use crate::state::{Hood, StoredAlert, StoredHeld, name, names};
use crate::vault::{Bucket, Tx};

/// An alert that may be shown, with its label.
#[derive(Clone, Debug)]
pub struct AlertView {
    /// The neighborhood.
    pub hood: NeighborhoodId,
    /// Its name.
    pub neighborhood: String,
    /// The alert as it was judged: label, notes and body.
    pub shown: ShownAlert,
    /// As many symbols of its id as tell it apart here.
    pub short: String,
    /// Handles of the granted coordinators who signed.
    pub signed_by: Vec<String>,
    /// The neighborhood's conduct line; empty for the default one.
    pub conduct: String,
    /// When it arrived.
    pub received: Timestamp,
    /// Whether it was printed before.
    pub printed: bool,
    /// How many coordinators had signed it when that was last told.
    pub told: u8,
    /// Whether this vault wrote it.
    pub own: bool,
    /// What later alerts say about it, oldest first; what its thread says now has all that stands beside the thread.
    pub follow_ups: Vec<FollowUpView>,
    /// How it stands in its thread.
    pub thread: InThread,
    /// Where exactly, for who is to know.
    pub exact: Option<Place>,
    /// What this member answered last to its thread.
    pub answered: Option<OwnAnswer>,
    /// As what this member is out for its thread by their own words.
    pub out: Option<Out>,
    /// Who takes care of this member, if they asked for help.
    pub attended: Option<AttendedBy>,
}

/// What this member answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAnswer {
    /// When.
    pub sent: Timestamp,
    /// What.
    pub content: AnswerContent,
    /// Whether it waits on this device.
    pub queued: bool,
}

impl AlertView {
    /// How many coordinators signed it, and how many the neighborhood asks for.
    #[must_use]
    pub fn signatures(&self) -> Signatures {
        Signatures { have: self.shown.signers().len(), need: self.shown.quorum() }
    }

    /// What closed it.
    #[must_use]
    pub fn closed_by(&self) -> Option<&FollowUpView> {
        self.follow_ups.iter().find(|later| later.follow_up.closes())
    }

    /// What says that it was wrong, and was written after it.
    #[must_use]
    pub fn corrected_by(&self) -> Option<&FollowUpView> {
        self.follow_ups.iter().find(|later| later.follow_up.what == What::Correction && later.follow_up.counts)
    }

    /// Whether it has been told with too few signatures, and has more of them by now.
    #[must_use]
    pub fn is_upgraded(&self) -> bool {
        let (told, Signatures { have, need }) = (usize::from(self.told), self.signatures());
        self.printed && told > 0 && told < need && told < have
    }
}

/// How many coordinators signed, and how many must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signatures {
    /// How many signed.
    pub have: usize,
    /// How many it takes.
    pub need: usize,
}

impl Signatures {
    /// Whether they are enough.
    #[must_use]
    pub const fn are_enough(&self) -> bool {
        self.have >= self.need
    }
}

/// A later alert that is about another one.
#[derive(Clone, Debug)]
pub struct FollowUpView {
    /// Its id.
    pub id: AlertId,
    /// What it says, and whether that counts.
    pub follow_up: FollowUp,
    /// How it ended, of a cancel.
    pub outcome: Option<Code>,
    /// When it was sent.
    pub sent: Timestamp,
    /// Handles of those who signed.
    pub signed_by: Vec<String>,
    /// How many signed.
    pub signatures: Signatures,
}

/// Something that was kept aside.
#[derive(Clone, Debug)]
pub struct HeldView {
    /// The neighborhood.
    pub hood: NeighborhoodId,
    /// Its name.
    pub neighborhood: String,
    /// The alert's id, or the record's where nothing opened.
    pub id: String,
    /// Why, in English.
    pub reason: String,
    /// Why.
    pub why: HeldReason,
    /// Whose signature it bears, where it bears a valid one.
    pub signer: Option<String>,
    /// Handles of the coordinators who count for it, where it waits for more of them.
    pub signed_by: Vec<String>,
    /// When it arrived.
    pub received: Timestamp,
    /// What it claims, where it opened: never to be shown as an alert.
    pub claim: Option<watchfire_protocol::alert::AlertBody>,
}

/// Which alerts to look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Of one neighborhood only.
    pub hood: Option<NeighborhoodId>,
    /// Also those that have expired.
    pub expired: bool,
    /// Only those that were never printed.
    pub unprinted: bool,
}

impl Client {
    /// The alerts that may be shown, oldest first, judged at this moment.
    ///
    /// # Errors
    /// The vault is in no network, or the disk refuses.
    pub fn alerts(&self, filter: Filter) -> Result<Vec<AlertView>, ClientError> {
        let (mut out, mut waiting) = (Vec::new(), Vec::new());
        self.judge_all(filter.hood, |tx, hood, stored, verdict| {
            match verdict {
                Verdict::Shown(shown) => out.push(alert_view(tx, hood, stored, *shown)?),
                Verdict::Held(held) => {
                    waiting.push((hood.id, handles(names(tx, hood.id)?.as_ref(), held.signers()), *held))
                }
            }
            Ok(())
        })?;
        out.sort_by_key(|view: &AlertView| (view.shown.body().sent, view.shown.id()));
        shorten(&mut out);
        relate(&mut out, &waiting);
        into_threads(&mut out);
        let (charters, now) = (self.charters()?, self.now());
        out.retain(|view| (filter.expired || !view.has_expired(now)) && !(filter.unprinted && view.printed));
        self.read(|tx| tell_this_member(tx, &mut out, &charters, now))?;
        Ok(out)
    }

    /// One alert, by any unique prefix of its id.
    ///
    /// # Errors
    /// None, or more than one, begins so.
    pub fn alert(&self, wanted: &str) -> Result<AlertView, ClientError> {
        let all = self.alerts(Filter { expired: true, ..Filter::default() })?;
        by_prefix("alert", wanted, all.into_iter().map(|view| (view.shown.id().to_string(), view)))
    }

    /// Everything that was kept aside, with the reason as it is at this moment.
    ///
    /// # Errors
    /// The vault is in no network, or the disk refuses.
    pub fn held(&self, only: Option<NeighborhoodId>) -> Result<Vec<HeldView>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let mut out = Vec::new();
        self.judge_all(only, |tx, hood, stored, verdict| {
            if let Verdict::Held(held) = verdict {
                out.push(held_view(tx, hood, stored.received, *held)?);
            }
            Ok(())
        })?;
        self.read(|tx| {
            for hood in wanted_hoods(tx, only)? {
                for (key, stored) in tx.list::<StoredHeld>(Bucket::Held, &hood.id.0)? {
                    let claim = stored.signed.as_deref().and_then(read_claim);
                    let Some(claim) = claim else {
                        let id = key.get(16..32).and_then(|b| b.try_into().ok()).map_or(RecordId::ZERO, RecordId);
                        out.push(HeldView {
                            hood: hood.id,
                            neighborhood: hood_name(tx, hood.id)?,
                            id: id.to_string(),
                            why: unopened_reason(&stored.reason),
                            reason: stored.reason,
                            signer: None,
                            signed_by: vec![],
                            received: stored.received,
                            claim: None,
                        });
                        continue;
                    };
                    let received = stored.received;
                    let arrival = Arrival { record_epoch: stored.record_epoch, received, accepted: &[] };
                    // Judged again: a charter that came since may have made it an alert.
                    match judge_claim(tx, &hood, &charters, now, &arrival, claim)? {
                        Verdict::Held(held) => out.push(held_view(tx, &hood, received, *held)?),
                        Verdict::Shown(shown) => promote(tx, &hood, &key, &stored, &shown)?,
                    }
                }
            }
            Ok(())
        })?;
        out.sort_by_key(|view| view.received);
        Ok(out)
    }

    /// Notes that an alert was printed, and with how many signatures, after it was.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn mark_printed(&self, view: &AlertView) -> Result<(), ClientError> {
        self.read(|tx| {
            let key = name(view.hood, &view.shown.id().0);
            if let Some(mut stored) = tx.get::<StoredAlert>(Bucket::Alert, &key)? {
                stored.printed = true;
                stored.told = u8::try_from(view.signatures().have).unwrap_or(u8::MAX);
                tx.put(Bucket::Alert, &key, &stored)?;
            }
            Ok(())
        })
    }

    /// Looks whether something held has become an alert, since a charter or an announcement came.
    pub(crate) fn review_held(&self, hood: NeighborhoodId) -> Result<(), ClientError> {
        self.held(Some(hood)).map(drop)
    }

    fn judge_all(
        &self,
        only: Option<NeighborhoodId>,
        mut each: impl FnMut(&Tx<'_>, &Hood, &StoredAlert, Verdict) -> Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.read(|tx| {
            for hood in wanted_hoods(tx, only)? {
                for (_, stored) in tx.list::<StoredAlert>(Bucket::Alert, &hood.id.0)? {
                    let Some(claim) = read_claim(&stored.signed) else { continue };
                    let verdict = judge_claim(tx, &hood, &charters, now, &stored.arrival(), claim)?;
                    each(tx, &hood, &stored, verdict)?;
                }
            }
            Ok(())
        })
    }
}

/// Fills in what this member alone is told of alerts, and what they answered.
fn tell_this_member(
    tx: &Tx<'_>,
    views: &mut [AlertView],
    charters: &CharterHistory,
    now: Timestamp,
) -> Result<(), ClientError> {
    let mut desks: BTreeMap<NeighborhoodId, Desk> = BTreeMap::new();
    let waiting = waiting_answers(tx)?;
    for view in views {
        let desk = match desks.entry(view.hood) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(desk(tx, &Hood::load(tx, view.hood)?, charters, now)?),
        };
        let said = own_moments(tx, view.hood, &view.thread.ids)?;
        view.answered = own_answer(tx, view.hood, &view.thread.ids)?.map(|own| own.to_view(&waiting));
        view.out = own_out(said);
        view.attended = attended_by(tx, view.hood, &view.thread.ids, said)?;
        view.exact = exact_place(tx, view.hood, desk, &view.thread)?;
    }
    Ok(())
}

fn wanted_hoods(tx: &Tx<'_>, only: Option<NeighborhoodId>) -> Result<Vec<Hood>, ClientError> {
    let mut hoods = Hood::all(tx)?;
    hoods.retain(|hood| only.is_none_or(|only| only == hood.id));
    Ok(hoods)
}

fn promote(tx: &Tx<'_>, hood: &Hood, key: &[u8], held: &StoredHeld, shown: &ShownAlert) -> Result<(), ClientError> {
    let at = name(hood.id, &shown.id().0);
    if tx.get::<StoredAlert>(Bucket::Alert, &at)?.is_none() {
        let stored = StoredAlert {
            signed: watchfire_protocol::wire::encode(shown.signed()),
            record_epoch: held.record_epoch,
            record_hour: watchfire_protocol::time::Hour(0),
            received: held.received,
            printed: false,
            told: 0,
            own: false,
            seen_at: vec![],
            expires: shown.expires(),
            counted: shown.counted().to_vec(),
        };
        tx.put(Bucket::Alert, &at, &stored)?;
        if let Some(signer) = shown.signers().first() {
            tell_heads(tx, hood, Teller::Coordinator(*signer), &shown.body().heads, held.received)?;
        }
    }
    Ok(tx.delete(Bucket::Held, key)?)
}

pub(crate) fn handles(block: Option<&NamesBlock>, signers: &[CoordinatorId]) -> Vec<String> {
    let handle =
        |id: &CoordinatorId| block.and_then(|block| block.handle(id)).map_or_else(|| id.to_string(), str::to_owned);
    signers.iter().map(handle).collect()
}

pub(crate) fn alert_view(
    tx: &Tx<'_>,
    hood: &Hood,
    stored: &StoredAlert,
    shown: ShownAlert,
) -> Result<AlertView, ClientError> {
    let block = names(tx, hood.id)?;
    let id = shown.id().to_string();
    let short = id.get(..super::MIN_PREFIX).unwrap_or(&id).to_owned();
    let alone = InThread::alone(shown.id(), short.clone(), shown.expires());
    let thread = InThread { enough: said_by(shown.body()), ..alone };
    Ok(AlertView {
        hood: hood.id,
        neighborhood: hood_name(tx, hood.id)?,
        short,
        signed_by: handles(block.as_ref(), shown.signers()),
        conduct: block.map(|block| block.conduct).unwrap_or_default(),
        shown,
        received: stored.received,
        printed: stored.printed,
        told: stored.told,
        own: stored.own,
        follow_ups: vec![],
        thread,
        exact: None,
        answered: None,
        out: None,
        attended: None,
    })
}

fn held_view(tx: &Tx<'_>, hood: &Hood, received: Timestamp, held: HeldAlert) -> Result<HeldView, ClientError> {
    let (id, reason) = (held.id().to_string(), held.reason().clone());
    let signed_by = handles(names(tx, hood.id)?.as_ref(), held.signers());
    let signer = match &reason {
        HeldReason::NotGranted { signer } | HeldReason::Revoked { signer } => Some(signer.to_string()),
        _ => None,
    };
    Ok(HeldView {
        hood: hood.id,
        neighborhood: hood_name(tx, hood.id)?,
        id,
        reason: reason.to_string(),
        why: reason,
        signer,
        signed_by,
        received,
        claim: watchfire_protocol::wire::decode_body(&held.into_claim().body).ok(),
    })
}

/// Why a record without a claim in it is kept aside: it is stored in words.
fn unopened_reason(stored: &str) -> HeldReason {
    let plain = [HeldReason::Unopenable, HeldReason::AbsurdHour, HeldReason::Newer];
    let said = |reason: &HeldReason| reason.to_string() == stored;
    plain.into_iter().find(said).unwrap_or_else(|| {
        let prefix = HeldReason::Malformed(String::new()).to_string();
        HeldReason::Malformed(stored.strip_prefix(&prefix).unwrap_or(stored).to_owned())
    })
}

/// Puts beside every alert what later ones say about it, those that wait for signatures among them.
fn relate(views: &mut [AlertView], waiting: &[(NeighborhoodId, Vec<String>, HeldAlert)]) {
    let mut found: Vec<(usize, FollowUpView)> = Vec::new();
    for later in views.iter().filter(|later| !later.shown.body().content.references.is_empty()) {
        for (index, view) in views.iter().enumerate() {
            let Some(follow_up) = follow_up(&view.shown, &later.shown) else { continue };
            let body = later.shown.body();
            let beside = FollowUpView {
                id: later.shown.id(),
                follow_up,
                outcome: body.content.outcome.clone(),
                sent: body.sent,
                signed_by: later.signed_by.clone(),
                signatures: later.signatures(),
            };
            found.push((index, beside));
        }
    }
    for (hood, signed_by, held) in waiting {
        let HeldReason::BelowQuorum { signed, quorum } = *held.reason() else { continue };
        for (index, view) in views.iter().enumerate().filter(|(_, view)| view.hood == *hood) {
            let Some((follow_up, body)) = waiting_follow_up(&view.shown, held) else { continue };
            let beside = FollowUpView {
                id: held.id(),
                follow_up,
                outcome: body.content.outcome,
                sent: body.sent,
                signed_by: signed_by.clone(),
                signatures: Signatures { have: signed, need: quorum },
            };
            found.push((index, beside));
        }
    }
    found.sort_by_key(|(_, later)| (later.sent, later.id));
    for (index, later) in found {
        if let Some(view) = views.get_mut(index) {
            view.follow_ups.push(later);
        }
    }
}

/// Gives every alert as many symbols of its id as tell it apart.
fn shorten(views: &mut [AlertView]) {
    let short = super::shortest(views.iter().map(|view| view.shown.id().to_string()).collect());
    for (view, short) in views.iter_mut().zip(short) {
        view.short = short;
    }
}

/// Whether an alert is labelled VERIFIED.
#[must_use]
pub fn is_verified(view: &AlertView) -> bool {
    *view.shown.label() == Label::Verified
}
