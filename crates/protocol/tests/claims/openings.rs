//! What an opening carries besides slots: who was removed and by whose signature, who gets no slot yet. And who was left
//! out by an opener who means harm.

use std::collections::BTreeSet;

use watchfire_protocol::epoch::{LARGE_STEP, Opened, Opening, STEP, open_epoch, slot_count};
use watchfire_protocol::id::{CharterHash, Epoch, MemberId};
use watchfire_protocol::object::CONTENT_LEN;
use watchfire_protocol::roster::{EVIDENCE_EPOCHS, Event, EventBody, REASON_LEN, Roster, digest};
use watchfire_protocol::run::Presence;
use watchfire_protocol::slot::{Recipient, open_slot, seal_slot};
use watchfire_protocol::wire::{Extensions, Signed};

use crate::neighborhood::{Person, Town, names};
use crate::scene::{NOW, key};

fn opening<'a>(town: &'a Town, at_least: usize, suspended: BTreeSet<MemberId>) -> Opening<'a> {
    Opening {
        place: town.place,
        epoch: town.roster.context().epoch,
        predecessors: vec![],
        rights: town.scene.charters.rights(),
        opened_at: NOW,
        at_least,
        suspended,
    }
}

fn opened(town: &Town, at_least: usize, suspended: BTreeSet<MemberId>) -> Opened {
    open_epoch(&opening(town, at_least, suspended), &town.roster, &names(), &key(11), &rand::rng).unwrap()
}

fn removal(town: &Town, member: MemberId, reason: &str) -> Signed {
    let event = Event::Remove { member, reason: reason.to_owned() };
    let (epoch, extensions) = (town.roster.context().epoch, Extensions::default());
    let body = EventBody { epoch, charter_version: 1, charter: CharterHash([1; 32]), at: NOW, event, extensions };
    body.sign(&town.place, &key(11))
}

fn read_back(roster: &Roster, unsent: &BTreeSet<MemberId>) -> Roster {
    let items = roster.snapshot_without_slots(unsent);
    assert!(items.iter().all(|item| item.len() <= CONTENT_LEN));
    Roster::from_snapshot(roster.context(), &items, &digest(&roster.context(), &items)).unwrap()
}

#[test]
fn an_opening_after_a_removal_shows_as_many_slots_as_before() {
    let mut town = Town::new();
    for n in 1..=33 {
        town.add(n, (n == 1).then_some(11));
    }
    assert_eq!(town.open().opened.slots.len(), 2 * STEP);
    town.roster.apply(&Event::Remove { member: MemberId([33; 16]), reason: String::new() }).unwrap();
    let kept = opened(&town, 2 * STEP, BTreeSet::new());
    assert_eq!(kept.slots.len(), 2 * STEP, "after a removal");
    assert_eq!(kept.others.len(), 2 * STEP);
    assert_eq!(opened(&town, 0, BTreeSet::new()).slots.len(), STEP, "on schedule");
    assert_eq!(slot_count(257), 2 * LARGE_STEP);
}

#[test]
fn a_suspended_member_gets_no_slot_and_whoever_reads_the_snapshot_can_add_it() {
    let mut town = Town::new();
    town.add(1, Some(11));
    let doubtful = town.add(2, None);
    town.step(2);
    let suspended = BTreeSet::from([doubtful.id]);
    let opened = opened(&town, 0, suspended.clone());
    let announcement = opened.announcement.verify(&town.place).unwrap();
    let secret = doubtful.secret.step_to(Epoch(2)).unwrap();
    assert!(opened.slots.iter().all(|slot| slot.tag != secret.tag()));
    for slot in &opened.slots {
        assert!(open_slot(&announcement, slot.tag, &secret.psk(), &doubtful.kem, &slot.body).is_err());
    }
    let read = read_back(&town.roster, &suspended);
    assert_eq!(
        digest(&read.context(), &town.roster.snapshot_without_slots(&suspended)),
        announcement.keys().roster_digest
    );
    let entry = &read.members()[&doubtful.id];
    let (tag, psk) = entry.secrets.slot.clone().unwrap();
    assert!(read.members().values().filter(|member| member.secrets.slot.is_some()).count() == 1);
    // Another coordinator vouches: what the snapshot holds is enough to seal the slot.
    let fresh = watchfire_protocol::epoch::EpochKeys::generate(town.place.at(Epoch(2)), &mut town.rng);
    let recipient = Recipient { tag, psk: &psk, kem: &entry.kem };
    assert!(seal_slot(&fresh, announcement.keys_hash(), CharterHash([1; 32]), &recipient, &mut town.rng).is_ok());
    assert!((tag, psk) == (secret.tag(), secret.psk()));
}

