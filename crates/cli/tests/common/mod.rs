//! A home folder for the real program, and a relay in this process.
#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use watchfire_relay::{Config, Serving};

/// A key that no relay has.
pub(crate) const KEY: &str = "8XXZ-73A5-4X83-40FR-ZKR5-BMKY-DT7S-2GF5-VVQJ-BN3D-0QQA-M0T9-Q9JG";
/// Nothing listens there.
pub(crate) const NOWHERE: &str = "ws://127.0.0.1:1/v1";

/// A relay that serves until it is dropped.
pub(crate) struct Relay {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) token: String,
    _serving: Serving,
    _runtime: Runtime,
    _dir: TempDir,
}

impl Relay {
    pub(crate) fn start() -> Self {
        let (runtime, dir) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let key = watchfire_relay::init(dir.path(), any, None).unwrap().to_string();
        let config = Config::open(dir.path()).unwrap();
        let serving = runtime.block_on(async {
            watchfire_relay::serve(watchfire_relay::bind(any).unwrap(), config, std::future::pending()).await.unwrap()
        });
        let token = dir.path().join("admission.token").to_str().unwrap().to_owned();
        Self { url: serving.url().to_owned(), key, token, _serving: serving, _runtime: runtime, _dir: dir }
    }
}

pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        home.write("passphrase", "correct horse\n", 0o600);
        home
    }

    /// With a network that its relay does not serve yet.
    pub(crate) fn founded() -> Self {
        let (home, relay) = (Self::new(), Relay::start());
        let created = home.run(&["network", "create", "Lantern", "--relay", &relay.url, "--relay-key", &relay.key]);
        assert_eq!(created.status.code(), Some(4), "{}", stderr(&created));
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str, mode: u32) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.start(arguments).wait_with_output().unwrap()
    }

    /// Starts it and lets it run.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let file = self.path("passphrase");
        self.spawn(&[&["--passphrase-file", file.to_str().unwrap(), "--no-input"], arguments].concat(), "")
    }

    pub(crate) fn bare(&self, arguments: &[&str], input: &str) -> Output {
        self.spawn(arguments, input).wait_with_output().unwrap()
    }

    fn spawn(&self, arguments: &[&str], input: &str) -> Child {
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
        child
    }

    /// Runs it for a program that reads: nothing but objects on both streams, one error at most.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Vec<Value>, Option<Value>) {
        let output = self.run(&[&["--json"], arguments].concat());
        let objects = |text: String| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (results, errors): (Vec<Value>, Vec<Value>) = (objects(stdout(&output)), objects(stderr(&output)));
        assert!(errors.len() <= 1, "{errors:?}");
        (output.status.code().unwrap(), results, errors.into_iter().next())
    }
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
