//! Measures a relay against a plain write loop in the same run: `cargo run --release -p watchfire-bench`.
//!
//! `docs/performance.md` says what is measured and how. Four processes share the machine: this one, which directs; the
//! relay as it is shipped; the plain loop; and for each of the two a swarm of clients in one thread.

mod client;
mod conduct;
mod direct;
mod frame;
mod plain;
mod probe;
mod report;
mod swarm;
mod world;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::direct::Scenario;

/// Whatever goes wrong ends the run.
type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Parser)]
#[command(name = "watchfire-bench", about = "Measures a relay against a plain write loop in the same run")]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
    /// What to measure; everything without.
    #[arg(long = "only", value_enum)]
    only: Vec<Scenario>,
    /// Rounds of each measurement.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Divides all numbers of clients and records: a quick look.
    #[arg(long, default_value_t = 1)]
    fraction: usize,
    /// The relay's program; the one beside this without.
    #[arg(long)]
    relay: Option<PathBuf>,
    /// JSON lines instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Part {
    /// The plain write loop: one thread, no checks, no disk.
    #[command(hide = true)]
    Plain,
    /// Clients, directed by lines on standard input.
    #[command(hide = true)]
    Swarm,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.part {
        Some(Part::Plain) => plain::serve(),
        Some(Part::Swarm) => conduct::obey(),
        None => direct::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
