//! One suite of behavior for every store. [`run`] opens a fresh store for each part and panics where one misbehaves.

#![expect(clippy::unwrap_used, reason = "a suite of tests: whatever is not as it should be must stop it")]

use std::sync::{Arc, Mutex};

use watchfire_protocol::frame::ObjectClass;
use watchfire_protocol::id::{
    AnnouncementHash, CharterHash, Epoch, InviteId, NeighborhoodId, NetworkId, RestrictionHash, Tag, sha256,
};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::{Channel, record_id};
use watchfire_protocol::run::{OBJECT_LEN, Object, run_list, slots_root};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{DAY, HOUR, Timestamp};

use super::{
    CharterRow, Coming, CommitSink, Committed, Denied, InviteRow, NewEpoch, NewLateSlot, NewRecord, PageLimit,
    RestrictionRow, StagedCount, Staging, Store, StoreError,
};

/// When the suite begins.
pub const NOW: Timestamp = Timestamp(1_800_000_000);
/// Where it plays.
pub const PLACE: Place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) };
const ELSEWHERE: Place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([3; 16]) };
const QUOTA: u64 = 1 << 30;
const PAGE: PageLimit = PageLimit { items: 64, bytes: 256 << 10 };

/// Notes what a store says that it has committed.
#[derive(Default)]
pub struct Noted(Mutex<Vec<Committed>>);

impl Noted {
    /// The positions of all that was committed to a log, in order.
    #[must_use]
    pub fn positions(&self, log: Channel) -> Vec<u64> {
        let noted = self.0.lock().unwrap();
        noted.iter().filter(|each| each.log == log).map(|each| each.record.position).collect()
    }
}

impl CommitSink for Noted {
    fn committed(&self, records: &[Committed]) {
        self.0.lock().unwrap().extend_from_slice(records);
    }
}

/// An announcement's hash from a number.
#[must_use]
pub fn announcement(number: u8) -> AnnouncementHash {
    AnnouncementHash([number; 32])
}

/// A record whose bytes are all the same.
#[must_use]
pub fn record(channel: Channel, epoch: u64, fill: u8) -> NewRecord {
    let bytes = vec![fill; 1024];
    NewRecord {
        place: PLACE,
        channel,
        epoch: Epoch(epoch),
        proved: Some(Epoch(epoch)),
        invite: None,
        id: record_id(&bytes),
        bytes: bytes.into(),
        now: NOW,
        expires: NOW.plus(DAY),
        quota: QUOTA,
    }
}

/// Slots in order of tag.
#[must_use]
pub fn slots(count: u8) -> Vec<Object> {
    let object = |fill| Object { tag: Tag([fill; 16]), body: Box::new([fill; OBJECT_LEN]) };
    (0..count).map(object).collect()
}

/// An epoch with these slots.
#[must_use]
pub fn epoch(number: u64, holds: u64, slots: &[Object]) -> NewEpoch {
    let hashes: Vec<_> = slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect();
    NewEpoch {
        place: PLACE,
        epoch: Epoch(number),
        hash: announcement(u8::try_from(number).unwrap()),
        bytes: vec![u8::try_from(number).unwrap(); 100],
        slots: u32::try_from(slots.len()).unwrap(),
        root: slots_root(&run_list(&hashes)),
        coming: Coming::Opened { holds: Epoch(holds) },
        now: NOW,
        keep_closed_until: NOW.plus(DAY + HOUR),
        a_day: 100,
    }
}

fn staging(number: u8, class: ObjectClass, objects: Vec<Object>) -> Staging {
    let announcement = announcement(number);
    Staging { place: PLACE, announcement, class, objects, now: NOW, limit: 1000, quota: QUOTA }
}

fn denied<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Denied {
    match result {
        Err(StoreError::Denied(denied)) => denied,
        other => unreachable!("wanted a denial, found {other:?}"),
    }
}

