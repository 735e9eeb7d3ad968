//! Asking people: lines, yes or no, passphrases. And the files that stand in for them.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use rustix::termios::{QueueSelector, tcflush};
use watchfire_client::vault::Passphrase;
use zeroize::Zeroizing;

use crate::app::{App, say, shown};
use crate::draft::Draft;
use crate::problem::Problem;
use crate::words::{Lang, isolated, sanitize, sanitize_lines, system, tell};

/// Bytes of the longest text that is written in an editor: more than fits any field.
const LONG_BYTES: u64 = 16 << 10;
/// Bytes of the longest file that holds a link, a token or a passphrase.
const SECRET_BYTES: u64 = 4 << 10;

/// What somebody replied who was shown what is to be done.
pub(crate) enum Reply {
    Yes,
    No,
    /// They change it first.
    Change,
}

impl App {
    /// Whether somebody sits there who can be asked for what is missing.
    pub(crate) fn person(&self) -> bool {
        self.input && io::stdin().is_terminal()
    }

    /// Asks for a line. Nothing if nobody answers.
    pub(crate) fn ask(&self, question: &str) -> Result<Option<String>, Problem> {
        if !self.input {
            return Ok(None);
        }
        let _ = write!(io::stderr(), "{} ", isolated(question));
        let line = self.line()?;
        if line.is_none() {
            say("");
        }
        Ok(line.filter(|line| !line.is_empty()))
    }

    /// A line that somebody typed, or that was piped in. Nothing at the end.
    fn line(&self) -> Result<Option<String>, Problem> {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).map_err(|e| Problem::file(self.lang, "stdin", &e))?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    /// Asks for what must not be answered before it is read: what was typed ahead of the question is taken back.
    pub(crate) fn ask_now(&self, question: &str) -> Result<Option<String>, Problem> {
        if self.person() {
            tcflush(io::stdin(), QueueSelector::IFlush)
                .map_err(|error| Problem::file(self.lang, "stdin", &error.into()))?;
        }
        self.ask(question)
    }

    /// Asks for what may be long: a line, `.` for an editor, or `< FILE` for a file.
    pub(crate) fn ask_long(&self, question: &str) -> Result<Option<String>, Problem> {
        // As long as it is asked for, the editor has again what was written in it before.
        let mut draft = None;
        loop {
            let Some(typed) = self.ask(question)? else { return Ok(None) };
            let text = match typed.strip_prefix('<') {
                Some(file) => self.text_in(Path::new(file.trim()), LONG_BYTES).map(Some),
                None if typed == "." => self.edited(&mut draft),
                None => return Ok(Some(typed)),
            };
            match text {
                Ok(Some(text)) => return Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
                Ok(None) => {}
                // A slip in the name of a file costs nothing that was typed before.
                Err(problem) => self.tell_before_asking(&problem.message(self.lang)),
            }
        }
    }

