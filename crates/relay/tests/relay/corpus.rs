//! Conversations that fuzzing found, and what it begins from, against the model beside which they were found.

use std::path::Path;

#[path = "../../fuzz/src/lib.rs"]
#[allow(
    missing_docs,
    unreachable_pub,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a crate of its own, for libFuzzer"
)]
mod readers;

#[test]
fn no_conversation_of_the_corpus_gets_more_than_its_key_allows() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/session");
    let (mut files, mut proved) = (0, 0);
    for file in std::fs::read_dir(corpus).unwrap() {
        files += 1;
        proved += usize::from(readers::session(&std::fs::read(file.unwrap().path()).unwrap()));
    }
    assert!(proved > 0 && proved < files, "{proved} of {files} proved something");
}
