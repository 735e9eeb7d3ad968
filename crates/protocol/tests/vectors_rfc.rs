//! The cryptographic crates agree with the vectors that their standards publish.
//!
//! The data is in `tests/vectors/published`, each file naming its source. It is read when the tests run, so a
//! changed byte is seen without building again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::convert::Infallible;
use std::path::Path;

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, XChaCha20Poly1305};
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use hkdf::Hkdf;
use hpke::aead::{AeadCtxR, ChaCha20Poly1305 as HpkeChaCha};
use hpke::kdf::HkdfSha256;
use hpke::kem::{X25519HkdfSha256, XWing};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, PskBundle, Serializable, setup_receiver, setup_sender_with_rng};
use rand_core::{TryCryptoRng, TryRng, utils};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256, Sha512};
use x25519_dalek::{PublicKey, StaticSecret, X25519_BASEPOINT_BYTES, x25519};

#[test]
fn ed25519_signs_and_strictly_verifies_what_rfc_8032_prints() {
    let cases: Vec<Ed25519Case> = published("rfc8032-ed25519.json", 5);

    for case in &cases {
        let signing = SigningKey::from_bytes(&case.secret_key.array());
        let public = VerifyingKey::from_bytes(&case.public_key.array()).unwrap();
        let signature = Signature::from_bytes(&case.signature.array());

        assert_eq!(signing.verifying_key(), public, "{}", case.name);
        assert_eq!(signing.sign(&case.message.0), signature, "{}", case.name);
        assert!(public.verify_strict(&case.message.0, &signature).is_ok(), "{}", case.name);
        assert!(!public.is_weak(), "{}", case.name);

        let longer = [case.message.0.as_slice(), &[0]].concat();
        assert!(public.verify_strict(&longer, &signature).is_err(), "{}", case.name);
    }

    let last = cases.last().unwrap();
    assert_eq!(Sha512::digest(b"abc").as_slice(), last.message.0, "TEST SHA(abc) signs a hash");
}

#[test]
fn an_ed25519_key_of_small_order_is_weak_and_signs_nothing_strictly() {
    // The neutral element (y = 1), the point of order two (y = -1) and one of order four (y = 0).
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    for encoded in [one(), minus_one, [0; 32]] {
        let key = VerifyingKey::from_bytes(&encoded).unwrap();
        assert!(key.is_weak(), "{encoded:02x?}");
    }

    // R the neutral element and S zero satisfy the plain equation under the neutral key, whatever is signed.
    let key = VerifyingKey::from_bytes(&one()).unwrap();
    let mut forged = [0; 64];
    forged[0] = 1;
    let forged = Signature::from_bytes(&forged);
    assert!(key.verify(b"never signed", &forged).is_ok(), "the forgery is a real one");
    assert!(key.verify_strict(b"never signed", &forged).is_err());
}

#[test]
fn chacha20_poly1305_seals_and_opens_what_rfc_8439_prints() {
    let cases: Vec<AeadCase> = published("rfc8439-chacha20poly1305.json", 1);
    for case in &cases {
        check_aead::<ChaCha20Poly1305, 12>(case);
    }
}

#[test]
fn xchacha20_poly1305_seals_and_opens_what_the_draft_prints() {
    let cases: Vec<AeadCase> = published("draft-xchacha-03-xchacha20poly1305.json", 1);
    for case in &cases {
        check_aead::<XChaCha20Poly1305, 24>(case);
    }
}

#[test]
fn x25519_computes_what_rfc_7748_prints() {
    let file: X25519File = read("rfc7748-x25519.json");
    assert!(!file.source.is_empty() && !file.copied_from.is_empty());
    assert_eq!(file.cases.len(), 2);
    for case in &file.cases {
        assert_eq!(x25519(case.scalar.array(), case.u.array()), case.output.array(), "{}", case.name);
    }

    assert_eq!(file.iterated.start.array(), X25519_BASEPOINT_BYTES);
    let (mut k, mut u) = (file.iterated.start.array(), file.iterated.start.array());
    for round in 1..=1_000 {
        (k, u) = (x25519(k, u), k);
        if round == 1 {
            assert_eq!(k, file.iterated.after_1.array());
        }
    }
    assert_eq!(k, file.iterated.after_1000.array());
}

