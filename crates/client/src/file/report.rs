//! `report.json`.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use watchfire_protocol::vocabulary::{Caller, List, ReportContent};

use super::sighting::{PeopleFile, PlaceFile, SeenFile};
use super::{FileError, code, read};

/// A report as its author wrote it, and not checked yet, so that answers to questions can be filled in.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ReportFile {
    /// A code of [`List::Kind`]. The one field that every report needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceFile>,
    /// What was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenFile>,
    /// Who is affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleFile>,
    /// A code of [`List::Source`]; `unknown` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Anything else.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comments: String,
    /// Who called, for the desk's eyes only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
}

/// Reads and checks a whole report.
///
/// # Errors
///
/// The first thing that is wrong, by its name, with what is allowed.
pub fn parse(text: &str) -> Result<ReportContent, FileError> {
    ReportFile::read(text)?.to_content()
}

/// A report in the shape of `report.json`, its caller included: for the desk and nobody else.
#[must_use]
pub fn to_json(content: &ReportContent) -> Value {
    #[expect(clippy::expect_used, reason = "every key is text and every number finite")]
    serde_json::to_value(ReportFile::from(content)).expect("the shape of a report is JSON")
}

impl ReportFile {
    /// Reads the shape, and leaves what it says unchecked.
    ///
    /// # Errors
    ///
    /// Too large, not JSON, or another shape.
    pub fn read(text: &str) -> Result<Self, FileError> {
        read(text)
    }

    /// Checks what it says.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, by its name, with what is allowed.
    pub fn to_content(&self) -> Result<ReportContent, FileError> {
        let kind = self.kind.as_deref().ok_or(FileError::Missing { field: "kind" })?;
        let mut content = ReportContent::new(code("kind", List::Kind, kind)?);
        content.place = self.place.as_ref().map(PlaceFile::to_place).transpose()?;
        content.seen = self.seen.as_ref().map(SeenFile::to_seen).transpose()?;
        content.people = self.people.as_ref().map(PeopleFile::to_people).transpose()?;
        if let Some(source) = &self.source {
            content.source = code("source", List::Source, source)?;
        }
        content.comments.clone_from(&self.comments);
        content.caller = self.caller.as_deref().filter(|caller| !caller.trim().is_empty()).map(Caller::new);
        content.validate()?;
        Ok(content)
    }

    /// Checks what it says, and that there is something in it that somebody could check.
    ///
    /// # Errors
    ///
    /// Those of [`Self::to_content`], and [`FileError::NothingToCheck`].
    pub fn to_send(&self) -> Result<ReportContent, FileError> {
        let content = self.to_content()?;
        if content.can_be_checked() { Ok(content) } else { Err(FileError::NothingToCheck) }
    }
}

impl From<&ReportContent> for ReportFile {
    fn from(content: &ReportContent) -> Self {
        let ReportContent { kind, place, seen, people, source, comments, caller } = content;
        Self {
            kind: Some(kind.to_string()),
            place: place.as_ref().map(Into::into),
            seen: seen.as_ref().map(Into::into),
            people: people.as_ref().map(Into::into),
            source: Some(source.to_string()),
            comments: comments.clone(),
            caller: caller.as_ref().map(|caller| caller.reveal().to_owned()),
        }
    }
}

impl fmt::Debug for ReportFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, place, seen, people, source, comments, caller } = self;
        let mut shown = f.debug_struct("ReportFile");
        shown.field("kind", kind).field("place", place).field("seen", seen).field("people", people);
        shown.field("source", source).field("comments", comments);
        shown.field("caller", &caller.as_ref().map(Caller::new)).finish()
    }
}