    /// What somebody writes in their editor. Nothing if it failed, and what was written is not to be used.
    fn edited(&self, draft: &mut Option<Draft>) -> Result<Option<String>, Problem> {
        let lang = self.lang;
        if draft.is_none() {
            *draft = Some(Draft::begin(&self.home).map_err(|error| Problem::file(lang, &shown(&self.home), &error))?);
        }
        let Some(file) = draft.as_ref().map(Draft::file) else { return Ok(None) };
        let named = |name| std::env::var(name).ok().filter(|value: &String| !value.trim().is_empty());
        let editor = named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| "vi".to_owned());
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi");
        let ran = std::process::Command::new(program).args(words).arg(&file).status();
        let program = sanitize(program);
        let status = match ran {
            Ok(status) => status,
            Err(error) => {
                self.tell_before_asking(&tell!(lang, "ask-no-editor", program, error = system::io(lang, &error)));
                return Ok(None);
            }
        };
        let text = self.text_in(&file, LONG_BYTES)?;
        if status.success() {
            return Ok(Some(text));
        }
        self.tell_before_asking(&tell!(lang, "ask-editor-failed", program, code = status.code().unwrap_or(-1)));
        self.kept_all_the_same(text)
    }

    /// What an editor that failed has left, if whoever wrote it wants it.
    fn kept_all_the_same(&self, text: String) -> Result<Option<String>, Problem> {
        let lines = sanitize_lines(&text);
        if lines.is_empty() {
            return Ok(None);
        }
        for line in lines {
            self.tell_before_asking(&format!("  {line}"));
        }
        let answer = self.ask(&format!("{} {}", tell!(self.lang, "ask-use-draft"), tell!(self.lang, "ask-y-n")))?;
        Ok(answer.filter(|answer| is_yes(answer)).map(|_| text))
    }

    /// Asks whether to go on; `--yes` says so beforehand, and `--no-input` that nobody does.
    pub(crate) fn confirm(&self, question: &str) -> Result<(), Problem> {
        if self.yes {
            return Ok(());
        }
        let lang = self.lang;
        let nothing = tell!(lang, "ask-nothing-done-asks").to_owned();
        let hint = tell!(lang, "ask-look-run-again").to_owned();
        if !self.input {
            return Err(Problem::no_input(nothing).hint(hint));
        }
        let answer = match self.person() {
            true => Some(self.ask_now(&format!("{question} {}", tell!(lang, "ask-y-n")))?.unwrap_or_default()),
            // What nobody sits before asks no question: a yes may have been piped in all the same.
            false => self.line()?,
        };
        match answer {
            Some(answer) if is_yes(&answer) => Ok(()),
            Some(_) => Err(Problem::declined(tell!(lang, "ask-confirmed-nothing-done"))),
            None => Err(Problem::no_input(nothing).hint(hint)),
        }
    }

    /// Asks of its own about what no `--yes` says beforehand. Where nobody sits there it is refused, with what to do instead.
    pub(crate) fn confirm_apart(&self, doubt: &str, instead: &str, question: &str) -> Result<(), Problem> {
        if !self.person() {
            return Err(Problem::usage(doubt).hint(instead));
        }
        for line in [doubt, instead] {
            say(line);
        }
        match self.ask_now(&format!("{question} {}", tell!(self.lang, "ask-y-n")))? {
            Some(answer) if is_yes(&answer) => Ok(()),
            _ => Err(Problem::declined(tell!(self.lang, "ask-confirmed-nothing-done"))),
        }
    }

    /// Whether somebody sits there who may change what they are shown before they say yes to it.
    pub(crate) fn edits(&self) -> bool {
        self.person() && !self.yes
    }

    /// Asks whether to go on, of somebody who may want to change something first.
    pub(crate) fn confirm_or_edit(&self, question: &str) -> Result<Reply, Problem> {
        if !self.edits() {
            return self.confirm(question).map(|()| Reply::Yes);
        }
        Ok(match self.ask_now(&format!("{question} {}", tell!(self.lang, "ask-y-n")))? {
            Some(answer) if is_yes(&answer) => Reply::Yes,
            Some(answer) if is_edit(&answer) => Reply::Change,
            _ => Reply::No,
        })
    }

    /// Asks a person who sits there whether to go on; where nobody does, what was typed is meant.
    pub(crate) fn confirm_if_there(&self, question: &str) -> Result<(), Problem> {
        if self.person() { self.confirm(question) } else { Ok(()) }
    }

    /// The passphrase of the vault that is there.
    pub(crate) fn passphrase(&self) -> Result<Passphrase, Problem> {
        match &self.passphrase_file {
            Some(file) => self.passphrase_in(file),
            None => self.hidden(tell!(self.lang, "ask-passphrase")),
        }
    }

    /// The passphrase of a vault that is to be made: typed twice.
    pub(crate) fn first_passphrase(&self) -> Result<Passphrase, Problem> {
        match &self.passphrase_file {
            Some(file) => self.passphrase_in(file),
            None => self.new_passphrase(None),
        }
    }

    /// A new passphrase, out of a file or typed twice.
    pub(crate) fn new_passphrase(&self, file: Option<&Path>) -> Result<Passphrase, Problem> {
        if let Some(file) = file {
            return self.passphrase_in(file);
        }
        let lang = self.lang;
        if self.input {
            self.tell(tell!(lang, "ask-choose-passphrase-vault"));
        }
        let first = self.hidden(tell!(lang, "ask-new-passphrase"))?;
        let again = self.hidden(tell!(lang, "ask-same-again"))?;
        if !first.same(&again) {
            let different = tell!(lang, "ask-two-passphrases-differ");
            return Err(Problem::usage(different));
        }
        Ok(first)
    }

    fn hidden(&self, prompt: &str) -> Result<Passphrase, Problem> {
        let lang = self.lang;
        let locked = || {
            let message = tell!(lang, "ask-vaults-passphrase-needed");
            let hint = tell!(lang, "ask-give-file-only");
            Problem::locked(message).hint(hint)
        };
        if !self.input {
            return Err(locked());
        }
        let typed = rpassword::prompt_password(prompt).map_err(|_| locked())?;
        Ok(Passphrase::new(typed)?)
    }

    fn passphrase_in(&self, file: &Path) -> Result<Passphrase, Problem> {
        let lang = self.lang;
        if read_by_others(file) {
            let file = shown(file);
            self.warn(&tell!(lang, "ask-other-people-machine", file));
        }
        let text = read_text(file, SECRET_BYTES);
        let text = text.map(Zeroizing::new).map_err(|error| Problem::no_passphrase(lang, &shown(file), &error))?;
        let passphrase = text.strip_suffix('\n').map_or(&**text, |text| text.strip_suffix('\r').unwrap_or(text));
        Ok(Passphrase::new(passphrase.to_owned())?)
    }

    /// A short text out of a file, or of standard input for `-`.
    pub(crate) fn secret_in(&self, file: &Path) -> Result<Zeroizing<String>, Problem> {
        self.text_in(file, SECRET_BYTES).map(Zeroizing::new)
    }

    /// A text out of a file, or of standard input for `-`.
    pub(crate) fn text_in(&self, file: &Path, most: u64) -> Result<String, Problem> {
        read_text(file, most).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => Problem::too_large(self.lang, &shown(file), most),
            _ => Problem::file(self.lang, &shown(file), &error),
        })
    }

    /// Checks that a file is not there yet and that its folder is, before what goes into it is made.
    pub(crate) fn check_new(&self, file: &Path) -> Result<(), Problem> {
        let problem = |error: io::Error| Problem::file(self.lang, &shown(file), &error);
        if file.symlink_metadata().is_ok() {
            return Err(problem(io::ErrorKind::AlreadyExists.into()));
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match folder.metadata().map_err(problem)?.is_dir() {
            true => Ok(()),
            false => Err(problem(io::ErrorKind::NotADirectory.into())),
        }
    }

    /// Writes a file that is born readable by its owner only, and is not there yet.
    pub(crate) fn write_private(&self, file: &Path, text: impl AsRef<[u8]>) -> Result<(), Problem> {
        born_private(file, text.as_ref()).map_err(|error| Problem::file(self.lang, &shown(file), &error))
    }

    /// Writes a file that an interrupted command may have begun to write. What else is there stays, and is told.
    pub(crate) fn write_again(&self, file: &Path, text: impl AsRef<[u8]>) -> Result<(), Problem> {
        let begun = std::fs::read(file).is_ok_and(|there| text.as_ref().starts_with(&there));
        let removed = if begun { std::fs::remove_file(file) } else { Ok(()) };
        removed.map_err(|error| Problem::file(self.lang, &shown(file), &error))?;
        self.write_private(file, text)
    }

    /// Writes a file in place of one that is there: whole, or not at all.
    pub(crate) fn replace_private(&self, file: &Path, bytes: &[u8]) -> Result<(), Problem> {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{}", std::process::id()));
        let draft = PathBuf::from(name);
        let replaced = born_private(&draft, bytes).and_then(|()| std::fs::rename(&draft, file));
        replaced.map_err(|error| {
            let _ = std::fs::remove_file(&draft);
            Problem::file(self.lang, &shown(file), &error)
        })
    }

    /// The bytes of a file, at most so many.
    pub(crate) fn bytes_in(&self, file: &Path, most: usize) -> Result<Vec<u8>, Problem> {
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let read = std::fs::File::open(file).and_then(|file| file.take(limit).read_to_end(&mut bytes));
        read.map_err(|error| Problem::file(self.lang, &shown(file), &error))?;
        Ok(bytes)
    }

    /// Everything that is piped in, or a line that somebody types.
    pub(crate) fn secret_typed(&self, question: &str) -> Result<Zeroizing<String>, Problem> {
        if self.person() {
            return Ok(Zeroizing::new(self.ask(question)?.unwrap_or_default()));
        }
        self.secret_in(Path::new("-"))
    }

    /// Shows something secret to whoever sits there, and to no program.
    pub(crate) fn show_secret(&self, text: &str) {
        if !self.json {
            for line in text.lines() {
                say(line);
            }
        }
    }
}

