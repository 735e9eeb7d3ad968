//! `report`: from a file, arguments and questions to a report that only the coordinators can read.

use serde_json::json;
use watchfire_client::file::sighting::SizeFile;
use watchfire_client::file::{FileError, ReportFile};
use watchfire_client::ops::begun::{Origin, Slot, Writing};
use watchfire_client::ops::desk::Delivery;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{List, ReportContent, Strength, limit};

use super::edit::report::edit;
use super::kept::{Start, Writer};
use super::sighting::{Sighting, old, people, place, seen};
use crate::app::{App, shown};
use crate::args::ReportArgs;
use crate::ask::Reply;
use crate::face;
use crate::form::{Form, Person, looks_like};
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::spoken::Counted;
use crate::words::{Lang, field, sanitize, tell};

/// Agencies that may help others, so that it is asked how.
const POLICE: &[&str] = &["local-police", "sheriff", "state-police", UNKNOWN];

pub(super) async fn report(app: &App, args: ReportArgs) -> Done {
    let ReportArgs { neighborhood, file, kind, source } = args;
    let origin = Origin { file: file.as_ref().map(|file| shown(file)), ..Origin::default() };
    let mut report = match &file {
        Some(file) => ReportFile::read(&app.text_in(file, FILE_BYTES)?)?,
        None => ReportFile::default(),
    };
    report.kind = kind.clone().or(report.kind);
    report.source = source.clone().or(report.source);
    if !app.person() {
        report.to_send()?;
        let client = app.open()?;
        let content = to_send(&report, client.now())?;
        let hood = client.hood_named(neighborhood.as_deref())?;
        show(app, &client, hood, &content)?;
        return send(app, &client, hood, content, None).await;
    }
    refuse_unreadable(&report)?;
    // Somebody who is asked unlocks the vault first: what they write must not be lost to a wrong passphrase.
    let client = app.open()?;
    let start = Start::of(app, &client, Writing::Report, origin)?;
    if let Some(text) = start.text() {
        let before = ReportFile::read(text)?;
        report = ReportFile { kind: kind.or(before.kind), source: source.or(before.source), ..before };
    }
    let hood = start.hood(neighborhood.as_deref())?;
    let writer = start.writer(hood);
    let done = written(&writer, &client, hood, report).await;
    if done.is_err() {
        writer.tell_kept()?;
    }
    done
}

/// What was given and cannot be read is said before anything is asked.
fn refuse_unreadable(report: &ReportFile) -> Result<(), FileError> {
    let kind = report.kind.clone().unwrap_or_else(|| "community.other".to_owned());
    ReportFile { kind: Some(kind), ..report.clone() }.to_content().map(drop)
}

/// Asks for what is missing, shows all of it, and sends it. It may be changed as often as its author likes before it goes.
async fn written(writer: &Writer<'_>, client: &Client, hood: NeighborhoodId, mut report: ReportFile) -> Done {
    let (app, lang) = (writer.app, writer.app.lang);
    let form = Form { lang, person: writer, now: client.now() };
    let desk = coordinates(client, hood)?;
    ask_missing(&form, &mut report, desk)?;
    let name = hood_name(client, hood)?;
    loop {
        let content = match to_send(&report, client.now()) {
            // What a person has typed is not lost to one slip in it.
            Err(error) if app.edits() => {
                let (why, before) = (ClientError::from(error), report.clone());
                app.tell_before_asking(&crate::words::error::message(lang, &why));
                edit(&form, &mut report, desk)?;
                if report == before {
                    return Err(why.into());
                }
                continue;
            }
            content => content?,
        };
        show(app, client, hood, &content)?;
        if app.edits() {
            app.tell_before_asking(tell!(lang, "edit-or-change"));
        }
        match app.confirm_or_edit(&tell!(lang, "report-send", name = sanitize(&name)))? {
            Reply::Yes => return send(app, client, hood, content, writer.slot()).await,
            Reply::Change => edit(&form, &mut report, desk)?,
            Reply::No => return Err(declined(lang)),
        }
    }
}

