//! `alerts`, `show` and `held`: what the vault holds, without asking a relay.
//!
//! Only `watch` counts an alert as printed: a script that lists alerts must not take one away from the person.

use watchfire_client::ClientError;
use watchfire_client::ops::view::Filter;

use crate::app::App;
use crate::face;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{say, verdict};

pub(super) fn alerts(app: &App, all: bool) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let views = client.alerts(Filter { expired: all, ..Filter::default() })?;
    for view in &views {
        app.result(&shape::alert(view), || match app.verbose {
            true => face::whole(lang, view, client.now()),
            false => face::headline(lang, view, client.now()),
        })?;
    }
    if views.is_empty() {
        app.tell(lang.say(
            "No alert counts at this moment. Fetch what is new:  watchfire sync",
            "Ninguna alerta vale en este momento. Para traer lo nuevo:  watchfire sync",
        ));
    } else {
        app.tell(lang.say("In full:  watchfire show ID", "Completa:  watchfire show ID"));
    }
    let aside = client.held(None)?.len();
    if aside > 0 {
        app.tell(&match aside {
            1 => lang
                .say(
                    "1 thing was kept aside and is not among the alerts:  watchfire held",
                    "1 cosa se apartó y no está entre las alertas:  watchfire held",
                )
                .to_owned(),
            _ => say!(
                lang,
                "{aside} things were kept aside and are not among the alerts:  watchfire held",
                "{aside} cosas se apartaron y no están entre las alertas:  watchfire held"
            ),
        });
    }
    Ok(DONE)
}

pub(super) fn show(app: &App, id: &str) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    match client.alert(id) {
        Ok(view) => {
            app.result(&shape::alert(&view), || face::whole(lang, &view, client.now()))?;
            Ok(DONE)
        }
        Err(ClientError::NotFound { what, name }) => {
            let plain = id.replace('-', "").to_uppercase();
            let aside = client.held(None)?.into_iter().find(|view| view.id.starts_with(&plain));
            let Some(view) = aside else { return Err(ClientError::NotFound { what, name }.into()) };
            // Nothing of what it claims is shown: the same words as in the list of what is held.
            if app.json {
                app.object(&shape::held(&view))?;
            }
            Err(Problem::refused("held", verdict::held_reason(lang, &view.why)).hint(lang.say(
                "it was kept aside and is not among your alerts. If you expected it, ask a coordinator, by another way",
                "se apartó y no está entre sus alertas. Si la esperaba, pregunte a quien coordina, por otro medio",
            )))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn held(app: &App) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let views = client.held(None)?;
    for view in &views {
        app.result(&shape::held(view), || face::held(lang, view, client.now()))?;
    }
    app.tell(if views.is_empty() {
        lang.say("Nothing was kept aside.", "No se apartó nada.")
    } else {
        lang.say(
            "None of this is among your alerts, and there is nothing to do. If you expected one of them, ask a coordinator.",
            "Nada de esto está entre sus alertas, y no hay nada que hacer. Si esperaba alguna, pregunte a quien coordina.",
        )
    });
    Ok(DONE)
}
