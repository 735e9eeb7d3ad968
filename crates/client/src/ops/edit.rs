//! Changing a charter: each function takes a body and gives the changed one, or says why not. Nothing here signs, keeps
//! or sends anything, so a refusal leaves nothing behind.

use watchfire_protocol::charter::{
    BelowQuorum, CharterBody, Flaw, Grant, MAX_LIFETIME, Neighborhood, Relay, Restriction, Revocation, Scope,
    check_body, take_in as take_all_in,
};
use watchfire_protocol::id::{CoordinatorId, Epoch, NeighborhoodId};
use watchfire_protocol::names::NamesBlock;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::time::{DAY, Timestamp};

/// Why a charter is not changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It is so already.
    #[error("nothing to change: that is what the charter says already")]
    Unchanged,
    /// No admin has that key.
    #[error("no admin has the key {key}")]
    NoSuchAdmin {
        /// The key.
        key: Box<PublicKey>,
    },
    /// Nobody could ever change the charter again.
    #[error("this is the only admin: without one, nobody could change the charter any more")]
    LastAdmin,
    /// No relay has that key.
    #[error("no relay of this network has the key {key}")]
    NoSuchRelay {
        /// The key.
        key: Box<PublicKey>,
    },
    /// Members would not know where to connect to.
    #[error("this is the only relay: nobody would find the network any more")]
    LastRelay,
    /// There is no such neighborhood in the charter.
    #[error("the charter has no neighborhood {neighborhood}")]
    NoSuchNeighborhood {
        /// Its id.
        neighborhood: NeighborhoodId,
    },
    /// It was closed.
    #[error("this neighborhood is closed, and stays so: add another one")]
    Closed,
    /// Adding changes nothing of one that is there.
    #[error("`{name}` is there already, with other terms or other coordinators")]
    OtherTerms {
        /// What it is called.
        name: String,
    },
    /// There is no such grant in the charter.
    #[error("the charter grants them nothing there")]
    NothingGranted,
    /// They have no device of that key.
    #[error("no device of theirs has the key {key}")]
    NoSuchDevice {
        /// The key.
        key: Box<PublicKey>,
    },
    /// They could do nothing more, and nothing would say so.
    #[error("this is their only device: without it they could do nothing here any more")]
    LastDevice,
    /// They would go on as if nothing were, until that epoch comes.
    #[error("they can be distrusted from an epoch of 1 to {next} on, not {found}: {next} is the next one")]
    DistrustFrom {
        /// What was said.
        found: Epoch,
        /// The next epoch.
        next: Epoch,
    },
    /// It would begin its life expired, or live for too long.
    #[error("a charter lives for 1 to {max} days, not {found}")]
    Lifetime {
        /// For how many days it would.
        found: u64,
        /// For how many it may.
        max: u64,
    },
    /// Too few coordinators could send alerts.
    #[error("{left} may send alerts there then, and {quorum} must sign each: the quorum would be out of reach")]
    QuorumOutOfReach {
        /// How many there would be.
        left: usize,
        /// How many must sign.
        quorum: u8,
    },
    /// The charter would break a rule.
    #[error(transparent)]
    Flaw(#[from] Flaw),
}

/// A changed body.
pub type Edited = Result<CharterBody, EditError>;

/// Terms of a neighborhood; what is not said stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewTerms {
    /// How many coordinators must sign.
    pub quorum: Option<u8>,
    /// What becomes of alerts below that.
    pub below_quorum: Option<BelowQuorum>,
    /// How long records are kept, in hours.
    pub retention_hours: Option<u32>,
}

/// Adds admins. The threshold rises as far as it must: more than half of the admins sign.
///
/// # Errors
/// A key stands in the charter already, or there are too many.
pub fn add_admins(mut body: CharterBody, keys: &[PublicKey]) -> Edited {
    body.admins.extend(keys);
    let majority = u8::try_from(body.admins.len() / 2 + 1).unwrap_or(u8::MAX);
    body.threshold = body.threshold.max(majority);
    checked(body)
}

