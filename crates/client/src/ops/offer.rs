//! What this person offers: roles and languages, said anew to the coordinators.

use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::inbox::Profile;
use watchfire_protocol::roster::{MAX_LANGUAGES, MAX_ROLES, Offer, offer_fits};
use watchfire_protocol::vocabulary::{Code, Language};
use watchfire_protocol::wire::{self, Extensions};

use crate::client::{Client, hood_name};
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::link::Receipt;
use crate::state::{Hood, Profile as Person, Queued};
use crate::vault::{Bucket, Tx};

/// What somebody changes of what they offer; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferChange {
    /// The roles.
    pub roles: Option<Vec<Code>>,
    /// The languages.
    pub languages: Option<Vec<Language>>,
}

/// What was told in one neighborhood.
pub struct Offered {
    /// What it is called.
    pub neighborhood: String,
    /// What is offered there.
    pub offer: Offer,
    /// What the relay answered; nothing while it is queued.
    pub receipt: Option<Receipt>,
    /// Why it is queued.
    pub why_queued: Option<ClientError>,
}

impl Client {
    /// What this person offers in a neighborhood, as far as this device knows.
    ///
    /// # Errors
    /// There is no such neighborhood here, or the disk refuses.
    pub fn offer(&self, hood: NeighborhoodId) -> Result<Option<Offer>, ClientError> {
        self.read(|tx| match tx.get(Bucket::OwnOffer, &hood.0)? {
            // Also before they are a member.
            Some(offer) => Ok(Some(offer)),
            None => known_offer(tx, &Hood::load(tx, hood)?),
        })
    }

    /// Tells the coordinators of a neighborhood what this person offers from now on.
    ///
    /// # Errors
    /// It is more than fits. What no relay took stays queued, and that is no error.
    pub async fn change_offer(&self, hood: NeighborhoodId, change: OfferChange) -> Result<Offered, ClientError> {
        let now = self.now();
        let (neighborhood, offer, ticket) = self.vault.transact(|tx| {
            let state = Hood::load(tx, hood)?;
            let before = known_offer(tx, &state)?;
            let (roles, languages) = before.map(|offer| (offer.roles, offer.languages)).unwrap_or_default();
            let offer = Offer {
                at: now,
                roles: change.roles.unwrap_or(roles),
                languages: change.languages.unwrap_or(languages),
            };
            check(&Person::load(tx)?.handle, &offer)?;
            tx.put(Bucket::OwnOffer, &hood.0, &offer)?;
            let (roles, languages) = (offer.roles.clone(), offer.languages.clone());
            let body = wire::encode_body(&Profile { at: now, roles, languages, extensions: Extensions::default() });
            let ticket = self.enqueue(tx, &Queued::Inbox { hood, body })?;
            Ok::<_, ClientError>((hood_name(tx, hood)?, offer, ticket))
        })?;
        let (receipt, why_queued) = match self.deliver(hood, &ticket).await {
            Ok(receipt) => (Some(receipt), None),
            Err(error) => (None, Some(error)),
        };
        Ok(Offered { neighborhood, offer, receipt, why_queued })
    }
}

/// What was said last from this device; else what a coordinator's roster has.
fn known_offer(tx: &Tx<'_>, hood: &Hood) -> Result<Option<Offer>, ClientError> {
    if let Some(offer) = tx.get(Bucket::OwnOffer, &hood.id.0)? {
        return Ok(Some(offer));
    }
    let roster = load_roster(tx, hood.id, hood.place(), hood.epoch)?;
    let entry = roster.as_ref().and_then(|roster| roster.members().get(&hood.member));
    Ok(entry.map(|entry| Offer {
        at: entry.described,
        roles: entry.roles.clone(),
        languages: entry.languages.iter().filter_map(|tag| Language::new(tag).ok()).collect(),
    }))
}

fn check(handle: &str, offer: &Offer) -> Result<(), ClientError> {
    let spoken: Vec<String> = offer.languages.iter().map(ToString::to_string).collect();
    if offer.roles.len() > MAX_ROLES || spoken.len() > MAX_LANGUAGES || !offer_fits(handle, &spoken, &offer.roles) {
        let most = format!("at most {MAX_ROLES} roles and {MAX_LANGUAGES} languages can be offered");
        return Err(ClientError::Invalid(most));
    }
    Ok(())
}
