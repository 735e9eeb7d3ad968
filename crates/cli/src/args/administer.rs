//! What admins type.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use watchfire_client::ops::network::NeighborhoodTerms;
use watchfire_protocol::charter::BelowQuorum;
use watchfire_protocol::sign::PublicKey;

use super::{ChainCommand, value};

#[derive(Subcommand)]
pub(crate) enum NetworkCommand {
    /// Found a network: admin key, first charter, and this device's own coordinator key
    Create {
        /// What the network is called
        name: String,
        /// The relay's URL, as in wss://relay.example.org/v1
        #[arg(long, value_name = "URL", value_parser = value::relay)]
        relay: String,
        /// The relay's key, as its operator reads it to you
        #[arg(long, value_name = "KEY", value_parser = value::key)]
        relay_key: PublicKey,
        /// A file with the relay's admission token
        #[arg(long, value_name = "FILE")]
        admission_token_file: Option<PathBuf>,
        /// What people call you
        #[arg(long, value_name = "NAME")]
        handle: Option<String>,
    },
    /// Show the network
    Show,
}

#[derive(Subcommand)]
pub(crate) enum NeighborhoodCommand {
    /// Add neighborhoods, with this device as their first coordinator
    Add {
        /// What they are called
        #[arg(required = true)]
        name: Vec<String>,
        #[command(flatten)]
        terms: TermsArgs,
        /// Leave it to another coordinator to open them
        #[arg(long)]
        no_open: bool,
    },
    /// List the neighborhoods of the network
    List,
}

#[derive(Args)]
pub(crate) struct TermsArgs {
    /// How many coordinators must sign an alert
    #[arg(long, value_name = "N", default_value_t = 1)]
    quorum: u8,
    /// What becomes of an alert with fewer: show it as signed, or hold it back
    #[arg(long, value_name = "WHAT", default_value = "show")]
    below_quorum: Below,
    /// How long the relay keeps records
    #[arg(long, value_name = "TIME", default_value = "72h", value_parser = value::hours)]
    retention: u32,
}

impl TermsArgs {
    pub(crate) const fn terms(&self) -> NeighborhoodTerms {
        let below_quorum = match self.below_quorum {
            Below::Show => BelowQuorum::Show,
            Below::Hold => BelowQuorum::Hold,
        };
        NeighborhoodTerms { quorum: self.quorum, below_quorum, retention_hours: self.retention }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Below {
    Show,
    Hold,
}

#[derive(Subcommand)]
pub(crate) enum CharterCommand {
    /// Show the newest charter
    Show,
    /// List every version and what it changed
    History,
    /// Grant somebody rights in a neighborhood
    Grant(GrantArgs),
    #[command(flatten)]
    Chain(ChainCommand),
    /// Choose one of two charters that the admins signed for one version
    AcceptFork {
        /// The one to stand by: the first four symbols of its hash or more
        hash: String,
    },
}

#[derive(Args)]
pub(crate) struct GrantArgs {
    /// Whom
    pub(crate) handle: String,
    /// Where
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    /// What: dispatch is to sign alerts, enroll to invite, approve and give new keys; give it once for each
    #[arg(long, value_name = "RIGHT", required = true)]
    pub(crate) right: Vec<Right>,
    /// Until when, as in 2027-01-31; else until the charter expires
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Right {
    Dispatch,
    Enroll,
}
