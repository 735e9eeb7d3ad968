//! Proofs: for one relay, one connection, one place, one epoch, one key.

use watchfire_protocol::frame::{Prover, Refusal, Reply, Request};
use watchfire_protocol::id::{Epoch, NeighborhoodId, NetworkId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::record::Channel;
use watchfire_protocol::time::DAY;
use watchfire_relay::limit::Limits;

use crate::client::{Client, open, publish};
use crate::organization::{NOW, OLD_MILL, coordinator, dispatcher, invite_id, join, key, record};
use crate::running::Running;

pub(crate) fn refused(reply: &Reply) -> &Refusal {
    match reply {
        Reply::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_proof_for_anything_else_does_not_verify() {
    let limits = Limits { failed_proofs: 100, ..Limits::default() };
    let (relay, organization, epoch) = Running::founded_with(limits, |_| {}).await;
    let place = organization.place();
    let mut client = Client::connect(&relay.url).await;
    let right = client.proof(place, epoch.number, Prover::Member);
    let elsewhere = Place { neighborhood: OLD_MILL, ..place };
    let wrong = [
        watchfire_protocol::frame::Proof { relay: key(99).public(), ..right },
        watchfire_protocol::frame::Proof { nonce: [1; 32], ..right },
        watchfire_protocol::frame::Proof { challenge: [1; 32], ..right },
        watchfire_protocol::frame::Proof { place: elsewhere, ..right },
        watchfire_protocol::frame::Proof { epoch: Epoch(2), ..right },
        watchfire_protocol::frame::Proof { prover: Prover::Coordinator, ..right },
    ];
    let ask = |signature| Request::Prove {
        network: place.network,
        neighborhood: place.neighborhood,
        epoch: epoch.number,
        prover: Prover::Member,
        signature,
    };
    for proof in wrong {
        assert_eq!(client.refusal(ask(proof.sign(&epoch.member))).await, Refusal::BadProof, "{proof:?}");
    }
    assert_eq!(client.refusal(ask(right.sign(&epoch.coordinator))).await, Refusal::BadProof);
    // A proof of another connection, word for word.
    let other = Client::connect(&relay.url).await;
    let replayed = other.proof(place, epoch.number, Prover::Member).sign(&epoch.member);
    assert_eq!(client.refusal(ask(replayed)).await, Refusal::BadProof);

    // Nothing remained of all that.
    let reply = client.ask(ask(right.sign(&epoch.member))).await;
    let Reply::Proved { standing } = reply else { panic!("{reply:?}") };
    assert_eq!((standing.epoch, standing.announcement, standing.complete), (epoch.number, epoch.hash, true));
    assert_eq!((standing.charter_version, standing.charter), (1, organization.charter.hash()));
    // Once is enough.
    assert_eq!(client.refusal(ask(right.sign(&epoch.member))).await, Refusal::OutOfOrder);
    assert_eq!(client.closed().await, 1002);
}

#[tokio::test]
async fn places_and_epochs_that_are_not_here_are_told() {
    let (relay, organization, epoch) = Running::founded().await;
    let place = organization.place();
    let mut client = Client::connect(&relay.url).await;
    let nowhere = Place { network: NetworkId([9; 32]), ..place };
    let reply = client.prove(nowhere, epoch.number, Prover::Member, &epoch.member).await;
    assert_eq!(*refused(&reply), Refusal::NotFound);
    let nowhere = Place { neighborhood: NeighborhoodId([9; 16]), ..place };
    let reply = client.prove(nowhere, epoch.number, Prover::Member, &epoch.member).await;
    assert_eq!(*refused(&reply), Refusal::NotFound);
    let reply = client.prove(place, Epoch(2), Prover::Member, &epoch.member).await;
    assert_eq!(*refused(&reply), Refusal::UnknownEpoch { found: Epoch(2), current: Epoch(1) });
    let empty = Place { neighborhood: OLD_MILL, ..place };
    let reply = client.prove(empty, Epoch(1), Prover::Member, &epoch.member).await;
    assert_eq!(*refused(&reply), Refusal::UnknownEpoch { found: Epoch(1), current: Epoch(0) });
    // A device may prove where there is no epoch yet: it is about to open the first.
    let reply = client.prove(empty, Epoch::NONE, Prover::Device(coordinator().public()), &coordinator()).await;
    assert!(matches!(reply, Reply::Proved { standing } if standing.epoch == Epoch::NONE), "{reply:?}");
}

#[tokio::test]
async fn a_device_needs_a_right_by_the_newest_charter_now() {
    let (relay, organization, epoch) = Running::founded().await;
    let place = organization.place();
    let prove = async |key: &watchfire_protocol::sign::SecretKey, epoch| {
        Client::connect(&relay.url).await.prove(place, epoch, Prover::Device(key.public()), key).await
    };
    assert_eq!(*refused(&prove(&key(77), Epoch::NONE).await), Refusal::NotGranted);
    assert_eq!(*refused(&prove(&coordinator(), Epoch(1)).await), Refusal::NotGranted);

    // Dispatch alone is a right, and not one to govern with.
    let mut dispatching = Client::device(&relay.url, &organization, &dispatcher()).await;
    assert_eq!(dispatching.refusal(Request::Staged { announcement: epoch.hash }).await, Refusal::NotGranted);

    // A connection keeps what it proved, and not what the charter has taken from it since.
    let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
    let reply = device.ask(Request::Staged { announcement: epoch.hash }).await;
    assert_eq!(reply, Reply::Staged { slots: 3, others: 0 });
    let next = organization.next(|body| body.grants[0].devices = vec![key(50).public()]);
    assert_eq!(publish(&relay.url, &next).await, Reply::Done);
    assert_eq!(device.refusal(Request::Staged { announcement: epoch.hash }).await, Refusal::NotGranted);
    assert_eq!(*refused(&prove(&coordinator(), Epoch::NONE).await), Refusal::NotGranted);

    relay.set_time(NOW.plus(400 * DAY));
    assert_eq!(*refused(&prove(&key(50), Epoch::NONE).await), Refusal::NotGranted);
}

#[tokio::test]
async fn a_closed_epochs_key_reads_what_was_there_for_ten_minutes() {
    let (relay, organization, first) = Running::founded().await;
    let mut writer = Client::coordinator(&relay.url, &organization, &first).await;
    let before = record(Channel::Alerts, first.number, 1);
    writer.append(&before).await;
    let mut reader = Client::member(&relay.url, &organization, &first).await;
    reader.follow(Channel::Alerts, None).await;
    assert_eq!(reader.backlog().await.len(), 1);

    relay.set_time(NOW.plus(100));
    let second = organization.epoch(2, Some(&first), 3);
    open(&relay.url, &organization, &second, 1).await;
    let Reply::Standing(standing) = reader.event().await else { panic!() };
    assert_eq!((standing.epoch, standing.announcement), (Epoch(2), second.hash));

    let mut newer = Client::coordinator(&relay.url, &organization, &second).await;
    let after = record(Channel::Alerts, second.number, 2);
    newer.append(&after).await;
    newer.follow(Channel::Alerts, None).await;
    assert_eq!(newer.backlog().await.iter().map(|each| &each.record).collect::<Vec<_>>(), [&before, &after]);

    // The connection that was there is sent nothing of the new epoch, and neither is a late one with the old key.
    let closed = Refusal::ClosedEpoch { found: Epoch(1), current: Epoch(2) };
    let inbox = |epoch| Request::Append { record: record(Channel::Inbox, epoch, 3) };
    assert_eq!(reader.refusal(inbox(first.number)).await, closed);
    assert_eq!(reader.refusal(inbox(second.number)).await, closed);
    relay.set_time(NOW.plus(100 + 599));
    let mut late = Client::member(&relay.url, &organization, &first).await;
    late.follow(Channel::Alerts, None).await;
    assert_eq!(late.backlog().await.iter().map(|each| &each.record).collect::<Vec<_>>(), [&before]);
    assert_eq!(late.refusal(inbox(first.number)).await, closed);

    relay.set_time(NOW.plus(100 + 600));
    let reply = Client::connect(&relay.url)
        .await
        .prove(organization.place(), first.number, Prover::Member, &first.member)
        .await;
    assert_eq!(*refused(&reply), closed);
}

#[tokio::test]
async fn an_invite_appends_its_own_join_requests_while_it_lasts() {
    let (relay, organization, epoch) = Running::founded().await;
    let place = organization.place();
    let invite = key(60);
    let id = invite_id(&invite.public());
    let register = |key: &watchfire_protocol::sign::SecretKey, uses, expires| Request::RegisterInvite {
        id: invite_id(&key.public()),
        key: key.public(),
        uses,
        expires,
    };
    let mut joiner = Client::connect(&relay.url).await;
    let reply = joiner.prove(place, Epoch::NONE, Prover::Invite(id), &invite).await;
    assert_eq!(*refused(&reply), Refusal::NotFound);

    let mut device = Client::device(&relay.url, &organization, &coordinator()).await;
    let mismatch = Request::RegisterInvite { id, key: key(61).public(), uses: 1, expires: NOW.plus(DAY) };
    assert!(matches!(device.refusal(mismatch).await, Refusal::Malformed(_)));
    assert_eq!(device.refusal(register(&invite, 1, NOW)).await, Refusal::InviteEnded);
    device.done(register(&invite, 2, NOW.plus(DAY))).await;

    let reply = joiner.prove(place, Epoch::NONE, Prover::Invite(id), &key(61)).await;
    assert_eq!(*refused(&reply), Refusal::BadProof);
    let reply = joiner.prove(place, Epoch::NONE, Prover::Invite(id), &invite).await;
    assert!(matches!(reply, Reply::Proved { .. }));
    let ask = |record| Request::Append { record };
    let position = joiner.append(&join(epoch.number, id, 1)).await;
    assert_eq!(joiner.append(&join(epoch.number, id, 1)).await, position);
    joiner.append(&join(epoch.number, id, 2)).await;
    assert_eq!(joiner.refusal(ask(join(epoch.number, id, 3))).await, Refusal::InviteEnded);
    let others = invite_id(&key(61).public());
    assert_eq!(joiner.refusal(ask(join(epoch.number, others, 1))).await, Refusal::WrongChannel);
    assert_eq!(joiner.refusal(ask(record(Channel::Inbox, epoch.number, 1))).await, Refusal::WrongChannel);
    let reply = joiner.refusal(Request::Subscribe { channel: Channel::Inbox, cursor: None }).await;
    assert_eq!(reply, Refusal::NotProved);

    let mut desk = Client::coordinator(&relay.url, &organization, &epoch).await;
    desk.follow(Channel::Inbox, None).await;
    assert_eq!(desk.backlog().await.len(), 2);

    device.done(Request::WithdrawInvite { id }).await;
    let mut late = Client::connect(&relay.url).await;
    let reply = late.prove(place, Epoch::NONE, Prover::Invite(id), &invite).await;
    assert_eq!(*refused(&reply), Refusal::InviteEnded);
    device.done(register(&invite, 2, NOW.plus(10))).await;
    relay.set_time(NOW.plus(10));
    let reply = late.prove(place, Epoch::NONE, Prover::Invite(id), &invite).await;
    assert_eq!(*refused(&reply), Refusal::InviteEnded);
}
