//! What client and relay say to each other: one message a binary WebSocket frame. `docs/protocol.md`, "Relay".
//!
//! Variants are only ever added at the end. A relay answers a request that it does not know with
//! [`Refusal::Unsupported`]; a client ignores an event that it does not know, and says of an answer or a refusal that it
//! does not know that the relay is newer.

use std::fmt;

use bincode::{Decode, Encode};

use crate::announcement::LateSlot;
use crate::id::{
    AnnouncementHash, CharterHash, Epoch, InviteId, NeighborhoodId, NetworkId, RecordId, RestrictionHash,
    RestrictionsHash, Tag,
};
use crate::kdf::Place;
use crate::labels::Purpose;
use crate::record::Channel;
use crate::run::{Object, RunEntry};
use crate::sign::{BadSignature, PublicKey, SecretKey, Signature};
use crate::time::Timestamp;
use crate::wire::{self, WireError};

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "watchfire.v1";
/// The path of the one endpoint.
pub const PATH: &str = "/v1";
/// Size limit of one frame in bytes, both ways: the largest record and room around it.
pub const FRAME_LIMIT: usize = 96 << 10;
/// At most so many objects are staged by one request.
pub const MAX_OBJECTS: usize = 40;

/// A request with the number by which its answer is found.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClientFrame {
    /// Chosen by the client, not 0.
    pub id: u32,
    /// The request.
    pub request: Request,
}

/// What a client asks. In this order: `Hello`, then at most one `Prove`, then anything else.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub enum Request {
    /// Opens the conversation. Answer: `Welcome`.
    Hello {
        /// 32 random bytes.
        nonce: [u8; 32],
    },
    /// Proves one key, once. Answer: `Proved`.
    Prove {
        /// The network.
        network: NetworkId,
        /// The neighborhood.
        neighborhood: NeighborhoodId,
        /// The epoch of a role key; 0 for a device or invite key.
        epoch: Epoch,
        /// Which key.
        prover: Prover,
        /// See [`Proof`].
        signature: Signature,
    },
    /// Asks which network has a charter whose hash begins so. For a newcomer with a link. Answer: `Network`.
    FindNetwork {
        /// The first 16 bytes of a charter hash.
        charter: [u8; 16],
    },
    /// Asks what the relay holds of a neighborhood. Answer: `Standing`.
    Standing {
        /// The network.
        network: NetworkId,
        /// The neighborhood.
        neighborhood: NeighborhoodId,
    },
    /// Asks for charter versions from `from` upwards. Answer: `Charters`.
    Charters {
        /// The network.
        network: NetworkId,
        /// The first version wanted.
        from: u64,
    },
    /// Publishes a charter version. Answer: `Done`, also when it is held already.
    PublishCharter {
        /// The signed charter's bytes.
        charter: Vec<u8>,
        /// The operator's admission token, for a network that the relay does not serve yet.
        admission: Option<[u8; 32]>,
    },
    /// Asks for announcements from `from` upwards. Answer: `Announcements`.
    Announcements {
        /// The network.
        network: NetworkId,
        /// The neighborhood.
        neighborhood: NeighborhoodId,
        /// The first epoch wanted.
        from: Epoch,
    },
    /// Brings an announcement to a relay that holds an older one or none. Answer: `Done`.
    PutAnnouncement {
        /// The signed announcement's bytes.
        announcement: Vec<u8>,
    },
    /// Asks for the list of an epoch's runs. Answer: `SlotList`.
    SlotList {
        /// The network.
        network: NetworkId,
        /// The neighborhood.
        neighborhood: NeighborhoodId,
        /// The epoch.
        epoch: Epoch,
        /// The first entry wanted.
        from: u32,
    },
    /// Asks for the slots of one run. Answer: `SlotRun`.
    SlotRun {
        /// The network.
        network: NetworkId,
        /// The neighborhood.
        neighborhood: NeighborhoodId,
        /// The epoch.
        epoch: Epoch,
        /// Which run.
        run: u32,
        /// The first slot of it wanted.
        from: u32,
    },
    /// Asks for the slots that were added late, all of them, so that the relay does not learn whose. Answer: `LateSlots`.
    LateSlots {
        /// The network.
        network: NetworkId,
        /// The neighborhood.
        neighborhood: NeighborhoodId,
        /// The epoch.
        epoch: Epoch,
        /// The first one wanted.
        from: u32,
    },
    /// Asks for objects by their tags, at most [`MAX_OBJECTS`]. Answer: `Objects`, those that there are.
    Objects {
        /// The network.
        network: NetworkId,
        /// The neighborhood.
        neighborhood: NeighborhoodId,
        /// The epoch.
        epoch: Epoch,
        /// Their tags.
        tags: Vec<Tag>,
    },
    /// Brings objects for an epoch that is about to be opened. A device key. Answer: `Staged`.
    Stage {
        /// The announcement that they belong to.
        announcement: AnnouncementHash,
        /// Slots, or others.
        class: ObjectClass,
        /// At most [`MAX_OBJECTS`]; one that is staged already is skipped.
        objects: Vec<Object>,
    },
    /// Asks how much is staged. A device key. Answer: `Staged`.
    Staged {
        /// The announcement.
        announcement: AnnouncementHash,
    },
    /// Opens an epoch with what was staged. A device key. Answer: `Done`, or `Stale`.
    Open {
        /// The signed announcement's bytes.
        announcement: Vec<u8>,
        /// The epoch that the relay holds, as the opener knows it.
        holds: Epoch,
    },
    /// Adds a slot to the current epoch. A device key. Answer: `Done`.
    AddLateSlot(LateSlot),
    /// Makes an invite known, so that its holder may append join requests. A device key. Answer: `Done`.
    RegisterInvite {
        /// `SHA-256("watchfire v1 invite id" 00 || key)`, its first 16 bytes.
        id: InviteId,
        /// The invite's verification key.
        key: PublicKey,
        /// How many join requests it is good for.
        uses: u32,
        /// Until when.
        expires: Timestamp,
    },
    /// Ends an invite. A device key. Answer: `Done`.
    WithdrawInvite {
        /// Which.
        id: InviteId,
    },
    /// Appends a record; its header says to which channel. Answer: `Appended`, after it is on disk.
    Append {
        /// The record.
        record: Vec<u8>,
    },
    /// Follows a channel. Answer: `Subscribed`, then `Record` events, then `CaughtUp`, then more `Record` events.
    Subscribe {
        /// The channel: alerts for a member key; any log for a coordinator key.
        channel: Channel,
        /// The last record that the client has.
        cursor: Option<Cursor>,
    },
    /// Publishes a restriction. Answer: `Done`, also when it is held already.
    PublishRestriction {
        /// The signed restriction's bytes.
        restriction: Vec<u8>,
    },
    /// Asks for the restrictions in force, in order of their hashes. Answer: `Restrictions`.
    Restrictions {
        /// The network.
        network: NetworkId,
        /// Those after this one; zeros for all.
        after: RestrictionHash,
    },
}

