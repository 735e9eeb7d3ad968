//! One connection's rules, without I/O: what may come in which order, what a proof must show, who may do what.
//!
//! Bytes come in and a [`Step`] or a refusal comes out; times, randomness and what the store holds are arguments. What is
//! assumed: the transport delivers whole frames. What a stranger can still do: ask for everything public, at the pace of
//! the limits, and offer charters and announcements, each of which is judged by itself.

use watchfire_protocol::charter::Rights;
use watchfire_protocol::frame::{ClientFrame, Cursor, Proof, Prover, Refusal, Request, Welcome};
use watchfire_protocol::id::{Epoch, InviteId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::{Channel, Header, join_invite};
use watchfire_protocol::sign::{PublicKey, SecretKey, Signature};
use watchfire_protocol::time::Timestamp;

use crate::limit::{Budget, Limits};
use crate::store::InviteRow;

/// A connection, as far as its rules go.
pub struct Session {
    greeting: Option<Greeting>,
    access: Option<Access>,
    followed: Vec<Channel>,
    inbox: Budget,
    old_epoch: u64,
}

#[derive(Clone, Copy)]
struct Greeting {
    nonce: [u8; 32],
    challenge: [u8; 32],
}

/// What a connection has proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Where.
    pub place: Place,
    /// Which key.
    pub key: ProvedKey,
}

/// The key that a connection has proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProvedKey {
    /// The members' key of an epoch.
    Member(Epoch),
    /// The coordinators' key of an epoch.
    Coordinator(Epoch),
    /// A coordinator's device. What it may do, the newest charter says each time.
    Device(Box<PublicKey>),
    /// An invite.
    Invite(InviteId),
}

impl Access {
    /// The epoch of a role key.
    #[must_use]
    pub const fn epoch(&self) -> Option<Epoch> {
        match self.key {
            ProvedKey::Member(epoch) | ProvedKey::Coordinator(epoch) => Some(epoch),
            ProvedKey::Device(_) | ProvedKey::Invite(_) => None,
        }
    }

    const fn may_append(&self, channel: Channel) -> bool {
        match self.key {
            ProvedKey::Member(_) => matches!(channel, Channel::Inbox),
            ProvedKey::Coordinator(_) => !matches!(channel, Channel::Join),
            ProvedKey::Invite(_) => matches!(channel, Channel::Join),
            ProvedKey::Device(_) => false,
        }
    }

    const fn may_follow(&self, channel: Channel) -> bool {
        match self.key {
            ProvedKey::Member(_) => matches!(channel, Channel::Alerts),
            ProvedKey::Coordinator(_) => !matches!(channel, Channel::Join),
            ProvedKey::Device(_) | ProvedKey::Invite(_) => false,
        }
    }
}

/// A claim to a key, to be checked against what the relay holds.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Where.
    pub place: Place,
    /// The epoch of a role key, 0 for others.
    pub epoch: Epoch,
    /// Which key.
    pub prover: Prover,
    signature: Signature,
}

/// The two role keys of an epoch.
#[derive(Clone, Copy, Debug)]
pub struct RoleKeys {
    /// Which epoch.
    pub epoch: Epoch,
    /// The members' key.
    pub member: PublicKey,
    /// The coordinators' key.
    pub coordinator: PublicKey,
    /// Since when the relay holds the epoch.
    pub since: Timestamp,
}

/// What the relay holds of the place of a claim.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The relay's own key.
    pub relay: &'a PublicKey,
    /// Who may do what now.
    pub rights: Rights<'a>,
    /// The current epoch's keys.
    pub current: Option<RoleKeys>,
    /// Those of the epoch before.
    pub previous: Option<RoleKeys>,
    /// The invite that the claim names.
    pub invite: Option<&'a InviteRow>,
}

