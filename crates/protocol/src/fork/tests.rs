//! What two charters of one version do to a chain, and what a person's choice does.

use super::{CharterChain, ChoiceError, MAX_BRANCH, MAX_FORKS};
use crate::charter::testing::{ISSUED, admin, genesis, signed, successor};
use crate::charter::{Charter, CharterBody, CharterError, MAX_SIGNATURES, SignedCharter};
use crate::history::CharterHistory;
use crate::id::{CharterHash, NetworkId};
use crate::time::{DAY, Timestamp};

const NOW: Timestamp = Timestamp(ISSUED.0 + 100 * DAY);
const LATER: Timestamp = NOW.plus(DAY);

/// Two of three admins sign.
fn by_two(body: &CharterBody) -> SignedCharter {
    signed(body, [0, 1])
}

/// A chain of this many versions, as they were signed. Those from `from` on have a grace of their own, `mark` days.
fn versions(count: u64, from: u64, mark: u16) -> Vec<SignedCharter> {
    let first = by_two(&genesis(3, 2));
    let mut history = CharterHistory::found(&first).unwrap();
    let mut out = vec![first];
    while history.newest().version() < count {
        let mut body = successor(history.newest());
        if body.version >= from {
            body.grace_days = mark;
        }
        out.push(by_two(&body));
        history.push(out.last().unwrap()).unwrap();
    }
    out
}

/// Who holds the first `count` of these versions.
fn holding(versions: &[SignedCharter]) -> CharterChain {
    let mut history = CharterHistory::found(&versions[0]).unwrap();
    for signed in &versions[1..] {
        history.push(signed).unwrap();
    }
    CharterChain::new(history, vec![])
}

fn newest(chain: &CharterChain) -> &Charter {
    chain.history().newest()
}

#[test]
fn versions_that_follow_are_taken_whether_or_not_held_ones_are_shown_with_them() {
    let all = versions(5, 9, 0);
    for from in 0..3 {
        let mut chain = holding(&all[..2]);
        let offered = chain.offer(&all[from..], NOW);
        assert_eq!(offered.taken, all[2..]);
        assert_eq!(newest(&chain).hash(), all[4].hash());
        assert!(!offered.forked && !chain.is_frozen() && offered.refused.is_none());
    }
    let mut chain = holding(&all);
    assert_eq!(chain.offer(&all[..3], NOW), super::Offered::default());
    // As an invite names a version: by the first half of its hash.
    for signed in &all {
        let prefix = signed.hash().0[..16].try_into().unwrap();
        assert_eq!(chain.history().by_prefix(&prefix).map(Charter::hash), Some(signed.hash()));
    }
    assert_eq!(chain.history().by_prefix(&[9; 16]), None);
}

#[test]
fn another_body_for_the_newest_or_an_older_version_is_kept_as_evidence_and_the_first_stays() {
    let (ours, theirs) = (versions(5, 3, 1), versions(6, 3, 2));
    for held in 3..=5 {
        let mut chain = holding(&ours[..held]);
        let offered = chain.offer(&theirs, NOW);
        assert!(offered.forked && offered.learned && offered.taken.is_empty() && offered.refused.is_none());
        assert_eq!(newest(&chain).hash(), ours[held - 1].hash());
        let [fork] = chain.forks() else { panic!("{:?}", chain.forks()) };
        assert_eq!((fork.version, fork.other, fork.seen, fork.decided), (3, theirs[2].hash(), NOW, None));
        assert_eq!(fork.branch, theirs[2..]);
        // Seen again, it is the same fork, first seen when it was.
        assert!(!chain.offer(&theirs, LATER).learned);
        assert_eq!(chain.forks()[0].seen, NOW);
        // Who saw less of it at first learns the rest.
        let mut chain = holding(&ours[..held]);
        assert!(chain.offer(&theirs[..4], NOW).learned && chain.offer(&theirs, NOW).learned);
        assert_eq!(chain.forks()[0].branch, theirs[2..]);
    }
}

