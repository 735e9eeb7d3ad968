//! `check`: everything that an operator can get wrong, each in a line, with what to do.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::{DAY, Timestamp};
use watchfire_relay::admission::{Quota, read_list};
use watchfire_relay::clock::WRITTEN;
use watchfire_relay::store::sqlite::{self, SqliteStore};
use watchfire_relay::tls::Tls;
use watchfire_relay::{Config, descriptors, disk, identity, server};

use super::greet::{Target, greet};
use super::{Problem, open};

/// Days before the end of a certificate from which on it is warned of. Certbot renews thirty days before.
const EXPIRES_SOON: u64 = 14;
/// Files that are open beside one for each connection: the database, its readers, listeners.
const OTHER_FILES: u64 = 64;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ok,
    Warn,
    Fail,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        })
    }
}

/// What was found of one thing.
#[derive(Debug)]
struct Finding {
    check: &'static str,
    state: State,
    says: String,
    hint: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, state: State::Ok, says: says.into(), hint: None }
    }

    fn warn(check: &'static str, says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { check, state: State::Warn, says: says.into(), hint: Some(hint.into()) }
    }

    fn fail(check: &'static str, says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { check, state: State::Fail, says: says.into(), hint: Some(hint.into()) }
    }

    fn problem(check: &'static str, problem: impl Into<Problem>) -> Self {
        let (says, hint) = problem.into().told();
        Self { check, state: State::Fail, says, hint }
    }

    fn json(&self) -> serde_json::Value {
        let state = self.state.to_string().to_lowercase();
        serde_json::json!({ "check": self.check, "state": state, "says": self.says, "do": self.hint })
    }
}

pub(super) fn check(dir: &Path, json: bool, ca_file: Option<&Path>) -> Result<(), Problem> {
    let authorities = ca_file.map_or_else(|| Ok(Vec::new()), read_authorities)?;
    let found = match open(dir) {
        Ok(config) => look(&config, &authorities),
        Err(error) => vec![Finding::problem("config", error)],
    };
    let fails = found.iter().filter(|finding| finding.state == State::Fail).count();
    if json {
        let checks: Vec<_> = found.iter().map(Finding::json).collect();
        let line = serde_json::json!({ "schema": "watchfire.relay-check/1", "ok": fails == 0, "checks": checks });
        println!("{line}");
    } else {
        for Finding { check, state, says, hint } in &found {
            println!("{state:<4}  {check:<8}  {says}");
            if let Some(hint) = hint {
                println!("                do: {hint}");
            }
        }
    }
    match fails {
        0 => Ok(()),
        1 => Err(Problem::new(1, "one check failed")),
        _ => Err(Problem::new(1, format!("{fails} checks failed"))),
    }
}

/// The certificates of a file, of authorities that clients were told to trust.
fn read_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    read.ok().filter(|certificates| !certificates.is_empty()).ok_or_else(|| {
        Problem::new(2, format!("`{}` cannot be read, or holds no certificates", path.display()))
            .hint("it begins with -----BEGIN CERTIFICATE-----")
    })
}

fn look(config: &Config, authorities: &[CertificateDer<'static>]) -> Vec<Finding> {
    let mut found = vec![settings(config)];
    found.extend(modes(config));
    let key = match identity::open(&config.identity_path()).map(|key| key.public()) {
        Ok(key) => {
            found.push(Finding::ok("identity", format!("charters name {key}")));
            Some(key)
        }
        Err(error) => {
            found.push(Finding::problem("identity", error));
            None
        }
    };
    let promised = networks(config, &mut found);
    let stored = database(config, &mut found);
    found.push(room(config, promised.saturating_sub(stored)));
    found.push(clock(config));
    found.push(open_files(config));
    found.extend(plain(config));
    found.extend(config.tls.as_ref().map(|tls| certificate(config, tls)));
    found.push(reached(config, key, authorities));
    found
}

fn settings(config: &Config) -> Finding {
    let path = config.dir.join("relay.toml");
    let mut says = format!("{} can be used", path.display());
    if !config.overridden.is_empty() {
        says = format!("{says}; the environment counts more: {}", config.overridden.join(", "));
    }
    Finding::ok("config", says)
}

/// The directory and what is in it belong to nobody else.
fn modes(config: &Config) -> Vec<Finding> {
    let Ok(folder) = std::fs::metadata(&config.dir) else { return Vec::new() };
    let (mut open, mut others) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(&config.dir).into_iter().flatten().flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let path = entry.path();
        if metadata.mode() & 0o077 != 0 {
            open.push(format!("chmod 600 {}", path.display()));
        }
        if metadata.uid() != folder.uid() {
            others.push(path.display().to_string());
        }
    }
    let mut found = Vec::new();
    if !open.is_empty() {
        found.push(Finding::fail("files", "others than the relay's user may read its files", open.join("; ")));
    }
    if !others.is_empty() {
        let hint = format!("give them to the owner of {}: chown", config.dir.display());
        found.push(Finding::fail("files", format!("of another owner: {}", others.join(", ")), hint));
    }
    if folder.mode() & 0o077 != 0 {
        let hint = format!("chmod 700 {}", config.dir.display());
        found.push(Finding::warn("files", "others may see which files there are, and how large", hint));
    }
    if found.is_empty() {
        found.push(Finding::ok("files", "only the relay's user may read them"));
    }
    found
}

