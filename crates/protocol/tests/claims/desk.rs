//! What coordinators say of reports: who counts, and what it amounts to in whatever order it comes.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert};
use proptest::test_runner::{Config, TestRunner};
use watchfire_protocol::charter::{Restricted, Right, Subject};
use watchfire_protocol::desk::{
    Check, Closing, Desk, DeskBody, DeskEvent, Entry, Located, MAX_TEMPLATES, MAX_TOLD, Matter, TEMPLATE_BYTES, author,
    desk_id, fold,
};
use watchfire_protocol::id::{AlertId, DeskId, Epoch, MemberId, NeighborhoodId, NetworkId, ReportId};
use watchfire_protocol::inbox::report_id;
use watchfire_protocol::kdf::Place as Where;
use watchfire_protocol::time::{DAY, HOUR, Timestamp};
use watchfire_protocol::vocabulary::limit::{DISMISSAL_CHARS, NOTE_CHARS, PLACE_CHARS};
use watchfire_protocol::vocabulary::{Code, Invalid, Place, Point};
use watchfire_protocol::wire::{Extensions, Signed, SignedError, WireError};

use crate::scene::{ELSEWHERE, HERE, NOW, Scene, coordinator, key};

fn report(number: u8) -> ReportId {
    ReportId([number; 16])
}

fn code(word: &'static str) -> Code {
    Code::constant(word)
}

/// An entry that is the nth, a minute after the one before.
fn entry(number: u8, by: u8, event: DeskEvent) -> Entry {
    let at = NOW.plus(60 * u64::from(number));
    Entry { id: DeskId([number; 16]), by: coordinator(by), at, event }
}

fn claim(number: u8, by: u8, of: u8) -> Entry {
    entry(number, by, DeskEvent::Claim { report: report(of), over: None })
}

fn take_over(number: u8, by: u8, of: u8, over: u8) -> Entry {
    entry(number, by, DeskEvent::Claim { report: report(of), over: Some(coordinator(over)) })
}

fn release(number: u8, by: u8, of: u8) -> Entry {
    entry(number, by, DeskEvent::Release { report: report(of) })
}

fn merge(number: u8, of: u8, into: u8) -> Entry {
    entry(number, 1, DeskEvent::Merge { report: report(of), into: report(into) })
}

fn split(number: u8, of: u8) -> Entry {
    entry(number, 2, DeskEvent::Split { report: report(of) })
}

fn verify(number: u8, by: u8, of: u8, outcome: &'static str) -> Entry {
    let (outcome, method) = (code(outcome), code("on-site"));
    entry(number, by, DeskEvent::Verify { report: report(of), outcome, method, certainty: None })
}

fn dismiss(number: u8, by: u8, of: u8) -> Entry {
    entry(number, by, DeskEvent::Dismiss { report: report(of), reason: format!("because of {number}") })
}

fn debunk(number: u8, by: u8, of: u8) -> Entry {
    entry(number, by, DeskEvent::Debunk { report: report(of) })
}

fn note(number: u8, of: u8) -> Entry {
    entry(number, 1, DeskEvent::Note { report: report(of), text: format!("note {number}") })
}

fn alerted(number: u8, of: u8, alert: u8) -> Entry {
    entry(number, 1, DeskEvent::Alerted { report: report(of), alert: AlertId([alert; 16]) })
}

fn place(number: u8, alert: u8, text: &str) -> Entry {
    entry(number, 1, DeskEvent::Place { alert: AlertId([alert; 16]), place: Place::named(text) })
}

/// Reports 1 to 4 are known.
fn folded(entries: impl IntoIterator<Item = Entry>) -> Desk {
    fold(&(1..=4).map(report).collect(), entries)
}

#[track_caller]
fn matter(desk: &Desk, of: u8) -> &Matter {
    desk.matter(&report(of)).unwrap()
}

fn holder(desk: &Desk, of: u8) -> Option<u8> {
    matter(desk, of).claim.map(|claim| claim.by.0[0])
}

fn signed(scene: &Scene, signer: u8, event: DeskEvent) -> Signed {
    body(event).sign(&scene.place(), &key(signer))
}

fn body(event: DeskEvent) -> DeskBody {
    DeskBody { random: [1; 16], charter_version: 1, at: NOW, event, extensions: Extensions::default() }
}

fn debunked() -> DeskEvent {
    DeskEvent::Debunk { report: report(1) }
}

