//! `inbox`: what coordinators do with reports.

use std::path::Path;

use watchfire_client::ops::desk::{Delivery, DeskError, ReportFilter, ReportView, Standing};
use watchfire_client::ops::made::Fate;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::desk::{Check, bears_out};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::vocabulary::{Code, List, Point, is_known, limit};

use super::sighting::old;
use super::{coordinated, hoods, refresh_if_possible};
use crate::app::App;
use crate::args::{DismissArgs, InboxCommand, VerifyArgs};
use crate::face;
use crate::form::Form;
use crate::problem::{DONE, Done, Problem};
use crate::shape;
use crate::words::{Lang, as_code, code, desk, duration, near, offered, sanitize, tell};

/// The right that is lacking, in the words of the client.
const WORK: &str = "work at the desk of this neighborhood";
/// Reports so many seconds apart are seldom of one sighting.
const FAR_APART: u64 = 2 * 3600;
/// Metres between two points of one sighting, beside what each of them may be off.
const SAME_PLACE: f64 = 500.0;
/// Bytes of the longest file with a note or a reason.
const TEXT_BYTES: u64 = 8 << 10;

pub(super) async fn run(app: &App, command: InboxCommand) -> Done {
    let client = app.open_without_calls()?;
    match command {
        InboxCommand::List { neighborhood, all } => list(app, &client, neighborhood.as_deref(), all).await,
        InboxCommand::Show { id } => show(app, &client, &id).await,
        InboxCommand::Claim { id } => claim(app, &client, &id).await,
        InboxCommand::Release { id } => {
            let view = find(app, &client, &id).await?;
            let done = client.release_report(&view).await?;
            report(app, &client, &view, done, "inbox-released")
        }
        InboxCommand::Merge { id, into } => merge(app, &client, &id, &into).await,
        InboxCommand::Split { id } => {
            let view = find(app, &client, &id).await?;
            let done = client.split_report(&view).await?;
            report(app, &client, &view, done, "inbox-split")
        }
        InboxCommand::Verify(args) => verify(app, &client, args).await,
        InboxCommand::Dismiss(args) => dismiss(app, &client, args).await,
        InboxCommand::Debunk { id } => debunk(app, &client, &id).await,
        InboxCommand::Note { id, file } => note(app, &client, &id, file.as_deref()).await,
    }
}

async fn list(app: &App, client: &Client, neighborhood: Option<&str>, all: bool) -> Done {
    let lang = app.lang;
    let hood = neighborhood.map(|name| client.hood_named(Some(name))).transpose()?;
    look(app, client, hood).await?;
    let views = client.reports(ReportFilter { hood, all })?;
    for view in &views {
        app.result(&shape::report(view), || face::report::line(lang, view, client.now()))?;
        told(app, client, view)?;
    }
    for dropped in client.dropped_reports()? {
        app.warn(&desk::dropped(lang, &dropped));
    }
    match views.first() {
        None => app.tell(tell!(lang, "inbox-empty")),
        Some(first) => app.tell(&tell!(lang, "inbox-list-next", short = first.short)),
    }
    Ok(DONE)
}

async fn show(app: &App, client: &Client, id: &str) -> Done {
    let lang = app.lang;
    let view = find(app, client, id).await?;
    let all = client.reports(ReportFilter { hood: Some(view.hood), all: true })?;
    let beside: Vec<&ReportView> = all.iter().filter(|other| view.merged.contains(&other.id)).collect();
    app.result(&shape::report(&view), || face::report::whole(lang, &view, &beside, client.now()))?;
    told(app, client, &view)?;
    app.tell(&next(app, &view));
    Ok(DONE)
}

/// A person has read of it, so that the desk need not tell it again. A program that lists reports takes none away.
fn told(app: &App, client: &Client, view: &ReportView) -> Result<(), Problem> {
    if app.json { Ok(()) } else { Ok(client.mark_told(view)?) }
}

async fn claim(app: &App, client: &Client, id: &str) -> Done {
    let view = find(app, client, id).await?;
    if view.matter.closed.is_some() {
        let short = &view.short;
        app.confirm(&tell!(app.lang, "inbox-open-again", short))?;
    }
    let over = is_taken_over(app, client, &view)?;
    let done = client.claim_report(&view, over).await?;
    report(app, client, &view, done, "inbox-claimed")
}

