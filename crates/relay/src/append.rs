//! Appending: what a record's header allows, and when the record is forgotten.

use watchfire_protocol::frame::Refusal;
use watchfire_protocol::record::{Channel, Header, record_id};
use watchfire_protocol::time::HOUR;

use crate::core::{Core, is_storable};
use crate::session::{Access, ProvedKey};
use crate::store::{NewRecord, Store};

impl<S: Store> Core<S> {
    /// Appends a record and returns its position, when it is on disk and in the tail.
    pub(crate) async fn append(&self, access: Access, header: Header, record: Vec<u8>) -> Result<u64, Refusal> {
        let proved = access.epoch();
        let Access { place, key } = access;
        let (governed, quota) = self.served(place.network).await?;
        let neighborhood = governed.charter.neighborhood(place.neighborhood).ok_or(Refusal::NotFound)?;
        if !is_storable(header.epoch) {
            let current = self.store.held(place).await?.epoch();
            return Err(Refusal::UnknownEpoch { found: header.epoch, current });
        }
        let now = self.clock.now();
        let invite = match key {
            ProvedKey::Invite(id) if header.channel == Channel::Join => Some(id),
            _ => None,
        };
        let new = NewRecord {
            place,
            channel: header.channel,
            epoch: header.epoch,
            proved,
            invite,
            id: record_id(&record),
            bytes: record.into(),
            now,
            expires: now.plus(u64::from(neighborhood.retention_hours) * HOUR),
            quota: quota.0,
        };
        Ok(self.store.append(new).await?)
    }
}
