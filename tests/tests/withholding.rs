//! `withholding-is-noticed`: a relay that keeps an alert back, keeps quiet, or shows somebody another view.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file::alert;
use watchfire_client::ops::alert::Preview;
use watchfire_client::ops::status::HoodStatus;
use watchfire_client::ops::view::{AlertView, Filter, is_verified};
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::time::{DAY, HOUR};
use watchfire_protocol::verdict::Note;
use watchfire_protocol::vocabulary::{AnswerContent, Code};
use watchfire_protocol::withholding::OtherView;
use watchfire_tests::local::{LocalRelay, Person, World, add_neighborhood};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

async fn send(world: &World, by: &Person) -> AlertId {
    let (content, _) = alert::parse(CHECKPOINT).unwrap();
    let draft = by.client.draft_alert(world.hood, content, Some(20 * HOUR)).unwrap();
    let sent = by.client.send_alert(draft).await.unwrap();
    assert!(sent.receipt.is_some());
    sent.id
}

async fn connect(world: &World, person: &Person) {
    person.client.connected(world.hood).await.unwrap().0.goodbye().await;
}

/// Where somebody stands in Elm Park.
fn status(person: &Person) -> HoodStatus {
    person.client.status().unwrap().hoods.into_iter().find(|hood| hood.name == "Elm Park").unwrap()
}

fn alerts(person: &Person) -> Vec<AlertView> {
    person.client.alerts(Filter { expired: true, ..Filter::default() }).unwrap()
}

/// Kai coordinates, too.
async fn two_coordinators() -> (World, Person) {
    let world = World::found().await;
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    connect(&world, &kai).await;
    assert!(status(&kai).coordinator);
    // Everybody has given a sign of life, and nobody owes one.
    world.clock.forward(60);
    connect(&world, &world.admin).await;
    connect(&world, &kai).await;
    (world, kai)
}

/// Somebody sends an alert. Tells between which positions of the log it lies.
async fn send_between(world: &mut World, by: &Person) -> (AlertId, (i64, i64)) {
    let before = newest(world).await;
    let alert = send(world, by).await;
    (alert, (before, newest(world).await))
}

/// The highest position in the log of alerts.
async fn newest(world: &mut World) -> i64 {
    let highest = "SELECT coalesce(max(position), 0) FROM records WHERE log = ?1";
    world.relay.tamper(|db| db.query_row(highest, [Channel::Alerts as i64], |row| row.get(0)).unwrap()).await
}

/// Somebody connects, and the relay keeps a part of the log from them, and from nobody else.
async fn connect_without(relay: &mut LocalRelay, hood: NeighborhoodId, person: &Person, kept: (i64, i64)) {
    let whole = relay.copy().await;
    keep_back(relay, kept).await;
    person.client.connected(hood).await.unwrap().0.goodbye().await;
    relay.show(whole).await;
}

async fn keep_back(relay: &mut LocalRelay, (after, upto): (i64, i64)) {
    let delete = "DELETE FROM records WHERE log = ?1 AND position > ?2 AND position <= ?3";
    let kept = relay.tamper(|db| db.execute(delete, (Channel::Alerts as i64, after, upto)).unwrap()).await;
    assert_eq!(kept, 1);
}

fn notes(person: &Person, alert: AlertId) -> Vec<Note> {
    alerts(person).iter().find(|view| view.shown.id() == alert).unwrap().shown.notes().to_vec()
}

