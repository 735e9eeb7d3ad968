//! What concerns this device.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

#[derive(Args)]
pub(crate) struct StatusArgs {
    /// Say what the relay can observe
    #[arg(long)]
    pub(crate) relay_sees: bool,
}

#[derive(Args)]
pub(crate) struct LeaveArgs {
    /// Only this neighborhood
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
}

#[derive(Args)]
pub(crate) struct PassphraseArgs {
    /// Read the new passphrase from a file
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    pub(crate) shell: Shell,
}
