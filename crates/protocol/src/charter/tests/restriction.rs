//! Restrictions: which are taken, which count, and what they leave of a charter.

use crate::charter::testing::{
    ISSUED, OLD_MILL, RIVERSIDE, admin, admins, coordinator, device, founded, genesis, grant, neighborhood, scope,
    signed, successor,
};
use crate::charter::{
    CharterBody, CharterSignature, MAX_IN_FORCE, MAX_RESTRICTED, MAX_RESTRICTION, Restricted, RestrictionBody,
    RestrictionError, Revocation, Right, SignedRestriction, Subject, check_body, judge_restriction_draft,
    restrictions_hash, sign_restriction,
};
use crate::history::CharterHistory;
use crate::id::{CharterHash, CoordinatorId, Epoch, NeighborhoodId, NetworkId, RestrictionHash, RestrictionsHash};
use crate::sign::Signature;
use crate::time::DAY;
use crate::wire::{Extension, Extensions, WireError};

/// Three admins of whom two sign a version and one a restriction; coordinators 1 (two devices), 2 and 3 in two
/// neighborhoods that ask for one signature.
fn history() -> CharterHistory {
    history_with(|_| ())
}

fn history_with(change: impl FnOnce(&mut CharterBody)) -> CharterHistory {
    let both = || vec![scope(RIVERSIDE), scope(OLD_MILL)];
    let mut body = CharterBody {
        neighborhoods: vec![neighborhood(RIVERSIDE, 1), neighborhood(OLD_MILL, 1)],
        grants: vec![grant(1, both()), grant(2, both()), grant(3, both())],
        ..genesis(3, 2)
    };
    body.grants[0].devices.push(device(11).public());
    change(&mut body);
    let signers = 0..body.threshold;
    CharterHistory::found(&signed(&body, signers)).unwrap()
}

fn entry(subject: Subject, right: Right) -> Restricted {
    Restricted { subject, neighborhood: RIVERSIDE, right, distrust_from: None }
}

fn dispatch_of(number: u8) -> Restricted {
    entry(Subject::Coordinator(coordinator(number)), Right::Dispatch)
}

fn body(history: &CharterHistory, entries: Vec<Restricted>) -> RestrictionBody {
    RestrictionBody {
        network: history.network(),
        charter_version: history.newest().version(),
        charter: history.newest().hash(),
        issued: ISSUED.plus(10),
        entries,
        extensions: Extensions::default(),
    }
}

fn by(body: &RestrictionBody, network: NetworkId, admins: &[u8]) -> SignedRestriction {
    let mut signed = SignedRestriction::unsigned(body);
    for number in admins {
        let (key, bytes) = (admin(*number), signed.body.clone());
        signed.insert(CharterSignature { signer: key.public(), signature: sign_restriction(&key, network, &bytes) });
    }
    signed
}

fn restriction(history: &CharterHistory, entries: Vec<Restricted>) -> SignedRestriction {
    by(&body(history, entries), history.network(), &[2])
}

/// Requires this refusal, and that nothing has changed.
#[track_caller]
fn refused(history: &CharterHistory, signed: &SignedRestriction, wanted: RestrictionError) {
    let mut after = history.clone();
    assert_eq!(after.restrict(signed), Err(wanted));
    assert_eq!(after.restrictions(), history.restrictions());
    assert_eq!(after.sets().collect::<Vec<_>>(), history.sets().collect::<Vec<_>>());
}

fn may(history: &CharterHistory, number: u8, place: NeighborhoodId, right: Right) -> bool {
    history.rights().granted(&device(number).public(), place, right, ISSUED.plus(DAY)).is_some()
}

#[test]
fn one_admin_can_silence_a_coordinator_tonight_and_nobody_can_be_made_to_speak_by_it() {
    let mut history = history();
    let before = history.rights().dispatchers(RIVERSIDE, ISSUED);
    history.restrict(&restriction(&history, vec![dispatch_of(1)])).unwrap();
    assert!(!may(&history, 1, RIVERSIDE, Right::Dispatch) && !may(&history, 11, RIVERSIDE, Right::Dispatch));
    assert_eq!(history.rights().dispatchers(RIVERSIDE, ISSUED), before - 1);
    // Nothing else is narrowed, and nobody has gained anything.
    assert!(may(&history, 1, RIVERSIDE, Right::Enroll) && may(&history, 1, OLD_MILL, Right::Dispatch));
    for number in [1, 2, 3, 9, 11] {
        for (place, right) in [(RIVERSIDE, Right::Dispatch), (RIVERSIDE, Right::Enroll), (OLD_MILL, Right::Dispatch)] {
            let written = history.newest().as_written();
            let had = written.granted(&device(number).public(), place, right, ISSUED.plus(DAY)).is_some();
            assert!(had || !may(&history, number, place, right));
        }
    }
}

