//! Every reply and every refusal, pinned field by field.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use watchfire_protocol::announcement::LateSlot;
use watchfire_protocol::frame::{REFUSALS, REPLIES, Refusal, Reply, ServerFrame, Standing, Welcome};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, NetworkId, RestrictionsHash, Tag};
use watchfire_protocol::record::Channel;
use watchfire_protocol::run::{Object, RunEntry};
use watchfire_protocol::sign::Signature;
use watchfire_protocol::time::Timestamp;

use crate::file::{Case, check};
use crate::fixture::key;
use crate::frames::assert_wire;

#[track_caller]
fn reply(name: &str, reply: Reply, fields: &[(&str, &str)]) -> Case {
    let frame = ServerFrame { id: 1, reply };
    assert_eq!(ServerFrame::from_bytes(&frame.to_bytes()), Ok(frame.clone()), "{name}");
    assert_wire(name, &frame.to_bytes(), &[&[("id", "01")], fields].concat())
}

fn standing() -> Standing {
    Standing {
        charter_version: 258,
        charter: CharterHash([0x22; 32]),
        epoch: Epoch(7),
        announcement: AnnouncementHash([0x33; 32]),
        complete: true,
        restrictions: RestrictionsHash([0x44; 32]),
    }
}

fn about_what_it_holds() -> Vec<Case> {
    let (time, challenge) = (Timestamp(1_795_000_000), [0x55; 32]);
    let welcome = Welcome::sign(&key(0x66), &[0x77; 32], challenge, time);
    assert_eq!(welcome.verify(&[0x77; 32]), Ok(()));
    let relay = HEXLOWER.encode(key(0x66).public().as_bytes());
    let signature = HEXLOWER.encode(&welcome.signature.0);
    let fields = [
        ("relay", key(0x66).public().as_bytes().to_vec()),
        ("nonce", vec![0x77; 32]),
        ("challenge", challenge.to_vec()),
        ("time", time.0.to_be_bytes().to_vec()),
    ];
    let signed: Vec<u8> = fields.iter().flat_map(|(_, bytes)| bytes).copied().collect();
    let (charter, announcement, restrictions) = ("22".repeat(32), "33".repeat(32), "44".repeat(32));
    let standing_fields: [(&str, &str); 6] = [
        ("charter version", "fb0201"),
        ("charter", &charter),
        ("epoch", "07"),
        ("announcement", &announcement),
        ("complete", "01"),
        ("restrictions", &restrictions),
    ];
    let with = |variant| [&[("reply", variant)], standing_fields.as_slice()].concat();
    vec![
        reply(
            "Welcome",
            Reply::Welcome(welcome),
            &[
                ("reply", "00"),
                ("time", "fcc086fd6a"),
                ("challenge", &"55".repeat(32)),
                ("relay", &relay),
                ("signature", &signature),
            ],
        )
        .bytes("relay_seed", [0x66; 32])
        .whole("signed_fields", &signed, &fields),
        reply("Proved", Reply::Proved { standing: standing() }, &with("01")),
        reply(
            "Network",
            Reply::Network { network: NetworkId([0x11; 32]) },
            &[("reply", "02"), ("network", &"11".repeat(32))],
        ),
        reply("Standing", Reply::Standing(standing()), &with("03")),
        reply(
            "Restrictions",
            Reply::Restrictions { restrictions: vec![vec![1, 2], vec![3]], more: true },
            &[("reply", "12"), ("restrictions: 2", "02"), ("first", "020102"), ("second", "0103"), ("more", "01")],
        ),
        reply(
            "Charters",
            Reply::Charters { charters: vec![vec![1, 2], vec![]], more: true },
            &[("reply", "04"), ("charters: two", "02"), ("first", "020102"), ("second", "00"), ("more", "01")],
        ),
        reply("Done", Reply::Done, &[("reply", "05")]),
        reply(
            "Announcements",
            Reply::Announcements { announcements: vec![vec![1, 2]], more: false },
            &[("reply", "06"), ("announcements: one", "01"), ("first", "020102"), ("more", "00")],
        ),
    ]
}

