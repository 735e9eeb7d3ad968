//! Reports and what coordinators do with them, over a relay on a made-up clock.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use watchfire_client::file::report;
use watchfire_client::net::Connection;
use watchfire_client::ops::desk::{Delivery, DeskError, DroppedReports, ReportFilter, ReportView, Standing};
use watchfire_client::ops::made::Fate;
use watchfire_client::route::{Errand, Route};
use watchfire_client::vault::Bucket;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::desk::{DeskBody, DeskEvent};
use watchfire_protocol::frame::{Prover, Refusal, Request};
use watchfire_protocol::id::{AlertId, NeighborhoodId, ReportId};
use watchfire_protocol::inbox::{InboxItem, Report, Sees};
use watchfire_protocol::record::{Channel, Header, seal_inbox, seal_record};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::{PublicKey, SecretKey};
use watchfire_protocol::time::{HOUR, Hour, Timestamp};
use watchfire_protocol::verdict::CLOCK_DOUBT;
use watchfire_protocol::vocabulary::{AlertContent, Caller, Code, Place, ReportContent, Strength};
use watchfire_protocol::wire::{self, Extensions, Signed};
use watchfire_tests::local::{Person, World};
use watchfire_tests::rogue::Hand;

/// Marisol and Kai keep the desk, Ana and Ben report.
struct Town {
    world: World,
    kai: Person,
    ana: Person,
    ben: Person,
}

impl Town {
    async fn new() -> Self {
        let world = World::found().await;
        let kai = coordinator(&world, "Kai").await;
        let (ana, ben) = (world.join_in_person("Ana").await, world.join_in_person("Ben").await);
        let town = Self { world, kai, ana, ben };
        town.sync().await;
        town
    }

    fn marisol(&self) -> &Client {
        &self.world.admin.client
    }

    fn hood(&self) -> NeighborhoodId {
        self.world.hood
    }

    async fn sync(&self) {
        for client in [self.marisol(), &self.kai.client] {
            client.connected(self.hood()).await.unwrap();
        }
    }

    /// Ana reports, and both coordinators read it.
    async fn reported(&self) -> ReportId {
        let id = self.ana.client.send_report(self.hood(), sighting()).await.unwrap().id;
        self.sync().await;
        id
    }

    async fn verified(&self, client: &Client, id: ReportId) {
        assert!(verify(client, id, "verified", "on-site").await.unwrap().is_accepted());
    }

    /// Seals desk events in this hour with Kai's role keys, and appends them: whoever signed them.
    async fn append(&self, events: Vec<(DeskEvent, SecretKey)>) {
        let now = self.world.clock.now();
        self.append_bodies(events.into_iter().map(|(event, signer)| (body(event, now), signer)).collect()).await;
    }

    async fn append_bodies(&self, bodies: Vec<(DeskBody, SecretKey)>) {
        let (state, epoch) = self.kai.keys(self.hood());
        let (place, keys) = (state.place(), epoch.keys(state.place()).coordinator.unwrap());
        let chain = keys.chain().at(Hour::at(epoch.opened_at, self.world.clock.now())).unwrap();
        let header = Header { channel: Channel::Desk, epoch: epoch.epoch, hour: chain.hour() };
        let mut relay =
            Connection::open(&Route::straight().unwrap(), &self.world.relay.url, None, Errand::Alerts, None)
                .await
                .unwrap();
        relay.prove(place, epoch.epoch, Prover::Coordinator, &keys.role_key()).await.unwrap();
        for (body, signer) in bodies {
            let content = wire::encode(&body.sign(&place, &signer));
            let record =
                seal_record(&place, &epoch.announcement, header, &chain.desk_key(), &content, &mut rand::rng());
            relay.call(Request::Append { record: record.unwrap() }).await.unwrap();
        }
    }
}

async fn coordinator(world: &World, handle: &str) -> Person {
    let person = world.join(InviteRole::Coordinator, handle).await;
    world.admin.client.grant(handle, world.hood, true, true, None).await.unwrap();
    world.admin.client.rotate(world.hood).await.unwrap();
    person.client.connected(world.hood).await.unwrap();
    person
}

fn body(event: DeskEvent, at: Timestamp) -> DeskBody {
    DeskBody { random: rand::random(), charter_version: 1, at, event, extensions: Extensions::default() }
}

