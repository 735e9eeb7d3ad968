//! Folding: what all roster events that this vault knows amount to, by the charter that is newest now.
//!
//! Whatever is known is folded again whenever something came, so that no order of arrival matters: an approval that is
//! void by now is dropped, and a removal that waited for another coordinator counts once that one has signed.

use std::collections::{BTreeMap, BTreeSet};

use watchfire_protocol::brake::{Braked, Removal, brake};
use watchfire_protocol::charter::{Right, Rights};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{CoordinatorId, Epoch, MemberId, NeighborhoodId};
use watchfire_protocol::roster::{Event, EventBody, Roster, RosterMember};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::suspension::is_suspended;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire::{self, Signed};

use crate::epochs::{load_roster, opened_at, save_roster};
use crate::error::ClientError;
use crate::former::keep_name;
use crate::state::{self, Hood, StoredDue, StoredEvent};
use crate::vault::{Bucket, Tx};

/// Where it is noted that events were kept and not folded yet.
fn unfolded(hood: NeighborhoodId) -> Vec<u8> {
    [b"unfolded", &hood.0[..]].concat()
}

/// An event that counts, unless a brake holds it.
struct Known {
    signed: Signed,
    body: EventBody,
    came: Epoch,
}

/// In which order events are folded, whenever they were signed: what needs a member to be there comes after the
/// approvals, since times are whole seconds and clocks differ. A removal holds against all of them.
const fn step(event: &Event) -> u8 {
    match event {
        Event::Add(_) | Event::Invite(_) | Event::EndInvite { .. } => 0,
        Event::Vouch { .. } => 1,
        Event::Describe { .. } => 2,
        Event::Remove { .. } => 3,
    }
}

/// The events that are not void, in the order in which every client folds them: by [`step`], then oldest first, and within
/// one second by their bytes. Those whose signer is distrusted in the epoch that they name are left out.
fn known_events(tx: &Tx<'_>, hood: NeighborhoodId, charters: &CharterHistory) -> Result<Vec<Known>, ClientError> {
    let mut out = Vec::new();
    for (_, stored) in tx.list::<StoredEvent>(Bucket::RosterEvent, &hood.0)? {
        // Its signature was checked when it was taken, and the vault is sealed.
        let Ok(body) = wire::decode_body::<EventBody>(&stored.event.body) else { continue };
        if !charters.rights().is_distrusted(&stored.event.signer, hood, body.epoch) {
            let came = stored.came.max(body.epoch);
            out.push(Known { signed: stored.event, body, came });
        }
    }
    Ok(in_order(out))
}

fn in_order(mut events: Vec<Known>) -> Vec<Known> {
    fn order(event: &Known) -> (u8, Timestamp, &[u8], &[u8; 32]) {
        (step(&event.body.event), event.body.at, &event.signed.body, event.signed.signer.as_bytes())
    }
    events.sort_by(|one, other| order(one).cmp(&order(other)));
    events
}

/// Whose device a key is, or was.
pub(crate) fn coordinator_of(charters: &CharterHistory, key: &PublicKey) -> Option<CoordinatorId> {
    charters.iter().rev().find_map(|charter| charter.as_written().coordinator_of(key))
}

/// Who may remove people now.
pub(crate) fn enrollers(rights: &Rights<'_>, hood: NeighborhoodId, now: Timestamp) -> BTreeSet<CoordinatorId> {
    let devices = rights.charter().body().grants.iter().flat_map(|grant| &grant.devices);
    devices.filter_map(|key| rights.granted(key, hood, Right::Enroll, now)).collect()
}

/// Whether a member's own charter key is distrusted by now: the removal of such a one waits for nobody.
pub(crate) fn is_revoked(member: &RosterMember, rights: &Rights<'_>, hood: NeighborhoodId, epoch: Epoch) -> bool {
    member.charter_key.as_ref().is_some_and(|key| rights.is_distrusted(key, hood, epoch))
}

/// Whether an approval is void: by a key that is distrusted in the epoch of the approval.
fn is_void(member: &RosterMember, rights: &Rights<'_>, hood: NeighborhoodId) -> bool {
    rights.is_distrusted(&member.added_by, hood, member.added_in)
}

/// Which of the removals that are known count, and which wait.
fn judge_removals(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    charters: &CharterHistory,
    events: &[Known],
    roster: &Roster,
    now: Timestamp,
) -> Result<Braked, ClientError> {
    let (mut removals, mut revoked, mut opened) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
    for event in events {
        let (Event::Remove { member, .. }, Some(by)) =
            (&event.body.event, coordinator_of(charters, &event.signed.signer))
        else {
            continue;
        };
        if roster.members().get(member).is_some_and(|m| is_revoked(m, &charters.rights(), hood, event.came.next())) {
            revoked.insert(*member);
        }
        let opened = match opened.get(&event.came) {
            Some(opened) => *opened,
            None => {
                let at = opened_at(tx, hood, event.came)?;
                opened.insert(event.came, at);
                at
            }
        };
        removals.push(Removal { at: event.body.at.max(opened), epoch: event.came, by, member: *member });
    }
    let here = roster.context().epoch;
    let gone = |removal: &&Removal| removal.epoch == here && !roster.members().contains_key(&removal.member);
    let gone: BTreeSet<MemberId> = removals.iter().filter(gone).map(|removal| removal.member).collect();
    let enrollers = enrollers(&charters.rights(), hood, now);
    let mut braked = brake(&removals, roster.members().len() + gone.len(), &enrollers, now);
    for member in revoked {
        braked.waits.remove(&member);
        braked.counts.insert(member);
    }
    Ok(braked)
}

