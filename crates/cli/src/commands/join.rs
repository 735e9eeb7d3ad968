//! `join` and `confirm`: from a link to a membership.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use watchfire_client::ops::join::{JoinState, JoinTerms, JoinView};
use watchfire_client::vault::Vault;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::{MAX_LANGUAGES, MAX_ROLES};
use watchfire_protocol::vocabulary::{Code, Language, List};

use super::{interrupted, refresh};
use crate::app::App;
use crate::args::JoinArgs;
use crate::ask::is_yes;
use crate::problem::{DONE, Done, INTERRUPTED, Problem};
use crate::shape;
use crate::words::{Lang, and, language_named, meant, near, offered, sanitize, tell};

/// What somebody is called who does not say: who approves them sees it, and can tell several apart.
const NEWCOMER: &str = "responder";
/// How long somebody waits who says no time: until they stop it.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 3600);

pub(super) async fn join(app: &App, args: JoinArgs) -> Done {
    // What was typed is looked at before anything is made.
    let offer = Offer::of(app.lang, &args.role, &args.speaks)?;
    let mut link = args.link_file.as_deref().map(|file| link_in(app, file)).transpose()?;
    let opened = if Vault::exists(&app.home) { Some(app.open()?) } else { None };
    let waiting = opened.as_ref().map(waiting).transpose()?.unwrap_or_default();
    if link.is_none() && waiting.is_empty() {
        link = ask_link(app)?;
    }
    if let (None, true, Some(client)) = (&link, waiting.is_empty(), &opened)
        && !client.hoods()?.is_empty()
    {
        return already_member(app, client).await;
    }
    if link.is_none() && waiting.is_empty() {
        return Err(no_link(app));
    }
    let client = match opened {
        Some(client) => client,
        None => app.open_or_create()?,
    };
    if let Some(link) = &mut link {
        link.in_person = link.in_person && was_handed_over(app)?;
    }
    let views = match &link {
        Some(link) => vec![client.join(link, &terms(app, &client, args.handle, offer)?).await?],
        None => {
            if !(args.role.is_empty() && args.speaks.is_empty()) {
                app.warn(tell!(app.lang, "join-request-waits-made"));
            }
            app.tell(tell!(app.lang, "join-going-request-waits"));
            let mut views = Vec::new();
            for hood in waiting {
                views.push(client.continue_join(hood).await?);
            }
            views
        }
    };
    let in_person = link.is_some_and(|link| link.in_person);
    for view in &views {
        report(app, &client, view, in_person).await?;
    }
    let unapproved: Vec<JoinView> = views.into_iter().filter(|view| view.state == JoinState::Waiting).collect();
    if !(args.wait || args.timeout.is_some()) {
        if !unapproved.is_empty() {
            app.tell(tell!(app.lang, "join-once-approved-simply"));
            for view in &unapproved {
                tell_unsaid(app, &client, view.hood)?;
            }
        }
        return Ok(DONE);
    }
    let wait = async {
        for view in unapproved {
            let approved = client.wait_for_approval(view.hood, args.timeout.unwrap_or(FOREVER)).await?;
            report(app, &client, &approved, in_person).await?;
        }
        Ok(DONE)
    };
    tokio::select! {
        done = wait => done,
        () = interrupted() => Ok(INTERRUPTED),
    }
}

/// The neighborhoods that have not approved this vault yet.
pub(super) fn waiting(client: &Client) -> Result<Vec<NeighborhoodId>, Problem> {
    let members: Vec<NeighborhoodId> = client.hoods()?.into_iter().map(|(id, _)| id).collect();
    let mut waiting = client.joining()?;
    waiting.retain(|hood| !members.contains(hood));
    Ok(waiting)
}

/// Whoever swaps a link can make it say that it needs no words. Where a person is, they are asked; elsewhere the link's
/// word is taken, and the alerts name the network's coordinators all the same.
fn was_handed_over(app: &App) -> Result<bool, Problem> {
    if app.yes || !app.person() {
        return Ok(true);
    }
    let question = tell!(app.lang, "join-link-needs-words");
    Ok(app.ask(question)?.is_some_and(|answer| is_yes(&answer)))
}

fn link_in(app: &App, file: &Path) -> Result<InviteLink, Problem> {
    read_link(&app.secret_in(file)?)
}

/// The link, out of standard input or from the person. Nothing if none is given.
fn ask_link(app: &App) -> Result<Option<InviteLink>, Problem> {
    use std::io::IsTerminal;
    let text = if !std::io::stdin().is_terminal() {
        app.secret_in(Path::new("-"))?
    } else if app.input {
        let question = tell!(app.lang, "join-invite-link");
        zeroize::Zeroizing::new(app.ask(question)?.unwrap_or_default())
    } else {
        return Ok(None);
    };
    if text.trim().is_empty() { Ok(None) } else { read_link(&text).map(Some) }
}

fn no_link(app: &App) -> Problem {
    let lang = app.lang;
    Problem::no_input(tell!(lang, "join-invite-link-needed")).hint(tell!(lang, "join-give-file-link"))
}

/// Run again once everything is done, it says so.
async fn already_member(app: &App, client: &Client) -> Done {
    let lang = app.lang;
    if let Some(hood) = client.joining()?.first() {
        let view = client.continue_join(*hood).await?;
        report(app, client, &view, false).await?;
        return Ok(DONE);
    }
    let object = json!({"schema": "watchfire.join/1", "request": null, "say": [], "state": "member"});
    app.result(&object, || {
        let names: Vec<String> =
            client.hoods().unwrap_or_default().into_iter().map(|(_, name)| sanitize(&name)).collect();
        let names = and(lang, &names);
        tell!(lang, "join-member", names)
    })?;
    Ok(DONE)
}