#[test]
fn x25519_agrees_on_the_secret_of_rfc_7748() {
    let file: X25519File = read("rfc7748-x25519.json");
    let dh = &file.diffie_hellman;
    let alice = StaticSecret::from(dh.alice_private.array::<32>());
    let bob = StaticSecret::from(dh.bob_private.array::<32>());

    assert_eq!(PublicKey::from(&alice).to_bytes(), dh.alice_public.array());
    assert_eq!(PublicKey::from(&bob).to_bytes(), dh.bob_public.array());
    for (secret, theirs) in [(&alice, &dh.bob_public), (&bob, &dh.alice_public)] {
        let shared = secret.diffie_hellman(&PublicKey::from(theirs.array::<32>()));
        assert!(shared.was_contributory());
        assert_eq!(shared.to_bytes(), dh.shared.array());
    }
}

#[test]
fn an_x25519_point_of_small_order_contributes_nothing() {
    let file: X25519File = read("rfc7748-x25519.json");
    let secret = StaticSecret::from(file.diffie_hellman.alice_private.array::<32>());

    // u = 0, u = 1 and u = -1; the points of order eight are among Wycheproof's.
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    for point in [[0; 32], one(), minus_one] {
        let shared = secret.diffie_hellman(&PublicKey::from(point));
        assert!(!shared.was_contributory(), "{point:02x?}");
        assert_eq!(shared.to_bytes(), [0; 32]);
    }
}

#[test]
fn hkdf_sha256_derives_what_rfc_5869_prints() {
    let cases: Vec<HkdfCase> = published("rfc5869-hkdf-sha256.json", 3);
    for case in &cases {
        let (prk, hkdf) = Hkdf::<Sha256>::extract(Some(&case.salt.0), &case.ikm.0);
        assert_eq!(prk.as_slice(), case.prk.0, "{}", case.name);

        let from_prk = Hkdf::<Sha256>::from_prk(&case.prk.0).unwrap();
        for hkdf in [hkdf, from_prk] {
            let mut okm = vec![0; case.okm.0.len()];
            hkdf.expand(&case.info.0, &mut okm).unwrap();
            assert_eq!(okm, case.okm.0, "{}", case.name);
        }
    }
}

#[test]
fn argon2id_derives_what_rfc_9106_prints() {
    let cases: Vec<Argon2Case> = published("rfc9106-argon2id.json", 1);
    for case in &cases {
        let params = ParamsBuilder::new()
            .m_cost(case.memory_kib)
            .t_cost(case.passes)
            .p_cost(case.lanes)
            .data(AssociatedData::new(&case.associated_data.0).unwrap())
            .build()
            .unwrap();
        let argon = Argon2::new_with_secret(&case.secret.0, Algorithm::Argon2id, Version::V0x13, params).unwrap();

        let mut tag = vec![0; case.tag.0.len()];
        argon.hash_password_into(&case.password.0, &case.salt.0, &mut tag).unwrap();
        assert_eq!(tag, case.tag.0, "{}", case.name);
    }
}

#[test]
fn hpke_in_psk_mode_seals_and_opens_what_rfc_9180_prints() {
    let cases: Vec<HpkeCase> = published("rfc9180-hpke-x25519-psk.json", 1);
    for case in &cases {
        assert!(case.psk.is_some());
        check_hpke::<X25519HkdfSha256>(case);
    }
}

// Nobody publishes X-Wing in PSK mode: its KEM is checked here in base mode, which Watchfire never uses, and the
// PSK's way into the key schedule, which does not depend on the KEM, by RFC 9180 above.
#[test]
fn hpke_over_x_wing_seals_and_opens_what_the_draft_prints() {
    let cases: Vec<HpkeCase> = published("draft-hpke-pq-xwing-base.json", 1);
    for case in &cases {
        assert!(case.psk.is_none());
        check_hpke::<XWing>(case);
    }
    assert_eq!(XWing::KEM_ID, 0x647a);
}