/// Whether a coordinator may vouch for a member: another one than whoever added them, or the same one once only the
/// device that added them is distrusted.
pub(crate) fn vouches(charters: &CharterHistory, roster: &Roster, member: &MemberId, by: &PublicKey) -> bool {
    let (rights, hood) = (charters.rights(), roster.context().place.neighborhood);
    let distrusted = |key| rights.is_distrusted(key, hood, Epoch(u64::MAX));
    let Some(added_by) = roster.members().get(member).map(|member| member.added_by) else { return false };
    let adder = coordinator_of(charters, &added_by);
    adder.is_some() && (adder != coordinator_of(charters, by) || (distrusted(&added_by) && !distrusted(by)))
}

/// Folds all that is known into a roster. Returns what became of the removals.
pub(crate) fn fold(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    charters: &CharterHistory,
    roster: &mut Roster,
    now: Timestamp,
) -> Result<Braked, ClientError> {
    let events = known_events(tx, hood, charters)?;
    for event in &events {
        let counts = match &event.body.event {
            Event::Remove { .. } => false,
            Event::Vouch { member } => vouches(charters, roster, member, &event.signed.signer),
            Event::Add(_) | Event::Invite(_) | Event::EndInvite { .. } | Event::Describe { .. } => true,
        };
        if counts {
            // An event too old to be stepped was in a snapshot long ago.
            let _ = roster.apply(&event.body.event);
        }
    }
    roster.drop_members(|member| is_void(member, &charters.rights(), hood));
    let braked = judge_removals(tx, hood, charters, &events, roster, now)?;
    for event in events {
        if let Event::Remove { member, .. } = &event.body.event
            && braked.counts.contains(member)
        {
            if let Some(gone) = roster.members().get(member) {
                keep_name(tx, hood, gone, event.body.at)?;
            }
            let _ = roster.apply(&event.body.event);
            roster.keep_evidence(event.came, event.signed);
        }
    }
    Ok(braked)
}

/// Folds all that is known into the roster of the current epoch, and notes whether somebody who holds its keys is out.
pub(crate) fn refold(
    tx: &Tx<'_>,
    hood: &Hood,
    charters: &CharterHistory,
    own: bool,
    now: Timestamp,
) -> Result<(), ClientError> {
    tx.delete(Bucket::Meta, &unfolded(hood.id))?;
    let Some(before) = load_roster(tx, hood.id, hood.place(), hood.epoch)? else { return Ok(()) };
    let mut roster = before.clone();
    fold(tx, hood.id, charters, &mut roster, now)?;
    if roster != before {
        note_due(tx, hood.id, &before, &roster, own, now)?;
        save_roster(tx, hood.id, &roster)?;
    }
    Ok(())
}

/// Notes that the next epoch is due, if a roster lacks somebody who was there.
pub(crate) fn note_due(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    before: &Roster,
    after: &Roster,
    own: bool,
    now: Timestamp,
) -> Result<(), ClientError> {
    if before.members().keys().all(|member| after.members().contains_key(member)) {
        return Ok(());
    }
    let name = state::epoch_name(hood, after.context().epoch);
    let held: Option<StoredDue> = tx.get(Bucket::Due, &name)?;
    let (since, own) = held.map_or((now, own), |held| (held.since, held.own || own));
    Ok(tx.put(Bucket::Due, &name, &StoredDue { since, own })?)
}

