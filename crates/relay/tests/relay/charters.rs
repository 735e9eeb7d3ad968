//! Publishing charters: which networks are served, and in what order versions come.

use watchfire_protocol::frame::{Refusal, Reply, Request};
use watchfire_protocol::id::{NetworkId, RestrictionHash};
use watchfire_relay::admission::{read_list, read_token, remove};

use crate::client::{Client, publish};
use crate::organization::{Organization, RIVERSIDE, genesis, key, signed};
use crate::running::Running;

fn request(signed: &watchfire_protocol::charter::SignedCharter, admission: Option<[u8; 32]>) -> Request {
    Request::PublishCharter { charter: signed.to_bytes(), admission }
}

#[tokio::test]
async fn a_network_is_served_if_the_operator_allows_it_or_gave_away_the_token() {
    let relay = Running::new().await;
    let organization = Organization::found(relay.key);
    let mut client = Client::connect(&relay.url).await;
    assert_eq!(client.refusal(request(&organization.signed, None)).await, Refusal::NotAllowed);
    let token = *read_token(&relay.dir.path().join("admission.token")).unwrap().expose();
    let mut wrong = token;
    wrong[0] ^= 1;
    assert_eq!(client.refusal(request(&organization.signed, Some(wrong))).await, Refusal::NotAllowed);
    let standing = Request::Standing { network: organization.network(), neighborhood: RIVERSIDE };
    assert_eq!(client.refusal(standing.clone()).await, Refusal::NotFound);

    client.done(request(&organization.signed, Some(token))).await;
    let list = relay.dir.path().join("networks.toml");
    assert_eq!(read_list(&list).unwrap()[0].network, organization.network());
    assert!(matches!(client.ask(standing.clone()).await, Reply::Standing(_)));
    // From here on it is on the list: no token is needed.
    client.done(request(&organization.signed, None)).await;

    // A running relay notices that it is served no longer.
    assert!(remove(&list, organization.network()).unwrap());
    assert_eq!(client.refusal(standing).await, Refusal::NotAllowed);
    assert_eq!(client.refusal(request(&organization.signed, None)).await, Refusal::NotAllowed);
}

