//! Opening epochs, bringing announcements, fetching slots.

use watchfire_protocol::announcement::{Keys, MAX_EPOCH_LEAP, Slots};
use watchfire_protocol::frame::{MAX_OBJECTS, ObjectClass, Refusal, Reply, Request};
use watchfire_protocol::id::{AnnouncementHash, CharterHash, Epoch, Tag};
use watchfire_protocol::run::{OBJECT_LEN, Object, Presence, look_up, run_of, slots_root};

use crate::client::{Client, open, publish};
use crate::organization::{EpochKeys, Organization, RIVERSIDE, coordinator, dispatcher, key};
use crate::running::Running;

#[tokio::test]
async fn only_what_the_newest_charter_and_the_held_epoch_allow_is_opened() {
    let (relay, organization, first) = Running::founded().await;
    let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
    let bad = async |device: &mut Client, change: &dyn Fn(&mut Keys, &mut Slots)| {
        let epoch =
            EpochKeys::new(&organization, 2, Some(&first), 3, |keys, slots| change(keys, slots), &coordinator());
        device.stage(&epoch).await;
        match device.open(&epoch, 1).await {
            Reply::Refused(refusal) => refusal,
            other => panic!("opened: {other:?}"),
        }
    };
    let announcement = |refusal: Refusal| matches!(refusal, Refusal::BadAnnouncement(_));
    assert!(announcement(bad(&mut device, &|keys, _| keys.charter_version = 2).await));
    assert!(announcement(bad(&mut device, &|keys, _| keys.charter = CharterHash([1; 32])).await));
    assert!(announcement(bad(&mut device, &|keys, _| keys.predecessors.clear()).await));
    assert!(announcement(bad(&mut device, &|keys, _| keys.predecessors = vec![AnnouncementHash([1; 32])]).await));
    assert!(announcement(bad(&mut device, &|keys, _| keys.epoch = Epoch(2 + MAX_EPOCH_LEAP)).await));
    assert!(announcement(bad(&mut device, &|keys, _| keys.neighborhood = crate::organization::OLD_MILL).await));
    assert_eq!(bad(&mut device, &|keys, _| keys.epoch = Epoch(1)).await, Refusal::Stale { current: Epoch(1) });
    assert_eq!(bad(&mut device, &|_, slots| slots.count = 4).await, Refusal::SlotsMismatch);
    assert_eq!(bad(&mut device, &|_, slots| slots.root = [0; 32]).await, Refusal::SlotsMismatch);

    // What is staged belongs to A and B, whoever signs them.
    let second = organization.epoch(2, Some(&first), 3);
    assert_eq!(device.open(&second, 1).await, Reply::Refused(Refusal::SlotsMismatch));
    for signer in [dispatcher(), key(88)] {
        let epoch = EpochKeys::new(&organization, 2, Some(&first), 3, |_, _| {}, &signer);
        device.stage(&epoch).await;
        assert_eq!(device.open(&epoch, 1).await, Reply::Refused(Refusal::NotGranted));
    }
    let mut forged = organization.epoch(2, Some(&first), 3);
    *forged.bytes.last_mut().unwrap() ^= 1;
    assert!(matches!(device.open(&forged, 1).await, Reply::Refused(Refusal::BadAnnouncement(_))));

    device.stage(&second).await;
    assert_eq!(device.open(&second, 0).await, Reply::Refused(Refusal::Stale { current: Epoch(1) }));
    assert_eq!(device.open(&second, 1).await, Reply::Done);
    assert!(matches!(device.event().await, Reply::Standing(standing) if standing.announcement == second.hash));
    // Once more, as after a lost answer.
    assert_eq!(device.open(&second, 1).await, Reply::Done);
    let rival =
        EpochKeys::new(&organization, 2, Some(&first), 3, |keys, _| keys.roster_digest = [9; 32], &coordinator());
    device.stage(&rival).await;
    assert_eq!(device.open(&rival, 1).await, Reply::Refused(Refusal::Stale { current: Epoch(2) }));
}

