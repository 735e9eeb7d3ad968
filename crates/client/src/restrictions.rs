//! Restrictions: made by an admin, judged, kept before they are used, and brought level with a relay.
//!
//! A relay that shows one that is refused changes nothing by it, and stops nothing: a restriction only ever takes rights.

use watchfire_protocol::charter::{
    CharterSignature, MAX_IN_FORCE, MAX_RESTRICTIONS, Restricted, RestrictionBody, RestrictionError, SignedRestriction,
    sign_restriction,
};
use watchfire_protocol::frame::{Refusal, Reply, Request};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{NetworkId, RestrictionHash, RestrictionsHash};
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::wire::Extensions;

use crate::charters::Levelled;
use crate::client::Client;
use crate::error::ClientError;
use crate::net::Connection;
use crate::route::Errand;
use crate::state::charter_since;
use crate::vault::{Bucket, Tx, VaultError};

/// What became of a restriction that was made.
#[derive(Debug)]
pub struct Restricting {
    /// Its hash.
    pub hash: RestrictionHash,
    /// Why no relay has it yet: it is in the vault, and is brought with whatever this vault does next.
    pub why_waiting: Option<ClientError>,
}

impl Client {
    /// Takes rights, by a restriction of this vault's admin alone: it is kept, in force here, and brought to a relay.
    ///
    /// # Errors
    /// This vault is no admin's, or the restriction breaks a rule. [`RestrictionError::TooFewSignatures`] where other
    /// admins must sign it too: then nothing is kept, and [`Client::draft_restriction`] makes what they sign.
    pub async fn restrict(&self, entries: Vec<Restricted>) -> Result<Restricting, ClientError> {
        self.put_restriction(&self.draft_restriction(entries)?).await
    }

    /// Takes a restriction that enough admins have signed, and brings it to a relay.
    pub(crate) async fn put_restriction(&self, signed: &SignedRestriction) -> Result<Restricting, ClientError> {
        self.take_restriction(signed)?;
        let bringing = async {
            let mut connection = self.connect(Errand::Keys, None).await?;
            let Levelled { refused, .. } = self.sync_charters(&mut connection).await?;
            let told = connection.relay();
            connection.close().await;
            self.level_charters(&told).await?;
            refused.map_or(Ok(()), Err)
        };
        Ok(Restricting { hash: signed.hash(), why_waiting: Box::pin(bringing).await.err() })
    }

    /// Draws a restriction by the newest charter, signed by this vault's admin alone. Nothing is kept.
    ///
    /// # Errors
    /// This vault is no admin's.
    pub fn draft_restriction(&self, entries: Vec<Restricted>) -> Result<SignedRestriction, ClientError> {
        let (profile, charters) = (self.profile()?, self.charters()?);
        let admin = profile.admin_key("restrict anybody")?;
        let mut signed = self.unsigned_restriction(&charters, entries);
        add_signature(&mut signed, charters.network(), &admin);
        Ok(signed)
    }

    /// A restriction by the newest charter that nobody has signed yet.
    pub(crate) fn unsigned_restriction(
        &self,
        charters: &CharterHistory,
        entries: Vec<Restricted>,
    ) -> SignedRestriction {
        let newest = charters.newest();
        SignedRestriction::unsigned(&RestrictionBody {
            network: newest.network(),
            charter_version: newest.version(),
            charter: newest.hash(),
            issued: self.now().max(newest.body().issued),
            entries,
            extensions: Extensions::default(),
        })
    }

    /// Judges a restriction and keeps it. One that is held already is done.
    ///
    /// # Errors
    /// It breaks a rule, has ended, or lacks signatures; nothing is kept.
    pub fn take_restriction(&self, signed: &SignedRestriction) -> Result<(), ClientError> {
        let now = self.now();
        self.vault.transact(|tx| {
            let mut charters = self.charters_in(tx)?;
            match charters.restrict(signed) {
                Ok(()) => {}
                Err(RestrictionError::AlreadyHeld) => return Ok(()),
                Err(error) => return Err(ClientError::Restriction(error)),
            }
            tx.put(Bucket::Restriction, &signed.hash().0, &signed.to_bytes())?;
            Ok(tx.put(Bucket::RestrictionSet, &charters.restrictions_hash().0, &now)?)
        })
    }

