//! What coordinators do with reports: look at them, check them, close them, make alerts of them.

use std::collections::BTreeMap;

use watchfire_protocol::desk::{Closing, Desk, DeskBody, DeskEvent, Matter, desk_id};
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, CoordinatorId, MemberId, NeighborhoodId, ReportId};
use watchfire_protocol::inbox::Report;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::CLOCK_DOUBT;
use watchfire_protocol::vocabulary::{AlertContent, Code, Place, ReportContent, Verification};
use watchfire_protocol::wire::Extensions;

use super::alert::DELIVERY;
use super::answer::AttendedView;
use super::by_prefix;
use super::made::{Made, Untrue};
use super::view::handles;
use crate::client::{Client, hood_name};
use crate::desk::{Dropped, StoredDeskEvent, StoredReport, desk, entries, keep_event, queued, reports};
use crate::epochs::{load_roster, random16};
use crate::error::ClientError;
use crate::former::{called, former};
use crate::link::{Link, Receipt};
use crate::state::{Hood, Profile, Queued, name, names};
use crate::vault::{Bucket, Tx};

/// The right that is lacking, in the words of [`ClientError::NotGranted`].
const WORK: &str = "work at the desk of this neighborhood";

/// Why something is not done at the desk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// Somebody else looks at it.
    #[error("{by} claimed report {report} already")]
    Claimed {
        /// Which.
        report: String,
        /// Who.
        by: String,
        /// For how many seconds.
        seconds: u64,
    },
    /// It cannot be released: this coordinator did not claim it.
    #[error("you did not claim report {report}")]
    NotYours {
        /// Which.
        report: String,
    },
    /// It is shown with another one.
    #[error("report {report} was merged into {into}")]
    Merged {
        /// Which.
        report: String,
        /// The other one.
        into: String,
    },
    /// It stands by itself.
    #[error("report {report} is merged into no other")]
    NotMerged {
        /// Which.
        report: String,
    },
    /// It would disappear with what it is merged into.
    #[error("report {into} is closed, or was found not to be so")]
    IntoFalse {
        /// Which.
        report: String,
        /// The other one.
        into: String,
        /// Whether that is closed.
        closed: bool,
    },
    /// A report is not merged into itself.
    #[error("both are report {report}")]
    Same {
        /// Which.
        report: String,
    },
    /// The two are of different neighborhoods.
    #[error("the two reports are of different neighborhoods")]
    Elsewhere,
    /// It is closed.
    #[error("report {report} is closed")]
    Closed {
        /// Which.
        report: String,
    },
    /// Two reports are said to bear it out, and there is one.
    #[error("report {report} has one source, and `two-reports` takes two")]
    OneSource {
        /// Which.
        report: String,
    },
    /// Somebody else takes care of a member who asked for help.
    #[error("{by} takes care of {who} already")]
    Attended {
        /// Of whom.
        who: String,
        /// Who does.
        by: String,
        /// For how many seconds.
        seconds: u64,
        /// The alert.
        alert: String,
    },
    /// Nobody bore it out.
    #[error("report {report} is not verified")]
    NotVerified {
        /// Which.
        report: String,
    },
    /// Whoever checked it last found that it is not so.
    #[error("report {report} was found not to be so by {by}")]
    FoundFalse {
        /// Which.
        report: String,
        /// Who checked it.
        by: String,
        /// What they found: a code of verification states.
        outcome: Code,
    },
    /// A report that an alert was made of was found not to be so.
    #[error("alert {} was made of report {}, which {} found not to be so", .0.short, .0.report, .0.by)]
    MadeOfUntrue(Box<Untrue>),
    /// An alert made of it was taken back as untrue, and nobody has checked it since.
    #[error("alert {alert}, made of report {report}, was taken back by {by}")]
    TakenBack {
        /// Which report.
        report: String,
        /// Which alert.
        alert: String,
        /// Who said that it was not so.
        by: String,
        /// How many seconds ago.
        seconds: u64,
    },
}

/// What became of something that is to reach a relay.
#[derive(Debug)]
pub enum Delivery {
    /// It is at the relay.
    Accepted(Receipt),
    /// It waits in the vault. Why.
    Queued(ClientError),
}

impl Delivery {
    /// Whether it is at the relay.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }
}

/// Reports of one member that had to go because newer ones of theirs came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedReports {
    /// The neighborhood.
    pub neighborhood: String,
    /// What whoever sent them is called, or was: their id, where this vault never knew.
    pub author: String,
    /// How many, since the last of them to go was forgotten.
    pub count: u64,
}

