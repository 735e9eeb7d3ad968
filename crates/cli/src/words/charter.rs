//! What a charter changes, and why one is refused, in both languages.

use watchfire_client::ops::admin::{KeyFileError, KeyKind};
use watchfire_client::ops::amend::DraftError;
use watchfire_client::ops::changes::Change;
use watchfire_client::ops::charter::Namebook;
use watchfire_client::ops::draft::CharterFileError;
use watchfire_client::ops::edit::EditError;
use watchfire_protocol::charter::{BelowQuorum, CharterBody, CharterError, Expiry, Flaw, Restricted, Right, Scope};
use watchfire_protocol::paper::PaperError;
use watchfire_protocol::sign::PublicKey;

use super::{Lang, and, clock, days, sanitize, tell};

/// The beginning of a key, enough to tell a few apart by.
pub(crate) fn short_key(key: &PublicKey) -> String {
    key.to_string().chars().take(9).collect()
}

/// Whose key it is, if that is known here, and its beginning.
pub(crate) fn admin(lang: Lang, names: &Namebook, key: &PublicKey) -> String {
    let short = short_key(key);
    match names.admin(key) {
        Some(_) => tell!(lang, "charter-admin-you", short),
        None => short,
    }
}

/// What may be done.
pub(crate) fn rights(lang: Lang, dispatch: bool, enroll: bool) -> String {
    let mut words = Vec::new();
    words.extend(dispatch.then(|| tell!(lang, "charter-send-alerts")));
    words.extend(enroll.then(|| tell!(lang, "charter-approve-people")));
    and(lang, &words)
}

