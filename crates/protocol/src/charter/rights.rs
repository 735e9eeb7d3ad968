//! What a charter grants, to whom, where and when. Restrictions are no part of it: they narrow what is answered here.

use super::{Charter, Grant, Neighborhood, Relay, Scope, WARNING};
use crate::id::{CoordinatorId, Epoch, NeighborhoodId};
use crate::sign::PublicKey;
use crate::time::{DAY, Timestamp};

/// What a scope may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// To sign alerts.
    Dispatch,
    /// To invite, approve, remove, and open epochs.
    Enroll,
}

/// How a key stands to a right at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has it, as a device of this coordinator.
    Granted(CoordinatorId),
    /// It had it. What was done inside the window stays valid.
    Retired {
        /// Whose device it is.
        coordinator: CoordinatorId,
        /// The first second without the right.
        not_after: Timestamp,
    },
    /// It will have it.
    NotYet {
        /// Whose device it is.
        coordinator: CoordinatorId,
        /// The first second with the right.
        not_before: Timestamp,
    },
    /// This charter never gives it.
    NotGranted,
}

/// How near its end a charter is. Days are whole ones, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// More than [`WARNING`] away.
    Fine,
    /// Near enough to warn admins and coordinators.
    Soon {
        /// Days left.
        days: u64,
    },
    /// Past, within the grace: a note for everybody.
    Grace {
        /// Days since it expired.
        days: u64,
    },
    /// Past its grace: alerts are SIGNED at most.
    Expired {
        /// Days since it expired.
        days: u64,
    },
}

impl Scope {
    const fn has(&self, right: Right) -> bool {
        match right {
            Right::Dispatch => self.dispatch,
            Right::Enroll => self.enroll,
        }
    }

    fn covers(&self, at: Timestamp) -> bool {
        self.not_before <= at && at < self.not_after
    }
}

impl Charter {
    /// Whose device a key is, whatever it may do.
    #[must_use]
    pub fn coordinator_of(&self, key: &PublicKey) -> Option<CoordinatorId> {
        self.grant_of(key).map(|grant| grant.coordinator)
    }

    /// Whose device a key is, if it has a right in a neighborhood at a time. A window includes `not_before` and excludes
    /// `not_after`.
    #[must_use]
    pub fn granted(
        &self,
        key: &PublicKey,
        neighborhood: NeighborhoodId,
        right: Right,
        at: Timestamp,
    ) -> Option<CoordinatorId> {
        match self.grant_window(key, neighborhood, right, at) {
            Standing::Granted(coordinator) => Some(coordinator),
            Standing::Retired { .. } | Standing::NotYet { .. } | Standing::NotGranted => None,
        }
    }

    /// As [`Self::granted`], with the reason if it is not.
    #[must_use]
    pub fn grant_window(&self, key: &PublicKey, neighborhood: NeighborhoodId, right: Right, at: Timestamp) -> Standing {
        let Some((coordinator, scope)) = self.scope_of(key, neighborhood).filter(|(_, scope)| scope.has(right)) else {
            return Standing::NotGranted;
        };
        if at < scope.not_before {
            Standing::NotYet { coordinator, not_before: scope.not_before }
        } else if at >= scope.not_after {
            Standing::Retired { coordinator, not_after: scope.not_after }
        } else {
            Standing::Granted(coordinator)
        }
    }

    /// Whose device a key is, if it has any right in a neighborhood at a time.
    #[must_use]
    pub fn any_right(&self, key: &PublicKey, neighborhood: NeighborhoodId, at: Timestamp) -> Option<CoordinatorId> {
        self.scope_of(key, neighborhood).filter(|(_, scope)| scope.covers(at)).map(|(coordinator, _)| coordinator)
    }

    /// Whether what a key does in an epoch of a neighborhood is void.
    #[must_use]
    pub fn is_distrusted(&self, key: &PublicKey, neighborhood: NeighborhoodId, epoch: Epoch) -> bool {
        self.body.revocations.iter().any(|revocation| {
            revocation.key == *key && revocation.neighborhood == neighborhood && revocation.distrust_from <= epoch
        })
    }

    /// How many coordinators may dispatch in a neighborhood at a time.
    #[must_use]
    pub fn dispatchers(&self, neighborhood: NeighborhoodId, at: Timestamp) -> usize {
        self.scopes_at(neighborhood, at).filter(|(_, scope)| scope.has(Right::Dispatch)).count()
    }

    /// Whether any coordinator besides these has any right in a neighborhood at a time, or had one when this version was
    /// issued: a version that renews their windows may be withheld.
    #[must_use]
    pub fn others_granted(&self, neighborhood: NeighborhoodId, except: &[CoordinatorId], at: Timestamp) -> bool {
        let others = self.body.grants.iter().filter(|grant| !except.contains(&grant.coordinator));
        others
            .flat_map(|grant| &grant.scopes)
            .filter(|scope| scope.neighborhood == neighborhood)
            .any(|scope| scope.not_before <= at && scope.not_after > self.body.issued)
    }

    /// A neighborhood, closed or not.
    #[must_use]
    pub fn neighborhood(&self, id: NeighborhoodId) -> Option<&Neighborhood> {
        self.body.neighborhoods.iter().find(|neighborhood| neighborhood.id == id)
    }

    /// The relay that proves this key.
    #[must_use]
    pub fn relay_with_key(&self, key: &PublicKey) -> Option<&Relay> {
        self.body.relays.iter().find(|relay| relay.key == *key)
    }

    /// How near its end it is. Only the newest version is worth asking.
    #[must_use]
    pub fn expiry(&self, now: Timestamp) -> Expiry {
        let expires = self.body.expires;
        let grace = u64::from(self.body.grace_days) * DAY;
        if now < expires {
            let left = expires.since(now);
            return if left > WARNING { Expiry::Fine } else { Expiry::Soon { days: left / DAY } };
        }
        let past = now.since(expires);
        if past < grace { Expiry::Grace { days: past / DAY } } else { Expiry::Expired { days: past / DAY } }
    }

    fn grant_of(&self, key: &PublicKey) -> Option<&Grant> {
        self.body.grants.iter().find(|grant| grant.devices.contains(key))
    }

    fn scope_of(&self, key: &PublicKey, neighborhood: NeighborhoodId) -> Option<(CoordinatorId, &Scope)> {
        let grant = self.grant_of(key)?;
        let scope = grant.scopes.iter().find(|scope| scope.neighborhood == neighborhood)?;
        Some((grant.coordinator, scope))
    }

    /// The scopes in force in a neighborhood: one a coordinator, because the judge lets nobody have two there.
    fn scopes_at(&self, neighborhood: NeighborhoodId, at: Timestamp) -> impl Iterator<Item = (CoordinatorId, &Scope)> {
        let all = self.body.grants.iter().flat_map(|grant| grant.scopes.iter().map(|scope| (grant.coordinator, scope)));
        all.filter(move |(_, scope)| scope.neighborhood == neighborhood && scope.covers(at))
    }
}
