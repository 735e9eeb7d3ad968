//! Invites: made, listed, withdrawn.

use std::path::Path;

use watchfire_protocol::charter::Right;
use watchfire_protocol::frame::{Refusal, Request};
use watchfire_protocol::id::{InviteId, NeighborhoodId};
use watchfire_protocol::invite::{InviteLink, InviteSecret, LinkError};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::roster::{Event, EventBody, InviteRole, MAX_CARDS, RosterInvite};
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire::Extensions;
use zeroize::Zeroizing;

use super::by_prefix;
use crate::client::Client;
use crate::duties::{patiently, register_invite};
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::fold::refold;
use crate::link::Link;
use crate::records::{event_id, keep_event};
use crate::relays::AtRelay;
use crate::state::{Hood, Queued, names};
use crate::unfinished::Typed;
use crate::vault::Tx;

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
    pub link: Zeroizing<String>,
    /// Until when.
    pub expires: Timestamp,
}

/// A fresh batch of cards.
pub struct NewCards {
    /// The batch's id.
    pub id: InviteId,
    /// The links, in the order of the cards' numbers: secrets, to be handed over.
    pub links: Vec<Zeroizing<String>>,
    /// Until when.
    pub expires: Timestamp,
}

/// What was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// The invite, or the batch.
    pub id: InviteId,
    /// One card of the batch.
    pub card: Option<u16>,
    /// How many cards ended with it, used ones included; 0 for an invite that is no batch.
    pub cards: u16,
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
    /// How many cards the batch has; 0 for an invite that is none.
    pub cards: u16,
    /// How many of the cards were withdrawn.
    pub withdrawn: usize,
}

/// What a new invite is made with.
struct Inviting {
    link: Link,
    place: Place,
    key: SecretKey,
    charter: [u8; 16],
    host: String,
}

