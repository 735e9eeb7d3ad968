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
use crate::charter::{BelowQuorum, Charter, Expiry, Right, Standing};
use crate::history::CharterHistory;
use crate::id::{AlertId, AnnouncementHash, CharterHash, CoordinatorId, Epoch, NeighborhoodId};
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
    /// Who.
    pub coordinator: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// The charter that they named.
    pub charter: CharterHash,
    /// The announcement that they named.
    pub announcement: AnnouncementHash,
}

/// What a receiver knows when an alert arrives.
pub struct Circumstances<'a> {
    /// Where it arrived.
    pub place: Place,
    /// The epoch of the record that it came in.
    pub record_epoch: Epoch,
    /// The charters held.
    pub charters: &'a CharterHistory,
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
    /// Its author holds another charter or another epoch than this vault: somebody shows two different views.
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
    /// Its only signers are distrusted from that epoch on.
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
            let Found { body, label, notes, signers, quorum, expires } = found;
            let place = circumstances.place;
            Verdict::Shown(Box::new(ShownAlert { id, place, signed, body, label, notes, signers, quorum, expires }))
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
    let charter = known.charters.newest();
    let count = count_signers(&valid, &body, charter, known);
    if count.signers.is_empty() {
        let reason =
            |signer| if count.revoked { HeldReason::Revoked { signer } } else { HeldReason::NotGranted { signer } };
        return Err(reason(*first).into());
    }
    let Some(terms) = charter.neighborhood(known.place.neighborhood) else {
        return Err(HeldReason::NotGranted { signer: *first }.into());
    };
    let (k, quorum) = (count.signers.len(), usize::from(terms.quorum));
    // Where nobody could fill the quorum, holding would hide every alert.
    let reachable = charter.dispatchers(known.place.neighborhood, known.received) >= quorum;
    if k < quorum && terms.below_quorum == BelowQuorum::Hold && reachable {
        return Err(Aside { reason: HeldReason::BelowQuorum { signed: k, quorum }, signers: count.signers });
    }

    let mut reasons = Vec::new();
    if !known.network_confirmed {
        reasons.push(SignedReason::UnconfirmedNetwork);
    }
    if k < quorum {
        reasons.push(SignedReason::BelowQuorum { signed: k, quorum });
    }
    reasons.extend(view_doubt(&body, known));
    if body.content.is_call_to_verify() {
        reasons.push(SignedReason::CallToVerify);
    } else if body.content.needs_verification() && !body.content.claims_verified() {
        reasons.push(SignedReason::NotChecked);
    }
    if let Err(since) = freshness(charter, terms.freshness_hours, &count.signers, known) {
        reasons.push(SignedReason::FreshnessUnknown { since });
    }
    let mut notes = Vec::new();
    match charter.expiry(known.now) {
        Expiry::Expired { days } => reasons.push(SignedReason::CharterExpired { days }),
        Expiry::Grace { days } => notes.push(Note::CharterInGrace { days }),
        Expiry::Fine | Expiry::Soon { .. } => {}
    }
    if count.on_time < quorum && k >= quorum {
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
    if valid.len() < signed.signatures.len() || count.uncounted || count.revoked {
        notes.push(Note::UncountedSignature);
    }
    if body.heads.iter().any(|head| known.withheld.contains(&head.alert)) {
        notes.push(Note::EarlierMissing);
    }
    let label = if reasons.is_empty() { Label::Verified } else { Label::Signed(reasons) };
    Ok(Found { body, label, notes, signers: count.signers, quorum, expires })
}

struct Count {
    /// Distinct coordinators granted `dispatch` when it says it was sent.
    signers: Vec<CoordinatorId>,
    /// Those of them whose window had not ended more than an hour before it arrived.
    on_time: usize,
    /// A valid signature is by a distrusted key.
    revoked: bool,
    /// A valid signature counts for nobody.
    uncounted: bool,
}

fn count_signers(valid: &[PublicKey], body: &AlertBody, charter: &Charter, known: &Circumstances<'_>) -> Count {
    let here = known.place.neighborhood;
    let (mut signers, mut on_time) = (BTreeSet::new(), BTreeSet::new());
    let (mut revoked, mut uncounted) = (false, false);
    for key in valid {
        if charter.is_distrusted(key, here, body.epoch) {
            revoked = true;
        } else if let Standing::Granted(coordinator) = charter.grant_window(key, here, Right::Dispatch, body.sent) {
            signers.insert(coordinator);
            let limit = Timestamp(known.received.0.saturating_sub(RETIRED_GRACE));
            let standing = charter.grant_window(key, here, Right::Dispatch, limit.max(body.sent));
            if !matches!(standing, Standing::Retired { .. }) {
                on_time.insert(coordinator);
            }
        } else {
            uncounted = true;
        }
    }
    Count { signers: signers.into_iter().collect(), on_time: on_time.len(), revoked, uncounted }
}

/// Whether the author saw another charter or another epoch than this vault does.
fn view_doubt(body: &AlertBody, known: &Circumstances<'_>) -> Option<SignedReason> {
    let held = known.charters.newest().version();
    if body.charter_version > held {
        Some(SignedReason::NewerCharter { named: body.charter_version, held })
    } else if known.charters.by_hash(&body.charter).is_none_or(|charter| charter.version() != body.charter_version)
        || !known.announcements.contains(&body.announcement)
    {
        Some(SignedReason::OtherView)
    } else {
        None
    }
}

/// Fresh: at most `hours` before, somebody granted a right here, who did not sign, confirmed the newest charter and an
/// announcement that we hold. Waived where nobody else was granted a right since the charter was issued. The newest charter's own issue is its admins'
/// confirmation: nobody can be frozen at it for longer than `hours` either.
///
/// A confirmation from after the alert arrived says the same about it, so an alert may become fresh; one from the
/// future says nothing.
///
/// # Errors
/// When the last confirmation was, if there was one.
fn freshness(
    charter: &Charter,
    hours: u16,
    signers: &[CoordinatorId],
    known: &Circumstances<'_>,
) -> Result<(), Option<Timestamp>> {
    let window = u64::from(hours) * HOUR;
    let here = known.place.neighborhood;
    let possible = |at: Timestamp| at <= known.now.plus(AHEAD);
    let recent = |at: Timestamp| possible(at) && at.plus(window) >= known.received;
    if !charter.others_granted(here, signers, known.received) || recent(charter.body().issued) {
        return Ok(());
    }
    let latest = known
        .confirmations
        .iter()
        .filter(|confirmation| {
            confirmation.charter == charter.hash()
                && known.announcements.contains(&confirmation.announcement)
                && !signers.contains(&confirmation.coordinator)
                && possible(confirmation.at)
                && had_right(charter, confirmation.coordinator, here, confirmation.at)
        })
        .map(|confirmation| confirmation.at)
        .max();
    if latest.is_some_and(recent) { Ok(()) } else { Err(latest) }
}

/// Whether a coordinator had any right here at that time.
fn had_right(charter: &Charter, coordinator: CoordinatorId, here: NeighborhoodId, at: Timestamp) -> bool {
    let own = charter.body().grants.iter().filter(|grant| grant.coordinator == coordinator);
    own.flat_map(|grant| &grant.scopes)
        .any(|scope| scope.neighborhood == here && scope.not_before <= at && at < scope.not_after)
}
