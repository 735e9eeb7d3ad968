//! What stands around alerts: cards that stay, a history with its own length, templates, counts, exports.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use watchfire_client::export::csv::{csv, harmed};
use watchfire_client::file::{AlertFile, alert};
use watchfire_client::ops::desk::ReportFilter;
use watchfire_client::ops::rights::{CardsBy, parse_cards, sample_cards};
use watchfire_client::ops::stats::Stats;
use watchfire_client::ops::template::{MAX_TEMPLATES, TemplateError};
use watchfire_client::ops::view::Filter;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::cards::Cards;
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::time::{DAY, HOUR};
use watchfire_protocol::vocabulary::{AnswerContent, Code, Place, ReportContent};
use watchfire_tests::local::{Person, World, terms};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");
const DRILL: &str = include_str!("../../examples/alerts/drill.json");

async fn sync(client: &Client, hood: NeighborhoodId) {
    client.connected(hood).await.unwrap().0.goodbye().await;
}

async fn send(client: &Client, hood: NeighborhoodId, text: &str) -> AlertId {
    let (content, expires) = alert::parse(text).unwrap();
    let draft = client.draft_alert(hood, content, expires).unwrap();
    client.send_alert(draft).await.unwrap().id
}

async fn publish(world: &World, text: &str) -> Cards {
    let cards = parse_cards(&format!("{{\"en\":{{\"title\":\"Rights\",\"lines\":[\"{text}\"]}}}}")).unwrap();
    let (draft, _) = world.admin.client.draft_cards(world.hood, &cards).unwrap();
    world.admin.client.send_alert(draft).await.unwrap();
    cards
}