impl Inviting {
    fn text(&self, secret: InviteSecret, in_person: bool) -> Result<Zeroizing<String>, LinkError> {
        let mut neighborhood = [0; 4];
        neighborhood.copy_from_slice(self.place.neighborhood.0.split_at(4).0);
        let link = InviteLink { secret, charter: self.charter, neighborhood, host: self.host.clone(), in_person };
        link.to_text().map(Zeroizing::new)
    }
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
        let mut inviting = self.inviting(hood).await?;
        let (now, place) = (self.now(), inviting.place);
        let secret = InviteSecret::generate(&mut rand::rng());
        let expires = now.plus(terms.expires_in);
        let invite = RosterInvite {
            id: secret.id(&place),
            secret: secret.secret().clone(),
            link_charter: inviting.charter,
            role: terms.role,
            handle: terms.handle.clone(),
            uses: terms.uses,
            expires,
            auto_approve: terms.auto_approve.then(|| now.plus(AUTO_APPROVE)),
            created_by: inviting.key.public(),
            cards: 0,
        };
        let text = inviting.text(secret, terms.auto_approve)?;
        self.publish_invite(&mut inviting, &invite, None).await?;
        inviting.link.connection.close().await;
        Ok(NewInvite { id: invite.id, link: text, expires })
    }

    /// Makes a batch of cards: each a responder's invite for one use, to be handed over in person, and approved by the
    /// desk itself until it expires.
    ///
    /// # Errors
    /// This device may not enroll here, terms out of bounds, or no relay answers: then none of the cards is good.
    pub async fn invite_cards(
        &self,
        hood: NeighborhoodId,
        cards: u16,
        expires_in: u64,
    ) -> Result<NewCards, ClientError> {
        self.cards_once(hood, cards, expires_in, None).await
    }

    /// The same for a file, as it was typed: where the same was typed before and interrupted, these are those cards. It
    /// counts as interrupted until [`Self::told`].
    ///
    /// # Errors
    /// Those of [`Self::invite_cards`].
    pub async fn invite_typed_cards(
        &self,
        hood: NeighborhoodId,
        cards: u16,
        expires_in: u64,
        file: &Path,
    ) -> Result<NewCards, ClientError> {
        self.cards_once(hood, cards, expires_in, Some(Typed::cards(hood, cards, expires_in, file))).await
    }

    /// Whether cards for this file were typed before, and that was interrupted.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn cards_were_begun(
        &self,
        hood: NeighborhoodId,
        cards: u16,
        expires_in: u64,
        file: &Path,
    ) -> Result<bool, ClientError> {
        let typed = Typed::cards(hood, cards, expires_in, file);
        self.read(|tx| Ok(typed.begun(tx, self.now())?.is_some()))
    }

    async fn cards_once(
        &self,
        hood: NeighborhoodId,
        cards: u16,
        expires_in: u64,
        typed: Option<Typed>,
    ) -> Result<NewCards, ClientError> {
        if !((1..=MAX_CARDS).contains(&cards) && (60..=MAX_LIFETIME).contains(&expires_in)) {
            return Err(ClientError::Invalid(format!(
                "a batch has 1 to {MAX_CARDS} cards, and they last a minute to 30 days"
            )));
        }
        let mut inviting = self.inviting(hood).await?;
        let (place, expires) = (inviting.place, self.now().plus(expires_in));
        let begun = typed.as_ref().map(|typed| self.begun_cards(&inviting, typed)).transpose()?.flatten();
        let secret = match &begun {
            Some(batch) => InviteSecret::new(batch.secret.clone()),
            None => InviteSecret::generate(&mut rand::rng()),
        };
        let is_new = begun.is_none();
        let batch = begun.unwrap_or_else(|| RosterInvite {
            id: secret.id(&place),
            secret: secret.secret().clone(),
            link_charter: inviting.charter,
            role: InviteRole::Responder,
            handle: String::new(),
            uses: cards,
            expires,
            auto_approve: Some(expires),
            created_by: inviting.key.public(),
            cards,
        });
        inviting.charter = batch.link_charter;
        let numbers = 1..=cards;
        let links = numbers.map(|number| inviting.text(secret.card(&place, number), true)).collect::<Result<_, _>>()?;
        let published = match is_new {
            true => self.publish_invite(&mut inviting, &batch, typed.as_ref()).await,
            false => self.register(&inviting, &batch).await,
        };
        if let Err(error) = published {
            // Nobody will hold these cards: they must not stay open. Without a relay this waits in the outbox.
            let _ = self.roster_event(&mut inviting.link, Event::EndInvite { invite: batch.id }).await;
            return Err(error);
        }
        inviting.link.connection.close().await;
        Ok(NewCards { id: batch.id, links, expires: batch.expires })
    }

    /// The cards of an interrupted command, unless they were ended since.
    fn begun_cards(&self, inviting: &Inviting, typed: &Typed) -> Result<Option<RosterInvite>, ClientError> {
        let (hood, now) = (inviting.place.neighborhood, self.now());
        self.read(|tx| {
            let Some(begun) = typed.begun(tx, now)? else { return Ok(None) };
            let roster = load_roster(tx, hood, inviting.place, inviting.link.epoch)?;
            Ok(roster.and_then(|roster| roster.invites().get(&InviteId(begun.id)).cloned()))
        })
    }

    async fn inviting(&self, hood: NeighborhoodId) -> Result<Inviting, ClientError> {
        let (link, _) = Box::pin(self.connected(hood)).await?;
        self.refuse_if_closed(hood)?;
        if !link.coordinator || !self.may(hood, Right::Enroll)? {
            return Err(ClientError::NotGranted("invite people to this neighborhood"));
        }
        let key = self.device_key(hood, "invite people")?;
        let charters = self.charters()?;
        // The one that answers: whoever has the link knows no other.
        let host = InviteLink::host_of(&link.relay.url).ok_or(LinkError::Host)?;
        let mut charter = [0; 16];
        charter.copy_from_slice(charters.newest().hash().0.split_at(16).0);
        let place = self.read(|tx| Hood::load(tx, hood))?.place();
        Ok(Inviting { link, place, key, charter, host })
    }

    /// Tells the other coordinators of an invite, and then the relay.
    async fn publish_invite(
        &self,
        inviting: &mut Inviting,
        invite: &RosterInvite,
        typed: Option<&Typed>,
    ) -> Result<(), ClientError> {
        let (place, now) = (inviting.place, self.now());
        let besides = |tx: &Tx<'_>| typed.map_or(Ok(()), |typed| typed.begin(tx, invite.id.0, &[], now));
        match self.roster_events(&mut inviting.link, vec![Event::Invite(invite.clone())], besides).await {
            // It is kept, and the next connection brings it into the epoch that was opened meanwhile.
            Err(ClientError::Refused(Refusal::ClosedEpoch { .. })) => {
                inviting.link = Box::pin(self.connected(place.neighborhood)).await?.0;
            }
            told => told?,
        }
        self.register(inviting, invite).await
    }

    /// Tells the relay of an invite that the coordinators know.
    async fn register(&self, inviting: &Inviting, invite: &RosterInvite) -> Result<(), ClientError> {
        let (place, epoch) = (inviting.place, inviting.link.epoch);
        let roster = self.read(|tx| load_roster(tx, place.neighborhood, place, epoch))?;
        let roster = roster.ok_or(ClientError::NotGranted("invite people to this neighborhood"))?;
        let mut connection = self.device_connection(&inviting.link.relay, place).await?;
        register_invite(&mut connection, &roster, invite).await?;
        connection.close().await;
        let (hood, relay) = (place.neighborhood, &inviting.link.relay.key);
        self.vault.transact(|tx| {
            let mut at = AtRelay::load(tx, hood, relay)?;
            at.invites.push(invite.id);
            at.save(tx, hood, relay)
        })?;
        for other in &inviting.link.others {
            match self.bring_invites(other).await {
                // The next link brings it there.
                Err(error) if error.is_of_one_relay() => {}
                brought => brought?,
            }
        }
        Ok(())
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
                    cards: invite.cards,
                    withdrawn: roster.cards(&invite.id).filter(|(_, card)| roster.invite(card).is_none()).count(),
                })
                .collect())
        })
    }

    /// The conduct line of a neighborhood; empty for the default one.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn conduct(&self, hood: NeighborhoodId) -> Result<String, ClientError> {
        self.read(|tx| Ok(names(tx, hood)?.map(|names| names.conduct).unwrap_or_default()))
    }

    /// Ends an invite, a batch of cards, or one card: `A7K2/7` is the seventh of its batch.
    ///
    /// # Errors
    /// This device may not enroll here, no such invite or card, or no relay answers.
    pub async fn withdraw_invite(&self, hood: NeighborhoodId, wanted: &str) -> Result<Withdrawn, ClientError> {
        let (mut link, _) = Box::pin(self.connected(hood)).await?;
        if !link.coordinator || !self.may(hood, Right::Enroll)? {
            return Err(ClientError::NotGranted("withdraw invites of this neighborhood"));
        }
        let (invite, number) = match wanted.split_once('/') {
            Some((batch, number)) => (batch, Some(number)),
            None => (wanted, None),
        };
        let invites = self.invites(hood)?.into_iter().map(|invite| (invite.id.to_string(), invite));
        let found = by_prefix("invite", invite, invites)?;
        let cards: Vec<(u16, InviteId)> = self.read(|tx| {
            let place = Hood::load(tx, hood)?.place();
            let roster = load_roster(tx, hood, place, link.epoch)?;
            Ok(roster.map(|roster| roster.cards(&found.id).collect()).unwrap_or_default())
        })?;
        let missing = || ClientError::NotFound { what: "card", name: wanted.to_owned() };
        let (ended, at_relay, card) = match number {
            Some(number) => {
                let (number, id) = *cards.iter().find(|(card, _)| card.to_string() == number).ok_or_else(missing)?;
                (id, vec![id], Some(number))
            }
            None if cards.is_empty() => (found.id, vec![found.id], None),
            None => (found.id, cards.iter().map(|(_, id)| *id).collect(), None),
        };
        self.roster_event(&mut link, Event::EndInvite { invite: ended }).await?;
        let place = self.read(|tx| Hood::load(tx, hood))?.place();
        self.withdraw_at(&link, place, &at_relay).await?;
        link.goodbye().await;
        Ok(Withdrawn { id: found.id, card, cards: found.cards })
    }

    /// Ends invites at every relay of a link.
    pub(crate) async fn withdraw_at(&self, link: &Link, place: Place, ids: &[InviteId]) -> Result<(), ClientError> {
        for relay in std::iter::once(&link.relay).chain(link.others.iter().map(|other| &other.relay)) {
            let mut connection = self.device_connection(relay, place).await?;
            for id in ids {
                match patiently(&mut connection, Request::WithdrawInvite { id: *id }).await {
                    // It never came there, or is forgotten or over: nobody can use it.
                    Ok(()) | Err(ClientError::Refused(Refusal::NotFound | Refusal::InviteEnded)) => {}
                    Err(error) => return Err(error),
                }
            }
            connection.close().await;
        }
        Ok(())
    }

    /// Signs a roster event, folds it in here, and sends it. If the relay does not take it now, it waits in the outbox.
    pub(crate) async fn roster_event(&self, link: &mut Link, event: Event) -> Result<(), ClientError> {
        self.roster_events(link, vec![event], |_| Ok(())).await
    }

    /// The same of several, all of them or none, with what else is to be kept of them.
    pub(crate) async fn roster_events(
        &self,
        link: &mut Link,
        events: Vec<Event>,
        besides: impl FnOnce(&Tx<'_>) -> Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let key = self.device_key(link.hood, "change the roster")?;
        self.vault.transact(|tx| {
            let hood = Hood::load(tx, link.hood)?;
            for event in events {
                let body = EventBody {
                    epoch: link.epoch,
                    charter_version: charters.newest().version(),
                    charter: charters.newest().hash(),
                    at: now,
                    event,
                    extensions: Extensions::default(),
                };
                let signed = body.sign(&hood.place(), &key);
                keep_event(tx, &hood, &charters, &signed, None, link.epoch, now)?;
                self.enqueue(tx, &Queued::Roster { hood: link.hood, event: event_id(&signed) })?;
            }
            besides(tx)?;
            refold(tx, &hood, &charters, true, now)
        })?;
        self.flush(link).await?;
        Ok(())
    }
}
