//! A relay on the side of somebody who was removed.

use watchfire_client::state::Missing;
use watchfire_protocol::id::Epoch;
use watchfire_protocol::record::Channel;
use watchfire_tests::hostile::Hostile;

use super::*;

fn missing(person: &Person) -> Option<Missing> {
    person.client.status().unwrap().hoods[0].missing
}

fn epoch(person: &Person) -> Epoch {
    person.client.status().unwrap().hoods[0].epoch
}

fn is_member(person: &Person, world: &World, handle: &str) -> bool {
    person.client.members(world.hood).unwrap().iter().any(|member| member.handle == handle)
}

async fn remove_ben(world: &World) {
    let ben = world.admin.client.member_named(world.hood, "Ben").unwrap();
    world.admin.client.remove_members(world.hood, &[ben], "").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_was_acknowledged_and_dropped_holds_with_every_coordinator() {
    let (hostile, world) = Hostile::found().await;
    let kai = with_kai(&world).await;
    let ben = world.join_in_person("Ben").await;
    sync(&kai, &world).await;
    hostile.drop_appended(Channel::Roster);
    remove_ben(&world).await;
    // Kai never reads the event, only a roster without Ben, and leaves it at that.
    for _ in 0..2 {
        sync(&kai, &world).await;
        assert!(!is_member(&kai, &world, "Ben"));
    }
    hostile.be_honest();
    let before = epoch(&kai);
    assert_eq!(kai.client.rotate(world.hood).await.unwrap(), before.next());
    let id = send_as(&kai, &world, 2).await;
    let _ = ben.client.connected(world.hood).await;
    assert!(matches!(missing(&ben), Some(Missing::Removed { .. })));
    assert!(!ids(&ben).contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_put_back_to_before_a_removal_brings_nobody_back_and_gets_no_alert_that_they_read() {
    let (hostile, mut world) = Hostile::found().await;
    let kai = with_kai(&world).await;
    let (ana, ben) = (world.join_in_person("Ana").await, world.join_in_person("Ben").await);
    sync(&kai, &world).await;
    let before = world.relay.twin().await;
    remove_ben(&world).await;
    sync(&kai, &world).await;
    hostile.show(&before);
    // Whoever coordinates and meets the old epoch opens another one, and seals nothing in the one that Ben reads.
    let id = send(&world, 2).await;
    let other = send_as(&kai, &world, 2).await;
    sync(&ana, &world).await;
    // The alert that went out before the epoch without slots was followed by another is sealed again in that one.
    assert!(ids(&ana).contains(&id) && ids(&ana).contains(&other), "{:?}", ids(&ana));
    let _ = ben.client.connected(world.hood).await;
    assert!(!ids(&ben).contains(&id) && !ids(&ben).contains(&other));
    assert!(matches!(missing(&ben), Some(Missing::Removed { .. })));
    for coordinator in [&world.admin, &kai] {
        assert!(!is_member(coordinator, &world, "Ben"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_hides_the_new_epoch_from_the_removed_shows_them_an_old_one_and_no_new_alert() {
    let (hostile, mut world) = Hostile::found().await;
    let ben = world.join_in_person("Ben").await;
    let old = send(&world, 5).await;
    sync(&ben, &world).await;
    let frozen = world.relay.twin().await;
    remove_ben(&world).await;
    world.clock.forward(60);
    let new = send(&world, 5).await;
    let records = hostile.kept();
    hostile.show(&frozen);
    hostile.add(Channel::Alerts, records);
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [old]);
    assert!(!ids(&ben).contains(&new));
    assert!(ben.client.held(None).unwrap().iter().all(|held| held.claim.is_none()), "not even what it says");
}
