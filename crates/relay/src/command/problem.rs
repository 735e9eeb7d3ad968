//! Errors as people read them: what failed, then what to try.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use rusqlite::ErrorCode;
use watchfire_relay::admission::ListError;
use watchfire_relay::config::ConfigError;
use watchfire_relay::identity::IdentityError;
use watchfire_relay::server::ServeError;
use watchfire_relay::store::sqlite::OpenError;
use watchfire_relay::tls::TlsError;

/// Why a command ended.
#[derive(Debug)]
pub(crate) struct Problem {
    code: u8,
    text: String,
    hint: Option<String>,
}

/// 1: unexpected. 3: network. 4: not trusted or not allowed. 6: not found.
impl Problem {
    pub(crate) fn unexpected(error: &dyn Error) -> Self {
        Self { code: 1, text: chain(error), hint: None }
    }

    pub(crate) fn new(code: u8, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), hint: None }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// What failed, and what to do.
    pub(crate) fn told(self) -> (String, Option<String>) {
        (self.text.trim_end().to_owned(), self.hint)
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.text.trim_end())?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        match &error {
            ConfigError::File { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
                let dir = path.parent().unwrap_or(path).display();
                Self { code: 6, ..Self::unexpected(&error) }
                    .hint(format!("make a relay first: watchfire-relay init --dir {dir}"))
            }
            ConfigError::Identity(IdentityError::Exists { .. }) => Self::unexpected(&error)
                .hint("there is a relay in this directory; charters may name its key, so it is left as it is"),
            ConfigError::Setting { .. } => Self { code: 2, ..Self::unexpected(&error) }
                .hint("docs/operating.md lists the settings; `init` in an empty directory writes them all"),
            ConfigError::Url { .. } => Self { code: 2, ..Self::unexpected(&error) },
            _ => Self::unexpected(&error),
        }
    }
}

impl From<ServeError> for Problem {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Open(error) => error.into(),
            ServeError::Store { .. } => Self::unexpected(&error)
                .hint(format!("look at the disk, then start the relay again. If that does not help, {BEGIN_ANEW}")),
            ServeError::Identity(error) => error.into(),
            ServeError::Tls(error) => error.into(),
            ServeError::Listen { .. } => Self { code: 3, ..Self::unexpected(&error) }
                .hint("is something else running there? a port below 1024 takes a right that root gives"),
            ServeError::Io { .. } | ServeError::Health { .. } => Self { code: 3, ..Self::unexpected(&error) },
            _ => Self::unexpected(&error),
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match &error {
            IdentityError::Exposed { path, .. } => Self { code: 4, ..Self::unexpected(&error) }.hint(format!(
                "chmod 600 {}. If somebody else was on this machine meanwhile, make a new relay: whoever has the key can \
                 pass for this one",
                path.display()
            )),
            IdentityError::File { .. } | IdentityError::Length { .. } => Self::unexpected(&error)
                .hint("put the copy back that you keep; without one, charters must name the key of another relay"),
            IdentityError::Exists { .. } | IdentityError::Randomness => Self::unexpected(&error),
        }
    }
}

impl From<TlsError> for Problem {
    fn from(error: TlsError) -> Self {
        let hint = match &error {
            TlsError::File { .. } => "section [tls] of relay.toml says which files are read",
            TlsError::Exposed { .. } => "make it the relay's own: chmod 600, and give it to the relay's user",
            TlsError::NotPem { .. } => "it should begin with -----BEGIN",
            TlsError::Mismatch { .. } => "both come from one order: look whether one of them is an older one",
            TlsError::Unusable { .. } => "ECDSA P-256 and RSA of 2048 bits and more can be used",
        };
        Self { code: 4, ..Self::unexpected(&error) }.hint(hint)
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match &error {
            OpenError::File { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                Self { code: 6, ..Self::unexpected(&error) }.hint("a relay makes its database when it is first served")
            }
            OpenError::Newer { .. } => {
                Self::unexpected(&error).hint("or move the file away: clients bring back whatever has not expired")
            }
            OpenError::Log { .. } => Self::unexpected(&error).hint(BEGIN_ANEW),
            OpenError::Sqlite { source, .. } if is_damaged(source) => Self::unexpected(&error).hint(BEGIN_ANEW),
            OpenError::Sqlite { .. } | OpenError::File { .. } => Self::unexpected(&error)
                .hint("look at the disk, then start the relay again; nothing was changed that it acknowledged"),
        }
    }
}

const BEGIN_ANEW: &str =
    "move away whatever begins with `relay.db`, then start the relay: clients bring back what has not expired";

fn is_damaged(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        Self::unexpected(&error).hint("correct networks.toml, or put back the copy that you keep")
    }
}
