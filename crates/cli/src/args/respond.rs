//! What everybody types.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::value;

#[derive(Args)]
pub(crate) struct JoinArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) handle: Option<String>,
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
    #[arg(long, value_name = "LANG")]
    pub(crate) speaks: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) link_file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) wait: bool,
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Args)]
pub(crate) struct WatchArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<usize>,
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub(crate) timeout: Option<Duration>,
    #[arg(long, value_name = "COMMAND")]
    pub(crate) exec: Option<String>,
    #[arg(long, value_name = "COMMAND")]
    pub(crate) wake: Option<String>,
    #[arg(long)]
    pub(crate) notify: bool,
    #[arg(long, value_name = "TIME", value_parser = value::span, default_value = "30s")]
    pub(crate) hook_timeout: Duration,
}

#[derive(Args)]
pub(crate) struct RightsArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Option<RightsCommand>,
}

#[derive(Subcommand)]
pub(crate) enum RightsCommand {
    Publish {
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct AnswerArgs {
    pub(crate) id: String,
    #[arg(value_name = "ANSWER")]
    pub(crate) code: String,
    #[arg(long, value_name = "TIME", value_parser = value::minutes, allow_hyphen_values = true)]
    pub(crate) eta: Option<u16>,
    #[arg(long)]
    pub(crate) reason: Option<String>,
    #[arg(long)]
    pub(crate) role: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ProfileArgs {
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
    #[arg(long, value_name = "LANG")]
    pub(crate) speaks: Vec<String>,
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum DutyCommand {
    On,
    Off,
    Quiet {
        #[arg(value_name = "HOURS")]
        hours: String,
    },
}