/// A report, and what became of it.
#[derive(Clone)]
pub struct ReportView {
    /// The neighborhood.
    pub hood: NeighborhoodId,
    /// Its name.
    pub neighborhood: String,
    /// The report.
    pub id: ReportId,
    /// As many symbols of its id as tell it apart here.
    pub short: String,
    /// What its author is called.
    pub author: String,
    /// Whom it counts for as a source: its author, or itself if a coordinator typed it for somebody.
    source: [u8; 16],
    /// When, as its author says.
    pub sent: Timestamp,
    /// When it arrived.
    pub received: Timestamp,
    /// What it says.
    pub content: ReportContent,
    /// What became of it; of one that was merged, of the one it is shown with.
    pub matter: Matter,
    /// The handles of the coordinators in `matter`.
    handles: BTreeMap<CoordinatorId, String>,
    /// Whether this coordinator claimed it.
    pub claimed_here: bool,
    /// The one that it is shown with.
    pub merged_into: Option<ReportId>,
    /// Those that are shown with it.
    pub merged: Vec<ReportId>,
    /// Of those that are shown together, the ones that the checks which hold do not cover.
    pub unchecked: Vec<ReportId>,
    /// Whether the check that says how it stands, if there is one, is of this report too.
    pub checked: bool,
    /// What alerts were made of it, oldest first, and what became of them.
    pub made: Vec<Made>,
    /// Whether it, or something that was done to it here, waits to be sent.
    pub queued: bool,
    /// Whether it was told here.
    pub told: bool,
}

/// How a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody looks at it.
    Open,
    /// Somebody does.
    Claimed,
    /// It is shown with another.
    Merged,
    /// Nothing is to be done.
    Dismissed,
    /// It is not true.
    Debunked,
}

impl ReportView {
    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (&self.matter.closed, self.matter.claim) {
            _ if self.merged_into.is_some() => Standing::Merged,
            (Some(closed), _) if closed.how == Closing::Debunked => Standing::Debunked,
            (Some(_), _) => Standing::Dismissed,
            (None, Some(_)) => Standing::Claimed,
            (None, None) => Standing::Open,
        }
    }

    /// What a coordinator is called.
    #[must_use]
    pub fn handle(&self, coordinator: &CoordinatorId) -> String {
        self.handles.get(coordinator).cloned().unwrap_or_else(|| coordinator.to_string())
    }

    /// Whether it is shown with what was checked, and was not checked with it.
    #[must_use]
    pub fn is_unchecked(&self) -> bool {
        self.unchecked.contains(&self.id)
    }

    /// What an alert made of it says about how it was checked.
    #[must_use]
    pub fn verification(&self) -> Verification {
        self.matter.verification(|by| self.handle(by))
    }
}

/// What an alert takes from a report that was merged into the one that it is made of.
pub struct FromMerged {
    /// Which report, in short.
    pub report: String,
    /// Its id.
    pub id: ReportId,
    /// Whose it is.
    pub author: String,
    /// Which fields of it.
    pub fields: Vec<&'static str>,
}

/// Which reports to look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportFilter {
    /// Of one neighborhood only.
    pub hood: Option<NeighborhoodId>,
    /// Also those that are closed, or shown with another, or whose alert was stood down.
    pub all: bool,
}

