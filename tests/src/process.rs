//! The shipped programs as processes, called as people call them.

use std::fs::{OpenOptions, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;
use watchfire_client::vault::{Passphrase, Vault};
use watchfire_client::{Client, system_clock};
use watchfire_protocol::id::parse_base32;

use crate::authority::Issued;
use crate::local::QUICK;

/// Where a program of this workspace is, built as these tests are. `WATCHFIRE_PROGRAMS_BUILT` says that it is there already, as
/// after `cargo test --workspace --no-run`; else it is built, with features that these tests alone ask for.
pub fn program(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        // target/debug/deps/this-test: the programs are two folders up.
        let test = std::env::current_exe().unwrap();
        let folder = test.parent().unwrap().parent().unwrap().to_owned();
        if std::env::var_os("WATCHFIRE_PROGRAMS_BUILT").is_some() {
            return folder;
        }
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--offline", "-p", "watchfire", "-p", "watchfire-relay", "--bins"]);
        if !cfg!(debug_assertions) {
            build.arg("--release");
        }
        build.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        // What cargo tells a test of its own package is nothing to that build: `ring` asks for it, and would be built
        // again at each change between this call and the next one by a person.
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|own| name.starts_with(own)))
            {
                build.env_remove(name);
            }
        }
        assert!(build.status().unwrap().success(), "the programs do not build");
        folder
    });
    folder.join(name)
}

/// A relay in a process of its own.
pub struct Relay {
    pub dir: TempDir,
    pub url: String,
    pub key: String,
    /// Where it tells how it is.
    pub health: String,
    listen: String,
    tls: Option<SocketAddr>,
    child: Option<Child>,
}

