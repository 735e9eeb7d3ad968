//! `alert sign` and `alert pending`: more than one coordinator stands for an alert.

use serde_json::{Value, json};
use watchfire_client::ops::sign::{SignedMore, Waiting};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::alert::AlertBody;
use watchfire_protocol::enough::said_by;

use super::refresh_if_possible;
use crate::app::App;
use crate::face;
use crate::problem::{DONE, Done, Problem, UNSIGNED};
use crate::shape;
use crate::words::{and, error, sanitize, tell};

pub(super) async fn sign(app: &App, id: &str) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let queued = client.signature_is_queued(id)?;
    refresh_all(app, &client).await?;
    if queued && !client.signature_is_queued(id)? {
        return went_out(app, &client, id);
    }
    let waiting = client.to_sign(id)?;
    app.tell_before_asking(&as_readers_see_it(app, &client, &waiting));
    app.confirm(tell!(lang, "sign-say-name-true"))?;
    let signed = client.sign_alert(&waiting).await?;
    report(app, &client, &waiting, &signed)
}

/// A signature that was given before has reached the relay.
fn went_out(app: &App, client: &Client, id: &str) -> Done {
    let lang = app.lang;
    app.tell(tell!(lang, "sign-signature-waited-vault"));
    let unsigned = client.unsigned()?.into_iter().find(|waiting| waiting.id().starts_with(&id.to_uppercase()));
    Ok(if unsigned.is_some() { UNSIGNED } else { DONE })
}

fn as_readers_see_it(app: &App, client: &Client, waiting: &Waiting) -> String {
    let (lang, now) = (app.lang, client.now());
    match waiting {
        Waiting::Shown(view) => face::whole(lang, view, now),
        Waiting::Held(view) => {
            let handles: Vec<String> = view.signed_by.iter().map(|handle| sanitize(handle)).collect();
            let who = and(lang, &handles);
            let signed = tell!(lang, "sign-signed", who);
            let words = |claim: &AlertBody| {
                let said = (&claim.content, &said_by(claim)[..]);
                face::waiting(lang, said, &view.neighborhood, waiting.signatures(), now)
            };
            let words = view.claim.as_ref().map(words).unwrap_or_default();
            format!("{words}\n{signed}")
        }
    }
}

fn report(app: &App, client: &Client, waiting: &Waiting, signed: &SignedMore) -> Done {
    let lang = app.lang;
    let (id, signatures) = (waiting.id(), signed.signatures);
    let own = short(client, &id);
    let short = id.parse().map_or_else(|_| own.clone(), |id| client.listed_short(&id));
    let object = json!({
        "schema": "watchfire.signed/1",
        "id": id,
        "short": own,
        "state": if signed.receipt.is_some() { "accepted" } else { "queued" },
        "position": signed.receipt.map(|receipt| receipt.position),
        "signatures": shape::signatures(signatures),
    });
    let handle = sanitize(&client.profile()?.handle);
    app.result(&object, || match signed.receipt {
        Some(_) => tell!(lang, "sign-signed-accepted-relay", handle, short),
        None => tell!(lang, "sign-signed-sent-yet", handle),
    })?;
    if signed.receipt.is_none() {
        return Err(not_taken(app, signed.why_queued.as_ref()));
    }
    if signatures.are_enough() {
        return Ok(DONE);
    }
    app.tell(&face::missing_signatures(lang, &short, signatures, &signed.others));
    Ok(UNSIGNED)
}

fn not_taken(app: &App, why: Option<&ClientError>) -> Problem {
    let lang = app.lang;
    let why = why.map(|cause| format!("\n{}", error::message(lang, cause))).unwrap_or_default();
    Problem::queued(tell!(lang, "sign-signature-vault-relay", why)).hint(tell!(lang, "sign-try-now"))
}

fn short(client: &Client, id: &str) -> String {
    client.alert(id).map_or_else(|_| id.chars().take(4).collect(), |view| view.short)
}

pub(super) async fn pending(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    refresh_all(app, &client).await?;
    let all = client.unsigned()?;
    for waiting in &all {
        app.result(&object(waiting), || words(app, &client, waiting))?;
    }
    match all.first() {
        None => app.tell(tell!(lang, "sign-alert-waits-signature")),
        Some(Waiting::Shown(view)) => app.tell(&tell!(lang, "sign-look-sign-if", short = view.shown_short())),
        Some(Waiting::Held(view)) => app.tell(&tell!(lang, "sign-look-sign-if", short = short(&client, &view.id))),
    }
    Ok(DONE)
}

fn object(waiting: &Waiting) -> Value {
    match waiting {
        Waiting::Shown(view) => shape::alert(view),
        Waiting::Held(view) => shape::held(view),
    }
}

fn words(app: &App, client: &Client, waiting: &Waiting) -> String {
    let (lang, now) = (app.lang, client.now());
    match waiting {
        Waiting::Shown(view) => face::headline(lang, view, now),
        Waiting::Held(view) => match &view.claim {
            Some(claim) => face::waiting_line(lang, &claim.content, view),
            None => face::held(lang, view, now),
        },
    }
}

/// Fetches what is new in every neighborhood, if a relay answers.
pub(super) async fn refresh_all(app: &App, client: &Client) -> Result<(), Problem> {
    for (hood, _) in client.hoods()? {
        refresh_if_possible(app, client, hood).await?;
    }
    Ok(())
}
