//! `alerts`, `show` and `held`: what the vault holds, without asking a relay.
//!
//! Only `watch` counts an alert as printed: a script that lists alerts must not take one away from the person.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use watchfire_client::ClientError;
use watchfire_client::ops::view::Filter;
use watchfire_protocol::id::AlertId;

use crate::app::App;
use crate::face;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{duration, tell, verdict};

pub(super) fn alerts(app: &App, all: bool) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let mut views = client.alerts(Filter { expired: all, ..Filter::default() })?;
    // One alert, one entry: what was said before is history, and what does not count stands beside it.
    let entries: BTreeSet<AlertId> =
        views.iter().filter(|view| view.is_present()).map(|view| view.shown.id()).collect();
    views.retain(|view| !view.thread.replaced && (view.is_present() || !entries.contains(&view.thread.present)));
    for view in &views {
        app.result(&shape::alert(view), || match app.verbose {
            true => face::whole(lang, view, client.now()),
            false => face::in_list(lang, view, client.now()),
        })?;
    }
    match views.first() {
        None => app.tell(tell!(lang, "read-alert-counts-moment")),
        Some(first) => app.tell(&tell!(lang, "read-full-id", short = first.shown_short())),
    }
    let aside = client.held(None)?.len();
    if aside > 0 {
        app.tell(&match aside {
            1 => tell!(lang, "read-1-thing-kept").to_owned(),
            _ => tell!(lang, "read-things-kept-aside", aside),
        });
    }
    Ok(DONE)
}

/// Keeps alerts longer, or forgets them sooner, from here on.
pub(super) fn keep(app: &App, keep: Duration) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    client.keep_history(keep.as_secs())?;
    let object = json!({"schema": "watchfire.history/1", "keep-hours": keep.as_secs() / 3600});
    app.result(&object, || tell!(lang, "read-keep", span = duration(lang, keep.as_secs())))?;
    Ok(DONE)
}

pub(super) fn show(app: &App, id: &str) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    match client.present(id) {
        Ok(view) => {
            app.result(&shape::with_earlier(&view), || face::with_earlier(lang, &view, client.now()))?;
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
            Err(Problem::refused("held", verdict::held_reason(lang, &view.why))
                .hint(tell!(lang, "read-kept-aside-among")))
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
        tell!(lang, "read-nothing-kept-aside")
    } else {
        tell!(lang, "read-none-among-alerts")
    });
    Ok(DONE)
}
