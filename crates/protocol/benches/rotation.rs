//! What a rotation of a large neighborhood costs: `cargo bench -p watchfire-protocol --bench rotation [-- MEMBERS]`.
//!
//! Sealing is told as a ratio to one slot's seal, measured in the same run, times the slots, over the cores. Bytes are
//! those of whole frames, as they are sent.
#![allow(clippy::unwrap_used, missing_docs, reason = "a measurement fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads a clock")]

use std::collections::BTreeSet;
use std::time::Instant;

use watchfire_protocol::charter::{
    BelowQuorum, CharterBody, CharterSignature, Grant, Neighborhood, Relay, Scope, SignedCharter, genesis_network, sign,
};
use watchfire_protocol::epoch::{EpochKeys, Opening, open_epoch};
use watchfire_protocol::frame::{ClientFrame, MAX_OBJECTS, ObjectClass, Reply, Request, ServerFrame};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{
    CharterHash, CoordinatorId, Epoch, KeysHash, MemberId, NeighborhoodId, NetworkId, RequestHash, sha256,
};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::names::{NamedCoordinator, NamesBlock};
use watchfire_protocol::roster::{Event, Roster, RosterMember, RosterSecrets};
use watchfire_protocol::run::{Object, run_list, run_range};
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::slot::{Recipient, SlotSecret, seal_slot};
use watchfire_protocol::time::{DAY, Timestamp};
use watchfire_protocol::wire::Extensions;

const NOW: Timestamp = Timestamp(1_795_000_000);
const ROUNDS: usize = 5;
/// Slots sealed one after the other for the yardstick.
const SAMPLE: usize = 400;
const HERE: NeighborhoodId = NeighborhoodId([2; 16]);

fn main() {
    let members: usize = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(10_000);
    let cores = std::thread::available_parallelism().unwrap().get();
    let device = SecretKey::generate(&mut rand::rng());
    let charters = CharterHistory::found(&charter(&device)).unwrap();
    let place = Place { network: charters.network(), neighborhood: HERE };
    let roster = roster(place, &device, members);
    let names = NamesBlock {
        salt: [1; 32],
        network: "Night Watch".to_owned(),
        neighborhood: "Elm Park".to_owned(),
        handles: vec![NamedCoordinator { coordinator: CoordinatorId([1; 16]), handle: "Marisol".to_owned() }],
        conduct: String::new(),
        extensions: Extensions::default(),
    };

    let mut ratios = Vec::new();
    let mut last = None;
    for _ in 0..ROUNDS {
        let one = one_seal(&roster);
        let opening = Opening {
            place,
            epoch: roster.context().epoch,
            predecessors: vec![],
            rights: charters.rights(),
            opened_at: NOW,
            at_least: 0,
            suspended: BTreeSet::new(),
        };
        let begun = Instant::now();
        let opened = open_epoch(&opening, &roster, &names, &device, &rand::rng).unwrap();
        let took = begun.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "thousands of slots, a few cores")]
        let ideal = one * opened.slots.len() as f64 / cores as f64;
        ratios.push(took / ideal);
        println!("one seal {:.3} ms, the whole opening {took:.2} s, ratio {:.2}", one * 1e3, took / ideal);
        last = Some(opened);
    }
    ratios.sort_by(f64::total_cmp);
    let opened = last.unwrap();

    let up: usize = [(ObjectClass::Slot, &opened.slots), (ObjectClass::Other, &opened.others)]
        .into_iter()
        .flat_map(|(class, objects)| objects.chunks(MAX_OBJECTS).map(move |batch| stage(class, batch)))
        .sum();
    let hashes: Vec<_> = opened.slots.iter().map(|slot| (slot.tag, sha256(&[slot.body.as_slice()]))).collect();
    let list = run_list(&hashes);
    let largest = (0..list.len()).map(|run| run_range(opened.slots.len(), run).len()).max().unwrap();
    let total = u32::try_from(list.len()).unwrap();
    let run: Vec<Object> = opened.slots.iter().take(largest).cloned().collect();
    let announcement = opened.announcement.to_bytes();
    let down = reply(Reply::SlotList { total, entries: list })
        + reply(Reply::SlotRun { total: u32::try_from(largest).unwrap(), slots: run })
        + reply(Reply::Announcements { announcements: vec![announcement], more: false })
        + reply(Reply::LateSlots { total: 0, slots: vec![] });
    let median = ratios.get(ROUNDS / 2).unwrap();
    let (least, most) = (ratios.first().unwrap(), ratios.last().unwrap());
    println!("\n{members} members, {} slots, {cores} cores", opened.slots.len());
    println!("sealing      {median:.2} x slots x one seal / cores (of {ROUNDS}: {least:.2} to {most:.2})");
    println!("up           {:.2} MB in all", megabytes(up));
    println!("down         {:.1} KB a member", megabytes(down) * 1e3);
}

