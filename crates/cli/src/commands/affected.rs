//! Whom a revocation shuts out besides the one who is revoked.

use std::collections::{BTreeMap, BTreeSet};

use watchfire_client::Client;
use watchfire_client::ops::member::MemberView;
use watchfire_protocol::id::NeighborhoodId;

use crate::app::App;
use crate::problem::Problem;
use crate::words::{and, sanitize, tell};

/// The members of the neighborhoods that this device coordinates: whom a revocation shuts out is to be told.
pub(super) struct People(BTreeMap<NeighborhoodId, (BTreeSet<String>, BTreeSet<String>)>);

impl People {
    /// Those with keys, and those who wait until another coordinator approves them again.
    pub(super) fn of(client: &Client) -> Result<Self, Problem> {
        let hoods = client.status().map(|status| status.hoods).unwrap_or_default();
        let handles = |members: Vec<MemberView>| members.into_iter().map(|member| member.handle).collect();
        let of = |hood| Ok((hood, (handles(client.members(hood)?), handles(client.doubtful(hood)?))));
        Ok(Self(
            hoods
                .into_iter()
                .filter(|hood| hood.coordinator)
                .map(|hood| of(hood.id))
                .collect::<Result<_, Problem>>()?,
        ))
    }

    pub(super) fn tell_affected(&self, app: &App, client: &Client) -> Result<(), Problem> {
        let (lang, after) = (app.lang, Self::of(client)?);
        let listed = |handles: Vec<&String>| and(lang, &handles.into_iter().map(|h| sanitize(h)).collect::<Vec<_>>());
        for (hood, (members, doubtful)) in &after.0 {
            let Some((members_before, doubtful_before)) = self.0.get(hood) else { continue };
            let waiting: Vec<&String> = doubtful.difference(doubtful_before).collect();
            if !waiting.is_empty() {
                app.warn(&tell!(lang, "amend-suspended", handles = listed(waiting)));
            }
            let gone: Vec<&String> = members_before.difference(members).collect();
            if !gone.is_empty() {
                app.warn(&tell!(lang, "amend-gone", handles = listed(gone)));
            }
        }
        Ok(())
    }
}
