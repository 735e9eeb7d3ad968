//! What all desk events amount to: the state of each report.

use std::collections::{BTreeMap, BTreeSet};

use super::{DeskEvent, Entry};
use crate::id::{AlertId, CoordinatorId, DeskId, MemberId, ReportId};
use crate::time::Timestamp;
use crate::vocabulary::limit::CHECKS;
use crate::vocabulary::{self, Code, Verification};

/// What became of all reports.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Desk {
    matters: BTreeMap<ReportId, Matter>,
    /// When each report that is shown with another began to be.
    merges: BTreeMap<ReportId, When>,
    places: BTreeMap<AlertId, Located>,
    attended: BTreeMap<MemberId, Attended>,
    told: BTreeMap<(DeskId, MemberId), BTreeSet<CoordinatorId>>,
    templates: BTreeMap<Code, Shared>,
}

/// At most so many templates of a neighborhood are kept, and as many that were removed: the newest.
pub const MAX_TEMPLATES: usize = 64;

/// What was said last of a template. It has no `{:?}`: it may name a place.
#[derive(Clone, PartialEq, Eq)]
pub struct Shared {
    /// Which event says so.
    pub id: DeskId,
    /// By whom.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// What it says; nothing if it was removed.
    pub text: Option<String>,
}

/// What became of one report, and of those that were merged into it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Matter {
    /// The report with which it is shown. What came later about this one stands there.
    pub merged_into: Option<ReportId>,
    /// Who looks at it.
    pub claim: Option<Claim>,
    /// How it was closed.
    pub closed: Option<Closed>,
    /// Who debunked it last, if nobody has checked it since: also where it was opened again.
    pub debunked: Option<Claim>,
    /// How it was checked, oldest first.
    pub checks: Vec<Check>,
    /// What is to be remembered, oldest first.
    pub notes: Vec<Note>,
    /// What alerts were made of it, oldest first.
    pub alerts: Vec<Alerted>,
}

/// That an alert was made of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alerted {
    /// Which alert.
    pub alert: AlertId,
    /// By whom.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
}

/// Who looks at a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub by: CoordinatorId,
    /// Since when.
    pub at: Timestamp,
}

/// How a report was closed.
#[derive(Clone, PartialEq, Eq)]
pub struct Closed {
    /// By whom.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// How.
    pub how: Closing,
}

/// The ways in which a report is closed.
#[derive(Clone, PartialEq, Eq)]
pub enum Closing {
    /// Nothing is to be done.
    Dismissed {
        /// Why. May be empty.
        reason: String,
    },
    /// It is not true.
    Debunked,
}

/// One check of a sighting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which event says so.
    pub id: DeskId,
    /// Of which report: what was shown with it at that time was checked with it.
    pub report: ReportId,
    /// By whom.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// What was found.
    pub outcome: Code,
    /// How.
    pub method: Code,
    /// How sure it is.
    pub certainty: Option<Code>,
}

/// Who found last that a report is not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFalse {
    /// Who.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// What they found. To debunk it is to find a false alarm.
    pub outcome: Code,
    /// How, if it was checked.
    pub method: Option<Code>,
}

/// Something to remember. It has no `{:?}`: it may name somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// By whom.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// Where exactly an alert is.
#[derive(Clone, PartialEq, Eq)]
pub struct Located {
    /// Which event says so: another one is another place.
    pub id: DeskId,
    /// By whom.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// Where.
    pub place: vocabulary::Place,
}

/// Who takes care of somebody who asked for help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attended {
    /// Which event says so.
    pub id: DeskId,
    /// Who takes care.
    pub by: CoordinatorId,
    /// Since when.
    pub at: Timestamp,
    /// In an answer to which alert help was asked for.
    pub alert: AlertId,
    /// Of calls until then. A later one is another call.
    pub since: Timestamp,
    /// Whether somebody said that nobody needs to take care any more: of somebody who is no member any more, and cannot say it.
    pub ended: bool,
}

/// Folds events into the state of each report that is known here.
///
/// The result depends on the events and the reports, and not on the order in which they came: events are taken in the
/// order of their times, then of their ids. One event twice is one event. A merge that was undone since is as if it had not
/// been: what was said of either report was said of that one.
#[must_use]
pub fn fold(reports: &BTreeSet<ReportId>, entries: impl IntoIterator<Item = Entry>) -> Desk {
    let ordered: BTreeMap<(Timestamp, DeskId), Entry> =
        entries.into_iter().map(|entry| ((entry.at, entry.id), entry)).collect();
    let matters = reports.iter().map(|report| (*report, Matter::default())).collect();
    let mut desk = Desk { matters, ..Desk::default() };
    let standing = standing_merges(reports, &ordered);
    for (when, entry) in ordered {
        if !matches!(entry.event, DeskEvent::Merge { .. }) || standing.contains(&when) {
            desk.apply(entry);
        }
    }
    desk
}