#[test]
fn an_event_holds_in_its_neighborhood_with_its_bytes_and_nowhere_else() {
    let scene = Scene::new();
    let event = signed(&scene, 11, debunked());
    assert!(DeskBody::open(&event, &scene.place()).is_ok_and(|read| read == body(debunked())));
    let elsewhere = Where { neighborhood: ELSEWHERE, ..scene.place() };
    let abroad = Where { network: NetworkId([9; 32]), ..scene.place() };
    let other = Signed { signer: key(21).public(), ..event.clone() };
    let altered = Signed { body: signed(&scene, 11, DeskEvent::Release { report: report(1) }).body, ..event.clone() };
    for (event, place) in
        [(&event, &elsewhere), (&event, &abroad), (&other, &scene.place()), (&altered, &scene.place())]
    {
        assert_eq!(DeskBody::open(event, place).err(), Some(SignedError::Signature));
    }
}

#[test]
fn a_signature_for_the_roster_is_none_for_the_desk() {
    use watchfire_protocol::id::sha256;
    use watchfire_protocol::labels::Purpose;
    let scene = Scene::new();
    let event = signed(&scene, 11, debunked());
    let fields: [&[u8]; 3] = [&scene.place().network.0, &HERE.0, &sha256(&[&event.body])];
    let moved = Signed { signature: key(11).sign(Purpose::Roster, &fields), ..event };
    assert_eq!(DeskBody::open(&moved, &scene.place()).err(), Some(SignedError::Signature));
}

#[test]
fn what_is_longer_than_it_may_be_is_refused_by_who_reads_it_too() {
    let scene = Scene::new();
    let point = |lat, precision_m| Some(Point { lat, lon: 0, precision_m });
    let exact =
        |point, text: String| DeskEvent::Place { alert: AlertId::ZERO, place: Place { point, ..Place::named(text) } };
    let (note, reason) = ("ä".repeat(NOTE_CHARS + 1), "ä".repeat(DISMISSAL_CHARS + 1));
    let events = [
        DeskEvent::Note { report: report(1), text: note },
        DeskEvent::Dismiss { report: report(1), reason },
        exact(None, "ä".repeat(PLACE_CHARS + 1)),
        exact(point(90_000_001, 10), "a door".to_owned()),
        exact(point(0, 0), "a door".to_owned()),
    ];
    for event in events {
        assert!(event.validate().is_err());
        let refused = DeskBody::open(&signed(&scene, 11, event), &scene.place()).err();
        assert!(matches!(refused, Some(SignedError::Wire(WireError::Malformed(_)))));
    }
}

#[test]
fn the_longest_texts_fit_in_every_script() {
    let scene = Scene::new();
    let long = |chars| "\u{1f525}".repeat(chars);
    let events = [
        DeskEvent::Note { report: report(1), text: long(NOTE_CHARS) },
        DeskEvent::Dismiss { report: report(1), reason: long(DISMISSAL_CHARS) },
        DeskEvent::Place { alert: AlertId::ZERO, place: Place::named(long(PLACE_CHARS)) },
    ];
    for event in events {
        assert_eq!(event.validate(), Ok(()));
        assert!(DeskBody::open(&signed(&scene, 11, event), &scene.place()).is_ok());
    }
}

#[test]
fn an_author_is_held_to_known_codes_and_a_reader_is_not() {
    let scene = Scene::new();
    let check = |outcome: &str, method: &str, certainty: Option<&str>| DeskEvent::Verify {
        report: report(1),
        outcome: Code::new(outcome).unwrap(),
        method: Code::new(method).unwrap(),
        certainty: certainty.map(|certainty| Code::new(certainty).unwrap()),
    };
    let mut exact = Place::named("a door");
    exact.place_type = code("moon-base");
    let newer = [
        check("seen-from-space", "on-site", None),
        check("verified", "telepathy", None),
        check("verified", "on-site", Some("felt")),
        DeskEvent::Place { alert: AlertId::ZERO, place: exact },
    ];
    for event in newer {
        assert!(matches!(event.validate(), Err(Invalid::UnknownCode { .. })));
        assert!(DeskBody::open(&signed(&scene, 11, event), &scene.place()).is_ok());
    }
    assert_eq!(check("verified", "on-site", Some("observed")).validate(), Ok(()));
    let empty = DeskEvent::Note { report: report(1), text: " \n".to_owned() };
    assert!(matches!(empty.validate(), Err(Invalid::Empty { .. })));
}

#[test]
fn any_right_here_is_enough_and_a_right_elsewhere_is_not() {
    let scene = Scene::with(|charter| {
        charter.grants[0].scopes[0].dispatch = false;
        charter.grants[1].scopes[0].enroll = false;
    });
    let by = |signer: u8, here| author(&scene.charters.rights(), here, &key(signer).public(), NOW, NOW);
    assert_eq!(by(11, HERE), Some(coordinator(1)));
    assert_eq!(by(12, HERE), Some(coordinator(1)), "with any device");
    assert_eq!(by(21, HERE), Some(coordinator(2)));
    assert_eq!(by(41, HERE), None, "granted elsewhere");
    assert_eq!(by(41, ELSEWHERE), Some(coordinator(4)));
    assert_eq!(by(99, HERE), None, "a responder");
    assert_eq!(by(11, NeighborhoodId([9; 16])), None);
}