async fn merge(app: &App, client: &Client, id: &str, into: &str) -> Done {
    let (view, into) = (find(app, client, id).await?, find(app, client, into).await?);
    let mut doubts = differences(app.lang, &view, &into);
    match other_places(app.lang, &view, &into) {
        Some(places) if app.person() => doubts.push(places),
        // People name one place in many ways: that alone stops no program.
        Some(places) if view.hood == into.hood => app.warn(&places),
        _ => {}
    }
    if !doubts.is_empty() && view.hood == into.hood {
        let differences = doubts.join("; ");
        let question = tell!(app.lang, "inbox-merge-different", short = &view.short, into = &into.short, differences);
        app.confirm(&question).map_err(|problem| problem.because(&question))?;
    }
    let over = is_taken_over(app, client, &view)? || is_taken_over(app, client, &into)?;
    let done = client.merge_reports(&view, &into, over).await?;
    report(app, client, &into, done, "inbox-merged")
}

/// What makes it doubtful that two reports are of one sighting.
fn differences(lang: Lang, one: &ReportView, other: &ReportView) -> Vec<String> {
    let kind = |view: &ReportView| code(lang, List::Kind, &view.content.kind);
    let seen_at = |view: &ReportView| view.content.seen.as_ref().and_then(|seen| seen.seen_at);
    // Who saw it when, if both say so; else when they told of it.
    let times = seen_at(one).zip(seen_at(other)).unwrap_or((one.sent, other.sent));
    let apart = times.0.since(times.1).max(times.1.since(times.0));
    let kinds = (one.content.kind != other.content.kind)
        .then(|| tell!(lang, "inbox-merge-kinds", one = kind(one), other = kind(other)));
    let far = (apart > FAR_APART).then(|| tell!(lang, "inbox-merge-apart", span = duration(lang, apart)));
    let points = points(one, other).map(|(one, other)| (metres(one, other), one.precision_m, other.precision_m));
    let away = points.filter(|(metres, one, other)| *metres > SAME_PLACE + f64::from(*one) + f64::from(*other));
    let away = away.map(|(metres, ..)| tell!(lang, "inbox-merge-far", metres = format!("{metres:.0}")));
    kinds.into_iter().chain(far).chain(away).collect()
}

