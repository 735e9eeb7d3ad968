//! One alert, one thread: what a member sees of an alert that is updated, corrected and ended.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file::alert;
use watchfire_client::ops::thread::Out;
use watchfire_client::ops::view::{AlertView, Filter};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::follow_up::What;
use watchfire_protocol::id::AlertId;
use watchfire_protocol::vocabulary::{AlertContent, AnswerContent, Code, Need, Place, Verification};
use watchfire_tests::local::{Person, World};

fn checkpoint(headline: &str) -> AlertContent {
    let text = format!(
        r#"{{"kind":"enforcement.checkpoint","ask":"observe","verification":{{"state":"verified"}},
            "needs":["observer:2","driver:1"],"text":{{"en":{{"headline":"{headline}"}}}}}}"#
    );
    alert::parse(&text).unwrap().0
}

async fn send(world: &World, content: AlertContent, expires_in: Option<u64>) -> AlertId {
    let client = &world.admin.client;
    let draft = client.draft_alert(world.hood, content, expires_in).unwrap();
    let sent = client.send_alert(draft).await.unwrap();
    assert!(sent.receipt.is_some());
    world.clock.forward(10);
    sent.id
}

/// Says something further about an alert.
async fn say(world: &World, msg_type: &'static str, about: AlertId, content: AlertContent) -> AlertId {
    let found = world.admin.client.about(&about.to_string(), true).unwrap();
    let outcome = (msg_type == "cancel").then(|| Code::constant("agents-left"));
    let references = found.references;
    let content = AlertContent { msg_type: Code::constant(msg_type), outcome, references, ..content };
    send(world, content, None).await
}

async fn views(world: &World, person: &Person) -> Vec<AlertView> {
    person.client.connected(world.hood).await.unwrap();
    person.client.alerts(Filter::default()).unwrap()
}

fn headline(view: &AlertView) -> &str {
    &view.shown.body().content.text[0].headline
}

async fn answered(world: &World, person: &Client, alert: AlertId, code: &'static str) {
    person.connected(world.hood).await.unwrap();
    person.answer(&alert.to_string(), AnswerContent::new(Code::constant(code))).await.unwrap();
    world.admin.client.connected(world.hood).await.unwrap();
}

#[tokio::test]
async fn an_updated_alert_is_one_entry_under_its_first_id_for_whoever_comes_late_too() {
    let world = World::found().await;
    let (kai, late) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    assert_eq!(views(&world, &kai).await.len(), 1);
    let second = say(&world, "update", first, checkpoint("They moved")).await;
    let third = say(&world, "update", second, checkpoint("They moved again")).await;
    for person in [&kai, &late] {
        let views = views(&world, person).await;
        let now: Vec<&AlertView> = views.iter().filter(|view| !view.thread.replaced).collect();
        assert_eq!(now.len(), 1);
        assert_eq!((now[0].shown.id(), now[0].shown_as(), headline(now[0])), (third, first, "They moved again"));
        assert_eq!((now[0].thread.updates, now[0].thread.lacks_predecessor), (2, false));
        for id in [first, second, third] {
            assert_eq!(person.client.present(&id.to_string()).unwrap().shown.id(), third);
        }
    }
}

#[tokio::test]
async fn of_what_is_written_within_one_second_the_last_holds() {
    let world = World::found().await;
    let kai = world.join_in_person("Kai").await;
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    // The clock of these tests stands still, and ids are random.
    for round in 0..6 {
        say(&world, "update", first, checkpoint(&format!("Round {round}"))).await;
    }
    views(&world, &kai).await;
    let present = || kai.client.present(&first.to_string()).unwrap();
    assert_eq!((headline(&present()), present().is_over()), ("Round 5", false));
    say(&world, "cancel", first, checkpoint("Over")).await;
    views(&world, &kai).await;
    assert!(present().is_over());
    say(&world, "update", first, checkpoint("They came back")).await;
    views(&world, &kai).await;
    assert_eq!((headline(&present()), present().is_over()), ("They came back", false));
}