#[test]
fn an_event_counts_inside_the_window_and_not_from_the_future() {
    let scene = Scene::with(|charter| {
        charter.grants[0].scopes[0].not_before = NOW;
        charter.grants[0].scopes[0].not_after = NOW.plus(DAY);
    });
    let at = |at: Timestamp, now| author(&scene.charters.rights(), HERE, &key(11).public(), at, now).is_some();
    let late = NOW.plus(3 * DAY);
    assert!(at(NOW, late) && at(NOW.plus(DAY - 1), late), "what was done in office stands");
    assert!(!at(NOW.minus(1), late) && !at(NOW.plus(DAY), late));
    assert!(at(NOW.plus(HOUR), NOW) && !at(NOW.plus(HOUR + 1), NOW));
}

#[test]
fn who_is_revoked_or_distrusted_counts_no_more_not_even_for_what_was_before() {
    let mut scene = Scene::new();
    let by = |scene: &Scene, signer: u8| {
        author(&scene.charters.rights(), HERE, &key(signer).public(), NOW.minus(DAY), NOW).is_some()
    };
    assert!(by(&scene, 11) && by(&scene, 21) && by(&scene, 31));
    let entry = |number, right, distrust_from| Restricted {
        subject: Subject::Coordinator(coordinator(number)),
        neighborhood: HERE,
        right,
        distrust_from,
    };
    scene.restrict(vec![entry(1, Right::Dispatch, Some(Epoch(900))), entry(2, Right::Dispatch, None)]);
    assert!(!by(&scene, 11), "distrust takes both rights, from whatever epoch on");
    assert!(by(&scene, 21), "the other right is enough");
    scene.push(|charter| charter.grants.retain(|grant| grant.coordinator != coordinator(3)));
    assert!(!by(&scene, 31));
}

#[test]
fn ids_bind_the_place_the_author_and_every_byte() {
    let scene = Scene::new();
    let (here, there) = (scene.place(), Where { neighborhood: ELSEWHERE, ..scene.place() });
    let event = signed(&scene, 11, debunked());
    let mut ids = BTreeSet::from([desk_id(&here, &event), desk_id(&there, &event)]);
    ids.insert(desk_id(&here, &Signed { signer: key(21).public(), ..event.clone() }));
    ids.insert(desk_id(&here, &signed(&scene, 11, DeskEvent::Debunk { report: report(2) })));
    assert_eq!(ids.len(), 4);
    assert_ne!(report_id(&here, b"a body"), report_id(&there, b"a body"));
    assert_ne!(report_id(&here, b"a body"), report_id(&here, b"a bodz"));
    assert_ne!(report_id(&here, b"a body").0, watchfire_protocol::alert::alert_id(&here, b"a body").0);
}

#[test]
fn the_first_claim_holds_until_it_is_released() {
    let desk = folded([claim(1, 1, 1), claim(2, 2, 1)]);
    assert_eq!(holder(&desk, 1), Some(1));
    assert_eq!(matter(&desk, 1).claim.unwrap().at, NOW.plus(60));
    assert_eq!(holder(&desk, 2), None);
    assert_eq!(holder(&folded([claim(1, 1, 1), claim(2, 2, 1), release(3, 1, 1)]), 1), None);
    assert_eq!(holder(&folded([claim(1, 1, 1), release(2, 1, 1), claim(3, 2, 1)]), 1), Some(2));
}

#[test]
fn nobody_releases_what_another_holds() {
    assert_eq!(holder(&folded([claim(1, 1, 1), release(2, 2, 1)]), 1), Some(1));
}

#[test]
fn claiming_again_does_not_begin_anew() {
    let desk = folded([claim(1, 1, 1), claim(5, 1, 1), take_over(6, 1, 1, 1)]);
    assert_eq!(matter(&desk, 1).claim.unwrap().at, NOW.plus(60));
}

#[test]
fn a_claim_is_taken_over_from_who_is_named_and_from_nobody_else() {
    assert_eq!(holder(&folded([claim(1, 1, 1), take_over(2, 2, 1, 1)]), 1), Some(2));
    assert_eq!(holder(&folded([claim(1, 1, 1), take_over(2, 2, 1, 3)]), 1), Some(1));
    // Two take it over from the first at once: one of them has it, and not the other by a stale view.
    assert_eq!(holder(&folded([claim(1, 1, 1), take_over(2, 2, 1, 1), take_over(3, 3, 1, 1)]), 1), Some(2));
}

