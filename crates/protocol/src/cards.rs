//! Know-your-rights cards that a network writes for its members. `docs/protocol.md`, "Cards".
//!
//! They travel in an extension field of a `network.notice`, so that whoever may say something to everybody in a
//! neighborhood, and nobody else, may change them.

use bincode::{Decode, Encode};

use crate::vocabulary::Language;
use crate::wire::{self, Extension, Extensions, WireError};

/// The extension field of an alert body that holds cards. Even: an older program shows the notice and skips them.
pub const TAG: u16 = 2;
/// Bytes of all cards, encoded: eight languages of a page each, and the notice still fits a record.
pub const LIMIT: usize = 32 << 10;
/// Cards of one notice, one a language.
pub const MAX_CARDS: usize = 8;
/// Lines of one card.
pub const MAX_LINES: usize = 24;
/// Characters of a title.
pub const TITLE_CHARS: usize = 160;
/// Characters of a line.
pub const LINE_CHARS: usize = 400;

/// One language's card.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Card {
    /// The language of the rest.
    pub language: Language,
    /// One line.
    pub title: String,
    /// What to know and to do, a sentence or two each.
    pub lines: Vec<String>,
}

/// Why cards cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCards {
    /// There is none, or too many.
    #[error("{found} cards, wanted 1 to {MAX_CARDS}, one for each language")]
    Count {
        /// How many were found.
        found: usize,
    },
    /// Two of one language.
    #[error("`{language}` has two cards, wanted one")]
    Twice {
        /// Which language.
        language: Language,
    },
    /// A card that says nothing, or too much.
    #[error("the card in `{language}` has {found} lines, wanted 1 to {MAX_LINES}")]
    Lines {
        /// Which language.
        language: Language,
        /// How many were found.
        found: usize,
    },
    /// A title or a line that is empty or too long.
    #[error("a text of the card in `{language}` has {found} characters, wanted 1 to {most}")]
    Text {
        /// Which language.
        language: Language,
        /// How many were found.
        found: usize,
        /// How many are allowed.
        most: usize,
    },
    /// All of it together is too long.
    #[error("the cards have {found} bytes, wanted at most {LIMIT}")]
    TooLarge {
        /// How many were found.
        found: usize,
    },
}

/// The cards of a network: at least one, one a language, all of them within bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cards(Vec<Card>);

impl Cards {
    /// Checks cards.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn new(cards: Vec<Card>) -> Result<Self, BadCards> {
        if cards.is_empty() || cards.len() > MAX_CARDS {
            return Err(BadCards::Count { found: cards.len() });
        }
        for (at, card) in cards.iter().enumerate() {
            if cards.iter().take(at).any(|other| other.language == card.language) {
                return Err(BadCards::Twice { language: card.language.clone() });
            }
            card.check()?;
        }
        let found = wire::encode(&cards).len();
        if found > LIMIT { Err(BadCards::TooLarge { found }) } else { Ok(Self(cards)) }
    }

    /// The cards, in their author's order.
    #[must_use]
    pub fn all(&self) -> &[Card] {
        &self.0
    }

    /// The card for a reader of `language`: that very tag, else another of the same language, else the first.
    #[must_use]
    pub fn for_reader(&self, language: &Language) -> Option<&Card> {
        let exact = self.0.iter().find(|card| card.language == *language);
        let related = || self.0.iter().find(|card| card.language.primary() == language.primary());
        exact.or_else(related).or_else(|| self.0.first())
    }

    /// The extension field that carries them.
    #[must_use]
    pub fn to_extension(&self) -> Extension {
        Extension { tag: TAG, bytes: wire::encode(&self.0) }
    }

    /// The cards among the extension fields of an alert body, if there are any.
    ///
    /// # Errors
    /// They are malformed, or out of bounds.
    pub fn among(extensions: &Extensions) -> Result<Option<Self>, WireError> {
        let Some(field) = extensions.0.iter().find(|field| field.tag == TAG) else { return Ok(None) };
        let cards = wire::decode_exact::<Vec<Card>>(&field.bytes, LIMIT)?;
        Self::new(cards).map(Some).map_err(|bad| WireError::Malformed(bad.to_string()))
    }
}

