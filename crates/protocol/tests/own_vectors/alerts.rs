//! What the alerts channel contains.

use watchfire_protocol::alert::{AlertBody, AlertSignature, AlertsItem, Beacon, Head, SignedAlert, sign_body};
use watchfire_protocol::direct::{AttendedBy, Direct, Envelope, PADDED_LEN, open_direct, seal_direct};
use watchfire_protocol::enough::{said_by, to_extension};
use watchfire_protocol::id::{AlertId, AnnouncementHash, CharterHash, Epoch, RestrictionsHash};
use watchfire_protocol::labels::{Derive, SealPurpose};
use watchfire_protocol::seal::{Psk, open};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::slot::MemberAuth;
use watchfire_protocol::time::Hour;
use watchfire_protocol::vocabulary::{AlertContent, Code, Language, Need, Place, TextBlock};
use watchfire_protocol::wire::{self, Extensions};

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, Drawn, NOW, PLACE, kem, key, secret};

const ANNOUNCEMENT: AnnouncementHash = AnnouncementHash([0xd0; 32]);
const CHARTER: CharterHash = CharterHash([0xd1; 32]);

fn head() -> Head {
    Head { alert: AlertId([0xd2; 16]), epoch: Epoch(6), hour: Hour(300), expires: NOW }
}

fn body() -> AlertBody {
    let content = AlertContent {
        place: Some(Place::named("5th & Main")),
        text: vec![TextBlock {
            language: Language::new("es").unwrap(),
            headline: "Retén".to_owned(),
            description: String::new(),
            instruction: String::new(),
        }],
        ..AlertContent::new(Code::constant("enforcement.checkpoint"))
    };
    AlertBody {
        random: secret(0xd3),
        epoch: CONTEXT.epoch,
        announcement: ANNOUNCEMENT,
        charter_version: 300,
        charter: CHARTER,
        restrictions: RestrictionsHash([0xd4; 32]),
        heads: vec![head()],
        sent: NOW,
        expires: NOW.plus(7200),
        content,
        extensions: Extensions::default(),
    }
}

fn signature(signature: &AlertSignature) -> Vec<u8> {
    [signature.signer.as_bytes().as_slice(), &[signature.kind], &signature.signature.0].concat()
}

fn alert() -> Case {
    let body = body();
    let mut signed = SignedAlert::sign(&body, &PLACE, &key(0xd5));
    assert!(signed.add(&PLACE, sign_body(&signed.body, &PLACE, &key(0xd6))));
    let item = AlertsItem::Alert(signed.clone()).to_bytes();
    let mut parts = vec![("variant", vec![0]), ("body", wire::encode(&signed.body)), ("count", vec![2])];
    parts.extend(["first", "second"].into_iter().zip(signed.signatures.iter().map(signature)));
    Case::new("alert with two signatures")
        .body(
            "body",
            &body,
            &[
                ("random", body.random.to_vec()),
                ("epoch", wire::encode(&body.epoch)),
                ("announcement", body.announcement.0.to_vec()),
                ("charter_version", wire::encode(&body.charter_version)),
                ("charter", body.charter.0.to_vec()),
                ("restrictions", body.restrictions.0.to_vec()),
                ("heads", [&[1], &head().alert.0[..], &[6, 0xfb, 0x2c, 0x01], &wire::encode(&NOW)].concat()),
                ("sent", wire::encode(&body.sent)),
                ("expires", wire::encode(&body.expires)),
                ("content", wire::encode(&body.content)),
                ("extensions", vec![0]),
            ],
        )
        .bytes("id", signed.id(&PLACE).0)
        .bytes("signer_seeds", [[0xd5; 32], [0xd6; 32]].concat())
        .whole("item", &item, &parts)
}

fn enough() -> Case {
    let needs = [
        Need { role: Code::constant("observer"), language: None, count: 4 },
        Need { role: Code::constant("interpreter"), language: Some(Language::new("es").unwrap()), count: 300 },
    ];
    let field = to_extension(&needs);
    let mut body = body();
    body.content.msg_type = Code::constant("update");
    body.extensions = Extensions(vec![field.clone()]);
    assert_eq!(said_by(&body), needs);
    let bytes = [&[2, 8][..], b"observer", &[0, 4, 11], b"interpreter", &[1, 2], b"es", &[0xfb, 0x2c, 0x01]].concat();
    assert_eq!(field.bytes, bytes);
    Case::new("enough").bytes("needs", bytes).whole(
        "extensions",
        &wire::encode(&body.extensions),
        &[("count", vec![1]), ("tag", vec![4]), ("bytes", wire::encode(&field.bytes))],
    )
}

fn co_sign() -> Case {
    let signed = SignedAlert::sign(&body(), &PLACE, &key(0xd5));
    let added = sign_body(&signed.body, &PLACE, &key(0xd7));
    let alert = signed.id(&PLACE);
    let item = AlertsItem::CoSign { alert, signature: added }.to_bytes();
    let parts = [("variant", vec![1]), ("alert", alert.0.to_vec()), ("signature", signature(&added))];
    Case::new("co-sign").bytes("signer_seed", [0xd7; 32]).whole("item", &item, &parts)
}

