//! A connection's rules against a peer who may send anything in any order, at any time: beside it runs a model of a few
//! lines that says who may do what, and the two never differ.

use std::collections::BTreeSet;

use watchfire_protocol::charter::{
    self, BelowQuorum, Charter, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Scope, SignedCharter, judge,
};
use watchfire_protocol::frame::{ClientFrame, Proof, Prover, Request};
use watchfire_protocol::id::{CharterHash, CoordinatorId, Epoch, InviteId, NeighborhoodId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::{Channel, HEADER_LEN, Header};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{DAY, Hour, Timestamp};
use watchfire_protocol::wire::Extensions;
use watchfire_relay::limit::Limits;
use watchfire_relay::session::{Known, RoleKeys, Session, Step};
use watchfire_relay::store::InviteRow;

const START: Timestamp = Timestamp(1_800_000_000);
const HERE: NeighborhoodId = NeighborhoodId([4; 16]);
const INVITE: InviteId = InviteId([7; 16]);
const NONCE: [u8; 32] = [5; 32];
const CHALLENGE: [u8; 32] = [6; 32];
const CHANNELS: [Channel; 5] = [Channel::Alerts, Channel::Inbox, Channel::Desk, Channel::Roster, Channel::Join];
const BURST: u32 = 4;
const INTERVAL: u64 = 5;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Member,
    Coordinator,
    Device,
    Invite,
}

/// What a connection may do, as the specification's table has it.
#[derive(Default)]
struct Model {
    greeted: bool,
    proved: Option<Who>,
    followed: BTreeSet<u8>,
    inbox: Vec<u64>,
}

impl Model {
    fn may_append(&self, channel: Channel) -> bool {
        match self.proved {
            Some(Who::Member) => channel == Channel::Inbox,
            Some(Who::Coordinator) => channel != Channel::Join,
            Some(Who::Invite) => channel == Channel::Join,
            Some(Who::Device) | None => false,
        }
    }

    fn may_follow(&self, channel: Channel) -> bool {
        let own = match self.proved {
            Some(Who::Member) => channel == Channel::Alerts,
            Some(Who::Coordinator) => channel != Channel::Join,
            Some(Who::Device | Who::Invite) | None => false,
        };
        own && !self.followed.contains(&(channel as u8))
    }

    /// Whatever the frame was, what is to be done for it is allowed.
    fn allows(&mut self, step: &Step, now: Timestamp) {
        match step {
            Step::Greet { .. } => assert!(!self.greeted),
            Step::Prove(_) => assert!(self.greeted && self.proved.is_none()),
            Step::Public(_) => assert!(self.greeted),
            Step::Govern { .. } => assert_eq!(self.proved, Some(Who::Device)),
            Step::Append { header, .. } => {
                assert!(self.may_append(header.channel), "{:?} {:?}", self.proved, header.channel);
                if matches!(header.channel, Channel::Inbox | Channel::Join) {
                    self.inbox.push(now.0);
                    let since = |from: &u64| self.inbox.iter().filter(|at| *at >= from).count() as u64;
                    let room = |from: &u64| u64::from(BURST) + (now.0 - from) / INTERVAL;
                    assert!(self.inbox.iter().all(|from| since(from) <= room(from)), "{:?}", self.inbox);
                }
            }
            Step::Follow { log, .. } => {
                assert!(self.may_follow(*log), "{:?} {log:?}", self.proved);
                self.followed.insert(*log as u8);
            }
        }
    }
}