/// Notes that an event was kept and is to be folded once the log was read.
pub(crate) fn fold_later(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<(), ClientError> {
    Ok(tx.put(Bucket::Meta, &unfolded(hood), &true)?)
}

/// Folds what was kept while the log was read.
pub(crate) fn fold_what_waits(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    charters: &CharterHistory,
    now: Timestamp,
) -> Result<(), ClientError> {
    if tx.get::<bool>(Bucket::Meta, &unfolded(hood))?.is_some() {
        refold(tx, &Hood::load(tx, hood)?, charters, false, now)?;
    }
    Ok(())
}

/// The removals of present members that wait for another coordinator, and who signed them.
pub(crate) fn waiting_removals(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    charters: &CharterHistory,
    roster: &Roster,
    now: Timestamp,
) -> Result<BTreeMap<MemberId, CoordinatorId>, ClientError> {
    let events = known_events(tx, hood, charters)?;
    let mut waits = judge_removals(tx, hood, charters, &events, roster, now)?.waits;
    waits.retain(|member, _| roster.members().contains_key(member));
    Ok(waits)
}

/// Whom an opener left out: the members of the roster held before, but those whose removal counts, or whose approval is
/// void. They are put back; who repairs slots adds theirs.
pub(crate) fn put_back_left_out(
    tx: &Tx<'_>,
    hood: &Hood,
    charters: &CharterHistory,
    earlier: &Roster,
    now: Timestamp,
) -> Result<usize, ClientError> {
    let Some(mut roster) = load_roster(tx, hood.id, hood.place(), hood.epoch)? else { return Ok(0) };
    let events = known_events(tx, hood.id, charters)?;
    let counts = judge_removals(tx, hood.id, charters, &events, &roster, now)?.counts;
    let gone = |member: &RosterMember| counts.contains(&member.id) || is_void(member, &charters.rights(), hood.id);
    let found = roster.left_out(earlier, gone).unwrap_or_default();
    let count = found.len();
    if count > 0 {
        found.into_iter().for_each(|member| roster.put_back(member));
        save_roster(tx, hood.id, &roster)?;
    }
    Ok(count)
}

/// When a key began to be distrusted in a neighborhood, if it is.
fn distrusted_since(charters: &CharterHistory, key: &PublicKey, hood: NeighborhoodId) -> Option<Timestamp> {
    if !charters.rights().is_distrusted(key, hood, Epoch(u64::MAX)) {
        return None;
    }
    let first = charters.iter().find(|charter| charter.as_written().is_distrusted(key, hood, Epoch(u64::MAX)));
    let drawn = charters.restrictions().iter().map(|restriction| restriction.body().issued).min();
    first.map(|charter| charter.body().issued).or(drawn)
}

/// The members who get no slot until another coordinator approves them again.
pub(crate) fn suspended(charters: &CharterHistory, roster: &Roster) -> BTreeSet<MemberId> {
    let hood = roster.context().place.neighborhood;
    let mut since: BTreeMap<[u8; 32], Option<Timestamp>> = BTreeMap::new();
    // The admins signed for a coordinator's key themselves, whoever approved its member.
    let rights = charters.rights();
    let granted = |key: &PublicKey| {
        [Right::Dispatch, Right::Enroll].into_iter().any(|right| rights.ever_granted(key, hood, right).is_some())
    };
    let mut doubtful = |member: &RosterMember| {
        if member.charter_key.as_ref().is_some_and(granted) {
            return false;
        }
        let key = member.added_by;
        let distrusted = since.entry(*key.as_bytes()).or_insert_with(|| distrusted_since(charters, &key, hood));
        is_suspended(member, *distrusted, roster.vouched(&member.id))
    };
    roster.members().values().filter(|member| doubtful(member)).map(|member| member.id).collect()
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::id::{CharterHash, InviteId, NetworkId};
    use watchfire_protocol::kdf::Place;
    use watchfire_protocol::roster::Offer;
    use watchfire_protocol::secret::Secret;
    use watchfire_protocol::sign::SecretKey;
    use watchfire_protocol::wire::Extensions;

    use super::*;

    fn known(at: u64, event: Event) -> Known {
        let (charter, extensions) = (CharterHash([3; 32]), Extensions::default());
        let body = EventBody { epoch: Epoch(1), charter_version: 1, charter, at: Timestamp(at), event, extensions };
        let place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) };
        let signed = body.sign(&place, &SecretKey::from_seed(&Secret::new([4; 32])));
        Known { signed, body, came: Epoch(1) }
    }

    fn all() -> Vec<Known> {
        let (member, offer) = (MemberId([5; 16]), Offer { at: Timestamp(9), roles: vec![], languages: vec![] });
        let end = |number| Event::EndInvite { invite: InviteId([number; 16]) };
        vec![
            // By a clock that is a little behind.
            known(8, Event::Vouch { member }),
            known(9, Event::Remove { member, reason: String::new() }),
            known(9, Event::Describe { member, offer }),
            known(9, end(2)),
            known(9, end(1)),
            known(9, Event::Vouch { member }),
            known(10, end(0)),
        ]
    }

    #[test]
    fn events_of_one_second_are_folded_in_one_order_whatever_the_order_in_which_they_are_kept() {
        let bodies =
            |events: Vec<Known>| in_order(events).into_iter().map(|event| event.signed.body).collect::<Vec<_>>();
        let wanted = bodies(all());
        for turned in 0..all().len() {
            let mut events = all();
            events.rotate_left(turned);
            assert_eq!(bodies(events), wanted);
            let mut events = all();
            events.rotate_left(turned);
            events.reverse();
            assert_eq!(bodies(events), wanted);
        }
    }

    #[test]
    fn what_needs_a_member_is_folded_after_the_approvals_though_it_was_signed_before() {
        let folded: Vec<(u8, u64)> =
            in_order(all()).iter().map(|event| (step(&event.body.event), event.body.at.0)).collect();
        assert_eq!(folded, [(0, 9), (0, 9), (0, 10), (1, 8), (1, 9), (2, 9), (3, 9)]);
    }
}
