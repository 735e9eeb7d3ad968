//! Records: who may append and follow what, cursors, resets, the tail and its followers.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use watchfire_protocol::frame::{Cursor, Refusal, Reply, Request};
use watchfire_protocol::id::{Epoch, RecordId};
use watchfire_protocol::record::{Channel, record_id};
use watchfire_protocol::time::HOUR;
use watchfire_relay::limit::Limits;

use crate::client::{Client, Received};
use crate::organization::{NOW, RETENTION_HOURS, record, sized};
use crate::running::Running;

const LOGS: [Channel; 4] = [Channel::Alerts, Channel::Inbox, Channel::Desk, Channel::Roster];

#[tokio::test]
async fn a_key_appends_and_follows_only_its_channels() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut member = Client::member(&relay.url, &organization, &epoch).await;
    let mut coordinator = Client::coordinator(&relay.url, &organization, &epoch).await;
    for channel in [Channel::Alerts, Channel::Desk, Channel::Roster, Channel::Join] {
        let append = Request::Append { record: record(channel, epoch.number, 1) };
        assert_eq!(member.refusal(append).await, Refusal::WrongChannel, "{channel:?}");
    }
    for channel in [Channel::Inbox, Channel::Desk, Channel::Roster, Channel::Join] {
        let follow = Request::Subscribe { channel, cursor: None };
        assert_eq!(member.refusal(follow).await, Refusal::WrongChannel, "{channel:?}");
    }
    member.append(&record(Channel::Inbox, epoch.number, 1)).await;
    assert!(!member.follow(Channel::Alerts, None).await);
    let join = Request::Append { record: record(Channel::Join, epoch.number, 1) };
    assert_eq!(coordinator.refusal(join).await, Refusal::WrongChannel);
    let follow = Request::Subscribe { channel: Channel::Join, cursor: None };
    assert_eq!(coordinator.refusal(follow).await, Refusal::WrongChannel);
    for channel in LOGS {
        coordinator.append(&record(channel, epoch.number, 2)).await;
        assert!(!coordinator.follow(channel, None).await);
        let found = coordinator.backlog().await;
        assert_eq!(found.last().unwrap().record, record(channel, epoch.number, 2));
    }
    let twice = Request::Subscribe { channel: Channel::Alerts, cursor: None };
    assert_eq!(coordinator.refusal(twice).await, Refusal::OutOfOrder);
    assert_eq!(coordinator.closed().await, 1002);
}

#[tokio::test]
async fn what_is_no_record_is_refused_with_the_reason() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let good = record(Channel::Alerts, epoch.number, 1);
    let (mut version, mut channel) = (good.clone(), good.clone());
    version[0] ^= 1;
    channel[1] = 9;
    let inbox = sized(Channel::Inbox, epoch.number, 1, 1024);
    for bytes in
        [Vec::new(), good[..13].to_vec(), good[..4095].to_vec(), vec![good[0]; 70_000], version, channel, inbox]
    {
        let refusal = writer.refusal(Request::Append { record: bytes.clone() }).await;
        assert!(matches!(refusal, Refusal::BadRecord(_)), "{} bytes: {refusal:?}", bytes.len());
    }
    let epochs = [(0, true), (2, false), (u64::MAX, false)];
    for (found, closed) in epochs.map(|(epoch, closed)| (Epoch(epoch), closed)) {
        let current = epoch.number;
        let wanted =
            if closed { Refusal::ClosedEpoch { found, current } } else { Refusal::UnknownEpoch { found, current } };
        assert_eq!(writer.refusal(Request::Append { record: record(Channel::Alerts, found, 1) }).await, wanted);
    }
    for size in [1 << 10, 4 << 10, 16 << 10, 64 << 10] {
        writer.append(&sized(Channel::Alerts, epoch.number, 1, size)).await;
    }
}

#[tokio::test]
async fn the_same_bytes_are_appended_once() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let bytes = record(Channel::Alerts, epoch.number, 1);
    let first = writer.append(&bytes).await;
    let second = writer.append(&record(Channel::Alerts, epoch.number, 2)).await;
    assert_eq!(writer.append(&bytes).await, first);
    writer.follow(Channel::Alerts, None).await;
    let positions: Vec<_> = writer.backlog().await.iter().map(|each| each.position).collect();
    assert_eq!(positions, [first, second]);
}

