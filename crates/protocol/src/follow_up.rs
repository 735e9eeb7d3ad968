//! What a later alert does to one that it is about. `docs/protocol.md`, "Updates, cancels and corrections".
//!
//! Nothing here hides an alert: one that is closed is shown as closed, and what is about an alert stands beside it.

use crate::alert::AlertBody;
use crate::verdict::{HeldAlert, HeldReason, ShownAlert};

/// What an alert that is about another one says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// It has ended.
    Cancel,
    /// This is its state.
    Update,
    /// It was wrong.
    Correction,
}

/// What a shown alert says about another shown alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// What.
    pub what: What,
    /// Whether a quorum in office says so. If not, it is told beside the alert and changes nothing.
    pub counts: bool,
}

impl FollowUp {
    /// Whether the alert is over.
    #[must_use]
    pub const fn closes(&self) -> bool {
        matches!(self.what, What::Cancel) && self.counts
    }
}

/// What `later` says about `alert`: nothing, unless both were shown in one neighborhood, `later` is a cancel, an update
/// or a correction that references `alert`, and it was not sent before it.
///
/// An id is a hash over random bytes, so whoever references an alert wrote after it: one second for both is in order.
#[must_use]
pub fn follow_up(alert: &ShownAlert, later: &ShownAlert) -> Option<FollowUp> {
    let about = alert.place() == later.place() && alert.id() != later.id();
    let what = about_it(alert, later.body()).filter(|_| about)?;
    Some(FollowUp { what, counts: later.quorum_stands() })
}

/// What one that is kept aside for being below the quorum says about a shown alert of its neighborhood. It counts for
/// nothing yet, and is told beside the alert: whoever wants a stand-down is heard, also where lone alerts are held.
#[must_use]
pub fn waiting_follow_up(alert: &ShownAlert, held: &HeldAlert) -> Option<(FollowUp, AlertBody)> {
    let waits = matches!(held.reason(), HeldReason::BelowQuorum { .. }) && held.id() != alert.id();
    let body = held.body().filter(|_| waits)?;
    let what = about_it(alert, &body)?;
    Some((FollowUp { what, counts: false }, body))
}

fn about_it(alert: &ShownAlert, later: &AlertBody) -> Option<What> {
    let about = later.content.references.contains(&alert.id()) && later.sent >= alert.body().sent;
    what(later).filter(|_| about)
}

/// What an alert says of others, if it is about any.
fn what(body: &AlertBody) -> Option<What> {
    match body.content.msg_type.as_str() {
        "cancel" => Some(What::Cancel),
        "update" => Some(What::Update),
        "correction" => Some(What::Correction),
        _ => None,
    }
}

impl ShownAlert {
    /// Whether it is an update, a cancel or a correction that a quorum in office signed.
    #[must_use]
    pub fn counts_as(&self, wanted: What) -> bool {
        what(self.body()) == Some(wanted) && self.quorum_stands()
    }
}