/// Runs the whole suite.
///
/// # Panics
/// The store misbehaves.
pub async fn run<S: Store>(mut open: impl AsyncFnMut(Arc<dyn CommitSink>) -> S) {
    let mut fresh = async || {
        let noted = Arc::new(Noted::default());
        let sink: Arc<dyn CommitSink> = Arc::<Noted>::clone(&noted);
        (open(sink).await, noted)
    };
    keeps_a_chain_of_charters(&fresh().await.0).await;
    keeps_the_restrictions_that_it_was_given_last(&fresh().await.0).await;
    opens_only_what_was_signed(&fresh().await.0).await;
    lets_one_of_two_openers_win(&fresh().await.0).await;
    completes_an_epoch_that_came_alone(&fresh().await.0).await;
    bounds_what_is_staged(&fresh().await.0).await;
    keeps_late_slots_of_the_current_epoch(&fresh().await.0).await;
    {
        let (store, noted) = fresh().await;
        appends_in_order_and_once(&store, &noted).await;
    }
    refuses_records_of_other_epochs(&fresh().await.0).await;
    pages_by_count_and_by_bytes(&fresh().await.0).await;
    counts_the_uses_of_an_invite(&fresh().await.0).await;
    shares_a_quota(&fresh().await.0).await;
    forgets_on_time_and_gives_no_position_twice(&fresh().await.0).await;
    keeps_roster_records_until_their_epoch_has_closed(&fresh().await.0).await;
}

async fn keeps_a_chain_of_charters(store: &impl Store) {
    let network = PLACE.network;
    let row = |version: u64, fill: u8| CharterRow {
        network,
        version,
        hash: CharterHash([fill; 32]),
        bytes: vec![fill; 1000],
    };
    assert_eq!(denied(store.put_charter(row(2, 2)).await), Denied::CharterOrder { newest: 0 });
    for version in 1..=5_u8 {
        store.put_charter(row(u64::from(version), version)).await.unwrap();
    }
    store.put_charter(row(3, 3)).await.unwrap();
    assert_eq!(denied(store.put_charter(row(3, 9)).await), Denied::CharterOrder { newest: 5 });
    assert_eq!(denied(store.put_charter(row(7, 7)).await), Denied::CharterOrder { newest: 5 });

    let page = store.charters(network, 2, PageLimit { items: 10, bytes: 2500 }).await.unwrap();
    assert_eq!((page.items, page.more), (vec![vec![2; 1000], vec![3; 1000]], true));
    let page = store.charters(network, 4, PageLimit { items: 10, bytes: 1 }).await.unwrap();
    assert_eq!((page.items, page.more), (vec![vec![4; 1000]], true));
    let page = store.charters(network, 5, PAGE).await.unwrap();
    assert_eq!((page.items, page.more), (vec![vec![5; 1000]], false));

    assert_eq!(store.charter_hash(network, 4).await.unwrap(), Some(CharterHash([4; 32])));
    assert_eq!(store.charter_hash(network, 6).await.unwrap(), None);
    assert_eq!(store.find_network([2; 16]).await.unwrap(), Some(network));
    assert_eq!(store.find_network([9; 16]).await.unwrap(), None);
}

