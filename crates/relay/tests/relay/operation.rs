//! What an operator asks of a relay, and what a supervisor is told by it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use watchfire_protocol::record::Channel;
use watchfire_relay::store::sqlite::SqliteStore;

use crate::client::Client;
use crate::organization::{record, sized};
use crate::process::{BINARY, Process, found, made, run, signal, text};

/// Long enough for a machine under load; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn serve(dir: impl AsRef<Path>) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("serve").arg("--dir").arg(dir.as_ref()).env("WATCHFIRE_RELAY_HEALTH", "127.0.0.1:0");
    command
}

/// `healthcheck` of a relay that listens where `health` is asked: its exit code and all that it says.
pub(crate) fn healthcheck(dir: &Path, process: &Process, health: &str) -> (Option<i32>, String) {
    let listen = process.url.strip_prefix("ws://").unwrap().strip_suffix("/v1").unwrap();
    let mut command = Command::new(BINARY);
    command.arg("healthcheck").arg("--dir").arg(dir).env("WATCHFIRE_RELAY_LISTEN", listen);
    let output = command.env("WATCHFIRE_RELAY_HEALTH", health).output().unwrap();
    (output.status.code(), [text(&output.stdout), text(&output.stderr)].concat())
}

/// Everything that is answered to these bytes, until the relay closes.
fn raw(process: &Process, question: &[u8]) -> String {
    let mut socket = TcpStream::connect(process.health.as_ref().unwrap()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.write_all(question).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

pub(crate) fn get(process: &Process, path: &str) -> (String, String) {
    let answer = raw(process, format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[tokio::test]
async fn a_relay_tells_that_it_runs_and_commits_and_counts_in_classes() {
    let dir = made();
    let process = Process::spawn(&mut serve(&dir));
    let (organization, epoch) = found(dir.path(), &process).await;
    let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
    for fill in 0..7 {
        writer.append(&record(Channel::Alerts, epoch.number, fill)).await;
    }
    assert_eq!(get(&process, "/healthz"), ("HTTP/1.1 200 OK".to_owned(), "alive\n".to_owned()));
    assert_eq!(get(&process, "/readyz"), ("HTTP/1.1 200 OK".to_owned(), "ready\n".to_owned()));
    let (status, metrics) = get(&process, "/metrics");
    assert_eq!(status, "HTTP/1.1 200 OK");
    for line in [
        "watchfire_ready 1",
        "watchfire_connections{state=\"proved\"} 1",
        "watchfire_kept{kind=\"records\"} 5",
        "watchfire_requests_total{answer=\"appended\"} 5",
    ] {
        assert!(metrics.lines().any(|each| each == line), "{line}: {metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"));
    assert_eq!(get(&process, "/v1").0, "HTTP/1.1 404 Not Found");
    assert!(raw(&process, b"POST /metrics HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
    for garbage in [b"\x16\x03\x01\x02\0\r\n\r\n".as_slice(), b"GET\r\n\r\n", &[b'a'; 5000]] {
        assert!(raw(&process, garbage).starts_with("HTTP/1.1 400 "));
    }
}

#[test]
fn whoever_asks_slowly_or_crowds_in_is_cut_off_and_others_are_answered() {
    let dir = made();
    let mut command = serve(&dir);
    command.env("WATCHFIRE_RELAY_LIMITS_HEALTH_SECONDS", "2").env("WATCHFIRE_RELAY_LIMITS_HEALTH_CONNECTIONS", "2");
    let process = Process::spawn(&mut command);
    let address = process.health.clone().unwrap();
    let mut slow: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(&address).unwrap()).collect();
    for socket in &mut slow {
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        // Two have a place and are cut off by time, the third finds none.
        let _ = socket.write_all(b"GET /heal");
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        assert_eq!(answer, b"");
    }
    assert_eq!(get(&process, "/healthz").1, "alive\n");
}

#[test]
fn a_relay_that_cannot_commit_is_not_ready_and_its_supervisor_hears_nothing_more() {
    let dir = made();
    let socket = UnixDatagram::bind(dir.path().join("notify")).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut command = serve(&dir);
    command.env("NOTIFY_SOCKET", dir.path().join("notify")).env("WATCHDOG_USEC", "300000");
    let mut process = Process::spawn(&mut command);
    assert_eq!(told(&socket), "READY=1\nSTATUS=Serves");
    // Somebody else has the database, and does not give it back.
    let database = rusqlite::Connection::open(dir.path().join("relay.db")).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    // What was tried before the lock is told for a while.
    let mut ready = get(&process, "/readyz");
    while ready.0 == "HTTP/1.1 200 OK" {
        std::thread::sleep(Duration::from_millis(200));
        ready = get(&process, "/readyz");
    }
    assert_eq!(ready.0, "HTTP/1.1 503 Service Unavailable");
    assert!(ready.1.starts_with("not ready: "), "{ready:?}");
    socket.set_nonblocking(true).unwrap();
    while socket.recv(&mut [0; 64]).is_ok() {}
    let (code, said) = process.ended();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the store failed"), "{said}");
    assert!(socket.recv(&mut [0; 64]).is_err());
}

#[tokio::test]
async fn a_client_that_does_not_listen_does_not_hold_up_the_end_and_nothing_acknowledged_is_lost() {
    let dir = made();
    let mut command = serve(&dir);
    command.env("WATCHFIRE_RELAY_LIMITS_FRAMES_PER_SECOND", "10000");
    let mut process = Process::spawn(&mut command);
    let (organization, epoch) = found(dir.path(), &process).await;
    // More than the two sockets hold, and nobody reads it.
    let mut deaf = Client::member(&process.url, &organization, &epoch).await;
    deaf.follow(Channel::Alerts, None).await;
    let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
    for number in 0..200_u32 {
        let mut record = sized(Channel::Alerts, epoch.number, 1, 64 << 10);
        record[20..24].copy_from_slice(&number.to_be_bytes());
        writer.append(&record).await;
    }
    signal(process.id(), "TERM");
    assert_eq!(process.wait(), Some(0));
    assert!(!dir.path().join("relay.db-wal").exists());
    let stats = SqliteStore::stats_of(&dir.path().join("relay.db")).unwrap();
    assert_eq!(stats.records, 200);
    drop(deaf);
}

#[tokio::test]
async fn healthcheck_asks_both_doors_and_stats_are_rounded() {
    let dir = made();
    let path = dir.path().to_str().unwrap();
    let process = Process::spawn(&mut serve(&dir));
    let health = process.health.clone().unwrap();
    let well = (Some(0), "The relay answers with its own key.\n".to_owned());
    assert_eq!(healthcheck(dir.path(), &process, &health), well);
    // What is no such address says nothing good.
    let address = process.url.strip_prefix("ws://").unwrap().strip_suffix("/v1").unwrap();
    let (code, said) = healthcheck(dir.path(), &process, address);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("hint: "), "{said}");

    found(dir.path(), &process).await;
    let stats = run(&["stats", "--dir", path, "--json"]);
    let stats: serde_json::Value = serde_json::from_slice(&stats.stdout).unwrap();
    assert_eq!(stats["schema"], "watchfire.relay-stats/1");
    assert_eq!((&stats["neighborhoods"], &stats["objects"]), (&1.into(), &2.into()));
}

/// The next thing that a supervisor is told other than that all is well.
fn told(socket: &UnixDatagram) -> String {
    loop {
        let mut said = [0; 256];
        let length = socket.recv(&mut said).unwrap();
        let said = String::from_utf8(said[..length].to_vec()).unwrap();
        if said != "WATCHDOG=1" {
            return said;
        }
    }
}

#[test]
fn a_supervisor_is_told_when_the_relay_serves_lives_and_stops() {
    for (name, ending) in [("TERM", 0), ("INT", 0)] {
        let dir = made();
        let socket = UnixDatagram::bind(dir.path().join("notify")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut command = serve(&dir);
        command.env("NOTIFY_SOCKET", dir.path().join("notify")).env("WATCHDOG_USEC", "300000");
        let mut process = Process::spawn(&mut command);
        assert_eq!(told(&socket), "READY=1\nSTATUS=Serves");
        let mut said = [0; 64];
        let length = socket.recv(&mut said).unwrap();
        assert_eq!(&said[..length], b"WATCHDOG=1");
        signal(process.id(), name);
        assert_eq!(told(&socket), "STOPPING=1\nSTATUS=Tells clients to come back");
        assert_eq!(process.wait(), Some(ending));
    }
}

#[test]
fn the_supervisors_socket_may_be_an_abstract_one_and_another_process_may_be_the_watched_one() {
    let dir = made();
    let name = format!("watchfire-test-{}", std::process::id());
    let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut command = serve(&dir);
    command.env("NOTIFY_SOCKET", format!("@{name}")).env("WATCHDOG_USEC", "1000").env("WATCHDOG_PID", "1");
    let mut process = Process::spawn(&mut command);
    let next = || {
        let mut said = [0; 64];
        let length = socket.recv(&mut said).unwrap();
        String::from_utf8(said[..length].to_vec()).unwrap()
    };
    assert_eq!(next(), "READY=1\nSTATUS=Serves");
    signal(process.id(), "TERM");
    assert_eq!(next(), "STOPPING=1\nSTATUS=Tells clients to come back");
    assert_eq!(process.wait(), Some(0));
}

#[test]
fn the_unit_leaves_the_relay_little_of_the_machine() {
    let unit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/deploy/watchfire-relay.service");
    let mut analyze = Command::new("systemd-analyze");
    let Ok(rated) = analyze.args(["security", "--offline=true", "--no-pager", "--threshold=12", unit]).output() else {
        println!("left out, because systemd-analyze is not installed");
        return;
    };
    assert!(rated.status.success(), "{}", text(&rated.stdout));
}
