//! Slots, cut into runs under one signed root. `docs/protocol.md`, "Runs".
//!
//! Sorted by tag and cut into runs of 16, the last of up to 31; up to 64 slots are one run. Who downloads the list and
//! one run has proof that a tag is there, or that it is not, and the relay learns one run in which the tag would be.

use bincode::{Decode, Encode};

use crate::id::{Tag, sha256};
use crate::labels::Domain;

/// Length of a slot's or another object's body in bytes.
pub const OBJECT_LEN: usize = 2048;
/// Slots in a run, but for the last.
pub const RUN_LEN: usize = 16;
/// Up to so many slots are one run.
pub const SINGLE_RUN: usize = 64;

/// A sealed body with the tag that it is found by: a slot, a part of the roster, a part of the names.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Object {
    /// What it is found by.
    pub tag: Tag,
    /// 2,048 sealed bytes.
    pub body: Box<[u8; OBJECT_LEN]>,
}

/// One run in the list: the first 8 bytes of its first tag, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RunEntry {
    /// The first 8 bytes of its first tag.
    pub first: [u8; 8],
    /// `SHA-256("watchfire v1 run" 00 || u32be(j) || (tag || SHA-256(body))*)`.
    pub hash: [u8; 32],
}

/// How many runs `slots` slots are cut into.
#[must_use]
pub const fn run_count(slots: usize) -> usize {
    if slots == 0 {
        0
    } else if slots <= SINGLE_RUN {
        1
    } else {
        slots / RUN_LEN
    }
}

/// Which of `slots` sorted slots make up run `run`.
#[must_use]
pub const fn run_range(slots: usize, run: usize) -> std::ops::Range<usize> {
    let runs = run_count(slots);
    if run >= runs {
        slots..slots
    } else if run + 1 == runs {
        run * RUN_LEN..slots
    } else {
        run * RUN_LEN..(run + 1) * RUN_LEN
    }
}

fn prefix8(tag: &Tag) -> [u8; 8] {
    let [first @ .., _, _, _, _, _, _, _, _] = tag.0;
    first
}

fn hash_run<'a>(run: usize, slots: impl Iterator<Item = (&'a Tag, [u8; 32])>) -> [u8; 32] {
    let mut bytes = Domain::Run.prefix();
    bytes.extend_from_slice(&u32be(run));
    for (tag, hash) in slots {
        bytes.extend_from_slice(&tag.0);
        bytes.extend_from_slice(&hash);
    }
    sha256(&[&bytes])
}

fn u32be(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes()
}

/// The list of runs of these slots, given as (tag, SHA-256 of the body), sorted by tag without doubles.
#[must_use]
pub fn run_list(slots: &[(Tag, [u8; 32])]) -> Vec<RunEntry> {
    (0..run_count(slots.len()))
        .filter_map(|run| {
            let here = slots.get(run_range(slots.len(), run))?;
            let (first, _) = here.first()?;
            Some(RunEntry { first: prefix8(first), hash: hash_run(run, here.iter().map(|(tag, hash)| (tag, *hash))) })
        })
        .collect()
}

/// `root = SHA-256("watchfire v1 slots" 00 || u32be(runs) || list)`.
#[must_use]
pub fn slots_root(list: &[RunEntry]) -> [u8; 32] {
    let mut bytes = Domain::Slots.prefix();
    bytes.extend_from_slice(&u32be(list.len()));
    for entry in list {
        bytes.extend_from_slice(&entry.first);
        bytes.extend_from_slice(&entry.hash);
    }
    sha256(&[&bytes])
}

/// In which run a tag is, if it is anywhere.
#[must_use]
pub fn run_of(list: &[RunEntry], tag: &Tag) -> usize {
    list.iter().rposition(|entry| entry.first <= prefix8(tag)).unwrap_or(0)
}

