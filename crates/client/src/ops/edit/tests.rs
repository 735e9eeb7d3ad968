//! Every change, and every refusal.

use watchfire_protocol::charter::{
    DEFAULT_FRESHNESS_HOURS, DEFAULT_GRACE_DAYS, DEFAULT_RESTRICT_THRESHOLD, MAX_ADMINS, MAX_RELAYS,
};
use watchfire_protocol::id::{CharterHash, NetworkId};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::HOUR;
use watchfire_protocol::wire::Extensions;

use super::super::changes::{Change, changes};
use super::*;

const NOW: Timestamp = Timestamp(1_795_000_000);
const HERE: NeighborhoodId = NeighborhoodId([1; 16]);
const THERE: NeighborhoodId = NeighborhoodId([2; 16]);

fn key(number: u8) -> PublicKey {
    SecretKey::from_seed(&Secret32::new([number; 32])).public()
}

fn who(number: u8) -> CoordinatorId {
    CoordinatorId([number; 16])
}

fn neighborhood(id: NeighborhoodId, quorum: u8) -> Neighborhood {
    Neighborhood {
        id,
        quorum,
        below_quorum: BelowQuorum::Show,
        retention_hours: 72,
        freshness_hours: DEFAULT_FRESHNESS_HOURS,
        names: [7; 32],
        closed: false,
    }
}

fn scope(neighborhood: NeighborhoodId) -> Scope {
    let (not_before, not_after) = (NOW.minus(10 * DAY), NOW.plus(300 * DAY));
    Scope { neighborhood, dispatch: true, enroll: true, not_before, not_after }
}

/// Version 2: three admins of whom two sign, coordinators 1 and 2 in one neighborhood, one relay.
fn body() -> CharterBody {
    let grant = |number| Grant { coordinator: who(number), devices: vec![key(number)], scopes: vec![scope(HERE)] };
    CharterBody {
        network: NetworkId([9; 32]),
        version: 2,
        previous: CharterHash([9; 32]),
        issued: NOW,
        expires: NOW.plus(300 * DAY),
        grace_days: DEFAULT_GRACE_DAYS,
        admins: vec![key(101), key(102), key(103)],
        threshold: 2,
        restrict_threshold: DEFAULT_RESTRICT_THRESHOLD,
        neighborhoods: vec![neighborhood(HERE, 1)],
        grants: vec![grant(1), grant(2)],
        revocations: vec![],
        restrictions: vec![],
        relays: vec![Relay { url: "wss://relay.example/v1".to_owned(), key: key(201) }],
        extensions: Extensions::default(),
    }
}

fn with_admins(admins: &[u8], threshold: u8) -> CharterBody {
    CharterBody { admins: admins.iter().map(|number| key(*number)).collect(), threshold, ..body() }
}

fn told(after: &CharterBody) -> Vec<Change> {
    changes(Some(&body()), after)
}

#[test]
fn the_threshold_rises_with_the_admins_as_far_as_it_must_and_no_further() {
    for (before, added, after) in [(1, 1, 2), (1, 2, 2), (2, 1, 2), (3, 1, 3)] {
        let first: Vec<u8> = (101..101 + before).collect();
        let body = with_admins(&first, before / 2 + 1);
        let keys: Vec<PublicKey> = (0..added).map(|number| key(120 + number)).collect();
        let edited = add_admins(body, &keys).unwrap();
        assert_eq!(edited.threshold, after, "{before} and {added}");
    }
    let edited = add_admins(body(), &[key(104)]).unwrap();
    let threshold = Change::Threshold { from: 2, to: 3, of: 4 };
    assert_eq!(told(&edited), [Change::AdminAdded(key(104)), threshold]);
}

#[test]
fn the_threshold_falls_with_the_admins_as_far_as_it_must_and_no_further() {
    let edited = remove_admin(with_admins(&[101, 102], 2), &key(102)).unwrap();
    assert_eq!((edited.threshold, edited.restrict_threshold), (1, 1));
    let edited = remove_admin(body(), &key(103)).unwrap();
    assert_eq!(edited.threshold, 2);
    assert_eq!(told(&edited), [Change::AdminRemoved(key(103))]);
    let mut strict = with_admins(&[101, 102, 103], 3);
    strict.restrict_threshold = 3;
    assert_eq!(remove_admin(strict, &key(103)).unwrap().restrict_threshold, 2);
}

