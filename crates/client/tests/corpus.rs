//! Files that fuzzing found, and what it begins from, through the same readers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

#[path = "../fuzz/src/lib.rs"]
#[allow(missing_docs, unreachable_pub, reason = "a crate of its own, for libFuzzer")]
mod readers;

#[test]
fn files_of_the_corpus_are_refused_or_understood_and_written_again_as_what_they_say() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/files");
    let (mut files, mut understood) = (0, 0);
    for file in std::fs::read_dir(corpus).unwrap() {
        files += 1;
        understood += usize::from(readers::files(&std::fs::read(file.unwrap().path()).unwrap()));
    }
    assert!(understood > 0 && understood < files, "{understood} of {files} understood");
}
