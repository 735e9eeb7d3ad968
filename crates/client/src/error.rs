//! What went wrong. Every error has an exit code.

use bincode::{Decode, Encode};
use watchfire_protocol::charter::{CharterError, RestrictionError};
use watchfire_protocol::fork::ChoiceError;
use watchfire_protocol::frame::{Refusal, Request};
use watchfire_protocol::id::NetworkId;
use watchfire_protocol::invite::LinkError;
use watchfire_protocol::paper::PaperError;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::vocabulary::Invalid;

use crate::file::FileError;
use crate::ops::admin::KeyFileError;
use crate::ops::amend::DraftError;
use crate::ops::desk::DeskError;
use crate::ops::draft::CharterFileError;
use crate::ops::edit::EditError;
use crate::ops::template::TemplateError;
use crate::unreached::Unreached;
use crate::vault::VaultError;

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The relay cannot be reached, or the connection broke.
    #[error("no relay answers at {url}")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// Why.
        reason: Unreached,
    },
    /// The first relay of the charter does not answer, and only it takes new keys.
    #[error("the first relay, {url}, does not answer: only it takes new keys")]
    FirstRelayAway {
        /// Where it should be.
        url: String,
    },
    /// A file that should name authorities for certificates.
    #[error("this is no list of certificates in PEM, or a very long one")]
    NoAnchors,
    /// The relay took too long, or closed the connection.
    #[error("the connection to the relay broke: {0}")]
    Broken(String),
    /// Somebody else answers at the relay's address.
    #[error("the relay at {url} is not the one that the charter names")]
    WrongRelay {
        /// Where.
        url: String,
        /// The key that answered.
        found: Box<PublicKey>,
    },
    /// The relay refused.
    #[error("the relay refused: {0}")]
    Refused(#[from] Refusal),
    /// The relay answers with what only a newer program knows.
    #[error("the relay at {url} is newer than this program")]
    RelayNewer {
        /// Where.
        url: String,
    },
    /// The relay does not know what it was asked for.
    #[error("the relay at {url} is older than this program, and lacks something: {lacks:?}")]
    RelayOlder {
        /// Where.
        url: String,
        /// What it cannot do.
        lacks: Lacks,
    },
    /// The relay does not serve the network yet.
    #[error("the relay does not serve this network yet")]
    NotAllowed {
        /// What its operator must allow.
        network: NetworkId,
    },
    /// A charter breaks a rule.
    #[error("the charter was refused")]
    Charter(#[from] CharterError),
    /// A restriction breaks a rule, or lacks signatures.
    #[error("the restriction was refused: {0}")]
    Restriction(#[from] RestrictionError),
    /// The admins signed two charters of one version, and a person must choose first.
    #[error(
        "two charters of version {version} exist, both signed by the admins: nothing is added until you choose one"
    )]
    Forked {
        /// The version.
        version: u64,
    },
    /// A fork cannot be decided so.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// A file of an alert or a report.
    #[error(transparent)]
    File(#[from] FileError),
    /// A link with a typo.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The relay shows something that its signers did not sign, or not what the link names.
    #[error("what the relay shows cannot be trusted: {0}")]
    Untrusted(String),
    /// The relay shows a charter that does not hold.
    #[error("what the relay shows cannot be trusted: a charter of it is refused, {0}")]
    ShownCharter(CharterError),
    /// This vault is in no network yet.
    #[error("this vault is in no network yet")]
    NoNetwork,
    /// This vault is in a network already.
    #[error("this vault is in a network already")]
    HasNetwork,
    /// No neighborhood of that name here.
    #[error("no neighborhood named `{name}` in this vault")]
    NoNeighborhood {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Nothing with that id or handle.
    #[error("no {what} `{name}` here")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// What was asked for.
        name: String,
    },
    /// More than one thing begins so.
    #[error("`{name}` means more than one {what}: {}", .candidates.join(", "))]
    Ambiguous {
        /// What kind of thing.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// Those that it may mean, each as short as tells it apart; the first of them where they are many.
        candidates: Vec<String>,
    },
    /// It was there and has expired.
    #[error("{what} `{name}` has expired")]
    Expired {
        /// What kind of thing.
        what: &'static str,
        /// Which.
        name: String,
    },
    /// Nobody bore a sighting out, and it is to go out as more than a call to verify.
    #[error("nobody has verified this sighting: nothing unverified goes to responders but a call to verify it")]
    NotVerified,
    /// This vault does not hold the key, or the charter does not grant the right.
    #[error("this vault may not {0}")]
    NotGranted(&'static str),
    /// This vault holds no admin key.
    #[error("this vault holds no admin key")]
    NoAdminKey,
    /// This vault holds another admin key.
    #[error("this vault holds another admin key already")]
    HasAdminKey,
    /// The words of a paper copy.
    #[error("these are not the words of an admin key: {0}")]
    Paper(#[from] PaperError),
    /// A file with a public key.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// A file of charters.
    #[error(transparent)]
    CharterFile(#[from] CharterFileError),
    /// A change of the charter.
    #[error("the charter is not changed so: {0}")]
    Edit(#[from] EditError),
    /// A draft that is not signed or published.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// More admins must sign a draft.
    #[error("the draft lacks {missing} more signatures")]
    MoreSignatures {
        /// Which version it is to be; none of a restriction.
        version: Option<u64>,
        /// How many it lacks at the least.
        missing: usize,
        /// Whose would help.
        awaited: Vec<PublicKey>,
    },
    /// The neighborhood was closed.
    #[error("neighborhood `{name}` is closed")]
    Closed {
        /// Which.
        name: String,
    },
    /// The vault has the network, and not yet this neighborhood's keys.
    #[error("this vault has no keys of `{name}` yet")]
    NoKeys {
        /// Which neighborhood.
        name: String,
    },
    /// The newest epoch has no keys for this member, so that no relay lets them in.
    #[error("no new keys of `{name}`: removed, or shut out, by the epoch that {by} opened")]
    ShutOut {
        /// Which neighborhood.
        name: String,
        /// Who opened the epoch: a handle, or an id.
        by: String,
    },
    /// The relay does not hand out the slots of the newest epoch.
    #[error("the relay does not hand out the new keys of `{name}`")]
    KeysWithheld {
        /// Which neighborhood.
        name: String,
    },
    /// The words are not those of the phrase.
    #[error("these are not the words of this request")]
    WrongWords,
    /// Something that was given is not acceptable.
    #[error("{0}")]
    Invalid(String),
    /// An alert or an answer says what it may not.
    #[error(transparent)]
    Content(#[from] Invalid),
    /// It was kept in the vault, because no relay answers.
    #[error("queued in the vault: no relay answers")]
    Queued,
    /// The goal was not met in time.
    #[error("{0}")]
    Timeout(String),
    /// Somebody else was faster, again and again.
    #[error("another coordinator opened an epoch at the same time, several times over")]
    Raced,
    /// Alerts that are over are kept for an hour to a year.
    #[error("alerts that are over are kept for an hour to a year, not for {found} seconds")]
    HistoryOutOfRange {
        /// What was asked for, in seconds.
        found: u64,
    },
    /// Only what is over is exported.
    #[error("alert `{name}` goes on")]
    StillOpen {
        /// Which.
        name: String,
    },
    /// A template that is not kept, or not removed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Another signature by this coordinator changes nothing, or there is no room for it.
    #[error("{0}")]
    Unsignable(#[from] Unsignable),
    /// It is not done so at the desk.
    #[error("{0}")]
    Desk(#[from] DeskError),
    /// A rule of the protocol that this program broke itself.
    #[error("unexpected: {0}")]
    Unexpected(String),
}

/// What a relay cannot do that is older than this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Lacks {
    /// To let anybody in.
    Greeting,
    /// To keep charters.
    Charters,
    /// To tell others that rights were taken away.
    Restrictions,
    /// To keep the keys of an epoch.
    Keys,
    /// To keep invites.
    Invites,
    /// To keep alerts, answers, reports, and what is done with them.
    Records,
}

impl Lacks {
    /// What a relay lacks that does not know a request.
    #[must_use]
    pub const fn whoever_does_not_know(request: &Request) -> Self {
        match request {
            Request::Hello { .. } | Request::Prove { .. } | Request::FindNetwork { .. } | Request::Standing { .. } => {
                Self::Greeting
            }
            Request::Charters { .. } | Request::PublishCharter { .. } => Self::Charters,
            Request::PublishRestriction { .. } | Request::Restrictions { .. } => Self::Restrictions,
            Request::Announcements { .. }
            | Request::PutAnnouncement { .. }
            | Request::SlotList { .. }
            | Request::SlotRun { .. }
            | Request::LateSlots { .. }
            | Request::Objects { .. }
            | Request::Stage { .. }
            | Request::Staged { .. }
            | Request::Open { .. }
            | Request::AddLateSlot(_) => Self::Keys,
            Request::RegisterInvite { .. } | Request::WithdrawInvite { .. } => Self::Invites,
            Request::Append { .. } | Request::Subscribe { .. } => Self::Records,
        }
    }
}

/// Why an alert gets no signature from this vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// It was sent from this vault.
    #[error("you sent this alert: the other signatures are for others to give")]
    Own,
    /// It was signed from this vault.
    #[error("you have signed this alert already")]
    Already,
    /// It was sent or signed from another device of the same coordinator.
    #[error("you have signed this alert already, from another device: a coordinator counts once")]
    OtherDevice,
    /// It has as many signatures as an alert can have.
    #[error("this alert has eight signatures, as many as an alert can have")]
    Full,
    /// It was stood down, corrected, or an update took its place.
    #[error("this alert is over: it was stood down or corrected, or an update took its place")]
    Settled,
}

impl ClientError {
    /// Whether client and relay are of different versions, so that one of them does not know what the other one wants.
    #[must_use]
    pub const fn is_of_another_version(&self) -> bool {
        matches!(self, Self::RelayNewer { .. } | Self::RelayOlder { .. })
    }

    /// Whether nobody answers, or somebody else, or no longer.
    #[must_use]
    pub const fn is_silence(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Broken(_) | Self::WrongRelay { .. })
    }

    /// Whether it is the fault of one relay, so that another one may do better.
    #[must_use]
    pub const fn is_of_one_relay(&self) -> bool {
        let shows = matches!(self, Self::Untrusted(_) | Self::ShownCharter(_) | Self::KeysWithheld { .. });
        let refuses = matches!(self, Self::Refused(_) | Self::NotAllowed { .. });
        shows || refuses || self.is_silence() || self.is_of_another_version()
    }

    /// Whether it keeps back one thing that waits, and nothing else: the connection is as good as before.
    #[must_use]
    pub const fn keeps_one_back(&self) -> bool {
        self.is_of_another_version() || matches!(self, Self::Refused(Refusal::QuotaFull))
    }

    /// The exit code: see `docs/` and `watchfire help`.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Vault(VaultError::Missing | VaultError::WrongPassphrase | VaultError::Passphrase) => 5,
            Self::Unreachable { .. }
            | Self::FirstRelayAway { .. }
            | Self::Broken(_)
            | Self::KeysWithheld { .. }
            | Self::RelayNewer { .. }
            | Self::RelayOlder { .. } => 3,
            Self::Refused(refusal) => match refusal {
                Refusal::NotAllowed
                | Refusal::NotGranted
                | Refusal::BadProof
                | Refusal::NotProved
                | Refusal::BadCharter(_)
                | Refusal::BadAnnouncement(_)
                | Refusal::WrongChannel => 4,
                Refusal::NotFound | Refusal::InviteEnded => 6,
                _ => 3,
            },
            // Somebody would have been asked whether to take it over.
            Self::Desk(DeskError::Claimed { .. }) => 2,
            Self::WrongRelay { .. }
            | Self::NotAllowed { .. }
            | Self::Charter(_)
            | Self::Restriction(_)
            | Self::Forked { .. }
            | Self::Untrusted(_)
            | Self::ShownCharter(_)
            | Self::NotGranted(_)
            | Self::Unsignable(_)
            | Self::NotVerified
            | Self::Desk(_)
            | Self::Closed { .. }
            | Self::ShutOut { .. }
            | Self::NoAdminKey
            | Self::Draft(_)
            | Self::WrongWords => 4,
            Self::Edit(error) => match error {
                EditError::NoSuchAdmin { .. }
                | EditError::NoSuchRelay { .. }
                | EditError::NoSuchNeighborhood { .. }
                | EditError::NothingGranted => 6,
                EditError::Closed => 4,
                _ => 2,
            },
            Self::MoreSignatures { .. } => 9,
            Self::HasAdminKey
            | Self::NoAnchors
            | Self::Paper(_)
            | Self::KeyFile(_)
            | Self::CharterFile(_)
            | Self::File(_)
            | Self::Link(_)
            | Self::Invalid(_)
            | Self::Content(_)
            | Self::HasNetwork
            | Self::HistoryOutOfRange { .. }
            | Self::Template(_)
            | Self::StillOpen { .. }
            | Self::Ambiguous { .. } => 2,
            Self::NoNetwork
            | Self::NoNeighborhood { .. }
            | Self::NotFound { .. }
            | Self::Expired { .. }
            | Self::NoKeys { .. }
            | Self::Choice(_) => 6,
            Self::Queued => 7,
            Self::Timeout(_) => 8,
            Self::Vault(_) | Self::Raced | Self::Unexpected(_) => 1,
        }
    }

    /// A short code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(VaultError::Missing) => "vault-missing",
            Self::Vault(VaultError::Exists) => "vault-exists",
            Self::Vault(VaultError::WrongPassphrase | VaultError::Passphrase) => "vault-locked",
            Self::Vault(_) => "vault",
            Self::Unreachable { reason: Unreached::Certificate(_), .. } => "relay-certificate",
            Self::Unreachable { reason: Unreached::Proxy { .. } | Unreached::Onion, .. } => "proxy",
            Self::Unreachable { .. } => "relay-unreachable",
            Self::FirstRelayAway { .. } => "first-relay-away",
            Self::NoAnchors => "no-certificates",
            Self::Broken(_) => "relay-broken",
            Self::WrongRelay { .. } => "relay-key",
            Self::Refused(_) => "relay-refused",
            Self::RelayNewer { .. } => "relay-newer",
            Self::RelayOlder { .. } => "relay-older",
            Self::NotAllowed { .. } => "network-not-allowed",
            Self::Charter(_) => "charter",
            Self::Restriction(_) => "restriction",
            Self::Forked { .. } => "charter-forked",
            Self::Choice(_) => "charter-fork",
            Self::File(_) => "file",
            Self::Link(_) => "link",
            Self::Untrusted(_) | Self::ShownCharter(_) => "untrusted",
            Self::NoNetwork => "no-network",
            Self::HasNetwork => "has-network",
            Self::NoNeighborhood { .. } => "no-neighborhood",
            Self::NotFound { .. } => "not-found",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Expired { .. } => "expired",
            Self::NotGranted(_) => "not-granted",
            Self::NoKeys { .. } => "no-keys",
            Self::ShutOut { .. } => "shut-out",
            Self::KeysWithheld { .. } => "keys-withheld",
            Self::NoAdminKey => "no-admin-key",
            Self::HasAdminKey => "has-admin-key",
            Self::Paper(_) => "paper",
            Self::KeyFile(_) => "key-file",
            Self::CharterFile(_) => "charter-file",
            Self::Edit(_) => "charter-change",
            Self::Draft(_) => "draft",
            Self::MoreSignatures { .. } => "more-signatures",
            Self::Closed { .. } => "closed",
            Self::WrongWords => "wrong-words",
            Self::Invalid(_) | Self::Content(_) => "invalid",
            Self::Queued => "queued",
            Self::Timeout(_) => "timeout",
            Self::Raced => "raced",
            Self::Unsignable(Unsignable::Own) => "own-alert",
            Self::Unsignable(Unsignable::Already | Unsignable::OtherDevice) => "signed-already",
            Self::Unsignable(Unsignable::Full) => "signatures-full",
            Self::Unsignable(Unsignable::Settled) => "already-over",
            Self::Desk(DeskError::Claimed { .. }) => "claimed",
            Self::NotVerified | Self::Desk(DeskError::NotVerified { .. } | DeskError::FoundFalse { .. }) => {
                "not-verified"
            }
            Self::Desk(DeskError::TakenBack { .. }) => "taken-back",
            Self::Desk(DeskError::MadeOfUntrue(_)) => "untrue",
            Self::Desk(_) => "desk",
            Self::HistoryOutOfRange { .. } => "history-range",
            Self::StillOpen { .. } => "still-open",
            Self::Template(_) => "template",
            Self::Unexpected(_) => "unexpected",
        }
    }
}

impl From<rusqlite::Error> for ClientError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}