#[tokio::test]
async fn an_exact_place_that_was_said_of_another_place_is_shown_to_nobody_and_sent_to_nobody() {
    let world = World::found().await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let at = |place: &str| AlertContent { place: Some(Place::named(place)), ..checkpoint("Checkpoint") };
    let client = &world.admin.client;
    let draft = client.draft_alert(world.hood, at("5th & Main"), None).unwrap();
    let first =
        client.send_alert(client.with_exact_place(draft, Place::named("the back door")).unwrap()).await.unwrap().id;
    let exact = |client: &Client| client.present(&first.to_string()).unwrap().exact.map(|place| place.text);
    answered(&world, &kai.client, first, "going").await;
    views(&world, &kai).await;
    assert_eq!(exact(&kai.client).as_deref(), Some("the back door"));
    // More is told of the same place, and then they move.
    world.clock.forward(10);
    say(&world, "update", first, at("5th & Main")).await;
    views(&world, &kai).await;
    assert_eq!(exact(&kai.client).as_deref(), Some("the back door"));
    let moved = say(&world, "update", first, at("7th & Main")).await;
    answered(&world, &ana.client, moved, "going").await;
    for person in [&kai, &ana] {
        views(&world, person).await;
        assert_eq!(exact(&person.client), None);
    }
    assert_eq!(exact(client), None);
}

#[tokio::test]
async fn who_is_out_asks_for_help_and_checks_out_though_the_alert_has_expired_or_was_wrong() {
    let world = World::found().await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let alert = send(&world, checkpoint("Checkpoint"), Some(600)).await;
    for person in [&kai, &ana] {
        answered(&world, &person.client, alert, "going").await;
    }
    world.clock.forward(1200);
    let tally = || world.admin.client.tally(&world.admin.client.alert(&alert.to_string()).unwrap()).unwrap();
    assert_eq!((tally().over, tally().unaccounted), (true, vec!["Ana".to_owned(), "Kai".to_owned()]));
    answered(&world, &kai.client, alert, "help").await;
    answered(&world, &ana.client, alert, "safe").await;
    assert_eq!((tally().help().collect::<Vec<_>>(), tally().unaccounted), (vec!["Kai"], vec!["Kai".to_owned()]));

    let wrong = send(&world, checkpoint("Checkpoint"), None).await;
    answered(&world, &kai.client, wrong, "on-scene").await;
    say(&world, "correction", wrong, checkpoint("A film crew")).await;
    views(&world, &kai).await;
    assert!(kai.client.present(&wrong.to_string()).unwrap().to_check_out().is_some());
    let tally = world.admin.client.tally(&world.admin.client.alert(&wrong.to_string()).unwrap()).unwrap();
    assert_eq!(tally.unaccounted, ["Kai"]);
    // Whoever cannot come after all is asked for by the desk until they are safe, and by their own device as long.
    answered(&world, &kai.client, wrong, "cannot").await;
    let asked = || kai.client.present(&wrong.to_string()).unwrap().to_check_out();
    assert_eq!(asked(), Some(Out::OnScene));
    let unaccounted = || {
        let view = world.admin.client.alert(&wrong.to_string()).unwrap();
        world.admin.client.tally(&view).unwrap().unaccounted
    };
    assert_eq!(unaccounted(), ["Kai"]);
    world.clock.forward(10);
    answered(&world, &kai.client, wrong, "safe").await;
    assert_eq!((asked(), unaccounted()), (None, vec![]));
    answered(&world, &kai.client, wrong, "cannot").await;
    assert_eq!((asked(), unaccounted()), (None, vec![]), "they are home already");
    // Whoever updates it all the same does not take the correction away.
    say(&world, "update", wrong, checkpoint("Four agents")).await;
    views(&world, &kai).await;
    assert!(kai.client.present(&wrong.to_string()).unwrap().is_over());
}

