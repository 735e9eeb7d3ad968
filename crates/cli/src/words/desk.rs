//! Who asks for help; what is not done at the desk, and what to do instead.

use watchfire_client::ops::answer::HelpView;
use watchfire_client::ops::desk::DeskError;
use watchfire_protocol::time::Timestamp;

use super::{Lang, clock, duration, sanitize, tell};

/// That somebody asks for help.
pub(crate) fn call_for_help(lang: Lang, view: &HelpView, now: Timestamp) -> String {
    let (who, hood, at) = (sanitize(&view.handle), sanitize(&view.neighborhood), clock::time(view.since, now));
    tell!(lang, "desk-call-for-help", who, hood, at, short = &view.short)
}

/// What failed.
pub(crate) fn refused(lang: Lang, error: &DeskError) -> String {
    match error {
        DeskError::Claimed { report, by, seconds } => {
            let (by, span) = (sanitize(by), duration(lang, *seconds));
            tell!(lang, "inbox-claimed-already", report, by, span)
        }
        DeskError::NotYours { report } => tell!(lang, "inbox-not-yours", report),
        DeskError::Merged { report, into } => tell!(lang, "inbox-merged-already", report, into),
        DeskError::Same { report } => tell!(lang, "inbox-same", report),
        DeskError::Elsewhere => tell!(lang, "inbox-elsewhere").to_owned(),
        DeskError::Closed { report } => tell!(lang, "inbox-closed-already", report),
        DeskError::OneSource { report } => tell!(lang, "inbox-one-source", report),
        DeskError::NotVerified { report } => tell!(lang, "inbox-not-verified", report),
    }
}

/// What to do next.
pub(crate) fn hint(lang: Lang, error: &DeskError) -> String {
    match error {
        DeskError::Claimed { report, .. } => tell!(lang, "inbox-claimed-hint", report),
        DeskError::NotYours { report } => tell!(lang, "inbox-not-yours-hint", report),
        DeskError::Merged { into, .. } => tell!(lang, "inbox-merged-hint", into),
        DeskError::Same { .. } | DeskError::Elsewhere => tell!(lang, "inbox-list-hint").to_owned(),
        DeskError::Closed { report } => tell!(lang, "inbox-closed-hint", report),
        DeskError::OneSource { report } => tell!(lang, "inbox-one-source-hint", report),
        DeskError::NotVerified { report } => tell!(lang, "inbox-not-verified-hint", report),
    }
}
