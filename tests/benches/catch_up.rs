//! How fast a responder who was away catches up, with everything: relay, connection, keys, labels, and the vault on this disk.
//! `cargo bench -p watchfire-tests --bench catch_up [-- ALERTS]`.
//!
//! Beside each time stands that of a connection that finds nothing new, which is taken off.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs, reason = "a measurement fails by panicking")]

use std::time::{Duration, Instant};

use watchfire_client::file::alert;
use watchfire_client::ops::view::Filter;
use watchfire_tests::local::{Person, World};

const ROUNDS: usize = 3;

#[tokio::main]
async fn main() {
    let alerts: usize = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(60);
    let world = World::found().await;
    let mut away = Vec::new();
    for number in 0..ROUNDS {
        away.push(world.join_in_person(&format!("Ana {number}")).await);
    }
    let content = alert::parse(include_str!("../../examples/alerts/checkpoint.json")).unwrap().0;
    for _ in 0..alerts {
        let draft = world.admin.client.draft_alert(world.hood, content.clone(), None).unwrap();
        world.admin.client.send_alert(draft).await.unwrap();
    }
    let mut rates = Vec::new();
    for person in &away {
        let behind = connect(&world, person).await;
        assert_eq!(person.client.alerts(Filter::default()).unwrap().len(), alerts);
        let quiet = connect(&world, person).await;
        rates.push(alerts as f64 / behind.saturating_sub(quiet).as_secs_f64());
        println!("{alerts} alerts in {behind:.2?}, nothing new in {quiet:.2?}");
    }
    rates.sort_by(f64::total_cmp);
    println!("{:.0} alerts a second ({:.0} to {:.0})", rates[ROUNDS / 2], rates[0], rates[ROUNDS - 1]);
}

async fn connect(world: &World, person: &Person) -> Duration {
    let begun = Instant::now();
    let (link, _) = person.client.connected(world.hood).await.unwrap();
    let took = begun.elapsed();
    link.goodbye().await;
    took
}