/// Returns what the quotas promise together.
fn networks(config: &Config, found: &mut Vec<Finding>) -> u64 {
    let list = match read_list(&config.networks_path()) {
        Ok(list) => list,
        Err(error) => {
            found.push(Finding::problem("networks", error));
            return 0;
        }
    };
    let promised = list.iter().fold(0_u64, |all, allowed| all.saturating_add(allowed.quota.0));
    found.push(if list.is_empty() {
        let hint = "allow one by its id (networks allow), or give the file admission.token to its admins";
        Finding::warn("networks", "none is served yet", hint)
    } else {
        Finding::ok("networks", format!("{} may fill {} together", list.len(), rough(promised)))
    });
    promised
}

/// Returns how much of the quotas is taken.
fn database(config: &Config, found: &mut Vec<Finding>) -> u64 {
    let path = config.database_path();
    if !path.exists() {
        found.push(Finding::ok("database", "there is none yet: the relay makes it when it is first served"));
        return 0;
    }
    let checked = sqlite::check(&path).and_then(|health| Ok((health, SqliteStore::stats_of(&path)?)));
    match checked {
        Ok((health, stats)) if health.complaints.is_empty() => {
            let version = health.version;
            found.push(Finding::ok("database", format!("it is well, schema version {version}")));
            stats.bytes
        }
        Ok((health, _)) => {
            let hint = "stop the relay, move away what begins with relay.db, and start it: clients bring back the rest";
            let count = health.complaints.len();
            found.push(Finding::fail("database", format!("it is damaged in {count} places or more"), hint));
            0
        }
        Err(error) => {
            found.push(Finding::problem("database", error));
            0
        }
    }
}

fn room(config: &Config, promised: u64) -> Finding {
    let Ok(space) = disk::space(&config.dir) else {
        return Finding::warn("disk", "the system does not say how much is free", "look at it yourself: df");
    };
    let limits = &config.limits;
    let free = rough(space.free);
    if space.free < limits.disk_low_bytes {
        let hint = "make room: below this, reports and answers are refused, and in the end alerts";
        return Finding::fail("disk", format!("only {free} are free"), hint);
    }
    if space.free < limits.disk_warning_bytes || space.free < promised {
        let hint = "make room, or lower quotas: networks allow ID --quota SIZE";
        let says = format!("{free} are free, and networks may still take {}", rough(promised));
        return Finding::warn("disk", says, hint);
    }
    Finding::ok("disk", format!("{free} are free, enough for what quotas promise"))
}

fn clock(config: &Config) -> Finding {
    const BEHIND: &str = "set the clock, and have it kept right: systemd-timesyncd or chrony";
    let now = config.clock.now();
    if now < WRITTEN {
        return Finding::fail("clock", "it is behind the day on which this program was written", BEHIND);
    }
    match sqlite::newest(&config.database_path()) {
        Ok(newest) if now < newest.minus(60) => Finding::fail("clock", "it is behind what the database holds", BEHIND),
        _ => Finding::ok("clock", "it is not behind anything that is known here"),
    }
}

