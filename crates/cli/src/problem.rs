//! Why a command was not done, in words and for programs.

use std::io;

use serde_json::json;
use watchfire_client::ClientError;
use watchfire_client::file::FileError;
use watchfire_client::vault::VaultError;

use crate::app::say;
use crate::words::{Lang, error, isolated, sanitize_lines, system, tell};

/// Done.
pub(crate) const DONE: u8 = 0;
/// What was typed cannot be done, and nothing was.
const USAGE: u8 = 2;
/// Not trusted, or not allowed.
const REFUSED: u8 = 4;
/// The vault is locked.
const LOCKED: u8 = 5;
/// Not found, or expired.
const NOT_FOUND: u8 = 6;
/// It is in the vault, and sent later.
pub(crate) const QUEUED: u8 = 7;
/// The goal was not met in time.
const TIMEOUT: u8 = 8;
/// More coordinators must sign.
pub(crate) const UNSIGNED: u8 = 9;
/// Somebody stopped it.
pub(crate) const INTERRUPTED: u8 = 130;

/// How a command ends: with an exit code, or with a problem that is told first.
pub(crate) type Done = Result<u8, Problem>;

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The client says so.
    Client(Box<ClientError>),
    /// This program says so, in the reader's language.
    Said(Box<Said>),
    /// Whoever read the output has left, and nothing else was to be done: there is nobody to tell.
    Unheard,
}

/// What this program says itself.
#[derive(Debug)]
pub(crate) struct Said {
    exit: u8,
    code: &'static str,
    message: String,
    hint: Option<String>,
}

impl Problem {
    fn said(exit: u8, code: &'static str, message: impl Into<String>) -> Self {
        Self::Said(Box::new(Said { exit, code, message: message.into(), hint: None }))
    }

    /// It was not asked for in a way that can be done.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::said(USAGE, "usage", message)
    }

    /// A person would have been asked, and none may be.
    pub(crate) fn no_input(message: impl Into<String>) -> Self {
        Self::said(USAGE, "needs-input", message)
    }

    /// A person was asked, and did not want it.
    pub(crate) fn declined(message: impl Into<String>) -> Self {
        Self::said(USAGE, "declined", message)
    }

    /// It is not trusted.
    pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::said(REFUSED, code, message)
    }

    /// The passphrase is needed and cannot be asked for.
    pub(crate) fn locked(message: impl Into<String>) -> Self {
        Self::said(LOCKED, "vault-locked", message)
    }

    /// Nothing like that is here.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::said(NOT_FOUND, "not-found", message)
    }

    /// It is in the vault, and no relay took it.
    pub(crate) fn queued(message: impl Into<String>) -> Self {
        Self::said(QUEUED, "queued", message)
    }

    /// The goal was not met in time.
    pub(crate) fn timeout(message: impl Into<String>) -> Self {
        Self::said(TIMEOUT, "timeout", message)
    }

    /// A file or a stream did not do as it should.
    pub(crate) fn file(lang: Lang, what: &str, error: &io::Error) -> Self {
        Self::said(USAGE, "file", unusable(lang, what, error)).hint(tell!(lang, "problem-nothing-done-look"))
    }

    /// A file, or what is piped in, is longer than anything of its sort can be.
    pub(crate) fn too_large(lang: Lang, what: &str, most: u64) -> Self {
        let message = tell!(lang, "problem-too-large", what, most);
        Self::said(USAGE, "file", message).hint(tell!(lang, "problem-shorten"))
    }

    /// The file with the passphrase cannot be used.
    pub(crate) fn no_passphrase(lang: Lang, what: &str, error: &io::Error) -> Self {
        Self::locked(unusable(lang, what, error)).hint(tell!(lang, "problem-vault-stays-locked"))
    }

    /// What nobody could expect.
    pub(crate) fn unexpected(message: impl Into<String>) -> Self {
        Self::said(1, "unexpected", message)
    }

    /// Says first why it matters.
    pub(crate) fn because(mut self, why: &str) -> Self {
        if let Self::Said(said) = &mut self {
            said.message = format!("{why} {}", said.message);
        }
        self
    }

    /// Says instead what was not done, and why.
    pub(crate) fn saying(mut self, message: String) -> Self {
        if let Self::Said(said) = &mut self {
            said.message = message;
        }
        self
    }

    /// Adds what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Self::Said(said) = &mut self {
            said.hint = Some(hint.into());
        }
        self
    }

    /// Whether nothing else can go on either: the vault fails, or nobody reads any more.
    pub(crate) fn ends_everything(&self) -> bool {
        match self {
            Self::Client(error) => matches!(**error, ClientError::Vault(_) | ClientError::NoNetwork),
            Self::Said(_) => false,
            Self::Unheard => true,
        }
    }

    /// The exit code.
    pub(crate) const fn exit(&self) -> u8 {
        match self {
            Self::Client(error) => error.exit_code(),
            Self::Said(said) => said.exit,
            Self::Unheard => DONE,
        }
    }

    /// What happened, in words.
    pub(crate) fn message(&self, lang: Lang) -> String {
        match self {
            Self::Client(error) => error::message(lang, error),
            Self::Said(said) => said.message.clone(),
            Self::Unheard => String::new(),
        }
    }

    /// Tells it on standard error: to a person, or to a program.
    pub(crate) fn report(&self, lang: Lang, json: bool) {
        let (code, message, hint) = match self {
            Self::Client(error) => (error.code(), error::message(lang, error), error::hint(lang, error)),
            Self::Said(said) => (said.code, said.message.clone(), said.hint.clone()),
            Self::Unheard => return,
        };
        if json {
            let object =
                json!({"schema": "watchfire.error/1", "code": code, "message": message, "hint": hint.as_deref()});
            say(&crate::words::json_safe(&object.to_string()));
        } else {
            // That a time is over is no error: it is how it was asked for.
            let is_error = !matches!(self, Self::Said(said) if said.exit == TIMEOUT);
            let first = if is_error { tell!(lang, "problem-error") } else { "" };
            say(in_words(lang, first, &message, hint.as_deref()).trim_end());
        }
    }
}

fn unusable(lang: Lang, what: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => tell!(lang, "problem-is-not-there", what),
        io::ErrorKind::AlreadyExists => {
            tell!(lang, "problem-already-nothing-overwritten", what)
        }
        io::ErrorKind::PermissionDenied => {
            tell!(lang, "problem-may-used", what)
        }
        io::ErrorKind::InvalidData => tell!(lang, "problem-text", what),
        _ => tell!(lang, "problem-cannot-use", what, error = system::io(lang, error)),
    }
}

/// `error: …`, its further lines indented, and the hint.
fn in_words(lang: Lang, first: &str, message: &str, hint: Option<&str>) -> String {
    let mut out = String::new();
    let mut prefix = first;
    for line in sanitize_lines(message) {
        out.push_str(&format!("{prefix}{}\n", isolated(&line)));
        prefix = "  ";
    }
    let mut prefix = tell!(lang, "problem-hint");
    for line in hint.map(sanitize_lines).unwrap_or_default() {
        out.push_str(&format!("{prefix}{}\n", isolated(&line)));
        prefix = "        ";
    }
    out
}

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        Self::Client(Box::new(error))
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        ClientError::from(error).into()
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        ClientError::from(error).into()
    }
}