/// Bytes as a conversation. Says whether somebody proved something in it.
pub fn session(bytes: &[u8]) -> bool {
    let limits = Limits { inbox_burst: BURST, inbox_interval_seconds: INTERVAL, ..Limits::default() };
    let (mut session, mut model, mut now) = (Session::new(&limits), Model::default(), START);
    let charter = charter();
    let mut bytes = bytes.iter().copied();
    while let (Some(what), Some(with)) = (bytes.next(), bytes.next()) {
        let channel = CHANNELS[usize::from(with) % CHANNELS.len()];
        let frame = match what % 9 {
            0 => bytes.by_ref().take(usize::from(with)).collect(),
            1 => written(Request::Hello { nonce: NONCE }),
            2 => written(proof(&charter, with)),
            3 | 4 => written(append(channel, what)),
            5 => written(Request::Subscribe { channel, cursor: None }),
            6 => {
                session.unfollow(channel);
                model.followed.remove(&(channel as u8));
                continue;
            }
            7 => {
                now = now.plus(u64::from(with));
                continue;
            }
            _ => written(Request::WithdrawInvite { id: InviteId([with; 16]) }),
        };
        let well_formed = ClientFrame::from_bytes(&frame).is_ok();
        let step = session.frame(&frame, now);
        if !well_formed {
            assert!(step.is_err());
        }
        let Ok((_, step)) = step else { continue };
        model.allows(&step, now);
        match step {
            Step::Greet { nonce } => {
                session.greet(&key(9), nonce, CHALLENGE, now);
                model.greeted = true;
            }
            Step::Prove(claim) => {
                let relay = key(9).public();
                let invite = InviteRow { id: INVITE, key: key(40).public(), uses: 1, expires: START.plus(999) };
                let known = Known {
                    relay: &relay,
                    rights: charter.as_written(),
                    current: Some(role_keys(8, 20)),
                    previous: Some(role_keys(5, 30)),
                    invite: Some(&invite),
                };
                if let Ok(access) = session.prove(&claim, &known, now) {
                    assert_eq!(access.place.neighborhood, HERE);
                    model.proved = Some(match claim.prover {
                        Prover::Member => Who::Member,
                        Prover::Coordinator => Who::Coordinator,
                        Prover::Device(_) => Who::Device,
                        Prover::Invite(_) => Who::Invite,
                    });
                    // Only keys of the current epoch, or of the one before for ten minutes, are good for anything.
                    let old = claim.epoch == Epoch(5) && now.since(START) < limits.old_epoch_seconds;
                    assert!(claim.epoch == Epoch(8) || claim.epoch == Epoch::NONE || old);
                }
            }
            _ => {}
        }
    }
    model.proved.is_some()
}

fn written(request: Request) -> Vec<u8> {
    ClientFrame { id: 3, request }.to_bytes()
}

fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&Secret32::new([number; 32]))
}

fn role_keys(epoch: u64, number: u8) -> RoleKeys {
    let (member, coordinator) = (key(number).public(), key(number + 1).public());
    RoleKeys { epoch: Epoch(epoch), member, coordinator, since: START }
}

/// A claim to one of the keys, rightly or wrongly.
fn proof(charter: &Charter, with: u8) -> Request {
    let (epoch, prover, by) = match with % 8 {
        0 => (8, Prover::Member, 20),
        1 => (8, Prover::Coordinator, 21),
        2 => (0, Prover::Device(key(2).public()), 2),
        3 => (0, Prover::Invite(INVITE), 40),
        4 => (5, Prover::Member, 30),
        5 => (4, Prover::Member, 20),
        6 => (8, Prover::Coordinator, 20),
        _ => (0, Prover::Device(key(3).public()), 3),
    };
    let place = Place { network: charter.network(), neighborhood: HERE };
    let epoch = Epoch(epoch);
    let proof = Proof { relay: key(9).public(), nonce: NONCE, challenge: CHALLENGE, place, epoch, prover };
    let Place { network, neighborhood } = place;
    Request::Prove { network, neighborhood, epoch, prover, signature: proof.sign(&key(by)) }
}

/// A record of a channel, that names the invite or does not.
fn append(channel: Channel, what: u8) -> Request {
    let mut record = Header { channel, epoch: Epoch(8), hour: Hour(0) }.bytes().to_vec();
    record.resize(HEADER_LEN + InviteId::LEN, if what.is_multiple_of(2) { INVITE.0[0] } else { 9 });
    record.resize(4096, 0);
    Request::Append { record }
}

/// A charter that grants key 2 a right for as long as any of these conversations lasts.
fn charter() -> Charter {
    let not_after = START.plus(300 * DAY);
    let scope = Scope { neighborhood: HERE, dispatch: true, enroll: false, not_before: START, not_after };
    let body = CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: START,
        expires: not_after,
        grace_days: 1,
        admins: vec![key(1).public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![Neighborhood {
            id: HERE,
            quorum: 1,
            below_quorum: BelowQuorum::Show,
            retention_hours: 1,
            freshness_hours: 1,
            names: [0; 32],
            closed: false,
        }],
        grants: vec![Grant {
            coordinator: CoordinatorId([2; 16]),
            devices: vec![key(2).public()],
            scopes: vec![scope],
        }],
        revocations: Vec::new(),
        restrictions: Vec::new(),
        relays: vec![Relay { url: "ws://127.0.0.1:1/v1".to_owned(), key: key(9).public() }],
        extensions: Extensions::default(),
    };
    let mut signed = SignedCharter::unsigned(&body);
    let signature = charter::sign(&key(1), charter::genesis_network(&signed.body), &signed.body);
    signed.insert(CharterSignature { signer: key(1).public(), signature });
    judge(None, &signed).unwrap_or_else(|error| panic!("the network of this target: {error}"))
}
