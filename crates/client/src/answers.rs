//! Answers and profiles at the desk: taken, bounded, forgotten; and what this member answered.

use std::collections::{BTreeMap, BTreeSet};

use bincode::{Decode, Encode};
use watchfire_protocol::id::{AlertId, Epoch, MemberId, NeighborhoodId};
use watchfire_protocol::inbox::{Answer, Profile};
use watchfire_protocol::roster::{Event, Offer};
use watchfire_protocol::thread::Thread;
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::AnswerContent;
use watchfire_protocol::wire;

use crate::client::Client;
use crate::epochs::load_roster;
use crate::error::ClientError;
use crate::link::Link;
use crate::ops::thread::Out;
use crate::ops::view::OwnAnswer;
use crate::records::{Taken, Taking};
use crate::state::{Answered, AsSaid, Calls, Hood, Moments, Queued, Said, StoredAlert, StoredAnswer, name};
use crate::vault::{Bucket, Tx};

/// To so many alerts are one member's answers kept. Beyond, those to alerts that are not here go first, then the oldest.
const MAX_ANSWERS: usize = 128;
/// When this member's last answer was dated.
pub(crate) const ANSWERED: &[u8] = b"answered";

/// `OwnAnswer`: what this member answered last to an alert.
#[derive(Clone, Encode, Decode)]
pub(crate) struct StoredOwnAnswer {
    /// When.
    pub(crate) sent: Timestamp,
    /// What.
    pub(crate) content: AnswerContent,
}

impl Taking<'_> {
    /// Takes an answer whose author is authentic.
    pub(crate) fn take_answer(&self, member: MemberId, answer: Answer) -> Result<Taken, ClientError> {
        let key = answer_name(self.hood, &answer.alert, &member);
        let held = stored_answer(self.tx, &key)?;
        if held.is_none() {
            make_room(self.tx, self.hood, member, answer.alert)?;
        }
        let (alert, received, never) = (answer.alert, self.now, (Timestamp(0), Timestamp(0)));
        let (said, calls) = (Moments::default(), Calls::default());
        let none = Answered { member, alert, sent: never, received, content: None, said, calls };
        let mut answered = held.unwrap_or(none);
        answered.take(answer.content, answer.sent, self.now);
        let (stored, as_said, calls) = answered.to_stored();
        self.tx.put(Bucket::Answer, &key, &stored)?;
        self.tx.put(Bucket::AsSaid, &key, &as_said)?;
        if calls != Calls::default() {
            self.tx.put(Bucket::Calls, &key, &calls)?;
        } else {
            self.tx.delete(Bucket::Calls, &key)?;
        }
        Ok(Taken::Desk)
    }

    /// Takes what a member offers from now on; an older one comes to nothing.
    pub(crate) fn take_profile(&self, member: MemberId, profile: Profile) -> Result<Taken, ClientError> {
        let offer = Offer { at: profile.at.min(self.now), roles: profile.roles, languages: profile.languages };
        let key = name(self.hood, &member.0);
        if self.tx.get::<Offer>(Bucket::Offer, &key)?.is_some_and(|held| held.at >= offer.at) {
            return Ok(Taken::Nothing);
        }
        self.tx.put(Bucket::Offer, &key, &offer)?;
        Ok(Taken::Desk)
    }
}

impl Answered {
    /// Takes what its author answered at a time of their own, and comes at `now`; what is older comes to nothing.
    fn take(&mut self, mut content: AnswerContent, sent: Timestamp, now: Timestamp) {
        // A clock far ahead must not keep what is answered later from counting: neither its author's, nor the reader's that
        // took the answer before and was set right since.
        self.sent.0 = self.sent.0.min(now);
        self.said.settle(now);
        let at = (sent.min(now), sent);
        self.said.note(content.answer.as_str(), at);
        if content.answer == "help" {
            self.calls.note(at, &content.text);
        }
        self.calls.settle(now, self.said.home);
        match &mut self.content {
            _ if content.is_automatic() => {}
            // It comes late; where they said since that they are safe, the role that it says ended with that.
            Some(held) if at < self.sent => {
                if self.said.home.is_none_or(|home| home < at) {
                    held.keep_role(&content);
                }
            }
            held => {
                held.iter().for_each(|held| content.keep_role(held));
                (self.content, self.sent) = (Some(content), at);
            }
        }
    }
}

