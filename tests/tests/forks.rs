//! Two charters of one version: evidence that stays, nothing added until a person has chosen, and then on again.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::Value;
use watchfire_client::net::Connection;
use watchfire_client::ops::changes::Change;
use watchfire_client::ops::network::NeighborhoodTerms;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::Profile;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::charter::{CharterSignature, SignedCharter, sign};
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::NetworkId;
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::sign::SecretKey;
use watchfire_tests::local::{Person, World};
use watchfire_tests::process::{Home, Network, Relay, join};

/// What the admin can sign after a version: one with a grace of its own.
fn signed_after(admin: &SecretKey, history: &CharterHistory, grace_days: u16) -> SignedCharter {
    let mut body = history.newest().body().clone();
    body.network = history.network();
    body.version += 1;
    body.previous = history.newest().hash();
    body.grace_days = grace_days;
    let mut signed = SignedCharter::unsigned(&body);
    let signature = sign(admin, body.network, &signed.body);
    signed.insert(CharterSignature { signer: admin.public(), signature });
    signed
}

/// So many versions after those that are held, as they were signed.
fn branch(admin: &SecretKey, held: &CharterHistory, length: u16, mark: u16) -> Vec<SignedCharter> {
    let mut history = held.clone();
    (0..length)
        .map(|_| {
            let next = signed_after(admin, &history, mark);
            history.push(&next).unwrap();
            next
        })
        .collect()
}

async fn publish(world: &World, versions: &[SignedCharter]) {
    publish_at(&world.relay.url, world.relay.token(), versions).await;
}

async fn publish_at(url: &str, token: [u8; 32], versions: &[SignedCharter]) {
    let mut connection = Connection::open(&Route::straight().unwrap(), url, None, Errand::Alerts, None).await.unwrap();
    for version in versions {
        let request = Request::PublishCharter { charter: version.to_bytes(), admission: Some(token) };
        assert_eq!(connection.call(request).await.unwrap(), Reply::Done);
    }
    connection.close().await;
}

/// All that a relay shows.
async fn shown(url: &str, network: NetworkId) -> Vec<SignedCharter> {
    let mut connection = Connection::open(&Route::straight().unwrap(), url, None, Errand::Alerts, None).await.unwrap();
    let Reply::Charters { charters, more: false } =
        connection.call(Request::Charters { network, from: 1 }).await.unwrap()
    else {
        panic!("no charters");
    };
    connection.close().await;
    charters.iter().map(|bytes| SignedCharter::from_bytes(bytes).unwrap()).collect()
}

/// The relay's disk is replaced by one that holds these charters and nothing else.
async fn replace_the_disk(world: &mut World, versions: &[SignedCharter]) {
    world.relay.stop().await;
    for file in std::fs::read_dir(world.relay.dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("relay.db") {
            std::fs::remove_file(path).unwrap();
        }
    }
    world.relay.serve().await;
    publish(world, versions).await;
}

async fn sync(world: &World, client: &Client) {
    client.connected(world.hood).await.unwrap().0.goodbye().await;
}

/// Ana holds one branch; the relay has another one from the same version on.
async fn forked() -> (World, Person, Vec<SignedCharter>, [Vec<SignedCharter>; 2]) {
    let mut world = World::found().await;
    let ana = world.join(InviteRole::Responder, "Ana").await;
    let held = world.admin.client.charters().unwrap();
    let admin = world.admin.vault().transact(Profile::load).unwrap().admin_key("").unwrap();
    let branches = [branch(&admin, &held, 3, 11), branch(&admin, &held, 3, 22)];
    let common = shown(&world.relay.url, held.network()).await;
    publish(&world, &branches[0][..2]).await;
    sync(&world, &ana.client).await;
    sync(&world, &world.admin.client).await;
    assert_eq!(ana.client.charters().unwrap().newest().hash(), branches[0][1].hash());
    let other = [&common[..], &branches[1][..2]].concat();
    replace_the_disk(&mut world, &other).await;
    sync(&world, &world.admin.client).await;
    sync(&world, &ana.client).await;
    (world, ana, common, branches)
}

