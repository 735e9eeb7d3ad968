//! What coordinators type.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use watchfire_protocol::roster::InviteRole;

use super::value;

#[derive(Subcommand)]
pub(crate) enum InviteCommand {
    /// Make an invite link
    New(InviteNewArgs),
    /// List the invites that have not ended
    List,
    /// End an invite
    Withdraw {
        /// The invite: its first four symbols or more; with /7 after it, the seventh of its cards
        id: String,
    },
}

#[derive(Args)]
pub(crate) struct InviteNewArgs {
    /// Into which neighborhood
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    /// As what: a coordinator may be granted rights by an admin
    #[arg(long, default_value = "responder")]
    pub(crate) role: RoleArg,
    /// For whom: a note to the other coordinators
    #[arg(long = "for", value_name = "HANDLE")]
    pub(crate) invitee: Option<String>,
    /// How many people may use it
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) uses: u16,
    /// For how long it is good
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = value::span)]
    pub(crate) expires: Duration,
    /// Also draw the link as a QR code
    #[arg(long)]
    pub(crate) qr: bool,
    /// Draw the QR code into a file: SVG if it is named so, else text
    #[arg(long, value_name = "FILE")]
    pub(crate) qr_file: Option<PathBuf>,
    /// Write the link into a file that only you can read
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// For somebody in front of you: the desk approves them itself within ten minutes
    #[arg(long)]
    pub(crate) auto_approve: bool,
    /// Write so many numbered cards to print and hand over in person: one use each, approved by the desk itself
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000), requires = "out",
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
    /// List who waits for approval, with the three words to read to them
    Pending,
    /// Approve people whose three words you heard
    Approve(ApproveArgs),
    /// Remove members, and give the others new keys
    #[command(after_help = REMOVE)]
    Remove(RemoveArgs),
    /// List the members
    List,
    /// Show one member
    Show {
        /// Whom
        handle: String,
    },
}

#[derive(Args)]
pub(crate) struct ApproveArgs {
    /// Their requests: the first four symbols or more of each; or the handle of somebody who is to be approved again
    #[arg(required = true)]
    pub(crate) request: Vec<String>,
    /// The three words that you heard from them
    #[arg(long, value_name = "WORDS")]
    pub(crate) words: Option<String>,
}

const REMOVE: &str = "\
Who is removed reads nothing from the next epoch on, and keeps what their device has. One coordinator alone removes at
most five people or a tenth in a day; what is beyond waits until another one removes the same people.";

#[derive(Args)]
pub(crate) struct RemoveArgs {
    /// Whom; - reads handles from standard input, one a line
    #[arg(required_unless_present = "file")]
    pub(crate) handle: Vec<String>,
    /// Read handles from a file, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// From which neighborhood
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    /// Why: coordinators can read it
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: Option<String>,
}

const SEND: &str = "\
Asks for what is missing, shows the alert as its readers will see it, and asks before it goes. Texts and places
are asked for, or come from a file: arguments end up in the shell's history.";

const SIGN: &str = "\
Fetches what is new, shows the alert as its readers see it, and asks. A coordinator counts once, whichever of
their devices signs. Exit code 9 while more signatures are needed.";
const UPDATE: &str = "\
What you do not say stays as it is. Like the alert itself it needs as many signatures as the neighborhood asks for.";
const CANCEL: &str = "\
It needs as many signatures as the neighborhood asks for. Until then it is shown beside the alert, which goes on.";
const CORRECT: &str = "\
Say what is true: in a file, or when asked. The text of the alert is not taken over.";

#[derive(Subcommand)]
pub(crate) enum AlertCommand {
    /// Send an alert to a neighborhood
    #[command(after_help = SEND)]
    Send(Box<SendArgs>),
    /// Add your signature to an alert that another coordinator sent
    #[command(after_help = SIGN)]
    Sign {
        /// The alert: its first four symbols or more
        id: String,
    },
    /// Tell what has changed: the whole present state, with what you say anew
    #[command(after_help = UPDATE)]
    Update(Box<UpdateArgs>),
    /// Stand an alert down: say how it ended
    #[command(after_help = CANCEL)]
    Cancel(CancelArgs),
    /// Correct an alert that was wrong
    #[command(after_help = CORRECT)]
    Correct(Box<UpdateArgs>),
    /// See who has an alert, who comes, and what is still needed
    Follow(FollowArgs),
    /// List the alerts that wait for more signatures
    Pending,
    /// List alerts
    List {
        /// Also those that have expired
        #[arg(long)]
        all: bool,
    },
}

#[derive(Args)]
pub(crate) struct SendArgs {
    /// To whom
    #[arg(long, value_name = "NAME")]
    pub(crate) neighborhood: Option<String>,
    #[command(flatten)]
    pub(crate) content: ContentArgs,
}

#[derive(Args)]
pub(crate) struct UpdateArgs {
    /// The alert: its first four symbols or more
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) content: ContentArgs,
}

#[derive(Args)]
pub(crate) struct CancelArgs {
    /// The alert: its first four symbols or more
    pub(crate) id: String,
    /// How it ended, as in agents-left or resolved
    #[arg(long)]
    pub(crate) outcome: Option<String>,
    /// Read more about it from a JSON file, as for an alert; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Show it as its readers would see it, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What an alert says, as far as it may stand in arguments.
#[derive(Args)]
pub(crate) struct ContentArgs {
    /// Read the alert from a JSON file; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// What happens, as in enforcement.checkpoint
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// What people are asked to do, as in observe
    #[arg(long)]
    pub(crate) ask: Option<String>,
    /// How soon: immediate, expected, future or past
    #[arg(long)]
    pub(crate) urgency: Option<String>,
    /// How grave: extreme, severe, moderate or minor
    #[arg(long)]
    pub(crate) severity: Option<String>,
    /// How sure: observed, likely, possible or unlikely
    #[arg(long)]
    pub(crate) certainty: Option<String>,
    /// Who is needed, as in observer:4 or interpreter:es:1; give it once for each
    #[arg(long, value_name = "NEED")]
    pub(crate) need: Vec<String>,
    /// Whether it is meant in earnest: actual, exercise or test
    #[arg(long)]
    pub(crate) status: Option<String>,
    /// For how long it counts, as in 2h
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<String>,
    /// Show it as its readers would see it, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args)]
pub(crate) struct FollowArgs {
    /// The alert: its first four symbols or more
    pub(crate) id: String,
    /// End once so many people are going or on scene
    #[arg(long, value_name = "N")]
    pub(crate) wait_for: Option<usize>,
    /// End after this time
    #[arg(long, value_name = "TIME", value_parser = value::span)]
    pub(crate) timeout: Option<Duration>,
}
