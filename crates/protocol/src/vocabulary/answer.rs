//! What a responder answers to an alert.

use bincode::{Decode, Encode};

use super::Code;

/// What an answer says. Which alert it is for stands in the envelope around it.
#[derive(Encode, Decode, Clone, Debug, PartialEq, Eq)]
pub struct AnswerContent {
    /// A code of [`super::List::Answer`].
    pub answer: Code,
    /// Minutes until arrival, for `going`.
    pub eta_minutes: Option<u16>,
    /// A code of [`super::List::Reason`], for `cannot`. Nobody has to give one.
    pub reason: Option<Code>,
    /// The role in which they come, a code of [`super::List::Role`].
    pub role: Option<Code>,
    /// Anything else. May be empty.
    pub text: String,
}

impl AnswerContent {
    /// An answer that says nothing but its code.
    #[must_use]
    pub fn new(answer: Code) -> Self {
        Self { answer, eta_minutes: None, reason: None, role: None, text: String::new() }
    }

    /// Whether they come or are there: what a coordinator counts.
    #[must_use]
    pub fn is_coming(&self) -> bool {
        self.answer == "going" || self.answer == "on-scene"
    }

    /// Takes over the role that its author said before, if neither this nor that says that they do not come or come no more.
    pub fn keep_role(&mut self, before: &Self) {
        let ends = |content: &Self| ["cannot", "leaving", "safe"].contains(&content.answer.as_str());
        if self.role.is_none() && !ends(self) && !ends(before) {
            self.role.clone_from(&before.role);
        }
    }

    /// Whether a client sent it by itself, so that it must not replace what a person answered.
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        self.answer == "received" || self.answer == "seen"
    }
}
