//! What went wrong and what to do next.
//!
//! Every `match` here is exhaustive where it can be: a new error does not compile until somebody writes its words.

use watchfire_client::ClientError;
use watchfire_client::error::{Lacks, Unsignable};
use watchfire_client::ops::admin::{KeyFileError, KeyKind};
use watchfire_client::ops::template::TemplateError;
use watchfire_client::vault::VaultError;
use watchfire_protocol::desk::TEMPLATE_BYTES;
use watchfire_protocol::fork::ChoiceError;
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::invite::LinkError;

use super::{Lang, and, catalog, charter, desk, field, file, or, restriction, system, tell, unreached};

/// What failed.
pub(crate) fn message(lang: Lang, error: &ClientError) -> String {
    use ClientError as E;
    match error {
        E::Vault(error) => vault(lang, error).to_owned(),
        E::Unreachable { url, reason } => unreached::message(lang, url, reason),
        E::FirstRelayAway { url } => tell!(lang, "error-first-relay-away", url),
        E::NoAnchors => tell!(lang, "error-no-anchors").to_owned(),
        E::Broken(why) => tell!(lang, "error-broken", why = phrase(lang, why)),
        E::WrongRelay { url, .. } => tell!(lang, "error-wrong-relay", url),
        E::Refused(refusal) => tell!(lang, "error-refused", why = refused(lang, refusal)),
        E::RelayNewer { url } => tell!(lang, "error-relay-newer", url),
        E::RelayOlder { url, lacks } => tell!(lang, "error-relay-older", url, lacks = lacking(lang, *lacks)),
        E::NotAllowed { .. } => tell!(lang, "error-not-allowed").to_owned(),
        E::Charter(error) => tell!(lang, "error-charter", why = charter::refused(lang, error)),
        E::Restriction(error) => tell!(lang, "error-restriction", why = restriction::refused(lang, error)),
        E::Forked { version } => tell!(lang, "error-forked", version),
        E::Choice(ChoiceError::Unknown) => tell!(lang, "error-choice-unknown").to_owned(),
        E::Choice(ChoiceError::Unseen { version }) => tell!(lang, "error-choice-unseen", version),
        E::File(error) => file::message(lang, error),
        E::Content(error) => file::invalid(lang, error),
        E::Link(error) => link(lang, *error).to_owned(),
        E::Untrusted(why) => tell!(lang, "error-untrusted", why = phrase(lang, why)),
        E::ShownCharter(error) => tell!(lang, "error-shown-charter", why = charter::refused(lang, error)),
        E::NoNetwork => tell!(lang, "error-no-network").to_owned(),
        E::HasNetwork => tell!(lang, "error-has-network").to_owned(),
        E::NoNeighborhood { name, .. } if name.is_empty() => tell!(lang, "error-in-no-neighborhood").to_owned(),
        E::NoNeighborhood { name, .. } => tell!(lang, "error-no-neighborhood", name),
        E::NotFound { what, name } => tell!(lang, "error-not-found", what = phrase(lang, what), name),
        E::Ambiguous { what, name, candidates } => {
            tell!(lang, "error-ambiguous", what = phrase(lang, what), name, candidates = or(lang, candidates))
        }
        E::Expired { what, name } => tell!(lang, "error-expired", what = phrase(lang, what), name),
        E::NotGranted(what) => tell!(lang, "error-not-granted", what = phrase(lang, what)),
        E::NoKeys { name } => tell!(lang, "error-no-keys", name),
        E::ShutOut { name, by } => tell!(lang, "error-shut-out", name, by),
        E::KeysWithheld { name } => tell!(lang, "error-keys-withheld", name),
        E::NotVerified => tell!(lang, "error-not-verified").to_owned(),
        E::Unsignable(why) => unsignable(lang, *why).to_owned(),
        E::NoAdminKey => tell!(lang, "error-no-admin-key").to_owned(),
        E::HasAdminKey => tell!(lang, "error-has-admin-key").to_owned(),
        E::Paper(error) => tell!(lang, "error-paper", why = charter::paper(lang, *error)),
        E::KeyFile(error) => charter::key_file(lang, *error).to_owned(),
        E::CharterFile(error) => charter::charter_file(lang, error),
        E::Desk(error) => desk::refused(lang, error),
        E::Edit(error) => charter::edit(lang, error),
        E::Draft(error) => charter::draft(lang, error),
        E::MoreSignatures { version: Some(version), missing, .. } => {
            tell!(lang, "error-charter-unsigned", version, missing)
        }
        E::MoreSignatures { version: None, missing, .. } => tell!(lang, "error-restriction-unsigned", missing),
        E::Closed { name } => tell!(lang, "error-closed", name),
        E::WrongWords => tell!(lang, "error-wrong-words").to_owned(),
        E::Invalid(why) | E::Timeout(why) => phrase(lang, why),
        E::Queued => tell!(lang, "error-queued").to_owned(),
        E::Raced => tell!(lang, "error-raced").to_owned(),
        E::HistoryOutOfRange { .. } => tell!(lang, "error-history-range").to_owned(),
        E::StillOpen { name } => tell!(lang, "error-still-open", name),
        E::Template(error) => template(lang, error),
        E::Unexpected(why) => tell!(lang, "error-unexpected", why = phrase(lang, why)),
    }
}

