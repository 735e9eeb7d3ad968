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

use super::{Lang, and, clock, plural, sanitize, say};

/// The beginning of a key, enough to tell a few apart by.
pub(crate) fn short_key(key: &PublicKey) -> String {
    key.to_string().chars().take(9).collect()
}

/// Whose key it is, if that is known here, and its beginning.
pub(crate) fn admin(lang: Lang, names: &Namebook, key: &PublicKey) -> String {
    let short = short_key(key);
    match names.admin(key).map(sanitize) {
        Some(handle) => say!(lang, "{short} ({handle}, you)", "{short} ({handle}, usted)"),
        None => short,
    }
}

/// What may be done.
pub(crate) fn rights(lang: Lang, dispatch: bool, enroll: bool) -> String {
    let mut words = Vec::new();
    words.extend(dispatch.then(|| lang.say("send alerts", "enviar alertas")));
    words.extend(enroll.then(|| lang.say("approve people", "aprobar personas")));
    and(lang, &words)
}

/// One change, as a sentence without its full stop.
pub(crate) fn change(lang: Lang, names: &Namebook, change: &Change) -> String {
    let hood = |id| sanitize(&names.neighborhood(id));
    let who = |id| sanitize(&names.handle(id));
    match change {
        Change::Founded => lang.say("network founded", "red fundada").to_owned(),
        Change::AdminAdded(key) => {
            let key = admin(lang, names, key);
            say!(lang, "admin {key} added", "administración: se agregó {key}")
        }
        Change::AdminRemoved(key) => {
            let key = admin(lang, names, key);
            say!(lang, "admin {key} removed", "administración: se quitó {key}")
        }
        Change::Threshold { from, to, of } => say!(
            lang,
            "{to} of {of} admins must sign a change, no longer {from}",
            "{to} de {of} en administración deben firmar un cambio, ya no {from}"
        ),
        Change::RestrictThreshold { from, to } => say!(
            lang,
            "{to} admins must sign a restriction, no longer {from}",
            "{to} en administración deben firmar una restricción, ya no {from}"
        ),
        Change::Expires { from, to } => {
            let (from, to) = (clock::date(*from), clock::date(*to));
            say!(lang, "renewed: expires {to}, no longer {from}", "renovado: vence {to}, ya no {from}")
        }
        Change::Grace { from, to } => say!(
            lang,
            "{to} days of grace after it expires, no longer {from}",
            "{to} días de gracia después de vencer, ya no {from}"
        ),
        Change::RelayAdded { url } => {
            let url = sanitize(url);
            say!(lang, "relay {url} added", "retransmisor {url} agregado")
        }
        Change::RelayRemoved { url } => {
            let url = sanitize(url);
            say!(lang, "relay {url} removed", "retransmisor {url} quitado")
        }
        Change::RelayMoved { from, to } => {
            let (from, to) = (sanitize(from), sanitize(to));
            say!(lang, "relay {from} is at {to} now", "el retransmisor {from} está ahora en {to}")
        }
        Change::RelayOrder { first } => {
            let first = sanitize(first);
            say!(lang, "relay {first} is tried first", "primero se prueba el retransmisor {first}")
        }
        Change::NeighborhoodAdded(terms) => {
            let (name, quorum, hours) = (hood(&terms.id), terms.quorum, terms.retention_hours);
            let below = below(lang, terms.below_quorum);
            say!(
                lang,
                "neighborhood `{name}` added: quorum {quorum}, alerts below it are {below}, records kept {hours} h",
                "vecindario `{name}` agregado: quórum {quorum}, las alertas que no lo alcanzan {below}, registros por {hours} h"
            )
        }
        Change::NeighborhoodClosed(id) => {
            let name = hood(id);
            say!(lang, "neighborhood `{name}` closed", "vecindario `{name}` cerrado")
        }
        Change::NeighborhoodChanged(id) => {
            let name = hood(id);
            say!(
                lang,
                "neighborhood `{name}` dropped or opened again, which no program of ours does",
                "vecindario `{name}` borrado o reabierto, lo que ningún programa nuestro hace"
            )
        }
        Change::Quorum { neighborhood, from, to } => {
            let name = hood(neighborhood);
            say!(
                lang,
                "{to} must sign an alert in `{name}`, no longer {from}",
                "{to} deben firmar una alerta en `{name}`, ya no {from}"
            )
        }
        Change::BelowQuorum { neighborhood, to } => {
            let (name, below) = (hood(neighborhood), below(lang, *to));
            say!(
                lang,
                "alerts below the quorum of `{name}` are {below}",
                "las alertas que no alcanzan el quórum de `{name}` {below}"
            )
        }
        Change::Retention { neighborhood, from, to } => {
            let name = hood(neighborhood);
            say!(
                lang,
                "records of `{name}` are kept {to} h, no longer {from} h",
                "los registros de `{name}` se guardan {to} h, ya no {from} h"
            )
        }
        Change::Freshness { neighborhood, from, to } => {
            let name = hood(neighborhood);
            say!(
                lang,
                "`{name}` counts as fresh for {to} h, no longer {from} h",
                "`{name}` se tiene por al día durante {to} h, ya no {from} h"
            )
        }
        Change::Names(id) => {
            let name = hood(id);
            say!(lang, "names of `{name}` changed", "cambiaron los nombres de `{name}`")
        }
        Change::Granted { coordinator, scope, instead } => {
            granted(lang, &who(coordinator), &hood(&scope.neighborhood), scope, *instead)
        }
        Change::Retired { coordinator, neighborhood, at } => {
            let (who, name, at) = (who(coordinator), hood(neighborhood), clock::moment(*at));
            say!(
                lang,
                "{who} retired in `{name}` at {at}: what was sent before stays valid",
                "{who} deja `{name}` el {at}: lo que envió antes sigue valiendo"
            )
        }
        Change::Dropped { coordinator, neighborhood } => {
            let (who, name) = (who(coordinator), hood(neighborhood));
            say!(lang, "{who} may do nothing more in `{name}`", "{who} ya no puede nada en `{name}`")
        }
        Change::DeviceAdded { coordinator, key } => {
            let (who, key) = (who(coordinator), short_key(key));
            say!(lang, "device {key} acts for {who}", "el equipo {key} actúa por {who}")
        }
        Change::DeviceRemoved { coordinator, key } => {
            let (who, key) = (who(coordinator), short_key(key));
            say!(lang, "device {key} no longer acts for {who}", "el equipo {key} ya no actúa por {who}")
        }
        Change::Revoked { coordinator, key, neighborhood, distrust_from } => {
            let (name, key) = (hood(neighborhood), short_key(key));
            let whose = coordinator.as_ref().map_or_else(String::new, |id| format!(" ({})", who(id)));
            say!(
                lang,
                "device {key}{whose} revoked in `{name}`, distrusted from epoch {distrust_from}",
                "equipo {key}{whose} revocado en `{name}`, sin confianza desde la época {distrust_from}"
            )
        }
        Change::Unrevoked { key, neighborhood } => {
            let (name, key) = (hood(neighborhood), short_key(key));
            say!(lang, "device {key} no longer revoked in `{name}`", "el equipo {key} ya no está revocado en `{name}`")
        }
        Change::Restricted(entry) => restricted(lang, names, entry),
        Change::RestrictionsTaken { count } => {
            let taken = plural(
                u64::try_from(*count).unwrap_or(u64::MAX),
                lang.say("restriction", "restricción"),
                lang.say("restrictions", "restricciones"),
            );
            say!(lang, "{taken} taken in", "incorporadas: {taken}")
        }
    }
}

