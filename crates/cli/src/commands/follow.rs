//! `alert follow`: who has an alert, who comes, and what is still needed.

use std::cell::RefCell;

use tokio::time::{Instant, timeout_at};
use watchfire_client::follow::{Follower, News};
use watchfire_client::ops::answer::{AnswerView, Tally};
use watchfire_client::ops::view::AlertView;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{Code, Language, List, Need};

use super::interrupted;
use super::watch::{Alarms, Duties, Trouble};
use crate::app::App;
use crate::args::FollowArgs;
use crate::face;
use crate::problem::{DONE, Done, INTERRUPTED, Problem};
use crate::shape;
use crate::words::desk::person;
use crate::words::{Lang, and, clock, code, language, need, people_of, sanitize, tell};

pub(super) async fn follow(app: &App, args: FollowArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let view = find(&client, &args.id).await?;
    app.tell(&face::headline(lang, &view, client.now()));
    let deadline = args.timeout.map(|limit| Instant::now() + limit);
    let lost = RefCell::new(None);
    let following = tallies(app, &client, &view, args.wait_for, &lost);
    let done = async {
        match deadline {
            None => following.await.map(Some),
            Some(deadline) => match timeout_at(deadline, following).await {
                Ok(done) => done.map(Some),
                Err(_) => Ok(None),
            },
        }
    };
    tokio::select! {
        done = done => match (done?, args.wait_for) {
            (Some(()), _) | (None, None) => Ok(DONE),
            (None, Some(wanted)) => {
                // What no relay has told is no answer to how many come.
                if let Some(error) = lost.take() {
                    return Err(error.into());
                }
                let tally = client.tally(&view)?;
                let coming = coming(&tally);
                Err(Problem::timeout(tell!(lang, "follow-people-going-scene", coming, wanted))
                .hint(tell!(lang, "follow-alert-goes-look")))
            }
        },
        () = interrupted() => Ok(INTERRUPTED),
    }
}

/// The alert: in the vault, or at the relay.
async fn find(client: &Client, id: &str) -> Result<AlertView, Problem> {
    match client.state_of(id) {
        Err(ClientError::NotFound { .. }) => {
            for (hood, _) in client.hoods()? {
                super::refresh(client, hood).await?;
            }
            Ok(client.state_of(id)?)
        }
        found => Ok(found?),
    }
}

/// Prints a tally now and at each change, until enough people come by what a relay holds. On a terminal the newest one takes
/// the place of the one before. Why there is no link, if there is none, stands in `lost`.
async fn tallies(
    app: &App,
    client: &Client,
    view: &AlertView,
    wait_for: Option<usize>,
    lost: &RefCell<Option<ClientError>>,
) -> Result<(), Problem> {
    let mut follower = Follower::new(client, view.hood);
    let (mut trouble, mut duties) = (Trouble::default(), Duties::default());
    let mut alarms = Alarms::default();
    let mut last: Option<(Tally, bool, bool)> = None;
    // Before a relay was read once, an answer that is not here says nothing.
    let (mut linked, mut read) = (false, false);
    let mut drawn = None;
    let content = &view.shown.body().content;
    loop {
        let tally = client.tally(view)?;
        // Once it is over nobody is said to be safe while an answer may lie at a relay that is not reached.
        let current = linked || !tally.over;
        if alarms.tell(app, client, view.hood)? {
            drawn = None;
        }
        let known = (tally, current, read);
        if last.as_ref() != Some(&known) {
            let tally = &known.0;
            let mut object = shape::tally(tally);
            if let Some(fields) = object.as_object_mut() {
                fields.insert("drill".to_owned(), content.is_drill().into());
                fields.insert("status".to_owned(), content.status.as_str().into());
                let views = client.notices(view.hood)?.other_views;
                fields.insert("connected".to_owned(), linked.into());
                fields.insert("other-views".to_owned(), shape::other_views(&views));
            }
            if app.json {
                app.object(&object)?;
            } else {
                let words = tally_words(app.lang, tally, (current, read), client.now());
                drawn = app.redraw(drawn, &format!("{}{words}", face::drill(app.lang, content)))?;
            }
        }
        if linked && wait_for.is_some_and(|wanted| coming(&known.0) >= wanted) {
            return Ok(());
        }
        last = Some(known);
        match follower.next().await? {
            News::Lost(error) => {
                trouble.begins(app, &error);
                lost.replace(Some(error));
                (linked, drawn) = (false, None);
            }
            News::Linked => {
                trouble.ends(app);
                lost.replace(None);
                (linked, read) = (true, true);
            }
            News::Taken(_) | News::Quiet => {}
        }
        duties.tell(app, &follower);
    }
}