fn lacking(lang: Lang, lacks: Lacks) -> &'static str {
    match lacks {
        Lacks::Greeting => tell!(lang, "lacks-greeting"),
        Lacks::Charters => tell!(lang, "lacks-charters"),
        Lacks::Restrictions => tell!(lang, "lacks-restrictions"),
        Lacks::Keys => tell!(lang, "lacks-keys"),
        Lacks::Invites => tell!(lang, "lacks-invites"),
        Lacks::Records => tell!(lang, "lacks-records"),
    }
}

fn vault(lang: Lang, error: &VaultError) -> &'static str {
    match error {
        VaultError::Missing => tell!(lang, "error-vault-missing"),
        VaultError::Exists => tell!(lang, "error-vault-exists"),
        VaultError::WrongPassphrase => tell!(lang, "error-vault-passphrase"),
        VaultError::Passphrase => tell!(lang, "error-passphrase-length"),
        VaultError::Newer => tell!(lang, "error-vault-newer"),
        VaultError::Damaged => tell!(lang, "error-vault-damaged"),
        VaultError::Sqlite(_) | VaultError::Io(_) => tell!(lang, "error-vault-unusable"),
    }
}

fn template(lang: Lang, error: &TemplateError) -> String {
    match error {
        TemplateError::Name { name } => tell!(lang, "template-error-name", name),
        TemplateError::OneNight { field } => tell!(lang, "template-error-night", field = field::written(lang, field)),
        TemplateError::TooLong { found } => tell!(lang, "template-error-long", found = *found, most = TEMPLATE_BYTES),
        TemplateError::TooMany => tell!(lang, "template-error-many").to_owned(),
        TemplateError::BuiltIn { name } => tell!(lang, "template-error-built-in", name),
    }
}

fn unsignable(lang: Lang, why: Unsignable) -> &'static str {
    match why {
        Unsignable::Own => tell!(lang, "error-sign-own"),
        Unsignable::Already => tell!(lang, "error-sign-already"),
        Unsignable::OtherDevice => tell!(lang, "error-sign-other-device"),
        Unsignable::Full => tell!(lang, "error-sign-full"),
        Unsignable::Settled => tell!(lang, "error-sign-settled"),
    }
}

fn link(lang: Lang, error: LinkError) -> &'static str {
    match error {
        LinkError::NotALink => tell!(lang, "error-link-not-one"),
        LinkError::Newer => tell!(lang, "error-link-newer"),
        LinkError::Typo => tell!(lang, "error-link-typo"),
        LinkError::Host => tell!(lang, "error-link-host"),
    }
}

