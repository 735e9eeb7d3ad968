//! Somebody at a device: `watch` or `desk` runs, as in the program that people use, and commands are typed beside it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Notify;
use watchfire_client::file::{alert, report};
use watchfire_client::follow::{Follower, News};
use watchfire_client::ops::view::{AlertView, Filter};
use watchfire_client::vault::Vault;
use watchfire_client::{Client, ClientError, Taken};
use watchfire_protocol::id::AlertId;
use watchfire_protocol::invite::InviteLink;
use watchfire_protocol::time::{HOUR, Timestamp};
use watchfire_protocol::vocabulary::{AnswerContent, Code};

use super::ground::Dialer;
use super::{Shared, Skewed};
use crate::local::{QUICK, passphrase, terms};

/// So long an alert lasts, in seconds.
pub const LASTS: u64 = 40 * HOUR;
/// As `desk` does it: another link once a minute, and not sooner than this after something came.
const ROUND: Duration = Duration::from_secs(60);
const BREATH: Duration = Duration::from_secs(2);
/// So long the same words typed again mean the same thing, with something to spare.
const RECENT: u64 = 8 * 60;

/// What somebody types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    Alert(u32),
    Report(u32),
    Answer(u32, &'static str),
    Rotate,
    Remove(&'static str),
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The relay has it, or it is in the outbox, as was told.
    Accepted,
    /// It was refused, or the device stopped before anybody was told.
    Unknown,
}

/// What was typed, and when by that person's own clock.
#[derive(Clone, Debug)]
pub struct Typed {
    pub job: Job,
    pub at: Timestamp,
    /// When it was typed last: again, after the device had stopped.
    pub last: Timestamp,
    /// When it was typed first and last, in milliseconds of the simulation.
    pub began: u64,
    pub again: u64,
    pub outcome: Outcome,
}

/// A future of this thread.
type Work = Pin<Box<dyn Future<Output = ()>>>;

/// A person, of whom the device may stop and start again.
pub struct Person {
    pub name: &'static str,
    pub coordinates: bool,
    pub home: PathBuf,
    pub clock: Skewed,
    pub shared: Rc<Shared>,
    /// How often each alert was shown on the screen.
    pub shown: RefCell<BTreeMap<String, u32>>,
    pub typed: RefCell<Vec<Typed>>,
    /// Whether the device follows the neighborhood.
    pub follows: Cell<bool>,
    /// By what somebody joins who was not there from the beginning.
    pub link: RefCell<Option<InviteLink>>,
    /// Since when they are a member, in milliseconds of the simulation.
    pub member_since: Cell<Option<u64>>,
    waiting: RefCell<VecDeque<Waiting>>,
    bell: Notify,
}

/// What is typed next.
enum Waiting {
    /// Something of the ledger.
    Job(usize),
    /// Something else.
    Work(Box<dyn FnOnce(Rc<Person>) -> Work>),
}

impl Person {
    /// With an empty vault.
    pub fn new(name: &'static str, coordinates: bool, folder: &Path, shared: &Rc<Shared>) -> Rc<Self> {
        let home = folder.join(name);
        drop(Vault::create_at(&home, &passphrase(), QUICK).unwrap());
        Rc::new(Self {
            name,
            coordinates,
            home,
            clock: Skewed::new(&shared.day),
            shared: Rc::clone(shared),
            shown: RefCell::default(),
            typed: RefCell::default(),
            follows: Cell::new(false),
            link: RefCell::default(),
            member_since: Cell::new(None),
            waiting: RefCell::default(),
            bell: Notify::new(),
        })
    }

    /// Opens the vault, as each command does.
    pub fn open(&self) -> Client {
        let clock = self.clock.clone();
        let mut client = Client::open(&self.home, &passphrase(), Arc::new(move || clock.now())).unwrap();
        client.dial_by(Arc::new(Dialer(Arc::clone(&self.shared.bytes))));
        client
    }

    /// Has something typed.
    pub fn types(&self, job: Job) {
        self.typed.borrow_mut().push(Typed {
            job,
            at: Timestamp(0),
            last: Timestamp(0),
            began: 0,
            again: 0,
            outcome: Outcome::Unknown,
        });
        self.add(Waiting::Job(self.typed.borrow().len() - 1));
    }

    /// Has something done that is not in the ledger.
    pub fn does<F: Future<Output = ()> + 'static>(&self, work: impl FnOnce(Rc<Self>) -> F + 'static) {
        self.add(Waiting::Work(Box::new(move |me| Box::pin(work(me)))));
    }

    fn add(&self, waiting: Waiting) {
        self.waiting.borrow_mut().push_back(waiting);
        self.bell.notify_one();
    }

    async fn next(&self) -> Waiting {
        loop {
            if let Some(waiting) = self.waiting.borrow_mut().pop_front() {
                return waiting;
            }
            self.bell.notified().await;
        }
    }

    fn tell(&self, what: impl std::fmt::Display) {
        self.shared.tell(self.name, what);
    }

    /// From the start of the device until it stops.
    pub async fn lives(self: Rc<Self>) -> turmoil::Result {
        self.tell("starts");
        self.types_again();
        let mut commands: FuturesUnordered<Work> = FuturesUnordered::new();
        let mut watching: Pin<Box<dyn Future<Output = turmoil::Result>>> = Box::pin(Rc::clone(&self).watches());
        loop {
            tokio::select! {
                biased;
                ended = &mut watching => return ended,
                Some(()) = commands.next(), if !commands.is_empty() => {}
                waiting = self.next() => commands.push(match waiting {
                    Waiting::Job(at) => Box::pin(Rc::clone(&self).works(at)),
                    Waiting::Work(work) => work(Rc::clone(&self)),
                }),
            }
        }
    }

    /// Whoever was interrupted types the same again.
    fn types_again(&self) {
        let now = self.clock.now();
        let recent = |typed: &Typed| {
            typed.outcome == Outcome::Unknown && typed.at.0 > 0 && now.since(typed.at).max(typed.at.since(now)) < RECENT
        };
        let again: Vec<usize> = {
            let typed = self.typed.borrow();
            (0..typed.len()).filter(|at| recent(&typed[*at])).collect()
        };
        again.into_iter().for_each(|at| self.add(Waiting::Job(at)));
    }

    async fn works(self: Rc<Self>, at: usize) {
        let job = self.typed.borrow()[at].job.clone();
        let first = self.typed.borrow()[at].at == Timestamp(0);
        {
            let typed = &mut self.typed.borrow_mut()[at];
            (typed.last, typed.again) = (self.clock.now(), self.shared.day.millis());
            if first {
                (typed.at, typed.began) = (typed.last, typed.again);
            }
        }
        if !first {
            self.shared.count("commands typed again");
        }
        self.tell(format_args!("types {job:?}{}", if first { "" } else { " again" }));
        let client = self.open();
        let done = self.run(&client, &job).await;
        let outcome = if done.is_ok() { Outcome::Accepted } else { Outcome::Unknown };
        self.tell(match &done {
            Ok(said) => format!("is told of {job:?}: {said}"),
            Err(error) => format!("is told of {job:?}: {}", plain(error)),
        });
        self.typed.borrow_mut()[at].outcome = outcome;
        self.shared.told.set(outcome == Outcome::Accepted);
        self.shared.count(if done.is_ok() { "commands done" } else { "commands failed" });
    }

    async fn run(&self, client: &Client, job: &Job) -> Result<String, ClientError> {
        let hood = self.shared.hood();
        match job {
            Job::Alert(n) => {
                let draft = client.draft_alert(hood, alert_content(*n), Some(LASTS))?;
                let sent = client.send_alert(client.typed(draft)).await?;
                client.told(sent.id.0)?;
                Ok(if sent.receipt.is_some() { "sent".to_owned() } else { "queued".to_owned() })
            }
            Job::Report(n) => {
                let sent = client.send_typed_report(hood, report_content(*n), None).await?;
                client.told(sent.id.0)?;
                Ok(if sent.delivery.is_accepted() { "sent".to_owned() } else { "queued".to_owned() })
            }
            Job::Answer(n, code) => {
                let views = client.alerts(Filter::default())?;
                let view = views.iter().find(|view| number(view) == Some(*n));
                let Some(view) = view else { return Err(ClientError::NotFound { what: "alert", name: n.to_string() }) };
                let content = AnswerContent::new(Code::constant(code));
                let (_, receipt) = client.answer(&view.shown.id().to_string(), content).await?;
                Ok(if receipt.is_some() { "sent".to_owned() } else { "queued".to_owned() })
            }
            Job::Rotate => Ok(format!("epoch {}", client.rotate(hood).await?.0)),
            Job::Remove(handle) => {
                let member = client.member_named(hood, handle)?;
                let views = client.remove_members(hood, &[member], "lost device").await?;
                Ok(format!("{:?}", views[0].state))
            }
        }
    }

    async fn watches(self: Rc<Self>) -> turmoil::Result {
        while !self.follows.get() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let (client, hood) = (self.open(), self.shared.hood());
        self.joins(&client).await;
        let mut follower = Follower::new(&client, hood);
        let printed = client.alerts(Filter { expired: true, ..Filter::default() })?;
        let mut shown: BTreeSet<AlertId> =
            printed.iter().filter(|view| view.printed).map(|view| view.shown.id()).collect();
        loop {
            self.show_new(&client, &mut shown)?;
            if let Some(error) = follower.flush().await {
                self.tell(format_args!("cannot send: {}", plain(&error)));
            }
            match follower.next().await? {
                News::Lost(error) => self.tell(format_args!("is cut off: {}", plain(&error))),
                News::Linked => self.tell(format_args!("is linked in epoch {}", epoch(&client))),
                News::Taken(Taken::Desk) if self.coordinates => {
                    tokio::time::sleep(BREATH.saturating_sub(follower.age())).await;
                    follower.renew().await;
                }
                News::Taken(_) | News::Quiet => {}
            }
            if self.coordinates && follower.age() >= ROUND {
                follower.renew().await;
            }
        }
    }

    /// Whoever is no member yet becomes one, however often it takes.
    async fn joins(&self, client: &Client) {
        let hood = self.shared.hood();
        loop {
            if client.hoods().is_ok_and(|hoods| !hoods.is_empty()) {
                break;
            }
            let link = self.link.borrow().clone();
            let Some(link) = link else {
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            };
            self.tell("asks to join");
            let joined = match client.join(&link, &terms(self.name)).await {
                Ok(_) => client.wait_for_approval(hood, Duration::from_secs(3600)).await,
                Err(error) => Err(error),
            };
            if let Err(error) = joined {
                self.tell(format_args!("cannot join: {}", plain(&error)));
                tokio::time::sleep(Duration::from_secs(10)).await;
            }
        }
        if self.member_since.get().is_none() {
            self.member_since.set(Some(self.shared.day.millis()));
            self.tell("is a member");
        }
    }

    /// As `watch` does it.
    fn show_new(&self, client: &Client, shown: &mut BTreeSet<AlertId>) -> Result<(), ClientError> {
        for view in client.alerts(Filter { hood: Some(self.shared.hood()), ..Filter::default() })? {
            let id = view.shown.id();
            if view.own || !shown.insert(id) {
                continue;
            }
            let name = name(&view);
            self.tell(format_args!("sees {name}, {:?}", view.shown.label()));
            *self.shown.borrow_mut().entry(name).or_default() += 1;
            self.shared.count("alerts shown");
            client.mark_printed(&view)?;
            if !view.printed {
                client.queue_answer(view.hood, id, AnswerContent::new(Code::constant("received")))?;
            }
        }
        Ok(())
    }
}

