//! `desk`: keeps the desk in order while it runs. What is due is done by every connection of a coordinator; the desk
//! stays connected, and connects again at least every minute.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::pin::Pin;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use tokio::time::{Duration, sleep};
use watchfire_client::follow::{Follower, News};
use watchfire_client::ops::answer::HelpView;
use watchfire_client::ops::desk::ReportFilter;
use watchfire_client::state::StoredClone;
use watchfire_client::{Client, Taken};
use watchfire_protocol::id::NeighborhoodId;
use watchfire_protocol::time::Timestamp;

use super::status::clone_words;
use super::watch::{Alarms, Duties, Trouble};
use super::{coordinated, interrupted, refresh};
use crate::app::App;
use crate::face;
use crate::problem::{DONE, Done, INTERRUPTED, Problem};
use crate::progress;
use crate::shape;
use crate::words::desk::call_for_help;
use crate::words::{and, sanitize, tell};

/// After so long a link is made again, so that what became due is done.
const ROUND: Duration = Duration::from_secs(60);
/// Every desk sees a revocation at once, and one new epoch is enough.
const PATIENCE: Duration = Duration::from_secs(20);
/// Links are not made faster than this, however much comes in.
const BREATH: Duration = Duration::from_secs(2);

type Keeping<'a> = Pin<Box<dyn Future<Output = (String, Problem)> + 'a>>;

pub(super) async fn desk(app: &App, once: bool) -> Done {
    let lang = app.lang;
    let mut client = progress::told(app, app.open()?);
    if !once {
        client.be_patient(PATIENCE);
    }
    let known: BTreeSet<NeighborhoodId> = granted(&client)?.into_iter().map(|(hood, _)| hood).collect();
    if once || known.is_empty() {
        look_around(&client, &known).await;
    }
    let hoods = coordinated(&client, "keep a desk")?;
    if once {
        for (hood, name) in &hoods {
            let before = Desk::of(&client, *hood)?;
            refresh(&client, *hood).await?;
            Desk::of(&client, *hood)?.report(app, name, &before, true, client.now())?;
            tell_reports(app, &client, *hood)?;
            Alarms::default().tell(app, &client, *hood)?;
        }
        return Ok(DONE);
    }
    let names: Vec<String> = hoods.iter().map(|(_, name)| format!("`{}`", sanitize(name))).collect();
    let names = and(lang, &names);
    app.tell(&tell!(lang, "desk-keeping-desk-ctrl", names));
    tokio::select! {
        done = keep_all(app, &client, hoods) => done.map(|()| DONE),
        () = interrupted() => Ok(INTERRUPTED),
    }
}

