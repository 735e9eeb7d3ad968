//! The real binary.

use std::io::{BufRead, BufReader, Read as _};
use std::net::SocketAddr;
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
    /// Where it tells how it is.
    pub(crate) health: Option<String>,
    /// Where it speaks TLS.
    pub(crate) tls: Option<SocketAddr>,
}

impl Process {
    pub(crate) fn serve(dir: &Path) -> Self {
        Self::spawn(Command::new(BINARY).arg("serve").arg("--dir").arg(dir))
    }

    /// Starts a command that ends up being `serve`, and waits until clients may connect.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        Self::try_spawn(command).unwrap_or_else(|said| panic!("it did not start: {said:?}"))
    }

    /// The same; what it said if it ends before clients may connect.
    pub(crate) fn try_spawn(command: &mut Command) -> Result<Self, Output> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ok(ready) = serde_json::from_str::<serde_json::Value>(&line) else {
            return Err(child.wait_with_output().unwrap());
        };
        assert_eq!(ready["schema"], "watchfire.relay-ready/1");
        let url = ready["url"].as_str().unwrap().to_owned();
        let key = ready["relay_key"].as_str().unwrap().parse().unwrap();
        let health = ready["health"].as_str().map(str::to_owned);
        let tls = ready["listening_tls"].as_str().map(|address| address.parse().unwrap());
        Ok(Self { child, url, key, health, tls })
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits until it has ended by itself, and returns its code and what it said.
    pub(crate) fn ended(&mut self) -> (Option<i32>, String) {
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while !self.has_ended() {
            assert!(std::time::Instant::now() < patience, "it goes on as if nothing had happened");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.wait(), said)
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

pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

pub(crate) fn made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    dir
}

pub(crate) fn make(dir: &Path) {
    let made = run(&["init", "--dir", dir.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert!(made.status.success(), "{made:?}");
}

pub(crate) fn now() -> Timestamp {
    Timestamp(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs())
}

/// No pace that a test could meet.
pub(crate) const FAST: &str = "frames-per-second = 100000\nframes-burst = 100000\nbytes-per-second = 1000000000";

/// Sets limits in a relay's settings.
pub(crate) fn set_limits(dir: &Path, limits: &str) {
    let config = dir.join("relay.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("\n[limits]\n", &format!("\n[limits]\n{limits}\n"))).unwrap();
}

/// Changes the database beside the relay, as only a test may. Never checkpoints: recovery is the relay's.
pub(crate) fn alter(dir: &Path, statements: &str) {
    let connection = rusqlite::Connection::open(dir.join("relay.db")).unwrap();
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    connection.execute_batch("PRAGMA busy_timeout = 20000; PRAGMA wal_autocheckpoint = 0;").unwrap();
    connection.execute_batch(statements).unwrap();
}

/// SplitMix64: choices that a seed brings back.
pub(crate) struct Choices(pub(crate) u64);

impl Choices {
    /// As `WATCHFIRE_SEED` says, which is printed; another one each time without.
    pub(crate) fn seeded() -> Self {
        let seed = number("WATCHFIRE_SEED").unwrap_or_else(|| u64::from(std::process::id()));
        println!("WATCHFIRE_SEED={seed}");
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// A number in the environment.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// An organization with an epoch on a relay in a process of its own.
pub(crate) async fn found(dir: &Path, process: &Process) -> (Organization, EpochKeys) {
    // The process has the real clock.
    let mut body = genesis(process.key);
    let now = now();
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
pub(crate) fn resident(process: u32) -> usize {
    let statm = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn slow_readers_cost_a_cursor_each_and_get_everything_in_the_end() {
    const RECORDS: u32 = 400;
    const READERS: usize = 150;
    let dir = made();
    set_limits(dir.path(), &format!("{FAST}\ntail-records = 8"));
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
    assert!(text(&run(&["check", "--dir", path]).stdout).contains("there is none yet"));
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
    assert!(check.status.success(), "{check:?}");
    assert!(text(&check.stdout).contains("OK    database  it is well, schema version 2\n"), "{check:?}");
    assert!(run(&["healthcheck", "--dir", path]).status.success());
    let stats = run(&["stats", "--dir", path]);
    let said = text(&stats.stdout);
    for line in ["networks       1", "neighborhoods  1", "records        1", "objects        2"] {
        assert!(said.contains(line), "{said}");
    }

    // Another relay at the same address is told apart.
    std::fs::remove_file(dir.path().join("identity")).unwrap();
    watchfire_relay::identity::create(&dir.path().join("identity")).unwrap();
    assert_eq!(run(&["healthcheck", "--dir", path]).status.code(), Some(4));
}