impl Client {
    /// The reports of the neighborhoods that this vault coordinates, oldest first.
    ///
    /// # Errors
    /// The vault coordinates none of them, or the disk refuses.
    pub fn reports(&self, filter: ReportFilter) -> Result<Vec<ReportView>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let mut out = self.read(|tx| {
            let (mut out, mut desks) = (Vec::new(), 0);
            for hood in Hood::all(tx)?.into_iter().filter(|hood| filter.hood.is_none_or(|only| only == hood.id)) {
                if load_roster(tx, hood.id, hood.place(), hood.epoch)?.is_some() {
                    desks += 1;
                    out.extend(Looking { tx, hood: &hood, charters: &charters, now }.views()?);
                }
            }
            if desks == 0 { Err(ClientError::NotGranted(WORK)) } else { Ok(out) }
        })?;
        out.sort_by_key(|view| (view.sent, view.id));
        shorten(&mut out);
        self.look_at_alerts(&mut out)?;
        let open = |view: &ReportView| matches!(view.standing(), Standing::Open | Standing::Claimed);
        out.retain(|view| filter.all || (open(view) && !view.is_stood_down()));
        Ok(out)
    }

    /// Whose reports had to go in the neighborhoods that this vault coordinates. It is told for as long as reports are kept.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn dropped_reports(&self) -> Result<Vec<DroppedReports>, ClientError> {
        self.read(|tx| {
            let mut out = Vec::new();
            for hood in Hood::all(tx)? {
                let Some(roster) = load_roster(tx, hood.id, hood.place(), hood.epoch)? else { continue };
                for (key, dropped) in tx.list::<Dropped>(Bucket::Dropped, &hood.id.0)? {
                    let Some(member) = key.last_chunk().copied().map(MemberId) else { continue };
                    let author = called(&roster, &former(tx, &hood, &roster, [member])?, &member);
                    let neighborhood = hood_name(tx, hood.id)?;
                    out.push(DroppedReports { neighborhood, author, count: dropped.count });
                }
            }
            Ok(out)
        })
    }

    /// One report, by any unique prefix of its id.
    ///
    /// # Errors
    /// None, or more than one, begins so; or this vault coordinates nothing.
    pub fn report(&self, wanted: &str) -> Result<ReportView, ClientError> {
        let all = self.reports(ReportFilter { hood: None, all: true })?;
        by_prefix("report", wanted, all.into_iter().map(|view| (view.id.to_string(), view)))
    }

    /// Notes that a report was told, after it was.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn mark_told(&self, view: &ReportView) -> Result<(), ClientError> {
        self.read(|tx| {
            let key = name(view.hood, &view.id.0);
            if let Some(stored) = tx.get::<StoredReport>(Bucket::Report, &key)? {
                tx.put(Bucket::Report, &key, &StoredReport { told: true, ..stored })?;
            }
            Ok(())
        })
    }

    /// Claims a report. `over` takes it over from whoever has it.
    ///
    /// # Errors
    /// Somebody has it and `over` is not said, it was merged, or this vault may not work at this desk.
    pub async fn claim_report(&self, view: &ReportView, over: bool) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| {
            let view = looking.head(view)?;
            if !over {
                looking.refuse_if_claimed(&view)?;
            }
            let over = view.matter.claim.filter(|_| !view.claimed_here).map(|claim| claim.by);
            Ok(DeskEvent::Claim { report: view.id, over })
        })
        .await
    }

    /// Gives a report back.
    ///
    /// # Errors
    /// This coordinator did not claim it, or as [`Self::claim_report`].
    pub async fn release_report(&self, view: &ReportView) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| {
            let view = looking.head(view)?;
            if !view.claimed_here {
                return Err(DeskError::NotYours { report: view.short }.into());
            }
            Ok(DeskEvent::Release { report: view.id })
        })
        .await
    }

    /// Has a report shown with another one of the same sighting. `over` does it though somebody else has one of them.
    ///
    /// # Errors
    /// The two are one or of different neighborhoods, the first was merged already, the other is closed or was found false, somebody else has one of them and
    /// `over` is not said, or this vault may not work at this desk.
    pub async fn merge_reports(
        &self,
        view: &ReportView,
        into: &ReportView,
        over: bool,
    ) -> Result<Delivery, ClientError> {
        if view.hood != into.hood {
            return Err(DeskError::Elsewhere.into());
        }
        self.do_at_desk(view.hood, |looking| {
            let view = looking.head(view)?;
            let into = looking.view(into.merged_into.unwrap_or(into.id))?;
            if view.id == into.id {
                return Err(DeskError::Same { report: view.short }.into());
            }
            let closed = into.matter.closed.is_some();
            if closed || into.matter.found_false().is_some() {
                return Err(DeskError::IntoFalse { report: view.short, into: into.short, closed }.into());
            }
            if !over {
                looking.refuse_if_claimed(&view)?;
                looking.refuse_if_claimed(&into)?;
            }
            Ok(DeskEvent::Merge { report: view.id, into: into.id })
        })
        .await
    }

    /// Has a report that is shown with another one stand by itself again.
    ///
    /// # Errors
    /// It does, or no right at this desk.
    pub async fn split_report(&self, view: &ReportView) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| {
            let view = looking.view(view.id)?;
            match view.merged_into {
                Some(_) => Ok(DeskEvent::Split { report: view.id }),
                None => Err(DeskError::NotMerged { report: view.short }.into()),
            }
        })
        .await
    }

    /// Adds a check to a report.
    ///
    /// # Errors
    /// An unknown code, a closed or merged report, `two-reports` with one source, or no right at this desk.
    pub async fn verify_report(
        &self,
        view: &ReportView,
        outcome: Code,
        method: Code,
        certainty: Option<Code>,
    ) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| {
            let view = looking.head(view)?;
            refuse_if_closed(&view)?;
            let event = DeskEvent::Verify { report: view.id, outcome, method, certainty };
            event.validate()?;
            if matches!(&event, DeskEvent::Verify { method, .. } if *method == "two-reports")
                && looking.sources(&view)? < 2
            {
                return Err(DeskError::OneSource { report: view.short }.into());
            }
            Ok(event)
        })
        .await
    }

    /// Closes a report: nothing is to be done about it.
    ///
    /// # Errors
    /// It is closed or merged, somebody else has it and `over` is not said, the reason is too long, or no right.
    pub async fn dismiss_report(&self, view: &ReportView, reason: String, over: bool) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| {
            Ok(DeskEvent::Dismiss { report: looking.to_close(view, over)?.id, reason })
        })
        .await
    }

    /// Closes a report: it is not true.
    ///
    /// # Errors
    /// As [`Self::dismiss_report`].
    pub async fn debunk_report(&self, view: &ReportView, over: bool) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| Ok(DeskEvent::Debunk { report: looking.to_close(view, over)?.id })).await
    }

    /// Adds a note to a report.
    ///
    /// # Errors
    /// It says nothing or too much, or no right at this desk.
    pub async fn note_report(&self, view: &ReportView, text: String) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| Ok(DeskEvent::Note { report: looking.head(view)?.id, text })).await
    }

    /// Notes that an alert was made of a report.
    ///
    /// # Errors
    /// No right at this desk.
    pub async fn report_alerted(&self, view: &ReportView, alert: AlertId) -> Result<Delivery, ClientError> {
        self.do_at_desk(view.hood, |looking| Ok(DeskEvent::Alerted { report: looking.head(view)?.id, alert })).await
    }

    /// Tells the other coordinators where exactly an alert is.
    ///
    /// # Errors
    /// The place breaks a bound, or no right at this desk.
    pub async fn note_place(
        &self,
        hood: NeighborhoodId,
        alert: AlertId,
        place: Place,
    ) -> Result<Delivery, ClientError> {
        self.do_at_desk(hood, |_| Ok(DeskEvent::Place { alert, place })).await
    }

    /// What an alert made of a report says: what was seen, completed from the reports that were merged into it, and how
    /// it was checked. Of what was checked, and nothing that was merged later. Never a caller, a comment or a note.
    ///
    /// # Errors
    /// It is closed, was found not to be so, or an alert made of it was taken back as untrue and nobody has checked it since;
    /// or nobody bore it out: then a call to `verify` may be sent, and nothing else.
    pub fn alert_of(&self, view: &ReportView, ask: Option<&Code>) -> Result<AlertContent, ClientError> {
        self.alert_completed(view, ask).map(|(content, _)| content)
    }

    /// The same with what comes from reports that were merged into it.
    ///
    /// # Errors
    /// As [`Self::alert_of`].
    pub fn alert_completed(
        &self,
        view: &ReportView,
        ask: Option<&Code>,
    ) -> Result<(AlertContent, Vec<FromMerged>), ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        let newest = self.report(&view.id.to_string())?;
        self.read(|tx| {
            let hood = Hood::load(tx, view.hood)?;
            let looking = Looking { tx, hood: &hood, charters: &charters, now };
            let view = looking.head(view)?;
            refuse_if_closed(&view)?;
            refuse_if_untrue(&newest, now)?;
            if !view.matter.is_verified() && ask.is_none_or(|ask| *ask != "verify") {
                return Err(DeskError::NotVerified { report: view.short }.into());
            }
            let beside = looking.views()?.into_iter().filter(|other| view.merged.contains(&other.id));
            let mut checked = std::iter::once(view.clone()).chain(beside).filter(|report| !report.is_unchecked());
            let first = checked.next().unwrap_or_else(|| view.clone());
            let mut from: Vec<FromMerged> = Vec::new();
            let mut content = first.content;
            if first.id != view.id {
                let fields = ReportContent::new(content.kind.clone()).complete_with(&content);
                from.push(FromMerged { report: first.short, id: first.id, author: first.author, fields });
            }
            for other in checked {
                let fields = content.complete_with(&other.content);
                from.push(FromMerged { report: other.short, id: other.id, author: other.author, fields });
            }
            from.retain(|merged| !merged.fields.is_empty());
            let mut alert = content.to_alert();
            alert.verification = view.verification();
            if let Some(certainty) = view.matter.certainty() {
                alert.certainty = certainty.clone();
            }
            // What others reported and checked by clocks of their own is no slip of whoever sends it.
            alert.settle(now);
            Ok((alert, from))
        })
    }

    /// Where exactly an alert is, as the desk says.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn exact_place(&self, hood: NeighborhoodId, alert: &AlertId) -> Result<Option<Place>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.read(|tx| {
            let hood = Hood::load(tx, hood)?;
            Ok(desk(tx, &hood, &charters, now)?.place(alert).map(|located| located.place.clone()))
        })
    }

    /// Reads the desk to its tail if a relay answers, decides by what is there what is to be done, signs that, keeps it,
    /// and sends it.
    pub(super) async fn do_at_desk(
        &self,
        hood: NeighborhoodId,
        decide: impl FnOnce(&Looking<'_>) -> Result<DeskEvent, ClientError>,
    ) -> Result<Delivery, ClientError> {
        let (mut link, why) = match self.reach(hood).await {
            Ok(link) => (Some(link), None),
            Err(error @ ClientError::Vault(_)) => return Err(error),
            Err(error) => (None, Some(error)),
        };
        let decided = self.vault.transact(|tx| self.sign_at_desk(tx, hood, decide));
        let delivery = match (decided, &mut link) {
            (Err(error), _) => Err(error),
            (Ok(ticket), Some(link)) => Ok(match self.flush(link).await {
                Ok(sent) => sent.into_iter().find(|sent| sent.ticket == ticket).map(|sent| sent.receipt).map_or_else(
                    || Delivery::Queued(ClientError::Broken("it was not sent".to_owned())),
                    Delivery::Accepted,
                ),
                // Somebody opened an epoch, or the connection broke: once more from the beginning.
                Err(_) => self.delivered(hood, &ticket).await,
            }),
            (Ok(_), None) => Ok(Delivery::Queued(why.unwrap_or(ClientError::Queued))),
        };
        if let Some(mut link) = link {
            if delivery.is_ok() {
                // What members are to be told by it; at the next look if not now.
                let _ = self.send_directs(&mut link).await;
            }
            link.goodbye().await;
        }
        delivery
    }

    /// Connects, reads everything to its tail, and sends what waits.
    async fn reach(&self, hood: NeighborhoodId) -> Result<Link, ClientError> {
        match tokio::time::timeout(DELIVERY, Box::pin(self.connected(hood))).await {
            Ok(connected) => connected.map(|(link, _)| link),
            Err(_) => Err(ClientError::Broken("the relay takes too long".to_owned())),
        }
    }

    /// Sends what waits, and tells whether this did.
    pub(crate) async fn delivered(&self, hood: NeighborhoodId, ticket: &[u8]) -> Delivery {
        match self.deliver(hood, ticket).await {
            Ok(receipt) => Delivery::Accepted(receipt),
            Err(error) => Delivery::Queued(error),
        }
    }

    /// Signs what is done at the desk, keeps it, and puts it into the outbox.
    pub(crate) fn sign_at_desk(
        &self,
        tx: &Tx<'_>,
        hood: NeighborhoodId,
        decide: impl FnOnce(&Looking<'_>) -> Result<DeskEvent, ClientError>,
    ) -> Result<Vec<u8>, ClientError> {
        let (charters, now) = (self.charters_in(tx)?, self.now());
        let state = Hood::load(tx, hood)?;
        let looking = Looking { tx, hood: &state, charters: &charters, now };
        let key = looking.device_key()?;
        if load_roster(tx, hood, state.place(), state.epoch)?.is_none() {
            return Err(ClientError::NotGranted(WORK));
        }
        let event = decide(&looking)?;
        event.validate()?;
        let (charter_version, extensions) = (charters.newest().version(), Extensions::default());
        let at = looking.after_what_was_done(&event)?;
        let signed = DeskBody { random: random16(), charter_version, at, event, extensions }.sign(&state.place(), &key);
        let event = desk_id(&state.place(), &signed);
        keep_event(tx, hood, event, &StoredDeskEvent { event: signed, received: now, seen_at: vec![] })?;
        self.enqueue(tx, &Queued::Desk { hood, event })
    }
}

/// The desk of one neighborhood, within a transaction.
pub(crate) struct Looking<'a> {
    tx: &'a Tx<'a>,
    hood: &'a Hood,
    charters: &'a CharterHistory,
    now: Timestamp,
}

