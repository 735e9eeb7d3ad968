//! The rules, without a socket: frames in, steps and refusals out.

use watchfire_protocol::charter::{
    BelowQuorum, Charter, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Scope, SignedCharter,
    genesis_network, judge, sign,
};
use watchfire_protocol::id::{CharterHash, CoordinatorId, NeighborhoodId, NetworkId};
use watchfire_protocol::record::HEADER_LEN;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::time::{DAY, Hour};
use watchfire_protocol::wire::Extensions;

use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000);
const HERE: NeighborhoodId = NeighborhoodId([4; 16]);

fn key(number: u8) -> SecretKey {
    SecretKey::from_seed(&Secret32::new([number; 32]))
}

/// A charter that grants key 2 `dispatch` for a day.
fn charter() -> Charter {
    let scope = Scope { neighborhood: HERE, dispatch: true, enroll: false, not_before: NOW, not_after: NOW.plus(DAY) };
    let body = CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: NOW,
        expires: NOW.plus(DAY),
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
    let signature = sign(&key(1), genesis_network(&signed.body), &signed.body);
    signed.insert(CharterSignature { signer: key(1).public(), signature });
    judge(None, &signed).unwrap()
}

fn role_keys(epoch: u64, number: u8) -> RoleKeys {
    let (member, coordinator) = (key(number).public(), key(number + 1).public());
    RoleKeys { epoch: Epoch(epoch), member, coordinator, since: NOW }
}

fn frame(request: Request) -> Vec<u8> {
    ClientFrame { id: 3, request }.to_bytes()
}

struct Bench {
    session: Session,
    charter: Charter,
    relay: PublicKey,
}

impl Bench {
    /// A session that was greeted with the challenge [6; 32] for the nonce [5; 32].
    fn greeted() -> Self {
        let mut session = Session::new(&Limits { inbox_burst: 2, ..Limits::default() });
        let (id, step) = session.frame(&frame(Request::Hello { nonce: [5; 32] }), NOW).unwrap();
        assert!(id == 3 && matches!(step, Step::Greet { nonce } if nonce == [5; 32]));
        let welcome = session.greet(&key(9), [5; 32], [6; 32], NOW);
        assert_eq!(welcome.verify(&[5; 32]), Ok(()));
        Self { session, charter: charter(), relay: key(9).public() }
    }

    fn place(&self) -> Place {
        Place { network: self.charter.network(), neighborhood: HERE }
    }

    fn prove(&mut self, epoch: u64, prover: Prover, by: &SecretKey, now: Timestamp) -> Result<ProvedKey, Refusal> {
        let (place, epoch) = (self.place(), Epoch(epoch));
        let proof = Proof { relay: self.relay, nonce: [5; 32], challenge: [6; 32], place, epoch, prover };
        let Place { network, neighborhood } = place;
        let request = Request::Prove { network, neighborhood, epoch, prover, signature: proof.sign(by) };
        let Ok((_, Step::Prove(claim))) = self.session.frame(&frame(request), now) else {
            panic!("a claim is to be judged");
        };
        let invite = InviteRow { id: InviteId([7; 16]), key: key(40).public(), uses: 1, expires: NOW.plus(9) };
        let known = Known {
            relay: &self.relay,
            rights: self.charter.as_written(),
            current: Some(role_keys(8, 20)),
            previous: Some(role_keys(5, 30)),
            invite: Some(&invite),
        };
        self.session.prove(&claim, &known, now).map(|access| access.key.clone())
    }

    fn append(&mut self, channel: Channel, now: Timestamp) -> Result<Step, Refusal> {
        let mut record = Header { channel, epoch: Epoch(8), hour: Hour(0) }.bytes().to_vec();
        record.resize(HEADER_LEN + 16, 7);
        record.resize(4096, 0);
        self.session.frame(&frame(Request::Append { record }), now).map(|(_, step)| step).map_err(|r| r.refusal)
    }

    fn follow(&mut self, channel: Channel) -> Result<Step, Refused> {
        self.session.frame(&frame(Request::Subscribe { channel, cursor: None }), NOW).map(|(_, step)| step)
    }
}

#[test]
fn each_key_is_judged_by_what_the_relay_holds() {
    let closed = |found| Err(Refusal::ClosedEpoch { found: Epoch(found), current: Epoch(8) });
    let unknown = |found| Err(Refusal::UnknownEpoch { found: Epoch(found), current: Epoch(8) });
    let device = Prover::Device(key(2).public());
    let invite = Prover::Invite(InviteId([7; 16]));
    for (epoch, prover, by, now, wanted) in [
        (8, Prover::Member, 20, NOW, Ok(ProvedKey::Member(Epoch(8)))),
        (8, Prover::Coordinator, 21, NOW, Ok(ProvedKey::Coordinator(Epoch(8)))),
        (8, Prover::Coordinator, 20, NOW, Err(Refusal::BadProof)),
        (5, Prover::Member, 30, NOW.plus(599), Ok(ProvedKey::Member(Epoch(5)))),
        (5, Prover::Member, 30, NOW.plus(600), closed(5)),
        (5, Prover::Member, 20, NOW, Err(Refusal::BadProof)),
        (4, Prover::Member, 20, NOW, closed(4)),
        (6, Prover::Member, 20, NOW, closed(6)),
        (9, Prover::Coordinator, 21, NOW, unknown(9)),
        (0, device, 2, NOW, Ok(ProvedKey::Device(Box::new(key(2).public())))),
        (0, device, 3, NOW, Err(Refusal::BadProof)),
        (1, device, 2, NOW, Err(Refusal::NotGranted)),
        (0, device, 2, NOW.minus(1), Err(Refusal::NotGranted)),
        (0, device, 2, NOW.plus(2 * DAY), Err(Refusal::NotGranted)),
        (0, Prover::Device(key(3).public()), 3, NOW, Err(Refusal::NotGranted)),
        (0, invite, 40, NOW, Ok(ProvedKey::Invite(InviteId([7; 16])))),
        (0, invite, 41, NOW, Err(Refusal::BadProof)),
        (0, invite, 40, NOW.plus(9), Err(Refusal::InviteEnded)),
        (0, Prover::Invite(InviteId([8; 16])), 40, NOW, Err(Refusal::NotFound)),
    ] {
        let found = Bench::greeted().prove(epoch, prover, &key(by), now);
        assert_eq!(found, wanted, "{epoch} {prover:?} by {by} at {now:?}");
    }
}

