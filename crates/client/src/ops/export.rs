//! Gathering what is exported: closed incidents, with the reports that led to them and who answered.

use std::collections::BTreeMap;

use watchfire_protocol::desk::{self, Closing};
use watchfire_protocol::follow_up::What;
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::inbox::Answer;
use watchfire_protocol::thread::{Thread, threads};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::{Label, ShownAlert};
use watchfire_protocol::vocabulary::{self, Code};

use super::by_prefix;
use super::desk::{ReportFilter, ReportView, Standing};
use super::stats::Sighting;
use super::view::{AlertView, Filter};
use crate::answers::answers_to;
use crate::client::Client;
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::export::{Answers, EndedReport, Incident, Message, ReportRow};
use crate::state::{Answered, Hood, Profile, StoredAlert, name, names};
use crate::vault::{Bucket, Tx};

/// When somebody said first that they are going, to an alert that is here. An answer keeps the newest only.
pub(crate) fn note_going(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    answer: &Answer,
    now: Timestamp,
) -> Result<(), ClientError> {
    let key = name(hood, &answer.alert.0);
    // What nobody sent is nobody's to answer: it would be kept for nothing.
    if !answer.content.is_coming() || tx.get::<StoredAlert>(Bucket::Alert, &key)?.is_none() {
        return Ok(());
    }
    let at = answer.sent.min(now);
    if tx.get::<Timestamp>(Bucket::FirstGoing, &key)?.is_none_or(|held| at < held) {
        tx.put(Bucket::FirstGoing, &key, &at)?;
    }
    Ok(())
}

/// Forgets that of alerts that are not kept any more.
pub(crate) fn forget_going(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    gone: impl Fn(Timestamp) -> bool,
) -> Result<(), ClientError> {
    for (key, at) in tx.list::<Timestamp>(Bucket::FirstGoing, &hood.0)? {
        if gone(at) && tx.get::<StoredAlert>(Bucket::Alert, &key)?.is_none() {
            tx.delete(Bucket::FirstGoing, &key)?;
        }
    }
    Ok(())
}

impl Client {
    /// The incidents that are over: those that the prefixes of ids name, or all of them.
    ///
    /// # Errors
    /// No alert begins so, or more than one; one of them goes on; or the disk refuses.
    pub fn incidents(&self, wanted: &[String]) -> Result<Vec<Incident>, ClientError> {
        let views = self.alerts(Filter { expired: true, ..Filter::default() })?;
        let named = wanted.iter().map(|id| {
            let ids = views.iter().map(|view| (view.shown.id().to_string(), view.shown.id()));
            by_prefix("alert", id, ids)
        });
        let named: Vec<AlertId> = named.collect::<Result<_, _>>()?;
        let reports = self.reports_if_any()?;
        let by_id: BTreeMap<AlertId, &AlertView> = views.iter().map(|view| (view.shown.id(), view)).collect();
        let mut out = Vec::new();
        for thread in threads(views.iter().map(|view| &view.shown)) {
            let is_named = thread.items().iter().any(|item| named.contains(&item.id()));
            if !named.is_empty() && !is_named {
                continue;
            }
            match self.incident(&thread, &by_id, &reports)? {
                Some(incident) => out.push(incident),
                None if is_named => {
                    let id = thread.first().id();
                    let name = by_id.get(&id).map_or_else(|| id.to_string(), |view| view.short.clone());
                    return Err(ClientError::StillOpen { name });
                }
                None => {}
            }
        }
        Ok(out)
    }

    /// The reports that the desk closed without an alert, and those that were merged into them; none where this vault
    /// coordinates nothing.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn ended_reports(&self) -> Result<Vec<EndedReport>, ClientError> {
        Ok(self.reports_if_any()?.iter().filter_map(ended).collect())
    }

    /// All reports, of whatever standing; none where this vault coordinates nothing.
    fn reports_if_any(&self) -> Result<Vec<ReportView>, ClientError> {
        match self.reports(ReportFilter { hood: None, all: true }) {
            Err(ClientError::NotGranted(_)) => Ok(Vec::new()),
            reports => reports,
        }
    }

    /// The sightings of all desks of this vault: a report with those that were merged into it.
    ///
    /// # Errors
    /// It has none, or the disk refuses.
    pub(crate) fn sightings(&self) -> Result<Vec<Sighting>, ClientError> {
        let all = self.reports(ReportFilter { hood: None, all: true })?;
        let written = |report: &ReportView| report.sent.min(report.received);
        let sighting = |head: &ReportView| {
            let merged = all.iter().filter(|report| head.merged.contains(&report.id));
            let matter = &head.matter;
            Sighting {
                reports: 1 + head.merged.len(),
                first: merged.map(written).chain([written(head)]).min().unwrap_or(head.sent),
                verified: bears_out(head),
                state: matter.state(),
                debunked: head.standing() == Standing::Debunked || head.taken_back().is_some(),
                closed: matter.closed.is_some(),
            }
        };
        Ok(all.iter().filter(|report| report.merged_into.is_none()).map(sighting).collect())
    }

    /// A thread as an incident, if it is over.
    fn incident(
        &self,
        thread: &Thread<'_>,
        by_id: &BTreeMap<AlertId, &AlertView>,
        reports: &[ReportView],
    ) -> Result<Option<Incident>, ClientError> {
        let first = thread.first();
        let (Some(closed), Some(view)) = (closed(thread, self.now()), by_id.get(&first.id())) else { return Ok(None) };
        let ids: Vec<AlertId> = thread.items().iter().map(|item| item.id()).collect();
        let (network_name, answers) = self.read(|tx| {
            let state = Hood::load(tx, view.hood)?;
            let coordinates = load_roster(tx, view.hood, state.place(), state.epoch)?.is_some();
            let answers = if coordinates { Some(answers(tx, view.hood, &ids)?) } else { None };
            let named = names(tx, view.hood)?.map(|names| names.network);
            Ok((named.map_or_else(|| Ok(Profile::load(tx)?.network_name), Ok::<_, ClientError>)?, answers))
        })?;
        Ok(Some(Incident {
            id: first.id(),
            network: first.place().network,
            network_name,
            neighborhood: view.neighborhood.clone(),
            closed,
            outcome: thread.closed_by().and_then(|cancel| cancel.body().content.outcome.clone()),
            messages: thread.items().iter().map(|item| message(thread, item, by_id)).collect(),
            reports: reports.iter().filter(|report| led_to(report, &ids)).map(row).collect(),
            answers,
        }))
    }
}

