//! Changing the charter: at once where this vault's key suffices, else by drafts that admins pass around.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use watchfire_client::Client;
use watchfire_client::ops::admin::{KEY_FILE_LIMIT, KeyKind, read_key_file};
use watchfire_client::ops::amend::{Amendment, DraftView, Drafted, Enacted, Outcome, Published};
use watchfire_client::ops::changes::Change;
use watchfire_client::ops::charter::Namebook;
use watchfire_client::ops::draft::FILE_LIMIT;
use watchfire_client::ops::revoke::{Revoked, Revoking, Silenced};
use watchfire_protocol::charter::Relay;
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::sign::PublicKey;

use super::affected::People;
use crate::app::{App, shown};
use crate::args::{AdminChange, CharterChange, DeviceChange, NeighborhoodChange, OutArgs, RelayCommand};
use crate::problem::{DONE, Done, Problem};
use crate::words::{Lang, and, charter, error, or, sanitize, tell};

/// Changes the charter.
pub(super) async fn charter(app: &App, change: CharterChange) -> Done {
    let client = app.open()?;
    let hood = |name: &Option<String>| name.as_deref().map(|name| client.charter_hood(Some(name))).transpose();
    let (amendment, out) = match change {
        CharterChange::Retire { handle, neighborhood, out } => {
            (Amendment::Retire { handle, hood: hood(&neighborhood)? }, out)
        }
        CharterChange::Revoke { handle, neighborhood, distrust_from, out } => {
            let distrust_from = distrust_from.map(Epoch);
            let wanted = Revoking { handle, hood: hood(&neighborhood)?, distrust_from };
            return revoke(app, &client, &wanted, &out).await;
        }
        CharterChange::Threshold { threshold, restrict, out } => (Amendment::Threshold { threshold, restrict }, out),
        CharterChange::Renew { lifetime, out } => (Amendment::Renew { lifetime: lifetime.as_secs() }, out),
        CharterChange::Relay { command: RelayCommand::Add { url, key, first, out } } => {
            let relay = Relay { url, key };
            if first {
                check_first(app, &client, &relay).await?;
            }
            (Amendment::AddRelay { relay, first }, out)
        }
        CharterChange::Relay { command: RelayCommand::Remove { key, out } } => (Amendment::RemoveRelay(key), out),
    };
    run(app, &client, &amendment, &out).await
}

/// Everybody tries the first relay first, and coordinators give new keys at it alone: it had better answer.
async fn check_first(app: &App, client: &Client, relay: &Relay) -> Result<(), Problem> {
    let Err(error) = Box::pin(client.try_relay(relay)).await else { return Ok(()) };
    let lang = app.lang;
    app.tell_before_asking(&tell!(lang, "amend-first-silent", why = error::message(lang, &error)));
    app.confirm(&tell!(lang, "amend-ask-first", url = sanitize(&relay.url)))
}

/// Changes who the admins are.
pub(super) async fn admin(app: &App, change: AdminChange) -> Done {
    let (amendment, out) = match change {
        AdminChange::Add { key_file, out } => {
            let keys = key_file.iter().map(|file| key_in(app, file, KeyKind::Admin));
            (Amendment::AddAdmins(keys.collect::<Result<_, Problem>>()?), out)
        }
        AdminChange::Remove { key, out } => (Amendment::RemoveAdmin(key), out),
    };
    let client = app.open()?;
    run(app, &client, &amendment, &out).await
}

/// Changes which devices act for a coordinator.
pub(super) async fn device(app: &App, change: DeviceChange) -> Done {
    let (amendment, out) = match change {
        DeviceChange::Add { handle, key_file, out } => {
            (Amendment::AddDevice { handle, key: key_in(app, &key_file, KeyKind::Device)? }, out)
        }
        DeviceChange::Remove { handle, key, out } => (Amendment::RemoveDevice { handle, key }, out),
    };
    let client = app.open()?;
    if let Amendment::AddDevice { handle, key } = &amendment {
        for (hood, joined) in client.joined_as(key)?.into_iter().filter(|(_, joined)| joined != handle) {
            let names = client.charter()?.names;
            let (hood, joined, who) = (sanitize(&names.neighborhood(&hood)), sanitize(&joined), sanitize(handle));
            let lang = app.lang;
            app.warn(&tell!(lang, "amend-device-joined-as", hood, joined, who));
        }
    }
    run(app, &client, &amendment, &out).await
}

