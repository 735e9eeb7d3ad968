//! What people type about reports.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