/// When it ended: stood down, corrected, or expired.
fn closed(thread: &Thread<'_>, now: Timestamp) -> Option<Timestamp> {
    let expires = thread.state().expires();
    let ended = thread.closed_by().into_iter().chain(thread.corrected_by()).map(|later| later.body().sent).min();
    ended.or_else(|| (expires <= now).then_some(expires))
}

fn message(thread: &Thread<'_>, item: &ShownAlert, by_id: &BTreeMap<AlertId, &AlertView>) -> Message {
    let counts = [What::Update, What::Cancel, What::Correction].into_iter().any(|what| item.counts_as(what));
    let body = item.body();
    Message {
        id: item.id(),
        sent: body.sent,
        expires: item.expires(),
        label: if *item.label() == Label::Verified { "verified" } else { "signed" },
        counts: counts || item.id() == thread.first().id(),
        signed_by: by_id.get(&item.id()).map(|view| view.signed_by.clone()).unwrap_or_default(),
        content: body.content.clone(),
    }
}

/// Whether an alert of a thread was made of a report, or of the one that it was merged into.
fn led_to(report: &ReportView, ids: &[AlertId]) -> bool {
    report.matter.alerts.iter().any(|made| ids.contains(&made.alert))
}

/// A report as one that ended without an alert, if it did. Why it was dismissed stays at the desk.
fn ended(report: &ReportView) -> Option<EndedReport> {
    let closed = report.matter.closed.as_ref().filter(|_| report.matter.alerts.is_empty())?;
    let how = match closed.how {
        Closing::Dismissed { .. } => "dismissed",
        Closing::Debunked => "debunked",
    };
    let neighborhood = report.neighborhood.clone();
    Some(EndedReport { neighborhood, closed: closed.at, how, report: row(report) })
}

/// When a check bore a report out first.
fn bears_out(report: &ReportView) -> Option<Timestamp> {
    report.matter.checks.iter().find(|check| check.bears_out()).map(|check| check.at)
}

fn row(report: &ReportView) -> ReportRow {
    let check = |check: &desk::Check| {
        let (handle, method) = (report.handle(&check.by), check.method.clone());
        vocabulary::Check { handle, method, at: check.at }
    };
    // What was merged after the check was not checked.
    let holding = if report.is_unchecked() { vec![] } else { report.matter.distinct() };
    let state = if report.is_unchecked() { Code::constant("unverified") } else { report.matter.state() };
    ReportRow {
        id: report.id.to_string(),
        sent: report.sent,
        state: state.to_string(),
        verified_by: holding.iter().copied().map(check).collect(),
        verified: report
            .matter
            .holding()
            .iter()
            .filter(|_| !report.is_unchecked())
            .find(|check| check.bears_out())
            .map(|check| check.at),
        content: report.content.clone(),
    }
}

/// Everybody's newest answer to any alert of a thread, counted.
fn answers(tx: &Tx<'_>, hood: NeighborhoodId, ids: &[AlertId]) -> Result<Answers, ClientError> {
    let newest = answers_to(tx, hood, ids)?;
    let said = |code: &str| {
        newest.iter().filter(|answer| answer.content.as_ref().is_some_and(|content| content.answer == code)).count()
    };
    // By the end those who were out are safe: that they went there is what the file is to say.
    let there = |answer: &&Answered| answer.said.on_scene.is_some();
    let was_out = |answer: &&Answered| answer.said.out().is_some();
    let stayed = |answer: &&Answered| answer.content.as_ref().is_some_and(|content| content.answer == "cannot");
    let on_scene = newest.iter().filter(there).count();
    let going = newest.iter().filter(|answer| answer.said.going.is_some() && !there(answer) && !stayed(answer)).count();
    let (were_out, cannot) = (newest.iter().filter(was_out).count(), said("cannot"));
    let first = ids.iter().map(|id| Ok(tx.get::<Timestamp>(Bucket::FirstGoing, &name(hood, &id.0))?));
    let first_going = first.collect::<Result<Vec<_>, ClientError>>()?.into_iter().flatten().min();
    Ok(Answers { received: newest.len(), going, on_scene, were_out, cannot, first_going })
}
