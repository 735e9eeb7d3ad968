//! What the real program does with a vault, without anybody else.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use common::{Home, KEY, NOWHERE, Relay, stderr, stdout};

#[test]
fn a_network_is_founded_at_a_relay_and_the_same_command_goes_on_later() {
    let (home, relay) = (Home::new(), Relay::start());
    let (code, _, error) = home.json(&["network", "create", "Lantern", "--relay", NOWHERE, "--relay-key", KEY]);
    assert_eq!((code, error.unwrap()["code"].as_str()), (3, Some("relay-unreachable")));
    assert_eq!(home.json(&["network", "show"]).0, 6, "nothing was founded");
    let create = ["network", "create", "Lantern", "--relay", &relay.url, "--relay-key", &relay.key];
    assert_eq!(home.json(&create).0, 4, "the relay does not know it");
    let (code, shown, error) = home.json(&["network", "show"]);
    assert_eq!((code, error), (0, None));
    assert_eq!(shown[0]["schema"], "watchfire.network/1");
    assert_eq!(shown[0]["name"], "Lantern");
    assert_eq!(shown[0]["relays"], serde_json::json!([relay.url]));
    assert_eq!(shown[0]["charter-version"], 1);
    let (code, created, _) = home.json(&[&create[..], &["--admission-token-file", &relay.token]].concat());
    assert_eq!((code, &created[0]["id"]), (0, &shown[0]["id"]), "founded once");
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
fn what_an_editor_was_given_by_a_command_that_was_killed_goes_at_the_next_one_and_with_the_vault() {
    let home = Home::founded();
    let folder = home.path("vault");
    // Above every number that a system gives to a process; and the number of one that runs: somebody still writes there.
    let (left, written) =
        (folder.join("draft.2147483647.txt"), folder.join(format!("draft.{}.txt", std::process::id())));
    for draft in [&left, &written] {
        std::fs::write(draft, "5th & Main").unwrap();
    }
    assert_eq!(home.run(&["status"]).status.code(), Some(0));
    assert!(!left.exists() && written.exists());
    assert_eq!(home.run(&["wipe", "--yes"]).status.code(), Some(0));
    assert!(!written.exists());
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
