//! Answers, and the tally that coordinators see.

use std::collections::BTreeMap;

use watchfire_protocol::frame::Refusal;
use watchfire_protocol::history::CharterHistory;
use watchfire_protocol::id::{AlertId, CoordinatorId, MemberId, NeighborhoodId};
use watchfire_protocol::inbox::{Answer, Sees};
use watchfire_protocol::roster::Roster;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::verdict::Note;
use watchfire_protocol::vocabulary::{AnswerContent, Code, Need};
use watchfire_protocol::wire::{self, Extensions};

use crate::answers::{StoredOwnAnswer, all_answers, answers_to, keep_own, next_date};
use crate::client::Client;
use crate::duties::heads;
use crate::epochs::{load_roster, random16};
use crate::error::ClientError;
use crate::former::{Former, called, former};
use crate::link::Receipt;
use crate::ops::desk::Looking;
use crate::ops::needs;
use crate::ops::view::AlertView;
use crate::state::{Answered, Hood, Queued};
use crate::vault::{Bucket, Tx};

/// One person's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerView {
    /// Who.
    pub member: MemberId,
    /// What they are called.
    pub handle: String,
    /// Which alert of the thread they answered.
    pub alert: AlertId,
    /// The code of the answer.
    pub answer: Code,
    /// As what they count among those who come, if they do: whoever asks for help is on the scene if they were there.
    pub comes: Option<&'static str>,
    /// When they sent it.
    pub sent: Timestamp,
    /// Minutes until arrival, from then on.
    pub eta_minutes: Option<u16>,
    /// Why not.
    pub reason: Option<Code>,
    /// The role in which they come.
    pub role: Option<Code>,
    /// What they speak.
    pub languages: Vec<String>,
    /// Anything else.
    pub text: String,
    /// Whether they said that they are out, and not since that they are safe or have left.
    pub out: bool,
    /// Whether they ever said that they are out.
    pub was_out: bool,
    /// When they asked for help first, unless they said since that they are safe or have left.
    pub help: Option<Timestamp>,
    /// What they said of it last.
    pub help_text: String,
    /// Who takes care of them, if they asked for help.
    pub attended: Option<AttendedView>,
    /// When they were removed, if they are no member any more.
    pub removed: Option<Timestamp>,
}

/// Who takes care of somebody who asked for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttendedView {
    /// Who.
    pub by: CoordinatorId,
    /// What they are called.
    pub handle: String,
    /// Since when.
    pub at: Timestamp,
    /// Whether that is this coordinator.
    pub here: bool,
    /// Whether somebody said that nobody needs to take care any more: it counts of somebody who was removed.
    pub ended: bool,
}

impl AnswerView {
    /// When they mean to arrive.
    #[must_use]
    pub fn arrives(&self) -> Option<Timestamp> {
        self.eta_minutes.map(|minutes| self.sent.plus(u64::from(minutes) * 60))
    }
}

/// Somebody who asked for help, and has not said since that they are safe or have left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpView {
    /// The neighborhood's name.
    pub neighborhood: String,
    /// Under which id the alert is shown.
    pub alert: AlertId,
    /// The same in short, as lists show it.
    pub short: String,
    /// Whether that is practice.
    pub drill: bool,
    /// Who.
    pub member: MemberId,
    /// What they are called.
    pub handle: String,
    /// Since when.
    pub since: Timestamp,
    /// Who takes care of them.
    pub attended: Option<AttendedView>,
    /// When they were removed, if they are no member any more: they cannot say that they are safe.
    pub removed: Option<Timestamp>,
    /// In answer to how many other alerts they ask as well: a person is told in one line.
    pub more: usize,
    /// Where they are a member.
    pub(crate) hood: NeighborhoodId,
    /// An alert of the thread that they have for certain.
    pub(crate) answered: AlertId,
}

/// A need, and how many come for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedView {
    /// The need.
    pub need: Need,
    /// How many of those who come fill it. Each fills one need.
    pub met: u16,
}

/// What was answered to a thread so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Under which id the thread is shown.
    pub alert: AlertId,
    /// How many devices have it.
    pub received: usize,
    /// How many are on the way.
    pub going: usize,
    /// How many are there.
    pub on_scene: usize,
    /// How many cannot.
    pub cannot: usize,
    /// What it asks for now.
    pub needs: Vec<NeedView>,
    /// How many come in each role that they said, or offer.
    pub roles: BTreeMap<Code, usize>,
    /// Who of them offers several, and said none: each fills one need only.
    pub either: Vec<String>,
    /// How many come who speak each language.
    pub languages: BTreeMap<String, usize>,
    /// Everybody's newest answer, by handle.
    pub answers: Vec<AnswerView>,
    /// What ended it, or said that it was wrong.
    pub closed: Option<AlertId>,
    /// Whether it is over: by that, or because it has expired.
    pub over: bool,
    /// Whether what ended it waits to be sent: nobody knows of it yet.
    pub closing_queued: bool,
    /// How many said that they are out.
    pub were_out: usize,
    /// Once it is over, handles of those who said that they are out, and not since that they are safe or have left.
    pub unaccounted: Vec<String>,
}

