//! `alert attend`: that a coordinator takes care of somebody who asked for help.

use serde_json::Value;
use watchfire_client::ops::answer::{AttendedView, HelpView};
use watchfire_client::ops::desk::{Delivery, DeskError};
use watchfire_client::{Client, ClientError};

use super::sign::refresh_all;
use crate::app::App;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::desk::{call_for_help, called, person};
use crate::words::{duration, error, sanitize, tell};

pub(super) async fn attend(app: &App, id: &str, handle: &str) -> Done {
    let lang = app.lang;
    let client = app.open_without_calls()?;
    refresh_all(app, &client).await?;
    let call = client.call_for_help(id, handle);
    // The one that this is about is told with what comes of it, and once.
    app.sound_calls_but(&client, call.as_ref().ok())?;
    let call = call?;
    let over = is_taken_over(app, &client, &call)?;
    let done = client.attend(&call, over).await?;
    if call.removed.is_some() {
        return ended(app, &client, &call, done);
    }
    let now = client.call_for_help(id, handle)?;
    if let Some(held) = now.attended.as_ref().filter(|held| done.is_accepted() && !held.here) {
        // Somebody else said so at the same time, and before.
        return Err(attended(&client, &now, held));
    }
    let (accepted, hood) = (done.is_accepted(), sanitize(&now.neighborhood));
    app.result(&object(&now, &done), || {
        if accepted {
            return call_for_help(lang, &now, client.now());
        }
        let waits = tell!(lang, "desk-attend-waits", who = sanitize(&now.handle), hood = &hood);
        format!("{}\n  {waits}", called(lang, &now, client.now()))
    })?;
    match done {
        Delivery::Accepted(_) => {
            let who = sanitize(&now.handle);
            app.tell(&tell!(lang, "desk-attend-told", who, hood));
            Ok(DONE)
        }
        Delivery::Queued(why) => Err(queued(app, &why)),
    }
}

/// That the call of somebody who was removed is over.
fn ended(app: &App, client: &Client, call: &HelpView, done: Delivery) -> Done {
    let (lang, hood) = (app.lang, sanitize(&call.neighborhood));
    let who = person(lang, &call.handle, call.removed, client.now());
    let mut object = object(call, &done);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("ended".to_owned(), true.into());
    }
    app.result(&object, || match done.is_accepted() {
        true => tell!(lang, "desk-attend-ended", who, hood),
        false => tell!(lang, "desk-attend-ended-waits", who, hood),
    })?;
    match done {
        Delivery::Accepted(_) => Ok(DONE),
        Delivery::Queued(why) => Err(queued(app, &why)),
    }
}

fn object(call: &HelpView, done: &Delivery) -> Value {
    let mut object = shape::help(call);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("schema".to_owned(), "watchfire.help/1".into());
        fields.insert("delivery".to_owned(), if done.is_accepted() { "accepted" } else { "queued" }.into());
    }
    object
}

fn queued(app: &App, why: &ClientError) -> Problem {
    let why = error::message(app.lang, why);
    Problem::queued(tell!(app.lang, "inbox-queued", why)).hint(tell!(app.lang, "inbox-queued-hint"))
}

/// That somebody else takes care of them.
fn attended(client: &Client, call: &HelpView, held: &AttendedView) -> Problem {
    let (who, by, alert) = (call.handle.clone(), held.handle.clone(), call.short.clone());
    let seconds = client.now().since(held.at);
    ClientError::from(DeskError::Attended { who, by, seconds, alert }).into()
}

/// Asks whether to go on where somebody else takes care of them. `--yes` says so beforehand.
fn is_taken_over(app: &App, client: &Client, call: &HelpView) -> Result<bool, Problem> {
    let Some(held) = call.attended.as_ref().filter(|held| !held.here) else { return Ok(false) };
    let seconds = client.now().since(held.at);
    if !app.yes && !app.person() {
        // Said as what it is, so that a program can tell it from a question.
        return Err(attended(client, call, held));
    }
    let (who, by, span) = (sanitize(&call.handle), sanitize(&held.handle), duration(app.lang, seconds));
    app.confirm(&tell!(app.lang, "desk-attend-take-over", who, by, span))?;
    Ok(true)
}
