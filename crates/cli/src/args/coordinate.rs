//! What coordinators type.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::vocabulary::List;

use super::value;
use crate::words::{Lang, as_code, need_as_code};

#[derive(Subcommand)]
pub(crate) enum InviteCommand {
    New(InviteNewArgs),
    List,
    Withdraw { id: String },
}

#[derive(Args)]
pub(crate) struct InviteNewArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[arg(long, default_value = "responder")]
    pub(crate) role: RoleArg,
    #[arg(long = "for", value_name = "HANDLE")]
    pub(crate) invitee: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) uses: u16,
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = value::span)]
    pub(crate) expires: Duration,
    #[arg(long)]
    pub(crate) qr: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) qr_file: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long)]
    pub(crate) auto_approve: bool,
    #[arg(long, value_name = "N", value_parser = value::cards, requires = "out",
          conflicts_with_all = ["uses", "invitee", "qr", "qr_file", "auto_approve", "role"])]
    pub(crate) cards: Option<u16>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleArg {
    Responder,
    Coordinator,
}

impl RoleArg {
    pub(crate) const fn role(self) -> InviteRole {
        match self {
            Self::Responder => InviteRole::Responder,
            Self::Coordinator => InviteRole::Coordinator,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum MemberCommand {
    Pending,
    Approve(ApproveArgs),
    Remove(RemoveArgs),
    List,
    Show { handle: String },
}

#[derive(Args)]
pub(crate) struct ApproveArgs {
    #[arg(required = true)]
    pub(crate) request: Vec<String>,
    #[arg(long, value_name = "WORDS")]
    pub(crate) words: Option<String>,
}

#[derive(Args)]
pub(crate) struct RemoveArgs {
    #[arg(required_unless_present = "file")]
    pub(crate) handle: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum AlertCommand {
    Send(Box<SendArgs>),
    Sign {
        id: String,
    },
    Update(Box<UpdateArgs>),
    Cancel(CancelArgs),
    Correct(Box<UpdateArgs>),
    Enough(EnoughArgs),
    Follow(FollowArgs),
    Attend {
        id: String,
        handle: String,
    },
    Export(ExportArgs),
    Pending,
    List {
        #[arg(long)]
        all: bool,
    },
}

#[derive(Args)]
pub(crate) struct SendArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[arg(long, value_name = "REPORT")]
    pub(crate) from: Option<String>,
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    pub(crate) template: Option<String>,
    #[command(flatten)]
    pub(crate) content: ContentArgs,
}

#[derive(Args)]
pub(crate) struct ExportArgs {
    #[arg(value_name = "ID")]
    pub(crate) id: Vec<String>,
    #[arg(long, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    pub(crate) format: ExportFormat,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Csv,
    Geojson,
    Cap,
}

impl ExportFormat {
    /// As it is typed.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Geojson => "geojson",
            Self::Cap => "cap",
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum TemplateCommand {
    List,
    Show {
        name: String,
    },
    Save {
        name: String,
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "NAME", conflicts_with = "private")]
        neighborhood: Option<String>,
        #[arg(long)]
        private: bool,
    },
    Remove {
        name: String,
    },
}

#[derive(Args)]
pub(crate) struct UpdateArgs {
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) content: ContentArgs,
}

#[derive(Args)]
pub(crate) struct CancelArgs {
    pub(crate) id: String,
    #[arg(long)]
    pub(crate) outcome: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args)]
pub(crate) struct EnoughArgs {
    pub(crate) id: String,
    #[arg(long)]
    pub(crate) role: Option<String>,
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What an alert says, as far as it may stand in arguments.
#[derive(Args)]
pub(crate) struct ContentArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) kind: Option<String>,
    #[arg(long)]
    pub(crate) ask: Option<String>,
    #[arg(long)]
    pub(crate) urgency: Option<String>,
    #[arg(long)]
    pub(crate) severity: Option<String>,
    #[arg(long)]
    pub(crate) certainty: Option<String>,
    #[arg(long, value_name = "NEED")]
    pub(crate) need: Vec<String>,
    #[arg(long)]
    pub(crate) status: Option<String>,
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) expires: Option<String>,
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// What people type in their own words, in the codes that it means.

impl SendArgs {
    pub(crate) fn in_codes(self, lang: Lang) -> Self {
        Self { content: self.content.in_codes(lang), ..self }
    }
}

impl UpdateArgs {
    pub(crate) fn in_codes(self, lang: Lang) -> Self {
        Self { content: self.content.in_codes(lang), ..self }
    }
}

impl EnoughArgs {
    pub(crate) fn in_codes(self, lang: Lang) -> Self {
        Self { role: self.role.map(|role| as_code(lang, List::Role, role)), ..self }
    }
}

impl ContentArgs {
    fn in_codes(self, lang: Lang) -> Self {
        let coded = |list, typed: Option<String>| typed.map(|typed| as_code(lang, list, typed));
        Self {
            kind: coded(List::Kind, self.kind),
            ask: coded(List::Ask, self.ask),
            urgency: coded(List::Urgency, self.urgency),
            severity: coded(List::Severity, self.severity),
            certainty: coded(List::Certainty, self.certainty),
            status: coded(List::Status, self.status),
            need: self.need.iter().map(|need| need_as_code(lang, need)).collect(),
            ..self
        }
    }
}

#[derive(Args)]
pub(crate) struct FollowArgs {
    pub(crate) id: String,
    #[arg(long, value_name = "N")]
    pub(crate) wait_for: Option<usize>,
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub(crate) timeout: Option<Duration>,
}