/// How many variants [`Request`] has: the first number that this program does not know.
pub const REQUESTS: u64 = 22;

impl Request {
    /// Which request it is, for logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "Hello",
            Self::Prove { .. } => "Prove",
            Self::FindNetwork { .. } => "FindNetwork",
            Self::Standing { .. } => "Standing",
            Self::Charters { .. } => "Charters",
            Self::PublishCharter { .. } => "PublishCharter",
            Self::Announcements { .. } => "Announcements",
            Self::PutAnnouncement { .. } => "PutAnnouncement",
            Self::SlotList { .. } => "SlotList",
            Self::SlotRun { .. } => "SlotRun",
            Self::LateSlots { .. } => "LateSlots",
            Self::Objects { .. } => "Objects",
            Self::Stage { .. } => "Stage",
            Self::Staged { .. } => "Staged",
            Self::Open { .. } => "Open",
            Self::AddLateSlot(_) => "AddLateSlot",
            Self::RegisterInvite { .. } => "RegisterInvite",
            Self::WithdrawInvite { .. } => "WithdrawInvite",
            Self::Append { .. } => "Append",
            Self::Subscribe { .. } => "Subscribe",
            Self::PublishRestriction { .. } => "PublishRestriction",
            Self::Restrictions { .. } => "Restrictions",
        }
    }
}

impl fmt::Debug for Request {
    /// Names the request and nothing in it: one carries the operator's token, others whose neighborhood it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Slots, or another kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum ObjectClass {
    /// Under the signed root.
    Slot,
    /// Roster and names.
    Other,
}

/// Where a client is in a channel: the last record that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Cursor {
    /// Its position.
    pub position: u64,
    /// Its id: a relay that has another record there was restored or replaced.
    pub id: RecordId,
}

/// Which key a connection proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Prover {
    /// The members' role key of the epoch.
    Member,
    /// The coordinators' role key of the epoch.
    Coordinator,
    /// A coordinator's device key, as the charter names it.
    Device(PublicKey),
    /// An invite's key.
    Invite(InviteId),
}