impl<'a> Looking<'a> {
    pub(crate) const fn new(tx: &'a Tx<'a>, hood: &'a Hood, charters: &'a CharterHistory, now: Timestamp) -> Self {
        Self { tx, hood, charters, now }
    }

    /// What the desk amounts to.
    pub(super) fn desk(&self) -> Result<Desk, ClientError> {
        desk(self.tx, self.hood, self.charters, self.now)
    }

    /// Who takes care of a member who asked for help then.
    pub(super) fn attended(&self, member: &MemberId, since: Timestamp) -> Result<Option<AttendedView>, ClientError> {
        let desk = desk(self.tx, self.hood, self.charters, self.now)?;
        let Some(attended) = desk.attended(member, since) else { return Ok(None) };
        let block = names(self.tx, self.hood.id)?;
        Ok(Some(AttendedView {
            by: attended.by,
            handle: handles(block.as_ref(), &[attended.by]).pop().unwrap_or_default(),
            at: attended.at,
            here: Some(attended.by) == self.own(),
            ended: attended.ended,
        }))
    }

    fn views(&self) -> Result<Vec<ReportView>, ClientError> {
        let Self { tx, hood, charters, now } = *self;
        let desk = desk(tx, hood, charters, now)?;
        let roster = load_roster(tx, hood.id, hood.place(), hood.epoch)?;
        let reports = reports(tx, hood.id)?;
        let authors = reports.values().map(|(stored, _)| stored.member);
        let gone = match &roster {
            Some(roster) => former(tx, hood, roster, authors)?,
            None => BTreeMap::new(),
        };
        let (waiting, own) = (self.waiting()?, self.own());
        let neighborhood = hood_name(tx, hood.id)?;
        let handles = self.handles()?;
        let view = |(id, (stored, report)): (ReportId, (StoredReport, Report))| {
            let member = roster.as_ref().and_then(|roster| roster.members().get(&stored.member));
            let coordinates = member.is_some_and(|member| member.charter_key.is_some());
            let head = desk.head(id);
            let matter = desk.matter(&head).cloned().unwrap_or_default();
            let full = id.to_string();
            ReportView {
                hood: hood.id,
                neighborhood: neighborhood.clone(),
                id,
                short: full.get(..super::MIN_PREFIX).unwrap_or(&full).to_owned(),
                author: roster.as_ref().map_or_else(String::new, |roster| called(roster, &gone, &stored.member)),
                source: if coordinates { id.0 } else { stored.member.0 },
                sent: report.sent,
                received: stored.received,
                content: report.content,
                claimed_here: matter.claim.is_some_and(|claim| Some(claim.by) == own),
                matter,
                handles: handles.clone(),
                merged_into: (head != id).then_some(head),
                merged: desk.merged(id),
                unchecked: desk.unchecked(head),
                checked: desk.is_checked(id),
                made: vec![],
                queued: waiting.contains(&id),
                told: stored.told,
            }
        };
        let mut views: Vec<ReportView> = reports.into_iter().map(view).collect();
        shorten(&mut views);
        Ok(views)
    }

