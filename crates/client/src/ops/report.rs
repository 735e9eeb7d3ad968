//! Reporting: what a member tells the coordinators.

use watchfire_protocol::id::{NeighborhoodId, ReportId};
use watchfire_protocol::inbox::{Report, report_id};
use watchfire_protocol::vocabulary::ReportContent;
use watchfire_protocol::wire::{self, Extensions};

use super::begun::{Slot, discard};
use super::desk::Delivery;
use crate::client::Client;
use crate::desk::{StoredReport, keep_report};
use crate::epochs::{load_roster, random16};
use crate::error::ClientError;
use crate::ops::answer::sees;
use crate::state::{Hood, Queued};
use crate::unfinished::Typed;

/// What became of a report.
pub struct SentReport {
    /// Its id.
    pub id: ReportId,
    /// Whether it is at the relay.
    pub delivery: Delivery,
}

impl Client {
    /// Reports to the coordinators of a neighborhood. What no relay took stays queued, and that is no error. A
    /// coordinator's own vault has it at once.
    ///
    /// # Errors
    /// The content breaks a rule, the neighborhood is closed, or the disk refuses.
    pub async fn send_report(&self, hood: NeighborhoodId, content: ReportContent) -> Result<SentReport, ClientError> {
        self.report_once(hood, content, None, None).await
    }

    /// The same as it was typed: where the same was typed before and interrupted, it goes on with that one. It counts as
    /// interrupted until [`Self::told`]. Where it was `begun` at prompts, nothing is begun any more once it is in the vault.
    ///
    /// # Errors
    /// Those of [`Self::send_report`].
    pub async fn send_typed_report(
        &self,
        hood: NeighborhoodId,
        content: ReportContent,
        begun: Option<Slot>,
    ) -> Result<SentReport, ClientError> {
        let typed = Typed::report(hood, &content);
        self.report_once(hood, content, Some(typed), begun).await
    }

    async fn report_once(
        &self,
        hood: NeighborhoodId,
        content: ReportContent,
        typed: Option<Typed>,
        begun: Option<Slot>,
    ) -> Result<SentReport, ClientError> {
        self.refuse_if_closed(hood)?;
        content.validate()?;
        let (charters, now) = (self.charters()?, self.now());
        content.validate_times(now)?;
        let (id, ticket) = self.vault.transact(|tx| {
            if let Some(slot) = begun {
                discard(tx, slot)?;
            }
            if let Some(begun) = typed.as_ref().map(|typed| typed.begun(tx, now)).transpose()?.flatten() {
                return Ok((ReportId(begun.id), begun.ticket));
            }
            let state = Hood::load(tx, hood)?;
            let sees = sees(tx, &state, &charters, now)?;
            let report = Report { random: random16(), sent: now, sees, content, extensions: Extensions::default() };
            let body = wire::encode_body(&report);
            let id = report_id(&state.place(), &body);
            if load_roster(tx, hood, state.place(), state.epoch)?.is_some() {
                let body = body.clone();
                let stored = StoredReport { member: state.member, body, received: now, seen_at: vec![], told: true };
                keep_report(tx, &state, id, &stored, &charters.rights())?;
            }
            let ticket = self.enqueue(tx, &Queued::Inbox { hood, body })?;
            typed.map(|typed| typed.begin(tx, id.0, &ticket, now)).transpose()?;
            Ok::<_, ClientError>((id, ticket))
        })?;
        Ok(SentReport { id, delivery: self.delivered(hood, &ticket).await })
    }

    /// The id of a report's body in a neighborhood of this vault.
    pub(crate) fn report_id(&self, hood: NeighborhoodId, body: &[u8]) -> Result<ReportId, ClientError> {
        Ok(report_id(&self.read(|tx| Hood::load(tx, hood))?.place(), body))
    }
}