impl Prover {
    /// The byte in the proof.
    #[must_use]
    pub const fn role(&self) -> u8 {
        match self {
            Self::Member => 1,
            Self::Coordinator => 2,
            Self::Device(_) => 3,
            Self::Invite(_) => 4,
        }
    }
}

/// What the relay holds of a neighborhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Standing {
    /// The newest charter version.
    pub charter_version: u64,
    /// Its hash.
    pub charter: CharterHash,
    /// The current epoch; 0 for none.
    pub epoch: Epoch,
    /// Its announcement's hash; zeros for none.
    pub announcement: AnnouncementHash,
    /// Whether the epoch's slots and objects are there.
    pub complete: bool,
    /// The hash of the set of restrictions in force; zeros for none.
    pub restrictions: RestrictionsHash,
}

/// An answer, or an event.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ServerFrame {
    /// The request's number; 0 for an event.
    pub id: u32,
    /// What it says.
    pub reply: Reply,
}

/// What a relay says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Reply {
    /// To `Hello`.
    Welcome(Welcome),
    /// To `Prove`.
    Proved {
        /// What the relay holds.
        standing: Standing,
    },
    /// To `FindNetwork`.
    Network {
        /// The network.
        network: NetworkId,
    },
    /// To `Standing`; and an event on a proved connection when the charter, a restriction or the epoch changes.
    Standing(Standing),
    /// To `Charters`.
    Charters {
        /// In order of version.
        charters: Vec<Vec<u8>>,
        /// Whether there are more.
        more: bool,
    },
    /// It is done, and on disk.
    Done,
    /// To `Announcements`.
    Announcements {
        /// In order of epoch.
        announcements: Vec<Vec<u8>>,
        /// Whether there are more.
        more: bool,
    },
    /// To `SlotList`.
    SlotList {
        /// How many entries the whole list has.
        total: u32,
        /// Those from the one asked for.
        entries: Vec<RunEntry>,
    },
    /// To `SlotRun`.
    SlotRun {
        /// How many slots the run has.
        total: u32,
        /// Those from the one asked for.
        slots: Vec<Object>,
    },
    /// To `LateSlots`.
    LateSlots {
        /// How many there are.
        total: u32,
        /// Those from the one asked for.
        slots: Vec<LateSlot>,
    },
    /// To `Objects`.
    Objects {
        /// Those that there are.
        objects: Vec<Object>,
    },
    /// To `Stage` and `Staged`.
    Staged {
        /// Slots staged.
        slots: u32,
        /// Other objects staged.
        others: u32,
    },
    /// To `Append`, after the record is on disk.
    Appended {
        /// Its position.
        position: u64,
        /// How many connections follow the channel, rounded down to 1, 2 or 5 times a power of ten.
        followers: u32,
    },
    /// To `Subscribe`.
    Subscribed {
        /// The cursor was not this relay's: every unexpired record follows.
        reset: bool,
    },
    /// Event: a record of a channel that is followed.
    Record {
        /// The channel.
        channel: Channel,
        /// Its position.
        position: u64,
        /// Its bytes.
        record: Vec<u8>,
    },
    /// Event: every record that was there when `Subscribe` was answered has been sent.
    CaughtUp {
        /// The channel.
        channel: Channel,
    },
    /// The request was not done, and nothing of it remains.
    Refused(Refusal),
    /// Event: the relay is going away; come back after a random time up to so many seconds.
    Closing {
        /// Seconds.
        within: u16,
    },
    /// To `Restrictions`.
    Restrictions {
        /// In order of their hashes.
        restrictions: Vec<Vec<u8>>,
        /// Whether there are more.
        more: bool,
    },
}

/// How many variants [`Reply`] has: the first number that this program does not know.
pub const REPLIES: u64 = 19;

/// The relay's greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    /// The relay's clock.
    pub time: Timestamp,
    /// 32 random bytes, for the proof.
    pub challenge: [u8; 32],
    /// The relay's identity key.
    pub relay: PublicKey,
    /// Over `relay key || client nonce || challenge || u64be(time)`.
    pub signature: Signature,
}

impl Welcome {
    /// Signs a greeting.
    #[must_use]
    pub fn sign(key: &SecretKey, nonce: &[u8; 32], challenge: [u8; 32], time: Timestamp) -> Self {
        let relay = key.public();
        let fields: [&[u8]; 4] = [relay.as_bytes(), nonce, &challenge, &time.0.to_be_bytes()];
        Self { time, challenge, relay, signature: key.sign(Purpose::RelayHello, &fields) }
    }

