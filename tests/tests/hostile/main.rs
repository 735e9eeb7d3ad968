//! What a hostile relay, an infiltrator, and both together can do, and what people see of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod epochs;
mod garbage;
mod lost_slots;
mod nothing_false_is_verified;
mod records;
mod removal;
mod revoked;
mod views;

use watchfire_client::file::alert;
use watchfire_client::ops::view::{AlertView, Filter};
use watchfire_protocol::alert::SignedAlert;
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::id::AlertId;
use watchfire_protocol::time::HOUR;
use watchfire_tests::local::{Person, World};

const CHECKPOINT: &str = include_str!("../../../examples/alerts/checkpoint.json");

/// What is said in place of an answer, if anything.
type Lie = fn(&Request, &Reply) -> Option<Reply>;

/// The admin sends an alert that is good for hours, and the relay says that it has it.
async fn send(world: &World, hours: u64) -> AlertId {
    send_as(&world.admin, world, hours).await
}

async fn send_as(person: &Person, world: &World, hours: u64) -> AlertId {
    let (content, _) = alert::parse(CHECKPOINT).unwrap();
    let draft = person.client.draft_alert(world.hood, content, Some(hours * HOUR)).unwrap();
    let sent = person.client.send_alert(draft).await.unwrap();
    assert!(sent.receipt.is_some(), "{:?}", sent.why_queued);
    sent.id
}

async fn sync(person: &Person, world: &World) {
    let (link, _) = person.client.connected(world.hood).await.unwrap();
    link.goodbye().await;
}

/// What a person sees.
fn shown(person: &Person) -> Vec<AlertView> {
    person.client.alerts(Filter::default()).unwrap()
}

fn ids(person: &Person) -> Vec<AlertId> {
    shown(person).iter().map(|view| view.shown.id()).collect()
}

fn claim(person: &Person, id: AlertId) -> SignedAlert {
    let all = person.client.alerts(Filter { expired: true, ..Filter::default() }).unwrap();
    all.iter().find(|view| view.shown.id() == id).unwrap().shown.signed().clone()
}

/// A second coordinator.
async fn with_kai(world: &World) -> Person {
    let kai = world.join(watchfire_protocol::roster::InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    sync(&kai, world).await;
    kai
}