#[expect(clippy::cast_precision_loss, reason = "less than a gigabyte")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn stage(class: ObjectClass, batch: &[Object]) -> usize {
    let announcement = watchfire_protocol::id::AnnouncementHash([9; 32]);
    let request = Request::Stage { announcement, class, objects: batch.to_vec() };
    ClientFrame { id: 1, request }.to_bytes().len()
}

fn reply(reply: Reply) -> usize {
    ServerFrame { id: 1, reply }.to_bytes().len()
}

/// Seconds for one slot, on one core.
fn one_seal(roster: &Roster) -> f64 {
    let mut rng = rand::rng();
    let keys = EpochKeys::generate(roster.context(), &mut rng).for_member();
    let begun = Instant::now();
    let mut sealed = 0_u32;
    for member in roster.members().values().take(SAMPLE) {
        let (tag, psk) = member.secrets.slot.as_ref().unwrap();
        let recipient = Recipient { tag: *tag, psk, kem: &member.kem };
        seal_slot(&keys, KeysHash([1; 32]), CharterHash([1; 32]), &recipient, &mut rng).unwrap();
        sealed += 1;
    }
    begun.elapsed().as_secs_f64() / f64::from(sealed)
}

fn roster(place: Place, device: &SecretKey, members: usize) -> Roster {
    let mut rng = rand::rng();
    let context = place.at(Epoch(2));
    let mut roster = Roster::new(context);
    for number in 0..members {
        let id = *rand_id(number).first_chunk::<16>().unwrap();
        let member = RosterMember {
            id: MemberId(id),
            identity: SecretKey::generate(&mut rng).public(),
            kem: KemSecretKey::generate(&mut rng).public(),
            secrets: RosterSecrets::new(&SlotSecret::generate(context, &mut rng)),
            handle: format!("Member {number}"),
            languages: vec!["es".to_owned()],
            roles: vec![],
            charter_key: None,
            since: NOW,
            added_by: device.public(),
            added_in: Epoch(1),
            invite: None,
            request: RequestHash(rand_id(number)),
            described: Timestamp(0),
        };
        roster.apply(&Event::Add(Box::new(member))).unwrap();
    }
    roster
}

fn rand_id(number: usize) -> [u8; 32] {
    sha256(&[&number.to_be_bytes()])
}

fn charter(device: &SecretKey) -> SignedCharter {
    let mut rng = rand::rng();
    let admin = SecretKey::generate(&mut rng);
    let body = CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: NOW,
        expires: NOW.plus(365 * DAY),
        grace_days: 30,
        admins: vec![admin.public()],
        threshold: 1,
        restrict_threshold: 1,
        neighborhoods: vec![Neighborhood {
            id: HERE,
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
                neighborhood: HERE,
                dispatch: true,
                enroll: true,
                not_before: NOW,
                not_after: NOW.plus(365 * DAY),
            }],
        }],
        revocations: vec![],
        restrictions: vec![],
        relays: vec![Relay {
            url: "wss://relay.example.org/v1".to_owned(),
            key: SecretKey::generate(&mut rng).public(),
        }],
        extensions: Extensions::default(),
    };
    let mut signed = SignedCharter::unsigned(&body);
    let signature = sign(&admin, genesis_network(&signed.body), &signed.body);
    signed.insert(CharterSignature { signer: admin.public(), signature });
    signed
}
