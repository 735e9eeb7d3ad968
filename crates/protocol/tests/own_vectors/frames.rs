//! Every request, pinned field by field.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use watchfire_protocol::announcement::LateSlot;
use watchfire_protocol::frame::{ClientFrame, Cursor, ObjectClass, Proof, Prover, REQUESTS, Request};
use watchfire_protocol::id::{
    AnnouncementHash, Epoch, InviteId, NeighborhoodId, NetworkId, RecordId, RestrictionHash, Tag,
};
use watchfire_protocol::record::Channel;
use watchfire_protocol::run::Object;
use watchfire_protocol::sign::Signature;
use watchfire_protocol::time::Timestamp;

use crate::file::{Case, check};
use crate::fixture::{PLACE, key};

/// Pins bytes, one field a line.
#[track_caller]
pub(crate) fn assert_wire(name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Case {
    let parts: Vec<(&str, Vec<u8>)> =
        fields.iter().map(|(field, hex)| (*field, HEXLOWER.decode(hex.as_bytes()).unwrap())).collect();
    Case::new(name).whole("frame", bytes, &parts)
}

#[track_caller]
fn request(name: &str, request: Request, fields: &[(&str, &str)]) -> Case {
    let frame = ClientFrame { id: 258, request };
    assert_eq!(ClientFrame::from_bytes(&frame.to_bytes()), Ok(frame.clone()), "{name}");
    let head = [("id", "fb0201")]; // varint, little end first
    assert_wire(name, &frame.to_bytes(), &[head.as_slice(), fields].concat())
}

const NETWORK: NetworkId = NetworkId([0x11; 32]);
const NEIGHBORHOOD: NeighborhoodId = NeighborhoodId([0x22; 16]);

fn before_a_proof() -> Vec<Case> {
    let (network, neighborhood) = ("11".repeat(32), "22".repeat(16));
    let device = HEXLOWER.encode(key(0x33).public().as_bytes());
    let prove = |epoch, prover| Request::Prove {
        network: NETWORK,
        neighborhood: NEIGHBORHOOD,
        epoch,
        prover,
        signature: Signature([0x44; 64]),
    };
    let signature = "44".repeat(64);
    let place = [("network", network.as_str()), ("neighborhood", neighborhood.as_str())];
    let with = |variant, after: &[(&'static str, &'static str)]| [&[("request", variant)][..], &place, after].concat();
    let proof = |fields: &[(&'static str, &str)]| {
        let fields: Vec<(&str, String)> = [&[("request", "01")][..], &place, fields, &[("signature", &signature)]]
            .concat()
            .into_iter()
            .map(|(name, hex)| (name, hex.to_owned()))
            .collect();
        fields
    };
    let prove_case = |name, epoch, prover, fields: &[(&'static str, &str)]| {
        let fields = proof(fields);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, hex)| (*name, hex.as_str())).collect();
        request(name, prove(epoch, prover), &fields)
    };
    vec![
        request("Hello", Request::Hello { nonce: [0x55; 32] }, &[("request", "00"), ("nonce", &"55".repeat(32))]),
        prove_case("Prove: member", Epoch(7), Prover::Member, &[("epoch", "07"), ("prover", "00")]),
        prove_case("Prove: coordinator", Epoch(258), Prover::Coordinator, &[("epoch", "fb0201"), ("prover", "01")]),
        prove_case(
            "Prove: device",
            Epoch::NONE,
            Prover::Device(key(0x33).public()),
            &[("epoch", "00"), ("prover", "02"), ("key", &device)],
        ),
        prove_case(
            "Prove: invite",
            Epoch::NONE,
            Prover::Invite(InviteId([0x66; 16])),
            &[("epoch", "00"), ("prover", "03"), ("invite", &"66".repeat(16))],
        ),
        request(
            "FindNetwork",
            Request::FindNetwork { charter: [0x77; 16] },
            &[("request", "02"), ("charter", &"77".repeat(16))],
        ),
        request("Standing", Request::Standing { network: NETWORK, neighborhood: NEIGHBORHOOD }, &with("03", &[])),
        request(
            "Charters",
            Request::Charters { network: NETWORK, from: 258 },
            &[("request", "04"), ("network", &network), ("from", "fb0201")],
        ),
        request(
            "PublishCharter",
            Request::PublishCharter { charter: vec![1, 2, 3], admission: None },
            &[("request", "05"), ("charter", "03010203"), ("admission: none", "00")],
        ),
        request(
            "PublishCharter: with a token",
            Request::PublishCharter { charter: vec![1, 2, 3], admission: Some([0x88; 32]) },
            &[("request", "05"), ("charter", "03010203"), ("admission: some", "01"), ("token", &"88".repeat(32))],
        ),
        request(
            "PublishRestriction",
            Request::PublishRestriction { restriction: vec![1, 2, 3] },
            &[("request", "14"), ("restriction", "03010203")],
        ),
        request(
            "Restrictions",
            Request::Restrictions { network: NETWORK, after: RestrictionHash([0x99; 32]) },
            &[("request", "15"), ("network", &network), ("after", &"99".repeat(32))],
        ),
        request(
            "Announcements",
            Request::Announcements { network: NETWORK, neighborhood: NEIGHBORHOOD, from: Epoch(258) },
            &with("06", &[("from", "fb0201")]),
        ),
        request(
            "PutAnnouncement",
            Request::PutAnnouncement { announcement: vec![1, 2, 3] },
            &[("request", "07"), ("announcement", "03010203")],
        ),
        request(
            "SlotList",
            Request::SlotList { network: NETWORK, neighborhood: NEIGHBORHOOD, epoch: Epoch(7), from: 258 },
            &with("08", &[("epoch", "07"), ("from", "fb0201")]),
        ),
        request(
            "SlotRun",
            Request::SlotRun { network: NETWORK, neighborhood: NEIGHBORHOOD, epoch: Epoch(7), run: 258, from: 16 },
            &with("09", &[("epoch", "07"), ("run", "fb0201"), ("from", "10")]),
        ),
        request(
            "LateSlots",
            Request::LateSlots { network: NETWORK, neighborhood: NEIGHBORHOOD, epoch: Epoch(7), from: 1 },
            &with("0a", &[("epoch", "07"), ("from", "01")]),
        ),
        request(
            "Objects",
            Request::Objects {
                network: NETWORK,
                neighborhood: NEIGHBORHOOD,
                epoch: Epoch(7),
                tags: vec![Tag([0; 16]), Tag([0; 16])],
            },
            &with(
                "0b",
                &[
                    ("epoch", "07"),
                    ("tags: two", "02"),
                    ("first tag", "00000000000000000000000000000000"),
                    ("second tag", "00000000000000000000000000000000"),
                ],
            ),
        ),
    ]
}

fn after_a_proof() -> Vec<Case> {
    let (object, late) = (
        Object { tag: Tag([0x99; 16]), body: Box::new([0xaa; 2048]) },
        LateSlot {
            announcement: AnnouncementHash([0xbb; 32]),
            tag: Tag([0x99; 16]),
            body: Box::new([0xaa; 2048]),
            signer: key(0x33).public(),
            signature: Signature([0x44; 64]),
        },
    );
    let device = HEXLOWER.encode(key(0x33).public().as_bytes());
    let announcement = AnnouncementHash([0xbb; 32]);
    let (hash, tag, body) = ("bb".repeat(32), "99".repeat(16), "aa".repeat(2048));
    vec![
        request(
            "Stage",
            Request::Stage { announcement, class: ObjectClass::Slot, objects: vec![object] },
            &[
                ("request", "0c"),
                ("announcement", &hash),
                ("class: slot", "00"),
                ("objects: one", "01"),
                ("tag", &tag),
                ("body", &body),
            ],
        ),
        request(
            "Stage: others, none of them",
            Request::Stage { announcement, class: ObjectClass::Other, objects: vec![] },
            &[("request", "0c"), ("announcement", &hash), ("class: other", "01"), ("objects: none", "00")],
        ),
        request("Staged", Request::Staged { announcement }, &[("request", "0d"), ("announcement", &hash)]),
        request(
            "Open",
            Request::Open { announcement: vec![1, 2, 3], holds: Epoch(6) },
            &[("request", "0e"), ("announcement", "03010203"), ("holds", "06")],
        ),
        request(
            "AddLateSlot",
            Request::AddLateSlot(late),
            &[
                ("request", "0f"),
                ("announcement", &hash),
                ("tag", &tag),
                ("body", &body),
                ("signer", &device),
                ("signature", &"44".repeat(64)),
            ],
        ),
        request(
            "RegisterInvite",
            Request::RegisterInvite {
                id: InviteId([0x66; 16]),
                key: key(0x33).public(),
                uses: 258,
                expires: Timestamp(1_795_000_000),
            },
            &[
                ("request", "10"),
                ("invite", &"66".repeat(16)),
                ("key", &device),
                ("uses", "fb0201"),
                ("expires", "fcc086fd6a"),
            ],
        ),
        request(
            "WithdrawInvite",
            Request::WithdrawInvite { id: InviteId([0x66; 16]) },
            &[("request", "11"), ("invite", &"66".repeat(16))],
        ),
        request("Append", Request::Append { record: vec![1, 2, 3] }, &[("request", "12"), ("record", "03010203")]),
        request(
            "Subscribe",
            Request::Subscribe { channel: Channel::Alerts, cursor: None },
            &[("request", "13"), ("channel: alerts", "00"), ("cursor: none", "00")],
        ),
        request(
            "Subscribe: at a cursor",
            Request::Subscribe {
                channel: Channel::Roster,
                cursor: Some(Cursor { position: 1 << 40, id: RecordId([0xcc; 16]) }),
            },
            &[
                ("request", "13"),
                ("channel: roster", "03"),
                ("cursor: some", "01"),
                ("position", "fd0000000000010000"),
                ("record id", &"cc".repeat(16)),
            ],
        ),
    ]
}

fn proofs() -> Vec<Case> {
    let provers = [
        ("member", Prover::Member, Epoch(7)),
        ("coordinator", Prover::Coordinator, Epoch(7)),
        ("device", Prover::Device(key(0x33).public()), Epoch::NONE),
        ("invite", Prover::Invite(InviteId([0x66; 16])), Epoch::NONE),
    ];
    provers
        .into_iter()
        .map(|(name, prover, epoch)| {
            let relay = key(0xdd).public();
            let proof = Proof { relay, nonce: [0x55; 32], challenge: [0x56; 32], place: PLACE, epoch, prover };
            let signature = proof.sign(&key(0x33));
            assert_eq!(proof.verify(&key(0x33).public(), &signature), Ok(()));
            let parts = [
                ("relay", relay.as_bytes().to_vec()),
                ("nonce", proof.nonce.to_vec()),
                ("challenge", proof.challenge.to_vec()),
                ("network", PLACE.network.0.to_vec()),
                ("neighborhood", PLACE.neighborhood.0.to_vec()),
                ("epoch", epoch.0.to_be_bytes().to_vec()),
                ("role", vec![prover.role()]),
            ];
            let fields: Vec<u8> = parts.iter().flat_map(|(_, bytes)| bytes).copied().collect();
            Case::new(format!("proof: {name}"))
                .bytes("seed", [0x33; 32])
                .whole("signed_fields", &fields, &parts)
                .bytes("signature", signature.0)
        })
        .collect()
}

#[test]
fn every_request_is_these_bytes() {
    let mut cases = before_a_proof();
    cases.extend(after_a_proof());
    let variants: BTreeSet<Vec<u8>> = cases.iter().filter_map(|case| case.field("frame.request")).collect();
    assert_eq!(variants.len() as u64, REQUESTS, "every variant is pinned");
    cases.extend(proofs());
    let about =
        "frame = varint request number || variant || fields; a proof is a signature for `prove` over its fields";
    check("requests", about, &cases);
}