fn about_slots() -> Vec<Case> {
    let object = Object { tag: Tag([0x88; 16]), body: Box::new([0x99; 2048]) };
    let late = LateSlot {
        announcement: AnnouncementHash([0x33; 32]),
        tag: Tag([0x88; 16]),
        body: Box::new([0x99; 2048]),
        signer: key(0x66).public(),
        signature: Signature([0xaa; 64]),
    };
    let (tag, body) = ("88".repeat(16), "99".repeat(2048));
    let signer = HEXLOWER.encode(key(0x66).public().as_bytes());
    vec![
        reply(
            "SlotList",
            Reply::SlotList { total: 258, entries: vec![RunEntry { first: [0xbb; 8], hash: [0xcc; 32] }] },
            &[
                ("reply", "07"),
                ("total", "fb0201"),
                ("entries: one", "01"),
                ("first", &"bb".repeat(8)),
                ("hash", &"cc".repeat(32)),
            ],
        ),
        reply(
            "SlotRun",
            Reply::SlotRun { total: 16, slots: vec![object.clone()] },
            &[("reply", "08"), ("total", "10"), ("slots: one", "01"), ("tag", &tag), ("body", &body)],
        ),
        reply(
            "LateSlots",
            Reply::LateSlots { total: 1, slots: vec![late] },
            &[
                ("reply", "09"),
                ("total", "01"),
                ("slots: one", "01"),
                ("announcement", &"33".repeat(32)),
                ("tag", &tag),
                ("body", &body),
                ("signer", &signer),
                ("signature", &"aa".repeat(64)),
            ],
        ),
        reply(
            "Objects",
            Reply::Objects { objects: vec![object] },
            &[("reply", "0a"), ("objects: one", "01"), ("tag", &tag), ("body", &body)],
        ),
        reply(
            "Staged",
            Reply::Staged { slots: 40, others: 258 },
            &[("reply", "0b"), ("slots", "28"), ("others", "fb0201")],
        ),
    ]
}

fn about_records() -> Vec<Case> {
    vec![
        reply(
            "Appended",
            Reply::Appended { position: 70_000, followers: 200 },
            &[("reply", "0c"), ("position", "fc70110100"), ("followers", "c8")],
        ),
        reply("Subscribed", Reply::Subscribed { reset: true }, &[("reply", "0d"), ("reset", "01")]),
        reply(
            "Record",
            Reply::Record { channel: Channel::Inbox, position: 251, record: vec![1, 2, 3] },
            &[("reply", "0e"), ("channel: inbox", "01"), ("position", "fbfb00"), ("record", "03010203")],
        ),
        reply("CaughtUp", Reply::CaughtUp { channel: Channel::Desk }, &[("reply", "0f"), ("channel: desk", "02")]),
        reply("Refused: unsupported", Reply::Refused(Refusal::Unsupported), &[("reply", "10"), ("refusal", "00")]),
        reply("Closing", Reply::Closing { within: 300 }, &[("reply", "11"), ("within", "fb2c01")]),
    ]
}

fn refusals() -> Vec<Case> {
    let (found, current) = (Epoch(6), Epoch(258));
    let epochs: [(&str, &str); 2] = [("found", "06"), ("current", "fb0201")];
    let why: [(&str, &str); 1] = [("why", "03776879")];
    let text = || "why".to_owned();
    [
        ("malformed", Refusal::Malformed(text()), "01", why.as_slice()),
        ("out of order", Refusal::OutOfOrder, "02", &[]),
        ("not proved", Refusal::NotProved, "03", &[]),
        ("bad proof", Refusal::BadProof, "04", &[]),
        ("not allowed", Refusal::NotAllowed, "05", &[]),
        ("not granted", Refusal::NotGranted, "06", &[]),
        ("not found", Refusal::NotFound, "07", &[]),
        ("unknown epoch", Refusal::UnknownEpoch { found, current }, "08", &epochs),
        ("closed epoch", Refusal::ClosedEpoch { found, current }, "09", &epochs),
        ("stale", Refusal::Stale { current }, "0a", &[("current", "fb0201")]),
        ("bad record", Refusal::BadRecord(text()), "0b", &why),
        ("wrong channel", Refusal::WrongChannel, "0c", &[]),
        ("bad charter", Refusal::BadCharter(text()), "0d", &why),
        ("bad announcement", Refusal::BadAnnouncement(text()), "0e", &why),
        ("slots mismatch", Refusal::SlotsMismatch, "0f", &[]),
        ("invite ended", Refusal::InviteEnded, "10", &[]),
        ("slow down", Refusal::SlowDown { seconds: 300 }, "11", &[("seconds", "fb2c01")]),
        ("quota full", Refusal::QuotaFull, "12", &[]),
        ("internal", Refusal::Internal, "13", &[]),
    ]
    .into_iter()
    .map(|(name, refusal, variant, fields)| {
        let fields = [&[("reply", "10"), ("refusal", variant)], fields].concat();
        reply(&format!("Refused: {name}"), Reply::Refused(refusal), &fields)
    })
    .collect()
}

#[test]
fn every_reply_and_every_refusal_is_these_bytes() {
    let mut cases = about_what_it_holds();
    cases.extend(about_slots());
    cases.extend(about_records());
    let variants: BTreeSet<Vec<u8>> = cases.iter().filter_map(|case| case.field("frame.reply")).collect();
    assert_eq!(variants.len() as u64, REPLIES, "every variant is pinned");
    cases.extend(refusals());
    let variants: BTreeSet<Vec<u8>> = cases.iter().filter_map(|case| case.field("frame.refusal")).collect();
    assert_eq!(variants.len() as u64, REFUSALS, "every variant is pinned");
    let about = "frame = varint request number, 0 for an event || variant || fields; a welcome is signed for `relay-hello` \
                 over its signed fields";
    check("replies", about, &cases);
}
