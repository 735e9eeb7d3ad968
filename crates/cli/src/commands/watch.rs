//! `watch`: alerts as they come.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::{Pin, pin};

use futures_util::future::select_all;
use tokio::time::{Duration, sleep, timeout};
use watchfire_client::follow::{Follower, News, is_everyday, passes};
use watchfire_client::ops::view::{AlertView, Filter};
use watchfire_client::{Client, ClientError, Taken};
use watchfire_protocol::direct::AttendedBy;
use watchfire_protocol::frame::Refusal;
use watchfire_protocol::id::{AlertId, NeighborhoodId};
use watchfire_protocol::vocabulary::{AnswerContent, Code, Place};

use super::wake::{Hooks, Wanted};
use super::{hoods, interrupted, join, refresh};
use crate::app::App;
use crate::args::WatchArgs;
use crate::face;
use crate::problem::{DONE, Done, INTERRUPTED, Problem};
use crate::shape;
use crate::words::{and, clock, error, sanitize, tell, withheld};

/// How long the end of a watch waits for a relay, to tell it what was received.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How long what is in the vault waits for a relay, which may know that it is over.
const FIRST_WORD: Duration = Duration::from_secs(5);
/// A year: approvals are waited for until somebody stops the watch.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 3600);
/// How long a newcomer waits before a relay that refused is asked again.
const AGAIN: Duration = Duration::from_secs(10);

type Watching<'a> = Pin<Box<dyn Future<Output = Ended> + 'a>>;

/// A neighborhood whose watch ended, and how.
type Ended = (NeighborhoodId, Result<(), Problem>);

/// What this watch has printed.
struct Board {
    /// Alerts that were printed by this watch, or before it.
    shown: BTreeSet<AlertId>,
    /// Where threads are exactly, as this watch told.
    placed: BTreeMap<AlertId, Place>,
    /// Who takes care of this member, as far as it was told.
    attended: BTreeMap<AlertId, AttendedBy>,
    /// How many this watch printed.
    count: usize,
    /// How many it shall print.
    wanted: Option<usize>,
    /// Where this device has no keys, so that nothing comes.
    shut_out: BTreeSet<NeighborhoodId>,
}

impl Board {
    fn is_full(&self) -> bool {
        self.wanted.is_some_and(|wanted| self.count >= wanted)
    }
}

