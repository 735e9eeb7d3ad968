//! The tag of a language.

use std::fmt;
use std::str::FromStr;

use bincode::de::Decoder;
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode};

use super::limit::LANGUAGE_BYTES;

/// A BCP 47 tag in its usual spelling: `en`, `es-MX`, `zh-Hant`.
///
/// The form is checked, not whether the language is registered. One tag has one spelling on the wire.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

/// The text is no language tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a language tag: wanted one like `en`, `es-MX` or `zh-Hant`")]
pub struct NotALanguage {
    /// The beginning of what was given.
    pub found: String,
}

impl Language {
    /// Reads a tag in any mix of cases.
    ///
    /// # Errors
    ///
    /// [`NotALanguage`] where the form is not that of a tag.
    pub fn new(text: &str) -> Result<Self, NotALanguage> {
        canonical(text).map(Self).ok_or_else(|| NotALanguage {
            found: text.chars().take(LANGUAGE_BYTES).flat_map(char::escape_debug).collect(),
        })
    }

    /// The tag itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script and region: `es` of `es-MX`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

fn canonical(text: &str) -> Option<String> {
    if text.len() > LANGUAGE_BYTES {
        return None;
    }
    let mut tags = text.split('-');
    let primary = tags.next()?;
    if !(2..=8).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut spelled = primary.to_ascii_lowercase();
    for tag in tags {
        if !(1..=8).contains(&tag.len()) || !tag.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let letters = tag.bytes().all(|b| b.is_ascii_alphabetic());
        spelled.push('-');
        match tag.len() {
            2 if letters => spelled.push_str(&tag.to_ascii_uppercase()),
            4 if letters => spelled.extend(
                tag.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }),
            ),
            _ => spelled.push_str(&tag.to_ascii_lowercase()),
        }
    }
    Some(spelled)
}

impl FromStr for Language {
    type Err = NotALanguage;

    fn from_str(text: &str) -> Result<Self, NotALanguage> {
        Self::new(text)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

impl Encode for Language {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.as_str().encode(encoder)
    }
}

impl<Context> Decode<Context> for Language {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let text = String::decode(decoder)?;
        match canonical(&text) {
            Some(spelled) if spelled == text => Ok(Self(text)),
            _ => Err(DecodeError::Other("language tag is malformed or oddly spelled")),
        }
    }
}

bincode::impl_borrow_decode!(Language);
