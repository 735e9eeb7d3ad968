//! What `watch` starts for each alert. The alert goes to the command's standard input, never into its arguments.

use std::cell::RefCell;
use std::os::fd::AsFd;
use std::process::{ExitStatus, Stdio};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::{Duration, timeout};
use watchfire_client::ops::view::AlertView;

use crate::app::App;
use crate::problem::Problem;
use crate::shape;
use crate::words::{Lang, json_safe, sanitize, tell};

/// How long the end of a watch waits for what it started.
const PATIENCE: Duration = Duration::from_secs(10);

/// The commands, and those that still run.
pub(super) struct Hooks {
    exec: Option<Vec<String>>,
    wake: Option<Vec<String>>,
    running: RefCell<Vec<Child>>,
    count: RefCell<u64>,
}

impl Hooks {
    /// Splits each command at its spaces, once: no shell sees it.
    pub(super) fn new(lang: Lang, exec: Option<&str>, wake: Option<&str>) -> Result<Self, Problem> {
        let split = |name: &str, command: Option<&str>| {
            let Some(command) = command else { return Ok(None) };
            let argv: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            if argv.is_empty() {
                let hint = tell!(lang, "wake-exec-notify-somebody");
                let message = tell!(lang, "wake-names-command", name);
                return Err(Problem::usage(message).hint(hint));
            }
            Ok(Some(argv))
        };
        Ok(Self {
            exec: split("--exec", exec)?,
            wake: split("--wake", wake)?,
            running: RefCell::default(),
            count: RefCell::default(),
        })
    }

    /// Starts the commands for one alert.
    pub(super) async fn run(&self, app: &App, view: &AlertView) {
        let count = {
            let mut count = self.count.borrow_mut();
            *count += 1;
            *count
        };
        if let Some(argv) = &self.exec {
            self.start(app, argv, &shape::alert(view)).await;
        }
        if let Some(argv) = &self.wake {
            let urgency = view.shown.body().content.urgency.as_str();
            self.start(app, argv, &json!({"schema": "watchfire.wake/1", "urgency": urgency, "count": count})).await;
        }
    }

    async fn start(&self, app: &App, argv: &[String], input: &Value) {
        self.reap(app);
        let Some((program, arguments)) = argv.split_first() else { return };
        // Results stay on standard output alone: what the command prints goes to the person.
        let output = std::io::stderr().as_fd().try_clone_to_owned().map_or_else(|_| Stdio::null(), Stdio::from);
        let started = Command::new(program).args(arguments).stdin(Stdio::piped()).stdout(output).spawn();
        let written = match started {
            Ok(mut child) => {
                let line = format!("{}\n", json_safe(&input.to_string()));
                if let Some(mut stdin) = child.stdin.take() {
                    // Whether the command reads it is its own affair.
                    let _ = timeout(PATIENCE, stdin.write_all(line.as_bytes())).await;
                }
                self.running.borrow_mut().push(child);
                Ok(())
            }
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            let (lang, program) = (app.lang, sanitize(program));
            app.warn(&tell!(lang, "wake-cannot-start", program, error));
        }
    }

    fn reap(&self, app: &App) {
        self.running.borrow_mut().retain_mut(|child| match child.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) => {
                complain(app, status);
                false
            }
            Err(_) => false,
        });
    }

    /// Waits a moment for those that still run.
    pub(super) async fn finish(&self, app: &App) {
        let running = self.running.take();
        for mut child in running {
            if let Ok(Ok(status)) = timeout(PATIENCE, child.wait()).await {
                complain(app, status);
            }
        }
    }
}

fn complain(app: &App, status: ExitStatus) {
    if !status.success() {
        let lang = app.lang;
        app.warn(&tell!(lang, "wake-command-alert-failed", status));
    }
}