pub(crate) fn born_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let options = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).to_owned();
    let mut file = options.open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn read_by_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

fn read_text(file: &Path, most: u64) -> io::Result<String> {
    let mut text = String::new();
    let read = match file == Path::new("-") {
        true => io::stdin().lock().take(most + 1).read_to_string(&mut text)?,
        false => std::fs::File::open(file)?.take(most + 1).read_to_string(&mut text)?,
    };
    match u64::try_from(read).is_ok_and(|read| read <= most) {
        true => Ok(text),
        false => Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("> {most} bytes"))),
    }
}

/// Whether somebody said yes, in any language.
pub(crate) fn is_yes(answer: &str) -> bool {
    is_one_of(answer, |lang| tell!(lang, "ask-yes"))
}

/// Whether somebody wants to change something, in any language.
fn is_edit(answer: &str) -> bool {
    is_one_of(answer, |lang| tell!(lang, "edit-words"))
}

fn is_one_of(answer: &str, words: impl Fn(Lang) -> &'static str) -> bool {
    let answer = answer.trim().to_lowercase();
    Lang::all().any(|lang| words(lang).split(' ').any(|word| word == answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(["y", "Yes", "s", "SÍ", " si "].iter().all(|yes| is_yes(yes)));
        assert!(["", "n", "no", "yeah?", "x"].iter().all(|no| !is_yes(no)));
    }
}