#[test]
fn an_admin_who_is_there_who_is_not_or_who_is_the_last_is_refused() {
    let twice = |key: PublicKey| EditError::Flaw(Flaw::KeyTwice { key: Box::new(key) });
    assert_eq!(add_admins(body(), &[key(101)]), Err(twice(key(101))));
    assert_eq!(add_admins(body(), &[key(104), key(104)]), Err(twice(key(104))));
    assert_eq!(add_admins(body(), &[key(1)]), Err(twice(key(1))), "a coordinator's device");
    assert_eq!(add_admins(body(), &[key(201)]), Err(twice(key(201))), "a relay");
    let many: Vec<PublicKey> = (0..14).map(|number| key(120 + number)).collect();
    let length = Flaw::Length { list: "admins", found: 17, min: 1, max: MAX_ADMINS };
    assert_eq!(add_admins(body(), &many), Err(EditError::Flaw(length)));
    assert_eq!(remove_admin(body(), &key(1)), Err(EditError::NoSuchAdmin { key: Box::new(key(1)) }));
    assert_eq!(remove_admin(with_admins(&[101], 1), &key(101)), Err(EditError::LastAdmin));
}

#[test]
fn a_threshold_of_nobody_of_a_minority_or_beyond_the_admins_is_refused() {
    for threshold in [0, 1, 4, u8::MAX] {
        let refused = set_threshold(body(), threshold, None);
        assert_eq!(refused, Err(EditError::Flaw(Flaw::Threshold { threshold, admins: 3 })));
    }
    assert_eq!(set_threshold(body(), 2, None), Err(EditError::Unchanged));
    for found in [0, 3] {
        let refused = set_threshold(body(), 2, Some(found));
        assert_eq!(refused, Err(EditError::Flaw(Flaw::RestrictThreshold { found, threshold: 2 })));
    }
    let edited = set_threshold(body(), 3, Some(2)).unwrap();
    let both = [Change::Threshold { from: 2, to: 3, of: 3 }, Change::RestrictThreshold { from: 1, to: 2 }];
    assert_eq!(told(&edited), both);
}

#[test]
fn renewing_renews_the_windows_that_end_with_the_charter_and_no_others() {
    let mut body = body();
    body.grants[1].scopes[0].not_after = NOW.plus(20 * DAY);
    let edited = renew(body.clone(), 365 * DAY).unwrap();
    assert_eq!(edited.expires, NOW.plus(365 * DAY));
    assert_eq!(edited.grants[0].scopes[0].not_after, edited.expires);
    assert_eq!(edited.grants[1].scopes[0].not_after, NOW.plus(20 * DAY));
    let expires = Change::Expires { from: body.expires, to: edited.expires };
    assert_eq!(changes(Some(&body), &edited), [expires], "said once, of the charter");
    // Also after it has expired.
    let mut late = body;
    late.issued = late.expires.plus(DAY);
    assert!(matches!(set_threshold(late.clone(), 3, None), Err(EditError::Flaw(Flaw::Lifetime { .. }))));
    assert_eq!(renew(late.clone(), 90 * DAY).unwrap().expires, late.issued.plus(90 * DAY));
}

#[test]
fn a_charter_of_no_day_or_of_more_than_four_hundred_is_refused() {
    for (lifetime, found) in [(0, 0), (DAY - 1, 0), (401 * DAY, 401)] {
        assert_eq!(renew(body(), lifetime), Err(EditError::Lifetime { found, max: 400 }));
    }
    assert!(renew(body(), 400 * DAY).is_ok());
}

