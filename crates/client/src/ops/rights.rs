//! Know-your-rights cards: samples that come with the program, until the network says its own in a signed notice.

use bincode::{Decode, Encode};
use serde::Deserialize;
use watchfire_protocol::cards::{BadCards, Card, Cards};
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AlertContent, Code, NotALanguage, TextBlock, limit::HEADLINE_CHARS};
use watchfire_protocol::wire::Extensions;

use super::alert::Draft;
use super::view::{AlertView, Filter, is_verified};
use crate::client::Client;
use crate::error::ClientError;
use crate::file::language::spoken;
use crate::file::short::shown;
use crate::file::{FileError, read};
use crate::vault::Bucket;

/// The samples, a file a language.
const SAMPLES: [(&str, &str); 2] =
    [("en", include_str!("../cards/rights.en.json")), ("es", include_str!("../cards/rights.es.json"))];

/// Where the cards come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardsBy {
    /// They came with the program, and no lawyer of the network has read them.
    Sample,
    /// The network says them.
    Network {
        /// Handles of those who signed.
        signed_by: Vec<String>,
        /// When.
        sent: Timestamp,
    },
}

/// The cards that hold in a neighborhood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsView {
    /// Where they come from.
    pub by: CardsBy,
    /// The cards.
    pub cards: Cards,
}

/// `Cards`: the newest cards that a verified notice brought.
#[derive(Clone, Encode, Decode)]
pub(crate) struct StoredCards {
    alert: AlertId,
    sent: Timestamp,
    signed_by: Vec<String>,
    cards: Vec<Card>,
}

