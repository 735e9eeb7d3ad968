//! The verdict: what becomes of an alert that arrived. `docs/protocol.md`, "Labels".
//!
//! A [`SignedAlert`] is a claim. [`judge`] consumes it and gives back a [`ShownAlert`] with its label and the reason
//! for it, or a [`HeldAlert`] that is kept aside. No other function makes a `ShownAlert`:
//!
//! ```compile_fail
//! use watchfire_protocol::verdict::{Label, ShownAlert};
//! fn forge(claimed: watchfire_protocol::alert::SignedAlert) -> ShownAlert {
//!     ShownAlert { signed: claimed, label: Label::Verified }
//! }
//! ```
//!
//! No wrong clock, late charter or missing predecessor hides an alert that a quorum signed: doubt is told beside it.

use std::collections::BTreeSet;

use crate::alert::{AlertBody, MAX_HEADS, SignedAlert};
use crate::charter::{BelowQuorum, Charter, Expiry, Neighborhood, Right, Rights, Standing};
use crate::history::CharterHistory;
use crate::id::{AlertId, AnnouncementHash, CharterHash, CoordinatorId, Epoch, RestrictionsHash};
use crate::kdf::Place;
use crate::sign::PublicKey;
use crate::time::{HOUR, Timestamp};
use crate::wire::{self, WireError};

/// A clock that is further than this from a signed time is in doubt, in seconds.
pub const CLOCK_DOUBT: u64 = 15 * 60;
/// An alert that arrives so long after it was sent is noted as late, in seconds.
pub const LATE: u64 = 10 * 60;
/// A confirmation that is dated further than this in the future counts for nothing, in seconds: one clock that is years
/// ahead would make every view look fresh for years.
pub const AHEAD: u64 = HOUR;
/// From a retired key, an alert that arrives later than this after the window is at most SIGNED, in seconds.
pub const RETIRED_GRACE: u64 = HOUR;

/// A coordinator's confirmation of what they saw: by a beacon, an alert, an announcement or a late slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, bincode::Encode, bincode::Decode)]
pub struct Confirmation {
    /// Whose signature it bears.
    pub signer: PublicKey,
    /// When.
    pub at: Timestamp,
    /// The charter that they named.
    pub charter: CharterHash,
    /// The set of restrictions that they named.
    pub restrictions: RestrictionsHash,
    /// The announcement that they named.
    pub announcement: AnnouncementHash,
}

/// A signature that counted when its alert was shown. Whoever keeps an alert keeps these with it: they go on to count
/// when the signer retires or is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, bincode::Encode, bincode::Decode)]
pub struct Counted {
    /// The device key.
    pub signer: PublicKey,
    /// Whose device it was.
    pub coordinator: CoordinatorId,
}

/// What a receiver knows when an alert arrives.
pub struct Circumstances<'a> {
    /// Where it arrived.
    pub place: Place,
    /// The epoch of the record that it came in.
    pub record_epoch: Epoch,
    /// The charters held, and the restrictions beside them.
    pub charters: &'a CharterHistory,
    /// What counted when this very alert was shown; empty for one that never was.
    pub accepted: &'a [Counted],
    /// The announcements held: the current one and its ancestors.
    pub announcements: &'a BTreeSet<AnnouncementHash>,
    /// Who confirmed what, and when.
    pub confirmations: &'a [Confirmation],
    /// Whether the words of the phrase were confirmed, or the link was handed over in person.
    pub network_confirmed: bool,
    /// When the alert first arrived.
    pub received: Timestamp,
    /// The time.
    pub now: Timestamp,
    /// Whether the clock is in doubt.
    pub clock_in_doubt: bool,
    /// The alerts that others told of, and that should be here: [`crate::withholding`].
    pub withheld: &'a BTreeSet<AlertId>,
}

/// The one label of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// A quorum of granted coordinators signed it, it says that it was checked, and the view of the charter is fresh.
    Verified,
    /// A granted coordinator signed it, and something is missing. Never empty; the first reason weighs most.
    Signed(Vec<SignedReason>),
}

