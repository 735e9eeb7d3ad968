//! What the real program does with a vault, on a machine without any relay.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A key that no relay has.
const KEY: &str = "8XXZ-73A5-4X83-40FR-ZKR5-BMKY-DT7S-2GF5-VVQJ-BN3D-0QQA-M0T9-Q9JG";
/// Nothing listens there.
const NOWHERE: &str = "ws://127.0.0.1:1/v1";

struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.write("passphrase", "correct horse\n", 0o600);
        home
    }

    /// With a network that no relay serves yet.
    fn founded() -> Self {
        let home = Self::new();
        let created = home.run(&["network", "create", "Lantern", "--relay", NOWHERE, "--relay-key", KEY]);
        assert_eq!(created.status.code(), Some(3), "{}", stderr(&created));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let file = self.path("passphrase");
        self.bare(&[&["--passphrase-file", file.to_str().unwrap(), "--no-input"], arguments].concat(), "")
    }

    fn bare(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_watchfire"))
            .arg("--home")
            .arg(self.path("vault"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Runs it for a program that reads: nothing but objects on both streams, one error at most.
    fn json(&self, arguments: &[&str]) -> (i32, Vec<Value>, Option<Value>) {
        let output = self.run(&[&["--json"], arguments].concat());
        let objects = |text: String| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (results, errors): (Vec<Value>, Vec<Value>) = (objects(stdout(&output)), objects(stderr(&output)));
        assert!(errors.len() <= 1, "{errors:?}");
        (output.status.code().unwrap(), results, errors.into_iter().next())
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_network_is_founded_without_a_relay_and_the_same_command_goes_on_later() {
    let home = Home::founded();
    let (code, shown, error) = home.json(&["network", "show"]);
    assert_eq!((code, error), (0, None));
    assert_eq!(shown[0]["schema"], "watchfire.network/1");
    assert_eq!(shown[0]["name"], "Lantern");
    assert_eq!(shown[0]["relays"], serde_json::json!([NOWHERE]));
    assert_eq!(shown[0]["charter-version"], 1);
    let (code, _, error) = home.json(&["network", "create", "Lantern", "--relay", NOWHERE, "--relay-key", KEY]);
    assert_eq!(code, 3);
    assert_eq!(error.unwrap()["code"], "relay-unreachable");
    assert_eq!(home.json(&["network", "show"]).1[0]["id"], shown[0]["id"], "founded once");
    let (code, _, error) = home.json(&["network", "create", "Other", "--relay", NOWHERE, "--relay-key", KEY]);
    assert_eq!((code, error.unwrap()["code"].as_str()), (2, Some("has-network")));
    for file in fs::read_dir(home.path("vault")).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fs::metadata(home.path("vault")).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn an_error_for_a_program_has_its_code_its_message_and_its_hint() {
    let home = Home::founded();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["show", "A7K2"], 6, "not-found"),
        (&["show", "A7"], 2, "invalid"),
        (&["watch", "--timeout", "1"], 6, "not-found"),
        (&["member", "list"], 4, "not-granted"),
        (&["desk", "--once"], 4, "not-granted"),
        (&["rotate"], 6, "no-neighborhood"),
        (&["rotate", "--neighborhood", "Elm Park"], 6, "no-neighborhood"),
        (&["confirm", "--words", "one two three"], 6, "not-found"),
        (&["confirm"], 2, "needs-input"),
        (&["alert", "send", "--kind", "community.fire"], 2, "file"),
        (&["answer", "A7K2", "going"], 6, "not-found"),
        (&["wipe"], 2, "needs-input"),
        (&["nonsense"], 2, "usage"),
    ];
    for (arguments, exit, code) in cases {
        let (found, results, error) = home.json(arguments);
        let error = error.unwrap_or_else(|| panic!("{arguments:?} says nothing"));
        assert_eq!((found, error["code"].as_str()), (*exit, Some(*code)), "{arguments:?}: {error}");
        assert_eq!(error["schema"], "watchfire.error/1");
        assert!(!error["message"].as_str().unwrap().is_empty() && error["hint"].is_string(), "{error}");
        assert_eq!(results.len(), 0, "{arguments:?}");
    }
}

#[test]
fn a_passphrase_opens_its_own_vault_only_and_can_be_changed() {
    let home = Home::founded();
    home.write("other", "another one\n", 0o600);
    let other = home.path("other");
    let other = other.to_str().unwrap();
    let wrong = home.bare(&["--no-input", "--passphrase-file", other, "status"], "");
    assert_eq!(wrong.status.code(), Some(5));
    assert!(stderr(&wrong).contains("nothing was changed"), "{}", stderr(&wrong));
    let none = home.bare(&["--no-input", "status"], "");
    assert_eq!(none.status.code(), Some(5));
    assert!(stderr(&none).contains("--passphrase-file"), "{}", stderr(&none));
    let (code, done, _) = home.json(&["passphrase", "--new-passphrase-file", other]);
    assert_eq!((code, done[0]["state"].as_str()), (0, Some("changed")));
    assert_eq!(home.run(&["status"]).status.code(), Some(5));
    assert_eq!(home.bare(&["--no-input", "--passphrase-file", other, "status"], "").status.code(), Some(0));
}

#[test]
fn a_passphrase_file_that_others_can_read_is_warned_of_and_line_ends_do_not_count() {
    let home = Home::founded();
    assert_eq!(stderr(&home.run(&["network", "show"])), "");
    home.write("passphrase", "correct horse\r\n", 0o644);
    let output = home.run(&["network", "show"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).starts_with("warning:") && stderr(&output).contains("chmod 600"), "{}", stderr(&output));
}

#[test]
fn what_asks_does_nothing_when_nobody_may_be_asked_and_something_after_a_yes() {
    let home = Home::founded();
    let vault = home.path("vault").join("vault.db");
    assert_eq!(home.run(&["wipe"]).status.code(), Some(2));
    let file = home.path("passphrase");
    let arguments = ["--passphrase-file", file.to_str().unwrap(), "wipe"];
    for answer in ["", "n\n", "\n"] {
        let output = home.bare(&arguments, answer);
        assert_eq!(output.status.code(), Some(2), "{answer:?}: {}", stderr(&output));
        assert!(vault.exists());
    }
    assert_eq!(home.bare(&arguments, "y\n").status.code(), Some(0));
    assert!(!vault.exists());
    let home = Home::founded();
    assert_eq!(home.run(&["wipe", "--yes"]).status.code(), Some(0));
    assert_eq!(home.run(&["status"]).status.code(), Some(5));
}

#[test]
fn a_link_with_a_typo_makes_no_vault() {
    let home = Home::new();
    home.write("link", "WATCHFIRE:1/AAAA/127.0.0.1:7443\n", 0o600);
    let link = home.path("link");
    let output = home.run(&["join", "--link-file", link.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(!home.path("vault").exists());
}

#[test]
fn status_is_told_without_a_relay_in_words_and_for_a_program() {
    let home = Home::founded();
    let (code, status, _) = home.json(&["status"]);
    assert_eq!(code, 0);
    assert_eq!(status[0]["schema"], "watchfire.status/1");
    assert_eq!(status[0]["neighborhoods"], serde_json::json!([]));
    assert_eq!((status[0]["queued"].as_u64(), status[0]["charter"]["version"].as_u64()), (Some(0), Some(1)));
    let spanish = stdout(&home.run(&["status", "--relay-sees", "--lang", "es"]));
    assert!(spanish.contains("Qué puede observar el retransmisor"), "{spanish}");
}

#[test]
fn every_command_stands_in_the_help_and_has_help_of_its_own() {
    let home = Home::new();
    let help = |arguments: &[&str]| {
        let output = home.bare(arguments, "");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    };
    let commands: &[(&str, &[&str])] = &[
        ("demo", &[]),
        ("join", &[]),
        ("confirm", &[]),
        ("watch", &[]),
        ("alerts", &[]),
        ("show", &[]),
        ("held", &[]),
        ("answer", &[]),
        ("status", &[]),
        ("sync", &[]),
        ("alert", &["send", "follow", "pending", "list"]),
        ("invite", &["new", "list", "withdraw"]),
        ("member", &["pending", "approve", "list", "show"]),
        ("rotate", &[]),
        ("desk", &[]),
        ("network", &["create", "show"]),
        ("neighborhood", &["add", "list"]),
        ("charter", &["show", "history", "grant"]),
        ("passphrase", &[]),
        ("wipe", &[]),
        ("completions", &[]),
    ];
    let whole = help(&["--help"]);
    for (command, subs) in commands {
        assert!(whole.contains(&format!("\n  {command} ")), "{command}");
        let own = help(&[command, "--help"]);
        for sub in *subs {
            assert!(own.contains(&format!("\n  {sub} ")), "{command} {sub}");
            assert!(help(&[command, sub, "--help"]).contains("--json"), "{command} {sub}");
            assert_eq!(help(&["help", command, sub]), help(&[command, sub, "--help"]));
        }
    }
    assert!(help(&["completions", "bash"]).contains("watchfire"));
}
