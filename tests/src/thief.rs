//! What whoever has a copy of a relay's disk and of a vault tries.

use watchfire_client::net::Connection;
use watchfire_client::route::{Errand, Route};
use watchfire_client::state::Hood;
use watchfire_client::vault::Vault;
use watchfire_protocol::announcement::{Announcement, SignedAnnouncement};
use watchfire_protocol::branch::Candidate;
use watchfire_protocol::frame::{Reply, Request};
use watchfire_protocol::id::{Epoch, NeighborhoodId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::run::Object;
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::slot::{SlotSecret, open_slot};

/// An epoch as a relay holds it: its announcement, and every slot.
pub type Recorded = (Announcement, Vec<Object>);

/// What a relay holds of an epoch with up to 64 slots, which are one run.
pub async fn recorded(url: &str, place: Place, epoch: u64) -> Recorded {
    let (network, neighborhood, epoch) = (place.network, place.neighborhood, Epoch(epoch));
    let mut relay = Connection::open(&Route::straight().unwrap(), url, None, Errand::Alerts, None).await.unwrap();
    let request = Request::Announcements { network, neighborhood, from: epoch };
    let Reply::Announcements { announcements, .. } = relay.call(request).await.unwrap() else { panic!("none") };
    let announcement = SignedAnnouncement::from_bytes(&announcements[0]).unwrap().verify(&place).unwrap();
    let request = Request::LateSlots { network, neighborhood, epoch, from: 0 };
    let Reply::LateSlots { slots: late, .. } = relay.call(request).await.unwrap() else { panic!("none") };
    let late: Vec<Object> = late.into_iter().map(|slot| Object { tag: slot.tag, body: slot.body }).collect();
    let mut slots = Vec::new();
    while u32::try_from(slots.len()).unwrap() < announcement.slots().count {
        let from = u32::try_from(slots.len()).unwrap();
        let request = Request::SlotRun { network, neighborhood, epoch, run: 0, from };
        let Reply::SlotRun { slots: more, .. } = relay.call(request).await.unwrap() else { panic!("none") };
        assert!(!more.is_empty());
        slots.extend(more);
    }
    slots.extend(late);
    (announcement, slots)
}

/// Whether a vault opens any slot of an epoch: with what waits there, by stepping on, or with the slot secret that it
/// holds, whatever epoch that is said to be of.
pub fn opens(vault: &Vault, hood: NeighborhoodId, (announcement, slots): &Recorded) -> bool {
    let mut hood = vault.transact(|tx| Hood::load(tx, hood)).unwrap();
    let mut candidates: Vec<Candidate> = hood.pending.clone();
    let kept = hood.branches.main(hood.place()).map(|(secret, kem)| {
        let secret = SlotSecret::new(announcement.context(), secret.key().clone());
        (secret.psk(), KemSecretKey::from_seed(kem))
    });
    candidates.extend(hood.branches.take(hood.place(), announcement.epoch()).unwrap_or_default());
    let direct =
        |slot: &Object| kept.iter().any(|(psk, kem)| open_slot(announcement, slot.tag, psk, kem, &slot.body).is_ok());
    let waiting = |slot: &Object| candidates.iter().any(|one| one.open(announcement, &slot.body).is_ok());
    slots.iter().any(|slot| direct(slot) || waiting(slot))
}
