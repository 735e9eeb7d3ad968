//! From a charter to an alert on a responder's screen, with no socket and no clock.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use rand::SeedableRng;
use rand::rngs::StdRng;
use watchfire_protocol::alert::{AlertBody, AlertsItem, SignedAlert};
use watchfire_protocol::announcement::Announcement;
use watchfire_protocol::charter::{self, BelowQuorum, CharterBody, Grant, Neighborhood, Relay, Scope, SignedCharter};
use watchfire_protocol::epoch::{EpochKeys, Opened, Opening, open_epoch};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::*;
use watchfire_protocol::kdf::Place;
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::record::{Channel, Header, open_record, seal_record};
use watchfire_protocol::roster::{Event, Roster, RosterMember, RosterSecrets};
use watchfire_protocol::run::{Presence, look_up, run_list, run_of, run_range};
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::{SlotSecret, open_slot};
use watchfire_protocol::time::{DAY, Hour, Timestamp};
use watchfire_protocol::verdict::{Circumstances, Label, Verdict, judge};
use watchfire_protocol::vocabulary::{AlertContent, Code};
use watchfire_protocol::wire::Extensions;

const NOW: Timestamp = Timestamp(1_795_000_000);
const HOOD: NeighborhoodId = NeighborhoodId([4; 16]);

struct Person {
    identity: SecretKey,
    kem: KemSecretKey,
    secret: SlotSecret,
    id: MemberId,
}

fn person(place: Place, n: u8, rng: &mut StdRng) -> Person {
    Person {
        identity: SecretKey::generate(rng),
        kem: KemSecretKey::generate(rng),
        secret: SlotSecret::generate(place.at(Epoch(1)), rng),
        id: MemberId([n; 16]),
    }
}

fn entry(person: &Person, charter_key: Option<&SecretKey>) -> Event {
    Event::Add(Box::new(RosterMember {
        id: person.id,
        identity: person.identity.public(),
        kem: person.kem.public(),
        secrets: RosterSecrets::new(&person.secret),
        handle: "Kai".to_owned(),
        languages: vec!["es".to_owned()],
        roles: vec![Code::new("observer").unwrap()],
        charter_key: charter_key.map(SecretKey::public),
        since: NOW,
        added_by: person.identity.public(),
        added_in: Epoch(1),
        invite: None,
        request: RequestHash([0; 32]),
    }))
}

fn found(admin: &SecretKey, device: &SecretKey, relay: &SecretKey) -> CharterHistory {
    let body = CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: NOW,
        expires: NOW.plus(300 * DAY),
        grace_days: 30,
        admins: vec![admin.public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![Neighborhood {
            id: HOOD,
            quorum: 1,
            below_quorum: BelowQuorum::Show,
            retention_hours: 72,
            freshness_hours: 48,
            names: [0; 32],
            closed: false,
        }],
        grants: vec![Grant {
            coordinator: CoordinatorId([1; 16]),
            devices: vec![device.public()],
            scopes: vec![Scope {
                neighborhood: HOOD,
                dispatch: true,
                enroll: true,
                not_before: NOW,
                not_after: NOW.plus(300 * DAY),
            }],
        }],
        revocations: vec![],
        restrictions: vec![],
        relays: vec![Relay { url: "ws://127.0.0.1:7443/v1".to_owned(), key: relay.public() }],
        extensions: Extensions::default(),
    };
    let mut signed = SignedCharter::unsigned(&body);
    let network = charter::genesis_network(&signed.body);
    let signature = charter::sign(admin, network, &signed.body);
    signed.insert(charter::CharterSignature { signer: admin.public(), signature });
    CharterHistory::found(&signed).unwrap()
}

