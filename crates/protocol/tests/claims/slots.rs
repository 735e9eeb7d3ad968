//! What a slot refuses.

use std::collections::BTreeSet;

use rand::SeedableRng;
use rand::rngs::StdRng;
use watchfire_protocol::announcement::{Announcement, Keys, SignedAnnouncement};
use watchfire_protocol::epoch::{CoordinatorKeys, EpochKeys, MemberKeys};
use watchfire_protocol::frame::{Proof, Prover};
use watchfire_protocol::id::{Epoch, MemberId, Tag};
use watchfire_protocol::labels::SealPurpose;
use watchfire_protocol::ratchet::{Chain, ChainOf, HourError};
use watchfire_protocol::roster::Event;
use watchfire_protocol::seal::{KemPublicKey, Psk, open, seal};
use watchfire_protocol::secret::{Secret, Secret32};
use watchfire_protocol::slot::{Recipient, SlotError, SlotSecret, open_slot, seal_slot};
use watchfire_protocol::time::Hour;

use crate::neighborhood::{Person, Published, Town};
use crate::scene::key;

struct Stage {
    town: Town,
    person: Person,
    published: Published,
}

fn stage() -> Stage {
    let mut town = Town::new();
    let person = town.add(1, Some(11));
    town.add(2, None);
    let published = town.open();
    Stage { town, person, published }
}

impl Stage {
    fn open(&self, announcement: &Announcement, tag: Tag, psk: &Secret32) -> Option<SlotError> {
        let slot = self.published.slot(&self.person.secret);
        open_slot(announcement, tag, psk, &self.person.kem, &slot.body).err()
    }

    /// The epoch's announcement with other keys in it, signed all the same.
    fn announced(&self, change: impl FnOnce(&mut Keys)) -> Announcement {
        let mut keys = self.published.announcement.keys().clone();
        change(&mut keys);
        let slots = self.published.announcement.slots();
        SignedAnnouncement::sign(&keys, slots, &key(11)).verify(&self.town.place).unwrap()
    }

    /// A slot for the person with these keys, sealed under the true announcement.
    fn sealed(&self, keys: &EpochKeys) -> Option<SlotError> {
        self.sealed_under(&self.published.announcement, keys)
    }

    fn sealed_under(&self, announcement: &Announcement, keys: &EpochKeys) -> Option<SlotError> {
        let (tag, psk, kem) = (self.person.secret.tag(), self.person.secret.psk(), self.person.kem.public());
        let recipient = Recipient { tag, psk: &psk, kem: &kem };
        let charter = announcement.keys().charter;
        let mut rng = StdRng::seed_from_u64(3);
        let body = seal_slot(keys, announcement.keys_hash(), charter, &recipient, &mut rng).unwrap();
        open_slot(announcement, tag, &psk, &self.person.kem, &body).err()
    }
}

#[test]
fn a_slot_opens_for_its_member_alone() {
    let stage = stage();
    let (announcement, secret) = (&stage.published.announcement, &stage.person.secret);
    assert_eq!(stage.open(announcement, secret.tag(), &secret.psk()), None);
    let other = SlotSecret::new(stage.town.roster.context(), Secret::new([9; 32]));
    let refused = Some(SlotError::Unopenable);
    assert_eq!(stage.open(announcement, secret.tag(), &other.psk()), refused, "another pre-shared key");
    assert_eq!(stage.open(announcement, secret.tag(), &Secret::new([0; 32])), refused, "no pre-shared key");
    assert_eq!(stage.open(announcement, other.tag(), &secret.psk()), refused, "another tag");
}

#[test]
fn a_slot_does_not_open_with_another_key_of_the_member() {
    let mut stage = stage();
    let secret = stage.person.secret.clone();
    stage.person.kem = stage.town.person(3).kem;
    assert_eq!(stage.open(&stage.published.announcement, secret.tag(), &secret.psk()), Some(SlotError::Unopenable));
}

