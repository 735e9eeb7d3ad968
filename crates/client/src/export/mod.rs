//! Closed incidents for other programs: [`csv`] for one's own records, [`geojson`] for maps, [`cap`] for others who
//! handle alerts.
//!
//! An incident is an alert and whatever updates, corrects or cancels it. What a caller said of themselves is in none of
//! the three, and what a report's comments say is in the CSV only. Who signed, checked and answered stands in the CSV
//! only: the other two are made to be given on.

pub mod cap;
pub mod coarse;
pub mod csv;
pub mod geojson;
#[cfg(test)]
mod tests;

use watchfire_protocol::id::{AlertId, NetworkId};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Check, Code, ReportContent};

use crate::ops::thread::is_state;

/// One alert with all that came of it.
#[derive(Clone, Debug)]
pub struct Incident {
    /// The id of its first alert.
    pub id: AlertId,
    /// The network.
    pub network: NetworkId,
    /// What it is called.
    pub network_name: String,
    /// What the neighborhood is called.
    pub neighborhood: String,
    /// When it ended: stood down, corrected, or expired.
    pub closed: Timestamp,
    /// As what it was stood down, if it was. What came of it in the end is [`Incident::ended`].
    pub outcome: Option<Code>,
    /// Its alerts, oldest first. Never empty.
    pub messages: Vec<Message>,
    /// What reports led to it, where this vault coordinates.
    pub reports: Vec<ReportRow>,
    /// Who answered, where this vault coordinates.
    pub answers: Option<Answers>,
}

/// One alert of an incident.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: AlertId,
    /// When it was sent.
    pub sent: Timestamp,
    /// When it expired.
    pub expires: Timestamp,
    /// `verified` or `signed`.
    pub label: &'static str,
    /// Whether it counts for the incident; what a quorum did not sign stands beside it.
    pub counts: bool,
    /// Handles of those who signed.
    pub signed_by: Vec<String>,
    /// What it says.
    pub content: AlertContent,
}

/// One report that led to an incident.
#[derive(Clone, Debug)]
pub struct ReportRow {
    /// Its id.
    pub id: String,
    /// When it was written.
    pub sent: Timestamp,
    /// What the desk found.
    pub state: String,
    /// Who checked it, how and when.
    pub verified_by: Vec<Check>,
    /// When a check bore it out.
    pub verified: Option<Timestamp>,
    /// What it says.
    pub content: ReportContent,
}

/// A report that the desk closed, and of which no alert was made.
#[derive(Clone, Debug)]
pub struct EndedReport {
    /// What the neighborhood is called.
    pub neighborhood: String,
    /// When it was closed.
    pub closed: Timestamp,
    /// `dismissed` or `debunked`.
    pub how: &'static str,
    /// The report.
    pub report: ReportRow,
}

/// How many answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    /// How many devices had it.
    pub received: usize,
    /// How many set out, did not say that they cannot, and never said that they are there.
    pub going: usize,
    /// How many were there, though they are safe by the end.
    pub on_scene: usize,
    /// How many said at any time that they are out.
    pub were_out: usize,
    /// How many could not.
    pub cannot: usize,
    /// When the first said that they are going.
    pub first_going: Option<Timestamp>,
}

impl Incident {
    /// Whether any of it was practice.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.messages.iter().any(|message| message.content.is_drill())
    }

    /// Its newest state that counts: what stands it down or corrects it says no more than that.
    #[must_use]
    pub fn present(&self) -> Option<&Message> {
        let state = |message: &&Message| message.counts && is_state(&message.content);
        self.messages.iter().rfind(state).or_else(|| self.messages.first())
    }

    /// What says that it was wrong, the newest.
    fn correction(&self) -> Option<&Message> {
        let corrects = |message: &&Message| message.counts && message.content.msg_type == "correction";
        self.messages.iter().rfind(corrects)
    }

    /// Whether a correction says that it was not true, whatever it was stood down as.
    #[must_use]
    pub fn is_debunked(&self) -> bool {
        self.correction().is_some_and(|message| message.content.kind == "rumor.debunk")
    }

    /// How it ended: as not true, else by an outcome of the vocabulary, else by a correction.
    #[must_use]
    pub fn ended(&self) -> Option<&str> {
        if self.is_debunked() {
            return Some("debunked");
        }
        self.outcome.as_ref().map(Code::as_str).or_else(|| self.correction().map(|_| "corrected"))
    }

    /// What one of its alerts says of its check; of what turned out not to be true, that.
    #[must_use]
    pub fn verification_of<'a>(&self, message: &'a Message) -> &'a str {
        match self.is_debunked() && is_state(&message.content) {
            true => "false-alarm",
            false => message.content.verification.state.as_str(),
        }
    }

    /// What kind of thing one of its alerts is about: what stands it down or corrects it may be called otherwise.
    #[must_use]
    pub fn kind_of<'a>(&'a self, message: &'a Message) -> &'a Code {
        let of = if is_state(&message.content) { None } else { self.present() };
        &of.unwrap_or(message).content.kind
    }
}

/// What people wrote, without characters that no text has: controls other than line breaks and tabs, those that turn
/// the direction of writing, and those that XML forbids.
fn plain(text: &str) -> String {
    let kept = |c: &char| match *c {
        '\n' | '\t' => true,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => false,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    text.chars().filter(kept).collect()
}

/// Codes or numbers in one cell or value.
fn joined<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" ")
}
