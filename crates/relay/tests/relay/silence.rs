//! Everything that the relay can say, as it stands in its sources: lines of the log, what commands print, and errors. A
//! line that is not in the list is not said, or somebody has looked at it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What begins something that is said. What follows is read up to the bracket that closes it.
const SAYS: [&str; 10] = [
    "tracing::error!(",
    "tracing::warn!(",
    "tracing::info!(",
    "tracing::debug!(",
    "tracing::trace!(",
    "println!(",
    "eprintln!(",
    "print!(",
    "eprint!(",
    "#[error(",
];

/// Other ways to say something, which nothing here reads.
const SAYS_OTHERWISE: [&str; 7] =
    ["use tracing::{", "use tracing::error", "tracing::event!", "span!(", "instrument", "dbg!(", "log::"];

/// What a line of the log may name besides its words: kinds and causes, and counts in classes.
const FIELDS: [&str; 7] = ["%error", "%reason", "kind = %error.kind()", "records", "objects", "invites", ""];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            sources(&path, found);
        } else if !name.ends_with("tests.rs") && name != "suite.rs" {
            found.push(path);
        }
    }
}

/// Up to the bracket that closes what was opened before, as one line.
fn argument(text: &str) -> String {
    let (mut depth, mut quoted, mut escaped) = (1, false, false);
    let end = text.find(|c| {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    text[..end.unwrap()].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Everything that is said in a file: with what, and what.
fn said(text: &str) -> Vec<(&'static str, String)> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut found: Vec<(usize, &str, String)> = Vec::new();
    for says in SAYS {
        for (at, _) in code.match_indices(says) {
            // `println!(` is a part of `eprintln!(`.
            if !code[..at].ends_with(|before: char| before.is_alphanumeric()) {
                found.push((at, says, argument(&code[at + says.len()..])));
            }
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, says, what)| (says, what)).collect()
}

#[test]
fn every_line_that_a_relay_can_say_is_written_down_and_names_nobody() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.sort_unstable();
    let (mut list, mut lines) = (String::new(), 0);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(&root).unwrap().display();
        for otherwise in SAYS_OTHERWISE {
            assert!(!text.contains(otherwise), "{name}: {otherwise}");
        }
        for (says, what) in said(&text) {
            let _ = writeln!(list, "{name}: {says}{what})");
            if says.starts_with("tracing::") {
                lines += 1;
                let fields = what.split('"').next().unwrap();
                for field in fields.split(", ").map(str::trim) {
                    assert!(FIELDS.contains(&field), "{name}: `{field}` in {what}");
                }
            }
            let is_command = file.starts_with(root.join("command")) || file.ends_with("main.rs");
            assert!(is_command || !says.contains("print"), "{name}: {what}");
        }
    }
    assert!(lines > 5, "the lines of the log were not found");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/said.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &list).unwrap();
    }
    assert_eq!(list, std::fs::read_to_string(path).unwrap(), "look at what is new; UPDATE=1 writes it down");
}

#[test]
fn what_is_said_is_read_to_its_end() {
    let text = "x(); tracing::info!(a, \"b (c\\\" d)\",\n  e(f)); eprintln!(\"g\"); #[error(\"h\")]\n#[cfg(test)]\nmod tests {println!(";
    let expected = [("tracing::info!(", "a, \"b (c\\\" d)\", e(f)"), ("eprintln!(", "\"g\""), ("#[error(", "\"h\"")];
    assert_eq!(said(text), expected.map(|(says, what)| (says, what.to_owned())));
}
