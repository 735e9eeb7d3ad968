//! The bytes of a charter.

use data_encoding::HEXLOWER;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

use crate::charter::testing::{
    ISSUED, RIVERSIDE, admin, coordinator, device, genesis, grant, neighborhood, relay, scope, signed,
};
use crate::charter::{
    BelowQuorum, CharterBody, CharterSignature, Grant, MAX_SIGNED, Neighborhood, Relay, Revocation, Scope,
    SignedCharter,
};
use crate::id::{CharterHash, Epoch, NeighborhoodId, NetworkId, RestrictionHash};
use crate::sign::{PublicKey, Signature};
use crate::time::Timestamp;
use crate::wire::{Body, Extension, Extensions, WireError, decode_body, encode_body};

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

#[test]
fn a_body_is_these_bytes() {
    let mut body = genesis(1, 1);
    body.grants.truncate(1);
    body.neighborhoods[0].below_quorum = BelowQuorum::Hold;
    body.revocations.push(Revocation { key: device(9).public(), neighborhood: RIVERSIDE, distrust_from: Epoch(300) });
    body.restrictions.push(RestrictionHash([0xee; 32]));
    body.extensions = Extensions(vec![Extension { tag: 2, bytes: vec![7, 8] }]);
    let wanted = [
        "01",             // kind: charter
        "01",             // format
        &"00".repeat(32), // network: none, this is the genesis
        "01",             // version
        &"00".repeat(32), // previous: none
        "fc80e14e68",     // issued: varint, little end first
        "fc0015306a",     // expires
        "1e",             // grace, days
        "01",             // admins: 1
        &hex(admin(0).public().as_bytes()),
        "01",             // threshold
        "01",             // restrict threshold
        "01",             // neighborhoods: 1
        &"a1".repeat(16), // id
        "02",             // quorum
        "01",             // below quorum: hold
        "18",             // retention, hours
        "30",             // freshness, hours
        &"5a".repeat(32), // names
        "00",             // closed: no
        "01",             // grants: 1
        &"01".repeat(16), // coordinator
        "01",             // devices: 1
        &hex(device(1).public().as_bytes()),
        "01",             // scopes: 1
        &"a1".repeat(16), // neighborhood
        "01",             // dispatch
        "01",             // enroll
        "fc80e14e68",     // not before
        "fc0015306a",     // not after
        "01",             // revocations: 1
        &hex(device(9).public().as_bytes()),
        &"a1".repeat(16), // neighborhood
        "fb2c01",         // distrust from
        "01",             // restrictions: 1
        &"ee".repeat(32),
        "01", // relays: 1
        "16", // url: 22 bytes
        &hex(b"wss://relay.example/v1"),
        &hex(relay(0).public().as_bytes()),
        "01",     // extensions: 1
        "02",     // tag
        "020708", // bytes
    ];
    assert_eq!(hex(&encode_body(&body)), wanted.concat());
}

#[test]
fn a_signed_charter_is_its_body_and_then_its_signatures() {
    let charter = SignedCharter {
        body: vec![1, 1],
        signatures: vec![CharterSignature { signer: admin(0).public(), signature: Signature([0xcc; 64]) }],
    };
    let wanted = [
        "02", // body: 2 bytes
        "0101",
        "01",                               // signatures: 1
        &hex(admin(0).public().as_bytes()), // signer
        &"cc".repeat(64),                   // signature
    ];
    assert_eq!(hex(&charter.to_bytes()), wanted.concat());
}

#[test]
fn bytes_that_are_cut_off_left_over_or_too_many_are_no_charter() {
    let bytes = signed(&genesis(1, 1), [0]).to_bytes();
    assert!(matches!(SignedCharter::from_bytes(&bytes[..bytes.len() - 1]), Err(WireError::Malformed(_))));
    assert_eq!(SignedCharter::from_bytes(&[bytes.as_slice(), &[0]].concat()), Err(WireError::LeftOver(1)));
    let found = MAX_SIGNED + 1;
    assert_eq!(SignedCharter::from_bytes(&vec![0; found]), Err(WireError::TooLarge { found, limit: MAX_SIGNED }));
}

#[test]
fn a_body_beyond_its_limit_is_refused() {
    let body = vec![1; CharterBody::LIMIT + 1];
    let refused = WireError::TooLarge { found: body.len(), limit: 60 << 10 };
    assert_eq!(decode_body::<CharterBody>(&body), Err(refused));
}

