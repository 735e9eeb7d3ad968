//! What the kernel is asked, in what order. Where strace is absent, a line says what was left out; where
//! `WATCHFIRE_REQUIRE_STRACE` is set, as `.ci/run` does, that is a failure.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use watchfire_protocol::frame::{ClientFrame, Reply, Request};
use watchfire_protocol::record::Channel;

use crate::client::Client;
use crate::organization::record;
use crate::process::{BINARY, Process, found, made, signal};

/// Whether the system calls can be watched. `left_out` is what is not shown if they cannot.
pub(crate) fn has_strace(left_out: &str) -> bool {
    let version = Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if version.is_ok_and(|status| status.success()) {
        return true;
    }
    let required = std::env::var_os("WATCHFIRE_REQUIRE_STRACE").is_some_and(|value| !value.is_empty());
    assert!(
        !required,
        "strace is not installed (apt-get install strace), and WATCHFIRE_REQUIRE_STRACE is set: not shown is that \
         {left_out}"
    );
    say_left_out("strace is not installed (apt-get install strace)", left_out);
    false
}

/// Past the capture of the test's output, which is shown only for tests that fail.
pub(crate) fn say_left_out(why: &str, what: &str) {
    std::io::stderr().write_all(format!("LEFT OUT, {why}: that {what}\n").as_bytes()).unwrap();
}

fn traced(dir: &Path, log: &Path, options: &[&str]) -> Process {
    Process::spawn(&mut tracing(dir, log, options))
}

/// A relay under strace.
pub(crate) fn tracing(dir: &Path, log: &Path, options: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-o"]).arg(log).args(options).arg(BINARY).arg("serve").arg("--dir").arg(dir);
    command
}

/// Bytes as strace prints them under `-xx`.
fn printed(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect()
}

/// The process whose call a line is.
fn caller(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

#[tokio::test]
async fn the_answer_to_an_append_is_written_after_the_commits_fsync_has_returned() {
    if !has_strace("an append is answered after the fsync of its commit") {
        return;
    }
    let dir = made();
    let log = dir.path().join("trace");
    let calls = "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg";
    let process = traced(dir.path(), &log, &["-xx", "-s", "5000", "-e", calls]);
    let (organization, epoch) = found(dir.path(), &process).await;
    let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;

    const ID: u32 = 0x7a79_7877;
    let bytes = record(Channel::Alerts, epoch.number, 0xD3);
    let frame = ClientFrame { id: ID, request: Request::Append { record: bytes.clone() } };
    writer.send_raw(tokio_tungstenite::tungstenite::Message::Binary(frame.to_bytes().into())).await;
    let answer = writer.receive().await;
    assert!(matches!(answer.reply, Reply::Appended { .. }));
    assert_eq!(answer.id, ID);
    let relay = std::fs::read_to_string(&log).unwrap().lines().next().map(|line| caller(line).to_owned()).unwrap();
    signal(relay.parse().unwrap(), "TERM");
    let mut process = process;
    process.wait();

    let trace = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    let content = printed(&bytes[..64]);
    let written = lines.iter().position(|line| line.contains("pwrite64(") && line.contains(&content));
    let written = written.expect("the record is written to the write-ahead log");
    let answer = printed(&answer.to_bytes());
    let answered = lines.iter().position(|line| line.contains(&answer)).expect("the answer is written to the socket");
    let synced = lines[written..].iter().position(|line| {
        let sync = line.contains("fsync") || line.contains("fdatasync");
        sync && line.trim_end().ends_with("= 0") && caller(line) == caller(lines[written])
    });
    let synced = written + synced.expect("the commit is synced");
    assert!(synced < answered, "line {synced} is the fsync's return, line {answered} the answer");
}

#[tokio::test]
async fn after_the_first_failed_fsync_nothing_is_acknowledged_and_the_process_ends() {
    if !has_strace("nothing is acknowledged after a failed fsync") {
        return;
    }
    let dir = made();
    {
        // The epoch is opened by a relay whose disk is well.
        let mut process = Process::serve(dir.path());
        let (organization, epoch) = found(dir.path(), &process).await;
        signal(process.id(), "TERM");
        process.wait();

        let log = dir.path().join("trace");
        // Calls are counted by thread: opening needs fewer than so many, and the writer comes to it after some appends.
        let inject = "inject=fsync,fdatasync:error=EIO:when=8+";
        let mut process = traced(dir.path(), &log, &["-e", "trace=fsync,fdatasync", "-e", inject]);
        let mut acknowledged = Vec::new();
        let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
        for fill in 0..20 {
            let bytes = record(Channel::Alerts, epoch.number, fill);
            match writer.ask(Request::Append { record: bytes.clone() }).await {
                Reply::Appended { .. } => acknowledged.push(bytes),
                Reply::Refused(refusal) => {
                    assert_eq!(refusal, watchfire_protocol::frame::Refusal::Internal);
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(acknowledged.len() < 20, "the disk never failed");
        assert!(matches!(writer.event().await, Reply::Closing { .. }));
        assert_eq!(writer.closed().await, 1013);
        assert_eq!(process.wait(), Some(1));

        let process = Process::serve(dir.path());
        let mut reader = Client::member(&process.url, &organization, &epoch).await;
        reader.follow(Channel::Alerts, None).await;
        let found: Vec<_> = reader.backlog().await.into_iter().map(|each| each.record).collect();
        assert!(acknowledged.iter().all(|record| found.contains(record)));
    }
}