#[test]
fn x_wing_encapsulates_and_decapsulates_what_the_draft_prints() {
    let cases: Vec<XWingCase> = published("draft-xwing-kem.json", 3);
    for case in &cases {
        assert_eq!(case.seed.0, case.sk.0, "the seed is the secret key");
        let secret = <XWing as Kem>::PrivateKey::from_bytes(&case.sk.0).unwrap();
        let public = XWing::sk_to_pk(&secret);
        assert_eq!(public.to_bytes().as_slice(), case.pk.0, "{}", case.name);

        let mut rng = Replay::new(&case.eseed);
        let (shared, enc) = XWing::encap_with_rng(&public, None, &mut rng).unwrap();
        assert!(rng.left.is_empty(), "{}", case.name);
        assert_eq!(enc.to_bytes().as_slice(), case.ct.0, "{}", case.name);
        assert_eq!(shared.0.as_slice(), case.ss.0, "{}", case.name);

        let published = <XWing as Kem>::EncappedKey::from_bytes(&case.ct.0).unwrap();
        let shared = XWing::decap(&secret, None, &published).unwrap();
        assert_eq!(shared.0.as_slice(), case.ss.0, "{}", case.name);
    }
}

#[test]
fn hpke_in_psk_mode_opens_only_with_the_same_psk_id_info_key_and_data() {
    let cases: Vec<HpkeCase> = published("rfc9180-hpke-x25519-psk.json", 1);
    let case = cases.first().unwrap();
    let first = case.encryptions.first().unwrap();
    let (psk, psk_id) = (&case.psk.as_ref().unwrap().0, &case.psk_id.as_ref().unwrap().0);

    let open = |psk: Option<(&[u8], &[u8])>, info: &[u8], sk: &[u8], aad: &[u8], ct: &[u8]| {
        let mode = psk.map_or(OpModeR::Base, |(psk, id)| OpModeR::Psk(PskBundle::new(psk, id).unwrap()));
        receiver::<X25519HkdfSha256>(&mode, sk, &case.enc.0, info).open(ct, aad).ok()
    };
    let (info, sk, aad, ct) = (&case.info.0, &case.sk_r.0, &first.aad.0, &first.ct.0);
    let shared = Some((psk.as_slice(), psk_id.as_slice()));

    assert_eq!(open(shared, info, sk, aad, ct).as_ref(), Some(&first.pt.0));
    assert_eq!(open(Some((&flipped(psk), psk_id)), info, sk, aad, ct), None, "another PSK");
    assert_eq!(open(Some((psk, &flipped(psk_id))), info, sk, aad, ct), None, "another PSK id");
    assert_eq!(open(None, info, sk, aad, ct), None, "no PSK");
    assert_eq!(open(shared, &flipped(info), sk, aad, ct), None, "another info");
    assert_eq!(open(shared, info, &case.ikm_r.0, aad, ct), None, "another key");
    assert_eq!(open(shared, info, sk, &flipped(aad), ct), None, "other associated data");
    assert_eq!(open(shared, info, sk, aad, &flipped(ct)), None, "another ciphertext");
    assert_eq!(open(shared, info, sk, aad, ct.split_last().unwrap().1), None, "a shorter ciphertext");
}

#[test]
fn hpke_over_x_wing_in_psk_mode_opens_only_with_the_same_psk() {
    let cases: Vec<HpkeCase> = published("draft-hpke-pq-xwing-base.json", 1);
    let case = cases.first().unwrap();
    let public = <XWing as Kem>::PublicKey::from_bytes(&case.pk_r.0).unwrap();
    let (psk, id, info) = ([7; 32], b"a psk id", b"an info");

    let mode = OpModeS::Psk(PskBundle::new(&psk, id).unwrap());
    let mut rng = Replay::new(&case.ikm_e);
    let (enc, mut sender) =
        setup_sender_with_rng::<HpkeChaCha, HkdfSha256, XWing>(&mode, &public, info, &mut rng).unwrap();
    let enc = enc.to_bytes();
    let sealed = sender.seal(b"to one member", b"").unwrap();

    let open = |psk: &[u8], enc: &[u8]| {
        let mode = OpModeR::Psk(PskBundle::new(psk, id).unwrap());
        receiver::<XWing>(&mode, &case.sk_r.0, enc, info).open(&sealed, b"").ok()
    };
    assert_eq!(open(&psk, &enc).as_deref(), Some(b"to one member".as_slice()));
    assert_eq!(open(&flipped(&psk), &enc), None, "another PSK");
    // X-Wing rejects implicitly: only the AEAD says no, whether ML-KEM's half was changed or X25519's.
    assert_eq!(open(&psk, &flipped(&enc)), None, "ML-KEM's half changed");
    let mut other = enc.to_vec();
    *other.last_mut().unwrap() ^= 0x10;
    assert_eq!(open(&psk, &other), None, "X25519's half changed");
}

