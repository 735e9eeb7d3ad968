//! One alert, one entry: what of a thread is shown, under which id, and what stands beside it.

use std::collections::BTreeMap;

use watchfire_protocol::id::AlertId;
use watchfire_protocol::thread::{Thread, threads};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::{Note, ShownAlert};
use watchfire_protocol::vocabulary::{AlertContent, Code, Need, Place};

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
    /// What is so now, or was so before it was ended or corrected.
    pub state: AlertId,
    /// What is shown of the thread: its state, or what ended or corrected it since.
    pub present: AlertId,
    /// When the state ends.
    pub expires: Timestamp,
    /// How many updates took another's place.
    pub updates: usize,
    /// Whether this one counts and something newer is shown in its place.
    pub replaced: bool,
    /// What a stand-down or a correction is about.
    pub topic: Option<Topic>,
    /// Of what is shown of the thread: what was said before and counts, oldest first.
    pub earlier: Vec<Earlier>,
    /// Of whom it says that there is enough.
    pub enough: Vec<Need>,
    /// Whether something that it is about has not come here.
    pub lacks_predecessor: bool,
    /// The ids of all that belongs to it, oldest first.
    pub ids: Vec<AlertId>,
    /// Those of them that name the place that its state names: an exact place that was said of another is not of this.
    pub(crate) here: Vec<AlertId>,
}

/// What a stand-down or a correction is about: what it says itself of kind and place may be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// What happened.
    pub kind: Code,
    /// Where.
    pub place: Option<Place>,
    /// When that was sent.
    pub sent: Timestamp,
}

impl Topic {
    /// That of something which ends or corrects another alert.
    pub(crate) fn of(what: &AlertContent, state: &AlertView) -> Option<Self> {
        let body = state.shown.body();
        (!is_state(what)).then(|| Self {
            kind: body.content.kind.clone(),
            place: body.content.place.clone(),
            sent: body.sent,
        })
    }
}

/// Something that was said in a thread before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its id.
    pub id: AlertId,
    /// When it was sent.
    pub sent: Timestamp,
    /// Handles of those who signed.
    pub signed_by: Vec<String>,
    /// What it says.
    pub content: AlertContent,
}

impl InThread {
    /// An alert that nothing else is about.
    #[must_use]
    pub fn alone(id: AlertId, short: String, expires: Timestamp) -> Self {
        Self {
            first: id,
            short,
            state: id,
            present: id,
            expires,
            updates: 0,
            replaced: false,
            topic: None,
            earlier: vec![],
            enough: vec![],
            lacks_predecessor: false,
            ids: vec![id],
            here: vec![id],
        }
    }
}

impl AlertView {
    /// Whether it is the state of its thread.
    #[must_use]
    pub fn is_state(&self) -> bool {
        self.thread.state == self.shown.id()
    }

    /// Whether it is what is shown of its thread.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.thread.present == self.shown.id()
    }

    /// Under which id it is shown: what its thread says stands under the thread's.
    #[must_use]
    pub fn shown_as(&self) -> AlertId {
        if self.is_state() || self.is_present() { self.thread.first } else { self.shown.id() }
    }

    /// The same in short.
    #[must_use]
    pub fn shown_short(&self) -> &str {
        if self.is_state() || self.is_present() { &self.thread.short } else { &self.short }
    }

    /// Under which id, in short, lists show it or what took its place: that of its thread, unless it does not count.
    #[must_use]
    pub fn listed_short(&self) -> &str {
        if self.thread.replaced { &self.thread.short } else { self.shown_short() }
    }

    /// What it is about: what a stand-down or a correction says of the kind may be another.
    #[must_use]
    pub fn kind(&self) -> &Code {
        self.thread.topic.as_ref().map_or(&self.shown.body().content.kind, |topic| &topic.kind)
    }

    /// Whether it and what it is about have expired.
    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        let thread_goes_on = self.is_present() && self.thread.expires > now;
        self.shown.notes().contains(&Note::Expired) && !thread_goes_on
    }

    /// Whether nobody needs to come any more: it was stood down or corrected, or it is what says so.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let ended = !is_state(&self.shown.body().content) && self.shown.quorum_stands();
        ended || self.closed_by().is_some() || self.corrected_by().is_some()
    }

    /// Whether it tells what is not so any more: it was stood down, corrected or replaced. Nobody signs that.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let ended = self.closed_by().is_some() || self.corrected_by().is_some();
        is_state(&self.shown.body().content) && (ended || self.thread.replaced)
    }

    /// As what this member is out by their own words, if it is over: they are to say that they are safe.
    #[must_use]
    pub fn to_check_out(&self) -> Option<Out> {
        self.out.filter(|_| self.is_over())
    }
}

