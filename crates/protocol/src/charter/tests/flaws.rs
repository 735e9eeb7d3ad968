//! A valid body, broken in one field each.

use crate::charter::testing::{
    ISSUED, OLD_MILL, RIVERSIDE, admin, admins, coordinator, device, genesis, grant, neighborhood, relay, scope, signed,
};
use crate::charter::{
    CharterBody, CharterError, Flaw, MAX_BODY, MAX_LIFETIME, Relay, Revocation, Scope, check_body, judge,
};
use crate::id::{CoordinatorId, Epoch, NeighborhoodId, RestrictionHash};
use crate::sign::PublicKey;
use crate::time::{DAY, Timestamp};

/// Breaks the genesis of three admins and requires this flaw, of a draft and of a version that all admins signed.
#[track_caller]
fn refused(change: impl FnOnce(&mut CharterBody), wanted: Flaw) {
    let mut body = genesis(3, 2);
    assert_eq!(check_body(&body), Ok(()));
    change(&mut body);
    assert_eq!(check_body(&body), Err(wanted.clone()));
    assert_eq!(judge(None, &signed(&body, 0..3)), Err(CharterError::Flaw(wanted)));
}

#[track_caller]
fn taken(change: impl FnOnce(&mut CharterBody)) {
    let mut body = genesis(3, 2);
    change(&mut body);
    assert_eq!(
        judge(None, &signed(&body, 0..u8::try_from(body.admins.len()).unwrap())).map(|charter| charter.body().clone()),
        Ok(body)
    );
}

fn length(list: &'static str, found: usize, min: usize, max: usize) -> Flaw {
    Flaw::Length { list, found, min, max }
}

fn range(field: &'static str, found: u32, max: u32) -> Flaw {
    Flaw::Range { field, neighborhood: RIVERSIDE, found, min: 1, max }
}

fn twice(key: PublicKey) -> Flaw {
    Flaw::KeyTwice { key: Box::new(key) }
}

fn revocation(number: u8, neighborhood: NeighborhoodId) -> Revocation {
    Revocation { key: device(number).public(), neighborhood, distrust_from: Epoch(4) }
}

#[test]
fn a_charter_that_ends_before_it_begins_or_lives_too_long_is_refused() {
    for seconds in [0, MAX_LIFETIME + 1, u64::MAX] {
        let expires = ISSUED.plus(seconds);
        refused(|b| b.expires = expires, Flaw::Lifetime { issued: ISSUED, expires, max_days: 400 });
    }
    let expires = ISSUED.minus(1);
    refused(|b| b.expires = expires, Flaw::Lifetime { issued: ISSUED, expires, max_days: 400 });
    taken(|b| b.expires = ISSUED.plus(MAX_LIFETIME));
    taken(|b| b.expires = ISSUED.plus(1));
}

#[test]
fn a_threshold_of_half_or_less_or_of_more_than_all_is_refused() {
    for threshold in [0, 1, 4, u8::MAX] {
        refused(|b| b.threshold = threshold, Flaw::Threshold { threshold, admins: 3 });
    }
    refused(|b| b.admins.push(admin(3).public()), Flaw::Threshold { threshold: 2, admins: 4 });
    taken(|b| b.threshold = 3);
    taken(|b| (b.admins, b.threshold) = (admins([0]), 1));
}

#[test]
fn a_restrict_threshold_of_none_or_above_the_threshold_is_refused() {
    refused(|b| b.restrict_threshold = 0, Flaw::RestrictThreshold { found: 0, threshold: 2 });
    refused(|b| b.restrict_threshold = 3, Flaw::RestrictThreshold { found: 3, threshold: 2 });
    taken(|b| b.restrict_threshold = 2);
}

