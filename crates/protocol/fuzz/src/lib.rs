//! What a stranger, or an infiltrator who holds a key, can put before each reader of bytes. Whatever it is, the reader
//! refuses or understands: it does not panic, and what it understood it writes again as it was.
//!
//! Each target says whether the bytes were understood. The ordinary tests replay the corpus through the same functions.

use std::collections::BTreeSet;

use bincode::{Decode, Encode};
use watchfire_protocol::alert::{AlertBody, AlertSignature, AlertsItem, Beacon, SignedAlert, sign_body};
use watchfire_protocol::announcement::{Keys, LateSlot, SignedAnnouncement, Slots};
use watchfire_protocol::charter::{
    self, BelowQuorum, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Restricted, RestrictionBody, Right,
    Scope, SignedCharter, SignedRestriction, Subject, judge, judge_restriction,
};
use watchfire_protocol::desk::DeskBody;
use watchfire_protocol::direct::Direct;
use watchfire_protocol::frame::{ClientFrame, ServerFrame};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{
    AnnouncementHash, CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId, RestrictionsHash, Tag, parse_base32,
};
use watchfire_protocol::inbox::{Answer, InboxItem, Profile, Report};
use watchfire_protocol::invite::{InviteLink, JoinRequest};
use watchfire_protocol::kdf::{Context, Place};
use watchfire_protocol::names::{NamesBlock, join_parts, parts};
use watchfire_protocol::record::{Header, join_invite, open_record, record_id};
use watchfire_protocol::renewal::RenewalBody;
use watchfire_protocol::roster::{EventBody, Roster};
use watchfire_protocol::run::{Object, RunEntry, look_up, run_of, slots_root};
use watchfire_protocol::secret::{Secret, Secret32};
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::{DAY, HOUR, Timestamp};
use watchfire_protocol::verdict::{Circumstances, Verdict, judge as judge_alert};
use watchfire_protocol::vocabulary::{AlertContent, Code, Place as Where};
use watchfire_protocol::wire::{self, Body, Extensions, decode_body, decode_exact, encode_body};
use watchfire_protocol::{object, paper, phrase};

/// A reader of bytes.
pub type Target = fn(&[u8]) -> bool;

/// All of them, by name.
pub const TARGETS: [(&str, Target); 5] =
    [("bodies", bodies), ("frames", frames), ("records", records), ("signed", signed), ("texts", texts)];

const HERE: Place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([4; 16]) };
const NOW: Timestamp = Timestamp(1_795_000_000);
const ANNOUNCEMENT: AnnouncementHash = AnnouncementHash([0xaa; 32]);

/// Every signed or sealed body, by its own kind byte, and what carries them, by numbers from 200 on.
pub fn bodies(bytes: &[u8]) -> bool {
    let Some((kind, rest)) = bytes.split_first() else { return false };
    match kind {
        1 => body::<CharterBody>(bytes),
        2 => body::<RestrictionBody>(bytes),
        3 => body::<Keys>(bytes),
        4 => body::<Slots>(bytes),
        5 => body_and(bytes, |alert: &AlertBody| drop(alert.content.validate_to_sign())),
        6 => body::<Beacon>(bytes),
        7 => body::<EventBody>(bytes),
        8 => body::<JoinRequest>(bytes),
        9 => body::<RenewalBody>(bytes),
        11 => body_and(bytes, |answer: &Answer| drop(answer.content.validate())),
        12 => body_and(bytes, |report: &Report| drop(report.content.validate())),
        15 => body_and(bytes, |names: &NamesBlock| {
            let cut = parts(names);
            assert_eq!(join_parts(cut.iter().map(Vec::as_slice)).as_ref(), Ok(names));
        }),
        16 => body_and(bytes, |desk: &DeskBody| drop(desk.event.validate())),
        17 => body_and(bytes, |direct: &Direct| drop(direct.place.as_ref().map(Where::validate))),
        18 => body::<Profile>(bytes),
        200 => again(AlertsItem::from_bytes(rest), rest, AlertsItem::to_bytes),
        201 => again(InboxItem::from_bytes(rest), rest, InboxItem::to_bytes),
        202 => again(SignedAnnouncement::from_bytes(rest), rest, SignedAnnouncement::to_bytes),
        203 => value::<LateSlot>(rest),
        204 => value::<SignedCharter>(rest),
        205 => value::<SignedRestriction>(rest),
        206 => value::<SignedAlert>(rest),
        207 => Roster::from_vault_bytes(HERE, rest).is_ok(),
        208 => {
            let items: Vec<Vec<u8>> = rest.chunks(97).map(<[u8]>::to_vec).collect();
            let digest = watchfire_protocol::roster::digest(&context(), &items);
            Roster::from_snapshot(context(), &items, &digest).is_ok()
        }
        _ => join_parts(rest.chunks(64)).is_ok(),
    }
}

