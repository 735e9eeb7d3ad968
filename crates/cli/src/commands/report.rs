//! `report`: from a file, arguments and questions to a report that only the coordinators can read.

use serde_json::json;
use watchfire_client::file::report::ReportFile;
use watchfire_client::file::sighting::{PeopleFile, PlaceFile, SeenFile, SizeFile};
use watchfire_client::ops::desk::Delivery;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::vocabulary::{List, ReportContent, Strength, limit};

use super::preview::{ahead_line, seen_ahead};
use crate::app::App;
use crate::args::ReportArgs;
use crate::face;
use crate::form::{Form, Person, looks_like};
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{Lang, field, sanitize, tell};

/// Agencies that may help others, so that it is asked how.
const POLICE: &[&str] = &["local-police", "sheriff", "state-police"];

pub(super) async fn report(app: &App, args: ReportArgs) -> Done {
    let ReportArgs { neighborhood, file, kind, source } = args;
    let mut report = match &file {
        Some(file) => ReportFile::read(&app.text_in(file, FILE_BYTES)?)?,
        None => ReportFile::default(),
    };
    report.kind = kind.or(report.kind);
    report.source = source.or(report.source);
    if !app.person() {
        report.to_content()?;
    }
    // Somebody who is asked unlocks the vault first: what they write must not be lost to a wrong passphrase.
    let client = app.open()?;
    let hood = client.hood_named(neighborhood.as_deref())?;
    if app.person() {
        let form = Form { lang: app.lang, person: app, now: client.now() };
        ask_missing(&form, &mut report, coordinates(&client, hood)?)?;
    }
    let content = report.to_content()?;
    tell_strength(app, &content);
    warn_of_names(app, &content);
    ask_if_ahead(app, &client, &content)?;
    let name = client.hoods()?.into_iter().find(|(id, _)| *id == hood).map(|(_, name)| name).unwrap_or_default();
    if app.person() {
        let name = sanitize(&name);
        app.confirm(&tell!(app.lang, "report-send", name))?;
    }
    send(app, &client, hood, &name, content).await
}

/// Bytes of the longest file that is read.
const FILE_BYTES: u64 = watchfire_client::file::FILE_BYTES as u64;

async fn send(app: &App, client: &Client, hood: NeighborhoodId, name: &str, content: ReportContent) -> Done {
    let lang = app.lang;
    let sent = client.send_typed_report(hood, content.clone()).await?;
    let id = sent.id.to_string();
    let short: String = id.chars().take(4).collect();
    let object = json!({
        "schema": "watchfire.report-sent/1",
        "id": id,
        "short": short,
        "neighborhood": name,
        "state": if sent.delivery.is_accepted() { "accepted" } else { "queued" },
        "strength": content.strength().code().as_str(),
        "missing": shape::gaps(&content),
        "identifying": shape::identifying(&content.identifying_text()),
    });
    let hood = sanitize(name);
    app.result(&object, || match sent.delivery.is_accepted() {
        true => tell!(lang, "report-accepted", short, hood),
        false => tell!(lang, "report-waits", short, hood),
    })?;
    client.told(sent.id.0)?;
    match sent.delivery {
        Delivery::Accepted(_) => {
            app.tell(tell!(lang, "report-next"));
            Ok(DONE)
        }
        Delivery::Queued(why) => Err(not_taken(lang, &why)),
    }
}

/// It is in the vault already: whoever writes it again sends two.
fn not_taken(lang: Lang, why: &ClientError) -> Problem {
    let why = crate::words::error::message(lang, why);
    Problem::queued(tell!(lang, "report-not-taken", why)).hint(tell!(lang, "report-not-again"))
}

/// Whether this vault keeps the desk there: then it is asked who called.
fn coordinates(client: &Client, hood: NeighborhoodId) -> Result<bool, Problem> {
    Ok(client.status()?.hoods.iter().any(|view| view.id == hood && view.coordinator))
}

