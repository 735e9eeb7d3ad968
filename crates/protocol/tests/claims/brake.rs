//! What one coordinator alone may not do: empty the roster. And who is in doubt after a revocation.

use std::collections::BTreeSet;

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use watchfire_protocol::brake::{Braked, Removal, WINDOW, brake, limit};
use watchfire_protocol::id::{CoordinatorId, Epoch, InviteId, MemberId};
use watchfire_protocol::suspension::{DOUBT, is_suspended};
use watchfire_protocol::time::{HOUR, Timestamp};

use crate::neighborhood::{Town, member};
use crate::scene::{NOW, coordinator};

const HERE: Epoch = Epoch(7);

fn who(n: usize) -> MemberId {
    MemberId([u8::try_from(n).unwrap(); 16])
}

fn removal(by: u8, n: usize, epoch: u64, at: Timestamp) -> Removal {
    Removal { at, epoch: Epoch(epoch), by: coordinator(by), member: who(n) }
}

fn three() -> BTreeSet<CoordinatorId> {
    [1, 2, 3].map(coordinator).into()
}

fn judged(removals: &[Removal]) -> Braked {
    brake(removals, 20, &three(), NOW.plus(30 * WINDOW))
}

#[test]
fn five_or_a_tenth_may_be_removed_by_one_coordinator_alone() {
    assert_eq!([0, 5, 49, 50, 59, 60, 1000].map(limit), [5, 5, 5, 5, 5, 6, 100]);
    let removals: Vec<Removal> = (1..=8).map(|n| removal(1, n, HERE.0, NOW.plus(n as u64))).collect();
    let held = judged(&removals);
    assert_eq!(held.counts, (1..=5).map(who).collect());
    assert_eq!(held.waits, (6..=8).map(|n| (who(n), coordinator(1))).collect());
    assert_eq!(brake(&removals, 80, &three(), NOW.plus(WINDOW)).waits.len(), 0);
}

#[test]
fn what_waits_goes_on_waiting_and_goes_through_when_another_coordinator_signs() {
    let mut removals: Vec<Removal> = (1..=8).map(|n| removal(1, n, HERE.0, NOW.plus(n as u64))).collect();
    assert_eq!(judged(&removals).waits.len(), 3, "a month later too");
    removals.push(removal(1, 7, 9, NOW.plus(3 * WINDOW)));
    let again = judged(&removals);
    assert!(again.waits.contains_key(&who(7)) && !again.counts.contains(&who(7)), "the same one again is no other");
    let twice: Vec<Removal> =
        [1, 1, 2, 3, 4, 5].iter().zip(1..).map(|(n, at)| removal(1, *n, HERE.0, NOW.plus(at))).collect();
    assert_eq!(judged(&twice).counts.len(), 5, "nor does it take another's room");
    removals.push(removal(2, 7, 9, NOW.plus(3 * WINDOW)));
    let held = judged(&removals);
    assert!(held.counts.contains(&who(7)) && !held.waits.contains_key(&who(7)));
    assert_eq!(held.waits.len(), 2);
}

#[test]
fn what_another_coordinator_signs_too_leaves_room_for_others() {
    let mut removals: Vec<Removal> = (1..=7).map(|n| removal(1, n, HERE.0, NOW.plus(n as u64))).collect();
    removals.extend((1..=5).map(|n| removal(2, n, HERE.0, NOW.plus(60))));
    let held = judged(&removals);
    assert_eq!((held.counts.len(), held.waits.len()), (7, 0));
}

