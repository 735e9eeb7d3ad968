//! What a charter answers.

use std::collections::BTreeSet;

use crate::charter::testing::{
    ISSUED, OLD_MILL, RIVERSIDE, admin, coordinator, device, genesis, grant, neighborhood, relay, scope, signed,
};
use crate::charter::{Charter, CharterBody, Expiry, Revocation, Right, Scope, Standing, WARNING, judge};
use crate::id::{Epoch, NeighborhoodId};
use crate::time::{DAY, Timestamp};

/// In [`RIVERSIDE`] 1 has both rights, 2 dispatches with two devices, 3 enrolls from the tenth to the twentieth day; in
/// [`OLD_MILL`] 1 dispatches.
fn charter() -> Charter {
    let days = |from: u64, to: u64| (ISSUED.plus(from * DAY), ISSUED.plus(to * DAY));
    let (not_before, not_after) = days(10, 20);
    let enroll = Scope { dispatch: false, not_before, not_after, ..scope(RIVERSIDE) };
    let dispatch = |place| Scope { enroll: false, ..scope(place) };
    let mut second = grant(2, vec![dispatch(RIVERSIDE)]);
    second.devices.push(device(12).public());
    let revoked = Revocation { key: device(9).public(), neighborhood: RIVERSIDE, distrust_from: Epoch(5) };
    let body = CharterBody {
        neighborhoods: vec![neighborhood(RIVERSIDE, 2), neighborhood(OLD_MILL, 1)],
        grants: vec![grant(1, vec![scope(RIVERSIDE), dispatch(OLD_MILL)]), second, grant(3, vec![enroll])],
        revocations: vec![revoked],
        ..genesis(1, 1)
    };
    judge(None, &signed(&body, [0])).unwrap()
}

fn day(number: u64) -> Timestamp {
    ISSUED.plus(number * DAY)
}

#[test]
fn every_device_of_a_coordinator_is_that_coordinator() {
    let charter = charter();
    for number in [2, 12] {
        let key = device(number).public();
        assert_eq!(charter.as_written().coordinator_of(&key), Some(coordinator(2)));
        assert_eq!(charter.as_written().granted(&key, RIVERSIDE, Right::Dispatch, ISSUED), Some(coordinator(2)));
    }
}

#[test]
fn admins_relays_and_strangers_are_no_coordinators() {
    let charter = charter();
    for key in [admin(0), relay(0), device(9)] {
        assert_eq!(charter.as_written().coordinator_of(&key.public()), None);
        assert_eq!(charter.as_written().granted(&key.public(), RIVERSIDE, Right::Dispatch, ISSUED), None);
        assert_eq!(charter.as_written().any_right(&key.public(), RIVERSIDE, ISSUED), None);
    }
}

#[test]
fn who_coordinates_a_neighborhood_is_who_has_any_right_there_then() {
    let charter = charter();
    let all = |place, at| charter.as_written().coordinators(place, at);
    assert_eq!(all(RIVERSIDE, day(5)), BTreeSet::from([coordinator(1), coordinator(2)]));
    assert_eq!(all(RIVERSIDE, day(15)), BTreeSet::from([coordinator(1), coordinator(2), coordinator(3)]));
    assert_eq!(all(OLD_MILL, day(15)), BTreeSet::from([coordinator(1)]));
}

#[test]
fn a_right_is_granted_in_one_neighborhood_and_for_one_thing() {
    let charter = charter();
    let granted = |number, place, right| charter.as_written().granted(&device(number).public(), place, right, day(15));
    assert_eq!(granted(1, OLD_MILL, Right::Dispatch), Some(coordinator(1)));
    assert_eq!(granted(1, OLD_MILL, Right::Enroll), None);
    assert_eq!(granted(2, RIVERSIDE, Right::Enroll), None);
    assert_eq!(granted(2, OLD_MILL, Right::Dispatch), None);
    assert_eq!(granted(3, RIVERSIDE, Right::Enroll), Some(coordinator(3)));
    assert_eq!(granted(3, RIVERSIDE, Right::Dispatch), None);
    assert_eq!(granted(1, NeighborhoodId([9; 16]), Right::Dispatch), None);
}

