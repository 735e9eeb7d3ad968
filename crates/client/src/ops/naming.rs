//! Names in charters and drafts: which of them a vault knows, which a draft must bring, what a draft changes of them, and
//! whom a typed name means.

use std::collections::BTreeSet;

use watchfire_protocol::charter::{CharterBody, Neighborhood};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{CoordinatorId, NeighborhoodId};
use watchfire_protocol::names::{NamedCoordinator, NamesBlock};

use super::amend::DraftError;
use super::changes::Change;
use super::charter::Namebook;
use super::draft::Names;
use crate::client::Client;
use crate::error::ClientError;
use crate::state;

impl Client {
    /// The names to which a body commits, as far as this vault knows them.
    pub(crate) fn known_names(&self, body: &CharterBody) -> Result<Names, ClientError> {
        self.read(|tx| {
            let mut names = Names::new();
            for terms in &body.neighborhoods {
                let held = state::names(tx, terms.id)?.filter(|block| block.commitment() == terms.names);
                let kept = || state::draft_names(tx, &terms.names);
                let known = match held {
                    Some(held) => Some(held),
                    None => kept()?,
                };
                names.extend(known.map(|block| (terms.id, block)));
            }
            Ok(names)
        })
    }

    /// Takes names that a file brings, those to which the newest charter commits. Gives of how many neighborhoods they
    /// were not known here.
    pub(crate) fn take_names(&self, names: &Names) -> Result<usize, ClientError> {
        let charters = self.charters()?;
        let before = self.known_names(charters.newest().body())?.len();
        self.vault.transact(|tx| {
            state::keep_draft_names(tx, 0, names.values())?;
            state::adopt_draft_names(tx, charters.newest())
        })?;
        Ok(self.known_names(charters.newest().body())?.len().saturating_sub(before))
    }
}

/// Of names, those to which a body commits.
pub(super) fn committed(body: &CharterBody, names: &Names) -> Names {
    let here = |(hood, block): &(&NeighborhoodId, &NamesBlock)| {
        body.neighborhoods.iter().any(|terms| terms.id == **hood && terms.names == block.commitment())
    };
    names.iter().filter(here).map(|(hood, block)| (*hood, block.clone())).collect()
}

/// Checks that a file brings no other names than those to which a body commits.
pub(super) fn check_names(body: &CharterBody, names: &Names) -> Result<(), DraftError> {
    if committed(body, names).len() == names.len() { Ok(()) } else { Err(DraftError::Names) }
}

/// Checks that all names are known which a draft changes. Without them nobody could hand them to the members, or change
/// them any more.
pub(super) fn check_changed_names(before: &CharterBody, draft: &CharterBody, known: &Names) -> Result<(), DraftError> {
    let same =
        |terms: &Neighborhood| before.neighborhoods.iter().any(|held| held.id == terms.id && held.names == terms.names);
    let lacking = draft.neighborhoods.iter().find(|terms| !same(terms) && !known.contains_key(&terms.id));
    lacking.map_or(Ok(()), |terms| Err(DraftError::NamesLacking { neighborhood: terms.id }))
}

/// Puts what becomes of each name in place of the mere fact that names change.
pub(super) fn with_names(changes: Vec<Change>, before: &Names, after: &Names) -> Vec<Change> {
    let mut out = Vec::new();
    for change in changes {
        match &change {
            Change::Names(hood) => match after.get(hood) {
                Some(block) => {
                    out.push(change.clone());
                    renamed(*hood, before.get(hood), block, &mut out);
                }
                None => out.push(change),
            },
            Change::NeighborhoodAdded(terms) => {
                let block = after.get(&terms.id);
                out.push(change.clone());
                out.extend(block.into_iter().flat_map(|block| called_otherwise(terms.id, before, block)));
            }
            _ => out.push(change),
        }
    }
    out
}

fn renamed(neighborhood: NeighborhoodId, before: Option<&NamesBlock>, after: &NamesBlock, out: &mut Vec<Change>) {
    out.extend(before.is_none().then_some(Change::NamesBefore(neighborhood)));
    let text = |of: fn(&NamesBlock) -> &String| {
        let from = before.map(of).cloned();
        (from.as_ref() != Some(of(after))).then(|| (from, of(after).clone()))
    };
    let network = text(|block| &block.network);
    out.extend(network.map(|(from, to)| Change::NetworkRenamed { from, to }));
    let name = text(|block| &block.neighborhood);
    out.extend(name.map(|(from, to)| Change::Renamed { neighborhood, from, to }));
    let conduct = text(|block| &block.conduct).filter(|(from, to)| from.is_some() || !to.is_empty());
    out.extend(conduct.map(|(_, to)| Change::Conduct { neighborhood, to }));
    let none: &[NamedCoordinator] = &[];
    let handles = before.map_or(none, |before| &before.handles);
    let everybody: BTreeSet<CoordinatorId> =
        handles.iter().chain(&after.handles).map(|named| named.coordinator).collect();
    for coordinator in everybody {
        let (from, to) = (before.and_then(|block| block.handle(&coordinator)), after.handle(&coordinator));
        if from != to {
            let (from, to) = (from.map(str::to_owned), to.map(str::to_owned));
            out.push(Change::Handle { coordinator, neighborhood, from, to });
        }
    }
}

/// Coordinators whom a new neighborhood calls otherwise than one that there is.
fn called_otherwise<'a>(
    neighborhood: NeighborhoodId,
    before: &'a Names,
    block: &'a NamesBlock,
) -> impl Iterator<Item = Change> + 'a {
    block.handles.iter().filter_map(move |named| {
        let held = before.values().find_map(|held| held.handle(&named.coordinator))?;
        let (coordinator, from, to) = (named.coordinator, Some(held.to_owned()), Some(named.handle.clone()));
        (from != to).then_some(Change::Handle { coordinator, neighborhood, from, to })
    })
}

/// The coordinator of a handle, or of an id: one to whom the body grants something.
pub(super) fn coordinator_named(
    names: &Namebook,
    body: &CharterBody,
    wanted: &str,
) -> Result<CoordinatorId, ClientError> {
    one_named(names, body.grants.iter().map(|grant| grant.coordinator).collect(), wanted)
}

/// The coordinator of a handle, or of an id: one to whom some version granted something, if none does now.
pub(super) fn once_named(
    names: &Namebook,
    charters: &CharterHistory,
    wanted: &str,
) -> Result<CoordinatorId, ClientError> {
    match coordinator_named(names, charters.newest().body(), wanted) {
        Err(ClientError::NotFound { .. }) => {
            let grants = charters.iter().flat_map(|charter| &charter.body().grants);
            one_named(names, grants.map(|grant| grant.coordinator).collect(), wanted)
        }
        named => named,
    }
}

fn one_named(names: &Namebook, all: BTreeSet<CoordinatorId>, wanted: &str) -> Result<CoordinatorId, ClientError> {
    let what = "coordinator";
    let called: Vec<CoordinatorId> = all.iter().copied().filter(|who| names.handle(who) == wanted).collect();
    match called.as_slice() {
        [who] => Ok(*who),
        [_, ..] => Err(super::ambiguous(what, wanted, called.iter().map(ToString::to_string).collect())),
        [] => match super::by_prefix(what, wanted, all.iter().map(|who| (who.to_string(), *who))) {
            // A short name that nobody has is no id.
            Err(ClientError::Invalid(_)) => Err(ClientError::NotFound { what, name: wanted.to_owned() }),
            found => found,
        },
    }
}