/// What a client sends a relay, and what a relay sends a client.
pub fn frames(bytes: &[u8]) -> bool {
    match bytes.split_first() {
        Some((0, frame)) => again(ClientFrame::from_bytes(frame), frame, ClientFrame::to_bytes),
        Some((1, frame)) => again(ServerFrame::from_bytes(frame), frame, ServerFrame::to_bytes),
        _ => false,
    }
}

/// Records, objects and runs as a relay hands them out. Nobody but who has the key makes one that opens.
pub fn records(bytes: &[u8]) -> bool {
    let key = Secret32::new([7; 32]);
    assert!(open_record(&HERE, &ANNOUNCEMENT, &key, bytes).is_err());
    let (_, _) = (record_id(bytes), join_invite(bytes));
    if let Some((tag, rest)) = bytes.split_first_chunk::<16>() {
        let mut body = Box::new([0; 2048]);
        body.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let object = Object { tag: Tag(*tag), body };
        assert!(object::open(&context(), &key, &object).is_err());
        let list: Vec<RunEntry> = decode_exact(rest, 1 << 16).unwrap_or_default();
        let (run, _) = (run_of(&list, &object.tag), slots_root(&list));
        drop(look_up(&list, run, std::slice::from_ref(&object), &object.tag));
    }
    let header = Header::parse(bytes);
    header.is_ok_and(|header| {
        assert_eq!(&header.bytes()[..], &bytes[..header.bytes().len()]);
        true
    })
}

/// What somebody who holds the right key signs: an admin's next charter or restriction, a coordinator's alert. The
/// signature is always good, so that what is fuzzed is what stands behind it.
pub fn signed(bytes: &[u8]) -> bool {
    let Some((which, body)) = bytes.split_first() else { return false };
    let charters = charters();
    match which {
        0 => {
            let signature = charter::sign(&key(101), charters.network(), body);
            let mut next = SignedCharter { body: body.to_vec(), signatures: vec![] };
            next.insert(CharterSignature { signer: key(101).public(), signature });
            judge(Some(charters.newest()), &next).is_ok()
        }
        1 => {
            let signature = charter::sign(&key(101), charter::genesis_network(body), body);
            let mut genesis = SignedCharter { body: body.to_vec(), signatures: vec![] };
            genesis.insert(CharterSignature { signer: key(101).public(), signature });
            judge(None, &genesis).is_ok()
        }
        2 => {
            let signature = charter::sign_restriction(&key(101), charters.network(), body);
            let signature = CharterSignature { signer: key(101).public(), signature };
            let restriction = SignedRestriction { body: body.to_vec(), signatures: vec![signature] };
            judge_restriction(charters.newest(), Some(charters.newest().body()), &restriction).is_ok()
        }
        _ => {
            let place = Place { network: charters.network(), neighborhood: HERE.neighborhood };
            let signatures: Vec<AlertSignature> = vec![sign_body(body, &place, &key(11))];
            let alert = SignedAlert { body: body.to_vec(), signatures };
            let (announcements, withheld) = (BTreeSet::from([ANNOUNCEMENT]), BTreeSet::new());
            let circumstances = Circumstances {
                place,
                record_epoch: Epoch(7),
                charters: &charters,
                accepted: &[],
                announcements: &announcements,
                confirmations: &[],
                network_confirmed: true,
                received: NOW.plus(60),
                now: NOW.plus(60),
                clock_in_doubt: false,
                withheld: &withheld,
            };
            matches!(judge_alert(alert, &circumstances), Verdict::Shown(_))
        }
    }
}

