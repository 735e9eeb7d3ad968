//! Noticing what a relay keeps back: alerts of which others tell, silence, and somebody who is shown another view.
//! `docs/protocol.md`, "Withholding".
//!
//! A relay can keep anything back. It cannot make others not tell of it: every alert and every beacon names the newest
//! alerts that its author had seen, and every answer says which charter and which epoch its author sees. What is
//! noticed here is told to people beside what they read. It hides nothing, and changes no label.

use std::collections::BTreeSet;

use crate::alert::Head;
use crate::history::CharterHistory;
use crate::id::{AnnouncementHash, Epoch};
use crate::inbox::Sees;
use crate::time::{DAY, HOUR, Hour, Timestamp};
use crate::verdict::AHEAD;

/// Nothing signed by a coordinator for longer than this is shown as silence, in seconds.
pub const SILENCE: u64 = DAY;
/// Somebody who still sees an older charter or epoch so long after the newer one is kept from it, in seconds. Before that
/// they may not have connected again, and the hour of a record says no more than the hour.
pub const LAG: u64 = HOUR;

/// From when on somebody could read what was sent in an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// The epoch.
    pub epoch: Epoch,
    /// When it opened.
    pub opened_at: Timestamp,
    /// The first hour in it of which they hold the key.
    pub first_hour: Hour,
}

impl Tenure {
    /// When it began.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.start_of(self.first_hour)
    }

    fn start_of(&self, hour: Hour) -> Timestamp {
        self.opened_at.plus(u64::from(hour.0) * HOUR)
    }
}

/// When an alert that others saw was sealed, to the hour, if whoever lacks it should have it: it has not expired, and
/// they were a member in its epoch and hour.
///
/// No alert outlives the neighborhood's retention, whatever a head says of it.
#[must_use]
pub fn withheld_since(head: &Head, tenures: &[Tenure], retention_hours: u32, now: Timestamp) -> Option<Timestamp> {
    let tenure = tenures.iter().find(|tenure| tenure.epoch == head.epoch && tenure.first_hour <= head.hour)?;
    let sealed = tenure.start_of(head.hour);
    let expires = head.expires.min(sealed.plus(HOUR + u64::from(retention_hours) * HOUR));
    // An hour that has not come yet was not seen by anybody.
    (sealed <= now.plus(AHEAD) && expires > now).then_some(sealed)
}

/// The last time that a coordinator signed, if that was more than a day ago. A time in the future is no sign of life.
/// Nobody was silent towards a member before they joined.
#[must_use]
pub fn silent_since(
    signed: impl IntoIterator<Item = Timestamp>,
    joined: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let heard = signed.into_iter().filter(|at| *at <= now.plus(AHEAD)).chain([joined]).max()?;
    (heard.plus(SILENCE) < now).then_some(heard)
}

/// What a coordinator holds, to be compared with what an author says that they see.
pub struct Own<'a> {
    /// The charters.
    pub charters: &'a CharterHistory,
    /// When the newest of them came.
    pub charter_since: Timestamp,
    /// When the set of restrictions in force came.
    pub restrictions_since: Timestamp,
    /// The announcements: the current one and its ancestors.
    pub announcements: &'a BTreeSet<AnnouncementHash>,
    /// The current one.
    pub announcement: AnnouncementHash,
    /// When it opened.
    pub announcement_since: Timestamp,
}

/// How somebody's view differs from one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherView {
    /// They see another charter under a version that is held here: one of the two was made to deceive.
    OtherCharter {
        /// The version.
        version: u64,
    },
    /// They see a version that is not here.
    NewerCharter {
        /// The version that they see.
        seen: u64,
        /// The newest version here.
        held: u64,
    },
    /// They still see an older charter, long after the newer one came.
    OlderCharter {
        /// The version that they see.
        seen: u64,
        /// The newest version here.
        held: u64,
    },
    /// They see restrictions that are not here.
    OtherRestrictions,
    /// They see fewer or older restrictions, long after those in force came.
    OlderRestrictions,
    /// They see an epoch that is not known here.
    OtherEpoch,
    /// They still see an older epoch, long after the newer one opened.
    OlderEpoch,
}

/// Compares what an author saw when they sealed, with what one holds after everything was read.
#[must_use]
pub fn compare(sees: &Sees, sealed: Timestamp, own: &Own<'_>) -> Option<OtherView> {
    let (seen, held) = (sees.charter_version, own.charters.newest().version());
    if seen > held {
        return Some(OtherView::NewerCharter { seen, held });
    }
    if own.charters.by_hash(&sees.charter).is_none_or(|charter| charter.version() != seen) {
        return Some(OtherView::OtherCharter { version: seen });
    }
    if !own.charters.held_set(&sees.restrictions) {
        return Some(OtherView::OtherRestrictions);
    }
    if !own.announcements.contains(&sees.announcement) {
        return Some(OtherView::OtherEpoch);
    }
    if seen < held && sealed > own.charter_since.plus(LAG) {
        return Some(OtherView::OlderCharter { seen, held });
    }
    let restricted_since = own.restrictions_since.max(own.charter_since);
    if sees.restrictions != own.charters.restrictions_hash() && sealed > restricted_since.plus(LAG) {
        return Some(OtherView::OlderRestrictions);
    }
    let lags = sees.announcement != own.announcement && sealed > own.announcement_since.plus(LAG);
    lags.then_some(OtherView::OlderEpoch)
}