#[test]
fn dates_do_not_divide_what_came_in_one_epoch_and_epochs_do_not_divide_a_day() {
    let spread: Vec<Removal> = (1..=8).map(|n| removal(1, n, HERE.0, NOW.plus(n as u64 * 2 * WINDOW))).collect();
    assert_eq!(judged(&spread).waits.len(), 3, "one epoch, two weeks");
    let hurried: Vec<Removal> = (1..=8).map(|n| removal(1, n, n as u64, NOW.plus(n as u64 * HOUR))).collect();
    assert_eq!(judged(&hurried).waits.len(), 3, "one day, eight epochs");
    let honest: Vec<Removal> = (1..=8).map(|n| removal(1, n, n as u64, NOW.plus(n as u64 * WINDOW))).collect();
    assert_eq!(judged(&honest).waits.len(), 0, "one a day, each with its epoch");
    let full: Vec<Removal> = (1..=5).map(|n| removal(1, n, n as u64, NOW)).collect();
    let waits = |at| judged(&[&full[..], &[removal(1, 6, 6, at)]].concat()).waits.len();
    assert_eq!((waits(NOW.plus(WINDOW - 1)), waits(NOW.plus(WINDOW))), (1, 0), "a day, and not a second longer");
}

#[test]
fn a_removal_from_the_future_counts_when_its_time_comes() {
    let ahead = [removal(1, 1, HERE.0, NOW.plus(2 * HOUR))];
    assert_eq!(brake(&ahead, 20, &three(), NOW), Braked::default());
    assert!(brake(&ahead, 20, &three(), NOW.plus(HOUR)).counts.contains(&who(1)));
}

#[test]
fn the_only_coordinator_waits_for_nobody() {
    let removals: Vec<Removal> = (1..=8).map(|n| removal(1, n, HERE.0, NOW)).collect();
    let alone = [coordinator(1)].into();
    assert_eq!(brake(&removals, 20, &alone, NOW).counts.len(), 8);
    let other = [coordinator(2)].into();
    assert_eq!(brake(&removals, 20, &other, NOW).waits.len(), 3, "who removed, and may no longer, is not alone");
}

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    #[test]
    fn order_and_doubles_change_nothing_and_each_waits_or_counts(
        (removals, shuffled) in proptest::collection::vec((1_u8..4, 1_usize..20, 1_u64..4, 0_u64..4), 0..40)
            .prop_map(|all| all.into_iter()
                .map(|(by, n, epoch, day)| removal(by, n, epoch, NOW.plus(day * WINDOW))).collect::<Vec<_>>())
            .prop_flat_map(|all| (Just(all.clone()), Just([all.clone(), all].concat()).prop_shuffle())),
        members in any::<u8>(),
    ) {
        let late = NOW.plus(9 * WINDOW);
        let one = brake(&removals, members.into(), &three(), late);
        prop_assert_eq!(&one, &brake(&shuffled, members.into(), &three(), late));
        for removal in &removals {
            let (counts, waits) = (one.counts.contains(&removal.member), one.waits.contains_key(&removal.member));
            prop_assert!(counts != waits);
            let signers: BTreeSet<_> = removals.iter().filter(|r| r.member == removal.member).map(|r| r.by).collect();
            prop_assert!(counts || signers.len() == 1, "two coordinators always suffice");
        }
        for by in three() {
            for epoch in 1..4 {
                let alone = one.counts.iter().filter(|member| {
                    let mine: Vec<_> = removals.iter().filter(|r| r.member == **member).collect();
                    mine.iter().all(|r| r.by == by) && mine.iter().all(|r| r.epoch == Epoch(epoch))
                });
                prop_assert!(alone.count() <= limit(members.into()), "never more of one coordinator's in one epoch");
            }
        }
    }
}

#[test]
fn who_was_enrolled_in_the_month_before_a_distrust_gets_no_slot_until_somebody_else_vouches() {
    let mut town = Town::new();
    let person = town.person(1);
    let mut entry = member(&person, None);
    entry.invite = Some(InviteId([1; 16]));
    let since = entry.since;
    assert!(is_suspended(&entry, Some(since.plus(DOUBT - 1)), false));
    assert!(is_suspended(&entry, Some(since.minus(60)), false), "enrolled after it too");
    assert!(!is_suspended(&entry, Some(since.plus(DOUBT)), false));
    assert!(!is_suspended(&entry, Some(since.plus(60)), true));
    assert!(!is_suspended(&entry, None, false));
    entry.invite = None;
    assert!(!is_suspended(&entry, Some(since.plus(60)), false), "a founder was approved by nobody");
}
