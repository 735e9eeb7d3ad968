//! `alert send --from`: an alert that is made of a report.

use watchfire_client::file::AlertFile;
use watchfire_client::file::sighting::PlaceFile;
use watchfire_client::ops::desk::{FromMerged, ReportView};
use watchfire_client::ops::made::{Fate, Made};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::vocabulary::{AlertContent, Code, List, Place};

use super::{inbox, refresh};
use crate::app::App;
use crate::problem::Problem;
use crate::words::{Lang, ago, and, clock, code, field, sanitize, tell};

/// Fills in what a report says and its author did not. Who checked it is what the desk says, and nothing else.
pub(super) async fn fill(
    app: &App,
    client: &Client,
    report: &str,
    file: &mut AlertFile,
    dry_run: bool,
) -> Result<ReportView, Problem> {
    let view = inbox::find(app, client, report).await?;
    let ask = file.ask.as_deref().and_then(|ask| Code::new(ask).ok());
    let content = client.alert_of(&view, ask.as_ref())?;
    let made = AlertFile::from(&content);
    let reported = content.place.as_ref().map(|place| PlaceFile::for_everybody(place, &content.kind));
    file.place = place(file.place.take(), reported);
    file.kind = file.kind.take().or(made.kind);
    file.certainty = file.certainty.take().or(made.certainty);
    file.seen = file.seen.take().or(made.seen);
    file.people = file.people.take().or(made.people);
    file.verification = made.verification;
    warn_of_doubt(app, client, &view);
    warn_of_unchecked(app, &view);
    if let Some(said) = view.said_already(content.verification.state == "unverified") {
        ask_for_another(app, client, &view, said, dry_run)?;
    }
    if let Some(call) = view.open_call().filter(|_| content.verification.state != "unverified" && !asks_to_verify(file))
    {
        take_place_of(app, client, call, file)?;
    }
    if !view.content.comments.is_empty() || view.content.caller.is_some() {
        app.tell(tell!(app.lang, "inbox-stays"));
    }
    Ok(view)
}

fn asks_to_verify(file: &AlertFile) -> bool {
    file.ask.as_deref() == Some("verify")
}

/// What was called for to be verified and is known by now replaces the call: people see one alert, and not two that
/// contradict each other.
fn take_place_of(app: &App, client: &Client, call: &Made, file: &mut AlertFile) -> Result<(), Problem> {
    let about = client.about(&call.alert.to_string(), false)?;
    // Practice replaces nothing real.
    if about.state.shown.body().content.status != file.status.as_deref().unwrap_or("actual") {
        return Ok(());
    }
    file.msg_type = Some("update".to_owned());
    file.references = about.references.iter().map(ToString::to_string).collect();
    app.tell_before_asking(&tell!(app.lang, "inbox-takes-place", alert = &call.short));
    Ok(())
}

/// Says who did not bear out what holds by now: whoever sends it answers for it.
fn warn_of_doubt(app: &App, client: &Client, view: &ReportView) {
    let lang = app.lang;
    for check in view.matter.overturned().iter().filter(|check| !check.bears_out()) {
        let outcome = code(lang, List::VerificationState, &check.outcome);
        let (by, at) = (sanitize(&view.handle(&check.by)), clock::when(lang, check.at, client.now()));
        let doubted = tell!(lang, "inbox-was-doubted", by, outcome, at);
        app.tell_before_asking(&format!("{}{doubted}", tell!(lang, "app-warning")));
    }
}

/// Says what came beside it after it was checked: nothing of that is in the alert.
fn warn_of_unchecked(app: &App, view: &ReportView) {
    let count = view.unchecked.len();
    if count > 0 {
        let (warning, short) = (tell!(app.lang, "app-warning"), &view.short);
        app.tell_before_asking(&format!("{warning}{}", tell!(app.lang, "inbox-left-out", short, count)));
    }
}

/// Two alerts of one sighting call people out twice: whoever wants that says so of its own, and `--yes` does not.
fn ask_for_another(app: &App, client: &Client, view: &ReportView, said: &Made, dry_run: bool) -> Result<(), Problem> {
    let lang = app.lang;
    let already = made_already(lang, client, view, said);
    let alert = &said.short;
    let instead = match said.fate {
        Fate::Open => tell!(lang, "inbox-made-hint", alert),
        Fate::Unseen | Fate::Over | Fate::TakenBack(_) => tell!(lang, "inbox-made-hint-over", alert),
    };
    if dry_run {
        app.warn(&already);
        app.tell(&instead);
        return Ok(());
    }
    app.confirm_apart(&already, &instead, tell!(lang, "inbox-made-another"))
}

/// Who made an alert of it, and how long ago.
fn made_already(lang: Lang, client: &Client, view: &ReportView, made: &Made) -> String {
    let (by, span) = (sanitize(&view.handle(&made.by)), ago(lang, client.now().since(made.at)));
    let (alert, short) = (&made.short, &view.short);
    match made.fate {
        Fate::Over => tell!(lang, "inbox-made-and-over", by, alert, short, span),
        Fate::Unseen | Fate::Open | Fate::TakenBack(_) => tell!(lang, "inbox-made-already", by, alert, short, span),
    }
}

