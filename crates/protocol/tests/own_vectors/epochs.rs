//! Announcements, slots, runs and late slots.

use watchfire_protocol::announcement::{Announcement, Keys, LateSlot, SignedAnnouncement, Slots};
use watchfire_protocol::epoch::{CoordinatorKeys, EpochKeys, MemberKeys};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, RestrictionsHash, Tag, sha256};
use watchfire_protocol::labels::SealPurpose;
use watchfire_protocol::ratchet::{Chain, ChainOf};
use watchfire_protocol::run::{Object, RunEntry, run_list, run_range, slots_root};
use watchfire_protocol::seal::{Psk, open};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::slot::{Recipient, SlotSecret, open_slot, seal_slot};
use watchfire_protocol::time::Hour;
use watchfire_protocol::wire::{self, Extensions};

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, Drawn, NOW, PLACE, kem, key, secret};

const CHARTER: CharterHash = CharterHash([0xc0; 32]);

fn keys() -> EpochKeys {
    let chain = |of, byte| Chain::new(CONTEXT, of, Hour(0), Secret::new(secret(byte)));
    EpochKeys {
        member: MemberKeys::new(CONTEXT, Secret::new(secret(0xa1)), chain(ChainOf::Members, 0xa2)),
        coordinator: Some(CoordinatorKeys::new(CONTEXT, Secret::new(secret(0xa3)), chain(ChainOf::Coordinators, 0xa4))),
    }
}

fn announced() -> (Keys, Slots) {
    let keys = keys();
    let coordinator = keys.coordinator.as_ref().unwrap();
    let a = Keys {
        network: PLACE.network,
        neighborhood: PLACE.neighborhood,
        epoch: CONTEXT.epoch,
        predecessors: vec![AnnouncementHash([0xb1; 32])],
        charter_version: 300,
        charter: CHARTER,
        restrictions: RestrictionsHash::ZERO,
        opened_at: NOW,
        member_key: keys.member.role_key().public(),
        coordinator_key: coordinator.role_key().public(),
        inbox: coordinator.inbox_key().public(),
        chain_commit: keys.member.chain().commitment(),
        coordinator_chain_commit: coordinator.chain().commitment(),
        roster_digest: [0xb2; 32],
        extensions: Extensions::default(),
    };
    (a, Slots { count: 32, root: [0xb3; 32], extensions: Extensions::default() })
}

fn announcement() -> Announcement {
    let (a, b) = announced();
    SignedAnnouncement::sign(&a, &b, &key(0xb4)).verify(&PLACE).unwrap()
}

#[test]
fn an_announcement_is_two_bodies_under_one_signature() {
    let (a, b) = announced();
    let signed = SignedAnnouncement::sign(&a, &b, &key(0xb4));
    let opened = signed.verify(&PLACE).unwrap();
    let e = |value: &[u8; 32]| value.to_vec();
    let fields = [&PLACE.bytes()[..], &opened.hash().0].concat();
    let late = LateSlot::sign(opened.hash(), Tag([0xb5; 16]), Box::new([0xb6; 2048]), &key(0xb4));
    assert!(late.verify().is_ok());
    let cases = [
        Case::new("announcement")
            .bytes("s_m", keys().member.secret().expose())
            .bytes("s_c", keys().coordinator.unwrap().secret().expose())
            .body(
                "a",
                &a,
                &[
                    ("network", e(&a.network.0)),
                    ("neighborhood", a.neighborhood.0.to_vec()),
                    ("epoch", wire::encode(&a.epoch)),
                    ("predecessors", wire::encode(&a.predecessors)),
                    ("charter_version", wire::encode(&a.charter_version)),
                    ("charter", e(&a.charter.0)),
                    ("restrictions", e(&a.restrictions.0)),
                    ("opened_at", wire::encode(&a.opened_at)),
                    ("member_key", e(a.member_key.as_bytes())),
                    ("coordinator_key", e(a.coordinator_key.as_bytes())),
                    ("inbox", a.inbox.0.to_vec()),
                    ("chain_commit", e(&a.chain_commit)),
                    ("coordinator_chain_commit", e(&a.coordinator_chain_commit)),
                    ("roster_digest", e(&a.roster_digest)),
                    ("extensions", vec![0]),
                ],
            )
            .body("b", &b, &[("count", vec![32]), ("root", e(&b.root)), ("extensions", vec![0])])
            .bytes("keys_hash", opened.keys_hash().0)
            .bytes("announcement_hash", opened.hash().0)
            .bytes("signer_seed", key(0xb4).seed().expose())
            .bytes("signed_fields", &fields)
            .whole(
                "signed",
                &signed.to_bytes(),
                &[
                    ("a", wire::encode(&signed.keys)),
                    ("b", wire::encode(&signed.slots)),
                    ("signer", e(signed.signer.as_bytes())),
                    ("signature", signed.signature.0.to_vec()),
                ],
            ),
        Case::new("late slot")
            .bytes("signed_fields", [&late.announcement.0[..], &late.tag.0, &sha256(&[late.body.as_slice()])].concat())
            .whole(
                "late_slot",
                &wire::encode(&late),
                &[
                    ("announcement", e(&late.announcement.0)),
                    ("tag", late.tag.0.to_vec()),
                    ("body", late.body.to_vec()),
                    ("signer", e(late.signer.as_bytes())),
                    ("signature", late.signature.0.to_vec()),
                ],
            ),
    ];
    let about = "keys_hash = SHA-256(a), announcement_hash = SHA-256(a || b), signature for `announcement` over network || \
                 neighborhood || announcement_hash; a late slot's for `late-slot` over its announcement || tag || \
                 SHA-256(body)";
    check("announcements", about, &cases);
}

