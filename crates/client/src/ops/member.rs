//! Members: who waits, who is there, approving.

use std::collections::BTreeSet;
use std::sync::Arc;

use watchfire_protocol::charter::Right;
use watchfire_protocol::id::{MemberId, NeighborhoodId, RequestHash};
use watchfire_protocol::invite::{InviteSecret, JoinRequest};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::phrase::{Half, Phrase};
use watchfire_protocol::roster::{Event, InviteRole, Roster, RosterMember, RosterSecrets};
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::slot::SlotSecret;
use watchfire_protocol::time::Timestamp;

use super::join::{member_id, phrase_words};
use crate::client::Client;
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::fold::{suspended, vouches};
use crate::link::Link;
use crate::state::{Hood, StoredRequest};
use crate::vault::Bucket;

/// Somebody who waits for approval.
#[derive(Clone, Debug)]
pub struct PendingView {
    /// The request.
    pub request: RequestHash,
    /// What they want to be called.
    pub handle: String,
    /// What they ask to be.
    pub role: InviteRole,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// When the request arrived.
    pub received: Timestamp,
    /// The three words that this coordinator reads aloud, in English and in Spanish.
    pub say: [[String; 3]; 2],
}

/// A member.
#[derive(Clone, Debug)]
pub struct MemberView {
    /// Their id.
    pub id: MemberId,
    /// What they are called.
    pub handle: String,
    /// Whether they brought a charter key.
    pub coordinator: bool,
    /// Roles that they offer.
    pub roles: Vec<String>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// When they were approved.
    pub since: Timestamp,
}

/// A request that waits, read, with the roster at that moment.
type OpenRequest = (StoredRequest, JoinRequest, Place, Arc<Roster>);

