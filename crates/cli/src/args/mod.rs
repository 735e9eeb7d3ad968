//! What people type.

mod administer;
mod chain;
mod coordinate;
mod device;
mod inbox;
mod language;
mod respond;
mod value;

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand};

pub(crate) use administer::{
    AdminChange, AdminCommand, AdminKeyArgs, CharterChange, CharterCommand, DeviceChange, DeviceCommand, GrantArgs,
    NeighborhoodChange, NeighborhoodCommand, NetworkCommand, OutArgs, RelayCommand, Right, TermsArgs,
};
pub(crate) use chain::ChainCommand;
pub(crate) use coordinate::{
    AlertCommand, ApproveArgs, CancelArgs, ContentArgs, EnoughArgs, ExportArgs, ExportFormat, FollowArgs,
    InviteCommand, InviteNewArgs, MemberCommand, RemoveArgs, SendArgs, TemplateCommand, UpdateArgs,
};
pub(crate) use device::{CompletionsArgs, LeaveArgs, PassphraseArgs, StatusArgs};
pub(crate) use inbox::{DismissArgs, InboxCommand, ReportArgs, VerifyArgs};
pub(crate) use language::{command, misread};
pub(crate) use respond::{AnswerArgs, DutyCommand, JoinArgs, ProfileArgs, RightsArgs, RightsCommand, WatchArgs};

pub(crate) use value::Way;

use crate::words::Lang;

/// The program. Its help, and that of all below, stands in the catalogs: `help.ftl`.
#[derive(Parser)]
#[command(
    name = "watchfire",
    version,
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
    #[arg(long, global = true, value_name = "DIR", env = "WATCHFIRE_HOME", hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true)]
    pub(crate) plain: bool,
    #[arg(long, global = true, value_name = "LANG", value_parser = value::lang)]
    pub(crate) lang: Option<Lang>,
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(long, global = true, value_name = "URL", value_parser = value::proxy, env = "WATCHFIRE_PROXY", hide_env_values = true)]
    pub(crate) proxy: Option<Way>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    #[arg(long, short = 'y', global = true)]
    pub(crate) yes: bool,
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    #[arg(long, short, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    #[arg(long, short = 'V', action = ArgAction::Version)]
    version: Option<bool>,
}

/// The commands, in the order in which people meet them.
#[derive(Subcommand)]
pub(crate) enum Command {
    Demo,
    Join(JoinArgs),
    Confirm {
        #[arg(long, value_name = "WORDS")]
        words: Option<String>,
    },
    Watch(WatchArgs),
    Alerts {
        #[arg(long)]
        all: bool,
        #[arg(long, value_name = "TIME", value_parser = value::span, conflicts_with = "all")]
        keep: Option<Duration>,
    },
    Show {
        id: String,
    },
    Held,
    Answer(AnswerArgs),
    Profile(ProfileArgs),
    Duty {
        #[command(subcommand)]
        command: Option<DutyCommand>,
    },
    Report(ReportArgs),
    #[command(args_conflicts_with_subcommands = true)]
    Rights(RightsArgs),
    Status(StatusArgs),
    Sync,
    Alert {
        #[command(subcommand)]
        command: AlertCommand,
    },
    Inbox {
        #[command(subcommand)]
        command: InboxCommand,
    },
    Template {
        #[command(subcommand)]
        command: TemplateCommand,
    },
    Stats,
    Invite {
        #[command(subcommand)]
        command: InviteCommand,
    },
    Member {
        #[command(subcommand)]
        command: MemberCommand,
    },
    Rotate {
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
    },
    Desk {
        #[arg(long)]
        once: bool,
    },
    Network {
        #[command(subcommand)]
        command: NetworkCommand,
    },
    Neighborhood {
        #[command(subcommand)]
        command: NeighborhoodCommand,
    },
    Charter {
        #[command(subcommand)]
        command: CharterCommand,
    },
    Leave(LeaveArgs),
    Passphrase(PassphraseArgs),
    Wipe,
    Completions(CompletionsArgs),
    Help {
        command: Vec<String>,
    },
}

impl Command {
    /// Whether it does more than telling what is there: then what it has done is said even where nobody reads its output.
    pub(crate) const fn acts(&self) -> bool {
        use {AlertCommand as A, CharterCommand as C, InboxCommand as I, MemberCommand as M};
        !matches!(
            self,
            Self::Demo
                | Self::Watch(_)
                | Self::Desk { .. }
                | Self::Alerts { keep: None, .. }
                | Self::Show { .. }
                | Self::Held
                | Self::Duty { command: None }
                | Self::Rights(RightsArgs { command: None, .. })
                | Self::Status(_)
                | Self::Stats
                | Self::Alert { command: A::List { .. } | A::Pending | A::Follow(_) }
                | Self::Inbox { command: I::List { .. } | I::Show { .. } }
                | Self::Template { command: TemplateCommand::List | TemplateCommand::Show { .. } }
                | Self::Invite { command: InviteCommand::List }
                | Self::Member { command: M::Pending | M::List | M::Show { .. } }
                | Self::Network { command: NetworkCommand::Show }
                | Self::Neighborhood { command: NeighborhoodCommand::List }
                | Self::Charter { command: C::Show | C::History | C::Chain(ChainCommand::Verify { .. }) }
                | Self::Completions(_)
                | Self::Help { .. }
        )
    }
}
