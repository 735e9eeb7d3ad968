//! The body of an alert, after OASIS CAP 1.2, and what the protocol must read out of it.

use bincode::{Decode, Encode};

use super::{Code, Language, People, Place, Seen};
use crate::id::AlertId;
use crate::time::Timestamp;

/// What an alert says. Who signed it, when it was sent and when it ends stand in the envelope around it.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct AlertContent {
    /// A code of [`super::List::Kind`].
    pub kind: Code,
    /// A code of [`super::List::Status`].
    pub status: Code,
    /// A code of [`super::List::MsgType`].
    pub msg_type: Code,
    /// A code of [`super::List::Urgency`].
    pub urgency: Code,
    /// A code of [`super::List::Severity`].
    pub severity: Code,
    /// A code of [`super::List::Certainty`].
    pub certainty: Code,
    /// Whether and how the sighting was checked. Not to be mixed up with the label, which is about who signed.
    pub verification: Verification,
    /// A code of [`super::List::Ask`].
    pub ask: Option<Code>,
    /// A code of [`super::List::Outcome`], in a cancel.
    pub outcome: Option<Code>,
    /// The alerts that this one updates, cancels or corrects.
    pub references: Vec<AlertId>,
    /// Where.
    pub place: Option<Place>,
    /// What was seen.
    pub seen: Option<Seen>,
    /// Who is affected.
    pub people: Option<People>,
    /// Who is needed.
    pub needs: Vec<Need>,
    /// Free text, one block for each language.
    pub text: Vec<TextBlock>,
}

/// Whether the sighting was checked, and by whom.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// A code of [`super::List::VerificationState`].
    pub state: Code,
    /// Each check, in the order in which they were made.
    pub by: Vec<Check>,
}

/// One check of a sighting.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Who checked, by handle.
    pub handle: String,
    /// A code of [`super::List::Method`].
    pub method: Code,
    /// When.
    pub at: Timestamp,
}

/// How many people of one role are asked for.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// A code of [`super::List::Role`].
    pub role: Code,
    /// Which language they should speak.
    pub language: Option<Language>,
    /// How many, at least one.
    pub count: u16,
}

/// What people wrote, in one language.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct TextBlock {
    /// The language of the other three.
    pub language: Language,
    /// One line.
    pub headline: String,
    /// What happens.
    pub description: String,
    /// What to do.
    pub instruction: String,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// For how many seconds a call to find out if a sighting is true counts at most.
pub const UNVERIFIED_EXPIRY: u64 = 30 * MINUTE;

/// For how many seconds an alert counts where its author did not say. The neighborhood's retention caps it.
#[must_use]
pub fn default_expiry(content: &AlertContent) -> u64 {
    if content.is_call_to_verify() {
        UNVERIFIED_EXPIRY
    } else if content.kind.is_in("enforcement") {
        2 * HOUR
    } else if content.kind == "network.notice" {
        7 * DAY
    } else {
        4 * HOUR
    }
}

impl AlertContent {
    /// An actual, unverified, first alert of a kind that says nothing else yet.
    #[must_use]
    pub fn new(kind: Code) -> Self {
        const UNKNOWN: Code = Code::constant(super::list::UNKNOWN);
        Self {
            kind,
            status: Code::constant("actual"),
            msg_type: Code::constant("alert"),
            urgency: UNKNOWN,
            severity: UNKNOWN,
            certainty: UNKNOWN,
            verification: Verification { state: Code::constant("unverified"), by: Vec::new() },
            ask: None,
            outcome: None,
            references: Vec::new(),
            place: None,
            seen: None,
            people: None,
            needs: Vec::new(),
            text: Vec::new(),
        }
    }

    /// Whether it is practice: everything that shows it says so.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.kind == "network.drill" || self.status == "exercise" || self.status == "test"
    }

    /// Whether its author says that the sighting was checked.
    #[must_use]
    pub fn claims_verified(&self) -> bool {
        self.verification.state == "verified" || self.verification.state == "corroborated"
    }

    /// Whether it reports a sighting, which somebody should have checked.
    ///
    /// Drills, stand-downs, corrections, debunked rumors and what the network says about itself are none; but the last two are
    /// if they tell what was seen: a kind must never be a way around verification, and neither must a word that this version
    /// does not know.
    #[must_use]
    pub fn needs_verification(&self) -> bool {
        let tells_what_was_seen = self.seen.as_ref().is_some_and(|seen| *seen != Seen::default());
        let about_the_network = self.kind.is_in("network") || self.kind == "rumor.debunk";
        let takes_back = self.msg_type == "cancel" || self.msg_type == "correction";
        !(self.is_drill() || takes_back || about_the_network && !tells_what_was_seen)
    }

    /// Whether its author says that a sighting was checked, and not by whom and how: readers are told so.
    #[must_use]
    pub fn says_no_check(&self) -> bool {
        self.needs_verification() && self.claims_verified() && self.verification.by.is_empty()
    }

    /// Whether it reports a sighting that nobody bore out: it goes out as a call to verify, and not for long.
    #[must_use]
    pub fn is_unverified_sighting(&self) -> bool {
        self.needs_verification() && !self.claims_verified()
    }

    /// Whether it asks people to find out if a sighting is true.
    #[must_use]
    pub fn is_call_to_verify(&self) -> bool {
        self.ask.as_ref().is_some_and(|ask| *ask == "verify")
    }

    /// Whether it asks people to come, and therefore carries the conduct line. One that reports a sighting and does not say
    /// what it asks is answered by people who come.
    #[must_use]
    pub fn asks_people_to_come(&self) -> bool {
        let asked = |ask: &Code| ["observe", "verify", "standby", "support"].contains(&ask.as_str());
        !self.needs.is_empty() || self.ask.as_ref().map_or_else(|| self.needs_verification(), asked)
    }

    /// Whether it stands down what it references.
    #[must_use]
    pub fn is_cancel(&self) -> bool {
        self.msg_type == "cancel"
    }

    /// What one field of the texts says to a reader of `language`, and in which language it does: in that very one, else
    /// in another spelling of it, else in the first that says anything there.
    #[must_use]
    pub fn text_in(&self, language: &Language, field: impl Fn(&TextBlock) -> &str) -> Option<(&Language, &str)> {
        let strangeness = |block: &&TextBlock| match &block.language {
            written if written == language => 0,
            written if written.primary() == language.primary() => 1,
            _ => 2,
        };
        let said = self.text.iter().filter(|block| !field(block).trim().is_empty());
        said.min_by_key(strangeness).map(|block| (&block.language, field(block)))
    }

    /// The fields of the texts that are written in one language and not in another, by their names.
    #[must_use]
    pub fn untranslated(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for (name, field) in TEXT_FIELDS {
            let (said, unsaid): (Vec<_>, Vec<_>) = self.text.iter().partition(|block| !field(block).trim().is_empty());
            if !said.is_empty() {
                missing.extend(unsaid.iter().map(|block| format!("text.{}.{name}", block.language)));
            }
        }
        missing
    }
}

/// A field of a text.
pub type TextField = fn(&TextBlock) -> &str;

/// The fields of a text, by name, in the order in which they are read.
pub const TEXT_FIELDS: [(&str, TextField); 3] = [
    ("headline", |block| &block.headline),
    ("description", |block| &block.description),
    ("instruction", |block| &block.instruction),
];