#[tokio::test]
async fn answers_to_any_alert_of_a_thread_count_for_the_thread_and_the_newest_of_each_member_counts() {
    let world = World::found().await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    answered(&world, &kai.client, first, "standby").await;
    let second = say(&world, "update", first, checkpoint("They moved")).await;
    answered(&world, &kai.client, second, "going").await;
    answered(&world, &ana.client, first, "going").await;
    for id in [first, second] {
        let tally = world.admin.client.tally(&world.admin.client.alert(&id.to_string()).unwrap()).unwrap();
        assert_eq!((tally.alert, tally.going, tally.answers.len()), (first, 2, 2));
    }
}

#[tokio::test]
async fn an_alert_that_has_expired_can_be_answered_while_an_update_of_it_counts_and_not_after() {
    let world = World::found().await;
    let kai = world.join_in_person("Kai").await;
    let first = send(&world, checkpoint("Checkpoint"), Some(600)).await;
    let found = world.admin.client.about(&first.to_string(), false).unwrap();
    let update =
        AlertContent { msg_type: Code::constant("update"), references: found.references, ..checkpoint("They moved") };
    send(&world, update, Some(3600)).await;
    views(&world, &kai).await;
    world.clock.forward(1200);
    let views = views(&world, &kai).await;
    assert_eq!(views.len(), 1);
    assert_eq!(views[0].shown_as(), first, "under the id that people know");
    answered(&world, &kai.client, first, "going").await;
    world.clock.forward(3600);
    let refused = kai.client.answer(&first.to_string(), AnswerContent::new(Code::constant("standby"))).await;
    let error = refused.err().unwrap();
    assert!(matches!(error, ClientError::Expired { .. }), "{error}");
    assert_eq!(error.exit_code(), 6);
}

#[tokio::test]
async fn what_is_enough_is_told_where_it_is_said_and_a_correction_stands_beside() {
    let world = World::found().await;
    let kai = world.join_in_person("Kai").await;
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    let mut fewer = checkpoint("Checkpoint");
    let enough: Vec<Need> = fewer.needs.extract_if(.., |need| need.role == "observer").collect();
    say(&world, "update", first, fewer.clone()).await;
    assert_eq!(views(&world, &kai).await[0].thread.enough, [], "dropping what was asked for does not say it");
    let client = &world.admin.client;
    let references = client.about(&first.to_string(), true).unwrap().references;
    let content = AlertContent { msg_type: Code::constant("update"), references, ..fewer };
    client.send_alert(client.draft_enough(world.hood, content, None, &enough).unwrap()).await.unwrap();
    world.clock.forward(10);
    let correction = say(&world, "correction", first, checkpoint("It was a parade")).await;
    let views = views(&world, &kai).await;
    let state = views.iter().find(|view| view.is_state() && view.thread.first == first).unwrap();
    assert_eq!(state.thread.enough.iter().map(|need| need.role.as_str()).collect::<Vec<_>>(), ["observer"]);
    let beside: Vec<(AlertId, What)> = state.follow_ups.iter().map(|later| (later.id, later.follow_up.what)).collect();
    assert_eq!(beside, [(correction, What::Correction)]);
}

#[tokio::test]
async fn an_update_ends_when_what_it_updates_does_unless_its_author_says_otherwise_or_it_is_another_thing() {
    let world = World::found().await;
    let first = send(&world, checkpoint("Checkpoint"), Some(3000)).await;
    let end = || world.admin.client.present(&first.to_string()).unwrap().shown.expires();
    let before = end();
    world.clock.forward(600);
    say(&world, "update", first, checkpoint("They moved")).await;
    assert_eq!(end(), before);
    let references = world.admin.client.about(&first.to_string(), false).unwrap().references;
    let update = AlertContent { msg_type: Code::constant("update"), references, ..checkpoint("Longer") };
    let now = world.clock.now();
    send(&world, update, Some(3600)).await;
    assert!(end() >= now.plus(3600) && end() > before);
    let now = world.clock.now();
    say(&world, "update", first, AlertContent { kind: Code::constant("community.fire"), ..checkpoint("A fire") }).await;
    assert!(end() >= now.plus(4 * 3600), "as long as its own kind does");
}