impl Card {
    fn check(&self) -> Result<(), BadCards> {
        let Self { language, title, lines } = self;
        if lines.is_empty() || lines.len() > MAX_LINES {
            return Err(BadCards::Lines { language: language.clone(), found: lines.len() });
        }
        let texts = std::iter::once((title, TITLE_CHARS)).chain(lines.iter().map(|line| (line, LINE_CHARS)));
        for (text, most) in texts {
            let found = text.trim().chars().count();
            if found == 0 || found > most {
                return Err(BadCards::Text { language: language.clone(), found, most });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(language: &str) -> Card {
        let language = Language::new(language).unwrap();
        Card { language, title: "Your rights".to_owned(), lines: vec!["You may stay silent.".to_owned()] }
    }

    #[test]
    fn cards_come_back_out_of_the_extension_field_as_they_went_in() {
        let cards = Cards::new(vec![card("en"), card("es-MX")]).unwrap();
        let other = Extension { tag: 4, bytes: vec![1] };
        let extensions = Extensions(vec![cards.to_extension(), other.clone()]);
        assert_eq!(Cards::among(&extensions).unwrap(), Some(cards));
        assert_eq!(Cards::among(&Extensions(vec![other])).unwrap(), None);
    }

    #[test]
    fn cards_have_these_bytes() {
        let cards = Cards::new(vec![card("en")]).unwrap();
        let wire = [
            &[1][..],         // one card
            &[2, b'e', b'n'], // its language
            &[11],            // its title: a length, then text
            b"Your rights",
            &[1], // one line
            &[20],
            b"You may stay silent.",
        ];
        assert_eq!(cards.to_extension(), Extension { tag: 2, bytes: wire.concat() });
    }

    #[test]
    fn the_reader_gets_their_language_a_related_one_or_the_first() {
        let cards = Cards::new(vec![card("en"), card("es-MX")]).unwrap();
        let read = |tag: &str| cards.for_reader(&Language::new(tag).unwrap()).unwrap().language.to_string();
        assert_eq!(["es-MX", "es", "en", "fr"].map(read), ["es-MX", "es-MX", "en", "en"]);
    }

    #[test]
    fn cards_out_of_bounds_are_refused_by_whoever_writes_and_whoever_reads() {
        let with = |change: &dyn Fn(&mut Card)| {
            let mut changed = card("en");
            change(&mut changed);
            vec![changed]
        };
        let bad = [
            (vec![], BadCards::Count { found: 0 }),
            ((0..9).map(|at| card(&format!("e{}", char::from(b'a' + at)))).collect(), BadCards::Count { found: 9 }),
            (vec![card("en"), card("en")], BadCards::Twice { language: card("en").language }),
            (with(&|card| card.lines.clear()), BadCards::Lines { language: card("en").language, found: 0 }),
            (
                with(&|card| card.lines = vec!["x".to_owned(); MAX_LINES + 1]),
                BadCards::Lines { language: card("en").language, found: MAX_LINES + 1 },
            ),
            (
                with(&|card| card.title = "x".repeat(TITLE_CHARS + 1)),
                BadCards::Text { language: card("en").language, found: TITLE_CHARS + 1, most: TITLE_CHARS },
            ),
            (
                with(&|card| card.lines = vec![" ".to_owned()]),
                BadCards::Text { language: card("en").language, found: 0, most: LINE_CHARS },
            ),
        ];
        for (cards, wanted) in bad {
            let extension = Extension { tag: TAG, bytes: wire::encode(&cards) };
            assert!(Cards::among(&Extensions(vec![extension])).is_err(), "{wanted}");
            assert_eq!(Cards::new(cards), Err(wanted));
        }
        let long = Card { lines: vec!["ñ".repeat(LINE_CHARS); MAX_LINES], ..card("en") };
        let two = vec![long.clone(), Card { language: Language::new("es").unwrap(), ..long }];
        assert!(matches!(Cards::new(two), Err(BadCards::TooLarge { .. })));
    }

    #[test]
    fn bytes_that_are_no_cards_are_an_error_and_nothing_worse() {
        for bytes in [vec![], vec![255; 40], vec![0], vec![1, 2, b'e'], vec![252, 255, 255, 255, 255]] {
            assert!(Cards::among(&Extensions(vec![Extension { tag: TAG, bytes }])).is_err());
        }
    }
}
