//! What members answer, what they are told alone, and what they offer.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::file::alert;
use watchfire_client::net::Connection;
use watchfire_client::ops::answer::Tally;
use watchfire_client::ops::desk::{DeskError, ReportFilter};
use watchfire_client::ops::offer::OfferChange;
use watchfire_client::ops::thread::Out;
use watchfire_client::ops::view::AlertView;
use watchfire_client::route::{Errand, Route};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::frame::{Cursor, Prover, Reply, Request};
use watchfire_protocol::id::{AlertId, CoordinatorId};
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::vocabulary::{AlertContent, AnswerContent, Code, Place, ReportContent};
use watchfire_tests::local::{Person, World};

const DOOR: &str = "1204 Elm Street, the green door at the back";

fn checkpoint() -> watchfire_protocol::vocabulary::AlertContent {
    alert::parse(
        r#"{"kind":"enforcement.checkpoint","ask":"observe","verification":{"state":"verified"},
            "place":{"type":"street","text":"5th & Main"},"needs":["observer:2","interpreter:es:1"],
            "text":{"en":{"headline":"Checkpoint"}}}"#,
    )
    .unwrap()
    .0
}

/// Sends an alert with an exact place. Returns its id.
async fn send(world: &World) -> AlertId {
    let client = &world.admin.client;
    let draft = client.draft_alert(world.hood, checkpoint(), None).unwrap();
    let draft = client.with_exact_place(draft, Place::named(DOOR)).unwrap();
    let sent = client.send_alert(draft).await.unwrap();
    assert!(sent.receipt.is_some());
    sent.id
}

async fn answer(world: &World, person: &Person, alert: AlertId, code: &'static str) {
    let content = AnswerContent::new(Code::constant(code));
    answer_with(world, person, alert, content).await;
}

async fn answer_with(world: &World, person: &Person, alert: AlertId, content: AnswerContent) {
    person.client.connected(world.hood).await.unwrap();
    assert!(person.client.answer(&alert.to_string(), content).await.unwrap().1.is_some());
}

async fn sync(world: &World, client: &Client) {
    client.connected(world.hood).await.unwrap();
}

fn view(client: &Client, alert: AlertId) -> AlertView {
    client.alert(&alert.to_string()).unwrap()
}

fn exact(client: &Client, alert: AlertId) -> Option<String> {
    view(client, alert).exact.map(|place| place.text)
}

fn tally(world: &World, alert: AlertId) -> Tally {
    world.admin.client.tally(&view(&world.admin.client, alert)).unwrap()
}

