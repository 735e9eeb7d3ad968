//! Invites, links, join requests and phrases.

use watchfire_protocol::id::{AnnouncementHash, CharterHash, InviteId, RequestHash, sha256};
use watchfire_protocol::invite::{CharterKeyClaim, InviteLink, InviteSecret, JoinRequest, invite_id};
use watchfire_protocol::labels::Derive;
use watchfire_protocol::phrase::{Half, Phrase, PhraseLanguage};
use watchfire_protocol::secret::Secret;
use watchfire_protocol::vocabulary::Code;
use watchfire_protocol::wire::{self, Extensions};

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, PLACE, kem, key, secret};

#[test]
fn an_invite_is_a_key_a_psk_an_id_and_a_link() {
    let onion = format!("{}.onion", "a".repeat(56));
    let hosts = [("127.0.0.1:7443", false), ("relay.example.org", false), (&onion, false), (&onion, true)];
    let cases = hosts.map(|(host, in_person)| {
        let bytes = secret::<24>(0x71);
        let held = InviteSecret::new(Secret::new(bytes));
        let mut padded = [0; 32];
        let (first, _) = padded.split_at_mut(24);
        first.copy_from_slice(&bytes);
        let derive = |label| PLACE.derive::<32>(&Secret::new(padded), label, b"");
        let (seed, psk) = (derive(Derive::InviteSign), derive(Derive::InvitePsk));
        let card = PLACE.derive::<24>(&Secret::new(padded), Derive::InviteCard, &300_u32.to_be_bytes());
        assert!(*held.card(&PLACE, 300).secret() == card);
        assert!(held.key(&PLACE).seed() == seed && held.psk(&PLACE).is_ok());
        assert_eq!(held.id(&PLACE), invite_id(&held.key(&PLACE).public()));
        let link = InviteLink {
            secret: held.clone(),
            charter: [0x72; 16],
            neighborhood: [0x22; 4],
            host: host.to_owned(),
            in_person,
        };
        let text = link.to_text().unwrap();
        assert!(InviteLink::parse(&text).is_ok_and(|read| read == link));
        let carried = [&bytes[..], &link.charter, &link.neighborhood].concat();
        let label: &[u8] = if in_person { b"watchfire v1 link in person\0" } else { b"watchfire v1 link\0" };
        let hashed = [label, &carried, host.to_uppercase().as_bytes()].concat();
        Case::new(if in_person { "in person" } else { host })
            .bytes("secret", bytes)
            .bytes("kdf0_ctx", PLACE.bytes())
            .bytes("sign_seed", seed.expose())
            .bytes("verification_key", held.key(&PLACE).public().as_bytes())
            .bytes("psk", psk.expose())
            .bytes("id", held.id(&PLACE).0)
            .bytes("secret_of_card_300", card.expose())
            .bytes("charter", link.charter)
            .bytes("neighborhood", link.neighborhood)
            .text("host", host)
            .bytes("checksum_label", label)
            .bytes("checksum", sha256(&[&hashed]).first_chunk::<3>().unwrap())
            .text("url", link.url())
            .text("link", text)
    });
    let about = "sign_seed, psk = KDF0(secret || 00 * 8, \"invite sign\" or \"invite psk\"); secret_of_card_n = \
                 KDF0(secret || 00 * 8, \"invite card\", u32be(n), L = 24); checksum = the first 3 bytes of \
                 SHA-256(checksum_label || secret || charter || neighborhood || host in upper case)";
    check("invites", about, &cases);
}

fn request(coordinator: bool) -> JoinRequest {
    let identity = key(0x81).public();
    JoinRequest {
        invite: InviteId([0x82; 16]),
        epoch: CONTEXT.epoch,
        announcement: AnnouncementHash([0x83; 32]),
        charter_version: 300,
        charter: CharterHash([0x84; 32]),
        identity,
        kem: kem(0x85).public(),
        secret: Secret::new(secret(0x86)),
        handle: "Kai".to_owned(),
        languages: vec!["es-MX".to_owned()],
        roles: vec![Code::new("medic").unwrap(), Code::new("observer").unwrap()],
        charter_key: coordinator.then(|| CharterKeyClaim::sign(&PLACE, &identity, &key(0x87))),
        random: secret(0x88),
        extensions: Extensions::default(),
    }
}

