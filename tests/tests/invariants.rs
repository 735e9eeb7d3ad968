//! The invariants of `docs/protocol.md`, end to end: the shipped programs, with a hostile relay between them and the real
//! one. Each module has the name of its invariant.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};

use serde_json::Value;
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::record::Channel;
use watchfire_tests::hostile::{Act, Hostile, Said};
use watchfire_tests::process::{HOOD, Home, Network, Relay, example, join, words};

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
    use watchfire_client::ops::view::Filter;
    use watchfire_client::state::{Hood, Profile, StoredAlert};
    use watchfire_client::vault::Bucket;
    use watchfire_protocol::alert::{AlertBody, AlertsItem, SignedAlert};
    use watchfire_protocol::sign::SecretKey;
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

    /// The key of the coordinator whose vault it is, and where it counts.
    fn taken(home: &Home) -> (Hood, SecretKey) {
        let charters = home.client().charters().unwrap();
        let taken = home.vault().transact(|tx| {
            let hood: Hood = tx.list(Bucket::Hood, b"")?.pop().unwrap().1;
            let key = Profile::load(tx)?.device_key(&charters.newest().as_written(), hood.id, "")?;
            Ok::<_, ClientError>((hood, key))
        });
        taken.unwrap()
    }

    /// The only alert that somebody sees, with every signature.
    fn seen(home: &Home) -> SignedAlert {
        home.client().alerts(Filter::default()).unwrap().pop().unwrap().shown.signed().clone()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_silenced_coordinator_signs_and_the_relay_passes_on() {
        let relay = Relay::start();
        let hostile = Hostile::in_front_of(relay.address(), &relay.path()).await;
        let (marisol, ben, lou) = (Network::admin_at(&relay, &hostile.url), Home::new(), Home::new());
        join(&marisol, &ben, "Ben", "responder");
        join(&marisol, &lou, "Lou", "responder");
        let id = send(&marisol);
        assert_eq!(alerts(&ben), [verified(&id)]);
        let handle = marisol.json(&["status"])[0]["handle"].as_str().unwrap().to_owned();
        // A version would leave nobody: it is a restriction, and Marisol has every key that she had.
        let silenced = marisol.json(&["--yes", "charter", "revoke", &handle]);
        assert_eq!(silenced[0]["state"], "restricted");
        let (hood, key) = taken(&marisol);
        let mut body: AlertBody = wire::decode_body(&seen(&ben).body).unwrap();
        (body.random, body.sent) = ([7; 16], now());
        let anew = AlertsItem::Alert(SignedAlert::sign(&body, &hood.place(), &key)).to_bytes();
        hostile.add(Channel::Alerts, vec![wrap(&marisol.vault(), hood.id, now(), &anew)]);
        assert_eq!(alerts(&ben), [verified(&id)], "what was shown before keeps its label");
        assert_eq!(ben.json(&["alerts"])[0]["notes"], serde_json::json!(["sender-revoked"]));
        let why =
            |home: &Home| -> Vec<Value> { home.json(&["held"]).iter().map(|held| held["reason"].clone()).collect() };
        assert_eq!(why(&ben), ["revoked"]);
        assert_eq!(alerts(&lou), [], "and who sees it now for the first time sees neither");
        assert_eq!(why(&lou), ["revoked", "revoked"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_alert_from_which_a_relay_and_an_infiltrator_strip_one_of_two_signatures() {
        let (hostile, network) = found().await;
        let [infiltrator, ben, _] = &network.responders;
        network.marisol.run(&["neighborhood", "set", HOOD, "--quorum", "2"]).ok();
        network.kai.run(&["sync"]).ok();
        let checkpoint = example("checkpoint.json");
        let sent = ["--json", "alert", "send", "--neighborhood", HOOD, "--file", &checkpoint, "--yes"];
        let sent = network.marisol.run(&sent).fails(9).json();
        let id = sent[0]["id"].as_str().unwrap();
        network.kai.run(&["alert", "sign", id, "--yes"]).ok();
        assert_eq!(alerts(infiltrator), [verified(id)]);

        let ((hood, kais), (_, marisols)) = (taken(&network.kai), taken(&network.marisol));
        let alert = seen(infiltrator);
        let by = |key: &SecretKey| *alert.signatures.iter().find(|one| one.signer == key.public()).unwrap();
        let twice = SignedAlert { signatures: vec![by(&marisols); 2], ..alert.clone() };
        let stripped = SignedAlert { signatures: vec![by(&marisols)], ..alert.clone() };
        let mut body: AlertBody = wire::decode_body(&alert.body).unwrap();
        let own = SignedAlert::sign(&body, &hood.place(), &hood.identity_key()).signatures[0];
        let mut padded = stripped.clone();
        padded.signatures.extend([own, SignedAlert::sign(&body, &hood.place(), &hostile.key).signatures[0]]);
        padded.signatures.sort_by_key(|signature| signature.signer);
        // Kai's signature, under an alert that Kai did not sign.
        body.random = [7; 16];
        let mut moved = SignedAlert::sign(&body, &hood.place(), &marisols);
        moved.signatures.push(by(&kais));
        moved.signatures.sort_by_key(|signature| signature.signer);
        let made = [twice, stripped, padded, moved].map(|claim| AlertsItem::Alert(claim).to_bytes());
        let vault = infiltrator.vault();
        let records: Vec<Vec<u8>> = made.iter().map(|item| wrap(&vault, hood.id, now(), item)).collect();
        // Nothing else of the log reaches Ben.
        hostile.rearrange(Channel::Alerts, move |_| {
            let told = records.iter().zip(1 << 30..);
            told.map(|(record, position)| Reply::Record { channel: Channel::Alerts, position, record: record.clone() })
                .collect()
        });
        let shown = alerts(ben);
        assert!(
            shown.iter().any(|(shown, _)| shown == id) && shown.iter().all(|(_, label)| label == "signed"),
            "{shown:?}"
        );
        assert_eq!(ben.json(&["show", id])[0]["signatures"], serde_json::json!({"have": 1, "need": 2}));
        hostile.be_honest();
        assert!(alerts(ben).contains(&verified(id)));
    }
}

mod removed_and_new_see_only_their_time {
    use watchfire_client::vault::Vault;
    use watchfire_protocol::kdf::Place;
    use watchfire_protocol::record::{Header, open_record};
    use watchfire_protocol::time::Hour;
    use watchfire_tests::local::keys;
    use watchfire_tests::process::join_in_person;
    use watchfire_tests::thief;

    use super::*;

    /// Whether a vault's keys of the newest epoch that it has open a record.
    fn reads(vault: &Vault, place: Place, record: &[u8]) -> bool {
        let (_, epoch) = keys(vault, place.neighborhood);
        let chain = epoch.keys(place).member;
        let from = chain.chain().hour().0;
        let opens = |hour| {
            let key = chain.chain().at(Hour(hour)).unwrap().alerts_key();
            open_record(&place, &epoch.announcement, &key, record).is_ok()
        };
        (from..from + 48).any(opens)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn though_the_relay_gives_the_removed_whatever_it_has() {
        let (hostile, network) = found().await;
        let [ana, ben, _] = &network.responders;
        let first = send(&network.marisol);
        assert_eq!((alerts(ana), alerts(ben)), (vec![verified(&first)], vec![verified(&first)]));
        let (before, place) = {
            let (hood, epoch) = keys(&ben.vault(), network.marisol.client().hoods().unwrap()[0].0);
            (epoch.epoch, hood.place())
        };
        let told = hostile.kept().len();
        network.marisol.run(&["member", "remove", "Ben", "--yes"]).ok();
        let second = send(&network.kai);
        assert!(alerts(ana).contains(&verified(&second)));

        // The relay is on Ben's side: it reads him every record that it was ever sent, as if each were of his epoch.
        let records: Vec<Vec<u8>> = hostile.kept().split_off(told);
        let alert = |record: &&Vec<u8>| Header::parse(record).is_ok_and(|header| header.channel == Channel::Alerts);
        let new: Vec<Vec<u8>> = records.iter().filter(alert).cloned().collect();
        assert!(new.iter().any(|record| reads(&ana.vault(), place, record)), "who stayed reads it");
        assert!(!new.iter().any(|record| reads(&ben.vault(), place, record)));
        hostile.add(Channel::Alerts, new);
        ben.run(&["sync"]);
        assert!(ben.json(&["alerts"]).iter().all(|alert| alert["id"] == first.as_str()));
        hostile.be_honest();
        // And every slot of the epoch, dummies included.
        let slots = thief::recorded(&network.relay.url, place, before.next().0).await;
        assert!(!thief::opens(&ben.vault(), place.neighborhood, &slots));
        assert_eq!(hood_status(ben)["epoch"].as_u64(), Some(before.0));

        // Who is let in after the switch sees nothing from before it.
        let zoe = join_in_person(&network.marisol, "Zoe");
        assert!(alerts(&zoe).iter().all(|(id, _)| *id == second));
        let third = send(&network.marisol);
        assert!(alerts(&zoe).iter().any(|(id, _)| *id == third));
        let slots = thief::recorded(&network.relay.url, place, before.0).await;
        assert!(!thief::opens(&zoe.vault(), place.neighborhood, &slots));
    }
}

mod opened_slots_stay_closed {
    use watchfire_tests::thief;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn to_whoever_takes_the_relays_disk_and_later_a_device() {
        let (_hostile, network) = found().await;
        let [ana, ..] = &network.responders;
        let hood = ana.client().hoods().unwrap()[0].0;
        let before = ana.stolen();
        let epoch = network.kai.json(&["rotate"])[0]["epoch"].as_u64().unwrap();
        let place = before.vault().transact(|tx| watchfire_client::state::Hood::load(tx, hood)).unwrap().place();
        let slots = thief::recorded(&network.relay.url, place, epoch).await;
        assert!(thief::opens(&before.vault(), hood, &slots), "the attack is a real one");
        ana.run(&["sync"]).ok();
        assert_eq!(hood_status(ana)["epoch"].as_u64(), Some(epoch));
        assert!(!thief::opens(&ana.stolen().vault(), hood, &slots));
        // Her own next slot opens all the same.
        network.kai.json(&["rotate"]);
        let id = send(&network.marisol);
        assert_eq!(alerts(ana), [verified(&id)]);
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
