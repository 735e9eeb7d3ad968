//! Members whose approval is in doubt: who enrolled them is distrusted by now. `docs/protocol.md`, "Suspension".
//!
//! Whoever takes a coordinator's key enrolls friends before anybody notices. After the revocation those who were enrolled
//! shortly before it stay on the roster, and get no slot, until another coordinator approves them again.

use crate::roster::RosterMember;
use crate::time::{DAY, Timestamp};

/// Who was enrolled so many seconds before the distrust, or later, is in doubt.
pub const DOUBT: u64 = 30 * DAY;

/// Whether a member gets no slot. `distrusted` is when the charter, or a restriction, began to distrust the key that
/// added them, if it does; `vouched` is whether another coordinator approved them again.
#[must_use]
pub fn is_suspended(member: &RosterMember, distrusted: Option<Timestamp>, vouched: bool) -> bool {
    // Who founded the neighborhood came by no invite, and nobody approved them.
    member.invite.is_some() && !vouched && distrusted.is_some_and(|since| member.since.plus(DOUBT) > since)
}
