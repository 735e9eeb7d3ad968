//! Signing what others sent: one more coordinator who stands for an alert.

use std::collections::BTreeSet;

use watchfire_protocol::alert::{MAX_SIGNATURES, SignedAlert, sign_body};
use watchfire_protocol::charter::Right;
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, CoordinatorId, NeighborhoodId};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::sign::PublicKey;
use watchfire_protocol::verdict::{HeldReason, Verdict};
use watchfire_protocol::wire;

use super::by_prefix;
use super::thread::is_state;
use super::view::{AlertView, Filter, HeldView, Signatures, handles};
use crate::client::Client;
use crate::error::{ClientError, Unsignable};
use crate::link::Receipt;
use crate::records::{judge_claim, read_claim};
use crate::state::{Hood, Queued, StoredAlert, StoredCoSign, co_sign_name, name, names};
use crate::vault::{Bucket, Tx};

/// What a further signature is for.
#[derive(Clone, Debug)]
pub enum Waiting {
    /// An alert that is shown.
    Shown(Box<AlertView>),
    /// An alert that is held until enough coordinators have signed.
    Held(Box<HeldView>),
}

/// What became of a signature.
pub struct SignedMore {
    /// How many signatures the alert has with it.
    pub signatures: Signatures,
    /// Handles of those who could sign besides.
    pub others: Vec<String>,
    /// What the relay answered; nothing while it is queued.
    pub receipt: Option<Receipt>,
    /// Why it is queued.
    pub why_queued: Option<ClientError>,
}

impl Waiting {
    /// The neighborhood.
    #[must_use]
    pub const fn hood(&self) -> NeighborhoodId {
        match self {
            Self::Shown(view) => view.hood,
            Self::Held(view) => view.hood,
        }
    }

    /// The alert's id.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::Shown(view) => view.shown.id().to_string(),
            Self::Held(view) => view.id.clone(),
        }
    }

    /// What is told further by it: its thread. Nothing by what ends or corrects one.
    fn goes_on(&self) -> Vec<AlertId> {
        match self {
            Self::Shown(view) if is_state(&view.shown.body().content) => view.thread.ids.clone(),
            Self::Held(view) => {
                let content = view.claim.as_ref().map(|claim| &claim.content).filter(|content| is_state(content));
                let about = content.map(|content| content.references.clone()).unwrap_or_default();
                view.id.parse().into_iter().filter(|_| content.is_some()).chain(about).collect()
            }
            Self::Shown(_) => vec![],
        }
    }

    /// How many coordinators signed, and how many must.
    #[must_use]
    pub fn signatures(&self) -> Signatures {
        match self {
            Self::Shown(view) => view.signatures(),
            Self::Held(view) => match view.why {
                HeldReason::BelowQuorum { signed, quorum } => Signatures { have: signed, need: quorum },
                _ => Signatures { have: 0, need: 0 },
            },
        }
    }
}

impl Client {
    /// The alerts that wait for signatures where this vault may sign: those that are shown without them, and those that
    /// are held for it. What was stood down, corrected or replaced waits for none.
    ///
    /// # Errors
    /// The vault is in no network, or the disk refuses.
    pub fn unsigned(&self) -> Result<Vec<Waiting>, ClientError> {
        let now = self.now();
        let lacks = |view: &AlertView| !view.signatures().are_enough() && !view.is_settled();
        let shown = self.alerts(Filter::default())?.into_iter().filter(lacks);
        let held = self.waiting_in_hold()?.into_iter();
        let held = held.filter(|view| view.claim.as_ref().is_some_and(|claim| claim.expires > now));
        let mut all: Vec<Waiting> =
            shown.map(Box::new).map(Waiting::Shown).chain(held.map(Box::new).map(Waiting::Held)).collect();
        let hoods: BTreeSet<NeighborhoodId> = all.iter().map(Waiting::hood).collect();
        for hood in hoods {
            // Where this vault may not sign, or nothing is signed any more, nothing waits for it.
            if !self.may(hood, Right::Dispatch)? {
                all.retain(|waiting| waiting.hood() != hood);
            }
        }
        Ok(all)
    }