/// One change, as a sentence without its full stop.
pub(crate) fn change(lang: Lang, names: &Namebook, change: &Change) -> String {
    let hood = |id| sanitize(&names.neighborhood(id));
    let who = |id| sanitize(&names.handle(id));
    match change {
        Change::Founded => tell!(lang, "charter-network-founded").to_owned(),
        Change::AdminAdded(key) => {
            let key = admin(lang, names, key);
            tell!(lang, "charter-admin-added", key)
        }
        Change::AdminRemoved(key) => {
            let key = admin(lang, names, key);
            tell!(lang, "charter-admin-removed", key)
        }
        Change::Threshold { from, to, of } => tell!(lang, "charter-admins-must-sign", to, of, from),
        Change::RestrictThreshold { from, to } => tell!(lang, "charter-admins-must-sign-restriction", to, from),
        Change::Expires { from, to } => {
            let days = (clock::date(lang, *from), clock::date(lang, *to));
            let (from, to) =
                if days.0 == days.1 { (clock::moment(lang, *from), clock::moment(lang, *to)) } else { days };
            tell!(lang, "charter-renewed-expires-longer", to, from)
        }
        Change::Grace { from, to } => tell!(lang, "charter-days-grace-after", to, from),
        Change::RelayAdded { url } => {
            let url = sanitize(url);
            tell!(lang, "charter-relay-added", url)
        }
        Change::RelayRemoved { url } => {
            let url = sanitize(url);
            tell!(lang, "charter-relay-removed", url)
        }
        Change::RelayMoved { from, to } => {
            let (from, to) = (sanitize(from), sanitize(to));
            tell!(lang, "charter-relay-now", from, to)
        }
        Change::RelayOrder { first } => {
            let first = sanitize(first);
            tell!(lang, "charter-relay-tried-first", first)
        }
        Change::NeighborhoodAdded(terms) => {
            let (name, quorum, hours) = (hood(&terms.id), terms.quorum, terms.retention_hours);
            let below = below(lang, terms.below_quorum);
            tell!(lang, "charter-neighborhood-added-quorum", name, quorum, below, hours)
        }
        Change::NeighborhoodClosed(id) => {
            let name = hood(id);
            tell!(lang, "charter-neighborhood-closed", name)
        }
        Change::NeighborhoodChanged(id) => {
            let name = hood(id);
            tell!(lang, "charter-neighborhood-dropped-opened", name)
        }
        Change::Quorum { neighborhood, from, to } => {
            let name = hood(neighborhood);
            tell!(lang, "charter-must-sign-alert", to, name, from)
        }
        Change::BelowQuorum { neighborhood, to } => {
            let (name, below) = (hood(neighborhood), below(lang, *to));
            tell!(lang, "charter-alerts-below-quorum", name, below)
        }
        Change::Retention { neighborhood, from, to } => {
            let name = hood(neighborhood);
            tell!(lang, "charter-records-kept-h", name, to, from)
        }
        Change::Freshness { neighborhood, from, to } => {
            let name = hood(neighborhood);
            tell!(lang, "charter-counts-fresh-h", name, to, from)
        }
        Change::Names(id) => {
            let name = hood(id);
            tell!(lang, "charter-names-changed", name)
        }
        Change::NamesBefore(id) => tell!(lang, "naming-before", name = hood(id)),
        Change::NetworkRenamed { from: None, to } => tell!(lang, "naming-network", to = sanitize(to)),
        Change::NetworkRenamed { from: Some(from), to } => {
            tell!(lang, "naming-network-no-longer", from = sanitize(from), to = sanitize(to))
        }
        Change::Renamed { neighborhood, from: None, to } => {
            tell!(lang, "naming-neighborhood", id = short_id(neighborhood), to = sanitize(to))
        }
        Change::Renamed { from: Some(from), to, .. } => {
            tell!(lang, "naming-neighborhood-no-longer", from = sanitize(from), to = sanitize(to))
        }
        Change::Conduct { neighborhood, to } if to.is_empty() => {
            tell!(lang, "naming-conduct-usual", name = hood(neighborhood))
        }
        Change::Conduct { neighborhood, to } => {
            tell!(lang, "naming-conduct", name = hood(neighborhood), to = sanitize(to))
        }
        Change::Handle { coordinator, neighborhood, from, to } => {
            handle(lang, &short_id(coordinator), &hood(neighborhood), from.as_deref(), to.as_deref())
        }
        Change::Granted { coordinator, scope, instead } => {
            granted(lang, &who(coordinator), &hood(&scope.neighborhood), scope, *instead)
        }
        Change::Retired { coordinator, neighborhood, at } => {
            let (who, name, at) = (who(coordinator), hood(neighborhood), clock::moment(lang, *at));
            tell!(lang, "charter-retired-sent-before", who, name, at)
        }
        Change::Dropped { coordinator, neighborhood } => {
            let (who, name) = (who(coordinator), hood(neighborhood));
            tell!(lang, "charter-may-nothing-more", who, name)
        }
        Change::DeviceAdded { coordinator, key } => {
            let (who, key) = (who(coordinator), short_key(key));
            tell!(lang, "charter-device-acts", key, who)
        }
        Change::DeviceRemoved { coordinator, key } => {
            let (who, key) = (who(coordinator), short_key(key));
            tell!(lang, "charter-device-longer-acts", key, who)
        }
        Change::Revoked { coordinator, key, neighborhood, distrust_from } => {
            let (name, key) = (hood(neighborhood), short_key(key));
            let whose = coordinator.as_ref().map_or_else(String::new, |id| format!(" ({})", who(id)));
            tell!(lang, "charter-device-revoked-distrusted", key, whose, name, distrust_from)
        }
        Change::Unrevoked { key, neighborhood } => {
            let (name, key) = (hood(neighborhood), short_key(key));
            tell!(lang, "charter-device-longer-revoked", key, name)
        }
        Change::Restricted(entry) => restricted(lang, names, entry),
        Change::RestrictionsTaken { count } => {
            tell!(lang, "charter-taken", count)
        }
    }
}

/// The beginning of an id, enough to tell a few apart by.
fn short_id(id: &impl ToString) -> String {
    id.to_string().chars().take(8).collect()
}

/// What a coordinator is called. The id says who it is, whatever they are called.
fn handle(lang: Lang, id: &str, name: &str, from: Option<&str>, to: Option<&str>) -> String {
    match (from.map(sanitize), to.map(sanitize)) {
        (None, Some(to)) => tell!(lang, "naming-handle", id, name, to),
        (from, None) => tell!(lang, "naming-handle-gone", id, name, from = from.unwrap_or_default()),
        (Some(from), Some(to)) => tell!(lang, "naming-handle-no-longer", id, name, from, to),
    }
}

/// What a restriction takes, as a sentence without its full stop.
pub(crate) fn restricted(lang: Lang, names: &Namebook, entry: &Restricted) -> String {
    let hood = sanitize(&names.neighborhood(&entry.neighborhood));
    let who = sanitize(&names.subject(&entry.subject));
    match (entry.distrust_from, entry.right) {
        (Some(epoch), _) => tell!(lang, "charter-may-nothing-any", who, hood, epoch),
        (None, right) => {
            let what = rights(lang, right == Right::Dispatch, right == Right::Enroll);
            tell!(lang, "charter-may-longer", who, what, hood)
        }
    }
}

