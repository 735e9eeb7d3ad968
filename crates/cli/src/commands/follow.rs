//! `alert follow`: who has an alert, who comes, and what is still needed.

use tokio::time::{Instant, timeout_at};
use watchfire_client::ops::answer::Tally;
use watchfire_client::ops::view::AlertView;
use watchfire_client::{Client, ClientError};
use watchfire_protocol::vocabulary::List;

use super::interrupted;
use super::watch::{Alarms, Trouble};
use crate::app::App;
use crate::args::FollowArgs;
use crate::face;
use crate::follow::{Follower, News};
use crate::problem::{DONE, Done, INTERRUPTED, Problem};
use crate::shape;
use crate::words::{Lang, code, need, sanitize, tell};

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
    match client.alert(id) {
        Err(ClientError::NotFound { .. }) => {
            for (hood, _) in client.hoods()? {
                super::refresh(client, hood).await?;
            }
            Ok(client.alert(id)?)
        }
        found => Ok(found?),
    }
}

/// Prints a tally now and at each change, until enough people come.
async fn tallies(app: &App, client: &Client, view: &AlertView, wait_for: Option<usize>) -> Result<(), Problem> {
    let mut follower = Follower::new(client, view.hood);
    let mut trouble = Trouble::default();
    let mut alarms = Alarms::default();
    let mut last: Option<Tally> = None;
    loop {
        let tally = client.tally(view)?;
        if last.as_ref() != Some(&tally) {
            let mut object = shape::tally(&tally);
            if let Some(fields) = object.as_object_mut() {
                let views = client.notices(view.hood)?.other_views;
                fields.insert("other-views".to_owned(), shape::other_views(&views));
            }
            app.result(&object, || tally_words(app.lang, &tally))?;
        }
        alarms.tell(app, client, view.hood)?;
        if wait_for.is_some_and(|wanted| coming(&tally) >= wanted) {
            return Ok(());
        }
        last = Some(tally);
        match follower.next().await? {
            News::Lost(error) => trouble.begins(app, &error),
            News::Linked => trouble.ends(app),
            News::Taken(_) | News::Quiet => {}
        }
    }
}

const fn coming(tally: &Tally) -> usize {
    tally.going + tally.on_scene
}

fn tally_words(lang: Lang, tally: &Tally) -> String {
    let Tally { alert: _, received, going, on_scene, cannot, needs, answers } = tally;
    let mut lines = vec![tell!(lang, "follow-received-going-scene", received, going, on_scene, cannot)];
    for view in needs {
        let (wanted, met, count) = (need(lang, &view.need), view.met, view.need.count);
        lines.push(tell!(lang, "follow-of", wanted, met, count));
    }
    for answer in answers {
        let mut line = format!("  {}  {}", sanitize(&answer.handle), code(lang, List::Answer, &answer.answer));
        if let Some(minutes) = answer.eta_minutes {
            line.push_str(&format!(" ({minutes} min)"));
        }
        if let Some(reason) = &answer.reason {
            line.push_str(&format!(" ({})", code(lang, List::Reason, reason)));
        }
        let text = sanitize(&answer.text);
        if !text.is_empty() {
            line.push_str(&format!(": {text}"));
        }
        lines.push(line);
    }
    lines.join("\n")
}
