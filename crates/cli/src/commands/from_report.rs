//! `alert send --from`: an alert that is made of a report.

use watchfire_client::Client;
use watchfire_client::file::AlertFile;
use watchfire_client::ops::desk::ReportView;
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::vocabulary::Code;

use super::inbox;
use crate::app::App;
use crate::problem::Problem;
use crate::words::{sanitize, tell};

/// Fills in what a report says and its author did not. Who checked it is what the desk says, and nothing else.
pub(super) async fn fill(
    app: &App,
    client: &Client,
    report: &str,
    file: &mut AlertFile,
) -> Result<ReportView, Problem> {
    let view = inbox::find(app, client, report).await?;
    let ask = file.ask.as_deref().and_then(|ask| Code::new(ask).ok());
    let content = client.alert_of(&view, ask.as_ref())?;
    let made = AlertFile::from(&content);
    file.kind = file.kind.take().or(made.kind);
    file.certainty = file.certainty.take().or(made.certainty);
    file.place = file.place.take().or(made.place);
    file.seen = file.seen.take().or(made.seen);
    file.people = file.people.take().or(made.people);
    file.verification = made.verification;
    if !view.content.comments.is_empty() || view.content.caller.is_some() {
        app.tell(tell!(app.lang, "inbox-stays"));
    }
    Ok(view)
}

/// The neighborhood of the report: another one is not sent to by mistake.
pub(super) fn hood(
    app: &App,
    client: &Client,
    view: &ReportView,
    named: Option<&str>,
) -> Result<NeighborhoodId, Problem> {
    match named.map(|name| client.hood_named(Some(name))).transpose()? {
        Some(other) if other != view.hood => {
            let (short, hood) = (&view.short, sanitize(&view.neighborhood));
            Err(Problem::usage(tell!(app.lang, "inbox-of-another", short, hood)))
        }
        _ => Ok(view.hood),
    }
}

/// Notes at the desk that an alert was made of a report. The alert is out whatever becomes of the note.
pub(super) async fn note(app: &App, client: &Client, view: &ReportView, alert: AlertId) {
    if let Err(error) = client.report_alerted(view, alert).await {
        let why = crate::words::error::message(app.lang, &error);
        app.warn(&tell!(app.lang, "inbox-alert-not-noted", why));
    }
}
