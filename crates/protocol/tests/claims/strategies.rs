//! Arbitrary values of every wire type, encoded. Each is required to be read back as it was.

use bincode::{Decode, Encode};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use watchfire_protocol::alert::{AlertBody, AlertSignature, AlertsItem, Beacon, Head, SignedAlert};
use watchfire_protocol::announcement::{Keys, LateSlot, SignedAnnouncement, Slots};
use watchfire_protocol::desk::{DeskBody, DeskEvent};
use watchfire_protocol::direct::Direct;
use watchfire_protocol::id::*;
use watchfire_protocol::inbox::{Answer, InboxItem, Profile, Report, Sees};
use watchfire_protocol::invite::{CharterKeyClaim, JoinRequest};
use watchfire_protocol::names::{NamedCoordinator, NamesBlock};
use watchfire_protocol::renewal::RenewalBody;
use watchfire_protocol::roster::{Event, EventBody, InviteRole, Offer, RosterInvite, RosterMember, RosterSecrets};
use watchfire_protocol::run::{Object, RunEntry};
use watchfire_protocol::seal::KemPublicKey;
use watchfire_protocol::secret::Secret;
use watchfire_protocol::sign::{PublicKey, Signature};
use watchfire_protocol::time::{Hour, Timestamp};
use watchfire_protocol::vocabulary::{
    AlertContent, AnswerContent, Caller, Check, Code, Count, Language, Need, People, Place, Point, ReportContent, Seen,
    Size, TextBlock,
};
use watchfire_protocol::wire::{Extension, Extensions, Signed, decode_exact, encode};

use crate::scene::key;

/// Larger than any value here.
pub(crate) const LIMIT: usize = 1 << 17;

/// Encodes a value that must be read back as it was.
pub(crate) fn bytes<T: Encode + Decode<()> + PartialEq>(value: &T) -> Vec<u8> {
    let bytes = encode(value);
    assert!(decode_exact::<T>(&bytes, LIMIT).is_ok_and(|read| read == *value));
    bytes
}

/// Numbers of every length on the wire.
pub(crate) fn numbers() -> impl Strategy<Value = u64> {
    prop_oneof![0_u64..256, 0_u64..70_000, any::<u32>().prop_map(u64::from), any::<u64>()]
}

fn small() -> impl Strategy<Value = u32> {
    prop_oneof![0_u32..256, any::<u32>()]
}

pub(crate) fn times() -> impl Strategy<Value = Timestamp> {
    numbers().prop_map(Timestamp)
}

pub(crate) fn publics() -> impl Strategy<Value = PublicKey> {
    any::<u8>().prop_map(|seed| key(seed).public())
}

pub(crate) fn signatures() -> impl Strategy<Value = Signature> {
    any::<[u8; 32]>().prop_map(|half| Signature([half, half].concat().try_into().unwrap()))
}

pub(crate) fn kems() -> impl Strategy<Value = KemPublicKey> {
    any::<u8>().prop_map(|byte| KemPublicKey(Box::new([byte; 1216])))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,12}", "\\PC{0,4}", Just("é\u{202e}\u{0}".to_owned())]
}

fn codes() -> impl Strategy<Value = Code> {
    "[a-z0-9.-]{1,48}".prop_map(|text| Code::new(text).unwrap())
}

fn languages() -> impl Strategy<Value = Language> {
    prop_oneof![Just("en"), Just("es-MX"), Just("zh-Hant")].prop_map(|tag| Language::new(tag).unwrap())
}

pub(crate) fn extensions() -> impl Strategy<Value = Extensions> {
    vec(vec(any::<u8>(), 0..4), 0..3).prop_map(|all| {
        let tags = (0..).step_by(2);
        Extensions(tags.zip(all).map(|(tag, bytes)| Extension { tag, bytes }).collect())
    })
}

