//! What only SQLite can get wrong: group commit, deleted bytes, schema versions, file modes.

use std::os::unix::fs::PermissionsExt;

use watchfire_protocol::time::DAY;

use super::*;
use crate::store::NewRecord;
use crate::store::suite::{self, NOW, Noted, PLACE, epoch, record};

/// Eighty were clean.
const ROUNDS: u32 = 2;

fn open(dir: &tempfile::TempDir, limits: &Limits) -> (SqliteStore, Arc<Noted>) {
    let noted = Arc::new(Noted::default());
    let sink: Arc<dyn CommitSink> = Arc::<Noted>::clone(&noted);
    (SqliteStore::open(&dir.path().join("relay.db"), limits, sink).unwrap(), noted)
}

#[tokio::test]
async fn sqlite_behaves_as_every_store_must() {
    let mut dirs = Vec::new();
    suite::run(async |sink| {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&dir.path().join("relay.db"), &Limits::default(), sink).unwrap();
        dirs.push(dir);
        store
    })
    .await;
}

#[tokio::test]
async fn the_database_and_its_log_are_private() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(&dir, &Limits::default());
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    for name in ["relay.db", "relay.db-wal"] {
        let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("relay.db");
    open(&dir, &Limits::default()).0.close().await;
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", VERSION + 1).unwrap();
    drop(connection);
    let before = std::fs::read(&path).unwrap();
    let noted = Arc::new(Noted::default());
    let error = SqliteStore::open(&path, &Limits::default(), noted).err().unwrap();
    assert!(matches!(error, OpenError::Newer { found, known: VERSION, .. } if found == VERSION + 1));
    assert!(error.to_string().contains("update watchfire-relay"), "{error}");
    assert!(matches!(check(&path), Err(OpenError::Newer { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_group_is_acknowledged_one_by_one_and_a_denied_write_does_not_harm_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(&dir, &Limits::default());
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    store.close().await;

    // So long that one commit takes them all, and each still gets its own answer.
    let limits = Limits { group_milliseconds: 60_000, group_writes: 21, ..Limits::default() };
    let (store, noted) = open(&dir, &limits);
    let appends = (1..=20).map(|fill| store.append(record(Channel::Alerts, 1, fill)));
    let denied = store.append(record(Channel::Alerts, 2, 99));
    let (answers, refused) = tokio::join!(futures_util::future::join_all(appends), denied);
    let mut positions: Vec<u64> = answers.into_iter().map(Result::unwrap).collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=20).collect::<Vec<_>>());
    assert_eq!(noted.positions(Channel::Alerts), positions);
    assert!(matches!(refused, Err(StoreError::Denied(_))));
}

#[tokio::test]
async fn nothing_is_lost_when_a_database_is_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(&dir, &Limits::default());
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    let position = store.append(record(Channel::Alerts, 1, 1)).await.unwrap();
    store.close().await;
    assert!(matches!(store.append(record(Channel::Alerts, 1, 2)).await, Err(StoreError::Failed(_))));
    assert!(!dir.path().join("relay.db-wal").exists(), "the log is truncated and removed");
    let (store, _) = open(&dir, &Limits::default());
    let held = store.records(PLACE, Channel::Alerts, 0, NOW, super::super::PageLimit { items: 9, bytes: 9999 }).await;
    assert_eq!(held.unwrap().iter().map(|each| each.position).collect::<Vec<_>>(), [position]);
    let health = check(&dir.path().join("relay.db")).unwrap();
    assert_eq!(health, Health { version: VERSION, complaints: Vec::new() });
}

#[tokio::test]
async fn a_trial_is_a_commit_that_is_written_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(&dir, &Limits::default());
    let log = || std::fs::metadata(dir.path().join("relay.db-wal")).unwrap().len();
    let before = log();
    store.probe().await.unwrap();
    assert!(log() > before);
    assert_eq!(check(&dir.path().join("relay.db")).unwrap(), Health { version: VERSION, complaints: Vec::new() });
    store.close().await;
    assert!(matches!(store.probe().await, Err(StoreError::Failed(_))));
}

