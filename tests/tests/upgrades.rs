//! What one release wrote the next one reads: vaults in `fixtures`, and relays of another version behind a proxy.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use watchfire_client::error::Lacks;
use watchfire_client::file::alert::{self, AlertFile};
use watchfire_client::net::Connection;
use watchfire_client::ops::amend::{Amendment, Outcome};
use watchfire_client::ops::begun::{Begun, Origin, Slot, Writing};
use watchfire_client::ops::desk::ReportFilter;
use watchfire_client::ops::duty::Duty;
use watchfire_client::ops::invite::InviteTerms;
use watchfire_client::ops::offer::OfferChange;
use watchfire_client::ops::rights::sample_cards;
use watchfire_client::ops::view::Filter;
use watchfire_client::route::{Errand, Route};
use watchfire_client::vault::FILE;
use watchfire_client::{Client, ClientError, Taken};
use watchfire_protocol::alert::{AlertBody, AlertsItem, SignedAlert};
use watchfire_protocol::charter::{Restricted, Right, Subject};
use watchfire_protocol::frame::{Prover, REFUSALS, REPLIES, Refusal, Reply, Request};
use watchfire_protocol::id::AlertId;
use watchfire_protocol::record::Channel;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::DAY;
use watchfire_protocol::vocabulary::{AlertContent, AnswerContent, Code, Place};
use watchfire_protocol::wire;
use watchfire_tests::hostile::{Act, Hostile, Said};
use watchfire_tests::local::{HandClock, Person, World, terms};

/// The vaults that each version of the tables' layout wrote; the last is today's.
const VAULTS: [&str; 2] = ["vault-1", "vault-2"];
const HOMES: [&str; 3] = ["coordinator", "responder", "newcomer"];
/// How long the night lasted after which they were put away: members renew in the first three days of an epoch.
const NIGHT: u64 = 3 * DAY;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn is_to_be_written() -> bool {
    std::env::var_os("WATCHFIRE_WRITE_FIXTURES").is_some_and(|value| value == "1")
}

fn checkpoint() -> AlertContent {
    alert::parse(include_str!("../../examples/alerts/checkpoint.json")).unwrap().0
}

fn going() -> AnswerContent {
    AnswerContent::new(Code::constant("going"))
}

async fn sync(world: &World, people: &[&Person]) {
    for person in people {
        person.client.connected(world.hood).await.unwrap().0.goodbye().await;
    }
}

/// An alert by somebody whom the charter does not know, as whoever has a coordinator's role key could append one.
async fn forge(world: &World, by: &Person, of: AlertId) {
    let view = world.admin.client.alert(&of.to_string()).unwrap();
    let (state, epoch) = world.admin.keys(world.hood);
    let mut body: AlertBody = wire::decode_body(&view.shown.signed().body).unwrap();
    body.random = [7; 16];
    let stranger = by.keys(world.hood).0.identity_key();
    let forged = AlertsItem::Alert(SignedAlert::sign(&body, &state.place(), &stranger)).to_bytes();
    let record = by.wrap(world.hood, &forged);
    let mut relay =
        Connection::open(&Route::straight().unwrap(), &world.relay.url, None, Errand::Alerts, None).await.unwrap();
    let key = epoch.keys(state.place()).coordinator.unwrap().role_key();
    relay.prove(state.place(), epoch.epoch, Prover::Coordinator, &key).await.unwrap();
    relay.call(Request::Append { record }).await.unwrap();
}