/// When an event was, among all.
type When = (Timestamp, DeskId);

/// The merges that hold: of each report the first since it was split off last. One into a report that is not here hides
/// nothing, and none closes a circle.
fn standing_merges(reports: &BTreeSet<ReportId>, ordered: &BTreeMap<When, Entry>) -> BTreeSet<When> {
    let mut merged: BTreeMap<ReportId, (ReportId, When)> = BTreeMap::new();
    for (when, entry) in ordered {
        match entry.event {
            DeskEvent::Merge { report, into } if reports.contains(&report) && reports.contains(&into) => {
                let mut head = into;
                while let Some((next, _)) = merged.get(&head) {
                    head = *next;
                }
                if head != report {
                    merged.entry(report).or_insert((into, *when));
                }
            }
            DeskEvent::Split { report } => drop(merged.remove(&report)),
            _ => {}
        }
    }
    merged.into_values().map(|(_, when)| when).collect()
}

impl Desk {
    /// What became of a report; of one that was merged, only into which.
    #[must_use]
    pub fn matter(&self, report: &ReportId) -> Option<&Matter> {
        self.matters.get(report)
    }

    /// The report with which a report is shown: itself, unless it was merged.
    #[must_use]
    pub fn head(&self, report: ReportId) -> ReportId {
        let mut head = report;
        // A merge never closes a circle.
        while let Some(next) = self.matters.get(&head).and_then(|matter| matter.merged_into) {
            head = next;
        }
        head
    }

    /// The reports that were merged into one, directly or by way of others, in the order of their ids.
    #[must_use]
    pub fn merged(&self, into: ReportId) -> Vec<ReportId> {
        self.matters.keys().copied().filter(|report| *report != into && self.head(*report) == into).collect()
    }

    /// Of a report and those that are shown with it, the ones that the checks do not cover which bear it out: what came
    /// beside it later is not checked by that. None where nothing bears it out.
    #[must_use]
    pub fn unchecked(&self, head: ReportId) -> Vec<ReportId> {
        let Some(matter) = self.matters.get(&head).filter(|matter| matter.is_verified()) else { return Vec::new() };
        let together = std::iter::once(head).chain(self.merged(head));
        together.filter(|report| !matter.holding().iter().any(|check| self.covers(check, *report))).collect()
    }

    /// Whether the check that says how a report stands, or one that holds with it, is of that report too.
    #[must_use]
    pub fn is_checked(&self, report: ReportId) -> bool {
        let matter = self.matters.get(&self.head(report));
        matter.is_some_and(|matter| matter.holding().iter().any(|check| self.covers(check, report)))
    }

    /// Whether a report stood with the one that was checked, at that time.
    fn covers(&self, check: &Check, report: ReportId) -> bool {
        let mut stood = report;
        while self.merges.get(&stood).is_some_and(|merged| *merged < (check.at, check.id))
            && let Some(next) = self.matters.get(&stood).and_then(|matter| matter.merged_into)
        {
            stood = next;
        }
        stood == check.report
    }

    /// Where exactly an alert is, by the newest event that says so.
    #[must_use]
    pub fn place(&self, alert: &AlertId) -> Option<&Located> {
        self.places.get(alert)
    }

    /// Who takes care of a member who asked for help at `since`, if anybody does.
    #[must_use]
    pub fn attended(&self, member: &MemberId, since: Timestamp) -> Option<&Attended> {
        self.attended.get(member).filter(|attended| attended.since >= since)
    }

    /// Everybody who is taken care of, or was.
    pub fn all_attended(&self) -> impl Iterator<Item = (&MemberId, &Attended)> {
        self.attended.iter()
    }

    /// The templates of the neighborhood by name, and those that were removed: of each the newest.
    #[must_use]
    pub fn templates(&self) -> BTreeMap<&Code, &Shared> {
        let mut newest: Vec<(&Code, &Shared)> = self.templates.iter().collect();
        newest.sort_by_key(|(_, shared)| std::cmp::Reverse((shared.at, shared.id)));
        let some = |removed: bool| {
            let those = newest.iter().filter(move |(_, shared)| shared.text.is_none() == removed);
            those.copied().take(MAX_TEMPLATES)
        };
        some(false).chain(some(true)).collect()
    }

