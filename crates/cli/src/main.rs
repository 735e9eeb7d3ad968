//! `watchfire`: arguments in, words out. The library `watchfire-client` does the rest.

mod app;
mod args;
mod ask;
mod commands;
mod demo;
mod draft;
mod face;
mod form;
mod hook;
mod problem;
mod progress;
mod qr;
mod screen;
mod shape;
mod words;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::app::App;
use crate::args::Cli;
use crate::problem::{Done, Problem};
use crate::words::Lang;

fn main() -> ExitCode {
    // Even what was typed wrong is told in the reader's language.
    let arguments: Vec<String> = std::env::args_os().map(|text| text.to_string_lossy().into_owned()).collect();
    let lang = language(&arguments);
    let read = args::command(lang).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match read {
        Ok(cli) => cli,
        Err(error) => return args::misread(lang, &error, &arguments),
    };
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
    let app = App::new(cli.global, lang, cli.command.acts())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Problem::unexpected(words::system::io(lang, &error)))?;
    runtime.block_on(Box::pin(commands::run(&app, cli.command)))
}

/// The language that `--lang` names, else the one of the environment.
fn language(arguments: &[String]) -> Lang {
    let named = arguments.iter().position(|argument| argument == "--lang").and_then(|at| arguments.get(at + 1));
    let joined = arguments.iter().find_map(|argument| argument.strip_prefix("--lang="));
    Lang::pick(named.map(String::as_str).or(joined), |name| std::env::var(name).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_anything_else_is_read() {
        let of = |typed: &[&str]| language(&typed.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["watchfire", "--lang", "es", "nonsense"]), Lang::es());
        assert_eq!(of(&["watchfire", "status", "--lang=es"]), Lang::es());
        assert_eq!(of(&["watchfire", "--lang", "en"]), Lang::EN);
    }
}