#[test]
fn a_slot_of_another_epoch_or_under_another_announcement_does_not_open() {
    let stage = stage();
    let secret = &stage.person.secret;
    let later = stage.announced(|keys| keys.epoch = Epoch(2));
    assert_eq!(stage.open(&later, secret.tag(), &secret.psk()), Some(SlotError::Unopenable));
    let other = stage.announced(|keys| keys.chain_commit = [9; 32]);
    assert_eq!(stage.open(&other, secret.tag(), &secret.psk()), Some(SlotError::Unopenable));
}

#[test]
fn opened_slots_stay_closed_to_whoever_has_the_stepped_secret() {
    let stage = stage();
    let (secret, stepped) = (&stage.person.secret, stage.person.secret.step());
    let announcement = &stage.published.announcement;
    assert_eq!(stage.open(announcement, secret.tag(), &stepped.psk()), Some(SlotError::Unopenable));
    // Nor do its bytes when they are said to be the epoch's own.
    let renamed = SlotSecret::new(stage.town.roster.context(), stepped.key().clone());
    assert_eq!(stage.open(announcement, secret.tag(), &renamed.psk()), Some(SlotError::Unopenable));
    assert_ne!(stepped.tag(), secret.tag());
    assert!(stepped.psk() != secret.psk() && stepped.auth() != secret.auth());
    assert!(stepped.step_to(secret.epoch()).is_err(), "there is no way back");
}

#[test]
fn a_slot_altered_anywhere_does_not_open() {
    let stage = stage();
    let (announcement, secret) = (&stage.published.announcement, &stage.person.secret);
    let slot = stage.published.slot(secret);
    for at in (1..2048).step_by(61).chain([1, 1120, 1121, 2047]) {
        let mut body = slot.body.clone();
        body[at] ^= 0x40;
        let opened = open_slot(announcement, secret.tag(), &secret.psk(), &stage.person.kem, &body);
        assert_eq!(opened.err(), Some(SlotError::Unopenable), "{at}");
    }
}

#[test]
fn a_slot_with_another_suite_byte_is_newer() {
    let stage = stage();
    let secret = &stage.person.secret;
    let mut body = stage.published.slot(secret).body.clone();
    for suite in [0, 2, 255] {
        body[0] = suite;
        let opened = open_slot(&stage.published.announcement, secret.tag(), &secret.psk(), &stage.person.kem, &body);
        assert_eq!(opened.err(), Some(SlotError::Newer));
    }
}

#[test]
fn a_slot_with_a_field_that_may_not_be_passed_over_is_newer() {
    let stage = stage();
    let (secret, kem, announcement) = (&stage.person.secret, &stage.person.kem, &stage.published.announcement);
    let mut body = stage.published.slot(secret).body.clone();
    let (psk, place) = (Psk::new(secret.psk()).unwrap(), announcement.context().bytes());
    let extra = [&announcement.keys_hash().0[..], &secret.tag().0].concat();
    let mut padded = open(kem, &psk, SealPurpose::Slot, &place, &extra, &body[1..]).unwrap();
    // Two bytes of length, what is in it with no field of a later version, zeros.
    let end = 2 + usize::from(u16::from_be_bytes([padded[0], padded[1]]));
    for (tag, wanted) in [(2, None), (3, Some(SlotError::Newer))] {
        padded[end - 1..end + 2].copy_from_slice(&[1, tag, 0]);
        padded[..2].copy_from_slice(&u16::try_from(end).unwrap().to_be_bytes());
        let mut rng = StdRng::seed_from_u64(3);
        let sealed = seal(&kem.public(), &psk, SealPurpose::Slot, &place, &extra, &padded, &mut rng).unwrap();
        body[1..].copy_from_slice(&sealed);
        assert_eq!(open_slot(announcement, secret.tag(), &secret.psk(), kem, &body).err(), wanted);
    }
}