#[test]
fn a_device_is_restricted_without_the_coordinators_others() {
    let mut history = history();
    let lost = entry(Subject::Device(device(11).public()), Right::Dispatch);
    history.restrict(&restriction(&history, vec![lost])).unwrap();
    assert!(may(&history, 1, RIVERSIDE, Right::Dispatch));
    assert!(!may(&history, 11, RIVERSIDE, Right::Dispatch) && may(&history, 11, RIVERSIDE, Right::Enroll));
    assert_eq!(history.rights().dispatchers(RIVERSIDE, ISSUED), 3);
    let lost = entry(Subject::Device(device(2).public()), Right::Enroll);
    history.restrict(&restriction(&history, vec![lost])).unwrap();
    assert!(may(&history, 2, RIVERSIDE, Right::Dispatch) && !may(&history, 2, RIVERSIDE, Right::Enroll));
}

#[test]
fn who_is_distrusted_from_an_epoch_on_has_no_right_left_there() {
    let mut history = history();
    let distrusted = Restricted { distrust_from: Some(Epoch(5)), ..dispatch_of(1) };
    history.restrict(&restriction(&history, vec![distrusted])).unwrap();
    let rights = history.rights();
    for number in [1, 11] {
        let key = device(number).public();
        assert_eq!(rights.any_right(&key, RIVERSIDE, ISSUED), None, "an author could date back");
        assert!(!rights.is_distrusted(&key, RIVERSIDE, Epoch(4)) && rights.is_distrusted(&key, RIVERSIDE, Epoch(5)));
        assert!(!rights.is_distrusted(&key, OLD_MILL, Epoch(5)));
        assert!(may(&history, number, OLD_MILL, Right::Enroll));
    }
    assert!(!rights.is_distrusted(&device(2).public(), RIVERSIDE, Epoch(5)));
}

#[test]
fn a_device_that_a_later_version_drops_stays_distrusted() {
    let mut history = history();
    let distrusted = Restricted { distrust_from: Some(Epoch(5)), ..dispatch_of(1) };
    history.restrict(&restriction(&history, vec![distrusted])).unwrap();
    let mut next = successor(history.newest());
    next.grants[0].devices.pop();
    history.push(&signed(&next, [0, 1])).unwrap();
    assert!(history.rights().is_distrusted(&device(11).public(), RIVERSIDE, Epoch(5)));
}

#[test]
fn a_restriction_of_another_network_is_refused() {
    let history = history();
    let wanted = history.network();
    let found = NetworkId([9; 32]);
    let other = by(&RestrictionBody { network: found, ..body(&history, vec![dispatch_of(1)]) }, found, &[0]);
    refused(&history, &other, RestrictionError::OtherNetwork { found, wanted });
    let moved = by(&body(&history, vec![dispatch_of(1)]), found, &[0]);
    refused(&history, &moved, RestrictionError::BadSignature { signer: Box::new(admin(0).public()) });
}

#[test]
fn a_restriction_of_a_charter_that_is_not_held_is_refused() {
    let history = history();
    let version = history.newest().version();
    for (charter_version, charter) in
        [(version, CharterHash([9; 32])), (version + 1, history.newest().hash()), (version + 1, CharterHash([9; 32]))]
    {
        let unknown = RestrictionBody { charter_version, charter, ..body(&history, vec![dispatch_of(1)]) };
        let wanted = RestrictionError::UnknownCharter { version: charter_version, hash: charter };
        refused(&history, &by(&unknown, history.network(), &[0]), wanted);
    }
}

