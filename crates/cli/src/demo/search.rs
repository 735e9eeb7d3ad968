//! What the demo looks for in the relay's files, and where.

use std::path::{Path, PathBuf};

use watchfire_client::ClientError;
use watchfire_client::ops::alert::SentAlert;
use watchfire_client::ops::view::Filter;
use watchfire_client::vault::VaultError;
use watchfire_protocol::record::Channel;

use crate::words::tell;

use super::{HOOD, NETWORK, Person, Stage, line};

/// Everything that people wrote or are called: what must not be found.
pub(super) fn secrets(marisol: &Person, sent: &SentAlert) -> Result<Vec<String>, ClientError> {
    let view = marisol.client.alerts(Filter::default())?.into_iter().find(|view| view.shown.id() == sent.id);
    let view = view.ok_or_else(|| ClientError::NotFound { what: "alert", name: sent.id.to_string() })?;
    let content = &view.shown.body().content;
    let mut out: Vec<String> = [NETWORK, HOOD, "Marisol", "Kai", "Ana", "Ben", "Lou"].map(str::to_owned).to_vec();
    out.push(content.kind.to_string());
    out.extend(content.place.iter().map(|place| place.text.clone()));
    for block in &content.text {
        out.extend([block.headline.clone(), block.description.clone(), block.instruction.clone()]);
    }
    // Three letters are found anywhere by chance among random bytes: short names are looked for as they would be stored.
    let mut words: Vec<String> = out.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
    words.retain(|word| word.len() >= 6);
    out.retain(|text| text.len() >= 6);
    out.extend(words);
    out.sort();
    out.dedup();
    Ok(out)
}

pub(super) fn search(stage: &Stage, relay_dir: &Path, sent: &SentAlert, secrets: &[String]) -> Result<(), ClientError> {
    let position = sent.receipt.map_or(0, |receipt| receipt.position);
    let files = files(relay_dir)?;
    let record = record_at(relay_dir, position)?;
    let sealed = record.get(..64).unwrap_or(&record);
    let mut lies = None;
    let mut bytes = 0;
    let mut found = Vec::new();
    for file in &files {
        let content = std::fs::read(file).map_err(VaultError::from)?;
        bytes += content.len();
        if let Some(offset) = position_of(&content, sealed) {
            lies = Some((file.clone(), offset));
        }
        let hit = |secret: &&String| position_of(&content, secret.as_bytes()).is_some();
        found.extend(secrets.iter().filter(hit).cloned());
    }
    let Some((file, offset)) = lies else {
        return Err(ClientError::Unexpected("the alert's record is not in the relay's files".to_owned()));
    };
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    stage.say(&tell!(stage.lang, "demo-kept", size = record.len(), offset, name));
    for row in sealed.chunks(16).take(3) {
        let hex: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        line(&format!("         {}", hex.join(" ")));
    }
    stage.detail(tell!(stage.lang, "demo-form"));
    if !found.is_empty() {
        return Err(ClientError::Unexpected(format!("plaintext in the relay's files: {}", found.join(", "))));
    }
    stage.say(&tell!(stage.lang, "demo-searched", files = files.len(), bytes, secrets = secrets.len()));
    Ok(())
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, ClientError> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(VaultError::from)? {
        let path = entry.map_err(VaultError::from)?.path();
        if path.is_dir() { out.extend(files(&path)?) } else { out.push(path) }
    }
    Ok(out)
}

pub(super) fn contents(dir: &Path) -> Result<Vec<Vec<u8>>, ClientError> {
    files(dir)?.iter().map(|file| Ok(std::fs::read(file).map_err(VaultError::from)?)).collect()
}

pub(super) fn position_of(content: &[u8], wanted: &[u8]) -> Option<usize> {
    content.windows(wanted.len().max(1)).position(|window| window == wanted)
}

/// The record at a position of the alerts log, out of the relay's own database.
fn record_at(relay_dir: &Path, position: u64) -> Result<Vec<u8>, ClientError> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = rusqlite::Connection::open_with_flags(relay_dir.join("relay.db"), flags)?;
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let log = Channel::Alerts as i64;
    let wanted = "SELECT bytes FROM records WHERE log = ?1 AND position = ?2";
    Ok(database.query_row(wanted, [log, position], |row| row.get(0))?)
}
