//! Announcements that are brought to a relay which has lost them, and how far an announcement's time is believed.

use watchfire_protocol::announcement::{Keys, Slots};
use watchfire_protocol::charter::{CharterBody, Grant, Revocation, Scope};
use watchfire_protocol::frame::{Refusal, Reply, Request};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, CoordinatorId, Epoch};
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{DAY, HOUR};
use watchfire_relay::limit::Limits;

use crate::client::{Client, open, publish};
use crate::organization::{EpochKeys, NOW, Organization, RIVERSIDE, coordinator, genesis, key};
use crate::running::Running;

/// May enroll in Riverside by the first charter, and by no later one.
fn deputy() -> SecretKey {
    key(4)
}

/// A relay that is empty but for a network's two charters: the first knows the deputy, the second was changed.
async fn emptied(limits: Limits, change: impl FnOnce(&mut CharterBody)) -> (Running, Organization, Organization) {
    let relay = Running::with(limits).await;
    let mut body = genesis(relay.key);
    body.grants.push(Grant {
        coordinator: CoordinatorId([4; 16]),
        devices: vec![deputy().public()],
        scopes: vec![Scope {
            neighborhood: RIVERSIDE,
            dispatch: true,
            enroll: true,
            not_before: NOW.minus(DAY),
            not_after: NOW.plus(DAY),
        }],
    });
    let before = Organization::found_by(body);
    let after = before.next(change);
    relay.allow(before.network());
    for organization in [&before, &after] {
        assert_eq!(publish(&relay.url, organization).await, Reply::Done);
    }
    (relay, before, after)
}

fn drop_deputy(body: &mut CharterBody) {
    body.grants.pop();
}

fn put(epoch: &EpochKeys) -> Request {
    Request::PutAnnouncement { announcement: epoch.bytes.clone() }
}

async fn announcements(client: &mut Client, of: &Organization) -> Vec<Vec<u8>> {
    let request = Request::Announcements { network: of.network(), neighborhood: RIVERSIDE, from: Epoch(1) };
    match client.ask(request).await {
        Reply::Announcements { announcements, more: false } => announcements,
        other => panic!("{other:?}"),
    }
}