#[test]
fn a_restriction_older_than_its_charter_is_refused() {
    let history = history();
    let early = RestrictionBody { issued: ISSUED.minus(1), ..body(&history, vec![dispatch_of(1)]) };
    let wanted = RestrictionError::IssuedBeforeCharter { issued: ISSUED.minus(1), charter: ISSUED };
    refused(&history, &by(&early, history.network(), &[0]), wanted);
}

#[test]
fn a_restriction_of_nobody_or_of_what_its_charter_does_not_know_is_refused() {
    let history = history();
    let refused = |entries: Vec<Restricted>, wanted| refused(&history, &restriction(&history, entries), wanted);
    refused(vec![], RestrictionError::Entries { found: 0, max: MAX_RESTRICTED });
    refused(vec![dispatch_of(1); 65], RestrictionError::Entries { found: 65, max: MAX_RESTRICTED });
    let nowhere = NeighborhoodId([9; 16]);
    refused(
        vec![dispatch_of(1), Restricted { neighborhood: nowhere, ..dispatch_of(2) }],
        RestrictionError::UnknownNeighborhood { neighborhood: nowhere },
    );
    let (stranger, key) = (CoordinatorId([9; 16]), admin(0).public());
    for (subject, name) in [
        (Subject::Coordinator(stranger), format!("a right of coordinator {stranger}, to whom")),
        (Subject::Device(key), format!("a right of device {key}, to whom")),
    ] {
        let wanted = RestrictionError::UnknownSubject { subject, neighborhood: RIVERSIDE };
        assert!(wanted.to_string().contains(&name), "{wanted}");
        refused(vec![entry(subject, Right::Enroll)], wanted);
    }
    let subject = dispatch_of(1).subject;
    refused(
        vec![dispatch_of(1), dispatch_of(2), Restricted { distrust_from: Some(Epoch(1)), ..dispatch_of(1) }],
        RestrictionError::EntryTwice { subject, neighborhood: RIVERSIDE },
    );
}

#[test]
fn whoever_has_nothing_in_a_neighborhood_cannot_be_restricted_there() {
    let history = history_with(|body| {
        body.grants[0].scopes.pop();
    });
    let (subject, neighborhood) = (dispatch_of(1).subject, OLD_MILL);
    let elsewhere = restriction(&history, vec![Restricted { neighborhood, ..dispatch_of(1) }]);
    refused(&history, &elsewhere, RestrictionError::UnknownSubject { subject, neighborhood });
}

#[test]
fn as_many_admins_sign_a_restriction_as_the_newest_charter_asks_for() {
    let history = history_with(|body| body.restrict_threshold = 2);
    let draft = body(&history, vec![dispatch_of(1)]);
    let few = |found| RestrictionError::TooFewSignatures { found, wanted: 2 };
    refused(&history, &by(&draft, history.network(), &[]), few(0));
    refused(&history, &by(&draft, history.network(), &[1]), few(1));
    history.clone().restrict(&by(&draft, history.network(), &[1, 2])).unwrap();
    // All sixteen that there may be.
    let all: Vec<u8> = (0..16).collect();
    let mut history = history_with(|body| (body.admins, body.threshold) = (admins(0..16), 9));
    let signed = by(&body(&history, vec![dispatch_of(1)]), history.network(), &all);
    history.restrict(&signed).unwrap();
}

#[test]
fn a_coordinator_cannot_restrict_and_a_signature_for_another_purpose_is_none() {
    let history = history();
    let draft = body(&history, vec![dispatch_of(1)]);
    let mut coordinators = by(&draft, history.network(), &[0]);
    let key = device(2);
    let signature = sign_restriction(&key, history.network(), &coordinators.body);
    coordinators.insert(CharterSignature { signer: key.public(), signature });
    refused(&history, &coordinators, RestrictionError::UnknownSigner { signer: Box::new(key.public()) });

    let mut charters = SignedRestriction::unsigned(&draft);
    let signature = crate::charter::sign(&admin(0), history.network(), &charters.body);
    charters.insert(CharterSignature { signer: admin(0).public(), signature });
    refused(&history, &charters, RestrictionError::BadSignature { signer: Box::new(admin(0).public()) });
}

