//! A coordinator's program that does not keep the rules: it opens an epoch with a roster of its choice.

use std::collections::BTreeSet;

use watchfire_client::net::Connection;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::{self, EpochState, Hood, Profile};
use watchfire_client::vault::{Bucket, Vault};
use watchfire_client::{Client, ClientError};
use watchfire_protocol::announcement::{Announcement, SignedAnnouncement};
use watchfire_protocol::epoch::{Opening, open_epoch};
use watchfire_protocol::frame::{MAX_OBJECTS, ObjectClass, Prover, Request};
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::record::{Channel, Header, seal_record};
use watchfire_protocol::roster::{Event, EventBody, Roster};
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::Hour;
use watchfire_protocol::wire::{self, Extensions};

use crate::local::Person;

/// What a coordinator's vault holds.
pub struct Hand {
    pub hood: Hood,
    pub roster: Roster,
    pub announcement: Announcement,
    pub names: NamesBlock,
    pub device: SecretKey,
    pub url: String,
}

impl Hand {
    /// Takes it out of a vault that is up to date.
    pub fn of(person: &Person, id: NeighborhoodId) -> Self {
        let charters = person.client.charters().unwrap();
        person
            .vault()
            .transact(|tx| {
                let hood = Hood::load(tx, id)?;
                let name = state::epoch_name(id, hood.epoch);
                let roster: Vec<u8> = tx.get(Bucket::Roster, &name)?.unwrap();
                let announcement: Vec<u8> = tx.get(Bucket::Announcement, &name)?.unwrap();
                Ok::<_, ClientError>(Self {
                    roster: Roster::from_vault_bytes(hood.place(), &roster).unwrap(),
                    announcement: SignedAnnouncement::from_bytes(&announcement).unwrap().verify(&hood.place()).unwrap(),
                    names: state::names(tx, id)?.unwrap(),
                    device: Profile::load(tx)?.device_key(&charters.rights(), id, "")?,
                    url: charters.newest().body().relays[0].url.clone(),
                    hood,
                })
            })
            .unwrap()
    }

    /// Opens the next epoch with a roster, whatever is true.
    pub async fn open(&self, person: &Person, roster: &Roster, at_least: usize) {
        let place = self.hood.place();
        let charters = person.client.charters().unwrap();
        let opening = Opening {
            place,
            epoch: roster.context().epoch,
            predecessors: vec![self.announcement.hash()],
            rights: charters.rights(),
            opened_at: person.client.now(),
            at_least,
            suspended: BTreeSet::new(),
        };
        let opened = open_epoch(&opening, roster, &self.names, &self.device, &rand::rng).unwrap();
        let mut relay =
            Connection::open(&Route::straight().unwrap(), &self.url, None, Errand::Alerts, None).await.unwrap();
        let prover = Prover::Device(self.device.public());
        relay.prove(place, Epoch::NONE, prover, &self.device).await.unwrap();
        let announcement = opened.announcement.hash();
        for (class, objects) in [(ObjectClass::Slot, &opened.slots), (ObjectClass::Other, &opened.others)] {
            for batch in objects.chunks(MAX_OBJECTS) {
                relay.call(Request::Stage { announcement, class, objects: batch.to_vec() }).await.unwrap();
            }
        }
        let (announcement, holds) = (opened.announcement.to_bytes(), self.announcement.epoch());
        relay.done(Request::Open { announcement, holds }).await.unwrap();
    }
}

/// Removes people by signed events that nobody else counted, and opens the next epoch without them.
pub async fn open_without(person: &Person, id: NeighborhoodId, handles: &[String]) {
    let hand = Hand::of(person, id);
    let charter = person.client.charters().unwrap().newest().clone();
    let (mut roster, here) = (hand.roster.clone(), hand.announcement.epoch());
    let out = hand.roster.members().values().filter(|member| handles.contains(&member.handle));
    for member in out.map(|member| member.id) {
        let event = Event::Remove { member, reason: String::new() };
        roster.apply(&event).unwrap();
        let body = EventBody {
            epoch: here,
            charter_version: charter.version(),
            charter: charter.hash(),
            at: person.client.now(),
            event,
            extensions: Extensions::default(),
        };
        roster.keep_evidence(Epoch(1), body.sign(&hand.hood.place(), &hand.device));
    }
    let roster = roster.step_to(here.next(), person.client.now()).unwrap();
    hand.open(person, &roster, 0).await;
}

/// Signs removals, sends them, and opens nothing.
pub async fn sign_removals(person: &Person, id: NeighborhoodId, handles: &[String]) {
    let hand = Hand::of(person, id);
    let out = hand.roster.members().values().filter(|member| handles.contains(&member.handle));
    let events = out.map(|member| Event::Remove { member: member.id, reason: String::new() }).collect();
    append(&person.client, &person.vault(), id, events).await;
}

/// Signs events of the current epoch and appends them to the roster log, as a coordinator's program does.
pub async fn append(client: &Client, vault: &Vault, id: NeighborhoodId, events: Vec<Event>) {
    let charters = client.charters().unwrap();
    let charter = charters.newest();
    let (hood, epoch, device) = vault
        .transact(|tx| {
            let hood = Hood::load(tx, id)?;
            let epoch = EpochState::load(tx, id, hood.epoch)?.unwrap();
            Ok::<_, ClientError>((hood, epoch, Profile::load(tx)?.device_key(&charters.rights(), id, "")?))
        })
        .unwrap();
    let place = hood.place();
    let coordinator = epoch.keys(place).coordinator.unwrap();
    let mut relay =
        Connection::open(&Route::straight().unwrap(), &charter.body().relays[0].url, None, Errand::Alerts, None)
            .await
            .unwrap();
    relay.prove(place, epoch.epoch, Prover::Coordinator, &coordinator.role_key()).await.unwrap();
    for event in events {
        let body = EventBody {
            epoch: epoch.epoch,
            charter_version: charter.version(),
            charter: charter.hash(),
            at: client.now(),
            event,
            extensions: Extensions::default(),
        };
        let header = Header { channel: Channel::Roster, epoch: epoch.epoch, hour: Hour(0) };
        let content = wire::encode(&body.sign(&place, &device));
        let (hash, key) = (epoch.announcement, coordinator.roster_key());
        let record = seal_record(&place, &hash, header, &key, &content, &mut rand::rng()).unwrap();
        relay.call(Request::Append { record }).await.unwrap();
    }
}
