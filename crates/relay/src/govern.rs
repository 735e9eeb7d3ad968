//! What the devices of coordinators with `enroll` may do. Whether the newest charter and the restrictions grant it is asked each
//! time.

use watchfire_protocol::announcement::LateSlot;
use watchfire_protocol::charter::Right;
use watchfire_protocol::frame::{MAX_OBJECTS, Refusal, Reply, Request};
use watchfire_protocol::id::{InviteId, sha256_16};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::labels::Domain;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::wire;

use crate::core::Core;
use crate::store::{InviteRow, NewLateSlot, StagedCount, Staging, Store};

impl<S: Store> Core<S> {
    /// Answers a device's request.
    pub(crate) async fn govern(&self, place: Place, device: PublicKey, request: Request) -> Result<Reply, Refusal> {
        let (governed, quota) = self.served(place.network).await?;
        let now = self.clock.now();
        governed.rights().granted(&device, place.neighborhood, Right::Enroll, now).ok_or(Refusal::NotGranted)?;
        match request {
            Request::Stage { announcement, class, objects } => {
                if objects.len() > MAX_OBJECTS {
                    return Err(Refusal::Malformed(format!("{} objects, at most {MAX_OBJECTS}", objects.len())));
                }
                let limit = self.limits.staging_objects;
                let staging = Staging { place, announcement, class, objects, now, limit, quota: quota.0 };
                Ok(staged(self.store.stage(staging).await?))
            }
            Request::Staged { announcement } => Ok(staged(self.store.staged(place, announcement).await?)),
            Request::Open { announcement, holds } => {
                self.open_epoch(place, announcement, holds).await?;
                Ok(Reply::Done)
            }
            Request::AddLateSlot(slot) => self.add_late_slot(place, &slot, quota.0).await,
            Request::RegisterInvite { id, key, uses, expires } => {
                if invite_id(&key) != id {
                    return Err(Refusal::Malformed("the invite's id is not that of its key".to_owned()));
                }
                if uses == 0 || expires <= now {
                    return Err(Refusal::InviteEnded);
                }
                self.store.put_invite(place, InviteRow { id, key, uses, expires }, self.limits.invites).await?;
                Ok(Reply::Done)
            }
            Request::WithdrawInvite { id } => {
                self.store.end_invite(place, id).await?;
                Ok(Reply::Done)
            }
            // The session sends only devices' requests here.
            _ => Err(Refusal::Unsupported),
        }
    }

    async fn add_late_slot(&self, place: Place, slot: &LateSlot, quota: u64) -> Result<Reply, Refusal> {
        let _governing = self.governing.lock().await;
        slot.verify().map_err(|error| Refusal::BadAnnouncement(error.to_string()))?;
        let (governed, _) = self.served(place.network).await?;
        let now = self.clock.now();
        governed.rights().granted(&slot.signer, place.neighborhood, Right::Enroll, now).ok_or(Refusal::NotGranted)?;
        let (announcement, bytes) = (slot.announcement, wire::encode(slot));
        let limit = self.limits.late_slots;
        self.store.put_late_slot(NewLateSlot { place, announcement, bytes, limit, quota }).await?;
        Ok(Reply::Done)
    }
}

/// `SHA-256("watchfire v1 invite id" 00 || key)`, its first 16 bytes.
fn invite_id(key: &PublicKey) -> InviteId {
    InviteId(sha256_16(&[&Domain::InviteId.prefix(), key.as_bytes()]))
}

const fn staged(StagedCount { slots, others }: StagedCount) -> Reply {
    Reply::Staged { slots, others }
}
