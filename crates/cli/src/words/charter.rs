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

use super::{Lang, and, clock, plural, sanitize, tell};

/// The beginning of a key, enough to tell a few apart by.
pub(crate) fn short_key(key: &PublicKey) -> String {
    key.to_string().chars().take(9).collect()
}

/// Whose key it is, if that is known here, and its beginning.
pub(crate) fn admin(lang: Lang, names: &Namebook, key: &PublicKey) -> String {
    let short = short_key(key);
    match names.admin(key).map(sanitize) {
        Some(handle) => tell!(lang, "charter-you-2", short, handle),
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
            let (from, to) = (clock::date(*from), clock::date(*to));
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
        Change::Granted { coordinator, scope, instead } => {
            granted(lang, &who(coordinator), &hood(&scope.neighborhood), scope, *instead)
        }
        Change::Retired { coordinator, neighborhood, at } => {
            let (who, name, at) = (who(coordinator), hood(neighborhood), clock::moment(*at));
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
            let taken = plural(
                u64::try_from(*count).unwrap_or(u64::MAX),
                tell!(lang, "charter-restriction"),
                tell!(lang, "charter-restrictions"),
            );
            tell!(lang, "charter-taken", taken)
        }
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
    let (rights, until) = (rights(lang, scope.dispatch, scope.enroll), clock::date(scope.not_after));
    match instead {
        false => tell!(lang, "charter-may-until-2", who, rights, name, until),
        true => tell!(lang, "charter-may-only-now", who, rights, name, until),
    }
}

const fn below(lang: Lang, what: BelowQuorum) -> &'static str {
    match (what, lang) {
        (BelowQuorum::Show, Lang::EN) => "shown",
        (BelowQuorum::Show, _) => "se muestran",
        (BelowQuorum::Hold, Lang::EN) => "held back",
        (BelowQuorum::Hold, _) => "se apartan",
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
    let days = |days| plural(days, tell!(lang, "charter-day-2"), tell!(lang, "charter-days-2"));
    Some(match expiry {
        Expiry::Fine => return None,
        Expiry::Soon { days: left } => {
            let left = days(left);
            tell!(lang, "charter-charter-expires-admin", left)
        }
        Expiry::Grace { days: past } => {
            let past = days(past);
            tell!(lang, "charter-charter-expired-ago", past)
        }
        Expiry::Expired { days: past } => {
            let past = days(past);
            tell!(lang, "charter-charter-expired-ago-alert", past)
        }
    })
}

/// Why a charter is not changed so.
pub(crate) fn edit(lang: Lang, error: &EditError) -> String {
    match error {
        EditError::Flaw(broken) => flaw(lang, broken),
        error if lang == Lang::EN => error.to_string(),
        EditError::Unchanged => "no hay nada que cambiar: el estatuto ya lo dice así".to_owned(),
        EditError::NoSuchAdmin { key } => format!("nadie de administración tiene la clave {key}"),
        EditError::LastAdmin => {
            "es la única clave de administración: sin ella nadie podría cambiar más el estatuto".to_owned()
        }
        EditError::NoSuchRelay { key } => format!("ningún retransmisor de esta red tiene la clave {key}"),
        EditError::LastRelay => "es el único retransmisor: nadie encontraría más la red".to_owned(),
        EditError::NoSuchNeighborhood { neighborhood } => {
            format!("el estatuto no tiene el vecindario {neighborhood}")
        }
        EditError::Closed => "este vecindario está cerrado, y así se queda: agregue otro".to_owned(),
        EditError::NothingGranted => "el estatuto no le permite nada allí".to_owned(),
        EditError::NoSuchDevice { key } => format!("ningún equipo suyo tiene la clave {key}"),
        EditError::LastDevice => "es su único equipo: sin él ya no podría hacer nada aquí".to_owned(),
        EditError::Lifetime { found, max } => format!("un estatuto vale de 1 a {max} días, no {found}"),
        EditError::QuorumOutOfReach { left, quorum } => format!(
            "entonces {left} podrían enviar alertas allí, y {quorum} deben firmar cada una: el quórum no se alcanzaría"
        ),
    }
}

/// What to do about it.
pub(crate) fn edit_hint(lang: Lang, error: &EditError) -> Option<&'static str> {
    Some(match error {
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
        _ => tell!(lang, "charter-nothing-changed"),
    })
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
            let (issued, expires) = (clock::date(*issued), clock::date(*expires));
            tell!(lang, "charter-charter-cannot-expire", issued, expires, max_days)
        }
        Flaw::KeyTwice { key } => {
            let key = short_key(key);
            tell!(lang, "charter-key-stands-charter", key)
        }
        Flaw::Quorum { quorum, dispatching, .. } => tell!(lang, "charter-must-sign-each", quorum, dispatching),
        Flaw::Range { found, min, max, field, .. } => {
            let field = number(lang, field);
            tell!(lang, "charter-is-to-not", field, min, max, found)
        }
        Flaw::Window { not_after, .. } => {
            let end = clock::date(*not_after);
            tell!(lang, "charter-rights-would-end", end)
        }
        Flaw::RevokedAndGranted { key, .. } => {
            let key = short_key(key);
            tell!(lang, "charter-device-revoked-stays", key)
        }
        Flaw::Length { list, found, max, .. } => {
            let list = listed(lang, list);
            tell!(lang, "charter-too-many-too", list, found, max)
        }
        Flaw::NoRight { .. } => tell!(lang, "charter-grant-without-right").to_owned(),
        Flaw::Url { place } => tell!(lang, "charter-relay-acceptable-address", place),
        other => tell!(lang, "charter-breaks-rule", other = other.to_string()),
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
    match (lang, list) {
        (Lang::ES, "admins") => "claves de administración",
        (Lang::ES, "neighborhoods") => "vecindarios",
        (Lang::ES, "coordinators") => "personas de coordinación",
        (Lang::ES, "revocations") => "revocaciones",
        (Lang::ES, "restrictions") => "restricciones",
        (Lang::ES, "relays") => "retransmisores",
        (Lang::ES, "devices of a coordinator") => "equipos de una persona",
        (Lang::ES, "scopes of a coordinator") => "permisos de una persona",
        (_, list) => list,
    }
    .to_owned()
}