fn open_files(config: &Config) -> Finding {
    let wanted = u64::try_from(config.limits.connections).unwrap_or(u64::MAX).saturating_add(OTHER_FILES);
    match descriptors::most() {
        Some(most) if most < wanted => Finding::warn(
            "limits",
            format!("{most} files may be open at once, seen from here; {wanted} are wanted"),
            "raise the limit (LimitNOFILE= of a systemd unit, or ulimit -n), or lower `connections` under [limits]",
        ),
        _ => Finding::ok(
            "limits",
            format!("enough files may be open at once for {} connections", config.limits.connections),
        ),
    }
}

/// Without TLS a relay listens to its own machine only.
fn plain(config: &Config) -> Option<Finding> {
    (!config.listen.ip().is_loopback()).then(|| {
        let says = format!("{} is no address of this machine alone, and no TLS is spoken there", config.listen);
        let hint =
            "listen on 127.0.0.1, unless only a proxy can reach it there; TLS has an address of its own, under [tls]";
        Finding::warn("listen", says, hint)
    })
}

/// The certificate as the next start, or the next look at it, will find it.
fn certificate(config: &Config, tls: &Tls) -> Finding {
    const RENEW: &str = "have it renewed by a timer (certbot, for example); the relay reads the new files by itself";
    let pair = match tls.load() {
        Ok(pair) => pair,
        Err(error) => return Finding::problem("tls", error),
    };
    let ([from, until], now) = (pair.valid(), config.clock.now());
    if now < from {
        return Finding::fail("tls", "the certificate is not valid yet", "look at this machine's clock");
    }
    let left = until.since(now) / DAY;
    if now >= until {
        let says = format!("the certificate expired {} days ago: clients refuse it", now.since(until) / DAY);
        return Finding::fail("tls", says, RENEW);
    }
    let host = config.url.as_deref().and_then(|url| Target::of_url(url).ok()).map(|target| target.host);
    if let Some(Err(names)) = host.as_deref().map(|host| pair.is_for(host)) {
        let says = format!("the certificate is for {}: clients come to another name and refuse it", names.join(", "));
        return Finding::fail("tls", says, "order one for the name in `url`, or correct `url`");
    }
    match left {
        0..EXPIRES_SOON => Finding::warn("tls", format!("the certificate expires in {left} days"), RENEW),
        _ => Finding::ok("tls", format!("the certificate is valid for {left} days more")),
    }
}

/// Whether clients come to this very relay by its URL.
fn reached(config: &Config, key: Option<PublicKey>, authorities: &[CertificateDer<'static>]) -> Finding {
    let Some(url) = &config.url else {
        let hint = "set `url` to what charters name, so that it can be tried";
        return Finding::warn("url", "none is set: clients must be told one that leads here", hint);
    };
    let target = match Target::of_url(url) {
        Ok(target) => target,
        Err(reason) => return Finding::fail("url", format!("{url}: {reason}"), "correct `url`"),
    };
    if target.is_onion() {
        let hint = "try it with a client behind Tor";
        return Finding::warn("url", format!("{url} was not tried: it is reached through Tor"), hint);
    }
    if !server::is_running(config) {
        let hint = format!("start it, then check again: watchfire-relay serve --dir {}", config.dir.display());
        return Finding::warn("url", format!("{url} was not tried: no relay runs in this directory"), hint);
    }
    match greet(&target, authorities) {
        Err(reason) => {
            let hint = "look at its name (DNS), the port, the firewall, the proxy and its certificate";
            Finding::fail("url", format!("{url} does not lead to a relay: {reason}"), hint)
        }
        Ok(greeting) if Some(greeting.relay) != key => {
            let hint = "the name or the proxy leads elsewhere: no client of yours would speak with it";
            Finding::fail("url", format!("{url} leads to another relay, with the key {}", greeting.relay), hint)
        }
        Ok(greeting) => doubtful(config.clock.now(), greeting.time)
            .unwrap_or_else(|| Finding::ok("url", format!("{url} leads here: the relay answers with its own key"))),
    }
}

/// The same machine's clock should show the same time twice.
fn doubtful(now: Timestamp, told: Timestamp) -> Option<Finding> {
    (now.0.abs_diff(told.0) > 60)
        .then(|| Finding::fail("url", "the relay's clock differs from this program's", "look at both machines' clocks"))
}

/// As people say sizes.
fn rough(bytes: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = units.into_iter().find(|(_, shift)| bytes >> shift > 0);
    unit.map_or_else(|| Quota(bytes).to_string(), |(unit, shift)| format!("{} {unit}", bytes >> shift))
}