#[test]
fn closing_ends_a_claim_and_a_claim_opens_again() {
    let desk = folded([claim(1, 1, 1), dismiss(2, 2, 1)]);
    assert_eq!(holder(&desk, 1), None);
    assert!(matter(&desk, 1).closed.is_some());
    let desk = folded([claim(1, 1, 1), dismiss(2, 2, 1), claim(3, 3, 1)]);
    assert_eq!(holder(&desk, 1), Some(3));
    assert!(matter(&desk, 1).closed.is_none());
}

#[test]
fn the_first_closing_holds_and_a_debunk_goes_before_a_dismissal() {
    let closing = |entries: [Entry; 2]| {
        let closed = matter(&folded(entries), 1).closed.clone().unwrap();
        (closed.by.0[0], matches!(closed.how, Closing::Debunked))
    };
    assert_eq!(closing([dismiss(1, 1, 1), dismiss(2, 2, 1)]), (1, false));
    assert_eq!(closing([debunk(1, 1, 1), debunk(2, 2, 1)]), (1, true));
    assert_eq!(closing([dismiss(1, 1, 1), debunk(2, 2, 1)]), (2, true));
    assert_eq!(closing([debunk(1, 1, 1), dismiss(2, 2, 1)]), (1, true));
}

#[test]
fn a_check_after_a_closing_is_kept_and_opens_nothing() {
    let desk = folded([debunk(1, 1, 1), verify(2, 2, 1, "verified")]);
    assert!(matter(&desk, 1).closed.is_some());
    assert_eq!(matter(&desk, 1).checks.len(), 1);
}

#[test]
fn the_newest_check_says_what_is_so() {
    let desk = folded([verify(1, 1, 1, "verified"), verify(2, 2, 1, "not-found")]);
    assert_eq!(matter(&desk, 1).state(), "not-found");
    assert!(!matter(&desk, 1).is_verified());
    assert_eq!(matter(&folded([]), 1).state(), "unverified");
    for state in ["verified", "corroborated"] {
        assert!(matter(&folded([verify(1, 1, 1, state)]), 1).is_verified());
    }
    for state in ["unverified", "not-found", "false-alarm", "withdrawn"] {
        assert!(!matter(&folded([verify(1, 1, 1, state)]), 1).is_verified());
    }
}

#[test]
fn an_alert_names_the_checks_that_bear_it_out() {
    let handle = |by: &watchfire_protocol::id::CoordinatorId| format!("number {}", by.0[0]);
    let desk = folded([verify(1, 1, 1, "not-found"), verify(2, 2, 1, "corroborated"), verify(3, 3, 1, "verified")]);
    let verification = matter(&desk, 1).verification(handle);
    assert_eq!(verification.state, "verified");
    let by: Vec<_> = verification.by.iter().map(|check| (check.handle.as_str(), check.at)).collect();
    assert_eq!(by, [("number 2", NOW.plus(120)), ("number 3", NOW.plus(180))]);
    let many = (1..=20).map(|number| verify(number, number, 1, "verified"));
    let by = matter(&folded(many), 1).verification(handle).by;
    assert_eq!((by.len(), by[7].at), (8, NOW.plus(20 * 60)), "the newest ones");
    // Whoever looks twice in one way is one who checked it.
    let mut photo = verify(4, 1, 1, "verified");
    if let DeskEvent::Verify { method, .. } = &mut photo.event {
        *method = Code::constant("photo");
    }
    let again =
        folded([verify(1, 1, 1, "verified"), verify(2, 2, 1, "verified"), verify(3, 1, 1, "corroborated"), photo]);
    let by: Vec<_> =
        matter(&again, 1).verification(handle).by.into_iter().map(|check| (check.handle, check.at)).collect();
    let wanted = [("number 2", 120), ("number 1", 180), ("number 1", 240)];
    assert_eq!(by, wanted.map(|(handle, at)| (handle.to_owned(), NOW.plus(at))));
    let taken_back = folded([verify(1, 1, 1, "verified"), verify(2, 1, 1, "withdrawn")]);
    let verification = matter(&taken_back, 1).verification(handle);
    assert_eq!((verification.state.as_str(), verification.by.len()), ("withdrawn", 0));
}

