//! Revoking. Where one admin makes a version, it says so itself; else one restriction silences a coordinator at once, and
//! the next version takes it in.

use std::collections::BTreeSet;

use watchfire_protocol::charter::{
    Restricted, RestrictionError, Right, SignedRestriction, Subject, judge_restriction_draft,
};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{Epoch, NeighborhoodId, RestrictionHash};
use watchfire_protocol::sign::SecretKey;

use super::amend::{Amendment, DraftError, DraftView, Drafted, Outcome, Proposed};
use super::changes::Change;
use super::charter::Namebook;
use super::draft::{CharterFile, Names, Proposal};
use super::drawing::granted_places;
use super::edit::EditError;
use super::naming::{check_names, coordinator_named};
use crate::client::Client;
use crate::error::ClientError;
use crate::restrictions::add_signature;

/// Who is to be silenced.
#[derive(Clone, Debug)]
pub struct Revoking {
    /// Who.
    pub handle: String,
    /// Where, if not everywhere.
    pub hood: Option<NeighborhoodId>,
    /// From which epoch on what they did counts no longer; the next one, if that is not said.
    pub distrust_from: Option<Epoch>,
}

/// A restriction that is in force.
pub struct Silenced {
    /// Its hash.
    pub hash: RestrictionHash,
    /// Which version it restricts.
    pub version: u64,
    /// What it takes.
    pub changes: Vec<Change>,
    /// What things are called.
    pub names: Namebook,
    /// Why no relay has it yet.
    pub why_waiting: Option<ClientError>,
}

/// Whom revoking would leave without anybody.
pub struct Leaves {
    /// It takes this device's own rights.
    pub oneself: bool,
    /// Nobody would be left who may do anything in these open neighborhoods.
    pub nobody: Vec<NeighborhoodId>,
    /// What things are called.
    pub names: Namebook,
}

/// What became of it.
pub enum Revoked {
    /// A version of the charter says so, or a draft waits for others.
    Amended(Outcome),
    /// A restriction says so.
    Silenced(Silenced),
}

impl Client {
    /// What revoking would leave behind: a person is asked twice whether they mean it.
    ///
    /// # Errors
    /// The vault is in no network, or more than one person is called so.
    pub fn revoking_leaves(&self, wanted: &Revoking) -> Result<Leaves, ClientError> {
        let (charters, profile, now) = (self.charters()?, self.profile()?, self.now());
        let body = charters.newest().body();
        let names = Namebook::of(&self.known_names(body)?);
        let mut leaves = Leaves { oneself: false, nobody: vec![], names };
        let who = match coordinator_named(&leaves.names, body, &wanted.handle) {
            Err(ClientError::NotFound { .. }) => return Ok(leaves),
            who => who?,
        };
        let own = profile.device.iter().chain(&profile.candidates).map(|seed| SecretKey::from_seed(seed).public());
        leaves.oneself = own.into_iter().any(|key| charters.rights().coordinator_of(&key) == Some(who));
        let open = |place: &NeighborhoodId| charters.newest().neighborhood(*place).is_some_and(|terms| !terms.closed);
        let without = BTreeSet::from([who]);
        let alone = |place: &NeighborhoodId| !charters.rights().others_granted(*place, &without, now);
        leaves.nobody = granted_places(body, who, wanted.hood);
        leaves.nobody.retain(|place| open(place) && alone(place));
        Ok(leaves)
    }

    /// Takes somebody's rights away. With one admin by a version; with several by a restriction, which one of them can
    /// make, or where nobody would be left to send alerts: a version must name somebody.
    ///
    /// # Errors
    /// Nothing is granted to them, or nobody says in which epoch a neighborhood is. Nothing was changed then.
    pub async fn revoke(&self, wanted: &Revoking, only_draft: bool) -> Result<Revoked, ClientError> {
        self.refuse_if_forked()?;
        let Revoking { handle, hood, distrust_from } = wanted.clone();
        let amendment = Amendment::Revoke { handle, hood, distrust_from };
        if self.charters()?.newest().body().threshold == 1 {
            match Box::pin(self.amend(&amendment, only_draft)).await {
                Err(ClientError::Edit(EditError::QuorumOutOfReach { .. } | EditError::Flaw(_))) => {}
                amended => return amended.map(Revoked::Amended),
            }
        }
        let mut online = self.freshened().await?;
        let charters = self.charters()?;
        let body = charters.newest().body();
        let names = self.known_names(body)?;
        let who = match coordinator_named(&Namebook::of(&names), body, &wanted.handle) {
            // A version took it all already: only another one can let the distrust begin earlier.
            Err(ClientError::NotFound { .. }) => None,
            who => Some(who?),
        };
        let granted = who.map(|who| (who, granted_places(body, who, wanted.hood))).filter(|(_, here)| !here.is_empty());
        let Some((who, places)) = granted else {
            return Box::pin(self.amend(&amendment, only_draft)).await.map(Revoked::Amended);
        };
        let said = wanted.distrust_from;
        let next = self.next_epochs(charters.network(), &places, said, online.as_mut().ok()).await?;
        if let Ok(online) = online {
            online.close().await;
        }
        // Whoever is distrusted has neither right left there: one entry for each neighborhood takes both.
        let entries: Vec<Restricted> = (next.into_iter())
            .map(|(neighborhood, from)| Restricted {
                subject: Subject::Coordinator(who),
                neighborhood,
                right: Right::Dispatch,
                distrust_from: Some(from),
            })
            .collect();
        let signed = match in_force_already(&charters, &entries) {
            Some(held) => held.clone(),
            None => {
                let mut signed = self.unsigned_restriction(&charters, entries);
                let admin = self.admin_key()?.filter(|key| body.admins.contains(&key.public()));
                if let Some(admin) = admin {
                    add_signature(&mut signed, charters.network(), &admin);
                }
                signed
            }
        };
        let view = restriction_view(&charters, &signed, Namebook::of(&names))?;
        if view.missing == 0 && !only_draft {
            return Ok(Revoked::Silenced(self.silence(&signed, view).await?));
        }
        let draft = Some(Proposal::Restriction(signed));
        let file = CharterFile { charters: self.signed_charters()?, names, draft }.to_bytes();
        Ok(Revoked::Amended(Outcome::Drafted(Drafted { view, file })))
    }

