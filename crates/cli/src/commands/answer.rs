//! `answer`.

use serde_json::json;
use watchfire_client::file::FileError;
use watchfire_protocol::vocabulary::{AnswerContent, Code, List};

use super::join::unknown_role;
use crate::app::App;
use crate::args::AnswerArgs;
use crate::problem::{DONE, Done, Problem, QUEUED};
use crate::words::{Lang, code, or, sanitize, tell};

/// What a person may answer: the rest of the list is sent by clients.
const CODES: &[&str] = &["going", "on-scene", "standby", "cannot", "leaving", "safe", "help"];
/// What is out of place once nobody needs to come any more.
const COMING: &[&str] = &["going", "on-scene", "standby"];
/// Bytes of the longest file with an answer's text.
const TEXT_BYTES: u64 = 4 << 10;

pub(super) async fn answer(app: &App, args: AnswerArgs) -> Done {
    let lang = app.lang;
    let content = content(app, &args)?;
    for finding in content.identifying_text() {
        let text = sanitize(&finding.text);
        app.warn(&tell!(lang, "answer-looks-like-names", text));
    }
    content.validate().map_err(FileError::from)?;
    let client = app.open()?;
    // Whoever has not heard that it is over would go for nothing. They may have a reason, and say so.
    let coming = COMING.contains(&content.answer.as_str());
    let is_over = || client.present(&args.id).is_ok_and(|view| view.is_over());
    let known = coming && is_over();
    if known {
        app.confirm(tell!(lang, "answer-over"))?;
    }
    let before = client.queued()?;
    let word = code(lang, List::Answer, &content.answer);
    let chosen = content.answer.clone();
    let (alert, short, state) = match client.answer(&args.id, content).await {
        Ok((view, receipt)) => {
            let state = if receipt.is_some() { "accepted" } else { "queued" };
            (view.shown.id().to_string(), view.short, state)
        }
        // It is in the vault already, and would be there twice if it were given again.
        Err(error) if client.queued()? > before => {
            app.warn(&crate::words::error::message(lang, &error));
            let view = client.alert(&args.id)?;
            (view.shown.id().to_string(), view.short, "queued")
        }
        Err(error) => return Err(error.into()),
    };
    let object = json!({"schema": "watchfire.answer/1", "alert": alert, "answer": chosen.as_str(), "state": state});
    app.result(&object, || match state {
        "accepted" => tell!(lang, "answer-sent", short, word),
        _ => tell!(lang, "answer-queued", short, word),
    })?;
    // What came with the same connection.
    if coming && !known && is_over() {
        app.warn(&tell!(lang, "answer-over-by-now", short));
    }
    if state == "queued" {
        app.tell(tell!(lang, "answer-try-now"));
        return Ok(QUEUED);
    }
    Ok(DONE)
}

fn content(app: &App, args: &AnswerArgs) -> Result<AnswerContent, Problem> {
    let lang = app.lang;
    let answer = args.code.trim().to_lowercase().replace(['_', ' '], "-");
    if !CODES.contains(&answer.as_str()) {
        return Err(unknown(lang, &args.code, List::Answer, CODES));
    }
    let mut content = AnswerContent::new(code_of(lang, &answer)?);
    if let Some(eta) = args.eta {
        if answer != "going" {
            return Err(Problem::usage(tell!(lang, "answer-eta-goes-going")));
        }
        content.eta_minutes = Some(u16::try_from(eta.as_secs().div_ceil(60)).unwrap_or(u16::MAX));
    }
    if let Some(reason) = &args.reason {
        if !List::Reason.codes().contains(&reason.as_str()) {
            return Err(unknown(lang, reason, List::Reason, List::Reason.codes()));
        }
        content.reason = Some(code_of(lang, reason)?);
    }
    if let Some(role) = &args.role {
        if !List::Role.codes().contains(&role.as_str()) {
            return Err(unknown_role(lang, role));
        }
        content.role = Some(code_of(lang, role)?);
    }
    if let Some(file) = &args.file {
        content.text = app.text_in(file, TEXT_BYTES)?.trim().to_owned();
    }
    Ok(content)
}

fn code_of(lang: Lang, text: &str) -> Result<Code, Problem> {
    Code::new(text).map_err(|_| unknown(lang, text, List::Answer, CODES))
}

/// A word that no list has, with those that it may have meant.
fn unknown(lang: Lang, found: &str, list: List, codes: &[&str]) -> Problem {
    let near: Vec<&str> = list.nearest(found).into_iter().filter(|near| codes.contains(near)).collect();
    let wanted: Vec<String> =
        if near.is_empty() { codes.to_vec() } else { near }.iter().map(|c| format!("`{c}`")).collect();
    let (found, wanted) = (sanitize(found), or(lang, &wanted));
    let message = match list {
        List::Reason => tell!(lang, "answer-known-reason", found),
        _ => tell!(lang, "answer-not-one", found),
    };
    Problem::usage(message).hint(tell!(lang, "answer-nothing-sent-wanted", wanted))
}
