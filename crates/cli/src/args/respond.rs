//! What everybody types.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::value;

#[derive(Args)]
pub(crate) struct JoinArgs {
    /// What people shall call you
    #[arg(long, value_name = "NAME")]
    pub(crate) handle: Option<String>,
    /// What you offer to do, as in observer, driver or medic; give it once for each
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
    /// Which language you speak, as in es; give it once for each; else the one of this program
    #[arg(long, value_name = "LANG")]
    pub(crate) speaks: Vec<String>,
    /// Read the link from a file; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) link_file: Option<PathBuf>,
    /// Wait until you are approved
    #[arg(long)]
    pub(crate) wait: bool,
    /// Wait at most this long
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Args)]
pub(crate) struct WatchArgs {
    /// Only this neighborhood
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    /// End after so many alerts
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<usize>,
    /// End after this time
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub(crate) timeout: Option<Duration>,
    /// Run this for each alert, with the alert as JSON on its standard input
    #[arg(long, value_name = "COMMAND")]
    pub(crate) exec: Option<String>,
    /// Run this for each alert, with nothing but its urgency and how many there are
    #[arg(long, value_name = "COMMAND")]
    pub(crate) wake: Option<String>,
    /// Kill what --exec and --wake run after this time, with all that it started
    #[arg(long, value_name = "TIME", value_parser = value::span, default_value = "30s")]
    pub(crate) hook_timeout: Duration,
}

#[derive(Args)]
pub(crate) struct AnswerArgs {
    /// The alert: its first four symbols or more
    pub(crate) id: String,
    /// going, on-scene, standby, cannot, leaving, safe or help
    #[arg(value_name = "ANSWER")]
    pub(crate) code: String,
    /// How long until you are there, as in 10m
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub(crate) eta: Option<Duration>,
    /// Why you cannot: nobody has to say
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Read a text for the coordinators from a file; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}