#[test]
fn ten_thousand_signatures_are_refused_before_any_is_verified() {
    let history = history();
    let mut signed = restriction(&history, vec![dispatch_of(1)]);
    let made_up = CharterSignature { signer: admin(0).public(), signature: Signature([0; 64]) };
    signed.signatures = vec![made_up; 10_000];
    let bytes = signed.to_bytes();
    let found = bytes.len();
    assert_eq!(
        SignedRestriction::from_bytes(&bytes),
        Err(WireError::TooLarge { found, limit: MAX_RESTRICTION }),
        "from a stranger nothing of it is even read"
    );
    refused(&history, &signed, RestrictionError::TooManySignatures { found: 10_000, max: 16 });
}

#[test]
fn signatures_out_of_order_or_twice_by_one_admin_are_refused() {
    let history = history();
    let mut signed = by(&body(&history, vec![dispatch_of(1)]), history.network(), &[0, 1]);
    signed.signatures.reverse();
    refused(&history, &signed, RestrictionError::SignatureOrder);
    signed.signatures[0] = signed.signatures[1].clone();
    refused(&history, &signed, RestrictionError::SignatureOrder);
}

#[test]
fn a_restriction_of_a_newer_program_or_of_another_kind_is_refused() {
    let history = history();
    let extensions = Extensions(vec![Extension { tag: 1, bytes: vec![] }]);
    let newer = RestrictionBody { extensions, ..body(&history, vec![dispatch_of(1)]) };
    refused(&history, &by(&newer, history.network(), &[0]), RestrictionError::Newer);
    let mut other = restriction(&history, vec![dispatch_of(1)]);
    other.body[0] = 1;
    refused(&history, &other, RestrictionError::Wire(WireError::Kind { found: 1, wanted: 2 }));
}

#[test]
fn the_largest_restriction_fits() {
    let history = history_with(|body| {
        body.neighborhoods = (0..64).map(|n| neighborhood(NeighborhoodId([n; 16]), 1)).collect();
        body.grants = vec![grant(1, (0..64).map(|n| scope(NeighborhoodId([n; 16]))).collect())];
    });
    let widest = |n| Restricted {
        subject: Subject::Device(device(1).public()),
        neighborhood: NeighborhoodId([n; 16]),
        right: Right::Enroll,
        distrust_from: Some(Epoch(u64::MAX)),
    };
    let mut signed = restriction(&history, (0..64).map(widest).collect());
    signed.signatures.resize(16, signed.signatures[0].clone());
    assert!(signed.to_bytes().len() <= MAX_RESTRICTION);
    history.clone().restrict(&restriction(&history, (0..64).map(widest).collect())).unwrap();
}

fn numbered(history: &CharterHistory, number: u8, admins: &[u8]) -> SignedRestriction {
    let issued = ISSUED.plus(100 + u64::from(number));
    by(&RestrictionBody { issued, ..body(history, vec![dispatch_of(1)]) }, history.network(), admins)
}

#[test]
fn one_admin_has_at_most_sixteen_in_force_and_the_earliest_stay() {
    let mut held = history();
    for number in 1..=16 {
        held.restrict(&numbered(&held, number, &[0])).unwrap();
    }
    refused(&held, &numbered(&held, 17, &[0]), RestrictionError::TooManyInForce { max: MAX_IN_FORCE });
    held.clone().restrict(&numbered(&held, 17, &[1])).unwrap();
    let backwards = (1..=17).rev().fold(history(), |mut all, number| {
        all.restrict(&numbered(&all, number, &[0])).unwrap();
        all
    });
    assert_eq!(backwards.restrictions_hash(), held.restrictions_hash(), "in whatever order they came");
}

#[test]
fn the_set_hash_does_not_depend_on_the_order_and_every_one_ever_held_is_remembered() {
    let empty = history();
    assert_eq!(empty.restrictions_hash(), RestrictionsHash::ZERO);
    assert!(empty.held_set(&RestrictionsHash::ZERO));
    let (one, two) = (numbered(&empty, 1, &[0]), numbered(&empty, 2, &[1]));
    let take = |order: [&SignedRestriction; 2]| {
        let mut history = empty.clone();
        let sets = order.map(|signed| {
            history.restrict(signed).unwrap();
            history.restrictions_hash()
        });
        (history, sets)
    };
    let (forth, [first, both]) = take([&one, &two]);
    let (back, [second, same]) = take([&two, &one]);
    assert_eq!(both, same);
    assert!(first != second && first != both && second != both);
    assert!(forth.held_set(&first) && forth.held_set(&both) && forth.held_set(&RestrictionsHash::ZERO));
    assert!(!forth.held_set(&second) && back.held_set(&second));
    let mut again = empty;
    again.remember_set(second);
    assert!(again.held_set(&second));
}

