//! A report as coordinators read it.

use watchfire_client::ops::desk::{ReportView, Standing};
use watchfire_client::ops::made::{Fate, Made};
use watchfire_protocol::desk::{Closing, Matter};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::list::UNKNOWN;
use watchfire_protocol::vocabulary::{Caller, Gap, List, Place, ReportContent, Strength};

use super::{indent, people_line, seen_line};
use crate::words::{Lang, ago, and, clock, code, duration, sanitize, sanitize_lines, tell};

/// One line: the id, how it stands, what and where, how strong, since when, by whom.
pub(crate) fn line(lang: Lang, view: &ReportView, now: Timestamp) -> String {
    let mut parts = vec![view.short.clone(), standing(lang, view, now)];
    parts.extend(found(lang, view));
    parts.push(code(lang, List::Kind, &view.content.kind).into_owned());
    let hood = sanitize(&view.neighborhood);
    let place = view.content.place.as_ref().map(|place| sanitize(&place.text)).filter(|text| !text.is_empty());
    parts.push(place.map_or_else(|| hood.clone(), |place| format!("{place}, {hood}")));
    parts.push(strong(lang, view.content.strength()).to_owned());
    let at = format!("{} ({})", ago(lang, now.since(view.sent)), clock::stamp(lang, view.sent, now));
    let mut line = format!("{}   {at}  {}", parts.join("  "), sanitize(&view.author));
    if view.queued {
        line.push_str("  ");
        line.push_str(tell!(lang, "inbox-not-sent-yet"));
    }
    line
}

/// What the desk holds of it. What was taken back as untrue since is not called verified; what was debunked says so
/// already, and what was merged beside it was neither checked nor taken back.
fn found(lang: Lang, view: &ReportView) -> Option<String> {
    let matter = &view.matter;
    let not_so = view.taken_back().is_some() || (matter.is_verified() && matter.found_false().is_some());
    match view.standing() {
        Standing::Debunked => None,
        _ if not_so && view.checked => Some(tell!(lang, "inbox-is-not-true").to_owned()),
        _ => view.checked.then(|| code(lang, List::VerificationState, matter.state()).into_owned()),
    }
}

fn standing(lang: Lang, view: &ReportView, now: Timestamp) -> String {
    match (view.standing(), view.matter.claim) {
        (Standing::Open | Standing::Claimed, _) if view.is_stood_down() => tell!(lang, "inbox-is-over").to_owned(),
        (Standing::Claimed, Some(claim)) => {
            let (by, span) = (sanitize(&view.handle(&claim.by)), duration(lang, now.since(claim.at)));
            match view.claimed_here {
                true => tell!(lang, "inbox-is-yours", span),
                false => tell!(lang, "inbox-is-claimed", by, span),
            }
        }
        (Standing::Open | Standing::Claimed, _) => tell!(lang, "inbox-is-open").to_owned(),
        (Standing::Merged, _) => {
            let into: String = view.merged_into.map(|id| id.to_string().chars().take(4).collect()).unwrap_or_default();
            tell!(lang, "inbox-is-merged", into)
        }
        (Standing::Dismissed, _) => tell!(lang, "inbox-is-dismissed").to_owned(),
        (Standing::Debunked, _) => tell!(lang, "inbox-is-debunked").to_owned(),
    }
}

/// A report in full, with those that were merged into it beside it.
pub(crate) fn whole(lang: Lang, view: &ReportView, beside: &[&ReportView], now: Timestamp) -> String {
    let mut lines = vec![line(lang, view, now)];
    lines.extend(said(lang, &view.content, now).into_iter().map(indent));
    if view.merged_into.is_none() {
        lines.extend(became(lang, view, &view.matter, now).into_iter().map(indent));
    }
    for other in beside {
        let first = line(lang, other, now);
        lines.push(indent(match other.is_unchecked() {
            true => tell!(lang, "inbox-beside-unchecked", first),
            false => tell!(lang, "inbox-beside", first),
        }));
        lines.extend(said(lang, &other.content, now).into_iter().map(|line| indent(indent(line))));
    }
    lines.join("\n")
}

/// A report before it is sent, as those who can read it will see it.
pub(crate) fn preview(lang: Lang, content: &ReportContent, hood: &str, now: Timestamp) -> String {
    let first = format!("{}  {}", code(lang, List::Kind, &content.kind), sanitize(hood));
    let said = said(lang, content, now).into_iter().map(indent);
    std::iter::once(first).chain(said).collect::<Vec<_>>().join("\n")
}

