//! A program that somebody has started for each alert, within bounds.
//!
//! It runs in a process group of its own. Whatever it starts belongs to that group, unless it takes itself out of it,
//! and ends with it: when the time is over, when it prints too much, and when nobody waits for it any more.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::{Duration, timeout};

/// Bytes of each of its two streams: a page for the person who looks. An alert has room for less.
pub(crate) const OUTPUT: u64 = 16 << 10;

/// How it ended.
pub(crate) enum Ended {
    /// By itself.
    Exited(ExitStatus),
    /// It was killed when its time was over.
    Hung,
    /// It was killed when it had printed too much.
    Flooded,
    /// It was not even started, or cannot be waited for.
    Broken(io::Error),
}

/// What a program did.
pub(crate) struct Ran {
    /// What it printed on both streams, as far as that is let through.
    pub(crate) printed: Vec<u8>,
    /// How it ended.
    pub(crate) ended: Ended,
}

/// Starts a program, gives it its input, and waits for it and for whatever holds its output.
pub(crate) async fn run(argv: &[String], input: &[u8], limit: Duration) -> Ran {
    let mut printed = Printed::default();
    let ended = match Group::start(argv) {
        Ok(mut group) => group.see_through(input, limit, &mut printed).await,
        Err(error) => Ended::Broken(error),
    };
    let Printed { mut out, err } = printed;
    out.extend(err);
    Ran { printed: out, ended }
}