/// Everything of the database that lies on the disk.
fn on_disk(dir: &tempfile::TempDir) -> Vec<u8> {
    let names = ["relay.db", "relay.db-wal"];
    names.iter().flat_map(|name| std::fs::read(dir.path().join(name)).unwrap_or_default()).collect()
}

fn occurrences(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).filter(|window| *window == needle).count()
}

#[tokio::test]
async fn no_byte_of_a_swept_record_stays_in_the_database_or_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(&dir, &Limits::default());
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    let marked = |number: u8, expires| {
        let mut bytes = [b"these bytes are to be forgotten".as_slice(), &[number]].concat();
        bytes.resize(4096, number);
        let id = watchfire_protocol::record::record_id(&bytes);
        NewRecord { id, bytes: bytes.into(), expires, ..record(Channel::Alerts, 1, 0) }
    };
    for number in 0..200 {
        let expires = if number < 150 { NOW.plus(10) } else { NOW.plus(DAY) };
        store.append(marked(number, expires)).await.unwrap();
    }
    let needle = b"these bytes are to be forgotten";
    assert!(occurrences(&on_disk(&dir), needle) >= 200);

    // A reader in the middle of a page keeps deleted bytes: the scrub says so and does not hang.
    let reader = Connection::open(dir.path().join("relay.db")).unwrap();
    let transaction = reader.unchecked_transaction().unwrap();
    let seen: i64 = transaction.query_row("SELECT count(*) FROM records", [], |row| row.get(0)).unwrap();
    assert_eq!(seen, 200);
    while store.sweep(NOW.plus(10), NOW, 60).await.unwrap().total() > 0 {}
    assert!(!store.scrub().await.unwrap());
    assert!(occurrences(&on_disk(&dir), needle) > 50);
    drop(transaction);
    drop(reader);

    assert!(store.scrub().await.unwrap());
    let left = on_disk(&dir);
    assert_eq!(occurrences(&left, needle), 50);
    assert!((1..150).all(|number| occurrences(&left, &[number; 512]) == 0));
    // Freed pages were given back.
    assert!(std::fs::metadata(dir.path().join("relay.db")).unwrap().len() < 100 * 4096 + 94_208 + 50 * 4096);
}

#[tokio::test]
async fn of_records_that_came_and_went_for_weeks_no_byte_stays() {
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    let mut choices = StdRng::seed_from_u64(7);
    for round in 0..ROUNDS {
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(&dir, &Limits::default());
        store.put_epoch(epoch(1, 0, &[])).await.unwrap();
        let mut written = Vec::new();
        for day in 0..40 {
            let now = NOW.plus(day * DAY);
            let news: Vec<NewRecord> = (0..24)
                .map(|_| {
                    let mut bytes = vec![
                        0;
                        [1024, 1024, 4096, 16384]
                            [choices.random_range(..if round == 0 { 2 } else { 4_usize })]
                    ];
                    choices.fill(&mut bytes[..]);
                    let (id, days) =
                        (watchfire_protocol::record::record_id(&bytes), [1, 3, 9][choices.random_range(..3_usize)]);
                    let channel = [Channel::Alerts, Channel::Inbox, Channel::Desk][choices.random_range(..3_usize)];
                    NewRecord { id, bytes: bytes.into(), now, expires: now.plus(days * DAY), ..record(channel, 1, 0) }
                })
                .collect();
            written.extend(news.iter().map(|new| (new.expires, Arc::clone(&new.bytes))));
            futures_util::future::join_all(news.into_iter().map(|new| store.append(new))).await;
            while store.sweep(now, now, 7).await.unwrap().total() > 0 {}
        }
        assert!(store.scrub().await.unwrap());
        let end = NOW.plus(39 * DAY);
        let left = on_disk(&dir);
        let runs = |gone: bool| -> std::collections::HashSet<&[u8]> {
            let of = written.iter().filter(|(expires, _)| (*expires <= end) == gone);
            of.flat_map(|(_, bytes)| bytes.chunks_exact(32)).collect()
        };
        let (gone, kept) = (runs(true), runs(false));
        assert!(left.windows(32).filter(|window| kept.contains(window)).count() > kept.len() / 2);
        let found = left.windows(32).filter(|window| gone.contains(window)).count();
        assert_eq!(found, 0, "round {round}");
    }
}