/// What the two call the place, if that is not the same and no coordinates say that it is.
fn other_places(lang: Lang, one: &ReportView, other: &ReportView) -> Option<String> {
    let named = |view: &ReportView| {
        let text = sanitize(&view.content.place.as_ref()?.text);
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let (one, other) = (points(one, other).is_none().then_some(one).and_then(named)?, named(other)?);
    (one.to_lowercase() != other.to_lowercase()).then(|| tell!(lang, "inbox-merge-kinds", one, other))
}

fn points(one: &ReportView, other: &ReportView) -> Option<(Point, Point)> {
    let point = |view: &ReportView| view.content.place.as_ref().and_then(|place| place.point);
    point(one).zip(point(other))
}

/// How far it is from one point to another, as far as that matters to people on foot.
fn metres(one: Point, other: Point) -> f64 {
    const METRES: f64 = 111_195.0 / 1e6;
    let middle = (f64::from(one.lat) + f64::from(other.lat)) / 2e6;
    let east = (f64::from(one.lon) - f64::from(other.lon)).abs();
    let east = east.min(360e6 - east) * middle.to_radians().cos();
    (f64::from(one.lat) - f64::from(other.lat)).hypot(east) * METRES
}

async fn verify(app: &App, client: &Client, args: VerifyArgs) -> Done {
    let lang = app.lang;
    let VerifyArgs { id, outcome, by, certainty } = args;
    let view = find(app, client, &id).await?;
    let outcome =
        chosen(app, client, List::VerificationState, outcome, "--outcome", tell!(lang, "inbox-which-outcome"))?;
    let method = chosen(app, client, List::Method, by, "--by", tell!(lang, "inbox-which-method"))?;
    let certainty = certainty.map(|certainty| parsed(app, List::Certainty, &certainty)).transpose()?;
    let true_by_now = bears_out(&outcome).then(|| old(lang, view.content.seen.as_ref(), client.now())).flatten();
    match true_by_now {
        Some(old) if app.person() => app.confirm(&tell!(lang, "inbox-verify-old", old))?,
        Some(old) => app.warn(&old),
        None => {}
    }
    if let Some(claim) = view.matter.claim.filter(|_| !view.claimed_here) {
        // Two may check one thing. They should know of each other.
        let (short, by) = (&view.short, sanitize(&view.handle(&claim.by)));
        app.warn(&tell!(lang, "inbox-somebody-has", short, by));
    }
    let done = client.verify_report(&view, outcome, method, certainty).await?;
    report(app, client, &view, done, "inbox-checked")
}

async fn dismiss(app: &App, client: &Client, args: DismissArgs) -> Done {
    let lang = app.lang;
    let DismissArgs { id, reason, file } = args;
    let view = find(app, client, &id).await?;
    let reason = match reason {
        Some(reason) => {
            if Code::new(reason.clone()).is_err() {
                app.warn(tell!(lang, "inbox-reason-in-history"));
            }
            reason
        }
        None => written(app, client, file.as_deref(), tell!(lang, "inbox-why"), limit::DISMISSAL_CHARS)?,
    };
    let over = is_taken_over(app, client, &view)?;
    let done = client.dismiss_report(&view, reason, over).await?;
    report(app, client, &view, done, "inbox-dismissed")
}

async fn debunk(app: &App, client: &Client, id: &str) -> Done {
    let view = find(app, client, id).await?;
    let over = is_taken_over(app, client, &view)?;
    let own = |check: &Check| view.claimed_here && view.matter.claim.is_some_and(|claim| claim.by == check.by);
    if let Some(check) = view.matter.checks.last().filter(|check| view.matter.is_verified() && !own(check)) {
        let (short, by) = (&view.short, sanitize(&view.handle(&check.by)));
        app.confirm(&tell!(app.lang, "inbox-debunk-verified", short, by))?;
    }
    let done = client.debunk_report(&view, over).await?;
    report(app, client, &view, done, "inbox-debunked")
}

async fn note(app: &App, client: &Client, id: &str, file: Option<&Path>) -> Done {
    let lang = app.lang;
    let view = find(app, client, id).await?;
    let text = written(app, client, file, tell!(lang, "inbox-which-note"), limit::NOTE_CHARS)?;
    if text.is_empty() {
        return Err(Problem::usage(tell!(lang, "inbox-no-note")).hint(tell!(lang, "inbox-write-into-file")));
    }
    let done = client.note_report(&view, text).await?;
    report(app, client, &view, done, "inbox-noted")
}

/// Reads what is new at the desks that this vault keeps, if a relay answers. Whoever keeps none may have been granted one
/// since.
async fn look(app: &App, client: &Client, hood: Option<NeighborhoodId>) -> Result<(), Problem> {
    let kept = coordinated(client, WORK).or_else(|_| hoods(client))?;
    let untrue = client.untrue_alerts()?;
    for (id, _) in kept.into_iter().filter(|(id, _)| hood.is_none_or(|only| only == *id)) {
        refresh_if_possible(app, client, id).await?;
    }
    app.sound_calls(client, &[])?;
    app.sound_untrue(client, &untrue)?;
    coordinated(client, WORK).map(drop)
}

/// The report, as the desk sees it at this moment.
pub(super) async fn find(app: &App, client: &Client, id: &str) -> Result<ReportView, Problem> {
    let known = match client.report(id) {
        Err(ClientError::NotFound { .. } | ClientError::NotGranted(_)) => None,
        found => Some(found?.hood),
    };
    look(app, client, known).await?;
    Ok(client.report(id)?)
}

/// Asks whether to go on where somebody else has a report. `--yes` says so beforehand.
fn is_taken_over(app: &App, client: &Client, view: &ReportView) -> Result<bool, Problem> {
    let Some(claim) = view.matter.claim.filter(|_| !view.claimed_here) else { return Ok(false) };
    let (lang, short) = (app.lang, &view.short);
    let seconds = client.now().since(claim.at);
    if !app.yes && !app.person() {
        // Said as what it is, so that a program can tell it from a question.
        let by = view.handle(&claim.by);
        return Err(ClientError::from(DeskError::Claimed { report: short.clone(), by, seconds }).into());
    }
    let (by, span) = (sanitize(&view.handle(&claim.by)), duration(lang, seconds));
    app.confirm(&tell!(lang, "inbox-take-over", short, by, span))?;
    Ok(true)
}

/// A code that was typed, or is asked for.
fn chosen(
    app: &App,
    client: &Client,
    list: List,
    typed: Option<String>,
    flag: &str,
    question: &str,
) -> Result<Code, Problem> {
    let typed = match typed {
        None if app.person() => {
            let form = Form { lang: app.lang, person: app, now: client.now() };
            let chosen = form.needed(list, question)?;
            Some(chosen.ok_or_else(|| Problem::declined(tell!(app.lang, "inbox-no-answer", question)))?)
        }
        typed => typed,
    };
    let Some(typed) = typed else {
        let codes = offered(app.lang, list, list.codes());
        let hint = tell!(app.lang, "hint-invalid");
        return Err(Problem::usage(tell!(app.lang, "inbox-say-which", flag, codes)).hint(hint));
    };
    parsed(app, list, &typed)
}

fn parsed(app: &App, list: List, typed: &str) -> Result<Code, Problem> {
    let lang = app.lang;
    let code = Code::new(as_code(lang, list, typed.to_owned())).ok().filter(|code| is_known(list, code));
    code.ok_or_else(|| {
        let (near, typed) = (near(lang, list, typed), sanitize(typed));
        let said = if near.is_empty() {
            tell!(lang, "inbox-no-such-code", typed, codes = offered(lang, list, list.codes()))
        } else {
            tell!(lang, "inbox-code-meant", typed, codes = offered(lang, list, &near))
        };
        Problem::usage(said).hint(tell!(lang, "hint-invalid"))
    })
}

/// What somebody writes: out of a file, or when asked.
fn written(app: &App, client: &Client, file: Option<&Path>, question: &str, most: usize) -> Result<String, Problem> {
    match file {
        Some(file) => Ok(app.text_in(file, TEXT_BYTES)?.trim().to_owned()),
        None if app.person() => {
            let form = Form { lang: app.lang, person: app, now: client.now() };
            Ok(form.private_text(question, most)?.unwrap_or_default())
        }
        None => Ok(String::new()),
    }
}

/// Says what was done, what it looks like now, and what to do next.
fn report(app: &App, client: &Client, view: &ReportView, done: Delivery, what: &'static str) -> Done {
    let lang = app.lang;
    let view = client.report(&view.id.to_string())?;
    let mut object = shape::report(&view);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("delivery".to_owned(), if done.is_accepted() { "accepted" } else { "queued" }.into());
    }
    let (short, hood) = (view.short.clone(), sanitize(&view.neighborhood));
    let accepted = done.is_accepted();
    app.result(&object, || {
        let line = face::report::line(lang, &view, client.now());
        if !accepted {
            return format!("{}\n{line}", tell!(lang, "inbox-waits", short, hood));
        }
        let done = tell!(lang, what, short, state = code(lang, List::VerificationState, view.matter.state()));
        let readers = tell!(lang, "inbox-readers", hood);
        format!("{done} {readers}\n{line}")
    })?;
    match done {
        Delivery::Accepted(_) => {
            app.tell(&next(app, &view));
            Ok(DONE)
        }
        Delivery::Queued(why) => {
            let why = crate::words::error::message(lang, &why);
            Err(Problem::queued(tell!(lang, "inbox-queued", why)).hint(tell!(lang, "inbox-queued-hint")))
        }
    }
}