#[test]
fn a_body_that_the_thresholds_did_not_sign_raises_no_alarm() {
    let (ours, theirs) = (versions(4, 3, 1), versions(4, 3, 2));
    let mut one = SignedCharter { body: theirs[2].body.clone(), signatures: vec![] };
    for (by, refused) in [
        (vec![0], CharterError::TooFewSignatures { version: 2, found: 1, wanted: 2 }),
        (vec![0, 7], CharterError::UnknownSigner { signer: Box::new(admin(7).public()) }),
    ] {
        crate::charter::testing::resign(&mut one, holding(&ours).history().network(), by);
        let mut chain = holding(&ours);
        let offered = chain.offer(std::slice::from_ref(&one), NOW);
        assert_eq!((offered.forked, offered.refused), (false, Some(refused)));
        assert!(chain.forks().is_empty());
    }
}

#[test]
fn no_successor_of_either_branch_is_taken_until_a_person_has_chosen() {
    let (ours, theirs) = (versions(5, 3, 1), versions(5, 3, 2));
    let mut chain = holding(&ours[..4]);
    chain.offer(&theirs[..3], NOW);
    for shown in [&ours, &theirs] {
        let offered = chain.offer(shown, NOW);
        assert!(offered.taken.is_empty());
        assert_eq!(newest(&chain).hash(), ours[3].hash());
    }
    assert!(chain.offer(&ours, NOW).waiting);

    chain.choose(ours[2].hash(), &ours[..4], LATER).unwrap();
    assert!(!chain.is_frozen());
    assert_eq!(chain.offer(&ours, LATER).taken, ours[4..]);
    // The evidence stays, and the dropped branch alarms nobody a second time.
    assert_eq!(chain.forks()[0].decided, Some(LATER));
    assert!(chain.offer(&theirs, LATER).forked && !chain.is_frozen());
    assert_eq!(chain.forks()[0].other, theirs[2].hash());
}

#[test]
fn choosing_the_other_branch_holds_it_from_the_common_version_and_keeps_what_hung_on_the_dropped_one() {
    let (ours, theirs) = (versions(5, 3, 1), versions(6, 3, 2));
    let mut chain = holding(&ours);
    chain.offer(&theirs[..4], NOW);
    chain.choose(theirs[2].hash(), &ours, LATER).unwrap();
    assert_eq!(newest(&chain).hash(), theirs[3].hash());
    assert_eq!(chain.history().at(2).unwrap().hash(), ours[1].hash());
    let fork = &chain.forks()[0];
    assert_eq!((fork.version, fork.other, fork.seen, fork.decided), (3, ours[2].hash(), NOW, Some(LATER)));
    assert_eq!(fork.branch, ours[2..]);
    // It grows again, and the dropped branch is neither taken nor a new alarm.
    assert_eq!(chain.offer(&theirs, LATER).taken, theirs[4..]);
    assert!(!chain.offer(&ours, LATER).learned && !chain.is_frozen());
    // And the choice can be taken back.
    chain.choose(ours[2].hash(), &theirs, LATER.plus(1)).unwrap();
    assert_eq!(newest(&chain).hash(), ours[4].hash());
    assert_eq!(chain.forks()[0].branch, theirs[2..]);
}

#[test]
fn a_successor_that_names_another_body_is_a_fork_that_can_be_chosen_once_that_body_was_seen() {
    let (ours, theirs) = (versions(3, 3, 1), versions(5, 3, 2));
    let mut chain = holding(&ours);
    assert!(chain.offer(&theirs[3..], NOW).forked);
    let fork = &chain.forks()[0];
    assert_eq!((fork.version, fork.other, fork.is_whole()), (3, theirs[2].hash(), false));
    assert_eq!(chain.choose(theirs[2].hash(), &ours, LATER), Err(ChoiceError::Unseen { version: 3 }));
    assert!(chain.is_frozen());
    assert!(chain.offer(&theirs, NOW).learned);
    assert_eq!(chain.forks().len(), 1);
    chain.choose(theirs[2].hash(), &ours, LATER).unwrap();
    assert_eq!(newest(&chain).hash(), theirs[4].hash());
}

#[test]
fn what_follows_a_dropped_branch_is_no_new_fork() {
    let (ours, theirs) = (versions(4, 3, 1), versions(5, 3, 2));
    let mut chain = holding(&ours);
    chain.offer(&theirs, NOW);
    chain.choose(ours[2].hash(), &ours, LATER).unwrap();
    assert!(chain.offer(&theirs[4..], LATER).forked);
    assert!(!chain.is_frozen());
}

