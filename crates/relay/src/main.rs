//! `watchfire-relay`: arguments in, words out.

mod command;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    // Nothing that is logged at any level names an address, a network or a key.
    let filter = EnvFilter::try_from_env("WATCHFIRE_RELAY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    match arguments.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            problem.code()
        }
    }
}
