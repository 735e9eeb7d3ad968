//! Who somebody is at a relay, and which relay it is: a greeting and a proof hold for what they name, and nothing else.

use watchfire_protocol::frame::{Proof, Prover, Welcome};
use watchfire_protocol::id::{Epoch, InviteId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::time::Timestamp;

use crate::scene::{ELSEWHERE, HERE, key};

const NONCE: [u8; 32] = [1; 32];
const CHALLENGE: [u8; 32] = [2; 32];

#[test]
fn a_greeting_is_of_the_relay_in_it_for_this_nonce_and_as_it_was_signed() {
    let welcome = Welcome::sign(&key(9), &NONCE, CHALLENGE, Timestamp(7));
    assert!(welcome.verify(&NONCE).is_ok());
    assert!(welcome.verify(&[3; 32]).is_err(), "one that was heard before");
    for changed in [
        Welcome { relay: key(8).public(), ..welcome },
        Welcome { challenge: [3; 32], ..welcome },
        Welcome { time: Timestamp(8), ..welcome },
        Welcome { signature: Welcome::sign(&key(8), &NONCE, CHALLENGE, Timestamp(7)).signature, ..welcome },
    ] {
        assert!(changed.verify(&NONCE).is_err(), "{changed:?}");
    }
}

#[test]
fn a_proof_is_of_one_key_at_one_relay_in_one_talk_for_one_place_epoch_and_role() {
    let place = Place { network: NetworkId([3; 32]), neighborhood: HERE };
    let proof = Proof {
        relay: key(9).public(),
        nonce: NONCE,
        challenge: CHALLENGE,
        place,
        epoch: Epoch(4),
        prover: Prover::Member,
    };
    let signature = proof.sign(&key(20));
    assert!(proof.verify(&key(20).public(), &signature).is_ok());
    assert!(proof.verify(&key(21).public(), &signature).is_err());
    for changed in [
        Proof { relay: key(8).public(), ..proof },
        Proof { nonce: [4; 32], ..proof },
        Proof { challenge: [4; 32], ..proof },
        Proof { place: Place { neighborhood: ELSEWHERE, ..place }, ..proof },
        Proof { place: Place { network: NetworkId([4; 32]), ..place }, ..proof },
        Proof { epoch: Epoch(5), ..proof },
        Proof { prover: Prover::Coordinator, ..proof },
        Proof { prover: Prover::Device(key(20).public()), ..proof },
        Proof { prover: Prover::Invite(InviteId([5; 16])), ..proof },
    ] {
        assert!(changed.verify(&key(20).public(), &signature).is_err(), "{changed:?}");
    }
}