    /// Reports that wait to be sent, or to which something was done that does.
    fn waiting(&self) -> Result<Vec<ReportId>, ClientError> {
        let queued = queued(self.tx, self.hood)?;
        let done = entries(self.tx, self.hood, self.charters, self.now)?.into_iter();
        let done = done.filter(|entry| queued.contains(&entry.id.0)).filter_map(|entry| entry.event.report());
        Ok(done.chain(queued.iter().map(|id| ReportId(*id))).collect())
    }

    fn handles(&self) -> Result<BTreeMap<CoordinatorId, String>, ClientError> {
        let ids: Vec<CoordinatorId> =
            self.charters.newest().body().grants.iter().map(|grant| grant.coordinator).collect();
        let named = handles(names(self.tx, self.hood.id)?.as_ref(), &ids);
        Ok(ids.into_iter().zip(named).collect())
    }

    fn device_key(&self) -> Result<SecretKey, ClientError> {
        let key = Profile::load(self.tx)?.device_key(&self.charters.rights(), self.hood.id, WORK)?;
        match self.charters.rights().any_right(&key.public(), self.hood.id, self.now) {
            Some(_) => Ok(key),
            None => Err(ClientError::NotGranted(WORK)),
        }
    }

    pub(super) fn own(&self) -> Option<CoordinatorId> {
        self.device_key().ok().and_then(|key| self.charters.rights().coordinator_of(&key.public()))
    }

