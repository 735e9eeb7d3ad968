//! What the inbox contains.

use watchfire_protocol::alert::Head;
use watchfire_protocol::id::{AlertId, AnnouncementHash, CharterHash, Epoch, MemberId, RestrictionsHash};
use watchfire_protocol::inbox::{Answer, InboxItem, Profile, Report, Sees, is_authentic};
use watchfire_protocol::renewal::{Renewal, RenewalBody};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::slot::{MemberAuth, SlotSecret};
use watchfire_protocol::time::Hour;
use watchfire_protocol::vocabulary::{AnswerContent, Caller, Code, Place, ReportContent};
use watchfire_protocol::wire::{self, Body, Extensions};

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, NOW, PLACE, kem, key, secret};

fn sees(head: bool) -> Sees {
    let head = head.then_some(Head { alert: AlertId([0xe1; 16]), epoch: Epoch(300), hour: Hour(4), expires: NOW });
    Sees {
        charter_version: 300,
        charter: CharterHash([0xe2; 32]),
        restrictions: RestrictionsHash([0xe4; 32]),
        announcement: AnnouncementHash([0xe3; 32]),
        head,
    }
}

fn item<B: Body>(case: Case, body: &B) -> Case {
    let (member, auth) = (MemberId([0xe4; 16]), MemberAuth::new(CONTEXT, Secret::new(secret(0xe5))));
    let encoded = wire::encode_body(body);
    let mac = auth.inbox_mac(&encoded);
    assert!(is_authentic(&auth, &encoded, mac.expose()));
    // A bit of it, another body, another member.
    let mut flipped = *mac.expose();
    flipped[31] ^= 1;
    let other = MemberAuth::new(CONTEXT, Secret::new(secret(0xe6)));
    assert!(!is_authentic(&auth, &encoded, &flipped) && !is_authentic(&auth, b"another", mac.expose()));
    assert!(!is_authentic(&other, &encoded, mac.expose()));
    let item = InboxItem::authenticate(member, &auth, body).to_bytes();
    case.bytes("auth", auth.key().expose()).whole(
        "item",
        &item,
        &[
            ("variant", vec![0]),
            ("member", member.0.to_vec()),
            ("body", wire::encode(&encoded)),
            ("mac", mac.expose().to_vec()),
        ],
    )
}

#[test]
fn answers_reports_and_profiles_are_these_bytes() {
    let answer = Answer {
        random: secret(0xe6),
        alert: AlertId([0xe7; 16]),
        sent: NOW,
        sees: sees(true),
        content: AnswerContent { eta_minutes: Some(300), ..AnswerContent::new(Code::constant("going")) },
        extensions: Extensions::default(),
    };
    let report = Report {
        random: secret(0xe8),
        sent: NOW,
        sees: sees(false),
        content: ReportContent {
            place: Some(Place::named("5th & Main")),
            caller: Some(Caller::new("a neighbor")),
            ..ReportContent::new(Code::constant("enforcement.raid"))
        },
        extensions: Extensions::default(),
    };
    let answered = Case::new("answer").body(
        "body",
        &answer,
        &[
            ("random", answer.random.to_vec()),
            ("alert", answer.alert.0.to_vec()),
            ("sent", wire::encode(&answer.sent)),
            ("sees.charter_version", vec![0xfb, 0x2c, 0x01]),
            ("sees.charter", vec![0xe2; 32]),
            ("sees.restrictions", vec![0xe4; 32]),
            ("sees.announcement", vec![0xe3; 32]),
            ("sees.head", wire::encode(&answer.sees.head)),
            ("content", wire::encode(&answer.content)),
            ("extensions", vec![0]),
        ],
    );
    let reported = Case::new("report").body(
        "body",
        &report,
        &[
            ("random", report.random.to_vec()),
            ("sent", wire::encode(&report.sent)),
            ("sees.charter_version", vec![0xfb, 0x2c, 0x01]),
            ("sees.charter", vec![0xe2; 32]),
            ("sees.restrictions", vec![0xe4; 32]),
            ("sees.announcement", vec![0xe3; 32]),
            ("sees.head", vec![0]),
            ("content", wire::encode(&report.content)),
            ("extensions", vec![0]),
        ],
    );
    let profile = Profile {
        at: NOW,
        roles: vec![Code::constant("medic"), Code::constant("driver")],
        languages: vec!["es".parse().unwrap()],
        extensions: Extensions::default(),
    };
    let offered = Case::new("profile").body(
        "body",
        &profile,
        &[
            ("at", wire::encode(&profile.at)),
            ("roles", wire::encode(&profile.roles)),
            ("languages", wire::encode(&profile.languages)),
            ("extensions", vec![0]),
        ],
    );
    let about = "mac = KDF(auth, \"inbox mac\", SHA-256(body)) in the context of the record's epoch";
    check("inbox", about, &[item(answered, &answer), item(reported, &report), item(offered, &profile)]);
}

#[test]
fn a_renewal_mixes_its_fresh_bytes_into_the_next_epochs_secret() {
    let member = MemberId([0xe9; 16]);
    let body = RenewalBody {
        member,
        epoch: CONTEXT.epoch,
        kem: kem(0xea).public(),
        fresh: Secret::new(secret(0xeb)),
        extensions: Extensions::default(),
    };
    let signed = body.sign(&PLACE, &key(0xec));
    let renewal = Renewal::open(&signed, &PLACE).unwrap();
    let next = SlotSecret::new(CONTEXT, Secret::new(secret(0xed))).step();
    let mixed = next.mix(&body.fresh);
    let case = Case::new("renewal")
        .body(
            "body",
            &body,
            &[
                ("member", member.0.to_vec()),
                ("epoch", vec![7]),
                ("kem", body.kem.0.to_vec()),
                ("fresh", body.fresh.expose().to_vec()),
                ("extensions", vec![0]),
            ],
        )
        .bytes("signer_seed", key(0xec).seed().expose())
        .bytes("kem_seed", kem(0xea).seed().expose())
        .bytes("hash", renewal.hash())
        .whole(
            "item",
            &InboxItem::Renew(signed.clone()).to_bytes(),
            &[
                ("variant", vec![1]),
                ("body", wire::encode(&signed.body)),
                ("signer", signed.signer.as_bytes().to_vec()),
                ("signature", signed.signature.0.to_vec()),
            ],
        )
        .bytes("next_ctx", PLACE.at(next.epoch()).bytes())
        .bytes("next_ss", next.key().expose())
        .bytes("mixed_ss", mixed.key().expose())
        .bytes("mixed_tag", mixed.tag().0);
    let about = "signed for `renew` over network || neighborhood || SHA-256(body); mixed_ss = KDF(next_ss, \"slot mix\", \
                 fresh) in the context of the epoch after the one that is named";
    check("renewals", about, &[case]);
}