/// One member's newest answer to one alert.
fn stored_answer(tx: &Tx<'_>, key: &[u8]) -> Result<Option<Answered>, ClientError> {
    let Some(stored) = tx.get::<StoredAnswer>(Bucket::Answer, key)? else { return Ok(None) };
    Ok(Some(Answered::of(stored, tx.get(Bucket::AsSaid, key)?.as_ref(), tx.get(Bucket::Calls, key)?)))
}

/// Everybody's newest answer to each alert.
pub(crate) fn all_answers(tx: &Tx<'_>, hood: NeighborhoodId) -> Result<impl Iterator<Item = Answered>, ClientError> {
    let as_said: BTreeMap<Vec<u8>, AsSaid> = tx.list(Bucket::AsSaid, &hood.0)?.into_iter().collect();
    let stored = tx.list::<StoredAnswer>(Bucket::Answer, &hood.0)?.into_iter();
    let mut calls: BTreeMap<Vec<u8>, Calls> = tx.list(Bucket::Calls, &hood.0)?.into_iter().collect();
    Ok(stored.map(move |(key, stored)| Answered::of(stored, as_said.get(&key), calls.remove(&key))))
}

fn erase_answer(tx: &Tx<'_>, key: &[u8]) -> Result<(), ClientError> {
    tx.delete(Bucket::AsSaid, key)?;
    tx.delete(Bucket::Calls, key)?;
    Ok(tx.delete(Bucket::Answer, key)?)
}

/// Notes that a member answered one alert more. A flood by one member pushes out that member's answers only.
fn make_room(tx: &Tx<'_>, hood: NeighborhoodId, member: MemberId, alert: AlertId) -> Result<(), ClientError> {
    let index = name(hood, &member.0);
    let mut kept: Vec<AlertId> = tx.get(Bucket::AnswerIndex, &index)?.unwrap_or_default();
    while kept.len() >= MAX_ANSWERS {
        let mut unknown = None;
        for (at, answered) in kept.iter().enumerate() {
            if unknown.is_none() && tx.get::<StoredAlert>(Bucket::Alert, &name(hood, &answered.0))?.is_none() {
                unknown = Some(at);
            }
        }
        let gone = kept.remove(unknown.unwrap_or(0));
        erase_answer(tx, &answer_name(hood, &gone, &member))?;
    }
    kept.push(alert);
    Ok(tx.put(Bucket::AnswerIndex, &index, &kept)?)
}

fn answer_name(hood: NeighborhoodId, alert: &AlertId, member: &MemberId) -> Vec<u8> {
    name(hood, &[&alert.0[..], &member.0].concat())
}

/// Everybody's newest answer to a thread, whichever of its alerts it was given to; who sent none by hand has no content.
pub(crate) fn answers_to(tx: &Tx<'_>, hood: NeighborhoodId, thread: &[AlertId]) -> Result<Vec<Answered>, ClientError> {
    let mut out: Vec<Answered> = Vec::new();
    let mut all: Vec<Answered> = all_answers(tx, hood)?.filter(|answer| thread.contains(&answer.alert)).collect();
    all.sort_by_key(|answer| answer.sent);
    for mut answer in all {
        match out.iter_mut().find(|other| other.member == answer.member) {
            None => out.push(answer),
            Some(other) => {
                let said = other.said.and(answer.said);
                let mut calls = other.calls.clone();
                calls.add(&answer.calls);
                if let Some(content) = &mut answer.content {
                    other.content.iter().for_each(|before| content.keep_role(before));
                    *other = answer;
                }
                (other.said, other.calls) = (said, calls);
            }
        }
    }
    Ok(out)
}

