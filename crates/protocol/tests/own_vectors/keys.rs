//! Derivation, signatures, ids, chains and slot secrets.

use watchfire_protocol::alert::alert_id;
use watchfire_protocol::charter::genesis_network;
use watchfire_protocol::id::sha256;
use watchfire_protocol::inbox::report_id;
use watchfire_protocol::invite::invite_id;
use watchfire_protocol::labels::{Derive, Purpose};
use watchfire_protocol::ratchet::{Chain, ChainOf};
use watchfire_protocol::record::record_id;
use watchfire_protocol::secret::{Secret, Secret32};
use watchfire_protocol::slot::SlotSecret;
use watchfire_protocol::time::Hour;

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, PLACE, key, secret};

/// What follows the context where the protocol uses a label.
fn extra(label: Derive) -> Vec<u8> {
    match label {
        Derive::NamesTag
        | Derive::RosterTag
        | Derive::AlertsKey
        | Derive::InboxPsk
        | Derive::ChainStep
        | Derive::DeskKey
        | Derive::CoordinatorChainStep
        | Derive::InviteCard => 5_u32.to_be_bytes().to_vec(),
        Derive::InboxMac => sha256(&[b"a body"]).to_vec(),
        Derive::SlotMix => secret::<32>(0x44).to_vec(),
        Derive::MemberKey
        | Derive::NamesKey
        | Derive::CoordinatorKey
        | Derive::InboxKem
        | Derive::RosterKey
        | Derive::SlotStep
        | Derive::SlotTag
        | Derive::SlotPsk
        | Derive::MemberAuth
        | Derive::DirectPsk
        | Derive::InviteSign
        | Derive::InvitePsk => Vec::new(),
    }
}

#[test]
fn keys_are_derived_under_every_label() {
    let parent = Secret32::new(secret(0x33));
    let cases: Vec<Case> = Derive::ALL
        .into_iter()
        .map(|label| {
            let case = Case::new(label.as_str()).bytes("key", parent.expose());
            let label_bytes = format!("watchfire v1 {}\0", label.as_str());
            let extra = extra(label);
            let (context, out): (Vec<u8>, Vec<u8>) = match label {
                Derive::InviteSign | Derive::InvitePsk => {
                    (PLACE.bytes().to_vec(), PLACE.derive::<32>(&parent, label, &extra).expose().to_vec())
                }
                Derive::InviteCard => {
                    (PLACE.bytes().to_vec(), PLACE.derive::<24>(&parent, label, &extra).expose().to_vec())
                }
                Derive::NamesTag | Derive::RosterTag | Derive::SlotTag => {
                    (CONTEXT.bytes().to_vec(), CONTEXT.derive::<16>(&parent, label, &extra).expose().to_vec())
                }
                _ => (CONTEXT.bytes().to_vec(), CONTEXT.derive::<32>(&parent, label, &extra).expose().to_vec()),
            };
            let info = [label_bytes.as_bytes(), &context, &extra].concat();
            let parts =
                [("label", label_bytes.into_bytes()), ("ctx", context), ("extra", extra)].map(|(n, bytes)| (n, bytes));
            case.whole("info", &info, &parts).number("length", out.len() as u64).bytes("derived", out)
        })
        .collect();
    check("derivation", "derived = HKDF-Expand-SHA256(key, info, length), the key being the whole PRK", &cases);
}

#[test]
fn messages_are_signed_for_every_purpose() {
    let fields = [&PLACE.network.0[..], &PLACE.neighborhood.0, &sha256(&[b"a body"])].concat();
    let cases: Vec<Case> = Purpose::ALL
        .into_iter()
        .map(|purpose| {
            let key = key(0x55);
            let label = format!("watchfire v1 {}\0", purpose.as_str()).into_bytes();
            let message = [&label[..], &fields].concat();
            let signature = key.sign(purpose, &[&fields]);
            assert_eq!(key.public().verify(purpose, &[&fields], &signature), Ok(()));
            Case::new(purpose.as_str())
                .bytes("seed", key.seed().expose())
                .bytes("public", key.public().as_bytes())
                .whole("message", &message, &[("label", label), ("fields", fields.clone())])
                .bytes("signature", signature.0)
        })
        .collect();
    let about = "signature = Ed25519(seed, message); which fields each purpose signs is in the file of what it signs";
    check("signatures", about, &cases);
}

