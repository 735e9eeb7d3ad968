//! The seal, for each purpose.

use watchfire_protocol::id::sha256;
use watchfire_protocol::labels::SealPurpose;
use watchfire_protocol::seal::{Psk, open, seal};
use watchfire_protocol::secret::Secret;

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, Drawn, kem, secret};

#[test]
fn what_was_sealed_for_each_purpose_opens_again() {
    let purposes = [SealPurpose::Slot, SealPurpose::Inbox, SealPurpose::Join, SealPurpose::Direct];
    let cases: Vec<Case> = purposes
        .into_iter()
        .map(|purpose| {
            let (key, psk) = (kem(0x91), Psk::new(Secret::new(secret(0x92))).unwrap());
            let (place, extra, plaintext) = (CONTEXT.bytes(), [0x93; 48], b"what is sealed");
            let mut rng = Drawn::new(0x94);
            let sealed = seal(&key.public(), &psk, purpose, &place, &extra, plaintext, &mut rng).unwrap();
            assert_eq!(open(&key, &psk, purpose, &place, &extra, &sealed).unwrap().as_slice(), plaintext);
            let psk_id = format!("watchfire v1 {}", purpose.as_str()).into_bytes();
            let hash = sha256(&[key.public().0.as_slice()]);
            let info = [&psk_id[..], &[0], &place, &extra, &hash].concat();
            Case::new(purpose.as_str())
                .bytes("recipient_seed", key.seed().expose())
                .bytes("recipient_public", key.public().0.as_slice())
                .bytes("psk", [0x92; 32])
                .bytes("psk_id", &psk_id)
                .whole(
                    "info",
                    &info,
                    &[
                        ("psk_id_00", [&psk_id[..], &[0]].concat()),
                        ("ctx", place.to_vec()),
                        ("extra", extra.to_vec()),
                        ("recipient_hash", hash.to_vec()),
                    ],
                )
                .bytes("plaintext", plaintext)
                .bytes("randomness", &rng.all)
                .bytes("encapsulation", sealed.get(..1120).unwrap())
                .bytes("ciphertext", sealed.get(1120..).unwrap())
        })
        .collect();
    let about = "HPKE PSK mode, KEM 0x647a (X-Wing), KDF 0x0001, AEAD 0x0003, empty aad; randomness is the encapsulation's \
                 eseed";
    check("seals", about, &cases);
}
