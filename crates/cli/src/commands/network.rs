//! `network` and `neighborhood`.

use std::path::PathBuf;

use watchfire_client::ops::amend::Outcome;
use watchfire_client::ops::network::{NeighborhoodView, NetworkView};
use watchfire_protocol::charter::BelowQuorum;
use watchfire_protocol::id::{Epoch, parse_base32};
use watchfire_protocol::sign::PublicKey;

use super::amend;
use crate::app::App;
use crate::args::{OutArgs, TermsArgs};
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{Lang, and, sanitize, say};

/// What a founder is called who does not say.
const FOUNDER: &str = "admin";

pub(super) struct Founding {
    pub(super) name: String,
    pub(super) relay: String,
    pub(super) relay_key: PublicKey,
    pub(super) admission_token_file: Option<PathBuf>,
    pub(super) handle: Option<String>,
}

pub(super) async fn create(app: &App, founding: Founding) -> Done {
    let lang = app.lang;
    let admission = founding.admission_token_file.map(|file| app.secret_in(&file)).transpose()?;
    let admission =
        admission.map(|token| parse_base32::<32>(token.trim())).transpose().map_err(|_| {
            Problem::usage(lang.say(
                "the admission token is not one, or not whole",
                "la ficha de admisión no lo es, o está incompleta",
            ))
            .hint(lang.say(
                "copy the relay's admission.token again",
                "copie otra vez el archivo admission.token del retransmisor",
            ))
        })?;
    let handle = match founding.handle {
        Some(handle) => handle,
        None if app.person() => {
            let question = lang.say("What do people call you? (Enter: admin)", "¿Cómo le llaman? (Intro: admin)");
            app.ask(question)?.unwrap_or_else(|| FOUNDER.to_owned())
        }
        None => FOUNDER.to_owned(),
    };
    let client = app.open_or_create()?;
    let view = client.create_network(&founding.name, &handle, &founding.relay, founding.relay_key, admission).await?;
    app.result(&shape::network(&view), || described(lang, &view))?;
    let home = crate::app::shown(&app.home);
    app.tell(&say!(
        lang,
        "The network is founded. Its admin key is in this vault alone: keep {home} and its passphrase safe.\n\
         The relay knows the network's id and its keys, and no name.\n\
         Next:  watchfire neighborhood add \"NAME\"",
        "La red está fundada. Su clave de administración está solo en esta bóveda: cuide {home} y su contraseña.\n\
         El retransmisor conoce el identificador de la red y sus claves, y ningún nombre.\n\
         Siguiente:  watchfire neighborhood add \"NOMBRE\""
    ));
    Ok(DONE)
}

pub(super) fn show(app: &App) -> Done {
    let view = app.open()?.network()?;
    app.result(&shape::network(&view), || described(app.lang, &view))?;
    Ok(DONE)
}

fn described(lang: Lang, view: &NetworkView) -> String {
    let name = match sanitize(&view.name) {
        name if name.is_empty() => lang.say("(name not known here)", "(nombre desconocido aquí)").to_owned(),
        name => name,
    };
    let (id, version) = (view.id, view.charter_version);
    let relays: Vec<String> =
        view.relays.iter().map(|relay| format!("  {}  {}", sanitize(&relay.url), relay.key)).collect();
    let relays = relays.join("\n");
    say!(
        lang,
        "Network  {name}\nId  {id}\nCharter version  {version}\nRelays\n{relays}",
        "Red  {name}\nIdentificador  {id}\nVersión del estatuto  {version}\nRetransmisores\n{relays}"
    )
}

pub(super) struct Adding {
    pub(super) names: Vec<String>,
    pub(super) terms: TermsArgs,
    pub(super) coordinators: Vec<String>,
    pub(super) open: bool,
    pub(super) out: OutArgs,
}

pub(super) async fn add(app: &App, adding: Adding) -> Done {
    let Adding { names, terms, coordinators, open, out } = adding;
    let lang = app.lang;
    amend::check_out(app, &out)?;
    let client = app.open()?;
    let only_draft = out.out.is_some();
    let added = client.draw_neighborhoods(&names, terms.terms(), &coordinators, open, only_draft).await?;
    let added = match added {
        (_, Some(Outcome::Drafted(drafted))) => return amend::write_draft(app, &drafted, &out),
        (added, _) => added,
    };
    print(app, &added)?;
    let names: Vec<String> = added.iter().map(|hood| format!("`{}`", sanitize(&hood.name))).collect();
    let (names, first) = (and(lang, &names), added.first().map(|hood| sanitize(&hood.name)).unwrap_or_default());
    let opened = added.iter().all(|hood| hood.epoch != Epoch::NONE);
    app.tell(&if opened {
        say!(
            lang,
            "You coordinate {names}. The relay sees the keys, and no name.\nNext:  watchfire invite new --neighborhood \"{first}\"",
            "Usted coordina {names}. El retransmisor ve las claves, y ningún nombre.\nSiguiente:  watchfire invite new --neighborhood \"{first}\""
        )
    } else {
        say!(
            lang,
            "The charter names {names} now. A coordinator who is granted there opens it.",
            "El estatuto ya nombra {names}. Lo abre alguien de coordinación con permiso allí."
        )
    });
    Ok(DONE)
}

pub(super) fn list(app: &App) -> Done {
    print(app, &app.open()?.neighborhoods()?)?;
    Ok(DONE)
}

fn print(app: &App, views: &[NeighborhoodView]) -> Result<(), Problem> {
    let lang = app.lang;
    for view in views {
        app.result(&shape::neighborhood(view), || {
            let (name, epoch, quorum, hours) = (sanitize(&view.name), view.epoch, view.quorum, view.retention_hours);
            let below = match view.below_quorum {
                BelowQuorum::Show => lang.say("shows", "muestra"),
                BelowQuorum::Hold => lang.say("holds", "aparta"),
            };
            let closed = if view.closed { lang.say("   closed", "   cerrado") } else { "" };
            say!(
                lang,
                "{name}   epoch {epoch}   quorum {quorum}, {below} alerts below it   keeps records {hours} h{closed}",
                "{name}   época {epoch}   quórum {quorum}, {below} las alertas que no lo alcanzan   guarda los registros {hours} h{closed}"
            )
        })?;
    }
    if views.is_empty() {
        app.tell(lang.say(
            "This network has no neighborhood yet. Next:  watchfire neighborhood add \"NAME\"",
            "Esta red no tiene todavía ningún vecindario. Siguiente:  watchfire neighborhood add \"NOMBRE\"",
        ));
    }
    Ok(())
}
