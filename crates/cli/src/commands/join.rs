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
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{Code, Language, List, is_known};

use super::{interrupted, refresh};
use crate::app::App;
use crate::args::JoinArgs;
use crate::ask::is_yes;
use crate::problem::{DONE, Done, INTERRUPTED, Problem};
use crate::shape;
use crate::words::{Lang, and, code, language_tag, or, sanitize, say};

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
                app.warn(app.lang.say(
                    "the request that waits was made before: --role and --speaks are not in it",
                    "la solicitud pendiente se hizo antes: no lleva --role ni --speaks",
                ));
            }
            app.tell(app.lang.say(
                "Going on with the request that waits. To join another neighborhood:  watchfire join --link-file FILE",
                "Se sigue con la solicitud pendiente. Para entrar a otro vecindario:  watchfire join --link-file ARCHIVO",
            ));
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
            app.tell(app.lang.say(
                "Once you are approved:  watchfire join --wait, or simply  watchfire watch",
                "Cuando le aprueben:  watchfire join --wait, o simplemente  watchfire watch",
            ));
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
    let question = app.lang.say(
        "This link needs no words, because it is for handing over. Did somebody give it to you in person? [y/N]",
        "Este enlace no necesita palabras, porque se entrega en mano. ¿Se lo dio alguien en persona? [s/N]",
    );
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
        let question = app.lang.say("The invite link:", "El enlace de invitación:");
        zeroize::Zeroizing::new(app.ask(question)?.unwrap_or_default())
    } else {
        return Ok(None);
    };
    if text.trim().is_empty() { Ok(None) } else { read_link(&text).map(Some) }
}

fn no_link(app: &App) -> Problem {
    let lang = app.lang;
    Problem::no_input(lang.say("an invite link is needed to join", "para entrar hace falta un enlace de invitación"))
        .hint(lang.say("give it in a file: --link-file FILE", "póngalo en un archivo: --link-file ARCHIVO"))
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
        say!(lang, "You are a member of {names}.", "Ya es integrante de {names}.")
    })?;
    Ok(DONE)
}

fn read_link(text: &str) -> Result<InviteLink, Problem> {
    InviteLink::parse(text.trim()).map_err(|error| ClientError::from(error).into())
}

/// What a newcomer says that they can do, so that the needs of an alert can be met by them.
struct Offer {
    roles: Vec<Code>,
    languages: Vec<String>,
}

impl Offer {
    fn of(lang: Lang, roles: &[String], languages: &[String]) -> Result<Self, Problem> {
        let mut offer = Self { roles: vec![], languages: vec![] };
        for typed in roles {
            let plain = typed.trim().to_lowercase().replace(['_', ' '], "-");
            let known = Code::new(&plain).ok().filter(|_| is_known(List::Role, &plain) && plain != UNKNOWN);
            let role = known.ok_or_else(|| unknown_role(lang, typed))?;
            if !offer.roles.contains(&role) {
                offer.roles.push(role);
            }
        }
        let own = [lang.tag().to_owned()];
        for typed in if languages.is_empty() { &own } else { languages } {
            let language = language_named(typed).ok_or_else(|| {
                let found = sanitize(typed);
                Problem::usage(say!(
                    lang,
                    "`{found}` is not a language's tag",
                    "`{found}` no es la etiqueta de un idioma"
                ))
                .hint(lang.say(
                    "nothing was done; wanted a tag like `es`, `en` or `es-MX`",
                    "no se hizo nada; se espera una etiqueta como `es`, `en` o `es-MX`",
                ))
            })?;
            if !offer.languages.contains(&language) {
                offer.languages.push(language);
            }
        }
        if offer.roles.len() > MAX_ROLES || offer.languages.len() > MAX_LANGUAGES {
            return Err(Problem::usage(say!(
                lang,
                "at most {MAX_ROLES} roles and {MAX_LANGUAGES} languages can be offered",
                "se pueden ofrecer a lo sumo {MAX_ROLES} tareas y {MAX_LANGUAGES} idiomas"
            ))
            .hint(
                lang.say("nothing was done; give those that matter most", "no se hizo nada; dé lo que más importe"),
            ));
        }
        Ok(offer)
    }
}

/// A language by its tag, or by its name in either language of the interface.
fn language_named(typed: &str) -> Option<String> {
    let typed = typed.trim();
    match language_tag(typed) {
        Some(tag) => Some(tag.to_owned()),
        // Every language that people speak here has a tag of two or three letters: a longer word is a name.
        None => Language::new(typed).ok().filter(|tag| tag.primary().len() <= 3).map(|tag| tag.as_str().to_owned()),
    }
}

fn unknown_role(lang: Lang, typed: &str) -> Problem {
    let near = List::Role.nearest(typed);
    let codes = if near.is_empty() { List::Role.codes() } else { near.as_slice() };
    let wanted = codes.iter().filter(|code| **code != UNKNOWN).map(|role| match code(lang, List::Role, role) {
        word if word == *role => format!("`{role}`"),
        word => format!("`{role}` ({word})"),
    });
    let wanted: Vec<String> = wanted.collect();
    let (found, wanted) = (sanitize(typed), or(lang, &wanted));
    Problem::usage(say!(lang, "`{found}` is not a known role", "`{found}` no es una tarea conocida")).hint(say!(
        lang,
        "nothing was done; wanted {wanted}",
        "no se hizo nada; se espera {wanted}"
    ))
}