#[tokio::test]
async fn whoever_asks_for_help_on_the_scene_is_still_counted_there_until_safe() {
    let world = World::found().await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let lou = world.join_in_person("Lou").await;
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    let tally = || world.admin.client.tally(&world.admin.client.alert(&first.to_string()).unwrap()).unwrap();
    for code in ["going", "on-scene", "help"] {
        answered(&world, &kai.client, first, code).await;
        world.clock.forward(10);
    }
    for code in ["on-scene", "safe", "help"] {
        answered(&world, &ana.client, first, code).await;
        world.clock.forward(10);
    }
    answered(&world, &lou.client, first, "going").await;
    assert_eq!(tally().going, 1);
    world.clock.forward(10);
    answered(&world, &lou.client, first, "help").await;
    assert_eq!((tally().going, tally().on_scene), (0, 1), "Ana was safe before she asked, and Lou does not come");
    assert!(tally().roles.is_empty() && tally().needs.iter().all(|need| need.met == 0), "they help nobody");
    answered(&world, &kai.client, first, "safe").await;
    assert_eq!(tally().on_scene, 0);
}

#[tokio::test]
async fn nothing_unverified_is_sent_or_made_of_an_alert_by_an_update_but_a_call_to_verify_for_half_an_hour() {
    let world = World::found().await;
    let client = &world.admin.client;
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    let seen = |msg_type, state, ask| AlertContent {
        references: if msg_type == "alert" { vec![] } else { vec![first] },
        msg_type: Code::constant(msg_type),
        ask: Some(Code::constant(ask)),
        verification: Verification { state: Code::constant(state), by: vec![] },
        ..checkpoint("Somebody says that there is a checkpoint")
    };
    let draft = |content, expires| client.draft_alert(world.hood, content, expires).map(drop);
    for state in ["unverified", "not-found", "false-alarm", "withdrawn"] {
        for msg_type in ["alert", "update"] {
            let refused = draft(seen(msg_type, state, "observe"), None).unwrap_err();
            assert_eq!((refused.code(), refused.exit_code()), ("not-verified", 4));
        }
    }
    let call = || seen("alert", "unverified", "verify");
    assert_eq!(draft(call(), Some(48 * 3600)).unwrap_err().exit_code(), 2);
    assert_eq!(draft(call(), Some(1801)).unwrap_err().exit_code(), 2);
    let id = send(&world, call(), None).await;
    let shown = client.present(&id.to_string()).unwrap();
    assert_eq!(shown.shown.body().expires.since(shown.shown.body().sent), 1800);
    draft(seen("correction", "unverified", "none"), Some(3600)).unwrap();
    let drill = AlertContent { kind: Code::constant("network.drill"), ..seen("alert", "unverified", "observe") };
    draft(drill, Some(3600)).unwrap();

    // Another kind, and nothing that was seen: what takes the place of the call is one while nobody bears it out.
    for kind in ["network.notice", "network.call-to-action", "rumor.debunk", "network.other"] {
        let instead = |state, ask| AlertContent {
            kind: Code::constant(kind),
            seen: None,
            needs: vec![],
            references: vec![id],
            ..seen("update", state, ask)
        };
        assert_eq!(draft(instead("unverified", "support"), None).unwrap_err().code(), "not-verified", "{kind}");
        assert_eq!(draft(instead("unverified", "verify"), Some(1801)).unwrap_err().exit_code(), 2, "{kind}");
        draft(instead("verified", "support"), None).unwrap();
        draft(
            AlertContent { msg_type: Code::constant("alert"), references: vec![], ..instead("unverified", "none") },
            None,
        )
        .unwrap();
    }
    let renamed = AlertContent {
        kind: Code::constant("network.notice"),
        seen: None,
        references: vec![id],
        ..seen("update", "unverified", "verify")
    };
    let renamed = send(&world, renamed, None).await;
    let next = AlertContent {
        kind: Code::constant("network.notice"),
        seen: None,
        references: vec![renamed],
        ..seen("update", "unverified", "observe")
    };
    assert_eq!(draft(next, None).unwrap_err().code(), "not-verified", "not in two steps either");
}

