//! What has expired is gone from the relay's files, whoever is connected.

use std::path::Path;
use std::time::{Duration, Instant};

use watchfire_protocol::frame::{Prover, Reply};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::HOUR;
use watchfire_relay::limit::Limits;

use crate::client::Client;
use crate::organization::{EpochKeys, NOW, OLD_MILL, RETENTION_HOURS, coordinator, sized};
use crate::running::Running;

/// A record with a mark in it.
fn marked(mark: &str, epoch: Epoch, size: usize) -> Vec<u8> {
    let mut record = sized(Channel::Alerts, epoch, 7, size);
    record[20..20 + mark.len()].copy_from_slice(mark.as_bytes());
    record
}

/// Whether any file of the relay has a mark.
fn holds(dir: &Path, mark: &str) -> bool {
    let files = std::fs::read_dir(dir).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap_or_default());
    files.into_iter().any(|bytes| bytes.windows(mark.len()).any(|window| window == mark.as_bytes()))
}

async fn is_forgotten(dir: &Path, mark: &str) {
    let patience = Instant::now() + Duration::from_secs(60);
    while holds(dir, mark) {
        assert!(Instant::now() < patience, "{mark} is still there");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn each_neighborhood_has_its_own_time_after_which_nothing_is_left() {
    let limits = Limits { sweep_seconds: 1, ..Limits::default() };
    let longer = RETENTION_HOURS + 24;
    let (relay, organization, epoch) =
        Running::founded_with(limits, |body| body.neighborhoods[1].retention_hours = longer).await;
    let place = Place { network: organization.network(), neighborhood: OLD_MILL };
    let elsewhere = EpochKeys::new(&organization, 1, None, 3, |keys, _| keys.neighborhood = OLD_MILL, &coordinator());
    let device = coordinator();
    let mut opener = Client::proved(&relay.url, place, Epoch::NONE, Prover::Device(device.public()), &device).await;
    opener.stage(&elsewhere).await;
    assert_eq!(opener.open(&elsewhere, 0).await, Reply::Done);

    let mut here = Client::coordinator(&relay.url, &organization, &epoch).await;
    here.append(&marked("of Riverside", epoch.number, 4096)).await;
    let mut there =
        Client::proved(&relay.url, place, elsewhere.number, Prover::Coordinator, &elsewhere.coordinator).await;
    there.append(&marked("of Old Mill", elsewhere.number, 4096)).await;
    relay.set_time(NOW.plus(u64::from(RETENTION_HOURS) * HOUR));
    is_forgotten(relay.dir.path(), "of Riverside").await;
    assert!(holds(relay.dir.path(), "of Old Mill"));
    relay.set_time(NOW.plus(u64::from(longer) * HOUR));
    is_forgotten(relay.dir.path(), "of Old Mill").await;
}

#[tokio::test]
async fn a_reader_that_takes_nothing_keeps_nothing_that_has_expired() {
    let limits = Limits { sweep_seconds: 1, tail_records: 4, bytes_burst: 1 << 30, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let mut writer = Client::coordinator(&relay.url, &organization, &epoch).await;
    for number in 0..60 {
        writer.append(&marked(&format!("number {number:02}"), epoch.number, 64 << 10)).await;
    }
    // More than its socket takes, so that it stops in the middle.
    let mut reader = Client::member(&relay.url, &organization, &epoch).await;
    reader.follow(Channel::Alerts, None).await;
    relay.set_time(NOW.plus(u64::from(RETENTION_HOURS) * HOUR));
    is_forgotten(relay.dir.path(), "number ").await;
    // What was on its way is all that it gets.
    assert!(reader.backlog().await.len() < 60);
}