#[test]
fn a_third_body_freezes_again_and_a_choice_settles_all_bodies_of_its_version_and_what_hangs_on_the_dropped_one() {
    let ours = versions(5, 3, 1);
    let mut chain = holding(&ours);
    let (second, third, above) = (versions(3, 3, 2), versions(3, 3, 3), {
        let mut history = holding(&ours[..4]).history().clone();
        let mut body = successor(history.newest());
        body.grace_days = 9;
        let other = by_two(&body);
        history.push(&other).unwrap();
        other
    });
    chain.offer(&second, NOW);
    chain.choose(ours[2].hash(), &ours, NOW).unwrap();
    chain.offer(&third, NOW);
    assert!(chain.is_frozen());
    chain.offer(std::slice::from_ref(&above), NOW);
    assert_eq!(chain.forks().len(), 3);
    // To stay settles version 3 only.
    let mut stays = chain.clone();
    stays.choose(ours[2].hash(), &ours, LATER).unwrap();
    assert!(stays.is_frozen());
    stays.choose(above.hash(), &ours, LATER).unwrap();
    assert!(!stays.is_frozen());
    assert_eq!(newest(&stays).hash(), above.hash());
    // To leave it drops the fork of version 5, too.
    chain.choose(third[2].hash(), &ours, LATER).unwrap();
    assert!(!chain.is_frozen());
    assert!(chain.forks().iter().filter(|fork| fork.version == 3).all(|fork| fork.decided == Some(LATER)));
}

#[test]
fn only_a_body_of_a_fork_can_be_chosen() {
    let (ours, theirs) = (versions(4, 3, 1), versions(4, 3, 2));
    let mut chain = holding(&ours);
    chain.offer(&theirs, NOW);
    for hash in [CharterHash([7; 32]), ours[1].hash(), theirs[3].hash()] {
        assert_eq!(chain.choose(hash, &ours, LATER), Err(ChoiceError::Unknown));
    }
    assert!(chain.is_frozen());
    assert_eq!(newest(&chain).hash(), ours[3].hash());
}

#[test]
fn what_is_refused_leaves_the_versions_before_it_and_nothing_after_it() {
    let all = versions(4, 9, 0);
    let mut body = successor(holding(&all).history().newest());
    body.network = NetworkId([9; 32]);
    let mut many = by_two(&successor(holding(&all).history().newest()));
    many.signatures = vec![many.signatures[0].clone(); 10_000];
    let found = many.signatures.len();
    for (bad, refused) in [
        (by_two(&body), CharterError::OtherNetwork { found: body.network, wanted: holding(&all).history().network() }),
        (many, CharterError::TooManySignatures { found, max: MAX_SIGNATURES }),
        (all[2].clone(), CharterError::Gap { have: 4, got: 6 }),
    ] {
        let mut chain = holding(&all[..2]);
        let gap = versions(6, 9, 0).remove(5);
        let last = if matches!(refused, CharterError::Gap { .. }) { gap } else { bad };
        let shown = [&all[..], &[last], &all[3..]].concat();
        let offered = chain.offer(&shown, NOW);
        assert_eq!((offered.taken, offered.refused), (all[2..].to_vec(), Some(refused)));
        assert_eq!(newest(&chain).hash(), all[3].hash());
    }
}

#[test]
fn a_newer_format_is_told_and_what_is_held_stays() {
    let all = versions(3, 9, 0);
    let mut newer = SignedCharter::unsigned(&successor(holding(&all).history().newest()));
    newer.body[1] = 2;
    crate::charter::testing::resign(&mut newer, holding(&all).history().network(), [1, 2]);
    let mut chain = holding(&all[..2]);
    let offered = chain.offer(&[&all[1..], &[newer.clone()]].concat(), NOW);
    assert_eq!((offered.taken, offered.newer, offered.refused), (all[2..].to_vec(), Some(newer.hash()), None));
    newer.signatures.pop();
    assert!(chain.offer(&[newer], NOW).newer.is_none());
}

#[test]
fn evidence_is_bounded() {
    let ours = versions(3, 3, 1);
    let mut chain = holding(&ours);
    let long = versions(u64::try_from(MAX_BRANCH).unwrap() + 10, 3, 2);
    chain.offer(&long, NOW);
    assert_eq!(chain.forks()[0].branch.len(), MAX_BRANCH);
    for mark in 3..100 {
        let offered = chain.offer(&versions(3, 3, mark), NOW);
        assert_eq!(offered.refused.is_some(), chain.forks().len() == MAX_FORKS && !offered.learned);
    }
    assert_eq!(chain.forks().len(), MAX_FORKS);
}
