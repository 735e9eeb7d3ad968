//! What is not done at the desk, and what to do instead.

use watchfire_client::ops::desk::DeskError;

use super::{Lang, duration, sanitize, tell};

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
