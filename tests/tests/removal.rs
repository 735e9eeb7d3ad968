//! Who is removed reads nothing new, whoever removes is held by a brake, and whoever leaves people out is repaired.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::Value;
use watchfire_client::file::alert;
use watchfire_client::ops::removal::{RemovalState, RemovalView};
use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_client::state::Missing;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::id::{Epoch, MemberId, NeighborhoodId};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::time::HOUR;
use watchfire_tests::local::{Person, World};
use watchfire_tests::process::{HOOD, Home, Network, example, join_in_person};

const CHECKPOINT: &str = include_str!("../../examples/alerts/checkpoint.json");

async fn send(client: &Client, hood: NeighborhoodId) {
    let (content, _) = alert::parse(CHECKPOINT).unwrap();
    let draft = client.draft_alert(hood, content, Some(20 * HOUR)).unwrap();
    assert!(client.send_alert(draft).await.unwrap().receipt.is_some());
}

async fn sync(person: &Person, hood: NeighborhoodId) -> Result<(), ClientError> {
    person.client.connected(hood).await.map(|_| ())
}

fn seen(person: &Person) -> usize {
    person.client.alerts(Filter::default()).unwrap().len()
}

fn named(client: &Client, hood: NeighborhoodId, handles: &[String]) -> Vec<(MemberId, String)> {
    handles.iter().map(|handle| client.member_named(hood, handle).unwrap()).collect()
}

async fn remove(client: &Client, hood: NeighborhoodId, handles: &[String]) -> Result<Vec<RemovalView>, ClientError> {
    client.remove_members(hood, &named(client, hood, handles), "gone").await
}

fn waiting(views: &[RemovalView]) -> usize {
    views.iter().filter(|view| view.state == RemovalState::Waiting).count()
}

fn epoch(client: &Client) -> Epoch {
    client.status().unwrap().hoods[0].epoch
}

/// A second coordinator, with both rights.
async fn kai(world: &World) -> Person {
    let kai = world.join(InviteRole::Coordinator, "Kai").await;
    world.admin.client.grant("Kai", world.hood, true, true, None).await.unwrap();
    sync(&kai, world.hood).await.unwrap();
    kai
}

