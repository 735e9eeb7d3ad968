//! The commands.

mod check;
mod greet;
mod health;
mod networks;
mod notify;
mod problem;
mod serve;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use watchfire_protocol::id::NetworkId;
use watchfire_relay::Config;
use watchfire_relay::admission::Quota;
use watchfire_relay::config::ConfigError;

pub(crate) use self::problem::Problem;

/// Run a Watchfire relay
///
/// A relay keeps sealed records for a while, fans them out, and can read none of them.
///
/// Exit codes: 0 done, 1 unexpected, 2 usage, 3 network, 4 not allowed, 6 not found.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a relay: its settings, its identity and its admission token
    Init {
        /// Where its files go
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
        /// Where it listens
        #[arg(long, default_value = "127.0.0.1:7443")]
        listen: SocketAddr,
        /// The URL by which clients reach it, as in wss://relay.example.org/v1
        #[arg(long)]
        url: Option<String>,
    },
    /// Run the relay until it is stopped
    ///
    /// Prints one line of JSON once clients may connect.
    Serve {
        /// Where its files are
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
        /// Listen here instead of where relay.toml says; port 0 takes a free one
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Say which networks are served; a running relay notices
    Networks {
        #[command(subcommand)]
        command: NetworksCommand,
    },
    /// Check everything that can be wrong: settings, files, disk, clock, URL
    ///
    /// Each line says OK, WARN or FAIL, and what to do. Ends with 1 if something failed.
    Check {
        /// Where its files are
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
        /// As one line of JSON
        #[arg(long)]
        json: bool,
        /// A file of certificates of authorities that clients trust, beside those of the web
        #[arg(long)]
        ca_file: Option<PathBuf>,
    },
    /// Connect to the relay, and check that it answers with its own key and commits
    ///
    /// Whether it commits is asked at the address `health` of relay.toml, if there is one.
    Healthcheck {
        /// Where its files are
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
    },
    /// Count what is kept, roughly
    Stats {
        /// Where its files are
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
        /// As one line of JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum NetworksCommand {
    /// Serve a network, or change its quota
    Allow {
        /// The network's id
        id: NetworkId,
        /// How much of the disk it may fill
        #[arg(long, default_value = "1GiB")]
        quota: Quota,
        /// Where the relay's files are
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
    },
    /// List the networks that are served
    List {
        /// Where the relay's files are
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
    },
    /// Serve a network no longer
    Remove {
        /// The network's id
        id: NetworkId,
        /// Where the relay's files are
        #[arg(long, env = "WATCHFIRE_RELAY_DIR")]
        dir: PathBuf,
    },
}

impl Arguments {
    pub(crate) fn run(self) -> Result<(), Problem> {
        match self.command {
            Command::Init { dir, listen, url } => serve::init(&dir, listen, url.as_deref()),
            Command::Serve { dir, listen } => serve::serve(&dir, listen),
            Command::Networks { command } => match command {
                NetworksCommand::Allow { id, quota, dir } => networks::allow(&dir, id, quota),
                NetworksCommand::List { dir } => networks::list(&dir),
                NetworksCommand::Remove { id, dir } => networks::remove(&dir, id),
            },
            Command::Check { dir, json, ca_file } => check::check(&dir, json, ca_file.as_deref()),
            Command::Healthcheck { dir } => health::healthcheck(&dir),
            Command::Stats { dir, json } => health::stats(&dir, json),
        }
    }
}

/// The relay of a directory, as it would be served in this environment.
fn open(dir: &Path) -> Result<Config, ConfigError> {
    Config::open_with(dir, std::env::vars_os())
}