fn cards(person: &Person, hood: NeighborhoodId) -> Cards {
    person.client.rights_cards(hood).unwrap().cards
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_of_a_verified_notice_outlive_it_until_others_replace_them() {
    let world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    assert_eq!(ana.client.rights_cards(world.hood).unwrap().by, CardsBy::Sample);
    assert_eq!(cards(&ana, world.hood), sample_cards().unwrap());

    let first = publish(&world, "Silence is yours.").await;
    sync(&ana.client, world.hood).await;
    let CardsBy::Network { signed_by, .. } = ana.client.rights_cards(world.hood).unwrap().by else { panic!("sample") };
    assert_eq!(signed_by, ["Marisol"]);
    world.clock.forward(9 * DAY);
    sync(&ana.client, world.hood).await;
    assert!(ana.client.alerts(Filter { expired: true, ..Filter::default() }).unwrap().is_empty(), "the notice is gone");
    assert_eq!(cards(&ana.reopen(&world.clock), world.hood), first);

    world.clock.forward(60);
    let second = publish(&world, "Ask for a lawyer.").await;
    sync(&ana.client, world.hood).await;
    assert_eq!(cards(&ana, world.hood), second);
    // Who comes later gets what is said from then on.
    assert_eq!(cards(&world.admin, world.hood), second);
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_that_are_not_verified_replace_nothing() {
    let world = World::found().await;
    // Somebody who never heard the words back: it may be another's network.
    let ana = Person::new(&world.clock);
    let link = world.invite(InviteRole::Responder).await;
    let view = ana.client.join(&link, &terms("Ana")).await.unwrap();
    sync(&world.admin.client, world.hood).await;
    world.admin.client.approve(world.hood, &view.request.to_string(), &view.say[0].join(" ")).await.unwrap();
    ana.client.wait_for_approval(world.hood, std::time::Duration::from_secs(20)).await.unwrap();
    publish(&world, "Silence is yours.").await;
    sync(&ana.client, world.hood).await;
    assert_eq!(ana.client.alerts(Filter::default()).unwrap().len(), 1, "it is shown as signed");
    assert_eq!(ana.client.rights_cards(world.hood).unwrap().by, CardsBy::Sample);
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_stay_as_long_as_somebody_wants_and_who_answered_stays_with_them() {
    let world = World::found().await;
    let (kai, ana) = (world.join(InviteRole::Responder, "Kai").await, world.join(InviteRole::Responder, "Ana").await);
    for wrong in [0, HOUR - 1, 366 * DAY] {
        let refused = world.admin.client.keep_history(wrong);
        assert!(matches!(refused, Err(ClientError::HistoryOutOfRange { found }) if found == wrong));
    }
    assert_eq!(world.admin.client.history().unwrap(), DAY);
    world.admin.client.keep_history(10 * DAY).unwrap();
    kai.client.keep_history(HOUR).unwrap();
    let id = send(&world.admin.client, world.hood, CHECKPOINT).await;
    let held = |person: &Person| person.client.alert(&id.to_string()).is_ok();
    for person in [&kai, &ana] {
        sync(&person.client, world.hood).await;
    }
    let mut going = AnswerContent::new(Code::constant("going"));
    going.eta_minutes = Some(5);
    ana.client.answer(&id.to_string(), going).await.unwrap();
    sync(&world.admin.client, world.hood).await;

    // Two hours until it expires, and an hour of history.
    for (hours, wanted) in [(2, [true, true, true]), (2, [false, true, true]), (23, [false, false, true])] {
        world.clock.forward(hours * HOUR + 60);
        for person in [&kai, &ana, &world.admin] {
            sync(&person.client, world.hood).await;
        }
        assert_eq!([held(&kai), held(&ana), held(&world.admin)], wanted);
    }
    // Longer than the neighborhood's retention, for whoever chose so, with the answers.
    world.clock.forward(5 * DAY);
    sync(&world.admin.client, world.hood).await;
    let incident = world.admin.client.incidents(&[]).unwrap().remove(0);
    let answers = incident.answers.unwrap();
    assert_eq!((answers.going, answers.first_going.is_some()), (1, true));
    world.clock.forward(5 * DAY);
    sync(&world.admin.client, world.hood).await;
    assert!(!held(&world.admin));
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_stay_in_the_vault_and_are_bounded() {
    let world = World::found().await;
    let client = &world.admin.client;
    let built_in = client.templates().unwrap();
    assert!(built_in.iter().all(|template| template.built_in) && built_in.len() > 3);
    let own = AlertFile::read(r#"{"kind":"community.flood","needs":["driver:2"]}"#).unwrap();
    client.save_template("river", &own).unwrap();
    client.save_template("drill", &own).unwrap();
    assert_eq!(client.template("river").unwrap().file, own);
    assert_eq!(client.template("drill").unwrap().file, own);
    // Of those that came with the program, only what was put in its place goes.
    client.remove_template("drill").await.unwrap();
    assert!(client.template("drill").unwrap().built_in);
    let refused = client.remove_template("drill").await;
    assert!(matches!(refused, Err(ClientError::Template(TemplateError::BuiltIn { .. }))));
    assert!(matches!(client.remove_template("none").await, Err(ClientError::NotFound { .. })));
    for name in ["", "Two Words", "../x", &"x".repeat(49)] {
        let refused = client.save_template(name, &own);
        assert!(matches!(refused, Err(ClientError::Template(TemplateError::Name { .. }))), "{name}");
    }
    for more in 1..MAX_TEMPLATES {
        client.save_template(&format!("river-{more}"), &own).unwrap();
    }
    assert!(matches!(client.save_template("one-more", &own), Err(ClientError::Template(TemplateError::TooMany))));
    client.save_template("river", &own).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_template_is_every_coordinators_and_outlives_the_retention_and_the_newest_word_counts() {
    let world = World::found().await;
    let lupe = world.join(InviteRole::Coordinator, "Lupe").await;
    world.admin.client.grant("Lupe", world.hood, true, true, None).await.unwrap();
    world.admin.client.rotate(world.hood).await.unwrap();
    let (marisol, kai) = (&world.admin.client, world.join_in_person("Kai").await);
    sync(&lupe.client, world.hood).await;
    let river = |needs: &str| AlertFile::read(&format!(r#"{{"kind":"community.flood","needs":["{needs}"]}}"#)).unwrap();
    marisol.save_template("river", &river("driver:1")).unwrap();
    assert!(marisol.share_template(world.hood, "river", &river("driver:2")).await.unwrap().is_accepted());
    sync(&lupe.client, world.hood).await;
    let held = |client: &watchfire_client::Client| client.template("river").map(|template| template.file.needs);
    let theirs = lupe.client.template("river").unwrap();
    assert_eq!((theirs.file.needs, theirs.shared.unwrap().handle), (vec!["driver:2".to_owned()], "Marisol".to_owned()));
    assert_eq!(held(marisol).unwrap(), ["driver:2"], "the one of this vault alone does not hide it");
    sync(&kai.client, world.hood).await;
    assert!(held(&kai.client).is_err(), "that is for coordinators");
    assert!(kai.client.share_template(world.hood, "x", &river("driver:2")).await.is_err());

    lupe.client.share_template(world.hood, "river", &river("driver:3")).await.unwrap();
    // Long after the relay forgot what it was given first, somebody new is told.
    for _ in 0..8 {
        world.clock.forward(2 * DAY);
        sync(marisol, world.hood).await;
        sync(&lupe.client, world.hood).await;
    }
    assert_eq!(held(marisol).unwrap(), ["driver:3"]);
    let ana = world.join(InviteRole::Coordinator, "Ana").await;
    marisol.grant("Ana", world.hood, true, false, None).await.unwrap();
    marisol.rotate(world.hood).await.unwrap();
    sync(&ana.client, world.hood).await;
    sync(marisol, world.hood).await;
    world.clock.forward(4 * DAY);
    sync(marisol, world.hood).await;
    sync(&ana.client, world.hood).await;
    assert_eq!(held(&ana.client).unwrap(), ["driver:3"]);

    assert_eq!(ana.client.remove_template("river").await.unwrap().len(), 1);
    sync(marisol, world.hood).await;
    assert!(held(marisol).is_err(), "removed for all of them");
    let long = AlertFile::read(&format!(
        r#"{{"kind":"community.flood","text":{{{}}}}}"#,
        (0..8).map(|n| format!(r#""en-x-{n}":{{"description":"{}"}}"#, "x".repeat(900))).collect::<Vec<_>>().join(",")
    ));
    let refused = marisol.share_template(world.hood, "long", &long.unwrap()).await.unwrap_err();
    assert!(matches!(refused, ClientError::Template(TemplateError::TooLong { .. })), "{refused}");
}

fn sighting(text: &str) -> ReportContent {
    ReportContent { place: Some(Place::named(text)), ..ReportContent::new(Code::constant("enforcement.checkpoint")) }
}

/// Looks at the newest report that nobody looked at, and says what was found.
async fn check(world: &World, report: watchfire_protocol::id::ReportId, outcome: &'static str) {
    let client = &world.admin.client;
    let view = client.report(&report.to_string()).unwrap();
    client.verify_report(&view, Code::constant(outcome), Code::constant("on-site"), None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_is_counted_from_the_coordinators_vault_and_its_reports_are_in_the_csv() {
    let world = World::found().await;
    let client = &world.admin.client;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    assert!(matches!(ana.client.stats(), Err(ClientError::NotGranted(_))));
    assert_eq!(client.stats().unwrap(), Stats::default());

    let mut reports = Vec::new();
    for text in ["=5th & Main", "5th and Main", "River Road"] {
        let mut content = sighting(text);
        content.comments = format!("they said {text}");
        reports.push(ana.client.send_report(world.hood, content).await.unwrap().id);
        world.clock.forward(60);
    }
    sync(client, world.hood).await;
    let [first, second, third] = reports[..] else { panic!("three") };
    let (one, other) = (client.report(&second.to_string()).unwrap(), client.report(&first.to_string()).unwrap());
    client.merge_reports(&one, &other, false).await.unwrap();
    world.clock.forward(240);
    check(&world, first, "verified").await;
    check(&world, third, "false-alarm").await;

    let id = send(client, world.hood, CHECKPOINT).await;
    client.report_alerted(&client.report(&first.to_string()).unwrap(), id).await.unwrap();
    sync(&ana.client, world.hood).await;
    world.clock.forward(90);
    for answer in ["going", "on-scene"] {
        ana.client.answer(&id.to_string(), AnswerContent::new(Code::new(answer).unwrap())).await.unwrap();
        world.clock.forward(300);
    }
    sync(client, world.hood).await;
    let refused = client.incidents(&[id.to_string()]);
    assert!(matches!(refused, Err(ClientError::StillOpen { .. })), "it goes on");
    assert!(client.incidents(&[]).unwrap().is_empty());
    send(client, world.hood, DRILL).await;

    world.clock.forward(3 * HOUR);
    let stats = client.stats().unwrap();
    let wanted = Stats {
        sightings: 2,
        reports: 3,
        verified: 1,
        false_alarms: 1,
        dismissed: 0,
        open: 0,
        // From the first of the two reports to its check: three minutes of reports, and four.
        time_to_verify: Some(420),
        incidents: 1,
        drills: 1,
        // To the first who goes, though the newest answer says that they are there.
        time_to_going: Some(90),
    };
    assert_eq!(stats, wanted);
    assert_eq!(stats.false_alarm_percent(), Some(50));

    let incidents = client.incidents(&[id.to_string()]).unwrap();
    let bytes = csv(&incidents, &[]).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(client.reports(ReportFilter { hood: None, all: true }).unwrap().len(), 3);
    for (said, is_there) in [("they said =5th & Main", true), ("they said 5th and Main", true), ("River", false)] {
        assert_eq!(text.contains(said), is_there, "{said}");
    }
    // What ended without an alert has a row once it is closed.
    assert!(client.ended_reports().unwrap().is_empty());
    client.debunk_report(&client.report(&third.to_string()).unwrap(), false).await.unwrap();
    let ended = client.ended_reports().unwrap();
    let said: Vec<_> = ended.iter().map(|ended| (ended.report.id.clone(), ended.how)).collect();
    assert_eq!(said, [(third.to_string(), "debunked")]);
    assert!(String::from_utf8(csv(&incidents, &ended).unwrap()).unwrap().contains("they said River Road"));
    assert_eq!(harmed("'=5th & Main"), "=5th & Main");
    assert!(text.contains("'=5th & Main") && !text.contains(",=5th"));
}