impl Relay {
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// The same with a door for TLS as well.
    pub fn start_with_tls(issued: &Issued) -> Self {
        let mut relay = Self::made("");
        issued.write(&relay.path());
        let config = relay.path().join("relay.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        let tls = "[tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"certificate.pem\"\nkey = \"key.pem\"\n";
        std::fs::write(config, text + tls).unwrap();
        relay.serve();
        relay
    }

    /// Where it speaks TLS.
    pub fn tls_port(&self) -> u16 {
        self.tls.unwrap().port()
    }

    /// The same with some other limits, as lines of `relay.toml`.
    pub fn start_with(limits: &str) -> Self {
        let mut relay = Self::made(limits);
        relay.serve();
        relay
    }

    fn made(limits: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay");
        let made = Command::new(program("watchfire-relay"))
            .args(["init", "--listen", "127.0.0.1:0", "--dir"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let config = std::fs::read_to_string(path.join("relay.toml")).unwrap();
        let config = config.replace("\n[limits]\n", &format!("\n[limits]\n{limits}\n"));
        std::fs::write(path.join("relay.toml"), config).unwrap();
        let listen = "127.0.0.1:0".to_owned();
        let (url, key, health) = Default::default();
        Self { dir, url, key, health, listen, tls: None, child: None }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("relay")
    }

    /// Everything that it has written to its standard error, at the level at which it says most.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("said")).unwrap()
    }

    /// Starts it where it was, and waits until it says that it is ready.
    pub fn serve(&mut self) {
        let said = OpenOptions::new().create(true).append(true).open(self.dir.path().join("said")).unwrap();
        let mut child = Command::new(program("watchfire-relay"))
            .args(["serve", "--listen", &self.listen, "--dir"])
            .arg(self.path())
            .env("WATCHFIRE_RELAY_LOG", "trace")
            .env("WATCHFIRE_RELAY_HEALTH", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(said)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["schema"], "watchfire.relay-ready/1");
        self.listen = ready["listening"].as_str().unwrap().to_owned();
        self.tls = ready["listening_tls"].as_str().map(|address| address.parse().unwrap());
        self.url = format!("ws://{}/v1", self.listen);
        self.key = ready["relay_key"].as_str().unwrap().to_owned();
        self.health = ready["health"].as_str().unwrap().to_owned();
        self.child = Some(child);
    }

    pub fn address(&self) -> SocketAddr {
        self.url.strip_prefix("ws://").unwrap().strip_suffix("/v1").unwrap().parse().unwrap()
    }

    /// What its operator gives to those who found a network.
    pub fn token(&self) -> [u8; 32] {
        parse_base32(std::fs::read_to_string(self.path().join("admission.token")).unwrap().trim()).unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Ends it as a supervisor does.
    pub fn stop(&mut self) {
        let mut child = self.child.take().unwrap();
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        assert!(child.wait().unwrap().success());
    }

    /// A copy of its folder, for which nobody should have asked.
    pub fn backup(&self) -> TempDir {
        let to = tempfile::tempdir().unwrap();
        copy(&self.path(), to.path());
        to
    }

    /// Puts an older copy of its folder back.
    pub fn restore(&self, older: &TempDir) {
        self.lose_the_database();
        copy(older.path(), &self.path());
    }

    /// Deletes its database, with whatever lies beside it.
    pub fn lose_the_database(&self) {
        let mut deleted = 0;
        for file in std::fs::read_dir(self.path()).unwrap() {
            let path = file.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("relay.db") {
                std::fs::remove_file(path).unwrap();
                deleted += 1;
            }
        }
        assert!(deleted > 0, "no database was there");
    }
}

fn copy(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The passphrase of every vault here.
const PASSPHRASE: &str = "a passphrase of a test";

/// One person's home folder, and the commands that they type.
pub struct Home {
    folder: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// The JSON lines of its standard output.
    pub fn json(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
            .collect()
    }

    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    pub fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// With an empty vault that opens quickly.
    pub fn new() -> Self {
        let home = Self::bare();
        Vault::create_at(&home.home(), &Passphrase::new(PASSPHRASE.to_owned()).unwrap(), QUICK).unwrap();
        home
    }

    /// With nothing in it: the first command makes the vault.
    pub fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let passphrase = folder.path().join("passphrase");
        std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).unwrap();
        std::fs::set_permissions(&passphrase, Permissions::from_mode(0o600)).unwrap();
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// The vault in it, as whoever has the folder and the passphrase has it.
    pub fn vault(&self) -> Vault {
        Vault::open(&self.home(), &Passphrase::new(PASSPHRASE.to_owned()).unwrap()).unwrap()
    }

    /// A client of its own on the vault, as a program of somebody else's making is one.
    pub fn client(&self) -> Client {
        let passphrase = Passphrase::new(PASSPHRASE.to_owned()).unwrap();
        Client::open(&self.home(), &passphrase, system_clock()).unwrap()
    }

    /// What whoever copies its folder now can read of it, later too.
    pub fn stolen(&self) -> Self {
        let thief = Self::bare();
        std::fs::create_dir(thief.home()).unwrap();
        copy(&self.home(), &thief.home());
        thief
    }

    /// `watchfire --home … --passphrase-file … --no-input ARGS`.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program("watchfire"));
        command.arg("--home").arg(self.home()).arg("--passphrase-file").arg(self.path("passphrase")).arg("--no-input");
        command.args(args).env_clear().env("LANG", "C.UTF-8").env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        finish(self.command(args).spawn().unwrap())
    }

    /// The same, killed at its `nth` fsync. Whether it came so far.
    pub fn killed_at_fsync(&self, nth: u32, args: &[&str]) -> bool {
        self.with_fsyncs(Some(nth), args).0.code != 0
    }

    /// The same, and what it had said by then; and how often it came to an fsync.
    fn with_fsyncs(&self, killed_at: Option<u32>, args: &[&str]) -> (Ran, u32) {
        let (command, trace) = (self.command(args), self.path("trace"));
        let mut strace = Command::new("strace");
        strace.args(["-f", "-e", "trace=fsync,fdatasync", "-o"]).arg(&trace);
        if let Some(nth) = killed_at {
            strace.args(["-e", &format!("inject=fsync,fdatasync:signal=KILL:when={nth}")]);
        }
        strace.arg(command.get_program()).args(command.get_args()).env_clear();
        strace.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let ran = finish(strace.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        let trace = std::fs::read_to_string(trace).unwrap();
        let fsyncs = trace.lines().filter(|call| call.contains("sync(")).count();
        (ran, u32::try_from(fsyncs).unwrap())
    }

    /// Types a command, and says at which of its fsyncs one of its kind is to be killed: at some that are spread over its run,
    /// or at every one of them if `WATCHFIRE_EVERY_FSYNC` is set.
    pub fn places_to_be_killed(&self, args: &[&str]) -> Vec<u32> {
        let (ran, fsyncs) = self.with_fsyncs(None, args);
        ran.ok();
        match std::env::var_os("WATCHFIRE_EVERY_FSYNC") {
            Some(_) => (1..=fsyncs).collect(),
            None => (1..=4).map(|quarter| (fsyncs * quarter / 4).max(1)).collect(),
        }
    }

    /// Types a command, once undisturbed, and then another one of its kind for each place to be killed at, and again after
    /// each kill. One that had said what became of it before it was killed is not typed again. Returns how many were typed.
    pub fn typed_again_after_kills(&self, mut command: impl FnMut() -> Vec<String>) -> usize {
        fn words(args: &[String]) -> Vec<&str> {
            std::iter::once("--json").chain(args.iter().map(String::as_str)).collect()
        }
        let first = command();
        let places = self.places_to_be_killed(&words(&first));
        let mut killed = 0;
        for &nth in &places {
            let again = command();
            let (ran, _) = self.with_fsyncs(Some(nth), &words(&again));
            killed += usize::from(ran.code != 0);
            if ran.code != 0 && ran.stdout.is_empty() {
                self.run(&words(&again)).ok();
            }
        }
        assert!(killed > 1, "{killed} kills at {places:?}: {first:?}");
        1 + places.len()
    }

    /// The calls by which a command that succeeds connects sockets of the internet.
    pub fn sockets(&self, args: &[&str]) -> Vec<String> {
        let command = self.command(args);
        let trace = self.path("trace");
        let mut strace = Command::new("strace");
        strace.args(["-f", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o"]).arg(&trace);
        strace.arg(command.get_program()).args(command.get_args()).env_clear();
        strace.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        finish(strace.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()).ok();
        let trace = std::fs::read_to_string(trace).unwrap();
        trace.lines().filter(|call| call.contains("AF_INET")).map(str::to_owned).collect()
    }

    pub fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        finish(child)
    }

    pub fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    /// The JSON lines of a command that succeeds.
    pub fn json(&self, args: &[&str]) -> Vec<Value> {
        let all: Vec<&str> = std::iter::once("--json").chain(args.iter().copied()).collect();
        self.run(&all).ok().json()
    }
}

pub fn finish(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Whether system calls can be made to fail here. Where that is required, it must.
pub fn has_strace() -> bool {
    let there = Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    let required = std::env::var_os("WATCHFIRE_REQUIRE_STRACE").is_some();
    assert!(there || !required, "strace is not installed, and WATCHFIRE_REQUIRE_STRACE is set");
    if !there {
        println!("left out, because strace is not installed");
    }
    there
}

/// Three or four words of a JSON array, with spaces between.
pub fn words(value: &Value) -> String {
    let words: Vec<&str> = value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    words.join(" ")
}

/// A network of one admin-coordinator, one more coordinator and three responders.
pub struct Network {
    pub relay: Relay,
    pub marisol: Home,
    pub kai: Home,
    pub responders: [Home; 3],
}

/// The neighborhood of [`Network`].
pub const HOOD: &str = "Elm Park";

impl Network {
    /// One admin-coordinator and nobody else, with the relay reached at a URL.
    pub fn admin_at(relay: &Relay, url: &str) -> Home {
        let marisol = Home::new();
        let token = relay.path().join("admission.token");
        let token = token.to_str().unwrap();
        let key = relay.key.as_str();
        let create =
            ["network", "create", "Night Watch", "--relay", url, "--relay-key", key, "--admission-token-file", token];
        marisol.json(&create);
        marisol.json(&["neighborhood", "add", HOOD]);
        marisol
    }

    /// Founds it, with exactly the commands that people type.
    pub fn found() -> Self {
        let relay = Relay::start();
        let url = relay.url.clone();
        Self::found_at(relay, &url)
    }

    /// The same, with the relay reached at another URL, through something that listens there.
    pub fn found_at(relay: Relay, url: &str) -> Self {
        let marisol = Self::admin_at(&relay, url);
        let kai = Home::new();
        join(&marisol, &kai, "Kai", "coordinator");
        let grant = ["charter", "grant", "Kai", "--neighborhood", HOOD, "--right", "dispatch", "--right", "enroll"];
        marisol.run(&grant).ok();
        let responders = ["Ana", "Ben", "Lou"].map(|handle| {
            let home = Home::new();
            join(&marisol, &home, handle, "responder");
            home
        });
        Self { relay, marisol, kai, responders }
    }
}

/// A coordinator and a responder.
pub struct Pair {
    pub relay: Relay,
    pub marisol: Home,
    pub ana: Home,
}

impl Pair {
    pub fn found() -> Self {
        let relay = Relay::start();
        let marisol = Network::admin_at(&relay, &relay.url);
        let ana = join_in_person(&marisol, "Ana");
        Self { relay, marisol, ana }
    }

    /// Sends an alert from a file. Returns its id.
    pub fn sends(&self, file: &str) -> String {
        let sent = self.marisol.json(&["alert", "send", "--neighborhood", HOOD, "--file", file, "--yes"]);
        sent[0]["id"].as_str().unwrap().to_owned()
    }
}

/// Somebody joins by a link that was handed over in person.
pub fn join_in_person(coordinator: &Home, handle: &str) -> Home {
    let home = Home::new();
    let link = home.path("link");
    let link = link.to_str().unwrap();
    coordinator.run(&["invite", "new", "--neighborhood", HOOD, "--auto-approve", "--out", link]).ok();
    home.run(&["--yes", "join", "--handle", handle, "--link-file", link]).ok();
    coordinator.run(&["sync"]).ok();
    home.run(&["--yes", "join", "--wait", "--timeout", "30s"]).ok();
    home
}

/// An invite, a request, an approval and a confirmation.
pub fn join(coordinator: &Home, newcomer: &Home, handle: &str, role: &str) {
    let link = newcomer.path("link");
    let link = link.to_str().unwrap();
    let invite = coordinator.json(&["invite", "new", "--neighborhood", HOOD, "--role", role, "--out", link]);
    assert_eq!(invite[0]["schema"], "watchfire.invite/1");
    let joining = newcomer.json(&["join", "--handle", handle, "--link-file", link]);
    assert_eq!(joining[0]["state"], "waiting");
    let pending = coordinator.json(&["member", "pending"]);
    let request = pending[0]["request"].as_str().unwrap();
    assert_eq!(pending[0]["handle"], handle);
    coordinator.run(&["member", "approve", request, "--words", &words(&joining[0]["say"])]).ok();
    let joined = newcomer.json(&["join", "--wait", "--timeout", "30s"]);
    assert_eq!(joined.last().unwrap()["state"], "member");
    newcomer.run(&["confirm", "--words", &words(&pending[0]["say"])]).ok();
}

/// An example alert of the repository.
pub fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/alerts").join(name);
    path.canonicalize().unwrap().to_str().unwrap().to_owned()
}
