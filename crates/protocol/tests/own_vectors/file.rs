//! The files: one field a line, bytes in hexadecimal.

use std::fmt::Write as _;
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use watchfire_protocol::wire::{self, Body};

/// Every file there is.
pub(crate) const FILES: [&str; 24] = [
    "alerts",
    "announcements",
    "chains",
    "charters",
    "derivation",
    "desk",
    "ids",
    "inbox",
    "invites",
    "join-requests",
    "names",
    "objects",
    "phrases",
    "records",
    "renewals",
    "replies",
    "requests",
    "restrictions",
    "roster",
    "runs",
    "seals",
    "signatures",
    "slot-secrets",
    "slots",
];

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/own")
}

enum Value {
    Bytes(Vec<u8>),
    Text(String),
    Number(u64),
    List(Vec<Vec<u8>>),
}

/// One vector: named fields in order.
pub(crate) struct Case(Vec<(String, Value)>);

impl Case {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self(vec![("name".to_owned(), Value::Text(name.into()))])
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        assert!(!self.0.iter().any(|(known, _)| known == name), "two fields named {name}");
        self.0.push((name.to_owned(), value));
        self
    }

    pub(crate) fn bytes(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.with(name, Value::Bytes(bytes.as_ref().to_vec()))
    }

    pub(crate) fn text(self, name: &str, text: impl Into<String>) -> Self {
        self.with(name, Value::Text(text.into()))
    }

    pub(crate) fn number(self, name: &str, number: impl Into<u64>) -> Self {
        self.with(name, Value::Number(number.into()))
    }

    pub(crate) fn list(self, name: &str, list: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.with(name, Value::List(list.into_iter().collect()))
    }

    /// The bytes of a field.
    pub(crate) fn field(&self, name: &str) -> Option<Vec<u8>> {
        self.0.iter().find_map(|(known, value)| match value {
            Value::Bytes(bytes) if known == name => Some(bytes.clone()),
            _ => None,
        })
    }

    /// A whole with its parts in front of it, which must be all of it.
    pub(crate) fn whole(mut self, name: &str, whole: &[u8], parts: &[(&str, Vec<u8>)]) -> Self {
        let joined: Vec<u8> = parts.iter().flat_map(|(_, bytes)| bytes).copied().collect();
        for (part, bytes) in parts {
            self = self.bytes(&format!("{name}.{part}"), bytes);
        }
        assert_eq!(HEXLOWER.encode(&joined), HEXLOWER.encode(whole), "{name} is its parts");
        self.bytes(name, whole)
    }

    /// A body with its kind, format and fields in front of it.
    pub(crate) fn body<B: Body>(self, name: &str, body: &B, fields: &[(&str, Vec<u8>)]) -> Self {
        let head = [("kind", vec![B::KIND as u8]), ("format", vec![B::FORMAT])];
        let encoded = wire::encode_body(body);
        assert!(wire::decode_body::<B>(&encoded).is_ok_and(|read| wire::encode_body(&read) == encoded), "{name}");
        self.whole(name, &encoded, &[head.as_slice(), fields].concat())
    }
}

/// Compares a file with what it should be, or writes it.
#[track_caller]
pub(crate) fn check(name: &str, about: &str, cases: &[Case]) {
    assert!(FILES.contains(&name));
    let path = folder().join(format!("{name}.json"));
    let wanted = render(about, cases);
    serde_json::from_str::<serde_json::Value>(&wanted).unwrap();
    if std::env::var_os("WATCHFIRE_WRITE_VECTORS").is_some_and(|value| value == "1") {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(path).unwrap();
    for (number, (found, wanted)) in found.lines().zip(wanted.lines()).enumerate() {
        assert_eq!(found, wanted, "{name}.json, line {}", number + 1);
    }
    assert_eq!(found, wanted, "{name}.json has another length");
}

fn render(about: &str, cases: &[Case]) -> String {
    let mut out = format!("{{\n  \"about\": {},\n  \"cases\": [\n", quoted(about));
    for (i, Case(fields)) in cases.iter().enumerate() {
        out.push_str("    {\n");
        for (j, (name, value)) in fields.iter().enumerate() {
            write!(out, "      {}: {}", quoted(name), written(value)).unwrap();
            out.push_str(if j + 1 < fields.len() { ",\n" } else { "\n" });
        }
        out.push_str(if i + 1 < cases.len() { "    },\n" } else { "    }\n" });
    }
    out.push_str("  ]\n}\n");
    out
}

fn written(value: &Value) -> String {
    match value {
        Value::Bytes(bytes) => quoted(&HEXLOWER.encode(bytes)),
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::List(list) => {
            let lines: Vec<String> = list.iter().map(|bytes| quoted(&HEXLOWER.encode(bytes))).collect();
            format!("[\n        {}\n      ]", lines.join(",\n        "))
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
