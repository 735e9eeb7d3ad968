//! What coordinators write to each other at the desk.

use watchfire_protocol::desk::{DeskBody, DeskEvent, desk_id};
use watchfire_protocol::id::{AlertId, CoordinatorId, DeskId, MemberId, ReportId};
use watchfire_protocol::vocabulary::{Code, Place};
use watchfire_protocol::wire::{self, Extensions};

use crate::file::{Case, check};
use crate::fixture::{NOW, PLACE, key, secret};

fn case(name: &str, event: DeskEvent, fields: Vec<(&str, Vec<u8>)>) -> Case {
    let body =
        DeskBody { random: secret(0xf1), charter_version: 300, at: NOW, event, extensions: Extensions::default() };
    let signed = body.sign(&PLACE, &key(0xf2));
    assert!(DeskBody::open(&signed, &PLACE).is_ok_and(|read| read == body));
    let mut parts = vec![
        ("random", body.random.to_vec()),
        ("charter_version", vec![0xfb, 0x2c, 0x01]),
        ("at", wire::encode(&body.at)),
    ];
    parts.extend(fields);
    parts.push(("extensions", vec![0]));
    Case::new(name)
        .body("body", &body, &parts)
        .bytes("signer_seed", key(0xf2).seed().expose())
        .whole(
            "content",
            &wire::encode(&signed),
            &[
                ("body", wire::encode(&signed.body)),
                ("signer", signed.signer.as_bytes().to_vec()),
                ("signature", signed.signature.0.to_vec()),
            ],
        )
        .bytes("id", desk_id(&PLACE, &signed).0)
}

#[test]
fn desk_events_are_these_bytes() {
    let (report, into) = (ReportId([0xf3; 16]), ReportId([0xf4; 16]));
    let (alert, other) = (AlertId([0xf5; 16]), CoordinatorId([0xf6; 16]));
    let (outcome, method) = (Code::constant("verified"), Code::constant("on-site"));
    let certainty = Some(Code::constant("observed"));
    let place = Place::named("back door");
    let of = |variant: u8| vec![("event.variant", vec![variant]), ("event.report", vec![0xf3; 16])];
    let with = |variant: u8, more: Vec<(&'static str, Vec<u8>)>| [of(variant), more].concat();
    let over = [&[1][..], &other.0].concat();
    let checked = vec![
        ("event.outcome", wire::encode(&outcome)),
        ("event.method", wire::encode(&method)),
        ("event.certainty", wire::encode(&certainty)),
    ];
    let placed = vec![
        ("event.variant", vec![8]),
        ("event.alert", alert.0.to_vec()),
        ("event.place.type", wire::encode(&"unknown".to_owned())),
        ("event.place.text", wire::encode(&"back door".to_owned())),
        ("event.place.point", vec![0]),
    ];
    let member = MemberId([0xf7; 16]);
    let attended = vec![
        ("event.variant", vec![9]),
        ("event.alert", alert.0.to_vec()),
        ("event.member", member.0.to_vec()),
        ("event.since", wire::encode(&NOW)),
        ("event.over", vec![0]),
    ];
    let told = vec![
        ("event.variant", vec![10]),
        ("event.place", vec![0xf8; 16]),
        ("event.members", [&[2][..], &member.0, &member.0].concat()),
    ];
    let kept = vec![
        ("event.variant", vec![11]),
        ("event.name", wire::encode(&"river".to_owned())),
        ("event.text", [&[1][..], &wire::encode(&"{}".to_owned())].concat()),
    ];
    let reason = "heard it at noon".to_owned();
    let cases = [
        case("claim", DeskEvent::Claim { report, over: None }, with(0, vec![("event.over", vec![0])])),
        case("take over", DeskEvent::Claim { report, over: Some(other) }, with(0, vec![("event.over", over)])),
        case("release", DeskEvent::Release { report }, of(1)),
        case("merge", DeskEvent::Merge { report, into }, with(2, vec![("event.into", into.0.to_vec())])),
        case("verify", DeskEvent::Verify { report, outcome, method, certainty }, with(3, checked)),
        case(
            "dismiss",
            DeskEvent::Dismiss { report, reason: reason.clone() },
            with(4, vec![("event.reason", wire::encode(&reason))]),
        ),
        case("debunk", DeskEvent::Debunk { report }, of(5)),
        case(
            "note",
            DeskEvent::Note { report, text: reason.clone() },
            with(6, vec![("event.text", wire::encode(&reason))]),
        ),
        case("alerted", DeskEvent::Alerted { report, alert }, with(7, vec![("event.alert", alert.0.to_vec())])),
        case("place", DeskEvent::Place { alert, place }, placed),
        case("attend", DeskEvent::Attend { alert, member, since: NOW, over: None }, attended),
        case("told", DeskEvent::Told { place: DeskId([0xf8; 16]), members: vec![member, member] }, told),
        case("template", DeskEvent::Template { name: Code::constant("river"), text: Some("{}".to_owned()) }, kept),
        case("split", DeskEvent::Split { report }, of(12)),
    ];
    let about = "content of a desk record, signed for `desk` over network || neighborhood || SHA-256(body); id = the \
                 first 16 bytes of SHA-256(\"watchfire v1 desk event\" 00 || network || neighborhood || signer || body)";
    check("desk", about, &cases);
}