#[test]
fn relays_are_added_moved_put_first_and_removed() {
    let other = Relay { url: "wss://other.example/v1".to_owned(), key: key(202) };
    let added = add_relay(body(), other.clone(), false).unwrap();
    assert_eq!(told(&added), [Change::RelayAdded { url: other.url.clone() }]);
    let first = add_relay(added.clone(), other.clone(), true).unwrap();
    assert_eq!(changes(Some(&added), &first), [Change::RelayOrder { first: other.url.clone() }]);
    let moved = Relay { url: "wss://moved.example/v1".to_owned(), ..other.clone() };
    let elsewhere = add_relay(added.clone(), moved.clone(), false).unwrap();
    let change = Change::RelayMoved { from: other.url.clone(), to: moved.url };
    assert_eq!(changes(Some(&added), &elsewhere), [change]);
    assert_eq!(add_relay(added.clone(), other.clone(), false), Err(EditError::Unchanged));
    assert_eq!(add_relay(first.clone(), other, true), Err(EditError::Unchanged));
    let removed = remove_relay(added, &key(202)).unwrap();
    assert_eq!(removed, body());

    assert_eq!(remove_relay(body(), &key(202)), Err(EditError::NoSuchRelay { key: Box::new(key(202)) }));
    assert_eq!(remove_relay(body(), &key(201)), Err(EditError::LastRelay));
    let bad = Relay { url: "https://relay.example".to_owned(), key: key(202) };
    assert_eq!(add_relay(body(), bad, false), Err(EditError::Flaw(Flaw::Url { place: 2 })));
    let admins = Relay { url: "wss://other.example/v1".to_owned(), key: key(101) };
    assert!(matches!(add_relay(body(), admins, false), Err(EditError::Flaw(Flaw::KeyTwice { .. }))));
    let mut full = body();
    for number in 2..=u8::try_from(MAX_RELAYS).unwrap() {
        full = add_relay(full, Relay { url: "wss://r.example/v1".to_owned(), key: key(200 + number) }, false).unwrap();
    }
    let one_more = Relay { url: "wss://r.example/v1".to_owned(), key: key(250) };
    assert!(matches!(add_relay(full, one_more, false), Err(EditError::Flaw(Flaw::Length { .. }))));
}

#[test]
fn rights_are_granted_to_who_is_known_and_to_who_brings_a_key() {
    let narrow = Scope { enroll: false, ..scope(HERE) };
    let edited = grant(body(), who(1), None, narrow.clone()).unwrap();
    let granted = Change::Granted { coordinator: who(1), scope: narrow.clone(), instead: true };
    assert_eq!(told(&edited), [granted]);
    let edited = grant(body(), who(3), Some(key(3)), narrow.clone()).unwrap();
    let granted = Change::Granted { coordinator: who(3), scope: narrow.clone(), instead: false };
    assert_eq!(told(&edited), [granted, Change::DeviceAdded { coordinator: who(3), key: key(3) }]);

    assert_eq!(grant(body(), who(1), None, scope(HERE)), Err(EditError::Unchanged));
    assert_eq!(grant(body(), who(3), None, narrow), Err(EditError::NothingGranted));
    let nothing = Scope { dispatch: false, enroll: false, ..scope(HERE) };
    assert!(matches!(grant(body(), who(1), None, nothing), Err(EditError::Flaw(Flaw::NoRight { .. }))));
    let backwards = Scope { not_after: NOW.minus(11 * DAY), ..scope(HERE) };
    assert!(matches!(grant(body(), who(1), None, backwards), Err(EditError::Flaw(Flaw::Window { .. }))));
    let empty = Scope { not_after: scope(HERE).not_before, ..scope(HERE) };
    assert!(matches!(grant(body(), who(1), None, empty), Err(EditError::Flaw(Flaw::Window { .. }))));
    let elsewhere = EditError::NoSuchNeighborhood { neighborhood: THERE };
    assert_eq!(grant(body(), who(1), None, scope(THERE)), Err(elsewhere));
    let closed = close(body(), HERE).unwrap();
    assert_eq!(grant(closed, who(1), None, scope(HERE)), Err(EditError::Closed));
}

