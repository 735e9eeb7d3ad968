//! Roster events, the snapshot and its digest.

use std::collections::BTreeSet;

use watchfire_protocol::id::{CharterHash, Epoch, InviteId, MemberId, RequestHash};
use watchfire_protocol::roster::{
    Event, EventBody, InviteRole, Offer, Roster, RosterInvite, RosterMember, RosterSecrets, digest,
};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::slot::SlotSecret;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::Code;
use watchfire_protocol::wire::{self, Extensions};

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, NOW, PLACE, kem, key, secret};

fn member(n: u8, charter_key: bool) -> RosterMember {
    RosterMember {
        id: MemberId([n; 16]),
        identity: key(n).public(),
        kem: kem(n).public(),
        secrets: RosterSecrets::new(&SlotSecret::new(CONTEXT, Secret::new(secret(n)))),
        handle: "Kai".to_owned(),
        languages: vec!["en".to_owned(), "es-MX".to_owned()],
        roles: vec![Code::new("medic").unwrap()],
        charter_key: charter_key.then(|| key(0x51).public()),
        since: NOW,
        added_by: key(0x52).public(),
        added_in: CONTEXT.epoch,
        invite: Some(InviteId([0x53; 16])),
        request: RequestHash([0x54; 32]),
        described: Timestamp(0),
    }
}

fn invite(auto: bool) -> RosterInvite {
    RosterInvite {
        id: InviteId([0x55; 16]),
        secret: Secret::new(secret(0x56)),
        link_charter: secret(0x5a),
        role: InviteRole::Responder,
        handle: "card 7".to_owned(),
        uses: 300,
        expires: NOW.plus(86_400),
        auto_approve: auto.then_some(Timestamp(600)),
        created_by: key(0x52).public(),
        cards: 300,
    }
}

fn offer() -> Offer {
    Offer { at: NOW, roles: vec![Code::constant("driver")], languages: vec!["zh-Hant".parse().unwrap()] }
}

fn encoded_member(member: &RosterMember) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("id", member.id.0.to_vec()),
        ("identity", member.identity.as_bytes().to_vec()),
        ("kem", member.kem.0.to_vec()),
        ("secrets.epoch", wire::encode(&member.secrets.epoch)),
        ("secrets.auth", member.secrets.auth.expose().to_vec()),
        ("secrets.next", member.secrets.next.expose().to_vec()),
        ("secrets.slot", wire::encode(&member.secrets.slot)),
        ("handle", wire::encode(&member.handle)),
        ("languages", wire::encode(&member.languages)),
        ("roles", wire::encode(&member.roles)),
        ("charter_key", wire::encode(&member.charter_key)),
        ("since", wire::encode(&member.since)),
        ("added_by", member.added_by.as_bytes().to_vec()),
        ("added_in", wire::encode(&member.added_in)),
        ("invite", wire::encode(&member.invite)),
        ("request", member.request.0.to_vec()),
        ("described", wire::encode(&member.described)),
    ]
}

fn encoded_invite(invite: &RosterInvite) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("id", invite.id.0.to_vec()),
        ("secret", invite.secret.expose().to_vec()),
        ("link_charter", invite.link_charter.to_vec()),
        ("role", vec![0]),
        ("handle", wire::encode(&invite.handle)),
        ("uses", wire::encode(&invite.uses)),
        ("expires", wire::encode(&invite.expires)),
        ("auto_approve", wire::encode(&invite.auto_approve)),
        ("created_by", invite.created_by.as_bytes().to_vec()),
        ("cards", wire::encode(&invite.cards)),
    ]
}

