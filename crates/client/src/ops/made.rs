//! What alerts were made of a report, and what became of them: an alert that was taken back as untrue says so of its report.

use watchfire_protocol::desk::{Alerted, FoundFalse};
use watchfire_protocol::id::{AlertId, CoordinatorId, NeighborhoodId};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{Code, Verification};

use super::desk::{DeskError, ReportFilter, ReportView};
use super::view::{AlertView, Filter, FollowUpView};
use crate::client::Client;
use crate::error::ClientError;
use crate::unfinished::begun;

/// An alert that was made of a report, as it stands now.
#[derive(Clone, Debug)]
pub struct Made {
    /// Which.
    pub alert: AlertId,
    /// Under which id, in short, lists show it.
    pub short: String,
    /// Who made it.
    pub by: CoordinatorId,
    /// When.
    pub at: Timestamp,
    /// Whether it is a call to verify and no more.
    pub is_call: bool,
    /// Whether it was written here by a command that was interrupted: typed again, that goes on with it.
    begun: bool,
    /// What became of it.
    pub fate: Fate,
    /// When it was stood down.
    pub stood_down: Option<Timestamp>,
}

/// What became of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not here: it waits for signatures, has not come, or is kept no more.
    Unseen,
    /// It goes on.
    Open,
    /// It ended.
    Over,
    /// It was not so: it was corrected, or ended as nothing of the sort.
    TakenBack(TakenBack),
}

/// Who said that an alert was not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Handles of those who signed that.
    pub by: Vec<String>,
    /// When it was said.
    pub at: Timestamp,
}

/// An alert, and a report that it was made of and that was found not to be so: nobody checked it anew since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untrue {
    /// The neighborhood.
    pub hood: NeighborhoodId,
    /// Its name.
    pub neighborhood: String,
    /// The alert that was made of it.
    pub alert: AlertId,
    /// Under which id, in short, lists show that.
    pub short: String,
    /// The report, in short.
    pub report: String,
    /// Who found that it is not so.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they found: a code of verification states.
    pub outcome: Code,
    /// How, if it was checked.
    pub method: Option<Code>,
}

/// Outcomes that say that it was not so.
const NOT_SO: [&str; 2] = ["not-enforcement", "never-found"];

impl Made {
    fn of(alerted: &Alerted, alerts: &[AlertView], now: Timestamp) -> Self {
        let find = |id: AlertId| alerts.iter().find(|view| view.shown.id() == id);
        let view = find(alerted.alert);
        let own = || alerted.alert.to_string().chars().take(super::MIN_PREFIX).collect();
        let state = view.map(|view| find(view.thread.state).unwrap_or(view));
        Self {
            alert: alerted.alert,
            short: view.map_or_else(own, |view| view.listed_short().to_owned()),
            by: alerted.by,
            at: alerted.at,
            is_call: state.is_some_and(|state| state.shown.body().content.is_call_to_verify()),
            begun: false,
            fate: state.map_or(Fate::Unseen, |state| fate(state, alerts, now)),
            stood_down: state.and_then(AlertView::closed_by).map(|later| said_at(later, alerts)),
        }
    }
}

/// What became of an alert, by the state of its thread.
fn fate(state: &AlertView, alerts: &[AlertView], now: Timestamp) -> Fate {
    let said = |later: &&FollowUpView| later.outcome.as_ref().is_some_and(|outcome| NOT_SO.contains(&outcome.as_str()));
    let not_so = state.corrected_by().or_else(|| state.closed_by().filter(said));
    match not_so {
        Some(later) => Fate::TakenBack(TakenBack { by: later.signed_by.clone(), at: said_at(later, alerts) }),
        None if state.is_over() || state.thread.expires <= now => Fate::Over,
        None => Fate::Open,
    }
}

/// When a later alert said so. By a clock that is ahead it would be said after what was done at the desk since.
fn said_at(later: &FollowUpView, alerts: &[AlertView]) -> Timestamp {
    let received = alerts.iter().find(|view| view.shown.id() == later.id).map(|view| view.received);
    received.map_or(later.sent, |received| received.min(later.sent))
}

impl ReportView {
    /// Whether it is done with: every alert made of it is over, what told of it was stood down, and nothing was done about it
    /// since. What was taken back as untrue is not.
    #[must_use]
    pub fn is_stood_down(&self) -> bool {
        let told = || self.made.iter().filter(|made| !made.is_call);
        let Some(ended) = told().map(|made| made.stood_down).max().flatten() else { return false };
        let since = |at: Option<Timestamp>| at.is_some_and(|at| at > ended);
        let matter = &self.matter;
        let done = [
            matter.claim.map(|claim| claim.at),
            matter.checks.last().map(|check| check.at),
            matter.notes.last().map(|note| note.at),
        ];
        self.made.iter().all(|made| made.fate == Fate::Over)
            && told().all(|made| made.stood_down.is_some())
            && self.unchecked.is_empty()
            && !done.into_iter().any(since)
    }