impl Tally {
    /// Handles of those who asked for help, until they say that they are safe or have left.
    pub fn help(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().filter(|answer| answer.help.is_some()).map(|answer| answer.handle.as_str())
    }
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
        // While an update of it counts, so does an answer to it. Whoever is out may ask for help, and say that they are safe,
        // however late it is.
        let out = ["help", "safe", "leaving"].contains(&content.answer.as_str());
        if !out && view.shown.notes().contains(&Note::Expired) && view.thread.expires <= self.now() {
            return Err(ClientError::Expired { what: "alert", name: view.listed_short().to_owned() });
        }
        let ticket = self.queue_answer(view.hood, view.shown.id(), content)?;
        match self.deliver(view.hood, &ticket).await {
            Ok(receipt) => Ok((view, Some(receipt))),
            Err(
                ClientError::Unreachable { .. } | ClientError::Broken(_) | ClientError::Refused(Refusal::QuotaFull),
            ) => Ok((view, None)),
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
            let sent = if content.is_automatic() { now } else { next_date(tx, now)? };
            let answer = Answer {
                random: random16(),
                alert,
                sent,
                sees: sees(tx, &state, &charters, now)?,
                content,
                extensions: Extensions::default(),
            };
            if !answer.content.is_automatic() {
                let own = StoredOwnAnswer { sent, content: answer.content.clone() };
                keep_own(tx, hood, alert, &own)?;
            }
            let body = wire::encode_body(&answer);
            self.enqueue(tx, &Queued::Inbox { hood, body })
        })
    }

    /// Who asks for help, where this vault coordinates: each person once, by the newest call, and once more if another was in
    /// answer to a drill. Those of whom nobody takes care come first, then the oldest call.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn calls_for_help(&self) -> Result<Vec<HelpView>, ClientError> {
        let mut out: Vec<HelpView> = Vec::new();
        for call in self.all_calls_for_help()? {
            let same = |known: &&mut HelpView| (known.member, known.drill) == (call.member, call.drill);
            match out.iter_mut().find(same) {
                Some(known) if call.since >= known.since => *known = HelpView { more: known.more + 1, ..call },
                Some(known) => known.more += 1,
                None => out.push(call),
            }
        }
        out.sort_by_key(|call| (call.attended.is_some(), call.since, call.alert, call.member));
        Ok(out)
    }

    /// Every call for help, also several of one person. Whoever was removed cannot say that they are safe: they are asked for
    /// until a coordinator ends that.
    pub(super) fn all_calls_for_help(&self) -> Result<Vec<HelpView>, ClientError> {
        let mut called = self.read(|tx| {
            let mut called = Vec::new();
            for hood in Hood::all(tx)? {
                if load_roster(tx, hood.id, hood.place(), hood.epoch)?.is_none() {
                    continue;
                }
                let calls = |answer: &Answered| answer.content.is_some() && answer.call().is_some();
                called.extend(all_answers(tx, hood.id)?.filter(calls).map(|answer| answer.alert));
            }
            Ok(called)
        })?;
        called.sort_unstable();
        called.dedup();
        let mut out = Vec::new();
        for alert in called {
            let view = match self.state_of(&alert.to_string()) {
                // What nobody sent here is nobody's to answer.
                Err(ClientError::NotFound { .. }) => continue,
                view => view?,
            };
            // To another alert of the thread they may have said that they are safe.
            for answer in self.tally(&view)?.answers {
                let Some(since) = answer.help else { continue };
                out.push(HelpView {
                    neighborhood: view.neighborhood.clone(),
                    alert: view.thread.first,
                    short: view.listed_short().to_owned(),
                    drill: view.shown.body().content.is_drill(),
                    member: answer.member,
                    handle: answer.handle,
                    since,
                    attended: answer.attended,
                    removed: answer.removed,
                    more: 0,
                    hood: view.hood,
                    answered: answer.alert,
                });
            }
        }
        out.sort_by_key(|call| (call.since, call.alert, call.member));
        out.dedup();
        Ok(out)
    }

    /// What was answered to an alert's thread so far, from the vault.
    ///
    /// # Errors
    /// This vault does not coordinate there, or there is no such alert.
    pub fn tally(&self, view: &AlertView) -> Result<Tally, ClientError> {
        // As its thread is by now: an update may have come meanwhile.
        let view = &self.state_of(&view.shown.id().to_string())?;
        let (charters, now) = (self.charters()?, self.now());
        self.read(|tx| {
            let hood = Hood::load(tx, view.hood)?;
            let roster = load_roster(tx, view.hood, hood.place(), hood.epoch)?
                .ok_or(ClientError::NotGranted("see the answers of this neighborhood"))?;
            let stored = answers_to(tx, view.hood, &view.thread.ids)?;
            let former = former(tx, &hood, &roster, stored.iter().map(|answer| answer.member))?;
            let looking = Looking::new(tx, &hood, &charters, now);
            let mut answers = Vec::new();
            for answer in &stored {
                let Some(mut answer) = answer_view(&roster, &former, answer) else { continue };
                if let Some(since) = answer.help {
                    answer.attended = looking.attended(&answer.member, since)?;
                }
                // Nobody else can say that they are safe.
                if answer.removed.is_some() && answer.attended.as_ref().is_some_and(|held| held.ended) {
                    (answer.help, answer.out) = (None, false);
                }
                answers.push(answer);
            }
            let mut tally = tally(view, &roster, answers, stored.len(), now);
            let waiting = tx.list::<Queued>(Bucket::Outbox, b"")?;
            let closes = |queued: &Queued| matches!(queued, Queued::Alert { id, .. } if Some(*id) == tally.closed);
            tally.closing_queued = waiting.iter().any(|(_, queued)| closes(queued));
            Ok(tally)
        })
    }
}