fn terms(app: &App, client: &Client, handle: Option<String>, offer: Offer) -> Result<JoinTerms, Problem> {
    let lang = app.lang;
    let known = client.profile().map(|profile| profile.handle).ok();
    let handle = match handle.or(known) {
        Some(handle) => handle,
        None if app.person() => app
            .ask(lang.say(
                "What shall people call you? Not your full name: (Enter: responder)",
                "¿Cómo quiere que le llamen? Su nombre completo no: (Intro: responder)",
            ))?
            .unwrap_or_else(|| NEWCOMER.to_owned()),
        None => NEWCOMER.to_owned(),
    };
    Ok(JoinTerms { handle, languages: offer.languages, roles: offer.roles })
}

async fn report(app: &App, client: &Client, view: &JoinView, in_person: bool) -> Result<(), Problem> {
    let lang = app.lang;
    let words = shape::words(lang, &view.say).join("  ");
    match view.state {
        JoinState::Waiting => {
            app.result(&shape::join(lang, view), || {
                if in_person {
                    return lang
                        .say(
                            "Asked to join. No words are needed: the link was handed over in person.",
                            "Solicitud enviada. No hacen falta palabras: el enlace se entregó en persona.",
                        )
                        .to_owned();
                }
                say!(
                    lang,
                    "Read these three words aloud to your coordinator:\n\n    {words}\n",
                    "Lea estas tres palabras en voz alta a quien coordina:\n\n    {words}\n"
                )
            })?;
            if !in_person {
                app.tell(lang.say(
                    "They read three words back to you. Then:  watchfire confirm\nOnly they can read your request; the relay sees that somebody used an invite.",
                    "Le leerán tres palabras de vuelta. Después:  watchfire confirm\nSolo ahí pueden leer su solicitud; el retransmisor ve que alguien usó una invitación.",
                ));
            }
        }
        JoinState::Member => {
            // What the neighborhood is called comes with the first connection, and so do its alerts.
            let _ = refresh(client, view.hood).await;
            let name = client.hoods()?.into_iter().find(|(id, _)| *id == view.hood).map(|(_, name)| sanitize(&name));
            let name = name.unwrap_or_default();
            app.result(&shape::join(lang, view), || {
                say!(
                    lang,
                    "You are a member of `{name}`. Its coordinators know your handle, other responders do not.",
                    "Ya es integrante de `{name}`. Quienes coordinan conocen su apodo; los demás no."
                )
            })?;
            let confirmed = client.status()?.hoods.iter().any(|hood| hood.id == view.hood && hood.confirmed);
            app.tell(if confirmed {
                lang.say("Next:  watchfire watch", "Siguiente:  watchfire watch")
            } else {
                lang.say(
                    "Next:  watchfire watch, and, with the three words that you hear:  watchfire confirm",
                    "Siguiente:  watchfire watch y, con las tres palabras que oiga:  watchfire confirm",
                )
            });
        }
    }
    Ok(())
}

pub(super) fn confirm(app: &App, words: Option<String>) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let heard = match words {
        Some(words) => words,
        None => app
            .ask(lang.say(
                "The three words that your coordinator read to you:",
                "Las tres palabras que le leyó quien coordina:",
            ))?
            .ok_or_else(|| {
                Problem::no_input(
                    lang.say("three words are needed to confirm", "para confirmar hacen falta tres palabras"),
                )
                .hint(lang.say("give those that you heard: --words \"…\"", "dé las que oyó: --words \"…\""))
            })?,
    };
    let hood = client.confirm(&heard).map_err(|error| match error {
        ClientError::NotFound { .. } => {
            Problem::not_found(lang.say("no network waits to be confirmed", "ninguna red espera confirmación"))
                .hint(lang.say("it was confirmed before, or:  watchfire join", "ya se confirmó antes, o bien:  watchfire join"))
        }
        ClientError::WrongWords => Problem::refused(
            "wrong-words",
            lang.say("these are not the words that belong to your request", "estas no son las palabras de su solicitud"),
        )
        .hint(lang.say(
            "hear them again. If they still differ, this may be somebody else's network: tell the person who invited you",
            "óigalas otra vez. Si siguen sin coincidir, puede ser la red de otra gente: avise a quien le invitó",
        )),
        other => other.into(),
    })?;
    let member = client.hoods()?.into_iter().find(|(id, _)| *id == hood).map(|(_, name)| name);
    let object = json!({"schema": "watchfire.confirm/1", "state": "confirmed", "neighborhood": member});
    app.result(&object, || {
        lang.say(
            "Confirmed: this is the network of the person you spoke with. Its alerts can be VERIFIED.",
            "Confirmado: esta es la red de la persona con quien habló. Sus alertas pueden ser VERIFICADAS.",
        )
        .to_owned()
    })?;
    app.tell(if member.is_some() {
        lang.say("Next:  watchfire watch", "Siguiente:  watchfire watch")
    } else {
        lang.say("Next:  watchfire join --wait", "Siguiente:  watchfire join --wait")
    });
    Ok(DONE)
}
