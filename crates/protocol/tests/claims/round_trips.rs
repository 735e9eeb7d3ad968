//! One value has one encoding: what is read is written as it was, whatever a stranger did to the bytes.

use bincode::{Decode, Encode};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_oneof};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use watchfire_protocol::alert::{AlertBody, AlertsItem, Beacon, Head};
use watchfire_protocol::announcement::{Keys, LateSlot, SignedAnnouncement, Slots};
use watchfire_protocol::charter::SignedCharter;
use watchfire_protocol::desk::DeskBody;
use watchfire_protocol::direct::Direct;
use watchfire_protocol::frame::{ClientFrame, ServerFrame};
use watchfire_protocol::inbox::{Answer, InboxItem, Profile, Report};
use watchfire_protocol::invite::JoinRequest;
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::record::Header;
use watchfire_protocol::renewal::RenewalBody;
use watchfire_protocol::roster::EventBody;
use watchfire_protocol::run::{Object, RunEntry};
use watchfire_protocol::verdict::Confirmation;
use watchfire_protocol::wire::{Body, Signed, WireError, decode_body, decode_exact, decode_large, encode, encode_body};

use crate::frames::{client_frames, server_frames};
use crate::strategies::{
    LIMIT, alert_bodies, alerts_items, announcement_keys, announcement_slots, answers, beacons, bytes, desk_bodies,
    directs, event_bodies, heads, inbox_items, join_requests, late_slots, names_blocks, objects, profiles, publics,
    renewals, reports, run_entries, signed, signed_announcements,
};

/// What a stranger does to bytes.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(usize, u8),
    Insert(usize, u8),
    Remove(usize),
    /// An integer of one byte, written longer than it has to be.
    Widen(usize),
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let len = bytes.len().max(1);
        match *self {
            _ if bytes.is_empty() => bytes.push(1),
            Self::Flip(at, with) => bytes[at % len] ^= with,
            Self::Insert(at, byte) => bytes.insert(at % len, byte),
            Self::Remove(at) => drop(bytes.remove(at % len)),
            Self::Widen(at) => {
                let byte = bytes[at % len];
                bytes.splice(at % len..=at % len, [251, byte, 0]);
            }
        }
    }
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    // Near the beginning, where lengths and variants are, as often as anywhere.
    let at = || prop_oneof![0_usize..64, any::<usize>()];
    let one = prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, with)| Mutation::Flip(at, with)),
        (at(), any::<u8>()).prop_map(|(at, byte)| Mutation::Insert(at, byte)),
        at().prop_map(Mutation::Remove),
        at().prop_map(Mutation::Widen),
    ];
    vec(one, 1..4)
}

#[track_caller]
fn run<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(strategy, test).unwrap();
}

/// Every value is read as it was written; nothing shorter or longer is a value; what is mutated is refused, or is the
/// one encoding of another value.
#[track_caller]
fn assert_strict<T: Encode + Decode<()>>(values: impl Strategy<Value = Vec<u8>>) {
    run(&(values, vec(mutations(), 8)), |(bytes, mutations)| {
        let read = decode_exact::<T>(&bytes, LIMIT);
        prop_assert!(read.is_ok_and(|read| encode(&read) == bytes));
        let step = 1 + bytes.len() / 512;
        for cut in (0..bytes.len()).step_by(step) {
            prop_assert!(decode_exact::<T>(&bytes[..cut], LIMIT).is_err(), "cut at {cut}");
        }
        let longer = [&bytes[..], &[0]].concat();
        prop_assert_eq!(decode_exact::<T>(&longer, LIMIT).err(), Some(WireError::LeftOver(1)));
        let longer = [&longer[..], &[0]].concat();
        prop_assert!(decode_large::<T>(&bytes).is_ok());
        prop_assert_eq!(decode_large::<T>(&longer).err(), Some(WireError::LeftOver(2)));
        let limit = bytes.len() - 1;
        prop_assert_eq!(
            decode_exact::<T>(&bytes, limit).err(),
            Some(WireError::TooLarge { found: bytes.len(), limit })
        );
        for mutation in mutations {
            let mut other = bytes.clone();
            mutation.iter().for_each(|one| one.apply(&mut other));
            if let Ok(read) = decode_exact::<T>(&other, LIMIT) {
                prop_assert_eq!(encode(&read), other);
            } else if let Ok(read) = decode_large::<T>(&other) {
                prop_assert_eq!(encode(&read), other);
            }
        }
        Ok(())
    });
}

/// The same for a body with its kind and its format.
#[track_caller]
fn assert_strict_body<B: Body>(fields: impl Strategy<Value = Vec<u8>>) {
    run(&(fields, vec(mutations(), 8)), |(fields, mutations)| {
        let bytes = [&[B::KIND as u8, B::FORMAT][..], &fields].concat();
        prop_assert!(decode_body::<B>(&bytes).is_ok_and(|read| encode_body(&read) == bytes));
        for kind in (0..=20).filter(|kind| *kind != B::KIND as u8) {
            let other = [&[kind, B::FORMAT][..], &fields].concat();
            let refused = WireError::Kind { found: kind, wanted: B::KIND as u8 };
            prop_assert_eq!(decode_body::<B>(&other).err(), Some(refused));
        }
        for format in [0, 2, 255] {
            let other = [&[B::KIND as u8, format][..], &fields].concat();
            prop_assert_eq!(decode_body::<B>(&other).err(), Some(WireError::Newer));
        }
        let (fields, last) = bytes.split_at(bytes.len() - 1);
        if decode_body::<B>(&bytes).is_ok_and(|read| read.extensions().0.is_empty()) {
            prop_assert_eq!(last, [0]);
            // One field of two bytes, which a reader may pass over, or may not.
            let with =
                |tag| decode_body::<B>(&[fields, &[1, tag, 2, 8, 9]].concat()).map(|read| encode_body(&read).len());
            prop_assert_eq!((with(2), with(3)), (Ok(bytes.len() + 4), Err(WireError::Newer)));
        }
        for mutation in mutations {
            let mut other = bytes.clone();
            mutation.iter().for_each(|one| one.apply(&mut other));
            if let Ok(read) = decode_body::<B>(&other) {
                prop_assert_eq!(encode_body(&read), other);
            }
        }
        Ok(())
    });
}