/// What people type, paste and scan.
pub fn texts(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let _ = (phrase::heard_words(text), phrase::plain(text), parse_base32::<16>(text), parse_base32::<32>(text));
    if let Ok(seed) = paper::seed(text) {
        assert!(paper::seed(&paper::words(&seed)).is_ok_and(|again| again == seed));
        return true;
    }
    let Ok(link) = InviteLink::parse(text) else { return text.parse::<PublicKey>().is_ok() };
    let written = link.to_text().unwrap_or_else(|error| panic!("a link that was read is not written: {error}"));
    assert!(InviteLink::parse(&written).is_ok());
    true
}

/// What [`signed`] understands, to begin from: this network's next charter, another network's first, a restriction, an
/// alert.
pub fn seeds() -> Vec<Vec<u8>> {
    let charters = charters();
    let newest = charters.newest();
    let next =
        CharterBody { network: charters.network(), version: 2, previous: newest.hash(), ..newest.body().clone() };
    let taken = Restricted {
        subject: Subject::Coordinator(CoordinatorId([2; 16])),
        neighborhood: HERE.neighborhood,
        right: Right::Dispatch,
        distrust_from: None,
    };
    let restriction = RestrictionBody {
        network: charters.network(),
        charter_version: 1,
        charter: newest.hash(),
        issued: NOW,
        entries: vec![taken],
        extensions: Extensions::default(),
    };
    let mut content = AlertContent::new(Code::constant("community.fire"));
    content.place = Some(Where { place_type: Code::constant("street"), text: "Mill Lane".to_owned(), point: None });
    let alert = AlertBody {
        random: [9; 16],
        epoch: Epoch(7),
        announcement: ANNOUNCEMENT,
        charter_version: 1,
        charter: newest.hash(),
        restrictions: RestrictionsHash::ZERO,
        heads: vec![],
        sent: NOW,
        expires: NOW.plus(HOUR),
        content,
        extensions: Extensions::default(),
    };
    [(0, encode_body(&next)), (1, encode_body(newest.body())), (2, encode_body(&restriction)), (3, encode_body(&alert))]
        .into_iter()
        .map(|(which, body)| [&[which][..], &body].concat())
        .collect()
}

fn body<B: Body>(bytes: &[u8]) -> bool {
    body_and(bytes, |_: &B| ())
}

fn body_and<B: Body>(bytes: &[u8], and: impl FnOnce(&B)) -> bool {
    let Ok(read) = decode_body::<B>(bytes) else { return false };
    assert_eq!(encode_body(&read), bytes, "one body has one encoding");
    and(&read);
    true
}

fn value<T: Encode + Decode<()>>(bytes: &[u8]) -> bool {
    again(decode_exact::<T>(bytes, 96 << 10), bytes, wire::encode)
}

fn again<T, E>(read: Result<T, E>, bytes: &[u8], write: impl FnOnce(&T) -> Vec<u8>) -> bool {
    let Ok(read) = read else { return false };
    assert_eq!(write(&read), bytes, "one value has one encoding");
    true
}

fn context() -> Context {
    Context { place: HERE, epoch: Epoch(7) }
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Secret::new([seed; 32]))
}

/// One admin, two coordinators, one neighborhood.
fn charters() -> CharterHistory {
    let issued = NOW.minus(10 * DAY);
    let scope = Scope {
        neighborhood: HERE.neighborhood,
        dispatch: true,
        enroll: true,
        not_before: issued,
        not_after: issued.plus(300 * DAY),
    };
    let grant = |number: u8| Grant {
        coordinator: CoordinatorId([number; 16]),
        devices: vec![key(10 * number + 1).public()],
        scopes: vec![scope.clone()],
    };
    let body = CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued,
        expires: issued.plus(300 * DAY),
        grace_days: 30,
        admins: vec![key(101).public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![Neighborhood {
            id: HERE.neighborhood,
            quorum: 1,
            below_quorum: BelowQuorum::Show,
            retention_hours: 72,
            freshness_hours: 48,
            names: [0; 32],
            closed: false,
        }],
        grants: vec![grant(1), grant(2)],
        revocations: vec![],
        restrictions: vec![],
        relays: vec![Relay { url: "ws://127.0.0.1:7443/v1".to_owned(), key: key(102).public() }],
        extensions: Extensions::default(),
    };
    let mut genesis = SignedCharter::unsigned(&body);
    let signature = charter::sign(&key(101), charter::genesis_network(&genesis.body), &genesis.body);
    genesis.insert(CharterSignature { signer: key(101).public(), signature });
    CharterHistory::found(&genesis).unwrap_or_else(|error| panic!("the network of these targets: {error}"))
}
