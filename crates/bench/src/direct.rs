//! Starts everything, tells it what to do, and reports.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use clap::ValueEnum;
use tempfile::TempDir;
use watchfire_protocol::sign::PublicKey;

use crate::conduct::{Connect, Done, Order};
use crate::report::{Figure, Goal, heading, micros, millis};
use crate::{Arguments, Outcome, probe, world};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// One alert to everybody in one neighborhood.
    Fanout,
    /// One alert each in many neighborhoods.
    Channels,
    /// Alerts back to back.
    Stream,
    /// Many publishers and nobody who follows.
    Appends,
    /// Everybody connects again at once.
    Storm,
    /// Somebody comes back after a long time.
    Backlog,
}

/// What every measurement needs.
struct Bench<'a> {
    arguments: &'a Arguments,
    program: PathBuf,
    relay: PathBuf,
}

/// Measures what was asked for.
pub(crate) fn run(arguments: &Arguments) -> Outcome<()> {
    let program = std::env::current_exe()?;
    let relay = arguments.relay.clone().unwrap_or_else(|| program.with_file_name("watchfire-relay"));
    if !relay.exists() {
        return Err(format!("there is no {}: cargo build --release -p watchfire-relay", relay.display()).into());
    }
    let bench = Bench { arguments, program, relay };
    heading(arguments.json);
    for scenario in Scenario::value_variants() {
        if arguments.only.is_empty() || arguments.only.contains(scenario) {
            bench.measure(*scenario)?;
        }
    }
    Ok(())
}

