//! `answer`.

use serde_json::json;
use watchfire_client::file::FileError;
use watchfire_client::ops::thread::Out;
use watchfire_client::ops::view::AlertView;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AnswerContent, Code, List};

use super::join::unknown_role;
use super::sign::refresh_all;
use crate::app::App;
use crate::args::AnswerArgs;
use crate::face;
use crate::problem::{DONE, Done, Problem, QUEUED};
use crate::words::{Lang, code, meant, near, offered, sanitize, tell};

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
    let before = found(app, &client, &args.id).await?;
    let coming = COMING.contains(&content.answer.as_str());
    let known = coming && before.is_over();
    if known {
        confirm_late(app, &before, client.now())?;
    }
    let waited = client.queued()?;
    let word = code(lang, List::Answer, &content.answer);
    let chosen = content.answer.clone();
    let short = before.shown_short();
    let (alert, state) = match client.answer(&args.id, content).await {
        Ok((view, receipt)) => {
            let state = if receipt.is_some() { "accepted" } else { "queued" };
            (view.shown.id().to_string(), state)
        }
        // It is in the vault already, and would be there twice if it were given again.
        Err(error) if client.queued()? > waited => {
            app.warn(&crate::words::error::message(lang, &error));
            let view = client.alert(&args.id)?;
            (view.shown.id().to_string(), "queued")
        }
        Err(error) => return Err(error.into()),
    };
    // No other answer takes a call for help back.
    let calls = chosen != "help" && client.present(&args.id).is_ok_and(|view| view.out == Some(Out::Help));
    let answered = &before.shown.body().content;
    let object = json!({
        "schema": "watchfire.answer/1", "alert": alert, "answer": chosen.as_str(), "state": state,
        "status": answered.status.as_str(), "drill": answered.is_drill(), "help-open": calls,
    });
    app.result(&object, || {
        let words = match (state, chosen.as_str()) {
            ("accepted", "help") => help_words(lang, client.present(&args.id).ok().as_ref(), short, client.now()),
            ("accepted", _) => tell!(lang, "answer-sent", short, word),
            (_, "help") => tell!(lang, "answer-help-queued", short),
            _ => tell!(lang, "answer-queued", short, word),
        };
        format!("{}{words}", face::drill(lang, answered))
    })?;
    if calls {
        app.warn(&tell!(lang, "answer-help-stays", short));
    }
    // What came with the same connection.
    let over = || client.present(&args.id).ok().filter(AlertView::is_over);
    if let Some(view) = Some(()).filter(|()| coming && !known).and_then(|()| over()) {
        let ended = face::ended(lang, &view, client.now()).unwrap_or_default();
        app.warn(&tell!(lang, "answer-over-by-now", ended, short));
    }
    if state == "queued" {
        app.tell(tell!(lang, "answer-try-now"));
        return Ok(QUEUED);
    }
    Ok(DONE)
}

/// What whoever asked for help is to do next. Until a coordinator says that they take care, nobody may have read it.
fn help_words(lang: Lang, view: Option<&AlertView>, short: &str, now: Timestamp) -> String {
    match view.and_then(|view| view.attended.as_ref()) {
        Some(by) => tell!(lang, "answer-help-again", short, seen = face::attended(lang, by, now)),
        None => tell!(lang, "answer-help-sent", short),
    }
}

/// The alert: in the vault, or at the relay.
pub(super) async fn found(app: &App, client: &Client, id: &str) -> Result<AlertView, Problem> {
    match client.present(id) {
        Err(ClientError::NotFound { .. }) => {
            refresh_all(app, client).await?;
            Ok(client.present(id)?)
        }
        found => Ok(found?),
    }
}

/// Whoever has not heard that it is over would go for nothing. They may have a reason, and say so.
fn confirm_late(app: &App, view: &AlertView, now: Timestamp) -> Result<(), Problem> {
    let lang = app.lang;
    let ended = face::ended(lang, view, now).unwrap_or_default();
    let question = tell!(lang, "answer-over", ended = &ended);
    app.confirm(&question).map_err(|problem| problem.saying(tell!(lang, "answer-over-unsent", ended = &ended)))
}

fn content(app: &App, args: &AnswerArgs) -> Result<AnswerContent, Problem> {
    let lang = app.lang;
    let answer = chosen(lang, &args.code).ok_or_else(|| unknown(lang, &args.code, List::Answer, CODES))?;
    let mut content = AnswerContent::new(Code::constant(answer));
    if args.eta.is_some() && answer != "going" {
        return Err(Problem::usage(tell!(lang, "answer-eta-goes-going")));
    }
    content.eta_minutes = args.eta;
    if let Some(reason) = &args.reason {
        let known = meant(lang, List::Reason, reason);
        let known = known.ok_or_else(|| unknown(lang, reason, List::Reason, List::Reason.codes()))?;
        content.reason = Some(Code::constant(known));
    }
    if let Some(role) = &args.role {
        let known = meant(lang, List::Role, role).ok_or_else(|| unknown_role(lang, role))?;
        content.role = Some(Code::constant(known));
    }
    if let Some(file) = &args.file {
        content.text = app.text_in(file, TEXT_BYTES)?.trim().to_owned();
    }
    Ok(content)
}

/// The answer that a word means: a code, or what people say for it in the reader's language.
fn chosen(lang: Lang, typed: &str) -> Option<&'static str> {
    meant(lang, List::Answer, typed).filter(|answer| CODES.contains(answer))
}

/// A word that no list has, with those that it may have meant.
fn unknown(lang: Lang, found: &str, list: List, codes: &[&'static str]) -> Problem {
    let near: Vec<_> = near(lang, list, found).into_iter().filter(|near| codes.contains(near)).collect();
    let wanted = offered(lang, list, if near.is_empty() { codes } else { &near });
    let found = sanitize(found);
    let message = match list {
        List::Reason => tell!(lang, "answer-known-reason", found),
        _ => tell!(lang, "answer-not-one", found),
    };
    Problem::usage(message).hint(tell!(lang, "answer-nothing-sent-wanted", wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_say_is_an_answer_in_their_language_and_the_codes_are_in_all() {
        for lang in Lang::all() {
            for answer in CODES {
                assert_eq!(chosen(lang, answer), Some(*answer));
            }
            assert_eq!(chosen(lang, "received"), None, "clients say that");
        }
        for (typed, answer) in [("voy", "going"), ("LLEGUE", "on-scene"), ("no_puedo", "cannot"), ("a salvo", "safe")] {
            assert_eq!(chosen(Lang::es(), typed), Some(answer));
        }
        assert_eq!(chosen(Lang::EN, "voy"), None);
    }
}
