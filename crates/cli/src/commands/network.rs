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
use crate::words::{Lang, and, sanitize, tell};

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
    let admission = admission.map(|token| parse_base32::<32>(token.trim())).transpose().map_err(|_| {
        Problem::usage(tell!(lang, "network-admission-token-one")).hint(tell!(lang, "network-copy-relays-admission"))
    })?;
    let unnamed = founding.handle.is_none();
    let handle = match founding.handle {
        Some(handle) => handle,
        None if app.person() => {
            let question = tell!(lang, "network-people-call-enter");
            app.ask(question)?.unwrap_or_else(|| FOUNDER.to_owned())
        }
        None => FOUNDER.to_owned(),
    };
    let client = app.open_or_create()?;
    let view = client.create_network(&founding.name, &handle, &founding.relay, founding.relay_key, admission).await?;
    app.result(&shape::network(&view), || described(lang, &view))?;
    let home = crate::app::shown(&app.home);
    app.tell(&tell!(lang, "network-network-founded-admin", home));
    if unnamed && handle == FOUNDER {
        app.tell(&tell!(lang, "network-unnamed", handle));
    }
    Ok(DONE)
}

pub(super) fn show(app: &App) -> Done {
    let view = app.open()?.network()?;
    app.result(&shape::network(&view), || described(app.lang, &view))?;
    Ok(DONE)
}

fn described(lang: Lang, view: &NetworkView) -> String {
    let name = match sanitize(&view.name) {
        name if name.is_empty() => tell!(lang, "network-name-known-here").to_owned(),
        name => name,
    };
    let (id, version) = (view.id, view.charter_version);
    let relays: Vec<String> =
        view.relays.iter().map(|relay| format!("  {}  {}", sanitize(&relay.url), relay.key)).collect();
    let relays = relays.join("\n");
    tell!(lang, "network-network-id-charter", name, id, version, relays)
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
    let (added, new) = match added {
        (_, Some(Outcome::Drafted(drafted))) => return amend::write_draft(app, &drafted, &out),
        (added, outcome) => (added, outcome.is_some()),
    };
    print(app, &added)?;
    let names: Vec<String> = added.iter().map(|hood| format!("`{}`", sanitize(&hood.name))).collect();
    let (names, first) = (and(lang, &names), added.first().map(|hood| sanitize(&hood.name)).unwrap_or_default());
    let opened = added.iter().all(|hood| hood.epoch != Epoch::NONE);
    if !new {
        app.tell(tell!(lang, "network-there-already"));
    }
    app.tell(&if opened {
        tell!(lang, "network-coordinate-relay-sees", names, first)
    } else {
        tell!(lang, "network-charter-names-now", names)
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
                BelowQuorum::Show => tell!(lang, "network-shows"),
                BelowQuorum::Hold => tell!(lang, "network-holds"),
            };
            let closed = if view.closed { tell!(lang, "network-closed") } else { "" };
            tell!(lang, "network-epoch-quorum-alerts", name, epoch, quorum, below, hours, closed)
        })?;
    }
    if views.is_empty() {
        app.tell(tell!(lang, "network-network-neighborhood-yet"));
    }
    Ok(())
}
