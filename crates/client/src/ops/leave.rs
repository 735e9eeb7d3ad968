//! Leaving: this device forgets a neighborhood. Nobody is told: what a relay could see of it would name the member.

use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;

use crate::client::{Client, hood_name};
use crate::error::ClientError;
use crate::ops::begun::forget_of;
use crate::state::{Hood, Joining, Profile, Queued};
use crate::vault::{Bucket, Tx};

/// What leaving a neighborhood means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveView {
    /// The neighborhood.
    pub hood: NeighborhoodId,
    /// What it is called.
    pub name: String,
    /// Whether this device coordinates there, and nobody else is granted anything.
    pub last_coordinator: bool,
    /// How much is queued for it, and would never be sent.
    pub queued: usize,
}

impl Client {
    /// What leaving would mean: of one neighborhood, or of all that this vault is in or waits for.
    ///
    /// # Errors
    /// It is not in that neighborhood, or in none.
    pub fn leaving(&self, name: Option<&str>) -> Result<Vec<LeaveView>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let all = self.read(|tx| {
            let mut hoods: Vec<NeighborhoodId> = Hood::all(tx)?.into_iter().map(|hood| hood.id).collect();
            let waiting: Vec<(Vec<u8>, Joining)> = tx.list(Bucket::Joining, b"")?;
            hoods.extend(waiting.into_iter().map(|(_, joining)| joining.hood));
            hoods.sort_unstable();
            hoods.dedup();
            let view = |hood: NeighborhoodId| {
                let rights = charters.rights();
                let key = Profile::load(tx)?.device_key(&rights, hood, "").ok();
                let own = key.and_then(|key| rights.coordinator_of(&key.public()));
                let queued: Vec<(Vec<u8>, Queued)> = tx.list(Bucket::Outbox, b"")?;
                Ok(LeaveView {
                    hood,
                    name: hood_name(tx, hood)?,
                    last_coordinator: own.is_some_and(|own| !rights.others_granted(hood, &[own].into(), now)),
                    queued: queued.iter().filter(|(_, queued)| queued.hood() == hood).count(),
                })
            };
            hoods.into_iter().map(view).collect::<Result<Vec<_>, ClientError>>()
        })?;
        let Some(wanted) = name else {
            return match all.is_empty() {
                true => Err(ClientError::NoNeighborhood { name: String::new(), known: vec![] }),
                false => Ok(all),
            };
        };
        let named = all.iter().map(|view| (view.hood, view.name.clone())).collect();
        let hood = crate::client::pick_hood(Some(wanted), named)?;
        Ok(all.into_iter().filter(|view| view.hood == hood).collect())
    }

    /// Forgets neighborhoods, in one transaction: their keys, alerts, answers, roster, names, queue, and this device's
    /// charter keys that are granted nowhere else. The charters stay, and an admin key with the names that it may need.
    ///
    /// # Errors
    /// The disk refuses. Nothing was forgotten then.
    pub fn leave(&self, hoods: &[NeighborhoodId]) -> Result<(), ClientError> {
        let charters = self.charters()?;
        self.vault.transact(|tx| {
            let mut profile = Profile::load(tx)?;
            for hood in hoods {
                let names = profile.admin.is_some().then_some(Bucket::Names);
                tx.erase(&hood.0, names)?;
                forget_queue(tx, *hood)?;
                forget_of(tx, *hood)?;
            }
            let waiting = !tx.list::<Joining>(Bucket::Joining, b"")?.is_empty();
            let stays: Vec<NeighborhoodId> = Hood::all(tx)?.into_iter().map(|hood| hood.id).collect();
            let needed = |seed: &Secret32| {
                let key = SecretKey::from_seed(seed).public();
                let mut grants = charters.newest().body().grants.iter().filter(|grant| grant.devices.contains(&key));
                waiting || grants.any(|grant| grant.scopes.iter().any(|scope| stays.contains(&scope.neighborhood)))
            };
            profile.candidates.retain(needed);
            profile.device = profile.device.filter(|device| profile.admin.is_some() || needed(device));
            profile.save(tx)
        })
    }
}

fn forget_queue(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<(), ClientError> {
    for (ticket, queued) in tx.list::<Queued>(Bucket::Outbox, b"")? {
        if queued.hood() == hood {
            tx.delete(Bucket::Outbox, &ticket)?;
        }
    }
    Ok(())
}