#[test]
fn ids_are_hashes_with_one_text_form() {
    let public = key(0x55).public();
    let (network, invite) = (genesis_network(b"a genesis body"), invite_id(&public));
    let (alert, record) = (alert_id(&PLACE, b"an alert body"), record_id(b"a record"));
    let report = report_id(&PLACE, b"a report body");
    let case = |name: &str, domain: &str, hashed: Vec<u8>| {
        let label = if domain.is_empty() { Vec::new() } else { format!("watchfire v1 {domain}\0").into_bytes() };
        let input = [&label[..], &hashed].concat();
        Case::new(name)
            .whole("input", &input, &[("label", label), ("fields", hashed)])
            .bytes("sha256", sha256(&[&input]))
    };
    let alert_fields = [&PLACE.bytes()[..], b"an alert body"].concat();
    let report_fields = [&PLACE.bytes()[..], b"a report body"].concat();
    let cases = [
        case("network", "network", b"a genesis body".to_vec()).bytes("id", network.0).text("text", network.to_string()),
        case("invite", "invite id", public.as_bytes().to_vec()).bytes("id", invite.0).text("text", invite.to_string()),
        case("alert", "alert id", alert_fields).bytes("id", alert.0).text("text", alert.to_string()),
        case("report", "report id", report_fields).bytes("id", report.0).text("text", report.to_string()),
        case("record", "", b"a record".to_vec()).bytes("id", record.0).text("text", record.to_string()),
        Case::new("verification key").bytes("id", public.as_bytes()).text("text", public.to_string()),
    ];
    let about = "id = the first 16 bytes of sha256, a network's all 32; text = Crockford base32";
    check("ids", about, &cases);
}

#[test]
fn chains_are_stepped_by_the_hour() {
    let mut cases = Vec::new();
    for (name, of, byte) in [("members", ChainOf::Members, 0x66), ("coordinators", ChainOf::Coordinators, 0x77)] {
        let first = Chain::new(CONTEXT, of, Hour(0), Secret::new(secret(byte)));
        for hour in [0, 1, 5] {
            let chain = first.at(Hour(hour)).unwrap();
            let mut case = Case::new(format!("{name}, hour {hour}"))
                .bytes("ctx", CONTEXT.bytes())
                .bytes("chain_0", first.key().expose())
                .number("hour", hour)
                .bytes("chain", chain.key().expose());
            if hour == 0 {
                case = case.bytes("commitment", chain.commitment());
            }
            let inbox_psk = CONTEXT.derive::<32>(chain.key(), Derive::InboxPsk, &hour.to_be_bytes());
            cases.push(match of {
                ChainOf::Members => {
                    case.bytes("alerts_key", chain.alerts_key().expose()).bytes("inbox_psk", inbox_psk.expose())
                }
                ChainOf::Coordinators => case.bytes("desk_key", chain.desk_key().expose()),
            });
        }
    }
    let about = "chain_{i+1} = KDF(chain_i, \"chain step\", u32be(i+1)), the coordinators' with \"cchain step\"; \
                 keys = KDF(chain_i, label, u32be(i)); commitment = SHA-256(\"watchfire v1 chain commit\" 00 || ctx || \
                 chain_0), the coordinators' with \"cchain commit\"";
    check("chains", about, &cases);
}

#[test]
fn slot_secrets_are_stepped_by_the_epoch() {
    let mut held = SlotSecret::new(CONTEXT, Secret::new(secret(0x88)));
    let body = b"a body";
    let mut cases = Vec::new();
    for _ in 0..3 {
        let context = PLACE.at(held.epoch());
        let (auth, next) = (held.auth(), held.step());
        let direct = context.derive::<32>(auth.key(), Derive::DirectPsk, b"");
        cases.push(
            Case::new(format!("epoch {}", held.epoch()))
                .bytes("ctx", context.bytes())
                .bytes("ss", held.key().expose())
                .bytes("tag", held.tag().0)
                .bytes("psk", held.psk().expose())
                .bytes("auth", auth.key().expose())
                .bytes("direct_psk", direct.expose())
                .bytes("body", body)
                .bytes("inbox_mac", auth.inbox_mac(body).expose())
                .bytes("next_ss", next.key().expose()),
        );
        held = next;
    }
    let about = "from ss, in the context of its epoch: tag (16 bytes), psk, auth, and the next epoch's ss; from auth: \
                 direct_psk, and inbox_mac = KDF(auth, \"inbox mac\", SHA-256(body))";
    check("slot-secrets", about, &cases);
}