fn refused(lang: Lang, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unsupported => tell!(lang, "refusal-unsupported").to_owned(),
        Refusal::Malformed(why) => tell!(lang, "refusal-malformed", why = phrase(lang, why)),
        Refusal::OutOfOrder => tell!(lang, "refusal-out-of-order").to_owned(),
        Refusal::NotProved => tell!(lang, "refusal-not-proved").to_owned(),
        Refusal::BadProof => tell!(lang, "refusal-bad-proof").to_owned(),
        Refusal::NotAllowed => tell!(lang, "refusal-not-allowed").to_owned(),
        Refusal::NotGranted => tell!(lang, "refusal-not-granted").to_owned(),
        Refusal::NotFound => tell!(lang, "refusal-not-found").to_owned(),
        Refusal::UnknownEpoch { found, current } => tell!(lang, "refusal-unknown-epoch", found, current),
        Refusal::ClosedEpoch { found, current } => tell!(lang, "refusal-closed-epoch", found, current),
        Refusal::Stale { current } => tell!(lang, "refusal-stale", current),
        Refusal::BadRecord(why) => tell!(lang, "refusal-bad-record", why = phrase(lang, why)),
        Refusal::WrongChannel => tell!(lang, "refusal-wrong-channel").to_owned(),
        Refusal::BadCharter(why) => tell!(lang, "refusal-bad-charter", why = phrase(lang, why)),
        Refusal::BadAnnouncement(why) => tell!(lang, "refusal-bad-announcement", why = phrase(lang, why)),
        Refusal::SlotsMismatch => tell!(lang, "refusal-slots-mismatch").to_owned(),
        Refusal::InviteEnded => tell!(lang, "refusal-invite-ended").to_owned(),
        Refusal::SlowDown { seconds } => tell!(lang, "refusal-slow-down", seconds),
        Refusal::QuotaFull => tell!(lang, "refusal-quota-full").to_owned(),
        Refusal::Internal => tell!(lang, "refusal-internal").to_owned(),
    }
}

/// What the client or a relay says in English words of its own, in the reader's language. What nobody wrote down is told
/// as it is, and that it is English.
pub(super) fn phrase(lang: Lang, english: &str) -> String {
    catalog::translated(lang, "phrase-", english).unwrap_or_else(|| system::unknown(lang, english))
}

/// What to do next.
pub(crate) fn hint(lang: Lang, error: &ClientError) -> Option<String> {
    use ClientError as E;
    Some(match error {
        E::Unreachable { reason, .. } => unreached::hint(lang, reason),
        E::WrongRelay { found, .. } => tell!(lang, "hint-wrong-relay", found),
        E::NotAllowed { network } => tell!(lang, "hint-not-allowed", network),
        E::Refused(Refusal::SlowDown { seconds }) => tell!(lang, "hint-slow-down", seconds),
        E::Refused(Refusal::QuotaFull) => tell!(lang, "hint-quota-full").to_owned(),
        E::NoNeighborhood { known, .. } if !known.is_empty() => {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            tell!(lang, "hint-known-neighborhoods", known = and(lang, &known))
        }
        E::MoreSignatures { awaited, missing, .. } => {
            let keys: Vec<String> = awaited.iter().map(charter::short_key).collect();
            let keys = if *missing < keys.len() { or(lang, &keys) } else { and(lang, &keys) };
            tell!(lang, "hint-more-signatures", keys)
        }
        E::KeyFile(KeyFileError::Other { wanted: KeyKind::Device, .. }) => {
            tell!(lang, "hint-key-file-device").to_owned()
        }
        E::Edit(error) => charter::edit_hint(lang, error).to_owned(),
        E::Draft(error) => charter::draft_hint(lang, error).to_owned(),
        E::Desk(error) => desk::hint(lang, error),
        E::StillOpen { name } => tell!(lang, "hint-still-open", short = name),
        E::NotFound { what, .. } => not_found(lang, what)?.to_owned(),
        other => advice(lang, other)?.to_owned(),
    })
}

