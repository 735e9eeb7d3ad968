//! What the kernel says of a process, and what this machine's disk and processor cost.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use watchfire_protocol::labels::Purpose;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;

use crate::Outcome;

/// Processor time of all its threads (`/proc/PID/task/TID/schedstat`, nanoseconds on a processor).
pub(crate) fn processor(process: u32) -> Outcome<Duration> {
    let mut nanos = 0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let told = fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
        nanos += told.split(' ').next().and_then(|first| first.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanos))
}

/// Bytes of it that are in memory.
pub(crate) fn resident(process: u32) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? << 10)
}

/// How long a write of some KiB and an `fsync` take there.
pub(crate) fn fsync(dir: &Path) -> Outcome<Duration> {
    let path = dir.join("fsync.probe");
    let mut file = File::create(&path)?;
    file.write_all(&[7; 8 << 10])?;
    file.sync_all()?;
    let begun = Instant::now();
    file.write_all(&[8; 8 << 10])?;
    file.sync_all()?;
    Ok(begun.elapsed())
}

/// How long so many signatures take to check, on one core.
pub(crate) fn signature_checks(count: u32) -> Outcome<Duration> {
    let key = SecretKey::from_seed(&Secret32::new([5; 32]));
    let signature = key.sign(Purpose::Prove, &[b"bench"]);
    let public = key.public();
    let begun = Instant::now();
    for _ in 0..count {
        public.verify(Purpose::Prove, &[black_box(b"bench")], &signature)?;
    }
    Ok(begun.elapsed())
}