/// Keeps what this member answers to an alert, and what of it no later answer takes back.
pub(crate) fn keep_own(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    alert: AlertId,
    own: &StoredOwnAnswer,
) -> Result<(), ClientError> {
    let key = name(hood, &alert.0);
    let mut said = own_said(tx, &key)?;
    said.note(own.content.answer.as_str(), (own.sent, own.sent));
    tx.put(Bucket::OwnSaid, &key, &said.map(|at| at.0))?;
    Ok(tx.put(Bucket::OwnAnswer, &key, own)?)
}

/// What this member said to an alert; of a vault that did not keep that, what they answered last.
fn own_said(tx: &Tx<'_>, key: &[u8]) -> Result<Moments, ClientError> {
    if let Some(said) = tx.get::<Said>(Bucket::OwnSaid, key)? {
        return Ok(Moments::of(said, said));
    }
    let mut said = Moments::default();
    if let Some(own) = tx.get::<StoredOwnAnswer>(Bucket::OwnAnswer, key)? {
        said.note(own.content.answer.as_str(), (own.sent, own.sent));
    }
    Ok(said)
}

/// The time of what this member answers now, to whatever alert: after all that they answered before, though the clock was ahead
/// then. What was said last is known by it.
pub(crate) fn next_date(tx: &Tx<'_>, now: Timestamp) -> Result<Timestamp, ClientError> {
    let last: Option<Timestamp> = tx.get(Bucket::Meta, ANSWERED)?;
    let date = last.map_or(now, |last| now.max(last.plus(1)));
    tx.put(Bucket::Meta, ANSWERED, &date)?;
    Ok(date)
}

/// What this member said to a thread that no later answer takes back.
pub(crate) fn own_moments(tx: &Tx<'_>, hood: NeighborhoodId, thread: &[AlertId]) -> Result<Moments, ClientError> {
    let all = thread.iter().map(|alert| own_said(tx, &name(hood, &alert.0)));
    all.reduce(|one, other| Ok(one?.and(other?))).unwrap_or_else(|| Ok(Moments::default()))
}

/// As what this member is out by their own words, as the desk counts them: until they say that they are safe or have left.
pub(crate) fn own_out(said: Moments) -> Option<Out> {
    if said.unless_home(said.help).is_some() {
        return Some(Out::Help);
    }
    let out = said.unless_home(said.going.max(said.on_scene));
    out.map(|_| if said.on_scene >= said.going { Out::OnScene } else { Out::Going })
}

/// What this member answered last to any alert of a thread.
pub(crate) fn own_answer(
    tx: &Tx<'_>,
    hood: NeighborhoodId,
    thread: &[AlertId],
) -> Result<Option<StoredOwnAnswer>, ClientError> {
    let mut newest: Option<StoredOwnAnswer> = None;
    for alert in thread {
        let found: Option<StoredOwnAnswer> = tx.get(Bucket::OwnAnswer, &name(hood, &alert.0))?;
        if found.as_ref().is_some_and(|found| newest.as_ref().is_none_or(|newest| found.sent >= newest.sent)) {
            newest = found;
        }
    }
    Ok(newest)
}

/// When the answers were dated that wait to be sent. No two of one vault are of one time.
pub(crate) fn waiting_answers(tx: &Tx<'_>) -> Result<BTreeSet<Timestamp>, ClientError> {
    let waiting = tx.list::<Queued>(Bucket::Outbox, b"")?.into_iter().filter_map(|(_, queued)| match queued {
        Queued::Inbox { body, .. } => wire::decode_body::<Answer>(&body).ok(),
        _ => None,
    });
    Ok(waiting.filter(|answer| !answer.content.is_automatic()).map(|answer| answer.sent).collect())
}

impl StoredOwnAnswer {
    /// As it is shown, with whether it is among those that wait.
    pub(crate) fn to_view(&self, waiting: &BTreeSet<Timestamp>) -> OwnAnswer {
        OwnAnswer { sent: self.sent, content: self.content.clone(), queued: waiting.contains(&self.sent) }
    }
}

