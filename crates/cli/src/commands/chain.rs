//! `charter export`, `charter import` and `charter verify`.

use std::io::Read;
use std::path::Path;

use serde_json::{Value, json};
use watchfire_client::file::rfc3339;
use watchfire_client::ops::amend::DraftView;
use watchfire_client::ops::chain::{ChainError, Imported, JudgedFile};
use watchfire_client::ops::draft::FILE_LIMIT;
use watchfire_client::vault::Vault;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::charter::{Charter, CharterError};

use super::amend;
use crate::app::{App, shown};
use crate::args::ChainCommand;
use crate::problem::{DONE, Done, Problem};
use crate::words::{Lang, charter, clock, error, sanitize, tell};

pub(super) fn run(app: &App, command: ChainCommand) -> Done {
    match command {
        ChainCommand::Export { file } => export(app, &file),
        ChainCommand::Import { file } => import(app, &file),
        ChainCommand::Verify { file } => verify(app, &file),
    }
}

fn export(app: &App, file: &Path) -> Done {
    let lang = app.lang;
    app.check_new(file)?;
    let exported = app.open()?.export_charters()?;
    app.write_private(file, &exported.bytes)?;
    let (version, versions) = (exported.version, exported.versions);
    let object = json!({
        "schema": "watchfire.charter-export/1",
        "file": file.display().to_string(),
        "charter-version": version,
        "versions": versions,
    });
    app.result(&object, || {
        let file = shown(file);
        tell!(lang, "chain-charters-up-version", version, file)
    })?;
    if u64::try_from(versions).unwrap_or(u64::MAX) < version {
        app.warn(tell!(lang, "chain-oldest-versions-fit"));
    }
    Ok(DONE)
}

fn import(app: &App, file: &Path) -> Done {
    let lang = app.lang;
    let bytes = bytes_of(app, file)?;
    let held = if Vault::exists(&app.home) { Some(app.open()?) } else { None };
    let in_network = held.as_ref().map_or(Ok(false), Client::has_network)?;
    let (client, imported) = match held {
        Some(client) if in_network => {
            let imported = client.import_charters(&bytes).map_err(|error| problem(lang, error))?;
            (client, imported)
        }
        held => {
            // Judged and compared before there is a vault.
            let judged = JudgedFile::from_bytes(&bytes).map_err(|error| problem(lang, error))?;
            app.tell_before_asking(&compare(lang, &judged));
            app.confirm(tell!(lang, "chain-network"))?;
            let client = held.map_or_else(|| app.open_or_create(), Ok)?;
            let imported = client.enter_by_file(&judged).map_err(|error| problem(lang, error))?;
            (client, imported)
        }
    };
    let charters = client.charter()?;
    let object = json!({
        "schema": "watchfire.charter-import/1",
        "network": charters.charter.network().to_string(),
        "taken": imported.taken,
        "names": imported.names,
        "charter-version": imported.version,
        "charter": charters.charter.hash().to_string(),
        "forked": imported.forked,
        "waiting": imported.waiting,
        "newer": imported.newer,
    });
    app.result(&object, || imported_words(lang, &imported))?;
    if imported.publishable {
        app.tell(&tell!(lang, "chain-publishable", file = shown(file)));
    }
    let undecided = charters.forks.iter().find(|fork| fork.decided.is_none());
    match undecided.filter(|_| imported.forked || imported.waiting) {
        Some(fork) => Err(ClientError::Forked { version: fork.version }.into()),
        None => Ok(DONE),
    }
}

/// What a person compares before they believe a file.
fn compare(lang: Lang, judged: &JudgedFile) -> String {
    let (network, newest) = (judged.network(), judged.newest());
    let (version, hash) = (newest.version(), newest.hash());
    let name = judged.name().map(|name| format!("  {}\n", sanitize(name))).unwrap_or_default();
    tell!(lang, "chain-device-enters-network", name, network, version, hash)
}

fn imported_words(lang: Lang, imported: &Imported) -> String {
    let Imported { taken, version, .. } = imported;
    if imported.forked {
        return tell!(lang, "chain-file-follows-another", version);
    }
    match (taken, imported.names) {
        (0, 0) => tell!(lang, "chain-nothing-new-version", version),
        (0, names) => tell!(lang, "chain-new-names", names, version),
        (taken, _) => tell!(lang, "chain-new-charter-version", taken, version),
    }
}