/// Removes an admin. The threshold falls as far as it must: no more sign than there are.
///
/// # Errors
/// No admin has that key, or it is the only one.
pub fn remove_admin(mut body: CharterBody, key: &PublicKey) -> Edited {
    if !body.admins.contains(key) {
        return Err(EditError::NoSuchAdmin { key: Box::new(*key) });
    }
    body.admins.retain(|admin| admin != key);
    if body.admins.is_empty() {
        return Err(EditError::LastAdmin);
    }
    body.threshold = body.threshold.min(u8::try_from(body.admins.len()).unwrap_or(u8::MAX));
    body.restrict_threshold = body.restrict_threshold.min(body.threshold);
    checked(body)
}

/// Sets how many admins sign a version, and how many a restriction. The second falls with the first if it must.
///
/// # Errors
/// Not a majority, or more than there are.
pub fn set_threshold(mut body: CharterBody, threshold: u8, restrict: Option<u8>) -> Edited {
    let before = (body.threshold, body.restrict_threshold);
    body.threshold = threshold;
    body.restrict_threshold = restrict.unwrap_or_else(|| body.restrict_threshold.min(threshold.max(1)));
    if before == (body.threshold, body.restrict_threshold) {
        return Err(EditError::Unchanged);
    }
    checked(body)
}

/// Lets it expire so much later than it was issued, and with it the windows that end with it.
///
/// # Errors
/// Less than a day, or longer than a charter may live.
pub fn renew(mut body: CharterBody, lifetime: u64) -> Edited {
    if !(DAY..=MAX_LIFETIME).contains(&lifetime) {
        return Err(EditError::Lifetime { found: lifetime / DAY, max: MAX_LIFETIME / DAY });
    }
    let before = body.expires;
    body.expires = body.issued.plus(lifetime);
    for scope in body.grants.iter_mut().flat_map(|grant| &mut grant.scopes) {
        if scope.not_after == before {
            scope.not_after = body.expires;
        }
    }
    checked(body)
}

/// Adds a relay, the last in order or the first. One that is listed is moved, or gets another URL.
///
/// # Errors
/// Its key or its URL is not acceptable, or there are too many.
pub fn add_relay(mut body: CharterBody, relay: Relay, first: bool) -> Edited {
    let before = body.relays.clone();
    let listed = body.relays.iter_mut().find(|other| other.key == relay.key);
    match (listed, first) {
        (Some(listed), false) => listed.url = relay.url,
        (_, true) => {
            body.relays.retain(|other| other.key != relay.key);
            body.relays.insert(0, relay);
        }
        (None, false) => body.relays.push(relay),
    }
    if body.relays == before {
        return Err(EditError::Unchanged);
    }
    checked(body)
}

/// Removes a relay.
///
/// # Errors
/// None has that key, or it is the only one.
pub fn remove_relay(mut body: CharterBody, key: &PublicKey) -> Edited {
    if !body.relays.iter().any(|relay| relay.key == *key) {
        return Err(EditError::NoSuchRelay { key: Box::new(*key) });
    }
    body.relays.retain(|relay| relay.key != *key);
    if body.relays.is_empty() {
        return Err(EditError::LastRelay);
    }
    checked(body)
}

/// Grants a coordinator a scope, in place of the one that they had there. A coordinator who is new brings a device key.
///
/// # Errors
/// Neither known nor with a key, a window that ends before it begins, or a key that is revoked there.
pub fn grant(mut body: CharterBody, who: CoordinatorId, device: Option<PublicKey>, scope: Scope) -> Edited {
    open_neighborhood(&mut body, scope.neighborhood)?;
    match (body.grants.iter_mut().find(|grant| grant.coordinator == who), device) {
        (Some(grant), _) if grant.scopes.contains(&scope) => return Err(EditError::Unchanged),
        (Some(grant), _) => {
            grant.scopes.retain(|other| other.neighborhood != scope.neighborhood);
            grant.scopes.push(scope);
        }
        (None, Some(device)) => {
            body.grants.push(Grant { coordinator: who, devices: vec![device], scopes: vec![scope] });
        }
        (None, None) => return Err(EditError::NothingGranted),
    }
    checked(body)
}