/// The ids of a thread's alerts.
pub(crate) fn ids(thread: &Thread<'_>) -> Vec<AlertId> {
    thread.items().iter().map(|alert| alert.id()).collect()
}

/// Erases answers that have outlived the retention, and what is noted about them.
pub(crate) fn forget(tx: &Tx<'_>, hood: NeighborhoodId, gone: impl Fn(Timestamp) -> bool) -> Result<(), ClientError> {
    for (key, answer) in tx.list::<StoredAnswer>(Bucket::Answer, &hood.0)? {
        // Who answered belongs to the alert, for as long as that is kept.
        if gone(answer.received) && tx.get::<StoredAlert>(Bucket::Alert, &name(hood, &answer.alert.0))?.is_none() {
            erase_answer(tx, &key)?;
        }
    }
    // By a clock that was ahead they may be of any time.
    for (key, _) in tx.list::<StoredOwnAnswer>(Bucket::OwnAnswer, &hood.0)? {
        if tx.get::<StoredAlert>(Bucket::Alert, &key)?.is_none() {
            tx.delete(Bucket::OwnAnswer, &key)?;
            tx.delete(Bucket::OwnSaid, &key)?;
        }
    }
    for (key, offer) in tx.list::<Offer>(Bucket::Offer, &hood.0)? {
        if gone(offer.at) {
            tx.delete(Bucket::Offer, &key)?;
        }
    }
    for (index, mut kept) in tx.list::<Vec<AlertId>>(Bucket::AnswerIndex, &hood.0)? {
        let Some(member) = index.get(16..).and_then(|id| id.try_into().ok()).map(MemberId) else { continue };
        let before = kept.len();
        let mut there = Vec::new();
        for alert in kept.drain(..) {
            if tx.get::<StoredAnswer>(Bucket::Answer, &answer_name(hood, &alert, &member))?.is_some() {
                there.push(alert);
            }
        }
        if there.is_empty() {
            tx.delete(Bucket::AnswerIndex, &index)?;
        } else if there.len() < before {
            tx.put(Bucket::AnswerIndex, &index, &there)?;
        }
    }
    Ok(())
}

impl Client {
    /// Puts what members offer onto the roster, where it is newer than what stands there.
    pub(crate) async fn describe_members(&self, link: &mut Link) -> Result<(), ClientError> {
        if !self.may(link.hood, watchfire_protocol::charter::Right::Enroll)? {
            return Ok(());
        }
        let (hood, epoch) = (link.hood, link.epoch);
        let events = self.vault.transact(|tx| undescribed(tx, hood, epoch))?;
        if events.is_empty() { Ok(()) } else { self.roster_events(link, events, |_| Ok(())).await }
    }
}

