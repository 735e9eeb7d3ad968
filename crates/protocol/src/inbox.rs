//! What members write to their coordinators: answers, reports, profiles, renewals. `docs/protocol.md`, "Inbox".
//!
//! All but renewals carry a MAC that coordinators can check and nobody can prove to a third party.

use std::fmt;

use bincode::{Decode, Encode};
use subtle::ConstantTimeEq;

use crate::alert::Head;
use crate::id::{AlertId, AnnouncementHash, CharterHash, MemberId, ReportId, RestrictionsHash, sha256_16};
use crate::kdf::Place;
use crate::labels::Domain;
use crate::slot::MemberAuth;
use crate::time::Timestamp;
use crate::vocabulary::{AnswerContent, Code, Language, ReportContent};
use crate::wire::{self, Body, Extensions, Kind, Length, Signed, WireError};

/// What the author sees: a split view shows at the first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Sees {
    /// The newest charter version.
    pub charter_version: u64,
    /// Its hash.
    pub charter: CharterHash,
    /// The hash of the set of restrictions in force.
    pub restrictions: RestrictionsHash,
    /// The current announcement.
    pub announcement: AnnouncementHash,
    /// The newest alert.
    pub head: Option<Head>,
}

/// An answer to an alert.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    /// 16 random bytes.
    pub random: [u8; 16],
    /// To which alert.
    pub alert: AlertId,
    /// When.
    pub sent: Timestamp,
    /// What the author sees.
    pub sees: Sees,
    /// What it says.
    pub content: AnswerContent,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for Answer {
    const KIND: Kind = Kind::Answer;
    const LIMIT: usize = 8 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// A sighting report.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// 16 random bytes.
    pub random: [u8; 16],
    /// When.
    pub sent: Timestamp,
    /// What the author sees.
    pub sees: Sees,
    /// What it says.
    pub content: ReportContent,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for Report {
    const KIND: Kind = Kind::Report;
    const LIMIT: usize = 60 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// The id of a report's body in a neighborhood: by it coordinators speak of the report, whoever brought it.
#[must_use]
pub fn report_id(place: &Place, body: &[u8]) -> ReportId {
    ReportId(sha256_16(&[&Domain::ReportId.prefix(), &place.bytes(), body]))
}

/// What a member offers, said anew: a coordinator's client makes it an event of the roster.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Profile {
    /// When.
    pub at: Timestamp,
    /// Codes of [`crate::vocabulary::List::Role`].
    pub roles: Vec<Code>,
    /// What they speak.
    pub languages: Vec<Language>,
    /// Later fields.
    pub extensions: Extensions,
}

impl Body for Profile {
    const KIND: Kind = Kind::Profile;
    const LIMIT: usize = 2 << 10;

    fn extensions(&self) -> &Extensions {
        &self.extensions
    }
}

/// What a record of the inbox contains. Variants are only added at the end. `{:?}` tells a body's length only: a report
/// may name its caller.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub enum InboxItem {
    /// An answer, a report or a profile, by its kind byte.
    Authenticated {
        /// Who claims to have written it.
        member: MemberId,
        /// `kind || format || fields`.
        body: Vec<u8>,
        /// `KDF(auth_e, "inbox mac", SHA-256(body))`, of the record's epoch.
        mac: [u8; 32],
    },
    /// A member's new keys, signed by the member.
    Renew(Signed),
}

/// How many variants [`InboxItem`] has.
const ITEMS: u64 = 2;

impl InboxItem {
    /// Authenticates a body.
    #[must_use]
    pub fn authenticate<B: Body>(member: MemberId, auth: &MemberAuth, body: &B) -> Self {
        let body = wire::encode_body(body);
        let mac = *auth.inbox_mac(&body).expose();
        Self::Authenticated { member, body, mac }
    }

    /// The content of a record.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads the content of a record.
    ///
    /// # Errors
    /// [`WireError::Newer`] for a variant that this program does not know; anything else is malformed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        if wire::peek_varint(bytes).is_some_and(|(variant, _)| variant >= ITEMS) {
            return Err(WireError::Newer);
        }
        wire::decode_exact(bytes, 64 << 10)
    }
}

impl fmt::Debug for InboxItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authenticated { member, body, mac: _ } => {
                let body = Length(body.len());
                f.debug_struct("Authenticated").field("member", member).field("body", &body).finish_non_exhaustive()
            }
            Self::Renew(signed) => f.debug_tuple("Renew").field(signed).finish(),
        }
    }
}

/// Checks a MAC in constant time.
#[must_use]
pub fn is_authentic(auth: &MemberAuth, body: &[u8], mac: &[u8; 32]) -> bool {
    auth.inbox_mac(body).expose().ct_eq(mac).into()
}
