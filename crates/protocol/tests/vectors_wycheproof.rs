//! The cryptographic crates agree with every case of Project Wycheproof for what Watchfire uses.
//!
//! Each test counts what it ran, so that an empty set cannot pass for agreement.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use chacha20poly1305::aead::{Aead, KeyInit, Nonce, Payload};
use chacha20poly1305::{ChaCha20Poly1305, XChaCha20Poly1305};
use ed25519_dalek::{Signature, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use wycheproof::{TestResult, aead, eddsa, hkdf as hkdf_cases, xdh};
use x25519_dalek::{PublicKey, StaticSecret};

/// Policy for what Wycheproof calls acceptable: a point on the twist, or written in a way that is not canonical,
/// is computed with as RFC 7748 says and gives the published secret. One that yields zero gives it too, and is
/// reported as contributing nothing; whoever uses the exchange refuses it on that.
#[test]
fn x25519_agrees_with_wycheproof_and_reports_every_secret_of_zero() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let mut count = Count::default();

    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let secret = StaticSecret::from(<[u8; 32]>::try_from(test.private_key.as_slice()).unwrap());
        let public = PublicKey::from(<[u8; 32]>::try_from(test.public_key.as_slice()).unwrap());
        let shared = secret.diffie_hellman(&public);

        assert_eq!(shared.to_bytes().as_slice(), test.shared_secret.as_slice(), "case {}", test.tc_id);
        let zero = test.flags.contains(&xdh::TestFlag::ZeroSharedSecret);
        assert_eq!(shared.was_contributory(), !zero, "case {}", test.tc_id);
        assert!(!zero || test.result == TestResult::Acceptable, "case {}", test.tc_id);
        assert!(!test.result.must_fail(), "case {}", test.tc_id);
        count.ran(!zero);
    }
    count.check("X25519", set.number_of_tests);
}

/// Strictness costs no valid case: Wycheproof has no key and no R of small order among them.
#[test]
fn ed25519_strictly_verifies_what_wycheproof_calls_valid_and_nothing_else() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut count = Count::default();

    for group in &set.test_groups {
        let key = VerifyingKey::from_bytes(group.key.pk.as_slice().try_into().unwrap()).unwrap();
        for test in &group.tests {
            let verified = Signature::from_slice(&test.sig).is_ok_and(|sig| key.verify_strict(&test.msg, &sig).is_ok());
            assert_eq!(verified, is_valid(test.result), "case {}: {}", test.tc_id, test.comment);
            assert!(!verified || !key.is_weak(), "case {}", test.tc_id);
            count.ran(verified);
        }
    }
    count.check("Ed25519", set.number_of_tests);
}

#[test]
fn chacha20_poly1305_agrees_with_wycheproof() {
    check_aead::<ChaCha20Poly1305>(aead::TestName::ChaCha20Poly1305);
}

#[test]
fn xchacha20_poly1305_agrees_with_wycheproof() {
    check_aead::<XChaCha20Poly1305>(aead::TestName::XChaCha20Poly1305);
}

#[test]
fn hkdf_sha256_agrees_with_wycheproof() {
    let set = hkdf_cases::TestSet::load(hkdf_cases::TestName::HkdfSha256).unwrap();
    let mut count = Count::default();

    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut okm = vec![0; test.size];
        let derived = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut okm).is_ok();
        assert_eq!(derived, is_valid(test.result), "case {}: {}", test.tc_id, test.comment);
        assert!(!derived || okm == test.okm.as_slice(), "case {}: {}", test.tc_id, test.comment);
        count.ran(derived);
    }
    count.check("HKDF-SHA256", set.number_of_tests);
}

/// Opens every case, and seals every valid one to the published bytes.
fn check_aead<C: Aead + KeyInit>(name: aead::TestName) {
    let set = aead::TestSet::load(name).unwrap();
    let mut count = Count::default();

    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let cipher = C::new_from_slice(&test.key).unwrap();
        let sealed = [test.ct.as_slice(), &test.tag].concat();
        let (msg, aad) = (test.pt.as_slice(), test.aad.as_slice());

        // A nonce of another length is not a nonce: the type refuses it.
        let nonce = <&Nonce<C>>::try_from(test.nonce.as_slice()).ok();
        let opened = nonce.and_then(|nonce| cipher.decrypt(nonce, Payload { msg: &sealed, aad }).ok());
        assert_eq!(opened.is_some(), is_valid(test.result), "case {}: {}", test.tc_id, test.comment);
        count.ran(opened.is_some());
        if let (Some(opened), Some(nonce)) = (opened, nonce) {
            assert_eq!(opened, msg, "case {}", test.tc_id);
            assert_eq!(cipher.encrypt(nonce, Payload { msg, aad }).unwrap(), sealed, "case {}", test.tc_id);
        }
    }
    count.check(&format!("{name:?}"), set.number_of_tests);
}

/// Outside X25519 nothing is merely acceptable: a case that came to be so would have to be decided here.
fn is_valid(result: TestResult) -> bool {
    assert!(result != TestResult::Acceptable);
    result == TestResult::Valid
}

/// How many cases were run, by what the crate said to them.
#[derive(Default)]
struct Count {
    accepted: usize,
    refused: usize,
}

impl Count {
    fn ran(&mut self, accepted: bool) {
        if accepted {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }
    }

    fn check(&self, name: &str, expected: usize) {
        let Self { accepted, refused } = self;
        println!("{name}: {accepted} accepted, {refused} refused");
        assert_eq!(accepted + refused, expected, "{name}: every case ran");
        assert!(*accepted > 0 && *refused > 0, "{name}: cases of both kinds ran");
    }
}
