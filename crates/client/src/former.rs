//! Who was a member, and is none any more: what they are called stays with what they said.

use std::collections::{BTreeMap, BTreeSet};

use watchfire_protocol::id::{AlertId, MemberId, NeighborhoodId};
use watchfire_protocol::roster::{Event, EventBody, Roster, RosterMember};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire;

use crate::desk::reports;
use crate::epochs::{opened_at, rosters};
use crate::error::ClientError;
use crate::state::{Hood, StoredGone, name};
use crate::vault::{Bucket, Tx};

/// Somebody who is on the roster no more.
pub(crate) struct Former {
    /// What they were called; their id, where this vault never knew.
    pub(crate) handle: String,
    /// Since when.
    pub(crate) removed: Timestamp,
}

/// Those of some members who are on the roster no more.
pub(crate) fn former(
    tx: &Tx<'_>,
    hood: &Hood,
    roster: &Roster,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<BTreeMap<MemberId, Former>, ClientError> {
    let mut out = BTreeMap::new();
    let mut before: Option<Vec<Roster>> = None;
    for member in members {
        if roster.members().contains_key(&member) || out.contains_key(&member) {
            continue;
        }
        let gone: Option<StoredGone> = tx.get(Bucket::Gone, &name(hood.id, &member.0))?;
        let handle = match &gone {
            Some(gone) => Some(gone.handle.clone()),
            None => {
                if before.is_none() {
                    before = Some(rosters(tx, hood)?);
                }
                let known = before.iter().flatten().rev().find_map(|roster| roster.members().get(&member));
                known.map(|known| known.handle.clone())
            }
        };
        let removed = match removed_at(roster, member).or(gone.map(|gone| gone.at)) {
            Some(at) => at,
            None => opened_at(tx, hood.id, roster.context().epoch)?,
        };
        out.insert(member, Former { handle: handle.unwrap_or_else(|| member.to_string()), removed });
    }
    Ok(out)
}

/// What somebody is called who is a member, or was.
pub(crate) fn called(roster: &Roster, former: &BTreeMap<MemberId, Former>, member: &MemberId) -> String {
    let known = roster.members().get(member).map(|known| known.handle.clone());
    known.or_else(|| former.get(member).map(|gone| gone.handle.clone())).unwrap_or_else(|| member.to_string())
}

/// When a member was removed, as far as the roster still keeps who signed that.
fn removed_at(roster: &Roster, member: MemberId) -> Option<Timestamp> {
    let at =
        |body: EventBody| matches!(body.event, Event::Remove { member: gone, .. } if gone == member).then_some(body.at);
    roster.evidence().filter_map(|(_, event)| at(wire::decode_body::<EventBody>(&event.body).ok()?)).min()
}

/// Keeps what those are called who are on an older roster, which is forgotten, and not on the newest: who answered something, or
/// sent a report.
pub(crate) fn keep_names(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    older: &Roster,
    newest: &Roster,
) -> Result<(), ClientError> {
    let missing = |member: &&RosterMember| !newest.members().contains_key(&member.id);
    let missing: Vec<&RosterMember> = older.members().values().filter(missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let authors: BTreeSet<MemberId> = reports(tx, hood)?.values().map(|(stored, _)| stored.member).collect();
    for member in missing {
        let answered: Option<Vec<AlertId>> = tx.get(Bucket::AnswerIndex, &name(hood, &member.id.0))?;
        if answered.is_some() || authors.contains(&member.id) {
            let at = match removed_at(newest, member.id) {
                Some(at) => at,
                None => opened_at(tx, hood, newest.context().epoch)?,
            };
            keep_name(tx, hood, member, at)?;
        }
    }
    Ok(())
}

/// Keeps what somebody is called who was removed.
pub(crate) fn keep_name(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    member: &RosterMember,
    at: Timestamp,
) -> Result<(), ClientError> {
    let key = name(hood, &member.id.0);
    if tx.get::<StoredGone>(Bucket::Gone, &key)?.is_none() {
        tx.put(Bucket::Gone, &key, &StoredGone { member: member.id, handle: member.handle.clone(), at })?;
    }
    Ok(())
}
