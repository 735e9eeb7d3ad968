//! Joining under attack: swapped links and requests, stolen links, invites that have ended, cards.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::Duration;

use watchfire_client::file::alert;
use watchfire_client::ops::invite::{InviteTerms, Withdrawn};
use watchfire_client::ops::join::{JoinState, JoinView};
use watchfire_client::ops::member::PendingView;
use watchfire_client::ops::view::Filter;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::time::HOUR;
use watchfire_protocol::verdict::{Label, SignedReason};
use watchfire_tests::local::{Person, World, terms};
use watchfire_tests::process::{HOOD, Home, Relay};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

fn invite_terms(uses: u16, auto_approve: bool) -> InviteTerms {
    InviteTerms { role: InviteRole::Responder, handle: String::new(), uses, expires_in: HOUR, auto_approve }
}

async fn invite(world: &World, uses: u16, auto_approve: bool) -> InviteLink {
    let made = world.admin.client.invite(world.hood, &invite_terms(uses, auto_approve)).await.unwrap();
    InviteLink::parse(&made.link).unwrap()
}

/// Somebody new who asks to join by a link.
async fn ask(world: &World, link: &InviteLink, handle: &str) -> (Person, Result<JoinView, ClientError>) {
    let person = Person::new(&world.clock);
    let asked = person.client.join(link, &terms(handle)).await;
    (person, asked)
}

/// The desk, after it was read.
async fn desk(world: &World) -> Vec<PendingView> {
    world.admin.client.connected(world.hood).await.unwrap().0.goodbye().await;
    world.admin.client.pending(world.hood).unwrap()
}

async fn approve(world: &World, request: &JoinView, heard: &[String; 3]) -> Result<(), ClientError> {
    let admin = &world.admin.client;
    admin.approve(world.hood, &request.request.to_string(), &heard.join(" ")).await.map(drop)
}

async fn state(world: &World, person: &Person) -> JoinState {
    person.client.continue_join(world.hood).await.unwrap().state
}

fn members(world: &World) -> Vec<String> {
    world.admin.client.members(world.hood).unwrap().into_iter().map(|member| member.handle).collect()
}

/// A relay that lets anybody use any invite, as often and for as long as they like.
async fn let_everybody_in(world: &mut World) {
    let change = "UPDATE invites SET uses = 1000, used = 0, expires = expires + 1000000";
    let changed = world.relay.tamper(|db| db.execute(change, []).unwrap()).await;
    assert!(changed > 0);
}

async fn send(client: &Client, hood: watchfire_protocol::id::NeighborhoodId) {
    let (content, expires) = alert::parse(CHECKPOINT).unwrap();
    let draft = client.draft_alert(hood, content, expires).unwrap();
    assert!(client.send_alert(draft).await.unwrap().receipt.is_some());
}

