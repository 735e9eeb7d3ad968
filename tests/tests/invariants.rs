//! The invariants of `docs/protocol.md`, end to end: the shipped programs, with a hostile relay between them and the real
//! one. Each module has the name of its invariant.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use serde_json::Value;
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::record::Channel;
use watchfire_tests::hostile::{Act, Hostile, Said};
use watchfire_tests::process::{HOOD, Home, Network, Relay, example, words};

/// A network whose clients meet the hostile relay.
async fn found() -> (Hostile, Network) {
    let relay = Relay::start();
    let hostile = Hostile::in_front_of(relay.address(), &relay.path()).await;
    let network = Network::found_at(relay, &hostile.url);
    (hostile, network)
}

/// Sends an alert, and returns its id.
fn send(from: &Home) -> String {
    let sent = from.json(&["alert", "send", "--neighborhood", HOOD, "--file", &example("checkpoint.json"), "--yes"]);
    assert_eq!(sent[0]["state"], "accepted");
    sent[0]["id"].as_str().unwrap().to_owned()
}

/// Fetches what there is; the ids and labels of the alerts that are shown then.
fn alerts(home: &Home) -> Vec<(String, String)> {
    home.run(&["sync"]).ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    home.json(&["alerts"]).iter().map(|alert| (text(&alert["id"]), text(&alert["label"]))).collect()
}

fn verified(id: &str) -> (String, String) {
    (id.to_owned(), "verified".to_owned())
}

fn hood_status(home: &Home) -> Value {
    home.json(&["status"])[0]["neighborhoods"][0].clone()
}

mod nothing_false_is_verified {
    use watchfire_client::ClientError;
    use watchfire_client::state::{Hood, StoredAlert};
    use watchfire_client::vault::Bucket;
    use watchfire_protocol::alert::{AlertBody, AlertsItem, SignedAlert};
    use watchfire_protocol::wire;
    use watchfire_tests::local::{now, wrap};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn whatever_a_relay_and_an_infiltrator_make_of_their_keys_and_of_a_true_alert() {
        let (hostile, network) = found().await;
        let [infiltrator, ben, _] = &network.responders;
        let id = send(&network.marisol);
        assert_eq!(alerts(infiltrator), [verified(&id)]);
        let vault = infiltrator.vault();
        let (hood, genuine) = vault
            .transact(|tx| {
                let stored = tx.list::<StoredAlert>(Bucket::Alert, b"")?.pop().unwrap().1;
                let genuine: SignedAlert = wire::decode_exact(&stored.signed, 64 << 10).unwrap();
                Ok::<_, ClientError>((Hood::all(tx)?.pop().unwrap(), genuine))
            })
            .unwrap();
        let mut body: AlertBody = wire::decode_body(&genuine.body).unwrap();
        body.random = [7; 16];
        body.sent = now();
        let forged = [
            SignedAlert::sign(&body, &hood.place(), &hood.identity_key()),
            SignedAlert::sign(&body, &hood.place(), &hostile.key),
            SignedAlert { body: wire::encode_body(&body), signatures: genuine.signatures.clone() },
            SignedAlert { body: genuine.body.clone(), signatures: vec![] },
        ];
        let made = forged.into_iter().chain([genuine]);
        let records = made.map(|claim| wrap(&vault, hood.id, now(), &AlertsItem::Alert(claim).to_bytes()));
        hostile.add(Channel::Alerts, records.collect());
        assert_eq!(alerts(ben), [verified(&id)]);
        assert_eq!(hood_status(ben)["held"], 3, "the one without a signature is no other than the true one");
    }
}

mod withholding_is_noticed {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn at_the_next_alert_that_gets_through_and_no_longer_than_it_lasts() {
        let (hostile, network) = found().await;
        let [ana, ben, _] = &network.responders;
        let withheld = send(&network.marisol);
        let kept = hostile.kept();
        hostile.withhold(Channel::Alerts, move |record| kept.iter().any(|kept| kept == record));
        assert_eq!(alerts(ben), []);
        network.kai.run(&["sync"]).ok();
        hostile.be_honest();
        network.kai.run(&["sync"]).ok();
        let kept = hostile.kept();
        let next = send(&network.kai);
        hostile.withhold(Channel::Alerts, move |record| kept.iter().any(|kept| kept == record));
        assert_eq!(alerts(ben), [verified(&next)]);
        assert_eq!(hood_status(ben)["withheld"].as_array().map(Vec::len), Some(1), "{}", hood_status(ben));
        hostile.be_honest();
        assert_eq!(alerts(ana).len(), 2);
        let both = alerts(ben);
        assert!(both.contains(&verified(&withheld)) && both.contains(&verified(&next)), "{both:?}");
        assert_eq!(hood_status(ben)["withheld"].as_array().map(Vec::len), Some(0), "{}", hood_status(ben));
    }
}

