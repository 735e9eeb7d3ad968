//! One alert and all that was said about it are one thread: what replaces, what stands beside, and what ends it.

use std::slice::from_ref;

use proptest::prelude::{Just, Strategy, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use watchfire_protocol::alert::AlertBody;
use watchfire_protocol::enough::{TAG, to_extension};
use watchfire_protocol::id::AlertId;
use watchfire_protocol::thread::{Thread, threads};
use watchfire_protocol::verdict::ShownAlert;
use watchfire_protocol::vocabulary::{Code, Need, limit};
use watchfire_protocol::wire::{Extension, Extensions};

use crate::scene::{NOW, Scene};

fn two() -> Scene {
    Scene::with(|charter| charter.neighborhoods[0].quorum = 2)
}

/// Something sent `after` seconds, about `references`.
fn said(scene: &Scene, signers: &[u8], msg_type: &'static str, after: u64, references: &[&ShownAlert]) -> ShownAlert {
    let references: Vec<AlertId> = references.iter().map(|alert| alert.id()).collect();
    altered(scene, signers, msg_type, after, references, |_| ())
}

fn altered(
    scene: &Scene,
    signers: &[u8],
    msg_type: &'static str,
    after: u64,
    references: Vec<AlertId>,
    change: impl FnOnce(&mut AlertBody),
) -> ShownAlert {
    scene.shown(scene.altered(signers, |body| {
        body.random = [u8::try_from(after).unwrap(); 16];
        body.sent = NOW.plus(after);
        body.content.msg_type = Code::constant(msg_type);
        body.content.references = references;
        change(body);
    }))
}

fn need(role: &'static str, count: u16) -> Need {
    Need { role: Code::constant(role), language: None, count }
}

#[track_caller]
fn only(thread: Vec<Thread<'_>>) -> Thread<'_> {
    assert_eq!(thread.len(), 1);
    thread.into_iter().next().unwrap()
}

#[test]
fn an_update_takes_the_place_of_the_alert_under_the_first_id_and_the_newest_one_wins() {
    let scene = Scene::new();
    let alert = said(&scene, &[11], "alert", 0, &[]);
    let one = said(&scene, &[11], "update", 10, &[&alert]);
    let other = said(&scene, &[21], "update", 20, &[&one]);
    let thread = only(threads([&other, &alert, &one]));
    assert_eq!((thread.first().id(), thread.state().id(), thread.updates()), (alert.id(), other.id(), 2));
    assert!(thread.closed_by().is_none() && !thread.lacks_predecessor());
    // In one second, whichever of the ids is the lesser one.
    for random in 0..8 {
        let change = |body: &mut AlertBody| body.random = [random; 16];
        let update = altered(&scene, &[11], "update", 0, vec![alert.id()], change);
        let thread = only(threads([&update, &alert]));
        assert_eq!((thread.first().id(), thread.state().id()), (alert.id(), update.id()));
    }
}

#[test]
fn an_update_below_the_quorum_stands_beside_and_takes_no_place() {
    let scene = two();
    let alert = said(&scene, &[11, 21], "alert", 0, &[]);
    let lone = said(&scene, &[11], "update", 10, &[&alert]);
    let thread = only(threads([&alert, &lone]));
    assert_eq!((thread.state().id(), thread.updates(), thread.items().len()), (alert.id(), 0, 2));
}

#[test]
fn a_correction_stands_beside_and_takes_no_place() {
    let scene = Scene::new();
    let alert = said(&scene, &[11], "alert", 0, &[]);
    let correction = said(&scene, &[11], "correction", 10, &[&alert]);
    let thread = only(threads([&alert, &correction]));
    assert_eq!((thread.state().id(), thread.updates()), (alert.id(), 0));
}

#[test]
fn a_cancel_closes_its_thread_and_an_update_sent_after_it_opens_it_again() {
    let scene = two();
    let alert = said(&scene, &[11, 21], "alert", 0, &[]);
    let update = said(&scene, &[11, 21], "update", 10, &[&alert]);
    let lone = said(&scene, &[11], "cancel", 15, &[&alert, &update]);
    let cancel = said(&scene, &[11, 21], "cancel", 20, &[&alert, &update]);
    let late = said(&scene, &[11, 21], "update", 30, &[&alert]);
    assert!(only(threads([&alert, &update, &lone])).closed_by().is_none(), "a lone cancel closes nothing");
    assert_eq!(only(threads([&alert, &update, &lone, &cancel])).closed_by().unwrap().id(), cancel.id());
    assert!(only(threads([&alert, &update, &cancel, &late])).closed_by().is_none());
}

#[test]
fn what_is_shown_of_a_thread_is_its_correction_that_counts_else_its_end_else_its_state() {
    let scene = two();
    let both: &[u8] = &[11, 21];
    let alert = said(&scene, both, "alert", 0, &[]);
    let lone =
        [("update", 1), ("cancel", 2), ("correction", 3)].map(|(what, at)| said(&scene, &[11], what, at, &[&alert]));
    let update = said(&scene, both, "update", 10, &[&alert]);
    let cancel = said(&scene, both, "cancel", 20, &[&alert, &update]);
    let correction = said(&scene, both, "correction", 30, &[&alert]);
    let late = said(&scene, both, "update", 40, &[&alert]);
    let all = [&alert, &lone[0], &lone[1], &lone[2], &update, &cancel, &correction, &late];
    for (count, shown) in [(4, &alert), (5, &update), (6, &cancel), (7, &correction), (8, &late)] {
        assert_eq!(only(threads(all[..count].iter().copied())).present().id(), shown.id());
    }
    let thread = only(threads(all));
    assert_eq!(thread.corrected_by().unwrap().id(), correction.id());
    // A stand-down after it takes nothing of that away.
    let again = said(&scene, both, "cancel", 35, &[&alert, &update]);
    let ended = only(threads([&alert, &update, &correction, &again]));
    assert_eq!((ended.present().id(), ended.closed_by().unwrap().id()), (correction.id(), again.id()));
    let counted: Vec<AlertId> = thread.counted().map(|alert| alert.id()).collect();
    assert_eq!(counted, [&alert, &update, &cancel, &correction, &late].map(|alert| alert.id()));
}

#[test]
fn what_is_about_nothing_here_begins_a_thread_of_its_own_and_says_that_something_is_missing() {
    let scene = Scene::new();
    let alert = said(&scene, &[11], "alert", 0, &[]);
    let update = said(&scene, &[11], "update", 10, &[&alert]);
    let other = said(&scene, &[21], "update", 20, &[&alert, &update]);
    let alone = only(threads([&other]));
    assert_eq!(alone.state().id(), other.id());
    assert!(alone.lacks_predecessor());
    let gap = only(threads([&alert, &other]));
    assert!(gap.lacks_predecessor(), "one between them is missing");
    assert_eq!(gap.first().id(), alert.id());
    assert!(!only(threads([&alert, &update, &other])).lacks_predecessor());
}

#[test]
fn an_alert_that_references_another_is_no_part_of_its_thread_and_two_alerts_stay_two() {
    let scene = Scene::new();
    let (one, other) = (said(&scene, &[11], "alert", 0, &[]), said(&scene, &[11], "alert", 5, &[]));
    let third = said(&scene, &[11], "alert", 10, &[&one]);
    assert_eq!(threads([&one, &other, &third]).len(), 3);
    // An update of both takes the place of the one that it names first. The other is not hidden.
    let both = said(&scene, &[11], "update", 20, &[&other, &one]);
    let found = threads([&one, &other, &both]);
    let states: Vec<AlertId> = found.iter().map(|thread| thread.state().id()).collect();
    assert_eq!(states, [one.id(), both.id()]);
}

#[test]
fn that_there_is_enough_is_so_only_where_an_update_says_it() {
    let scene = Scene::new();
    let spanish = Need { language: Some("es".parse().unwrap()), ..need("interpreter", 1) };
    let french = Need { language: Some("fr".parse().unwrap()), ..need("interpreter", 1) };
    let all = vec![need("observer", 4), spanish.clone(), french.clone()];
    let alert = altered(&scene, &[11], "alert", 0, vec![], |body| body.content.needs = all.clone());
    let update = |after: u64, needs: &[Need], enough: &[Need]| {
        altered(&scene, &[11], "update", after, vec![alert.id()], |body| {
            body.content.needs = needs.to_vec();
            body.extensions = Extensions(vec![to_extension(enough)]);
        })
    };
    assert!(only(threads([&alert])).enough().is_empty());
    let dropped = altered(&scene, &[11], "update", 5, vec![alert.id()], |body| body.content.needs = vec![]);
    assert_eq!(only(threads([&alert, &dropped])).enough(), [], "nobody said that there is enough");
    let one = update(10, &[need("observer", 2), french.clone()], from_ref(&spanish));
    assert_eq!(only(threads([&alert, &one])).enough(), vec![spanish.clone()]);
    let fewer = update(20, from_ref(&french), &[]);
    assert_eq!(only(threads([&alert, &one, &fewer])).enough(), vec![spanish.clone()], "it stays said");
    let again = update(30, from_ref(&spanish), from_ref(&french));
    assert_eq!(only(threads([&alert, &one, &again])).enough(), from_ref(&french), "asked for again");
    let both = update(40, from_ref(&french), &[need("observer", 4), french.clone()]);
    assert_eq!(only(threads([&alert, &both])).enough(), [need("observer", 4)], "nothing is asked for and enough");
    let held_back = altered(&scene, &[11], "correction", 50, vec![alert.id()], |body| {
        body.extensions = Extensions(vec![to_extension(&all)]);
    });
    assert_eq!(only(threads([&alert, &held_back])).enough(), [], "only an update says it");
}

#[test]
fn what_says_badly_that_there_is_enough_says_nothing_and_the_update_counts_all_the_same() {
    let scene = Scene::new();
    let alert = said(&scene, &[11], "alert", 0, &[]);
    let too_many = vec![need("observer", 1); limit::NEEDS + 1];
    let broken = Extension { tag: TAG, bytes: vec![1, 200] };
    for field in [broken, to_extension(&too_many), Extension { tag: TAG, bytes: vec![] }] {
        let update = altered(&scene, &[11], "update", 10, vec![alert.id()], |body| {
            body.extensions = Extensions(vec![field]);
        });
        let found = only(threads([&alert, &update]));
        assert_eq!((found.enough(), found.updates()), (vec![], 1));
    }
    let most = vec![need("observer", 1); limit::NEEDS];
    let update = altered(&scene, &[11], "update", 10, vec![alert.id()], |body| {
        body.extensions = Extensions(vec![to_extension(&most)]);
    });
    assert_eq!(only(threads([&alert, &update])).enough(), [need("observer", 1)], "as many as may be, and each once");
}

proptest! {
    #![proptest_config(Config { cases: 32, failure_persistence: None, ..Config::default() })]

    #[test]
    fn threads_are_the_same_in_whatever_order_alerts_came(order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle()) {
        let scene = Scene::new();
        let alert = said(&scene, &[11], "alert", 0, &[]);
        let update = said(&scene, &[11], "update", 10, &[&alert]);
        let all = [
            said(&scene, &[21], "update", 10, &[&update]),
            said(&scene, &[11], "correction", 20, &[&alert]),
            said(&scene, &[11], "cancel", 30, &[&alert, &update]),
            said(&scene, &[11], "alert", 5, &[]),
            update,
            alert,
        ];
        let ids = |thread: &Thread<'_>| thread.items().iter().map(|alert| alert.id()).collect::<Vec<_>>();
        let one: Vec<Vec<AlertId>> = threads(&all).iter().map(ids).collect();
        let other: Vec<Vec<AlertId>> = threads(order.iter().map(|at| &all[*at])).iter().map(ids).collect();
        prop_assert_eq!(one, other);
    }
}
