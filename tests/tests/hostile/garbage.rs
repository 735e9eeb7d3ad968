//! Answers that are none: a client says so in bounded time, keeps what it has, and works when the relay does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use watchfire_client::ClientError;
use watchfire_protocol::frame::{Refusal, Reply, Request, ServerFrame};
use watchfire_protocol::id::Tag;
use watchfire_protocol::object;
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::InviteRole;
use watchfire_tests::hostile::{Act, Hostile, Said};

use super::*;

/// Longer than anything here takes; a client that went on for ever fails the test.
const FOR_EVER: Duration = Duration::from_secs(300);

type Question = fn(&Request) -> bool;
type Garbage = fn() -> Act;

async fn fails(person: &Person, world: &World) -> ClientError {
    match timeout(FOR_EVER, person.client.connected(world.hood)).await.expect("it goes on for ever") {
        Ok(_) => panic!("it should have failed"),
        Err(error) => error,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_question_gets_garbage_for_an_answer_the_client_says_so_and_recovers() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    world.clock.forward(60);
    world.admin.client.rotate(world.hood).await.unwrap();
    let questions: [(&str, Question); 7] = [
        ("greeting", |request| matches!(request, Request::Hello { .. })),
        ("charters", |request| matches!(request, Request::Charters { .. })),
        ("standing", |request| matches!(request, Request::Standing { .. })),
        ("announcements", |request| matches!(request, Request::Announcements { .. })),
        ("list", |request| matches!(request, Request::SlotList { .. })),
        ("run", |request| matches!(request, Request::SlotRun { .. })),
        ("late slots", |request| matches!(request, Request::LateSlots { .. })),
    ];
    let garbage: [(&str, Garbage); 5] = [
        ("another answer", || Act::Say(vec![Reply::Staged { slots: 1, others: 2 }])),
        ("no frame", || Act::Raw(vec![vec![0xff; 64]])),
        ("nothing in a frame", || Act::Raw(vec![vec![]])),
        ("a frame cut short", || Act::Raw(vec![ServerFrame { id: 1, reply: Reply::Done }.to_bytes()[..1].to_vec()])),
        ("a frame beyond the limit", || Act::Raw(vec![vec![1; 200 << 10]])),
    ];
    for (asked, question) in questions {
        for (what, act) in garbage {
            if asked == "late slots" {
                // They are asked for when the slot was not in the run.
                hostile.pretend(|request| {
                    matches!(request, Request::SlotList { .. }).then_some(Reply::Refused(Refusal::NotFound))
                });
            }
            hostile.rule(move |said| match said {
                Said::Asked(request) if question(request) => act(),
                _ => Act::Pass,
            });
            let error = fails(&ben, &world).await;
            assert!([3, 4].contains(&error.exit_code()), "{asked}, {what}: {error}");
            hostile.be_honest();
        }
    }
    let id = send(&world, 2).await;
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_an_end_end_in_an_error() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    world.clock.forward(60);
    world.admin.client.rotate(world.hood).await.unwrap();
    let lies: [(&str, Lie); 3] = [
        ("charters", |_, answer| match answer.clone() {
            Reply::Charters { charters, .. } => Some(Reply::Charters { charters, more: true }),
            _ => None,
        }),
        ("announcements", |_, answer| match answer.clone() {
            Reply::Announcements { announcements, .. } => Some(Reply::Announcements { announcements, more: true }),
            _ => None,
        }),
        ("late slots", |_, answer| match answer.clone() {
            Reply::LateSlots { slots, .. } => Some(Reply::LateSlots { total: u32::MAX, slots }),
            _ => None,
        }),
    ];
    for (what, lie) in lies {
        hostile.lie(lie);
        let ended = timeout(FOR_EVER, ben.client.connected(world.hood)).await;
        assert!(ended.is_ok(), "{what}: it goes on for ever");
        hostile.be_honest();
    }
    let id = send(&world, 2).await;
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_an_end_ends_in_an_error_and_keeps_what_came_before() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let id = send(&world, 2).await;
    hostile.rule(|said| match said {
        Said::Told(Reply::CaughtUp { channel }) => {
            let channel = *channel;
            Act::Endless(Box::new(move |number| {
                let mut record = vec![0x5a; 1024];
                record[..14].copy_from_slice(&[1, channel as u8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
                record[20..28].copy_from_slice(&number.to_be_bytes());
                Reply::Record { channel, position: (1 << 40) + number, record }
            }))
        }
        _ => Act::Pass,
    });
    fails(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
    hostile.be_honest();
    world.clock.forward(60);
    let next = send(&world, 2).await;
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id, next]);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_nobody_asked_for_change_nothing() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    hostile.rule(|said| match said {
        Said::Told(event @ Reply::CaughtUp { .. }) => {
            let record = |channel| Reply::Record { channel, position: 7, record: vec![1; 1024] };
            let all = [Channel::Inbox, Channel::Desk, Channel::Roster, Channel::Join].map(record);
            let mut all = all.to_vec();
            all.extend([Reply::Done, Reply::Subscribed { reset: true }, Reply::Closing { within: 0 }, event.clone()]);
            Act::Say(all)
        }
        _ => Act::Pass,
    });
    let id = send(&world, 2).await;
    // A relay that always says that it goes away is one with which nobody can stay.
    let _ = timeout(FOR_EVER, ben.client.connected(world.hood)).await.expect("it goes on for ever");
    assert_eq!(ids(&ben), [id]);
    hostile.be_honest();
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_without_an_end_are_not_read_to_it() {
    let (hostile, world) = Hostile::found().await;
    let infiltrator = world.join(InviteRole::Responder, "Ana").await;
    let (state, epoch) = infiltrator.keys(world.hood);
    let keys = epoch.keys(state.place());
    let asked: Arc<AtomicUsize> = Arc::default();
    let count = Arc::clone(&asked);
    hostile.pretend(move |request| match request {
        Request::Objects { tags, .. } => {
            count.fetch_add(1, Ordering::SeqCst);
            let sealed = |tag: &Tag| {
                object::seal(&keys.context(), *tag, &keys.member.names_key(), &[0xff; 2000], &mut rand::rng())
            };
            Some(Reply::Objects { objects: tags.iter().map(|tag| sealed(tag).unwrap()).collect() })
        }
        _ => None,
    });
    let ben = world.join(InviteRole::Responder, "Ben").await;
    sync(&ben, &world).await;
    assert!((1..100).contains(&asked.load(Ordering::SeqCst)), "{asked:?}");
    hostile.be_honest();
    sync(&ben, &world).await;
    assert_eq!(ben.client.status().unwrap().hoods[0].name, "Elm Park");
}
