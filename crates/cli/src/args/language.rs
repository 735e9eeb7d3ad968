//! Help, and what was typed wrong, in the reader's language.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use super::Cli;
use super::spanish::HELP;
use crate::problem::Problem;
use crate::words::{Lang, sanitize, say};

/// The commands, with their help.
pub(crate) fn command(lang: Lang) -> Command {
    let command = Cli::command();
    match lang {
        Lang::EN => command,
        _ => translated(command, ""),
    }
}

fn translated(command: Command, path: &str) -> Command {
    let (about, more) = find(path).map(|words| words.split_once("\n\n").unwrap_or((words, ""))).unwrap_or_default();
    let mut order = 0;
    command
        .about(about)
        .after_help((!more.is_empty()).then_some(more))
        .help_template("{about-with-newline}\nUso: {usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("Órdenes")
        .subcommand_value_name("ORDEN")
        .mut_args(|argument| {
            // Under a heading of its own, what has no order is sorted by its name.
            order += 1;
            translated_argument(argument, path).display_order(order)
        })
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name());
            translated(sub, path.trim())
        })
}

fn translated_argument(argument: Arg, path: &str) -> Arg {
    let heading = match (argument.is_positional(), argument.is_global_set() || path.is_empty()) {
        (true, _) => "Argumentos",
        (false, true) => "Opciones generales",
        (false, false) => "Opciones",
    };
    let help = find(&key(&argument, path)).unwrap_or_default();
    let argument = argument.help(help).long_help(None).help_heading(heading);
    // What clap would say of them in English, the help says itself.
    match argument.get_action().takes_values() {
        true => argument.hide_possible_values(true).hide_default_value(true).hide_env(true),
        false => argument,
    }
}

/// Where the words of an argument stand: `alert send --file`, `show <id>`, and `--json` for all commands.
fn key(argument: &Arg, path: &str) -> String {
    let name = match argument.get_long() {
        Some(long) => format!("--{long}"),
        None => format!("<{}>", argument.get_id()),
    };
    let path = if argument.is_global_set() { "" } else { path };
    format!("{path} {name}").trim().to_owned()
}

fn find(key: &str) -> Option<&'static str> {
    HELP.iter().find(|(known, _)| *known == key).map(|(_, words)| *words)
}

/// Prints help, the version, or what was typed wrong; the last for a program too, if it asked for that.
pub(crate) fn misread(lang: Lang, error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
    } else if json || lang == Lang::ES {
        Problem::usage(wrong(lang, error)).hint(suggestion(lang, error)).report(lang, json);
    } else {
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn wrong(lang: Lang, error: &clap::Error) -> String {
    let argument = named(error, ContextKind::InvalidArg);
    let value = named(error, ContextKind::InvalidValue);
    match (lang, error.kind()) {
        (Lang::ES, ErrorKind::UnknownArgument) => format!("no se conoce `{argument}`"),
        (Lang::ES, ErrorKind::InvalidSubcommand) => {
            format!("no existe la orden `{}`", named(error, ContextKind::InvalidSubcommand))
        }
        (Lang::ES, ErrorKind::MissingRequiredArgument) => format!("falta {argument}"),
        (Lang::ES, ErrorKind::MissingSubcommand) => "falta decir qué orden".to_owned(),
        (Lang::ES, ErrorKind::InvalidValue) if value.is_empty() => format!("a `{argument}` le falta un valor"),
        (Lang::ES, ErrorKind::InvalidValue | ErrorKind::ValueValidation) => {
            format!("`{value}` no sirve para `{argument}`")
        }
        (Lang::ES, ErrorKind::ArgumentConflict) => {
            format!("`{argument}` no puede repetirse, ni ir con {}", named(error, ContextKind::PriorArg))
        }
        _ => {
            let text = error.to_string();
            let first: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
            let first = first.join(" ");
            first.strip_prefix("error: ").unwrap_or(&first).to_owned()
        }
    }
}

fn suggestion(lang: Lang, error: &clap::Error) -> String {
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::ValidValue];
    match kinds.into_iter().map(|kind| named(error, kind)).find(|near| !near.is_empty()) {
        Some(near) => {
            say!(lang, "wanted {near}; see also: watchfire help", "se espera {near}; vea también: watchfire help")
        }
        None => match (lang, wanted_value(&named(error, ContextKind::InvalidArg))) {
            (Lang::ES, Some(wanted)) => format!("se espera {wanted}"),
            _ => lang.say("see: watchfire help", "vea: watchfire help").to_owned(),
        },
    }
}

/// What a value looks like, by what it is called in the help. In English clap says it itself.
fn wanted_value(argument: &str) -> Option<&'static str> {
    let (_, name) = argument.split_once(" <")?;
    Some(match name.trim_end_matches(['>', '.']) {
        "TIME" => "un tiempo como 90s, 30m, 2h o 7d",
        "N" => "un número",
        "URL" => {
            "una dirección como wss://relay.example.org/v1; ws:// vale solo para este equipo y para nombres .onion"
        }
        "KEY" => "la clave completa, como la lee quien opera el retransmisor",
        "EPOCH" => "el número de una época",
        "LANG" => "en o es",
        _ => return None,
    })
}

fn named(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => sanitize(text),
        Some(ContextValue::Strings(texts)) => {
            let texts: Vec<String> = texts.iter().map(|text| format!("`{}`", sanitize(text))).collect();
            texts.join(", ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(command: &Command, path: &str, keys: &mut BTreeSet<String>) {
        keys.insert(path.to_owned());
        keys.extend(command.get_arguments().map(|argument| key(argument, path)));
        for sub in command.get_subcommands() {
            super::tests::keys(sub, format!("{path} {}", sub.get_name()).trim(), keys);
        }
    }

    #[test]
    fn everything_that_can_be_typed_has_words_in_both_languages() {
        let mut wanted = BTreeSet::new();
        keys(&Cli::command(), "", &mut wanted);
        let written: BTreeSet<String> = HELP.iter().map(|(key, _)| (*key).to_owned()).collect();
        assert_eq!(HELP.len(), written.len(), "something stands twice");
        let missing: Vec<&String> = wanted.difference(&written).collect();
        let left_over: Vec<&String> = written.difference(&wanted).collect();
        assert!(missing.is_empty() && left_over.is_empty(), "missing {missing:?}, left over {left_over:?}");
        fn no_silence(command: &Command) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some_and(|help| !help.to_string().is_empty()), "{argument}");
            }
            command.get_subcommands().for_each(no_silence);
        }
        no_silence(&command(Lang::EN));
        no_silence(&command(Lang::ES));
    }

    #[test]
    fn the_commands_are_sound() {
        command(Lang::EN).debug_assert();
        command(Lang::ES).debug_assert();
    }
}