#[tokio::test]
async fn a_cursor_goes_on_after_its_record_and_any_other_is_reset() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let mut all = Vec::new();
    for fill in 0..5 {
        let record = record(Channel::Alerts, epoch.number, fill);
        all.push(Received { position: writer.append(&record).await, record });
    }
    let cursor = |at: usize| Cursor { position: all[at].position, id: record_id(&all[at].record) };
    let wrong_id = Cursor { id: RecordId([1; 16]), ..cursor(2) };
    let beyond = Cursor { position: 1000, ..cursor(2) };
    let zero = Cursor { position: 0, ..cursor(2) };
    let far = Cursor { position: u64::MAX, ..cursor(2) };
    for (asked, reset, wanted) in [
        (None, false, &all[..]),
        (Some(cursor(0)), false, &all[1..]),
        (Some(cursor(3)), false, &all[4..]),
        (Some(cursor(4)), false, &[]),
        (Some(wrong_id), true, &all[..]),
        (Some(beyond), true, &all[..]),
        (Some(zero), true, &all[..]),
        (Some(far), true, &all[..]),
    ] {
        let mut reader = Client::member(&relay.url, &organization, &epoch).await;
        assert_eq!(reader.follow(Channel::Alerts, asked).await, reset, "{asked:?}");
        assert_eq!(reader.backlog().await, wanted, "{asked:?}");
    }
}

#[tokio::test]
async fn a_record_reaches_everybody_who_follows_and_its_sender_learns_that_somebody_does() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let mut followers = Vec::new();
    let mut told = Vec::new();
    for fill in 0..7_u8 {
        let record = record(Channel::Alerts, epoch.number, fill);
        let reply = writer.ask(Request::Append { record: record.clone() }).await;
        let Reply::Appended { followers: count, position } = reply else { panic!() };
        told.push(count);
        for reader in &mut followers {
            let reader: &mut Client = reader;
            assert_eq!(reader.record().await, Received { position, record: record.clone() });
        }
        let mut reader = Client::member(&relay.url, &organization, &epoch).await;
        reader.follow(Channel::Alerts, None).await;
        assert_eq!(reader.backlog().await.len(), usize::from(fill) + 1);
        followers.push(reader);
    }
    assert_eq!(told, [0, 1, 2, 2, 2, 5, 5]);

    // A sender who follows is not told of itself.
    writer.follow(Channel::Desk, None).await;
    let desk = Request::Append { record: record(Channel::Desk, epoch.number, 1) };
    assert!(matches!(writer.ask(desk).await, Reply::Appended { followers: 0, .. }));
}