#[tokio::test]
async fn of_two_openers_one_wins_and_the_other_is_told() {
    let (relay, organization, first) = Running::founded().await;
    let opener = async |digest: u8| {
        let change = |keys: &mut Keys, _: &mut Slots| keys.roster_digest = [digest; 32];
        let epoch = EpochKeys::new(&organization, 2, Some(&first), 40, change, &coordinator());
        let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
        device.stage(&epoch).await;
        device.open(&epoch, 1).await
    };
    let (one, other) = tokio::join!(opener(1), opener(2));
    let stale = Reply::Refused(Refusal::Stale { current: Epoch(2) });
    assert!((one == Reply::Done && other == stale) || (one == stale && other == Reply::Done), "{one:?} {other:?}");
}

#[tokio::test]
async fn a_member_finds_proof_that_a_slot_is_there_or_not() {
    let (relay, organization, first) = Running::founded().await;
    let second = organization.epoch(2, Some(&first), 100);
    open(&relay.url, &organization, &second, 1).await;
    let (network, neighborhood, epoch) = (organization.network(), RIVERSIDE, Epoch(2));
    let mut anybody = Client::connect(&relay.url).await;
    let request = Request::SlotList { network, neighborhood, epoch, from: 0 };
    let Reply::SlotList { total, entries } = anybody.ask(request).await else { panic!() };
    assert_eq!((total, entries.len()), (6, 6));
    for (tag, wanted) in [(second.slots[70].tag, true), (Tag([250; 16]), false)] {
        let run = run_of(&entries, &tag);
        let number = u32::try_from(run).unwrap();
        let request = Request::SlotRun { network, neighborhood, epoch, run: number, from: 0 };
        let Reply::SlotRun { slots, total } = anybody.ask(request).await else { panic!() };
        assert_eq!(slots.len(), usize::try_from(total).unwrap());
        match look_up(&entries, run, &slots, &tag) {
            Presence::Present(slot) => assert!(wanted && *slot == second.slots[70]),
            Presence::Absent => assert!(!wanted),
            Presence::Incomplete => panic!("the run is not whole"),
        }
    }
    let request = Request::SlotList { network, neighborhood, epoch, from: 4 };
    assert!(matches!(anybody.ask(request).await, Reply::SlotList { total: 6, entries } if entries.len() == 2));
    let request = Request::SlotRun { network, neighborhood, epoch, run: 6, from: 0 };
    assert_eq!(anybody.refusal(request).await, Refusal::NotFound);
    let request = Request::SlotList { network, neighborhood, epoch: Epoch(9), from: 0 };
    assert_eq!(anybody.refusal(request).await, Refusal::NotFound);
    assert_eq!(slots_root(&entries), second.root);

    // A run of up to 64 does not fit into one frame.
    let third = organization.epoch(3, Some(&second), 64);
    open(&relay.url, &organization, &third, 2).await;
    let mut slots = Vec::new();
    while slots.len() < 64 {
        let from = u32::try_from(slots.len()).unwrap();
        let request = Request::SlotRun { network, neighborhood, epoch: Epoch(3), run: 0, from };
        let Reply::SlotRun { total: 64, slots: more } = anybody.ask(request).await else { panic!() };
        slots.extend(more);
    }
    assert_eq!(slots, third.slots);
}