    /// One alert that this vault may sign, by any unique prefix of its id.
    ///
    /// # Errors
    /// None, or more than one, begins so; it has expired, or was stood down, corrected or replaced; this coordinator may not
    /// sign here, or has signed; or a report that it was made of was found not to be so.
    pub fn to_sign(&self, wanted: &str) -> Result<Waiting, ClientError> {
        let shown = self.alerts(Filter { expired: true, ..Filter::default() })?.into_iter();
        let all = shown.map(Box::new).map(Waiting::Shown);
        let all: Vec<Waiting> =
            all.chain(self.waiting_in_hold()?.into_iter().map(Box::new).map(Waiting::Held)).collect();
        let waiting = by_prefix("alert", wanted, all.into_iter().map(|waiting| (waiting.id(), waiting)))?;
        self.read(|tx| self.check_signable(tx, &waiting, wanted).map(drop))?;
        if matches!(&waiting, Waiting::Shown(view) if view.is_settled()) {
            return Err(Unsignable::Settled.into());
        }
        self.refuse_if_untrue(waiting.hood(), &waiting.goes_on())?;
        Ok(waiting)
    }

    /// Whether a signature by this vault under an alert waits in the outbox.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn signature_is_queued(&self, wanted: &str) -> Result<bool, ClientError> {
        let queued: Vec<(Vec<u8>, Queued)> = self.read(|tx| Ok(tx.list(Bucket::Outbox, b"")?))?;
        let all = queued.into_iter().filter_map(|(_, queued)| match queued {
            Queued::CoSign { alert, .. } => Some((alert.to_string(), ())),
            Queued::Alert { .. }
            | Queued::Inbox { .. }
            | Queued::Roster { .. }
            | Queued::Renewal { .. }
            | Queued::Desk { .. } => None,
        });
        Ok(by_prefix("alert", wanted, all).is_ok())
    }

    /// Adds this coordinator's signature to an alert: it is in the vault first, then at the relay.
    ///
    /// # Errors
    /// As [`Self::to_sign`], or the disk refuses. What no relay took stays queued, and that is no error.
    pub async fn sign_alert(&self, waiting: &Waiting) -> Result<SignedMore, ClientError> {
        let (hood, now) = (waiting.hood(), self.now());
        let key = self.device_key(hood, "sign alerts of this neighborhood")?;
        let (id, claim, ticket) = self.vault.transact(|tx| {
            // Looked at again within the transaction: another command may have signed meanwhile.
            let (place, mut stored, mut claim) = self.check_signable(tx, waiting, &waiting.id())?;
            let (id, signature) = (claim.id(&place), sign_body(&claim.body, &place, &key));
            if !claim.add(&place, signature) {
                return Err(Unsignable::Full.into());
            }
            stored.signed = wire::encode(&claim);
            let (state, charters) = (Hood::load(tx, hood)?, self.charters_in(tx)?);
            if let Verdict::Shown(shown) = judge_claim(tx, &state, &charters, now, &stored.arrival(), claim.clone())? {
                stored.counted = shown.counted().to_vec();
            }
            stored.told = stored.told.saturating_add(1);
            tx.put(Bucket::Alert, &name(hood, &id.0), &stored)?;
            let own = co_sign_name(&id, &signature);
            tx.put(Bucket::CoSign, &name(hood, &own), &StoredCoSign { signature, received: now, seen_at: vec![] })?;
            Ok::<_, ClientError>((id, claim, self.enqueue(tx, &Queued::CoSign { hood, alert: id, name: own })?))
        })?;
        let others = self.others_who_may_sign(hood, &claim)?;
        let delivered = self.deliver(hood, &ticket).await;
        let signatures = self.signatures_of(id)?;
        Ok(match delivered {
            Ok(receipt) => SignedMore { signatures, others, receipt: Some(receipt), why_queued: None },
            Err(error) => SignedMore { signatures, others, receipt: None, why_queued: Some(error) },
        })
    }

    /// How many coordinators signed an alert, and how many must.
    ///
    /// # Errors
    /// There is no such alert here.
    pub fn signatures_of(&self, id: AlertId) -> Result<Signatures, ClientError> {
        if let Ok(view) = self.alert(&id.to_string()) {
            return Ok(view.signatures());
        }
        let held = self.waiting_in_hold()?.into_iter().find(|view| view.id == id.to_string());
        let held = held.ok_or_else(|| ClientError::NotFound { what: "alert", name: id.to_string() })?;
        Ok(Waiting::Held(Box::new(held)).signatures())
    }

    /// Handles of the coordinators who may sign an alert here now, and have not.
    pub(crate) fn others_who_may_sign(
        &self,
        hood: NeighborhoodId,
        claim: &SignedAlert,
    ) -> Result<Vec<String>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.read(|tx| {
            let place = Hood::load(tx, hood)?.place();
            let signed = signers(&charters, &place, claim);
            let mut others: Vec<CoordinatorId> = charters
                .newest()
                .body()
                .grants
                .iter()
                .flat_map(|grant| &grant.devices)
                .filter_map(|device| charters.rights().granted(device, hood, Right::Dispatch, now))
                .filter(|other| !signed.contains(other))
                .collect();
            others.dedup();
            Ok(handles(names(tx, hood)?.as_ref(), &others))
        })
    }

    fn waiting_in_hold(&self) -> Result<Vec<HeldView>, ClientError> {
        let mut held = self.held(None)?;
        held.retain(|view| matches!(view.why, HeldReason::BelowQuorum { .. }));
        Ok(held)
    }

    fn check_signable(
        &self,
        tx: &Tx<'_>,
        waiting: &Waiting,
        wanted: &str,
    ) -> Result<(Place, StoredAlert, SignedAlert), ClientError> {
        let hood = waiting.hood();
        let (charters, now) = (self.charters_in(tx)?, self.now());
        let not_found = || ClientError::NotFound { what: "alert", name: wanted.to_owned() };
        let id: AlertId = waiting.id().parse().map_err(|_| not_found())?;
        let stored = tx.get::<StoredAlert>(Bucket::Alert, &name(hood, &id.0))?.ok_or_else(not_found)?;
        let claim = read_claim(&stored.signed).ok_or_else(not_found)?;
        if stored.expires <= now {
            return Err(ClientError::Expired { what: "alert", name: wanted.to_owned() });
        }
        let what = "sign alerts of this neighborhood";
        let key = crate::state::Profile::load(tx)?.device_key(&charters.rights(), hood, what)?.public();
        let place = Hood::load(tx, hood)?.place();
        let own = charters.rights().granted(&key, hood, Right::Dispatch, now).ok_or(ClientError::NotGranted(what))?;
        let by_this = claim.valid_signatures(&place).any(|signature| signature.signer == key);
        if stored.own {
            return Err(Unsignable::Own.into());
        }
        if by_this {
            return Err(Unsignable::Already.into());
        }
        if signers(&charters, &place, &claim).contains(&own) {
            return Err(Unsignable::OtherDevice.into());
        }
        if claim.valid_signatures(&place).count() >= MAX_SIGNATURES {
            return Err(Unsignable::Full.into());
        }
        Ok((place, stored, claim))
    }
}

/// Whose valid signatures an alert bears, whatever they may do now.
fn signers(charters: &CharterHistory, place: &Place, claim: &SignedAlert) -> Vec<CoordinatorId> {
    let owner = |key: &PublicKey| charters.rights().coordinator_of(key);
    claim.valid_signatures(place).filter_map(|signature| owner(&signature.signer)).collect()
}
