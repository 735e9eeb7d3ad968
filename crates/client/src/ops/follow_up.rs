//! Writing about an alert that was sent: its present state, and everything that belongs to it.

use std::collections::BTreeSet;

use watchfire_protocol::follow_up::What;
use watchfire_protocol::id::AlertId;
use watchfire_protocol::verdict::Note;
use watchfire_protocol::vocabulary::limit;

use super::by_prefix;
use super::view::{AlertView, Filter};
use crate::client::Client;
use crate::error::ClientError;

/// An alert, and what belongs to it.
pub struct About {
    /// Its newest state that counts: its newest update, or itself.
    pub state: AlertView,
    /// Itself, what it is about, and what is about any of these: what a further one references.
    pub references: Vec<AlertId>,
    /// Seconds until the last of them ends.
    pub remaining: u64,
}

impl Client {
    /// What is to be known of an alert before something further is said about it.
    ///
    /// # Errors
    /// None, or more than one, begins so; it is a stand-down or a correction itself; or it has expired, where it must
    /// not have.
    pub fn about(&self, wanted: &str, expired: bool) -> Result<About, ClientError> {
        let all = self.alerts(Filter { expired: true, ..Filter::default() })?;
        let found = by_prefix("alert", wanted, all.iter().map(|view| (view.shown.id().to_string(), view)))?;
        if !is_state(found) {
            return Err(ClientError::Invalid(
                "that one ends or corrects another alert: name the alert that it is about".to_owned(),
            ));
        }
        let family = family(found, &all);
        let over = |view: &AlertView| view.shown.notes().contains(&Note::Expired);
        if !expired && family.iter().all(|view| over(view)) {
            return Err(ClientError::Expired { what: "alert", name: found.listed_short().to_owned() });
        }
        let counts =
            |view: &&&AlertView| is_state(view) && (view.shown.quorum_stands() || view.shown.id() == found.shown.id());
        let newest = family.iter().filter(counts).max_by_key(|view| (view.shown.body().sent, view.shown.id()));
        let last = family.iter().map(|view| view.shown.expires()).max().unwrap_or(found.shown.expires());
        // What people know it by first, then the newest: more than fit are seldom there.
        let known_by = found.thread.first;
        let mut references: Vec<&AlertView> = family.iter().copied().filter(|view| is_state(view)).collect();
        references.sort_by_key(|view| (view.shown.id() != known_by, std::cmp::Reverse(view.shown.body().sent)));
        references.truncate(limit::REFERENCES);
        Ok(About {
            state: (*newest.unwrap_or(&found)).clone(),
            references: references.iter().map(|view| view.shown.id()).collect(),
            remaining: last.since(self.now()),
        })
    }
}

/// Whether an alert tells a state of things, and does not end or correct another one.
fn is_state(view: &AlertView) -> bool {
    ["alert", "update"].contains(&view.shown.body().content.msg_type.as_str())
}

/// An alert, what it is about, and what is about any of these.
fn family<'a>(first: &'a AlertView, all: &'a [AlertView]) -> Vec<&'a AlertView> {
    let mut ids = BTreeSet::from([first.shown.id()]);
    loop {
        let before = ids.len();
        for view in all.iter().filter(|view| view.hood == first.hood) {
            let references = &view.shown.body().content.references;
            let updates = view.follow_ups.iter().filter(|later| later.follow_up.what == What::Update);
            if ids.contains(&view.shown.id()) && is_state(view) {
                ids.extend(references.iter().copied());
                ids.extend(updates.map(|later| later.id));
            }
        }
        if ids.len() == before {
            break;
        }
    }
    all.iter().filter(|view| view.hood == first.hood && ids.contains(&view.shown.id())).collect()
}