/// Why an alert is not VERIFIED.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedReason {
    /// The phrase was not confirmed: this may be somebody else's network.
    UnconfirmedNetwork,
    /// Fewer coordinators than the quorum, and the charter says to show it.
    BelowQuorum {
        /// How many signed.
        signed: usize,
        /// How many it takes.
        quorum: usize,
    },
    /// Restrictions leave fewer dispatchers than the quorum: nobody could fill it, so it is shown under either policy.
    DispatchersRestricted {
        /// How many signed.
        signed: usize,
        /// How many it takes.
        quorum: usize,
        /// How many may still dispatch.
        left: usize,
    },
    /// It asks people to find out whether it is true.
    CallToVerify,
    /// It does not say that the sighting was checked.
    NotChecked,
    /// Nobody but its signers has confirmed the charter and the epoch lately.
    FreshnessUnknown {
        /// The last confirmation, if there was one.
        since: Option<Timestamp>,
    },
    /// The charter expired, and its grace is over.
    CharterExpired {
        /// For how many days.
        days: u64,
    },
    /// The signer's window ended more than an hour before it arrived.
    RetiredKey,
    /// Its author holds a charter version that is not here yet.
    NewerCharter {
        /// The version that it names.
        named: u64,
        /// The newest version held.
        held: u64,
    },
    /// Its author holds another charter, other restrictions or another epoch than this vault: somebody shows two different
    /// views.
    OtherView,
}

/// What is said beside the label. It never changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// It arrived long after it was sent.
    Late {
        /// Seconds.
        seconds: u64,
    },
    /// It is shown in history, and notifies nobody.
    Expired,
    /// The time it says it was sent is in the future, or the clock here is off.
    ClockInDoubt,
    /// The charter has expired; it is in its grace.
    CharterInGrace {
        /// For how many days.
        days: u64,
    },
    /// It carries a signature that nobody here can count.
    UncountedSignature,
    /// Its author had seen an alert that has not come here.
    EarlierMissing,
    /// A coordinator who signed it has retired since it was shown.
    SenderRetired,
    /// A coordinator who signed it was revoked or restricted since it was shown.
    SenderRevoked,
}

/// Why an alert is kept aside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeldReason {
    /// Not openable with the keys of its epoch and hour: altered, or sealed by somebody without them.
    #[error("record cannot be opened: it was altered, or made by somebody without the keys")]
    Unopenable,
    /// An hour that is absurd.
    #[error("record claims an hour too far in the future")]
    AbsurdHour,
    /// What is in the record is no alert, beacon or the like.
    #[error("record opens, but its content is malformed: {0}")]
    Malformed(String),
    /// A newer program made it.
    #[error("made by a newer version of watchfire")]
    Newer,
    /// No signature verifies for this neighborhood: altered, or taken from another one.
    #[error("no signature on it is valid in this neighborhood: it was altered, or belongs elsewhere")]
    BadSignature,
    /// Every valid signature is by a key that the charter does not grant.
    #[error("not signed by a coordinator that the charter grants")]
    NotGranted {
        /// Whose signature it bears.
        signer: PublicKey,
    },
    /// Its only signers are restricted, or distrusted from that epoch on.
    #[error("signed by a coordinator whose grant was revoked")]
    Revoked {
        /// Whose signature it bears.
        signer: PublicKey,
    },
    /// The charter says to hold alerts below the quorum.
    #[error("signed by {signed} of {quorum} coordinators, and this neighborhood holds such alerts")]
    BelowQuorum {
        /// How many signed.
        signed: usize,
        /// How many it takes.
        quorum: usize,
    },
    /// A record of an earlier epoch than the alert in it.
    #[error("the alert claims a later epoch than the record around it")]
    EpochMismatch,
}

/// An alert that may be shown, always together with its label.
#[derive(Clone, Debug)]
pub struct ShownAlert {
    id: AlertId,
    place: Place,
    signed: SignedAlert,
    body: AlertBody,
    label: Label,
    notes: Vec<Note>,
    signers: Vec<CoordinatorId>,
    quorum: usize,
    stands: bool,
    counted: Vec<Counted>,
    expires: Timestamp,
}

/// An alert that is kept aside. It can be listed with its reason, and nothing else.
#[derive(Clone, Debug)]
pub struct HeldAlert {
    id: AlertId,
    signed: SignedAlert,
    reason: HeldReason,
    signers: Vec<CoordinatorId>,
}

impl ShownAlert {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> AlertId {
        self.id
    }

    /// Where it was judged.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// What it says.
    #[must_use]
    pub const fn body(&self) -> &AlertBody {
        &self.body
    }

    /// Its label.
    #[must_use]
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// What is said beside it.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The granted coordinators who signed it, by id.
    #[must_use]
    pub fn signers(&self) -> &[CoordinatorId] {
        &self.signers
    }

    /// How many coordinators the neighborhood asks for.
    #[must_use]
    pub const fn quorum(&self) -> usize {
        self.quorum
    }

