//! The first thing that anybody runs.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};

use watchfire_tests::process::{finish, program};

#[test]
fn the_demo_plays_a_whole_night_finds_no_plaintext_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let demo = |lang: &str| {
        let mut command = Command::new(program("watchfire"));
        command.args(["--lang", lang, "demo"]).env("TMPDIR", folder.path()).env("HOME", folder.path());
        finish(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()).ok()
    };
    let english = demo("en").stdout;
    assert_eq!(english.matches("VERIFIED, signed by Marisol").count(), 3, "{english}");
    assert!(english.contains("1 going, 1 cannot"), "{english}");
    assert!(english.contains("none is there"), "{english}");
    assert!(demo("es").stdout.contains("no hay ninguna"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was left behind");
}