/// What an alert says that comes from reports which were merged into its own, as far as its author says nothing else of it.
pub(super) fn from_merged(
    client: &Client,
    of: &ReportView,
    content: &AlertContent,
) -> Result<Vec<FromMerged>, ClientError> {
    let (made, mut from) = client.alert_completed(of, content.ask.as_ref())?;
    let said = |field: &str| match field.split('.').next() {
        Some("seen") => made.seen == content.seen,
        Some("people") => made.people == content.people,
        // What is exact of it is kept for those who come.
        _ => made.place.is_some() && content.place.as_ref().is_none_or(|place| is_of(place, made.place.as_ref())),
    };
    from.iter_mut().for_each(|merged| merged.fields.retain(|field| said(field)));
    from.retain(|merged| !merged.fields.is_empty());
    Ok(from)
}

fn is_of(place: &Place, reported: Option<&Place>) -> bool {
    place.text.is_empty() || reported.is_some_and(|reported| reported.text == place.text)
}

/// The same in words.
pub(super) fn from_merged_line(lang: Lang, merged: &FromMerged) -> String {
    let name = |field: &&str| match *field {
        "people" => tell!(lang, "inbox-from-people").to_owned(),
        "seen.still-there" => tell!(lang, "inbox-from-still-there").to_owned(),
        field => field::name(lang, field),
    };
    let fields = and(lang, &merged.fields.iter().map(name).collect::<Vec<_>>());
    tell!(lang, "inbox-from-merged", report = &merged.report, by = sanitize(&merged.author), fields)
}

/// Looks again right before it goes: while somebody wrote, another may have sent one, or found that it is not so.
pub(super) async fn look_again(
    app: &App,
    client: &Client,
    of: &ReportView,
    content: &AlertContent,
) -> Result<(), Problem> {
    if app.person() {
        // Without a relay it waits in the vault, and what others do meanwhile is met when it is noted.
        let _ = refresh(client, of.hood).await;
    }
    let view = client.report(&of.id.to_string())?;
    client.alert_of(&view, content.ask.as_ref())?;
    let said = view.said_already(content.verification.state == "unverified");
    match said.filter(|said| of.made.iter().all(|known| known.alert != said.alert)) {
        Some(said) => ask_for_another(app, client, &view, said, false),
        None => Ok(()),
    }
}

/// Where it is: as the author says, else as much of the report as everybody may know. The rest is for those who come.
fn place(said: Option<PlaceFile>, reported: Option<PlaceFile>) -> Option<PlaceFile> {
    match said {
        Some(said) if said.exact.is_none() => {
            Some(PlaceFile { exact: reported.and_then(|reported| reported.exact), ..said })
        }
        said => said.or(reported),
    }
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

/// The code of what [`warn_of_unchecked`] says.
pub(super) fn warning(view: &ReportView) -> Option<&'static str> {
    Some("unchecked-left-out").filter(|_| !view.unchecked.is_empty())
}

/// Notes at the desk that an alert was made of a report. The alert is out whatever becomes of the note. Returns the code of what
/// its author is warned of.
pub(super) async fn note(app: &App, client: &Client, view: &ReportView, alert: AlertId) -> Option<&'static str> {
    if let Err(error) = client.report_alerted(view, alert).await {
        let why = crate::words::error::message(app.lang, &error);
        app.warn(&tell!(app.lang, "inbox-alert-not-noted", why));
    }
    tell_of_another(app, client, view, alert).await.then_some("another-alert")
}

/// Of two who send at one moment neither has read of the other's; at least the one who notes it last does now.
async fn tell_of_another(app: &App, client: &Client, of: &ReportView, alert: AlertId) -> bool {
    let _ = refresh(client, of.hood).await;
    let Ok(view) = client.report(&of.id.to_string()) else { return false };
    let own = view.made.iter().find(|made| made.alert == alert);
    let is_new = |made: &&Made| made.alert != alert && of.made.iter().all(|known| known.alert != made.alert);
    let (Some(own), Some(other)) = (own, view.made.iter().find(is_new)) else { return false };
    let already = made_already(app.lang, client, &view, other);
    app.warn(&tell!(app.lang, "inbox-made-two", already, own = &own.short, other = &other.short));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exact_in_a_report_goes_to_those_who_come_also_where_the_author_says_a_place_for_everybody() {
        let home = Place { place_type: Code::constant("home"), ..Place::named("1204 Elm Street") };
        let home = PlaceFile::for_everybody(&home, &Code::constant("enforcement.raid"));
        let named = |text: &str| PlaceFile { text: Some(text.to_owned()), ..PlaceFile::default() };
        let exact_of = |place: &PlaceFile| place.exact.as_ref().and_then(|exact| exact.text.clone());

        let filled = place(None, Some(home.clone())).unwrap();
        assert_eq!((filled.text.clone(), exact_of(&filled).as_deref()), (None, Some("1204 Elm Street")));
        let filled = place(Some(named("near the park")), Some(home.clone())).unwrap();
        assert_eq!(filled.text.as_deref(), Some("near the park"));
        assert_eq!(exact_of(&filled).as_deref(), Some("1204 Elm Street"));

        let own = PlaceFile { exact: Some(Box::new(named("the back door"))), ..named("near the park") };
        assert_eq!(place(Some(own.clone()), Some(home)), Some(own));
        assert_eq!(place(None, None), None);
    }
}