impl Bench<'_> {
    fn measure(&self, scenario: Scenario) -> Outcome<()> {
        match scenario {
            Scenario::Fanout => {
                self.fanout(1_000, Goal::AtMost(1.5))?;
                self.fanout(5_000, Goal::AtMost(1.35))?;
                self.fanout(10_000, Goal::AtMost(1.35))
            }
            Scenario::Channels => self.channels(),
            Scenario::Stream => self.stream(),
            Scenario::Appends => self.appends(),
            Scenario::Storm => self.storm(),
            Scenario::Backlog => self.backlog(),
        }
    }

    fn say(&self, figure: &Figure) {
        figure.print(self.arguments.json);
    }

    /// So many, or the fraction that was asked for.
    fn some(&self, number: usize) -> usize {
        (number / self.arguments.fraction).max(1)
    }

    /// Rounds of one alert in each of some neighborhoods, at the relay and at the plain loop in turn.
    fn alerts(&self, groups: usize, followers: usize) -> Outcome<Alerts> {
        let (relay, plain) = (Relay::start(&self.relay, groups)?, Plain::start(&self.program)?);
        let (mut ours, mut theirs) = (Swarm::start(&self.program)?, Swarm::start(&self.program)?);
        let before = probe::resident(relay.id())?;
        ours.connect(&relay.connect(followers, 1))?;
        let each = (probe::resident(relay.id())? - before) as f64 / (groups * (followers + 1)) as f64;
        theirs.connect(&plain.connect(groups, followers, 1))?;
        // Not measured: first allocations, cold pages.
        ours.publish(1)?;
        theirs.publish(1)?;
        let mut alerts =
            Alerts { memory: each / 1024.0, times: Vec::new(), beyond_fsync: Vec::new(), processor: Vec::new() };
        for _ in 0..self.arguments.rounds {
            let fsync = probe::fsync(relay.dir.path())?;
            let (took, cost) = relay.cost(|| ours.publish(1))?;
            let (limit, least) = plain.cost(|| theirs.publish(1))?;
            alerts.times.push((millis(took.took), millis(limit.took)));
            alerts.beyond_fsync.push((millis(took.took.saturating_sub(fsync)), millis(limit.took)));
            let count = took.deliveries as f64;
            alerts.processor.push((micros(cost) / count, micros(least) / count));
        }
        Ok(alerts)
    }

    fn fanout(&self, followers: usize, goal: Goal) -> Outcome<()> {
        let followers = self.some(followers);
        let alerts = self.alerts(1, followers)?;
        alerts.say(self, &format!("one alert to {followers}"), goal);
        let name = format!("memory of one of {followers} idle connections");
        self.say(&Figure::alone(&name, "KiB", vec![alerts.memory], Some(Goal::AtMost(5.0))));
        Ok(())
    }

    fn channels(&self) -> Outcome<()> {
        let (groups, followers) = (self.some(100), 100);
        let alerts = self.alerts(groups, followers)?;
        alerts.say(self, &format!("one alert each in {groups} groups of {followers}"), Goal::AtMost(1.5));
        Ok(())
    }

    fn stream(&self) -> Outcome<()> {
        let (followers, records) = (self.some(1_000), self.some(2_000));
        let (relay, plain) = (Relay::start(&self.relay, 1)?, Plain::start(&self.program)?);
        let (mut ours, mut theirs) = (Swarm::start(&self.program)?, Swarm::start(&self.program)?);
        ours.connect(&relay.connect(followers, 64))?;
        theirs.connect(&plain.connect(1, followers, 1))?;
        let mut rates = Vec::new();
        for _ in 0..self.arguments.rounds.div_ceil(3) {
            let rate = |done: &Done| done.deliveries as f64 / done.took.as_secs_f64() / 1e3;
            rates.push((rate(&ours.publish(records)?), rate(&theirs.publish(records.div_ceil(4))?)));
        }
        let name = format!("deliveries/s, back to back, to {followers}");
        self.say(&Figure::pairs(&name, "k/s", &rates, Some(Goal::AtLeast(3.5))));
        Ok(())
    }

    fn appends(&self) -> Outcome<()> {
        let records = self.some(20_000);
        let relay = Relay::start(&self.relay, 1)?;
        let mut swarm = Swarm::start(&self.program)?;
        swarm.connect(&relay.connect(0, 64))?;
        let mut rates = Vec::new();
        for _ in 0..self.arguments.rounds.div_ceil(3) {
            let done = swarm.publish(records)?;
            rates.push(records as f64 / done.acknowledged.as_secs_f64() / 1e3);
        }
        self.say(&Figure::alone(
            "appends/s of 64 publishers, each after fsync",
            "k/s",
            rates,
            Some(Goal::AtLeast(10.0)),
        ));
        Ok(())
    }

    fn storm(&self) -> Outcome<()> {
        let followers = self.some(5_000);
        let relay = Relay::start(&self.relay, 2)?;
        let (mut ours, mut theirs) = (Swarm::start(&self.program)?, Swarm::start(&self.program)?);
        let mut settled = Swarm::start(&self.program)?;
        let groups = |of: fn(&[String]) -> Option<&String>| vec![of(&relay.networks).cloned()];
        settled.connect(&Connect { groups: groups(<[_]>::last), ..relay.connect(100, 1) })?;
        // Everybody has seen an alert, and says so.
        let storm =
            |followers, publishers| Connect { groups: groups(<[_]>::first), ..relay.connect(followers, publishers) };
        ours.connect(&storm(0, 1))?;
        ours.publish(1)?;
        ours.leave()?;
        let (mut pairs, mut beyond, mut alerts) = (Vec::new(), Vec::new(), Vec::new());
        let mut processor = Vec::new();
        for _ in 0..self.arguments.rounds.div_ceil(3) {
            let checks = probe::signature_checks(u32::try_from(followers)?)?;
            let quiet = millis(settled.publish(1)?.took);
            let connect = Connect { at_once: true, ..storm(followers, 0) };
            let storming = || ours.connect(&connect).map_err(|error| error.to_string());
            let ((done, longest), work) = relay.cost(|| meanwhile(&mut settled, storming))?;
            alerts.push((longest, quiet));
            let took = done?.took;
            // It notices that somebody is gone only when it writes: a new one has all its file descriptors.
            let plain = Plain::start(&self.program)?;
            let connect = Connect { at_once: true, ..plain.connect(1, followers, 0) };
            let (done, least) = plain.cost(|| theirs.connect(&connect))?;
            let limit = done.took;
            processor.push((micros(work) / followers as f64, micros(least) / followers as f64));
            pairs.push((millis(took), millis(limit)));
            beyond.push((millis(took.saturating_sub(checks)), millis(limit)));
            ours.leave()?;
            theirs.leave()?;
        }
        self.say(&Figure::pairs(&format!("{followers} connect at once"), "ms", &pairs, None));
        let name = "the same, less as many signature checks";
        self.say(&Figure::pairs(name, "ms", &beyond, Some(Goal::AtMost(3.0))));
        self.say(&Figure::pairs("processor time of one who connects", "µs", &processor, None));
        let name = "the slowest of alerts to 100 meanwhile; before it";
        self.say(&Figure::pairs(name, "ms", &alerts, None));
        Ok(())
    }

    fn backlog(&self) -> Outcome<()> {
        let records = self.some(100_000);
        let relay = Relay::start(&self.relay, 1)?;
        let mut swarm = Swarm::start(&self.program)?;
        swarm.connect(&relay.connect(0, 64))?;
        swarm.publish(records)?;
        swarm.leave()?;
        let (mut rates, mut grown) = (Vec::new(), Vec::new());
        for _ in 0..self.arguments.rounds.div_ceil(3) {
            let before = probe::resident(relay.id())?;
            let done = swarm.connect(&Connect { all: true, ..relay.connect(1, 0) })?;
            grown.push(probe::resident(relay.id())?.saturating_sub(before) as f64 / f64::from(1 << 20));
            rates.push(done.bytes as f64 / done.took.as_secs_f64() / 1e6);
            swarm.leave()?;
        }
        let name = format!("{records} records to one who was away");
        self.say(&Figure::alone(&name, "MB/s", rates, Some(Goal::AtLeast(50.0))));
        self.say(&Figure::alone("the relay's memory grows meanwhile by", "MiB", grown, Some(Goal::AtMost(8.0))));
        Ok(())
    }
}