pub(crate) fn heads() -> impl Strategy<Value = Head> {
    (any::<[u8; 16]>(), numbers(), small(), times()).prop_map(|(alert, epoch, hour, expires)| Head {
        alert: AlertId(alert),
        epoch: Epoch(epoch),
        hour: Hour(hour),
        expires,
    })
}

fn places() -> impl Strategy<Value = Place> {
    let points = any::<(i32, i32, u32)>().prop_map(|(lat, lon, precision_m)| Point { lat, lon, precision_m });
    (codes(), texts(), option::of(points)).prop_map(|(place_type, text, point)| Place { place_type, text, point })
}

fn sightings() -> impl Strategy<Value = Seen> {
    let count = || option::of(any::<(u16, Option<u16>)>().prop_map(|(min, max)| Count { min, max }));
    let lists = (vec(codes(), 0..3), vec(codes(), 0..2), vec(codes(), 0..2));
    (count(), count(), lists, texts(), option::of(codes()), option::of(times()), any::<Option<bool>>(), texts())
        .prop_map(
            |(people, vehicles, (activity, agencies, conduct), unit, police_role, seen_at, still_there, equipment)| {
                Seen {
                    size: Size { people, vehicles },
                    activity,
                    unit,
                    agencies,
                    police_role,
                    seen_at,
                    still_there,
                    equipment,
                    conduct,
                }
            },
        )
}

fn people() -> impl Strategy<Value = People> {
    (any::<(Option<u16>, Option<bool>, Option<bool>)>(), vec(languages(), 0..2))
        .prop_map(|((detained, children, medical), languages)| People { detained, children, medical, languages })
}

fn contents() -> impl Strategy<Value = AlertContent> {
    let blocks = (languages(), texts(), texts(), texts()).prop_map(|(language, headline, description, instruction)| {
        TextBlock { language, headline, description, instruction }
    });
    let checks = (texts(), codes(), times()).prop_map(|(handle, method, at)| Check { handle, method, at });
    let needs = (codes(), option::of(languages()), any::<u16>()).prop_map(|(role, language, count)| Need {
        role,
        language,
        count,
    });
    let lists = (vec(any::<[u8; 16]>(), 0..3), vec(needs, 0..2), vec(blocks, 0..2), vec(checks, 0..2));
    (codes(), option::of(codes()), lists, option::of(places()), option::of(sightings()), option::of(people())).prop_map(
        |(kind, ask, (references, needs, text, by), place, seen, people)| {
            let mut content = AlertContent::new(kind);
            content.verification.by = by;
            let references = references.into_iter().map(AlertId).collect();
            AlertContent { ask, references, place, seen, people, needs, text, ..content }
        },
    )
}

pub(crate) fn alert_bodies() -> impl Strategy<Value = AlertBody> {
    let hashes = any::<([u8; 16], [u8; 32], [u8; 32], [u8; 32])>();
    (hashes, numbers(), numbers(), vec(heads(), 0..3), times(), times(), contents(), extensions()).prop_map(
        |(
            (random, announcement, charter, restrictions),
            epoch,
            charter_version,
            heads,
            sent,
            expires,
            content,
            ext,
        )| {
            AlertBody {
                random,
                epoch: Epoch(epoch),
                announcement: AnnouncementHash(announcement),
                charter_version,
                charter: CharterHash(charter),
                restrictions: RestrictionsHash(restrictions),
                heads,
                sent,
                expires,
                content,
                extensions: ext,
            }
        },
    )
}

pub(crate) fn beacons() -> impl Strategy<Value = Beacon> {
    let hashes = any::<([u8; 32], [u8; 32], [u8; 32])>();
    (hashes, times(), numbers(), vec(heads(), 0..9), extensions()).prop_map(
        |((charter, restrictions, announcement), time, charter_version, heads, extensions)| Beacon {
            time,
            charter_version,
            charter: CharterHash(charter),
            restrictions: RestrictionsHash(restrictions),
            announcement: AnnouncementHash(announcement),
            heads,
            extensions,
        },
    )
}

