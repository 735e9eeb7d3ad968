//! What the operator may count: how much happens and of what kind, never whose it is. No label names anybody, and every
//! number is rounded down to 1, 2 or 5 times a power of ten, so that two looks at it do not tell a single act apart.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use watchfire_protocol::frame::{Refusal, Reply};

use crate::limit::class;
use crate::store::{Stats, Swept};

/// Counts up.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn one(&self) {
        self.add(1);
    }

    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    fn told(&self) -> f64 {
        told(self.0.load(Ordering::Relaxed))
    }
}

/// As it is told.
fn told(count: u64) -> f64 {
    class(count) as f64
}

/// What has happened since the relay started.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Connections that were upgraded.
    pub(crate) served: Counter,
    /// Connections that found no place among `connections`.
    pub(crate) full: Counter,
    /// Connections for which another one had to go from among `connections-unproved`.
    pub(crate) unproved_full: Counter,
    /// Connections of a source that has too many.
    pub(crate) source_full: Counter,
    /// Connections that did not come to an upgrade.
    pub(crate) not_upgraded: Counter,
    /// Connections that the system did not hand over.
    pub(crate) not_accepted: Counter,
    done: Counter,
    appended: Counter,
    malformed: Counter,
    not_allowed: Counter,
    behind: Counter,
    slow_down: Counter,
    quota_full: Counter,
    failed: Counter,
    records: Counter,
    objects: Counter,
    invites: Counter,
}

/// What is so at the moment.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    /// Whether a write was committed, and the relay is not about to stop.
    pub(crate) ready: bool,
    /// How long a commit took, in seconds; one of a few classes.
    pub(crate) commit_seconds: Option<f64>,
    pub(crate) connections: u64,
    pub(crate) unproved: u64,
    pub(crate) connections_limit: u64,
    pub(crate) unproved_limit: u64,
    pub(crate) kept: Option<Stats>,
    /// Percent of its quota that the fullest network has taken.
    pub(crate) fullest_percent: Option<u64>,
    /// Percent of the disk that is free.
    pub(crate) free_percent: Option<u64>,
    /// Days that the certificate has left, where TLS is spoken.
    pub(crate) certificate_days: Option<u64>,
}

impl Metrics {
    /// Counts an answer by its kind.
    pub(crate) fn answered(&self, reply: &Reply) {
        match reply {
            Reply::Appended { .. } => self.appended.one(),
            Reply::Refused(refusal) => self.refused(refusal).one(),
            _ => self.done.one(),
        }
    }

    const fn refused(&self, refusal: &Refusal) -> &Counter {
        match refusal {
            Refusal::Unsupported
            | Refusal::Malformed(_)
            | Refusal::OutOfOrder
            | Refusal::BadRecord(_)
            | Refusal::BadCharter(_)
            | Refusal::BadAnnouncement(_) => &self.malformed,
            Refusal::NotProved
            | Refusal::BadProof
            | Refusal::NotAllowed
            | Refusal::NotGranted
            | Refusal::WrongChannel
            | Refusal::InviteEnded => &self.not_allowed,
            Refusal::NotFound
            | Refusal::UnknownEpoch { .. }
            | Refusal::ClosedEpoch { .. }
            | Refusal::Stale { .. }
            | Refusal::SlotsMismatch => &self.behind,
            Refusal::SlowDown { .. } => &self.slow_down,
            Refusal::QuotaFull => &self.quota_full,
            Refusal::Internal => &self.failed,
        }
    }

    /// Counts what a sweep deleted.
    pub(crate) fn swept(&self, swept: &Swept) {
        self.records.add(swept.records);
        self.objects.add(swept.objects);
        self.invites.add(swept.invites);
    }

