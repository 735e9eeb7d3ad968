//! Files that are not as the relay left them: it opens with what was acknowledged first, or says what is wrong.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::Command;

use watchfire_protocol::frame::{Cursor, Refusal, Request};
use watchfire_protocol::record::{Channel, record_id};

use crate::client::Client;
use crate::organization::{EpochKeys, Organization, record};
use crate::process::{BINARY, Choices, Process, found, made};

const RECORDS: u8 = 30;

/// What a relay left that was killed after it had acknowledged some alerts, which lie in its log.
struct Left {
    dir: tempfile::TempDir,
    organization: Organization,
    epoch: EpochKeys,
    records: Vec<Vec<u8>>,
    last: Cursor,
}

impl Left {
    async fn behind() -> Self {
        let dir = made();
        let mut process = Process::serve(dir.path());
        let (organization, epoch) = found(dir.path(), &process).await;
        let mut writer = Client::coordinator(&process.url, &organization, &epoch).await;
        let records: Vec<_> = (0..RECORDS).map(|fill| record(Channel::Alerts, epoch.number, fill)).collect();
        let mut last = 0;
        for record in &records {
            last = writer.append(record).await;
        }
        process.kill();
        let last = Cursor { position: last, id: record_id(records.last().unwrap()) };
        Self { dir, organization, epoch, records, last }
    }

    /// A copy with some damage done to it.
    fn damaged(&self, damage: impl FnOnce(&Path)) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.dir.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        damage(copy.path());
        copy
    }

    /// How many records are there, which must be the first ones; and whether a client that had them all is told.
    async fn read(&self, dir: &Path) -> (usize, bool) {
        let process = Process::serve(dir);
        let mut reader = Client::member(&process.url, &self.organization, &self.epoch).await;
        let reset = reader.follow(Channel::Alerts, Some(self.last)).await;
        if !reset {
            return (self.records.len(), false);
        }
        let found: Vec<_> = reader.backlog().await.into_iter().map(|each| each.record).collect();
        assert_eq!(found, self.records[..found.len()]);
        (found.len(), true)
    }
}

fn refused(dir: &Path, word: &str) {
    let said = Command::new(BINARY).arg("serve").arg("--dir").arg(dir).output().unwrap();
    let words = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(1), "{words}");
    assert!(words.contains("error: ") && words.contains(word), "{words}");
    assert!(words.contains("\nhint: ") && words.contains("move away whatever begins with `relay.db`"), "{words}");
}

fn garbage(path: &Path, from: usize, choices: &mut Choices) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[from..].fill_with(|| choices.next().to_be_bytes()[0]);
    std::fs::write(path, bytes).unwrap();
}

fn cut(path: &Path, length: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
}

#[tokio::test]
async fn a_log_that_was_cut_off_or_spoilt_holds_what_came_first_and_clients_are_told_of_the_rest() {
    let mut choices = Choices::seeded();
    let left = Left::behind().await;
    let length = std::fs::metadata(left.dir.path().join("relay.db-wal")).unwrap().len();
    let whole = left.read(left.damaged(|_| {}).path()).await;
    assert_eq!(whole, (left.records.len(), false));
    // The epoch is in the first half; without it nobody could read at all.
    for _ in 0..4 {
        let at = length / 2 + choices.below(length / 2);
        let short = left.read(left.damaged(|dir| cut(&dir.join("relay.db-wal"), at)).path()).await;
        assert!(short.0 < left.records.len() && short.1, "{at} of {length}: {short:?}");
        let at = usize::try_from(at).unwrap();
        let spoilt = left.damaged(|dir| garbage(&dir.join("relay.db-wal"), at, &mut choices));
        assert_eq!(left.read(spoilt.path()).await, short, "{at} of {length}");
    }
}

#[tokio::test]
async fn the_index_of_the_log_is_made_again_whatever_lies_there() {
    let left = Left::behind().await;
    let spoilt = left.damaged(|dir| garbage(&dir.join("relay.db-shm"), 0, &mut Choices::seeded()));
    assert_eq!(left.read(spoilt.path()).await, (left.records.len(), false));
    let gone = left.damaged(|dir| std::fs::remove_file(dir.join("relay.db-shm")).unwrap());
    assert_eq!(left.read(gone.path()).await, (left.records.len(), false));
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_words_and_left_as_it_is() {
    let mut choices = Choices::seeded();
    let left = Left::behind().await;
    for (damage, word) in [
        ("a log of garbage", "relay.db-wal"),
        ("an empty database beside its log", "relay.db-wal"),
        ("a database of garbage", "not a database"),
    ] {
        let dir = left.damaged(|dir| match damage {
            "a log of garbage" => garbage(&dir.join("relay.db-wal"), 0, &mut choices),
            "an empty database beside its log" => cut(&dir.join("relay.db"), 0),
            _ => {
                garbage(&dir.join("relay.db"), 0, &mut choices);
                std::fs::remove_file(dir.join("relay.db-wal")).unwrap();
            }
        });
        let files = || ["relay.db", "relay.db-wal"].map(|name| std::fs::read(dir.path().join(name)).ok());
        let before = files();
        refused(dir.path(), word);
        assert_eq!(files(), before, "{damage}");
    }
    // The log covers the database's first page, so this is met only where what it does not cover is read.
    let dir = left.damaged(|dir| garbage(&dir.join("relay.db"), 0, &mut choices));
    refused(dir.path(), "malformed");
}

#[tokio::test]
async fn an_empty_database_is_a_new_one_and_nobody_is_told_that_their_network_is_there() {
    let left = Left::behind().await;
    let dir = left.damaged(|dir| {
        std::fs::remove_file(dir.join("relay.db-wal")).unwrap();
        cut(&dir.join("relay.db"), 0);
    });
    let process = Process::serve(dir.path());
    let place = left.organization.place();
    let standing = Request::Standing { network: place.network, neighborhood: place.neighborhood };
    let refusal = Client::connect(&process.url).await.refusal(standing).await;
    assert_eq!(refusal, Refusal::NotFound);
}