#[test]
fn a_snapshot_shows_by_whose_signature_somebody_is_out_and_for_some_epochs() {
    let mut town = Town::new();
    let people: Vec<Person> = (1..=9).map(|n| town.add(n, None)).collect();
    let reason = "r".repeat(REASON_LEN);
    for person in &people {
        let event = removal(&town, person.id, &reason);
        town.roster.apply(&Event::Remove { member: person.id, reason: String::new() }).unwrap();
        for _ in 0..2 {
            town.roster.keep_evidence(Epoch(1), event.clone());
        }
    }
    town.step(2);
    let read = read_back(&town.roster, &BTreeSet::new());
    assert_eq!(read.evidence().count(), 9);
    for (came, event) in read.evidence() {
        assert_eq!(*came, Epoch(1));
        assert!(EventBody::open(event, &town.place).is_ok(), "signed as it was");
    }
    let kept = Roster::from_vault_bytes(town.place, &town.roster.to_vault_bytes()).unwrap();
    assert!(kept == town.roster);
    town.step(1 + EVIDENCE_EPOCHS);
    assert_eq!(town.roster.evidence().count(), 9);
    town.step(2 + EVIDENCE_EPOCHS);
    assert_eq!(town.roster.evidence().count(), 0);
    assert!(town.roster.removed(&people[0].id), "the mark stays");
}

#[test]
fn whom_an_opener_left_out_is_found_and_finds_the_slot_that_is_added() {
    let mut town = Town::new();
    town.add(1, Some(11));
    let (left_out, removed) = (town.add(2, None), town.add(3, None));
    let earlier = town.roster.clone();
    // The opener's roster lacks both, and claims that both were removed.
    for person in [&left_out, &removed] {
        town.roster.apply(&Event::Remove { member: person.id, reason: String::new() }).unwrap();
    }
    town.step(3);
    let published = town.open();
    let secret = left_out.secret.step_to(Epoch(3)).unwrap();
    assert_eq!(published.presence(&secret), Presence::Absent);
    let mut roster = town.roster.clone();
    let found = roster.left_out(&earlier, |member| member.id == removed.id).unwrap();
    assert_eq!(found.iter().map(|member| member.id).collect::<Vec<_>>(), [left_out.id]);
    assert!(found[0].secrets.slot == Some((secret.tag(), secret.psk())));
    roster.put_back(found[0].clone());
    assert!(roster.members().contains_key(&left_out.id) && !roster.removed(&left_out.id));
    assert!(roster.removed(&removed.id));
    assert!(roster.left_out(&earlier, |member| member.id == removed.id).unwrap().is_empty(), "once");
    town.roster = roster;
    town.add(4, None);
    assert!(earlier.left_out(&town.roster, |_| false).is_err(), "a roster does not go back");
    town.step(4);
    assert!(town.open().keys(&left_out).is_ok(), "and the next opening has them");
}

#[test]
fn a_void_approval_is_dropped_and_may_be_given_anew() {
    let mut town = Town::new();
    town.add(1, Some(11));
    let void = town.add(2, None);
    town.roster.drop_members(|member| member.id == void.id);
    assert!(!town.roster.members().contains_key(&void.id) && !town.roster.removed(&void.id));
    assert_eq!(town.roster.apply(&crate::neighborhood::added(&void, None)), Ok(true));
}
