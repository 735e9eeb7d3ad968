//! The hourly ratchet. `docs/protocol.md`, "Time ratchet".
//!
//! A chain is stepped once per hour since its epoch opened. Who holds a chain at an hour opens everything from that
//! hour on, and nothing before: erasing a chain's past is erasing what it sealed.

use crate::id::sha256;
use crate::kdf::Context;
use crate::labels::{Derive, Domain};
use crate::seal::{Psk, Unopenable};
use crate::secret::Secret32;
use crate::time::Hour;

/// A receiver refuses an hour more than so many hours past the highest one that it verified: 60 days.
pub const MAX_LEAP: u32 = 60 * 24;

/// Whose chain it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChainOf {
    /// `chain_i`: alerts and inbox.
    Members,
    /// `cchain_i`: the desk.
    Coordinators,
}

/// A chain key at an hour of an epoch.
#[derive(Clone, PartialEq, Eq)]
pub struct Chain {
    context: Context,
    of: ChainOf,
    hour: Hour,
    key: Secret32,
}

impl Chain {
    /// The chain at `hour`.
    #[must_use]
    pub const fn new(context: Context, of: ChainOf, hour: Hour, key: Secret32) -> Self {
        Self { context, of, hour, key }
    }

    /// The hour that this is the key of: nothing earlier can be derived.
    #[must_use]
    pub const fn hour(&self) -> Hour {
        self.hour
    }

    /// The chain key, to be sealed into a slot or a vault.
    #[must_use]
    pub const fn key(&self) -> &Secret32 {
        &self.key
    }

    /// Steps forward to `hour`, forgetting everything before. An earlier hour changes nothing.
    pub fn advance(&mut self, hour: Hour) {
        while self.hour < hour {
            self.hour = Hour(self.hour.0.saturating_add(1));
            let label = match self.of {
                ChainOf::Members => Derive::ChainStep,
                ChainOf::Coordinators => Derive::CoordinatorChainStep,
            };
            self.key = self.context.derive(&self.key, label, &self.hour.0.to_be_bytes());
        }
    }

    /// The chain at a later hour.
    ///
    /// # Errors
    /// An hour that was erased, or that is more than [`MAX_LEAP`] ahead.
    pub fn at(&self, hour: Hour) -> Result<Self, HourError> {
        if hour < self.hour {
            return Err(HourError::Erased { hour, oldest: self.hour });
        }
        if hour.0 - self.hour.0 > MAX_LEAP.saturating_mul(2) {
            return Err(HourError::TooFar { hour, highest: self.hour });
        }
        let mut chain = self.clone();
        chain.advance(hour);
        Ok(chain)
    }

    /// `SHA-256("watchfire v1 chain commit" 00 || ctx || chain_0)`: what the announcement commits to.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        let domain = match self.of {
            ChainOf::Members => Domain::ChainCommit,
            ChainOf::Coordinators => Domain::CoordinatorChainCommit,
        };
        sha256(&[&domain.prefix(), &self.context.bytes(), self.key.expose()])
    }

    fn derive(&self, label: Derive) -> Secret32 {
        self.context.derive(&self.key, label, &self.hour.0.to_be_bytes())
    }

    /// The key of the alerts channel in this hour. For the members' chain.
    #[must_use]
    pub fn alerts_key(&self) -> Secret32 {
        self.derive(Derive::AlertsKey)
    }

    /// The pre-shared key of the inbox in this hour. For the members' chain.
    ///
    /// # Errors
    /// Only for a chain of zeros, which no honest epoch has.
    pub fn inbox_psk(&self) -> Result<Psk, Unopenable> {
        Psk::new(self.derive(Derive::InboxPsk))
    }

    /// The key of the desk in this hour. For the coordinators' chain.
    #[must_use]
    pub fn desk_key(&self) -> Secret32 {
        self.derive(Derive::DeskKey)
    }
}

/// Why a chain does not reach an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HourError {
    /// Before what is kept: it was erased, or never given to this member.
    #[error("hour {hour} is before the oldest one kept, {oldest}")]
    Erased {
        /// The hour that was asked for.
        hour: Hour,
        /// The oldest that is kept.
        oldest: Hour,
    },
    /// Absurdly far in the future.
    #[error("hour {hour} is too far past {highest}")]
    TooFar {
        /// The hour that was asked for.
        hour: Hour,
        /// The highest one verified.
        highest: Hour,
    },
}

/// Checks an hour that a record claims against the highest that this receiver verified, before any stepping.
///
/// # Errors
/// It is more than [`MAX_LEAP`] past it.
pub const fn check_leap(highest: Hour, claimed: Hour) -> Result<(), HourError> {
    if claimed.0 > highest.0.saturating_add(MAX_LEAP) {
        return Err(HourError::TooFar { hour: claimed, highest });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Epoch, NeighborhoodId, NetworkId};
    use crate::kdf::Place;

    fn chain() -> Chain {
        let context = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) }.at(Epoch(3));
        Chain::new(context, ChainOf::Members, Hour(0), Secret32::new([9; 32]))
    }

    #[test]
    fn every_way_to_an_hour_gives_the_same_key_and_no_way_leads_back() {
        let mut slowly = chain();
        for hour in 1..=5 {
            slowly.advance(Hour(hour));
        }
        let at_once = chain().at(Hour(5)).unwrap();
        assert!(slowly == at_once);
        assert!(at_once.alerts_key() != chain().alerts_key());
        assert_eq!(at_once.at(Hour(4)).err(), Some(HourError::Erased { hour: Hour(4), oldest: Hour(5) }));
        // From where it stands, and no further than is stepped in one go.
        let (last, beyond) = (Hour(5 + 2 * MAX_LEAP), Hour(6 + 2 * MAX_LEAP));
        assert_eq!(at_once.at(last).map(|chain| chain.hour()), Ok(last));
        assert_eq!(at_once.at(beyond).err(), Some(HourError::TooFar { hour: beyond, highest: Hour(5) }));
    }

    #[test]
    fn an_absurd_hour_is_refused_before_stepping() {
        assert!(check_leap(Hour(10), Hour(10 + MAX_LEAP)).is_ok());
        assert!(check_leap(Hour(10), Hour(11 + MAX_LEAP)).is_err());
        assert!(chain().at(Hour(u32::MAX)).is_err());
    }
}