const fn coming(tally: &Tally) -> usize {
    tally.going + tally.on_scene
}

fn tally_words(lang: Lang, tally: &Tally, (current, read): (bool, bool), now: Timestamp) -> String {
    let mut lines = counts(lang, tally, read);
    lines.extend(tally.answers.iter().filter_map(|answer| {
        let (who, at) = (person(lang, &answer.handle, answer.removed, now), clock::time(lang, answer.help?, now));
        let asks = match &answer.attended {
            Some(held) => {
                let (by, seen) = (sanitize(&held.handle), clock::time(lang, held.at, now));
                tell!(lang, "follow-help-attended", who, at, by, seen)
            }
            None => tell!(lang, "follow-asks-for-help", who, at),
        };
        // Below stands what they said last.
        let text = sanitize(&answer.help_text);
        Some(if answer.answer == "help" || text.is_empty() { asks } else { format!("{asks}: {text}") })
    }));
    for view in &tally.needs {
        let (wanted, met, count) = (need(lang, &view.need), view.met, view.need.count);
        lines.push(tell!(lang, "follow-of", wanted, met, count));
    }
    let roles: Vec<String> = tally.roles.iter().map(|(role, count)| so_many(lang, role, *count)).collect();
    if !roles.is_empty() {
        lines.push(tell!(lang, "follow-who-comes", coming = and(lang, &roles)));
    }
    if !tally.either.is_empty() {
        let either: Vec<String> = tally.either.iter().map(|handle| sanitize(handle)).collect();
        lines.push(tell!(lang, "follow-either", who = and(lang, &either), count = either.len()));
    }
    let spoken: Vec<String> = (tally.languages.iter())
        .map(|(tag, count)| {
            let named = Language::new(tag).map_or_else(|_| sanitize(tag), |tag| language(lang, &tag).into_owned());
            people_of(lang, &named, *count)
        })
        .collect();
    if !spoken.is_empty() {
        lines.push(tell!(lang, "follow-who-speaks", spoken = and(lang, &spoken)));
    }
    lines.extend(tally.answers.iter().map(|answer| answer_words(lang, answer, now)));
    if tally.over {
        lines.extend(closed_words(lang, tally, current));
    }
    lines.join("\n")
}

/// How many have it and come. Before a relay was read, that nothing is heard is no count.
fn counts(lang: Lang, tally: &Tally, read: bool) -> Vec<String> {
    let Tally { received, going, on_scene, cannot, over, .. } = tally;
    if !read && *received == 0 {
        return vec![tell!(lang, "follow-nothing-known").to_owned()];
    }
    let mut lines = vec![tell!(lang, "follow-received-going-scene", received, going, on_scene, cannot)];
    // Of what is over it is said below.
    lines.extend((!read && !over).then(|| tell!(lang, "follow-not-read").to_owned()));
    lines
}

/// `2 observers`.
fn so_many(lang: Lang, role: &Code, count: usize) -> String {
    need(lang, &Need { role: role.clone(), language: None, count: u16::try_from(count).unwrap_or(u16::MAX) })
}