#[test]
fn who_retires_keeps_what_they_sent_and_the_quorum_stays_in_reach() {
    let edited = retire(body(), who(1), None).unwrap();
    assert_eq!(edited.grants[0].scopes[0].not_after, NOW);
    assert_eq!(told(&edited), [Change::Retired { coordinator: who(1), neighborhood: HERE, at: NOW }]);
    assert_eq!(retire(edited.clone(), who(1), None), Err(EditError::Unchanged));
    let left = EditError::QuorumOutOfReach { left: 0, quorum: 1 };
    assert_eq!(retire(edited, who(2), None), Err(left));
    assert_eq!(retire(body(), who(3), None), Err(EditError::NothingGranted));
    assert_eq!(retire(body(), who(1), Some(THERE)), Err(EditError::Unchanged));
    // Who has not begun never begins.
    let mut body = body();
    body.grants[0].scopes[0].not_before = NOW.plus(HOUR);
    let edited = retire(body.clone(), who(1), None).unwrap();
    assert_eq!(changes(Some(&body), &edited), [Change::Dropped { coordinator: who(1), neighborhood: HERE }]);
}

#[test]
fn who_is_revoked_may_do_nothing_and_all_their_keys_are_distrusted() {
    let mut body = body();
    body.neighborhoods.push(neighborhood(THERE, 1));
    body.neighborhoods[0].quorum = 2;
    body.grants[0].devices.push(key(11));
    body.grants[0].scopes.push(scope(THERE));
    body.grants[1].scopes.push(scope(THERE));
    let from = |place: NeighborhoodId| Epoch(u64::from(place.0[0]) * 5);
    let edited = revoke(body.clone(), who(1), &[], None, from).unwrap();
    assert!(edited.grants.iter().all(|grant| grant.coordinator != who(1)));
    assert_eq!(edited.neighborhoods[0].quorum, 1, "a quorum of two would hold back every alert");
    let revoked: Vec<(PublicKey, NeighborhoodId, Epoch)> =
        edited.revocations.iter().map(|r| (r.key, r.neighborhood, r.distrust_from)).collect();
    let wanted =
        [(key(1), HERE, Epoch(5)), (key(11), HERE, Epoch(5)), (key(1), THERE, Epoch(10)), (key(11), THERE, Epoch(10))];
    assert_eq!(revoked, wanted);
    let told = changes(Some(&body), &edited);
    assert!(told.contains(&Change::Quorum { neighborhood: HERE, from: 2, to: 1 }), "{told:?}");
    assert!(told.contains(&Change::Dropped { coordinator: who(1), neighborhood: THERE }), "{told:?}");
    let by_name = |change: &&Change| matches!(change, Change::Revoked { coordinator: Some(id), .. } if *id == who(1));
    assert_eq!(told.iter().filter(by_name).count(), 4);

    // In one neighborhood only; a key that is revoked is never granted anything there again.
    let one = revoke(body, who(1), &[], Some(THERE), from).unwrap();
    assert_eq!((one.grants[0].scopes.len(), one.revocations.len(), one.neighborhoods[0].quorum), (1, 2, 2));
    let again = grant(one, who(1), None, scope(THERE));
    assert!(matches!(again, Err(EditError::Flaw(Flaw::RevokedAndGranted { .. }))), "{again:?}");
}

#[test]
fn a_revocation_never_begins_later_than_it_was_said_to() {
    let mut body = body();
    body.revocations.push(Revocation { key: key(1), neighborhood: HERE, distrust_from: Epoch(3) });
    body.grants.remove(0);
    body.grants.push(Grant { coordinator: who(1), devices: vec![key(4)], scopes: vec![scope(HERE)] });
    distrust(&mut body, Revocation { key: key(1), neighborhood: HERE, distrust_from: Epoch(9) });
    assert_eq!(body.revocations[0].distrust_from, Epoch(3));
    distrust(&mut body, Revocation { key: key(1), neighborhood: HERE, distrust_from: Epoch(2) });
    assert_eq!((body.revocations[0].distrust_from, body.revocations.len()), (Epoch(2), 1));
}

