//! A disk that fails, a disk that is full, a process that dies at one of its own system calls.
//!
//! `WATCHFIRE_FAULTS` says how many faults are injected, `WATCHFIRE_SEED` which.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use watchfire_protocol::frame::{Cursor, Prover, Refusal, Reply, Request};
use watchfire_protocol::record::{Channel, record_id};

use crate::client::Client;
use crate::operation::{get, healthcheck, serve};
use crate::organization::{EpochKeys, Organization, record, sized};
use crate::process::{Choices, FAST, Process, alter, found, made, make, number, set_limits};
use crate::strace::{has_strace, say_left_out, tracing};

/// A writer fills the log with large records, so that checkpoints come too, until the relay fails or is done.
async fn write(url: &str, of: &Organization, epoch: &EpochKeys, choices: &mut Choices) -> (Vec<Vec<u8>>, bool) {
    let mut acknowledged = Vec::new();
    let proved = Client::try_proved(url, of.place(), epoch.number, Prover::Coordinator, &epoch.coordinator).await;
    let Some(Ok(mut writer)) = proved else { return (acknowledged, false) };
    for _ in 0..80 {
        let mut record = sized(Channel::Alerts, epoch.number, 1, choices.of(&[1 << 10, 64 << 10]));
        record[14..22].copy_from_slice(&choices.next().to_be_bytes());
        match writer.try_ask(Request::Append { record: record.clone() }).await {
            Some(Reply::Appended { .. }) => acknowledged.push(record),
            Some(Reply::Refused(Refusal::Internal)) | None => return (acknowledged, false),
            other => panic!("{other:?}"),
        }
    }
    (acknowledged, true)
}

/// Reads on from a cursor, and returns what is there and where it ends.
async fn read(
    url: &str,
    of: &Organization,
    epoch: &EpochKeys,
    cursor: Option<Cursor>,
) -> (Vec<Vec<u8>>, Option<Cursor>) {
    let mut reader = Client::member(url, of, epoch).await;
    assert!(!reader.follow(Channel::Alerts, cursor).await, "the cursor's record is there");
    let backlog = reader.backlog().await;
    let last = backlog.last().map(|last| Cursor { position: last.position, id: record_id(&last.record) });
    (backlog.into_iter().map(|each| each.record).collect(), last.or(cursor))
}

/// Runs the relay with one fault to come. What was acknowledged is returned, and what became of the process.
async fn suffer(
    dir: &Path,
    fault: &str,
    of: &Organization,
    epoch: &EpochKeys,
    choices: &mut Choices,
) -> (Vec<Vec<u8>>, Outcome) {
    let log = dir.join("trace");
    let command = &mut tracing(dir, &log, &["-e", "trace=fsync,pwrite64", "-e", &format!("inject={fault}")]);
    let (acknowledged, ended) = match Process::try_spawn(command) {
        Ok(mut process) => {
            let (acknowledged, whole) = write(&process.url, of, epoch, choices).await;
            let reached = !whole || is_reached(dir, &log, &mut process).await;
            let ended = reached.then(|| process.ended());
            (acknowledged, ended)
        }
        Err(said) => (Vec::new(), Some((said.status.code(), String::from_utf8(said.stderr).unwrap()))),
    };
    let outcome = match ended {
        None => Outcome::NotReached,
        Some((code, said)) => Outcome::Ended { code, said },
    };
    (acknowledged, outcome)
}

