//! What fuzzing found, and what it begins from, through the same readers. A reader that understands nothing of its
//! corpus is not tested by it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
#[allow(missing_docs, unreachable_pub, dead_code, reason = "a crate of its own, for libFuzzer")]
mod readers;

#[test]
fn the_corpus_is_refused_or_understood_and_nothing_panics() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in readers::TARGETS {
        let (mut files, mut understood) = (0, 0);
        for file in std::fs::read_dir(corpora.join(name)).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            files += 1;
            understood += usize::from(target(&bytes));
        }
        assert!(understood > 0 && understood < files, "{name}: {understood} of {files} understood");
    }
}

#[test]
fn what_the_right_keys_sign_is_taken_where_it_is_right_and_refused_where_a_byte_is_another() {
    for seed in readers::seeds() {
        assert!(readers::signed(&seed), "{}", seed[0]);
        // The format, which every reader looks at.
        let mut newer = seed.clone();
        newer[2] ^= 0x80;
        assert!(!readers::signed(&newer), "{}", seed[0]);
    }
}
