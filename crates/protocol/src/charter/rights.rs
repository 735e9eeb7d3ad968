//! What is granted, to whom, where and when: always by a charter **and** the restrictions that narrow it.
//!
//! A [`Charter`] alone answers no question about rights. Whoever asks chooses: [`crate::history::CharterHistory::rights`]
//! for what holds now, or [`Charter::as_written`] for a version that something old names.

use std::collections::BTreeSet;

use bincode::{Decode, Encode};

use super::{Charter, Neighborhood, Relay, Restriction, Scope, WARNING, restrictions_hash};
use crate::id::{CoordinatorId, Epoch, NeighborhoodId, RestrictionsHash};
use crate::sign::PublicKey;
use crate::time::{DAY, Timestamp};

/// What a scope may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
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
    /// It is never given, or a restriction took it away.
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

/// Who may do what: a charter, narrowed by restrictions.
///
/// Restrictions take rights away and void what a key does from an epoch on. They never give anything.
#[derive(Clone, Copy, Debug)]
pub struct Rights<'a> {
    charter: &'a Charter,
    restrictions: &'a [Restriction],
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

    /// What is left of it. None if no right is.
    fn without(&self, lost: Lost) -> Option<Self> {
        let (dispatch, enroll) = (self.dispatch && !lost.dispatch, self.enroll && !lost.enroll);
        (dispatch || enroll).then(|| Self { dispatch, enroll, ..self.clone() })
    }
}

/// The rights that restrictions take.
#[derive(Clone, Copy, Default)]
struct Lost {
    dispatch: bool,
    enroll: bool,
}

impl<'a> Rights<'a> {
    pub(crate) const fn new(charter: &'a Charter, restrictions: &'a [Restriction]) -> Self {
        Self { charter, restrictions }
    }

    /// The charter that is narrowed.
    #[must_use]
    pub const fn charter(&self) -> &'a Charter {
        self.charter
    }

    /// The hash of the set of restrictions; zeros for none.
    #[must_use]
    pub fn restrictions(&self) -> RestrictionsHash {
        restrictions_hash(self.restrictions)
    }

    /// Whose device a key is by the charter, whatever it may still do.
    #[must_use]
    pub fn coordinator_of(&self, key: &PublicKey) -> Option<CoordinatorId> {
        let grants = &self.charter.body.grants;
        grants.iter().find(|grant| grant.devices.contains(key)).map(|grant| grant.coordinator)
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

    /// Whose device a key is, if it has a right in a neighborhood in any window: for what does not say when it was made.
    #[must_use]
    pub fn ever_granted(&self, key: &PublicKey, neighborhood: NeighborhoodId, right: Right) -> Option<CoordinatorId> {
        let scope = self.scope_of(key, neighborhood).filter(|(_, scope)| scope.has(right));
        scope.map(|(coordinator, _)| coordinator)
    }

    /// Whether what a key does in an epoch of a neighborhood is void.
    #[must_use]
    pub fn is_distrusted(&self, key: &PublicKey, neighborhood: NeighborhoodId, epoch: Epoch) -> bool {
        let revoked = self.charter.body.revocations.iter().any(|revocation| {
            revocation.key == *key && revocation.neighborhood == neighborhood && revocation.distrust_from <= epoch
        });
        let owner = self.coordinator_of(key);
        revoked
            || self.restrictions.iter().any(|restriction| {
                restriction.entries().any(|(entry, keys)| {
                    let meant = keys.contains(key) || owner.is_some_and(|owner| entry.subject.is(owner, key));
                    entry.neighborhood == neighborhood
                        && meant
                        && entry.distrust_from.is_some_and(|distrusted| distrusted <= epoch)
                })
            })
    }

    /// Whether a restriction takes a right that the charter gives a key in a neighborhood.
    #[must_use]
    pub fn is_restricted(&self, key: &PublicKey, neighborhood: NeighborhoodId, right: Right) -> bool {
        let written = self.charter.as_written().ever_granted(key, neighborhood, right);
        written.is_some() && self.ever_granted(key, neighborhood, right).is_none()
    }

    /// How many coordinators may dispatch in a neighborhood at a time.
    #[must_use]
    pub fn dispatchers(&self, neighborhood: NeighborhoodId, at: Timestamp) -> usize {
        let grants = self.charter.body.grants.iter();
        let may = |key| self.granted(key, neighborhood, Right::Dispatch, at).is_some();
        grants.filter(|grant| grant.devices.iter().any(may)).count()
    }

    /// Whether any coordinator besides these has any right in a neighborhood at a time, or had one when this version was
    /// issued: a version that renews their windows may be withheld.
    #[must_use]
    pub fn others_granted(
        &self,
        neighborhood: NeighborhoodId,
        except: &BTreeSet<CoordinatorId>,
        at: Timestamp,
    ) -> bool {
        let issued = self.charter.body.issued;
        let others = self.charter.body.grants.iter().filter(|grant| !except.contains(&grant.coordinator));
        others
            .flat_map(|grant| &grant.devices)
            .filter_map(|key| self.scope_of(key, neighborhood))
            .any(|(_, scope)| scope.not_before <= at && scope.not_after > issued)
    }

    /// The coordinators who have any right in a neighborhood, in the order of their ids.
    #[must_use]
    pub fn coordinators(&self, neighborhood: NeighborhoodId, at: Timestamp) -> BTreeSet<CoordinatorId> {
        let devices = self.charter.body.grants.iter().flat_map(|grant| &grant.devices);
        devices.filter_map(|key| self.any_right(key, neighborhood, at)).collect()
    }

    fn scope_of(&self, key: &PublicKey, neighborhood: NeighborhoodId) -> Option<(CoordinatorId, Scope)> {
        let grant = self.charter.body.grants.iter().find(|grant| grant.devices.contains(key))?;
        let scope = grant.scopes.iter().find(|scope| scope.neighborhood == neighborhood)?;
        let left = scope.without(self.lost(grant.coordinator, key, neighborhood))?;
        Some((grant.coordinator, left))
    }

    fn lost(&self, coordinator: CoordinatorId, key: &PublicKey, neighborhood: NeighborhoodId) -> Lost {
        let entries = self.restrictions.iter().flat_map(Restriction::entries).map(|(entry, _)| entry);
        let here = entries.filter(|entry| entry.neighborhood == neighborhood && entry.subject.is(coordinator, key));
        here.fold(Lost::default(), |lost, entry| Lost {
            dispatch: lost.dispatch || entry.takes(Right::Dispatch),
            enroll: lost.enroll || entry.takes(Right::Enroll),
        })
    }
}

impl Charter {
    /// What this version grants by itself, without restrictions: for a version that something older names. What holds
    /// now is told by [`crate::history::CharterHistory::rights`] alone.
    #[must_use]
    pub const fn as_written(&self) -> Rights<'_> {
        Rights::new(self, &[])
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
}