fn granted(lang: Lang, who: &str, name: &str, scope: &Scope, instead: bool) -> String {
    let (rights, until) = (rights(lang, scope.dispatch, scope.enroll), clock::last_day(lang, scope.not_after));
    match instead {
        false => tell!(lang, "charter-granted-until", who, rights, name, until),
        true => tell!(lang, "charter-may-only-now", who, rights, name, until),
    }
}

fn below(lang: Lang, what: BelowQuorum) -> &'static str {
    match what {
        BelowQuorum::Show => tell!(lang, "charter-below-shown"),
        BelowQuorum::Hold => tell!(lang, "charter-below-held"),
    }
}

/// That the loss of one admin's key would end the network, if it would.
pub(crate) fn fragile(lang: Lang, body: &CharterBody) -> Option<String> {
    let admins = body.admins.len();
    if admins == 1 {
        return Some(tell!(lang, "charter-one-admin-key").to_owned());
    }
    (usize::from(body.threshold) == admins).then(|| tell!(lang, "charter-all-admin-keys", admins))
}

/// That the charter ends soon, or has ended.
pub(crate) fn expires(lang: Lang, expiry: Expiry) -> Option<String> {
    Some(match expiry {
        Expiry::Fine => return None,
        Expiry::Soon { days: left } => {
            let left = days(lang, left);
            tell!(lang, "charter-expires-soon", left)
        }
        Expiry::Grace { days: past } => {
            let past = days(lang, past);
            tell!(lang, "charter-expired-grace", past)
        }
        Expiry::Expired { days: past } => {
            let past = days(lang, past);
            tell!(lang, "charter-expired-for-good", past)
        }
    })
}

/// Why a charter is not changed so.
pub(crate) fn edit(lang: Lang, error: &EditError) -> String {
    use EditError as E;
    match error {
        E::Flaw(broken) => flaw(lang, broken),
        E::Unchanged => tell!(lang, "edit-unchanged").to_owned(),
        E::NoSuchAdmin { key } => tell!(lang, "edit-no-admin", key),
        E::LastAdmin => tell!(lang, "edit-last-admin").to_owned(),
        E::NoSuchRelay { key } => tell!(lang, "edit-no-relay", key),
        E::LastRelay => tell!(lang, "edit-last-relay").to_owned(),
        E::NoSuchNeighborhood { neighborhood } => tell!(lang, "edit-no-neighborhood", neighborhood),
        E::Closed => tell!(lang, "edit-closed").to_owned(),
        E::OtherTerms { name } => tell!(lang, "edit-other-terms", name),
        E::NothingGranted => tell!(lang, "edit-nothing-granted").to_owned(),
        E::NoSuchDevice { key } => tell!(lang, "edit-no-device", key),
        E::LastDevice => tell!(lang, "edit-last-device").to_owned(),
        E::DistrustFrom { found, next } => tell!(lang, "edit-distrust-from", found, next),
        E::Lifetime { found, max } => tell!(lang, "edit-lifetime", found, max),
        E::QuorumOutOfReach { left, quorum } => tell!(lang, "edit-quorum-out-of-reach", left, quorum),
    }
}

/// What to do about it.
pub(crate) fn edit_hint(lang: Lang, error: &EditError) -> &'static str {
    match error {
        EditError::QuorumOutOfReach { .. } | EditError::Flaw(Flaw::Quorum { .. }) => {
            tell!(lang, "charter-nothing-changed-grant")
        }
        EditError::Flaw(Flaw::Lifetime { .. }) => tell!(lang, "charter-nothing-changed-renew"),
        EditError::LastAdmin => tell!(lang, "charter-nothing-changed-add"),
        EditError::LastDevice => tell!(lang, "charter-nothing-changed-add-their"),
        EditError::LastRelay => tell!(lang, "charter-nothing-changed-add-another"),
        EditError::NoSuchAdmin { .. }
        | EditError::NoSuchRelay { .. }
        | EditError::NoSuchDevice { .. }
        | EditError::NothingGranted => tell!(lang, "charter-nothing-changed-see"),
        EditError::OtherTerms { .. } => tell!(lang, "edit-other-terms-hint"),
        EditError::Closed => tell!(lang, "edit-closed-hint"),
        EditError::DistrustFrom { .. } => tell!(lang, "edit-distrust-hint"),
        _ => tell!(lang, "charter-nothing-changed"),
    }
}

