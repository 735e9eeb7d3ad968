//! A restriction with an entry of each kind, and the hash of a set.

use watchfire_protocol::charter::{
    CharterSignature, Restricted, RestrictionBody, Right, SignedRestriction, Subject, judge_restriction,
    restrictions_hash, sign_restriction,
};
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::wire::{self, Extensions};

use crate::charters::{founded, genesis};
use crate::file::{Case, check};
use crate::fixture::{NOW, key};

#[test]
fn two_restrictions_and_the_hash_of_their_set_are_these_bytes() {
    let charter = founded();
    let here = NeighborhoodId([0x61; 16]);
    let entry = |subject, right, distrust_from| Restricted { subject, neighborhood: here, right, distrust_from };
    let coordinator = Subject::Coordinator(genesis().grants[0].coordinator);
    let device = Subject::Device(key(0x68).public());
    let entries = [
        ("a coordinator, distrusted from an epoch on", entry(coordinator, Right::Enroll, Some(Epoch(300)))),
        ("a device", entry(device, Right::Dispatch, None)),
    ];
    let mut judged = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    for (name, entry) in entries {
        let body = RestrictionBody {
            network: charter.network(),
            charter_version: charter.version(),
            charter: charter.hash(),
            issued: NOW,
            entries: vec![entry],
            extensions: Extensions::default(),
        };
        let mut signed = SignedRestriction::unsigned(&body);
        let signature = sign_restriction(&key(0x63), body.network, &signed.body);
        signed.insert(CharterSignature { signer: key(0x63).public(), signature });
        let fields = [
            ("network", body.network.0.to_vec()),
            ("charter_version", wire::encode(&body.charter_version)),
            ("charter", body.charter.0.to_vec()),
            ("issued", wire::encode(&body.issued)),
            ("entries", wire::encode(&body.entries)),
            ("extensions", wire::encode(&body.extensions)),
        ];
        let whole = [("body", wire::encode(&signed.body)), ("signatures", wire::encode(&signed.signatures))];
        cases.push(
            Case::new(name)
                .body("body", &body, &fields)
                .bytes("hash", signed.hash().0)
                .bytes("admin_seed", [0x63; 32])
                .bytes("signed_fields", [body.network.0, signed.hash().0].concat())
                .whole("signed", &signed.to_bytes(), &whole),
        );
        judged.push(judge_restriction(&charter, Some(charter.body()), &signed).unwrap());
    }
    cases.push(Case::new("both").bytes("set", restrictions_hash(&judged).0));
    let about = "hash = SHA-256(body); signature for `restrict` over network || hash; set = SHA-256(\"watchfire v1 \
                 restrictions\" 00 || the hashes, ascending); the charter is the genesis of charters.json";
    check("restrictions", about, &cases);
}