    /// Whether a quorum in office signed it: as many as are asked for now, or as were when it was written and arrived. What
    /// ended or corrected an alert does not come undone when the quorum is raised.
    #[must_use]
    pub const fn quorum_stands(&self) -> bool {
        self.stands
    }

    /// The signatures that count, to be kept with the alert and passed as [`Circumstances::accepted`] from then on.
    #[must_use]
    pub fn counted(&self) -> &[Counted] {
        &self.counted
    }

    /// When it expires: never later than its sending and the neighborhood's retention.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }

    /// The bytes that were signed, to be kept or sealed again.
    #[must_use]
    pub const fn signed(&self) -> &SignedAlert {
        &self.signed
    }
}

impl HeldAlert {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> AlertId {
        self.id
    }

    /// Why it is kept aside.
    #[must_use]
    pub const fn reason(&self) -> &HeldReason {
        &self.reason
    }

    /// The coordinators who count for it, where it is held for being below the quorum.
    #[must_use]
    pub fn signers(&self) -> &[CoordinatorId] {
        &self.signers
    }

    /// What it claims, where that can be read: not to be shown as an alert.
    #[must_use]
    pub fn body(&self) -> Option<AlertBody> {
        wire::decode_body(&self.signed.body).ok()
    }

    /// What it claims, to be judged again when more is known.
    #[must_use]
    pub fn into_claim(self) -> SignedAlert {
        self.signed
    }
}

/// What became of an alert.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// To be shown with its label.
    Shown(Box<ShownAlert>),
    /// To be kept aside.
    Held(Box<HeldAlert>),
}

/// Judges an alert. The same claim under the same circumstances always gets the same verdict.
#[must_use]
pub fn judge(signed: SignedAlert, circumstances: &Circumstances<'_>) -> Verdict {
    let id = signed.id(&circumstances.place);
    match examine(&signed, circumstances) {
        Ok(found) => {
            let Found { body, label, notes, signers, counted, quorum, stands, expires } = found;
            let place = circumstances.place;
            let shown = ShownAlert { id, place, signed, body, label, notes, signers, quorum, stands, counted, expires };
            Verdict::Shown(Box::new(shown))
        }
        Err(Aside { reason, signers }) => Verdict::Held(Box::new(HeldAlert { id, signed, reason, signers })),
    }
}

struct Found {
    body: AlertBody,
    label: Label,
    notes: Vec<Note>,
    signers: Vec<CoordinatorId>,
    quorum: usize,
    stands: bool,
    counted: Vec<Counted>,
    expires: Timestamp,
}

struct Aside {
    reason: HeldReason,
    signers: Vec<CoordinatorId>,
}

impl From<HeldReason> for Aside {
    fn from(reason: HeldReason) -> Self {
        Self { reason, signers: Vec::new() }
    }
}