/// How strong it is, and what would make it stronger.
fn tell_strength(app: &App, content: &ReportContent) {
    app.tell_before_asking(&face::report::strength(app.lang, content));
}

/// Points out what looks like it identifies a person: in a file nobody saw it while typing.
fn warn_of_names(app: &App, content: &ReportContent) {
    let lang = app.lang;
    for finding in content.identifying_text() {
        let (field, text) = (field::name(lang, &sanitize(&finding.field)), sanitize(&finding.text));
        let what = looks_like(lang, finding.what);
        app.tell_before_asking(&tell!(lang, "report-looks-like", text, field, what));
    }
}

/// Points out that it tells of a time to come. A person is asked in any case whether it may go.
fn ask_if_ahead(app: &App, client: &Client, content: &ReportContent) -> Result<(), Problem> {
    let now = client.now();
    let Some((field, at)) = seen_ahead(content.seen.as_ref(), now) else { return Ok(()) };
    let line = ahead_line(app.lang, field, at, now);
    if app.yes || app.person() {
        app.tell_before_asking(&line);
        return Ok(());
    }
    Err(Problem::no_input(line).hint(tell!(app.lang, "ask-look-run-again")))
}

/// Asks for what a report does not say yet, in the order of SALUTE: size, activity, location, unit, time, equipment. Then
/// how they went about it, who is affected, and where the report comes from.
pub(crate) fn ask_missing<P: Person>(form: &Form<'_, P>, file: &mut ReportFile, desk: bool) -> Result<(), Problem> {
    let lang = form.lang;
    if file.kind.is_none() {
        file.kind = form.kind(tell!(lang, "report-kind"))?;
        if file.kind.is_none() {
            return Ok(());
        }
    }
    let enforcement = file.kind.as_deref().is_none_or(|kind| kind.starts_with("enforcement."));
    let mut seen = file.seen.clone().unwrap_or_default();
    let mut told = None;
    ask_size(form, &mut seen)?;
    if enforcement {
        ask_activity(form, &mut seen)?;
    }
    ask_place(form, file)?;
    told = tell_growth(form, file, &seen, told);
    if enforcement {
        ask_unit(form, &mut seen)?;
        told = tell_growth(form, file, &seen, told);
    }
    if seen.seen_at.is_none() {
        seen.seen_at = form.time(tell!(lang, "report-time"))?;
    }
    tell_growth(form, file, &seen, told);
    if seen.still_there.is_none() {
        seen.still_there = form.whether(tell!(lang, "report-still-there"))?;
    }
    if enforcement {
        ask_conduct(form, &mut seen)?;
    }
    file.seen = Some(seen).filter(|seen| *seen != SeenFile::default());
    let mut people = file.people.take().unwrap_or_default();
    ask_people(form, &mut people)?;
    file.people = Some(people).filter(|people| *people != PeopleFile::default());
    if file.comments.is_empty() {
        file.comments = form.text(tell!(lang, "report-comments"), limit::COMMENTS_CHARS)?.unwrap_or_default();
    }
    ask_source(form, file, desk)
}

/// Tells how strong the report is by now, if that has changed since it was told.
fn tell_growth<P: Person>(
    form: &Form<'_, P>,
    file: &ReportFile,
    seen: &SeenFile,
    told: Option<Strength>,
) -> Option<Strength> {
    let file = ReportFile { seen: Some(seen.clone()), ..file.clone() };
    // What cannot be sent yet is said in the end.
    let Ok(content) = file.to_content() else { return told };
    let strength = Some(content.strength());
    if strength != told {
        form.person.tell(&face::report::strength(form.lang, &content));
    }
    strength
}