mod members_look_alike {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn two_members_prove_the_same_and_ask_for_the_same() {
        let (hostile, network) = found().await;
        let [ana, ben, _] = &network.responders;
        network.kai.json(&["rotate"]);
        send(&network.marisol);
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let ear = Arc::clone(&heard);
        hostile.rule(move |said| {
            if let Said::Asked(request) = said {
                let heard = match request {
                    Request::Prove { network, neighborhood, epoch, prover, .. } => {
                        format!("{request:?} {network} {neighborhood} {epoch} {prover:?}")
                    }
                    other => format!("{other:?}"),
                };
                ear.lock().unwrap().push(heard);
            }
            Act::Pass
        });
        let conversation = |home: &Home| {
            home.run(&["sync"]).ok();
            std::mem::take(&mut *heard.lock().unwrap())
        };
        let (of_ana, of_ben) = (conversation(ana), conversation(ben));
        assert!(of_ana.iter().any(|asked| asked.starts_with("Prove")));
        assert_eq!(of_ana, of_ben);
    }
}

mod a_relay_can_be_replaced {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn by_an_older_copy_of_its_disk() {
        let (_hostile, mut network) = found().await;
        network.relay.kill();
        let older = network.relay.backup();
        network.relay.serve();
        let id = send(&network.marisol);
        network.kai.run(&["sync"]).ok();
        network.relay.kill();
        network.relay.restore(&older);
        network.relay.serve();
        let [ana, ..] = &network.responders;
        assert_eq!(alerts(ana), []);
        // Not only its author can bring it back.
        network.kai.run(&["sync"]).ok();
        assert_eq!(alerts(ana), [verified(&id)]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn after_it_acknowledged_an_alert_and_dropped_it() {
        let (hostile, network) = found().await;
        let [ana, ..] = &network.responders;
        hostile.drop_appended(Channel::Alerts);
        let id = send(&network.marisol);
        assert_eq!(alerts(ana), []);
        hostile.be_honest();
        network.marisol.run(&["sync"]).ok();
        assert_eq!(alerts(ana), [verified(&id)]);
    }
}

mod doubt_hides_nothing {
    use watchfire_protocol::time::{DAY, Timestamp};
    use watchfire_tests::local::now;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn not_a_wrong_clock_nor_a_charter_that_is_late_nor_a_missing_alert() {
        let (hostile, network) = found().await;
        let [_, ben, _] = &network.responders;
        // The relay's time is another year's.
        hostile.tell_time(Timestamp(now().0 + 365 * DAY));
        let first = send(&network.marisol);
        assert_eq!(alerts(ben), [verified(&first)]);
        hostile.be_honest();
        // An alert is withheld, and then the charter that the next one names.
        hostile.withhold(Channel::Alerts, |_| true);
        send(&network.marisol);
        assert_eq!(alerts(ben), [verified(&first)]);
        hostile.be_honest();
        network.marisol.run(&["neighborhood", "add", "Old Mill"]).ok();
        let last = send(&network.marisol);
        hostile.lie(|_, answer| match answer {
            Reply::Charters { charters, .. } => Some(Reply::Charters { charters: charters[..1].to_vec(), more: false }),
            _ => None,
        });
        let shown = alerts(ben);
        assert!(shown.iter().any(|(id, label)| *id == last && label == "signed"), "{shown:?}");
    }
}

mod every_approved_member_gets_a_key {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn though_the_relay_dropped_the_approval_and_somebody_else_opened_an_epoch() {
        let (hostile, network) = found().await;
        let lou = Home::new();
        let link = lou.path("link");
        let link = link.to_str().unwrap();
        network.marisol.json(&["invite", "new", "--neighborhood", HOOD, "--role", "responder", "--out", link]);
        let joining = lou.json(&["join", "--handle", "Lou", "--link-file", link]);
        let pending = network.marisol.json(&["member", "pending"]);
        hostile.drop_appended(Channel::Roster);
        hostile.pretend(|request| matches!(request, Request::AddLateSlot(_)).then_some(Reply::Done));
        let request = pending[0]["request"].as_str().unwrap();
        network.marisol.run(&["member", "approve", request, "--words", &words(&joining[0]["say"])]).ok();
        hostile.be_honest();
        network.kai.json(&["rotate"]);
        network.marisol.run(&["sync"]).ok();
        let joined = lou.json(&["join", "--wait", "--timeout", "30s"]);
        assert_eq!(joined.last().unwrap()["state"], "member");
        lou.run(&["confirm", "--words", &words(&pending[0]["say"])]).ok();
        let id = send(&network.marisol);
        assert_eq!(alerts(&lou), [verified(&id)]);
    }
}
