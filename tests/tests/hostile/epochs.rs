//! A relay that lies about slots, runs and epochs.

use watchfire_client::state::Missing;
use watchfire_protocol::frame::{Refusal, Reply};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::roster::InviteRole;
use watchfire_tests::hostile::Hostile;

use super::*;

/// What a relay can say instead of the list and the run that were signed.
const LIES: [(&str, Lie); 9] = [
    ("no list", |_, answer| matches!(answer, Reply::SlotList { .. }).then_some(Reply::Refused(Refusal::NotFound))),
    ("an empty list", |_, answer| {
        matches!(answer, Reply::SlotList { .. }).then(|| Reply::SlotList { total: 0, entries: vec![] })
    }),
    ("a list without its end", |_, answer| match answer {
        Reply::SlotList { total, .. } => Some(Reply::SlotList { total: *total, entries: vec![] }),
        _ => None,
    }),
    ("another list", |_, answer| match answer.clone() {
        Reply::SlotList { total, mut entries } => {
            entries.iter_mut().for_each(|entry| entry.hash[0] ^= 1);
            Some(Reply::SlotList { total, entries })
        }
        _ => None,
    }),
    ("no run", |_, answer| matches!(answer, Reply::SlotRun { .. }).then_some(Reply::Refused(Refusal::NotFound))),
    ("an empty run", |_, answer| {
        matches!(answer, Reply::SlotRun { .. }).then(|| Reply::SlotRun { total: 0, slots: vec![] })
    }),
    ("a run without one slot in four", |_, answer| match answer.clone() {
        Reply::SlotRun { total, mut slots } => {
            let mut number = 0;
            slots.retain(|_| {
                number += 1;
                number % 4 != 0
            });
            Some(Reply::SlotRun { total, slots })
        }
        _ => None,
    }),
    ("altered slots", |_, answer| match answer.clone() {
        Reply::SlotRun { total, mut slots } => {
            slots.iter_mut().for_each(|slot| slot.body[100] ^= 1);
            Some(Reply::SlotRun { total, slots })
        }
        _ => None,
    }),
    ("a run with one half of it twice", |_, answer| match answer.clone() {
        Reply::SlotRun { total, mut slots } => {
            slots.truncate(slots.len() / 2);
            slots.extend(slots.clone());
            Some(Reply::SlotRun { total, slots })
        }
        _ => None,
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_withheld_is_told_as_withheld_and_never_as_a_removal() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let missing = || ben.client.status().unwrap().hoods[0].missing;
    for (what, lie) in LIES {
        world.clock.forward(60);
        world.admin.client.rotate(world.hood).await.unwrap();
        let id = send(&world, 2).await;
        hostile.lie(lie);
        // The relay still reads to the holder of the key before.
        let _ = ben.client.connected(world.hood).await;
        assert_eq!(missing(), Some(Missing::Withheld), "{what}");
        assert!(!ids(&ben).contains(&id));
        hostile.be_honest();
        sync(&ben, &world).await;
        assert_eq!(missing(), None, "{what}");
        assert!(ids(&ben).contains(&id), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_that_were_swapped_cost_nobody_their_key() {
    let (hostile, world) = Hostile::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    world.clock.forward(60);
    world.admin.client.rotate(world.hood).await.unwrap();
    let id = send(&world, 2).await;
    // The bodies of a run go round by one: everybody's is at somebody else's tag.
    hostile.lie(|_, answer| match answer.clone() {
        Reply::SlotRun { total, mut slots } => {
            let mut bodies: Vec<_> = slots.iter().map(|slot| slot.body.clone()).collect();
            bodies.rotate_left(1);
            slots.iter_mut().zip(bodies).for_each(|(slot, body)| slot.body = body);
            Some(Reply::SlotRun { total, slots })
        }
        _ => None,
    });
    for person in [&ana, &ben] {
        let _ = person.client.connected(world.hood).await;
        assert_eq!(person.client.status().unwrap().hoods[0].missing, Some(Missing::Withheld));
    }
    hostile.be_honest();
    for person in [&ana, &ben] {
        sync(person, &world).await;
        assert_eq!(ids(person), [id]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn late_slots_that_were_swapped_or_altered_cost_nobody_their_key() {
    use watchfire_client::ops::join::JoinState;
    use watchfire_tests::local::{Person, terms};
    let (hostile, world) = Hostile::found().await;
    let mut people = Vec::new();
    for handle in ["Ana", "Ben"] {
        let person = Person::new(&world.clock);
        let view = person.client.join(&world.invite(InviteRole::Responder).await, &terms(handle)).await.unwrap();
        sync(&world.admin, &world).await;
        let (request, words) = (view.request.to_string(), view.say[0].join(" "));
        world.admin.client.approve(world.hood, &request, &words).await.unwrap();
        people.push(person);
    }
    let lies: [Lie; 2] = [
        |_, answer| match answer.clone() {
            Reply::LateSlots { total, mut slots } => {
                let mut bodies: Vec<_> = slots.iter().map(|slot| slot.body.clone()).collect();
                bodies.rotate_left(1);
                slots.iter_mut().zip(bodies).for_each(|(slot, body)| slot.body = body);
                Some(Reply::LateSlots { total, slots })
            }
            _ => None,
        },
        |_, answer| match answer.clone() {
            Reply::LateSlots { total, mut slots } => {
                let mut tags: Vec<_> = slots.iter().map(|slot| slot.tag).collect();
                tags.rotate_left(1);
                slots.iter_mut().zip(tags).for_each(|(slot, tag)| slot.tag = tag);
                Some(Reply::LateSlots { total, slots })
            }
            _ => None,
        },
    ];
    for lie in lies {
        hostile.lie(lie);
        for person in &people {
            assert_ne!(person.client.continue_join(world.hood).await.unwrap().state, JoinState::Member);
        }
        hostile.be_honest();
    }
    for person in &people {
        assert_eq!(person.client.continue_join(world.hood).await.unwrap().state, JoinState::Member);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_rolled_back_to_an_older_epoch_takes_nobody_back_there() {
    let (hostile, mut world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let old = world.relay.twin().await;
    world.clock.forward(60);
    world.admin.client.rotate(world.hood).await.unwrap();
    let id = send(&world, 2).await;
    sync(&ben, &world).await;
    let epoch = || ben.client.status().unwrap().hoods[0].epoch;
    let reached = epoch();

    hostile.show(&old);
    sync(&ben, &world).await;
    assert_eq!(epoch(), reached);
    // Who coordinates brings back what the old disk lacks, in the epoch that it brings or the next.
    sync(&world.admin, &world).await;
    let lou = world.join(InviteRole::Responder, "Lou").await;
    sync(&ben, &world).await;
    assert!(epoch() >= reached);
    for person in [&ben, &lou] {
        sync(person, &world).await;
        assert_eq!(ids(person), [id]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_told_out_of_order_or_twice_take_nobody_back() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let mut all = Vec::new();
    for _ in 0..3 {
        world.clock.forward(60);
        world.admin.client.rotate(world.hood).await.unwrap();
    }
    sync(&ben, &world).await;
    let reached = ben.client.status().unwrap().hoods[0].epoch;
    ben.vault()
        .transact(|tx| {
            for (_, bytes) in tx.list::<Vec<u8>>(watchfire_client::vault::Bucket::Announcement, b"")? {
                all.push(bytes);
            }
            Ok::<_, watchfire_client::ClientError>(())
        })
        .unwrap();
    all.reverse();
    hostile.lie(move |_, answer| match answer {
        Reply::Standing(standing) => {
            let mut standing = *standing;
            standing.epoch = Epoch(standing.epoch.0 + 5);
            Some(Reply::Standing(standing))
        }
        Reply::Announcements { .. } => Some(Reply::Announcements { announcements: all.clone(), more: false }),
        _ => None,
    });
    let _ = ben.client.connected(world.hood).await;
    assert_eq!(ben.client.status().unwrap().hoods[0].epoch, reached);
    hostile.be_honest();
    let id = send(&world, 2).await;
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_always_says_that_slots_are_lost_keeps_no_alert_back() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    hostile.lie(|_, answer| match answer {
        Reply::Standing(standing) => {
            let mut standing = *standing;
            standing.complete = false;
            Some(Reply::Standing(standing))
        }
        _ => None,
    });
    let (content, _) = alert::parse(CHECKPOINT).unwrap();
    let draft = world.admin.client.draft_alert(world.hood, content, None).unwrap();
    let sent = world.admin.client.send_alert(draft).await.unwrap();
    assert!(sent.receipt.is_some(), "{:?}", sent.why_queued);
    hostile.be_honest();
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [sent.id]);
}