fn key_in(app: &App, file: &Path, kind: KeyKind) -> Result<PublicKey, Problem> {
    let text = app.text_in(file, KEY_FILE_LIMIT)?;
    Ok(read_key_file(&text, kind).map_err(watchfire_client::ClientError::from)?)
}

/// Changes one neighborhood.
pub(super) async fn neighborhood(app: &App, change: NeighborhoodChange) -> Done {
    let client = app.open()?;
    let (amendment, out) = match change {
        NeighborhoodChange::Set { name, terms, out } => {
            (Amendment::SetTerms { hood: client.charter_hood(Some(&name))?, terms: terms.terms() }, out)
        }
        NeighborhoodChange::Rename { name, new, out } => {
            (Amendment::Rename { hood: client.charter_hood(Some(&name))?, name: new }, out)
        }
        NeighborhoodChange::Close { name, out } => (Amendment::Close { hood: client.charter_hood(Some(&name))? }, out),
    };
    run(app, &client, &amendment, &out).await
}

async fn run(app: &App, client: &Client, amendment: &Amendment, out: &OutArgs) -> Done {
    check_out(app, out)?;
    tell_unknown_names(app, client)?;
    if out.out.is_none() {
        ask_before(app, client, amendment)?;
    }
    amended(app, client, Box::pin(client.amend(amendment, out.out.is_some())).await?, out)
}

async fn revoke(app: &App, client: &Client, wanted: &Revoking, out: &OutArgs) -> Done {
    check_out(app, out)?;
    tell_unknown_names(app, client)?;
    if out.out.is_none() {
        ask_before_revoking(app, client, wanted)?;
    }
    let before = People::of(client)?;
    let done = match Box::pin(client.revoke(wanted, out.out.is_some())).await? {
        Revoked::Amended(outcome) => amended(app, client, outcome, out),
        Revoked::Silenced(done) => silenced(app, &done),
    };
    before.tell_affected(app, client)?;
    done
}

/// Says how this device learns names, where ids stand for them in what follows.
pub(super) fn tell_unknown_names(app: &App, client: &Client) -> Result<(), Problem> {
    let view = client.charter()?;
    if !view.names.know(view.charter.body()) {
        app.tell(tell!(app.lang, "naming-unknown-here"));
    }
    Ok(())
}

/// Asks before what nothing takes back. A draft is read by whoever signs it.
fn ask_before(app: &App, client: &Client, amendment: &Amendment) -> Result<(), Problem> {
    let lang = app.lang;
    let hood = |id: &NeighborhoodId| -> Result<_, Problem> {
        Ok(client.neighborhoods()?.into_iter().find(|hood| hood.id == *id).map(|hood| (sanitize(&hood.name), hood)))
    };
    let question = match amendment {
        Amendment::RemoveAdmin(key) => tell!(lang, "amend-ask-remove-admin", key = sanitize(key)),
        Amendment::Close { hood: id } => {
            let Some((name, _)) = hood(id)? else { return Ok(()) };
            tell!(lang, "amend-ask-close", name)
        }
        Amendment::SetTerms { hood: id, terms } => {
            let (Some((name, held)), Some(to)) = (hood(id)?, terms.retention_hours) else { return Ok(()) };
            if to >= held.retention_hours {
                return Ok(());
            }
            tell!(lang, "amend-ask-retention", name, from = held.retention_hours, to)
        }
        _ => return Ok(()),
    };
    app.confirm_if_there(&question)
}

/// Asks before somebody is revoked; in any case if nobody would be left, or it is whoever types it.
fn ask_before_revoking(app: &App, client: &Client, wanted: &Revoking) -> Result<(), Problem> {
    let (lang, who) = (app.lang, sanitize(&wanted.handle));
    let leaves = client.revoking_leaves(wanted)?;
    let question = tell!(lang, "amend-ask-revoke", who);
    if leaves.oneself {
        app.tell_before_asking(tell!(lang, "amend-revoke-oneself"));
    }
    if !leaves.nobody.is_empty() {
        let hoods = hood_names(lang, &leaves.names, &leaves.nobody);
        app.tell_before_asking(&tell!(lang, "amend-revoke-nobody", hoods));
    }
    match leaves.oneself || !leaves.nobody.is_empty() {
        true => app.confirm(&question),
        false => app.confirm_if_there(&question),
    }
}