/// Ends a coordinator's windows now, in one neighborhood or in all: what they sent before stays valid. A window that has
/// not begun is dropped.
///
/// # Errors
/// They have no window that goes on, or too few would be left for the quorum.
pub fn retire(mut body: CharterBody, who: CoordinatorId, only: Option<NeighborhoodId>) -> Edited {
    let now = body.issued;
    let grant = granted_to(&mut body, who)?;
    let here = |scope: &Scope| only.is_none_or(|only| only == scope.neighborhood);
    let mut ended = Vec::new();
    for scope in grant.scopes.iter_mut().filter(|scope| here(scope) && scope.not_after > now) {
        scope.not_after = now;
        ended.push(scope.neighborhood);
    }
    if ended.is_empty() {
        return Err(EditError::Unchanged);
    }
    grant.scopes.retain(|scope| scope.not_before < scope.not_after);
    body.grants.retain(|grant| !grant.scopes.is_empty());
    for terms in body.neighborhoods.iter().filter(|terms| !terms.closed && ended.contains(&terms.id)) {
        let left = dispatchers(&body, terms.id, now);
        if left < usize::from(terms.quorum) {
            return Err(EditError::QuorumOutOfReach { left, quorum: terms.quorum });
        }
    }
    checked(body)
}

/// Takes a coordinator's rights away, in one neighborhood or in all, and lets nothing count that their keys did from an
/// epoch on. What was revoked of these keys before can only begin earlier. Where too few are left, the quorum falls to how many there are: a quorum out of reach would hold back every
/// alert.
///
/// # Errors
/// The charter grants them nothing, or nobody would be left.
pub fn revoke(
    mut body: CharterBody,
    who: CoordinatorId,
    keys: &[PublicKey],
    only: Option<NeighborhoodId>,
    distrust_from: impl Fn(NeighborhoodId) -> Epoch,
) -> Edited {
    let (now, before) = (body.issued, body.clone());
    let here = |place: NeighborhoodId| only.is_none_or(|only| only == place);
    let mut again = body.revocations.clone();
    again.retain(|held| keys.contains(&held.key) && here(held.neighborhood));
    for Revocation { key, neighborhood, .. } in &again {
        let (key, neighborhood) = (*key, *neighborhood);
        distrust(&mut body, Revocation { key, neighborhood, distrust_from: distrust_from(neighborhood) });
    }
    let (mut places, mut devices) = (Vec::new(), Vec::new());
    if let Some(grant) = body.grants.iter_mut().find(|grant| grant.coordinator == who) {
        places = grant.scopes.iter().map(|scope| scope.neighborhood).filter(|place| here(*place)).collect();
        grant.scopes.retain(|scope| !here(scope.neighborhood));
        devices.clone_from(&grant.devices);
    }
    if places.is_empty() && again.is_empty() {
        return Err(EditError::NothingGranted);
    }
    body.grants.retain(|grant| !grant.scopes.is_empty());
    for &neighborhood in &places {
        for &key in &devices {
            distrust(&mut body, Revocation { key, neighborhood, distrust_from: distrust_from(neighborhood) });
        }
        let left = dispatchers(&body, neighborhood, now);
        if let Some(terms) = body.neighborhoods.iter_mut().find(|terms| terms.id == neighborhood && !terms.closed) {
            if left == 0 {
                return Err(EditError::QuorumOutOfReach { left, quorum: terms.quorum });
            }
            terms.quorum = terms.quorum.min(u8::try_from(left).unwrap_or(u8::MAX));
        }
    }
    if body == before {
        return Err(EditError::Unchanged);
    }
    checked(body)
}