/// A rule that a charter would break.
pub(crate) fn flaw(lang: Lang, flaw: &Flaw) -> String {
    match flaw {
        Flaw::Threshold { threshold, admins } => {
            let least = admins / 2 + 1;
            tell!(lang, "charter-admins-cannot-threshold", threshold, admins, least)
        }
        Flaw::RestrictThreshold { found, threshold } => tell!(lang, "charter-admins-cannot-asked", found, threshold),
        Flaw::Lifetime { issued, expires, max_days } => {
            let (issued, expires) = (clock::date(lang, *issued), clock::date(lang, *expires));
            tell!(lang, "charter-cannot-expire", issued, expires, max_days)
        }
        Flaw::KeyTwice { key } => {
            let key = short_key(key);
            tell!(lang, "charter-key-stands-charter", key)
        }
        Flaw::Quorum { quorum, dispatching, .. } => tell!(lang, "charter-must-sign-each", quorum, dispatching),
        Flaw::Range { found, min, max, field, .. } => {
            let field = number(lang, field);
            tell!(lang, "charter-number-range", field, min, max, found)
        }
        Flaw::Window { not_after, .. } => {
            let end = clock::last_day(lang, *not_after);
            tell!(lang, "charter-rights-would-end", end)
        }
        Flaw::RevokedAndGranted { key, .. } => {
            let key = short_key(key);
            tell!(lang, "charter-device-revoked-stays", key)
        }
        Flaw::Length { list, found, max, .. } => {
            let list = listed(lang, list);
            tell!(lang, "charter-list-length", list, found, max)
        }
        Flaw::NoRight { .. } => tell!(lang, "charter-grant-without-right").to_owned(),
        Flaw::Url { place } => tell!(lang, "charter-relay-acceptable-address", place),
        Flaw::Origin { version } => tell!(lang, "flaw-origin", version),
        Flaw::NeighborhoodTwice { neighborhood } => tell!(lang, "flaw-neighborhood-twice", neighborhood),
        Flaw::CoordinatorTwice { coordinator } => tell!(lang, "flaw-coordinator-twice", coordinator),
        Flaw::ScopeTwice { coordinator, neighborhood } => {
            tell!(lang, "flaw-scope-twice", coordinator, neighborhood)
        }
        Flaw::UnknownNeighborhood { neighborhood } => tell!(lang, "flaw-unknown-neighborhood", neighborhood),
        Flaw::RevocationTwice { key, neighborhood } => {
            tell!(lang, "flaw-revocation-twice", key = short_key(key), neighborhood)
        }
        Flaw::RestrictionTwice => tell!(lang, "flaw-restriction-twice").to_owned(),
    }
}

fn number(lang: Lang, field: &str) -> String {
    match field {
        "quorum" => tell!(lang, "charter-quorum"),
        "retention hours" => {
            tell!(lang, "charter-time-records-kept")
        }
        "freshness hours" => {
            tell!(lang, "charter-time-counts-fresh")
        }
        other => other,
    }
    .to_owned()
}

fn listed(lang: Lang, list: &str) -> String {
    match list {
        "admins" => tell!(lang, "list-admins"),
        "neighborhoods" => tell!(lang, "list-neighborhoods"),
        "coordinators" => tell!(lang, "list-coordinators"),
        "revocations" => tell!(lang, "list-revocations"),
        "restrictions" => tell!(lang, "list-restrictions"),
        "relays" => tell!(lang, "list-relays"),
        "devices of a coordinator" => tell!(lang, "list-devices"),
        "scopes of a coordinator" => tell!(lang, "list-scopes"),
        other => other,
    }
    .to_owned()
}

/// Why a charter is not taken.
pub(crate) fn refused(lang: Lang, error: &CharterError) -> String {
    use CharterError as E;
    match error {
        E::Flaw(broken) => flaw(lang, broken),
        E::AlreadyHeld { version } => tell!(lang, "refused-held", version),
        E::Newer => tell!(lang, "refused-newer").to_owned(),
        E::NewerGenesis => tell!(lang, "refused-newer-genesis").to_owned(),
        E::OtherNetwork { found, wanted } => tell!(lang, "refused-other-network", found, wanted),
        E::Older { have, got } => tell!(lang, "refused-older", have, got),
        E::Gap { have, got } => tell!(lang, "refused-gap", have, got),
        E::Fork { version, held, other } => tell!(lang, "refused-fork", version, held, other),
        E::OtherPredecessor { version, held, found } => {
            tell!(lang, "refused-other-predecessor", version, held, found)
        }
        E::IssuedBeforePrevious { issued, previous } => {
            let (issued, previous) = (clock::moment(lang, *issued), clock::moment(lang, *previous));
            tell!(lang, "refused-issued-before", issued, previous)
        }
        E::TooManySignatures { found, max } => tell!(lang, "refused-too-many-signatures", found, max),
        E::SignatureOrder => tell!(lang, "refused-signature-order").to_owned(),
        E::UnknownSigner { signer } => tell!(lang, "refused-unknown-signer", signer = short_key(signer)),
        E::BadSignature { signer } => tell!(lang, "refused-bad-signature", signer = short_key(signer)),
        E::TooFewSignatures { version, found, wanted } => {
            tell!(lang, "refused-too-few-signatures", version, found, wanted)
        }
        E::EmptyChain => tell!(lang, "refused-empty").to_owned(),
        E::Wire(_) => tell!(lang, "refused-damaged").to_owned(),
    }
}

