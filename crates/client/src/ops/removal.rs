//! Removing members: signed, folded under the brake, and followed by the next epoch.

use std::collections::BTreeSet;

use watchfire_protocol::charter::{Right, Rights};
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::{CoordinatorId, Epoch, MemberId, NeighborhoodId};
use watchfire_protocol::roster::{Event, EventBody, REASON_LEN, Roster, RosterMember};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::wire;

use super::charter::find_handle;
use crate::client::Client;
use crate::epochs::{load_roster, rosters};
use crate::error::ClientError;
use crate::fold::waiting_removals;
use crate::link::Link;
use crate::state::{self, Hood, StoredDue, StoredEvent, StoredGone};
use crate::vault::{Bucket, Tx};

/// What became of a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalState {
    /// They are out: from this epoch on they read nothing.
    Out {
        /// The first epoch without them.
        from: Epoch,
    },
    /// It waits for another coordinator.
    Waiting,
}

/// One removal.
#[derive(Clone, Debug)]
pub struct RemovalView {
    /// Who.
    pub member: MemberId,
    /// What they are called.
    pub handle: String,
    /// What became of it.
    pub state: RemovalState,
    /// Whether the charter still grants their device a right here.
    pub granted: bool,
}

/// A removal that waits for another coordinator.
#[derive(Clone, Debug)]
pub struct WaitingRemoval {
    /// Who.
    pub member: MemberId,
    /// What they are called.
    pub handle: String,
    /// Who signed it, as far as that is known here.
    pub by: String,
    /// Whether this vault signed it: then it waits for somebody else.
    pub own: bool,
}

impl Client {
    /// The one member of a handle or an id; also somebody who was removed lately, by this vault or another.
    ///
    /// # Errors
    /// Nobody, or several; or this vault does not coordinate there.
    pub fn member_named(&self, hood: NeighborhoodId, wanted: &str) -> Result<(MemberId, String), ClientError> {
        self.read(|tx| {
            let roster = roster_of(tx, hood, "see the members of this neighborhood")?;
            let members: Vec<RosterMember> = roster.members().values().cloned().collect();
            match find_handle(&members, wanted) {
                Ok(member) => Ok((member.id, member.handle.clone())),
                Err(error @ ClientError::NotFound { .. }) => {
                    let gone: Vec<(Vec<u8>, StoredGone)> = tx.list(Bucket::Gone, &hood.0)?;
                    let named = |gone: &&StoredGone| gone.handle == wanted || gone.member.to_string() == wanted;
                    let gone = gone.iter().map(|(_, gone)| gone).filter(named).max_by_key(|gone| gone.at);
                    let gone = gone.map(|gone| (gone.member, gone.handle.clone()));
                    // Another coordinator may have removed them.
                    gone.or(member_before(tx, hood, wanted)?).ok_or(error)
                }
                Err(error) => Err(error),
            }
        })
    }

    /// Removes members, and opens the next epoch unless all of it waits for another coordinator. Run again, it goes on
    /// where it was.
    ///
    /// # Errors
    /// Nothing is done: a reason that is too long, this vault's own member, the last coordinator, no right, no relay.
    /// `Queued`: it is signed and kept, and no relay took it yet.
    pub async fn remove_members(
        &self,
        hood: NeighborhoodId,
        members: &[(MemberId, String)],
        reason: &str,
    ) -> Result<Vec<RemovalView>, ClientError> {
        if reason.len() > REASON_LEN {
            return Err(ClientError::Invalid(format!("a reason has at most {REASON_LEN} bytes")));
        }
        let (mut link, _) = Box::pin(self.connected(hood)).await?;
        if !link.coordinator || !self.may(hood, Right::Enroll)? {
            return Err(ClientError::NotGranted("remove members here"));
        }
        let granted = self.check_removal(hood, members)?;
        self.require_opening(&link)?;
        match self.sign_removals(&mut link, members, reason).await {
            Ok(()) => {}
            Err(ClientError::Unreachable { .. } | ClientError::Broken(_)) => return Err(ClientError::Queued),
            Err(error) => return Err(error),
        }
        link.connection.close().await;
        let epoch = self.open_where_due(hood).await?;
        self.read(|tx| {
            let roster = roster_of(tx, hood, "see the members of this neighborhood")?;
            let view = |(member, handle): &(MemberId, String)| RemovalView {
                member: *member,
                handle: handle.clone(),
                state: match roster.members().contains_key(member) {
                    true => RemovalState::Waiting,
                    false => RemovalState::Out { from: epoch },
                },
                granted: granted.contains(member),
            };
            Ok(members.iter().map(view).collect())
        })
    }