/// Lets one more device act for a coordinator.
///
/// # Errors
/// The charter grants them nothing, the key stands in it already or is revoked, or they have as many devices as they may.
pub fn add_device(mut body: CharterBody, who: CoordinatorId, key: PublicKey) -> Edited {
    let grant = granted_to(&mut body, who)?;
    if grant.devices.contains(&key) {
        return Err(EditError::Unchanged);
    }
    grant.devices.push(key);
    checked(body)
}

/// Lets a device act for a coordinator no longer, and nothing count that its key did from an epoch on: whoever has it
/// gets no new keys. Their other devices keep every right.
///
/// # Errors
/// The charter grants them nothing, it is none of theirs, or it is their only one.
pub fn remove_device(
    mut body: CharterBody,
    who: CoordinatorId,
    key: PublicKey,
    distrust_from: impl Fn(NeighborhoodId) -> Epoch,
) -> Edited {
    let grant = granted_to(&mut body, who)?;
    if !grant.devices.contains(&key) {
        return Err(EditError::NoSuchDevice { key: Box::new(key) });
    }
    grant.devices.retain(|device| *device != key);
    if grant.devices.is_empty() {
        return Err(EditError::LastDevice);
    }
    let places: Vec<NeighborhoodId> = grant.scopes.iter().map(|scope| scope.neighborhood).collect();
    for neighborhood in places {
        distrust(&mut body, Revocation { key, neighborhood, distrust_from: distrust_from(neighborhood) });
    }
    checked(body)
}

/// Takes restrictions into a draft: those that leave somebody who may send alerts in each neighborhood. The others stay in
/// force beside it. The quorum falls as by [`revoke`].
#[must_use]
pub fn take_in(before: CharterBody, restrictions: &[Restriction]) -> CharterBody {
    let mut body = before.clone();
    take_all_in(&mut body, &[]);
    let mut taken = Vec::new();
    for restriction in restrictions {
        taken.push(restriction.clone());
        let mut narrowed = before.clone();
        take_all_in(&mut narrowed, &taken);
        if lower_quorums(&before, &mut narrowed) {
            body = narrowed;
        } else {
            taken.pop();
        }
    }
    body
}

/// Lowers quorums to how many are left where a draft lost dispatchers. False if nobody is left somewhere.
fn lower_quorums(before: &CharterBody, after: &mut CharterBody) -> bool {
    // Windows that end with the charter go on with its next version.
    let now = before.issued.min(before.expires.minus(1));
    let counts: Vec<(usize, usize)> = (before.neighborhoods.iter())
        .map(|terms| (dispatchers(before, terms.id, now), dispatchers(after, terms.id, now)))
        .collect();
    for (terms, (had, left)) in after.neighborhoods.iter_mut().zip(counts) {
        if left == had || terms.closed {
            continue;
        }
        if left == 0 {
            return false;
        }
        terms.quorum = terms.quorum.min(u8::try_from(left).unwrap_or(u8::MAX));
    }
    true
}

/// Adds a revocation, or lets one that is there begin earlier: none ever begins later.
fn distrust(body: &mut CharterBody, added: Revocation) {
    let same = |held: &&mut Revocation| held.key == added.key && held.neighborhood == added.neighborhood;
    match body.revocations.iter_mut().find(same) {
        Some(held) => held.distrust_from = held.distrust_from.min(added.distrust_from),
        None => body.revocations.push(added),
    }
}