pub(crate) fn signed() -> impl Strategy<Value = Signed> {
    (vec(any::<u8>(), 0..300), publics(), signatures()).prop_map(|(body, signer, signature)| Signed {
        body,
        signer,
        signature,
    })
}

pub(crate) fn alerts_items() -> impl Strategy<Value = AlertsItem> {
    let signature = || {
        (publics(), any::<u8>(), signatures()).prop_map(|(signer, kind, signature)| AlertSignature {
            signer,
            kind,
            signature,
        })
    };
    let alert = (vec(any::<u8>(), 0..300), vec(signature(), 0..9))
        .prop_map(|(body, signatures)| AlertsItem::Alert(SignedAlert { body, signatures }));
    let co_sign = (any::<[u8; 16]>(), signature())
        .prop_map(|(alert, signature)| AlertsItem::CoSign { alert: AlertId(alert), signature });
    let direct = vec(any::<u8>(), 0..300).prop_map(AlertsItem::Direct);
    prop_oneof![alert, co_sign, signed().prop_map(AlertsItem::Beacon), direct]
}

fn sees() -> impl Strategy<Value = Sees> {
    (numbers(), any::<([u8; 32], [u8; 32], [u8; 32])>(), option::of(heads())).prop_map(
        |(charter_version, (charter, restrictions, announcement), head)| Sees {
            charter_version,
            charter: CharterHash(charter),
            restrictions: RestrictionsHash(restrictions),
            announcement: AnnouncementHash(announcement),
            head,
        },
    )
}

pub(crate) fn answers() -> impl Strategy<Value = Answer> {
    let content = (codes(), any::<Option<u16>>(), option::of(codes()), option::of(codes()), texts()).prop_map(
        |(answer, eta_minutes, reason, role, text)| AnswerContent { answer, eta_minutes, reason, role, text },
    );
    (any::<([u8; 16], [u8; 16])>(), times(), sees(), content, extensions()).prop_map(
        |((random, alert), sent, sees, content, extensions)| Answer {
            random,
            alert: AlertId(alert),
            sent,
            sees,
            content,
            extensions,
        },
    )
}

pub(crate) fn reports() -> impl Strategy<Value = Report> {
    let optional = (option::of(places()), option::of(sightings()), option::of(people()), option::of(texts()));
    let content =
        (codes(), optional, codes(), texts()).prop_map(|(kind, (place, seen, people, caller), source, comments)| {
            ReportContent { kind, place, seen, people, source, comments, caller: caller.map(Caller::new) }
        });
    (any::<[u8; 16]>(), times(), sees(), content, extensions())
        .prop_map(|(random, sent, sees, content, extensions)| Report { random, sent, sees, content, extensions })
}

pub(crate) fn profiles() -> impl Strategy<Value = Profile> {
    (times(), vec(codes(), 0..3), vec(languages(), 0..3), extensions())
        .prop_map(|(at, roles, languages, extensions)| Profile { at, roles, languages, extensions })
}

pub(crate) fn directs() -> impl Strategy<Value = Direct> {
    (any::<[u8; 16]>(), option::of(places()), texts(), extensions())
        .prop_map(|(alert, place, text, extensions)| Direct { alert: AlertId(alert), place, text, extensions })
}

pub(crate) fn inbox_items() -> impl Strategy<Value = InboxItem> {
    let authenticated = (any::<([u8; 16], [u8; 32])>(), vec(any::<u8>(), 0..300))
        .prop_map(|((member, mac), body)| InboxItem::Authenticated { member: MemberId(member), body, mac });
    prop_oneof![authenticated, signed().prop_map(InboxItem::Renew)]
}