    /// Takes what restricts the newest charter at a relay, and brings it what it lacks. To be called when both have the
    /// same charters.
    pub(crate) async fn sync_restrictions(&self, connection: &mut Connection) -> Result<Levelled, ClientError> {
        let network = self.charters()?.network();
        let mut shown = Vec::new();
        loop {
            let after = shown.last().map_or(RestrictionHash::ZERO, SignedRestriction::hash);
            let more = match connection.call(Request::Restrictions { network, after }).await {
                Ok(Reply::Restrictions { restrictions, more }) => {
                    let none = restrictions.is_empty();
                    for bytes in restrictions {
                        let signed = SignedRestriction::from_bytes(&bytes).map_err(|error| {
                            ClientError::Untrusted(format!("a restriction of it is malformed ({error})"))
                        })?;
                        shown.push(signed);
                    }
                    more && !none
                }
                Ok(_) => return Err(connection.unexpected()),
                // It does not serve the network, or does not know restrictions.
                Err(ClientError::Refused(_)) => false,
                Err(error) if error.is_of_another_version() => false,
                Err(error) => return Err(error),
            };
            if shown.len() > MAX_RESTRICTIONS {
                return Err(ClientError::Untrusted("it shows more restrictions than there can be".to_owned()));
            }
            if !more {
                break;
            }
        }
        for signed in &shown {
            match self.take_restriction(signed) {
                Ok(()) | Err(ClientError::Restriction(_)) => {}
                Err(error) => return Err(error),
            }
        }
        self.forget_restrictions()?;
        let charters = self.charters()?;
        let there = |hash: RestrictionHash| shown.iter().any(|signed| signed.hash() == hash);
        let mut levelled = Levelled::default();
        for held in charters.restrictions().iter().filter(|held| !there(held.hash())) {
            let restriction = held.signed().to_bytes();
            match connection.done(Request::PublishRestriction { restriction }).await {
                Ok(()) => levelled.lacked = true,
                // It holds others that leave no room, or another branch, or does not know restrictions: what is held here
                // goes on to be used.
                Err(error @ ClientError::Refused(Refusal::BadCharter(_) | Refusal::NotFound)) => {
                    levelled.refused = Some(error);
                }
                Err(error) if error.is_of_another_version() => levelled.refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        Ok(levelled)
    }

    /// Drops those that a version of the chain took in, and those that had to give way to earlier ones.
    fn forget_restrictions(&self) -> Result<(), ClientError> {
        self.vault.transact(|tx| {
            let charters = self.charters_in(tx)?;
            for (hash, signed) in stored(tx)? {
                let ended = [RestrictionError::TakenIn, RestrictionError::TooManyInForce { max: MAX_IN_FORCE }];
                if charters.clone().restrict(&signed).is_err_and(|error| ended.contains(&error)) {
                    tx.delete(Bucket::Restriction, &hash)?;
                }
            }
            Ok(())
        })
    }
}

pub(crate) fn add_signature(signed: &mut SignedRestriction, network: NetworkId, admin: &SecretKey) {
    let signature = sign_restriction(admin, network, &signed.body);
    signed.insert(CharterSignature { signer: admin.public(), signature });
}

/// Puts what is stored beside a chain that was judged: what still holds, and every set that ever did.
pub(crate) fn apply_stored(tx: &Tx<'_>, charters: &mut CharterHistory) -> Result<(), ClientError> {
    for (_, signed) in stored(tx)? {
        // One that has ended since, or whose admins are out of office, changes nothing.
        let _ = charters.restrict(&signed);
    }
    for (set, _) in tx.list::<Timestamp>(Bucket::RestrictionSet, b"")? {
        if let Ok(set) = set.try_into() {
            charters.remember_set(RestrictionsHash(set));
        }
    }
    Ok(())
}

/// When the set in force came here. That there is none any more came with a charter.
pub(crate) fn restrictions_since(
    tx: &Tx<'_>,
    charters: &CharterHistory,
    now: Timestamp,
) -> Result<Timestamp, ClientError> {
    match charters.restrictions_hash() {
        RestrictionsHash::ZERO => charter_since(tx, charters, now),
        set => Ok(tx.get(Bucket::RestrictionSet, &set.0)?.unwrap_or(now)),
    }
}

fn stored(tx: &Tx<'_>) -> Result<Vec<(Vec<u8>, SignedRestriction)>, ClientError> {
    let stored: Vec<(Vec<u8>, Vec<u8>)> = tx.list(Bucket::Restriction, b"")?;
    let read = |(name, bytes): (Vec<u8>, Vec<u8>)| {
        SignedRestriction::from_bytes(&bytes).map(|signed| (name, signed)).map_err(|_| VaultError::Damaged.into())
    };
    stored.into_iter().map(read).collect()
}