fn keys() -> impl Strategy<Value = PublicKey> {
    any::<u8>().prop_map(|number| device(number).public())
}

fn times() -> impl Strategy<Value = Timestamp> {
    prop_oneof![Just(ISSUED), any::<u64>().prop_map(Timestamp)]
}

fn places() -> impl Strategy<Value = NeighborhoodId> {
    any::<[u8; 16]>().prop_map(NeighborhoodId)
}

fn neighborhoods() -> impl Strategy<Value = Neighborhood> {
    let policy = prop_oneof![Just(BelowQuorum::Show), Just(BelowQuorum::Hold)];
    (places(), any::<u8>(), policy, any::<(u32, u16, [u8; 32], bool)>()).prop_map(
        |(id, quorum, below_quorum, (retention_hours, freshness_hours, names, closed))| Neighborhood {
            below_quorum,
            retention_hours,
            freshness_hours,
            names,
            closed,
            ..neighborhood(id, quorum)
        },
    )
}

fn grants() -> impl Strategy<Value = Grant> {
    let scopes = (places(), any::<(bool, bool)>(), times(), times()).prop_map(
        |(place, (dispatch, enroll), not_before, not_after)| Scope {
            dispatch,
            enroll,
            not_before,
            not_after,
            ..scope(place)
        },
    );
    (any::<u8>(), vec(keys(), 0..4), vec(scopes, 0..3)).prop_map(|(number, devices, scopes)| Grant {
        coordinator: coordinator(number),
        devices,
        ..grant(1, scopes)
    })
}

fn revocations() -> impl Strategy<Value = Revocation> {
    (keys(), places(), any::<u64>().prop_map(Epoch)).prop_map(|(key, neighborhood, distrust_from)| Revocation {
        key,
        neighborhood,
        distrust_from,
    })
}

/// Any body that can be written down, valid or not.
fn bodies() -> impl Strategy<Value = CharterBody> {
    let head = any::<([u8; 32], u64, [u8; 32], u16, u8, u8)>();
    let relays = ("[a-z:/.]{0,20}", keys()).prop_map(|(url, key)| Relay { url, key });
    let extensions = vec(vec(any::<u8>(), 0..5), 0..4).prop_map(|all| {
        let tags = (0..).step_by(2);
        Extensions(tags.zip(all).map(|(tag, bytes)| Extension { tag, bytes }).collect())
    });
    let lists = (
        vec(keys(), 0..4),
        vec(neighborhoods(), 0..3),
        vec(grants(), 0..3),
        vec(revocations(), 0..3),
        vec(any::<[u8; 32]>().prop_map(RestrictionHash), 0..3),
        vec(relays, 0..3),
        extensions,
    );
    (head, times(), times(), lists).prop_map(|(head, issued, expires, lists)| {
        let (network, version, previous, grace_days, threshold, restrict_threshold) = head;
        let (admins, neighborhoods, grants, revocations, restrictions, relays, extensions) = lists;
        CharterBody {
            network: NetworkId(network),
            version,
            previous: CharterHash(previous),
            issued,
            expires,
            grace_days,
            admins,
            threshold,
            restrict_threshold,
            neighborhoods,
            grants,
            revocations,
            restrictions,
            relays,
            extensions,
        }
    })
}

proptest! {
    #[test]
    fn a_body_is_read_as_it_was_written(body in bodies()) {
        prop_assert_eq!(decode_body::<CharterBody>(&encode_body(&body)), Ok(body));
    }

    #[test]
    fn what_can_be_read_is_written_as_it_was(body in bodies(), at in any::<usize>(), flip in any::<u8>()) {
        let mut bytes = encode_body(&body);
        let at = at % bytes.len();
        bytes[at] ^= flip;
        if let Ok(read) = decode_body::<CharterBody>(&bytes) {
            prop_assert_eq!(encode_body(&read), bytes);
        }
    }

    #[test]
    fn a_signed_charter_is_read_as_it_was_written(
        body in vec(any::<u8>(), 0..200),
        signers in vec((keys(), any::<[u8; 32]>()), 0..5),
    ) {
        let signatures = signers
            .into_iter()
            .map(|(signer, half)| {
                let mut signature = [0; 64];
                signature[..32].copy_from_slice(&half);
                CharterSignature { signer, signature: Signature(signature) }
            })
            .collect();
        let charter = SignedCharter { body, signatures };
        prop_assert_eq!(SignedCharter::from_bytes(&charter.to_bytes()), Ok(charter));
    }
}