#[test]
fn what_a_later_check_overturned_holds_no_more_and_stands_in_no_alert() {
    let handle = |by: &watchfire_protocol::id::CoordinatorId| format!("number {}", by.0[0]);
    let sure = |number: u8, by: u8, outcome, certainty: &'static str| {
        let mut entry = verify(number, by, 1, outcome);
        if let DeskEvent::Verify { certainty: said, .. } = &mut entry.event {
            *said = Some(Code::constant(certainty));
        }
        entry
    };
    let desk = folded([
        sure(1, 1, "verified", "observed"),
        verify(2, 2, 1, "false-alarm"),
        sure(3, 3, "verified", "unlikely"),
        verify(4, 4, 1, "corroborated"),
    ]);
    let by = |checks: &[Check]| checks.iter().map(|check| check.by.0[0]).collect::<Vec<_>>();
    assert_eq!((by(matter(&desk, 1).overturned()), by(matter(&desk, 1).holding())), (vec![1, 2], vec![3, 4]));
    let named = matter(&desk, 1).verification(handle).by;
    assert_eq!(named.iter().map(|check| check.handle.as_str()).collect::<Vec<_>>(), ["number 3", "number 4"]);
    assert_eq!(matter(&desk, 1).certainty().unwrap(), "unlikely");
    let anew = folded([sure(1, 1, "verified", "observed"), verify(2, 2, 1, "not-found"), verify(3, 3, 1, "verified")]);
    assert_eq!(matter(&anew, 1).certainty(), None, "how sure somebody was goes with what they found");
    let nothing = folded([]);
    assert!(matter(&nothing, 1).holding().is_empty() && matter(&nothing, 1).overturned().is_empty());
}

#[test]
fn what_was_debunked_stays_found_false_until_somebody_checks_it_anew() {
    let found = |entries: &[Entry], of| {
        let found = matter(&folded(entries.to_vec()), of).found_false();
        found.map(|found| (found.by.0[0], found.outcome.to_string(), found.method.is_some()))
    };
    let alarm = Some((2, "false-alarm".to_owned(), false));
    let entries = [verify(1, 1, 1, "verified"), debunk(2, 2, 1), claim(3, 1, 1), verify(4, 3, 1, "verified")];
    assert_eq!(found(&entries[..1], 1), None);
    assert_eq!(found(&entries[..3], 1), alarm, "to open it again is no check");
    assert_eq!(found(&entries, 1), None);
    assert_eq!(found(&[verify(1, 3, 1, "not-found")], 1), Some((3, "not-found".to_owned(), true)));
    // What is merged brings it along, unless the other was checked since.
    assert_eq!(found(&[verify(1, 1, 2, "verified"), debunk(2, 2, 1), merge(3, 1, 2)], 2), alarm);
    assert_eq!(found(&[debunk(1, 2, 1), verify(2, 1, 2, "verified"), merge(3, 1, 2)], 2), None);
}

#[test]
fn a_merge_keeps_both_reports_and_all_that_was_said_of_either() {
    let entries = [
        verify(1, 1, 1, "not-found"),
        verify(2, 2, 2, "verified"),
        note(3, 1),
        note(4, 2),
        alerted(5, 1, 7),
        alerted(6, 2, 7),
        merge(7, 1, 2),
        verify(8, 3, 1, "corroborated"),
    ];
    let desk = folded(entries);
    assert_eq!((desk.head(report(1)), desk.merged(report(2))), (report(2), vec![report(1)]));
    let head = matter(&desk, 2);
    let outcomes: Vec<&str> = head.checks.iter().map(|check| check.outcome.as_str()).collect();
    assert_eq!(outcomes, ["not-found", "verified", "corroborated"], "in order, and with what came later");
    assert_eq!(head.notes.len(), 2);
    let alerts = |matter: &Matter| matter.alerts.iter().map(|made| (made.alert, made.at)).collect::<Vec<_>>();
    assert_eq!(alerts(head), [(AlertId([7; 16]), NOW.plus(300))], "one alert once");
    let twice = folded([alerted(1, 1, 7), alerted(2, 1, 7)]);
    assert_eq!(alerts(matter(&twice, 1)), [(AlertId([7; 16]), NOW.plus(60))], "told by two");
    assert!(*matter(&desk, 1) == Matter { merged_into: Some(report(2)), ..Matter::default() });
}

#[test]
fn a_check_is_of_what_stood_together_when_it_was_made_and_of_nothing_that_came_later() {
    let unchecked = |entries: &[Entry], of| folded(entries.to_vec()).unchecked(report(of));
    let entries = [merge(1, 2, 1), verify(2, 1, 1, "verified"), merge(3, 3, 1), verify(5, 2, 2, "corroborated")];
    assert_eq!(unchecked(&entries[..2], 1), [], "what was merged before is checked with it");
    assert_eq!(unchecked(&entries[..3], 1), [report(3)]);
    assert_eq!(unchecked(&entries, 1), [], "until somebody checks it anew");
    // A report that was checked is shown with one that nobody checked, which is not checked by that.
    let entries = [merge(1, 2, 1), verify(2, 1, 2, "verified"), merge(3, 1, 4), merge(4, 3, 1)];
    assert_eq!(unchecked(&entries, 4), [report(4), report(3)]);
    // In whatever order they come; and of what nothing bears out there is nothing to tell.
    assert_eq!(unchecked(&[verify(2, 1, 1, "verified"), merge(1, 2, 1)], 1), []);
    assert_eq!(unchecked(&[verify(1, 1, 1, "not-found"), merge(2, 2, 1)], 1), []);
    let overturned = [verify(1, 1, 1, "verified"), merge(2, 2, 1), verify(3, 1, 1, "withdrawn")];
    assert_eq!(unchecked(&overturned, 1), []);
    let anew = [verify(1, 1, 2, "verified"), verify(2, 1, 2, "not-found"), verify(3, 1, 2, "verified"), merge(4, 1, 2)];
    assert_eq!(unchecked(&anew, 2), [report(1)]);
}