#[test]
fn lists_that_are_too_short_or_too_long_are_refused() {
    refused(|b| b.admins.clear(), length("admins", 0, 1, 16));
    refused(|b| b.admins = admins(0..17), length("admins", 17, 1, 16));
    refused(|b| b.neighborhoods = vec![neighborhood(OLD_MILL, 1); 65], length("neighborhoods", 65, 0, 64));
    refused(|b| b.grants = vec![b.grants[0].clone(); 65], length("coordinators", 65, 0, 64));
    refused(|b| b.revocations = vec![revocation(7, RIVERSIDE); 513], length("revocations", 513, 0, 512));
    refused(
        |b| b.revocations = vec![revocation(1, RIVERSIDE)],
        Flaw::RevokedAndGranted { key: Box::new(device(1).public()), neighborhood: RIVERSIDE },
    );
    refused(|b| b.restrictions = vec![RestrictionHash([1; 32]); 257], length("restrictions", 257, 0, 256));
    refused(|b| b.relays.clear(), length("relays", 0, 1, 8));
    refused(|b| b.relays = vec![b.relays[0].clone(); 9], length("relays", 9, 1, 8));
    refused(|b| b.grants[1].devices.clear(), length("devices of a coordinator", 0, 1, 4));
    let devices: Vec<_> = (10..15).map(|n| device(n).public()).collect();
    refused(|b| b.grants[1].devices = devices, length("devices of a coordinator", 5, 1, 4));
    refused(|b| b.grants[1].scopes.clear(), length("scopes of a coordinator", 0, 1, 64));
    refused(|b| b.grants[1].scopes = vec![scope(RIVERSIDE); 65], length("scopes of a coordinator", 65, 1, 64));
}

#[test]
fn a_key_in_two_places_is_refused() {
    refused(|b| b.admins[2] = admin(0).public(), twice(admin(0).public()));
    refused(|b| b.grants[1].devices[0] = admin(0).public(), twice(admin(0).public()));
    refused(|b| b.grants[1].devices[0] = device(1).public(), twice(device(1).public()));
    refused(|b| b.grants[1].devices.push(device(2).public()), twice(device(2).public()));
    refused(|b| b.relays[0].key = admin(1).public(), twice(admin(1).public()));
    refused(|b| b.relays[0].key = device(1).public(), twice(device(1).public()));
    refused(|b| b.relays.push(b.relays[0].clone()), twice(relay(0).public()));
}

#[test]
fn a_neighborhood_with_a_number_out_of_range_is_refused() {
    refused(|b| b.neighborhoods[0].quorum = 0, range("quorum", 0, 8));
    refused(|b| b.neighborhoods[0].quorum = 9, range("quorum", 9, 8));
    refused(|b| b.neighborhoods[0].retention_hours = 0, range("retention hours", 0, 1440));
    refused(|b| b.neighborhoods[0].retention_hours = 1441, range("retention hours", 1441, 1440));
    refused(|b| b.neighborhoods[0].freshness_hours = 0, range("freshness hours", 0, 65535));
    taken(|b| (b.neighborhoods[0].retention_hours, b.neighborhoods[0].freshness_hours) = (1440, 1));
}

#[test]
fn ids_that_are_listed_twice_are_refused() {
    refused(|b| b.neighborhoods.push(neighborhood(RIVERSIDE, 1)), Flaw::NeighborhoodTwice { neighborhood: RIVERSIDE });
    refused(|b| b.grants[1].coordinator = coordinator(1), Flaw::CoordinatorTwice { coordinator: coordinator(1) });
    refused(
        |b| b.grants[1].scopes.push(scope(RIVERSIDE)),
        Flaw::ScopeTwice { coordinator: coordinator(2), neighborhood: RIVERSIDE },
    );
    refused(
        |b| {
            b.revocations =
                vec![revocation(7, RIVERSIDE), Revocation { distrust_from: Epoch(9), ..revocation(7, RIVERSIDE) }]
        },
        Flaw::RevocationTwice { key: Box::new(device(7).public()), neighborhood: RIVERSIDE },
    );
    refused(|b| b.restrictions = [1, 2, 1].map(|n| RestrictionHash([n; 32])).to_vec(), Flaw::RestrictionTwice);
    taken(|b| {
        b.revocations = vec![revocation(7, RIVERSIDE), revocation(8, RIVERSIDE)];
        b.restrictions = [2, 1].map(|n| RestrictionHash([n; 32])).to_vec();
    });
}

#[test]
fn scopes_and_revocations_in_unknown_neighborhoods_are_refused() {
    let unknown = Flaw::UnknownNeighborhood { neighborhood: OLD_MILL };
    refused(|b| b.grants[1].scopes.push(scope(OLD_MILL)), unknown.clone());
    refused(|b| b.revocations.push(revocation(7, OLD_MILL)), unknown);
}

#[test]
fn a_neighborhood_of_one_coordinator_may_ask_for_those_who_are_still_to_join() {
    taken(|b| b.grants.truncate(1));
    refused(
        |b| {
            b.grants.truncate(1);
            b.grants[0].scopes[0].dispatch = false;
        },
        Flaw::Quorum { neighborhood: RIVERSIDE, quorum: 2, dispatching: 0 },
    );
}