    fn view(&self, id: ReportId) -> Result<ReportView, ClientError> {
        let found = self.views()?.into_iter().find(|view| view.id == id);
        found.ok_or_else(|| ClientError::NotFound { what: "report", name: id.to_string() })
    }

    /// A report as it is now, unless it was merged into another.
    fn head(&self, view: &ReportView) -> Result<ReportView, ClientError> {
        let view = self.view(view.id)?;
        match view.merged_into {
            None => Ok(view),
            Some(into) => Err(DeskError::Merged { report: view.short, into: self.view(into)?.short }.into()),
        }
    }

    fn to_close(&self, view: &ReportView, over: bool) -> Result<ReportView, ClientError> {
        let view = self.head(view)?;
        refuse_if_closed(&view)?;
        if !over {
            self.refuse_if_claimed(&view)?;
        }
        Ok(view)
    }

    fn refuse_if_claimed(&self, view: &ReportView) -> Result<(), ClientError> {
        match view.matter.claim.filter(|_| !view.claimed_here) {
            None => Ok(()),
            Some(claim) => Err(DeskError::Claimed {
                report: view.short.clone(),
                by: view.handle(&claim.by),
                seconds: self.now.since(claim.at),
            }
            .into()),
        }
    }

    /// How many sources bear a report out: members who saw something, and what coordinators typed for others.
    fn sources(&self, view: &ReportView) -> Result<usize, ClientError> {
        let views = self.views()?;
        let together = views.iter().filter(|other| other.id == view.id || view.merged.contains(&other.id));
        let mut sources: Vec<[u8; 16]> = together.map(|other| other.source).collect();
        sources.sort_unstable();
        sources.dedup();
        Ok(sources.len())
    }