fn beacon() -> Case {
    let body = Beacon {
        time: NOW,
        charter_version: 300,
        charter: CHARTER,
        restrictions: RestrictionsHash::ZERO,
        announcement: ANNOUNCEMENT,
        heads: vec![head(), head()],
        extensions: Extensions::default(),
    };
    let signed = body.sign(&PLACE, &key(0xd8));
    assert_eq!(Beacon::open(&signed, &PLACE), Ok(body.clone()));
    let item = AlertsItem::Beacon(signed.clone()).to_bytes();
    Case::new("beacon")
        .body(
            "body",
            &body,
            &[
                ("time", wire::encode(&body.time)),
                ("charter_version", wire::encode(&body.charter_version)),
                ("charter", body.charter.0.to_vec()),
                ("restrictions", vec![0; 32]),
                ("announcement", body.announcement.0.to_vec()),
                ("heads", wire::encode(&body.heads)),
                ("extensions", vec![0]),
            ],
        )
        .bytes("signer_seed", [0xd8; 32])
        .whole(
            "item",
            &item,
            &[
                ("variant", vec![2]),
                ("body", wire::encode(&signed.body)),
                ("signer", signed.signer.as_bytes().to_vec()),
                ("signature", signed.signature.0.to_vec()),
            ],
        )
}

fn attended() -> Case {
    let by = AttendedBy { handle: "Marisol".to_owned(), since: NOW };
    let body = Direct::attended(AlertId([0xdc; 16]), &by);
    assert_eq!(body.attended_by(), Some(by));
    let field = [wire::encode(&"Marisol".to_owned()), wire::encode(&NOW)].concat();
    let extensions = [&[1, 2][..], &wire::encode(&field)].concat();
    Case::new("direct to whoever asked for help").body(
        "body",
        &body,
        &[("alert", body.alert.0.to_vec()), ("place", vec![0]), ("text", vec![0]), ("extensions", extensions)],
    )
}

fn direct() -> Case {
    let auth = MemberAuth::new(CONTEXT, Secret::new(secret(0xd9)));
    let (member, mut rng) = (kem(0xda), Drawn::new(0xdb));
    let body = Direct {
        alert: AlertId([0xdc; 16]),
        place: Some(Place::named("the green door")),
        text: "ring twice".to_owned(),
        extensions: Extensions::default(),
    };
    let envelope = Envelope { context: CONTEXT, announcement: ANNOUNCEMENT, hour: Hour(300) };
    let sealed = seal_direct(&envelope, &member.public(), &auth, &body, &mut rng).unwrap();
    assert_eq!(open_direct(&envelope, &member, &auth, &sealed, |_| true), Ok(body.clone()));
    let extra = [&ANNOUNCEMENT.0[..], &300_u32.to_be_bytes()].concat();
    let derived = CONTEXT.derive::<32>(auth.key(), Derive::DirectPsk, b"");
    let again = Psk::new(derived.clone()).unwrap();
    let padded = open(&member, &again, SealPurpose::Direct, &CONTEXT.bytes(), &extra, &sealed).unwrap();
    let encoded = wire::encode_body(&body);
    let content = [&u16::try_from(encoded.len()).unwrap().to_be_bytes()[..], &encoded].concat();
    assert!(padded.len() == PADDED_LEN && padded.starts_with(&content));
    let item = AlertsItem::Direct(sealed.clone()).to_bytes();
    Case::new("direct")
        .bytes("auth", auth.key().expose())
        .bytes("psk", derived.expose())
        .bytes("member_seed", member.seed().expose())
        .bytes("extra", extra)
        .body(
            "body",
            &body,
            &[
                ("alert", body.alert.0.to_vec()),
                ("place", wire::encode(&body.place)),
                ("text", wire::encode(&body.text)),
                ("extensions", vec![0]),
            ],
        )
        .bytes("randomness", &rng.all)
        .whole("item", &item, &[("variant", vec![3]), ("sealed", wire::encode(&sealed))])
}

#[test]
fn alerts_co_signatures_beacons_and_directs_are_these_bytes() {
    let about = "alerts: signatures of kind 1 for `alert` over network || neighborhood || SHA-256(body), sorted by signer, id \
                 = the first 16 bytes of SHA-256(\"watchfire v1 alert id\" 00 || network || neighborhood || body); beacons: \
                 signature for `beacon` over the same; direct: seal for `direct` under psk = KDF(auth, \"direct psk\"), \
                 extra = announcement_hash || u32be(hour), of u16be(length of the body) || body || zeros, 2,816 bytes; enough: extension field 4 of an \
                 update";
    check("alerts", about, &[alert(), enough(), co_sign(), beacon(), direct(), attended()]);
}
