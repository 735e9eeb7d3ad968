//! Folding renewals: what a roster does with them when its epoch closes.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{Epoch, MemberId};
use crate::renewal::{Renewal, RenewalBody, RenewalRefused};
use crate::roster::Roster;
use crate::seal::Unopenable;
use crate::time::Timestamp;

impl Roster {
    /// The same roster in a later epoch, with the renewals of the epochs that close on the way: each epoch's are folded
    /// before it is stepped, those that [`Roster::takes`] refuses are passed over, and of several of one member the one
    /// with the lowest hash counts.
    ///
    /// # Errors
    /// An epoch that is past or too far ahead.
    pub fn step_with(&self, epoch: Epoch, now: Timestamp, renewals: &[Renewal]) -> Result<Self, Unopenable> {
        let named: BTreeSet<Epoch> = renewals.iter().map(|renewal| renewal.body().epoch).collect();
        let mut out = self.clone();
        for closing in named.into_iter().filter(|named| (self.context.epoch..epoch).contains(named)) {
            out = out.step_to(closing, now)?;
            out.fold(renewals);
        }
        out.step_to(epoch, now)
    }

    /// Gives members the keys that they renewed in this epoch: those of the next one's slots.
    fn fold(&mut self, renewals: &[Renewal]) {
        let mut order: Vec<&Renewal> = renewals.iter().collect();
        order.sort_by_key(|renewal| (renewal.body().member, *renewal.hash()));
        let mut used: BTreeSet<Vec<u8>> = self.members.values().map(|member| member.kem.0.to_vec()).collect();
        let mut folded: BTreeMap<MemberId, &RenewalBody> = BTreeMap::new();
        for renewal in order.into_iter().filter(|renewal| self.is_here(renewal).is_ok()) {
            let body = renewal.body();
            if !folded.contains_key(&body.member) && used.insert(body.kem.0.to_vec()) {
                folded.insert(body.member, body);
            }
        }
        let place = self.context.place;
        for (id, body) in folded {
            if let Some(member) = self.members.get_mut(&id) {
                member.kem = body.kem.clone();
                member.secrets.next = member.secrets.next(place).mix(&body.fresh).key().clone();
            }
        }
    }

    /// Whether a renewal is this roster's to fold: it names its epoch, is signed by the identity key of the member that it
    /// names, and brings a key that no member has.
    ///
    /// # Errors
    /// Which of these does not hold.
    pub fn takes(&self, renewal: &Renewal) -> Result<(), RenewalRefused> {
        self.is_here(renewal)?;
        let kem = &renewal.body().kem;
        let used = self.members.values().any(|other| other.kem == *kem);
        if used { Err(RenewalRefused::KeyInUse) } else { Ok(()) }
    }

    /// Members with two different renewals in this epoch: one identity is in use on two devices.
    #[must_use]
    pub fn clones(&self, renewals: &[Renewal]) -> BTreeSet<MemberId> {
        let taken: BTreeSet<(MemberId, [u8; 32])> = renewals
            .iter()
            .filter(|renewal| self.is_here(renewal).is_ok())
            .map(|renewal| (renewal.body().member, *renewal.hash()))
            .collect();
        let mut once = BTreeSet::new();
        taken.into_iter().map(|(member, _)| member).filter(|member| !once.insert(*member)).collect()
    }

    fn is_here(&self, renewal: &Renewal) -> Result<(), RenewalRefused> {
        let body = renewal.body();
        let member = self.members.get(&body.member).ok_or(RenewalRefused::NotAMember)?;
        if member.identity != *renewal.signer() {
            return Err(RenewalRefused::WrongSigner);
        }
        if body.epoch != self.context.epoch {
            return Err(RenewalRefused::OtherEpoch { named: body.epoch, roster: self.context.epoch });
        }
        Ok(())
    }
}