#[tokio::test]
async fn a_relay_on_another_branch_raises_an_alarm_takes_nothing_away_and_serves_on() {
    let (world, ana, common, [ours, theirs]) = forked().await;
    let [fork] = &ana.client.forks().unwrap()[..] else { panic!("no fork, or more than one") };
    assert_eq!((fork.version, fork.held, fork.other), (common.len() as u64 + 1, ours[0].hash(), theirs[0].hash()));
    assert!(fork.whole && fork.decided.is_none());
    assert_eq!(fork.seen, world.clock.now());
    // What each branch changes, and who signed it.
    let branches = ana.client.fork_branches(fork).unwrap();
    let admin = world.admin.client.admin_key().unwrap().unwrap().public();
    for (versions, days) in branches.iter().zip([11, 22]) {
        let grace = |change: &Change| matches!(change, Change::Grace { to, .. } if *to == days);
        assert_eq!((versions.len(), versions[0].version), (2, fork.version));
        assert!(versions[0].changes.iter().all(grace) && versions[0].signers == [admin], "{versions:?}");
    }
    // The branch that was held first stays, and what it had is there after the vault is opened again.
    assert_eq!(ana.client.charters().unwrap().newest().hash(), ours[1].hash());
    let again = ana.reopen(&world.clock);
    assert_eq!(again.client.forks().unwrap(), ana.client.forks().unwrap());
    // Alerts go on.
    assert_eq!(ana.client.status().unwrap().forks.len(), 1);
    assert!(ana.client.status().unwrap().hoods[0].missing.is_none());
}

#[tokio::test]
async fn nothing_is_added_to_either_branch_until_a_person_has_chosen_the_one_held() {
    let (mut world, ana, common, [ours, theirs]) = forked().await;
    let newest = || ana.client.charters().unwrap().newest().hash();
    publish(&world, &theirs[2..]).await;
    sync(&world, &ana.client).await;
    assert_eq!(newest(), ours[1].hash());
    let both = [&common[..], &ours[..]].concat();
    replace_the_disk(&mut world, &both).await;
    sync(&world, &world.admin.client).await;
    sync(&world, &ana.client).await;
    assert_eq!(newest(), ours[1].hash());
    // An admin adds nothing either, and nothing of the attempt is kept.
    let admin = &world.admin.client;
    let refused = admin.add_neighborhoods(&["Old Mill".to_owned()], NeighborhoodTerms::default(), true).await;
    assert!(matches!(refused, Err(ClientError::Forked { version }) if version == common.len() as u64 + 1));
    assert_eq!(admin.charters().unwrap().newest().hash(), ours[1].hash());

    let hash = ours[0].hash().to_string();
    assert!(matches!(ana.client.accept_fork("0000"), Err(ClientError::NotFound { .. })));
    assert!(matches!(ana.client.accept_fork(&hash[..3]), Err(ClientError::Invalid(_))));
    ana.client.accept_fork(&hash[..12]).unwrap();
    sync(&world, &ana.client).await;
    assert_eq!(newest(), ours[2].hash());
    // It stays known for ever, and its dropped branch is no news.
    let fork = ana.client.forks().unwrap().remove(0);
    assert_eq!((fork.other, fork.decided), (theirs[0].hash(), Some(world.clock.now())));
    let other = [&common[..], &theirs[..]].concat();
    replace_the_disk(&mut world, &other).await;
    // It refuses epochs that were opened under charters that it does not hold, so there is nothing to read at it.
    assert!(ana.client.connected(world.hood).await.is_err());
    assert_eq!((ana.client.forks().unwrap(), newest()), (vec![fork], ours[2].hash()));
}