#[tokio::test]
async fn objects_are_found_by_tag_and_late_slots_are_listed_whole() {
    let (relay, organization, first) = Running::founded().await;
    let (network, neighborhood) = (organization.network(), RIVERSIDE);
    let second = organization.epoch(2, Some(&first), 2);
    let other = |n: u8| Object { tag: Tag([n; 16]), body: Box::new([n; OBJECT_LEN]) };
    let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
    let stage = |objects| Request::Stage { announcement: second.hash, class: ObjectClass::Other, objects };
    let too_many = (0..=MAX_OBJECTS).map(|_| other(1)).collect();
    assert!(matches!(device.refusal(stage(too_many)).await, Refusal::Malformed(_)));
    let reply = device.ask(stage(vec![other(7), other(8), other(7)])).await;
    assert_eq!(reply, Reply::Staged { slots: 0, others: 2 });
    device.stage(&second).await;
    assert_eq!(device.open(&second, 1).await, Reply::Done);

    let mut anybody = Client::connect(&relay.url).await;
    let tags = vec![Tag([8; 16]), Tag([9; 16]), Tag([7; 16])];
    let request = Request::Objects { network, neighborhood, epoch: Epoch(2), tags };
    assert_eq!(anybody.ask(request).await, Reply::Objects { objects: vec![other(8), other(7)] });
    let tags = vec![Tag([8; 16]); MAX_OBJECTS + 1];
    let request = Request::Objects { network, neighborhood, epoch: Epoch(2), tags };
    assert!(matches!(anybody.refusal(request).await, Refusal::Malformed(_)));

    for fill in 0..45 {
        device.done(Request::AddLateSlot(second.late_slot(fill, &coordinator()))).await;
    }
    device.done(Request::AddLateSlot(second.late_slot(3, &coordinator()))).await;
    let stranger = second.late_slot(50, &dispatcher());
    assert_eq!(device.refusal(Request::AddLateSlot(stranger)).await, Refusal::NotGranted);
    let mut forged = second.late_slot(51, &coordinator());
    forged.tag = Tag([1; 16]);
    assert!(matches!(device.refusal(Request::AddLateSlot(forged)).await, Refusal::BadAnnouncement(_)));
    let closed = first.late_slot(52, &coordinator());
    assert_eq!(device.refusal(Request::AddLateSlot(closed)).await, Refusal::Stale { current: Epoch(2) });

    let ask = |from| Request::LateSlots { network, neighborhood, epoch: Epoch(2), from };
    let Reply::LateSlots { total: 45, slots } = anybody.ask(ask(0)).await else { panic!() };
    let Reply::LateSlots { total: 45, slots: rest } = anybody.ask(ask(40)).await else { panic!() };
    assert_eq!((slots.len(), rest.len()), (MAX_OBJECTS, 5));
    assert!(slots.iter().chain(&rest).all(|slot| slot.verify().is_ok()));
}

#[tokio::test]
async fn anybody_brings_an_announcement_to_a_relay_that_holds_less() {
    let relay = Running::new().await;
    let organization = Organization::found(relay.key);
    relay.allow(organization.network());
    let mut anybody = Client::connect(&relay.url).await;
    let first = organization.epoch(1, None, 2);
    let fifth = organization.epoch(5, None, 2);
    let put = |epoch: &EpochKeys| Request::PutAnnouncement { announcement: epoch.bytes.clone() };
    assert_eq!(anybody.refusal(put(&fifth)).await, Refusal::NotFound);
    assert_eq!(publish(&relay.url, &organization).await, Reply::Done);
    anybody.done(put(&fifth)).await;
    anybody.done(put(&fifth)).await;
    assert_eq!(anybody.refusal(put(&first)).await, Refusal::Stale { current: Epoch(5) });
    let by_stranger = EpochKeys::new(&organization, 6, None, 2, |_, _| {}, &dispatcher());
    assert_eq!(anybody.refusal(put(&by_stranger)).await, Refusal::NotGranted);
    let garbage = Request::PutAnnouncement { announcement: vec![1; 300] };
    assert!(matches!(anybody.refusal(garbage).await, Refusal::BadAnnouncement(_)));
    let far = EpochKeys::new(&organization, 6, None, 2, |keys, _| keys.epoch = Epoch(u64::MAX), &coordinator());
    assert!(matches!(anybody.refusal(put(&far)).await, Refusal::BadAnnouncement(_)));

    // Alerts go on at once; the slots come when a coordinator brings them.
    let standing = Request::Standing { network: organization.network(), neighborhood: RIVERSIDE };
    assert!(matches!(anybody.ask(standing.clone()).await, Reply::Standing(standing) if !standing.complete));
    let mut writer = Client::coordinator(&relay.url, &organization, &fifth).await;
    writer.append(&crate::organization::record(watchfire_protocol::record::Channel::Alerts, Epoch(5), 1)).await;
    let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
    assert_eq!(device.open(&fifth, 5).await, Reply::Refused(Refusal::SlotsMismatch));
    device.stage(&fifth).await;
    assert_eq!(device.open(&fifth, 5).await, Reply::Done);
    assert!(matches!(anybody.ask(standing).await, Reply::Standing(standing) if standing.complete));
    assert!(matches!(writer.event().await, Reply::Standing(standing) if standing.complete));

    let request = Request::Announcements { network: organization.network(), neighborhood: RIVERSIDE, from: Epoch(1) };
    let Reply::Announcements { announcements, more: false } = anybody.ask(request).await else { panic!() };
    assert_eq!(announcements, [fifth.bytes]);
}
