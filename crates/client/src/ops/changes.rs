//! What one charter version changes of the one before, as facts that can be put into words.

use watchfire_protocol::charter::{BelowQuorum, CharterBody, Grant, Neighborhood, Restricted, Scope};
use watchfire_protocol::id::{CoordinatorId, Epoch, NeighborhoodId};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::Timestamp;

/// What a version changed. Neighborhoods and coordinators stand there by their ids: what they are called is for whoever
/// shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The network was founded.
    Founded,
    /// Somebody became an admin.
    AdminAdded(PublicKey),
    /// Somebody is no longer an admin.
    AdminRemoved(PublicKey),
    /// How many admins must sign a version.
    Threshold {
        /// How many had to.
        from: u8,
        /// How many have to.
        to: u8,
        /// Of how many.
        of: usize,
    },
    /// How many admins must sign a restriction.
    RestrictThreshold {
        /// How many had to.
        from: u8,
        /// How many have to.
        to: u8,
    },
    /// The charter lives until another time.
    Expires {
        /// Until when it lived.
        from: Timestamp,
        /// Until when it lives.
        to: Timestamp,
    },
    /// How many days of grace follow.
    Grace {
        /// How many there were.
        from: u16,
        /// How many there are.
        to: u16,
    },
    /// A relay was added.
    RelayAdded {
        /// Its URL.
        url: String,
    },
    /// A relay was removed.
    RelayRemoved {
        /// Its URL.
        url: String,
    },
    /// A relay is reached by another URL.
    RelayMoved {
        /// By which it was.
        from: String,
        /// By which it is.
        to: String,
    },
    /// The relays are tried in another order, this one first.
    RelayOrder {
        /// The first one's URL.
        first: String,
    },
    /// A neighborhood was added, with these terms.
    NeighborhoodAdded(Neighborhood),
    /// A neighborhood was closed.
    NeighborhoodClosed(NeighborhoodId),
    /// A neighborhood is gone, or open again: no program of ours writes that.
    NeighborhoodChanged(NeighborhoodId),
    /// A neighborhood has another quorum.
    Quorum {
        /// Where.
        neighborhood: NeighborhoodId,
        /// How many had to sign an alert.
        from: u8,
        /// How many have to.
        to: u8,
    },
    /// What becomes of alerts below the quorum.
    BelowQuorum {
        /// Where.
        neighborhood: NeighborhoodId,
        /// What becomes of them.
        to: BelowQuorum,
    },
    /// How long records are kept, in hours.
    Retention {
        /// Where.
        neighborhood: NeighborhoodId,
        /// How long they were.
        from: u32,
        /// How long they are.
        to: u32,
    },
    /// How recently another coordinator must have confirmed what a member holds, in hours.
    Freshness {
        /// Where.
        neighborhood: NeighborhoodId,
        /// How recently it had to be.
        from: u16,
        /// How recently it has to be.
        to: u16,
    },
    /// The network, a neighborhood or a coordinator in it is called otherwise. Where that is known, it follows.
    Names(NeighborhoodId),
    /// What was called how there before is not known here: all names of it follow.
    NamesBefore(NeighborhoodId),
    /// The network is called otherwise.
    NetworkRenamed {
        /// What it was called, if that is known.
        from: Option<String>,
        /// What it is called.
        to: String,
    },
    /// A neighborhood is called otherwise.
    Renamed {
        /// Which.
        neighborhood: NeighborhoodId,
        /// What it was called, if that is known.
        from: Option<String>,
        /// What it is called.
        to: String,
    },
    /// Members are told another conduct line.
    Conduct {
        /// Where.
        neighborhood: NeighborhoodId,
        /// What it says; nothing for the usual one.
        to: String,
    },
    /// A coordinator is called otherwise.
    Handle {
        /// Who.
        coordinator: CoordinatorId,
        /// Where.
        neighborhood: NeighborhoodId,
        /// What they were called; none if they were not named, or that is not known.
        from: Option<String>,
        /// What they are called; none if they are not named any more.
        to: Option<String>,
    },
    /// A coordinator got rights.
    Granted {
        /// Who.
        coordinator: CoordinatorId,
        /// Where, and which.
        scope: Scope,
        /// Whether they had other ones there.
        instead: bool,
    },
    /// A coordinator's window was ended.
    Retired {
        /// Who.
        coordinator: CoordinatorId,
        /// Where.
        neighborhood: NeighborhoodId,
        /// When.
        at: Timestamp,
    },
    /// A coordinator has no rights there any more.
    Dropped {
        /// Who.
        coordinator: CoordinatorId,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// A coordinator has one more device.
    DeviceAdded {
        /// Who.
        coordinator: CoordinatorId,
        /// Its key.
        key: PublicKey,
    },
    /// A coordinator has one device less.
    DeviceRemoved {
        /// Who.
        coordinator: CoordinatorId,
        /// Its key.
        key: PublicKey,
    },
    /// What a key did counts no longer.
    Revoked {
        /// Whose it was, if it was anybody's.
        coordinator: Option<CoordinatorId>,
        /// The key.
        key: PublicKey,
        /// Where.
        neighborhood: NeighborhoodId,
        /// From which epoch on.
        distrust_from: Epoch,
    },
    /// A revocation was taken back.
    Unrevoked {
        /// The key.
        key: PublicKey,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// A restriction takes a right: until a version takes it in, it stands beside the charter.
    Restricted(Restricted),
    /// Restrictions were taken in: the version says itself what they said.
    RestrictionsTaken {
        /// How many.
        count: usize,
    },
}

/// What `after` changes of `before`; of a genesis, that it founds.
#[must_use]
pub fn changes(before: Option<&CharterBody>, after: &CharterBody) -> Vec<Change> {
    let Some(before) = before else { return vec![Change::Founded] };
    let mut out = Vec::new();
    admins(before, after, &mut out);
    life(before, after, &mut out);
    relays(before, after, &mut out);
    neighborhoods(before, after, &mut out);
    grants(before, after, &mut out);
    revocations(before, after, &mut out);
    let count = after.restrictions.iter().filter(|hash| !before.restrictions.contains(hash)).count();
    out.extend((count > 0).then_some(Change::RestrictionsTaken { count }));
    out
}

fn admins(before: &CharterBody, after: &CharterBody, out: &mut Vec<Change>) {
    out.extend(after.admins.iter().filter(|key| !before.admins.contains(key)).map(|key| Change::AdminAdded(*key)));
    out.extend(before.admins.iter().filter(|key| !after.admins.contains(key)).map(|key| Change::AdminRemoved(*key)));
    if before.threshold != after.threshold {
        let (from, to) = (before.threshold, after.threshold);
        out.push(Change::Threshold { from, to, of: after.admins.len() });
    }
    if before.restrict_threshold != after.restrict_threshold {
        let (from, to) = (before.restrict_threshold, after.restrict_threshold);
        out.push(Change::RestrictThreshold { from, to });
    }
}

fn life(before: &CharterBody, after: &CharterBody, out: &mut Vec<Change>) {
    if before.expires != after.expires {
        out.push(Change::Expires { from: before.expires, to: after.expires });
    }
    if before.grace_days != after.grace_days {
        out.push(Change::Grace { from: before.grace_days, to: after.grace_days });
    }
}

fn relays(before: &CharterBody, after: &CharterBody, out: &mut Vec<Change>) {
    for relay in &after.relays {
        match before.relays.iter().find(|other| other.key == relay.key) {
            None => out.push(Change::RelayAdded { url: relay.url.clone() }),
            Some(other) if other.url != relay.url => {
                out.push(Change::RelayMoved { from: other.url.clone(), to: relay.url.clone() });
            }
            Some(_) => {}
        }
    }
    let gone = before.relays.iter().filter(|relay| !after.relays.iter().any(|other| other.key == relay.key));
    out.extend(gone.map(|relay| Change::RelayRemoved { url: relay.url.clone() }));
    let common = |one: &CharterBody, other: &CharterBody| -> Vec<PublicKey> {
        let keys = one.relays.iter().map(|relay| relay.key);
        keys.filter(|key| other.relays.iter().any(|relay| relay.key == *key)).collect()
    };
    let first = |body: &CharterBody| body.relays.first().map(|relay| relay.key);
    let reordered = common(before, after) != common(after, before);
    if let Some(relay) = after.relays.first().filter(|_| reordered || first(before) != first(after)) {
        out.push(Change::RelayOrder { first: relay.url.clone() });
    }
}

fn neighborhoods(before: &CharterBody, after: &CharterBody, out: &mut Vec<Change>) {
    for terms in &after.neighborhoods {
        match before.neighborhoods.iter().find(|other| other.id == terms.id) {
            None => out.push(Change::NeighborhoodAdded(terms.clone())),
            Some(other) => changed_terms(other, terms, out),
        }
    }
    let gone =
        before.neighborhoods.iter().filter(|terms| !after.neighborhoods.iter().any(|other| other.id == terms.id));
    out.extend(gone.map(|terms| Change::NeighborhoodChanged(terms.id)));
}

fn changed_terms(before: &Neighborhood, after: &Neighborhood, out: &mut Vec<Change>) {
    let neighborhood = after.id;
    if before.closed != after.closed {
        out.push(match after.closed {
            true => Change::NeighborhoodClosed(neighborhood),
            false => Change::NeighborhoodChanged(neighborhood),
        });
    }
    if before.quorum != after.quorum {
        out.push(Change::Quorum { neighborhood, from: before.quorum, to: after.quorum });
    }
    if before.below_quorum != after.below_quorum {
        out.push(Change::BelowQuorum { neighborhood, to: after.below_quorum });
    }
    if before.retention_hours != after.retention_hours {
        out.push(Change::Retention { neighborhood, from: before.retention_hours, to: after.retention_hours });
    }
    if before.freshness_hours != after.freshness_hours {
        out.push(Change::Freshness { neighborhood, from: before.freshness_hours, to: after.freshness_hours });
    }
    if before.names != after.names {
        out.push(Change::Names(neighborhood));
    }
}

fn grants(before: &CharterBody, after: &CharterBody, out: &mut Vec<Change>) {
    let ends = (before.expires, after.expires);
    for grant in &after.grants {
        let held = before.grants.iter().find(|other| other.coordinator == grant.coordinator);
        let none: &[Scope] = &[];
        let scopes = held.map_or(none, |held| &held.scopes);
        for scope in &grant.scopes {
            changed_scope(grant, scopes, scope, ends, out);
        }
        devices(held, grant, out);
    }
    for grant in &before.grants {
        let still = after.grants.iter().find(|other| other.coordinator == grant.coordinator);
        let has = |place| still.is_some_and(|still| still.scopes.iter().any(|scope| scope.neighborhood == place));
        let gone = grant.scopes.iter().map(|scope| scope.neighborhood).filter(|place| !has(*place));
        let coordinator = grant.coordinator;
        out.extend(gone.map(|neighborhood| Change::Dropped { coordinator, neighborhood }));
    }
}

fn changed_scope(
    grant: &Grant,
    before: &[Scope],
    scope: &Scope,
    (was, is): (Timestamp, Timestamp),
    out: &mut Vec<Change>,
) {
    let coordinator = grant.coordinator;
    let Some(held) = before.iter().find(|held| held.neighborhood == scope.neighborhood) else {
        out.push(Change::Granted { coordinator, scope: scope.clone(), instead: false });
        return;
    };
    // A window that ends with the charter goes on with it: that is said once, of the charter.
    let renewed = held.not_after == was && scope.not_after == is;
    let ended = Scope { not_after: scope.not_after, ..held.clone() };
    if held == scope || (renewed && ended == *scope) {
        return;
    }
    if ended == *scope && scope.not_after < held.not_after {
        let (neighborhood, at) = (scope.neighborhood, scope.not_after);
        out.push(Change::Retired { coordinator, neighborhood, at });
    } else {
        out.push(Change::Granted { coordinator, scope: scope.clone(), instead: true });
    }
}

fn devices(before: Option<&Grant>, after: &Grant, out: &mut Vec<Change>) {
    let (coordinator, none): (_, &[PublicKey]) = (after.coordinator, &[]);
    let before = before.map_or(none, |before| &before.devices);
    let added = after.devices.iter().filter(|key| !before.contains(key));
    out.extend(added.map(|key| Change::DeviceAdded { coordinator, key: *key }));
    let removed = before.iter().filter(|key| !after.devices.contains(key));
    out.extend(removed.map(|key| Change::DeviceRemoved { coordinator, key: *key }));
}

fn revocations(before: &CharterBody, after: &CharterBody, out: &mut Vec<Change>) {
    for revocation in after.revocations.iter().filter(|revocation| !before.revocations.contains(revocation)) {
        let grants = before.grants.iter().chain(&after.grants);
        let whose = grants.into_iter().find(|grant| grant.devices.contains(&revocation.key));
        out.push(Change::Revoked {
            coordinator: whose.map(|grant| grant.coordinator),
            key: revocation.key,
            neighborhood: revocation.neighborhood,
            distrust_from: revocation.distrust_from,
        });
    }
    for revocation in &before.revocations {
        let (key, neighborhood) = (revocation.key, revocation.neighborhood);
        if !after.revocations.iter().any(|other| other.key == key && other.neighborhood == neighborhood) {
            out.push(Change::Unrevoked { key, neighborhood });
        }
    }
}