/// Both.
#[track_caller]
fn assert_body<B: Body>(fields: impl Fn() -> proptest::strategy::BoxedStrategy<Vec<u8>>) {
    assert_strict::<B>(fields());
    assert_strict_body::<B>(fields());
}

fn encoded<T, S>(values: S) -> proptest::strategy::BoxedStrategy<Vec<u8>>
where
    T: Encode + Decode<()> + PartialEq + std::fmt::Debug + 'static,
    S: Strategy<Value = T> + 'static,
{
    values.prop_map(|value| bytes(&value)).boxed()
}

#[test]
fn alerts_have_one_encoding() {
    assert_body::<AlertBody>(|| encoded(alert_bodies()));
}

#[test]
fn beacons_have_one_encoding() {
    assert_body::<Beacon>(|| encoded(beacons()));
}

#[test]
fn answers_reports_profiles_and_directs_have_one_encoding() {
    assert_body::<Profile>(|| encoded(profiles()));
    assert_body::<Direct>(|| encoded(directs()));
    assert_body::<Answer>(|| encoded(answers()));
    assert_body::<Report>(|| encoded(reports()));
}

#[test]
fn roster_events_have_one_encoding() {
    assert_body::<EventBody>(|| event_bodies().boxed());
}

#[test]
fn desk_events_have_one_encoding() {
    assert_body::<DeskBody>(|| desk_bodies().boxed());
}

#[test]
fn join_requests_have_one_encoding() {
    assert_body::<JoinRequest>(|| join_requests().boxed());
    assert_body::<RenewalBody>(|| renewals().boxed());
}

#[test]
fn announcements_have_one_encoding() {
    assert_body::<Keys>(|| encoded(announcement_keys()));
    assert_body::<Slots>(|| encoded(announcement_slots()));
    assert_strict::<SignedAnnouncement>(encoded(signed_announcements()));
    assert_strict::<LateSlot>(encoded(late_slots()));
}

#[test]
fn names_have_one_encoding() {
    assert_body::<NamesBlock>(|| encoded(names_blocks()));
}

#[test]
fn what_records_contain_has_one_encoding() {
    assert_strict::<AlertsItem>(encoded(alerts_items()));
    assert_strict::<InboxItem>(encoded(inbox_items()));
    assert_strict::<Signed>(encoded(signed()));
}

#[test]
fn small_parts_have_one_encoding() {
    assert_strict::<Head>(encoded(heads()));
    assert_strict::<Object>(encoded(objects()));
    assert_strict::<RunEntry>(encoded(run_entries()));
    let confirmation = (publics(), any::<(u64, [u8; 32], [u8; 32], [u8; 32])>()).prop_map(
        |(signer, (at, charter, restrictions, announcement))| (signer, at, charter, restrictions, announcement),
    );
    assert_strict::<Confirmation>(encoded(confirmation));
}

#[test]
fn requests_have_one_encoding() {
    assert_strict::<ClientFrame>(encoded(client_frames()));
}

#[test]
fn replies_have_one_encoding() {
    assert_strict::<ServerFrame>(encoded(server_frames()));
}

#[test]
fn whatever_the_bytes_every_reader_says_yes_or_no() {
    run(&vec(any::<u8>(), 0..2100), |bytes| {
        let _ = ClientFrame::from_bytes(&bytes).map(|frame| assert_eq!(frame.to_bytes(), bytes));
        let _ = ServerFrame::from_bytes(&bytes).map(|frame| assert_eq!(frame.to_bytes(), bytes));
        let _ = AlertsItem::from_bytes(&bytes).map(|item| assert_eq!(item.to_bytes(), bytes));
        let _ = InboxItem::from_bytes(&bytes).map(|item| assert_eq!(item.to_bytes(), bytes));
        let _ = SignedAnnouncement::from_bytes(&bytes).map(|signed| assert_eq!(signed.to_bytes(), bytes));
        let _ = SignedCharter::from_bytes(&bytes).map(|signed| assert_eq!(signed.to_bytes(), bytes));
        let _ = Header::parse(&bytes).map(|header| assert_eq!(header.bytes(), bytes[..14]));
        Ok(())
    });
}

#[test]
fn frames_are_read_by_their_own_readers_as_strictly() {
    run(&(client_frames(), server_frames(), mutations()), |(client, server, mutations)| {
        prop_assert_eq!(ClientFrame::from_bytes(&client.to_bytes()), Ok(client.clone()));
        prop_assert_eq!(ServerFrame::from_bytes(&server.to_bytes()), Ok(server.clone()));
        let (mut ours, mut theirs) = (client.to_bytes(), server.to_bytes());
        mutations.iter().for_each(|one| one.apply(&mut ours));
        mutations.iter().for_each(|one| one.apply(&mut theirs));
        if let Ok(frame) = ClientFrame::from_bytes(&ours) {
            prop_assert_eq!(frame.to_bytes(), ours);
        }
        if let Ok(frame) = ServerFrame::from_bytes(&theirs) {
            prop_assert_eq!(frame.to_bytes(), theirs);
        }
        Ok(())
    });
}
