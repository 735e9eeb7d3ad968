//! Whatever order events arrive in, and however often, the roster is the same.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, proptest};
use proptest::test_runner::Config;
use watchfire_protocol::id::{Epoch, InviteId, MemberId};
use watchfire_protocol::roster::{Event, Roster, digest};

use crate::neighborhood::{Person, Town, added, member};
use crate::roster::invite;
use crate::scene::NOW;

/// Five people from three epochs, their removals, and two invites with their ends.
fn events(town: &mut Town) -> Vec<Event> {
    let mut events = Vec::new();
    for n in 1..=5 {
        let mut person: Person = town.person(n);
        person.secret = person.secret.step_to(Epoch(1 + u64::from(n % 3))).unwrap();
        let mut entry = member(&person, (n == 1).then_some(11));
        entry.invite = (n > 2).then_some(InviteId([n % 2; 16]));
        events.push(if entry.invite.is_some() { Event::Add(Box::new(entry)) } else { added(&person, None) });
        events.push(Event::Remove { member: MemberId([n; 16]), reason: format!("reason {n}") });
    }
    for n in 0..2 {
        events.push(Event::Invite(invite(n, 3600)));
        events.push(Event::EndInvite { invite: InviteId([n; 16]) });
    }
    events
}

fn order() -> impl Strategy<Value = (Vec<bool>, Vec<usize>)> {
    // Which events happened, and in which order and how often they are applied beyond once each.
    (vec(any::<bool>(), 14), Just((0..14).collect::<Vec<usize>>()).prop_shuffle(), vec(0_usize..14, 0..20)).prop_map(
        |(happened, mut order, again)| {
            order.extend(again);
            (happened, order)
        },
    )
}

fn fold(town: &Town, events: &[Event], happened: &[bool], order: impl IntoIterator<Item = usize>) -> Roster {
    let mut roster = Roster::new(town.place.at(Epoch(3)));
    for at in order.into_iter().filter(|at| happened[*at]) {
        roster.apply(&events[at]).unwrap();
    }
    roster
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_order_and_duplication_of_events_gives_an_equal_roster((happened, order) in order()) {
        let mut town = Town::new();
        let events = events(&mut town);
        let (one, other) = (fold(&town, &events, &happened, 0..14), fold(&town, &events, &happened, order));
        prop_assert!(one == other);
        prop_assert!(one.snapshot() == other.snapshot());
        let (a, b) = (one.step_to(Epoch(4), NOW).unwrap(), other.step_to(Epoch(4), NOW).unwrap());
        prop_assert!(digest(&a.context(), &a.snapshot()) == digest(&b.context(), &b.snapshot()));

        for n in 1..=5_usize {
            let id = MemberId([u8::try_from(n).unwrap(); 16]);
            let (was_added, was_removed) = (happened[2 * (n - 1)], happened[2 * n - 1]);
            prop_assert!(one.members().contains_key(&id) == (was_added && !was_removed), "removal wins");
        }
    }

    #[test]
    fn events_before_or_after_the_epoch_turned_give_an_equal_roster((happened, order) in order(), cut in 0_usize..34) {
        let mut town = Town::new();
        let events = events(&mut town);
        let here: Vec<usize> = order.into_iter().filter(|at| happened[*at]).collect();
        let (before, after) = here.split_at(cut.min(here.len()));
        let mut turned = fold(&town, &events, &happened, before.iter().copied()).step_to(Epoch(6), NOW).unwrap();
        for at in after {
            turned.apply(&events[*at]).unwrap();
        }
        let late = fold(&town, &events, &happened, here.iter().copied()).step_to(Epoch(6), NOW).unwrap();
        prop_assert!(turned == late, "an approval that raced a rotation is not lost");
    }
}