/// The events that the roster lacks. An offer that it has, or that is by nobody on it, is forgotten.
fn undescribed(tx: &Tx<'_>, hood: NeighborhoodId, epoch: Epoch) -> Result<Vec<Event>, ClientError> {
    let place = Hood::load(tx, hood)?.place();
    let Some(roster) = load_roster(tx, hood, place, epoch)? else { return Ok(vec![]) };
    let mut events = Vec::new();
    for (key, offer) in tx.list::<Offer>(Bucket::Offer, &hood.0)? {
        let member = key.get(16..).and_then(|id| id.try_into().ok()).map(MemberId);
        let entry = member.and_then(|member| roster.members().get(&member));
        // Too much to offer comes to nothing, and is not tried for ever.
        match entry.filter(|entry| entry.takes(&offer) == Ok(true)) {
            Some(entry) => events.push(Event::Describe { member: entry.id, offer }),
            None => tx.delete(Bucket::Offer, &key)?,
        }
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::id::Epoch;
    use watchfire_protocol::time::Hour;
    use watchfire_protocol::vocabulary::Code;

    use super::*;
    use crate::vault::{Passphrase, Vault};

    const HOOD: NeighborhoodId = NeighborhoodId([1; 16]);

    fn alert(n: u16) -> AlertId {
        let [a, b] = n.to_be_bytes();
        AlertId([a, b, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7])
    }

    fn answer(tx: &Tx<'_>, member: MemberId, alert: AlertId) -> Result<(), ClientError> {
        make_room(tx, HOOD, member, alert)?;
        let content = Some(AnswerContent::new(Code::constant("going")));
        let stored =
            StoredAnswer { member, alert, sent: Timestamp(5), received: Timestamp(5), content, said: Said::default() };
        Ok(tx.put(Bucket::Answer, &answer_name(HOOD, &alert, &member), &stored)?)
    }

    fn is_kept(tx: &Tx<'_>, member: MemberId, alert: AlertId) -> Result<bool, ClientError> {
        Ok(tx.get::<StoredAnswer>(Bucket::Answer, &answer_name(HOOD, &alert, &member))?.is_some())
    }

    /// What stands in the end, of answers as they were sent and came.
    fn stands(answers: &[(&'static str, u64, u64)]) -> String {
        let (member, alert) = (MemberId([1; 16]), alert(1));
        let (never, received, said) = (Timestamp(0), Timestamp(0), Moments::default());
        let calls = Calls::default();
        let mut stored = Answered { member, alert, sent: (never, never), received, content: None, said, calls };
        for (code, sent, now) in answers {
            stored.take(AnswerContent::new(Code::constant(code)), Timestamp(*sent), Timestamp(*now));
        }
        stored.content.map_or_else(String::new, |content| content.answer.to_string())
    }

    #[test]
    fn the_newest_answer_stands_whoevers_clock_was_ahead() {
        assert_eq!(stands(&[("going", 10, 20), ("cannot", 11, 20)]), "cannot");
        assert_eq!(stands(&[("cannot", 11, 20), ("going", 10, 20)]), "cannot", "in whatever order they come");
        assert_eq!(stands(&[("going", 10, 20), ("seen", 11, 20)]), "going", "a person's");
        assert_eq!(stands(&[("going", 900, 20), ("cannot", 30, 40)]), "cannot", "its author's clock was set right");
        assert_eq!(stands(&[("going", 440, 450), ("cannot", 500, 280)]), "cannot", "the reader's was");
        assert_eq!(
            stands(&[("going", 440, 450), ("cannot", 270, 280)]),
            "going",
            "and what was sent before comes late"
        );
        let ahead = [("leaving", 900, 20), ("help", 901, 20)];
        assert_eq!(stands(&ahead), "help", "both were said by a clock that was ahead, and read at once");
        assert_eq!(stands(&[ahead[1], ahead[0]]), "help", "in whatever order they come");
    }

    #[test]
    fn the_role_that_somebody_said_holds_until_another_is_said_or_they_do_not_come() {
        let role = |answers: &[(&'static str, Option<&'static str>, u64)]| {
            let (never, said) = ((Timestamp(0), Timestamp(0)), Moments::default());
            let (member, alert, received, calls) = (MemberId([1; 16]), alert(1), Timestamp(0), Calls::default());
            let mut stored = Answered { member, alert, sent: never, received, content: None, said, calls };
            for (code, role, sent) in answers {
                let role = role.map(Code::constant);
                let content = AnswerContent { role, ..AnswerContent::new(Code::constant(code)) };
                stored.take(content, Timestamp(*sent), Timestamp(99));
            }
            stored.content.and_then(|content| content.role).map(|role| role.to_string()).unwrap_or_default()
        };
        let (going, there) = (("going", Some("medic"), 1), ("on-scene", None, 3));
        assert_eq!(role(&[going, there]), "medic");
        assert_eq!(role(&[there, going]), "medic", "in whatever order they come");
        assert_eq!(role(&[going, ("help", None, 2), there]), "medic", "whoever is well again does what they did");
        assert_eq!(role(&[going, ("going", Some("driver"), 2), there]), "driver");
        assert_eq!(role(&[("on-scene", Some("driver"), 3), going]), "driver");
        for ended in ["cannot", "leaving", "safe"] {
            assert_eq!(role(&[going, (ended, None, 2), there]), "", "{ended}");
            assert_eq!(role(&[there, (ended, None, 4), going]), "", "{ended}");
        }
        assert_eq!(role(&[("safe", None, 2), there, going]), "", "it was over before it came");
    }

    #[test]
    fn a_call_for_help_lasts_from_its_first_word_until_they_are_safe_in_whatever_order_answers_come() {
        let said = [("help", 10, "behind the church"), ("help", 13, ""), ("going", 20, "")];
        let open = |said: &[(&'static str, u64, &str)]| {
            let (never, said_yet) = ((Timestamp(0), Timestamp(0)), Moments::default());
            let (member, alert, calls) = (MemberId([1; 16]), alert(1), Calls::default());
            let mut stored =
                Answered { member, alert, sent: never, received: never.0, content: None, said: said_yet, calls };
            for (code, sent, text) in said {
                let content = AnswerContent { text: (*text).to_owned(), ..AnswerContent::new(Code::constant(code)) };
                stored.take(content, Timestamp(*sent), Timestamp(100));
                let (kept, as_said, calls) = stored.to_stored();
                stored = Answered::of(kept, Some(&as_said), Some(calls));
            }
            stored.call().map(|(since, text)| (since.0, text.to_owned()))
        };
        let known = Some((10, "behind the church".to_owned()));
        assert_eq!(open(&said), known);
        assert_eq!(open(&[said[1], said[2], said[0]]), known);
        assert_eq!(open(&[said[0], said[0], said[1]]), known, "and however often");
        let safe = ("safe", 11, "");
        assert_eq!(open(&[said[0], safe, said[1]]), Some((13, String::new())), "that is another call");
        assert_eq!(open(&[said[1], said[0], safe]), Some((13, String::new())));
        assert_eq!(open(&[said[0], said[1], ("safe", 14, "")]), None);
        let flood: Vec<_> = (10..100).map(|at| ("help", at, "")).collect();
        assert_eq!(open(&flood), Some((10, String::new())), "a flood takes nothing of its first word away");
    }

    #[test]
    fn a_flood_of_answers_by_one_member_pushes_out_that_members_own_to_alerts_that_nobody_sent() {
        let home = tempfile::tempdir().unwrap();
        let vault = Vault::create(home.path(), &Passphrase::new("a passphrase".to_owned()).unwrap()).unwrap();
        let (flooder, other, real) = (MemberId([1; 16]), MemberId([2; 16]), alert(9999));
        vault
            .transact(|tx| {
                let stored = StoredAlert {
                    signed: vec![],
                    record_epoch: Epoch(1),
                    record_hour: Hour(0),
                    received: Timestamp(1),
                    printed: false,
                    told: 0,
                    own: false,
                    seen_at: vec![],
                    expires: Timestamp(9),
                    counted: vec![],
                };
                tx.put(Bucket::Alert, &name(HOOD, &real.0), &stored)?;
                answer(tx, flooder, real)?;
                answer(tx, other, alert(0))?;
                for n in 0..1000 {
                    answer(tx, flooder, alert(n))?;
                }
                let all = tx.list::<StoredAnswer>(Bucket::Answer, &HOOD.0)?;
                assert_eq!(all.iter().filter(|(_, answer)| answer.member == flooder).count(), MAX_ANSWERS);
                assert!(is_kept(tx, flooder, real)?, "the one to an alert that is here");
                assert!(is_kept(tx, flooder, alert(999))? && !is_kept(tx, flooder, alert(0))?);
                assert!(is_kept(tx, other, alert(0))?);
                forget(tx, HOOD, |_| true)?;
                assert!(is_kept(tx, flooder, real)? && !is_kept(tx, other, alert(0))?, "as long as its alert is");
                tx.delete(Bucket::Alert, &name(HOOD, &real.0))?;
                forget(tx, HOOD, |_| true)?;
                assert!(tx.list::<StoredAnswer>(Bucket::Answer, &HOOD.0)?.is_empty());
                assert!(tx.list::<Vec<AlertId>>(Bucket::AnswerIndex, &HOOD.0)?.is_empty());
                Ok::<_, ClientError>(())
            })
            .unwrap();
    }
}