/// Why a file with cards cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum CardsFileError {
    /// It is not read, or of another shape.
    #[error(transparent)]
    File(#[from] FileError),
    /// A language that cannot be one.
    #[error(transparent)]
    Language(#[from] NotALanguage),
    /// It says too little or too much.
    #[error(transparent)]
    Cards(#[from] BadCards),
}

/// What the file says in one language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFile {
    title: String,
    lines: Vec<String>,
}

impl CardFile {
    fn card(self, language: &str) -> Result<Card, NotALanguage> {
        let language = spoken(language).ok_or_else(|| NotALanguage { found: shown(language) })?;
        Ok(Card { language, title: self.title, lines: self.lines })
    }
}

/// Reads `{"en":{"title":"…","lines":["…"]},"es":…}`.
///
/// # Errors
/// It is no such file, or out of bounds.
pub fn parse_cards(text: &str) -> Result<Cards, CardsFileError> {
    let all: std::collections::BTreeMap<String, CardFile> = read(text)?;
    let cards = all.into_iter().map(|(language, card)| card.card(&language)).collect::<Result<Vec<_>, _>>()?;
    Ok(Cards::new(cards)?)
}

/// The cards that come with the program.
///
/// # Errors
/// None: a test reads them.
pub fn sample_cards() -> Result<Cards, CardsFileError> {
    let card = |(language, text): (&str, &str)| Ok::<_, CardsFileError>(read::<CardFile>(text)?.card(language)?);
    Ok(Cards::new(SAMPLES.into_iter().map(card).collect::<Result<Vec<_>, _>>()?)?)
}

impl Client {
    /// The cards that hold in a neighborhood.
    ///
    /// # Errors
    /// The vault is in no network, or the disk refuses.
    pub fn rights_cards(&self, hood: NeighborhoodId) -> Result<RightsView, ClientError> {
        self.adopt_cards(hood)?;
        let stored: Option<StoredCards> = self.read(|tx| Ok(tx.get(Bucket::Cards, &hood.0)?))?;
        let unexpected = |error: &dyn std::fmt::Display| ClientError::Unexpected(error.to_string());
        Ok(match stored {
            Some(StoredCards { sent, signed_by, cards, .. }) => RightsView {
                by: CardsBy::Network { signed_by, sent },
                cards: Cards::new(cards).map_err(|error| unexpected(&error))?,
            },
            None => RightsView { by: CardsBy::Sample, cards: sample_cards().map_err(|error| unexpected(&error))? },
        })
    }

    /// Drafts the notice that brings new cards. Nothing is kept or sent yet.
    ///
    /// # Errors
    /// Those of [`Self::draft_alert`].
    pub fn draft_cards(&self, hood: NeighborhoodId, cards: &Cards) -> Result<(Draft, AlertContent), ClientError> {
        let (content, extensions) = (notice(cards), Extensions(vec![cards.to_extension()]));
        Ok((self.draft_alert_with(hood, content.clone(), None, extensions)?, content))
    }

    /// Keeps the newest cards of a verified notice: the notice expires, and they stay until others replace them.
    ///
    /// # Errors
    /// The disk refuses.
    pub(crate) fn adopt_cards(&self, hood: NeighborhoodId) -> Result<(), ClientError> {
        let all = self.alerts(Filter { hood: Some(hood), expired: true, unprinted: false })?;
        let newest = all.into_iter().filter_map(brought).max_by_key(|stored| (stored.sent, stored.alert));
        let Some(newest) = newest else { return Ok(()) };
        self.read(|tx| {
            let held: Option<StoredCards> = tx.get(Bucket::Cards, &hood.0)?;
            if held.is_none_or(|held| (held.sent, held.alert) < (newest.sent, newest.alert)) {
                tx.put(Bucket::Cards, &hood.0, &newest)?;
            }
            Ok(())
        })
    }
}

/// The cards that an alert brings, if it may: a notice that is verified and no drill.
fn brought(view: AlertView) -> Option<StoredCards> {
    let body = view.shown.body();
    let content = &body.content;
    if !is_verified(&view) || content.kind != "network.notice" || content.is_drill() || content.is_cancel() {
        return None;
    }
    let cards = Cards::among(&body.extensions).ok()??;
    Some(StoredCards {
        alert: view.shown.id(),
        sent: body.sent,
        cards: cards.all().to_vec(),
        signed_by: view.signed_by.clone(),
    })
}

/// What everybody reads when new cards come: their titles, and the command that shows them.
fn notice(cards: &Cards) -> AlertContent {
    let mut content = AlertContent::new(Code::constant("network.notice"));
    content.text = cards
        .all()
        .iter()
        .map(|card| TextBlock {
            language: card.language.clone(),
            headline: card.title.trim().chars().take(HEADLINE_CHARS).collect(),
            description: "watchfire rights".to_owned(),
            instruction: String::new(),
        })
        .collect();
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_are_cards_in_both_languages_and_say_that_they_are_samples() {
        let cards = sample_cards().unwrap();
        let tags: Vec<String> = cards.all().iter().map(|card| card.language.to_string()).collect();
        assert_eq!(tags, ["en", "es"]);
        let [english, spanish] = cards.all() else { panic!("two") };
        assert!(english.title.contains("SAMPLE") && english.title.contains("lawyer"));
        assert!(spanish.title.contains("MUESTRA") && spanish.title.contains("abogada"));
        assert_eq!(english.lines.len(), spanish.lines.len());
        notice(&cards).validate_to_sign().unwrap();
    }

    #[test]
    fn a_file_of_cards_is_read_strictly() {
        let good =
            r#"{"es":{"title":"Sus derechos","lines":["Puede callar."]},"en":{"title":"Rights","lines":["Silence."]}}"#;
        assert_eq!(parse_cards(good).unwrap().all().len(), 2);
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"en":{"title":"Rights"}}"#,
            r#"{"en":{"title":"Rights","lines":[],"more":1}}"#,
            r#"{"en":{"title":"Rights","lines":[]}}"#,
            r#"{"not a tag":{"title":"Rights","lines":["x"]}}"#,
        ] {
            assert!(parse_cards(bad).is_err(), "{bad}");
        }
    }
}