/// As what somebody is out whom nobody needs any more: they are asked to say that they are safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// They said that they come.
    Going,
    /// They said that they are there.
    OnScene,
    /// They asked for help.
    Help,
}

impl Client {
    /// What is shown of a thread, by any unique prefix of the id of any alert of it that counts. Of what does not, that
    /// itself.
    ///
    /// # Errors
    /// None, or more than one, begins so.
    pub fn present(&self, wanted: &str) -> Result<AlertView, ClientError> {
        self.in_thread_of(wanted, |thread| thread.present)
    }

    /// The state of a thread, though it was ended or corrected since.
    ///
    /// # Errors
    /// As [`Self::present`].
    pub fn state_of(&self, wanted: &str) -> Result<AlertView, ClientError> {
        self.in_thread_of(wanted, |thread| thread.state)
    }

    /// Under which id, in short, lists show an alert. One that is not here is called by its own.
    #[must_use]
    pub fn listed_short(&self, id: &AlertId) -> String {
        let id = id.to_string();
        let own = || id.chars().take(super::MIN_PREFIX).collect();
        self.alert(&id).map_or_else(|_| own(), |view| view.listed_short().to_owned())
    }

    fn in_thread_of(&self, wanted: &str, which: impl Fn(&InThread) -> AlertId) -> Result<AlertView, ClientError> {
        let view = self.alert(wanted)?;
        let found = which(&view.thread);
        if found == view.shown.id() || !(view.thread.replaced || view.is_present()) {
            return Ok(view);
        }
        let all = self.alerts(Filter { hood: Some(view.hood), expired: true, unprinted: false })?;
        Ok(all.into_iter().find(|other| other.shown.id() == found).unwrap_or(view))
    }
}

/// Whether something tells a state of things, and does not end or correct another alert.
pub(crate) fn is_state(content: &AlertContent) -> bool {
    !["cancel", "correction"].contains(&content.msg_type.as_str())
}

/// Puts views into their threads. All views of a neighborhood must be there, with what is about each beside it.
pub(crate) fn into_threads(views: &mut [AlertView]) {
    let shown: Vec<_> = views.iter().map(|view| view.shown.clone()).collect();
    let at: BTreeMap<AlertId, usize> = views.iter().enumerate().map(|(at, view)| (view.shown.id(), at)).collect();
    for thread in threads(&shown) {
        let beside = beside(&thread, views, &at);
        let in_thread = in_thread(&thread, views, &at);
        let counted: Vec<AlertId> = thread.counted().map(|alert| alert.id()).collect();
        for item in thread.items() {
            let id = item.id();
            let topic = at.get(&in_thread.state).and_then(|at| views.get(*at));
            let topic = topic.filter(|state| state.shown.id() != id);
            let topic = topic.and_then(|state| Topic::of(&item.body().content, state));
            let Some(view) = at.get(&id).and_then(|at| views.get_mut(*at)) else { continue };
            let is_present = id == in_thread.present;
            view.thread = InThread {
                replaced: counted.contains(&id) && !is_present,
                topic,
                earlier: if is_present { in_thread.earlier.clone() } else { vec![] },
                ..in_thread.clone()
            };
            if is_present || id == in_thread.state {
                view.follow_ups.clone_from(&beside);
            }
        }
    }
}

/// What is so of all of a thread.
fn in_thread(thread: &Thread<'_>, views: &[AlertView], at: &BTreeMap<AlertId, usize>) -> InThread {
    let view = |id: AlertId| at.get(&id).and_then(|at| views.get(*at));
    let (first, state, present) = (thread.first().id(), thread.state(), thread.present().id());
    let before = thread.counted().filter(|alert| alert.id() != present);
    let earlier = |alert: &ShownAlert| Earlier {
        id: alert.id(),
        sent: alert.body().sent,
        signed_by: view(alert.id()).map(|view| view.signed_by.clone()).unwrap_or_default(),
        content: alert.body().content.clone(),
    };
    InThread {
        first,
        short: view(first).map(|view| view.short.clone()).unwrap_or_default(),
        state: state.id(),
        present,
        expires: state.expires(),
        updates: thread.updates(),
        replaced: false,
        topic: None,
        earlier: before.map(earlier).collect(),
        enough: thread.enough(),
        lacks_predecessor: thread.lacks_predecessor(),
        ids: ids(thread),
        here: here(thread),
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