#[test]
fn a_quorum_that_cannot_be_reached_is_refused_while_the_neighborhood_is_open() {
    let flaw = |quorum, dispatching| Flaw::Quorum { neighborhood: RIVERSIDE, quorum, dispatching };
    refused(|b| b.neighborhoods[0].quorum = 3, flaw(3, 2));
    refused(|b| b.grants[0].scopes[0].dispatch = false, flaw(2, 1));
    refused(|b| b.grants.clear(), flaw(2, 0));
    // Four keys of one coordinator are one coordinator.
    refused(
        |b| {
            b.neighborhoods[0].quorum = 3;
            b.grants[0].devices.extend([device(11).public(), device(12).public(), device(13).public()]);
        },
        flaw(3, 2),
    );
    // A right elsewhere is none here.
    refused(
        |b| {
            b.neighborhoods[0].quorum = 3;
            b.neighborhoods.push(neighborhood(OLD_MILL, 2));
            b.grants[1].scopes.push(scope(OLD_MILL));
        },
        flaw(3, 2),
    );
    taken(|b| {
        b.neighborhoods[0].closed = true;
        b.grants.clear();
    });
    taken(|b| {
        b.neighborhoods.clear();
        b.grants.clear();
    });
}

#[test]
fn a_scope_without_a_right_or_without_a_second_in_it_is_refused() {
    let coordinator: CoordinatorId = coordinator(2);
    refused(
        |b| b.grants[1].scopes[0] = Scope { dispatch: false, enroll: false, ..scope(RIVERSIDE) },
        Flaw::NoRight { coordinator, neighborhood: RIVERSIDE },
    );
    let window = |not_before, not_after| Flaw::Window { coordinator, not_before, not_after };
    refused(|b| b.grants[1].scopes[0].not_after = ISSUED, window(ISSUED, ISSUED));
    let late = Timestamp(u64::MAX);
    refused(|b| b.grants[1].scopes[0].not_before = late, window(late, ISSUED.plus(365 * DAY)));
}

#[test]
fn a_relay_url_that_could_be_misread_is_refused() {
    let long = format!("wss://{}", "a".repeat(123));
    for url in [
        "",
        "wss://",
        "wss:///v1",
        "ws://:80",
        "https://relay.example",
        "WSS://relay.example",
        " wss://relay.example",
        "wss://relay.example /v1",
        "wss://relay.example\n",
        "wss://other@relay.example",
        "wss://relay.example?x",
        "wss://relay.example/v1#x",
        "wss://relay.example/\u{202e}1v",
        "wss://rel\u{430}y.example",
        &long,
    ] {
        refused(|b| b.relays[0].url = url.to_owned(), Flaw::Url { place: 1 });
    }
    refused(
        |b| b.relays.push(Relay { url: "ftp://relay.example".to_owned(), key: relay(1).public() }),
        Flaw::Url { place: 2 },
    );
    let onion = format!("ws://{}.onion:8080/v1", "a".repeat(56));
    for url in ["ws://127.0.0.1:7470/v1", "wss://[::1]:7470", "wss://relay-2.example/", &onion, &long[..128]] {
        taken(|b| b.relays[0].url = url.to_owned());
    }
}

#[test]
fn the_largest_network_that_the_limits_are_meant_for_fits() {
    let place = |n: u8| NeighborhoodId([n; 16]);
    let body = CharterBody {
        admins: admins(0..16),
        threshold: 9,
        neighborhoods: (0..64).map(|n| neighborhood(place(n), 8)).collect(),
        grants: (0..64)
            .map(|n| {
                let scopes = (0..12).map(|i| scope(place((n + i) % 64))).collect();
                let mut grant = grant(n, scopes);
                grant.devices.extend((1..4).map(|i| device(n + 64 * i).public()));
                grant
            })
            .collect(),
        ..genesis(16, 9)
    };
    let signed = signed(&body, 0..16);
    assert!(signed.body.len() <= MAX_BODY, "{}", signed.body.len());
    assert_eq!(judge(None, &signed).map(|charter| charter.version()), Ok(1));
}

#[test]
fn a_flaw_says_what_it_found_and_what_it_wanted() {
    let mut body = genesis(3, 2);
    body.threshold = 1;
    let told = check_body(&body).unwrap_err().to_string();
    assert_eq!(told, "threshold 1 of 3 admins, wanted more than half and no more than all");
    body.admins.clear();
    assert_eq!(check_body(&body).unwrap_err().to_string(), "admins: found 0, wanted 1 to 16");
}
