//! A charter's first two versions.

use watchfire_protocol::charter::{
    BelowQuorum, Charter, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Revocation, Scope, SignedCharter,
    genesis_network, judge, sign,
};
use watchfire_protocol::id::{CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId, RestrictionHash};
use watchfire_protocol::time::DAY;
use watchfire_protocol::wire::{self, Extension, Extensions};

use crate::file::{Case, check};
use crate::fixture::{NOW, key};

/// The genesis, judged.
pub(crate) fn founded() -> Charter {
    judge(None, &case("genesis", &genesis(), NetworkId::ZERO, [0x62, 0x64]).1).unwrap()
}

pub(crate) fn genesis() -> CharterBody {
    let place = NeighborhoodId([0x61; 16]);
    let grant = |n: u8, devices: &[u8]| Grant {
        coordinator: CoordinatorId([n; 16]),
        devices: devices.iter().map(|byte| key(*byte).public()).collect(),
        scopes: vec![Scope {
            neighborhood: place,
            dispatch: true,
            enroll: n == 1,
            not_before: NOW,
            not_after: NOW.plus(300 * DAY),
        }],
    };
    CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: NOW,
        expires: NOW.plus(365 * DAY),
        grace_days: 30,
        admins: vec![key(0x62).public(), key(0x63).public(), key(0x64).public()],
        threshold: 2,
        restrict_threshold: 1,
        neighborhoods: vec![Neighborhood {
            id: place,
            quorum: 2,
            below_quorum: BelowQuorum::Hold,
            retention_hours: 72,
            freshness_hours: 48,
            names: [0x65; 32],
            closed: false,
        }],
        grants: vec![grant(1, &[0x66, 0x67]), grant(2, &[0x68])],
        revocations: Vec::new(),
        restrictions: Vec::new(),
        relays: vec![Relay { url: "wss://relay.example/v1".to_owned(), key: key(0x69).public() }],
        extensions: Extensions::default(),
    }
}

fn case(name: &str, body: &CharterBody, network: NetworkId, admins: [u8; 2]) -> (Case, SignedCharter) {
    let mut signed = SignedCharter::unsigned(body);
    let network = if body.version == 1 { genesis_network(&signed.body) } else { network };
    for admin in admins {
        let signature = sign(&key(admin), network, &signed.body);
        signed.insert(CharterSignature { signer: key(admin).public(), signature });
    }
    let case = Case::new(name)
        .body(
            "body",
            body,
            &[
                ("network", body.network.0.to_vec()),
                ("version", wire::encode(&body.version)),
                ("previous", body.previous.0.to_vec()),
                ("issued", wire::encode(&body.issued)),
                ("expires", wire::encode(&body.expires)),
                ("grace_days", wire::encode(&body.grace_days)),
                ("admins", wire::encode(&body.admins)),
                ("threshold", vec![body.threshold]),
                ("restrict_threshold", vec![body.restrict_threshold]),
                ("neighborhoods", wire::encode(&body.neighborhoods)),
                ("grants", wire::encode(&body.grants)),
                ("revocations", wire::encode(&body.revocations)),
                ("restrictions", wire::encode(&body.restrictions)),
                ("relays", wire::encode(&body.relays)),
                ("extensions", wire::encode(&body.extensions)),
            ],
        )
        .bytes("hash", signed.hash().0)
        .bytes("network", network.0)
        .bytes("admin_seeds", admins.map(|admin| [admin; 32]).concat())
        .bytes("signed_fields", [network.0, signed.hash().0].concat())
        .whole(
            "signed",
            &signed.to_bytes(),
            &[("body", wire::encode(&signed.body)), ("signatures", wire::encode(&signed.signatures))],
        );
    (case, signed)
}

#[test]
fn a_genesis_and_its_successor_are_signed_by_two_of_three_admins() {
    let (first, signed) = case("genesis", &genesis(), NetworkId::ZERO, [0x62, 0x64]);
    let held = judge(None, &signed).unwrap();
    let next = CharterBody {
        network: held.network(),
        version: 2,
        previous: held.hash(),
        issued: NOW.plus(DAY),
        revocations: vec![Revocation {
            key: key(0x6a).public(),
            neighborhood: NeighborhoodId([0x61; 16]),
            distrust_from: Epoch(300),
        }],
        restrictions: vec![RestrictionHash([0x6b; 32])],
        extensions: Extensions(vec![Extension { tag: 300, bytes: vec![1, 2, 3] }]),
        ..genesis()
    };
    let (second, signed) = case("version 2, with an extension", &next, held.network(), [0x63, 0x64]);
    assert_eq!(judge(Some(&held), &signed).unwrap().version(), 2);
    let about = "hash = SHA-256(body); network = SHA-256(\"watchfire v1 network\" 00 || genesis body); signatures for \
                 `charter` over network || hash, sorted by signer";
    check("charters", about, &[first, second]);
}