#[tokio::test]
async fn backlog_and_live_records_join_without_a_gap_or_a_double() {
    let limits = Limits { page_records: 3, tail_records: 4, frames_per_second: 10_000, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let write = async |writer: &mut Client, fills: std::ops::Range<u8>| {
        for fill in fills {
            writer.append(&sized(Channel::Alerts, epoch.number, fill, 1024)).await;
        }
    };
    write(&mut writer, 0..50).await;
    let mut readers = Vec::new();
    for _ in 0..4 {
        let mut reader = Client::member(&relay.url, &organization, &epoch).await;
        reader.follow(Channel::Alerts, None).await;
        readers.push(reader);
    }
    write(&mut writer, 50..200).await;
    for mut reader in readers {
        let mut found = Vec::new();
        let mut caught_up = 0;
        while found.len() < 200 {
            match reader.event().await {
                Reply::Record { position, record, .. } => found.push((position, record[100])),
                Reply::CaughtUp { .. } => caught_up += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(found, (0..200_u8).map(|fill| (u64::from(fill) + 1, fill)).collect::<Vec<_>>());
        assert_eq!(caught_up, 1);
    }
}

#[tokio::test]
async fn whoever_comes_back_and_has_missed_nothing_is_told_so_once_and_gets_what_is_new() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let seen = record(Channel::Alerts, epoch.number, 1);
    let mut cursor = Cursor { position: writer.append(&seen).await, id: record_id(&seen) };
    for fill in 2..5 {
        let mut reader = Client::member(&relay.url, &organization, &epoch).await;
        assert!(!reader.follow(Channel::Alerts, Some(cursor)).await);
        let new = record(Channel::Alerts, epoch.number, fill);
        let told = writer.append(&new).await;
        assert!(matches!(reader.event().await, Reply::CaughtUp { channel: Channel::Alerts }));
        let wanted = Reply::Record { channel: Channel::Alerts, position: told, record: new.clone() };
        assert_eq!(reader.event().await, wanted);
        cursor = Cursor { position: told, id: record_id(&new) };
    }
}

#[tokio::test]
async fn a_database_restored_from_an_older_copy_is_noticed_by_its_followers() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let old = record(Channel::Alerts, epoch.number, 1);
    writer.append(&old).await;
    drop(writer);
    let stopped = relay.stop().await;
    let (database, copy) = (stopped.path().join("relay.db"), stopped.path().join("copy"));
    std::fs::copy(&database, &copy).unwrap();

    let relay = stopped.start().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let lost = record(Channel::Alerts, epoch.number, 2);
    let position = writer.append(&lost).await;
    drop(writer);
    let stopped = relay.stop().await;
    std::fs::rename(&copy, &database).unwrap();

    // The same position is handed out again, and the id tells.
    let relay = stopped.start().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let new = record(Channel::Alerts, epoch.number, 3);
    assert_eq!(writer.append(&new).await, position);
    let mut reader = Client::member(&relay.url, &organization, &epoch).await;
    assert!(reader.follow(Channel::Alerts, Some(Cursor { position, id: record_id(&lost) })).await);
    let found: Vec<_> = reader.backlog().await.into_iter().map(|each| each.record).collect();
    assert_eq!(found, [old, new]);
}

#[tokio::test]
async fn an_expired_record_is_given_to_nobody_and_swept_from_the_disk() {
    let limits = Limits { sweep_seconds: 1, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let bytes = record(Channel::Alerts, epoch.number, 0xE7);
    writer.append(&bytes).await;
    let on_disk = || {
        let read = |name: &str| std::fs::read(relay.dir.path().join(name)).unwrap_or_default();
        [read("relay.db"), read("relay.db-wal")].concat().windows(64).any(|window| window == [0xE7; 64])
    };
    assert!(on_disk());
    relay.set_time(NOW.plus(u64::from(RETENTION_HOURS) * HOUR));
    let mut reader = Client::member(&relay.url, &organization, &epoch).await;
    reader.follow(Channel::Alerts, None).await;
    assert_eq!(reader.backlog().await, []);
    tokio::time::timeout(Duration::from_secs(30), async {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while on_disk() {
            tick.tick().await;
        }
    })
    .await
    .expect("the sweep leaves the record on the disk");
    // Who had it has a cursor to a record that is gone.
    let cursor = Cursor { position: 1, id: record_id(&bytes) };
    let mut reader = Client::member(&relay.url, &organization, &epoch).await;
    assert!(reader.follow(Channel::Alerts, Some(cursor)).await);
}

#[tokio::test]
async fn whoever_reads_nothing_is_let_go_after_the_write_stall() {
    let limits = Limits { frames_per_second: 10_000, write_stall_seconds: 1, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut stuck = Client::member(&relay.url, &organization, &epoch).await;
    stuck.follow(Channel::Alerts, None).await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    for number in 0..512_u32 {
        let mut record = sized(Channel::Alerts, epoch.number, 1, 64 << 10);
        record[20..24].copy_from_slice(&number.to_be_bytes());
        let reply = writer.ask(Request::Append { record }).await;
        assert!(matches!(reply, Reply::Appended { .. }));
    }
    // It is not among the followers any more, however long it takes the test to look.
    let mut fill = 0_u32;
    tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            fill += 1;
            let mut record = sized(Channel::Alerts, epoch.number, 2, 1024);
            record[20..24].copy_from_slice(&fill.to_be_bytes());
            if matches!(writer.ask(Request::Append { record }).await, Reply::Appended { followers: 0, .. }) {
                break;
            }
        }
    })
    .await
    .unwrap();
    // What it finds when it wakes up ends without a close frame: there was no room for one.
    let mut rest = Vec::new();
    let _ = stuck.socket.get_mut().read_to_end(&mut rest).await;
}