/// A network in which something of almost everything has happened: a coordinator, a responder, and somebody who waits for
/// approval.
async fn a_night() -> (World, Person, Person) {
    let mut world = World::found().await;
    let (admin, hood) = (&world.admin.client, world.hood);
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    admin.grant("Kai", hood, true, true, None).await.unwrap();
    let (ana, _ben) = (world.join_in_person("Ana").await, world.join_in_person("Ben").await);
    admin.rotate(hood).await.unwrap();
    sync(&world, &[&kai, &ana]).await;
    world.clock.forward(NIGHT);
    sync(&world, &[&ana, &kai, &world.admin]).await;

    // An alert whose exact place is for those who come, signed by both.
    let draft = admin.draft_alert(hood, checkpoint(), None).unwrap();
    let draft = admin.with_exact_place(draft, Place::named("1204 Elm Street, the green door")).unwrap();
    let alert = admin.send_alert(admin.typed(draft)).await.unwrap().id;
    sync(&world, &[&kai, &ana]).await;
    let waiting = kai.client.to_sign(&alert.to_string()).unwrap();
    kai.client.sign_alert(&waiting).await.unwrap();
    ana.client.answer(&alert.to_string(), going()).await.unwrap();
    sync(&world, &[&world.admin, &ana]).await;
    forge(&world, &ana, alert).await;

    // A report that was claimed, checked and noted, and what Ana offers.
    let change = OfferChange { roles: Some(vec![Code::constant("medic")]), ..OfferChange::default() };
    ana.client.change_offer(hood, change).await.unwrap();
    let sighting = watchfire_client::file::report::parse(include_str!("../../examples/reports/sighting.json")).unwrap();
    ana.client.send_report(hood, sighting).await.unwrap();
    sync(&world, &[&world.admin, &kai]).await;
    let seen = admin.reports(ReportFilter::default()).unwrap().remove(0);
    admin.claim_report(&seen, false).await.unwrap();
    admin.note_report(&seen, "the gate on the left".to_owned()).await.unwrap();

    // Rights in writing, a template, settings of this device, and a draft of the charter.
    let cards = admin.draft_cards(hood, &sample_cards().unwrap()).unwrap().0;
    admin.send_alert(cards).await.unwrap();
    let template = AlertFile::read(r#"{"kind":"community.flood","needs":["driver:2"]}"#).unwrap();
    admin.save_template("river", &template).unwrap();
    for person in [&world.admin, &ana] {
        person.client.keep_history(30 * DAY).unwrap();
        person.client.set_duty(Duty { off: false, quiet: Some("22:00-07:00".parse().unwrap()) }).unwrap();
    }
    sync(&world, &[&world.admin, &ana]).await;
    let rename = Amendment::Rename { hood, name: "Elm Park North".to_owned() };
    assert!(matches!(admin.amend(&rename, true).await.unwrap(), Outcome::Drafted(_)));

    // Ben is gone, Kai may send no alerts any more, and Dora waits for approval.
    let ben = admin.member_named(hood, "Ben").unwrap();
    admin.remove_members(hood, &[ben], "moved away").await.unwrap();
    assert!(admin.restrict(vec![restricted(&world, &kai)]).await.unwrap().why_waiting.is_none());
    sync(&world, &[&world.admin, &ana, &world.admin]).await;
    let mut dora = Person::new(&world.clock);
    dora.client.join(&world.invite(InviteRole::Responder).await, &terms("Dora")).await.unwrap();
    dora.client.go_through(Some(&"socks5h://127.0.0.1:9050".parse().unwrap())).unwrap();
    sync(&world, &[&world.admin]).await;
    // What Ana offers anew was read, and is not in the roster yet.
    let change = OfferChange { roles: Some(vec![Code::constant("driver")]), ..OfferChange::default() };
    ana.client.change_offer(hood, change).await.unwrap();
    admin.link(hood).await.unwrap().goodbye().await;
    world.relay.stop().await;

    // Without a relay things wait.
    let late = AnswerContent::new(Code::constant("on-scene"));
    ana.client.queue_answer(hood, alert, late).unwrap();
    let draft = admin.draft_alert(hood, checkpoint(), None).unwrap();
    assert!(admin.send_alert(admin.typed(draft)).await.unwrap().receipt.is_none());
    let text = r#"{"kind":"enforcement.checkpoint"}"#.to_owned();
    let begun = Begun { at: world.clock.now(), hood, origin: Origin::default(), text };
    ana.client.keep_begun(Slot { what: Writing::Report, writer: 7 }, &begun).unwrap();
    (world, ana, dora)
}

/// What takes a coordinator's right to dispatch.
fn restricted(world: &World, who: &Person) -> Restricted {
    let charters = world.admin.client.charters().unwrap();
    let profile = who.client.profile().unwrap();
    let mut keys = profile.candidates.iter().map(|seed| SecretKey::from_seed(seed).public());
    let coordinator = keys.find_map(|key| charters.newest().as_written().coordinator_of(&key)).unwrap();
    let subject = Subject::Coordinator(coordinator);
    Restricted { subject, neighborhood: world.hood, right: Right::Dispatch, distrust_from: None }
}

/// What a vault says of itself.
fn told(client: &Client) -> String {
    let (mut out, status) = (String::new(), client.status().unwrap());
    let line = |out: &mut String, what: &str, value: &dyn std::fmt::Display| writeln!(out, "{what}: {value}").unwrap();
    line(&mut out, "network", &status.network);
    line(&mut out, "handle", &status.handle);
    line(&mut out, "charter", &format!("version {}, expires {}", status.charter_version, status.charter_expires.0));
    line(&mut out, "restrictions", &client.charters().unwrap().restrictions().len());
    line(&mut out, "joining", &status.joining);
    line(&mut out, "queued", &status.queued);
    line(&mut out, "history", &client.history().unwrap());
    line(&mut out, "quiet", &client.duty().unwrap().quiet.map_or("never".to_owned(), |quiet| quiet.to_string()));
    line(&mut out, "proxy", &status.proxy.as_ref().map_or("none".to_owned(), ToString::to_string));
    for template in client.templates().unwrap().iter().filter(|template| !template.built_in) {
        line(&mut out, "template", &template.name);
    }
    for (_, begun) in [Writing::Alert, Writing::Report].into_iter().flat_map(|what| client.begun(what).unwrap()) {
        line(&mut out, "begun", &begun.text);
    }
    for hood in &status.hoods {
        let words = hood.epoch_words[0].join(" ");
        line(&mut out, "neighborhood", &format!("{}, epoch {} ({words})", hood.name, hood.epoch.0));
        line(&mut out, "  coordinator", &hood.coordinator);
        line(&mut out, "  confirmed", &hood.confirmed);
        line(&mut out, "  fresh", &hood.fresh);
        line(&mut out, "  synced", &hood.synced.0);
        line(&mut out, "  rights cards", &client.rights_cards(hood.id).unwrap().cards.all().len());
        for member in client.members(hood.id).unwrap_or_default() {
            line(&mut out, "  member", &format!("{} {:?} {:?}", member.handle, member.roles, member.languages));
        }
        for pending in client.pending(hood.id).unwrap_or_default() {
            line(&mut out, "  waits for approval", &format!("{} ({})", pending.handle, pending.say[0].join(" ")));
        }
    }
    for view in client.alerts(Filter { expired: true, ..Filter::default() }).unwrap() {
        let content = &view.shown.body().content;
        let headline = content.text.first().map(|block| block.headline.clone()).unwrap_or_default();
        line(&mut out, "alert", &format!("{} {}: {headline}", view.shown.id(), content.kind));
        line(&mut out, "  label", &format!("{:?}, by {:?}", view.shown.label(), view.signed_by));
        line(&mut out, "  exact", &view.exact.as_ref().map_or("unknown", |place| &place.text));
        line(&mut out, "  answered", &view.answered.as_ref().map_or("no", |own| own.content.answer.as_str()));
        line(&mut out, "  going", &client.tally(&view).map_or(0, |tally| tally.going));
    }
    for held in client.held(None).unwrap() {
        line(&mut out, "held", &format!("{}: {}", held.id, held.reason));
    }
    for view in client.reports(ReportFilter { hood: None, all: true }).unwrap_or_default() {
        line(
            &mut out,
            "report",
            &format!("{} {} by {}, {:?}", view.id, view.content.kind, view.author, view.standing()),
        );
        for note in &view.matter.notes {
            line(&mut out, "  note", &note.text);
        }
    }
    out
}

/// Puts the night's vaults, and what they say, where the next release finds them.
async fn write(dir: &Path) {
    let (world, ana, dora) = a_night().await;
    for (home, person) in HOMES.into_iter().zip([&world.admin, &ana, &dora]) {
        std::fs::create_dir_all(dir.join(home)).unwrap();
        std::fs::copy(person.home.join(FILE), dir.join(home).join(FILE)).unwrap();
        std::fs::write(dir.join(home).join("told.txt"), told(&person.client)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_of_each_version_says_what_it_said_then() {
    if is_to_be_written() {
        write(&fixture(VAULTS[VAULTS.len() - 1])).await;
    }
    for (dir, home) in VAULTS.map(fixture).iter().flat_map(|dir| HOMES.map(|home| (dir, home))) {
        let (copy, clock) = (tempfile::tempdir().unwrap(), HandClock::new());
        clock.forward(NIGHT);
        std::fs::copy(dir.join(home).join(FILE), copy.path().join(FILE)).unwrap();
        let person = Person::at(copy.path(), &clock);
        let before = std::fs::read_to_string(dir.join(home).join("told.txt")).unwrap();
        assert_eq!(told(&person.client), before, "{home}");
        // And it goes on.
        person.client.keep_history(7 * DAY).unwrap();
    }
}

fn is_newer(error: Option<ClientError>) -> bool {
    error.is_some_and(|error| matches!(error, ClientError::RelayNewer { .. }) && error.exit_code() == 3)
}

fn lacks(error: Option<ClientError>, wanted: Lacks) -> bool {
    matches!(error, Some(ClientError::RelayOlder { lacks, .. }) if lacks == wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_newer_relay_a_client_says_so_and_what_only_it_knows_keeps_nothing_else_back() {
    /// Whatever comes after the last variant that there is.
    const ANSWER: [u8; 2] = [REPLIES as u8, 7];
    const REFUSAL: [u8; 3] = [16, REFUSALS as u8, 7];
    let (hostile, world) = Hostile::found().await;
    let (admin, hood) = (&world.admin.client, world.hood);
    let ana = world.join_in_person("Ana").await;
    sync(&world, &[&ana]).await;
    let draft = admin.draft_alert(hood, checkpoint(), None).unwrap();
    let alert = admin.send_alert(draft).await.unwrap().id;
    sync(&world, &[&ana]).await;

    // Of an answer to what nobody can do without, it says so.
    for unknown in [ANSWER.as_slice(), &REFUSAL] {
        let unknown = unknown.to_vec();
        hostile.rule(move |said| match said {
            Said::Asked(Request::Standing { .. }) => Act::OfItsTime(unknown.clone()),
            _ => Act::Pass,
        });
        assert!(is_newer(ana.client.connected(hood).await.err()));
        hostile.be_honest();
    }

    // What it refuses for an unknown reason waits; alerts come all the same, past events that nobody knows.
    hostile.rule(|said| match said {
        Said::Asked(Request::Append { record }) if record.get(1) == Some(&(Channel::Inbox as u8)) => {
            Act::OfItsTime(REFUSAL.to_vec())
        }
        Said::Asked(Request::Restrictions { .. }) => Act::OfItsTime(ANSWER.to_vec()),
        _ => Act::Pass,
    });
    assert!(is_newer(ana.client.answer(&alert.to_string(), going()).await.err()));
    assert_eq!(ana.client.queued().unwrap(), 1);
    let (mut link, _) = ana.client.connected(hood).await.unwrap();
    assert!(is_newer(link.kept_back.take()));
    for unknown in [ANSWER.as_slice(), &REFUSAL] {
        hostile.tell_raw([&[0], unknown].concat());
    }
    let draft = admin.draft_alert(hood, checkpoint(), None).unwrap();
    admin.send_alert(draft).await.unwrap();
    let taken = ana.client.next(&mut link, Duration::from_secs(60)).await.unwrap();
    assert!(matches!(taken, Some(Taken::Alert(_))), "{taken:?}");
    link.goodbye().await;

    hostile.be_honest();
    sync(&world, &[&ana, &world.admin]).await;
    assert_eq!(ana.client.queued().unwrap(), 0);
    assert_eq!(admin.tally(&admin.alert(&alert.to_string()).unwrap()).unwrap().going, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_older_relay_a_client_says_what_it_cannot_do_and_everything_else_goes_on() {
    let (hostile, world) = Hostile::found().await;
    let (admin, hood) = (&world.admin.client, world.hood);
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    admin.grant("Kai", hood, true, true, None).await.unwrap();
    let ana = world.join_in_person("Ana").await;
    sync(&world, &[&world.admin, &ana]).await;
    hostile.pretend(|request| {
        let unknown = matches!(
            request,
            Request::Restrictions { .. }
                | Request::PublishRestriction { .. }
                | Request::RegisterInvite { .. }
                | Request::WithdrawInvite { .. }
        );
        unknown.then_some(Reply::Refused(Refusal::Unsupported))
    });

    let done = admin.restrict(vec![restricted(&world, &kai)]).await.unwrap();
    assert!(lacks(done.why_waiting, Lacks::Restrictions));
    assert_eq!(admin.charters().unwrap().restrictions().len(), 1, "here it is in force");
    let offered = InviteTerms {
        role: InviteRole::Responder,
        handle: "Ben".to_owned(),
        uses: 1,
        expires_in: 3600,
        auto_approve: true,
    };
    assert!(lacks(admin.invite(hood, &offered).await.err(), Lacks::Invites));
    let (mut link, _) = admin.connected(hood).await.unwrap();
    assert!(lacks(link.trouble.take(), Lacks::Restrictions));
    link.goodbye().await;

    let draft = admin.draft_alert(hood, checkpoint(), None).unwrap();
    let alert = admin.send_alert(draft).await.unwrap();
    assert!(alert.receipt.is_some());
    sync(&world, &[&ana]).await;
    assert!(ana.client.answer(&alert.id.to_string(), going()).await.unwrap().1.is_some());
    admin.rotate(hood).await.unwrap();
    sync(&world, &[&ana, &world.admin]).await;
    assert_eq!(admin.tally(&admin.alert(&alert.id.to_string()).unwrap()).unwrap().going, 1);

    // Its operator has updated it.
    hostile.be_honest();
    sync(&world, &[&world.admin, &ana]).await;
    assert_eq!(ana.client.charters().unwrap().restrictions().len(), 1);
}
