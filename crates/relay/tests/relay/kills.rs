//! `kill -9` at any moment, again and again, over one directory: nothing that was acknowledged or delivered is lost,
//! nothing is there twice, no position is given twice, and what expires is gone.
//!
//! `WATCHFIRE_KILLS` says how often, `WATCHFIRE_SEED` which random choices. The seed is printed; when a signal meets a
//! process is the machine's choice as well.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use watchfire_protocol::announcement::Keys;
use watchfire_protocol::frame::{ObjectClass, Prover, Refusal, Reply, Request};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::record::Channel;
use watchfire_protocol::sign::SecretKey;

use crate::client::{Client, Received};
use crate::ledger::Ledger;
use crate::organization::{EpochKeys, Organization, coordinator, sized};
use crate::process::{BINARY, Choices, FAST, Process, alter, found, made, now, number, set_limits};

const LOGS: [Channel; 4] = [Channel::Alerts, Channel::Inbox, Channel::Desk, Channel::Roster];
/// In every record, so that it can be looked for in the files.
const MARK: &[u8] = b"a record of the kill loop";
/// So many of a log are left when the older ones are made to expire.
const LEFT: u64 = 30;

/// What the whole run knows.
struct Run {
    dir: PathBuf,
    organization: Organization,
    /// Every epoch that was opened, or may have been.
    epochs: Mutex<BTreeMap<u64, EpochKeys>>,
    /// The last one of which the opener heard that it is open.
    opened: Mutex<u64>,
    logs: [Mutex<Ledger>; 4],
    resent: Mutex<u64>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

impl Run {
    fn log(&self, log: Channel) -> MutexGuard<'_, Ledger> {
        lock(&self.logs[LOGS.iter().position(|each| *each == log).unwrap()])
    }

    /// The keys of the epoch that a connection may prove.
    fn keys(&self, epoch: u64) -> EpochKeys {
        lock(&self.epochs)[&epoch].clone()
    }

    async fn connect(&self, url: &str, prover: Prover, epoch: &EpochKeys) -> Option<Result<Client, Refusal>> {
        let key: &SecretKey = if prover == Prover::Member { &epoch.member } else { &epoch.coordinator };
        Client::try_proved(url, self.organization.place(), epoch.number, prover, key).await
    }

    /// Makes what was verified expire, except for the newest, and the slots of closed epochs with it.
    fn expire(&self, left: u64) {
        for log in LOGS {
            let mut ledger = self.log(log);
            ledger.expired = ledger.expired.max(ledger.verified.saturating_sub(left));
            let (log, expired) = (log as u8, ledger.expired);
            alter(&self.dir, &format!("UPDATE records SET expires = 1 WHERE log = {log} AND position <= {expired}"));
        }
        alter(&self.dir, "UPDATE epochs SET forget = 1 WHERE forget > 1");
    }
}

/// Somebody who appends, and who sends again what was not answered.
struct Writer {
    choices: Choices,
    prover: Prover,
    unanswered: Option<(Channel, Vec<u8>)>,
}

impl Writer {
    fn record(&mut self, epoch: Epoch) -> (Channel, Vec<u8>) {
        let log = match self.prover {
            Prover::Member => Channel::Inbox,
            _ => self.choices.of(&LOGS),
        };
        let size = self.choices.of(&[4 << 10, 4 << 10, 4 << 10, 16 << 10, 64 << 10]);
        let mut record = sized(log, epoch, 0x5a, size);
        record[14..22].copy_from_slice(&self.choices.next().to_be_bytes());
        record[30..30 + MARK.len()].copy_from_slice(MARK);
        (log, record)
    }

    /// Appends until the relay is gone.
    async fn write(&mut self, run: &Run, url: &str) -> Option<()> {
        let mut epoch = *lock(&run.opened);
        loop {
            let keys = run.keys(epoch);
            let mut client = match run.connect(url, self.prover, &keys).await? {
                Ok(client) => client,
                Err(Refusal::ClosedEpoch { current, .. } | Refusal::UnknownEpoch { current, .. }) => {
                    epoch = current.0;
                    continue;
                }
                Err(other) => panic!("{other:?}"),
            };
            epoch = self.append(run, &mut client, keys.number).await?;
        }
    }