    /// Lets a restriction hold that enough have signed.
    pub(super) async fn silence(&self, signed: &SignedRestriction, view: DraftView) -> Result<Silenced, ClientError> {
        let done = self.put_restriction(signed).await?;
        let DraftView { version, changes, names, .. } = view;
        Ok(Silenced { hash: done.hash, version, changes, names, why_waiting: done.why_waiting })
    }

    pub(super) fn review_restriction(
        &self,
        history: &CharterHistory,
        names: &Names,
        signed: SignedRestriction,
    ) -> Result<(Proposed, DraftView), ClientError> {
        let view = restriction_view(history, &signed, Namebook::default())?;
        let named = history.at(view.version).map(|named| named.body());
        let held = match named {
            Some(body) => {
                check_names(body, names)?;
                self.known_names(body)?
            }
            None => Names::new(),
        };
        let view = DraftView { names: Namebook::of(&held).and(names), ..view };
        Ok((Proposed::Restriction(signed), view))
    }

    pub(super) fn sign_restriction(
        &self,
        mut file: CharterFile,
        history: &CharterHistory,
        mut signed: SignedRestriction,
        admin: &SecretKey,
    ) -> Result<Drafted, ClientError> {
        add_signature(&mut signed, history.network(), admin);
        self.take_file(&file.charters)?;
        self.take_names(&file.names)?;
        let (_, view) = self.review_restriction(history, &file.names, signed.clone())?;
        file.draft = Some(Proposal::Restriction(signed));
        Ok(Drafted { view, file: file.to_bytes() })
    }
}

/// The one restriction in force that says all of this already.
fn in_force_already<'a>(charters: &'a CharterHistory, entries: &[Restricted]) -> Option<&'a SignedRestriction> {
    let says = |held: &[Restricted], entry: &Restricted| {
        held.iter().any(|held| {
            let same = (held.subject, held.neighborhood) == (entry.subject, entry.neighborhood);
            same && held.distrust_from.is_some_and(|held| Some(held) <= entry.distrust_from)
        })
    };
    let all = charters.restrictions().iter();
    let mut all = all.filter(|held| entries.iter().all(|entry| says(&held.body().entries, entry)));
    all.next().map(|held| held.signed())
}

/// What a restriction says, as far as it holds: signatures may be missing.
pub(super) fn restriction_view(
    history: &CharterHistory,
    signed: &SignedRestriction,
    names: Namebook,
) -> Result<DraftView, ClientError> {
    let claim = signed.claim().map_err(|_| DraftError::NoDraft)?;
    let named = history.by_hash(&claim.charter).map(|named| named.body());
    let draft = match judge_restriction_draft(history.newest(), named, signed) {
        Err(RestrictionError::OtherNetwork { .. }) => return Err(DraftError::OtherNetwork.into()),
        Err(RestrictionError::UnknownCharter { version, .. }) => {
            let newest = history.newest().version();
            let ahead = DraftError::Ahead { draft: version, newest };
            return Err(if version > newest { ahead } else { DraftError::OtherBranch }.into());
        }
        judged => judged?,
    };
    // That signatures are missing, or that it is in force, bars nothing: brought to a relay again, it does no harm.
    let ended = history.clone().restrict(signed).err();
    let ended = ended.filter(|e| matches!(e, RestrictionError::TakenIn | RestrictionError::TooManyInForce { .. }));
    if let Some(error) = ended {
        return Err(error.into());
    }
    Ok(DraftView {
        network: history.network(),
        version: draft.body.charter_version,
        restricts: true,
        hash: signed.hash().to_string(),
        changes: draft.body.entries.iter().copied().map(Change::Restricted).collect(),
        names,
        signers: signed.signatures.iter().map(|signature| signature.signer).collect(),
        missing: draft.missing,
        awaited: draft.awaited,
        rival: false,
    })
}
