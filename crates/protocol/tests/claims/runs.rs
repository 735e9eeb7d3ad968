//! Proof that a slot is there, or that it is not.

use watchfire_protocol::id::{Tag, sha256};
use watchfire_protocol::run::{
    Object, Presence, RunEntry, look_up, run_count, run_list, run_of, run_range, slots_root,
};

fn slots(count: u32) -> (Vec<Object>, Vec<RunEntry>) {
    let mut slots: Vec<Object> = (0..count)
        .map(|i| Object {
            tag: Tag(*sha256(&[&i.to_be_bytes()]).first_chunk().unwrap()),
            body: Box::new([u8::try_from(i % 256).unwrap(); 2048]),
        })
        .collect();
    slots.sort_by_key(|slot| slot.tag);
    let hashes: Vec<_> = slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect();
    let list = run_list(&hashes);
    (slots, list)
}

#[test]
fn a_relay_that_leaves_out_adds_swaps_or_repeats_a_slot_proves_nothing() {
    let (all, list) = slots(100);
    let tag = all[40].tag;
    let run = run_of(&list, &tag);
    let honest = all[run_range(100, run)].to_vec();
    assert!(matches!(look_up(&list, run, &honest, &tag), Presence::Present(slot) if slot.tag == tag));

    let without: Vec<Object> = honest.iter().filter(|slot| slot.tag != tag).cloned().collect();
    let with = [honest.as_slice(), &all[..1]].concat();
    let mut swapped = honest.clone();
    swapped.swap(0, 1);
    let repeated = [&honest[..1], &honest].concat();
    for forged in [without, with, swapped, repeated, vec![]] {
        assert_eq!(look_up(&list, run, &forged, &tag), Presence::Incomplete);
    }
}

#[test]
fn a_whole_run_that_is_not_the_tags_own_proves_nothing() {
    let (all, list) = slots(100);
    let tag = all[40].tag;
    for run in (0..run_count(100)).filter(|run| *run != run_of(&list, &tag)) {
        assert_eq!(look_up(&list, run, &all[run_range(100, run)], &tag), Presence::Incomplete);
    }
    assert_eq!(look_up(&list, 99, &[], &tag), Presence::Incomplete, "a run that the list does not have");
}

#[test]
fn a_run_of_one_place_in_the_list_is_none_of_another() {
    let (all, mut list) = slots(100);
    list.swap(1, 2);
    let tag = all[20].tag;
    for run in 0..run_count(100) {
        let found = look_up(&list, run, &all[run_range(100, 1)], &tag);
        assert!(!matches!(found, Presence::Present(_)), "the number of the run is hashed with it");
    }
}

#[test]
fn the_root_tells_every_change_of_the_list() {
    let (_, list) = slots(100);
    let root = slots_root(&list);
    assert_ne!(slots_root(&list[..list.len() - 1]), root);
    let mut reversed = list.clone();
    reversed.reverse();
    assert_ne!(slots_root(&reversed), root);
    for at in 0..list.len() {
        let mut other = list.clone();
        other[at].first[7] ^= 1;
        assert_ne!(slots_root(&other), root);
        let mut other = list.clone();
        other[at].hash[31] ^= 1;
        assert_ne!(slots_root(&other), root);
    }
}

#[test]
fn without_slots_everybody_is_absent() {
    let (_, list) = slots(0);
    assert_eq!(look_up(&list, 0, &[], &Tag([7; 16])), Presence::Absent);
}