/// Adds a neighborhood with its coordinators. One who is not in the charter yet brings a device key.
///
/// # Errors
/// Too few coordinators for its quorum, or a number out of its range. One who is alone may name a higher quorum, for when
/// others have come.
pub fn add_neighborhood(
    mut body: CharterBody,
    neighborhood: Neighborhood,
    coordinators: &[(CoordinatorId, Option<PublicKey>)],
    not_before: Timestamp,
) -> Edited {
    let (id, quorum) = (neighborhood.id, neighborhood.quorum);
    body.neighborhoods.push(neighborhood);
    in_range(&body)?;
    if coordinators.len() != 1 && coordinators.len() < usize::from(quorum) {
        return Err(EditError::QuorumOutOfReach { left: coordinators.len(), quorum });
    }
    for (who, device) in coordinators {
        let not_after = body.expires;
        let scope = Scope { neighborhood: id, dispatch: true, enroll: true, not_before, not_after };
        match (body.grants.iter_mut().find(|grant| grant.coordinator == *who), device) {
            (Some(grant), _) => grant.scopes.push(scope),
            (None, Some(device)) => {
                body.grants.push(Grant { coordinator: *who, devices: vec![*device], scopes: vec![scope] });
            }
            (None, None) => return Err(EditError::NothingGranted),
        }
    }
    checked(body)
}

/// Changes a neighborhood's terms.
///
/// # Errors
/// It is closed, a number is out of its range, or the quorum is out of reach.
pub fn set_terms(mut body: CharterBody, id: NeighborhoodId, new: NewTerms) -> Edited {
    let terms = open_neighborhood(&mut body, id)?;
    let before = terms.clone();
    terms.quorum = new.quorum.unwrap_or(terms.quorum);
    terms.below_quorum = new.below_quorum.unwrap_or(terms.below_quorum);
    terms.retention_hours = new.retention_hours.unwrap_or(terms.retention_hours);
    if *terms == before {
        return Err(EditError::Unchanged);
    }
    let quorum = terms.quorum;
    in_range(&body)?;
    let left = dispatchers(&body, id, body.issued);
    if quorum > before.quorum && left < usize::from(quorum) {
        return Err(EditError::QuorumOutOfReach { left, quorum });
    }
    checked(body)
}

/// Commits to other names of a neighborhood.
///
/// # Errors
/// It is closed.
pub fn set_names(mut body: CharterBody, id: NeighborhoodId, names: &NamesBlock) -> Edited {
    open_neighborhood(&mut body, id)?.names = names.commitment();
    checked(body)
}

/// Closes a neighborhood. What was sent there can still be judged.
///
/// # Errors
/// It is closed.
pub fn close(mut body: CharterBody, id: NeighborhoodId) -> Edited {
    open_neighborhood(&mut body, id)?.closed = true;
    checked(body)
}

fn granted_to(body: &mut CharterBody, who: CoordinatorId) -> Result<&mut Grant, EditError> {
    body.grants.iter_mut().find(|grant| grant.coordinator == who).ok_or(EditError::NothingGranted)
}

fn open_neighborhood(body: &mut CharterBody, id: NeighborhoodId) -> Result<&mut Neighborhood, EditError> {
    let found = body.neighborhoods.iter_mut().find(|terms| terms.id == id);
    let found = found.ok_or(EditError::NoSuchNeighborhood { neighborhood: id })?;
    if found.closed { Err(EditError::Closed) } else { Ok(found) }
}

/// How many may send alerts at a time, or later.
fn dispatchers(body: &CharterBody, id: NeighborhoodId, at: Timestamp) -> usize {
    let scopes = body.grants.iter().flat_map(|grant| &grant.scopes);
    scopes.filter(|scope| scope.neighborhood == id && scope.dispatch && scope.not_after > at).count()
}

/// A number that no charter may have is called that, before what else would be wrong with it.
fn in_range(body: &CharterBody) -> Result<(), EditError> {
    match check_body(body) {
        Err(flaw @ Flaw::Range { .. }) => Err(flaw.into()),
        _ => Ok(()),
    }
}

fn checked(body: CharterBody) -> Edited {
    check_body(&body)?;
    Ok(body)
}

#[cfg(test)]
mod tests;