    /// Who has told a member of a place.
    #[must_use]
    pub fn told_by(&self, place: DeskId, member: MemberId) -> Option<&BTreeSet<CoordinatorId>> {
        self.told.get(&(place, member))
    }

    fn apply(&mut self, entry: Entry) {
        let Entry { id, by, at, event } = entry;
        if let DeskEvent::Place { alert, place } = event {
            self.places.insert(alert, Located { id, by, at, place });
        } else if let DeskEvent::Attend { alert, member, since, over } = event {
            // Nobody takes care of what is still to come.
            let ended = over == Some(by);
            self.attend(member, Attended { id, by, at, alert, since: since.min(at), ended }, over);
        } else if let DeskEvent::Template { name, text } = event {
            self.templates.insert(name, Shared { id, by, at, text });
        } else if let DeskEvent::Told { place, members } = event {
            for member in members {
                self.told.entry((place, member)).or_default().insert(by);
            }
        } else if let DeskEvent::Merge { report, into } = event {
            self.merge((at, id), report, into);
        } else if let Some(report) = event.report() {
            // What is said of a report that was merged is said of the one it is shown with.
            let head = self.head(report);
            if let Some(matter) = self.matters.get_mut(&head) {
                matter.apply((id, head), by, at, event);
            }
        }
    }

    /// Whoever takes care of a call first does, unless they are named by whoever takes it over. A later call is another. Whoever
    /// names themselves ends it.
    fn attend(&mut self, member: MemberId, by: Attended, over: Option<CoordinatorId>) {
        let Some(held) = self.attended.get_mut(&member) else {
            self.attended.insert(member, by);
            return;
        };
        // Whoever ends it ends the calls until then for everybody; a later call is open again.
        let ended = (held.ended && held.since >= by.since) || (by.ended && by.since >= held.since);
        if by.since > held.since || (over == Some(held.by) && by.by != held.by) {
            *held = Attended { since: held.since.max(by.since), ..by };
        }
        held.ended = ended;
    }

    /// From here on it is shown with the other.
    fn merge(&mut self, when: When, report: ReportId, into: ReportId) {
        let into = self.head(into);
        let merged = Matter { merged_into: Some(into), ..Matter::default() };
        let Some(before) = self.matters.insert(report, merged) else { return };
        self.merges.insert(report, when);
        if let Some(head) = self.matters.get_mut(&into) {
            head.take_in(before);
        }
    }
}

impl Matter {
    /// What the newest check found: a code of [`vocabulary::List::VerificationState`].
    #[must_use]
    pub fn state(&self) -> Code {
        self.checks.last().map_or(Code::constant("unverified"), |check| check.outcome.clone())
    }