/// What its author said.
fn said(lang: Lang, content: &ReportContent, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(content.place.as_ref().and_then(|place| place_line(lang, place)));
    lines.extend(content.seen.as_ref().and_then(|seen| seen_line(lang, seen, now)));
    lines.extend(content.people.as_ref().and_then(|people| people_line(lang, people)));
    if content.source != UNKNOWN {
        let source = code(lang, List::Source, &content.source);
        lines.push(tell!(lang, "inbox-source", source));
    }
    lines.push(strength(lang, content));
    lines.extend(sanitize_lines(&content.comments).into_iter().filter(|line| !line.is_empty()));
    if let Some(caller) = content.caller.as_ref().map(Caller::reveal).map(sanitize) {
        lines.push(tell!(lang, "inbox-caller", caller));
    }
    lines
}

fn place_line(lang: Lang, place: &Place) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    if place.place_type != UNKNOWN {
        parts.push(code(lang, List::PlaceType, &place.place_type).into_owned());
    }
    parts.push(sanitize(&place.text));
    parts.extend(place.point.map(|point| {
        let (lat, lon) = (f64::from(point.lat) / 1e6, f64::from(point.lon) / 1e6);
        format!("{lat:.6},{lon:.6} (± {} m)", point.precision_m)
    }));
    parts.retain(|part| !part.is_empty());
    let parts = parts.join("; ");
    (!parts.is_empty()).then(|| tell!(lang, "inbox-where", parts))
}

/// What coordinators did with it.
fn became(lang: Lang, view: &ReportView, matter: &Matter, now: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    let overturned = matter.overturned().len();
    for (index, check) in matter.checks.iter().enumerate() {
        let (by, at) = (sanitize(&view.handle(&check.by)), clock::stamp(lang, check.at, now));
        let outcome = code(lang, List::VerificationState, &check.outcome);
        let method = code(lang, List::Method, &check.method);
        let sure = check.certainty.as_ref().map(|sure| code(lang, List::Certainty, sure));
        let sure = sure.map(|sure| format!(", {sure}")).unwrap_or_default();
        lines.push(match index < overturned {
            true => tell!(lang, "inbox-check-overturned", outcome, by, method, sure, at),
            false => tell!(lang, "inbox-check", outcome, by, method, sure, at),
        });
    }
    for note in &matter.notes {
        let (by, at) = (sanitize(&view.handle(&note.by)), clock::stamp(lang, note.at, now));
        let text = sanitize_lines(&note.text).join(" ");
        lines.push(tell!(lang, "inbox-note", by, at, text));
    }
    if let Some(closed) = &matter.closed {
        let (by, at) = (sanitize(&view.handle(&closed.by)), clock::stamp(lang, closed.at, now));
        lines.push(match &closed.how {
            Closing::Debunked => tell!(lang, "inbox-was-debunked", by, at),
            Closing::Dismissed { reason } => {
                let reason = sanitize_lines(reason).join(" ");
                tell!(lang, "inbox-was-dismissed", by, at, reason)
            }
        });
    }
    lines.extend(view.made.iter().map(|made| alert_line(lang, view, made, now)));
    lines
}

/// An alert that was made of it, and what became of that.
fn alert_line(lang: Lang, view: &ReportView, made: &Made, now: Timestamp) -> String {
    let (alert, by, at) = (&made.short, sanitize(&view.handle(&made.by)), clock::stamp(lang, made.at, now));
    match &made.fate {
        Fate::Unseen | Fate::Open => tell!(lang, "inbox-alert", alert, by, at),
        Fate::Over => tell!(lang, "inbox-alert-over", alert, by, at),
        Fate::TakenBack(back) => {
            let handles: Vec<String> = back.by.iter().map(|handle| sanitize(handle)).collect();
            let (who, since) = (and(lang, &handles), clock::stamp(lang, back.at, now));
            tell!(lang, "inbox-alert-taken-back", alert, by, at, who, since)
        }
    }
}

/// How strong a report is, and what would make it stronger.
pub(crate) fn strength(lang: Lang, content: &ReportContent) -> String {
    let strong = strong(lang, content.strength());
    let missing: Vec<&str> = content
        .gaps()
        .into_iter()
        .map(|gap| match gap {
            Gap::Count => tell!(lang, "report-lacks-count"),
            Gap::Place => tell!(lang, "report-lacks-place"),
            Gap::Markings => tell!(lang, "report-lacks-markings"),
            Gap::Time => tell!(lang, "report-lacks-time"),
        })
        .collect();
    match missing.is_empty() {
        true => tell!(lang, "report-strength", strong),
        false => tell!(lang, "report-strength-lacks", strong, missing = and(lang, &missing)),
    }
}

fn strong(lang: Lang, strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => tell!(lang, "report-weak"),
        Strength::Some => tell!(lang, "report-some"),
        Strength::Strong => tell!(lang, "report-strong"),
    }
}