/// Seals and opens one case, and refuses it with any part of it changed.
fn check_aead<C: Aead + KeyInit, const NONCE: usize>(case: &AeadCase) {
    let cipher = C::new_from_slice(&case.key.0).unwrap();
    let nonce = case.nonce.array::<NONCE>();
    let nonce = nonce.as_slice().try_into().unwrap();
    let sealed = [case.ciphertext.0.as_slice(), &case.tag.0].concat();
    let (aad, plaintext) = (case.aad.0.as_slice(), case.plaintext.0.as_slice());

    assert_eq!(cipher.encrypt(nonce, Payload { msg: plaintext, aad }).unwrap(), sealed, "{}", case.name);
    assert_eq!(cipher.decrypt(nonce, Payload { msg: &sealed, aad }).unwrap(), plaintext, "{}", case.name);
    assert!(cipher.decrypt(nonce, Payload { msg: &flipped(&sealed), aad }).is_err(), "{}", case.name);
    assert!(cipher.decrypt(nonce, Payload { msg: &sealed, aad: &flipped(aad) }).is_err(), "{}", case.name);
}

/// Both sides of one published case: key pair, encapsulation, key schedule, messages, exports.
fn check_hpke<K: Kem>(case: &HpkeCase) {
    let secret = K::PrivateKey::from_bytes(&case.sk_r.0).unwrap();
    let public = K::PublicKey::from_bytes(&case.pk_r.0).unwrap();
    let enc = K::EncappedKey::from_bytes(&case.enc.0).unwrap();
    assert!(K::sk_to_pk(&secret) == public, "{}: public key", case.name);
    let derived = K::derive_keypair(&case.ikm_r.0);
    assert_eq!(derived.0.to_bytes(), secret.to_bytes(), "{}: derived secret key", case.name);
    assert!(derived.1 == public, "{}: derived public key", case.name);
    let shared = K::decap(&secret, None, &enc).unwrap();
    assert_eq!(shared.0.as_slice(), case.shared_secret.0, "{}", case.name);

    // The crate draws exactly the published input of the encapsulation from its source of randomness.
    let bundle = case.psk.as_ref().zip(case.psk_id.as_ref()).map(|(psk, id)| PskBundle::new(&psk.0, &id.0).unwrap());
    let mode = bundle.map_or(OpModeS::Base, OpModeS::Psk);
    let mut rng = Replay::new(&case.ikm_e);
    let (sent, mut sender) =
        setup_sender_with_rng::<HpkeChaCha, HkdfSha256, K>(&mode, &public, &case.info.0, &mut rng).unwrap();
    assert!(rng.left.is_empty(), "{}: randomness", case.name);
    assert_eq!(sent.to_bytes(), enc.to_bytes(), "{}: encapsulated key", case.name);

    let mode = bundle.map_or(OpModeR::Base, OpModeR::Psk);
    let mut receiver = receiver::<K>(&mode, &case.sk_r.0, &case.enc.0, &case.info.0);
    let mut seq = 0;
    for published in &case.encryptions {
        // Only some messages are published; the ones between bring both contexts to the next of them.
        for _ in seq..published.seq {
            let between = sender.seal(b"", b"").unwrap();
            assert_eq!(receiver.open(&between, b"").unwrap(), b"");
        }
        seq = published.seq + 1;

        let opened = receiver.open(&published.ct.0, &published.aad.0);
        assert_eq!(opened.unwrap(), published.pt.0, "{} message {}", case.name, published.seq);
        let sealed = sender.seal(&published.pt.0, &published.aad.0).unwrap();
        assert_eq!(sealed, published.ct.0, "{} message {}", case.name, published.seq);
    }
    assert!(seq > 0, "{} holds messages", case.name);

    for export in &case.exports {
        let mut value = vec![0; export.value.0.len()];
        receiver.export(&export.context.0, &mut value).unwrap();
        assert_eq!(value, export.value.0, "{}: export", case.name);
    }
    assert!(!case.exports.is_empty(), "{} holds exports", case.name);
}