#[test]
fn a_window_includes_its_beginning_and_excludes_its_end() {
    let charter = charter();
    let key = device(3).public();
    let standing = |at| charter.as_written().grant_window(&key, RIVERSIDE, Right::Enroll, at);
    let coordinator = coordinator(3);
    let not_yet = Standing::NotYet { coordinator, not_before: day(10) };
    let retired = Standing::Retired { coordinator, not_after: day(20) };
    for (at, wanted) in [
        (day(10).minus(1), not_yet),
        (day(10), Standing::Granted(coordinator)),
        (day(20).minus(1), Standing::Granted(coordinator)),
        (day(20), retired),
    ] {
        assert_eq!(standing(at), wanted);
        let wanted = (wanted == Standing::Granted(coordinator)).then_some(coordinator);
        assert_eq!(charter.as_written().granted(&key, RIVERSIDE, Right::Enroll, at), wanted);
        assert_eq!(charter.as_written().any_right(&key, RIVERSIDE, at), wanted);
    }
    assert_eq!(charter.as_written().grant_window(&key, RIVERSIDE, Right::Dispatch, day(20)), Standing::NotGranted);
}

#[test]
fn distrust_holds_for_one_key_in_one_neighborhood_from_its_epoch_on() {
    let charter = charter();
    let distrusted =
        |number, place, epoch| charter.as_written().is_distrusted(&device(number).public(), place, Epoch(epoch));
    assert!(!distrusted(9, RIVERSIDE, 4));
    assert!(distrusted(9, RIVERSIDE, 5));
    assert!(distrusted(9, RIVERSIDE, u64::MAX));
    assert!(!distrusted(9, OLD_MILL, 5));
    assert!(!distrusted(1, RIVERSIDE, 5));
}

#[test]
fn dispatchers_are_counted_as_coordinators_and_at_a_time() {
    let charter = charter();
    assert_eq!(charter.as_written().dispatchers(RIVERSIDE, day(15)), 2);
    assert_eq!(charter.as_written().dispatchers(OLD_MILL, day(15)), 1);
    assert_eq!(charter.as_written().dispatchers(RIVERSIDE, ISSUED.minus(1)), 0);
    assert_eq!(charter.as_written().dispatchers(RIVERSIDE, day(365)), 0);
    assert_eq!(charter.as_written().dispatchers(NeighborhoodId([9; 16]), day(15)), 0);
}

#[test]
fn others_are_those_with_any_right_at_the_time() {
    let charter = charter();
    let others = |place, except: &[u8], at| {
        let except: BTreeSet<_> = except.iter().map(|number| coordinator(*number)).collect();
        charter.as_written().others_granted(place, &except, at)
    };
    assert!(others(RIVERSIDE, &[1], ISSUED));
    assert!(!others(RIVERSIDE, &[1, 2], ISSUED));
    assert!(others(RIVERSIDE, &[1, 2], day(10)));
    assert!(!others(RIVERSIDE, &[1, 2, 3], day(10)));
    assert!(others(OLD_MILL, &[], ISSUED));
    assert!(!others(OLD_MILL, &[1], ISSUED));
}

#[test]
fn neighborhoods_and_relays_are_found_by_id_and_by_key() {
    let charter = charter();
    assert_eq!(charter.neighborhood(OLD_MILL), Some(&neighborhood(OLD_MILL, 1)));
    assert_eq!(charter.neighborhood(NeighborhoodId([9; 16])), None);
    assert_eq!(charter.relay_with_key(&relay(0).public()), Some(&charter.body().relays[0]));
    assert_eq!(charter.relay_with_key(&admin(0).public()), None);
}

#[test]
fn an_end_is_announced_sixty_days_ahead_and_followed_by_the_grace() {
    let charter = charter();
    let end = charter.body().expires;
    for (now, wanted) in [
        (Timestamp(0), Expiry::Fine),
        (end.minus(WARNING + 1), Expiry::Fine),
        (end.minus(WARNING), Expiry::Soon { days: 60 }),
        (end.minus(DAY), Expiry::Soon { days: 1 }),
        (end.minus(1), Expiry::Soon { days: 0 }),
        (end, Expiry::Grace { days: 0 }),
        (end.plus(30 * DAY - 1), Expiry::Grace { days: 29 }),
        (end.plus(30 * DAY), Expiry::Expired { days: 30 }),
    ] {
        assert_eq!(charter.expiry(now), wanted, "{now:?}");
    }
}