fn examine(signed: &SignedAlert, known: &Circumstances<'_>) -> Result<Found, Aside> {
    if !signed.is_well_formed() {
        return Err(HeldReason::Malformed("its signatures are not sorted, or repeated, or too many".to_owned()).into());
    }
    let valid: Vec<PublicKey> = signed.valid_signatures(&known.place).map(|signature| signature.signer).collect();
    let Some(first) = valid.first() else { return Err(HeldReason::BadSignature.into()) };
    let body: AlertBody = wire::decode_body(&signed.body).map_err(|error| match error {
        WireError::Newer => HeldReason::Newer,
        other => HeldReason::Malformed(other.to_string()),
    })?;
    if body.heads.len() > MAX_HEADS {
        return Err(HeldReason::Malformed(format!("{} heads, at most {MAX_HEADS}", body.heads.len())).into());
    }
    if body.epoch > known.record_epoch {
        return Err(HeldReason::EpochMismatch.into());
    }
    let (rights, charter) = (known.charters.rights(), known.charters.newest());
    let count = count_signers(&valid, &body, known);
    if count.signers.is_empty() {
        let refused = |signer| HeldReason::NotGranted { signer };
        return Err(count.revoked.map_or_else(|| refused(*first), |signer| HeldReason::Revoked { signer }).into());
    }
    let Some(terms) = charter.neighborhood(known.place.neighborhood) else {
        return Err(HeldReason::NotGranted { signer: *first }.into());
    };
    let (k, quorum) = (count.signers.len(), usize::from(terms.quorum));
    let below = below_quorum(k, terms, &rights, known);
    let below = below.map_err(|reason| Aside { reason, signers: count.signers.iter().copied().collect() })?;

    let mut reasons = Vec::new();
    if !known.network_confirmed {
        reasons.push(SignedReason::UnconfirmedNetwork);
    }
    reasons.extend(below);
    reasons.extend(view_doubt(&body, known));
    if body.content.is_call_to_verify() {
        reasons.push(SignedReason::CallToVerify);
    } else if body.content.needs_verification() && !body.content.claims_verified() {
        reasons.push(SignedReason::NotChecked);
    }
    if let Err(since) = freshness(&rights, terms.freshness_hours, &count.signers, known) {
        reasons.push(SignedReason::FreshnessUnknown { since });
    }
    let mut notes = Vec::new();
    match charter.expiry(known.now) {
        Expiry::Expired { days } => reasons.push(SignedReason::CharterExpired { days }),
        Expiry::Grace { days } => notes.push(Note::CharterInGrace { days }),
        Expiry::Fine | Expiry::Soon { .. } => {}
    }
    if count.on_time.len() < quorum && k >= quorum {
        reasons.push(SignedReason::RetiredKey);
    }

    let expires = body.expires.min(body.sent.plus(u64::from(terms.retention_hours) * HOUR));
    let late = known.received.since(body.sent);
    if late > LATE {
        notes.push(Note::Late { seconds: late });
    }
    if expires <= known.now {
        notes.push(Note::Expired);
    }
    if known.clock_in_doubt || body.sent > known.received.plus(CLOCK_DOUBT) {
        notes.push(Note::ClockInDoubt);
    }
    if valid.len() < signed.signatures.len() || count.uncounted || count.revoked.is_some() {
        notes.push(Note::UncountedSignature);
    }
    if body.heads.iter().any(|head| known.withheld.contains(&head.alert)) {
        notes.push(Note::EarlierMissing);
    }
    notes.extend(count.retired_since.then_some(Note::SenderRetired));
    notes.extend(count.revoked_since.then_some(Note::SenderRevoked));
    let missing = |reason: &SignedReason| matches!(reason, SignedReason::BelowQuorum { .. } | SignedReason::RetiredKey);
    let stands =
        !reasons.iter().any(missing) || quorum_then(&body, known).is_some_and(|then| count.on_time.len() >= then);
    let label = if reasons.is_empty() { Label::Verified } else { Label::Signed(reasons) };
    let signers = count.signers.into_iter().collect();
    Ok(Found { body, label, notes, signers, counted: count.counted, quorum, stands, expires })
}

/// How many signatures were asked for when it was written and arrived: by the version that it names, or by a later one
/// that had been issued when it came.
fn quorum_then(body: &AlertBody, known: &Circumstances<'_>) -> Option<usize> {
    let named = known.charters.by_hash(&body.charter)?.version();
    let then = |charter: &&Charter| {
        charter.version() == named || charter.version() > named && charter.body().issued < known.received
    };
    let asked =
        |charter: &Charter| charter.neighborhood(known.place.neighborhood).map(|terms| usize::from(terms.quorum));
    known.charters.iter().filter(then).filter_map(asked).max()
}

/// What becomes of an alert with so many signatures: nothing if they are enough.
fn below_quorum(
    signed: usize,
    terms: &Neighborhood,
    rights: &Rights<'_>,
    known: &Circumstances<'_>,
) -> Result<Option<SignedReason>, HeldReason> {
    let quorum = usize::from(terms.quorum);
    if signed >= quorum {
        return Ok(None);
    }
    let dispatchers = |rights: &Rights<'_>| rights.dispatchers(terms.id, known.received);
    let left = dispatchers(rights);
    if left < quorum && left < dispatchers(&rights.charter().as_written()) {
        return Ok(Some(SignedReason::DispatchersRestricted { signed, quorum, left }));
    }
    // Where nobody could fill the quorum, holding would hide every alert. What was shown does not vanish when the terms
    // change.
    if left >= quorum && terms.below_quorum == BelowQuorum::Hold && known.accepted.is_empty() {
        return Err(HeldReason::BelowQuorum { signed, quorum });
    }
    Ok(Some(SignedReason::BelowQuorum { signed, quorum }))
}