/// Whether a program is there, and may be run: found as the system finds it when it is started.
pub(crate) fn look_for(program: &str) -> io::Result<()> {
    if program.contains('/') {
        return may_run(Path::new(program));
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut found = Err(io::ErrorKind::NotFound.into());
    for folder in std::env::split_paths(&folders) {
        match may_run(&folder.join(program)) {
            Ok(()) => return Ok(()),
            // One that is there and may not be run says more than that there is none.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => found = Err(error),
            Err(_) => {}
        }
    }
    found
}

fn may_run(file: &Path) -> io::Result<()> {
    let found = file.metadata()?;
    match (found.is_file(), found.permissions().mode() & 0o111) {
        (false, _) => Err(io::ErrorKind::IsADirectory.into()),
        (true, 0) => Err(io::ErrorKind::PermissionDenied.into()),
        (true, _) => Ok(()),
    }
}

#[derive(Default)]
struct Printed {
    out: Vec<u8>,
    err: Vec<u8>,
}

/// A process with whatever it started. Dropped, it is killed.
struct Group {
    leader: Child,
}

impl Group {
    fn start(argv: &[String]) -> io::Result<Self> {
        let Some((program, arguments)) = argv.split_first() else { return Err(io::ErrorKind::InvalidInput.into()) };
        let mut command = Command::new(program);
        command.args(arguments).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(Self { leader: command.spawn()? })
    }

    async fn see_through(&mut self, input: &[u8], limit: Duration, printed: &mut Printed) -> Ended {
        let ended = timeout(limit, self.follow(input, printed)).await.unwrap_or(Ended::Hung);
        if let Ended::Hung | Ended::Flooded = ended {
            self.kill();
            // Killed processes end at once: this takes the leader off the system's list.
            let _ = self.leader.wait().await;
        }
        ended
    }

    /// Reads to the end of both streams first: while the leader is not waited for, nobody else gets its number.
    async fn follow(&mut self, input: &[u8], printed: &mut Printed) -> Ended {
        let (stdin, out, err) = (self.leader.stdin.take(), self.leader.stdout.take(), self.leader.stderr.take());
        let feed = async {
            if let Some(mut stdin) = stdin {
                // Whether it reads is its own affair.
                let _ = stdin.write_all(input).await;
            }
            Ok(())
        };
        match tokio::try_join!(feed, read(out, &mut printed.out), read(err, &mut printed.err)) {
            Err(Flood) => Ended::Flooded,
            Ok(_) => self.leader.wait().await.map_or_else(Ended::Broken, Ended::Exited),
        }
    }

    fn kill(&self) {
        // None once it was waited for: then there is nobody left, or nobody of ours.
        let id = self.leader.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(id) = id {
            // It may have ended just now.
            let _ = kill_process_group(id, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// It prints more than is let through.
struct Flood;

async fn read(stream: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> Result<(), Flood> {
    let Some(stream) = stream else { return Ok(()) };
    // A stream that breaks has ended.
    let _ = stream.take(OUTPUT + 1).read_to_end(into).await;
    let flooded = u64::try_from(into.len()).is_ok_and(|length| length > OUTPUT);
    if flooded { Err(Flood) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argv(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn what_it_reads_and_prints_passes_through() {
        let ran = run(&argv("cat; echo heard >&2"), b"{\"schema\":1}\n", LONG).await;
        assert_eq!(String::from_utf8(ran.printed).unwrap(), "{\"schema\":1}\nheard\n");
        assert!(matches!(ran.ended, Ended::Exited(status) if status.success()));
    }

    #[tokio::test]
    async fn who_does_not_read_is_not_waited_for() {
        let input = vec![b'x'; 1 << 20];
        let ran = run(&argv("exit 3"), &input, LONG).await;
        assert!(matches!(ran.ended, Ended::Exited(status) if status.code() == Some(3)));
    }

    #[tokio::test]
    async fn a_flood_ends_the_program_and_a_page_of_it_is_kept() {
        let ran = run(&argv("yes"), b"", LONG).await;
        assert!(matches!(ran.ended, Ended::Flooded));
        assert_eq!(ran.printed.len(), usize::try_from(OUTPUT).unwrap() + 1);
    }

    #[tokio::test]
    async fn whoever_hangs_is_killed_with_what_it_started_and_what_took_itself_out_of_the_group_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let list = dir.path().join("pids");
        let own = dir.path().join("own");
        let detached = format!("setsid sh -c 'echo $$ > {}; exec sleep 30' >/dev/null 2>&1 &", own.display());
        let script =
            format!("{detached} sleep 600 & echo $! > {0}; echo $$ >> {0}; echo up; sleep 600", list.display());
        // Long enough for the two lines to be written: what is tested is that nobody of them lives on.
        let ran = run(&argv(&script), b"", Duration::from_secs(5)).await;
        assert!(matches!(ran.ended, Ended::Hung));
        assert_eq!(ran.printed, b"up\n");
        let pids = std::fs::read_to_string(&list).unwrap();
        assert_eq!(pids.lines().count(), 2);
        assert!(pids.lines().all(has_ended), "{pids}");
        let own: i32 = std::fs::read_to_string(&own).unwrap().trim().parse().unwrap();
        rustix::process::kill_process(Pid::from_raw(own).unwrap(), Signal::KILL).expect("it lives on");
    }

    #[tokio::test]
    async fn what_lives_on_in_the_background_with_the_output_ends_with_the_time() {
        let ran = run(&argv("sleep 600 & echo $!"), b"", SHORT).await;
        assert!(matches!(ran.ended, Ended::Hung));
        let pid = String::from_utf8(ran.printed).unwrap();
        assert!(pid.trim().is_empty() || has_ended(pid.trim()));
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_is_killed() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("up");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        let argv = argv(&format!("echo $$ > {}; sleep 600", fifo.display()));
        let running = run(&argv, b"", LONG);
        let up = tokio::task::spawn_blocking(move || std::fs::read_to_string(fifo).unwrap());
        let pid = tokio::select! {
            _ = running => panic!("it sleeps"),
            pid = up => pid.unwrap(),
        };
        assert!(has_ended(pid.trim()));
    }

    #[tokio::test]
    async fn what_is_no_program_is_told() {
        let ran = run(&["/nowhere/at-all".to_owned()], b"", LONG).await;
        assert!(matches!(ran.ended, Ended::Broken(_)));
    }

    #[test]
    fn a_program_is_looked_for_where_the_system_would_find_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("notify");
        let kind = |program: &str| look_for(program).map_err(|error| error.kind());
        assert_eq!(kind("sh"), Ok(()));
        assert_eq!(kind("no-such-program-anywhere"), Err(io::ErrorKind::NotFound));
        let path = file.to_str().unwrap();
        assert_eq!(kind(path), Err(io::ErrorKind::NotFound));
        std::fs::write(&file, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(kind(path), Err(io::ErrorKind::PermissionDenied));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(kind(path), Ok(()));
        assert_eq!(kind(dir.path().to_str().unwrap()), Err(io::ErrorKind::IsADirectory));
    }

    /// Whether a process is gone, or dead and only not yet collected by whoever adopted it.
    fn has_ended(pid: &str) -> bool {
        let path = format!("/proc/{pid}/stat");
        let ended = || match std::fs::read_to_string(&path) {
            Err(_) => true,
            Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X'])),
        };
        // The signal was sent: the kernel delivers it in its own time.
        (0..1000).any(|_| {
            std::thread::sleep(Duration::from_millis(5));
            ended()
        })
    }
}
