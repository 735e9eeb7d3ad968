//! Invites: made, listed, withdrawn.

use watchfire_protocol::charter::Right;
use watchfire_protocol::frame::Request;
use watchfire_protocol::id::{InviteId, NeighborhoodId, RecordId};
use watchfire_protocol::invite::{InviteLink, InviteSecret, LinkError};
use watchfire_protocol::roster::{Event, EventBody, InviteRole, RosterInvite};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire::Extensions;

use super::by_prefix;
use crate::client::Client;
use crate::duties::register_invite;
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::link::Link;
use crate::records::{event_id, take_event};
use crate::state::{Hood, Queued};

/// At most so many uses an invite.
pub const MAX_USES: u16 = 200;
/// An invite that is handed over in person is approved by the desk itself within this time, in seconds.
pub const AUTO_APPROVE: u64 = 600;
/// At most so long is an invite good for, in seconds: 30 days.
pub const MAX_LIFETIME: u64 = 30 * 24 * 3600;

/// What an invite is to be.
#[derive(Clone, Debug)]
pub struct InviteTerms {
    /// What for.
    pub role: InviteRole,
    /// For whom; may be empty.
    pub handle: String,
    /// How often.
    pub uses: u16,
    /// For how long, in seconds.
    pub expires_in: u64,
    /// Approved by the desk itself: one use, within ten minutes.
    pub auto_approve: bool,
}

/// A fresh invite.
pub struct NewInvite {
    /// Its id.
    pub id: InviteId,
    /// The link: a secret, to be handed over.
    pub link: zeroize::Zeroizing<String>,
    /// Until when.
    pub expires: Timestamp,
}

/// What `invite list` tells.
#[derive(Clone, Debug)]
pub struct InviteView {
    /// Its id.
    pub id: InviteId,
    /// What for.
    pub role: InviteRole,
    /// For whom.
    pub handle: String,
    /// How often it may be used.
    pub uses: u16,
    /// How often it was.
    pub used: usize,
    /// Until when.
    pub expires: Timestamp,
}

impl Client {
    /// Makes an invite: known to the coordinators, then to the relay, then told.
    ///
    /// # Errors
    /// This device may not enroll here, terms out of bounds, or no relay answers.
    pub async fn invite(&self, hood: NeighborhoodId, terms: &InviteTerms) -> Result<NewInvite, ClientError> {
        let bounds = (1..=MAX_USES).contains(&terms.uses) && (60..=MAX_LIFETIME).contains(&terms.expires_in);
        if !bounds {
            return Err(ClientError::Invalid(format!(
                "an invite has 1 to {MAX_USES} uses and lasts a minute to 30 days"
            )));
        }
        if terms.auto_approve && (terms.uses != 1 || terms.role == InviteRole::Coordinator) {
            return Err(ClientError::Invalid("--auto-approve is for one responder: one use".to_owned()));
        }
        let (mut link, _) = Box::pin(self.connected(hood)).await?;
        if !link.coordinator || !self.may(hood, Right::Enroll)? {
            return Err(ClientError::NotGranted("invite people to this neighborhood"));
        }
        let now = self.now();
        let state = self.read(|tx| Hood::load(tx, hood))?;
        let place = state.place();
        let key = self.device_key(hood, "invite people")?;
        let charters = self.charters()?;
        let relay = charters.newest().body().relays.first().ok_or(ClientError::NoNetwork)?;
        let host = InviteLink::host_of(&relay.url).ok_or(LinkError::Host)?;
        let mut charter = [0; 16];
        charter.copy_from_slice(charters.newest().hash().0.split_at(16).0);
        let secret = InviteSecret::generate(&mut rand::rng());
        let expires = now.plus(terms.expires_in);
        let invite = RosterInvite {
            id: secret.id(&place),
            secret: secret.secret().clone(),
            link_charter: charter,
            role: terms.role,
            handle: terms.handle.clone(),
            uses: terms.uses,
            expires,
            auto_approve: terms.auto_approve.then(|| now.plus(AUTO_APPROVE)),
            created_by: key.public(),
        };
        let mut neighborhood = [0; 4];
        neighborhood.copy_from_slice(hood.0.split_at(4).0);
        let text = InviteLink { secret, charter, neighborhood, host, in_person: terms.auto_approve }.to_text()?;
        self.roster_event(&mut link, Event::Invite(invite.clone())).await?;
        let mut connection = self.device_connection(place).await?;
        register_invite(&mut connection, &place, &invite, 0).await?;
        connection.close().await;
        link.connection.close().await;
        Ok(NewInvite { id: invite.id, link: zeroize::Zeroizing::new(text), expires })
    }

    /// The invites of a neighborhood that have not ended.
    ///
    /// # Errors
    /// This vault does not coordinate there.
    pub fn invites(&self, hood: NeighborhoodId) -> Result<Vec<InviteView>, ClientError> {
        let now = self.now();
        self.read(|tx| {
            let state = Hood::load(tx, hood)?;
            let roster = load_roster(tx, hood, state.place(), state.epoch)?
                .ok_or(ClientError::NotGranted("see the invites of this neighborhood"))?;
            Ok(roster
                .invites()
                .values()
                .filter(|invite| invite.expires > now)
                .map(|invite| InviteView {
                    id: invite.id,
                    role: invite.role,
                    handle: invite.handle.clone(),
                    uses: invite.uses,
                    used: roster.uses(&invite.id),
                    expires: invite.expires,
                })
                .collect())
        })
    }

    /// Ends an invite.
    ///
    /// # Errors
    /// No such invite, or no relay answers.
    pub async fn withdraw_invite(&self, hood: NeighborhoodId, wanted: &str) -> Result<InviteId, ClientError> {
        let (mut link, _) = Box::pin(self.connected(hood)).await?;
        let invites = self.invites(hood)?.into_iter().map(|invite| (invite.id.to_string(), invite.id));
        let id = by_prefix("invite", wanted, invites)?;
        self.roster_event(&mut link, Event::EndInvite { invite: id }).await?;
        let place = self.read(|tx| Hood::load(tx, hood))?.place();
        let mut connection = self.device_connection(place).await?;
        connection.done(Request::WithdrawInvite { id }).await?;
        connection.close().await;
        link.connection.close().await;
        Ok(id)
    }

    /// Signs a roster event, folds it in here, and sends it. If the relay does not take it now, it waits in the outbox.
    pub(crate) async fn roster_event(&self, link: &mut Link, event: Event) -> Result<RecordId, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let key = self.device_key(link.hood, "change the roster")?;
        let id = self.vault.transact(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            let body = EventBody {
                epoch: link.epoch,
                charter_version: charters.newest().version(),
                charter: charters.newest().hash(),
                at: now,
                event,
                extensions: Extensions::default(),
            };
            let signed = body.sign(&hood.place(), &key);
            take_event(tx, &hood, &charters, &signed, None, now)?;
            let event = event_id(&signed);
            self.enqueue(tx, &Queued::Roster { hood: link.hood, event })?;
            Ok::<_, ClientError>(event)
        })?;
        self.flush(link).await?;
        Ok(id)
    }
}
