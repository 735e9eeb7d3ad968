//! What coordinators tell each other of reports: who looks at which, who checked what and how, what became of it.
//! `docs/protocol.md`, "Desk".
//!
//! Each event is signed with its author's device key, and counts while the newest charter gives that key a right. What
//! all of them amount to is [`fold`]ed the same way whatever the order in which they came. Nothing here leaves the desk.

mod fold;

use bincode::{Decode, Encode};

pub use fold::{
    Alerted, Attended, Check, Claim, Closed, Closing, Desk, FoundFalse, Located, MAX_TEMPLATES, Matter, Note, Shared,
    bears_out, fold,
};

use crate::charter::Rights;
use crate::id::{AlertId, CoordinatorId, DeskId, MemberId, NeighborhoodId, ReportId, sha256, sha256_16};
use crate::kdf::Place;
use crate::labels::{Domain, Purpose};
use crate::sign::{PublicKey, SecretKey};
use crate::time::{HOUR, Timestamp};
use crate::vocabulary::invalid::{few, known, known_if_given, place, short};
use crate::vocabulary::{self, Code, Invalid, List, limit};
use crate::wire::{self, Body, Extensions, Kind, Signed, SignedError, WireError};

/// What a coordinator did at the desk. Variants are only added at the end. What people wrote may name somebody, so there
/// is no `{:?}`.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub enum DeskEvent {
    /// Looks at a report, so that the others need not. Opens one again that was closed.
    Claim {
        /// Which.
        report: ReportId,
        /// From whom it is taken over, if somebody else has it.
        over: Option<CoordinatorId>,
    },
    /// Looks at it no more.
    Release {
        /// Which.
        report: ReportId,
    },
    /// Two reports are about one sighting.
    Merge {
        /// This one is shown with the other from here on.
        report: ReportId,
        /// The other.
        into: ReportId,
    },
    /// The sighting was checked.
    Verify {
        /// Which report.
        report: ReportId,
        /// A code of [`List::VerificationState`].
        outcome: Code,
        /// A code of [`List::Method`].
        method: Code,
        /// A code of [`List::Certainty`].
        certainty: Option<Code>,
    },
    /// Nothing is to be done about it.
    Dismiss {
        /// Which.
        report: ReportId,
        /// Why. May be empty.
        reason: String,
    },
    /// It is not true.
    Debunk {
        /// Which.
        report: ReportId,
    },
    /// Something to remember.
    Note {
        /// About which report.
        report: ReportId,
        /// What.
        text: String,
    },
    /// An alert was made of it.
    Alerted {
        /// Which report.
        report: ReportId,
        /// Which alert.
        alert: AlertId,
    },
    /// Where exactly an alert is: for those who come.
    Place {
        /// Which alert.
        alert: AlertId,
        /// Where.
        place: vocabulary::Place,
    },
    /// Takes care of somebody who asked for help.
    Attend {
        /// In an answer to which alert.
        alert: AlertId,
        /// Who asked.
        member: MemberId,
        /// When, as far as the author knew.
        since: Timestamp,
        /// From whom it is taken over, if somebody else takes care of them.
        over: Option<CoordinatorId>,
    },
    /// Has told members where exactly an alert is, so that the others need not.
    Told {
        /// What they were told: the event that says it.
        place: DeskId,
        /// Who.
        members: Vec<MemberId>,
    },
    /// Keeps an alert that is half written for all coordinators here, or removes it.
    Template {
        /// What it is called.
        name: Code,
        /// What it says, as an alert file; nothing if it is removed.
        text: Option<String>,
    },
    /// A report is not of the sighting with which it was put together: it stands by itself again.
    Split {
        /// Which.
        report: ReportId,
    },
}

/// A template has at most so many bytes.
pub const TEMPLATE_BYTES: usize = 6 << 10;

/// At most so many members are told of in one event.
pub const MAX_TOLD: usize = 256;