/// Who is to be asked for. That everybody is safe is said of what everybody knows, and of their newest answers only.
fn closed_words(lang: Lang, tally: &Tally, current: bool) -> Vec<String> {
    let unaccounted: Vec<String> = tally.unaccounted.iter().map(|handle| sanitize(handle)).collect();
    let (who, count) = (and(lang, &unaccounted), unaccounted.len());
    let doubt = match (tally.closing_queued, current) {
        (true, _) => Some(tell!(lang, "follow-closed-queued").to_owned()),
        (false, false) => Some(tell!(lang, "follow-closed-unconnected").to_owned()),
        (false, true) => None,
    };
    let known = match (count, tally.were_out) {
        (1.., _) => Some(tell!(lang, "follow-closed-check-out", who, count)),
        _ if doubt.is_some() => None,
        (0, 0) => Some(tell!(lang, "follow-closed-nobody-out").to_owned()),
        (0, _) => Some(tell!(lang, "follow-closed-all-safe").to_owned()),
    };
    doubt.into_iter().chain(known).collect()
}

fn answer_words(lang: Lang, answer: &AnswerView, now: Timestamp) -> String {
    let who = person(lang, &answer.handle, answer.removed, now);
    let mut line = format!("  {who}  {}", code(lang, List::Answer, &answer.answer));
    let arrival = answer.eta_minutes.zip(answer.arrives()).map(|(minutes, at)| {
        let at = clock::stamp(lang, at, now);
        tell!(lang, "follow-arrives", minutes, at)
    });
    let reason = answer.reason.as_ref().map(|reason| code(lang, List::Reason, reason).into_owned());
    let role = answer.role.as_ref().map(|role| code(lang, List::Role, role).into_owned());
    for part in [arrival, reason, role].into_iter().flatten() {
        line.push_str(&format!(" ({part})"));
    }
    let text = sanitize(&answer.text);
    if !text.is_empty() {
        line.push_str(&format!(": {text}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::id::AlertId;

    use super::*;

    fn over(were_out: usize, unaccounted: &[&str], closing_queued: bool) -> Tally {
        Tally {
            alert: AlertId([1; 16]),
            received: 3,
            going: 0,
            on_scene: 0,
            cannot: 0,
            needs: vec![],
            roles: std::collections::BTreeMap::new(),
            either: vec![],
            languages: std::collections::BTreeMap::new(),
            answers: vec![],
            closed: Some(AlertId([2; 16])),
            over: true,
            closing_queued,
            were_out,
            unaccounted: unaccounted.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn nobody_is_counted_before_a_relay_was_read_and_who_is_known_is_counted_with_that_doubt() {
        let tally = |received| Tally { received, going: received, over: false, ..over(0, &[], false) };
        let words = |received, read| tally_words(Lang::EN, &tally(received), (true, read), Timestamp(0));
        assert!(!words(0, false).contains('0') && words(0, false).contains("not known yet"), "{}", words(0, false));
        assert!(words(0, true).starts_with("received 0   going 0"));
        assert!(words(2, false).starts_with("received 2   going 2") && words(2, false).contains("may be missing"));
        assert!(!words(2, true).contains("may be missing"));
    }

    #[test]
    fn everybody_is_said_to_be_safe_only_if_somebody_was_out_the_stand_down_was_sent_and_a_relay_is_reached() {
        let all_safe = |tally: &Tally, current| {
            closed_words(Lang::EN, tally, current).join(" ").contains("Everybody who was out has said")
        };
        assert!(all_safe(&over(2, &[], false), true));
        assert!(!all_safe(&over(2, &["Ana"], false), true));
        assert!(!all_safe(&over(0, &[], false), true), "nobody was out");
        assert!(!all_safe(&over(2, &[], true), true), "nobody knows that it is over");
        assert!(!all_safe(&over(2, &[], false), false), "an answer may lie at the relay");
        assert_eq!(closed_words(Lang::EN, &over(2, &["Ana"], true), true).len(), 2, "both are said");
    }
}