/// What a report says, if it may be said now.
fn to_send(report: &ReportFile, now: Timestamp) -> Result<ReportContent, FileError> {
    let content = report.to_send()?;
    content.validate_times(now)?;
    Ok(content)
}

fn declined(lang: Lang) -> Problem {
    Problem::declined(tell!(lang, "report-not-sent"))
}

/// How it will look to those who can read it, how strong it is, and what is doubtful in it.
fn show(app: &App, client: &Client, hood: NeighborhoodId, content: &ReportContent) -> Result<(), Problem> {
    let (lang, now) = (app.lang, client.now());
    if app.person() {
        app.tell_before_asking(&face::report::preview(lang, content, &hood_name(client, hood)?, now));
    } else {
        app.tell_before_asking(&face::report::strength(lang, content));
    }
    if let Some(old) = old(lang, content.seen.as_ref(), now) {
        app.tell_before_asking(&format!("{}{old}", tell!(lang, "app-warning")));
    }
    warn_of_names(app, content);
    Ok(())
}

fn hood_name(client: &Client, hood: NeighborhoodId) -> Result<String, Problem> {
    Ok(client.hoods()?.into_iter().find(|(id, _)| *id == hood).map(|(_, name)| name).unwrap_or_default())
}

/// Bytes of the longest file that is read.
const FILE_BYTES: u64 = watchfire_client::file::FILE_BYTES as u64;