#[test]
fn each_key_appends_and_follows_what_is_its_own() {
    use Channel::{Alerts, Desk, Inbox, Join, Roster};
    let invite = Prover::Invite(InviteId([7; 16]));
    for (epoch, prover, by, appends, follows) in [
        (8, Prover::Member, 20, &[Inbox][..], &[Alerts][..]),
        (8, Prover::Coordinator, 21, &[Alerts, Inbox, Desk, Roster], &[Alerts, Inbox, Desk, Roster]),
        (0, invite, 40, &[Join], &[]),
        (0, Prover::Device(key(2).public()), 2, &[], &[]),
    ] {
        for channel in [Alerts, Inbox, Desk, Roster, Join] {
            let mut bench = Bench::greeted();
            assert_eq!(bench.append(channel, NOW).unwrap_err(), Refusal::NotProved);
            bench.prove(epoch, prover, &key(by), NOW).unwrap();
            assert_eq!(bench.append(channel, NOW).is_ok(), appends.contains(&channel), "{prover:?} {channel:?}");
            let followed = bench.follow(channel);
            assert_eq!(followed.is_ok(), follows.contains(&channel), "{prover:?} {channel:?}");
            if followed.is_ok() {
                let refusal = Refusal::OutOfOrder;
                assert_eq!(bench.follow(channel).unwrap_err(), Refused { id: 3, refusal, close: true });
                bench.session.unfollow(channel);
                assert!(bench.follow(channel).is_ok());
            }
        }
    }
}

#[test]
fn an_invite_appends_only_requests_that_name_it() {
    let mut bench = Bench::greeted();
    bench.prove(0, Prover::Invite(InviteId([7; 16])), &key(40), NOW).unwrap();
    let mut record = Header { channel: Channel::Join, epoch: Epoch(8), hour: Hour(0) }.bytes().to_vec();
    record.resize(4096, 8);
    let refused = bench.session.frame(&frame(Request::Append { record }), NOW).unwrap_err();
    assert_eq!(refused, Refused { id: 3, refusal: Refusal::WrongChannel, close: false });
}

#[test]
fn the_inbox_has_a_budget_and_alerts_have_none() {
    let mut bench = Bench::greeted();
    bench.prove(8, Prover::Coordinator, &key(21), NOW).unwrap();
    assert!(bench.append(Channel::Inbox, NOW).is_ok());
    assert!(bench.append(Channel::Inbox, NOW).is_ok());
    assert_eq!(bench.append(Channel::Inbox, NOW).unwrap_err(), Refusal::SlowDown { seconds: 5 });
    for _ in 0..100 {
        assert!(bench.append(Channel::Alerts, NOW).is_ok());
    }
    assert!(bench.append(Channel::Inbox, NOW.plus(5)).is_ok());
}

#[test]
fn nothing_is_proved_without_a_greeting_or_twice() {
    let mut session = Session::new(&Limits::default());
    let signature = Signature([0; 64]);
    let request = || Request::Prove {
        network: NetworkId::ZERO,
        neighborhood: HERE,
        epoch: Epoch(8),
        prover: Prover::Member,
        signature,
    };
    assert_eq!(session.frame(&frame(request()), NOW).unwrap_err().refusal, Refusal::OutOfOrder);
    let mut bench = Bench::greeted();
    bench.prove(8, Prover::Member, &key(20), NOW).unwrap();
    let again = bench.session.frame(&frame(request()), NOW).unwrap_err();
    assert_eq!(again, Refused { id: 3, refusal: Refusal::OutOfOrder, close: true });
}

#[test]
fn only_a_role_key_of_a_closed_epoch_has_an_end() {
    let mut bench = Bench::greeted();
    assert_eq!(bench.session.ends(Epoch(8), NOW), None);
    bench.prove(5, Prover::Member, &key(30), NOW).unwrap();
    assert_eq!(bench.session.ends(Epoch(8), NOW), Some(NOW.plus(600)));
    let mut bench = Bench::greeted();
    bench.prove(8, Prover::Member, &key(20), NOW).unwrap();
    assert_eq!(bench.session.ends(Epoch(8), NOW), None);
}
