//! What admins type.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use watchfire_client::ops::edit::NewTerms;
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
        /// Somebody who coordinates elsewhere, and these too; give it once for each
        #[arg(long, value_name = "HANDLE")]
        coordinator: Vec<String>,
        /// Leave it to another coordinator to open them
        #[arg(long)]
        no_open: bool,
        #[command(flatten)]
        out: OutArgs,
    },
    /// List the neighborhoods of the network
    List,
    #[command(flatten)]
    Change(NeighborhoodChange),
}

/// What changes one neighborhood.
#[derive(Subcommand)]
pub(crate) enum NeighborhoodChange {
    /// Change how a neighborhood works
    Set {
        /// Which neighborhood
        name: String,
        #[command(flatten)]
        terms: SetArgs,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Call a neighborhood otherwise
    Rename {
        /// Which neighborhood
        name: String,
        /// What it is to be called
        new: String,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Close a neighborhood for good: nothing is sent there any more
    Close {
        /// Which neighborhood
        name: String,
        #[command(flatten)]
        out: OutArgs,
    },
}

/// Where a draft goes.
#[derive(Args)]
pub(crate) struct OutArgs {
    /// Publish nothing: write a draft to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
pub(crate) struct SetArgs {
    /// How many coordinators must sign an alert
    #[arg(long, value_name = "N")]
    quorum: Option<u8>,
    /// What becomes of an alert with fewer: show it as signed, or hold it back
    #[arg(long, value_name = "WHAT")]
    below_quorum: Option<Below>,
    /// How long the relay keeps records
    #[arg(long, value_name = "TIME", value_parser = value::hours)]
    retention: Option<u32>,
}

impl SetArgs {
    pub(crate) fn terms(&self) -> NewTerms {
        let below_quorum = self.below_quorum.map(Below::policy);
        NewTerms { quorum: self.quorum, below_quorum, retention_hours: self.retention }
    }
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
        let below_quorum = self.below_quorum.policy();
        NeighborhoodTerms { quorum: self.quorum, below_quorum, retention_hours: self.retention }
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
    /// Show the newest charter
    Show,
    /// List every version and what it changed
    History,
    /// Grant somebody rights in a neighborhood
    Grant(GrantArgs),
    /// Make an admin key, add admins and remove them
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Let more of a coordinator's devices act for them, or fewer
    Device {
        #[command(subcommand)]
        command: DeviceCommand,
    },
    #[command(flatten)]
    Change(CharterChange),
    /// Sign another admin's draft, after reading what it changes
    Sign {
        /// The draft: the signature is added to it
        file: PathBuf,
    },
    /// Publish a draft that enough admins have signed
    Publish {
        /// The draft
        file: PathBuf,
    },
    #[command(flatten)]
    Chain(ChainCommand),
    /// Choose one of two charters that the admins signed for one version
    AcceptFork {
        /// The one to stand by: the first four symbols of its hash or more
        hash: String,
    },
}

/// What changes the charter.
#[derive(Subcommand)]
pub(crate) enum CharterChange {
    /// End somebody's rights from now on; what they sent before stays valid
    Retire {
        /// Whose
        handle: String,
        /// Only in this neighborhood
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Take somebody's rights away, and trust nothing more that their keys do
    Revoke {
        /// Whose
        handle: String,
        /// Only in this neighborhood
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
        /// From which epoch on what they did counts no longer; else from the next one
        #[arg(long, value_name = "EPOCH")]
        distrust_from: Option<u64>,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Set how many admins must sign a change
    Threshold {
        /// How many: more than half of them
        threshold: u8,
        /// How many must sign to silence a coordinator at once
        #[arg(long, value_name = "N")]
        restrict: Option<u8>,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Let the charter live on, and with it the rights that end when it does
    Renew {
        /// For how long from now on
        #[arg(long = "for", value_name = "TIME", default_value = "365d", value_parser = value::span)]
        lifetime: Duration,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Add relays and remove them
    Relay {
        #[command(subcommand)]
        command: RelayCommand,
    },
}

#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    /// Make an admin key in this vault, without any network, and write its public half to a file
    Key(AdminKeyArgs),
    #[command(flatten)]
    Change(AdminChange),
}

/// What changes who the admins are.
#[derive(Subcommand)]
pub(crate) enum AdminChange {
    /// Add admins by the files with their public keys
    Add {
        /// Their files
        #[arg(required = true, value_name = "KEYFILE")]
        key_file: Vec<PathBuf>,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Remove an admin
    Remove {
        /// Their key: its first four symbols or more
        key: String,
        #[command(flatten)]
        out: OutArgs,
    },
}

const DEVICE_ADD: &str = "The device itself joins by a coordinator's invite, before or after this. It gets the coordinators' keys with the\n\
next new keys, and counts as the same person: the signatures of two devices of theirs are one for a quorum.";

const DEVICE_REMOVE: &str = "Nothing that its key does counts from the next new keys on, which the coordinators' devices give by themselves:\n\
it reads nothing of what follows. Whom it approved in the last 30 days waits until another device, of theirs or of\n\
another coordinator, runs member approve. The only device of a coordinator is not removed: that is watchfire charter revoke.";

#[derive(Subcommand)]
pub(crate) enum DeviceCommand {
    /// Write this device's charter key, its public half, to a file for an admin
    Key {
        /// Where it goes; else to device.key here
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    #[command(flatten)]
    Change(DeviceChange),
}

/// What changes which devices act for a coordinator.
#[derive(Subcommand)]
pub(crate) enum DeviceChange {
    /// Let one more device act for a coordinator, up to four
    #[command(after_help = DEVICE_ADD)]
    Add {
        /// For whom
        handle: String,
        /// The file with the device's key
        #[arg(value_name = "KEYFILE")]
        key_file: PathBuf,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Let a lost or replaced device act for a coordinator no longer
    #[command(after_help = DEVICE_REMOVE)]
    Remove {
        /// For whom it acted
        handle: String,
        /// Its key: the first four symbols or more
        key: String,
        #[command(flatten)]
        out: OutArgs,
    },
}

#[derive(Args)]
pub(crate) struct AdminKeyArgs {
    /// Where the public key goes; else to admin.key here
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Bring a key back from its 24 words, typed or piped
    #[arg(long, conflicts_with_all = ["paper", "paper_file"])]
    pub(crate) from_paper: bool,
    /// Show the 24 words of a key that this vault has already
    #[arg(long)]
    pub(crate) paper: bool,
    /// Write the 24 words to a file that only you can read, and show them nowhere
    #[arg(long, value_name = "FILE")]
    pub(crate) paper_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum RelayCommand {
    /// Add a relay, or give one another URL
    Add {
        /// Its URL, as in wss://relay.example.org/v1
        #[arg(value_parser = value::relay)]
        url: String,
        /// Its key, as its operator reads it to you
        #[arg(value_parser = value::key)]
        key: PublicKey,
        /// Members try it first
        #[arg(long)]
        first: bool,
        #[command(flatten)]
        out: OutArgs,
    },
    /// Remove a relay
    Remove {
        /// Its key: the first four symbols or more
        key: String,
        #[command(flatten)]
        out: OutArgs,
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
    #[command(flatten)]
    pub(crate) out: OutArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Right {
    Dispatch,
    Enroll,
}