#[test]
fn what_is_done_to_a_merged_report_is_done_to_the_one_it_is_shown_with() {
    let desk = folded([merge(1, 1, 2), merge(2, 2, 3), claim(3, 2, 1)]);
    assert_eq!((holder(&desk, 3), desk.head(report(1))), (Some(2), report(3)));
    assert_eq!(desk.merged(report(3)), [report(1), report(2)]);
    assert!(folded([merge(1, 1, 2), debunk(2, 2, 1)]).matter(&report(2)).unwrap().closed.is_some());
}

#[test]
fn no_merge_closes_a_circle() {
    let desk = folded([merge(1, 1, 2), merge(2, 2, 1)]);
    assert_eq!((desk.head(report(1)), desk.head(report(2))), (report(2), report(2)));
    let desk = folded([merge(1, 1, 2), merge(2, 2, 3), merge(3, 3, 1), merge(4, 4, 4)]);
    assert_eq!((1..=4).map(|number| desk.head(report(number)).0[0]).collect::<Vec<_>>(), [3, 3, 3, 4]);
}

#[test]
fn the_first_merge_of_a_report_holds() {
    let desk = folded([merge(1, 1, 2), merge(2, 1, 3)]);
    assert_eq!(desk.head(report(1)), report(2));
}

#[test]
fn what_is_split_off_stands_by_itself_as_if_it_had_not_been_merged() {
    let alone = [verify(1, 1, 1, "not-found"), note(2, 2), verify(4, 3, 1, "withdrawn"), claim(6, 3, 2)];
    let together = [merge(3, 2, 1), split(5, 2)];
    let desk = folded(alone.iter().chain(&together).cloned());
    assert!(desk == folded(alone.clone()), "what was said of each stays with it");
    assert!(matter(&desk, 2).checks.is_empty() && matter(&desk, 2).notes.len() == 1);
    // It can be put together again; what was undone before is no merge that holds.
    let again = folded([merge(1, 2, 1), split(2, 2), merge(3, 2, 3), merge(4, 2, 1)]);
    assert_eq!(again.head(report(2)), report(3));
    // What was merged into it goes with it, and to split one that stands by itself changes nothing.
    let desk = folded([merge(1, 1, 2), merge(2, 2, 3), split(3, 2), split(4, 3)]);
    assert_eq!((desk.head(report(1)), desk.merged(report(3))), (report(2), vec![]));
    // A merge that did nothing then, because it would have closed a circle, does nothing later either.
    let desk = folded([merge(1, 1, 2), merge(2, 2, 1), split(3, 1)]);
    assert_eq!((desk.head(report(1)), desk.head(report(2))), (report(1), report(2)));
}

#[test]
fn a_check_says_nothing_of_a_report_that_was_not_there() {
    let desk = folded([merge(1, 2, 1), verify(2, 1, 1, "false-alarm"), merge(3, 3, 1)]);
    assert_eq!([1, 2, 3].map(|number| desk.is_checked(report(number))), [true, true, false]);
}

#[test]
fn a_merge_into_a_report_that_is_not_here_hides_nothing() {
    let entries = [merge(1, 1, 9), verify(2, 2, 1, "verified")];
    let desk = folded(entries.clone());
    assert_eq!(desk.head(report(1)), report(1));
    assert!(matter(&desk, 1).is_verified());
    // Once it came, it holds.
    let known = BTreeSet::from([report(1), report(9)]);
    assert_eq!(fold(&known, entries).head(report(1)), report(9));
}

#[test]
fn what_is_said_of_a_report_that_is_not_here_makes_none() {
    let desk = folded([claim(1, 1, 9), verify(2, 1, 9, "verified")]);
    assert!(desk.matter(&report(9)).is_none());
}

#[test]
fn the_newest_exact_place_of_an_alert_is_the_one() {
    let desk =
        folded([place(1, 7, "back door"), place(3, 7, "side door"), place(2, 7, "front door"), place(4, 8, "x")]);
    let Located { id, place, .. } = desk.place(&AlertId([7; 16])).unwrap();
    assert_eq!((place.text.as_str(), *id), ("side door", DeskId([3; 16])));
    assert!(desk.place(&AlertId([9; 16])).is_none());
}