async fn keeps_the_restrictions_that_it_was_given_last<S: Store>(store: &S) {
    let row = |number: u8| RestrictionRow { hash: RestrictionHash([number; 32]), bytes: vec![number; 100] };
    let read = async |network, after: u8, limit| {
        let page = store.restrictions(network, RestrictionHash([after; 32]), limit).await.unwrap();
        (page.items.iter().filter_map(|bytes| bytes.first().copied()).collect::<Vec<_>>(), page.more)
    };
    let (network, other) = (PLACE.network, NetworkId([9; 32]));
    assert_eq!(read(network, 0, PAGE).await, (vec![], false));
    store.set_restrictions(network, vec![row(3), row(1), row(2)]).await.unwrap();
    store.set_restrictions(other, vec![row(7)]).await.unwrap();
    assert_eq!(read(network, 0, PAGE).await, (vec![1, 2, 3], false), "in order of their hashes");
    assert_eq!(read(network, 1, PAGE).await, (vec![2, 3], false));
    let two = PageLimit { items: 2, ..PAGE };
    assert_eq!(read(network, 0, two).await, (vec![1, 2], true));
    store.set_restrictions(network, vec![row(2), row(4)]).await.unwrap();
    assert_eq!(read(network, 0, PAGE).await, (vec![2, 4], false), "what it was not given again is gone");
    store.set_restrictions(network, vec![]).await.unwrap();
    assert_eq!(read(network, 0, PAGE).await, (vec![], false));
    assert_eq!(read(other, 0, PAGE).await, (vec![7], false), "of one network only");
}

async fn opens_only_what_was_signed(store: &impl Store) {
    let all = slots(70);
    let mismatch = Denied::SlotsMismatch;
    assert_eq!(denied(store.put_epoch(epoch(1, 0, &all)).await), mismatch);
    for batch in all.chunks(40) {
        store.stage(staging(1, ObjectClass::Slot, batch.to_vec())).await.unwrap();
    }
    let other = Object { tag: Tag([200; 16]), body: Box::new([1; OBJECT_LEN]) };
    // The same batch again changes nothing, and another body under a tag that is there does not either.
    store.stage(staging(1, ObjectClass::Slot, all.get(..5).unwrap().to_vec())).await.unwrap();
    let mut altered = all.first().unwrap().clone();
    altered.body = Box::new([99; OBJECT_LEN]);
    store.stage(staging(1, ObjectClass::Slot, vec![altered])).await.unwrap();
    let count = store.stage(staging(1, ObjectClass::Other, vec![other.clone()])).await.unwrap();
    assert_eq!(count, StagedCount { slots: 70, others: 1 });
    assert_eq!(store.staged(PLACE, announcement(1)).await.unwrap(), count);

    let one_missing = all.get(1..).unwrap();
    assert_eq!(denied(store.put_epoch(epoch(1, 0, one_missing)).await), mismatch);
    assert_eq!(store.held(PLACE).await.unwrap().epoch(), Epoch::NONE);
    assert_eq!(store.run_list(PLACE, Epoch(1)).await.unwrap(), None);

    store.put_epoch(epoch(1, 0, &all)).await.unwrap();
    store.put_epoch(epoch(1, 0, &all)).await.unwrap();
    let held = store.held(PLACE).await.unwrap();
    assert!(held.current.is_some_and(|row| row.complete && row.hash == announcement(1) && row.since == NOW));
    assert_eq!(held.previous, None);

    let list = store.run_list(PLACE, Epoch(1)).await.unwrap().unwrap();
    assert_eq!((list.slots, list.entries.len()), (70, 4));
    assert_eq!(store.slots(PLACE, Epoch(1), 16, 16).await.unwrap(), all.get(16..32).unwrap());
    let tags = vec![Tag([9; 16]), other.tag, Tag([201; 16])];
    assert_eq!(store.objects(PLACE, Epoch(1), tags).await.unwrap(), std::slice::from_ref(&other));
    assert_eq!(store.objects(ELSEWHERE, Epoch(1), vec![other.tag]).await.unwrap(), []);

    // Nothing is added to an epoch that is open.
    let late = Object { tag: Tag([77; 16]), body: Box::new([0; OBJECT_LEN]) };
    assert_eq!(store.stage(staging(1, ObjectClass::Slot, vec![late])).await.unwrap(), count);
    assert_eq!(store.slots(PLACE, Epoch(1), 0, 100).await.unwrap().len(), 70);
}