/// Does some work while others are sent an alert now and then, and says how many milliseconds the slowest took to the last
/// of them.
fn meanwhile<T: Send>(settled: &mut Swarm, work: impl FnOnce() -> T + Send) -> Outcome<(T, f64)> {
    const PAUSE: Duration = Duration::from_millis(50);
    std::thread::scope(|scope| {
        let working = scope.spawn(work);
        let mut longest = 0.0_f64;
        while !working.is_finished() {
            longest = longest.max(millis(settled.publish(1)?.took));
            std::thread::sleep(PAUSE);
        }
        Ok((working.join().map_err(|_| "the storm was not counted to its end")?, longest))
    })
}

/// What rounds of alerts took.
struct Alerts {
    /// KiB of the relay for a connection that waits.
    memory: f64,
    times: Vec<(f64, f64)>,
    /// The same, less an `fsync` of the same moment: the plain loop has no disk.
    beyond_fsync: Vec<(f64, f64)>,
    /// Processor time of a delivery.
    processor: Vec<(f64, f64)>,
}

impl Alerts {
    fn say(&self, bench: &Bench<'_>, name: &str, goal: Goal) {
        bench.say(&Figure::pairs(&format!("{name}, to the last"), "ms", &self.times, None));
        bench.say(&Figure::pairs("the same, less one fsync", "ms", &self.beyond_fsync, Some(goal)));
        bench.say(&Figure::pairs("processor time of a delivery", "µs", &self.processor, Some(Goal::AtMost(1.3))));
    }
}

/// A process that ends with this.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A relay as it is shipped, with networks, and without limits on one source's pace: everybody comes from this machine.
struct Relay {
    process: Process,
    dir: TempDir,
    address: SocketAddr,
    networks: Vec<String>,
}