fn attend(number: u8, by: u8, since: u64, over: Option<u8>) -> Entry {
    let (alert, member) = (AlertId([7; 16]), MemberId([8; 16]));
    entry(number, by, DeskEvent::Attend { alert, member, since: NOW.plus(since), over: over.map(coordinator) })
}

/// Who takes care of whoever asked for help after so many seconds.
fn carer(desk: &Desk, since: u64) -> Option<u8> {
    let by = desk.attended(&MemberId([8; 16]), NOW.plus(since)).map(|attended| attended.by);
    (0..9).find(|number| by == Some(coordinator(*number)))
}

#[test]
fn whoever_takes_care_of_a_call_first_does_until_another_names_them() {
    assert_eq!(carer(&folded([attend(1, 1, 50, None), attend(2, 2, 50, None)]), 50), Some(1));
    assert_eq!(carer(&folded([attend(1, 1, 50, None), attend(2, 2, 50, Some(1))]), 50), Some(2));
    assert_eq!(carer(&folded([attend(1, 1, 50, None), attend(2, 2, 40, Some(1))]), 50), Some(2), "of the newest call");
    let twice = folded([attend(1, 1, 50, None), attend(2, 2, 50, Some(1)), attend(3, 3, 50, Some(1))]);
    assert_eq!(carer(&twice, 50), Some(2), "they are not who has it");
    let again = folded([attend(1, 1, 50, None), attend(2, 1, 50, Some(1))]);
    assert_eq!(again.attended(&MemberId([8; 16]), NOW.plus(50)).unwrap().at, NOW.plus(60), "since the first time");
    assert_eq!(folded([attend(1, 1, 50, None)]).attended(&MemberId([9; 16]), NOW), None, "of nobody else");
}

#[test]
fn whoever_names_themselves_ends_a_call_for_everybody_and_a_later_one_is_open() {
    let ended = |desk: &Desk, since| desk.attended(&MemberId([8; 16]), NOW.plus(since)).map(|held| held.ended);
    assert_eq!(ended(&folded([attend(1, 1, 50, None)]), 50), Some(false));
    assert_eq!(ended(&folded([attend(1, 1, 50, Some(1))]), 50), Some(true));
    let another = folded([attend(1, 1, 50, None), attend(2, 2, 50, Some(2)), attend(3, 3, 50, Some(1))]);
    assert_eq!((ended(&another, 50), carer(&another, 50)), (Some(true), Some(3)), "whoever takes it over since");
    let later = folded([attend(1, 1, 50, Some(1)), attend(2, 2, 110, None)]);
    assert_eq!(ended(&later, 110), Some(false));
    assert_eq!(
        ended(&folded([attend(2, 2, 110, None), attend(3, 1, 50, Some(1))]), 110),
        Some(false),
        "of the call before"
    );
}

#[test]
fn a_later_call_for_help_is_another_one() {
    let desk = folded([attend(1, 1, 50, None)]);
    assert_eq!((carer(&desk, 50), carer(&desk, 40), carer(&desk, 51)), (Some(1), Some(1), None));
    assert_eq!(carer(&folded([attend(1, 1, 50, None), attend(2, 2, 110, None)]), 110), Some(2));
    assert_eq!(carer(&folded([attend(2, 2, 110, None), attend(3, 1, 50, None)]), 110), Some(2), "what is newer stays");
    // An entry of the first minute takes care of nothing that comes after it.
    assert_eq!(carer(&folded([attend(1, 1, 9000, None)]), 61), None);
}

#[test]
fn members_are_told_of_the_place_that_is_named_and_of_no_other() {
    let (door, members) = (DeskId([3; 16]), vec![MemberId([1; 16]), MemberId([2; 16])]);
    let told = DeskEvent::Told { place: door, members };
    let desk = folded([entry(5, 1, told.clone()), entry(6, 2, told)]);
    let tellers = |place, member| desk.told_by(place, MemberId([member; 16])).map_or(0, BTreeSet::len);
    assert_eq!([tellers(door, 1), tellers(door, 2), tellers(door, 3)], [2, 2, 0]);
    assert_eq!(tellers(DeskId([4; 16]), 1), 0);
    let told = |count| DeskEvent::Told { place: door, members: vec![MemberId([1; 16]); count] };
    assert!(told(MAX_TOLD).validate().is_ok());
    assert!(matches!(told(MAX_TOLD + 1).validate(), Err(Invalid::TooMany { .. })));
    let scene = Scene::new();
    assert!(DeskBody::open(&signed(&scene, 11, told(MAX_TOLD)), &scene.place()).is_ok(), "it fits");
    assert!(DeskBody::open(&signed(&scene, 11, told(MAX_TOLD + 1)), &scene.place()).is_err());
}

