//! Databases of every version that there was, and every column that there is.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::store::Denied;
use crate::store::suite::{NOW, Noted, PLACE, record};

/// A database of each version, as SQL text.
const FIXTURES: [&str; VERSION as usize] =
    [include_str!("../../../tests/fixtures/schema-1.sql"), include_str!("../../../tests/fixtures/schema-2.sql")];

fn write(path: &Path, fixture: &str) {
    Connection::open(path).unwrap().execute_batch(fixture).unwrap();
}

fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(path, &Limits::default(), Arc::new(Noted::default()))
}

/// All tables and indexes, as they were made, in one spelling.
fn layout(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut statement =
        connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|sql| sql.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[tokio::test]
async fn a_database_of_every_version_is_climbed_and_keeps_what_it_held() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = dir.path().join("fresh.db");
    open(&fresh).unwrap().close().await;
    for (number, fixture) in (1..).zip(FIXTURES) {
        let path = dir.path().join(format!("{number}.db"));
        write(&path, fixture);
        let store = open(&path).unwrap();
        let page = PageLimit { items: 9, bytes: 99_999 };
        let charters = store.charters(PLACE.network, 1, page).await.unwrap().items;
        assert_eq!(charters, [b"charter one".to_vec(), b"charter two".to_vec()]);
        let held = store.held(PLACE).await.unwrap();
        assert_eq!((held.epoch(), held.current.unwrap().complete), (Epoch(2), false));
        let alerts = store.records(PLACE, Channel::Alerts, 0, NOW, page).await.unwrap();
        assert_eq!(alerts.iter().map(|alert| alert.position).collect::<Vec<_>>(), [65, 70]);
        assert_eq!(&*alerts[1].bytes, b"an alert");
        // What was handed out for a record that has expired since is not handed out again.
        assert_eq!(store.append(record(Channel::Alerts, 2, 7)).await, Ok(76));
        let event = store.records(PLACE, Channel::Roster, 0, NOW, page).await.unwrap();
        assert_eq!(event[0].expires, Timestamp(u64::try_from(i64::MAX).unwrap()));
        assert_eq!(store.staged(PLACE, AnnouncementHash([0x39; 32])).await.unwrap().others, 1);
        assert_eq!(store.late_slots(PLACE, Epoch(1), 0, 9).await.unwrap().0, 1);
        let withdrawn = store.invite(PLACE, InviteId([0x61; 16])).await.unwrap().unwrap();
        assert_eq!(withdrawn.uses, 0);
        let restrictions = store.restrictions(PLACE.network, RestrictionHash::ZERO, page).await.unwrap().items;
        assert_eq!(restrictions.len(), usize::from(number > 1));
        store.close().await;
        assert_eq!(check(&path).unwrap(), Health { version: VERSION, complaints: Vec::new() });
        assert_eq!(layout(&path), layout(&fresh), "version {number}");
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_the_version_before_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("relay.db");
    write(&path, FIXTURES[0]);
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE restrictions (in_the_way INTEGER)").unwrap();
    let before = layout(&path);
    assert!(matches!(open(&path), Err(OpenError::Sqlite { .. })));
    assert_eq!(layout(&path), before);
    assert_eq!(check(&path).unwrap().version, 1);
    Connection::open(&path).unwrap().execute_batch("DROP TABLE restrictions").unwrap();
    let store = open(&path).unwrap();
    assert_eq!(
        store.append(record(Channel::Alerts, 1, 7)).await.unwrap_err(),
        StoreError::Denied(Denied::ClosedEpoch { found: Epoch(1), current: Epoch(2) })
    );
}

/// What is kept is written down: a column that is not in the list is not kept, or somebody has said what it holds.
#[tokio::test]
async fn every_column_is_written_down_with_what_it_holds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("relay.db");
    open(&path).unwrap().close().await;
    let connection = Connection::open(&path).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT tables.name || '.' || columns.name || ' ' || columns.type
             FROM sqlite_schema AS tables, pragma_table_xinfo(tables.name) AS columns WHERE tables.type = 'table'",
        )
        .unwrap();
    let columns = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<BTreeSet<String>, _>>().unwrap();
    let list = include_str!("../../../tests/golden/columns.txt");
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let written: BTreeSet<String> = lines
        .map(|line| {
            let (column, meaning) = line.split_once(": ").unwrap();
            assert!(!meaning.is_empty(), "{line}");
            column.to_owned()
        })
        .collect();
    assert_eq!(columns, written);
}