    fn families(&self, now: &Gauges) -> Vec<Family> {
        let counter = |name, help, samples| Family { name, kind: Kind::Counter, help, samples };
        let gauge = |name, help, samples| Family { name, kind: Kind::Gauge, help, samples };
        let kept = now.kept.as_ref();
        vec![
            gauge("ready", "1 while writes are committed", vec![("", f64::from(u8::from(now.ready)))]),
            gauge(
                "commit_seconds",
                "how long the last trial of a commit took at most: 0.01, 0.1, 1 or 10",
                now.commit_seconds.map(|seconds| ("", seconds)).into_iter().collect(),
            ),
            gauge(
                "connections",
                "connections that are open",
                vec![
                    ("state=\"proved\"", told(now.connections.saturating_sub(now.unproved))),
                    ("state=\"unproved\"", told(now.unproved)),
                ],
            ),
            gauge(
                "connections_limit",
                "connections that may be open, as configured",
                vec![
                    ("state=\"all\"", now.connections_limit as f64),
                    ("state=\"unproved\"", now.unproved_limit as f64),
                ],
            ),
            gauge("kept", "what is kept, by kind", kept.map(kinds).unwrap_or_default()),
            gauge(
                "kept_bytes",
                "bytes that count against quotas",
                kept.map(|kept| ("", told(kept.bytes))).into_iter().collect(),
            ),
            gauge(
                "fullest_quota_percent",
                "how full the fullest network's quota is, in tens",
                now.fullest_percent.map(tens).into_iter().collect(),
            ),
            gauge(
                "disk_free_percent",
                "how much of the disk is free, in tens",
                now.free_percent.map(tens).into_iter().collect(),
            ),
            gauge(
                "certificate_days",
                "days that the certificate has left, where TLS is spoken here",
                now.certificate_days.map(|days| ("", days as f64)).into_iter().collect(),
            ),
            counter(
                "connections_opened",
                "connections, by what became of them",
                vec![
                    ("outcome=\"served\"", self.served.told()),
                    ("outcome=\"full\"", self.full.told()),
                    ("outcome=\"unproved_full\"", self.unproved_full.told()),
                    ("outcome=\"source_full\"", self.source_full.told()),
                    ("outcome=\"not_upgraded\"", self.not_upgraded.told()),
                    ("outcome=\"not_accepted\"", self.not_accepted.told()),
                ],
            ),
            counter(
                "requests",
                "requests, by how they were answered",
                vec![
                    ("answer=\"appended\"", self.appended.told()),
                    ("answer=\"done\"", self.done.told()),
                    ("answer=\"malformed\"", self.malformed.told()),
                    ("answer=\"not_allowed\"", self.not_allowed.told()),
                    ("answer=\"behind\"", self.behind.told()),
                    ("answer=\"slow_down\"", self.slow_down.told()),
                    ("answer=\"quota_full\"", self.quota_full.told()),
                    ("answer=\"failed\"", self.failed.told()),
                ],
            ),
            counter(
                "forgotten",
                "what has expired and was deleted, by kind",
                vec![
                    ("kind=\"records\"", self.records.told()),
                    ("kind=\"objects\"", self.objects.told()),
                    ("kind=\"invites\"", self.invites.told()),
                ],
            ),
        ]
    }

    /// Everything as `OpenMetrics` text.
    pub(crate) fn text(&self, now: &Gauges) -> String {
        let mut out = String::new();
        for Family { name, kind, help, samples } in self.families(now) {
            let (word, suffix) = kind.words();
            let _ = write!(out, "# TYPE watchfire_{name} {word}\n# HELP watchfire_{name} {help}\n");
            for (label, value) in samples {
                let label = if label.is_empty() { String::new() } else { format!("{{{label}}}") };
                let _ = writeln!(out, "watchfire_{name}{suffix}{label} {value}");
            }
        }
        out.push_str("# EOF\n");
        out
    }
}

fn kinds(kept: &Stats) -> Vec<(&'static str, f64)> {
    vec![
        ("kind=\"networks\"", told(kept.networks)),
        ("kind=\"neighborhoods\"", told(kept.neighborhoods)),
        ("kind=\"records\"", told(kept.records)),
        ("kind=\"objects\"", told(kept.objects)),
        ("kind=\"invites\"", told(kept.invites)),
    ]
}

const fn tens(percent: u64) -> (&'static str, f64) {
    ("", (percent / 10 * 10) as f64)
}

#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
}

impl Kind {
    /// What it is called, and how the names of its samples end.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Counter => ("counter", "_total"),
            Self::Gauge => ("gauge", ""),
        }
    }
}

/// Samples of one name: its label, if it has one, and its value.
struct Family {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    samples: Vec<(&'static str, f64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Gauges {
        Gauges {
            ready: true,
            commit_seconds: Some(0.01),
            connections: 1234,
            unproved: 34,
            connections_limit: 20_000,
            unproved_limit: 1024,
            kept: Some(Stats { networks: 3, neighborhoods: 8, records: 777, objects: 0, invites: 1, bytes: 123_456 }),
            fullest_percent: Some(79),
            free_percent: Some(100),
            certificate_days: Some(13),
        }
    }

    #[test]
    fn every_line_is_known_and_every_count_is_rounded() {
        let metrics = Metrics::default();
        metrics.served.add(3999);
        metrics.answered(&Reply::Refused(Refusal::QuotaFull));
        metrics.answered(&Reply::Appended { position: 9, followers: 1 });
        metrics.answered(&Reply::Done);
        metrics.swept(&Swept { records: 49, objects: 0, invites: 0 });
        let text = metrics.text(&everything());
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/metrics.txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        assert_eq!(text, std::fs::read_to_string(path).unwrap(), "UPDATE=1 writes it anew");
    }

    #[test]
    fn every_metric_and_every_label_is_documented() {
        let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operating.md")).unwrap();
        for family in Metrics::default().families(&everything()) {
            let name = format!("`watchfire_{}{}`", family.name, family.kind.words().1);
            let row = docs.lines().find(|line| line.contains(&name)).unwrap_or_else(|| panic!("{name}"));
            for (label, _) in family.samples.iter().filter(|(label, _)| !label.is_empty()) {
                let (label, value) = label.trim_end_matches('"').split_once("=\"").unwrap();
                assert!(row.contains(&format!("`{label}`")) && row.contains(value), "{label}={value}: {row}");
            }
        }
    }
}