fn tally(view: &AlertView, roster: &Roster, mut answers: Vec<AnswerView>, received: usize, now: Timestamp) -> Tally {
    answers.sort_by(|one, other| (&one.handle, one.member).cmp(&(&other.handle, other.member)));
    let come = |code: &str| answers.iter().filter(|answer| answer.comes == Some(code)).count();
    // Whoever asks for help helps nobody.
    let able = answers.iter().filter(|answer| answer.comes.is_some() && answer.help.is_none());
    let coming: Vec<(&AnswerView, Vec<&Code>)> = able.map(|answer| (answer, offers(roster, answer))).collect();
    let (mut roles, mut languages) = (BTreeMap::new(), BTreeMap::new());
    for (answer, offers) in &coming {
        offers.iter().for_each(|role| *roles.entry((*role).clone()).or_default() += 1);
        answer.languages.iter().for_each(|spoken| *languages.entry(spoken.clone()).or_default() += 1);
    }
    let either = coming.iter().filter(|(_, offers)| offers.len() > 1);
    let either = either.map(|(answer, _)| answer.handle.clone()).collect();
    let wanted = &view.shown.body().content.needs;
    let fits: Vec<Vec<usize>> = coming.iter().map(|(answer, offers)| fitting(wanted, answer, offers)).collect();
    let met = needs::met(wanted, &fits);
    let closed = view.closed_by().or(view.corrected_by()).map(|later| later.id);
    let over = closed.is_some() || view.thread.expires <= now;
    let out = answers.iter().filter(|answer| over && answer.out);
    Tally {
        alert: view.thread.first,
        received,
        going: come("going"),
        on_scene: come("on-scene"),
        cannot: answers.iter().filter(|answer| answer.answer == "cannot").count(),
        needs: wanted.iter().zip(met).map(|(need, met)| NeedView { need: need.clone(), met }).collect(),
        roles,
        either,
        languages,
        closed,
        over,
        closing_queued: false,
        were_out: answers.iter().filter(|answer| answer.was_out).count(),
        unaccounted: out.map(|answer| answer.handle.clone()).collect(),
        answers,
    }
}

/// What a person answered; nothing of somebody whose client only received it.
fn answer_view(roster: &Roster, former: &BTreeMap<MemberId, Former>, answer: &Answered) -> Option<AnswerView> {
    let mut content = answer.content.clone()?;
    let member = roster.members().get(&answer.member);
    let said = answer.said;
    let (help, help_text) = answer.call().unzip();
    let help_text = help_text.unwrap_or_default();
    if content.answer == "help" && content.text.is_empty() {
        help_text.clone_into(&mut content.text);
    }
    Some(AnswerView {
        out: said.unless_home(said.out()).is_some(),
        was_out: said.out().is_some(),
        help,
        help_text: help_text.to_owned(),
        attended: None,
        removed: former.get(&answer.member).map(|gone| gone.removed),
        comes: answer.comes(),
        member: answer.member,
        handle: called(roster, former, &answer.member),
        alert: answer.alert,
        answer: content.answer,
        sent: answer.sent.0,
        eta_minutes: content.eta_minutes,
        reason: content.reason,
        role: content.role,
        languages: member.map(|member| member.languages.clone()).unwrap_or_default(),
        text: content.text,
    })
}

/// Which of these needs somebody fits.
fn fitting(needs: &[Need], answer: &AnswerView, offers: &[&Code]) -> Vec<usize> {
    let speaks = |wanted: &str| answer.languages.iter().any(|spoken| spoken.split('-').next() == Some(wanted));
    let fits = |need: &Need| {
        offers.contains(&&need.role) && need.language.as_ref().is_none_or(|language| speaks(language.primary()))
    };
    needs.iter().enumerate().filter(|(_, need)| fits(need)).map(|(at, _)| at).collect()
}

/// In which roles somebody comes: the one that they said, else all that they offer.
fn offers<'a>(roster: &'a Roster, answer: &'a AnswerView) -> Vec<&'a Code> {
    match &answer.role {
        Some(role) => vec![role],
        None => roster.members().get(&answer.member).map(|member| member.roles.iter().collect()).unwrap_or_default(),
    }
}