/// What a restriction takes, as a sentence without its full stop.
pub(crate) fn restricted(lang: Lang, names: &Namebook, entry: &Restricted) -> String {
    let hood = sanitize(&names.neighborhood(&entry.neighborhood));
    let who = sanitize(&names.subject(&entry.subject));
    match (entry.distrust_from, entry.right) {
        (Some(epoch), _) => say!(
            lang,
            "{who} may do nothing in `{hood}` any more, and is distrusted from epoch {epoch}",
            "{who} ya no puede hacer nada en `{hood}`, y está sin confianza desde la época {epoch}"
        ),
        (None, right) => {
            let what = rights(lang, right == Right::Dispatch, right == Right::Enroll);
            say!(lang, "{who} may no longer {what} in `{hood}`", "{who} ya no puede {what} en `{hood}`")
        }
    }
}

fn granted(lang: Lang, who: &str, name: &str, scope: &Scope, instead: bool) -> String {
    let (rights, until) = (rights(lang, scope.dispatch, scope.enroll), clock::date(scope.not_after));
    match instead {
        false => say!(
            lang,
            "{who} may {rights} in `{name}`, until {until}",
            "{who} puede {rights} en `{name}`, hasta {until}"
        ),
        true => say!(
            lang,
            "{who} may only {rights} in `{name}` from now on, until {until}",
            "{who} solo puede {rights} en `{name}` desde ahora, hasta {until}"
        ),
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
        return Some(
            lang.say(
                "one admin key signs all changes, so losing it ends this network: keep a paper copy (watchfire charter admin key --paper), or add admins",
                "una sola clave de administración firma los cambios, y perderla acaba con esta red: tenga una copia en papel (watchfire charter admin key --paper), o agregue a más personas",
            )
            .to_owned(),
        );
    }
    (usize::from(body.threshold) == admins).then(|| {
        say!(
            lang,
            "all {admins} admin keys must sign, so losing one ends this network: keep a paper copy of each (watchfire charter admin key --paper), or add an admin",
            "deben firmar las {admins} claves de administración, y perder una acaba con esta red: tenga una copia en papel de cada una (watchfire charter admin key --paper), o agregue a alguien"
        )
    })
}

