//! Limits on how much a connection may ask.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;
use watchfire_protocol::frame::{Refusal, Reply, Request};
use watchfire_protocol::record::Channel;
use watchfire_relay::limit::Limits;

use crate::client::Client;
use crate::organization::{NOW, record};
use crate::running::Running;

#[tokio::test]
async fn above_the_pace_reading_waits_and_pings_count() {
    let limits = Limits { frames_per_second: 50, frames_burst: 20, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut client = Client::member(&relay.url, &organization, &epoch).await;
    let started = Instant::now();
    for _ in 0..60 {
        client.send_raw(Message::Ping(Vec::new().into())).await;
    }
    let standing =
        Request::Standing { network: organization.network(), neighborhood: organization.place().neighborhood };
    // What has been read is answered; the next read waits.
    assert!(matches!(client.ask(standing.clone()).await, Reply::Standing(_)));
    assert!(matches!(client.ask(standing).await, Reply::Standing(_)));
    // 63 frames, of which 20 at once: the rest take 43/50 s.
    assert!(started.elapsed() >= Duration::from_millis(800), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_message_in_too_many_fragments_is_not_put_together() {
    let relay = Running::with(Limits { frames_per_second: 10_000, ..Limits::default() }).await;
    let mut client = Client::connect(&relay.url).await;
    let mut fragments = vec![0x02, 0x80, 1, 2, 3, 4];
    for _ in 0..20 {
        fragments.extend_from_slice(&[0x00, 0x80, 1, 2, 3, 4]);
    }
    client.socket.get_mut().write_all(&fragments).await.unwrap();
    assert_eq!(client.closed().await, 1008);
}

#[tokio::test]
async fn the_inbox_takes_a_burst_and_then_asks_to_wait() {
    let limits = Limits { frames_burst: 1000, inbox_burst: 5, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut member = Client::member(&relay.url, &organization, &epoch).await;
    let inbox = |fill| Request::Append { record: record(Channel::Inbox, epoch.number, fill) };
    for fill in 0..5 {
        assert!(matches!(member.ask(inbox(fill)).await, Reply::Appended { .. }));
    }
    assert_eq!(member.refusal(inbox(5)).await, Refusal::SlowDown { seconds: 5 });
    relay.set_time(NOW.plus(5));
    assert!(matches!(member.ask(inbox(5)).await, Reply::Appended { .. }));
    assert_eq!(member.refusal(inbox(6)).await, Refusal::SlowDown { seconds: 5 });
    // Another connection with the same key is another budget.
    let mut other = Client::member(&relay.url, &organization, &epoch).await;
    assert!(matches!(other.ask(inbox(7)).await, Reply::Appended { .. }));
}

#[tokio::test]
async fn a_network_fills_its_quota_and_no_more() {
    let (relay, organization, epoch) = Running::founded().await;
    let list = relay.dir.path().join("networks.toml");
    watchfire_relay::admission::allow(&list, organization.network(), "40KiB".parse().unwrap()).unwrap();
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    let mut taken = 0;
    let refusal = loop {
        match writer.ask(Request::Append { record: record(Channel::Desk, epoch.number, taken) }).await {
            Reply::Appended { .. } => taken += 1,
            Reply::Refused(refusal) => break refusal,
            other => panic!("{other:?}"),
        }
    };
    // 6 KiB are slots; the desk may fill 90 %.
    assert_eq!((refusal, taken), (Refusal::QuotaFull, 7));
    writer.append(&record(Channel::Alerts, epoch.number, 1)).await;
}
