//! What people type.

mod administer;
mod chain;
mod coordinate;
mod device;
mod language;
mod respond;
mod spanish;
mod value;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

pub(crate) use administer::{
    AdminChange, AdminCommand, AdminKeyArgs, CharterChange, CharterCommand, DeviceChange, DeviceCommand, GrantArgs,
    NeighborhoodChange, NeighborhoodCommand, NetworkCommand, OutArgs, RelayCommand, Right, TermsArgs,
};
pub(crate) use chain::ChainCommand;
pub(crate) use coordinate::{
    AlertCommand, ApproveArgs, CancelArgs, ContentArgs, FollowArgs, InviteCommand, InviteNewArgs, MemberCommand,
    RemoveArgs, SendArgs, UpdateArgs,
};
pub(crate) use device::{CompletionsArgs, LeaveArgs, PassphraseArgs, StatusArgs};
pub(crate) use language::{command, misread};
pub(crate) use respond::{AnswerArgs, JoinArgs, WatchArgs};

use crate::words::Lang;

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 unexpected, 2 usage, 3 network or relay, 4 not trusted or not allowed, 5 locked,
6 not found or expired, 7 queued, 8 goal not met in time, 9 more signatures needed, 130 interrupted";
const WATCH: &str = "\
First come the unexpired alerts that were never shown here, then those that arrive. The coordinators see that
this device received them.";

/// Alerts that only your neighborhood can read, from people your network vouches for
#[derive(Parser)]
#[command(
    name = "watchfire",
    version,
    after_help = EXIT_CODES,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command understands, before or after its name.
#[derive(Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Where the vault is: one person on one device in one network
    #[arg(long, global = true, value_name = "DIR", env = "WATCHFIRE_HOME", hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
    /// Print one JSON object a line on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print no color and no screen control
    #[arg(long, global = true)]
    pub(crate) plain: bool,
    /// Speak this language: en or es
    #[arg(long, global = true, value_name = "LANG", value_parser = value::lang)]
    pub(crate) lang: Option<Lang>,
    /// Never wait for a person
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    /// Read the vault's passphrase from a file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Answer yes to what would be asked
    #[arg(long, short = 'y', global = true)]
    pub(crate) yes: bool,
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say more
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Print this help
    #[arg(long, short, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print the version
    #[arg(long, short = 'V', action = ArgAction::Version)]
    version: Option<bool>,
}

/// The commands, in the order in which people meet them.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Play one night of a made-up network on this machine, in a minute, and show what the relay saw
    Demo,
    /// Join a network by an invite link
    Join(JoinArgs),
    /// Confirm the network by the three words that the coordinator read to you
    Confirm {
        /// The three words that you heard
        #[arg(long, value_name = "WORDS")]
        words: Option<String>,
    },
    /// Show alerts as they come
    #[command(after_help = WATCH)]
    Watch(WatchArgs),
    /// List alerts
    Alerts {
        /// Also those that have expired
        #[arg(long)]
        all: bool,
    },
    /// Show one alert in full
    Show {
        /// The alert: its first four symbols or more
        id: String,
    },
    /// List what was kept aside, and why
    Held,
    /// Answer an alert
    Answer(AnswerArgs),
    /// Show where this device stands
    Status(StatusArgs),
    /// Connect, send what waits, and fetch what is new
    Sync,
    /// Send alerts, sign those of others, and see who answers
    Alert {
        #[command(subcommand)]
        command: AlertCommand,
    },
    /// Make invites, list and withdraw them
    Invite {
        #[command(subcommand)]
        command: InviteCommand,
    },
    /// Approve people, remove them, and see who is a member
    Member {
        #[command(subcommand)]
        command: MemberCommand,
    },
    /// Give a neighborhood new keys
    Rotate {
        /// Which neighborhood
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
    },
    /// Keep the desk in order while it runs
    Desk {
        /// Do what is due once, and end
        #[arg(long)]
        once: bool,
    },
    /// Found a network
    Network {
        #[command(subcommand)]
        command: NetworkCommand,
    },
    /// Add neighborhoods, change, close and list them
    Neighborhood {
        #[command(subcommand)]
        command: NeighborhoodCommand,
    },
    /// See who may do what, grant it, and change it together with other admins
    Charter {
        #[command(subcommand)]
        command: CharterCommand,
    },
    /// Forget a neighborhood on this device, or all of them
    Leave(LeaveArgs),
    /// Change the vault's passphrase
    Passphrase(PassphraseArgs),
    /// Destroy the vault on this device
    Wipe,
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the help of a command
    Help {
        /// Which command, as in alert send
        command: Vec<String>,
    },
}
