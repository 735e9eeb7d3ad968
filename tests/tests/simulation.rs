//! Relay and clients in one simulated network: crashes, partitions, held and slow connections, clocks that are off.
//!
//! `WATCHFIRE_SEED` says which run, `WATCHFIRE_SEEDS` how many from there on, `WATCHFIRE_MINUTES` for how many simulated
//! minutes things fail; `WATCHFIRE_LOUD=1` prints what happens. A run is a process of its own, which draws the same keys
//! again, and the first one is made twice: it must be the same run.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use watchfire_tests::simulation::entropy;
use watchfire_tests::simulation::script::{Plan, run};

const NAME: &str = "nothing_acknowledged_is_lost_nothing_is_shown_twice_and_epochs_converge";
/// Says to a process that it is one run, and where its files go.
const RUN: &str = "WATCHFIRE_RUN";
const SEED: u64 = 20_261_122;
const MINUTES: u64 = 2;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn is_loud() -> bool {
    std::env::var_os("WATCHFIRE_LOUD").is_some()
}

/// A folder whose files are kept in memory, where there is one: nothing here is about the disk.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

#[test]
fn nothing_acknowledged_is_lost_nothing_is_shown_twice_and_epochs_converge() {
    if let Some(folder) = std::env::var_os(RUN) {
        return one_run(Path::new(&folder));
    }
    let first = number("WATCHFIRE_SEED").unwrap_or(SEED);
    let built = folder();
    let library = entropy::library(built.path());
    let mut all = Figures::default();
    let mut failed = Vec::new();
    for seed in first..first + number("WATCHFIRE_SEEDS").unwrap_or(1) {
        println!("WATCHFIRE_SEED={seed}");
        let runs = if seed == first && library.is_some() { 2 } else { 1 };
        let done: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..runs).map(|_| scope.spawn(|| in_process(seed, library.as_deref()))).collect();
            running.into_iter().map(|run| run.join().unwrap()).collect()
        });
        if done.iter().any(|each| each.as_ref().ok() != done.first().and_then(|first| first.as_ref().ok())) {
            failed.push(format!("WATCHFIRE_SEED={seed} is not the same run twice: {done:#?}"));
        }
        match done.into_iter().next().unwrap() {
            Ok(figures) => all.add(&figures),
            Err(said) => failed.push(format!("WATCHFIRE_SEED={seed}: {said}")),
        }
    }
    println!("{}", all.said());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What all runs together did.
#[derive(Default)]
struct Figures {
    runs: u64,
    counts: BTreeMap<String, u64>,
}

impl Figures {
    fn add(&mut self, figures: &Value) {
        self.runs += 1;
        for (what, count) in figures["counts"].as_object().unwrap() {
            *self.counts.entry(what.clone()).or_default() += count.as_u64().unwrap();
        }
    }

    fn said(&self) -> String {
        let counts: Vec<String> = self.counts.iter().map(|(what, count)| format!("{what}: {count}")).collect();
        format!("runs: {}, {}", self.runs, counts.join(", "))
    }
}

fn in_process(seed: u64, library: Option<&Path>) -> Result<Value, String> {
    let folder = folder();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", NAME, "--nocapture"]);
    command.env(RUN, folder.path()).env("WATCHFIRE_SEED", seed.to_string()).env(entropy::VARIABLE, seed.to_string());
    if let Some(library) = library {
        command.env("LD_PRELOAD", library);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    if is_loud() {
        println!("{said}");
    }
    let figures = said.lines().find_map(|line| line.strip_prefix("figures "));
    let figures = figures.filter(|_| status.success()).and_then(|line| serde_json::from_str(line).ok());
    figures.ok_or_else(|| format!("{said}\n{complained}"))
}

fn one_run(folder: &Path) {
    let plan = Plan {
        seed: number("WATCHFIRE_SEED").unwrap(),
        minutes: number("WATCHFIRE_MINUTES").unwrap_or(MINUTES),
        loud: is_loud(),
    };
    match run(plan, folder) {
        Ok(figures) => println!("\nfigures {figures}"),
        Err(wrong) => panic!("{wrong}"),
    }
}