fn verify(app: &App, file: &Path) -> Done {
    let lang = app.lang;
    let bytes = bytes_of(app, file)?;
    let judged = JudgedFile::from_bytes(&bytes).map_err(|error| problem(lang, error))?;
    app.result(&judged_object(&judged), || judged_words(lang, &judged))?;
    Ok(DONE)
}

fn judged_object(judged: &JudgedFile) -> Value {
    let version = |charter: &Charter| {
        json!({
            "version": charter.version(),
            "hash": charter.hash().to_string(),
            "issued": rfc3339(charter.body().issued),
            "expires": rfc3339(charter.body().expires),
            "signers": charter.signers().iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    let draft = judged.draft().map(|draft| {
        json!({
            "restriction": draft.restricts,
            "version": draft.version,
            "hash": draft.hash,
            "changes": amend::change_list(&draft.names, &draft.changes),
            "signers": draft.signers.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "missing": draft.missing,
            "awaited": draft.awaited.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    json!({
        "schema": "watchfire.charter-file/1",
        "network": judged.network().to_string(),
        "name": judged.name(),
        "versions": judged.versions().map(version).collect::<Vec<_>>(),
        "draft": draft,
        "newer": judged.newer,
    })
}

fn judged_words(lang: Lang, judged: &JudgedFile) -> String {
    let network = judged.network();
    let name = judged.name().map(|name| format!("  {}", sanitize(name))).unwrap_or_default();
    let mut lines = vec![tell!(lang, "chain-network-heading", network, name)];
    for charter in judged.versions() {
        let (version, hash) = (charter.version(), charter.hash());
        let (issued, signers) = (clock::date(lang, charter.body().issued), charter.signers().len());
        let threshold = charter.body().threshold;
        lines.push(tell!(lang, "chain-version-holds-signed", version, issued, signers, threshold, hash));
        lines.extend(charter.signers().iter().map(|key| format!("  {key}")));
    }
    lines.extend(judged.draft().map(|draft| proposed_words(lang, draft)));
    lines.extend(judged.newer.then(|| tell!(lang, "chain-follows-made-newer").to_owned()));
    lines.push(tell!(lang, "chain-file-cannot-tell").to_owned());
    lines.join("\n")
}

fn proposed_words(lang: Lang, draft: &DraftView) -> String {
    let (version, hash, missing) = (draft.version, &draft.hash, draft.missing);
    let mut lines = vec![match (draft.restricts, missing) {
        (false, 0) => tell!(lang, "chain-draft-version-enough", version, hash),
        (false, missing) => tell!(lang, "chain-draft-version-more", version, missing, hash),
        (true, 0) => tell!(lang, "chain-restriction-enough", version, hash),
        (true, missing) => tell!(lang, "chain-restriction-more", version, missing, hash),
    }];
    lines.push(amend::change_lines(lang, &draft.names, &draft.changes));
    lines.push(tell!(lang, "chain-draft-signers").to_owned());
    lines.extend(draft.signers.iter().map(|key| format!("  {key}")));
    lines.join("\n")
}

/// At most one byte more than such a file may have: then it is refused for its length.
fn bytes_of(app: &App, file: &Path) -> Result<Vec<u8>, Problem> {
    let most = u64::try_from(FILE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| Problem::file(app.lang, &shown(file), &error))?;
    Ok(bytes)
}

fn problem(lang: Lang, error: ChainError) -> Problem {
    let nothing = tell!(lang, "chain-device-keeps-charters");
    let message = match &error {
        ChainError::Client(error) => error::message(lang, error),
        ChainError::File(error) => charter::charter_file(lang, error),
        ChainError::Charter(CharterError::OtherNetwork { .. }) => tell!(lang, "chain-other-network").to_owned(),
        ChainError::Charter(error) => tell!(lang, "chain-refused", why = charter::refused(lang, error)),
        ChainError::NoGenesis => tell!(lang, "chain-no-genesis").to_owned(),
        ChainError::Empty => tell!(lang, "chain-empty").to_owned(),
        ChainError::Names => tell!(lang, "chain-names").to_owned(),
    };
    match error {
        ChainError::Client(error) => error.into(),
        _ => Problem::refused("charter-file", message).hint(nothing),
    }
}