async fn send(app: &App, client: &Client, hood: NeighborhoodId, content: ReportContent, begun: Option<Slot>) -> Done {
    let (lang, name) = (app.lang, hood_name(client, hood)?);
    let sent = client.send_typed_report(hood, content.clone(), begun).await?;
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
    let hood = sanitize(&name);
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

/// Points out what looks like it identifies a person: in a file nobody saw it while typing.
fn warn_of_names(app: &App, content: &ReportContent) {
    let lang = app.lang;
    for finding in content.identifying_text() {
        let (field, text) = (field::name(lang, &sanitize(&finding.field)), sanitize(&finding.text));
        let what = looks_like(lang, finding.what);
        app.tell_before_asking(&tell!(lang, "report-looks-like", text, field, what));
    }
}

/// Asks for what a report does not say yet, in the order of SALUTE: size, activity, location, unit, time, equipment. Then
/// how they went about it, who is affected, and where the report comes from.
pub(crate) fn ask_missing<P: Person>(form: &Form<'_, P>, file: &mut ReportFile, desk: bool) -> Result<(), Problem> {
    let lang = form.lang;
    if file.kind.is_none() {
        file.kind = form.kind(tell!(lang, "form-kind"))?;
        if file.kind.is_none() {
            return Ok(());
        }
        form.keep(file)?;
    }
    let enforcement = file.kind.as_deref().is_none_or(|kind| kind.starts_with("enforcement."));
    if enforcement {
        ask_size(form, file, false)?;
        ask_activity(form, file, false)?;
    }
    ask_place(form, file)?;
    let mut told = tell_growth(form, file, None);
    if enforcement {
        ask_unit(form, file, false)?;
        told = tell_growth(form, file, told);
    }
    ask_time(form, file, false)?;
    tell_growth(form, file, told);
    ask_still_there(form, file, false)?;
    if enforcement {
        ask_conduct(form, file, false)?;
    }
    ask_people(form, file, false)?;
    ask_comments(form, file, false)?;
    ask_source(form, file, desk, false)
}

/// Tells how strong the report is by now, if that has changed since it was told.
fn tell_growth<P: Person>(form: &Form<'_, P>, file: &ReportFile, told: Option<Strength>) -> Option<Strength> {
    // What cannot be sent yet is said in the end.
    let Ok(content) = file.to_content() else { return told };
    let strength = Some(content.strength());
    if strength != told {
        form.person.tell(&face::report::strength(form.lang, &content));
    }
    strength
}

/// Keeps an answer, where there is one.
fn answered<P: Person, F: Sighting, T>(
    form: &Form<'_, P>,
    file: &mut F,
    answer: Option<T>,
    set: impl FnOnce(&mut F, T),
) -> Result<(), Problem> {
    let Some(answer) = answer else { return Ok(()) };
    set(file, answer);
    form.keep(file)
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

// Each asks for what is not said yet; `again` for what is said, too, which Enter leaves as it was.

fn size(file: &mut impl Sighting) -> &mut SizeFile {
    seen(file).size.get_or_insert_default()
}

pub(super) fn ask_size<P: Person>(form: &Form<'_, P>, file: &mut impl Sighting, again: bool) -> Result<(), Problem> {
    let lang = form.lang;
    let said = file.seen().as_ref().and_then(|seen| seen.size.clone()).unwrap_or_default();
    if again || said.people.is_none() {
        let people = form.count(tell!(lang, "report-people"), Counted::People)?;
        answered(form, file, people, |file, people| size(file).people = Some(people))?;
    }
    if again || said.vehicles.is_none() {
        let vehicles = form.count(tell!(lang, "report-vehicles"), Counted::Vehicles)?;
        answered(form, file, vehicles, |file, vehicles| size(file).vehicles = Some(vehicles))?;
    }
    Ok(())
}

pub(super) fn ask_activity<P: Person>(
    form: &Form<'_, P>,
    file: &mut impl Sighting,
    again: bool,
) -> Result<(), Problem> {
    if !again && file.seen().as_ref().is_some_and(|seen| !seen.activity.is_empty()) {
        return Ok(());
    }
    let activity = some(form.choices(List::Activity, tell!(form.lang, "report-activity"))?);
    answered(form, file, activity, |file, activity| seen(file).activity = activity)
}

fn ask_place<P: Person>(form: &Form<'_, P>, file: &mut ReportFile) -> Result<(), Problem> {
    let lang = form.lang;
    let said = file.place.clone().unwrap_or_default();
    if said.text.is_none() && said.lat.is_none() {
        let text = form.text(tell!(lang, "report-place"), limit::PLACE_CHARS)?;
        answered(form, file, text, |file, text| place(file).text = Some(text))?;
    }
    if said.lat.is_none() && file.place.as_ref().is_some_and(|place| place.text.is_some()) {
        let point = form.point(tell!(lang, "form-coordinates"))?;
        answered(form, file, point, |file, point| place(file).set_point(Some(point)))?;
    }
    if said.place_type.is_none() {
        let sort = form.choice(List::PlaceType, tell!(lang, "report-place-type"))?;
        answered(form, file, sort, |file, sort| place(file).place_type = Some(sort))?;
    }
    Ok(())
}

pub(super) fn ask_unit<P: Person>(form: &Form<'_, P>, file: &mut impl Sighting, again: bool) -> Result<(), Problem> {
    let lang = form.lang;
    let said = file.seen().clone().unwrap_or_default();
    if again || said.unit.is_empty() {
        let unit = form.text(tell!(lang, "report-unit"), limit::SEEN_CHARS)?;
        answered(form, file, unit, |file, unit| seen(file).unit = unit)?;
    }
    if again || said.agencies.is_empty() {
        let agencies = some(form.choices(List::Agency, tell!(lang, "report-agencies"))?);
        answered(form, file, agencies, |file, agencies| seen(file).agencies = agencies)?;
    }
    let agencies = file.seen().as_ref().map(|seen| seen.agencies.as_slice()).unwrap_or_default();
    // Who does not say whose people they are has not said that there are no police.
    let police = agencies.is_empty() || agencies.iter().any(|agency| POLICE.contains(&agency.as_str()));
    if police && (again || said.police_role.is_none()) {
        let role = form.choice(List::PoliceRole, tell!(lang, "report-police-role"))?;
        answered(form, file, role, |file, role| seen(file).police_role = Some(role))?;
    }
    Ok(())
}

pub(super) fn ask_time<P: Person>(form: &Form<'_, P>, file: &mut impl Sighting, again: bool) -> Result<(), Problem> {
    if !again && file.seen().as_ref().is_some_and(|seen| seen.seen_at.is_some()) {
        return Ok(());
    }
    let at = form.time(tell!(form.lang, "report-time"))?;
    answered(form, file, at, |file, at| seen(file).seen_at = Some(at))
}

pub(super) fn ask_still_there<P: Person>(
    form: &Form<'_, P>,
    file: &mut impl Sighting,
    again: bool,
) -> Result<(), Problem> {
    if !again && file.seen().as_ref().is_some_and(|seen| seen.still_there.is_some()) {
        return Ok(());
    }
    let still = form.whether(tell!(form.lang, "report-still-there"))?;
    answered(form, file, still, |file, still| seen(file).still_there = Some(still))
}

pub(super) fn ask_conduct<P: Person>(form: &Form<'_, P>, file: &mut impl Sighting, again: bool) -> Result<(), Problem> {
    let lang = form.lang;
    let said = file.seen().clone().unwrap_or_default();
    if again || said.equipment.is_empty() {
        let equipment = form.text(tell!(lang, "report-equipment"), limit::SEEN_CHARS)?;
        answered(form, file, equipment, |file, equipment| seen(file).equipment = equipment)?;
    }
    if again || said.conduct.is_empty() {
        let conduct = some(form.choices(List::Conduct, tell!(lang, "report-conduct"))?);
        answered(form, file, conduct, |file, conduct| seen(file).conduct = conduct)?;
    }
    Ok(())
}

/// How many and what they need, never who.
pub(super) fn ask_people<P: Person>(form: &Form<'_, P>, file: &mut impl Sighting, again: bool) -> Result<(), Problem> {
    let lang = form.lang;
    let said = file.people().clone().unwrap_or_default();
    let enforcement = file.kind().as_deref().is_none_or(|kind| kind.starts_with("enforcement."));
    if enforcement && (again || said.detained.is_none()) {
        let detained = form.number(tell!(lang, "report-detained"))?;
        answered(form, file, detained, |file, detained| people(file).detained = Some(detained))?;
    }
    if again || said.children.is_none() {
        let children = form.whether(tell!(lang, "report-children"))?;
        answered(form, file, children, |file, children| people(file).children = Some(children))?;
    }
    if again || said.medical.is_none() {
        let medical = form.whether(tell!(lang, "report-medical"))?;
        answered(form, file, medical, |file, medical| people(file).medical = Some(medical))?;
    }
    if again || said.languages.is_empty() {
        let languages = some(form.languages(tell!(lang, "report-languages"))?);
        answered(form, file, languages, |file, languages| people(file).languages = languages)?;
    }
    Ok(())
}

pub(super) fn ask_comments<P: Person>(form: &Form<'_, P>, file: &mut ReportFile, again: bool) -> Result<(), Problem> {
    if !again && !file.comments.is_empty() {
        return Ok(());
    }
    let comments = form.long_text(tell!(form.lang, "report-comments"), limit::COMMENTS_CHARS)?;
    answered(form, file, comments, |file, comments| file.comments = comments)
}

/// Where it comes from; of whoever keeps the desk, also who called.
pub(super) fn ask_source<P: Person>(
    form: &Form<'_, P>,
    file: &mut ReportFile,
    desk: bool,
    again: bool,
) -> Result<(), Problem> {
    let lang = form.lang;
    if again || file.source.is_none() {
        let source = form.choice(List::Source, tell!(lang, "report-source"))?;
        answered(form, file, source, |file, source| file.source = Some(source))?;
    }
    let for_another = file.source.as_deref().is_some_and(|source| source != "own-eyes" && source != "unknown");
    if desk && for_another && (again || file.caller.is_none()) {
        let caller = form.private_text(tell!(lang, "report-caller"), limit::CALLER_CHARS)?;
        answered(form, file, caller, |file, caller| file.caller = Some(caller))?;
    }
    Ok(())
}