    /// Checks a greeting. Whether the key is the one that the charter pins is the caller's to check.
    ///
    /// # Errors
    /// The signature does not verify for this nonce.
    pub fn verify(&self, nonce: &[u8; 32]) -> Result<(), BadSignature> {
        let fields: [&[u8]; 4] = [self.relay.as_bytes(), nonce, &self.challenge, &self.time.0.to_be_bytes()];
        self.relay.verify(Purpose::RelayHello, &fields, &self.signature)
    }
}

/// What a proof is about. It is good for one connection to one relay.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    /// The relay's identity key.
    pub relay: PublicKey,
    /// The client's nonce.
    pub nonce: [u8; 32],
    /// The relay's challenge.
    pub challenge: [u8; 32],
    /// Network and neighborhood.
    pub place: Place,
    /// The epoch of a role key, or 0.
    pub epoch: Epoch,
    /// Which key.
    pub prover: Prover,
}

impl Proof {
    /// Signs `relay key || client nonce || challenge || network || neighborhood || u64be(epoch) || role`.
    #[must_use]
    pub fn sign(&self, key: &SecretKey) -> Signature {
        self.with_fields(|fields| key.sign(Purpose::Prove, fields))
    }

    /// Checks a proof by `key`.
    ///
    /// # Errors
    /// It does not verify: another key, relay, nonce, challenge, place, epoch or role.
    pub fn verify(&self, key: &PublicKey, signature: &Signature) -> Result<(), BadSignature> {
        self.with_fields(|fields| key.verify(Purpose::Prove, fields, signature))
    }

    fn with_fields<T>(&self, use_fields: impl FnOnce(&[&[u8]]) -> T) -> T {
        use_fields(&[
            self.relay.as_bytes(),
            &self.nonce,
            &self.challenge,
            &self.place.bytes(),
            &self.epoch.0.to_be_bytes(),
            &[self.prover.role()],
        ])
    }
}

/// How many variants [`Refusal`] has: the first number that this program does not know.
pub const REFUSALS: u64 = 20;
/// The variant number of [`Reply::Refused`].
const REFUSED: u64 = 16;

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, thiserror::Error)]
pub enum Refusal {
    /// The relay is older than the request.
    #[error("the relay does not know this request")]
    Unsupported,
    /// The frame is not a message.
    #[error("malformed request: {0}")]
    Malformed(String),
    /// A request before `Hello`, a second `Hello` or `Prove`, or a subscription that exists.
    #[error("request out of order")]
    OutOfOrder,
    /// The connection has proved no key, or another one than this request needs.
    #[error("this needs a proof of another key")]
    NotProved,
    /// The proof does not verify for this relay, nonce, place, epoch and role.
    #[error("the proof does not verify")]
    BadProof,
    /// The operator has not allowed this network.
    #[error("the relay's operator has not allowed this network")]
    NotAllowed,
    /// The newest charter that the relay holds does not grant this to the key.
    #[error("the charter does not grant this to the key")]
    NotGranted,
    /// The relay does not know the network, the neighborhood, the invite or the thing asked for.
    #[error("not found on this relay")]
    NotFound,
    /// The epoch of a proof or of a record is unknown here.
    #[error("epoch {found} is unknown here, the current one is {current}")]
    UnknownEpoch {
        /// The epoch that was named.
        found: Epoch,
        /// The current one.
        current: Epoch,
    },
    /// The epoch is closed: seal again in the current one.
    #[error("epoch {found} is closed, the current one is {current}")]
    ClosedEpoch {
        /// The epoch that was named.
        found: Epoch,
        /// The current one.
        current: Epoch,
    },
    /// Somebody else opened an epoch first.
    #[error("the relay holds epoch {current} now")]
    Stale {
        /// The current epoch.
        current: Epoch,
    },
    /// Not a record, or of a wrong size.
    #[error("not a record: {0}")]
    BadRecord(String),
    /// The key that was proved may not append to, or read, this channel.
    #[error("the key that was proved has no access to this channel")]
    WrongChannel,
    /// The charter breaks a rule.
    #[error("the charter was refused: {0}")]
    BadCharter(String),
    /// The announcement, or a slot of it, breaks a rule.
    #[error("the announcement was refused: {0}")]
    BadAnnouncement(String),
    /// The slots that were staged are not those that the announcement signed.
    #[error("the staged slots do not match the announcement")]
    SlotsMismatch,
    /// The invite has expired, was withdrawn, or its uses are spent.
    #[error("the invite has ended")]
    InviteEnded,
    /// Too many requests: wait so many seconds.
    #[error("too many requests, wait {seconds} s")]
    SlowDown {
        /// Seconds.
        seconds: u16,
    },
    /// The network's share of the disk is full.
    #[error("the network's quota on the relay is full")]
    QuotaFull,
    /// The relay could not write. Nothing was acknowledged.
    #[error("the relay failed and acknowledged nothing")]
    Internal,
}