    /// The time of what is done now: after what was done to the same report or alert, if clocks are a little apart.
    fn after_what_was_done(&self, event: &DeskEvent) -> Result<Timestamp, ClientError> {
        let all = entries(self.tx, self.hood, self.charters, self.now.plus(CLOCK_DOUBT))?;
        let same = |other: &DeskEvent| match (event, other) {
            (DeskEvent::Place { alert, .. }, DeskEvent::Place { alert: other, .. }) => alert == other,
            (DeskEvent::Template { name, .. }, DeskEvent::Template { name: other, .. }) => name == other,
            (DeskEvent::Attend { member, .. }, DeskEvent::Attend { member: other, .. }) => member == other,
            // Merges tie reports together: what is done to any of them comes after.
            _ => event.report().is_some() && other.report().is_some(),
        };
        let newest = all.iter().filter(|entry| same(&entry.event)).map(|entry| entry.at).max();
        let after = newest.map_or(self.now, |newest| newest.plus(1));
        Ok(self.now.max(after.min(self.now.plus(CLOCK_DOUBT))))
    }
}

fn refuse_if_closed(view: &ReportView) -> Result<(), ClientError> {
    match view.matter.closed {
        None => Ok(()),
        Some(_) => Err(DeskError::Closed { report: view.short.clone() }.into()),
    }
}

/// What is known not to be so goes to nobody, not even to be verified: whoever sees it there checks it first.
fn refuse_if_untrue(view: &ReportView, now: Timestamp) -> Result<(), ClientError> {
    let report = view.short.clone();
    if let Some(found) = view.matter.found_false() {
        let (by, outcome) = (view.handle(&found.by), found.outcome);
        return Err(DeskError::FoundFalse { report, by, outcome }.into());
    }
    let Some((made, back)) = view.taken_back() else { return Ok(()) };
    let (alert, by, seconds) = (made.short.clone(), back.by.join(", "), now.since(back.at));
    Err(DeskError::TakenBack { report, alert, by, seconds }.into())
}

/// Gives every report as many symbols of its id as tell it apart.
fn shorten(views: &mut [ReportView]) {
    let short = super::shortest(views.iter().map(|view| view.id.to_string()).collect());
    for (view, short) in views.iter_mut().zip(short) {
        view.short = short;
    }
}
