//! `alert.json`.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use watchfire_protocol::vocabulary::{AlertContent, Check, Code, List, Place, TextBlock, Verification};

use super::sighting::{PeopleFile, PlaceFile, SeenFile};
use super::{
    EXPIRES_IN, FileError, code, language, maybe_code, parse_duration, parse_need, parse_rfc3339, read, rfc3339, short,
};

/// An alert as its author wrote it, and not checked yet, so that arguments and answers to questions can be filled in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct AlertFile {
    /// A code of [`List::Kind`]. The one field that every alert needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// A code of [`List::Status`]; `actual` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A code of [`List::MsgType`]; `alert` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg_type: Option<String>,
    /// A code of [`List::Ask`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<String>,
    /// A code of [`List::Urgency`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// A code of [`List::Severity`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// A code of [`List::Certainty`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certainty: Option<String>,
    /// Whether and how the sighting was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<VerificationFile>,
    /// A code of [`List::Outcome`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Whole alert ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceFile>,
    /// What was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenFile>,
    /// Who is affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleFile>,
    /// `role[:language]:count` each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// For how long it counts: `2h`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<String>,
    /// Free text, by language.
    #[serde(skip_serializing_if = "Texts::is_empty")]
    pub text: Texts,
}

/// `verification`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VerificationFile {
    /// A code of [`List::VerificationState`].
    pub state: String,
    /// Each check.
    #[serde(default)]
    pub by: Vec<CheckFile>,
}

/// One of `verification.by`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CheckFile {
    /// Who checked.
    pub handle: String,
    /// A code of [`List::Method`].
    pub method: String,
    /// When.
    pub at: String,
}

/// `text`: an object whose keys are languages, in their author's order. A key that stands there twice is kept twice,
/// so that it can be refused: one of the two texts would be lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<(String, TextFile)>);

/// What is said in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TextFile {
    /// One line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub headline: String,
    /// What happens.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instruction: String,
}

/// Reads and checks a whole alert, and for how many seconds it shall count if its author said so.
///
/// # Errors
///
/// The first thing that is wrong, by its name, with what is allowed.
pub fn parse(text: &str) -> Result<(AlertContent, Option<u64>), FileError> {
    AlertFile::read(text)?.to_content()
}

/// An alert in the shape of `alert.json`: the `body` of `watchfire.alert/1`.
#[must_use]
pub fn to_json(content: &AlertContent) -> Value {
    #[expect(clippy::expect_used, reason = "every key is text and every number finite")]
    serde_json::to_value(AlertFile::from(content)).expect("the shape of an alert is JSON")
}

impl AlertFile {
    /// Reads the shape, and leaves what it says unchecked.
    ///
    /// # Errors
    ///
    /// Too large, not JSON, or another shape.
    pub fn read(text: &str) -> Result<Self, FileError> {
        read(text)
    }

    /// Where exactly it is, for those who come.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn exact_place(&self) -> Result<Option<Place>, FileError> {
        let exact = self.place.as_ref().and_then(|place| place.exact.as_deref());
        let place = exact.map(PlaceFile::to_place).transpose()?;
        place.as_ref().map(Place::validate).transpose()?;
        Ok(place)
    }

    /// Keeps for those who come what says exactly where somebody lives: see [`PlaceFile::keep_home`].
    pub fn keep_home(&mut self) -> bool {
        let kind = self.kind.as_deref().and_then(|kind| Code::new(kind).ok());
        let (Some(place), Some(kind)) = (&mut self.place, kind) else { return false };
        place.keep_home(&kind)
    }

    /// Where it is, as exactly as everybody may know.
    fn zone(&self) -> Option<PlaceFile> {
        let place = PlaceFile { exact: None, ..self.place.clone()? };
        let said = self.place.as_ref().is_none_or(|place| place.exact.is_none());
        (said || place != PlaceFile::default()).then_some(place)
    }

    /// Checks what it says.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, by its name, with what is allowed.
    pub fn to_content(&self) -> Result<(AlertContent, Option<u64>), FileError> {
        let kind = self.kind.as_deref().ok_or(FileError::Missing { field: "kind" })?;
        let mut content = AlertContent::new(code("kind", List::Kind, kind)?);
        for (field, list, text, into) in [
            ("status", List::Status, &self.status, &mut content.status),
            ("msg-type", List::MsgType, &self.msg_type, &mut content.msg_type),
            ("urgency", List::Urgency, &self.urgency, &mut content.urgency),
            ("severity", List::Severity, &self.severity, &mut content.severity),
            ("certainty", List::Certainty, &self.certainty, &mut content.certainty),
        ] {
            if let Some(text) = text {
                *into = code(field, list, text)?;
            }
        }
        if let Some(verification) = &self.verification {
            content.verification = verification.to_verification()?;
        }
        content.ask = maybe_code("ask", List::Ask, self.ask.as_ref())?;
        content.outcome = maybe_code("outcome", List::Outcome, self.outcome.as_ref())?;
        let reference = |text: &String| text.parse().map_err(|_| FileError::NotAnAlert { found: text.clone() });
        content.references = self.references.iter().map(reference).collect::<Result<_, _>>()?;
        content.place = self.zone().as_ref().map(PlaceFile::to_place).transpose()?;
        content.seen = self.seen.as_ref().map(SeenFile::to_seen).transpose()?;
        content.people = self.people.as_ref().map(PeopleFile::to_people).transpose()?;
        content.needs = self.needs.iter().map(|need| parse_need(need)).collect::<Result<_, _>>()?;
        content.text = self.text.0.iter().map(|(tag, text)| text.to_block(tag)).collect::<Result<_, _>>()?;
        let expires_in = self.expires_in.as_ref().map(|text| parse_duration(text, EXPIRES_IN)).transpose();
        let expires_in = expires_in.map_err(|error| FileError::Duration { field: "expires-in", error })?;
        content.validate()?;
        Ok((content, expires_in))
    }
}