fn amended(app: &App, client: &Client, outcome: Outcome, out: &OutArgs) -> Done {
    match outcome {
        Outcome::Published(done) => published(app, client, &done),
        Outcome::Unchanged(done) => unchanged(app, &done),
        Outcome::Drafted(drafted) => write_draft(app, &drafted, out),
    }
}

/// Whether a draft can be written where it is wanted; asked before anything is done.
pub(super) fn check_out(app: &App, out: &OutArgs) -> Result<(), Problem> {
    out.out.as_deref().map_or(Ok(()), |file| app.check_new(file))
}

/// Writes a new draft's file, and says who else must sign.
pub(super) fn write_draft(app: &App, drafted: &Drafted, out: &OutArgs) -> Done {
    let what = if drafted.view.restricts { "restriction" } else { "charter" };
    let file = out.out.clone().unwrap_or_else(|| free_name(&format!("{what}-{}", drafted.view.version)));
    app.write_private(&file, &drafted.file)?;
    let lang = app.lang;
    app.result(&draft_object(&drafted.view, Some(&file)), || {
        let (file, draft) = (shown(&file), draft_of(lang, &drafted.view));
        let changes = change_lines(lang, &drafted.view.names, &drafted.view.changes);
        tell!(lang, "amend-draft", draft, file, changes)
    })?;
    warn_of_rival(app, &drafted.view);
    app.tell(&next_of_draft(lang, &drafted.view, &file));
    Ok(DONE)
}

/// A name for a draft, with a number where an earlier draft has the name.
fn free_name(stem: &str) -> PathBuf {
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}.draft"));
    let mut names = std::iter::once(format!("{stem}.draft")).chain(numbered).map(PathBuf::from);
    names.find(|name| name.symlink_metadata().is_err()).unwrap_or_default()
}

/// Two versions of one number, both with enough signatures, split a network.
fn warn_of_rival(app: &App, view: &DraftView) {
    let (lang, version) = (app.lang, view.version);
    if view.rival {
        app.tell_before_asking(&tell!(lang, "amend-rival", version));
    }
}

/// `charter sign`.
pub(super) fn sign(app: &App, file: &Path) -> Done {
    let lang = app.lang;
    let bytes = app.bytes_in(file, FILE_LIMIT)?;
    let client = app.open()?;
    let review = client.review(&bytes)?;
    client.may_sign(&review)?;
    app.tell_before_asking(&draft_words(lang, &review.view, review.enters));
    warn_of_rival(app, &review.view);
    app.confirm(tell!(lang, "amend-sign"))?;
    let drafted = client.sign_draft(review)?;
    app.replace_private(file, &drafted.file)?;
    app.result(&draft_object(&drafted.view, Some(file)), || {
        let (draft, file) = (draft_of(lang, &drafted.view), shown(file));
        tell!(lang, "amend-signed-draft", draft, file)
    })?;
    app.tell(&next_of_draft(lang, &drafted.view, file));
    Ok(DONE)
}

/// `charter publish`.
pub(super) async fn publish(app: &App, file: &Path) -> Done {
    let bytes = app.bytes_in(file, FILE_LIMIT)?;
    let client = app.open()?;
    let done = match Box::pin(client.publish_draft(&bytes)).await? {
        Enacted::Version(done) => done,
        Enacted::Restriction(done) => return silenced(app, &done),
    };
    let lang = app.lang;
    app.result(&published_object(&done), || published_words(lang, &done))?;
    if !done.waiting.is_empty() {
        let (hoods, file) = (hood_names(lang, &done.names, &done.waiting), shown(file));
        app.tell(&tell!(lang, "amend-names-keys-still", hoods, file));
    }
    advise(app, &client)?;
    Ok(DONE)
}

fn published(app: &App, client: &Client, done: &Published) -> Done {
    app.result(&published_object(done), || published_words(app.lang, done))?;
    tell_waiting(app, done);
    advise(app, client)?;
    Ok(DONE)
}