#[test]
fn a_slot_whose_keys_are_not_the_announced_ones_is_a_mismatch() {
    let stage = stage();
    let context = stage.town.roster.context();
    let all = stage.published.keys(&stage.person).unwrap();
    let own = all.coordinator.clone().unwrap();
    assert_eq!(stage.sealed(&all), None);
    assert_eq!(stage.sealed(&all.for_member()), None);

    let other = Secret::new([9; 32]);
    let chain = |of| Chain::new(context, of, Hour(0), other.clone());
    let member = MemberKeys::new(context, other.clone(), all.member.chain().clone());
    let member_chain = MemberKeys::new(context, all.member.secret().clone(), chain(ChainOf::Members));
    let coordinator = CoordinatorKeys::new(context, other.clone(), own.chain().clone());
    let coordinator_chain = CoordinatorKeys::new(context, own.secret().clone(), chain(ChainOf::Coordinators));
    for keys in [
        EpochKeys { member, ..all.clone() },
        EpochKeys { member: member_chain, ..all.clone() },
        EpochKeys { coordinator: Some(coordinator), ..all.clone() },
        EpochKeys { coordinator: Some(coordinator_chain), ..all.clone() },
    ] {
        assert_eq!(stage.sealed(&keys), Some(SlotError::Mismatch));
    }
}

#[test]
fn an_announcement_that_shows_others_a_key_that_the_slots_do_not_give_is_a_mismatch() {
    let stage = stage();
    let all = stage.published.keys(&stage.person).unwrap();
    let inbox = stage.town.roster.members()[&stage.person.id].kem.clone();
    for change in [
        (|keys: &mut Keys, _| keys.member_key = key(99).public()) as fn(&mut Keys, KemPublicKey),
        |keys, _| keys.coordinator_key = key(99).public(),
        |keys, inbox| keys.inbox = inbox,
        |keys, _| keys.chain_commit[0] ^= 1,
        |keys, _| keys.coordinator_chain_commit[0] ^= 1,
    ] {
        let announcement = stage.announced(|keys| change(keys, inbox.clone()));
        assert_eq!(stage.sealed_under(&announcement, &all), Some(SlotError::Mismatch));
    }
    assert_eq!(stage.sealed_under(&stage.announced(|keys| keys.roster_digest[0] ^= 1), &all), None);
}

#[test]
fn the_two_chains_are_committed_to_apart() {
    let stage = stage();
    let all = stage.published.keys(&stage.person).unwrap();
    let keys = stage.published.announcement.keys();
    assert_ne!(keys.chain_commit, keys.coordinator_chain_commit);
    let context = stage.town.roster.context();
    let swapped = Chain::new(context, ChainOf::Coordinators, Hour(0), all.member.chain().key().clone());
    assert_ne!(swapped.commitment(), keys.chain_commit, "the same key as the other chain has another commitment");
}

#[test]
fn only_coordinators_whom_the_charter_grants_get_the_coordinators_part() {
    let mut town = Town::new();
    let people = [(1, Some(11)), (2, None), (3, Some(99)), (4, Some(41))].map(|(n, key)| town.add(n, key));
    let published = town.open();
    let has = people.each_ref().map(|person| published.keys(person).unwrap().coordinator.is_some());
    assert_eq!(has, [true, false, false, false], "granted here, no key, granted nowhere, granted elsewhere");
}

