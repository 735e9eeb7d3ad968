//! Relay and clients in one simulated network: crashes, partitions, held and slow connections, clocks that are off.
//!
//! `WATCHFIRE_SEED` says which run, `WATCHFIRE_SEEDS` how many from there on, `WATCHFIRE_MINUTES` for how many simulated
//! minutes things fail; `WATCHFIRE_LOUD=1` prints what happens. Odd seeds have two relays in the charter. A run is a process of its own, which draws the same keys
//! again, and the first one is made twice: it must be the same run.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use watchfire_tests::simulation::entropy;
use watchfire_tests::simulation::script::{Plan, run};

const NAME: &str = "nothing_acknowledged_is_lost_nothing_is_shown_twice_and_epochs_converge";
/// Says to a process that it is one run, and where its files go.
const RUN: &str = "WATCHFIRE_RUN";
const SEED: u64 = 20_261_122;
const SEEDS: u64 = 3;
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
    let seeds = first..first + number("WATCHFIRE_SEEDS").unwrap_or(SEEDS);
    // The first one twice, where it can be the same run.
    let runs: Vec<u64> = library.iter().map(|_| first).chain(seeds).collect();
    let done = at_once(&runs, library.as_deref());
    let failed: Vec<&str> = done.iter().filter_map(|done| done.as_ref().err()).map(String::as_str).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let figures: Vec<&Value> = done.iter().flatten().collect();
    println!("{}", said(figures.iter().skip(library.iter().count()).copied()));
    let twice = figures.iter().take(1 + library.iter().count());
    assert!(twice.clone().all(|run| *run == figures[0]), "the same seed, and not the same run: {twice:#?}");
}

/// Makes runs, as many at once as there are processors. Each failure begins with its seed.
fn at_once(seeds: &[u64], library: Option<&Path>) -> Vec<Result<Value, String>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some((at, seed)) = Some(next.fetch_add(1, Ordering::SeqCst)).and_then(|at| Some((at, seeds.get(at)?)))
        {
            let run = in_process(*seed, library).map_err(|said| format!("WATCHFIRE_SEED={seed}: {said}"));
            println!("WATCHFIRE_SEED={seed} {}", run.as_ref().map_or("failed".to_owned(), Value::to_string));
            done.lock().unwrap().insert(at, run);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// What all runs together did.
fn said<'a>(figures: impl Iterator<Item = &'a Value>) -> String {
    let (mut runs, mut counts) = (0_u64, BTreeMap::<&String, u64>::new());
    for figures in figures {
        runs += 1;
        for (what, count) in figures["counts"].as_object().unwrap() {
            *counts.entry(what).or_default() += count.as_u64().unwrap();
        }
    }
    let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{what}: {count}")).collect();
    format!("runs: {runs}, {}", counts.join(", "))
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
    let seed = number("WATCHFIRE_SEED").unwrap();
    let plan = Plan {
        seed,
        // Every second run.
        two_relays: seed % 2 == 1,
        minutes: number("WATCHFIRE_MINUTES").unwrap_or(MINUTES),
        loud: is_loud(),
    };
    match run(plan, folder) {
        Ok(figures) => println!("\nfigures {figures}"),
        Err(wrong) => panic!("{wrong}"),
    }
}
