//! What `watch` starts for each alert. The alert goes to the command's standard input, never into its arguments.
//!
//! Nothing that is started holds an alert up: commands run beside the watch, a few at once, the others in a line.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::pin::pin;
use std::process::ExitStatus;

use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::{Duration, timeout};
use watchfire_client::ops::view::AlertView;

use crate::app::App;
use crate::hook::{self, Ended, OUTPUT, Ran};
use crate::problem::Problem;
use crate::shape;
use crate::words::{Lang, duration, json_safe, sanitize, system, tell};

/// How long the end of a watch waits for what it started.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many run at once.
const AT_ONCE: usize = 4;
/// So many wait for their turn: a night's alerts. One more is not started at all.
const IN_LINE: usize = 64;

/// What somebody wants to be started for each alert.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    pub(super) exec: Option<&'a str>,
    pub(super) wake: Option<&'a str>,
    /// Whether the desktop shall say that there is an alert, and nothing of what it says.
    pub(super) notify: bool,
    pub(super) limit: Duration,
}

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    Exec,
    Wake,
    Notify,
}

/// One start of a command, or one notification, which has no command.
struct Job {
    which: Which,
    argv: Vec<String>,
    input: String,
}

/// The commands, and what waits for its turn.
pub(super) struct Hooks {
    exec: Option<Vec<String>>,
    wake: Option<Vec<String>>,
    notify: bool,
    limit: Duration,
    line: RefCell<VecDeque<Job>>,
    more: Notify,
    closed: Cell<bool>,
    count: Cell<u64>,
    /// What was said of which, and is said again once it has worked in between.
    said: RefCell<BTreeSet<(Which, &'static str)>>,
}

impl Hooks {
    /// Splits each command at its spaces, once: no shell sees it.
    pub(super) fn new(lang: Lang, wanted: &Wanted<'_>) -> Result<Self, Problem> {
        let split = |which: Which, command: Option<&str>| {
            let Some(command) = command else { return Ok(None) };
            let argv: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            if argv.is_empty() {
                let message = tell!(lang, "hook-names-nothing", option = which.option());
                return Err(Problem::usage(message).hint(tell!(lang, "hook-names-nothing-hint")));
            }
            look(lang, which, &argv)?;
            Ok(Some(argv))
        };
        if wanted.notify && !cfg!(feature = "notify") {
            let message = tell!(lang, "hook-no-desktop");
            return Err(Problem::usage(message).hint(tell!(lang, "hook-no-desktop-hint")));
        }
        Ok(Self {
            exec: split(Which::Exec, wanted.exec)?,
            wake: split(Which::Wake, wanted.wake)?,
            notify: wanted.notify,
            limit: wanted.limit,
            line: RefCell::default(),
            more: Notify::new(),
            closed: Cell::new(false),
            count: Cell::new(0),
            said: RefCell::default(),
        })
    }

    /// Puts the commands for one alert into the line.
    pub(super) fn add(&self, app: &App, view: &AlertView) {
        self.count.set(self.count.get() + 1);
        if let Some(argv) = &self.exec {
            self.line_up(app, Which::Exec, argv, line_of(&shape::alert(view)));
        }
        if let Some(argv) = &self.wake {
            self.line_up(app, Which::Wake, argv, line_of(&wake(view, self.count.get())));
        }
        if self.notify {
            let drill = view.shown.body().content.is_drill();
            let text = if drill { tell!(app.lang, "hook-notice-drill") } else { tell!(app.lang, "hook-notice") };
            self.line_up(app, Which::Notify, &[], text.to_owned());
        }
    }

    fn line_up(&self, app: &App, which: Which, argv: &[String], input: String) {
        if self.line.borrow().len() < IN_LINE {
            self.line.borrow_mut().push_back(Job { which, argv: argv.to_vec(), input });
            self.more.notify_one();
        } else {
            self.say_once(app, which, "hook-line-full", || {
                tell!(app.lang, "hook-line-full", option = which.option(), most = IN_LINE)
            });
        }
    }

    /// Runs the commands beside some work. At its end those in the line, and those that run, have a moment to get done:
    /// none if somebody stopped it, which is when it gives nothing.
    pub(super) async fn beside<T>(&self, app: &App, work: impl Future<Output = Option<T>>) -> Option<T> {
        let mut driving = pin!(self.drive(app));
        let done = match select(pin!(work), driving.as_mut()).await {
            Either::Left((done, _)) => done,
            Either::Right(((), work)) => work.await,
        };
        self.closed.set(true);
        self.more.notify_one();
        if done.is_some() && timeout(PATIENCE, driving).await.is_err() {
            app.warn(tell!(app.lang, "hook-left"));
        }
        done
    }