/// A text that stands in one thing only.
fn mark(what: &str) -> Vec<u8> {
    format!("<this is {what}, to be forgotten>").into_bytes()
}

fn object(what: &str) -> Object {
    let mut body = Box::new([0; watchfire_protocol::run::OBJECT_LEN]);
    body[..mark(what).len()].copy_from_slice(&mark(what));
    Object { tag: Tag(watchfire_protocol::id::sha256_16(&[what.as_bytes()])), body }
}

#[tokio::test]
async fn slots_objects_invites_join_requests_and_all_their_names_go_with_their_epoch() {
    use watchfire_protocol::frame::ObjectClass;
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(&dir, &Limits::default());
    let stage = |number, class, what: &str| Staging {
        place: PLACE,
        announcement: suite::announcement(number),
        class,
        objects: vec![object(what)],
        now: NOW,
        limit: 9,
        quota: 1 << 30,
    };
    store.stage(stage(1, ObjectClass::Slot, "a slot")).await.unwrap();
    store.stage(stage(1, ObjectClass::Other, "the roster")).await.unwrap();
    store.stage(stage(7, ObjectClass::Slot, "a slot that was only staged")).await.unwrap();
    store.put_epoch(epoch(1, 0, &[object("a slot")])).await.unwrap();
    let (announcement, bytes) = (suite::announcement(1), mark("a late slot"));
    store.put_late_slot(NewLateSlot { place: PLACE, announcement, bytes, limit: 9, quota: 1 << 30 }).await.unwrap();
    let seed = watchfire_protocol::secret::Secret32::new([7; 32]);
    let key = watchfire_protocol::sign::SecretKey::from_seed(&seed).public();
    let invite = InviteRow { id: InviteId(*b"an invite's name"), key, uses: 1, expires: NOW.plus(DAY) };
    store.put_invite(PLACE, invite.clone(), 9).await.unwrap();
    let mut ids = Vec::new();
    for (channel, what) in
        [(Channel::Roster, "a roster event"), (Channel::Join, "a join request"), (Channel::Inbox, "an answer")]
    {
        let mut bytes = mark(what);
        bytes.resize(4096, 0);
        let id = watchfire_protocol::record::record_id(&bytes);
        let (invite, proved) = match channel {
            Channel::Join => (Some(invite.id), None),
            _ => (None, Some(Epoch(1))),
        };
        store.append(NewRecord { id, bytes: bytes.into(), invite, proved, ..record(channel, 1, 0) }).await.unwrap();
        ids.push(id.0.to_vec());
    }
    let marks = ["a slot", "the roster", "a slot that was only staged", "a late slot", "a roster event"];
    let needles: Vec<Vec<u8>> = marks
        .iter()
        .chain(&["a join request", "an answer"])
        .map(|what| mark(what))
        .chain(["a slot", "the roster"].map(|what| object(what).tag.0.to_vec()))
        .chain(ids)
        .chain([invite.id.0.to_vec(), key.as_bytes().to_vec()])
        .collect();
    assert!(needles.iter().all(|needle| occurrences(&on_disk(&dir), needle) > 0));

    store.put_epoch(epoch(2, 1, &[])).await.unwrap();
    let later = NOW.plus(2 * DAY);
    while store.sweep(later, later, 2).await.unwrap().total() > 0 {}
    assert!(store.scrub().await.unwrap());
    let left = on_disk(&dir);
    let found: Vec<_> = needles.iter().filter(|needle| occurrences(&left, needle) > 0).collect();
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(store.stats().await.unwrap().bytes, 0);
}
