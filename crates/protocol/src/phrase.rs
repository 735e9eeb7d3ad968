//! The phrase that newcomer and coordinator read to each other. `docs/protocol.md`, "The phrase".
//!
//! Six words, 66 bits of Argon2id over everything that both must agree on. Whoever swapped the link, the request or
//! the network would have to find another request with the same words, at a quarter of a second a try.

use argon2::{Algorithm, Argon2, Params, Version};
use bip39::Language as WordList;

use crate::id::{InviteId, RequestHash};
use crate::kdf::Place;
use crate::labels::Domain;
use crate::sign::PublicKey;

/// Argon2id: memory in KiB.
const MEMORY_KIB: u32 = 64 << 10;
/// Argon2id: passes.
const PASSES: u32 = 3;

/// Six numbers of 11 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase([u16; 6]);

/// Which three words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Words 1 to 3: the newcomer reads them aloud.
    Newcomer,
    /// Words 4 to 6: the coordinator reads them aloud.
    Coordinator,
}

/// A language of the BIP39 word lists. Lists are not translations of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhraseLanguage {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

impl PhraseLanguage {
    const ALL: [Self; 2] = [Self::English, Self::Spanish];

    const fn list(self) -> WordList {
        match self {
            Self::English => WordList::English,
            Self::Spanish => WordList::Spanish,
        }
    }
}

/// Word `number` of a list, 0 to 2,047.
#[must_use]
pub fn word(number: usize, language: PhraseLanguage) -> &'static str {
    language.list().word_list().get(number).copied().unwrap_or_default()
}

impl Phrase {
    /// Computes the phrase: 64 MiB and a quarter of a second.
    ///
    /// # Errors
    /// The memory cannot be had.
    pub fn compute(
        place: &Place,
        link_charter: &[u8; 16],
        invite: &InviteId,
        invite_key: &PublicKey,
        request: &RequestHash,
    ) -> Result<Self, argon2::Error> {
        let mut input = Domain::Phrase.prefix();
        input.extend_from_slice(&place.network.0);
        input.extend_from_slice(link_charter);
        input.extend_from_slice(&place.neighborhood.0);
        input.extend_from_slice(invite_key.as_bytes());
        input.extend_from_slice(&request.0);
        let params = Params::new(MEMORY_KIB, PASSES, 1, Some(16))?;
        let mut out = [0; 16];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(&input, &invite.0, &mut out)?;
        let bits = u128::from_be_bytes(out);
        #[expect(clippy::cast_possible_truncation, reason = "masked to 11 bits")]
        let words = [117, 106, 95, 84, 73, 62].map(|shift| (bits >> shift) as u16 & 0x7ff);
        Ok(Self(words))
    }

    /// Three words to read aloud.
    #[must_use]
    pub fn words(&self, half: Half, language: PhraseLanguage) -> [&'static str; 3] {
        self.numbers(half).map(|n| word(usize::from(n), language))
    }

    /// Whether these are the words of a half, in any language, in any case, with or without accents.
    #[must_use]
    pub fn matches(&self, half: Half, heard: &str) -> bool {
        let heard = heard_words(heard);
        PhraseLanguage::ALL.iter().any(|language| self.words(half, *language).map(plain).as_slice() == heard.as_slice())
    }

    const fn numbers(&self, half: Half) -> [u16; 3] {
        let [a, b, c, d, e, f] = self.0;
        match half {
            Half::Newcomer => [a, b, c],
            Half::Coordinator => [d, e, f],
        }
    }
}

/// The words of what somebody heard and typed, as phrases are compared.
#[must_use]
pub fn heard_words(heard: &str) -> Vec<String> {
    // Not at every mark that is no letter: the lists write an accent as a mark of its own.
    let between = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || c.is_ascii_digit();
    heard.split(between).filter(|word| !word.is_empty()).map(plain).collect()
}

/// A word in lower case without accents, as phrases are compared. The lists write accents as marks after the letter; people type them in one.
#[must_use]
pub fn plain(word: impl AsRef<str>) -> String {
    word.as_ref()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'á' => Some('a'),
            'é' => Some('e'),
            'í' => Some('i'),
            'ó' => Some('o'),
            'ú' | 'ü' => Some('u'),
            'ñ' => Some('n'),
            '\u{300}'..='\u{36f}' => None,
            other => Some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{NeighborhoodId, NetworkId};
    use crate::secret::Secret32;
    use crate::sign::SecretKey;

    fn phrase(request: u8) -> Phrase {
        let place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) };
        let key = SecretKey::from_seed(&Secret32::new([3; 32])).public();
        Phrase::compute(&place, &[4; 16], &InviteId([5; 16]), &key, &RequestHash([request; 32])).unwrap()
    }

    #[test]
    fn another_request_has_other_words() {
        let (one, other) = (phrase(1), phrase(2));
        assert_eq!(one, phrase(1));
        assert_ne!(
            one.words(Half::Newcomer, PhraseLanguage::English),
            other.words(Half::Newcomer, PhraseLanguage::English)
        );
        assert_ne!(
            one.words(Half::Coordinator, PhraseLanguage::English),
            other.words(Half::Coordinator, PhraseLanguage::English)
        );
    }

    #[test]
    fn every_word_of_the_lists_is_heard_as_it_is_written() {
        for language in PhraseLanguage::ALL {
            for number in 0..2048 {
                let word = word(number, language);
                assert_eq!(heard_words(&format!(" {}, ", word.to_uppercase())), [plain(word)]);
            }
        }
    }

    #[test]
    fn words_are_known_in_either_language_without_accents_but_not_by_the_other_half() {
        let phrase = phrase(1);
        for language in PhraseLanguage::ALL {
            let words = phrase.words(Half::Newcomer, language).join(" ");
            assert!(phrase.matches(Half::Newcomer, &words.to_uppercase()));
            assert!(phrase.matches(Half::Newcomer, &plain(&words)));
            assert!(!phrase.matches(Half::Coordinator, &words));
        }
        assert!(!phrase.matches(Half::Newcomer, ""));
    }
}
