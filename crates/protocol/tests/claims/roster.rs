//! The roster: events, uses, snapshots.

use std::collections::BTreeMap;

use watchfire_protocol::id::{CharterHash, Epoch, InviteId, MemberId, NeighborhoodId, RequestHash};
use watchfire_protocol::invite::InviteSecret;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::object::CONTENT_LEN;
use watchfire_protocol::roster::{
    Event, EventBody, InviteRole, MAX_CARDS, Offer, Roster, RosterInvite, digest, offer_fits,
};
use watchfire_protocol::seal::KemPublicKey;
use watchfire_protocol::secret::Secret;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::Code;
use watchfire_protocol::wire::{Extensions, SignedError, WireError};

use crate::neighborhood::{Town, added, member};
use crate::scene::{NOW, key};

const INVITE: InviteId = InviteId([0x11; 16]);

pub(crate) fn invite(n: u8, expires: u64) -> RosterInvite {
    RosterInvite {
        id: InviteId([n; 16]),
        secret: Secret::new([n; 24]),
        link_charter: [n; 16],
        role: InviteRole::Responder,
        handle: String::new(),
        uses: 5,
        expires: NOW.plus(expires),
        auto_approve: None,
        created_by: key(11).public(),
        cards: 0,
    }
}

/// A batch of cards, as coordinators keep it.
fn batch(n: u8, cards: u16) -> RosterInvite {
    let secret = InviteSecret::new(Secret::new([n; 24]));
    RosterInvite { id: secret.id(&Town::new().place), uses: cards, cards, ..invite(n, 3600) }
}

