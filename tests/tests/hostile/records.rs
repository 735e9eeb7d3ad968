//! A relay that drops, delays, repeats and reorders records, and one that touches them.

use watchfire_client::ops::view::is_verified;
use watchfire_protocol::frame::Reply;
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::verdict::Note;
use watchfire_protocol::vocabulary::{AnswerContent, Code};
use watchfire_tests::hostile::Hostile;
use watchfire_tests::local::{Person, terms};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn records_that_come_twice_and_in_another_order_are_each_there_once_and_in_order() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let mut sent = Vec::new();
    for _ in 0..4 {
        world.clock.forward(60);
        sent.push(send(&world, 2).await);
    }
    hostile.rearrange(Channel::Alerts, |events| events.iter().rev().chain(&events).cloned().collect());
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), sent);
    assert!(shown(&ben).iter().all(is_verified));
    // Replayed as news to whoever is connected, and read again from an honest relay.
    sync(&ben, &world).await;
    hostile.be_honest();
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), sent);
    assert_eq!(ben.client.held(None).unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delayed_alert_says_that_it_is_late() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    hostile.withhold(Channel::Alerts, |_| true);
    send(&world, 2).await;
    sync(&ben, &world).await;
    assert_eq!(shown(&ben).len(), 0);
    world.clock.forward(20 * 60);
    hostile.be_honest();
    sync(&ben, &world).await;
    let view = shown(&ben).pop().unwrap();
    assert!(is_verified(&view), "late, and no less true");
    assert!(view.shown.notes().contains(&Note::Late { seconds: 20 * 60 }), "{:?}", view.shown.notes());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_acknowledged_and_dropped_is_brought_back_when_the_relay_is_honest() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    hostile.drop_appended(Channel::Alerts);
    let id = send(&world, 5).await;
    sync(&world.admin, &world).await;
    sync(&ben, &world).await;
    assert_eq!(shown(&ben).len(), 0);
    hostile.be_honest();
    sync(&world.admin, &world).await;
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_acknowledged_and_dropped_is_done_again() {
    use watchfire_client::ops::join::JoinState;
    use watchfire_protocol::frame::Request;
    let (hostile, world) = Hostile::found().await;
    let ana = Person::new(&world.clock);
    let view = ana.client.join(&world.invite(InviteRole::Responder).await, &terms("Ana")).await.unwrap();
    sync(&world.admin, &world).await;
    hostile.drop_appended(Channel::Roster);
    hostile.pretend(|request| matches!(request, Request::AddLateSlot(_)).then_some(Reply::Done));
    world.admin.client.approve(world.hood, &view.request.to_string(), &view.say[0].join(" ")).await.unwrap();
    assert_ne!(ana.client.continue_join(world.hood).await.unwrap().state, JoinState::Member);
    hostile.be_honest();
    sync(&world.admin, &world).await;
    assert_eq!(ana.client.continue_join(world.hood).await.unwrap().state, JoinState::Member);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_byte_of_a_record_the_relay_touches_the_alert_comes_when_it_stops() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let id = send(&world, 2).await;
    hostile.rearrange(Channel::Alerts, |events| {
        let mut position = 0;
        let mut touched = Vec::new();
        for event in events {
            let Reply::Record { channel, record, .. } = event else { continue };
            let touch = |at: usize| {
                let mut record = record.clone();
                record[at] ^= 0x80;
                record
            };
            let mut all: Vec<Vec<u8>> = (0..14).chain([14, 40, 500, record.len() - 1]).map(touch).collect();
            // An hour that nobody can step to; cut short; grown.
            let mut absurd = record.clone();
            absurd[10..14].fill(0xff);
            all.extend([absurd, record[..13].to_vec(), record[..record.len() - 1].to_vec(), vec![], vec![1; 65_536]]);
            touched.extend(all.into_iter().map(|record| {
                position += 1;
                Reply::Record { channel, position, record }
            }));
        }
        touched
    });
    sync(&ben, &world).await;
    assert_eq!(shown(&ben).len(), 0);
    let held = ben.client.held(None).unwrap();
    assert!(held.iter().any(|held| held.reason.contains("hour too far in the future")), "{}", held.len());
    assert!(held.iter().any(|held| held.reason.contains("cannot be opened")));
    hostile.be_honest();
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
    assert!(is_verified(&shown(&ben)[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_at_the_end_of_all_numbers_costs_no_later_alert() {
    let (hostile, world) = Hostile::found().await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let infiltrator = world.join(InviteRole::Responder, "Ana").await;
    let record = infiltrator.wrap(world.hood, b"anything");
    hostile.rearrange(Channel::Alerts, move |mut events| {
        events.push(Reply::Record { channel: Channel::Alerts, position: u64::MAX, record: record.clone() });
        events
    });
    sync(&ben, &world).await;
    hostile.be_honest();
    let id = send(&world, 2).await;
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_infiltrator_cannot_answer_for_somebody_else() {
    let (_hostile, world) = Hostile::found().await;
    let infiltrator = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let id = send(&world, 2).await;
    sync(&infiltrator, &world).await;
    let going = || AnswerContent::new(Code::new("going").unwrap());
    // It writes another member's id over its own.
    let (mut state, _) = infiltrator.keys(world.hood);
    let own = std::mem::replace(&mut state.member, ben.keys(world.hood).0.member);
    infiltrator.vault().transact(|tx| state.save(tx)).unwrap();
    infiltrator.client.answer(&id.to_string(), going()).await.unwrap();
    sync(&world.admin, &world).await;
    let tally = || world.admin.client.tally(&world.admin.client.alert(&id.to_string()).unwrap()).unwrap();
    assert_eq!(tally().going, 0);
    // And with its own it can.
    state.member = own;
    infiltrator.vault().transact(|tx| state.save(tx)).unwrap();
    infiltrator.client.answer(&id.to_string(), going()).await.unwrap();
    sync(&world.admin, &world).await;
    assert_eq!(tally().going, 1);
}