pub(super) async fn watch(app: &App, args: WatchArgs) -> Done {
    let lang = app.lang;
    let wanted = Wanted {
        exec: args.exec.as_deref(),
        wake: args.wake.as_deref(),
        notify: args.notify,
        limit: args.hook_timeout,
    };
    let hooks = Hooks::new(lang, &wanted)?;
    let client = app.open()?;
    let (members, waiting) = match &args.neighborhood {
        Some(name) => {
            let hood = client.hood_named(Some(name))?;
            (hoods(&client)?.into_iter().filter(|(id, _)| *id == hood).collect(), vec![])
        }
        None => (hoods(&client)?, join::waiting(&client)?),
    };
    if members.is_empty() && waiting.is_empty() {
        return Err(Problem::not_found(tell!(lang, "watch-vault-neighborhood-yet")).hint(tell!(lang, "watch-join-one")));
    }
    let printed = client.alerts(Filter { expired: true, ..Filter::default() })?.into_iter().filter(|view| view.printed);
    let shown = printed.map(|view| view.shown.id()).collect();
    let shut_out = BTreeSet::new();
    let board = RefCell::new(Board {
        shown,
        placed: BTreeMap::new(),
        attended: BTreeMap::new(),
        count: 0,
        wanted: args.count,
        shut_out,
    });
    greet(app, &members, waiting.len());
    let watch = Watch { app, client: &client, board: &board, hooks: &hooks };
    let mut all: Vec<Watching<'_>> = Vec::new();
    all.extend(members.iter().map(|(hood, _)| Box::pin(async { (*hood, watch.hood(*hood).await) }) as Watching<'_>));
    all.extend(waiting.iter().map(|hood| Box::pin(async { (*hood, watch.newcomer(*hood).await) }) as Watching<'_>));
    let watching = async {
        tokio::select! {
            done = watch.all(all) => Some(Some(done)),
            () = expired(args.timeout) => Some(None),
            () = interrupted() => None,
        }
    };
    match hooks.beside(app, watching).await {
        Some(Some(done)) => done?,
        Some(None) => {
            return Err(timed_out(app, &board.borrow()));
        }
        None => return Ok(INTERRUPTED),
    }
    if client.queued()? > 0 {
        for (hood, _) in &members {
            let _ = timeout(LAST_WORDS, refresh(&client, *hood)).await;
        }
    }
    Ok(DONE)
}

async fn expired(limit: Option<Duration>) {
    match limit {
        Some(limit) => sleep(limit).await,
        None => std::future::pending().await,
    }
}

fn greet(app: &App, members: &[(NeighborhoodId, String)], waiting: usize) {
    let lang = app.lang;
    if !members.is_empty() {
        let names: Vec<String> = members.iter().map(|(_, name)| format!("`{}`", sanitize(name))).collect();
        let names = and(lang, &names);
        app.tell(&tell!(lang, "watch-watching-ctrl-c", names));
    }
    if waiting > 0 {
        app.tell(tell!(lang, "watch-coordinator-approved-yet"));
    }
}

fn timed_out(app: &App, board: &Board) -> Problem {
    let (lang, count) = (app.lang, board.count);
    let message = match board.wanted {
        Some(wanted) => tell!(lang, "watch-time-over-alerts", count, wanted),
        None => tell!(lang, "watch-time-over-alerts-came", count),
    };
    Problem::timeout(message).hint(match board.shut_out.is_empty() {
        true => tell!(lang, "watch-nothing-missed-comes"),
        false => tell!(lang, "watch-missed"),
    })
}

/// What people call a neighborhood, once this vault knows.
fn name_of(client: &Client, hood: NeighborhoodId) -> Option<String> {
    let (id, name) = client.hoods().ok()?.into_iter().find(|(id, _)| *id == hood)?;
    (name != id.to_string()).then(|| sanitize(&name))
}

/// What the watches of several neighborhoods share.
#[derive(Clone, Copy)]
struct Watch<'a> {
    app: &'a App,
    client: &'a Client,
    board: &'a RefCell<Board>,
    hooks: &'a Hooks,
}

impl Watch<'_> {
    /// Goes on until enough was shown, or nothing is left to watch. What ends in one neighborhood ends there only.
    async fn all(self, mut all: Vec<Watching<'_>>) -> Result<(), Problem> {
        loop {
            let ((hood, done), _, rest) = select_all(all).await;
            match done {
                Err(problem) if !rest.is_empty() && !problem.ends_everything() => self.left(hood, &problem),
                done => return done,
            }
            all = rest;
        }
    }

    /// Tells that a neighborhood is not watched any more, while others are.
    fn left(self, hood: NeighborhoodId, problem: &Problem) {
        let lang = self.app.lang;
        problem.report(lang, self.app.json);
        self.app.tell(&match name_of(self.client, hood) {
            Some(name) => tell!(lang, "watch-watched-any-more", name),
            None => tell!(lang, "watch-neighborhood-asked-join").to_owned(),
        });
    }

    /// Shows the alerts of a neighborhood until enough were shown.
    async fn hood(self, hood: NeighborhoodId) -> Result<(), Problem> {
        let mut follower = Follower::new(self.client, hood);
        let (mut trouble, mut duties) = (Trouble::default(), Duties::default());
        let mut alarms = Alarms::default();
        let mut news = self.first_news(&mut follower, hood).await?;
        loop {
            match news {
                News::Lost(error) => {
                    if is_shut_out(&error) {
                        self.board.borrow_mut().shut_out.insert(hood);
                    }
                    trouble.begins(self.app, &error);
                }
                News::Linked => {
                    self.board.borrow_mut().shut_out.remove(&hood);
                    trouble.ends(self.app);
                }
                News::Taken(Taken::Direct(alert)) => {
                    self.show_new(hood).await?;
                    self.show_place(alert)?;
                    self.show_attended(alert)?;
                }
                News::Taken(_) | News::Quiet => {}
            }
            self.show_new(hood).await?;
            alarms.tell(self.app, self.client, hood)?;
            duties.tell(self.app, &follower);
            // Coordinators learn that the alerts are here.
            if let Some(error) = follower.flush().await {
                trouble.begins(self.app, &error);
            }
            if self.board.borrow().is_full() {
                return Ok(());
            }
            news = follower.next().await?;
        }
    }

    /// What the relay says first: what is over there by now wakes nobody. Where it takes long, what is in the vault does not
    /// wait for it.
    async fn first_news(self, follower: &mut Follower<'_>, hood: NeighborhoodId) -> Result<News, Problem> {
        let mut first = pin!(follower.next());
        let news = match timeout(FIRST_WORD, first.as_mut()).await {
            Ok(news) => news,
            Err(_) => {
                self.show_new(hood).await?;
                first.await
            }
        };
        if news.is_err() {
            self.show_new(hood).await?;
        }
        Ok(news?)
    }

    /// Waits for the approval, then shows what comes.
    async fn newcomer(self, hood: NeighborhoodId) -> Result<(), Problem> {
        let mut trouble = Trouble::default();
        while let Err(error) = self.client.wait_for_approval(hood, FOREVER).await {
            // A link that is used up is no relay's trouble: only another link helps.
            if !passes(&error) || matches!(error, ClientError::Refused(Refusal::InviteEnded)) {
                return Err(error.into());
            }
            trouble.begins(self.app, &error);
            sleep(AGAIN).await;
        }
        // What the neighborhood is called comes with the first connection; the watch makes another if this one fails.
        let _ = refresh(self.client, hood).await;
        let lang = self.app.lang;
        self.app.tell(&match name_of(self.client, hood) {
            Some(name) => tell!(lang, "watch-member-now", name),
            None => tell!(lang, "watch-member-now-2").to_owned(),
        });
        self.hood(hood).await
    }

    async fn show_new(self, hood: NeighborhoodId) -> Result<(), Problem> {
        let mut views = self.client.alerts(Filter { hood: Some(hood), ..Filter::default() })?;
        // What is told beside an alert comes after it.
        views.sort_by_key(|view| !view.is_present());
        for view in &views {
            if self.board.borrow().is_full() {
                return Ok(());
            }
            let id = view.shown.id();
            if view.thread.replaced {
                // What is said now says it all: it is shown in its place.
                self.board.borrow_mut().shown.insert(id);
                if !view.printed {
                    self.client.mark_printed(view)?;
                }
                continue;
            }
            // What was a claim beside the alert, and ends or corrects it by now, is news.
            let ends = view.is_upgraded() && !view.own && view.is_present() && view.thread.topic.is_some();
            if view.is_upgraded() && !ends {
                // Known already: it is no second alert, and nobody is woken again.
                self.app.result(&shape::relabelled(view), || face::relabelled(self.app.lang, view))?;
                self.client.mark_printed(view)?;
            }
            if view.own || !(self.board.borrow_mut().shown.insert(id) || ends) {
                continue;
            }
            self.print(view)?;
            self.board.borrow_mut().count += 1;
            self.board.borrow_mut().placed.extend(view.exact.clone().map(|place| (view.thread.first, place)));
            self.board.borrow_mut().attended.extend(view.attended.clone().map(|by| (view.thread.first, by)));
            // Printed first: a crash in between shows it twice, and never not at all.
            self.client.mark_printed(view)?;
            self.told_beside(view, &views)?;
            if !view.printed {
                self.client.queue_answer(hood, id, AnswerContent::new(Code::constant("received")))?;
            }
            if !self.client.duty()?.keeps_still(clock::minute_of_day(self.client.now())) {
                self.hooks.add(self.app, view);
            }
        }
        Ok(())
    }

    /// What was told beside an alert that was printed is no entry of its own.
    fn told_beside(self, view: &AlertView, all: &[AlertView]) -> Result<(), Problem> {
        let beside = |other: &&AlertView| {
            let told = view.follow_ups.iter().any(|later| later.id == other.shown.id());
            told && other.thread.first == view.thread.first && !other.is_present() && !other.printed
        };
        for other in all.iter().filter(beside) {
            self.board.borrow_mut().shown.insert(other.shown.id());
            self.client.mark_printed(other)?;
        }
        Ok(())
    }

    /// Shows where exactly an alert is, once this member was told.
    fn show_place(self, alert: AlertId) -> Result<(), Problem> {
        let view = self.client.present(&alert.to_string())?;
        let Some(place) = view.exact.clone() else { return Ok(()) };
        if self.board.borrow_mut().placed.insert(view.thread.first, place.clone()).as_ref() == Some(&place) {
            return Ok(());
        }
        let lang = self.app.lang;
        self.app.result(&shape::exact_place(&view), || {
            let (short, place) = (view.shown_short(), face::exact(lang, &place));
            format!("{short}  {place}")
        })
    }

    fn show_attended(self, alert: AlertId) -> Result<(), Problem> {
        let view = self.client.present(&alert.to_string())?;
        let Some(by) = view.attended.clone() else { return Ok(()) };
        if self.board.borrow_mut().attended.insert(view.thread.first, by.clone()).as_ref() == Some(&by) {
            return Ok(());
        }
        let lang = self.app.lang;
        self.app.result(&shape::attended_news(&view), || {
            format!("{}  {}", view.shown_short(), face::attended(lang, &by, self.client.now()))
        })
    }

    fn print(self, view: &AlertView) -> Result<(), Problem> {
        let lang = self.app.lang;
        self.app.result(&shape::alert(view), || {
            let (whole, short) = (face::whole(lang, view, self.client.now()), view.shown_short());
            // What they are to say by now stands in it.
            if view.to_check_out().is_some() {
                return format!("{whole}\n\n");
            }
            // News of the network asks nobody to do anything.
            let content = &view.shown.body().content;
            if !(content.needs_verification() || content.asks_people_to_come() || content.is_drill()) {
                return format!("{whole}\n\n");
            }
            let answer = match view.is_over() {
                true => tell!(lang, "watch-over", short),
                false => tell!(lang, "watch-answer-10m-scene", short),
            };
            format!("{whole}\n{answer}\n\n")
        })
    }
}

/// What others told of and has not come, silence, and members who see something else: each is said once while it lasts.
#[derive(Default)]
pub(super) struct Alarms {
    said: BTreeSet<String>,
}

impl Alarms {
    /// Returns whether anything was said.
    pub(super) fn tell(&mut self, app: &App, client: &Client, hood: NeighborhoodId) -> Result<bool, Problem> {
        let lang = app.lang;
        let notices = client.notices(hood)?;
        let lines = notices.withheld.iter().map(|missing| withheld::alert(lang, missing));
        let lines = lines.chain(notices.silent_since.map(|since| withheld::silence(lang, since)));
        let lines: BTreeSet<String> =
            lines.chain(notices.other_views.iter().map(|view| withheld::view(lang, view))).collect();
        let news: Vec<&String> = lines.difference(&self.said).collect();
        news.iter().for_each(|line| app.warn(line));
        let said = !news.is_empty();
        self.said = lines;
        Ok(said)
    }
}

/// Whether this device has no keys, so that alerts pass it by until somebody helps.
const fn is_shut_out(error: &ClientError) -> bool {
    matches!(error, ClientError::ShutOut { .. } | ClientError::KeysWithheld { .. })
}

/// What keeps a watch from its relay: said once when it begins, and once when it is over.
#[derive(Default)]
pub(super) struct Trouble {
    said: Option<String>,
    everyday: bool,
}

impl Trouble {
    pub(super) fn begins(&mut self, app: &App, error: &ClientError) {
        // A connection breaks now and then: it is worth a word if the next one does not come about either.
        if is_everyday(error) && !std::mem::replace(&mut self.everyday, true) {
            return;
        }
        let lang = app.lang;
        let message = error::message(lang, error);
        if self.said.as_ref() == Some(&message) {
            return;
        }
        app.warn(&match is_shut_out(error) {
            true => {
                let hint = error::hint(lang, error).unwrap_or_default();
                tell!(lang, "watch-shut-out", message, hint)
            }
            false => tell!(lang, "watch-trying-again-itself", message),
        });
        self.said = Some(message);
    }

    pub(super) fn ends(&mut self, app: &App) {
        self.everyday = false;
        if self.said.take().is_some() {
            app.tell(tell!(app.lang, "watch-connected-again"));
        }
    }
}

/// What a coordinator's device could not do, and the relays that fail beside the one in use: each is said once when it
/// begins, and once when it is over.
#[derive(Default)]
pub(super) struct Duties {
    said: BTreeSet<String>,
}

impl Duties {
    pub(super) fn tell(&mut self, app: &App, follower: &Follower<'_>) {
        let Some(troubles) = follower.troubles() else { return };
        let lang = app.lang;
        let mut now = BTreeSet::new();
        for (trouble, elsewhere) in troubles {
            let message = error::message(lang, trouble);
            if !self.said.contains(&message) && !now.contains(&message) {
                app.warn(&match elsewhere {
                    true => tell!(lang, "watch-relay-away", message = &message),
                    false => tell!(lang, "watch-duty-fails", message = &message),
                });
                app.tell(&error::hint(lang, trouble).unwrap_or_default());
            }
            now.insert(message);
        }
        for message in self.said.difference(&now) {
            app.tell(&tell!(lang, "watch-duty-over", message));
        }
        self.said = now;
    }
}
