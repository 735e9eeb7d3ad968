//! What people type about reports.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use watchfire_protocol::vocabulary::List;

use crate::words::{Lang, as_code};

#[derive(Args)]
pub(crate) struct ReportArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long)]
    pub(crate) kind: Option<String>,
    #[arg(long)]
    pub(crate) source: Option<String>,
}

impl ReportArgs {
    /// With the codes that were meant by what people type in their own words.
    pub(crate) fn in_codes(self, lang: Lang) -> Self {
        Self {
            kind: self.kind.map(|kind| as_code(lang, List::Kind, kind)),
            source: self.source.map(|source| as_code(lang, List::Source, source)),
            ..self
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum InboxCommand {
    List {
        #[arg(long, value_name = "NAME")]
        neighborhood: Option<String>,
        #[arg(long)]
        all: bool,
    },
    Show {
        id: String,
    },
    Claim {
        id: String,
    },
    Release {
        id: String,
    },
    Merge {
        id: String,
        into: String,
    },
    Split {
        id: String,
    },
    Verify(VerifyArgs),
    Dismiss(DismissArgs),
    Debunk {
        id: String,
    },
    Note {
        id: String,
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    pub(crate) id: String,
    #[arg(long)]
    pub(crate) outcome: Option<String>,
    #[arg(long, value_name = "METHOD")]
    pub(crate) by: Option<String>,
    #[arg(long)]
    pub(crate) certainty: Option<String>,
}

#[derive(Args)]
pub(crate) struct DismissArgs {
    pub(crate) id: String,
    #[arg(long, conflicts_with = "file")]
    pub(crate) reason: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}