/// What a run that was downloaded shows about a tag.
#[derive(Debug, PartialEq, Eq)]
pub enum Presence<'a> {
    /// Here it is.
    Present(&'a Object),
    /// The run is whole and the tag is not in it, so it is nowhere.
    Absent,
    /// The run is not the one that was signed: the relay withholds or alters.
    Incomplete,
}

/// Looks a tag up in a downloaded run, checking the run against a list whose root was checked.
#[must_use]
pub fn look_up<'a>(list: &[RunEntry], run: usize, slots: &'a [Object], tag: &Tag) -> Presence<'a> {
    let Some(entry) = list.get(run) else {
        return if list.is_empty() { Presence::Absent } else { Presence::Incomplete };
    };
    let hash = hash_run(run, slots.iter().map(|slot| (&slot.tag, sha256(&[slot.body.as_slice()]))));
    if hash != entry.hash || run_of(list, tag) != run {
        return Presence::Incomplete;
    }
    slots.iter().find(|slot| slot.tag == *tag).map_or(Presence::Absent, Presence::Present)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(n: usize) -> Vec<Object> {
        let mut out: Vec<Object> = (0..n)
            .map(|i| Object {
                tag: Tag(sha256(&[&u32be(i)])[..16].try_into().unwrap()),
                body: Box::new([u8::try_from(i % 251).unwrap(); OBJECT_LEN]),
            })
            .collect();
        out.sort_by_key(|slot| slot.tag);
        out
    }

    fn hashes(slots: &[Object]) -> Vec<(Tag, [u8; 32])> {
        slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect()
    }

    #[test]
    fn every_cut_covers_every_slot_once_and_no_run_is_longer_than_it_may_be() {
        for n in [0, 1, 16, 32, 63, 64, 65, 79, 80, 81, 95, 96, 256, 512, 1000] {
            let mut next = 0;
            for run in 0..run_count(n) {
                let range = run_range(n, run);
                assert_eq!(range.start, next);
                assert!(range.len() <= if n <= SINGLE_RUN { SINGLE_RUN } else { 31 }, "{n} {run}");
                next = range.end;
            }
            assert_eq!(next, n);
        }
    }

    #[test]
    fn every_tag_is_found_and_every_other_tag_is_proved_absent() {
        for n in [1, 32, 64, 65, 100, 300] {
            let all = slots(n);
            let list = run_list(&hashes(&all));
            for slot in &all {
                let run = run_of(&list, &slot.tag);
                assert_eq!(look_up(&list, run, &all[run_range(n, run)], &slot.tag), Presence::Present(slot));
            }
            for stranger in [Tag([0; 16]), Tag([255; 16]), Tag([77; 16])] {
                let run = run_of(&list, &stranger);
                assert_eq!(look_up(&list, run, &all[run_range(n, run)], &stranger), Presence::Absent);
            }
        }
    }

    #[test]
    fn a_run_with_a_slot_missing_or_altered_or_another_run_proves_nothing() {
        let all = slots(100);
        let list = run_list(&hashes(&all));
        let tag = all[20].tag;
        let run = run_of(&list, &tag);
        let mut short = all[run_range(100, run)].to_vec();
        short.retain(|slot| slot.tag != tag);
        assert_eq!(look_up(&list, run, &short, &tag), Presence::Incomplete);
        let mut altered = all[run_range(100, run)].to_vec();
        altered[0].body[5] ^= 1;
        assert_eq!(look_up(&list, run, &altered, &tag), Presence::Incomplete);
        let other = run + 1;
        assert_eq!(look_up(&list, other, &all[run_range(100, other)], &tag), Presence::Incomplete);
    }

    #[test]
    fn the_root_changes_with_any_slot() {
        let all = slots(70);
        let root = slots_root(&run_list(&hashes(&all)));
        let mut other = hashes(&all);
        other[69].1[0] ^= 1;
        assert_ne!(slots_root(&run_list(&other)), root);
    }
}