#[test]
fn removed_and_new_see_only_their_time_and_an_approval_gives_no_hour_before_the_one_ahead() {
    let stage = stage();
    let keys = stage.published.keys(&stage.person).unwrap();
    let approved = Hour(30);
    let given = keys.for_member().from_hour(approved.before());
    let announcement = &stage.published.announcement;
    let newcomer = SlotSecret::new(stage.town.roster.context(), Secret::new([8; 32]));
    let (tag, psk, kem) = (newcomer.tag(), newcomer.psk(), stage.person.kem.public());
    let recipient = Recipient { tag, psk: &psk, kem: &kem };
    let charter = announcement.keys().charter;
    let mut rng = StdRng::seed_from_u64(3);
    let body = seal_slot(&given, announcement.keys_hash(), charter, &recipient, &mut rng).unwrap();
    let opened = open_slot(announcement, tag, &psk, &stage.person.kem, &body).unwrap();

    let chain = opened.member.chain();
    assert_eq!(chain.hour(), Hour(29));
    for hour in 0..29 {
        let refused = HourError::Erased { hour: Hour(hour), oldest: Hour(29) };
        assert_eq!(chain.at(Hour(hour)).err(), Some(refused));
    }
    for hour in 29..40 {
        let theirs = keys.member.chain().at(Hour(hour)).unwrap();
        assert!(chain.at(Hour(hour)).unwrap().alerts_key() == theirs.alerts_key());
    }
    // What they hold is no key of an earlier hour under another number either.
    let claimed = Chain::new(stage.town.roster.context(), ChainOf::Members, Hour(0), chain.key().clone());
    for hour in 0..29 {
        assert!(
            claimed.at(Hour(hour)).unwrap().alerts_key() != keys.member.chain().at(Hour(hour)).unwrap().alerts_key()
        );
    }
}

#[test]
fn who_joined_twice_with_one_secret_stops_no_opening() {
    let mut hood = Town::new();
    let first = hood.add(1, Some(1));
    let mut twin = crate::neighborhood::member(&first, None);
    twin.id = MemberId([99; 16]);
    assert!(hood.roster.apply(&Event::Add(Box::new(twin))).unwrap());
    let published = hood.open();
    let tags: BTreeSet<_> = published.opened.slots.iter().map(|slot| slot.tag).collect();
    assert_eq!(tags.len(), published.opened.slots.len(), "the relay finds every slot by its tag");
    assert!(published.keys(&first).is_ok());
}

#[test]
fn members_look_alike_and_prove_the_same_key_with_the_same_bytes() {
    let mut town = Town::new();
    let (one, other) = (town.add(1, None), town.add(2, None));
    let published = town.open();
    let proof = Proof {
        relay: key(90).public(),
        nonce: [1; 32],
        challenge: [2; 32],
        place: town.place,
        epoch: Epoch(1),
        prover: Prover::Member,
    };
    let proves = |person| proof.sign(&published.keys(person).unwrap().member.role_key());
    assert_eq!(proves(&one), proves(&other));
}

#[test]
fn slots_are_all_of_one_length_and_dummies_are_among_them() {
    let mut town = Town::new();
    let people: Vec<Person> = (1..=40).map(|n| town.add(n, (n == 1).then_some(11))).collect();
    let published = town.open();
    assert_eq!(published.opened.slots.len(), 64);
    assert_eq!(published.opened.others.len(), 64);
    assert_eq!(published.announcement.slots().count, 64);
    assert!(published.opened.slots.is_sorted_by(|a, b| a.tag < b.tag));
    let tags: Vec<Tag> = people.iter().map(|person| person.secret.tag()).collect();
    assert_eq!(published.opened.slots.iter().filter(|slot| tags.contains(&slot.tag)).count(), 40);
    assert!(published.opened.slots.iter().all(|slot| slot.body[0] == 1));
}

#[test]
fn sealed_on_all_cores_every_member_of_a_large_neighborhood_finds_their_own_slot_and_no_two_are_alike() {
    let mut town = Town::new();
    let people: Vec<_> = (1..=70).map(|n| town.add(n, None)).collect();
    let published = town.open();
    let slots = &published.opened.slots;
    assert_eq!(slots.len(), 96);
    assert!(slots.is_sorted_by(|one, other| one.tag < other.tag));
    for person in &people {
        assert!(published.keys(person).is_ok());
    }
    let encapsulations: std::collections::BTreeSet<&[u8]> = slots.iter().map(|slot| &slot.body[1..1121]).collect();
    assert_eq!(encapsulations.len(), slots.len(), "two threads drew the same randomness");
}