fn sighting() -> ReportContent {
    report::parse(
        r#"{"kind":"enforcement.checkpoint","place":{"type":"street","text":"5th & Main"},
            "seen":{"size":{"people":{"min":4}},"activity":["stopping-vehicles"],"unit":"vests reading POLICE",
                    "seen-at":"2026-01-17T15:00:00Z"},
            "source":"own-eyes","comments":"my cousin called me first"}"#,
    )
    .unwrap()
}

fn called_in() -> ReportContent {
    report::parse(
        r#"{"kind":"enforcement.checkpoint","place":{"type":"street","text":"Main St"},
            "seen":{"size":{"vehicles":{"min":2,"max":2}},"unit":"ICE","equipment":"a ram"},
            "people":{"detained":1},"source":"hotline-call","caller":"Rosa, 312-555-0123"}"#,
    )
    .unwrap()
}

fn all(client: &Client) -> Vec<ReportView> {
    client.reports(ReportFilter { hood: None, all: true }).unwrap()
}

fn open(client: &Client) -> Vec<ReportId> {
    client.reports(ReportFilter::default()).unwrap().into_iter().map(|view| view.id).collect()
}

fn view(client: &Client, id: ReportId) -> ReportView {
    client.report(&id.to_string()).unwrap()
}

fn holder(client: &Client, id: ReportId) -> Option<String> {
    let view = view(client, id);
    view.matter.claim.map(|claim| view.handle(&claim.by))
}

async fn verify(client: &Client, id: ReportId, outcome: &str, method: &str) -> Result<Delivery, ClientError> {
    let (outcome, method) = (Code::new(outcome).unwrap(), Code::new(method).unwrap());
    client.verify_report(&view(client, id), outcome, method, None).await
}

