//! `watchfire`: arguments in, words out. The library `watchfire-client` does the rest.

mod app;
mod args;
mod ask;
mod commands;
mod face;
mod follow;
mod problem;
mod qr;
mod shape;
mod words;

use std::process::ExitCode;

use clap::Parser;

use crate::app::App;
use crate::args::Cli;
use crate::problem::{Done, Problem};
use crate::words::Lang;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misread(&error),
    };
    let lang = cli.global.lang.unwrap_or_else(locale);
    let json = cli.global.json;
    match run(cli, lang) {
        Ok(code) => ExitCode::from(code),
        Err(problem) => {
            problem.report(lang, json);
            ExitCode::from(problem.exit())
        }
    }
}

fn run(cli: Cli, lang: Lang) -> Done {
    let app = App::new(cli.global, lang)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Problem::unexpected(error.to_string()))?;
    runtime.block_on(Box::pin(commands::run(&app, cli.command)))
}

/// The language of the environment.
fn locale() -> Lang {
    Lang::pick(None, |name| std::env::var(name).ok())
}

/// Help, the version, or what was typed wrong: for a program too, if it asked for that.
fn misread(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|argument| argument == "--json");
    if error.use_stderr() && json {
        let text = error.to_string();
        let message = text.lines().next().unwrap_or_default();
        let message = message.strip_prefix("error: ").unwrap_or(message);
        Problem::usage(message).hint("watchfire help").report(Lang::En, true);
    } else {
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
