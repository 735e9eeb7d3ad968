//! One frozen word of the vocabulary.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use bincode::de::Decoder;
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode};

use super::limit::CODE_BYTES;

/// A word of 1 to 48 bytes out of `a`–`z`, `0`–`9`, `-` and `.`, known here or not.
///
/// On the wire it is its text: a varint length, then the bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(Cow<'static, str>);

/// The text cannot be a code of any list, in any version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a code: wanted 1 to {CODE_BYTES} of a-z, 0-9, `-` and `.`")]
pub struct NotACode {
    /// The beginning of what was given.
    pub found: String,
}

impl Code {
    /// Makes a code of a literal, checked by the compiler where it is used in a `const`.
    ///
    /// # Panics
    ///
    /// If the literal is no code. Text that comes from anywhere else goes through [`Code::new`].
    #[must_use]
    pub const fn constant(text: &'static str) -> Self {
        assert!(well_formed(text.as_bytes()), "a code is 1 to 48 of a-z, 0-9, `-` and `.`");
        Self(Cow::Borrowed(text))
    }

    /// Checks the form of a word; whether a list knows it is [`super::is_known`]'s question.
    ///
    /// # Errors
    ///
    /// [`NotACode`] for an empty or over-long text, or any other character.
    pub fn new(text: impl Into<String>) -> Result<Self, NotACode> {
        let text = text.into();
        if well_formed(text.as_bytes()) {
            Ok(Self(Cow::Owned(text)))
        } else {
            Err(NotACode { found: text.chars().take(CODE_BYTES).flat_map(char::escape_debug).collect() })
        }
    }

    /// The word itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `prefix`, a dot, and more: the family of a kind.
    #[must_use]
    pub fn is_in(&self, prefix: &str) -> bool {
        self.0.strip_prefix(prefix).is_some_and(|rest| rest.len() > 1 && rest.starts_with('.'))
    }
}

const fn well_formed(mut bytes: &[u8]) -> bool {
    if bytes.is_empty() || bytes.len() > CODE_BYTES {
        return false;
    }
    while let Some((first, rest)) = bytes.split_first() {
        if !matches!(*first, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.') {
            return false;
        }
        bytes = rest;
    }
    true
}

impl FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        Self::new(text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Encode for Code {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.as_str().encode(encoder)
    }
}

impl<Context> Decode<Context> for Code {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Self::new(String::decode(decoder)?).map_err(|error| DecodeError::OtherString(error.to_string()))
    }
}

bincode::impl_borrow_decode!(Code);