/// An event as it is signed.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeskBody {
    /// 16 random bytes: two events are never the same.
    pub random: [u8; 16],
    /// The newest charter version that its author held: who lacks it cannot tell whether the event counts.
    pub charter_version: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: DeskEvent,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for DeskBody {
    const KIND: Kind = Kind::DeskEvent;
    const LIMIT: usize = 8 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// An event that counts.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: DeskId,
    /// Whose it is.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: DeskEvent,
}

/// The id of an event.
#[must_use]
pub fn desk_id(place: &Place, signed: &Signed) -> DeskId {
    DeskId(sha256_16(&[&Domain::DeskEvent.prefix(), &place.bytes(), signed.signer.as_bytes(), &signed.body]))
}

/// Whose event it is, if it counts: the newest charter, as it is narrowed, gives the signer any right here at that time,
/// and the time is not more than an hour ahead.
#[must_use]
pub fn author(
    rights: &Rights<'_>,
    neighborhood: NeighborhoodId,
    signer: &PublicKey,
    at: Timestamp,
    now: Timestamp,
) -> Option<CoordinatorId> {
    if at > now.plus(HOUR) { None } else { rights.any_right(signer, neighborhood, at) }
}

impl DeskBody {
    /// Signs an event.
    #[must_use]
    pub fn sign(&self, place: &Place, key: &SecretKey) -> Signed {
        let body = wire::encode_body(self);
        let signature = key.sign(Purpose::Desk, &[&place.network.0, &place.neighborhood.0, &sha256(&[&body])]);
        Signed { body, signer: key.public(), signature }
    }

    /// Checks an event's signature and bounds, and reads it. Whether it counts is [`author`]'s to say.
    ///
    /// # Errors
    /// It does not verify here, or is not an event.
    pub fn open(signed: &Signed, place: &Place) -> Result<Self, SignedError> {
        let fields: [&[u8]; 3] = [&place.network.0, &place.neighborhood.0, &sha256(&[&signed.body])];
        let body: Self = signed.open(Purpose::Desk, &fields)?;
        body.event.bounds().map_err(|invalid| WireError::Malformed(invalid.to_string()))?;
        Ok(body)
    }
}

impl DeskEvent {
    /// The report that it is about.
    #[must_use]
    pub const fn report(&self) -> Option<ReportId> {
        match self {
            Self::Claim { report, .. }
            | Self::Release { report }
            | Self::Merge { report, .. }
            | Self::Verify { report, .. }
            | Self::Dismiss { report, .. }
            | Self::Debunk { report }
            | Self::Note { report, .. }
            | Self::Alerted { report, .. }
            | Self::Split { report } => Some(*report),
            Self::Place { .. } | Self::Attend { .. } | Self::Told { .. } | Self::Template { .. } => None,
        }
    }

    /// Checks what its author is held to: codes of this version, a note that says something, a place that is one.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.bounds()?;
        match self {
            Self::Verify { outcome, method, certainty, .. } => {
                known("outcome", List::VerificationState, outcome)?;
                known("by", List::Method, method)?;
                known_if_given("certainty", List::Certainty, certainty.as_ref())
            }
            Self::Note { text, .. } if text.trim().is_empty() => {
                Err(Invalid::Empty { field: "note".into(), wanted: "what to remember" })
            }
            Self::Place { place: exact, .. } => place(exact),
            _ => Ok(()),
        }
    }

    /// Checks what a reader is protected from.
    fn bounds(&self) -> Result<(), Invalid> {
        match self {
            Self::Dismiss { reason, .. } => short("reason", reason, limit::DISMISSAL_CHARS),
            Self::Note { text, .. } => short("note", text, limit::NOTE_CHARS),
            // A place type that a newer version knows is no harm.
            Self::Place { place: exact, .. } => {
                let place_type = Code::constant("other");
                place(&vocabulary::Place { place_type, ..exact.clone() })
            }
            Self::Template { text: Some(text), .. } if text.len() > TEMPLATE_BYTES => {
                Err(Invalid::TooLong { field: "template".into(), found: text.len(), most: TEMPLATE_BYTES })
            }
            Self::Told { members, .. } => few("members", members.len(), MAX_TOLD),
            _ => Ok(()),
        }
    }
}