    /// The newest alert made of it that was taken back as untrue, unless a check since then bears the report out.
    #[must_use]
    pub fn taken_back(&self) -> Option<(&Made, &TakenBack)> {
        let checked = self.matter.checks.last().filter(|check| check.bears_out()).map(|check| check.at);
        let said = self.made.iter().rev().filter_map(|made| match &made.fate {
            Fate::TakenBack(back) => Some((made, back)),
            _ => None,
        });
        said.max_by_key(|(_, back)| back.at).filter(|(_, back)| checked.is_none_or(|at| at <= back.at))
    }

    /// The newest alert made of it that says what another one would say again. What was called for to be verified is told when
    /// it is, and called for again when nobody is asked any more.
    #[must_use]
    pub fn said_already(&self, call: bool) -> Option<&Made> {
        let again = |made: &&Made| match made.fate {
            Fate::Unseen | Fate::Open => call || !made.is_call,
            Fate::Over => !call && !made.is_call,
            Fate::TakenBack(_) => false,
        };
        self.made.iter().rev().filter(|made| !made.begun).find(again)
    }
}

impl ReportView {
    /// The newest call to verify it that is still open: what is found out takes its place.
    #[must_use]
    pub fn open_call(&self) -> Option<&Made> {
        self.made.iter().rev().find(|made| made.is_call && made.fate == Fate::Open)
    }

    /// The alerts that were made of it, if it was found not to be so, with what became of each.
    fn untrue(&self) -> Vec<(Untrue, &Fate)> {
        let found = self.matter.found_false().filter(|_| self.merged_into.is_none());
        let untrue = |found: &FoundFalse, made: &Made| Untrue {
            hood: self.hood,
            neighborhood: self.neighborhood.clone(),
            alert: made.alert,
            short: made.short.clone(),
            report: self.short.clone(),
            by: self.handle(&found.by),
            at: found.at,
            outcome: found.outcome.clone(),
            method: found.method.clone(),
        };
        let of = |found: &FoundFalse| self.made.iter().map(|made| (untrue(found, made), &made.fate)).collect();
        found.as_ref().map(of).unwrap_or_default()
    }
}

impl Client {
    /// The alerts that are out though a report that they were made of was found not to be so, and nobody checked it anew. None
    /// where this vault keeps no desk.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn untrue_alerts(&self) -> Result<Vec<Untrue>, ClientError> {
        let views = self.all_reports()?;
        let open = views.iter().flat_map(ReportView::untrue).filter(|(_, fate)| **fate == Fate::Open);
        let mut untrue: Vec<Untrue> = open.map(|(untrue, _)| untrue).collect();
        untrue.sort_by_key(|one| (one.at, one.alert));
        Ok(untrue)
    }

    /// Nobody says more of what is known not to be so, nor signs it.
    ///
    /// # Errors
    /// One of these alerts was made of a report that was found not to be so, and nobody checked it anew.
    pub fn refuse_if_untrue(&self, hood: NeighborhoodId, alerts: &[AlertId]) -> Result<(), ClientError> {
        let views = self.all_reports()?;
        let mut untrue = views.iter().flat_map(ReportView::untrue).map(|(untrue, _)| untrue);
        match untrue.find(|untrue| untrue.hood == hood && alerts.contains(&untrue.alert)) {
            Some(untrue) => Err(DeskError::MadeOfUntrue(Box::new(untrue)).into()),
            None => Ok(()),
        }
    }

    /// How it was checked, by the newest report that these alerts were made of and that a check bears out.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn checks_of(&self, hood: NeighborhoodId, alerts: &[AlertId]) -> Result<Option<Verification>, ClientError> {
        let of = |view: &ReportView| view.hood == hood && view.made.iter().any(|made| alerts.contains(&made.alert));
        let views = self.all_reports()?;
        let checked =
            views.iter().rev().find(|view| of(view) && view.merged_into.is_none() && view.matter.is_verified());
        Ok(checked.map(ReportView::verification))
    }

    fn all_reports(&self) -> Result<Vec<ReportView>, ClientError> {
        match self.reports(ReportFilter { hood: None, all: true }) {
            Err(ClientError::NotGranted(_) | ClientError::NoNetwork) => Ok(vec![]),
            reports => reports,
        }
    }

    /// Looks what became of the alerts that were made of these reports.
    pub(crate) fn look_at_alerts(&self, views: &mut [ReportView]) -> Result<(), ClientError> {
        if views.iter().all(|view| view.matter.alerts.is_empty()) {
            return Ok(());
        }
        let (alerts, now) = (self.alerts(Filter { expired: true, ..Filter::default() })?, self.now());
        self.read(|tx| {
            for view in views {
                view.made = view.matter.alerts.iter().map(|alerted| Made::of(alerted, &alerts, now)).collect();
                for made in &mut view.made {
                    made.begun = begun(tx, made.alert.0, now)?.is_some();
                }
            }
            Ok(())
        })
    }
}
