//! Arbitrary frames.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use watchfire_protocol::frame::{
    ClientFrame, Cursor, ObjectClass, Prover, Refusal, Reply, Request, ServerFrame, Standing, Welcome,
};
use watchfire_protocol::id::*;
use watchfire_protocol::record::Channel;

use crate::strategies::{late_slots, numbers, objects, publics, run_entries, signatures, times};

fn networks() -> impl Strategy<Value = NetworkId> {
    any::<[u8; 32]>().prop_map(NetworkId)
}

fn neighborhoods() -> impl Strategy<Value = NeighborhoodId> {
    any::<[u8; 16]>().prop_map(NeighborhoodId)
}

fn places() -> impl Strategy<Value = (NetworkId, NeighborhoodId)> {
    (networks(), neighborhoods())
}

fn epochs() -> impl Strategy<Value = Epoch> {
    numbers().prop_map(Epoch)
}

fn hashes() -> impl Strategy<Value = AnnouncementHash> {
    any::<[u8; 32]>().prop_map(AnnouncementHash)
}

fn blobs() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..300)
}

fn channels() -> impl Strategy<Value = Channel> {
    prop_oneof![
        Just(Channel::Alerts),
        Just(Channel::Inbox),
        Just(Channel::Desk),
        Just(Channel::Roster),
        Just(Channel::Join)
    ]
}

fn provers() -> impl Strategy<Value = Prover> {
    prop_oneof![
        Just(Prover::Member),
        Just(Prover::Coordinator),
        publics().prop_map(Prover::Device),
        any::<[u8; 16]>().prop_map(|id| Prover::Invite(InviteId(id))),
    ]
}

fn asked_by_anybody() -> impl Strategy<Value = Request> {
    prop_oneof![
        any::<[u8; 32]>().prop_map(|nonce| Request::Hello { nonce }),
        (places(), epochs(), provers(), signatures()).prop_map(
            |((network, neighborhood), epoch, prover, signature)| Request::Prove {
                network,
                neighborhood,
                epoch,
                prover,
                signature
            }
        ),
        any::<[u8; 16]>().prop_map(|charter| Request::FindNetwork { charter }),
        places().prop_map(|(network, neighborhood)| Request::Standing { network, neighborhood }),
        (networks(), numbers()).prop_map(|(network, from)| Request::Charters { network, from }),
        (blobs(), any::<Option<[u8; 32]>>())
            .prop_map(|(charter, admission)| Request::PublishCharter { charter, admission }),
        (places(), epochs()).prop_map(|((network, neighborhood), from)| Request::Announcements {
            network,
            neighborhood,
            from
        }),
        blobs().prop_map(|announcement| Request::PutAnnouncement { announcement }),
        blobs().prop_map(|restriction| Request::PublishRestriction { restriction }),
        (networks(), any::<[u8; 32]>())
            .prop_map(|(network, after)| Request::Restrictions { network, after: RestrictionHash(after) }),
        (places(), epochs(), any::<u32>()).prop_map(|((network, neighborhood), epoch, from)| Request::SlotList {
            network,
            neighborhood,
            epoch,
            from
        }),
        (places(), epochs(), any::<u32>(), any::<u32>()).prop_map(|((network, neighborhood), epoch, run, from)| {
            Request::SlotRun { network, neighborhood, epoch, run, from }
        }),
        (places(), epochs(), any::<u32>()).prop_map(|((network, neighborhood), epoch, from)| Request::LateSlots {
            network,
            neighborhood,
            epoch,
            from
        }),
        (places(), epochs(), vec(any::<[u8; 16]>(), 0..5)).prop_map(|((network, neighborhood), epoch, tags)| {
            Request::Objects { network, neighborhood, epoch, tags: tags.into_iter().map(Tag).collect() }
        }),
    ]
}

fn asked_after_a_proof() -> impl Strategy<Value = Request> {
    let class = prop_oneof![Just(ObjectClass::Slot), Just(ObjectClass::Other)];
    let cursor = (numbers(), any::<[u8; 16]>()).prop_map(|(position, id)| Cursor { position, id: RecordId(id) });
    prop_oneof![
        (hashes(), class, vec(objects(), 0..3)).prop_map(|(announcement, class, objects)| Request::Stage {
            announcement,
            class,
            objects
        }),
        hashes().prop_map(|announcement| Request::Staged { announcement }),
        (blobs(), epochs()).prop_map(|(announcement, holds)| Request::Open { announcement, holds }),
        late_slots().prop_map(Request::AddLateSlot),
        (any::<[u8; 16]>(), publics(), any::<u32>(), times())
            .prop_map(|(id, key, uses, expires)| { Request::RegisterInvite { id: InviteId(id), key, uses, expires } }),
        any::<[u8; 16]>().prop_map(|id| Request::WithdrawInvite { id: InviteId(id) }),
        blobs().prop_map(|record| Request::Append { record }),
        (channels(), option::of(cursor)).prop_map(|(channel, cursor)| Request::Subscribe { channel, cursor }),
    ]
}

