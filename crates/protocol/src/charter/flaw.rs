//! What is wrong with a charter body, whoever signed it. A draft is checked with the same function before it is signed.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CharterBody, Grant, MAX_ADMINS, MAX_COORDINATORS, MAX_DEVICES, MAX_LIFETIME, MAX_NEIGHBORHOODS, MAX_QUORUM,
    MAX_RELAYS, MAX_RESTRICTIONS, MAX_RETENTION_HOURS, MAX_REVOCATIONS, MAX_URL, Neighborhood,
};
use crate::id::{CharterHash, CoordinatorId, NeighborhoodId, NetworkId};
use crate::sign::PublicKey;
use crate::time::{DAY, Timestamp};

/// A rule that a charter body breaks. Admins mend the draft; anybody else refuses the version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Only version 1 founds a network, and it names neither a network nor a version before it.
    #[error("version 1 names no network and no previous charter, any later one both: version {version} does not")]
    Origin {
        /// The version that it claims to be.
        version: u64,
    },
    /// It ends before it begins, or lives longer than [`MAX_LIFETIME`].
    #[error("expires {} is not within {max_days} days after issued {}", expires.0, issued.0)]
    Lifetime {
        /// When it was drawn up.
        issued: Timestamp,
        /// When it ends.
        expires: Timestamp,
        /// How long it may live.
        max_days: u64,
    },
    /// A list is shorter or longer than it may be.
    #[error("{list}: found {found}, wanted {min} to {max}")]
    Length {
        /// Which list.
        list: &'static str,
        /// How many it holds.
        found: usize,
        /// At least so many.
        min: usize,
        /// At most so many.
        max: usize,
    },
    /// Not a majority of the admins, or more than there are.
    #[error("threshold {threshold} of {admins} admins, wanted more than half and no more than all")]
    Threshold {
        /// How many admins sign a version.
        threshold: u8,
        /// How many there are.
        admins: usize,
    },
    /// Nobody, or more admins than it takes for a version.
    #[error("restrict threshold {found}, wanted 1 to {threshold}")]
    RestrictThreshold {
        /// How many admins sign a restriction.
        found: u8,
        /// How many sign a version.
        threshold: u8,
    },
    /// A number of a neighborhood is out of its range.
    #[error("{field} of neighborhood {neighborhood}: found {found}, wanted {min} to {max}")]
    Range {
        /// Which number.
        field: &'static str,
        /// Where.
        neighborhood: NeighborhoodId,
        /// What it is.
        found: u32,
        /// At least this.
        min: u32,
        /// At most this.
        max: u32,
    },
    /// More signatures are asked for than there are coordinators granted `dispatch`, in a neighborhood that is open.
    #[error("quorum {quorum} of neighborhood {neighborhood} exceeds its {dispatching} dispatching coordinators")]
    Quorum {
        /// Where.
        neighborhood: NeighborhoodId,
        /// How many must sign.
        quorum: u8,
        /// How many may, in whatever window.
        dispatching: usize,
    },
    /// One key stands in two places among admins, devices and relays.
    #[error("key {key} is used twice")]
    KeyTwice {
        /// The key.
        key: Box<PublicKey>,
    },
    /// Two neighborhoods with one id.
    #[error("neighborhood {neighborhood} is listed twice")]
    NeighborhoodTwice {
        /// The id.
        neighborhood: NeighborhoodId,
    },
    /// Two grants for one coordinator.
    #[error("coordinator {coordinator} is listed twice")]
    CoordinatorTwice {
        /// The id.
        coordinator: CoordinatorId,
    },
    /// Two scopes of one coordinator in one neighborhood.
    #[error("coordinator {coordinator} has two scopes in neighborhood {neighborhood}")]
    ScopeTwice {
        /// Whose.
        coordinator: CoordinatorId,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// A scope or a revocation for a neighborhood that is not listed.
    #[error("neighborhood {neighborhood} is named but not listed")]
    UnknownNeighborhood {
        /// The id that is named.
        neighborhood: NeighborhoodId,
    },
    /// A scope that ends before it begins.
    #[error("scope of coordinator {coordinator}: not before {} is not earlier than not after {}", not_before.0, not_after.0)]
    Window {
        /// Whose.
        coordinator: CoordinatorId,
        /// The first second of it.
        not_before: Timestamp,
        /// The first second after it.
        not_after: Timestamp,
    },
    /// A scope with neither `dispatch` nor `enroll`.
    #[error("coordinator {coordinator} has a scope without a right in neighborhood {neighborhood}")]
    NoRight {
        /// Whose.
        coordinator: CoordinatorId,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// Two revocations of one key in one neighborhood.
    #[error("key {key} is revoked twice in neighborhood {neighborhood}")]
    RevocationTwice {
        /// The key.
        key: Box<PublicKey>,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// A key is granted rights where it is revoked. A revocation goes by the epoch that a body names, which its author
    /// chooses: only a grant that is gone ends a key's rights for good.
    #[error("key {key} is granted rights in neighborhood {neighborhood}, where it is revoked")]
    RevokedAndGranted {
        /// The key.
        key: Box<PublicKey>,
        /// Where.
        neighborhood: NeighborhoodId,
    },
    /// One restriction is taken in twice.
    #[error("a restriction is taken in twice")]
    RestrictionTwice,
    /// Not `ws://` or `wss://` with a host, or with something that no relay's URL has. The text itself is not repeated:
    /// it may come from a stranger.
    #[error("relay {place} has no acceptable url")]
    Url {
        /// Its place in the list, from 1.
        place: usize,
    },
}

/// Checks everything that a body says by itself: all but its signatures and its place in the chain.
///
/// # Errors
/// The first rule that it breaks. Lengths come first, so what follows costs little.
pub fn check_body(body: &CharterBody) -> Result<(), Flaw> {
    check_lengths(body)?;
    check_head(body)?;
    check_keys(body)?;
    check_neighborhoods(body)?;
    check_grants(body)?;
    check_quorums(body)?;
    check_revocations(body)?;
    for (index, relay) in body.relays.iter().enumerate() {
        if !is_relay_url(&relay.url) {
            return Err(Flaw::Url { place: index + 1 });
        }
    }
    Ok(())
}

fn check_lengths(body: &CharterBody) -> Result<(), Flaw> {
    length("admins", body.admins.len(), 1, MAX_ADMINS)?;
    length("neighborhoods", body.neighborhoods.len(), 0, MAX_NEIGHBORHOODS)?;
    length("coordinators", body.grants.len(), 0, MAX_COORDINATORS)?;
    length("revocations", body.revocations.len(), 0, MAX_REVOCATIONS)?;
    length("restrictions", body.restrictions.len(), 0, MAX_RESTRICTIONS)?;
    length("relays", body.relays.len(), 1, MAX_RELAYS)?;
    for Grant { coordinator: _, devices, scopes } in &body.grants {
        length("devices of a coordinator", devices.len(), 1, MAX_DEVICES)?;
        length("scopes of a coordinator", scopes.len(), 1, MAX_NEIGHBORHOODS)?;
    }
    Ok(())
}

const fn length(list: &'static str, found: usize, min: usize, max: usize) -> Result<(), Flaw> {
    if found < min || found > max { Err(Flaw::Length { list, found, min, max }) } else { Ok(()) }
}

fn check_head(body: &CharterBody) -> Result<(), Flaw> {
    let &CharterBody { version, issued, expires, threshold, restrict_threshold, .. } = body;
    let names = [body.network != NetworkId::ZERO, body.previous != CharterHash::ZERO];
    if version == 0 || names != [version > 1; 2] {
        return Err(Flaw::Origin { version });
    }
    if expires <= issued || expires.since(issued) > MAX_LIFETIME {
        return Err(Flaw::Lifetime { issued, expires, max_days: MAX_LIFETIME / DAY });
    }
    let (admins, needed) = (body.admins.len(), usize::from(threshold));
    if needed > admins || 2 * needed <= admins {
        return Err(Flaw::Threshold { threshold, admins });
    }
    if restrict_threshold == 0 || restrict_threshold > threshold {
        return Err(Flaw::RestrictThreshold { found: restrict_threshold, threshold });
    }
    Ok(())
}

fn check_keys(body: &CharterBody) -> Result<(), Flaw> {
    let devices = body.grants.iter().flat_map(|grant| &grant.devices);
    let relays = body.relays.iter().map(|relay| &relay.key);
    let mut seen = BTreeSet::new();
    for key in body.admins.iter().chain(devices).chain(relays) {
        if !seen.insert(key) {
            return Err(Flaw::KeyTwice { key: Box::new(*key) });
        }
    }
    Ok(())
}

fn check_neighborhoods(body: &CharterBody) -> Result<(), Flaw> {
    let mut seen = BTreeSet::new();
    for &Neighborhood { id: neighborhood, quorum, retention_hours, freshness_hours, .. } in &body.neighborhoods {
        if !seen.insert(neighborhood) {
            return Err(Flaw::NeighborhoodTwice { neighborhood });
        }
        for (field, found, max) in [
            ("quorum", u32::from(quorum), u32::from(MAX_QUORUM)),
            ("retention hours", retention_hours, MAX_RETENTION_HOURS),
            ("freshness hours", u32::from(freshness_hours), u32::from(u16::MAX)),
        ] {
            if found == 0 || found > max {
                return Err(Flaw::Range { field, neighborhood, found, min: 1, max });
            }
        }
    }
    Ok(())
}

fn check_grants(body: &CharterBody) -> Result<(), Flaw> {
    let known = known_neighborhoods(body);
    let mut coordinators = BTreeSet::new();
    for &Grant { coordinator, ref scopes, .. } in &body.grants {
        if !coordinators.insert(coordinator) {
            return Err(Flaw::CoordinatorTwice { coordinator });
        }
        let mut places = BTreeSet::new();
        for scope in scopes {
            let neighborhood = scope.neighborhood;
            if !known.contains(&neighborhood) {
                return Err(Flaw::UnknownNeighborhood { neighborhood });
            }
            if !places.insert(neighborhood) {
                return Err(Flaw::ScopeTwice { coordinator, neighborhood });
            }
            if !scope.dispatch && !scope.enroll {
                return Err(Flaw::NoRight { coordinator, neighborhood });
            }
            let (not_before, not_after) = (scope.not_before, scope.not_after);
            if not_before >= not_after {
                return Err(Flaw::Window { coordinator, not_before, not_after });
            }
        }
    }
    Ok(())
}

/// Counts coordinators granted `dispatch` in any window: without a clock, and one may be named before their time comes.
/// Coordinators and their scopes are known to be unique here.
///
/// A neighborhood of one coordinator may ask for more: the others are granted once they have joined, or one of two was
/// taken away tonight. Until then its alerts are SIGNED.
fn check_quorums(body: &CharterBody) -> Result<(), Flaw> {
    let mut coordinators = BTreeMap::<NeighborhoodId, (usize, usize)>::new();
    for scope in body.grants.iter().flat_map(|grant| &grant.scopes) {
        let (all, dispatching) = coordinators.entry(scope.neighborhood).or_default();
        *all += 1;
        *dispatching += usize::from(scope.dispatch);
    }
    for &Neighborhood { id: neighborhood, quorum, closed, .. } in &body.neighborhoods {
        let (all, dispatching) = coordinators.get(&neighborhood).copied().unwrap_or_default();
        let alone = all == 1 && dispatching == 1;
        if !closed && !alone && usize::from(quorum) > dispatching {
            return Err(Flaw::Quorum { neighborhood, quorum, dispatching });
        }
    }
    Ok(())
}

fn check_revocations(body: &CharterBody) -> Result<(), Flaw> {
    let known = known_neighborhoods(body);
    let mut seen = BTreeSet::new();
    for revocation in &body.revocations {
        let neighborhood = revocation.neighborhood;
        if !known.contains(&neighborhood) {
            return Err(Flaw::UnknownNeighborhood { neighborhood });
        }
        if !seen.insert((&revocation.key, neighborhood)) {
            return Err(Flaw::RevocationTwice { key: Box::new(revocation.key), neighborhood });
        }
        let granted = body.grants.iter().any(|grant| {
            let here = grant.scopes.iter().any(|scope| scope.neighborhood == neighborhood);
            here && grant.devices.contains(&revocation.key)
        });
        if granted {
            return Err(Flaw::RevokedAndGranted { key: Box::new(revocation.key), neighborhood });
        }
    }
    let mut hashes = BTreeSet::new();
    if !body.restrictions.iter().all(|hash| hashes.insert(hash)) {
        return Err(Flaw::RestrictionTwice);
    }
    Ok(())
}

fn known_neighborhoods(body: &CharterBody) -> BTreeSet<NeighborhoodId> {
    body.neighborhoods.iter().map(|neighborhood| neighborhood.id).collect()
}

/// `ws://` or `wss://`, then a host with perhaps a port, then perhaps a path. No user, query or fragment: the URL is
/// shown to people, and nothing in it may look like another host.
fn is_relay_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("wss://").or_else(|| url.strip_prefix("ws://")) else {
        return false;
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let segment = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '~' | '/');
    url.len() <= MAX_URL
        && authority.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        && authority.chars().all(host)
        && path.chars().all(segment)
}
