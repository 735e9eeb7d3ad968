//! Admin keys: made offline, in a vault that need not be in any network; their public halves travel in small text files.

use watchfire_protocol::paper::{self, PaperError};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::error::ClientError;
use crate::state::{self, Profile};

/// Bytes of the longest file with a key: two short lines.
pub const KEY_FILE_LIMIT: u64 = 512;

/// Whose key a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// An admin's: it signs charters.
    Admin,
    /// A coordinator's device: the charter grants it rights.
    Device,
}

impl KeyKind {
    const ALL: [Self; 2] = [Self::Admin, Self::Device];

    const fn first_line(self) -> &'static str {
        match self {
            Self::Admin => "watchfire admin key 1",
            Self::Device => "watchfire device key 1",
        }
    }
}

/// Why a file is no key of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// It does not begin like one, or has more in it.
    #[error("this is no key file")]
    NotOne,
    /// It holds a device's key, and an admin's was wanted, or the other way round.
    #[error("this key file holds {} key, not {} key", article(*found), article(*wanted))]
    Other {
        /// What it holds.
        found: KeyKind,
        /// What was wanted.
        wanted: KeyKind,
    },
    /// The key in it is damaged.
    #[error("the key in this file is damaged")]
    Damaged,
}

const fn article(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Admin => "an admin's",
        KeyKind::Device => "a coordinator's device",
    }
}

/// The text of a key file: the public key, nothing secret.
#[must_use]
pub fn key_file(kind: KeyKind, key: &PublicKey) -> String {
    format!("{}\n{key}\n", kind.first_line())
}

/// Reads a key file.
///
/// # Errors
/// It is none, or of another kind.
pub fn read_key_file(text: &str, wanted: KeyKind) -> Result<PublicKey, KeyFileError> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().ok_or(KeyFileError::NotOne)?;
    let found = KeyKind::ALL.into_iter().find(|kind| kind.first_line() == first).ok_or(KeyFileError::NotOne)?;
    if found != wanted {
        return Err(KeyFileError::Other { found, wanted });
    }
    let (Some(key), None) = (lines.next(), lines.next()) else { return Err(KeyFileError::Damaged) };
    key.parse().map_err(|_| KeyFileError::Damaged)
}

/// An admin key that nobody keeps yet.
pub struct NewAdminKey(Secret32);

impl NewAdminKey {
    /// Draws one.
    #[must_use]
    pub fn generate() -> Self {
        Self(Secret32::generate(&mut rand::rng()))
    }

    /// Reads one from the words of its paper copy.
    ///
    /// # Errors
    /// They are not the words of a key.
    pub fn from_paper(typed: &str) -> Result<Self, PaperError> {
        paper::seed(typed).map(Self)
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        SecretKey::from_seed(&self.0).public()
    }

    /// The words of its paper copy: whoever reads them can sign.
    #[must_use]
    pub fn words(&self) -> Zeroizing<String> {
        paper::words(&self.0)
    }
}

impl Client {
    /// The admin key of this vault, if it has one. Whether it is any admin's, the charter says.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn admin_key(&self) -> Result<Option<SecretKey>, ClientError> {
        Ok(self.read(state::admin_seed)?.map(|seed| SecretKey::from_seed(&seed)))
    }

    /// This vault's charter key, for a coordinator's second device: made if there is none, and the one that its later
    /// join requests bring.
    ///
    /// # Errors
    /// The vault is in no network.
    pub fn charter_key(&self) -> Result<PublicKey, ClientError> {
        let charters = self.charters()?;
        self.vault.transact(|tx| {
            let mut profile = Profile::load(tx)?;
            let key = profile.hand_out_charter_key(&charters);
            profile.save(tx)?;
            Ok(key.public())
        })
    }

    /// The words of this vault's admin key.
    ///
    /// # Errors
    /// It has none.
    pub fn admin_paper(&self) -> Result<Zeroizing<String>, ClientError> {
        let seed = self.read(state::admin_seed)?.ok_or(ClientError::NoAdminKey)?;
        Ok(paper::words(&seed))
    }

    /// Keeps an admin key. The same one again changes nothing.
    ///
    /// # Errors
    /// This vault has another one.
    pub fn keep_admin_key(&self, key: &NewAdminKey) -> Result<(), ClientError> {
        self.vault.transact(|tx| match state::admin_seed(tx)? {
            Some(held) if held == key.0 => Ok(()),
            Some(_) => Err(ClientError::HasAdminKey),
            None => match Profile::load(tx) {
                Ok(mut profile) => {
                    profile.admin = Some(key.0.clone());
                    profile.save(tx)
                }
                Err(ClientError::NoNetwork) => state::keep_waiting_admin(tx, &key.0),
                Err(error) => Err(error),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_read_as_it_was_written_and_nothing_else_is() {
        let key = NewAdminKey::generate().public();
        let text = key_file(KeyKind::Admin, &key);
        assert_eq!(read_key_file(&text, KeyKind::Admin), Ok(key));
        assert_eq!(read_key_file(&text.replace('\n', "\r\n\r\n"), KeyKind::Admin), Ok(key));
        let other = KeyFileError::Other { found: KeyKind::Admin, wanted: KeyKind::Device };
        assert_eq!(read_key_file(&text, KeyKind::Device), Err(other));
        for not_one in ["", "watchfire admin key 2\n", &key.to_string()] {
            assert_eq!(read_key_file(not_one, KeyKind::Admin), Err(KeyFileError::NotOne));
        }
        let cut = text.trim_end().strip_suffix(|_: char| true).unwrap().to_owned();
        for damaged in ["watchfire admin key 1\n", &cut, &format!("{text}{key}")] {
            assert_eq!(read_key_file(damaged, KeyKind::Admin), Err(KeyFileError::Damaged), "{damaged}");
        }
    }

    #[test]
    fn the_words_of_a_key_bring_it_back() {
        let key = NewAdminKey::generate();
        let again = NewAdminKey::from_paper(&key.words()).unwrap();
        assert_eq!(again.public(), key.public());
    }
}
