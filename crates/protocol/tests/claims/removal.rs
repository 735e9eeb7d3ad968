//! Removal, openings and what goes wrong around them.

use std::collections::BTreeSet;

use watchfire_protocol::alert::AlertsItem;
use watchfire_protocol::epoch::{Opening, open_epoch};
use watchfire_protocol::id::Epoch;
use watchfire_protocol::record::{Channel, Header, open_record, seal_record};
use watchfire_protocol::roster::Event;
use watchfire_protocol::run::Presence;
use watchfire_protocol::slot::open_slot;
use watchfire_protocol::time::Hour;

use crate::neighborhood::{Town, names};
use crate::scene::{NOW, key};

#[test]
fn a_removed_member_opens_nothing_of_the_next_epoch() {
    let mut town = Town::new();
    let coordinator = town.add(1, Some(11));
    let stays = town.add(2, None);
    let removed = town.add(3, None);
    let first = town.open();
    let old = first.keys(&removed).unwrap();

    assert_eq!(town.roster.apply(&Event::Remove { member: removed.id, reason: String::new() }), Ok(true));
    town.step(2);
    let second = town.open();
    let secret = removed.secret.step_to(Epoch(2)).unwrap();
    assert_eq!(second.presence(&secret), Presence::Absent);
    for slot in &second.opened.slots {
        let opened = open_slot(&second.announcement, slot.tag, &secret.psk(), &removed.kem, &slot.body);
        assert!(opened.is_err(), "no slot, dummies included");
    }

    // What a coordinator writes in the new epoch opens for who stayed, and with no key that the removed member has.
    let new = second.keys(&coordinator).unwrap();
    let header = Header { channel: Channel::Alerts, epoch: Epoch(2), hour: Hour(0) };
    let content = AlertsItem::Direct(vec![7; 40]).to_bytes();
    let hash = second.announcement.hash();
    let record =
        seal_record(&town.place, &hash, header, &new.member.chain().alerts_key(), &content, &mut town.rng).unwrap();
    let theirs = second.keys(&stays).unwrap().member.chain().alerts_key();
    assert_eq!(open_record(&town.place, &hash, &theirs, &record).unwrap().as_slice(), content);
    for hour in 0..100 {
        let key = old.member.chain().at(Hour(hour)).unwrap().alerts_key();
        assert!(open_record(&town.place, &hash, &key, &record).is_err());
        assert!(open_record(&town.place, &first.announcement.hash(), &key, &record).is_err());
    }
    assert_ne!(old.member.role_key().public(), new.member.role_key().public());
}

#[test]
fn a_member_who_slept_through_epochs_opens_the_newest() {
    let mut town = Town::new();
    town.add(1, Some(11));
    let sleeper = town.add(2, None);
    town.step(40);
    let published = town.open();
    assert!(published.keys(&sleeper).unwrap().coordinator.is_none());
}

#[test]
fn an_opener_who_forgot_to_step_the_roster_is_refused() {
    let mut town = Town::new();
    town.add(1, Some(11));
    for epoch in [0, 2, 9] {
        let opening = Opening {
            place: town.place,
            epoch: Epoch(epoch),
            predecessors: vec![],
            rights: town.scene.charters.rights(),
            opened_at: NOW,
            at_least: 0,
            suspended: BTreeSet::new(),
        };
        assert!(open_epoch(&opening, &town.roster, &names(), &key(11), &rand::rng).is_err());
    }
}

#[test]
fn two_openings_of_one_roster_share_no_key() {
    let mut town = Town::new();
    let person = town.add(1, Some(11));
    let (one, other) = (town.open(), town.open());
    assert_ne!(one.announcement.hash(), other.announcement.hash());
    let (one_keys, other_keys) = (one.keys(&person).unwrap(), other.keys(&person).unwrap());
    assert!(one_keys.member.secret() != other_keys.member.secret());
    // A slot of the one does not pass for a slot of the other: a fork is never mixed.
    let slot = one.slot(&person.secret);
    let opened = open_slot(&other.announcement, slot.tag, &person.secret.psk(), &person.kem, &slot.body);
    assert!(opened.is_err());
}
