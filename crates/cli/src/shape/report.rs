//! `watchfire.report/1`: a report, and what became of it.

use serde_json::{Value, json};
use watchfire_client::file::{report as file, rfc3339};
use watchfire_client::ops::desk::{ReportView, Standing};
use watchfire_client::ops::made::{Fate, Made};
use watchfire_protocol::desk::Closing;
use watchfire_protocol::vocabulary::{Code, Finding, Gap, Identifier, ReportContent};

/// A report, its caller and notes included: for the desk and nobody else.
pub(crate) fn report(view: &ReportView) -> Value {
    let matter = &view.matter;
    let claim = matter.claim.map(|claim| json!({"by": view.handle(&claim.by), "at": rfc3339(claim.at)}));
    let closed = matter.closed.as_ref().map(|closed| {
        let (how, reason) = match &closed.how {
            Closing::Dismissed { reason } => ("dismissed", Some(reason)),
            Closing::Debunked => ("debunked", None),
        };
        json!({"how": how, "by": view.handle(&closed.by), "at": rfc3339(closed.at), "reason": reason})
    });
    let overturned = matter.overturned().len();
    let check = |(at, check): (usize, &watchfire_protocol::desk::Check)| {
        json!({
            "handle": view.handle(&check.by),
            "outcome": check.outcome.as_str(),
            "method": check.method.as_str(),
            "certainty": check.certainty.as_ref().map(ToString::to_string),
            "at": rfc3339(check.at),
            "overturned": at < overturned,
        })
    };
    let note = |note: &watchfire_protocol::desk::Note| json!({"handle": view.handle(&note.by), "text": note.text, "at": rfc3339(note.at)});
    json!({
        "schema": "watchfire.report/1",
        "id": view.id.to_string(),
        "short": view.short,
        "neighborhood": view.neighborhood,
        "status": standing(view.standing()),
        "state": state(view).as_str(),
        "by": view.author,
        "sent": rfc3339(view.sent),
        "received": rfc3339(view.received),
        "strength": view.content.strength().code().as_str(),
        "missing": gaps(&view.content),
        "claimed": claim,
        "checks": matter.checks.iter().enumerate().map(check).collect::<Vec<_>>(),
        "closed": closed,
        "merged-into": view.merged_into.map(|id| id.to_string()),
        "merged": view.merged.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "notes": matter.notes.iter().map(note).collect::<Vec<_>>(),
        "alerts": matter.alerts.iter().map(|made| made.alert.to_string()).collect::<Vec<_>>(),
        "made": view.made.iter().map(|made| alert(view, made)).collect::<Vec<_>>(),
        "unchecked": view.unchecked.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "queued": view.queued,
        "body": file::to_json(&view.content),
    })
}

/// An alert that was made of a report, and what became of it.
fn alert(view: &ReportView, made: &Made) -> Value {
    let (fate, back) = match &made.fate {
        Fate::Unseen => ("unseen", None),
        Fate::Open => ("open", None),
        Fate::Over => ("over", None),
        Fate::TakenBack(back) => ("taken-back", Some(json!({"by": back.by, "at": rfc3339(back.at)}))),
    };
    json!({
        "id": made.alert.to_string(),
        "by": view.handle(&made.by),
        "at": rfc3339(made.at),
        "fate": fate,
        "taken-back": back,
    })
}

/// What was found; of one that was merged, only what was found of it too.
fn state(view: &ReportView) -> Code {
    match view.merged_into.is_some() && !view.checked {
        true => Code::constant("unverified"),
        false => view.matter.state(),
    }
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Claimed => "claimed",
        Standing::Merged => "merged",
        Standing::Dismissed => "dismissed",
        Standing::Debunked => "debunked",
    }
}

/// What would make a report stronger.
pub(crate) fn gaps(content: &ReportContent) -> Vec<&'static str> {
    let gaps = content.gaps().into_iter();
    gaps.map(|gap| match gap {
        Gap::Count => "count",
        Gap::Place => "place",
        Gap::Markings => "markings",
        Gap::Time => "time",
    })
    .collect()
}

/// What looks like it identifies a person: where, and what it looks like. Not the text again.
pub(crate) fn identifying(findings: &[Finding]) -> Vec<Value> {
    findings.iter().map(|finding| json!({"field": finding.field, "looks-like": identifier(finding.what)})).collect()
}

const fn identifier(what: Identifier) -> &'static str {
    match what {
        Identifier::ANumber => "a-number",
        Identifier::Phone => "phone",
        Identifier::SocialSecurity => "social-security",
        Identifier::Email => "email",
        Identifier::Plate => "plate",
        Identifier::HomeAddress => "home-address",
        Identifier::Address => "address",
        Identifier::HomePoint => "home-point",
    }
}