#[test]
fn each_card_of_a_batch_is_an_invite_of_its_own_for_one_use_and_the_batch_is_none() {
    let mut town = Town::new();
    let batch = batch(1, 3);
    assert_eq!(town.roster.apply(&Event::Invite(batch.clone())), Ok(true));
    assert_eq!(town.roster.apply(&Event::Invite(batch.clone())), Ok(false), "twice is once");
    assert!(town.roster.invite(&batch.id).is_none());
    let cards: BTreeMap<u16, InviteId> = town.roster.cards(&batch.id).collect();
    assert_eq!(cards.keys().copied().collect::<Vec<_>>(), [1, 2, 3]);
    let mut ids: Vec<InviteId> = cards.values().copied().collect();
    for id in &ids {
        let card = town.roster.invite(id).unwrap();
        assert_eq!((card.id, card.uses, card.cards, card.expires), (*id, 1, 0, batch.expires));
        assert_eq!(InviteSecret::new(card.secret).id(&town.place), *id, "its secret is its own");
    }
    ids.push(batch.id);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[test]
fn a_card_that_is_withdrawn_ends_alone_and_a_batch_ends_with_all_its_cards_in_every_order() {
    let batch = batch(1, 3);
    let cards: BTreeMap<u16, InviteId> = {
        let mut town = Town::new();
        town.roster.apply(&Event::Invite(batch.clone())).unwrap();
        town.roster.cards(&batch.id).collect()
    };
    let made = Event::Invite(batch.clone());
    let (one, all) = (Event::EndInvite { invite: cards[&2] }, Event::EndInvite { invite: batch.id });
    let after = |events: &[&Event]| {
        let mut town = Town::new();
        for event in events {
            town.roster.apply(event).unwrap();
        }
        cards.values().map(|card| town.roster.invite(card).is_some()).collect::<Vec<_>>()
    };
    assert_eq!(after(&[&made]), [true, true, true]);
    assert_eq!(after(&[&made, &one]), [true, false, true]);
    assert_eq!(after(&[&one, &made]), [true, false, true]);
    assert_eq!(after(&[&made, &all]), [false; 3]);
    assert_eq!(after(&[&all, &made]), [false; 3]);
}

#[test]
fn the_uses_of_cards_are_counted_alone_and_together_and_a_snapshot_and_a_vault_keep_them() {
    let mut town = Town::new();
    let batch = batch(1, 40);
    town.roster.apply(&Event::Invite(batch.clone())).unwrap();
    let cards: BTreeMap<u16, InviteId> = town.roster.cards(&batch.id).collect();
    let mut entry = member(&town.person(1), None);
    entry.invite = Some(cards[&7]);
    town.roster.apply(&Event::Add(Box::new(entry))).unwrap();
    assert_eq!([7, 8].map(|number| town.roster.uses(&cards[&number])), [1, 0]);
    assert_eq!(town.roster.uses(&batch.id), 1);

    let items = town.roster.snapshot();
    assert_eq!(items.len(), 3, "a member, a batch, a mark: not an object a card");
    let context = town.roster.context();
    let read = Roster::from_snapshot(context, &items, &digest(&context, &items)).unwrap();
    assert_eq!(read.cards(&batch.id).count(), 40);
    assert_eq!(read.uses(&batch.id), 1);
    let stored = Roster::from_vault_bytes(town.place, &town.roster.to_vault_bytes()).unwrap();
    assert!(stored == town.roster);
    assert_eq!(read.step_to(Epoch(2), batch.expires).unwrap().cards(&batch.id).count(), 0, "expired");
}

#[test]
fn a_batch_of_too_many_cards_or_for_coordinators_is_refused() {
    let mut town = Town::new();
    let most = RosterInvite { cards: MAX_CARDS, ..batch(1, 1) };
    let refused = [
        RosterInvite { cards: MAX_CARDS + 1, ..batch(2, 1) },
        RosterInvite { cards: u16::MAX, ..batch(3, 1) },
        RosterInvite { role: InviteRole::Coordinator, ..batch(4, 1) },
    ];
    for invite in refused {
        assert!(town.roster.apply(&Event::Invite(invite)).is_err());
    }
    assert!(town.roster == Roster::new(town.roster.context()));
    assert_eq!(town.roster.apply(&Event::Invite(most)), Ok(true));
    // Nor in a snapshot, whoever signed it. A batch ends with its cards, and an item with its fields of later versions.
    let mut small = Town::new();
    small.roster.apply(&Event::Invite(batch(5, 3))).unwrap();
    let (context, mut items) = (small.roster.context(), small.roster.snapshot());
    let read = |items: &[Vec<u8>]| Roster::from_snapshot(context, items, &digest(&context, items)).err();
    assert_eq!(read(&items), None);
    let end = items[0].len() - 2;
    assert_eq!(items[0].split_off(end), [3, 0]);
    items[0].extend([&[251][..], &(MAX_CARDS + 1).to_le_bytes(), &[0]].concat());
    assert!(matches!(read(&items), Some(WireError::Malformed(_))));
}

#[test]
fn an_entry_leaves_its_object_room_for_the_epoch_and_the_time_to_grow() {
    let longest = |n| RosterInvite { handle: "x".repeat(n), ..invite(1, 60) };
    let takes = |n: &usize| Town::new().roster.apply(&Event::Invite(longest(*n))).is_ok();
    let most = (0..CONTENT_LEN).take_while(takes).last().unwrap();
    let mut town = Town::new();
    town.roster.apply(&Event::Invite(longest(most))).unwrap();
    assert_eq!(town.roster.snapshot()[0].len(), CONTENT_LEN - 16);
}

#[test]
fn what_somebody_offers_has_512_bytes_with_one_more_for_each_word() {
    let role = || Code::constant("observer");
    for (roles, rest) in [(vec![], 511), (vec![role()], 502), (vec![role(), role()], 493)] {
        assert!(offer_fits(&"x".repeat(rest), &[], &roles) && !offer_fits(&"x".repeat(rest + 1), &[], &roles));
    }
    assert!(offer_fits(&"x".repeat(508), &["es".to_owned()], &[]));
    assert!(!offer_fits(&"x".repeat(509), &["es".to_owned()], &[]));
}

#[test]
fn an_add_from_an_earlier_epoch_is_stepped_to_the_rosters() {
    let mut town = Town::new();
    town.add(1, Some(11));
    let raced = town.person(2);
    let event = added(&raced, None);
    town.step(3);
    assert_eq!(town.roster.apply(&event), Ok(true));

    let held = &town.roster.members()[&raced.id];
    let there = raced.secret.step_to(Epoch(3)).unwrap();
    assert_eq!(held.secrets.epoch, Epoch(3));
    assert!(held.secrets.slot == Some((there.tag(), there.psk())));
    assert!(held.auth(town.place) == there.auth());
    assert!(held.secrets.next == *there.step().key());
    assert!(town.open().keys(&raced).is_ok(), "and finds their slot");
}

#[test]
fn an_add_from_a_later_epoch_or_from_too_far_back_is_refused_and_changes_nothing() {
    let mut town = Town::new();
    let early = added(&town.person(1), None);
    town.step(4099);
    let later = added(&town.person(2), None);
    let late = town.roster.clone();
    assert!(town.roster.apply(&early).is_err());
    assert!(town.roster == late);
    let mut roster = Roster::new(town.place.at(Epoch(4098)));
    assert!(roster.apply(&later).is_err());
    assert!(roster == Roster::new(town.place.at(Epoch(4098))));
    assert!(roster.apply(&early).is_ok());
    assert!(roster.step_to(Epoch(4097), NOW).is_err(), "a roster does not go back");
}

#[test]
fn a_member_to_whose_key_nothing_can_be_sealed_is_refused() {
    let mut town = Town::new();
    let person = town.person(1);
    let mut entry = member(&person, None);
    entry.kem = KemPublicKey(Box::new([0xff; 1216]));
    entry.invite = Some(INVITE);
    assert!(!entry.kem.is_usable() && person.kem.public().is_usable());
    assert!(town.roster.apply(&Event::Add(Box::new(entry))).is_err());
    assert!(town.roster == Roster::new(town.roster.context()));
    town.add(2, Some(11));
    town.open();
}

#[test]
fn an_entry_that_fills_more_than_an_object_is_refused_and_the_fullest_is_not() {
    let mut town = Town::new();
    let person = town.person(1);
    let mut entry = member(&person, Some(11));
    entry.handle = "k".repeat(64);
    entry.invite = Some(INVITE);
    entry.languages = vec!["x".repeat(35); 8];
    entry.roles = vec![Code::new("r".repeat(48)).unwrap(); 8];
    assert!(town.roster.apply(&Event::Add(Box::new(entry.clone()))).is_err());
    assert_eq!(town.roster.uses(&INVITE), 0, "and no use is spent on it");
    entry.roles.truncate(3);
    assert!(watchfire_protocol::roster::offer_fits(&entry.handle, &entry.languages, &entry.roles));
    assert_eq!(town.roster.apply(&Event::Add(Box::new(entry))), Ok(true));
    assert!(town.roster.snapshot().iter().all(|item| item.len() <= CONTENT_LEN));
    town.open();

    let long = RosterInvite { handle: "h".repeat(3000), ..invite(1, 60) };
    assert!(town.roster.apply(&Event::Invite(long)).is_err());
}

#[test]
fn uses_are_counted_by_request_whatever_became_of_the_member() {
    let mut town = Town::new();
    let people = [1, 2, 3].map(|n| town.person(n));
    for person in &people {
        let mut entry = member(person, None);
        entry.invite = Some(INVITE);
        for _ in 0..2 {
            town.roster.apply(&Event::Add(Box::new(entry.clone()))).unwrap();
        }
        assert!(town.roster.approved(&entry.request));
    }
    assert_eq!(town.roster.uses(&INVITE), 3);
    assert_eq!(town.roster.uses(&InviteId([9; 16])), 0);
    assert!(!town.roster.approved(&RequestHash([9; 32])));
    town.roster.apply(&Event::Remove { member: people[0].id, reason: String::new() }).unwrap();
    town.step(2);
    assert_eq!(town.roster.uses(&INVITE), 3, "a removal gives no use back, and neither does an epoch");
}

#[test]
fn a_removed_member_does_not_come_back_and_an_ended_invite_neither() {
    let mut town = Town::new();
    let person = town.add(1, None);
    let (add, remove) = (added(&person, None), Event::Remove { member: person.id, reason: String::new() });
    assert_eq!(town.roster.apply(&remove), Ok(true));
    assert_eq!(town.roster.apply(&add), Ok(false));
    assert!(town.roster.members().is_empty() && town.roster.removed(&person.id));

    assert_eq!(town.roster.apply(&Event::Invite(invite(1, 60))), Ok(true));
    assert_eq!(town.roster.apply(&Event::EndInvite { invite: InviteId([1; 16]) }), Ok(true));
    assert_eq!(town.roster.apply(&Event::Invite(invite(1, 60))), Ok(false));
    assert!(town.roster.invites().is_empty());

    town.step(2);
    assert_eq!(town.roster.apply(&add), Ok(false), "the next epoch remembers");
    assert_eq!(town.roster.apply(&Event::Invite(invite(1, 60))), Ok(false));
}

#[test]
fn expired_invites_end_with_the_epoch_and_others_go_on() {
    let mut town = Town::new();
    for (n, expires) in [(1, 0), (2, 1)] {
        town.roster.apply(&Event::Invite(invite(n, expires))).unwrap();
    }
    town.step(2);
    assert_eq!(town.roster.invites().keys().copied().collect::<Vec<_>>(), [InviteId([2; 16])]);
}

#[test]
fn a_snapshot_is_read_back_only_under_its_digest_and_in_its_context() {
    let mut town = Town::new();
    for n in 1..=3 {
        town.add(n, None);
    }
    town.roster.apply(&Event::Invite(invite(1, 60))).unwrap();
    town.roster
        .apply(&Event::Remove { member: watchfire_protocol::id::MemberId([3; 16]), reason: String::new() })
        .unwrap();
    let (context, items) = (town.roster.context(), town.roster.snapshot());
    let signed = digest(&context, &items);
    let read = Roster::from_snapshot(context, &items, &signed).unwrap();
    assert!(
        read.members().keys().eq(town.roster.members().keys())
            && read.removed(&watchfire_protocol::id::MemberId([3; 16]))
    );
    assert!(read.members().values().all(|member| member.secrets.slot.is_none()), "slots are at the relay with it");
    assert!(read.snapshot() == items);

    let mut reordered = items.clone();
    reordered.swap(0, 1);
    let mut altered = items.clone();
    altered[0][40] ^= 1;
    for other in [&items[1..], &reordered, &altered, &[]] {
        assert!(matches!(Roster::from_snapshot(context, other, &signed), Err(WireError::Malformed(_))));
    }
    let elsewhere = Place { neighborhood: NeighborhoodId([9; 16]), ..context.place }.at(context.epoch);
    assert!(Roster::from_snapshot(elsewhere, &items, &signed).is_err());
    assert!(Roster::from_snapshot(context.place.at(Epoch(2)), &items, &signed).is_err());
    let garbage = vec![b"no item".to_vec()];
    assert!(Roster::from_snapshot(context, &garbage, &digest(&context, &garbage)).is_err());
    // A field that this program may not pass over.
    let mut newer = items;
    newer[0].pop();
    newer[0].extend([1, 3, 0]);
    assert_eq!(Roster::from_snapshot(context, &newer, &digest(&context, &newer)).err(), Some(WireError::Newer));
}

#[test]
fn a_slot_that_was_seen_is_forgotten_on_a_roster_with_the_same_secrets_and_on_no_other() {
    let mut town = Town::new();
    let [seen, unseen, renewed] = [1, 2, 3].map(|n| town.add(n, None).id);
    let mut other = town.roster.clone();
    other.slot_seen(&seen);
    // Of somebody who goes by other secrets there, nothing is known here.
    let mut changed = other.members()[&renewed].clone();
    (changed.secrets.auth, changed.secrets.slot) = (Secret::new([9; 32]), None);
    other.put_back(changed);
    town.roster.slots_seen_as_in(&other);
    let wanted = [seen, unseen, renewed].map(|id| town.roster.members()[&id].secrets.slot.is_some());
    assert_eq!(wanted, [false, true, true]);
}

#[test]
fn a_roster_read_from_a_snapshot_steps_to_the_same_slots() {
    let mut town = Town::new();
    let person = town.add(1, Some(11));
    let (context, items) = (town.roster.context(), town.roster.snapshot());
    let read = Roster::from_snapshot(context, &items, &digest(&context, &items)).unwrap();
    assert!(read.step_to(Epoch(2), NOW).unwrap() == town.roster.step_to(Epoch(2), NOW).unwrap());
    town.roster = read;
    town.step(2);
    assert!(town.open().keys(&person).unwrap().coordinator.is_some());
}

#[test]
fn a_slot_that_was_seen_leaves_nothing_to_open_it_with() {
    let mut town = Town::new();
    let person = town.add(1, None);
    town.roster.slot_seen(&person.id);
    assert!(town.roster.members()[&person.id].secrets.slot.is_none());
    let bytes = town.roster.to_vault_bytes();
    for secret in [person.secret.psk().expose(), person.secret.key().expose()] {
        assert!(!bytes.windows(32).any(|window| window == secret));
    }
    assert!(Roster::from_vault_bytes(town.place, &bytes).is_ok_and(|read| read == town.roster));
    for cut in 0..bytes.len() {
        assert!(Roster::from_vault_bytes(town.place, &bytes[..cut]).is_err());
    }
}

#[test]
fn an_event_of_another_place_or_by_another_hand_is_refused() {
    let town = Town::new();
    let body = EventBody {
        epoch: Epoch(1),
        charter_version: 1,
        charter: CharterHash([1; 32]),
        at: NOW,
        event: Event::EndInvite { invite: INVITE },
        extensions: Extensions::default(),
    };
    let signed = body.sign(&town.place, &key(11));
    assert!(EventBody::open(&signed, &town.place).is_ok_and(|read| read == body));
    let elsewhere = Place { neighborhood: NeighborhoodId([9; 16]), ..town.place };
    let mut other = signed.clone();
    other.signer = key(21).public();
    let mut altered = signed.clone();
    *altered.body.last_mut().unwrap() ^= 1;
    for refused in [
        EventBody::open(&signed, &elsewhere).err(),
        EventBody::open(&other, &town.place).err(),
        EventBody::open(&altered, &town.place).err(),
    ] {
        assert_eq!(refused, Some(SignedError::Signature));
    }
}

fn offer(at: u64, role: &'static str, language: &str) -> Offer {
    let languages = vec![language.parse().unwrap()];
    Offer { at: Timestamp(at), roles: vec![Code::constant(role)], languages }
}

fn offered(town: &Town, id: MemberId) -> (Vec<String>, Vec<String>) {
    let member = &town.roster.members()[&id];
    (member.roles.iter().map(ToString::to_string).collect(), member.languages.clone())
}

#[test]
fn of_what_a_member_offers_the_newest_counts_in_every_order_and_a_snapshot_and_a_vault_keep_it() {
    let offers = [offer(20, "medic", "fr"), offer(10, "driver", "en"), offer(20, "interpreter", "ar")];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let mut town = Town::new();
        let id = town.add(1, None).id;
        for at in order {
            let event = Event::Describe { member: id, offer: offers[at].clone() };
            town.roster.apply(&event).unwrap();
            assert_eq!(town.roster.apply(&event), Ok(false), "twice is once");
        }
        assert_eq!(offered(&town, id), (vec!["medic".to_owned()], vec!["fr".to_owned()]), "{order:?}");
        let (context, items) = (town.roster.context(), town.roster.snapshot());
        let read = Roster::from_snapshot(context, &items, &digest(&context, &items)).unwrap();
        assert_eq!(read.members()[&id].described, Timestamp(20));
        let stored = Roster::from_vault_bytes(town.place, &town.roster.to_vault_bytes()).unwrap();
        assert!(stored == town.roster);
        let before = Event::Describe { member: id, offer: offers[1].clone() };
        assert_eq!(town.roster.step_to(Epoch(2), NOW).unwrap().apply(&before), Ok(false), "older than the snapshot's");
    }
}