async fn lets_one_of_two_openers_win(store: &impl Store) {
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    let (mut one, mut other) = (epoch(2, 1, &[]), epoch(2, 1, &[]));
    one.hash = announcement(21);
    other.hash = announcement(22);
    let results = tokio::join!(store.put_epoch(one), store.put_epoch(other));
    assert!(matches!(
        results,
        (Ok(()), Err(StoreError::Denied(Denied::Stale { current: Epoch(2) })))
            | (Err(StoreError::Denied(Denied::Stale { current: Epoch(2) })), Ok(()))
    ));
    assert_eq!(denied(store.put_epoch(epoch(5, 1, &[])).await), Denied::Stale { current: Epoch(2) });
    assert_eq!(denied(store.put_epoch(epoch(1, 2, &[])).await), Denied::Stale { current: Epoch(2) });
    let held = store.held(PLACE).await.unwrap();
    assert_eq!((held.epoch(), held.previous.map(|row| row.epoch)), (Epoch(2), Some(Epoch(1))));

    let page = store.announcements(PLACE, Epoch(1), PageLimit { items: 10, bytes: 100 }).await.unwrap();
    assert_eq!((page.items, page.more), (vec![vec![1; 100]], true));
    let hasty = NewEpoch { a_day: 2, ..epoch(3, 2, &[]) };
    let seconds = DAY;
    assert_eq!(denied(store.put_epoch(hasty.clone()).await), Denied::TooMany { seconds });
    store.put_epoch(NewEpoch { now: NOW.plus(DAY), ..hasty }).await.unwrap();
}

async fn completes_an_epoch_that_came_alone(store: &impl Store) {
    let all = slots(3);
    let alone = NewEpoch { coming: Coming::Alone, ..epoch(7, 0, &all) };
    store.put_epoch(alone.clone()).await.unwrap();
    store.put_epoch(alone).await.unwrap();
    assert!(store.held(PLACE).await.unwrap().current.is_some_and(|row| !row.complete));
    assert_eq!(store.run_list(PLACE, Epoch(7)).await.unwrap(), None);
    let older = NewEpoch { coming: Coming::Alone, ..epoch(6, 0, &[]) };
    assert_eq!(denied(store.put_epoch(older).await), Denied::Stale { current: Epoch(7) });

    assert_eq!(denied(store.put_epoch(epoch(7, 0, &all)).await), Denied::SlotsMismatch);
    store.stage(staging(7, ObjectClass::Slot, all.clone())).await.unwrap();
    store.put_epoch(epoch(7, 0, &all)).await.unwrap();
    assert!(store.held(PLACE).await.unwrap().current.is_some_and(|row| row.complete));
    assert_eq!(store.slots(PLACE, Epoch(7), 0, 10).await.unwrap(), all);
}

async fn bounds_what_is_staged(store: &impl Store) {
    let tight = |objects, limit, quota| Staging { limit, quota, ..staging(1, ObjectClass::Slot, objects) };
    assert_eq!(denied(store.stage(tight(slots(11), 10, QUOTA)).await), Denied::Full);
    assert_eq!(store.staged(PLACE, announcement(1)).await.unwrap(), StagedCount::default());
    store.stage(tight(slots(10), 10, QUOTA)).await.unwrap();
    // What is there already takes no room.
    store.stage(tight(slots(10), 10, QUOTA)).await.unwrap();
    assert_eq!(denied(store.stage(tight(slots(12), 20, 11 * 2048)).await), Denied::Full);
    let swept = store.sweep(NOW.plus(1), NOW.minus(1), 100).await.unwrap();
    assert_eq!(swept.total(), 0);
    while store.sweep(NOW.plus(1), NOW, 4).await.unwrap().total() > 0 {}
    assert_eq!(store.staged(PLACE, announcement(1)).await.unwrap(), StagedCount::default());
    assert_eq!(store.stats().await.unwrap().bytes, 0);
}