async fn responders(world: &World, count: usize) -> (Vec<String>, Vec<Person>) {
    let (mut handles, mut people) = (Vec::new(), Vec::new());
    for n in 1..=count {
        handles.push(format!("Ana {n}"));
        people.push(world.join_in_person(&format!("Ana {n}")).await);
    }
    (handles, people)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_reads_nothing_new_keeps_what_they_had_and_is_told_by_whom() {
    let world = World::found().await;
    let hood = world.hood;
    let (stays, goes) =
        (world.join(InviteRole::Responder, "Ana").await, world.join(InviteRole::Responder, "Ben").await);
    send(&world.admin.client, hood).await;
    for person in [&stays, &goes] {
        sync(person, hood).await.unwrap();
        assert_eq!(seen(person), 1);
    }
    let out = remove(&world.admin.client, hood, &["Ben".to_owned()]).await.unwrap();
    assert_eq!(out[0].state, RemovalState::Out { from: Epoch(2) });
    send(&world.admin.client, hood).await;
    sync(&stays, hood).await.unwrap();
    assert_eq!((seen(&stays), epoch(&stays.client)), (2, Epoch(2)));

    // The old key reads what was there up to the switch, for a while; nothing that came after.
    sync(&goes, hood).await.unwrap();
    let status = goes.client.status().unwrap();
    let marisol = world.admin.client.charter().unwrap().charter.body().grants[0].devices[0];
    assert_eq!(status.hoods[0].missing, Some(Missing::Removed { by: marisol }));
    assert_eq!(status.hoods[0].epoch, Epoch(1), "and the keys that they had are not erased");
    assert_eq!(seen(&goes), 1, "nor is what they had read");
    assert!(!status.hoods[0].fresh, "what they hold is the end of it");
    // Once the old key reads nothing more, each command says so, and by whom.
    world.admin.client.rotate(hood).await.unwrap();
    let shut_out = sync(&goes, hood).await.unwrap_err();
    assert!(matches!(&shut_out, ClientError::ShutOut { by, .. } if by == "Marisol"), "{shut_out:?}");
    assert_eq!(shut_out.exit_code(), 4);
    assert!(!world.admin.client.members(hood).unwrap().iter().any(|member| member.handle == "Ben"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_removes_themselves_or_the_last_who_may_approve_and_a_wrong_name_removes_nobody() {
    let world = World::found().await;
    let (client, hood) = (&world.admin.client, world.hood);
    let _ana = world.join(InviteRole::Responder, "Ana").await;
    let both = ["Ana".to_owned(), "Marisol".to_owned()];
    assert!(matches!(remove(client, hood, &both).await, Err(ClientError::Invalid(_))));
    assert!(matches!(client.member_named(hood, "Nobody"), Err(ClientError::NotFound { .. })));
    let ana = named(client, hood, &["Ana".to_owned()]);
    let long = client.remove_members(hood, &ana, &"r".repeat(257)).await;
    assert!(matches!(long, Err(ClientError::Invalid(_))));
    assert_eq!((client.members(hood).unwrap().len(), epoch(client)), (2, Epoch(1)), "nothing was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mass_removal_by_one_coordinator_is_held_until_another_signs_it_too() {
    let world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let (handles, people) = responders(&world, 8).await;
    sync(&kai, hood).await.unwrap();
    let views = remove(&kai.client, hood, &handles).await.unwrap();
    assert_eq!(waiting(&views), 3, "five of eight count");
    assert_eq!(kai.client.waiting_removals(hood).unwrap().len(), 3);
    // Again, and again another day: those that wait go on waiting.
    assert_eq!(waiting(&remove(&kai.client, hood, &handles).await.unwrap()), 3);
    world.clock.forward(30 * HOUR);
    kai.client.rotate(hood).await.unwrap();
    assert_eq!(waiting(&remove(&kai.client, hood, &handles).await.unwrap()), 3);

    sync(&world.admin, hood).await.unwrap();
    let seen_by_marisol = world.admin.client.waiting_removals(hood).unwrap();
    assert_eq!(seen_by_marisol.len(), 3);
    assert!(seen_by_marisol.iter().all(|view| view.by == "Kai" && !view.own));
    let left: Vec<String> = seen_by_marisol.into_iter().map(|view| view.handle).collect();
    let mut reached = 0;
    for (handle, person) in handles.iter().zip(&people) {
        let _ = sync(person, hood).await;
        let lost = person.client.status().unwrap().hoods[0].missing.is_some();
        assert_eq!(lost, !left.contains(handle), "{handle}");
        reached += usize::from(!lost);
    }
    assert_eq!(reached, 3, "who waits reads on");
    assert_eq!(waiting(&remove(&world.admin.client, hood, &left).await.unwrap()), 0);
    assert_eq!(world.admin.client.members(hood).unwrap().len(), 2);
    sync(&kai, hood).await.unwrap();
    assert!(kai.client.waiting_removals(hood).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opener_who_leaves_people_out_is_repaired_by_the_next_coordinator_who_reads() {
    let world = World::found().await;
    let hood = world.hood;
    let kai = kai(&world).await;
    let (handles, people) = responders(&world, 9).await;
    sync(&kai, hood).await.unwrap();
    // Kai's program ignores the brake: the roster that it opens the next epoch with has nobody but Kai and Marisol. It
    // signs removals of all of them, too, and puts them into the snapshot.
    watchfire_tests::rogue::open_without(&kai, hood, &handles).await;
    for person in &people {
        let _ = sync(person, hood).await;
        assert!(person.client.status().unwrap().hoods[0].missing.is_some(), "left out");
    }
    sync(&world.admin, hood).await.unwrap();
    let mut reached = Vec::new();
    for (handle, person) in handles.iter().zip(&people) {
        let _ = sync(person, hood).await;
        if person.client.status().unwrap().hoods[0].missing.is_none() {
            reached.push(handle.clone());
        }
    }
    assert_eq!(reached.len(), 4, "all but the five whose removal counts: {reached:?}");
    send(&world.admin.client, hood).await;
    for (handle, person) in handles.iter().zip(&people).filter(|(handle, _)| reached.contains(handle)) {
        sync(person, hood).await.unwrap();
        let alerts = person.client.alerts(Filter::default()).unwrap();
        assert!(alerts.len() == 1 && is_verified(&alerts[0]), "{handle}");
    }
    assert_eq!(world.admin.client.waiting_removals(hood).unwrap().len(), 4, "and the others wait for Marisol");
}

#[test]
fn the_command_removes_several_from_standard_input_and_says_who_is_out_from_when() {
    let network = Network::found();
    let (marisol, ana) = (&network.marisol, &network.responders[0]);
    let members = marisol.json(&["member", "list"]);
    let handles = handles(&members, "responder");
    let responders: Vec<&str> = handles.iter().map(String::as_str).collect();
    let own = self::handles(&members, "coordinator").into_iter().find(|handle| handle != "Kai").unwrap();
    let before = marisol.json(&["status"])[0]["neighborhoods"][0]["epoch"].as_u64().unwrap();

    // Without a yes, with a wrong name, or with one's own: nothing is done.
    let refused = marisol.run(&["member", "remove", responders[0]]).fails(2);
    assert!(refused.stderr.contains("--yes"), "{refused:?}");
    marisol.run(&["member", "remove", "--yes", responders[0], "Nobody"]).fails(6);
    marisol.run(&["member", "remove", "--yes", responders[0], &own]).fails(2);
    marisol.run_with(&["member", "remove", "--yes", "-"], "\n \n").fails(2);
    assert_eq!(marisol.json(&["member", "list"]).len(), members.len());
    let plain = ana.run(&["member", "remove", "--yes", responders[1]]).fails(4);
    assert!(plain.stderr.contains("may not"), "{plain:?}");

    let list = format!("{}\r\n\n{}\n", responders[0], responders[1]);
    let removed = marisol.run_with(&["--json", "--yes", "member", "remove", "--reason", "moved away", "-"], &list);
    let lines = removed.ok().json();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!(line["schema"], "watchfire.removal/1");
        assert_eq!((line["state"].as_str(), line["epoch"].as_u64()), (Some("removed"), Some(before + 1)));
    }
    assert_eq!(marisol.json(&["member", "list"]).len(), members.len() - 2);
    // Run again, it says the same and does nothing more.
    let again = marisol.run_with(&["--json", "--yes", "member", "remove", "-"], &list).ok().json();
    assert_eq!(again[0]["epoch"].as_u64(), Some(before + 1));
    let spoken = marisol.run(&["--lang", "es", "--yes", "member", "remove", responders[0]]).ok();
    assert!(spoken.stdout.contains("está fuera de"), "{spoken:?}");

    let checkpoint = example("checkpoint.json");
    marisol.run(&["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"]).ok();
    let stays = network.responders.iter().filter(|home| missing(home) == Value::Null).count();
    assert_eq!(stays, 1);
}

fn handles(members: &[Value], role: &str) -> Vec<String> {
    let of_role = members.iter().filter(|member| member["role"] == role);
    of_role.map(|member| member["handle"].as_str().unwrap().to_owned()).collect()
}

/// Why a home has no keys of the newest epoch, after it asked.
fn missing(home: &Home) -> Value {
    home.run(&["sync"]);
    home.json(&["status"])[0]["neighborhoods"][0]["missing-keys"].clone()
}

#[test]
fn a_braked_removal_ends_with_nine_is_listed_and_goes_through_when_the_other_coordinator_runs_it() {
    let network = Network::found();
    let (marisol, kai) = (&network.marisol, &network.kai);
    let more: Vec<Home> = (1..=3).map(|n| join_in_person(marisol, &format!("Lou {n}"))).collect();
    let members = marisol.json(&["member", "list"]);
    let list: String = handles(&members, "responder").iter().map(|handle| format!("{handle}\n")).collect();
    let own = handles(&members, "coordinator").into_iter().find(|handle| handle != "Kai").unwrap();
    let file = marisol.path("handles");
    std::fs::write(&file, &list).unwrap();
    let remove = ["--json", "--yes", "member", "remove", "--file", file.to_str().unwrap()];
    let held = marisol.run(&remove).fails(9).json();
    let stopped = marisol.run(&remove[1..]).fails(9);
    assert_eq!(held.iter().filter(|line| line["state"] == "waiting").count(), 1);
    kai.run(&["sync"]).ok();
    let named: Vec<Value> = kai.json(&["member", "pending"]);
    assert_eq!((named.len(), named[0]["schema"].as_str()), (1, Some("watchfire.removal/1")));
    assert_eq!((named[0]["by"].as_str(), named[0]["own"].as_bool()), (Some(own.as_str()), Some(false)));
    let words = kai.run(&["member", "pending"]).ok();
    assert!(words.stdout.contains(&format!("removed by {own}, waits for you")), "{words:?}");
    let desk = kai.run(&["--json", "desk", "--once"]).ok().json();
    assert!(desk.iter().any(|line| line["event"] == "removal-waits"), "{desk:?}");
    // As the program said.
    let waiting = held.iter().find(|line| line["state"] == "waiting").unwrap()["handle"].as_str().unwrap();
    assert!(stopped.stderr.contains(&format!("watchfire member remove \"{waiting}\"")), "{stopped:?}");
    kai.run(&["--yes", "member", "remove", waiting]).ok();
    assert_eq!(marisol.json(&["member", "list"]).len(), 2);
    assert!(more.iter().all(|home| missing(home) == "removed"));
}

#[test]
fn whom_a_revoked_coordinator_approved_is_named_to_whoever_revokes_and_by_the_desk() {
    let network = Network::found();
    let (marisol, kai) = (&network.marisol, &network.kai);
    kai.run(&["sync"]).ok();
    let zoe = join_in_person(kai, "Zoe");
    marisol.run(&["sync"]).ok();
    let revoked = marisol.run(&["charter", "revoke", "Kai"]).ok();
    assert!(revoked.stderr.contains("approved by whoever is revoked: Zoe"), "{revoked:?}");
    assert!(revoked.stderr.contains("not among the members any more: Kai"), "{revoked:?}");
    let desk = marisol.run(&["desk", "--once"]).ok();
    assert!(desk.stdout.contains("Zoe gets no new keys") && !desk.stderr.contains("in order"), "{desk:?}");
    // She is told what to do, and not that all is well.
    marisol.run(&["rotate"]).ok();
    let refused = zoe.run(&["sync"]).fails(4);
    assert!(refused.stderr.contains("admin opened") && refused.stderr.contains("member pending"), "{refused:?}");
    let watch = zoe.run(&["watch", "--timeout", "2s"]).fails(8);
    assert!(!watch.stderr.contains("nothing is missed"), "{watch:?}");
    marisol.run(&["--yes", "member", "approve", "Zoe"]).ok();
    assert_eq!(missing(&zoe), Value::Null);
}
