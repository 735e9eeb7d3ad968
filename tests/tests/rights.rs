//! Who is granted one right cannot use the other: by the commands that people type, and at the relay.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::Value;
use watchfire_client::ClientError;
use watchfire_client::net::Connection;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::{Hood, Profile};
use watchfire_client::vault::Bucket;
use watchfire_protocol::frame::{Prover, Refusal, Request};
use watchfire_protocol::id::{AnnouncementHash, Epoch, InviteId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::{HOUR, Timestamp};
use watchfire_tests::process::{HOOD, Home, Network, Relay, example, join, words};

/// Marisol may do everything, Kai has one right, Ana is a responder.
struct One {
    relay: Relay,
    marisol: Home,
    kai: Home,
    ana: Home,
}

impl One {
    fn with(right: &str) -> Self {
        let relay = Relay::start();
        let marisol = Network::admin_at(&relay, &relay.url);
        let (kai, ana) = (Home::new(), Home::new());
        join(&marisol, &kai, "Kai", "coordinator");
        join(&marisol, &ana, "Ana", "responder");
        marisol.run(&["charter", "grant", "Kai", "--neighborhood", HOOD, "--right", right]).ok();
        kai.run(&["sync"]).ok();
        Self { relay, marisol, kai, ana }
    }

    /// What Kai could have changed: the epoch, the members, the invites, who waits.
    fn state(&self) -> Vec<Value> {
        self.marisol.run(&["sync"]).ok();
        let epoch = self.marisol.json(&["status"])[0]["neighborhoods"][0]["epoch"].clone();
        let mut all = vec![epoch];
        for list in [&["member", "list"][..], &["invite", "list"], &["member", "pending"]] {
            all.push(Value::Array(self.marisol.json(list)));
        }
        all
    }

    fn refused(&self, args: &[&str]) {
        let refused = self.kai.run(&[args, &["--yes"]].concat()).fails(4);
        assert!(refused.stderr.contains("may not"), "{args:?} {refused:?}");
        assert!(self.kai.json(&["status"])[0]["queued"].as_array().is_none_or(Vec::is_empty), "{args:?}");
    }
}

fn path(home: &Home, name: &str) -> String {
    home.path(name).to_str().unwrap().to_owned()
}

#[test]
fn who_may_only_dispatch_cannot_invite_withdraw_approve_remove_or_give_new_keys() {
    let one = One::with("dispatch");
    // Somebody waits to be approved, and an invite is open.
    let (link, ben) = (path(&one.marisol, "ben"), Home::new());
    one.marisol.json(&["invite", "new", "--neighborhood", HOOD, "--out", &link]);
    let joining = ben.json(&["join", "--handle", "Ben", "--link-file", &link]);
    let open = one.marisol.json(&["invite", "new", "--neighborhood", HOOD, "--out", &path(&one.marisol, "open")]);
    let before = one.state();
    one.kai.run(&["sync"]).ok();
    let request = before[3][0]["request"].as_str().unwrap();
    let invite = open[0]["id"].as_str().unwrap();

    one.refused(&["invite", "new", "--neighborhood", HOOD, "--out", &path(&one.kai, "kais-link")]);
    one.refused(&["invite", "withdraw", invite]);
    one.refused(&["member", "approve", request, "--words", &words(&joining[0]["say"])]);
    one.refused(&["member", "remove", "Ana"]);
    one.refused(&["rotate"]);
    assert!(!one.kai.path("kais-link").exists());
    assert_eq!(one.state(), before);

    // What they were granted works, and Ben is let in by who may.
    one.kai.run(&["alert", "send", "--neighborhood", HOOD, "--file", &example("checkpoint.json"), "--yes"]).ok();
    assert_eq!(one.ana.json(&["watch", "--count", "1", "--timeout", "60s"])[0]["label"], "verified");
    one.marisol.run(&["member", "approve", request, "--words", &words(&joining[0]["say"])]).ok();
}

#[test]
fn who_may_only_enroll_cannot_send_sign_update_or_stand_down() {
    let one = One::with("enroll");
    let checkpoint = example("checkpoint.json");
    let send = ["alert", "send", "--neighborhood", HOOD, "--file", &checkpoint];
    one.refused(&send);
    let sent = one.marisol.json(&[&send[..], &["--yes"]].concat());
    let id = sent[0]["id"].as_str().unwrap();
    one.kai.run(&["sync"]).ok();
    one.refused(&["alert", "sign", id]);
    one.refused(&["alert", "update", id, "--need", "medic:2"]);
    one.refused(&["alert", "cancel", id, "--outcome", "resolved"]);
    one.ana.run(&["sync"]).ok();
    let alerts = one.ana.json(&["alerts"]);
    assert_eq!((alerts.len(), &alerts[0]["closed-by"]), (1, &Value::Null));
    assert_eq!(one.ana.json(&["show", id])[0]["signed-by"].as_array().unwrap().len(), 1);
    // What they were granted works.
    join(&one.kai, &Home::new(), "Ben", "responder");
}

#[test]
fn a_second_device_is_added_by_its_key_file_and_a_lost_one_is_removed_by_its_key() {
    let relay = Relay::start();
    let (marisol, tablet) = (Network::admin_at(&relay, &relay.url), Home::new());
    join(&marisol, &tablet, "tablet", "coordinator");
    tablet.run(&["rotate"]).fails(4);
    let (file, admins) = (path(&marisol, "tablet.key"), path(&marisol, "admin.key"));
    let key = tablet.json(&["charter", "device", "key", "--out", &file])[0].clone();
    assert_eq!(key["schema"], "watchfire.device-key/1");
    assert_eq!(tablet.json(&["charter", "device", "key", "--out", &file])[0], key, "the same one again");
    let shown = || marisol.json(&["charter", "show"])[0].clone();
    let (before, handle) = (shown(), shown()["grants"][0]["handle"].as_str().unwrap().to_owned());
    let first = before["grants"][0]["devices"][0].as_str().unwrap().to_owned();

    marisol.run(&["charter", "admin", "key", "--out", &admins]).ok();
    let refused = [
        vec!["add", "Nobody", &file],
        vec!["add", &handle, &admins],
        vec!["remove", &handle, &first],
        vec!["remove", &handle, key["key"].as_str().unwrap()],
    ];
    for args in refused {
        let refused = marisol.run(&[&["charter", "device"], &args[..]].concat());
        assert!([2, 4, 6].contains(&refused.code) && refused.stderr.contains("hint:"), "{args:?} {refused:?}");
    }
    let last = marisol.run(&["charter", "device", "remove", &handle, &first]);
    assert!(last.stderr.contains("only device") && last.stderr.contains("charter revoke"), "{last:?}");
    assert_eq!(shown(), before);

    let added = marisol.json(&["charter", "device", "add", &handle, &file])[0].clone();
    assert_eq!((added["state"].as_str(), added["epochs"][0]["epoch"].as_u64()), (Some("published"), Some(2)));
    let devices = shown()["grants"][0]["devices"].clone();
    assert_eq!(devices.as_array().unwrap().len(), 2);
    assert!(
        marisol.run(&["charter", "show"]).ok().stdout.contains(&format!("device {}", key["key"].as_str().unwrap()))
    );
    tablet.run(&["sync"]).ok();
    tablet.run(&["rotate"]).ok();

    let removed = marisol.json(&["charter", "device", "remove", &handle, key["key"].as_str().unwrap()])[0].clone();
    assert!(removed["epochs"][0]["epoch"].as_u64() >= Some(4), "the others have new keys already: {removed}");
    assert_eq!(shown()["revocations"][0]["distrust-from"], 4);
    let refused = tablet.run(&["rotate"]);
    assert!([3, 4].contains(&refused.code), "its keys are closed, or it learned that it may not: {refused:?}");
    assert_eq!(marisol.json(&["member", "list"]).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_refuses_a_device_without_enroll_whatever_its_program_asks_for() {
    let one = tokio::task::spawn_blocking(|| One::with("dispatch")).await.unwrap();
    let (place, key): (Place, SecretKey) = one
        .kai
        .vault()
        .transact(|tx| {
            let (_, hood): (Vec<u8>, Hood) = tx.list(Bucket::Hood, b"")?.remove(0);
            let seed = Profile::load(tx)?.candidates.remove(0);
            Ok::<_, ClientError>((hood.place(), SecretKey::from_seed(&seed)))
        })
        .unwrap();
    let invite = Request::RegisterInvite {
        id: InviteId([7; 16]),
        key: SecretKey::generate(&mut rand::rng()).public(),
        uses: 1,
        expires: Timestamp(watchfire_tests::local::now().0 + HOUR),
    };
    let withdraw = Request::WithdrawInvite { id: InviteId([7; 16]) };
    for asked in [Request::Staged { announcement: AnnouncementHash::ZERO }, invite, withdraw] {
        let mut relay =
            Connection::open(&Route::straight().unwrap(), &one.relay.url, None, Errand::Alerts, None).await.unwrap();
        relay.prove(place, Epoch::NONE, Prover::Device(key.public()), &key).await.unwrap();
        let refused = relay.call(asked).await;
        assert!(matches!(refused, Err(ClientError::Refused(Refusal::NotGranted))), "{refused:?}");
    }
}