fn read_link(text: &str) -> Result<InviteLink, Problem> {
    InviteLink::parse(text.trim()).map_err(|error| ClientError::from(error).into())
}

/// What a newcomer says that they can do, so that the needs of an alert can be met by them.
pub(super) struct Offer {
    pub(super) roles: Vec<Code>,
    pub(super) languages: Vec<Language>,
}

impl Offer {
    pub(super) fn of(lang: Lang, roles: &[String], languages: &[String]) -> Result<Self, Problem> {
        let mut offer = Self { roles: vec![], languages: vec![] };
        for typed in roles {
            let role = meant(lang, List::Role, typed).map(Code::constant).ok_or_else(|| unknown_role(lang, typed))?;
            if !offer.roles.contains(&role) {
                offer.roles.push(role);
            }
        }
        for typed in languages {
            let language = language_named(typed).ok_or_else(|| {
                let found = sanitize(typed);
                Problem::usage(tell!(lang, "join-languages-tag", found)).hint(tell!(lang, "join-nothing-done-wanted"))
            })?;
            if !offer.languages.contains(&language) {
                offer.languages.push(language);
            }
        }
        if offer.roles.len() > MAX_ROLES || offer.languages.len() > MAX_LANGUAGES {
            return Err(Problem::usage(tell!(
                lang,
                "join-too-much-offered",
                roles = MAX_ROLES,
                languages = MAX_LANGUAGES
            ))
            .hint(tell!(lang, "join-nothing-done-give")));
        }
        Ok(offer)
    }
}

pub(super) fn unknown_role(lang: Lang, typed: &str) -> Problem {
    let near = near(lang, List::Role, typed);
    let wanted = offered(lang, List::Role, if near.is_empty() { List::Role.codes() } else { &near });
    let found = sanitize(typed);
    Problem::usage(tell!(lang, "join-known-role", found)).hint(tell!(lang, "join-wanted-role", wanted))
}

fn terms(app: &App, client: &Client, handle: Option<String>, offer: Offer) -> Result<JoinTerms, Problem> {
    let lang = app.lang;
    let known = client.profile().map(|profile| profile.handle).ok();
    let handle = match handle.or(known) {
        Some(handle) => handle,
        None if app.person() => app.ask(tell!(lang, "join-shall-people-call"))?.unwrap_or_else(|| NEWCOMER.to_owned()),
        None => NEWCOMER.to_owned(),
    };
    let languages = offer.languages.iter().map(ToString::to_string).collect();
    Ok(JoinTerms { handle, languages, roles: offer.roles })
}

async fn report(app: &App, client: &Client, view: &JoinView, in_person: bool) -> Result<(), Problem> {
    let lang = app.lang;
    let words = shape::words(lang, &view.say).join("  ");
    match view.state {
        JoinState::Waiting => {
            app.result(&shape::join(lang, view), || {
                if in_person {
                    return tell!(lang, "join-asked-join-words").to_owned();
                }
                tell!(lang, "join-read-these-three", words)
            })?;
            if !in_person {
                app.tell(tell!(lang, "join-they-read-three"));
            }
        }
        JoinState::Member => {
            // What the neighborhood is called comes with the first connection, and so do its alerts.
            let _ = refresh(client, view.hood).await;
            let name = client.hoods()?.into_iter().find(|(id, _)| *id == view.hood).map(|(_, name)| sanitize(&name));
            let name = name.unwrap_or_default();
            app.result(&shape::join(lang, view), || tell!(lang, "join-member-coordinators-know", name))?;
            let confirmed = client.status()?.hoods.iter().any(|hood| hood.id == view.hood && hood.confirmed);
            app.tell(if confirmed { tell!(lang, "join-next") } else { tell!(lang, "join-next-three-words") });
            tell_unsaid(app, client, view.hood)?;
        }
    }
    Ok(())
}

/// Says how to say which languages one reads, to somebody who has not: nobody guesses it.
fn tell_unsaid(app: &App, client: &Client, hood: NeighborhoodId) -> Result<(), Problem> {
    if client.offer(hood)?.is_none_or(|offer| offer.languages.is_empty()) {
        app.tell(tell!(app.lang, "join-say-languages"));
    }
    Ok(())
}

pub(super) fn confirm(app: &App, words: Option<String>) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let heard = match words {
        Some(words) => words,
        None => app.ask(tell!(lang, "join-three-words-coordinator"))?.ok_or_else(|| {
            Problem::no_input(tell!(lang, "join-three-words-needed")).hint(tell!(lang, "join-give-those-heard"))
        })?,
    };
    let hood = client.confirm(&heard).map_err(|error| match error {
        ClientError::NotFound { .. } => {
            Problem::not_found(tell!(lang, "join-network-waits-confirmed")).hint(tell!(lang, "join-confirmed-before"))
        }
        ClientError::WrongWords => Problem::refused("wrong-words", tell!(lang, "join-these-words-belong"))
            .hint(tell!(lang, "join-hear-them-again")),
        other => other.into(),
    })?;
    let member = client.hoods()?.into_iter().find(|(id, _)| *id == hood).map(|(_, name)| name);
    let object = json!({"schema": "watchfire.confirm/1", "state": "confirmed", "neighborhood": member});
    app.result(&object, || tell!(lang, "join-confirmed-network-person").to_owned())?;
    app.tell(if member.is_some() { tell!(lang, "join-next") } else { tell!(lang, "join-next-wait") });
    Ok(DONE)
}
