//! Watchfire's own vectors: every construction and every wire type, as files for other implementations.
//!
//! Each test recomputes one file of `tests/vectors/own` and compares it line by line. A change of the files is a change
//! of the protocol: `WATCHFIRE_WRITE_VECTORS=1 cargo test -p watchfire-protocol --test own_vectors` writes them again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alerts;
mod charters;
mod desk;
mod epochs;
mod file;
mod fixture;
mod frames;
mod inbox;
mod joining;
mod keys;
mod names;
mod records;
mod replies;
mod restrictions;
mod roster;
mod seals;
mod whole;

use std::collections::BTreeSet;

#[test]
fn every_file_of_vectors_is_recomputed_by_a_test() {
    let there: BTreeSet<String> = std::fs::read_dir(file::folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    let wanted: BTreeSet<String> = file::FILES.iter().map(|name| format!("{name}.json")).collect();
    assert_eq!(there, wanted);
}
