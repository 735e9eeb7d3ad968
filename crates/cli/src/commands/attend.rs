//! `alert attend`: that a coordinator takes care of somebody who asked for help.

use watchfire_client::ops::answer::HelpView;
use watchfire_client::ops::desk::{Delivery, DeskError};
use watchfire_client::{Client, ClientError};

use super::sign::refresh_all;
use crate::app::App;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::desk::call_for_help;
use crate::words::{duration, error, sanitize, tell};

pub(super) async fn attend(app: &App, id: &str, handle: &str) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    refresh_all(app, &client).await?;
    let call = client.call_for_help(id, handle)?;
    let over = is_taken_over(app, &client, &call)?;
    let done = client.attend(&call, over).await?;
    let now = client.call_for_help(id, handle)?;
    let mut object = shape::help(&now);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("schema".to_owned(), "watchfire.help/1".into());
        fields.insert("delivery".to_owned(), if done.is_accepted() { "accepted" } else { "queued" }.into());
    }
    let (accepted, hood) = (done.is_accepted(), sanitize(&now.neighborhood));
    app.result(&object, || {
        let line = call_for_help(lang, &now, client.now());
        let waits = || tell!(lang, "desk-attend-waits", who = sanitize(&now.handle), hood = &hood);
        if accepted { line } else { format!("{}\n{line}", waits()) }
    })?;
    match done {
        Delivery::Accepted(_) => {
            let who = sanitize(&now.handle);
            app.tell(&tell!(lang, "desk-attend-told", who, hood));
            Ok(DONE)
        }
        Delivery::Queued(why) => {
            let why = error::message(lang, &why);
            Err(Problem::queued(tell!(lang, "inbox-queued", why)).hint(tell!(lang, "inbox-queued-hint")))
        }
    }
}

/// Asks whether to go on where somebody else takes care of them. `--yes` says so beforehand.
fn is_taken_over(app: &App, client: &Client, call: &HelpView) -> Result<bool, Problem> {
    let Some(held) = call.attended.as_ref().filter(|held| !held.here) else { return Ok(false) };
    let seconds = client.now().since(held.at);
    if !app.yes && !app.person() {
        // Said as what it is, so that a program can tell it from a question.
        let (who, by, alert) = (call.handle.clone(), held.handle.clone(), call.short.clone());
        return Err(ClientError::from(DeskError::Attended { who, by, seconds, alert }).into());
    }
    let (who, by, span) = (sanitize(&call.handle), sanitize(&held.handle), duration(app.lang, seconds));
    app.confirm(&tell!(app.lang, "desk-attend-take-over", who, by, span))?;
    Ok(true)
}