/// What to do next with a report.
fn next(app: &App, view: &ReportView) -> String {
    let (lang, short) = (app.lang, &view.short);
    let shortened = |id: String| id.chars().take(4).collect::<String>();
    let matter = &view.matter;
    let untrue = matter.found_false().is_some();
    let believed = view.made.iter().rev().find(|made| !matches!(made.fate, Fate::TakenBack(_)));
    if let Some(into) = view.merged_into {
        return tell!(lang, "inbox-next-merged", into = shortened(into.to_string()), short);
    }
    if let Some(made) = believed.filter(|_| untrue) {
        return tell!(lang, "inbox-next-correct", alert = &made.short);
    }
    match view.standing() {
        Standing::Debunked => tell!(lang, "inbox-next-debunked", hood = sanitize(&view.neighborhood)),
        Standing::Dismissed => tell!(lang, "inbox-next-closed", short),
        _ if matter.is_untrue() => tell!(lang, "inbox-next-untrue", short),
        Standing::Open | Standing::Claimed | Standing::Merged => next_of_open(lang, view),
    }
}

/// The same of one that may be true.
fn next_of_open(lang: Lang, view: &ReportView) -> String {
    let short = &view.short;
    if let Some((made, _)) = view.taken_back() {
        return tell!(lang, "inbox-next-taken-back", short, alert = &made.short);
    }
    let verified = view.matter.is_verified();
    match (view.said_already(!verified), view.standing()) {
        (Some(made), _) if verified && made.fate == Fate::Over => {
            tell!(lang, "inbox-next-over", alert = &made.short)
        }
        (Some(made), _) if verified => tell!(lang, "inbox-next-made", alert = &made.short),
        (Some(made), _) => tell!(lang, "inbox-next-called", short, alert = &made.short),
        (None, _) if verified && !view.unchecked.is_empty() => tell!(lang, "inbox-next-unchecked", short),
        (None, _) if verified => tell!(lang, "inbox-next-verified", short),
        (None, Standing::Claimed) => tell!(lang, "inbox-next-claimed", short),
        (None, _) => tell!(lang, "inbox-next-open", short),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_as_far_apart_as_they_are_on_foot() {
        let at = |lat: i32, lon: i32| Point { lat, lon, precision_m: 10 };
        let near = |one, other, wanted: f64| (metres(one, other) - wanted).abs() < wanted / 100.0 + 0.001;
        assert!(near(at(41_850_000, -87_650_000), at(41_850_000, -87_650_000), 0.0));
        assert!(near(at(41_850_000, -87_650_000), at(41_860_000, -87_650_000), 1_112.0));
        assert!(near(at(60_000_000, 179_999_000), at(60_000_000, -179_999_000), 111.2), "across the date line");
    }
}