/// Keeps every desk, and each round those that this vault was granted since. Trouble with one ends no other.
async fn keep_all(app: &App, client: &Client, hoods: Vec<(NeighborhoodId, String)>) -> Result<(), Problem> {
    let lang = app.lang;
    let mut kept: BTreeSet<NeighborhoodId> = hoods.iter().map(|(hood, _)| *hood).collect();
    let mut all: FuturesUnordered<Keeping<'_>> =
        hoods.into_iter().map(|(hood, name)| Box::pin(keep(app, client, hood, name)) as Keeping<'_>).collect();
    loop {
        tokio::select! {
            Some((name, problem)) = all.next() => {
                if all.is_empty() || problem.ends_everything() {
                    return Err(problem);
                }
                problem.report(lang, app.json);
                let name = sanitize(&name);
                app.tell(&tell!(lang, "desk-desk-kept-any", name));
            }
            () = next_round(client, &kept) => {
                for (hood, name) in granted(client)? {
                    if kept.insert(hood) {
                        let shown = sanitize(&name);
                        app.tell(&tell!(lang, "desk-keeping-desk-too", shown));
                        all.push(Box::pin(keep(app, client, hood, name)));
                    }
                }
            }
        }
    }
}

async fn next_round(client: &Client, kept: &BTreeSet<NeighborhoodId>) {
    sleep(ROUND).await;
    look_around(client, kept).await;
}

/// Connects to the neighborhoods whose desk is not kept: only there is a new grant seen.
async fn look_around(client: &Client, kept: &BTreeSet<NeighborhoodId>) {
    for (hood, _) in client.hoods().unwrap_or_default() {
        if !kept.contains(&hood) {
            // Whatever stands in the way may be gone at the next round.
            let _ = refresh(client, hood).await;
        }
    }
}

/// The neighborhoods that this vault coordinates by now.
fn granted(client: &Client) -> Result<Vec<(NeighborhoodId, String)>, Problem> {
    let hoods = client.status()?.hoods.into_iter().filter(|hood| hood.coordinator);
    Ok(hoods.map(|hood| (hood.id, hood.name)).collect())
}

/// Keeps one desk. It ends with what ended it.
async fn keep(app: &App, client: &Client, hood: NeighborhoodId, name: String) -> (String, Problem) {
    match tend(app, client, hood, &name).await {
        Ok(never) => match never {},
        Err(problem) => (name, problem),
    }
}

async fn tend(app: &App, client: &Client, hood: NeighborhoodId, name: &str) -> Result<Infallible, Problem> {
    let mut follower = Follower::new(client, hood);
    let (mut trouble, mut duties) = (Trouble::default(), Duties::default());
    let mut alarms = Alarms::default();
    let mut before = Desk::of(client, hood)?;
    loop {
        duties.tell(app, &follower);
        match follower.next().await? {
            News::Lost(error) => trouble.begins(app, &error),
            News::Linked => {
                trouble.ends(app);
                alarms.tell(app, client, hood)?;
                let now = Desk::of(client, hood)?;
                now.report(app, name, &before, false, client.now())?;
                before = now;
                tell_reports(app, client, hood)?;
            }
            News::Taken(Taken::Report(_)) => tell_reports(app, client, hood)?,
            // Somebody may wait to be approved: that is done by a connection that begins.
            News::Taken(Taken::Desk) => {
                sleep(BREATH.saturating_sub(follower.age())).await;
                follower.renew().await;
            }
            News::Taken(_) | News::Quiet => {}
        }
        if follower.age() >= ROUND {
            follower.renew().await;
        }
    }
}

/// Tells of the reports that were never told here.
fn tell_reports(app: &App, client: &Client, hood: NeighborhoodId) -> Result<(), Problem> {
    let lang = app.lang;
    let open = client.reports(ReportFilter { hood: Some(hood), all: false })?;
    for view in open.iter().filter(|view| !view.told) {
        let object = json!({
            "schema": "watchfire.desk/1", "neighborhood": view.neighborhood, "event": "report",
            "report": shape::report(view),
        });
        app.result(&object, || {
            let (hood, line) = (sanitize(&view.neighborhood), face::report::line(lang, view, client.now()));
            tell!(lang, "inbox-new", hood, line)
        })?;
        app.tell(&tell!(lang, "inbox-new-next", short = &view.short));
        client.mark_told(view)?;
    }
    Ok(())
}

/// What a desk looks like, to see what changed.
#[derive(Default)]
struct Desk {
    epoch: u64,
    members: BTreeSet<String>,
    waiting: BTreeSet<(String, String)>,
    clones: Vec<StoredClone>,
    braked: BTreeSet<(String, String)>,
    doubtful: BTreeSet<String>,
    help: Vec<HelpView>,
}

impl Desk {
    fn of(client: &Client, hood: NeighborhoodId) -> Result<Self, Problem> {
        let status = client.status()?.hoods.into_iter().find(|view| view.id == hood);
        let requests = client.waiting(hood)?.into_iter();
        let name = status.as_ref().map(|view| view.name.clone());
        let calls = client.calls_for_help()?.into_iter().filter(|call| Some(&call.neighborhood) == name.as_ref());
        Ok(Self {
            help: calls.collect(),
            epoch: status.as_ref().map_or(0, |view| view.epoch.0),
            clones: status.map(|view| view.clones).unwrap_or_default(),
            members: client.members(hood)?.into_iter().map(|member| member.handle).collect(),
            waiting: requests.map(|(request, handle)| (request.to_string(), handle)).collect(),
            doubtful: client.doubtful(hood)?.into_iter().map(|member| member.handle).collect(),
            braked: client.waiting_removals(hood)?.into_iter().map(|view| (view.handle, view.by)).collect(),
        })
    }

    /// Tells what is new since `before`; everybody who waits, if `all`.
    fn report(&self, app: &App, name: &str, before: &Self, all: bool, now: Timestamp) -> Result<(), Problem> {
        let lang = app.lang;
        let hood = sanitize(name);
        for call in self.help.iter().filter(|call| all || !before.help.contains(call)) {
            let object = json!({
                "schema": "watchfire.desk/1", "neighborhood": name, "event": "help", "help": shape::help(call),
            });
            app.result(&object, || call_for_help(lang, call, now))?;
        }
        if self.epoch != before.epoch {
            let epoch = self.epoch;
            let object = json!({"schema": "watchfire.desk/1", "neighborhood": name, "event": "epoch", "epoch": epoch});
            app.result(&object, || tell!(lang, "desk-epoch-open", hood, epoch))?;
        }
        for handle in self.members.difference(&before.members) {
            let object =
                json!({"schema": "watchfire.desk/1", "neighborhood": name, "event": "member", "handle": handle});
            let handle = sanitize(handle);
            app.result(&object, || tell!(lang, "desk-member", hood, handle))?;
        }
        for handle in before.members.difference(&self.members) {
            let object = json!({"schema": "watchfire.desk/1", "neighborhood": name, "event": "gone", "handle": handle});
            let handle = sanitize(handle);
            app.result(&object, || tell!(lang, "desk-gone", hood, handle))?;
        }
        for handle in self.doubtful.iter().filter(|handle| all || !before.doubtful.contains(*handle)) {
            let object =
                json!({"schema": "watchfire.desk/1", "neighborhood": name, "event": "suspended", "handle": handle});
            let handle = sanitize(handle);
            app.result(&object, || tell!(lang, "desk-suspended", hood, handle))?;
        }
        for (request, handle) in self.waiting.iter().filter(|request| all || !before.waiting.contains(*request)) {
            let object = json!({
                "schema": "watchfire.desk/1", "neighborhood": name, "event": "request", "request": request, "handle": handle,
            });
            let handle = sanitize(handle);
            app.result(&object, || tell!(lang, "desk-waits-approval", hood, handle))?;
        }
        let told = |clone: &StoredClone| before.clones.iter().any(|other| other.member == clone.member);
        for cloned in self.clones.iter().filter(|cloned| all || !told(cloned)) {
            let clone = shape::clone(cloned);
            let object = json!({"schema": "watchfire.desk/1", "neighborhood": name, "event": "clone", "clone": clone});
            app.result(&object, || format!("{hood}: {}", clone_words(lang, cloned)))?;
        }
        for (handle, by) in self.braked.iter().filter(|removal| all || !before.braked.contains(*removal)) {
            let object = json!({
                "schema": "watchfire.desk/1", "neighborhood": name, "event": "removal-waits", "handle": handle, "by": by,
            });
            let (handle, by) = (sanitize(handle), sanitize(by));
            app.result(&object, || tell!(lang, "desk-removal-waits-another", hood, handle, by))?;
        }
        if all {
            let members = self.members.len();
            let open =
                self.waiting.len() + self.clones.len() + self.braked.len() + self.doubtful.len() + self.help.len();
            app.tell(&match open {
                0 => tell!(lang, "desk-order-members", hood, members),
                _ => tell!(lang, "desk-needs-you", hood, members, open),
            });
        }
        Ok(())
    }
}
