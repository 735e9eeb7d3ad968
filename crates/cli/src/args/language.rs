//! Help, and what was typed wrong, in the reader's language.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};

use super::Cli;
use super::value::BadValue;
use crate::problem::Problem;
use crate::words::{Lang, or, sanitize, tell};

/// What the ids of the words for values begin with.
const PLACEHOLDER: &str = "placeholder-";

/// The commands, with their help.
pub(crate) fn command(lang: Lang) -> Command {
    let command = told(lang, Cli::command(), "");
    // What clap says itself is English.
    if lang == Lang::EN {
        return command;
    }
    let mut command = laid_out(lang, command, true);
    // Only then every command knows how it is used.
    command.build();
    with_usage(lang, command)
}

/// Gives a command and its arguments their words.
fn told(lang: Lang, command: Command, path: &str) -> Command {
    let about = lang.lookup(&id(path)).unwrap_or_default();
    command
        .about(about)
        .long_about(None)
        .after_help(lang.lookup(&format!("{}.more", id(path))))
        .mut_args(|argument| {
            let help = help(lang, path, &argument);
            argument.help(help).long_help(None)
        })
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name());
            told(lang, sub, path.trim())
        })
}

/// The id of a command's words: `help-for-alert-send`, and `help` for the program itself.
fn id(path: &str) -> String {
    if path.is_empty() { "help".to_owned() } else { format!("help-for-{}", path.replace(' ', "-")) }
}

/// The words of an argument: those of its own command, or of the nearest one above it that has some.
fn help(lang: Lang, path: &str, argument: &Arg) -> String {
    if argument.get_id() == "lang" {
        let tags: Vec<&str> = Lang::all().map(Lang::tag).collect();
        return tell!(lang, "help-languages", languages = or(lang, &tags));
    }
    let mut above = Some(path);
    let words = std::iter::from_fn(|| {
        let path = above?;
        above = (!path.is_empty()).then(|| path.rsplit_once(' ').map_or("", |(path, _)| path));
        Some(format!("{}.{}", id(path), name(argument)))
    });
    words.into_iter().find_map(|id| lang.lookup(&id)).unwrap_or_default().to_owned()
}

/// `file` of `--file` or of `<FILE>`.
fn name(argument: &Arg) -> &str {
    argument.get_long().unwrap_or_else(|| argument.get_id().as_str())
}

/// Puts the reader's language in the place of clap's own words.
fn laid_out(lang: Lang, command: Command, first: bool) -> Command {
    let mut order = 0;
    let usage = tell!(lang, "help-usage");
    command
        .help_template(format!("{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}"))
        .subcommand_help_heading(tell!(lang, "help-commands"))
        .subcommand_value_name(tell!(lang, "help-command"))
        .mut_args(|argument| {
            let heading = match (argument.is_positional(), argument.is_global_set() || first) {
                (true, _) => tell!(lang, "help-arguments"),
                (false, true) => tell!(lang, "help-global-options"),
                (false, false) => tell!(lang, "help-options"),
            };
            // Under a heading of its own, what has no order is sorted by its name.
            order += 1;
            let argument = named_values(lang, argument.help_heading(heading).display_order(order));
            // What clap would say of them in English, the help says itself.
            match argument.get_action().takes_values() {
                true => argument.hide_possible_values(true).hide_default_value(true).hide_env(true),
                false => argument,
            }
        })
        .mut_subcommands(|sub| laid_out(lang, sub, false))
}

/// What stands for the value of an argument, as `<FILE>`, in the reader's language.
fn named_values(lang: Lang, argument: Arg) -> Arg {
    let name = argument.get_value_names().and_then(<[_]>::first).map(|name| name.to_lowercase());
    match name.and_then(|name| lang.lookup(&format!("{PLACEHOLDER}{name}"))) {
        Some(name) => argument.value_name(name),
        None => argument,
    }
}

