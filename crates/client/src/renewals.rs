//! Renewals: every member's client makes one in each epoch; coordinators' clients keep those that they read until the epoch
//! closes, and notice who renews twice.

use rand_core::Rng as _;
use watchfire_protocol::id::{Epoch, MemberId, NeighborhoodId, sha256};
use watchfire_protocol::kdf::Place;
use watchfire_protocol::renewal::{Renewal, RenewalBody};
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::time::{HOUR, Timestamp};
use watchfire_protocol::wire::{Extensions, Signed};

use crate::client::Client;
use crate::epochs::{load_roster, newest_roster};
use crate::error::ClientError;
use crate::records::Taken;
use crate::state::{EpochState, Hood, Queued, RenewalPlan, StoredClone, StoredRenewal, epoch_name, name};
use crate::vault::{Bucket, Tx};

/// A member renews at a random time in so many seconds from the beginning of an epoch: when somebody connects tells less
/// of who they are, and coordinators' clients are not all busy at once.
const SPREAD: u64 = 72 * HOUR;

impl Client {
    /// Makes this epoch's renewal if its time has come, and puts it into the outbox. Returns when it will come otherwise.
    pub(crate) fn renew_if_due(&self, hood: NeighborhoodId) -> Result<Option<Timestamp>, ClientError> {
        let now = self.now();
        self.vault.transact(|tx| {
            let mut state = Hood::load(tx, hood)?;
            let Some(epoch) = EpochState::load(tx, hood, state.epoch)? else { return Ok(None) };
            let mut plan = match state.renewal {
                Some(plan) if plan.epoch == epoch.epoch => plan,
                _ => RenewalPlan { epoch: epoch.epoch, at: draw_time(epoch.opened_at.min(now)), made: false },
            };
            if !plan.made && plan.at <= now {
                plan.made = true;
                self.make_renewal(tx, &mut state)?;
            }
            state.renewal = Some(plan);
            state.save(tx)?;
            Ok((!plan.made).then_some(plan.at))
        })
    }

    /// From here on both branches are followed, whether this is sent or not.
    fn make_renewal(&self, tx: &Tx<'_>, state: &mut Hood) -> Result<(), ClientError> {
        let (kem, fresh) = (Secret32::generate(&mut rand::rng()), Secret32::generate(&mut rand::rng()));
        let place = state.place();
        // With an earlier one unresolved there is none.
        let Some((epoch, kem)) = state.branches.renew(place, kem, &fresh) else { return Ok(()) };
        let body = RenewalBody { member: state.member, epoch, kem, fresh, extensions: Extensions::default() };
        let signed = body.sign(&place, &state.identity_key());
        // A coordinator who opens the next epoch on this very connection folds it, too.
        take_renewal(tx, state, epoch, &signed, self.now())?;
        self.enqueue(tx, &Queued::Renewal { hood: state.id, epoch, signed })?;
        Ok(())
    }
}

fn draw_time(from: Timestamp) -> Timestamp {
    from.plus(rand::rng().next_u64() % SPREAD)
}

/// Keeps a renewal that came in a record of `epoch`, if it names that epoch and is signed by the member that it names.
pub(crate) fn take_renewal(
    tx: &Tx<'_>,
    hood: &Hood,
    epoch: Epoch,
    signed: &Signed,
    now: Timestamp,
) -> Result<Taken, ClientError> {
    let Ok(renewal) = Renewal::open(signed, &hood.place()) else { return Ok(Taken::Nothing) };
    let body = renewal.body();
    let roster = match load_roster(tx, hood.id, hood.place(), epoch)? {
        Some(roster) => Some(roster),
        None => newest_roster(tx, hood.id)?,
    };
    let Some(member) = roster.as_ref().and_then(|roster| roster.members().get(&body.member)) else {
        return Ok(Taken::Nothing);
    };
    if body.epoch != epoch || member.identity != *renewal.signer() {
        return Ok(Taken::Nothing);
    }
    if keep(tx, hood.id, &renewal, signed, now)? {
        let clone = StoredClone { member: body.member, handle: member.handle.clone(), epoch, at: now };
        tx.put(Bucket::Clone, &name(hood.id, &body.member.0), &clone)?;
    }
    Ok(Taken::Desk)
}

/// Keeps the two with the lowest hashes. Returns whether there are two.
fn keep(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    renewal: &Renewal,
    signed: &Signed,
    received: Timestamp,
) -> Result<bool, ClientError> {
    let named = |which: u8| {
        let MemberId(member) = renewal.body().member;
        [&epoch_name(hood, renewal.body().epoch)[..], &member, &[which]].concat()
    };
    let mut kept: Vec<StoredRenewal> = vec![StoredRenewal { signed: signed.clone(), received }];
    for which in [0, 1] {
        kept.extend(tx.get::<StoredRenewal>(Bucket::Renewal, &named(which))?);
    }
    kept.sort_by_key(|stored| sha256(&[&stored.signed.body]));
    kept.dedup_by(|one, other| one.signed.body == other.signed.body);
    for (which, stored) in (0..).zip(kept.iter().take(2)) {
        tx.put(Bucket::Renewal, &named(which), stored)?;
    }
    Ok(kept.len() > 1)
}

/// The renewals that were read: those of the last epochs, to be folded when a roster is stepped.
pub(crate) fn known_renewals(tx: &Tx<'_>, hood: NeighborhoodId, place: Place) -> Result<Vec<Renewal>, ClientError> {
    let stored: Vec<(Vec<u8>, StoredRenewal)> = tx.list(Bucket::Renewal, &hood.0)?;
    Ok(stored.iter().filter_map(|(_, stored)| Renewal::open(&stored.signed, &place).ok()).collect())
}

/// Forgets the renewals of epochs before `oldest`: no roster of those is held.
pub(crate) fn forget_renewals(tx: &Tx<'_>, hood: NeighborhoodId, oldest: Epoch) -> Result<(), ClientError> {
    for (named, _) in tx.list::<StoredRenewal>(Bucket::Renewal, &hood.0)? {
        if named < epoch_name(hood, oldest) {
            tx.delete(Bucket::Renewal, &named)?;
        }
    }
    Ok(())
}

/// Members whose identity is in use on two devices, for as long as they are members.
pub(crate) fn clones(tx: &Tx<'_>, hood: &Hood) -> Result<Vec<StoredClone>, ClientError> {
    let noticed: Vec<(Vec<u8>, StoredClone)> = tx.list(Bucket::Clone, &hood.id.0)?;
    if noticed.is_empty() {
        return Ok(vec![]);
    }
    let Some(roster) = load_roster(tx, hood.id, hood.place(), hood.epoch)? else { return Ok(vec![]) };
    let mut out: Vec<StoredClone> = noticed.into_iter().map(|(_, clone)| clone).collect();
    out.retain(|clone| roster.members().contains_key(&clone.member));
    Ok(out)
}