#[test]
fn slots_of_members_coordinators_and_latecomers_open() {
    let announcement = announcement();
    let held = SlotSecret::new(CONTEXT, Secret::new(secret(0xd1)));
    let key = kem(0xd2);
    let all = keys();
    let mut cases = Vec::new();
    for (name, keys, seed) in [
        ("a member's", all.for_member(), 0xd3),
        ("a coordinator's", all.clone(), 0xd4),
        ("a latecomer's, from hour 300", all.for_member().from_hour(Hour(300)), 0xd5),
    ] {
        let mut rng = Drawn::new(seed);
        let (tag, psk, public) = (held.tag(), held.psk(), key.public());
        let recipient = Recipient { tag, psk: &psk, kem: &public };
        let body = seal_slot(&keys, announcement.keys_hash(), CHARTER, &recipient, &mut rng).unwrap();
        let opened = open_slot(&announcement, tag, &psk, &key, &body).unwrap();
        assert!(opened.member.secret() == keys.member.secret() && opened.member.chain() == keys.member.chain());
        assert_eq!(opened.coordinator.is_some(), keys.coordinator.is_some());

        let extra = [&announcement.keys_hash().0[..], &tag.0].concat();
        let psk32 = Psk::new(psk.clone()).unwrap();
        let (suite, sealed) = body.split_first().unwrap();
        let padded = open(&key, &psk32, SealPurpose::Slot, &CONTEXT.bytes(), &extra, sealed).unwrap();
        assert_eq!(padded.len(), 911);
        let chain = keys.member.chain();
        let coordinator = keys.coordinator.as_ref().map_or_else(
            || vec![0],
            |own| {
                let hour = wire::encode(&own.chain().hour());
                [&[1], &own.secret().expose()[..], own.chain().key().expose(), &hour].concat()
            },
        );
        let content = [
            ("kind", vec![13]),
            ("format", vec![1]),
            ("keys_hash", announcement.keys_hash().0.to_vec()),
            ("charter", CHARTER.0.to_vec()),
            ("s_m", keys.member.secret().expose().to_vec()),
            ("chain", chain.key().expose().to_vec()),
            ("hour", wire::encode(&chain.hour())),
            ("coordinator", coordinator),
            ("extensions", vec![0]),
        ];
        let length: usize = content.iter().map(|(_, bytes)| bytes.len()).sum();
        let mut parts = vec![("length", u16::try_from(length).unwrap().to_be_bytes().to_vec())];
        parts.extend(content);
        parts.push(("zeros", vec![0; 909 - length]));
        cases.push(
            Case::new(name)
                .bytes("ctx", CONTEXT.bytes())
                .bytes("tag", tag.0)
                .bytes("psk", psk.expose())
                .bytes("recipient_seed", key.seed().expose())
                .bytes("extra", &extra)
                .whole("plaintext", &padded, &parts)
                .bytes("randomness", &rng.all)
                .whole("body", body.as_slice(), &[("suite", vec![*suite]), ("sealed", sealed.to_vec())]),
        );
    }
    let about =
        "sealed for `slot` under psk, extra = keys_hash || tag; the announcement is the one in announcements.json";
    check("slots", about, &cases);
}

#[test]
fn runs_are_cut_and_rooted() {
    let mut cases = Vec::new();
    for count in [1_u32, 32, 64, 65, 100] {
        let mut slots: Vec<Object> = (0..count)
            .map(|i| {
                let hash = sha256(&[b"slot", &i.to_be_bytes()]);
                let (tag, _) = hash.split_first_chunk::<16>().unwrap();
                Object { tag: Tag(*tag), body: Box::new([u8::try_from(i).unwrap(); 2048]) }
            })
            .collect();
        slots.sort_by_key(|slot| slot.tag);
        let hashes: Vec<(Tag, [u8; 32])> =
            slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect();
        let list = run_list(&hashes);
        let lengths = (0..list.len()).map(|run| u8::try_from(run_range(slots.len(), run).len()).unwrap());
        let entry = |entry: &RunEntry| [&entry.first[..], &entry.hash].concat();
        cases.push(
            Case::new(format!("{count} slots"))
                .list("slots", hashes.iter().map(|(tag, hash)| [&tag.0[..], hash].concat()))
                .bytes("run_lengths", lengths.collect::<Vec<u8>>())
                .list("list", list.iter().map(entry))
                .bytes("root", slots_root(&list)),
        );
    }
    let about = "slots: tag || SHA-256(body), sorted by tag; run_lengths: one byte a run; list: the first 8 bytes of the \
                 run's first tag || run_j";
    check("runs", about, &cases);
}