    /// Appends until the epoch has closed, and returns the next one.
    async fn append(&mut self, run: &Run, client: &mut Client, epoch: Epoch) -> Option<u64> {
        loop {
            let again = self.unanswered.take();
            let first = again.is_none();
            let (log, record) = again.unwrap_or_else(|| self.record(epoch));
            let last = run.log(log).send(&record);
            self.unanswered = Some((log, record.clone()));
            *lock(&run.resent) += u64::from(!first);
            let reply = client.try_ask(Request::Append { record: record.clone() }).await?;
            self.unanswered = None;
            match reply {
                Reply::Appended { position, .. } => {
                    run.log(log).acknowledge(&record, position, first.then_some(last));
                }
                Reply::Refused(Refusal::ClosedEpoch { current, .. } | Refusal::UnknownEpoch { current, .. }) => {
                    run.log(log).refuse(&record);
                    return Some(current.0);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Opens one epoch after the other, and begins with the one of which it did not hear whether it is open.
async fn open_epochs(run: Arc<Run>, url: String, pause: Duration) -> Option<()> {
    let place = run.organization.place();
    let device = coordinator();
    let proved = Client::try_proved(&url, place, Epoch::NONE, Prover::Device(device.public()), &device).await?;
    let mut client = proved.unwrap();
    loop {
        tokio::time::sleep(pause).await;
        let held = *lock(&run.opened);
        let keys = {
            let mut epochs = lock(&run.epochs);
            let before = epochs[&held].clone();
            let opened_at = |keys: &mut Keys, _: &mut _| keys.opened_at = now();
            let made = || EpochKeys::new(&run.organization, held + 1, Some(&before), 3, opened_at, &coordinator());
            epochs.entry(held + 1).or_insert_with(made).clone()
        };
        let (class, objects) = (ObjectClass::Slot, keys.slots.clone());
        let staged = client.try_ask(Request::Stage { announcement: keys.hash, class, objects }).await?;
        assert!(matches!(staged, Reply::Staged { slots: 3, .. }), "{staged:?}");
        let open = Request::Open { announcement: keys.bytes.clone(), holds: Epoch(held) };
        assert_eq!(client.try_ask(open).await?, Reply::Done);
        *lock(&run.opened) = held + 1;
    }
}

/// Follows everything: what is delivered must be there after the restart.
async fn follow(run: Arc<Run>, url: String) -> Option<()> {
    let keys = run.keys(*lock(&run.opened));
    let mut client = run.connect(&url, Prover::Coordinator, &keys).await?.ok()?;
    for channel in LOGS {
        client.try_ask(Request::Subscribe { channel, cursor: None }).await?;
    }
    loop {
        if let Reply::Record { channel, position, record } = client.try_event().await? {
            run.log(channel).deliver(&Received { position, record });
        }
    }
}

/// After a restart: which epoch is held, and everything that is there.
async fn verify(run: &Run, url: &str) {
    let place = run.organization.place();
    let mut anybody = Client::connect(url).await;
    let standing = Request::Standing { network: place.network, neighborhood: place.neighborhood };
    let Reply::Standing(standing) = anybody.ask(standing).await else { panic!("no standing") };
    let held = standing.epoch.0;
    {
        let mut opened = lock(&run.opened);
        assert!(held == *opened || held == *opened + 1, "epoch {held}, and {opened} was open");
        assert!(standing.complete);
        *opened = held;
    }
    let keys = run.keys(held);
    assert_eq!(standing.announcement, keys.hash);
    let slots = Request::SlotRun {
        network: place.network,
        neighborhood: place.neighborhood,
        epoch: Epoch(held),
        run: 0,
        from: 0,
    };
    let Reply::SlotRun { slots, .. } = anybody.ask(slots).await else { panic!("no slots") };
    assert_eq!(slots, keys.slots);
    let mut reader = run.connect(url, Prover::Coordinator, &keys).await.unwrap().unwrap();
    for log in LOGS {
        reader.follow(log, None).await;
        let backlog = reader.backlog().await;
        run.log(log).verify(log, &backlog);
    }
}

fn serve(dir: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("serve").arg("--dir").arg(dir);
    command
}

/// Starts the relay, sometimes only after it was killed while it started.
fn start(dir: &Path, choices: &mut Choices, kills: &mut u64) -> Process {
    while choices.below(10) == 0 {
        let mut child = serve(dir).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(choices.below(40)));
        child.kill().unwrap();
        child.wait().unwrap();
        *kills += 1;
    }
    Process::spawn(&mut serve(dir))
}

async fn live_and_die(run: &Arc<Run>, writers: &mut Vec<Writer>, choices: &mut Choices, process: &mut Process) {
    let url = process.url.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(follow(Arc::clone(run), url.clone()));
    tasks.spawn(open_epochs(Arc::clone(run), url.clone(), Duration::from_millis(5 + choices.below(150))));
    let mut writing = JoinSet::new();
    for mut writer in writers.drain(..) {
        let (run, url) = (Arc::clone(run), url.clone());
        writing.spawn(async move {
            writer.write(&run, &url).await;
            writer
        });
    }
    tokio::time::sleep(Duration::from_millis(choices.below(120))).await;
    if choices.below(3) == 0 {
        run.expire(LEFT);
    }
    tokio::time::sleep(Duration::from_millis(choices.below(60))).await;
    process.kill();
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    writers.extend(writing.join_all().await);
}

/// Runs until what has expired is forgotten, and looks for it.
async fn nothing_is_left(dir: &Path) {
    let _process = Process::serve(dir);
    let files = || -> Vec<(PathBuf, Vec<u8>)> {
        let paths = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
        paths.map(|path| (path.clone(), std::fs::read(path).unwrap_or_default())).collect()
    };
    let holding = || -> Vec<PathBuf> {
        let holds = |bytes: &[u8]| bytes.windows(MARK.len()).any(|window| window == MARK);
        files().into_iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path).collect()
    };
    let patience = Instant::now() + Duration::from_secs(60);
    while !holding().is_empty() {
        assert!(Instant::now() < patience, "still there: {:?}", holding());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_again_and_again_the_relay_loses_nothing_doubles_nothing_and_forgets_on_time() {
    let wanted = number("WATCHFIRE_KILLS").unwrap_or(100);
    let mut choices = Choices::seeded();
    let dir = made();
    let limits = "inbox-burst = 1000000\ninbox-interval-seconds = 0\nepochs-per-day = 1000000\n\
                  sweep-seconds = 1\nsweep-rows = 20";
    set_limits(dir.path(), &format!("{FAST}\n{limits}"));

    let process = Process::serve(dir.path());
    let (organization, epoch) = found(dir.path(), &process).await;
    drop(process);
    let run = Arc::new(Run {
        dir: dir.path().to_owned(),
        organization,
        epochs: Mutex::new(BTreeMap::from([(1, epoch)])),
        opened: Mutex::new(1),
        logs: Default::default(),
        resent: Mutex::default(),
    });
    let writer = |prover, choices: &mut Choices| Writer { choices: Choices(choices.next()), prover, unanswered: None };
    let provers = [Prover::Coordinator, Prover::Coordinator, Prover::Member, Prover::Member];
    let mut writers = provers.map(|prover| writer(prover, &mut choices)).into();
    let mut kills = 0;
    while kills < wanted {
        let mut process = start(dir.path(), &mut choices, &mut kills);
        verify(&run, &process.url).await;
        live_and_die(&run, &mut writers, &mut choices, &mut process).await;
        kills += 1;
        if kills.is_multiple_of(500) {
            println!("{kills} kills");
        }
    }
    let process = Process::serve(dir.path());
    verify(&run, &process.url).await;
    drop(process);
    run.expire(0);
    nothing_is_left(dir.path()).await;

    let count = |of: fn(&Ledger) -> u64| -> u64 { LOGS.iter().map(|log| of(&run.log(*log))).sum() };
    let acknowledged = count(|log| u64::try_from(log.acknowledged()).unwrap());
    let found = count(|log| u64::try_from(log.found.len()).unwrap());
    let (delivered, expired) = (count(|log| log.delivered), count(|log| log.expired));
    let (epochs, resent) = (*lock(&run.opened), *lock(&run.resent));
    println!(
        "{kills} kills: {acknowledged} appends acknowledged, {found} found after the next start; {delivered} deliveries, \
         {resent} sent again, {epochs} epochs; up to {expired} positions forgotten"
    );
    assert_eq!(acknowledged, found);
    assert!(acknowledged > wanted, "too little was under way");
}