/// Why a charter is not taken.
pub(crate) fn refused(lang: Lang, error: &CharterError) -> String {
    match (lang, error) {
        (_, CharterError::Flaw(broken)) => flaw(lang, broken),
        (Lang::EN, error) => error.to_string(),
        (_, CharterError::Newer | CharterError::NewerGenesis) => {
            "lo hizo una versión más nueva de watchfire".to_owned()
        }
        (_, CharterError::OtherNetwork { .. }) => "es de otra red".to_owned(),
        (_, CharterError::Older { have, got }) => {
            format!("la versión {got} es anterior a la {have}, que es la de aquí")
        }
        (_, CharterError::Gap { have, got }) => {
            format!("la versión {got} no sigue a la {have}: faltan las de en medio")
        }
        (_, CharterError::Fork { version, .. }) => {
            format!("administración firmó dos estatutos distintos con la versión {version}")
        }
        (_, CharterError::OtherPredecessor { version, .. }) => {
            format!("el borrador sigue a otro estatuto de la versión {version} que el de aquí")
        }
        (_, CharterError::TooManySignatures { found, max }) => {
            format!("trae {found} firmas, y son a lo sumo {max}")
        }
        (_, CharterError::SignatureOrder) => "sus firmas no están en orden, o alguna se repite".to_owned(),
        (_, CharterError::UnknownSigner { signer }) => {
            format!("lo firmó {}, que no es de administración", short_key(signer))
        }
        (_, CharterError::BadSignature { signer }) => format!("la firma de {} no vale", short_key(signer)),
        (_, CharterError::TooFewSignatures { found, wanted, .. }) => {
            format!("tiene {found} firmas de las {wanted} que hacen falta")
        }
        (_, other) => format!("no cumple una regla: {other}"),
    }
}

/// Why a draft is not signed or published.
pub(crate) fn draft(error: &DraftError) -> String {
    match error {
        DraftError::NoDraft => "este archivo trae estatutos, y ningún borrador".to_owned(),
        DraftError::OtherNetwork => "este es un borrador de otra red".to_owned(),
        DraftError::Overtaken { draft, newest } => {
            format!("este borrador de la versión {draft} ya no encaja: la más nueva es la {newest}")
        }
        DraftError::Ahead { draft, newest } => format!(
            "este borrador de la versión {draft} sigue a estatutos que no están aquí: la más nueva aquí es la {newest}"
        ),
        DraftError::OtherBranch => "este archivo sigue a otros estatutos que los de esta bóveda".to_owned(),
        DraftError::Names => "los nombres de este archivo no son los del borrador".to_owned(),
        DraftError::NoGenesis => {
            "esta bóveda todavía no está en ninguna red, y el archivo no trae el primer estatuto".to_owned()
        }
        DraftError::NotAdmin => {
            "la clave de esta bóveda no es de administración en esta red, ni antes del borrador ni con él".to_owned()
        }
        DraftError::AlreadySigned => "esta bóveda ya firmó este borrador".to_owned(),
        DraftError::Published { version } => format!("este borrador ya se publicó, como versión {version}"),
        DraftError::NamesUnknown { .. } => {
            "esta bóveda no conoce los nombres de ese vecindario, y no puede cambiarlos".to_owned()
        }
        DraftError::EpochUnknown => {
            "ningún retransmisor responde, y esta bóveda no sabe en qué época está el vecindario".to_owned()
        }
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
        | DraftError::NoGenesis => tell!(lang, "charter-nothing-signed-ask"),
    }
}

/// Why a file of charters cannot be read.
pub(crate) const fn charter_file(error: &CharterFileError) -> &'static str {
    match error {
        CharterFileError::TooLarge { .. } => "el archivo es demasiado grande",
        CharterFileError::NotOne => "este no es un archivo de estatutos",
        CharterFileError::Newer => "este archivo de estatutos lo hizo una versión más nueva de watchfire",
        CharterFileError::Damaged => "el archivo de estatutos está dañado: alguien lo cambió, o está incompleto",
    }
}

/// Why a file holds no key.
pub(crate) const fn key_file(error: KeyFileError) -> &'static str {
    match error {
        KeyFileError::NotOne => "este no es un archivo con una clave",
        KeyFileError::Other { wanted: KeyKind::Admin, .. } => {
            "este archivo trae otra clave, y no una de administración"
        }
        KeyFileError::Other { wanted: KeyKind::Device, .. } => "este archivo trae otra clave, y no la de un equipo",
        KeyFileError::Damaged => "la clave de este archivo está dañada",
    }
}

/// Why words are not a key.
pub(crate) fn paper(error: PaperError) -> String {
    match error {
        PaperError::Count { found } => format!("hay {found} palabras, y son 24"),
        PaperError::Unknown { place } => format!("la palabra {place} no está en la lista"),
        PaperError::Checksum => "las palabras no van juntas: quizá dos están cambiadas de lugar".to_owned(),
    }
}
