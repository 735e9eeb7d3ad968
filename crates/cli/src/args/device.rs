//! What concerns this device.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

#[derive(Args)]
pub(crate) struct StatusArgs {
    #[arg(long)]
    pub(crate) relay_sees: bool,
}

#[derive(Args)]
pub(crate) struct LeaveArgs {
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
}

#[derive(Args)]
pub(crate) struct PassphraseArgs {
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct CompletionsArgs {
    pub(crate) shell: Shell,
}