#[test]
fn a_restriction_that_is_held_or_was_taken_in_is_told_apart() {
    let mut history = history();
    let signed_one = restriction(&history, vec![dispatch_of(1)]);
    history.restrict(&signed_one).unwrap();
    refused(&history, &signed_one, RestrictionError::AlreadyHeld);
    let mut next = successor(history.newest());
    next.restrictions = vec![signed_one.hash()];
    history.push(&signed(&next, [0, 1])).unwrap();
    assert_eq!(history.restrictions_hash(), RestrictionsHash::ZERO);
    refused(&history, &signed_one, RestrictionError::TakenIn);
    history.push(&signed(&CharterBody { restrictions: vec![], ..successor(history.newest()) }, [0, 1])).unwrap();
    refused(&history, &signed_one, RestrictionError::TakenIn);
}

#[test]
fn a_restriction_outlives_versions_that_do_not_take_it_in_and_ends_with_its_signers_office() {
    let mut history = history();
    history.restrict(&restriction(&history, vec![dispatch_of(1)])).unwrap();
    let set = history.restrictions_hash();
    history.push(&signed(&successor(history.newest()), [0, 1])).unwrap();
    assert_eq!(history.restrictions_hash(), set);
    assert!(!may(&history, 1, RIVERSIDE, Right::Dispatch));
    let mut next = successor(history.newest());
    next.admins.pop();
    history.push(&signed(&next, [0, 1])).unwrap();
    assert_eq!(history.restrictions_hash(), RestrictionsHash::ZERO, "its admin was put out of office");
    assert!(may(&history, 1, RIVERSIDE, Right::Dispatch));
    assert!(history.held_set(&set), "alerts that name it were written in good faith");
}

#[test]
fn a_restriction_may_name_an_older_version_and_counts_by_the_newest_ones_admins() {
    let mut history = history();
    let early = body(&history, vec![dispatch_of(1)]);
    let mut next = successor(history.newest());
    next.admins.pop();
    history.push(&signed(&next, [0, 1])).unwrap();
    refused(&history, &by(&early, history.network(), &[2]), RestrictionError::TooFewSignatures { found: 0, wanted: 1 });
    history.restrict(&by(&early, history.network(), &[1, 2])).unwrap();
    assert!(!may(&history, 1, RIVERSIDE, Right::Dispatch));
}

#[test]
fn who_went_past_the_version_that_took_a_set_in_knows_that_set() {
    let mut informed = history();
    let signed_one = restriction(&informed, vec![dispatch_of(1)]);
    let mut late = informed.clone();
    informed.restrict(&signed_one).unwrap();
    let mut next = successor(informed.newest());
    informed.take_in(&mut next);
    late.push(&signed(&next, [0, 1])).unwrap();
    assert!(late.held_set(&restrictions_hash(informed.restrictions())));
}

/// A draft of the next version that takes these in. It must be one that its admins can sign.
fn taken_in(history: &CharterHistory, entries: Vec<Restricted>) -> (CharterBody, RestrictionHash) {
    let mut history = history.clone();
    let signed_one = restriction(&history, entries);
    history.restrict(&signed_one).unwrap();
    let mut draft = successor(history.newest());
    history.take_in(&mut draft);
    assert_eq!(check_body(&draft), Ok(()));
    assert_eq!(draft.restrictions, [signed_one.hash()]);
    history.push(&signed(&draft, [0, 1])).unwrap();
    assert_eq!(history.restrictions_hash(), RestrictionsHash::ZERO);
    (draft, signed_one.hash())
}

#[test]
fn the_next_version_takes_in_a_right_without_the_other() {
    let (draft, _) = taken_in(&history(), vec![dispatch_of(1)]);
    let scopes = &draft.grants[0].scopes;
    assert!(!scopes[0].dispatch && scopes[0].enroll && scopes[1].dispatch);
    assert_eq!(draft.revocations, []);
    assert_eq!(draft.grants[1..], history().newest().body().grants[1..]);
}