impl Client {
    /// As whom the device of a charter key is a member, as far as this vault holds rosters: the neighborhood and the
    /// handle.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn joined_as(&self, key: &PublicKey) -> Result<Vec<(NeighborhoodId, String)>, ClientError> {
        self.read(|tx| {
            let mut out = Vec::new();
            for state in Hood::all(tx)? {
                let Some(roster) = load_roster(tx, state.id, state.place(), state.epoch)? else { continue };
                let theirs = roster.members().values().filter(|member| member.charter_key == Some(*key));
                out.extend(theirs.map(|member| (state.id, member.handle.clone())));
            }
            Ok(out)
        })
    }

    /// The requests that wait, from the vault; connect first to see those that just came.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn pending(&self, hood: NeighborhoodId) -> Result<Vec<PendingView>, ClientError> {
        let views = self.open_requests(hood)?.into_iter().map(pending_view);
        Ok(views.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// One request that waits; nothing if there is none, or if its invite has ended.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn pending_request(
        &self,
        hood: NeighborhoodId,
        wanted: &RequestHash,
    ) -> Result<Option<PendingView>, ClientError> {
        let found = self.open_requests(hood)?.into_iter().find(|(stored, ..)| stored.hash == *wanted);
        Ok(found.map(pending_view).transpose()?.flatten())
    }

    /// Who waits, without the words: those take a quarter of a second each.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn waiting(&self, hood: NeighborhoodId) -> Result<Vec<(RequestHash, String)>, ClientError> {
        Ok(self.open_requests(hood)?.into_iter().map(|(stored, request, ..)| (stored.hash, request.handle)).collect())
    }

    fn open_requests(&self, hood: NeighborhoodId) -> Result<Vec<OpenRequest>, ClientError> {
        self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let place = state.place();
            let roster = load_roster(tx, hood, place, state.epoch)?
                .ok_or(ClientError::NotGranted("see who waits for this neighborhood"))?;
            let roster = Arc::new(roster);
            let mut out = Vec::new();
            for (_, stored) in tx.list::<StoredRequest>(Bucket::Request, &hood.0)? {
                if roster.approved(&stored.hash) || roster.removed(&member_id(&stored.hash)) {
                    continue;
                }
                if let Ok((_, request)) = JoinRequest::open(&stored.request, &place) {
                    out.push((stored, request, place, Arc::clone(&roster)));
                }
            }
            out.sort_by_key(|(stored, ..)| stored.received);
            Ok(out)
        })
    }

    /// Approves a request whose three words were heard: an event for the coordinators, then a slot for the newcomer.
    ///
    /// # Errors
    /// Other words, an invite that has ended or is used up, no right to enroll, or no relay.
    pub async fn approve(&self, hood: NeighborhoodId, wanted: &str, heard: &str) -> Result<MemberView, ClientError> {
        let (mut link, _) = Box::pin(self.connected(hood)).await?;
        self.refuse_if_closed(hood)?;
        if !self.may(hood, Right::Enroll)? {
            return Err(ClientError::NotGranted("approve members here"));
        }
        let requests = self.open_requests(hood)?;
        let all = requests.into_iter().map(|found| (found.0.hash.to_string(), found));
        let (stored, request, place, roster) = super::by_prefix("request", wanted, all)?;
        let phrase = phrase_of(&stored, &request, &place, &roster)?
            .ok_or_else(|| ClientError::Expired { what: "the invite of request", name: wanted.to_owned() })?;
        if !phrase.matches(Half::Newcomer, heard) {
            return Err(ClientError::WrongWords);
        }
        let member = self.add_member(&mut link, &stored, &request).await?;
        self.repair_slots(&link).await?;
        link.connection.close().await;
        Ok(view(&member))
    }

    /// Whom the approval of a request made a member, from the vault.
    ///
    /// # Errors
    /// This vault does not coordinate there, or several requests begin so.
    pub fn approved(&self, hood: NeighborhoodId, wanted: &str) -> Result<Option<MemberView>, ClientError> {
        let members = self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let roster = load_roster(tx, hood, state.place(), state.epoch)?
                .ok_or(ClientError::NotGranted("see the members of this neighborhood"))?;
            let requested = |member: &&RosterMember| member.request != RequestHash::ZERO;
            let named = |member: &RosterMember| (member.request.to_string(), view(member));
            Ok(roster.members().values().filter(requested).map(named).collect::<Vec<_>>())
        })?;
        match super::by_prefix("request", wanted, members) {
            Err(ClientError::NotFound { .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    async fn add_member(
        &self,
        link: &mut Link,
        stored: &StoredRequest,
        request: &JoinRequest,
    ) -> Result<RosterMember, ClientError> {
        // As it is at this moment: the request before this one may have used the invite up.
        let roster = self.read(|tx| {
            let place = Hood::load(tx, link.hood)?.place();
            load_roster(tx, link.hood, place, link.epoch)?.ok_or(ClientError::NotGranted("approve members here"))
        })?;
        let place = roster.context().place;
        let invite = roster.invite(&stored.invite);
        let good = invite.as_ref().is_some_and(|invite| {
            invite.expires > stored.received && roster.uses(&invite.id) < usize::from(invite.uses)
        });
        if !good {
            return Err(ClientError::Expired { what: "the invite of", name: request.handle.clone() });
        }
        let key = self.device_key(link.hood, "approve members")?;
        let secret = SlotSecret::new(place.at(request.epoch), request.secret.clone())
            .step_to(link.epoch)
            .map_err(|_| ClientError::Untrusted("the request names an epoch that is not here yet".to_owned()))?;
        let member = RosterMember {
            id: member_id(&stored.hash),
            identity: request.identity,
            kem: request.kem.clone(),
            secrets: RosterSecrets::new(&secret),
            handle: unique_handle(&request.handle, &roster),
            languages: request.languages.clone(),
            roles: request.roles.clone(),
            charter_key: match invite.map(|invite| invite.role) {
                Some(InviteRole::Coordinator) => request.charter_key.map(|claim| claim.key),
                _ => None,
            },
            since: self.now(),
            added_by: key.public(),
            added_in: link.epoch,
            invite: Some(stored.invite),
            request: stored.hash,
            described: Timestamp(0),
        };
        self.roster_event(link, Event::Add(Box::new(member.clone()))).await?;
        Ok(member)
    }

    /// Approves who comes by an invite that was handed over in person. Their slots are added with the other repairs.
    pub(crate) async fn approve_automatic(&self, link: &mut Link) -> Result<(), ClientError> {
        let hood = link.hood;
        if !self.may(hood, Right::Enroll)? {
            return Ok(());
        }
        for (stored, request, _, roster) in self.open_requests(hood).unwrap_or_default() {
            let invite = roster.invite(&stored.invite);
            let until = invite.filter(|invite| invite.role == InviteRole::Responder).and_then(|i| i.auto_approve);
            if until.is_some_and(|until| stored.received <= until) {
                match self.add_member(link, &stored, &request).await {
                    // Used up: it waits for a person to look at.
                    Ok(_) | Err(ClientError::Expired { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// The members who get no keys until another coordinator approves them again: whoever added them is distrusted.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn doubtful(&self, hood: NeighborhoodId) -> Result<Vec<MemberView>, ClientError> {
        let charters = self.charters()?;
        self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let roster = load_roster(tx, hood, state.place(), state.epoch)?
                .ok_or(ClientError::NotGranted("see the members of this neighborhood"))?;
            let suspended = suspended(&charters, &roster);
            Ok(roster.members().values().filter(|member| suspended.contains(&member.id)).map(view).collect())
        })
    }

    /// Approves such a member again, and adds their slot.
    ///
    /// # Errors
    /// They are in no doubt, this vault added them itself, it has no right to enroll, or no relay answers.
    pub async fn approve_again(&self, hood: NeighborhoodId, wanted: MemberId) -> Result<MemberView, ClientError> {
        let (mut link, _) = Box::pin(self.connected(hood)).await?;
        if !self.may(hood, Right::Enroll)? {
            return Err(ClientError::NotGranted("approve members here"));
        }
        let again = self.doubtful(hood)?.into_iter().find(|member| member.id == wanted);
        let again = again.ok_or_else(|| ClientError::NotFound { what: "member", name: wanted.to_string() })?;
        let (charters, key) = (self.charters()?, self.device_key(hood, "approve members")?.public());
        let roster = self.read(|tx| load_roster(tx, hood, Hood::load(tx, hood)?.place(), link.epoch))?;
        if !roster.is_some_and(|roster| vouches(&charters, &roster, &wanted, &key)) {
            return Err(ClientError::NotGranted("approve again whom it approved itself"));
        }
        self.roster_event(&mut link, Event::Vouch { member: wanted }).await?;
        self.repair_slots(&link).await?;
        link.connection.close().await;
        Ok(again)
    }

    /// The members of a neighborhood, from the vault.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn members(&self, hood: NeighborhoodId) -> Result<Vec<MemberView>, ClientError> {
        self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let roster = load_roster(tx, hood, state.place(), state.epoch)?
                .ok_or(ClientError::NotGranted("see the members of this neighborhood"))?;
            let mut out: Vec<MemberView> = roster.members().values().map(view).collect();
            out.sort_by(|one, other| one.handle.cmp(&other.handle));
            Ok(out)
        })
    }
}

fn pending_view((stored, request, place, roster): OpenRequest) -> Result<Option<PendingView>, ClientError> {
    let phrase = phrase_of(&stored, &request, &place, &roster)?;
    Ok(phrase.map(|phrase| PendingView {
        request: stored.hash,
        role: roster.invite(&stored.invite).map_or(InviteRole::Responder, |invite| invite.role),
        handle: request.handle,
        languages: request.languages,
        received: stored.received,
        say: phrase_words(&phrase, Half::Coordinator),
    }))
}

fn view(member: &RosterMember) -> MemberView {
    MemberView {
        id: member.id,
        handle: member.handle.clone(),
        coordinator: member.charter_key.is_some(),
        roles: member.roles.iter().map(ToString::to_string).collect(),
        languages: member.languages.clone(),
        since: member.since,
    }
}

/// Two members of one handle could be taken for each other: the later one gets a number.
fn unique_handle(wanted: &str, roster: &Roster) -> String {
    let handles: BTreeSet<&str> = roster.members().values().map(|member| member.handle.as_str()).collect();
    let taken = |handle: &str| handles.contains(handle);
    let numbered = (2..).map(|n| format!("{wanted} {n}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|handle| !taken(handle)).unwrap_or_default()
}

/// The phrase of a request; none if its invite has ended.
fn phrase_of(
    stored: &StoredRequest,
    request: &JoinRequest,
    place: &Place,
    roster: &Roster,
) -> Result<Option<Phrase>, ClientError> {
    let Some(invite) = roster.invite(&request.invite) else { return Ok(None) };
    let key = InviteSecret::new(invite.secret).key(place).public();
    Phrase::compute(place, &invite.link_charter, &request.invite, &key, &stored.hash)
        .map(Some)
        .map_err(|error| ClientError::Unexpected(error.to_string()))
}
