//! A relay that says that slots are lost, so that somebody who does not know of a removal opens the next epoch.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use watchfire_client::state::Missing;
use watchfire_protocol::frame::{Refusal, Reply};
use watchfire_protocol::id::{Epoch, Tag};
use watchfire_protocol::object;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::DAY;
use watchfire_tests::hostile::Hostile;

use super::*;

/// The newest roster and the events by which it came about do not reach anybody, and its slots are said to be lost.
fn withhold_the_removal(hostile: &Hostile) {
    hostile.withhold(Channel::Roster, |_| true);
    hostile.lie(|_, answer| match answer {
        Reply::Objects { .. } => Some(Reply::Refused(Refusal::NotFound)),
        answer => lost(answer),
    });
}

fn lost(answer: &Reply) -> Option<Reply> {
    let Reply::Standing(standing) = answer else { return None };
    let mut standing = *standing;
    standing.complete = false;
    Some(Reply::Standing(standing))
}

fn epoch(person: &Person) -> Epoch {
    person.client.status().unwrap().hoods[0].epoch
}

fn missing(person: &Person) -> Option<Missing> {
    person.client.status().unwrap().hoods[0].missing
}

fn members(person: &Person, world: &World) -> Vec<String> {
    person.client.members(world.hood).unwrap().into_iter().map(|member| member.handle).collect()
}

async fn kai_and_ben(world: &World) -> (Person, Person) {
    let kai = with_kai(world).await;
    let ben = world.join_in_person("Ben").await;
    sync(&kai, world).await;
    (kai, ben)
}

async fn remove_ben(world: &World) {
    let ben = world.admin.client.member_named(world.hood, "Ben").unwrap();
    world.admin.client.remove_members(world.hood, &[ben], "").await.unwrap();
}

/// Marisol removed Ben, and Kai's roster is the one before.
async fn kai_who_did_not_read_of_a_removal(hostile: &Hostile, world: &World) -> (Person, Person) {
    let (kai, ben) = kai_and_ben(world).await;
    remove_ben(world).await;
    withhold_the_removal(hostile);
    sync(&kai, world).await;
    assert!(members(&kai, world).contains(&"Ben".to_owned()), "Kai does not know");
    (kai, ben)
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_that_are_said_to_be_lost_bring_nobody_back_who_was_removed() {
    let (hostile, world) = Hostile::found().await;
    let (kai, ben) = kai_who_did_not_read_of_a_removal(&hostile, &world).await;
    let removed_in = epoch(&kai);
    for minutes in [11, 11, 600] {
        world.clock.forward(60 * minutes);
        sync(&kai, &world).await;
        assert_eq!(epoch(&kai), removed_in, "Marisol can open the next one, and knows the roster");
    }
    // Nor does Kai's client add a slot of this epoch for somebody of whom it is not sure.
    hostile.be_honest();
    sync(&kai, &world).await;
    assert!(!members(&kai, &world).contains(&"Ben".to_owned()));
    let _ = ben.client.connected(world.hood).await;
    assert!(matches!(missing(&ben), Some(Missing::Removed { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_without_the_roster_keys_are_made_with_the_one_before_and_the_removal_still_holds() {
    let (hostile, world) = Hostile::found().await;
    let (kai, ben) = kai_who_did_not_read_of_a_removal(&hostile, &world).await;
    let removed_in = epoch(&kai);
    world.clock.forward(DAY + 60);
    sync(&kai, &world).await;
    assert_eq!(epoch(&kai), removed_in.next(), "nobody is left without keys for ever");
    // The relay says of that epoch, too, that it is lost: there is not one more each time.
    for _ in 0..3 {
        sync(&kai, &world).await;
    }
    assert_eq!(epoch(&kai), removed_in.next());
    hostile.be_honest();
    let _ = ben.client.connected(world.hood).await;
    assert_eq!((missing(&ben), epoch(&ben)), (None, removed_in.next()), "what the relay and Ben were after");
    // Marisol's client knows better, and gives Kai's two minutes to know it, too.
    for _ in 0..2 {
        sync(&world.admin, &world).await;
        world.clock.forward(180);
    }
    assert_eq!(epoch(&world.admin), removed_in.next().next());
    for person in [&kai, &world.admin] {
        sync(person, &world).await;
        assert!(!members(person, &world).contains(&"Ben".to_owned()));
    }
    let _ = ben.client.connected(world.hood).await;
    assert!(matches!(missing(&ben), Some(Missing::Removed { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_does_the_weekly_opening() {
    let (hostile, world) = Hostile::found().await;
    let (kai, ben) = kai_and_ben(&world).await;
    remove_ben(&world).await;
    world.clock.forward(8 * DAY);
    withhold_the_removal(&hostile);
    let removed_in = epoch(&world.admin);
    sync(&kai, &world).await;
    assert_eq!(epoch(&kai), removed_in, "Marisol's client can open the one that is due");
    hostile.be_honest();
    // Kai's can, too, once it has read the roster.
    sync(&kai, &world).await;
    assert_eq!(epoch(&kai), removed_in.next());
    let _ = ben.client.connected(world.hood).await;
    assert!(matches!(missing(&ben), Some(Missing::Removed { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_one_who_can_make_keys_does_not_wait_for_another() {
    let (hostile, world) = Hostile::found().await;
    let (kai, _ben) = kai_who_did_not_read_of_a_removal(&hostile, &world).await;
    let before = epoch(&kai);
    let marisol = world.admin.client.charter().unwrap().charter.body().grants[0].devices[0];
    world
        .next_charter(|body| {
            let hers = body.grants.iter_mut().filter(|grant| grant.devices.contains(&marisol));
            hers.flat_map(|grant| &mut grant.scopes).for_each(|scope| scope.enroll = false);
        })
        .await;
    sync(&kai, &world).await;
    world.clock.forward(11 * 60);
    sync(&kai, &world).await;
    assert_eq!(epoch(&kai), before.next());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_always_says_that_slots_are_lost_gets_one_opening_in_ten_minutes() {
    let (hostile, world) = Hostile::found().await;
    hostile.lie(|_, answer| lost(answer));
    let before = epoch(&world.admin).0;
    for _ in 0..4 {
        sync(&world.admin, &world).await;
    }
    assert_eq!(epoch(&world.admin).0, before + 1);
    world.clock.forward(11 * 60);
    for _ in 0..4 {
        sync(&world.admin, &world).await;
    }
    assert_eq!(epoch(&world.admin).0, before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_a_coordinator_and_the_relay_made_endless_is_read_to_a_bound() {
    let (hostile, world) = Hostile::found().await;
    let kai = with_kai(&world).await;
    let known = members(&kai, &world);
    world.admin.client.rotate(world.hood).await.unwrap();
    let (state, opened) = world.admin.keys(world.hood);
    let keys = opened.keys(state.place());
    let roster_key = keys.coordinator.as_ref().unwrap().roster_key();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    hostile.pretend(move |request| {
        let Request::Objects { tags, .. } = request else { return None };
        count.fetch_add(tags.len(), Ordering::SeqCst);
        let seal = |tag: &Tag| object::seal(&keys.context(), *tag, &roster_key, b"more", &mut rand::rng()).unwrap();
        Some(Reply::Objects { objects: tags.iter().map(seal).collect() })
    });
    sync(&kai, &world).await;
    let asked = asked.load(Ordering::SeqCst);
    assert!((8192..8400).contains(&asked), "{asked} objects");
    assert_eq!(members(&kai, &world), known);
}
