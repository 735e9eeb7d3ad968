//! What is typed about charters in files.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum ChainCommand {
    Export { file: PathBuf },
    Import { file: PathBuf },
    Verify { file: PathBuf },
}