/// What is to be done for a frame.
#[derive(Debug)]
pub enum Step {
    /// Greet, with fresh randomness: [`Session::greet`].
    Greet {
        /// The client's nonce.
        nonce: [u8; 32],
    },
    /// Look up what is known, and judge: [`Session::prove`].
    Prove(Claim),
    /// Anybody may ask this.
    Public(Request),
    /// For the devices of coordinators with `enroll`; that the charter grants it is to be checked now.
    Govern {
        /// Where.
        place: Place,
        /// The device.
        device: PublicKey,
        /// What.
        request: Request,
    },
    /// Append, if the epoch is the current one.
    Append {
        /// By whom.
        access: Access,
        /// The record's header.
        header: Header,
        /// The record.
        record: Vec<u8>,
    },
    /// Follow a log; the session counts it as followed.
    Follow {
        /// By whom.
        access: Access,
        /// Which.
        log: Channel,
        /// From where.
        cursor: Option<Cursor>,
    },
}

/// A frame that is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// The request's number, 0 if it could not be read.
    pub id: u32,
    /// Why.
    pub refusal: Refusal,
    /// Whether the peer broke the protocol: answer, then close with 1002.
    pub close: bool,
}

impl Session {
    /// A connection of which nothing is known.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            greeting: None,
            access: None,
            followed: Vec::new(),
            inbox: Budget::new(u64::from(limits.inbox_burst), limits.inbox_interval_seconds),
            old_epoch: limits.old_epoch_seconds,
        }
    }

    /// What it has proved.
    #[must_use]
    pub const fn access(&self) -> Option<&Access> {
        self.access.as_ref()
    }

    /// Whether it follows a log.
    #[must_use]
    pub fn follows(&self, log: Channel) -> bool {
        self.followed.contains(&log)
    }

    /// Reads a frame and says what is to be done for it.
    ///
    /// # Errors
    /// The refusal to answer with.
    pub fn frame(&mut self, bytes: &[u8], now: Timestamp) -> Result<(u32, Step), Refused> {
        let ClientFrame { id, request } = ClientFrame::from_bytes(bytes).map_err(|(id, refusal)| {
            // A newer client may go on without what this relay does not know; anything else is no Watchfire.
            let close = refusal != Refusal::Unsupported || self.greeting.is_none();
            Refused { id, refusal, close }
        })?;
        let step = self.step(request, now).map_err(|refusal| {
            let close = refusal == Refusal::OutOfOrder;
            Refused { id, refusal, close }
        })?;
        Ok((id, step))
    }

    fn step(&mut self, request: Request, now: Timestamp) -> Result<Step, Refusal> {
        if matches!(request, Request::Hello { .. }) == self.greeting.is_some() {
            return Err(Refusal::OutOfOrder);
        }
        match request {
            Request::Hello { nonce } => Ok(Step::Greet { nonce }),
            Request::Prove { network, neighborhood, epoch, prover, signature } => {
                if self.access.is_some() {
                    return Err(Refusal::OutOfOrder);
                }
                Ok(Step::Prove(Claim { place: Place { network, neighborhood }, epoch, prover, signature }))
            }
            Request::Append { record } => self.append(record, now),
            Request::Subscribe { channel, cursor } => self.follow(channel, cursor),
            Request::FindNetwork { .. }
            | Request::Standing { .. }
            | Request::Charters { .. }
            | Request::PublishCharter { .. }
            | Request::Announcements { .. }
            | Request::PutAnnouncement { .. }
            | Request::SlotList { .. }
            | Request::SlotRun { .. }
            | Request::LateSlots { .. }
            | Request::Objects { .. }
            | Request::PublishRestriction { .. }
            | Request::Restrictions { .. } => Ok(Step::Public(request)),
            Request::Stage { .. }
            | Request::Staged { .. }
            | Request::Open { .. }
            | Request::AddLateSlot(_)
            | Request::RegisterInvite { .. }
            | Request::WithdrawInvite { .. } => match &self.access {
                Some(Access { place, key: ProvedKey::Device(device) }) => {
                    Ok(Step::Govern { place: *place, device: **device, request })
                }
                _ => Err(Refusal::NotProved),
            },
        }
    }

    fn append(&mut self, record: Vec<u8>, now: Timestamp) -> Result<Step, Refusal> {
        let access = self.access.as_ref().filter(|access| !matches!(access.key, ProvedKey::Device(_)));
        let access = access.cloned().ok_or(Refusal::NotProved)?;
        let header = Header::parse(&record).map_err(|error| Refusal::BadRecord(error.to_string()))?;
        if !access.may_append(header.channel) {
            return Err(Refusal::WrongChannel);
        }
        if let ProvedKey::Invite(own) = access.key
            && join_invite(&record) != Some(own)
        {
            return Err(Refusal::WrongChannel);
        }
        if header.channel.log() == Channel::Inbox {
            self.inbox
                .take(now.0)
                .map_err(|wait| Refusal::SlowDown { seconds: u16::try_from(wait).unwrap_or(u16::MAX) })?;
        }
        Ok(Step::Append { access, header, record })
    }

    fn follow(&mut self, channel: Channel, cursor: Option<Cursor>) -> Result<Step, Refusal> {
        let access = self.access.as_ref().filter(|access| access.epoch().is_some());
        let access = access.cloned().ok_or(Refusal::NotProved)?;
        if !access.may_follow(channel) {
            return Err(Refusal::WrongChannel);
        }
        if self.followed.contains(&channel) {
            return Err(Refusal::OutOfOrder);
        }
        self.followed.push(channel);
        Ok(Step::Follow { access, log: channel, cursor })
    }

    /// A log that could not be followed may be asked for again.
    pub fn unfollow(&mut self, log: Channel) {
        self.followed.retain(|followed| *followed != log);
    }

    /// Greets. `challenge` is fresh randomness, for this connection only.
    pub fn greet(&mut self, key: &SecretKey, nonce: [u8; 32], challenge: [u8; 32], now: Timestamp) -> Welcome {
        self.greeting = Some(Greeting { nonce, challenge });
        Welcome::sign(key, &nonce, challenge, now)
    }

    /// Judges a claim. After a refusal nothing is proved, and another claim may come.
    ///
    /// # Errors
    /// The refusal to answer with.
    pub fn prove(&mut self, claim: &Claim, known: &Known<'_>, now: Timestamp) -> Result<&Access, Refusal> {
        let Some(Greeting { nonce, challenge }) = self.greeting else {
            return Err(Refusal::OutOfOrder);
        };
        let Claim { place, epoch, prover, signature } = *claim;
        let proof = Proof { relay: *known.relay, nonce, challenge, place, epoch, prover };
        let verify = |key: &PublicKey| proof.verify(key, &signature).map_err(|_| Refusal::BadProof);
        if known.rights.charter().neighborhood(place.neighborhood).is_none() {
            return Err(Refusal::NotFound);
        }
        let key = match prover {
            Prover::Member => {
                verify(&self.role_keys(epoch, known, now)?.member)?;
                ProvedKey::Member(epoch)
            }
            Prover::Coordinator => {
                verify(&self.role_keys(epoch, known, now)?.coordinator)?;
                ProvedKey::Coordinator(epoch)
            }
            Prover::Device(device) => {
                verify(&device)?;
                if epoch != Epoch::NONE || known.rights.any_right(&device, place.neighborhood, now).is_none() {
                    return Err(Refusal::NotGranted);
                }
                ProvedKey::Device(Box::new(device))
            }
            Prover::Invite(id) => {
                let invite = known.invite.filter(|invite| invite.id == id).ok_or(Refusal::NotFound)?;
                verify(&invite.key)?;
                if invite.uses == 0 || invite.expires <= now {
                    return Err(Refusal::InviteEnded);
                }
                ProvedKey::Invite(id)
            }
        };
        Ok(self.access.insert(Access { place, key }))
    }

    fn role_keys(&self, found: Epoch, known: &Known<'_>, now: Timestamp) -> Result<RoleKeys, Refusal> {
        let current = known.current.ok_or(Refusal::UnknownEpoch { found, current: Epoch::NONE })?;
        if found == current.epoch {
            return Ok(current);
        }
        let just_closed = now.since(current.since) < self.old_epoch;
        match known.previous.filter(|previous| previous.epoch == found) {
            Some(previous) if just_closed => Ok(previous),
            _ if found < current.epoch => Err(Refusal::ClosedEpoch { found, current: current.epoch }),
            _ => Err(Refusal::UnknownEpoch { found, current: current.epoch }),
        }
    }

    /// When a connection that has proved a closed epoch ends, if the relay has held its successor since `since`.
    #[must_use]
    pub fn ends(&self, current: Epoch, since: Timestamp) -> Option<Timestamp> {
        let proved = self.access.as_ref()?.epoch()?;
        (proved < current).then(|| since.plus(self.old_epoch))
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
