//! One alert, one entry: what of a thread is shown, under which id, and what stands beside it.

use std::collections::BTreeMap;

use watchfire_protocol::id::AlertId;
use watchfire_protocol::thread::{Thread, threads};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{AnswerContent, Need};

use super::view::{AlertView, Filter, FollowUpView};
use crate::answers::ids;
use crate::client::Client;
use crate::error::ClientError;

/// How an alert stands in its thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InThread {
    /// The thread is shown under this id.
    pub first: AlertId,
    /// As many symbols of it as tell it apart here.
    pub short: String,
    /// What is so now.
    pub state: AlertId,
    /// When that ends.
    pub expires: Timestamp,
    /// How many updates took another's place.
    pub updates: usize,
    /// Whether this one was replaced by an update.
    pub replaced: bool,
    /// Of whom it says that there is enough.
    pub enough: Vec<Need>,
    /// Whether something that it is about has not come here.
    pub lacks_predecessor: bool,
    /// The ids of all that belongs to it, oldest first.
    pub ids: Vec<AlertId>,
    /// Those of them that name the place that its state names: an exact place that was said of another is not of this.
    pub(crate) here: Vec<AlertId>,
}

impl InThread {
    /// An alert that nothing else is about.
    #[must_use]
    pub fn alone(id: AlertId, short: String, expires: Timestamp) -> Self {
        Self {
            first: id,
            short,
            state: id,
            expires,
            updates: 0,
            replaced: false,
            enough: vec![],
            lacks_predecessor: false,
            ids: vec![id],
            here: vec![id],
        }
    }
}

impl AlertView {
    /// Whether it is what its thread says now.
    #[must_use]
    pub fn is_state(&self) -> bool {
        self.thread.state == self.shown.id()
    }

    /// Under which id it is shown: what its thread says now stands under the thread's.
    #[must_use]
    pub fn shown_as(&self) -> AlertId {
        if self.is_state() { self.thread.first } else { self.shown.id() }
    }

    /// The same in short.
    #[must_use]
    pub fn shown_short(&self) -> &str {
        if self.is_state() { &self.thread.short } else { &self.short }
    }

    /// Whether nobody needs to come any more: it was stood down or corrected, or it is what says so.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let ends = ["cancel", "correction"].contains(&self.shown.body().content.msg_type.as_str());
        let ended = ends && self.signatures().are_enough();
        ended || self.closed_by().is_some() || self.corrected_by().is_some()
    }

    /// Whether it is over, and this member was on the way, there or in need of help, as far as they said: they are to say
    /// that they are safe.
    #[must_use]
    pub fn is_to_check_out(&self) -> bool {
        let out = |answer: &AnswerContent| ["going", "on-scene", "help"].contains(&answer.answer.as_str());
        self.is_over() && self.answered.as_ref().is_some_and(out)
    }
}

impl Client {
    /// What a thread says now, by any unique prefix of the id of any alert of it. Of what stands beside it, that itself.
    ///
    /// # Errors
    /// None, or more than one, begins so.
    pub fn present(&self, wanted: &str) -> Result<AlertView, ClientError> {
        let view = self.alert(wanted)?;
        if !view.thread.replaced {
            return Ok(view);
        }
        let state = view.thread.state;
        let all = self.alerts(Filter { hood: Some(view.hood), expired: true, unprinted: false })?;
        Ok(all.into_iter().find(|other| other.shown.id() == state).unwrap_or(view))
    }
}

/// Puts views into their threads. All views of a neighborhood must be there, with what is about each beside it.
pub(crate) fn into_threads(views: &mut [AlertView]) {
    let shown: Vec<_> = views.iter().map(|view| view.shown.clone()).collect();
    let shorts: BTreeMap<AlertId, String> = views.iter().map(|view| (view.shown.id(), view.short.clone())).collect();
    let at: BTreeMap<AlertId, usize> = views.iter().enumerate().map(|(at, view)| (view.shown.id(), at)).collect();
    for thread in threads(&shown) {
        let beside = beside(&thread, views, &at);
        let states: Vec<AlertId> = thread.states().map(|state| state.id()).collect();
        let (first, state) = (thread.first().id(), thread.state());
        for item in thread.items() {
            let Some(view) = at.get(&item.id()).and_then(|at| views.get_mut(*at)) else { continue };
            view.thread = InThread {
                first,
                short: shorts.get(&first).cloned().unwrap_or_default(),
                state: state.id(),
                expires: state.expires(),
                updates: thread.updates(),
                replaced: states.contains(&item.id()) && item.id() != state.id(),
                enough: thread.enough(),
                lacks_predecessor: thread.lacks_predecessor(),
                ids: ids(&thread),
                here: here(&thread),
            };
            if item.id() == state.id() {
                view.follow_ups.clone_from(&beside);
            }
        }
    }
}

/// What names the place that a thread's state names.
pub(crate) fn here(thread: &Thread<'_>) -> Vec<AlertId> {
    let place = &thread.state().body().content.place;
    thread.states().filter(|state| state.body().content.place == *place).map(|state| state.id()).collect()
}

/// What stands beside a thread's state: all that replaced nothing, and no stand-down that an update has overtaken.
fn beside(thread: &Thread<'_>, views: &[AlertView], at: &BTreeMap<AlertId, usize>) -> Vec<FollowUpView> {
    let states: Vec<AlertId> = thread.states().map(|state| state.id()).collect();
    let since = thread.state().body().sent;
    let views = thread.items().iter().filter_map(|item| at.get(&item.id()).and_then(|at| views.get(*at)));
    let mut out: Vec<FollowUpView> = Vec::new();
    for later in views.flat_map(|view| &view.follow_ups) {
        let overtaken = later.follow_up.closes() && later.sent < since;
        if !overtaken && !states.contains(&later.id) && !out.iter().any(|other| other.id == later.id) {
            out.push(later.clone());
        }
    }
    out.sort_by_key(|later| (later.sent, later.id));
    out
}