async fn keeps_late_slots_of_the_current_epoch(store: &impl Store) {
    let late = |number: u8, fill: u8| NewLateSlot {
        place: PLACE,
        announcement: announcement(number),
        bytes: vec![fill; 2200],
        limit: 2,
        quota: QUOTA,
    };
    assert_eq!(denied(store.put_late_slot(late(1, 1)).await), Denied::NotFound);
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    store.put_late_slot(late(1, 1)).await.unwrap();
    store.put_late_slot(late(1, 1)).await.unwrap();
    store.put_late_slot(late(1, 2)).await.unwrap();
    assert_eq!(denied(store.put_late_slot(late(1, 3)).await), Denied::Full);
    assert_eq!(denied(store.put_late_slot(late(9, 3)).await), Denied::Stale { current: Epoch(1) });
    assert_eq!(store.late_slots(PLACE, Epoch(1), 1, 10).await.unwrap(), (2, vec![vec![2; 2200]]));
    store.put_epoch(epoch(2, 1, &[])).await.unwrap();
    assert_eq!(denied(store.put_late_slot(late(1, 4)).await), Denied::Stale { current: Epoch(2) });
    // A member who was away reads the slots of a closed epoch, for a while.
    assert_eq!(store.late_slots(PLACE, Epoch(1), 0, 10).await.unwrap().0, 2);
    while store.sweep(NOW.plus(DAY + HOUR), NOW, 100).await.unwrap().total() > 0 {}
    assert_eq!(store.late_slots(PLACE, Epoch(1), 0, 10).await.unwrap().0, 0);
}

async fn appends_in_order_and_once(store: &impl Store, noted: &Noted) {
    assert_eq!(denied(store.append(record(Channel::Alerts, 1, 1)).await), Denied::NotFound);
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    let mut positions = Vec::new();
    for fill in 1..=40 {
        positions.push(store.append(record(Channel::Alerts, 1, fill)).await.unwrap());
    }
    assert!(positions.is_sorted_by(|a, b| a < b));
    assert_eq!(store.append(record(Channel::Alerts, 1, 7)).await.unwrap(), *positions.get(6).unwrap());
    assert_eq!(noted.positions(Channel::Alerts), positions);
    store.append(record(Channel::Inbox, 1, 7)).await.unwrap();
    assert_eq!(noted.positions(Channel::Inbox).len(), 1);

    let page = store.records(PLACE, Channel::Alerts, 0, NOW, PAGE).await.unwrap();
    assert_eq!(page.iter().map(|each| each.position).collect::<Vec<_>>(), positions);
    assert!(page.iter().zip(1..).all(|(each, fill)| *each.bytes == [fill; 1024]));
    let third = *positions.get(2).unwrap();
    let seek = store.seek(PLACE, Channel::Alerts, third).await.unwrap();
    assert_eq!((seek.at, seek.last), (Some(record_id(&[3; 1024])), *positions.last().unwrap()));
    assert_eq!(store.seek(PLACE, Channel::Alerts, 999).await.unwrap().at, None);
    let rest = store.records(PLACE, Channel::Alerts, third, NOW, PAGE).await.unwrap();
    assert_eq!(rest.len(), 37);
    assert!(store.records(ELSEWHERE, Channel::Alerts, 0, NOW, PAGE).await.unwrap().is_empty());
}

async fn refuses_records_of_other_epochs(store: &impl Store) {
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    let position = store.append(record(Channel::Alerts, 1, 1)).await.unwrap();
    store.put_epoch(epoch(2, 1, &[])).await.unwrap();
    let closed = Denied::ClosedEpoch { found: Epoch(1), current: Epoch(2) };
    let unknown = Denied::UnknownEpoch { found: Epoch(3), current: Epoch(2) };
    assert_eq!(denied(store.append(record(Channel::Alerts, 1, 2)).await), closed);
    assert_eq!(denied(store.append(record(Channel::Alerts, 3, 2)).await), unknown);
    // Who proved the closed epoch's key and writes the open epoch's number has no key of the open epoch.
    let posing = NewRecord { proved: Some(Epoch(1)), ..record(Channel::Alerts, 2, 2) };
    assert_eq!(denied(store.append(posing).await), closed);
    // What is here is here.
    assert_eq!(store.append(record(Channel::Alerts, 1, 1)).await.unwrap(), position);
    store.append(record(Channel::Alerts, 2, 2)).await.unwrap();
}