#[test]
fn the_roster_is_events_and_a_snapshot_under_a_digest() {
    let mut cases = Vec::new();
    let removed = MemberId([0x57; 16]);
    let mut roster = Roster::new(CONTEXT);
    let mut evidence = Roster::new(CONTEXT);
    for (name, event, fields) in [
        ("add", Event::Add(Box::new(member(0x41, true))), encoded_member(&member(0x41, true))),
        (
            "remove",
            Event::Remove { member: removed, reason: "moved away".to_owned() },
            vec![("member", removed.0.to_vec()), ("reason", wire::encode(&"moved away".to_owned()))],
        ),
        ("invite", Event::Invite(invite(true)), encoded_invite(&invite(true))),
        ("end invite", Event::EndInvite { invite: InviteId([0x58; 16]) }, vec![("invite", vec![0x58; 16])]),
        ("vouch", Event::Vouch { member: MemberId([0x41; 16]) }, vec![("member", vec![0x41; 16])]),
        (
            "describe",
            Event::Describe { member: MemberId([0x41; 16]), offer: offer() },
            vec![
                ("member", vec![0x41; 16]),
                ("offer.at", wire::encode(&NOW)),
                ("offer.roles", wire::encode(&offer().roles)),
                ("offer.languages", wire::encode(&offer().languages)),
            ],
        ),
    ] {
        roster.apply(&event).unwrap();
        let variant = u8::try_from(cases.len()).unwrap();
        let body = EventBody {
            epoch: CONTEXT.epoch,
            charter_version: 300,
            charter: CharterHash([0x59; 32]),
            at: NOW,
            event,
            extensions: Extensions::default(),
        };
        let mut parts = vec![
            ("epoch", wire::encode(&body.epoch)),
            ("charter_version", wire::encode(&body.charter_version)),
            ("charter", body.charter.0.to_vec()),
            ("at", wire::encode(&body.at)),
            ("event", vec![variant]),
        ];
        parts.extend(fields);
        parts.push(("extensions", vec![0]));
        let signed = body.sign(&PLACE, &key(0x52));
        assert!(EventBody::open(&signed, &PLACE).is_ok_and(|read| read == body));
        if name == "remove" {
            evidence.keep_evidence(Epoch(7), signed.clone());
        }
        cases.push(
            Case::new(format!("event: {name}"))
                .body("body", &body, &parts)
                .bytes("signer_seed", key(0x52).seed().expose())
                .whole(
                    "signed",
                    &wire::encode(&signed),
                    &[
                        ("body", wire::encode(&signed.body)),
                        ("signer", signed.signer.as_bytes().to_vec()),
                        ("signature", signed.signature.0.to_vec()),
                    ],
                ),
        );
    }
    roster.apply(&Event::Add(Box::new(member(0x42, false)))).unwrap();

    let items = roster.snapshot();
    let [first, _, invited, marks] = items.as_slice() else { unreachable!("{} items", items.len()) };
    let mut held = member(0x41, true);
    held.secrets.slot = None;
    // As the event describes them.
    (held.described, held.roles, held.languages) = (NOW, offer().roles, vec!["zh-Hant".to_owned()]);
    for (name, item, variant, fields) in [
        ("member", first, 0, encoded_member(&held)),
        ("invite", invited, 1, encoded_invite(&invite(true))),
        (
            "marks",
            marks,
            2,
            vec![
                ("count", vec![4]),
                ("removed", [&[0], &removed.0[..]].concat()),
                ("ended", [&[1], &[0x58; 16][..]].concat()),
                ("used", [&[2], &[0x53; 16][..], &[0x54; 32]].concat()),
                ("vouched", [&[3], &[0x41; 16][..]].concat()),
            ],
        ),
    ] {
        let mut parts = vec![("kind", vec![14]), ("format", vec![1]), ("item", vec![variant])];
        parts.extend(fields);
        parts.push(("extensions", vec![0]));
        cases.push(Case::new(format!("snapshot: {name}")).whole("item", item, &parts));
    }
    let without_a_slot = member(0x42, false);
    evidence.apply(&Event::Add(Box::new(without_a_slot.clone()))).unwrap();
    let late = evidence.snapshot_without_slots(&BTreeSet::from([without_a_slot.id]));
    let [_, _, removals, unsent] = late.as_slice() else { unreachable!("{} items", late.len()) };
    let (came, event) = evidence.evidence().next().unwrap();
    let (tag, psk) = without_a_slot.secrets.slot.unwrap();
    for (name, item, variant, fields) in [
        (
            "removals",
            removals,
            3,
            vec![("count", vec![1]), ("came", wire::encode(came)), ("event", wire::encode(event))],
        ),
        (
            "slots that come later",
            unsent,
            4,
            vec![
                ("count", vec![1]),
                ("member", without_a_slot.id.0.to_vec()),
                ("tag", tag.0.to_vec()),
                ("psk", psk.expose().to_vec()),
            ],
        ),
    ] {
        let mut parts = vec![("kind", vec![14]), ("format", vec![1]), ("item", vec![variant])];
        parts.extend(fields);
        parts.push(("extensions", vec![0]));
        cases.push(Case::new(format!("snapshot: {name}")).whole("item", item, &parts));
    }
    let read = Roster::from_snapshot(CONTEXT, &late, &digest(&CONTEXT, &late)).unwrap();
    assert_eq!(read.snapshot_without_slots(&BTreeSet::from([without_a_slot.id])), late);
    let stepped = roster.step_to(Epoch(9), NOW).unwrap().snapshot();
    for (name, context, items) in [("", CONTEXT, items), (", stepped to epoch 9", PLACE.at(Epoch(9)), stepped)] {
        cases.push(
            Case::new(format!("snapshot{name}"))
                .bytes("ctx", context.bytes())
                .list("items", items.clone())
                .bytes("digest", digest(&context, &items)),
        );
    }
    let about = "events are signed for `roster` over network || neighborhood || SHA-256(body); digest = SHA-256(\"watchfire \
                 v1 roster digest\" 00 || ctx || u32be(items) || SHA-256(item)*)";
    check("roster", about, &cases);
}