fn reasons(person: &Person) -> Vec<SignedReason> {
    match person.client.alerts(Filter::default()).unwrap().pop().unwrap().shown.label() {
        Label::Verified => vec![],
        Label::Signed(reasons) => reasons.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_sees_alerts_as_signed_until_they_heard_the_words_in_either_language() {
    let world = World::found().await;
    let link = invite(&world, 1, false).await;
    let (ana, asked) = ask(&world, &link, "Ana").await;
    let asked = asked.unwrap();
    let pending = desk(&world).await.remove(0);
    let ([english, spanish], [_, read_back]) = (&asked.say, &pending.say);
    assert_ne!(english, spanish);
    let (crossed, half) = ([&english[..2], &spanish[2..]].concat(), [&english[..2], &english[1..2]].concat());
    for wrong in [crossed, half] {
        let refused = approve(&world, &asked, &wrong.try_into().unwrap()).await;
        assert!(matches!(refused, Err(ClientError::WrongWords)), "{refused:?}");
    }
    assert_eq!(members(&world), ["Marisol"]);
    approve(&world, &asked, &spanish.clone().map(|word| word.to_uppercase())).await.unwrap();
    assert_eq!(state(&world, &ana).await, JoinState::Member);
    send(&world.admin.client, world.hood).await;
    ana.client.connected(world.hood).await.unwrap();
    assert_eq!(reasons(&ana), [SignedReason::UnconfirmedNetwork]);
    assert!(matches!(ana.client.confirm(&spanish.join(" ")), Err(ClientError::WrongWords)), "their own words");
    assert_eq!(reasons(&ana), [SignedReason::UnconfirmedNetwork]);
    ana.client.confirm(&read_back.join(" ")).unwrap();
    assert_eq!(reasons(&ana), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swapped_link_leads_into_another_network_whose_alerts_are_never_verified() {
    let (world, theirs) = (World::found().await, World::found().await);
    let genuine = invite(&world, 1, false).await;
    let swapped = invite(&theirs, 1, false).await;
    // The thief keeps the genuine link, and asks with it under the newcomer's name.
    let (_thief, stolen) = ask(&world, &genuine, "Ana").await;
    let stolen = stolen.unwrap();
    let (ana, asked) = ask(&theirs, &swapped, "Ana").await;
    let asked = asked.unwrap();
    desk(&theirs).await;
    approve(&theirs, &asked, &asked.say[0]).await.unwrap();
    assert_eq!(state(&theirs, &ana).await, JoinState::Member);
    send(&theirs.admin.client, theirs.hood).await;
    ana.client.connected(theirs.hood).await.unwrap();
    assert_eq!(reasons(&ana), [SignedReason::UnconfirmedNetwork]);

    // Ana and the coordinator who invited her read their words to each other.
    let pending = desk(&world).await.remove(0);
    assert_eq!(pending.request, stolen.request);
    assert!(matches!(approve(&world, &stolen, &asked.say[0]).await, Err(ClientError::WrongWords)));
    for read_back in &pending.say {
        assert!(matches!(ana.client.confirm(&read_back.join(" ")), Err(ClientError::WrongWords)));
    }
    assert_eq!(reasons(&ana), [SignedReason::UnconfirmedNetwork]);
    assert_eq!(members(&world), ["Marisol"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_into_the_neighborhood_of_another_charter_or_with_altered_charters_leaves_nothing_behind() {
    let mut world = World::found().await;
    let genuine = invite(&world, 1, false).await;
    let other = InviteLink { charter: [7; 16], ..genuine.clone() };
    let (ana, refused) = ask(&world, &other, "Ana").await;
    assert!(matches!(refused, Err(ClientError::Untrusted(_))), "{refused:?}");
    assert!(matches!(ana.client.profile(), Err(ClientError::NoNetwork)));

    // One bit of the newest version's signature, of its body, and of its hash in the relay's index.
    let altered = "UPDATE charters SET bytes = ?1 WHERE version = 2";
    let read = "SELECT bytes FROM charters WHERE version = 2";
    let bytes: Vec<u8> = world.relay.tamper(|db| db.query_row(read, [], |row| row.get(0)).unwrap()).await;
    for at in [40, bytes.len() - 1] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        world.relay.tamper(|db| db.execute(altered, [&flipped]).unwrap()).await;
        let (ben, refused) = ask(&world, &genuine, "Ben").await;
        assert!(refused.is_err(), "byte {at}");
        assert!(matches!(ben.client.profile(), Err(ClientError::NoNetwork)), "byte {at}");
    }
    world.relay.tamper(|db| db.execute(altered, [&bytes]).unwrap()).await;
    assert!(ask(&world, &genuine, "Lou").await.1.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_claims_to_be_handed_over_is_not_approved_without_words() {
    let world = World::found().await;
    let link = InviteLink { in_person: true, ..invite(&world, 1, false).await };
    let text = link.to_text().unwrap();
    let (ana, asked) = ask(&world, &InviteLink::parse(&text).unwrap(), "Ana").await;
    assert_eq!(desk(&world).await.len(), 1, "it waits for a person who heard words");
    assert_eq!(state(&world, &ana).await, JoinState::Waiting);
    approve(&world, &asked.as_ref().unwrap().clone(), &asked.unwrap().say[0]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_swapped_on_the_way_has_other_words_on_both_sides() {
    let mut world = World::found().await;
    let link = invite(&world, 2, false).await;
    let (ana, asked) = ask(&world, &link, "Ana").await;
    let asked = asked.unwrap();
    // Somebody who saw the link works with the relay: it drops hers, and takes theirs.
    let dropped = world.relay.tamper(|db| db.execute("DELETE FROM records WHERE class = 5", []).unwrap()).await;
    assert_eq!(dropped, 1);
    let (_thief, stolen) = ask(&world, &link, "Ana").await;
    let stolen = stolen.unwrap();
    let pending = desk(&world).await;
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].request, stolen.request);
    for heard in &asked.say {
        assert!(matches!(approve(&world, &stolen, heard).await, Err(ClientError::WrongWords)));
    }
    for read_back in &pending[0].say {
        assert!(matches!(ana.client.confirm(&read_back.join(" ")), Err(ClientError::WrongWords)));
    }
    assert_eq!(members(&world), ["Marisol"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_uses_a_stolen_link_first_has_other_words_and_the_newcomer_is_approved_while_uses_remain() {
    let world = World::found().await;
    let link = invite(&world, 2, false).await;
    let (thief, stolen) = ask(&world, &link, "Ana").await;
    let (ana, asked) = ask(&world, &link, "Ana").await;
    let (stolen, asked) = (stolen.unwrap(), asked.unwrap());
    assert_eq!(desk(&world).await.len(), 2);
    assert!(matches!(approve(&world, &stolen, &asked.say[0]).await, Err(ClientError::WrongWords)));
    approve(&world, &asked, &asked.say[0]).await.unwrap();
    assert_eq!(state(&world, &ana).await, JoinState::Member);
    assert_eq!(state(&world, &thief).await, JoinState::Waiting);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_after_a_thief_by_a_link_for_one_is_told_that_it_was_used() {
    let mut world = World::found().await;
    let link = invite(&world, 1, false).await;
    let (_thief, stolen) = ask(&world, &link, "Ana").await;
    let stolen = stolen.unwrap();
    let (ana, refused) = ask(&world, &link, "Ana").await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::InviteEnded))), "{refused:?}");
    // The relay lets her in all the same: whose words were heard is approved, and nobody after that.
    let_everybody_in(&mut world).await;
    let asked = ana.client.continue_join(world.hood).await.unwrap();
    assert_eq!(desk(&world).await.len(), 2);
    approve(&world, &asked, &asked.say[0]).await.unwrap();
    let refused = approve(&world, &stolen, &stolen.say[0]).await;
    assert!(matches!(refused, Err(ClientError::Expired { .. })), "{refused:?}");
    assert_eq!(members(&world), ["Ana", "Marisol"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_has_expired_is_refused_by_the_relay_and_by_the_desk() {
    let mut world = World::found().await;
    let link = invite(&world, 5, false).await;
    world.clock.forward(HOUR + 1);
    let (_late, refused) = ask(&world, &link, "Ana").await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::InviteEnded))), "{refused:?}");
    let link = invite(&world, 5, false).await;
    let_everybody_in(&mut world).await;
    world.clock.forward(HOUR + 1);
    let (_late, asked) = ask(&world, &link, "Ana").await;
    let asked = asked.unwrap();
    desk(&world).await;
    let refused = approve(&world, &asked, &asked.say[0]).await;
    assert!(matches!(refused, Err(ClientError::Expired { .. })), "{refused:?}");
    assert_eq!(members(&world), ["Marisol"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_was_withdrawn_is_refused_by_the_relay_and_by_the_desk() {
    let mut world = World::found().await;
    let made = world.admin.client.invite(world.hood, &invite_terms(5, false)).await.unwrap();
    let link = InviteLink::parse(&made.link).unwrap();
    let (_early, early) = ask(&world, &link, "Ana").await;
    let early = early.unwrap();
    assert_eq!(desk(&world).await.len(), 1);
    world.admin.client.withdraw_invite(world.hood, &made.id.to_string()).await.unwrap();
    let (_late, refused) = ask(&world, &link, "Ben").await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::InviteEnded))), "{refused:?}");
    let_everybody_in(&mut world).await;
    assert!(ask(&world, &link, "Lou").await.1.is_ok(), "the relay is a hostile one");
    assert_eq!(desk(&world).await.len(), 0);
    assert!(approve(&world, &early, &early.say[0]).await.is_err());
    assert_eq!(members(&world), ["Marisol"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_approves_one_by_a_link_that_was_handed_over_however_many_come_at_once() {
    let mut world = World::found().await;
    let link = invite(&world, 1, true).await;
    assert!(link.in_person);
    let_everybody_in(&mut world).await;
    let (ana, asked) = ask(&world, &link, "Ana").await;
    asked.unwrap();
    let (thief, asked) = ask(&world, &link, "Ben").await;
    asked.unwrap();
    assert_eq!(desk(&world).await.len(), 1, "the other one waits for a person");
    assert_eq!(members(&world).len(), 2);
    let joined = [state(&world, &ana).await, state(&world, &thief).await];
    assert_eq!(joined.iter().filter(|state| **state == JoinState::Member).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_handed_a_link_and_is_approved_by_the_desk_needs_no_words() {
    let world = World::found().await;
    let link = invite(&world, 1, true).await;
    let (ana, asked) = ask(&world, &link, "Ana").await;
    asked.unwrap();
    world.clock.forward(590);
    assert_eq!(desk(&world).await.len(), 0);
    assert_eq!(state(&world, &ana).await, JoinState::Member);
    send(&world.admin.client, world.hood).await;
    ana.client.connected(world.hood).await.unwrap();
    assert_eq!(reasons(&ana), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_approves_nobody_by_itself_after_ten_minutes_or_after_a_withdrawal() {
    let world = World::found().await;
    let late = invite(&world, 1, true).await;
    world.clock.forward(601);
    let (_ana, asked) = ask(&world, &late, "Ana").await;
    asked.unwrap();
    assert_eq!(desk(&world).await.len(), 1, "she waits for a person");
    let made = world.admin.client.invite(world.hood, &invite_terms(1, true)).await.unwrap();
    let (_ben, asked) = ask(&world, &InviteLink::parse(&made.link).unwrap(), "Ben").await;
    asked.unwrap();
    // Withdrawn by another coordinator's client, as it were: the desk reads of it together with the request.
    let withdrawn = world.admin.client.withdraw_invite(world.hood, &made.id.to_string()).await;
    let approved_before = members(&world).contains(&"Ben".to_owned());
    assert!(withdrawn.is_ok() && approved_before, "a command that connects does what is due first");
    let made = world.admin.client.invite(world.hood, &invite_terms(1, true)).await.unwrap();
    world.admin.client.withdraw_invite(world.hood, &made.id.to_string()).await.unwrap();
    let (_lou, refused) = ask(&world, &InviteLink::parse(&made.link).unwrap(), "Lou").await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::InviteEnded))), "{refused:?}");
    desk(&world).await;
    assert_eq!(members(&world), ["Ben", "Marisol"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_responder_is_invited_to_be_approved_by_the_desk() {
    let world = World::found().await;
    let admin = &world.admin.client;
    for terms in [
        InviteTerms { role: InviteRole::Coordinator, ..invite_terms(1, true) },
        invite_terms(2, true),
        invite_terms(0, false),
        invite_terms(201, false),
    ] {
        let refused = admin.invite(world.hood, &terms).await.err().unwrap();
        assert!(matches!(refused, ClientError::Invalid(_)), "{refused:?}");
    }
    for (cards, expires_in) in [(0, HOUR), (1001, HOUR), (5, 59), (5, 31 * 24 * HOUR)] {
        let refused = admin.invite_cards(world.hood, cards, expires_in).await.err().unwrap();
        assert!(matches!(refused, ClientError::Invalid(_)), "{refused:?}");
    }
    assert_eq!(admin.invites(world.hood).unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_card_lets_one_person_in_until_it_or_its_batch_is_withdrawn() {
    let mut world = World::found().await;
    let made = world.admin.client.invite_cards(world.hood, 40, 24 * HOUR).await.unwrap();
    let cards: Vec<InviteLink> = made.links.iter().map(|link| InviteLink::parse(link).unwrap()).collect();
    assert!(cards.iter().all(|card| card.in_person));
    assert_eq!(cards.len(), 40);
    world.clock.forward(20 * HOUR);
    let (ana, asked) = ask(&world, &cards[6], "Ana").await;
    asked.unwrap();
    assert_eq!(desk(&world).await.len(), 0, "a card is good until it expires");
    assert_eq!(state(&world, &ana).await, JoinState::Member);
    assert!(world.admin.client.status().unwrap().hoods[0].epoch.0 == 1);

    let (_thief, refused) = ask(&world, &cards[6], "Ben").await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::InviteEnded))), "{refused:?}");
    let id = made.id.to_string();
    let admin = &world.admin.client;
    let one = admin.withdraw_invite(world.hood, &format!("{}/9", &id[..6])).await.unwrap();
    assert_eq!(one, Withdrawn { id: made.id, card: Some(9), cards: 40 });
    for wrong in ["0", "41", "9x", ""] {
        let refused = admin.withdraw_invite(world.hood, &format!("{id}/{wrong}")).await;
        assert!(matches!(refused, Err(ClientError::NotFound { .. })), "{refused:?}");
    }
    let batch = admin.invites(world.hood).unwrap().remove(0);
    assert_eq!((batch.cards, batch.uses, batch.used, batch.withdrawn), (40, 40, 1, 1));
    let (_finder, refused) = ask(&world, &cards[8], "Ben").await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::InviteEnded))), "{refused:?}");

    // Whatever the relay says: a card is good once, and a withdrawn one not at all.
    let_everybody_in(&mut world).await;
    for card in [6, 8] {
        ask(&world, &cards[card], "Ben").await.1.unwrap();
    }
    desk(&world).await;
    assert_eq!(members(&world), ["Ana", "Marisol"]);
    let all = world.admin.client.withdraw_invite(world.hood, &id).await.unwrap();
    assert_eq!(all, Withdrawn { id: made.id, card: None, cards: 40 });
    let (_late, refused) = ask(&world, &cards[20], "Lou").await;
    assert!(matches!(refused, Err(ClientError::Refused(Refusal::InviteEnded))), "{refused:?}");
    assert_eq!(world.admin.client.invites(world.hood).unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_cards_are_one_roster_event_and_a_relay_that_lost_them_is_told_again() {
    let mut world = World::found().await;
    let began = std::time::Instant::now();
    let made = world.admin.client.invite_cards(world.hood, 200, 24 * HOUR).await.unwrap();
    println!("200 cards were made and registered in {:?}", began.elapsed());
    let count = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM records WHERE class = 4";
    let of = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    assert_eq!(world.relay.tamper(|db| db.query_row(count, [], of).unwrap()).await, (1, 1024));
    world.admin.client.rotate(world.hood).await.unwrap();

    world.relay.stop().await;
    for file in std::fs::read_dir(world.relay.dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("relay.db") {
            std::fs::remove_file(path).unwrap();
        }
    }
    world.relay.serve().await;
    desk(&world).await;
    let (ana, asked) = ask(&world, &InviteLink::parse(&made.links[199]).unwrap(), "Ana").await;
    asked.unwrap();
    desk(&world).await;
    let joined = ana.client.wait_for_approval(world.hood, Duration::from_secs(20)).await.unwrap();
    assert_eq!(joined.state, JoinState::Member);
}

#[test]
fn cards_are_written_into_a_file_that_nobody_else_can_read_and_never_on_the_screen() {
    use std::os::unix::fs::PermissionsExt as _;
    let relay = Relay::start();
    let (marisol, ana) = (Home::new(), Home::new());
    let token = relay.path().join("admission.token");
    let (url, key, token) = (relay.url.as_str(), relay.key.as_str(), token.to_str().unwrap());
    marisol.json(&["network", "create", "Watch", "--relay", url, "--relay-key", key, "--admission-token-file", token]);
    marisol.json(&["neighborhood", "add", HOOD]);
    let file = marisol.path("cards.txt");
    let cards = ["invite", "new", "--neighborhood", HOOD, "--cards", "3", "--out", file.to_str().unwrap()];
    marisol.run(&cards[..6]).fails(2);
    let made = marisol.run(&cards).ok();
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let links: Vec<&str> = text.lines().filter(|line| InviteLink::parse(line).is_ok()).collect();
    assert_eq!(links.len(), 3);
    for link in &links {
        assert!(!made.stdout.contains(link) && !made.stderr.contains(link));
    }
    for said in ["Card 2 of 3", "Tarjeta 2 de 3", "watchfire join", "Do not interfere", "No interfiera"] {
        assert!(text.contains(said), "{text}");
    }
    assert!(!text.contains(HOOD) && !text.contains("Watch,"), "a lost card names nobody");
    marisol.run(&cards).fails(2);

    std::fs::write(ana.path("link"), links[1]).unwrap();
    ana.json(&["join", "--handle", "Ana", "--link-file", ana.path("link").to_str().unwrap()]);
    marisol.run(&["desk", "--once"]).ok();
    assert_eq!(ana.json(&["join", "--wait", "--timeout", "30s"]).last().unwrap()["state"], "member");
    let listed = marisol.json(&["invite", "list"]);
    assert_eq!(listed.len(), 1, "a batch is one line");
    assert_eq!((&listed[0]["cards"], &listed[0]["used"]), (&3.into(), &1.into()));
    let id = listed[0]["id"].as_str().unwrap();
    let third = marisol.json(&["invite", "withdraw", &format!("{id}/3")]);
    assert_eq!((&third[0]["card"], &third[0]["state"]), (&3.into(), &"withdrawn".into()));
    assert_eq!(marisol.json(&["invite", "list"])[0]["withdrawn"], 1);
    marisol.run(&["invite", "withdraw", id]).ok();
    assert_eq!(marisol.json(&["invite", "list"]).len(), 0);
}
