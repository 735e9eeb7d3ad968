//! Answers, and the tally that coordinators see.

use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::inbox::{Answer, Sees};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::Note;
use watchfire_protocol::vocabulary::{AnswerContent, Code, Need};
use watchfire_protocol::wire::{self, Extensions};

use crate::client::Client;
use crate::duties::heads;
use crate::epochs::{load_roster, random16};
use crate::error::ClientError;
use crate::link::Receipt;
use crate::ops::view::AlertView;
use crate::state::{Hood, Queued, StoredAnswer};
use crate::vault::{Bucket, Tx};

/// One person's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerView {
    /// What they are called.
    pub handle: String,
    /// The code of the answer.
    pub answer: Code,
    /// Minutes until arrival.
    pub eta_minutes: Option<u16>,
    /// Why not.
    pub reason: Option<Code>,
    /// Anything else.
    pub text: String,
}

/// A need, and how many come for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedView {
    /// The need.
    pub need: Need,
    /// How many of those who come offer it.
    pub met: u16,
}

/// What was answered to an alert so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The alert.
    pub alert: AlertId,
    /// How many devices have it.
    pub received: usize,
    /// How many are on the way.
    pub going: usize,
    /// How many are there.
    pub on_scene: usize,
    /// How many cannot.
    pub cannot: usize,
    /// What it asks for.
    pub needs: Vec<NeedView>,
    /// Everybody's newest answer, by handle.
    pub answers: Vec<AnswerView>,
}

/// What this vault sees of a neighborhood.
pub(crate) fn sees(tx: &Tx<'_>, hood: &Hood, charters: &CharterHistory, now: Timestamp) -> Result<Sees, ClientError> {
    let newest = charters.newest();
    Ok(Sees {
        charter_version: newest.version(),
        charter: newest.hash(),
        restrictions: charters.restrictions_hash(),
        announcement: hood.announcement,
        head: heads(tx, hood, now)?.first().copied(),
    })
}

impl Client {
    /// Answers an alert. Returns nothing if no relay answers: then it is queued.
    ///
    /// # Errors
    /// No such alert, it has expired, or the relay refuses.
    pub async fn answer(
        &self,
        wanted: &str,
        content: AnswerContent,
    ) -> Result<(AlertView, Option<Receipt>), ClientError> {
        content.validate()?;
        let view = self.alert(wanted)?;
        if view.shown.notes().contains(&Note::Expired) {
            return Err(ClientError::Expired { what: "alert", name: view.short });
        }
        let ticket = self.queue_answer(view.hood, view.shown.id(), content)?;
        match self.deliver(view.hood, &ticket).await {
            Ok(receipt) => Ok((view, Some(receipt))),
            Err(ClientError::Unreachable { .. } | ClientError::Broken(_)) => Ok((view, None)),
            Err(error) => Err(error),
        }
    }

    /// Puts an answer into the outbox.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn queue_answer(
        &self,
        hood: NeighborhoodId,
        alert: AlertId,
        content: AnswerContent,
    ) -> Result<Vec<u8>, ClientError> {
        let (charters, now) = (self.charters()?, self.now());
        self.vault.transact(|tx| {
            let state = Hood::load(tx, hood)?;
            let answer = Answer {
                random: random16(),
                alert,
                sent: now,
                sees: sees(tx, &state, &charters, now)?,
                content,
                extensions: Extensions::default(),
            };
            let body = wire::encode_body(&answer);
            self.enqueue(tx, &Queued::Inbox { hood, body })
        })
    }

    /// What was answered to an alert so far, from the vault.
    ///
    /// # Errors
    /// This vault does not coordinate there, or there is no such alert.
    pub fn tally(&self, view: &AlertView) -> Result<Tally, ClientError> {
        let alert = view.shown.id();
        self.read(|tx| {
            let state = Hood::load(tx, view.hood)?;
            let roster = load_roster(tx, view.hood, state.place(), state.epoch)?
                .ok_or(ClientError::NotGranted("see the answers of this neighborhood"))?;
            let prefix = crate::state::name(view.hood, &alert.0);
            let stored: Vec<StoredAnswer> =
                tx.list(Bucket::Answer, &prefix)?.into_iter().map(|(_, answer)| answer).collect();
            let count = |code: &str| {
                stored.iter().filter(|s| s.content.as_ref().is_some_and(|content| content.answer == code)).count()
            };
            let member = |answer: &StoredAnswer| roster.members().get(&answer.member);
            let mut answers: Vec<AnswerView> = stored
                .iter()
                .filter_map(|answer| {
                    let content = answer.content.clone()?;
                    Some(AnswerView {
                        handle: member(answer).map_or_else(|| answer.member.to_string(), |m| m.handle.clone()),
                        answer: content.answer,
                        eta_minutes: content.eta_minutes,
                        reason: content.reason,
                        text: content.text,
                    })
                })
                .collect();
            answers.sort_by(|one, other| one.handle.cmp(&other.handle));
            let coming: Vec<_> = stored
                .iter()
                .filter(|answer| answer.content.as_ref().is_some_and(AnswerContent::is_coming))
                .filter_map(member)
                .collect();
            let met = |need: &Need| {
                let fits = coming.iter().filter(|member| {
                    let role = member.roles.contains(&need.role);
                    role && need.language.as_ref().is_none_or(|language| {
                        member.languages.iter().any(|spoken| spoken.split('-').next() == Some(language.primary()))
                    })
                });
                u16::try_from(fits.count()).unwrap_or(u16::MAX)
            };
            let needs = &view.shown.body().content.needs;
            Ok(Tally {
                alert,
                received: stored.len(),
                going: count("going"),
                on_scene: count("on-scene"),
                cannot: count("cannot"),
                needs: needs.iter().map(|need| NeedView { need: need.clone(), met: met(need) }).collect(),
                answers,
            })
        })
    }
}