/// That the charter ends soon, or has ended.
pub(crate) fn expires(lang: Lang, expiry: Expiry) -> Option<String> {
    let days = |days| plural(days, lang.say("day", "día"), lang.say("days", "días"));
    Some(match expiry {
        Expiry::Fine => return None,
        Expiry::Soon { days: left } => {
            let left = days(left);
            say!(
                lang,
                "the charter expires in {left}. An admin runs:  watchfire charter renew",
                "el estatuto vence en {left}. Alguien de administración ejecuta:  watchfire charter renew"
            )
        }
        Expiry::Grace { days: past } => {
            let past = days(past);
            say!(
                lang,
                "the charter EXPIRED {past} ago, and alerts say so. An admin must renew it:  watchfire charter renew",
                "el estatuto VENCIÓ hace {past}, y las alertas lo dicen. Administración debe renovarlo:  watchfire charter renew"
            )
        }
        Expiry::Expired { days: past } => {
            let past = days(past);
            say!(
                lang,
                "the charter EXPIRED {past} ago, and no alert is VERIFIED any more. An admin must renew it:  watchfire charter renew",
                "el estatuto VENCIÓ hace {past}, y ya ninguna alerta queda VERIFICADA. Administración debe renovarlo:  watchfire charter renew"
            )
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
        EditError::QuorumOutOfReach { .. } | EditError::Flaw(Flaw::Quorum { .. }) => lang.say(
            "nothing was changed; grant somebody else first, or lower the quorum: watchfire neighborhood set NAME --quorum N",
            "no se cambió nada; dé antes permiso a otra persona, o baje el quórum: watchfire neighborhood set NOMBRE --quorum N",
        ),
        EditError::Flaw(Flaw::Lifetime { .. }) => lang.say(
            "nothing was changed; renew it first: watchfire charter renew",
            "no se cambió nada; renuévelo antes: watchfire charter renew",
        ),
        EditError::LastAdmin => lang.say(
            "nothing was changed; add another admin first: watchfire charter admin add KEYFILE",
            "no se cambió nada; agregue antes a otra persona: watchfire charter admin add ARCHIVO",
        ),
        EditError::LastDevice => lang.say(
            "nothing was changed; add their new device first: watchfire charter device add HANDLE KEYFILE; or take their rights away: watchfire charter revoke HANDLE",
            "no se cambió nada; agregue antes su equipo nuevo: watchfire charter device add NOMBRE ARCHIVO; o quítele los permisos: watchfire charter revoke NOMBRE",
        ),
        EditError::LastRelay => lang.say(
            "nothing was changed; add another relay first: watchfire charter relay add URL KEY",
            "no se cambió nada; agregue antes otro retransmisor: watchfire charter relay add URL CLAVE",
        ),
        EditError::NoSuchAdmin { .. }
        | EditError::NoSuchRelay { .. }
        | EditError::NoSuchDevice { .. }
        | EditError::NothingGranted => lang.say(
            "nothing was changed; see what there is: watchfire charter show",
            "no se cambió nada; vea lo que hay: watchfire charter show",
        ),
        _ => lang.say("nothing was changed", "no se cambió nada"),
    })
}

/// A rule that a charter would break.
pub(crate) fn flaw(lang: Lang, flaw: &Flaw) -> String {
    match flaw {
        Flaw::Threshold { threshold, admins } => {
            let least = admins / 2 + 1;
            say!(
                lang,
                "{threshold} of {admins} admins cannot be the threshold: it is {least} to {admins}, more than half, so that no two groups decide against each other",
                "{threshold} de {admins} no puede ser: deben firmar de {least} a {admins}, más de la mitad, para que no decidan dos grupos uno contra otro"
            )
        }
        Flaw::RestrictThreshold { found, threshold } => say!(
            lang,
            "{found} admins cannot be asked for a restriction: it is 1 to {threshold}",
            "no se pueden pedir {found} firmas para una restricción: son de 1 a {threshold}"
        ),
        Flaw::Lifetime { issued, expires, max_days } => {
            let (issued, expires) = (clock::date(*issued), clock::date(*expires));
            say!(
                lang,
                "a charter of {issued} cannot expire {expires}: it ends later than it begins, and lives for {max_days} days at most",
                "un estatuto del {issued} no puede vencer el {expires}: termina después de empezar, y vale a lo sumo {max_days} días"
            )
        }
        Flaw::KeyTwice { key } => {
            let key = short_key(key);
            say!(
                lang,
                "the key {key}… stands in the charter already: each admin, device and relay has one of its own",
                "la clave {key}… ya está en el estatuto: cada persona de administración, equipo y retransmisor tiene la suya"
            )
        }
        Flaw::Quorum { quorum, dispatching, .. } => say!(
            lang,
            "{quorum} must sign each alert there, and only {dispatching} may",
            "{quorum} deben firmar cada alerta allí, y solo {dispatching} pueden"
        ),
        Flaw::Range { found, min, max, field, .. } => {
            let field = number(lang, field);
            say!(lang, "{field} is {min} to {max}, not {found}", "{field}: de {min} a {max}, no {found}")
        }
        Flaw::Window { not_after, .. } => {
            let end = clock::date(*not_after);
            say!(
                lang,
                "the rights would end before they begin: {end} has passed",
                "los permisos terminarían antes de empezar: {end} ya pasó"
            )
        }
        Flaw::RevokedAndGranted { key, .. } => {
            let key = short_key(key);
            say!(
                lang,
                "the device {key}… is revoked there, and stays so: they join again with a new key",
                "el equipo {key}… está revocado allí, y así se queda: que entre otra vez con una clave nueva"
            )
        }
        Flaw::Length { list, found, max, .. } => {
            let list = listed(lang, list);
            say!(
                lang,
                "too many or too few {list}: {found}, at most {max}",
                "demasiados o muy pocos {list}: {found}, a lo sumo {max}"
            )
        }
        Flaw::NoRight { .. } => lang.say("a grant without a right", "un permiso que no permite nada").to_owned(),
        Flaw::Url { place } => say!(
            lang,
            "relay {place} has no acceptable address",
            "la dirección del retransmisor {place} no es aceptable"
        ),
        other => say!(lang, "it breaks a rule: {other}", "no cumple una regla: {other}"),
    }
}

fn number(lang: Lang, field: &str) -> String {
    match field {
        "quorum" => lang.say("a quorum", "un quórum"),
        "retention hours" => {
            lang.say("the time that records are kept, in hours,", "el tiempo que se guardan los registros, en horas")
        }
        "freshness hours" => {
            lang.say("the time that counts as fresh, in hours,", "el tiempo que se tiene por al día, en horas")
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
        DraftError::Overtaken { .. } => lang.say(
            "nothing was signed; see what changed: watchfire charter history. Then draw it up again, by the same command as before",
            "no se firmó nada; vea qué cambió: watchfire charter history. Después prepárelo otra vez, con la misma orden de antes",
        ),
        DraftError::Ahead { .. } => lang.say(
            "nothing was signed; fetch the charters first: watchfire sync, or ask for a file that has them",
            "no se firmó nada; traiga antes los estatutos: watchfire sync, o pida un archivo que los tenga",
        ),
        DraftError::NotAdmin => lang.say(
            "nothing was signed; the admins add your key: watchfire charter admin add KEYFILE",
            "no se firmó nada; administración agrega su clave: watchfire charter admin add ARCHIVO",
        ),
        DraftError::AlreadySigned => lang.say(
            "pass it on to another admin, or, once enough have signed: watchfire charter publish FILE",
            "páselo a otra persona de administración o, con bastantes firmas: watchfire charter publish ARCHIVO",
        ),
        DraftError::Published { .. } => lang.say(
            "nothing is left to sign; see it: watchfire charter history",
            "no queda nada por firmar; véalo: watchfire charter history",
        ),
        DraftError::EpochUnknown => lang.say(
            "nothing was changed; try again with a relay, or say it: --distrust-from EPOCH",
            "no se cambió nada; pruebe con un retransmisor, o dígala: --distrust-from ÉPOCA",
        ),
        DraftError::NamesUnknown { .. } => lang.say(
            "nothing was changed; do it where they are known, as by a coordinator there",
            "no se cambió nada; hágalo donde se conozcan, como con alguien que coordine allí",
        ),
        DraftError::NoDraft
        | DraftError::OtherNetwork
        | DraftError::OtherBranch
        | DraftError::Names
        | DraftError::NoGenesis => lang.say(
            "nothing was signed; ask whoever gave you the file for another one",
            "no se firmó nada; pida otro a quien le dio el archivo",
        ),
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
