//! A neighborhood with its people, opening epochs.

use std::collections::BTreeSet;

use rand::SeedableRng;
use rand::rngs::StdRng;
use watchfire_protocol::announcement::Announcement;
use watchfire_protocol::epoch::{EpochKeys, Opened, Opening, open_epoch};
use watchfire_protocol::id::{Epoch, MemberId, RequestHash, Tag, sha256};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::roster::{Event, Roster, RosterMember, RosterSecrets};
use watchfire_protocol::run::{Object, Presence, RunEntry, look_up, run_list, run_of, run_range};
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::{SlotError, SlotSecret, open_slot};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::Code;
use watchfire_protocol::wire::Extensions;

use crate::scene::{NOW, Scene, key};

pub(crate) struct Person {
    pub(crate) id: MemberId,
    pub(crate) identity: SecretKey,
    pub(crate) kem: KemSecretKey,
    /// Of the epoch in which they joined.
    pub(crate) secret: SlotSecret,
}

pub(crate) struct Town {
    pub(crate) scene: Scene,
    pub(crate) place: Place,
    pub(crate) roster: Roster,
    pub(crate) rng: StdRng,
}

/// An epoch as it lies at the relay.
pub(crate) struct Published {
    pub(crate) announcement: Announcement,
    pub(crate) opened: Opened,
    pub(crate) list: Vec<RunEntry>,
}

impl Town {
    pub(crate) fn new() -> Self {
        let scene = Scene::new();
        let place = scene.place();
        Self { scene, place, roster: Roster::new(place.at(Epoch(1))), rng: StdRng::seed_from_u64(7) }
    }

    pub(crate) fn person(&mut self, n: u8) -> Person {
        Person {
            id: MemberId([n; 16]),
            identity: SecretKey::generate(&mut self.rng),
            kem: KemSecretKey::generate(&mut self.rng),
            secret: SlotSecret::generate(self.roster.context(), &mut self.rng),
        }
    }

    /// Adds somebody in the roster's epoch.
    pub(crate) fn add(&mut self, n: u8, charter_key: Option<u8>) -> Person {
        let person = self.person(n);
        let event = added(&person, charter_key);
        assert_eq!(self.roster.apply(&event), Ok(true));
        person
    }

    /// Opens the roster's epoch.
    pub(crate) fn open(&mut self) -> Published {
        let opening = Opening {
            place: self.place,
            epoch: self.roster.context().epoch,
            predecessors: vec![],
            rights: self.scene.charters.rights(),
            opened_at: NOW,
            at_least: 0,
            suspended: BTreeSet::new(),
        };
        let opened = open_epoch(&opening, &self.roster, &names(), &key(11), &rand::rng).unwrap();
        let announcement = opened.announcement.verify(&self.place).unwrap();
        let hashes: Vec<(Tag, [u8; 32])> = opened.slots.iter().map(|s| (s.tag, sha256(&[s.body.as_slice()]))).collect();
        Published { announcement, opened, list: run_list(&hashes) }
    }

    pub(crate) fn step(&mut self, epoch: u64) {
        self.roster = self.roster.step_to(Epoch(epoch), NOW).unwrap();
    }
}

impl Published {
    /// What a run shows about somebody.
    pub(crate) fn presence(&self, secret: &SlotSecret) -> Presence<'_> {
        let run = run_of(&self.list, &secret.tag());
        let range = run_range(self.opened.slots.len(), run);
        look_up(&self.list, run, &self.opened.slots[range], &secret.tag())
    }

    pub(crate) fn slot(&self, secret: &SlotSecret) -> &Object {
        match self.presence(secret) {
            Presence::Present(slot) => slot,
            other => panic!("{other:?}"),
        }
    }

    /// The keys of somebody, as their client gets them.
    pub(crate) fn keys(&self, person: &Person) -> Result<EpochKeys, SlotError> {
        let secret = person.secret.step_to(self.announcement.epoch()).unwrap();
        let slot = self.slot(&secret);
        open_slot(&self.announcement, slot.tag, &secret.psk(), &person.kem, &slot.body)
    }
}

pub(crate) fn member(person: &Person, charter_key: Option<u8>) -> RosterMember {
    RosterMember {
        id: person.id,
        identity: person.identity.public(),
        kem: person.kem.public(),
        secrets: RosterSecrets::new(&person.secret),
        handle: "Kai".to_owned(),
        languages: vec!["es".to_owned()],
        roles: vec![Code::constant("observer")],
        charter_key: charter_key.map(|seed| key(seed).public()),
        since: NOW,
        added_by: key(11).public(),
        added_in: person.secret.epoch(),
        invite: None,
        request: RequestHash(sha256(&[&person.id.0])),
        described: Timestamp(0),
    }
}

pub(crate) fn added(person: &Person, charter_key: Option<u8>) -> Event {
    Event::Add(Box::new(member(person, charter_key)))
}

pub(crate) fn names() -> NamesBlock {
    NamesBlock {
        salt: [3; 32],
        network: "Río Verde Watch".to_owned(),
        neighborhood: "Elm Park".to_owned(),
        handles: vec![],
        conduct: String::new(),
        extensions: Extensions::default(),
    }
}