/// How each command is used, with a word of the reader's in the place of clap's `[OPTIONS]`.
fn with_usage(lang: Lang, mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    // Where a command is used in several ways, they stand below one another.
    let below = " ".repeat(tell!(lang, "help-usage").chars().count() + 1);
    let lines: Vec<&str> = usage.trim_start_matches("Usage:").lines().map(str::trim).collect();
    let usage = lines.join(&format!("\n{below}")).replace("[OPTIONS]", tell!(lang, "help-some-options"));
    command.override_usage(usage).mut_subcommands(|sub| with_usage(lang, sub))
}

/// Prints help, the version, or what was typed wrong; the last for a program too, if it asked for that.
pub(crate) fn misread(lang: Lang, error: &clap::Error, arguments: &[String]) -> ExitCode {
    let json = arguments.iter().any(|argument| argument == "--json");
    let command = command_in(arguments);
    if !error.use_stderr() || !json && error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
    } else {
        Problem::usage(wrong(lang, error)).hint(suggestion(lang, error, &command)).report(lang, json);
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The command that was typed, as far as there is one: ` alert send`.
fn command_in(arguments: &[String]) -> String {
    let (mut command, mut path) = (Cli::command(), String::new());
    for word in arguments.iter().skip(1) {
        if let Some(sub) = command.find_subcommand(word) {
            path.push_str(&format!(" {}", sub.get_name()));
            command = sub.clone();
        }
    }
    path
}

/// What is wrong, in words: not those of clap, which are English.
fn wrong(lang: Lang, error: &clap::Error) -> String {
    let argument = named(error, ContextKind::InvalidArg);
    let value = named(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => tell!(lang, "usage-unknown-argument", argument),
        ErrorKind::InvalidSubcommand => {
            tell!(lang, "usage-unknown-command", command = named(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => tell!(lang, "usage-missing-argument", argument),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            tell!(lang, "usage-missing-command").to_owned()
        }
        ErrorKind::InvalidValue if value.is_empty() => tell!(lang, "usage-missing-value", argument),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => tell!(lang, "usage-bad-value", value, argument),
        ErrorKind::TooManyValues => tell!(lang, "usage-no-value", argument, value),
        ErrorKind::ArgumentConflict => match named(error, ContextKind::PriorArg) {
            prior if prior == argument => tell!(lang, "usage-repeated", argument),
            others if others.is_empty() => tell!(lang, "usage-alone", argument),
            others => tell!(lang, "usage-conflict", argument, others),
        },
        ErrorKind::InvalidUtf8 => tell!(lang, "usage-not-text").to_owned(),
        _ => tell!(lang, "usage-unreadable").to_owned(),
    }
}

fn suggestion(lang: Lang, error: &clap::Error, command: &str) -> String {
    let kinds = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::ValidValue];
    if let Some(near) = kinds.into_iter().map(|kind| named(error, kind)).find(|near| !near.is_empty()) {
        return tell!(lang, "usage-nearest", near, command);
    }
    match (error.kind(), std::error::Error::source(error)) {
        (ErrorKind::ValueValidation, Some(why)) => match why.downcast_ref::<BadValue>() {
            Some(why) => why.words(lang),
            None => tell!(lang, "usage-number").to_owned(),
        },
        _ => tell!(lang, "usage-see-help", command),
    }
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
    use crate::words::catalog_tests::{ids, is_as_kept};

    /// What may have words: each command, and each argument at its command and at all above.
    fn places(command: &Command, path: &str, places: &mut BTreeSet<String>) {
        places.extend([id(path), format!("{}.more", id(path))]);
        let mut above = path;
        loop {
            places.extend(command.get_arguments().map(|argument| format!("{}.{}", id(above), name(argument))));
            let Some((next, _)) = above.rsplit_once(' ') else { break };
            above = next;
        }
        for sub in command.get_subcommands() {
            self::places(sub, format!("{path} {}", sub.get_name()).trim(), places);
        }
    }

    #[test]
    fn everything_that_can_be_typed_has_words_in_every_language_and_no_words_are_left_over() {
        fn no_silence(command: &Command) {
            assert!(command.get_about().is_some_and(|about| !about.to_string().is_empty()), "{}", command.get_name());
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty(), "{} {argument}", command.get_name());
            }
            command.get_subcommands().for_each(no_silence);
        }
        let mut all = BTreeSet::new();
        places(&Cli::command(), "", &mut all);
        for lang in Lang::all() {
            no_silence(&command(lang));
            let written = ids(lang, "help.ftl");
            let help = |id: &&String| id.starts_with("help-for-") || id.starts_with("help.");
            let left_over: Vec<&String> = written.iter().filter(help).filter(|id| !all.contains(*id)).collect();
            assert!(left_over.is_empty(), "{}: {left_over:?}", lang.tag());
        }
    }

    #[test]
    fn no_command_has_two_arguments_of_one_name() {
        fn differ(command: &Command) {
            let names: Vec<&str> = command.get_arguments().map(name).collect();
            let different: BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(names.len(), different.len(), "{}", command.get_name());
            command.get_subcommands().for_each(differ);
        }
        differ(&Cli::command());
    }

    #[test]
    fn the_help_of_every_command_in_every_language_reads_as_it_is_kept() {
        fn helps(command: &mut Command, path: &str, out: &mut String) {
            out.push_str(&format!("$ {path} --help\n{}\n", command.render_long_help()));
            for sub in command.get_subcommands_mut() {
                let path = format!("{path} {}", sub.get_name());
                helps(sub, &path, out);
            }
        }
        for lang in Lang::all() {
            let (mut command, mut out) = (command(lang), String::new());
            command.build();
            helps(&mut command, "watchfire", &mut out);
            is_as_kept(&format!("help.{}.txt", lang.tag()), &out);
        }
    }

    /// What clap and the code call things, and words of an English help.
    const ENGLISH: [&str; 29] = [
        "Usage",
        "Options",
        "OPTIONS",
        "Commands",
        "COMMAND",
        "Arguments",
        "default",
        "values",
        "aliases",
        "env:",
        "FILE",
        "NAME",
        "DIR",
        "LANG",
        "TIME",
        "KEY",
        "WORDS",
        "REASON",
        "HOURS",
        "KIND",
        "ROLE",
        "the",
        "of",
        "this",
        "with",
        "and",
        "print",
        "Print",
        "tip:",
    ];

    #[test]
    fn no_english_is_left_in_the_help_of_another_language() {
        fn all(command: &mut Command, found: &mut Vec<String>) {
            let help = command.render_long_help().to_string();
            let words = help.split(|c: char| !c.is_alphanumeric() && !"-:_=".contains(c));
            let left: BTreeSet<&str> = words.filter(|word| ENGLISH.contains(word)).collect();
            found.extend(left.into_iter().map(|word| format!("{}: {word}", command.get_name())));
            command.get_subcommands_mut().for_each(|sub| all(sub, found));
        }
        for lang in Lang::all().filter(|lang| *lang != Lang::EN) {
            let (mut command, mut found) = (command(lang), Vec::new());
            command.build();
            all(&mut command, &mut found);
            assert!(found.is_empty(), "{}: {found:?}", lang.tag());
        }
    }

    #[test]
    fn every_word_that_stands_for_a_value_is_there_in_every_language_and_none_is_left_over() {
        fn names(command: &Command, all: &mut BTreeSet<String>) {
            let values = command.get_arguments().filter(|argument| argument.get_action().takes_values());
            let values = values.flat_map(|argument| argument.get_value_names().unwrap_or_default());
            all.extend(values.map(|name| format!("{PLACEHOLDER}{}", name.to_lowercase())));
            command.get_subcommands().for_each(|sub| names(sub, all));
        }
        let mut wanted = BTreeSet::new();
        names(&Cli::command(), &mut wanted);
        for lang in Lang::all() {
            let written: BTreeSet<String> = ids(lang, "placeholders.ftl").into_iter().collect();
            assert_eq!(written, wanted, "{}", lang.tag());
        }
    }

    #[test]
    fn what_is_typed_wrong_is_told_in_the_readers_language_with_what_is_wanted() {
        let key = "charter relay add ws://127.0.0.1:1/v1 nokey";
        for (typed, what, hint) in [
            ("wach", "no existe la orden `wach`", "se espera `watch`; vea también: watchfire help"),
            ("watch --jsn", "no se conoce `--jsn`", "se espera --json; vea también: watchfire help"),
            ("watch --json=yes", "`--json` no lleva valor, y se escribió `yes`", "vea: watchfire help"),
            ("watch --home a --home b", "`--home <CARPETA>` se escribe una sola vez", "vea: watchfire help"),
            ("watch --count", "a `--count <N>` le falta un valor", "vea: watchfire help"),
            (
                "watch --count many",
                "`many` no sirve para `--count <N>`",
                "se espera un número, dentro de lo que se permite",
            ),
            ("watch --timeout soon", "`soon` no sirve para `--timeout <TIEMPO>`", "`soon` no es un tiempo, se espera"),
            ("answer A7K2 going --eta -5m", "`-5m` no sirve para `--eta <TIEMPO>`", "se llega más tarde que ahora"),
            ("answer A7K2 going --eta 5000h", "`5000h` no sirve para `--eta <TIEMPO>`", "`5000h` es demasiado"),
            ("charter renew --for 1h", "`1h` no sirve para `--for <TIEMPO>`", "se espera de 1d a 400d"),
            ("neighborhood add A --retention 90m", "no sirve para `--retention <TIEMPO>`", "se esperan horas enteras"),
            (key, "`nokey` no sirve para `<CLAVE>`", "se espera la clave completa"),
            ("answer", "falta: `<ID>`, `<RESPUESTA>`", "vea: watchfire help"),
            ("alerts --all --keep 7d", "`--all` no va con --keep <TIEMPO>", "vea: watchfire help"),
        ] {
            let typed = std::iter::once("watchfire").chain(typed.split(' '));
            let error = command(Lang::es()).try_get_matches_from(typed).unwrap_err();
            let (said, advice) = (wrong(Lang::es(), &error), suggestion(Lang::es(), &error, ""));
            assert!(said.contains(what) && advice.starts_with(hint), "{said}: {advice}");
            assert_eq!(error.exit_code(), 2);
        }
    }

    #[test]
    fn what_is_typed_wrong_is_told_in_english_by_the_same_words() {
        for (typed, what, hint) in [
            ("wach", "there is no command `wach`", "wanted `watch`; see also: watchfire help"),
            ("alert send --knd x", "`--knd` is not known", "wanted --kind; see also: watchfire help alert send"),
            ("watch --count many", "`many` will not do for `--count <N>`", "wanted a number within its bounds"),
            ("watch --timeout soon", "`soon` will not do for `--timeout <TIME>`", "`soon` is not a span of time"),
            ("answer", "missing: `<ID>`, `<ANSWER>`", "see: watchfire help answer"),
        ] {
            let typed: Vec<String> = std::iter::once("watchfire").chain(typed.split(' ')).map(str::to_owned).collect();
            let error = command(Lang::EN).try_get_matches_from(&typed).unwrap_err();
            let advice = suggestion(Lang::EN, &error, &command_in(&typed));
            assert_eq!(wrong(Lang::EN, &error), what);
            assert!(advice.starts_with(hint), "{advice}");
        }
    }

    #[test]
    fn the_commands_are_sound() {
        Lang::all().for_each(|lang| command(lang).debug_assert());
    }
}