async fn pages_by_count_and_by_bytes(store: &impl Store) {
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    for fill in 1..=10 {
        store.append(record(Channel::Desk, 1, fill)).await.unwrap();
    }
    let page = |items, bytes| store.records(PLACE, Channel::Desk, 0, NOW, PageLimit { items, bytes });
    assert_eq!(page(3, 1 << 20).await.unwrap().len(), 3);
    assert_eq!(page(64, 4096).await.unwrap().len(), 4);
    assert_eq!(page(64, 1).await.unwrap().len(), 1);
}

async fn counts_the_uses_of_an_invite(store: &impl Store) {
    let key = SecretKey::from_seed(&Secret32::new([5; 32])).public();
    let (id, expires) = (InviteId([8; 16]), NOW.plus(HOUR));
    let invite = InviteRow { id, key, uses: 2, expires };
    let join = |epoch, fill| NewRecord { proved: None, invite: Some(id), ..record(Channel::Join, epoch, fill) };
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    assert_eq!(store.invite(PLACE, id).await.unwrap(), None);
    assert_eq!(denied(store.end_invite(PLACE, id).await), Denied::NotFound);
    store.put_invite(PLACE, invite.clone(), 1).await.unwrap();
    store.put_invite(PLACE, invite.clone(), 1).await.unwrap();
    let second = InviteRow { id: InviteId([9; 16]), ..invite.clone() };
    assert_eq!(denied(store.put_invite(PLACE, second, 1).await), Denied::Full);
    assert_eq!(store.invite(PLACE, id).await.unwrap(), Some(invite.clone()));

    let first = store.append(join(1, 1)).await.unwrap();
    assert_eq!(store.append(join(1, 1)).await.unwrap(), first);
    store.append(join(1, 2)).await.unwrap();
    assert_eq!(denied(store.append(join(1, 3)).await), Denied::InviteEnded);
    // It lies in the inbox.
    assert_eq!(store.records(PLACE, Channel::Inbox, 0, NOW, PAGE).await.unwrap().len(), 2);

    // Who waits for approval asks again in each epoch.
    store.put_epoch(epoch(2, 1, &[])).await.unwrap();
    store.append(join(2, 4)).await.unwrap();
    store.end_invite(PLACE, id).await.unwrap();
    assert_eq!(denied(store.append(join(2, 5)).await), Denied::InviteEnded);
    assert_eq!(store.invite(PLACE, id).await.unwrap().map(|invite| invite.uses), Some(0));
    store.put_invite(PLACE, invite, 1).await.unwrap();
    let late = NewRecord { now: expires, ..join(2, 6) };
    assert_eq!(denied(store.append(late).await), Denied::InviteEnded);
    assert_eq!(store.sweep(expires, NOW, 100).await.unwrap().invites, 1);
    assert_eq!(store.invite(PLACE, id).await.unwrap(), None);
}

