//! How fast a backlog of alerts is opened and judged, on one core:
//! `cargo bench -p watchfire-protocol --bench backlog [-- ALERTS]`.
//!
//! Each alert is opened with its hour's key, read, and judged with everything that its label depends on, one after the
//! other. Told are alerts in a second of processor time (of Linux), and what share of the time the bare checks of as many signatures take.
#![allow(
    clippy::unwrap_used,
    dead_code,
    missing_docs,
    reason = "a measurement fails by panicking, and uses half a scene"
)]
#![allow(clippy::indexing_slicing, clippy::panic, reason = "the scene asserts; rounds are counted")]

use std::time::Duration;

use watchfire_protocol::alert::AlertsItem;
use watchfire_protocol::kdf::Context;
use watchfire_protocol::ratchet::{Chain, ChainOf};
use watchfire_protocol::record::{Channel, Header, open_record, seal_record};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::time::Hour;
use watchfire_protocol::verdict::Verdict;

use crate::scene::{ANNOUNCEMENT, EPOCH, Scene};

#[path = "../tests/claims/scene.rs"]
mod scene;

const ROUNDS: usize = 7;
/// The hours of a day, over which the alerts are spread.
const HOURS: u32 = 24;

fn main() {
    let alerts: u32 = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(5_000);
    let scene = Scene::new();
    let context = Context { place: scene.place(), epoch: EPOCH };
    let chain = Chain::new(context, ChainOf::Members, Hour(0), Secret32::new([3; 32]));
    for signers in [[11].as_slice(), &[11, 21]] {
        let records: Vec<_> = (0..alerts).map(|number| record(&scene, &chain, number, signers)).collect();
        let mut rates: Vec<(f64, f64)> = (0..ROUNDS).map(|_| round(&scene, &chain, &records, signers)).collect();
        rates.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (rate, share) = rates[ROUNDS / 2];
        let (slow, fast) = (rates[ROUNDS / 4].0, rates[ROUNDS * 3 / 4].0);
        println!(
            "{alerts} alerts with {} signatures each: {rate:.0} ({slow:.0} to {fast:.0}) a second opened and judged; \
             the signatures alone take {share:.2} of it",
            signers.len()
        );
    }
}

fn record(scene: &Scene, chain: &Chain, number: u32, signers: &[u8]) -> Vec<u8> {
    let alert = scene.altered(signers, |body| body.random[..4].copy_from_slice(&number.to_be_bytes()));
    let header = Header { channel: Channel::Alerts, epoch: EPOCH, hour: Hour(number % HOURS) };
    let key = chain.at(header.hour).unwrap().alerts_key();
    let content = AlertsItem::Alert(alert).to_bytes();
    seal_record(&scene.place(), &ANNOUNCEMENT, header, &key, &content, &mut rand::rng()).unwrap()
}

/// Alerts a second, and the share of the signatures' checks.
fn round(scene: &Scene, chain: &Chain, records: &[Vec<u8>], signers: &[u8]) -> (f64, f64) {
    let begun = processor();
    for record in records {
        let header = Header::parse(record).unwrap();
        let key = chain.at(header.hour).unwrap().alerts_key();
        let content = open_record(&scene.place(), &ANNOUNCEMENT, &key, record).unwrap();
        let AlertsItem::Alert(claim) = AlertsItem::from_bytes(&content).unwrap() else { panic!("it is an alert") };
        assert!(matches!(scene.judge(claim), Verdict::Shown(_)));
    }
    let all = processor() - begun;
    let (place, alert) = (scene.place(), scene.alert(signers));
    let begun = processor();
    for _ in records {
        assert_eq!(alert.valid_signatures(&place).count(), signers.len());
    }
    let checks = processor() - begun;
    (records.len() as f64 / all.as_secs_f64(), checks.as_secs_f64() / all.as_secs_f64())
}

/// Processor time of this thread, whatever else the machine does.
fn processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
}