#[derive(Default)]
struct Count {
    /// Distinct coordinators granted `dispatch` when it says it was sent, or when it was shown.
    signers: BTreeSet<CoordinatorId>,
    /// By which keys.
    counted: Vec<Counted>,
    /// Those of them whose window had not ended more than an hour before it arrived.
    on_time: BTreeSet<CoordinatorId>,
    /// A valid signature is by this key, which is distrusted or restricted.
    revoked: Option<PublicKey>,
    /// A valid signature counts for nobody.
    uncounted: bool,
    /// One counts whose signer has retired since it was shown.
    retired_since: bool,
    /// One counts whose signer lost the right since it was shown.
    revoked_since: bool,
}

impl Count {
    fn add(&mut self, signer: PublicKey, coordinator: CoordinatorId, on_time: bool) {
        self.signers.insert(coordinator);
        self.counted.push(Counted { signer, coordinator });
        if on_time {
            self.on_time.insert(coordinator);
        }
    }
}

fn count_signers(valid: &[PublicKey], body: &AlertBody, known: &Circumstances<'_>) -> Count {
    let (here, rights) = (known.place.neighborhood, known.charters.rights());
    let at = |key, time| rights.grant_window(key, here, Right::Dispatch, time);
    let retired = |standing: Standing| matches!(standing, Standing::Retired { .. });
    let mut count = Count::default();
    for key in valid {
        let accepted = known.accepted.iter().find(|accepted| accepted.signer == *key);
        if rights.is_distrusted(key, here, body.epoch) {
            count.revoked = Some(*key);
        } else if let Standing::Granted(coordinator) = at(key, body.sent) {
            let limit = known.received.minus(RETIRED_GRACE).max(body.sent);
            count.add(*key, coordinator, !retired(at(key, limit)));
            count.retired_since |= accepted.is_some() && retired(at(key, known.now));
        } else if let Some(accepted) = accepted {
            count.add(*key, accepted.coordinator, true);
            let retired = retired(at(key, body.sent));
            count.retired_since |= retired;
            count.revoked_since |= !retired;
        } else if rights.is_restricted(key, here, Right::Dispatch) || rights.is_distrusted(key, here, Epoch(u64::MAX)) {
            count.revoked = Some(*key);
        } else {
            count.uncounted = true;
        }
    }
    count
}

/// Whether the author saw another charter or another epoch than this vault does.
fn view_doubt(body: &AlertBody, known: &Circumstances<'_>) -> Option<SignedReason> {
    let held = known.charters.newest().version();
    if body.charter_version > held {
        Some(SignedReason::NewerCharter { named: body.charter_version, held })
    } else if known.charters.by_hash(&body.charter).is_none_or(|charter| charter.version() != body.charter_version)
        || !known.charters.held_set(&body.restrictions)
        || !known.announcements.contains(&body.announcement)
    {
        Some(SignedReason::OtherView)
    } else {
        None
    }
}

/// Fresh: at most `hours` before, somebody granted a right here, who did not sign, confirmed the newest charter, a set of
/// restrictions and an announcement that we hold or held. Waived where nobody else was granted a right since the charter
/// was issued. The newest charter's own issue is its admins' confirmation: nobody can be frozen at it for longer than `hours` either.
///
/// A confirmation from after the alert arrived says the same about it, so an alert may become fresh; one from the
/// future says nothing.
///
/// # Errors
/// When the last confirmation was, if there was one.
fn freshness(
    rights: &Rights<'_>,
    hours: u16,
    signers: &BTreeSet<CoordinatorId>,
    known: &Circumstances<'_>,
) -> Result<(), Option<Timestamp>> {
    let window = u64::from(hours) * HOUR;
    let (here, charter) = (known.place.neighborhood, rights.charter());
    let possible = |at: Timestamp| at <= known.now.plus(AHEAD);
    let recent = |at: Timestamp| possible(at) && at.plus(window) >= known.received;
    if !rights.others_granted(here, signers, known.received) || recent(charter.body().issued) {
        return Ok(());
    }
    // By whom it is, and that they still have a right, is told by what holds now: who was revoked confirms nothing.
    let other = |confirmation: &&Confirmation| {
        let coordinator = rights.any_right(&confirmation.signer, here, confirmation.at);
        coordinator.is_some_and(|coordinator| !signers.contains(&coordinator))
    };
    let latest = known
        .confirmations
        .iter()
        .filter(|confirmation| {
            confirmation.charter == charter.hash()
                && known.charters.held_set(&confirmation.restrictions)
                && known.announcements.contains(&confirmation.announcement)
                && possible(confirmation.at)
        })
        .filter(other)
        .map(|confirmation| confirmation.at)
        .max();
    if latest.is_some_and(recent) { Ok(()) } else { Err(latest) }
}
