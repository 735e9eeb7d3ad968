//! `rights`: know-your-rights cards, the network's own or samples.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use watchfire_client::file::{FILE_BYTES, rfc3339};
use watchfire_client::ops::rights::{CardsBy, CardsFileError, RightsView, parse_cards, sample_cards};
use watchfire_client::vault::Vault;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::cards::{BadCards, Card, Cards};
use watchfire_protocol::vocabulary::Language;

use super::{refresh_if_possible, send};
use crate::app::App;
use crate::args::RightsArgs;
use crate::problem::{DONE, Done, Problem};
use crate::words::{Lang, and, clock, sanitize, sanitize_lines, tell};

pub(super) fn rights(app: &App, args: &RightsArgs) -> Done {
    // What anybody may need at the door is there without a vault.
    if !Vault::exists(&app.home) {
        return show(app, &samples()?, None);
    }
    let client = app.open()?;
    let view = match newest(&client, args.neighborhood.as_deref())? {
        Some(view) => view,
        None => samples()?,
    };
    show(app, &view, Some(&client))
}

fn samples() -> Result<RightsView, Problem> {
    let cards = sample_cards().map_err(|error| Problem::unexpected(error.to_string()))?;
    Ok(RightsView { by: CardsBy::Sample, cards })
}

/// The newest cards that a network said, in the neighborhood that is named or in any.
fn newest(client: &Client, named: Option<&str>) -> Result<Option<RightsView>, Problem> {
    let hoods = match named {
        Some(name) => vec![client.hood_named(Some(name))?],
        None => client.hoods()?.into_iter().map(|(hood, _)| hood).collect(),
    };
    let views = hoods.into_iter().map(|hood| client.rights_cards(hood)).collect::<Result<Vec<_>, ClientError>>()?;
    Ok(views.into_iter().max_by_key(|view| match &view.by {
        CardsBy::Sample => None,
        CardsBy::Network { sent, .. } => Some(*sent),
    }))
}

fn show(app: &App, view: &RightsView, client: Option<&Client>) -> Done {
    let lang = app.lang;
    app.result(&object(view), || card(lang, &view.cards))?;
    app.tell(&match &view.by {
        CardsBy::Sample => tell!(lang, "rights-sample").to_owned(),
        CardsBy::Network { signed_by, sent } => {
            let handles: Vec<String> = signed_by.iter().map(|handle| sanitize(handle)).collect();
            let now = client.map_or(*sent, Client::now);
            tell!(lang, "rights-by", who = and(lang, &handles), at = clock::when(lang, *sent, now))
        }
    });
    Ok(DONE)
}

fn object(view: &RightsView) -> Value {
    let one = |card: &Card| (card.language.to_string(), json!({"title": card.title, "lines": card.lines}));
    let cards: BTreeMap<String, Value> = view.cards.all().iter().map(one).collect();
    let (source, signed_by, sent) = match &view.by {
        CardsBy::Sample => ("sample", &[][..], None),
        CardsBy::Network { signed_by, sent } => ("network", signed_by.as_slice(), Some(rfc3339(*sent))),
    };
    json!({"schema": "watchfire.rights/1", "source": source, "signed-by": signed_by, "sent": sent, "cards": cards})
}

/// The reader's card, a paragraph a line.
fn card(lang: Lang, cards: &Cards) -> String {
    let reader = Language::new(lang.tag()).ok();
    let Some(card) = reader.and_then(|reader| cards.for_reader(&reader)) else { return String::new() };
    let mut out = sanitize(&card.title);
    for line in &card.lines {
        out.push_str("\n\n- ");
        out.push_str(&sanitize_lines(line).join("\n  "));
    }
    out
}

/// Says cards of the network's own to a neighborhood.
pub(super) async fn publish(app: &App, neighborhood: Option<&str>, file: &Path) -> Done {
    let lang = app.lang;
    let most = u64::try_from(FILE_BYTES).unwrap_or(u64::MAX);
    let cards = parse_cards(&app.text_in(file, most)?).map_err(|error| refused(lang, error))?;
    let client = app.open()?;
    let hood = client.hood_named(neighborhood)?;
    refresh_if_possible(app, &client, hood).await?;
    let (draft, content) = client.draft_cards(hood, &cards)?;
    let name = client.hoods()?.into_iter().find(|(id, _)| *id == hood).map(|(_, name)| name).unwrap_or_default();
    for card in cards.all() {
        let lines = card.lines.iter().map(|line| format!("- {}", sanitize(line))).collect::<Vec<_>>().join("\n");
        let language = crate::words::language(lang, &card.language);
        app.tell_before_asking(&format!("{language}: {}\n{lines}\n", sanitize(&card.title)));
    }
    app.confirm(&tell!(lang, "rights-publish", hood = sanitize(&name)))?;
    let doubts = send::Doubts { findings: content.identifying_text(), ..send::Doubts::default() };
    send::deliver(app, &client, draft, doubts, None).await
}

fn refused(lang: Lang, error: CardsFileError) -> Problem {
    let message = match error {
        CardsFileError::File(error) => return ClientError::from(error).into(),
        CardsFileError::Language(error) => tell!(lang, "rights-language", found = sanitize(&error.found)),
        CardsFileError::Cards(BadCards::Count { found }) => tell!(lang, "rights-count", found),
        CardsFileError::Cards(BadCards::Twice { language }) => {
            tell!(lang, "rights-twice", language = language.to_string())
        }
        CardsFileError::Cards(BadCards::Lines { language, found }) => {
            tell!(lang, "rights-lines", language = language.to_string(), found)
        }
        CardsFileError::Cards(BadCards::Text { language, found, most }) => {
            tell!(lang, "rights-text", language = language.to_string(), found, most)
        }
        CardsFileError::Cards(BadCards::TooLarge { found }) => tell!(lang, "rights-large", found),
    };
    Problem::usage(message).hint(tell!(lang, "rights-file-hint"))
}