#[test]
fn the_next_version_revokes_every_device_of_whom_a_restriction_distrusts() {
    let distrusted = Restricted { distrust_from: Some(Epoch(5)), ..dispatch_of(1) };
    let (draft, _) = taken_in(&history(), vec![distrusted]);
    assert_eq!(draft.grants[0].scopes.iter().map(|scope| scope.neighborhood).collect::<Vec<_>>(), [OLD_MILL]);
    let revoked =
        |number| Revocation { key: device(number).public(), neighborhood: RIVERSIDE, distrust_from: Epoch(5) };
    let mut wanted = [revoked(1), revoked(11)];
    let mut found = draft.revocations.clone();
    wanted.sort_by_key(|revocation| revocation.key);
    found.sort_by_key(|revocation| revocation.key);
    assert_eq!(found, wanted);
}

#[test]
fn the_earlier_of_two_epochs_is_the_one_that_is_taken_in() {
    let from = |right, epoch| Restricted { right, distrust_from: Some(Epoch(epoch)), ..dispatch_of(2) };
    let (draft, _) = taken_in(&history(), vec![from(Right::Dispatch, 7), from(Right::Enroll, 4)]);
    assert_eq!(draft.revocations.len(), 1);
    assert_eq!(draft.revocations[0].distrust_from, Epoch(4));
}

#[test]
fn who_has_nothing_left_leaves_the_grants_and_a_device_leaves_its_coordinator() {
    let all = |number| {
        [RIVERSIDE, OLD_MILL].map(|neighborhood| Restricted {
            neighborhood,
            distrust_from: Some(Epoch(5)),
            ..dispatch_of(number)
        })
    };
    let (draft, _) = taken_in(&history(), all(2).to_vec());
    assert!(draft.grants.iter().all(|grant| grant.coordinator != coordinator(2)));
    let device_only = entry(Subject::Device(device(11).public()), Right::Dispatch);
    let (draft, _) = taken_in(&history(), vec![device_only]);
    assert_eq!(draft.grants[0].devices, [device(1).public()]);
    assert_eq!(draft.grants[0].scopes.len(), 2);
}

#[test]
fn a_draft_without_restrictions_in_force_names_none() {
    let mut history = history();
    history.restrict(&restriction(&history, vec![dispatch_of(1)])).unwrap();
    let mut next = successor(history.newest());
    history.take_in(&mut next);
    history.push(&signed(&next, [0, 1])).unwrap();
    let mut after = successor(history.newest());
    assert_eq!(after.restrictions.len(), 1, "a copy of the version before");
    history.take_in(&mut after);
    assert_eq!(after.restrictions, []);
    assert_eq!(after.grants, history.newest().body().grants);
}

#[test]
fn a_genesis_may_name_restrictions_and_they_have_ended() {
    let founding = founded(3, 2);
    let mut history = history_with(|body| body.restrictions = vec![RestrictionHash([7; 32])]);
    assert_ne!(founding.network(), history.network());
    history.restrict(&restriction(&history, vec![dispatch_of(1)])).unwrap();
    assert_eq!(history.restrictions().len(), 1);
}

#[test]
fn a_draft_of_a_restriction_tells_who_else_must_sign_and_holds_no_signature_that_does_not_verify() {
    let history = history_with(|body| body.restrict_threshold = 2);
    let body = body(&history, vec![dispatch_of(1)]);
    let judge =
        |signed: &SignedRestriction| judge_restriction_draft(history.newest(), Some(history.newest().body()), signed);
    let mut awaited = history.newest().body().admins.clone();
    for (admins, missing) in [(&[][..], 2), (&[2], 1), (&[0, 2], 0)] {
        let draft = judge(&by(&body, history.network(), admins)).unwrap();
        awaited.retain(|key| !admins.iter().any(|number| admin(*number).public() == *key));
        assert_eq!((draft.missing, &draft.awaited, &draft.body), (missing, &awaited, &body));
    }
    let mut forged = by(&body, history.network(), &[2]);
    forged.signatures[0].signature.0[7] ^= 1;
    assert_eq!(judge(&forged), Err(RestrictionError::BadSignature { signer: Box::new(admin(2).public()) }));
    let stranger = by(&body, history.network(), &[77]);
    assert!(matches!(judge(&stranger), Err(RestrictionError::UnknownSigner { .. })));
}
