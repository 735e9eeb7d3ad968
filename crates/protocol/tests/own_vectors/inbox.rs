//! What the inbox contains.

use watchfire_protocol::alert::Head;
use watchfire_protocol::id::{AlertId, AnnouncementHash, CharterHash, Epoch, MemberId};
use watchfire_protocol::inbox::{Answer, InboxItem, Report, Sees, is_authentic};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::slot::MemberAuth;
use watchfire_protocol::time::Hour;
use watchfire_protocol::vocabulary::{AnswerContent, Caller, Code, Place, ReportContent};
use watchfire_protocol::wire::{self, Body, Extensions, Signed};

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, NOW, key, secret};

fn sees(head: bool) -> Sees {
    let head = head.then_some(Head { alert: AlertId([0xe1; 16]), epoch: Epoch(300), hour: Hour(4), expires: NOW });
    Sees { charter_version: 300, charter: CharterHash([0xe2; 32]), announcement: AnnouncementHash([0xe3; 32]), head }
}

fn item<B: Body>(case: Case, body: &B) -> Case {
    let (member, auth) = (MemberId([0xe4; 16]), MemberAuth::new(CONTEXT, Secret::new(secret(0xe5))));
    let encoded = wire::encode_body(body);
    let mac = auth.inbox_mac(&encoded);
    assert!(is_authentic(&auth, &encoded, mac.expose()));
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
fn answers_reports_and_renewals_are_these_bytes() {
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
            ("sees.announcement", vec![0xe3; 32]),
            ("sees.head", vec![0]),
            ("content", wire::encode(&report.content)),
            ("extensions", vec![0]),
        ],
    );
    let renew = Signed {
        body: vec![9, 1, 0],
        signer: key(0xe9).public(),
        signature: watchfire_protocol::sign::Signature([0xea; 64]),
    };
    let renewed = Case::new("renew, as an envelope").whole(
        "item",
        &InboxItem::Renew(renew.clone()).to_bytes(),
        &[
            ("variant", vec![1]),
            ("body", vec![3, 9, 1, 0]),
            ("signer", renew.signer.as_bytes().to_vec()),
            ("signature", vec![0xea; 64]),
        ],
    );
    let about = "mac = KDF(auth, \"inbox mac\", SHA-256(body)) in the context of the record's epoch";
    check("inbox", about, &[item(answered, &answer), item(reported, &report), renewed]);
}