/// Says who is silenced, and how to make it last.
fn silenced(app: &App, done: &Silenced) -> Done {
    let lang = app.lang;
    let object = json!({
        "schema": "watchfire.charter-change/1",
        "state": "restricted",
        "charter-version": done.version,
        "hash": done.hash.to_string(),
        "changes": change_list(&done.names, &done.changes),
        "at-relay": done.why_waiting.is_none(),
    });
    app.result(&object, || {
        let changes = change_lines(lang, &done.names, &done.changes);
        tell!(lang, "amend-restriction-holds-once", changes)
    })?;
    if let Some(why) = &done.why_waiting {
        app.warn(&error::message(lang, why));
        app.warn(tell!(lang, "amend-relay-yet-kept"));
    }
    app.tell(tell!(lang, "amend-coordinators-next-sync"));
    Ok(DONE)
}

/// Says where a coordinator has yet to hand a change over.
pub(super) fn tell_waiting(app: &App, done: &Published) {
    let lang = app.lang;
    if !done.waiting.is_empty() {
        let hoods = hood_names(lang, &done.names, &done.waiting);
        app.tell(&tell!(lang, "amend-reaches-members-their", hoods));
    }
}

fn unchanged(app: &App, done: &Published) -> Done {
    let lang = app.lang;
    app.result(&published_object(done), || {
        let version = done.version;
        tell!(lang, "amend-nothing-change-charter", version)
    })?;
    Ok(DONE)
}

/// Says so if the loss of one key would end the network.
pub(super) fn advise(app: &App, client: &Client) -> Result<(), Problem> {
    let view = client.charter()?;
    if let Some(advice) = charter::fragile(app.lang, view.charter.body()) {
        app.warn(&advice);
    }
    Ok(())
}

fn published_words(lang: Lang, done: &Published) -> String {
    let version = done.version;
    let changes = change_lines(lang, &done.names, &done.changes);
    let mut words = tell!(lang, "amend-charter-version-force", version, changes);
    for (hood, epoch) in &done.epochs {
        let name = sanitize(&done.names.neighborhood(hood));
        words.push_str(&tell!(lang, "amend-new-keys-epoch", name, epoch));
    }
    words
}

fn published_object(done: &Published) -> Value {
    let epoch = |(hood, epoch): &(NeighborhoodId, Epoch)| json!({"neighborhood": done.names.neighborhood(hood), "epoch": epoch.0});
    json!({
        "schema": "watchfire.charter-change/1",
        "state": "published",
        "charter-version": done.version,
        "changes": change_list(&done.names, &done.changes),
        "epochs": done.epochs.iter().map(epoch).collect::<Vec<_>>(),
        "waiting": done.waiting.iter().map(|hood| done.names.neighborhood(hood)).collect::<Vec<_>>(),
    })
}