#[tokio::test]
async fn after_a_stand_down_those_who_were_out_are_listed_until_they_are_safe_or_have_left() {
    let world = World::found().await;
    let (kai, ana, ben) =
        (world.join_in_person("Kai").await, world.join_in_person("Ana").await, world.join_in_person("Ben").await);
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    answered(&world, &kai.client, first, "on-scene").await;
    answered(&world, &ana.client, first, "going").await;
    answered(&world, &ben.client, first, "cannot").await;
    let tally = || world.admin.client.tally(&world.admin.client.alert(&first.to_string()).unwrap()).unwrap();
    assert!(tally().closed.is_none() && tally().unaccounted.is_empty());
    let cancel = say(&world, "cancel", first, checkpoint("They left")).await;
    assert_eq!((tally().closed, tally().unaccounted), (Some(cancel), vec!["Ana".to_owned(), "Kai".to_owned()]));
    answered(&world, &kai.client, first, "safe").await;
    answered(&world, &ana.client, cancel, "leaving").await;
    assert!(tally().unaccounted.is_empty(), "an answer to the stand-down counts, too");
    let state = kai.client.present(&first.to_string()).unwrap();
    assert_eq!(state.closed_by().unwrap().id, cancel);
}

#[tokio::test]
async fn whoever_was_out_is_out_until_safe_whatever_else_they_answer_and_a_call_for_help_stands() {
    let world = World::found().await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    let tally = || world.admin.client.tally(&world.admin.client.alert(&first.to_string()).unwrap()).unwrap();
    let help = || tally().help().map(ToOwned::to_owned).collect::<Vec<_>>();
    answered(&world, &kai.client, first, "on-scene").await;
    world.clock.forward(10);
    answered(&world, &kai.client, first, "cannot").await;
    answered(&world, &ana.client, first, "help").await;
    let asked = world.clock.now();
    world.clock.forward(10);
    answered(&world, &ana.client, first, "going").await;
    assert_eq!(help(), ["Ana"], "going there does not take the call back");
    let ana_says = tally().answers.into_iter().find(|answer| answer.handle == "Ana").unwrap();
    assert_eq!((ana_says.answer.as_str(), ana_says.help), ("going", Some(asked)));
    let calls = world.admin.client.status().unwrap().help;
    assert_eq!(calls.len(), 1, "every command of a coordinator says so");
    assert_eq!((calls[0].alert, calls[0].handle.as_str(), calls[0].since), (first, "Ana", asked));
    assert!(kai.client.calls_for_help().unwrap().is_empty(), "that is for coordinators");
    say(&world, "cancel", first, checkpoint("They left")).await;
    assert_eq!(tally().unaccounted, ["Ana", "Kai"], "a slip is no check-out");
    for person in [&kai, &ana] {
        answered(&world, &person.client, first, "safe").await;
    }
    assert!(tally().unaccounted.is_empty() && help().is_empty());
    assert!(world.admin.client.calls_for_help().unwrap().is_empty());
    assert_eq!(tally().were_out, 2);
}

#[tokio::test]
async fn a_stand_down_that_was_not_sent_yet_is_told_as_such_and_of_nobody_is_said_that_they_were_out() {
    let mut world = World::found().await;
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    world.relay.stop().await;
    let client = &world.admin.client;
    let references = client.about(&first.to_string(), true).unwrap().references;
    let outcome = Some(Code::constant("agents-left"));
    let cancel = AlertContent { msg_type: Code::constant("cancel"), outcome, references, ..checkpoint("They left") };
    let draft = client.draft_alert(world.hood, cancel, None).unwrap();
    assert!(client.send_alert(draft).await.unwrap().receipt.is_none());
    let tally = |world: &World| {
        let client = &world.admin.client;
        client.tally(&client.alert(&first.to_string()).unwrap()).unwrap()
    };
    let queued = tally(&world);
    assert!(queued.closed.is_some() && queued.closing_queued);
    world.relay.serve().await;
    world.admin.client.connected(world.hood).await.unwrap();
    assert_eq!((tally(&world).closing_queued, tally(&world).were_out), (false, 0));
}

