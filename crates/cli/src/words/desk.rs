//! Who asks for help; what is not done at the desk, and what to do instead.

use watchfire_client::ops::answer::HelpView;
use watchfire_client::ops::desk::{DeskError, DroppedReports};
use watchfire_client::ops::made::Untrue;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::List;

use super::{Lang, ago, clock, code, duration, sanitize, tell};

/// That somebody asks for help.
pub(crate) fn call_for_help(lang: Lang, view: &HelpView, now: Timestamp) -> String {
    let (called, who, short) = (called(lang, view, now), typed(&sanitize(&view.handle)), &view.short);
    let more = (view.more > 0).then(|| tell!(lang, "desk-call-more", count = view.more));
    let care = match &view.attended {
        Some(held) if held.here => Some(tell!(lang, "desk-attended-here", at = clock::time(lang, held.at, now))),
        Some(held) => {
            let (by, at) = (sanitize(&held.handle), clock::time(lang, held.at, now));
            Some(tell!(lang, "desk-attended", by, at))
        }
        None if view.removed.is_some() => None,
        None => Some(tell!(lang, "desk-unattended", short, who = &who)),
    };
    let ends = view.removed.map(|_| tell!(lang, "desk-call-of-removed", short, who));
    [Some(called), more, care, ends].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What somebody is called, and when they were removed, if they were.
pub(crate) fn person(lang: Lang, handle: &str, removed: Option<Timestamp>, now: Timestamp) -> String {
    let who = sanitize(handle);
    match removed {
        Some(at) => tell!(lang, "desk-removed", who, at = clock::time(lang, at, now)),
        None => who,
    }
}

/// Who calls, where and since when.
pub(crate) fn called(lang: Lang, view: &HelpView, now: Timestamp) -> String {
    let (hood, at) = (sanitize(&view.neighborhood), clock::stamp(lang, view.since, now));
    let who = person(lang, &view.handle, view.removed, now);
    match view.drill {
        true => tell!(lang, "desk-call-in-drill", who, hood, at, short = &view.short),
        false => tell!(lang, "desk-call-for-help", who, hood, at, short = &view.short),
    }
}

/// That an alert is out though a report that it was made of was found not to be so.
pub(crate) fn untrue(lang: Lang, view: &Untrue, now: Timestamp) -> String {
    let (short, report, hood) = (&view.short, &view.report, sanitize(&view.neighborhood));
    let (by, at) = (sanitize(&view.by), clock::stamp(lang, view.at, now));
    tell!(lang, "desk-untrue", by, at, report, hood, found = found(lang, view), short)
}

/// Whose reports had to go.
pub(crate) fn dropped(lang: Lang, view: &DroppedReports) -> String {
    let (author, hood) = (sanitize(&view.author), sanitize(&view.neighborhood));
    tell!(lang, "inbox-dropped", author, hood, count = view.count)
}

/// What was found, and how.
fn found(lang: Lang, view: &Untrue) -> String {
    let outcome = code(lang, List::VerificationState, &view.outcome);
    match &view.method {
        Some(method) => format!("{outcome} ({})", code(lang, List::Method, method)),
        None => outcome.into_owned(),
    }
}

/// A handle as a shell takes it for one word and nothing else.
fn typed(handle: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || ['-', '_', '.'].contains(&letter);
    if handle.chars().all(plain) && !handle.starts_with('-') {
        return handle.to_owned();
    }
    format!("'{}'", handle.replace('\'', "'\\''"))
}

/// What failed.
pub(crate) fn refused(lang: Lang, error: &DeskError) -> String {
    match error {
        DeskError::Claimed { report, by, seconds } => {
            let (by, span) = (sanitize(by), duration(lang, *seconds));
            tell!(lang, "inbox-claimed-already", report, by, span)
        }
        DeskError::Attended { who, by, seconds, alert: _ } => {
            let (who, by, span) = (sanitize(who), sanitize(by), duration(lang, *seconds));
            tell!(lang, "desk-attended-already", who, by, span)
        }
        DeskError::NotYours { report } => tell!(lang, "inbox-not-yours", report),
        DeskError::Merged { report, into } => tell!(lang, "inbox-merged-already", report, into),
        DeskError::NotMerged { report } => tell!(lang, "inbox-not-merged", report),
        DeskError::IntoFalse { into, closed: true, .. } => tell!(lang, "inbox-into-closed", into),
        DeskError::IntoFalse { into, closed: false, .. } => tell!(lang, "inbox-into-false", into),
        DeskError::Same { report } => tell!(lang, "inbox-same", report),
        DeskError::Elsewhere => tell!(lang, "inbox-elsewhere").to_owned(),
        DeskError::Closed { report } => tell!(lang, "inbox-closed-already", report),
        DeskError::OneSource { report } => tell!(lang, "inbox-one-source", report),
        DeskError::NotVerified { report } => tell!(lang, "inbox-not-verified", report),
        DeskError::FoundFalse { report, by, outcome } => {
            let (by, outcome) = (sanitize(by), code(lang, List::VerificationState, outcome));
            tell!(lang, "inbox-found-false", report, by, outcome)
        }
        DeskError::MadeOfUntrue(view) => {
            let (short, report, by) = (&view.short, &view.report, sanitize(&view.by));
            let at = clock::moment(lang, view.at);
            tell!(lang, "inbox-made-of-untrue", short, report, by, at, found = found(lang, view))
        }
        DeskError::TakenBack { report, alert, by, seconds } => {
            let (by, span) = (sanitize(by), ago(lang, *seconds));
            tell!(lang, "inbox-taken-back", report, alert, by, span)
        }
    }
}

/// What to do next.
pub(crate) fn hint(lang: Lang, error: &DeskError) -> String {
    match error {
        DeskError::Claimed { report, .. } => tell!(lang, "inbox-claimed-hint", report),
        DeskError::Attended { who, alert, .. } => {
            tell!(lang, "desk-attended-hint", alert, who = typed(&sanitize(who)))
        }
        DeskError::NotYours { report } => tell!(lang, "inbox-not-yours-hint", report),
        DeskError::Merged { report, into } => tell!(lang, "inbox-merged-hint", report, into),
        DeskError::IntoFalse { report, into, closed: true } => tell!(lang, "inbox-into-closed-hint", report, into),
        DeskError::IntoFalse { report, into, closed: false } => tell!(lang, "inbox-into-false-hint", report, into),
        DeskError::NotMerged { .. } | DeskError::Same { .. } | DeskError::Elsewhere => {
            tell!(lang, "inbox-list-hint").to_owned()
        }
        DeskError::Closed { report } => tell!(lang, "inbox-closed-hint", report),
        DeskError::OneSource { report } => tell!(lang, "inbox-one-source-hint", report),
        DeskError::NotVerified { report } => tell!(lang, "inbox-not-verified-hint", report),
        DeskError::MadeOfUntrue(view) => {
            tell!(lang, "inbox-made-of-untrue-hint", short = &view.short, report = &view.report)
        }
        DeskError::FoundFalse { report, .. } | DeskError::TakenBack { report, .. } => {
            tell!(lang, "inbox-check-anew-hint", report)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_in_a_command_is_one_word_and_runs_nothing() {
        for (handle, word) in
            [("Ana", "Ana"), ("Ana B", "'Ana B'"), ("$(x)", "'$(x)'"), ("O'Neil", r"'O'\''Neil'"), ("-y", "'-y'")]
        {
            assert_eq!(typed(handle), word);
        }
    }
}