#[track_caller]
fn refused(done: Result<Delivery, ClientError>) -> DeskError {
    match done {
        Err(ClientError::Desk(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_reaches_every_coordinator_as_it_was_written_and_nobody_else() {
    let town = Town::new().await;
    let id = town.reported().await;
    for client in [town.marisol(), &town.kai.client] {
        let view = view(client, id);
        assert_eq!((&view.content, view.author.as_str(), view.standing()), (&sighting(), "Ana", Standing::Open));
        assert_eq!(view.content.strength(), Strength::Strong);
        assert!(!view.told && !view.queued);
    }
    // What this program would not send, another one may: the desk looks at it all the same.
    let bare = ReportContent::new(Code::constant("enforcement.raid"));
    let id = town.ana.client.send_report(town.hood(), bare.clone()).await.unwrap().id;
    town.kai.client.connected(town.hood()).await.unwrap();
    assert_eq!(view(&town.kai.client, id).content, bare);
    town.ben.client.connected(town.hood()).await.unwrap();
    let nothing = town.ben.client.reports(ReportFilter::default());
    assert!(matches!(nothing, Err(ClientError::NotGranted(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_breaks_a_rule_is_refused_before_it_is_kept() {
    let town = Town::new().await;
    let long = ReportContent { comments: "x".repeat(3001), ..sighting() };
    let unknown = ReportContent { source: Code::constant("hearsay"), ..sighting() };
    for content in [long, unknown] {
        let refused = town.ana.client.send_report(town.hood(), content).await;
        assert!(matches!(refused, Err(ClientError::Content(_))));
    }
    assert_eq!(town.ana.client.queued().unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_relay_a_report_waits_and_arrives_once_under_the_id_that_was_told() {
    let mut town = Town::new().await;
    town.world.relay.stop().await;
    let sent = town.ana.client.send_report(town.hood(), sighting()).await.unwrap();
    assert!(matches!(sent.delivery, Delivery::Queued(ClientError::Unreachable { .. })));
    assert_eq!(town.ana.client.queued().unwrap(), 1);
    // A coordinator sees what they typed themselves, and can work on it.
    let typed = town.marisol().send_report(town.hood(), called_in()).await.unwrap();
    assert!(view(town.marisol(), typed.id).queued);
    let claimed = town.marisol().claim_report(&view(town.marisol(), typed.id), false).await.unwrap();
    assert!(!claimed.is_accepted());
    town.world.relay.serve().await;
    town.world.clock.forward(3 * HOUR);
    town.ana.client.connected(town.hood()).await.unwrap();
    town.sync().await;
    town.sync().await;
    assert_eq!(all(&town.kai.client).len(), 2);
    assert_eq!(view(&town.kai.client, sent.id).content, sighting());
    assert_eq!(holder(&town.kai.client, typed.id), Some("Marisol".to_owned()));
    assert!(!view(town.marisol(), typed.id).queued);
    assert_eq!(town.marisol().queued().unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_waited_for_hours_is_no_sign_of_another_view() {
    let mut town = Town::new().await;
    town.world.relay.stop().await;
    town.ana.client.send_report(town.hood(), sighting()).await.unwrap();
    town.world.relay.serve().await;
    town.marisol().rotate(town.hood()).await.unwrap();
    town.world.clock.forward(3 * HOUR);
    town.sync().await;
    town.ana.client.connected(town.hood()).await.unwrap();
    town.sync().await;
    assert_eq!(open(town.marisol()).len(), 1);
    assert!(town.marisol().notices(town.hood()).unwrap().other_views.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_coordinator_has_a_report_until_it_is_given_back_or_taken_over() {
    let town = Town::new().await;
    let (marisol, kai) = (town.marisol(), &town.kai.client);
    let id = town.reported().await;
    // Kai's vault has not read of it; the claim that the relay has is read before Kai's own is decided.
    let before = view(kai, id);
    assert!(marisol.claim_report(&view(marisol, id), false).await.unwrap().is_accepted());
    town.world.clock.forward(720);
    let Some(DeskError::Claimed { by, seconds, .. }) = Some(refused(kai.claim_report(&before, false).await)) else {
        panic!("somebody has it");
    };
    assert_eq!((by.as_str(), seconds), ("Marisol", 720));
    assert_eq!(holder(kai, id).as_deref(), Some("Marisol"));
    let yours = refused(kai.release_report(&view(kai, id)).await);
    assert_eq!(yours, DeskError::NotYours { report: before.short.clone() });
    assert!(kai.claim_report(&before, true).await.unwrap().is_accepted());
    town.sync().await;
    assert_eq!(holder(marisol, id).as_deref(), Some("Kai"));
    assert!(view(kai, id).claimed_here && !view(marisol, id).claimed_here);
    kai.release_report(&view(kai, id)).await.unwrap();
    town.sync().await;
    assert_eq!((holder(marisol, id), view(marisol, id).standing()), (None, Standing::Open));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_one_right_after_the_other_holds_in_that_order() {
    let town = Town::new().await;
    let (marisol, id) = (town.marisol(), town.reported().await);
    // All within one second of the clock.
    for _ in 0..4 {
        marisol.claim_report(&view(marisol, id), false).await.unwrap();
        assert_eq!(holder(marisol, id).as_deref(), Some("Marisol"));
        marisol.release_report(&view(marisol, id)).await.unwrap();
        assert_eq!(holder(marisol, id), None);
    }
    verify(marisol, id, "not-found", "call-back").await.unwrap();
    verify(marisol, id, "verified", "on-site").await.unwrap();
    assert_eq!(view(marisol, id).matter.state(), "verified");
    town.sync().await;
    assert!(view(&town.kai.client, id).matter == view(marisol, id).matter);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_claims_at_once_are_one_claim_for_everybody() {
    let mut town = Town::new().await;
    let id = town.reported().await;
    town.world.relay.stop().await;
    for client in [town.marisol(), &town.kai.client] {
        assert!(!client.claim_report(&view(client, id), false).await.unwrap().is_accepted());
        assert!(view(client, id).claimed_here);
    }
    town.world.relay.serve().await;
    town.sync().await;
    town.sync().await;
    let (one, other) = (holder(town.marisol(), id), holder(&town.kai.client, id));
    assert!(one.is_some() && one == other);
    assert_ne!(view(town.marisol(), id).claimed_here, view(&town.kai.client, id).claimed_here);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_reports_take_two_sources_and_make_one_alert() {
    let town = Town::new().await;
    let (marisol, kai) = (town.marisol(), &town.kai.client);
    let first = town.reported().await;
    let again = town.ana.client.send_report(town.hood(), sighting()).await.unwrap().id;
    let typed = marisol.send_report(town.hood(), called_in()).await.unwrap().id;
    town.sync().await;
    let short = view(kai, first).short;
    let one_source = DeskError::OneSource { report: short.clone() };
    assert_eq!(refused(verify(kai, first, "corroborated", "two-reports").await), one_source);
    kai.merge_reports(&view(kai, again), &view(kai, first), false).await.unwrap();
    let same_person = refused(verify(kai, first, "corroborated", "two-reports").await);
    assert_eq!(same_person, one_source, "one member twice is one source");
    kai.merge_reports(&view(kai, typed), &view(kai, first), false).await.unwrap();
    assert!(verify(kai, first, "corroborated", "two-reports").await.unwrap().is_accepted());
    town.sync().await;
    // Both are there, one beside the other.
    let (head, merged) = (view(marisol, first), view(marisol, typed));
    assert_eq!((merged.standing(), merged.merged_into, merged.content), (Standing::Merged, Some(first), called_in()));
    assert_eq!(head.merged.len(), 2);
    assert_eq!(open(marisol), [first]);
    // The alert is completed from both, and says nothing of callers and comments.
    let alert = marisol.alert_of(&head, None).unwrap();
    let seen = alert.seen.clone().unwrap();
    assert_eq!((seen.unit.as_str(), seen.equipment.as_str()), ("vests reading POLICE", "a ram"));
    assert_eq!((seen.size.people.unwrap().min, seen.size.vehicles.unwrap().max), (4, Some(2)));
    assert_eq!((alert.verification.state.as_str(), alert.verification.by[0].handle.as_str()), ("corroborated", "Kai"));
    assert_eq!(alert.verification.by[0].method, "two-reports");
    let shown = format!("{alert:?}");
    assert!(!shown.contains("Rosa") && !shown.contains("cousin"));
    // What is merged after the check is not checked by it, until somebody checks it too.
    let late = report::parse(r#"{"kind":"enforcement.checkpoint","people":{"children":true},"comments":"a bus"}"#);
    let late = town.ben.client.send_report(town.hood(), late.unwrap()).await.unwrap().id;
    town.sync().await;
    marisol.merge_reports(&view(marisol, late), &view(marisol, first), false).await.unwrap();
    let children = || marisol.alert_of(&view(marisol, first), None).unwrap().people.unwrap().children;
    assert_eq!((view(marisol, first).unchecked, children()), (vec![late], None));
    assert!(view(marisol, late).is_unchecked() && !view(marisol, typed).is_unchecked());
    assert!(verify(marisol, first, "verified", "call-back").await.unwrap().is_accepted());
    assert_eq!((view(marisol, first).unchecked, children()), (vec![], Some(true)));
    // What is done to the one that was merged is refused, and says where to do it.
    let merged = DeskError::Merged { report: view(kai, again).short, into: short.clone() };
    assert_eq!(refused(verify(kai, again, "verified", "photo").await), merged);
    assert_eq!(
        refused(kai.merge_reports(&view(kai, first), &view(kai, typed), false).await),
        DeskError::Same { report: short }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_unverified_is_made_an_alert_but_a_call_to_verify() {
    let town = Town::new().await;
    let (marisol, id) = (town.marisol(), town.reported().await);
    let ask = |ask: &'static str| Some(Code::constant(ask));
    let not_verified =
        |done: Result<_, ClientError>| matches!(done, Err(ClientError::Desk(DeskError::NotVerified { .. })));
    for wanted in [None, ask("observe"), ask("support")] {
        assert!(not_verified(marisol.alert_of(&view(marisol, id), wanted.as_ref()).map(drop)));
    }
    let call = marisol.alert_of(&view(marisol, id), ask("verify").as_ref()).unwrap();
    assert_eq!((call.verification.state.as_str(), call.verification.by.len()), ("unverified", 0));
    town.verified(marisol, id).await;
    assert!(marisol.alert_of(&view(marisol, id), None).is_ok());
    verify(&town.kai.client, id, "false-alarm", "official").await.unwrap();
    town.sync().await;
    // What was found not to be so is not even called for to be verified.
    for wanted in [None, ask("verify")] {
        let refused = marisol.alert_of(&view(marisol, id), wanted.as_ref()).err();
        let Some(ClientError::Desk(DeskError::FoundFalse { by, outcome, .. })) = refused else { panic!("{refused:?}") };
        assert_eq!((by.as_str(), outcome.as_str()), ("Kai", "false-alarm"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_types_for_callers_loses_nothing_and_what_a_flood_pushed_out_is_told() {
    let town = Town::new().await;
    for _ in 0..66 {
        for client in [town.marisol(), &town.ben.client] {
            client.send_report(town.hood(), sighting()).await.unwrap();
        }
    }
    town.sync().await;
    let kai = &town.kai.client;
    let all = kai.reports(ReportFilter { hood: None, all: true }).unwrap();
    let by = |author: &str| all.iter().filter(|view| view.author == author).count();
    assert_eq!((by(&town.marisol().profile().unwrap().handle), by("Ben")), (66, 64));
    let neighborhood = kai.hoods().unwrap().remove(0).1;
    let dropped = DroppedReports { neighborhood, author: "Ben".to_owned(), count: 2 };
    assert_eq!(kai.dropped_reports().unwrap(), [dropped]);
    assert!(town.ana.client.dropped_reports().unwrap().is_empty());
    // For as long as reports are kept.
    town.world.clock.forward(80 * 3600);
    town.sync().await;
    assert!(kai.dropped_reports().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_was_taken_back_says_so_of_its_report_until_somebody_checks_it_anew() {
    let town = Town::new().await;
    let (marisol, kai) = (town.marisol(), &town.kai.client);
    let made = async |id: ReportId| {
        town.verified(kai, id).await;
        let content = kai.alert_of(&view(kai, id), None).unwrap();
        let sent = kai.send_alert(kai.draft_alert(town.hood(), content, None).unwrap()).await.unwrap().id;
        kai.report_alerted(&view(kai, id), sent).await.unwrap();
        sent
    };
    let said_of = async |alert: AlertId, msg_type: &'static str, outcome: Option<&'static str>| {
        town.world.clock.forward(60);
        let about = marisol.about(&alert.to_string(), true).unwrap();
        let mut content = AlertContent::new(Code::constant("enforcement.checkpoint"));
        (content.msg_type, content.references) = (Code::constant(msg_type), about.references);
        (content.outcome, content.place) = (outcome.map(Code::constant), sighting().place);
        marisol.send_alert(marisol.draft_alert(town.hood(), content, None).unwrap()).await.unwrap();
        town.sync().await;
    };
    let [corrected, never_found, resolved] = [town.reported().await, town.reported().await, town.reported().await];
    let alerts = [made(corrected).await, made(never_found).await, made(resolved).await];
    town.sync().await;
    // Everybody knows who made it, and that one more would say it again; a call to verify would too.
    let seen = view(marisol, corrected);
    let known = seen.said_already(false).unwrap();
    assert_eq!((known.alert, seen.handle(&known.by).as_str(), &known.fate), (alerts[0], "Kai", &Fate::Open));
    assert!(seen.said_already(true).is_some() && seen.taken_back().is_none());
    assert_eq!(marisol.stats().unwrap().false_alarms, 0);
    said_of(alerts[0], "correction", None).await;
    said_of(alerts[0], "cancel", Some("resolved")).await;
    said_of(alerts[1], "cancel", Some("never-found")).await;
    said_of(alerts[2], "cancel", Some("resolved")).await;
    for (id, verify_too) in [(corrected, false), (never_found, false), (corrected, true)] {
        let ask = verify_too.then(|| Code::constant("verify"));
        let refused = kai.alert_of(&view(kai, id), ask.as_ref()).err();
        let Some(ClientError::Desk(DeskError::TakenBack { by, .. })) = refused else { panic!("{refused:?}") };
        assert_eq!(by, "Marisol");
    }
    assert!(kai.alert_of(&view(kai, resolved), None).is_ok());
    assert_eq!(view(kai, resolved).said_already(false).map(|made| made.fate.clone()), Some(Fate::Over));
    let stats = kai.stats().unwrap();
    assert_eq!((stats.verified, stats.false_alarms, stats.false_alarm_percent()), (1, 2, Some(67)));
    // What was stood down is done with; what was not so is not, until somebody closes it. Nothing real is hidden.
    let alone = town.reported().await;
    assert_eq!(BTreeSet::from_iter(open(kai)), BTreeSet::from([corrected, never_found, alone]));
    assert!(all(kai).iter().any(|view| view.id == resolved && view.is_stood_down()));
    town.world.clock.forward(60);
    town.verified(marisol, resolved).await;
    town.sync().await;
    assert!(open(kai).contains(&resolved), "it was seen again");
    // Whoever saw it after that says so, and it goes out as something new.
    town.world.clock.forward(60);
    town.verified(marisol, corrected).await;
    town.sync().await;
    assert!(kai.alert_of(&view(kai, corrected), None).is_ok() && view(kai, corrected).said_already(false).is_none());
    assert_eq!(kai.stats().unwrap().false_alarms, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_report_is_left_alone_until_somebody_claims_it_again() {
    let town = Town::new().await;
    let (marisol, kai, id) = (town.marisol(), &town.kai.client, town.reported().await);
    marisol.claim_report(&view(marisol, id), false).await.unwrap();
    let claimed = refused(kai.dismiss_report(&view(kai, id), "heard it before".to_owned(), false).await);
    assert!(matches!(claimed, DeskError::Claimed { .. }));
    assert!(matches!(refused(kai.debunk_report(&view(kai, id), false).await), DeskError::Claimed { .. }));
    kai.debunk_report(&view(kai, id), true).await.unwrap();
    town.sync().await;
    assert_eq!(view(marisol, id).standing(), Standing::Debunked);
    assert!(open(marisol).is_empty());
    let closed = DeskError::Closed { report: view(marisol, id).short };
    assert_eq!(refused(verify(marisol, id, "verified", "on-site").await), closed);
    assert_eq!(refused(marisol.dismiss_report(&view(marisol, id), String::new(), false).await), closed);
    let verify_call = marisol.alert_of(&view(marisol, id), Some(&Code::constant("verify")));
    assert!(matches!(verify_call, Err(ClientError::Desk(DeskError::Closed { .. }))));
    marisol.claim_report(&view(marisol, id), false).await.unwrap();
    town.sync().await;
    assert_eq!(view(kai, id).standing(), Standing::Claimed);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_alerts_and_exact_places_reach_the_other_coordinators() {
    let town = Town::new().await;
    let (marisol, kai, id) = (town.marisol(), &town.kai.client, town.reported().await);
    let alert = AlertId([7; 16]);
    marisol.note_report(&view(marisol, id), "call her again at nine".to_owned()).await.unwrap();
    marisol.report_alerted(&view(marisol, id), alert).await.unwrap();
    marisol.note_place(town.hood(), alert, Place::named("back door")).await.unwrap();
    marisol.note_place(town.hood(), alert, Place::named("side door")).await.unwrap();
    town.sync().await;
    let view = view(kai, id);
    assert_eq!(
        (view.matter.notes[0].text.as_str(), view.matter.alerts.len(), view.matter.alerts[0].alert),
        ("call her again at nine", 1, alert)
    );
    assert_eq!(kai.exact_place(town.hood(), &alert).unwrap(), Some(Place::named("side door")));
    assert_eq!(kai.exact_place(town.hood(), &AlertId([8; 16])).unwrap(), None);
    let empty = marisol.note_report(&view, " ".to_owned()).await;
    assert!(matches!(empty, Err(ClientError::Content(_))));
    let long = marisol.dismiss_report(&view, "x".repeat(301), false).await;
    assert!(matches!(long, Err(ClientError::Content(_))));
    assert_eq!(marisol.queued().unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_who_is_revoked_has_checked_nothing() {
    let town = Town::new().await;
    let (marisol, id) = (town.marisol(), town.reported().await);
    town.verified(&town.kai.client, id).await;
    town.kai.client.claim_report(&view(&town.kai.client, id), false).await.unwrap();
    town.sync().await;
    assert!(view(marisol, id).matter.is_verified());
    let kai = Hand::of(&town.kai, town.hood()).device;
    town.world
        .next_charter(|charter| {
            charter.grants.retain(|grant| !grant.devices.contains(&kai.public()));
            charter.neighborhoods[0].quorum = 1;
        })
        .await;
    marisol.connected(town.hood()).await.unwrap();
    let view = view(marisol, id);
    assert!(!view.matter.is_verified() && view.matter.claim.is_none() && view.matter.checks.is_empty());
    let alert = marisol.alert_of(&view, None);
    assert!(matches!(alert, Err(ClientError::Desk(DeskError::NotVerified { .. }))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_without_a_right_signs_for_the_desk_is_not_taken() {
    let town = Town::new().await;
    let (marisol, report) = (town.marisol(), town.reported().await);
    let (outcome, method) = (Code::constant("verified"), Code::constant("on-site"));
    let event = DeskEvent::Verify { report, outcome, method, certainty: None };
    // With the role keys of a coordinator, a key that is granted nothing, and a responder's identity key.
    let ana = town.ana.keys(town.hood()).0.identity_key();
    let stranger = SecretKey::generate(&mut rand::rng());
    town.append(vec![(event.clone(), ana), (event.clone(), stranger)]).await;
    town.sync().await;
    assert!(view(marisol, report).matter.checks.is_empty());
    assert_eq!(kept(&town), 0, "nor does it take room");
    // The same with a key that is granted something is taken.
    let kai = Hand::of(&town.kai, town.hood()).device;
    town.append(vec![(event, kai)]).await;
    town.sync().await;
    assert!(view(marisol, report).matter.is_verified());
    assert_eq!(kept(&town), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_names_a_charter_which_has_not_come_waits_for_it() {
    let town = Town::new().await;
    let (marisol, report) = (town.marisol(), town.reported().await);
    let kai = Hand::of(&town.kai, town.hood()).device;
    let next = marisol.charters().unwrap().newest().version() + 1;
    let ahead = DeskBody { charter_version: next, ..body(DeskEvent::Debunk { report }, town.world.clock.now()) };
    town.append_bodies(vec![(ahead, kai)]).await;
    town.sync().await;
    assert_eq!((kept(&town), view(marisol, report).standing()), (0, Standing::Open));
    town.world.next_charter(|charter| charter.grace_days += 1).await;
    town.sync().await;
    assert_eq!((kept(&town), view(marisol, report).standing()), (1, Standing::Debunked));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_from_ahead_of_the_clock_counts_when_its_time_has_come() {
    let town = Town::new().await;
    let (marisol, report) = (town.marisol(), town.reported().await);
    let kai = Hand::of(&town.kai, town.hood()).device;
    let at = town.world.clock.now().plus(2 * HOUR);
    town.append_bodies(vec![(body(DeskEvent::Debunk { report }, at), kai)]).await;
    town.sync().await;
    assert_eq!((kept(&town), view(marisol, report).standing()), (1, Standing::Open));
    // What is done meanwhile is not dated after it.
    marisol.claim_report(&view(marisol, report), false).await.unwrap();
    assert!(view(marisol, report).matter.claim.unwrap().at <= town.world.clock.now().plus(CLOCK_DOUBT));
    town.world.clock.forward(2 * HOUR);
    assert_eq!(view(marisol, report).standing(), Standing::Debunked);
}

/// How many desk events are in Marisol's vault.
fn kept(town: &Town) -> usize {
    type Stored = (Signed, Timestamp, Vec<PublicKey>);
    let vault = town.world.admin.vault();
    vault.transact(|tx| tx.list::<Stored>(Bucket::DeskEvent, &town.hood().0)).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responder_can_neither_append_to_the_desk_nor_report_as_another() {
    let town = Town::new().await;
    let (state, epoch) = town.ana.keys(town.hood());
    let (place, keys) = (state.place(), epoch.keys(state.place()));
    let chain = keys.member.chain();
    let header = Header { channel: Channel::Desk, epoch: epoch.epoch, hour: chain.hour() };
    let content = wire::encode(
        &body(DeskEvent::Debunk { report: ReportId([1; 16]) }, town.world.clock.now())
            .sign(&place, &state.identity_key()),
    );
    let record =
        seal_record(&place, &epoch.announcement, header, &chain.alerts_key(), &content, &mut rand::rng()).unwrap();
    let mut relay =
        Connection::open(&Route::straight().unwrap(), &town.world.relay.url, None, Errand::Alerts, None).await.unwrap();
    relay.prove(place, epoch.epoch, Prover::Member, &keys.member.role_key()).await.unwrap();
    let refused = relay.call(Request::Append { record }).await.err();
    assert!(matches!(refused, Some(ClientError::Refused(Refusal::WrongChannel | Refusal::NotProved))), "{refused:?}");

    // In Ben's name, with Ana's secret.
    let charters = town.ana.client.charters().unwrap();
    let sees = Sees {
        charter_version: charters.newest().version(),
        charter: charters.newest().hash(),
        restrictions: charters.restrictions_hash(),
        announcement: epoch.announcement,
        head: None,
    };
    let (sent, extensions) = (town.world.clock.now(), Extensions::default());
    let report = Report { random: [1; 16], sent, sees, content: sighting(), extensions };
    let ben = town.ben.keys(town.hood()).0.member;
    let item = InboxItem::authenticate(ben, &epoch.auth(place), &report).to_bytes();
    let hand = Hand::of(&town.kai, town.hood());
    let psk = chain.inbox_psk().unwrap();
    let context = place.at(epoch.epoch);
    let inbox = &hand.announcement.keys().inbox;
    let record = seal_inbox(&context, &epoch.announcement, chain.hour(), inbox, &psk, &item, &mut rand::rng()).unwrap();
    relay.call(Request::Append { record }).await.unwrap();
    town.sync().await;
    assert!(all(town.marisol()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_lost_everything_is_given_reports_and_desk_again() {
    let mut town = Town::new().await;
    let id = town.reported().await;
    town.verified(&town.kai.client, id).await;
    town.marisol().note_report(&view(town.marisol(), id), "a note".to_owned()).await.unwrap();
    town.sync().await;
    // Lu's desk has not read any of it.
    let lu = coordinator(&town.world, "Lu").await;
    town.sync().await;
    town.world.clock.forward(600);
    town.world.relay.stop().await;
    for file in std::fs::read_dir(town.world.relay.dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("relay.db") {
            std::fs::remove_file(path).unwrap();
        }
    }
    town.world.relay.serve().await;
    town.sync().await;
    lu.client.connected(town.hood()).await.unwrap();
    let seen = view(&lu.client, id);
    assert_eq!((seen.content, seen.author.as_str()), (sighting(), "Ana"));
    assert!(seen.matter == view(town.marisol(), id).matter);
    assert_eq!((seen.matter.checks.len(), seen.matter.notes.len()), (1, 1));
    // It is there once, and nobody brings it again.
    town.sync().await;
    assert_eq!(all(town.marisol()).len(), 1);
    assert!(town.marisol().notices(town.hood()).unwrap().other_views.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_and_what_was_done_with_them_are_gone_after_the_retention() {
    let town = Town::new().await;
    let (marisol, id) = (town.marisol(), town.reported().await);
    marisol.note_report(&view(marisol, id), "a note".to_owned()).await.unwrap();
    town.world.clock.forward(72 * HOUR);
    town.sync().await;
    assert_eq!(all(marisol).len(), 1);
    town.world.clock.forward(3 * HOUR);
    town.sync().await;
    assert!(all(marisol).is_empty());
    // Nothing is left of it in the vault, and nothing comes back.
    town.sync().await;
    assert!(all(&town.kai.client).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_known_to_the_desk_and_not_to_a_log() {
    let town = Town::new().await;
    let sent = town.marisol().send_report(town.hood(), called_in()).await.unwrap();
    town.sync().await;
    let seen = view(&town.kai.client, sent.id);
    assert_eq!(seen.content.caller.as_ref().map(Caller::reveal), Some("Rosa, 312-555-0123"));
    assert_eq!(seen.author, "Marisol");
    assert!(!format!("{:?}", seen.content).contains("Rosa"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_of_a_report_is_not_told_again() {
    let town = Town::new().await;
    let (marisol, id) = (town.marisol(), town.reported().await);
    marisol.mark_told(&view(marisol, id)).unwrap();
    assert!(view(marisol, id).told && !view(&town.kai.client, id).told);
    town.sync().await;
    assert!(view(marisol, id).told);
    // Whoever typed one knows it.
    let typed = marisol.send_report(town.hood(), called_in()).await.unwrap().id;
    assert!(view(marisol, typed).told && !marisol.report(&typed.to_string()).unwrap().queued);
}