#[test]
fn nobody_is_revoked_whom_the_charter_grants_nothing_or_who_is_the_last() {
    let from = |_| Epoch(7);
    assert_eq!(revoke(body(), who(3), &[], None, from), Err(EditError::NothingGranted));
    assert_eq!(revoke(body(), who(1), &[], Some(THERE), from), Err(EditError::NothingGranted));
    let one = revoke(body(), who(1), &[], None, from).unwrap();
    assert_eq!(revoke(one, who(2), &[], None, from), Err(EditError::QuorumOutOfReach { left: 0, quorum: 1 }));
}

#[test]
fn a_coordinator_has_up_to_four_devices_each_with_a_key_of_its_own() {
    let added = add_device(body(), who(1), key(11)).unwrap();
    assert_eq!(told(&added), [Change::DeviceAdded { coordinator: who(1), key: key(11) }]);
    assert_eq!(add_device(added.clone(), who(1), key(11)), Err(EditError::Unchanged));
    let four = add_device(add_device(added, who(1), key(12)).unwrap(), who(1), key(13)).unwrap();
    let fifth = add_device(four, who(1), key(14));
    assert!(matches!(fifth, Err(EditError::Flaw(Flaw::Length { found: 5, max: 4, .. }))), "{fifth:?}");
    // Another coordinator's, an admin's, a relay's.
    for used in [2, 101, 201] {
        let refused = add_device(body(), who(1), key(used));
        assert_eq!(refused, Err(EditError::Flaw(Flaw::KeyTwice { key: Box::new(key(used)) })));
    }
    assert_eq!(add_device(body(), who(9), key(11)), Err(EditError::NothingGranted));
}

#[test]
fn a_device_that_is_removed_is_distrusted_wherever_it_acted_and_the_others_act_on() {
    let mut body = add_device(body(), who(1), key(11)).unwrap();
    body.neighborhoods.push(neighborhood(THERE, 1));
    body.grants[0].scopes.push(scope(THERE));
    let before = body.clone();
    let from = |place| if place == HERE { Epoch(7) } else { Epoch(3) };
    let removed = remove_device(body, who(1), key(1), from).unwrap();
    let revoked = |neighborhood, epoch| Change::Revoked {
        coordinator: Some(who(1)),
        key: key(1),
        neighborhood,
        distrust_from: Epoch(epoch),
    };
    let told = changes(Some(&before), &removed);
    let gone = Change::DeviceRemoved { coordinator: who(1), key: key(1) };
    assert_eq!(told, [gone, revoked(HERE, 7), revoked(THERE, 3)]);
    assert_eq!((&removed.grants[0].devices, removed.grants[0].scopes.len()), (&vec![key(11)], 2));
    // It never comes back.
    let again = add_device(removed, who(1), key(1));
    assert!(matches!(again, Err(EditError::Flaw(Flaw::RevokedAndGranted { .. }))), "{again:?}");
}

#[test]
fn the_only_device_a_strangers_and_one_of_somebody_else_are_not_removed() {
    let from = |_| Epoch(7);
    assert_eq!(remove_device(body(), who(1), key(1), from), Err(EditError::LastDevice));
    let theirs = EditError::NoSuchDevice { key: Box::new(key(2)) };
    assert_eq!(remove_device(body(), who(1), key(2), from), Err(theirs));
    assert_eq!(remove_device(body(), who(9), key(1), from), Err(EditError::NothingGranted));
}