impl VerificationFile {
    fn to_verification(&self) -> Result<Verification, FileError> {
        let check = |check: &CheckFile| {
            let time = |error| FileError::Time { field: "verification.by.at", error };
            Ok(Check {
                handle: check.handle.clone(),
                method: code("verification.by.method", List::Method, &check.method)?,
                at: parse_rfc3339(&check.at).map_err(time)?,
            })
        };
        let by = self.by.iter().map(check).collect::<Result<_, FileError>>()?;
        Ok(Verification { state: code("verification.state", List::VerificationState, &self.state)?, by })
    }
}

impl TextFile {
    fn to_block(&self, tag: &str) -> Result<TextBlock, FileError> {
        let Self { headline, description, instruction } = self.clone();
        Ok(TextBlock { language: language("text", tag)?, headline: one_line(&headline), description, instruction })
    }
}

/// A headline is one line: what was written on several stands behind each other.
fn one_line(text: &str) -> String {
    let lines = text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']);
    lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

impl From<&AlertContent> for AlertFile {
    fn from(content: &AlertContent) -> Self {
        let AlertContent {
            kind,
            status,
            msg_type,
            urgency,
            severity,
            certainty,
            verification,
            ask,
            outcome,
            references,
            place,
            seen,
            people,
            needs,
            text,
        } = content;
        let text_file = |block: &TextBlock| {
            let TextBlock { language, headline, description, instruction } = block.clone();
            (language.to_string(), TextFile { headline, description, instruction })
        };
        Self {
            kind: Some(kind.to_string()),
            status: Some(status.to_string()),
            msg_type: Some(msg_type.to_string()),
            ask: ask.as_ref().map(Code::to_string),
            urgency: Some(urgency.to_string()),
            severity: Some(severity.to_string()),
            certainty: Some(certainty.to_string()),
            verification: Some(verification.into()),
            outcome: outcome.as_ref().map(Code::to_string),
            references: references.iter().map(ToString::to_string).collect(),
            place: place.as_ref().map(Into::into),
            seen: seen.as_ref().map(Into::into),
            people: people.as_ref().map(Into::into),
            needs: needs.iter().map(short::need).collect(),
            expires_in: None,
            text: Texts(text.iter().map(text_file).collect()),
        }
    }
}

impl From<&Verification> for VerificationFile {
    fn from(verification: &Verification) -> Self {
        let file = |check: &Check| CheckFile {
            handle: check.handle.clone(),
            method: check.method.to_string(),
            at: rfc3339(check.at),
        };
        Self { state: verification.state.to_string(), by: verification.by.iter().map(file).collect() }
    }
}

impl Texts {
    /// Whether nothing was written in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(language, text)| (language, text)))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Languages;

        impl<'de> Visitor<'de> for Languages {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a language for each text, like {\"en\":{\"headline\":\"…\"}}")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Texts, M::Error> {
                let mut texts = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    texts.push(entry);
                }
                Ok(Texts(texts))
            }
        }

        deserializer.deserialize_map(Languages)
    }
}