fn text(refusal: Refusal) -> String {
    match refusal {
        Refusal::BadAnnouncement(text) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_relay_that_lost_everything_gets_the_whole_chain_back_and_goes_on() {
    let (relay, before, after) = emptied(Limits::default(), drop_deputy).await;
    let first = before.epoch(1, None, 2);
    let second = EpochKeys::new(&before, 2, Some(&first), 2, |_, _| {}, &deputy());
    let third = after.epoch(3, Some(&second), 2);
    let mut anybody = Client::connect(&relay.url).await;
    for epoch in [&first, &second, &third] {
        anybody.done(put(epoch)).await;
    }
    let chain = [&first, &second, &third].map(|epoch| epoch.bytes.clone());
    assert_eq!(announcements(&mut anybody, &after).await, chain);

    // Each of them again does no harm; another one for an epoch that is behind is told where the relay is.
    for epoch in [&first, &third, &second] {
        anybody.done(put(epoch)).await;
    }
    let rival = EpochKeys::new(&before, 2, Some(&first), 2, |keys, _| keys.roster_digest = [9; 32], &coordinator());
    assert_eq!(anybody.refusal(put(&rival)).await, Refusal::Stale { current: Epoch(3) });
    assert_eq!(announcements(&mut anybody, &after).await, chain);

    let fourth = after.epoch(4, Some(&third), 2);
    open(&relay.url, &after, &fourth, 3).await;
    let held = announcements(&mut anybody, &after).await;
    assert_eq!(held.last(), Some(&fourth.bytes));
    assert_eq!(held.len(), 4);
}

#[tokio::test]
async fn what_is_brought_is_judged_by_the_charter_and_the_time_that_it_names() {
    let (relay, before, after) = emptied(Limits::default(), drop_deputy).await;
    let mut anybody = Client::connect(&relay.url).await;
    let by_deputy = |of: &Organization, change: &dyn Fn(&mut Keys)| {
        EpochKeys::new(of, 1, None, 2, |keys: &mut Keys, _: &mut Slots| change(keys), &deputy())
    };
    assert_eq!(anybody.refusal(put(&by_deputy(&after, &|_| {}))).await, Refusal::NotGranted);
    let early = by_deputy(&before, &|keys| keys.opened_at = NOW.minus(DAY + 1));
    assert_eq!(anybody.refusal(put(&early)).await, Refusal::NotGranted);
    for change in [
        &(|keys: &mut Keys| keys.charter = CharterHash([1; 32])) as &dyn Fn(&mut Keys),
        &|keys| keys.charter_version = 2,
        &|keys| keys.charter_version = 0,
        &|keys| keys.charter_version = 3,
        &|keys| keys.charter_version = u64::MAX,
    ] {
        let refusal = anybody.refusal(put(&by_deputy(&before, change))).await;
        assert!(text(refusal).contains("does not hold"));
    }
    let dropped = by_deputy(&before, &|_| {});
    // What the deputy may no longer open may still be brought.
    let mut device = Client::device(&relay.url, &after, &coordinator()).await;
    device.stage(&dropped).await;
    assert_eq!(device.open(&dropped, 0).await, Reply::Refused(Refusal::NotGranted));
    anybody.done(put(&dropped)).await;
}

#[tokio::test]
async fn a_right_that_ended_with_time_was_good_when_it_was_used() {
    let (relay, before, after) = emptied(Limits::default(), |body| body.grace_days = 5).await;
    let first = EpochKeys::new(&before, 1, None, 2, |_, _| {}, &deputy());
    let second = EpochKeys::new(&after, 2, Some(&first), 2, |_, _| {}, &deputy());
    relay.set_time(NOW.plus(2 * DAY));
    let mut anybody = Client::connect(&relay.url).await;
    anybody.done(put(&first)).await;
    anybody.done(put(&second)).await;
    let late = |keys: &mut Keys, _: &mut Slots| keys.opened_at = NOW.plus(DAY);
    let retired = EpochKeys::new(&after, 3, Some(&second), 2, late, &deputy());
    assert_eq!(anybody.refusal(put(&retired)).await, Refusal::NotGranted);
}

#[tokio::test]
async fn who_is_distrusted_is_so_from_the_epoch_that_the_newest_charter_names() {
    let distrust = |body: &mut CharterBody| {
        drop_deputy(body);
        let key = deputy().public();
        body.revocations = vec![Revocation { key, neighborhood: RIVERSIDE, distrust_from: Epoch(2) }];
    };
    let (relay, before, after) = emptied(Limits::default(), distrust).await;
    let first = EpochKeys::new(&before, 1, None, 2, |_, _| {}, &deputy());
    let second = EpochKeys::new(&before, 2, Some(&first), 2, |_, _| {}, &deputy());
    let mut anybody = Client::connect(&relay.url).await;
    anybody.done(put(&first)).await;
    assert_eq!(anybody.refusal(put(&second)).await, Refusal::NotGranted);
    // The chain goes on without it, since it says so itself.
    let third = after.epoch(3, Some(&second), 2);
    anybody.done(put(&third)).await;
    assert_eq!(announcements(&mut anybody, &after).await, [first.bytes, third.bytes]);
}

#[tokio::test]
async fn nobody_whose_right_has_ended_gets_past_an_epoch_that_was_opened_after_that() {
    let (relay, before, after) = emptied(Limits::default(), drop_deputy).await;
    let mut anybody = Client::connect(&relay.url).await;
    let first = before.epoch(1, None, 2);
    let second = after.epoch(2, Some(&first), 2);
    anybody.done(put(&first)).await;
    anybody.done(put(&second)).await;
    for number in [3, 9] {
        let dated_back = EpochKeys::new(&before, number, Some(&second), 2, |_, _| {}, &deputy());
        assert!(text(anybody.refusal(put(&dated_back)).await).contains("right has ended"));
    }
    // Whoever may still open may also have named an older charter.
    anybody.done(put(&before.epoch(3, Some(&second), 2))).await;
}

#[tokio::test]
async fn nor_by_a_time_before_that_epochs() {
    let (relay, before, after) = emptied(Limits::default(), |body| body.grace_days = 5).await;
    let later = NOW.plus(DAY + 2 * HOUR);
    relay.set_time(later);
    let mut anybody = Client::connect(&relay.url).await;
    let first = EpochKeys::new(&before, 1, None, 2, |keys, _| keys.opened_at = later, &coordinator());
    anybody.done(put(&first)).await;
    let dated_back = EpochKeys::new(&after, 2, Some(&first), 2, |_, _| {}, &deputy());
    assert!(text(anybody.refusal(put(&dated_back)).await).contains("right has ended"));
}

#[tokio::test]
async fn the_next_epoch_names_the_one_before_it_and_a_later_one_need_not() {
    let (relay, before, after) = emptied(Limits::default(), drop_deputy).await;
    let mut anybody = Client::connect(&relay.url).await;
    let first = before.epoch(1, None, 2);
    anybody.done(put(&first)).await;
    let unlinked = |number, predecessors: Vec<AnnouncementHash>| {
        EpochKeys::new(&after, number, None, 2, |keys, _| keys.predecessors = predecessors, &coordinator())
    };
    for predecessors in [vec![], vec![AnnouncementHash([1; 32])]] {
        assert!(text(anybody.refusal(put(&unlinked(2, predecessors))).await).contains("the epoch before"));
    }
    anybody.done(put(&unlinked(2, vec![AnnouncementHash([1; 32]), first.hash]))).await;
    anybody.done(put(&unlinked(4, vec![AnnouncementHash([3; 32])]))).await;
}

#[tokio::test]
async fn no_epoch_comes_from_the_future() {
    let (relay, organization, first) = Running::founded().await;
    let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
    let opened_at = |ahead| {
        let change = |keys: &mut Keys, _: &mut Slots| keys.opened_at = NOW.plus(ahead);
        EpochKeys::new(&organization, 2, Some(&first), 2, change, &coordinator())
    };
    let hasty = opened_at(HOUR + 1);
    device.stage(&hasty).await;
    let opened = match device.open(&hasty, 1).await {
        Reply::Refused(refusal) => text(refusal),
        other => panic!("{other:?}"),
    };
    for told in [opened, text(device.refusal(put(&hasty)).await)] {
        assert!(told.contains("1800003601") && told.contains("1800000000"), "{told}");
    }
    let just = opened_at(HOUR);
    device.stage(&just).await;
    assert_eq!(device.open(&just, 1).await, Reply::Done);
}

#[tokio::test]
async fn the_epoch_of_a_network_that_lost_its_relay_may_be_old() {
    let relay = Running::new().await;
    let organization = Organization::found(relay.key);
    relay.allow(organization.network());
    assert_eq!(publish(&relay.url, &organization).await, Reply::Done);
    relay.set_time(NOW.plus(100 * DAY));
    let old = organization.epoch(17, None, 2);
    let mut anybody = Client::connect(&relay.url).await;
    anybody.done(put(&old)).await;
    assert_eq!(announcements(&mut anybody, &organization).await, [old.bytes]);
}

#[tokio::test]
async fn what_is_brought_does_not_count_as_opened_and_has_a_bound_of_its_own() {
    let limits = Limits { epochs_per_day: 1, announcements_per_day: 3, ..Limits::default() };
    let (relay, before, after) = emptied(limits, drop_deputy).await;
    let mut anybody = Client::connect(&relay.url).await;
    let mut last = before.epoch(1, None, 2);
    anybody.done(put(&last)).await;
    for number in 2..=3 {
        last = before.epoch(number, Some(&last), 2);
        anybody.done(put(&last)).await;
    }
    let fourth = after.epoch(4, Some(&last), 2);
    assert!(matches!(anybody.refusal(put(&fourth)).await, Refusal::SlowDown { .. }));
    open(&relay.url, &after, &fourth, 3).await;
    let fifth = after.epoch(5, Some(&fourth), 2);
    let mut device = Client::device(&relay.url, &after, &coordinator()).await;
    device.stage(&fifth).await;
    assert!(matches!(device.open(&fifth, 4).await, Reply::Refused(Refusal::SlowDown { .. })));
    relay.set_time(NOW.plus(DAY));
    anybody.done(put(&fifth)).await;
}
