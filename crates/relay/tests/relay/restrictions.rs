//! Restrictions: who may publish them, what they take at the relay, and how long they stay.

use watchfire_protocol::charter::{
    CharterSignature, Restricted, RestrictionBody, Right, SignedRestriction, Subject, sign_restriction,
};
use watchfire_protocol::frame::{Prover, Refusal, Reply, Request};
use watchfire_protocol::id::{Epoch, RestrictionHash, RestrictionsHash};
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::wire::Extensions;

use crate::client::{Client, publish};
use crate::organization::{NOW, Organization, RIVERSIDE, admin, coordinator, key};
use crate::running::Running;

fn body(of: &Organization, number: u64) -> RestrictionBody {
    RestrictionBody {
        network: of.network(),
        charter_version: of.charter.version(),
        charter: of.charter.hash(),
        issued: NOW.plus(number),
        entries: vec![Restricted {
            subject: Subject::Device(coordinator().public()),
            neighborhood: RIVERSIDE,
            right: Right::Enroll,
            distrust_from: Some(Epoch(2)),
        }],
        extensions: Extensions::default(),
    }
}

fn signed(body: &RestrictionBody, by: &SecretKey) -> SignedRestriction {
    let mut signed = SignedRestriction::unsigned(body);
    let signature = sign_restriction(by, body.network, &signed.body);
    signed.insert(CharterSignature { signer: by.public(), signature });
    signed
}

fn request(signed: &SignedRestriction) -> Request {
    Request::PublishRestriction { restriction: signed.to_bytes() }
}

async fn held(client: &mut Client, of: &Organization, after: RestrictionHash) -> Vec<Vec<u8>> {
    match client.ask(Request::Restrictions { network: of.network(), after }).await {
        Reply::Restrictions { restrictions, more: false } => restrictions,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_admins_restriction_ends_what_a_device_may_do_and_is_told_to_everybody_connected() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut member = Client::member(&relay.url, &organization, &epoch).await;
    let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
    let next = organization.epoch(2, Some(&epoch), 3);
    device.stage(&next).await;
    let restriction = signed(&body(&organization, 0), &admin());
    let mut anybody = Client::connect(&relay.url).await;
    anybody.done(request(&restriction)).await;
    anybody.done(request(&restriction)).await;

    let Reply::Standing(standing) = member.event().await else { panic!() };
    assert_ne!(standing.restrictions, RestrictionsHash::ZERO);
    assert_eq!((standing.charter_version, standing.epoch), (1, epoch.number));
    assert_eq!(*crate::proofs::refused(&device.open(&next, 1).await), Refusal::NotGranted);
    let slot = epoch.late_slot(9, &coordinator());
    assert_eq!(device.refusal(Request::AddLateSlot(slot)).await, Refusal::NotGranted);
    let mut again = Client::connect(&relay.url).await;
    let device = coordinator();
    let reply = again.prove(organization.place(), Epoch::NONE, Prover::Device(device.public()), &device).await;
    assert_eq!(*crate::proofs::refused(&reply), Refusal::NotGranted);
    // Nor is what they signed taken from somebody else.
    let brought = Request::PutAnnouncement { announcement: next.bytes.clone() };
    assert_eq!(anybody.refusal(brought).await, Refusal::NotGranted);
}

#[tokio::test]
async fn restrictions_are_given_in_order_also_after_a_restart_until_a_version_takes_them_in() {
    let (relay, organization, epoch) = Running::founded().await;
    let mut all: Vec<SignedRestriction> =
        (0..16).map(|number| signed(&body(&organization, number), &admin())).collect();
    let mut client = Client::connect(&relay.url).await;
    for restriction in &all {
        client.done(request(restriction)).await;
    }
    let beyond = client.refusal(request(&signed(&body(&organization, 16), &admin()))).await;
    assert!(matches!(&beyond, Refusal::BadCharter(why) if why.contains("16")), "{beyond:?}");
    all.sort_by_key(SignedRestriction::hash);
    let wanted: Vec<Vec<u8>> = all.iter().map(SignedRestriction::to_bytes).collect();
    let relay = relay.stop().await.start().await;
    let mut client = Client::connect(&relay.url).await;
    assert_eq!(held(&mut client, &organization, RestrictionHash::ZERO).await, wanted);
    assert_eq!(held(&mut client, &organization, all[9].hash()).await, wanted[10..]);
    let mut member = Client::member(&relay.url, &organization, &epoch).await;
    let next = organization.next(|body| body.restrictions = all[1..].iter().map(SignedRestriction::hash).collect());
    assert_eq!(publish(&relay.url, &next).await, Reply::Done);
    assert_eq!(held(&mut client, &organization, RestrictionHash::ZERO).await, wanted[..1]);
    let Reply::Standing(standing) = member.event().await else { panic!() };
    assert_ne!(standing.restrictions, RestrictionsHash::ZERO);
    let ended = client.refusal(request(&all[1])).await;
    assert!(matches!(&ended, Refusal::BadCharter(why) if why.contains("took it in")), "{ended:?}");
}

#[tokio::test]
async fn what_is_no_admins_restriction_of_a_charter_held_here_is_refused_and_nothing_is_kept() {
    let (relay, organization, _) = Running::founded().await;
    let mut client = Client::connect(&relay.url).await;
    let good = body(&organization, 0);
    let later = RestrictionBody { charter_version: 2, ..good.clone() };
    let nobody = RestrictionBody { entries: vec![], ..good.clone() };
    let mut forged = signed(&good, &admin());
    forged.signatures[0].signature.0[5] ^= 1;
    for bad in [
        SignedRestriction::unsigned(&good),
        signed(&good, &coordinator()),
        signed(&good, &key(77)),
        signed(&later, &admin()),
        signed(&nobody, &admin()),
        forged,
    ] {
        assert!(matches!(client.refusal(request(&bad)).await, Refusal::BadCharter(_)));
    }
    let mut many = signed(&good, &admin());
    many.signatures = vec![many.signatures[0].clone(); 900];
    assert!(matches!(client.refusal(request(&many)).await, Refusal::BadCharter(_)));
    let garbage = Request::PublishRestriction { restriction: vec![7; 500] };
    assert!(matches!(client.refusal(garbage).await, Refusal::BadCharter(_)));
    let elsewhere = RestrictionBody { network: watchfire_protocol::id::NetworkId([9; 32]), ..good };
    assert_eq!(client.refusal(request(&signed(&elsewhere, &admin()))).await, Refusal::NotFound);
    assert!(held(&mut client, &organization, RestrictionHash::ZERO).await.is_empty());
}