#[test]
fn what_somebody_offers_who_is_not_there_or_too_much_of_it_changes_nothing() {
    let mut town = Town::new();
    let id = town.add(1, None).id;
    let before = town.roster.clone();
    let nobody = Event::Describe { member: MemberId([9; 16]), offer: offer(20, "medic", "fr") };
    assert_eq!(town.roster.apply(&nobody), Ok(false));
    let roles = vec![Code::constant("medic"); 9];
    let long: Vec<Code> = (0..8).map(|n| Code::new(format!("{n}{}", "x".repeat(47))).unwrap()).collect();
    let languages = vec!["fr".parse().unwrap(); 9];
    let tags = (0..8).map(|n| format!("abcdefgh-abcdefgh-abcdefgh-abcdefg{n}").parse().unwrap()).collect();
    for offer in [
        Offer { roles, ..offer(20, "medic", "fr") },
        Offer { languages, ..offer(20, "medic", "fr") },
        Offer { at: Timestamp(20), roles: long, languages: tags },
    ] {
        assert!(town.roster.apply(&Event::Describe { member: id, offer }).is_err());
    }
    assert!(town.roster == before);
}

#[test]
fn an_event_counts_only_if_the_charter_that_it_names_lets_its_signer_enroll() {
    let mut town = Town::new();
    let charters = town.scene.charters.clone();
    let said = |epoch| EventBody {
        epoch: Epoch(epoch),
        charter_version: 1,
        charter: charters.newest().hash(),
        at: NOW,
        event: Event::Describe { member: MemberId([1; 16]), offer: offer(20, "medic", "fr") },
        extensions: Extensions::default(),
    };
    let counts = |town: &Town, seed: u8, body: &EventBody| {
        let signed = body.sign(&town.place, &key(seed));
        let read = EventBody::open(&signed, &town.place).unwrap();
        read.counts(&signed.signer, &town.scene.charters, town.place.neighborhood)
    };
    assert!(counts(&town, 11, &said(1)));
    for nobody in [41, 99, 101] {
        assert!(!counts(&town, nobody, &said(1)), "elsewhere, a stranger, an admin");
    }
    let unknown = EventBody { charter: CharterHash([1; 32]), ..said(1) };
    assert!(!counts(&town, 11, &unknown));
    town.scene.push(|charter| charter.grants[1].scopes[0].enroll = false);
    let newer = EventBody { charter_version: 2, charter: town.scene.charters.newest().hash(), ..said(1) };
    assert!(counts(&town, 21, &said(1)), "as its charter says");
    assert!(!counts(&town, 21, &newer));
}
