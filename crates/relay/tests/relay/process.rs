//! The real binary.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use watchfire_protocol::frame::{Cursor, Reply, Request};
use watchfire_protocol::id::NetworkId;
use watchfire_protocol::record::{Channel, record_id};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;

use crate::client::{Client, open, publish};
use crate::organization::{EpochKeys, Organization, coordinator, genesis, record, sized};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_watchfire-relay");

/// A relay in a process of its own. Killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
    pub(crate) key: PublicKey,
}

impl Process {
    pub(crate) fn serve(dir: &Path) -> Self {
        Self::spawn(Command::new(BINARY).arg("serve").arg("--dir").arg(dir))
    }

    /// Starts a command that ends up being `serve`, and waits until clients may connect.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON once it is ready");
        assert_eq!(ready["schema"], "watchfire.relay-ready/1");
        let url = ready["url"].as_str().unwrap().to_owned();
        let key = ready["relay_key"].as_str().unwrap().parse().unwrap();
        Self { child, url, key }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).status().unwrap().success());
}

fn run(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

pub(crate) fn made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let made = run(&["init", "--dir", dir.path().to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(made.status.success(), "{made:?}");
    dir
}

/// An organization with an epoch on a relay in a process of its own.
pub(crate) async fn found(dir: &Path, process: &Process) -> (Organization, EpochKeys) {
    // The process has the real clock.
    let mut body = genesis(process.key);
    let now = Timestamp(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs());
    for scope in body.grants.iter_mut().flat_map(|grant| &mut grant.scopes) {
        scope.not_before = now.minus(1000);
    }
    let organization = Organization::found_by(body);
    let allowed = run(&["networks", "allow", &organization.network().to_string(), "--dir", dir.to_str().unwrap()]);
    assert!(allowed.status.success(), "{allowed:?}");
    assert_eq!(publish(&process.url, &organization).await, Reply::Done);
    let epoch = EpochKeys::new(&organization, 1, None, 3, |keys, _| keys.opened_at = now, &coordinator());
    open(&process.url, &organization, &epoch, 0).await;
    (organization, epoch)
}

#[tokio::test]
async fn kill_9_right_after_an_answer_loses_nothing() {
    let dir = made();
    let mut process = Process::serve(dir.path());
    let (organization, epoch) = found(dir.path(), &process).await;
    let mut acknowledged = Vec::new();
    for fill in 0..8 {
        let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
        let record = record(Channel::Alerts, epoch.number, fill);
        let position = writer.append(&record).await;
        signal(process.id(), "KILL");
        process.wait();
        acknowledged.push((position, record));

        process = Process::serve(dir.path());
        let mut reader = Client::member(&process.url, &organization, &epoch).await;
        let cursor = Cursor { position, id: record_id(&acknowledged.last().unwrap().1) };
        assert!(!reader.follow(Channel::Alerts, Some(cursor)).await);
        assert_eq!(reader.backlog().await, []);
        let mut reader = Client::member(&process.url, &organization, &epoch).await;
        reader.follow(Channel::Alerts, None).await;
        let found: Vec<_> = reader.backlog().await.into_iter().map(|each| (each.position, each.record)).collect();
        assert_eq!(found, acknowledged);
    }
}

#[tokio::test]
async fn on_sigterm_clients_are_told_and_nothing_is_left_in_the_log() {
    let dir = made();
    let mut process = Process::serve(dir.path());
    let (organization, epoch) = found(dir.path(), &process).await;
    let mut client = Client::coordinator(&process.url, &organization, &epoch).await;
    client.append(&record(Channel::Alerts, epoch.number, 1)).await;
    signal(process.id(), "TERM");
    assert!(matches!(client.event().await, Reply::Closing { within } if within > 0));
    assert_eq!(client.closed().await, 1012);
    assert_eq!(process.wait(), Some(0));
    assert!(!dir.path().join("relay.db-wal").exists());
}

/// Bytes of memory of a process.
fn resident(process: u32) -> usize {
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn slow_readers_cost_a_cursor_each_and_get_everything_in_the_end() {
    const RECORDS: u32 = 400;
    const READERS: usize = 150;
    let dir = made();
    let config = dir.path().join("relay.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("[limits]", "[limits]\nframes-per-second = 10000\ntail-records = 8")).unwrap();
    let process = Process::serve(dir.path());
    let (organization, epoch) = found(dir.path(), &process).await;
    let mut slow = Vec::new();
    for _ in 0..READERS {
        let mut reader = Client::member(&process.url, &organization, &epoch).await;
        reader.follow(Channel::Alerts, None).await;
        assert_eq!(reader.backlog().await, []);
        slow.push(reader);
    }
    let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;

    // 25 MiB that none of them reads: more than the buffers of two sockets, which are the kernel's. In queues it would be
    // 3.7 GiB of the relay.
    let before = resident(process.id());
    for number in 0..RECORDS {
        let mut record = sized(Channel::Alerts, epoch.number, 1, 64 << 10);
        record[20..24].copy_from_slice(&number.to_be_bytes());
        writer.append(&record).await;
    }
    let grown = resident(process.id()).saturating_sub(before);
    assert!(grown < 48 << 20, "the relay grew by {grown} bytes");

    let reader = slow.last_mut().unwrap();
    for number in 0..RECORDS {
        assert_eq!(reader.record().await.record[20..24], number.to_be_bytes());
    }
}

#[test]
fn init_says_what_the_relay_sees_and_never_makes_a_second_identity() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("relay");
    let path = path.to_str().unwrap();
    let made = run(&["init", "--dir", path, "--listen", "127.0.0.1:0", "--url", "wss://relay.example.org/v1"]);
    let said = text(&made.stdout);
    let mut lines = said.lines();
    let key: PublicKey = lines.next().unwrap().strip_prefix("Created relay identity  ").unwrap().parse().unwrap();
    assert!(said.contains("It cannot read alerts, names or neighborhoods."), "{said}");
    assert!(said.contains("It does see addresses, connection times and record sizes."), "{said}");
    assert_eq!(lines.last().unwrap(), format!("Next:  watchfire-relay serve --dir {path}"));
    let config = watchfire_relay::Config::open(path).unwrap();
    assert_eq!(config.url.as_deref(), Some("wss://relay.example.org/v1"));

    let again = run(&["init", "--dir", path]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).starts_with("error: "), "{again:?}");
    assert!(text(&again.stderr).contains("hint: "), "{again:?}");
    let kept = watchfire_relay::identity::open(&config.identity_path()).unwrap();
    assert_eq!(kept.public(), key);
    let bad = run(&["init", "--dir", &format!("{path}2"), "--url", "https://relay.example.org"]);
    assert_eq!(bad.status.code(), Some(2));
}

#[test]
fn networks_are_allowed_listed_and_removed() {
    let dir = made();
    let dir = dir.path().to_str().unwrap();
    let id = NetworkId([7; 32]).to_string();
    let allowed = run(&["networks", "allow", &id, "--quota", "2GiB", "--dir", dir]);
    assert!(allowed.status.success(), "{allowed:?}");
    assert_eq!(text(&run(&["networks", "list", "--dir", dir]).stdout), format!("{id}  2GiB\n"));
    assert!(run(&["networks", "remove", &id, "--dir", dir]).status.success());
    assert_eq!(text(&run(&["networks", "list", "--dir", dir]).stdout), "");
    assert_eq!(run(&["networks", "remove", &id, "--dir", dir]).status.code(), Some(6));
    assert_eq!(run(&["networks", "allow", "no-id", "--dir", dir]).status.code(), Some(2));
    assert_eq!(run(&["networks", "list", "--dir", "/nonexistent"]).status.code(), Some(6));
}

#[tokio::test]
async fn check_healthcheck_and_stats_look_at_the_real_thing() {
    let dir = tempfile::tempdir().unwrap();
    // A port that was free a moment ago: healthcheck connects to the address in relay.toml.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let path = dir.path().to_str().unwrap();
    assert!(run(&["init", "--dir", path, "--listen", &format!("127.0.0.1:{port}")]).status.success());
    assert_eq!(run(&["check", "--dir", path]).status.code(), Some(6));
    assert_eq!(run(&["healthcheck", "--dir", path]).status.code(), Some(3));

    let process = Process::serve(dir.path());
    let second = run(&["serve", "--dir", path, "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(text(&second.stderr).contains("another relay runs in"), "{second:?}");
    let (organization, epoch) = found(dir.path(), &process).await;
    let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
    writer.append(&record(Channel::Alerts, epoch.number, 1)).await;
    assert!(matches!(writer.ask(Request::Staged { announcement: epoch.hash }).await, Reply::Refused(_)));

    let check = run(&["check", "--dir", path]);
    assert_eq!(text(&check.stdout), "The database is well. Schema version 2.\n", "{check:?}");
    assert!(run(&["healthcheck", "--dir", path]).status.success());
    let stats = run(&["stats", "--dir", path]);
    let said = text(&stats.stdout);
    for line in ["networks       1", "neighborhoods  1", "records        1", "objects        3"] {
        assert!(said.contains(line), "{said}");
    }

    // Another relay at the same address is told apart.
    std::fs::remove_file(dir.path().join("identity")).unwrap();
    watchfire_relay::identity::create(&dir.path().join("identity")).unwrap();
    assert_eq!(run(&["healthcheck", "--dir", path]).status.code(), Some(4));
}