/// The epoch in which a vault is.
pub fn epoch(client: &Client) -> u64 {
    client.status().map_or(0, |status| status.hoods.first().map_or(0, |hood| hood.epoch.0))
}

/// An error without what differs between runs.
fn plain(error: &ClientError) -> String {
    format!("{error}")
}

fn alert_content(n: u32) -> watchfire_protocol::vocabulary::AlertContent {
    let text = format!(
        r#"{{"kind":"enforcement.checkpoint","ask":"observe","verification":{{"state":"verified"}},
            "place":{{"type":"street","text":"corner {n}"}},"text":{{"en":{{"headline":"Checkpoint"}}}}}}"#
    );
    alert::parse(&text).unwrap().0
}

fn report_content(n: u32) -> watchfire_protocol::vocabulary::ReportContent {
    report::parse(&format!(
        r#"{{"kind":"enforcement.checkpoint","place":{{"text":"corner {n}"}},"source":"own-eyes"}}"#
    ))
    .unwrap()
}

/// What an alert is called here.
pub fn name(view: &AlertView) -> String {
    format!("alert {}", number(view).map_or_else(|| "?".to_owned(), |n| n.to_string()))
}

/// Its number.
pub fn number(view: &AlertView) -> Option<u32> {
    view.shown.body().content.place.as_ref()?.text.strip_prefix("corner ")?.parse().ok()
}