#[test]
fn a_neighborhood_is_added_with_as_many_coordinators_as_its_quorum_asks_for() {
    let add = |quorum, coordinators: &[(CoordinatorId, Option<PublicKey>)]| {
        add_neighborhood(body(), neighborhood(THERE, quorum), coordinators, NOW)
    };
    let edited = add(2, &[(who(1), None), (who(3), Some(key(3)))]).unwrap();
    assert_eq!(edited.grants.len(), 3);
    assert!(told(&edited).contains(&Change::NeighborhoodAdded(neighborhood(THERE, 2))));
    let short = EditError::QuorumOutOfReach { left: 2, quorum: 3 };
    assert_eq!(add(3, &[(who(1), None), (who(2), None)]), Err(short));
    // One who is alone names the quorum for those who are to come.
    assert_eq!(add(3, &[(who(1), None)]).unwrap().neighborhoods[1].quorum, 3);
    assert_eq!(add(1, &[]), Err(EditError::QuorumOutOfReach { left: 0, quorum: 1 }));
    assert_eq!(add(1, &[(who(3), None)]), Err(EditError::NothingGranted));
    assert!(matches!(add(0, &[(who(1), None)]), Err(EditError::Flaw(Flaw::Range { .. }))));
    let again = add_neighborhood(body(), neighborhood(HERE, 1), &[(who(3), Some(key(3)))], NOW);
    assert!(matches!(again, Err(EditError::Flaw(Flaw::NeighborhoodTwice { .. }))), "{again:?}");
}

#[test]
fn terms_change_one_by_one_and_within_their_range() {
    let hold = NewTerms { below_quorum: Some(BelowQuorum::Hold), ..NewTerms::default() };
    let edited = set_terms(body(), HERE, hold).unwrap();
    assert_eq!(told(&edited), [Change::BelowQuorum { neighborhood: HERE, to: BelowQuorum::Hold }]);
    let all = NewTerms { quorum: Some(2), below_quorum: None, retention_hours: Some(24) };
    let edited = set_terms(body(), HERE, all).unwrap();
    let quorum = Change::Quorum { neighborhood: HERE, from: 1, to: 2 };
    assert_eq!(told(&edited), [quorum, Change::Retention { neighborhood: HERE, from: 72, to: 24 }]);

    let quorum = |quorum| NewTerms { quorum: Some(quorum), ..NewTerms::default() };
    let retention = |hours| NewTerms { retention_hours: Some(hours), ..NewTerms::default() };
    assert_eq!(set_terms(body(), HERE, quorum(3)), Err(EditError::QuorumOutOfReach { left: 2, quorum: 3 }));
    let range = set_terms(body(), HERE, quorum(99));
    assert!(matches!(range, Err(EditError::Flaw(Flaw::Range { found: 99, min: 1, max: 8, .. }))), "{range:?}");
    for refused in [quorum(0), retention(0), retention(1441)] {
        let refused = set_terms(body(), HERE, refused);
        assert!(matches!(refused, Err(EditError::Flaw(Flaw::Range { .. }))), "{refused:?}");
    }
    assert_eq!(set_terms(body(), HERE, NewTerms::default()), Err(EditError::Unchanged));
    // Who retired does not sign any more.
    let retired = retire(body(), who(1), None).unwrap();
    assert_eq!(set_terms(retired, HERE, quorum(2)), Err(EditError::QuorumOutOfReach { left: 1, quorum: 2 }));
}

#[test]
fn a_closed_neighborhood_stays_as_it_is() {
    let closed = close(body(), HERE).unwrap();
    assert_eq!(told(&closed), [Change::NeighborhoodClosed(HERE)]);
    let quorum = NewTerms { quorum: Some(2), ..NewTerms::default() };
    assert_eq!(close(closed.clone(), HERE), Err(EditError::Closed));
    assert_eq!(set_terms(closed.clone(), HERE, quorum), Err(EditError::Closed));
    let block = NamesBlock {
        salt: [1; 32],
        network: String::new(),
        neighborhood: "Elm Park".to_owned(),
        handles: vec![],
        conduct: String::new(),
        extensions: Extensions::default(),
    };
    assert_eq!(set_names(closed.clone(), HERE, &block), Err(EditError::Closed));
    let named = set_names(body(), HERE, &block).unwrap();
    assert_eq!(told(&named), [Change::Names(HERE)]);
    // The last coordinator of a closed neighborhood may go.
    let one = revoke(closed, who(1), &[], None, |_| Epoch(7)).unwrap();
    assert!(revoke(one, who(2), &[], None, |_| Epoch(7)).is_ok());
}
