//! An admin key on paper: its seed as 24 words of the English BIP39 list, with a checksum. `docs/protocol.md`,
//! "Drafts". The words are the key: whoever reads them can sign.

use bip39::{Language, Mnemonic};
use zeroize::Zeroizing;

use crate::phrase::heard_words;
use crate::secret::Secret32;

/// How many words a key has.
pub const WORDS: usize = 24;

/// Why words are not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// One is missing, or one too many.
    #[error("found {found} words, wanted {WORDS}")]
    Count {
        /// How many there are.
        found: usize,
    },
    /// One is not on the list: it was misread. The word itself is not repeated.
    #[error("word {place} is not on the list")]
    Unknown {
        /// Its place, from 1.
        place: usize,
    },
    /// All are on the list, and do not belong together: two are swapped, or one is another one.
    #[error("the words do not belong together: their checksum differs")]
    Checksum,
}

/// The words of a seed.
#[must_use]
pub fn words(seed: &Secret32) -> Zeroizing<String> {
    // 32 bytes are a length that the list has words for.
    let words = Mnemonic::from_entropy_in(Language::English, seed.expose());
    Zeroizing::new(words.map(|words| words.words().collect::<Vec<_>>().join(" ")).unwrap_or_default())
}

/// The seed of words that somebody typed: in any case, with any spaces and marks between them.
///
/// # Errors
/// They are not the words of a key.
pub fn seed(typed: &str) -> Result<Secret32, PaperError> {
    let typed = Zeroizing::new(heard_words(typed));
    let found = typed.len();
    if found != WORDS {
        return Err(PaperError::Count { found });
    }
    let known = |word: &String| Language::English.find_word(word).is_some();
    if let Some(at) = typed.iter().position(|word| !known(word)) {
        return Err(PaperError::Unknown { place: at + 1 });
    }
    let joined = Zeroizing::new(typed.join(" "));
    let words = Mnemonic::parse_in_normalized(Language::English, &joined).map_err(|_| PaperError::Checksum)?;
    let entropy = Zeroizing::new(words.to_entropy());
    <[u8; 32]>::try_from(entropy.as_slice()).map(Secret32::new).map_err(|_| PaperError::Checksum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_words_of_a_seed_are_its_words() {
        // BIP39's own vectors.
        let first = format!("{}art", "abandon ".repeat(23));
        assert_eq!(*words(&Secret32::new([0; 32])), first);
        let last = format!("{}vote", "zoo ".repeat(23));
        assert!(seed(&last).is_ok_and(|seed| *seed.expose() == [0xff; 32]));
    }

    #[test]
    fn words_are_read_as_they_were_written_by_whatever_hand() {
        let key = Secret32::new([7; 32]);
        let written = words(&key);
        let numbered: String = (1..).zip(written.split(' ')).map(|(n, word)| format!("{n}. {word}\n")).collect();
        for typed in [written.to_string(), written.to_uppercase(), numbered] {
            assert!(seed(&typed).is_ok_and(|read| read == key), "{typed}");
        }
    }

    #[test]
    fn a_word_too_few_a_misread_word_and_two_swapped_words_are_told_apart() {
        let error = |typed: &str| seed(typed).err().unwrap();
        let written = words(&Secret32::new([7; 32])).to_string();
        let list: Vec<&str> = written.split(' ').collect();
        assert_eq!(error(&list[..23].join(" ")), PaperError::Count { found: 23 });
        assert_eq!(error(""), PaperError::Count { found: 0 });
        let mut misread = list.clone();
        misread[4] = "fireworks";
        assert_eq!(error(&misread.join(" ")), PaperError::Unknown { place: 5 });
        let mut swapped = list;
        swapped.swap(0, 1);
        if swapped[0] == swapped[1] {
            swapped.swap(0, 2);
        }
        assert_eq!(error(&swapped.join(" ")), PaperError::Checksum);
    }
}