    /// Refuses what would leave a neighborhood without hands. Returns whom the charter still grants a right.
    fn check_removal(
        &self,
        hood: NeighborhoodId,
        members: &[(MemberId, String)],
    ) -> Result<BTreeSet<MemberId>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let (own, roster) = self.read(|tx| {
            Ok((Hood::load(tx, hood)?.member, roster_of(tx, hood, "see the members of this neighborhood")?))
        })?;
        if members.iter().any(|(member, _)| *member == own) {
            return Err(ClientError::Invalid(
                "nobody removes themselves: another coordinator can, or leave".to_owned(),
            ));
        }
        let out: BTreeSet<MemberId> = members.iter().map(|(member, _)| *member).collect();
        let enrolls = |member: &&RosterMember| {
            let key = member.charter_key.as_ref();
            key.is_some_and(|key| charters.rights().granted(key, hood, Right::Enroll, now).is_some())
        };
        if !roster.members().values().filter(enrolls).any(|member| !out.contains(&member.id)) {
            return Err(ClientError::Invalid(
                "nobody who may approve people would be left: grant somebody that right first".to_owned(),
            ));
        }
        let granted = |member: &&RosterMember| {
            let key = member.charter_key.as_ref();
            out.contains(&member.id) && key.is_some_and(|key| charters.rights().any_right(key, hood, now).is_some())
        };
        Ok(roster.members().values().filter(granted).map(|member| member.id).collect())
    }

    /// Signs a removal of everybody who is still there and whose removal this vault has not signed yet.
    async fn sign_removals(
        &self,
        link: &mut Link,
        members: &[(MemberId, String)],
        reason: &str,
    ) -> Result<(), ClientError> {
        let (hood, now) = (link.hood, self.now());
        let key = self.device_key(hood, "remove members here")?.public();
        let new: Vec<&(MemberId, String)> = self.read(|tx| {
            let roster = roster_of(tx, hood, "see the members of this neighborhood")?;
            let signed = signed_by(tx, hood, |signer| *signer == key)?;
            let wanted =
                |(member, _): &&(MemberId, String)| roster.members().contains_key(member) && !signed.contains(member);
            Ok(members.iter().filter(wanted).collect())
        })?;
        if new.is_empty() {
            return Ok(());
        }
        let events = new.iter().map(|(member, _)| Event::Remove { member: *member, reason: reason.to_owned() });
        self.roster_events(link, events.collect(), |tx| {
            for (member, handle) in &new {
                let gone = StoredGone { member: *member, handle: handle.clone(), at: now };
                tx.put(Bucket::Gone, &state::name(hood, &member.0), &gone)?;
            }
            Ok(())
        })
        .await
    }

    /// Opens epochs until nobody who is out holds the keys of the newest. Returns its number.
    async fn open_where_due(&self, hood: NeighborhoodId) -> Result<Epoch, ClientError> {
        for _ in 0..4 {
            // Every connection of a coordinator does what is due.
            let (mut link, _) = Box::pin(self.connected(hood)).await?;
            if let Some(trouble) = link.trouble.take() {
                return Err(trouble);
            }
            let due: Option<StoredDue> =
                self.read(|tx| Ok(tx.get(Bucket::Due, &state::epoch_name(hood, link.epoch))?))?;
            if due.is_none() {
                link.connection.close().await;
                return Ok(link.epoch);
            }
            match Box::pin(self.open_next(&mut link)).await {
                Ok(()) | Err(ClientError::Refused(Refusal::Stale { .. } | Refusal::ClosedEpoch { .. })) => {}
                Err(error) => return Err(error),
            }
            link.connection.close().await;
        }
        Err(ClientError::Raced)
    }

    /// The removals that wait for another coordinator, from the vault.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn waiting_removals(&self, hood: NeighborhoodId) -> Result<Vec<WaitingRemoval>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let own = self.device_key(hood, "").ok().and_then(|key| charters.rights().coordinator_of(&key.public()));
        self.read(|tx| {
            let roster = roster_of(tx, hood, "see the members of this neighborhood")?;
            let waits = waiting_removals(tx, hood, &charters, &roster, now)?;
            let view = |(member, by): (MemberId, CoordinatorId)| {
                let entry = roster.members().get(&member)?;
                let by_name = coordinator_name(&roster, &charters.rights(), &by);
                Some(WaitingRemoval { member, handle: entry.handle.clone(), by: by_name, own: own == Some(by) })
            };
            Ok(waits.into_iter().filter_map(view).collect())
        })
    }
}

/// The roster of the current epoch.
fn roster_of(tx: &Tx<'_>, hood: NeighborhoodId, what: &'static str) -> Result<Roster, ClientError> {
    let state = Hood::load(tx, hood)?;
    load_roster(tx, hood, state.place(), state.epoch)?.ok_or(ClientError::NotGranted(what))
}

/// The one who was called so on the rosters before this one, the newest first.
fn member_before(tx: &Tx<'_>, hood: NeighborhoodId, wanted: &str) -> Result<Option<(MemberId, String)>, ClientError> {
    for roster in rosters(tx, &Hood::load(tx, hood)?)?.iter().rev() {
        let members: Vec<RosterMember> = roster.members().values().cloned().collect();
        if let Ok(member) = find_handle(&members, wanted) {
            return Ok(Some((member.id, member.handle.clone())));
        }
    }
    Ok(None)
}

/// What a coordinator is called on the roster.
fn coordinator_name(roster: &Roster, rights: &Rights<'_>, wanted: &CoordinatorId) -> String {
    let is = |member: &&RosterMember| {
        member.charter_key.as_ref().and_then(|key| rights.coordinator_of(key)).as_ref() == Some(wanted)
    };
    roster.members().values().find(is).map_or_else(|| wanted.to_string(), |member| member.handle.clone())
}

/// Whose removal is signed already by such a key.
fn signed_by(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    by: impl Fn(&PublicKey) -> bool,
) -> Result<BTreeSet<MemberId>, ClientError> {
    let events: Vec<(Vec<u8>, StoredEvent)> = tx.list(Bucket::RosterEvent, &hood.0)?;
    let removed = |stored: &StoredEvent| match wire::decode_body::<EventBody>(&stored.event.body).ok()?.event {
        Event::Remove { member, .. } => Some(member),
        _ => None,
    };
    Ok(events.iter().map(|(_, stored)| stored).filter(|stored| by(&stored.event.signer)).filter_map(removed).collect())
}
