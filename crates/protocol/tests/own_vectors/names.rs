//! Names, their commitment and parts, and the objects that they travel in.

use watchfire_protocol::id::{CoordinatorId, Tag};
use watchfire_protocol::names::{NamedCoordinator, NamesBlock, join_parts, parts};
use watchfire_protocol::object;
use watchfire_protocol::secret::Secret;
use watchfire_protocol::wire::{self, Extensions};

use crate::file::{Case, check};
use crate::fixture::{CONTEXT, Drawn, secret};

fn names(coordinators: u8) -> NamesBlock {
    let handles = (1..=coordinators)
        .map(|n| NamedCoordinator { coordinator: CoordinatorId([n; 16]), handle: format!("Kai {n} of Elm Park") });
    NamesBlock {
        salt: secret(0x31),
        network: "Río Verde Watch".to_owned(),
        neighborhood: "Elm Park".to_owned(),
        handles: handles.collect(),
        conduct: String::new(),
        extensions: Extensions::default(),
    }
}

#[test]
fn names_are_committed_to_and_cut_into_parts() {
    let cases = [("one part", names(2)), ("two parts", names(64))].map(|(name, block)| {
        let cut = parts(&block);
        assert_eq!(join_parts(cut.iter().map(Vec::as_slice)), Ok(block.clone()));
        Case::new(name)
            .body(
                "names",
                &block,
                &[
                    ("salt", block.salt.to_vec()),
                    ("network", wire::encode(&block.network)),
                    ("neighborhood", wire::encode(&block.neighborhood)),
                    ("handles", wire::encode(&block.handles)),
                    ("conduct", vec![0]),
                    ("extensions", vec![0]),
                ],
            )
            .bytes("commitment", block.commitment())
            .list("parts", cut)
    });
    let about = "commitment = SHA-256(\"watchfire v1 names\" 00 || names); a part = u16be(parts) || bytes";
    check("names", about, &cases);
}

#[test]
fn objects_open_by_their_tag() {
    let key = Secret::new(secret(0x32));
    let cases = [("empty", 0), ("short", 20), ("full", object::CONTENT_LEN)].map(|(name, len)| {
        let (tag, content) = (Tag([0x33; 16]), vec![0x34; len]);
        let mut rng = Drawn::new(0x35);
        let sealed = object::seal(&CONTEXT, tag, &key, &content, &mut rng).unwrap();
        assert_eq!(object::open(&CONTEXT, &key, &sealed).unwrap().as_slice(), content);
        let aad = [b"watchfire v1 object\0", &CONTEXT.bytes()[..], &tag.0].concat();
        Case::new(name)
            .bytes("key", key.expose())
            .bytes("tag", tag.0)
            .bytes("aad", aad)
            .bytes("content", content)
            .bytes("nonce", &rng.all)
            .bytes("body", sealed.body.as_slice())
    });
    let about = "body = suite byte || nonce || XChaCha20-Poly1305(key, nonce, u16be(length) || content || zeros, aad)";
    check("objects", about, &cases);
}