pub(super) fn ask_size<P: Person>(form: &Form<'_, P>, seen: &mut SeenFile) -> Result<(), Problem> {
    let lang = form.lang;
    let mut size = seen.size.clone().unwrap_or_default();
    if size.people.is_none() {
        size.people = form.count(tell!(lang, "report-people"))?;
    }
    if size.vehicles.is_none() {
        size.vehicles = form.count(tell!(lang, "report-vehicles"))?;
    }
    seen.size = Some(size).filter(|size| *size != SizeFile::default());
    Ok(())
}

pub(super) fn ask_activity<P: Person>(form: &Form<'_, P>, seen: &mut SeenFile) -> Result<(), Problem> {
    if seen.activity.is_empty() {
        seen.activity = form.choices(List::Activity, tell!(form.lang, "report-activity"))?;
    }
    Ok(())
}

fn ask_place<P: Person>(form: &Form<'_, P>, file: &mut ReportFile) -> Result<(), Problem> {
    let lang = form.lang;
    let mut place = file.place.clone().unwrap_or_default();
    if place.text.is_none() && place.lat.is_none() {
        place.text = form.text(tell!(lang, "report-place"), limit::PLACE_CHARS)?;
    }
    if place.lat.is_none()
        && place.text.is_some()
        && let Some(point) = form.point(tell!(lang, "form-coordinates"))?
    {
        place.set_point(Some(point));
    }
    if place.place_type.is_none() {
        place.place_type = form.choice(List::PlaceType, tell!(lang, "report-place-type"))?;
    }
    file.place = Some(place).filter(|place| *place != PlaceFile::default());
    Ok(())
}

pub(super) fn ask_unit<P: Person>(form: &Form<'_, P>, seen: &mut SeenFile) -> Result<(), Problem> {
    let lang = form.lang;
    if seen.unit.is_empty() {
        seen.unit = form.text(tell!(lang, "report-unit"), limit::SEEN_CHARS)?.unwrap_or_default();
    }
    if seen.agencies.is_empty() {
        seen.agencies = form.choices(List::Agency, tell!(lang, "report-agencies"))?;
    }
    let police = seen.agencies.iter().any(|agency| POLICE.contains(&agency.as_str()));
    if police && seen.police_role.is_none() {
        seen.police_role = form.choice(List::PoliceRole, tell!(lang, "report-police-role"))?;
    }
    Ok(())
}

pub(super) fn ask_conduct<P: Person>(form: &Form<'_, P>, seen: &mut SeenFile) -> Result<(), Problem> {
    let lang = form.lang;
    if seen.equipment.is_empty() {
        seen.equipment = form.text(tell!(lang, "report-equipment"), limit::SEEN_CHARS)?.unwrap_or_default();
    }
    if seen.conduct.is_empty() {
        seen.conduct = form.choices(List::Conduct, tell!(lang, "report-conduct"))?;
    }
    Ok(())
}

/// How many and what they need, never who.
pub(super) fn ask_people<P: Person>(form: &Form<'_, P>, people: &mut PeopleFile) -> Result<(), Problem> {
    let lang = form.lang;
    if people.detained.is_none() {
        people.detained = form.number(tell!(lang, "report-detained"))?;
    }
    if people.children.is_none() {
        people.children = form.whether(tell!(lang, "report-children"))?;
    }
    if people.medical.is_none() {
        people.medical = form.whether(tell!(lang, "report-medical"))?;
    }
    if people.languages.is_empty() {
        people.languages = form.languages(tell!(lang, "report-languages"))?;
    }
    Ok(())
}

fn ask_source<P: Person>(form: &Form<'_, P>, file: &mut ReportFile, desk: bool) -> Result<(), Problem> {
    let lang = form.lang;
    if file.source.is_none() {
        file.source = form.choice(List::Source, tell!(lang, "report-source"))?;
    }
    let for_another = file.source.as_deref().is_some_and(|source| source != "own-eyes" && source != "unknown");
    if desk && for_another && file.caller.is_none() {
        file.caller = form.private_text(tell!(lang, "report-caller"), limit::CALLER_CHARS)?;
    }
    Ok(())
}