#[test]
fn a_join_request_is_signed_by_the_identity_in_it() {
    let cases = [("a responder's", false), ("a coordinator's", true)].map(|(name, coordinator)| {
        let body = request(coordinator);
        let signed = body.sign(&PLACE, &key(0x81));
        let (hash, opened) = JoinRequest::open(&signed, &PLACE).unwrap();
        assert!(opened == body);
        let claim = body.charter_key.map(|claim| [claim.key.as_bytes().as_slice(), &claim.signature.0].concat());
        Case::new(name)
            .bytes("identity_seed", key(0x81).seed().expose())
            .bytes("promote_fields", [&PLACE.bytes()[..], body.identity.as_bytes()].concat())
            .body(
                "body",
                &body,
                &[
                    ("invite", body.invite.0.to_vec()),
                    ("epoch", wire::encode(&body.epoch)),
                    ("announcement", body.announcement.0.to_vec()),
                    ("charter_version", wire::encode(&body.charter_version)),
                    ("charter", body.charter.0.to_vec()),
                    ("identity", body.identity.as_bytes().to_vec()),
                    ("kem", body.kem.0.to_vec()),
                    ("secret", body.secret.expose().to_vec()),
                    ("handle", wire::encode(&body.handle)),
                    ("languages", wire::encode(&body.languages)),
                    ("roles", wire::encode(&body.roles)),
                    ("charter_key", claim.map_or_else(|| vec![0], |claim| [&[1], &claim[..]].concat())),
                    ("random", body.random.to_vec()),
                    ("extensions", vec![0]),
                ],
            )
            .bytes("hash", hash.0)
            .bytes("signed_fields", [&PLACE.bytes()[..], &hash.0].concat())
            .bytes("signature", signed.signature.0)
            .bytes("signed", wire::encode(&signed))
    });
    let about = "signature for `join` over network || neighborhood || SHA-256(body); charter_key = key || signature for \
                 `promote` over network || neighborhood || identity";
    check("join-requests", about, &cases);
}

#[test]
fn a_phrase_is_six_words_in_either_language() {
    let invite_key = key(0x91).public();
    let cases = [0x92, 0x93].map(|byte| {
        let (charter, invite, request) = ([0x94; 16], invite_id(&invite_key), RequestHash([byte; 32]));
        let phrase = Phrase::compute(&PLACE, &charter, &invite, &invite_key, &request).unwrap();
        let label = b"watchfire v1 phrase\0".to_vec();
        let parts = [
            ("label", label),
            ("network", PLACE.network.0.to_vec()),
            ("link_charter", charter.to_vec()),
            ("neighborhood", PLACE.neighborhood.0.to_vec()),
            ("invite_key", invite_key.as_bytes().to_vec()),
            ("request", request.0.to_vec()),
        ];
        let input: Vec<u8> = parts.iter().flat_map(|(_, bytes)| bytes).copied().collect();
        let words = |half, language| phrase.words(half, language).join(" ");
        Case::new(format!("request {byte:02x}"))
            .whole("input", &input, &parts)
            .bytes("salt", invite.0)
            .number("memory_kib", 65_536_u64)
            .number("passes", 3_u64)
            .number("lanes", 1_u64)
            .number("tag_length", 16_u64)
            .text("newcomer_en", words(Half::Newcomer, PhraseLanguage::English))
            .text("coordinator_en", words(Half::Coordinator, PhraseLanguage::English))
            .text("newcomer_es", words(Half::Newcomer, PhraseLanguage::Spanish))
            .text("coordinator_es", words(Half::Coordinator, PhraseLanguage::Spanish))
    });
    let about = "Argon2id (version 0x13) of input under salt; the first 66 bits, big end first, are six numbers of 11 bits \
                 into the BIP39 lists";
    check("phrases", about, &cases);
}