pub(super) fn draft_object(view: &DraftView, file: Option<&Path>) -> Value {
    json!({
        "schema": "watchfire.charter-change/1",
        "state": "draft",
        "restriction": view.restricts,
        "file": file.map(|file| file.display().to_string()),
        "network": view.network.to_string(),
        "charter-version": view.version,
        "hash": view.hash,
        "changes": change_list(&view.names, &view.changes),
        "signed-by": view.signers.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "missing": view.missing,
        "rival": view.rival,
        "awaited": view.awaited.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

pub(super) fn change_list(names: &Namebook, changes: &[Change]) -> Vec<String> {
    let names = names.impersonal();
    changes.iter().map(|change| charter::change(Lang::EN, &names, change)).collect()
}

pub(super) fn change_lines(lang: Lang, names: &Namebook, changes: &[Change]) -> String {
    let lines = changes.iter().map(|change| format!("  {}", charter::change(lang, names, change)));
    lines.chain(fallen_quorums(lang, names, changes)).collect::<Vec<_>>().join("\n")
}

/// A quorum that fell because somebody may sign no more: it does not rise by itself.
fn fallen_quorums<'a>(
    lang: Lang,
    names: &'a Namebook,
    changes: &'a [Change],
) -> impl Iterator<Item = String> + use<'a> {
    let taken = |change: &Change| matches!(change, Change::Revoked { .. } | Change::RestrictionsTaken { .. });
    let because = changes.iter().any(taken);
    changes.iter().filter_map(move |change| match change {
        Change::Quorum { neighborhood, from, to } if because && to < from => {
            let name = sanitize(&names.neighborhood(neighborhood));
            Some(tell!(lang, "amend-quorum-fell", name, from, to))
        }
        _ => None,
    })
}

fn hood_names(lang: Lang, names: &Namebook, hoods: &[NeighborhoodId]) -> String {
    let names: Vec<String> = hoods.iter().map(|hood| format!("`{}`", sanitize(&names.neighborhood(hood)))).collect();
    and(lang, &names)
}

/// What a draft is one of.
fn draft_of(lang: Lang, view: &DraftView) -> String {
    let version = view.version;
    match view.restricts {
        true => tell!(lang, "amend-restriction-charter-version", version),
        false => tell!(lang, "amend-charter-version", version),
    }
}

/// What whoever is asked to sign a draft must see.
fn draft_words(lang: Lang, view: &DraftView, enters: bool) -> String {
    let (draft, network) = (draft_of(lang, view), view.network);
    let changes = change_lines(lang, &view.names, &view.changes);
    let mut words = tell!(lang, "amend-draft-changes", draft, changes);
    let signers: Vec<String> = view.signers.iter().map(|key| charter::admin(lang, &view.names, key)).collect();
    let signers = if signers.is_empty() { tell!(lang, "amend-nobody").to_owned() } else { and(lang, &signers) };
    words.push_str(&tell!(lang, "amend-signed-far", signers));
    if enters {
        words.push_str(&match view.names.network().map(sanitize) {
            Some(name) => tell!(lang, "amend-vault-network-yet", name, network),
            None => tell!(lang, "amend-vault-unnamed-network", network),
        });
    }
    words
}

/// What is to be done with a draft.
fn next_of_draft(lang: Lang, view: &DraftView, file: &Path) -> String {
    let file = shown(file);
    if view.missing == 0 {
        return tell!(lang, "amend-enough-admins-signed", file);
    }
    let whose: Vec<String> = view.awaited.iter().map(|key| charter::admin(lang, &view.names, key)).collect();
    let whose = if view.missing < whose.len() { or(lang, &whose) } else { and(lang, &whose) };
    tell!(lang, "amend-nothing-force-yet", missing = view.missing, whose, file)
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::id::NetworkId;
    use watchfire_protocol::secret::Secret32;
    use watchfire_protocol::sign::SecretKey;

    use super::*;

    #[test]
    fn a_draft_gets_a_name_that_no_earlier_draft_has() {
        let folder = tempfile::tempdir().unwrap();
        let stem = folder.path().join("charter-3");
        let stem = stem.to_str().unwrap();
        for wanted in ["charter-3.draft", "charter-3-2.draft", "charter-3-3.draft"] {
            let name = free_name(stem);
            assert_eq!(name, folder.path().join(wanted));
            std::fs::write(name, "a draft").unwrap();
        }
    }

    #[test]
    fn whoever_must_all_sign_are_listed_with_an_and() {
        let admins = [1, 2].map(|seed| SecretKey::from_seed(&Secret32::new([seed; 32])).public());
        let next = |missing| {
            let view = DraftView {
                network: NetworkId::ZERO,
                version: 3,
                restricts: false,
                hash: String::new(),
                changes: vec![],
                names: Namebook::default(),
                signers: vec![],
                missing,
                awaited: admins.to_vec(),
                rival: false,
            };
            next_of_draft(Lang::EN, &view, Path::new("x.draft"))
        };
        let [one, other] = admins.map(|key| charter::short_key(&key));
        assert!(next(1).contains(&format!("{one} or {other}")), "{}", next(1));
        assert!(next(2).contains(&format!("{one} and {other}")), "{}", next(2));
    }

    #[test]
    fn a_quorum_that_falls_with_somebody_is_told_with_how_to_raise_it_and_one_that_was_set_is_not() {
        let neighborhood = NeighborhoodId([1; 16]);
        let fell = Change::Quorum { neighborhood, from: 3, to: 2 };
        let lines = |lang, changes: &[Change]| change_lines(lang, &Namebook::default(), changes);
        let taken = [fell.clone(), Change::RestrictionsTaken { count: 1 }];
        for lang in Lang::all() {
            assert!(lines(lang, &taken).contains("--quorum 3"), "{}", lines(lang, &taken));
            assert!(!lines(lang, std::slice::from_ref(&fell)).contains("--quorum"));
        }
    }
}