/// Whether the fault comes to a relay that has nothing left to write but what its next sweep does. The sweep ends by
/// emptying the write-ahead log, which is the last of all syncs.
async fn is_reached(dir: &Path, trace: &Path, process: &mut Process) -> bool {
    let patience = Instant::now() + Duration::from_secs(30);
    loop {
        let swept = std::fs::metadata(dir.join("relay.db-wal")).is_ok_and(|log| log.len() == 0);
        // A trace is written as it happens: a fault on the way to an empty log is in it by now.
        if process.has_ended() || std::fs::read_to_string(trace).unwrap().contains("(INJECTED)") {
            return true;
        }
        if swept {
            return false;
        }
        assert!(Instant::now() < patience, "no sweep comes to its end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

enum Outcome {
    /// The process did not come to so many calls.
    NotReached,
    Ended {
        code: Option<i32>,
        said: String,
    },
}

#[tokio::test]
async fn whatever_call_fails_or_is_the_last_one_nothing_acknowledged_is_lost() {
    if !has_strace("the relay ends at the first failed write or sync, and loses nothing") {
        return;
    }
    let mut choices = Choices::seeded();
    let dir = made();
    set_limits(dir.path(), &format!("{FAST}\nsweep-seconds = 1\nsweep-rows = 20"));
    let mut process = Process::serve(dir.path());
    let (organization, epoch) = found(dir.path(), &process).await;
    process.kill();

    let (mut cursor, mut reached, mut all, mut refused) = (None, 0, 0, 0);
    let wanted = number("WATCHFIRE_FAULTS").unwrap_or(8);
    for _ in 0..wanted {
        let call = choices.of(&["fsync", "pwrite64"]);
        let effect = match call {
            "fsync" => choices.of(&["error=EIO", "signal=KILL"]),
            _ => choices.of(&["error=EIO", "error=ENOSPC", "signal=KILL"]),
        };
        let nth = 1 + choices.below(if call == "fsync" { 60 } else { 300 });
        let fault = format!("{call}:{effect}:when={nth}{}", choices.of(&["", "+"]));
        let (acknowledged, outcome) = suffer(dir.path(), &fault, &organization, &epoch, &mut choices).await;
        all += acknowledged.len();
        if let Outcome::Ended { code, said } = outcome {
            reached += 1;
            if effect != "signal=KILL" {
                assert_eq!(code, Some(1), "{fault}: {said}");
                let last = said.trim_end().lines().rev().take(2).collect::<Vec<_>>();
                assert!(last[0].starts_with("hint: ") && last[1].starts_with("error: "), "{fault}: {said}");
                refused += 1;
            }
        }
        let mut process = Process::serve(dir.path());
        let (found, last) = read(&process.url, &organization, &epoch, cursor).await;
        let lost = acknowledged.iter().filter(|record| !found.contains(record)).count();
        assert_eq!(lost, 0, "of {} after {fault}", acknowledged.len());
        cursor = last;
        process.kill();
        if let Some(Cursor { position, .. }) = cursor {
            // Something to forget the next time, and to truncate.
            alter(dir.path(), &format!("UPDATE records SET expires = 1 WHERE position < {position}"));
        }
    }
    println!(
        "{wanted} faults, {reached} of them reached, {refused} ended the process in words; {all} appends acknowledged, \
         all found"
    );
    assert!(reached > 0, "no call was ever reached");
}

/// A small disk of its own.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// None where this process may not mount.
    fn mount(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "none"]).arg(dir.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(dir))
    }

    /// Somebody else's file that takes all the room there is.
    fn fill(&self) -> PathBuf {
        let path = self.0.path().join("somebody-elses");
        let mut file = std::fs::File::create(&path).unwrap();
        let full = std::iter::repeat_with(|| file.write_all(&[1; 4096])).find_map(Result::err).unwrap();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Appends records of a log until one is refused, and returns why.
async fn append_until_refused(writer: &mut Client, epoch: &EpochKeys, log: Channel, fill: u8) -> Refusal {
    for number in 0_u32..1000 {
        let mut record = sized(log, epoch.number, fill, 64 << 10);
        record[14..18].copy_from_slice(&number.to_be_bytes());
        match writer.ask(Request::Append { record }).await {
            Reply::Appended { .. } => {}
            Reply::Refused(refusal) => return refusal,
            other => panic!("{other:?}"),
        }
    }
    panic!("the disk has no end");
}

/// Appends one record as soon as it is taken.
async fn append_in_the_end(writer: &mut Client, record: Vec<u8>) {
    for _ in 0..300 {
        match writer.ask(Request::Append { record: record.clone() }).await {
            Reply::Appended { .. } => return,
            Reply::Refused(refusal) => assert_eq!(refusal, Refusal::QuotaFull),
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing was ever taken again");
}

/// What a relay on a full disk says of itself at `/readyz`, and to what runs `healthcheck`.
fn is_not_ready(dir: &Path, process: &Process) {
    let (status, body) = get(process, "/readyz");
    assert_eq!(status, "HTTP/1.1 503 Service Unavailable");
    // Nearly full, once the sweep has given up the reserve.
    assert!(body.starts_with("not ready: the disk is "), "{body}");
    let (code, said) = healthcheck(dir, process, process.health.as_ref().unwrap());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(": the disk is ") && said.contains("hint: look at its log and at the disk"), "{said}");
    assert_eq!(get(process, "/healthz").1, "alive\n", "to start it again would help nobody");
}

#[tokio::test]
async fn as_a_disk_fills_up_alerts_are_taken_longest_and_forgetting_works_on_a_full_one() {
    let Some(small) = SmallDisk::mount("36m") else {
        say_left_out("this process may not mount", "a relay forgets on a full disk, and takes alerts again");
        return;
    };
    let dir = small.0.path().join("relay");
    make(&dir);
    let disk = "disk-warning-bytes = 14000000\ndisk-low-bytes = 12000000\ndisk-reserve-bytes = 9000000";
    set_limits(&dir, &format!("{FAST}\nsweep-seconds = 1\nsweep-rows = 10\n{disk}"));
    let mut process = Process::spawn(&mut serve(&dir));
    assert_eq!(get(&process, "/readyz").1, "ready\n");
    let (organization, epoch) = found(&dir, &process).await;
    let reserve = dir.join("relay.reserve");
    assert_eq!(std::fs::metadata(&reserve).unwrap().len(), 9_000_000);
    let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
    assert_eq!(append_until_refused(&mut writer, &epoch, Channel::Desk, 1).await, Refusal::QuotaFull);
    let acknowledged = record(Channel::Alerts, epoch.number, 2);
    writer.append(&acknowledged).await;

    let other = small.fill();
    let refused = record(Channel::Alerts, epoch.number, 3);
    assert_eq!(writer.refusal(Request::Append { record: refused.clone() }).await, Refusal::QuotaFull);
    is_not_ready(&dir, &process);
    process.kill();
    let mut process = Process::spawn(&mut serve(&dir));
    assert!(!reserve.exists(), "it is given up for what must be written");
    alter(&dir, "UPDATE records SET expires = 1 WHERE log = 3 AND position <= 30");
    let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
    append_in_the_end(&mut writer, refused.clone()).await;
    std::fs::remove_file(other).unwrap();
    append_in_the_end(&mut writer, record(Channel::Desk, epoch.number, 4)).await;
    let patience = Instant::now() + Duration::from_secs(30);
    while !reserve.exists() {
        assert!(Instant::now() < patience, "the reserve is never made again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(get(&process, "/readyz").0, "HTTP/1.1 200 OK");
    let (found, _) = read(&process.url, &organization, &epoch, None).await;
    assert_eq!(found, [acknowledged, refused]);
    process.kill();
}