/// What to do next, where it is the same whatever the particulars.
fn advice(lang: Lang, error: &ClientError) -> Option<&'static str> {
    use ClientError as E;
    Some(match error {
        E::Vault(VaultError::Missing) | E::NoNetwork => tell!(lang, "hint-begin"),
        E::Vault(VaultError::WrongPassphrase) => tell!(lang, "hint-passphrase"),
        E::Vault(VaultError::Damaged) => tell!(lang, "hint-vault-damaged"),
        E::Vault(VaultError::Sqlite(_) | VaultError::Io(_)) => tell!(lang, "hint-vault-unusable"),
        E::Broken(_) | E::Raced => tell!(lang, "hint-again"),
        E::FirstRelayAway { .. } => tell!(lang, "hint-first-relay-away"),
        E::RelayNewer { .. } => tell!(lang, "hint-relay-newer"),
        E::RelayOlder { .. } => tell!(lang, "hint-relay-older"),
        E::ShutOut { .. } => tell!(lang, "hint-shut-out"),
        E::KeysWithheld { .. } => tell!(lang, "hint-keys-withheld"),
        E::Refused(Refusal::InviteEnded) => tell!(lang, "hint-invite-ended"),
        E::Refused(_) => tell!(lang, "hint-refused"),
        E::Link(LinkError::Typo) => tell!(lang, "hint-link-typo"),
        E::Link(_) => tell!(lang, "hint-link"),
        E::Untrusted(_) | E::ShownCharter(_) => tell!(lang, "hint-untrusted"),
        E::HasNetwork => tell!(lang, "hint-has-network"),
        E::NoNeighborhood { .. } => tell!(lang, "hint-no-neighborhood"),
        E::Forked { .. } => tell!(lang, "hint-forked"),
        E::Choice(_) => tell!(lang, "hint-choice"),
        E::Ambiguous { .. } => tell!(lang, "hint-ambiguous"),
        E::NotGranted(_) => tell!(lang, "hint-not-granted"),
        E::NoKeys { .. } => tell!(lang, "hint-no-keys"),
        E::WrongWords => tell!(lang, "hint-wrong-words"),
        E::NotVerified => tell!(lang, "hint-not-verified"),
        E::Unsignable(_) => tell!(lang, "hint-unsignable"),
        E::Queued => tell!(lang, "hint-queued"),
        E::Expired { .. } => tell!(lang, "hint-expired"),
        E::File(_) => tell!(lang, "hint-file"),
        E::Invalid(_) | E::Content(_) => tell!(lang, "hint-invalid"),
        E::Restriction(_) => tell!(lang, "hint-restriction"),
        E::Charter(_) => tell!(lang, "hint-charter"),
        E::NoAdminKey => tell!(lang, "hint-no-admin-key"),
        E::HasAdminKey => tell!(lang, "hint-has-admin-key"),
        E::Paper(_) => tell!(lang, "hint-paper"),
        E::KeyFile(_) => tell!(lang, "hint-key-file"),
        E::CharterFile(_) => tell!(lang, "hint-charter-file"),
        E::Closed { .. } => tell!(lang, "hint-closed"),
        E::Timeout(_) => tell!(lang, "hint-timeout"),
        E::HistoryOutOfRange { .. } => tell!(lang, "hint-history-range"),
        E::Template(_) => tell!(lang, "template-error-hint"),
        E::NoAnchors => tell!(lang, "hint-no-anchors"),
        E::Unexpected(_) => tell!(lang, "hint-unexpected"),
        _ => return None,
    })
}

/// Where to look for what was not found.
fn not_found(lang: Lang, what: &str) -> Option<&'static str> {
    Some(match what {
        "alert" => tell!(lang, "hint-find-alert"),
        "request" => tell!(lang, "hint-find-request"),
        "report" => tell!(lang, "inbox-find-hint"),
        "member" => tell!(lang, "hint-find-member"),
        "coordinator" => tell!(lang, "hint-find-coordinator"),
        "admin" | "device" | "relay" => tell!(lang, "hint-find-in-charter"),
        "charter in a fork" => tell!(lang, "hint-find-fork"),
        "invite" => tell!(lang, "hint-find-invite"),
        "template" => tell!(lang, "hint-find-template"),
        "call for help by" => tell!(lang, "desk-find-call"),
        _ => return None,
    })
}