#[tokio::test]
async fn choosing_the_other_branch_takes_it_whole_and_keeps_the_dropped_one_as_evidence() {
    let (world, ana, common, [ours, theirs]) = forked().await;
    publish(&world, &theirs[2..]).await;
    ana.client.accept_fork(&theirs[0].hash().to_string()).unwrap();
    assert_eq!(ana.client.charters().unwrap().newest().hash(), theirs[1].hash());
    sync(&world, &ana.client).await;
    assert_eq!(ana.client.charters().unwrap().newest().hash(), theirs[2].hash());
    let fork = ana.client.forks().unwrap().remove(0);
    assert_eq!((fork.held, fork.other, fork.whole), (theirs[0].hash(), ours[0].hash(), true));
    // Everything is on the disk, and judged again from it.
    let again = ana.reopen(&world.clock);
    let held = again.client.charters().unwrap();
    let wanted: Vec<_> = common.iter().chain(&theirs).map(SignedCharter::hash).collect();
    assert_eq!(held.iter().map(watchfire_protocol::charter::Charter::hash).collect::<Vec<_>>(), wanted);
    // And the dropped branch can be chosen again.
    again.client.accept_fork(&ours[0].hash().to_string()).unwrap();
    assert_eq!(again.client.charters().unwrap().newest().hash(), ours[1].hash());
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_command_line_an_alarm_comes_before_all_else_until_a_person_has_chosen() {
    let mut relay = Relay::start();
    let (marisol, ana) = (Network::admin_at(&relay, &relay.url), Home::new());
    join(&marisol, &ana, "Ana", "responder");
    let admin = marisol.vault().transact(Profile::load).unwrap().admin_key("").unwrap();
    let held = marisol.client().charters().unwrap();
    let [ours, theirs] = [11, 22].map(|mark| branch(&admin, &held, 2, mark));
    let common = shown(&relay.url, held.network()).await;
    publish_at(&relay.url, relay.token(), &ours).await;
    for home in [&ana, &marisol] {
        let quiet = home.run(&["sync"]).ok();
        assert!(!quiet.stderr.contains("ALARM"), "{quiet:?}");
    }
    relay.kill();
    relay.lose_the_database();
    relay.serve();
    publish_at(&relay.url, relay.token(), &[&common[..], &theirs[..]].concat()).await;
    for home in [&marisol, &ana] {
        home.run(&["sync"]);
    }

    // On the error stream, before whatever is asked, however little somebody wants to hear.
    let alarm = format!("ALARM: the admins signed two charters of version {}.", common.len() + 1);
    for args in [&["alerts"][..], &["charter", "show"], &["--quiet", "status"], &["sync"]] {
        let ran = ana.run(args);
        assert!(ran.stderr.starts_with(&alarm), "{args:?} {ran:?}");
    }
    assert!(ana.run(&["--lang", "es", "alerts"]).stderr.starts_with("ALARMA: "));
    let ran = ana.run(&["--json", "alerts"]).ok();
    let line: Value = serde_json::from_str(ran.stderr.lines().next().unwrap()).unwrap();
    assert_eq!((line["schema"].as_str(), line["alarm"].as_str()), (Some("watchfire.alarm/1"), Some("charter-fork")));
    let fork = || ana.json(&["status"])[0]["forks"][0].clone();
    let (held, other) = (ours[0].hash().to_string(), theirs[0].hash().to_string());
    assert_eq!((fork()["held"].as_str(), fork()["other"].as_str()), (Some(&*held), Some(&*other)));

    // An admin adds nothing, and nobody chooses by mistake.
    let refused = marisol.run(&["neighborhood", "add", "Old Mill"]).fails(4);
    assert!(refused.stderr.contains("charter accept-fork"), "{refused:?}");
    let asked = ana.run(&["charter", "accept-fork", &other]).fails(2);
    let shown = ana.run(&["charter", "show"]).ok().stdout;
    assert!(!shown.contains("ALARM"), "said once, before it: {shown}");
    for told in ["11 days of grace", "22 days of grace", &held, &other, "signed by"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    assert!(asked.stderr.contains("this asks for a yes"), "{asked:?}");
    let typo = ana.run(&["charter", "accept-fork", "0000", "--yes"]).fails(6);
    assert!(typo.stderr.contains("charter show"), "{typo:?}");
    ana.run(&["charter", "accept-fork", &other[..3], "--yes"]).fails(2);
    assert_eq!(fork()["decided"], Value::Null);
    let chosen = ana.json(&["charter", "accept-fork", &other[..12], "--yes"])[0].clone();
    assert_eq!((chosen["schema"].as_str(), chosen["chosen"].as_str()), (Some("watchfire.fork/1"), Some(&*other)));
    assert_eq!(chosen["charter"], theirs[1].hash().to_string());
    // It stays an alarm, which says that it was decided.
    let after = ana.run(&["alerts"]).ok();
    assert!(after.stderr.starts_with(&format!("{alarm} It is decided: {} was", &other[..12])), "{after:?}");
    assert!(!ana.run(&["--quiet", "alerts"]).ok().stderr.contains("two charters"));
    ana.run(&["sync"]).ok();
    assert_eq!(ana.json(&["charter", "show"])[0]["version"].as_u64(), Some(common.len() as u64 + 2));
}
