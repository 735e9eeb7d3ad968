//! Whatever a relay and an infiltrator make between them: it is not VERIFIED.

use watchfire_client::ops::view::{Filter, is_verified};
use watchfire_protocol::alert::{AlertBody, AlertsItem, SignedAlert};
use watchfire_protocol::record::{Channel, Header, open_record};
use watchfire_protocol::roster::InviteRole;
use watchfire_protocol::time::HOUR;
use watchfire_protocol::verdict::Note;
use watchfire_protocol::wire;
use watchfire_tests::hostile::Hostile;
use watchfire_tests::local::add_neighborhood;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forged_altered_dated_anew_or_moved_is_held() {
    let (hostile, world) = Hostile::found().await;
    let infiltrator = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let elsewhere = add_neighborhood(&world.admin.client, "Old Mill").await;
    let (content, _) = alert::parse(CHECKPOINT).unwrap();
    let draft = world.admin.client.draft_alert(elsewhere, content, None).unwrap();
    let foreign = world.admin.client.send_alert(draft).await.unwrap().id;
    let genuine = send(&world, 2).await;
    let claimed = claim(&world.admin, genuine);
    let (state, _) = infiltrator.keys(world.hood);
    world.clock.forward(HOUR);

    let mut anew: AlertBody = wire::decode_body(&claimed.body).unwrap();
    anew.sent = world.clock.now();
    anew.expires = anew.sent.plus(HOUR);
    let mut altered = claimed.clone();
    altered.body[40] ^= 1;
    let attacks = [
        // By the infiltrator's own key, and by the relay's.
        SignedAlert::sign(&anew, &state.place(), &state.identity_key()),
        SignedAlert::sign(&anew, &state.place(), &hostile.key),
        // The coordinator's signature under another time, and under other words.
        SignedAlert { body: wire::encode_body(&anew), signatures: claimed.signatures.clone() },
        altered,
        // The coordinator's alert for another neighborhood.
        claim(&world.admin, foreign),
    ];
    let records = attacks.map(|attack| infiltrator.wrap(world.hood, &AlertsItem::Alert(attack).to_bytes())).to_vec();
    hostile.add(Channel::Alerts, records);
    sync(&ben, &world).await;
    assert_eq!(ids(&ben), [genuine]);
    assert_eq!(ben.client.status().unwrap().hoods[0].held, 5, "each is kept aside, in sight");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_alert_that_is_wrapped_anew_keeps_its_date_and_notifies_nobody() {
    let (hostile, world) = Hostile::found().await;
    let infiltrator = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    let old = send(&world, 2).await;
    sync(&ben, &world).await;
    sync(&infiltrator, &world).await;
    let printed = ben.client.alert(&old.to_string()).unwrap();
    ben.client.mark_printed(&printed).unwrap();
    world.clock.forward(3 * HOUR);
    let lou = world.join(InviteRole::Responder, "Lou").await;
    let again = infiltrator.wrap(world.hood, &AlertsItem::Alert(claim(&infiltrator, old)).to_bytes());
    hostile.add(Channel::Alerts, vec![again]);
    for person in [&ben, &lou] {
        sync(person, &world).await;
        assert_eq!(shown(person).len(), 0, "it has expired");
        let all = person.client.alerts(Filter { expired: true, ..Filter::default() }).unwrap();
        assert_eq!(all.len(), 1, "and is one alert");
        assert!(all[0].shown.notes().contains(&Note::Expired));
    }
    let new = ben.client.alerts(Filter { expired: true, unprinted: true, ..Filter::default() }).unwrap();
    assert_eq!(new.len(), 0, "who was told is not told again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_that_is_wrapped_anew_confirms_nothing_anew() {
    let (hostile, mut world) = Hostile::found().await;
    let kai = with_kai(&world).await;
    let infiltrator = world.join(InviteRole::Responder, "Ana").await;
    let ben = world.join(InviteRole::Responder, "Ben").await;
    sync(&kai, &world).await;
    sync(&ben, &world).await;
    // What the infiltrator read of the log, every record, is opened and wrapped in the hour that it is then.
    let frozen = world.relay.twin().await;
    let read = opened(&hostile, &infiltrator, &world);
    assert!(read.iter().any(|item| matches!(AlertsItem::from_bytes(item), Ok(AlertsItem::Beacon(_)))));
    let hours = 49;
    world.clock.forward(hours * HOUR);
    hostile.show(&frozen);
    hostile.add(Channel::Alerts, read.iter().map(|item| infiltrator.wrap(world.hood, item)).collect());
    sync(&ben, &world).await;
    assert!(!ben.client.status().unwrap().hoods[0].fresh);
    hostile.be_honest();
    send_as(&kai, &world, 2).await;
    sync(&ben, &world).await;
    assert!(!is_verified(&shown(&ben)[0]), "nobody but its signer was heard");
}

/// What a member can open of all that was ever sent to the alerts log.
fn opened(hostile: &Hostile, member: &Person, world: &World) -> Vec<Vec<u8>> {
    let (state, epoch) = member.keys(world.hood);
    let keys = epoch.keys(state.place());
    let open = |record: &Vec<u8>| {
        let chain = keys.member.chain().at(Header::parse(record).ok()?.hour).ok()?;
        Some(open_record(&state.place(), &epoch.announcement, &chain.alerts_key(), record).ok()?.to_vec())
    };
    hostile.kept().iter().filter_map(open).collect()
}