pub(crate) fn client_frames() -> impl Strategy<Value = ClientFrame> {
    (1_u32.., prop_oneof![asked_by_anybody(), asked_after_a_proof()])
        .prop_map(|(id, request)| ClientFrame { id, request })
}

fn standings() -> impl Strategy<Value = Standing> {
    (numbers(), any::<[u8; 32]>(), epochs(), hashes(), any::<bool>(), any::<[u8; 32]>()).prop_map(
        |(charter_version, charter, epoch, announcement, complete, restrictions)| Standing {
            charter_version,
            charter: CharterHash(charter),
            epoch,
            announcement,
            complete,
            restrictions: RestrictionsHash(restrictions),
        },
    )
}

fn refusals() -> impl Strategy<Value = Refusal> {
    let plain = vec![
        Refusal::Unsupported,
        Refusal::OutOfOrder,
        Refusal::NotProved,
        Refusal::BadProof,
        Refusal::NotAllowed,
        Refusal::NotGranted,
        Refusal::NotFound,
        Refusal::WrongChannel,
        Refusal::SlotsMismatch,
        Refusal::InviteEnded,
        Refusal::QuotaFull,
        Refusal::Internal,
    ];
    prop_oneof![
        proptest::sample::select(plain),
        (0_u8..4, "\\PC{0,8}").prop_map(|(which, text)| match which {
            0 => Refusal::Malformed(text),
            1 => Refusal::BadRecord(text),
            2 => Refusal::BadCharter(text),
            _ => Refusal::BadAnnouncement(text),
        }),
        (epochs(), epochs(), any::<bool>()).prop_map(|(found, current, closed)| if closed {
            Refusal::ClosedEpoch { found, current }
        } else {
            Refusal::UnknownEpoch { found, current }
        }),
        epochs().prop_map(|current| Refusal::Stale { current }),
        any::<u16>().prop_map(|seconds| Refusal::SlowDown { seconds }),
    ]
}

fn about_state() -> impl Strategy<Value = Reply> {
    let welcome = (times(), any::<[u8; 32]>(), publics(), signatures())
        .prop_map(|(time, challenge, relay, signature)| Reply::Welcome(Welcome { time, challenge, relay, signature }));
    prop_oneof![
        welcome,
        standings().prop_map(|standing| Reply::Proved { standing }),
        networks().prop_map(|network| Reply::Network { network }),
        standings().prop_map(Reply::Standing),
        (vec(blobs(), 0..3), any::<bool>()).prop_map(|(charters, more)| Reply::Charters { charters, more }),
        Just(Reply::Done),
        (vec(blobs(), 0..3), any::<bool>())
            .prop_map(|(announcements, more)| Reply::Announcements { announcements, more }),
        refusals().prop_map(Reply::Refused),
        any::<u16>().prop_map(|within| Reply::Closing { within }),
        (vec(blobs(), 0..3), any::<bool>()).prop_map(|(restrictions, more)| Reply::Restrictions { restrictions, more }),
    ]
}

fn about_objects_and_records() -> impl Strategy<Value = Reply> {
    prop_oneof![
        (any::<u32>(), vec(run_entries(), 0..4)).prop_map(|(total, entries)| Reply::SlotList { total, entries }),
        (any::<u32>(), vec(objects(), 0..2)).prop_map(|(total, slots)| Reply::SlotRun { total, slots }),
        (any::<u32>(), vec(late_slots(), 0..2)).prop_map(|(total, slots)| Reply::LateSlots { total, slots }),
        vec(objects(), 0..2).prop_map(|objects| Reply::Objects { objects }),
        any::<(u32, u32)>().prop_map(|(slots, others)| Reply::Staged { slots, others }),
        (numbers(), any::<u32>()).prop_map(|(position, followers)| Reply::Appended { position, followers }),
        any::<bool>().prop_map(|reset| Reply::Subscribed { reset }),
        (channels(), numbers(), blobs()).prop_map(|(channel, position, record)| Reply::Record {
            channel,
            position,
            record
        }),
        channels().prop_map(|channel| Reply::CaughtUp { channel }),
    ]
}

pub(crate) fn server_frames() -> impl Strategy<Value = ServerFrame> {
    (any::<u32>(), prop_oneof![about_state(), about_objects_and_records()])
        .prop_map(|(id, reply)| ServerFrame { id, reply })
}
