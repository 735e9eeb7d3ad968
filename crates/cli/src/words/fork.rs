//! Two charters of one version: the alarm that does not go away.

use serde_json::{Value, json};
use watchfire_client::ForkView;
use watchfire_client::file::rfc3339;
use watchfire_protocol::id::CharterHash;

use super::{Lang, clock, tell};

/// What a person types of a hash.
fn short(hash: CharterHash) -> String {
    hash.to_string().chars().take(12).collect()
}

/// One line for every command, and for as long as the vault lives.
pub(crate) fn alarm(lang: Lang, fork: &ForkView) -> String {
    let (version, held, other) = (fork.version, short(fork.held), short(fork.other));
    match fork.decided {
        None => tell!(lang, "fork-alarm-admins-signed", version, held),
        Some(at) => {
            let at = clock::date(at);
            tell!(lang, "fork-note-admins-once", version, held, at, other)
        }
    }
}

/// What to know before choosing.
pub(crate) fn details(lang: Lang, fork: &ForkView) -> String {
    let (alarm, held, other, seen) = (alarm(lang, fork), fork.held, fork.other, clock::moment(fork.seen));
    let mut lines = vec![alarm, tell!(lang, "fork-held", held), tell!(lang, "fork-other-seen", other, seen)];
    if fork.decided.is_none() {
        lines.push(tell!(lang, "fork-ask-several-admins").to_owned());
    }
    if !fork.whole {
        lines.push(tell!(lang, "fork-other-one-itself").to_owned());
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
    tell!(lang, "fork-admins-published-charter")
}