    /// Whether the newest check bears it out.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.checks.last().is_some_and(Check::bears_out)
    }

    /// Whether the newest check found that it is not so.
    #[must_use]
    pub fn is_untrue(&self) -> bool {
        self.checks.last().is_some_and(|check| ["false-alarm", "not-found"].contains(&check.outcome.as_str()))
    }

    /// Who found last that it is not so, unless somebody checked it anew since: by a check, or by debunking it.
    #[must_use]
    pub fn found_false(&self) -> Option<FoundFalse> {
        let debunked = self.debunked.map(|Claim { by, at }| FoundFalse {
            by,
            at,
            outcome: Code::constant("false-alarm"),
            method: None,
        });
        let check = self.checks.last().filter(|_| self.is_untrue());
        debunked.or_else(|| {
            check.map(|check| FoundFalse {
                by: check.by,
                at: check.at,
                outcome: check.outcome.clone(),
                method: Some(check.method.clone()),
            })
        })
    }

    /// How sure it is, as whoever checked last said, of the checks that hold.
    #[must_use]
    pub fn certainty(&self) -> Option<&Code> {
        self.holding().iter().rev().find_map(|check| check.certainty.as_ref())
    }

    /// The checks that no later one overturned, oldest first: the newest, and those right before it that bear the sighting
    /// out as it does, or do not as it does not.
    #[must_use]
    pub fn holding(&self) -> &[Check] {
        let others = self.checks.iter().rposition(|check| check.bears_out() != self.is_verified());
        self.checks.get(others.map_or(0, |at| at + 1)..).unwrap_or_default()
    }

    /// The checks that a later one overturned, oldest first.
    #[must_use]
    pub fn overturned(&self) -> &[Check] {
        self.checks.get(..self.checks.len() - self.holding().len()).unwrap_or_default()
    }

    /// The checks that hold, oldest first: of those by one person in one way the newest only, which is one check and not two.
    #[must_use]
    pub fn distinct(&self) -> Vec<&Check> {
        let mut distinct: Vec<&Check> = Vec::new();
        for check in self.holding() {
            distinct.retain(|before| (before.by, &before.method) != (check.by, &check.method));
            distinct.push(check);
        }
        distinct
    }

    /// What an alert says about how its sighting was checked: the newest checks that hold, if they bear it out.
    #[must_use]
    pub fn verification(&self, handle: impl Fn(&CoordinatorId) -> String) -> Verification {
        let good = if self.is_verified() { self.distinct() } else { vec![] };
        let newest = good.iter().skip(good.len().saturating_sub(CHECKS));
        let by = newest.map(|check| vocabulary::Check {
            handle: handle(&check.by),
            method: check.method.clone(),
            at: check.at,
        });
        Verification { state: self.state(), by: by.collect() }
    }

    fn apply(&mut self, (id, report): (DeskId, ReportId), by: CoordinatorId, at: Timestamp, event: DeskEvent) {
        match event {
            DeskEvent::Claim { over, .. } => self.claim(Claim { by, at }, over),
            DeskEvent::Release { .. } => self.claim = self.claim.filter(|claim| claim.by != by),
            DeskEvent::Verify { outcome, method, certainty, .. } => {
                self.debunked = None;
                self.checks.push(Check { id, report, by, at, outcome, method, certainty });
            }
            DeskEvent::Dismiss { reason, .. } => self.close(Closed { by, at, how: Closing::Dismissed { reason } }),
            DeskEvent::Debunk { .. } => {
                self.debunked = Some(Claim { by, at });
                self.close(Closed { by, at, how: Closing::Debunked });
            }
            DeskEvent::Note { text, .. } => self.notes.push(Note { by, at, text }),
            DeskEvent::Alerted { alert, .. } => self.take_alerts([Alerted { alert, by, at }]),
            DeskEvent::Merge { .. }
            | DeskEvent::Split { .. }
            | DeskEvent::Place { .. }
            | DeskEvent::Attend { .. }
            | DeskEvent::Told { .. }
            | DeskEvent::Template { .. } => {}
        }
    }

    /// The first claim holds, unless its holder is named by whoever takes it over. A claim opens what was closed.
    fn claim(&mut self, claim: Claim, over: Option<CoordinatorId>) {
        self.closed = None;
        if self.claim.is_none_or(|held| held.by != claim.by && over == Some(held.by)) {
            self.claim = Some(claim);
        }
    }

    /// The first closing holds, but a debunk goes before a dismissal.
    fn close(&mut self, closed: Closed) {
        let dismissed = |held: &Closed| matches!(held.how, Closing::Dismissed { .. });
        if self.closed.is_none() || (closed.how == Closing::Debunked && self.closed.as_ref().is_some_and(dismissed)) {
            self.closed = Some(closed);
        }
        self.claim = None;
    }

    /// Keeps what was said of a report that is merged into this one.
    fn take_in(&mut self, other: Self) {
        self.checks.extend(other.checks);
        self.checks.sort_by_key(|check| check.at);
        let checked = self.checks.last().map(|check| check.at);
        let debunked = self.debunked.into_iter().chain(other.debunked).max_by_key(|debunked| debunked.at);
        self.debunked = debunked.filter(|debunked| checked.is_none_or(|at| at < debunked.at));
        self.notes.extend(other.notes);
        self.notes.sort_by_key(|note| note.at);
        self.take_alerts(other.alerts);
    }

    /// Of those who say that one alert was made of it, the first counts.
    fn take_alerts(&mut self, alerts: impl IntoIterator<Item = Alerted>) {
        self.alerts.extend(alerts);
        self.alerts.sort_by_key(|made| made.at);
        let mut known = BTreeSet::new();
        self.alerts.retain(|made| known.insert(made.alert));
    }
}

impl Check {
    /// Whether it found the sighting to be true.
    #[must_use]
    pub fn bears_out(&self) -> bool {
        bears_out(&self.outcome)
    }
}

/// Whether a code of [`crate::vocabulary::List::VerificationState`] says that the sighting is true.
#[must_use]
pub fn bears_out(outcome: &Code) -> bool {
    *outcome == "verified" || *outcome == "corroborated"
}