impl ClientFrame {
    /// The frame's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// The refusal to answer with, and the request's number where it could be read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, (u32, Refusal)> {
        let number = wire::peek_varint(bytes).and_then(|(id, used)| Some((u32::try_from(id).ok()?, used)));
        let Some((id, used)) = number else {
            return Err((0, Refusal::Malformed("no request number".to_owned())));
        };
        let variant = bytes.get(used..).and_then(wire::peek_varint);
        if variant.is_some_and(|(variant, _)| variant >= REQUESTS) {
            return Err((id, Refusal::Unsupported));
        }
        let frame: Self =
            wire::decode_exact(bytes, FRAME_LIMIT).map_err(|e| (id, Refusal::Malformed(e.to_string())))?;
        if frame.id == 0 {
            return Err((0, Refusal::Malformed("request number 0 is for events".to_owned())));
        }
        Ok(frame)
    }
}

impl ServerFrame {
    /// The frame's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// [`WireError::Newer`] for a reply, an event or a refusal that this program does not know; anything else is
    /// malformed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let [_, reply, refusal] = Self::numbers(bytes);
        let is_newer = |number: Option<u64>, known| number.is_some_and(|number| number >= known);
        if is_newer(reply, REPLIES) || (reply == Some(REFUSED) && is_newer(refusal, REFUSALS)) {
            return Err(WireError::Newer);
        }
        wire::decode_exact(bytes, FRAME_LIMIT)
    }

    /// To which request a frame belongs that is newer than this program; 0 for an event.
    #[must_use]
    pub fn peek_id(bytes: &[u8]) -> Option<u64> {
        let [id, ..] = Self::numbers(bytes);
        id
    }

    /// The numbers with which a frame begins: of the request, of the variant, and, of a refusal, why.
    fn numbers(bytes: &[u8]) -> [Option<u64>; 3] {
        let mut rest = Some(bytes);
        [(); 3].map(|()| {
            let (number, used) = wire::peek_varint(rest?)?;
            rest = rest.and_then(|rest| rest.get(used..));
            Some(number)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_requests_is_the_number_of_variants() {
        let last = Request::Restrictions { network: NetworkId::ZERO, after: RestrictionHash::ZERO };
        let bytes = wire::encode(&last);
        assert_eq!(u64::from(bytes[0]) + 1, REQUESTS);
    }

    #[test]
    fn the_number_of_replies_is_the_number_of_variants_and_the_next_one_is_newer() {
        let last = wire::encode(&Reply::Restrictions { restrictions: Vec::new(), more: false });
        assert_eq!(u64::from(last[0]) + 1, REPLIES);
        assert_eq!(ServerFrame::from_bytes(&[0, 19, 1]), Err(WireError::Newer));
        assert!(matches!(ServerFrame::from_bytes(&[0, 18]), Err(WireError::Malformed(_))));
    }

    #[test]
    fn the_number_of_refusals_is_the_number_of_variants_and_the_next_one_is_newer() {
        let last = ServerFrame { id: 7, reply: Reply::Refused(Refusal::Internal) };
        assert_eq!(last.to_bytes(), [7, 16, 19]);
        assert_eq!((u64::from(last.to_bytes()[1]), u64::from(last.to_bytes()[2]) + 1), (REFUSED, REFUSALS));
        assert_eq!(ServerFrame::from_bytes(&[7, 16, 20, 1]), Err(WireError::Newer));
        assert_eq!(ServerFrame::peek_id(&[251, 2, 1, 16, 20, 1]), Some(258));
        assert!(matches!(ServerFrame::from_bytes(&[7, 16]), Err(WireError::Malformed(_))));
        assert_eq!(ServerFrame::peek_id(&[]), None);
    }

    #[test]
    fn an_unknown_request_is_told_apart_from_a_broken_one() {
        assert_eq!(ClientFrame::from_bytes(&[7, 22, 1, 2, 3]), Err((7, Refusal::Unsupported)));
        assert!(matches!(ClientFrame::from_bytes(&[7, 0, 1]), Err((7, Refusal::Malformed(_)))));
        assert!(matches!(ClientFrame::from_bytes(&[]), Err((0, Refusal::Malformed(_)))));
        assert!(matches!(ClientFrame::from_bytes(&[0, 13]), Err((0, Refusal::Malformed(_)))));
    }
}