impl Relay {
    fn start(program: &Path, networks: usize) -> Outcome<Self> {
        let dir = tempfile::tempdir()?;
        let at = |command: &mut Command| -> Outcome<()> {
            let done = command.arg("--dir").arg(dir.path()).output()?;
            if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into()) }
        };
        at(Command::new(program).args(["init", "--listen", "127.0.0.1:0"]))?;
        let config = dir.path().join("relay.toml");
        let pace = "frames-per-second = 1000000\nframes-burst = 1000000\nbytes-per-second = 10000000000\n\
                    idle-seconds = 3600\n";
        fs::write(&config, fs::read_to_string(&config)?.replace("\n[limits]\n", &format!("\n[limits]\n{pace}")))?;
        let mut child =
            Command::new(program).arg("serve").arg("--dir").arg(dir.path()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take();
        let process = Process(child);
        let ready: serde_json::Value = serde_json::from_str(&first_line(out)?)?;
        let told = |name: &str| ready.get(name).and_then(serde_json::Value::as_str).ok_or("the relay is not ready");
        let (address, key): (SocketAddr, PublicKey) = (told("listening")?.parse()?, told("relay_key")?.parse()?);
        let mut relay = Self { process, dir, address, networks: Vec::new() };
        for number in 0..networks {
            let (network, charter) = world::charter(u8::try_from(number)?, key);
            let id = network.to_string();
            let allow =
                Command::new(program).args(["networks", "allow", &id, "--dir"]).arg(relay.dir.path()).output()?;
            if !allow.status.success() {
                return Err(String::from_utf8_lossy(&allow.stderr).into());
            }
            world::found(address, network, &charter)?;
            relay.networks.push(id);
        }
        Ok(relay)
    }

    fn id(&self) -> u32 {
        self.process.0.id()
    }

    fn connect(&self, followers: usize, publishers: usize) -> Connect {
        let groups = self.networks.iter().cloned().map(Some).collect();
        Connect { to: self.address, groups, followers, publishers, at_once: false, all: false }
    }

    fn cost<T>(&self, work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
        cost(self.id(), work)
    }
}

/// The plain loop.
struct Plain {
    process: Process,
    address: SocketAddr,
}

impl Plain {
    fn start(program: &Path) -> Outcome<Self> {
        let mut child = Command::new(program).arg("plain").stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take();
        let process = Process(child);
        Ok(Self { process, address: first_line(out)?.trim().parse()? })
    }

    fn connect(&self, groups: usize, followers: usize, publishers: usize) -> Connect {
        Connect { to: self.address, groups: vec![None; groups], followers, publishers, at_once: false, all: false }
    }

    fn cost<T>(&self, work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
        cost(self.process.0.id(), work)
    }
}

/// What some work costs a process.
fn cost<T>(process: u32, work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let before = probe::processor(process)?;
    let done = work()?;
    Ok((done, probe::processor(process)?.saturating_sub(before)))
}

fn first_line(out: Option<ChildStdout>) -> Outcome<String> {
    let mut line = String::new();
    BufReader::new(out.ok_or("no output")?).read_line(&mut line)?;
    Ok(line)
}

/// A swarm of clients.
struct Swarm {
    _process: Process,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Swarm {
    fn start(program: &Path) -> Outcome<Self> {
        let mut child = Command::new(program).arg("swarm").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (orders, answers) = (child.stdin.take().ok_or("no input")?, child.stdout.take().ok_or("no output")?);
        Ok(Self { _process: Process(child), orders, answers: BufReader::new(answers) })
    }

    fn order(&mut self, order: &Order) -> Outcome<Done> {
        writeln!(self.orders, "{}", serde_json::to_string(order)?)?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        if line.is_empty() {
            return Err("the swarm ended; it said why".into());
        }
        Ok(serde_json::from_str(&line)?)
    }

    fn connect(&mut self, connect: &Connect) -> Outcome<Done> {
        self.order(&Order::Connect(connect.clone()))
    }

    fn publish(&mut self, each: usize) -> Outcome<Done> {
        self.order(&Order::Publish { each })
    }

    fn leave(&mut self) -> Outcome<()> {
        self.order(&Order::Leave).map(drop)
    }
}
