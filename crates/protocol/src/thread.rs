//! Threads: an alert with all that was said about it later, as one thing. `docs/protocol.md`, "Threads".
//!
//! An update that counts carries the whole state and takes the place of what it is about. A stand-down and a correction
//! that count stand beside the state, and are what is shown of the thread; what does not count is told beside it.

use std::collections::BTreeMap;

use crate::enough::{said_by, same};
use crate::follow_up::{What, follow_up};
use crate::id::AlertId;
use crate::verdict::ShownAlert;
use crate::vocabulary::Need;

/// An alert and what is about it, oldest first.
#[derive(Clone, Debug)]
pub struct Thread<'a> {
    items: Vec<&'a ShownAlert>,
}

/// Puts alerts into threads, oldest first.
///
/// A later one belongs to the first alert among its references that is here and that it is about. An update, a cancel or
/// a correction of nothing that is here begins a thread of its own: nothing is hidden because something is missing.
#[must_use]
pub fn threads<'a>(alerts: impl IntoIterator<Item = &'a ShownAlert>) -> Vec<Thread<'a>> {
    let mut all: Vec<&ShownAlert> = alerts.into_iter().collect();
    all.sort_by_key(|alert| (alert.body().sent, alert.id()));
    let by_id: BTreeMap<AlertId, &ShownAlert> = all.iter().map(|alert| (alert.id(), *alert)).collect();
    let mut threads: Vec<Thread<'a>> = Vec::new();
    let mut place: BTreeMap<AlertId, usize> = BTreeMap::new();
    for alert in &all {
        let first = first_of(alert, &by_id);
        let at = *place.entry(first.id()).or_insert(threads.len());
        match threads.get_mut(at) {
            Some(thread) => thread.items.push(alert),
            None => threads.push(Thread { items: vec![alert] }),
        }
    }
    for thread in &mut threads {
        // One second for both is in order; the one that the others are about comes first.
        thread.items.sort_by_key(|alert| (alert.body().sent, first_of(alert, &by_id).id() != alert.id(), alert.id()));
    }
    threads
}

/// Follows what an alert is about to where it begins. Ids are hashes, so that this never turns in a circle.
fn first_of<'a>(alert: &'a ShownAlert, all: &BTreeMap<AlertId, &'a ShownAlert>) -> &'a ShownAlert {
    let mut at = alert;
    for _ in 0..all.len() {
        let about = |id: &AlertId| all.get(id).filter(|earlier| follow_up(earlier, at).is_some());
        let Some(earlier) = at.body().content.references.iter().find_map(about) else { break };
        at = earlier;
    }
    at
}

impl<'a> Thread<'a> {
    /// Under whose id it is shown.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a thread begins with an alert")]
    pub fn first(&self) -> &'a ShownAlert {
        self.items[0]
    }

    /// All of it, oldest first.
    #[must_use]
    pub fn items(&self) -> &[&'a ShownAlert] {
        &self.items
    }

    /// What is so now: the newest update that counts, or what it began with.
    #[must_use]
    pub fn state(&self) -> &'a ShownAlert {
        self.states().last().unwrap_or_else(|| self.first())
    }

    /// What was so, oldest first: what it began with, and each update that counts.
    pub fn states(&self) -> impl Iterator<Item = &'a ShownAlert> {
        let first = self.first();
        let later = self.items.iter().skip(1).filter(|alert| alert.counts_as(What::Update));
        std::iter::once(first).chain(later.copied())
    }

    /// How many updates took another's place.
    #[must_use]
    pub fn updates(&self) -> usize {
        self.states().count() - 1
    }

    /// What ended it: a cancel that counts, unless an update that counts was sent after it.
    #[must_use]
    pub fn closed_by(&self) -> Option<&'a ShownAlert> {
        let since = self.state().body().sent;
        let cancels = self.items.iter().filter(|alert| alert.counts_as(What::Cancel));
        cancels.copied().find(|cancel| cancel.body().sent >= since)
    }

    /// What says that it was wrong: the newest correction that counts.
    #[must_use]
    pub fn corrected_by(&self) -> Option<&'a ShownAlert> {
        self.items.iter().rfind(|alert| alert.counts_as(What::Correction)).copied()
    }

    /// What is shown of it: what corrected its state, else what ended it, else its state. That it was not true stays to be
    /// read when it is stood down afterwards.
    #[must_use]
    pub fn present(&self) -> &'a ShownAlert {
        let state = self.state();
        let corrected = self.corrected_by().filter(|alert| alert.body().sent >= state.body().sent);
        corrected.or_else(|| self.closed_by()).unwrap_or(state)
    }

    /// What a quorum said in it, oldest first, with what it began with.
    pub fn counted(&self) -> impl Iterator<Item = &'a ShownAlert> {
        let counts = |alert: &&&'a ShownAlert| {
            [What::Update, What::Cancel, What::Correction].into_iter().any(|what| alert.counts_as(what))
        };
        std::iter::once(self.first()).chain(self.items.iter().skip(1).filter(counts).copied())
    }

    /// Of whom its states said that there is enough, unless a later one asks for them again.
    #[must_use]
    pub fn enough(&self) -> Vec<Need> {
        let mut out: Vec<Need> = Vec::new();
        for state in self.states() {
            let asked = &state.body().content.needs;
            out.retain(|need| !asked.iter().any(|other| same(other, need)));
            for need in said_by(state.body()) {
                if !out.iter().any(|other| same(other, &need)) {
                    out.push(need);
                }
            }
        }
        out
    }

    /// Whether something that it is about has not come here.
    #[must_use]
    pub fn lacks_predecessor(&self) -> bool {
        let here = |id: &AlertId| self.items.iter().any(|item| item.id() == *id);
        let mut references = self.states().flat_map(|state| &state.body().content.references);
        references.any(|id| !here(id))
    }
}