fn keys_of(person: &Person, announcement: &Announcement, opened: &Opened) -> EpochKeys {
    let secret = person.secret.step_to(announcement.epoch()).unwrap();
    let hashes: Vec<_> = opened.slots.iter().map(|s| (s.tag, sha256(&[s.body.as_slice()]))).collect();
    let list = run_list(&hashes);
    let run = run_of(&list, &secret.tag());
    let range = run_range(opened.slots.len(), run);
    let Presence::Present(slot) = look_up(&list, run, &opened.slots[range], &secret.tag()) else { panic!("no slot") };
    open_slot(announcement, secret.tag(), &secret.psk(), &person.kem, &slot.body).unwrap()
}

#[test]
fn an_alert_goes_from_a_coordinator_to_every_member_and_is_verified() {
    let mut rng = StdRng::seed_from_u64(1);
    let (admin, device, relay) =
        (SecretKey::generate(&mut rng), SecretKey::generate(&mut rng), SecretKey::generate(&mut rng));
    let charters = found(&admin, &device, &relay);
    let place = Place { network: charters.network(), neighborhood: HOOD };
    let people: Vec<Person> = (1..=3).map(|n| person(place, n, &mut rng)).collect();
    let mut roster = Roster::new(place.at(Epoch(1)));
    roster.apply(&entry(&people[0], Some(&device))).unwrap();
    roster.apply(&entry(&people[1], None)).unwrap();
    roster.apply(&entry(&people[2], None)).unwrap();
    let names = NamesBlock {
        salt: [0; 32],
        network: "N".to_owned(),
        neighborhood: "Elm Park".to_owned(),
        handles: vec![],
        conduct: String::new(),
        extensions: Extensions::default(),
    };
    let opening = Opening {
        place,
        epoch: Epoch(1),
        predecessors: vec![],
        charter: charters.newest(),
        restrictions: RestrictionsHash::ZERO,
        opened_at: NOW,
    };
    let opened = open_epoch(&opening, &roster, &names, &device, &mut rng).unwrap();
    assert_eq!(opened.slots.len(), 32);
    assert_eq!(opened.others.len(), 32);
    let announcement = opened.announcement.verify(&place).unwrap();

    let coordinator = keys_of(&people[0], &announcement, &opened);
    assert!(coordinator.coordinator.is_some());
    let body = AlertBody {
        random: [1; 16],
        epoch: Epoch(1),
        announcement: announcement.hash(),
        charter_version: 1,
        charter: charters.newest().hash(),
        restrictions: RestrictionsHash::ZERO,
        heads: vec![],
        sent: NOW.plus(60),
        expires: NOW.plus(7200),
        content: {
            let mut content = AlertContent::new(Code::new("enforcement.checkpoint").unwrap());
            content.verification.state = Code::new("verified").unwrap();
            content
        },
        extensions: Extensions::default(),
    };
    let alert = SignedAlert::sign(&body, &place, &device);
    let hour = Hour::at(NOW, NOW.plus(60));
    let chain = coordinator.member.chain().at(hour).unwrap();
    let header = Header { channel: Channel::Alerts, epoch: Epoch(1), hour };
    let content = AlertsItem::Alert(alert.clone()).to_bytes();
    let record = seal_record(&place, &announcement.hash(), header, &chain.alerts_key(), &content, &mut rng).unwrap();
    assert_eq!(record.len(), 1024);

    for member in &people[1..] {
        let keys = keys_of(member, &announcement, &opened);
        assert!(keys.coordinator.is_none());
        let key = keys.member.chain().at(hour).unwrap().alerts_key();
        let content = open_record(&place, &announcement.hash(), &key, &record).unwrap();
        let AlertsItem::Alert(claim) = AlertsItem::from_bytes(&content).unwrap() else { panic!("not an alert") };
        let circumstances = Circumstances {
            place,
            record_epoch: Epoch(1),
            charters: &charters,
            announcements: &BTreeSet::from([announcement.hash()]),
            confirmations: &[],
            network_confirmed: true,
            received: NOW.plus(61),
            now: NOW.plus(61),
            clock_in_doubt: false,
        };
        let Verdict::Shown(shown) = judge(claim, &circumstances) else { panic!("held") };
        assert_eq!(shown.label(), &Label::Verified);
        assert_eq!(shown.id(), alert.id(&place));
    }
}