/// Roster events have no `Debug`: they come as bytes of their bodies.
pub(crate) fn event_bodies() -> impl Strategy<Value = Vec<u8>> {
    let ids = any::<([u8; 16], [u8; 32], [u8; 32], [u8; 16])>();
    let texts = (texts(), vec("[a-z]{2,8}", 0..3), vec(codes(), 0..3));
    let keys = (publics(), publics(), option::of(publics()), kems());
    let body = (numbers(), numbers(), times(), times(), any::<(bool, bool, u16)>(), extensions());
    let offers = (texts, vec(self::languages(), 0..3));
    (0_u8..6, ids, offers, keys, body).prop_map(|(variant, ids, (texts, spoken), keys, body)| {
        let ((id, secret, hash, other), (text, languages, roles)) = (ids, texts);
        let (identity, by, charter_key, kem) = keys;
        let (epoch, charter_version, at, later, (some, coordinator, uses), extensions) = body;
        let event = match variant {
            0 => Event::Add(Box::new(RosterMember {
                id: MemberId(id),
                identity,
                kem,
                secrets: RosterSecrets {
                    epoch: Epoch(epoch),
                    auth: Secret::new(secret),
                    next: Secret::new(hash),
                    slot: some.then(|| (Tag(other), Secret::new(hash))),
                },
                handle: text,
                languages,
                roles,
                charter_key,
                since: at,
                added_by: by,
                added_in: Epoch(epoch),
                invite: some.then_some(InviteId(other)),
                request: RequestHash(hash),
                described: later,
            })),
            1 => Event::Remove { member: MemberId(id), reason: text },
            2 => Event::Invite(RosterInvite {
                id: InviteId(id),
                secret: Secret::new([secret[0]; 24]),
                link_charter: other,
                role: if coordinator { InviteRole::Coordinator } else { InviteRole::Responder },
                handle: text,
                uses,
                expires: at,
                auto_approve: some.then_some(later),
                created_by: by,
                cards: 0,
            }),
            3 => Event::EndInvite { invite: InviteId(id) },
            4 => Event::Vouch { member: MemberId(id) },
            _ => Event::Describe { member: MemberId(id), offer: Offer { at: later, roles, languages: spoken } },
        };
        let charter = CharterHash(hash);
        bytes(&EventBody { epoch: Epoch(epoch), charter_version, charter, at, event, extensions })
    })
}

/// Desk events have no `Debug` either.
pub(crate) fn desk_bodies() -> impl Strategy<Value = Vec<u8>> {
    let ids = any::<([u8; 16], [u8; 16], [u8; 16])>();
    let words = (codes(), codes(), option::of(codes()), texts());
    (0_u8..10, ids, words, places(), any::<bool>(), numbers(), times(), extensions()).prop_map(
        |(variant, (random, one, other), words, place, some, charter_version, at, extensions)| {
            let (report, (outcome, method, certainty, text)) = (ReportId(one), words);
            let event = match variant {
                0 => DeskEvent::Claim { report, over: some.then_some(CoordinatorId(other)) },
                1 => DeskEvent::Release { report },
                2 => DeskEvent::Merge { report, into: ReportId(other) },
                3 => DeskEvent::Verify { report, outcome, method, certainty },
                4 => DeskEvent::Dismiss { report, reason: text },
                5 => DeskEvent::Debunk { report },
                6 => DeskEvent::Note { report, text },
                7 => DeskEvent::Alerted { report, alert: AlertId(other) },
                9 => DeskEvent::Split { report },
                _ => DeskEvent::Place { alert: AlertId(one), place },
            };
            bytes(&DeskBody { random, charter_version, at, event, extensions })
        },
    )
}

/// Renewals have no `Debug` either.
pub(crate) fn renewals() -> impl Strategy<Value = Vec<u8>> {
    (any::<([u8; 16], [u8; 32])>(), numbers(), kems(), extensions()).prop_map(
        |((member, fresh), epoch, kem, extensions)| {
            let (member, epoch, fresh) = (MemberId(member), Epoch(epoch), Secret::new(fresh));
            bytes(&RenewalBody { member, epoch, kem, fresh, extensions })
        },
    )
}