/// How many records of the second size lie in the alerts log: an exact place for one member is one.
async fn directs_at(world: &World) -> usize {
    let (state, epoch) = world.admin.keys(world.hood);
    let key = epoch.keys(state.place()).member.role_key();
    let mut relay =
        Connection::open(&Route::straight().unwrap(), &world.relay.url, None, Errand::Alerts, None).await.unwrap();
    relay.prove(state.place(), epoch.epoch, Prover::Member, &key).await.unwrap();
    let cursor: Option<Cursor> = None;
    relay.call(Request::Subscribe { channel: Channel::Alerts, cursor }).await.unwrap();
    let mut count = 0;
    loop {
        match relay.event().await.unwrap() {
            Reply::Record { record, .. } => count += usize::from(record.len() == 4 << 10),
            Reply::CaughtUp { .. } => return count,
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_exact_place_reaches_who_is_going_and_nobody_else() {
    let world = World::found().await;
    let (kai, ana, ben) =
        (world.join_in_person("Kai").await, world.join_in_person("Ana").await, world.join_in_person("Ben").await);
    let alert = send(&world).await;
    answer(&world, &kai, alert, "going").await;
    answer(&world, &ana, alert, "standby").await;
    sync(&world, &world.admin.client).await;
    for person in [&kai, &ana, &ben] {
        sync(&world, &person.client).await;
    }
    assert_eq!(exact(&kai.client, alert).as_deref(), Some(DOOR));
    assert_eq!(exact(&ana.client, alert), None, "she only stands by");
    assert_eq!(exact(&ben.client, alert), None);
    assert_eq!(exact(&world.admin.client, alert).as_deref(), Some(DOOR), "the desk knows");
    let told = serde_json::to_string(&alert::to_json(&view(&kai.client, alert).shown.body().content)).unwrap();
    assert!(!told.contains("green door"), "never in the alert");

    // Whoever changes their mind is shown none, and whoever comes after all is told.
    answer(&world, &kai, alert, "cannot").await;
    assert_eq!(exact(&kai.client, alert), None);
    answer(&world, &ana, alert, "on-scene").await;
    sync(&world, &world.admin.client).await;
    sync(&world, &ana.client).await;
    assert_eq!(exact(&ana.client, alert).as_deref(), Some(DOOR));
}

#[tokio::test]
async fn an_exact_place_is_sent_once_to_each_who_comes_and_again_by_a_relay_that_lost_it() {
    let mut world = World::found().await;
    let kai = world.join_in_person("Kai").await;
    let alert = send(&world).await;
    let before = directs_at(&world).await;
    let older = world.relay.copy().await;
    answer(&world, &kai, alert, "going").await;
    for _ in 0..3 {
        sync(&world, &world.admin.client).await;
    }
    assert_eq!(directs_at(&world).await, before + 1);
    answer(&world, &kai, alert, "on-scene").await;
    sync(&world, &world.admin.client).await;
    assert_eq!(directs_at(&world).await, before + 1, "the same place, the same person");

    // Kai has not read it yet when the relay is restored from an older copy of its disk.
    world.relay.show(older).await;
    assert_eq!(directs_at(&world).await, before);
    sync(&world, &world.admin.client).await;
    sync(&world, &kai.client).await;
    assert_eq!(exact(&kai.client, alert).as_deref(), Some(DOOR));
}

/// Another coordinator of the same neighborhood.
async fn lupe_at(world: &World) -> Person {
    let lupe = world.join(InviteRole::Coordinator, "Lupe").await;
    world.admin.client.grant("Lupe", world.hood, true, true, None).await.unwrap();
    world.admin.client.rotate(world.hood).await.unwrap();
    lupe
}

#[tokio::test]
async fn another_coordinators_client_tells_the_place_when_its_author_is_away_and_not_before_it_is_its_turn() {
    let world = World::found().await;
    let lupe = lupe_at(&world).await;
    let kai = world.join_in_person("Kai").await;
    sync(&world, &lupe.client).await;
    let alert = send(&world).await;
    sync(&world, &lupe.client).await;
    let before = directs_at(&world).await;
    answer(&world, &kai, alert, "going").await;
    sync(&world, &lupe.client).await;
    assert_eq!(directs_at(&world).await, before, "its author may be there");
    world.clock.forward(31);
    sync(&world, &lupe.client).await;
    sync(&world, &kai.client).await;
    assert_eq!(exact(&kai.client, alert).as_deref(), Some(DOOR));
    sync(&world, &world.admin.client).await;
    assert_eq!(directs_at(&world).await, before + 1, "its author has read that Kai was told");
}

#[tokio::test]
async fn of_two_coordinators_one_tells_the_place_and_a_relay_that_lost_it_is_given_it_again() {
    let mut world = World::found().await;
    let lupe = lupe_at(&world).await;
    let kai = world.join_in_person("Kai").await;
    sync(&world, &lupe.client).await;
    let alert = send(&world).await;
    sync(&world, &lupe.client).await;
    let before = directs_at(&world).await;
    let older = world.relay.copy().await;
    answer(&world, &kai, alert, "going").await;
    sync(&world, &world.admin.client).await;
    world.clock.forward(120);
    for _ in 0..2 {
        sync(&world, &lupe.client).await;
    }
    assert_eq!(directs_at(&world).await, before + 1);

    // Nobody has read it, and whoever had told it stays away.
    world.relay.show(older).await;
    sync(&world, &lupe.client).await;
    world.clock.forward(31);
    sync(&world, &lupe.client).await;
    sync(&world, &kai.client).await;
    assert_eq!(exact(&kai.client, alert).as_deref(), Some(DOOR));
    sync(&world, &world.admin.client).await;
    assert_eq!(directs_at(&world).await, before + 1, "once more, by one of them");
}

#[tokio::test]
async fn who_takes_care_of_a_call_for_help_is_seen_by_all_coordinators_and_by_whoever_called_and_by_nobody_else() {
    let world = World::found().await;
    let lupe = lupe_at(&world).await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let marisol = &world.admin.client;
    sync(&world, &lupe.client).await;
    let alert = send(&world).await;
    let id = alert.to_string();
    let missing = marisol.call_for_help(&id, "Kai").unwrap_err();
    assert!(matches!(missing, ClientError::NotFound { .. }), "{missing}");
    answer(&world, &kai, alert, "help").await;
    for client in [marisol, &lupe.client, &ana.client] {
        sync(&world, client).await;
    }
    let call = marisol.call_for_help(&id, "kai").unwrap();
    assert_eq!(call.attended, None);
    let theirs = lupe.client.call_for_help(&id, "Kai").unwrap();
    assert!(marisol.attend(&call, false).await.unwrap().is_accepted());
    let refused = lupe.client.attend(&theirs, false).await.unwrap_err();
    assert!(matches!(&refused, ClientError::Desk(DeskError::Attended { by, .. }) if by == "Marisol"), "{refused}");
    let seen = |client: &Client| {
        let call = client.status().unwrap().help.pop().unwrap();
        call.attended.map(|held| (held.handle, held.here))
    };
    assert_eq!(seen(marisol), Some(("Marisol".to_owned(), true)));
    assert_eq!(seen(&lupe.client), Some(("Marisol".to_owned(), false)), "it stays in sight");
    for person in [&kai, &ana] {
        sync(&world, &person.client).await;
    }
    let told = |client: &Client| view(client, alert).attended.map(|by| by.handle);
    assert_eq!((told(&kai.client).as_deref(), told(&ana.client)), (Some("Marisol"), None));

    lupe.client.attend(&theirs, true).await.unwrap();
    for client in [marisol, &kai.client] {
        sync(&world, client).await;
    }
    assert_eq!(seen(marisol), Some(("Lupe".to_owned(), false)));
    assert_eq!(told(&kai.client).as_deref(), Some("Lupe"));
    assert_eq!(exact(&kai.client, alert), None, "that is for who comes");

    // Whoever repeats a call makes no other one. A later call is one, and whoever is safe needs nobody.
    let since = |client: &Client| client.status().unwrap().help.pop().unwrap().since;
    world.clock.forward(60);
    answer(&world, &kai, alert, "help").await;
    sync(&world, marisol).await;
    assert_eq!((seen(marisol), since(marisol)), (Some(("Lupe".to_owned(), false)), call.since));
    assert_eq!(
        (seen(&lupe.client), since(&lupe.client)),
        (Some(("Lupe".to_owned(), true)), call.since),
        "who read it or not"
    );
    for code in ["safe", "help"] {
        world.clock.forward(60);
        answer(&world, &kai, alert, code).await;
    }
    sync(&world, marisol).await;
    assert_eq!(seen(marisol), None);
    answer(&world, &kai, alert, "safe").await;
    sync(&world, marisol).await;
    assert_eq!(told(&kai.client), None);
    answer(&world, &kai, alert, "going").await;
    assert_eq!(told(&kai.client), None, "that call is over");
    let gone = marisol.attend(&call, false).await.unwrap_err();
    assert!(matches!(gone, ClientError::NotFound { .. }), "{gone}");
}

#[tokio::test]
async fn a_call_for_help_of_somebody_who_was_removed_has_their_name_everywhere_until_a_coordinator_ends_it_for_all() {
    let world = World::found().await;
    let lupe = lupe_at(&world).await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let marisol = &world.admin.client;
    let (first, alert) = (send(&world).await, send(&world).await);
    let id = alert.to_string();
    for client in [marisol, &lupe.client, &kai.client, &ana.client] {
        sync(&world, client).await;
    }
    let asks = async |person: &Person, alert: AlertId, text: &str| {
        world.clock.forward(3);
        let content = AnswerContent { text: text.to_owned(), ..AnswerContent::new(Code::constant("help")) };
        assert!(person.client.answer(&alert.to_string(), content).await.unwrap().1.is_some());
    };
    let report = ReportContent {
        place: Some(Place::named("Mill Lane")),
        ..ReportContent::new(Code::constant("enforcement.checkpoint"))
    };
    kai.client.send_report(world.hood, report).await.unwrap();
    asks(&kai, first, "").await;
    asks(&kai, alert, "behind the church").await;
    let since = world.clock.now();
    sync(&world, &lupe.client).await;
    let call = lupe.client.call_for_help(&id, "Kai").unwrap();
    assert!(lupe.client.attend(&call, false).await.unwrap().is_accepted());
    // Lupe never reads this one: Kai is removed before.
    asks(&kai, alert, "").await;
    asks(&ana, alert, "").await;
    sync(&world, marisol).await;
    let says = |client: &Client| {
        let tally = client.tally(&view(client, alert)).unwrap();
        tally.answers.into_iter().find(|answer| answer.handle == "Kai").unwrap()
    };
    assert_eq!((says(marisol).text.as_str(), says(marisol).help), ("behind the church", Some(since)));
    let calls = |client: &Client| {
        let calls = client.calls_for_help().unwrap().into_iter();
        calls
            .map(|call| (call.handle, call.more, call.removed.is_some(), call.attended.map(|held| held.by)))
            .collect::<Vec<_>>()
    };
    let by_lupe = call_by(&lupe.client, &id, "Kai");
    assert_eq!(
        calls(marisol),
        [("Ana".to_owned(), 0, false, None), ("Kai".to_owned(), 1, false, by_lupe)],
        "one line each"
    );

    let removed = marisol.member_named(world.hood, "Kai").unwrap();
    marisol.remove_members(world.hood, &[removed], "phone seized").await.unwrap();
    for _ in 0..4 {
        world.clock.forward(60);
        marisol.rotate(world.hood).await.unwrap();
        sync(&world, &lupe.client).await;
    }
    for client in [marisol, &lupe.client] {
        assert!(calls(client).contains(&("Kai".to_owned(), 1, true, by_lupe)), "{:?}", calls(client));
        assert_eq!((says(client).help, says(client).text.as_str()), (Some(since), "behind the church"));
        let call = client.call_for_help(&id, "kai").unwrap();
        let symbols: String = call.member.to_string().chars().take(4).collect();
        assert_eq!(client.call_for_help(&id, &symbols).unwrap(), call);
        let reports = client.reports(ReportFilter::default()).unwrap();
        assert_eq!(reports.iter().map(|report| report.author.as_str()).collect::<Vec<_>>(), ["Kai"]);
    }
    let call = lupe.client.call_for_help(&id, "Kai").unwrap();
    assert!(lupe.client.attend(&call, false).await.unwrap().is_accepted());
    sync(&world, marisol).await;
    for client in [marisol, &lupe.client] {
        assert_eq!(calls(client).into_iter().map(|call| call.0).collect::<Vec<_>>(), ["Ana"], "whoever is there stays");
        assert!(says(client).help.is_none() && says(client).removed.is_some());
    }
}

fn call_by(client: &Client, alert: &str, who: &str) -> Option<CoordinatorId> {
    client.call_for_help(alert, who).unwrap().attended.map(|held| held.by)
}

#[tokio::test]
async fn what_a_member_offers_anew_reaches_the_roster_and_the_newest_counts_across_a_rotation() {
    let world = World::found().await;
    let kai = world.join_in_person("Kai").await;
    let offered = || {
        let members = world.admin.client.members(world.hood).unwrap();
        let kai = members.into_iter().find(|member| member.handle == "Kai").unwrap();
        (kai.roles, kai.languages)
    };
    assert_eq!(offered(), (vec![], vec!["es".to_owned()]));
    assert_eq!(kai.client.offer(world.hood).unwrap().unwrap().languages, ["es".parse().unwrap()]);
    let roles = Some(vec![Code::constant("medic")]);
    let change = OfferChange { roles, languages: None };
    assert!(kai.client.change_offer(world.hood, change).await.unwrap().receipt.is_some());
    sync(&world, &world.admin.client).await;
    assert_eq!(offered(), (vec!["medic".to_owned()], vec!["es".to_owned()]), "what was left out stays");
    world.clock.forward(60);
    let languages = Some(vec!["en".parse().unwrap(), "fr".parse().unwrap()]);
    kai.client.change_offer(world.hood, OfferChange { roles: None, languages }).await.unwrap();
    sync(&world, &world.admin.client).await;
    world.admin.client.rotate(world.hood).await.unwrap();
    let newest = (vec!["medic".to_owned()], vec!["en".to_owned(), "fr".to_owned()]);
    assert_eq!(offered(), newest);
    // Once on the roster it is not written again.
    sync(&world, &world.admin.client).await;
    assert_eq!(offered(), newest);
    let many = Some(vec![Code::constant("medic"); 9]);
    let refused = kai.client.change_offer(world.hood, OfferChange { roles: many, languages: None }).await;
    assert!(matches!(refused.err().unwrap(), ClientError::Invalid(_)));
}

#[tokio::test]
async fn the_tally_counts_roles_and_languages_of_those_who_come_and_the_role_that_somebody_said() {
    let world = World::found().await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let roles = Some(vec![Code::constant("observer"), Code::constant("interpreter")]);
    kai.client.change_offer(world.hood, OfferChange { roles: roles.clone(), languages: None }).await.unwrap();
    ana.client.change_offer(world.hood, OfferChange { roles, languages: None }).await.unwrap();
    sync(&world, &world.admin.client).await;
    let alert = send(&world).await;
    let going = AnswerContent { eta_minutes: Some(10), ..AnswerContent::new(Code::constant("going")) };
    answer_with(&world, &kai, alert, going).await;
    let interpreter = Some(Code::constant("interpreter"));
    let there = AnswerContent { role: interpreter, ..AnswerContent::new(Code::constant("on-scene")) };
    answer_with(&world, &ana, alert, there).await;
    sync(&world, &world.admin.client).await;
    let tally = tally(&world, alert);
    assert_eq!((tally.going, tally.on_scene, tally.received), (1, 1, 2));
    let met: Vec<u16> = tally.needs.iter().map(|need| need.met).collect();
    assert_eq!(met, [1, 1], "Ana comes as interpreter, and Kai as one of the two that he offers");
    assert_eq!(tally.either, ["Kai"]);
    assert_eq!(tally.roles[&Code::constant("interpreter")], 2);
    assert_eq!(tally.roles[&Code::constant("observer")], 1);
    assert_eq!(tally.languages["es"], 2);
    let found = tally.answers.iter().find(|answer| answer.handle == "Kai").unwrap();
    assert_eq!(found.arrives(), Some(world.clock.now().plus(600)));

    // Whoever said in which role they come arrives in that role, also by an answer to an update.
    world.clock.forward(10);
    let going = AnswerContent { role: Some(Code::constant("observer")), ..AnswerContent::new(Code::constant("going")) };
    answer_with(&world, &kai, alert, going).await;
    let update = AnswerContent::new(Code::constant("on-scene"));
    let about = world.admin.client.about(&alert.to_string(), false).unwrap();
    let said = AlertContent {
        msg_type: Code::constant("update"),
        references: about.references,
        ..about.state.shown.body().content.clone()
    };
    let draft = world.admin.client.draft_alert(world.hood, said, None).unwrap();
    let updated = world.admin.client.send_alert(draft).await.unwrap().id;
    sync(&world, &kai.client).await;
    for to in [alert, updated] {
        world.clock.forward(10);
        answer_with(&world, &kai, to, update.clone()).await;
        sync(&world, &world.admin.client).await;
        let tally = self::tally(&world, alert);
        assert!(tally.either.is_empty(), "{:?}", tally.either);
        let met: Vec<u16> = tally.needs.iter().map(|need| need.met).collect();
        assert_eq!((tally.on_scene, met), (2, vec![1, 1]));
    }
}

#[tokio::test]
async fn an_answer_by_a_clock_far_ahead_does_not_keep_later_ones_from_counting() {
    let world = World::found().await;
    let kai = world.join_in_person("Kai").await;
    let alert = send(&world).await;
    sync(&world, &kai.client).await;
    world.clock.forward(1800);
    kai.client.queue_answer(world.hood, alert, AnswerContent::new(Code::constant("going"))).unwrap();
    // The clock is set back before it is sent.
    world.clock.back(1800);
    sync(&world, &kai.client).await;
    sync(&world, &world.admin.client).await;
    assert_eq!(tally(&world, alert).going, 1);
    world.clock.forward(60);
    answer(&world, &kai, alert, "cannot").await;
    sync(&world, &world.admin.client).await;
    assert_eq!((tally(&world, alert).going, tally(&world, alert).cannot), (0, 1));

    // What was said last counts, though the clock was set right in between and a coordinator reads both at once.
    let said = |code: &'static str| {
        kai.client.queue_answer(world.hood, alert, AnswerContent::new(Code::constant(code))).unwrap()
    };
    let help = || tally(&world, alert).help().count();
    world.clock.forward(900);
    said("leaving");
    world.clock.back(900);
    said("help");
    sync(&world, &kai.client).await;
    sync(&world, &world.admin.client).await;
    assert_eq!(help(), 1);
    assert_eq!(view(&kai.client, alert).out, Some(Out::Help), "by Kai's own device too");

    // What is typed within one second goes in the order in which it was typed.
    for (codes, open) in [(["going", "help", "safe"], 0), (["going", "safe", "help"], 1)] {
        let tickets = [codes, codes].concat().into_iter().map(said).collect::<Vec<_>>();
        assert!(tickets.is_sorted(), "{tickets:?}");
        sync(&world, &kai.client).await;
        sync(&world, &world.admin.client).await;
        assert_eq!(help(), open, "{codes:?}");
        assert_eq!(tally(&world, alert).answers[0].answer, codes[2]);
    }
}

#[tokio::test]
async fn an_answer_of_a_newer_program_is_kept_as_it_is_and_whoever_asks_for_help_stands_out() {
    let world = World::found().await;
    let (kai, ana) = (world.join_in_person("Kai").await, world.join_in_person("Ana").await);
    let alert = send(&world).await;
    sync(&world, &kai.client).await;
    let newer =
        AnswerContent { role: Some(Code::constant("beekeeper")), ..AnswerContent::new(Code::constant("hovering")) };
    kai.client.queue_answer(world.hood, alert, newer).unwrap();
    sync(&world, &kai.client).await;
    answer(&world, &ana, alert, "help").await;
    sync(&world, &world.admin.client).await;
    let tally = tally(&world, alert);
    let said: Vec<(&str, &str)> = tally.answers.iter().map(|a| (a.handle.as_str(), a.answer.as_str())).collect();
    assert_eq!(said, [("Ana", "help"), ("Kai", "hovering")]);
    assert_eq!((tally.going, tally.help().collect::<Vec<_>>()), (0, vec!["Ana"]));
}

/// With the shipped programs.
mod programs {
    use serde_json::{Value, json};
    use watchfire_tests::process::{HOOD, Home, Network, finish};

    use super::DOOR;

    const ALERT: &str = r#"{"kind":"enforcement.checkpoint","ask":"observe",
        "place":{"type":"street","text":"5th & Main","exact":{"text":"1204 Elm Street, the green door at the back"}},
        "needs":["observer:2","interpreter:es:1"],
        "text":{"en":{"headline":"Checkpoint at 5th & Main"},"es":{"headline":"Retén en 5th y Main"}}}"#;

    fn send(home: &Home, text: &str, more: &[&str]) -> String {
        let args = [&["--json", "--yes", "alert", "send", "--neighborhood", HOOD, "--file", "-"], more].concat();
        let sent = home.run_with(&args, text).ok().json();
        sent[0]["id"].as_str().unwrap().to_owned()
    }

    fn error(home: &Home, args: &[&str], input: &str, code: i32) -> Value {
        let ran = home.run_with(&[&["--json"], args].concat(), input).fails(code);
        assert_eq!(ran.stdout, "", "nothing was done");
        serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap()
    }

    fn sync(homes: &[&Home]) {
        homes.iter().for_each(|home| drop(home.run(&["sync"]).ok()));
    }

    fn show(home: &Home, id: &str) -> Value {
        home.json(&["show", id])[0].clone()
    }

    #[test]
    fn an_alert_lives_from_its_sending_to_the_check_out() {
        let Network { relay: _relay, marisol, kai: _, responders: [ana, ben, lou] } = Network::found();
        ana.json(&["profile", "--role", "observer", "--role", "interpreter", "--speaks", "es"]);
        let id = send(&marisol, ALERT, &[]);
        let watched = ana.run(&["--json", "--lang", "es", "watch", "--count", "1", "--timeout", "20s"]).ok().json();
        assert_eq!(watched[0]["id"], id.as_str());
        assert_eq!(watched[0]["body"]["place"].get("exact"), None, "nobody has answered");
        sync(&[&lou]);

        // As people say it, to what this device has not fetched yet, too.
        let voy = ["--lang", "es", "answer", &id[..6], "voy", "--eta", "10 min", "--role", "intérprete"];
        let answered = ana.json(&voy);
        assert_eq!((answered[0]["answer"].as_str(), answered[0]["status"].as_str()), (Some("going"), Some("actual")));
        assert_eq!(
            (answered[0]["schema"].as_str(), answered[0]["state"].as_str()),
            (Some("watchfire.answer/1"), Some("accepted"))
        );
        ben.json(&["answer", &id, "cannot", "--reason", "no-transport"]);
        marisol.run(&["desk", "--once"]).ok();
        sync(&[&ana, &ben, &lou]);
        assert_eq!(show(&ana, &id)["body"]["place"]["exact"]["text"], DOOR);
        for other in [&ben, &lou] {
            assert!(!show(other, &id).to_string().contains("green door"));
        }
        assert_eq!(show(&marisol, &id)["body"]["place"]["exact"]["text"], DOOR);

        let tally = marisol.json(&["alert", "follow", &id, "--wait-for", "1", "--timeout", "20s"]);
        let tally = tally.last().unwrap();
        assert_eq!((tally["going"].as_u64(), tally["cannot"].as_u64()), (Some(1), Some(1)));
        assert_eq!(tally["needs"][1]["met"], 1);
        assert_eq!(tally["roles"], json!({"interpreter": 1}));
        assert_eq!(tally["languages"], json!({"es": 1}));
        let ana_says = tally["answers"].as_array().unwrap().iter().find(|answer| answer["handle"] == "Ana").unwrap();
        assert_eq!((ana_says["eta-minutes"].as_u64(), ana_says["role"].as_str()), (Some(10), Some("interpreter")));
        let waited = marisol.run(&["alert", "follow", &id, "--wait-for", "5", "--timeout", "2s"]);
        assert_eq!(waited.code, 8, "{waited:?}");

        marisol.run(&["--yes", "alert", "enough", &id, "--role", "observer"]).ok();
        for (role, first) in
            [("observer", "there is enough of observers already"), ("medic", "no medics are asked for")]
        {
            let refused = error(&marisol, &["alert", "enough", &id, "--role", role], "", 2);
            let wanted = format!("{first}; others are still needed: 1 interpreter (Spanish)");
            assert_eq!(refused["message"], wanted.as_str());
        }
        let other = marisol.run(&["alert", "update", &id, "--kind", "community.fire", "--dry-run"]).ok().stderr;
        for said in ["fire, before checkpoint.", "It expires ", "were written for checkpoint"] {
            assert!(other.contains(said), "{said}: {other}");
        }
        sync(&[&ana]);
        let now = show(&ana, &id);
        assert_eq!((now["id"].as_str(), now["thread"]["updates"].as_u64()), (Some(id.as_str()), Some(1)));
        assert_eq!(now["thread"]["enough"], json!(["observer:2"]));
        assert_eq!(now["body"]["needs"], json!(["interpreter:es:1"]));
        assert_eq!(now["body"]["place"]["exact"]["text"], DOOR, "an update keeps it");
        assert_eq!(ana.json(&["alerts"]).len(), 1, "one alert, one entry");
        let words = ana.run(&["--lang", "es", "show", &id]).ok().stdout;
        assert!(words.contains("actualizada") && words.contains("Ya es suficiente"), "{words}");

        marisol.run(&["--yes", "alert", "cancel", &id, "--outcome", "agents-left"]).ok();
        let tally = marisol.json(&["alert", "follow", &id, "--wait-for", "1", "--timeout", "20s"]);
        assert_eq!(tally.last().unwrap()["check-out"], json!(["Ana"]));
        let over = finish(ana.spawn(&["watch", "--count", "1", "--timeout", "20s"])).ok();
        assert!(over.stdout.contains("safe"), "{over:?}");
        for late in ["going", "on-scene", "standby"] {
            let refused = error(&ana, &["answer", &id, late], "", 2);
            let message = refused["message"].as_str().unwrap();
            assert!(message.starts_with("Stood down by ") && message.contains(": the agents left."), "{message}");
            assert!(message.ends_with("Your answer was not sent."), "{message}");
        }
        ana.json(&["answer", &id, "safe"]);
        sync(&[&marisol]);
        let tally = marisol.json(&["alert", "follow", &id, "--wait-for", "0", "--timeout", "20s"]);
        assert_eq!(tally.last().unwrap()["check-out"], json!([]));

        for args in [vec!["alert", "update", &id, "--need", "driver:1"], vec!["alert", "enough", &id]] {
            let refused = error(&marisol, &args, "", 2);
            assert!(!refused["hint"].is_null(), "{refused}");
        }
    }

    #[test]
    fn what_cannot_be_sent_or_answered_is_refused_with_a_code_and_what_to_do() {
        let Network { relay: _relay, marisol, kai: _, responders: [ana, ..] } = Network::found();
        let file = |change: &dyn Fn(&mut Value)| {
            let mut alert: Value = serde_json::from_str(ALERT).unwrap();
            change(&mut alert);
            alert.to_string()
        };
        let sending = ["--yes", "alert", "send", "--neighborhood", HOOD, "--file", "-"];
        // Each is named, with what was found or what is allowed.
        let refused = [
            (file(&|alert| alert["place"] = json!({"lat": 91, "lon": 0, "precision-m": 5})), "`place.lat`"),
            (file(&|alert| alert["place"]["exact"] = json!({"lat": 0, "lon": 181, "precision-m": 5})), "`place.lon`"),
            (file(&|alert| alert["text"] = json!({"english!": {"headline": "Checkpoint"}})), "`english!`"),
            (file(&|alert| alert["people"] = json!({"languages": ["e"]})), "`people.languages`"),
            (file(&|alert| alert["text"]["en"]["headline"] = json!("x".repeat(161))), "161"),
            (file(&|alert| alert["text"]["en"]["description"] = json!("x".repeat(1_001))), "1001"),
            (file(&|alert| alert["text"]["en"]["description"] = json!("x".repeat(70_000))), "65536"),
            (file(&|alert| alert["expires-in"] = json!("0m")), "`0m`"),
            (file(&|alert| alert["expires-in"] = json!("-2h")), "`-2h`"),
            (file(&|alert| alert["expires-in"] = json!("30d")), "72"),
            (file(&|alert| alert["place"]["exact"] = json!({"text": "x".repeat(201)})), "201"),
        ];
        for (text, gist) in refused {
            for language in ["en", "es"] {
                let refused = error(&marisol, &[&["--lang", language][..], &sending].concat(), &text, 2);
                assert!(refused["message"].as_str().unwrap().contains(gist), "{gist}: {refused}");
                assert!(!refused["hint"].is_null(), "{refused}");
            }
        }

        // What may name a person needs a yes.
        let unsure = ["alert", "send", "--neighborhood", HOOD, "--file", "-"];
        for (who, what) in [
            ("A123456789", "the number of a person's file"),
            ("312-555-0123", "a phone number"),
            ("ana@example.org", "an e-mail address"),
        ] {
            let naming = file(&|alert| alert["text"]["en"]["headline"] = json!(format!("Ask for {who}")));
            let ran = marisol.run_with(&unsure, &naming).fails(2);
            let line = format!("`{who}` looks like {what} (the headline in English)");
            assert!(ran.stderr.contains(&line), "{line}: {ran:?}");
        }
        assert!(marisol.json(&["alerts"]).is_empty(), "nothing of all this was kept or sent");

        for args in [vec!["alert", "update", "ZZZZ", "--need", "driver:1"], vec!["alert", "enough", "ZZZZ"]] {
            assert_eq!(error(&marisol, &args, "", 6)["code"], "not-found");
        }
        assert_eq!(error(&ana, &["answer", "ZZZZ", "going"], "", 6)["code"], "not-found");
        let id = self::send(&marisol, ALERT, &[]);
        marisol.json(&["--yes", "alert", "cancel", &id, "--outcome", "resolved"]);
        let closed = error(&marisol, &["--yes", "alert", "update", &id, "--need", "driver:1"], "", 2);
        assert!(closed["message"].as_str().unwrap().starts_with("it was stood down already"), "{closed}");
        let id = self::send(&marisol, ALERT, &[]);
        assert_eq!(error(&marisol, &["--yes", "alert", "update", &id, "--status", "exercise"], "", 2)["code"], "usage");
        ana.run(&["sync"]).ok();
        let text = r#"{"text":{"en":{"headline":"It was a film crew"}}}"#;
        marisol.run_with(&["--yes", "alert", "correct", &id, "--file", "-"], text).ok();
        let corrected = error(&marisol, &["--yes", "alert", "update", &id, "--need", "driver:1"], "", 2);
        assert!(corrected["message"].as_str().unwrap().starts_with("it was corrected"), "{corrected}");
        // Who has not heard of it is told with the answer.
        let late = ana.run(&["answer", &id, "going"]).ok();
        assert!(late.stderr.contains("nobody needs to come"), "{late:?}");
        let id = self::send(&marisol, ALERT, &["--expires", "8s"]);
        ana.run(&["sync"]).ok();
        while !show(&ana, &id)["notes"].as_array().unwrap().contains(&json!("expired")) {}
        assert_eq!(error(&ana, &["answer", &id, "going"], "", 6)["code"], "expired");
        assert_eq!(error(&marisol, &["alert", "update", &id, "--need", "driver:1"], "", 6)["code"], "expired");
    }

    /// Hours of a day around a time that lies so many hours from now, by the clock on this wall. Two hours on each side
    /// are more than this test takes, and than a clock is ever put forward or back.
    fn around(hours_from_now: u32) -> String {
        let clock = std::process::Command::new("date").arg("+%H %M").env_remove("TZ").output().unwrap();
        let clock = String::from_utf8(clock.stdout).unwrap();
        let (hour, minute) = clock.trim().split_once(' ').unwrap();
        let at = |plus: u32| format!("{:02}:{minute}", (hour.parse::<u32>().unwrap() + plus) % 24);
        format!("{}-{}", at(hours_from_now + 22), at(hours_from_now + 26))
    }

    #[test]
    fn off_duty_and_in_quiet_hours_nothing_is_run_and_every_alert_is_shown_and_kept() {
        let Network { relay: _relay, marisol, kai: _, responders: [ana, ..] } = Network::found();
        let mut sent = 0;
        // Whether the programs for an alert ran. It is printed and kept in any case.
        let mut ran = || {
            let id = send(&marisol, ALERT, &[]);
            sent += 1;
            let files = ["exec", "wake"].map(|name| ana.path(&format!("{name}.{sent}")));
            let [exec, wake] = files.clone().map(|file| format!("touch {}", file.display()));
            let watch = ["--json", "watch", "--count", "1", "--timeout", "60s", "--exec", &exec, "--wake", &wake];
            assert_eq!(ana.run(&watch).ok().json()[0]["id"], id.as_str());
            assert_eq!(ana.json(&["alerts"]).len(), sent);
            files.map(|file| file.exists())
        };
        assert_eq!(ana.json(&["duty"])[0]["duty"], "on");
        assert_eq!(ana.json(&["duty", "off"])[0]["duty"], "off");
        assert_eq!(ran(), [false, false]);
        let now = around(0);
        let night = ana.json(&["duty", "quiet", &now]);
        assert_eq!((night[0]["duty"].as_str(), night[0]["quiet"].as_str()), (Some("quiet"), Some(&*now)));
        assert_eq!(ran(), [false, false], "{now}");
        let later = around(12);
        ana.json(&["duty", "quiet", &later]);
        assert_eq!(ran(), [true, true], "{later}");
        ana.json(&["duty", "on"]);
        assert_eq!(ran(), [true, true]);
    }
}

#[test]
fn of_two_coordinators_who_say_at_once_that_they_take_care_of_somebody_one_does_and_both_know_who() {
    let network = watchfire_tests::process::Network::found();
    let ana = &network.responders[0];
    let file = watchfire_tests::process::example("checkpoint.json");
    let sent = network.marisol.json(&["alert", "send", "--file", &file, "--yes"]);
    let id = sent[0]["id"].as_str().unwrap();
    ana.run(&["sync"]).ok();
    ana.run(&["answer", id, "help"]).ok();
    let desks = [&network.marisol, &network.kai];
    desks.iter().for_each(|desk| drop(desk.run(&["sync"]).ok()));
    let attending = desks.map(|desk| desk.spawn(&["--json", "alert", "attend", id, "Ana"]));
    let ran = attending.map(watchfire_tests::process::finish);
    assert!(ran.iter().any(|ran| ran.code == 0) && ran.iter().all(|ran| [0, 2, 4].contains(&ran.code)), "{ran:?}");
    desks.iter().for_each(|desk| drop(desk.run(&["sync"]).ok()));
    let held = desks.map(|desk| desk.json(&["status"])[0]["help"][0]["attended"].clone());
    assert_eq!(held[0]["by"], held[1]["by"]);
    assert_ne!(held[0]["yours"], held[1]["yours"], "{held:?}");
    for (ran, held) in ran.iter().zip(&held).filter(|(ran, _)| ran.code == 2) {
        assert!(ran.stderr.contains(held["by"].as_str().unwrap()), "who was not first is told who is: {ran:?}");
    }
}

#[test]
fn a_coordinator_hears_at_once_of_a_call_for_help_until_that_person_is_safe() {
    let mut pair = watchfire_tests::process::Pair::found();
    let id = pair.sends(&watchfire_tests::process::example("checkpoint.json"));
    let answers = |code: &str| {
        pair.ana.run(&["sync"]).ok();
        pair.ana.run(&["answer", &id, code]).ok()
    };
    let asked = answers("help").stdout;
    assert!(asked.starts_with("NOBODY HAS READ YET") && asked.contains("Call somebody now"), "{asked}");
    let cannot = pair.ana.run(&["answer", &id, "cannot"]).ok();
    assert!(cannot.stderr.contains("this does not take it back") && cannot.stderr.contains(" safe"), "{cannot:?}");
    answers("going");
    // Before an alert is ended: what is at the relay, and in no vault of a coordinator yet.
    let ends = pair.marisol.run(&["alert", "cancel", &id, "--outcome", "agents-left", "--dry-run"]).ok();
    assert_eq!(ends.stderr.matches("HELP: Ana asked for help in Elm Park").count(), 1, "{ends:?}");
    for line in ["1 going, 0 on the scene. They are told how it ended", "not safe yet: Ana. That does not end with"] {
        assert!(ends.stderr.contains(line), "{line}: {ends:?}");
    }
    let told = pair.marisol.run(&["inbox", "list"]).ok();
    assert!(told.stderr.contains("HELP: Ana asked for help in Elm Park"), "{told:?}");
    assert!(told.stderr.contains("Nobody has said that they take care") && told.stderr.contains(" Ana\n"), "{told:?}");
    let status = pair.marisol.json(&["status"]);
    assert_eq!(
        (status[0]["help"][0]["handle"].as_str(), status[0]["help"][0]["alert"].as_str()),
        (Some("Ana"), Some(&*id))
    );
    assert!(pair.marisol.run(&["desk", "--once"]).ok().stdout.contains("HELP: Ana"));
    pair.marisol.run(&["alert", "attend", &id, "Kai"]).fails(6);
    let ran = pair.marisol.run(&["--json", "alert", "attend", &id, "ana"]).ok();
    assert!(!ran.stderr.contains("Nobody has said"), "it is not said both: {ran:?}");
    let attended = &ran.json()[0];
    assert_eq!((attended["handle"].as_str(), attended["delivery"].as_str()), (Some("Ana"), Some("accepted")));
    assert_eq!(attended["attended"]["yours"], true);
    let words = pair.marisol.run(&["status"]).ok().stdout;
    assert!(words.contains("HELP: Ana") && words.contains("You take care of them"), "it stays in sight: {words}");
    // However often it is updated, it is called by one id.
    pair.marisol.run(&["--yes", "alert", "update", &id, "--need", "driver:1"]).ok();
    let words = pair.marisol.run(&["status"]).ok().stdout;
    let short = pair.marisol.json(&["alerts"])[0]["short"].as_str().unwrap().to_owned();
    assert!(id.starts_with(&short) && words.contains(&format!("alert follow {short}")), "{words}");
    pair.ana.run(&["sync"]).ok();
    let seen = pair.ana.run(&["show", &id]).ok().stdout;
    assert!(seen.contains("admin has seen that you asked for help"), "{seen}");
    assert!(seen.contains("You answered: going (") && !seen.contains("It waits on this device"), "{seen}");
    let again = answers("help").stdout;
    assert!(again.contains("admin has seen that you asked for help") && !again.contains("NOBODY"), "{again}");
    assert!(!pair.ana.run(&["status"]).ok().stderr.contains("HELP"), "that is for coordinators");
    answers("safe");
    // What this vault still holds is not said before it has connected.
    let ends = pair.marisol.run(&["alert", "cancel", &id, "--outcome", "agents-left", "--dry-run"]).ok();
    assert!(!ends.stderr.contains("HELP"), "{ends:?}");
    assert!(!pair.marisol.run(&["status"]).ok().stderr.contains("HELP"));
    // In a drill, that is said: whoever reads it may still be needed.
    let file = watchfire_tests::process::example("checkpoint.json");
    let drill = pair.marisol.json(&["--yes", "alert", "send", "--file", &file, "--status", "exercise"]);
    let drill = drill[0]["id"].as_str().unwrap();
    pair.ana.run(&["sync"]).ok();
    pair.ana.run(&["answer", drill, "help"]).ok();
    pair.marisol.run(&["sync"]).ok();
    let told = pair.marisol.run(&["--json", "status"]).ok();
    assert_eq!(told.json()[0]["help"][0]["drill"], true);
    let alarm: serde_json::Value = serde_json::from_str(told.stderr.lines().next().unwrap()).unwrap();
    assert_eq!((&alarm["alarm"], &alarm["drill"]), (&"help".into(), &true.into()));
    assert!(alarm["message"].as_str().unwrap().starts_with("HELP (in answer to a DRILL): Ana asked"), "{alarm}");
    pair.ana.run(&["answer", drill, "safe"]).ok();
    // Without a relay it waits, and nobody is said to take care of anybody.
    answers("help");
    pair.marisol.run(&["sync"]).ok();
    pair.relay.kill();
    let waits = pair.marisol.run(&["alert", "attend", &id, "Ana"]).fails(7);
    assert!(waits.stdout.contains("HELP: Ana") && waits.stdout.contains("waits on this device"), "{waits:?}");
    assert!(
        !waits.stdout.contains("take care of them since") && !waits.stderr.contains("Nobody has said"),
        "{waits:?}"
    );
    let waits = pair.ana.run(&["answer", &id, "help"]).fails(7).stdout;
    assert!(waits.starts_with("NOT SENT YET: nobody knows that you need help. Call somebody now"), "{waits}");
    pair.ana.run(&["answer", &id, "safe"]).fails(7);
    let listed = pair.ana.run(&["alerts"]).ok().stdout;
    assert!(listed.contains("You answered: safe (") && listed.contains("It waits on this device"), "{listed}");
}