/// Why a draft is not signed or published.
pub(crate) fn draft(lang: Lang, error: &DraftError) -> String {
    use DraftError as E;
    match error {
        E::NoDraft => tell!(lang, "draft-none").to_owned(),
        E::OtherNetwork => tell!(lang, "draft-other-network").to_owned(),
        E::Overtaken { draft, newest } => tell!(lang, "draft-overtaken", draft, newest),
        E::Ahead { draft, newest } => tell!(lang, "draft-ahead", draft, newest),
        E::OtherBranch => tell!(lang, "draft-other-branch").to_owned(),
        E::Names => tell!(lang, "draft-names").to_owned(),
        E::NoGenesis => tell!(lang, "draft-no-genesis").to_owned(),
        E::NotAdmin => tell!(lang, "draft-not-admin").to_owned(),
        E::AlreadySigned => tell!(lang, "draft-signed").to_owned(),
        E::Published { version } => tell!(lang, "draft-published", version),
        E::NamesLacking { neighborhood } => tell!(lang, "draft-names-lacking", neighborhood),
        E::NamesUnknown { neighborhood } => tell!(lang, "draft-names-unknown", neighborhood),
        E::EpochUnknown => tell!(lang, "draft-epoch-unknown").to_owned(),
    }
}

/// What to do about a draft that is not signed or published.
pub(crate) fn draft_hint(lang: Lang, error: &DraftError) -> &'static str {
    match error {
        DraftError::Overtaken { .. } => tell!(lang, "charter-nothing-signed-see"),
        DraftError::Ahead { .. } => tell!(lang, "charter-nothing-signed-fetch"),
        DraftError::NotAdmin => tell!(lang, "charter-nothing-signed-admins"),
        DraftError::AlreadySigned => tell!(lang, "charter-pass-another-admin"),
        DraftError::Published { .. } => tell!(lang, "charter-nothing-left-sign"),
        DraftError::EpochUnknown => tell!(lang, "charter-nothing-changed-try"),
        DraftError::NamesUnknown { .. } => tell!(lang, "charter-nothing-changed-where"),
        DraftError::NoDraft
        | DraftError::OtherNetwork
        | DraftError::OtherBranch
        | DraftError::Names
        | DraftError::NamesLacking { .. }
        | DraftError::NoGenesis => tell!(lang, "charter-nothing-signed-ask"),
    }
}

/// Why a file of charters cannot be read.
pub(crate) fn charter_file(lang: Lang, error: &CharterFileError) -> String {
    match error {
        CharterFileError::TooLarge { limit } => tell!(lang, "charter-file-too-large", limit),
        CharterFileError::NotOne => tell!(lang, "charter-file-not-one").to_owned(),
        CharterFileError::Newer => tell!(lang, "charter-file-newer").to_owned(),
        CharterFileError::Damaged => tell!(lang, "charter-file-damaged").to_owned(),
    }
}

/// Why a file holds no key.
pub(crate) fn key_file(lang: Lang, error: KeyFileError) -> &'static str {
    match error {
        KeyFileError::NotOne => tell!(lang, "key-file-not-one"),
        KeyFileError::Other { wanted: KeyKind::Admin, .. } => tell!(lang, "key-file-want-admin"),
        KeyFileError::Other { wanted: KeyKind::Device, .. } => tell!(lang, "key-file-want-device"),
        KeyFileError::Damaged => tell!(lang, "key-file-damaged"),
    }
}

/// Why words are not a key.
pub(crate) fn paper(lang: Lang, error: PaperError) -> String {
    match error {
        PaperError::Count { found } => tell!(lang, "paper-count", found),
        PaperError::Unknown { place } => tell!(lang, "paper-unknown", place),
        PaperError::Checksum => tell!(lang, "paper-checksum").to_owned(),
    }
}
