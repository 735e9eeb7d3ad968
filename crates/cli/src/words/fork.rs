//! Two charters of one version: the alarm that does not go away.

use serde_json::{Value, json};
use watchfire_client::ForkView;
use watchfire_client::file::rfc3339;
use watchfire_client::ops::charter::{Namebook, VersionView};
use watchfire_protocol::id::CharterHash;

use super::{Lang, and, charter, clock, tell};

/// What a person types of a hash.
fn short(hash: CharterHash) -> String {
    hash.to_string().chars().take(12).collect()
}

/// One line for every command, and for as long as the vault lives.
pub(crate) fn alarm(lang: Lang, fork: &ForkView) -> String {
    let (version, held, other) = (fork.version, short(fork.held), short(fork.other));
    match fork.decided {
        None => tell!(lang, "fork-alarm-admins-signed", version, held, other),
        Some(at) => {
            let at = clock::date(lang, at);
            tell!(lang, "fork-alarm-decided", version, held, at, other)
        }
    }
}

/// What to know before choosing: both charters, and what each branch changes, if that is at hand.
pub(crate) fn details(lang: Lang, fork: &ForkView, branches: Option<(&Namebook, &[Vec<VersionView>; 2])>) -> String {
    let (version, held, other, seen) = (fork.version, fork.held, fork.other, clock::moment(lang, fork.seen));
    let branch = |which: usize| {
        let versions = branches.and_then(|(names, both)| both.get(which).map(|versions| (names, versions)));
        versions.into_iter().flat_map(|(names, versions)| versions.iter().map(|one| version_words(lang, names, one)))
    };
    let mut lines = vec![match fork.decided {
        None => tell!(lang, "fork-two", version),
        Some(at) => tell!(lang, "fork-chosen", version, at = clock::date(lang, at)),
    }];
    lines.push(tell!(lang, "fork-held", held));
    lines.extend(branch(0));
    lines.push(tell!(lang, "fork-other-seen", other, seen));
    lines.extend(branch(1));
    if fork.decided.is_none() {
        lines.push(tell!(lang, "fork-ask-several-admins").to_owned());
    }
    if !fork.whole {
        lines.push(tell!(lang, "fork-other-one-itself").to_owned());
    }
    lines.join("\n")
}

fn version_words(lang: Lang, names: &Namebook, view: &VersionView) -> String {
    let signers: Vec<String> = view.signers.iter().map(|key| charter::admin(lang, names, key)).collect();
    let mut words = tell!(lang, "fork-version", version = view.version, signers = and(lang, &signers));
    for change in &view.changes {
        words.push_str(&format!("\n      {}", charter::change(lang, names, change)));
    }
    words
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