    async fn drive(&self, app: &App) {
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < AT_ONCE {
                let Some(job) = self.line.borrow_mut().pop_front() else { break };
                running.push(self.run(job));
            }
            if running.is_empty() && self.closed.get() {
                return;
            }
            tokio::select! {
                Some((job, ran)) = running.next() => self.report(app, &job, &ran),
                () = self.more.notified() => {}
            }
        }
    }

    async fn run(&self, job: Job) -> (Job, Ran) {
        let ran = match job.which {
            Which::Exec | Which::Wake => hook::run(&job.argv, job.input.as_bytes(), self.limit).await,
            Which::Notify => notify(job.input.clone(), self.limit).await,
        };
        (job, ran)
    }

    /// Passes on what it printed, and says what went wrong: once, until it has worked again.
    fn report(&self, app: &App, job: &Job, ran: &Ran) {
        let (lang, which) = (app.lang, job.which);
        app.pass_on(which.option(), &String::from_utf8_lossy(&ran.printed));
        let (option, limit) = (which.option(), duration(lang, self.limit.as_secs()));
        match &ran.ended {
            Ended::Exited(status) if status.success() => self.said.borrow_mut().retain(|(of, _)| *of != which),
            Ended::Exited(status) => {
                let code = status.code().unwrap_or(-1);
                self.say_once(app, which, "hook-failed", || tell!(lang, "hook-failed", option, code));
            }
            Ended::Hung => self.say_once(app, which, "hook-hung", || tell!(lang, "hook-hung", option, limit)),
            Ended::Flooded => {
                let most = OUTPUT >> 10;
                self.say_once(app, which, "hook-flooded", || tell!(lang, "hook-flooded", option, most));
            }
            Ended::Broken(error) => {
                let program = job.argv.first().map(|name| sanitize(name)).unwrap_or_default();
                let error = system::io(lang, error);
                self.say_once(app, which, "hook-broken", || tell!(lang, "hook-broken", option, program, error));
            }
        }
    }

    fn say_once(&self, app: &App, which: Which, what: &'static str, words: impl FnOnce() -> String) {
        if self.said.borrow_mut().insert((which, what)) {
            app.warn(&words());
        }
    }
}

/// Says at once what would be found out only when an alert comes.
fn look(lang: Lang, which: Which, argv: &[String]) -> Result<(), Problem> {
    let Some(program) = argv.first() else { return Ok(()) };
    hook::look_for(program).map_err(|error| {
        let (option, program) = (which.option(), sanitize(program));
        let message = tell!(lang, "hook-will-not-run", option, program, error = system::io(lang, &error));
        Problem::usage(message).hint(tell!(lang, "hook-will-not-run-hint"))
    })
}

impl Which {
    const fn option(self) -> &'static str {
        match self {
            Self::Exec => "--exec",
            Self::Wake => "--wake",
            Self::Notify => "--notify",
        }
    }
}

/// One line of JSON.
fn line_of(object: &Value) -> String {
    format!("{}\n", json_safe(&object.to_string()))
}

/// Has the desktop show a text.
async fn notify(text: String, limit: Duration) -> Ran {
    let ended = match timeout(limit, tokio::task::spawn_blocking(move || on_desktop(&text))).await {
        Err(_) => Ended::Hung,
        Ok(Ok(Ok(()))) => Ended::Exited(ExitStatus::default()),
        Ok(Ok(Err(error))) => Ended::Broken(error),
        Ok(Err(stopped)) => Ended::Broken(io::Error::other(stopped)),
    };
    Ran { printed: Vec::new(), ended }
}

#[cfg(feature = "notify")]
fn on_desktop(text: &str) -> io::Result<()> {
    let notification = notify_rust::Notification::new().appname("Watchfire").summary("Watchfire").body(text).finalize();
    notification.show().map(drop).map_err(io::Error::other)
}

#[cfg(not(feature = "notify"))]
fn on_desktop(_: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// `watchfire.wake/1`: nothing of what the alert says, except that it is practice, where it is.
fn wake(view: &AlertView, count: u64) -> Value {
    let content = &view.shown.body().content;
    let mut object = json!({"schema": "watchfire.wake/1", "urgency": content.urgency.as_str(), "count": count});
    if let Some(fields) = object.as_object_mut().filter(|_| content.is_drill()) {
        fields.insert("drill".to_owned(), true.into());
    }
    object
}