#[tokio::test]
async fn versions_come_in_order_and_a_charter_that_breaks_a_rule_is_refused() {
    let relay = Running::new().await;
    let first = Organization::found(relay.key);
    relay.allow(first.network());
    let second = first.next(|body| body.grace_days = 10);
    let third = second.next(|body| body.grace_days = 11);
    let bad = async |signed: &watchfire_protocol::charter::SignedCharter| match Client::connect(&relay.url)
        .await
        .refusal(request(signed, None))
        .await
    {
        Refusal::BadCharter(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert!(bad(&second.signed).await.contains("missing"));
    assert_eq!(publish(&relay.url, &first).await, Reply::Done);
    assert!(bad(&third.signed).await.contains("missing"));
    assert_eq!(publish(&relay.url, &second).await, Reply::Done);
    assert_eq!(publish(&relay.url, &third).await, Reply::Done);
    // Each of them again is done, and another version 2 is not.
    for again in [&first, &second, &third] {
        assert_eq!(publish(&relay.url, again).await, Reply::Done);
    }
    bad(&first.next(|body| body.grace_days = 12).signed).await;
    bad(&second.next(|body| body.grace_days = 13).signed).await;

    let body = third.next(|body| body.grace_days = 14).charter.body().clone();
    let reason = bad(&signed(&body, &[&key(9)])).await;
    assert!(reason.contains("no admin"), "{reason}");
    let mut forged = signed(&body, &[&crate::organization::admin()]);
    forged.signatures[0].signature.0[5] ^= 1;
    assert!(bad(&forged).await.contains("does not verify"));
    let mut flawed = body;
    flawed.threshold = 0;
    bad(&signed(&flawed, &[&crate::organization::admin()])).await;
    let garbage = Request::PublishCharter { charter: vec![7; 500], admission: None };
    assert!(matches!(Client::connect(&relay.url).await.refusal(garbage).await, Refusal::BadCharter(_)));
}

#[tokio::test]
async fn charters_are_found_by_hash_and_given_in_pages_also_after_a_restart() {
    let relay = Running::new().await;
    let mut last = Organization::found(relay.key);
    relay.allow(last.network());
    let network = last.network();
    let mut chain = vec![last.signed.to_bytes()];
    let mut client = Client::connect(&relay.url).await;
    client.done(request(&last.signed, None)).await;
    for version in 0..40 {
        last = last.next(|body| {
            body.grace_days = version;
            // About 20 KB each, so that not all fit into a frame.
            body.restrictions = (0..250_u8).map(|n| RestrictionHash([n; 32])).collect();
            body.revocations = (50..250_u8)
                .map(|n| watchfire_protocol::charter::Revocation {
                    key: key(n).public(),
                    neighborhood: RIVERSIDE,
                    distrust_from: watchfire_protocol::id::Epoch(9),
                })
                .collect();
        });
        chain.push(last.signed.to_bytes());
        client.done(request(&last.signed, None)).await;
    }
    let relay = relay.stop().await.start().await;
    let mut client = Client::connect(&relay.url).await;
    let (mut read, mut pages) = (Vec::new(), 0);
    loop {
        let from = u64::try_from(read.len()).unwrap() + 1;
        let Reply::Charters { charters, more } = client.ask(Request::Charters { network, from }).await else {
            panic!()
        };
        read.extend(charters);
        pages += 1;
        if !more {
            break;
        }
    }
    assert!(pages > 2);
    assert_eq!(read, chain);

    let half = |hash: watchfire_protocol::id::CharterHash| hash.0[..16].try_into().unwrap();
    let reply = client.ask(Request::FindNetwork { charter: half(last.charter.hash()) }).await;
    assert_eq!(reply, Reply::Network { network });
    assert_eq!(client.refusal(Request::FindNetwork { charter: [3; 16] }).await, Refusal::NotFound);
    let nowhere = Request::Charters { network: NetworkId([8; 32]), from: 1 };
    assert_eq!(client.refusal(nowhere).await, Refusal::NotFound);
    // The chain is judged again when it is first needed, so its next link fits.
    let next = last.next(|body| body.grace_days = 99);
    client.done(request(&next.signed, None)).await;
}

#[tokio::test]
async fn a_new_charter_is_told_to_everybody_connected() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut member = Client::member(&relay.url, &organization, &epoch).await;
    let next = organization.next(|body| body.grace_days = 5);
    assert_eq!(publish(&relay.url, &next).await, Reply::Done);
    let Reply::Standing(standing) = member.event().await else { panic!() };
    assert_eq!((standing.charter_version, standing.charter), (2, next.charter.hash()));
    assert_eq!(standing.epoch, epoch.number);
}

#[tokio::test]
async fn a_charter_with_another_relay_in_front_leaves_openings_to_it() {
    let relay = Running::new().await;
    let mut body = genesis(relay.key);
    let front = watchfire_protocol::charter::Relay { url: "ws://127.0.0.1:2/v1".to_owned(), key: key(40).public() };
    body.relays.insert(0, front);
    let organization = Organization::found_by(body);
    relay.allow(organization.network());
    assert_eq!(publish(&relay.url, &organization).await, Reply::Done);
    let epoch = organization.epoch(1, None, 2);
    let mut device = Client::device(&relay.url, &organization, &crate::organization::coordinator()).await;
    device.stage(&epoch).await;
    assert!(matches!(device.open(&epoch, 0).await, Reply::Refused(Refusal::BadAnnouncement(_))));
    // It takes what the first relay took, and then its slots.
    device.done(Request::PutAnnouncement { announcement: epoch.bytes.clone() }).await;
    assert_eq!(device.open(&epoch, 0).await, Reply::Done);
}