#[tokio::test]
async fn a_lone_update_takes_no_place_until_the_quorum_has_signed_it() {
    let world = World::found().await;
    let lupe = world.join(watchfire_protocol::roster::InviteRole::Coordinator, "Lupe").await;
    world.admin.client.grant("Lupe", world.hood, true, true, None).await.unwrap();
    world.next_charter(|charter| charter.neighborhoods[0].quorum = 2).await;
    world.admin.client.rotate(world.hood).await.unwrap();
    let kai = world.join_in_person("Kai").await;
    let sign = async |id: AlertId| {
        lupe.client.connected(world.hood).await.unwrap();
        let waiting = lupe.client.to_sign(&id.to_string()).unwrap();
        assert!(lupe.client.sign_alert(&waiting).await.unwrap().receipt.is_some());
    };
    let first = send(&world, checkpoint("Checkpoint"), None).await;
    sign(first).await;
    let update = say(&world, "update", first, checkpoint("They moved")).await;
    views(&world, &kai).await;
    let present = |id: AlertId| kai.client.present(&id.to_string()).unwrap();
    assert_eq!((present(first).shown.id(), present(update).shown.id()), (first, update));
    assert!(!present(first).follow_ups[0].follow_up.counts, "told beside it");
    sign(update).await;
    views(&world, &kai).await;
    assert_eq!(present(first).shown.id(), update);
}

/// With the shipped programs.
mod programs {
    use serde_json::Value;
    use watchfire_tests::process::{HOOD, Home, Network, Ran};

    fn send(home: &Home, text: &str) -> String {
        let args = ["--json", "--yes", "alert", "send", "--neighborhood", HOOD, "--file", "-"];
        home.run_with(&args, text).ok().json()[0]["id"].as_str().unwrap().to_owned()
    }

