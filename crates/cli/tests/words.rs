//! What the real program says, word for word: each file of `cmd` is one command with what it must print.
//!
//! `UPDATE=1 cargo test -p watchfire --test words` writes what the program says now into the files; read the difference
//! before it is committed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use toml::{Table, Value};

struct Said {
    code: i64,
    stdout: String,
    stderr: String,
}

#[test]
fn every_message_is_the_one_in_its_file() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cmd"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    // With the feature there is nothing to say.
    files.retain(|file| !(cfg!(feature = "notify") && name(file) == "notify-not-built"));
    assert!(files.len() > 20, "the messages are not there");
    for file in files {
        let case: Table = fs::read_to_string(&file).unwrap().parse().unwrap_or_else(|e| panic!("{file:?}: {e}"));
        let said = run(&case);
        let expected = Said {
            code: case.get("status").map_or(0, |status| status["code"].as_integer().unwrap()),
            stdout: text(&case, "stdout"),
            stderr: text(&case, "stderr"),
        };
        if (said.code, &said.stdout, &said.stderr) == (expected.code, &expected.stdout, &expected.stderr) {
            continue;
        }
        if update {
            fs::write(&file, written(&case, &said)).unwrap();
        } else {
            wrong.push(format!(
                "{}\n  wanted {} and\n{}{}\n  found {} and\n{}{}",
                name(&file),
                expected.code,
                expected.stdout,
                expected.stderr,
                said.code,
                said.stdout,
                said.stderr
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn name(file: &Path) -> String {
    file.file_stem().unwrap().to_string_lossy().into_owned()
}

fn text(case: &Table, key: &str) -> String {
    case.get(key).map_or("", |text| text.as_str().unwrap()).to_owned()
}

/// Runs one command in a folder of its own, where its home is too.
fn run(case: &Table) -> Said {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in case.get("files").and_then(Value::as_table).into_iter().flatten() {
        fs::write(folder.path().join(name), content.as_str().unwrap()).unwrap();
    }
    let arguments = match &case["args"] {
        Value::String(words) => words.split_whitespace().map(str::to_owned).collect(),
        words => words.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect::<Vec<_>>(),
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_watchfire"))
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input = case.get("stdin").map_or("", |text| text.as_str().unwrap());
    // A command that does not read has ended perhaps.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let plain = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&*folder.path().to_string_lossy(), "[HOME]");
    let (stdout, stderr) = (plain(output.stdout), plain(output.stderr));
    for text in [&stdout, &stderr] {
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "control characters in {text:?}");
    }
    Said { code: output.status.code().unwrap().into(), stdout, stderr }
}

fn written(case: &Table, said: &Said) -> String {
    let mut out = "bin.name = \"watchfire\"\n".to_owned();
    for key in ["args", "stdin", "files"] {
        if let Some(value) = case.get(key) {
            out.push_str(&format!("{key} = {value}\n"));
        }
    }
    out.push_str(&format!("status.code = {}\n", said.code));
    for (key, text) in [("stdout", &said.stdout), ("stderr", &said.stderr)] {
        if !text.is_empty() {
            out.push_str(&format!("{key} = '''\n{text}'''\n"));
        }
    }
    out
}
