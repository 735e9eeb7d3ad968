//! Two charters of one version: the alarm that does not go away.

use serde_json::{Value, json};
use watchfire_client::ForkView;
use watchfire_client::file::rfc3339;
use watchfire_protocol::id::CharterHash;

use super::{Lang, clock, say};

/// What a person types of a hash.
fn short(hash: CharterHash) -> String {
    hash.to_string().chars().take(12).collect()
}

/// One line for every command, and for as long as the vault lives.
pub(crate) fn alarm(lang: Lang, fork: &ForkView) -> String {
    let (version, held, other) = (fork.version, short(fork.held), short(fork.other));
    match fork.decided {
        None => say!(
            lang,
            "ALARM: the admins signed two charters of version {version}. This device stays with {held}, and no new charter counts until you choose:  watchfire charter show",
            "ALARMA: administración firmó dos estatutos de la versión {version}. Este equipo sigue con {held}, y ningún estatuto nuevo cuenta hasta que usted elija:  watchfire charter show"
        ),
        Some(at) => {
            let at = clock::date(at);
            say!(
                lang,
                "note: the admins once signed two charters of version {version}. {held} was chosen on {at}, not {other}",
                "nota: administración firmó una vez dos estatutos de la versión {version}. El {at} se eligió {held}, no {other}"
            )
        }
    }
}

/// What to know before choosing.
pub(crate) fn details(lang: Lang, fork: &ForkView) -> String {
    let (alarm, held, other, seen) = (alarm(lang, fork), fork.held, fork.other, clock::moment(fork.seen));
    let mut lines = vec![
        alarm,
        say!(lang, "  held   {held}", "  vigente  {held}"),
        say!(lang, "  other  {other}, seen {seen}", "  otro     {other}, visto {seen}"),
    ];
    if fork.decided.is_none() {
        lines.push(
            lang.say(
                "  Ask several admins, by another way, which one they stand by. Then:  watchfire charter accept-fork HASH",
                "  Pregunte a varias personas de administración, por otro medio, cuál respaldan. Después:  watchfire charter accept-fork SUMA",
            )
            .to_owned(),
        );
    }
    if !fork.whole {
        lines.push(
            lang.say(
                "  The other one itself was not seen yet: to choose it, import a file with it first",
                "  Del otro no se ha visto el texto: para elegirlo, importe antes un archivo que lo tenga",
            )
            .to_owned(),
        );
    }
    lines.join("\n")
}

/// What programs read in `status` and `charter show`.
pub(crate) fn object(fork: &ForkView) -> Value {
    json!({
        "version": fork.version,
        "held": fork.held.to_string(),
        "other": fork.other.to_string(),
        "other-seen-whole": fork.whole,
        "seen": rfc3339(fork.seen),
        "decided": fork.decided.map(rfc3339),
    })
}

/// A charter that this program cannot read.
pub(crate) fn newer(lang: Lang) -> &'static str {
    lang.say(
        "The admins published a charter that only a newer watchfire can read: update watchfire. Until then the one before it counts here",
        "Administración publicó un estatuto que solo lee un watchfire más nuevo: actualice watchfire. Hasta entonces aquí vale el anterior",
    )
}