fn template(number: u8, name: &str, text: Option<&str>) -> Entry {
    let (name, text) = (Code::new(name).unwrap(), text.map(ToOwned::to_owned));
    entry(number, 1, DeskEvent::Template { name, text })
}

#[test]
fn the_newest_says_what_a_template_is_and_whether_it_is_there() {
    let desk = folded([template(2, "river", Some("new")), template(1, "river", Some("old")), template(3, "x", None)]);
    let text = |name: &str| desk.templates().get(&Code::new(name).unwrap()).unwrap().text.clone();
    assert_eq!((text("river").as_deref(), text("x")), (Some("new"), None));
    let gone = folded([template(2, "river", None), template(1, "river", Some("old"))]);
    assert!(gone.templates().values().all(|shared| shared.text.is_none()));
    let name = |number| format!("t-{number}");
    let many = (0..200).map(|number| template(number, &name(number), (number % 2 == 0).then_some("x")));
    let desk = folded(many);
    let live = desk.templates().values().filter(|shared| shared.text.is_some()).count();
    assert_eq!((live, desk.templates().len()), (MAX_TEMPLATES, 2 * MAX_TEMPLATES));
    assert!(desk.templates().contains_key(&Code::new(name(198)).unwrap()), "the newest stay");
    let long = |count| DeskEvent::Template { name: code("x"), text: Some("é".repeat(count)) };
    assert!(long(TEMPLATE_BYTES / 2).validate().is_ok());
    assert!(matches!(long(TEMPLATE_BYTES / 2 + 1).validate(), Err(Invalid::TooLong { .. })));
    let scene = Scene::new();
    assert!(DeskBody::open(&signed(&scene, 11, long(TEMPLATE_BYTES / 2)), &scene.place()).is_ok(), "it fits");
    assert!(DeskBody::open(&signed(&scene, 11, long(TEMPLATE_BYTES / 2 + 1)), &scene.place()).is_err());
}

#[test]
fn one_event_twice_is_one() {
    let once = folded([verify(1, 1, 1, "verified"), note(2, 1)]);
    assert!(folded([note(2, 1), verify(1, 1, 1, "verified"), note(2, 1), verify(1, 1, 1, "verified")]) == once);
}

/// What an entry is made of: events have no `Debug`.
type Made = (u8, u8, u8, bool, u64, u8, [u8; 16]);

fn made((variant, one, other, good, at, by, id): Made) -> Entry {
    let (report, into, alert) = (report(one), report(other), AlertId([other; 16]));
    let outcome = code(if good { "verified" } else { "not-found" });
    let event = match variant {
        0 => DeskEvent::Claim { report, over: (other > 2).then(|| coordinator(other - 2)) },
        1 => DeskEvent::Release { report },
        2 => DeskEvent::Merge { report, into },
        3 => DeskEvent::Verify { report, outcome, method: code("photo"), certainty: None },
        4 => DeskEvent::Dismiss { report, reason: String::new() },
        5 => DeskEvent::Debunk { report },
        6 => DeskEvent::Note { report, text: "note".to_owned() },
        7 => DeskEvent::Alerted { report, alert },
        8 => {
            let (member, over) = (MemberId([one; 16]), (other > 2).then(|| coordinator(other - 2)));
            DeskEvent::Attend { alert, member, since: NOW.plus(at / 2), over }
        }
        11 => DeskEvent::Template { name: code("river"), text: good.then(|| format!("{one}")) },
        12 => DeskEvent::Split { report },
        9 => DeskEvent::Told { place: DeskId([other; 16]), members: vec![MemberId([one; 16])] },
        _ => DeskEvent::Place { alert, place: Place::named(format!("door {one}")) },
    };
    Entry { id: DeskId(id), by: coordinator(by), at: NOW.plus(at), event }
}

#[test]
fn no_order_of_arrival_changes_what_it_amounts_to() {
    let one = (0_u8..13, 1_u8..=5, 1_u8..=5, any::<bool>(), 0_u64..4, 1_u8..=3, any::<[u8; 16]>());
    let entries = vec(one, 0..24).prop_flat_map(|all: Vec<Made>| (Just(all.clone()), Just(all).prop_shuffle()));
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let ran = TestRunner::new(config).run(&entries, |(one, other)| {
        let desk = folded(one.into_iter().map(made));
        prop_assert!(desk == folded(other.into_iter().map(made)));
        // None is merged away without one that it is shown with.
        prop_assert!((1..=4).all(|number| matter(&desk, desk.head(report(number)).0[0]).merged_into.is_none()));
        Ok(())
    });
    assert!(ran.is_ok(), "{ran:?}");
}