async fn shares_a_quota(store: &impl Store) {
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    let key = SecretKey::from_seed(&Secret32::new([5; 32])).public();
    let id = InviteId([8; 16]);
    store.put_invite(PLACE, InviteRow { id, key, uses: 100, expires: NOW.plus(DAY) }, 10).await.unwrap();
    let quota = 20 * 1024;
    let mut fill = 0;
    let mut until_full = async |channel, invite| {
        let mut taken = 0;
        loop {
            fill += 1;
            let new = NewRecord { quota, invite, ..record(channel, 1, fill) };
            match store.append(new).await {
                Ok(_) => taken += 1,
                Err(error) => {
                    assert_eq!(error, StoreError::Denied(Denied::Full));
                    return taken;
                }
            }
        }
    };
    // Join requests take 10 %, the inbox goes on to 80, the desk to 90, and alerts have the rest.
    assert_eq!(until_full(Channel::Join, Some(id)).await, 2);
    assert_eq!(until_full(Channel::Inbox, None).await, 14);
    assert_eq!(until_full(Channel::Desk, None).await, 2);
    assert_eq!(until_full(Channel::Alerts, None).await, 2);
    // Another neighborhood of the network shares it; expiry gives it back.
    assert_eq!(store.stats().await.unwrap().bytes, quota);
    while store.sweep(NOW.plus(DAY), NOW, 3).await.unwrap().total() > 0 {}
    assert_eq!(store.stats().await.unwrap().bytes, 0);
}

async fn forgets_on_time_and_gives_no_position_twice(store: &impl Store) {
    store.put_epoch(epoch(1, 0, &[])).await.unwrap();
    let short = NewRecord { expires: NOW.plus(10), ..record(Channel::Alerts, 1, 1) };
    let first = store.append(short).await.unwrap();
    let second = store.append(record(Channel::Alerts, 1, 2)).await.unwrap();
    let after_first = store.records(PLACE, Channel::Alerts, 0, NOW.plus(10), PAGE).await.unwrap();
    assert_eq!(after_first.iter().map(|each| each.position).collect::<Vec<_>>(), [second]);
    assert_eq!(store.sweep(NOW.plus(9), NOW, 100).await.unwrap().records, 0);
    assert_eq!(store.sweep(NOW.plus(10), NOW, 100).await.unwrap().records, 1);
    assert_eq!(store.seek(PLACE, Channel::Alerts, first).await.unwrap().at, None);
    assert_eq!(store.sweep(NOW.plus(DAY), NOW, 100).await.unwrap().records, 1);
    assert!(store.scrub().await.unwrap());
    let third = store.append(record(Channel::Alerts, 1, 1)).await.unwrap();
    assert!(third > second, "{third} after {second}");
}

async fn keeps_roster_records_until_their_epoch_has_closed(store: &impl Store) {
    let all = slots(2);
    store.stage(staging(1, ObjectClass::Slot, all.clone())).await.unwrap();
    store.put_epoch(epoch(1, 0, &all)).await.unwrap();
    store.append(record(Channel::Roster, 1, 1)).await.unwrap();
    let years = NOW.plus(1000 * DAY);
    assert_eq!(store.sweep(years, NOW, 100).await.unwrap().total(), 0);
    assert_eq!(store.records(PLACE, Channel::Roster, 0, years, PAGE).await.unwrap().len(), 1);

    let until = years.plus(DAY + HOUR);
    store.put_epoch(NewEpoch { now: years, keep_closed_until: until, ..epoch(2, 1, &[]) }).await.unwrap();
    while store.sweep(until.minus(1), years, 100).await.unwrap().total() > 0 {}
    assert_eq!(store.records(PLACE, Channel::Roster, 0, until.minus(1), PAGE).await.unwrap().len(), 1);
    assert_eq!(store.slots(PLACE, Epoch(1), 0, 10).await.unwrap(), all);
    while store.sweep(until, years, 100).await.unwrap().total() > 0 {}
    assert!(store.records(PLACE, Channel::Roster, 0, until, PAGE).await.unwrap().is_empty());
    assert_eq!(store.run_list(PLACE, Epoch(1)).await.unwrap(), None);
    assert!(store.slots(PLACE, Epoch(1), 0, 10).await.unwrap().is_empty());
    // The announcement stays: whoever returns follows the chain of epochs.
    assert_eq!(store.announcements(PLACE, Epoch(1), PAGE).await.unwrap().items.len(), 2);
}