async fn answer(person: &Person, alert: AlertId) {
    let going = AnswerContent::new(Code::new("going").unwrap());
    assert!(person.client.answer(&alert.to_string(), going).await.unwrap().1.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_is_kept_back_is_noticed_with_the_next_one_until_it_comes() {
    let (mut world, kai) = two_coordinators().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let (first, kept) = send_between(&mut world, &kai).await;
    connect(&world, &world.admin).await;
    let second = send(&world, &world.admin).await;

    connect_without(&mut world.relay, world.hood, &ana, kept).await;
    assert_eq!(alerts(&ana).len(), 1);
    assert!(is_verified(&alerts(&ana)[0]), "doubt is told beside the label");
    assert_eq!(notes(&ana, second), [Note::EarlierMissing]);
    let withheld = status(&ana).notices.withheld;
    assert_eq!((withheld.len(), withheld[0].id), (1, first));
    assert_eq!(withheld[0].told_by, ["Marisol"]);

    // It lies before the cursor by now, and is found all the same.
    connect(&world, &ana).await;
    assert_eq!(alerts(&ana).len(), 2);
    assert_eq!(notes(&ana, second), []);
    assert_eq!(status(&ana).notices.withheld, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_is_kept_back_is_noticed_by_the_next_beacon_until_it_expires() {
    let (mut world, kai) = two_coordinators().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    connect(&world, &ana).await;
    let (alert, kept) = send_between(&mut world, &kai).await;
    connect(&world, &world.admin).await;
    connect_without(&mut world.relay, world.hood, &ana, kept).await;
    assert_eq!(status(&ana).notices.withheld, [], "nobody has told of it");
    world.clock.forward(8 * HOUR);
    connect(&world, &world.admin).await;
    connect_without(&mut world.relay, world.hood, &ana, kept).await;
    let withheld = status(&ana).notices.withheld;
    assert_eq!((withheld.len(), withheld[0].id, &withheld[0].told_by[..]), (1, alert, &["Marisol".to_owned()][..]));
    world.clock.forward(12 * HOUR);
    assert_eq!(status(&ana).notices.withheld, [], "it has expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_before_a_newcomers_time_was_not_withheld_from_them() {
    let (mut world, kai) = two_coordinators().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let (_, kept) = send_between(&mut world, &kai).await;
    connect(&world, &world.admin).await;
    world.clock.forward(3 * HOUR);
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let second = send(&world, &world.admin).await;
    for person in [&ana, &ben] {
        connect_without(&mut world.relay, world.hood, person, kept).await;
    }
    assert_eq!((status(&ana).notices.withheld.len(), status(&ben).notices.withheld.len()), (1, 0));
    assert_eq!(notes(&ben, second), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_pretends_to_have_lost_everything_delays_the_alarm_by_minutes_and_no_more() {
    let (mut world, kai) = two_coordinators().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    send(&world, &kai).await;
    connect(&world, &ana).await;
    let (_, kept) = send_between(&mut world, &kai).await;
    connect(&world, &world.admin).await;
    send(&world, &world.admin).await;
    world.clock.forward(60);
    keep_back(&mut world.relay, kept).await;
    for (forward, missing) in [(0, 0), (599, 0), (2, 1)] {
        world.clock.forward(forward);
        // Nothing is where a cursor says that it was.
        let moved = ["UPDATE records SET position = position + 1000", "UPDATE logs SET last = last + 1000"];
        world.relay.tamper(|db| moved.map(|change| db.execute(change, []).unwrap())).await;
        connect(&world, &ana).await;
        assert_eq!(status(&ana).notices.withheld.len(), missing, "{forward} seconds later");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_learns_from_an_answer_of_an_alert_that_is_kept_from_it() {
    let (mut world, kai) = two_coordinators().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let first = send(&world, &kai).await;
    connect(&world, &world.admin).await;
    world.clock.forward(60);
    let (second, kept) = send_between(&mut world, &kai).await;
    connect(&world, &ana).await;
    answer(&ana, first).await;
    connect_without(&mut world.relay, world.hood, &world.admin, kept).await;
    let withheld = status(&world.admin).notices.withheld;
    assert_eq!((withheld.len(), withheld[0].id, &withheld[0].told_by[..]), (1, second, &["Ana".to_owned()][..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_tells_of_an_alert_that_no_relay_has_shown_them() {
    let mut world = World::found().await;
    world.relay.stop().await;
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let admin = &world.admin.client;
    let draft = admin.draft_alert(world.hood, content.clone(), expires).unwrap();
    assert!(admin.send_alert(draft).await.unwrap().receipt.is_none());
    let heads = |admin: &watchfire_client::Client| {
        let draft = admin.draft_alert(world.hood, content.clone(), expires).unwrap();
        match draft.preview {
            Preview::Shown(view) => view.shown.body().heads.len(),
            Preview::Waits { .. } => panic!("it waits"),
        }
    };
    assert_eq!(heads(admin), 0);
    world.relay.serve().await;
    for expected in [0, 1] {
        connect(&world, &world.admin).await;
        assert_eq!(heads(&world.admin.client), expected, "after it was read back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_silence_is_shown_as_silence_until_the_next_beacon() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    connect(&world, &ana).await;
    let last = world.clock.now();
    world.clock.forward(DAY - 60);
    connect(&world, &ana).await;
    assert_eq!(status(&ana).notices.silent_since, None);
    world.clock.forward(120);
    connect(&world, &ana).await;
    assert_eq!(status(&ana).notices.silent_since, Some(last));
    assert_eq!(status(&world.admin).notices.silent_since, None, "nobody else could be heard");
    connect(&world, &world.admin).await;
    connect(&world, &ana).await;
    assert_eq!(status(&ana).notices.silent_since, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_after_a_silence_does_not_hear_of_it() {
    let world = World::found().await;
    world.clock.forward(9 * DAY);
    let ana = world.join(InviteRole::Responder, "Ana").await;
    connect(&world, &ana).await;
    assert_eq!(status(&ana).notices.silent_since, None);
}

/// A relay that has everything which the other one was given for its log of inbox records.
async fn pass_on(world: &mut World, frozen: &tempfile::TempDir) {
    let from = frozen.path().join("relay.db");
    world
        .relay
        .tamper(|db| {
            db.execute("ATTACH ?1 AS frozen", [from.to_str().unwrap()]).unwrap();
            let passed = db
                .execute(
                    "INSERT INTO main.records SELECT place, log, position + 1000, id, class, epoch, expires, bytes
                     FROM frozen.records WHERE log = ?1 AND id NOT IN (SELECT id FROM main.records)",
                    [Channel::Inbox as i64],
                )
                .unwrap();
            assert!(passed > 0);
            db.execute("UPDATE logs SET last = last + 2000", []).unwrap();
        })
        .await;
}

fn other_views(person: &Person) -> Vec<(String, OtherView)> {
    status(person).notices.other_views.into_iter().map(|view| (view.handle, view.sees)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_is_frozen_at_an_old_charter_is_noticed_at_their_first_answer_and_let_go_at_the_next() {
    let mut world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let alert = send(&world, &world.admin).await;
    let frozen = world.relay.copy().await;
    add_neighborhood(&world.admin.client, "Old Mill").await;
    world.clock.forward(3 * HOUR);
    let present = world.relay.show(frozen).await;
    connect(&world, &ana).await;
    answer(&ana, alert).await;
    let frozen = world.relay.show(present).await;
    pass_on(&mut world, &frozen).await;
    connect(&world, &world.admin).await;
    assert_eq!(other_views(&world.admin), [("Ana".to_owned(), OtherView::OlderCharter { seen: 2, held: 3 })]);
    assert!(other_views(&ana).is_empty(), "members do not compare");

    answer(&ana, alert).await;
    connect(&world, &world.admin).await;
    assert_eq!(other_views(&world.admin), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_is_frozen_at_an_old_epoch_is_noticed_at_their_first_answer_and_by_the_words() {
    let mut world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let alert = send(&world, &world.admin).await;
    let frozen = world.relay.copy().await;
    world.admin.client.rotate(world.hood).await.unwrap();
    connect(&world, &ben).await;
    world.clock.forward(3 * HOUR);
    let present = world.relay.show(frozen).await;
    connect(&world, &ana).await;
    answer(&ana, alert).await;
    let words = |person: &Person| status(person).epoch_words;
    assert_ne!(words(&ana), words(&ben));
    assert_eq!(words(&world.admin), words(&ben));
    let frozen = world.relay.show(present).await;
    pass_on(&mut world, &frozen).await;
    connect(&world, &world.admin).await;
    assert_eq!(other_views(&world.admin), [("Ana".to_owned(), OtherView::OlderEpoch)]);

    answer(&ana, alert).await;
    connect(&world, &world.admin).await;
    assert_eq!(other_views(&world.admin), []);
    assert_eq!(words(&ana), words(&ben));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_waited_for_a_connection_is_no_frozen_view() {
    let mut world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let alert = send(&world, &world.admin).await;
    connect(&world, &ana).await;
    world.relay.stop().await;
    let going = AnswerContent::new(Code::new("going").unwrap());
    assert!(ana.client.answer(&alert.to_string(), going).await.unwrap().1.is_none());
    world.relay.serve().await;
    world.admin.client.rotate(world.hood).await.unwrap();
    add_neighborhood(&world.admin.client, "Old Mill").await;
    world.clock.forward(3 * HOUR);
    connect(&world, &ana).await;
    connect(&world, &world.admin).await;
    assert_eq!(world.admin.client.tally(&world.admin.client.alert(&alert.to_string()).unwrap()).unwrap().going, 1);
    assert_eq!(other_views(&world.admin), []);
}