/// Join requests have no `Debug` either.
pub(crate) fn join_requests() -> impl Strategy<Value = Vec<u8>> {
    let ids = any::<([u8; 16], [u8; 32], [u8; 32], [u8; 32], [u8; 32])>();
    let claims = option::of((publics(), signatures()).prop_map(|(key, signature)| CharterKeyClaim { key, signature }));
    let texts = (texts(), vec("[a-z]{2,8}", 0..3), vec(codes(), 0..3));
    (ids, numbers(), numbers(), publics(), kems(), texts, claims, extensions()).prop_map(
        |(ids, epoch, charter_version, identity, kem, (handle, languages, roles), charter_key, extensions)| {
            let (invite, announcement, charter, secret, random) = ids;
            bytes(&JoinRequest {
                invite: InviteId(invite),
                epoch: Epoch(epoch),
                announcement: AnnouncementHash(announcement),
                charter_version,
                charter: CharterHash(charter),
                identity,
                kem,
                secret: Secret::new(secret),
                handle,
                languages,
                roles,
                charter_key,
                random,
                extensions,
            })
        },
    )
}

pub(crate) fn announcement_keys() -> impl Strategy<Value = Keys> {
    let ids = any::<([u8; 32], [u8; 16], [u8; 32], [u8; 32], [u8; 32], [u8; 32], [u8; 32])>();
    let keys = (publics(), publics(), kems());
    (ids, numbers(), numbers(), times(), vec(any::<[u8; 32]>(), 0..3), keys, extensions()).prop_map(
        |(ids, epoch, charter_version, opened_at, predecessors, keys, extensions)| {
            let (network, neighborhood, charter, restrictions, chain_commit, other, roster_digest) = ids;
            let (member_key, coordinator_key, inbox) = keys;
            Keys {
                network: NetworkId(network),
                neighborhood: NeighborhoodId(neighborhood),
                epoch: Epoch(epoch),
                predecessors: predecessors.into_iter().map(AnnouncementHash).collect(),
                charter_version,
                charter: CharterHash(charter),
                restrictions: RestrictionsHash(restrictions),
                opened_at,
                member_key,
                coordinator_key,
                inbox,
                chain_commit,
                coordinator_chain_commit: other,
                roster_digest,
                extensions,
            }
        },
    )
}

pub(crate) fn announcement_slots() -> impl Strategy<Value = Slots> {
    (small(), any::<[u8; 32]>(), extensions()).prop_map(|(count, root, extensions)| Slots { count, root, extensions })
}

pub(crate) fn signed_announcements() -> impl Strategy<Value = SignedAnnouncement> {
    (vec(any::<u8>(), 0..300), vec(any::<u8>(), 0..60), publics(), signatures())
        .prop_map(|(keys, slots, signer, signature)| SignedAnnouncement { keys, slots, signer, signature })
}

pub(crate) fn objects() -> impl Strategy<Value = Object> {
    any::<([u8; 16], u8)>().prop_map(|(tag, byte)| Object { tag: Tag(tag), body: Box::new([byte; 2048]) })
}

pub(crate) fn late_slots() -> impl Strategy<Value = LateSlot> {
    (any::<[u8; 32]>(), objects(), publics(), signatures()).prop_map(|(hash, object, signer, signature)| LateSlot {
        announcement: AnnouncementHash(hash),
        tag: object.tag,
        body: object.body,
        signer,
        signature,
    })
}

pub(crate) fn run_entries() -> impl Strategy<Value = RunEntry> {
    any::<([u8; 8], [u8; 32])>().prop_map(|(first, hash)| RunEntry { first, hash })
}

pub(crate) fn names_blocks() -> impl Strategy<Value = NamesBlock> {
    let handle = (any::<[u8; 16]>(), texts())
        .prop_map(|(id, handle)| NamedCoordinator { coordinator: CoordinatorId(id), handle });
    (any::<[u8; 32]>(), texts(), texts(), vec(handle, 0..4), texts(), extensions()).prop_map(
        |(salt, network, neighborhood, handles, conduct, extensions)| NamesBlock {
            salt,
            network,
            neighborhood,
            handles,
            conduct,
            extensions,
        },
    )
}
