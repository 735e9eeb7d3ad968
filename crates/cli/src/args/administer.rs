//! What admins type.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use watchfire_client::ops::edit::NewTerms;
use watchfire_protocol::charter::BelowQuorum;
use watchfire_protocol::sign::PublicKey;

use super::{ChainCommand, value};

#[derive(Subcommand)]
pub(crate) enum NetworkCommand {
    Create {
        name: String,
        #[arg(long, value_name = "URL", value_parser = value::relay)]
        relay: String,
        #[arg(long, value_name = "KEY", value_parser = value::key)]
        relay_key: PublicKey,
        #[arg(long, value_name = "FILE")]
        admission_token_file: Option<PathBuf>,
        #[arg(long, value_name = "NAME")]
        handle: Option<String>,
    },
    Show,
}

#[derive(Subcommand)]
pub(crate) enum NeighborhoodCommand {
    Add {
        #[arg(required = true)]
        name: Vec<String>,
        #[command(flatten)]
        terms: TermsArgs,
        #[arg(long, value_name = "HANDLE")]
        coordinator: Vec<String>,
        #[arg(long)]
        no_open: bool,
        #[command(flatten)]
        out: OutArgs,
    },
    List,
    #[command(flatten)]
    Change(NeighborhoodChange),
}

/// What changes one neighborhood.
#[derive(Subcommand)]
pub(crate) enum NeighborhoodChange {
    #[command(mut_group("TermsArgs", |terms| terms.required(true).multiple(true)))]
    Set {
        name: String,
        #[command(flatten)]
        terms: TermsArgs,
        #[command(flatten)]
        out: OutArgs,
    },
    Rename {
        name: String,
        new: String,
        #[command(flatten)]
        out: OutArgs,
    },
    Close {
        name: String,
        #[command(flatten)]
        out: OutArgs,
    },
}

/// Where a draft goes.
#[derive(Args)]
pub(crate) struct OutArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct TermsArgs {
    #[arg(long, value_name = "N")]
    quorum: Option<u8>,
    #[arg(long, value_name = "WHAT")]
    below_quorum: Option<Below>,
    #[arg(long, value_name = "TIME", value_parser = value::hours)]
    retention: Option<u32>,
}

impl TermsArgs {
    pub(crate) fn terms(&self) -> NewTerms {
        let below_quorum = self.below_quorum.map(Below::policy);
        NewTerms { quorum: self.quorum, below_quorum, retention_hours: self.retention }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Below {
    Show,
    Hold,
}

impl Below {
    const fn policy(self) -> BelowQuorum {
        match self {
            Self::Show => BelowQuorum::Show,
            Self::Hold => BelowQuorum::Hold,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum CharterCommand {
    Show,
    History,
    Grant(GrantArgs),
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    Device {
        #[command(subcommand)]
        command: DeviceCommand,
    },
    #[command(flatten)]
    Change(CharterChange),
    Sign {
        file: PathBuf,
    },
    Publish {
        file: PathBuf,
    },
    #[command(flatten)]
    Chain(ChainCommand),
    AcceptFork {
        hash: String,
    },
}

/// What changes the charter.
#[derive(Subcommand)]
pub(crate) enum CharterChange {
    Retire {
        handle: String,
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
        #[command(flatten)]
        out: OutArgs,
    },
    Revoke {
        handle: String,
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
        #[arg(long, value_name = "EPOCH")]
        distrust_from: Option<u64>,
        #[command(flatten)]
        out: OutArgs,
    },
    Threshold {
        threshold: u8,
        #[arg(long, value_name = "N")]
        restrict: Option<u8>,
        #[command(flatten)]
        out: OutArgs,
    },
    Renew {
        #[arg(long = "for", value_name = "TIME", default_value = "365d", value_parser = value::lifetime)]
        lifetime: Duration,
        #[command(flatten)]
        out: OutArgs,
    },
    Relay {
        #[command(subcommand)]
        command: RelayCommand,
    },
}

#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    Key(AdminKeyArgs),
    #[command(flatten)]
    Change(AdminChange),
}

/// What changes who the admins are.
#[derive(Subcommand)]
pub(crate) enum AdminChange {
    Add {
        #[arg(required = true, value_name = "KEYFILE")]
        key_file: Vec<PathBuf>,
        #[command(flatten)]
        out: OutArgs,
    },
    Remove {
        key: String,
        #[command(flatten)]
        out: OutArgs,
    },
}

#[derive(Subcommand)]
pub(crate) enum DeviceCommand {
    Key {
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    #[command(flatten)]
    Change(DeviceChange),
}

/// What changes which devices act for a coordinator.
#[derive(Subcommand)]
pub(crate) enum DeviceChange {
    Add {
        handle: String,
        #[arg(value_name = "KEYFILE")]
        key_file: PathBuf,
        #[command(flatten)]
        out: OutArgs,
    },
    Remove {
        handle: String,
        key: String,
        #[command(flatten)]
        out: OutArgs,
    },
}

#[derive(Args)]
pub(crate) struct AdminKeyArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["paper", "paper_file"])]
    pub(crate) from_paper: bool,
    #[arg(long)]
    pub(crate) paper: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) paper_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum RelayCommand {
    Add {
        #[arg(value_parser = value::relay)]
        url: String,
        #[arg(value_parser = value::key)]
        key: PublicKey,
        #[arg(long)]
        first: bool,
        #[command(flatten)]
        out: OutArgs,
    },
    Remove {
        key: String,
        #[command(flatten)]
        out: OutArgs,
    },
}

#[derive(Args)]
pub(crate) struct GrantArgs {
    pub(crate) handle: String,
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[arg(long, value_name = "RIGHT", required = true)]
    pub(crate) right: Vec<Right>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    #[command(flatten)]
    pub(crate) out: OutArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Right {
    Dispatch,
    Enroll,
}
