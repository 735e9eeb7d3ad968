//! `alert follow`: who has an alert, who comes, and what is still needed.

use tokio::time::{Instant, timeout_at};
use watchfire_client::ops::answer::{AnswerView, Tally};
use watchfire_client::ops::view::AlertView;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::time::Timestamp;
use watchfire_protocol::vocabulary::{Language, List};

use super::interrupted;
use super::watch::{Alarms, Trouble};
use crate::app::App;
use crate::args::FollowArgs;
use crate::face;
use crate::follow::{Follower, News};
use crate::problem::{DONE, Done, INTERRUPTED, Problem};
use crate::shape;
use crate::words::{Lang, and, clock, code, language, need, sanitize, tell};

pub(super) async fn follow(app: &App, args: FollowArgs) -> Done {
    let lang = app.lang;
    let client = app.open()?;
    let view = find(&client, &args.id).await?;
    app.tell(&face::headline(lang, &view, client.now()));
    let deadline = args.timeout.map(|limit| Instant::now() + limit);
    let following = tallies(app, &client, &view, args.wait_for);
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
    match client.present(id) {
        Err(ClientError::NotFound { .. }) => {
            for (hood, _) in client.hoods()? {
                super::refresh(client, hood).await?;
            }
            Ok(client.present(id)?)
        }
        found => Ok(found?),
    }
}

/// Prints a tally now and at each change, until enough people come. On a terminal the newest one takes the place of the
/// one before.
async fn tallies(app: &App, client: &Client, view: &AlertView, wait_for: Option<usize>) -> Result<(), Problem> {
    let mut follower = Follower::new(client, view.hood);
    let mut trouble = Trouble::default();
    let mut alarms = Alarms::default();
    let mut last: Option<Tally> = None;
    let mut drawn = 0;
    loop {
        let tally = client.tally(view)?;
        if alarms.tell(app, client, view.hood)? {
            drawn = 0;
        }
        if last.as_ref() != Some(&tally) {
            let mut object = shape::tally(&tally);
            if let Some(fields) = object.as_object_mut() {
                fields.insert("drill".to_owned(), view.shown.body().content.is_drill().into());
                let views = client.notices(view.hood)?.other_views;
                fields.insert("other-views".to_owned(), shape::other_views(&views));
            }
            if app.json {
                app.object(&object)?;
            } else {
                drawn = app.redraw(drawn, &tally_words(app.lang, &tally, client.now()))?;
            }
        }
        if wait_for.is_some_and(|wanted| coming(&tally) >= wanted) {
            return Ok(());
        }
        last = Some(tally);
        match follower.next().await? {
            News::Lost(error) => {
                trouble.begins(app, &error);
                drawn = 0;
            }
            News::Linked => trouble.ends(app),
            News::Taken(_) | News::Quiet => {}
        }
    }
}

const fn coming(tally: &Tally) -> usize {
    tally.going + tally.on_scene
}

fn tally_words(lang: Lang, tally: &Tally, now: Timestamp) -> String {
    let Tally { received, going, on_scene, cannot, .. } = tally;
    let mut lines = vec![tell!(lang, "follow-received-going-scene", received, going, on_scene, cannot)];
    let helpless: Vec<String> = tally.help().map(sanitize).collect();
    if !helpless.is_empty() {
        lines.push(tell!(lang, "follow-ask-for-help", who = and(lang, &helpless)));
    }
    for view in &tally.needs {
        let (wanted, met, count) = (need(lang, &view.need), view.met, view.need.count);
        lines.push(tell!(lang, "follow-of", wanted, met, count));
    }
    let roles = tally.roles.iter().map(|(role, count)| format!("{} {count}", code(lang, List::Role, role)));
    let spoken = tally.languages.iter().map(|(tag, count)| match Language::new(tag) {
        Ok(tag) => format!("{} {count}", language(lang, &tag)),
        Err(_) => format!("{} {count}", sanitize(tag)),
    });
    let coming: Vec<String> = roles.chain(spoken).collect();
    if !coming.is_empty() {
        let coming = coming.join(", ");
        lines.push(tell!(lang, "follow-who-comes", coming));
    }
    lines.extend(tally.answers.iter().map(|answer| answer_words(lang, answer, now)));
    if tally.closed.is_some() {
        let unaccounted: Vec<String> = tally.unaccounted.iter().map(|handle| sanitize(handle)).collect();
        let (who, count) = (and(lang, &unaccounted), unaccounted.len());
        lines.push(match count {
            0 => tell!(lang, "follow-closed-all-safe").to_owned(),
            _ => tell!(lang, "follow-closed-check-out", who, count),
        });
    }
    lines.join("\n")
}

fn answer_words(lang: Lang, answer: &AnswerView, now: Timestamp) -> String {
    let mut line = format!("  {}  {}", sanitize(&answer.handle), code(lang, List::Answer, &answer.answer));
    let arrival = answer.eta_minutes.zip(answer.arrives()).map(|(minutes, at)| {
        let at = clock::time(at, now);
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