fn receiver<K: Kem>(mode: &OpModeR<'_, K>, sk: &[u8], enc: &[u8], info: &[u8]) -> AeadCtxR<HpkeChaCha, HkdfSha256, K> {
    let sk = K::PrivateKey::from_bytes(sk).unwrap();
    let enc = K::EncappedKey::from_bytes(enc).unwrap();
    setup_receiver(mode, &sk, &enc, info).unwrap()
}

/// The same bytes with one bit of the first changed.
fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    *bytes.first_mut().unwrap() ^= 0x10;
    bytes
}

/// The number one, little-endian.
fn one() -> [u8; 32] {
    let mut one = [0; 32];
    one[0] = 1;
    one
}

/// Gives out published bytes where randomness is asked for, each once; panics when asked for more.
struct Replay {
    left: Vec<u8>,
}

impl Replay {
    fn new(bytes: &Hex) -> Self {
        Self { left: bytes.0.clone() }
    }
}

impl TryRng for Replay {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let left = self.left.split_off(out.len());
        out.copy_from_slice(&self.left);
        self.left = left;
        Ok(())
    }
}

impl TryCryptoRng for Replay {}

/// The cases of a file, of which there must be as many as were put there.
fn published<T: DeserializeOwned>(name: &str, count: usize) -> Vec<T> {
    let file: Published<T> = read(name);
    assert!(!file.source.is_empty() && !file.copied_from.is_empty(), "{name} names its source");
    assert_eq!(file.cases.len(), count, "{name}");
    file.cases
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/published").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Bytes that a vector file writes as lower-case hexadecimal.
struct Hex(Vec<u8>);

impl Hex {
    fn array<const N: usize>(&self) -> [u8; N] {
        self.0.as_slice().try_into().unwrap()
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        HEXLOWER.decode(text.as_bytes()).map(Self).map_err(D::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Published<T> {
    source: String,
    copied_from: String,
    cases: Vec<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ed25519Case {
    name: String,
    secret_key: Hex,
    public_key: Hex,
    message: Hex,
    signature: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AeadCase {
    name: String,
    key: Hex,
    nonce: Hex,
    aad: Hex,
    plaintext: Hex,
    ciphertext: Hex,
    tag: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct X25519File {
    source: String,
    copied_from: String,
    iterated: Iterated,
    diffie_hellman: DiffieHellman,
    cases: Vec<X25519Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct X25519Case {
    name: String,
    scalar: Hex,
    u: Hex,
    output: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Iterated {
    start: Hex,
    after_1: Hex,
    after_1000: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DiffieHellman {
    alice_private: Hex,
    alice_public: Hex,
    bob_private: Hex,
    bob_public: Hex,
    shared: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HkdfCase {
    name: String,
    ikm: Hex,
    salt: Hex,
    info: Hex,
    prk: Hex,
    okm: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Argon2Case {
    name: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    password: Hex,
    salt: Hex,
    secret: Hex,
    associated_data: Hex,
    tag: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HpkeCase {
    name: String,
    ikm_e: Hex,
    ikm_r: Hex,
    sk_r: Hex,
    pk_r: Hex,
    info: Hex,
    psk: Option<Hex>,
    psk_id: Option<Hex>,
    enc: Hex,
    shared_secret: Hex,
    encryptions: Vec<HpkeMessage>,
    exports: Vec<HpkeExport>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HpkeMessage {
    seq: u64,
    aad: Hex,
    pt: Hex,
    ct: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HpkeExport {
    context: Hex,
    value: Hex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct XWingCase {
    name: String,
    seed: Hex,
    eseed: Hex,
    sk: Hex,
    pk: Hex,
    ct: Hex,
    ss: Hex,
}
