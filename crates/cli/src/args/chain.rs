//! What is typed about charters in files.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum ChainCommand {
    /// Write every charter into a file, with the names that this vault knows
    Export {
        /// The file, which is not there yet
        file: PathBuf,
    },
    /// Take charters out of a file, as if a relay had brought them
    Import {
        /// The file: one of charter export, or a draft
        file: PathBuf,
    },
    /// Judge the charters in a file, without a relay and without keeping anything
    Verify {
        /// The file: one of charter export, or a draft
        file: PathBuf,
    },
}