    fn update(home: &Home, id: &str, headline: &str) {
        let text = format!(r#"{{"text":{{"en":{{"headline":"{headline}"}}}}}}"#);
        let said = home.run_with(&["--yes", "alert", "update", id, "--file", "-"], &text).ok();
        is_called(&said, id);
    }

    /// What was sent is called by the id that lists show, as is what to do next.
    fn is_called(said: &Ran, id: &str) {
        let known_by = &id[..4];
        assert!(said.stdout.contains(&format!("Accepted by the relay as {known_by}.")), "{said:?}");
        assert!(said.stderr.contains(&format!("watchfire alert follow {known_by}")), "{said:?}");
    }

    fn watched(home: &Home) -> Value {
        home.json(&["watch", "--count", "1", "--timeout", "20s"])[0].clone()
    }

    #[test]
    fn who_comes_late_is_shown_the_present_state_once_and_who_watches_sees_each_update_in_its_place() {
        let Network { relay: _relay, marisol, kai, responders: [ana, ben, lou] } = Network::found();
        let fire = r#"{"kind":"community.fire","place":{"text":"Mill Lane"},"text":{"en":{"headline":"Fire"}}}"#;
        let id = send(&marisol, fire);
        assert_eq!(watched(&ana)["body"]["text"]["en"]["headline"], "Fire");
        update(&marisol, &id, "It spreads");
        assert_eq!(watched(&ana)["thread"]["updates"], 1);
        update(&marisol, &id, "It is out");

        for home in [&ana, &ben] {
            let shown = watched(home);
            assert_eq!(shown["body"]["text"]["en"]["headline"], "It is out");
            assert_eq!((shown["id"].as_str(), shown["thread"]["updates"].as_u64()), (Some(id.as_str()), Some(2)));
        }
        // What was replaced is never shown afterwards.
        let next = send(&marisol, fire);
        assert_eq!(watched(&ben)["id"], next.as_str());
        assert_eq!(ben.json(&["alerts"]).len(), 2);
        assert_eq!(ben.json(&["alerts", "--all"]).len(), 2, "in history, too");
        let headlines = |shown: &Value| {
            let earlier = shown["earlier"].as_array().unwrap().iter();
            earlier.map(|said| said["body"]["text"]["en"]["headline"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(headlines(&ben.json(&["show", &id])[0]), ["Fire", "It spreads"]);

        // A correction is news to the same people, once, and what is shown of the alert from then on.
        let text = r#"{"text":{"en":{"headline":"It was a barbecue"}}}"#;
        marisol.run_with(&["--yes", "alert", "correct", &next, "--file", "-"], text).ok();
        let correction = watched(&ben);
        assert_eq!(
            (correction["msg-type"].as_str(), correction["label"].as_str()),
            (Some("correction"), Some("verified"))
        );
        ben.run(&["--json", "watch", "--count", "1", "--timeout", "1s"]).fails(8);
        let shown = &ben.json(&["show", &next])[0];
        assert_eq!(
            (shown["id"].as_str(), shown["body"]["text"]["en"]["headline"].as_str()),
            (Some(&*next), Some("It was a barbecue"))
        );
        assert_eq!(
            (shown["follow-ups"][0]["msg-type"].as_str(), headlines(shown)),
            (Some("correction"), vec!["Fire".to_owned()])
        );

        // Who was shown the one is told of its end; who was shown nothing sees one entry, and a hook runs once.
        is_called(&marisol.run(&["--yes", "alert", "cancel", &id, "--outcome", "agents-left"]).ok(), &id);
        let again = marisol.run(&["--yes", "alert", "cancel", &id, "--outcome", "resolved"]).fails(2);
        assert!(again.stderr.contains("it was stood down already, by admin"), "{again:?}");
        assert!(again.stderr.contains(&format!("watchfire show {}", &id[..4])), "{again:?}");
        let told = watched(&ben);
        assert_eq!((told["id"].as_str(), told["msg-type"].as_str()), (Some(&*id), Some("cancel")));
        let book = lou.path("book");
        std::fs::write(lou.path("note.sh"), format!("cat >> {}\n", book.display())).unwrap();
        let exec = format!("sh {}", lou.path("note.sh").display());
        let late = lou.run(&["watch", "--count", "3", "--timeout", "5s", "--exec", &exec]).fails(8).stdout;
        assert_eq!(late.matches("STOOD DOWN: the agents left, ").count(), 1, "{late}");
        assert_eq!((late.matches("CORRECTION, VERIFIED").count(), late.matches("VERIFIED").count()), (1, 2), "{late}");
        assert!(!late.contains("It spreads"), "{late}");
        assert_eq!(std::fs::read_to_string(book).unwrap().lines().count(), 2);
        let list = lou.run(&["alerts"]).ok().stdout;
        assert!(list.lines().count() == 2 && list.contains("STOOD DOWN: the agents left, "), "{list}");
        let shown = lou.run(&["show", &id]).ok().stdout;
        let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{text}: {shown}"));
        assert!(at("STOOD DOWN") < at("Before:") && at("It is out") < at("It spreads"), "the newest first: {shown}");

        // Of two who update it at once, the one who looks last is told what the other said.
        let id = send(&marisol, fire);
        let mut writes = marisol.terminal(&["alert", "update", &id, "--need", "driver:1"]);
        assert!(writes.asks(), "{}", writes.screen());
        update(&kai, &id, "Two houses burn");
        writes.answers("y");
        let screen = writes.ends().ok().stdout;
        assert!(screen.contains("Kai said something else at ") && screen.contains(": Two houses burn "), "{screen}");
        assert!(screen.contains("took the place of yours") || screen.contains("Yours took its place"), "{screen}");
        let sent = marisol.json(&["--yes", "alert", "update", &id, "--need", "driver:2"]);
        assert_eq!(
            sent[0]["warnings"].as_array().map(|warnings| warnings.contains(&"another-update".into())),
            Some(false)
        );
    }
}
